"""Files → index: read, embed what is new, keep. One bad file never spoils the others.

Vectors are published before the document's one SQL transaction, so that a crash anywhere leaves
the index as it was; what it leaves behind is swept by the next writer.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.chunk import chunks_of
from index.errors import BudgetError
from index.fact import Budget, Outcome
from index.lock import one_writer
from index.readers.formats import ENDINGS, REPORTED
from index.store import Store, StoredDocument
from index.vectors import Vectors

log = logging.getLogger(__name__)

FOLDER_VARIABLE = "BUDGET_INDEX"
DEFAULT_FOLDER = Path(".budget-index")
LARGEST = 200 * 2**20
"""Bytes of a file we open at all; the largest published budgets are scans of some 50 MB."""
TEMPORARY = (".", "~$", ".~")
"""How the names of hidden files and of an office program's lock files begin."""
KNOWLEDGE = frozenset((".py", ".toml", ".tsv", ".csv", ".jsonl"))

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Embeds(Protocol):
    """What `index.embed.Embedder` offers."""

    @property
    def name(self) -> str: ...

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]: ...

    def embed_query(self, text: str) -> npt.NDArray[np.float32]: ...


class Status(StrEnum):
    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one file."""

    document: str
    status: Status
    tables: int = 0
    facts: int = 0
    indicators: int = 0
    passages: int = 0
    holding: int = 0
    """Checks (勾稽关系) that hold, that do not, and that could not be made."""
    differing: int = 0
    unchecked: int = 0
    doubts: tuple[str, ...] = ()
    """Checks that do not hold, pages without text, warnings of the reader."""
    seconds: float = 0.0
    message: str = ""
    """Why it failed, with place and mend; or a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index open for writing, and what it is written with."""

    store: Store
    vectors: Vectors | None
    """None without an embedding model: search then goes by words alone."""
    embedder: Embeds | None
    unit: str
    notice: str = ""
    seen: dict[str, Path] = field(default_factory=dict)
    """Names met in this run: two files of one name would replace each other unseen."""


def index_folder(given: Path | None = None) -> Path:
    """The folder named on the command line, else `$BUDGET_INDEX`, else `.budget-index/`."""
    return given or Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def add_paths(
    paths: Sequence[Path],
    folder: Path,
    on_progress: Progress | None = None,
    embedder: Embeds | None = None,
    unit: str = "",
) -> list[Report]:
    """Takes files, and the files of folders, into the index: a report each, in order.

    `unit`: the unit of money of documents that print none. Raises BudgetError if the index
    cannot be written; what is wrong with a file stands in its report.
    """
    with one_writer(folder):
        index = open_for_writing(folder, embedder, unit)
        progress = on_progress or (lambda *_: None)
        files = list(expand(paths))
        catch_up(index, progress)
        reports = []
        for at, path in enumerate(files):
            progress("文件", at, len(files))
            reports.append(add_file(path, index, progress))
        progress("文件", len(files), len(files))
        return reports


def remove_document(document: str, folder: Path) -> None:
    """Raises BudgetError if no such document is indexed."""
    with one_writer(folder):
        Store(folder).remove(document)


def open_for_writing(folder: Path, embedder: Embeds | None, unit: str = "") -> Index:
    store = Store(folder)
    try:
        embedder = embedder or default_embedder()
        vectors = Vectors(folder, embedder.name, store)
    except BudgetError as error:
        notice = f"只建立字面检索：{error}；有了模型后再运行一次 add，向量会补上"
        return Index(store=store, vectors=None, embedder=None, unit=unit, notice=notice)
    vectors.sweep()
    notice = "嵌入模型换了，全部文本已用新模型重算" if vectors.model_changed else ""
    return Index(store=store, vectors=vectors, embedder=embedder, unit=unit, notice=notice)


def default_embedder() -> Embeds:
    from index.embed import Embedder

    return Embedder()


def expand(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are named, folders by their readable files; each file once."""
    met: set[Path] = set()
    for path in paths:
        for file in sorted(_readable(path)) if path.is_dir() else [path]:
            if file.resolve() not in met:
                met.add(file.resolve())
                yield file


def _readable(folder: Path) -> Iterator[Path]:
    found = False
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        if any(part.startswith(TEMPORARY) for part in inner) or not path.is_file():
            continue
        if path.suffix.lower() in known_endings() | REPORTED:
            found = True
            yield path
    if not found:
        yield folder  # which `read_bytes` then reports


def known_endings() -> frozenset[str]:
    return ENDINGS


def catch_up(index: Index, progress: Progress) -> None:
    """Embeds what has no vector of this model: after a new model, or a run without one."""
    if index.vectors is not None:
        _embed(index, index.vectors.pending(), "补算向量", progress)


