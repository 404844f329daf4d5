"""Where a measure stands in the tables: the total of a side, one of its rows or columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.check_relations import At, Measure, has_words, is_figures_head, is_planned, relations
from index.check_rows import ZERO, Book, Row, Side
from index.check_words import named, printed_value, where
from index.fact import Fact, Kind, RowKind
from index.words import lexicon, squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One figure, or the sum of several, that stands for a measure or a part of it."""

    facts: tuple[Fact, ...]
    value: Decimal
    """In 元."""
    less: bool = False
    """The first less the second."""

    @property
    def words(self) -> str:
        if len(self.facts) == 1:
            return named(self.facts[0])
        if self.less:
            return f"{named(self.facts[0])}减{named(self.facts[1])}"
        tables: dict[str, list[Fact]] = {}
        for fact in self.facts:
            tables.setdefault(fact.table, []).append(fact)
        words = (f"{table}{where(f.place for f in facts)}" for table, facts in tables.items())
        heads = dict.fromkeys("/".join(fact.column) for fact in self.facts)
        return f"{'、'.join(words)}之和（“{'”“'.join(heads)}”）"

    @property
    def shown(self) -> str:
        return (" − " if self.less else " + ").join(map(printed_value, self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a measure stands: a column of a side, and the row or rows that are its total."""

    side: Side
    column: int
    rows: tuple[int, ...]
    amount: Amount
    total: bool = True
    """It is the total of its table, not one row or one column of it."""
    others: tuple[Amount, ...] = ()
    """What else may be meant by the total: 本年收入合计 beside 收入总计."""


def spots_of(measure: Measure, book: Book, year: int | None = None) -> tuple[Spot, ...]:
    """Every place of a measure with a figure, in the order of relations.toml."""
    found: list[Spot] = []
    for at in measure.at:
        for side in book.sides:
            if at.in_title(side.title) and _is_side(side, at, book):
                spot = _spot(side, at, book, year or book.year)
                seen = any(s.side is side and s.column == spot.column for s in found if spot)
                if spot and not seen:
                    found.append(spot)
    return _together(found, book) if measure.several and len(found) > 1 else tuple(found)


def _together(spots: Sequence[Spot], book: Book) -> tuple[Spot, ...]:
    """Tables that each print a part, as one place of the whole; each part may be meant too."""
    amount = amount_of([fact for spot in spots for fact in spot.amount.facts], book)
    parts = tuple(spot.amount for spot in spots)
    return (replace(spots[0], amount=amount, others=parts),) if amount else ()


def _is_side(side: Side, at: At, book: Book) -> bool:
    """The side's heads say 收入 or 支出; where none does, income stands left."""
    own = [s for s in book.sides if (s.number, s.title) == (side.number, side.title)]
    if not at.side:
        return len(own) == 1 or [s for s in own if _has_total(s)] == [side]
    told = [any(at.side in squeeze(path[0]) for path in s.columns if path) for s in own]
    if any(told):
        return told[own.index(side)]
    return len(own) == 2 and own.index(side) == (0 if at.side == "收入" else 1)


def _has_total(side: Side) -> bool:
    return any(row.kind is RowKind.TOTAL for row in side.rows)


def _spot(side: Side, at: At, book: Book, year: int | None) -> Spot | None:
    column = column_of(side, at, year, planned=book.budget.account != "final")
    if column is None:
        return None
    rows, others = _rows(side, at)
    amount = amount_at(side, rows, column, book)
    if amount is None:
        return None
    found = (amount_at(side, (row,), column, book) for row in others)
    return Spot(
        side=side,
        column=column,
        rows=rows,
        amount=amount,
        total=not at.row and not at.column,
        others=tuple(other for other in found if other is not None),
    )


def amount_at(side: Side, rows: Sequence[int], column: int, book: Book) -> Amount | None:
    cells = [side.rows[at].cells.get(column) for at in rows]
    return amount_of([cell for cell in cells if cell is not None and cell.value is not None], book)


def amount_of(facts: Sequence[Fact], book: Book) -> Amount | None:
    if not facts:
        return None
    return Amount(facts=tuple(facts), value=sum(map(book.amount, facts), ZERO))


def column_of(side: Side, at: At, year: int | None, *, planned: bool = True) -> int | None:
    """The column with the words asked for, else the one of the whole, of the year.

    `planned`: of two, that of the plan (预算数), not that of what was spent (决算数).
    """
    money = [n for n in range(len(side.columns)) if side.kind(n) is Kind.MONEY]
    own = [n for n in money if side.year(n) in (year, None) and not _is_change(side.columns[n])]
    own = [n for n in own if is_planned(side.columns[n]) is planned] or own
    if at.column:
        named_so = [
            n for n in own if has_words("/".join(side.columns[n]), at.column, at.column_without)
        ]
        return next(iter(named_so), None)
    return main_column(side, own)


def _is_change(path: Sequence[str]) -> bool:
    flat = squeeze(path[-1]) if path else ""
    words = relations()
    return flat in words.change or flat in words.rate or any(w in flat for w in words.compared)


def main_column(side: Side, columns: Sequence[int]) -> int | None:
    """合计 before 预算数 before 小计, less deep heads first; of columns that say none of these, the
    only one."""
    main = lexicon("headers")["main"]
    own = [at for at in columns if not _is_change(side.columns[at])]

    def order(at: int) -> tuple[int, int, int]:
        path = side.columns[at]
        leaf = re.sub(r"^\d{4}年度?", "", squeeze(path[-1])) if path else ""
        ends = [n for n, word in enumerate(main) if leaf.endswith(word) or is_figures_head(leaf)]
        return (main.index(leaf) if leaf in main else min(ends, default=len(main)), len(path), at)

    best = min(own, key=order, default=None)
    unsure = best is not None and order(best)[0] == len(main) and len(own) > 1
    return None if unsure else best


def _rows(side: Side, at: At) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows that are (or add up to) what is asked for, and the totals beside it."""
    if at.row:
        named_so = (
            n
            for n, row in enumerate(side.rows)
            if not row.totals and has_words(path_words(side, n), at.row, at.row_without)
        )
        return tuple(named_so)[:1], ()
    if side.goals and (found := _goal_rows(side)):
        return found, ()
    totals = [n for n, row in enumerate(side.rows) if row.kind is RowKind.TOTAL]
    grand = [n for n in totals if squeeze(side.rows[n].label) in lexicon("headers")["grand"]]
    loose = [n for n, row in enumerate(side.rows) if side.parents[n] is None and row.label]
    if chosen := (grand or totals)[:1]:
        others = [n for n in loose if n not in chosen and _of_year(side.rows[n])]
        return (chosen[0],), tuple(others)
    roots = [n for n in loose if side.rows[n].kind is not RowKind.TOTAL_REPEAT]
    footings = [n for n in roots if side.rows[n].totals]
    rows = tuple(n for n in roots if not footings or n >= footings[-1])
    return rows, tuple(n for n in roots if _of_year(side.rows[n]))


def _goal_rows(side: Side) -> tuple[int, ...]:
    """The department's own row in a table of goals, else all its projects."""
    units = [n for n, r in enumerate(side.rows) if r.kind is RowKind.UNIT and not r.unit_name]
    projects = [n for n, r in enumerate(side.rows) if r.kind is RowKind.PROJECT]
    return tuple(units[:1] or projects)


def _of_year(row: Row) -> bool:
    """本年收入合计, 本年支出: the total without what is carried over."""
    return squeeze(row.label).startswith("本年")


def path_words(side: Side, at: int) -> str:
    labels = [side.rows[above].label for above in side.above(at)]
    return "/".join((*reversed(labels), side.rows[at].label))
