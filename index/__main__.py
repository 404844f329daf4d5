"""`python -m index`: add budgets to an index, list them, take them out, check, export, correct."""

import sys

import typer

from index.cli_add import add
from index.cli_check import check, facts
from index.cli_correct import correct
from index.cli_list import list_documents, remove
from index.offline import stay_offline

stay_offline()

app = typer.Typer(
    help="收录、核对、更正和导出预算文件。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(add)
app.command("list")(list_documents)
app.command()(remove)
app.command()(check)
app.command()(facts)
app.command()(correct)

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    app(prog_name="python -m index")
