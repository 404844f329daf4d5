"""Lines of running text → paragraphs: which line goes on with the one above."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.arrange import ITEM, POINT, SUBITEM
from index.caption import END, NOTE, PART, TABLE_NUMBER, captionlike
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
SIZE = 0.1
"""Share by which the type of one paragraph may vary."""
LEADING = 1.3
"""Times the usual distance of lines: what stands further below is no continuation."""
LONG = 0.55
"""Share of the page's width: such a line tells where the margins are."""
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


def margins_of(lines: Sequence[Line], page: tuple[float, float]) -> Margins:
    """Of a page, by its long lines; without any, by all and the page's middle."""
    width = page[0]
    long = [line.box for line in lines if line.box.width >= LONG * width]
    pitches = [
        gap / above.size
        for above, below in pairwise(lines)
        if 0 < (gap := below.base - above.base) <= 4 * above.size
    ]
    left = min((box.x0 for box in long), default=0.11 * width)
    right = max((box.x1 for box in long), default=width - left)
    return Margins(left=left, right=right, pitch=median(pitches) if pitches else 1.5)


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
    if len(parts) > 1 and any(map(captionlike, texts)) and not LEADERS.search(line.text):
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
    if _centred(above, margins) and _centred(line, margins):
        return _is_full(above, line, margins, 3.0) and not opens
    if not _is_full(above, line, margins, SLACK):
        return False
    ended = flats[0].endswith(END)
    indent = (line.box.x0 - margins.left) / line.size
    if indent < INDENT:
        return not (opens and ended)
    first = group[0].box.x0
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
    return (
        abs(below.size - size) <= SIZE * size and 0 < gap <= max(LEADING * margins.pitch, 1.6)
    )


def _centred(line: Line, margins: Margins) -> bool:
    middle = line.box.middle[0]
    away = line.box.x0 - margins.left, margins.right - line.box.x1
    return abs(middle - margins.middle) <= CENTRED * line.size and min(away) > -line.size


def _is_full(above: Line, below: Line, margins: Margins, slack: float) -> bool:
    """What begins the line below would not have fitted into the one above."""
    return above.box.x1 + below.runs[0].lead > margins.right - slack * above.size
