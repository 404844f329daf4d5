"""`python -m eval ties`: the printed totals of a document that tie with the parts that were read.

A total ties when its parts add up to it, within what rounding each of them may move it. How many
there are in the bundled disclosures was counted by hand (`budgets/real/ties.csv`).
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Printed

from eval.dataset import decimals
from eval.documents import read
from eval.gold_rows import flat
from eval.tie_rows import TOTAL, rows_of, sums_of
from eval.tie_tables import equal_totals
from index.errors import BudgetError
from index.fact import Budget, Fact, Kind, Table

REAL = Path(__file__).parent / "budgets" / "real"
COUNTED = REAL / "ties.csv"
YEARS = re.compile(r"年|预算数$|决算数$|执行数$")
"""A head that says what is measured, not a part of the amount."""
NO_PART = re.compile(r"增减|变动|比|占|其中|[%％]")

console = Console(highlight=False, soft_wrap=True)


class Outcome(StrEnum):
    TIES = "ties"
    ROUNDING = "rounding"
    """Off by no more than rounding can do."""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A printed total and what its parts come to."""

    kind: str
    """`rows`, `columns` or `tables`."""
    what: str
    total: Decimal
    parts: tuple[Decimal, ...]

    @property
    def difference(self) -> Decimal:
        return self.total - sum(self.parts, Decimal(0))

    @property
    def outcome(self) -> Outcome:
        if not self.difference:
            return Outcome.TIES
        digits = max(map(decimals, (self.total, *self.parts)))
        slack = Decimal(len(self.parts) + 1) / 2 * Decimal(1).scaleb(-digits)
        small = digits and abs(self.difference) <= slack
        return Outcome.ROUNDING if small else Outcome.DIFFERS


def ties_of(budget: Budget) -> tuple[Tie, ...]:
    """Every total of the document's tables of money that has parts."""
    tables = {(table.number, table.title): table for table in budget.tables}
    grouped: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in budget.facts:
        if (fact.table, fact.title) in tables and fact.kind in (Kind.MONEY, Kind.BLANK):
            grouped[fact.table, fact.title].append(fact)
    found = [
        tie
        for key, facts in grouped.items()
        for tie in (*row_ties(facts, tables[key]), *column_ties(facts))
    ]
    across = (
        Tie(kind="tables", what=what, total=one, parts=(other,))
        for what, one, other in equal_totals(grouped)
    )
    return (*found, *across)


def row_ties(facts: Sequence[Fact], table: Table) -> Iterator[Tie]:
    """Down each column: codes, units and ordinals to what they are parts of."""
    columns: dict[object, list[Fact]] = defaultdict(list)
    for fact in facts:
        columns[fact.column, fact.header_places].append(fact)
    for members in columns.values():
        if all(fact.kind is Kind.BLANK for fact in members):
            continue
        for found in sums_of(rows_of(members, table)):
            parts = tuple(row.fact.value for row in found.parts if row.fact.value is not None)
            total = found.whole.fact.value
            if total is not None and parts:
                yield Tie(kind="rows", what=name_of(found.whole.fact), total=total, parts=parts)


def name_of(fact: Fact) -> str:
    scope = "/".join(filter(None, (fact.unit_name, fact.code, fact.label)))
    return f"{fact.title} | {scope} | {'/'.join(fact.column)} at {fact.place}"


def column_ties(facts: Sequence[Fact]) -> Iterator[Tie]:
    """Along each row: a column called 合计 or 小计 with its neighbours under the same head."""
    rows: dict[object, list[Fact]] = defaultdict(list)
    for fact in facts:
        rows[fact.row, fact.unit_name, fact.label, fact.code].append(fact)
    for members in rows.values():
        for whole in members:
            parts = parts_of(whole, members)
            given = tuple(part.value for part in parts if part.value is not None)
            if whole.value is not None and len(parts) > 1 and given:
                yield Tie(kind="columns", what=name_of(whole), total=whole.value, parts=given)


