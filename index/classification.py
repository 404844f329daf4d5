"""The official classification of government revenue and expenditure: codes and their names.

Three kinds: `function` (支出功能分类, 类款项 of 3, 5 and 7 figures), `department_economic`
(部门预算支出经济分类, 301…399) and `government_economic` (政府预算支出经济分类, 501…599).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "lexicons" / "classification.tsv"
COLUMNS = ("code", "name", "kind", "year", "source", "certain")
KINDS = ("function", "department_economic", "government_economic")
LENGTHS = (3, 5, 7)
"""Figures of a 类, 款 and 项 code."""


class ClassificationError(ValueError):
    """A row of classification.tsv that cannot be read."""


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


@cache
def items() -> dict[str, Item]:
    """Code → item, in the order of the codes.

    Raises ClassificationError with file, line, what was found and the mend.
    """
    lines = TABLE.read_text("utf-8").splitlines()
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise ClassificationError(f"{TABLE.name}:1: columns {lines[0]!r}, expected {COLUMNS}")
    found: dict[str, Item] = {}
    for number, line in enumerate(lines[1:], 2):
        item = _item(line, number)
        if item.code in found:
            raise ClassificationError(f"{TABLE.name}:{number}: code {item.code} stands twice")
        found[item.code] = item
    return found


def _item(line: str, number: int) -> Item:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise ClassificationError(
            f"{TABLE.name}:{number}: {len(cells)} cells, expected {len(COLUMNS)} "
            f"({', '.join(COLUMNS)})"
        )
    code, name, kind, year, source, certain = cells
    if len(code) not in LENGTHS or not code.isdigit() or kind not in KINDS:
        raise ClassificationError(f"{TABLE.name}:{number}: code {code!r} of kind {kind!r}")
    if certain not in ("yes", "no"):
        raise ClassificationError(f"{TABLE.name}:{number}: certain {certain!r}, write yes or no")
    return Item(code=code, name=name, kind=kind, year=year, source=source, certain=certain == "yes")


def plain_code(code: str) -> str:
    """`201-03-50`, `201 03 50` → `2010350`."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", code))


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


def code_of(name: str, kind: str = "") -> tuple[str, ...]:
    """The codes that bear a name (行政运行 is in many), optionally of one kind only.

    Width of brackets and white space do not matter.

    >>> code_of("办公费")
    ('30201',)
    """
    codes = _codes().get(_plain(name), ())
    return tuple(code for code in codes if not kind or items()[code].kind == kind)


def names() -> tuple[str, ...]:
    """Every name once, in the order of the codes."""
    return tuple(dict.fromkeys(item.name for item in items().values()))


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, item in items().items():
        key = _plain(item.name)
        found[key] = (*found.get(key, ()), code)
    return found


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
