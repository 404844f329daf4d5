"""Characters that one library loses and the other still has; a lost minus is a wrong figure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

from index.quantity import DASHES
from index.readers.pdf_box import Letter
from index.readers.pdf_ink import Glyph, Ink
from index.readers.pdf_shape import Box

NEAR = 0.35
"""Widths of a character by which the libraries may place one character differently."""
WIDEST = 1.5
"""Widths of a character from where a minus begins to its figure."""
DIGITS = frozenset("0123456789")
SPOT = 8.0
"""Points: what is near a place lies in the square of this size around it or in one beside."""

Point = tuple[float, float]
Spots = Mapping[tuple[int, int], Sequence[int]]
"""Square → which characters begin in it, by their number."""


def with_lost(ink: Ink, letters: Sequence[Letter]) -> Ink:
    """The page with what only the second library reads: words and signs of which the font's table
    lacks the code, and a minus before a figure that the first one left out.

    A digit that only one of the two reads stays unreadable.
    """
    starts = [_start(letter, ink) for letter in letters]
    spots = _by_spot(starts)
    glyphs = []
    for glyph in ink.glyphs:
        near = (at for at in _near(_begin(glyph), spots) if _is_at(glyph, starts[at]))
        said = {letters[at].text for at in near} if glyph.lost else set()
        known = len(said) == 1 and not said & DIGITS
        glyphs.append(replace(glyph, text=said.pop()) if known else glyph)
    return replace(ink, glyphs=(*glyphs, *_signs(glyphs, letters, starts)))


def _signs(
    glyphs: Sequence[Glyph], letters: Sequence[Letter], starts: Sequence[Point]
) -> Iterator[Glyph]:
    """A glyph for every minus right before a digit at a place where nothing was read."""
    spots = _by_spot(map(_begin, glyphs))
    for at, (sign, behind) in enumerate(pairwise(letters)):
        if sign.text not in DASHES or behind.text not in DIGITS:
            continue
        found = (glyphs[n] for n in _near(starts[at + 1], spots))
        digit = next((glyph for glyph in found if _is_at(glyph, starts[at + 1])), None)
        x = starts[at][0]
        if digit is None or not 0 < digit.box.x0 - x <= WIDEST * digit.size:
            continue
        box = replace(digit.box, x0=x, x1=digit.box.x0)
        if not any(glyphs[n].box.holds(box.middle) for n in _near((x, digit.base), spots)):
            yield replace(digit, text=sign.text, box=box, order=digit.order - 1, spaced=False)


def _begin(glyph: Glyph) -> Point:
    return glyph.box.x0, glyph.base


def _start(letter: Letter, ink: Ink) -> Point:
    """Where it begins on the page as read."""
    x, y = letter.origin
    read = ink.frame.read(Box(x0=x, top=y, x1=x, bottom=y))
    return read.x0, read.top


def _is_at(glyph: Glyph, start: Point) -> bool:
    return math.dist(_begin(glyph), start) <= NEAR * glyph.size


def _by_spot(starts: Iterable[Point]) -> Spots:
    spots: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, (x, y) in enumerate(starts):
        spots[int(x // SPOT), int(y // SPOT)].append(at)
    return spots


def _near(place: Point, spots: Spots) -> Iterator[int]:
    column, row = int(place[0] // SPOT), int(place[1] // SPOT)
    for x, y in product((-1, 0, 1), repeat=2):
        yield from spots.get((column + x, row + y), ())
