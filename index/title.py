"""Whose budget it is, of what year and kind: from the title, else from captions and table heads."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from index.caption import DEPARTMENT_LINE, is_owner, titlelike
from index.cover import cover_of
from index.document import Paragraph, Source
from index.outline import RawTable, Title
from index.words import NUMERAL, squeeze, tidy, unspaced
from index.years import years_in

TITLE = re.compile(
    rf"^(?P<who>.*?)(?P<year>\d{{4}}|[{NUMERAL}○]{{4}}(?=年))(?:[-–—/]\d\d(?:\d\d)?(?=年))?年?度?(?P<kind>.*?(?:预算|决算))"
)
DIGITS = "零一二三四五六七八九"
WHAT = re.compile(
    r"(?:部门|单位|收支|开支|岁入|岁出|综合|公开|市级|省级|区级|县级|本级)*(?:预算|决算)$"
)
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
HEAD_YEAR = re.compile(r"(20\d\d)年")
PLACES = ("省", "市", "县", "区", "旗", "州", "盟")
TITLE_LINES = 12
"""A title stands within so many lines of the first page."""
MOST_JOINED = 3
"""Lines over which a cover breaks an institution's name."""


def title_of(source: Source, tables: Sequence[RawTable]) -> Title:
    """The title line's words; what it leaves out is told by the captions of the tables."""
    lines = [b.text for b in source.blocks if isinstance(b, Paragraph)][:TITLE_LINES]
    title = _printed_title(lines, source)
    owner = _owner(lines, tables)
    who = owner if _is_place(title.institution) and owner else title.institution
    return Title(
        text=title.text or (tidy(lines[0]) if lines else source.name),
        institution=who,
        year=title.year or _year_of_heads(tables) or _year_in(source.name),
        account=title.account or _account(tables),
    )


def _is_place(who: str) -> bool:
    """Nothing, or a district alone (某市某区2025年区级预算): the caption names the department."""
    return not who or who.endswith(PLACES)


def _printed_title(lines: Sequence[str], source: Source) -> Title:
    """In one line of the first page, in several, or in the file's name."""
    return (
        _titled(lines, lines, source)
        or cover_of(list(filter(titlelike, lines)))
        or _titled([PurePath(source.name).stem], (), source)
        or Title(text="", institution="", year=None, account="")
    )


def _titled(candidates: Sequence[str], lines: Sequence[str], source: Source) -> Title | None:
    for at, text in enumerate(candidates):
        shown = unspaced(text)
        if not (found := TITLE.match(squeeze(text))) or not titlelike(shown):
            continue
        kind = shown[slice(*found.span("kind"))]
        who = shown[slice(*found.span("who"))] or kind[: len(WHAT.sub("", found["kind"]))]
        if not who and at < len(lines):
            who = _above(lines[:at], source)
            shown = who + shown
        return Title(
            text=shown,
            institution=who,
            year=_year(found["year"]),
            account="final" if "决算" in found["kind"] else "budget",
        )
    return None


def _above(lines: Sequence[str], source: Source) -> str:
    """The name in the lines above the year: as many lines as the document names together."""
    body = "".join(_texts(source))
    names = [
        unspaced("".join(lines[-count:]))
        for count in range(1, min(MOST_JOINED, len(lines)) + 1)
        if all(map(titlelike, lines[-count:]))
    ]
    said = [name for name in names if body.count(name) > 1]
    return said[-1] if said else names[0] if names else ""


def _texts(source: Source) -> Iterable[str]:
    for block in source.blocks:
        if isinstance(block, Paragraph):
            yield unspaced(block.text)


def _owner(lines: Iterable[str], tables: Sequence[RawTable]) -> str:
    """The name on the cover (预算主管部门：…), else that of most tables."""
    for line in map(unspaced, lines):
        if is_owner(line):
            return DEPARTMENT_LINE.sub("", line)
    owners = Counter(table.owner for table in tables if table.owner)
    return owners.most_common(1)[0][0] if owners else ""


def _year(printed: str) -> int:
    """2024, 二〇二四."""
    return int("".join(d if d.isdecimal() else str(max(0, DIGITS.find(d))) for d in printed))


def _year_of_heads(tables: Sequence[RawTable]) -> int | None:
    """The latest year that the tables' titles and first rows print (2024年预算数)."""
    printed = (cell.text for table in tables for row in table.rows[:4] for cell in row)
    words = (*(table.title for table in tables), *printed)
    years = [int(year) for word in words for year in HEAD_YEAR.findall(squeeze(word))]
    return max(years or [year for word in words for year in years_in(word)], default=None)


def _year_in(name: str) -> int | None:
    found = YEAR.search(name)
    return int(found[1]) if found else None


def _account(tables: Sequence[RawTable]) -> str:
    """A final account prints 决算 in the titles of most of its tables."""
    final = sum("决算" in squeeze(table.title) for table in tables)
    return "final" if final * 2 > len(tables) else "budget"
