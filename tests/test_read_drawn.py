"""Text files without tabs: tables drawn with bars or boxes, or only aligned by spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Grid, Paragraph, Place
from index.read import read_budget
from index.readers.text import read_text
from tests.budget_texts import expected, told


def shown(text: str) -> list[str]:
    """A line for each paragraph and row, with the line of the file; `^` marks a copy."""
    lines = []
    for block in read_text("a.txt", text.encode()).blocks:
        if isinstance(block, Paragraph):
            lines.append(f"{block.place.line} {block.text}")
        else:
            rows = ("|".join("^" * c.spread + c.text for c in row) for row in block.rows)
            places = (row[0].place.line for row in block.rows)
            lines += [f"{line} {row}" for line, row in zip(places, rows, strict=True)]
    return lines


ALIGNED = """北岭市图书馆2024年部门预算

表1 收支总表
单位：北岭市图书馆                                     单位：万元
收          入                          支          出
项目                      预算数        项  目                预算数
一、财政拨款收入          1,200.00      一、教育支出            800.00
　　其中：一般公共预算    1,000.00      二、卫生健康支出        405.00
二、其他收入                  5.00
收入总计                  1,205.00      支出总计              1,205.00

表2 一般公共预算支出表
单位：元
功能分类科目                              2024年预算数
科目编码    科目名称              小计      基本支出    项目支出
205         教育支出            100.00        60.00       40.00
20502         普通教育          100.00        60.00       40.00
2050202         小学教育         60.00        60.00
2050203         初中教育         40.00                    40.00
            合  计              100.00        60.00       40.00

