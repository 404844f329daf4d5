"""Query → Outcome: the figures asked for, or why there are none."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.calculate import cell, comparable, compute
from assistant.catalogue import Catalogue, Entry
from assistant.finding import Absence, Finding, Rule
from assistant.link import Match, link, nearest
from assistant.mention import OperationName as Op
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.select import Choice, choose, distinct_values
from assistant.sets import asks_for_set, set_lookup
from index.fact import Fact, Kind, RowKind, TableState

LEAST_COVERED = 0.6
"""Share of the question's content that an answer must explain (chosen on the visible sets)."""
LEAST_NAMED = 0.25
MOST_SCOPES = 4
"""As many differing figures of one name are shown side by side; more are narrowed."""
CHANGES = ("比上年增减", "增减额", "增减", "增减比例", "增减%")


def look_up(query: Query, catalogue: Catalogue) -> Outcome:
    """The figures that answer the query; never a figure that its words do not name."""
    if (gone := absent_scope(query, catalogue)) is not None:
        return Outcome(absence=gone)
    if asks_for_set(query):
        found = set_lookup(query, catalogue, unit_filter(query, catalogue))
        if found is not None:
            return found
    choices = choices_of(query, catalogue)
    covered = explained(query, choices)
    if not choices or covered < LEAST_COVERED or choices[0].best.named < LEAST_NAMED:
        return Outcome(
            absence=Absence.NOT_HERE,
            matches=nearest(link(query.content, catalogue, query.want.allows)),
            choices=choices,
            covered=covered,
        )
    outcome = figures_of(query, choices, catalogue)
    return replace(outcome, choices=choices, covered=covered)


def absent_scope(query: Query, catalogue: Catalogue) -> Absence | None:
    """A year or table that is named and not there."""
    if query.other_year is not None:
        return Absence.OTHER_YEAR
    states = {t.state for t in catalogue.tables if t.number in query.scope.tables}
    if query.scope.tables and TableState.PRESENT not in states:
        return Absence.EMPTY_TABLE if TableState.EMPTY in states else Absence.MISSING_TABLE
    return None


def choices_of(query: Query, catalogue: Catalogue) -> tuple[Choice, ...]:
    if query.scope.codes and (coded := choices_by_code(query, catalogue)):
        return coded
    return choose(
        query.content,
        catalogue,
        query.want,
        unit_filter(query, catalogue),
        several=query.has(Op.DIFFERENCE, Op.RATIO, Op.PER, Op.SHARE, Op.SUM, Op.COMPARE, Op.SPLIT)
        or len(query.content.words(query.content.everything)) > 1,
    )


def unit_filter(query: Query, catalogue: Catalogue) -> Callable[[Entry], bool]:
    """Unit rows are parts of a total: they count where units are asked for or no total stands."""
    by_unit = bool(query.scope.units) or query.scope.each
    totals = {(e.fact.document, e.fact.table) for e in catalogue.entries if e.whole}

    def allowed(entry: Entry) -> bool:
        fact = entry.fact
        if fact.row_kind is RowKind.UNIT and not by_unit:
            if (fact.document, fact.table) in totals:
                return False
        return query.scope.allows(entry)

    return allowed


def choices_by_code(query: Query, catalogue: Catalogue) -> tuple[Choice, ...]:
    """One choice a code; words beside the code pick column and table."""
    allowed = unit_filter(query, catalogue)
    choices = []
    for code in query.scope.codes:
        one = replace(query.scope, codes=(code,))
        entries = [
            entry
            for entry in catalogue.entries
            if one.allows(entry) and allowed(entry) and query.want.allows(entry)
        ]
        linked = {m.entry.at: m for m in link(query.content, catalogue, by_context=True)}
        matches = [
            replace(linked[e.at], covered=1.0, named=1.0)
            if e.at in linked
            else Match(entry=e, mask=0, item_mask=0, covered=1.0, named=1.0)
            for e in entries
            if e.main or (e.at in linked and linked[e.at].item_mask)
        ]
        matches.sort(key=lambda m: (-m.mask.bit_count(), not m.entry.main, m.entry.at))
        if matches:
            choices.append(Choice(matches=tuple(matches)))
    return tuple(choices)


