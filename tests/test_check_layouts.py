"""The checks on whole budgets in many layouts: no false alarm, and a wrong cell is found."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from index.check import check, mark_doubts
from index.check_report import line_of
from index.check_words import TAIL
from index.fact import Budget, Outcome
from index.read import read_budget
from tests.check_layouts import (
    Item,
    amounts,
    budgets,
    differing,
    income_by_unit,
    items,
    rounded,
)


@given(budgets())
@settings(max_examples=60, deadline=None)
def test_a_sound_budget_has_no_contradictions_whatever_its_layout(made: Budget) -> None:
    wrong = [line_of(c) for c in made.checks if c.outcome is Outcome.DIFFERS]
    assert wrong == []
    names = {c.name for c in made.checks if c.outcome is Outcome.HOLDS}
    assert {"column sum", "row sum", "change", "table to table"} <= names
    assert not any(fact.doubt for fact in made.facts)


@given(budgets(), st.data(), st.integers(min_value=3, max_value=900))
@settings(max_examples=60, deadline=None)
def test_one_wrong_cell_is_found_and_doubted_and_no_other_relation_fails(
    made: Budget, data: st.DataObject, by: int
) -> None:
    wrong = data.draw(st.sampled_from(amounts(made)))
    facts = tuple(
        replace(fact, value=(fact.value or 0) + Decimal(by)) if fact.id == wrong else fact
        for fact in made.facts
    )
    changed = replace(made, facts=facts)
    after = mark_doubts(replace(changed, checks=check(changed)))
    failed = differing(after.checks)
    assert failed and all(wrong in names for names in failed)
    doubted = {fact.id for fact in after.facts if fact.doubt}
    assert wrong in doubted and len(doubted) <= 3


@given(income_by_unit())
@settings(max_examples=30, deadline=None)
def test_totals_are_found_under_heads_of_three_levels(content: bytes) -> None:
    made = read_budget("budget.html", content)
    sums = [c for c in made.checks if c.name == "row sum"]
    assert {c.outcome for c in made.checks} == {Outcome.HOLDS}
    assert {len(c.facts) for c in sums} == {3, 4}
    rows = len({fact.row for fact in made.facts})
    assert len(sums) == 2 * rows


@given(items())
@settings(max_examples=40, deadline=None)
def test_a_budget_of_rounded_figures_differs_by_rounding_alone(found: tuple[Item, ...]) -> None:
    made = rounded(found)
    assert all(TAIL in c.what for c in made.checks if c.outcome is Outcome.DIFFERS)
    assert not any(fact.doubt for fact in made.facts)
