"""A fact of a table against the raw grid: value, label, head, path, unit of money, owner, code.

Each check takes the fact and the spot where its value should stand and returns the name of what
it found wrong, or None.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.fault import FaultName
from assistant.raw_document import RawDocument, RawTable, Row, Spot, name_of
from index.arrange import TABLE_NUMBER, table_number
from index.document import Cell, Place
from index.extract import YEAR
from index.fact import Fact, Kind, RowKind
from index.head import LEADING_UNIT, squeeze_head
from index.quantity import parse_number
from index.tabulate import GLUED
from index.words import ORDINAL, WHEREOF, key, lexicon, squeeze

SHORTEST_CUT = 5
"""Characters of a printed label that a completed one may begin with, as in `index.tabulate`."""
SHORTEST_OVERLAP = 5
"""Characters that a name completed from another shares with it, as in `index.goal_labels`."""
COMPLETED = re.compile(r"(?:^|；)印为：(.+)$")
INFERRED = "推定"
"""In the note of a fact whose unit no unit line gives."""
MOST_TITLE_CELLS = 2
"""A head row with no more than a title and a unit line prints no head words."""
MEMBERS = (RowKind.ITEM, RowKind.DETAIL, RowKind.GROUP, RowKind.PROJECT)
"""Rows that stand in a group."""
TOTALS = (RowKind.TOTAL, RowKind.TOTAL_REPEAT)

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


def is_nothing(cell: Cell) -> bool:
    """A square without a figure; a dash is none."""
    return cell.blank or (parse_number(cell.text) is None and not re.search(r"\w", cell.text))


def value_read(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    value = None if fact.kind is Kind.BLANK else parse_number(spot.cell.text)
    return None if value == fact.value else FaultName.VALUE


def operator_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Only targets have operators."""
    return FaultName.OPERATOR if fact.operator else None


# ---------------------------------------------------------------------------------- labels


def label_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """In the value's row, nearest to it of the row's labels, wrapped into the rows below."""
    if not fact.label_places:
        return repeat_stands(fact, spot)
    spots = spots_of(fact.label_places, raw)
    if not spots or not bears(fact, [name_of(at.cell.text) for at in spots], raw):
        return FaultName.LABEL
    if fact.label_places[0] in fact.header_places:
        return None  # a side word of a form: `header_stands` holds it against the value
    first = spots[0]
    wrapped = [(at.row - first.row, at.column - first.column) for at in spots]
    beside = first.table is spot.table and first.row == spot.row and first.column < spot.column
    if not beside or wrapped != [(down, 0) for down in range(len(spots))]:
        return FaultName.LABEL
    return FaultName.LABEL if rival_between(first, spot) else None


def spots_of(places: Sequence[Place], raw: RawDocument) -> list[Spot]:
    """Empty if one of the places is no cell."""
    found = [raw.spots.get(place) for place in places]
    return [spot for spot in found if spot] if all(found) else []


def bears(fact: Fact, names: Sequence[str], raw: RawDocument) -> bool:
    """The printed pieces are the fact's label, or the note says how it was printed (cut)."""
    printed = "".join(names)
    if printed == fact.label:
        return True
    cut = COMPLETED.search(fact.note)
    return cut is not None and cut[1] == printed and is_completed(printed, fact.label, raw)


def is_completed(printed: str, label: str, raw: RawDocument) -> bool:
    """A label cut at the column's edge, printed whole elsewhere; or its end printed there."""
    if len(label) <= len(printed) or not key(label).startswith(key(printed)):
        return False
    if label in raw.labels or key(label) in raw.label_keys:
        return len(printed) >= SHORTEST_CUT
    tail = squeeze(label)[-(len(label) - len(printed) + SHORTEST_OVERLAP) :]
    return any(tail in squeeze(name) for name in raw.labels)


def rival_between(label: Spot, spot: Spot) -> bool:
    """Another label stands nearer to the value: that of the other side of the table."""
    between = range(label.column + 1, spot.column)
    return any(
        column in spot.table.name_columns and is_text(spot.cells[column]) for column in between
    )


def is_text(cell: Cell) -> bool:
    return not is_nothing(cell) and parse_number(cell.text) is None


