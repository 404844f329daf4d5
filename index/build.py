"""Files → index: plan what each file needs, read, embed what is new, keep.

Workers read (`index.workers`), this one process embeds and writes. Vectors are published before
the document's one SQL transaction, so that a crash anywhere leaves the index as it was; what it
leaves behind is swept by the next writer.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index import workers
from index.chunk import chunks_of
from index.correct import reapply
from index.errors import BudgetError
from index.fact import Budget
from index.files import expand, read_bytes
from index.lock import one_writer
from index.plan import Asked, Report, Status, Step, plan_of, report_of
from index.plan import reading as reading
from index.store import Store
from index.vectors import Vectors
from index.workers import Job, Read, Readers, changed, internal

__all__ = ["Asked", "Interrupted", "Report", "Status", "add_paths", "index_folder", "reading"]

FOLDER_VARIABLE = "BUDGET_INDEX"
DEFAULT_FOLDER = Path(".budget-index")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is; from one thread
at a time, but not always from the one that called `add_paths`."""

read = workers.read
"""The way from bytes to a budget."""


class Embeds(Protocol):
    """What `index.embed.Embedder` offers."""

    @property
    def name(self) -> str: ...

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]: ...

    def embed_query(self, text: str) -> npt.NDArray[np.float32]: ...


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while files were added: what is done stays, the same call goes on with the rest."""

    def __init__(self, done: int, remaining: int) -> None:
        super().__init__(f"{done} done, {remaining} left")
        self.done = done
        self.remaining = remaining


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index open for writing, and what it is written with."""

    store: Store
    vectors: Vectors | None
    """None without an embedding model: search then goes by words alone."""
    embedder: Embeds | None
    notice: str = ""


def index_folder(given: Path | None = None) -> Path:
    """The folder named on the command line, else `$BUDGET_INDEX`, else `.budget-index/`."""
    return given or Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def add_paths(
    paths: Sequence[Path],
    folder: Path,
    on_progress: Progress | None = None,
    embedder: Embeds | None = None,
    unit: str = "",
    *,
    source: str = "",
    published: str = "",
    on_report: Callable[[Report], None] | None = None,
    seconds: float = workers.SECONDS,
) -> list[Report]:
    """Takes files, and the files of folders, into the index: a report each, in order.

    `unit`: the unit of money of documents that print none; `source`, `published`: where and when
    they were published. `on_report` is called as each is done; `seconds` is what reading one may
    take. Raises BudgetError if the index cannot be written (what is wrong with a file stands in
    its report), and Interrupted.
    """
    progress = on_progress or (lambda *_: None)
    asked = Asked(unit=unit, source=source, published=published)
    reports: list[Report] = []
    with one_writer(folder):
        store = Store(folder)
        steps = plan_of(list(expand(paths)), store, asked)
        try:
            for report in _settled(steps, store, embedder, progress, seconds):
                reports.append(report)
                (on_report or (lambda _: None))(report)
        except KeyboardInterrupt as interrupt:
            left = _left(steps[len(reports) :], store)
            raise Interrupted(len(steps) - left, left) from interrupt
    return reports


def _left(steps: Sequence[Step], store: Store) -> int:
    """How many are still to be done; the first may be kept and only its report be missing."""
    kept = {(stored.document, stored.sha256, stored.reading) for stored in store.documents()}
    return sum((step.name, step.sha256, step.reading) not in kept for step in steps)


def remove_documents(documents: Sequence[str], folder: Path) -> None:
    """All of them or, if one is not indexed, none: raises BudgetError."""
    with one_writer(folder):
        store = Store(folder)
        for document in documents:
            store.document(document)
        for document in dict.fromkeys(documents):
            store.remove(document)


