"""Workbooks as departments publish them: what is printed, where, and what is hidden is told."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment

from index.arrange import outline_of
from index.errors import BudgetError
from index.readers import xlsx
from index.readers.xlsx import read_xlsx
from tests.office_files import edited, grids, put, read_sheet, rows, saved, sheet_of, texts

MONEY = "#,##0.00"
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_print_by_their_number_format_with_sheet_and_cell() -> None:
    sheet = sheet_of(["项目", "预算数", "增减%"], ["合计", 3819, 0.025])
    sheet["B2"].number_format, sheet["C2"].number_format = MONEY, "0.00%"
    [grid] = grids(read_sheet(sheet))
    assert rows(grid)[1] == ["合计", "3,819.00", "2.50%"]
    assert grid.name == "表1" and str(grid.rows[1][1].place) == "表1!B2"


def test_indents_of_the_alignment_show_as_full_width_spaces() -> None:
    sheet = sheet_of(["科目", "金额"], ["工资福利支出", 1], ["基本工资", 1], ["　津贴补贴", 2])
    sheet["A3"].alignment = Alignment(horizontal="left", indent=2)
    sheet["B3"].alignment = Alignment(horizontal="right", indent=1)
    assert [row[0] for row in rows(grids(read_sheet(sheet))[0])] == [
        "科目", "工资福利支出", "　　基本工资", "　津贴补贴",
    ]  # fmt: skip
    assert rows(grids(read_sheet(sheet))[0])[2][1] == "1"


def test_figures_stored_as_text_stay_as_typed_without_their_spaces() -> None:
    sheet = sheet_of(["编码", "金额", "比较"], ["00501", "1,234.50 ", "="], ["　208", " 12", "≥"])
    sheet["A2"].quotePrefix = True
    found = rows(grids(read_sheet(sheet))[0])[1:]
    assert found == [["00501", "1,234.50", "="], ["208", "12", "≥"]]


def test_wrapped_and_coloured_words_are_whole() -> None:
    half = CellRichText("科目", TextBlock(InlineFont(b=True), "名"))
    sheet = sheet_of([half, "2024年\n预算数"], ["教育_x000D_\n支出", 1])
    assert rows(grids(read_sheet(sheet))[0]) == [
        ["科目名", "2024年\n预算数"],
        ["教育\n支出", "1"],
    ]


def test_dates_print_as_the_chinese_program_shows_them() -> None:
    sheet = sheet_of(["项目", "日期", "月份"], ["合计", date(2024, 1, 31), 45322])
    sheet["B2"].number_format = "mm-dd-yy"
    content = saved(sheet.parent)
    style = put('numFmtId="14"', 'numFmtId="57"')
    assert rows(grids(read_xlsx("a.xlsx", content))[0])[1][1:] == ["2024/1/31", "45322"]
    named = read_xlsx("a.xlsx", edited(content, {"xl/styles.xml": style}))
    assert rows(grids(named)[0])[1][1] == "2024年1月"


def test_a_sheet_that_shows_no_zeros_prints_blanks() -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 0])
    assert rows(grids(read_sheet(sheet))[0])[1] == ["合计", "0"]
    sheet.sheet_view.showZeros = False
    assert "0" not in str(read_sheet(sheet).blocks)


def test_a_formula_without_a_saved_result_is_told_and_no_figure_is_made_up() -> None:
    sheet = sheet_of(["项目", "预算数"], ["甲", 1], ["合计", "=SUM(B2:B2)"], ["乙", 2])
    source = read_sheet(sheet)
    assert rows(grids(source)[0])[2] == ["合计", ""]
    [warning] = source.warnings
    assert "表1" in warning and "B3" in warning and "公式" in warning


def test_saved_results_of_formulas_are_read_and_errors_told() -> None:
    content = saved(sheet_of(["项目", "预算数"], ["合计", "=1+1"], ["乙", "=1/0"]).parent)

    def computed(data: bytes) -> bytes:
        data = put("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")(data)
        return put('"B3"><f>1/0</f><v></v>', '"B3" t="e"><f>1/0</f><v>#DIV/0!</v>')(data)

    source = read_xlsx("a.xlsx", edited(content, {SHEET: computed}))
    assert rows(grids(source)[0])[1:] == [["合计", "2"], ["乙", "#DIV/0!"]]
    assert [w for w in source.warnings if "B3" in w and "出错" in w] == list(source.warnings)


def test_hidden_sheets_are_told_and_not_read() -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 1])
    for name, state in (("草稿", "hidden"), ("参数", "veryHidden")):
        other = sheet.parent.create_sheet(name)
        other.append(["机密", 2])
        other.sheet_state = state
    source = read_sheet(sheet)
    assert len(source.blocks) == 1
    assert [w for w in source.warnings if "隐藏" in w and ("草稿" in w or "参数" in w)] == list(
        source.warnings
    )
    assert len(source.warnings) == 2


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    sheet = sheet_of(["项目", "预算数", "上年"], ["合计", 1, 2], ["其中", 1, 2], ["末行", 3, 4])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["Z"].hidden = True
    source = read_sheet(sheet)
    assert rows(grids(source)[0])[2] == ["其中", "1", "2"]
    assert source.warnings == (
        "工作表“表1”的第 3 行是隐藏的，已照常读取",
        "工作表“表1”的 C 列是隐藏的，已照常读取",
    )


def test_a_workbook_of_hidden_sheets_alone_is_refused() -> None:
    sheet = sheet_of(["机密"])
    sheet.parent.create_sheet("空")
    sheet.sheet_state = "hidden"
    with pytest.raises(BudgetError, match="隐藏"):
        read_sheet(sheet)


def test_blank_columns_without_end_cost_nothing() -> None:
    sheet = sheet_of(["部门收支总表"], ["项目", "预算数"], ["合计", 1], merged=("A1:XFD1",))
    sheet.row_dimensions[1_000_000].height = 20
    for column in range(1, 16_385, 2):
        sheet.cell(3, column + 2).number_format = MONEY
    for _ in range(200):
        sheet.append(["其中", 1])
    [grid] = grids(read_sheet(sheet))
    assert rows(grid)[:2] == [["项目", "预算数"], ["合计", "1"]]


def test_a_cell_far_away_does_not_blow_a_table_up() -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 1])
    sheet.cell(60_000, 60, "制表人")
    source = read_sheet(sheet)
    assert rows(grids(source)[0]) == [["项目", "预算数"], ["合计", "1"]]
    sheet.cell(1_000_000, 16_000, "制表人")
    with pytest.raises(BudgetError, match=r"表1.*太大"):
        read_sheet(sheet)


def test_a_sheet_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_CELLS", 3)
    with pytest.raises(BudgetError, match="4 个格"):
        read_sheet(sheet_of(["项目", "预算数"], ["合计", 1]))


def test_merged_ranges_without_measure_are_refused() -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 1])
    sheet.cell(9_000, 300, "x")
    areas = "".join(f'<mergeCell ref="A1:KN{9_000 - n}"/>' for n in range(20))
    merge = put("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>")
    with pytest.raises(BudgetError):
        read_xlsx("a.xlsx", edited(saved(sheet.parent), {SHEET: merge}))


def test_a_value_left_under_a_merged_cell_is_not_printed() -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 1], ["草稿", 2])
    merge = put("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells>')
    source = read_xlsx("a.xlsx", edited(saved(sheet.parent), {SHEET: merge}))
    assert rows(grids(source)[0])[1:] == [["合计", "1"], ["草稿", "~1"]]
    sheet["B2"] = None
    source = read_xlsx("a.xlsx", edited(saved(sheet.parent), {SHEET: merge}))
    assert rows(grids(source)[0])[1:] == [["合计", ""], ["草稿", ""]]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", '<family val="2"', '<family val="99"'),
        ("docProps/core.xml", "</cp:coreProperties>", "<dcterms:created>x</dcterms:created>"),
        (SHEET, "</sheetData>", '</sheetData><autoFilter ref="a b"/>'),
        (SHEET, "<sheetFormatPr", '<sheetFormatPr outlineLevelRow="viele"'),
    ],
)
def test_what_openpyxl_refuses_beside_the_cells_loses_no_figure(
    part: str, old: str, new: str
) -> None:
    sheet = sheet_of(["项目", "预算数"], ["合计", 3819], ["教育支出", 0.5])
    sheet["B2"].number_format = MONEY
    sheet["B3"].number_format = '0.0"成"'
    sheet["A3"].alignment = Alignment(indent=1)
    source = read_xlsx("a.xlsx", edited(saved(sheet.parent), {part: put(old, new)}))
    assert rows(grids(source)[0])[1:] == [["合计", "3,819.00"], ["　教育支出", "0.5成"]]


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"


def drawn(sheet: Any, *anchors: str) -> bytes:
    """The sheet's workbook with anchors drawn upon it."""
    root = f'<xdr:wsDr xmlns:xdr="{DRAWING}spreadsheetDrawing" xmlns:a="{DRAWING}main">'
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="rId1" Type="{LINK}" Target="../drawings/drawing1.xml"/>'
    added = {
        "xl/drawings/drawing1.xml": f"{root}{''.join(anchors)}</xdr:wsDr>".encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": (
            f'<Relationships xmlns="{links}">{link}</Relationships>'.encode()
        ),
    }
    return edited(saved(sheet.parent), added=added)


