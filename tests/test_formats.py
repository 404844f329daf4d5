"""Files go by what they hold: wrong names are read and told of, the rest is refused with a mend."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Grid
from index.errors import BudgetError
from index.read import read_source
from index.readers.formats import BY_ENDING, ENDINGS, REFUSED_ENDINGS, REPORTED
from index.readers.sniff import OLE, Content, content_of

PAGE = (
    "<html><body><p>表一<table><tr><td>教育支出<td>1.00<tr><td>合计<td>1.00</table></html>".encode()
)
TABBED = "表一\n项目\t金额\n教育支出\t1.00\n".encode()
CSV = "表一\n项目,金额\n教育支出,1.00\n".encode()
MARKDOWN = "# 表一\n\n| 项目 | 金额 |\n|--|--|\n| 教育支出 | 1.00 |\n".encode()
MHTML = (
    b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE + b"\r\n--B--\r\n"
)


def workbook() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in (["表一"], ["项目", "金额"], ["教育支出", 1]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def old_workbook() -> bytes:
    import xlwt

    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("一")
    for row, values in enumerate((("项目", "金额"), ("教育支出", 1), ("合计", 1))):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    book.save(out)
    return out.getvalue()


def document() -> bytes:
    from docx import Document

    paper, out = Document(), io.BytesIO()
    paper.add_paragraph("表一")
    table = paper.add_table(2, 2)
    for cell, text in zip(table._cells, ("项目", "金额", "教育支出", "1.00"), strict=True):
        cell.text = text
    paper.save(out)
    return out.getvalue()


def pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, "Budget 2024")
    canvas.save()
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


def ole(stream: str) -> bytes:
    """As small as an OLE file gets: sectors of a table, and of a root with one stream."""
    end, free = b"\xfe\xff\xff\xff", b"\xff" * 4
    head = OLE + b"\0" * 16 + bytes.fromhex("3e000300feff09000600") + b"\0" * 10
    head += _number(1) + _number(1) + b"\0" * 4 + _number(4096) + end + _number(0) + end
    head += _number(0) + _number(0) + free * 108
    table = b"\xfd\xff\xff\xff" + end + free * 126
    entries = _entry("Root Entry", 5, _number(1)) + _entry(stream, 2, free)
    return head + table + entries.ljust(512, b"\0")


def _number(number: int) -> bytes:
    return number.to_bytes(4, "little")


def _entry(name: str, kind: int, child: bytes) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    named = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes((kind, 1))
    return named + b"\xff" * 8 + child + b"\0" * 36 + b"\xfe\xff\xff\xff" + b"\0" * 8


MAKERS: dict[str, Callable[[], bytes]] = {
    "text": lambda: TABBED,
    "csv": lambda: CSV,
    "markdown": lambda: MARKDOWN,
    "html": lambda: PAGE,
    "mhtml": lambda: MHTML,
    "docx": document,
    "xlsx": workbook,
    "xls": old_workbook,
    "pdf": pdf,
}
RIGHT = [
    ("a.txt", "text"),
    ("a.TXT", "text"),
    ("a.tsv", "csv"),
    ("a.csv", "csv"),
    ("a.md", "markdown"),
    ("a.markdown", "markdown"),
    ("a.html", "html"),
    ("a.htm", "html"),
    ("a.mht", "mhtml"),
    ("a.docx", "docx"),
    ("a.xlsx", "xlsx"),
    ("a.xls", "xls"),
    ("a.pdf", "pdf"),
]
WRONG = [
    ("a.docx", "pdf"),
    ("a.xls", "html"),
    ("a.xls", "xlsx"),
    ("a.xls", "mhtml"),
    ("a.txt", "html"),
    ("a.csv", "html"),
    ("a.md", "html"),
    ("a.xlsx", "docx"),
    ("a.docx", "xlsx"),
    ("a.xlsx", "xls"),
    ("a.html", "mhtml"),
    ("a.pdf", "html"),
    ("a.doc", "docx"),
    ("a.doc", "html"),
    ("a.wps", "docx"),
    ("a.et", "xls"),
    ("a.et", "xlsx"),
    ("a.zip", "xlsx"),
    ("a.jpg", "pdf"),
    ("a.dat", "pdf"),
    ("a", "xlsx"),
]
AS_TEXT = [
    ("a.xls", TABBED, "csv"),
    ("a.xlsx", CSV, "csv"),
    ("a.html", TABBED, "text"),
    ("a.doc", TABBED, "text"),
    ("a.docx", TABBED, "text"),
    ("a.pdf", TABBED, "text"),
]


@pytest.mark.parametrize(("name", "form"), RIGHT)
def test_a_file_named_rightly_is_read_without_a_word(name: str, form: str) -> None:
    source = read_source(name, MAKERS[form]())
    assert (source.name, source.format, source.warnings) == (name, form, ())
    assert form == "pdf" or any(isinstance(block, Grid) for block in source.blocks)


@pytest.mark.parametrize(("name", "form"), WRONG)
def test_a_file_named_wrongly_is_read_as_what_it_is_and_told_of(name: str, form: str) -> None:
    source = read_source(name, MAKERS[form]())
    assert (source.name, source.format) == (name, form)
    ending = "." + name.partition(".")[2] if "." in name else ""
    assert source.warnings[0].startswith(f"文件名以“{ending}”结尾，内容是")


@pytest.mark.parametrize(("name", "content", "form"), AS_TEXT)
def test_text_named_otherwise_is_read_as_text(name: str, content: bytes, form: str) -> None:
    source = read_source(name, content)
    assert source.format == form and "内容是文本" in source.warnings[0]


def test_an_unnamed_format_says_what_it_is_and_what_else_is_wrong_with_it() -> None:
    with pytest.raises(BudgetError) as caught:
        read_source("a.docx", pdf()[:-40])
    assert "内容是PDF；PDF" in caught.value.what and caught.value.place == "a.docx"


def test_a_table_in_html_alone_may_be_markdown() -> None:
    source = read_source("a.md", PAGE[PAGE.index(b"<table") :])
    assert source.format == "markdown" and source.blocks[0].place.line == 1


REFUSED = [
    ("a.doc", ole("WordDocument"), "旧版 Word", "另存为 .docx"),
    ("a.docx", ole("WordDocument"), "内容却是旧版 Word", "另存为 .docx"),
    ("a.wps", ole("WordDocument"), "旧版 Word", "另存为 .docx"),
    ("a.ppt", ole("PowerPoint Document"), "演示文稿", "另存为"),
    ("a.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "演示文稿", "另存为"),
    ("a.xlsm", zipped("[Content_Types].xml", "xl/vbaProject.bin"), "带宏", "另存为 .xlsx"),
    ("a.xlsx", zipped("[Content_Types].xml", "xl/vbaProject.bin"), "却是带宏", "另存为 .xlsx"),
    ("a.docm", zipped("[Content_Types].xml", "word/vbaProject.bin"), "带宏", "另存为 .docx"),
    ("a.docm", TABBED, "带宏", "另存为 .docx"),
    ("a.xlsm", workbook(), "带宏", "另存为 .xlsx"),
    ("a.xlsb", zipped("[Content_Types].xml", "xl/workbook.bin"), "XLSB", "另存为 .xlsx"),
    ("a.ods", zipped("mimetype", "META-INF/manifest.xml"), "OpenDocument", "另存为"),
    ("a.ofd", zipped("OFD.xml"), "OFD", "带文字的 PDF"),
    ("a.zip", zipped("budget.xlsx"), "压缩包", "先解压"),
    ("a.pdf", zipped("budget.xlsx"), "却是压缩包", "先解压"),
    ("a.xlsx", zipped("budget.xlsx"), "却是压缩包", "先解压"),
    ("a.rar", b"Rar!\x1a\x07\x00", "压缩包", "先解压"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c", "压缩包", "先解压"),
    ("a.gz", b"\x1f\x8b\x08", "压缩包", "先解压"),
    ("a.jpg", b"\xff\xd8\xff\xe0\x00", "图片", "读不出来"),
    ("a.pdf", b"\x89PNG\r\n\x1a\n", "却是图片", "读不出来"),
    ("a.doc", b"{\\rtf1\\ansi", "却是RTF", "另存为 .docx"),
    ("a.xls", b"<?xml version='1.0'?>\n<?mso-application progid='Excel.Sheet'?>\n<Workbook"
     b" xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "2003 版", ".xlsx"),
    ("a.zip", ole("EncryptedPackage"), "密码", "去掉密码"),
    ("a.exe", b"MZ\x90\x00", "不认识的文件格式“.exe”", ".docx"),
    ("a", b"MZ", "不认识的文件格式“”", ".docx"),
    ("a.log", TABBED, "不认识的文件格式“.log”", ".txt"),
    ("a.ppt", b"\x00\x01", "演示文稿", "另存为"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "what", "mend"), REFUSED)
def test_what_is_not_read_is_refused_with_a_mend_of_its_own(
    name: str, content: bytes, what: str, mend: str
) -> None:
    with pytest.raises(BudgetError) as caught:
        read_source(name, content)
    error = caught.value
    assert what in error.what and mend in error.mend and error.place == name


def test_what_a_document_embeds_does_not_change_what_it_is() -> None:
    names = ("[Content_Types].xml", "word/document.xml", "word/embeddings/a.xlsx")
    assert content_of(zipped(*names)) is Content.DOCX
    assert content_of(zipped("[Content_Types].xml", "xl/workbook.xml", "xl/a")) is Content.XLSX
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.docx", document())  # stored: its own directory can be seen
    assert content_of(out.getvalue()) is Content.ARCHIVE


def test_a_reader_that_fails_over_a_file_says_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(name: str, content: bytes) -> None:
        raise KeyError("of a library")

    monkeypatch.setattr("index.readers.text.read_text", failing)
    with pytest.raises(BudgetError, match="可能已损坏（KeyError）"):
        read_source("a.txt", TABBED)


def test_every_ending_is_read_or_refused_and_a_folder_shows_all_but_images() -> None:
    assert not ENDINGS & set(REFUSED_ENDINGS) and set(REFUSED_ENDINGS) > REPORTED
    assert {".doc", ".zip", ".ofd", ".xlsm"} <= REPORTED and ".jpg" not in REPORTED


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted({*BY_ENDING, ".doc", ".zip", ""})),
    st.sampled_from(sorted(MAKERS)),
    st.floats(0, 1),
    st.binary(max_size=6),
)
def test_a_file_cut_or_spoiled_anywhere_is_read_or_refused_under_any_name(
    ending: str, form: str, share: float, noise: bytes
) -> None:
    content = CONTENTS[form]
    at = int(share * len(content))
    for spoiled in (content[:at], content[:at] + noise + content[at + len(noise) :]):
        try:
            read_source(f"a{ending}", spoiled)
        except BudgetError as error:
            assert error.mend and error.place == f"a{ending}"


CONTENTS = {form: make() for form, make in MAKERS.items()}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ENDINGS)), st.binary(max_size=300))
def test_no_bytes_break_a_reader(ending: str, content: bytes) -> None:
    for head in (b"", b"%PDF-1.4\n", b"PK\x03\x04", OLE, b"<html>", b"\xff\xfe"):
        try:
            read_source(f"a{ending}", head + content)
        except BudgetError as error:
            assert error.mend
