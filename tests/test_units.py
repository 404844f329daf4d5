"""The budget units of a department: from lists, coded rows and the columns that name them."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

import pytest

from index.fact import Unit
from index.tabulate import Tabulated, tabulate
from index.units import is_class, units_of
from tests.budget_texts import raw

OWN = "云岭市粮食局"
LIST = "序号 | 预算单位名称\n1 | 云岭市粮食局\n2 | 粮油检测站"
INCOME = """
    单位代码 | 单位名称（科目） | 合计
    | 合计 | 9.00
    101001 | 云岭市粮食局 | 5.00
    101002 | 粮油检测站 | 4.00
"""


def tables(*blocks: str) -> list[Tabulated]:
    return [tabulate(raw(block)) for block in blocks]


def told(*blocks: str, institution: str = OWN) -> list[str]:
    marks = [
        (u.code or "-", u.name, "own" * u.own, "whole" * u.whole)
        for u in units_of(institution, tables(*blocks))
    ]
    return [" ".join(filter(None, mark)) for mark in marks]


CASES = {
    "a list of names": ([LIST], ["- 云岭市粮食局 own", "- 粮油检测站"]),
    "coded rows": ([INCOME], ["101001 云岭市粮食局 own", "101002 粮油检测站"]),
    "codes are added to the names of a list": ([LIST, INCOME], ["101001 云岭市粮食局 own", "101002 粮油检测站"]),
    "the whole department": (
        [INCOME, "科目编码 | 单位代码 | 名称 | 合计\n | 101 | 云岭市粮食局部门 | 9.00\n2050803 | 101 | 培训支出 | 9.00"],
        ["101001 云岭市粮食局 own", "101002 粮油检测站", "101 云岭市粮食局部门 whole"],
    ),
    "the whole department above its units": (
        ["单位代码 | 单位名称 | 合计\n101 | 云岭市粮食局部门 | 9.00\n101001 | 云岭市粮食局本级 | 5.00\n101002 | 粮油检测站 | 4.00"],
        ["101 云岭市粮食局部门 whole", "101001 云岭市粮食局本级 own", "101002 粮油检测站"],
    ),
    "cells of performance tables": (
        ["单位名称 | 项目名称 | 预算数 | 一级指标 | 二级指标 | 三级指标\n101-云岭市粮食局部门 | | 9.00 | | |\n101001-云岭市粮食局 | 大厅 | 9.00 | 产出 | 数量 | 次数"],
        ["101 云岭市粮食局部门 whole", "101001 云岭市粮食局 own"],
    ),
    "a column of names without codes": (
        ["单位名称 | 项目名称 | 金额\n | 合计 | 9.00\n云岭市粮食局 | 大厅 | 5.00\n粮油检测站 | 仪器 | 4.00"],
        ["- 云岭市粮食局 own", "- 粮油检测站"],
    ),
    "code, unit and item in columns of their own": (
        ["单位代码 | 单位名称 | 项目名称 | 金额\n101001 | 云岭市粮食局 | 大厅 | 5.00"],
        ["101001 云岭市粮食局 own"],
    ),
    "economic classes in the unit's column": (
        ["类 | 款 | 单位代码 | 单位名称（科目） | 合计\n | | 101001 | 云岭市粮食局 | 9.00\n | | 302 | 商品和服务支出 | 9.00\n302 | 99 | 30299 | 其他 | 9.00\n302 | 99 | 3029909 | 其他商品 | 9.00"],
        ["101001 云岭市粮食局 own"],
    ),
    "classes with a dash": (["科目 | 金额\n2080501-行政单位离退休 | 5.00\n208-社会保障和就业支出 | 5.00"], []),
    "a department that bears the number of a class": (
        ["单位代码 | 单位名称 | 合计\n302 | 云岭市粮食局部门 | 9.00\n302001 | 云岭市粮食局 | 9.00"],
        ["302 云岭市粮食局部门 whole", "302001 云岭市粮食局 own"],
    ),
    "totals are no units": (["单位代码 | 单位名称 | 合计\n101001 | 合计 | 9.00\n101 | 小计 | 9.00"], []),
    "the total's name in the unit's column": (["单位名称 | 项目名称 | 金额\n合计 | 合计 | 9.00"], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_units_are_found_wherever_they_are_named(name: str) -> None:
    blocks, expected = CASES[name]
    assert told(*blocks) == expected


@pytest.mark.parametrize(
    ("institution", "own"),
    [
        ("云岭市粮食局", "云岭市粮食局机关"),
        ("粮油检测站", "粮油检测站"),
        ("别的局", "云岭市粮食局机关"),
        ("", "云岭市粮食局机关"),
    ],
)
def test_the_own_office_bears_the_departments_name_or_is_its_headquarters(
    institution: str, own: str
) -> None:
    block = INCOME.replace("云岭市粮食局", "云岭市粮食局机关")
    found = units_of(institution, tables(block))
    assert [unit.name for unit in found if unit.own] == [own]


def test_without_any_such_name_no_unit_is_the_own_office() -> None:
    assert not any(unit.own for unit in units_of("别的局", tables(INCOME)))


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [("301", "工资福利支出", True), ("301", "工资福利支", True), ("30216", "培训费", True), ("3029909", "其他商品", True), ("302", "云岭市粮食局", False),
     ("302001", "云岭市粮食局", False), ("622", "某中心", False), ("208", "社会保障和就业支出", True), ("", "培训费", False)],
)  # fmt: skip
def test_a_class_is_told_from_a_unit_by_its_official_name(
    code: str, name: str, expected: bool
) -> None:
    assert is_class(code, name) is expected


def test_a_unit_is_named_once() -> None:
    assert units_of(OWN, tables(LIST, INCOME, INCOME)) == (
        Unit(code="101001", name="云岭市粮食局", own=True),
        Unit(code="101002", name="粮油检测站"),
    )
