"""Classified rows → facts and the table as printed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.classify import PROJECT_HEAD, ClassifiedRow, classify
from index.document import Cell
from index.fact import Fact, Kind, RowKind, Table, TableState, Unit
from index.goal_words import is_measure
from index.head import BRACKET, Column, Role, cell_figure, is_dash
from index.measures import is_target, lists_measures, measured, target_of
from index.money import is_money
from index.outline import RawTable
from index.tabulate import Line, Tabulated, complete_label
from index.words import lexicon, squeeze
from index.years import relative_year, year_in

YEAR = re.compile(r"(20\d{2})年")
YEAR_LABEL = re.compile(r"(20\d{2})年?度?(?:预算|决算|执行|完成|安排)?数?")
MONEY = ("元", "百元", "千元", "万元", "百万元", "亿元")
PROJECT_TITLE = "项目支出"
NO_PROJECTS = re.compile("收支|收入|三公|基本支出")
"""In the title of a table whose 项目名称 are classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    facts: tuple[Fact, ...]
    rows: tuple[tuple[ClassifiedRow, ...], ...]
    """The rows of each side, for the checks."""


def extract(
    tabulated: Tabulated,
    *,
    document: str,
    year: int | None,
    units: Sequence[Unit],
    known: Mapping[str, str] | None = None,
    owner: Unit | None = None,
) -> Extraction:
    """A fact for each figure and each blank square. `known`: labels met anywhere → code;
    `owner`: the unit whose table it is, if it is not the whole department's."""
    table = tabulated.table
    projects = lists_projects(tabulated)
    sides = tuple(classify(side, units, projects=projects, owner=owner) for side in tabulated.sides)
    sides = tuple(complete_labels(rows, known or {}) for rows in sides)
    if lists_measures(tabulated):
        sides = tuple(measured(rows, tabulated) for rows in sides)
    facts = [
        fact
        for rows in sides
        for row in rows
        for column, cell in row.line.values
        if (fact := _fact(row, column, cell, table, document, year)) is not None
    ]
    return Extraction(facts=tuple(facts), rows=sides)


def lists_projects(tabulated: Tabulated) -> bool:
    """The table's rows are projects, by its head (项目名称) or its title (…项目支出预算表)."""
    words = [squeeze(word) for column in tabulated.columns for word in column.path]
    title = squeeze(tabulated.table.title)
    headed = any(word.endswith(PROJECT_HEAD) for word in words) and not NO_PROJECTS.search(title)
    leaves = {squeeze(column.leaf) for column in tabulated.columns if column.role is Role.NAME}
    headed = headed or not leaves.isdisjoint(lexicon("headers")["project"])
    return headed or (PROJECT_TITLE in title and "基本支出" not in words)


def complete_labels(
    rows: Sequence[ClassifiedRow], known: Mapping[str, str]
) -> tuple[ClassifiedRow, ...]:
    """Rows whose labels were cut at the column's edge get them whole, and their paths too."""
    longest = max((len(row.line.label) for row in rows), default=0)
    whole = {
        row.line.label: complete_label(row.line, longest, known) for row in rows if row.line.label
    }
    cut = [row.line for row in rows if whole.get(row.line.label, "") != row.line.label]
    if len({line.label for line in cut}) == 1 and not any(line.code for line in cut):
        # One label as long as its column may be whole by chance; only its code could tell.
        return tuple(rows)
    return tuple(
        replace(
            row,
            path=tuple(whole.get(part, part) for part in row.path),
            line=_whole_line(row.line, whole.get(row.line.label, row.line.label)),
        )
        for row in rows
    )


def _whole_line(line: Line, label: str) -> Line:
    if label == line.label:
        return line
    return replace(line, label=label, note=f"印为：{line.label}")


