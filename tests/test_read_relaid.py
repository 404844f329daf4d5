"""Layouts in which a known budget was printed again and read wrong at first."""

from dataclasses import replace

import pytest

from index.arrange import arrange, split_contents
from index.caption import unfold
from index.document import Block, Grid, Paragraph, Place
from index.head import head_length
from index.outline import RawTable
from index.readers.csv import read_csv
from index.tabulate import Line, complete_label
from tests.budget_texts import expected, figures, read, rows_of, told


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
        (("支出表（经济分类）（元）",), "", "支出表（经济分类）", "元", ""),
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
        (("三公经费支出表", "单位：元", "财政拨款三公经费"), "", "三公经费支出表", "元", ""),
        (("三公经费表", "部门：某局 单位：元", "财政拨款三公经费"), "", "三公经费表", "元", "某局"),
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


def test_a_word_over_the_whole_head_belongs_to_the_head_below_the_caption() -> None:
    printed = """
        三公经费支出表 | <
        单位：元 | <
        财政拨款三公经费 | <
        项目 | 金额
        公务接待费 | 300
        """
    (table,) = tables(printed)
    assert (table.title, table.unit) == ("三公经费支出表", "元")
    assert [row[0].text for row in table.rows] == ["财政拨款三公经费", "项目", "公务接待费"]


def test_a_record_as_wide_as_its_table_below_narrow_captions_is_of_the_head() -> None:
    printed = "三公经费支出表\n单位：元\n财政拨款三公经费,\n项目,金额\n公务接待费,300\n"
    *caption, grid = read_csv("d.csv", printed.encode()).blocks
    assert len(caption) == 2 and isinstance(grid, Grid)
    assert [row[0].text for row in grid.rows] == ["财政拨款三公经费", "项目", "公务接待费"]


def test_an_official_name_is_not_completed_to_a_longer_one() -> None:
    line = Line(
        row=1,
        label="机关事业单位基本养老保险缴费",
        printed="机关事业单位基本养老保险缴费",
        code="",
        unit_code="",
        unit_name="",
        label_places=(),
        values=(),
    )
    longer = {"机关事业单位基本养老保险缴费支出": "2080505"}
    assert complete_label(line, len(line.label), longer) == line.label
    cut = replace(line, code="2080505")
    assert complete_label(cut, len(line.label), longer) == "机关事业单位基本养老保险缴费支出"


def test_the_name_that_a_program_gave_a_sheet_is_no_title() -> None:
    heading = Paragraph(text="一、预算单位构成", place=Place(paragraph=1))
    for name, title in (("Sheet3", "预算单位构成"), ("单位表", "单位表")):
        (table,) = arrange([heading, Grid(rows=rows_of(ROWS), name=name)])[1]
        assert table.title == title


def test_rows_that_lost_a_blank_first_column_go_back_to_their_columns() -> None:
    printed = """
        某某市水务局2024年部门预算
        表九 项目支出情况表
        单位：万元
        单位名称 | 项目名称 | 合计 | 一般公共预算
        某某市水务局 | 河道清淤工程 | 300 | 200
        | 水质监测 | 90 | 90
        农村饮水安全 | 80 | 70
    """
    assert told(read(printed).facts)[-2:] == expected(
        """
        某某市水务局/农村饮水安全 | 合计 | 80万元 | project
        某某市水务局/农村饮水安全 | 一般公共预算 | 70万元 | project
        """
    )


def test_a_page_with_the_caption_but_no_head_goes_on_with_the_table() -> None:
    (table,) = tables(
        "表一",
        "收支总表",
        "单位：元",
        ROWS,
        "表一",
        "收支总表",
        "单位：元",
        "水质监测 | 90\n合计 | 390",
    )
    assert [row[0].text for row in table.rows] == ["项目名称", "河道清淤工程", "水质监测", "合计"]


