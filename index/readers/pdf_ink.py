"""A PDF page → what is printed on it: glyphs, rules, and whether a picture covers it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.readers.pdf_letters import LOST, UNREADABLE, meant
from index.readers.pdf_shape import Box, Frame

SLANT = 0.05
"""Text that climbs more than 1 in 20 is a watermark."""
THIN = 3.0
"""Points: a filled shape not thicker than this is a rule."""
TINIEST = 1.5
"""Points: smaller type is not meant to be read."""
COVERING = 0.6
"""Share of the page that a picture covers where the page is a scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    text: str
    box: Box
    base: float
    """Where the line of writing lies, from the top: equal along a line whatever the fonts."""
    size: float
    order: int
    """As the file draws them."""
    font: str = ""
    spaced: bool = False
    """A blank was drawn before it."""
    lost: bool = False
    """Its font has no glyph for its code: the second library may know what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line: `at` is its x (upright) or y (level), it runs from `start` to `end`."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    page: int
    frame: Frame
    glyphs: tuple[Glyph, ...]
    turned: Mapping[int, tuple[Glyph, ...]]
    """Glyphs that run another way than the page's text, by their turn against it."""
    rules: tuple[Rule, ...]
    covered: bool
    """A picture covers the page."""

    @property
    def unreadable(self) -> int:
        """How many of the glyphs do not say what they are."""
        every = (self.glyphs, *self.turned.values())
        return sum(glyph.text == UNREADABLE for glyphs in every for glyph in glyphs)

    @property
    def size(self) -> tuple[float, float]:
        return self.frame.size


