"""The productions: a lexicon rule and its match → what the mention says."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from assistant.lexicon import Rule, lexicon, ways
from assistant.mention import (
    Amount,
    Chat,
    ChatName,
    Code,
    Filler,
    FillerName,
    MentionKind,
    Operation,
    OperationName,
    OutputUnit,
    Payload,
    Range,
    Rank,
    Scope,
    TableRef,
    Threshold,
    UnitScope,
    Year,
)
from assistant.numerals import read_amount, read_number, read_ordinal

MINGUO = 1911
"""民国 years count from 1912 = 1."""


def _groups(found: re.Match[str]) -> dict[str, str]:
    """The groups that matched."""
    return {name: said for name, said in found.groupdict().items() if said}


def _year(found: re.Match[str], rule: Rule) -> Year | None:
    text = found.group()
    if rule.value == "several":
        return Year(offset=0, years=int(read_number(_groups(found).get("years", "2")) or 2))
    if re.fullmatch(r"-?\d", rule.value):
        return Year(offset=int(rule.value))
    if rule.value == "chinese":
        number = read_number(re.sub("年度?", "", text).replace("〇", "零"))
        return None if number is None else Year(year=int(number))
    digits = re.search(r"\d+", text)
    if not digits:
        return None
    shift = {"short": 2000, "minguo": MINGUO}.get(rule.value, 0)
    return Year(year=int(digits.group()) + shift)


def _year_in(text: str) -> Year | None:
    """The year that the whole of `text` says."""
    for rule, pattern in ways(MentionKind.YEAR):
        if (found := pattern.fullmatch(text)) and (year := _year(found, rule)):
            return year
    return None


def _code(found: re.Match[str], rule: Rule) -> Code:
    return Code(digits=re.sub(r"\D", "", _groups(found)["digits"]))


def _table(found: re.Match[str], rule: Rule) -> TableRef | None:
    groups = _groups(found)
    number = read_number(groups["number"])
    part = int(groups["part"]) if "part" in groups else None
    return TableRef(number=int(number), part=part) if number else None


def _amount(found: re.Match[str], rule: Rule) -> Amount | None:
    return read_amount(found.group())


def _threshold(found: re.Match[str], rule: Rule) -> Threshold | None:
    amount = read_amount(_groups(found)["amount"])
    return Threshold(op=rule.value, amount=amount) if amount else None


def _range(found: re.Match[str], rule: Rule) -> Range | None:
    groups = _groups(found)
    low, high = read_amount(groups["low"]), read_amount(groups["high"])
    if not low or not high or _year_in(groups["low"]):
        return None
    low = _like(low, high, groups["high"])
    is_open = rule.value == "open"
    if low.value >= high.value:
        return None
    return Range(low=low, high=high, low_open=is_open, high_open=is_open)


def _like(low: Amount, high: Amount, said: str) -> Amount:
    """100到200万, between 1 and 2 million: the first amount has the second one's scale."""
    if low.unit:
        return low
    digits = re.search(r"[\d.,]*\d", said)
    plain = Decimal(digits.group().replace(",", "")) if digits else None
    factor = high.value / plain if plain else Decimal(1)
    value = low.value * factor if low.value * factor <= high.value else low.value
    return replace(low, value=value, unit=high.unit, implied=high.implied)


def _output_unit(found: re.Match[str], rule: Rule) -> OutputUnit | None:
    unit = lexicon().maps["output_unit"].get(_groups(found)["unit"])
    return OutputUnit(unit=unit) if unit else None


def _rank(found: re.Match[str], rule: Rule) -> Rank | None:
    groups = _groups(found)
    if "n" in groups:
        first, last = 1, read_ordinal(groups["n"])
    else:
        first = read_ordinal(groups.get("first", "1")) or 0
        last = read_ordinal(groups["last"]) if "last" in groups else first
    if not last or not 1 <= first <= last:
        return None
    return Rank(order=rule.value, first=first, last=last)


def _operation(found: re.Match[str], rule: Rule) -> Operation:
    groups = _groups(found)
    base = _year_in(groups["base"]) if "base" in groups else None
    if base is None and rule.name.startswith("change: 同比") and "同比" in found.group():
        base = Year(offset=-1)
    measure = groups.get("measure") or groups.get("word") or ""
    return Operation(name=OperationName(rule.value), base=base, measure=measure)


READERS: dict[MentionKind, Callable[[re.Match[str], Rule], Payload | None]] = {
    MentionKind.YEAR: _year,
    MentionKind.CODE: _code,
    MentionKind.TABLE: _table,
    MentionKind.AMOUNT: _amount,
    MentionKind.THRESHOLD: _threshold,
    MentionKind.RANGE: _range,
    MentionKind.OUTPUT_UNIT: _output_unit,
    MentionKind.RANK: _rank,
    MentionKind.OPERATION: _operation,
    MentionKind.SCOPE: lambda found, rule: Scope(name=UnitScope(rule.value)),
    MentionKind.CHAT: lambda found, rule: Chat(name=ChatName(rule.value)),
    MentionKind.FILLER: lambda found, rule: Filler(name=FillerName(rule.value)),
}
