"""Raw table → lines: each printed row cut into label, codes and figures, a line for each side."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.align import realigned, without_doubles
from index.classification import code_of, kind_of, name_of
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
from index.sides import Side, sides_of
from index.words import bare, key, lexicon, squeeze, tidy, unspaced

GLUED = re.compile(r"^(\d{3,12})(?=[\s\-—_]+[^\d\s.,%]|[^\d\s.,%\-—_年])[\s\-—_]*")
"""A code before its name in one cell: `205教育支出`, `622001-某某中心`; no 2024年…"""


BESIDE = "行名印在左边一栏"
"""Of a figure of both sides: the rows of its own side are not all its parts."""


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
    depth: int | None = None
    """Which of the columns 款 項 目 節 numbers the row, counted from 0."""
    measure: str = ""
    """What the row's own 计量单位 says that its 数量 counts."""

    @property
    def figures(self) -> tuple[str, ...]:
        return tuple(cell.text for _, cell in self.values)

    @property
    def empty(self) -> bool:
        return all(cell.blank for _, cell in self.values)


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
    found = with_labels_beside([lines_of(side, rows, head_rows) for side in sides])
    lines = (head_units(join_wrapped(side, known)) for side in found)
    return Tabulated(table=table, head_rows=head_rows, columns=columns, sides=tuple(lines))


def with_labels_beside(sides: Sequence[tuple[Line, ...]]) -> list[tuple[Line, ...]]:
    """A figure whose label is merged over the side before: 公用经费合计 below 302 and 310, side by
    side. The row there has no figure of its own."""
    found = list(sides)
    for at in range(1, len(found)):
        before = {line.row: line for line in found[at - 1] if line.empty and line.label}
        here = [before.get(line.row) if not line.label else None for line in found[at]]
        taken = {label.row for label in here if label is not None}
        found[at] = tuple(
            replace(
                line,
                label=label.label,
                printed=label.printed,
                label_places=label.label_places,
                note=BESIDE,
            )
            if label is not None
            else line
            for line, label in zip(found[at], here, strict=True)
        )
        found[at - 1] = tuple(line for line in found[at - 1] if line.row not in taken)
    return found


def _words(row: Row) -> tuple[str, ...]:
    """What a row prints, by which the head is known again on the next page."""
    return tuple(word for cell in row if (word := squeeze(cell.text)))


def lines_of(side: Side, rows: Sequence[Row], head_rows: int) -> tuple[Line, ...]:
    lines: list[Line] = []
    parts: tuple[str, ...] = ()
    coded = has_codes(side, rows[head_rows:])
    for at, row in enumerate(rows):
        own = code_parts(side, row, parts)
        parts = own or parts
        line = _line(side, row, at, "" if coded else "".join(own), coded=coded)
        if line is not None and at >= head_rows:
            depth = len(own) - 1 if coded and len(side.codes) > 1 and own else None
            lines.append(replace(line, depth=depth))
    return tuple(lines)


def has_codes(side: Side, rows: Sequence[Row]) -> bool:
    """The labels bear codes of their own, most of them; 款 項 目 節 beside them only count."""
    printed = [squeeze(row[at].text) for row in rows for at in _last_label(side, row)]
    glued = [text for text in printed if GLUED.match(text)]
    return len(glued) >= LEAST_CODED and len(glued) * 2 > len(printed)


LEAST_CODED = 3
"""So many labels that begin with figures are no chance."""


def _last_label(side: Side, row: Row) -> tuple[int, ...]:
    filled = [c.index for c in side.labels if c.index < len(row) and not row[c.index].blank]
    return tuple(filled[-1:])


def code_parts(side: Side, row: Row, above: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a row's code: 类, 款, 项, or the one in a column of whole codes.

    A part left blank before another is that of the row above (201 | , then | 03).
    """
    split = [column for column in side.codes if squeeze(column.leaf) in _code_parts()]
    # A merged 合计 spreads over the columns of the codes.
    words = [unspaced(cell.text) for cell in _cells(split or side.codes, row)]
    printed = [word if any(map(str.isdecimal, word)) else "" for word in words]
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


def _line(side: Side, row: Row, at: int, code: str, *, coded: bool) -> Line | None:
    values = tuple((column, row[column.index]) for column in side.values if column.index < len(row))
    if is_column_numbers(row) or not values:
        return None
    names = [(column, cell) for column, cell in _pairs(side.labels, row) if not cell.blank]
    unit_codes = [unspaced(cell.text) for cell in _cells(side.unit_codes, row) if not cell.blank]
    # The label is the last name; a unit's column behind it names the unit alone.
    items = [pair for pair in names if pair[0].role is Role.NAME] or names
    items = items or [pair for pair in _pairs(side.others, row) if _is_words(pair[1])][:1]
    item = items[-1][1] if items else None
    if item is None and all(cell.blank for _, cell in values):
        return None
    owners = [cell for column, cell in names if column.role is Role.UNIT_NAME]
    owner = owners[0] if owners and owners[0] is not item else None
    text = tidy(item.text) if item else ""
    code = code if unspaced(text) != code else ""
    unit_codes = [word for word in unit_codes if word != unspaced(text)]
    glued = None if code else glued_code(text, coded=coded)
    if glued:
        text = re.sub(r"^[\d\s\-—_]+", "", text)
        if len(glued) in UNIT_DIGITS and not unit_codes:
            unit_codes, glued = [glued], None
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
        measure=_measure(side, row),
    )


def _is_words(cell: Cell) -> bool:
    return not cell.blank and not is_dash(cell.text) and not is_figure(cell.text)


def _measure(side: Side, row: Row) -> str:
    cells = _cells((side.measure,), row) if side.measure else ()
    return squeeze(cells[0].text) if cells else ""


def indent_of(text: str) -> int:
    """A full-width space is as wide as two others."""
    lead = text[: len(text) - len(text.lstrip())]
    return sum(2 if char == "\u3000" else 1 for char in lead)


def glued_code(text: str, *, coded: bool = False) -> str:
    """The code that begins a label, "" if the number is part of the name (12345热线).

    With a space or dash any code is one; without, only a class of the official classification
    and the six figures or more of a unit are. `coded`: most labels of the column begin so.
    """
    found = GLUED.match(squeeze(text))
    if found is None:
        return ""
    code, parted = found[1], not re.match(rf"\s*{found[1]}[^\s\-—_]", text)
    parted = parted and not re.match(r"[\d\s\-—_]+[A-Za-z]", text)  # 2025 bond issue
    # 110报警服务台: a code of revenue alone is none that a label begins with.
    known = name_of(code) and kind_of(code) != "revenue"
    return code if coded or parted or known or len(code) in UNIT_DIGITS else ""


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
    another is a name of its own; so is one that bears another code, or is an official name.
    `known`: label → code.
    """
    label = key(line.label)
    official = code_of(line.label)
    if official and (not line.code or line.code in official):
        return line.label
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
