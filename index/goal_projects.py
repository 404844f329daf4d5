"""Rows of a goal table → projects with their indicators, what page breaks cut put together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.document import Cell, Place
from index.fact import Unit
from index.goal_rows import (
    Context,
    Head,
    Placed,
    Record,
    Row,
    align,
    head_of,
    is_goal_head,
    is_head,
    printed_cells,
    split_tails,
)
from index.goal_words import (
    LEVELS,
    SUFFIX,
    Part,
    completes_level,
    goal_of,
    is_level,
    is_measure,
    is_open,
    second_levels,
    sign_of,
    unclosed,
)
from index.words import key, squeeze

CODED = re.compile(r"(\d{3,9})[-—_－\s](\D.+)")
OWN = (Part.UNIT, Part.PROJECT, Part.AMOUNT, Part.OBJECTIVE)
INDICATOR = (*LEVELS, Part.SIGN, Part.VALUE, Part.MEASURE, Part.WEIGHT, Part.DIRECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    unit: Unit | None
    own: Record
    """Its name, amount and objective."""
    indicators: tuple[Record, ...] = ()

    @property
    def name(self) -> str:
        return self.own.text(Part.PROJECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A goal table read: head, projects, the printed totals of units, what fitted nowhere."""

    head: Head
    projects: tuple[Project, ...]
    totals: tuple[Project, ...]
    """Units with an amount of their own; no project, no indicators."""
    doubts: tuple[str, ...]


@dataclass(slots=True)
class _State:
    """What has been read of a table so far."""

    units: Sequence[Unit]
    head: Head = field(default_factory=Head)
    heads: list[Row] = field(default_factory=list)
    """The head rows met one behind the other, until a row of the body."""
    unit: Unit | None = None
    projects: list[Project] = field(default_factory=list)
    totals: list[Project] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def doubt(self, cell: Cell, what: str) -> None:
        where = f"第{cell.place}行" if cell.place.line else str(cell.place)
        self.doubts.append(f"{where}：{what}：{cell.text.strip()}")


def rows_to_projects(rows: Sequence[Row], units: Sequence[Unit]) -> Reading:
    """Read row by row; whatever stands above the first head (a merged title) is no row."""
    state = _State(units=units)
    for at, row in enumerate(rows):
        if is_head(row):
            state.heads.append(row)
            continue
        _end_head(state)
        if state.head.cells and printed_cells(row):
            _read_row(state, at, row)
    return Reading(
        head=state.head,
        projects=tuple(state.projects),
        totals=tuple(state.totals),
        doubts=tuple(state.doubts),
    )


def _end_head(state: _State) -> None:
    """A head printed again on a new page changes nothing unless it prints other parts."""
    if any(map(is_goal_head, state.heads)):
        head = head_of(state.heads)
        state.head = state.head if head.parts == state.head.parts else head
    state.heads = []


def _read_row(state: _State, at: int, row: Row) -> None:
    cells = _fresh(split_tails(printed_cells(row)), state)
    tails = _tails(cells, state)
    if not any(_begins_something(cell.text) for cell in cells if cell not in tails):
        _join_fragment(state, cells, tails)
        return
    _complete_levels(state, tails)
    rest = tuple(cell for cell in cells if cell not in tails)
    placed, spare = align(rest, state.head, _context(rest, state))
    for cell in spare:
        state.doubt(cell, "这一格归不到任何一列")
    _read_own(state, at, row, tuple(p for p in placed if p[0] in OWN))
    _read_indicator(state, at, row, tuple(p for p in placed if p[0] in INDICATOR), bool(tails))


def _fresh(cells: Sequence[Cell], state: _State) -> tuple[Cell, ...]:
    """Without the copies that the current project's merged cells leave in its further rows."""
    if not state.projects:
        return tuple(cells)
    known = {(cell.place, cell.text) for cell in state.projects[-1].own.of(*OWN)}
    return tuple(c for c in cells if not (c.spread and (c.place, c.text) in known))


