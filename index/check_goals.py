"""Performance-goal tables: amounts of projects add up to their unit's, weights to at most 100."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from index.check_rows import ZERO, Row, Side
from index.check_words import equation_check, named, plain, printed_value, where
from index.fact import Check, Fact, Kind, Outcome, RowKind

FULL = Decimal(100)
FAR = 10
"""A weight so many times too large is two that were read as one."""


def goal_checks(sides: Iterable[Side], facts: Iterable[Fact]) -> tuple[Check, ...]:
    """Amounts of each goal table, then the weights of each of its projects."""
    amounts = [check for side in sides if side.goals for check in amount_checks(side)]
    return (*amounts, *weight_checks(facts))


def amount_checks(side: Side) -> Iterator[Check]:
    projects = [row for row in side.rows if row.kind is RowKind.PROJECT]
    for row in side.rows:
        members = _members(row, projects, side) if row.kind is RowKind.UNIT else ()
        printed = [(1, member.fact) for member in members if member.fact.value is not None]
        if not printed or row.fact.value is None:
            continue
        places = where(fact.place for _, fact in printed)
        what = f"{named(row.fact)}应等于所列 {len(members)} 个项目之和（{places}）"
        check = equation_check("column sum", what, row.fact, printed)
        blank = len(members) - len(printed)
        if blank and check.outcome is Outcome.DIFFERS:
            what = f"{what}：{blank} 个项目没有填金额"
            check = equation_check("column sum", what, row.fact, printed, outcome=Outcome.UNCHECKED)
        yield check


def _members(unit: Row, projects: Sequence[Row], side: Side) -> tuple[Row, ...]:
    """All projects of a department; of one unit those that bear its name."""
    if not unit.unit_name:
        return tuple(projects)
    return tuple(project for project in projects if project.unit_name == unit.unit_name)


def weight_checks(facts: Iterable[Fact]) -> Iterator[Check]:
    weights: dict[tuple[str, str], list[Fact]] = {}
    columns: dict[tuple[str, str], tuple[str, ...]] = {}
    names: dict[tuple[str, str], dict[int, str]] = {}
    for fact in facts:
        table = (fact.table, fact.title)
        if fact.row_kind is RowKind.PROJECT:
            names.setdefault(table, {})[fact.row] = fact.label
        elif fact.row_kind is RowKind.INDICATOR:
            weights.setdefault(table, []).append(fact)
            if fact.kind is Kind.WEIGHT:
                columns[table] = fact.column
    for table, found in weights.items():
        if table in columns:
            own = [fact for fact in found if fact.column == columns[table]]
            yield from _projects(own, names.get(table, {}))


def _projects(weights: Sequence[Fact], names: Mapping[int, str]) -> Iterator[Check]:
    """The weights below each project's first row, down to the next project's."""
    groups: dict[int, list[Fact]] = {}
    for fact in weights:
        start = max((row for row in names if row <= fact.row), default=-1)
        groups.setdefault(start, []).append(fact)
    for start, group in groups.items():
        yield _weight_check(group, names.get(start, ""))


def _weight_check(group: Sequence[Fact], project: str) -> Check:
    printed = [fact for fact in group if fact.value is not None]
    total = sum((fact.value or ZERO for fact in printed), ZERO)
    blank = len(group) - len(printed)
    outcome = Outcome.HOLDS if total <= FULL else Outcome.DIFFERS
    odd = any((fact.value or ZERO) > FULL * FAR for fact in printed)
    why = "：有一个权重大得不像权重，可能没有读对" if odd else ""
    if blank and not odd and outcome is Outcome.HOLDS:
        why = f"：{blank} 个指标没有填权重"
    outcome = Outcome.UNCHECKED if why else outcome
    places = where(fact.place for fact in group)
    table, name = group[0].table, f"项目“{project}”" if project else ""
    return Check(
        name="weight",
        outcome=outcome,
        what=f"{table}{name}各指标权重之和（{places}）不应超过 100{why}",
        expression=" + ".join(map(printed_value, printed))
        + f" = {plain(total)} {'≤' if total <= FULL else '>'} 100",
        difference=max(ZERO, total - FULL),
        facts=tuple(fact.id for fact in printed),
        places=tuple(fact.place for fact in group),
    )