def repeat_stands(fact: Fact, spot: Spot) -> FaultName | None:
    """A row without a label: it repeats the figures of the labelled row above it."""
    if any(is_text(cell) for cell in side_of(spot)):
        return FaultName.LABEL
    if not fact.label:
        return None
    table, row = spot.table, spot.row - 1
    above = table.cell(row, spot.column)
    same = above is not None and above.text.strip() == spot.cell.text.strip()
    labels = [name_of(cell.text) for cell in table.rows[row] if is_text(cell)] if row >= 0 else []
    return None if same and fact.label in labels else FaultName.LABEL


def side_of(spot: Spot) -> Row:
    """The cells left of the value, from its side's label column on."""
    columns = [at for at in spot.table.name_columns if at < spot.column]
    return spot.cells[max(columns, default=0) : spot.column]


# ----------------------------------------------------------------------------------- heads


def header_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The leaf above the value's own square, outer words at or left of it, none left out."""
    if not fact.column and not fact.header_places:
        return None
    heads = spots_of(fact.header_places, raw)
    if len(heads) != len(fact.column) or not heads:
        return FaultName.HEADER
    told = all(says(head.cell, word) for head, word in zip(heads, fact.column, strict=True))
    above = all(head.table is spot.table and head.row < spot.row for head in heads)
    rows = [head.row for head in heads]
    if not told or not above or rows != sorted(rows):
        return FaultName.HEADER
    leaf = heads[-1]
    sides = [head for head in heads[:-1] if head.cell.place not in fact.label_places]
    if not covers(leaf, spot.column) or not all(reaches(head, spot.column) for head in sides):
        return FaultName.HEADER
    return FaultName.HEADER if untold_head(fact, leaf, spot) else None


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


# ------------------------------------------------------------------------------------ path