def ink_of(page: Any) -> Ink:
    """The ink of a pdfplumber page, in the frame in which most of its text runs right."""
    shown = _Shown.of(page)
    chars = [char for char in page.chars if _is_type(char)]
    turns = Counter(_turn(char) for char in chars)
    turn = turns.most_common(1)[0][0] if turns else 0
    frame = Frame(turn=turn or 0, width=shown.width, height=shown.height)
    glyphs: dict[int, list[Glyph]] = {0: []}
    spaced = False
    for order, char in enumerate(chars):
        own = _turn(char) or 0
        glyph = _glyph(char, order, replace(frame, turn=own), shown, spaced=spaced)
        spaced = glyph is None
        if glyph is not None:
            glyphs.setdefault((own - frame.turn) % 360, []).append(glyph)
    once = {own: tuple(without_overprint(found)) for own, found in glyphs.items()}
    return Ink(
        page=page.page_number,
        frame=frame,
        glyphs=once.pop(0),
        turned=once,
        rules=tuple(_rules(page, frame, shown)),
        covered=sum(_share(image, shown) for image in page.images) >= COVERING,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The part of the sheet that is shown (its crop box), where the whole sheet's upper left
    corner is 0, 0."""

    left: float
    top: float
    width: float
    height: float
    origin: tuple[float, float]
    """pdfplumber's own coordinates of that corner."""
    base: float
    """Where y = 0 of what the page draws lies, from the top of what is shown."""

    @classmethod
    def of(cls, page: Any) -> "_Shown":
        media, crop = _corners(page.page_obj.mediabox), _corners(page.page_obj.cropbox)
        x0, y0 = max(crop[0], media[0]), max(crop[1], media[1])
        x1, y1 = min(crop[2], media[2]), min(crop[3], media[3])
        if x1 <= x0 or y1 <= y0:
            x0, y0, x1, y1 = media
        # How much of the sheet is cut away at its left, bottom, right and top, before it is turned.
        cut = (x0 - media[0], y0 - media[1], media[2] - x1, media[3] - y1)
        left, top = {0: (0, 3), 90: (1, 0), 180: (2, 1), 270: (3, 2)}.get(page.rotation, (0, 3))
        size = (y1 - y0, x1 - x0) if page.rotation in (90, 270) else (x1 - x0, y1 - y0)
        return cls(
            left=cut[left],
            top=cut[top],
            width=size[0],
            height=size[1],
            origin=(float(page.mediabox[0]), float(page.mediabox[1])),
            base=float(page.height) - cut[top],
        )

    def box(self, item: Mapping[str, Any]) -> Box:
        left, top = self.left + self.origin[0], self.top + self.origin[1]
        return Box(
            x0=item["x0"] - left,
            top=item["top"] - top,
            x1=item["x1"] - left,
            bottom=item["bottom"] - top,
        )

    def holds(self, box: Box) -> bool:
        x, y = box.middle
        return 0 <= x <= self.width and 0 <= y <= self.height


def _is_type(char: Mapping[str, Any]) -> bool:
    """Not slanting, nor too small to be read."""
    return max(char["width"], char["height"]) >= TINIEST and _turn(char) is not None


def _corners(box: Sequence[float]) -> tuple[float, float, float, float]:
    """Left, bottom, right, top, in whatever order a file names two corners."""
    x0, y0, x1, y1 = map(float, box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _turn(char: Mapping[str, Any]) -> int | None:
    """Which way a glyph runs; None where it slants."""
    a, b = char["matrix"][:2]
    if min(abs(a), abs(b)) > SLANT * max(abs(a), abs(b)):
        return None
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 180
    return 90 if b > 0 else 270


def _glyph(
    char: Mapping[str, Any], order: int, frame: Frame, shown: _Shown, *, spaced: bool
) -> Glyph | None:
    text = meant(char["text"])
    box = shown.box(char)
    if not text or not shown.holds(box) or frame.read(box).height < TINIEST:
        return None
    x, y = char["matrix"][4] - shown.left, shown.base - char["matrix"][5]
    origin = frame.read(Box(x0=x, top=y, x1=x, bottom=y))
    read = frame.read(box)
    return Glyph(
        text=text,
        box=read,
        base=origin.top,
        size=read.height,
        order=order,
        font=str(char["fontname"]),
        spaced=spaced,
        lost=char["text"] == LOST,
    )


def without_overprint(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Bold type that is made by printing a glyph twice, a hair apart, is one glyph."""
    seen: dict[tuple[str, int, int], Glyph] = {}
    for glyph in glyphs:
        near = glyph.size * 0.15
        column, row = int(glyph.box.x0 // 2), int(glyph.base // 2)
        places = ((glyph.text, column + x, row + y) for x in (0, -1, 1) for y in (0, -1, 1))
        again = any(
            abs(old.box.x0 - glyph.box.x0) <= near and abs(old.base - glyph.base) <= near
            for place in places
            if (old := seen.get(place)) is not None
        )
        if not again:
            seen[glyph.text, column, row] = glyph
            yield glyph


def _share(image: Mapping[str, Any], shown: _Shown) -> float:
    """How much of the page a picture covers; a scan may be cut into strips."""
    sheet = Box(x0=0, top=0, x1=shown.width, bottom=shown.height)
    box = shown.box(image)
    shared = max(0.0, box.across(sheet)) * max(0.0, box.down(sheet))
    return shared / (sheet.width * sheet.height)


def _rules(page: Any, frame: Frame, shown: _Shown) -> Iterator[Rule]:
    objects = page.objects
    for kind in ("line", "rect", "curve"):
        for item in objects.get(kind, ()):
            for box in _straights(item, kind, shown):
                if shown.holds(box):
                    yield from _rule(frame.read(box))


def _straights(item: Mapping[str, Any], kind: str, shown: _Shown) -> Iterator[Box]:
    """The straight strokes of a shape: itself where it is thin, else its drawn outline."""
    box = shown.box(item)
    if min(box.width, box.height) <= THIN:
        yield box
    elif item.get("stroke") and not _white(item.get("stroking_color")):
        if kind == "rect":
            yield from _outline(box)
        else:
            yield from _sides(item, shown)


def _outline(box: Box) -> Iterator[Box]:
    yield Box(x0=box.x0, top=box.top, x1=box.x1, bottom=box.top)
    yield Box(x0=box.x0, top=box.bottom, x1=box.x1, bottom=box.bottom)
    yield Box(x0=box.x0, top=box.top, x1=box.x0, bottom=box.bottom)
    yield Box(x0=box.x1, top=box.top, x1=box.x1, bottom=box.bottom)


def _sides(item: Mapping[str, Any], shown: _Shown) -> Iterator[Box]:
    """The level and upright sides of a path; its curves and slanting sides are no rules."""
    here: tuple[float, float] | None = None
    left, top = shown.left + shown.origin[0], shown.top + shown.origin[1]
    for command, *points in item.get("path", ()):
        if not points:
            continue
        x, y = points[-1]
        if command == "l" and here is not None and min(abs(x - here[0]), abs(y - here[1])) <= 1:
            yield Box(
                x0=min(x, here[0]) - left,
                top=min(y, here[1]) - top,
                x1=max(x, here[0]) - left,
                bottom=max(y, here[1]) - top,
            )
        here = (x, y)


def _white(color: Any) -> bool:
    """White in grey, red-green-blue or the four inks of print."""
    values = color if isinstance(color, list | tuple) else (color,)
    if not values or not all(isinstance(value, int | float) for value in values):
        return False
    return sum(values) <= 0.05 if len(values) == 4 else min(values) >= 0.97


def _rule(box: Box) -> Iterator[Rule]:
    level = box.width > box.height
    x, y = box.middle
    rule = (
        Rule(level=True, at=y, start=box.x0, end=box.x1)
        if level
        else Rule(level=False, at=x, start=box.top, end=box.bottom)
    )
    if math.isfinite(rule.at) and rule.end - rule.start > 0:
        yield rule
