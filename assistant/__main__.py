"""`python -m assistant`: ask one question, or every question of a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BudgetError
from index.offline import stay_offline

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.chain import Assistant, Conversation

stay_offline()

app = typer.Typer(
    help="回答已收录的预算文件里的问题。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def main() -> None:
    """回答已收录的预算文件里的问题：数字取自原文，附出处。"""


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", help="问题，用引号括起来")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="一行一问或一段对话，逐行回答")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="一行输出一个 JSON")] = False,
    index: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="索引文件夹；默认 $BUDGET_INDEX 或 .budget-index"),
    ] = None,
    document: Annotated[str, typer.Option(metavar="DOC", help="只看这份文件")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="说明问题是怎样理解的")] = False,
) -> None:
    """回答一个问题，或（--batch）文件里的每个问题。"""
    if (question is None) == (batch is None):
        raise typer.BadParameter("请给出一个问题，或用 --batch 给出问题文件（二者取一）")
    failed: list[str] = []
    with _told(failed):
        assistant = open_assistant(index, document)
        if batch is not None:
            _ask_all(assistant, batch, failed, as_json=as_json, explain=explain)
        elif question is not None:
            answer = answer_to(assistant.conversation(), question)
            _say(answer, as_json=as_json, explain=explain, named=False)
    raise typer.Exit(1 if failed else 0)


def open_assistant(index: Path | None, document: str) -> "Assistant":
    """Raises BudgetError where there is no index, nothing in it, or not this document."""
    from index.build import index_folder
    from index.store import open_index

    folder = index_folder(index)
    store = open_index(folder)
    if document:
        store.document(document)
    elif not store.documents():
        mend = "先运行 python -m index add 文件 收录预算文件"
        raise BudgetError("索引是空的", place=str(folder), mend=mend)
    from assistant.chain import Assistant

    return Assistant(index, document)


def answer_to(conversation: "Conversation", question: str) -> "Answer":
    """A fault of the program is told like any other error; where it lies goes to the log."""
    try:
        return conversation.ask(question)
    except BudgetError:
        raise
    except Exception as error:
        from assistant.desk import report

        report(error)
        raise BudgetError(
            f"回答时程序出错（{type(error).__name__}）",
            mend="换一种说法再问，并把问题和这条信息告诉维护者",
        ) from error


def _ask_all(
    assistant: "Assistant", path: Path, failed: list[str], *, as_json: bool, explain: bool
) -> None:
    """Every line; one that is broken, or a question that fails, spoils no other."""
    from dataclasses import replace

    from assistant.cli import read_batch, read_lines

    for place, line in read_lines(path):
        with _told(failed):
            conversation = assistant.conversation()
            for name, question in read_batch(line, place):
                with _told(failed, f"{place}（{name}）"):
                    answer = replace(answer_to(conversation, question), id=name)
                    _say(answer, as_json=as_json, explain=explain, named=True)


def _say(answer: "Answer", *, as_json: bool, explain: bool, named: bool) -> None:
    """On stdout and flushed, so that a program that waits for the answer gets it."""
    from assistant.cli import json_line, printable, shown

    text = json_line(answer, explain=explain) if as_json else shown(answer, explain=explain)
    head = f"【{answer.id}】{answer.question}\n" if named and not as_json else ""
    typer.echo(printable(head + text))


@contextmanager
def _told(failed: list[str], place: str = "") -> Iterator[None]:
    """An error a person can act on: one line on stderr, kept in `failed`."""
    try:
        yield
    except BudgetError as error:
        from assistant.cli import one_line

        failed.append(one_line(f"{place}：{error}" if place else str(error)))
        typer.echo(failed[-1], err=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    app(prog_name="python -m assistant")
