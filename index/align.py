"""Squares of a table put straight: doubled columns made one, rows moved sideways moved back."""

from collections.abc import Sequence

from index.document import Cell
from index.head import Column, Role, Row, is_dash, is_figure
from index.sides import Side


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


def realigned(row: Row, sides: Sequence[Side], columns: Sequence[Column]) -> Row:
    """A row that merged cells, counted wrong, moved sideways: its label goes back to its column.

    Only in a table of one side, and only if then every figure stands under a head of figures; if
    they do already, the label alone stands in a square that is merged with its column's.
    """
    if len(sides) != 1 or not sides[0].labels or not row:
        return row
    labels = [column.index for column in sides[0].labels]
    texts = [at for at, cell in enumerate(row) if _is_label(cell)]
    by = labels[-1] - texts[-1] if texts else 0
    if not by or _role_at(columns, texts[-1]) is Role.TEXT:
        return row
    if any(at in labels for at in texts) and not _is_cut(row, labels, by, columns):
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


def _is_cut(row: Row, labels: Sequence[int], by: int, columns: Sequence[Column]) -> bool:
    """The row lacks its first columns, which were blank on its page: a figure stands as label."""
    figures = any(is_figure(row[at].text) for at in labels if at < len(row))
    return figures and 0 < by <= len(columns) - len(row)


def _figures_fit(row: Row, columns: Sequence[Column]) -> bool:
    """The row's first column of figures holds a figure, and no figure stands elsewhere."""
    figures = [at for at, cell in enumerate(row) if is_figure(cell.text)]
    first = next((column.index for column in columns if column.role is Role.VALUE), -1)
    known = (Role.VALUE, Role.ORDINAL)
    return first in figures and all(_role_at(columns, at) in known for at in figures)


def _with_label_at(row: Row, at: int, column: int) -> Row:
    """The label moved to its column, whose square is blank."""
    cells = list(row)
    cells[column], cells[at] = cells[at], cells[column]
    return tuple(cells)


def _is_label(cell: Cell) -> bool:
    return not cell.blank and not is_dash(cell.text) and not is_figure(cell.text)


def _role_at(columns: Sequence[Column], at: int) -> Role | None:
    return columns[at].role if at < len(columns) else None