第三部分 说明
2024年收支总预算  1,205.00  万元。
"""
FACTS = """
财政拨款收入 | 收入/预算数 | 1200.00万元 | item
财政拨款收入/一般公共预算 | 收入/预算数 | 1000.00万元 | detail
其他收入 | 收入/预算数 | 5.00万元 | item
收入总计 | 收入/预算数 | 1205.00万元 | total
教育支出 | 支出/预算数 | 800.00万元 | item
卫生健康支出 | 支出/预算数 | 405.00万元 | item
支出总计 | 支出/预算数 | 1205.00万元 | total
教育支出 | 2024年预算数/小计 | 100.00元 | subtotal
教育支出 | 2024年预算数/基本支出 | 60.00元 | subtotal
教育支出 | 2024年预算数/项目支出 | 40.00元 | subtotal
教育支出/普通教育 | 2024年预算数/小计 | 100.00元 | subtotal
教育支出/普通教育 | 2024年预算数/基本支出 | 60.00元 | subtotal
教育支出/普通教育 | 2024年预算数/项目支出 | 40.00元 | subtotal
教育支出/普通教育/小学教育 | 2024年预算数/小计 | 60.00元 | item
教育支出/普通教育/小学教育 | 2024年预算数/基本支出 | 60.00元 | item
教育支出/普通教育/初中教育 | 2024年预算数/小计 | 40.00元 | item
教育支出/普通教育/初中教育 | 2024年预算数/项目支出 | 40.00元 | item
合计 | 2024年预算数/小计 | 100.00元 | total
合计 | 2024年预算数/基本支出 | 60.00元 | total
合计 | 2024年预算数/项目支出 | 40.00元 | total
"""


def test_columns_that_only_spaces_align_are_read_with_their_blanks() -> None:
    budget = read_budget("北岭.txt", ALIGNED.encode())
    assert told(budget.facts) == expected(FACTS)
    lines = ALIGNED.split("\n")
    for fact in budget.facts:
        assert fact.place.line and fact.printed in lines[fact.place.line - 1], fact.id
    assert [table.unit for table in budget.tables] == ["万元", "元"]


BOXED = """北岭市图书馆2024年部门预算
表1 支出总表
单位：万元
┌────────┬────────┬─────────────┐
│科目编码│科目名称│   预算数    │
│        │        ├──────┬──────┤
│        │        │ 小计 │ 其他 │
├────────┼────────┼──────┼──────┤
│207     │文化旅游│  5.00│ 90.00│
│        │与传媒支出│    │      │
├────────┼────────┼──────┼──────┤
│合计    │        │  5.00│ 90.00│
└────────┴────────┴──────┴──────┘
"""


def test_a_box_with_a_rule_under_each_row_joins_the_lines_of_a_row() -> None:
    budget = read_budget("北岭.txt", BOXED.encode())
    found = [f"{f.code} {f.label} {f.printed} {f.place.line}" for f in budget.facts]
    assert found == [
        "207 文化旅游与传媒支出 5.00 9",
        "207 文化旅游与传媒支出 90.00 9",
        " 合计 5.00 12",
        " 合计 90.00 12",
    ]


CASES = [
    ("甲 | 乙\n正文", ["1 甲 | 乙", "2 正文"]),
    ("| a | 1.00 |\n| b |  |", ["1 a|1.00", "2 b|"]),
    ("a｜1.00\nb｜2.00", ["1 a|1.00", "2 b|2.00"]),
    ("+--+----+\n| a | 1 |\n+==+====+\n|  b | 2 |\n+--+----+\n后", ["2 a|1", "4  b|2", "6 后"]),
    ("│总 │\n├─┬─┤\n│a│1│\n│b│2│", ["1 总|^总", "3 a|1", "4 b|2"]),
    ("a  1.00\nb  2.00", ["1 a|1.00", "2 b|2.00"]),
    ("a　　1.00\nb　　2.00", ["1 a|1.00", "2 b|2.00"]),
    ("甲  乙\na   1.00", ["1 甲|乙", "2 a|1.00"]),
    ("a    1\n甲：\nb    2\n说明如下：", ["1 a|1", "2 甲：|", "3 b|2", "4 说明如下："]),
    ("a  1.00", ["1 a  1.00"]),
    ("甲  乙\n丙  丁", ["1 甲  乙", "2 丙  丁"]),
    (
        "2024年  收入 1.00 万元。\n2025年  支出。",
        ["1 2024年  收入 1.00 万元。", "2 2025年  支出。"],
    ),
    ("x\t1\na  1.00\nb  2.00", ["1 x|1", "2 a  1.00", "3 b  2.00"]),
    (
        "很长很长的名称  1.00  2.00\n短  3.00  4.00",
        ["1 很长很长的名称|1.00|2.00", "2 短|3.00|4.00"],
    ),
]


@pytest.mark.parametrize(("text", "lines"), CASES)
def test_only_what_lines_up_is_a_table(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


def test_columns_that_nothing_tells_apart_are_no_table_and_told_of() -> None:
    source = read_text("a.txt", "甲\n很长很长的名称  1.00  2.00\n短  3.00  4.00\n中  5.00".encode())
    assert not any(isinstance(block, Grid) for block in source.blocks)
    assert "第 2 行起的表格以空格对齐而各列对不齐" in source.warnings[0]


def test_places_are_lines_and_columns() -> None:
    (grid,) = read_text("a.txt", "名称       金额\n教育     1.00\n合计     1.00".encode()).blocks
    assert isinstance(grid, Grid)
    assert grid.rows[2][1].place == Place(line=3, field=1)


marks = st.sampled_from("  　|｜│─+-=┌┤预算合计1,2.3。：\t")


@given(st.lists(st.text(marks, max_size=16), max_size=8))
def test_every_word_is_read_once_and_in_its_line(lines: list[str]) -> None:
    text = "\n".join(["预算", *lines])
    source = read_text("a.txt", text.encode())
    cells = [c for b in source.blocks if isinstance(b, Grid) for row in b.rows for c in row]
    printed = [(c.place.line, c.text) for c in cells if not c.spread and not c.blank]
    printed += [(b.place.line, b.text) for b in source.blocks if isinstance(b, Paragraph)]
    for line, words in printed:
        for part in words.split("\n"):
            assert _letters(part) <= _letters("\n".join(text.split("\n")[(line or 1) - 1 :]))


def _letters(text: str) -> set[str]:
    return {char for char in text if char.isalnum()}