def _begins_something(text: str) -> bool:
    """A cell that no mere continuation of the row above has: an operator, number or level (or
    a first level whose 指标 stands on the next page)."""
    cut = squeeze(text) + SUFFIX in second_levels()
    return bool(sign_of(text)) or goal_of(text) is not None or is_level(text) or cut


def _context(cells: Sequence[Cell], state: _State) -> Context:
    last = _last(state)
    objective = state.projects[-1].own.text(Part.OBJECTIVE) if state.projects else ""
    return Context(
        sign=next((sign_of(cell.text) for cell in cells if sign_of(cell.text)), ""),
        signed=Part.SIGN in state.head.parts,
        first=last.text(Part.FIRST) if last else "",
        open=bool(state.projects) and is_open(objective) and any(is_level(c.text) for c in cells),
        aimed=any(sign_of(cell.text) or _is_aim(cell.text) for cell in cells),
        is_unit=lambda text: _known_unit(text, state.units) is not None,
    )


def _is_aim(text: str) -> bool:
    goal = goal_of(text)
    return goal is not None and bool(goal.operator or goal.unit)


def _known_unit(text: str, units: Sequence[Unit]) -> Unit | None:
    """`622001-某某中心`, or the name of a unit of the document."""
    if coded := CODED.fullmatch(text.strip()):
        same = next((unit for unit in units if unit.code == coded[1]), None)
        return replace(same, name=coded[2]) if same else Unit(code=coded[1], name=coded[2])
    return next((unit for unit in units if key(unit.name) == key(text)), None)


def _last(state: _State) -> Record | None:
    return state.projects[-1].indicators[-1] if _has_indicators(state) else None


def _has_indicators(state: _State) -> bool:
    return bool(state.projects) and bool(state.projects[-1].indicators)


def _tails(cells: Sequence[Cell], state: _State) -> tuple[Cell, ...]:
    """The ends of level names that a page break cut off the row above."""
    last = _last(state)
    if last is None:
        return ()
    above = [last.text(part) for part in (Part.FIRST, Part.SECOND)]
    return tuple(
        cell for cell in cells if any(completes_level(name, squeeze(cell.text)) for name in above)
    )


def _complete_levels(state: _State, tails: Sequence[Cell]) -> None:
    """Give each tail to the level it completes; a tail of a level printed whole is dropped."""
    for cell in tails:
        last = _last(state)
        for part in (Part.FIRST, Part.SECOND):
            if last and not is_level(last.text(part)) and is_level(last.text(part) + cell.text):
                _replace_last(state, last.joined((part, cell)))
                break


def _replace_last(state: _State, record: Record) -> None:
    project = state.projects[-1]
    state.projects[-1] = replace(project, indicators=(*project.indicators[:-1], record))


def _join_fragment(state: _State, cells: Sequence[Cell], tails: Sequence[Cell]) -> None:
    """A row of mere ends: of the project's name and objective before the levels', of the
    indicator's name and measure behind them."""
    _complete_levels(state, tails)
    cut = [at for at, cell in enumerate(cells) if cell in tails]
    before = cells[: cut[0]] if cut else cells
    behind = [cell for cell in cells[cut[-1] :] if cell not in tails] if cut else []
    if not state.projects:
        for cell in cells:
            state.doubt(cell, "项目之前的文字")
        return
    _join_before(state, before, levelled=bool(cut))
    for cell in behind:
        _join_behind(state, cell)


def _join_before(state: _State, cells: Sequence[Cell], *, levelled: bool) -> None:
    """Before the levels: one end is the objective's as long as that is open, else the name's;
    of two the first is the name's. Without levels one end may be an indicator's name's."""
    if len(cells) == 1 and not levelled and not _goes_on_with_objective(state):
        _join_behind(state, cells[0])
        return
    open_objective = is_open(state.projects[-1].own.text(Part.OBJECTIVE))
    lone = (Part.OBJECTIVE,) if open_objective else (Part.PROJECT,)
    parts = lone if len(cells) == 1 else (Part.PROJECT, Part.OBJECTIVE)
    for part, cell in zip(parts, cells, strict=False):
        if part in state.head.parts:
            _join_own(state, (part, cell))
        else:
            state.doubt(cell, "这一格归不到任何一列")
    for cell in cells[2:]:
        state.doubt(cell, "这一格归不到任何一列")


