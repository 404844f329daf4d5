"""`python -m index list` and `remove`: what is indexed, and taking it out."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import AsJson, Folder, open_store, told

if TYPE_CHECKING:
    from index.fact import Correction
    from index.store import Store, StoredDocument

FORMATS = {"text": "文本", "markdown": "Markdown", "html": "网页", "mhtml": "网页"}
"""Others are called by their ending."""


def list_documents(as_json: AsJson = False, index: Folder = None) -> None:
    """列出已收录的文件：机构、年度、种类、格式、数据、存疑、没有读到的页、来源。"""
    with told():
        store = open_store(index)
        documents, doubts = store.documents(), store.doubts()
        words = {stored.document: _words(store, stored) for stored in documents}
    if as_json:
        rows = [_row(stored, doubts, words[stored.document]) for stored in documents]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for stored in documents:
        _say(stored, doubts.get(stored.document, 0), words[stored.document])
    if not documents:
        typer.echo("索引是空的；用 python -m index add 文件 收录")


def _words(store: "Store", stored: "StoredDocument") -> "tuple[list[Correction], list[Correction]]":
    """What persons said of figures and still stands, and what of it is to be confirmed again."""
    from index.correct import pending, standing

    words = standing(store.corrections(stored.document))
    if not words:
        return [], []
    return list(words), pending(words, stored.sha256, store.facts(stored.document))


def _say(
    stored: "StoredDocument", doubts: int, words: "tuple[list[Correction], list[Correction]]"
) -> None:
    from index.report import line, named

    form = FORMATS.get(stored.format, stored.format.upper())
    typer.echo(
        f"{line(stored.document)}：{named(stored)}，{form}，表 {stored.tables} 张，"
        f"数据 {stored.facts} 个，存疑 {doubts} 个"
    )
    if stored.unread_pages:
        pages = "、".join(map(str, stored.unread_pages))
        typer.echo(f"  没有文字、没有读到的页：{pages}")
    if stored.source or stored.published:
        published = f"{stored.published} 公开" if stored.published else ""
        typer.echo(f"  来源：{' '.join(filter(None, (line(stored.source), published)))}")
    said, waiting = words
    if said:
        again = f"，其中 {len(waiting)} 处待重新确认" if waiting else ""
        typer.echo(f"  确认或更正 {len(said)} 处{again}")


def _row(
    stored: "StoredDocument",
    doubts: dict[str, int],
    words: "tuple[list[Correction], list[Correction]]",
) -> dict[str, object]:
    return {
        "document": stored.document,
        "institution": stored.institution,
        "year": stored.year,
        "account": stored.account,
        "level": stored.level,
        "title": stored.title,
        "format": stored.format,
        "tables": stored.tables,
        "facts": stored.facts,
        "doubts": doubts.get(stored.document, 0),
        "unread_pages": list(stored.unread_pages),
        "warnings": list(stored.warnings),
        "source": stored.source,
        "published": stored.published,
        "corrections": len(words[0]),
        "pending": len(words[1]),
        "sha256": stored.sha256,
    }


def remove(
    documents: Annotated[list[str], typer.Argument(metavar="DOC…", help="list 列出的文件名")],
    index: Folder = None,
) -> None:
    """从索引中取出文件（不动原文件）；有一个名字不对，就一份也不取出。"""
    from index.build import index_folder, remove_documents
    from index.correct import standing
    from index.report import line

    with told():
        store = open_store(index)
        said = {name: len(standing(store.corrections(name))) for name in documents}
        remove_documents(documents, index_folder(index))
    for name, count in said.items():
        more = f"，连同 {count} 处确认或更正" if count else ""
        typer.echo(f"{line(name)}：已取出{more}")
