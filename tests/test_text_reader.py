"""Text files in any usual encoding give the same rows and lines; bad ones say what is wrong."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Cell, Grid, Paragraph, Place
from index.errors import BudgetError
from index.readers.text import cells_of, lines_of, read_text

TEXT = "某某局2024年部门预算\n\n表一\n收入\t支出\n教育支出\t1,234.50\n合计\t\n"
LONG = "预算收入支出合计" * 4
TAIWAN = "中華民國一一三年度預算\n單位：新臺幣千元\n項目\t歲出預算數\n教育\t1,234\n合計\t5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_encoding_does_not_matter(encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    assert lines_of("a.txt", (mark + TEXT).encode(encoding)) == tuple(TEXT.split("\n"))


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_big5_is_not_taken_for_gb18030_which_decodes_it_into_other_words(encoding: str) -> None:
    assert lines_of("a.txt", TAIWAN.encode(encoding)) == tuple(TAIWAN.split("\n"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_an_editor_whatever_ends_a_line(end: str) -> None:
    source = read_text("a.txt", TEXT.replace("\n", end).encode())
    places = [b.place.line for b in source.blocks]
    assert places == [1, 3, 4]


@pytest.mark.parametrize("char", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_a_character_that_python_splits_at_moves_no_line_number(char: str) -> None:
    lines = lines_of("a.txt", f"一{char}二{LONG * 2}\n三".encode())
    assert len(lines) == 2 and lines[1] == "三"


def test_lines_with_tabs_are_rows_and_the_others_paragraphs() -> None:
    source = read_text("a.txt", TEXT.encode())
    title, number, grid = source.blocks
    assert title == Paragraph(text="某某局2024年部门预算", place=Place(line=1))
    assert number == Paragraph(text="表一", place=Place(line=3))
    assert isinstance(grid, Grid) and [len(row) for row in grid.rows] == [2, 2, 2]
    assert grid.place == Place(line=4, line_end=6)
    assert grid.rows[1][1] == Cell(text="1,234.50", place=Place(line=5, field=1))
    assert source.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (source.name, source.format) == ("a.txt", "text")


def test_a_blank_line_parts_two_grids_and_is_no_paragraph() -> None:
    blocks = read_text("a.txt", b"a\t1\n\n  \nb\t2\nc\n").blocks
    assert [type(block).__name__ for block in blocks] == ["Grid", "Grid", "Paragraph"]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("a\tb", ["a", "b"]),
        ("a\t\tb", ["a", "", "b"]),
        ("\ta\t", ["", "a", ""]),
        ("\u3000教育支出 \t 1.00 ", ["教育支出", "1.00"]),
        ("\t", ["", ""]),
    ],
)
def test_every_tab_begins_a_field(line: str, texts: list[str]) -> None:
    cells = cells_of(line, 7)
    assert [cell.text for cell in cells] == texts
    assert [cell.place.field for cell in cells] == list(range(len(texts)))


ERRORS = [
    (b"", "文件是空的"),
    (b" \n\t\n", "文件是空的"),
    (b"\xef\xbb\xbf", "文件是空的"),
    (b"\xff\xfe", "文件是空的"),
    (b"PK\x03\x04\x14\x00\x00", "第 6 个字节是二进制内容"),
    (TEXT.encode("utf-16-le"), "个字节是二进制内容"),
    (b"\x80\x81\xff\xff" * 8, "文字编码无法识别（第 1 行）"),
    (f"好\n{LONG}\n".encode() + b"\xff\xff" + LONG.encode(), "文字编码无法识别（第 3 行）"),
    (f"第一行\n{LONG}".encode()[:-1], "文件不完整：第 2 行的最后一个字只有一半"),
    (TEXT.encode("utf-16")[:-1], "文件不完整"),
    (bytes(range(1, 9)) * 9, "文字编码无法识别"),
]


@pytest.mark.parametrize(("content", "words"), ERRORS, ids=[words for _, words in ERRORS])
def test_an_error_names_the_file_the_place_and_the_mend(content: bytes, words: str) -> None:
    with pytest.raises(BudgetError) as caught:
        read_text("坏文件.txt", content)
    error = caught.value
    assert words in error.what and error.place == "坏文件.txt" and error.mend
    assert str(error).startswith("坏文件.txt：") and "处理办法" in str(error)


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_a_character_is_not_read_as_another_encoding(cut: int) -> None:
    with pytest.raises(BudgetError, match="不完整"):
        lines_of("a.txt", TEXT.replace("合计\t\n", "合计").encode()[:-cut])


words = st.text(st.sampled_from("预算支出收入合计,.0123456789（）\t"), min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=8))
def test_decoding_undoes_encoding(lines: list[str]) -> None:
    text = "\n".join(["2024年部门预算收入支出合计", *lines])
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert "\n".join(lines_of("a.txt", text.encode(encoding))) == text


def test_sentences_of_a_sheet_saved_as_text_are_paragraphs() -> None:
    text = "2024年收入预算300.00万元。\t\t\n项目\t金额\t\n水利\t300\t\n\n"
    blocks = read_text("d.txt", text.encode("utf-16")).blocks
    assert [type(block) for block in blocks] == [Paragraph, Grid]
    torn = text.replace("万元。\t\t", "万元。\t")
    assert [type(block) for block in read_text("d.txt", torn.encode()).blocks] == [Grid]
