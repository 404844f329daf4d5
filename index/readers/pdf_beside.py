"""Tables side by side on a page: two of their own, or the halves of one with a gap between."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.caption import captionlike
from index.readers.pdf_lattice import SNAP, Region
from index.readers.pdf_text import Line
from index.words import squeeze

CAPTION = 3.0
"""Times the size of type: lines of one caption stand no further apart."""
SHARED = 0.5
"""Share of the lower table's height along which it stands beside the other."""

Part = tuple[tuple[Line, ...], Region]
"""A table with the lines of its caption that stand beside those of another."""


def in_rows(regions: Sequence[Region]) -> list[list[Region]]:
    """Regions from the top; those beside each other together, left to right."""
    rows: list[list[Region]] = []
    for region in sorted(regions, key=lambda region: (region.box.top, region.box.x0)):
        if rows and any(_are_beside(region, other) for other in rows[-1]):
            rows[-1].append(region)
        else:
            rows.append([region])
    return [sorted(row, key=lambda region: region.box.x0) for row in rows]


def _are_beside(one: Region, other: Region) -> bool:
    shared = one.box.down(other.box)
    return (
        shared >= SHARED * min(one.box.height, other.box.height) and one.box.across(other.box) <= 0
    )


def captions_of(
    lines: Sequence[Line], row: Sequence[Region]
) -> tuple[tuple[Line, ...], list[Part]]:
    """The lines above a row of tables: those over all of them, and each table's own."""
    if len(row) < 2:
        return tuple(lines), [((), row[0])]
    gaps = [(left.box.x1, right.box.x0) for left, right in pairwise(row)]
    start = len(lines)
    below = min(region.box.top for region in row)
    while start and _is_split(lines[start - 1], gaps):
        if below - lines[start - 1].base > CAPTION * lines[start - 1].size:
            break
        start -= 1
        below = lines[start].base
    edges = [float("-inf"), *((left + right) / 2 for left, right in gaps), float("inf")]
    parts = []
    for at, region in enumerate(row):
        own = (_between(line, edges[at], edges[at + 1]) for line in lines[start:])
        parts.append((tuple(line for line in own if line is not None), region))
    if not all(any(_is_title(line) for line in caption) for caption, _ in parts):
        return tuple(lines), [((), region) for region in row]
    return tuple(lines[:start]), parts


def _is_title(line: Line) -> bool:
    return any(not captionlike(squeeze(run.text)) for run in line.runs)


def _is_split(line: Line, gaps: Sequence[tuple[float, float]]) -> bool:
    """No run of the line reaches over the gap between two tables."""
    middles = [(left + right) / 2 for left, right in gaps]
    return not any(run.box.x0 < x < run.box.x1 for run in line.runs for x in middles)


def _between(line: Line, left: float, right: float) -> Line | None:
    runs = tuple(run for run in line.runs if left <= run.box.middle[0] < right)
    return Line(runs=runs) if runs else None


def joined(row: Sequence[Region], above: Sequence[Line]) -> Iterator[Region]:
    """Halves of one table (收入 | 支出), ruled apart, as one: their rows go on across the gap,
    and they have no captions of their own."""
    whole = row[0]
    for region in row[1:]:
        if _is_half(whole, region) and not _own_captions(above, (whole, region)):
            whole = replace(
                whole,
                xs=(*whole.xs, *region.xs),
                rules=(*whole.rules, *region.rules),
                runs=(*whole.runs, *region.runs),
            )
        else:
            yield whole
            whole = region
    yield whole


def _is_half(left: Region, right: Region) -> bool:
    alike = len(left.ys) == len(right.ys)
    return alike and all(
        abs(one - other) <= SNAP for one, other in zip(left.ys, right.ys, strict=True)
    )


def _own_captions(above: Sequence[Line], row: Sequence[Region]) -> bool:
    return any(len(lines) for lines, _ in captions_of(above, row)[1][1:])
