"""Ordinals that Word counts itself (一、, （二）, 1.) and that stand nowhere in the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from index.words import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
FORMAL = dict(zip("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))
ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)
BODY_LEVEL = 9
"""Outline level of running text."""


def counted(number: int) -> str:
    """14 → 十四, 120 → 一百二十 (below 1000)."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return numeral(number)
    tens = numeral(rest) if not 10 <= rest < 20 else "一" + numeral(rest)
    return numeral(hundreds) + "百" + ("零" if 0 < rest < 10 else "") + tens


def _roman(number: int) -> str:
    text = ""
    for amount, sign in ROMAN.items():
        text += sign * (number // amount)
        number %= amount
    return text


def _letter(number: int) -> str:
    """1 → a, 27 → aa."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _of(row: str) -> Callable[[int], str]:
    return lambda number: row[number - 1] if 0 < number <= len(row) else str(number)


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def _digitwise(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260))))
FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": counted,
    "chineseCountingThousand": counted,
    "taiwaneseCounting": counted,
    "taiwaneseCountingThousand": counted,
    "japaneseCounting": counted,
    "ideographDigital": _digitwise,
    "taiwaneseDigital": _digitwise,
    "chineseLegalSimplified": lambda number: "".join(FORMAL.get(c, c) for c in counted(number)),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "decimalEnclosedCircle": _of(CIRCLED),
    "decimalEnclosedCircleChinese": _of(CIRCLED),
    "decimalEnclosedParen": _of("".join(map(chr, range(0x2474, 0x2488)))),
    "decimalEnclosedFullstop": _of("".join(map(chr, range(0x2488, 0x249C)))),
    "ideographEnclosedCircle": _of("".join(map(chr, range(0x3280, 0x328A)))),
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "none": lambda number: "",
}
"""Number formats of ECMA-376 part 1, 17.18.59; what is not here counts 1, 2, 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    """Every number in it is shown as 1, 2, 3."""
    style: str = ""
    restart: int | None = None
    """Number of the level after which it begins again; 0 never, None after any above it."""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted."""

    levels: dict[tuple[str, int], Level]
    """By list and level."""
    abstract: dict[str, str]
    """Lists that share a definition count on together."""
    overrides: dict[tuple[str, int], int]
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def ordinal(self, number: str, at: int) -> str:
        """Count one further; the ordinal as it is printed, empty for a bullet."""
        level = self.levels.get((number, at)) if at < LEVELS else None
        if level is None:
            return ""
        counts = self.counts.setdefault(self.abstract.get(number, number), [None] * LEVELS)
        if (number, at) in self.overrides and (number, at) not in self.begun:
            counts[at] = self.overrides[number, at] - 1
        self.begun.add((number, at))
        before = counts[at]
        counts[at] = level.start if before is None else before + 1
        self._restart(number, at, counts)
        return "" if level.format == "bullet" else self._text(number, level, counts)

    def _restart(self, number: str, at: int, counts: list[int | None]) -> None:
        for deeper in range(at + 1, LEVELS):
            level = self.levels.get((number, deeper), Level())
            if level.restart is None or at < level.restart:
                counts[deeper] = None

    def _text(self, number: str, level: Level, counts: list[int | None]) -> str:
        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            own = self.levels.get((number, at), Level())
            count = counts[at] if counts[at] is not None else own.start
            form = FORMATS.get("decimal" if level.legal else own.format, str)
            return form(int(count or 0))

        return re.sub(r"%([1-9])", shown, level.text)

    def level_of_style(self, number: str, style: str) -> int:
        found = (
            at for (own, at), level in self.levels.items() if own == number and level.style == style
        )
        return next(found, 0)


def numbering_of(root: Any, styles: Any) -> Numbering:
    """From the roots of numbering.xml and styles.xml; without lists where there is none."""
    if root is None:
        return Numbering(levels={}, abstract={}, overrides={})
    definitions = {a.get(f"{W}abstractNumId"): a for a in root.findall(f"{W}abstractNum")}
    lists = {str(n.get(f"{W}numId")): n for n in root.findall(f"{W}num")}
    levels: dict[tuple[str, int], Level] = {}
    abstract: dict[str, str] = {}
    overrides: dict[tuple[str, int], int] = {}
    for number, element in lists.items():
        own = value(element.find(f"{W}abstractNumId"))
        definition = _linked(definitions.get(own), definitions, lists, styles)
        abstract[number] = own
        for level in definition.findall(f"{W}lvl") if definition is not None else ():
            levels[number, int(level.get(f"{W}ilvl"))] = _level(level)
        for change in element.findall(f"{W}lvlOverride"):
            at = int(change.get(f"{W}ilvl"))
            if (level := change.find(f"{W}lvl")) is not None:
                levels[number, at] = _level(level)
            if start := value(change.find(f"{W}startOverride")):
                overrides[number, at] = int(start)
    return Numbering(levels=levels, abstract=abstract, overrides=overrides)


def _linked(definition: Any, definitions: Any, lists: Any, styles: Any) -> Any:
    """A definition may only name the style whose list it is."""
    link = value(definition.find(f"{W}numStyleLink")) if definition is not None else ""
    if not link:
        return definition
    for style in styles.findall(f"{W}style") if styles is not None else ():
        if style.get(f"{W}styleId") == link:
            number = value(style.find(f"{W}pPr/{W}numPr/{W}numId"))
            own = lists.get(number)
            return (
                definitions.get(value(own.find(f"{W}abstractNumId"))) if own is not None else None
            )
    return definition


def value(element: Any) -> str:
    """The w:val of an element, empty without one."""
    return str(element.get(f"{W}val") or "") if element is not None else ""


def _level(element: Any) -> Level:
    start, restart = value(element.find(f"{W}start")), value(element.find(f"{W}lvlRestart"))
    return Level(
        format=value(element.find(f"{W}numFmt")) or "decimal",
        text=value(element.find(f"{W}lvlText")),
        start=int(start) if start else 1,
        legal=element.find(f"{W}isLgl") is not None,
        style=value(element.find(f"{W}pStyle")),
        restart=int(restart) if restart else None,
    )
