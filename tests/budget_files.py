"""One invented budget in every format we read: the same tables and sentences as bytes."""

import io
from collections.abc import Callable, Sequence

from docx import Document
from openpyxl import Workbook

from tests.budget_texts import tabbed
from tests.office_files import saved

Rows = Sequence[Sequence[str]]

PROJECTS: Rows = (
    ("单位名称", "项目名称", "2024年预算数", "2023年预算数", "增减额"),
    ("", "合计", "700.00", "650.00", "50.00"),
    ("青禾县水务局", "小计", "520.00", "480.00", "40.00"),
    ("", "河道清淤", "400.00", "380.00", "20.00"),
    ("", "泵站改造", "120.00", "100.00", "20.00"),
    ("青禾县水文站", "小计", "180.00", "170.00", "10.00"),
    ("", "水位监测", "180.00", "170.00", "10.00"),
)
INCOME: Rows = (
    ("项目", "预算数"),
    ("一般公共预算拨款收入", "1,000.00"),
    ("事业收入", "250.50"),
    ("收入总计", "1,250.50"),
)
TABLES = (("收入预算总表", INCOME), ("项目支出预算表", PROJECTS))
TITLE = "青禾县水务局2024年部门预算"
HEADING = "三、部门预算情况说明"
PROSE = (
    "2024年公务接待费预算4.20万元，比上年减少0.30万元，主要原因是压减接待批次。",
    "2024年机关运行经费预算36.80万元。",
)


def as_text() -> bytes:
    lines = [TITLE]
    for title, rows in TABLES:
        lines += ["", title, "金额单位：万元", *("\t".join(row) for row in rows)]
    return "\n".join([*lines, "", HEADING, "", *PROSE]).encode()


def as_docx() -> bytes:
    document = Document()
    document.add_paragraph(TITLE)
    for title, rows in TABLES:
        document.add_paragraph(title)
        document.add_paragraph("金额单位：万元")
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        document.add_paragraph("")
    for text in (HEADING, *PROSE):
        document.add_paragraph(text)
    return saved(document)


def as_xlsx() -> bytes:
    """A sheet a table, the unit beside the title; figures as numbers."""
    book = Workbook()
    cover = book.active
    cover.title = "封面"
    cover["A1"] = TITLE
    for title, rows in TABLES:
        sheet = book.create_sheet(title[:4])
        sheet["A1"] = title
        sheet.cell(1, len(rows[0]), "金额单位：万元")
        for at, row in enumerate(rows, 2):
            for column, text in enumerate(row, 1):
                cell = sheet.cell(at, column)
                figure = text.replace(",", "")
                number = figure.replace(".", "").isdigit() and "." in figure
                cell.value = float(figure) if number else text or None
                cell.number_format = "#,##0.00" if number else "General"
    prose = book.create_sheet("情况说明")
    for at, text in enumerate((HEADING, *PROSE), 1):
        prose.cell(at, 1, text)
    return saved(book)


def as_html() -> bytes:
    parts = [f"<h1>{TITLE}</h1>"]
    for title, rows in TABLES:
        parts.append(f"<p>{title}</p><p>金额单位：万元</p><table>")
        parts += [f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows]
        parts.append("</table>")
    parts += [f"<p>{text}</p>" for text in (HEADING, *PROSE)]
    body = "".join(parts)
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def as_markdown() -> bytes:
    lines = [f"# {TITLE}"]
    for title, rows in TABLES:
        lines += ["", f"## {title}", "", "金额单位：万元", ""]
        bars = ["| " + " | ".join(row) + " |" for row in rows]
        lines += [bars[0], "|" + "---|" * len(rows[0]), *bars[1:]]
    return "\n".join([*lines, "", f"## {HEADING}", "", *(f"{text}\n" for text in PROSE)]).encode()


def as_pdf() -> bytes:
    """Ruled tables and sentences, with a font that every reader of PDF knows."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=11, leading=18, wordWrap="CJK")
    ruled = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), "STSong-Light", 10),
            ("GRID", (0, 0), (-1, -1), 1, colors.black),
        ]
    )
    story = [Paragraph(TITLE, style)]
    for title, rows in TABLES:
        story += [Spacer(1, 24), Paragraph(title, style), Paragraph("金额单位：万元", style)]
        story.append(Table([list(row) for row in rows], style=ruled))
    story += [Spacer(1, 24), *(Paragraph(text, style) for text in (HEADING, *PROSE))]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "water.txt": as_text,
    "water.docx": as_docx,
    "water.xlsx": as_xlsx,
    "water.html": as_html,
    "water.md": as_markdown,
    "water.pdf": as_pdf,
}


def budget_text(block: str) -> bytes:
    return tabbed(block).encode()
