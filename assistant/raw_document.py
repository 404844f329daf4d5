"""A document's stored bytes, read again by its format's reader: what proofs are held against.

Only the reader's grids and paragraphs are used, never tables, facts or passages of the index.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from threading import Lock

from assistant.answer import Citation
from assistant.fault import FaultName
from index.arrange import CAPTION_LINES, TABLE_NUMBER, UNIT_LINE, title_of
from index.document import Block, Cell, Grid, Paragraph, Place
from index.fact import Fact, Kind, Unit
from index.goal_rows import head_of, is_goal_head, is_head, printed_cells
from index.goal_words import Part, goal_of, is_level, is_plain, sign_of
from index.head import head_length
from index.quantity import parse_number, quantities
from index.read import read_source
from index.sentences import flatten
from index.store import Store, StoredDocument
from index.subject import Names, names_of
from index.tabulate import GLUED
from index.units import CODED
from index.words import bare, key, lexicon, squeeze, tidy

Row = tuple[Cell, ...]

MOST_DOCUMENTS = 64
"""Parsed documents kept; a real budget is 1 to 10 MB in memory."""
SHORTEST_PIECE = 4
"""Characters a quotation must share with each of the cells a page break cut it into."""


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
        """The caption's lines, the sheet's name, and head rows that hold one text (a title)."""
        titles = [row[0].text for row in self.printed[: self.head_rows] if len(row) in (1, 2)]
        return tuple(squeeze(text) for text in (*self.caption, self.sheet, *titles) if text)

    @cached_property
    def unit(self) -> str:
        """Unit of money of the unit line, in the caption or in the head rows; empty if none."""
        head = (cell.text for row in self.rows[: self.head_rows] for cell in row)
        for text in (*self.caption, *head):
            if found := UNIT_LINE.search(squeeze(text)):
                return found[1]
        return ""

    @cached_property
    def owners(self) -> tuple[Unit | None, ...]:
        """The budget unit printed last at or above each row."""
        found: list[Unit | None] = []
        for row in self.rows:
            own = self._unit_in(row)
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


@dataclass(frozen=True, kw_only=True)
class RawDocument:
    document: StoredDocument
    year: int | None
    """Of the title."""
    tables: tuple[RawTable, ...]
    paragraphs: tuple[Paragraph, ...]
    proofs: dict[Fact, FaultName | None] = field(default_factory=dict, compare=False)
    """What was found of the facts held against it so far."""

    @cached_property
    def spots(self) -> dict[Place, Spot]:
        found: dict[Place, Spot] = {}
        for table in self.tables:
            for at, row in enumerate(table.rows):
                for column, cell in enumerate(row):
                    if not cell.spread:
                        found.setdefault(cell.place, Spot(table=table, row=at, column=column))
        return found

    @cached_property
    def flat(self) -> tuple[str, ...]:
        """The paragraphs as `index.sentences.flatten` has them."""
        return tuple(flatten(paragraph.text).text for paragraph in self.paragraphs)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every cell's text as a label."""
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        return frozenset(name_of(cell.text) for cell in cells if not cell.blank)

    @cached_property
    def label_keys(self) -> frozenset[str]:
        return frozenset(map(key, self.labels))

    @cached_property
    def names(self) -> Names:
        """What the running text calls the department and its units."""
        return names_of(self.document.institution, self.document.units)

    def amounts(self, unit: str) -> frozenset[Decimal]:
        """The figures printed in tables and running text in this unit of money."""
        if unit not in self._amounts:
            cells = (c for t in self.tables if t.unit == unit for row in t.rows for c in row)
            numbers = {parse_number(cell.text) for cell in cells}
            said = {q.value for text in self.flat for q in quantities(text) if q.unit == unit}
            self._amounts[unit] = frozenset(n for n in numbers | said if n is not None)
        return self._amounts[unit]

    @cached_property
    def _amounts(self) -> dict[str, frozenset[Decimal]]:
        return {}

    @cached_property
    def money_units(self) -> frozenset[str]:
        """The units of money that the running text prints."""
        return frozenset(
            quantity.unit
            for text in self.flat
            for quantity in quantities(text)
            if quantity.kind is Kind.MONEY
        )

    @cached_property
    def _by_line(self) -> dict[int, list[str]]:
        lines: dict[int, list[str]] = {}
        for text, place in self._texts():
            if place.line is not None:
                for line in range(place.line, (place.line_end or place.line) + 1):
                    lines.setdefault(line, []).append(text)
        return lines

    def _texts(self) -> Iterator[tuple[str, Place]]:
        for table in self.tables:
            for row in table.rows:
                yield from ((cell.text, cell.place) for cell in row if not cell.blank)
        yield from ((paragraph.text, paragraph.place) for paragraph in self.paragraphs)

    def texts_at(self, citation: Citation) -> tuple[str, ...]:
        """The cells and paragraphs at a citation's place, in order."""
        if citation.line is not None:
            last = citation.line_end or citation.line
            lines = (self._by_line.get(line, []) for line in range(citation.line, last + 1))
            return tuple(dict.fromkeys(text for texts in lines for text in texts))
        return tuple(text for text, place in self._texts() if _is_at(place, citation))

    def paragraph_at(self, place: Place) -> int | None:
        """Index of the paragraph that stands at or around `place`."""
        for at, paragraph in enumerate(self.paragraphs):
            if paragraph.place == place or _covers(paragraph.place, place):
                return at
        return None


