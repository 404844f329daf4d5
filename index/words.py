"""Small shared tools for printed words: squeezing, ordinals, lexicon files."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

LEXICONS = Path(__file__).parent / "lexicons"

NUMERAL = "一二三四五六七八九十百零〇"

MEMORY = 1 << 16
"""Squeezed words kept: the same labels and heads are compared again and again."""
COUNTED = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
"""A numeral below 100 as lists count; 十四五 (the plan) is none."""

ORDINAL = re.compile(
    rf"^\s*(?:第?{COUNTED}[、．.]|[(（]{COUNTED}[)）]|[(（]\d+[)）]|\d{{1,2}}[.、．](?!\d)|[①-⑳])\s*"
)
"""一、 （一） (1) 1. ①: what stands before a heading, an item or a row label."""

WHEREOF = re.compile(r"^\s*(?:其中|减|加)\s*[:：]\s*")


@cache
def lexicon(name: str) -> dict[str, list[str]]:
    """A file of word lists under index/lexicons, by its table names."""
    with open(LEXICONS / f"{name}.toml", "rb") as file:
        return tomllib.load(file)


@lru_cache(maxsize=MEMORY)
def squeeze(text: str) -> str:
    """NFKC without white space: how header words and labels are compared and shown whole."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def tidy(text: str) -> str:
    """The printed word without the white space of line wrapping: none beside a CJK character."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<=[^\x00-\xff]) | (?=[^\x00-\xff])", "", text)


def bare(text: str) -> str:
    """A label without ordinals and 其中：."""
    text = tidy(text)
    while True:
        shorter = WHEREOF.sub("", ORDINAL.sub("", text, count=1), count=1)
        if shorter == text or not shorter:
            return text
        text = shorter


@lru_cache(maxsize=MEMORY)
def key(text: str) -> str:
    """For comparing labels: NFKC, no white space, no punctuation, lower case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def numeral(number: int) -> str:
    """1 → 一, 14 → 十四 (below 100)."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十")
    return head + ("" if ones == 0 else "一二三四五六七八九"[ones - 1])
