"""A fact of a table against the raw grid: value, label, head, path, unit of money, owner, code.

Each check takes the fact and the spot where its value should stand and returns the name of what
it found wrong, or None.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from assistant.fault import FaultName
from assistant.prove_label import TOTALS, is_nothing, is_text, label_stands, spots_of
from assistant.prove_path import code_stands, parents_stand
from assistant.raw_document import RawDocument
from assistant.raw_table import RawTable, Spot
from index.caption import TABLE_NUMBER, printed_number, table_number
from index.document import Cell
from index.fact import Fact, Kind, RowKind
from index.goal_words import goal_of
from index.head import LEADING_UNIT, squeeze_head
from index.money import counted_in, unit_in
from index.quantity import parse_number
from index.words import WHEREOF, key, lexicon, squeeze
from index.years import is_year_line, relative_year, year_in

INFERRED = "推定"
"""In the note of a fact whose unit no unit line gives."""
MOST_TITLE_CELLS = 2
"""A head row with no more than a title and a unit line prints no head words."""
Check = Callable[[Fact, Spot, RawDocument], FaultName | None]


def prove_cell(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The first thing wrong with a fact of an ordinary table."""
    checks: tuple[Check, ...] = (
        printed_stands,
        value_read,
        operator_stands,
        label_stands,
        header_stands,
        parents_stand,
        unit_stands,
        owner_stands,
        code_stands,
        table_stands,
        year_stands,
    )
    return first_fault(checks, fact, spot, raw)


def first_fault(
    checks: Iterable[Check], fact: Fact, spot: Spot, raw: RawDocument
) -> FaultName | None:
    found = (check(fact, spot, raw) for check in checks)
    return next((fault for fault in found if fault is not None), None)


def printed_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    if fact.kind is Kind.BLANK:
        return None if is_nothing(spot.cell) else FaultName.BLANK
    return None if spot.cell.text.strip() == fact.printed else FaultName.PRINTED


