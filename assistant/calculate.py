"""Arithmetic on facts, each step shown. Money is Decimal; rounding is half up, for shares only."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.finding import Finding, Rule
from index.correct import shown as written
from index.fact import Fact
from index.words import lexicon, squeeze

FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
"""Units of money, in yuan."""
SIGNS = {Rule.SUM: "+", Rule.DIFFERENCE: "-"}


def plain(number: Decimal) -> str:
    """Without exponent and without needless zeros after the point."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(number: Decimal) -> str:
    """With commas between thousands, decimals as they are."""
    return f"{number:,f}"


def rounded(number: Decimal, places: int = 2) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def value_in(fact: Fact, unit: str) -> Decimal:
    """The fact's value in another unit of money, exact.

    Raises ValueError where the units cannot be converted.
    """
    if fact.value is None:
        raise ValueError(f"{fact.id} has no value")
    if fact.unit == unit:
        return fact.value
    if fact.unit not in FACTORS or unit not in FACTORS:
        raise ValueError(f"{fact.unit} cannot be converted to {unit}")
    return fact.value * FACTORS[fact.unit] / FACTORS[unit]


def in_yuan(fact: Fact) -> Decimal:
    """For comparing; what is no money as it is, a blank as nothing."""
    return (fact.value or Decimal(0)) * FACTORS.get(fact.unit, Decimal(1))


def comparable(facts: Sequence[Fact]) -> bool:
    units = {fact.unit for fact in facts}
    return len(units) == 1 or units <= set(FACTORS)


def printed_or_said(fact: Fact) -> str:
    """As printed; of a figure that a person corrected hers, written the same way."""
    if not fact.corrected or fact.value is None:
        return fact.printed
    return written(fact.value, fact.printed)


def head_of(fact: Fact) -> str:
    """What a row without a label is of: its head's last word that names a thing, else its table."""
    headers = lexicon("headers")
    bare = {*headers["total"], *headers["subtotal"], *headers["main"]}
    named = (word for word in reversed(fact.column) if squeeze(word) not in bare)
    return next(named, fact.title)


def cell(fact: Fact, label: str = "", places: Sequence[Fact] = ()) -> Finding:
    return Finding(
        rule=Rule.CELL,
        operands=(fact,),
        value=fact.value,
        unit=fact.unit,
        printed=printed_or_said(fact),
        operator="" if fact.operator == "定性" else fact.operator,
        label=label or fact.label or head_of(fact),
        places=tuple(places),
    )


def convert(finding: Finding, unit: str) -> Finding:
    """The same figure in another unit of money; what is no money stays as it is."""
    if finding.unit == unit or unit not in FACTORS or finding.unit not in FACTORS:
        return finding
    if finding.value is None:
        return finding
    number = finding.value * FACTORS[finding.unit] / FACTORS[unit]
    larger = FACTORS[unit] > FACTORS[finding.unit]
    factor = FACTORS[unit] / FACTORS[finding.unit]
    step = f" ÷ {plain(factor)}" if larger else f" × {plain(1 / factor)}"
    before = f"({finding.expression})" if finding.expression else plain(finding.value)
    return Finding(
        rule=Rule.CONVERT if finding.rule is Rule.CELL else finding.rule,
        operands=finding.operands,
        value=number,
        unit=unit,
        printed=shown(Decimal(plain(number))),
        operator=finding.operator,
        label=finding.label,
        expression=before + step,
        places=finding.places,
        supporting=finding.supporting,
    )


def compute(rule: Rule, facts: Sequence[Fact], label: str, unit: str = "") -> Finding:
    """A figure from facts; units of money are brought to the first fact's.

    Raises ValueError for blanks, units that do not fit and division by zero.
    """
    base = facts[0].unit
    money = base in FACTORS and comparable(facts)
    numbers = [value_in(fact, base) if money else _value(fact) for fact in facts]
    value, expression, own_unit = _apply(rule, numbers, base)
    return Finding(
        rule=rule,
        operands=tuple(facts),
        value=value,
        unit=unit or own_unit,
        printed=shown(value),
        label=label,
        expression=expression,
    )


def _value(fact: Fact) -> Decimal:
    if fact.value is None:
        raise ValueError(f"{fact.id} has no value")
    return fact.value


def _apply(rule: Rule, numbers: Sequence[Decimal], unit: str) -> tuple[Decimal, str, str]:
    words = [plain(number) for number in numbers]
    if rule is Rule.SUM:
        return sum(numbers, Decimal(0)), " + ".join(words), unit
    if rule is Rule.DIFFERENCE:
        return numbers[0] - sum(numbers[1:], Decimal(0)), " - ".join(words), unit
    if rule is Rule.SHARE_OF_SUM:
        total = sum(numbers, Decimal(0))
        return rounded(numbers[0] / total * 100), f"{words[0]} ÷ ({' + '.join(words)}) × 100", "%"
    if rule is Rule.GROWTH:
        base = numbers[0] - numbers[1]
        if not base:
            raise ValueError("division by zero")
        sign, change = ("-", words[1]) if numbers[1] >= 0 else ("+", words[1].removeprefix("-"))
        before = f"({words[0]} {sign} {change})"
        return rounded(numbers[1] / base * 100), f"{words[1]} ÷ {before} × 100", "%"
    if rule is Rule.COUNT:
        return Decimal(len(numbers)), "", "个"
    if rule is Rule.AVERAGE:
        total = sum(numbers, Decimal(0))
        mean = rounded(total / len(numbers))
        return mean, f"({' + '.join(words)}) ÷ {len(numbers)}", unit
    if rule is Rule.LAST_YEAR:
        change = words[1] if numbers[1] >= 0 else f"({words[1]})"
        return numbers[0] - numbers[1], f"{words[0]} - {change}", unit
    if not numbers[1]:
        raise ValueError("division by zero")
    if rule is Rule.SHARE:
        return (
            rounded(numbers[0] / numbers[1] * 100),
            f"{words[0]} ÷ {words[1]} × 100",
            "%",
        )
    return rounded(numbers[0] / numbers[1]), f"{words[0]} ÷ {words[1]}", "倍"
