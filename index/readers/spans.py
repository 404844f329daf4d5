"""Cells with the rows and columns they span → a grid with a cell in every square."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.document import Cell, Grid, Place

MOST_SQUARES = 2_000_000
"""Of one grid. The largest published table has some 30,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """A cell as formats with merged cells give it; `row` and `column` count from 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    text: str
    place: Place


def grid_of(cells: Sequence[Spanned], name: str = "") -> Grid | None:
    """Every square a merged cell covers holds a copy marked `spread`; a square that no cell
    covers is blank. Where two cells claim a square the first keeps it. None without cells.

    Raises ValueError beyond `MOST_SQUARES`.
    """
    height = max((cell.row + cell.rows for cell in cells), default=0)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    if height * width > MOST_SQUARES:
        raise ValueError(f"{height} × {width} squares")
    squares: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        first = Cell(text=cell.text, place=cell.place)
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                if squares[row][column] is None:
                    own = (row, column) == (cell.row, cell.column)
                    squares[row][column] = first if own else replace(first, spread=True)
    if not squares or not width:
        return None
    nearest = cells[0].place
    rows = []
    for row in squares:
        filled = []
        for square in row:
            nearest = square.place if square is not None else nearest
            filled.append(square or Cell(text="", place=nearest))
        rows.append(tuple(filled))
    return Grid(rows=tuple(rows), name=name)