def anchor(row: int, inner: str) -> str:
    place = f"<xdr:from><xdr:col>3</xdr:col><xdr:row>{row}</xdr:row></xdr:from>"
    return f"<xdr:twoCellAnchor>{place}{inner}</xdr:twoCellAnchor>"


def text_box(row: int, text: str) -> str:
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return anchor(row, f"<xdr:sp><xdr:txBody>{lines}</xdr:txBody></xdr:sp>")


def test_text_boxes_are_read_above_or_below_what_they_hang_on() -> None:
    sheet = sheet_of(["部门收支总表"], ["项目", "预算数"], *[["合计", 1]] * 9)
    content = drawn(sheet, text_box(0, "单位：万元"), text_box(12, "说明\n收入增加。"))
    source = read_xlsx("a.xlsx", content)
    assert texts(source) == ["部门收支总表", "单位：万元", "说明", "收入增加。"]
    assert str(source.blocks[1].place) == "表1!D1"
    [table] = outline_of(source).tables
    assert (table.title, table.unit) == ("部门收支总表", "万元")


def test_a_sheet_of_pictures_alone_is_told() -> None:
    sheet = sheet_of()
    sheet.parent.create_sheet("表2").append(["预算", 1])
    source = read_xlsx("a.xlsx", drawn(sheet, anchor(0, "<xdr:pic/>")))
    assert source.warnings == ("工作表“表1”只有图片，图片里的文字没有读取",)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(BudgetError, match="没有内容"):
        read_sheet(sheet_of())


WHOLE = saved(
    sheet_of(["项目", "预算数"], ["合计", 1.5], ["注：无", None], merged=("A3:B3",)).parent
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_broken_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(WHOLE) // 2, len(WHOLE)))]
    try:
        assert read_xlsx("a.xlsx", bytes(content)).blocks
    except BudgetError as error:
        assert error.place == "a.xlsx" and error.mend


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_xml_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml"]))
    old = data.draw(st.sampled_from(['"', "<", ">", "1", "0", "r", "s", "=", "A", " "]))
    new = data.draw(st.sampled_from(["", "-1", "99999999", "<", "x", "&", '"']))
    content = edited(WHOLE, {part: lambda xml: xml.replace(old.encode(), new.encode())})
    try:
        read_xlsx("a.xlsx", content)
    except BudgetError as error:
        assert error.place == "a.xlsx" and error.mend


def test_reading_leaves_the_bytes_given_alone() -> None:
    stream = io.BytesIO(WHOLE)
    assert read_xlsx("a.xlsx", stream.getvalue()) == read_xlsx("a.xlsx", WHOLE)
