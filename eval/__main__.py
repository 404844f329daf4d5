"""`python -m eval`: asks every question, prints the verdicts, exits 1 below the thresholds."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from assistant.answer import Citation
from eval import bench, exam, gold, relayout, rename, ties
from eval.dataset import Dialogue, Question, load
from eval.run import (
    Outcome,
    Result,
    System,
    Tally,
    Task,
    changes,
    find_tasks,
    group,
    latency,
    private_index,
    run,
    sample,
)
from eval.score import show, show_expected
from index.errors import BudgetError

ASSISTANT = "assistant"
SHOWN_TEXT = 300
"""Characters of an answer's text under --failures."""
VERDICTS = ("right+cited", "right", "noisy", "miss", "wrong", "%")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option(help="public sets, a sample of ours, no baselines")
    ] = False,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="a set's name, or a file of questions")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="write an HTML report there")] = None,
    index: Annotated[Path | None, typer.Option(help="an index that is already built")] = None,
    baselines: Annotated[bool, typer.Option(help="run the baselines too")] = True,
    failures: Annotated[bool, typer.Option(help="show each failing question in full")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="ids, or how they begin; shows each in full")
    ] = None,
) -> None:
    """Ask the questions of every set (or of --set), judge the answers, compare with the last run;
    then hold what is read of documents against all that they are known to print.

    --failures and --only leave the baselines out.
    """
    if context.invoked_subcommand is not None:
        return
    try:
        tasks = find_tasks(sets or [])
        systems = Systems(index, with_baselines=baselines and not (quick or failures or only))
        results = _run_all(tasks, systems, quick, tuple(only or ()))
    except BudgetError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    own = [result for result in results if result.system == ASSISTANT]
    _print_results(own, results, in_full=failures, everything=bool(only))
    if report and not quick:
        # Jinja is loaded only for a report.
        from eval.report import write_report

        write_report(results, report)
        console.print(f"report: {report}", markup=False)
    shortfalls = () if only else tuple(s for result in own for s in result.shortfalls())
    read_well = bool(sets or only or index) or all([gold.reached(), ties.reached()])
    for shortfall in shortfalls:
        console.print(f"BELOW THRESHOLD {shortfall}", style="red", markup=False)
    raise typer.Exit(1 if shortfalls or not read_well else 0)


class Systems:
    """The assistant and the baselines over the documents of a task, opened once for each index."""

    def __init__(self, index: Path | None, *, with_baselines: bool) -> None:
        self._index = index
        self._with_baselines = with_baselines
        self._opened: dict[Path, dict[str, System]] = {}

    def of(self, task: Task) -> dict[str, System]:
        """Name → system, the assistant first."""
        folder = self._index or _indexed(task.documents)
        if folder not in self._opened:
            self._opened[folder] = self._open(folder)
        return self._opened[folder]

    def _open(self, folder: Path) -> dict[str, System]:
        # The assistant loads vocabulary and vectors, which --help need not wait for.
        from assistant.chain import Assistant

        systems: dict[str, System] = {ASSISTANT: Assistant(folder)}
        if self._with_baselines:
            from eval.baselines import baselines

            systems |= baselines(folder)
        return systems


def _progress() -> Progress:
    """A bar on a terminal; in a file it would leave empty lines."""
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _indexed(documents: Sequence[Path]) -> Path:
    with _progress() as progress:
        bars: dict[str, TaskID] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = progress.add_task(name)
            progress.update(bars[name], completed=done, total=total)

        return private_index(documents, advance)


def _run_all(
    tasks: Sequence[Task], systems: Systems, quick: bool, only: tuple[str, ...]
) -> list[Result]:
    chosen = [(task, _choose(load(task.data), task, quick, only)) for task in tasks]
    results = []
    for task, dialogues in chosen:
        if not dialogues:
            continue
        for name, system in systems.of(task).items():
            with _progress() as progress:
                bar = progress.add_task(f"{task.name} · {name}", total=_turns(dialogues))
                results.append(run(task, name, system, dialogues, _advance(progress, bar)))
    return results


def _advance(progress: Progress, bar: TaskID) -> Callable[[Outcome], None]:
    return lambda outcome: progress.advance(bar)


def _turns(dialogues: Sequence[Dialogue]) -> int:
    return sum(len(dialogue.turns) for dialogue in dialogues)


