"""One self-contained HTML page: every figure of the assistant beside those of the baselines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from eval.run import Outcome, Result, Tally, group, latency
from eval.score import show, show_expected

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
         color: #1c1f23; background: #fff; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
           border-bottom: 1px solid #d9dde2; overflow-wrap: anywhere; }
  td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  tr.baseline td { color: #5b636d; }
  .right { color: #1a6b3c; } .noisy { color: #7a5a00; } .miss { color: #5b636d; }
  .wrong { color: #a3201d; font-weight: 600; }
  small { color: #5b636d; }
</style>
</head>
<body>
<h1>Evaluation</h1>
<p>Right: the figure, unit and operator asked for, without clutter. Cited: a citation of at most
six lines holds the evidence. % is the share that is right and cited.</p>
{% for section in sections %}
<h2>{{ section.title }}</h2>
<table>
<thead><tr><th>{{ section.what }}</th><th>system</th>
{%- for head in heads %}<th class="n">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for row in section.rows %}
<tr{% if row.baseline %} class="baseline"{% endif %}>
<td>{{ row.name }}</td><td>{{ row.system }}</td>
{%- for cell in row.cells %}<td class="n">{{ cell }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody>
</table>
{% endfor %}
<h2>Questions</h2>
<table>
<thead><tr><th>id</th><th>question</th><th>wanted</th>
{%- for system in systems %}<th>{{ system }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for question in questions %}
<tr><td>{{ question.id }}</td>
<td>{% for earlier in question.before %}<small>{{ earlier }}</small><br>{% endfor %}
{{- question.text }}</td><td>{{ question.wanted }}</td>
{%- for given in question.given %}
<td><span class="{{ given.verdict }}">{{ given.grade }}</span> {{ given.shown }}<br>
<small>{{ given.reason }}</small></td>
{%- endfor %}</tr>
{%- endfor %}
</tbody>
</table>
</body>
</html>
"""
HEADS = (
    "questions", "right+cited", "right", "noisy", "miss", "wrong", "%", "median ms", "95th ms",
)  # fmt: skip
SHOWN_TEXT = 160
"""Characters of a text answer in the table of questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    system: str
    baseline: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    what: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one system made of a question."""

    verdict: str
    grade: str
    shown: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    id: str
    text: str
    before: tuple[str, ...]
    wanted: str
    given: tuple[Given, ...]


def write_report(results: Sequence[Result], path: Path) -> None:
    path.write_text(render(results), encoding="utf-8")


def render(results: Sequence[Result]) -> str:
    """The page as text; everything shown is escaped, nothing is loaded from elsewhere."""
    systems = tuple(dict.fromkeys(result.system for result in results))
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE)
    return page.render(
        heads=HEADS,
        systems=systems,
        sections=tuple(_sections(results, systems)),
        questions=tuple(_questions(results, systems)),
    )


def _sections(results: Sequence[Result], systems: Sequence[str]) -> Iterator[Section]:
    sets = tuple(
        _row(result.task.name, result.system, systems, result.outcomes) for result in results
    )
    yield Section(title="By set", what="set", rows=sets)
    for what in ("kind", "language"):
        yield Section(title=f"By {what}", what=what, rows=_rows_by(what, results, systems))


def _rows_by(what: str, results: Sequence[Result], systems: Sequence[str]) -> tuple[Row, ...]:
    rows = []
    for place, system in enumerate(systems):
        outcomes = [o for result in results if result.system == system for o in result.outcomes]
        for name, members in group(outcomes, lambda question: getattr(question, what)):
            rows.append((name, place, _row(name, system, systems, members)))
    return tuple(row for _, _, row in sorted(rows, key=lambda row: row[:2]))


def _row(name: str, system: str, systems: Sequence[str], outcomes: Sequence[Outcome]) -> Row:
    tally, seconds = Tally.of(outcomes), latency(outcomes)
    counts = (tally.total, tally.best, tally.right, tally.noisy, tally.miss, tally.wrong)
    times = tuple(f"{each * 1000:.0f}" for each in seconds)
    cells = (*map(str, counts), f"{tally.percent:.1f}", *times)
    return Row(name=name, system=system, baseline=system != systems[0], cells=cells)


def _questions(results: Sequence[Result], systems: Sequence[str]) -> Iterator[Asked]:
    by_system = {
        (result.task.name, outcome.question.id, result.system): outcome
        for result in results
        for outcome in result.outcomes
    }
    for result in results:
        if result.system != systems[0]:
            continue
        for outcome in result.outcomes:
            name = (result.task.name, outcome.question.id)
            others = (by_system.get((*name, system)) for system in systems)
            yield _asked(outcome, tuple(_given(other) for other in others if other))


def _asked(outcome: Outcome, given: tuple[Given, ...]) -> Asked:
    key = outcome.question.key
    said = ("|".join(entry) for entry in key.must_contain)
    wanted = ", ".join((*map(show_expected, key.figures), *said)) or key.type.value
    question = outcome.question
    return Asked(
        id=question.id, text=question.text, before=outcome.before, wanted=wanted, given=given
    )


def _given(outcome: Outcome) -> Given:
    answer = outcome.answer
    shown = "" if answer is None else ", ".join(map(show, answer.figures))
    if answer is not None and not shown:
        shown = answer.text[:SHOWN_TEXT]
    return Given(
        verdict=outcome.grade.verdict.value,
        grade=str(outcome.grade),
        shown=shown,
        reason=outcome.grade.reason,
    )