def parents_stand(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The groups of the path are printed above, the last of them with none of its like between;
    and none is left out."""
    if fact.label and (not fact.row_path or fact.row_path[-1] != fact.label):
        return FaultName.PATH
    parents = fact.row_path[:-1]
    owned = bool(fact.unit_name) and key(fact.row_path[0]) == key(fact.unit_name)
    if fact.unit_name and not owned and fact.row_kind not in (*TOTALS, RowKind.SUBTOTAL):
        return FaultName.PATH
    parents = parents[1:] if owned else parents
    start = label_spot(fact, spot, raw)
    found = [printed_above(parent, start, raw) for parent in reversed(parents)]
    if None in found or (found and found[0] and is_rivalled(found[0], start)):
        return FaultName.PATH
    group = group_above(fact, start)
    if group is None or (is_unit_row(group) and (parents or owned)):
        return None
    return None if found and found[0] and found[0].row == group.row else FaultName.PATH


def group_above(fact: Fact, start: Spot) -> Spot | None:
    """The row above that must be told as the row's group: whose code begins the row's; without
    codes and ordinals of its own a row with an ordinal; else the budget unit's."""
    table, code = start.table, row_code(start)
    rows = range(start.row - 1, -1, -1)
    above = [Spot(table=table, row=row, column=start.column) for row in rows]
    above = [at for at in above if at.column < len(at.cells) and is_text(at.cell)]
    if fact.row_kind not in MEMBERS:
        return None
    if code:
        same = (at for at in above if table.owners[at.row] == table.owners[start.row])
        found = next((at for at in same if is_within(code, row_code(at))), None)
        return found or next((at for at in above if is_unit_row(at)), None)
    if fact.row_kind is not RowKind.ITEM or ORDINAL.match(start.cell.text):
        return None
    totals = (*lexicon("headers")["total"], *lexicon("headers")["subtotal"])
    ends = (at for at in above if ORDINAL.match(at.cell.text) or squeeze(at.cell.text) in totals)
    nearest = next(ends, None)
    return nearest if nearest and ORDINAL.match(nearest.cell.text) else None


def is_unit_row(at: Spot | None) -> bool:
    """The row is a budget unit's own."""
    owner = at.table.owner_in(at.row) if at else None
    return bool(owner and at and key(name_of(at.cell.text)) == key(owner.name))


def is_within(code: str, group: str) -> bool:
    return bool(group) and len(code) > len(group) and code.startswith(group)


def label_spot(fact: Fact, spot: Spot, raw: RawDocument) -> Spot:
    found = raw.spots.get(fact.label_places[0]) if fact.label_places else None
    return found if found and found.table is spot.table else spot


def printed_above(name: str, start: Spot, raw: RawDocument) -> Spot | None:
    """The nearest row above, of the same budget unit, that bears the name, whole or cut, in the
    label's column."""
    owners = start.table.owners
    for row in range(start.row - 1, -1, -1):
        cell = start.table.cell(row, start.column)
        if cell is None or not is_text(cell) or owners[row] != owners[start.row]:
            continue
        printed = name_of(cell.text)
        if printed == name or is_wrapped(name, printed, row, start):
            return Spot(table=start.table, row=row, column=start.column)
        if len(printed) >= SHORTEST_CUT and is_completed(printed, name, raw):
            return Spot(table=start.table, row=row, column=start.column)
    return None


def is_wrapped(name: str, printed: str, row: int, start: Spot) -> bool:
    """The name runs on in the next row."""
    below = start.table.cell(row + 1, start.column)
    return below is not None and name.startswith(printed) and printed + name_of(below.text) == name


def is_rivalled(parent: Spot, start: Spot) -> bool:
    """The parent has the row's own form (ordinal, length of code), or another one that has the
    parent's stands nearer; where both have codes these decide."""
    table, column = parent.table, start.column
    codes = row_code(parent), row_code(start)
    if all(codes):
        return not codes[1].startswith(codes[0])
    form = form_of(parent)
    if form == form_of(start) and not is_unit_row(parent):
        return True
    between = range(parent.row + 1, start.row)
    spots = [Spot(table=table, row=row, column=column) for row in between]
    return any(is_text(at.cell) and form_of(at) == form for at in spots if len(at.cells) > column)


def form_of(spot: Spot) -> tuple[bool, bool, int]:
    text = spot.cell.text
    return bool(ORDINAL.match(text)), bool(WHEREOF.match(text)), len(row_code(spot))


def row_code(spot: Spot) -> str:
    """The class code of a row: split over columns, or whole in one of them."""
    units = {unit.code for unit in spot.table.units}
    words = [squeeze(cell.text) for cell in spot.cells[: spot.column]]
    parts = [word for word in words if re.fullmatch(r"\d{2,}", word) and word not in units]
    whole = [word for word in parts if len(word) >= SHORTEST_CUT]
    return whole[-1] if whole else "".join(parts)


# ----------------------------------------------------------------- unit, owner, table, year


def unit_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The unit of the head, else of the table's unit line, else one that was inferred."""
    headed = head_unit(fact.column)
    if headed or spot.table.unit:
        counted = fact.kind is Kind.COUNT and not fact.unit
        same = fact.unit == (headed or spot.table.unit)
        return None if same or counted else FaultName.UNIT
    return None if is_unit_without_line(fact, spot, raw) else FaultName.UNIT


def is_unit_without_line(fact: Fact, spot: Spot, raw: RawDocument) -> bool:
    """None, the one said when the document was added, or one inferred: a figure of the row is
    printed elsewhere in that unit."""
    if fact.unit in (raw.document.given_unit, ""):
        return True
    numbers = {parse_number(cell.text) for cell in spot.cells} - {None}
    return INFERRED in fact.note and bool(numbers & raw.amounts(fact.unit))


def head_unit(column: Sequence[str]) -> str:
    for word in reversed(column):
        if found := LEADING_UNIT.search(squeeze(word)):
            return found[1]
        if "%" in word or squeeze(word) in lexicon("headers")["percent"]:
            return "%"
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


def code_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The code is that of the row, or glued before the label."""
    if not fact.code or fact.code == row_code(spot):
        return None
    words = (squeeze(cell.text) for cell in spot.cells[: spot.column])
    glued = any((found := GLUED.match(word)) and found[1] == fact.code for word in words)
    return None if glued else FaultName.CODE


def table_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Number and title of the caption (or of the sheet)."""
    lines = spot.table.said_above
    numbers = [table_number(found[1]) for line in lines if (found := TABLE_NUMBER.match(line))]
    titled = not fact.title or any(squeeze(fact.title) in line for line in lines)
    numbered = fact.table in numbers if numbers else True
    return None if titled and numbered else FaultName.TABLE


def year_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    return None if fact.year == year_of(fact.column, raw.year) else FaultName.YEAR


def year_of(column: Sequence[str], year: int | None) -> int | None:
    """The year that the column's head says, else the document's."""
    for word in reversed(column):
        if found := YEAR.search(word):
            return int(found[1])
        if year is not None and squeeze(word).startswith(("上年预算", "上年执行", "上年决算")):
            return year - 1
    return year
