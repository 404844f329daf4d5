"""Heads over several columns in tables without upright rules: how far each of them reaches."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from itertools import product

from index.readers.pdf_lattice import Region, Square, squares_of
from index.readers.pdf_shape import around

NEAR = 4.0
"""Points by which a rule under a head may end before or behind the columns it spans."""
BETTER = 0.5
"""Widths of a character by which a head must stand nearer to the middle of several columns
than to that of its own."""
CENTRED = 0.75
EXACT = 0.15
LOOSELY = 2.5
"""The same where a head stands right over another, and so must be the head of several."""

Reach = tuple[int, int]
"""First column and the one behind the last."""


def with_heads(region: Region, rows: int) -> Region:
    """The region with the walls inside of heads open, in a table of `rows` head rows."""
    region = replace(region, head=rows)
    if rows < 2:
        return region
    squares = {(s.row, s.column): s for s in squares_of(region) if s.row < rows}
    walls: set[tuple[int, int]] = set()
    heirs: set[int] = set()
    for square in squares.values():  # left to right
        if square.runs and square.row < rows - 1:
            start, end = _reach(square, _without(squares, square.row, heirs), region, rows)
            walls |= {(square.row, edge) for edge in range(start + 1, end)}
            if end - start == 1:
                heirs |= set(_heirs(square, squares, rows))
    wide = replace(region, open_walls=frozenset(walls))
    floors: set[tuple[int, int]] = set()
    for square in squares_of(wide):
        if square.runs and square.row < rows:
            up, down = _height(square, squares, rows, square.column in heirs)
            covered = range(square.column, square.column + square.columns)
            floors |= {(at, column) for at in range(up + 1, down) for column in covered}
            walls |= {(row, edge) for row in range(up, down) for edge in covered[1:]}
    return replace(region, open_walls=frozenset(walls), open_floors=frozenset(floors))


def _without(
    squares: Mapping[tuple[int, int], Square], row: int, taken: Container[int]
) -> Mapping[tuple[int, int], Square]:
    """The squares but those of a row that already are under a head."""
    return {place: s for place, s in squares.items() if place[0] != row or place[1] not in taken}


def _heirs(square: Square, squares: Mapping[tuple[int, int], Square], rows: int) -> Iterator[int]:
    """Columns at the right of a head that is printed over the first of them alone: theirs too."""
    column = square.column + square.columns
    while (
        _below(square.row, square.column, squares, rows)
        and (beside := squares.get((square.row, column))) is not None
        and not beside.runs
        and _below(square.row, column, squares, rows)
    ):
        yield column
        column += 1


def _height(
    square: Square, squares: Mapping[tuple[int, int], Square], rows: int, heir: bool
) -> tuple[int, int]:
    """The first row and the one behind the last: a head fills the blank ones below it, and
    those above it where nothing stands over it, beside it or to the left."""
    covered = range(square.column, square.column + square.columns)

    def blank(row: int) -> bool:
        return all(
            (beside := squares.get((row, column))) is not None and not beside.runs
            for column in covered
        )

    up, down = square.row, square.row + square.rows
    while down < rows and blank(down):
        down += 1
    if not heir and all(blank(row) for row in range(up)):
        up = 0
    return up, down


def _reach(
    square: Square, squares: Mapping[tuple[int, int], Square], region: Region, rows: int
) -> Reach:
    own = (square.column, square.column + square.columns)
    choices = list(_choices(square, squares, region, rows))
    ruled = [choice for choice in choices if _underlined(choice, square, region)]
    if ruled:
        return max(ruled, key=lambda reach: reach[1] - reach[0])
    run = around(run.box for run in square.runs)
    size = square.runs[0].size

    def off(reach: Reach) -> float:
        middles = _middles(reach, squares, region, rows)
        return min(abs(middle - run.middle[0]) for middle in middles) / size

    over = _below(square.row, square.column, squares, rows)
    near = LOOSELY if over else CENTRED
    wider = [reach for reach in choices if reach != own and off(reach) <= near]
    best = min(wider, key=lambda reach: (round(off(reach), 1), reach[0] - reach[1]), default=own)
    # A head over another is the head of several: alone it would be printed as one with it,
    # unless both stand in the very middle of the first column, as where no cells were merged.
    first = all(start == own[0] for start, _ in choices)
    unmerged = first and off(own) <= EXACT < off(best) - EXACT
    return best if (over and not unmerged) or off(own) - off(best) >= BETTER else own


def _choices(
    square: Square, squares: Mapping[tuple[int, int], Square], region: Region, rows: int
) -> Iterator[Reach]:
    """Its own columns with neighbours that are blank beside it and have a head below."""
    left = right = 0

    def free(column: int) -> bool:
        beside = squares.get((square.row, column))
        blank = beside is not None and not beside.runs
        return blank and _below(square.row, column, squares, rows)

    while free(square.column - left - 1):
        left += 1
    while free(square.column + square.columns + right):
        right += 1
    for before, behind in product(range(left + 1), range(right + 1)):
        yield square.column - before, square.column + square.columns + behind


def _below(row: int, column: int, squares: Mapping[tuple[int, int], Square], rows: int) -> bool:
    """The lowest row of the head prints words in this column."""
    leaf = squares.get((rows - 1, column))
    return leaf is not None and bool(leaf.runs) and row < rows - 1


def _underlined(reach: Reach, square: Square, region: Region) -> bool:
    """A level rule below the head runs along these columns and no others."""
    left, right = region.xs[reach[0]], region.xs[reach[1]]
    whole = reach == (0, len(region.xs) - 1)
    return not whole and any(
        rule.level
        and abs(rule.at - square.box.bottom) <= NEAR
        and abs(rule.start - left) <= NEAR * 2
        and abs(rule.end - right) <= NEAR * 2
        for rule in region.rules
    )


def _middles(
    reach: Reach, squares: Mapping[tuple[int, int], Square], region: Region, rows: int
) -> tuple[float, ...]:
    """Of the columns, by their edges and by the heads below."""
    below = [
        run.box
        for (row, column), square in squares.items()
        if row == rows - 1 and reach[0] <= column < reach[1]
        for run in square.runs
    ]
    edges = (region.xs[reach[0]] + region.xs[reach[1]]) / 2
    return (edges, around(below).middle[0]) if below else (edges,)
