"""PDF with a text layer: ruled and unruled tables as grids, the rest as paragraphs, with boxes."""

import hashlib
import io
import logging
from collections.abc import Sequence
from typing import Any

from index.document import Source
from index.errors import BudgetError
from index.readers.pdf_furniture import without_watermarks
from index.readers.pdf_ink import Ink, ink_of
from index.readers.pdf_layout import blocks_of, layout_of, written_on
from index.readers.pdf_seen import without_hidden

MOST_PAGES = 3000
MOST_GLYPHS = 60_000
"""Of one page. The fullest published one has some 5,000."""
FEWEST_GLYPHS = 8
"""On a page that a picture covers: a stamp or page number over a scan, no text layer."""
UNREADABLE_SHARE = 0.1
END_OF_FILE = 2048
"""Bytes from the end in which every whole PDF says that it ends."""
AGAIN = "请重新下载，或用“另存为 PDF”重新生成这个文件"


def read_pdf(name: str, content: bytes) -> Source:
    """Blocks in reading order, places in points from the top left corner of the page shown.

    Pages without a text layer, or in a font that does not say what its glyphs mean, are unread
    pages: no figure of theirs is guessed. Raises BudgetError for what is no whole readable PDF.
    """
    _require_whole(name, content)
    inks, unread, warnings = _inks(name, content)
    written = [(ink, written_on(ink)) for ink in without_watermarks(inks)]
    layouts = [layout_of(ink, runs) for ink, runs in without_hidden(content, written)]
    blocks = tuple(blocks_of(layouts))
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="pdf",
        blocks=blocks,
        unread_pages=tuple(unread),
        warnings=tuple(warnings),
    )


def _require_whole(name: str, content: bytes) -> None:
    if not content:
        raise BudgetError("文件是空的", place=name, mend="请换一个有内容的文件")
    if b"%PDF-" not in content[:1024]:
        raise BudgetError("不是 PDF 文件", place=name, mend="请检查文件的扩展名与内容是否一致")
    if b"%%EOF" not in content.rstrip(b"\x00\r\n \t")[-END_OF_FILE:]:
        raise BudgetError("PDF 文件不完整：缺少结尾", place=name, mend=AGAIN)


def _inks(name: str, content: bytes) -> tuple[list[Ink], list[int], list[str]]:
    """Readable pages, the numbers of the others, and what to say about them."""
    inks: list[Ink] = []
    unread: list[int] = []
    warnings: list[str] = []
    with _opened(name, content) as pdf:
        for number, page in enumerate(_pages(name, pdf), 1):
            found = _ink(page)
            if isinstance(found, str):
                unread.append(number)
                warnings += [f"第{number}页{found}"] if found else []
            else:
                inks.append(found)
                if found.unreadable:
                    warnings.append(f"第{number}页有{found.unreadable}个字的字体无法识别")
                if found.covered:
                    warnings.append(f"第{number}页的文字印在整页图片上，可能由扫描识别得来，请核对")
    if unread and not inks and len(warnings) == len(unread):
        raise BudgetError("PDF 的各页都无法读取", place=name, mend=AGAIN)
    return inks, unread, warnings


def _opened(name: str, content: bytes) -> Any:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    # What it finds odd in fonts it writes to the terminal, a line for each glyph.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return pdfplumber.open(io.BytesIO(content))
    except Exception as error:
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise BudgetError(
                "PDF 设有打开密码，无法读取",
                place=name,
                mend="请在 PDF 软件中输入密码打开，另存为不设密码的文件",
            ) from None
        raise BudgetError("PDF 文件已损坏，无法打开", place=name, mend=AGAIN) from None


def _pages(name: str, pdf: Any) -> Sequence[Any]:
    try:
        pages: Sequence[Any] = pdf.pages
    except Exception:
        raise BudgetError("PDF 文件已损坏，读不出各页", place=name, mend=AGAIN) from None
    if not pages:
        raise BudgetError("PDF 文件里没有一页", place=name, mend=AGAIN)
    if len(pages) > MOST_PAGES:
        raise BudgetError(
            f"PDF 有 {len(pages)} 页，超过上限 {MOST_PAGES} 页",
            place=name,
            mend="请拆分成几个文件，或只保留预算部分",
        )
    return pages


def _ink(page: Any) -> Ink | str:
    """The page's ink; of a page that cannot be read, what to say about it, "" for a scan."""
    try:
        ink = ink_of(page)
    except Exception:
        return "已损坏，无法读取"
    finally:
        page.close()
    count = len(ink.glyphs) + sum(map(len, ink.turned.values()))
    if count > MOST_GLYPHS:
        return f"有 {count} 个字符，超过上限 {MOST_GLYPHS}，没有读取"
    if count < FEWEST_GLYPHS and ink.covered:
        return ""
    if ink.unreadable > UNREADABLE_SHARE * count:
        return "的字体没有文字编码，无法读取"
    return ink
