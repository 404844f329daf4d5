"""The whole way of a question, as a LangChain chain: read → look up or quote → compose → prove."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from assistant.answer import Answer, Status
from assistant.catalogue import Catalogue
from assistant.clauses import split_questions
from assistant.compose import (
    compose_absence,
    compose_chat,
    compose_figures,
    compose_quotes,
    merge,
)
from assistant.follow_up import Turn, joined, of_turns, resolve
from assistant.look_up import look_up
from assistant.finding import Absence
from assistant.mention import ChatName
from assistant.mention import OperationName as Op
from assistant.normalize import Normalized, normalize
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.quote import is_text_question, lead, quote
from assistant.retrieve import PassageRetriever
from assistant.understand import SHORTEST_PROTECTED, understand
from assistant.vocabulary import Vocabulary
from index.build import index_folder
from index.embed import model_folder
from index.errors import BudgetError
from index.store import Store

LONGEST_QUESTION = 2000
"""Characters read of a question; what stands behind is no question any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One version of the index, in memory."""

    version: int
    catalogue: Catalogue
    vocabulary: Vocabulary


class Assistant:
    """Answers from one index; conversations share its view, which follows the index's version."""

    def __init__(self, index: Path | None = None, document: str = "") -> None:
        self.store = Store(index_folder(index))
        self.document = document
        self._lock = Lock()
        self._view: View | None = None

    @property
    def view(self) -> View:
        with self._lock:
            version = self.store.version
            if self._view is None or self._view.version != version:
                self._view = view_of(self.store, self.document, version)
            return self._view

    @cached_property
    def retriever(self) -> PassageRetriever:
        """By words and by meaning; by words alone where there is no embedding model."""
        try:
            model_folder()
        except BudgetError:
            return PassageRetriever(store=self.store, dense=False)
        return PassageRetriever(store=self.store)

    def conversation(self) -> "Conversation":
        return Conversation(self)

    def ask(self, question: str) -> Answer:
        return self.conversation().ask(question)

    def examples(self, language: str = "zh") -> tuple[str, ...]:
        return ()


def view_of(store: Store, document: str, version: int) -> View:
    documents = [d for d in store.documents() if not document or d.document == document]
    catalogue = Catalogue(
        store.facts(document),
        store.tables(document),
        store.passages(document),
        [unit for d in documents for unit in d.units],
        [d.institution for d in documents],
        [d.year for d in documents],
        [d.account for d in documents],
    )
    return View(
        version=version,
        catalogue=catalogue,
        vocabulary=Vocabulary(catalogue.vocabulary_texts()),
    )


class Conversation:
    """One person's questions in order; a follow-up inherits what it leaves out."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Answer:
        started = time.perf_counter()
        answer = self._answer_all(question[:LONGEST_QUESTION])
        return replace(answer, question=question, seconds=round(time.perf_counter() - started, 3))

    def _answer_all(self, typed: str) -> Answer:
        """Several questions in one are answered one by one, if each has an answer of its own."""
        question = normalize(typed)
        parts = split_questions(question, protected_in(question.text, self.assistant.view))
        if len(parts) < 2 or not all(map(self._asks_of_its_own, parts_of(question, parts))):
            return self._answer(question)
        kept = list(self.turns)
        answers = [self._answer(part) for part in parts_of(question, parts)]
        if all(answer.status is Status.ANSWERED for answer in answers):
            return merge(answers, typed)
        apart, self.turns = self.turns, kept
        whole = self._answer(question)
        if whole.status is not Status.ANSWERED and any(a.figures or a.citations for a in answers):
            self.turns = apart
            return merge(answers, typed)
        return whole

    def _asks_of_its_own(self, part: Normalized) -> bool:
        """A part like 哪个项目的 belongs to the part before it."""
        query = understand(part, self.assistant.view.catalogue, self.assistant.view.vocabulary)
        return bool(query.content.total) or query.asks_figure or not query.operations

    def _answer(self, question: Normalized) -> Answer:
        view = self.assistant.view
        query = understand(question, view.catalogue, view.vocabulary)
        if (chat := chat_name(query, bool(self.turns))) is not None:
            return compose_chat(query, chat[0], chat[1])
        alone, query = query, resolve(query, self.turns)
        if is_text_question(query, view.catalogue):
            asked = self._spelt_out(query)
            quotes = quote(asked, view, self.assistant.retriever)
            if quotes:
                self.turns.append(Turn(query=query, outcome=look_up(query, view.catalogue)))
                return compose_quotes(query, quotes, lead(asked, quotes))
            if query.has(*TELLING):
                outcome = Outcome(absence=Absence.NOT_HERE)
                return compose_absence(query, outcome, view.catalogue)
        outcome = self._figures(query, alone, view.catalogue)
        self.turns.append(Turn(query=query, outcome=outcome))
        if outcome.findings:
            return compose_figures(query, outcome, view.catalogue)
        return compose_absence(query, outcome, view.catalogue)


    def _spelt_out(self, query: Query) -> Query:
        """为什么减? after an amount: the question before said of what."""
        if not query.inherited or query.beside is not None or not self.turns:
            return query
        view, before = self.assistant.view, self.turns[-1].query.question.typed
        together = normalize(f"{before} {query.question.typed}")
        return understand(together, view.catalogue, view.vocabulary)

    def _figures(self, query: Query, alone: Query, catalogue: Catalogue) -> Outcome:
        """From figures shown before, else looked up; without the context if it does not help."""
        if (shown := of_turns(query, self.turns, catalogue)) is not None:
            return shown
        outcome = look_up(query, catalogue)
        if query.inherited and query.beside is not None:
            both = joined(query, look_up(replace(query, operations=()), catalogue), self.turns)
            if both is not None:
                return both
            if not outcome.findings:
                return look_up(alone, catalogue)
        return outcome


def parts_of(question: Normalized, spans: Sequence[tuple[int, int]]) -> list[Normalized]:
    return [normalize(question.typed_text(*span)) for span in spans]


TELLING = (Op.WHY, Op.PURPOSE, Op.DEFINE)
"""Where no sentence tells it, a figure would be no answer."""


def protected_in(text: str, view: View) -> list[str]:
    """The index's own words that stand in the question."""
    strings = view.catalogue.strings
    return [word for word in strings if len(word) >= SHORTEST_PROTECTED and word in text]


def chat_name(query: Query, talked: bool) -> tuple[str, Status] | None:
    """Small talk and instructions, when nothing else is asked; `talked`: not the first turn."""
    if query.content.total or query.operations or query.limit or query.rank:
        return None
    names = set(query.chats)
    if ChatName.INJECTION in names:
        return "refused", Status.REFUSED
    for name in ("greeting", "thanks", "farewell", "identity"):
        if ChatName(name) in names:
            return name, Status.ANSWERED
    if ChatName.PRAISE in names:
        return "thanks", Status.ANSWERED
    scope = query.scope
    named = scope.units or scope.whole or scope.each or scope.tables
    leans_back = talked and (query.output_unit or named or query.last_year)
    return None if query.asks_figure or leans_back else ("nonsense", Status.REFUSED)
