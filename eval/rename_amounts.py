"""New values for a budget's figures, drawn so that every sum still holds.

The sums are linear equations. Each is solved for its largest figure; the figures that remain are
drawn, in their old order (a ranking, or "under 500,000", then still means the same rows, and a
threshold in a question has a place to go to), and the others follow from them.
"""

import random
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from eval.dataset import decimals, rounded
from eval.rename_ties import MONEY, Figure, Tie, figure_of, is_share
from index.errors import BudgetError
from index.fact import Fact

TRIES = 500
GROWTH = (0.5, 1.8)
"""How much the distance to the next smaller figure grows or shrinks."""
BOUNDS = (Decimal("0.25"), Decimal(4))
"""A total outside of these, compared with the old one, is drawn again."""
PARTS_OF_100 = ("%", "分")
SAME_MEASURES = frozenset(("年", "小时/天", "级"))
"""Years of the calendar and of a day's hours, classes of a scale: no amounts."""
SMALLEST = {MONEY: Decimal(0), "%": Decimal(0), "分": Decimal(0)}
LEAST_COUNT = Decimal(2)
"""Counts up to two stay: once, both units, every week."""
HUNDRED = Decimal(100)

Solved = dict[Figure, dict[Figure, Fraction]]
"""A figure → the figures and their factors that it is the sum of."""


@dataclass(frozen=True)
class Amounts:
    """Old figure → new value; `shares` are new percentages by the id of their fact."""

    new: Mapping[Figure, Decimal]
    shares: Mapping[str, Decimal]

    def of(self, fact: Fact) -> Decimal | None:
        """The new value, without a sign; None for what is no figure."""
        if fact.id in self.shares:
            return self.shares[fact.id]
        figure = figure_of(fact)
        return None if figure is None else self.new.get(figure)

    def near(self, value: Decimal) -> Decimal:
        """Where an amount goes that the budget does not print: between the same two figures."""
        figure = Figure(MONEY, value)
        if figure in self.new:
            return self.new[figure]
        low, high = self._around(value)
        share = (value - low[0]) / (high[0] - low[0])
        return _roundest(low[1], high[1], low[1] + share * (high[1] - low[1]))

    def _around(self, value: Decimal) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]:
        olds = [old for old, _ in self._ladder]
        at = bisect_left(olds, value)
        low = self._ladder[at - 1] if at else (Decimal(0), Decimal(0))
        if at < len(self._ladder):
            return low, self._ladder[at]
        return low, (value * 2, low[1] + value * 2 - low[0])

    @cached_property
    def _ladder(self) -> list[tuple[Decimal, Decimal]]:
        """Amounts in order, without those that changed places with a smaller one."""
        ladder: list[tuple[Decimal, Decimal]] = []
        for figure in sorted(figure for figure in self.new if figure.measure == MONEY):
            new = self.new[figure]
            if not ladder or new > ladder[-1][1]:
                ladder.append((figure.value, new))
        return ladder


def _roundest(low: Decimal, high: Decimal, wanted: Decimal) -> Decimal:
    """The number of the fewest digits strictly between two others, near the one wanted."""
    for exponent in range(4, -3, -1):
        step = Decimal(10) ** exponent
        for rounding in (ROUND_FLOOR, ROUND_CEILING):
            value = (wanted / step).quantize(Decimal(1), rounding=rounding) * step
            if low < value < high:
                return value.quantize(Decimal(1)) if exponent >= 0 else value
    return wanted


def draw_amounts(facts: Sequence[Fact], ties: Sequence[Tie], rng: random.Random) -> Amounts:
    """Raises BudgetError if no draw of many keeps all amounts positive and in order."""
    figures = {f for fact in facts if not is_share(fact) and (f := figure_of(fact)) is not None}
    figures |= {figure for tie in ties for figure in (tie.total, *tie.parts)}
    solved = solve(ties)
    for _ in range(TRIES):
        new = _draw(figures - solved.keys(), rng)
        new |= {figure: _sum(parts, new) for figure, parts in solved.items()}
        if _is_fit(new, solved) and keeps_order(facts, new):
            return Amounts(new=new, shares=_shares(facts, new))
    raise BudgetError("新的金额抽不出来：总有和数不成立或次序颠倒", mend="换一个 --seed")


def solve(ties: Iterable[Tie]) -> Solved:
    """The equations, each solved for one figure that no other one then needs.

    >>> a, b, c, d = (Figure("元", Decimal(n)) for n in (1, 2, 3, 6))
    >>> [figure.value for figure in solve([Tie(c, (a, b)), Tie(d, (a, b, c))])]
    [Decimal('3'), Decimal('6')]
    """
    solved: Solved = {}
    for tie in sorted(ties, key=lambda tie: tie.total):
        equation = _reduced(_equation(tie), solved)
        if not equation:
            continue
        figure = max(f for f, factor in equation.items() if abs(factor) == 1)
        factor = equation.pop(figure)
        parts = {other: -amount / factor for other, amount in equation.items()}
        solved = {f: _replaced(old, figure, parts) for f, old in solved.items()}
        solved[figure] = parts
    return solved


