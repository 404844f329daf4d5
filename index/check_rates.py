"""Printed percentages recomputed: shares, rates of change, rates of completion."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from index.check_rows import ZERO, decimals, is_exact, size, step
from index.check_words import TAIL, named, plain, printed_value
from index.fact import Check, Fact, Outcome

ROUNDED = (10**3, 10**6)
"""Sizes of units that print no places though their figures are rounded: 千元, $ in millions."""


def rate_check(
    name: str, rate: Fact, part: Decimal, base: Decimal, used: Sequence[Fact], words: str = "比例"
) -> Check:
    """A printed percentage against `part` ÷ `base`, each of which may itself be rounded."""
    value, exact = rate.value or ZERO, part / base * 100
    shown = exact.quantize(step(rate), ROUND_HALF_UP)
    holds = agrees(rate, part, base, used)
    tail = "" if holds or abs(value - exact) >= step(rate) else TAIL
    return Check(
        name=name,
        outcome=Outcome.HOLDS if holds else Outcome.DIFFERS,
        what=f"{named(rate)}{printed_value(rate)}%应等于重算的{words}{tail}",
        expression=f"{plain(part)} ÷ {plain(base)} × 100 = {plain(shown)}"
        + ("" if shown == value else f" {'≈' if holds else '≠'} {printed_value(rate)}"),
        difference=ZERO if holds else value - shown,
        facts=tuple(fact.id for fact in (rate, *used)),
        places=tuple(dict.fromkeys(fact.place for fact in (rate, *used))),
    )


def agrees(rate: Fact, part: Decimal, base: Decimal, used: Sequence[Fact]) -> bool:
    """Some figures that round to the printed ones have a quotient that rounds to the rate."""
    value, half = rate.value or ZERO, step(rate) / 2
    if (part / base * 100).quantize(step(rate), ROUND_HALF_UP) == value:
        return True
    slack = _slack(used)
    if not slack or abs(base) <= slack:
        return bool(slack)
    corners = [(part + a * slack) / (base + b * slack) * 100 for a, b in product((-1, 1), repeat=2)]
    return min(corners) < value + half and max(corners) > value - half


def _slack(used: Sequence[Fact]) -> Decimal:
    """Half of the last place of the figures; none of whole amounts and of those to the cent."""
    places = max(map(decimals, used), default=0)
    rounded = any(size(fact.unit) in ROUNDED for fact in used)
    if (not places and not rounded) or any(map(is_exact, used)):
        return ZERO
    return Decimal(1).scaleb(-places) / 2
