"""A fact of a performance-goal table against the raw row: by order and type, columns wander.

Name, operator, value and measure stand side by side in this order; the project is the last one
printed at or above the row.
"""

import re
from collections.abc import Sequence

from assistant.fault import FaultName
from assistant.prove_label import bears, is_nothing, spots_of
from assistant.prove_table import (
    first_fault,
    heads_above,
    is_unit_without_line,
    owner_stands,
    printed_stands,
    table_stands,
    year_stands,
)
from assistant.raw_document import RawDocument
from assistant.raw_table import RawTable, Row, Spot
from index.document import Cell, Place
from index.fact import Fact, Kind, RowKind
from index.goal_facts import clean_label
from index.goal_words import (
    Goal,
    Part,
    all_second_levels,
    goal_of,
    head_part,
    is_direction,
    is_level,
    is_measure,
    is_plain,
    second_levels,
    sign_of,
    words,
)
from index.units import CODED
from index.words import key, squeeze

MOST_WRAPPED = 4
"""Rows that the pieces of a name or measure lie apart, at a page break."""
BEHIND_NAME = 3
"""Cells between an indicator's name and its weight: operator, value, measure."""


def is_goal_fact(fact: Fact, spot: Spot) -> bool:
    """An indicator of a goal form, or an amount beside one: its columns may wander."""
    if fact.row_kind is RowKind.INDICATOR:
        return bool(spot.table.goal_heads)
    return fact.row_kind in (RowKind.PROJECT, RowKind.UNIT) and spot.under_goal_head


