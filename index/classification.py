"""The official classification of government revenue and expenditure: codes and their names.

Four kinds: `revenue` (收入分类, 101…110), `function` (支出功能分类, 201…234, 类款项 of 3, 5 and 7
figures), `department_economic` (部门预算支出经济分类, 301…399) and `government_economic`
(政府预算支出经济分类, 501…599). The first figure tells the kind, so no code has two.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "lexicons"
TABLE = FOLDER / "classification.tsv"
FORMER = FOLDER / "classification_former.tsv"
COLUMNS = ("code", "name", "kind", "year", "source", "certain")
FORMER_COLUMNS = ("code", "name", "until", "now", "source", "certain")
KINDS = ("revenue", "function", "department_economic", "government_economic")
LENGTHS = (3, 5, 7)
"""Figures of a 类, 款 and 项 code."""


class ClassificationError(ValueError):
    """A row of a classification table that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    code: str
    name: str
    kind: str
    year: str
    """The year (or years) of the classification that the row was seen in."""
    source: str
    certain: bool
    """False: the name changed between years, or only one document shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A name that a class bore, or a class that another took in."""

    code: str
    name: str
    until: int
    """The last year of the name."""
    now: str
    """The code that stands for it today."""
    source: str
    certain: bool


@cache
def items() -> dict[str, Item]:
    """Code → item, in the order of the codes.

    Raises ClassificationError with file, line, what was found and the mend.
    """
    found: dict[str, Item] = {}
    for number, cells in _rows(TABLE, COLUMNS):
        item = _item(cells, number)
        if item.code in found:
            raise ClassificationError(f"{TABLE.name}:{number}: code {item.code} stands twice")
        found[item.code] = item
    return found


@cache
def formers() -> tuple[Former, ...]:
    """Names of earlier years, by code. Raises ClassificationError as `items`."""
    return tuple(_former(cells, number) for number, cells in _rows(FORMER, FORMER_COLUMNS))


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, list[str]]]:
    lines = path.read_text("utf-8").splitlines()
    if tuple(lines[0].split("\t")) != columns:
        raise ClassificationError(f"{path.name}:1: columns {lines[0]!r}, expected {columns}")
    rows = [(number, line.split("\t")) for number, line in enumerate(lines[1:], 2)]
    for number, cells in rows:
        if len(cells) != len(columns):
            raise ClassificationError(
                f"{path.name}:{number}: {len(cells)} cells, expected {len(columns)} "
                f"({', '.join(columns)})"
            )
        if cells[-1] not in ("yes", "no"):
            raise ClassificationError(f"{path.name}:{number}: certain {cells[-1]!r}, not yes or no")
    return rows


def _item(cells: list[str], number: int) -> Item:
    code, name, kind, year, source, certain = cells
    if len(code) not in LENGTHS or not code.isdigit() or kind != kind_of(code):
        raise ClassificationError(f"{TABLE.name}:{number}: code {code!r} of kind {kind!r}")
    return Item(code=code, name=name, kind=kind, year=year, source=source, certain=certain == "yes")


def _former(cells: list[str], number: int) -> Former:
    code, name, until, now, source, certain = cells
    if now not in items() or not until.isdigit():
        raise ClassificationError(
            f"{FORMER.name}:{number}: {now!r} is no code, or no year {until!r}"
        )
    return Former(
        code=code, name=name, until=int(until), now=now, source=source, certain=certain == "yes"
    )


def plain_code(code: str) -> str:
    """`201-03-50`, `201 03 50` → `2010350`."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", code))


def kind_of(code: str) -> str:
    """What a code of the classification's form classifies, known or not; else empty.

    >>> kind_of("301"), kind_of("2010350"), kind_of("501"), kind_of("101"), kind_of("622001")
    ('department_economic', 'function', 'government_economic', 'revenue', '')
    """
    bare = plain_code(code)
    return BY_FIRST.get(bare[:1], "") if len(bare) in LENGTHS else ""


BY_FIRST = {"1": "revenue", "2": "function", "3": "department_economic", "5": "government_economic"}


def name_of(code: str) -> str:
    """The official name, or "" for an unknown code.

    >>> name_of("302-15")
    '会议费'
    """
    item = items().get(plain_code(code))
    return item.name if item else ""


def parents_of(code: str) -> tuple[str, ...]:
    """The codes above, the 类 first; without codes the classification does not know.

    >>> parents_of("2010350")
    ('201', '20103')
    """
    bare = plain_code(code)
    return tuple(bare[:n] for n in LENGTHS if n < len(bare) and bare[:n] in items())


def names_above(code: str) -> tuple[tuple[str, str], ...]:
    """The classes above with their names, where a document prints only the lowest.

    >>> names_above("2050803")
    (('205', '教育支出'), ('20508', '进修及培训'))
    """
    return tuple((parent, name_of(parent)) for parent in parents_of(code))


def is_within(code: str, whole: str) -> bool:
    """Whether a class is `whole` or a part of it.

    >>> is_within("2050803", "205"), is_within("2050803", "20502"), is_within("20512", "205")
    (True, False, True)
    """
    code, whole = plain_code(code), plain_code(whole)
    return bool(kind_of(code) and kind_of(whole)) and code.startswith(whole)


def named_within(whole: str, words: str) -> tuple[Item, ...]:
    """The parts of a class whose names hold the words (教育支出里的培训), the highest first.

    >>> [item.code for item in named_within("205", "培训")]
    ['20508', '2050803', '2050899']
    """
    flat = _plain(words)
    found = (item for item in items().values() if is_within(item.code, whole))
    parts = [item for item in found if item.code != plain_code(whole) and flat in _plain(item.name)]
    return tuple(sorted(parts, key=lambda item: (len(item.code), item.code))) if flat else ()


def code_of(name: str, kind: str = "") -> tuple[str, ...]:
    """The codes that bear a name (行政运行 is in many), or bore it, optionally of one kind only.

    Width of brackets and white space do not matter.

    >>> code_of("办公费"), code_of("医疗卫生与计划生育支出")
    (('30201',), ('210',))
    """
    codes = _codes().get(_plain(name), ())
    return tuple(code for code in codes if not kind or items()[code].kind == kind)


def names() -> tuple[str, ...]:
    """Every name once, in the order of the codes."""
    return tuple(dict.fromkeys(item.name for item in items().values()))


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    named = [(item.name, code) for code, item in items().items()]
    for name, code in (*named, *((former.name, former.now) for former in formers())):
        key = _plain(name)
        if code not in found.get(key, ()):
            found[key] = (*found.get(key, ()), code)
    return found


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
