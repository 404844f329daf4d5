"""English running text → its sentences and the figures with units in them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise

from index.fact import Kind
from index.quantity import Quantity, one_of
from index.words import lexicon

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CURRENCIES = {"$": "dollars", "£": "pounds", "€": "euros"}
FTE = re.compile(r"full[- ]time[- ]equivalents?(?:\s*\(FTEs?\))?|FTEs?", re.IGNORECASE)
LEAST_LETTERS = 0.6
"""Of the letters of an English text so many are Latin; it may quote a Chinese name."""
SCALES = ("billion", "million", "thousand")

Span = tuple[int, int]


def is_english(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(map(str.isascii, letters)) >= LEAST_LETTERS * len(letters)


def english_sentences(text: str) -> tuple[Span, ...]:
    """Start and end of each sentence; they cover the text without gaps."""
    breaks = [
        match.end()
        for match in re.finditer(r"[.!?][\"”')\]]*\s+(?=[A-Z(“\"$\d])", text)
        if not text[: match.end()].rstrip().lower().endswith(tuple(_words("abbreviation")))
    ]
    edges = [0, *(at for at in breaks if 0 < at < len(text)), len(text)]
    return tuple((a, b) for a, b in pairwise(edges) if a < b)


def english_quantities(text: str) -> tuple[Quantity, ...]:
    """Every figure with a unit in `text`, in order: money, shares, counts of things.

    Years, dates, ordinals and numbers of tables are none.
    """
    found = [
        quantity
        for match in _pattern().finditer(text)
        if (quantity := _quantity(match, text)) is not None
    ]
    return tuple(sorted((*found, *_ranges(text, found)), key=lambda quantity: quantity.start))


@cache
def _pattern() -> re.Pattern[str]:
    scale = one_of(word for name in SCALES for word in _words(name))
    spelt = one_of(_words("million") + _words("billion") + _words("thousand"))
    return re.compile(
        rf"(?P<sign>[$£€])\s?(?P<money>{NUMBER})(?:\s?(?P<scale>{scale})(?![a-z]))?"
        rf"|(?<![\d.,$£€\-–#/])(?P<number>{NUMBER})(?:"
        rf"(?:\s(?P<size>{spelt}))?\s(?P<currency>dollars|pounds|euros)(?![a-z])"
        rf"|\s?(?P<percent>%|percent\b|per\scent\b|percentage\spoints?\b)"
        rf"|(?:\s(?P<power>million|billion|thousand))?\s(?P<noun>[A-Za-z][A-Za-z-]*))",
        re.IGNORECASE,
    )


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    number = match["money"] or match["number"]
    unit, kind, end = _unit(match, text)
    if kind is None or (not match["sign"] and _numbered(text[: match.start()])):
        return None
    negative = text[: match.start()].endswith(("-", "−"))
    value = Decimal(number.replace(",", ""))
    return Quantity(
        value=-value if negative else value,
        unit=unit,
        kind=kind,
        start=match.start(),
        number_end=match.end("money") if match["money"] else match.end("number"),
        end=end,
    )


def _unit(match: re.Match[str], text: str) -> tuple[str, Kind | None, int]:
    if currency := match["currency"] or CURRENCIES.get(match["sign"] or "", ""):
        scale = _scale(match["scale"] or match["size"])
        return " ".join(filter(None, (scale, currency.lower()))), Kind.MONEY, match.end()
    if match["percent"]:
        share = "%" if "point" not in match["percent"].lower() else "percentage points"
        return share, Kind.PERCENT, match.end()
    return _count(match, text)


def _count(match: re.Match[str], text: str) -> tuple[str, Kind | None, int]:
    noun = match["noun"].lower()
    whole = re.fullmatch(r"(?:19|20)\d\d", match["number"])
    if whole or noun in _words("stop_noun"):
        return "", None, match.end()
    start = match.start("noun")
    if full := FTE.match(text, start):
        return "FTE", Kind.COUNT, full.end()
    measure = next((w for w in _words("measure") if text[start:].lower().startswith(w + " ")), "")
    measure = measure or (noun if noun in _words("measure") else "")
    power = (match["power"] or "").lower()
    end = start + len(measure) if measure else match.end("power") if power else match.end("number")
    return " ".join(filter(None, (power, measure))), Kind.COUNT, end


def _scale(printed: str | None) -> str:
    word = (printed or "").lower()
    return next((name for name in SCALES if word in _words(name)), "")


def _numbered(before: str) -> bool:
    """The number is one of a table, a day of a month or a fiscal year."""
    return bool(re.search(rf"(?<![a-z]){one_of(_words('numbered'))}\s?$", before.lower()))


def _ranges(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """from 12.5 to 14.0, behind a count whose unit they share."""
    for match in re.finditer(rf"\bfrom ({NUMBER}) to ({NUMBER})(?![\d,%-])", text):
        above = [q for q in found if q.end <= match.start() and q.kind is Kind.COUNT]
        for group in (1, 2) if above else ():
            yield Quantity(
                value=Decimal(match[group].replace(",", "")),
                unit=above[-1].unit,
                kind=Kind.COUNT,
                start=match.start(group),
                number_end=match.end(group),
                end=match.end(group),
            )


def _words(name: str) -> list[str]:
    return lexicon("english")[name]
