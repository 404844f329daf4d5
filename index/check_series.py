"""Equalities found: two columns of two tables that print the same figures for the same names.

Where they also have the same total (or exactly the same names) they are one thing printed twice,
and a name whose figures differ is a contradiction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from index.check_relations import canonical, is_planned
from index.check_rows import ZERO, Book, Row, Side, is_total_word
from index.check_spots import amount_of
from index.check_tables import compare
from index.check_words import TAIL
from index.fact import Check, Fact, Kind, Outcome, RowKind

LEAST = 3
"""Names with different figures that must agree: less may agree by chance."""
MANY = 4
"""So many names must agree for each that does not."""

Name = tuple[str, str]
"""Budget unit (empty: the whole department), code or name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One column of a table by the names of its rows, or the rows of units by column heads."""

    table: tuple[str, str]
    year: int | None
    planned: bool
    cells: Mapping[Name, Fact]
    total: Fact | None = None
    across: bool = False
    totals: Mapping[str, Fact] = field(default_factory=dict)
    """Of rows of units: label → the total's cell in its column."""


def series_checks(book: Book) -> Iterator[Check]:
    found = [series for side in book.sides for series in series_of(side, book)]
    for left, right in combinations(found, 2):
        apart = left.table != right.table and left.planned == right.planned
        if apart and left.year == right.year:
            yield from differing(left, right, book)


def series_of(side: Side, book: Book) -> Iterator[Series]:
    for column in range(len(side.columns)):
        if side.kind(column) is Kind.MONEY:
            by_code = _down(side, column, book, coded=True)
            by_label = _down(side, column, book, coded=False)
            yield by_code
            if by_label.cells.keys() != by_code.cells.keys():
                yield by_label
    yield from _across(side, book)


def _down(side: Side, column: int, book: Book, *, coded: bool) -> Series:
    """The rows of one column by code or by label; what stands in several rows names nothing."""
    cells: dict[Name, Fact] = {}
    twice: set[Name] = set()
    for row in side.rows:
        fact = row.cells.get(column)
        if fact is None or fact.value is None or row.totals or not row.named or not row.label:
            continue
        name = _name(row, book, coded=coded)
        twice |= {name} & cells.keys()
        cells.setdefault(name, fact)
    return Series(
        table=(side.number, side.title),
        year=side.year(column),
        planned=is_planned(side.columns[column]),
        cells={name: fact for name, fact in cells.items() if name not in twice},
        total=_total(side, column),
    )


def _name(row: Row, book: Book, *, coded: bool = True) -> Name:
    unit = "" if book.is_whole(row.unit_name) else canonical(row.unit_name)
    if row.kind is RowKind.UNIT:
        return unit or canonical(row.label), ""
    return unit, (row.code if coded else "") or canonical(row.label)


def _total(side: Side, column: int) -> Fact | None:
    cells = (row.cells.get(column) for row in side.rows if row.kind is RowKind.TOTAL)
    return next((cell for cell in cells if cell is not None and cell.value is not None), None)


def _across(side: Side, book: Book) -> Iterator[Series]:
    """Rows of units by the heads of their columns (公务接待费 of each unit), year by year."""
    for year in dict.fromkeys(map(side.year, range(len(side.columns)))):
        labels = {
            column: canonical(words[-1])
            for column, path in enumerate(side.columns)
            if side.kind(column) is Kind.MONEY and side.year(column) == year
            if (words := [word for word in path if not is_total_word(word)])
            if not is_planned(path)
        }
        yield Series(
            table=(side.number, side.title),
            year=year,
            planned=False,
            cells=_unit_cells(side, labels, book),
            across=True,
            totals={
                label: fact
                for column, label in labels.items()
                if (fact := _total(side, column)) is not None
            },
        )


def _unit_cells(side: Side, labels: Mapping[int, str], book: Book) -> Mapping[Name, Fact]:
    cells: dict[Name, Fact] = {}
    for row in side.rows:
        if row.kind is RowKind.UNIT:
            for column, label in labels.items():
                fact = row.cells.get(column)
                if fact is not None and fact.value is not None:
                    cells.setdefault((_name(row, book)[0], label), fact)
    return cells


def differing(left: Series, right: Series, book: Book) -> Iterator[Check]:
    """The names whose figures differ in two series that are otherwise the same."""
    shared = [name for name in left.cells if name in right.cells]
    if left.across or right.across:
        shared = [name for name in shared if _same_label(name[1], left, right, book)]
    elif not _same_whole(left, right, book):
        return
    pairs = [(left.cells[name], right.cells[name]) for name in shared]
    checks = [(a, _compare(a, b, book)) for a, b in pairs if a.value or b.value]
    differs = [check for _, check in checks if check.outcome is Outcome.DIFFERS]
    agree = {a.value for a, check in checks if check.outcome is Outcome.HOLDS}
    if len(agree) >= LEAST and len(differs) * MANY <= len(agree):
        yield from (check for check in differs if TAIL not in check.what)


def _same_whole(left: Series, right: Series, book: Book) -> bool:
    """Their printed totals are equal."""
    if left.total is None or right.total is None:
        return False
    a, b = book.amount(left.total), book.amount(right.total)
    return bool(a) and book.near(a, b, left.total, right.total)


def _same_label(label: str, left: Series, right: Series, book: Book) -> bool:
    """The printed total of one is what the units of the other add up to."""
    return any(
        book.near(book.amount(total), _sum(other, label, book), total)
        for one, other in ((left, right), (right, left))
        if (total := one.totals.get(label)) is not None and total.value
    )


def _sum(series: Series, label: str, book: Book) -> Decimal:
    cells = (fact for (unit, name), fact in series.cells.items() if unit and name == label)
    return sum((book.amount(fact) for fact in cells), ZERO)


def _compare(left: Fact, right: Fact, book: Book) -> Check:
    pair = amount_of([left], book), amount_of([right], book)
    assert pair[0] is not None and pair[1] is not None
    return compare("同名同口径的数应一致", (pair[0], pair[1]), book)
