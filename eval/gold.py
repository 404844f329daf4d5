"""`python -m eval gold`: reads documents whose every figure is known and tells what was found,
what was read wrong and what was made up."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.documents import read
from eval.gold_match import CellMatch, Match, match
from eval.gold_rows import GoldCell, GoldProse, flat, gold_documents, read_gold
from index.errors import BudgetError
from index.fact import Fact, Kind

HERE = Path(__file__).parent
BUDGETS = HERE / "budgets"
THRESHOLDS = HERE / "thresholds.toml"
WRONG = ("column", "unit", "budget_unit", "operator", "code", "unit_code", "kind", "parent")
"""What is judged of a figure that was found, in the order it is listed."""
WIDTH = 190
"""Of the table, which a file would otherwise get cut to 80 columns."""

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Percentages of one document: `found` of the gold's figures, `invented` of the figures
    read, the others of the figures found."""

    document: str
    cells: int
    found: float
    column: float
    unit: float
    budget_unit: float
    operator: float
    code: float
    unit_code: float
    kind: float
    parent: float
    facts: int
    invented: float
    prose: int
    prose_found: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """What a document has to reach, in percent."""

    min_found: float
    min_column: float
    min_unit: float
    min_budget_unit: float
    max_invented: float
    min_prose_found: float

    def shortfalls(self, measured: Measures) -> Iterator[str]:
        """What falls short, in words."""
        for name, limit in asdict(self).items():
            bound, _, what = name.partition("_")
            value = getattr(measured, what)
            if value < limit if bound == "min" else value > limit:
                least = "at least" if bound == "min" else "at most"
                yield f"{measured.document}: {what} {value:.2f} %, {least} {limit} %"


def measures_of(result: Match) -> Measures:
    right = {
        name: _percent(sum(getattr(pair, name) for pair in result.cells), len(result.cells))
        for name in WRONG
    }
    return Measures(
        document=result.gold.document.name,
        cells=len(result.gold.cells),
        found=_percent(len(result.cells), len(result.gold.cells)),
        facts=len(result.facts),
        invented=_percent(len(result.invented), len(result.facts), empty=0),
        prose=len(result.gold.prose),
        prose_found=_percent(len(result.prose), len(result.gold.prose)),
        **right,
    )


def _percent(part: int, whole: int, empty: float = 100) -> float:
    return 100 * part / whole if whole else empty


def least(path: Path = THRESHOLDS) -> Least:
    return Least(**tomllib.loads(path.read_text(encoding="utf-8"))["gold"])


