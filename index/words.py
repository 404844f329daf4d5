"""Small shared tools for printed words: squeezing, ordinals, lexicon files."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import opencc

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
    """The word lists of index/lexicons/NAME.toml, joined with those of its other scripts and
    languages (NAME.hant.toml, NAME.en.toml). Words of table heads are squeezed, as heads are, and
    those of running text simplified, as it is."""
    lists: dict[str, list[str]] = {}
    for path in (LEXICONS / f"{name}.toml", *sorted(LEXICONS.glob(f"{name}.*.toml"))):
        for key, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists[key] = [*lists.get(key, []), *words]
    if name == "headers":
        return {key: [squeeze(word) for word in words] for key, words in lists.items()}
    if name == "prose":
        return {key: [simplified(word) for word in words] for key, words in lists.items()}
    return lists


class _Simplified(dict[int, int]):
    """Code point → that of its simplified form, filled as characters are met."""

    def __missing__(self, code: int) -> int:
        simple = _converter().convert(chr(code)) if chr(code) >= FIRST_CJK else chr(code)
        self[code] = ord(simple) if len(simple) == 1 else code
        return self[code]


FIRST_CJK = "\u2e80"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


_SIMPLIFIED = _Simplified()


def simplified(text: str) -> str:
    """Traditional characters one by one in their simplified form: the length stays.

    >>> simplified("歲出預算")
    '岁出预算'
    """
    return text if text.isascii() else text.translate(_SIMPLIFIED)


@lru_cache(maxsize=MEMORY)
def squeeze(text: str) -> str:
    """How printed words are compared: NFKC, simplified, lower case, no white space.

    >>> squeeze("合　計"), squeeze("FY2025 Proposed")
    ('合计', 'fy2025proposed')
    """
    return simplified(unspaced(text)).lower()


def unspaced(text: str) -> str:
    """NFKC without white space: how a word broken over lines is shown."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def tidy(text: str) -> str:
    """The printed word without the white space of line wrapping: none beside a CJK character,
    nor beside the marks of a text that holds any."""
    text = re.sub(r"\s+", " ", text.strip())
    if not any(char >= FIRST_CJK for char in text):
        return text
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
    """For comparing labels: as squeezed, without punctuation."""
    return re.sub(r"[\W_]+", "", squeeze(text))


def spelt(text: str) -> str:
    """As `key`, each character in the form it is printed in: for finding slips of the pen."""
    return re.sub(r"[\W_]+", "", unspaced(text)).lower()


def numeral(number: int) -> str:
    """1 → 一, 14 → 十四 (below 100)."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十")
    return head + ("" if ones == 0 else "一二三四五六七八九"[ones - 1])
