"""What each row is (total, unit, subtotal, group, item, detail, project) and where it hangs."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

import pytest

from index.classify import ClassifiedRow, adds_up, classify, rank_of
from index.fact import Unit
from index.tabulate import tabulate
from tests.budget_texts import expected, raw

UNITS = (
    Unit(code="101", name="云岭市粮食局部门", whole=True),
    Unit(code="101001", name="云岭市粮食局", own=True),
    Unit(code="101002", name="粮油检测站"),
)


def rows(block: str, *, projects: bool = False) -> tuple[ClassifiedRow, ...]:
    return tuple(
        row
        for side in tabulate(raw(block)).sides
        for row in classify(side, UNITS, projects=projects)
    )


def told(block: str, *, projects: bool = False) -> list[str]:
    """Kind and path of each row, and the level below the total."""
    return [
        f"{row.kind} | {'/'.join(row.path)} | {row.level}" for row in rows(block, projects=projects)
    ]


def test_totals_repeats_units_and_items_are_told_without_codes() -> None:
    assert told("""
        类 | 款 | 项 | 单位代码 | 单位名称（科目） | 合计 | 基本
        | | | | 合 计 | 9.00 | 9.00
        | | | | | 9.00 | 9.00
        | | | | 云岭市粮食局 | 5.00 | 5.00
        205 | 08 | 03 | 101001 | 培训支出 | 5.00 | 5.00
        | | | | 粮油检测站 | 4.00 | 4.00
        205 | 08 | 03 | 101002 | 培训支出 | 4.00 | 4.00
    """) == expected("""
        total | 合计 | 0
        total_repeat | 合计 | 0
        unit | 云岭市粮食局 | 1
        item | 云岭市粮食局/培训支出 | 2
        unit | 粮油检测站 | 1
        item | 粮油检测站/培训支出 | 2
    """)


def test_a_row_without_a_label_that_repeats_nothing_is_a_subtotal() -> None:
    kinds = [row.kind for row in rows("项目 | 金额\n合计 | 9.00\n | 9.00\n | 3.00")]
    assert kinds == ["total", "total_repeat", "subtotal"]


def test_the_department_as_a_whole_leads_the_path_only_as_the_row_above() -> None:
    assert told("""
        科目编码 | 单位代码 | 科目名称 | 合计
        | 101 | 云岭市粮食局部门 | 9.00
        2050803 | 101 | 培训支出 | 9.00
    """) == expected("""
        unit | 云岭市粮食局部门 | 0
        item | 云岭市粮食局部门/培训支出 | 1
    """)


def test_classes_of_expenditure_nest_by_their_codes() -> None:
    assert told("""
        科目编码 | 科目名称 | 合计
        | 合计 | 12.00
        208 | 社会保障和就业支出 | 9.00
        20805 | 养老支出 | 8.00
        2080501 | 行政单位离退休 | 8.00
        20899 | 其他社会保障支出 | 1.00
        2089999 | 其他社会保障支出 | 1.00
        210 | 卫生健康支出 | 3.00
    """) == expected("""
        total | 合计 | 0
        subtotal | 社会保障和就业支出 | 1
        subtotal | 社会保障和就业支出/养老支出 | 2
        item | 社会保障和就业支出/养老支出/行政单位离退休 | 3
        subtotal | 社会保障和就业支出/其他社会保障支出 | 2
        item | 社会保障和就业支出/其他社会保障支出/其他社会保障支出 | 3
        item | 卫生健康支出 | 1
    """)


def test_economic_classes_are_groups_and_seven_figures_are_details() -> None:
    assert told("""
        类 | 款 | 单位代码 | 单位名称（科目） | 合计
        | | | 合计 | 9.00
        | | 101001 | 云岭市粮食局 | 9.00
        | | 302 | 商品和服务支出 | 9.00
        302 | 99 | 30299 | 其他商品和服务支出 | 7.00
        302 | 99 | 3029909 | 其他商品和服务支出 | 7.00
        302 | 16 | 30216 | 培训费 | 2.00
    """) == expected("""
        total | 合计 | 0
        unit | 云岭市粮食局 | 1
        group | 云岭市粮食局/商品和服务支出 | 2
        item | 云岭市粮食局/商品和服务支出/其他商品和服务支出 | 3
        detail | 云岭市粮食局/商品和服务支出/其他商品和服务支出/其他商品和服务支出 | 4
        item | 云岭市粮食局/商品和服务支出/培训费 | 3
    """)


def test_names_under_one_code_are_projects_and_the_row_above_their_subtotal() -> None:
    assert told("""
        科目编码 | 单位代码 | 名称 | 金额
        | | 合计 | 9.00
        | | 云岭市粮食局 | 9.00
        | | 事业运行 | 5.00
        2010350 | 101001 | 大厅运维 | 3.00
        2010350 | 101001 | 大厅扩容 | 2.00
        | | 其他政府办公厅事务支出 | 4.00
        2010399 | 101001 | 平台建设 | 4.00
    """, projects=True) == expected("""
        total | 合计 | 0
        unit | 云岭市粮食局 | 1
        subtotal | 云岭市粮食局/事业运行 | 2
        project | 云岭市粮食局/事业运行/大厅运维 | 3
        project | 云岭市粮食局/事业运行/大厅扩容 | 3
        subtotal | 云岭市粮食局/其他政府办公厅事务支出 | 2
        project | 云岭市粮食局/其他政府办公厅事务支出/平台建设 | 3
    """)  # fmt: skip


def test_a_class_in_a_list_of_projects_is_none() -> None:
    block = "科目编码 | 项目名称 | 金额\n2010350 | 事业运行 | 5.00\n2010350 | 大厅 | 4.00\n | 另一大厅 | 1.00"
    assert [row.kind for row in rows(block.replace("2010350 | 大厅", "2010399 | 大厅"), projects=True)] == [
        "item", "project", "project",
    ]  # fmt: skip
    assert [row.kind for row in rows("科目名称 | 金额\n大厅 | 5.00", projects=True)] == ["item"]
    assert [row.kind for row in rows("项目 | 金额\n大厅 | 5.00", projects=True)] == ["project"]


def test_a_subtotal_that_names_its_unit_is_the_units_row() -> None:
    assert told("""
        单位名称 | 科目名称 | 合计
        | 合计 | 9.00
        云岭市粮食局 | 小计 | 5.00
        云岭市粮食局 | 301 工资福利支出 | 5.00
        云岭市粮食局 | 30101 基本工资 | 5.00
        粮油检测站 | 小计 | 4.00
        粮油检测站 | 30101 基本工资 | 4.00
    """) == expected("""
        total | 合计 | 0
        unit | 云岭市粮食局/小计 | 1
        group | 云岭市粮食局/工资福利支出 | 2
        item | 云岭市粮食局/工资福利支出/基本工资 | 3
        unit | 粮油检测站/小计 | 1
        item | 粮油检测站/基本工资 | 2
    """)


def test_a_unit_of_its_own_column_holds_for_the_rows_below_until_the_next() -> None:
    found = rows("""
        单位名称 | 项目名称 | 合计
        | 合计 | 9.00
        云岭市粮食局 | 小计 | 5.00
        | 大厅 | 5.00
        粮油检测站 | 小计 | 4.00
        | 仪器 | 4.00
    """, projects=True)  # fmt: skip
    assert [(row.kind, row.unit and row.unit.code) for row in found] == [
        ("total", None), ("unit", "101001"), ("project", "101001"), ("unit", "101002"),
        ("project", "101002"),
    ]  # fmt: skip
    assert found[-1].path == ("粮油检测站", "仪器")


# ------------------------------------------------------------------------- ordinals, 其中

NESTED = {
    "bare labels below ordinals": ("""
        项目 | 金额
        一、本年收入 | 9.00
        一般公共预算拨款 | 9.00
        政府性基金拨款 |
        二、上年结转 | 1.00
        一般公共预算拨款 | 1.00
        收入总计 | 10.00
    """, """
        subtotal | 本年收入 | 0
        item | 本年收入/一般公共预算拨款 | 1
        item | 本年收入/政府性基金拨款 | 1
        subtotal | 上年结转 | 0
        item | 上年结转/一般公共预算拨款 | 1
        total | 收入总计 | 0
    """),
    "ordinals of two forms": ("""
        项目 | 金额
        一、本年收入 | 9.00
        （一）一般公共预算拨款 | 9.00
        （二）政府性基金拨款 |
        二、上年结转 | 1.00
        （一）一般公共预算拨款 | 1.00
        1.中央 | 1.00
    """, """
        subtotal | 本年收入 | 0
        item | 本年收入/一般公共预算拨款 | 1
        item | 本年收入/政府性基金拨款 | 1
        subtotal | 上年结转 | 0
        subtotal | 上年结转/一般公共预算拨款 | 1
        item | 上年结转/一般公共预算拨款/中央 | 2
    """),
    "one form: a list": ("""
        项目 | 金额
        一、财政拨款收入 | 9.00
        二、事业收入 |
        三、其他收入 | 1.00
        本年收入合计 | 10.00
        上年结转 | 2.00
        收入总计 | 12.00
    """, """
        item | 财政拨款收入 | 0
        item | 事业收入 | 0
        item | 其他收入 | 0
        subtotal | 本年收入合计 | 0
        item | 上年结转 | 0
        total | 收入总计 | 0
    """),
    "carried over after a list": ("""
        项目 | 金额
        一、财政拨款收入 | 9.00
        二、其他收入 | 1.00
        上年结转 | 2.00
        用事业基金弥补收支差额 | 1.00
    """, """
        item | 财政拨款收入 | 0
        item | 其他收入 | 0
        item | 上年结转 | 0
        item | 用事业基金弥补收支差额 | 0
    """),
    "whereof that adds up": ("""
        项目 | 2024年 | 2023年 | 增减%
        合计 | 5.00 | 4.00 | 25
        1、公务接待费 | 1.00 | 1.00 | 0
        2、公务用车费 | 4.00 | 3.00 | 33
        其中：（1）购置费 | 3.00 | | 100
        （2）运行费 | 1.00 | 3.00 | 12
    """, """
        total | 合计 | 0
        item | 公务接待费 | 1
        subtotal | 公务用车费 | 1
        item | 公务用车费/购置费 | 2
        item | 公务用车费/运行费 | 2
    """),
    "whereof that is only a part": ("""
        项目 | 金额
        事业收入 | 9.00
        其中：教育收费 | 2.00
        其他收入 | 1.00
    """, """
        item | 事业收入 | 0
        detail | 事业收入/教育收费 | 1
        item | 其他收入 | 0
    """),
    "whereof without figures": ("""
        项目 | 金额
        三十一、结余分配 |
        其中：转入事业基金 |
        三十二、结转下年 | 2.00
    """, """
        item | 结余分配 | 0
        item | 结余分配/转入事业基金 | 1
        item | 结转下年 | 0
    """),
    "whereof twice": ("""
        项目 | 金额
        事业收入 | 9.00
        其中：教育收费 | 2.00
        其中：捐赠 | 1.00
    """, """
        item | 事业收入 | 0
        detail | 事业收入/教育收费 | 1
        detail | 事业收入/捐赠 | 1
    """),
    "no ordinals": ("""
        项目 | 金额
        教育支出 | 9.00
        公务支出 | 2.00
        小计 | 11.00
        上年结转 | 1.00
        总计 | 12.00
    """, """
        item | 教育支出 | 0
        item | 公务支出 | 0
        subtotal | 小计 | 0
        item | 上年结转 | 0
        total | 总计 | 0
    """),
}  # fmt: skip


@pytest.mark.parametrize("name", NESTED)
def test_rows_hang_under_the_row_that_holds_them(name: str) -> None:
    block, found = NESTED[name]
    assert told(block) == expected(found)


def test_a_label_that_ends_as_a_total_is_no_item() -> None:
    assert told("""
        编码 | 名称 | 金额
        301 | 工资福利支出 | 5.00
        30101 | 基本工资 | 5.00
        | 人员经费合计 | 5.00
    """)[-1].startswith("total | 人员经费合计")
    assert told("""
        项目 | 金额
        合计 | 9.00
        基本工资 | 5.00
        人员经费 小计 | 5.00
        办公费 | 4.00
        公用经费合计 | 4.00
    """) == expected("""
        total | 合计 | 0
        item | 基本工资 | 1
        subtotal | 人员经费小计 | 1
        item | 办公费 | 1
        subtotal | 公用经费合计 | 1
    """)


def test_two_wholes_without_a_grand_total_are_both_of_a_part() -> None:
    block = "项目 | 金额\n办公费 | 5.00\n甲类合计 | 5.00\n邮电费 | 4.00\n乙类合计 | 4.00"
    assert [row.kind for row in rows(block)] == ["item", "subtotal", "item", "subtotal"]


@pytest.mark.parametrize(
    ("text", "rank"),
    [("一、本年", 0), ("十二、本年", 0), ("（一）本年", 1), ("(二)本年", 1), ("1.本年", 2), ("12、本年", 2), ("（1）本年", 3), ("①本年", 4),
     ("其中：（1）本年", 3), ("其中：本年", None), ("本年", None), ("2.5万亩", None), ("2024年", None)],
)  # fmt: skip
def test_ordinals_nest_by_their_form(text: str, rank: int | None) -> None:
    (row,) = rows(f"项目 | 金额\n{text} | 5.00")
    assert rank_of(row.line) == rank


@pytest.mark.parametrize(
    ("block", "adds"),
    [("合 | 5.00\n甲 | 3.00\n乙 | 2.00", True), ("合 | 5.00\n甲 | 3.00\n乙 | 1.00", False), ("合 | 5.00\n甲 | 5.00\n乙 | ", True),
     ("合 | \n甲 | 5.00\n乙 | 1.00", None), ("合 | 5.00\n甲 | \n乙 | —", None), ("合 | (5.00)\n甲 | -3\n乙 | -2.00", True)],
)  # fmt: skip
def test_parts_add_up_to_the_whole(block: str, adds: bool | None) -> None:
    (side,) = tabulate(raw("项目 | 金额\n" + block)).sides
    assert adds_up(side[0], side[1:]) is adds


def test_parents_stand_above_and_every_level_is_one_below_its_parents() -> None:
    for block, _ in NESTED.values():
        found = rows(block)
        for at, row in enumerate(found):
            assert row.parent is None or row.parent < at
            assert row.level == (0 if row.parent is None else found[row.parent].level + 1)
