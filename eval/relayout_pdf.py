"""Papers printed as PDF, by reportlab, which is installed for development only."""

import html
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from eval.relayout_office import missing
from eval.relayout_paper import Laid, Paper, Rows
from eval.relayout_text import grids, squares
from index.document import Paragraph
from index.head import is_figure

FONT = "STSong-Light"
"""Known to every PDF reader, so that the file need not hold it."""
NOT_IN_FONT = str.maketrans("−", "－")
"""The font has no sign at U+2212."""
MARGIN = 36
SHORT, LONG = 5, 24
"""Characters that a column is at least, and at most, made wide for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How a PDF prints a paper."""

    rules: str = "grid"
    """grid, three (above and below head and table), rows (between rows), outer, or none."""
    repeat: bool = True
    """The head printed again on each page."""
    portrait: bool = False
    size: float = 7
    head_size: float = 7
    padding: float = 3
    align: str = "RIGHT"
    """Of the figures."""
    labels: int = 0
    """0 left, 1 centred."""
    numbers: bool = True
    """Page numbers at the foot."""
    heading: str = ""
    """Printed at the top of each page."""


def as_pdf(form: Sheet) -> Callable[[Paper], bytes]:
    def write(paper: Paper) -> bytes:
        try:
            from reportlab.platypus import SimpleDocTemplate, Spacer
        except ImportError as error:
            raise missing("reportlab", "PDF 版式") from error
        width, page = _page(form)
        flow: list[Any] = []
        for piece in paper.pieces:
            if isinstance(piece, Paragraph):
                flow.append(_said(piece.text, title=False))
                continue
            flow += [*_tables(piece, form, width), Spacer(1, 10)]
        file = io.BytesIO()
        document = SimpleDocTemplate(
            file,
            pagesize=page,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=40,
            bottomMargin=40,
        )
        around = _furniture(form)
        document.build(flow, onFirstPage=around, onLaterPages=around)
        return file.getvalue()

    return write


def _page(form: Sheet) -> tuple[float, tuple[float, float]]:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    page = A4 if form.portrait else landscape(A4)
    return page[0] - 2 * MARGIN, page


def _furniture(form: Sheet) -> Callable[[Any, Any], None]:
    def print_around(canvas: Any, document: Any) -> None:
        canvas.setFont(FONT, 8)
        middle = document.pagesize[0] / 2
        if form.numbers:
            canvas.drawCentredString(middle, 22, f"— {document.page} —")
        if form.heading:
            canvas.drawCentredString(middle, document.pagesize[1] - 25, form.heading)

    return print_around


def _said(text: str, *, title: bool) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Printed

    style = ParagraphStyle(
        "title" if title else "text",
        fontName=FONT,
        fontSize=12 if title else 9,
        leading=15 if title else 13,
        alignment=1 if title else 0,
        firstLineIndent=0 if title else 18,
        wordWrap="CJK",
    )
    return Printed(html.escape(text), style)


def _tables(laid: Laid, form: Sheet, width: float) -> Iterator[Any]:
    from reportlab.platypus import Table

    wide = _widths(laid, width)
    for at, (lines, rows) in enumerate(grids(laid)):
        yield from (_said(line, title=n == 0) for n, line in enumerate(lines))
        head = len(laid.above) + len(laid.head) if not at else _head_again(rows, laid)
        yield Table(
            _drawn(rows, head, form),
            colWidths=wide,
            style=_style(rows, head, form),
            repeatRows=head if form.repeat else 0,
        )


def _head_again(rows: Rows, laid: Laid) -> int:
    """How many rows of a further page are head."""
    texts = [[cell.text for cell in row] for row in (rows[0], laid.head[0])]
    return len(laid.head) if texts[0] == texts[1] else 0


def _widths(laid: Laid, width: float) -> list[float]:
    rows = laid.rows
    longest = [
        max((len(r[at].text) for r in rows if at < len(r) and not r[at].spread), default=0)
        for at in range(laid.width)
    ]
    shares = [min(max(length, SHORT), LONG) + 2 for length in longest]
    return [share * width / sum(shares) for share in shares]


def _drawn(rows: Rows, head: int, form: Sheet) -> list[list[Any]]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Printed

    def style(name: str, size: float, align: int) -> Any:
        return ParagraphStyle(
            name, fontName=FONT, fontSize=size, leading=size + 2, alignment=align, wordWrap="CJK"
        )

    above, below = style("head", form.head_size, 1), style("cell", form.size, form.labels)
    drawn: list[list[Any]] = [[""] * max(map(len, rows)) for _ in rows]
    for square in squares(rows):
        printed = square.text.translate(NOT_IN_FONT)
        text = html.escape(printed).replace("\n", "<br/>")
        figure = is_figure(printed)
        look = above if square.row < head else below
        drawn[square.row][square.column] = (
            printed if figure or not text.strip() else Printed(text, look)
        )
    return drawn


def _style(rows: Rows, head: int, form: Sheet) -> Any:
    from reportlab.lib.colors import black
    from reportlab.platypus import TableStyle

    commands: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FONT, form.size),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), form.padding),
        ("BOTTOMPADDING", (0, 0), (-1, -1), form.padding),
    ]
    for square in squares(rows):
        first = (square.column, square.row)
        if square.rows > 1 or square.columns > 1:
            last = (square.column + square.columns - 1, square.row + square.rows - 1)
            commands.append(("SPAN", first, last))
        if is_figure(square.text):
            commands.append(("ALIGN", first, first, form.align))
    rules = {
        "grid": [("GRID", (0, 0), (-1, -1), 0.5, black)],
        "outer": [
            ("BOX", (0, 0), (-1, -1), 1, black),
            ("INNERGRID", (0, 0), (-1, head), 0.5, black),
        ],
        "three": [
            ("LINEABOVE", (0, 0), (-1, 0), 1, black),
            ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.5, black),
            ("LINEBELOW", (0, -1), (-1, -1), 1, black),
        ],
        "rows": [
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, black),
            ("LINEABOVE", (0, 0), (-1, 0), 0.5, black),
        ],
        "none": [],
    }
    return TableStyle([*commands, *rules[form.rules]])
