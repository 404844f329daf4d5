"""What the commands of `python -m index` share: options, and errors told in a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BudgetError

if TYPE_CHECKING:
    from index.store import Store

Folder = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="索引文件夹；默认 $BUDGET_INDEX 或 .budget-index"),
]
Document = Annotated[str, typer.Argument(metavar="[DOC]", help="只看这份文件", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def open_store(index: Path | None) -> "Store":
    """Raises BudgetError where there is no index."""
    from index.build import index_folder
    from index.store import open_index

    return open_index(index_folder(index))


def names(store: "Store", document: str) -> list[str]:
    """The document named, else all. Raises BudgetError if it is not indexed."""
    if document:
        return [store.document(document).document]
    return [stored.document for stored in store.documents()]


@contextmanager
def told() -> Iterator[None]:
    """An error a person can act on: one line on stderr, exit code 1."""
    from index.report import line

    try:
        yield
    except BudgetError as error:
        typer.echo(line(str(error)), err=True)
        raise typer.Exit(1) from error


def write_file(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Raises BudgetError where the file cannot be written."""
    try:
        path.write_text(text, encoding, newline="")
    except OSError as error:
        raise BudgetError(
            f"写不了这个文件（{error.strerror}）", place=str(path), mend="换一个位置，或检查权限"
        ) from error
