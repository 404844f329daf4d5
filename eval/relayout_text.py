"""Papers printed as text, Markdown, CSV and web pages."""

import csv
import html
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len

from eval.relayout_paper import Laid, Paper, Rows
from index.document import Cell, Paragraph
from index.head import is_figure

LINE = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A cell as printed once, with the rows and columns it is merged over."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def squares(rows: Rows) -> list[Square]:
    """Every printed cell once, row by row."""
    covered: set[tuple[int, int]] = set()
    found = []
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if (at, column) in covered:
                continue
            wide = _run(rows[at], column, cell)
            deep = 1
            while at + deep < len(rows) and all(
                _covers(rows[at + deep], column + n, cell) for n in range(wide)
            ):
                deep += 1
            covered |= {(at + i, column + n) for i in range(deep) for n in range(wide)}
            text = "" if cell.spread else cell.text
            found.append(Square(row=at, column=column, rows=deep, columns=wide, text=text))
    return found


def _run(row: Sequence[Cell], column: int, cell: Cell) -> int:
    wide = 1
    while _covers(row, column + wide, cell):
        wide += 1
    return wide


def _covers(row: Sequence[Cell], column: int, cell: Cell) -> bool:
    """The square belongs to the merged cell that begins with `cell`."""
    if cell.spread or column >= len(row):
        return False
    return row[column].spread and row[column].place == cell.place


def grids(laid: Laid) -> Iterator[tuple[tuple[str, ...], Rows]]:
    """Each page of a table with the lines printed above it."""
    yield tuple(line.text for line in laid.caption), (*laid.above, *laid.rows)
    for page in laid.pages:
        yield page.caption, page.rows


def plain(cell: Cell, line: str = "") -> str:
    return "" if cell.spread else cell.text.replace("\n", line)


def as_text(encoding: str = "utf-8") -> Callable[[Paper], bytes]:
    """Tab-separated, as sites print a document without its tables' lines."""

    def write(paper: Paper) -> bytes:
        lines: list[str] = []
        for piece in paper.pieces:
            if isinstance(piece, Paragraph):
                lines.append(piece.text)
                continue
            for caption, rows in grids(piece):
                lines += [*caption, *("\t".join(map(plain, row)) for row in rows)]
        return LINE.join(lines).encode(encoding, errors="replace")

    return write


def as_aligned(paper: Paper) -> bytes:
    """Columns told by spaces alone, as a fixed-width font lines them up."""
    lines: list[str] = []
    for piece in paper.pieces:
        if isinstance(piece, Paragraph):
            lines += [piece.text, ""]
            continue
        for caption, rows in grids(piece):
            lines += [*caption, *_columns(rows), ""]
    return LINE.join(lines).encode()


