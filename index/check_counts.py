"""Numbers of things: units against their list, projects against the goal table, cars said twice."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.check_prose import Text, is_goal_project
from index.check_relations import relations
from index.check_rows import named, plain, printed_value, where
from index.document import Place
from index.fact import Check, Fact, Outcome, RowKind, TableState
from index.reading import COUNT
from index.words import key


def count_checks(text: Text) -> tuple[Check, ...]:
    facts = [
        fact
        for fact in text.book.budget.facts
        if fact.row_kind is RowKind.PROSE
        and fact.column[-1] == COUNT
        and fact.value is not None
        and not fact.operator
    ]
    return (
        *unit_checks(facts, text),
        *project_checks(facts, text),
        *said_again(facts),
    )


def unit_checks(facts: Sequence[Fact], text: Text) -> Iterator[Check]:
    """下属二级预算单位 2 个: the list, without the department's own office if it says 下属."""
    units = [unit for unit in text.book.budget.units if not unit.whole]
    for fact in facts:
        if not any(word in fact.label for word in relations().units) or not units:
            continue
        own = [unit for unit in units if unit.own]
        says_below = any(word in fact.label for word in relations().subordinate)
        below = says_below and not any(word in fact.label for word in relations().including)
        expected = len(units) - (len(own) if below else 0)
        names = "、".join(u.name for u in units if not (below and u.own))
        what = f"{named(fact)} {printed_value(fact)} 个应与所列单位数相同（{names}）"
        if below and own and fact.value == len(units):
            what += f"：只有连{own[0].name}自身也算在内才是 {printed_value(fact)} 个"
        yield _count_check(fact, expected, what, _list_places(text))


def _list_places(text: Text) -> tuple[Place, ...]:
    """Where the units are listed: a table of names without figures."""
    names = {key(unit.name) for unit in text.book.budget.units}
    for table in text.book.budget.tables:
        cells = [cell for row in table.rows for cell in row if key(cell.text) in names]
        if table.state is TableState.EMPTY and cells:
            return tuple(dict.fromkeys(cell.place for cell in cells))
    return ()


def project_checks(facts: Sequence[Fact], text: Text) -> Iterator[Check]:
    """开展绩效目标管理的项目 64 个: the projects of the goal tables."""
    projects = [
        row.fact
        for side in text.book.sides
        if side.goals
        for row in side.rows
        if row.kind is RowKind.PROJECT
    ]
    for fact in facts:
        if len(fact.row_path) == 1 and projects and is_goal_project(fact, text):
            table = "、".join(dict.fromkeys(project.table for project in projects))
            what = f"{named(fact)} {printed_value(fact)} {fact.unit}应与{table}所列项目数相同"
            yield _count_check(fact, len(projects), what, (projects[0].place,))


def _count_check(fact: Fact, expected: int, what: str, places: tuple[Place, ...]) -> Check:
    value = fact.value or Decimal(0)
    same = value == expected
    return Check(
        name="count",
        outcome=Outcome.HOLDS if same else Outcome.DIFFERS,
        what=what,
        expression=f"{printed_value(fact)} {'=' if same else '≠'} {expected}",
        difference=value - expected,
        facts=(fact.id,),
        places=(fact.place, *places),
    )


def said_again(facts: Sequence[Fact]) -> Iterator[Check]:
    """The same things counted in several places of the text: 公务用车 6 辆 … 公务用车运行维护费
    用于 4 辆公务用车."""
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        label = relations().same_count.get(key(fact.label))
        spent_on = len(fact.row_path) > 1 and label is not None and label in key(fact.row_path[-2])
        if label is not None and (len(fact.row_path) == 1 or spent_on):
            groups.setdefault((label, fact.unit), []).append(fact)
    for group in groups.values():
        if len(group) > 1:
            yield _again(group)


def _again(group: Sequence[Fact]) -> Check:
    values = dict.fromkeys(fact.value for fact in group)
    said = "、".join(f"{where([f.place])}{f.label} {printed_value(f)} {f.unit}" for f in group)
    unit = group[0].unit
    return Check(
        name="count",
        outcome=Outcome.HOLDS if len(values) == 1 else Outcome.DIFFERS,
        what=f"正文几处说的“{group[0].label}”数量应一致：{said}",
        expression=(" = " if len(values) == 1 else " ≠ ").join(
            f"{plain(value)} {unit}" for value in values if value is not None
        ),
        facts=tuple(fact.id for fact in group),
        places=tuple(dict.fromkeys(fact.place for fact in group)),
    )
