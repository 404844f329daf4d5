"""Markdown: three kinds of tables, plain words, and lines that are those of the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Grid, Paragraph, Place
from index.errors import BudgetError
from index.read import read_budget
from index.readers.markdown import plain, read_markdown
from tests.budget_texts import expected, told


def shown(text: str) -> list[str]:
    """A line for each paragraph and row, with the line of the file where it stands."""
    lines = []
    for block in read_markdown("a.md", text.encode()).blocks:
        if isinstance(block, Paragraph):
            lines.append(f"{block.place.line} {'#' * block.level}{block.text}")
        else:
            lines += [f"{r[0].place.line} " + "|".join(cell.text for cell in r) for r in block.rows]
    return lines


BUDGET = """---
title: 北岭市图书馆2024年部门预算
tags: [公开]
---

# 北岭市图书馆2024年部门预算

## 第二部分 预算表

**表1 收支总表**

单位：万元

| 收入 | | 支出 | |
|:---|---:|---|---:|
| **项目** | 预算数 | 项目 | 预算数 |
| 一、财政拨款收入 | 1,000.00 | 一、文化旅游体育<br>与传媒支出 | 900.00 |
| 二、其他收入 | 50.00 | 二、社会保障和就业支出 | 150.00 |
| 收入总计 | 1,050.00 | 支出总计 | 1,050.00 |

表2 一般公共预算支出表
单位：元

科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
--- | --- | --- | --- | ---
207 | 文化旅游体育与传媒支出 | 9,000,000.00 | 5,000,000.00 | 4,000,000.00
20701 | &nbsp;&nbsp;文化和旅游 | 9,000,000.00 | 5,000,000.00 | 4,000,000.00

表3 三公经费
单位：万元

<table border="1">
<tr><th rowspan="2">项目</th><th colspan="2">公务用车</th></tr>
<tr>
 <th>购置费</th>
 <th>运行费</th></tr>
<tr><td>
合计</td><td>0.00</td>
<td>12.00</td></tr>
</table>

