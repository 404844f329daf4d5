"""Every number of an answer's text falls in a named class, and is said with its own unit,
operator, direction and label; whoever worded it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property

import opencc

from assistant.calculate import FACTORS, plain
from assistant.fault import FaultName
from assistant.finding import Finding, Rule
from assistant.numerals import read_number
from assistant.prove_prose import CHANGES
from assistant.word import gloss, label_of, say_unit, scope_of, wordings
from index.fact import Fact
from index.quantity import one_of
from index.words import lexicon

TABLE_CHANGES = frozenset((*CHANGES, "增减额", "增减", "增减%"))
"""The columns whose figures are said with their direction."""

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．％－", "0123456789.%-", "*")
"""As `index.quantity` reads them; the marks of bold type are dropped."""
NUMERALS = "零〇一二两三四五六七八九十百千万亿"
NUMERAL_AMOUNT = re.compile(
    rf"百分之[{NUMERALS}点]+|(?<![\d.{NUMERALS}])[{NUMERALS}]*[{NUMERALS}](?:点[{NUMERALS}]+)?"
    r"(?=[余多]?(?:元|块钱|万元|亿元|个百分点|倍|成))"
    rf"|(?<![\d.{NUMERALS}])[一二两三四五六七八九十百千][{NUMERALS}]*[百千万亿](?![{NUMERALS}])"
)
"""Chinese numerals that are amounts: before a unit, or with 百, 千, 万, 亿 (一千万)."""
NUMERAL_COUNT = re.compile(
    rf"(?<![第\d{NUMERALS}])([三四五六七八九十百]+|十[{NUMERALS}]+)(?=[个项家名辆台套])"
)
"""一个, 两个 are words; from three on a count is a figure."""
OPERATOR_SIGNS = {"≥": "≥", "≤": "≤", ">": ">", "＞": ">", "<": "<", "＜": "<", "=": "=", "＝": "="}
ENGLISH_OPERATORS = {
    "≥": ("at least", "no less than", "not less than"),
    "≤": ("at most", "no more than", "not more than", "up to"),
}
LABEL_REACH = 400
"""Characters before a figure in which its label may stand."""


class Class(StrEnum):
    """What a number of a text may be."""

    FIGURE = "figure"
    PHRASE = "phrase"
    """Part of a cited name, label, column, table, section, sentence or expression."""
    COUNT = "count"
    YEAR = "year"
    ORDINAL = "ordinal"
    PLACE = "place"
    ECHO = "echo"


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
    """All that an answer may say in numbers."""

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
        return frozenset(plain_number(found.group()) for found in NUMBER.finditer(self.echo))

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """The phrases that hold a number, as `spell` has them."""
        return tuple(phrase for phrase in self.phrases if holds_number(phrase))


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    """Without commas."""
    start: int
    end: int


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
    return bool(tokens_of(phrase)) or any(c in NUMERALS for c in phrase)


def tokens_of(text: str) -> list[Token]:
    """Numbers in digits, and single characters that are numbers (①, ½, Ⅳ)."""
    found = [Token(plain_number(m.group()), m.start(), m.end()) for m in NUMBER.finditer(text)]
    found += [
        Token(char, at, at + 1)
        for at, char in enumerate(text)
        if char > "\x7f" and unicodedata.category(char) in ("No", "Nl")
    ]
    return sorted(found, key=lambda token: token.start)


# --------------------------------------------------------------------------------- checks


def prove_text(text: str, speech: Speech, language: str, *, whole: bool = True) -> FaultName | None:
    """`whole`: the text must also give every figure asked for (notes need not)."""
    text = spell(text, language)
    covered = covered_by(text, speech, language)
    tokens = [token for token in tokens_of(text) if not is_inside(token, covered)]
    for token in tokens:
        if class_of(token, text, speech) is None:
            return FaultName.NUMBER
    if any(not numeral_stands(found, text, covered, speech) for found in numerals_of(text)):
        return FaultName.NUMBER
    return wording_stands(text, tokens, speech) if whole else None


def covered_by(text: str, speech: Speech, language: str) -> list[tuple[int, int]]:
    """The stretches that are phrases known to be the document's or the house's own."""
    phrases = (*speech.holders, *fixed_wording(language))
    return [
        found
        for phrase in phrases
        if (spelled := spell(phrase, language))
        for found in occurrences(spelled, text)
    ]


def occurrences(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = text.find(phrase, at + 1)


def is_inside(token: Token, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in stretches)


@cache
def fixed_wording(language: str) -> tuple[str, ...]:
    """The house's own sentences between their blanks, where they hold a number."""
    table = wordings()["en" if language == "en" else "zh"]
    pieces = (piece for sentence in table.values() for piece in re.split(r"\{\w+\}", sentence))
    return tuple(piece for piece in pieces if holds_number(piece))


