"""Files → index: idempotent, one bad file apart, and whole after a crash anywhere."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index import build, files, plan
from index.build import Report, Status, add_paths, index_folder, remove_documents
from index.errors import BudgetError
from index.fact import Budget
from index.lock import one_writer
from index.store import Store
from index.vectors import Vectors
from tests.test_store import make_budget
from tests.test_vectors import FakeEmbedder, digest


def read(name: str, content: bytes, unit: str) -> Budget:
    """Stands for `index.read`: a file lists its labels; some files make it fail."""
    words = content.decode()
    if words == "bad":
        raise BudgetError("没有找到预算表", place=name, mend="换一个文件")
    if words == "bug":
        raise KeyError("secret of the document")
    return make_budget(name, labels=words.split())


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "read", read)
    monkeypatch.setattr(files, "known_endings", lambda: frozenset((".txt",)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def reader_that_notes_units(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The units it was given stand in the list, one a file read."""
    units: list[str] = []

    def noting(name: str, content: bytes, unit: str) -> Budget:
        units.append(unit)
        return read(name, content, unit)

    monkeypatch.setattr(build, "read", noting)
    return units


def file(tmp_path: Path, name: str, words: str) -> Path:
    path = tmp_path / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, "utf-8")
    return path


def add(folder: Path, *paths: Path, embedder: FakeEmbedder | None = None) -> list[Report]:
    return add_paths(paths, folder, embedder=embedder or FakeEmbedder())


def labels(folder: Path, document: str) -> list[str]:
    return [fact.label for fact in Store(folder).facts(document)]


def indexed(folder: Path) -> list[str]:
    return [document.document for document in Store(folder).documents()]


def test_a_file_is_added_then_unchanged_then_replaced(tmp_path: Path, folder: Path) -> None:
    path = file(tmp_path, "a.txt", "办公费 水费")
    (first,) = add(folder, path)
    assert (first.status, first.tables, first.facts) == (Status.ADDED, 1, 2)
    assert (first.holding, first.differing, first.unchecked) == (1, 1, 0)
    assert first.doubts[0].startswith("表一与表二") and "4、5" in first.doubts[1]
    version = Store(folder).version
    (second,) = add(folder, path)
    assert (
        second == replace(first, status=Status.UNCHANGED, seconds=second.seconds)
        and Store(folder).version == version
    )
    path.write_text("差旅费", "utf-8")
    assert [report.status for report in add(folder, path)] == [Status.REPLACED]
    assert labels(folder, "a.txt") == ["差旅费"]
    assert Store(folder).content("a.txt") == "差旅费".encode()


