"""A second reading of a PDF: the characters in a box, by a library that shares nothing with
the reader's own, so that a figure is shown only if both read the same."""

import atexit
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from index.errors import BudgetError
from index.readers.pdf_letters import meant
from index.readers.pdf_shape import Box, Frame

KEPT_FILES = 4
KEPT_PAGES = 256
"""Pages of which the characters are kept, a few hundred kilobytes each."""
ROOM = 0.6
"""Points by which a box is widened: its edges are printed with one decimal."""
LINE = 0.15
"""Widths of a character: glyphs of one line lie no further apart in height."""
OVERPRINT = 0.15

_lock = Lock()
"""The library must not be entered by two threads at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    text: str
    middle: tuple[float, float]
    """On the page as shown, from its top left corner."""
    origin: tuple[float, float]
    turn: int
    size: float


def read_box(content: bytes, page: int, box: str) -> str:
    """The characters whose middle lies in `box` (`x0,y0,x1,y1` in points from the top left
    corner of page `page`, counted from 1) line by line, without white space.

    Raises BudgetError where the file or the page cannot be opened, ValueError for another `box`.
    """
    x0, top, x1, bottom = map(float, box.split(","))
    around = Box(x0=x0 - ROOM, top=top - ROOM, x1=x1 + ROOM, bottom=bottom + ROOM)
    with _lock:
        letters = _letters(content, page)
    inside = [letter for letter in letters if around.holds(letter.middle)]
    return "".join(letter.text for letter in _once(_in_order(inside)))


@lru_cache(maxsize=KEPT_FILES)
def _document(content: bytes) -> Any:
    import pypdfium2

    _close_at_exit()
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise BudgetError("PDF 无法再次打开核对", mend="请重新添加这个文件") from None


@cache
def _close_at_exit() -> None:
    """Registered behind the library's own farewell, which names each document still open on the
    terminal: ours then runs before it."""
    atexit.register(_document.cache_clear)


@lru_cache(maxsize=KEPT_PAGES)
def _letters(content: bytes, number: int) -> tuple[Letter, ...]:
    document = _document(content)
    if not 1 <= number <= len(document):
        raise BudgetError(f"PDF 没有第 {number} 页", mend="请重新添加这个文件")
    page = document[number - 1]
    try:
        return letters_on(page)
    finally:
        page.close()


def letters_on(page: Any) -> tuple[Letter, ...]:
    """The characters of a pypdfium2 page, in the file's order, without white space."""
    text = page.get_textpage()
    try:
        return _letters_of(page, text)
    finally:
        text.close()


def _letters_of(page: Any, text: Any) -> tuple[Letter, ...]:
    import ctypes

    import pypdfium2.raw as raw

    shown = _Shown.of(page)
    rect = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    letters = []
    for at in range(text.count_chars()):
        said = meant(chr(raw.FPDFText_GetUnicode(text, at)))
        if not said or raw.FPDFText_IsGenerated(text, at) == 1:
            continue
        raw.FPDFText_GetLooseCharBox(text, at, rect)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        angle = math.degrees(raw.FPDFText_GetCharAngle(text, at))
        letters.append(
            Letter(
                text=said,
                middle=shown.point((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2),
                origin=shown.point(x.value, y.value),
                turn=(-round(angle / 90) * 90 - shown.rotation) % 360,
                size=max(rect.right - rect.left, abs(rect.top - rect.bottom)),
            )
        )
    return tuple(letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The part of the sheet that is shown, turned clockwise by `rotation` degrees."""

    left: float
    bottom: float
    width: float
    height: float
    rotation: int

    @classmethod
    def of(cls, page: Any) -> "_Shown":
        crop, media = page.get_cropbox(), page.get_mediabox()
        x0, y0 = max(crop[0], media[0]), max(crop[1], media[1])
        x1, y1 = min(crop[2], media[2]), min(crop[3], media[3])
        if x1 <= x0 or y1 <= y0:
            x0, y0, x1, y1 = media
        return cls(left=x0, bottom=y0, width=x1 - x0, height=y1 - y0, rotation=page.get_rotation())

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file → of the page as shown."""
        across, up = x - self.left, y - self.bottom
        if self.rotation == 90:
            return up, across
        if self.rotation == 180:
            return self.width - across, up
        if self.rotation == 270:
            return self.height - up, self.width - across
        return across, self.height - up


def _in_order(letters: list[Letter]) -> list[Letter]:
    """Line by line, as most of them are turned."""
    if not letters:
        return []
    turns = [letter.turn for letter in letters]
    frame = Frame(turn=max(set(turns), key=turns.count), width=0, height=0)
    places = {}
    for at, letter in enumerate(letters):
        x, y = letter.origin
        read = frame.read(Box(x0=x, top=y, x1=x, bottom=y))
        places[at] = (read.top, read.x0)
    order = sorted(places, key=lambda at: places[at])
    lines: list[list[int]] = []
    for at in order:
        near = LINE * letters[at].size
        if lines and places[at][0] - places[lines[-1][-1]][0] <= near:
            lines[-1].append(at)
        else:
            lines.append([at])
    return [letters[at] for line in lines for at in sorted(line, key=lambda at: places[at][1])]


def _once(letters: list[Letter]) -> list[Letter]:
    """Without the second print of bold type made by printing it twice."""
    kept: list[Letter] = []
    for letter in letters:
        near = OVERPRINT * letter.size
        again = any(
            old.text == letter.text and math.dist(old.origin, letter.origin) <= near
            for old in kept[-2:]
        )
        if not again:
            kept.append(letter)
    return kept
