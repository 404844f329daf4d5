"""Running text → sentences, and the stretch of a sentence that can be quoted from one line."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.document import Place
from index.words import numeral, simplified

QUOTE_LENGTH = 200
"""Longest quote of the answer contract."""
END = re.compile(r"[。；;！？!?]+[”’」』）)】》]*\s*")
NOT_ENUMERATED = "统之唯专单第划逐同万"
"""统一是, 之一是, 唯一是: no ordinals."""
PUNCTUATION = str.maketrans(",:;!?", "，：；！？")
WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ％．＋－／]")

Span = tuple[int, int]
Parts = Sequence[tuple[str, Place]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A text without white space, in simplified characters, digits and Latin letters half-width,
    clause punctuation full-width (so that a comma left between digits is one of thousands)."""

    text: str
    at: tuple[int, ...]
    """Where each character of `text` stands in the printed text."""

    def printed(self, whole: str, start: int, end: int) -> str:
        """What `whole` prints for `text[start:end]`."""
        return whole[self.at[start] : self.at[end - 1] + 1]


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, exact: joined they are the text again.

    >>> sentences("甲。乙；一是丙，二是丁")
    ('甲。', '乙；', '一是丙，', '二是丁')
    """
    return tuple(text[start:end] for start, end in sentence_spans(text))


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Start and end of each sentence; they cover the text without gaps."""
    breaks = {match.end() for match in END.finditer(text)} | set(enumerated(text))
    edges = [0, *sorted(breaks - {0, len(text)}), len(text)]
    return tuple((a, b) for a, b in pairwise(edges) if a < b)


def enumerated(text: str) -> tuple[int, ...]:
    """Where 一是, 二是, … begin; only a run of at least two counts."""
    found: list[int] = []
    at = 0
    for number in range(1, 100):
        ordinal = re.compile(rf"(?<![{NOT_ENUMERATED}])\**{numeral(number)}是")
        match = ordinal.search(text, at)
        if match is None:
            break
        found.append(match.start())
        at = match.end()
    return tuple(found) if len(found) > 1 else ()


def flatten(text: str) -> Flat:
    """`text` as Flat; a space is kept where it alone parts two figures."""
    chars: list[str] = []
    at: list[int] = []
    for index, char in enumerate(text):
        if char == "*" or (char.isspace() and not _parts_figures(text, index)):
            continue
        chars.append(" " if char.isspace() else _plain(text, index))
        at.append(index)
    return Flat(text="".join(chars), at=tuple(at))


def _parts_figures(text: str, index: int) -> bool:
    before, after = text[:index].rstrip()[-1:], text[index:].lstrip()[:1]
    first = index == 0 or not text[index - 1].isspace()
    return first and before in {*"0123456789."} and before != "" and after.isdigit()


def _plain(text: str, index: int) -> str:
    char = text[index]
    if char in "，," and _thousands(text, index):
        return ","
    if char == ":" and _digit(text, index - 1) and _digit(text, index + 1):
        return ":"
    if WIDE.match(char):
        return unicodedata.normalize("NFKC", char)
    return simplified(char).translate(PUNCTUATION)


def _thousands(text: str, index: int) -> bool:
    """A comma of thousands: three digits behind it, in the width of the comma."""
    wide = text[index] == "，"
    digits = r"[０-９]" if wide else r"[0-9０-９]"
    return bool(
        re.match(rf"[，,]{digits}{{3}}(?!{digits})", text[index:])
        and re.search(rf"{digits}$", text[:index])
    )


def _digit(text: str, index: int) -> bool:
    return 0 <= index < len(text) and text[index].isdigit()


def quote_of(parts: Parts, sentence: Span, figure: Span) -> tuple[str, Place]:
    """The sentence, or what of it stands on the figure's own line, and that line's place.

    Spans count in the parts' texts joined. The quote is an exact stretch of one part, holds the
    figure and has at most 200 characters.
    """
    offset = 0
    for text, place in parts:
        if figure[0] < offset + len(text) or (text, place) == parts[-1]:
            break
        offset += len(text)
    start, end = max(0, sentence[0] - offset), min(len(text), sentence[1] - offset)
    first, last = max(start, figure[0] - offset), min(end, figure[1] - offset)
    start, end = _shortened(text, (start, end), (first, last))
    return text[start:end].strip(), place


def _shortened(text: str, sentence: Span, figure: Span) -> Span:
    """At most 200 characters around the figure, cut at commas where there are any."""
    start, end = sentence
    if end - start <= QUOTE_LENGTH:
        return sentence
    if figure[1] - start > QUOTE_LENGTH:
        lowest = max(start, figure[1] - QUOTE_LENGTH)
        comma = re.search(r"[，,、：:]", text[lowest : figure[0]])
        start = lowest + comma.end() if comma else min(lowest, figure[0])
    end = min(end, start + QUOTE_LENGTH)
    comma_at = max(text.rfind(mark, figure[1], end) for mark in "，,、；;。")
    return start, comma_at if comma_at > 0 else end