def _goes_on_with_objective(state: _State) -> bool:
    last = _last(state)
    if last and unclosed(last.text(Part.THIRD)):
        return False
    objective = state.projects[-1].own.text(Part.OBJECTIVE)
    return Part.OBJECTIVE in state.head.parts and is_open(objective)


def _join_own(state: _State, placed: Placed) -> None:
    project = state.projects[-1]
    state.projects[-1] = replace(project, own=project.own.joined(placed))


def _join_behind(state: _State, cell: Cell) -> None:
    """To the measure if only that makes it a measure (小 + 时/天), else to the name."""
    last = _last(state)
    if last is None:
        state.doubt(cell, "这一格归不到任何一列")
        return
    above = last.text(Part.MEASURE)
    cut = bool(above) and not is_measure(above) and is_measure(above + cell.text)
    _replace_last(state, last.joined((Part.MEASURE if cut else Part.THIRD, cell)))


def _read_own(state: _State, at: int, row: Row, placed: tuple[Placed, ...]) -> None:
    """The cells before the levels: a unit, a project, or more of the project above."""
    record = Record(row=at, cells=placed, printed=row)
    if unit := next(iter(record.of(Part.UNIT)), None):
        known = _known_unit(unit.text, state.units)
        state.unit = known or Unit(code="", name=unit.text.strip())
    if record.of(Part.PROJECT):
        if not _is_same(state, record):
            state.projects.append(Project(unit=state.unit, own=record))
    elif unit and record.of(Part.AMOUNT):
        state.totals.append(Project(unit=state.unit, own=record))
    elif rest := [p for p in placed if p[0] in (Part.AMOUNT, Part.OBJECTIVE)]:
        _add_own(state, rest)


def _is_same(state: _State, record: Record) -> bool:
    """A table that prints unit, project and amount on every row anew."""
    if not state.projects:
        return False
    above = state.projects[-1]
    amounts = {record.text(Part.AMOUNT), above.own.text(Part.AMOUNT)} - {""}
    objective = record.text(Part.OBJECTIVE)
    return (
        key(record.text(Part.PROJECT)) == key(above.name)
        and above.unit == state.unit
        and len(amounts) <= 1
        and objective in ("", above.own.text(Part.OBJECTIVE))
    )


def _add_own(state: _State, placed: Sequence[Placed]) -> None:
    for part, cell in placed:
        own = state.projects[-1].own if state.projects else None
        if own is None or (part is Part.AMOUNT and own.of(part)):
            state.doubt(cell, "没有项目名称的一格")
        elif cell.text.strip() != own.text(part):
            _join_own(state, (part, cell))


def _read_indicator(
    state: _State, at: int, row: Row, placed: tuple[Placed, ...], cut: bool
) -> None:
    """A new indicator; after a cut level the rest of the one above, if that has no value yet."""
    if not placed:
        return
    if not state.projects:
        state.projects.append(Project(unit=state.unit, own=Record(row=at, cells=(), printed=row)))
    record = Record(row=at, cells=placed, printed=row)
    last = _last(state)
    levelled = bool(record.of(Part.FIRST, Part.SECOND))
    if cut and last and not levelled and not last.of(Part.SIGN, Part.VALUE):
        _replace_last(state, replace(last.joined(*placed), printed=row))
        return
    if last and not record.of(Part.FIRST):
        record = _with_levels(record, last)
    project = state.projects[-1]
    state.projects[-1] = replace(project, indicators=(*project.indicators, record))


def _with_levels(record: Record, above: Record) -> Record:
    """Levels that a merged cell printed only once hold for the rows below it too."""
    parts = (Part.FIRST,) if record.of(Part.SECOND) else (Part.FIRST, Part.SECOND)
    carried = [(part, cell) for part, cell in above.cells if part in parts]
    return replace(record, cells=(*carried, *record.cells))


def place_of(cells: Sequence[Cell]) -> Place:
    """Where a text of several cells stands: from the first to the last."""
    first, last = cells[0].place, cells[-1].place
    return first if first == last or first.line is None else first.until(last)
