"""Whose budget of which year a document is, and where its contents page ends."""

import pytest

from index.arrange import split_contents
from index.document import Block, Paragraph, Place
from tests.test_arrange import lines, outline

TITLES = [
    ("某某局 2024 年 部门预算", "某某局", 2024, "budget"),
    ("某某局2022年度部门决算公开", "某某局", 2022, "final"),
    ("2024年某某局部门预算", "某某局", 2024, "budget"),
    ("某某局|2024年部门预算", "某某局", 2024, "budget"),
    ("目录。|某某局二〇二四年部门预算", "某某局", 2024, "budget"),
    ("附件|某某县某某镇2025年单位预算公开", "某某县某某镇", 2025, "budget"),
    ("关于公开的说明", "", None, "budget"),
]


@pytest.mark.parametrize(("text", "who", "year", "account"), TITLES)
def test_the_title_says_whose_budget_of_which_year_it_is(
    text: str, who: str, year: int | None, account: str
) -> None:
    found = outline(text.replace("|", "\n"))
    assert (found.institution, found.year, found.account) == (who, year, account)
    assert who in found.title


def test_without_a_title_the_file_name_may_tell_the_year() -> None:
    found = outline("目录\n概况", "某局2023年部门预算.txt")
    assert (found.institution, found.year) == ("某局", 2023)


def test_a_cover_breaks_the_name_of_the_institution_over_lines() -> None:
    found = outline(
        "某市某某区规划和自然\n资源局\n2024 年度部门决算\n\n某市某某区规划和自然资源局概况"
    )
    assert found.institution == "某市某某区规划和自然资源局"
    assert (found.year, found.account) == (2024, "final")


def test_the_cover_names_the_department_that_the_title_does_not() -> None:
    found = outline("某市某某区2025年区级部门预算\n预算主管部门：某市某某区商务委员会")
    assert (found.institution, found.year) == ("某市某某区商务委员会", 2025)


def test_without_a_title_captions_and_heads_tell_whose_and_of_which_year() -> None:
    found = outline(
        """
        收入总体情况表
        某某县林业局
        金额单位：万元
        项目 | 2024年预算数 | 2023年预算数
        合计 | 8.00 | 7.00
        """
    )
    assert (found.institution, found.year) == ("某某县林业局", 2024)


CONTENTS = """
某局2024年部门预算
目 录
第一部分 概况{page1}
一、职能
第二部分 预算表{page2}
一、收支总表
二、收入总表
第三部分 名词解释
"""
BODY = """
第一部分  概况
一、职能
本局负责教育。
第二部分 预算表
表一
收支总表
单位：元
项目 | 合计
教育 | 1.00
"""


@pytest.mark.parametrize(("page1", "page2"), [("", ""), ("……1", "…………12"), (" | 1", " | 12")])
def test_the_contents_page_is_parted_from_the_body_that_repeats_it(page1: str, page2: str) -> None:
    found = outline(CONTENTS.format(page1=page1, page2=page2) + BODY)
    assert found.announced == (("表一", "收支总表"), ("表二", "收入总表"))
    assert sum(text.section == "目录" for text in found.texts) == 6
    assert [text.text for text in found.texts if text.heading and text.section != "目录"] == [
        "第一部分  概况", "一、职能", "第二部分 预算表",
    ]  # fmt: skip
    assert (found.institution, found.year) == ("某局", 2024)


def test_a_body_that_words_its_first_heading_otherwise_begins_at_the_next_part() -> None:
    body: list[Block] = list(lines("目录|概况|第一部分 职能|第二部分 预算表|第一部分 职能|正文。"))
    contents, rest = split_contents(body)
    assert [line.text for line in contents] == ["概况", "第一部分 职能", "第二部分 预算表"]
    assert [block.text for block in rest if isinstance(block, Paragraph)] == [
        "第一部分 职能", "正文。",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["概况|正文。", "目录|概况|正文。", "目录"])
def test_without_a_repeated_heading_there_is_no_contents_page(text: str) -> None:
    assert split_contents(lines(text)) == ((), tuple(lines(text)))


def test_the_page_of_the_contents_is_no_body_though_the_body_words_it_otherwise() -> None:
    page = ["目 录", "一、主要职能", "二、机构设置", "三、预算说明", "四、预算表"]
    entries = [
        Paragraph(text=text, place=Place(page=2, box=f"0,{at},9,{at}"))
        for at, text in enumerate(page)
    ]
    body = [Paragraph(text="某局主要职能是管水。", place=Place(page=3, box="0,0,9,9"))]
    contents, rest = split_contents([*entries, *body])
    assert [line.text for line in contents] == page[1:]
    assert list(rest) == body
