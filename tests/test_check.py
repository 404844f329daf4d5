"""The checks together: generated budgets, the sample, doubts, the report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.check import SUMS, check, mark_doubts
from index.check_report import lines_of
from index.document import Place
from index.fact import Budget, Check, Outcome
from index.read import read_budget
from tests.check_budgets import ITEM, TOTAL, UNIT, R, budget, table

SAMPLE = Path("eval/budgets/sichuan-bigdata-2023.txt")
EQUAL_ROWS = "同名同口径"
"""Begins the checks that say only that equal rows are equal."""


def checked(made: Budget) -> Budget:
    return mark_doubts(replace(made, checks=check(made)))


# Generated budgets


CENTS = st.integers(min_value=1, max_value=9_999_999)


@st.composite
def generated(draw: st.DrawFn) -> tuple[Budget, str]:
    """Units with items in 合计 = 基本 + 项目, every sum right; the id of one of its cells."""
    columns = [("合计",), ("基本支出",), ("项目支出",)]
    rows: list[R] = []
    total = [0, 0]
    for name in "甲乙丙"[: draw(st.integers(1, 3))]:
        items = draw(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=4))
        own = [sum(item[n] for item in items) for n in (0, 1)]
        total = [a + b for a, b in zip(total, own, strict=True)]
        rows.append(R(name, money(own), UNIT, 1, (name,), unit=name))
        rows += [
            R(f"{name}{n}", money(item), ITEM, 2, (name, f"{name}{n}"), unit=name)
            for n, item in enumerate(items)
        ]
    made = budget(table([R("合计", money(total), TOTAL), *rows], columns))
    return made, draw(st.sampled_from([fact.id for fact in made.facts]))


def money(pair: Sequence[int]) -> list[str]:
    return [f"{Decimal(cents) / 100:.2f}" for cents in (sum(pair), *pair)]


@given(generated(), st.integers(min_value=5, max_value=10_000))
@settings(max_examples=60, deadline=None)
def test_one_wrong_cell_fails_exactly_its_own_sums_and_is_the_one_doubted(
    case: tuple[Budget, str], cents: int
) -> None:
    made, wrong = case
    before = check(made)
    assert {c.outcome for c in before} == {Outcome.HOLDS}
    changed = replace(
        made,
        facts=tuple(
            replace(fact, value=(fact.value or 0) + Decimal(cents) / 100)
            if fact.id == wrong
            else fact
            for fact in made.facts
        ),
    )
    after = checked(changed)
    assert failed(after.checks) == {frozenset(c.facts) for c in before if wrong in c.facts}
    doubted = {fact.id for fact in after.facts if fact.doubt}
    assert wrong in doubted
    small = len(made.facts) <= 9
    assert small or doubted == {wrong}


def failed(checks: Iterable[Check]) -> set[frozenset[str]]:
    return {frozenset(c.facts) for c in checks if c.outcome is Outcome.DIFFERS and c.name in SUMS}


def test_rounding_is_named_and_is_no_doubt_where_several_sums_show_it() -> None:
    rows = [
        R("合计", ["10.01", "20.01"], TOTAL),
        R("甲", ["5.00", "15.00"], ITEM, 1),
        R("乙", ["5.00", "5.00"], ITEM, 1),
    ]
    made = checked(budget(table(rows, [("本级",), ("下属",)])))
    assert [c.outcome.value for c in made.checks] == ["differs", "differs"]
    assert all("四舍五入" in c.what for c in made.checks)
    assert not any(fact.doubt for fact in made.facts)


def test_where_too_many_cells_may_be_wrong_the_whole_alone_is_doubted() -> None:
    parts = [R(str(n), [f"{n}.00"], ITEM, 1) for n in range(1, 6)]
    made = checked(budget(table([R("合计", ["19.00"], TOTAL), *parts], [("金额",)])))
    assert [fact.label for fact in made.facts if fact.doubt] == ["合计"]
    few = checked(budget(table([R("合计", ["9.00"], TOTAL), *parts[:2]], [("金额",)])))
    assert len([fact for fact in few.facts if fact.doubt]) == 3


def test_a_single_hundredth_is_doubted_where_all_other_sums_tie() -> None:
    parts = [(f"{n}.25", f"{2 * n}.50") for n in range(1, 34)]
    rows = [R(str(n), [str(Decimal(a) + Decimal(b)), a, b]) for n, (a, b) in enumerate(parts)]
    rows[4] = replace(
        rows[4], values=[str(Decimal(rows[4].values[0]) + Decimal("0.01")), *parts[4]]
    )
    made = checked(budget(table(rows, [("合计",), ("基本支出",), ("项目支出",)])))
    assert [fact.label for fact in made.facts if fact.doubt] == ["4", "4", "4"]
    few = checked(budget(table(rows[3:6], [("合计",), ("基本支出",), ("项目支出",)])))
    assert not any(fact.doubt for fact in few.facts)


# The sample


@cache
def sample() -> Budget:
    return read_budget(SAMPLE.name, SAMPLE.read_bytes())


def of(name: str, outcome: Outcome) -> list[Check]:
    return [c for c in sample().checks if c.name == name and c.outcome is outcome]


def lines(found: Check) -> set[int]:
    return {place.line for place in found.places if place.line is not None}


def test_every_sum_of_the_sample_ties() -> None:
    counts = Counter((c.name, c.outcome) for c in sample().checks)
    arithmetic = ("repeat", "column sum", "row sum", "change", "prose sum", "share")
    assert all(counts[name, Outcome.HOLDS] for name in arithmetic)
    assert not any(counts[name, Outcome.DIFFERS] for name in (*arithmetic, "table to table"))
    assert counts["repeat", Outcome.HOLDS] == 18
    assert counts["column sum", Outcome.HOLDS] >= 67
    assert counts["row sum", Outcome.HOLDS] >= 87
    assert counts["table to table", Outcome.HOLDS] >= 50
    assert counts["share", Outcome.HOLDS] == 10
    assert counts["prose to table", Outcome.HOLDS] >= 36
    assert counts["weight", Outcome.DIFFERS] == 0


KNOWN = [
    ("contents", {33, 368}),
    ("contents", {37, 397}),
    ("contents", {39, 411}),
    ("contents", {23}),
    ("names", {806, 107, 150}),
    ("names", {349, 537}),
    ("names", {339, 572}),
    ("names", {679}),
    ("names", {320, 323, 326, 329, 331, 332, 335, 341, 350}),
    ("prose to table", {898, 418}),
    ("count", {898, 419}),
    ("count", {83, 88, 89}),
    ("count", {866, 868, 892}),
]


@pytest.mark.parametrize("name, where", KNOWN)
def test_each_known_contradiction_of_the_sample_is_listed(name: str, where: set[int]) -> None:
    assert where in [lines(c) for c in of(name, Outcome.DIFFERS)]


def test_the_sample_has_no_other_contradictions() -> None:
    found = [c for c in sample().checks if c.outcome is Outcome.DIFFERS]
    assert sorted((c.name, sorted(lines(c))) for c in found) == sorted(
        (name, sorted(where)) for name, where in KNOWN
    )


def test_checks_say_where_and_name_their_facts() -> None:
    ids = {fact.id for fact in sample().facts}
    for found in sample().checks:
        assert found.places and found.what and set(found.facts) <= ids
        assert found.facts or found.name == "contents"
    identities = [(c.name, frozenset(c.facts) or c.what) for c in sample().checks]
    assert len(identities) == len(set(identities))


CHANGED = [
    (169, 6, "2,691.50", "2,691.05"),
    (150, 2, "24,634.71", "24,643.71"),
    (166, 5, "24,634.71", "24,634.17"),
    (246, 5, "16.01", "10.61"),
    (321, 4, "16,878.02", "16,878.20"),
]
"""Line, field, as printed, as a slip would print it."""


@pytest.mark.parametrize("line, field, printed, slip", CHANGED)
def test_one_changed_cell_fails_exactly_the_relations_that_use_it(
    line: int, field: int, printed: str, slip: str
) -> None:
    text = SAMPLE.read_text("utf-8").split("\n")
    cells = text[line - 1].split("\t")
    at = cells.index(printed)
    cells[at] = slip
    text[line - 1] = "\t".join(cells)
    after = read_budget(SAMPLE.name, "\n".join(text).encode())
    place = next(f for f in after.facts if f.place == Place(line=line, field=at))
    using = {
        frozenset(c.facts)
        for c in sample().checks
        if c.outcome is Outcome.HOLDS and place.id in c.facts and EQUAL_ROWS not in c.what
        if c.name != "prose to table"
    }
    new = failed(after.checks) - failed(sample().checks)
    assert using and using <= new
    assert all(place.id in facts for facts in new)
    before = {fact.id for fact in sample().facts if fact.doubt}
    doubted = {fact.id for fact in after.facts if fact.doubt} - before
    assert place.id in doubted and len(doubted) <= 2


def test_checking_the_sample_takes_less_than_three_tenths_of_a_second() -> None:
    made = sample()
    check(made)
    start = process_time()
    check(made)
    assert process_time() - start < 0.3


# The report


def test_the_report_lists_what_differs_first_and_counts_what_holds() -> None:
    told = lines_of(sample().checks)
    assert told[0] == f"不符 {len(KNOWN)} 项"
    assert told[1].startswith("  1. 〔名称〕正文第806行“事业收入”")
    assert any(line.startswith("无法核对 ") for line in told)
    assert told[-1].startswith("相符 ") and "纵向合计 67 项" in told[-1]
    assert lines_of([]) == ["不符 0 项", "无法核对 0 项", "相符 0 项"]
