"""XLS workbooks of Excel 97 to 2003: values by python-calamine, shown by the file's own formats."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

from index.document import Block, Source
from index.errors import BudgetError
from index.readers.archive import OLE, XLS, readable, unlocked
from index.readers.biff import BookStyle, SheetStyle, style_of
from index.readers.number_format import shown
from index.readers.sheet import (
    blocks_of,
    cell_place,
    hidden_parts,
    merged_over,
    name_of,
    uncomputed,
)
from index.readers.spans import Spanned, trimmed


def read_xls(name: str, content: bytes) -> Source:
    """A grid for each table, a paragraph for each line of text, sheet by sheet.

    Raises BudgetError for what is no .xls, is broken or locked.
    """
    if not content.startswith(OLE):
        raise BudgetError("不是 XLS 文件", place=name, mend=XLS.again)
    open_content = unlocked(name, content)
    told: list[str] = []
    with readable(name, XLS):
        blocks = _blocks(open_content, told)
    if not blocks:
        what = "工作簿里没有内容" + (f"（{told[0]}）" if told else "")
        raise BudgetError(what, place=name, mend="请换一个有内容的文件")
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="xls",
        blocks=blocks,
        warnings=tuple(told),
    )


def _blocks(content: bytes, told: list[str]) -> tuple[Block, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    style = _style(content, told)
    blocks: list[Block] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for at, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                told.append(f"工作表“{about.name}”是隐藏的，没有读取")
                continue
            cells = list(_cells(book.get_sheet_by_index(at), style, at))
            blocks += blocks_of(about.name, cells)
            own = style.sheets[at] if at < len(style.sheets) else SheetStyle()
            told += hidden_parts(about.name, cells, own.hidden_rows, own.hidden_columns)
            if own.blank and not any(sheet.computed for sheet in style.sheets):
                told.append(uncomputed(about.name, [name_of(*place) for place in own.blank]))
    return tuple(blocks)


def _style(content: bytes, told: list[str]) -> BookStyle:
    """Without styles figures are shown as they are stored: that is no reason to refuse them."""
    try:
        style = style_of(content)
    except Exception:  # whatever a broken record leads to
        style = BookStyle()
    if not style.codes:
        told.append("文件里的数字格式读不出来，数字按存储的值显示")
    if style.macros:
        told.append("文件带有宏，宏没有运行")
    return style


def _cells(sheet: Any, style: BookStyle, at: int) -> Iterator[Spanned]:
    top, left = sheet.start or (0, 0)
    own = style.sheets[at] if at < len(style.sheets) else SheetStyle()
    merged = [
        (first[0], first[1], last[0] - first[0] + 1, last[1] - first[1] + 1)
        for first, last in sheet.merged_cell_ranges or ()
    ]
    spans = {(row, column): (rows, columns) for row, column, rows, columns in merged}
    covered = merged_over(merged, (sheet.end or (0, 0))[0] + 1, (sheet.end or (0, 0))[1] + 1)
    for row, values in enumerate(sheet.to_python(), top):
        for column, value in enumerate(values, left):
            if value == "" or (row, column) in covered or (value == 0 and not own.zeros):
                continue
            text = shown(value, style.code(at, row, column))
            rows, columns = spans.get((row, column), (1, 1))
            yield Spanned(
                row=row,
                column=column,
                rows=rows,
                columns=columns,
                text=trimmed(text.replace("\r\n", "\n"), style.indent(at, row, column)),
                place=cell_place(sheet.name, row, column),
            )
