"""One <table> → a grid; and whether it is a table of data or lays out a page."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from index.document import Grid, Place
from index.readers.markup import Element, Styles, Walk, shown_text, spaces
from index.readers.spans import MOST_SQUARES, Spanned, grid_of

WIDEST_SPAN = 1000
"""Columns a cell spans at most: the limit of the HTML standard."""
TALLEST_SPAN = 65534
SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}
"""In the order in which they are shown, wherever they stand in the source."""
FIGURE = re.compile(r"[(（]?[+\-−－—]?[\d,，]*\d(?:\.\d+)?[%％]?[)）]?(?:万?元)?")
FEWEST_FIGURES = 4
"""In cells of its own that make a table of tables one of data."""
RUNNING_TEXT = 400
"""Characters: a cell that long, beside no figures, is a column of a page."""
HEAD_WORD = 20
"""Characters of the longest head word of a form without rows."""

PlaceOf = Callable[[int, int, Element], Place]
"""The place of a cell by its row and number, from 1, and its element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlCell:
    element: Element
    text: str
    rows: int
    columns: int
    nested: bool
    """It holds a table."""


@dataclass(slots=True)
class HtmlRow:
    section: tuple[int, int]
    """Rank and number of its thead, tbody or tfoot; no cell spans out of it."""
    cells: list[HtmlCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlTable:
    rows: tuple[HtmlRow, ...]
    captions: tuple[Element, ...]

    @property
    def texts(self) -> list[list[str]]:
        """The words of each row that prints something."""
        rows = ([cell.text.strip() for cell in row.cells if cell.text] for row in self.rows)
        return [row for row in rows if row]


def read_table(table: Element, nesting: set[Element], styles: Styles) -> HtmlTable:
    """The rows of `table` itself, hidden ones left out. `nesting`: cells that hold tables."""
    rows: list[HtmlRow] = []
    captions: list[Element] = []
    section = (SECTIONS["tbody"], 0)
    events = Walk(table)
    for event, element, shown in events:
        if event != "start" or not shown or element is table:
            continue
        tag = element.tag
        if tag in SECTIONS:
            section = (SECTIONS[tag], section[1] + 1)
        elif tag == "tr":
            rows.append(HtmlRow(section))
        elif tag in ("td", "th"):
            if not rows:
                rows.append(HtmlRow(section))
            rows[-1].cells.append(_cell(element, nesting, styles))
            events.skip()
        elif tag in ("table", "caption"):
            captions += [element] if tag == "caption" else []
            events.skip()
    return HtmlTable(rows=tuple(sorted(rows, key=_rank)), captions=tuple(captions))


def _rank(row: HtmlRow) -> int:
    return row.section[0]


def _cell(element: Element, nesting: set[Element], styles: Styles) -> HtmlCell:
    nested = element in nesting
    text = "" if nested else shown_text(element)  # of a frame this would be the whole page
    if FIGURE.fullmatch(text.strip()):
        text = text.strip()
    elif text:
        inner = next(iter(element), None)
        halves = styles.indent(element) or (0 if inner is None else styles.indent(inner))
        text = spaces(halves) + text
    return HtmlCell(
        element=element,
        text=text,
        rows=_span(element.get("rowspan"), TALLEST_SPAN),
        columns=_span(element.get("colspan"), WIDEST_SPAN) or 1,
        nested=nested,
    )


def _span(printed: str | None, most: int) -> int:
    """0, which is said of rows, spans to the end of the section."""
    found = re.match(r"\s*(\d{1,9})", printed or "")
    return min(int(found[1]), most) if found else 1


def is_data(table: HtmlTable) -> bool:
    """Rows and columns, not a frame around them, a line of words or columns of running text."""
    rows = table.texts
    figures = sum(bool(FIGURE.fullmatch(text)) for row in rows for text in row)
    nested = [cell for row in table.rows for cell in row.cells if cell.nested]
    if nested:
        return figures >= FEWEST_FIGURES and not _hold_as_many(nested, figures)
    if all(len(row) < 2 for row in rows):
        return False
    if figures:
        return True
    if len(rows) == 1:
        return len(rows[0]) > 2 and all(_is_head_word(text) for text in rows[0])
    texts = [text for row in rows for text in row]
    said = sum(text.endswith((":", "：")) for text in texts)
    return said < 2 and all(len(text) < RUNNING_TEXT for text in texts)


def _hold_as_many(cells: Sequence[HtmlCell], figures: int) -> bool:
    inner = (td for cell in cells for td in cell.element.iter("td", "th") if td is not cell.element)
    texts = (next(filter(None, map(str.strip, td.itertext())), "") for td in inner)
    found = (text for text in texts if FIGURE.fullmatch(text))
    return sum(1 for _ in islice(found, figures)) == figures


def _is_head_word(text: str) -> bool:
    return len(text) <= HEAD_WORD and not re.search("[:：]", text)


def grid(table: HtmlTable, place_of: PlaceOf) -> Grid | None:
    """None for a table that prints nothing. Raises ValueError beyond `MOST_SQUARES`."""
    cells = list(_placed(table.rows, place_of))
    width = max((cell.column for cell in cells), default=0) + 1
    fitting = [_within(cell, width) for cell in cells]
    return grid_of(fitting) if any(cell.text.strip() for cell in cells) else None


def _within(cell: Spanned, width: int) -> Spanned:
    """A title may span a hundred columns of a table of six."""
    return Spanned(
        row=cell.row,
        column=cell.column,
        rows=cell.rows,
        columns=min(cell.columns, width - cell.column),
        text=cell.text,
        place=cell.place,
    )


def _placed(rows: Sequence[HtmlRow], place_of: PlaceOf) -> Iterator[Spanned]:
    taken: list[set[int]] = [set() for _ in rows]
    sections = Counter(row.section for row in rows)
    squares = 0
    for at, row in enumerate(rows):
        below = sections[row.section]
        sections[row.section] -= 1
        column = 0
        for number, cell in enumerate(row.cells, 1):
            while column in taken[at]:
                column += 1
            height = min(cell.rows or below, below)
            squares += height * cell.columns
            if squares > MOST_SQUARES:
                raise ValueError(f"{squares} squares")
            for reached in taken[at : at + height]:
                reached.update(range(column, column + cell.columns))
            yield Spanned(
                row=at,
                column=column,
                rows=height,
                columns=cell.columns,
                text=shown_text(cell.element) if cell.nested else cell.text,
                place=place_of(at + 1, number, cell.element),
            )
