"""Goal forms (整体支出绩效目标表): words at the side say what stands beside or below them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.document import Cell
from index.fact import Fact, Kind, Passage, PassageKind, RowKind
from index.goal_facts import Setting, passage
from index.goal_projects import Project, place_of
from index.goal_rows import Head, Record, Row, is_goal_head, printed_cells
from index.goal_words import Part, goal_of, head_part, head_word, is_plain, words
from index.outline import RawTable
from index.words import WHEREOF, squeeze, tidy

KEYS = ("task_name", "tasks", "objective", "department", "project", "budget")
"""Side words that open something new."""
NAMES = (*KEYS, "task_text", "indicators", "money")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    setting: Setting
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    indicators: tuple[Row, ...]
    """The table's rows, those that belong to no indicator emptied: the indexes hold."""
    project: Project | None
    """The project whose form it is; None for a department's."""
    doubts: tuple[str, ...]

    @property
    def blank(self) -> Record:
        return Record(row=0, cells=())


@dataclass(slots=True)
class _Task:
    row: int
    name: Cell
    texts: list[Cell]


@dataclass(slots=True)
class _State:
    setting: Setting
    mode: str = ""
    """The last side word met: tasks, objective, indicators."""
    group: Cell | None = None
    """The side word of the amounts (年度部门整体支出预算)."""
    money: list[Cell] = field(default_factory=list)
    """Head words of amounts whose figures stand below."""
    owner: Cell | None = None
    project: Cell | None = None
    tasks: list[_Task] = field(default_factory=list)
    objective: list[Cell] = field(default_factory=list)
    objective_row: int = 0
    facts: list[Fact] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def is_form_word(cell: Cell, *names: str) -> bool:
    word = head_word(cell.text).rstrip(":")
    return any(word in words(f"form_{name}") for name in names)


def is_goal_form(table: RawTable) -> bool:
    """Indicators below side words: above the head with the levels a row begins with one."""
    for at, row in enumerate(table.rows):
        if is_goal_head(row):
            return any(map(_begins_with_side_word, table.rows[:at]))
    return False


def _begins_with_side_word(row: Row) -> bool:
    """A task word, or another side word with what it names beside it: the upper row of a
    list's head prints such words too, but beside each other."""
    cells = printed_cells(row)[:3]
    if any(is_form_word(cell, "task_name", "tasks") for cell in cells):
        return True
    return any(
        is_form_word(cell, *KEYS) and not (head_part(after.text) or is_form_word(after, *NAMES))
        for cell, after in pairwise(cells)
    )


def read_form(table: RawTable, *, document: str, year: int | None) -> Form:
    """Row by row; each side word opens what follows it, until the next."""
    setting = Setting(table=table, document=document, year=year, head=Head())
    state = _State(setting=setting)
    for at, row in enumerate(table.rows):
        state.rows.append(())
        if cells := printed_cells(row):
            _read_row(state, at, row, cells)
    owner = (tidy(state.owner.text),) if state.owner else ()
    return Form(
        setting=replace(setting, owner=owner),
        facts=tuple(state.facts),
        passages=_passages(state),
        indicators=tuple(state.rows),
        project=_project(state),
        doubts=tuple(state.doubts),
    )


def _project(state: _State) -> Project | None:
    if state.project is None:
        return None
    return Project(unit=None, own=Record(row=0, cells=((Part.PROJECT, state.project),)))


def _read_row(state: _State, at: int, row: Row, cells: tuple[Cell, ...]) -> None:
    keyed = any(is_form_word(cell, *KEYS) for cell in cells[:1])
    if is_goal_head(row) or (state.mode == "indicators" and not keyed):
        state.mode = "indicators"
        state.rows[-1] = tuple(
            replace(cell, text="") if is_form_word(cell, "indicators") else cell for cell in row
        )
        return
    _read_side_words(state, cells)
    if any(is_form_word(cell, "task_name") for cell in cells):
        state.mode = "tasks"
        state.money = []
    money = [cell for cell in cells if is_form_word(cell, "money")]
    numbers = [cell for cell in cells if goal_of(cell.text)]
    if money and not numbers:
        state.money = money if len(money) > 1 or not state.money else [*state.money, *money]
    elif money:
        _beside(state, at, cells)
    elif numbers and not _is_task(state, cells):
        _below(state, at, numbers, state.group or cells[0])
    else:
        _read_text(state, at, cells, numbers)


