"""Sheets cut into tables and text, however a department lays them out."""

from typing import Any

import pytest

from index.arrange import outline_of
from index.document import Grid, Paragraph, Source
from tests.office_files import grids, read_sheet, rows, sheet_of, texts


def titles(source: Source) -> list[tuple[str, str]]:
    return [(table.title, table.unit) for table in outline_of(source).tables]


def test_a_head_of_three_rows_keeps_its_merged_words_over_their_columns() -> None:
    sheet = sheet_of(
        ["单位名称", "支出合计", "其中", None, None],
        [None, None, "基本支出", None, "项目支出"],
        [None, None, "人员经费", "公用经费", None],
        ["合计", 3, 1, 1, 1],
        merged=("A1:A3", "B1:B3", "C1:E1", "C2:D2", "E2:E3"),
    )
    assert rows(grids(read_sheet(sheet))[0]) == [
        ["单位名称", "支出合计", "其中", "~其中", "~其中"],
        ["~单位名称", "~支出合计", "基本支出", "~基本支出", "项目支出"],
        ["~单位名称", "~支出合计", "人员经费", "公用经费", "~项目支出"],
        ["合计", "3", "1", "1", "1"],
    ]


def test_a_unit_merged_down_stands_once_and_its_copies_are_marked() -> None:
    sheet = sheet_of(
        ["单位名称", "项目名称", "金额"],
        ["某局", "甲项目", 1],
        [None, "乙项目", 2],
        merged=("A2:A3",),
    )
    [grid] = grids(read_sheet(sheet))
    assert rows(grid)[2] == ["~某局", "乙项目", "2"]
    assert str(grid.rows[2][0].place) == "表1!A2"


def test_a_cell_merged_over_two_columns_in_every_row_gives_its_figure_once() -> None:
    lines: list[list[Any]] = [["项目", "预算数", None, "备注"], ["合计", 12, None, None]]
    sheet = sheet_of(*lines, ["教育支出", 12, None, "新增"], merged=("B1:C1", "B2:C2", "B3:C3"))
    assert rows(grids(read_sheet(sheet))[0])[1:] == [["合计", "12", ""], ["教育支出", "12", "新增"]]


def test_title_and_unit_line_in_merged_rows_and_a_note_below_belong_to_the_table() -> None:
    sheet = sheet_of(
        ["表8", None, None],
        ["一般公共预算支出表", None, None],
        ["部门：某局", None, "单位：万元"],
        ["科目编码", "科目名称", "合计"],
        ["205", "教育支出", 12],
        ["注：本表含结转资金。", None, None],
        [
            "2.数据取自预算系统，四舍五入后可能有尾差，合计数与分项之和不一定完全相等，请以批复为准。"
        ],
        merged=("A2:C2", "A6:C6", "A7:C7"),
    )
    source = read_sheet(sheet)
    assert rows(grids(source)[0]) == [["科目编码", "科目名称", "合计"], ["205", "教育支出", "12"]]
    [table] = outline_of(source).tables
    assert (table.number, table.title, table.unit) == ("表八", "一般公共预算支出表", "万元")
    assert table.note == "注：本表含结转资金。"
    assert texts(source)[-1].startswith("2.数据")


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_several_tables_below_each_other_are_several(gap: int) -> None:
    table: list[list[Any]] = [["收入", 1], ["合计", 1]]
    sheet = sheet_of(
        ["部门收入总表"], [None, "单位：元"], ["项目", "预算数"], *table,
        *([[None]] * gap),
        ["部门支出总表"], [None, "单位：万元"], ["科目", "小计"], *table,
    )  # fmt: skip
    source = read_sheet(sheet)
    assert titles(source) == [("部门收入总表", "元"), ("部门支出总表", "万元")]
    assert [len(grid.rows) for grid in grids(source)] == [3, 3]


def test_a_second_table_below_a_blank_row_may_have_a_title_alone() -> None:
    sheet = sheet_of(
        ["收入总表", None], ["项目", "预算数"], ["合计", 1], [None],
        ["支出总表", None], ["科目", "预算数"], ["合计", 2],
    )  # fmt: skip
    source = read_sheet(sheet)
    assert texts(source) == ["收入总表", "支出总表"]
    assert [rows(grid)[-1] for grid in grids(source)] == [["合计", "1"], ["合计", "2"]]


