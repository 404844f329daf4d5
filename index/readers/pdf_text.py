"""Glyphs → runs of writing: what belongs together on a line, and what a wall or a gap parts."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.quantity import parse_number
from index.readers.pdf_ink import Glyph
from index.readers.pdf_shape import Box, around

# All in widths of a Chinese character (the size of the type).
PARTING = 0.9
"""A gap this wide parts two runs."""
PARTING_FIGURES = 0.45
"""The same between two digits: figures of neighbouring columns may stand close."""
WORD = 0.15
"""A gap this wide is a blank between words of letters."""
TIGHT = 0.08
"""Glyphs closer than this that follow each other in the file are one word, wall or not."""
OVER = 0.3
"""Glyphs that overlap by more are printed over each other."""
SQUEEZED = 0.7
"""Justified text pushes its marks together by as much."""
LINE = 0.15
"""Glyphs of one line of writing lie no further apart in height."""
BETWEEN = re.compile(r"[,.，．]")
FIGURE_SIGNS = re.compile(r"[\d,.%()+\-−\s]+")
DASH = re.compile(r"[－—–―─‐/\-]{1,3}")

Parts = Callable[[Glyph, Glyph], bool]
"""Whether a wall stands between two glyphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of writing on one line, without a wide gap."""

    text: str
    box: Box
    base: float
    size: float
    lead: float
    """Width of what cannot be parted from its beginning at a line's end."""
    font: str = ""
    turned: bool = False
    """It runs another way than the page's text."""

    @property
    def is_figure(self) -> bool:
        """A figure or the dash that stands for none."""
        return parse_number(self.text) is not None or bool(DASH.fullmatch(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The runs on one line of writing, left to right."""

    runs: tuple[Run, ...]

    @property
    def box(self) -> Box:
        return around(run.box for run in self.runs)

    @property
    def base(self) -> float:
        return self.runs[0].base

    @property
    def size(self) -> float:
        return max(self.runs, key=lambda run: len(run.text)).size

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)

    @property
    def figures(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.is_figure)


def no_wall(left: Glyph, right: Glyph) -> bool:
    return False


def runs_of(glyphs: Iterable[Glyph], parts: Parts = no_wall) -> tuple[Run, ...]:
    """The runs of a page, line by line from the top; `parts` tells of walls."""
    return tuple(
        run_of(part)
        for line in _rows(glyphs)
        for layer in _layers(line)
        for stretch in _stretches(layer, parts)
        for part in _single_figures(stretch)
    )


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs on one line of writing, left to right."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        if row and glyph.base - row[-1].base > LINE * min(glyph.size, row[-1].size):
            yield sorted(row, key=lambda glyph: glyph.box.x0)
            row = []
        row.append(glyph)
    if row:
        yield sorted(row, key=lambda glyph: glyph.box.x0)


def _layers(row: Sequence[Glyph]) -> list[list[Glyph]]:
    """A line's writing; where one cell's is printed over another's, as the file drew each."""
    if not any(map(_printed_over, row, row[1:])):
        return [list(row)]
    words: list[list[Glyph]] = []
    for glyph in sorted(row, key=lambda glyph: glyph.order):
        last = words[-1][-1] if words else None
        follows = last is not None and glyph.order == last.order + 1
        if last is not None and follows and -SQUEEZED < _gap(last, glyph) < PARTING:
            words[-1].append(glyph)
        else:
            words.append([glyph])
    layers: list[list[Glyph]] = []
    for word in words:
        free = next((layer for layer in layers if not _overlap(layer, word)), None)
        if free is None:
            layers.append(word)
        else:
            free += word
    return [sorted(layer, key=lambda glyph: glyph.box.x0) for layer in layers]


def _printed_over(left: Glyph, right: Glyph) -> bool:
    """Neighbours on a line that cover each other, and are not of one word: in justified text
    marks are squeezed."""
    return -_gap(left, right) > OVER and right.order != left.order + 1


def _overlap(layer: Sequence[Glyph], word: Sequence[Glyph]) -> bool:
    left, right = word[0].box.x0, word[-1].box.x1
    return any(min(right, g.box.x1) - max(left, g.box.x0) > OVER * g.size for g in layer)


def _stretches(row: Sequence[Glyph], parts: Parts) -> Iterator[list[Glyph]]:
    stretch = [row[0]]
    for left, right in pairwise(row):
        if _apart(left, right) or (parts(left, right) and not _one_word(left, right)):
            yield stretch
            stretch = []
        stretch.append(right)
    yield stretch


def _gap(left: Glyph, right: Glyph) -> float:
    """Between two glyphs, in widths of a character."""
    return (right.box.x0 - left.box.x1) / max(left.size, right.size)


def _apart(left: Glyph, right: Glyph) -> bool:
    gap = _gap(left, right)
    figures = _figural(left) and _figural(right)
    joined = BETWEEN.fullmatch(left.text) or BETWEEN.fullmatch(right.text)
    return gap >= (PARTING_FIGURES if figures and not joined else PARTING)


def _figural(glyph: Glyph) -> bool:
    return bool(FIGURE_SIGNS.fullmatch(unicodedata.normalize("NFKC", glyph.text)))


def _one_word(left: Glyph, right: Glyph) -> bool:
    """Writing that runs over a wall: drawn without a break, of one kind."""
    alike = _figural(left) == _figural(right)
    return right.order == left.order + 1 and abs(_gap(left, right)) < TIGHT and alike


def _single_figures(stretch: list[Glyph]) -> Iterator[list[Glyph]]:
    """Two figures that stand so close that they look like one (1,234.005,678.00) are two."""
    text = unicodedata.normalize("NFKC", "".join(glyph.text for glyph in stretch))
    if len(text) > 7 and FIGURE_SIGNS.fullmatch(text) and parse_number(text) is None:
        at = max(range(1, len(stretch)), key=lambda at: _gap(stretch[at - 1], stretch[at]))
        halves = stretch[:at], stretch[at:]
        gap = _gap(stretch[at - 1], stretch[at])
        whole = all(parse_number("".join(g.text for g in half)) is not None for half in halves)
        if whole and (gap >= WORD or halves[1][0].spaced):
            yield from halves
            return
    yield stretch


def run_of(stretch: Sequence[Glyph]) -> Run:
    return Run(
        text=_text(stretch),
        box=around(glyph.box for glyph in stretch),
        base=stretch[0].base,
        size=max(glyph.size for glyph in stretch),
        lead=_lead(stretch),
        font=stretch[0].font,
    )


def _text(stretch: Sequence[Glyph]) -> str:
    words = [stretch[0].text]
    for left, right in pairwise(stretch):
        words.append(" " if _is_blank_between(left, right) else "")
        words.append(right.text)
    return "".join(words)


def _is_blank_between(left: Glyph, right: Glyph) -> bool:
    """Between words of letters, and between digits where a blank is drawn."""
    if not (left.text.isascii() and right.text.isascii()):
        return False
    if _figural(left) and _figural(right):
        return right.spaced and _gap(left, right) >= WORD
    return _gap(left, right) >= WORD


def _lead(stretch: Sequence[Glyph]) -> float:
    """A number or foreign word is carried to the next line whole, with the stop behind it."""
    end = 0
    while end < len(stretch) and stretch[end].text.isascii() and not stretch[end].text.isspace():
        end += 1
        if end < len(stretch) and _is_blank_between(stretch[end - 1], stretch[end]):
            break
    end = max(end, 1)
    while end < len(stretch) and unicodedata.category(stretch[end].text[0]) in ("Po", "Pe", "Pf"):
        end += 1
    return stretch[end - 1].box.x1 - stretch[0].box.x0


def lines_of(runs: Iterable[Run]) -> tuple[Line, ...]:
    """Runs on one line of writing, from the top."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.box.x0)):
        if lines and run.base - lines[-1][-1].base <= LINE * min(run.size, lines[-1][-1].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return tuple(Line(runs=tuple(sorted(line, key=lambda run: run.box.x0))) for line in lines)


def joined(lines: Sequence[str], wrapped: Sequence[bool]) -> str:
    """Lines of one cell or paragraph as one text.

    A figure broken at the edge of its cell is one figure; two figures are parted by a blank.
    `wrapped[n]`: line n fills the width, so that what follows goes on with it.
    """
    text = lines[0]
    for at, line in enumerate(lines[1:]):
        text += ("" if _closes_up(text, line, wrapped[at]) else " ") + line
    return text


def _closes_up(above: str, below: str, wrapped: bool) -> bool:
    left, right = above[-1:], below[:1]
    if not (left.isascii() and right.isascii()):
        return True
    if left.isdigit() or BETWEEN.match(left):
        whole = parse_number(above.rsplit(" ", 1)[-1] + below)
        return wrapped and whole is not None
    return left == "-" or not (left.isalnum() and right.isalnum())
