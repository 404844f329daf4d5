"""Raw table → lines: each printed row cut into label, codes and figures, a line for each side."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.classification import code_of, name_of
from index.document import Cell, Place
from index.head import (
    Column,
    Role,
    Row,
    columns_of,
    head_length,
    is_column_numbers,
    is_dash,
    is_figure,
)
from index.outline import RawTable
from index.words import bare, key, lexicon, squeeze, tidy

GLUED = re.compile(r"^(\d{3,9})(?=[\s\-—_]+[^\d\s.,%]|[^\d\s.,%\-—_年])[\s\-—_]*")
"""A code before its name in one cell: `205教育支出`, `622001-某某中心`; no 2024年…"""


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
    head: str = ""
    """The head word of the label's column: 项目名称."""
    unit_place: Place | None = None
    """Where the row itself prints `unit_name`; None in the rows that inherit it."""
    indent: int = 0
    """White space before the printed label, in half widths."""

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
    head_rows = head_length(table.rows)
    printed = without_doubles(table.rows, head_rows)
    head, body = printed[:head_rows], printed[head_rows:]
    again = {_words(row) for row in head if len(set(_words(row)) - {""}) > 1}
    columns = columns_of(head, [row for row in body if _words(row) not in again])
    sides = sides_of(columns)
    rows = [
        () if at < head_rows or _words(row) in again else realigned(row, sides, columns)
        for at, row in enumerate(printed)
    ]
    lines = (head_units(join_wrapped(lines_of(side, rows, head_rows), known)) for side in sides)
    return Tabulated(table=table, head_rows=head_rows, columns=columns, sides=tuple(lines))


def without_doubles(rows: tuple[Row, ...], head_rows: int) -> tuple[Row, ...]:
    """Neighbouring columns under one merged head, of which each row fills one, as one column."""
    width = max(map(len, rows), default=0)
    for at in range(width - 1, 0, -1):
        if _is_double(rows, head_rows, at):
            rows = tuple(_merged(row, at) for row in rows)
    return rows


def _is_double(rows: Sequence[Row], head_rows: int, at: int) -> bool:
    pairs = [(row[at - 1], row[at]) for row in rows if at < len(row)]
    head, body = pairs[:head_rows], pairs[head_rows:]
    if len(head) < head_rows or not any(left.text for left, _ in head):
        return False
    one = all(right.spread and left.place == right.place for left, right in head)
    return one and all(left.blank or right.blank or _is_copy(left, right) for left, right in body)


def _is_copy(left: Cell, right: Cell) -> bool:
    return right.spread and left.place == right.place


def _merged(row: Row, at: int) -> Row:
    if at >= len(row):
        return row
    keep = row[at] if row[at - 1].blank else row[at - 1]
    return (*row[: at - 1], keep, *row[at + 1 :])


def _words(row: Row) -> tuple[str, ...]:
    """What a row prints, by which the head is known again on the next page."""
    return tuple(word for cell in row if (word := squeeze(cell.text)))


def realigned(row: Row, sides: Sequence[Side], columns: Sequence[Column]) -> Row:
    """A row that merged cells, counted wrong, moved sideways: its label goes back to its column.

    Only in a table of one side, and only if then every figure stands under a head of figures; if
    they do already, the label alone stands in a square that is merged with its column's.
    """
    if len(sides) != 1 or not row:
        return row
    labels = [column.index for column in sides[0].labels]
    texts = [at for at, cell in enumerate(row) if _is_label(cell)]
    by = labels[-1] - texts[-1] if texts else 0
    if not by or any(at in labels for at in texts) or _role_at(columns, texts[-1]) is Role.TEXT:
        return row
    if by < 0 and not all(cell.blank for cell in row[:-by]):
        return row
    if by > 0 and _figures_fit(row, columns):
        return _with_label_at(row, texts[-1], labels[-1])
    blank = tuple(Cell(text="", place=row[0].place) for _ in range(by))
    moved = (*blank, *row) if by > 0 else row[-by:]
    figures = [at for at, cell in enumerate(moved) if is_figure(cell.text)]
    fits = all(_role_at(columns, at) not in (Role.NAME, Role.TEXT, None) for at in figures)
    return moved if fits else row


def _figures_fit(row: Row, columns: Sequence[Column]) -> bool:
    """The row's first column of figures holds a figure, and no figure stands elsewhere."""
    figures = [at for at, cell in enumerate(row) if is_figure(cell.text)]
    first = next((column.index for column in columns if column.role is Role.VALUE), -1)
    return first in figures and all(_role_at(columns, at) is Role.VALUE for at in figures)


def _with_label_at(row: Row, at: int, column: int) -> Row:
    """The label moved to its column, whose square is blank."""
    cells = list(row)
    cells[column], cells[at] = cells[at], cells[column]
    return tuple(cells)


def _is_label(cell: Cell) -> bool:
    return not cell.blank and not is_dash(cell.text) and not is_figure(cell.text)


def _role_at(columns: Sequence[Column], at: int) -> Role | None:
    return columns[at].role if at < len(columns) else None


def sides_of(columns: Sequence[Column]) -> tuple[Side, ...]:
    """Cut where a label column follows a value column."""
    sides: list[list[Column]] = [[]]
    for column in columns:
        labelling = column.role in (Role.NAME, Role.CODE, Role.UNIT_CODE, Role.UNIT_NAME)
        if labelling and any(c.role is Role.VALUE for c in sides[-1]):
            sides.append([])
        sides[-1].append(column)
    found: list[Side] = []
    for side in map(_side, sides):
        if side.labels and side.values:
            found.append(side)
        elif side.values and found:
            # Figures behind a code or a remark: they belong to the labels at their left.
            found[-1] = replace(found[-1], values=(*found[-1].values, *side.values))
    if not found and any(column.role is Role.VALUE for column in columns):
        # One row of figures under its heads, as the table of 三公 is often printed.
        return (_side(columns),)
    return tuple(found)


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
    lines: list[Line] = []
    parts: tuple[str, ...] = ()
    for at, row in enumerate(rows):
        own = code_parts(side, row, parts)
        parts = own or parts
        line = _line(side, row, at, "".join(own)) if at >= head_rows else None
        if line is not None:
            lines.append(line)
    return tuple(lines)


