"""The groups of a table's row against the raw grid: printed above it, the nearest of their kind,
none left out; and the row's code.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.fault import FaultName
from assistant.prove_label import SHORTEST_CUT, TOTALS, is_completed, is_text
from assistant.raw_document import RawDocument
from assistant.raw_table import Spot, name_of
from index.fact import Fact, RowKind
from index.quantity import parse_number
from index.reading import ordinal_form
from index.tabulate import GLUED, indent_of
from index.totals import is_under, whole_of
from index.words import ORDINAL, WHEREOF, key, lexicon, squeeze, tidy

CODE = re.compile(r"\d{1,9}")
MEMBERS = (RowKind.ITEM, RowKind.DETAIL, RowKind.GROUP, RowKind.PROJECT)
"""Rows that stand in a group."""


def parents_stand(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The groups of the path are printed above, the last of them with none of its like between;
    and none is left out."""
    if fact.label and (not fact.row_path or fact.row_path[-1] != fact.label):
        return FaultName.PATH
    parents = fact.row_path[:-1]
    if fact.row_kind is RowKind.INDICATOR:
        return None if beside(parents, label_spot(fact, spot, raw)) else FaultName.PATH
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


def beside(parents: Sequence[str], start: Spot) -> bool:
    """A measure of performance stands under the goals printed left of it in its row."""
    left = {tidy(cell.text) for cell in start.cells[: start.column] if is_text(cell)}
    return set(parents) == left


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
    owners, table = start.table.owners, start.table
    names: dict[int, str] = {}
    for row in range(start.row - 1, -1, -1):
        cell = table.cell(row, start.column)
        if cell is not None and is_text(cell) and owners[row] == owners[start.row]:
            names[row] = name_of(cell.text)
    whole = (row for row, printed in names.items() if printed == name)
    broken = (
        row
        for row, printed in names.items()
        if is_wrapped(name, printed, row, start)
        or (len(printed) >= SHORTEST_CUT and is_completed(printed, name, raw))
    )
    found = next(whole, None)
    found = next(broken, None) if found is None else found
    return None if found is None else Spot(table=table, row=found, column=start.column)


def is_wrapped(name: str, printed: str, row: int, start: Spot) -> bool:
    """The name runs on in the next row."""
    below = start.table.cell(row + 1, start.column)
    return below is not None and name.startswith(printed) and printed + name_of(below.text) == name


def is_rivalled(parent: Spot, start: Spot) -> bool:
    """The parent has the row's own form (of ordinal, length of code), or another one that has the
    parent's stands nearer; where both have codes these decide."""
    table, column = parent.table, start.column
    codes = row_code(parent), row_code(start)
    if all(codes):
        return not (codes[1].startswith(codes[0]) or is_under(codes[1], codes[0]))
    if is_heading(parent, start):
        return False
    form = form_of(parent)
    if form == form_of(start) and not is_unit_row(parent):
        return True
    between = range(parent.row + 1, start.row)
    spots = [Spot(table=table, row=row, column=column) for row in between]
    return any(is_text(at.cell) and form_of(at) == form for at in spots if len(at.cells) > column)


def is_heading(parent: Spot, start: Spot) -> bool:
    """A row that stands further left than all below it down to `start`, or one without figures
    whose total stands at `start` or below."""
    table, column = parent.table, start.column
    rows = range(parent.row + 1, start.row + 1)
    labels = [cell.text for row in rows if (cell := table.cell(row, column)) and is_text(cell)]
    if all(indent_of(text) > indent_of(parent.cell.text) for text in labels):
        return True
    if any(parse_number(cell.text) is not None for cell in parent.cells):
        return False
    below = (table.cell(row, column) for row in range(start.row, len(table.rows)))
    wholes = (whole_of(cell.text) for cell in below if cell is not None)
    return squeeze(name_of(parent.cell.text)) in wholes


def form_of(spot: Spot) -> tuple[str, bool, int]:
    text = spot.cell.text.strip()
    return ordinal_form(text), bool(WHEREOF.match(text)), len(row_code(spot))


def row_code(spot: Spot) -> str:
    """The class code of a row: split over columns (类, 款, 项), whole in one of them, or glued
    before the label."""
    columns = code_columns(spot)
    words = {at: squeeze(spot.cells[at].text) for at in columns}
    parts = {at: word for at, word in words.items() if at in spot.table.code_parts}
    whole = [word for word in words.values() if len(word) >= SHORTEST_CUT]
    if whole or any(words.values()):
        split = joined_code(parts, spot) if any(parts.values()) else "".join(words.values())
        return whole[-1] if whole else split
    units = {unit.code for unit in spot.table.units}
    glued = GLUED.match(squeeze(spot.cell.text)) if spot.column < len(spot.cells) else None
    return glued[1] if glued and glued[1] not in units else ""


def code_columns(spot: Spot) -> list[int]:
    """Left of the label, up to the figures of another side: the cells that are codes, or blank
    under a head of parts of codes."""
    units = {unit.code for unit in spot.table.units}
    found: list[int] = []
    for at in range(min(spot.column, len(spot.cells)) - 1, -1, -1):
        word = squeeze(spot.cells[at].text)
        is_code = CODE.fullmatch(word) and word not in units
        if is_code or (not word and at in spot.table.code_parts):
            found.insert(0, at)
        elif parse_number(word) is not None and word not in units:
            break
    return found


def joined_code(words: Mapping[int, str], spot: Spot) -> str:
    """201 | 3 | 50: a workbook drops the zero of 03; a blank part is that of the row above."""
    last = max(at for at, word in words.items() if word)
    first = min(words)
    parts = {at: word or printed_over(at, spot) for at, word in words.items() if at <= last}
    return "".join(word.zfill(2) if word and at > first else word for at, word in parts.items())


def printed_over(column: int, spot: Spot) -> str:
    above = (spot.table.cell(row, column) for row in range(spot.row - 1, -1, -1))
    filled = (squeeze(cell.text) for cell in above if cell is not None and not cell.blank)
    word = next(filled, "")
    return word if CODE.fullmatch(word) else ""


def code_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The code is that of the row, or glued before the label."""
    start = label_spot(fact, spot, raw)
    glued = GLUED.match(squeeze(start.cell.text))
    known = {row_code(start), glued[1] if glued else ""}
    return None if not fact.code or fact.code in known else FaultName.CODE
