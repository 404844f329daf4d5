"""Rows cut into label, codes and figures: sides, split codes, wrapped and cut labels, shifts."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

import pytest

from index.document import Place
from index.head import Role
from index.tabulate import Line, Tabulated, complete_label, glued_code, tabulate
from tests.budget_texts import raw


def lines(block: str, *known: str) -> list[Line]:
    return [line for side in tabulate(raw(block), frozenset(known)).sides for line in side]


def told(block: str, *known: str) -> list[str]:
    """code, unit code, unit, label and figures of each line."""
    return [
        " ".join(
            (line.code or "-", line.unit_code or "-", line.unit_name or "-", line.label or "-",
             *(figure or "_" for figure in line.figures))
        )
        for line in lines(block, *known)
    ]  # fmt: skip


# --------------------------------------------------------------------------------- sides


def test_two_tables_side_by_side_are_two_lists() -> None:
    found = tabulate(
        raw("""
        收入 | | 支出 | |
        项目 | 预算数 | 项目 | 合计 | 本年
        一、事业收入 | 5.00 | 一、教育支出 | 3.00 | 2.00
        | | 二、公务支出 | | 
        合计 | 5.00 | 合计 | 3.00 | 2.00
    """)
    )
    assert [[line.label for line in side] for side in found.sides] == [
        ["事业收入", "合计"], ["教育支出", "公务支出", "合计"],
    ]  # fmt: skip
    assert [line.row for line in found.sides[1]] == [2, 3, 4]
    assert found.sides[0][0].label_places == (Place(line=3, field=0),)


def test_figures_behind_a_remark_or_a_code_belong_to_the_labels_at_their_left() -> None:
    assert told("项目名称 | 金额 | 资金性质 | 上年数\n大厅 | 5.00 | 拨款 | 4.00") == [
        "- - - 大厅 5.00 4.00"
    ]
    assert told("项目名称 | 金额 | 科目编码 | 上年数\n大厅 | 5.00 | 201 | 4.00") == [
        "- - - 大厅 5.00 4.00"
    ]


@pytest.mark.parametrize(
    "block",
    ["序号 | 单位名称\n1 | 甲中心", "项目 | 备注\n甲 | 乙", "项目 | 金额"],
)
def test_a_table_without_figures_has_no_lines(block: str) -> None:
    assert lines(block) == []


# --------------------------------------------------------------------------------- codes

HEAD = "类 | 款 | 项 | 科目名称 | 金额\n"
CODES = [
    ("201 | 03 | 50 | 事业运行 | 5", ["2010350"]),
    ("201 | 3 | 1 | 行政运行 | 5", ["2010301"]),
    ("201 | | | 一般公共服务 | 9\n | 03 | | 政府办公厅 | 8\n | | 50 | 事业运行 | 5\n | | 99 | 其他 | 3\n | 05 | | 统计 | 1", ["201", "20103", "2010350", "2010399", "20105"]),
    ("201 | | | 一般公共服务 | 9\n201 | 03 | | 政府办公厅 | 8\n201 | 03 | 50 | 事业运行 | 5", ["201", "20103", "2010350"]),
    ("201 | | | 一般公共服务 | 9\n | 20103 | | 政府办公厅 | 8\n | | 2010350 | 事业运行 | 5", ["201", "20103", "2010350"]),
    ("201 | 03 | | 政府 | 9\n205 | | | 教育 | 5\n | 08 | | 进修 | 5", ["20103", "205", "20508"]),
    ("201 | 03 | 50 | 事业运行 | 5\n | | | 合计 | 5", ["2010350", ""]),
    ("201 | 01 | 01 | 行政运行 | 5", ["2010101"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "codes"), CODES)
def test_a_code_split_over_columns_is_put_together(rows: str, codes: list[str]) -> None:
    assert [line.code for line in lines(HEAD + rows)] == codes


GLUED = [
    ("2080501 行政单位离退休", "2080501", "行政单位离退休"),
    ("205教育支出", "205", "教育支出"),
    ("208-社会保障和就业支出", "208", "社会保障和就业支出"),
    ("　　30201 办公费", "30201", "办公费"),
    ("361001 某某中心", "361001", "某某中心"),
    ("361001某某中心", "361001", "某某中心"),
    ("12345政务服务热线", "", "12345政务服务热线"),
    ("2024年信息化项目", "", "2024年信息化项目"),
    ("300兆宽带租用", "", "300兆宽带租用"),
    ("110指挥中心运行费", "", "110指挥中心运行费"),
    ("1. 行政运行", "", "行政运行"),
    ("教育支出205", "", "教育支出205"),
]


@pytest.mark.parametrize(("text", "code", "label"), GLUED)
def test_a_code_glued_to_its_label_is_parted_and_a_number_in_a_name_is_not(
    text: str, code: str, label: str
) -> None:
    (line,) = lines(f"科目名称 | 金额\n{text} | 5.00")
    known = line.unit_code if len(code) == 6 else line.code
    assert (known, line.label, glued_code(text)) == (code, label, code)


def test_beside_a_code_of_its_own_a_label_keeps_its_number() -> None:
    assert told("科目编码 | 项目名称 | 金额\n2010350 | 205教育园区 | 5") == [
        "2010350 - - 205教育园区 5"
    ]


def test_two_columns_of_whole_codes_are_not_one_code() -> None:
    block = "功能科目编码 | 科目名称 | 经济科目编码 | 经济科目名称 | 金额\n2010350 | 事业运行 | 30201 | 办公费 | 5"
    assert [line.code for line in lines(block)] == ["30201"]


def test_units_and_their_codes_have_columns_of_their_own() -> None:
    assert told("单位代码 | 单位名称 | 项目名称 | 金额\n101001 | 甲局 | 大厅 | 5") == [
        "- 101001 甲局 大厅 5"
    ]
    assert told("单位代码 | 单位名称 | 金额\n101001 | 甲局 | 5") == ["- 101001 - 甲局 5"]
    assert told("科目名称 | 项目名称 | 金额\n事业运行 | 大厅 | 5") == ["- - - 大厅 5"]


def test_a_subtotal_beside_a_unit_is_the_units_row_if_the_rows_below_inherit_it() -> None:
    inherited = lines("单位名称 | 项目名称 | 金额\n甲局 | 小计 | 5\n | 大厅 | 5")
    assert [line.label for line in inherited] == ["甲局", "大厅"]
    assert inherited[0].label_places == (Place(line=2, field=0), Place(line=2, field=1))
    merged = lines("单位名称 | 项目名称 | 金额\n甲局 | 小计 | 5\n^ | 大厅 | 5")
    assert [(line.label, line.unit_name) for line in merged] == [("甲局", "甲局"), ("大厅", "甲局")]
    repeated = lines("单位名称 | 科目名称 | 金额\n甲局 | 小计 | 5\n甲局 | 办公费 | 5")
    assert [line.label for line in repeated] == ["小计", "办公费"]


# ------------------------------------------------------------------- ordinals, heads, shifts


@pytest.mark.parametrize(
    ("text", "label"),
    [("一、教育支出", "教育支出"), ("（一）教育支出", "教育支出"), ("1.教育支出", "教育支出"), ("其中：财政拨款", "财政拨款"),
     ("其中：（1）购置费", "购置费"), ("　　①教育", "教育"), ("2.5万亩造林", "2.5万亩造林"), ("一般公共服务支出", "一般公共服务支出"),
     ("三公经费", "三公经费"), ("十四五规划项目", "十四五规划项目"), ("（十四五）规划", "（十四五）规划"), ("（十四）规划", "规划"), ("二十一、转移", "转移"), ("培训 支出", "培训支出"), ("Wi-Fi 建设", "Wi-Fi建设"), ("其中", "其中")],
)  # fmt: skip
def test_ordinals_and_whereof_are_no_part_of_a_label(text: str, label: str) -> None:
    (line,) = lines(f"项目 | 金额\n{text} | 5.00")
    assert line.label == label


@pytest.mark.parametrize("again", ["项 目 | 金额 | 比重", "收入 | | \n项目 | 金额 | 比重"])
def test_a_head_printed_again_on_the_next_page_is_no_row(again: str) -> None:
    block = f"收入 | | \n项目 | 金额 | 比重\n教育 | 5.00 | 50\n{again}\n公务 | 5.00 | 50"
    assert [line.label for line in lines(block)][-1] == "公务"
    assert [line.label for line in lines(block) if line.label not in ("收入",)] == ["教育", "公务"]


def test_column_numbers_are_no_row_wherever_they_stand() -> None:
    block = "项目 | 金额 | 本年\n栏次 | 1 | 2\n教育 | 5.00 | 5.00\n栏次 | 1 | 2\n公务 | 5.00 | 5.00"
    assert [line.label for line in lines(block)] == ["教育", "公务"]


SHIFT = "单位代码 | 项目名称 | 合计 | 本年 | 备注\n101 | 大厅 | 5.00 | 4.00 | 急\n"
SHIFTED = [
    ("101 | 运维 | 6.00 | 2.00 | ", "- 101 - 运维 6.00 2.00"),
    (" | 101 | 运维 | 6.00 | 2.00", "- 101 - 运维 6.00 2.00"),
    ("运维 | 6.00 | 2.00", "- - - 运维 6.00 2.00"),
    ("101 | | 6.00 | 2.00 | ", "- 101 - - 6.00 2.00"),
    (" | | 6.00 | 2.00 | 同上", "- - - - 6.00 2.00"),
    ("101 | 运维 | 6.00 | 见附注 | ", "- 101 - 运维 6.00 见附注"),
    ("101 | 运维 | — | 2.00 | ", "- 101 - 运维 — 2.00"),
]


@pytest.mark.parametrize(("row", "expected"), SHIFTED)
def test_a_row_moved_sideways_goes_back_by_its_label(row: str, expected: str) -> None:
    assert told(SHIFT + row)[1] == expected


def test_a_moved_figure_keeps_its_own_place() -> None:
    line = lines(SHIFT + " | 101 | 运维 | 6.00 | 2.00")[1]
    assert [cell.place.field for _, cell in line.values] == [3, 4]
    assert line.label_places == (Place(line=3, field=2),)


# ------------------------------------------------------------------------ wrapped and cut

WRAPPED = [
    ("社会保障和就业 | 5.00\n支出 | ", ["社会保障和就业支出 5.00"]),
    ("社会保障和就业 | \n支出 | 5.00", ["社会保障和就业支出 5.00"]),
    ("社会保障和就业 | 5.00\n支出 | 5.00", ["社会保障和就业 5.00", "支出 5.00"]),
    ("社会保障和就业 | 5.00\n备用 | ", ["社会保障和就业 5.00", "备用 _"]),
    ("社会保障和就业 | 5.00\n | \n支出 | ", ["社会保障和就业 5.00", "支出 _"]),
    ("教育支出 | 5.00\n外交支出 | ", ["教育支出 5.00", "外交支出 _"]),
]


@pytest.mark.parametrize(("rows", "expected"), WRAPPED)
def test_a_label_over_two_rows_is_joined_if_the_whole_is_known(
    rows: str, expected: list[str]
) -> None:
    found = lines(f"项目 | 金额\n{rows}", "社会保障和就业支出", "教育支出", "外交支出")
    assert [f"{line.label} {line.figures[0] or '_'}" for line in found] == expected


def test_an_official_class_needs_no_other_mention_to_be_joined() -> None:
    found = lines("科目 | 金额\n机关事业单位基本养老保险 | 5.00\n缴费支出 | ")
    assert [line.label for line in found] == ["机关事业单位基本养老保险缴费支出"]
    assert found[0].note == "印为两行：机关事业单位基本养老保险｜缴费支出"
    assert found[0].label_places == (Place(line=2, field=0), Place(line=3, field=0))


def test_a_row_with_a_code_of_its_own_is_no_second_half() -> None:
    block = "科目编码 | 科目名称 | 金额\n208 | 社会保障和就业 | 5.00\n209 | 支出 | "
    assert [line.label for line in lines(block)] == ["社会保障和就业", "支出"]


KNOWN = {
    "其他政府办公厅及相关机构事务支出": "2010399",
    "天府健康通": "2010350",
    "天府健康通运维项目": "2010350",
    "机关事业单位基本养老保险缴费": "30108",
    "机关事业单位基本养老保险缴费支出": "2080505",
    "农林水支出": "",
    "农林水支出合计": "",
    "农林水支出其他": "",
}
CUTS = [
    ("其他政府办公厅及相关机构事", "2010399", 13, "其他政府办公厅及相关机构事务支出"),
    ("其他政府办公厅及相关机构事", "", 13, "其他政府办公厅及相关机构事务支出"),
    ("其他政府办公厅及相关机构事", "2010301", 13, "其他政府办公厅及相关机构事"),
    ("天府健康通", "2010350", 9, "天府健康通"),
    ("机关事业单位基本养老保险缴费", "30108", 14, "机关事业单位基本养老保险缴费"),
    ("农林水支出", "", 5, "农林水支出"),
    ("其他", "", 2, "其他"),
    ("教育支出", "", 4, "教育支出"),
]


@pytest.mark.parametrize(("label", "code", "longest", "expected"), CUTS)
def test_only_a_label_cut_at_the_columns_edge_is_completed(
    label: str, code: str, longest: int, expected: str
) -> None:
    line = Line(row=0, label=label, printed=label, code=code, unit_code="", unit_name="",
                label_places=(), values=())  # fmt: skip
    assert complete_label(line, longest, KNOWN) == expected


def test_lines_know_the_head_of_their_label() -> None:
    found: Tabulated = tabulate(raw("单位名称 | 采购 项目名称 | 金额\n甲局 | 电脑 | 5.00"))
    assert [line.head for line in found.sides[0]] == ["采购项目名称"]
    assert [column.role for column in found.columns] == [Role.UNIT_NAME, Role.NAME, Role.VALUE]
    assert not found.sides[0][0].empty
