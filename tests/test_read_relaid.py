"""Layouts in which a known budget was printed again and read wrong at first."""

# ruff: noqa: E501 (a row of the tables is kept on one line)

import pytest

from index.arrange import arrange
from index.caption import unfold
from index.document import Block, Grid, Paragraph, Place
from index.outline import RawTable
from index.readers.csv import read_csv
from tests.budget_texts import expected, read, rows_of, told


def test_an_ordinal_within_a_head_word_makes_no_row_of_the_body() -> None:
    printed = """
        某某市水务局2024年部门预算
        各项费用汇计表
        单位：千元
        第一、二级科目名称及编号 | 工作计划名称及编号 | | 合　计
        | 6160010100一般行政 | 6160011000水利管理 |
        1000 人事费 | 203,865 | 2,480 | 206,345
        1015 法定编制人员待遇 | 103,865 | - | 103,865
        1030 奖金 | 100,000 | 2,480 | 102,480
        合　计 | 203,865 | 2,480 | 206,345
    """
    assert told(read(printed).facts)[:3] == expected(
        """
        人事费 | 工作计划名称及编号/6160010100一般行政 | 203865千元 | subtotal
        人事费 | 工作计划名称及编号/6160011000水利管理 | 2480千元 | subtotal
        人事费 | 合计 | 206345千元 | subtotal
        """
    )


def test_a_year_below_the_title_belongs_to_the_caption_within_the_grid() -> None:
    rows = rows_of(
        """
        绩效指标表 | < | <
        2024年度 | < | <
        绩效指标 | 计量单位 | 目标值
        水质达标率 | % | 95
        """
    )
    *caption, table = unfold(Grid(rows=rows))
    assert [line.text for line in caption if isinstance(line, Paragraph)] == [
        "绩效指标表",
        "2024年度",
    ]
    assert table == Grid(rows=rows[2:])


def tables(*blocks: str) -> tuple[RawTable, ...]:
    """Blocks of one line are paragraphs, others grids."""
    found: list[Block] = []
    for number, block in enumerate(blocks, 1):
        rows = rows_of(block, 100 * number)
        lone = len(rows) == 1
        found.append(Paragraph(text=block, place=Place(line=number)) if lone else Grid(rows=rows))
    return arrange(found)[1]


ROWS = """
    项目名称 | 金额
    河道清淤工程 | 300
    """


@pytest.mark.parametrize(
    ("lines", "number", "title", "unit", "owner"),
    [
        (("表1", "收支总表（万元）"), "表一", "收支总表", "万元", ""),
        (("人员情况表（人）",), "", "人员情况表", "人", ""),
        (("收支总表", "填报日期：2024年2月8日", "单位：元"), "", "收支总表", "元", ""),
        (
            ("收支总表", "填报单位：水务局", "2024年2月8日", "单位：元"),
            "",
            "收支总表",
            "元",
            "水务局",
        ),
        (
            ("收支总表", "填报单位：水务局 填报日期：2024.2.8 单位：元"),
            "",
            "收支总表",
            "元",
            "水务局",
        ),
        (("收支总表", "某某市水务局"), "", "收支总表", "", "某某市水务局"),
    ],
)
def test_what_the_lines_of_a_caption_say(
    lines: tuple[str, ...], number: str, title: str, unit: str, owner: str
) -> None:
    (table,) = tables(*lines, ROWS)
    assert (table.number, table.title, table.unit, table.owner) == (number, title, unit, owner)


def test_notes_and_signatures_in_the_last_rows_are_no_rows() -> None:
    last = """
        注：1.本表含上年结转。 |
        2.本表金额可能存在尾差。 |
        单位负责人：　　填表人： |
        """
    (table,) = tables("收支总表", "单位：元", ROWS.rstrip() + last)
    assert [row[0].text for row in table.rows] == ["项目名称", "河道清淤工程"]


def test_a_numbered_label_without_figures_in_the_last_row_stays() -> None:
    (table,) = tables("收支总表", "单位：元", ROWS.rstrip() + "\n1.其他项目 |")
    assert table.rows[-1][0].text == "1.其他项目"


def test_labels_below_an_empty_record_stay_rows_where_figures_follow() -> None:
    printed = "项目,金额\n水利,300\n,\n其他收入,\n本年合计,300\n"
    (grid, rest) = read_csv("d.csv", printed.encode()).blocks
    assert isinstance(grid, Grid) and isinstance(rest, Grid)
    assert [row[0].text for row in rest.rows] == ["其他收入", "本年合计"]
