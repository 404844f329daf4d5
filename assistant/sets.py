"""Lists, rankings, thresholds and counts: a set of rows described by table, kind and words."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.calculate import FACTORS, cell, compute
from assistant.calculate import in_yuan as size
from assistant.catalogue import Catalogue, Entry, flat, grams, is_change_head
from assistant.finding import Absence, Rule
from assistant.link import Match, link, name_share
from assistant.mention import Amount, Range, Threshold
from assistant.mention import OperationName as Op
from assistant.naming import parts, table_name
from assistant.nouns import nouns
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.select import is_target
from index.fact import Fact, Kind, RowKind
from index.words import lexicon

KINDS: dict[str, tuple[RowKind, ...]] = {
    "project": (RowKind.PROJECT,),
    "item": (RowKind.ITEM, RowKind.PROJECT),
    "indicator": (RowKind.INDICATOR,),
    "unit": (RowKind.UNIT,),
    "": (RowKind.ITEM, RowKind.PROJECT, RowKind.INDICATOR),
}
DESCRIBED = 0.9
"""Share of the describing words a member must bear, against the member that bears most."""
LEAST_DESCRIBED = 0.75
COLUMN_SAID = 0.9
"""A ranking by another column than the main one must name it."""


def asks_for_set(query: Query) -> bool:
    """A limit or a rank is said, or a list or count of a kind of row."""
    if query.limit is not None or query.rank is not None:
        return True
    if not query.noun:
        return False
    return query.has(Op.LIST, Op.COUNT, Op.AVERAGE) and not query.has(Op.MINIMUM)


def set_lookup(
    query: Query, catalogue: Catalogue, allowed: Callable[[Entry], bool]
) -> Outcome | None:
    """The members that the words describe, filtered and ordered; None if there is no such set."""
    if query.has(Op.CHANGE):
        return changed(query, catalogue, allowed)
    members = plain_rows(members_of(query, catalogue, allowed), query)
    if not members and query.noun and query.content.total:
        members = members_of(replace(query, noun=""), catalogue, allowed)
    members = [fact for fact in members if fact.value is not None]
    if not members:
        return None
    if query.limit is not None:
        members = [fact for fact in members if within(fact, query.limit)]
    ordered = sorted(members, key=lambda fact: (-size(fact), fact.row))
    if query.rank is not None:
        ordered = ranked(ordered, query)
    if not ordered:
        return Outcome(absence=Absence.NOT_HERE, listing=True)
    added = any(word in query.question.text for word in nouns()["added"])
    if query.has(Op.COUNT) and query.rank is None and not added:
        counted = compute(Rule.COUNT, tuple(ordered), counted_label(query, ordered))
        beside = tuple(replace(cell(fact), supporting=True) for fact in ordered)
        return Outcome(findings=(counted, *beside), listing=True)
    if query.has(Op.AVERAGE, Op.SUM) and len(ordered) > 1:
        rule = Rule.AVERAGE if query.has(Op.AVERAGE) else Rule.SUM
        computed = compute(rule, tuple(ordered), " + ".join(fact.label for fact in ordered[:3]))
        beside = tuple(replace(cell(fact), supporting=True) for fact in ordered)
        return Outcome(findings=(computed, *beside), listing=True)
    return Outcome(findings=tuple(cell(fact) for fact in ordered), listing=True)


def changed(query: Query, catalogue: Catalogue, allowed: Callable[[Entry], bool]) -> Outcome | None:
    """哪些项目减少了, 增加最多的项目: the rows by their printed change, the largest first."""
    entries = [
        entry
        for entry in catalogue.entries
        if entry.fact.row_kind in KINDS[query.noun]
        and entry.fact.table
        and is_change_head(entry.fact.column[-1])
        and entry.kind in (Kind.MONEY, Kind.COUNT)
        and allowed(entry)
    ]
    facts = [entry.fact for entry in one_table(entries, catalogue)]
    sign = direction_of(query.question.text)
    facts = [f for f in facts if f.value and (not sign or (f.value > 0) == (sign > 0))]
    ordered = sorted(facts, key=lambda fact: (-abs(size(fact)), fact.row))
    if query.limit is not None:
        limit = query.limit
        ordered = [f for f in ordered if f.value and within(replace(f, value=abs(f.value)), limit)]
    ordered = ranked(ordered, query) if query.rank is not None else ordered
    if not ordered:
        return None
    if query.has(Op.COUNT) and query.rank is None:
        counted = compute(Rule.COUNT, tuple(ordered), counted_label(query, ordered))
        return Outcome(findings=(counted, *parts(ordered)), listing=True)
    return Outcome(findings=tuple(map(cell, ordered)), listing=True)


def direction_of(text: str) -> int:
    """+1 or -1 of the words for a change; 0 where both or none are said."""
    up, down = (any(word in text for word in lexicon("prose")[name]) for name in ("up", "down"))
    return up - down


def counted_label(query: Query, members: Sequence[Fact]) -> str:
    return table_name(members[0].table, members[0].title)


def within(fact: Fact, limit: Threshold | Range) -> bool:
    if isinstance(limit, Threshold):
        return compares(size(fact), limit.op, in_base(limit.amount, fact))
    low, high = in_base(limit.low, fact), in_base(limit.high, fact)
    above = size(fact) > low if limit.low_open else size(fact) >= low
    below = size(fact) < high if limit.high_open else size(fact) <= high
    return above and below


def in_base(amount: Amount, fact: Fact) -> Decimal:
    """The amount as `size` counts; a bare number is in the unit the fact is printed in."""
    if amount.unit in FACTORS:
        return amount.value * FACTORS[amount.unit]
    return amount.value * FACTORS.get(fact.unit, Decimal(1))


def compares(value: Decimal, op: str, limit: Decimal) -> bool:
    return {
        "<": value < limit,
        "≤": value <= limit,
        ">": value > limit,
        "≥": value >= limit,
        "=": value == limit,
    }[op]


def ranked(ordered: Sequence[Fact], query: Query) -> list[Fact]:
    """The places asked for; who ties with the last place is shown as well."""
    assert query.rank is not None
    facts = list(ordered) if query.rank.order == "top" else list(reversed(ordered))
    first, last = query.rank.first - 1, query.rank.last
    if first >= len(facts):
        return []
    chosen = facts[first:last]
    tied = [fact for fact in facts[last:] if size(fact) == size(chosen[-1])]
    return chosen + tied


def members_of(query: Query, catalogue: Catalogue, allowed: Callable[[Entry], bool]) -> list[Fact]:
    """Rows of one table (of the indicators: of all) that bear the describing words."""

    def fits(entry: Entry) -> bool:
        fact = entry.fact
        return (
            fact.row_kind in KINDS[query.noun]
            and fact.kind is not Kind.WEIGHT
            and (entry.main or is_target(fact) or bool(query.content.total))
            and bool(fact.table)
            and allowed(entry)
        )

    described = describe(query, catalogue, fits)
    if described is None:
        entries = [entry for entry in catalogue.entries if fits(entry)]
        goals = any(word in query.question.text for word in nouns()["goals"])
        one = one_table(entries, catalogue, goals=goals)
        rows = entries if query.noun == "indicator" else one
        return [entry.fact for entry in rows]
    if query.noun == "project" and not (described and says_more(described[0], query)):
        described = [match for match in described if not is_target(match.entry.fact)]
    entries = [match.entry for match in described if not is_excluded(match.entry, query)]
    if any(is_target(entry.fact) for entry in entries):
        targets = [entry.fact for entry in entries if is_target(entry.fact)]
        return targets if only_counted(query) else one_measure(targets)
    said = {gram for key in query.content.keys for gram in grams(key.word)}
    return without_wholes([e.fact for e in one_table(entries, catalogue, said)])


def without_wholes(facts: Sequence[Fact]) -> list[Fact]:
    """Rows that only sum up other members are no members themselves."""
    above = {(fact.table, fact.row_path[:-1]) for fact in facts}
    return [fact for fact in facts if (fact.table, fact.row_path) not in above]


def is_excluded(entry: Entry, query: Query) -> bool:
    return any(word in entry.item for word in query.excluded)


def plain_rows(facts: Sequence[Fact], query: Query) -> list[Fact]:
    """Without words that describe indicators, the indicators of a project are no members."""
    if query.noun == "indicator" or query.content.total:
        return list(facts)
    return [fact for fact in facts if not is_target(fact)]


def only_counted(query: Query) -> bool:
    """How many, or which there are: targets of any measure."""
    return query.has(Op.COUNT, Op.LIST) and query.rank is None and query.limit is None


def one_measure(facts: Sequence[Fact]) -> list[Fact]:
    """Targets are ranked in one measure only: that of most of them."""
    units = Counter(fact.unit for fact in facts)
    return [fact for fact in facts if fact.unit == units.most_common(1)[0][0]]


def describe(
    query: Query, catalogue: Catalogue, fits: Callable[[Entry], bool]
) -> list[Match] | None:
    """Members that bear the words; None when there are none to bear. Empty: nobody does."""
    if query.content.total < catalogue.most:
        return None  # lighter than one noun: nothing is described
    matches = tuple(
        match
        for match in link(query.content, catalogue, fits, by_context=True)
        if match.column_said >= COLUMN_SAID
    )
    if not matches:
        return []
    best = matches[0]
    return [
        match
        for match in matches
        if match.covered >= best.covered * DESCRIBED
        and best.covered >= LEAST_DESCRIBED
        and says_more(match, query) == says_more(best, query)
    ]


def says_more(match: Match, query: Query) -> bool:
    """The words name the row itself, not only its table or project."""
    return query.content.weigh(match.own_mask) > 0


def one_table(
    entries: Sequence[Entry],
    catalogue: Catalogue,
    said: set[str] | None = None,
    *,
    goals: bool = False,
) -> list[Entry]:
    """Of the tables that list such rows the one whose title is said most, then one of amounts
    before one of performance goals (`goals`: after), then the longest."""
    tables: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if not is_target(entry.fact):
            tables.setdefault((entry.fact.document, entry.fact.table), []).append(entry)

    def rank(found: list[Entry]) -> tuple[float, bool, int]:
        title = flat(found[0].fact.title)
        share = name_share(title, said, catalogue) if said else 0.0
        of_goals = (found[0].fact.document, found[0].fact.table) in catalogue.goal_tables
        return round(share, 2), of_goals == goals, len(found)

    return max(tables.values(), key=rank, default=[])
