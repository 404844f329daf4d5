"""The sums that hold between a budget's figures: rows, columns, classes, totals, paragraphs.

A figure is known by its measure and value: the same amount printed in two places is one figure.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from index.classification import name_of
from index.fact import Fact, Kind, RowKind

MONEY = "万元"
AMOUNTS = ("万元", "万", "")
"""Units in which a sum of 万元 is printed: 项目支出 ≤ 40 万."""
MOST_PARTS = 14
"""Parts among which a total is looked for; all subsets are tried, so that more takes long."""
TOTALS = (RowKind.TOTAL, RowKind.SUBTOTAL, RowKind.UNIT)
CLASS, ITEM = 3, 7
"""Figures of a 类 and of a 项 code of the functional classification."""


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """Whatever is printed with this measure and this value."""

    measure: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Tie:
    """`total` is the sum of `parts`."""

    total: Figure
    parts: tuple[Figure, ...]


def figure_of(fact: Fact) -> Figure | None:
    """None for what is no figure, and for weights, which no sum of the budget concerns."""
    if fact.value is None or fact.kind in (Kind.TEXT, Kind.BLANK, Kind.WEIGHT):
        return None
    amount = fact.kind is Kind.MONEY or fact.unit in AMOUNTS
    return Figure(MONEY if amount else fact.unit, abs(fact.value))


def is_share(fact: Fact) -> bool:
    """A percentage of the running text that is computed from amounts."""
    return fact.kind is Kind.PERCENT and bool(fact.about)


def find_ties(facts: Sequence[Fact], listed: Iterable[str] = ()) -> tuple[Tie, ...]:
    """Every sum found, each once. `listed`: `a = b + c`, in 万元."""
    amounts = [fact for fact in facts if fact.kind is Kind.MONEY and fact.value]
    counts = [fact for fact in facts if fact.kind is Kind.COUNT and fact.value]
    found = (
        *_row_ties(amounts),
        *_column_ties(amounts),
        *_class_ties(amounts),
        *_total_ties(amounts),
        *_paragraph_ties(amounts),
        *_paragraph_ties(counts),
        *map(_listed, listed),
    )
    return tuple(dict.fromkeys(found))


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], Hashable]) -> Iterator[tuple[Fact, ...]]:
    groups: Mapping[Hashable, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    yield from map(tuple, groups.values())


def _figures(facts: Iterable[Fact]) -> tuple[Figure, ...]:
    return tuple(figure for fact in facts if (figure := figure_of(fact)) is not None)


def _tie(total: Fact, parts: Sequence[Fact]) -> Tie | None:
    """The tie of a total with some of the parts, at least two of them."""
    (whole,) = _figures([total])
    figures = [f for f in _figures(parts) if f.measure == whole.measure and f.value < whole.value]
    chosen = subset(whole.value, [f.value for f in figures][:MOST_PARTS])
    if chosen is None and sum(f.value for f in figures) == whole.value:
        chosen = tuple(range(len(figures)))
    return Tie(whole, tuple(sorted(figures[at] for at in chosen))) if chosen else None


def subset(total: Decimal, values: Sequence[Decimal]) -> tuple[int, ...] | None:
    """Places of values that add up to the total, the fewest and the first.

    >>> subset(Decimal(6), [Decimal(5), Decimal(4), Decimal(2)])
    (1, 2)
    """
    for size in range(2, len(values) + 1):
        for places in combinations(range(len(values)), size):
            if sum(values[at] for at in places) == total:
                return places
    return None


def _row_ties(amounts: Sequence[Fact]) -> Iterator[Tie]:
    """合计 = 基本支出 + 项目支出."""
    rows = _grouped((a for a in amounts if a.table), lambda a: (a.table, a.row, a.column[:-1]))
    for row in rows:
        yield from _each_of(row)


def _paragraph_ties(facts: Sequence[Fact]) -> Iterator[Tie]:
    """预算 24 万元，其中：甲 10 万元，乙 14 万元."""
    prose = (fact for fact in facts if not fact.table)
    for paragraph in _grouped(prose, lambda fact: (fact.place.line, fact.unit)):
        yield from _each_of(paragraph)


def _each_of(facts: Sequence[Fact]) -> Iterator[Tie]:
    for at, total in enumerate(facts):
        if tie := _tie(total, facts[at + 1 :]):
            yield tie


def _column_ties(amounts: Sequence[Fact]) -> Iterator[Tie]:
    """A row = the rows one level below it; a total without such = rows above it, or all below."""
    for column in _grouped((a for a in amounts if a.table), lambda a: (a.table, a.column)):
        for at, total in enumerate(column):
            below = _children(column, at)
            if not below and total.row_kind in TOTALS:
                below = column[:at] or column[at + 1 :]
            if tie := _tie_of_all(total, below) or _tie_of_some(total, below):
                yield tie


def _tie_of_all(total: Fact, parts: Sequence[Fact]) -> Tie | None:
    figures = _figures(parts)
    if len(figures) < 2 or sum(f.value for f in figures) != total.value:
        return None
    return Tie(_figures([total])[0], tuple(sorted(figures)))


def _tie_of_some(total: Fact, parts: Sequence[Fact]) -> Tie | None:
    return _tie(total, parts) if total.row_kind in TOTALS and len(parts) <= MOST_PARTS else None


def _children(column: Sequence[Fact], at: int) -> tuple[Fact, ...]:
    level = column[at].level
    found = []
    for fact in column[at + 1 :]:
        if fact.row_kind is RowKind.TOTAL_REPEAT:
            continue
        if fact.level <= level:
            break
        if fact.level == level + 1:
            found.append(fact)
    return tuple(found)


def _class_ties(amounts: Sequence[Fact]) -> Iterator[Tie]:
    """教育支出 of one table = the items of class 205 of another."""
    coded = [a for a in amounts if a.table and len(a.code) == ITEM]
    by_class = list(_grouped(coded, lambda a: (a.table, a.column, a.code[:CLASS])))
    for items in by_class:
        name = name_of(items[0].code[:CLASS])
        for total in amounts:
            if name and total.label == name and (tie := _tie_of_all(total, items)):
                yield tie


def _total_ties(amounts: Sequence[Fact]) -> Iterator[Tie]:
    """表六 total = 表七 total + 表八 total."""
    figures = sorted(set(_figures(a for a in amounts if a.row_kind in TOTALS)))
    known = set(figures)
    for one, other in combinations(figures, 2):
        total = Figure(MONEY, one.value + other.value)
        if total in known and one.value > 1:
            yield Tie(total, (one, other))


def _listed(equation: str) -> Tie:
    total, _, parts = equation.partition("=")
    values = [Decimal(part) for part in re.split(r"\+", parts)]
    return Tie(Figure(MONEY, Decimal(total.strip())), tuple(Figure(MONEY, v) for v in values))
