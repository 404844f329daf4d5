"""The guard against fitting: the sample budget under other names and with other figures.

budget → names and amounts drawn by a seed → renamed text → read again and compared → the same
questions, rewritten → both scored. What an assistant has learned about one budget instead of
about budgets is lost under other names.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.dataset import load
from eval.rename_amounts import Amounts, draw_amounts
from eval.rename_names import Names, draw_names, read_own, remaining
from eval.rename_questions import Record, Rewriter, Unsure
from eval.rename_text import rewrite
from eval.rename_ties import Figure, Tie, find_ties
from eval.run import BUDGETS, STATE, Outcome, Tally, Task, declared_tasks, private_index, run
from index.errors import BudgetError
from index.fact import Budget

SEED = 1
MOST_FALL = 2.0
"""Points by which right-and-cited may fall, and wrong may rise, under other names."""
ENGINE = "assistant"
DOCUMENT = BUDGETS / "sichuan-bigdata-2023.txt"

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A budget in disguise, and what disguised it."""

    text: str
    budget: Budget
    """As it was before."""
    names: Names
    amounts: Amounts
    ties: tuple[Tie, ...]


def renamed(document: Path, seed: int) -> Renamed:
    """The same seed gives the same text.

    Raises BudgetError if the document cannot be read or nobody wrote down its own words.
    """
    from index.read import read_budget

    content = document.read_bytes()
    budget = read_budget(document.name, content)
    own = read_own(document)
    rng = random.Random(seed)
    names = draw_names(own, rng)
    ties = find_ties(budget.facts, own.ties.values())
    amounts = draw_amounts(budget.facts, ties, rng)
    text = rewrite(content.decode("utf-8"), budget, names, amounts)
    return Renamed(text=text, budget=budget, names=names, amounts=amounts, ties=ties)


def faults(renamed: Renamed) -> Iterator[str]:
    """What is amiss with a renamed text once it is read again; nothing, if all is well."""
    from index.read import read_budget

    before, after = renamed.budget, read_budget("renamed.txt", renamed.text.encode())
    news = {fact.id: fact for fact in after.facts}
    if lost := sorted({fact.id for fact in before.facts} ^ news.keys()):
        yield f"facts lost or gained: {', '.join(lost[:5])}"
    for fact in before.facts:
        new = news.get(fact.id)
        expected = renamed.amounts.of(fact)
        if new is None or expected is None:
            continue
        if new.value is None or abs(new.value) != expected:
            yield f"{fact.id}: {new.printed} instead of {expected}"
    found = set(find_ties(after.facts))
    for tie in find_ties(before.facts):
        if _moved(tie, renamed.amounts) not in found:
            yield f"a sum is lost: {tie.total.value}"
    yield from (f"still there: {word}" for word in remaining(renamed.text, renamed.names.own))


def _moved(tie: Tie, amounts: Amounts) -> Tie:
    def move(figure: Figure) -> Figure:
        return Figure(figure.measure, amounts.new[figure])

    return Tie(move(tie.total), tuple(sorted(map(move, tie.parts))))


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A set of questions as they are and rewritten; those that are asked of both."""

    plain: Task
    renamed: Task
    dropped: Mapping[str, str]
    """Question → why it is asked of neither."""


def pairs(disguise: Renamed, document: Path, folder: Path) -> tuple[Pair, ...]:
    """Writes the renamed budget and its questions into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "renamed.txt"
    path.write_text(disguise.text, encoding="utf-8")
    rewriter = Rewriter(disguise.names, disguise.amounts, disguise.budget.facts)
    tasks = [task for task in declared_tasks() if task.documents == (document,)]
    return tuple(_pair(task, path, rewriter, folder) for task in tasks)


def _pair(task: Task, document: Path, rewriter: Rewriter, folder: Path) -> Pair:
    plain, new, dropped = _rewritten(_records(task.data), rewriter)
    return Pair(
        plain=_task(task.name, folder / f"{task.name}-plain.jsonl", plain, task.documents[0]),
        renamed=_task(task.name, folder / f"{task.name}-renamed.jsonl", new, document),
        dropped=dropped,
    )


def _records(path: Path) -> list[Record]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]


