"""Raw table → lines: each printed row cut into label, codes and figures, side by side parts apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.document import Cell, Place
from index.head import Column, Role, Row, columns_of, head_length, is_column_numbers
from index.outline import RawTable
from index.words import bare, key, squeeze, tidy

GLUED = re.compile(r"^(\d{3,})[\s\-—_]*(?=[^\d\s.,%])")
"""A code before its name in one cell: `205教育支出`, `622001-某某中心`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of one side of a table."""

    row: int
    """Index of the printed row in the table."""
    label: str
    """Bare label, as printed (ordinals and 其中 removed)."""
    printed: str
    """The label as printed, ordinals kept."""
    code: str
    unit_code: str
    unit_name: str
    """Of a column of its own (单位名称 beside 项目名称)."""
    label_places: tuple[Place, ...]
    values: tuple[tuple[Column, Cell], ...]
    """The value columns of this side with their cells, blanks included."""
    note: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        return tuple(cell.text for _, cell in self.values)

    @property
    def empty(self) -> bool:
        return all(cell.blank for _, cell in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The columns of one side: 收入 or 支出, or the whole table."""

    labels: tuple[Column, ...]
    """Name columns, left to right; the last holds the item."""
    codes: tuple[Column, ...]
    unit_codes: tuple[Column, ...]
    values: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabulated:
    table: RawTable
    head_rows: int
    columns: tuple[Column, ...]
    sides: tuple[tuple[Line, ...], ...]


def tabulate(table: RawTable, known: frozenset[str] = frozenset()) -> Tabulated:
    """`known`: keys of labels met elsewhere, by which wrapped labels are joined."""
    rows = table.rows
    head_rows = head_length(rows)
    head, body = rows[:head_rows], rows[head_rows:]
    columns = columns_of(head, body)
    sides = tuple(
        join_wrapped(lines_of(side, rows, head_rows), known) for side in sides_of(columns)
    )
    return Tabulated(table=table, head_rows=head_rows, columns=columns, sides=sides)


def sides_of(columns: Sequence[Column]) -> tuple[Side, ...]:
    """Cut where a label column follows a value column."""
    sides: list[list[Column]] = [[]]
    for column in columns:
        labelling = column.role in (Role.NAME, Role.CODE, Role.UNIT_CODE, Role.UNIT_NAME)
        if labelling and any(c.role is Role.VALUE for c in sides[-1]):
            sides.append([])
        sides[-1].append(column)
    return tuple(side for side in map(_side, sides) if side.values and side.labels)


def _side(columns: Sequence[Column]) -> Side:
    def of(*roles: Role) -> tuple[Column, ...]:
        return tuple(column for column in columns if column.role in roles)

    return Side(
        labels=of(Role.NAME, Role.UNIT_NAME),
        codes=of(Role.CODE),
        unit_codes=of(Role.UNIT_CODE),
        values=of(Role.VALUE),
    )


def lines_of(side: Side, rows: Sequence[Row], head_rows: int) -> tuple[Line, ...]:
    lines = (_line(side, row, at) for at, row in enumerate(rows) if at >= head_rows)
    return tuple(line for line in lines if line is not None)


def _line(side: Side, row: Row, at: int) -> Line | None:
    values = tuple((column, row[column.index]) for column in side.values if column.index < len(row))
    if is_column_numbers(row) or not values:
        return None
    names = [cell for cell in _cells(side.labels, row) if not cell.blank]
    codes = [squeeze(cell.text) for cell in _cells(side.codes, row) if not cell.blank]
    unit_codes = [squeeze(cell.text) for cell in _cells(side.unit_codes, row) if not cell.blank]
    item = names[-1] if names else None
    if item is None and all(cell.blank for _, cell in values):
        return None
    glued = GLUED.match(squeeze(item.text)) if item else None
    text = tidy(item.text) if item else ""
    if glued:
        text = re.sub(r"^[\d\s\-—_]+", "", text)
    return Line(
        row=at,
        label=bare(text),
        printed=text,
        code="".join(codes) or (glued[1] if glued else ""),
        unit_code=unit_codes[-1] if unit_codes else "",
        unit_name=tidy(names[0].text) if len(names) > 1 else "",
        label_places=(item.place,) if item else (),
        values=values,
    )


def _cells(columns: Iterable[Column], row: Row) -> tuple[Cell, ...]:
    return tuple(row[column.index] for column in columns if column.index < len(row))


def join_wrapped(lines: Sequence[Line], known: frozenset[str]) -> tuple[Line, ...]:
    """A label without figures that completes the one above to a known label belongs to it."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        whole = above.label + line.label if above else ""
        wrapped = line.empty and not line.code and above is not None and line.row == above.row + 1
        if wrapped and above is not None and key(whole) in known:
            joined[-1] = replace(
                above,
                label=whole,
                label_places=(*above.label_places, *line.label_places),
                note=f"印为两行：{above.label}｜{line.label}",
            )
            continue
        joined.append(line)
    return tuple(joined)


def complete_label(line: Line, longest: int, known: Mapping[str, str]) -> str:
    """A label cut at the column's edge, completed by the only longer known label it begins.

    Only a label as long as the `longest` of its column can be cut: a shorter one that begins
    another is a name of its own; so is one that bears another code. `known`: label → code.
    """
    label = key(line.label)
    if len(line.label) < max(longest, SHORTEST_CUT):
        return line.label
    longer = {
        key(name): name
        for name, code in known.items()
        if key(name).startswith(label) and len(key(name)) > len(label)
        if not (code and line.code) or code == line.code
    }
    return next(iter(longer.values())) if len(longer) == 1 else line.label


SHORTEST_CUT = 5
"""Characters: no form prints its label column narrower."""
