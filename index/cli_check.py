"""`python -m index check` and `facts`: the report of relations, and every figure."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import AsJson, Document, Folder, names, open_store, told, write_file

if TYPE_CHECKING:
    from index.fact import Fact

FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="写成一个网页文件，可离线打开")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="CSV 写到文件，可用 Excel 打开"),
]


def check(
    document: Document = "", as_json: AsJson = False, html: Html = None, index: Folder = None
) -> None:
    """勾稽关系核对报告：哪些相符，哪些不符、差多少、是否尾差，哪些无法核对、为什么。"""
    from index.report import document_report, lines_of, rows_of

    with told():
        store = open_store(index)
        reports = [document_report(store, name) for name in names(store, document)]
        if html is not None:
            from index.report_html import page_of

            write_file(html, page_of(reports))
            typer.echo(f"报告写在 {html}", err=True)
    if as_json:
        rows = [row for report in reports for row in rows_of(report)]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif html is None:
        for report in reports:
            for text in lines_of(report):
                typer.echo(text)


def facts(
    document: Document = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV（列见 4.3）")] = False,
    output: Output = None,
    index: Folder = None,
) -> None:
    """列出每一个数据及其出处；空白格不列。"""
    from index.fact import Kind

    with told():
        store = open_store(index)
        names(store, document)
        found = [fact for fact in store.facts(document) if fact.kind is not Kind.BLANK]
        if output is not None:
            write_file(output, csv_text(found), "utf-8-sig")  # Excel reads UTF-8 by the mark
            typer.echo(f"{len(found)} 个数据写在 {output}", err=True)
            return
    if as_csv:
        sys.stdout.write(csv_text(found))
        return
    for fact in found:
        typer.echo(_fact_line(fact))


def csv_text(found: "Iterable[Fact]") -> str:
    from index.fact import CSV_COLUMNS

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for fact in found:
        writer.writerow(map(safe, fact.csv_row()))
    return text.getvalue()


def safe(cell: str) -> str:
    """A spreadsheet runs a text that begins like a formula: a quote before it says it is text."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _fact_line(fact: "Fact") -> str:
    from index.report import line

    label, column = "/".join(fact.row_path) or fact.label, "/".join(fact.column)
    words = (fact.document, str(fact.place), fact.table, label, column, fact.printed, fact.unit)
    return "\t".join(map(line, (*words, *filter(None, (fact.word,)))))
