"""`python -m eval exam`: the guard against fitting, whole: other names, and cells that change."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from eval.dataset import Dialogue, load
from eval.mutate import Answers, Mutation, answers_over, cell_mutations, judge, row_mutations, uses
from eval.rename import DOCUMENT, SEED, fall_of, report
from eval.run import declared_tasks
from index.errors import BudgetError
from index.fact import Budget

MUTATIONS, QUICK = 40, 5
ROWS = 0.2
"""The share of mutations that take a row out."""
SHOWN = 5
"""Answers shown of a mutation that leads many astray."""

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of the answers under one mutation."""

    mutation: Mutation
    users: int
    """Answers that quote the cell, and so have to change."""
    faults: tuple[str, ...]


def command(
    seed: Annotated[int, typer.Option(help="draws other names, figures and mutations")] = SEED,
    document: Annotated[Path, typer.Option(help="the budget to disguise")] = DOCUMENT,
    quick: Annotated[bool, typer.Option(help=f"{QUICK} mutations instead of {MUTATIONS}")] = False,
    rename: Annotated[bool, typer.Option(help="ask under other names too")] = True,
) -> None:
    """Rename the sample budget, then change its cells one by one: exit 1 if answers go astray."""
    try:
        passed = not rename or report(fall_of(document, seed), show=True)
        verdicts = mutate(document, seed, QUICK if quick else MUTATIONS)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    raise typer.Exit(0 if report_mutations(verdicts) and passed else 1)


def mutate(document: Path, seed: int, count: int) -> tuple[Verdict, ...]:
    """Asks every question of the document again after each of `count` seeded mutations."""
    from index.read import read_budget

    content = document.read_bytes()
    text, budget = content.decode("utf-8"), read_budget(document.name, content)
    dialogues = questions_of(document)
    before = answers_over(document.name, text, dialogues)
    rng = random.Random(seed)
    rows = row_mutations(budget, dialogues, before, rng)[: max(1, round(count * ROWS))]
    chosen = (*cell_mutations(budget, before, count - len(rows), rng), *rows)
    verdicts = []
    with Progress(console=console, transient=True) as progress:
        for mutation in progress.track(chosen, description="mutations"):
            changed = mutation.apply(text)
            after = answers_over(document.name, changed, dialogues)
            doubts = doubtful(budget, read_budget(document.name, changed.encode()))
            verdicts.append(verdict(mutation, before, after, doubts))
    return tuple(verdicts)


def questions_of(document: Path) -> tuple[Dialogue, ...]:
    tasks = [task for task in declared_tasks() if task.documents == (document,)]
    return tuple(dialogue for task in tasks for dialogue in load(task.data))


def verdict(mutation: Mutation, before: Answers, after: Answers, doubts: set[int]) -> Verdict:
    return Verdict(
        mutation=mutation,
        users=sum(uses(answer, mutation) for answer in before.values()),
        faults=tuple(judge(mutation, before, after, doubts)),
    )


def doubtful(before: Budget, after: Budget) -> set[int]:
    """Lines of figures that have come into doubt, since a sum over them fails."""
    known = {fact.id: fact.doubt for fact in before.facts}
    return {
        fact.place.line
        for fact in after.facts
        if fact.doubt != known.get(fact.id, "") and fact.place.line is not None
    }


def report_mutations(verdicts: Sequence[Verdict]) -> bool:
    """Prints what went astray; whether nothing did."""
    for one in verdicts:
        for fault in one.faults[:SHOWN]:
            console.print(f"{one.mutation}: {fault}", markup=False)
        if len(one.faults) > SHOWN:
            more = len(one.faults) - SHOWN
            console.print(f"{one.mutation}: and {more} more", markup=False)
    users = sum(one.users for one in verdicts)
    faults = sum(len(one.faults) for one in verdicts)
    rows = sum(not one.mutation.old for one in verdicts)
    console.print(
        f"{len(verdicts) - rows} cells changed, {users} answers quote them; {rows} rows taken out; "
        f"{faults} answers went astray"
    )
    return faults == 0
