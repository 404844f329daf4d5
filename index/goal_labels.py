"""Indicator names cut at the column's edge, completed from the projects' own indicators."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from index.fact import Fact, Kind, RowKind
from index.words import squeeze

SHORTEST_OVERLAP = 5
"""Characters that a cut name must share with the name that completes it."""
EDGE = 0.85
"""A name shorter than this share of its column's widest was not cut by the edge."""


def complete_goal_labels(facts: Sequence[Fact], known: Sequence[Fact]) -> tuple[Fact, ...]:
    """`facts` of a department's form with the names completed that end as the name of a project's
    indicator begins, if that has the same operator, value and unit; `note` keeps what is printed.

    …站编制年度水质分析简 ≥ 2 份 + 编制年度水质分析简报 ≥ 2 份 → …分析简报
    """
    widest = max((_width(f.label) for f in facts if f.row_kind is RowKind.INDICATOR), default=0)
    return tuple(
        _completed(fact, known)
        if fact.kind is Kind.TARGET and _width(fact.label) >= EDGE * widest
        else fact
        for fact in facts
    )


def _width(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in label)


def _completed(fact: Fact, known: Sequence[Fact]) -> Fact:
    aim = (fact.operator, fact.value, fact.unit)
    rests = {
        rest
        for other in known
        if other.kind is Kind.TARGET and (other.operator, other.value, other.unit) == aim
        if (rest := _rest(fact.label, other.label))
    }
    if len(rests) != 1:
        return fact
    label = fact.label + rests.pop()
    note = "；".join(filter(None, (fact.note, f"印为：{fact.label}")))
    return replace(fact, label=label, row_path=(*fact.row_path[:-1], label), note=note)


def _rest(cut: str, whole: str) -> str:
    """What `whole` has beyond the longest beginning of it that `cut` ends with."""
    for length in range(len(whole) - 1, SHORTEST_OVERLAP - 1, -1):
        if squeeze(cut).endswith(squeeze(whole[:length])):
            return whole[length:]
    return ""
