"""Table head: which rows are head, and the path of head words above each column."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from index.document import Cell, Place
from index.money import counted_in, unit_in
from index.quantity import parse_number
from index.words import ORDINAL, lexicon, simplified, squeeze, tidy

Row = tuple[Cell, ...]

CODE = re.compile(r"^\d{2,}$")
YEAR = re.compile(r"^(?:19|20)\d{2}$")
LEADING_UNIT = re.compile(
    r"[(（](?:单位[:：])?(百万元|万元|千元|百元|亿元|元|[%％]|人次|人|个|辆|台|套|户|平方米)[)）]$"
)
CELL_UNIT = re.compile(r"(?<=[\d.])\s*(百万元|万元|千元|百元|亿元|元|%|人次|人|辆|个|台|套|户)$")
BRACKET = re.compile(r"[(（][^()（）]*[)）]$")
ANY_BRACKET = re.compile(r"[(（][^()（）]*[)）]")
COLUMN_NUMBER = re.compile(r"(\d{1,2})(?:=.*)?")
"""3, or 3=1+2 with the sum it is."""
MOST_HEAD_ROWS = 6
"""The deepest head met in published budgets has four rows and a row of column numbers."""


class Role(StrEnum):
    CODE = "code"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    NAME = "name"
    ORDINAL = "ordinal"
    TEXT = "text"
    MEASURE = "measure"
    """计量单位 of a 数量 in the same row."""
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    index: int
    path: tuple[str, ...]
    """Head words from the outermost in, white space of line wrapping removed."""
    cells: tuple[Cell, ...]
    role: Role
    unit: str = ""
    """A unit that the head itself gives: （万元）, %."""

    @property
    def leaf(self) -> str:
        return self.path[-1] if self.path else ""


def columns_of(head: Sequence[Row], body: Sequence[Row]) -> tuple[Column, ...]:
    """A column for each position of the widest row, with path and role."""
    width = max((len(row) for row in (*head, *body)), default=0)
    rows = [_code_parts(row) if is_column_numbers(row) else row for row in head]
    grid = [[_at(row, at) for at in range(width)] for row in rows if row]
    columns = []
    for at in range(width):
        cells = _path_cells(grid, at)
        path = tuple(squeeze_head(cell.text) for cell in cells)
        below = [row[at] for row in body if at < len(row) and not row[at].blank]
        known = _known_role(path)
        role = known or _role(path, below)
        columns.append(
            (
                Column(index=at, path=path, cells=cells, role=role, unit=_unit(path)),
                known is not None,
                below,
            )
        )
    return tuple(
        replace(column, role=Role.TEXT)
        if column.role is Role.NAME and not known and _is_remark(at, columns, below)
        else column
        for at, (column, known, below) in enumerate(columns)
    )


def _code_parts(row: Row) -> Row:
    """A row of column numbers without its numbers; empty if nothing is left."""
    parts = set(lexicon("headers")["code_part"])
    cells = tuple(c if squeeze(c.text) in parts else replace(c, text="") for c in row)
    return cells if any(not cell.blank for cell in cells) else ()


def _at(row: Row, at: int) -> Cell | None:
    return row[at] if at < len(row) else None


def squeeze_head(text: str) -> str:
    """A head word as shown: no white space but between Latin words, brackets as printed."""
    return tidy(text)


def head_length(rows: Sequence[Row]) -> int:
    """How many leading rows are head: those before the first row with a figure, code or label."""
    width = max((len(row) for row in rows), default=0)
    for at, row in enumerate(rows[: MOST_HEAD_ROWS + 1]):
        if is_column_numbers(row) or (at == 0 and not _has_figure(row)):
            continue  # the first row's ordinals are of its head words: 第一、二级科目
        if is_data(row) or (is_complete(rows[:at], width) and _is_labelled(row, rows[:at])):
            return at
    return min(len(rows), 1)


def is_complete(head: Sequence[Row], width: int) -> bool:
    """Every column has a head of its own: none is still covered by the one at its left.

    The column of labels may have none.
    """
    words: list[tuple[str, Place]] = []
    for at in range(width):
        cells = [row[at] for row in head if at < len(row) and not row[at].blank]
        if cells:
            words.append((squeeze(cells[-1].text), cells[-1].place))
    spread = any(left == right for left, right in pairwise(words))
    unnamed = bool(head) and all(not row or row[0].blank for row in head)
    return bool(head) and len(words) + unnamed == width and not spread


def _is_labelled(row: Row, head: Sequence[Row]) -> bool:
    """The row prints a label, and no words under the heads of figures: it is no second head."""
    known = {at for at in range(len(row)) if _known_role(_own_path(head, at)) is not None}
    labels = known or {0}
    filled = {at for at, cell in enumerate(row) if not cell.blank and not cell.spread}
    heads = set().union(*(lexicon("headers")[name] for name in ROLES))
    words = {squeeze(row[at].text) for at in filled}
    return bool(filled) and filled <= labels and not words & heads


def _own_path(head: Sequence[Row], at: int) -> tuple[str, ...]:
    return tuple(row[at].text for row in head if at < len(row) and not row[at].blank)


def is_data(row: Row) -> bool:
    """A row of the body: a figure or code in it, an ordinal before a label, or a lone 合计."""
    words = [squeeze(cell.text) for cell in row if not cell.blank]
    if _has_figure(row):
        return True
    if any(ORDINAL.match(cell.text) and len(words) <= 4 for cell in row if not cell.blank):
        return True
    return len(set(words)) == 1 and words[0] in lexicon("headers")["total"]


def _has_figure(row: Row) -> bool:
    """A code or an amount; a year is a head word too."""
    words = (squeeze(cell.text) for cell in row if not cell.blank)
    figures = [word for word in words if CODE.match(word) or is_figure(word)]
    return not all(YEAR.match(word) for word in figures)


def cell_figure(text: str) -> tuple[Decimal | None, str]:
    """The number of a cell and the unit that the cell itself prints.

    >>> cell_figure("98.70万元"), cell_figure("2.50%"), cell_figure("—")
    ((Decimal('98.70'), '万元'), (Decimal('2.50'), '%'), (None, ''))
    """
    flat = simplified(unicodedata.normalize("NFKC", text).strip())
    found = CELL_UNIT.search(flat)
    value = parse_number(CELL_UNIT.sub("", flat))
    unit = found[1] if found else "%" if "%" in flat else ""
    return (value, unit) if value is not None else (None, "")


def is_figure(text: str) -> bool:
    return cell_figure(text)[0] is not None


def is_column_numbers(row: Row) -> bool:
    """栏次 1 2 3 …: small whole numbers in order, no label but 栏次, and perhaps the parts of the
    code at their left (类 款 项 栏次 1 2 3, the national form of final accounts)."""
    words = [squeeze(cell.text) for cell in row if not cell.blank]
    found = [COLUMN_NUMBER.fullmatch(word) for word in words]
    numbers = [int(match[1]) for match in found if match]
    others = [word for word, match in zip(words, found, strict=True) if not match]
    known = {*lexicon("headers")["ordinal"], *lexicon("headers")["code_part"]}
    counts_up = numbers == list(range(min(numbers, default=0), max(numbers, default=0) + 1))
    return counts_up and len(numbers) >= (1 if others else 3) and known.issuperset(others)


def _path_cells(grid: Sequence[Sequence[Cell | None]], at: int) -> tuple[Cell, ...]:
    """The head cells above column `at`, outermost first, each text once."""
    path: list[Cell] = []
    for level in range(len(grid)):
        cell = _head_cell(grid, level, at)
        if cell is not None and not any(cell.text == seen.text for seen in path[-1:]):
            path.append(cell)
    return tuple(path)


def _head_cell(grid: Sequence[Sequence[Cell | None]], level: int, at: int) -> Cell | None:
    """The cell of `level` that covers column `at`.

    Without spans a blank square belongs to the cell at its left when something stands below it
    and both hang under the same cell above: that is how a merged head cell is printed as text.
    """
    cell = grid[level][at]
    if cell is not None and not cell.blank:
        return cell
    if at == 0 or not _below(grid, level, at):
        return None
    beside = at - 1
    while beside and not _below(grid, -1, beside):
        beside -= 1  # an empty column, doubled by a merged cell in the rows below
    left = _head_cell(grid, level, beside)
    if left is None or not _below(grid, level, beside):
        return None
    same_parent = level == 0 or _head_cell(grid, level - 1, at) is _head_cell(
        grid, level - 1, beside
    )
    return left if same_parent else None


def _below(grid: Sequence[Sequence[Cell | None]], level: int, at: int) -> bool:
    return any(
        cell is not None and not cell.blank for cell in (row[at] for row in grid[level + 1 :])
    )


ROLES = {
    "code_part": Role.CODE,
    "code": Role.CODE,
    "unit_code": Role.UNIT_CODE,
    "unit_name": Role.UNIT_NAME,
    "name": Role.NAME,
    "ordinal": Role.ORDINAL,
    "text": Role.TEXT,
    "measure": Role.MEASURE,
}
"""Word lists of the headers lexicon, in the order in which they are tried."""


def _known_role(path: Sequence[str]) -> Role | None:
    """The role that the lexicon gives the head's last word, its bracket left out at need."""
    if not path:
        return None
    whole = squeeze(path[-1])
    words = (whole, BRACKET.sub("", whole), ANY_BRACKET.sub("", whole))
    for word in words:
        for name, role in ROLES.items():
            if word in lexicon("headers")[name]:
                return role
    return _role_of_ending(words[-1])


