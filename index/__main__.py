"""`python -m index`: add budgets to an index, list them, take them out, check and export them."""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BudgetError
from index.offline import stay_offline

if TYPE_CHECKING:
    from index.build import Progress, Report
    from index.fact import Check, Fact
    from index.store import Store, StoredDocument

stay_offline()

app = typer.Typer(
    help="收录、核对和导出预算文件。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SHOWN = 20
"""Doubts listed under a document; `check` shows the rest."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
"""A document's text must not steer the terminal."""
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")

Folder = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="索引文件夹；默认 $BUDGET_INDEX 或 .budget-index"),
]
Document = Annotated[str, typer.Argument(metavar="[DOC]", help="只看这份文件", show_default=False)]


class MoneyUnit(StrEnum):
    YUAN = "元"
    THOUSAND = "千元"
    TEN_THOUSAND = "万元"
    HUNDRED_MILLION = "亿元"


STATUS = {"added": "已收录", "unchanged": "没有变化", "replaced": "已更新", "failed": "未收录"}
OUTCOME = {"holds": "相符", "differs": "不符", "unchecked": "未核"}


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件或文件夹")],
    index: Folder = None,
    unit: Annotated[MoneyUnit | None, typer.Option(help="文件没有写明时，金额的单位")] = None,
) -> None:
    """收录文件：读取、核对、建立检索。内容没有变化的文件不再读取。"""
    from index.build import Status, add_paths, index_folder

    folder = index_folder(index)
    with _told(), _progress() as progress:
        reports = add_paths(paths, folder, progress, unit=unit.value if unit else "")
    for report in reports:
        _say_report(report)
    failed = sum(report.status is Status.FAILED for report in reports)
    typer.echo(f"共 {len(reports)} 份文件，{failed} 份未收录；索引在 {folder}")
    raise typer.Exit(1 if failed else 0)


@app.command("list")
def list_documents(index: Folder = None) -> None:
    """列出已收录的文件。"""
    with _told():
        documents = _open(index).documents()
    for document in documents:
        _say_document(document)
    if not documents:
        typer.echo("索引是空的；用 python -m index add 文件 收录")


@app.command()
def remove(
    document: Annotated[str, typer.Argument(metavar="DOC", help="list 列出的文件名")],
    index: Folder = None,
) -> None:
    """从索引中取出一份文件（不动原文件）。"""
    from index.build import index_folder, remove_documents

    with _told():
        _open(index)
        remove_documents([document], index_folder(index))
    typer.echo(f"{_line(document)}：已取出")


@app.command()
def check(
    document: Document = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    index: Folder = None,
) -> None:
    """勾稽关系核对报告：哪些合计相符，哪些不符。"""
    with _told():
        store = _open(index)
        found = {name: store.checks(name) for name in _names(store, document)}
    if as_json:
        rows = [_check_row(name, item) for name, checks in found.items() for item in checks]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for name, checks in found.items():
        _say_checks(name, checks)


@app.command()
def facts(
    document: Document = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV（列见 4.3）")] = False,
    index: Folder = None,
) -> None:
    """列出每一个数据及其出处；空白格不列。"""
    from index.fact import Kind

    with _told():
        store = _open(index)
        _names(store, document)
        found = [fact for fact in store.facts(document) if fact.kind is not Kind.BLANK]
    if as_csv:
        _write_csv(found)
        return
    for fact in found:
        typer.echo(_fact_line(fact))


def _open(index: Path | None) -> "Store":
    from index.build import index_folder
    from index.store import open_index

    return open_index(index_folder(index))


def _names(store: "Store", document: str) -> list[str]:
    if document:
        return [store.document(document).document]
    return [stored.document for stored in store.documents()]


@contextmanager
def _told() -> Iterator[None]:
    """An error a person can act on: one line on stderr, exit code 1."""
    try:
        yield
    except BudgetError as error:
        typer.echo(_line(str(error)), err=True)
        raise typer.Exit(1) from error


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Bars on stderr, so that what a program reads from stdout stays clean."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {"文件": bars.add_task("文件", total=None)}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(escape(_line(what)), total=total)
            finished = done >= total and what != "文件"
            bars.update(tasks[what], completed=done, total=total, visible=not finished)

        yield progress


def _say_report(report: "Report") -> None:
    head = f"{_line(report.document)}：{STATUS[report.status]}（{report.seconds:.1f} 秒）"
    typer.echo(head)
    if report.message:
        typer.echo(f"  {_line(report.message)}")
    if report.status == "failed":
        return
    typer.echo(
        f"  表 {report.tables} 张，数据 {report.facts} 个，绩效指标 {report.indicators} 个，"
        f"文字 {report.passages} 段"
    )
    typer.echo(
        f"  勾稽核对：相符 {report.holding} 项，不符 {report.differing} 项，"
        f"未核 {report.unchecked} 项"
    )
    for doubt in report.doubts[:SHOWN]:
        typer.echo(f"  存疑：{_line(doubt)}")
    if len(report.doubts) > SHOWN:
        rest = len(report.doubts) - SHOWN
        typer.echo(f"  另有 {rest} 处存疑，见 python -m index check {_line(report.document)}")


def _say_document(document: "StoredDocument") -> None:
    year = f"{document.year}年" if document.year else "年份不明"
    typer.echo(
        f"{_line(document.document)}：{_line(document.institution)} {year}，"
        f"表 {document.tables} 张，数据 {document.facts} 个"
    )


def _say_checks(name: str, checks: "Sequence[Check]") -> None:
    counts = Counter(item.outcome.value for item in checks)
    words = "，".join(f"{word} {counts[outcome]} 项" for outcome, word in OUTCOME.items())
    typer.echo(f"{_line(name)}：{words}")
    for outcome in ("differs", "unchecked"):
        for item in checks:
            if item.outcome == outcome:
                typer.echo(f"  {OUTCOME[outcome]}：{_line(item.what)}{_by(item)}")


def _by(item: "Check") -> str:
    shown = f"（{_line(item.expression)}）" if item.expression else ""
    return shown + (f"，差 {item.difference:f}" if item.difference else "")


def _check_row(document: str, item: "Check") -> dict[str, object]:
    return {
        "document": document,
        "name": item.name,
        "outcome": item.outcome.value,
        "what": item.what,
        "expression": item.expression,
        "difference": None if item.difference is None else format(item.difference, "f"),
        "facts": list(item.facts),
        "places": [str(place) for place in item.places],
    }


def _write_csv(found: "Sequence[Fact]") -> None:
    from index.fact import CSV_COLUMNS

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for fact in found:
        writer.writerow(map(_safe, fact.csv_row()))


def _safe(cell: str) -> str:
    """A spreadsheet runs a text that begins like a formula: a quote before it says it is text."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _fact_line(fact: "Fact") -> str:
    label, column = "/".join(fact.row_path) or fact.label, "/".join(fact.column)
    words = (fact.document, str(fact.place), fact.table, label, column, fact.printed, fact.unit)
    return "\t".join(map(_line, words))


def _line(text: str) -> str:
    return CONTROL.sub(" ", text)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    app(prog_name="python -m index")
