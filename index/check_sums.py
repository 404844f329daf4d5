"""Sums down a table: repeated totals, totals and subtotals of rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.check_nesting import ABOVE, nesting, whole_numbers
from index.check_rows import SUMMED, ZERO, Side, is_subtotal_word
from index.check_words import TAIL, equation_check, named, rows_in_words, where
from index.fact import Check, Fact, Kind, Outcome, RowKind

MOST_FAILING = Decimal("0.5")
"""A side of which more sums fail was not understood: a document is not that wrong."""
UNCLEAR = "本表多数合计对不上，层次可能没有认准"
UNREAD = "每一列都对不上，这一行或它的分项可能没有读全"
COLUMNS = 3
"""Columns in all of which a row must fail before its reading is doubted."""
LEAST = 4
"""Sums below which nothing can be said about a side's structure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    whole: int
    members: tuple[int, ...]
    parts: bool = False
    """Members behind 其中: they may be fewer than all."""


def repeats(side: Side) -> Iterator[Check]:
    """A row without a label below the total repeats it."""
    for at, row in enumerate(side.rows[1:], 1):
        total = side.rows[at - 1]
        labelled = row.label and row.kind is not RowKind.TOTAL_REPEAT
        if labelled or total.kind is not RowKind.TOTAL:
            continue
        pairs = [(total.cells[n], fact) for n, fact in row.cells.items() if n in total.cells]
        filled = [pair for pair in pairs if any(fact.value is not None for fact in pair)]
        same = sum(left.value == right.value for left, right in filled)
        if row.kind is RowKind.TOTAL_REPEAT or same * 2 >= len(filled) or len(filled) == 1:
            yield from (_repeat(left, right) for left, right in filled)


def _repeat(total: Fact, fact: Fact) -> Check:
    what = f"{named(total)}与{where([fact.place])}重复的合计应相同"
    same = Outcome.HOLDS if total.value == fact.value else Outcome.DIFFERS
    return equation_check("repeat", what, total, [(1, fact)], outcome=same)


def column_sums(side: Side) -> tuple[Check, ...]:
    """Each total-like row against what it is made of, column by column."""
    found = _settled(side, (*tree_sums(side, side.parents), *footings(side)))
    if _failing(found) * 3 > 1:
        other = _settled(side, (*tree_sums(side, side.plain_parents), *footings(side)))
        found = other if _failing(other) * 2 < _failing(found) else found
    doubtful = _failing(found) > MOST_FAILING and len(found) >= LEAST
    return tuple(map(_unclear, found)) if doubtful else found


def fails(check: Check) -> bool:
    """It differs by more than rounding may."""
    return check.outcome is Outcome.DIFFERS and TAIL not in check.what


def _failing(checks: Sequence[Check]) -> Decimal:
    return Decimal(sum(map(fails, checks))) / max(1, len(checks))


def _unclear(check: Check, why: str = UNCLEAR) -> Check:
    if not fails(check):
        return check
    return replace(check, outcome=Outcome.UNCHECKED, what=f"{check.what}：{why}")