def command(
    documents: Annotated[
        list[str] | None, typer.Argument(help="documents with gold, by name; all without")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
    misses: Annotated[
        int, typer.Option(help="list so many of each kind: missed, wrong, invented")
    ] = 0,
) -> None:
    """Hold what is read of documents against every figure that they are known to print."""
    try:
        chosen = gold_documents(BUDGETS, documents or ())
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    results, errors = hold_all(chosen)
    measured = [measures_of(result) for result in results]
    if as_json:
        console.print_json(json.dumps([asdict(m) for m in measured], ensure_ascii=False))
    else:
        print_measures(measured)
    for result in results:
        print_misses(result, misses)
    raise typer.Exit(0 if report(measured, errors) else 1)


def reached() -> bool:
    """Whether all documents with gold reach their limits; prints what they reach.

    Raises BudgetError for misshapen gold.
    """
    results, errors = hold_all(gold_documents(BUDGETS))
    measured = [measures_of(result) for result in results]
    print_measures(measured)
    return report(measured, errors)


def hold_all(documents: Sequence[Path]) -> tuple[list[Match], list[str]]:
    """The documents held against their gold, and why others could not be read."""
    results, errors = [], []
    for document in documents:
        try:
            results.append(hold(document))
        except Exception as error:
            # A crash is a verdict on one document, not the end of the run.
            told = str(error) if isinstance(error, BudgetError) else repr(error)
            errors.append(f"{document.name}: {told}")
    return results, errors


def hold(document: Path) -> Match:
    """Raises BudgetError when the document or its gold cannot be read."""
    return match(read_gold(document), read(document))


def report(measured: Sequence[Measures], errors: Sequence[str]) -> bool:
    """Prints what falls short or could not be read; true if nothing does."""
    limits = least()
    short = [f"BELOW THRESHOLD {s}" for each in measured for s in limits.shortfalls(each)]
    for fault in (*errors, *short):
        console.print(fault, style="red", markup=False)
    return not (errors or short)


HEADS = (
    ("gold cells", "cells"), ("found %", "found"), ("column %", "column"),
    ("money unit %", "unit"), ("budget unit %", "budget_unit"), ("invented %", "invented"),
    ("prose found %", "prose_found"), ("operator %", "operator"), ("code %", "code"),
    ("kind %", "kind"), ("parent %", "parent"),
)  # fmt: skip


def print_measures(measured: Sequence[Measures]) -> None:
    table = Table("document", *(head for head, _ in HEADS), box=None, header_style="bold")
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column.header == "document" else "right"
    for each in measured:
        table.add_row(each.document, *(_number(getattr(each, name)) for _, name in HEADS))
    console.width = max(console.width, WIDTH)
    console.print(table)


def _number(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def print_misses(result: Match, most: int) -> None:
    """At most `most` of each kind, each with its place in the file where that is known."""
    for what, lines in misses_of(result):
        if most and lines:
            console.print(f"\n{result.gold.document.name}: {what}: {len(lines)}", style="bold")
            for line in lines[:most]:
                console.print(f"  {line}", markup=False)


def misses_of(result: Match) -> Iterator[tuple[str, list[str]]]:
    yield "missed", [_missed(cell, result) for cell in result.missing]
    for name in WRONG:
        wrong = [pair for pair in result.cells if not getattr(pair, name)]
        yield f"wrong {name.replace('_', ' ')}", [_wrong(pair, name) for pair in wrong]
    yield "invented", [_shown(fact) for fact in result.invented]
    yield "missed in the text", [_missed_prose(gold, result) for gold in result.missing_prose]


def _missed(cell: GoldCell, result: Match) -> str:
    column = "/".join(cell.column)
    named = (cell.id, cell.number, cell.unit_name or "-", cell.label, column, cell.printed)
    return f"{' | '.join(named)}  ← {_nearest(cell, result)}"


def _nearest(cell: GoldCell, result: Match) -> str:
    """What was read instead, as far as that can be told."""
    invented = [fact for fact in result.invented if fact.value == cell.value]
    here = [fact for fact in invented if _same_table(fact, cell)]
    if here:
        return f"other label: {_shown(here[0])}"
    if invented:
        return f"other table: {_shown(invented[0])}"
    table = [fact for fact in result.budget.facts if _same_table(fact, cell)]
    row = [fact for fact in table if flat(fact.label) == flat(cell.label)]
    blank = [fact for fact in row if fact.kind is Kind.BLANK]
    if row:
        return f"row read{', blank' if blank else ''}: {_shown((blank or row)[0])}"
    return "row not read" if table else "table not read"


def _same_table(fact: Fact, cell: GoldCell) -> bool:
    return flat(fact.table) == flat(cell.number) or flat(fact.title) == flat(cell.title)


def _wrong(pair: CellMatch, name: str) -> str:
    gold, fact = pair.gold, pair.fact
    wanted, given = {
        "column": ("/".join(gold.column), "/".join(fact.column)),
        "unit": (gold.unit, fact.unit),
        "budget_unit": (gold.unit_name, fact.unit_name),
        "operator": (gold.operator, fact.operator),
        "code": (gold.code, fact.code),
        "unit_code": (gold.unit_code, fact.unit_code),
        "kind": (gold.kind, fact.row_kind.value),
        "parent": ("/".join(gold.parents), "/".join(fact.row_path)),
    }[name]
    row = f"{gold.id} {gold.number} {gold.unit_name} {gold.label} {gold.printed}"
    return f"{row}: wants “{wanted}”, read “{given}” at {fact.place}"


def _shown(fact: Fact) -> str:
    return " | ".join(
        (
            fact.table or fact.title,
            fact.unit_name or "-",
            fact.label,
            "/".join(fact.column),
            fact.printed,
            f"at {fact.place}",
        )
    )


def _missed_prose(gold: GoldProse, result: Match) -> str:
    matched = {fact.id for _, fact in result.prose}
    near = [
        fact
        for fact in result.budget.facts
        if fact.sentence and fact.id not in matched and abs(fact.value or 0) == abs(gold.value)
    ]
    read = "; ".join(f"{f.value} {f.unit} “{f.sentence[:60]}” at {f.place}" for f in near[:2])
    wanted = f"{gold.id} {gold.subject} {gold.value} {gold.unit} “{gold.quote}”"
    return f"{wanted}  ← {read or 'not read'}"
