"""Query → Outcome: the figures asked for, or why there are none."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.across import of_tables
from assistant.calculate import cell, compute
from assistant.catalogue import Catalogue, Entry
from assistant.classes import inner_codes, unprinted
from assistant.conflict import contradicted
from assistant.finding import Absence, Finding, Rule
from assistant.link import Match, items_of, link, nearest
from assistant.mention import OperationName as Op
from assistant.naming import parts
from assistant.operate import (
    average,
    base_of,
    difference,
    gap_explained,
    is_change,
    ratio,
    share,
    split,
    total,
)
from assistant.other_year import printed_year
from assistant.outcome import Outcome
from assistant.per_count import per_piece
from assistant.query import Query
from assistant.segment import side_by_side
from assistant.select import Choice, choose, distinct_values, project_of
from assistant.sets import asks_for_set, set_lookup
from index.fact import Fact, Kind, RowKind, TableState

Operate = Callable[[Query, Sequence[Choice], Catalogue], Outcome | None]

LEAST_COVERED = 0.7
"""Share of the question's content that an answer must explain (chosen on the visible sets)."""
LEAST_OF_PART = 0.6
"""A share's base may be said in words of its own (全部资金) when its part is named."""
LEAST_OF_CHANGE = 0.6
"""A printed change names its subject more fully than people do (购置及运行维护费)."""
WHOLLY = 0.95
SURELY_NAMED = 0.6
SAME_BLANK, SAME_NAME = 0.05, 0.5
"""A blank's other places: as much of the question explained, half of the name said."""
LEAST_NAMED = 0.25
MOST_SCOPES = 4
"""As many differing figures of one name are shown side by side; more are narrowed."""


def look_up(query: Query, catalogue: Catalogue) -> Outcome:
    """The figures that answer the query; never a figure that its words do not name."""
    if query.undisclosed:
        return Outcome(absence=Absence.NOT_HERE)
    if not query.scope.codes and (inner := inner_codes(query, catalogue)):
        query = replace(query, scope=replace(query.scope, codes=inner))
    if (gone := absent_scope(query, catalogue)) is not None:
        return Outcome(absence=gone)
    if (counted := printed_count(query, catalogue)) is not None:
        return counted
    if len(set(query.scope.tables)) > 1 and (
        sides := of_tables(query, catalogue, lambda one: unit_filter(one, catalogue))
    ):
        return sides
    if asks_for_set(query):
        found = set_lookup(query, catalogue, unit_filter(query, catalogue))
        if found is not None:
            return found
    if len(query.want.amounts) >= 2 and query.has(Op.DIFFERENCE):
        found = gap_explained(query, (), catalogue)
        if found is not None:
            return found
    choices = choices_of(query, catalogue)
    if query.want.money and explained(query, choices) < LEAST_COVERED:
        query = replace(query, want=replace(query.want, money=False, costs=True, moneyish=True))
        choices = choices_of(query, catalogue)
    covered = explained(query, choices)
    allowed = unit_filter(query, catalogue)
    if query.asks_what and not query.asks_figure and not query.operations and covered < WHOLLY:
        return Outcome(absence=Absence.NOT_HERE, choices=choices, covered=covered)
    least = LEAST_OF_PART if query.has(Op.SHARE) and len(choices) == 1 else LEAST_COVERED
    unsaid = query.scope.codes and not any(c.facts[0].code for c in choices)
    if not choices or covered < least or not is_named(query, choices[0]) or unsaid:
        if set(query.operations) <= {Op.SUM} and (summed := unprinted(query, catalogue, allowed)):
            return summed
        return Outcome(
            absence=Absence.NOT_HERE,
            matches=nearest(link(query.content, catalogue, query.want.allows)),
            choices=choices,
            covered=covered,
        )
    outcome = figures_of(query, choices, catalogue)
    if query.want.measure and query.want.moneyish and outcome.findings:
        outcome = with_amount(outcome, query, catalogue)
    return replace(outcome, choices=choices, covered=covered)


def printed_count(query: Query, catalogue: Catalogue) -> Outcome | None:
    """How many there are, where the running text says so itself."""
    if not query.has(Op.COUNT) or query.limit or query.rank or not query.content.total:
        return None
    choices = choose(
        query.content,
        catalogue,
        query.want,
        lambda e: e.kind is Kind.COUNT and not e.fact.table and query.scope.allows(e),
        several=False,
    )
    if not choices or choices[0].best.covered < WHOLLY or choices[0].best.named < SURELY_NAMED:
        return None
    outcome = values(query, choices, catalogue)
    return with_amount(outcome, query, catalogue) if query.want.moneyish else outcome


