"""Tables that run over pages: which regions are one table, and the edges they have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.readers.pdf_lattice import SNAP, Region, edges

SHIFT = 60.0
"""Points by which a table may stand elsewhere on its next page."""
WIDER = 0.02
"""Share by which its width may differ there."""


def continues(above: Region, below: Region, *, parted: bool) -> bool:
    """The columns of one are columns of the other, wherever each stands on its page.

    `parted`: writing stands between them; then the columns must be the same.
    """
    if abs(below.xs[0] - above.xs[0]) > SHIFT or above.frame.size != below.frame.size:
        return False
    first, second = _offsets(above), _offsets(below)
    if abs(first[-1] - second[-1]) > max(SNAP, WIDER * first[-1]):
        return False
    few, many = sorted((first, second), key=len)
    known = all(any(abs(one - other) <= SNAP for other in many) for one in few)
    return known and (not parted or len(few) == len(many))


def _offsets(region: Region) -> list[float]:
    return [x - region.xs[0] for x in region.xs]


def in_common(regions: Sequence[Region]) -> Iterator[Region]:
    """The same regions with every edge that any of them has."""
    if regions[0].chain:
        yield from regions
        return
    places = [offset for region in regions for offset in _offsets(region)]
    whole = edges(places, 0.0, max(places))
    for region in regions:
        xs = tuple(region.xs[0] + offset for offset in whole)
        soft = frozenset(xs) if region.soft_xs else frozenset()
        if len(xs) != len(region.xs):
            region = replace(region, open_walls=frozenset(), open_floors=frozenset())
        yield replace(region, xs=xs, soft_xs=soft)
