"""A flattened sentence → what in it is a figure, a 持平, or the word that nothing is arranged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.quantity import Quantity, one_of, prose_words, quantities
from index.subject import YEAR, trimmed
from index.words import lexicon

SHORTEST_OBJECT = 4
"""无预算 alone names nothing; 因公出国费 does."""
MONEYED = re.compile(r"预算|支出|收入|经费|拨款|资金|费")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    start: int
    end: int
    quantity: Quantity | None = None
    absent: str = ""
    """没有使用, 未编列: nothing is arranged for the subject."""
    subject: str = ""
    """Of an absence: what stands behind the word."""


def marks_of(flat: str) -> tuple[Mark, ...]:
    """The marks of a flattened sentence in order."""
    figures = [Mark(start=q.start, end=q.end, quantity=q) for q in quantities(flat)]
    levels = [Mark(start=m.start("word"), end=m.end()) for m in level_pattern().finditer(flat)]
    starts = [mark.start for mark in figures]
    absences = [
        mark
        for mark in absences_of(flat)
        if not any(mark.start <= start < mark.end for start in starts)
    ]
    return tuple(sorted((*figures, *levels, *absences), key=lambda mark: mark.start))


@cache
def compared() -> str:
    """比上年, 较2022年预算数: what a change is measured against (group `base`)."""
    begin = rf"(?:20\d\d(?:[-–—/]\d\d)?年|{prose_words('base')})"
    return rf"{prose_words('compare')}(?P<base>{begin}[^，。；：]*?)(?:相比较?|比较|比)?"


@cache
def level_pattern() -> re.Pattern[str]:
    return re.compile(rf"{compared()}(?P<word>{prose_words('level')})")


def absences_of(flat: str) -> Iterator[Mark]:
    """未编列因公出国（境）经费; a clause that begins with 无 and names a kind of money."""
    for match in re.finditer(rf"(?P<word>{prose_words('absent')})(?P<what>[^，。；：]*)", flat):
        yield _absence(match)
    lists = lexicon("prose")
    first = rf"(?!{one_of(lists['absent_first_not'])})(?P<word>{prose_words('absent_first')})"
    clause = rf"(?:^|[，。；：]|度|{YEAR.pattern}){first}(?P<what>[^，。；：]*)"
    for match in re.finditer(clause, flat):
        what = trimmed(match["what"])
        known = any(word in match["word"] + match["what"] for word in lists["absent"])
        if not known and len(what) >= SHORTEST_OBJECT and MONEYED.search(what):
            yield _absence(match)


def _absence(match: re.Match[str]) -> Mark:
    return Mark(
        start=match.start("word"),
        end=match.end(),
        absent=match["word"],
        subject=trimmed(match["what"]),
    )
