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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, product
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
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured; of several times the median."""

    what: str
    value: float
    unit: str = "s"
    late: float | None = None
    """95th percentile."""
    count: int = 1
    times: Mapping[str, float | None] = field(default_factory=dict)
    """Baseline → how many times the baseline's figure this one is."""


def command(
    repeat: Annotated[int, typer.Option(min=1, help="times everything warm is measured")] = 1,
    questions: Annotated[int, typer.Option(help="dialogues asked; 0: every one")] = 0,
    cold: Annotated[bool, typer.Option(help="time a start of the assistant too")] = True,
    kept: Annotated[Path | None, typer.Option("--json", help="write the figures there")] = None,
) -> None:
    """Time indexing and asking on the sample budget, with grep, scan and plain retrieval beside."""
    try:
        dialogues = [d for path in sorted(QUESTIONS.glob("*.jsonl")) for d in load(path)]
        rows = list(measure(repeat, chosen(dialogues, questions), cold))
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    console.print("  ".join(f"{name} {value}" for name, value in machine().items()))
    console.print(table_of(rows))
    if kept:
        record = {"machine": machine(), "rows": list(map(asdict, rows))}
        kept.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measure(repeat: int, dialogues: Sequence[Dialogue], cold: bool) -> Iterator[Row]:
    """All measurements, over an index that is built for them."""
    start, embedder = resident(), open_embedder()
    with TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folders = [Path(made) / str(at) for at in range(repeat)]
        yield from time_indexing(folders, embedder)
        yield from time_questions(folders[-1], embedder, dialogues, repeat)
        end = resident()
        yield Row(what="memory", value=end, unit="MiB", times={"start": ratio(end, start)})
        if cold:
            yield time_cold(dialogues[0].turns[0].text, folders[-1])


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


def seconds_of(work: Callable[..., object], *given: object) -> float:
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


def ratio(value: float, base: float) -> float | None:
    """How many times `base` it is; None against nothing."""
    return value / base if base > 0 else None


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (0.0, 0.0)
    return median(seconds), quantiles(seconds, n=20, method="inclusive")[-1]


def open_embedder() -> "Embeds | None":
    """None where there is no model: search then goes by words alone."""
    from index.build import default_embedder
    from index.embed import model_folder

    return default_embedder() if (model_folder() / "modules.json").is_file() else None


def time_indexing(folders: Sequence[Path], embedder: "Embeds | None") -> Iterator[Row]:
    """An indexing into each folder: the medians of the whole and of its parts."""
    yield Row(what="load modules and model", value=seconds_of(_warm_up, embedder))
    runs = [_parts(folder, embedder) for folder in folders]
    middle = {name: median(parts[name] for parts in runs) for name in runs[0]}
    plain = middle.pop(PLAIN)
    for name, seconds in middle.items():
        times = {PLAIN: ratio(seconds, plain)} if name == "indexing" else {}
        yield Row(what=name, value=seconds, count=len(runs), times=times)


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
    told: list[tuple[str, float]] = []
    total = seconds_of(
        add_paths, [DOCUMENT], folder, lambda what, *_: told.append((what, clock())), embedder
    )
    reading, embed = lasted(told, "读取"), lasted(told, "向量")
    checking = min(reading, seconds_of(check, budget))
    return {
        "indexing": total,
        "  read": reading - checking,
        "  check": checking,
        "  embed": embed,
        "  store": total - reading - embed,
        PLAIN: embed + seconds_of(read_source, DOCUMENT.name, content),
    }


def lasted(told: Sequence[tuple[str, float]], what: str) -> float:
    """From the word before the first about `what` to the last about it.

    >>> lasted([("读取 a", 1.0), ("读取 a", 3.0), ("向量 a", 4.0), ("向量 a", 5.0)], "向量")
    2.0
    """
    at = [number for number, (name, _) in enumerate(told) if name.startswith(what)]
    return told[at[-1]][1] - told[max(0, at[0] - 1)][1] if at else 0.0


def time_questions(
    folder: Path, embedder: "Embeds | None", dialogues: Sequence[Dialogue], repeat: int
) -> Iterator[Row]:
    """The assistant by kind of question, with ratios of the medians; then the baselines."""
    from assistant.chain import Assistant

    assistant = Assistant(folder)
    if embedder is not None:
        assistant.retriever.embedder = embedder  # one model in memory, as in a process of its own
    ways: dict[str, Callable[[], Answers]] = {ASSISTANT: lambda: assistant.conversation().ask}
    for name, answer in baselines(assistant.store, embedder).items():
        ways[name] = cycle([answer]).__next__
    timings = time_answers(ways, dialogues, repeat)
    for kind in (*sorted(timings[ASSISTANT].keys() - {ALL}), ALL):
        own, late = spread(timings[ASSISTANT][kind])
        times = {name: ratio(own, spread(timings[name][kind])[0]) for name in [*ways][1:]}
        asked = len(timings[ASSISTANT][kind])
        yield Row(what=f"ask: {kind}", value=own, late=late, count=asked, times=times)
    for name in [*ways][1:]:
        own, late = spread(timings[name][ALL])
        yield Row(what=f"baseline: {name}", value=own, late=late, count=len(timings[name][ALL]))


def time_answers(
    ways: Mapping[str, Callable[[], Answers]], dialogues: Sequence[Dialogue], repeat: int
) -> dict[str, dict[str, list[float]]]:
    """Who answers → kind, or `ALL` → seconds; turn by turn, so that a busy moment meets all."""
    timings: dict[str, dict[str, list[float]]] = {name: {} for name in ways}
    for begin in ways.values():
        begin()(dialogues[0].turns[0].text)
    for dialogue in [*dialogues] * repeat:
        answers = {name: begin() for name, begin in ways.items()}
        for turn, name in product(dialogue.turns, ways):
            seconds = seconds_of(answers[name], turn.text)
            for kind in (turn.kind, ALL):
                timings[name].setdefault(kind, []).append(seconds)
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


def time_cold(question: str, folder: Path) -> Row:
    """A process for one question, beside one that only greps for the same question."""
    own = seconds_of(_start, "-m", "assistant", "ask", question, "--index", str(folder))
    look = "-X", "utf8", "-c", COLD_GREP, str(DOCUMENT), pattern_of(question)
    return Row(what="cold start", value=own, times={GREP: ratio(own, seconds_of(_start, *look))})


def _start(*words: str) -> None:
    done = subprocess.run([sys.executable, *words], cwd=HERE.parent, capture_output=True)
    if done.returncode:
        raise BudgetError("没有跑成", place=" ".join(words[:3]), mend="单独运行，看它说什么")


def table_of(rows: Sequence[Row]) -> Table:
    """A row each; behind × how many times the baseline's figure it is."""
    names = (GREP, SCAN, PLAIN, "start")
    heads = ("", "median", "95th", "n", *(f"×{name}" for name in names))
    table = Table(*heads, box=None, padding=(0, 1, 0, 0), header_style="bold")
    for column in table.columns:
        column.no_wrap, column.justify = True, "right" if column.header else "left"
    for row in rows:
        shown = (_number(row.times[name]) if name in row.times else "" for name in names)
        values = _value(row, row.value), _value(row, row.late), str(row.count)
        table.add_row(row.what, *values, *shown)
    return table


def _value(row: Row, value: float | None) -> str:
    """Of questions in thousandths of a second."""
    if value is None:
        return ""
    if row.unit != "s":
        return f"{value:,.0f} {row.unit}"
    return f"{value:.2f} s" if row.late is None else f"{value * 1000:.1f} ms"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}" if value < 10 else f"{value:,.0f}"
