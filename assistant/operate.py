"""Operations on the things asked: each takes choices and gives an Outcome, or None if it cannot."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.calculate import FACTORS, cell, comparable, compute, in_yuan
from assistant.catalogue import Catalogue, Entry, is_change_head
from assistant.finding import Absence, Rule
from assistant.mention import OperationName as Op
from assistant.naming import name, parts
from assistant.outcome import Outcome
from assistant.per_count import average_by_count
from assistant.query import Query
from assistant.select import Choice, distinct_values, echoes
from index.fact import Fact, Kind, RowKind

MOST_SHARES = 4
SURELY = 0.9
COUNTED, MOST_COUNTED = ("个", "项", "样", "笔", "条", "种", "块", "家"), 12
BEYOND = (RowKind.TOTAL, RowKind.TOTAL_REPEAT, RowKind.DETAIL, RowKind.PROSE)
"""Rows that are no members of a sum: wholes, repeats below an item, and prose."""


def usable(facts: Sequence[Fact]) -> bool:
    return all(fact.value is not None for fact in facts)


def aligned(choices: Sequence[Choice]) -> tuple[Fact, ...]:
    """One fact of each choice, all from one table, column and unit if they can be; where as much
    speaks for the whole department, its."""
    best: tuple[tuple[int, bool], tuple[Fact, ...]] = ((-1, False), ())
    for fact in choices[0].reachable:
        row = [fact]
        kinship = 4 * bool(fact.table)
        for choice in choices[1:]:
            other = max(choice.reachable, key=lambda f: kin(f, fact))
            row.append(other)
            kinship += kin(other, fact)
        rank = (kinship, not any(one.unit_name for one in row))
        if rank > best[0]:
            best = (rank, tuple(row))
    return best[1] or tuple(choice.facts[0] for choice in choices)


def kin(fact: Fact, other: Fact) -> int:
    """How much two facts have in common: document, table, unit, kind of row, row or column."""
    return (
        16 * (fact.document == other.document)
        + 8 * (fact.table == other.table)
        + 4 * (fact.unit_name == other.unit_name)
        + 2 * (fact.row_kind == other.row_kind)
        + (fact.column == other.column or fact.row == other.row)
    )


def pair(choices: Sequence[Choice]) -> tuple[Fact, Fact] | None:
    """Two facts to compare: two things asked, two units of one, or its two look-alikes."""
    if len(choices) >= 2:
        found = aligned(choices[:2])
    else:
        groups = distinct_values(choices[0].facts)
        found = tuple(group[0] for group in groups[:2])
    if len(found) < 2 or not usable(found):
        return None
    return found[0], found[1]


def difference(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    if len(choices) > 2 and query.has(Op.SUM):
        return less_sum(choices)
    found = pair(choices)
    if found is None or not comparable(found):
        return None
    larger, smaller = sorted(found, key=in_yuan, reverse=True)
    computed = compute(Rule.DIFFERENCE, (larger, smaller), f"{name(larger)}－{name(smaller)}")
    return Outcome(findings=(computed, *parts((larger, smaller))), matches=choices[0].matches)


def less_sum(choices: Sequence[Choice]) -> Outcome | None:
    """What the first thing is more than the others together."""
    facts = aligned(choices)
    if not usable(facts) or not comparable(facts):
        return None
    label = "－".join(name(fact) for fact in facts)
    computed = compute(Rule.DIFFERENCE, facts, label)
    return Outcome(findings=(computed, *parts(facts)), matches=choices[0].matches)


def ratio(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    found = pair(choices)
    if found is None or not comparable(found):
        return None
    top, bottom = found
    if in_yuan(top) < in_yuan(bottom):
        top, bottom = bottom, top
    if not bottom.value:
        return None
    computed = compute(Rule.RATIO, (top, bottom), f"{name(top)}÷{name(bottom)}")
    return Outcome(findings=(computed, *parts((top, bottom))), matches=choices[0].matches)


def share(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    first = choices[0].facts[0]
    surely = choices[0].best.covered >= SURELY
    if len(choices) == 1 and first.unit == "%" and first.value is not None and surely:
        groups = distinct_values(fact for fact in choices[0].facts if fact.unit == "%")
        return Outcome(
            findings=tuple(cell(group[0], places=group[1:]) for group in groups[:MOST_SHARES]),
            matches=choices[0].matches,
        )
    if query.scope.units and (query.scope.whole_said or query.scope.each):
        return share_of_unit(query, choices, catalogue)
    if len(choices) >= 2 and (found := pair(choices)) and comparable(found):
        part, whole = sorted(found, key=in_yuan)
    else:
        found = part_of_whole(choices[0], catalogue)
        if found is None:
            return printed_share(choices[0].facts[0], catalogue)
        part, whole = found
    if not whole.value or part.value == whole.value:
        return printed_share(part, catalogue)
    same = [part, *look_alikes(part, choices)]
    shares = [
        compute(Rule.SHARE, (one, whole), f"{name(one)}占{name(whole)}的比重") for one in same
    ]
    return Outcome(findings=(*shares, *parts((*same, whole))), matches=choices[0].matches)


def part_of_whole(choice: Choice, catalogue: Catalogue) -> tuple[Fact, Fact] | None:
    """The first place of the figure that has a whole beside or above it, with the whole; where
    the document contradicts itself another place's figure."""
    best = choice.best.entry.fact.value
    matches = sorted(choice.matches, key=lambda match: match.entry.fact.value != best)
    for match in matches:
        whole = whole_of(match.entry, catalogue)
        if whole is not None and match.entry.fact.value is not None:
            return match.entry.fact, whole
    return None


