"""Copies, new versions and look-alikes among the files of an index, told from their content."""

from dataclasses import replace
from pathlib import Path

import pytest

from index import build, files, plan
from index.build import Status, add_paths
from index.store import Store
from tests.test_build import add, file, indexed, labels, read
from tests.test_store import make_budget
from tests.test_vectors import FakeEmbedder


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "read", read)
    monkeypatch.setattr(files, "known_endings", lambda: frozenset((".txt",)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_one_content_under_two_names_is_kept_once(tmp_path: Path, folder: Path) -> None:
    paths = [file(tmp_path, name, "办公费 水费") for name in ("b.txt", "a.txt")]
    reports = add(folder, tmp_path / "files")
    assert [report.status for report in reports] == [Status.ADDED, Status.DUPLICATE]
    assert reports[1].message == "内容与 a.txt 相同，未重复收录"
    assert indexed(folder) == ["a.txt"]
    (again,) = add(folder, paths[0])
    assert again.status is Status.DUPLICATE and indexed(folder) == ["a.txt"]


def test_two_files_that_change_their_names_are_both_replaced(tmp_path: Path, folder: Path) -> None:
    paths = [file(tmp_path, "a.txt", "办公费"), file(tmp_path, "b.txt", "水费")]
    add(folder, *paths)
    for path, words in zip(paths, ("水费", "办公费"), strict=True):
        path.write_text(words, "utf-8")
    assert [report.status for report in add(folder, *paths)] == [Status.REPLACED] * 2
    assert (labels(folder, "a.txt"), labels(folder, "b.txt")) == (["水费"], ["办公费"])


def test_a_document_that_becomes_the_copy_of_another_is_taken_out(
    tmp_path: Path, folder: Path
) -> None:
    first, second = file(tmp_path, "a.txt", "办公费"), file(tmp_path, "b.txt", "水费")
    add(folder, first, second)
    second.write_text("办公费", "utf-8")
    (report,) = add(folder, second)
    assert report.status is Status.DUPLICATE and "b.txt 收录的已取出" in report.message
    assert indexed(folder) == ["a.txt"]


def test_another_file_on_the_same_budget_is_kept_and_told(tmp_path: Path, folder: Path) -> None:
    add(folder, file(tmp_path, "a.txt", "办公费"))
    (report,) = add(folder, file(tmp_path, "a-改.txt", "办公费 水费"))
    assert report.status is Status.ADDED and indexed(folder) == ["a.txt", "a-改.txt"]
    assert "与 a.txt 同一机构" in report.message
    assert "可能是同一预算的新版本" in report.message and "remove a.txt" in report.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"level": "unit"}, True),
        ({"year": 2022}, False),
        ({"account": "final"}, False),
        ({"institution": "某市体育局"}, False),
        ({"institution": ""}, False),
        ({"year": None}, False),
    ],
)
def test_what_counts_as_the_same_budget(
    folder: Path, change: dict[str, object], told: bool
) -> None:
    store = Store(folder)
    store.add(make_budget("a.txt"), b"1")
    store.add(replace(make_budget("b.txt"), **change), b"2")  # type: ignore[arg-type]
    found = plan.alike(store.document("b.txt"), store.documents())
    assert [other.document for other in found] == (["a.txt"] if told else [])


def test_a_department_and_its_own_unit_are_two_budgets(folder: Path) -> None:
    store = Store(folder)
    for name, level in (("a.txt", "department"), ("b.txt", "unit")):
        store.add(replace(make_budget(name), level=level), name.encode())
    assert plan.alike(store.document("b.txt"), store.documents()) == []
    assert [document.level for document in store.documents()] == ["department", "unit"]


def test_where_and_when_it_was_published_is_kept_until_told_anew(
    tmp_path: Path, folder: Path
) -> None:
    path = file(tmp_path, "a.txt", "办公费")

    def told(**words: str) -> tuple[str, str]:
        add_paths([path], folder, embedder=FakeEmbedder(), **words)  # type: ignore[arg-type]
        stored = Store(folder).document("a.txt")
        return stored.source, stored.published

    assert told(source="https://a.gov.cn/1") == ("https://a.gov.cn/1", "")
    assert told(published="2024-02-05") == ("https://a.gov.cn/1", "2024-02-05")
    path.write_text("水费", "utf-8")
    assert told() == ("https://a.gov.cn/1", "2024-02-05")
