"""A sheet's cells → its blocks: tables cut at blank rows and columns, text as paragraphs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from index.caption import (
    CAPTION_LINES,
    TABLE_NUMBER,
    UNIT_CELL,
    caption_length,
    captionlike,
    names_table,
    titlelike,
    unfold,
)
from index.document import Block, Grid, Paragraph, Place
from index.head import is_figure
from index.readers.layout import is_caption, is_note, is_prose
from index.readers.spans import MOST_SQUARES, Spanned, compacted, laid_out
from index.words import squeeze

NAMED = 5
"""Cells named in a warning; the rest are counted."""
Rows = tuple[tuple[Spanned, ...], ...]
"""Cells by the row they begin in; no row without a cell."""


def blocks_of(sheet: str, cells: Sequence[Spanned]) -> tuple[Block, ...]:
    """The blocks of one sheet in reading order; blank cells are ignored.

    Raises ValueError where a table has more squares than a grid may have.
    """
    filled = _clipped([cell for cell in cells if not cell.blank])
    parts = _side_by_side(filled) or [filled]
    return tuple(block for part in parts for block in _blocks(sheet, part))


def _blocks(sheet: str, cells: Sequence[Spanned]) -> Iterator[Block]:
    table: list[Spanned] = []
    lone: list[Spanned] = []
    for band in _bands(cells):
        parts = _side_by_side(band)
        if table and not parts and _may_be_labels(band):
            lone += band
            continue
        if lone and _goes_on(band):
            table += lone
        elif lone:
            yield from _grids(sheet, table)
            yield from _paragraphs(_rows(lone))
            table = []
        lone = []
        for part in parts or [band]:
            above, body, below = _cut(part)
            if table and (parts or above or not body or _is_captioned(sheet, body)):
                yield from _grids(sheet, table)
                table = []
            yield from _paragraphs(above)
            table += body
            if table and below:
                yield from _grids(sheet, table)
                table = []
            yield from _paragraphs(below)
    if table:
        yield from _grids(sheet, table)
    yield from _paragraphs(_rows(lone))


def _may_be_labels(cells: Sequence[Spanned]) -> bool:
    """Short words below each other: labels without figures, or headings."""
    return _is_one_column(cells) and all(
        titlelike(c.text) and not captionlike(squeeze(c.text)) and not is_note(c.text)
        for c in cells
    )


def _goes_on(cells: Sequence[Spanned]) -> bool:
    """Figures at once: rows of the table above, of which an empty row has parted them."""
    first = min(cell.row for cell in cells)
    return not _is_one_column(cells) and any(
        is_figure(cell.text) for cell in cells if cell.row == first
    )


def _clipped(cells: Sequence[Spanned]) -> list[Spanned]:
    """Merged cells end where the last cell begins: a title over 16,384 columns is a title."""
    bottom = max((cell.row for cell in cells), default=0) + 1
    right = max((cell.column for cell in cells), default=0) + 1
    return [
        replace(
            cell,
            rows=min(cell.rows, bottom - cell.row),
            columns=min(cell.columns, right - cell.column),
        )
        for cell in cells
    ]


def _runs(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that the spans cover without a gap; (first, behind the last)."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs


def _bands(cells: Sequence[Spanned]) -> list[list[Spanned]]:
    """Cut at rows in which nothing stands."""
    runs = _runs([(cell.row, cell.row + cell.rows) for cell in cells])
    return [[c for c in cells if start <= c.row < end] for start, end in runs]


def _side_by_side(cells: Sequence[Spanned]) -> list[list[Spanned]]:
    """Tables beside each other, cut at columns in which nothing stands; empty if it is one.

    Only where each part has a title of its own or each a unit line: a blank column between the
    two sides of one table is common.
    """
    runs = _runs([(cell.column, cell.column + cell.columns) for cell in cells])
    parts = [[c for c in cells if start <= c.column < end] for start, end in runs]
    if len(parts) < 2:
        return []
    heads = [[squeeze(c.text) for c in _sorted(part)[: CAPTION_LINES * 2]] for part in parts]
    titled = all(any(names_table(t) or TABLE_NUMBER.match(t) for t in head) for head in heads)
    measured = all(any(UNIT_CELL.fullmatch(t) for t in head) for head in heads)
    return parts if titled or measured else []


def _sorted(cells: Sequence[Spanned]) -> list[Spanned]:
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _rows(cells: Sequence[Spanned]) -> Rows:
    groups = groupby(_sorted(cells), key=lambda cell: cell.row)
    return tuple(tuple(group) for _, group in groups)


def _cut(cells: Sequence[Spanned]) -> tuple[Rows, list[Spanned], Rows]:
    """The running text above a table, the table, and the running text below."""
    rows = _rows(cells)
    if _is_one_column(cells) or is_caption([[cell.text for cell in row] for row in rows]):
        return rows, [], ()
    alone = [len(row) == 1 and _stands_alone(row[0], cells) for row in rows]
    first = _first_of_table(rows, alone)
    last = max(first, _end_of_table(rows, alone))
    return rows[:first], [cell for row in rows[first:last] for cell in row], rows[last:]


def _is_one_column(cells: Sequence[Spanned]) -> bool:
    """No row is covered by two cells."""
    covered = [cell.row + at for cell in cells for at in range(cell.rows)]
    return len(covered) == len(set(covered))


def _stands_alone(cell: Spanned, cells: Sequence[Spanned]) -> bool:
    """No cell merged down from above stands beside it."""
    return not any(
        other.row < cell.row + cell.rows and cell.row < other.row + other.rows
        for other in cells
        if other is not cell
    )


def _first_of_table(rows: Rows, alone: Sequence[bool]) -> int:
    """Behind the last sentence of the lines above the table; its title stays with it."""
    lines = next((at for at, single in enumerate(alone) if not single), len(rows))
    return max((at + 1 for at in range(lines) if is_prose(rows[at][0].text)), default=0)


def _end_of_table(rows: Rows, alone: Sequence[bool]) -> int:
    """Before the first sentence or note of the lines below the table, and the headings above it.

    Above a note there is no heading, but a last row without figures.
    """
    last = len(rows)
    while last and alone[last - 1]:
        last -= 1
    lines = [row[0].text for row in rows[last:]]
    first = next((at for at, line in enumerate(lines) if is_prose(line)), len(lines))
    if first == len(lines):
        return len(rows)
    return last + first if is_note(lines[first]) else last


def _paragraphs(rows: Rows) -> Iterator[Block]:
    for cell in (cell for row in rows for cell in row):
        for line in cell.text.split("\n"):
            if line.strip():
                yield Paragraph(text=line.strip(), place=cell.place)


def _is_captioned(sheet: str, cells: Sequence[Spanned]) -> bool:
    grid = _laid_out(sheet, cells)
    return grid is not None and caption_length(grid.rows, 0) > 0


def _grids(sheet: str, cells: Sequence[Spanned]) -> Iterator[Block]:
    """A grid for each table; what is printed above it in rows of its own as paragraphs."""
    grid = _laid_out(sheet, cells)
    for block in unfold(grid) if grid is not None else []:
        yield compacted(block, blanks=True) if isinstance(block, Grid) else block


def _laid_out(sheet: str, cells: Sequence[Spanned]) -> Grid | None:
    """Rows without a cell are left out; blank squares get places of their own."""
    covered = sorted({cell.row + at for cell in cells for at in range(cell.rows)})
    rows = {row: at for at, row in enumerate(covered)}
    left = min(cell.column for cell in cells)
    moved = [replace(cell, row=rows[cell.row], column=cell.column - left) for cell in cells]
    width = max(cell.column + cell.columns for cell in moved)
    if len(covered) * width > MOST_SQUARES:
        raise ValueError(f"{len(covered)} × {width} squares")
    taken = {
        (row, column)
        for cell in moved
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    blanks = [
        Spanned(row=at, column=column, text="", place=cell_place(sheet, row, column + left))
        for row, at in rows.items()
        for column in range(width)
        if (at, column) not in taken
    ]
    return laid_out([*moved, *blanks], sheet)


def cell_place(sheet: str, row: int, column: int) -> Place:
    """Row and column from 0 → `Sheet!B12`."""
    return Place(sheet=sheet, cell=name_of(row, column))


def name_of(row: int, column: int) -> str:
    """B12, from row and column that count from 0."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """0 → A, 27 → AB."""
    name = ""
    column += 1
    while column:
        column, at = divmod(column - 1, 26)
        name = chr(65 + at) + name
    return name


def merged_over(
    merged: Iterable[tuple[int, int, int, int]], bottom: int, right: int
) -> set[tuple[int, int]]:
    """Squares under merged cells (row, column, rows, columns): what is left there is not printed.

    Only those above `bottom` and left of `right`. Raises ValueError where ranges upon ranges
    cover more squares than a grid may have.
    """
    parts = [
        (row, column, min(rows, bottom - row), min(columns, right - column))
        for row, column, rows, columns in merged
        if row < bottom and column < right
    ]
    if sum(rows * columns for _, _, rows, columns in parts) > MOST_SQUARES:
        raise ValueError("too many squares merged")
    return {
        (at, beside)
        for row, column, rows, columns in parts
        for at in range(row, row + rows)
        for beside in range(column, column + columns)
        if (at, beside) != (row, column)
    }


def hidden_parts(
    sheet: str, cells: Sequence[Spanned], hidden_rows: set[int], hidden_columns: set[int]
) -> Iterator[str]:
    """A warning each for the hidden rows and columns in which something stands."""
    rows = sorted({cell.row for cell in cells} & hidden_rows)
    columns = sorted({cell.column for cell in cells} & hidden_columns)
    if rows:
        yield f"工作表“{sheet}”的第 {listed([str(row + 1) for row in rows])} 行是隐藏的，已照常读取"
    if columns:
        yield f"工作表“{sheet}”的 {listed([letters(at) for at in columns])} 列是隐藏的，已照常读取"


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many there are."""
    more = f" 等 {len(names)} 处" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def uncomputed(sheet: str, names: Sequence[str]) -> str:
    return (
        f"工作表“{sheet}”的 {listed(names)} 是没有保存结果的公式，没有数值；"
        "请用 Excel 或 WPS 打开后保存再收录"
    )
