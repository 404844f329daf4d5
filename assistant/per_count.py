"""Money for each piece: two things asked, or a project's amount by its own indicator."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.calculate import FACTORS, compute, plain, rounded, shown
from assistant.catalogue import Catalogue, flat
from assistant.finding import Finding, Rule
from assistant.naming import name, parts
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.select import Choice, echoes, is_target
from index.fact import Fact, Kind


def per_piece(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """Money divided by a count: two things asked, or a project's amount by its own indicator."""
    facts = [fact for choice in choices for fact in choice.facts]
    counts = [f for f in facts if f.kind in (Kind.COUNT, Kind.TARGET) and f.value]
    money = [f for f in facts if f.kind is Kind.MONEY and f.value is not None]
    if not counts:
        counts = [m.entry.fact for c in choices for m in c.near if is_target(m.entry.fact)]
    if not counts:
        return None
    counts.sort(key=lambda f: not echoes(f, query.want))
    count = counts[0]
    if not money:
        count, money = next(
            ((c, found) for c in counts if (found := project_money(c, catalogue))), (count, [])
        )
    if not money:
        return None
    money.sort(key=lambda fact: not echoes(fact, query.want))
    ratio_ = per_count(money[0], count, query.output_unit)
    same = [f for f in money[1:] if f.value == money[0].value]
    each = replace(ratio_, places=tuple(same))
    return Outcome(findings=(each, *parts((money[0], count))), matches=choices[0].matches)


def per_count(money: Fact, count: Fact, unit: str) -> Finding:
    """Money for each piece, worked out in the unit asked for so that nothing is rounded away."""
    found = compute(Rule.RATIO, (money, count), f"{name(money)}÷{name(count)}")
    shown_in = unit if unit in FACTORS else money.unit
    if money.value is None or not count.value:
        return found
    factor = FACTORS[money.unit] / FACTORS[shown_in]
    value = rounded(money.value * factor / count.value, 2 if factor >= 1 else 4)
    step = f" × {plain(factor)}" if factor != 1 else ""
    return replace(
        found,
        value=value,
        printed=shown(value),
        unit=f"{shown_in}/{count.unit}" if count.unit else shown_in,
        expression=f"{plain(money.value)}{step} ÷ {plain(count.value)}",
    )


def project_money(indicator: Fact, catalogue: Catalogue) -> list[Fact]:
    """What the indicator's project costs, in every table that prints it, budget tables first."""
    project = flat(indicator.row_path[1]) if len(indicator.row_path) > 1 else ""
    found = [
        e.fact
        for e in catalogue.entries
        if e.main
        and e.fact.kind is Kind.MONEY
        and e.fact.document == indicator.document
        and e.item == project
    ]
    return sorted(found, key=lambda fact: fact.table == indicator.table)


def average_by_count(query: Query, choice: Choice, catalogue: Catalogue) -> Outcome | None:
    """The amount of a class of things by their number, where one sentence prints both."""
    fact = choice.facts[0]
    same = [
        e.fact
        for e in catalogue.entries
        if e.fact.label == fact.label and e.fact.place == fact.place and not fact.table
    ]
    money = next((f for f in same if f.kind is Kind.MONEY and f.value is not None), None)
    count = next((f for f in same if f.kind is Kind.COUNT and f.value), None)
    if money is None or count is None:
        return None
    found = per_count(money, count, query.output_unit)
    return Outcome(findings=(found, *parts((money, count))), matches=choice.matches)
