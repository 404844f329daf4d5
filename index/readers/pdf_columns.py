"""Runs of writing → the columns of a table without upright rules: figures that stand one under
another, labels at their left, heads above."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.readers.pdf_rows import unwrapped
from index.readers.pdf_shape import Box
from index.readers.pdf_text import Line, Run

MARGIN = 2.0
"""Points that a table reaches beyond its writing."""
ALONE = 12.0
"""Widths of a character: so far a head may stand from its column before both are taken for
columns of their own."""
BEYOND = 4.0
"""What counts of a head behind its figures, which end at the right edge of their column, or
before words, which begin at the left one."""
BETWEEN = 1.2
"""Widths of a character: two rows of a head lie further apart than a row and what stands in the
middle of two."""
AWRY = 0.05
"""What counts of the distance of middles, where several pairings do not part head and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """From where to where the writing of a column's body reaches, and its head."""

    start: float
    end: float
    figures: bool
    head: Box | None = None

    @property
    def left(self) -> float:
        return min(self.start, self.head.x0) if self.head else self.start

    @property
    def right(self) -> float:
        return max(self.end, self.head.x1) if self.head else self.end

    def shares(self, run: Run) -> float:
        return min(self.right, run.box.x1) - max(self.left, run.box.x0)


def columns_of(rows: Iterable[Line], heads: Sequence[Line]) -> tuple[Column, ...]:
    """Left to right. `rows`: lines of the body; `heads`: lines of the head, from the top."""
    runs = [run for line in rows for run in line.runs]
    figures = _clusters([run for run in runs if run.is_figure], True)
    words = [run for run in runs if not run.is_figure and not _reaches_over(run, figures)]
    found = sorted([*figures, *_clusters(words, False)], key=lambda column: column.start)
    return _under_heads(found, _leaves(unwrapped(heads), found))


def edges_of(columns: Sequence[Column], hard: Sequence[float] = ()) -> tuple[float, ...]:
    """The edges between columns; `hard` ones are ruled, and two columns that one parts need no
    other."""
    places = list(hard)
    for left, right in pairwise(columns):
        if not any(left.end - MARGIN <= edge <= right.start + MARGIN for edge in hard):
            places.append(_edge(left, right))
    if columns:
        places += [columns[0].left - MARGIN, columns[-1].right + MARGIN] if not hard else []
    return tuple(sorted(places))


def _edge(left: Column, right: Column) -> float:
    """Heads stand in the middle of their columns, words begin at the left edge and figures end
    at the right one: that tells the other edge. Without, the middle of the gap."""
    low, high = left.right, right.left
    if low > high:
        low, high = left.end, right.start
    told = []
    if right.figures and right.head:
        told.append(2 * right.head.middle[0] - right.end)
    if not left.figures and left.head:
        told.append(2 * left.head.middle[0] - left.start)
    inside = [place for place in told if low - MARGIN <= place <= high + MARGIN]
    return sum(inside) / len(inside) if inside else (low + high) / 2


def _clusters(runs: Iterable[Run], figures: bool) -> list[Column]:
    """Runs that overlap from left to right."""
    found: list[Column] = []
    for run in sorted(runs, key=lambda run: run.box.x0):
        if found and run.box.x0 < found[-1].end:
            last = found[-1]
            found[-1] = Column(start=last.start, end=max(last.end, run.box.x1), figures=figures)
        else:
            found.append(Column(start=run.box.x0, end=run.box.x1, figures=figures))
    return found


def _reaches_over(run: Run, figures: Iterable[Column]) -> bool:
    """Words in a column of figures, or a label too long for its own."""
    return any(column.shares(run) > 0 for column in figures)


def _leaves(heads: Sequence[Line], columns: Sequence[Column]) -> list[Run]:
    """The heads that stand over one column each, left to right: the lowest line, and those
    above it with no other below them."""
    leaves: list[Run] = list(heads[-1].runs) if heads else []
    for line, below in reversed(list(pairwise(heads))):
        between = below.base - line.base <= BETWEEN * line.size
        leaves += [run for run in line.runs if not _has_below(run, leaves, columns, between)]
    return sorted(leaves, key=lambda run: run.box.x0)


def _has_below(run: Run, leaves: Sequence[Run], columns: Sequence[Column], between: bool) -> bool:
    """Lower heads stand under it: one in its own columns, or one on either side of it.

    `between`: its line stands between two rows of the head, in the middle of both.
    """
    if any(run.box.across(leaf.box) > 0 for leaf in leaves):
        return True
    if between:
        return False
    own = [column for column in columns if column.shares(run) > 0]
    if any(all(column.shares(leaf) <= 0 for leaf in leaves) for column in own):
        return False
    left = any(leaf.box.x1 <= run.box.x0 for leaf in leaves)
    return left and any(leaf.box.x0 >= run.box.x1 for leaf in leaves)


def _under_heads(columns: Sequence[Column], leaves: Sequence[Run]) -> tuple[Column, ...]:
    """Columns widened by their heads, and one for each head with nothing below.

    Heads and columns keep their order; of all ways to pair them so, that with the least
    distance is taken: in a wide column a centred head stands far from figures at the right.
    """
    pairs = _paired(columns, leaves)
    owner = dict(pairs)
    found = []
    for at, column in enumerate(columns):
        head = next((leaves[leaf] for leaf, own in pairs if own == at), None)
        found.append(replace(column, head=head.box) if head else column)
    for at, leaf in enumerate(leaves):
        box = leaf.box
        if at not in owner and not any(column.shares(leaf) > 0 for column in found):
            found.append(Column(start=box.x0, end=box.x1, figures=True, head=box))
    return tuple(sorted(found, key=lambda column: column.start))


def _paired(columns: Sequence[Column], leaves: Sequence[Run]) -> list[tuple[int, int]]:
    """(leaf, column) pairs in order, by dynamic programming over both."""
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [
        [(ALONE * at, []) for at in range(len(columns) + 1)]
    ]
    for n, leaf in enumerate(leaves):
        row: list[tuple[float, list[tuple[int, int]]]] = [(ALONE * (n + 1), [])]
        for m, column in enumerate(columns):
            cost, pairs = best[n][m]
            choices = [
                (cost + _distance(leaf, column), [*pairs, (n, m)]),
                (best[n][m + 1][0] + ALONE, best[n][m + 1][1]),
                (row[m][0] + ALONE, row[m][1]),
            ]
            row.append(min(choices, key=lambda choice: choice[0]))
        best.append(row)
    return best[-1][-1][1]


def _distance(leaf: Run, column: Column) -> float:
    """How far a head stands from what may be its column, in widths of a character."""
    off = abs(leaf.box.middle[0] - (column.start + column.end) / 2)
    beyond = leaf.box.x0 > column.end if column.figures else leaf.box.x1 < column.start
    far = (max(0.0, -column.shares(leaf)) + AWRY * off) / leaf.size
    return far + BEYOND if beyond else far
