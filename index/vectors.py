"""The vectors of the embedded texts, in Chroma collections that never change once published.

A write makes a new collection (which takes in the smaller old ones, so that their number grows
with the logarithm of the texts); then one SQL transaction says which collections count. A crash
before it leaves the old index whole, and a reader in another process is never half way.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.database import batches, set_setting
from index.errors import BudgetError
from index.offline import stay_offline
from index.schema import SEGMENTS, TEXTS
from index.store import Store

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

Matrix = npt.NDArray[np.float32]

BATCH = 5000
"""Chroma takes at most 5,461 vectors a call."""
HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
    "max_neighbors": 32,
}
"""Twice Chroma's usual effort: collections are small and a missed neighbour is a missed answer."""
GROWTH = 2
"""A collection at most this many times as large as what is being written is taken in."""
DIGITS = 6
"""Of a similarity; beyond them two processors may differ."""
TIDY = 16
"""Writes after which superseded collections are dropped and Chroma's memory is let go: 2.6 MB a
collection, however few its vectors, and dropping alone frees none of it."""
ATTEMPTS = 3
"""A collection may be superseded and swept between reading its name and asking it."""


class Vectors:
    """Nearest texts of an index, for vectors of one embedding model."""

    def __init__(self, folder: Path, embedder_name: str, store: Store | None = None) -> None:
        """`embedder_name`: of the model whose vectors are written and asked with."""
        self.store = store or Store(folder)
        self.embedder_name = embedder_name
        self._open: dict[str, Collection] = {}
        self._writes = 0

    @property
    def model_changed(self) -> bool:
        """The index holds vectors of another model."""
        return self._stored_name() not in ("", self.embedder_name)

    def nearest(self, vector: npt.ArrayLike, n: int) -> list[tuple[str, float]]:
        """The `n` texts nearest to a unit vector: (text_hash, cosine), the nearest first.

        Texts of removed documents may be among them until the next write: whoever joins them
        with `Store.owners` finds none. Raises BudgetError if another model's vectors are stored.
        """
        if self.model_changed:
            raise _other_model(self._stored_name(), self.embedder_name)
        found = self._ask_again(np.asarray(vector, dtype=np.float32), n)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n]

    def count(self) -> int:
        return sum(self._segments().values())

    def missing(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Those of `texts` (hash → text) that have no vector of this model yet."""
        if self.model_changed:
            return dict(texts)
        known: set[str] = set()
        with self.store.engine.connect() as connection:
            for hashes in batches(list(texts)):
                query = sa.select(TEXTS.c.text_hash).where(
                    TEXTS.c.text_hash.in_(hashes), TEXTS.c.segment.is_not(None)
                )
                known |= set(connection.execute(query).scalars())
        return {text_hash: text for text_hash, text in texts.items() if text_hash not in known}

    def pending(self) -> dict[str, str]:
        """Texts of indexed documents without a vector of this model: hash → text."""
        query = sa.select(TEXTS.c.text_hash, TEXTS.c.text).order_by(TEXTS.c.text_hash)
        if not self.model_changed:
            query = query.where(TEXTS.c.segment.is_(None))
        with self.store.engine.connect() as connection:
            return {row.text_hash: row.text for row in connection.execute(query)}

    def add(self, texts: Mapping[str, str], vectors: Matrix) -> None:
        """Publishes the vectors of `texts` (hash → text), row by row in its order.

        After a change of model `texts` has to hold everything that is `pending`. Callers hold
        `index.lock.one_writer`.
        """
        if not texts:
            return
        superseded = self._superseded(len(texts))
        kept = {} if self.model_changed else self._vectors_of(superseded)
        name = f"{self._prefix}{uuid4().hex[:12]}"
        collection = self._create(name)
        _fill(collection, list(texts), vectors)
        if kept:
            _fill(collection, list(kept), np.stack(list(kept.values())))
        if collection.count() != len(texts.keys() | kept.keys()):
            raise BudgetError(
                "写入的向量数与应有的不符",
                place=f"{self.store.folder} {name}",
                mend="确认没有别的程序在写同一个文件夹，再运行一次 python -m index add",
            )
        # A first question makes Chroma lay the collection out on the disk now, by the one
        # writer, and not later in several readers at once.
        collection.query(query_embeddings=vectors[:1], n_results=1, include=[])
        self._publish(name, texts, list(kept), superseded)
        self._writes += 1
        if self._writes % TIDY == 0:
            self.sweep()
            self._let_go()

    def sweep(self) -> None:
        """Drops collections that do not count, and forgets those that somebody deleted.

        Left over by a crash, or superseded by an earlier write, whose readers have had time.
        Callers hold `index.lock.one_writer`.
        """
        counted = self._segments()
        if not counted and not self._client_exists():
            return
        present = set(self._names())
        for name in sorted(present - counted.keys()):
            self._client.delete_collection(name)
            self._open.pop(name, None)
        lost = sorted(counted.keys() - present)
        if lost:
            with self.store.change() as connection:
                _forget(connection, lost)

    def _let_go(self) -> None:
        """Closes the client; the next question or write opens another."""
        client = self.__dict__.pop("_client", None)
        self._open.clear()
        if client is not None:
            client.close()

    @cached_property
    def _prefix(self) -> str:
        """Of this index's collections: one Chroma server may hold those of several."""
        return f"budget-{self.store.setting('index')}-"

    @cached_property
    def _client(self) -> "ClientAPI":
        return _client(self.store.folder)

    def _client_exists(self) -> bool:
        return bool(os.environ.get("BUDGET_CHROMA")) or _chroma_folder(self.store.folder).is_dir()

    def _stored_name(self) -> str:
        return self.store.setting("embedder")

    def _segments(self) -> dict[str, int]:
        query = sa.select(SEGMENTS.c.name, SEGMENTS.c.size).order_by(SEGMENTS.c.name)
        with self.store.engine.connect() as connection:
            return {row.name: row.size for row in connection.execute(query)}

    def _names(self) -> list[str]:
        found: list[str] = []
        while page := self._client.list_collections(limit=BATCH, offset=len(found)):
            found += [collection.name for collection in page]
        return [name for name in found if name.startswith(self._prefix)]

    def _create(self, name: str) -> "Collection":
        return self._client.create_collection(
            name,
            embedding_function=None,
            configuration={"hnsw": HNSW},
            metadata={"embedder": self.embedder_name},
        )

    def _collection(self, name: str) -> "Collection":
        if name not in self._open:
            self._open[name] = self._client.get_collection(name, embedding_function=None)
        return self._open[name]

    def _ask_again(self, vector: Matrix, n: int) -> dict[str, float]:
        for _ in range(ATTEMPTS):
            segments = self._segments()
            try:
                return self._ask(segments, vector, n)
            except _gone():
                self._open.clear()
        raise BudgetError(
            "向量库与索引不一致（有集合丢失）",
            place=str(self.store.folder),
            mend="运行 python -m index add 并给出任一已收录的文件，缺的向量会补上",
        )

    def _ask(self, segments: Mapping[str, int], vector: Matrix, n: int) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, size in segments.items():
            answer = self._collection(name).query(
                query_embeddings=vector[None], n_results=min(n, size), include=["distances"]
            )
            distances = (answer["distances"] or [[]])[0]
            for text_hash, distance in zip(answer["ids"][0], distances, strict=True):
                found[text_hash] = round(1 - float(distance), DIGITS)
        return found

    def _superseded(self, size: int) -> list[str]:
        """Of old collections those that the new one takes in; after a change of model all."""
        segments = self._segments()
        if self.model_changed:
            return list(segments)
        taken = []
        for name, other in sorted(segments.items(), key=lambda item: (item[1], item[0])):
            if other > GROWTH * size:
                break
            taken.append(name)
            size += other
        return taken

    def _vectors_of(self, segments: Sequence[str]) -> dict[str, Matrix]:
        """The vectors of those texts in `segments` that a document still holds."""
        held: dict[str, Matrix] = {}
        for name in segments:
            query = sa.select(TEXTS.c.text_hash).where(TEXTS.c.segment == name)
            with self.store.engine.connect() as connection:
                hashes = sorted(connection.execute(query).scalars())
            for some in batches(hashes):
                got = self._collection(name).get(ids=list(some), include=["embeddings"])
                held |= zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True)
        return held

    def _publish(
        self, name: str, texts: Mapping[str, str], kept: Sequence[str], superseded: Sequence[str]
    ) -> None:
        size = len(texts.keys() | set(kept))
        with self.store.change() as connection:
            _forget(connection, superseded)
            connection.execute(SEGMENTS.insert(), {"name": name, "size": size})
            for hashes in batches([*texts, *kept]):
                connection.execute(
                    TEXTS.update().where(TEXTS.c.text_hash.in_(hashes)).values(segment=name)
                )
            _insert_new(connection, texts, name)
            set_setting(connection, "embedder", self.embedder_name)


