"""Labels merged over several rows in tables without level rules: which rows each one covers."""

from collections.abc import Sequence
from dataclasses import replace

from index.readers.pdf_lattice import Region, Square, squares_of
from index.readers.pdf_shape import around

OFF = 0.3
"""Share of a row's height by which a label may miss the middle of the rows it covers."""


def with_merged(region: Region) -> Region:
    """The region with the floors inside of merged labels open.

    A label between two rows stands in the middle of several. Then every label of its column is
    taken to, and the groups must follow one another to the table's last row.
    """
    columns: dict[int, list[Square]] = {}
    for square in squares_of(region):
        if square.row >= region.head and square.runs and square.columns == 1:
            columns.setdefault(square.column, []).append(square)
    floors = set(region.open_floors)
    for column, labels in columns.items():
        if any(label.rows > 1 for label in labels):
            for first, last in _groups(labels, region.ys):
                floors |= {(edge, column) for edge in range(first + 1, last + 1)}
    return replace(region, open_floors=frozenset(floors))


def _groups(labels: Sequence[Square], ys: Sequence[float]) -> list[tuple[int, int]]:
    """First and last row of each label's group, found from the last row up; empty where the
    labels stand otherwise."""
    found: list[tuple[int, int]] = []
    last = len(ys) - 2
    for label in sorted(labels, key=lambda label: label.row, reverse=True):
        middle = around(run.box for run in label.runs).middle[1]
        first = min(
            range(last + 1), key=lambda row: abs((ys[row] + ys[last + 1]) / 2 - middle), default=0
        )
        height = (ys[last + 1] - ys[first]) / (last + 1 - first) if last >= first else 0
        off = abs((ys[first] + ys[last + 1]) / 2 - middle)
        if last < label.row or off > OFF * height or first > label.row:
            return []
        found.append((first, last))
        last = first - 1
    return found
