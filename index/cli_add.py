"""`python -m index add`: progress for each file, a report as each is done, an orderly Ctrl-C."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from index.cli import Folder, told
from index.errors import BudgetError

if TYPE_CHECKING:
    from index.build import Progress, Report

SHOWN = 20
"""Doubts listed under a document; `check` shows the rest."""
LONGEST_SOURCE = 2000
INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended."""


class MoneyUnit(StrEnum):
    YUAN = "元"
    THOUSAND = "千元"
    TEN_THOUSAND = "万元"
    HUNDRED_MILLION = "亿元"


STATUS = {
    "added": "已收录",
    "unchanged": "没有变化",
    "replaced": "已更新",
    "duplicate": "未重复收录",
    "failed": "未收录",
}


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件或文件夹")],
    index: Folder = None,
    unit: Annotated[MoneyUnit | None, typer.Option(help="文件没有写明时，金额的单位")] = None,
    source: Annotated[str, typer.Option(metavar="URL", help="文件公开在哪个网址")] = "",
    published: Annotated[str, typer.Option(metavar="DATE", help="公开日期，如 2024-02-05")] = "",
    seconds: Annotated[float, typer.Option(min=1, help="读取一份文件最多用几秒")] = 300,
) -> None:
    """收录文件：读取、核对、建立检索。内容没有变化的文件不再读取；中断后再运行一次就会接着做。"""
    from index.build import Interrupted, Status, add_paths, index_folder

    folder = index_folder(index)
    with told(), _progress() as progress:
        try:
            reports = add_paths(
                paths,
                folder,
                progress,
                unit=unit.value if unit else "",
                source=address(source),
                published=day(published),
                on_report=say_report,
                seconds=seconds,
            )
        except Interrupted as stopped:
            typer.echo(
                f"已中断：完成 {stopped.done} 份，还有 {stopped.remaining} 份没有处理。"
                "已完成的都已保存；再运行一次同样的命令，就从没有处理的接着做",
                err=True,
            )
            raise typer.Exit(INTERRUPTED) from stopped
    failed = sum(report.status is Status.FAILED for report in reports)
    typer.echo(f"共 {len(reports)} 份文件，{failed} 份未收录；索引在 {folder}")
    raise typer.Exit(1 if failed else 0)


def address(text: str) -> str:
    """A web address as given. Raises BudgetError for anything else."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    known = parts.scheme in ("http", "https") and parts.hostname and text.isprintable()
    if text and (not known or len(text) > LONGEST_SOURCE):
        raise BudgetError(
            "不是网址", place=f"--source {text[:80]}", mend="写完整，以 http:// 或 https:// 开头"
        )
    return text.strip()


def day(text: str) -> str:
    """2024-02-05. Raises BudgetError for what is no day."""
    if not text:
        return ""
    try:
        return date.fromisoformat(text.strip().replace("/", "-")).isoformat()
    except ValueError as error:
        raise BudgetError(
            "不是日期", place=f"--published {text[:40]}", mend="写成 2024-02-05 的样子"
        ) from error


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Bars on stderr, so that what a program reads from stdout stays clean."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from index.report import line

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Reports go above the bars on a terminal, and untouched into a file or a pipe.
    above, console = sys.stdout.isatty(), Console(stderr=True)
    with Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=above,
        disable=not console.is_terminal,
    ) as bars:
        tasks = {"文件": bars.add_task("文件", total=None)}
        lock = Lock()

        def progress(what: str, done: int, total: int) -> None:
            with lock:
                if done >= total and what != "文件":
                    if what in tasks:
                        bars.remove_task(tasks.pop(what))
                    return
                if what not in tasks:
                    tasks[what] = bars.add_task(escape(line(what)), total=total)
                bars.update(tasks[what], completed=done, total=total)

        yield progress


def say_report(report: "Report") -> None:
    from index.report import line

    name = line(report.document)
    typer.echo(f"{name}：{STATUS[report.status]}（{report.seconds:.1f} 秒）")
    if report.message:
        typer.echo(f"  {line(report.message)}")
    if report.status in ("failed", "duplicate"):
        return
    typer.echo(
        f"  表 {report.tables} 张，数据 {report.facts} 个，绩效指标 {report.indicators} 个，"
        f"文字 {report.passages} 段"
    )
    rounding = f"尾差 {report.rounding} 项，" if report.rounding else ""
    typer.echo(
        f"  勾稽核对：相符 {report.holding} 项，不符 {report.differing} 项，{rounding}"
        f"未核 {report.unchecked} 项"
    )
    for doubt in report.doubts[:SHOWN]:
        typer.echo(f"  存疑：{line(doubt)}")
    if len(report.doubts) > SHOWN:
        rest = len(report.doubts) - SHOWN
        typer.echo(f"  另有 {rest} 处存疑，见 python -m index check {name}")
