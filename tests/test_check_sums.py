"""Sums inside tables, in the layouts that budgets print; goal tables."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from index.check import check, sum_checks
from index.check_rows import sides_of
from index.fact import Kind, Outcome, RowKind
from tests.check_budgets import (
    ITEM,
    PROJECT,
    SUBTOTAL,
    TOTAL,
    UNIT,
    R,
    budget,
    goals,
    outcomes,
    sums,
    table,
)


def test_a_total_is_the_sum_of_its_units_and_a_unit_of_its_items() -> None:
    found = sums(
        R("合计", ["30"], TOTAL),
        R("甲", ["10"], UNIT, 1, unit="甲"),
        R("办公费", ["10"], ITEM, 2, ("甲", "办公费"), unit="甲"),
        R("乙", ["20"], UNIT, 1, unit="乙"),
        R("办公费", ["15"], ITEM, 2, ("乙", "办公费"), unit="乙"),
        R("水费", ["5"], ITEM, 2, ("乙", "水费"), unit="乙"),
    )
    assert outcomes(found, "column sum") == [
        ("holds", "10 + 20 = 30"),
        ("holds", "10 = 10"),
        ("holds", "15 + 5 = 20"),
    ]


def test_a_unit_row_of_the_whole_department_is_not_added_to_its_own_units() -> None:
    found = sums(
        R("合计", ["30"], TOTAL),
        R("某局部门", ["30"], UNIT, 1, unit_code="361"),
        R("甲", ["10"], UNIT, 1, unit="甲", unit_code="361001"),
        R("乙", ["20"], UNIT, 1, unit="乙", unit_code="361002"),
    )
    assert outcomes(found, "column sum") == [("holds", "30 = 30"), ("holds", "10 + 20 = 30")]


def test_footings_sum_what_stands_above_and_earlier_footings() -> None:
    found = sums(
        R("一、拨款", ["70"]),
        R("二、事业收入", ["20"]),
        R("本年收入合计", ["90"], SUBTOTAL),
        R("三、上年结转", ["5"]),
        R("其中：专户", ["2"], ITEM, 1, ("上年结转", "专户")),
        R("收入总计", ["95"], TOTAL),
        columns=[("收入", "预算数")],
    )
    assert outcomes(found, "column sum") == [("holds", "70 + 20 = 90"), ("holds", "90 + 5 = 95")]


def test_parts_behind_whereof_may_be_less_than_the_whole_but_not_more() -> None:
    less = [R("合计", ["10"], TOTAL), R("费用", ["10"], ITEM, 1)]
    part = R("其中：水费", ["4"], ITEM, 2, ("费用", "水费"))
    assert outcomes(sums(*less, part), "column sum") == [("holds", "10 = 10")]
    more = outcomes(sums(*less, replace(part, values=["14"])), "column sum")
    assert more[-1] == ("differs", "14 = 14 ≠ 10")


def test_ordinals_nest_where_the_reader_saw_one_level() -> None:
    found = sums(
        R("一、本年收入", ["9"]),
        R("（一）一般公共预算拨款", ["9"]),
        R("（二）政府性基金预算拨款", [""]),
        R("二、上年结转", ["3"]),
        R("（一）一般公共预算拨款", ["3"]),
        R("收入总计", ["12"], TOTAL),
    )
    assert outcomes(found, "column sum") == [
        ("holds", "9 = 9"),
        ("holds", "3 = 3"),
        ("holds", "9 + 3 = 12"),
    ]


@pytest.mark.parametrize("above", [True, False])
def test_subtotals_stand_above_or_below_their_members(above: bool) -> None:
    blocks: list[R] = []
    for name, values in (("甲", ("1", "2", "3")), ("乙", ("4", "6", "10"))):
        members = [R(f"项目{v}", [v], PROJECT, 1, unit=name) for v in values[:2]]
        small = R("小计", [values[2]], SUBTOTAL, unit=name)
        blocks += [small, *members] if above else [*members, small]
    found = sums(R("合计", ["13"], TOTAL), *blocks)
    assert sorted(outcomes(found, "column sum")) == [
        ("holds", "1 + 2 + 4 + 6 = 13"),
        ("holds", "1 + 2 = 3"),
        ("holds", "4 + 6 = 10"),
    ]


def test_a_heading_without_figures_gives_its_members_to_the_total() -> None:
    found = sums(
        R("合计", ["3"], TOTAL),
        R("人员类", [""], ITEM, 1),
        R("工资", ["1"], ITEM, 2, ("人员类", "工资")),
        R("公用类", [""], ITEM, 1),
        R("水费", ["2"], ITEM, 2, ("公用类", "水费")),
    )
    assert outcomes(found, "column sum") == [("holds", "1 + 2 = 3")]


def test_a_total_row_is_repeated_below_without_a_label() -> None:
    rows = [R("合计", ["3"], TOTAL), R("", ["3"], RowKind.TOTAL_REPEAT, path=("合计",))]
    assert outcomes(sums(*rows), "repeat") == [("holds", "3 = 3")]
    changed = [rows[0], R("", ["4"], SUBTOTAL)]
    assert outcomes(sums(*changed), "repeat") == [("differs", "4 = 4 ≠ 3")]


def test_a_total_without_any_printed_part_is_not_checked() -> None:
    found = sums(R("合计", ["3"], TOTAL), R("甲", [""], ITEM, 1), R("乙", [""], ITEM, 1))
    assert outcomes(found, "column sum") == [("unchecked", "0 = 0 ≠ 3")]


def test_a_blank_is_nothing_in_a_sum_and_an_empty_table_has_no_sums() -> None:
    filled = sums(R("合计", ["3"], TOTAL), R("甲", ["3"], ITEM, 1), R("乙", [""], ITEM, 1))
    assert outcomes(filled, "column sum") == [("holds", "3 = 3")]
    assert sums(R("合计", [""], TOTAL), R("甲", [""], ITEM, 1)) == ()


def test_columns_of_deeper_groups_count_by_their_own_total() -> None:
    columns = [("合计",), ("基本", "小计"), ("基本", "人员"), ("基本", "公用"), ("项目",)]
    values = ["9", "6", "4", "2", "3"]
    rows = [R("合计", values, TOTAL), R("甲", values, ITEM, 1)]
    assert outcomes(sums(*rows, columns=columns), "row sum") == [
        ("holds", "6 + 3 = 9"),
        ("holds", "6 + 3 = 9"),
        ("holds", "4 + 2 = 6"),
        ("holds", "4 + 2 = 6"),
    ]


def test_a_column_that_stands_apart_is_left_out_by_the_vote_of_the_rows() -> None:
    columns = [("合计",), ("基本",), ("项目",), ("政府采购",)]
    rows = [R(str(n), [str(2 * n + 1), str(n), str(n + 1), "7"]) for n in range(1, 6)]
    wrong = R("六", ["13", "6", "8", "7"])
    found = outcomes(sums(*rows, wrong, columns=columns), "row sum")
    assert [outcome for outcome, _ in found] == ["holds"] * 5 + ["differs"]


def test_changes_are_recomputed_from_the_columns_of_years() -> None:
    columns = [("2024年预算数",), ("2023年预算数",), ("增减额",), ("增减%",)]
    rows = [
        R("甲", ["110.00", "100.00", "10.00", "10.00%"]),
        R("乙", ["90.00", "100.00", "-10.00", "-9.00%"]),
        R("丙", ["5.00", "", "5.00", ""]),
    ]
    made = budget(table(rows, columns, years=[2024, 2023, 2024, 2024]))
    found = sum_checks(sides_of(made)[0])
    assert [outcome for outcome, _ in outcomes(found, "change")] == [
        *("holds", "holds", "holds"),
        *("holds", "differs"),
    ]


def test_a_side_that_mostly_fails_was_not_understood() -> None:
    rows = [R("合计", ["100"] * 5, TOTAL), *(R(str(n), ["7"] * 5, ITEM, 1) for n in range(3))]
    found = sums(*rows, columns=[(f"列{n}",) for n in range(5)])
    assert {c.outcome for c in found if c.name == "column sum"} == {Outcome.UNCHECKED}


# Goal tables


@pytest.mark.parametrize(
    "weights, outcome",
    [
        (["40", "50"], Outcome.HOLDS),
        (["40", "60"], Outcome.HOLDS),
        (["40", "61"], Outcome.DIFFERS),
        (["40", ""], Outcome.UNCHECKED),
        (["101", ""], Outcome.DIFFERS),
    ],
)
def test_weights_of_a_project_add_up_to_at_most_a_hundred(
    weights: Sequence[str], outcome: Outcome
) -> None:
    printed, (project, indicator) = goals(("甲项目", "1"))
    facts = [
        replace(
            indicator,
            id=f"w{at}",
            row=at,
            column=("权重",),
            kind=Kind.WEIGHT if weight else Kind.BLANK,
            value=Decimal(weight) if weight else None,
        )
        for at, weight in enumerate(weights)
    ]
    found = check(budget((printed, (project, *facts))))
    assert [c.outcome for c in found if c.name == "weight"] == [outcome]


def test_projects_of_a_goal_table_add_up_to_their_department() -> None:
    for total, outcome in (("3", Outcome.HOLDS), ("4", Outcome.DIFFERS)):
        printed, facts = goals(("甲项目", "1"), ("乙计划", "2"))
        whole = replace(
            facts[0],
            id="whole",
            label="某局部门",
            row_path=("某局部门",),
            unit_name="",
            row_kind=UNIT,
            value=Decimal(total),
            row=-1,
        )
        found = check(budget((printed, (whole, *facts))))
        assert [c.outcome for c in found if c.name == "column sum"] == [outcome]