def _choose(
    dialogues: Sequence[Dialogue], task: Task, quick: bool, only: tuple[str, ...]
) -> Sequence[Dialogue]:
    if only:
        return [d for d in dialogues if d.id.startswith(tuple(o.split("#")[0] for o in only))]
    return sample(dialogues, task.quick) if quick else dialogues


def _print_results(
    own: Sequence[Result], results: Sequence[Result], *, in_full: bool, everything: bool
) -> None:
    outcomes = [outcome for result in own for outcome in result.outcomes]
    for outcome in outcomes:
        if everything or (in_full and not outcome.grade.best):
            _print_in_full(outcome)
    if everything:
        return
    _print_table("set", [*((_name(r), r.outcomes) for r in results), ("all", outcomes)], own)
    _print_table("kind", group(outcomes, lambda question: question.kind))
    _print_table("language", group(outcomes, lambda question: question.language))
    if not in_full:
        _print_failing(outcomes)
    middle, late = latency(outcomes)
    console.print(f"latency: median {middle * 1000:.0f} ms, 95th percentile {late * 1000:.0f} ms")
    for change in changes(own):
        console.print(f"changed  {change}", markup=False)


def _name(result: Result) -> str:
    return result.task.name + ("" if result.system == ASSISTANT else f" · {result.system}")


def _print_table(
    what: str,
    rows: Sequence[tuple[str, Sequence[Outcome]]],
    judged: Sequence[Result] = (),
) -> None:
    table = Table(what, "questions", *VERDICTS, box=None, header_style="bold")
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column.header == what else "right"
    for name, outcomes in rows:
        short = any(result.task.name == name and result.shortfalls() for result in judged)
        table.add_row(name, *_cells(Tally.of(outcomes)), style="red" if short else None)
    console.print(table)
    console.print()


def _cells(tally: Tally) -> Iterator[str]:
    for count in (tally.total, tally.best, tally.right, tally.noisy, tally.miss, tally.wrong):
        yield str(count)
    yield f"{tally.percent:.1f}"


def _print_failing(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if not outcome.grade.best:
            line = f"{outcome.question.id}  {outcome.grade}  {outcome.grade.reason}"
            console.print(line, markup=False)
    console.print()


def _print_in_full(outcome: Outcome) -> None:
    question = outcome.question
    title = f"{question.id}  {outcome.grade}  ({question.kind}, {question.language})"
    console.print(title, style="green" if outcome.grade.best else "bold red", markup=False)
    for label, text in _details(outcome):
        console.print(f"  {label:<6} {text}", markup=False)
    console.print()


def _details(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for earlier in outcome.before:
        yield "before", earlier
    yield "asked", outcome.question.text
    yield "wants", wants(outcome.question)
    if (answer := outcome.answer) is not None:
        yield "says", f"[{answer.status.value}] {answer.text[:SHOWN_TEXT]}".replace("\n", " ⏎ ")
        for figure in answer.figures:
            scope = f"{figure.label} · {figure.scope} · {figure.expression}".rstrip("· ")
            yield "figure", f"{show(figure)}  {scope}"
        for cited in answer.citations:
            lines = cited.cell or _lines(cited)
            yield "cites", f"{lines} {cited.table} {cited.row} | {cited.column} | {cited.quote}"
        for step in answer.explanation:
            yield "read", step
    if outcome.grade.reason:
        yield "why", outcome.grade.reason


def _lines(cited: Citation) -> str:
    if cited.line is None:
        return f"page {cited.page}"
    return f"line {cited.line}–{cited.line_end or cited.line}"


def wants(question: Question) -> str:
    """What the question's key asks for, in one line."""
    key = question.key
    parts = [key.type.value, *(f"{show_expected(e)} {e.what}" for e in key.figures)]
    parts += [f"says {'|'.join(entry)}" for entry in key.must_contain]
    parts += [f"never {entry}" for entry in key.must_not]
    lines = [place.line for place in question.evidence if place.line]
    return "; ".join([*parts, f"lines {lines}" if lines else "", question.note]).strip("; ")


app.command("ties")(ties.command)
app.command("gold")(gold.command)
app.command("relayout")(relayout.command)
app.command("rename")(rename.command)
app.command("exam")(exam.command)
app.command("bench")(bench.command)


if __name__ == "__main__":
    app()
