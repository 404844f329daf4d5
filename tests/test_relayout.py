"""Documents printed again: nothing is lost or doubled on the way, what is read wrong is told."""

import json
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
import index.read
from eval import relayout
from eval.gold_rows import gold_documents
from eval.relayout import LAYOUTS, Case, cases, chosen, measure, run, shortfalls, totals_of
from eval.relayout_forms import FORMS
from eval.relayout_paper import Paper, paper_of, same
from eval.relayout_text import squares
from eval.run import BUDGETS
from index.head import cell_figure
from tests.budget_texts import rows_of

CALDER, YUNZE = "calder", "yunze"
"""The smallest documents with gold: English, and in traditional characters."""


@cache
def paper(name: str) -> Paper:
    return paper_of(gold_documents(BUDGETS, [name])[0])


def printed(laid: Paper) -> list[tuple[Any, str]]:
    """Place and text of every square that prints."""
    rows = [
        row
        for table in laid.tables
        for row in (*table.above, *table.rows, *(r for page in table.pages for r in page.rows))
    ]
    return [(cell.place, cell.text) for row in rows for cell in row if not cell.spread]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [CALDER, YUNZE])
def test_every_figure_is_printed_once_with_the_value_that_the_gold_has(
    name: str, layout: str
) -> None:
    laid = LAYOUTS[layout](paper(name))
    texts = dict(printed(laid))
    times = Counter(place for place, _ in printed(laid))
    for place, golds in laid.figures.items():
        assert times[place] == 1, (place, golds)
        for gold in golds:
            if gold.money:
                assert cell_figure(texts[place])[0] == gold.value, (texts[place], gold)
    assert len(laid.gold.cells) >= len(paper(name).gold.cells)


def test_every_layout_changes_something_in_some_document() -> None:
    papers = [paper_of(path) for path in gold_documents(BUDGETS, ["lanting", "xishan"])]
    papers += [paper(CALDER), paper(YUNZE)]
    idle = [
        name
        for name, layout in LAYOUTS.items()
        if all(layout(each).pieces == each.pieces for each in papers)
    ]
    assert idle == []


def test_a_merged_cell_is_one_square_and_others_stay_apart() -> None:
    rows = rows_of("收入 | < | 合计\n项目 | 金额 | ^\n | 5 | 5")
    found = [(s.row, s.column, s.rows, s.columns, s.text) for s in squares(rows)]
    assert found == [
        (0, 0, 1, 2, "收入"),
        (0, 2, 2, 1, "合计"),
        (1, 0, 1, 1, "项目"),
        (1, 1, 1, 1, "金额"),
        (2, 0, 1, 1, ""),
        (2, 1, 1, 1, "5"),
        (2, 2, 1, 1, "5"),
    ]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_format_prints_what_is_read_again(form: relayout.Form) -> None:
    case = Case(name=form.name, layout=same, form=form)
    found = measure(case, paper(CALDER))
    assert found is not None
    counts, _ = found
    assert counts.cells == 240 and (form.unruled or counts.found == 240)
    assert form.unruled or (counts.column, counts.unit, counts.invented) == (240, 240, 0)


def test_a_layout_that_changes_nothing_is_not_measured() -> None:
    form = FORMS[0]
    layout = LAYOUTS["codes in 类 款 项"]
    assert measure(Case(name="", layout=layout, form=form), paper(CALDER)) is None


def test_what_is_read_wrong_is_counted_and_falls_short(monkeypatch: pytest.MonkeyPatch) -> None:
    read = index.read.read_budget

    def spoiled(name: str, content: bytes) -> Any:
        budget = read(name, content)
        facts = [fact for fact in budget.facts if fact.title != "Expenditures by Category"]
        return replace(budget, facts=tuple(facts))

    monkeypatch.setattr(index.read, "read_budget", spoiled)
    found = measure(Case(name="html", layout=same, form=FORMS[0]), paper(CALDER))
    assert found is not None and found[0].found == found[0].cells - 64
    (total,) = totals_of([found[0]])
    assert [line.split(":")[1].split()[0] for line in shortfalls(total)] == ["found"]


def test_a_crash_is_a_verdict_on_one_layout_alone() -> None:
    def crash(laid: Paper) -> Paper:
        raise ZeroDivisionError

    todo = [
        Case(name="crash", layout=crash, form=FORMS[0]),
        Case(name="html", layout=same, form=FORMS[0]),
    ]
    errors: list[str] = []
    assert [counts.case for counts, _ in run(todo, [paper(CALDER)], errors)] == ["html"]
    assert errors == ["crash, calder-falls-parks-fy2025.md: ZeroDivisionError()"]


def test_a_short_run_is_the_same_sample_each_time() -> None:
    names = [case.name for case in chosen(quick=True)]
    assert names == [case.name for case in chosen(quick=True)]
    assert len(names) == relayout.QUICK + 1 and "pdf" in names
    assert len({case.name for case in cases()}) == len(cases())


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.platypus", None)
    result = CliRunner().invoke(command.app, ["relayout", CALDER, "--only", "pdf box"])
    assert result.exit_code == 2 and "缺少 reportlab" in result.output


def test_the_command_prints_a_line_for_each_layout_and_a_total() -> None:
    result = CliRunner().invoke(command.app, ["relayout", CALDER, "--only", "csv ;"])
    assert result.exit_code == 0
    lines = [line.split()[0] for line in result.output.splitlines()]
    assert lines[:2] == ["layout", "csv"] and lines[-1] == "all"
    told = CliRunner().invoke(command.app, ["relayout", CALDER, "--only", "csv ;", "--json"])
    *parts, whole = [each["found"] for each in json.loads(told.output)]
    assert len(parts) == len(lines) - 2 and sum(parts) == whole and parts[0] == 240


def test_nothing_measured_is_no_success() -> None:
    result = CliRunner().invoke(command.app, ["relayout", CALDER, "--only", "no such layout"])
    assert result.exit_code == 1
