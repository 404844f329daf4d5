"""Questions asked of a renamed budget: the same words and figures are replaced in what is asked,
in what is expected and in the quotes; the lines stay."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from eval.dataset import CALCULATION, decimals, evaluate, rounded
from eval.rename_amounts import Amounts
from eval.rename_names import Names
from eval.rename_ties import MONEY, Figure, figure_of
from index.fact import Fact, Kind

Record = dict[str, Any]
"""A line of a question file; eval.dataset checks it, here and after it is rewritten."""

SCALES = {
    "": 0, "千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12,
    "thousand": 3, "million": 6, "billion": 9,
}  # fmt: skip
SCALE = "|".join(sorted(filter(None, SCALES), key=len, reverse=True))
NUMBER = re.compile(
    rf"(?<![\d.A-Za-z])(?<!表)(?<!Table )(?<!第)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<tail>)"
    rf"(?![\dA-Za-z.]*[A-Za-z])(?![-年月\d])"
    rf"(?=\s?(?P<scale>{SCALE})|(?:\sand\s|\sto\s)\d+\s?(?P<range>{SCALE})|)"
)
"""Not of a code, a table's number, a date or an order; `range`: between 1 and 2 million."""
MONEY_BEHIND = re.compile(r"\s?\((?:in )?10k yuan\)|[元块]")
YUAN = re.compile(r"\s?(?:yuan|[元块])")
OTHER_MEASURE = re.compile(r"\s?[个条家分秒小天台套份张人次期辆项类名级]")
NUMERAL = re.compile(
    r"(?P<nearly>快)?(?P<numeral>[一二三四五六七八九十百千两]+)(?P<more>多)?(?=[万萬])"
)
CONSTANTS = re.compile(r"(?<=[*/] )(?:100|1000|10000)(?![\d.])")
OPERAND = re.compile(r"\d+(?:\.\d+)?")
MONEY_UNITS = ("元", "万元", "千元", "亿元", "万", "")
SIGNIFICANT = 2
"""Figures kept of a rough number: 一千二百多万."""


class Unsure(Exception):
    """A question that cannot be asked of the renamed budget without guessing."""


@dataclass(frozen=True)
class Rewriter:
    """Rewrites questions by the same maps as the document."""

    names: Names
    amounts: Amounts
    facts: Sequence[Fact]

    def record(self, record: Record) -> Record:
        """A question or a dialogue, rewritten.

        Raises Unsure for one that the lexicon drops, or whose figure is neither printed at its
        evidence nor calculated.
        """
        if reason := self.names.own.drop.get(record["id"]):
            raise Unsure(reason)
        if "turns" not in record:
            return self._turn(record, record["lang"])
        turns = [self._turn(turn, record["lang"]) for turn in record["turns"]]
        return {**record, "turns": turns}

    def _turn(self, turn: Record, language: str) -> Record:
        figures = self._figures(turn["evidence"])
        note, results = _calculations(turn["note"], figures)
        say = _sayer(self.names, figures)
        ask = _sayer(self.names.in_traditional, figures) if language == "zh-Hant" else say
        answer = turn["answer"]
        return {
            **turn,
            "question": ask(turn["question"]),
            "answer": {
                **answer,
                "values": [self._value(v, figures, results) for v in answer["values"]],
                "must_contain": [say(entry) for entry in answer["must_contain"]],
                "must_not": [say(entry) for entry in answer["must_not"]],
            },
            "evidence": [{**e, "quote": say(e.get("quote", ""))} for e in turn["evidence"]],
            "note": note,
        }

    def _figures(self, evidence: Sequence[Record]) -> "Figures":
        lines = [place["line"] for place in evidence if place.get("line")]
        facts = tuple(fact for line in lines for fact in self._by_line.get(line, ()))
        tables = {fact.table for fact in facts}
        beside = tuple(fact for fact in self.facts if fact.table in tables)
        quotes = "\n".join(place.get("quote", "") for place in evidence)
        return Figures(self.amounts, facts, beside, quotes)

    @cached_property
    def _by_line(self) -> dict[int, list[Fact]]:
        by_line: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.value is not None and fact.place.line is not None:
                by_line[fact.place.line].append(fact)
        return by_line

    def _value(
        self, value: Record, figures: "Figures", results: Mapping[Decimal, Decimal]
    ) -> Record:
        old = Decimal(str(value["value"]))
        new = results.get(old)
        if new is None:
            new = figures.printed(abs(old), value["unit"])
        if new is None and value["unit"] in MONEY_UNITS and not figures.is_weight(old):
            raise Unsure(f"{old} is not printed at the evidence, nor calculated")
        signed = old if new is None else new.copy_sign(old)
        return {**value, "value": _plain(signed)}


