"""Layouts in which a known budget was printed again and read wrong at first."""

# ruff: noqa: E501 (a row of the tables is kept on one line)

from index.caption import unfold
from index.document import Grid, Paragraph
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