def class_of(token: Token, text: str, speech: Speech) -> Class | None:
    classes = {
        Class.FIGURE: token.text in speech.numbers,
        Class.COUNT: token.text in speech.counts,
        Class.YEAR: token.text in speech.years,
        Class.ORDINAL: is_ordinal(token, text),
        Class.PLACE: is_place(token, text, speech),
        Class.ECHO: token.text in speech.echoed,
    }
    return next((name for name, fits in classes.items() if fits), None)


def is_ordinal(token: Token, text: str) -> bool:
    """The number of a list's line: at its beginning, no higher than the lines of the text."""
    opens = not text[: token.start].split("\n")[-1].strip(" -")
    follows = re.match(r"[.、．)）]\s*(?!\d)", text[token.end :])
    if not token.text.isascii():
        return opens
    low = token.text.isdigit() and 0 < int(token.text) <= text.count("\n") + 1
    return bool(opens and follows and low)


def is_place(token: Token, text: str, speech: Speech) -> bool:
    """第330行, page 4: a line or page that is cited."""
    before, after = text[: token.start], text[token.end :]
    named = re.search(r"(?:第|[Pp]age|[Ll]ine|p\.)\s*$", before)
    told = re.match(r"\s*[行页頁]", after) or not before.rstrip().endswith("第")
    return bool(named and told) and token.text in map(str, speech.lines)


# ------------------------------------------------------------------------------- numerals


def numerals_of(text: str) -> Iterator[Token]:
    for pattern in (NUMERAL_AMOUNT, NUMERAL_COUNT):
        for found in pattern.finditer(text):
            yield Token(found.group(), found.start(), found.end())


def numeral_stands(
    token: Token, text: str, covered: Iterable[tuple[int, int]], speech: Speech
) -> bool:
    if is_inside(token, covered) or token.text in speech.echo:
        return True
    value = read_number(token.text.removeprefix("百分之"))
    if value is None:
        return False
    unit = re.match("[余多]?(万元|亿元|元|块)?", text[token.end :])
    factor = FACTORS.get((unit[1] or "").replace("块", "元"), Decimal(1)) if unit else Decimal(1)
    return (
        any(
            value * factor == Decimal(number) * FACTORS.get(name, Decimal(1))
            for figure in speech.figures
            for number in figure.numbers
            for name in (figure.units or ("",))
        )
        or plain(value) in speech.counts
    )


# -------------------------------------------------------------------------------- wording


def wording_stands(text: str, tokens: Sequence[Token], speech: Speech) -> FaultName | None:
    """Each figure asked for is given; unit, operator and direction are its own."""
    for figure in speech.figures:
        said = [token for token in tokens if token.text in figure.numbers]
        given = any(name in text for name in (figure.word,) if name) or bool(said)
        if (figure.asked and not given) or not is_said_rightly(figure, said, text):
            return FaultName.WORDING
    for token in tokens:
        bearers = [figure for figure in speech.figures if token.text in figure.numbers]
        if bearers and class_without(token, text, speech) is None:
            if not any(fits(figure, token, text, speech) for figure in bearers):
                return FaultName.WORDING
    return None


def class_without(token: Token, text: str, speech: Speech) -> Class | None:
    """What the token is if it is no figure; an echo with its unit counts."""
    found = class_of(token, text, replace(speech, figures=()))
    if found is not Class.ECHO:
        return found
    unit = known_unit(text[token.end :])
    return found if f"{token.text}{unit}" in speech.echo else None


def is_said_rightly(figure: Spoken, said: Sequence[Token], text: str) -> bool:
    """At least once with its unit and operator, and with its direction."""
    if not said:
        return True
    unit = not figure.units or any(has_unit(figure, token, text) for token in said)
    operator = not figure.operator or any(
        operator_before(token, text) == figure.operator for token in said
    )
    directed = figure.sign >= 0 or any(direction_before(token, text) < 0 for token in said)
    return unit and operator and directed


