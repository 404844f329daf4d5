"""All that an answer may say in numbers: its figures, the names it cites, counts, years, echoes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

import opencc

from assistant.calculate import plain
from assistant.catalogue import is_change_head
from assistant.finding import Finding, Rule
from assistant.naming import table_name
from assistant.word import gloss, label_of, say_unit, scope_of
from index.fact import Fact

UNCHANGED = "持平"

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
NUMERALS = "零〇一二两三四五六七八九十百千万亿"
FULL_WIDTH = str.maketrans("０１２３４５６７８９．％－", "0123456789.%-", "*")
"""As `index.quantity` reads them; the marks of bold type are dropped."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number as it stands in a text."""

    text: str
    """Without commas."""
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A figure as a text may say it."""

    names: frozenset[str]
    numbers: frozenset[str]
    units: tuple[str, ...]
    """Its unit as printed and in English; empty strings left out."""
    operator: str = ""
    sign: int = 0
    """+1 or -1 of a change, whose direction must be said."""
    word: str = ""
    """What is printed of a qualitative target (高), or 持平."""
    asked: bool = True


@dataclass(frozen=True, kw_only=True)
class Speech:
    figures: tuple[Spoken, ...] = ()
    phrases: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    echo: str = ""
    """The question, typed and normalised."""
    lines: tuple[int, ...] = ()
    """Lines and pages cited."""

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(number for figure in self.figures for number in figure.numbers)

    @cached_property
    def echoed(self) -> frozenset[str]:
        return frozenset(token.text for token in tokens_of(self.echo))

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """The phrases that hold a number."""
        return tuple(phrase for phrase in self.phrases if holds_number(phrase))


# ------------------------------------------------------------------------------- spelling


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def spell(text: str, language: str) -> str:
    """Half-width digits, no bold type; simplified where the reader's language is traditional."""
    text = text.translate(FULL_WIDTH)
    return str(_simplifier().convert(text)) if language == "zh-Hant" else text


def plain_number(text: str) -> str:
    """Digits of any script as 0-9, without commas: the form in which numbers are compared."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return digits.replace(",", "")


def holds_number(phrase: str) -> bool:
    return any(char in NUMERALS or char.isnumeric() for char in phrase)


def tokens_of(text: str) -> list[Token]:
    """Numbers in digits, and single characters that are numbers (①, ½, Ⅳ)."""
    found = [Token(plain_number(m.group()), m.start(), m.end()) for m in NUMBER.finditer(text)]
    found += [
        Token(char, at, at + 1)
        for at, char in enumerate(text)
        if char > "\x7f" and unicodedata.category(char) in ("No", "Nl")
    ]
    return sorted(found, key=lambda token: token.start)


# --------------------------------------------------------------------------------- speech


def spoken(finding: Finding, language: str) -> Spoken:
    """A finding (in the unit that is shown) as a text may say it."""
    worded = finding.value is None or finding.printed == UNCHANGED
    return Spoken(
        names=frozenset(spell(name, language) for name in names_of(finding, language)),
        numbers=frozenset() if worded else numbers_of(finding),
        units=units_of(finding),
        operator=finding.operator,
        sign=sign_of(finding),
        word=spell(finding.printed, language) if worded else "",
        asked=not finding.supporting,
    )


def numbers_of(finding: Finding) -> frozenset[str]:
    """The figure as printed, with its decimals, and plain; a change without its sign."""
    value = abs(finding.value) if finding.value is not None else Decimal(0)
    printed = {plain_number(found.group()) for found in NUMBER.finditer(finding.printed)}
    own = {plain_number(format(value, "f")), plain(value)}
    return frozenset(own | (printed if len(printed) == 1 else set()))


def sign_of(finding: Finding) -> int:
    """+1, -1 of a change as printed; 0 of anything else."""
    value, column = finding.value, finding.operands[0].column
    if value is None or finding.rule is not Rule.CELL or column[-1:] == ():
        return 0
    return (value > 0) - (value < 0) if is_change_head(column[-1]) else 0


def names_of(finding: Finding, language: str) -> Iterator[str]:
    yield finding.label
    yield gloss(finding.label, language)
    if finding.rule in (Rule.CELL, Rule.CONVERT):
        yield label_of(finding.operands[0])


def units_of(finding: Finding) -> tuple[str, ...]:
    names = (finding.unit, say_unit(finding.unit, "en"))
    return tuple(dict.fromkeys(name for name in names if name))


def phrases_of(fact: Fact) -> Iterator[str]:
    """All that names a fact, and may be said of it."""
    yield from (fact.label, label_of(fact), fact.table, fact.title)
    yield table_name(fact.table, fact.title)
    yield from (scope_of(fact, "zh"), scope_of(fact, "en"), fact.section, fact.unit_name)
    yield from (fact.unit_code, fact.code, fact.note, fact.doubt, fact.word, "/".join(fact.column))
    yield from (*fact.row_path, *fact.column)


def phrases_in(finding: Finding, language: str) -> Iterator[str]:
    """What a finding adds to the names of its facts: label, expression, a word as value."""
    yield from (finding.label, gloss(finding.label, language), finding.expression)
    if finding.value is None:
        yield finding.printed
