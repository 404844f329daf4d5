"""Years as budgets print them: 2024年, 民國113年, 113年度, FY2025, fiscal year 2024-25."""

import re
from functools import cache

from index.words import lexicon, simplified

MINGUO = 1911
"""民國 1 is 1912."""
CENTURY = 2000
FULL = r"(?:19|20)\d\d"


def years_in(text: str) -> tuple[int, ...]:
    """The years that `text` names, in order; a double year by its first half, as people ask.

    A bare number counts only beside 2024 Actual's second word, or where it is all the text says.

    >>> years_in("中華民國113年度"), years_in("FY2025 Proposed"), years_in("FY 2024-25")
    ((2024,), (2025,), (2024,))
    """
    flat = simplified(text)
    found = (_year(match) for match in _pattern().finditer(flat))
    years = tuple(year for year in found if year is not None)
    if not years and re.fullmatch(rf"\s*{FULL}(?:\s*[-–/]\s*(?:\d\d)?\d\d)?\s*", flat):
        return (int(flat.strip()[:4]),)
    return years


def is_year_line(text: str) -> bool:
    """A line that says a year and nothing else: 中華民國113年度, (FY2025), 2024年度."""
    flat = re.sub(r"\s+", "", simplified(text)).strip("()（）[]")
    flat = flat.removeprefix("中华").removesuffix("度").removesuffix("份")
    return bool(_pattern().fullmatch(flat) or re.fullmatch(FULL, flat))


def year_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the words for years stand in `text`."""
    return tuple(match.span() for match in _pattern().finditer(simplified(text)))


def year_in(text: str) -> int | None:
    """The first year that `text` names."""
    return next(iter(years_in(text)), None)


def relative_year(head: str) -> int | None:
    """How many years after the document's own a head's words say that its figures are.

    >>> relative_year("上年度預算數"), relative_year("前年度決算數"), relative_year("增减")
    (-1, -2, None)
    """
    flat = re.sub(r"\s+", " ", simplified(head)).strip().lower()
    lists = lexicon("years")
    for name, offset in OFFSETS.items():
        if re.match(rf"(?:{'|'.join(map(re.escape, lists[name]))})(?![a-z])", flat):
            return None if re.search("|".join(map(re.escape, lists["no_year"])), flat) else offset
    return None


def base_year(base: str, year: int | None) -> int | None:
    """The year of what a change is measured against, in a text of `year`.

    >>> base_year("上年度预算数", 2024), base_year("2022年决算数", 2024), base_year("预算数", 2024)
    (2023, 2022, 2024)
    """
    if (named := year_in(base)) is not None:
        return named
    earlier = base.startswith(tuple(lexicon("years")["before"]))
    return year - 1 if earlier and year is not None else year


OFFSETS = {"before_last": -2, "last": -1, "this": 0, "next": 1}


@cache
def _pattern() -> re.Pattern[str]:
    fiscal = "|".join(map(re.escape, lexicon("years")["fiscal"]))
    kind = "|".join(map(re.escape, lexicon("years")["kind"]))
    return re.compile(
        rf"民国\s*(?P<minguo>\d{{2,3}})\s*年度?"
        rf"|(?<!\d)(?P<three>1[0-4]\d)\s*年度?"
        rf"|(?<!\d)(?P<full>{FULL})(?:\s*[-–—/至]\s*(?:\d\d)?\d\d)?\s*(?:财政|会计)?年度?"
        rf"|(?<![a-z])(?:{fiscal})(?:\s*year)?(?:\s*ending\s*\w+\s*\d+,)?\s*['’]?"
        rf"(?P<fiscal>{FULL}|[0-4]\d)(?:\s*[-–/]\s*(?:\d\d)?\d\d)?(?!\d)"
        rf"|^\s*(?P<before>{FULL})(?:\s*[-–/]\s*(?:\d\d)?\d\d)?\s+(?:{kind})(?![a-z])"
        rf"|(?<![a-z])(?:{kind})\s+(?P<behind>{FULL})(?!\d)",
        re.IGNORECASE,
    )


def common_year(printed: str) -> int:
    """The year that printed digits name: 2024, 113 (民國).

    >>> common_year("113")
    2024
    """
    return int(printed) if len(printed) == 4 else int(printed) + MINGUO


def _year(match: re.Match[str]) -> int | None:
    if match["minguo"] or match["three"]:
        return int(match["minguo"] or match["three"]) + MINGUO
    printed = match["full"] or match["fiscal"] or match["before"] or match["behind"]
    return int(printed) if len(printed) == 4 else CENTURY + int(printed)
