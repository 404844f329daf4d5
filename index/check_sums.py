"""Sums inside a table: repeated totals, columns, rows, changes from year to year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from index.check_relations import relations
from index.check_rows import (
    SUMMED,
    ZERO,
    Side,
    decimals,
    is_subtotal_word,
    is_total_word,
)
from index.check_words import equation_check, named, plain, printed_value, where
from index.fact import Check, Fact, Kind, Outcome, RowKind
from index.words import WHEREOF, squeeze

MOST_FAILING = Decimal("0.5")
"""A side of which more sums fail was not understood: a document is not that wrong."""
LEAST = 4
"""Sums below which nothing can be said about a side's structure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    whole: int
    members: tuple[int, ...]
    parts: bool = False
    """Members behind 其中: they may be fewer than all."""


def sum_checks(side: Side) -> tuple[Check, ...]:
    """All sums inside one side of a table; of goal tables only those across a row."""
    rows = (*row_sums(side), *change_checks(side))
    return rows if side.goals else (*repeats(side), *column_sums(side), *rows)


def repeats(side: Side) -> Iterator[Check]:
    """A row without a label below the total repeats it."""
    for at, row in enumerate(side.rows[1:], 1):
        total = side.rows[at - 1]
        labelled = row.label and row.kind is not RowKind.TOTAL_REPEAT
        if labelled or total.kind is not RowKind.TOTAL:
            continue
        for column, fact in row.cells.items():
            printed = total.cells.get(column)
            if printed is None or (printed.value is None and fact.value is None):
                continue
            same = Outcome.HOLDS if printed.value == fact.value else Outcome.DIFFERS
            what = f"{named(printed)}与{where([fact.place])}重复的合计应相同"
            yield equation_check("repeat", what, printed, [(1, fact)], outcome=same)


def column_sums(side: Side) -> tuple[Check, ...]:
    """Each total-like row against what it is made of, column by column."""
    found = _checked(side, (*tree_sums(side, side.parents), *footings(side)))
    if _failing(found) * 3 > 1:
        other = _checked(side, (*tree_sums(side, side.plain_parents), *footings(side)))
        found = other if _failing(other) * 2 < _failing(found) else found
    doubtful = _failing(found) > MOST_FAILING and len(found) >= LEAST
    return tuple(map(_unclear, found)) if doubtful else found


def _failing(checks: Sequence[Check]) -> Decimal:
    failed = sum(check.outcome is Outcome.DIFFERS for check in checks)
    return Decimal(failed) / max(1, len(checks))


