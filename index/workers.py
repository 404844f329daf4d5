"""Reading in processes of their own: several files at once, and none that fails spoils another.

A thread in this process stands for each worker: it hands over a file, waits, and ends the worker
that takes too long. What was read comes back in the order of the files, some of it ahead.
"""

import hashlib
import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, local
from time import perf_counter
from types import TracebackType

from index.errors import BudgetError
from index.fact import Budget
from index.files import read_bytes

log = logging.getLogger(__name__)

SECONDS = 300.0
"""A file may take so long; a PDF of a hundred pages takes a third of it."""
MOST_WORKERS = 8
"""Each holds some 200 MB, and one process embeds for all of them."""
SERVED = 20
"""Files a worker reads before a fresh one takes over: what PDF libraries leave behind is freed."""
AHEAD = 2
"""Files a worker may be ahead of the one that embeds."""
MEMORY = 4 * 2**30
"""Bytes of address space of a worker: a file that unpacks without end fails by itself."""
START_SECONDS = 60.0
PLAIN = frozenset((".txt", ".md", ".markdown", ".csv", ".tsv"))
"""Read by Python code alone, which cannot take the process down: one such file needs no worker."""

Way = Callable[[str, bytes, str], Budget]
"""Name, bytes and unit of money → what the file says; importable, for it goes to the workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    path: Path
    name: str
    sha256: str
    """Of the bytes that were looked at before."""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What became of a job: a budget, or why there is none."""

    budget: Budget | None = None
    error: BudgetError | None = None
    seconds: float = 0.0


def read(name: str, content: bytes, unit: str) -> Budget:
    from index.read import read_budget

    return read_budget(name, content, unit=unit)


def read_job(job: Job, way: Way) -> Read:
    """Reads in this process; whatever goes wrong stands in the result."""
    start = perf_counter()
    try:
        content = read_bytes(job.path)
        if hashlib.sha256(content).hexdigest() != job.sha256:
            raise changed(job.path)
        budget = replace(way(job.name, content, job.unit), sha256=job.sha256)
        return Read(budget=budget, seconds=perf_counter() - start)
    except BudgetError as error:
        return Read(error=error, seconds=perf_counter() - start)
    except Exception as error:  # a fault of ours, or a hostile file: the others go on
        return Read(error=internal(job.name, error), seconds=perf_counter() - start)


def changed(path: Path) -> BudgetError:
    what = "收录时文件正被改动"
    return BudgetError(what, place=str(path), mend="等它保存完毕后再运行一次 add")


def internal(name: str, error: Exception) -> BudgetError:
    """What a person reads of a fault of ours; the log gets the kind, never the document's text."""
    log.error("%s: %s", name, type(error).__name__)
    log.debug("%s", name, exc_info=error)
    what = "内存不够" if isinstance(error, MemoryError) else f"程序出错（{type(error).__name__}）"
    return BudgetError(
        f"读取时{what}，这份文件没有收录",
        place=name,
        mend="另存为另一种格式（如 .xlsx、.docx、.txt）再试，并把文件和这条信息告诉维护者",
    )


def workers_for(jobs: Sequence[Job]) -> int:
    """A worker a core; none for a single text file, which would only wait for it to start."""
    if not jobs or (len(jobs) == 1 and jobs[0].path.suffix.lower() in PLAIN):
        return 0
    return min(cores(), MOST_WORKERS, len(jobs))


def cores() -> int:
    """Those this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# ------------------------------------------------------------------------ in the worker


def serve(connection: Connection, way: Way) -> None:
    """A worker's whole life: jobs in, results out, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that writes decides what to end
    _limit_memory()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send("ready")
        while True:
            connection.send(read_job(connection.recv(), way))


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # there is no such limit on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


