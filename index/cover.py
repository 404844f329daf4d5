"""Titles whose parts stand in lines of their own: the institution, what it is, and the year."""

import re
from collections.abc import Sequence
from functools import cache

from index.outline import Title
from index.words import lexicon, simplified, tidy
from index.years import FULL, year_in, year_spans

MOST_NAMES = 2
"""City of …, Department of …."""


def cover_of(lines: Sequence[str]) -> Title | None:
    """The title that the first lines make together; None without a kind (budget) and a year.

    Names the institution by its longest Chinese line, or by its English ones in their order.
    """
    kinds = [line for line in lines if account_of(line)]
    dated = [line for line in lines if _year(line) is not None]
    if not kinds or not dated:
        return None
    names = list(dict.fromkeys(name for line in lines if (name := _name(line))))
    english = bool(names) and all(name.isascii() for name in names)
    who = " ".join(names[:MOST_NAMES]) if english else max(names, key=len, default="")
    kind = next((line for line in kinds if line in dated or (who and who in line)), kinds[0])
    parts = [*(names[:MOST_NAMES] if english else ()), kind]
    parts += dated[:1] if kind not in dated else []
    return Title(
        text=" ".join(dict.fromkeys(tidy(part) for part in parts)),
        institution=who,
        year=_year(kind) or _year(dated[0]),
        account=account_of(kind),
    )


def _year(line: str) -> int | None:
    """In a line that says what the document is a bare number is a year too."""
    bare = re.search(rf"(?<!\d){FULL}(?!\d)", line) if account_of(line) else None
    named = year_in(line)
    return int(bare[0]) if named is None and bare else named


def account_of(line: str) -> str:
    """`budget` or `final`, as a title's line says; else empty."""
    flat = tidy(simplified(line)).lower()
    for account in ("final", "budget"):
        if re.search("|".join(map(_word, lexicon("titles")[account])), flat):
            return account
    return ""


def _name(line: str) -> str:
    """The institution that a title's line names, without year and kind; else empty."""
    rest = tidy(line)
    while (shorter := _stripped(rest)) != rest:
        rest = shorter
    flat = simplified(rest).lower()
    return rest if any(_names(flat, word) for word in lexicon("titles")["organisation"]) else ""


def _names(flat: str, word: str) -> bool:
    """A Chinese name ends in the word, an English one holds it."""
    return bool(re.search(_word(word), flat)) if word.isascii() else flat.endswith(word)


MARKS = ' -–—:,，：·|（）()"'


def _stripped(text: str) -> str:
    """Without a year or a word of kind at either end."""
    text = text.strip(MARKS)
    flat = simplified(text)
    bare = re.compile(rf"(?<!\d){FULL}(?!\d)")
    spans = [*year_spans(text), *(match.span() for match in bare.finditer(text))]
    spans += (match.span() for match in _what().finditer(flat))
    end = min((start for start, stop in spans if stop == len(text)), default=len(text))
    begin = max((stop for start, stop in spans if start == 0), default=0)
    return text[begin:end].strip(MARKS) if begin < end else ""


@cache
def _what() -> re.Pattern[str]:
    words = sorted(lexicon("titles")["what"], key=len, reverse=True)
    return re.compile("|".join(map(_word, words)), re.IGNORECASE)


def _word(word: str) -> str:
    """A Latin word stands alone; a Chinese one is found anywhere."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
