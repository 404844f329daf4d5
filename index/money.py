"""Units of money as unit lines, heads and cells print them, in any of the languages we read."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from index.words import lexicon, simplified

LONGEST_LINE = 80
"""Characters of a line that says the unit and little else."""


SIZES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "ten_thousand": 10**4,
    "million": 10**6,
    "hundred_million": 10**8,
    "billion": 10**9,
}
"""How many of the money each list of lexicons/money.toml stands for."""


def unit_in(line: str) -> str:
    """The unit of money that a caption's line says, as printed, in simplified characters.

    >>> unit_in("單位：新臺幣千元"), unit_in("(dollars in thousands)"), unit_in("In 2024, $5")
    ('千元', 'dollars in thousands', '')
    """
    flat = _flat(line)
    if found := _chinese().search(flat):
        return re.sub(r"\s", "", found["unit"])
    return _english_unit(flat) if len(flat) <= LONGEST_LINE else ""


def is_unit_line(line: str) -> bool:
    """The line says a unit of money and nothing else."""
    flat = _flat(line)
    return bool(_chinese().fullmatch(flat) or _english_line().fullmatch(flat))


def count_unit(line: str) -> str:
    """The measure that a line says for a table without money: (full-time equivalents), FTE."""
    flat = _flat(line).strip("()[] .:*")
    known = (re.sub(r"\s", "", word) for word in lexicon("money")["count_line"])
    return flat if re.sub(r"\s", "", flat).lower() in set(known) else ""


def counted_in(head: str) -> str:
    """The measure that a head of figures ends with: 2024 FTE → FTE; else empty."""
    found = re.search(rf"(?<![a-z]){_any(lexicon('money')['count_head'])}$", head.strip(), re.I)
    return found[0] if found else ""


def _english_unit(flat: str) -> str:
    """Of a line of its own, or of the bracket that ends a title."""
    if found := _english_line().fullmatch(flat):
        return found["unit"]
    ends = re.search(r"[(\[]([^()\[\]]*)[)\]][*.:]*$", flat)
    found = _english_line().fullmatch(ends[1].strip()) if ends else None
    return found["unit"] if found else ""


def without_unit(title: str) -> str:
    """A title without the bracket at its end that says the unit.

    >>> without_unit("Expenditures (in thousands)")
    'Expenditures'
    """
    found = re.search(r"\s*[(（\[][^()（）\[\]]*[)）\]]$", title)
    return title[: found.start()] if found and unit_in(found.group().strip()) else title


def currency_in(rows: Iterable[Iterable[str]]) -> str:
    """The sign of currency that stands before a figure in any of the cells: $, £; else empty."""
    found = (SIGN.match(text) for row in rows for text in row)
    return next((match["sign"] for match in found if match), "")


SIGN = re.compile(r"[(+\-−]?(?P<sign>(?:US|HK|NT|A|C|S)?\$|[£€])\s*\(?[\d.]")


def is_money(unit: str) -> bool:
    """Whether a unit is one of money: 千元, dollars in thousands, $; no % and no FTE."""
    flat = _flat(unit)
    known = flat in lexicon("money")["unit"] or flat.endswith("元")
    return known or bool(_english_line().fullmatch(flat))


def size_of(unit: str) -> Decimal | None:
    """How many units of its currency one of a unit of money is; None for other units.

    >>> size_of("万元"), size_of("dollars in thousands"), size_of("$"), size_of("%")
    (Decimal('10000'), Decimal('1000'), Decimal('1'), None)
    """
    if not is_money(unit):
        return None
    flat = _flat(unit).lower()
    said = flat.removesuffix("元") if flat.endswith("元") else _scale_word(flat)
    return Decimal(next((n for name, n in SIZES.items() if said in lexicon("money")[name]), 1))


def _scale_word(flat: str) -> str:
    return next((word for word in _longest(_scales()) if re.search(_alone(word), flat)), "")


def _alone(word: str) -> str:
    """The word by itself: million, $m; no m of dollars in millions."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z0-9])"


def _scales() -> list[str]:
    lists = lexicon("money")
    return [word for name in SIZES for word in lists[name] if word.isascii()]


def _flat(text: str) -> str:
    """Half width, simplified, one space where there is any, one form of apostrophe."""
    plain = simplified(unicodedata.normalize("NFKC", text)).replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", " ", plain).strip()


@cache
def _chinese() -> re.Pattern[str]:
    """单位：千元, (单位：新台币千元), 新台币千元; a bare 元 needs 单位： before it."""
    lists = lexicon("money")
    unit = rf"(?P<unit>{_any(lists['unit'])})"
    named = rf"{_any(lists['label'])}\s*(?:[:：]|为)\s*[(（]?(?:{_any(lists['currency'])})?"
    return re.compile(
        rf"[(（]?(?:{named}|^[(（]?{_any(lists['currency'])}|^[(（](?=[^()]*[)）]$))"
        rf"\s*{unit}[)）]*"
    )


@cache
def _english_line() -> re.Pattern[str]:
    lists = lexicon("money")
    money, scale = _any(lists["money"]), _any(_scales())
    said = rf"(?:{_any(lists['said'])}\s*:?\s*)?(?:{_any(lists['shown'])}\s*)*"
    forms = (
        rf"{money}\s*in\s*{scale}",
        rf"(?:{_any(lists['said'])}\s*)?in\s*{scale}(?:\s*of\s*{money})?",
        rf"(?:in\s*)?{scale}\s*of\s*{money}",
        rf"in\s*{money}(?:\s*{scale})?",
        rf"{money}\s*{scale}",
        rf"{scale}\s*{money}",
        r"(?:whole|u\.?s\.?)\s*dollars",
        rf"{money}",
    )
    return re.compile(rf"[(\[]?(?:{said})(?P<unit>{'|'.join(forms)})[)\]]?[.:*]*", re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, _longest(words))) + ")"


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))
