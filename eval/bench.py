"""`python -m eval bench`: what indexing and asking cost, beside simple ways of the same run.

Seconds depend on the machine and on what else it does; the ratios much less.
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.dataset import Dialogue, load
from eval.run import BUDGETS, HERE, QUESTIONS
from index.errors import BudgetError

if TYPE_CHECKING:
    from index.build import Embeds
    from index.store import Store

DOCUMENT = BUDGETS / "sichuan-bigdata-2023.txt"
ASSISTANT, GREP, SCAN, PLAIN = "assistant", "grep", "scan", "plain"
"""grep: the line with most of the question's pairs of letters; scan: every fact's label compared
with the question; plain: the best passage by words and embedding."""
ALL = "all"
COLD_GREP = "import re,sys\nprint(sum(bool(re.search(sys.argv[2], l)) for l in open(sys.argv[1])))"
"""A process of Python that only looks for a pattern: what starting costs at least."""

Answers = Callable[[str], object]
Begin = Callable[[], Answers]
"""Begins a conversation."""
Timings = dict[str, list[float]]
"""Kind of question → seconds of each; `ALL` has every one."""

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Seconds of many questions."""

    count: int
    median: float
    late: float
    """95th percentile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Everything measured in one run."""

    machine: Mapping[str, object]
    indexing: Mapping[str, float]
    """Part → seconds; `total` has them all but `load`, which is paid once a process."""
    questions: Mapping[str, Mapping[str, Spread]]
    """Kind → who answers → seconds."""
    memory: Mapping[str, float]
    """Greatest resident MiB so far, at the start and after answering."""
    cold: Mapping[str, float]
    """Who answers → seconds of a process for one question; empty with --no-cold."""


def command(
    repeat: Annotated[int, typer.Option(min=1, help="times everything warm is measured")] = 1,
    questions: Annotated[int, typer.Option(help="dialogues asked; 0: every one")] = 0,
    cold: Annotated[bool, typer.Option(help="time a start of the assistant too")] = True,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write the figures there")
    ] = None,
) -> None:
    """Time indexing and asking on the sample budget, with grep, scan and plain retrieval beside."""
    try:
        result = measure(repeat, chosen(every_dialogue(), questions), cold)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    show(result)
    if json_file:
        record = {**asdict(result), "ratios": ratios(result)}
        text = json.dumps(record, ensure_ascii=False, indent=1)
        json_file.write_text(text + "\n", encoding="utf-8")


def measure(repeat: int, dialogues: Sequence[Dialogue], cold: bool) -> Bench:
    """All measurements, over an index that is built for them."""
    start, embedder = resident(), open_embedder()
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        indexing, folder = time_indexing(Path(made), embedder, repeat)
        questions = time_questions(folder, embedder, dialogues, repeat)
        memory = {"start": start, "after answering": resident()}
        first = dialogues[0].turns[0].text
        return Bench(
            machine=machine(),
            indexing=indexing,
            questions=questions,
            memory=memory,
            cold=time_cold(first, folder) if cold else {},
        )


def every_dialogue() -> tuple[Dialogue, ...]:
    """Of the public sets and of ours."""
    return tuple(d for path in sorted(QUESTIONS.glob("*.jsonl")) for d in load(path))


