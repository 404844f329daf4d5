"""Printed figures → numbers: table cells, and figures with their units in running text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from index.fact import Kind
from index.words import lexicon

DASHES = "－—–―─‐−-"
"""The plain hyphen last: it stands for itself at the end of a character class."""
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
CURRENCY = r"(?:(?:US|HK|NT|A|C|S)?\$|[¥£€])\s*"
CELL = re.compile(
    rf"(?P<open>\()?(?:{CURRENCY})?(?P<sign>[+△▲{DASHES}])?(?:{CURRENCY})?(?P<in>\()?"
    rf"(?P<number>{DIGITS})%?(?P<close>\))?%?(?P<last>-)?"
)
"""-12, (12), $(12), ($12), △12, (2.0%), 12- (as accounting systems print it)."""
NOT_FIGURE_BEFORE = r"(?<![\d.,:A-Za-z第×*/~〔【\[])(?<![\dA-Za-z][-—–])(?<!\d[至时点])"
"""Inside a longer figure, a code, a range, an ordinal or a product (7×24)."""
MINUS = "(?:(?<![元万亿%])-)"
"""Behind a unit a hyphen is that of a range (5万元-8万元)."""
NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
POWERS = {"十": 10, "百": 100, "千": 1000}
HAN = r"[\u3400-\u9fff“‘《]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A figure with its unit, where it stands in the text searched."""

    value: Decimal
    unit: str
    kind: Kind
    start: int
    number_end: int
    """Behind the digits; `end` is behind the unit."""
    end: int
    operator: str = ""
    note: str = ""


def parse_number(text: str) -> Decimal | None:
    """The number in a table cell; None for a blank, a dash, and anything but one number.

    >>> parse_number("（4,321.50）"), parse_number("—"), parse_number("12.5%")
    (Decimal('-4321.50'), None, Decimal('12.5'))
    """
    flat = unicodedata.normalize("NFKC", text).strip().replace("%", "%")
    flat = re.sub(rf"(?<=[,.(+{DASHES}])\s+(?=\d)|\s+(?=[,.)%])", "", flat)
    match = CELL.fullmatch(flat)
    if match is None or bool(match["open"]) + bool(match["in"]) != bool(match["close"]):
        return None
    value = Decimal(match["number"].replace(",", ""))
    bracketed = bool(match["close"] or match["last"])
    negative = bracketed or (match["sign"] or "+") in (*DASHES, "△", "▲")
    return -value if negative and value else value


def chinese_number(text: str) -> int | None:
    """A Chinese numeral below 10000: 十二 → 12, 两百零三 → 203, 二〇二三 → None.

    >>> chinese_number("二十三")
    23
    """
    total, digit = 0, None
    for char in text:
        if char in POWERS:
            total += (1 if digit is None else digit) * POWERS[char]
            digit = None
        elif char in NUMERALS and digit in (None, 0):
            digit = NUMERALS[char]
        else:
            return None
    return total + (digit or 0) if text else None


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=len, reverse=True))) + ")"


def prose_words(name: str) -> str:
    """`one_of` for a list of lexicons/prose.toml."""
    return one_of(lexicon("prose")[name])


@cache
def figure_pattern() -> re.Pattern[str]:
    money = rf"(?P<money>{prose_words('money')}(?:/{prose_words('per_head')})?)"
    bare = rf"(?P<bare>[万亿])(?P<per>/{prose_words('per_head')})?{bare_end()}"
    percent = rf"(?P<percent>{prose_words('percent')})"
    count = (
        rf"(?P<count>{prose_words('scale')}?{prose_words('measure')})"
        rf"(?!{prose_words('measure_not_before')})"
    )
    return re.compile(
        rf"{NOT_FIGURE_BEFORE}(?P<number>{MINUS}?(?:{DIGITS}))(?P<about>{prose_words('approximate')})?"
        rf"(?:{money}|{percent}|{count}|{bare})"
        rf"(?P<limit>{limit_words()})?"
    )


@cache
def limit_words() -> str:
    limits = one_of(limit for name in LIMITS for limit in lexicon("prose")[name])
    return f"(?:{prose_words('inclusive')}?{limits})"


@cache
def bare_end() -> str:
    """What may follow 万 or 亿 without 元: no measure, be it a Chinese word or m²."""
    return rf"(?![0-9A-Za-z/㎡㎥])(?:(?!{HAN})|(?={limit_words()}|{prose_words('bare_before')}))"


LIMITS = {"floor": "≥", "ceiling": "≤", "nearly": ""}
PREFIX_LIMITS = {"at_most": "≤", "at_least": "≥", "more": ">", "less": "<"}