def add_file(path: Path, index: Index, progress: Progress) -> Report:
    start = perf_counter()
    name = path.name or str(path)
    try:
        content = read_bytes(path)
        sha256 = hashlib.sha256(content).hexdigest()
        _require_one(name, path, sha256, index)
        status = _take_in(name, content, sha256, index, progress)
        report = report_of(index.store, name, status)
    except BudgetError as error:
        report = Report(document=name, status=Status.FAILED, message=str(error))
    except Exception as error:  # a fault of ours, or a hostile file: the others go on
        log.error("%s: %s", name, type(error).__name__)
        log.debug("%s", name, exc_info=error)
        report = Report(document=name, status=Status.FAILED, message=str(_internal(name, error)))
    message = "；".join(filter(None, (report.message, index.notice)))
    return replace(report, message=message, seconds=perf_counter() - start)


def read_bytes(path: Path) -> bytes:
    """Raises BudgetError for what is missing, no ordinary file, unreadable or too large."""
    place = str(path)
    if path.is_dir():
        raise BudgetError(
            "文件夹里没有可以读取的文件",
            place=place,
            mend=f"放入以下格式之一的文件：{'、'.join(sorted(known_endings()))}",
        )
    if not path.exists():
        raise BudgetError("没有这个文件", place=place, mend="检查路径和文件名")
    if not path.is_file():
        raise BudgetError("不是普通文件", place=place, mend="给出预算文件本身的路径")
    try:
        if path.stat().st_size > LARGEST:
            size = path.stat().st_size / 2**20
            raise BudgetError(
                f"文件有 {size:.0f} MB，超过 {LARGEST / 2**20:.0f} MB",
                place=place,
                mend="拆成几个文件，或去掉其中的图片",
            )
        return path.read_bytes()
    except OSError as error:
        raise BudgetError(
            f"文件读不出来（{error.strerror}）", place=place, mend="检查文件的权限"
        ) from error


def _require_one(name: str, path: Path, sha256: str, index: Index) -> None:
    """A second file of the same name but other content, in one run, is a mistake."""
    first = index.seen.setdefault(name, path)
    if first != path and hashlib.sha256(first.read_bytes()).hexdigest() != sha256:
        raise BudgetError(
            f"与 {first} 同名而内容不同，收录会互相替换",
            place=str(path),
            mend="给其中一个改名，例如加上年份或单位",
        )


def _take_in(name: str, content: bytes, sha256: str, index: Index, progress: Progress) -> Status:
    old = next((d for d in index.store.documents() if d.document == name), None)
    unit = index.unit or (old.given_unit if old else "")
    if old and (old.sha256, old.reading, old.given_unit) == (sha256, reading(), unit):
        return Status.UNCHANGED
    progress(f"读取 {name}", 0, 1)
    budget = replace(read(name, content, unit), sha256=sha256)
    progress(f"读取 {name}", 1, 1)
    chunks = chunks_of(budget)
    if index.vectors is not None:
        texts = index.vectors.missing({chunk.text_hash: chunk.text for chunk in chunks})
        _embed(index, texts, f"向量 {name}", progress)
    index.store.add(budget, content, chunks=chunks, given_unit=unit, reading=reading())
    return Status.REPLACED if old else Status.ADDED


def read(name: str, content: bytes, unit: str) -> Budget:
    from index.read import read_budget

    way: Callable[..., Budget] = read_budget
    return way(name, content, unit=unit) if unit else way(name, content)


def _embed(index: Index, texts: dict[str, str], what: str, progress: Progress) -> None:
    if texts and index.vectors is not None and index.embedder is not None:
        vectors = index.embedder.embed_passages(list(texts.values()), partial(progress, what))
        index.vectors.add(texts, np.asarray(vectors, dtype=np.float32))


@cache
def reading() -> str:
    """Fingerprint of what reads and cuts documents: code and lexicons of this package."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in KNOWLEDGE:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def report_of(store: Store, document: str, status: Status) -> Report:
    """What the index holds of a document, and what is doubtful in it."""
    stored = store.document(document)
    checks = store.checks(document)
    counts = {outcome: sum(c.outcome is outcome for c in checks) for outcome in Outcome}
    differing = tuple(check.what for check in checks if check.outcome is Outcome.DIFFERS)
    return Report(
        document=document,
        status=status,
        tables=stored.tables,
        facts=stored.facts,
        indicators=stored.indicators,
        passages=stored.passages,
        holding=counts[Outcome.HOLDS],
        differing=counts[Outcome.DIFFERS],
        unchecked=counts[Outcome.UNCHECKED],
        doubts=(*differing, *_unread(stored), *stored.warnings),
    )


def _unread(stored: StoredDocument) -> tuple[str, ...]:
    if not stored.unread_pages:
        return ()
    pages = "、".join(map(str, stored.unread_pages))
    return (f"第 {pages} 页没有文字（可能是扫描件），其中的内容没有读到",)


def _internal(name: str, error: Exception) -> BudgetError:
    return BudgetError(
        f"读取时程序出错（{type(error).__name__}），这份文件没有收录",
        place=name,
        mend="另存为另一种格式（如 .xlsx、.docx、.txt）再试，并把文件和这条信息告诉维护者",
    )
