"""One printed row of a goal table → its cells, each with the part it plays.

Columns of these tables wander from page to page and single rows are shifted sideways, so the
column number says nothing: cells are matched to the parts of the head by order and by type.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from index.document import Cell, Place
from index.goal_words import (
    LONGEST_MEASURE,
    QUALITATIVE,
    SUFFIX,
    Part,
    all_second_levels,
    begins_level,
    goal_of,
    head_part,
    is_blank,
    is_direction,
    is_level,
    is_measure,
    is_plain,
    second_levels,
    sign_of,
)
from index.words import squeeze

Row = tuple[Cell, ...]
Placed = tuple[Part, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The parts that a table prints, left to right, each with its head cell."""

    cells: tuple[Placed, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for part, _ in self.cells)

    def cell(self, part: Part) -> Cell | None:
        return next((cell for at, cell in self.cells if at is part), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rows above and the head tell about a row."""

    sign: str = ""
    """The operator printed in the row."""
    signed: bool = True
    """The table has a column of operators."""
    first: str = ""
    """First level of the indicator above."""
    open: bool = False
    """The objective above may go on: it has no end, and the row has levels behind it."""
    aimed: bool = False
    """The row states a target: an operator, or a number with its unit."""
    is_unit: Callable[[str], bool] = lambda text: False


def printed_cells(row: Row) -> tuple[Cell, ...]:
    """The cells of a row that print something, a cell merged over columns once."""
    cells: list[Cell] = []
    for cell in row:
        again = cell.spread and any(_same(cell, seen) for seen in cells[-1:])
        if not is_blank(cell) and not again:
            cells.append(cell)
    return tuple(cells)


def _same(cell: Cell, other: Cell) -> bool:
    return cell.place == other.place and cell.text == other.text


def is_head(row: Row) -> bool:
    """A row of head words: at least two known, and no fewer than unknown."""
    cells = printed_cells(row)
    known = sum(head_part(cell.text) is not None for cell in cells)
    return known >= 2 and known * 2 >= len(cells) and not any(goal_of(c.text) for c in cells)


def is_goal_head(row: Row) -> bool:
    """A head with levels: 一级指标 … 三级指标, or one of them beside 指标值."""
    parts = {head_part(cell.text) for cell in printed_cells(row)}
    return len(parts & {Part.FIRST, Part.SECOND, Part.THIRD, Part.VALUE, Part.SIGN}) >= 2


def head_of(rows: Sequence[Row]) -> Head:
    """The head that consecutive head rows make: of each column the lowest known word."""
    placed: list[Placed] = []
    for at in range(max(map(len, rows), default=0)):
        column = [row[at] for row in rows if at < len(row) and not row[at].blank]
        known = [cell for cell in column if head_part(cell.text)]
        if not column or any(_same(column[-1], cell) for _, cell in placed[-1:]):
            continue
        cell = known[-1] if known else column[-1]
        placed.append((head_part(cell.text) or Part.OTHER, cell))
    return Head(cells=_told_apart(placed))


def _told_apart(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """单位 before the levels is the budget unit; behind them the measure."""
    seen: set[Part] = set()
    result: list[Placed] = []
    for part, cell in placed:
        early = part is Part.MEASURE and not seen & {Part.FIRST, Part.SECOND, Part.THIRD}
        part = Part.UNIT if early else part
        result.append((Part.OTHER if part in seen else part, cell))
        seen.add(part)
    return tuple(result)


def split_tails(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """`指标 产出指标` (the end of the level above and the next level) → two cells, one place."""
    result: list[Cell] = []
    for cell in cells:
        match = re.fullmatch(rf"\s*({SUFFIX})\s+(\S+)\s*", cell.text)
        texts = match.groups() if match and is_level(match[2]) else (cell.text,)
        result += [replace(cell, text=text) for text in texts]
    return tuple(result)


def align(
    cells: Sequence[Cell], head: Head, context: Context
) -> tuple[tuple[Placed, ...], tuple[Cell, ...]]:
    """Cells matched to parts in order, best sum of `fit`; and the cells that fit nowhere."""
    parts = head.parts
    score = [[0] * (len(parts) + 1) for _ in range(len(cells) + 1)]
    for i in reversed(range(len(cells))):
        for j in reversed(range(len(parts))):
            skipped = max(score[i + 1][j], score[i][j + 1])
            points = fit(parts[j], cells[i].text, context)
            score[i][j] = max(skipped, points + score[i + 1][j + 1]) if points else skipped
    return _trace(cells, parts, score, context)


def _trace(
    cells: Sequence[Cell], parts: Sequence[Part], score: list[list[int]], context: Context
) -> tuple[tuple[Placed, ...], tuple[Cell, ...]]:
    placed: list[Placed] = []
    spare: list[Cell] = []
    i = j = 0
    while i < len(cells):
        points = fit(parts[j], cells[i].text, context) if j < len(parts) else 0
        if points and score[i][j] == points + score[i + 1][j + 1]:
            placed.append((parts[j], cells[i]))
            i, j = i + 1, j + 1
        elif j < len(parts) and score[i][j] == score[i][j + 1]:
            j += 1
        else:
            spare.append(cells[i])
            i += 1
    return tuple(placed), tuple(spare)


def fit(part: Part, text: str, context: Context) -> int:
    """How well a text plays a part: 0 not at all, 1 if nothing better, 8 and more unmistakably."""
    return FITS[part](text, context)


def _fit_unit(text: str, context: Context) -> int:
    return 12 if context.is_unit(text) else int(is_plain(text))


def _fit_project(text: str, context: Context) -> int:
    return 3 if is_plain(text) else 0


def _fit_amount(text: str, context: Context) -> int:
    goal = goal_of(text)
    return 4 if goal and not goal.operator else 0


def _fit_objective(text: str, context: Context) -> int:
    return (4 if context.open else 2) if is_plain(text) else 0


def _fit_first(text: str, context: Context) -> int:
    if squeeze(text) in second_levels():
        return 9
    return 6 if begins_level(text, frozenset(second_levels())) else 0


def _fit_second(text: str, context: Context) -> int:
    flat = squeeze(text)
    if flat in all_second_levels():
        # 满意度指标 and 成本指标 are names of both levels: alone in a row, under the first level
        # that has them they are the second, else a new first.
        return 10 if flat in second_levels().get(squeeze(context.first), ()) else 8
    if begins_level(text, all_second_levels()):
        return 6
    if flat.endswith(SUFFIX) and not is_direction(text):
        return 4
    return 2 if is_plain(text) else 0


def _fit_third(text: str, context: Context) -> int:
    # Under merged levels a row begins with the name, which must not pass for a project's.
    return (5 if context.aimed else 3) if is_plain(text) or is_level(text) else 0


def _fit_sign(text: str, context: Context) -> int:
    return 10 if sign_of(text) else 0


def _fit_value(text: str, context: Context) -> int:
    goal = goal_of(text)
    if goal is not None:
        unsure = context.sign == QUALITATIVE or (context.signed and not context.sign)
        return 6 if goal.operator else (2 if unsure else 5)
    if sign_of(text) or is_direction(text) or is_level(text):
        return 0
    return _fit_word(text, context)


def _fit_word(text: str, context: Context) -> int:
    """A word as value: 高, 已完成; but `≥ 分钟` is a measure whose value is blank."""
    if context.sign == QUALITATIVE:
        return 2 if is_measure(text) else 4
    if context.sign:
        return 0 if is_measure(text) else 3
    return 1 if is_measure(text) else (2 if context.signed else 4)


def _fit_measure(text: str, context: Context) -> int:
    if is_measure(text):
        return 4
    return 2 if is_plain(text) and len(squeeze(text)) <= LONGEST_MEASURE else 0


def _fit_weight(text: str, context: Context) -> int:
    goal = goal_of(text)
    if goal is None or goal.operator or goal.unit not in ("", "%", "分"):
        return 0
    return 2 if goal.unit else 3


def _fit_direction(text: str, context: Context) -> int:
    return 8 if is_direction(text) else 0


def _fit_other(text: str, context: Context) -> int:
    return 0 if sign_of(text) else 1


FITS: dict[Part, Callable[[str, Context], int]] = {
    Part.UNIT: _fit_unit,
    Part.PROJECT: _fit_project,
    Part.AMOUNT: _fit_amount,
    Part.OBJECTIVE: _fit_objective,
    Part.FIRST: _fit_first,
    Part.SECOND: _fit_second,
    Part.THIRD: _fit_third,
    Part.SIGN: _fit_sign,
    Part.VALUE: _fit_value,
    Part.MEASURE: _fit_measure,
    Part.WEIGHT: _fit_weight,
    Part.DIRECTION: _fit_direction,
    Part.OTHER: _fit_other,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The cells of an indicator, or of a project's own squares; a part may take several."""

    row: int
    """Index of the (first) printed row in the table."""
    cells: tuple[Placed, ...]
    printed: Row = ()
    """The whole first row, to find blank squares in."""

    def of(self, *parts: Part) -> tuple[Cell, ...]:
        return tuple(cell for part, cell in self.cells if part in parts)

    def text(self, part: Part) -> str:
        """The part's text, halves joined as printed; line breaks inside a cell taken out."""
        return "".join(re.sub(r"\s*\n\s*", "", cell.text.strip()) for cell in self.of(part))

    def joined(self, *placed: Placed) -> "Record":
        return replace(self, cells=(*self.cells, *placed))

    def square(self, *before: Part) -> Place:
        """Where a blank square is: behind the last printed cell of the parts `before` it."""
        anchor = next((self.of(part)[-1] for part in before if self.of(part)), None)
        if anchor is None:
            return self.cells[-1][1].place
        places = [cell.place for cell in self.printed]
        at = places.index(anchor.place) + 1 if anchor.place in places else len(places)
        return places[at] if at < len(places) and is_blank(self.printed[at]) else anchor.place
