"""Written numbers and amounts → Decimal: 1.2亿, 两百多万, half a million, 1,688.25."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from assistant.lexicon import lexicon
from assistant.mention import Amount

BIG = Decimal(10_000)
"""From 万 up a scale word multiplies all that stands before it."""


def read_number(text: str) -> Decimal | None:
    """The number that the whole of `text` writes, or None.

    >>> read_number("1.2亿"), read_number("half a million"), read_number("二十一")
    (Decimal('120000000.0'), Decimal('500000.0'), Decimal('21'))
    """
    text = text.strip()
    if re.fullmatch(r"\d[\d,]{0,30}(?:\.\d{1,30})?", text):
        return Decimal(text.replace(",", ""))
    return read_chinese(text) if re.search("[^\x00-\x7f]", text) else read_english(text)


def read_ordinal(text: str) -> int | None:
    """第三, 三, 4th, fourth, 4 → the place."""
    text = text.strip().removeprefix("第")
    if word := _map("english_ordinal").get(text):
        return int(word)
    number = read_number(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", text))
    return int(number) if number is not None and number == number.to_integral_value() else None


def read_chinese(text: str) -> Decimal | None:
    """Chinese numerals, also mixed with digits: 3千万, 一百二 (120), 二〇二三, 三点五, 半."""
    pieces = re.findall(r"\d[\d,]*(?:\.\d+)?|.", text.replace("卅", "三十").replace("廿", "二十"))
    digit, scale = _map("digit"), _map("scale")
    if "点" in pieces:
        return _read_decimal(text)
    total = section = Decimal(0)
    number: Decimal | None = None
    last = Decimal(1)
    for at, piece in enumerate(pieces):
        if piece in digit and number is not None and _positional(pieces):
            number = number * 10 + int(digit[piece])
        elif piece in digit or piece[0].isdigit():
            if number:
                return None  # two figures side by side; after 零 one may follow
            number = Decimal(digit.get(piece, piece.replace(",", "")))
        elif piece == "半":
            last_scale = last if at else Decimal(1)
            section += (number or Decimal(0)) * last_scale + last_scale / 2
            number = None
        elif piece in scale and (factor := Decimal(scale[piece])) < BIG:
            section += (Decimal(1) if number is None else number) * factor
            number, last = None, factor
        elif piece in scale:
            factor = Decimal(scale[piece])
            section += number or Decimal(0)
            total, section = _raise(total, section, factor)
            number, last = None, factor
        elif piece not in "个又零〇":
            return None
    return total + section + _tail(number, last, pieces)


def _positional(pieces: list[str]) -> bool:
    """二〇二三: digits only."""
    return all(piece in _map("digit") for piece in pieces)


def _raise(total: Decimal, section: Decimal, factor: Decimal) -> tuple[Decimal, Decimal]:
    """What stands before 万 or 亿, multiplied: 一亿二千万 keeps the 亿, 一万亿 does not."""
    if total and total < factor:
        return (total + section) * factor, Decimal(0)
    return total + (section or Decimal(0 if total else 1)) * factor, Decimal(0)


def _tail(number: Decimal | None, last: Decimal, pieces: list[str]) -> Decimal:
    """一百二 is 120, 一百零二 is 102, 一百二十 has no tail."""
    if number is None:
        return Decimal(0)
    spoken = len(pieces) > 1 and pieces[-2] in _map("scale") and pieces[-2] not in "十拾"
    return number * last / 10 if spoken else number


def _read_decimal(text: str) -> Decimal | None:
    """三点五, 三点五亿."""
    whole, _, rest = text.partition("点")
    digits = "".join(_map("digit").get(char, "") for char in rest)
    unit = re.sub("[" + "".join(_map("digit")) + "]", "", rest)
    head, factor = read_chinese(whole), read_chinese(f"一{unit}") if unit else Decimal(1)
    if head is None or factor is None or not digits:
        return None
    return (head + Decimal(f"0.{digits}")) * factor


def read_english(text: str) -> Decimal | None:
    """twenty-one, two and a half million, half a million, 5.6bn."""
    numbers, scales = _map("english_number"), _map("english_scale")
    total, current = Decimal(0), None
    words = re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+|\S", text.lower())
    for word in (w for w in words if w not in {"and", "a", "an", "of", "-"}):
        single = word.removesuffix("s")
        if word in numbers or word[0].isdigit():
            current = (current or Decimal(0)) + Decimal(numbers.get(word, word.replace(",", "")))
        elif single == "hundred":
            current = (current or Decimal(1)) * 100
        elif single in scales:
            total += (Decimal(1) if current is None else current) * Decimal(scales[single])
            current = None
        else:
            return None
    return total + (current or Decimal(0)) if words and (total or current is not None) else None


@cache
def _map(name: str) -> Mapping[str, str]:
    return lexicon().maps[name]


@cache
def _amount() -> re.Pattern[str]:
    """An amount in its pieces; composed in lexicons/units.toml."""
    return lexicon().compile(
        r"(?P<about>{about_before} ?)?(?P<before>{money_before})?(?P<percent>百分之)?"
        r"(?P<number>{en_large}|{cn_large}|(?:{arabic})[十百千]?|{cn_run}|[一二两三四五六七八九](?=成))"
        r"(?P<loose>{loose}|半)?"
        r" ?(?P<unit>(?:of )?(?:{wan_en}|{money_en}|{money_zh}|千元|百元|万元|{measure}|%|成))?"
        r"(?P<more>(?:个百分点|个点|percent|per cent|多|半)| ?{about_after})*"
    )


def read_amount(text: str) -> Amount | None:
    """A number with its unit.

    >>> str(read_amount("2 million yuan")), str(read_amount("两百多万")), str(read_amount("285"))
    ('2000000 元', '~2000000 元?', '285')
    """
    found = _amount().fullmatch(text.strip())
    number = found and read_number(re.sub("[多来余几]", "", found["number"]))
    if not found or number is None:
        return None
    unit = (found["unit"] or "").removeprefix("of ").strip()
    about = bool(found["about"] or found["loose"] or found["more"] in {"多", "半"})
    about = about or bool(re.search("[多来余几]", found["number"]) or _rounded(found["more"]))
    value, name, implied = _in_unit(number, unit, found)
    return Amount(value=_plain(value), unit=name, implied=implied, about=about)


def _rounded(after: str | None) -> bool:
    return bool(after) and bool(lexicon().compile("{about_after}").search(after or ""))


def _in_unit(number: Decimal, unit: str, found: re.Match[str]) -> tuple[Decimal, str, bool]:
    """Value, unit, whether 元 is only implied by the scale word."""
    money = _map("money")
    if found["percent"] or unit == "%" or "percent" in (found["more"] or ""):
        return number, "%", False
    if (found["more"] or "").startswith(("个百分点", "个点")):
        return number, "个百分点", False
    if unit == "成":
        half = 5 if found["more"] == "半" or found["loose"] == "半" else 0
        return number * 10 + half, "%", False
    if unit.startswith("wan") or unit in {"千元", "百元", "万元"}:
        return number * {"千元": 1000, "百元": 100}.get(unit, 10_000), "元", False
    if found["before"]:
        return number, money[found["before"].strip()], False
    if unit in money:
        return number, money[unit], False
    scaled = not unit and bool(re.search("[万亿a-z]", found["number"]))
    return number, "元" if scaled else _map("measure").get(unit, unit), scaled


def _plain(value: Decimal) -> Decimal:
    """1.20E+8 → 120000000."""
    whole = value.to_integral_value()
    return Decimal(int(whole)) if value == whole else value.normalize()
