"""Squares with writing → cells with text and place, and the grid of a table on its pages."""

from collections import Counter
from collections.abc import Iterable, Sequence

from index.document import Grid, Place
from index.readers.pdf_lattice import Region, Square, squares_of
from index.readers.pdf_shape import Box, Frame, around
from index.readers.pdf_text import Run, joined, lines_of
from index.readers.spans import Spanned, laid_out

WRAPPED = 1.5
"""Widths of a character: a line that leaves less of its cell free goes on in the next."""
STEP = 0.5
"""Indentation is counted in half characters: two ASCII blanks are one step of many forms."""
ALIKE = 0.16
"""Widths of a character by which equal indentations may differ."""
SIZE_OFF = 0.5
"""Widths of a character by which a centred label's margins may differ."""
DEEPEST = 8
"""Characters; what stands further right is centred."""


def grids_of(regions: Sequence[Region]) -> list[Grid]:
    """One table's stretches on its pages → a grid for each, of the same columns."""
    squares = [squares_of(region) for region in regions]
    leads = indentations([square for page in squares for square in page])
    whole = [
        laid_out([_spanned(square, region, leads.get(_mark(square), 0)) for square in page])
        for region, page in zip(regions, squares, strict=True)
    ]
    return _compacted([grid for grid in whole if grid is not None])


def _compacted(grids: Sequence[Grid]) -> list[Grid]:
    """Without the columns in which no text begins on any page, and rows of copies alone."""
    rows = [row for grid in grids for row in grid.rows]
    begun = {
        at for row in rows for at, cell in enumerate(row) if not cell.blank and not cell.spread
    }
    kept = [
        tuple(
            tuple(cell for at, cell in enumerate(row) if at in begun)
            for row in grid.rows
            if not all(cell.spread for cell in row)
        )
        for grid in grids
    ]
    return [Grid(rows=rows) for rows in kept if rows and rows[0]]


def _spanned(square: Square, region: Region, indent: int) -> Spanned:
    text = cell_text(square)
    return Spanned(
        row=square.row,
        column=square.column,
        rows=square.rows,
        columns=square.columns,
        text="\u3000" * (indent // 2) + " " * (indent % 2) + text if text else "",
        place=place_of(square.runs, region.page, region.frame, square.box),
    )


def place_of(runs: Iterable[Run], page: int, frame: Frame, empty: Box) -> Place:
    """Where writing stands on the page as shown; `empty` where there is none."""
    boxes = [run.box for run in runs]
    return Place(page=page, box=str(frame.shown(around(boxes) if boxes else empty)))


def cell_text(square: Square) -> str:
    """The writing of a cell, its lines joined."""
    lines = lines_of(square.runs)
    if not lines:
        return ""
    width = square.box.width
    wrapped = [line.box.width + WRAPPED * line.size >= width for line in lines]
    return joined([line.text for line in lines], wrapped)


def _mark(square: Square) -> Run | None:
    return min(square.runs, key=lambda run: (run.base, run.box.x0), default=None)


def indentations(squares: Sequence[Square]) -> dict[Run | None, int]:
    """The first run of each indented label → by how many half characters.

    Only in columns whose labels begin at a few places in common: centred ones begin anywhere.
    """
    columns: dict[int, list[tuple[Run, float]]] = {}
    for square in squares:
        first = _mark(square)
        if first is None or square.columns > 1 or first.is_figure or _is_centred(square):
            continue
        offset = (first.box.x0 - square.box.x0) / first.size
        columns.setdefault(square.column, []).append((first, offset))
    found: dict[Run | None, int] = {}
    for labels in columns.values():
        found |= _indented(labels)
    return found


def _is_centred(square: Square) -> bool:
    box = around(run.box for run in square.runs)
    size = square.runs[0].size
    left, right = box.x0 - square.box.x0, square.box.x1 - box.x1
    return abs(left - right) <= SIZE_OFF * size and left >= size


def _indented(labels: Sequence[tuple[Run, float]]) -> dict[Run | None, int]:
    begin = min(offset for _, offset in labels)
    steps = [(run, (offset - begin) / STEP) for run, offset in labels]
    whole = [(run, round(step)) for run, step in steps if abs(step - round(step)) * STEP <= ALIKE]
    shared = Counter(step for _, step in whole)
    common = {step for step, count in shared.items() if count > 1 and step <= DEEPEST / STEP}
    if 0 not in common or sum(shared[step] for step in common) * 4 < len(labels) * 3:
        return {}
    return {run: step for run, step in whole if step in common}
