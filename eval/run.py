"""Runs a system over declared tasks and counts the verdicts: `tasks/*.toml` → outcomes → tallies.

A task is data + documents + scorer + threshold. The system is anything that converses, so that
the assistant, the baselines and the fakes of the tests go the same way.
"""

import hashlib
import json
import math
import random
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Protocol

from assistant.answer import Answer
from eval.dataset import Dialogue, Question, load
from eval.score import Grade, Verdict, grade
from index.errors import BudgetError

HERE = Path(__file__).parent
BUDGETS = HERE / "budgets"
SAMPLE = BUDGETS / "sichuan-bigdata-2023.txt"
"""What questions that name no document are asked over."""
QUESTIONS = HERE / "questions"
STATE = Path(".eval")
"""Private indexes and the verdicts of the last run; not in git."""
OTHER_THRESHOLDS = frozenset({"gold", "relayout", "relayout-unruled"})
"""Entries of thresholds.toml that are about documents, not about questions."""
SEED = 20230131
"""Fixed, so that two quick runs ask the same questions."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
Scorer = Callable[[Question, Answer], Grade]
SCORERS: Mapping[str, Scorer] = {"answers": grade}


class Conversation(Protocol):
    def ask(self, question: str) -> Answer: ...


class System(Protocol):
    """What is evaluated: it begins a conversation for each dialogue."""

    def conversation(self) -> Conversation: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The least that is right and cited and the most that is wrong, by count or in percent."""

    min_right_and_cited: int = 0
    max_wrong: int | None = None
    min_right_and_cited_percent: float = 0
    max_wrong_percent: float = 100

    def least_best(self, total: int) -> int:
        return max(
            self.min_right_and_cited, math.ceil(total * self.min_right_and_cited_percent / 100)
        )

    def most_wrong(self, total: int) -> int:
        share = math.floor(total * self.max_wrong_percent / 100)
        return share if self.max_wrong is None else min(share, self.max_wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    name: str
    data: Path
    documents: tuple[Path, ...]
    """The files that have to be indexed to answer."""
    scorer: Scorer = grade
    threshold: Threshold = Threshold()
    quick: float = 1.0
    """The share of its dialogues that a quick run asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    question: Question
    answer: Answer | None
    """None where the system crashed; the grade's reason then says how."""
    grade: Grade
    seconds: float
    before: tuple[str, ...] = ()
    """The questions asked earlier in the dialogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One system's outcomes on one task, in the order of the file."""

    task: Task
    system: str
    outcomes: tuple[Outcome, ...]

    def shortfalls(self) -> tuple[str, ...]:
        """What falls short of the task's threshold, in words."""
        tally, threshold = Tally.of(self.outcomes), self.task.threshold
        least, most = threshold.least_best(tally.total), threshold.most_wrong(tally.total)
        found = []
        if tally.best < least:
            found.append(f"{self.task.name}: right and cited {tally.best}, at least {least}")
        if tally.wrong > most:
            found.append(f"{self.task.name}: wrong {tally.wrong}, at most {most}")
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Verdicts counted; `best` (right and cited) is part of `right`."""

    total: int
    best: int
    right: int
    noisy: int
    miss: int
    wrong: int

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Tally":
        grades = [outcome.grade for outcome in outcomes]
        counts = {v.value: sum(g.verdict is v for g in grades) for v in Verdict}
        return cls(total=len(grades), best=sum(g.best for g in grades), **counts)

    @property
    def percent(self) -> float:
        return 100 * self.best / self.total if self.total else 0.0


def group(
    outcomes: Iterable[Outcome], key: Callable[[Question], str]
) -> tuple[tuple[str, tuple[Outcome, ...]], ...]:
    """The outcomes of each value of `key`, in alphabetical order of the values."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome.question), []).append(outcome)
    return tuple((name, tuple(groups[name])) for name in sorted(groups))


def latency(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Median and 95th percentile of the seconds, without the first question, which also pays
    for loading."""
    seconds = [outcome.seconds for outcome in outcomes[1:]]
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (0.0, 0.0)
    return median(seconds), quantiles(seconds, n=20, method="inclusive")[-1]


def run(
    task: Task,
    name: str,
    system: System,
    dialogues: Sequence[Dialogue],
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> Result:
    """`system`'s outcomes on `dialogues` of `task`, each dialogue one conversation."""
    outcomes: list[Outcome] = []
    for dialogue in dialogues:
        conversation = system.conversation()
        before: tuple[str, ...] = ()
        for turn in dialogue.turns:
            outcomes.append(_ask(task.scorer, conversation, turn, before))
            on_outcome(outcomes[-1])
            before = (*before, turn.text)
    return Result(task=task, system=name, outcomes=tuple(outcomes))


def _ask(
    scorer: Scorer, conversation: Conversation, question: Question, before: tuple[str, ...]
) -> Outcome:
    start = time.perf_counter()
    answer: Answer | None = None
    try:
        answer = conversation.ask(question.text)
        verdict = scorer(question, answer)
    except Exception as error:
        # A crash is a verdict on one question, not the end of the run.
        reason = f"crash: {type(error).__name__}: {error}"
        verdict = Grade(verdict=Verdict.WRONG, cited=False, reason=reason)
    seconds = time.perf_counter() - start
    return Outcome(question=question, answer=answer, grade=verdict, seconds=seconds, before=before)


def sample(dialogues: Sequence[Dialogue], share: float) -> tuple[Dialogue, ...]:
    """A seeded choice of `dialogues`, in their order."""
    count = math.ceil(len(dialogues) * share)
    chosen = sorted(random.Random(SEED).sample(range(len(dialogues)), count))
    return tuple(dialogues[at] for at in chosen)


def declared_tasks(folder: Path = HERE) -> tuple[Task, ...]:
    """The tasks of `tasks/*.toml`: public sets first, then by name.

    Raises BudgetError for an unknown or absent key, scorer, file or threshold.
    """
    thresholds = read_thresholds(folder / "thresholds.toml")
    tasks = [_task(path, thresholds) for path in sorted((folder / "tasks").glob("*.toml"))]
    return tuple(sorted(tasks, key=lambda task: (not task.name.startswith("visible"), task.name)))


def read_thresholds(path: Path) -> Mapping[str, Threshold]:
    read = {}
    for name, record in _toml(path).items():
        if name in OTHER_THRESHOLDS:
            continue
        fields = record if isinstance(record, dict) else {name: record}
        _check(path, fields, set(Threshold.__dataclass_fields__), needed=set())
        read[name] = Threshold(**fields)
    return read


def _task(path: Path, thresholds: Mapping[str, Threshold]) -> Task:
    record = _toml(path)
    keys = {"data", "documents", "scorer", "threshold", "quick"}
    _check(path, record, keys, needed=keys)
    for key, known in (("scorer", SCORERS), ("threshold", thresholds)):
        if record[key] not in known:
            mend = f"只能是 {'、'.join(known)}"
            raise BudgetError(f"{key} 不认识：{record[key]}", place=path.name, mend=mend)
    return Task(
        name=path.stem,
        data=QUESTIONS / record["data"],
        documents=tuple(BUDGETS / name for name in record["documents"]),
        scorer=SCORERS[record["scorer"]],
        threshold=thresholds[record["threshold"]],
        quick=record["quick"],
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BudgetError(f"不是 TOML：{error}", place=path.name, mend="改正") from error


def _check(path: Path, record: Mapping[str, object], known: set[str], needed: set[str]) -> None:
    wrong = sorted((record.keys() - known) | (needed - record.keys()))
    if wrong:
        mend = f"要有的键：{'、'.join(sorted(known))}"
        raise BudgetError(f"键不认识或缺少：{'、'.join(wrong)}", place=path.name, mend=mend)


def find_tasks(names: Sequence[str]) -> tuple[Task, ...]:
    """The declared tasks, or those of the given names; a path to a question file is a task too.

    Raises BudgetError for a name that is neither.
    """
    declared = declared_tasks()
    if not names:
        return declared
    by_name = {task.name: task for task in declared}
    return tuple(by_name.get(name) or _task_of_file(Path(name), by_name) for name in names)


def _task_of_file(path: Path, declared: Mapping[str, Task]) -> Task:
    if not path.is_file():
        mend = f"写题目文件的路径，或 {'、'.join(declared)}"
        raise BudgetError("没有这个题集", place=str(path), mend=mend)
    named = sorted({dialogue.document for dialogue in load(path)} - {""})
    beside = tuple(path.parent / name for name in named if (path.parent / name).is_file())
    bundled = tuple(sorted(p for p in BUDGETS.rglob("*") if p.name in named))
    return Task(name=path.stem, data=path, documents=beside or bundled or (SAMPLE,))


def private_index(documents: Sequence[Path], on_progress: Progress | None = None) -> Path:
    """An index of `documents`, read again when they or the code that reads them have changed.

    Raises BudgetError for a document that cannot be read.
    """
    # The reader is only needed where no index is given, and costs seconds to load.
    from index.build import Status, add_paths, reading
    from index.schema import fingerprint

    folder = STATE / f"index-{_digest(fingerprint(), *map(str, documents))}"
    state = _digest(reading(), *(path.read_bytes().hex() for path in documents))
    read = folder / "read.txt"
    if read.exists() and read.read_text() == state:
        return folder
    for report in add_paths(documents, folder, on_progress):
        if report.status is Status.FAILED:
            raise BudgetError(report.message)
    read.write_text(state)
    return folder


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def changes(results: Iterable[Result], path: Path | None = None) -> tuple[str, ...]:
    """Which verdicts differ from the last run's; then remembers these.

    A run of some sets leaves what is remembered of the others.
    """
    path = path or STATE / "last.json"
    last = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    now = {
        f"{result.task.name}/{outcome.question.id}": str(outcome.grade)
        for result in results
        for outcome in result.outcomes
    }
    path.parent.mkdir(exist_ok=True)
    merged = dict(sorted({**last, **now}.items()))
    path.write_text(json.dumps(merged, ensure_ascii=False, indent=1), encoding="utf-8")
    return tuple(
        f"{name}: {last[name]} → {verdict}"
        for name, verdict in now.items()
        if last.get(name, verdict) != verdict
    )