def _read_side_words(state: _State, cells: Sequence[Cell]) -> None:
    for cell, after in zip(cells, (*cells[1:], None), strict=True):
        if is_form_word(cell, "budget"):
            state.group, state.mode = cell, "budget"
        elif is_form_word(cell, "objective"):
            state.mode = "objective"
        elif is_form_word(cell, "project") and after and is_plain(after.text):
            state.project = after
        elif is_form_word(cell, "department") and after and is_plain(after.text):
            state.owner = state.owner or after


def _is_task(state: _State, cells: Sequence[Cell]) -> bool:
    names = [cell for cell in cells if is_plain(cell.text) and not is_form_word(cell, "tasks")]
    total = any(is_form_word(cell, "total") for cell in names)
    return state.mode == "tasks" and bool(names) and not total


def _beside(state: _State, at: int, cells: Sequence[Cell]) -> None:
    """资金总额 100 财政拨款 80: each figure belongs to the word before it."""
    for cell, after in pairwise(cells):
        if is_form_word(cell, "money") and goal_of(after.text):
            label = state.group or cell
            state.facts.append(_amount(state, at, label, cell, after))


def _below(state: _State, at: int, numbers: Sequence[Cell], label: Cell) -> None:
    """A row of figures under a row of words, in the same order."""
    if len(numbers) != len(state.money):
        where = f"第{numbers[0].place}行"
        state.doubts.append(f"{where}：金额{len(numbers)}个，栏目{len(state.money)}个，对不上")
        return
    for head, cell in zip(state.money, numbers, strict=True):
        state.facts.append(_amount(state, at, label, head, cell))


def _read_text(state: _State, at: int, cells: Sequence[Cell], numbers: Sequence[Cell]) -> None:
    """Tasks, the objective, or what a page break cut off them."""
    texts = [c for c in cells if is_plain(c.text) and not is_form_word(c, *NAMES)]
    if state.mode == "objective" and texts:
        state.objective_row = state.objective_row or at
        state.objective += [text for text in texts if not text.spread]
    elif state.mode == "tasks" and len(texts) >= 2:
        state.tasks.append(_Task(at, texts[0], list(texts[1:])))
        if numbers:
            _below(state, at, numbers, texts[0])
    elif state.mode == "tasks" and texts and state.tasks and not numbers:
        state.tasks[-1].texts += texts


def _amount(state: _State, at: int, label: Cell, head: Cell, cell: Cell) -> Fact:
    goal, setting = goal_of(cell.text), state.setting
    own = state.project is not None and label is state.group
    label = state.project if state.project and own else label
    name, word = tidy(label.text) if own else _word(label), _word(head)
    task = state.mode == "tasks" and not is_form_word(label, "total")
    return Fact(
        id=f"{setting.number}/r{at:03d}/{len(state.facts):02d}",
        document=setting.document,
        year=setting.year,
        section=setting.table.section,
        table=setting.number,
        title=setting.table.title,
        label=name,
        row_path=(name,),
        column=(word,) if own or label is head or task else (name, word),
        value=goal.value if goal else None,
        printed=cell.text.strip(),
        unit=_unit(head, state.group or label) or (goal.unit if goal else "") or setting.table.unit,
        kind=Kind.MONEY,
        row_kind=RowKind.ITEM if task else RowKind.PROJECT if own else RowKind.TOTAL,
        place=cell.place,
        label_places=(label.place,),
        header_places=(head.place,) if own or label is head else (label.place, head.place),
        row=at,
    )


def _word(cell: Cell) -> str:
    """A head or side word as shown: 其中：财政拨款 → 财政拨款."""
    flat = re.sub(r"\s+", "", cell.text)
    return WHEREOF.sub("", flat).rstrip(":：")


def _unit(*cells: Cell) -> str:
    for cell in cells:
        if found := re.search(r"\(([^()]*)\)", squeeze(cell.text)):
            return found[1] if found[1] in words("money") else ""
    return ""


def _passages(state: _State) -> tuple[Passage, ...]:
    setting = state.setting
    found = [
        passage(
            setting,
            row=task.row,
            kind=PassageKind.TASK,
            title=tidy(task.name.text),
            text="".join(cell.text.strip() for cell in task.texts),
            place=place_of((task.name, *task.texts)),
        )
        for task in state.tasks
    ]
    if state.objective:
        subject = state.project or state.owner
        found.append(
            passage(
                setting,
                row=state.objective_row,
                kind=PassageKind.OBJECTIVE,
                title=tidy(subject.text) if subject else setting.table.title,
                text="".join(cell.text.strip() for cell in state.objective),
                place=place_of(state.objective),
            )
        )
    return tuple(found)