def _rewritten(
    records: Sequence[Record], rewriter: Rewriter
) -> tuple[list[Record], list[Record], dict[str, str]]:
    plain, new, dropped = [], [], {}
    for record in records:
        try:
            new.append(rewriter.record(record))
            plain.append(record)
        except Unsure as reason:
            dropped[record["id"]] = str(reason)
    return plain, new, dropped


def _task(name: str, path: Path, records: Sequence[Record], document: Path) -> Task:
    lines = (json.dumps(record, ensure_ascii=False, default=float) for record in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Task(name=name, data=path, documents=(document,))


def answer(task: Task) -> tuple[Outcome, ...]:
    """The assistant's outcomes on a task, over an index of its document."""
    # The assistant loads vocabulary and vectors, which --help need not wait for.
    from assistant.chain import Assistant

    system = Assistant(private_index(task.documents))
    return run(task, ENGINE, system, load(task.data)).outcomes


@dataclass(frozen=True, kw_only=True)
class Fall:
    """How the same questions went before and after renaming."""

    plain: tuple[Outcome, ...]
    renamed: tuple[Outcome, ...]
    dropped: Mapping[str, str]

    @property
    def right(self) -> float:
        """Points of right-and-cited lost."""
        return Tally.of(self.plain).percent - Tally.of(self.renamed).percent

    @property
    def wrong(self) -> float:
        """Points of wrong gained."""
        return _wrong(self.renamed) - _wrong(self.plain)

    def changed(self) -> Iterator[tuple[Outcome, Outcome]]:
        """Questions whose verdict became another one."""
        for before, after in zip(self.plain, self.renamed, strict=True):
            if str(before.grade) != str(after.grade):
                yield before, after


def _wrong(outcomes: Sequence[Outcome]) -> float:
    tally = Tally.of(outcomes)
    return 100 * tally.wrong / tally.total if tally.total else 0.0


def fall_of(document: Path, seed: int) -> Fall:
    """Renames, checks, asks both.

    Raises BudgetError if the renamed budget is not read as the original is.
    """
    disguise = renamed(document, seed)
    if amiss := list(faults(disguise)):
        mend = f"核对 eval/lexicons/{document.stem}.toml，或换一个 --seed"
        raise BudgetError("改名后读出来不一样：" + "；".join(amiss[:5]), mend=mend)
    sets = pairs(disguise, document, STATE / f"renamed-{document.stem}-{seed}")
    return Fall(
        plain=tuple(outcome for one in sets for outcome in answer(one.plain)),
        renamed=tuple(outcome for one in sets for outcome in answer(one.renamed)),
        dropped={name: why for one in sets for name, why in one.dropped.items()},
    )


def command(
    seed: Annotated[int, typer.Option(help="draws other names and figures")] = SEED,
    document: Annotated[Path, typer.Option(help="the budget to rename")] = DOCUMENT,
    show: Annotated[bool, typer.Option(help="each question whose verdict changed")] = True,
) -> None:
    """Rename the sample budget, ask its questions again: exit 1 if the answers get worse."""
    try:
        fall = fall_of(document, seed)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    raise typer.Exit(0 if report(fall, show=show) else 1)


def report(fall: Fall, *, show: bool) -> bool:
    """Prints both scores; whether the fall is within bounds."""
    table = Table("names", "questions", "right+cited", "noisy", "miss", "wrong", "%", "wrong %")
    for name, outcomes in (("original", fall.plain), ("renamed", fall.renamed)):
        tally = Tally.of(outcomes)
        counts = (tally.total, tally.best, tally.noisy, tally.miss, tally.wrong)
        shares = f"{tally.percent:.1f}", f"{_wrong(outcomes):.1f}"
        table.add_row(name, *map(str, counts), *shares)
    console.print(table)
    for before, after in fall.changed() if show else ():
        reason = after.grade.reason or before.grade.reason
        line = f"{before.question.id}: {before.grade} → {after.grade}  {after.question.text}"
        console.print(f"{line}  [{reason}]", markup=False)
    for name, why in fall.dropped.items():
        console.print(f"dropped  {name}: {why}", markup=False)
    console.print(f"dropped {len(fall.dropped)} of both; {_verdict(fall)}")
    return max(fall.right, fall.wrong) <= MOST_FALL


def _verdict(fall: Fall) -> str:
    return f"right-and-cited falls by {fall.right:.1f} points, wrong rises by {fall.wrong:.1f}"
