"""Small PDF files of invented budgets, drawn in the layouts that published ones have."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pypdfium2
from reportlab.lib.colors import black, grey, lightgrey, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from index.document import Grid, Source
from index.document import Paragraph as Text
from index.readers.pdf import read_pdf

FONT = "STSong-Light"
"""A font that every PDF reader knows, so that none need be in the file."""
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Draw = Callable[[Canvas], None]
Rows = Sequence[Sequence[Any]]

HEAD: Rows = (
    ("科目编码", "", "", "科目名称", "合计", "本年预算", "", ""),
    ("类", "款", "项", "", "", "基本支出", "项目支出", "上年结转"),
)
BODY: Rows = (
    ("201", "", "", "一般公共服务支出", "1,040.70", "900.50", "140.20", ""),
    ("201", "03", "", "政府办公厅及相关机构事务", "1,040.70", "900.50", "140.20", ""),
    ("201", "03", "01", "行政运行", "900.50", "900.50", "", ""),
    ("201", "03", "02", "一般行政管理事务", "140.20", "", "140.20", ""),
    ("208", "", "", "社会保障和就业支出", "88.06", "88.06", "", ""),
    ("208", "05", "", "行政事业单位养老支出", "88.06", "88.06", "", ""),
    ("208", "05", "05", "机关事业单位基本养老保险缴费支出", "88.06", "88.06", "", ""),
    ("", "", "", "合计", "1,128.76", "988.56", "140.20", ""),
)
WIDTHS = (34, 26, 26, 152, 78, 70, 70, 62)
SPANS = (
    ("SPAN", (0, 0), (2, 0)),
    ("SPAN", (3, 0), (3, 1)),
    ("SPAN", (4, 0), (4, 1)),
    ("SPAN", (5, 0), (7, 0)),
)
PLAIN = (
    ("FONT", (0, 0), (-1, -1), FONT, 9),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("ALIGN", (0, 0), (-1, 1), "CENTER"),
    ("ALIGN", (4, 2), (-1, -1), "RIGHT"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
)
THREE = (
    ("LINEABOVE", (0, 0), (-1, 0), 1, black),
    ("LINEBELOW", (0, 1), (-1, 1), 0.5, black),
    ("LINEBELOW", (0, -1), (-1, -1), 1, black),
)
RULES: dict[str, tuple[Any, ...]] = {
    "grid": (("GRID", (0, 0), (-1, -1), 0.5, black),),
    "dotted": (("GRID", (0, 0), (-1, -1), 0.5, black, 0, (1, 2)),),
    "open sides": (("INNERGRID", (0, 0), (-1, -1), 0.5, black), *THREE[::2]),
    "three lines": THREE,
    "three lines, heads underlined": (
        *THREE,
        ("LINEBELOW", (0, 0), (2, 0), 0.5, black),
        ("LINEBELOW", (5, 0), (7, 0), 0.5, black),
    ),
    "level": (("LINEABOVE", (0, 0), (-1, -1), 0.5, black), THREE[2]),
    "upright": (
        ("BOX", (0, 0), (-1, -1), 0.5, black),
        ("LINEAFTER", (0, 0), (-1, -1), 0.5, black),
        ("LINEBELOW", (0, 0), (-1, 1), 0.5, black),
    ),
    "head alone": (("GRID", (0, 0), (-1, 1), 0.5, black),),
    "frame": (("BOX", (0, 0), (-1, -1), 0.5, black), THREE[1]),
    "shaded": (
        ("BACKGROUND", (0, 0), (-1, 1), grey),
        ("ROWBACKGROUNDS", (0, 2), (-1, -1), (white, lightgrey)),
    ),
    "none": (),
}

CELL = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=11, wordWrap="CJK")
PROSE = ParagraphStyle("prose", CELL, fontSize=12, leading=18, firstLineIndent=24)
TITLE = ParagraphStyle("title", CELL, fontSize=16, leading=24, alignment=1)


def canvas_pdf(*pages: Draw, size: tuple[float, float] = A4, **settings: Any) -> bytes:
    """One page for each function that draws one."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, **settings)
    for draw in pages:
        canvas.setFont(FONT, 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def flowing_pdf(*parts: Any, on_page: Callable[[Canvas, Any], None] | None = None) -> bytes:
    """Paragraphs and tables one below another, over as many pages as they need."""
    buffer = io.BytesIO()
    margins = {"leftMargin": 38, "rightMargin": 38, "topMargin": 64, "bottomMargin": 64}
    document = SimpleDocTemplate(buffer, pagesize=A4, **margins)
    more = {"onFirstPage": on_page, "onLaterPages": on_page} if on_page else {}
    document.build(list(parts), **more)
    return buffer.getvalue()


def budget_table(
    rules: str = "grid",
    body: Rows = BODY,
    *,
    repeat: int = 0,
    label_width: float = WIDTHS[3],
) -> Table:
    """A table with a head of two rows; labels wrap in a narrow column."""
    cells = [list(row) for row in (*HEAD, *body)]
    for row in cells[2:]:
        row[3] = Paragraph(row[3], CELL)
    widths = [*WIDTHS[:3], label_width, *WIDTHS[4:]]
    style = TableStyle([*PLAIN, *RULES[rules], *SPANS])
    return Table(cells, colWidths=widths, repeatRows=repeat, style=style)


def captioned(table: Table, title: str = "表三 一般公共预算支出表") -> tuple[Any, ...]:
    """Title and unit line above a table."""
    line = Table(
        [["编制部门：青禾县园林局", "单位：万元"]],
        colWidths=[400, 118],
        style=[("FONT", (0, 0), (-1, -1), FONT, 9), ("ALIGN", (1, 0), (1, 0), "RIGHT")],
    )
    return (Paragraph(title, TITLE), line, table, Spacer(1, 12))


def simple_table(rows: Rows, widths: Sequence[float], *style: Any) -> Table:
    """A fully ruled table."""
    base = [*PLAIN[:2], ("GRID", (0, 0), (-1, -1), 0.5, black), *style]
    return Table([list(row) for row in rows], colWidths=list(widths), style=TableStyle(base))


def put(canvas: Canvas, table: Table, x: float, top: float) -> None:
    """Draw a table with its upper left corner `top` points below the page's edge."""
    _, height = table.wrapOn(canvas, 1000, 1000)
    table.drawOn(canvas, x, canvas._pagesize[1] - top - height)


def grids(source: Source) -> list[Grid]:
    return [block for block in source.blocks if isinstance(block, Grid)]


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Text)]


def cells(grid: Grid) -> list[list[str]]:
    """What each square prints; a copy of a merged cell prints nothing."""
    return [["" if cell.spread else cell.text.strip() for cell in row] for row in grid.rows]


def full(grid: Grid) -> list[list[str]]:
    """What each square says, copies of merged cells included."""
    return [[cell.text.strip() for cell in row] for row in grid.rows]


def read(content: bytes) -> Source:
    return read_pdf("青禾.pdf", content)


def turned(content: bytes, degrees: int) -> bytes:
    """The same file with every page shown turned clockwise."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        page.set_rotation(degrees)
    return saved(document)


def cropped(content: bytes, left: float, bottom: float, right: float, top: float) -> bytes:
    """The same file with only a part of every page shown."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        page.set_cropbox(left, bottom, right, top)
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def sideways(canvas: Canvas, draw: Draw, *, up: bool) -> None:
    """Draw on the sheet turned by a quarter, so that the text runs up or down."""
    width, height = canvas._pagesize
    canvas.saveState()
    canvas.translate(width if up else 0, 0 if up else height)
    canvas.rotate(90 if up else -90)
    canvas._pagesize = (height, width)
    draw(canvas)
    canvas._pagesize = (width, height)
    canvas.restoreState()