def _plain(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


@dataclass(frozen=True)
class Figures:
    """Where the figures of one question go."""

    amounts: Amounts
    facts: Sequence[Fact]
    """Those printed at its evidence."""
    beside: Sequence[Fact]
    """Those of the same tables."""
    quotes: str

    def printed(self, value: Decimal, rest: str = "") -> Decimal | None:
        """The new value of a figure printed at the evidence, if there is one such.

        `rest`: what stands behind the number; 60 minutes are not the 60 万元 of the evidence.
        """
        same = [f for f in self.facts if f.value is not None and abs(f.value) == value]
        news = {self.amounts.of(fact) for fact in same if _may_be(fact, rest)} - {None}
        return news.pop() if len(news) == 1 else None

    def is_weight(self, value: Decimal) -> bool:
        return any(f.kind is Kind.WEIGHT and f.value == value for f in self.facts)

    def anywhere(self, value: Decimal) -> Decimal | None:
        """The new value of an amount printed somewhere."""
        return self.amounts.new.get(Figure(MONEY, value))

    def of_number(self, number: "Number") -> Decimal | None:
        """The new value of a number that a question gives, in its own scale (1.2亿)."""
        new = self.printed(number.value, number.rest)
        return new if new is not None else self._rescaled(number) or self._amount(number)

    def _rescaled(self, number: "Number") -> Decimal | None:
        for fact in self.facts:
            new = self.amounts.of(fact)
            shift = Decimal(1).scaleb((4 if fact.unit.startswith("万") else 0) - number.scale)
            if new and shift != 1 and abs(fact.value or Decimal(0)) * shift == number.value:
                return (new * shift).normalize()
        return None

    def _amount(self, number: "Number") -> Decimal | None:
        """Of money that is not printed at the evidence: where its neighbours go."""
        value = number.in_ten_thousands
        exact = self.anywhere(value)
        if not number.is_money:
            return exact if number.is_stated or decimals(number.value) == 2 else None
        if f"{value.normalize():f}万" in self.quotes:
            return None  # a limit that the text names (200万元以上), no figure
        if exact is None and any(fact.kind is Kind.MONEY for fact in self.facts):
            exact = self.amounts.near(value)
        return None if exact is None else exact.scaleb(4 - number.scale)

    def rough(self, low: Decimal, high: Decimal) -> Decimal | None:
        """The new value of the one amount of the evidence or its tables between two numbers."""
        for facts in (self.facts, self.beside):
            near = {f for fact in facts if (f := figure_of(fact)) and low <= f.value < high}
            if len(near) == 1:
                return self.amounts.new[near.pop()]
        return None


def _may_be(fact: Fact, rest: str) -> bool:
    figure = figure_of(fact)
    money = figure is not None and figure.measure == MONEY
    if rest.lstrip().startswith(("%", "percent")):
        return fact.unit == "%"
    if rest.startswith(("元", "万元")):
        return money
    return not (money and OTHER_MEASURE.match(rest))


@dataclass(frozen=True)
class Number:
    """A number in the text of a question."""

    value: Decimal
    scale: int
    """Powers of ten that its scale word stands for; 4 for a bare amount, which is in 万元."""
    rest: str
    """What stands behind it and its scale word."""
    is_money: bool
    is_stated: bool = False
    """"…是285": a value, not a place, an order or a count."""

    @property
    def in_ten_thousands(self) -> Decimal:
        return self.value.scaleb(self.scale - 4)


def _sayer(names: Names, figures: Figures) -> Callable[[str], str]:
    def say(text: str) -> str:
        pieces, end = [], 0
        for start, stop, new in sorted(_numbers(text, figures)):
            pieces += [names(text[end:start]), new]
            end = stop
        return "".join([*pieces, names(text[end:])])

    return say


def _numbers(text: str, figures: Figures) -> Iterator[tuple[int, int, str]]:
    """Spans of numbers and what is to stand there."""
    for found in NUMBER.finditer(text):
        new = figures.of_number(_number(found))
        if new is not None:
            yield found.start(), found.start("tail"), _like(new, found["number"])
    for found in NUMERAL.finditer(text):
        if said := _numeral(found, figures):
            yield found.start(), found.end(), said


def _number(found: re.Match[str]) -> Number:
    word = found["scale"] or found["range"] or ""
    rest = found.string[found.end("scale") if found["scale"] else found.start("tail") :]
    scale = SCALES[word] or 4
    money = bool(scale == 4 and (word or MONEY_BEHIND.match(rest)))
    stated = not word and found.string[: found.start()].endswith(("是", "为", "為"))
    return Number(
        value=Decimal(found["number"].replace(",", "")),
        scale=scale,
        rest=rest,
        is_money=money or bool(found["range"]) or bool(word and YUAN.match(rest)),
        is_stated=stated,
    )


def _like(new: Decimal, printed: str) -> str:
    """With commas and trailing zeros where the old number had them."""
    plain = printed.replace(",", "")
    fixed = 2 if plain.endswith("0") or decimals(Decimal(plain)) == 2 else 0
    digits = max(decimals(new.normalize()), fixed if "." in plain else 0)
    return f"{new:{',' if ',' in printed else ''}.{digits}f}"


DIGITS = "零一二三四五六七八九"
POWERS = {"十": 10, "百": 100, "千": 1000}
LARGEST_NUMERAL = 10000


def _numeral(found: re.Match[str], figures: Figures) -> str:
    """一千二百多万 → 一千四百多万, 五十万 → 六十二万."""
    value = number_of(found["numeral"])
    if not found["nearly"] and not found["more"]:
        new = figures.printed(value)
        return numeral(int(new)) if new is not None and new == int(new) else ""
    step = value.scaleb(0) / 10 if found["nearly"] else _last_place(value)
    low, high = (value - step, value) if found["nearly"] else (value, value + step)
    new = figures.rough(low, high)
    if new is None:
        return ""
    kept = Decimal(1).scaleb(new.adjusted() - SIGNIFICANT + 1)
    return numeral(int(new // kept * kept)) + "多"


def _last_place(value: Decimal) -> Decimal:
    """What the last figure that is not 0 counts: 100 of 1200."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def number_of(text: str) -> Decimal:
    """
    >>> number_of("一千二百")
    Decimal('1200')
    """
    total, digit = 0, 0
    for character in text.replace("两", "二"):
        if character in POWERS:
            total += (digit or 1) * POWERS[character]
            digit = 0
        else:
            digit = DIGITS.index(character)
    return Decimal(total + digit)


def numeral(value: int) -> str:
    """
    >>> numeral(2407)
    '两千四百零七'
    """
    if value >= LARGEST_NUMERAL:
        return str(value)
    text = "".join(
        DIGITS[value // power % 10] + (name if value // power % 10 else "")
        for name, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1))
    )
    text = re.sub("零+", "零", text).strip("零").replace("二千", "两千")
    return text.removeprefix("一") if 10 <= value < 20 else text


def _calculations(note: str, figures: Figures) -> tuple[str, dict[Decimal, Decimal]]:
    """The note with its [calc] computed anew, and old result → new."""
    results: dict[Decimal, Decimal] = {}

    def compute(found: re.Match[str]) -> str:
        expression = _operands(found[1], figures)
        exact = evaluate(expression)
        digits = decimals(Decimal(found[2]))
        if rounded(exact, digits) != exact and digits < 2:
            digits = 2
        result = rounded(exact, digits)
        results[Decimal(found[2])] = result
        return f"[calc] {expression} = {result:f}"

    return CALCULATION.sub(compute, note), results


def _operands(expression: str, figures: Figures) -> str:
    constants = {found.start() for found in CONSTANTS.finditer(expression)}

    def replaced(found: re.Match[str]) -> str:
        if found.start() in constants:
            return found[0]
        value = Decimal(found[0])
        new = figures.printed(value)
        if new is None and decimals(value) == 2:
            new = figures.anywhere(value)
        return found[0] if new is None else f"{new:f}"

    return OPERAND.sub(replaced, expression)
