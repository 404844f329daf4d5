"""Sums across a table: total columns, changes between columns of years, rates of change."""

from collections.abc import Iterator, Mapping, Sequence

from index.check_rates import rate_check
from index.check_relations import relations
from index.check_rows import ZERO, Side, is_total_word
from index.check_words import equation_check, is_rounding, named
from index.fact import Check, Fact, Kind, Outcome
from index.words import WHEREOF, squeeze

Paths = Mapping[int, tuple[str, ...]]
"""Columns and their heads."""


def row_sums(side: Side) -> tuple[Check, ...]:
    """Each total column (合计, 小计) against the columns it is made of, row by row."""
    found: list[Check] = []
    for total, members in totals(side).items():
        found += _row_checks(side, total, members)
    return tuple(found)


def totals(side: Side) -> dict[int, tuple[int, ...]]:
    """Total columns by their heads, each with the columns it is made of."""
    money = money_columns(side)
    found = {total: _columns_of(side, total, money) for total in money}
    return {total: members for total, members in found.items() if members}


def money_columns(side: Side) -> list[int]:
    return [at for at in range(len(side.columns)) if side.kind(at) is Kind.MONEY]


def _columns_of(side: Side, total: int, money: Sequence[int]) -> tuple[int, ...]:
    path = side.columns[total]
    same = [at for at in money if at != total and side.unit(at) == side.unit(total)]
    below = {at: side.columns[at] for at in same if side.columns[at][: len(path)] == path}
    if path and below:
        return _group(path, below)
    depth = next((n for n in range(len(path) - 1, -1, -1) if _is_total(path[n])), None)
    if depth is None:
        return ()
    # 合计/预算数 is the sum of 甲/预算数 and 乙/预算数: what stands below the total's word.
    rest = path[depth + 1 :]
    beside = {
        at: side.columns[at][: len(side.columns[at]) - len(rest)]
        for at in same
        if side.columns[at][:depth] == path[:depth] and side.year(at) == side.year(total)
        if not rest or side.columns[at][depth:][-len(rest) :] == rest
    }
    return _group(path[:depth], beside)


def _is_total(word: str) -> bool:
    return is_total_word(word) or squeeze(word) in relations().totals


def _group(head: tuple[str, ...], columns: Paths) -> tuple[int, ...]:
    """The direct columns below `head`; of a deeper group its own total, else its columns."""
    groups: dict[str, dict[int, tuple[str, ...]]] = {}
    for at, path in columns.items():
        if len(path) > len(head):
            groups.setdefault(path[len(head)], {})[at] = path
    members: list[int] = []
    for word, inner in groups.items():
        if WHEREOF.match(word) or is_total_word(word) or is_change(word):
            continue
        own = [at for at, path in inner.items() if is_total_word(path[-1])]
        whole = [at for at, path in inner.items() if path == (*head, word)]
        members += (whole or own)[:1] or _group((*head, word), inner)
    return tuple(members)


def is_change(word: str) -> bool:
    flat = squeeze(word)
    return flat in relations().change or flat in relations().rate


def _row_checks(side: Side, total: int, members: tuple[int, ...]) -> Sequence[Check]:
    chosen = chosen_members(side, total, members)
    found = [
        check
        for row in side.rows
        if row.named
        if (check := sum_check(row.cells, total, chosen or members, sure=bool(chosen)))
    ]
    return found if chosen else found[:1]


def sum_check(
    cells: Mapping[int, Fact], total: int, members: Sequence[int], *, sure: bool = True
) -> Check | None:
    """One row's total against its parts; None where neither prints anything."""
    whole = cells.get(total)
    parts = [cells[at] for at in members if at in cells]
    printed = [(1, fact) for fact in parts if fact.value is not None]
    if whole is None or (not printed and not whole.value):
        return None
    names = "、".join("/".join(fact.column) for _, fact in printed) or "各分列"
    what = f"{named(whole)}应等于同行各列之和（{names}）"
    outcome = None if sure and printed else Outcome.UNCHECKED
    return equation_check("row sum", what, whole, printed, outcome=outcome)


def chosen_members(side: Side, total: int, members: tuple[int, ...]) -> tuple[int, ...]:
    """The members for which most rows add up: all, or all but one (a column that stands apart).

    Empty when neither does in a table of several rows: the head was not understood.
    """
    options = [members, *(tuple(m for m in members if m != out) for out in members)]
    counts = [_rows_holding(side, total, option) for option in options]
    holding, rows = counts[0]
    if rows <= 2 and not holding:
        pairs = zip(options, counts, strict=True)
        return next((option for option, (held, _) in pairs if held and held == rows), members)
    if rows <= 2 or holding >= rows - 1:
        return members
    best = max(range(len(options)), key=lambda at: (counts[at][0], -at))
    if counts[best][0] > holding and counts[best][0] * 4 >= rows * 3:
        return options[best]
    # Of a single part that differs again and again it is not known that it is all of the total.
    return members if holding * 2 >= rows and len(members) > 1 else ()


def _rows_holding(side: Side, total: int, members: Sequence[int]) -> tuple[int, int]:
    """In how many rows the members add up to the total, but for rounding; and of how many."""
    holding = rows = 0
    for row in side.rows:
        whole = row.cells.get(total)
        if whole is None or whole.value is None:
            continue
        rows += 1
        difference = whole.value - sum((row.value(at) for at in members), ZERO)
        facts = [row.cells[at] for at in (total, *members) if row.value(at)]
        holding += not difference or is_rounding(difference, facts)
    return holding, rows


# Changes


def change_checks(side: Side) -> Iterator[Check]:
    """增减额 = this year − last year, 增减% = 增减额 ÷ last year, row by row."""
    for column, pair in changes(side).items():
        rate = squeeze((side.columns[column] or ("",))[-1]) in relations().rate
        for row in side.rows:
            cells = [row.cells[at] for at in (column, *pair) if at in row.cells]
            if row.named and len(cells) == 3:
                yield from _change_check(*cells, rate=rate)


def changes(side: Side) -> dict[int, tuple[int, int]]:
    """Columns of changes by their heads, each with the columns of this year and of last year."""
    found = {
        at: _years(side, at) for at, path in enumerate(side.columns) if path and is_change(path[-1])
    }
    return {at: pair for at, pair in found.items() if pair is not None}


def _years(side: Side, column: int) -> tuple[int, int] | None:
    """The columns of this year and last year beside a column of changes."""
    head = side.columns[column][:-1]
    beside = [
        at
        for at in money_columns(side)
        if side.columns[at][:-1] == head and side.columns[at] and side.year(at)
        if not is_change((side.columns[at] or ("",))[-1])
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
        part = (this.value or ZERO) - last.value
        yield rate_check("change", change, part, last.value, (this, last))