def explained(query: Query, choices: Sequence[Choice]) -> float:
    if query.scope.codes and choices:
        return 1.0
    mask = 0
    for choice in choices:
        mask |= choice.mask
    total = query.content.total
    return query.content.weigh(mask) / total if total else 0.0


def figures_of(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome:
    operations: tuple[tuple[bool, Callable[..., Outcome | None]], ...] = (
        (query.has(Op.CHANGE), change),
        (query.last_year, last_year),
        (query.has(Op.SHARE), share),
        (query.has(Op.DIFFERENCE), difference),
        (query.has(Op.RATIO, Op.PER), ratio),
        (query.has(Op.SPLIT), split),
        (query.has(Op.SUM), total),
        (query.has(Op.AVERAGE), average),
    )
    for asked, operate in operations:
        if asked and (outcome := operate(query, choices, catalogue)) is not None:
            return outcome
    if query.last_year:
        return Outcome(absence=Absence.OTHER_YEAR, matches=choices[0].matches)
    return values(query, choices, catalogue)


def values(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome:
    """Each thing asked as printed, its differing scopes told apart."""
    findings: list[Finding] = []
    others = 0
    for choice in choices:
        groups = distinct_values(narrow(choice, query))
        others += max(0, len(groups) - MOST_SCOPES)
        findings += [cell(group[0], places=group[1:]) for group in groups[:MOST_SCOPES]]
    filled = [f for f in findings if f.operands[0].kind is not Kind.BLANK]
    if not filled:
        return Outcome(absence=Absence.BLANK, matches=choices[0].matches)
    return Outcome(findings=tuple(filled), matches=choices[0].matches, others=others)


def narrow(choice: Choice, query: Query) -> tuple[Fact, ...]:
    """The facts of a choice, whole tables before parts, echoes of the question first."""
    return choice.facts


def aligned(choices: Sequence[Choice]) -> tuple[Fact, ...]:
    """One fact of each choice, all from one table, column and unit if they can be."""
    first = choices[0]
    best: tuple[int, tuple[Fact, ...]] = (-1, ())
    for fact in first.facts:
        row = [fact]
        kinship = 0
        for choice in choices[1:]:
            other = max(choice.facts, key=lambda f: _kin(f, fact))
            row.append(other)
            kinship += _kin(other, fact)
        if kinship > best[0]:
            best = (kinship, tuple(row))
    return best[1] or tuple(choice.facts[0] for choice in choices)


def _kin(fact: Fact, other: Fact) -> int:
    return (
        16 * (fact.document == other.document)
        + 8 * (fact.table == other.table)
        + 4 * (fact.unit_name == other.unit_name)
        + 2 * (fact.row_kind == other.row_kind)
        + (fact.column == other.column or fact.row == other.row)
    )


def parts(facts: Sequence[Fact]) -> tuple[Finding, ...]:
    return tuple(replace(cell(fact), supporting=True) for fact in facts)


def usable(facts: Sequence[Fact]) -> bool:
    return all(fact.value is not None for fact in facts)


def pair(query: Query, choices: Sequence[Choice]) -> tuple[Fact, Fact] | None:
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
    found = pair(query, choices)
    if found is None or not comparable(found):
        return None
    larger, smaller = sorted(found, key=lambda fact: fact.value or 0, reverse=True)
    computed = compute(Rule.DIFFERENCE, (larger, smaller), f"{larger.label}－{smaller.label}")
    return Outcome(findings=(computed, *parts(found)), matches=choices[0].matches)


def ratio(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    found = pair(query, choices)
    if found is None:
        return None
    money = [fact for fact in found if fact.kind is Kind.MONEY]
    top, bottom = found
    if len(money) == 1 and money[0] is bottom:
        top, bottom = bottom, top
    elif len(money) != 1 and (top.value or 0) < (bottom.value or 0):
        top, bottom = bottom, top
    if not bottom.value:
        return None
    unit = f"{top.unit}/{bottom.unit}" if len(money) == 1 else "倍"
    computed = compute(Rule.RATIO, (top, bottom), f"{top.label}÷{bottom.label}", unit)
    return Outcome(findings=(computed, *parts((top, bottom))), matches=choices[0].matches)


def share(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    if len(choices) >= 2 and (found := pair(query, choices)) and comparable(found):
        part, whole = sorted(found, key=lambda fact: fact.value or 0)
    else:
        part = choices[0].facts[0]
        base = whole_of(choices[0].best.entry, catalogue)
        if base is None or part.value is None:
            return None
        whole = base
    if not whole.value:
        return None
    computed = compute(Rule.SHARE, (part, whole), f"{part.label}占{whole.label}的比重")
    return Outcome(findings=(computed, *parts((part, whole))), matches=choices[0].matches)


def whole_of(entry: Entry, catalogue: Catalogue) -> Fact | None:
    """What a figure is naturally a share of: its row's main column, else its column's total."""
    fact = entry.fact
    if not fact.table:
        above = fact.row_path[-2] if len(fact.row_path) > 1 else ""
        return next(
            (
                e.fact
                for e in catalogue.entries
                if e.main and e.fact.place == fact.place and e.fact.label == above
            ),
            None,
        )
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
    if len(choices) >= 2:
        members = aligned(choices)
    else:
        members = members_of(choices[0])
    if len(members) < 2 or not usable(members) or not comparable(members):
        return None
    labels = list(dict.fromkeys(fact.label for fact in members))
    computed = compute(Rule.SUM, members, " + ".join(labels))
    return Outcome(findings=(computed, *parts(members)), matches=choices[0].matches, listing=True)


def members_of(choice: Choice) -> tuple[Fact, ...]:
    """The rows of one table that a description fits, never a total with its parts."""
    tables: dict[tuple[str, str], list[Fact]] = {}
    for fact in choice.facts:
        if fact.row_kind not in (RowKind.TOTAL, RowKind.DETAIL, RowKind.PROSE):
            tables.setdefault((fact.document, fact.table), []).append(fact)
    best = max(tables.values(), key=len, default=[])
    rows = {fact.row: fact for fact in reversed(best)}
    return tuple(rows[at] for at in sorted(rows))


def average(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
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
    row = catalogue.table_rows[fact.document, fact.table, fact.row]
    found = [e.fact for e in row if not e.main and e.fact.kind is Kind.MONEY]
    if not found:
        found = children_of(fact, catalogue)
    if not found:
        return None
    return Outcome(
        findings=tuple(cell(f) for f in found), matches=choices[0].matches, listing=True
    )


def children_of(fact: Fact, catalogue: Catalogue) -> list[Fact]:
    return [
        e.fact
        for e in catalogue.entries
        if e.fact.table == fact.table
        and e.fact.column == fact.column
        and e.fact.level == fact.level + 1
        and e.fact.row_path[:-1] == fact.row_path
        and e.fact.kind is Kind.MONEY
    ]


def changes(query: Query, catalogue: Catalogue) -> tuple[Choice, ...]:
    """The printed changes against last year that the content names."""
    want = replace(query.want, change=True, money=False)
    allowed = unit_filter(query, catalogue)
    return choose(
        query.content,
        catalogue,
        want,
        lambda e: e.fact.column[-1:] != () and e.fact.column[-1] in CHANGES and allowed(e),
        several=False,
    )


def change(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    found = changes(query, catalogue)
    if not found or found[0].best.covered < LEAST_COVERED:
        return Outcome(absence=Absence.OTHER_YEAR, matches=choices[0].matches)
    groups = distinct_values(found[0].facts)
    findings = tuple(cell(g[0], places=g[1:]) for g in groups[:MOST_SCOPES])
    return Outcome(findings=findings, matches=found[0].matches)


def last_year(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """Last year's figure as printed in a column of its own, or implied by the printed change."""
    found = changes(query, catalogue)
    if not found or found[0].best.covered < LEAST_COVERED:
        return None
    moved = found[0].facts[0]
    base = base_of(moved, choices, catalogue)
    if base is None or moved.value is None or base.value is None:
        return None
    computed = compute(Rule.LAST_YEAR, (base, moved), f"{moved.label}（上年）")
    return Outcome(findings=(computed, *parts((base, moved))), matches=found[0].matches)


def base_of(moved: Fact, choices: Sequence[Choice], catalogue: Catalogue) -> Fact | None:
    """This year's figure of what changed: in the same paragraph, else what the words name."""
    for entry in catalogue.entries:
        fact = entry.fact
        same = fact.document == moved.document and fact.place.line == moved.place.line
        if same and entry.main and fact.label == moved.label and fact.value is not None:
            return fact
    return next((f for f in choices[0].facts if f.value is not None), None)
