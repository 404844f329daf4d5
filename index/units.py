"""The department's budget units (预算单位): found from lists of units and from coded rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.classification import name_of
from index.classify import is_whole
from index.extract_goals import is_goal_table
from index.fact import Unit
from index.head import Role
from index.outline import RawTable
from index.tabulate import Line, Tabulated
from index.words import bare, key, lexicon, squeeze

CODED = re.compile(r"^(\d{3,9})\s*[-—_－]\s*(\D.{3,})$")
"""622001-某某中心: how performance tables name a unit."""
OWN = ("本级", "机关", "本部")


def units_of(institution: str, tables: Sequence[Tabulated]) -> tuple[Unit, ...]:
    """Every unit once, in the order met; codes are taken from wherever they are printed."""
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    owners = (("", name) for name in owners_of(institution, tables))
    for code, name in (*_named(tables), *owners):
        flat = key(name)
        names.setdefault(flat, name)
        if code:
            codes.setdefault(flat, code)
    units = [Unit(code=codes.get(flat, ""), name=name) for flat, name in names.items()]
    return _roles(institution, [unit for unit in units if not is_class(unit.code, unit.name)])


def owners_of(institution: str, tables: Sequence[Tabulated]) -> tuple[str, ...]:
    """The units whose tables stand one behind the other in one document, by their captions."""
    owners = dict.fromkeys(t.table.owner for t in tables if t.table.owner)
    own = [name for name in owners if key(name) != key(institution)]
    return tuple(own) if len(owners) > 1 else ()


def owner_among(units: Sequence[Unit], name: str, institution: str) -> Unit | None:
    """The unit that a table's caption names; none where the table is the department's."""
    if not name or key(name) == key(institution):
        return None
    return next((unit for unit in units if key(unit.name) == key(name)), None)


def _named(tables: Sequence[Tabulated]) -> Iterable[tuple[str, str]]:
    for tabulated in tables:
        yield from _listed(tabulated)
        yield from _coded_cells(tabulated.table)
        for side in () if is_goal_table(tabulated.table) else tabulated.sides:
            yield from _coded_rows(side)


def _listed(tabulated: Tabulated) -> Iterable[tuple[str, str]]:
    """A list of units: a table of names without a value column."""
    if any(column.role is Role.VALUE for column in tabulated.columns):
        return
    names = [column for column in tabulated.columns if column.role is Role.UNIT_NAME]
    for row in tabulated.table.rows[tabulated.head_rows :]:
        for column in names:
            if column.index < len(row) and not row[column.index].blank:
                yield "", bare(row[column.index].text)


def _coded_cells(table: RawTable) -> Iterable[tuple[str, str]]:
    for row in table.rows:
        for cell in row[:2]:
            if found := CODED.match(cell.text.strip()):
                yield found[1], found[2]


def _coded_rows(lines: Sequence[Line]) -> Iterable[tuple[str, str]]:
    total = lexicon("headers")["total"]
    for at, line in enumerate(lines):
        if line.unit_name and squeeze(line.unit_name) not in total:
            yield line.unit_code, bare(line.unit_name)
        if line.code or not line.label or is_whole(line):
            continue
        if not line.unit_code:
            if line.head in lexicon("headers")["unit_name"]:
                yield "", line.label  # a column of units without their codes
            continue
        below = lines[at + 1].unit_code if at + 1 < len(lines) else ""
        if line.unit_name or is_class(line.unit_code, line.label):
            continue
        # The classes of a group (301 → 30101) have five or seven figures, units six or nine.
        if (
            not (below.startswith(line.unit_code) and len(below) in (5, 7))
            or below == line.unit_code
        ):
            yield line.unit_code, line.label


def is_class(code: str, name: str) -> bool:
    """An economic class printed in the unit's column (301 工资福利支出, 30216 培训费), or a class
    that a dash parts from its name.

    A department may bear the same number: its name tells it from the class. Classes that the
    official list does not know are told by a known class above them.
    """
    if code and key(name) and key(name_of(code)).startswith(key(name)):
        return True
    deeper = re.fullmatch(r"[35]\d{2}(?:\d{2}){1,2}", code)
    return bool(deeper and (name_of(code) or name_of(code[:5]) or name_of(code[:3])))


def _roles(institution: str, units: Sequence[Unit]) -> tuple[Unit, ...]:
    whole = {unit.code for unit in units if _covers(unit, units)}
    parts = [unit for unit in units if unit.code not in whole or not unit.code]
    own = _own(institution, parts)
    return tuple(
        replace(unit, whole=bool(unit.code) and unit.code in whole, own=unit == own)
        for unit in units
    )


def _covers(unit: Unit, units: Sequence[Unit]) -> bool:
    return bool(unit.code) and any(
        other.code != unit.code and other.code.startswith(unit.code) for other in units
    )


def _own(institution: str, units: Sequence[Unit]) -> Unit | None:
    """The unit that bears the department's name, with 本级 or 机关 or without."""
    for suffix in ("", *OWN):
        for unit in units:
            if key(unit.name) == key(institution + suffix):
                return unit
    for unit in units:
        if unit.name.endswith(OWN):
            return unit
    return None