def _unclear(check: Check) -> Check:
    if check.outcome is not Outcome.DIFFERS:
        return check
    return replace(
        check, outcome=Outcome.UNCHECKED, what=check.what + "：本表多数合计对不上，层次可能没有认准"
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
    """All that is still loose, or what stands since the last footing (小计)."""
    marks = [n for n, row in enumerate(stack) if row in footing]
    since = tuple(stack[marks[-1] + 1 :]) if marks else tuple(stack)
    options = (
        [tuple(stack), since]
        if not is_subtotal_word(side.rows[at].label)
        else [
            since,
            tuple(stack),
        ]
    )
    first, second = (
        {check.outcome for check in _checked(side, [Sum(whole=at, members=option)])}
        for option in options
    )
    better = Outcome.DIFFERS in first and second == {Outcome.HOLDS}
    return options[1] if better else options[0]


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


def _checked(side: Side, sums: Iterable[Sum]) -> tuple[Check, ...]:
    columns = [at for at in range(len(side.columns)) if side.kind(at) in SUMMED]
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
    places = where(fact.place for fact in (printed or parts))
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


# Rows


def row_sums(side: Side) -> tuple[Check, ...]:
    """Each total column (合计, 小计) against the columns it is made of, row by row."""
    money = [at for at in range(len(side.columns)) if side.kind(at) is Kind.MONEY]
    found: list[Check] = []
    for total in money:
        members = _columns_of(side, total, money)
        if members:
            found += _row_checks(side, total, members)
    return tuple(found)


def _columns_of(side: Side, total: int, money: Sequence[int]) -> tuple[int, ...]:
    path = side.columns[total]
    below = [at for at in money if at != total and side.columns[at][: len(path)] == path]
    if path and below:
        return _group(side, path, below)
    if not path or not (is_total_word(path[-1]) or squeeze(path[-1]) in relations().totals):
        return ()
    beside = [
        at
        for at in money
        if at != total
        and side.columns[at][: len(path) - 1] == path[:-1]
        and side.year(at) == side.year(total)
    ]
    return _group(side, path[:-1], beside)


def _group(side: Side, head: tuple[str, ...], columns: Sequence[int]) -> tuple[int, ...]:
    """The direct columns below `head`; of a deeper group its own total, else its columns."""
    groups: dict[str, list[int]] = {}
    for at in columns:
        if len(side.columns[at]) > len(head):
            groups.setdefault(side.columns[at][len(head)], []).append(at)
    members: list[int] = []
    for word, inner in groups.items():
        if WHEREOF.match(word) or is_total_word(word) or _is_change(word):
            continue
        totals = [at for at in inner if is_total_word(side.columns[at][-1])]
        whole = [at for at in inner if side.columns[at] == (*head, word)]
        members += (whole or totals)[:1] or _group(side, (*head, word), inner)
    return tuple(members)


def _is_change(word: str) -> bool:
    flat = squeeze(word)
    return flat in relations().change or flat in relations().rate


def _row_checks(side: Side, total: int, members: tuple[int, ...]) -> Sequence[Check]:
    rows = [row for row in side.rows if row.kind is not RowKind.TOTAL_REPEAT and row.label]
    chosen = _chosen(side, total, members)
    found: list[Check] = []
    for row in rows:
        whole = row.cells.get(total)
        parts = [row.cells[at] for at in chosen or members if at in row.cells]
        printed = [(1, fact) for fact in parts if fact.value is not None]
        if whole is None or (not printed and not whole.value):
            continue
        names = "、".join("/".join(fact.column) for _, fact in printed) or "各分列"
        what = f"{named(whole)}应等于同行各列之和（{names}）"
        outcome = None if chosen and printed else Outcome.UNCHECKED
        found.append(equation_check("row sum", what, whole, printed, outcome=outcome))
    return found if chosen else found[:1]


def _chosen(side: Side, total: int, members: tuple[int, ...]) -> tuple[int, ...]:
    """The members for which most rows add up: all, or all but one (a column that stands apart).

    Empty when neither does in a table of several rows: the head was not understood.
    """
    options = [members, *(tuple(m for m in members if m != out) for out in members)]
    counts = [_rows_holding(side, total, option) for option in options]
    holding, rows = counts[0]
    if rows <= 2 or holding * 2 >= rows:
        return members
    best = max(range(len(options)), key=lambda at: (counts[at][0], -at))
    return options[best] if counts[best][0] * 4 >= rows * 3 else ()


def _rows_holding(side: Side, total: int, members: Sequence[int]) -> tuple[int, int]:
    holding = rows = 0
    for row in side.rows:
        whole = row.cells.get(total)
        if whole is None or whole.value is None:
            continue
        parts = (row.cells[at].value for at in members if at in row.cells)
        rows += 1
        holding += sum((value for value in parts if value is not None), ZERO) == whole.value
    return holding, rows


# Changes


def change_checks(side: Side) -> Iterator[Check]:
    """增减额 = this year − last year, 增减% = 增减额 ÷ last year, row by row."""
    for column in range(len(side.columns)):
        path = side.columns[column]
        word = squeeze(path[-1]) if path else ""
        pair = _years(side, column) if _is_change(word) else None
        if pair is None:
            continue
        for row in side.rows:
            cells = [row.cells.get(at) for at in (column, *pair)]
            if row.label and all(cell is not None for cell in cells):
                found = [cell for cell in cells if cell is not None]
                yield from _change_check(*found, rate=word in relations().rate)


def _years(side: Side, column: int) -> tuple[int, int] | None:
    """The columns of this year and last year beside a column of changes."""
    head = side.columns[column][:-1]
    beside = [
        at
        for at in range(len(side.columns))
        if side.columns[at][:-1] == head and side.kind(at) is Kind.MONEY
        if not _is_change(side.columns[at][-1]) and side.year(at)
    ]
    years = {side.year(at): at for at in beside}
    if len(beside) != 2 or len(years) != 2:
        return None
    last, this = sorted(years, key=lambda year: year or 0)
    return years[this], years[last]


def _change_check(change: Fact, this: Fact, last: Fact, *, rate: bool) -> Iterator[Check]:
    if this.value is None and last.value is None:
        return
    if not rate and change.kind is not Kind.PERCENT:
        what = f"{named(change)}应等于{'/'.join(this.column)}减{'/'.join(last.column)}"
        yield equation_check("change", what, change, [(1, this), (-1, last)])
    elif change.value is not None and last.value:
        yield rate_check(change, (this.value or ZERO) - last.value, last.value, (this, last))


def rate_check(rate: Fact, part: Decimal, base: Decimal, used: Sequence[Fact]) -> Check:
    """A printed percentage recomputed, rounded half up to its own places."""
    exact = part / base * 100
    places = Decimal(1).scaleb(-decimals(rate))
    value = rate.value or ZERO
    same = exact.quantize(places, ROUND_HALF_UP) == value
    shown = exact.quantize(places, ROUND_HALF_UP)
    return Check(
        name="share" if rate.column[-1:] == ("占比",) else "change",
        outcome=Outcome.HOLDS if same else Outcome.DIFFERS,
        what=f"{named(rate)}{printed_value(rate)}%应等于重算的比例",
        expression=f"{plain(part)} ÷ {plain(base)} × 100 = {plain(shown)}"
        + ("" if same else f" ≠ {printed_value(rate)}"),
        difference=value - shown,
        facts=tuple(fact.id for fact in (rate, *used)),
        places=tuple(dict.fromkeys(fact.place for fact in (rate, *used))),
    )