def code_parts(side: Side, row: Row, above: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a row's code: 类, 款, 项, or the one in a column of whole codes.

    A part left blank before another is that of the row above (201 | , then | 03).
    """
    split = [column for column in side.codes if squeeze(column.leaf) in _code_parts()]
    printed = [squeeze(cell.text) for cell in _cells(split or side.codes, row)]
    last = max((at for at, part in enumerate(printed) if part), default=-1)
    if not split:
        return (printed[last],) if last >= 0 else ()
    parts = printed[: last + 1]
    for at, part in enumerate(parts):
        if not part and at < len(above) and tuple(parts[:at]) == above[:at]:
            parts[at] = above[at]
        elif at and part.isdigit():
            parts[at] = part.zfill(2)  # a workbook drops the zero of 03
    # 201 | 20103 | 2010350: the whole code each time.
    return tuple(part for at, part in enumerate(parts) if not _is_begun(part, parts[at + 1 :]))


def _code_parts() -> list[str]:
    return lexicon("headers")["code_part"]


def _is_begun(part: str, later: Sequence[str]) -> bool:
    """Parts of two figures begin nothing: 201 | 01 | 01."""
    return len(part) > 2 and any(len(o) > len(part) and o.startswith(part) for o in later)


def _line(side: Side, row: Row, at: int, code: str) -> Line | None:
    values = tuple((column, row[column.index]) for column in side.values if column.index < len(row))
    if is_column_numbers(row) or not values:
        return None
    names = [(column, cell) for column, cell in _pairs(side.labels, row) if not cell.blank]
    unit_codes = [squeeze(cell.text) for cell in _cells(side.unit_codes, row) if not cell.blank]
    # The label is the last name; a unit's column behind it names the unit alone.
    items = [pair for pair in names if pair[0].role is Role.NAME] or names
    item = items[-1][1] if items else None
    if item is None and all(cell.blank for _, cell in values):
        return None
    owners = [cell for column, cell in names if column.role is Role.UNIT_NAME]
    owner = owners[0] if owners and owners[0] is not item else None
    text = tidy(item.text) if item else ""
    glued = None if code else glued_code(text)
    if glued:
        text = re.sub(r"^[\d\s\-—_]+", "", text)
    return Line(
        row=at,
        label=bare(text),
        printed=text,
        code=code or glued or "",
        unit_code=unit_codes[-1] if unit_codes else "",
        unit_name=tidy(owner.text) if owner else "",
        label_places=(item.place,) if item else (),
        values=values,
        head=squeeze(items[-1][0].leaf) if items else "",
        unit_place=owner.place if owner and not owner.spread else None,
        indent=indent_of(item.text) if item else 0,
    )


def indent_of(text: str) -> int:
    """A full-width space is as wide as two others."""
    lead = text[: len(text) - len(text.lstrip())]
    return sum(2 if char == "\u3000" else 1 for char in lead)


def glued_code(text: str) -> str:
    """The code that begins a label, "" if the number is part of the name (12345热线).

    With a space or dash any code is one; without, only a class of the official classification
    and the six figures or more of a unit are.
    """
    found = GLUED.match(squeeze(text))
    if found is None:
        return ""
    code, parted = found[1], not re.match(rf"\s*{found[1]}[^\s\-—_]", text)
    return code if parted or name_of(code) or len(code) in UNIT_DIGITS else ""


UNIT_DIGITS = (6, 9)


def _pairs(columns: Iterable[Column], row: Row) -> tuple[tuple[Column, Cell], ...]:
    return tuple((column, row[column.index]) for column in columns if column.index < len(row))


def _cells(columns: Iterable[Column], row: Row) -> tuple[Cell, ...]:
    return tuple(cell for _, cell in _pairs(columns, row))


def join_wrapped(lines: Sequence[Line], known: frozenset[str]) -> tuple[Line, ...]:
    """A label over two rows, known whole elsewhere; its figures stand in one of the rows."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above is None or not _wraps(above, line, known):
            joined.append(line)
            continue
        whole = above.label + line.label
        first = above if line.empty else line
        joined[-1] = replace(
            first,
            label=whole,
            printed=above.printed + line.printed,
            code=above.code or line.code,
            unit_code=above.unit_code or line.unit_code,
            label_places=(*above.label_places, *line.label_places),
            note=f"印为两行：{above.label}｜{line.label}",
        )
    return tuple(joined)


def _wraps(above: Line, line: Line, known: frozenset[str]) -> bool:
    if not (above.label and line.label and (line.empty or above.empty)):
        return False
    whole = above.label + line.label
    together = not line.code and line.row == above.row + 1
    return together and (key(whole) in known or bool(code_of(whole)))


def head_units(lines: Sequence[Line]) -> tuple[Line, ...]:
    """小计 beside the name of a unit that the rows below inherit: the row is the unit's."""
    headed = []
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else None
        whole = squeeze(line.label) in (
            *lexicon("headers")["subtotal"],
            *lexicon("headers")["total"],
        )
        if whole and line.unit_place and below and not below.unit_place:
            places = (line.unit_place, *line.label_places)
            line = replace(line, label=bare(line.unit_name), label_places=places)
        headed.append(line)
    return tuple(headed)


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