def _fact(
    row: ClassifiedRow,
    column: Column,
    cell: Cell,
    table: RawTable,
    document: str,
    year: int | None,
) -> Fact | None:
    value, own_unit = cell_figure(cell.text)
    operator = ""
    if row.kind is RowKind.INDICATOR and (goal := target_of(cell.text, row.line.measure)):
        value, own_unit, operator = goal.value, goal.unit, goal.operator
    repeat = row.kind is RowKind.TOTAL_REPEAT
    if value is None and (repeat or (cell.spread and not cell.blank)):
        return None  # a label merged over the columns of figures is none of them
    label = row.path[-1] if repeat else row.line.label
    unit = own_unit or column.unit or row_unit(row)
    if not unit and counts(column):
        unit = row.line.measure
    if not unit and not (counts(column) and is_money(table.unit)):
        unit = table.unit
    number = table.number or table.title
    code = _code(row)
    return Fact(
        id=f"{number}/r{row.line.row:03d}/c{column.index:02d}",
        document=document,
        year=year_of(column, label, year),
        section=table.section,
        table=number,
        title=table.title,
        unit_code=row.unit.code if row.unit else "" if code else row.line.unit_code,
        unit_name=row.unit.name if row.unit and not row.unit.whole else "",
        code=code,
        label=label,
        row_path=row.path,
        column=column.path,
        value=value,
        printed=cell.text.strip(),
        unit=unit,
        operator=operator,
        kind=_kind(value, unit, column, cell, target=row.kind is RowKind.INDICATOR),
        row_kind=row.kind,
        place=cell.place,
        note=row.line.note,
        label_places=row.line.label_places,
        header_places=tuple(head.place for head in column.cells),
        row=row.line.row,
        level=row.level,
    )


def _code(row: ClassifiedRow) -> str:
    line = row.line
    if line.code and line.unit_code.startswith(line.code):
        return line.unit_code
    if row.kind is not RowKind.UNIT and not line.code and row.unit is None:
        return line.unit_code
    if row.kind is RowKind.GROUP and not line.code:
        return line.unit_code
    return line.code


def row_unit(row: ClassifiedRow) -> str:
    """The unit that ends the row's label, or that of a row above it that counts (车辆数（辆）)."""
    own = label_unit(row.line.label)
    above = (label_unit(name) for name in reversed(row.path[:-1]))
    return own or next((unit for unit in above if unit and unit not in MONEY), "")


def label_unit(label: str) -> str:
    """The measure that ends a label: 公务用车保有量（辆）; （万元） too, no other bracket."""
    found = BRACKET.search(squeeze(label))
    word = found.group()[1:-1] if found else ""
    measures = [part for part in re.split("[,、]", word) if part]
    known = word in MONEY or (measures and all(map(is_measure, measures)))
    return word if known else ""


def year_of(column: Column, label: str, year: int | None) -> int | None:
    """The year that the head says, or a label that is nothing but a year; else the document's."""
    if found := YEAR_LABEL.fullmatch(squeeze(label)):
        return int(found[1])
    for word in reversed(column.path):
        if (named := year_in(word)) is not None:
            return named
        if year is not None and (offset := relative_year(word)) is not None:
            return year + offset
    return year


def counts(column: Column) -> bool:
    """The column's figures are no money (人数, 数量)."""
    word = re.sub(r"^(?:fy)?(?:20)?\d\d(?:-\d\d)?(?:年度?)?", "", squeeze(column.leaf))
    return BRACKET.sub("", word) in lexicon("headers")["count"]


def _kind(value: Decimal | None, unit: str, column: Column, cell: Cell, *, target: bool) -> Kind:
    if value is None:
        return Kind.BLANK if cell.blank or is_dash(cell.text) else Kind.TEXT
    if target and is_target(column):
        return Kind.TARGET
    if unit == "%":
        return Kind.PERCENT
    counted = counts(column) or (target and not unit) or (unit and not is_money(unit))
    return Kind.COUNT if counted else Kind.MONEY


def table_of(tabulated: Tabulated, facts: Sequence[Fact], document: str) -> Table:
    """The table as printed; empty when no square of it holds a figure."""
    raw = tabulated.table
    filled = any(fact.kind is not Kind.BLANK for fact in facts)
    return Table(
        document=document,
        number=raw.number or raw.title,
        title=raw.title,
        section=raw.section,
        unit=raw.unit,
        state=TableState.PRESENT if filled else TableState.EMPTY,
        place=raw.place,
        rows=raw.rows,
        header_rows=tabulated.head_rows,
        note=raw.note,
    )


def known_labels(tables: Sequence[Tabulated]) -> dict[str, str]:
    """Every label printed anywhere with its code, by which cut labels are completed."""
    labels: dict[str, str] = {}
    for line in (line for table in tables for side in table.sides for line in side):
        if line.label:
            labels[line.label] = labels.get(line.label, "") or line.code
    return labels
