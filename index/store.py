"""Keeps what was read from budgets in SQL: one transaction a document, a version a change.

A SQLite file in the index folder, or any database named by `BUDGET_STORE` (SQLAlchemy URL).
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from index.chunk import Chunk
from index.correct import standing, with_words
from index.database import FILE as FILE
from index.database import batches as batches
from index.database import open_engine, prepare, set_setting, setting, told
from index.errors import BudgetError
from index.fact import Budget, Check, Correction, Fact, Kind, Passage, RowKind, Table
from index.schema import (
    CHUNKS,
    CONTENTS,
    CORRECTIONS,
    DOCUMENTS,
    PARTS,
    TEXTS,
    StoredDocument,
    columns_of,
    decode,
    encode,
)

__all__ = ["Store", "StoredDocument", "open_index"]

NEAR = 6
"""Names told where a person writes one that is not indexed."""

Part = TypeVar("Part", Fact, Table, Passage, Check)


class Store:
    """The budgets of one index.

    >>> import tempfile
    >>> Store(Path(tempfile.mkdtemp())).documents()
    ()
    """

    def __init__(self, folder: Path) -> None:
        """Opens the folder's index, or lays an empty one.

        Raises BudgetError if the database cannot be opened or an older program wrote it.
        """
        self.folder = folder
        self.engine = open_engine(folder)
        with told(folder):
            prepare(self.engine, folder)

    @property
    def version(self) -> int:
        """Increases with every change of the index; readers drop their caches by it."""
        return int(self.setting("version"))

    def setting(self, name: str) -> str:
        """A word about the index itself: version, schema, index (its id), embedder."""
        with self.engine.connect() as connection:
            return setting(connection, name)

    def add(
        self,
        budget: Budget,
        content: bytes,
        *,
        chunks: Sequence[Chunk] = (),
        given_unit: str = "",
        reading: str = "",
        source: str = "",
        published: str = "",
    ) -> None:
        """Keeps a budget with the bytes it was read from; one of the same name gives way.

        `chunks` are its texts to embed. Nothing of it is seen before all of it is. What persons
        said of the version before stays, and is not applied to this one.
        """
        known = {document.document: document for document in self.documents()}
        order = max((document.order for document in known.values()), default=0) + 1
        if budget.document in known:
            order = known[budget.document].order
        row = replace(
            _document(budget, given_unit=given_unit, reading=reading, order=order),
            source=source,
            published=published,
        )
        with self.change() as connection:
            _take_out(connection, budget.document)
            connection.execute(DOCUMENTS.insert(), encode([row], StoredDocument))
            connection.execute(CONTENTS.insert(), {"document": budget.document, "content": content})
            for kind, values in _parts(budget):
                _insert(connection, PARTS[kind], encode(values, kind), budget.document)
            _insert_chunks(connection, chunks, budget.document)
            _prune(connection)

    def remove(self, document: str) -> None:
        """With all that persons said of it. Raises BudgetError if no such document is indexed."""
        self.document(document)
        with self.change() as connection:
            _take_out(connection, document)
            connection.execute(CORRECTIONS.delete().where(CORRECTIONS.c.document == document))
            _prune(connection)

    def describe(self, document: str, *, source: str, published: str) -> None:
        """Where a document was published, and when. Raises BudgetError if it is not indexed."""
        self.document(document)
        with self.change() as connection:
            query = DOCUMENTS.update().where(DOCUMENTS.c.document == document)
            connection.execute(query.values(source=source, published=published))

    def documents(self) -> tuple[StoredDocument, ...]:
        """In the order they were added."""
        query = sa.select(*columns_of(StoredDocument)).order_by(DOCUMENTS.c.order)
        with self.engine.connect() as connection:
            return decode(connection.execute(query), StoredDocument)

    def document(self, name: str) -> StoredDocument:
        """Raises BudgetError if no such document is indexed."""
        documents = self.documents()
        for document in documents:
            if document.document == name:
                return document
        raise _unknown(name, [document.document for document in documents])

    def facts(self, document: str = "") -> tuple[Fact, ...]:
        """Blank squares included, in printed order, as they stand with the persons' words
        (`Fact.word`, `Fact.corrected`)."""
        facts, words = self._read(Fact, document), standing(self.corrections(document))
        if not words:
            return facts
        hashes = {stored.document: stored.sha256 for stored in self.documents()}
        of = {name: [word for word in words if word.document == name] for name in hashes}
        runs = groupby(facts, key=lambda fact: fact.document)
        return tuple(
            fact
            for name, run in runs
            for fact in (with_words(tuple(run), of[name], hashes[name]) if of[name] else run)
        )

    def doubts(self) -> dict[str, int]:
        """How many figures of each document are doubtful; documents without any are left out."""
        facts = PARTS[Fact]
        query = sa.select(facts.c.document).where(facts.c.doubt != "").distinct()
        with self.engine.connect() as connection:
            names = sorted(connection.execute(query).scalars())
        return {name: sum(bool(fact.doubt) for fact in self.facts(name)) for name in names}

    def tables(self, document: str = "") -> tuple[Table, ...]:
        return self._read(Table, document)

    def table(self, document: str, number: str) -> Table:
        """Raises BudgetError if the document has no table of that number."""
        where = PARTS[Table].c.number == number
        for table in self._read(Table, document, where):
            return table
        known = "、".join(table.number for table in self.tables(document))
        raise BudgetError(f"没有{number}", place=document, mend=f"这份文件的表：{known}")

    def passages(self, document: str = "") -> tuple[Passage, ...]:
        return self._read(Passage, document)

    def checks(self, document: str = "") -> tuple[Check, ...]:
        return self._read(Check, document)

    def corrections(self, document: str = "") -> tuple[Correction, ...]:
        """What persons said of figures, in order, with what was taken back since."""
        query = sa.select(*columns_of(Correction)).order_by(CORRECTIONS.c.number)
        if document:
            query = query.where(CORRECTIONS.c.document == document)
        with self.engine.connect() as connection:
            return decode(connection.execute(query), Correction)

    def budget(self, document: str) -> Budget:
        """A document as printed, without the persons' words. Raises BudgetError if it is not
        indexed."""
        stored = self.document(document)
        known = {item.name: getattr(stored, item.name) for item in fields(stored)}
        own = {item.name: known[item.name] for item in fields(Budget) if item.name in known}
        parts = {
            "facts": self._read(Fact, document),
            "tables": self.tables(document),
            "passages": self.passages(document),
            "checks": self.checks(document),
        }
        return Budget(**{**own, **parts})

    def correct(self, words: Sequence[Correction], rechecked: Budget) -> None:
        """Keeps new or changed words, with the checks and doubts that follow from them."""
        facts, checks, name = PARTS[Fact], PARTS[Check], rechecked.document
        marks = {fact.id: fact.doubt for fact in self._read(Fact, name)}
        with self.change() as connection:
            for row in encode(words, Correction):
                number = CORRECTIONS.c.number == row["number"]
                del row["position"]
                connection.execute(CORRECTIONS.delete().where(number))
                connection.execute(CORRECTIONS.insert(), row)
            connection.execute(checks.delete().where(checks.c.document == name))
            _insert(connection, checks, encode(rechecked.checks, Check), name)
            for fact in rechecked.facts:
                if fact.doubt != marks[fact.id]:
                    one = (facts.c.document == name) & (facts.c.id == fact.id)
                    connection.execute(facts.update().where(one).values(doubt=fact.doubt))

    def content(self, document: str) -> bytes:
        """The bytes as they were added. Raises BudgetError if no such document is indexed."""
        query = sa.select(CONTENTS.c.content).where(CONTENTS.c.document == document)
        with self.engine.connect() as connection:
            content = connection.execute(query).scalar()
        if content is None:
            self.document(document)
        return bytes(content or b"")

    def owners(
        self, text_hashes: Sequence[str], documents: Sequence[str] = ()
    ) -> list[tuple[str, str, str]]:
        """Where embedded texts stand: (text_hash, document, passage_id), in `documents` only."""
        found: list[tuple[str, str, str]] = []
        columns = (CHUNKS.c.text_hash, CHUNKS.c.document, CHUNKS.c.passage_id)
        with self.engine.connect() as connection:
            for hashes in batches(text_hashes):
                query = sa.select(*columns).where(CHUNKS.c.text_hash.in_(hashes))
                if documents:
                    query = query.where(CHUNKS.c.document.in_(documents))
                query = query.order_by(CHUNKS.c.document, CHUNKS.c.position)
                found += [tuple(row) for row in connection.execute(query)]
        return found

    @contextmanager
    def change(self) -> Iterator[sa.Connection]:
        """One transaction; its commit raises `version`."""
        with told(self.folder), self.engine.begin() as connection:
            yield connection
            version = int(setting(connection, "version")) + 1
            set_setting(connection, "version", str(version))

    def _read(
        self, kind: type[Part], document: str, where: sa.ColumnElement[bool] | None = None
    ) -> tuple[Part, ...]:
        table = PARTS[kind]
        query = sa.select(*columns_of(kind)).join(
            DOCUMENTS, table.c.document == DOCUMENTS.c.document
        )
        if document:
            query = query.where(table.c.document == document)
        if where is not None:
            query = query.where(where)
        query = query.order_by(DOCUMENTS.c.order, table.c.position)
        with self.engine.connect() as connection:
            return decode(connection.execute(query), kind)


def _unknown(name: str, known: Sequence[str]) -> BudgetError:
    """Names that look like it first; of many documents only some are told."""
    inner = [other for other in known if name.lower() in other.lower()]
    near = list(dict.fromkeys([*inner, *get_close_matches(name, known, NEAR, 0.5)]))[:NEAR]
    if near:
        mend = f"是不是：{'、'.join(near)}"
    elif known:
        more = f" 等 {len(known)} 份" if len(known) > NEAR else ""
        mend = f"已收录的文件：{'、'.join(known[:NEAR])}{more}；全部见 python -m index list"
    else:
        mend = "索引是空的；先用 python -m index add 文件 收录"
    return BudgetError("索引里没有这份文件", place=name, mend=mend)


def open_index(folder: Path) -> Store:
    """For readers: like `Store`, but a folder without an index is an error, not a new index."""
    if not os.environ.get("BUDGET_STORE") and not (folder / FILE).is_file():
        raise BudgetError(
            "这里还没有索引",
            place=str(folder),
            mend="先运行 python -m index add 文件 建立索引，或用 --index 指明索引所在的文件夹",
        )
    return Store(folder)


def _document(budget: Budget, *, given_unit: str, reading: str, order: int) -> StoredDocument:
    indicators = {(f.table, f.row) for f in budget.facts if f.row_kind is RowKind.INDICATOR}
    return StoredDocument(
        document=budget.document,
        sha256=budget.sha256,
        format=budget.format,
        title=budget.title,
        institution=budget.institution,
        year=budget.year,
        account=budget.account,
        units=budget.units,
        unread_pages=budget.unread_pages,
        warnings=budget.warnings,
        given_unit=given_unit,
        reading=reading,
        order=order,
        tables=len(budget.tables),
        facts=sum(fact.kind is not Kind.BLANK for fact in budget.facts),
        indicators=len(indicators),
        passages=len(budget.passages),
        level=budget.level,
    )


def _parts(budget: Budget) -> Iterable[tuple[type, tuple[Any, ...]]]:
    return (
        (Fact, budget.facts),
        (Table, budget.tables),
        (Passage, budget.passages),
        (Check, budget.checks),
    )


def _insert(
    connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]], document: str
) -> None:
    if rows:
        connection.execute(table.insert(), [row | {"document": document} for row in rows])


def _insert_chunks(connection: sa.Connection, chunks: Sequence[Chunk], document: str) -> None:
    """Texts that are not there yet wait for their vector without a segment."""
    rows = [
        {"position": at, "text_hash": chunk.text_hash, "passage_id": chunk.passage_id}
        for at, chunk in enumerate(chunks)
    ]
    _insert(connection, CHUNKS, rows, document)
    texts = {chunk.text_hash: chunk.text for chunk in chunks}
    for hashes in batches(list(texts)):
        query = sa.select(TEXTS.c.text_hash).where(TEXTS.c.text_hash.in_(hashes))
        known = set(connection.execute(query).scalars())
        fresh = [{"text_hash": h, "text": texts[h]} for h in hashes if h not in known]
        if fresh:
            connection.execute(TEXTS.insert(), fresh)


def _take_out(connection: sa.Connection, document: str) -> None:
    for table in (DOCUMENTS, CONTENTS, CHUNKS, *PARTS.values()):
        connection.execute(table.delete().where(table.c.document == document))


def _prune(connection: sa.Connection) -> None:
    """Texts that no document holds any more."""
    held = sa.exists().where(CHUNKS.c.text_hash == TEXTS.c.text_hash)
    connection.execute(TEXTS.delete().where(~held))
