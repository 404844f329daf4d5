"""Papers printed as workbooks and Word documents. Their libraries are loaded when first used."""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

from eval.relayout_paper import Laid, Paper, Piece, Rows
from eval.relayout_text import grids, squares
from index.document import Paragraph
from index.errors import BudgetError

NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(%?)")
CODE = re.compile(r"\d{3,7}")
SHEET_NAME = 31
"""Characters, beyond which Excel refuses a sheet's name."""
GENERAL_DIGITS = 10
"""The format General rounds longer numbers."""
MOST_DIGITS = 15
"""More are lost in a workbook's numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """How a workbook prints a paper."""

    one_sheet: bool = False
    text: bool = False
    """Numbers as text."""
    hidden: bool = False
    """The first column of figures hidden, the head frozen, with filters."""
    beside: bool = False
    """The second table beside the first."""
    titled: bool = False
    """Sheets named after their tables."""
    left: int = 0
    """Blank columns in front, and blank rows on top."""
    general: bool = False
    """Numbers without a format: 1234.5 for 1,234.50."""


def as_workbook(form: Book) -> Callable[[Paper], bytes]:
    def write(paper: Paper) -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.worksheets[0])
        sheet, row = book.create_sheet("封面"), 1
        for number, piece in enumerate(_beside(paper.pieces) if form.beside else paper.pieces):
            if isinstance(piece, Paragraph):
                sheet.cell(row, 1, piece.text)
                row += 1
                continue
            tables = piece if isinstance(piece, tuple) else (piece,)
            if not form.one_sheet:
                sheet = book.create_sheet(_sheet_name(tables[0], number, form))
                row = 1 + form.left
            column, end = 1 + form.left, row
            for laid in tables:
                end = max(end, _print(laid, sheet, row, column, form))
                column += laid.width + 1
            row = end + 2
            if not form.one_sheet:
                sheet, row = book.create_sheet(f"说明{number}"), 1
        for empty in [s for s in book.worksheets if s.max_row == 1 and s["A1"].value is None]:
            book.remove(empty)
        return _saved(book)

    return write


def _beside(pieces: Iterable[Piece]) -> list[Piece | tuple[Laid, ...]]:
    """Tables that follow each other in pairs."""
    found: list[Piece | tuple[Laid, ...]] = []
    for piece in pieces:
        if isinstance(piece, Laid) and found and isinstance(found[-1], Laid):
            found[-1] = (found[-1], piece)
        else:
            found.append(piece)
    return found


def _sheet_name(laid: Laid, number: int, form: Book) -> str:
    name = re.sub(r"[\\/*?:\[\]]", "", f"{laid.number}{laid.title}")[: SHEET_NAME - 3]
    return f"{name}{number}" if form.titled and name else f"Sheet{number}"


def _print(laid: Laid, sheet: "Worksheet", row: int, column: int, form: Book) -> int:
    """Prints a table from a square on; the row behind it."""
    for lines, rows in grids(laid):
        for line in lines:
            sheet.cell(row, column, line)
            if laid.width > 1 and not form.one_sheet:
                sheet.merge_cells(None, row, column, row, column + laid.width - 1)
            row += 1
        _fill(rows, sheet, row, column, form)
        row += len(rows)
    if form.hidden:
        _hide(laid, sheet, row)
    return row


def _fill(rows: Rows, sheet: "Worksheet", row: int, column: int, form: Book) -> None:
    for square in squares(rows):
        at, right = row + square.row, column + square.column
        cell = sheet.cell(at, right)
        if square.text:
            value, shown = (square.text, "") if form.text else number_of(square.text)
            cell.value = value
            if shown and not (form.general and _is_short(square.text)):
                cell.number_format = shown
        if square.rows > 1 or square.columns > 1:
            sheet.merge_cells(None, at, right, at + square.rows - 1, right + square.columns - 1)


def number_of(text: str) -> tuple[str | float | int, str]:
    """The value a workbook keeps, and the format that shows it as printed."""
    flat = text.strip()
    found = NUMBER.fullmatch(flat)
    if not found or len(re.sub(r"\D", "", flat)) > MOST_DIGITS:
        return text, ""
    digits = flat.replace(",", "").rstrip("%")
    places = len(found[1] or "")
    form = ("#,##0" if "," in flat else "0") + ("." + "0" * places if places else "")
    if found[2]:
        return round(float(digits) / 100, places + 4), form + "%"
    return (float(digits) if places else int(digits)), form


def _is_short(text: str) -> bool:
    """General shows it as it is: no share, and no more digits than it has room for."""
    return "%" not in text and len(re.sub(r"\D", "", text)) <= GENERAL_DIGITS


def _hide(laid: Laid, sheet: "Worksheet", row: int) -> None:
    from openpyxl.utils import get_column_letter

    first = laid.sides[0].values[0].index if laid.sides else 0
    sheet.column_dimensions[get_column_letter(first + 1)].hidden = True
    sheet.freeze_panes = f"A{row - len(laid.body)}"
    sheet.auto_filter.ref = f"A{row - len(laid.body) - 1}:C{row - 1}"


def _saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_xls(paper: Paper) -> bytes:
    """Raises MissingPackage without xlwt."""
    try:
        import xlwt
    except ImportError as error:
        raise missing("xlwt", "旧 Excel（.xls）版式") from error
    book = xlwt.Workbook(encoding="utf-8")
    sheet, row = book.add_sheet("封面"), 0
    for number, piece in enumerate(paper.pieces):
        if isinstance(piece, Paragraph):
            sheet.write(row, 0, piece.text)
            row += 1
            continue
        sheet, row = book.add_sheet(f"Sheet{number}"), 0
        for lines, rows in grids(piece):
            for line in lines:
                sheet.write(row, 0, line)
                row += 1
            _fill_xls(rows, sheet, row)
            row += len(rows)
        sheet, row = book.add_sheet(f"说明{number}"), 0
    return _saved(book)


def _fill_xls(rows: Rows, sheet: Any, row: int) -> None:
    import xlwt

    for square in squares(rows):
        value, shown = number_of(square.text)
        style = xlwt.easyxf(num_format_str=shown or "General")
        top, left = row + square.row, square.column
        if square.rows > 1 or square.columns > 1:
            bottom, right = top + square.rows - 1, left + square.columns - 1
            sheet.write_merge(top, bottom, left, right, value, style)
        elif square.text:
            sheet.write(top, left, value, style)


class MissingPackage(BudgetError):
    """One that is installed for development only."""


def missing(package: str, what: str) -> MissingPackage:
    mend = '先运行：pip install -e ".[dev]"'
    return MissingPackage(f"缺少 {package}，{what}未测", place="relayout", mend=mend)


def as_word(*, merged_title: bool = False) -> Callable[[Paper], bytes]:
    """`merged_title`: the caption's lines in the table's first rows, merged over its width."""

    def write(paper: Paper) -> bytes:
        from docx import Document

        document = Document()
        for piece in paper.pieces:
            if isinstance(piece, Paragraph):
                _say(document, piece)
                continue
            for said in () if merged_title else piece.caption:
                _say(document, said)
            for at, (lines, rows) in enumerate(grids(piece)):
                above = lines if merged_title and not at else ()
                for line in lines if at else ():
                    document.add_paragraph(line)
                _word_table(document, above, rows)
                if not piece.pages or at:
                    document.add_paragraph("")
        return _saved(document)

    return write


def _say(document: Any, paragraph: Paragraph) -> None:
    if paragraph.level:
        document.add_heading(paragraph.text, paragraph.level)
    else:
        document.add_paragraph(paragraph.text)


def _word_table(document: Any, above: Sequence[str], rows: Rows) -> None:
    width = max(map(len, rows))
    table = document.add_table(rows=len(above) + len(rows), cols=width)
    # A table's cells are searched anew at each call: once is enough.
    cells = [list(row.cells) for row in table.rows]
    for at, line in enumerate(above):
        cells[at][0].merge(cells[at][-1]).text = line
    for square in squares(rows):
        top, left = len(above) + square.row, square.column
        cell = cells[top][left]
        if square.rows > 1 or square.columns > 1:
            cell = cell.merge(cells[top + square.rows - 1][left + square.columns - 1])
        cell.text = square.text
