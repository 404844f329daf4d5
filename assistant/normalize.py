"""What was typed → the text that is read, with a map back to the typed characters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from assistant.lexicon import lexicon

QUOTES = str.maketrans("“”„‟「」『』‘’‚‛`´—–−‐‑‒―〜", '""""""""' + "''''''" + "-------~")
"""Every form of a mark that NFKC leaves apart."""

FIRST_CJK = "\u2e80"

LATE_TRADITIONAL = "後於"
"""Printed in GB 2312, yet nobody who writes simplified characters types them today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalized:
    """A question in one spelling.

    >>> normalize("財政撥款 １,２00 萬").text
    '财政拨款1,200万'
    """

    typed: str
    text: str
    """NFKC, lower case, simplified; spaces only between Latin words."""
    at: tuple[int, ...]
    """For each character of `text` the index of the typed character it comes from."""
    language: str
    """zh, zh-Hant or en: the language to answer in."""

    def __post_init__(self) -> None:
        if len(self.at) != len(self.text):
            raise ValueError("every character of the text needs its place in what was typed")

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in what was typed."""
        if start >= end:
            return (0, 0)
        return self.at[start], self.at[end - 1] + 1

    def typed_text(self, start: int, end: int) -> str:
        """The typed characters of `text[start:end]`."""
        first, last = self.typed_span(start, end)
        return self.typed[first:last]


def normalize(typed: str) -> Normalized:
    """One spelling for every way to type a question. Total and idempotent."""
    letters = _squeeze([(char, at) for piece, at in _clusters(typed) for char in _fold(piece)])
    text = "".join(char for char, _ in letters)
    return Normalized(
        typed=typed,
        text=text,
        at=tuple(at for _, at in letters),
        language=language_of(typed, text),
    )


def _clusters(typed: str) -> Iterator[tuple[str, int]]:
    """Each visible character with the marks that combine with it."""
    piece, start = "", 0
    for at, char in enumerate(typed):
        if _invisible(char):
            continue
        if piece and unicodedata.combining(char):
            piece += char
            continue
        if piece:
            yield piece, start
        piece, start = char, at
    if piece:
        yield piece, start


@lru_cache(maxsize=65536)
def _invisible(char: str) -> bool:
    """Control and format characters, lone surrogates, variation selectors; not white space."""
    if char.isspace():
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} or "\ufe00" <= char <= "\ufe0f"
    )


@lru_cache(maxsize=65536)
def _fold(piece: str) -> str:
    """Repeated until nothing changes: lower case and simplification can open a new form."""
    for _ in range(4):
        plain = unicodedata.normalize("NFKC", piece.translate(QUOTES)).lower()
        folded = "".join(_simplified(char) for char in plain if not _invisible(char))
        if folded == piece:
            break
        piece = folded
    return piece


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def _simplified(char: str) -> str:
    """Character by character, so that each keeps its place."""
    return _converter().convert(char) if char >= FIRST_CJK else char


def is_cjk(char: str) -> bool:
    """An ideograph (not a CJK mark or kana)."""
    return (
        "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003fffd"
    )


def _squeeze(letters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """White space: none beside an ideograph unless a Latin word stands on the other side;
    else one space, or one line break where there was one."""
    kept: list[tuple[str, int]] = []
    gap: list[tuple[str, int]] = []
    for char, at in letters:
        if char.isspace():
            gap.append((char, at))
            continue
        if gap and kept and not _glued(gap, kept[-1][0], char):
            broken = any(space in "\n\r\x0b\x0c\x85\u2028\u2029" for space, _ in gap)
            kept.append(("\n" if broken else " ", gap[0][1]))
        gap = []
        kept.append((char, at))
    return kept


def _glued(gap: list[tuple[str, int]], left: str, right: str) -> bool:
    if any(space == "\n" for space, _ in gap) or unicodedata.combining(right):
        return False
    beside = is_cjk(left) or is_cjk(right)
    return beside and not any(char.isalpha() and not is_cjk(char) for char in (left, right))


def language_of(typed: str, text: str) -> str:
    """The language of the question's frame: an English question may quote a Chinese name."""
    if _in_english(text):
        return "en"
    traditional = sum(map(_only_traditional, typed))
    return "zh-Hant" if traditional and traditional >= sum(map(_only_simplified, typed)) else "zh"


def _in_english(text: str) -> bool:
    ideographs = sum(map(is_cjk, text))
    words = re.findall("[a-z]+", text)
    letters = sum(map(len, words))
    if not ideographs:
        return letters > 0
    if _frame("chinese_frame").search(text):
        return letters > 4 * ideographs
    opens = bool(re.match("[^a-z]{0,2}[a-z]", text)) or len(words) > 2
    return letters > ideographs and opens and bool(_frame("english_frame").search(text))


@cache
def _frame(part: str) -> re.Pattern[str]:
    return lexicon().compile("{" + part + "}")


@lru_cache(maxsize=65536)
def _only_traditional(char: str) -> bool:
    if not is_cjk(char) or _simplified(char) == char:
        return False
    return char in LATE_TRADITIONAL or not _encodes(char, "gb2312")


@lru_cache(maxsize=65536)
def _only_simplified(char: str) -> bool:
    return is_cjk(char) and _encodes(char, "gb2312") and not _encodes(char, "big5")


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