def look_alikes(part: Fact, choices: Sequence[Choice]) -> list[Fact]:
    """Other projects that the same words name as well: each has a share of its own."""
    facts = next((choice.facts for choice in choices if part in choice.facts), ())
    groups = distinct_values(facts)
    return [
        group[0]
        for group in groups[:MOST_SHARES]
        if part not in group
        and group[0].row_kind is part.row_kind is RowKind.PROJECT
        and group[0].table == part.table
    ]


def printed_share(part: Fact, catalogue: Catalogue) -> Outcome | None:
    """The share as the running text prints it."""
    item = catalogue.entry_of(part).item
    found = [
        e.fact
        for e in catalogue.entries
        if e.item == item and e.fact.column == ("占比",) and e.fact.document == part.document
    ]
    groups = distinct_values(found)
    if not groups or len(groups) > MOST_SHARES:
        return None
    return Outcome(findings=tuple(cell(group[0], places=group[1:]) for group in groups))


def share_of_unit(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """One unit's part of the whole department's figure: the total's row, else the units' sum."""
    part = next((f for f in choices[0].facts if f.value is not None and f.unit_name), None)
    if part is None:
        return None
    item = catalogue.entry_of(part).item
    same = [
        e.fact
        for e in catalogue.entries
        if e.item == item and e.fact.table == part.table and e.fact.column == part.column
    ]
    whole = next((f for f in same if f.row_kind is RowKind.TOTAL), None)
    if whole is not None and whole.value:
        found = compute(Rule.SHARE, (part, whole), f"{part.unit_name}占全部门的比重")
        return Outcome(findings=(found, *parts((part, whole))), matches=choices[0].matches)
    units = {f.unit_name: f for f in same if f.value is not None and f.unit_name}
    if len(units) < 2:
        return None
    facts = (part, *(f for name_, f in units.items() if name_ != part.unit_name))
    found = compute(Rule.SHARE_OF_SUM, facts, f"{part.unit_name}占各单位合计的比重")
    return Outcome(findings=(found, *parts(facts)), matches=choices[0].matches)


def whole_of(entry: Entry, catalogue: Catalogue) -> Fact | None:
    """What a figure is naturally a share of: its row's main column, else its column's total."""
    fact = entry.fact
    if not fact.table:
        above = fact.row_path[-2] if len(fact.row_path) > 1 else ""
        same = (e.fact for e in catalogue.entries if e.main and e.fact.place == fact.place)
        return next((f for f in same if f.label == above and f.kind == fact.kind), None)
    if not entry.main:
        row = catalogue.table_rows[fact.document, fact.table, fact.row]
        return next((e.fact for e in row if e.main and e.fact.value is not None), None)
    return next(
        (
            e.fact
            for e in catalogue.entries
            if e.whole and e.fact.table == fact.table and e.fact.column == fact.column
        ),
        None,
    )


def total(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """The sum of what is asked; one figure alone is no sum but itself."""
    members = aligned(choices) if len(choices) >= 2 else members_of(choices[0])
    members = without_parts(members)
    if (said := said_number(query)) and said != len(members):
        return Outcome(absence=Absence.NOT_HERE, matches=choices[0].matches)
    if len(members) < 2 or not usable(members) or not comparable(members):
        return None
    labels = list(dict.fromkeys(name(fact) for fact in members))
    computed = compute(Rule.SUM, members, " + ".join(labels))
    return Outcome(findings=(computed, *parts(members)), matches=choices[0].matches, listing=True)


def said_number(query: Query) -> int:
    """这五样, 两个项目: how many members the question itself counts; 0 if it does not."""
    for value, unit in query.want.amounts:
        if unit in COUNTED and value.isdigit() and 2 <= int(value) <= MOST_COUNTED:
            return int(value)
    return 0


def without_parts(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Never a total with its parts: a row below another of the set counts with it already."""
    paths = {(fact.table, fact.row_path) for fact in facts}
    return tuple(
        fact
        for fact in facts
        if not any((fact.table, fact.row_path[:n]) in paths for n in range(1, len(fact.row_path)))
    )


def members_of(choice: Choice) -> tuple[Fact, ...]:
    """The rows of one table that a description fits, never a total with its parts."""
    tables: dict[tuple[str, str], list[Fact]] = {}
    for fact in choice.facts:
        if fact.row_kind not in BEYOND:
            tables.setdefault((fact.document, fact.table), []).append(fact)
    best = max(tables.values(), key=len, default=[])
    rows = {fact.row: fact for fact in reversed(best)}
    return tuple(rows[at] for at in sorted(rows))


def average(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    if len(choices) == 1 and (each := average_by_count(query, choices[0], catalogue)):
        return each
    members = aligned(choices) if len(choices) >= 2 else members_of(choices[0])
    if len(members) < 2 or not usable(members) or not comparable(members):
        return None
    computed = compute(Rule.AVERAGE, members, "平均")
    return Outcome(findings=(computed, *parts(members)), matches=choices[0].matches, listing=True)


def split(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """The columns beside a total, or the rows below it."""
    if len(choices) >= 2:
        return None
    fact = choices[0].facts[0]
    row = catalogue.table_rows[fact.document, fact.table, fact.row] if fact.table else ()
    found = [e.fact for e in row if not e.main and e.fact.kind is Kind.MONEY]
    found = found or children_of(fact, catalogue)
    if not found:
        return None
    return Outcome(findings=tuple(cell(f) for f in found), matches=choices[0].matches, listing=True)


def children_of(fact: Fact, catalogue: Catalogue) -> list[Fact]:
    return [
        e.fact
        for e in catalogue.entries
        if e.fact.table == fact.table
        and e.fact.column == fact.column
        and e.fact.row_path[:-1] == fact.row_path
        and e.fact.kind is Kind.MONEY
        and e.fact.section == fact.section
    ]


def gap_explained(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """Two figures of one name that the question quotes: their difference, and the cell it is."""
    quoted = [
        e.fact
        for e in catalogue.entries
        if echoes(e.fact, query.want) and e.item and query.content.keys
    ]
    groups = distinct_values(quoted)
    if len(groups) < 2:
        return None
    named = {at for key in query.content.keys for at in key.strings}
    first, second = alike(groups[0], groups[1], named, catalogue)
    if first is None or second is None or not comparable((first, second)):
        return None
    larger, smaller = sorted((first, second), key=in_yuan, reverse=True)
    gap = compute(Rule.DIFFERENCE, (larger, smaller), f"{name(larger)}－{name(smaller)}")
    causes = [
        e.fact
        for e in catalogue.entries
        if e.fact.value == gap.value and e.fact.unit == gap.unit and not e.whole
    ]
    rows = {(fact.table, fact.row) for fact in (larger, smaller)}
    causes = [fact for fact in causes if (fact.table, fact.row) not in rows]
    causes.sort(key=lambda f: (not _is_named(f, named, catalogue), -f.level))
    shown = tuple(cell(f) for f in causes[:1])
    beside = (replace(gap, supporting=bool(shown)), *parts((larger, smaller)))
    return Outcome(findings=(*shown, *beside), matches=choices[0].matches if choices else ())


def alike(
    one: Sequence[Fact], other: Sequence[Fact], named: set[int], catalogue: Catalogue
) -> tuple[Fact | None, Fact | None]:
    """A fact of each figure, of one name if there are such, else each named by the question."""
    said = [[fact for fact in facts if _is_named(fact, named, catalogue)] for facts in (one, other)]
    for fact in said[0]:
        for twin in said[1]:
            if catalogue.entry_of(fact).item == catalogue.entry_of(twin).item:
                return fact, twin
    return next(iter(said[0]), None), next(iter(said[1]), None)


def _is_named(fact: Fact, named: set[int], catalogue: Catalogue) -> bool:
    ids = catalogue.ids_of(fact)
    return bool(ids) and ids[0] in named


def base_of(moved: Fact, choices: Sequence[Choice], catalogue: Catalogue) -> Fact | None:
    """This year's figure of what changed: in the same row or paragraph, else what is named."""
    for entry in catalogue.entries:
        fact = entry.fact
        same = together(fact, moved) and entry.main and fact.value is not None
        if same and fact.label == moved.label and fact.unit == moved.unit:
            return fact
    reachable = [f for choice in choices for f in choice.reachable]
    facts = [f for f in reachable if f.value is not None and f.unit == moved.unit]
    prose = [f for f in facts if not f.table]
    return next(iter(prose or facts), None)


def together(fact: Fact, other: Fact) -> bool:
    """In one row of a table, or in one paragraph."""
    if (fact.document, fact.table) != (other.document, other.table):
        return False
    if fact.table:
        return fact.row == other.row
    place, beside = fact.place, other.place
    return place.line == beside.line if place.line is not None else place == beside


def is_change(entry: Entry) -> bool:
    return bool(entry.fact.column) and is_change_head(entry.fact.column[-1])


def zero(value: Decimal | None) -> bool:
    return value is not None and not value


def is_money(fact: Fact) -> bool:
    return fact.unit in FACTORS
