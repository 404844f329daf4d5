"""Checks → the lines a clerk reads: what differs, what could not be checked, what holds."""

from collections import Counter
from collections.abc import Sequence

from index.fact import Check, Outcome

NAMES = {
    "repeat": "合计行重复",
    "column sum": "纵向合计",
    "row sum": "横向合计",
    "change": "增减",
    "weight": "指标权重",
    "table to table": "表与表",
    "prose to table": "正文与表",
    "prose sum": "正文各项之和",
    "prose twice": "正文前后",
    "share": "占比",
    "count": "数量",
    "names": "名称",
    "contents": "目录与表题",
}


def lines_of(checks: Sequence[Check]) -> list[str]:
    """What differs first, then what could not be checked, then how many hold, by kind."""
    differs = [check for check in checks if check.outcome is Outcome.DIFFERS]
    unchecked = [check for check in checks if check.outcome is Outcome.UNCHECKED]
    holds = [check for check in checks if check.outcome is Outcome.HOLDS]
    return [
        *_listed("不符", differs),
        *_listed("无法核对", unchecked),
        f"相符 {len(holds)} 项" + (f"：{counts(holds)}" if holds else ""),
    ]


def counts(checks: Sequence[Check]) -> str:
    """纵向合计 12 项，横向合计 8 项."""
    found = Counter(check.name for check in checks)
    order = [*NAMES, *sorted(set(found) - set(NAMES))]
    return "，".join(f"{NAMES.get(name, name)} {found[name]} 项" for name in order if found[name])


def line_of(check: Check) -> str:
    """〔表与表〕…（9 ≠ 7，相差 2）."""
    shown = check.expression
    if check.outcome is Outcome.DIFFERS and check.difference:
        shown += f"，相差 {check.difference:f}"
    words = f"〔{NAMES.get(check.name, check.name)}〕{check.what}"
    return f"{words}（{shown}）" if shown else words


def _listed(title: str, checks: Sequence[Check]) -> list[str]:
    lines = [f"  {number}. {line_of(check)}" for number, check in enumerate(checks, 1)]
    return [f"{title} {len(checks)} 项", *lines]