def _is_at(place: Place, citation: Citation) -> bool:
    if citation.cell is not None:
        return (place.sheet, place.cell) == (citation.sheet, citation.cell)
    if citation.page is not None:
        return place.page == citation.page
    return citation.sheet is not None and place.sheet == citation.sheet


def _covers(outer: Place, inner: Place) -> bool:
    if outer.line is None or inner.line is None:
        return False
    return outer.line <= inner.line <= (outer.line_end or outer.line)


def quoted(quote: str, texts: Sequence[str]) -> bool:
    """`quote` is an exact stretch of one of the texts, or of several that a page break parts:
    the end of one, perhaps whole ones, the beginning of another.

    >>> quoted("乙丙", ["甲乙丙丁"]), quoted("甲丁", ["甲乙丙丁"])
    (True, False)
    """
    if not quote.strip():
        return False
    if any(quote in text for text in texts):
        return True
    for at, text in enumerate(texts):
        for start in range(max(0, len(text) - len(quote) + 1), len(text) - SHORTEST_PIECE + 1):
            head = text[start:]
            if quote.startswith(head) and _goes_on(quote[len(head) :], texts[at + 1 :]):
                return True
    return False


def _goes_on(rest: str, texts: Sequence[str]) -> bool:
    return any(
        text.startswith(rest)
        or (rest.startswith(text) and _goes_on(rest[len(text) :], texts[at + 1 :]))
        for at, text in enumerate(texts)
    )


# --------------------------------------------------------------------------------- reading


def raw_document(stored: StoredDocument, content: bytes) -> RawDocument:
    """Raises BudgetError if the bytes cannot be read."""
    blocks = read_source(stored.document, content).blocks
    return RawDocument(
        document=stored,
        year=title_of(blocks, stored.document)[2],
        tables=tuple(_tables(blocks, stored.units)),
        paragraphs=tuple(block for block in blocks if isinstance(block, Paragraph)),
    )


def _tables(blocks: Iterable[Block], units: tuple[Unit, ...]) -> Iterator[RawTable]:
    pending: list[str] = []
    open_: RawTable | None = None
    for block in blocks:
        if isinstance(block, Grid):
            if open_ is not None and not pending:
                open_ = replace(open_, rows=(*open_.rows, *block.rows))
                continue
            if open_ is not None:
                yield open_
            caption = caption_lines(pending)
            open_ = RawTable(rows=block.rows, caption=caption, sheet=block.name, units=units)
            pending = []
        else:
            pending.append(block.text)
    if open_ is not None:
        yield open_


def caption_lines(lines: Sequence[str]) -> tuple[str, ...]:
    last = lines[-CAPTION_LINES:]
    for at in range(len(last) - 1, -1, -1):
        if TABLE_NUMBER.match(squeeze(last[at])):
            return tuple(last[at:])
    return tuple(last)


class Originals:
    """The documents of a store as printed, parsed once for each state of their bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parsed: OrderedDict[tuple[str, str], RawDocument] = OrderedDict()
        self._lock = Lock()

    def document(self, name: str) -> RawDocument | None:
        """None if the stored bytes are not those that the facts were read from.

        Raises BudgetError if there is no such document or its bytes cannot be read.
        """
        stored = self._store.document(name)
        content = self._store.content(name)
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != stored.sha256:
            return None
        with self._lock:
            known = self._parsed.get((name, sha256))
            if known is None or known.document != stored:
                known = raw_document(stored, content)
                self._parsed[name, sha256] = known
            self._parsed.move_to_end((name, sha256))
            while len(self._parsed) > MOST_DOCUMENTS:
                self._parsed.popitem(last=False)
            return known