def test_a_better_reader_reads_the_same_bytes_again(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    add(folder, path)
    monkeypatch.setattr(plan, "reading", lambda: "newer")
    assert [report.status for report in add(folder, path)] == [Status.REPLACED]


def test_the_unit_once_given_is_kept_when_the_file_is_read_again(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = reader_that_notes_units(monkeypatch)
    path = file(tmp_path, "a.txt", "办公费")
    add_paths([path], folder, embedder=FakeEmbedder(), unit="元")
    assert [report.status for report in add(folder, path)] == [Status.UNCHANGED]
    path.write_text("水费", "utf-8")
    add(folder, path)
    assert units == ["元", "元"]


def test_one_bad_file_spoils_no_other(tmp_path: Path, folder: Path) -> None:
    paths = [
        file(tmp_path, "1.txt", "bad"),
        file(tmp_path, "2.txt", "办公费"),
        file(tmp_path, "3.txt", "bug"),
        tmp_path / "missing.txt",
        Path(os.devnull),
        file(tmp_path, "4.txt", "水费"),
    ]
    reports = add(folder, *paths)
    assert [report.status for report in reports] == [
        Status.FAILED,
        Status.ADDED,
        Status.FAILED,
        Status.FAILED,
        Status.FAILED,
        Status.ADDED,
    ]
    assert reports[0].message == "1.txt：没有找到预算表。处理办法：换一个文件"
    assert "KeyError" in reports[2].message and "secret" not in reports[2].message
    assert str(tmp_path / "missing.txt") in reports[3].message
    assert "处理办法" in reports[4].message
    assert indexed(folder) == ["2.txt", "4.txt"]


def test_a_folder_gives_its_readable_files_in_order(tmp_path: Path, folder: Path) -> None:
    for name in ("b.txt", "sub/a.TXT", ".hidden.txt", "~$b.txt", "photo.jpg", "old.doc"):
        file(tmp_path, name, f"办公费 {name}")
    reports = add(folder, tmp_path / "files", tmp_path / "files" / "b.txt")
    assert [report.document for report in reports] == ["b.txt", "old.doc", "a.TXT"]


def test_a_folder_without_budgets_is_reported(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    (report,) = add(folder, tmp_path / "empty")
    assert report.status is Status.FAILED and ".txt" in report.message


def test_two_files_of_one_name_do_not_replace_each_other_unseen(
    tmp_path: Path, folder: Path
) -> None:
    paths = file(tmp_path, "x/a.txt", "办公费"), file(tmp_path, "y/a.txt", "水费")
    first, second = add(folder, *paths)
    assert (first.status, second.status) == (Status.ADDED, Status.FAILED)
    assert "x/a.txt" in second.message and "改名" in second.message
    assert labels(folder, "a.txt") == ["办公费"]


def test_reports_are_told_as_they_come_and_are_those_returned(tmp_path: Path, folder: Path) -> None:
    told: list[Report] = []
    paths = [file(tmp_path, f"{at}.txt", f"办公费 {at}") for at in range(3)]
    reports = add_paths(paths, folder, embedder=FakeEmbedder(), on_report=told.append)
    assert told == reports and [report.document for report in reports] == [p.name for p in paths]


INTERRUPTED = """
import sys
from index import build, plan
from index.__main__ import app
from tests.hostile_reading import read
from tests.test_vectors import FakeEmbedder

build.read, build.default_embedder = read, FakeEmbedder
plan.reading = lambda: "the same program"
app(["add", *sys.argv[1:]])
"""


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(
    tmp_path: Path, folder: Path
) -> None:
    for at in range(12):
        file(tmp_path, f"{at:02}.txt", f"slow {at}")
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "files"), "--index", str(folder)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline().startswith("00.txt：已收录")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
        rest, told = process.stdout.read(), process.stderr.read()
    assert process.returncode == 130
    assert re.fullmatch(r"已中断：完成 (\d+) 份，还有 (\d+) 份没有处理。.*同样的命令.*\n", told)
    done, left = map(int, re.findall(r"\d+", told))
    assert done + left == 12 and 0 < left < 12
    assert len(indexed(folder)) == done and "共" not in rest
    again = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert again.stdout.count("没有变化") == done and again.stdout.count("已收录") == left
    assert len(indexed(folder)) == 12


def test_equal_texts_are_embedded_once(tmp_path: Path, folder: Path) -> None:
    embedder = FakeEmbedder()
    add(folder, file(tmp_path, "a.txt", "办公费"), embedder=embedder)
    once = len(embedder.embedded)
    add(folder, file(tmp_path, "b.txt", "办公费"), embedder=embedder)
    assert once > 0 and len(embedder.embedded) == once
    assert len(set(embedder.embedded)) == len(embedder.embedded)


def test_progress_is_told_for_files_and_vectors(tmp_path: Path, folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = file(tmp_path, "a.txt", "办公费")
    add_paths([path], folder, lambda *step: told.append(step), FakeEmbedder())
    assert told[0] == ("文件", 0, 1) and told[-1] == ("文件", 1, 1)
    assert any(what == "向量 a.txt" and done == total for what, done, total in told)


def test_after_removal_and_adding_again_everything_is_there(tmp_path: Path, folder: Path) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    add(folder, path)
    remove_documents(["a.txt"], folder)
    assert indexed(folder) == [] and Store(folder).owners([digest("x")]) == []
    (report,) = add(folder, path)
    assert report.status is Status.ADDED
    assert search(folder, "办公费") == {"a.txt"}


def search(folder: Path, words: str) -> set[str]:
    """Documents of the text nearest in meaning."""
    store = Store(folder)
    near = Vectors(folder, "fake-1", store).nearest(FakeEmbedder().embed_query(words), 1)
    return {document for _, document, _ in store.owners([text_hash for text_hash, _ in near])}


def test_a_new_model_embeds_everything_again_and_says_so(tmp_path: Path, folder: Path) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    old, new = FakeEmbedder(), FakeEmbedder("fake-2")
    add(folder, path, embedder=old)
    (report,) = add(folder, path, embedder=new)
    assert report.status is Status.UNCHANGED and "新模型" in report.message
    assert sorted(new.embedded) == sorted(old.embedded)
    assert Vectors(folder, "fake-2").nearest(new.embed_query("办公费"), 1)


def test_without_a_model_the_file_is_kept_and_its_vectors_follow(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_model() -> FakeEmbedder:
        raise BudgetError("这里没有嵌入模型", mend="生成模型")

    monkeypatch.setattr(build, "default_embedder", no_model)
    path = file(tmp_path, "a.txt", "办公费")
    (report,) = add_paths([path], folder)
    assert report.status is Status.ADDED and "没有嵌入模型" in report.message
    (report,) = add(folder, path)
    assert report.status is Status.UNCHANGED
    assert search(folder, "办公费") == {"a.txt"}


def test_a_crash_between_vectors_and_sql_leaves_the_old_index(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    add(folder, path)
    path.write_text("水费 差旅费", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "add", lambda *_, **__: 1 / 0)
        (report,) = add(folder, path)
    assert report.status is Status.FAILED and "ZeroDivisionError" in report.message
    assert labels(folder, "a.txt") == ["办公费"]
    assert search(folder, "一般公共预算支出表:办公费(金额)") == {"a.txt"}
    (report,) = add(folder, path)
    assert report.status is Status.REPLACED and labels(folder, "a.txt") == ["水费", "差旅费"]


KILLED = """
import os, sys
from pathlib import Path
from index import build, store, vectors
from tests.test_build import read
from tests.test_vectors import FakeEmbedder

build.read = read
where = {
    "chroma": (vectors, "_fill"),
    "pointers": (vectors, "_insert_new"),
    "sql": (store.Store, "add"),
    "commit": (store, "_prune"),
}
setattr(*where[sys.argv[1]], lambda *_, **__: os._exit(9))
build.add_paths([Path(sys.argv[2])], Path(sys.argv[3]), embedder=FakeEmbedder())
"""


@pytest.mark.parametrize("where", ["chroma", "pointers", "sql", "commit"])
def test_a_process_killed_in_the_middle_leaves_the_old_index_answering(
    tmp_path: Path, folder: Path, where: str
) -> None:
    add(folder, file(tmp_path, "a.txt", "办公费"))
    path = file(tmp_path, "a.txt", "水费 差旅费")
    command = [sys.executable, "-c", KILLED, where, str(path), str(folder)]
    assert subprocess.run(command, check=False).returncode == 9
    assert labels(folder, "a.txt") == ["办公费"]
    assert search(folder, "一般公共预算支出表:办公费(金额)") == {"a.txt"}
    (report,) = add(folder, path)
    assert report.status is Status.REPLACED
    assert search(folder, "一般公共预算支出表:差旅费(金额)") == {"a.txt"}


def test_a_second_writer_is_turned_away_and_readers_are_not(tmp_path: Path, folder: Path) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    add(folder, path)
    with one_writer(folder):
        with pytest.raises(BudgetError, match=f"PID {os.getpid()}"):
            add(folder, path)
        assert search(folder, "办公费") == {"a.txt"}


def test_the_kept_hash_is_that_of_the_bytes(tmp_path: Path, folder: Path) -> None:
    path = file(tmp_path, "a.txt", "办公费")
    add(folder, path)
    (document,) = Store(folder).documents()
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_folder_is_the_one_named_else_the_variable_else_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BUDGET_INDEX", raising=False)
    assert index_folder() == Path(".budget-index")
    monkeypatch.setenv("BUDGET_INDEX", "/tmp/elsewhere")
    assert index_folder() == Path("/tmp/elsewhere")
    assert index_folder(Path("named")) == Path("named")
