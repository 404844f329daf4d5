"""Table head: which rows are head, and the path of head words above each column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.document import Cell
from index.quantity import parse_number
from index.words import ORDINAL, lexicon, squeeze

Row = tuple[Cell, ...]

CODE = re.compile(r"^\d{2,}$")
LEADING_UNIT = re.compile(r"[(（](万元|千元|元|亿元|%|人|个|辆)[)）]$")
MOST_HEAD_ROWS = 5
"""The deepest head met in published budgets has four rows and a row of column numbers."""


class Role(StrEnum):
    CODE = "code"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    NAME = "name"
    ORDINAL = "ordinal"
    TEXT = "text"
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
    grid = [[_at(row, at) for at in range(width)] for row in head if not is_column_numbers(row)]
    columns = []
    for at in range(width):
        cells = _path_cells(grid, at)
        path = tuple(squeeze_head(cell.text) for cell in cells)
        role = _role(path, [_at(row, at) for row in body])
        columns.append(Column(index=at, path=path, cells=cells, role=role, unit=_unit(path)))
    return tuple(columns)


def _at(row: Row, at: int) -> Cell | None:
    return row[at] if at < len(row) else None


def squeeze_head(text: str) -> str:
    """A head word as shown: no white space, brackets as printed."""
    return re.sub(r"\s+", "", text)


def head_length(rows: Sequence[Row]) -> int:
    """How many leading rows are head: those before the first row with a figure, code or label."""
    for at, row in enumerate(rows[:MOST_HEAD_ROWS]):
        if is_data(row) and not is_column_numbers(row):
            return at
    return min(len(rows), 1)


def is_data(row: Row) -> bool:
    """A row of the body: a figure or code in it, an ordinal before a label, or a lone 合计."""
    words = [squeeze(cell.text) for cell in row if not cell.blank]
    if any(CODE.match(word) or parse_number(word) is not None for word in words):
        return True
    if any(ORDINAL.match(cell.text) and len(words) <= 4 for cell in row if not cell.blank):
        return True
    return len(set(words)) == 1 and words[0] in lexicon("headers")["total"]


def is_column_numbers(row: Row) -> bool:
    """栏次 1 2 3 …: small whole numbers in order, no label but 栏次."""
    words = [squeeze(cell.text) for cell in row if not cell.blank]
    numbers = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    others = [word for word in words if not re.fullmatch(r"\d{1,2}", word)]
    known = set(lexicon("headers")["ordinal"])
    counts_up = len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return counts_up and all(word in known for word in others)


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
    left = _head_cell(grid, level, at - 1)
    if left is None or not _below(grid, level, at - 1):
        return None
    same_parent = level == 0 or _head_cell(grid, level - 1, at) is _head_cell(
        grid, level - 1, at - 1
    )
    return left if same_parent else None


def _below(grid: Sequence[Sequence[Cell | None]], level: int, at: int) -> bool:
    return any(
        cell is not None and not cell.blank for cell in (row[at] for row in grid[level + 1 :])
    )


def _role(path: Sequence[str], body: Sequence[Cell | None]) -> Role:
    """By the head's words; where they say nothing, by what stands below."""
    words = [LEADING_UNIT.sub("", squeeze(word)) for word in reversed(path)]
    roles = {
        "code_part": Role.CODE,
        "code": Role.CODE,
        "unit_code": Role.UNIT_CODE,
        "unit_name": Role.UNIT_NAME,
        "name": Role.NAME,
        "ordinal": Role.ORDINAL,
        "text": Role.TEXT,
    }
    for word in words[:1]:
        for name, role in roles.items():
            if word in lexicon("headers")[name]:
                return role
    filled = [cell for cell in body if cell is not None and not cell.blank]
    if not filled:
        return Role.VALUE if path else Role.TEXT
    figures = sum(parse_number(cell.text) is not None for cell in filled)
    return Role.VALUE if figures * 2 >= len(filled) else Role.NAME


def _unit(path: Sequence[str]) -> str:
    for word in reversed(path):
        if found := LEADING_UNIT.search(squeeze(word).replace("(", "（").replace(")", "）")):
            return found[1]
        if "%" in word or squeeze(word) in lexicon("headers")["percent"]:
            return "%"
    return ""
