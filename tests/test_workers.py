"""Workers: results in order, and a file that kills its reader spoils no other."""

import hashlib
import os
import pickle
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from index import workers
from index.errors import BudgetError
from index.workers import Job, Read, Readers, read_job, workers_for
from tests import hostile_reading


def jobs_of(folder: Path, *words: str, ending: str = ".txt") -> list[Job]:
    return [job_of(folder, f"{at}{ending}", word) for at, word in enumerate(words)]


def job_of(folder: Path, name: str, word: str) -> Job:
    path = folder / name
    path.write_text(word, "utf-8")
    return Job(path=path, name=name, sha256=hashlib.sha256(word.encode()).hexdigest(), unit="元")


def results(jobs: Sequence[Job], workers: int, seconds: float = 60) -> list[Read]:
    with Readers(jobs, hostile_reading.read, workers=workers, seconds=seconds) as readers:
        return list(readers.results())


def told(found: Sequence[Read]) -> list[str]:
    """The title read, else what is wrong."""
    return [read.budget.title if read.budget else read.error.what for read in found if read]  # type: ignore[union-attr]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_results_come_in_the_order_of_the_files(tmp_path: Path, count: int) -> None:
    jobs = jobs_of(tmp_path, "slow", "甲", "乙", "slow", "丙", "丁", "戊", "己", "庚")
    found = results(jobs, count)
    assert told(found) == [f"{job.path.read_text('utf-8')}元" for job in jobs]
    pids = {read.budget.format for read in found if read.budget}
    assert len(pids) == max(count, 1)
    assert (str(os.getpid()) in pids) == (count == 0)
    assert {read.budget.sha256 for read in found if read.budget} == {job.sha256 for job in jobs}


def test_a_file_that_kills_its_worker_spoils_no_other(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, "甲", "exit", "乙", "kill", "丙", "bug", "bad", "memory", "丁")
    found = told(results(jobs, 2))
    assert [word for word in found if word.endswith("元")] == ["甲元", "乙元", "丙元", "丁元"]
    assert "意外结束（代码 3）" in found[1] and "意外结束（信号 9）" in found[3]
    assert "KeyError" in found[5] and "secret" not in found[5]
    assert found[6] == "没有找到预算表"
    assert "内存不够" in found[7]


def test_a_file_that_takes_too_long_is_stopped_and_its_worker_with_it(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, "hang", "甲", "乙")
    start = time.perf_counter()
    found = results(jobs, 1, seconds=1)
    assert time.perf_counter() - start < 30
    assert told(found)[1:] == ["甲元", "乙元"]
    assert found[0].error and "1 秒" in found[0].error.what and "--seconds" in str(found[0].error)


def test_leaving_early_ends_the_workers(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, "甲", "hang", "hang")
    with Readers(jobs, hostile_reading.read, workers=2) as readers:
        first = next(readers.results())
        start = time.perf_counter()
    assert time.perf_counter() - start < 10
    assert first.budget is not None
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.budget.format), 0)


def test_a_worker_gives_way_to_a_fresh_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SERVED", 2)
    found = results(jobs_of(tmp_path, "甲", "乙", "丙"), 1)
    pids = [read.budget.format for read in found if read.budget]
    assert pids[0] == pids[1] != pids[2]


def test_a_file_changed_since_it_was_looked_at_is_not_read(tmp_path: Path) -> None:
    job = job_of(tmp_path, "a.txt", "甲")
    job.path.write_text("乙", "utf-8")
    found = read_job(job, hostile_reading.read)
    assert found.budget is None and found.error and "改动" in found.error.what


def test_beginning_and_end_of_each_file_are_told(tmp_path: Path) -> None:
    heard: list[tuple[str, bool]] = []
    jobs = jobs_of(tmp_path, "甲", "bad", "exit")
    with Readers(
        jobs,
        hostile_reading.read,
        workers=1,
        on_read=lambda job, done: heard.append((job.name, done)),
    ) as readers:
        list(readers.results())
    assert heard == [(job.name, done) for job in jobs for done in (False, True)]


def test_where_no_worker_can_start_this_process_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "START_SECONDS", 0.0)
    found = results(jobs_of(tmp_path, "甲", "乙"), 1)
    assert told(found) == ["甲元", "乙元"]
    assert {read.budget.format for read in found if read.budget} == {str(os.getpid())}


def test_how_many_workers_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    assert workers_for([]) == 0
    assert workers_for(jobs_of(tmp_path, "甲")) == 0
    assert workers_for(jobs_of(tmp_path, "甲", ending=".PDF")) == 1
    assert workers_for(jobs_of(tmp_path, "甲", "乙", "丙")) == 2
    monkeypatch.setattr(workers, "cores", lambda: 64)
    assert workers_for(jobs_of(tmp_path, *"甲" * 100)) == workers.MOST_WORKERS


def test_an_error_keeps_its_words_between_processes() -> None:
    error = BudgetError("没有找到预算表", place="a.txt", mend="换一个文件")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.what, again.mend) == (str(error), error.what, error.mend)
