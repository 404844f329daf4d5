"""The label of a row against the raw grid: in the value's row, nearest to it, whole or cut."""

import re
from collections.abc import Sequence

from assistant.fault import FaultName
from assistant.raw_document import RawDocument
from assistant.raw_table import Row, Spot, name_of
from index.document import Cell, Place
from index.fact import Fact, RowKind
from index.quantity import parse_number
from index.words import key, lexicon, squeeze

SHORTEST_CUT = 5
"""Characters of a printed label that a completed one may begin with, as in `index.tabulate`."""
SHORTEST_OVERLAP = 5
"""Characters that a name completed from another shares with it, as in `index.goal_labels`."""
COMPLETED = re.compile(r"(?:^|；)印为：(.+)$")
TOTALS = (RowKind.TOTAL, RowKind.TOTAL_REPEAT)


def label_stands(fact: Fact, spot: Spot, raw: RawDocument) -> FaultName | None:
    """In the value's row, nearest to it of the row's labels, wrapped into the rows below."""
    if not fact.label_places:
        return repeat_stands(fact, spot)
    spots = without_total(spots_of(fact.label_places, raw))
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


def without_total(spots: Sequence[Spot]) -> Sequence[Spot]:
    """A unit's name without the 小计 that stands beside it."""
    if len(spots) > 1 and spots[-1].row == spots[0].row and is_total(spots[-1].cell):
        return spots[:-1]
    return spots


def rival_between(label: Spot, spot: Spot) -> bool:
    """Another label stands nearer to the value: that of the other side of the table."""
    between = (
        spot.cells[at]
        for at in range(label.column + 1, spot.column)
        if at in spot.table.name_columns and spot.cells[at].place != label.cell.place
    )
    return any(is_text(cell) and not is_total(cell) for cell in between)


def is_total(cell: Cell) -> bool:
    words = lexicon("headers")
    return squeeze(cell.text) in (*words["total"], *words["subtotal"])


def is_nothing(cell: Cell) -> bool:
    """A square without a figure; a dash is none."""
    return cell.blank or (parse_number(cell.text) is None and not re.search(r"\w", cell.text))


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