def prove_goal(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The first thing wrong with a target, a weight or a project's amount."""
    if fact.row_kind is not RowKind.INDICATOR:
        own = amount_stands
    else:
        own = weight_stands if is_weight(fact, raw) else target_stands
    checks = (
        goal_blank_stands,
        goal_read,
        own,
        goal_header_stands,
        goal_path_stands,
        owner_stands,
        table_stands,
        year_stands,
    )
    return first_fault(checks, fact, spot, raw)


def is_weight(fact: Fact, raw: RawDocument) -> bool:
    """By the head; without one by the kind."""
    heads = spots_of(fact.header_places, raw)
    if heads:
        return head_part(heads[-1].cell.text) is Part.WEIGHT
    return fact.kind is Kind.WEIGHT


def goal_read(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    goal = None if fact.kind is Kind.BLANK else goal_of(spot.cell.text)
    return None if (goal.value if goal else None) == fact.value else FaultName.VALUE


def goal_blank_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Behind name and operator no value is printed; or behind the value no weight."""
    if fact.kind is not Kind.BLANK:
        return printed_stands(fact, spot, raw)
    cells = spot.table.printed[spot.row]
    places = [place for place in fact.label_places if index_of(place, spot) >= 0]
    if fact.row_kind is not RowKind.INDICATOR or not places:
        return None if is_nothing(spot.cell) or is_plain(spot.cell.text) else FaultName.BLANK
    behind = [cell.text for cell in cells[index_of(places[0], spot) + 1 :]]
    behind = behind[1:] if behind and sign_of(behind[0]) else behind
    if is_weight(fact, raw):
        printed = any(goal_of(text) is not None for text in behind[1:])
    else:
        printed = bool(behind) and not (is_measure(behind[0]) or is_direction(behind[0]))
    return FaultName.BLANK if printed else None


# -------------------------------------------------------------------------- value and name


def target_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """… name | operator | value | measure …, in the value's row."""
    if fact.kind is Kind.BLANK:
        return label_of_blank(fact, spot, raw)
    at = index_of(fact.place, spot)
    if at < 0:
        return FaultName.PLACE
    cells = spot.table.printed[spot.row]
    goal = goal_of(spot.cell.text)
    sign = sign_of(cells[at - 1].text) if at else ""
    if fact.operator != (sign or (goal.operator if goal else "")):
        return FaultName.OPERATOR
    names, marks = split_label(fact, raw)
    if not names:
        return FaultName.LABEL
    if not name_stands(names, cells, at - bool(sign), spot):
        return FaultName.LABEL
    return measure_stands(fact, marks, cells[at + 1 :], goal)


def index_of(place: Place, spot: Spot) -> int:
    cells = spot.table.printed[spot.row]
    return next((at for at, cell in enumerate(cells) if cell.place == place), -1)


def split_label(fact: Fact, raw: RawDocument) -> tuple[list[Spot], list[Spot]]:
    """The cells of the name; those of operator and measure behind them. Empty if none fits."""
    spots = spots_of(fact.label_places, raw)
    for count in range(1, len(spots) + 1):
        if bears_name(fact, [spot.cell.text for spot in spots[:count]], raw):
            return spots[:count], spots[count:]
    return [], []


def bears_name(fact: Fact, pieces: Sequence[str], raw: RawDocument) -> bool:
    return bears(fact, [clean_label("".join(joined(text) for text in pieces))], raw)


def joined(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text.strip())


def name_stands(names: Sequence[Spot], cells: Row, before: int, spot: Spot) -> bool:
    """A piece of the name is the cell before `before`; the others lie in rows nearby. Of a name
    cut by a page break all may lie above, when the row begins behind it."""
    near = all(at.table is spot.table and abs(at.row - spot.row) <= MOST_WRAPPED for at in names)
    places = [at.cell.place for at in names]
    here = [cell for cell in cells[:before] if is_plain(cell.text)]
    if before and cells[before - 1].place in places:
        return near
    return near and not here and all(at.row < spot.row for at in names)


def measure_stands(
    fact: Fact, marks: Sequence[Spot], after: Row, goal: Goal | None
) -> FaultName | None:
    """The unit is in the value's cell, or in the cell behind it (its end perhaps rows below)."""
    measures = [at for at in marks if not sign_of(at.cell.text)]
    if not measures:
        unit = goal.unit if goal else ""
        lost = not unit and after and is_measure(after[0].text) and not goal_of(after[0].text)
        return FaultName.UNIT if fact.unit != unit or lost else None
    printed = "".join(joined(at.cell.text) for at in measures)
    beside = bool(after) and after[0].place == measures[0].cell.place
    return None if printed == fact.unit and beside else FaultName.UNIT


def label_of_blank(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    names, marks = split_label(fact, raw)
    near = [at for at in names if at.table is spot.table and at.row == spot.row]
    if not near:
        return FaultName.LABEL
    signs = [sign_of(at.cell.text) for at in marks if sign_of(at.cell.text)]
    return None if fact.operator == "".join(signs) else FaultName.OPERATOR


def weight_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """Behind operator, value and measure, of which any may be blank; never right behind the
    operator."""
    names, _ = split_label(fact, raw)
    if not names or fact.operator:
        return FaultName.LABEL if not names else FaultName.OPERATOR
    if fact.kind is Kind.BLANK:
        return None if any(at.row == spot.row for at in names) else FaultName.LABEL
    cells, at = spot.table.printed[spot.row], index_of(fact.place, spot)
    if at < 1 or sign_of(cells[at - 1].text):
        return FaultName.LABEL
    places = [name.cell.place for name in names]
    name = next((i for i in range(at) if cells[i].place in places), None)
    if name is None or not 1 < at - name <= BEHIND_NAME + 1:
        return FaultName.LABEL
    between = cells[name + 1 : at]
    numbers = [cell for cell in between if goal_of(cell.text) is not None]
    goal = goal_of(spot.cell.text)
    return FaultName.UNIT if len(numbers) > 1 or goal is None or fact.unit != goal.unit else None


def amount_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """name | amount …, before all levels and operators."""
    if fact.operator:
        return FaultName.OPERATOR
    cells = spot.table.printed[spot.row]
    names = spots_of(fact.label_places, raw)
    if fact.kind is Kind.BLANK:
        here = index_of(names[0].cell.place, spot) if names else -1
        behind = [goal_of(cell.text) for cell in cells[here + 1 : here + 2]]
        return FaultName.LABEL if here < 0 else FaultName.BLANK if any(behind) else None
    at = index_of(fact.place, spot)
    if at < 1 or not names or cells[at - 1].place != names[0].cell.place:
        return FaultName.LABEL
    near = all(0 <= name.row - spot.row <= MOST_WRAPPED for name in names)
    told = bears(fact, [clean_label("".join(joined(name.cell.text) for name in names))], raw)
    coded = CODED.match(names[0].cell.text.strip())
    if not near or not (told or (coded and coded[2] == fact.label)):
        return FaultName.LABEL
    if any(is_level(cell.text) or sign_of(cell.text) for cell in cells[:at]):
        return FaultName.LABEL
    return amount_unit_stands(fact, spot, raw)


def amount_unit_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The unit in the cell, in the head's brackets, of the table's unit line, or inferred."""
    goal = goal_of(spot.cell.text)
    heads = [
        found[1] for word in fact.column if (found := re.search(r"\(([^()]*)\)", squeeze(word)))
    ]
    headed = next((word for word in heads if word in words("money")), "")
    unit = (goal.unit if goal else "") or headed or spot.table.unit
    fits = fact.unit == unit if unit else is_unit_without_line(fact, spot, raw)
    return None if fits else FaultName.UNIT


# ------------------------------------------------------------------------------------ head


PARTS = {Kind.TARGET: Part.VALUE, Kind.TEXT: Part.VALUE, Kind.WEIGHT: Part.WEIGHT}
"""What the head must say of a fact's column; of amounts `Part.AMOUNT`."""


def goal_header_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The column's word is a head cell above, and names what the fact is."""
    if not fact.column and not fact.header_places:
        return None
    heads = heads_above(fact, spot, raw)
    if not heads:
        return FaultName.HEADER
    part = PARTS.get(fact.kind)
    if fact.row_kind is not RowKind.INDICATOR:
        part = Part.AMOUNT
    fits = part is None or head_part(heads[-1].cell.text) is part
    return None if fits else FaultName.HEADER


# ------------------------------------------------------------------------------------ path


def goal_path_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """The row's levels and project are those printed last, at or above it."""
    if not fact.row_path or fact.row_path[-1] != fact.label:
        return FaultName.PATH
    parents = list(fact.row_path[:-1])
    owned = is_owner(fact.row_path[0], fact, spot)
    if fact.unit_name and not owned:
        return FaultName.PATH
    parents = parents[1:] if owned else parents
    if fact.row_kind is not RowKind.INDICATOR:
        return FaultName.PATH if parents else None
    projects = [word for word in parents[:1] if not is_level(word)]
    levels = parents[len(projects) :]
    if any(not project_stands(name, spot) for name in projects):
        return FaultName.PATH
    if not projects and any(row <= spot.row for row, _ in spot.table.openings):
        return FaultName.PATH
    return None if all(level_stands(level, spot) for level in levels) else FaultName.PATH


def is_owner(name: str, fact: Fact, spot: Spot) -> bool:
    """The path begins with the budget unit, or with the department of a form."""
    owner = spot.table.owners[spot.row]
    units = [fact.unit_name, owner.name if owner else ""]
    return key(name) in [key(unit) for unit in units if unit]


def project_stands(name: str, spot: Spot) -> bool:
    """The last project opened at or above the row bears the name; or, of a project without an
    amount, its name is printed below that one."""
    opened = [opening for opening in spot.table.openings if opening[0] <= spot.row]
    last, cell = opened[-1] if opened else (-1, None)
    if cell is not None and is_named(name, cell, last, spot.table):
        return True
    return any(
        key(clean_label(cell.text)) == key(name)
        for row in range(last + 1, spot.row + 1)
        for cell in spot.table.printed[row]
    )


def is_named(name: str, cell: Cell, row: int, table: RawTable) -> bool:
    """Whole in its cell, or its end in the rows below, where a page break cut it."""
    whole, printed = key(name), key(clean_label(cell.text))
    if whole == printed:
        return True
    ends = [key(c.text) for at in range(row + 1, row + MOST_WRAPPED) for c in table_row(table, at)]
    return bool(printed) and whole.startswith(printed) and whole[len(printed) :] in ends


def table_row(table: RawTable, row: int) -> Row:
    return table.printed[row] if row < len(table.printed) else ()


def level_stands(level: str, spot: Spot) -> bool:
    """The nearest row at or above that prints a level of this tier prints this one (or its
    beginning, where a page break cut it)."""
    tier = frozenset(second_levels()) if level in second_levels() else all_second_levels()
    if level not in tier:
        return True  # a level of the document's own is told by nothing but its place
    for row in range(spot.row, -1, -1):
        texts = [squeeze(word) for cell in table_row(spot.table, row) for word in cell.text.split()]
        if level in texts or any(level.startswith(text) and len(text) > 1 for text in texts):
            return True
        if any(text in tier for text in texts):
            return False
    return False
