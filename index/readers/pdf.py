"""PDF with a text layer: ruled and unruled tables as grids, the rest as paragraphs, with boxes."""

import hashlib
import io
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from index.document import Source
from index.errors import BudgetError
from index.readers.pdf_box import letters_on
from index.readers.pdf_furniture import has_large, without_watermarks
from index.readers.pdf_ink import Ink, ink_of
from index.readers.pdf_layout import blocks_of, layout_of, written_on
from index.readers.pdf_limits import require_modest
from index.readers.pdf_lost import with_lost
from index.readers.pdf_seen import picture_of, without_hidden
from index.readers.pdf_text import Run

MOST_PAGES = 3000
MOST_GLYPHS = 60_000
"""Of one page. The fullest published one has some 5,000."""
MOST_SECONDS = 600
FEWEST_GLYPHS = 8
"""On a page that a picture covers: a stamp or page number over a scan, no text layer."""
UNREADABLE_SHARE = 0.1
END_OF_FILE = 2048
"""Bytes from the end in which every whole PDF says that it ends."""
ELSEWHERE = "请换用原来的 Word、Excel 文件，或由它们另存的带文字的 PDF"
AGAIN = "请重新下载，或用“另存为 PDF”重新生成这个文件"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page as read: its ink, its runs of writing, and those of them that are not seen."""

    ink: Ink
    runs: tuple[Run, ...]
    hidden: frozenset[Run]
    unreadable: int
    """Glyphs that do not say what they are."""


def read_pdf(name: str, content: bytes) -> Source:
    """Blocks in reading order, places in points from the top left corner of the page shown.

    Pages without a text layer, or in a font that does not say what its glyphs mean, are unread
    pages: no figure of theirs is guessed. Raises BudgetError for what is no whole readable PDF.
    """
    _require_whole(name, content)
    require_modest(name, content)
    pages, unread, warnings = _read(name, content)
    seen = without_hidden([(page.ink, page.runs, page.hidden) for page in _unmarked(pages)])
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="pdf",
        blocks=tuple(blocks_of([layout_of(ink, runs) for ink, runs in seen])),
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


def _read(name: str, content: bytes) -> tuple[list[_Page], list[int], list[str]]:
    """Readable pages, the numbers of the others, and what to say about them."""
    pages: list[_Page] = []
    unread: list[int] = []
    warnings: list[str] = []
    for number, found in enumerate(_each_page(name, content), 1):
        if isinstance(found, str):
            unread.append(number)
            warnings += [f"第{number}页{found}"] if found else []
            continue
        pages.append(found)
        if found.unreadable:
            warnings.append(f"第{number}页有{found.unreadable}个字的字体无法识别")
        if found.ink.covered:
            warnings.append(f"第{number}页的文字印在整页图片上，可能由扫描识别得来，请核对")
    if not pages:
        raise _nothing(name, len(unread), warnings)
    return pages, unread, warnings


def _nothing(name: str, pages: int, warnings: Sequence[str]) -> BudgetError:
    """The error for a file of which no page can be read."""
    if warnings:
        return BudgetError(f"PDF 没有一页能读：{warnings[0]}", place=name, mend=ELSEWHERE)
    return BudgetError(f"PDF 的 {pages} 页都是扫描图片，没有文字", place=name, mend=ELSEWHERE)


def _each_page(name: str, content: bytes) -> Iterator[_Page | str]:
    """Each page, or what to say about one that cannot be read, "" for a scan.

    Both libraries must open the file: a page that only one can read cannot be proved.
    """
    plumber, pdfium = _opened(name, content), _drawing(name, content)
    until = time.monotonic() + MOST_SECONDS
    try:
        pages = _pages(name, plumber)
        if len(pages) != len(pdfium):
            raise BudgetError("PDF 文件已损坏，页数无法确定", place=name, mend=AGAIN)
        for number, page in enumerate(pages):
            if time.monotonic() > until:
                raise BudgetError(
                    f"PDF 读了 {MOST_SECONDS} 秒还没有读完", place=name, mend="请拆分成几个文件"
                )
            yield _page(page, pdfium, number)
    finally:
        with suppress(Exception):  # a broken file may fail even here
            plumber.close()
        pdfium.close()


def _opened(name: str, content: bytes) -> Any:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    from index.readers.pdf_fonts import WholeFonts

    # What it finds odd in fonts it writes to the terminal, a line for each glyph.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        pdf = pdfplumber.open(io.BytesIO(content))
    except Exception as error:
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise BudgetError(
                "PDF 设有打开密码，无法读取",
                place=name,
                mend="请在 PDF 软件中输入密码打开，另存为不设密码的文件",
            ) from None
        raise BudgetError("PDF 文件已损坏，无法打开", place=name, mend=AGAIN) from None
    pdf.rsrcmgr = WholeFonts()
    return pdf


def _drawing(name: str, content: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
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


def _page(page: Any, pdfium: Any, number: int) -> _Page | str:
    try:
        ink = ink_of(page)
        count = len(ink.glyphs) + sum(map(len, ink.turned.values()))
        if count > MOST_GLYPHS:
            return f"有 {count} 个字符，超过上限 {MOST_GLYPHS}，没有读取"
        if count < FEWEST_GLYPHS and ink.covered:
            return ""
        if ink.unreadable > UNREADABLE_SHARE * count:
            return "的字体没有文字编码，无法读取"
        drawing = pdfium[number]
        ink = with_lost(ink, letters_on(drawing))
        runs = written_on(ink)
        hidden = picture_of(drawing).hidden(ink, runs)
    except Exception:
        return "已损坏，无法读取"
    finally:
        with suppress(Exception):
            page.close()
    # Glyphs take most of the memory; only a watermark is still looked for among them.
    kept = ink if has_large(ink) else replace(ink, glyphs=(), turned={})
    return _Page(ink=kept, runs=runs, hidden=hidden, unreadable=ink.unreadable)


def _unmarked(pages: Sequence[_Page]) -> Iterator[_Page]:
    """The pages without watermarks."""
    for page, ink in zip(pages, without_watermarks([page.ink for page in pages]), strict=True):
        yield page if ink is page.ink else replace(page, ink=ink, runs=written_on(ink))
