"""Rows become facts: value, unit, kind, year, code, completed labels, places, table state."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

from decimal import Decimal

import pytest

from index.document import Place
from index.extract import extract, known_labels, lists_projects, table_of
from index.fact import Fact, TableState, Unit
from index.head import cell_figure
from index.tabulate import tabulate
from tests.budget_texts import raw

UNITS = (
    Unit(code="101001", name="云岭市粮食局", own=True),
    Unit(code="101", name="部门", whole=True),
)


def facts(
    block: str, *, title: str = "收支总表", unit: str = "万元", known: dict[str, str] | None = None
) -> tuple[Fact, ...]:
    table = tabulate(raw(block, title=title, unit=unit))
    return extract(table, document="d.txt", year=2024, units=UNITS, known=known).facts


def only(block: str, **more: str) -> Fact:
    (fact,) = facts(block, **more)  # type: ignore[arg-type]
    return fact


# ------------------------------------------------------------------------- value, unit, kind

# the head of the column, the cell → value, unit, kind
CELLS = [
    ("预算数", "1,234.50", "1234.50", "万元", "money"),
    ("预算数", "0.00", "0.00", "万元", "money"),
    ("预算数", "(5.00)", "-5.00", "万元", "money"),
    ("预算数", "－5.00", "-5.00", "万元", "money"),
    ("预算数", "１２．５", "12.5", "万元", "money"),
    ("预算数", "", None, "万元", "blank"),
    ("预算数", "—", None, "万元", "blank"),
    ("预算数", "-", None, "万元", "blank"),
    ("预算数", "/", None, "万元", "blank"),
    ("预算数", "详见说明", None, "万元", "text"),
    ("预算数（元）", "1,234.50", "1234.50", "元", "money"),
    ("预算数", "35.00万元", "35.00", "万元", "money"),
    ("预算数", "350,000元", "350000", "元", "money"),
    ("增减%", "2.50%", "2.50", "%", "percent"),
    ("增减%", "2.50", "2.50", "%", "percent"),
    ("增减%", "—", None, "%", "blank"),
    ("预算数", "2.50%", "2.50", "%", "percent"),
    ("占比", "12", "12", "%", "percent"),
    ("人数", "15", "15", "", "count"),
    ("人数（人）", "15", "15", "人", "count"),
    ("数量（台）", "15", "15", "台", "count"),
    ("编制数", "15人", "15", "人", "count"),
]


@pytest.mark.parametrize(("head", "cell", "value", "unit", "kind"), CELLS)
def test_what_a_cell_says(head: str, cell: str, value: str | None, unit: str, kind: str) -> None:
    fact = facts(f"项目 | {head} | 合计\n教育 | {cell} | 1.00")[0]
    assert (fact.value, fact.unit, fact.kind) == (Decimal(value) if value else None, unit, kind)
    assert fact.printed == cell


@pytest.mark.parametrize(
    ("text", "figure"),
    [("35.00 万元", ("35.00", "万元")), ("1,200辆", ("1200", "辆")), ("5%", ("5", "%")), ("5", ("5", "")), ("元", None), ("", None), ("—", None),
     ("约5万元", None), ("5-6人", None)],
)  # fmt: skip
def test_a_unit_printed_in_the_cell_is_the_figures(
    text: str, figure: tuple[str, str] | None
) -> None:
    value, unit = cell_figure(text)
    assert (str(value), unit) == figure if figure else (value, unit) == (None, "")


@pytest.mark.parametrize(
    ("head", "year"),
    [("预算数", 2024), ("2024年预算数", 2024), ("2023年预算数", 2023), ("2022年决算数", 2022), ("上年预算数", 2023), ("上年执行数", 2023), ("上年数", 2023),
     ("上年度决算数", 2023), ("上年结转", 2024), ("增减额", 2024), ("比上年增减", 2024), ("2023", 2023)],
)  # fmt: skip
def test_a_year_in_the_head_is_the_figures(head: str, year: int) -> None:
    assert only(f"项目 | {head}\n教育 | 5.00").year == year


def test_a_year_of_the_outer_head_holds_below_it() -> None:
    found = facts(
        "项目 | 2024年 | | 2023年 | \n | 合计 | 基本 | 合计 | 基本\n教育 | 5.00 | 5.00 | 4.00 | 4.00"
    )
    assert [fact.year for fact in found] == [2024, 2024, 2023, 2023]


# ------------------------------------------------------------------------ codes, units, names


@pytest.mark.parametrize(
    ("block", "code", "unit_code", "unit_name"),
    [
        ("类 | 款 | 项 | 单位代码 | 单位名称（科目） | 金额\n205 | 08 | 03 | 101001 | 培训支出 | 5", "2050803", "101001", "云岭市粮食局"),
        ("科目编码 | 单位代码 | 名称 | 金额\n2050803 | 101 | 培训支出 | 5", "2050803", "101", ""),
        ("类 | 款 | 单位代码 | 名称 | 金额\n302 | 16 | 30216 | 培训费 | 5", "30216", "", ""),
        ("类 | 款 | 单位代码 | 名称 | 金额\n | | 302 | 商品和服务支出 | 5\n302 | 16 | 30216 | 培训费 | 5", "302", "", ""),
        ("单位代码 | 单位名称 | 金额\n101001 | 云岭市粮食局 | 5", "", "101001", "云岭市粮食局"),
        ("功能分类科目 | 金额\n2050803 培训支出 | 5", "2050803", "", ""),
        ("项目 | 金额\n合计 | 5", "", "", ""),
    ],
)  # fmt: skip
def test_codes_of_classes_and_of_units_are_told_apart(
    block: str, code: str, unit_code: str, unit_name: str
) -> None:
    fact = facts(block)[0]
    assert (fact.code, fact.unit_code, fact.unit_name) == (code, unit_code, unit_name)


def test_places_of_value_label_and_head() -> None:
    fact = facts("收入 | \n项目 | 预算数\n一、事业收入 | 5.00")[0]
    assert fact.place == Place(line=3, field=1)
    assert fact.label_places == (Place(line=3, field=0),)
    assert fact.header_places == (Place(line=1, field=0), Place(line=2, field=1))
    assert fact.column == ("收入", "预算数") and fact.label == "事业收入"
    assert (fact.id, fact.row, fact.table, fact.title) == ("表一/r002/c01", 2, "表一", "收支总表")


def test_a_repeat_of_the_total_bears_its_label_and_has_no_blanks() -> None:
    found = facts("项目 | 合计 | 上年\n合计 | 5.00 | \n | 5.00 | ")
    assert [(f.row_kind, f.label, f.printed) for f in found] == [
        ("total", "合计", "5.00"), ("total", "合计", ""), ("total_repeat", "合计", "5.00"),
    ]  # fmt: skip


def test_ids_are_unique_in_a_table() -> None:
    found = facts(
        "收入 | | 支出 | \n项目 | 数 | 项目 | 数\n甲 | 5.00 | 乙 | 5.00\n甲 | 5.00 | 乙 | 5.00"
    )
    assert len({fact.id for fact in found}) == len(found) == 4


# -------------------------------------------------------------------------------- cut labels

KNOWN = {
    "政府性基金预算拨款收入": "",
    "国有资本经营预算拨款收入": "",
    "农林水支出": "",
    "农林水支出合计": "",
    "其他政府办公厅事务支出": "2010399",
}
EDGE = "项目 | 金额\n政府性基金预算拨款收 | 1.00\n国有资本经营预算拨款 | 2.00\n其他 | 3.00"


def test_labels_cut_at_the_columns_edge_are_completed_and_say_how_they_are_printed() -> None:
    found = facts(EDGE, known=KNOWN)
    assert [(fact.label, fact.row_path, fact.note) for fact in found] == [
        ("政府性基金预算拨款收入", ("政府性基金预算拨款收入",), "印为：政府性基金预算拨款收"),
        ("国有资本经营预算拨款收入", ("国有资本经营预算拨款收入",), "印为：国有资本经营预算拨款"),
        ("其他", ("其他",), ""),
    ]


def test_one_label_as_long_as_its_column_may_be_whole_by_chance() -> None:
    block = "项目 | 金额\n政府性基金预算拨款收 | 1.00\n其他 | 3.00"
    assert facts(block, known=KNOWN)[0].label == "政府性基金预算拨款收"
    coded = "科目编码 | 名称 | 金额\n2010399 | 其他政府办公厅事 | 1.00\n2010301 | 行政 | 3.00"
    assert facts(coded, known=KNOWN)[0].label == "其他政府办公厅事务支出"
    assert facts(coded.replace("2010399", "2010350"), known=KNOWN)[0].label == "其他政府办公厅事"


def test_a_name_that_begins_another_is_whole() -> None:
    known = {"天府健康通": "", "天府健康通运维": "", "数字大赛": "", "数字大赛奖金": ""}
    block = "项目名称 | 金额\n天府健康通 | 1.00\n天府健康通运维 | 2.00\n数字大赛 | 3.00"
    assert [fact.label for fact in facts(block, known=known)] == [
        "天府健康通",
        "天府健康通运维",
        "数字大赛",
    ]


def test_a_completed_parent_is_whole_in_the_paths_of_its_members_too() -> None:
    block = (
        "项目 | 金额\n一、政府性基金预算拨款收 | 1.00\n二、国有资本经营预算拨款 | 2.00\n中央 | 2.00"
    )
    assert facts(block, known=KNOWN)[-1].row_path == ("国有资本经营预算拨款收入", "中央")


def test_known_labels_come_with_a_code_from_wherever_one_is_printed() -> None:
    tables = [
        tabulate(raw(b))
        for b in ("项目 | 金额\n培训支出 | 1", "科目编码 | 科目 | 金额\n2050803 | 培训支出 | 1")
    ]
    assert known_labels(tables) == {"培训支出": "2050803"}


# ------------------------------------------------------------------------------ whole tables


@pytest.mark.parametrize(
    ("title", "head", "projects"),
    [("支出表", "单位名称 | 项目名称 | 金额", True), ("采购表", "单位名称 | 采购项目名称 | 金额", True), ("项目支出预算表", "科目编码 | 名称 | 金额", True),
     ("“三公”经费支出表", "序号 | 项目名称 | 金额", False), ("收支总表", "序号 | 项目名称 | 金额", False), ("支出总表", "科目编码 | 科目名称 | 金额", False),
     ("基本支出和项目支出表", "科目 | 基本支出 | 项目支出", False)],
)  # fmt: skip
def test_a_table_of_projects_is_known_by_its_head_or_title(
    title: str, head: str, projects: bool
) -> None:
    assert lists_projects(tabulate(raw(f"{head}\n1 | 甲 | 5.00", title=title))) is projects


def test_a_table_without_a_figure_is_empty_and_its_blanks_are_kept() -> None:
    table = tabulate(raw("项目 | 合计 | 项目支出\n合计 | | \n | | "))
    found = extract(table, document="d.txt", year=2024, units=UNITS).facts
    assert [(fact.kind, fact.label) for fact in found] == [("blank", "合计")] * 2
    printed = table_of(table, found, "d.txt")
    assert (printed.state, printed.header_rows, printed.number) == (TableState.EMPTY, 1, "表一")


@pytest.mark.parametrize("figure", ["0.00", "5.00"])
def test_a_zero_is_a_figure(figure: str) -> None:
    table = tabulate(raw(f"项目 | 合计\n合计 | {figure}"))
    found = extract(table, document="d.txt", year=2024, units=UNITS).facts
    assert table_of(table, found, "d.txt").state is TableState.PRESENT