def _role_of_ending(word: str) -> Role | None:
    """Heads composed for one form: 主管部门编码, 支出功能分类科目名称."""
    ends = lexicon("headers")
    of_unit = word.startswith(tuple(ends["unit_start"]))
    both = any(name in word for name in ends["name_end"])  # 科目名称及编码: in one cell
    if word.endswith(tuple(ends["code_end"])) and not both:
        return Role.UNIT_CODE if of_unit else Role.CODE
    if both and word.endswith((*ends["name_end"], *ends["code_end"])):
        return Role.UNIT_NAME if of_unit else Role.NAME
    return None


def _role(path: Sequence[str], filled: Sequence[Cell]) -> Role:
    """Where the head's words say nothing, by what stands below."""
    if not filled or _says_figures(path):
        return Role.VALUE if path else Role.TEXT
    figures = sum(is_figure(cell.text) for cell in filled)
    dashes = sum(is_dash(cell.text) for cell in filled)
    return Role.VALUE if figures * 2 >= len(filled) - dashes else Role.NAME


def _says_figures(path: Sequence[str]) -> bool:
    """The head's last word is one of those of figures: 合计, 2024年预算数, 增减%."""
    leaf = BRACKET.sub("", squeeze(path[-1])) if path else ""
    words = lexicon("headers")
    exact = (*words["total"], *words["subtotal"], *words["percent"], *words["count"])
    aimed = any(word in leaf for word in words["target"])
    return aimed or leaf in exact or leaf.endswith(tuple(words["main"]))


