"""Cells with the rows and columns they span → a grid with a cell in every square."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.document import Cell, Grid, Place

MOST_SQUARES = 2_000_000
"""Of one grid. The largest published table has some 30,000."""
MOST_INDENT = 8
"""Characters by which a label may be set in; more is a heading set in the middle by hand."""
INDENT = "\u3000"
"""A full-width space, by which published tables show that a row belongs to the one above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """A cell as formats with merged cells give it; `row` and `column` count from 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    text: str
    place: Place

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def trimmed(text: str, indent: int = 0) -> str:
    """A cell's text without outer white space, but for what sets a label in.

    `indent`: characters by which the format itself sets the cell in.

    >>> trimmed("　　住房公积金 "), trimmed(" 1,234.50 "), trimmed("基本工资", 1)
    ('　　住房公积金', '1,234.50', '　基本工资')
    """
    flat = text.strip()
    if not re.search(r"[^\W\d_]", flat):
        return flat
    before = re.match(r"[ \u3000\xa0\t]*", text)
    own = before.group() if before else ""
    return (own or INDENT * min(indent, MOST_INDENT)) + flat


def grid_of(cells: Sequence[Spanned], name: str = "") -> Grid | None:
    """`laid_out`, `compacted`; None without cells.

    Raises ValueError beyond `MOST_SQUARES`.
    """
    grid = laid_out(cells, name)
    return compacted(grid) if grid is not None else None


def laid_out(cells: Sequence[Spanned], name: str = "") -> Grid | None:
    """Every square a merged cell covers holds a copy marked `spread`; a square that no cell
    covers is blank. Where two cells claim a square the first keeps it. None without cells.

    Raises ValueError beyond `MOST_SQUARES`.
    """
    height = max((cell.row + cell.rows for cell in cells), default=0)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    if height * width > MOST_SQUARES:
        raise ValueError(f"{height} × {width} squares")
    if not height or not width:
        return None
    squares: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        _lay(cell, squares)
    nearest = cells[0].place
    rows = []
    for row in squares:
        filled = []
        for square in row:
            nearest = square.place if square is not None else nearest
            filled.append(square or Cell(text="", place=nearest))
        rows.append(tuple(filled))
    return Grid(rows=tuple(rows), name=name)


def _lay(cell: Spanned, squares: list[list[Cell | None]]) -> None:
    first = Cell(text=cell.text, place=cell.place)
    copy = replace(first, spread=True)
    for row in range(cell.row, cell.row + cell.rows):
        for column in range(cell.column, cell.column + cell.columns):
            if squares[row][column] is None:
                own = (row, column) == (cell.row, cell.column)
                squares[row][column] = first if own else copy


def compacted(grid: Grid, *, blanks: bool = False) -> Grid:
    """Without the rows of copies alone, and the columns in which no text begins and copies of
    the cells at their left prevail: a cell merged over two columns in every row would else give
    its figure twice. `blanks`: blank columns go too, where no other grid goes on with this one.
    """
    rows = [row for row in grid.rows if not all(cell.spread for cell in row)]
    width = max(map(len, rows), default=0)
    kept = [at for at in range(width) if _is_column(rows, at, blanks)]
    if not kept:
        return grid
    return replace(grid, rows=tuple(tuple(row[at] for at in kept) for row in rows))


def _is_column(rows: Sequence[tuple[Cell, ...]], at: int, blanks: bool) -> bool:
    if any(not row[at].blank and not row[at].spread for row in rows):
        return True
    copies = sum(at > 0 and row[at].spread and row[at].place == row[at - 1].place for row in rows)
    blank = sum(row[at].blank for row in rows)
    return not blanks and blank >= copies
