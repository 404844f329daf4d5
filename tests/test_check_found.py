"""Relations that only the figures tell: nesting of rows, sums and quotients of columns, series."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.check import check, sum_checks
from index.check_nesting import ABOVE, nesting, whole_numbers
from index.check_rows import book_of, sides_of
from index.check_series import series_checks
from index.fact import Budget, Check, Outcome
from tests.check_budgets import ITEM, TOTAL, UNIT, Made, R, budget, outcomes, sums, table

# Nesting of rows

Tree = list["Tree"] | None
"""A row with its members; None is a row without any."""


def trees(depth: int) -> st.SearchStrategy[Tree]:
    inner = st.lists(trees(depth - 1), min_size=2, max_size=4) if depth else st.none()
    return st.one_of(st.none(), inner)


def printed(tree: Tree, rows: list[int], found: dict[int, list[int]]) -> None:
    """The rows of a tree, parents first, and the members of each. The lowest rows are powers of
    three, so that no two sums agree by chance."""
    at = len(rows)
    rows.append(0)
    if tree is None:
        rows[at] = 3**at
    for member in tree or ():
        found.setdefault(at, []).append(len(rows))
        printed(member, rows, found)
    rows[at] += sum(rows[child] for child in found.get(at, ()))


@given(st.lists(trees(2), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_rows_nest_as_their_figures_add_up(forest: list[Tree]) -> None:
    members: dict[int, list[int]] = {}
    rows: list[int] = []
    for tree in forest:
        members.setdefault(ABOVE, []).append(len(rows))
        printed(tree, rows, members)
    whole = sum(rows[root] for root in members[ABOVE])
    found = nesting([(row,) for row in rows], (whole,))
    assert found == {at: tuple(own) for at, own in members.items()}


def test_rows_that_add_up_to_nothing_have_no_nesting() -> None:
    assert nesting([(5,), (2,), (3,)], (9,)) is None
    assert nesting([], (0,)) is None


def test_figures_are_made_whole_numbers_of_one_scale() -> None:
    assert whole_numbers([[Decimal("1.5"), Decimal(2)], [Decimal("0.25"), Decimal(0)]]) == [
        (150, 200),
        (25, 0),
    ]


def test_a_flat_list_with_its_total_below_is_read_by_its_figures() -> None:
    rows = [
        R("工资", ["7.10", "3.00"]),
        R("基本工资", ["4.10", "2.00"]),
        R("津贴", ["3.00", "1.00"]),
        R("办公", ["5.20", "0.50"]),
        R("总", ["12.30", "3.50"], TOTAL),
    ]
    found = sums(*rows, columns=[("本级",), ("下属",)])
    assert outcomes(found, "column sum") == [
        ("holds", "7.10 + 5.20 = 12.30"),
        ("holds", "3.00 + 0.50 = 3.50"),
        ("holds", "4.10 + 3.00 = 7.10"),
        ("holds", "2.00 + 1.00 = 3.00"),
    ]


def test_a_wrong_cell_in_a_flat_list_differs_in_its_own_column() -> None:
    rows = [
        R("工资", ["7.10", "3.00", "10.10"]),
        R("基本工资", ["4.10", "2.00", "6.10"]),
        R("津贴", ["3.00", "1.90", "4.00"]),
        R("办公", ["5.20", "0.50", "5.70"]),
        R("总", ["12.30", "3.50", "15.80"], TOTAL),
    ]
    found = sums(*rows, columns=[("甲",), ("乙",), ("丙",)])
    wrong = [shown for outcome, shown in outcomes(found, "column sum") if outcome != "holds"]
    assert wrong == ["2.00 + 1.90 = 3.90 ≠ 3.00"]


# Columns

HEADS = [("今年",), ("去年",), ("差",), ("幅度",)]


def year_on_year(*rows: Sequence[str]) -> list[Check]:
    made = [R(f"第{at}行", row) for at, row in enumerate(rows)]
    sides = sides_of(budget(table(made, HEADS, years=[2024, 2023, 2024, 2024])))
    return list(sum_checks(sides[0]))


ROWS = [
    ("110.00", "100.00", "10.00", "10.00%"),
    ("90.00", "120.00", "-30.00", "-25.00%"),
    ("75.00", "60.00", "15.00", "25.00%"),
    ("40.00", "50.00", "-10.00", "-20.00%"),
    ("66.00", "60.00", "6.00", "10.00%"),
]


def test_differences_and_rates_are_found_under_any_heads() -> None:
    found = year_on_year(*ROWS)
    assert [c.outcome for c in found if c.name == "row sum"] == [Outcome.HOLDS] * 5
    assert [c.outcome for c in found if c.name == "change"] == [Outcome.HOLDS] * 5


@pytest.mark.parametrize(
    "row, name",
    [
        (("66.00", "60.00", "9.00", "10.00%"), "row sum"),
        (("66.00", "60.00", "6.00", "19.00%"), "change"),
    ],
)
def test_the_row_that_breaks_a_found_relation_differs(row: Sequence[str], name: str) -> None:
    found = year_on_year(*ROWS[:4], row)
    wrong = [c for c in found if c.outcome is Outcome.DIFFERS]
    assert [c.name for c in wrong] == [name]


def test_a_square_left_blank_breaks_no_found_relation() -> None:
    found = year_on_year(*ROWS, ("30.00", "20.00", "", ""))
    assert {c.outcome for c in found} == {Outcome.HOLDS}


def test_columns_that_agree_in_few_rows_have_no_relation() -> None:
    rows = [("3", "1", "2", ""), ("9", "4", "4", ""), ("8", "6", "1", ""), ("7", "3", "3", "")]
    assert [c for c in year_on_year(*rows) if c.name == "row sum"] == []


# Series


def spending(number: str, title: str, values: Sequence[str], total: str) -> Made:
    names = ["学前教育", "小学教育", "初中教育", "高中教育", "培训支出"]
    rows = [R("合计", [total], TOTAL)]
    rows += [R(name, [value], ITEM, 1) for name, value in zip(names, values, strict=True)]
    return table(rows, [("金额",)], number=number, title=title)


SAID = ["10", "20", "30", "40", "50"]


def series(*made: Made) -> list[str]:
    return [c.expression for c in series_checks(book_of(budget(*made)))]


def test_one_name_of_two_equal_lists_that_differs_is_a_contradiction() -> None:
    left = spending("表一", "甲表", SAID, "150")
    assert series(left, spending("表二", "乙表", SAID, "150")) == []
    assert series(left, spending("表二", "乙表", ["10", "20", "30", "44", "50"], "150")) == [
        "40 ≠ 44"
    ]


def test_lists_of_other_scope_contradict_nothing() -> None:
    left = spending("表一", "甲表", SAID, "150")
    assert series(left, spending("表二", "乙表", ["10", "20", "30", "44", "50"], "154")) == []
    assert series(left, spending("表二", "乙表", ["10", "25", "35", "30", "50"], "150")) == []


def units(values: Sequence[int]) -> Budget:
    """公务接待费 of each unit: as a column of one table, as a row of each unit in another."""
    pairs = [(name, str(value)) for name, value in zip("甲乙丙丁戊", values, strict=True)]
    across = [R(name, [value], UNIT, 1, (name,), unit=name) for name, value in pairs]
    label = "公务接待费"
    down = [R(label, [value], ITEM, 1, (name, label), unit=name) for name, value in pairs]
    total = R("合计", [str(sum(values))], TOTAL)
    return budget(
        table([total, *across], [(label,)], number="表一", title="经费表"),
        table(down, [("合计",)], number="表二", title="明细表"),
    )


def test_columns_of_units_are_held_against_rows_of_units() -> None:
    made = units([11, 12, 13, 14, 15])
    assert list(series_checks(book_of(made))) == []
    facts = tuple(
        replace(fact, value=Decimal(31)) if fact.table == "表一" and fact.label == "丙" else fact
        for fact in made.facts
    )
    changed = replace(made, facts=facts)
    assert [c.expression for c in series_checks(book_of(changed))] == ["31 ≠ 13"]
    assert {c.outcome for c in check(changed) if c.name == "column sum"} == {Outcome.DIFFERS}
