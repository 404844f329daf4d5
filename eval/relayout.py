"""`python -m eval relayout`: documents with gold are printed again in layouts and formats that
nobody drew for us, read by the whole way and held against the same gold."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.cells import cell_len
from rich.console import Console

from eval.gold import BUDGETS, THRESHOLDS, misses_of
from eval.gold_match import Match, match
from eval.gold_rows import gold_documents
from eval.relayout_captions import CAPTIONS
from eval.relayout_forms import FORMS, Form
from eval.relayout_heads import HEADS
from eval.relayout_office import MissingPackage
from eval.relayout_paper import Layout, Paper, in_turn, paper_of, same
from eval.relayout_rows import ROWS
from eval.relayout_values import VALUES
from index.errors import BudgetError
from index.fact import Outcome

SEED = 20240
GROUPS = (HEADS, VALUES, ROWS, CAPTIONS)
"""In the order in which layouts of several are made."""
LAYOUTS: dict[str, Layout] = {name: layout for group in GROUPS for name, layout in group.items()}
CARRIERS = ("html", "xlsx", "docx", "markdown")
"""Formats that carry the layouts of heads, figures, rows and captions, in turn."""
MIXES = 16
"""Layouts made of one of each group, each in a format of its own."""
QUICK = 14
"""Cases of a short run, PDF files apart."""
QUICK_PDF = "pdf"
"""The one PDF of a short run: they take long to write and to read."""
REAL = "real"
"""Folder of published documents, which take long to read too."""
JUDGED = (
    "missed",
    "wrong column",
    "wrong unit",
    "wrong budget unit",
    "invented",
    "missed in the text",
)
"""What --misses lists."""
WIDTHS = (44, 34, 6, 7, 8, 7, 8, 9, 7, 8)

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
    forms = [by_name[CARRIERS[at % len(CARRIERS)]] for at in range(len(LAYOUTS))]
    carried = [
        Case(name=f"{name} · {form.name}", layout=layout, form=form)
        for (name, layout), form in zip(LAYOUTS.items(), forms, strict=True)
    ]
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


def chosen(words: Sequence[str] = (), *, quick: bool = False) -> Sequence[Case]:
    """`words`: of the names of cases. `quick`: a sample of those, the same each time."""
    found = [case for case in cases() if not words or any(word in case.name for word in words)]
    if not quick:
        return found
    fast = [case for case in found if case.form.ending != ".pdf"]
    pdf = [case for case in found if case.name == QUICK_PDF]
    return [*Random(SEED).sample(fast, min(QUICK, len(fast))), *pdf]


def measure(case: Case, paper: Paper) -> tuple[Counts, Match] | None:
    """None where the layout changes nothing in the document.

    Raises BudgetError when what was printed cannot be read again, or a package is missing.
    """
    # Which loads the checks, which --help need not wait for.
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


def totals_of(measured: Sequence[Counts]) -> list[Counts]:
    groups = {
        "all that is ruled or structured": [each for each in measured if not each.unruled],
        "columns told by white space alone": [each for each in measured if each.unruled],
    }
    return [_total(name, group) for name, group in groups.items() if group]


def _total(name: str, counts: Sequence[Counts]) -> Counts:
    sums = {
        key: sum(getattr(each, key) for each in counts)
        for key in asdict(counts[0])
        if key not in ("case", "document", "unruled")
    }
    return Counts(case=name, document=f"{len(counts)} papers", unruled=counts[0].unruled, **sums)


SHARES: dict[str, Callable[[Counts], float]] = {
    "found": lambda each: _percent(each.found, each.cells),
    "column": lambda each: _percent(each.column, each.found),
    "unit": lambda each: _percent(each.unit, each.found),
    "budget_unit": lambda each: _percent(each.budget_unit, each.found),
    "invented": lambda each: _percent(each.invented, each.facts, empty=0),
    "prose_found": lambda each: _percent(each.prose_found, each.prose),
}
"""What has thresholds: of the gold's figures, of those found, of the facts read."""


def _percent(part: int, whole: int, empty: float = 100) -> float:
    return 100 * part / whole if whole else empty


def shortfalls(total: Counts, path: Path = THRESHOLDS) -> Iterator[str]:
    """What falls short of the thresholds, in words."""
    group = "relayout-unruled" if total.unruled else "relayout"
    for name, limit in tomllib.loads(path.read_text(encoding="utf-8"))[group].items():
        bound, _, what = name.partition("_")
        value = SHARES[what](total)
        if value < limit if bound == "min" else value > limit:
            least = "at least" if bound == "min" else "at most"
            yield f"{total.case}: {what} {value:.2f} %, {least} {limit} %"


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
    measured: list[Counts] = []
    errors: list[str] = []
    if not as_json:
        _say(HEADS_SHOWN)
    try:
        papers = [paper_of(path) for path in _documents(documents or (), quick)]
        for result in run(chosen(only or (), quick=quick), papers, errors):
            measured.append(result[0])
            if not as_json:
                _show(*result, misses)
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    totals = totals_of(measured)
    if as_json:
        told = [asdict(each) for each in (*measured, *totals)]
        console.print_json(json.dumps(told, ensure_ascii=False))
    else:
        for each in totals:
            _say(_cells(each))
    short = [f"BELOW THRESHOLD {line}" for total in totals for line in shortfalls(total)]
    for fault in (*errors, *short):
        console.print(fault, style="red", markup=False)
    raise typer.Exit(1 if errors or short or not measured else 0)


def _documents(names: Sequence[str], quick: bool) -> Sequence[Path]:
    found = gold_documents(BUDGETS, names)
    if names or not quick:
        return found
    return [path for path in found if path.parent.name != REAL][:2]


def run(
    todo: Iterable[Case], papers: Sequence[Paper], errors: list[str]
) -> Iterator[tuple[Counts, Match]]:
    """Each case with each paper it fits; what could not be read at all goes to `errors`.

    Raises MissingPackage.
    """
    for case in todo:
        for paper in papers:
            try:
                result = measure(case, paper)
            except MissingPackage:
                raise
            except Exception as error:
                # A crash is a verdict on one layout, not the end of the run.
                told = str(error) if isinstance(error, BudgetError) else repr(error)
                errors.append(f"{case.name}, {paper.document.name}: {told}")
                continue
            if result:
                yield result


HEADS_SHOWN = (
    "layout", "document", "cells", "found %", "column %", "unit %", "budget %", "invent. %",
    "prose %", "differs",
)  # fmt: skip


def _cells(each: Counts) -> tuple[str, ...]:
    shares = [f"{share(each):.2f}" for share in SHARES.values()]
    return (each.case, each.document, str(each.cells), *shares, str(each.differs))


def _say(cells: Sequence[str]) -> None:
    """One line; a name that is too long pushes the rest on."""
    padded = [
        cell + " " * (width - cell_len(cell)) if at < 2 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    console.print(" ".join(padded), markup=False)


def _show(counts: Counts, result: Match, misses: int) -> None:
    _say(_cells(counts))
    for what, lines in misses_of(result):
        if misses and lines and what in JUDGED:
            console.print(f"  {what}: {len(lines)}", style="bold")
            for line in lines[:misses]:
                console.print(f"    {line}", markup=False)
