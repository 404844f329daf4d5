"""`python -m index correct`: a person confirms or corrects a figure, takes it back, sees what was
said."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import AsJson, Folder, open_store, told
from index.errors import BudgetError

if TYPE_CHECKING:
    from index.fact import Correction
    from index.report import Verdict
    from index.store import Store

Place = Annotated[
    str,
    typer.Argument(
        metavar="[PLACE]", help="facts --csv 的 place 一栏，或数据的编号", show_default=False
    ),
]


def correct(
    document: Annotated[str, typer.Argument(metavar="[DOC]", show_default=False)] = "",
    place: Place = "",
    value: Annotated[str, typer.Option(metavar="V", help="应是多少（单位与印的相同）")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="印的无误")] = False,
    take_back: Annotated[bool, typer.Option("--undo", help="撤销这里的确认或更正")] = False,
    listed: Annotated[bool, typer.Option("--list", help="列出确认和更正")] = False,
    reason: Annotated[str, typer.Option(help="理由，会显示在这个数旁边")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="谁确认或更正的")] = "",
    column: Annotated[str, typer.Option(help="一行有几个数时，列名")] = "",
    as_json: AsJson = False,
    index: Folder = None,
) -> None:
    """确认或更正一个读出的数。印的数总是一并显示；文件换了新内容后要重新确认。"""
    chosen = [bool(value), confirm, take_back, listed]
    with told():
        if sum(chosen) != 1:
            raise BudgetError(
                "要做什么没有写清",
                place="correct",
                mend="写 --value 数、--confirm、--undo、--list 中的一个",
            )
        if listed:
            _list(open_store(index), document, as_json)
            return
        if not document or not place:
            raise BudgetError("缺少文件名或位置", place="correct", mend="写 correct DOC PLACE …")
        _change(index, document, place, column, value or None, take_back, reason, by)


def _change(
    index: Path | None,
    document: str,
    place: str,
    column: str,
    value: str | None,
    take_back: bool,
    reason: str,
    by: str,
) -> None:
    from index.build import index_folder
    from index.correct import correct as keep
    from index.correct import number_of, rechecked, sentence, undo
    from index.lock import one_writer
    from index.report import counts_of, line

    number = number_of(value) if value is not None else None
    store = open_store(index)
    # Checked with this program too: an older one may have added the document.
    words = store.corrections(document)
    before = counts_of(rechecked(store.budget(document), words).checks)
    with one_writer(index_folder(index)):
        if take_back:
            word = undo(store, document, place, by=by, column=column)
            typer.echo(f"{_cell(word)}：已撤销“{line(sentence(word))}”")
        else:
            fact = keep(store, document, place, value=number, reason=reason, by=by, column=column)
            names = "/".join(filter(None, (fact.table, fact.label, *fact.column)))
            typer.echo(f"{line(names)}（{line(str(fact.place))}）：{line(fact.word)}")
    _say_effect(before, counts_of(store.checks(document)))


def _say_effect(before: "Mapping[Verdict, int]", after: "Mapping[Verdict, int]") -> None:
    from index.report import WORDS

    changed = [v for v in WORDS if before[v] != after[v]]
    if not changed:
        typer.echo("  勾稽核对的结果没有变化")
        return
    told = "，".join(f"{WORDS[v]} {before[v]} → {after[v]} 项" for v in changed)
    typer.echo(f"  重新勾稽核对：{told}")


def _list(store: "Store", document: str, as_json: bool) -> None:
    from index.correct import pending

    if document:
        store.document(document)
    words = store.corrections(document)
    waiting: set[int] = set()
    for stored in store.documents():
        own = [word for word in words if word.document == stored.document]
        if own:
            again = pending(own, stored.sha256, store.facts(stored.document))
            waiting |= {word.number for word in again}
    if as_json:
        rows = [_row(word, word.number in waiting) for word in words]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    later = {word.when for word in words}
    for word in words:
        _say(word, word.number in waiting, replaced=word.ended in later)
    if not words:
        typer.echo("没有确认或更正")


def _say(word: "Correction", waiting: bool, *, replaced: bool) -> None:
    from index.correct import sentence
    from index.report import line

    how = "被后来的确认或更正取代" if replaced else "撤销"
    ended = f"{_day(word.ended)} {how}" if word.ended else ""
    again = "待重新确认：文件内容已变，没有采用" if waiting else ""
    state = f"〔{ended or again}〕" if ended or again else ""
    typer.echo(
        f"{line(word.document)} {_cell(word)}：{line(sentence(word))}（{_day(word.when)}）{state}"
    )


def _cell(word: "Correction") -> str:
    """表七 公务接待费/合计（274，编号 表七/r012/c03）."""
    from index.report import line

    names = "/".join((*word.row_path[-1:], *word.column))
    return line(f"{word.table} {names}（{word.place}，编号 {word.fact}）".strip())


def _day(when: str) -> str:
    return when[:16].replace("T", " ")


def _row(word: "Correction", waiting: bool) -> dict[str, object]:
    return {
        "number": word.number,
        "document": word.document,
        "place": word.place,
        "fact": word.fact,
        "table": word.table,
        "row_path": list(word.row_path),
        "column": list(word.column),
        "printed": word.printed,
        "unit": word.unit,
        "value": None if word.value is None else format(word.value, "f"),
        "reason": word.reason,
        "by": word.by,
        "when": word.when,
        "ended": word.ended,
        "ended_by": word.ended_by,
        "pending": waiting,
        "sha256": word.sha256,
    }
