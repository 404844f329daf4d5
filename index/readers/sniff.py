"""What a file is by its first bytes and its directory, whatever its name says."""

import io
import re
from enum import StrEnum

HEAD = 4096
"""Bytes in which a format shows itself; some systems write spaces or a BOM first."""


class Content(StrEnum):
    """What a file holds, in the words a person is told."""

    TEXT = "文本"
    HTML = "网页"
    MHTML = "单文件网页（MHTML）"
    PDF = "PDF"
    DOCX = "Word 文档（DOCX）"
    XLSX = "Excel 工作簿（XLSX）"
    XLS = "旧版 Excel 工作簿（XLS）"
    DOC = "旧版 Word 文档（DOC）"
    PPT = "演示文稿"
    MACRO_WORD = "带宏的 Word 文档"
    MACRO_EXCEL = "带宏的 Excel 工作簿"
    BINARY_EXCEL = "二进制 Excel 工作簿（XLSB）"
    LOCKED = "加了密码的 Office 文件"
    OPENDOCUMENT = "OpenDocument 文件"
    OFD = "OFD 版式文件"
    RTF = "RTF 文档"
    OFFICE_XML = "2003 版 Office XML 文件"
    ARCHIVE = "压缩包"
    IMAGE = "图片"
    UNKNOWN = "无法识别的内容"


MAGIC = (
    (b"Rar!\x1a", Content.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Content.ARCHIVE),
    (b"\x1f\x8b", Content.ARCHIVE),
    (b"BZh", Content.ARCHIVE),
    (b"\xfd7zXZ", Content.ARCHIVE),
    (b"\xff\xd8\xff", Content.IMAGE),
    (b"\x89PNG\r\n", Content.IMAGE),
    (b"GIF8", Content.IMAGE),
    (b"II*\x00", Content.IMAGE),
    (b"MM\x00*", Content.IMAGE),
    (b"{\\rtf", Content.RTF),
)
"""First bytes; a BMP's two letters and a RIFF's four would take texts for images."""
MANIFEST = b"[Content_Types].xml"
OFFICE_PARTS = (
    (b"xl/vbaProject.bin", Content.MACRO_EXCEL),
    (b"word/vbaProject.bin", Content.MACRO_WORD),
    (b"xl/workbook.bin", Content.BINARY_EXCEL),
    (b"ppt/presentation", Content.PPT),
    (b"xl/workbook", Content.XLSX),
    (b"word/document", Content.DOCX),
    (b"xl/", Content.XLSX),
    (b"word/", Content.DOCX),
)
"""Names in the directory of an Office file, the telling ones first: a document may embed a
workbook, and some programs give the main part a name of their own."""
OTHER_PARTS = ((b"OFD.xml", Content.OFD), (b"META-INF/manifest.xml", Content.OPENDOCUMENT))
STREAMS = (
    ("EncryptionInfo", Content.LOCKED),
    ("EncryptedPackage", Content.LOCKED),
    ("WordDocument", Content.DOC),
    ("Workbook", Content.XLS),
    ("Book", Content.XLS),
    ("PowerPoint Document", Content.PPT),
)
"""Streams at the root of an OLE file; what is embedded deeper has the same names."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAGE = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|\s+)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|table|div|h[1-6]|p|center|font|span)\b",
    re.DOTALL | re.IGNORECASE,
)
MAIL = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?mime-version:", re.IGNORECASE)
PART_OF_PAGE = re.compile(r"content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE)
SCHEMA = re.compile(
    r"urn:schemas-microsoft-com:office:spreadsheet|microsoft\.com/office/word/2003/wordml"
)


def content_of(content: bytes) -> Content:
    """What `content` is; TEXT for whatever may be text, UNKNOWN for other bytes."""
    head = content[:HEAD]
    for magic, found in MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(OLE):
        return _ole(content)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(content)
    if b"%PDF-" in head[:1024]:
        return Content.PDF
    return _text(head)


def _zip(content: bytes) -> Content:
    """By the names in its directory: what a zip within it holds stands elsewhere."""
    end = content.rfind(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little") if end >= 0 else 0
    directory = content[start:end] if 0 <= start < end else content[:HEAD]
    parts = OFFICE_PARTS if MANIFEST in directory else OTHER_PARTS
    return next((found for name, found in parts if name in directory), Content.ARCHIVE)


def _ole(content: bytes) -> Content:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            names = {path[0].lower() for path in file.listdir() if len(path) == 1}
    except Exception:  # a broken file; its reader says so
        return Content.UNKNOWN
    found = (found for name, found in STREAMS if name.lower() in names)
    return next(found, Content.UNKNOWN)


def _text(head: bytes) -> Content:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    elif b"\x00" in head:
        return Content.UNKNOWN
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    if SCHEMA.search(text) and re.match(r"\s*<\?xml", text):
        return Content.OFFICE_XML
    if MAIL.match(text) and PART_OF_PAGE.search(text):
        return Content.MHTML
    return Content.HTML if PAGE.match(text) else Content.TEXT
