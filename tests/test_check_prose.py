"""The text against the tables and against itself: amounts, parts, shares, changes, counts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from index.check import check
from index.check_report import line_of
from index.document import Cell, Place
from index.fact import (
    Budget,
    Check,
    Fact,
    Kind,
    Outcome,
    Passage,
    PassageKind,
    RowKind,
    Table,
    TableState,
    Unit,
)
from index.reading import AMOUNT, CHANGE, CHANGE_RATE, COUNT, EXECUTED, SHARE
from tests.test_check import ITEM, TOTAL, UNIT, Made, R, budget, goals, table

GENERAL = "三、一般公共预算当年拨款情况说明"


def said(
    path: str,
    value: str,
    *,
    column: str = AMOUNT,
    unit: str = "万元",
    section: str = "一",
    about: str = "",
    year: int = 2024,
    unit_name: str = "",
) -> Fact:
    """A figure of the text; `path` is its subjects joined with /. Numbered by `text`."""
    kinds = {SHARE: Kind.PERCENT, CHANGE_RATE: Kind.PERCENT, COUNT: Kind.COUNT}
    labels = tuple(path.split("/"))
    return Fact(
        id="",
        document="d",
        year=year,
        section=section,
        table="",
        title="",
        unit_name=unit_name,
        label=labels[-1],
        row_path=labels,
        column=(column,),
        value=Decimal(value),
        printed=value,
        unit="%" if column in (SHARE, CHANGE_RATE) else unit,
        kind=kinds.get(column, Kind.MONEY),
        row_kind=RowKind.PROSE,
        place=Place(line=1),
        about=about,
    )


def text(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(
        replace(fact, id=f"prose/{at}", place=Place(line=at), row=at)
        for at, fact in enumerate(facts, 9001)
    )


def heading(section: str, words: str) -> Passage:
    return Passage(
        id=section,
        document="d",
        kind=PassageKind.HEADING,
        section=section,
        title="",
        text=words,
        place=Place(line=9000),
    )


def summary(*, own: str = "", other: str = "") -> tuple[Made, Made]:
    """收支总表 of 100: 拨款 70, 事业收入, 经营收入; 教育支出 60, 科学技术支出 40."""
    income = [
        R("一、一般公共预算拨款收入", ["70.00"]),
        R("二、事业收入", [own]),
        R("三、事业单位经营收入", [other]),
        R("收入总计", ["100.00"], TOTAL),
    ]
    spent = [
        R("一、教育支出", ["60.00"]),
        R("二、科学技术支出", ["40.00"]),
        R("支出总计", ["100.00"], TOTAL),
    ]
    title = "部门收支总表"
    return (
        table(income, [("收入", "预算数")], title=title),
        table(spent, [("支出", "预算数")], title=title, side=1),
    )


def general() -> Made:
    """一般公共预算支出表: 学前教育 50, of the year 45."""
    rows = [
        R("合计", ["70.00", "65.00", "5.00"], TOTAL),
        R("学前教育", ["50.00", "45.00", "5.00"], ITEM, 1, code="2050201"),
        R("小学教育", ["20.00", "20.00", ""], ITEM, 1, code="2050202"),
    ]
    columns = [("合计",), ("当年拨款",), ("上年结转",)]
    return table(rows, columns, number="表六", title="一般公共预算支出预算表")


def told(made: Budget, name: str = "prose to table") -> list[tuple[str, str]]:
    return [(c.outcome.value, c.expression) for c in check(made) if c.name == name]


def about_text(
    *facts: Fact, tables: Sequence[Made] = (), headings: Iterable[Passage] = ()
) -> list[Check]:
    made = budget(*(tables or summary(own="30.00")), prose=text(*facts), passages=headings)
    return [c for c in check(made) if any(name.startswith("prose/") for name in c.facts)]


def one(checks: Sequence[Check], name: str = "prose to table") -> Check:
    found = [c for c in checks if c.name == name]
    assert len(found) == 1, [line_of(c) for c in checks]
    return found[0]


# Amounts


def test_a_total_is_named_in_many_words() -> None:
    for subject in ("收支预算总数", "收入预算", "支出总计", "某局收入预算", "本年收支总预算"):
        assert one(about_text(said(subject, "100"))).outcome is Outcome.HOLDS
    assert one(about_text(said("收支预算总数", "101"))).outcome is Outcome.DIFFERS


def test_a_part_of_a_total_is_looked_for_in_the_tables_of_that_total() -> None:
    found = about_text(said("支出预算/教育支出", "60"), tables=[*summary(own="30.00"), general()])
    assert (one(found).outcome, one(found).expression) == (Outcome.HOLDS, "60 = 60.00")
    wrong = one(about_text(said("支出预算/教育支出", "61"), tables=summary(own="30.00")))
    assert (wrong.outcome, wrong.difference) == (Outcome.DIFFERS, Decimal(1))


def test_the_amount_of_another_scope_is_no_proof() -> None:
    amount = said("支出预算/教育支出", "70")
    found = one(about_text(amount, tables=[*summary(own="30.00"), general()]))
    assert found.outcome is Outcome.UNCHECKED and "口径不同" in found.what


def test_a_class_is_the_sum_of_its_lowest_codes_and_headings_say_the_scope() -> None:
    amount = said("教育支出", "65", section="三")
    tables = [*summary(own="30.00"), general()]
    found = one(about_text(amount, tables=tables, headings=[heading("三", GENERAL)]))
    assert (found.outcome, found.expression) == (Outcome.HOLDS, "65 = 45.00 + 20.00")
    other = replace(amount, value=Decimal(66))
    wrong = one(about_text(other, tables=tables, headings=[heading("三", GENERAL)]))
    assert wrong.outcome is Outcome.DIFFERS


def test_a_class_chain_without_a_heading_is_still_held_against_all_tables() -> None:
    tables = [*summary(own="30.00"), general()]
    right = said("教育支出/普通教育/学前教育", "45")
    assert one(about_text(right, tables=tables)).outcome is Outcome.HOLDS
    wrong = said("教育支出/普通教育/学前教育", "54")
    assert one(about_text(wrong, tables=tables)).outcome is Outcome.DIFFERS


def test_a_bare_name_without_any_scope_is_never_called_wrong() -> None:
    found = one(about_text(said("教育支出", "12"), tables=summary(own="30.00")))
    assert found.outcome is Outcome.UNCHECKED


def test_the_same_amount_under_another_name_is_a_contradiction_of_names() -> None:
    tables = summary(other="30.00")
    found = about_text(said("收入预算/事业收入", "30"), tables=tables)
    names = one(found, "names")
    assert names.outcome is Outcome.DIFFERS and "事业单位经营收入" in names.what
    assert not [c for c in found if c.name == "prose to table"]


def test_names_that_mean_the_same_are_no_contradiction() -> None:
    rows = [R("合计", ["12.00", "9.00", "3.00"], TOTAL)]
    columns = [("合计",), ("公务用车购置及运行费", "公务用车运行费"), ("公务接待费",)]
    tables = [table(rows, columns, number="表九", title="“三公”经费支出预算表")]
    for label, value in (("公务用车运行维护费", "9"), ("公务接待费", "3")):
        found = about_text(said(f"“三公”经费财政拨款/{label}", value), tables=tables)
        assert one(found).outcome is Outcome.HOLDS
    wrong = about_text(said("“三公”经费财政拨款/公务接待费", "3.3"), tables=tables)
    assert one(wrong).outcome is Outcome.DIFFERS


def test_zero_agrees_with_a_blank() -> None:
    found = one(about_text(said("收入预算/事业收入", "0"), tables=summary()))
    assert (found.outcome, found.expression) == (Outcome.HOLDS, "0 = 空白")


def test_amounts_of_units_are_added_up_and_a_unit_is_held_against_its_own_rows() -> None:
    rows = [
        R("合计", ["30.00"], TOTAL),
        R("甲所", ["10.00"], UNIT, 1, ("甲所",), unit="甲所"),
        R("购房补贴", ["10.00"], ITEM, 2, ("甲所", "购房补贴"), "2210203", "甲所"),
        R("乙所", ["20.00"], UNIT, 1, ("乙所",), unit="乙所"),
        R("购房补贴", ["20.00"], ITEM, 2, ("乙所", "购房补贴"), "2210203", "乙所"),
    ]
    tables = [table(rows, [("合计",)], number="表三", title="部门支出总表")]
    found = one(about_text(said("支出预算/购房补贴", "30"), tables=tables))
    assert (found.outcome, found.expression) == (Outcome.HOLDS, "30 = 10.00 + 20.00")
    own = said("支出预算/购房补贴", "20", unit_name="乙所")
    assert one(about_text(own, tables=tables)).expression == "20 = 20.00"


def test_figures_in_other_units_are_rounded_to_the_coarser() -> None:
    tables = summary(own="30.00")
    assert one(about_text(said("收入预算", "0.01", unit="亿元"), tables=tables)).outcome is (
        Outcome.HOLDS
    )
    assert one(about_text(said("收入预算", "1000000", unit="元"), tables=tables)).outcome is (
        Outcome.HOLDS
    )
    assert one(about_text(said("收入预算", "1", unit="亿元"), tables=tables)).outcome is (
        Outcome.DIFFERS
    )


def test_amounts_that_no_table_names_are_told_together() -> None:
    found = about_text(said("政府采购预算", "5"), said("机关运行经费", "6"))
    assert [(c.outcome, len(c.facts)) for c in found] == [(Outcome.UNCHECKED, 2)]


def test_last_years_amounts_and_the_plan_beside_final_accounts_are_left_alone() -> None:
    assert about_text(said("教育支出", "9", column=EXECUTED, year=2023)) == []
    made = budget(*summary(own="30.00"), prose=text(said("收入预算", "9")), account="final")
    assert told(made) == []


def test_a_limit_is_no_amount() -> None:
    limit = replace(said("收入预算", "90"), operator="≤")
    assert about_text(limit) == []


# Inside the text


def test_parts_add_up_to_their_whole() -> None:
    parts = [said("支出预算", "100"), said("支出预算/甲", "60"), said("支出预算/乙", "40")]
    assert one(about_text(*parts), "prose sum").expression == "60 + 40 = 100"
    more = one(about_text(*parts, said("支出预算/丙", "1")), "prose sum")
    assert (more.outcome, more.difference) == (Outcome.DIFFERS, Decimal(-1))
    fewer = one(about_text(*parts[:2], said("支出预算/乙", "39")), "prose sum")
    assert fewer.outcome is Outcome.UNCHECKED
    assert not [c for c in about_text(*parts[:2]) if c.name == "prose sum"]


def test_parts_whose_shares_make_a_hundred_must_make_the_whole() -> None:
    found = about_text(
        said("支出预算", "100"),
        said("支出预算/甲", "60"),
        said("支出预算/甲", "60", column=SHARE, about="支出预算"),
        said("支出预算/乙", "39"),
        said("支出预算/乙", "40", column=SHARE, about="支出预算"),
    )
    assert one(found, "prose sum").outcome is Outcome.DIFFERS


def test_income_and_expenditure_each_make_the_same_whole() -> None:
    found = about_text(
        said("财政拨款收支总数", "10"),
        said("财政拨款收支总数/收入/甲", "7"),
        said("财政拨款收支总数/收入/乙", "3"),
        said("财政拨款收支总数/支出/丙", "6"),
        said("财政拨款收支总数/支出/丁", "4"),
    )
    assert [c.expression for c in found if c.name == "prose sum"] == ["7 + 3 = 10", "6 + 4 = 10"]


@pytest.mark.parametrize(
    "part, base, share, outcome",
    [
        ("1", "3", "33.33", Outcome.HOLDS),
        ("2", "3", "66.67", Outcome.HOLDS),
        ("2", "3", "66.66", Outcome.DIFFERS),
        ("1", "8", "12.5", Outcome.HOLDS),
        ("5", "400", "1.3", Outcome.HOLDS),
        ("5", "400", "1.2", Outcome.DIFFERS),
        ("562", "10000", "6.52", Outcome.DIFFERS),
    ],
)
def test_shares_round_half_up_to_their_printed_places(
    part: str, base: str, share: str, outcome: Outcome
) -> None:
    found = about_text(
        said("支出预算", base),
        said("支出预算/甲", part),
        said("支出预算/甲", share, column=SHARE, about="支出预算"),
    )
    assert one(found, "share").outcome is outcome


def test_a_share_of_what_the_text_does_not_give_is_not_recomputed() -> None:
    found = about_text(
        said("甲费", "3"), said("甲费", "5.00", column=SHARE, about="全省同类支出")
    )
    assert one(found, "share").outcome is Outcome.UNCHECKED


def test_a_rate_of_change_is_the_change_over_last_years_amount() -> None:
    amounts = [said("甲费", "110"), said("甲费", "10", column=CHANGE, about="2023年")]
    right = said("甲费", "10.00", column=CHANGE_RATE, about="2023年")
    assert one(about_text(*amounts, right), "change").outcome is Outcome.HOLDS
    wrong = said("甲费", "9.09", column=CHANGE_RATE, about="2023年")
    assert one(about_text(*amounts, wrong), "change").outcome is Outcome.DIFFERS


def test_a_change_said_twice_is_the_same() -> None:
    first, second = (said("收支预算总数", v, column=CHANGE) for v in ("12.00", "12.00"))
    assert one(about_text(first, second), "change").outcome is Outcome.HOLDS
    other = said("收支预算总数", "21.00", column=CHANGE)
    assert one(about_text(first, other), "change").outcome is Outcome.DIFFERS


def test_a_change_is_held_against_the_columns_of_years() -> None:
    rows = [
        R("合计", ["30.00", "20.00"], TOTAL),
        R("学前教育", ["30.00", "20.00"], ITEM, 1, code="2050201"),
    ]
    columns = [("2024年预算数",), ("2023年预算数",)]
    made = table(rows, columns, number="表三", title="部门支出总表", years=[2024, 2023])
    found = about_text(said("支出预算", "10", column=CHANGE), tables=[made])
    assert one(found, "change").expression == "10 = 30.00 − 20.00"
    wrong = about_text(said("支出预算", "11", column=CHANGE), tables=[made])
    assert one(wrong, "change").outcome is Outcome.DIFFERS


# Counts

UNITS = (
    Unit(code="361001", name="某局", own=True),
    Unit(code="361002", name="甲所"),
    Unit(code="361003", name="乙所"),
)


def listed() -> Made:
    """序号、单位名称: a table without figures."""
    names = tuple(
        (Cell(text=unit.name, place=Place(line=at)),) for at, unit in enumerate(UNITS, 51)
    )
    return (
        Table(
            document="d",
            number="",
            title="",
            section="",
            unit="",
            state=TableState.EMPTY,
            place=Place(line=50),
            rows=names,
        ),
        (),
    )


@pytest.mark.parametrize(
    "label, value, outcome",
    [
        ("下属二级预算单位", "2", Outcome.HOLDS),
        ("下属二级预算单位", "3", Outcome.DIFFERS),
        ("本级及下属预算单位", "3", Outcome.HOLDS),
        ("本级及下属预算单位", "2", Outcome.DIFFERS),
        ("直属单位", "2", Outcome.HOLDS),
    ],
)
def test_a_number_of_units_is_held_against_their_list(
    label: str, value: str, outcome: Outcome
) -> None:
    counts = text(said(label, value, column=COUNT, unit="个"))
    made = budget(*summary(own="30.00"), listed(), prose=counts, units=UNITS)
    found = [c for c in check(made) if c.name == "count"]
    assert [c.outcome for c in found] == [outcome]
    assert {51, 52, 53} <= {place.line for place in found[0].places}
    assert ("自身也算在内" in found[0].what) is (value == "3" and outcome is Outcome.DIFFERS)


def test_some_units_that_did_something_are_not_all_units() -> None:
    counts = text(said("开展编报工作的预算单位", "1", column=COUNT, unit="个", section="九"))
    made = budget(*summary(own="30.00"), listed(), prose=counts, units=UNITS)
    assert not [c for c in check(made) if c.name == "count"]


def test_a_number_of_projects_is_held_against_the_goal_table() -> None:
    projects = goals(("甲项目", "1"), ("乙计划", "2"), ("丙工程", "3"))
    for value, outcome in (("3", Outcome.HOLDS), ("5", Outcome.DIFFERS)):
        subject = "开展绩效目标管理的项目"
        counts = text(said(subject, value, column=COUNT, unit="个"), said(subject, "6"))
        found = check(budget(projects, prose=counts))
        assert [c.outcome for c in found if c.name == "count"] == [outcome]


def test_the_heading_says_that_projects_have_goals() -> None:
    projects = goals(("甲项目", "1"), ("乙计划", "2"))
    counts = text(said("项目", "2", column=COUNT, unit="个"), said("项目", "3"))
    made = budget(projects, prose=counts, passages=[heading("一", "（四）绩效目标设置情况")])
    found = {c.name: c for c in check(made)}
    assert found["count"].outcome is Outcome.HOLDS
    assert found["prose to table"].expression == "3 = 1 + 2"


def cars(*said_so: tuple[str, str]) -> list[Check]:
    counts = (said(path, value, column=COUNT, unit="辆") for path, value in said_so)
    return [c for c in about_text(*counts) if c.name == "count"]


def test_cars_counted_in_several_places_are_as_many() -> None:
    same = cars(("公务用车", "5"), ("公务用车运行维护费/公务用车", "5"), ("车辆", "5"))
    assert [c.outcome for c in same] == [Outcome.HOLDS]
    other = cars(("公务用车", "5"), ("公务用车运行维护费/公务用车", "3"), ("车辆", "5"))
    assert [(c.outcome, c.expression) for c in other] == [(Outcome.DIFFERS, "5 辆 ≠ 3 辆")]
    assert cars(("车辆", "5"), ("车辆/应急保障用车", "3"), ("更新购置公务用车", "1")) == []
