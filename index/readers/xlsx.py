"""XLSX workbooks: cells as they are printed, with what their sheets hide or leave uncomputed."""

import hashlib
import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from index.caption import CAPTION_LINES
from index.document import Block, Grid, Paragraph, Source
from index.errors import BudgetError
from index.readers.archive import XLSX, readable, require_package
from index.readers.number_format import LOCAL, Value, shown
from index.readers.sheet import blocks_of, cell_place, hidden_parts, listed, merged_over, uncomputed
from index.readers.spans import Spanned, trimmed
from index.readers.xlsx_drawing import drawn_on
from index.readers.xlsx_slim import slimmed

MOST_SQUARES = 20_000_000
"""Of the rectangle that holds a sheet's text, blank ones among them."""
MOST_CELLS = 300_000
"""With something in them, in one sheet: ten times the largest published table, half a minute."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(slots=True)
class Extras:
    """What a stream of cells leaves out."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, rows, columns; from 0."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncomputed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    zeros: bool = True
    """False where the sheet shows a zero as a blank."""
    filled: int = 0
    """Cells that hold something."""
    rows: int = 0
    columns: int = 0


def read_xlsx(name: str, content: bytes) -> Source:
    """A grid for each table, a paragraph for each line of text, sheet by sheet.

    Raises BudgetError for what is no workbook, is broken, locked, has macros or is too large.
    """
    package = require_package(name, content, XLSX)
    told = list(package.warnings)
    with readable(name, XLSX), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that are only lost on writing
        blocks = _read(name, package.content, told)
    if not blocks:
        what = "工作簿里没有内容" + (f"（{told[0]}）" if told else "")
        raise BudgetError(what, place=name, mend="请换一个有内容的文件")
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="xlsx",
        blocks=blocks,
        warnings=tuple(told),
    )


def _read(name: str, content: bytes, told: list[str]) -> tuple[Block, ...]:
    """As the file is; where openpyxl refuses that, its cells and number formats alone."""
    try:
        warned: list[str] = []
        blocks = _blocks(name, content, warned)
    except BudgetError:
        raise
    except Exception:  # openpyxl raises anything over what it does not know
        warned = []
        blocks = _blocks(name, slimmed(content), warned)
    told += warned
    return blocks


def _blocks(name: str, content: bytes, told: list[str]) -> tuple[Block, ...]:
    from openpyxl import load_workbook

    paths = sheet_paths(content)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    blocks: list[Block] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for sheet in book.worksheets:
            if sheet.title not in paths or paths[sheet.title] not in archive.namelist():
                raise BudgetError(f"工作表“{sheet.title}”的内容缺失", place=name, mend=XLSX.again)
            if sheet.sheet_state != "visible":
                told.append(f"工作表“{sheet.title}”是隐藏的，没有读取")
                continue
            blocks += _sheet(name, archive, sheet, paths[sheet.title], told)
    book.close()
    return tuple(blocks)


def _sheet(
    name: str, archive: zipfile.ZipFile, sheet: Any, path: str, told: list[str]
) -> list[Block]:
    with archive.open(path) as stream:
        extras = extras_of(stream)
    _require_size(name, sheet.title, extras)
    cells = list(_cells(sheet, extras))
    drawn = drawn_on(archive, sheet.title, path, _tree)
    told += _warnings(sheet.title, cells, extras)
    if drawn.pictures and not cells:
        told.append(f"工作表“{sheet.title}”只有图片，图片里的文字没有读取")
    return _with_boxes(list(blocks_of(sheet.title, cells)), cells, drawn.boxes)


def _with_boxes(
    blocks: list[Block], cells: Sequence[Spanned], boxes: Sequence[tuple[int, Paragraph]]
) -> list[Block]:
    """What hangs on the sheet's first rows belongs to the caption of its first table."""
    top = min((cell.row for cell in cells), default=0) + CAPTION_LINES
    first = next((at for at, b in enumerate(blocks) if isinstance(b, Grid)), len(blocks))
    above = [box for row, box in boxes if row < top]
    below = [box for row, box in boxes if row >= top]
    return [*blocks[:first], *above, *blocks[first:], *below]


def _require_size(name: str, title: str, extras: Extras) -> None:
    if extras.rows * extras.columns > MOST_SQUARES or extras.filled > MOST_CELLS:
        size = f"{extras.rows} 行 {extras.columns} 列，{extras.filled} 个格有内容"
        raise BudgetError(
            f"工作表“{title}”太大：{size}",
            place=name,
            mend="请删去表格之外的零散单元格后另存",
        )