# ------------------------------------------------------------------ in the process that writes


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    served: int = 0

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Readers:
    """Reads `jobs`, beginning at once; `results` gives what became of each, in their order."""

    def __init__(
        self,
        jobs: Sequence[Job],
        way: Way = read,
        *,
        workers: int | None = None,
        seconds: float = SECONDS,
        on_read: Callable[[Job, bool], None] | None = None,
    ) -> None:
        """`workers`: 0 reads in this process, None as `workers_for` says. `on_read` is called at
        the beginning and (True) the end of each file, from one thread at a time."""
        count = workers_for(jobs) if workers is None else workers
        self._way, self._seconds = way, seconds
        self._on_read, self._lock = on_read, Lock()
        self._local, self._live = local(), set[_Worker]()
        self._closed = self._none_starts = False
        self._jobs = iter(jobs)
        self._waiting: deque[Future[Read]] = deque()
        self._pool = ThreadPoolExecutor(count, initializer=_hold_interrupt) if count else None
        for _ in range(count * (1 + AHEAD)):
            self._submit()

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        with self._lock:
            self._closed = True
            for worker in self._live:
                worker.process.kill()
        self._pool.shutdown(cancel_futures=True)
        for worker in self._live:
            worker.end()

    def results(self) -> Iterator[Read]:
        if self._pool is None:
            for job in self._jobs:
                yield self._told(job, lambda job: read_job(job, self._way))
        while self._waiting:
            yield self._waiting.popleft().result()
            self._submit()

    def _submit(self) -> None:
        job = next(self._jobs, None)
        if job is not None and self._pool is not None:
            self._waiting.append(self._pool.submit(self._told, job, self._hand_over))

    def _told(self, job: Job, way: Callable[[Job], Read]) -> Read:
        self._tell(job, False)
        try:
            return way(job)
        finally:
            self._tell(job, True)

    def _tell(self, job: Job, done: bool) -> None:
        if self._on_read is not None:
            with self._lock:
                self._on_read(job, done)

    def _hand_over(self, job: Job) -> Read:
        start = perf_counter()
        worker = self._own_worker()
        if worker is None:
            return Read(error=_left(job)) if self._closed else read_job(job, self._way)
        try:
            worker.connection.send(job)
            if worker.connection.poll(self._seconds):
                found: Read = worker.connection.recv()
                worker.served += 1
                return found
            error = _too_long(job, self._seconds)
        except (EOFError, OSError):
            worker.process.join(1)
            error = _died(job, worker.process.exitcode)
        self._dismiss(worker)
        return Read(error=error, seconds=perf_counter() - start)

    def _own_worker(self) -> _Worker | None:
        """This thread's worker; None where none starts, as for a script without a main guard."""
        worker: _Worker | None = getattr(self._local, "worker", None)
        if worker is not None and worker.served >= SERVED:
            self._dismiss(worker)
            worker = None
        if worker is None:
            worker = self._start()
            self._local.worker = worker
        return worker

    def _start(self) -> _Worker | None:
        with self._lock:
            if self._closed or self._none_starts:
                return None
            worker = start_worker(self._way)
            self._live.add(worker)
        try:
            if worker.connection.poll(START_SECONDS) and worker.connection.recv() == "ready":
                return worker
        except (EOFError, OSError):
            pass
        self._none_starts = True  # nor would the next: this process reads the rest
        self._dismiss(worker)
        return None

    def _dismiss(self, worker: _Worker) -> None:
        self._local.worker = None
        with self._lock:
            self._live.discard(worker)
        worker.end()


def start_worker(way: Way) -> _Worker:
    """A fresh process: a forked one would inherit the embedding model's threads and their locks."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, way), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process=process, connection=ours)


def _hold_interrupt() -> None:
    """Ctrl-C goes to every process of a terminal: workers inherit that they do not hear it."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _left(job: Job) -> BudgetError:
    return BudgetError("已中断，没有收录", place=job.name, mend="再运行一次同样的命令")


def _too_long(job: Job, seconds: float) -> BudgetError:
    return BudgetError(
        f"读了 {seconds:.0f} 秒还没有读完，已停止，这份文件没有收录",
        place=job.name,
        mend="拆成几个文件再收录；确实很大的文件用 --seconds 放宽时间",
    )


def _died(job: Job, code: int | None) -> BudgetError:
    told = f"信号 {-code}" if code is not None and code < 0 else f"代码 {code}"
    return BudgetError(
        f"读取它的进程意外结束（{told}），可能是文件损坏或内存不够，这份文件没有收录",
        place=job.name,
        mend="另存为另一种格式（如 .xlsx、.docx、.txt）再试，并把文件和这条信息告诉维护者",
    )