def with_amount(outcome: Outcome, query: Query, catalogue: Catalogue) -> Outcome:
    """几个，一共多少预算: the count and the amount of one thing."""
    counted = outcome.findings[0].operands[0]
    amounts = [
        e.fact
        for e in catalogue.entries
        if e.fact.place == counted.place
        and e.fact.label == counted.label
        and e.fact.kind is Kind.MONEY
        and e.main
    ]
    return replace(outcome, findings=(*outcome.findings, *map(cell, amounts[:1])))


def is_named(query: Query, choice: Choice) -> bool:
    """The question says enough of the item's own name, or the whole of a table is split."""
    whole = choice.best.entry.fact.row_kind in (RowKind.TOTAL, RowKind.UNIT)
    best = choice.best
    if query.beside is not None and query.beside.label in best.entry.fact.row_path[:-1]:
        return True
    wholly = best.covered >= WHOLLY and best.own_mask and len(items_of(choice.matches)) == 1
    return best.named >= LEAST_NAMED or bool(wholly) or (whole and query.has(Op.SPLIT))


def absent_scope(query: Query, catalogue: Catalogue) -> Absence | None:
    """A year or table that is named and not there."""
    if query.other_year is not None and query.other_year not in catalogue.column_years:
        return Absence.OTHER_YEAR
    states = {t.state for t in catalogue.tables if t.number in query.scope.tables}
    if query.scope.tables and TableState.PRESENT not in states:
        return Absence.EMPTY_TABLE if TableState.EMPTY in states else Absence.MISSING_TABLE
    return None


def choices_of(query: Query, catalogue: Catalogue) -> tuple[Choice, ...]:
    if query.scope.codes and (coded := choices_by_code(query, catalogue)):
        return coded
    allowed = unit_filter(query, catalogue)
    if query.has(Op.SPLIT) and (whole := whole_rows(query, catalogue, allowed)):
        return whole
    arithmetic = query.has(Op.DIFFERENCE, Op.RATIO, Op.SHARE, Op.PER)
    together = side_by_side(
        query.content, query.spans, catalogue, query.want, allowed, arithmetic=arithmetic
    )
    if together:
        return together
    return choose(
        query.content,
        catalogue,
        query.want,
        allowed,
        beside=query.beside,
        arithmetic=arithmetic,
        several=query.has(Op.DIFFERENCE, Op.RATIO, Op.PER, Op.SHARE, Op.SUM, Op.COMPARE, Op.SPLIT)
        or len(query.content.words(query.content.everything)) > 1,
    )


def whole_rows(
    query: Query, catalogue: Catalogue, allowed: Callable[[Entry], bool]
) -> tuple[Choice, ...]:
    """To be split: a total's or unit's row of a table that the words name, if all are explained."""
    choices = choose(
        query.content,
        catalogue,
        query.want,
        lambda e: e.main and e.fact.row_kind in (RowKind.TOTAL, RowKind.UNIT) and allowed(e),
        several=False,
    )
    return choices if explained(query, choices) >= WHOLLY else ()


def unit_filter(query: Query, catalogue: Catalogue) -> Callable[[Entry], bool]:
    """Unit rows are parts of a total: they count where units are asked for or no total stands."""
    by_unit = bool(query.scope.units) or query.scope.each
    totals = {(e.fact.document, e.fact.table) for e in catalogue.entries if e.whole}

    def allowed(entry: Entry) -> bool:
        fact = entry.fact
        in_total = (fact.document, fact.table) in totals
        if fact.row_kind is RowKind.UNIT and not by_unit and in_total:
            return False
        if any(word in entry.item for word in query.excluded):
            return False
        if query.apart is not None and project_of(fact) == project_of(query.apart):
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
    operations: tuple[tuple[bool, Operate], ...] = (
        (query.has(Op.CONFLICT), contradicted),
        (query.has(Op.CHANGE) and query.last_year, change_and_base),
        (query.has(Op.CHANGE) and (query.has(Op.SHARE) or query.output_unit == "%"), growth),
        (query.has(Op.CHANGE), change),
        (query.last_year or query.other_year is not None, last_year),
        (query.has(Op.PER), per_piece),
        (query.has(Op.SHARE), share),
        (query.has(Op.DIFFERENCE), difference),
        (query.has(Op.RATIO), ratio),
        (query.has(Op.SPLIT), split),
        (query.has(Op.SUM), total),
        (query.has(Op.AVERAGE), average),
    )
    for asked, operate in operations:
        if asked and (outcome := operate(query, choices, catalogue)) is not None:
            return outcome
    if query.last_year or query.other_year is not None:
        return Outcome(absence=Absence.OTHER_YEAR, matches=choices[0].matches)
    if query.has(*MUST_COMPUTE):
        return Outcome(absence=Absence.NOT_HERE, matches=choices[0].matches)
    return values(query, choices, catalogue)


