"""What adds up to what in one column of a printed table, told from codes, units and ordinals.

Written for the measure alone: it shares nothing with the checks that the index makes itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.document import Place
from index.fact import Fact, RowKind, Table

ORDINALS = (
    re.compile(r"第?[一二三四五六七八九十]+[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"\d+[、.．]"),
    re.compile(r"[（(]\d+[）)]"),
)
"""Outermost first."""
WHEREOF = re.compile(r"其中[：:]")
BELOW_ITEMS = {RowKind.DETAIL, RowKind.PROJECT}
ITEMS = {RowKind.ITEM, RowKind.SUBTOTAL, RowKind.GROUP}
TOTAL = re.compile(r"(合计|总计)$|^[合总]计")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of one column; rows without a figure hold their parts together all the same."""

    fact: Fact
    printed: str
    """The label as it stands in the table, ordinal and all."""
    deep: int
    """Below its neighbours by ordinal; 0 for none."""

    @property
    def code(self) -> str:
        return self.fact.code if self.fact.code.isdigit() else ""

    @property
    def total(self) -> bool:
        coded = self.code or self.fact.row_kind is RowKind.UNIT
        return not coded and bool(TOTAL.search(re.sub(r"\s", "", self.printed)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    whole: Row
    parts: tuple[Row, ...]


def rows_of(facts: Sequence[Fact], table: Table | None) -> tuple[Row, ...]:
    """The rows of one column in their order."""
    printed = labels_of(table) if table else {}
    rows = []
    for fact in sorted(facts, key=lambda fact: fact.row):
        said = "".join(printed.get(place, "") for place in fact.label_places[:1]) or fact.label
        rows.append(Row(fact=fact, printed=said, deep=depth(said)))
    return level(rows)


def labels_of(table: Table) -> Mapping[Place, str]:
    return {cell.place: cell.text for row in table.rows for cell in row if not cell.spread}


def depth(label: str) -> int:
    """1 for 一、, 2 for （一）, 3 for 1., 4 for （1）, 0 for none; 其中 does not count."""
    bare = WHEREOF.sub("", re.sub(r"\s", "", label))
    return next((at for at, o in enumerate(ORDINALS, start=1) if o.match(bare)), 0)


def level(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Depths counted from the shallowest of the table, rows without an ordinal at the top."""
    least = min((row.deep for row in rows if row.deep), default=1)
    return tuple(replace(row, deep=max(0, row.deep - least)) for row in rows)


def sums_of(rows: Sequence[Row]) -> Iterator[Sum]:
    """Each row with the rows that add up to it; nothing for rows without parts."""
    parents = parents_of(rows)
    for at, row in enumerate(rows):
        parts = tuple(rows[child] for child, parent in parents.items() if parent == at)
        if parts and not row.total:
            yield Sum(whole=row, parts=parts)
    yield from totals_of([(row, at in parents) for at, row in enumerate(rows)])


def parents_of(rows: Sequence[Row]) -> Mapping[int, int]:
    """Index of a row → index of the row it is a part of, where that is no total."""
    found = {}
    for at, row in enumerate(rows):
        parent = None if row.total else parent_of(rows, at)
        if parent is not None:
            found[at] = parent
    return found


def parent_of(rows: Sequence[Row], at: int) -> int | None:
    row = rows[at]
    if row.fact.row_kind is RowKind.UNIT:
        return None
    before = [
        (place, other)
        for place, other in enumerate(rows[:at])
        if not other.total and other.fact.unit_name == row.fact.unit_name
    ]
    if row.fact.row_kind in BELOW_ITEMS:
        above = [p for p, o in before if o.fact.row_kind in ITEMS]
        if above:
            return above[-1]
    elif row.code:
        above = [p for p, o in before if is_above(o.code, row.code)]
        if above:
            return max(above, key=lambda place: (len(rows[place].code), place))
    elif row.deep:
        above = [p for p, o in before if o.deep < row.deep and not o.code]
        return above[-1] if above else None
    units = [p for p, o in before if o.fact.row_kind is RowKind.UNIT]
    return units[-1] if units else None


def is_above(code: str, below: str) -> bool:
    return bool(code) and below != code and below.startswith(code)


def totals_of(rows: Sequence[tuple[Row, bool]]) -> Iterator[Sum]:
    """Totals with the top rows since the last total, or, of a total that stands first, with all
    until the next; a total of a total goes on from there. Rows marked True are parts already."""
    at_totals = [at for at, (row, _) in enumerate(rows) if row.total]
    for before, at in pairwise([-1, *at_totals]):
        whole = rows[at][0]
        parts = tops(rows[max(before, 0) : at])
        if not parts:
            end = next((t for t in at_totals if t > at), len(rows))
            parts = tops(rows[at + 1 : end])
        if parts:
            yield Sum(whole=whole, parts=parts)


def tops(rows: Sequence[tuple[Row, bool]]) -> tuple[Row, ...]:
    return tuple(row for row, part in rows if not part)