def value_read(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    goal = goal_of(spot.cell.text) if fact.row_kind is RowKind.INDICATOR else None
    value = goal.value if goal else parse_number(spot.cell.text)
    value = None if fact.kind is Kind.BLANK else value
    return None if value == fact.value else FaultName.VALUE


def operator_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Only targets have operators."""
    goal = goal_of(spot.cell.text) if fact.row_kind is RowKind.INDICATOR else None
    return None if fact.operator == (goal.operator if goal else "") else FaultName.OPERATOR


# ----------------------------------------------------------------------------------- heads


def header_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The leaf above the value's own square, outer words at or left of it, none left out."""
    if not fact.column and not fact.header_places:
        return None
    heads = heads_above(fact, spot, raw)
    rows = [head.row for head in heads]
    if not heads or rows != sorted(rows):
        return FaultName.HEADER
    leaf = heads[-1]
    sides = [head for head in heads[:-1] if head.cell.place not in fact.label_places]
    if not covers(leaf, spot.column) or not all(reaches(head, spot.column) for head in sides):
        return FaultName.HEADER
    return FaultName.HEADER if untold_head(fact, leaf, spot) else None


def heads_above(fact: Fact, spot: Spot, raw: RawDocument) -> list[Spot]:
    """The head cells of the fact; empty unless each says its word and stands above the value."""
    heads = spots_of(fact.header_places, raw)
    if len(heads) != len(fact.column):
        return []
    told = all(says(head.cell, word) for head, word in zip(heads, fact.column, strict=True))
    above = all(head.table is spot.table and head.row < spot.row for head in heads)
    return heads if told and above else []


def says(cell: Cell, word: str) -> bool:
    flat = squeeze_head(cell.text)
    return word in (flat, WHEREOF.sub("", flat).rstrip(":："))


def covers(head: Spot, column: int) -> bool:
    """The head cell stands above the column, or a merged cell's copy does."""
    cell = head.table.cell(head.row, column)
    return cell is not None and cell.place == head.cell.place


def reaches(head: Spot, column: int) -> bool:
    """Nothing but blanks (and its own copies) between an outer head and the column."""
    between = (head.table.cell(head.row, at) for at in range(head.column + 1, column + 1))
    own = head.cell.place
    return head.column <= column and all(
        cell is None or cell.blank or cell.place == own for cell in between
    )


def untold_head(fact: Fact, leaf: Spot, spot: Spot) -> bool:
    """A head word above the value that the column does not tell, or a later head that differs."""
    table, column = spot.table, spot.column
    for row in range(spot.row):
        cell = table.cell(row, column)
        if cell is None or cell.spread or not is_text(cell):
            continue
        if any(says(cell, word) for word in fact.column):
            continue
        inside = row < table.head_rows and len(table.printed[row]) > MOST_TITLE_CELLS
        if inside or (row > leaf.row and is_head_again(table, leaf.row, row)):
            return True
    return False


def is_head_again(table: RawTable, head: int, row: int) -> bool:
    """The head printed again on a new page: most of its words, in whatever columns."""
    words = {squeeze(cell.text) for cell in table.printed[head]}
    again = {squeeze(cell.text) for cell in table.printed[row]}
    return len(words) > 1 and len(words & again) * 2 > len(words)


# ----------------------------------------------------------------- unit, owner, table, year


def unit_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The unit of the head, else of the table's unit line, else one that was inferred; of a
    measure of performance that of its cell or its row."""
    if fact.row_kind is RowKind.INDICATOR:
        return None if measured_in(fact, spot) else FaultName.UNIT
    headed = head_unit(fact.column)
    if headed or spot.table.unit:
        counted = fact.kind is Kind.COUNT and not fact.unit
        same = fact.unit == (headed or spot.table.unit)
        return None if same or counted else FaultName.UNIT
    return None if is_unit_without_line(fact, spot, raw) else FaultName.UNIT


def is_unit_without_line(fact: Fact, spot: Spot, raw: RawDocument) -> bool:
    """None, the one said when the document was added, or one inferred: a figure of the row is
    printed elsewhere in that unit."""
    if fact.unit in (raw.document.given_unit, "", spot.table.currency):
        return True
    numbers = {parse_number(cell.text) for cell in spot.cells} - {None}
    return INFERRED in fact.note and bool(numbers & raw.amounts(fact.unit))


def measured_in(fact: Fact, spot: Spot) -> bool:
    goal = goal_of(spot.cell.text)
    printed = {key(cell.text) for cell in spot.cells if cell.place != spot.cell.place}
    own = goal.unit if goal else head_unit(fact.column)
    return key(fact.unit) == key(own) if own else not fact.unit or key(fact.unit) in printed | {""}


def head_unit(column: Sequence[str]) -> str:
    for word in reversed(column):
        if found := LEADING_UNIT.search(squeeze(word)):
            return found[1]
        if "%" in word or squeeze(word) in lexicon("headers")["percent"]:
            return "%"
        if said := counted_in(word) or (unit_in(word) if word.endswith((")", "]")) else ""):
            return said
    return ""


def owner_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The budget unit of the row, or the last printed above it, is the fact's. A form of goals is
    the whole department's."""
    table, name = spot.table, key(fact.unit_name)
    if not name and (fact.row_kind in TOTALS or table.is_form):
        return None
    owner = None if table.is_form else table.owners[spot.row]
    expected = key(owner.name) if owner and not owner.whole else ""
    if expected == name:
        return None
    captioned = any(key(line).endswith(name) for line in table.caption)
    part = name and name != key(raw.document.institution)
    return None if captioned and part and not expected else FaultName.OWNER


def table_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Number and title of the caption; a table without a number may be named by its sheet or by a
    heading above."""
    table = spot.table
    numbers = [numbered for line in table.said_above if (numbered := number_of(line))]
    sheet = [squeeze(table.sheet)] if table.sheet else []
    above = [] if numbers else map(squeeze, table.above)
    lines = [*table.said_above, *sheet, *above]
    joined = [one + other for one, other in pairwise(table.said_above)]
    titled = not fact.title or any(squeeze(fact.title) in line for line in (*lines, *joined))
    names = (fact.table, printed_number(fact.table))
    known = (*numbers, *map(number_of, sheet)) if numbers else (fact.title, *map(number_of, sheet))
    return None if titled and any(name in known for name in names) else FaultName.TABLE


def number_of(line: str) -> str:
    found = TABLE_NUMBER.match(line)
    return table_number(found[1]) if found else ""


def year_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    return None if fact.year == year_of(fact, raw.year) else FaultName.YEAR


def year_of(fact: Fact, year: int | None) -> int | None:
    """The year that the column's head says, or a label that is a year; else the document's."""
    if is_year_line(re.sub("(?:预算|决算|执行|完成|安排)?数?$", "", squeeze(fact.label))):
        return year_in(fact.label)
    for word in reversed(fact.column):
        if (named := year_in(word)) is not None:
            return named
        if year is not None and (offset := relative_year(word)) is not None:
            return year + offset
    return year