def test_a_blank_row_within_a_table_does_not_cut_it() -> None:
    sheet = sheet_of(
        ["项目", "预算数", "决算数"], ["收入", 1, 2], [None], ["支出", None, 3], ["一、教育", 1]
    )
    source = read_sheet(sheet)
    assert rows(grids(source)[0])[2:] == [["支出", "", "3"], ["一、教育", "1", ""]]
    assert len(outline_of(source).tables) == 1


def test_title_and_unit_line_may_be_parted_from_the_table_by_blank_rows() -> None:
    sheet = sheet_of(
        ["部门收支总表"], [None], ["部门：某局", None, "单位：元"], [None],
        ["项目", "收入", "支出"], ["合计", 1, 2],
    )  # fmt: skip
    assert titles(read_sheet(sheet)) == [("部门收支总表", "元")]


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    sheet = sheet_of(
        ["收入总表", None, None, "支出总表", None],
        [None, "单位：元", None, None, "单位：万元"],
        ["项目", "预算数", None, "科目", "预算数"],
        ["合计", 1, None, "教育支出", 2],
        [None, None, None, "合计", 2],
    )
    source = read_sheet(sheet)
    assert titles(source) == [("收入总表", "元"), ("支出总表", "万元")]
    assert [rows(grid)[1] for grid in grids(source)] == [["合计", "1"], ["教育支出", "2"]]


def test_the_two_sides_of_one_table_stay_together_over_a_blank_column() -> None:
    sheet = sheet_of(
        ["部门收支总表", None, None, None, "单位：元"],
        ["收入", None, None, "支出", None],
        ["项目", "预算数", None, "项目", "预算数"],
        ["合计", 1, None, "合计", 1],
    )
    source = read_sheet(sheet)
    assert rows(grids(source)[0])[-1] == ["合计", "1", "合计", "1"]
    assert titles(source) == [("部门收支总表", "元")]


def test_a_sheet_of_text_gives_paragraphs_line_by_line() -> None:
    sheet = sheet_of(
        ["情况说明"], [None], ["　　2024年收入12.00万元。\n其中：\n\n事业收入2.00万元。"]
    )
    blocks = read_sheet(sheet).blocks
    assert [(b.text, str(b.place)) for b in blocks if isinstance(b, Paragraph)] == [
        ("情况说明", "表1!A1"),
        ("2024年收入12.00万元。", "表1!A3"),
        ("其中：", "表1!A3"),
        ("事业收入2.00万元。", "表1!A3"),
    ]


def test_text_above_and_below_a_table_is_text_and_its_title_stays_with_it() -> None:
    sheet = sheet_of(
        ["一、收支情况"],
        ["2024年收入总计12万元，比上年增加1万元。"],
        ["部门收入总表"],
        ["项目", "预算数（万元）"],
        ["合计", 12],
        ["收入增加的主要原因是项目增加。"],
    )
    source = read_sheet(sheet)
    assert [type(block) for block in source.blocks] == [*[Paragraph] * 3, Grid, Paragraph]
    assert texts(source)[1:3] == ["2024年收入总计12万元，比上年增加1万元。", "部门收入总表"]


def test_a_last_row_without_figures_stays_in_the_table_above_a_note() -> None:
    lines: list[list[Any]] = [["项目", "预算数"], ["合计", 12], ["结转下年", None]]
    source = read_sheet(sheet_of(*lines, ["注：无。"]))
    assert rows(grids(source)[0])[-1] == ["结转下年", ""] and texts(source) == ["注：无。"]
    source = read_sheet(sheet_of(*lines[:2], ["二、支出情况"], ["支出总计12万元。"]))
    assert texts(source) == ["二、支出情况", "支出总计12万元。"]


def test_an_empty_table_is_no_caption() -> None:
    lines: list[list[Any]] = [["基金支出表"], ["部门：某局", "单位：元"], ["科目", "合计"]]
    source = read_sheet(sheet_of(*lines, ["注：本部门无此项内容。"]))
    assert titles(source) == [("基金支出表", "元")]
    assert rows(grids(source)[0]) == [["科目", "合计"]]


def test_labels_alone_between_empty_rows_stay_in_the_table_where_figures_follow() -> None:
    lines: list[list[Any]] = [["项目", "预算数"], ["教育收费", 5], [], ["其他收入"], []]
    goes_on = read_sheet(sheet_of(*lines, ["本年收入合计", 5]))
    assert [row[0] for row in rows(grids(goes_on)[0])][2:] == ["其他收入", "本年收入合计"]
    ends = read_sheet(sheet_of(*lines, ["项目", "决算数"], ["教育收费", 4]))
    assert len(grids(ends)) == 2 and texts(ends) == ["其他收入"]
