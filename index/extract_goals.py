"""Performance-goal tables → targets, weights, amounts, objectives and tasks."""

from dataclasses import replace

from index.fact import RowKind, Unit
from index.goal_facts import (
    GoalTable,
    Setting,
    amount_fact,
    fact_doubts,
    objective_passage,
    project_facts,
)
from index.goal_form import is_goal_form, read_form
from index.goal_labels import complete_goal_labels
from index.goal_projects import Project, rows_to_projects
from index.goal_rows import is_goal_head, is_head
from index.head import is_column_numbers
from index.outline import RawTable

__all__ = [
    "GoalTable",
    "complete_goal_labels",
    "extract_goals",
    "extract_whole_goals",
    "is_goal_form",
    "is_goal_table",
]


def is_goal_table(table: RawTable) -> bool:
    """A table of performance indicators, told by its head words: 一级指标 … 三级指标."""
    return any(is_goal_head(row) and is_head(row) for row in table.rows)


def extract_goals(
    table: RawTable, *, document: str, year: int | None, units: tuple[Unit, ...]
) -> GoalTable:
    """All that a goal table says; a form (`is_goal_form`) is read as one."""
    numbers = [row for row in table.rows if is_column_numbers(row)]
    table = replace(table, rows=tuple(row for row in table.rows if row not in numbers))
    if is_goal_form(table):
        return extract_whole_goals(table, document=document, year=year, units=units)
    reading = rows_to_projects(table.rows, units)
    setting = Setting(table=table, document=document, year=year, head=reading.head)
    facts = (
        *(amount_fact(total, setting) for total in reading.totals),
        *(fact for project in reading.projects for fact in project_facts(project, setting)),
    )
    facts = tuple(sorted(facts, key=lambda fact: fact.row))
    passages = (objective_passage(project, setting) for project in reading.projects)
    return GoalTable(
        facts=facts,
        passages=tuple(passage for passage in passages if passage is not None),
        doubts=(*reading.doubts, *fact_doubts(facts)),
    )


def extract_whole_goals(
    table: RawTable, *, document: str, year: int | None, units: tuple[Unit, ...]
) -> GoalTable:
    """The form of a whole department (整体支出绩效目标表), or of one project in the same layout:
    tasks, amounts, the objective of the year, indicators."""
    form = read_form(table, document=document, year=year)
    reading = rows_to_projects(form.indicators, units)
    setting = replace(form.setting, head=reading.head)
    owner = form.project or Project(unit=None, own=form.blank)
    targets = tuple(
        fact
        for project in reading.projects
        for fact in project_facts(replace(project, own=owner.own), setting)
        if fact.row_kind is RowKind.INDICATOR
    )
    facts = tuple(sorted((*form.facts, *targets), key=lambda fact: fact.row))
    return GoalTable(
        facts=facts,
        passages=form.passages,
        doubts=(*form.doubts, *reading.doubts, *fact_doubts(facts)),
    )
