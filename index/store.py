"""Keeps what was read from budgets in SQL: one transaction a document, a version a change.

A SQLite file in the index folder, or any database named by `BUDGET_STORE` (SQLAlchemy URL).
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, NoSuchTableError

from index.chunk import Chunk
from index.errors import BudgetError
from index.fact import Budget, Check, Fact, Kind, Passage, RowKind, Table
from index.schema import (
    CHUNKS,
    CONTENTS,
    DOCUMENTS,
    METADATA,
    PARTS,
    SETTINGS,
    TEXTS,
    StoredDocument,
    columns_of,
    decode,
    encode,
    fingerprint,
)

__all__ = ["Store", "StoredDocument", "open_index"]

FILE = "budget.sqlite"
BATCH = 500
"""Values in one `IN (…)`; SQLite before 3.32 takes 999."""
BUSY_SECONDS = 15

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
        self.engine = _engine(folder)
        with _told(folder):
            _prepare(self.engine, folder)

    @property
    def version(self) -> int:
        """Increases with every change of the index; readers drop their caches by it."""
        return int(self.setting("version"))

    def setting(self, name: str) -> str:
        """A word about the index itself: version, schema, index (its id), embedder."""
        with self.engine.connect() as connection:
            return _setting(connection, name)

    def add(
        self,
        budget: Budget,
        content: bytes,
        *,
        chunks: Sequence[Chunk] = (),
        given_unit: str = "",
        reading: str = "",
    ) -> None:
        """Keeps a budget with the bytes it was read from; one of the same name gives way.

        `chunks` are its texts to embed. Nothing of it is seen before all of it is.
        """
        known = {document.document: document for document in self.documents()}
        order = max((document.order for document in known.values()), default=0) + 1
        if budget.document in known:
            order = known[budget.document].order
        row = _document(budget, given_unit=given_unit, reading=reading, order=order)
        with self.change() as connection:
            _take_out(connection, budget.document)
            connection.execute(DOCUMENTS.insert(), encode([row], StoredDocument))
            connection.execute(CONTENTS.insert(), {"document": budget.document, "content": content})
            for kind, values in _parts(budget):
                _insert(connection, PARTS[kind], encode(values, kind), budget.document)
            _insert_chunks(connection, chunks, budget.document)
            _prune(connection)

    def remove(self, document: str) -> None:
        """Raises BudgetError if no such document is indexed."""
        self.document(document)
        with self.change() as connection:
            _take_out(connection, document)
            _prune(connection)

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
        known = "、".join(document.document for document in documents) or "（空）"
        raise BudgetError(
            "索引里没有这份文件", place=name, mend=f"已收录的文件：{known}；请用其中的名字"
        )

    def facts(self, document: str = "") -> tuple[Fact, ...]:
        """Blank squares included, in printed order."""
        return self._read(Fact, document)

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
        with _told(self.folder), self.engine.begin() as connection:
            yield connection
            version = int(_setting(connection, "version")) + 1
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


def open_index(folder: Path) -> Store:
    """For readers: like `Store`, but a folder without an index is an error, not a new index."""
    if not os.environ.get("BUDGET_STORE") and not (folder / FILE).is_file():
        raise BudgetError(
            "这里还没有索引",
            place=str(folder),
            mend="先运行 python -m index add 文件 建立索引，或用 --index 指明索引所在的文件夹",
        )
    return Store(folder)


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def set_setting(connection: sa.Connection, name: str, value: str) -> None:
    connection.execute(SETTINGS.delete().where(SETTINGS.c.name == name))
    connection.execute(SETTINGS.insert(), {"name": name, "value": value})


def _setting(connection: sa.Connection, name: str) -> str:
    query = sa.select(SETTINGS.c.value).where(SETTINGS.c.name == name)
    return connection.execute(query).scalar() or ""


def _engine(folder: Path) -> sa.Engine:
    url = os.environ.get("BUDGET_STORE") or f"sqlite:///{(folder / FILE).absolute()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url)
    except (OSError, sa.exc.ArgumentError, ImportError) as error:
        raise BudgetError(
            f"索引打不开（{error}）",
            place=str(folder),
            mend="检查文件夹权限、BUDGET_STORE 的写法和数据库驱动",
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune)
    return engine


def _tune(connection: Any, _record: object) -> None:
    """Readers go on while a document is written (WAL); a writer is waited for."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _prepare(engine: sa.Engine, folder: Path) -> None:
    if not sa.inspect(engine).has_table(SETTINGS.name):
        METADATA.create_all(engine)
    with engine.begin() as connection:
        written = _setting(connection, "schema")
        if not written:
            for name, value in (
                ("schema", fingerprint()),
                ("version", "0"),
                ("index", uuid4().hex[:12]),
            ):
                set_setting(connection, name, value)
        elif written != fingerprint():
            raise BudgetError(
                "索引由本程序的另一个版本建立，格式不同",
                place=str(folder),
                mend="删除这个文件夹（或换一个 --index），再用 python -m index add 重新收录文件",
            )


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turns a database's complaint into one that names the folder and the mend."""
    try:
        yield
    except (DatabaseError, NoSuchTableError) as error:
        raise BudgetError(
            f"索引数据库读写失败（{getattr(error, 'orig', error)}）",
            place=str(folder),
            mend="检查磁盘空间和文件夹权限；数据库损坏时删除该文件夹，重新收录文件",
        ) from error


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
