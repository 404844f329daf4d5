"""`python -m eval relayout`: documents with gold are printed again in layouts and formats that
nobody drew for us, read by the whole way and held against the same gold."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.gold import BUDGETS, THRESHOLDS, misses_of
from eval.gold_match import Match, match
from eval.gold_rows import gold_documents
from eval.relayout_captions import CAPTIONS
from eval.relayout_forms import FORMS, Form
from eval.relayout_heads import HEADS, units_in_heads
from eval.relayout_paper import Layout, Paper, in_turn, paper_of, same
from eval.relayout_rows import ROWS
from eval.relayout_values import VALUES
from index.errors import BudgetError
from index.fact import Outcome

SEED = 20240
MEASURES: dict[str, Layout] = {**VALUES, "units in the heads": units_in_heads}
LAYOUTS: dict[str, Layout] = {**ROWS, **CAPTIONS, **HEADS, **MEASURES}
GROUPS = (HEADS, MEASURES, ROWS, CAPTIONS)
CARRIERS = ("html", "xlsx", "docx", "markdown")
"""Formats that carry the layouts of rows, heads and figures, in turn."""
MIXES = 12
"""Layouts made of four others, each in a format of its own."""
QUICK = 6
"""Cases of a short run, for each kind."""
REAL = "real"
"""Folder of published documents, whose PDF files take long to read."""
WIDTH = 400

JUDGED = ("missed", "wrong column", "wrong unit", "wrong budget unit", "invented",
          "missed in the text")  # fmt: skip
"""What --misses lists."""

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A layout in a format."""

    name: str
    layout: Layout
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one case and document: how many figures, of them found, and so on."""

    case: str
    document: str
    unruled: bool
    cells: int
    found: int
    column: int
    unit: int
    budget_unit: int
    facts: int
    invented: int
    prose: int
    prose_found: int
    differs: int
    """Relations told as broken beyond those that the document itself breaks."""


def cases() -> tuple[Case, ...]:
    by_name = {form.name: form for form in FORMS}
    plain = [Case(name=form.name, layout=same, form=form) for form in FORMS]
    carried = [
        Case(name=f"{name} · {(form := by_name[CARRIERS[at % len(CARRIERS)]]).name}",
             layout=layout, form=form)
        for at, (name, layout) in enumerate(LAYOUTS.items())
    ]  # fmt: skip
    return (*plain, *carried, *_mixed())


def _mixed() -> Iterator[Case]:
    random = Random(SEED)
    forms = [form for form in FORMS if not form.unruled]
    for at in range(MIXES):
        names = [random.choice(list(group)) for group in GROUPS]
        form = forms[at * 5 % len(forms)]
        yield Case(
            name=f"{' + '.join(names)} · {form.name}",
            layout=in_turn(*(LAYOUTS[name] for name in names)),
            form=form,
        )


def measure(case: Case, paper: Paper) -> tuple[Counts, Match] | None:
    """None where the layout changes nothing in the document.

    Raises BudgetError when what was printed cannot be read again.
    """
    from index.read import read_budget

    laid = case.layout(paper)
    if case.layout is not same and laid.pieces == paper.pieces:
        return None
    name = paper.document.stem + case.form.ending
    found = match(laid.gold, read_budget(name, case.form.write(laid)))
    return counts_of(case, found, laid.differs), found


def counts_of(case: Case, found: Match, differs: int | None) -> Counts:
    """`differs`: how many relations the document breaks; None where that cannot be told."""
    told = sum(check.outcome is Outcome.DIFFERS for check in found.budget.checks)
    return Counts(
        case=case.name,
        document=found.gold.document.stem,
        unruled=case.form.unruled,
        cells=len(found.gold.cells),
        found=len(found.cells),
        column=sum(pair.column for pair in found.cells),
        unit=sum(pair.unit for pair in found.cells),
        budget_unit=sum(pair.budget_unit for pair in found.cells),
        facts=len(found.facts),
        invented=len(found.invented),
        prose=len(found.gold.prose),
        prose_found=len(found.prose),
        differs=0 if differs is None else max(0, told - differs),
    )


def total_of(name: str, counts: Sequence[Counts]) -> Counts:
    sums = {
        key: sum(getattr(each, key) for each in counts)
        for key in asdict(counts[0])
        if key not in ("case", "document", "unruled")
    }
    return Counts(case=name, document=f"{len(counts)} papers", unruled=counts[0].unruled, **sums)


def percent(part: int, whole: int, empty: float = 100) -> float:
    return 100 * part / whole if whole else empty


def shortfalls(total: Counts) -> Iterator[str]:
    """What falls short of the thresholds, in words."""
    limits = tomllib.loads(THRESHOLDS.read_text(encoding="utf-8"))["relayout"]
    group = "unruled_" if total.unruled else ""
    found, invented = percent(total.found, total.cells), percent(total.invented, total.facts, 0)
    if found < (least := limits[f"{group}min_found"]):
        yield f"{total.case}: found {found:.2f} %, at least {least} %"
    if invented > (most := limits[f"{group}max_invented"]):
        yield f"{total.case}: invented {invented:.2f} %, at most {most} %"


def command(
    documents: Annotated[
        list[str] | None, typer.Argument(help="documents with gold, by name; all without")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
    misses: Annotated[int, typer.Option(help="list so many of each kind for each line")] = 0,
    quick: Annotated[bool, typer.Option(help="a sample of the layouts, same each time")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="layouts whose names hold one of these words")
    ] = None,
) -> None:
    """Print documents again in other layouts and formats, and measure what is then read."""
    try:
        papers = [paper_of(path) for path in _documents(documents or (), quick)]
        measured, errors = run(_chosen(only or (), quick), papers, misses)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    totals = _totals(measured)
    if as_json:
        told = [asdict(each) for each in (*measured, *totals)]
        console.print_json(json.dumps(told, ensure_ascii=False))
    else:
        _print((*measured, *totals))
    short = [f"BELOW THRESHOLD {line}" for total in totals for line in shortfalls(total)]
    for fault in (*errors, *short):
        console.print(fault, style="red", markup=False)
    raise typer.Exit(1 if errors or short else 0)


def _documents(names: Sequence[str], quick: bool) -> Sequence[Path]:
    found = gold_documents(BUDGETS, names)
    fast = [path for path in found if path.parent.name != REAL]
    return fast[:2] if quick and not names else found


def _chosen(words: Sequence[str], quick: bool) -> Sequence[Case]:
    found = [case for case in cases() if not words or any(word in case.name for word in words)]
    if not quick:
        return found
    fast = [case for case in found if case.form.ending != ".pdf"]
    return Random(SEED).sample(fast, min(QUICK * 3, len(fast)))


def run(
    chosen: Iterable[Case], papers: Sequence[Paper], misses: int = 0
) -> tuple[list[Counts], list[str]]:
    """Each case with each paper it fits, and what could not be read at all."""
    measured, errors = [], []
    for case in chosen:
        for paper in papers:
            try:
                result = measure(case, paper)
            except BudgetError as error:
                errors.append(f"{case.name}, {paper.document.name}: {error}")
                continue
            if result:
                measured.append(result[0])
                _print_misses(*result, misses)
    return measured, errors


def _totals(measured: Sequence[Counts]) -> list[Counts]:
    groups = {
        "all that is ruled or structured": [each for each in measured if not each.unruled],
        "PDF without rules": [each for each in measured if each.unruled],
    }
    return [total_of(name, group) for name, group in groups.items() if group]


HEADS_SHOWN = (
    "layout", "document", "cells", "found %", "column %", "unit %", "budget unit %", "invented %",
    "prose %", "false differs",
)  # fmt: skip


def _print(counts: Sequence[Counts]) -> None:
    table = Table(*HEADS_SHOWN, box=None, header_style="bold")
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column.header in HEADS_SHOWN[:2] else "right"
    for each in counts:
        table.add_row(*_cells(each))
    console.width = max(console.width, WIDTH)
    console.print(table)


def _cells(each: Counts) -> Iterator[str]:
    yield from (each.case, each.document, str(each.cells))
    yield f"{percent(each.found, each.cells):.2f}"
    for name in ("column", "unit", "budget_unit"):
        yield f"{percent(getattr(each, name), each.found):.2f}"
    yield f"{percent(each.invented, each.facts, 0):.2f}"
    yield f"{percent(each.prose_found, each.prose):.1f}"
    yield str(each.differs)


def _print_misses(counts: Counts, result: Match, most: int) -> None:
    for what, lines in misses_of(result):
        if most and lines and what in JUDGED:
            console.print(f"\n{counts.case}, {counts.document}: {what}: {len(lines)}", style="bold")
            for line in lines[:most]:
                console.print(f"  {line}", markup=False)
