"""The text against the tables: amounts, changes, counts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from index.check import check
from index.check_headings import headings_above
from index.document import Cell, Place
from index.fact import (
    Budget,
    Check,
    Outcome,
    Passage,
    PassageKind,
    Table,
    TableState,
    Unit,
)
from index.reading import AMOUNT, COUNT, EXECUTED, FINAL
from tests.check_budgets import (
    ITEM,
    TOTAL,
    UNIT,
    Made,
    R,
    about_text,
    budget,
    goals,
    heading,
    one,
    said,
    summary,
    table,
    text,
)

GENERAL = "三、一般公共预算当年拨款情况说明"


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
    rows = [R("一、拨款", ["70"]), R("收入总计", ["70"], TOTAL)]
    spent = table(rows, [("收入", "决算数")], title="收入支出决算总表")
    made = budget(spent, prose=text(said("收入预算", "9")), account="final")
    assert told(made) == []


def test_the_plan_of_final_accounts_is_held_against_its_own_columns() -> None:
    columns = [("公务接待费", "预算数"), ("公务接待费", "决算数")]
    made = table([R("", ["3.00", "1.00"], TOTAL)], columns, title="“三公”经费支出决算表")
    for column, value in ((AMOUNT, "3"), (FINAL, "1")):
        figure = said("“三公”经费/公务接待费", value, column=column)
        assert told(budget(made, prose=text(figure), account="final"))[0][0] == "holds"
    swapped = said("“三公”经费/公务接待费", "3", column=FINAL)
    assert told(budget(made, prose=text(swapped), account="final"))[0][0] == "differs"


def test_a_limit_is_no_amount() -> None:
    limit = replace(said("收入预算", "90"), operator="≤")
    assert about_text(limit) == []


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


@pytest.mark.parametrize(
    "label, value, outcome",
    [
        ("下属预算单位", "2", Outcome.HOLDS),
        ("下属预算单位", "3", Outcome.DIFFERS),
        ("本级及下属预算单位", "3", Outcome.HOLDS),
        ("本级及下属预算单位", "4", Outcome.DIFFERS),
    ],
)
def test_a_number_of_units_is_held_against_the_list_that_follows(
    label: str, value: str, outcome: Outcome
) -> None:
    lines = [f"本部门包括{label}{value}个，具体如下：", "1. 某局本部", "2. 某某中心", "3. 某某所"]
    passages = [
        Passage(
            id=f"p{at}",
            document="d",
            kind=PassageKind.PARAGRAPH,
            section="一",
            title="",
            text=line,
            place=Place(line=at),
        )
        for at, line in enumerate(lines, 11)
    ]
    count = replace(said(label, value, column=COUNT, unit="个"), sentence=lines[0])
    made = budget(*summary(own="30.00"), prose=text(count), passages=passages)
    found = [c for c in check(made) if c.name == "count"]
    assert [c.outcome for c in found] == [outcome]
    assert {12, 13, 14} <= {place.line for place in found[0].places}


def test_cars_of_units_are_no_units() -> None:
    label = "所属各预算单位公务用车保有量"
    counts = text(said(label, "0", column=COUNT, unit="辆"))
    made = budget(*summary(own="30.00"), listed(), prose=counts, units=UNITS)
    assert not [c for c in check(made) if c.name == "count"]


# Headings


def test_a_figure_stands_under_the_last_heading_of_its_ordinals() -> None:
    def paragraph(section: str, words: str) -> Passage:
        return replace(heading(section, words), kind=PassageKind.PARAGRAPH, id=words)

    passages = [
        heading("一", "一、一般公共预算"),
        paragraph("一", "甲 5 万元。"),
        heading("一", "一、绩效目标"),
        paragraph("一", "乙 6 万元。"),
    ]
    facts = [replace(said(name, "5"), id=name, sentence=f"{name} ") for name in "甲乙"]
    found = headings_above(facts, passages)
    assert found == {"甲": ("一、一般公共预算",), "乙": ("一、绩效目标",)}


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
