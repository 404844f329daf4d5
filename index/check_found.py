"""Relations between columns that only the figures tell: sums, differences and quotients that
hold in nearly every row, whatever their heads say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from index.check_columns import changes, chosen_members, sum_check, totals
from index.check_rates import agrees, rate_check
from index.check_rows import ZERO, Row, Side
from index.check_words import is_rounding
from index.fact import Check, Fact, Kind

LEAST = 3
"""Rows with different figures that must show a relation: two may agree by chance."""
MANY = 4
"""So many rows must hold for each that does not."""
MOST_COLUMNS = 14
"""Of a table whose columns are tried in threes."""
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A relation and how many rows show it or speak against it."""

    total: int
    members: tuple[int, ...]
    holding: int
    failing: int

    @property
    def sure(self) -> bool:
        return self.holding >= LEAST and self.failing * MANY <= self.holding


def found_checks(side: Side) -> tuple[Check, ...]:
    """Relations between columns of which the heads say nothing, row by row."""
    rows = [row for row in side.rows if row.named]
    return (*found_sums(side, rows), *found_rates(side, rows)) if len(rows) >= LEAST else ()


# Sums and differences


def found_sums(side: Side, rows: Sequence[Row]) -> Iterator[Check]:
    columns = _columns(side)
    heads = ((whole, chosen_members(side, whole, parts)) for whole, parts in totals(side).items())
    told = {frozenset((whole, *parts)) for whole, parts in heads if parts}
    told |= {frozenset((whole, *parts)) for whole, parts in changes(side).items()}
    explained = frozenset().union(*told) if told else frozenset()
    seen: set[frozenset[int]] = set(told)
    for total in columns:
        best = _best(_sums(total, columns, rows, seen))
        if best is None or (best.failing and explained & {total, *best.members}):
            continue
        seen.add(frozenset((total, *best.members)))
        for row in rows:
            if _filled(row, best):
                check = sum_check(row.cells, total, best.members)
                yield from [check] if check else []


def _columns(side: Side) -> list[int]:
    """Columns of figures of the unit that most bear."""
    figures = [n for n in range(len(side.columns)) if side.kind(n) in (Kind.MONEY, Kind.COUNT)]
    units = [side.unit(at) for at in figures]
    common = max(dict.fromkeys(units), key=units.count, default="")
    return [at for at, unit in zip(figures, units, strict=True) if unit == common]


def _sums(
    total: int, columns: Sequence[int], rows: Sequence[Row], seen: set[frozenset[int]]
) -> Iterator[Found]:
    """Pairs of columns, and runs of columns beside the total."""
    others = [at for at in columns if at != total]
    pairs = list(combinations(others, 2)) if len(columns) <= MOST_COLUMNS else []
    at = columns.index(total)
    right = [tuple(columns[at + 1 : end]) for end in range(at + 4, len(columns) + 1)]
    left = [tuple(columns[start:at]) for start in range(max(0, at - 2))]
    for members in (*pairs, *right, *left):
        if frozenset((total, *members)) not in seen:
            yield _vote(total, members, rows)


def _vote(total: int, members: tuple[int, ...], rows: Sequence[Row]) -> Found:
    holding: set[Decimal] = set()
    failing = 0
    for row in rows:
        if sum(bool(row.value(at)) for at in members) < 2 or not row.value(total):
            failing += _contradicts(row, total, members)
        elif not _difference(row, total, members):
            holding.add(row.value(total))
        elif not _holds(row, total, members):
            failing += 1
            if failing > len(rows) // MANY:
                break
    return Found(total=total, members=members, holding=len(holding), failing=failing)


def _contradicts(row: Row, total: int, members: Sequence[int]) -> bool:
    """A row with one part at most speaks against a sum too, unless it is not filled in."""
    printed = all(at in row.cells and row.cells[at].value is not None for at in (total, *members))
    return printed and not _holds(row, total, members)


def _difference(row: Row, total: int, members: Sequence[int]) -> Decimal:
    return row.value(total) - sum((row.value(at) for at in members), ZERO)


def _holds(row: Row, total: int, members: Sequence[int]) -> bool:
    """Exactly, or as far as rounding may."""
    difference = _difference(row, total, members)
    facts = [row.cells[at] for at in (total, *members) if row.value(at)]
    return not difference or is_rounding(difference, facts)


def _filled(row: Row, found: Found) -> bool:
    """A square left blank in a row that would need it says nothing."""
    cells = [row.cells.get(at) for at in (found.total, *found.members)]
    blank = any(cell is None or cell.value is None for cell in cells)
    return not blank or _holds(row, found.total, found.members)


def _best(options: Iterator[Found]) -> Found | None:
    sure = [found for found in options if found.sure]
    return max(sure, key=lambda found: (-found.failing, found.holding), default=None)


# Quotients


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """How a percentage may come from columns of its row."""

    columns: tuple[int, ...]
    words: str
    part: Callable[[Sequence[Decimal]], Decimal]
    base: Callable[[Sequence[Decimal]], Decimal]


def found_rates(side: Side, rows: Sequence[Row]) -> Iterator[Check]:
    explained = changes(side)
    columns = _columns(side)
    if len(columns) > MOST_COLUMNS:
        return
    for rate in range(len(side.columns)):
        if side.kind(rate) is Kind.PERCENT and rate not in explained:
            options = [(_vote_rate(rate, way, rows), way) for way in _quotients(columns)]
            best = _best(iter([found for found, _ in options]))
            if best is not None:
                way = next(way for found, way in options if found is best)
                yield from _rate_checks(rate, way, rows)


def _quotients(columns: Sequence[int]) -> Iterator[Quotient]:
    for pair in permutations(columns, 2):
        yield Quotient(
            columns=pair,
            words="增减比例",
            part=lambda v: v[0] - v[1],
            base=lambda v: v[1],
        )
        yield Quotient(columns=pair, words="比例", part=lambda v: v[0], base=lambda v: v[1])


def _operands(rate: int, way: Quotient, row: Row) -> tuple[Fact, ...]:
    """The percentage and the figures it comes from; empty where the row lacks one."""
    cells = [row.cells.get(at) for at in (rate, *way.columns)]
    found = tuple(cell for cell in cells if cell is not None and cell.value is not None)
    return found if len(found) == len(cells) and found[0].kind is Kind.PERCENT else ()


def _vote_rate(rate: int, way: Quotient, rows: Sequence[Row]) -> Found:
    holding: set[Decimal] = set()
    failing = 0
    for row in rows:
        cells = _operands(rate, way, row)
        values = [cell.value or ZERO for cell in cells[1:]]
        if not cells or not way.base(values) or not cells[0].value or cells[0].value == WHOLE:
            continue
        if agrees(cells[0], way.part(values), way.base(values), cells[1:]):
            holding.add(cells[0].value)
        else:
            failing += 1
    return Found(total=rate, members=way.columns, holding=len(holding), failing=failing)


def _rate_checks(rate: int, way: Quotient, rows: Sequence[Row]) -> Iterator[Check]:
    for row in rows:
        cells = _operands(rate, way, row)
        values = [cell.value or ZERO for cell in cells[1:]]
        if cells and way.base(values):
            part, base = way.part(values), way.base(values)
            yield rate_check("change", cells[0], part, base, cells[1:], way.words)
