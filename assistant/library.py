"""The documents of an index in memory: who they are of, and a view of each or of several."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from threading import Lock

import sqlalchemy as sa

from assistant.catalogue import Catalogue, flat, grams
from assistant.directory import Directory
from assistant.normalize import Normalized
from assistant.route import Route, route
from assistant.steps import View
from assistant.vocabulary import Vocabulary
from assistant.word import heading, in_script
from index.fact import Check, Fact, Kind
from index.fact import Outcome as Held
from index.schema import PARTS
from index.store import Store, StoredDocument

MOST_VIEWS = 24
"""Views kept; a department's takes some ten megabytes."""
FEW = 8
"""Documents that are asked one by one; of more, those that print the labels said."""
NAMED = 0.6
"""Share of a label that a question must say for its document to be asked."""


class Library:
    """One version of an index. `document`: the only one that answers."""

    def __init__(self, store: Store, document: str, version: int) -> None:
        self.store = store
        self.version = version
        self.documents: tuple[StoredDocument, ...] = tuple(
            stored for stored in store.documents() if document in ("", stored.document)
        )
        self.directory = Directory(self.documents)
        self._views: OrderedDict[tuple[str, ...], View] = OrderedDict()
        self._lock = Lock()

    def stored(self, name: str) -> StoredDocument:
        return next(stored for stored in self.documents if stored.document == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stored.document for stored in self.documents)

    def view(self, documents: Sequence[str] = ()) -> View:
        """The documents together; all of them where none is named."""
        key = tuple(documents) or self.names
        with self._lock:
            if key not in self._views:
                self._views[key] = self._view(key)
            self._views.move_to_end(key)
            while len(self._views) > MOST_VIEWS:
                self._views.popitem(last=False)
            return self._views[key]

    def _view(self, names: tuple[str, ...]) -> View:
        documents = [stored for stored in self.documents if stored.document in names]
        store = self.store
        catalogue = Catalogue(
            [fact for name in names for fact in store.facts(name)],
            [table for name in names for table in store.tables(name)],
            [passage for name in names for passage in store.passages(name)],
            [unit for stored in documents for unit in stored.units],
            [stored.institution for stored in documents],
            [stored.year for stored in documents],
            [stored.account for stored in documents],
            {name: failed_checks(store, name) for name in names},
        )
        vocabulary = Vocabulary(catalogue.vocabulary_texts())
        return View(version=self.version, catalogue=catalogue, vocabulary=vocabulary)

    def route(self, question: Normalized, before: Route | None = None) -> Route:
        """`before`: the route of the turn before, unless its documents are gone."""
        known = before is not None and set(before.kept) <= set(self.names)
        return route(question, self.directory, before if known else None, self.prints)

    def head(self, name: str, language: str) -> str:
        """Whose budget a document is, as answers say it."""
        stored = self.stored(name)
        who = stored.institution or stored.document
        return in_script(heading(who, stored.year, stored.account, language), language)

    def opening(self, name: str, language: str) -> str:
        """What makes a question one to this document."""
        stored = self.stored(name)
        same = [(d.institution, d.year) for d in self.documents]
        head = self.head(name, language)
        if language == "en" or same.count((stored.institution, stored.year)) > 1:
            return f"{head}: " if language == "en" else f"{head}的"
        year = f"{stored.year}年" if stored.year else "的"
        return in_script(f"{stored.institution or stored.document}{year}", language)

    def likely(self, question: Normalized, among: Sequence[str]) -> tuple[str, ...]:
        """The documents to ask: few as they are, of many those that print what is said."""
        return tuple(among) if len(among) <= FEW else self.printing(question.text, among)

    def prints(self, word: str) -> bool:
        """Whether a label of an indexed document holds the word."""
        return any(word in label for label in self._labels)

    def printing(self, question: str, among: Iterable[str]) -> tuple[str, ...]:
        """The documents with a label that the question says, in their order."""
        said = set(grams(flat(question)))
        met: dict[str, int] = defaultdict(int)
        for gram in said:
            for label in self._holders.get(gram, ()):
                met[label] += 1
        named = {label for label, hits in met.items() if hits >= NAMED * len(set(grams(label)))}
        best = max((met[label] for label in named), default=0)
        fullest = {label for label in named if met[label] == best}
        found = {document for label in fullest for document in self._labels[label]}
        return tuple(name for name in among if name in found)

    @cached_property
    def _labels(self) -> dict[str, set[str]]:
        """Flat label → the documents that print it with a figure."""
        table = PARTS[Fact]
        query = sa.select(table.c.document, table.c.label).where(table.c.kind != Kind.BLANK.value)
        found: dict[str, set[str]] = defaultdict(set)
        with self.store.engine.connect() as connection:
            for document, label in connection.execute(query.distinct()):
                if document in self.names:
                    found[flat(label)].add(document)
        return found

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for label in self._labels:
            for gram in grams(label):
                found[gram].add(label)
        return found


def failed_checks(store: Store, document: str) -> tuple[Check, ...]:
    return tuple(c for c in store.checks(document) if c.outcome is Held.DIFFERS)