def quantities(flat: str) -> tuple[Quantity, ...]:
    """Every figure with a unit in a flattened text, in order.

    Years, dates, times, ordinals and thresholds (200万元以上设备) are none.
    """
    whole = list(compound_amounts(flat))
    found = [_quantity(match, flat) for match in figure_pattern().finditer(flat)]
    counted = [*filter(None, found), *numeral_counts(flat)]
    parts = [q for q in counted if not any(w.start <= q.start < w.end for w in whole)]
    return tuple(sorted((*whole, *parts), key=lambda quantity: quantity.start))


def compound_amounts(flat: str) -> Iterator[Quantity]:
    """17亿3,280万7千元, 3亿5000万: an amount whose powers are printed one by one, in 元."""
    for match in _compound().finditer(flat):
        printed = {name: match[name] for name in (*STEPS, "ones") if match[name]}
        bare = match.group()[-1:].removesuffix("元")
        if len(printed) < 2 or (bare and not speaks_of_money(match, flat)):
            continue
        sizes = {name: power for name, (_, power) in STEPS.items()} | {"ones": 1}
        parts = (Decimal(text.replace(",", "")) * sizes[name] for name, text in printed.items())
        yield Quantity(
            value=sum(parts, Decimal(0)),
            unit="元",
            kind=Kind.MONEY,
            start=match.start(),
            number_end=match.end() - (not bare),
            end=match.end(),
            note=f"单位印为：{bare}" if bare else "",
        )


STEPS = {"yi": ("亿", 10**8), "wan": ("万", 10**4), "qian": ("千", 10**3), "bai": ("百", 10**2)}
"""The powers of a compound amount, greatest first."""


@cache
def _compound() -> re.Pattern[str]:
    steps = (f"(?:(?P<{name}>{DIGITS}){word})?" for name, (word, _) in STEPS.items())
    end = rf"(?:(?P<ones>{DIGITS})?元|(?<=[亿万]){bare_end()})"
    return re.compile(rf"{NOT_FIGURE_BEFORE}{''.join(steps)}{end}")


def _quantity(match: re.Match[str], flat: str) -> Quantity | None:
    limit = match["limit"] or ""
    if limit and re.match(HAN, flat[match.end() :]):
        return None
    unit, kind = _unit_kind(match, flat)
    if not unit:
        return None
    operator, note = operator_of(flat[: match.start()], limit)
    notes = [note, f"约数：{match['about']}" if match["about"] else ""]
    if match["bare"]:
        notes.append(f"单位印为：{match['bare']}")
    return Quantity(
        value=Decimal(match["number"].replace(",", "")),
        unit=unit,
        kind=kind,
        start=match.start(),
        number_end=match.end("number"),
        end=match.end(),
        operator=operator,
        note="；".join(filter(None, notes)),
    )


def _unit_kind(match: re.Match[str], flat: str) -> tuple[str, Kind]:
    if match["money"]:
        return match["money"], Kind.MONEY
    if match["percent"]:
        return match["percent"], Kind.PERCENT
    if match["count"]:
        return match["count"], Kind.COUNT
    unit = f"{match['bare']}元{match['per'] or ''}" if speaks_of_money(match, flat) else ""
    return unit, Kind.MONEY


def speaks_of_money(match: re.Match[str], flat: str) -> bool:
    """Whether 5.5万 is money: its sentence says so, and nothing that is counted stands before."""
    if re.search(rf"{prose_words('bare_counts')}[^，；：。]{{0,3}}$", flat[: match.start()]):
        return False
    return bool(re.search(rf"\d[千百]?[万亿]?元|{prose_words('bare_money')}", flat))


def operator_of(before: str, limit: str) -> tuple[str, str]:
    """Operator and the printed words that say it: 不超过 5次 → ≤."""
    for name, sign in PREFIX_LIMITS.items():
        if found := re.search(rf"{prose_words(name)}$", before):
            return sign, found.group()
    for name, sign in LIMITS.items():
        if limit.endswith(tuple(lexicon("prose")[name])):
            return sign, limit
    return "", ""


def numeral_counts(flat: str) -> Iterator[Quantity]:
    """Counts in Chinese numerals (共有三家): only behind words that announce a count."""
    pattern = rf"(?<={{}})(?P<number>[{''.join(NUMERALS)}十百千]+)(?P<unit>{{}})(?!{{}})"
    lists = lexicon("prose")
    units, not_before = prose_words("numeral_measure"), prose_words("measure_not_before")
    seen: set[int] = set()
    for word in lists["numeral_after"]:
        for match in re.finditer(pattern.format(word, units, not_before), flat):
            value = chinese_number(match["number"])
            if value is None or match.start() in seen:
                continue
            seen.add(match.start())
            yield Quantity(
                value=Decimal(value),
                unit=match["unit"],
                kind=Kind.COUNT,
                start=match.start(),
                number_end=match.end("number"),
                end=match.end(),
            )