def _insert_new(connection: sa.Connection, texts: Mapping[str, str], segment: str) -> None:
    for hashes in batches(list(texts)):
        query = sa.select(TEXTS.c.text_hash).where(TEXTS.c.text_hash.in_(hashes))
        known = set(connection.execute(query).scalars())
        fresh = [
            {"text_hash": text_hash, "text": texts[text_hash], "segment": segment}
            for text_hash in hashes
            if text_hash not in known
        ]
        if fresh:
            connection.execute(TEXTS.insert(), fresh)


def _forget(connection: sa.Connection, segments: Iterable[str]) -> None:
    for name in segments:
        connection.execute(SEGMENTS.delete().where(SEGMENTS.c.name == name))
        connection.execute(TEXTS.update().where(TEXTS.c.segment == name).values(segment=None))


def _fill(collection: "Collection", ids: list[str], vectors: Matrix) -> None:
    for start in range(0, len(ids), BATCH):
        collection.add(ids=ids[start : start + BATCH], embeddings=vectors[start : start + BATCH])


def _chroma_folder(folder: Path) -> Path:
    return folder / "chroma"


def _client(folder: Path) -> "ClientAPI":
    stay_offline()
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    server = os.environ.get("BUDGET_CHROMA")
    if not server:
        return chromadb.PersistentClient(path=_chroma_folder(folder), settings=settings)
    host, _, port = server.rpartition(":")
    try:
        return chromadb.HttpClient(host=host, port=int(port), settings=settings)
    except Exception as error:  # chromadb raises whatever its HTTP library does
        raise BudgetError(
            f"连不上 Chroma 服务（{error}）",
            place=f"BUDGET_CHROMA={server}",
            mend="写成 主机:端口，并确认服务已启动；或删去这个变量，使用索引文件夹里的向量库",
        ) from error


def _gone() -> type[Exception]:
    from chromadb.errors import NotFoundError

    return NotFoundError


def _other_model(stored: str, asked: str) -> BudgetError:
    return BudgetError(
        f"索引的向量由另一个嵌入模型（{stored}）生成，不能与现在的模型（{asked}）混用",
        place="BUDGET_EMBEDDING",
        mend="换回原来的模型，或运行 python -m index add 并给出任一已收录的文件，"
        "全部文本会用新模型重算",
    )
