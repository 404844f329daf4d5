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
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from eval.dataset import Dialogue, load
from eval.run import BUDGETS, HERE, QUESTIONS
from index.errors import BudgetError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.chain import Assistant
    from index.build import Embeds
    from index.store import Store

DOCUMENT = BUDGETS / "sichuan-bigdata-2023.txt"
ASSISTANT, GREP, SCAN, PLAIN = "assistant", "grep", "scan of facts", "plain retrieval"
ALL = "all"
COLD_GREP = "import re,sys\nprint(sum(bool(re.search(sys.argv[2], l)) for l in open(sys.argv[1])))"
"""A process of Python that only looks for a pattern: what starting costs at least."""

Answers = Callable[[str], object]
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
class Indexing:
    """Seconds of one document's way into an index; `store` is what the other parts leave."""

    load: float
    """Once a process: modules, lexicons and the model. Not part of the total."""
    read: float
    check: float
    embed: float
    store: float
    total: float
    plain: float
    """What plain retrieval needs: splitting the text and embedding it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Everything measured in one run."""

    machine: Mapping[str, object]
    indexing: Indexing
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
    json_file: Annotated[Path | None, typer.Option("--json", help="write the figures there")] = None,
) -> None:
    """Time indexing and asking on the sample budget, with grep, scan and plain retrieval beside."""
    try:
        result = measure(repeat, chosen(every_dialogue(), questions), cold)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    show(result)
    if json_file:
        text = json.dumps(as_record(result), ensure_ascii=False, indent=1)
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


class Timed:
    """An embedder that adds up the seconds it is at work."""

    def __init__(self, embedder: "Embeds") -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.seconds = 0.0

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> "npt.NDArray[np.float32]":
        start = time.perf_counter()
        vectors = self._embedder.embed_passages(texts, on_progress)
        self.seconds += time.perf_counter() - start
        return vectors

    def embed_query(self, text: str) -> "npt.NDArray[np.float32]":
        return self._embedder.embed_query(text)


def open_embedder() -> "Embeds | None":
    """None where there is no model: search then goes by words alone."""
    from index.build import default_embedder

    try:
        embedder = default_embedder()
        embedder.name  # noqa: B018 - reading it tells whether there is a model
    except BudgetError:
        return None
    return embedder


def time_indexing(made: Path, embedder: "Embeds | None", repeat: int) -> tuple[Indexing, Path]:
    """Medians of `repeat` indexings, each into a folder of its own under `made`, and the last."""
    load = seconds_of(lambda: _warm_up(embedder))
    folders = [made / str(at) for at in range(repeat)]
    runs = [_parts(folder, embedder) for folder in folders]
    middle = {name: median(parts[name] for parts in runs) for name in runs[0]}
    return Indexing(load=load, **middle), folders[-1]


def _warm_up(embedder: "Embeds | None") -> None:
    from index.read import read_budget

    read_budget(DOCUMENT.name, DOCUMENT.read_bytes())
    if embedder is not None:
        embedder.embed_passages([DOCUMENT.stem])


def _parts(folder: Path, embedder: "Embeds | None") -> dict[str, float]:
    """Reading checks too, so checking is timed once more by itself and taken off."""
    from index.build import add_paths
    from index.check import check
    from index.read import read_budget, read_source

    content, timed = DOCUMENT.read_bytes(), Timed(embedder) if embedder else None
    budget = read_budget(DOCUMENT.name, content)
    reading = seconds_of(lambda: read_budget(DOCUMENT.name, content))
    checking = seconds_of(lambda: check(budget))
    total = seconds_of(lambda: add_paths([DOCUMENT], folder, embedder=timed))
    embed = timed.seconds if timed else 0.0
    return {
        "read": reading - checking,
        "check": checking,
        "embed": embed,
        "store": max(0.0, total - reading - embed),
        "total": total,
        "plain": embed + seconds_of(lambda: read_source(DOCUMENT.name, content)),
    }


# --------------------------------------------------------------------------------- asking


def time_questions(
    folder: Path, embedder: "Embeds | None", dialogues: Sequence[Dialogue], repeat: int
) -> dict[str, dict[str, Spread]]:
    """Kind → who answers → seconds, each warmed up by one question."""
    from assistant.chain import Assistant

    assistant = Assistant(folder)
    if embedder is not None:
        assistant.retriever.embedder = embedder  # one model in memory, as in a process of its own
    timings = {ASSISTANT: _ask_all(assistant, dialogues, repeat)}
    for name, answer in baselines(assistant.store, embedder).items():
        timings[name] = _answer_all(answer, dialogues, repeat)
    kinds = sorted(timings[ASSISTANT].keys() - {ALL})
    return {
        kind: {name: spread(found[kind]) for name, found in timings.items()}
        for kind in (*kinds, ALL)
    }


def _ask_all(assistant: "Assistant", dialogues: Sequence[Dialogue], repeat: int) -> Timings:
    assistant.ask(dialogues[0].turns[0].text)
    timings: Timings = {ALL: []}
    for dialogue in dialogues * repeat:
        _answer_dialogue(assistant.conversation().ask, dialogue, timings)
    return timings


def _answer_all(answer: Answers, dialogues: Sequence[Dialogue], repeat: int) -> Timings:
    answer(dialogues[0].turns[0].text)
    timings: Timings = {ALL: []}
    for dialogue in dialogues * repeat:
        _answer_dialogue(answer, dialogue, timings)
    return timings


def _answer_dialogue(answer: Answers, dialogue: Dialogue, timings: Timings) -> None:
    for turn in dialogue.turns:
        start = time.perf_counter()
        answer(turn.text)
        seconds = time.perf_counter() - start
        timings.setdefault(turn.kind, []).append(seconds)
        timings[ALL].append(seconds)


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
    return {name: seconds_of(lambda w=words: _start(w)) for name, words in  # type: ignore[misc]
            ((ASSISTANT, ask), (GREP, look))}


def _start(words: Sequence[str]) -> None:
    done = subprocess.run([sys.executable, *words], cwd=HERE.parent, capture_output=True)
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise BudgetError(f"没有跑成：{told}", place=" ".join(words[:3]), mend="单独运行看看")


# --------------------------------------------------------------------------------- showing


def as_record(result: Bench) -> dict[str, Any]:
    """For --json: every figure, in seconds and MiB, with the ratios."""
    record = asdict(result)
    record["ratios"] = {what: times for what, times in ratios(result)}
    return record


def ratios(result: Bench) -> Iterator[tuple[str, dict[str, float | None]]]:
    """What was measured → against what → how many times that; of questions the medians."""
    yield "indexing", {PLAIN: ratio(result.indexing.total, result.indexing.plain)}
    for kind, found in result.questions.items():
        own = found[ASSISTANT].median
        times = {name: ratio(own, s.median) for name, s in found.items() if name != ASSISTANT}
        yield f"questions · {kind}", times
    start, after = result.memory.values()
    yield "memory", {"start": ratio(after, start)}
    if result.cold:
        yield "cold start", {GREP: ratio(result.cold[ASSISTANT], result.cold[GREP])}


def show(result: Bench) -> None:
    console.print("  ".join(f"{name} {value}" for name, value in result.machine.items()))
