"""What a page carries besides its text: page numbers, running heads and feet, watermarks."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from index.arrange import PAGE_NUMBER
from index.caption import NOTE, TABLE_NUMBER, captionlike, names_table
from index.readers.pdf_ink import Glyph, Ink
from index.readers.pdf_text import Line
from index.words import squeeze

MARGIN = 0.14
"""Share of the page's height in which heads and feet stand."""
OUTERMOST = 2
"""Lines of a page counted from its edge that may be head or foot."""
OFTEN = 0.4
"""Share of the pages that carry it: odd and even pages may differ."""
FEWEST = 3
"""Pages; on two a title may stand twice."""
OUTER = 56.0
"""Points from the edge (2 cm): there even on two pages it is no title."""
NEAR = 4.0
"""Points by which the place may differ from page to page."""
ROMAN = re.compile(r"[ivxIVXⅠ-ⅿ]{1,6}")
LARGE = 1.5
"""Times the usual size of type: a watermark's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    page: int
    line: int
    edge: str
    distance: float
    pattern: str
    numbers: tuple[int, ...]


def without_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float], tables: Sequence[tuple[float, float]]
) -> tuple[tuple[Line, ...], ...]:
    """The lines of each page but those that most pages carry at one place, and page numbers.

    `tables`: where the topmost table of each page begins and the lowest ends.
    """
    candidates = [
        found
        for page, lines in enumerate(pages)
        for found in _candidates(page, lines, heights[page], tables[page])
    ]
    dropped = {(found.page, found.line) for found in candidates if _is_number(found)}
    groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for found in candidates:
        groups[found.edge, found.pattern].append(found)
    for group in groups.values():
        dropped |= {(found.page, found.line) for found in _carried(group, len(pages))}
    return tuple(
        tuple(line for at, line in enumerate(lines) if (page, at) not in dropped)
        for page, lines in enumerate(pages)
    )


def _candidates(
    page: int, lines: Sequence[Line], height: float, table: tuple[float, float]
) -> Iterator[_Candidate]:
    order = sorted(range(len(lines)), key=lambda at: lines[at].base)
    for edge, outer in (("top", order[:OUTERMOST]), ("bottom", order[-OUTERMOST:])):
        for at in outer:
            line = lines[at]
            away = line.base if edge == "top" else height - line.base
            beyond = line.base <= table[0] if edge == "top" else line.base >= table[1]
            flat = squeeze(line.text)
            caption = captionlike(flat) or TABLE_NUMBER.match(flat) or names_table(flat)
            kept = caption or NOTE.match(flat)
            if away <= MARGIN * height and beyond and not kept:
                numbers = tuple(int(found) for found in re.findall(r"\d{1,9}", flat))
                pattern = re.sub(r"\d+", "#", flat)
                yield _Candidate(
                    page=page,
                    line=at,
                    edge=edge,
                    distance=away,
                    pattern=pattern,
                    numbers=numbers,
                )


def _is_number(found: _Candidate) -> bool:
    """A page number by its form: 3, - 3 -, 第3页 共9页, iv."""
    flat = found.pattern.replace("#", "1")
    return bool(PAGE_NUMBER.match(flat) or ROMAN.fullmatch(flat))


def _carried(group: Sequence[_Candidate], pages: int) -> list[_Candidate]:
    """Of lines that differ in numbers only, those at one place on many pages, whose numbers
    stay or count the pages."""
    usual = median(found.distance for found in group)
    placed = [found for found in group if abs(found.distance - usual) <= NEAR]
    shifts = Counter(
        tuple(number - found.page for number in found.numbers) for found in placed
    ).most_common(1)
    same = Counter(found.numbers for found in placed).most_common(1)
    if not placed:
        return []
    staying = [found for found in placed if found.numbers == same[0][0]]
    counting = [
        found
        for found in placed
        if found.numbers and _counts(found, shifts[0][0], placed[0].numbers)
    ]
    best = max(staying, counting, key=len)
    outer = all(found.distance <= OUTER for found in best)
    fewest = 2 if outer and pages == 2 else FEWEST
    return best if len(best) >= max(fewest, OFTEN * pages) else []


def _counts(found: _Candidate, shift: tuple[int, ...], first: tuple[int, ...]) -> bool:
    """One number counts with the pages, the others stay."""
    pairs = zip(found.numbers, shift, first, strict=True)
    return all(number - found.page == by or number == other for number, by, other in pairs)


def without_watermarks(inks: Sequence[Ink]) -> tuple[Ink, ...]:
    """Pages without large type that most of them carry at one place in their middle."""
    counts: Counter[tuple[str, int, int]] = Counter()
    marks: list[Mapping[Glyph, tuple[str, int, int]]] = []
    for ink in inks:
        found = {glyph: _spot(glyph) for glyph in _large(ink)}
        marks.append(found)
        counts.update(set(found.values()))
    often = {spot for spot, count in counts.items() if count >= max(FEWEST, OFTEN * len(inks))}
    return tuple(
        replace(ink, glyphs=tuple(g for g in ink.glyphs if found.get(g) not in often))
        if often & set(found.values())
        else ink
        for ink, found in zip(inks, marks, strict=True)
    )


def has_large(ink: Ink) -> bool:
    """Large type inside the page: a watermark, or a title."""
    return any(True for _ in _large(ink))


def _large(ink: Ink) -> Iterator[Glyph]:
    if not ink.glyphs:
        return
    usual = median(glyph.size for glyph in ink.glyphs)
    height = ink.size[1]
    for glyph in ink.glyphs:
        inside = MARGIN * height < glyph.base < (1 - MARGIN / 2) * height
        if glyph.size > LARGE * usual and inside:
            yield glyph


def _spot(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.text, round(glyph.box.x0 / NEAR), round(glyph.base / NEAR)
