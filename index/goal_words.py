"""Words of performance-goal tables: what a cell of one can be, told from its text alone."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from index.document import Cell
from index.quantity import parse_number
from index.words import lexicon, squeeze


class Part(StrEnum):
    """What a column of a goal table holds, in the order most forms print them."""

    UNIT = "unit"
    PROJECT = "project"
    AMOUNT = "amount"
    OBJECTIVE = "objective"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    SIGN = "sign"
    VALUE = "value"
    MEASURE = "measure"
    WEIGHT = "weight"
    DIRECTION = "direction"
    OTHER = "other"


LEVELS = (Part.FIRST, Part.SECOND, Part.THIRD)
SUFFIX = "指标"
QUALITATIVE = "定性"
SIGNS = {"at_least": "≥", "at_most": "≤", "more": ">", "less": "<", "equal": "="}
AFTER = {"at_least_after": "≥", "at_most_after": "≤"}
BLANKS = frozenset("-—–－/") | {"——", "--"}
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
LONGEST_MEASURE = 8
"""Characters; the longest met in a column of measures is 个工作日/次 (6)."""
ENDS = tuple("。.；;！!？?")
"""An objective that ends with none of these may go on behind a page break."""


def words(name: str) -> list[str]:
    return lexicon("goals")[name]


@cache
def head_words() -> dict[str, Part]:
    return {word: part for part in Part if part is not Part.OTHER for word in words(f"head_{part}")}


def head_word(text: str) -> str:
    """A head as compared: 预算数（万元） → 预算数."""
    flat = squeeze(text)
    return flat if flat in head_words() else re.sub(r"\([^()]*\)", "", flat)


def head_part(text: str) -> Part | None:
    """What the column under this head holds; None for a word that is no known head."""
    return head_words().get(head_word(text))


@cache
def second_levels() -> dict[str, frozenset[str]]:
    """First level → the second levels that the forms put under it."""
    pairs = [pair.split("/") for pair in words("levels")]
    return {first: frozenset(b for a, b in pairs if a == first) for first, _ in pairs}


@cache
def all_second_levels() -> frozenset[str]:
    return frozenset().union(*second_levels().values())


def is_level(text: str) -> bool:
    return squeeze(text) in second_levels() or squeeze(text) in all_second_levels()


def begins_level(text: str, names: frozenset[str]) -> bool:
    """A level's name cut by a page break: 产出, 数量 (指标 stands on the next page)."""
    flat = squeeze(text)
    return len(flat) >= 2 and any(name.startswith(flat) and name != flat for name in names)


def completes_level(above: str, text: str) -> bool:
    """The rest of a level's name cut above: 时效指 + 标."""
    return text == SUFFIX or (bool(above) and not is_level(above) and is_level(above + text))


@cache
def sign_of(text: str) -> str:
    """The operator that a cell consists of, in its one form; else empty.

    >>> sign_of("＞＝"), sign_of("定性"), sign_of("≥60")
    ('≥', '定性', '')
    """
    flat = squeeze(text)
    if flat in words("qualitative"):
        return QUALITATIVE
    return next((sign for name, sign in SIGNS.items() if flat in map(squeeze, words(name))), "")


@cache
def is_measure(text: str) -> bool:
    """A known measure, or one composed of such: 万人, 期/年, 个(套)."""
    flat = squeeze(text)
    if flat in words("measure"):
        return True
    parts = [part for part in re.split(r"[/()每]", flat) if part]
    return bool(parts) and all(map(_is_simple_measure, parts))


def _is_simple_measure(flat: str) -> bool:
    powers = str(lexicon("goals")["power"])
    rest = flat.lstrip(powers)
    known = map(squeeze, words("measure"))
    return rest in known or (not rest and bool(flat))


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A value cell read: `≥500万张` is operator ≥, value 500, unit 万张."""

    value: Decimal
    unit: str = ""
    operator: str = ""


@cache
def goal_of(text: str) -> Goal | None:
    """The number a value cell states, with the operator and unit it may carry; None for words.

    A unit without an operator must be a known one, so that `2023以前完成` stays a word.
    """
    flat = squeeze(text)
    before, rest = _split_sign(flat)
    match = re.fullmatch(rf"({NUMBER})(\D{{0,{LONGEST_MEASURE}}})", rest)
    if match is None:
        value = parse_number(flat)
        return None if value is None else Goal(value=value, unit="%" if flat[-1] == "%" else "")
    unit, after = _split_after(match[2])
    if unit and not is_measure(unit) and not before:
        return None
    value = Decimal(match[1].replace(",", ""))
    return Goal(value=value, unit=unit, operator=before or after)


def _split_sign(flat: str) -> tuple[str, str]:
    forms = [(squeeze(form), sign) for name, sign in SIGNS.items() for form in words(name)]
    for form, sign in sorted(forms, key=lambda pair: -len(pair[0])):
        if flat.startswith(form):
            return sign, flat.removeprefix(form)
    return "", flat


def _split_after(unit: str) -> tuple[str, str]:
    for name, sign in AFTER.items():
        for form in words(name):
            if unit.endswith(form):
                return unit.removesuffix(form), sign
    return unit, ""


def is_direction(text: str) -> bool:
    return squeeze(text) in words("direction")


def is_plain(text: str) -> bool:
    """Text that names or tells something: no number, operator, direction or level."""
    return not (sign_of(text) or is_direction(text) or is_level(text)) and goal_of(text) is None


def is_blank(cell: Cell) -> bool:
    return cell.blank or squeeze(cell.text) in BLANKS


def is_open(text: str) -> bool:
    """An objective that may go on: it does not end as a sentence does."""
    return not text.rstrip("”’\"'》)） ").endswith(ENDS)


def unclosed(text: str) -> bool:
    """A name cut inside its brackets."""
    flat = squeeze(text)
    return flat.count("(") > flat.count(")") or flat.count("[") > flat.count("]")
