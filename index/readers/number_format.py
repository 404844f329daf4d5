"""A stored value and its number format → what a person sees in the cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from index.words import numeral

Value = str | bool | int | float | Decimal | datetime | date | time | timedelta

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|a{3,4}|e+)|(?P<exponent>[eE][+-])"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
SIGNS = "-－−(（△▲负"
"""By which a format itself says that a value is negative."""
LARGEST = 10**15
"""Beyond it no figure is shown digit by digit."""
LAST_DAY = 2_958_466
"""The day after 9999-12-31, as days are counted."""
DIGITS = 15
"""Significant digits that a spreadsheet keeps of a stored number."""
SHOWN = 9
"""Decimals that a plain cell has room for; sums of money have fewer and are shown whole."""
MONEY = 4
"""Decimals at most of figures that somebody entered; more are left by a division."""
LOCAL = {
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    36: 'yyyy"年"m"月"',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Formats that a file names by number alone, as the Chinese version of the program shows them
(ECMA-376 part 1, 18.8.30, zh-cn); the others are the same everywhere."""
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    kind: str
    text: str


Section = tuple[Token, ...]


@lru_cache(maxsize=1 << 14, typed=True)
def shown(value: Value, code: str = "General") -> str:
    """As the cell is printed, without the spaces of padding.

    >>> shown(0.025, "0.00%"), shown(-3.9, "#,##0.00_);(#,##0.00)"), shown(0.9087000000000001)
    ('2.50%', '(3.90)', '0.9087')
    """
    if isinstance(value, str):
        return _text(value, sections_of(code))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, timedelta | time | date):
        return _moment(value, sections_of(code))
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    return _number(Decimal(f"{value:.{DIGITS}g}"), sections_of(code))


@lru_cache(maxsize=1024)
def sections_of(code: str) -> tuple[Section, ...]:
    """The format's parts between semicolons, cut into tokens."""
    sections: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code or "General"):
        kind = str(match.lastgroup)
        text = match[kind] or ""
        if kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].append(Token(kind=kind, text=text))
    return tuple(map(tuple, sections))


def is_date(code: str) -> bool:
    return _is_date(sections_of(code)[0])


def _is_date(section: Section) -> bool:
    elapsed = any(t.kind == "bracket" and ELAPSED.fullmatch(t.text) for t in section)
    return elapsed or any(token.kind == "date" for token in section)


def _literal(token: Token) -> str:
    """What a token prints whatever the value is."""
    if token.kind in ("quoted", "escaped", "other"):
        return token.text
    if token.kind == "bracket" and token.text.startswith("$"):
        return token.text[1:].split("-")[0]
    return " " if token.kind == "pad" else ""


def _text(value: str, sections: Sequence[Section]) -> str:
    """Only a part with @ changes a text."""
    part = next((s for s in reversed(sections) if any(t.kind == "text" for t in s)), ())
    if len(sections) == 4 and not part and not sections[3]:
        return ""
    around = [value if token.kind == "text" else _literal(token).strip(" ") for token in part]
    return "".join(around) if part else value


def _number(value: Decimal, sections: Sequence[Section]) -> str:
    section, signed = _chosen(value, sections)
    kinds = {token.kind for token in section}
    if abs(value) >= LARGEST:
        return general(value)
    if _is_date(section) and 0 <= value < LAST_DAY:
        return _moment(_from_serial(value), sections)
    if "text" in kinds or _is_fraction(section):
        printed = general(abs(value))
    elif "general" in kinds:
        printed = "".join(
            general(abs(value)) if t.kind == "general" else _token_text(t) for t in section
        )
    elif "digit" in kinds:
        printed = _digits(abs(value), section)
    else:
        return "".join(map(_literal, section)).strip()
    negative = value < 0 and not signed and re.search(r"[1-9]", printed)
    return ("-" if negative else "") + printed.strip()


def _is_fraction(section: Section) -> bool:
    """# ?/?, which we show as a decimal."""
    return any(token.kind == "other" and token.text == "/" for token in section)


def _chosen(value: Decimal, sections: Sequence[Section]) -> tuple[Section, bool]:
    """The part of the format for this value, and whether it prints the sign itself."""
    parts = [part for part in sections[:3] if not any(t.kind == "text" for t in part)] or [
        sections[0]
    ]
    conditions = [_condition(part, at, len(parts)) for at, part in enumerate(parts)]
    part = next(
        (
            p
            for p, (sign, limit) in zip(parts, conditions, strict=True)
            if _holds(value, sign, limit)
        ),
        parts[-1],
    )
    literals = "".join(map(_literal, part))
    return part, part is not parts[0] and any(sign in literals for sign in SIGNS)


def _condition(section: Section, at: int, count: int) -> tuple[str, Decimal]:
    for token in section:
        if token.kind == "bracket" and (found := CONDITION.fullmatch(token.text)):
            return found[1], Decimal(found[2])
    if count == 1 or at == 2:
        return "any", Decimal(0)
    if at == 0:
        return (">=" if count == 2 else ">"), Decimal(0)
    return "<", Decimal(0)


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "any": True,
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def general(value: Decimal) -> str:
    """A plain cell: what was entered whole, a quotient with as many decimals as there is room for.

    >>> general(Decimal("271828182.84")), general(Decimal(1) / 3)
    ('271828182.84', '0.333333333')
    """
    whole = value.normalize()
    exponent = whole.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MONEY:
        room = max(SHOWN - max(whole.adjusted(), 0), MONEY)
        rounded = whole.quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP).normalize()
        whole = rounded or whole
    return f"{whole:f}"