表4 项目支出表
单位：万元
项目名称\t金额
[**数字资源**采购](http://a.cn)\t300.00
"""
FACTS = """
财政拨款收入 | 收入/预算数 | 1000.00万元 | item
其他收入 | 收入/预算数 | 50.00万元 | item
收入总计 | 收入/预算数 | 1050.00万元 | total
文化旅游体育与传媒支出 | 支出/预算数 | 900.00万元 | item
社会保障和就业支出 | 支出/预算数 | 150.00万元 | item
支出总计 | 支出/预算数 | 1050.00万元 | total
文化旅游体育与传媒支出 | 合计 | 9000000.00元 | subtotal
文化旅游体育与传媒支出 | 基本支出 | 5000000.00元 | subtotal
文化旅游体育与传媒支出 | 项目支出 | 4000000.00元 | subtotal
文化旅游体育与传媒支出/文化和旅游 | 合计 | 9000000.00元 | item
文化旅游体育与传媒支出/文化和旅游 | 基本支出 | 5000000.00元 | item
文化旅游体育与传媒支出/文化和旅游 | 项目支出 | 4000000.00元 | item
合计 | 公务用车/购置费 | 0.00万元 | total
合计 | 公务用车/运行费 | 12.00万元 | total
数字资源采购 | 金额 | 300.00万元 | project
"""


def test_every_figure_of_four_kinds_of_tables_is_read_at_its_line() -> None:
    budget = read_budget("北岭.md", BUDGET.encode())
    assert told(budget.facts) == expected(FACTS)
    lines = BUDGET.split("\n")
    for fact in budget.facts:
        assert fact.place.line and fact.printed in lines[fact.place.line - 1], fact.id
    assert (budget.institution, budget.year) == ("北岭市图书馆", 2024)


TABLES = [
    ("| a | b |\n|---|---|\n| c \\| d | 1 |", ["1 a|b", "3 c | d|1"]),
    ("|a|b\n|-|-\n|c|1", ["1 a|b", "3 c|1"]),
    ("|---|---|\n| a | 1 |", ["2 a|1"]),
    ("| a | 1 |\n| b | 2 |", ["1 a|1", "2 b|2"]),
    ("| | 合计 | 1 |\n|--|--|--|\n|c| |2|", ["1 |合计|1", "3 c||2"]),
    ("a | b\n:-: | -:\n | 1\nc | ", ["1 a|b", "3 |1", "4 c|"]),
    ("甲\n| a | b |\n|:-|-:|\n| c | 1 |\n乙", ["1 甲", "2 a|b", "4 c|1", "5 乙"]),
    ("单位：某局 | 2024年", ["1 单位：某局 | 2024年"]),
    ("| &nbsp; a | &nbsp;1.00 |\n|-|-|\n| `x` | <b>y</b> |", ["1  a|1.00", "3 x|y"]),
    ("a\tb\nc\t1", ["1 a|b", "2 c|1"]),
    ("\t缩进\n\n甲\t1\n\t2", ["1 缩进", "3 甲|1", "4 |2"]),
    ("<table><tr><td>a<td>1", ["1 a|1"]),
    ("甲\n<table>\n<caption>乙</caption>\n<tr><td>a<td>1", ["1 甲", "3 乙", "4 a|1"]),
    (
        "甲\n<div><table>\n<tr><td>a<td>1\n\n<tr><td>b\n<td>2</table></div>\n乙",
        ["1 甲", "3 a|1", "5 b|2", "7 乙"],
    ),
]


@pytest.mark.parametrize(("text", "lines"), TABLES)
def test_tables_are_grids_at_the_lines_of_the_file(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


TEXTS = [
    ("# 甲 #\n\n### 乙\n丙\n===\n丁\n---\n---", ["1 #甲", "3 ###乙", "4 #丙", "6 ##丁"]),
    ("- 甲\n* [x] 乙\n> > 丙\n1. 丁\n（一）戊", ["1 甲", "2 乙", "3 丙", "4 1. 丁", "5 （一）戊"]),
    ("甲\n\n***\n\n[a]: http://b\n乙<br>丙", ["1 甲", "6 乙", "6 丙"]),
    ("<!-- 甲\n乙 -->\n丙<!-- x -->", ["3 丙"]),
    ("```\n甲\n```\n乙", ["2 甲", "4 乙"]),
    ("---\ntitle: 甲\ndate: 2024\n---\n乙", ["2 #甲", "5 乙"]),
    ("---\n\n甲", ["3 甲"]),
]


@pytest.mark.parametrize(("text", "lines"), TEXTS)
def test_other_lines_are_paragraphs_without_their_marks(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**一**、__二__ *三* _四_ ~~五~~ `六`", "一、二 三 四 五 六"),
        ("***一*** **二*三*四**", "一 二三四"),
        ("[甲](http://a.cn/b_c) ![图](x.png)[乙][1]", "甲 乙"),
        ("a_b_c 3*4*5 * 6", "a_b_c 3*4*5 * 6"),
        ("***", "***"),
        (r"\*甲\* 1\.5 &lt;乙&gt;", "*甲* 1.5 <乙>"),
        ("<font color=red>甲</font> 1<2>0", "甲 1<2>0"),
    ],
)
def test_marks_of_emphasis_and_links_leave_the_words(text: str, words: str) -> None:
    assert plain(text) == words


def test_headings_and_cells_have_places() -> None:
    heading, grid = read_markdown("a.md", "## 甲\n| a | 1 |\n|--|--|".encode()).blocks
    assert heading == Paragraph(text="甲", place=Place(line=1), level=2)
    assert isinstance(grid, Grid) and grid.rows[0][1].place == Place(line=2, field=1)


@pytest.mark.parametrize("text", ["", " \n ", "a\0b"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(BudgetError):
        read_markdown("a.md", text.encode())


marks = st.sampled_from("|-:\\*_`<>table/#!&;\t =[]()预算1.0")
lines = st.lists(st.text(marks, max_size=14), max_size=9)


@settings(max_examples=300, deadline=None)
@given(lines)
def test_no_line_breaks_the_reader_and_none_is_told_twice(lines: list[str]) -> None:
    try:
        source = read_markdown("a.md", "\n".join(lines).encode())
    except BudgetError:
        return
    numbers = [b.place.line or 0 for b in source.blocks]
    assert numbers == sorted(numbers) and all(0 < n <= len(lines) for n in numbers)
