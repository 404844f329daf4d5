"""Tasks, runs, thresholds, comparisons and the command line, with systems made for the test."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from assistant.answer import Answer, Citation, Figure
from assistant.answer import Status as AnswerStatus
from eval import run as running
from eval.dataset import AnswerType, Dialogue, Key, Question
from eval.run import (
    Outcome,
    Result,
    Tally,
    Task,
    Threshold,
    changes,
    declared_tasks,
    find_tasks,
    group,
    latency,
    private_index,
    read_thresholds,
    run,
    sample,
)
from eval.score import Grade, Verdict
from index.build import Report, Status
from index.errors import BudgetError

VALUE = {"value": 56, "unit": "万元", "op": "", "what": "教育支出"}


def record(name: str, **changes: Any) -> dict[str, object]:
    kind = {"type": "number", "values": [VALUE], "must_contain": [], "must_not": []}
    return {
        "id": name,
        "lang": "zh",
        "kind": "lookup",
        "question": f"{name} 多少？",
        "answer": kind,
        "evidence": [{"line": 107, "quote": "56.00"}],
        "note": "",
        **changes,
    }


def question_file(folder: Path, *names: str, **changes: Any) -> Path:
    path = folder / "mine.jsonl"
    lines = (json.dumps(record(name, **changes), ensure_ascii=False) for name in names)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def reply(question: str, value: str = "56.00") -> Answer:
    place: dict[str, Any] = {
        "document": "a.txt",
        "section": "",
        "table": "",
        "row": "",
        "column": "",
    }
    source = Citation(**place, line=107, line_end=107, quote="56.00")
    given = Figure(value=value, printed=value, unit="万元", label="教育支出", citations=(0,))
    return Answer(
        question=question,
        language="zh",
        status=AnswerStatus.ANSWERED,
        text=f"教育支出 {value} 万元",
        figures=(given,),
        citations=(source,),
    )


class Talker:
    """Answers by a function of the questions asked so far in the conversation."""

    def __init__(self, answer: Callable[[list[str]], Answer]) -> None:
        self.answer = answer

    def conversation(self) -> "Talk":
        return Talk(self.answer)


class Talk:
    def __init__(self, answer: Callable[[list[str]], Answer]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        return self.answer(self.asked)


def turn(name: str, **changes: Any) -> Question:
    fields: dict[str, Any] = {
        "language": "zh",
        "kind": "lookup",
        "text": name,
        "key": Key(type=AnswerType.TEXT),
        **changes,
    }
    return Question(id=name, **fields)


def outcome(verdict: str, cited: bool = True, seconds: float = 0.1, **more: Any) -> Outcome:
    given = Grade(verdict=Verdict(verdict), cited=cited, reason="<b>why</b>")
    fields: dict[str, Any] = {"question": turn("q"), "answer": reply("q"), **more}
    return Outcome(grade=given, seconds=seconds, **fields)


TASK = Task(name="mine", data=Path("mine.jsonl"), documents=())


def result(*outcomes: Outcome, task: Task = TASK, system: str = "assistant") -> Result:
    return Result(task=task, system=system, outcomes=outcomes)


def test_the_declared_tasks_name_files_that_are_there_and_public_ones_come_first() -> None:
    tasks = declared_tasks()
    assert [task.name for task in tasks][:3] == [
        "visible-dialogues",
        "visible-figures",
        "visible-text",
    ]
    for task in tasks:
        assert task.data.is_file()
        assert all(path.is_file() for path in task.documents)
        assert task.threshold != Threshold()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('colour = "red"', "colour"),
        ('scorer = "guess"', "guess"),
        ('threshold = "none"', "none"),
        ("data", "TOML"),
    ],
)
def test_a_task_with_an_unknown_word_is_an_error(tmp_path: Path, line: str, told: str) -> None:
    fields: dict[str, Any] = {
        "data": 'data = "a.jsonl"',
        "documents": "documents = []",
        "scorer": 'scorer = "answers"',
        "threshold": 'threshold = "a"',
        "quick": "quick = 1.0",
    }
    fields[line.split(" ")[0]] = line
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "a.toml").write_text("\n".join(fields.values()))
    (tmp_path / "thresholds.toml").write_text("[a]\nmax_wrong = 1\n")
    with pytest.raises(BudgetError, match=told):
        declared_tasks(tmp_path)


def test_an_unknown_threshold_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text("[a]\nmin_wrong = 1\n")
    with pytest.raises(BudgetError, match="min_wrong"):
        read_thresholds(path)


def test_a_path_is_a_task_over_the_documents_beside_it(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("预算")
    path = question_file(tmp_path, "q-1", document="b.txt")
    (task,) = find_tasks([str(path)])
    assert (task.name, task.documents) == ("mine", (tmp_path / "b.txt",))


def test_a_name_that_is_neither_set_nor_file_is_an_error() -> None:
    with pytest.raises(BudgetError, match="visible-text"):
        find_tasks(["visible-txt"])


def test_turns_of_a_dialogue_share_a_conversation_and_dialogues_do_not() -> None:
    dialogues = (
        Dialogue(id="d", turns=(turn("first"), turn("second"))),
        Dialogue(id="e", turns=(turn("third"),)),
    )
    heard: list[list[str]] = []

    def listen(asked: list[str]) -> Answer:
        heard.append(list(asked))
        return reply(asked[-1])

    outcomes = run(TASK, "assistant", Talker(listen), dialogues).outcomes
    assert heard == [["first"], ["first", "second"], ["third"]]
    assert [o.before for o in outcomes] == [(), ("first",), ()]


def test_a_crash_is_a_wrong_answer_to_one_question() -> None:
    def crash(asked: list[str]) -> Answer:
        raise KeyError("表九")

    (only,) = run(TASK, "a", Talker(crash), (Dialogue(id="d", turns=(turn("x"),)),)).outcomes
    assert only.grade.verdict is Verdict.WRONG
    assert "KeyError" in only.grade.reason
    assert only.answer is None


def test_verdicts_are_counted_in_all_and_by_kind() -> None:
    outcomes = (
        outcome("right"),
        outcome("right", cited=False),
        outcome("miss", question=turn("m", kind="yoy")),
        outcome("wrong"),
    )
    tally = Tally.of(outcomes)
    assert tally == Tally(total=4, best=1, right=2, noisy=0, miss=1, wrong=1)
    assert tally.percent == 25.0
    assert [name for name, _ in group(outcomes, lambda q: q.kind)] == ["lookup", "yoy"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [((), (0.0, 0.0)), ((9.0,), (0.0, 0.0)), ((9.0, 1.0), (1.0, 1.0)), ((9.0, 1, 2, 3), (2, 2.9))],
)
def test_latency_leaves_the_first_question_out(
    seconds: tuple[float, ...], expected: tuple[float, float]
) -> None:
    found = latency([outcome("right", seconds=each) for each in seconds])
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("threshold", "short"),
    [
        (Threshold(min_right_and_cited=1, max_wrong=1), 0),
        (Threshold(min_right_and_cited=2, max_wrong=0), 2),
        (Threshold(min_right_and_cited_percent=50, max_wrong_percent=50), 0),
        (Threshold(min_right_and_cited_percent=51, max_wrong_percent=49), 2),
    ],
)
def test_a_result_below_its_threshold_says_so(threshold: Threshold, short: int) -> None:
    judged = result(outcome("right"), outcome("wrong"), task=replace(TASK, threshold=threshold))
    assert len(judged.shortfalls()) == short


def test_a_sample_is_the_same_each_time_and_in_order() -> None:
    dialogues = tuple(Dialogue(id=f"{at:02}", turns=()) for at in range(20))
    chosen = sample(dialogues, 0.34)
    assert chosen == sample(dialogues, 0.34)
    assert [d.id for d in chosen] == sorted(d.id for d in chosen)
    assert len(chosen) == 7
    assert sample(dialogues, 1.0) == dialogues


def test_only_changed_verdicts_are_told_and_other_sets_are_kept(tmp_path: Path) -> None:
    memory = tmp_path / "state" / "last.json"
    other = result(outcome("right"), task=replace(TASK, name="other"))
    assert changes([result(outcome("miss")), other], memory) == ()
    assert changes([result(outcome("right", cited=False))], memory) == (
        "mine/q: miss → right, uncited",
    )
    assert changes([other], memory) == ()


class Reports:
    """Stands for `index.build.add_paths`: notes what it was given."""

    def __init__(self) -> None:
        self.calls: list[Sequence[Path]] = []
        self.status = Status.ADDED

    def __call__(self, paths: Sequence[Path], folder: Path, progress: object) -> list[Report]:
        self.calls.append(paths)
        folder.mkdir(parents=True, exist_ok=True)
        return [Report(document=path.name, status=self.status, message="坏了") for path in paths]


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Reports:
    stand_in = Reports()
    monkeypatch.setattr("index.build.add_paths", stand_in)
    monkeypatch.setattr(running, "STATE", tmp_path / "state")
    return stand_in


def test_documents_are_read_again_only_when_they_change(reports: Reports, tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("预算")
    folder = private_index([document])
    assert private_index([document]) == folder
    assert len(reports.calls) == 1
    document.write_text("决算")
    assert private_index([document]) == folder
    assert len(reports.calls) == 2


def test_a_document_that_cannot_be_read_ends_the_run(reports: Reports, tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("预算")
    reports.status = Status.FAILED
    for _ in range(2):
        with pytest.raises(BudgetError, match="坏了"):
            private_index([document])


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts a system that always gives one value in the assistant's place."""

    def install(value: str) -> None:
        talker = Talker(lambda asked: reply(asked[-1], value))
        monkeypatch.setattr(command.Systems, "of", lambda self, task: {"assistant": talker})

    monkeypatch.setattr(running, "STATE", tmp_path / "state")
    return install