MUST_COMPUTE = (Op.PER, Op.SHARE, Op.DIFFERENCE, Op.RATIO, Op.AVERAGE)
"""Where these cannot be worked out, the plain figure would be taken for the result."""


def values(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome:
    """Each thing asked as printed, its differing scopes told apart."""
    findings: list[Finding] = []
    others = 0
    for choice in choices:
        every = distinct_values(choice.facts)
        groups = whole_first(every) if len(every) > MOST_SCOPES else every
        others += len(every) - len(groups[:MOST_SCOPES])
        findings += [cell(group[0], places=group[1:]) for group in groups[:MOST_SCOPES]]
    filled = [f for f in findings if f.operands[0].kind is not Kind.BLANK]
    if not filled:
        return Outcome(absence=Absence.BLANK, matches=blanks(query, choices[0], catalogue))
    return Outcome(findings=tuple(filled), matches=choices[0].matches, others=others)


def whole_first(groups: Sequence[tuple[Fact, ...]]) -> Sequence[tuple[Fact, ...]]:
    """Of more scopes than can be shown, those of the whole department, if there are any."""
    return [group for group in groups if not all(fact.unit_name for fact in group)] or groups


def blanks(query: Query, choice: Choice, catalogue: Catalogue) -> tuple[Match, ...]:
    """Every blank square that the words name as well as the best: prose that says so first."""
    best = choice.best
    found = [
        match
        for match in link(query.content, catalogue, query.scope.allows)
        if match.entry.kind is Kind.BLANK
        and match.covered >= best.covered - SAME_BLANK
        and match.named >= min(SAME_NAME, best.named)
        and (match.entry.main or match.entry.item == best.entry.item)
    ]
    found.sort(key=lambda match: (bool(match.entry.fact.table), -match.named))
    return tuple(found) or choice.matches


def changes(query: Query, catalogue: Catalogue) -> tuple[Choice, ...]:
    """The printed changes against last year that the content names."""
    want = replace(query.want, change=True, money=False)
    allowed = unit_filter(query, catalogue)
    return choose(
        query.content,
        catalogue,
        want,
        lambda e: is_change(e) and allowed(e),
        several=False,
        any_column=True,
    )


def change(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    found = changes(query, catalogue)
    if not found or found[0].best.covered < LEAST_OF_CHANGE:
        return Outcome(absence=Absence.OTHER_YEAR, matches=choices[0].matches)
    groups = distinct_values(found[0].facts)
    findings = tuple(cell(g[0], places=g[1:]) for g in groups[:MOST_SCOPES])
    return Outcome(findings=findings, matches=found[0].matches)


def growth(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """By what percent it changed: printed, or worked out from the printed change."""
    found = changes(query, catalogue)
    if not found or found[0].best.covered < LEAST_OF_CHANGE:
        return None
    percent = next((f for f in found[0].facts if f.unit == "%"), None)
    if percent is not None:
        return Outcome(findings=(cell(percent),), matches=found[0].matches)
    moved = found[0].facts[0]
    base = base_of(moved, choices, catalogue)
    if base is None or base.value is None or moved.value is None or base.value == moved.value:
        return None
    computed = compute(Rule.GROWTH, (base, moved), f"{moved.label}（增减%）")
    return Outcome(findings=(computed, *parts((base, moved))), matches=found[0].matches)


def change_and_base(
    query: Query, choices: Sequence[Choice], catalogue: Catalogue
) -> Outcome | None:
    """By how much it changed and what it was before."""
    moved, before = change(query, choices, catalogue), last_year(query, choices, catalogue)
    if moved is None or before is None or not moved.findings or not before.findings:
        return None
    return replace(moved, findings=(*moved.findings[:1], before.findings[0]))


def last_year(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """Last year's figure as printed in a column of its own, or implied by the printed change."""
    if (printed := printed_year(query, choices, catalogue)) is not None:
        return printed
    if query.other_year is not None:
        return None
    found = changes(query, catalogue)
    if not found or found[0].best.covered < LEAST_OF_CHANGE:
        return None
    moved = found[0].facts[0]
    base = base_of(moved, choices, catalogue)
    if base is None or moved.value is None or base.value is None:
        return None
    computed = compute(Rule.LAST_YEAR, (base, moved), f"{moved.label}（上年）")
    return Outcome(findings=(computed, *parts((base, moved))), matches=found[0].matches)