def fits(figure: Spoken, token: Token, text: str, speech: Speech) -> bool:
    """Nothing said right around the token contradicts the figure."""
    unit = known_unit(text[token.end :])
    if unit and not has_unit(figure, token, text):
        return False
    operator = operator_before(token, text)
    if operator not in ("", "=", figure.operator):
        return False
    direction = direction_before(token, text)
    if figure.sign and direction and direction != figure.sign:
        return False
    names = names_before(token, text, speech)
    return not names or bool(names & figure.names)


def has_unit(figure: Spoken, token: Token, text: str) -> bool:
    rest = text[token.end :].lstrip(" ")
    unit = known_unit(rest)
    return any(rest.startswith(own) and len(own) >= len(unit) for own in figure.units)


@cache
def units_pattern() -> re.Pattern[str]:
    prose = lexicon("prose")
    english = wordings()["units_en"].values()
    units = (*FACTORS, *prose["money"], *prose["percent"], "倍", *english)
    return re.compile(one_of(units))


def known_unit(rest: str) -> str:
    """The unit of money or share that a text goes on with."""
    found = units_pattern().match(rest.lstrip(" "))
    return found.group() if found else ""


@cache
def operator_words() -> tuple[tuple[str, str], ...]:
    """(words, operator), the longest first."""
    goals, prose = lexicon("goals"), lexicon("prose")
    names = {"at_least": "≥", "at_most": "≤", "more": ">", "less": "<"}
    pairs = [(word, sign) for name, sign in names.items() for word in (*goals[name], *prose[name])]
    pairs += [(word, sign) for sign, words in ENGLISH_OPERATORS.items() for word in words]
    pairs += list(OPERATOR_SIGNS.items())
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def operator_before(token: Token, text: str) -> str:
    before = text[: token.start].rstrip(" ").lower()
    return next((sign for word, sign in operator_words() if before.endswith(word)), "")


@cache
def direction_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    prose = lexicon("prose")
    ups = [*prose["up"], *(wordings()[language]["more"] for language in ("zh", "en"))]
    downs = [*prose["down"], *(wordings()[language]["less"] for language in ("zh", "en"))]
    return tuple(ups), tuple(downs)


def direction_before(token: Token, text: str) -> int:
    """+1, -1, or 0 where none is said right before the number."""
    before = text[: token.start].rstrip(" (（")
    if before.endswith(("-", "−", "－")):
        return -1
    before = re.sub("(?:了|约|为|达|额)+$", "", before)
    ups, downs = direction_words()
    return -1 if before.endswith(downs) else 1 if before.endswith(ups) else 0


def names_before(token: Token, text: str, speech: Speech) -> frozenset[str]:
    """The names of figures that stand nearest before the number, in its line."""
    start = max(text.rfind("\n", 0, token.start) + 1, token.start - LABEL_REACH)
    line = text[start : token.start]
    names = {name for figure in speech.figures for name in figure.names}
    ends = [(line.rfind(name) + len(name), len(name), name) for name in names if name in line]
    return frozenset((max(ends)[2],)) if ends else frozenset()


# --------------------------------------------------------------------------------- speech


def spoken(finding: Finding, language: str) -> Spoken:
    """A finding (in the unit that is shown) as a text may say it."""
    fact = finding.operands[0]
    value = finding.value
    numbers = {plain_number(found.group()) for found in NUMBER.finditer(finding.printed)}
    if value is not None:
        numbers = {plain_number(format(abs(value), "f")), plain(abs(value))} | (
            numbers if len(numbers) == 1 else set()
        )
    change = fact.column[-1:] and fact.column[-1] in TABLE_CHANGES and finding.rule is Rule.CELL
    worded = value is None or finding.printed == "持平"
    return Spoken(
        names=frozenset(spell(name, language) for name in names_of(finding, language)),
        numbers=frozenset(numbers) if not worded else frozenset(),
        units=units_of(finding),
        operator=finding.operator,
        sign=(value > 0) - (value < 0) if change and value is not None else 0,
        word=spell(finding.printed, language) if worded else "",
        asked=not finding.supporting,
    )


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
    yield from (fact.label, label_of(fact), fact.table, fact.title, f"{fact.table} {fact.title}")
    yield from (scope_of(fact, "zh"), scope_of(fact, "en"), fact.section, fact.unit_name)
    yield from (fact.unit_code, fact.code, fact.note, fact.doubt, "/".join(fact.column))
    yield from (*fact.row_path, *fact.column)
