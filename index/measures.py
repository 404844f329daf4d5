"""Tables of performance measures that are no goal forms: a label, what it is counted in, and a
column for each year's target or result."""

from collections.abc import Sequence
from dataclasses import replace

from index.classify import ClassifiedRow
from index.fact import RowKind
from index.goal_words import Goal, goal_of
from index.head import BRACKET, Column, Role
from index.tabulate import Tabulated
from index.words import lexicon, simplified, squeeze, tidy


def lists_measures(tabulated: Tabulated) -> bool:
    """A column of labels is headed as one of measures (關鍵績效指標, Performance Measure)."""
    return any(_is_measured(column) for column in tabulated.columns)


def _is_measured(column: Column) -> bool:
    words = lexicon("headers")["indicator"]
    leaf = squeeze(column.leaf)
    return column.role is Role.NAME and (leaf in words or BRACKET.sub("", leaf) in words)


def measured(rows: Sequence[ClassifiedRow], tabulated: Tabulated) -> tuple[ClassifiedRow, ...]:
    """The table's items as indicators, below what stands in the columns left of their label."""
    return tuple(_measured(row, tabulated) for row in rows)


def _measured(row: ClassifiedRow, tabulated: Tabulated) -> ClassifiedRow:
    if row.kind is not RowKind.ITEM:
        return row
    cells = tabulated.table.rows[row.line.row]
    words = [c.index for c in tabulated.columns if c.role in (Role.NAME, Role.TEXT)]
    own = [at for at in words if at < len(cells) and cells[at].place in row.line.label_places]
    left = [cells[at].text for at in words if own and at < own[0]]
    above = [tidy(text) for text in left if text.strip()]
    path = tuple(dict.fromkeys((*row.path[:-1], *above, row.line.label)))
    return replace(row, kind=RowKind.INDICATOR, path=path)


def target_of(text: str, measure: str) -> Goal | None:
    """The target that a cell states: ≥ 95%, at least 75%, 6.2 days; `measure` is the row's own."""
    goal = goal_of(text)
    if goal is None:
        return None
    unit = goal.unit or ("" if goal.unit else measure)
    return replace(goal, unit=simplified(unit))


def is_target(column: Column) -> bool:
    """The column's head says that it holds targets, no results."""
    words = lexicon("headers")["target"]
    return any(word in squeeze(head) for head in column.path for word in words)
