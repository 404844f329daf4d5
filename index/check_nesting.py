"""The nesting of rows found from their figures: which runs of rows add up to the row above them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

Values = tuple[int, ...]
"""A row's figures, each as a whole number of the smallest place, a blank as 0."""
Nesting = Mapping[int, tuple[int, ...]]
"""Row → the rows that it is the sum of; `ABOVE` stands for what all are to add up to."""

ABOVE = -1
MOST_ROWS = 300
MOST_ENDS = 4
"""Readings of one row that are kept."""
MOST_STATES = 2000
"""Of a search: where so many readings are open the figures (0, 1, 2 …) tell nothing."""


def whole_numbers(rows: Sequence[Sequence[Decimal]]) -> list[Values]:
    """Decimals as integers of one scale: adding up integers is exact and quick."""
    exponents = [value.as_tuple().exponent for row in rows for value in row]
    places = max((-e for e in exponents if isinstance(e, int)), default=0)
    return [tuple(int(value.scaleb(max(0, places))) for value in row) for row in rows]


def nesting(rows: Sequence[Values], above: Values) -> Nesting | None:
    """How the rows nest if all of them are to add up to `above`, parents above their members.

    None where no reading of the rows does.

    >>> nesting([(5,), (2,), (3,), (4,)], (9,))
    {-1: (0, 3), 0: (1, 2)}
    """
    if len(rows) > MOST_ROWS or not any(above):
        return None
    ends = extents(rows)
    roots = _path(rows, 0, above, ends, len(rows))
    return dict(_nodes(rows, ABOVE, roots, ends, len(rows))) if roots else None


Ends = Sequence[tuple[int, ...]]
"""For each row where runs below it end that add up to it, the likeliest last."""


def extents(rows: Sequence[Values]) -> Ends:
    found: list[tuple[int, ...]] = [() for _ in rows]
    for at in range(len(rows) - 1, -1, -1):
        if any(rows[at]):
            paths = islice(_paths(rows, at + 1, rows[at], found), MOST_ENDS)
            found[at] = tuple(dict.fromkeys(end for _, end in paths))[::-1]
    return found


def _path(
    rows: Sequence[Values], start: int, whole: Values, ends: Ends, stop: int
) -> tuple[int, ...]:
    """The rows that add up to `whole` when all up to `stop` are read; empty where none do."""
    return next((path for path, _ in _paths(rows, start, whole, ends, stop)), ())


def _paths(
    rows: Sequence[Values], start: int, whole: Values, ends: Ends, stop: int | None = None
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Rows from `start` on that add up to `whole`, each standing for its own run where it has one,
    and where they end: at `stop`, if it is given."""
    last = len(rows) if stop is None else stop
    growing = all(value >= 0 for row in rows for value in row)
    first = (start, tuple(0 for _ in whole))
    before = {first: first}
    states = [first]
    while states and len(before) <= MOST_STATES:
        state = states.pop()
        at, total = state
        if total == whole and at > start and stop in (None, at):
            yield _back(before, state), at
        if at == last:
            continue
        added = tuple(a + b for a, b in zip(total, rows[at], strict=True))
        if growing and any(a > b for a, b in zip(added, whole, strict=True)):
            continue
        # The reading in which the row stands for its run is tried first: it is popped first.
        for end in (at + 1, *ends[at]):
            if end <= last and (end, added) not in before:
                before[end, added] = state
                states.append((end, added))


State = tuple[int, Values]


def _back(before: Mapping[State, State], state: State) -> tuple[int, ...]:
    roots: list[int] = []
    while before[state] != state:
        state = before[state]
        roots.append(state[0])
    return tuple(reversed(roots))


def _nodes(
    rows: Sequence[Values],
    parent: int,
    roots: tuple[int, ...],
    ends: Ends,
    stop: int,
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """`parent` with its members, and every member that has members of its own."""
    yield parent, roots
    for at, root in enumerate(roots):
        end = roots[at + 1] if at + 1 < len(roots) else stop
        inner = _path(rows, root + 1, rows[root], ends, end) if end > root + 1 else ()
        if inner:
            yield from _nodes(rows, root, inner, ends, end)