def measured(column: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """A header path without the head that says what is measured, and that head."""
    if len(column) > 1 and YEARS.search(column[-1]):
        return tuple(column[:-1]), column[-1]
    return tuple(column), ""


def parts_of(whole: Fact, row: Sequence[Fact]) -> list[Fact]:
    path, measure = measured(whole.column)
    if not TOTAL.search(flat(path[-1])) and flat(path[-1]) != "小计":
        return []
    depth = len(path)
    near: dict[str, list[tuple[tuple[str, ...], Fact]]] = defaultdict(list)
    for fact in row:
        other, same = measured(fact.column)
        inside = other[: depth - 1] == path[:-1] and len(other) >= depth
        if fact is not whole and inside and same == measure and not NO_PART.search(other[-1]):
            near[other[depth - 1]].append((other, fact))
    return [part for members in near.values() for part in leaves(members)]


def leaves(members: Sequence[tuple[tuple[str, ...], Fact]]) -> list[Fact]:
    """The subtotal of a group of columns, or all of them where none is printed."""
    subtotals = [fact for path, fact in members if flat(path[-1]) in ("小计", "合计")]
    return subtotals[:1] or [fact for _, fact in members]


def counted(path: Path = COUNTED) -> Mapping[str, Counter[str]]:
    """Document → how many totals of each outcome there are, as counted by hand."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in csv.DictReader(path.open(encoding="utf-8")):
        for outcome in Outcome:
            found[record["document"]][outcome] += int(record[outcome])
    return found


def command(
    documents: Annotated[
        list[Path] | None, typer.Argument(help="files; the bundled disclosures without")
    ] = None,
    show: Annotated[bool, typer.Option("--all", help="list the totals that tie too")] = False,
) -> None:
    """Add up what is read of documents and hold it against the totals they print."""
    try:
        passed = report(documents or sorted(REAL.glob("*.pdf")), show=show)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    raise typer.Exit(0 if passed else 1)


def reached() -> bool:
    """Whether the bundled disclosures' totals tie; prints how many do.

    Raises BudgetError for a document that cannot be read.
    """
    return report(sorted(REAL.glob("*.pdf")))


def report(documents: Sequence[Path], *, show: bool = False) -> bool:
    """Prints the counts of each document; true if none falls short of what was counted by hand.

    Raises BudgetError for a document that cannot be read.
    """
    ties = {path.name: ties_of(read(path)) for path in documents}
    print_counts(ties)
    for name, found in ties.items():
        for tie in found:
            if show or tie.outcome is Outcome.DIFFERS:
                sums = f"{tie.total} − {tie.total - tie.difference} = {tie.difference}"
                console.print(f"{name}: {tie.outcome} {tie.kind}: {tie.what}: {sums}", markup=False)
    short = [line for name, found in ties.items() for line in shortfalls(name, found)]
    for line in short:
        console.print(f"BELOW THRESHOLD {line}", style="red", markup=False)
    return not short


def shortfalls(name: str, found: Sequence[Tie]) -> Iterator[str]:
    """Where fewer totals tie, or more differ, than in the document itself."""
    wanted, given = counted().get(name, Counter[str]()), Counter(tie.outcome for tie in found)
    held = given[Outcome.TIES] + given[Outcome.ROUNDING]
    least = wanted[Outcome.TIES] + wanted[Outcome.ROUNDING]
    if held < least:
        yield f"{name}: {held} totals tie, {least} do in the document"
    if wanted and given[Outcome.DIFFERS] > wanted[Outcome.DIFFERS]:
        yield f"{name}: {given[Outcome.DIFFERS]} differ, {wanted[Outcome.DIFFERS]} in the document"


def print_counts(ties: Mapping[str, Sequence[Tie]]) -> None:
    heads = ("totals", *Outcome, "rows", "columns", "tables")
    table = Printed("document", *heads, box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, found in ties.items():
        outcomes, kinds = Counter(t.outcome for t in found), Counter(t.kind for t in found)
        counts = (len(found), *(outcomes[o] for o in Outcome))
        table.add_row(name, *map(str, (*counts, *(kinds[k] for k in heads[4:]))))
    console.width = max(console.width, 120)
    console.print(table)
