"""Numbers of things: units against their list, projects against the goal table, cars said twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.check_prose import Text, is_goal_project
from index.check_relations import relations
from index.check_words import named, plain, printed_value, where
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
    """下属预算单位 3 个: the list, without the department's own office if it says 下属."""
    units = [unit for unit in text.book.budget.units if not unit.whole]
    places = _list_places(text)
    for fact in facts:
        if not units or not _counts_units(fact, text):
            continue
        own = [unit for unit in units if unit.own]
        below = _says(fact, relations().subordinate) and not _says(fact, relations().including)
        expected = [unit for unit in units if not (below and unit.own)]
        names = "、".join(unit.name for unit in expected)
        what = f"{named(fact)} {printed_value(fact)} 个应与所列单位数相同（{names}）"
        if below and own and fact.value == len(units):
            what += f"：只有连{own[0].name}自身也算在内才是 {printed_value(fact)} 个"
        check = _count_check(fact, len(expected), what, places)
        # Units known from coded rows alone need not be all.
        unsure = check.outcome is Outcome.DIFFERS and not places and len(units) < 2
        yield replace(check, outcome=Outcome.UNCHECKED) if unsure else check


def _counts_units(fact: Fact, text: Text) -> bool:
    """A number of units that means all of them: said so, or under a heading that says so."""
    words = relations()
    if not key(fact.label).endswith(words.units):
        return False
    headings = text.headings.get(fact.id, ())
    about_all = any(word in heading for heading in headings for word in words.units_heading)
    return about_all or _says(fact, (*words.subordinate, *words.including))


def _says(fact: Fact, words: Sequence[str]) -> bool:
    return any(word in fact.label for word in words)


def _list_places(text: Text) -> tuple[Place, ...]:
    """Where the units are listed: a table of names without figures."""
    names = {key(unit.name) for unit in text.book.budget.units}
    for table in text.book.budget.tables:
        cells = [cell for row in table.rows for cell in row if key(cell.text) in names]
        if table.state is TableState.EMPTY and cells:
            return tuple(dict.fromkeys(cell.place for cell in cells))
    return ()


def project_checks(facts: Sequence[Fact], text: Text) -> Iterator[Check]:
    """编报绩效目标的项目 9 个: the projects of the goal tables."""
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
    """The same things counted in several places of the text: 公务用车 5 辆 … 公务用车运行维护费
    用于 3 辆公务用车."""
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
