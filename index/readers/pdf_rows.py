"""Lines of writing in a table without level rules → its rows: which lines make one row."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from index.readers.pdf_shape import around
from index.readers.pdf_text import Line, Run, lines_of

# All in widths of a character.
BESIDE = 0.85
"""Lines no further apart in height stand beside each other, in cells of different heights."""
CLOSE = 1.6
"""Lines of one wrapped cell lie no further apart."""
LOOSER = 1.2
"""Times that distance, at least, rows lie apart if wrapped lines are closer than rows."""
ALIGNED = 0.4
MIDDLE = 0.15
"""Share of the distance of two rows by which a line may miss their middle."""
FULL = 1.2
"""Room that a wrapped line may leave in its column."""

Rows = list[list[Line]]


def rows_of(lines: Sequence[Line], edges: Sequence[float]) -> Rows:
    """The lines of a table's body, from the top, row by row. `edges`: its columns' edges.

    Lines in the middle between two rows are of cells merged over both, and of neither.
    """
    groups = _beside(_without_merged(lines, edges))
    pitch = _pitch(groups)
    rows: Rows = []
    for at, group in enumerate(groups):
        wrapped = rows and _wraps(rows[-1], group, groups[at + 1 :], pitch, edges)
        led = rows and not _figures(rows[-1]) and _leads(rows[-1], group, pitch, edges)
        if wrapped or led:
            rows[-1] += group
        else:
            rows.append(list(group))
    return rows


def head_rows_of(lines: Sequence[Line], edges: Sequence[float]) -> Rows:
    """The lines of a head: one row where words are wrapped, two where one stands over several."""
    rows: Rows = []
    for line in lines:
        if rows and _is_same_head(rows[-1], line, edges):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def breaks_between(rows: Rows) -> list[float]:
    """The heights at which one row ends and the next begins."""
    return [
        (max(line.base for line in above) + min(line.base - line.size for line in below)) / 2
        + 0.1 * below[0].size
        for above, below in pairwise(rows)
    ]


def _beside(lines: Sequence[Line]) -> Rows:
    """Lines whose heights overlap, as where a figure stands beside a label of two lines."""
    groups: Rows = []
    for line in sorted(lines, key=lambda line: line.base):
        if groups and line.base - groups[-1][-1].base <= BESIDE * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _without_merged(lines: Sequence[Line], edges: Sequence[float]) -> list[Line]:
    kept = list(lines)
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        middle = (above.base + below.base) / 2
        between = abs(line.base - middle) <= MIDDLE * (below.base - above.base)
        filled = [{_column(run, edges) for run in each.runs} for each in (above, line, below)]
        apart = filled[0] & filled[2] and not filled[1] & (filled[0] | filled[2])
        if between and apart and above.figures and below.figures:
            kept.remove(line)
    return kept


def _figures(group: Sequence[Line]) -> bool:
    return any(line.figures for line in group)


def _pitch(groups: Rows) -> float:
    """The usual distance from one row with figures to the next."""
    gaps = [
        _base(below) - _base(above)
        for above, below in pairwise(groups)
        if _figures(above) and _figures(below)
    ]
    return median(gaps) if gaps else 0.0


def _base(group: Sequence[Line]) -> float:
    return sum(line.base for line in group) / len(group)


def _wraps(
    row: Sequence[Line],
    group: Sequence[Line],
    below: Rows,
    pitch: float,
    edges: Sequence[float],
) -> bool:
    """Words without figures that go on with the row above."""
    if _figures(group) or not _figures(row):
        return False
    gap, size = group[0].base - row[-1].base, group[0].size
    after = below[0][0].base - group[-1].base if below else None
    close = gap <= CLOSE * size and (pitch >= LOOSER * gap or (not pitch and not below))
    if close and (after is None or gap <= after):
        return True
    return gap <= CLOSE * LOOSER * size and _is_full(row[-1], group[0], edges)


def _leads(
    row: Sequence[Line], group: Sequence[Line], pitch: float, edges: Sequence[float]
) -> bool:
    """The row so far is the upper line of a label whose figures stand beside a lower one."""
    gap, size = group[0].base - row[-1].base, group[0].size
    if gap <= CLOSE * size / 1.4:
        return True
    return gap <= CLOSE * size and pitch >= LOOSER * gap and _is_full(row[-1], group[0], edges)


def _is_full(above: Line, below: Line, edges: Sequence[float]) -> bool:
    """Each run below stands under one above that fills its column."""
    return all(
        any(
            _column(run, edges) == _column(over, edges) and _fills(over, edges)
            for over in above.runs
        )
        for run in below.runs
    )


def _column(run: Run, edges: Sequence[float]) -> int:
    return sum(run.box.x0 + 0.3 * run.size >= edge for edge in edges[1:-1])


def _fills(run: Run, edges: Sequence[float]) -> bool:
    at = _column(run, edges)
    return run.box.x1 + FULL * run.size >= edges[at + 1]


def _is_same_head(row: Sequence[Line], line: Line, edges: Sequence[float]) -> bool:
    """The line goes on with words above it in their own columns, or stands beside them."""
    pairs = [
        (over, run)
        for run in line.runs
        for above in row
        for over in above.runs
        if over.box.across(run.box) > 0 or _column(over, edges) == _column(run, edges)
    ]
    if not pairs:
        return line.base - row[-1].base <= BESIDE * line.size
    nearest = {run: max(over.base for over, below in pairs if below == run) for _, run in pairs}
    close = all(run.base - base <= CLOSE * run.size for run, base in nearest.items())
    over_several = any(
        sum(over.box.across(run.box) > 0 for run in line.runs) > 1 for over, _ in pairs
    )
    return close and not over_several and all(_aligned(over, run) for over, run in pairs)


def unwrapped(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a head with the words that go on in the next line as one run."""
    blocks: list[list[Run]] = []
    for line in lines:
        for run in line.runs:
            over = [block for block in blocks if _goes_on(block, run, line)]
            if len(over) == 1:
                over[0].append(run)
            else:
                blocks.append([run])
    return lines_of(_one(block) for block in blocks)


def _goes_on(block: Sequence[Run], run: Run, line: Line) -> bool:
    above = block[-1]
    close = 0 < run.base - above.base <= CLOSE * run.size
    alone = sum(above.box.across(other.box) > 0 for other in line.runs) == 1
    return close and above.box.across(run.box) > 0 and alone and _aligned(above, run)


def _one(block: Sequence[Run]) -> Run:
    base = sum(run.base for run in block) / len(block)
    box = around(run.box for run in block)
    return replace(block[0], text="".join(run.text for run in block), box=box, base=base)


def _aligned(above: Run, below: Run) -> bool:
    """Lines of one cell have an edge or the middle in common."""
    near = ALIGNED * below.size
    return (
        abs(above.box.middle[0] - below.box.middle[0]) <= near
        or abs(above.box.x0 - below.box.x0) <= near
        or abs(above.box.x1 - below.box.x1) <= near
    )