def _digits(value: Decimal, section: Section) -> str:
    if any(token.kind == "exponent" for token in section):
        return _scientific(value, section)
    start = [at for at, token in enumerate(section) if token.kind == "digit"]
    point = next((at for at, token in enumerate(section) if token.kind == "point"), len(section))
    whole = [at for at in start if at < point]
    parts = [at for at in start if at > point]
    commas = [at for at, token in enumerate(section) if token.kind == "comma"]
    scale = sum(1 for at in commas if all(digit < at for digit in whole))
    grouped = any(whole and whole[0] < at < whole[-1] for at in commas)
    percent = sum(1 for token in section if token.kind == "percent")
    scaled = value.scaleb(2 * percent - 3 * scale)
    figure = f"{scaled.quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP):f}"
    before, _, after = figure.partition(".")
    printed = [_token_text(token) for token in section]
    _place_whole(printed, section, whole, before.lstrip("0"), grouped=grouped)
    _place_parts(printed, section, parts, after)
    if not whole and before.lstrip("0") and point < len(section):
        printed[point] = before + printed[point]
    return "".join(printed)


def _token_text(token: Token) -> str:
    return {"point": ".", "percent": "%", "digit": ""}.get(token.kind) or _literal(token)


def _place_whole(
    printed: list[str], section: Section, places: Sequence[int], digits: str, *, grouped: bool
) -> None:
    """From the right, since a literal may stand between two digits (0!.0,)."""
    count = 0
    for place in reversed(places):
        width = 1 if place != places[0] else max(len(digits), 1)
        taken, digits = digits[-width:], digits[:-width]
        taken = taken or {"0": "0", "?": " "}.get(section[place].text, "")
        for digit in reversed(taken):
            comma = "," if grouped and count and count % 3 == 0 and digit != " " else ""
            printed[place] = digit + comma + printed[place]
            count += 1


def _place_parts(printed: list[str], section: Section, places: Sequence[int], digits: str) -> None:
    last = len(digits.rstrip("0"))
    for at, place in enumerate(places):
        optional = at >= last and section[place].text != "0"
        printed[place] = ("" if section[place].text == "#" else " ") if optional else digits[at]


def _scientific(value: Decimal, section: Section) -> str:
    at = [token.kind for token in section].index("exponent")
    parts = 0
    for token in section[:at]:
        parts = parts + 1 if token.kind == "digit" and parts else parts + (token.kind == "point")
    return f"{value:.{max(parts - 1, 0)}E}"


def _from_serial(value: Decimal) -> datetime:
    """Days since the turn of the century as the Windows versions count them."""
    return datetime(1899, 12, 30) + timedelta(days=float(value))


def _moment(value: datetime | date | time | timedelta, sections: Sequence[Section]) -> str:
    section = sections[0]
    if not _is_date(section):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, timedelta):
        return _elapsed(value, section)
    at = value if isinstance(value, datetime) else _whole_moment(value)
    half = any(token.kind == "half" for token in section)
    chinese = any(token.kind == "bracket" and "DBNum" in token.text for token in section)
    printed = []
    for place, token in enumerate(section):
        text = _literal(token)
        if token.kind == "date":
            minutes = token.text[0] in "mM" and len(token.text) < 3 and _is_minute(section, place)
            text = _unit(at, token.text.lower(), half=half, minutes=minutes)
            text = _chinese(text) if chinese and text.isdigit() else text
        elif token.kind == "half":
            text = token.text.split("/")[at.hour >= 12]
        elif token.kind in ("comma", "point"):
            text = {"comma": ",", "point": "."}[token.kind]
        printed.append(text)
    return "".join(printed).strip()


def _whole_moment(value: date | time) -> datetime:
    if isinstance(value, time):
        return datetime.combine(date(1900, 1, 1), value)
    return datetime.combine(value, time())


def _is_minute(section: Section, place: int) -> bool:
    """m is a minute behind an hour or before a second."""
    dates = [(at, t.text[0].lower()) for at, t in enumerate(section) if t.kind == "date"]
    order = [at for at, _ in dates].index(place)
    before = dates[order - 1][1] if order else ""
    after = dates[order + 1][1] if order + 1 < len(dates) else ""
    return before == "h" or after == "s"


def _unit(at: datetime, token: str, *, half: bool, minutes: bool) -> str:
    hour = (at.hour % 12 or 12) if half else at.hour
    numbers = {"m": at.minute if minutes else at.month, "d": at.day, "h": hour, "s": at.second}
    letter = token[0]
    if letter in "ye":
        return str(at.year) if len(token) > 2 or letter == "e" else f"{at.year % 100:02d}"
    if letter == "a" or (letter == "d" and len(token) > 2):
        return ("星期" if len(token) > 3 else "") + WEEKDAYS[at.weekday()]
    return f"{numbers[letter]:0{min(len(token), 2)}d}"


def _chinese(digits: str) -> str:
    """2024 → 二〇二四, 12 → 十二."""
    if len(digits) > 2:
        return digits.translate(
            {ord(d): c for d, c in zip("0123456789", "〇一二三四五六七八九", strict=True)}
        )
    return numeral(int(digits)) or "〇"


def _elapsed(value: timedelta, section: Section) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(seconds, 3600)
    shown_seconds = any(t.kind == "date" and t.text[0] in "sS" for t in section)
    return f"{hours}:{rest // 60:02d}" + (f":{rest % 60:02d}" if shown_seconds else "")