def _of_a_sound_row(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """A row that fails in every one of several columns was not read whole, nor its parts."""
    if len(checks) < COLUMNS or not all(map(fails, checks)):
        return checks
    return tuple(_unclear(check, UNREAD) for check in checks)


def _settled(side: Side, sums: Sequence[Sum]) -> tuple[Check, ...]:
    """The sums; where one fails in most columns, what the figures themselves say instead, for all
    the rows below it."""
    own = {total.whole: _checked(side, [total]) for total in sums}
    told: dict[int, tuple[Check, ...]] = {}
    below: set[int] = set()
    for total in sums:
        if total.whole not in below and _failing(own[total.whole]) * 2 > 1:
            for option in (total, _above(side, total)):
                found = by_figures(side, option) if option else ()
                other = _checked(side, found)
                if other and _failing(other) * 2 < _failing(own[total.whole]):
                    told[total.whole] = other
                    below |= set(_spread(side, option or total))
                    break
    sound = {whole: _of_a_sound_row(checks) for whole, checks in own.items()}
    kept = (told.get(whole, sound[whole]) for whole in own if whole not in below)
    return tuple(check for checks in kept for check in checks)


def _above(side: Side, total: Sum) -> Sum | None:
    """A total with rows below it that are another table's: it is that of the rows above."""
    at = total.whole
    roots = tuple(n for n in range(at) if _is_root(side, n) and side.rows[n].label)
    return Sum(whole=at, members=roots) if side.rows[at].totals and roots else None


def by_figures(side: Side, total: Sum) -> tuple[Sum, ...]:
    """`total` with the members that its figures tell: rows below it nest without saying so."""
    rows = _spread(side, total)
    columns = [n for n in _summed(side) if side.rows[total.whole].value(n)]
    for chosen in (columns, *([n for n in columns if n != out] for out in columns)):
        figures = [[side.rows[at].value(n) for n in chosen] for at in (total.whole, *rows)]
        above, *values = whole_numbers(figures)
        found = nesting(values, above)
        if chosen and found is not None:
            return tuple(
                Sum(
                    whole=total.whole if parent == ABOVE else rows[parent],
                    members=tuple(rows[member] for member in members),
                )
                for parent, members in found.items()
            )
    return ()


def _spread(side: Side, total: Sum) -> tuple[int, ...]:
    """The members of a sum and all below them, in their order."""
    return tuple(
        at
        for at in range(len(side.rows))
        if at in total.members or any(above in total.members for above in side.above(at))
    )


def tree_sums(side: Side, parents: Sequence[int | None]) -> tuple[Sum, ...]:
    """Each row that has rows below it: its direct children."""
    children: dict[int, list[int]] = {}
    for at, parent in enumerate(parents):
        row = side.rows[at]
        if parent is not None and row.label and row.kind is not RowKind.TOTAL_REPEAT:
            children.setdefault(parent, []).append(at)
    return tuple(_sum_of(side, whole, members) for whole, members in sorted(children.items()))


def _sum_of(side: Side, whole: int, members: Sequence[int]) -> Sum:
    """Members with 其中 are parts of what they stand below, beside them only full members count."""
    parts = any(side.rows[at].whereof for at in members)
    return Sum(whole=whole, members=tuple(members), parts=parts)


def footings(side: Side) -> tuple[Sum, ...]:
    """Totals that stand below (本年收入合计, 收入总计) or, 小计 of a unit, above their members."""
    heads = {at for at, row in enumerate(side.rows) if row.totals and not side.children(at)}
    above = tuple(_footings_above(side, heads))
    small = {at for at in heads if is_subtotal_word(side.rows[at].label)}
    if not small:
        return above
    below = (*_footings_above(side, heads - small, skip=small), *_below(side, small))
    return max((above, below), key=lambda sums: _holding(side, sums))


def _holding(side: Side, sums: Iterable[Sum]) -> int:
    return sum(check.outcome is Outcome.HOLDS for check in _checked(side, sums))


def _footings_above(side: Side, footing: set[int], skip: Iterable[int] = ()) -> Iterator[Sum]:
    stack: list[int] = []
    for at, row in enumerate(side.rows):
        if row.kind is RowKind.TOTAL_REPEAT or not row.label or at in skip:
            continue
        if at in footing:
            members = _members(side, at, stack, footing)
            if members:
                yield Sum(whole=at, members=members)
            stack = [*(kept for kept in stack if kept not in members), at]
        elif _is_root(side, at):
            stack.append(at)


def _is_root(side: Side, at: int) -> bool:
    """A row that no other row but the table's total holds; the total at the head is none."""
    parent = side.parents[at]
    loose = parent is None or side.rows[parent].kind is RowKind.TOTAL
    return loose and not (side.rows[at].kind is RowKind.TOTAL and side.children(at))


def _members(side: Side, at: int, stack: Sequence[int], footing: set[int]) -> tuple[int, ...]:
    """All that is still loose, or what stands since the last footing (小计), or whatever end of
    it adds up in most columns."""
    marks = [n for n, row in enumerate(stack) if row in footing]
    since = tuple(stack[marks[-1] + 1 :]) if marks else tuple(stack)
    small = is_subtotal_word(side.rows[at].label)
    likely = (since, tuple(stack)) if small else (tuple(stack), since)
    filled = sum(bool(side.rows[at].value(column)) for column in _summed(side))
    ends = (*likely, *(tuple(stack[start:]) for start in range(len(stack))))
    held = {end: _holding(side, [Sum(whole=at, members=end)]) for end in dict.fromkeys(ends)}
    best = max(held, key=lambda end: held[end])
    if best not in likely and by_figures(side, Sum(whole=at, members=tuple(stack))):
        return tuple(stack)
    return best if held[best] * 2 > filled else likely[0]


def _below(side: Side, small: set[int]) -> Iterator[Sum]:
    for at in sorted(small):
        members: list[int] = []
        for below in range(at + 1, len(side.rows)):
            if side.rows[below].totals and not side.children(below):
                break
            if _is_root(side, below):
                members.append(below)
        if members:
            yield Sum(whole=at, members=tuple(members))


def _summed(side: Side) -> list[int]:
    return [at for at in range(len(side.columns)) if side.kind(at) in SUMMED]


def _checked(side: Side, sums: Iterable[Sum]) -> tuple[Check, ...]:
    columns = _summed(side)
    found = (_column_check(side, total, column) for total in sums for column in columns)
    return tuple(check for check in found if check is not None)


def _column_check(side: Side, total: Sum, column: int) -> Check | None:
    row = side.rows[total.whole]
    whole = row.cells.get(column)
    parts = [side.rows[at].cells[column] for at in total.members if column in side.rows[at].cells]
    printed = [fact for fact in parts if fact.value is not None]
    if whole is None or (not printed and not whole.value):
        return None
    if whole.value is None and (side.kind(column) is Kind.COUNT or total.parts):
        return None
    places = rows_in_words(printed or parts)
    signed = [(1, fact) for fact in printed]
    if not printed or row.blank:
        why = "下级各行都是空白" if not printed else "合计行没有填数"
        what = f"{named(whole)}无法与{places}核对：{why}"
        return equation_check("column sum", what, whole, signed, outcome=Outcome.UNCHECKED)
    if total.parts:
        return _parts_check(whole, signed, places)
    return equation_check("column sum", f"{named(whole)}应等于{places}之和", whole, signed)


def _parts_check(whole: Fact, parts: Sequence[tuple[int, Fact]], places: str) -> Check | None:
    """Parts behind 其中 may be less than the whole, never more."""
    total = sum((fact.value or ZERO for _, fact in parts), ZERO)
    value = whole.value or ZERO
    if ZERO <= total < value or value < total <= ZERO:
        return None
    return equation_check("column sum", f"{named(whole)}不应小于其中{places}之和", whole, parts)