def _settled(
    steps: Sequence[Step],
    store: Store,
    embedder: Embeds | None,
    progress: Progress,
    seconds: float,
) -> Iterator[Report]:
    jobs = [step.job for step in steps if step.report is None]
    with Readers(jobs, read, seconds=seconds, on_read=partial(_told, progress)) as readers:
        # They read while the model loads.
        index = open_for_writing(store, embedder)
        catch_up(index, progress)
        results = readers.results()
        for at, step in enumerate(steps):
            progress("文件", at, len(steps))
            report = settle(step, index, results, progress)
            yield replace(report, message=_joined(report.message, "" if at else index.notice))
        progress("文件", len(steps), len(steps))


def _told(progress: Progress, job: Job, done: bool) -> None:
    progress(f"读取 {job.name}", int(done), 1)


def _joined(*words: str) -> str:
    return "；".join(filter(None, words))


def open_for_writing(store: Store, embedder: Embeds | None) -> Index:
    try:
        embedder = embedder or default_embedder()
        vectors = Vectors(store.folder, embedder.name, store)
    except BudgetError as error:
        notice = f"只建立字面检索：{error}；有了模型后再运行一次 add，向量会补上"
        return Index(store=store, vectors=None, embedder=None, notice=notice)
    vectors.sweep()
    notice = "嵌入模型换了，全部文本已用新模型重算" if vectors.model_changed else ""
    return Index(store=store, vectors=vectors, embedder=embedder, notice=notice)


def default_embedder() -> Embeds:
    from index.embed import Embedder

    return Embedder()


def catch_up(index: Index, progress: Progress) -> None:
    """Embeds what has no vector of this model: after a new model, or a run without one."""
    if index.vectors is not None:
        _embed(index, index.vectors.pending(), "补算向量", progress)


def settle(step: Step, index: Index, results: Iterator[Read], progress: Progress) -> Report:
    """Does what is left to do for one file; `results` gives the next one read."""
    if step.report is not None:
        return _without_reading(step, step.report, index.store)
    found = next(results)
    start = perf_counter()
    try:
        if found.budget is None:
            raise found.error or BudgetError("没有读到内容", place=step.name)
        _take_in(step, found.budget, index, progress)
        report = report_of(index.store, step.name, step.status)
    except BudgetError as error:
        report = Report(document=step.name, status=Status.FAILED, message=str(error))
    except Exception as error:  # a fault of ours, or a hostile file: the others go on
        message = str(internal(step.name, error))
        report = Report(document=step.name, status=Status.FAILED, message=message)
    return replace(report, seconds=found.seconds + perf_counter() - start)


def _without_reading(step: Step, report: Report, store: Store) -> Report:
    """A file whose content the index holds, or that cannot be read."""
    if report.status is Status.UNCHANGED:
        stored = store.document(step.name)
        if (stored.source, stored.published) != (step.source, step.published):
            store.describe(step.name, source=step.source, published=step.published)
        return report_of(store, step.name, report.status)
    if report.status is Status.DUPLICATE and step.replaces:
        store.remove(step.name)
    return report


def _take_in(step: Step, budget: Budget, index: Index, progress: Progress) -> None:
    chunks = chunks_of(budget)
    if index.vectors is not None:
        texts = index.vectors.missing({chunk.text_hash: chunk.text for chunk in chunks})
        _embed(index, texts, f"向量 {step.name}", progress)
    index.store.add(
        budget,
        _content(step),
        chunks=chunks,
        given_unit=step.unit,
        reading=step.reading,
        source=step.source,
        published=step.published,
    )
    reapply(index.store, step.name)


def _content(step: Step) -> bytes:
    """The bytes that were read, once more: they do not travel between processes."""
    content = read_bytes(step.path)
    if hashlib.sha256(content).hexdigest() != step.sha256:
        raise changed(step.path)
    return content


def _embed(index: Index, texts: dict[str, str], what: str, progress: Progress) -> None:
    if texts and index.vectors is not None and index.embedder is not None:
        vectors = index.embedder.embed_passages(list(texts.values()), partial(progress, what))
        index.vectors.add(texts, np.asarray(vectors, dtype=np.float32))
