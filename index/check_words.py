"""Checks in words: places, cells, equations as a clerk reads them."""

from collections.abc import Sequence
from decimal import Decimal

from index.check_places import where as where
from index.check_rows import ZERO, decimals, is_exact
from index.fact import Check, Fact, Outcome, RowKind

TAIL = "（差额为尾数，可能由四舍五入造成）"
"""Behind a sum that differs by no more than rounding may."""


SHOWN = 3
"""Rows named where a format knows no lines."""


def rows_in_words(facts: Sequence[Fact]) -> str:
    """第21—23行; where only the page is known, the rows by name: 第4页“办公费”“水费”等 5 行."""
    places = [fact.place for fact in facts]
    if not all(place.page and place.line is None for place in places):
        return where(places)
    names = "".join(f"“{fact.label}”" for fact in facts[:SHOWN])
    return f"{where(places)}{names}" + (f"等 {len(facts)} 行" if len(facts) > SHOWN else "")


def named(fact: Fact) -> str:
    """表三第20行“某某中心”“合计”: a cell in words."""
    table = f"{fact.table}" if fact.table else "正文"
    parts = fact.row_path if len(fact.row_path) > 1 and fact.table else (fact.label,)
    label = "/".join(part for part in parts if part) or fact.code
    head = "/".join(fact.column) if fact.table else ""
    shown = f"“{head}”" if head and head != label else ""
    return f"{table}{where([fact.place])}“{label}”{shown}"


def plain(value: Decimal) -> str:
    return format(value, "f")


def printed_value(fact: Fact) -> str:
    return plain(fact.value) if fact.value is not None else "空白"


def equation_check(
    name: str,
    what: str,
    whole: Fact,
    parts: Sequence[tuple[int, Fact]],
    *,
    outcome: Outcome | None = None,
) -> Check:
    """`whole` against the signed sum of `parts`, blanks as nothing."""
    total = sum((sign * (fact.value or ZERO) for sign, fact in parts), ZERO)
    value = whole.value or ZERO
    filled = [(sign, fact) for sign, fact in parts if fact.value is not None]
    found = outcome or (Outcome.HOLDS if value == total else Outcome.DIFFERS)
    used = (whole, *(fact for _, fact in filled))
    return Check(
        name=name,
        outcome=found,
        what=what + tail_of(value - total, used),
        expression=_expression(whole, filled, total),
        difference=value - total,
        facts=tuple(dict.fromkeys(fact.id for fact in used)),
        places=tuple(dict.fromkeys(fact.place for fact in used)),
    )


def _expression(whole: Fact, parts: Sequence[tuple[int, Fact]], total: Decimal) -> str:
    words = ""
    for at, (sign, fact) in enumerate(parts):
        shown = printed_value(fact)
        shown = f"({shown})" if shown.startswith("-") and at else shown
        words += shown if at == 0 and sign > 0 else f"{' − ' if sign < 0 else ' + '}{shown}"
    words = words.strip() or "0"
    same = "=" if (whole.value or ZERO) == total else f"= {plain(total)} ≠"
    return f"{words} {same} {printed_value(whole)}"


def is_rounding(difference: Decimal, facts: Sequence[Fact]) -> bool:
    """Each figure may be off by half of its last place; counts, figures to the cent and whole
    amounts in a sentence are not rounded."""
    places = max(map(decimals, facts), default=0)
    exact = any(map(is_exact, facts))
    exact = exact or (not places and any(fact.row_kind is RowKind.PROSE for fact in facts))
    return not exact and ZERO < abs(difference) <= Decimal(len(facts)).scaleb(-places) / 2


def tail_of(difference: Decimal, facts: Sequence[Fact]) -> str:
    return TAIL if is_rounding(difference, facts) else ""