def _columns(rows: Rows) -> Iterator[str]:
    texts = [[plain(cell).strip() for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip_longest(*texts, fillvalue="")]
    for row in texts:
        cells = (_padded(text, width) for text, width in zip(row, widths, strict=False))
        yield "  ".join(cells).rstrip()


def _padded(text: str, width: int) -> str:
    """Figures end where their column ends, words begin where it begins."""
    fill = " " * (width - cell_len(text))
    return fill + text if is_figure(text) else text + fill


def as_markdown(paper: Paper) -> bytes:
    lines: list[str] = []
    for piece in paper.pieces:
        if isinstance(piece, Paragraph):
            lines += [_heading(piece), ""]
            continue
        lines += [part for line in piece.caption for part in (_heading(line), "")]
        for at, (caption, rows) in enumerate(grids(piece)):
            lines += [part for line in (caption if at else ()) for part in (line, "")]
            lines += [*_pipes(rows), ""]
    return LINE.join(lines).encode()


def _heading(paragraph: Paragraph) -> str:
    return f"{'#' * paragraph.level} {paragraph.text}" if paragraph.level else paragraph.text


def _pipes(rows: Rows) -> Iterator[str]:
    for at, row in enumerate(rows):
        yield f"| {' | '.join(plain(cell, '<br>').replace('|', '&#124;') for cell in row)} |"
        if not at:
            yield "|" + "---|" * len(row)


def as_csv(
    delimiter: str = ",", encoding: str = "utf-8-sig", *, padded: bool = False
) -> Callable[[Paper], bytes]:
    """`padded`: every record as wide as the widest, as Excel saves a sheet."""

    def write(paper: Paper) -> bytes:
        text = io.StringIO()
        widest = max((table.width for table in paper.tables), default=1) if padded else 0
        out = _Records(csv.writer(text, delimiter=delimiter), widest)
        for piece in paper.pieces:
            if isinstance(piece, Paragraph):
                out.writerow([piece.text])
                continue
            for caption, rows in grids(piece):
                out.writerows([line] for line in caption)
                out.writerows([[plain(cell, " ") for cell in row] for row in rows])
                out.writerow([])
        return text.getvalue().encode(encoding, errors="replace")

    return write


class _Records:
    """A CSV writer that fills records up with blank fields."""

    def __init__(self, writer: Any, width: int) -> None:
        self._writer = writer
        self._width = width

    def writerow(self, fields: Sequence[str]) -> None:
        self._writer.writerow([*fields, *[""] * (self._width - len(fields))])

    def writerows(self, records: Iterable[Sequence[str]]) -> None:
        for record in records:
            self.writerow(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How a web page prints its lines and cells."""

    page: str
    line: str
    table: str
    cell: str
    head: str = ""
    """Of cells of the head, where they differ."""
    sections: bool = False
    """thead and tbody."""
    encoding: str = "utf-8"
    captions: bool = False
    """The caption's lines within the table, as <caption>."""


PLAIN = Page(
    page='<html><head><meta charset="utf-8"></head><body>{}</body></html>',
    line="<p>{}</p>",
    table="<table border=1>{}</table>",
    cell="<td{}>{}</td>",
)
HEADED = Page(
    page='<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{}</body></html>',
    line="<div class='text'>{}</div>",
    table='<div class="scroll"><table class="table table-bordered">{}</table></div>',
    cell="<td{}><span>{}</span></td>",
    head='<th scope="col"{}>{}</th>',
    sections=True,
)
CAPTIONED = Page(
    page="<html><head><meta charset=utf-8></head><body>{}</body></html>",
    line="<p>{}</p>",
    table="<table border=1>{}</table>",
    cell="<td{}>&nbsp;{}&nbsp;</td>",
    captions=True,
)
WORD = Page(
    page="<html xmlns:o='urn:schemas-microsoft-com:office:office'><head>"
    "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
    "<style><!-- p.MsoNormal {{margin:0cm}} --></style></head>"
    "<body lang=ZH-CN><div class=WordSection1>"
    "<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0><tr><td valign=top>"
    "<p class=MsoNormal>&nbsp;</p></td><td>{}</td></tr></table></div></body></html>",
    line="<p class=MsoNormal align=center style='text-align:center'><b><span style='font-family:"
    "宋体;mso-hansi-font-family:宋体'>{}<o:p></o:p></span></b></p>",
    table="<div align=center><table class=MsoTableGrid border=1 style='border-collapse:collapse;"
    "mso-yfti-tbllook:1184'>{}</table></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>",
    cell="<td{} valign=top style='width:85.0pt;padding:0cm 5.4pt'><p class=MsoNormal>"
    "<span lang=EN-US style='mso-font-kerning:0pt'>{}<o:p></o:p></span></p></td>",
    encoding="gb18030",
)


def as_html(form: Page) -> Callable[[Paper], bytes]:
    def write(paper: Paper) -> bytes:
        parts: list[str] = []
        for piece in paper.pieces:
            if isinstance(piece, Paragraph):
                parts.append(_paragraph(piece, form))
                continue
            if not form.captions:
                parts += [_paragraph(line, form) for line in piece.caption]
            for at, (caption, rows) in enumerate(grids(piece)):
                if not form.captions:
                    parts += [form.line.format(_safe(line)) for line in (caption if at else ())]
                table = _table(rows, len(piece.above) + len(piece.head) if not at else 0, form)
                said = "<br>".join(map(_safe, caption)) if form.captions else ""
                head = f"<caption>{said}</caption>" if said else ""
                parts.append(table.replace("<tr>", f"{head}<tr>", 1))
        return form.page.format("\n".join(parts)).encode(form.encoding, errors="xmlcharrefreplace")

    return write


def _paragraph(paragraph: Paragraph, form: Page) -> str:
    if paragraph.level:
        return f"<h{paragraph.level}>{_safe(paragraph.text)}</h{paragraph.level}>"
    return form.line.format(_safe(paragraph.text))


def _table(rows: Rows, head: int, form: Page) -> str:
    lines: dict[int, list[str]] = {at: [] for at in range(len(rows))}
    for square in squares(rows):
        spans = f" rowspan={square.rows}" if square.rows > 1 else ""
        spans += f" colspan={square.columns}" if square.columns > 1 else ""
        cell = form.head if form.head and square.row < head else form.cell
        lines[square.row].append(cell.format(spans, _safe(square.text)))
    printed = [f"<tr>{''.join(line)}</tr>" for line in lines.values()]
    if form.sections and head:
        above, below = "".join(printed[:head]), "".join(printed[head:])
        return form.table.format(f"<thead>{above}</thead><tbody>{below}</tbody>")
    return form.table.format("".join(printed))


def _safe(text: str) -> str:
    return html.escape(text).replace("\u3000", "&emsp;").replace("\n", "<br>")
