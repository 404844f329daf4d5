"""Blocks become sections and captioned tables: captions, page breaks, notes, sentences."""

# ruff: noqa: E501 (a case of the tables is kept on one line)

import pytest

from index.arrange import arrange, outline_of
from index.caption import caption_of, split_caption, table_number, unfold
from index.document import Grid, Paragraph, Place
from index.outline import Outline, RawTable
from index.readers.text import read_text
from tests.budget_texts import SAMPLE, rows_of, tabbed


def outline(block: str, name: str = "d.txt") -> Outline:
    return outline_of(read_text(name, tabbed(block).encode()))


def tables(block: str) -> list[tuple[str, str, str, int]]:
    """Number, title, unit and rows of each table."""
    return [(t.number, t.title, t.unit, len(t.rows)) for t in outline(block).tables]


def lines(text: str) -> list[Paragraph]:
    return [Paragraph(text=line, place=Place(line=n)) for n, line in enumerate(text.split("|"), 1)]


# ------------------------------------------------------------------------------- captions

CAPTIONS = [
    ("表八|一般公共预算项目支出预算表|部门：某局|金额单位：万元", "表八", "一般公共预算项目支出预算表", "万元"),
    ("表八 一般公共预算项目支出预算表|单位：元", "表八", "一般公共预算项目支出预算表", "元"),
    ("一般公共预算项目支出预算表|表八|单位：千元", "表八", "一般公共预算项目支出预算表", "千元"),
    ("单位：元|表八|支出预算表", "表八", "支出预算表", "元"),
    ("附表三|部门支出总表|单位：元", "附表三", "部门支出总表", "元"),
    ("附表3：部门支出总表|（单位：亿元）", "附表三", "部门支出总表", "亿元"),
    ("附件1-2 部门支出总表|计量单位：百万元", "附件1-2", "部门支出总表", "百万元"),
    ("表十一般公共预算支出表|单位：元", "表十", "一般公共预算支出表", "元"),
    ("表十一 一般公共预算支出表|单位：元", "表十一", "一般公共预算支出表", "元"),
    ("表三 三公经费支出表|单位：元", "表三", "三公经费支出表", "元"),
    ("表8 2024年收支总表|单位：元", "表八", "2024年收支总表", "元"),
    ("表 01|收支总体情况表|金额单位： 万元", "表一", "收支总体情况表", "万元"),
    ("（表十二）|收支总表", "表十二", "收支总表", ""),
    ("收入支出决算总表|公开01表|部门：某局|金额单位：万元", "公开01表", "收入支出决算总表", "万元"),
    ("部门支出总表|某某县林业局|2024年|金额单位：万元", "", "部门支出总表", "万元"),
    ("2024年度|部门支出总表|单位：万元", "", "部门支出总表", "万元"),
    ("一、部门收支总表|单位：人民币万元", "", "部门收支总表", "万元"),
    ("表八（续）|项目支出表|单位：元", "表八", "项目支出表", "元"),
    ("一般公共预算“三公”经费|支出预算表|单位：元", "", "一般公共预算“三公”经费支出预算表", "元"),
    ("某局2024年部门预算|支出预算表|单位：元", "", "支出预算表", "元"),
    ("绩效目标表（2023年度）|金额单位：元", "", "绩效目标表（2023年度）", "元"),
    ("部门：某局", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("caption", "number", "title", "unit"), CAPTIONS)
def test_a_caption_is_read_whatever_order_its_lines_have(
    caption: str, number: str, title: str, unit: str
) -> None:
    assert caption_of(caption.split("|")) == (number, title, unit)


# paragraphs before a table → how many of them are its caption
SPLITS = [
    ("本年收入增加。|表一|部门收支总表|部门：某局|金额单位：万元", 4),
    ("本年收入增加。|部门收支总表|表一|单位：元", 3),
    ("本年收入增加。|部门收支总表|单位：元", 2),
    ("本年收入增加。|收支总表|某县林业局|单位：元", 3),
    ("主要包括：", 0),
    ("本单位人员情况", 0),
    ("表一反映了全部收入和支出。|收支如下：", 0),
    ("表一|收支总表|说明：本表含上年结转。|单位：元", 4),
    ("表一|收支总表|表二|收入总表|单位：元", 3),
    ("第二部分 2024年部门预算表|单位：元", 1),
    ("某局2024年部门预算数中，金额单位为万元的各表合计数与明细之和的尾差，系四舍五入产生，不影响各表的使用", 0),
    ("2024年表5辆公务用车|如下", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count"), SPLITS)
def test_the_caption_is_the_last_lines_and_no_sentence(text: str, count: int) -> None:
    before, caption = split_caption(lines(text))
    assert (len(before), len(caption)) == (text.count("|") + 1 - count, count)


@pytest.mark.parametrize(
    ("printed", "number"),
    [("表8", "表八"), ("表08", "表八"), ("附表12", "附表十二"), ("表八", "表八"),
     ("表2-1", "表2-1"), ("公开01表", "公开01表"), ("附件3", "附件3"), ("表100", "表100")],
)  # fmt: skip
def test_one_number_has_one_form(printed: str, number: str) -> None:
    assert table_number(printed) == number


def test_a_caption_inside_the_grid_is_lifted_out_of_it() -> None:
    block = """
        部门收支总表 | | |
        部门：某局 | | | 单位：元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        事业收入 | 5.00 | 教育支出 | 5.00
    """
    assert tables("某局2024年预算\n" + block.strip()) == [("", "部门收支总表", "元", 3)]
    table = outline(block).tables[0]
    assert table.place == Place(line=1, line_end=5)


def test_a_merged_caption_of_a_word_table_is_lifted_too() -> None:
    rows = rows_of("""
        支出表 | < | <
        部门：某局 | < | 单位：元
        科目 | 合计 | 项目支出
        教育支出 | 5.00 | 5.00
    """)
    caption = [block.text for block in unfold(Grid(rows=rows)) if isinstance(block, Paragraph)]
    assert caption == ["支出表", "部门：某局", "单位：元"]


def test_tables_that_nothing_but_their_captions_part_are_two() -> None:
    assert tables("""
        收入总表 | |
        某县林业局 | | 金额单位：万元
        项目 | 合计 | 本年
        事业收入 | 5.00 | 5.00
        支出总表 | |
        某县林业局 | | 金额单位：万元
        项目 | 合计 | 本年
        教育支出 | 6.00 | 6.00
        公务支出 | 1.00 | 1.00
    """) == [("", "收入总表", "万元", 2), ("", "支出总表", "万元", 3)]


@pytest.mark.parametrize(
    "block",
    [
        "2024年预算数 | 2023年预算数\n项目 | 金额\n教育 | 5.00",
        "项目 | 单位：万元的金额数\n教育 | 5.00",
        "合计 | \n教育 | 5.00",
        "教育 | 5.00\n合计 | \n项目 | 5.00",
        "教育 | 5.00\n信息表 | \n项目 | 5.00",
    ],
)
def test_a_head_or_a_label_is_no_caption(block: str) -> None:
    assert [type(part) for part in unfold(Grid(rows=rows_of(block)))] == [Grid]


def test_every_table_of_the_sample_has_its_caption() -> None:
    found = outline_of(read_text(SAMPLE.name, SAMPLE.read_bytes()))
    numbered: list[RawTable] = [table for table in found.tables if table.number]
    assert [t.number for t in numbered] == [f"表{n}" for n in (
        "一", "二", "三", "四", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四"
    )]  # fmt: skip
    assert all(t.unit == "万元" and "表" in t.title for t in numbered if t.number != "表十四")
    assert len(found.announced) == 14 and {t.section for t in numbered} == {"第二部分"}


def test_tables_of_one_title_are_told_apart() -> None:
    form = "项目支出绩效目标表\n单位：万元\n项目 | 金额\n{} | {}\n\n\n正文一句话。\n"
    found = outline("某局2024年部门预算\n" + form.format("甲", 1) + form.format("乙", 2)).tables
    assert [table.title for table in found] == ["项目支出绩效目标表"] * 2
    assert [table.number for table in found] == ["", "项目支出绩效目标表（2）"]


def test_a_title_alone_above_its_table_or_below_the_unit_line_is_its_title() -> None:
    found = outline(
        """
        某局2024年部门预算
        第二部分 预算表
        部门收入总表
        项目 | 金额
        合计 | 1

        单位：元
        部门支出总表
        项目 | 金额
        合计 | 2
        """
    ).tables
    assert [(t.title, t.unit) for t in found] == [("部门收入总表", ""), ("部门支出总表", "元")]


# --------------------------------------------------------------------- pages, notes, empties

PAGE = "表三\n支出总表\n单位：元\n项目 | 合计\n"


@pytest.mark.parametrize(
    "between",
    ["", "\n", "\n\n\n", "— 12 —", "第12页", "12/30", "- 5 -\n\n", "第 3 页 共 9 页",
     "表三（续）\n单位：元", "续表", PAGE.strip(), "支出总表（续）"],
)  # fmt: skip
def test_a_page_break_inside_a_table_does_not_end_it(between: str) -> None:
    found = outline(f"{PAGE}教育 | 5.00\n{between}\n公务 | 6.00\n其他 | 7.00").tables
    assert [(t.number, t.title) for t in found] == [("表三", "支出总表")]
    assert [row[0].text for row in found[0].rows if row[1].text.endswith("00")] == [
        "教育", "公务", "其他",
    ]  # fmt: skip
    assert found[0].place.line == 1 and found[0].rows[-1][0].text == "其他"


@pytest.mark.parametrize(
    "between",
    ["表四\n收入总表\n单位：元\n项目 | 合计", "下属单位情况如下：", "表三\n支出总表\n部门：乙局\n项目 | 合计",
     "表三\n支出总表\n单位：元\n科目 | 本年"],
)  # fmt: skip
def test_other_words_between_two_grids_begin_another_table(between: str) -> None:
    assert len(outline(f"{PAGE}教育 | 5.00\n{between}\n公务 | 6.00").tables) == 2


def test_another_sheet_is_another_table() -> None:
    rows = rows_of("项目 | 合计\n教育 | 5.00")
    _, found = arrange([Grid(rows=rows, name="收入"), Grid(rows=rows, name="支出")])
    assert [table.title for table in found] == ["收入", "支出"]


@pytest.mark.parametrize(
    "note", ["注：无此项内容", "备注：本表为空。", "说明: 无", "注:本单位没有此项支出 | "]
)
def test_a_note_belongs_to_the_table_above(note: str) -> None:
    table = outline(f"{PAGE}合计 | \n{note}\n表四\n收入表\n项目 | 合计\n教育 | 1.00").tables[0]
    assert table.note == note.removesuffix(" | ") and table.number == "表三"


def test_a_note_is_none_of_the_text_nor_does_it_reach_a_later_table() -> None:
    found = outline(f"{PAGE}教育 | 1.00\n正文如此。\n注：数据四舍五入。")
    assert found.tables[0].note == "" and found.texts[-1].text == "注：数据四舍五入。"


def test_a_table_of_which_only_the_caption_and_a_note_are_printed_is_empty() -> None:
    found = outline(f"""{PAGE}教育 | 1.00
        注：四舍五入。
        表四
        基金支出表
        单位：元
        注：本单位无此项支出，本表为空表。
        表五
        资本支出表
        备注：没有此项内容
        表六
        收入表
        项目 | 合计
        教育 | 1.00""")
    assert [(t.number, t.title, len(t.rows), t.note) for t in found.tables] == [
        ("表三", "支出总表", 2, "注：四舍五入。"),
        ("表四", "基金支出表", 0, "注：本单位无此项支出，本表为空表。"),
        ("表五", "资本支出表", 0, "备注：没有此项内容"),
        ("表六", "收入表", 2, ""),
    ]
    assert found.texts == ()


def test_rows_of_tabs_alone_are_no_table() -> None:
    assert tables("表一\n收支表\n单位：元\n | |\n项目 | 金额\n教育 | 5.00\n | |") == [
        ("表一", "收支表", "元", 3)
    ]
    assert tables("正文\n | |\n正文") == []


def test_a_table_without_a_caption_is_named_by_its_section() -> None:
    assert tables("二、预算单位构成\n主要包括：\n序号 | 单位名称\n1 | 甲中心") == [
        ("", "预算单位构成", "", 2)
    ]


def test_a_heading_that_names_its_table_stays_a_heading() -> None:
    found = outline("第二部分 预算表\n一、收支总表\n单位：元\n项目 | 合计\n教育 | 1.00\n正文。")
    assert found.tables[0].title == "收支总表" and found.tables[0].section == "第二部分 一"
    assert [text.text for text in found.texts if text.heading] == [
        "第二部分 预算表",
        "一、收支总表",
    ]
    assert found.texts[-1].headings == ("第二部分 预算表", "一、收支总表")


# -------------------------------------------------------------------------------- sentences

# lines → the texts they make
SENTENCES = [
    (["开展人工智能等新", "技术应用研究。"], ["开展人工智能等新技术应用研究。"]),
    (["主要用于：", "办公费。"], ["主要用于：", "办公费。"]),
    (["本年支出10万元。", "下年持平。"], ["本年支出10万元。", "下年持平。"]),
    (["教育支出（类）", "培训支出（款）10万元。"], ["教育支出（类）培训支出（款）10万元。"]),
    (["一、收入情况", "收入10万元。"], ["一、收入情况", "收入10万元。"]),
    (["支出包括人员，", "2.公用经费。"], ["支出包括人员，", "2.公用经费。"]),
    (["支出包括人员，", "— 3 —", "公用经费。"], ["支出包括人员，公用经费。"]),
    (["1.行政运行", "用于人员工资。"], ["1.行政运行", "用于人员工资。"]),
    (["1.为保障运行，安排的", "人员工资。"], ["1.为保障运行，安排的人员工资。"]),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "texts"), SENTENCES)
def test_a_sentence_broken_by_a_page_is_joined_and_another_is_not(
    printed: list[str], texts: list[str]
) -> None:
    found, _ = arrange(lines("|".join(printed)))
    assert [text.text for text in found] == texts
    assert all("".join(part for part, _ in text.parts) == text.text for text in found)
    assert found[-1].place.line_end in (None, len(printed))


def test_sections_follow_the_ordinals_of_the_headings() -> None:
    found = outline(
        "第三部分 说明\n一、收支\n（一）收入\n甲。\n二、支出\n乙。\n第四部分 名词\n丙。"
    )
    assert [text.section for text in found.texts if text.text in ("甲。", "乙。", "丙。")] == [
        "第三部分 一 (一)",
        "第三部分 二",
        "第四部分",
    ]


def test_two_tables_with_nothing_between_are_not_joined_where_head_and_width_differ() -> None:
    first = Grid(rows=rows_of("科目名称 | 合计 | 项目支出\n甲 | 1 | 2"))
    again = Grid(rows=rows_of("科目名称 | 合计 | 项目支出\n乙 | 3 | 4", first=10))
    other = Grid(rows=rows_of("单位名称 | 编制数\n丙局 | 5", first=20))
    _, tables = arrange([first, again, other])
    assert [len(table.rows) for table in tables] == [4, 2]
