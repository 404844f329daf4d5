"""Projects with their indicators → facts and passages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.document import Cell, Place
from index.fact import Fact, Kind, Passage, PassageKind, RowKind, Unit
from index.goal_projects import Project, place_of
from index.goal_rows import Head, Record
from index.goal_words import QUALITATIVE, Part, goal_of, sign_of, words
from index.outline import RawTable
from index.words import ORDINAL, WHEREOF, squeeze

SCALE = re.compile(r"[;；:：(（)）。,，“”]")
SHORT = 4
"""Characters: the longest grade met (高等次) has three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTable:
    """What a goal table gives.

    `label_places` of a target: the cells of its name, then its operator, then its measure (what
    is printed of them); of a weight or an amount: the cells of the name.
    """

    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    """Objectives, and the main tasks of a department."""
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for all facts of a table."""

    table: RawTable
    document: str
    year: int | None
    head: Head
    owner: tuple[str, ...] = ()
    """What row paths begin with where no unit is printed: the department of a form."""

    @property
    def number(self) -> str:
        return self.table.number or self.table.title

    def column(self, part: Part) -> tuple[str, ...]:
        cell = self.head.cell(part)
        return (re.sub(r"\s+", "", cell.text),) if cell else ()

    def prints(self, part: Part) -> bool:
        return part in self.head.parts


def clean_label(text: str) -> str:
    """A name without ordinals and 其中：, everything else as printed."""
    while True:
        shorter = WHEREOF.sub("", ORDINAL.sub("", text, count=1), count=1)
        if shorter in (text, ""):
            return text
        text = shorter


def project_facts(project: Project, setting: Setting) -> tuple[Fact, ...]:
    """The amount of a project (blank where none is printed), then its indicators."""
    facts: list[Fact] = []
    if project.own.of(Part.PROJECT) and setting.prints(Part.AMOUNT):
        facts.append(amount_fact(project, setting))
    for record in project.indicators:
        facts.append(target_fact(project, record, setting))
        if setting.prints(Part.WEIGHT):
            facts.append(weight_fact(project, record, setting))
    return tuple(facts)


def amount_fact(project: Project, setting: Setting) -> Fact:
    """The amount of a project, or of a unit (no project)."""
    own, unit = project.own, project.unit
    names = own.of(Part.PROJECT) or own.of(Part.UNIT)
    label = clean_label(project.name) or (unit.name if unit else "")
    cell = next(iter(own.of(Part.AMOUNT)), None)
    goal = goal_of(cell.text) if cell else None
    owner = (unit.name,) if unit else ()
    fact = _blank_fact(project, own, setting, Part.AMOUNT)
    return replace(
        fact,
        id=f"{setting.number}/r{own.row:03d}/amount",
        label=label,
        row_path=(*owner, label) if own.of(Part.PROJECT) else owner,
        value=goal.value if goal else None,
        printed=cell.text.strip() if cell else "",
        unit=_amount_unit(goal.unit if goal else "", setting),
        kind=Kind.MONEY if goal else Kind.BLANK,
        row_kind=RowKind.PROJECT if own.of(Part.PROJECT) else RowKind.UNIT,
        place=cell.place if cell else own.square(Part.PROJECT),
        note=_joint("印为两处", own.of(Part.PROJECT)),
        label_places=tuple(cell.place for cell in names),
    )


def _amount_unit(own: str, setting: Setting) -> str:
    """The unit in the cell, in the head (预算数（万元）), or of the table."""
    head = setting.head.cell(Part.AMOUNT)
    found = re.search(r"\(([^()]*)\)", squeeze(head.text)) if head else None
    return own or (found[1] if found and found[1] in words("money") else setting.table.unit)


def _joint(what: str, cells: Sequence[Cell]) -> str:
    return f"{what}：{'｜'.join(cell.text.strip() for cell in cells)}" if len(cells) > 1 else ""


def _blank_fact(project: Project, record: Record, setting: Setting, part: Part) -> Fact:
    """A fact with what every figure of a project shares; the rest to be filled in."""
    unit, table = project.unit or Unit(code="", name=""), setting.table
    head = setting.head.cell(part)
    return Fact(
        id="",
        document=setting.document,
        year=setting.year,
        section=table.section,
        table=setting.number,
        title=table.title,
        unit_code=unit.code,
        unit_name="" if unit.whole else unit.name,
        label="",
        row_path=(),
        column=setting.column(part),
        value=None,
        printed="",
        unit="",
        kind=Kind.BLANK,
        row_kind=RowKind.INDICATOR,
        place=record.printed[0].place if record.printed else table.place,
        header_places=(head.place,) if head else (),
        row=record.row,
    )


def _indicator_fact(project: Project, record: Record, setting: Setting, part: Part) -> Fact:
    label = clean_label(record.text(Part.THIRD))
    owner = (project.unit.name,) if project.unit else setting.owner
    levels = (record.text(Part.FIRST), record.text(Part.SECOND))
    path = (*owner, clean_label(project.name), *levels, label)
    return replace(
        _blank_fact(project, record, setting, part),
        id=f"{setting.number}/r{record.row:03d}/{part.value}",
        label=label,
        row_path=tuple(word for word in path if word),
        label_places=tuple(cell.place for cell in record.of(Part.THIRD)),
    )


def target_fact(project: Project, record: Record, setting: Setting) -> Fact:
    """The target of an indicator: a number, a word, or a square left blank."""
    fact = _indicator_fact(project, record, setting, Part.VALUE)
    cell = next(iter(record.of(Part.VALUE)), None)
    goal = goal_of(cell.text) if cell else None
    operator = _operator(record) or (goal.operator if goal else "")
    marks = (*record.of(Part.SIGN), *record.of(Part.MEASURE))
    return replace(
        fact,
        value=goal.value if goal else None,
        printed=cell.text.strip() if cell else "",
        unit=record.text(Part.MEASURE) or (goal.unit if goal else ""),
        operator=operator,
        kind=_kind(cell, goal is not None),
        place=cell.place if cell else record.square(Part.SIGN, Part.THIRD),
        note=_note(record),
        label_places=(*fact.label_places, *(mark.place for mark in marks)),
        doubt=_doubt(fact.label, operator, cell, goal.value if goal else None),
    )


def _operator(record: Record) -> str:
    sign = record.of(Part.SIGN)
    return sign_of(sign[0].text) if sign else ""


def _kind(cell: Cell | None, numeric: bool) -> Kind:
    if cell is None:
        return Kind.BLANK
    return Kind.TARGET if numeric else Kind.TEXT


def _note(record: Record) -> str:
    notes = [record.text(Part.DIRECTION)]
    for part, what in ((Part.FIRST, "一级指标"), (Part.SECOND, "二级指标")):
        notes.append(_joint(f"{what}印为两处", record.of(part)))
    notes.append(_joint("指标名称印为两处", record.of(Part.THIRD)))
    notes.append(_joint("度量单位印为两处", record.of(Part.MEASURE)))
    if record.of(Part.SIGN) and not record.of(Part.VALUE, Part.MEASURE, Part.WEIGHT):
        notes.append("本行印到运算符为止")
    return "；".join(filter(None, notes))


def _doubt(label: str, operator: str, cell: Cell | None, value: Decimal | None) -> str:
    """Why a target cannot be meant as printed: it contradicts its operator or its grades."""
    if cell is None:
        return ""
    printed, grades = cell.text.strip(), grades_of(label)
    if value is not None and operator == QUALITATIVE:
        return f"指标性质印为“定性”，指标值却是数字“{printed}”"
    if value is not None and grades:
        return f"指标名称分等次，指标值却是数字“{printed}”"
    if value is None and operator not in ("", QUALITATIVE, "="):
        return f"运算符印为“{operator}”，指标值却是文字“{printed}”"
    if value is None and grades and squeeze(printed) not in grades:
        return f"指标值“{printed}”不是指标名称所列的等次"
    return ""


def grades_of(label: str) -> frozenset[str]:
    """The words of a name that spells out grades: …(高:合格;中:基本合格;低:不合格) → 高 合格 ….

    >>> {"优", "差"} <= grades_of("考核(优:达标;差:未达标)"), grades_of("比率(方法: a/b)")
    (True, frozenset())
    """
    pairs = re.findall(r"([^;；:：(（)）。,，]+)[:：]([^;；:：(（)）。,，]*)", label)
    short = [pair for pair in pairs if any(0 < len(word.strip()) <= SHORT for word in pair)]
    if len(short) < 2:
        return frozenset()
    return frozenset(squeeze(word) for word in SCALE.split(label) if word.strip())


def weight_fact(project: Project, record: Record, setting: Setting) -> Fact:
    fact = _indicator_fact(project, record, setting, Part.WEIGHT)
    cell = next(iter(record.of(Part.WEIGHT)), None)
    goal = goal_of(cell.text) if cell else None
    return replace(
        fact,
        value=goal.value if goal else None,
        printed=cell.text.strip() if cell else "",
        unit=goal.unit if goal else "",
        kind=Kind.WEIGHT if goal else Kind.BLANK,
        place=cell.place if cell else record.square(Part.MEASURE, Part.VALUE, Part.SIGN),
    )


def objective_passage(project: Project, setting: Setting) -> Passage | None:
    cells = project.own.of(Part.OBJECTIVE)
    if not cells:
        return None
    return passage(
        setting,
        row=project.own.row,
        kind=PassageKind.OBJECTIVE,
        title=clean_label(project.name),
        text=project.own.text(Part.OBJECTIVE),
        place=place_of(cells),
        unit_name=project.unit.name if project.unit and not project.unit.whole else "",
    )


def passage(
    setting: Setting,
    *,
    row: int,
    kind: PassageKind,
    title: str,
    text: str,
    place: Place,
    unit_name: str = "",
) -> Passage:
    return Passage(
        id=f"{setting.number}/r{row:03d}/{kind.value}",
        document=setting.document,
        kind=kind,
        section=setting.table.section,
        title=title,
        text=text,
        place=place,
        table=setting.number,
        unit_name=unit_name,
    )


def fact_doubts(facts: Sequence[Fact]) -> tuple[str, ...]:
    """The doubtful facts, and the targets whose row stops at the operator, in words."""
    cut = "本行印到运算符为止"
    return tuple(
        f"{fact.place}：{fact.label}：{fact.doubt or cut}"
        for fact in facts
        if fact.doubt or cut in fact.note
    )
