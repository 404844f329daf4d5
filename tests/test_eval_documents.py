"""Which documents a run reads, and that it holds them against what they are known to print."""

from pathlib import Path

import pytest

import eval.__main__ as command
from eval import run as running
from eval.run import find_tasks, read_thresholds
from tests.test_eval import invoke, question_file


@pytest.mark.parametrize(
    ("reads", "adds_up", "code"), [(True, True, 0), (False, True, 1), (True, False, 1)]
)
def test_a_run_of_all_sets_holds_documents_against_their_gold_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reads: bool, adds_up: bool, code: int
) -> None:
    monkeypatch.setattr(running, "STATE", tmp_path)
    monkeypatch.setattr(command, "find_tasks", lambda names: ())
    monkeypatch.setattr(command.gold, "reached", lambda: reads)
    monkeypatch.setattr(command.ties, "reached", lambda: adds_up)
    assert invoke("--quick")[0] == code


def test_a_run_of_one_set_reads_no_other_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(running, "STATE", tmp_path)
    monkeypatch.setattr(command, "_run_all", lambda *about: [])
    monkeypatch.setattr(command.gold, "reached", lambda: pytest.fail("read"))
    assert invoke("--set", question_file(tmp_path, "q-1"))[0] == 0


def test_a_document_that_is_bundled_is_found_by_its_name(tmp_path: Path) -> None:
    path = question_file(tmp_path, "q-1", document="wanli-subdistrict-2024.pdf")
    (task,) = find_tasks([str(path)])
    assert [path.name for path in task.documents] == ["wanli-subdistrict-2024.pdf"]


def test_questions_without_a_document_are_asked_over_the_sample(tmp_path: Path) -> None:
    (task,) = find_tasks([str(question_file(tmp_path, "q-1"))])
    assert task.documents == (running.SAMPLE,)


def test_limits_on_documents_are_no_thresholds_of_questions(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text("[gold]\nmin_found = 99\n[a]\nmax_wrong = 1\n")
    assert set(read_thresholds(path)) == {"a"}
