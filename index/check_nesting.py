"""The nesting of rows found from their figures: which runs of rows add up to the row above them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

Values = tuple[int, ...]
"""A row's figures, each as a whole number of the smallest place, a blank as 0."""
Nesting = Mapping[int, tuple[int, ...]]
"""Row → the rows that it is the sum of; `ABOVE` stands for what all are to add up to."""

ABOVE = -1
MOST_ROWS = 300
MOST_STATES = 4000
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
    return dict(_nodes(rows, ABOVE, roots, ends, len(rows))) if roots is not None else None


def extents(rows: Sequence[Values]) -> list[tuple[int, ...]]:
    """For each row where a run below it ends that adds up to it, the longest first."""
    found: list[tuple[int, ...]] = [() for _ in rows]
    for at in range(len(rows) - 1, -1, -1):
        if any(rows[at]):
            found[at] = tuple(reversed(_ends(rows, at + 1, rows[at], found)))
    return found


Ends = Sequence[tuple[int, ...]]


def _ends(rows: Sequence[Values], start: int, whole: Values, ends: Ends) -> list[int]:
    states = _walk(rows, start, whole, ends)
    return sorted({at for at, total in states if total == whole and at > start})


def _walk(
    rows: Sequence[Values], start: int, whole: Values, ends: Ends
) -> dict[tuple[int, Values], tuple[int, Values]]:
    """Every (position, sum so far) that can be reached → the one before it."""
    growing = all(value >= 0 for row in rows for value in row)
    first = (start, tuple(0 for _ in whole))
    before = {first: first}
    open_states = [first]
    while open_states and len(before) <= MOST_STATES:
        state = open_states.pop()
        at, total = state
        if at == len(rows):
            continue
        added = tuple(a + b for a, b in zip(total, rows[at], strict=True))
        if growing and any(a > b for a, b in zip(added, whole, strict=True)):
            continue
        for end in (at + 1, *ends[at]):
            if (end, added) not in before:
                before[end, added] = state
                open_states.append((end, added))
    return before if len(before) <= MOST_STATES else {first: first}


def _path(
    rows: Sequence[Values], start: int, whole: Values, ends: Ends, stop: int
) -> tuple[int, ...] | None:
    """The rows that add up to `whole` when all from `start` to `stop` are read."""
    before = _walk(rows[:stop], start, whole, [tuple(e for e in end if e <= stop) for end in ends])
    state = (stop, whole)
    if state not in before or stop == start:
        return None
    roots: list[int] = []
    while state[0] != start:
        state = before[state]
        roots.append(state[0])
    return tuple(reversed(roots))


def _nodes(
    rows: Sequence[Values], parent: int, roots: tuple[int, ...], ends: Ends, stop: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """`parent` with its members, and every member that has members of its own."""
    yield parent, roots
    for at, root in enumerate(roots):
        end = roots[at + 1] if at + 1 < len(roots) else stop
        inner = _path(rows, root + 1, rows[root], ends, end) if end > root + 1 else None
        if inner is not None:
            yield from _nodes(rows, root, inner, ends, end)
