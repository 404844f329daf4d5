"""A figure that the document contradicts: as printed, and as its other figures have it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.calculate import cell, comparable, compute
from assistant.catalogue import Catalogue
from assistant.finding import Finding, Rule
from assistant.naming import name
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.select import Choice
from index.check_words import TAIL
from index.fact import Check, Fact

MOST_OTHERS = 2
"""Other figures shown, where several relations contradict each other too."""

SUMS = ("column sum", "row sum", "prose sum")
"""Checks whose first figure is the sum of the others."""


def contradicted(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """The figure asked for and what it ought to be by the relations that fail; None where the
    document's figures agree."""
    facts = [fact for choice in choices for fact in choice.reachable if fact.value is not None]
    for fact in dict.fromkeys(subjects(facts, catalogue)):
        if others := others_of(fact, catalogue):
            return Outcome(findings=(cell(fact), *others), matches=choices[0].matches)
    return None


def subjects(facts: Sequence[Fact], catalogue: Catalogue) -> Iterator[Fact]:
    """The figures that may be wrong, the likeliest first: doubtful ones; doubtful ones of the same
    row, or a share that does not follow; wholes that their parts do not make."""
    yield from (fact for fact in facts if fact.doubt)
    for fact in facts:
        for check in catalogue.failed(fact):
            related = [catalogue.fact(fact.document, one) for one in check.facts]
            yield from (r for r in related if r is not None and r.doubt and r.label == fact.label)
    for fact in facts:
        if any(check.facts[0] == fact.id for check in catalogue.failed(fact)):
            yield fact


def others_of(fact: Fact, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What each failed relation of the figure gives instead, differing values once.

    Relations in the figure's own row come first: they need fewer other figures.
    """
    found: list[Finding] = []
    for check in sorted(catalogue.failed(fact), key=lambda check: distance(check, fact, catalogue)):
        other = other_by(check, fact, catalogue)
        if other is not None and other.value not in (fact.value, *(f.value for f in found)):
            found.append(other)
    return tuple(found[:MOST_OTHERS])


def distance(check: Check, fact: Fact, catalogue: Catalogue) -> tuple[int, int]:
    """How many figures outside of the figure's own row the relation needs, and how many at all."""
    rows = (catalogue.fact(fact.document, one) for one in check.facts)
    others = sum(one is None or (one.table, one.row) != (fact.table, fact.row) for one in rows)
    return others, len(check.facts)


def other_by(check: Check, fact: Fact, catalogue: Catalogue) -> Finding | None:
    """The relation solved for the figure; None if it cannot be, or only rounding differs."""
    facts = [catalogue.fact(fact.document, one) for one in check.facts]
    if TAIL in check.what or fact not in facts:
        return None
    known = [one for one in facts if one is not None and one.value is not None]
    if len(known) < len(facts) or len(facts) < 2:
        return None
    solve = SOLVERS.get(check.name, _equal)
    try:
        return solve(fact, known)
    except ValueError:
        return None


def _equal(fact: Fact, facts: Sequence[Fact]) -> Finding | None:
    """Two places that ought to say the same."""
    other = next((one for one in facts if one.value != fact.value), None)
    return cell(other) if other is not None and other.unit == fact.unit else None


def _sum(fact: Fact, facts: Sequence[Fact]) -> Finding | None:
    total, *parts = facts
    if not comparable(facts):
        return None
    if fact is total:
        return _computed(Rule.SUM, parts, fact)
    return _computed(Rule.DIFFERENCE, (total, *(one for one in parts if one is not fact)), fact)


def _change(fact: Fact, facts: Sequence[Fact]) -> Finding | None:
    """This year's figure less last year's is the change."""
    if len(facts) != 3 or len({one.unit for one in facts}) > 1:
        return None
    moved, now, before = facts
    if fact is moved:
        return _computed(Rule.DIFFERENCE, (now, before), fact)
    if fact is now:
        return _computed(Rule.SUM, (before, moved), fact)
    return _computed(Rule.LAST_YEAR, (now, moved), fact)


def _share(fact: Fact, facts: Sequence[Fact]) -> Finding | None:
    if len(facts) != 3 or fact is not facts[0] or fact.unit != "%" or not comparable(facts[1:]):
        return None
    return _computed(Rule.SHARE, facts[1:], fact)


Solve = Callable[[Fact, Sequence[Fact]], Finding | None]
SOLVERS: dict[str, Solve] = {
    **dict.fromkeys(SUMS, _sum),
    "change": _change,
    "share": _share,
}


def _computed(rule: Rule, operands: Sequence[Fact], fact: Fact) -> Finding:
    """In the words of the figure itself: 合计（按其他数推算）."""
    found = compute(rule, operands, f"{name(fact)}（按其他数推算）")
    return replace(found, places=())
