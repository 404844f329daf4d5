"""Whose budget a document is: a department's with its units, or a unit's own."""

from collections.abc import Sequence

from index.fact import Unit
from index.words import lexicon, squeeze

DEPARTMENT, UNIT = "department", "unit"
SEVERAL = 2
"""A document that lists so many units is a department's."""


def level_of(title: str, units: Sequence[Unit]) -> str:
    """`department`, `unit` or empty; the title goes before the units.

    >>> level_of("某县林业局2024年部门预算", ())
    'department'
    >>> level_of("某县林业局（本级）2024年部门预算", ())
    'unit'
    """
    flat, words = squeeze(title), lexicon("levels")
    unit, department = (_says(flat, words[name]) for name in (UNIT, DEPARTMENT))
    if _says(flat, words["own"]) or (unit and not department):
        return UNIT
    if department and not unit:
        return DEPARTMENT
    # 部门（单位）预算 is the heading of a form for both; so is a title that says neither.
    return DEPARTMENT if sum(not unit.whole for unit in units) >= SEVERAL else ""


def _says(flat: str, words: Sequence[str]) -> bool:
    return any(squeeze(word) in flat for word in words)
