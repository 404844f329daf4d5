"""Runs of writing → the columns of a table without upright rules: figures that stand one under
another, labels at their left, heads above."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.pdf_text import Line, Run

MARGIN = 2.0
"""Points that a table reaches beyond its writing."""
INSIDE = 0.3
"""Share of a run's width by which words may reach over figures and still be words of a
neighbouring column."""
ROOM = 0.4
"""Widths of a character that part a head without figures below from its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """From where to where the writing of a column reaches."""

    start: float
    end: float
    figures: bool

    def shares(self, run: Run) -> float:
        return min(self.end, run.box.x1) - max(self.start, run.box.x0)


def columns_of(rows: Iterable[Line], heads: Sequence[Line]) -> tuple[Column, ...]:
    """Left to right. `rows`: lines of the body; `heads`: lines of the head, from the top."""
    runs = [run for line in rows for run in line.runs]
    figures = _clusters([run for run in runs if run.is_figure], True)
    words = [run for run in runs if not run.is_figure and not _reaches_over(run, figures)]
    found = sorted([*figures, *_clusters(words, False)], key=lambda column: column.start)
    for line in reversed(heads):
        found = _with_heads(found, line, leaf=line is heads[-1])
    return tuple(found)


def edges_of(columns: Sequence[Column], hard: Sequence[float] = ()) -> tuple[float, ...]:
    """The edges between columns; `hard` ones are ruled, and two columns that one parts need no
    other."""
    places = list(hard)
    for left, right in pairwise(columns):
        if not any(left.end - MARGIN <= edge <= right.start + MARGIN for edge in hard):
            places.append((left.end + right.start) / 2)
    if columns:
        places += [columns[0].start - MARGIN, columns[-1].end + MARGIN] if not hard else []
    return tuple(sorted(places))


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


def _with_heads(columns: list[Column], line: Line, *, leaf: bool) -> list[Column]:
    """Columns widened by the heads that stand over one of them alone; a head over none is a
    column in which nothing is printed."""
    found = list(columns)
    for run in line.runs:
        over = [at for at, column in enumerate(found) if column.shares(run) > 0]
        if len(over) == 1:
            at = over[0]
            start, end = min(found[at].start, run.box.x0), max(found[at].end, run.box.x1)
            alone = (at == 0 or found[at - 1].end < start) and (
                at + 1 == len(found) or end < found[at + 1].start
            )
            if alone and (leaf or end - start <= 1.5 * (found[at].end - found[at].start)):
                found[at] = Column(start=start, end=end, figures=found[at].figures)
        elif not over and (leaf or not _stands_between(run, found)):
            found.append(Column(start=run.box.x0, end=run.box.x1, figures=True))
            found.sort(key=lambda column: column.start)
    return found


def _stands_between(run: Run, columns: Sequence[Column]) -> bool:
    """Over the middle of two neighbours: the head of both."""
    left = [column for column in columns if column.end <= run.box.x0]
    right = [column for column in columns if column.start >= run.box.x1]
    if not left or not right:
        return False
    middle = (left[-1].start + right[0].end) / 2
    return abs(middle - run.box.middle[0]) <= run.size
