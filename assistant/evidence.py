"""Citation → the printed table or paragraph it points to, with row, column and cell marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answer import Citation
from assistant.naming import table_name
from index.document import Cell, Place
from index.fact import Fact, Kind, Passage, PassageKind, Table, TableState

MOST_ROWS = 500
"""A browser lays out this many in a blink; a longer table is shown around its marked row."""
AROUND = 2
"""Paragraphs shown before and after the one cited."""

At = tuple[int, int]
"""Row and square in it, counted in the rows shown."""


class StoredName(Protocol):
    @property
    def document(self) -> str: ...
    @property
    def title(self) -> str: ...


class Shelf(Protocol):
    """What `index.store.Store` offers of the documents as printed."""

    def documents(self) -> Sequence[StoredName]: ...
    def tables(self, document: str = "") -> tuple[Table, ...]: ...
    def facts(self, document: str = "") -> tuple[Fact, ...]: ...
    def passages(self, document: str = "") -> tuple[Passage, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph shown; the stretch from `start` to `end` is the sentence cited."""

    text: str
    start: int = 0
    end: int = 0
    place: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end <= len(self.text):
            raise ValueError(f"{self.start}–{self.end} is no stretch of {len(self.text)} letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A table (`rows`) or prose (`paragraphs`) with what the citation points to."""

    citation: Citation
    title: str
    """The document's, or its file's name."""
    table: Table | None = None
    header: tuple[tuple[Cell, ...], ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    marked_rows: frozenset[int] = frozenset()
    marked_cell: At | None = None
    marked_column: frozenset[At] = frozenset()
    """The squares of `rows` in the column of the marked cell."""
    marked_header: frozenset[At] = frozenset()
    left_out: int = 0
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def located(self) -> bool:
        """Whether the quotation was found where the citation says it stands."""
        return self.marked_cell is not None or any(p.end > p.start for p in self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cell of a table, counted from the table's first row, and the fact read from it."""

    row: int
    square: int
    fact: Fact | None = None


def evidence(store: Shelf, citation: Citation) -> Evidence:
    """What a click on the source shows; always something, at least the quotation itself."""
    titles = {stored.document: stored.title for stored in store.documents()}
    title = titles.get(citation.document) or citation.document
    found = (
        in_table(store, citation, title)
        or named_table(store, citation, title, at_place=True)
        or in_prose(store.passages(citation.document), citation, title)
        or named_table(store, citation, title)
    )
    quoted = Paragraph(text=citation.quote)
    return found or Evidence(citation=citation, title=title, paragraphs=(quoted,))


# ---------------------------------------------------------------------------------- tables


def in_table(store: Shelf, citation: Citation, title: str) -> Evidence | None:
    """The first table with the quotation at the citation's place, the named one before others."""
    tables = store.tables(citation.document)
    facts = store.facts(citation.document)
    for table in sorted(tables, key=lambda table: not is_named(table, citation)):
        if spot := find_spot(table, facts, citation):
            return marked(table, facts, citation, spot, title)
    return None


def named_table(
    store: Shelf, citation: Citation, title: str, *, at_place: bool = False
) -> Evidence | None:
    """The table that the citation names, without a mark: its title is cited, or it is empty."""
    for table in store.tables(citation.document):
        here = table.state is not TableState.MISSING and covers(table.place, citation)
        if is_named(table, citation) and (here or not at_place):
            return unmarked(table, citation, title)
    return None


def is_named(table: Table, citation: Citation) -> bool:
    name = citation.table
    return bool(name) and name in (table.number, table.title, table_name(table.number, table.title))


def find_spot(table: Table, facts: Sequence[Fact], citation: Citation) -> Spot | None:
    """The cell: by the fact of that row and column, else by its text alone."""
    squares = {
        cell.place: (row, at)
        for row, cells in enumerate(table.rows)
        for at, cell in enumerate(cells)
        if not cell.spread and citation.covers(cell.place) and citation.quote in cell.text
    }
    known = [fact for fact in facts if fact.place in squares and fact.table == table.number]
    if known and citation.column:
        fact = max(known, key=lambda fact: likeness(fact, citation))
        row, at = squares[fact.place]
        return Spot(row=row, square=at, fact=fact)
    for fact in facts:
        if fact.kind is Kind.BLANK and fact.table == table.number and is_square(fact, citation):
            return blank_spot(table, fact)
    exact = [at for at in squares.values() if _text(table, at) == citation.quote.strip()]
    for row, at in exact or squares.values():
        return Spot(row=row, square=at)
    return None


def is_square(fact: Fact, citation: Citation) -> bool:
    """A blank square is cited by the label beside it, so that only row and column tell."""
    row, column = "/".join(fact.row_path), "/".join(fact.column)
    named = column == citation.column and citation.row.endswith(row)
    return named and beside(fact, citation)


def blank_spot(table: Table, fact: Fact) -> Spot | None:
    for row, cells in enumerate(table.rows):
        for at, cell in enumerate(cells):
            if cell.place == fact.place:
                return Spot(row=row, square=at, fact=fact)
    return None


def beside(fact: Fact, citation: Citation) -> bool:
    """The square, or the label that is cited for it."""
    return any(citation.covers(place) for place in (fact.place, *fact.label_places[:1]))


def likeness(fact: Fact, citation: Citation) -> tuple[bool, bool, bool]:
    row, column = "/".join(fact.row_path), "/".join(fact.column)
    return (column == citation.column, citation.row.endswith(row), fact.printed == citation.quote)


def marked(
    table: Table, facts: Sequence[Fact], citation: Citation, spot: Spot, title: str
) -> Evidence:
    """The table around the spot, with the spot's row and column."""
    head = table.header_rows
    first, last = window(len(table.rows) - head, spot.row - head)
    whole = unmarked(table, citation, title)
    column = column_of(table, facts, spot)
    here = {(row - head - first, at) for row, at in column if head + first <= row < head + last}
    return replace(
        whole,
        rows=table.rows[head + first : head + last],
        left_out=len(table.rows) - head - (last - first),
        marked_rows=frozenset(
            at - head - first for at in rows_of(table, citation, spot) if at >= head + first
        ),
        marked_cell=(spot.row - head - first, spot.square),
        marked_column=frozenset(here),
        marked_header=frozenset((row, at) for row, at in column if row < head),
    )


def unmarked(table: Table, citation: Citation, title: str) -> Evidence:
    rows = table.rows[table.header_rows :]
    return Evidence(
        citation=citation,
        title=title,
        table=table,
        header=table.rows[: table.header_rows],
        rows=rows[:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
    )


def window(count: int, at: int) -> tuple[int, int]:
    """First and last (exclusive) of the rows shown, `at` among them.

    >>> window(40, 3), window(2000, 1000), window(2000, 1990)
    ((0, 40), (750, 1250), (1500, 2000))
    """
    first = max(0, min(at - MOST_ROWS // 2, count - MOST_ROWS))
    return first, min(count, first + MOST_ROWS)


def rows_of(table: Table, citation: Citation, spot: Spot) -> set[int]:
    """The cell's row, and the lines its wrapped label runs over."""
    labels = set(spot.fact.label_places) if spot.fact else set()
    return {spot.row} | {
        row
        for row, cells in enumerate(table.rows)
        if row >= table.header_rows and any(cell.place in labels for cell in cells)
        if row == spot.row or _touches(cells, citation)
    }


def _touches(cells: Iterable[Cell], citation: Citation) -> bool:
    return any(citation.covers(cell.place) for cell in cells)


def column_of(table: Table, facts: Sequence[Fact], spot: Spot) -> set[At]:
    """The squares under the same header: by the facts, for rows may be shifted sideways."""
    squares = {
        cell.place: (row, at)
        for row, cells in enumerate(table.rows)
        for at, cell in enumerate(cells)
        if not cell.spread
    }
    if spot.fact is None:
        return {
            (row, spot.square) for row, cells in enumerate(table.rows) if spot.square < len(cells)
        }
    heads = spot.fact.header_places
    body = (
        fact.place for fact in facts if fact.table == table.number and fact.header_places == heads
    )
    return {squares[place] for place in (*heads, *body) if place in squares}


def _text(table: Table, at: At) -> str:
    return table.rows[at[0]][at[1]].text.strip()


# ----------------------------------------------------------------------------------- prose


def in_prose(passages: Iterable[Passage], citation: Citation, title: str) -> Evidence | None:
    """The paragraph that holds the quotation, with its neighbours."""
    printed = [p for p in passages if p.kind is not PassageKind.TABLE]
    holding = [p for p in printed if covers(p.place, citation) and stretch(p.text, citation.quote)]
    if not holding:
        return None
    cited = min(holding, key=lambda p: len(p.text))
    shown = neighbours(printed, cited)
    return Evidence(
        citation=citation,
        title=title,
        paragraphs=tuple(paragraph(p, citation, mark=p is cited) for p in shown),
    )


def covers(place: Place, citation: Citation) -> bool:
    if citation.line is not None and place.line is not None:
        last = place.line_end or place.line
        return place.line <= (citation.line_end or citation.line) and citation.line <= last
    return citation.covers(place)


def neighbours(printed: Sequence[Passage], cited: Passage) -> list[Passage]:
    """A place once: an entry of the glossary is a paragraph too."""
    ordered: dict[Place, Passage] = {}
    for passage in printed:
        ordered.setdefault(passage.place, passage)
    ordered[cited.place] = cited
    # Passages are kept in reading order, the entries of the glossary behind all paragraphs: where
    # there are lines these put them right.
    around = sorted(ordered.values(), key=lambda p: (p.place.page or 0, p.place.line or 0))
    at = around.index(cited)
    return around[max(0, at - AROUND) : at + AROUND + 1]


def paragraph(passage: Passage, citation: Citation, *, mark: bool) -> Paragraph:
    start, end = (stretch(passage.text, citation.quote) if mark else None) or (0, 0)
    return Paragraph(text=passage.text, start=start, end=end, place=str(passage.place))


def stretch(text: str, quote: str) -> tuple[int, int] | None:
    """Where the quotation stands, whatever spaces line wrapping put in or took out.

    >>> stretch("共 35 万元。", "35万元")
    (2, 7)
    """
    at = text.find(quote)
    if at >= 0:
        return (at, at + len(quote)) if quote else None
    letters = [at for at, letter in enumerate(text) if not letter.isspace()]
    sought = "".join(quote.split())
    found = "".join(text[at] for at in letters).find(sought)
    if found < 0 or not sought:
        return None
    return letters[found], letters[found + len(sought) - 1] + 1
