"""Every bad file is refused or read, each with its place and mend, and spoils no other file."""

import io
import zipfile
from collections.abc import Callable

import pytest

from index.build import Report, Status, add_paths
from index.store import Store
from tests.test_formats import document, pdf, workbook
from tests.test_vectors import FakeEmbedder

GOOD = "临溪县水务局2025年部门预算\n表1 收支总表\n单位：万元\n项目\t预算数\n合计\t1,500.00\n"
PAGE = "<h1>临溪县水务局2025年部门预算</h1><p>表1 收支总表<p>单位：万元"
ROWS = "<tr><td>项目<td>预算数<tr><td>合计<td>1,500.00"

BLANK = GOOD.replace("1,500.00\n", '"1,500.00"' + "\t" * 10**6 + "\n").replace("\t", ",").encode()


def locked_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt="secret")
    canvas.drawString(72, 720, "Budget 2024")
    canvas.save()
    return out.getvalue()


def pdf_without_letters() -> bytes:
    """Its font has no table from glyphs to letters: what is drawn can be seen and not read."""
    draw = b"BT /F1 12 Tf 72 720 Td <000100020003000400050006> Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0>>",
    )
    content, starts = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        starts.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return content + head + table + tail % (len(objects) + 1, len(content))


def locked_workbook() -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook())).encrypt("secret", out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """An Office file with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return out.getvalue()


def with_sheet(change: Callable[[str], str]) -> bytes:
    """A workbook whose sheet's XML is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                part = change(part.decode()).encode()
            new.writestr(entry.filename, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def far_cell() -> bytes:
    row = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row>'
    return with_sheet(lambda sheet: sheet.replace("</sheetData>", f"{row}</sheetData>"))


def blank_cells() -> bytes:
    row = '<row r="{0}"><c r="XFD{0}" s="0"/></row>'
    rows = "".join(row.format(number) for number in range(100, 1_100))
    return with_sheet(lambda sheet: sheet.replace("</sheetData>", f"{rows}</sheetData>"))


def entities() -> bytes:
    """A billion laughs: ten entities, each ten times the one before."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE worksheet [<!ENTITY e0 "哈">{names}]>'
    return with_sheet(lambda sheet: declared + sheet.replace("项目", "&e9;"))


REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "加密.pdf": (locked_pdf, "密码", "不设密码"),
    "半截.pdf": (lambda: pdf()[: len(pdf()) // 2], "PDF 文件不完整", "重新下载"),
    "字体.pdf": (pdf_without_letters, "字", ""),
    "加密.xlsx": (locked_workbook, "密码", "去掉密码"),
    "宏.xlsm": (lambda: with_part(workbook(), "xl/vbaProject.bin", b"x"), "宏", ".xlsx"),
    "宏改名.xlsx": (lambda: with_part(workbook(), "xl/vbaProject.bin", b"y"), "宏", ".xlsx"),
    "宏.docx": (lambda: with_part(document(), "word/vbaProject.bin", b"x"), "宏", ".docx"),
    "炸弹.xlsx": (lambda: with_part(workbook(), "xl/media/a.bin", bytes(64 << 20)), "倍", "原文件"),
    "炸弹.docx": (lambda: with_part(document(), "word/a.xml", b" " * (64 << 20)), "倍", "原文件"),
    "嵌套.xlsx": (lambda: with_part(workbook(), "xl/media/a.bin", workbook()), "压缩包", "原文件"),
    "上级.docx": (lambda: with_part(document(), "../../etc/a.xml", b"x"), "之外", "原文件"),
    "绝对.xlsx": (lambda: with_part(workbook(), "/etc/a.xml", b"x"), "之外", "原文件"),
    "实体.xlsx": (entities, "实体", "原文件"),
    "压缩.zip": (lambda: zipped(), "压缩包", "先解压"),
    "空.txt": (b"", "文件是空的", "有内容"),
    "空.html": (b" ", "文件是空的", "有内容"),
    "空.xlsx": (b"\n", "XLSX", "重新下载"),
    "空.pdf": (b"\n\n", "PDF", ""),
    "二进制.txt": (b"a\0b", "第 2 个字节", "UTF-8"),
    "二进制.csv": (b"a,\0b", "第 3 个字节", "UTF-8"),
    "长行.txt": (("预算" * 12_000_000).encode(), "MB，超过", "拆成"),
    "长段.txt": ((GOOD + "支出1.00万元，" * 10_000).encode(), "第 6 行有一段 90000 字", "分行"),
    "长段.html": (f"<p>{'支出1.00万元，' * 10_000}".encode(), "¶1有一段 90000 字", "分行"),
    "制表.txt": (b"1\t" * 3_000_000, "制表符有 3000000 个", "制表符"),
    "十万列.csv": (b"a" + b",1" * 99_999, "第 1 行有 100000 列", "分隔符"),
    "深.html": (b"<div>" * 10_000, "套得太深", "Word"),
    "标签.html": (b"<b>" * 1_100_000, "个标签", "拆成"),
    "格子.html": (b"<table>" + b"<tr><td colspan=999 rowspan=999>1<td>2" * 4000, "太大", "合并"),
    "别的.exe": (b"MZ", "不认识的文件格式“.exe”", ".docx"),
}  # fmt: skip


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../预算.txt", GOOD)
    return out.getvalue()


READ: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "其实是网页.xls": (f"{PAGE}<table>{ROWS}</table>".encode("gb18030"), "内容是网页"),
    "其实是文本.docx": (GOOD.encode("gb18030"), "内容是文本"),
    "百万空列.csv": (BLANK, ""),
    "百万空列.html": (f"{PAGE}<table>{ROWS}<td colspan=1000000></table>".encode(), ""),
    "好.txt": (GOOD.encode(), ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Report], Store]:
    """All of them in one run of `add`, the good one last."""
    files = tmp_path_factory.mktemp("files")
    for name, (content, *_) in {**REFUSED, **READ}.items():
        (files / name).write_bytes(content if isinstance(content, bytes) else content())
    folder = files / "index"
    reports = add_paths([files / n for n in (*REFUSED, *READ)], folder, embedder=FakeEmbedder())
    return {report.document: report for report in reports}, Store(folder)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_name_what_is_wrong_and_the_mend(
    run: tuple[dict[str, Report], Store], name: str
) -> None:
    report, (_, what, mend) = run[0][name], REFUSED[name]
    assert report.status is Status.FAILED
    told, _, mended = report.message.partition("。处理办法：")
    assert name in told and what in told and mend in mended and mended
    assert "程序出错" not in report.message


@pytest.mark.parametrize("name", READ)
def test_a_file_that_is_only_odd_is_read_and_told_of(
    run: tuple[dict[str, Report], Store], name: str
) -> None:
    reports, store = run
    report, (_, doubt) = reports[name], READ[name]
    assert report.status is Status.ADDED, report.message
    assert doubt in "；".join(report.doubts)
    assert [fact.printed for fact in store.facts(name)] == ["1,500.00"]


def test_nothing_of_a_refused_file_is_in_the_index(run: tuple[dict[str, Report], Store]) -> None:
    assert {document.document for document in run[1].documents()} == set(READ)


def test_a_workbook_of_blank_squares_is_read_and_one_with_a_far_cell_is_read_or_refused() -> None:
    from index.errors import BudgetError
    from index.readers.xlsx import read_xlsx

    rows = [
        len(block.rows)
        for block in read_xlsx("a.xlsx", blank_cells()).blocks
        if hasattr(block, "rows")
    ]
    assert rows and max(rows) <= 3
    try:
        read_xlsx("a.xlsx", far_cell())
    except BudgetError as error:
        assert error.mend
