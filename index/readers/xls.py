"""XLS workbooks of Excel 97 to 2003: values by python-calamine, shown by the file's own formats."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from index.document import Block, Source
from index.errors import BudgetError
from index.readers.archive import OLE, XLS, readable, unlocked
from index.readers.biff import BookStyle, SheetStyle, style_of
from index.readers.number_format import Value, shown
from index.readers.sheet import (
    blocks_of,
    cell_place,
    hidden_parts,
    merged_over,
    name_of,
    uncomputed,
)
from index.readers.spans import Spanned, trimmed

PROGRAM = Path(__file__).with_name("xls_values.py")
MOST_SECONDS = 60
MOST_CELLS = 300_000
"""With something in them, in one sheet: ten times the largest published table."""


def read_xls(name: str, content: bytes) -> Source:
    """A grid for each table, a paragraph for each line of text, sheet by sheet.

    Raises BudgetError for what is no .xls, is broken or locked.
    """
    if not content.startswith(OLE):
        raise BudgetError("不是 XLS 文件", place=name, mend=XLS.again)
    open_content = unlocked(name, content)
    told: list[str] = []
    with readable(name, XLS):
        blocks = _blocks(name, open_content, told)
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


def _blocks(name: str, content: bytes, told: list[str]) -> tuple[Block, ...]:
    style = _style(content, told)
    blocks: list[Block] = []
    for at, sheet in enumerate(_sheets(name, content)):
        title = str(sheet["name"])
        if not sheet["shown"]:
            told.append(f"工作表“{title}”是隐藏的，没有读取")
            continue
        own = style.sheets[at] if at < len(style.sheets) else SheetStyle()
        cells = list(_cells(sheet, style, own, at))
        blocks += blocks_of(title, cells)
        told += hidden_parts(title, cells, own.hidden_rows, own.hidden_columns)
        if own.blank and not any(other.computed for other in style.sheets):
            told.append(uncomputed(title, [name_of(*place) for place in own.blank]))
    return tuple(blocks)


def _sheets(name: str, content: bytes) -> list[dict[str, Any]]:
    """Each sheet's values, read by a process of its own.

    Raises BudgetError where that process fails or the sheet is too large.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise BudgetError("XLS 文件已损坏，读不出来", place=name, mend=XLS.again) from error
    sheets: list[dict[str, Any]] = json.loads(done.stdout)
    for sheet in sheets:
        if "size" in sheet or len(sheet["cells"]) > MOST_CELLS:
            raise BudgetError(
                f"工作表“{sheet['name']}”太大", place=name, mend="请删去表格之外的零散单元格后另存"
            )
    return sheets


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


def _cells(sheet: dict[str, Any], style: BookStyle, own: SheetStyle, at: int) -> Iterator[Spanned]:
    merged = [
        (top, left, bottom - top + 1, right - left + 1)
        for (top, left), (bottom, right) in sheet["merged"]
    ]
    spans = {(row, column): (rows, columns) for row, column, rows, columns in merged}
    bottom = max((row for row, _, _ in sheet["cells"]), default=0) + 1
    right = max((column for _, column, _ in sheet["cells"]), default=0) + 1
    covered = merged_over(merged, bottom, right)
    for row, column, stored in sheet["cells"]:
        value = _value(stored)
        if (row, column) in covered or (value == 0 and not own.zeros):
            continue
        text = shown(value, style.code(at, row, column)).replace("\r\n", "\n")
        rows, columns = spans.get((row, column), (1, 1))
        yield Spanned(
            row=row,
            column=column,
            rows=rows,
            columns=columns,
            text=trimmed(text, style.indent(at, row, column)),
            place=cell_place(str(sheet["name"]), row, column),
        )


def _value(stored: Any) -> Value:
    """What `xls_values.plain` made of it."""
    if not isinstance(stored, list):
        value: Value = stored
        return value
    kind, text = stored
    if kind == "timedelta":
        return timedelta(seconds=text)
    if kind == "time":
        return time.fromisoformat(text)
    return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
