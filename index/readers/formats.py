"""The formats we read: a file goes to the reader of what it holds, whatever its name says."""

import importlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from index.document import Paragraph, Place, Source
from index.errors import BudgetError
from index.readers.sniff import Content, content_of

MOST_WORDS = 50_000
"""Characters of a paragraph or cell; the longest of a published budget has some 3,000."""

log = logging.getLogger(__name__)

Reader = Callable[[str, bytes], Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    content: Content
    endings: tuple[str, ...]
    module: str
    function: str

    @property
    def reader(self) -> Reader:
        """Imported when first used: a text budget must not load what reads PDF."""
        found: Reader = getattr(importlib.import_module(self.module), self.function)
        return found


def _format(content: Content, module: str, *endings: str, function: str = "") -> Format:
    return Format(
        content=content,
        endings=endings,
        module=f"index.readers.{module}",
        function=function or f"read_{module}",
    )


FORMATS = (
    _format(Content.TEXT, "text", ".txt"),
    _format(Content.TEXT, "markdown", ".md", ".markdown"),
    _format(Content.TEXT, "csv", ".csv", ".tsv"),
    _format(Content.HTML, "html", ".html", ".htm"),
    _format(Content.MHTML, "html", ".mht", ".mhtml", function="read_mhtml"),
    _format(Content.DOCX, "docx", ".docx"),
    _format(Content.XLSX, "xlsx", ".xlsx"),
    _format(Content.XLS, "xls", ".xls"),
    _format(Content.PDF, "pdf", ".pdf"),
)
BY_ENDING = {ending: form for form in FORMATS for ending in form.endings}
BY_CONTENT = {form.content: form for form in reversed(FORMATS)}
TABLES = BY_ENDING[".csv"]
"""Reads what statistics systems write as text and call a workbook."""
WORKBOOKS = frozenset((".xls", ".xlsx", ".et", ".xlsm", ".xlsb"))

ENDINGS = frozenset(BY_ENDING)
"""What `index add` reads."""

AS_DOCX = "用 Word 或 WPS 另存为 .docx（不启用宏）"
AS_XLSX = "用 Excel 或 WPS 另存为 .xlsx（不启用宏）"
AS_PDF = "用 OFD 阅读器导出为带文字的 PDF，或向发布单位索取 Word、Excel 版"
UNPACK = "先解压，再收录里面的文件"
UNSCAN = "图片里的字读不出来；请用原来的 Word、Excel 或带文字的 PDF 文件"
UNLOCK = "用 Office 或 WPS 打开（要输入密码），去掉密码后另存再收录"
AS_SLIDES = "演示文稿里的表请另存为 .docx、.xlsx 或 PDF"

MENDS = {
    Content.DOC: AS_DOCX,
    Content.RTF: AS_DOCX,
    Content.MACRO_WORD: AS_DOCX,
    Content.MACRO_EXCEL: AS_XLSX,
    Content.BINARY_EXCEL: AS_XLSX,
    Content.OFFICE_XML: "用 Word、Excel 或 WPS 另存为 .docx 或 .xlsx",
    Content.OPENDOCUMENT: "用 LibreOffice 或 WPS 另存为 .docx 或 .xlsx",
    Content.PPT: AS_SLIDES,
    Content.OFD: AS_PDF,
    Content.ARCHIVE: UNPACK,
    Content.IMAGE: UNSCAN,
    Content.LOCKED: UNLOCK,
}
"""What we know and do not read, with what a person can do."""
REFUSED = {
    Content.DOC: (".doc", ".wps", ".dot"),
    Content.RTF: (".rtf",),
    Content.MACRO_WORD: (".docm", ".dotm"),
    Content.MACRO_EXCEL: (".xlsm", ".xltm", ".xlam"),
    Content.BINARY_EXCEL: (".xlsb", ".et"),
    Content.OPENDOCUMENT: (".odt", ".ods", ".uot", ".uos"),
    Content.PPT: (".ppt", ".pptx", ".pptm", ".dps"),
    Content.OFD: (".ofd",),
    Content.ARCHIVE: (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz"),
    Content.IMAGE: (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"),
}
REFUSED_ENDINGS = {ending: what for what, endings in REFUSED.items() for ending in endings}
MACROS = (Content.MACRO_WORD, Content.MACRO_EXCEL)
REPORTED = frozenset(REFUSED_ENDINGS) - frozenset(REFUSED[Content.IMAGE])
"""Found in a folder these are reported, since a person takes them for budgets; an image beside a
web page is none."""


def read_source(name: str, content: bytes) -> Source:
    """The blocks of a file, by the reader of what it holds, with a warning where the name lies.

    Raises BudgetError naming file, what was found and the mend.
    """
    ending = PurePath(name).suffix.lower()
    form = _format_of(name, ending, content_of(content), content)
    if form is BY_ENDING.get(ending):
        return _read(form, name, content)
    other = f"文件名以“{ending}”结尾，内容是{form.content}"
    try:
        source = _read(form, name, content)
    except BudgetError as error:
        what = f"{other}；{error.what}"
        raise BudgetError(what, place=error.place, mend=error.mend) from error
    return replace(source, warnings=(f"{other}，已按{form.content}读取", *source.warnings))


def _read(form: Format, name: str, content: bytes) -> Source:
    """Over a broken file a library raises anything at all; a person is told one thing."""
    reader = form.reader
    try:
        return with_short_words(reader(name, content))
    except BudgetError:
        raise
    except Exception as error:
        log.debug("%s", name, exc_info=error)
        raise BudgetError(
            f"{form.content}文件读不出来，可能已损坏（{type(error).__name__}）",
            place=name,
            mend="重新下载，或用能打开它的程序另存后再收录",
        ) from error


def with_short_words(source: Source) -> Source:
    """`source`, unless a paragraph or a cell in it is longer than any text a person wrote: what
    reads sentences compares each with each."""
    for place, text in _words(source):
        if len(text) > MOST_WORDS:
            where = f"第 {place.line} 行" if place.line else str(place)
            raise BudgetError(
                f"{where}有一段 {len(text)} 字的文字，超过 {MOST_WORDS} 字",
                place=source.name,
                mend="在这一段里分行，或重新导出为带段落的文件",
            )
    return source


def _words(source: Source) -> Iterator[tuple[Place, str]]:
    for block in source.blocks:
        if isinstance(block, Paragraph):
            yield block.place, block.text
        else:
            yield from ((cell.place, cell.text) for row in block.rows for cell in row)


def _format_of(name: str, ending: str, found: Content, content: bytes) -> Format:
    own = BY_ENDING.get(ending)
    if ending in REFUSED_ENDINGS and REFUSED_ENDINGS[ending] in MACROS:
        raise refusal(name, ending, REFUSED_ENDINGS[ending])
    if found is Content.LOCKED and own and own.content in (Content.DOCX, Content.XLSX):
        return own  # which opens what only bears the password that Excel itself sets
    if found in MENDS:
        raise refusal(name, ending, found)
    if found is Content.UNKNOWN:
        return own or _unknown(name, ending)
    if found is Content.TEXT:
        return _of_text(name, ending, content)
    if own and own.module.endswith("markdown") and not _is_whole_page(content):
        return own
    return BY_CONTENT[found]


def _is_whole_page(content: bytes) -> bool:
    """A Markdown file may begin with a table in HTML; then it has no document around it."""
    return bool(re.search(rb"<(?:!doctype|html|body)\b", content[:4096], re.IGNORECASE))


def _of_text(name: str, ending: str, content: bytes) -> Format:
    own = BY_ENDING.get(ending)
    if own and (own.content is Content.TEXT or not content.strip()):
        return own
    if own and own.content is Content.HTML and re.search(rb"</?[a-zA-Z]", content):
        return own
    if ending in WORKBOOKS:
        return TABLES
    if own or ending in REFUSED_ENDINGS:
        return BY_CONTENT[Content.TEXT]
    return _unknown(name, ending)


def _unknown(name: str, ending: str) -> Format:
    if ending in REFUSED_ENDINGS:
        raise refusal(name, ending, REFUSED_ENDINGS[ending])
    known = "、".join(BY_ENDING)
    raise BudgetError(
        f"不认识的文件格式“{ending}”", place=name, mend=f"请换成以下格式之一：{known}"
    )


def refusal(name: str, ending: str, found: Content) -> BudgetError:
    """Says what the file is, and that its name says otherwise where it does."""
    known = BY_ENDING[ending].content if ending in BY_ENDING else REFUSED_ENDINGS.get(ending)
    other = f"文件名以“{ending}”结尾，内容却是" if known not in (None, found) else "不能读取"
    return BudgetError(f"{other}{found}", place=name, mend=MENDS[found])
