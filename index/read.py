"""One file → one Budget: the whole way from bytes to checked facts, top to bottom."""

from collections.abc import Sequence
from dataclasses import replace

from index.arrange import outline_of
from index.caption import names_table
from index.check import check, mark_doubts
from index.errors import BudgetError
from index.extract import extract, known_labels, table_of
from index.extract_goals import extract_goals, is_goal_table
from index.extract_prose import extract_prose, passages_of
from index.fact import Budget, Fact, Kind, Passage, PassageKind, RowKind, Table, TableState, Unit
from index.glossary import extract_glossary
from index.goal_labels import complete_goal_labels
from index.level import level_of
from index.money import currency_in
from index.outline import Outline, RawTable
from index.readers.formats import read_source as read_source
from index.tabulate import Tabulated, tabulate
from index.units import owner_among, units_of
from index.words import key, squeeze


def read_budget(name: str, content: bytes, unit: str = "") -> Budget:
    """Read, extract, check. `unit`: of money, for tables that print none.

    Raises BudgetError naming file, place and mend when the file cannot be read or is no budget.
    """
    source = read_source(name, content)
    outline = with_unit(outline_of(source), unit)
    require_budget(name, outline)
    tables = tabulate_all(outline.tables)
    units = units_of(outline.institution, tables)
    printed, facts, passages = read_tables(tables, name, outline, units)
    prose = extract_prose(
        outline.texts,
        document=name,
        year=outline.year,
        institution=outline.institution,
        units=units,
    )
    facts = with_unit_inferred(facts)
    budget = Budget(
        document=name,
        sha256=source.sha256,
        format=source.format,
        title=outline.title,
        institution=outline.institution,
        year=outline.year,
        account=outline.account,
        units=units,
        tables=(*printed, *missing_tables(name, outline, printed)),
        facts=(*facts, *prose),
        passages=tuple(
            replace(passage, document=name)
            for passage in (
                *passages_of(outline.texts),
                *extract_glossary(outline.texts),
                *passages,
                *map(table_passage, printed),
            )
        ),
        checks=(),
        unread_pages=source.unread_pages,
        warnings=source.warnings,
        level=level_of(outline.title, units),
    )
    return mark_doubts(replace(budget, checks=check(budget)))


def with_unit(outline: Outline, unit: str) -> Outline:
    """Tables without a unit line get the unit that the person gave, or their sign of currency."""
    tables = tuple(
        table
        if table.unit
        else replace(table, unit=unit or currency_in((c.text for c in row) for row in table.rows))
        for table in outline.tables
    )
    return replace(outline, tables=tables)


def require_budget(name: str, outline: Outline) -> None:
    """A budget has a table with a unit of money or a number; or a year, and titled tables."""
    marked = any(table.unit or table.number for table in outline.tables)
    titled = outline.year and any(names_table(squeeze(table.title)) for table in outline.tables)
    if not (marked or titled):
        raise BudgetError(
            "没有找到预算表（没有带“表X”编号或“金额单位”的表格）",
            place=name,
            mend="请确认这是部门预算或决算文件，文本格式的表格须用制表符、逗号或竖线分隔各列",
        )


def tabulate_all(tables: Sequence[RawTable]) -> tuple[Tabulated, ...]:
    """Twice: labels met in the first round join the wrapped labels in the second."""
    first = [tabulate(table) for table in tables]
    known = frozenset(key(label) for label in known_labels(first))
    return tuple(tabulate(table, known) for table in tables)


def read_tables(
    tables: Sequence[Tabulated], name: str, outline: Outline, units: tuple[Unit, ...]
) -> tuple[tuple[Table, ...], tuple[Fact, ...], tuple[Passage, ...]]:
    plain = [table for table in tables if not is_goal_table(table.table)]
    known = known_labels(plain)
    printed: list[Table] = []
    facts: list[Fact] = []
    passages: list[Passage] = []
    for tabulated in tables:
        found: tuple[Fact, ...]
        if is_goal_table(tabulated.table):
            goals = extract_goals(tabulated.table, document=name, year=outline.year, units=units)
            found = goals.facts
            passages += goals.passages
        else:
            owner = owner_among(units, tabulated.table.owner, outline.institution)
            found = extract(
                tabulated,
                document=name,
                year=outline.year,
                units=units,
                known=known,
                owner=owner,
            ).facts
        facts += found
        printed.append(table_of(tabulated, found, name))
    return tuple(printed), complete_forms(facts), tuple(passages)


def complete_forms(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The department's form cuts indicator names that its projects print whole."""
    goals = [fact for fact in facts if fact.row_kind is RowKind.INDICATOR]
    projects = {fact.table for fact in goals if fact.unit_name}
    known = [fact for fact in goals if fact.table in projects]
    form = [fact for fact in goals if fact.table not in projects]
    whole = {fact.id: fact for fact in complete_goal_labels(form, known)}
    return tuple(whole.get(fact.id, fact) for fact in facts)


def with_unit_inferred(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Amounts of a table without a unit line get the unit in which another table prints them."""
    printed = {(fact.value, fact.unit) for fact in facts if fact.kind is Kind.MONEY and fact.unit}
    units = {unit for _, unit in printed}
    result = []
    for fact in facts:
        if fact.kind is Kind.MONEY and not fact.unit:
            same = [unit for unit in units if (fact.value, unit) in printed]
            unit = same[0] if len(same) == 1 else next(iter(units)) if len(units) == 1 else ""
            if unit:
                fact = replace(fact, unit=unit, note=_joined(fact.note, f"单位推定：{unit}"))
        result.append(fact)
    return tuple(result)


def _joined(note: str, more: str) -> str:
    return f"{note}；{more}" if note else more


def missing_tables(name: str, outline: Outline, printed: Sequence[Table]) -> tuple[Table, ...]:
    """Tables that the contents page announces and the body does not print."""
    numbers = {table.number for table in printed}
    titles = {key(table.title) for table in printed}
    return tuple(
        Table(
            document=name,
            number=number,
            title=title,
            section="目录",
            unit="",
            state=TableState.MISSING,
            place=next(text.place for text in outline.texts if key(title) in key(text.text)),
        )
        for number, title in outline.announced
        if number not in numbers and key(title) not in titles
    )


def table_passage(table: Table) -> Passage:
    """What a table is, for "which table": number, title, unit line and note."""
    words = [table.number, table.title, f"金额单位：{table.unit}" if table.unit else "", table.note]
    return Passage(
        id=f"table/{table.number}",
        document=table.document,
        kind=PassageKind.TABLE,
        section=table.section,
        title=f"{table.number} {table.title}",
        text=" ".join(word for word in words if word),
        place=table.place,
        table=table.number,
    )
