"""Lines of a table → its cells: which squares of the lattice no wall parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.readers.pdf_ink import Rule
from index.readers.pdf_rules import Ruling
from index.readers.pdf_shape import Box, Frame
from index.readers.pdf_text import Run

SNAP = 4.0
"""Points: lines no further apart are one edge of the table."""
SLIVER = 6.0
"""Points: no character fits into a narrower column or lower row."""
OPEN = 8.0
"""Points: level lines that reach this far beyond the last upright one show an open side."""
COVERED = 0.5
"""Share of a square's side along which a rule must run to be its wall."""
ASIDE = 1.0
"""Points by which writing may overlap an edge without crossing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A table on one page: its edges, rules and writing."""

    page: int
    frame: Frame
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]
    runs: tuple[Run, ...]
    soft_xs: frozenset[float] = field(default=frozenset())
    soft_ys: frozenset[float] = field(default=frozenset())
    """Edges that part squares wherever no writing crosses them, ruled or not."""
    open_walls: frozenset[tuple[int, int]] = field(default=frozenset())
    open_floors: frozenset[tuple[int, int]] = field(default=frozenset())
    """(row, edge) and (edge, column) of soft edges that part nothing: a head fills both
    squares."""
    head: int = 0
    """Rows of the head, where it is known."""
    chain: str = ""
    """What names the table whose stretches were given their columns together."""

    @property
    def box(self) -> Box:
        return Box(x0=self.xs[0], top=self.ys[0], x1=self.xs[-1], bottom=self.ys[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A cell: where it begins, how many rows and columns it covers, its box, its writing."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box
    runs: tuple[Run, ...] = ()


def region_of(ruling: Ruling, page: int, frame: Frame) -> Region | None:
    """The table that rules draw; None for a frame without any inner line."""
    box = ruling.box
    xs = edges([rule.at for rule in ruling.upright], box.x0, box.x1)
    ys = edges([rule.at for rule in ruling.level], box.top, box.bottom)
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
        return None
    return Region(
        page=page, frame=frame, xs=xs, ys=ys, rules=(*ruling.level, *ruling.upright), runs=()
    )


def edges(places: Iterable[float], start: float, end: float) -> tuple[float, ...]:
    """Places of lines, those on one edge once; `start`, `end`: as far as the table reaches."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= SNAP:
            groups[-1].append(place)
        else:
            groups.append([place])
    found = [sum(group) / len(group) for group in groups]
    if not found or found[0] - start > OPEN:
        found.insert(0, start)
    if end - found[-1] > OPEN or len(found) == 1:
        found.append(end)
    wide = [found[0]]
    for place in found[1:]:
        if place - wide[-1] >= SLIVER:
            wide.append(place)
    return tuple(wide) if len(wide) > 1 else (found[0], max(found[-1], found[0] + SLIVER))


def squares_of(region: Region) -> tuple[Square, ...]:
    """The cells with their writing, row by row."""
    cells = tuple(_cells(region))
    by_place = {
        (row, column): at
        for at, cell in enumerate(cells)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    written: list[list[Run]] = [[] for _ in cells]
    for run in region.runs:
        written[_home(run, region, cells, by_place)].append(run)
    return tuple(replace(cell, runs=tuple(runs)) for cell, runs in zip(cells, written, strict=True))


def _cells(region: Region) -> Iterator[Square]:
    """Rectangles without inner walls, greedily: first to the right, then down."""
    xs, ys = region.xs, region.ys
    upright = [_walls(region, row) for row in range(len(ys) - 1)]
    level = [_floors(region, at) for at in range(len(ys))]
    taken = [[False] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if taken[row][column]:
                continue
            right = column + 1
            while right < len(xs) - 1 and not upright[row][right] and not taken[row][right]:
                right += 1
            below = row + 1
            while below < len(ys) - 1 and not (
                any(level[below][column:right])
                or any(upright[below][column + 1 : right])
                or any(taken[below][column:right])
            ):
                below += 1
            for line in taken[row:below]:
                line[column:right] = [True] * (right - column)
            yield Square(
                row=row,
                column=column,
                rows=below - row,
                columns=right - column,
                box=Box(x0=xs[column], top=ys[row], x1=xs[right], bottom=ys[below]),
            )


def _walls(region: Region, row: int) -> list[bool]:
    """For each edge from left to right: whether a wall stands on it in this row."""
    top, bottom = region.ys[row], region.ys[row + 1]
    inside = [run for run in region.runs if top < _height(run) < bottom]
    walls = []
    for at, x in enumerate(region.xs):
        wall = _covered(region.rules, False, x, top, bottom)
        if not wall and x in region.soft_xs and (row, at) not in region.open_walls:
            wall = not any(run.box.x0 + ASIDE < x < run.box.x1 - ASIDE for run in inside)
        walls.append(wall)
    walls[0] = walls[-1] = True
    return walls


def _floors(region: Region, at: int) -> list[bool]:
    """For each column: whether a wall lies on the edge `at` from the top."""
    y = region.ys[at]
    walls = []
    for column, (left, right) in enumerate(pairwise(region.xs)):
        wall = at in (0, len(region.ys) - 1) or _covered(region.rules, True, y, left, right)
        if not wall and y in region.soft_ys and (at, column) not in region.open_floors:
            wall = _parts(region, at, left, right)
        walls.append(wall)
    return walls


def _parts(region: Region, at: int, left: float, right: float) -> bool:
    """Whether a soft edge parts the squares above and below it: no writing crosses it, and if
    it is ruled beside them, both are written in."""
    y = region.ys[at]
    near = [run for run in region.runs if left < run.box.middle[0] < right]
    if any(run.base - 0.7 * run.size + ASIDE < y < run.base - ASIDE for run in near):
        return False
    ruled = any(rule.level and abs(rule.at - y) <= SNAP for rule in region.rules)
    heights = [_height(run) for run in near]
    above = any(region.ys[at - 1] < height <= y for height in heights)
    below = any(y < height <= region.ys[at + 1] for height in heights)
    return not ruled or (above and below) or at == region.head


def _covered(rules: Iterable[Rule], level: bool, at: float, start: float, end: float) -> bool:
    """Rules on this edge run along most of the stretch."""
    shared = 0.0
    for rule in rules:
        if rule.level == level and abs(rule.at - at) <= SNAP:
            shared = max(shared, min(rule.end, end) - max(rule.start, start))
    return shared >= COVERED * (end - start)


def _height(run: Run) -> float:
    """The middle of the line of writing, which fonts' own boxes shift up and down."""
    return run.base - 0.35 * run.size


def _home(
    run: Run, region: Region, cells: Sequence[Square], by_place: dict[tuple[int, int], int]
) -> int:
    """The cell that a run belongs to, though it may reach over its walls.

    A figure stands at the right of its cell, words begin at the left of theirs or are centred.
    """
    row = _between(region.ys, _height(run))

    def cell_at(x: float) -> int:
        return by_place[row, _between(region.xs, x)]

    if run.is_figure:
        return cell_at(run.box.x1 - 0.3 * run.size)
    begun = cell_at(run.box.x0 + 0.3 * run.size)
    at_left = run.box.x0 - cells[begun].box.x0 <= 0.8 * run.size
    return begun if at_left else cell_at(run.box.middle[0])


def _between(edges: Sequence[float], place: float) -> int:
    """Which stretch between edges holds the place; the outer ones hold what lies beyond."""
    inner = edges[1:-1]
    return sum(place >= edge for edge in inner)
