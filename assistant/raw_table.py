"""A printed table as its format's reader gives it: rows, the lines above it, and nothing derived
that the rows do not show at once.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from index.caption import COUNT_LINE, UNIT_LINE
from index.document import Cell
from index.fact import Unit
from index.goal_rows import head_of, is_goal_head, is_head, printed_cells
from index.goal_words import Part, goal_of, is_level, is_plain, sign_of
from index.head import head_length
from index.money import count_unit, currency_in, unit_in
from index.tabulate import GLUED
from index.units import CODED
from index.words import bare, key, lexicon, squeeze, tidy

Row = tuple[Cell, ...]


@lru_cache(maxsize=65536)
def name_of(text: str) -> str:
    """A label as facts bear it: tidy, without ordinals, 其中： and a code glued before it."""
    text = tidy(text)
    if GLUED.match(squeeze(text)):
        text = re.sub(r"^[\d\s\-—_]+", "", text)
    return bare(text)


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Grids that nothing but a page break parts, and the lines printed above them."""

    rows: tuple[Row, ...]
    caption: tuple[str, ...]
    """From the table's number on, if printed; else the last lines before the grid."""
    above: tuple[str, ...] = ()
    """All lines between the table above and this one."""
    sheet: str = ""
    units: tuple[Unit, ...] = ()

    @cached_property
    def head_rows(self) -> int:
        return head_length(self.rows)

    @cached_property
    def goal_heads(self) -> tuple[int, ...]:
        """The rows that are heads of performance indicators."""
        return tuple(at for at, row in enumerate(self.rows) if is_goal_head(row) and is_head(row))

    @cached_property
    def goal_parts(self) -> frozenset[Part]:
        """What the heads of performance indicators say that their columns hold."""
        heads = (head_of([self.rows[at]]).parts for at in self.goal_heads)
        return frozenset(part for parts in heads for part in parts)

    @property
    def is_form(self) -> bool:
        """Goals of the department or of one project, without a column of budget units."""
        return bool(self.goal_heads) and Part.UNIT not in self.goal_parts

    @cached_property
    def openings(self) -> tuple[tuple[int, Cell], ...]:
        """(row, name) of the rows that open a project of a goal table: a name, then an amount,
        before any level or operator."""
        if Part.AMOUNT not in self.goal_parts:
            return ()
        found = ((at, opened(row)) for at, row in enumerate(self.printed))
        return tuple(
            (at, name)
            for at, name in found
            if name is not None and at not in self.goal_heads and not CODED.match(name.text.strip())
        )

    @cached_property
    def printed(self) -> tuple[Row, ...]:
        """The cells of each row that print something."""
        return tuple(printed_cells(row) for row in self.rows)

    @cached_property
    def said_above(self) -> tuple[str, ...]:
        """The caption's lines, and head rows that hold one text (a title)."""
        titles = [row[0].text for row in self.printed[: self.head_rows] if len(row) in (1, 2)]
        return tuple(squeeze(text) for text in (*self.caption, *titles) if text)

    @cached_property
    def unit(self) -> str:
        """Unit of money of the unit line, in the caption or in the head rows; empty if none."""
        head = (cell.text for row in self.rows[: self.head_rows] for cell in row)
        for text in (*self.caption, *head):
            if found := UNIT_LINE.search(squeeze(text)):
                return found[1]
            if printed := unit_in(text) or count_unit(text):
                return printed
            if counted := COUNT_LINE.fullmatch(squeeze(text)):
                return counted[1]
        return ""

    @cached_property
    def currency(self) -> str:
        """The sign of currency before its figures: $."""
        return currency_in((cell.text for cell in row) for row in self.rows)

    @cached_property
    def owners(self) -> tuple[Unit | None, ...]:
        """The budget unit printed last at or above each row, the head's own title aside."""
        found: list[Unit | None] = []
        for at, row in enumerate(self.rows):
            own = self._unit_in(row) if at >= self.head_rows else None
            found.append(own or (found[-1] if found else None))
        return tuple(found)

    def owner_in(self, row: int) -> Unit | None:
        """The budget unit that the row itself prints."""
        return self._unit_in(self.rows[row])

    def _unit_in(self, row: Row) -> Unit | None:
        named = (unit for cell in row if not cell.blank and (unit := self._named(cell.text)))
        coded = (
            unit
            for at in self.unit_code_columns
            if at < len(row)
            for unit in self.units
            if unit.code and squeeze(row[at].text) == unit.code
        )
        return next(coded, None) or next(named, None)

    def _named(self, text: str) -> Unit | None:
        if coded := CODED.match(text.strip()):
            known = next((unit for unit in self.units if unit.code == coded[1]), None)
            return replace(known, name=coded[2]) if known else None
        flat = key(bare(text))
        return next((unit for unit in self.units if key(unit.name) == flat), None)

    @cached_property
    def unit_code_columns(self) -> tuple[int, ...]:
        words = frozenset(lexicon("headers")["unit_code"])
        return self.columns_headed(words)

    @cached_property
    def code_parts(self) -> frozenset[int]:
        """The columns headed 类, 款, 项."""
        return frozenset(self.columns_headed(frozenset(lexicon("headers")["code_part"])))

    @cached_property
    def name_columns(self) -> frozenset[int]:
        """The columns whose head says that they hold labels."""
        words = lexicon("headers")
        return frozenset(self.columns_headed(frozenset((*words["name"], *words["unit_name"]))))

    def columns_headed(self, words: frozenset[str]) -> tuple[int, ...]:
        head = self.rows[: self.head_rows]
        width = max(map(len, head), default=0)
        return tuple(
            at
            for at in range(width)
            if any(at < len(row) and squeeze(row[at].text) in words for row in head)
        )

    def cell(self, row: int, column: int) -> Cell | None:
        """None outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


def opened(cells: Row) -> Cell | None:
    """The name of the project that a row opens."""
    for cell, after in pairwise(cells[:4]):
        if is_level(cell.text) or sign_of(cell.text):
            return None
        goal = goal_of(after.text)
        if is_plain(cell.text) and goal is not None and not goal.operator:
            return cell
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cell found again in the raw grid."""

    table: RawTable
    row: int
    column: int

    @property
    def cell(self) -> Cell:
        return self.table.rows[self.row][self.column]

    @property
    def cells(self) -> Row:
        return self.table.rows[self.row]

    @property
    def under_goal_head(self) -> bool:
        return any(at < self.row for at in self.table.goal_heads)