def chosen(dialogues: Sequence[Dialogue], count: int) -> tuple[Dialogue, ...]:
    """`count` of them, evenly spread; all for 0."""
    if not 0 < count < len(dialogues):
        return tuple(dialogues)
    return tuple(dialogues[at * len(dialogues) // count] for at in range(count))


def machine() -> dict[str, object]:
    """Where the seconds were measured, and how busy it was."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"python": platform.python_version(), "processors": os.cpu_count(), "load": load}


def resident() -> float:
    """The greatest resident memory of this process so far, in MiB."""
    import resource  # Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(value: float, base: float) -> float | None:
    """How many times `base` it is; None against nothing."""
    return value / base if base > 0 else None


def spread(seconds: Sequence[float]) -> Spread:
    if len(seconds) < 2:
        only = seconds[0] if seconds else 0.0
        return Spread(count=len(seconds), median=only, late=only)
    late = quantiles(seconds, n=20, method="inclusive")[-1]
    return Spread(count=len(seconds), median=median(seconds), late=late)


# -------------------------------------------------------------------------------- indexing


def open_embedder() -> "Embeds | None":
    """None where there is no model: search then goes by words alone."""
    from index.build import default_embedder

    try:
        embedder = default_embedder()
        embedder.name  # noqa: B018 - reading it tells whether there is a model
    except BudgetError:
        return None
    return embedder


def time_indexing(
    made: Path, embedder: "Embeds | None", repeat: int
) -> tuple[dict[str, float], Path]:
    """Medians of `repeat` indexings, each into a folder of its own under `made`, and the last."""
    load = seconds_of(lambda: _warm_up(embedder))
    folders = [made / str(at) for at in range(repeat)]
    runs = [_parts(folder, embedder) for folder in folders]
    middle = {name: median(parts[name] for parts in runs) for name in runs[0]}
    return {"load": load, **middle}, folders[-1]


def _warm_up(embedder: "Embeds | None") -> None:
    from index.read import read_budget

    read_budget(DOCUMENT.name, DOCUMENT.read_bytes())
    if embedder is not None:
        embedder.embed_passages([DOCUMENT.stem])


def _parts(folder: Path, embedder: "Embeds | None") -> dict[str, float]:
    """Reading checks too, so that checking is timed by itself and taken off."""
    from index.build import add_paths
    from index.check import check
    from index.read import read_budget, read_source

    content, clock = DOCUMENT.read_bytes(), time.perf_counter
    budget = read_budget(DOCUMENT.name, content)
    told: list[tuple[str, float]] = [("", clock())]
    total = seconds_of(
        lambda: add_paths(
            [DOCUMENT], folder, lambda what, *_: told.append((what, clock())), embedder
        )
    )
    reading, embed = lasted(told, "读取"), lasted(told, "向量")
    checking = min(reading, seconds_of(lambda: check(budget)))
    return {
        "read": reading - checking,
        "check": checking,
        "embed": embed,
        "store": total - reading - embed,
        "total": total,
        PLAIN: embed + seconds_of(lambda: read_source(DOCUMENT.name, content)),
    }


def lasted(told: Sequence[tuple[str, float]], what: str) -> float:
    """From what was told before the last word of `what` to that word, for a step told of by
    several words from the first of them or the word before.

    >>> lasted([("读取 a", 1.0), ("读取 a", 3.0), ("向量 a", 4.0), ("向量 a", 5.0)], "向量")
    2.0
    """
    at = [number for number, (name, _) in enumerate(told) if name.startswith(what)]
    return told[at[-1]][1] - told[at[0] - 1][1] if at else 0.0


# --------------------------------------------------------------------------------- asking


def time_questions(
    folder: Path, embedder: "Embeds | None", dialogues: Sequence[Dialogue], repeat: int
) -> dict[str, dict[str, Spread]]:
    """Kind → who answers → seconds, each warmed up by one question."""
    from assistant.chain import Assistant

    assistant = Assistant(folder)
    if embedder is not None:
        assistant.retriever.embedder = embedder  # one model in memory, as in a process of its own
    ways: dict[str, Begin] = {ASSISTANT: lambda: assistant.conversation().ask}
    for name, answer in baselines(assistant.store, embedder).items():
        ways[name] = partial(_same, answer)
    timings = {name: time_answers(begin, dialogues, repeat) for name, begin in ways.items()}
    kinds = sorted(timings[ASSISTANT].keys() - {ALL})
    return {
        kind: {name: spread(found[kind]) for name, found in timings.items()}
        for kind in (*kinds, ALL)
    }


def _same(answer: Answers) -> Answers:
    """For those that remember nothing, every dialogue is the same conversation."""
    return answer


def time_answers(begin: Begin, dialogues: Sequence[Dialogue], repeat: int) -> Timings:
    """Kind of question → seconds of each, after one that is not counted."""
    begin()(dialogues[0].turns[0].text)
    timings: Timings = {ALL: []}
    for dialogue in [*dialogues] * repeat:
        answer = begin()
        for turn in dialogue.turns:
            seconds = seconds_of(partial(answer, turn.text))
            timings.setdefault(turn.kind, []).append(seconds)
            timings[ALL].append(seconds)
    return timings


def baselines(store: "Store", embedder: "Embeds | None") -> dict[str, Answers]:
    """Name → a simple way to the best place; plain retrieval only where there is a model."""
    from rapidfuzz import fuzz, process

    from assistant.retrieve import PassageRetriever

    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    labels = [fact.label for fact in store.facts()]
    ways: dict[str, Answers] = {
        GREP: lambda question: grep(question, lines),
        SCAN: lambda question: process.extractOne(question, labels, scorer=fuzz.ratio),
    }
    if embedder is not None:
        retriever = PassageRetriever(store=store, embedder=embedder, dense=True)
        ways[PLAIN] = lambda question: retriever.rank(question, 1)
    return ways


def pattern_of(question: str) -> str:
    """Any pair of neighbouring letters of the question, as a regular expression."""
    from eval.baselines import bigrams

    return "|".join(map(re.escape, sorted(bigrams(question)))) or "(?!)"


def grep(question: str, lines: Sequence[str]) -> str:
    """The line with most different pairs of the question's letters."""
    pattern = re.compile(pattern_of(question))
    return max(lines, key=lambda line: len(set(pattern.findall(line))), default="")


def time_cold(question: str, folder: Path) -> dict[str, float]:
    """A process for one question; one that only greps for the same question."""
    ask = ["-m", "assistant", "ask", question, "--index", str(folder)]
    look = ["-X", "utf8", "-c", COLD_GREP, str(DOCUMENT), pattern_of(question)]
    return {ASSISTANT: seconds_of(partial(_start, ask)), GREP: seconds_of(partial(_start, look))}


def _start(words: Sequence[str]) -> None:
    done = subprocess.run([sys.executable, *words], cwd=HERE.parent, capture_output=True)
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise BudgetError(f"没有跑成：{told}", place=" ".join(words[:3]), mend="单独运行看看")


# --------------------------------------------------------------------------------- showing


def ratios(result: Bench) -> dict[str, dict[str, float | None]]:
    """What was measured → against what → how many times that; of questions the medians."""
    start, after = result.memory.values()
    found: dict[str, dict[str, float | None]] = {
        "indexing": {PLAIN: ratio(result.indexing["total"], result.indexing[PLAIN])},
        "memory": {"start": ratio(after, start)},
    }
    if result.cold:
        found["cold start"] = {GREP: ratio(result.cold[ASSISTANT], result.cold[GREP])}
    for kind, ways in result.questions.items():
        own = ways[ASSISTANT].median
        found[kind] = {name: ratio(own, ways[name].median) for name in ways if name != ASSISTANT}
    return found


def show(result: Bench) -> None:
    """The figures as tables; ratios say how many times the baseline's the assistant's is."""
    load = result.machine["load"]
    busy = f", load {load:.1f}" if isinstance(load, float) else ""
    console.print(f"Python {result.machine['python']}, {result.machine['processors']} cores{busy}")
    console.print(_process_table(result))
    console.print(_question_table(result))


def _process_table(result: Bench) -> Table:
    """Indexing with its parts, starting, and memory."""
    table, times, parts = _table("process", "", "ratio"), ratios(result), result.indexing
    table.add_row("indexing", _s(parts["total"]), _times(times["indexing"]))
    for part in ("read", "check", "embed", "store"):
        share = ratio(parts[part], parts["total"]) or 0.0
        table.add_row(f"  {part}", _s(parts[part]), f"{share:.0%} of indexing")
    table.add_row("load modules and model", _s(parts["load"]), "once a process")
    for name, seconds in result.cold.items():
        told = _times(times["cold start"]) if name == ASSISTANT else ""
        table.add_row(f"cold start, {name}", _s(seconds), told)
    for name, size in result.memory.items():
        told = _times(times["memory"]) if name != "start" else ""
        table.add_row(f"memory, {name}", f"{size:.0f} MiB", told)
    return table


def _question_table(result: Bench) -> Table:
    names = [name for name in result.questions[ALL] if name != ASSISTANT]
    table = _table("kind", "questions", "median ms", "95th", *(f"× {name}" for name in names))
    times = ratios(result)
    for kind, found in result.questions.items():
        own, against = found[ASSISTANT], times[kind]
        shown = [_number(against[name]) for name in names]
        table.add_row(kind, str(own.count), _ms(own.median), _ms(own.late), *shown)
    for name in names:
        base = result.questions[ALL][name]
        table.add_row(f"({name})", str(base.count), _ms(base.median), _ms(base.late))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(first, *others, box=None, header_style="bold")
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column.header == first else "right"
    return table


def _times(times: Mapping[str, float | None]) -> str:
    return ", ".join(f"{_number(value)} × {base}" for base, value in times.items())


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
