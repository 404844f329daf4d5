"""relations.toml, parsed strictly: where a measure is printed, which words mean the same."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from index.classification import code_of
from index.fact import Fact
from index.words import LEXICONS, key, squeeze

FILE = LEXICONS / "relations.toml"
SECTIONS = ("columns", "rows", "words", "counts", "scopes", "measure", "equal", "contents")
COUNTS = (
    "units",
    "subordinate",
    "including",
    "own_office",
    "own_tables",
    "units_heading",
    "projects",
    "goals",
    "same",
)


SHORTEST = 4
"""Characters of a name that is left when the words for its funds are taken away."""


class RelationsError(ValueError):
    """An entry of relations.toml that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a measure is printed; each field is words that must all stand there."""

    title: tuple[str, ...]
    without: tuple[str, ...] = ()
    side: str = ""
    row: tuple[str, ...] = ()
    """Empty: the table's total."""
    row_without: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    """Empty: the column of the whole."""
    column_without: tuple[str, ...] = ()

    def in_title(self, title: str) -> bool:
        return has_words(title, self.title, self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    id: str
    name: str
    at: tuple[At, ...]
    subject: tuple[tuple[str, ...], ...] = ()
    """How the text names it: all words of one of these, and nothing else but filler."""
    several: bool = False
    """Each of its tables prints a part of it (a table of goals for each project)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    name: str
    whole: str
    parts: tuple[str, ...]
    units: bool = False
    """It holds for each budget unit too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    totals: frozenset[str]
    planned: frozenset[str]
    actual: frozenset[str]
    total_ends: tuple[str, ...]
    total_begins: tuple[str, ...]
    change: frozenset[str]
    rate: frozenset[str]
    compared: tuple[str, ...]
    same: Mapping[str, str]
    """Key of a label → the key that stands for all its names."""
    same_count: Mapping[str, str]
    filler: tuple[str, ...]
    ends: tuple[str, ...]
    rest: tuple[str, ...]
    against: tuple[str, ...]
    funds: tuple[str, ...]
    year: tuple[str, ...]
    apart: tuple[str, ...]
    units: tuple[str, ...]
    subordinate: tuple[str, ...]
    including: tuple[str, ...]
    own_office: tuple[str, ...]
    own_tables: tuple[str, ...]
    units_heading: tuple[str, ...]
    projects: tuple[str, ...]
    goals: tuple[str, ...]
    contents_heads: frozenset[str]
    scopes: Mapping[str, tuple[str, ...]]
    measures: tuple[Measure, ...]
    equal: tuple[Equal, ...]


@cache
def relations() -> Relations:
    """The file, once. Raises RelationsError with the file and the entry that is wrong."""
    with FILE.open("rb") as file:
        data = tomllib.load(file)
    _known(data, SECTIONS, "file")
    columns, rows = data["columns"], data["rows"]
    words, counts = data["words"], data["counts"]
    _known(rows, ("total_ends", "total_begins"), "rows")
    _known(columns, ("totals", "planned", "actual", "change", "rate", "compared"), "columns")
    _known(words, ("same", "filler", "ends", "rest", "against", "funds", "year", "apart"), "words")
    _known(counts, COUNTS, "counts")
    _known(data["contents"], ("heads",), "contents")
    return Relations(
        totals=frozenset(map(squeeze, columns["totals"])),
        planned=frozenset(map(squeeze, columns["planned"])),
        actual=frozenset(map(squeeze, columns["actual"])),
        total_ends=tuple(rows["total_ends"]),
        total_begins=tuple(rows["total_begins"]),
        change=frozenset(map(squeeze, columns["change"])),
        rate=frozenset(map(squeeze, columns["rate"])),
        compared=tuple(columns["compared"]),
        same=_same(words["same"]),
        same_count=_same(counts["same"]),
        filler=tuple(sorted(words["filler"], key=len, reverse=True)),
        ends=tuple(sorted(words["ends"], key=len, reverse=True)),
        rest=tuple(words["rest"]),
        against=tuple(words["against"]),
        funds=tuple(sorted(words["funds"], key=len, reverse=True)),
        year=tuple(sorted(words["year"], key=len, reverse=True)),
        apart=tuple(words["apart"]),
        units=tuple(counts["units"]),
        subordinate=tuple(counts["subordinate"]),
        including=tuple(counts["including"]),
        own_office=tuple(counts["own_office"]),
        own_tables=tuple(counts["own_tables"]),
        units_heading=tuple(counts["units_heading"]),
        projects=tuple(counts["projects"]),
        goals=tuple(counts["goals"]),
        contents_heads=frozenset(map(key, data["contents"]["heads"])),
        scopes={name: tuple(found) for name, found in data["scopes"].items()},
        measures=tuple(map(_measure, data["measure"])),
        equal=tuple(map(_equal, data["equal"])),
    )


def _known(entry: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    if unknown := [name for name in entry if name not in names]:
        raise RelationsError(
            f"{FILE.name}: {where}: unknown key {unknown[0]!r}, write one of {', '.join(names)}"
        )


def _same(groups: Sequence[Sequence[str]]) -> dict[str, str]:
    return {key(word): key(group[0]) for group in groups for word in group}


def _measure(entry: Mapping[str, Any]) -> Measure:
    _known(entry, [field.name for field in fields(Measure)], f"measure {entry.get('id')}")
    return Measure(
        id=entry["id"],
        name=entry["name"],
        at=tuple(_at(place, entry["id"]) for place in entry["at"]),
        subject=tuple(tuple(words.split()) for words in entry.get("subject", ())),
        several=entry.get("several", False),
    )


def _at(entry: Mapping[str, str], measure: str) -> At:
    _known(entry, [field.name for field in fields(At)], f"measure {measure}: at")
    words: dict[str, Any] = {
        name: found if name == "side" else tuple(found.split()) for name, found in entry.items()
    }
    return At(**words)


def _equal(entry: Mapping[str, Any]) -> Equal:
    _known(entry, [field.name for field in fields(Equal)], f"equal {entry.get('name')}")
    return Equal(**{**entry, "parts": tuple(entry["parts"])})


def has_words(text: str, words: Sequence[str], without: Sequence[str] = ()) -> bool:
    flat = squeeze(text)
    return all(word in flat for word in words) and not any(word in flat for word in without)


def canonical(label: str) -> str:
    """The key of a label, one for all its names: 公务用车运行费 → 公务用车运行维护费.

    What kind of figure it is (决算, 合计) is no part of the name.
    """
    flat, same = key(label), relations().same
    bare = next((end for end in relations().ends if flat.endswith(end) and flat != end), "")
    stem = flat.removesuffix(bare)
    return same.get(flat) or same.get(stem) or same.get(stem.removesuffix("支出"), stem)


def without_year(label: str) -> str:
    """本年事业收入 → 事业收入."""
    word = next((word for word in relations().year if squeeze(label).startswith(word)), "")
    return squeeze(label)[len(word) :] or label


def without_funds(label: str) -> str:
    """财政拨款的机关运行经费 → 机关运行经费."""
    flat = squeeze(label)
    word = next((word for word in relations().funds if flat.startswith(word)), "")
    return flat[len(word) :] if len(flat) - len(word) >= SHORTEST else label


def measures_named(subject: str, institution: str = "") -> tuple[Measure, ...]:
    """The measures that the words of a sentence's subject name, all words of it accounted for.

    The institution's name, or the end of it, may stand before them.
    """
    flat = _without_institution(key(subject), key(institution))
    return tuple(
        measure
        for measure in relations().measures
        if any(_names(flat, words) for words in measure.subject)
    )


def _without_institution(flat: str, institution: str) -> str:
    for start in range(len(institution) - 1):
        if flat.startswith(institution[start:]):
            return flat[len(institution) - start :]
    return flat


def _names(flat: str, words: Sequence[str]) -> bool:
    if not all(word in flat for word in words):
        return False
    for word in sorted(words, key=len, reverse=True):
        flat = flat.replace(word, "", 1)
    for word in relations().filler:
        flat = flat.replace(word, "")
    return not flat


def is_total_label(label: str) -> bool:
    """人员经费合计, Total Personnel Services: it says that it sums up other rows."""
    flat, words = key(label), relations()
    return flat.endswith(words.total_ends) or flat.startswith(words.total_begins)


def is_figures_head(word: str) -> bool:
    """预算数, 2024年决算数: a head that says only what kind of figures stand below."""
    flat = re.sub(r"^\d{4}年度?", "", squeeze(word))
    return flat in relations().planned or flat in relations().actual


def is_planned(path: Sequence[str]) -> bool:
    """The head of a column of final accounts says that its figures are the plan's."""
    words = {re.sub(r"^\d{4}年度?", "", squeeze(word)) for word in path}
    return bool(words & relations().planned) and not words & relations().actual


def is_class_chain(fact: Fact) -> bool:
    """住房保障支出（类）住房改革支出（款）住房公积金（项）: no table may print it otherwise."""
    return len(fact.row_path) > 1 and all(
        code_of(name, "function") or code_of(f"{name}支出", "function") for name in fact.row_path
    )


def scopes_in(text: str) -> frozenset[str]:
    """The funds and kinds of spending that a title, a heading or a subject speaks of."""
    flat = squeeze(text)
    return frozenset(
        scope for scope, words in relations().scopes.items() if any(word in flat for word in words)
    )