def _equation(tie: Tie) -> dict[Figure, Fraction]:
    equation = {tie.total: Fraction(1)}
    for part in tie.parts:
        equation[part] = equation.get(part, Fraction(0)) - 1
    return equation


def _reduced(equation: dict[Figure, Fraction], solved: Solved) -> dict[Figure, Fraction]:
    for figure in [figure for figure in equation if figure in solved]:
        equation = _replaced(equation, figure, solved[figure])
    return equation


def _replaced(
    sum_: Mapping[Figure, Fraction], figure: Figure, parts: Mapping[Figure, Fraction]
) -> dict[Figure, Fraction]:
    """The sum with `parts` in the place of `figure`."""
    result = dict(sum_)
    factor = result.pop(figure, Fraction(0))
    for part, amount in parts.items():
        result[part] = result.get(part, Fraction(0)) + factor * amount
    return {part: amount for part, amount in result.items() if amount}


def _sum(parts: Mapping[Figure, Fraction], new: Mapping[Figure, Decimal]) -> Decimal:
    total = sum((Fraction(new[part]) * factor for part, factor in parts.items()), Fraction(0))
    return Decimal(total.numerator) / Decimal(total.denominator)


def _draw(free: Iterable[Figure], rng: random.Random) -> dict[Figure, Decimal]:
    new: dict[Figure, Decimal] = {}
    last: Figure | None = None
    for figure in sorted(free):
        below = last if last is not None and last.measure == figure.measure else None
        new[figure] = _drawn(figure, below, new, rng)
        last = figure
    return new


def _drawn(
    figure: Figure, below: Figure | None, new: Mapping[Figure, Decimal], rng: random.Random
) -> Decimal:
    """Above the figure below it, with as many decimals as before."""
    least = SMALLEST.get(figure.measure, LEAST_COUNT)
    if figure.measure in SAME_MEASURES or figure.value <= least or figure.value == int(least):
        return figure.value
    old, floor = (below.value, new[below]) if below else (least, least)
    if figure.measure in PARTS_OF_100 and figure.value <= HUNDRED:
        return _part_of_100(figure.value, max(old, least), floor, rng)
    digits = decimals(figure.value.normalize())
    grown = floor + (figure.value - old) * Decimal(rng.uniform(*GROWTH))
    step = Decimal(1).scaleb(-digits)
    drawn = max(rounded(grown, digits), (floor // step + 1) * step)
    return drawn + step if drawn == figure.value else drawn


def _part_of_100(value: Decimal, old: Decimal, floor: Decimal, rng: random.Random) -> Decimal:
    """Between the new value below it and 100, which stays 100."""
    if value == HUNDRED:
        return value
    digits = decimals(value.normalize())
    share = (value - old) / (HUNDRED - old) * Decimal(rng.uniform(0.7, 1.1))
    step = Decimal(1).scaleb(-digits)
    lowest = (floor // step + 1) * step
    return min(max(rounded(floor + (HUNDRED - floor) * share, digits), lowest), HUNDRED - step)


def _is_fit(new: Mapping[Figure, Decimal], solved: Solved) -> bool:
    return all(
        BOUNDS[0] < new[figure] / figure.value < BOUNDS[1] and decimals(new[figure]) <= 2
        for figure in solved
    )


def keeps_order(facts: Iterable[Fact], new: Mapping[Figure, Decimal]) -> bool:
    """Do the figures of each column of each table keep their order?"""
    columns: dict[tuple[str, str, tuple[str, ...]], set[Figure]] = {}
    for fact in facts:
        figure = figure_of(fact)
        if fact.table and figure is not None:
            columns.setdefault((fact.table, fact.unit, fact.column), set()).add(figure)
    return all(_in_order([new[figure] for figure in sorted(group)]) for group in columns.values())


def _in_order(values: Sequence[Decimal]) -> bool:
    return all(one < other for one, other in pairwise(values))


def _shares(facts: Sequence[Fact], new: Mapping[Figure, Decimal]) -> dict[str, Decimal]:
    """New percentages: each of the amount before it in the sentence, all those of a paragraph of
    one total."""
    amounts = sorted((f for f in new if f.measure == MONEY), reverse=True)
    paragraphs: dict[int | None, list[tuple[Figure, Fact]]] = {}
    for before, fact in pairwise(facts):
        part = figure_of(before)
        if is_share(fact) and part is not None:
            paragraphs.setdefault(fact.place.line, []).append((part, fact))
    shares: dict[str, Decimal] = {}
    for parts in paragraphs.values():
        total = next((t for t in amounts if all(_is_of(t, *part) for part in parts)), None)
        if total is not None:
            shares |= {fact.id: _share(new[part], new[total], fact) for part, fact in parts}
    return shares


def _is_of(total: Figure, part: Figure, fact: Fact) -> bool:
    return _share(part.value, total.value, fact) == fact.value


def _share(part: Decimal, total: Decimal, fact: Fact) -> Decimal:
    return rounded(part / total * HUNDRED, decimals(fact.value or HUNDRED))
