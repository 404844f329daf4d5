"""Every number of a text, in digits or numerals, falls in a named class."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cache

from assistant.calculate import FACTORS, plain
from assistant.fault import FaultName
from assistant.numerals import read_number
from assistant.spoken import NUMERALS, Speech, Token, holds_number, spell, tokens_of
from assistant.word import wordings

Stretch = tuple[int, int]

BEGINS = "零〇一二两三四五六七八九十"
"""What an amount in numerals begins with: 万元 and 百万元 alone are units."""
NUMERAL_AMOUNT = re.compile(
    rf"百分之[{NUMERALS}点]+"
    rf"|(?<![\d.{NUMERALS}])[{BEGINS}][{NUMERALS}]*(?:点[{NUMERALS}]+)?"
    r"(?=[余多]?(?:元|块钱|万元|亿元|个百分点|倍|成))"
    rf"|(?<![\d.{NUMERALS}])[{BEGINS}][{NUMERALS}]*[百千万亿](?![{NUMERALS}])"
)
"""Chinese numerals that are amounts: before a unit, or with 百, 千, 万, 亿 (一千万)."""
NUMERAL_COUNT = re.compile(
    rf"(?<![第\d{NUMERALS}])(?:[三四五六七八九十百]+|十[{NUMERALS}]+)(?=[个项家名辆台套])"
)
"""一个, 两个 are words; from three on a count is a figure."""


class Class(StrEnum):
    """What a number of a text may be."""

    PHRASE = "phrase"
    """Part of a cited name, label, column, table, section, sentence, expression, or of the
    question."""
    FIGURE = "figure"
    COUNT = "count"
    YEAR = "year"
    ORDINAL = "ordinal"
    PLACE = "place"
    ECHO = "echo"


def prove_text(text: str, speech: Speech, language: str) -> FaultName | None:
    """The text's numbers, and its numerals that are amounts or counts, have a class each."""
    text = spell(text, language)
    covered = covered_by(text, speech, language)
    classes = (class_of(token, text, speech, covered) for token in tokens_of(text))
    numerals = (numeral_stands(found, text, speech, covered) for found in numerals_of(text))
    return None if all(classes) and all(numerals) else FaultName.NUMBER


def covered_by(text: str, speech: Speech, language: str) -> list[Stretch]:
    """The stretches that are phrases known to be the document's or the house's own."""
    phrases = (*speech.holders, *fixed_wording(language))
    return [
        found
        for phrase in phrases
        if (spelled := spell(phrase, language))
        for found in occurrences(spelled, text)
    ]


def occurrences(phrase: str, text: str) -> Iterator[Stretch]:
    at = text.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = text.find(phrase, at + 1)


def is_inside(token: Token, stretches: Iterable[Stretch]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in stretches)


@cache
def fixed_wording(language: str) -> tuple[str, ...]:
    """The house's own sentences between their blanks, where they hold a number."""
    table = wordings()["en" if language == "en" else "zh"]
    pieces = (piece for sentence in table.values() for piece in re.split(r"\{\w+\}", sentence))
    return tuple(piece for piece in pieces if holds_number(piece))


# ------------------------------------------------------------------------------- classes


def class_of(token: Token, text: str, speech: Speech, covered: Iterable[Stretch]) -> Class | None:
    """The first class that the number falls in; None if in none."""
    if is_inside(token, covered):
        return Class.PHRASE
    if token.text in speech.numbers:
        return Class.FIGURE
    return other_class(token, text, speech)


def other_class(token: Token, text: str, speech: Speech) -> Class | None:
    """What a number is that is no figure."""
    if token.text in speech.counts:
        return Class.COUNT
    if token.text in speech.years:
        return Class.YEAR
    if is_ordinal(token, text):
        return Class.ORDINAL
    if is_place(token, text, speech):
        return Class.PLACE
    return Class.ECHO if token.text in speech.echoed else None


def is_ordinal(token: Token, text: str) -> bool:
    """The number of a list's line: at its beginning, no higher than the lines of the text."""
    opens = not text[: token.start].split("\n")[-1].strip(" -")
    if not token.text.isascii():
        return opens
    follows = re.match(r"[.、．)）]\s*(?!\d)", text[token.end :])
    low = token.text.isdigit() and 0 < int(token.text) <= text.count("\n") + 1
    return bool(opens and follows and low)


def is_place(token: Token, text: str, speech: Speech) -> bool:
    """第330行, page 4: a line or page that is cited."""
    before, after = text[: token.start].rstrip(), text[token.end :].lstrip()
    chinese = before.endswith("第") and after.startswith(("行", "页"))
    english = before.lower().endswith(("line", "page", "p."))
    return (chinese or english) and token.text in map(str, speech.lines)


# ------------------------------------------------------------------------------- numerals


def numerals_of(text: str) -> Iterator[Token]:
    for pattern in (NUMERAL_AMOUNT, NUMERAL_COUNT):
        for found in pattern.finditer(text):
            yield Token(found.group(), found.start(), found.end())


def numeral_stands(token: Token, text: str, speech: Speech, covered: Iterable[Stretch]) -> bool:
    """Part of a phrase, an echo, or a figure (in whatever unit of money) or count in words."""
    if is_inside(token, covered) or token.text in speech.echo:
        return True
    value = read_number(token.text.removeprefix("百分之"))
    if value is None:
        return False
    unit = re.match("[余多]?(万元|亿元|元|块)?", text[token.end :])
    word = (unit[1] or "").replace("块", "元") if unit else ""
    amount = value * FACTORS.get(word, Decimal(1))
    return amount in amounts_of(speech) or plain(value) in speech.counts


def amounts_of(speech: Speech) -> set[Decimal]:
    """The figures, money in yuan."""
    return {
        Decimal(number) * FACTORS.get(unit, Decimal(1))
        for figure in speech.figures
        for number in figure.numbers
        for unit in (figure.units or ("",))
    }
