"""Old Excel files show what the new ones do, and nothing broken in them ends the program."""

import struct
from datetime import date
from typing import Any

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Source
from index.errors import BudgetError
from index.readers import xls
from index.readers.biff import sheet_style
from index.readers.xls import read_xls
from tests.office_files import grids, rows, saved, texts

MONEY = xlwt.easyxf(num_format_str="#,##0.00")
SHARE = xlwt.easyxf(num_format_str="0.00%")


def sheet_named(title: str = "表1") -> tuple[xlwt.Workbook, Any]:
    book = xlwt.Workbook(encoding="utf-8")
    return book, book.add_sheet(title)


def read(book: xlwt.Workbook) -> Source:
    return read_xls("a.xls", saved(book))


def table(total: float = 1234.5) -> xlwt.Workbook:
    book, sheet = sheet_named()
    sheet.write_merge(0, 0, 0, 2, "部门收支总表")
    sheet.write(1, 2, "单位：万元")
    for column, word in enumerate(("项目", "预算数", "增减%")):
        sheet.write(2, column, word)
    sheet.write(3, 0, "合计")
    sheet.write(3, 1, total, MONEY)
    sheet.write(3, 2, -0.025, SHARE)
    return book


def test_cells_print_by_their_number_format_with_sheet_and_cell() -> None:
    source = read(table())
    [grid] = grids(source)
    assert texts(source) == ["部门收支总表", "单位：万元"]
    assert rows(grid) == [["项目", "预算数", "增减%"], ["合计", "1,234.50", "-2.50%"]]
    assert str(grid.rows[1][1].place) == "表1!B4" and source.format == "xls"


def test_merged_cells_indents_texts_dates_and_whole_numbers() -> None:
    book, sheet = sheet_named()
    sheet.write_merge(3, 4, 2, 2, "科目")
    sheet.write_merge(3, 3, 3, 4, "预算数")
    sheet.write(4, 3, "本年")
    sheet.write(4, 4, "上年")
    sheet.write(5, 2, "基本工资", xlwt.easyxf("align: indent 2"))
    sheet.write(5, 3, "00501 ")
    sheet.write(5, 4, 3)
    sheet.write(6, 2, "批复日期")
    sheet.write(6, 3, date(2024, 1, 31), xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
    [grid] = grids(read(book))
    assert rows(grid) == [
        ["科目", "预算数", "~预算数"],
        ["~科目", "本年", "上年"],
        ["　　基本工资", "00501", "3"],
        ["批复日期", "2024年1月31日", ""],
    ]
    assert str(grid.rows[2][1].place) == "表1!D6"


def test_hidden_sheets_rows_and_columns_are_told() -> None:
    book = table()
    hidden = book.add_sheet("草稿")
    hidden.write(0, 0, "机密")
    hidden.visibility = 1
    book.get_sheet(0).row(3).hidden = True
    book.get_sheet(0).col(2).hidden = True
    source = read(book)
    assert len(grids(source)) == 1
    assert source.warnings == (
        "工作表“表1”的第 4 行是隐藏的，已照常读取",
        "工作表“表1”的 C 列是隐藏的，已照常读取",
        "工作表“草稿”是隐藏的，没有读取",
    )


def test_a_formula_without_a_saved_result_is_told_and_no_figure_is_made_up() -> None:
    book = table()
    book.get_sheet(0).write(4, 0, "教育支出")
    book.get_sheet(0).write(4, 1, xlwt.Formula("B4*2"), MONEY)
    source = read(book)
    assert rows(grids(source)[0])[2] == ["教育支出", "", ""]
    assert "B5" in source.warnings[0] and "公式" in source.warnings[0]


def test_a_sheet_that_shows_no_zeros_prints_blanks() -> None:
    book = table(total=0)
    assert rows(grids(read(book))[0])[1][1] == "0.00"
    book.get_sheet(0).show_zero_values = False
    assert rows(grids(read(book))[0])[1] == ["合计", "", "-2.50%"]


def test_figures_of_neighbouring_cells_keep_their_own_formats() -> None:
    """Excel joins them into one record, which xlwt does not write."""
    cells = struct.pack("<HHHiHiH", 3, 1, 1, 12 << 2 | 2, 0, 13 << 2 | 2, 2)
    record = struct.pack("<HH", 0x00BD, len(cells)) + cells
    begin, end = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x10), struct.pack("<HH", 0x000A, 0)
    assert sheet_style(begin + record + end, 0).formats == {(3, 1): 1, (3, 2): 0}


@pytest.mark.parametrize("content", [b"", b"x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"])
def test_what_is_no_xls_is_refused(content: bytes) -> None:
    with pytest.raises(BudgetError, match="XLS") as error:
        read_xls("a.xls", content)
    assert error.value.mend


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(BudgetError, match="没有内容"):
        read(sheet_named()[0])


def test_a_password_is_refused() -> None:
    """The record that begins an encrypted file, with a key that is not Excel's own."""
    content = saved(table())
    at = content.index(struct.pack("<HH", 0x0809, 16))
    own = content[at : at + 20]
    key = struct.pack("<HHHHH", 0x002F, 54, 1, 1, 1) + bytes(range(48))
    broken = content[:at] + own + key + content[at + 20 + len(key) :]
    with pytest.raises(BudgetError, match="密码") as error:
        read_xls("a.xls", broken)
    assert "去掉密码" in error.value.mend


def test_a_sheet_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xls, "MOST_CELLS", 3)
    with pytest.raises(BudgetError, match=r"表1.*太大"):
        read(table())


WHOLE = saved(table())


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_broken_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(WHOLE) // 2, len(WHOLE)))]
    try:
        assert read_xls("a.xls", bytes(content)).blocks
    except BudgetError as error:
        assert error.place == "a.xls" and error.mend


def test_dimensions_beyond_all_memory_do_not_end_the_program() -> None:
    at = WHOLE.index(struct.pack("<HH", 0x0200, 14)) + 4
    wide = struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)
    with pytest.raises(BudgetError, match="损坏"):
        read_xls("a.xls", WHOLE[:at] + wide + WHOLE[at + 14 :])
