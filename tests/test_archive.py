"""Office files that must not be opened, or not without care, are refused with their mend."""

import io
import warnings
import zipfile

import docx
import msoffcrypto.format.ooxml
import openpyxl
import pytest

from index.errors import BudgetError
from index.readers import archive
from index.readers.archive import DOCX, XLSX, Kind, require_package
from index.readers.docx import read_docx
from index.readers.xlsx import read_xlsx
from tests.office_files import edited, grids, put, rows, saved, texts


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "表1"
    for row in (["项目", "预算数"], ["合计", 12.5]):
        book.active.append(row)
    return saved(book)


def document() -> bytes:
    file = docx.Document()
    file.add_paragraph("一、部门概况")
    return saved(file)


def refused(name: str, content: bytes, kind: Kind = XLSX) -> BudgetError:
    with pytest.raises(BudgetError) as error:
        require_package(name, content, kind)
    assert error.value.place == name and error.value.mend
    return error.value


def test_a_plain_file_passes_unchanged() -> None:
    assert require_package("a.xlsx", workbook(), XLSX).content == workbook()
    assert require_package("a.docx", document(), DOCX).warnings == ()


@pytest.mark.parametrize("ending", [".xlsm", ".xltm", ".XLSM"])
def test_a_macro_ending_is_refused(ending: str) -> None:
    error = refused("a" + ending, workbook())
    assert "宏" in error.what and ".xlsx" in error.mend


def test_macros_are_refused_under_a_harmless_name() -> None:
    assert "宏" in refused("a.xlsx", edited(workbook(), added={"xl/vbaProject.bin": b"x"})).what
    declared = put("spreadsheetml.sheet.main", "spreadsheetml.sheet.macroEnabled.main")
    assert "宏" in refused("a.xlsx", edited(workbook(), {"[Content_Types].xml": declared})).what
    assert ".docx" in refused("a.docm", document(), DOCX).mend


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked() -> None:
    error = refused("a.xlsx", edited(workbook(), added={"xl/media/a.bin": bytes(20 << 20)}))
    assert "xl/media/a.bin" in error.what and "倍" in error.what


def test_too_many_entries_or_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 5)
    assert "5 个" in refused("a.xlsx", workbook()).what
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert "解压后" in refused("a.xlsx", workbook()).what
    monkeypatch.undo()
    monkeypatch.setattr(archive, "SMALL", 0)
    monkeypatch.setattr(archive, "MOST_RATIO", 10_000)
    monkeypatch.setattr(archive, "MOST_PART_BYTES", 100)
    assert ".xml" in refused("a.xlsx", workbook()).what


@pytest.mark.parametrize("path", ["../a.xml", "xl/../../a.xml", "/etc/a", "C:\\a", "..\\a.xml"])
def test_a_path_out_of_the_file_is_refused(path: str) -> None:
    error = refused("a.xlsx", edited(workbook(), added={path: b"<a/>"}))
    assert path.replace("\\", "/") in error.what


def test_an_entry_that_stands_twice_is_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = edited(workbook(), added={"XL/workbook.xml": b"<a/>"})
    assert "两次" in refused("a.xlsx", content).what


def test_an_archive_within_is_refused_but_an_embedded_workbook_is_only_told() -> None:
    assert "压缩包" in refused("a.xlsx", edited(workbook(), added={"xl/a.bin": workbook()})).what
    inner = {"word/embeddings/a.xlsx": workbook(), "word/embeddings/b.bin": b"x"}
    source = read_docx("a.docx", edited(document(), added=inner))
    assert texts(source) == ["一、部门概况"]
    assert source.warnings == ("文件里有1 个嵌入对象、1 个嵌入的表格，其中的内容没有读取",)


def test_declared_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><workbook'
    error = refused("a.xlsx", edited(workbook(), {"xl/workbook.xml": put("<workbook", bomb)}))
    assert "xl/workbook.xml" in error.what and "实体" in error.what
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document'
    content = edited(document(), {"word/document.xml": put("<w:document", outside)})
    assert "实体" in refused("a.docx", content, DOCX).what


@pytest.mark.parametrize("kind", [DOCX, XLSX])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"x"])
def test_what_is_no_office_file_is_refused(kind: Kind, content: bytes) -> None:
    assert kind.name in refused("a", content, kind).what


def test_a_file_of_another_kind_is_refused() -> None:
    assert "DOCX" in refused("a.docx", workbook(), DOCX).what
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as plain:
        plain.writestr("a.txt", "a")
    assert "[Content_Types].xml" in refused("a.xlsx", out.getvalue()).what


def locked(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def test_a_password_is_refused_but_not_the_one_that_excel_sets_itself() -> None:
    error = refused("a.xlsx", locked(workbook(), "秘密"))
    assert "密码" in error.what and "去掉密码" in error.mend
    source = read_xlsx("a.xlsx", locked(workbook(), "VelvetSweatshop"))
    assert rows(grids(source)[0])[1] == ["合计", "12.5"]


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (workbook(), "xl/workbook.xml"),
        (workbook(), "xl/worksheets/sheet1.xml"),
        (document(), "word/document.xml"),
    ],
)
def test_a_missing_part_is_told(content: bytes, missing: str) -> None:
    read = read_docx if missing.startswith("word") else read_xlsx
    with pytest.raises(BudgetError) as error:
        read("a", edited(content, without=(missing,)))
    assert error.value.place == "a" and error.value.mend


def strict(data: bytes) -> bytes:
    usual = b"http://schemas.openxmlformats.org/"
    for name in (b"spreadsheetml", b"wordprocessingml", b"officeDocument"):
        data = data.replace(usual + name + b"/2006/", b"http://purl.oclc.org/ooxml/" + name + b"/")
    return data


def test_a_file_saved_as_strict_open_xml_is_read() -> None:
    names = ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    parts = (*names, "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
    source = read_xlsx("a.xlsx", edited(workbook(), dict.fromkeys(parts, strict)))
    assert rows(grids(source)[0]) == [["项目", "预算数"], ["合计", "12.5"]]
    parts = ("_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels")
    assert texts(read_docx("a.docx", edited(document(), dict.fromkeys(parts, strict))))
