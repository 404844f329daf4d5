"""Numbers of things: units against their list, projects against the goal table, cars said twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.check_prose import Text, is_goal_project
from index.check_relations import relations
from index.check_words import named, plain, printed_value, where
from index.document import Place
from index.fact import Check, Fact, Outcome, Passage, PassageKind, RowKind, TableState
from index.reading import COUNT
from index.words import bare, key, squeeze

ITEM = re.compile(r"^[(（]?(\d{1,2})[)）.、．]")
BRACKET = re.compile(r"[(（][^()（）]*[)）]。?$")
SURE = (Outcome.HOLDS, Outcome.DIFFERS, Outcome.UNCHECKED)
"""Of two ways to check a number the one that says most."""
LONG = 120
"""Characters of a paragraph that may stand between a number of units and their list."""


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
    for fact in facts:
        if _counts_units(fact, text):
            below = _says(fact, relations().subordinate)
            below = below and not _says(fact, relations().including)
            found = [
                check
                for way in (_by_units, _by_list)
                if (check := way(fact, text, below=below)) is not None
            ]
            yield from sorted(found, key=lambda check: SURE.index(check.outcome))[:1]


def _by_units(fact: Fact, text: Text, *, below: bool) -> Check | None:
    """Against the units that the tables name."""
    units = [unit for unit in text.book.budget.units if not unit.whole]
    own = [unit for unit in units if unit.own]
    expected = [unit for unit in units if not (below and unit.own)]
    if not units:
        return None
    places = _list_places(text)
    names = "、".join(unit.name for unit in expected)
    what = f"{named(fact)} {printed_value(fact)} 个应与所列单位数相同（{names}）"
    if below and own and fact.value == len(units):
        what += f"：只有连{own[0].name}自身也算在内才是 {printed_value(fact)} 个"
    check = _count_check(fact, len(expected), what, places)
    # Units that only rows of figures name need not be all, nor need the office be among them.
    unsure = not places or (below and not own)
    differs = check.outcome is Outcome.DIFFERS
    return replace(check, outcome=Outcome.UNCHECKED) if unsure and differs else check


def _by_list(fact: Fact, text: Text, *, below: bool) -> Check | None:
    """Against the numbered list that follows in the text: 具体包括：1. … 2. …"""
    items = items_after(fact, text.book.budget.passages)
    if len(items) < 2:
        return None
    expected = len(items) - (below and _is_office(items[0], fact, len(items), text))
    what = f"{named(fact)} {printed_value(fact)} 个应与其后所列的 {len(items)} 个单位相符"
    return _count_check(fact, expected, what, tuple(item.place for item in items))


def _is_office(item: Passage, fact: Fact, length: int, text: Text) -> bool:
    """The item names the department's own office; where nobody knows the department's name, as
    the number itself would have it."""
    name, institution = key(BRACKET.sub("", bare(item.text))), key(text.book.budget.institution)
    if any(word in key(item.text) for word in relations().own_office):
        return True
    return name == institution if institution else fact.value == length - 1


def items_after(fact: Fact, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The numbered paragraphs behind the one that says `fact`, 1 2 3 … without a gap."""
    printed = [p for p in passages if p.kind in (PassageKind.PARAGRAPH, PassageKind.HEADING)]
    at = next((n for n, p in enumerate(printed) if fact.sentence and fact.sentence in p.text), None)
    if at is None:
        return ()
    items: list[Passage] = []
    for passage in printed[at + 1 :]:
        found = ITEM.match(squeeze(passage.text))
        if found and int(found[1]) == len(items) + 1:
            items.append(passage)
        elif items or len(passage.text) > LONG or found:
            break
    return tuple(items)


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