def test_a_department_without_a_unit_line_belongs_to_the_caption_within_the_grid() -> None:
    printed = """
        收支总表 | <
        某某市水务局 | <
        项目 | 金额（元）
        公务接待费 | 300
        """
    (table,) = tables(printed)
    assert (table.title, table.owner) == ("收支总表", "某某市水务局")


def test_a_total_in_the_column_of_codes_moves_no_figure_where_rows_are_numbered() -> None:
    printed = """
        某某市水务局2024年部门预算
        表三 支出总表
        单位：万元
        序号 | 科目编码 | 科目名称 | 合计 | 基本支出
        1 | 合计 | | 300 | 200
        2 | 213 | 农林水支出 | 300 | 200
    """
    assert told(read(printed).facts)[0] == "合计 | 合计 | 300万元 | total"


def test_four_rows_of_head_and_one_of_column_numbers_are_head() -> None:
    rows = rows_of(
        """
        三公经费 | < | < | <
        合计 | < | 公务用车 | <
        ^ | ^ | 小计 | <
        预算数 | 决算数 | 预算数 | 决算数
        1 | 2 | 3 | 4
        300 | 200 | 30 | 20
        """
    )
    assert head_length(rows) == 5


def test_a_title_above_a_date_begins_a_table_within_a_grid() -> None:
    first, second = tables(
        "收支总表",
        "单位：元",
        ROWS.rstrip() + "\n绩效指标表 |\n2024年2月8日 |\n指标 | 目标值\n达标率 | 95",
    )
    assert (first.title, second.title) == ("收支总表", "绩效指标表")
    assert len(first.rows) == len(second.rows) == 2


def test_a_unit_with_its_code_in_one_cell_is_a_unit() -> None:
    printed = """
        某某市水务局2024年部门预算
        表二 收入总表
        单位：万元
        单位名称 | 合计
        合计 | 500
        361001-某某市水务局机关 | 300
        361002-某某市河道管理处 | 200
    """
    facts = figures(read(printed).facts)
    assert [(f.label, f.unit_name, f.unit_code, f.row_kind.value) for f in facts[1:]] == [
        ("某某市水务局机关", "某某市水务局机关", "361001", "unit"),
        ("某某市河道管理处", "某某市河道管理处", "361002", "unit"),
    ]


def test_a_head_word_reaches_over_an_empty_column() -> None:
    printed = """
        某某市水务局2024年部门预算
        表一 收支总表
        单位：万元
        收入 | | | 支出 |
        项目 | | 预算数 | 项目 | 预算数
        事业收入 | | 300 | 农林水支出 | 300
    """
    assert [fact.column for fact in figures(read(printed).facts)] == [
        ("收入", "预算数"),
        ("支出", "预算数"),
    ]


def test_a_page_of_a_numbered_table_may_begin_with_labels_alone() -> None:
    (table,) = tables(
        "表一",
        "收支总表",
        "单位：元",
        ROWS,
        "表一",
        "收支总表",
        "单位：元",
        "其他项目 |\n水质监测 | 90",
    )
    assert [row[0].text for row in table.rows][2:] == ["其他项目", "水质监测"]


def test_a_title_alone_in_the_grid_is_known_above_a_word_over_the_whole_head() -> None:
    (table,) = tables(
        "三公经费支出表 | <\n财政拨款三公经费（元） | <\n项目 | 金额\n公务接待费 | 300"
    )
    assert table.title == "三公经费支出表" and table.rows[0][0].text == "财政拨款三公经费（元）"


def test_a_page_of_contents_ends_where_its_dotted_lines_end() -> None:
    lines = ["目录", "一、职能……1", "二、机构……2", "三、收支……3", "四、说明……4"]
    lines += ["某某市水务局部门职能", "负责全市水资源管理。", "下设3家单位。"]
    blocks = [Paragraph(text=line, place=Place(page=1)) for line in lines]
    contents, body = split_contents(blocks)
    assert [line.text for line in contents] == lines[1:5]
    assert list(body) == blocks[5:]
