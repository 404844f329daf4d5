"""Budgets made by hand for the tests of the checks: tables row by row, and their facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.check import check, sum_checks
from index.check_report import line_of
from index.check_rows import sides_of
from index.document import Cell, Place
from index.fact import (
    Budget,
    Check,
    Fact,
    Kind,
    Passage,
    PassageKind,
    RowKind,
    Table,
    TableState,
    Unit,
)
from index.reading import AMOUNT, CHANGE_RATE, COUNT, SHARE

Made = tuple[Table, tuple[Fact, ...]]


@dataclass(frozen=True)
class R:
    """A row: label as printed, its figures ("" is blank), and how the reader read it."""

    label: str
    values: Sequence[str]
    kind: RowKind = RowKind.ITEM
    level: int = 0
    path: tuple[str, ...] = ()
    code: str = ""
    unit: str = ""
    unit_code: str = ""


def table(
    rows: Sequence[R],
    columns: Sequence[tuple[str, ...]],
    *,
    number: str = "表一",
    title: str = "支出表",
    side: int = 0,
    years: Sequence[int] = (),
    unit: str = "万元",
) -> Made:
    """One side of a table and its facts; line 100 × table + row, so that places differ."""
    start = 100 * (sum(map(ord, number + title)) % 89 + 1)
    facts: list[Fact] = []
    cells: list[tuple[Cell, ...]] = []
    for at, row in enumerate(rows):
        place = Place(line=start + at, field=side * 10)
        label = row.label.lstrip(" 　")
        for word in ("其中：", "一、", "二、", "三、", "（一）", "（二）", "（三）"):
            label = label.removeprefix(word)
        cells.append((Cell(text=row.label, place=place),))
        for column, value in enumerate(row.values):
            facts.append(
                Fact(
                    id=f"{number}{title}/{side}/r{at}/c{column}",
                    document="d",
                    year=years[column] if years else 2024,
                    section="",
                    table=number,
                    title=title,
                    unit_code=row.unit_code,
                    unit_name=row.unit,
                    code=row.code,
                    label=label,
                    row_path=row.path or (label,),
                    column=tuple(columns[column]),
                    value=Decimal(value.rstrip("%")) if value else None,
                    printed=value,
                    unit="%" if value.endswith("%") else unit,
                    kind=(Kind.PERCENT if value.endswith("%") else Kind.MONEY)
                    if value
                    else Kind.BLANK,
                    row_kind=row.kind,
                    place=Place(line=start + at, field=side * 10 + column + 1),
                    label_places=(place,) if row.label else (),
                    row=at,
                    level=row.level,
                )
            )
    printed = Table(
        document="d",
        number=number,
        title=title,
        section="",
        unit=unit,
        state=TableState.PRESENT,
        place=Place(line=start),
        rows=tuple(cells),
    )
    return printed, tuple(facts)


def budget(
    *tables: Made,
    prose: Iterable[Fact] = (),
    passages: Iterable[Passage] = (),
    units: Sequence[Unit] = (),
    institution: str = "某局",
    account: str = "budget",
) -> Budget:
    return Budget(
        document="d",
        sha256="",
        format="text",
        title="某局2024年部门预算",
        institution=institution,
        year=2024,
        account=account,
        units=tuple(units),
        tables=tuple(printed for printed, _ in tables),
        facts=(*(fact for _, facts in tables for fact in facts), *prose),
        passages=tuple(passages),
        checks=(),
    )


def sums(*rows: R, columns: Sequence[tuple[str, ...]] = (("合计",),)) -> tuple[Check, ...]:
    made = budget(table(rows, columns))
    return tuple(found for side in sides_of(made) for found in sum_checks(side))


def outcomes(checks: Iterable[Check], name: str) -> list[tuple[str, str]]:
    return [(c.outcome.value, c.expression) for c in checks if c.name == name]


TOTAL, UNIT, ITEM = RowKind.TOTAL, RowKind.UNIT, RowKind.ITEM
SUBTOTAL, GROUP, PROJECT = RowKind.SUBTOTAL, RowKind.GROUP, RowKind.PROJECT


def goals(*projects: tuple[str, str]) -> Made:
    rows = [R(name, [value], PROJECT, unit="甲") for name, value in projects]
    printed, facts = table(rows, [("预算数",)], number="表五", title="项目绩效目标表")
    indicator = replace(
        facts[0], id="i", row_kind=RowKind.INDICATOR, kind=Kind.TARGET, column=("指标值",)
    )
    return printed, (facts[0], indicator, *facts[1:])


def spending(*projects: tuple[str, str]) -> Made:
    rows = [R(name, [value], PROJECT, unit="甲") for name, value in projects]
    return table(rows, [("金额",)], number="表四", title="项目支出表")


def said(
    path: str,
    value: str,
    *,
    column: str = AMOUNT,
    unit: str = "万元",
    section: str = "一",
    about: str = "",
    year: int = 2024,
    unit_name: str = "",
) -> Fact:
    """A figure of the text; `path` is its subjects joined with /. Numbered by `text`."""
    kinds = {SHARE: Kind.PERCENT, CHANGE_RATE: Kind.PERCENT, COUNT: Kind.COUNT}
    labels = tuple(path.split("/"))
    return Fact(
        id="",
        document="d",
        year=year,
        section=section,
        table="",
        title="",
        unit_name=unit_name,
        label=labels[-1],
        row_path=labels,
        column=(column,),
        value=Decimal(value),
        printed=value,
        unit="%" if column in (SHARE, CHANGE_RATE) else unit,
        kind=kinds.get(column, Kind.MONEY),
        row_kind=RowKind.PROSE,
        place=Place(line=1),
        about=about,
    )


def text(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(
        replace(fact, id=f"prose/{at}", place=Place(line=at), row=at)
        for at, fact in enumerate(facts, 9001)
    )


def heading(section: str, words: str) -> Passage:
    return Passage(
        id=section,
        document="d",
        kind=PassageKind.HEADING,
        section=section,
        title="",
        text=words,
        place=Place(line=9000),
    )


def about_text(
    *facts: Fact, tables: Sequence[Made] = (), headings: Iterable[Passage] = ()
) -> list[Check]:
    made = budget(*(tables or summary(own="30.00")), prose=text(*facts), passages=headings)
    return [c for c in check(made) if any(name.startswith("prose/") for name in c.facts)]


def one(checks: Sequence[Check], name: str = "prose to table") -> Check:
    found = [c for c in checks if c.name == name]
    assert len(found) == 1, [line_of(c) for c in checks]
    return found[0]


def summary(*, own: str = "", other: str = "") -> tuple[Made, Made]:
    """收支总表 of 100: 拨款 70, 事业收入, 经营收入; 教育支出 60, 科学技术支出 40."""
    income = [
        R("一、一般公共预算拨款收入", ["70.00"]),
        R("二、事业收入", [own]),
        R("三、事业单位经营收入", [other]),
        R("收入总计", ["100.00"], TOTAL),
    ]
    spent = [
        R("一、教育支出", ["60.00"]),
        R("二、科学技术支出", ["40.00"]),
        R("支出总计", ["100.00"], TOTAL),
    ]
    title = "部门收支总表"
    return (
        table(income, [("收入", "预算数")], title=title),
        table(spent, [("支出", "预算数")], title=title, side=1),
    )