def invoke(*words: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(command.app, list(map(str, words)), env={"COLUMNS": "200"})
    return outcome.exit_code, outcome.output


def test_the_command_prints_a_table_and_what_changed(
    assistant: Callable[[str], None], tmp_path: Path
) -> None:
    path = question_file(tmp_path, "q-1", "q-2")
    assistant("50.00")
    code, printed = invoke("--set", path)
    assert code == 0, printed
    assert "q-1  wrong  wants 56万元; given 50.00万元" in printed
    assistant("56.00")
    code, printed = invoke("--set", path)
    assert "mine/q-2: wrong → right" in printed
    assert "100.0" in printed


def test_the_command_exits_with_one_below_the_thresholds(
    assistant: Callable[[str], None],
) -> None:
    assistant("1.00")
    code, printed = invoke("--set", "visible-figures", "--no-baselines")
    assert code == 1
    assert "BELOW THRESHOLD visible-figures" in printed


def test_failures_are_shown_in_full(assistant: Callable[[str], None], tmp_path: Path) -> None:
    assistant("50.00")
    _, printed = invoke("--set", question_file(tmp_path, "q-1"), "--failures")
    for shown in ("asked  q-1 多少？", "wants  number; 56万元", "figure 50.00万元", "line 107"):
        assert shown in printed


def test_only_shows_the_named_questions(assistant: Callable[[str], None], tmp_path: Path) -> None:
    assistant("56.00")
    _, printed = invoke("--set", question_file(tmp_path, "q-1", "p-1"), "--only", "p-")
    assert "p-1" in printed
    assert "q-1" not in printed


def test_a_quick_run_asks_a_sample_of_our_own_sets(assistant: Callable[[str], None]) -> None:
    assistant("1.00")
    _, whole = invoke("--set", "own-text", "--no-baselines")
    _, quick = invoke("--set", "own-text", "--quick")
    assert whole.count("wrong  ") > 2 * quick.count("wrong  ") > 0


def test_the_command_writes_a_report(assistant: Callable[[str], None], tmp_path: Path) -> None:
    assistant("56.00")
    page = tmp_path / "out.html"
    invoke("--set", question_file(tmp_path, "q-1"), "--report", page)
    assert "mine" in page.read_text(encoding="utf-8")


def test_an_unknown_set_exits_with_two_and_says_why(assistant: Callable[[str], None]) -> None:
    code, printed = invoke("--set", "nothing")
    assert code == 2
    assert "nothing" in printed
