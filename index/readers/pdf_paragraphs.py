"""Lines of running text → paragraphs: which line goes on with the one above."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.arrange import ITEM, SUBITEM
from index.caption import END, NOTE, PART, POINT, TABLE_NUMBER, captionlike
from index.document import Paragraph
from index.readers.pdf_cells import place_of
from index.readers.pdf_shape import Box, Frame
from index.readers.pdf_text import Line, Run, joined
from index.words import squeeze

# All in widths of a character.
INDENT = 0.8
"""A line begun this far from the margin begins a paragraph."""
HANGING = 5.0
"""The most by which the lines below an ordinal are set in."""
SLACK = 0.6
"""A line that leaves room for less than what follows and this is full."""
CENTRED = 1.0
"""How far a title's middle may be from the page's."""
TITLE = 2.6
"""More than a paragraph is set in: where the second line of a title begins."""
SIZE = 0.1
"""Share by which the type of one paragraph may vary."""
LEADING = 1.3
"""Times the usual distance of lines: what stands further below is no continuation."""
LONG = 0.55
"""Share of the page's width: such a line tells where the margins are."""
ENOUGH = 3
"""Long lines that show the margins of a page by themselves."""
LEADERS = re.compile(r"(?:[….·]\s*){4,}|…{2,}")
"""Dots of a contents page between an entry and its page number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    left: float
    right: float
    pitch: float
    """Usual distance of two lines."""

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def margins_of(
    pages: Sequence[Sequence[Line]], sizes: Sequence[tuple[float, float]]
) -> tuple[Margins, ...]:
    """Of each page, by its long lines; where it has few, by those of pages of its size."""
    own = [_reach(lines, size[0]) for lines, size in zip(pages, sizes, strict=True)]
    found = []
    for lines, size, reach in zip(pages, sizes, own, strict=True):
        like = [other[1:] for other, at in zip(own, sizes, strict=True) if at == size and other[0]]
        left = median(other[0] for other in like) if like else 0.11 * size[0]
        right = median(other[1] for other in like) if like else 0.89 * size[0]
        if reach[0] >= ENOUGH:
            left, right = reach[1:]
        elif reach[0]:
            left, right = min(left, reach[1]), max(right, reach[2])
        found.append(Margins(left=left, right=right, pitch=_pitch(lines)))
    return tuple(found)


def _reach(lines: Sequence[Line], width: float) -> tuple[int, float, float]:
    """How many long lines there are, and from where to where they reach."""
    long = [box for line in lines if (box := line.box).width >= LONG * width]
    left, right = min((b.x0 for b in long), default=0.0), max((b.x1 for b in long), default=0.0)
    return len(long), left, right


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance of two lines."""
    gaps = [(below.base - above.base) / above.size for above, below in pairwise(lines)]
    near = [gap for gap in gaps if 0 < gap <= 4]
    return median(near) if near else 1.5


def paragraphs_of(
    lines: Iterable[Line], margins: Margins, page: int, frame: Frame
) -> Iterator[Paragraph]:
    """Neighbouring lines without a table between them → their paragraphs."""
    group: list[Line] = []
    for line in (part for whole in lines for part in captions_apart(whole)):
        if group and not _goes_on(group, line, margins):
            yield _paragraph(group, page, frame)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group, page, frame)


def _paragraph(lines: Sequence[Line], page: int, frame: Frame) -> Paragraph:
    text = joined([line.text for line in lines], [True] * len(lines))
    empty = Box(x0=0, top=0, x1=0, bottom=0)
    runs = (run for line in lines for run in line.runs)
    return Paragraph(text=text, place=place_of(runs, page, frame, empty))


def captions_apart(line: Line) -> Iterator[Line]:
    """部门：… at the left and 单位：元 at the right of one line are two."""
    parts: list[list[Run]] = []
    for run in line.runs:
        if parts and squeeze(parts[-1][-1].text).endswith((":", "：")):
            parts[-1].append(run)
        else:
            parts.append([run])
    texts = [squeeze(" ".join(run.text for run in part)) for part in parts]
    words = [text for text in texts if not text.isdecimal()]
    if len(parts) > 1 and any(map(captionlike, words)) and not LEADERS.search(line.text):
        yield from _merged(parts, texts)
    else:
        yield line


def _merged(parts: Sequence[Sequence[Run]], texts: Sequence[str]) -> Iterator[Line]:
    """Neighbours that are both no caption stay together."""
    group = list(parts[0])
    for at, part in enumerate(parts[1:], 1):
        if captionlike(texts[at]) or captionlike(texts[at - 1]):
            yield Line(runs=tuple(group))
            group = []
        group += part
    yield Line(runs=tuple(group))


def _goes_on(group: Sequence[Line], line: Line, margins: Margins) -> bool:
    above = group[-1]
    flats = squeeze(above.text), squeeze(line.text)
    if _stands_alone(flats[0]) or _stands_alone(flats[1]) or not _alike(above, line, margins):
        return False
    opens = _opens(flats[1])
    if _is_second_of_title(above, line, margins):
        return not opens
    if not _is_full(above, line, margins, SLACK):
        return False
    ended = flats[0].endswith(END)
    first = group[0].box.x0
    if (line.box.x0 - margins.left) / line.size < INDENT:
        inside = not ended and (first - margins.left) / line.size >= INDENT
        return not opens or inside
    hanging = -INDENT < (line.box.x0 - first) / line.size <= HANGING
    same = abs(line.box.x0 - above.box.x0) < INDENT * line.size and len(group) > 1
    return not opens and hanging and (same or (_opens(squeeze(group[0].text)) and not ended))


def _stands_alone(flat: str) -> bool:
    return captionlike(flat) or bool(LEADERS.search(flat))


def _opens(flat: str) -> bool:
    """The beginning of a heading, an item, a note or a table."""
    patterns = (ITEM, SUBITEM, POINT, PART, NOTE, TABLE_NUMBER)
    return any(pattern.match(flat) for pattern in patterns)


def _alike(above: Line, below: Line, margins: Margins) -> bool:
    size = above.size
    gap = (below.base - above.base) / size
    return abs(below.size - size) <= SIZE * size and 0 < gap <= max(LEADING * margins.pitch, 1.6)


def _is_second_of_title(above: Line, below: Line, margins: Margins) -> bool:
    """A centred title too long for one line: the second, shorter one is centred below it."""
    centred = all(
        abs(line.box.middle[0] - margins.middle) <= CENTRED * line.size for line in (above, below)
    )
    shorter = below.box.width <= above.box.width
    inside = below.box.x0 - margins.left >= TITLE * below.size
    return centred and shorter and inside and _is_full(above, below, margins, CENTRED)


def _is_full(above: Line, below: Line, margins: Margins, slack: float) -> bool:
    """What begins the line below would not have fitted into the one above."""
    return above.box.x1 + below.runs[0].lead > margins.right - slack * above.size