def sheet_paths(content: bytes) -> dict[str, str]:
    """Title of each sheet → its part in the zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _book_path(archive)
        folder, file = posixpath.split(book)
        targets = {
            str(link.get("Id")): str(link.get("Target"))
            for link in _tree(archive, f"{folder}/_rels/{file}.rels").iter("{*}Relationship")
        }
        found = {}
        for sheet in _tree(archive, book).iter("{*}sheet"):
            link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
            path = posixpath.normpath(posixpath.join("/" + folder, targets.get(link, "")))
            found[str(sheet.get("name"))] = path.lstrip("/")
        return found


def _book_path(archive: zipfile.ZipFile) -> str:
    for link in _tree(archive, "_rels/.rels").iter("{*}Relationship"):
        if str(link.get("Type")).endswith("/officeDocument"):
            return str(link.get("Target")).lstrip("/")
    raise ValueError("no workbook part")


def _tree(archive: zipfile.ZipFile, path: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(path), parser)


def extras_of(stream: IO[bytes]) -> Extras:
    """One walk over a sheet's XML."""
    from lxml import etree

    extras = Extras()
    tags = ["{*}c", "{*}row", "{*}col", "{*}mergeCell", "{*}sheetView"]
    for _, element in etree.iterparse(
        stream, events=("end",), tag=tags, resolve_entities=False, no_network=True
    ):
        kind = etree.QName(element).localname
        if kind == "c":
            _take_cell(element, extras)
        elif kind == "mergeCell":
            _take_merged(str(element.get("ref")), extras)
        elif kind == "row" and _is_on(element.get("hidden")):
            extras.hidden_rows.add(int(element.get("r", 0)) - 1)
        elif kind == "col" and _is_on(element.get("hidden")):
            first, last = int(element.get("min")) - 1, int(element.get("max"))
            extras.hidden_columns.update(range(first, min(last, 1 << 14)))
        elif kind == "sheetView":
            extras.zeros = _is_on(element.get("showZeros", "1"))
        if kind != "c":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return extras


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _take_cell(element: Any, extras: Extras) -> None:
    value = element.findtext("{*}v") or ""
    at = str(element.get("r") or "")
    if value or element.find("{*}is") is not None:
        extras.filled += 1
        row, column = _position(at) if at else (extras.rows, 1 << 10)
        extras.rows = max(extras.rows, row + 1)
        extras.columns = max(extras.columns, column + 1)
        if element.get("t") == "e":
            extras.failed.append(at)
    elif element.find("{*}f") is not None and element.get("t") != "str":
        extras.uncomputed.append(at)


def _position(name: str) -> tuple[int, int]:
    """B12 → (11, 1)."""
    found = CELL.fullmatch(name)
    if found is None:
        raise ValueError(f"no cell {name!r}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _take_merged(name: str, extras: Extras) -> None:
    first, _, last = name.partition(":")
    top, left = _position(first)
    bottom, right = _position(last or first)
    if bottom >= top and right >= left:
        extras.merged.append((top, left, bottom - top + 1, right - left + 1))


def _cells(sheet: Any, extras: Extras) -> Iterator[Spanned]:
    """The cells that print something."""
    if not extras.rows:
        return
    spans = {(row, column): (rows, columns) for row, column, rows, columns in extras.merged}
    covered = merged_over(extras.merged, extras.rows, extras.columns)
    rows = sheet.iter_rows(min_row=1, min_col=1, max_row=extras.rows, max_col=extras.columns)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell.value is None or (row, column) in covered:
                continue
            text = _printed(cell, extras)
            if text:
                height, width = spans.get((row, column), (1, 1))
                yield Spanned(
                    row=row,
                    column=column,
                    rows=height,
                    columns=width,
                    text=text,
                    place=cell_place(sheet.title, row, column),
                )


def _printed(cell: Any, extras: Extras) -> str:
    value: Value = cell.value
    if value == 0 and not extras.zeros and not isinstance(value, str | bool):
        return ""
    if isinstance(value, str):
        value = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        value = re.sub(r"\r\n?", "\n", value)
    if not cell.has_style:
        return trimmed(shown(value))
    code = LOCAL.get(cell.style_array.numFmtId) or str(cell.number_format)
    return trimmed(shown(value, code), round(cell.alignment.indent or 0))


def _warnings(title: str, cells: Sequence[Spanned], extras: Extras) -> Iterator[str]:
    yield from hidden_parts(title, cells, extras.hidden_rows, extras.hidden_columns)
    if extras.uncomputed:
        yield uncomputed(title, extras.uncomputed)
    if extras.failed:
        yield f"工作表“{title}”的 {listed(extras.failed)} 公式出错，没有数值"