def is_dash(text: str) -> bool:
    """Printed, yet nothing: —, -, /, ***."""
    return not re.search(r"\w", text)


def _is_remark(
    at: int, columns: Sequence[tuple[Column, bool, Sequence[Cell]]], below: Sequence[Cell]
) -> bool:
    """Words beside a column that is known to hold the labels; they name no row.

    Behind figures such words begin the other side, if they look like its labels.
    """
    for column, known, _ in reversed(columns[:at]):
        if column.role is Role.VALUE:
            return not _look_like_labels(below)
        if known and column.role in (Role.NAME, Role.UNIT_NAME):
            return True
    for column, known, _ in columns[at + 1 :]:
        if column.role is Role.VALUE:
            return False
        if known and column.role is Role.NAME:
            return True
    return False


def _look_like_labels(cells: Sequence[Cell]) -> bool:
    ends = tuple(lexicon("headers")["label_end"])
    alike = sum(
        bool(ORDINAL.match(cell.text)) or squeeze(cell.text).endswith(ends) for cell in cells
    )
    return alike * 2 >= len(cells)


def _unit(path: Sequence[str]) -> str:
    for word in reversed(path):
        flat = squeeze(word)
        if found := LEADING_UNIT.search(flat):
            return found[1]
        if "%" in flat or flat in lexicon("headers")["percent"]:
            return "%"
        if printed := counted_in(word) or (unit_in(word) if word.endswith((")", "]")) else ""):
            return printed
    return ""
