"""The head of a table: its rows, the path of words above each column, roles and units."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

import pytest

from index.head import (
    columns_of,
    head_length,
    is_column_numbers,
    is_data,
    squeeze_head,
)
from tests.budget_texts import rows_of


def paths(block: str) -> list[str]:
    rows = rows_of(block)
    length = head_length(rows)
    return ["/".join(column.path) for column in columns_of(rows[:length], rows[length:])]


def roles(block: str) -> str:
    rows = rows_of(block)
    length = head_length(rows)
    return " ".join(column.role for column in columns_of(rows[:length], rows[length:]))


# a head as text and as a word processor's table (merged squares: < from the left, ^ from above)
PATHS = {
    "one row": ("项目 | 预算数", "项目 | 预算数", ["项目", "预算数"]),
    "spaces of line wrapping": ("项 目 | 一般公 共预算 拨款收 入", "项 目 | 一般公 共预算 拨款收 入", ["项目", "一般公共预算拨款收入"]),
    "side by side": ("收 入 | | 支 出 | \n项 目 | 预算数 | 项 目 | 预算数", "收 入 | < | 支 出 | <\n项 目 | 预算数 | 项 目 | 预算数", ["收入/项目", "收入/预算数", "支出/项目", "支出/预算数"]),
    "the leaf in the upper row": ("单位编码 | 单位名称 | 合计 | 其中 | \n | | | 基本支出 | 项目支出", "单位编码 | 单位名称 | 合计 | 其中 | <\n^ | ^ | ^ | 基本支出 | 项目支出", ["单位编码", "单位名称", "合计", "其中/基本支出", "其中/项目支出"]),
    "the leaf in the lower row": ("科目编码 | | | 单位代码 | 名称\n类 | 款 | 项 | | ", "科目编码 | < | < | 单位代码 | 名称\n类 | 款 | 项 | ^ | ^", ["科目编码/类", "科目编码/款", "科目编码/项", "单位代码", "名称"]),
    "three rows": (
        "单位 | 财政拨款 | | | | 其他\n | 因公出国费 | 用车 | | 接待费 | \n | | 小计 | 购置费 | | ",
        "单位 | 财政拨款 | < | < | < | 其他\n^ | 因公出国费 | 用车 | < | 接待费 | ^\n^ | ^ | 小计 | 购置费 | ^ | ^",
        ["单位", "财政拨款/因公出国费", "财政拨款/用车/小计", "财政拨款/用车/购置费", "财政拨款/接待费", "其他"],
    ),
    "year columns": ("项目 | 2024年预算数 | 2023年预算数 | 增减额 | 增减%", "项目 | 2024年预算数 | 2023年预算数 | 增减额 | 增减%", ["项目", "2024年预算数", "2023年预算数", "增减额", "增减%"]),
    "years under words": ("项目 | 预算数 | \n | 2023 | 2024", "项目 | 预算数 | <\n^ | 2023 | 2024", ["项目", "预算数/2023", "预算数/2024"]),
    "column numbers": ("项目 | 合计 | 基本 | 项目支出\n栏次 | 1 | 2 | 3", "项目 | 合计 | 基本 | 项目支出\n栏次 | 1 | 2 | 3", ["项目", "合计", "基本", "项目支出"]),
    "column numbers with sums": ("项目 | 合计 | 基本\n栏次 | 1=2+3 | 2", "项目 | 合计 | 基本\n栏次 | 1=2+3 | 2", ["项目", "合计", "基本"]),
    "units in a row of their own": ("项目 | 金额 | 比重\n | 万元 | %", "项目 | 金额 | 比重\n^ | 万元 | %", ["项目", "金额/万元", "比重/%"]),
}  # fmt: skip


@pytest.mark.parametrize("merged", [0, 1], ids=["text", "merged"])
@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize(
    "below",
    ["教育支出 | 5.00 | 6.00 | 7.00 | 8.00 | 9.00", "教育支出 | | | | | ", "合计 | | | | | "],
    ids=["figures", "blank first row", "lone total"],
)
def test_the_path_of_a_column(name: str, merged: int, below: str) -> None:
    head, expected = PATHS[name][merged], PATHS[name][2]
    first = "\t".join(below.split("|")[: len(expected)])
    rows = rows_of(f"{head}\n" + first.replace("\t", "|"))
    assert head_length(rows) == len(rows) - 1
    found = columns_of(rows[:-1], rows[-1:])
    assert ["/".join(column.path) for column in found] == expected
    assert all(len(column.cells) == len(column.path) for column in found)


def test_the_places_of_a_path_are_where_its_words_stand() -> None:
    for head in PATHS["three rows"][:2]:
        rows = rows_of(head)
        column = columns_of(rows, ())[3]
        assert [(cell.place.line, cell.place.field) for cell in column.cells] == [
            (1, 1), (2, 2), (3, 3),
        ]  # fmt: skip


def test_blank_rows_and_blank_columns_are_no_head() -> None:
    assert paths("项目 | 金额 | \n教育 | 5.00 | ") == ["项目", "金额", ""]
    assert roles("项目 | 金额 | | \n教育 | 5.00 | | ") == "name value text text"


HEAD_ROWS = [
    ("项目 | 金额\n教育 | 5.00", 1),
    ("项目 | 金额\n一、教育支出 | \n二、其他 | ", 1),
    ("项目 | 金额 | 备注\n教育支出 | | \n公共安全支出 | | \n农林水支出 | | \n其他支出 | | \n合计 | 5.00 | ", 1),
    ("收入 | | 支出 | \n项目 | 金额 | 项目 | 金额\n事业收入 | | 教育支出 | \n其他收入 | 5.00 | 其他支出 | 5.00", 2),
    ("科目编码 | 名称 | 金额\n | 合计 | \n201 | 教育 | 5.00", 1),
    ("科目编码 | 名称 | 金额\n | 教育支出 | \n201 | 教育 | 5.00", 1),
    ("序号 | 单位名称\n1 | 甲中心", 1),
    ("项目 | 金额 | 金额\n | 合计 | 项目\n教育 | 5.00 | 6.00", 2),
    ("项目 | 支出 | 支出 | 收入\n项目 | 合计 | 本年 | 收入\n教育 | 5.00 | 6.00 | 7.00", 2),
    ("项目 | 金额", 1),
    ("项目 | 2024\n教育 | 5.00", 1),
    ("第一、二级科目名称及编号 | 工作计划 | | 合计\n | 行政 | 水利 |\n人事费 | 5 | 3 | 8", 2),
    ("教育 | 2024 | 5.00", 0),
]  # fmt: skip


@pytest.mark.parametrize(("block", "count"), HEAD_ROWS)
def test_how_many_rows_are_head(block: str, count: int) -> None:
    assert head_length(rows_of(block)) == count


@pytest.mark.parametrize(
    ("row", "numbers"),
    [("栏次 | 1 | 2", True), ("栏次 | 1 | 栏次 | 2", True), ("行次 | 1", True), ("1 | 2 | 3 | 4", True), (" | 5 | 6 | 7", True),
     ("栏次 | 1 | 2=3+4 | 3", True), ("教育 | 1 | 2 | 3", False), ("1 | 2", False), ("1 | 3 | 5", False), ("栏次 | 1 | 3", False),
     ("1.00 | 2.00 | 3.00", False), ("2022 | 2023 | 2024", False), (" | ", False), ("栏次 | ", False)],
)  # fmt: skip
def test_a_row_of_column_numbers_counts_up_and_has_no_label(row: str, numbers: bool) -> None:
    assert is_column_numbers(rows_of(row)[0]) is numbers


@pytest.mark.parametrize(
    ("row", "data"),
    [("教育 | 5.00", True), ("教育 | (5.00)", True), ("201 | 教育 | ", True), ("一、教育 | ", True), ("合 计 | | ", True), ("合计 | | 合计 | ", True),
     ("项目 | 金额", False), ("项目 | 2024 | 2023", False), ("类 | 款 | 项", False), (" | ", False), ("收入 | | 支出 | ", False), ("— | —", False)],
)  # fmt: skip
def test_a_row_of_the_body_is_known_by_a_figure_a_code_or_an_ordinal(row: str, data: bool) -> None:
    assert is_data(rows_of(row)[0]) is data


# head and body → roles
ROLES = [
    ("科目名称及编码 | 预算数\n205教育支出 | 5.00", "name value"),
    ("项目 | 预算数\n教育 | 5.00", "name value"),
    ("类 | 款 | 项 | 单位代码 | 单位名称（科目） | 合计\n205 | 08 | 03 | 622001 | 培训 | 5.00", "code code code unit_code name value"),
    ("单位名称 | 项目名称 | 合计\n甲局 | 大厅建设 | 5.00", "unit_name name value"),
    ("项目 | 行次 | 金额 | 项目（按功能分类） | 行次 | 金额\n收入 | 1 | 5.00 | 教育支出 | 31 | 5.00", "name ordinal value name ordinal value"),
    ("项目名称 | 金额 | 备注\n大厅 | 5.00 | 跨年", "name value text"),
    ("项目名称 | 建设性质 | 金额\n大厅 | 新建 | 5.00", "name text value"),
    ("建设性质 | 项目名称 | 金额\n新建 | 大厅 | 5.00", "text name value"),
    ("项目名称 | 金额 | 资金性质\n大厅 | 5.00 | 财政拨款", "name value text"),
    ("收入 | 数额 | 按功能分类 | 数额\n事业收入 | 5.00 | 教育支出 | 5.00", "name value name value"),
    ("项目 | 金额\n教育 | —\n公务 | 5.00\n接待 | —\n会议 | -", "name value"),
    ("科目 | 因公出国（境）费\n教育 | ", "name value"),
    ("科目编码（类款项） | 科目名称 | 金额\n201 | 教育 | 5", "code name value"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "expected"), ROLES)
def test_the_role_of_a_column(block: str, expected: str) -> None:
    assert roles(block) == expected


@pytest.mark.parametrize(
    ("head", "unit"),
    [("预算数（万元）", "万元"), ("预算数(元)", "元"), ("预算数（单位：千元）", "千元"), ("金额（ 亿元 ）", "亿元"), ("增减%", "%"), ("增减％", "%"),
     ("比重（%）", "%"), ("占比", "%"), ("人数（人）", "人"), ("车辆数（辆）", "辆"), ("预算数", ""), ("因公出国（境）费", ""), ("一般公共预算（拨款）", ""),
     ("金额/万元", "")],
)  # fmt: skip
def test_a_unit_in_the_head_is_the_columns(head: str, unit: str) -> None:
    assert columns_of(rows_of(f"项目 | {head}"), ())[1].unit == unit


def test_a_unit_of_the_outer_head_holds_for_the_columns_under_it() -> None:
    rows = rows_of("项目 | 金额（万元） | \n | 合计 | 其中")
    assert [column.unit for column in columns_of(rows, ())] == ["", "万元", "万元"]


def test_head_words_keep_their_brackets() -> None:
    assert squeeze_head(" 单位名称 （科 目） ") == "单位名称（科目）"
