"""A document's stored bytes, read again by its format's reader: what proofs are held against.

Only the reader's grids and paragraphs are used, never tables, facts or passages of the index.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from threading import Lock

from assistant.answer import Citation
from assistant.fault import FaultName
from assistant.raw_table import RawTable, Spot, name_of
from index.arrange import outline_of
from index.caption import CAPTION_LINES, TABLE_NUMBER, unfold
from index.correct import with_words
from index.document import Block, Grid, Paragraph, Place
from index.fact import Fact, Kind, Unit
from index.outline import Outline
from index.quantity import parse_number, quantities
from index.read import read_source
from index.sentences import flatten
from index.store import Store, StoredDocument
from index.subject import Names, names_of
from index.words import key, squeeze

MOST_DOCUMENTS = 64
"""Parsed documents kept; a real budget is 1 to 10 MB in memory."""
PARTED = 4
"""Paragraphs that a text broken by pages may have been joined from."""
SHORTEST_PIECE = 4
"""Characters a quotation must share with each of the cells a page break cut it into."""


@dataclass(frozen=True, kw_only=True)
class RawDocument:
    document: StoredDocument
    year: int | None
    """Of the title, as are institution and account."""
    institution: str = ""
    account: str = ""
    tables: tuple[RawTable, ...]
    paragraphs: tuple[Paragraph, ...]
    proofs: dict[Fact, FaultName | None] = field(default_factory=dict, compare=False)
    """What was found of the facts held against it so far."""
    content: bytes = field(default=b"", compare=False, repr=False)
    """The bytes of a PDF, for a second reading of its boxes."""
    boxes: dict[Place, bool] = field(default_factory=dict, compare=False)
    """Whether the second reading of a box agrees."""

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
        return tuple(text for text, place in self._texts() if citation.covers(place))

    def texts_from(self, citation: Citation) -> tuple[str, ...]:
        """What stands at a citation's place; of a paragraph also those below, for a page break
        may part a text."""
        at = None if citation.line is not None else self.paragraph_at(citation.place)
        if at is None:
            return self.texts_at(citation)
        return tuple(p.text for p in self.paragraphs[at : at + PARTED])

    def located(self, citation: Citation) -> Citation:
        """The citation where its quotation stands: here, in one of the paragraphs below that a
        text was joined from, or on the same page or sheet."""
        if citation.line is not None or as_printed(citation.quote, self.texts_at(citation)):
            return citation
        at = self.paragraph_at(citation.place)
        below = self.paragraphs[at + 1 : at + PARTED] if at is not None else ()
        for paragraph in below:
            if as_printed(citation.quote, [paragraph.text]) is not None:
                return citation.at(paragraph.place, citation.quote)
        whole = replace(citation, box=None, cell=None if citation.sheet else citation.cell)
        found = as_printed(citation.quote, self.texts_at(whole)) is not None
        return whole if found else citation

    def paragraph_at(self, place: Place) -> int | None:
        """Index of the paragraph that stands at or around `place`."""
        for at, paragraph in enumerate(self.paragraphs):
            if paragraph.place == place or _covers(paragraph.place, place):
                return at
        return None


def _covers(outer: Place, inner: Place) -> bool:
    if outer.line is None or inner.line is None:
        return False
    return outer.line <= inner.line <= (outer.line_end or outer.line)


def quoted(quote: str, texts: Sequence[str]) -> bool:
    """`quote` is an exact stretch of one of the texts; or of several that a page break parts: the
    end of one, perhaps whole ones, the beginning of another; or whole ones parted by a space.

    >>> quoted("乙丙", ["甲乙丙丁"]), quoted("甲丁", ["甲乙丙丁"]), quoted("甲 丁", ["甲", "丁"])
    (True, False, True)
    """
    if not quote.strip():
        return False
    return (
        any(quote in text for text in texts)
        or _is_lines(quote, texts)
        or any(_begins_in(text, quote, texts[at + 1 :]) for at, text in enumerate(texts))
    )


def as_printed(quote: str, texts: Sequence[str]) -> str | None:
    """The quotation as the texts print it, if they differ in nothing but white space and the
    width of letters; None if it does not stand there.

    >>> as_printed("合计", ["622", "合 计"]), as_printed("总计", ["合 计"])
    ('合 计', None)
    """
    if quoted(quote, texts):
        return quote
    sought = squeeze(quote)
    for text in texts:
        letters = [(letter, at) for at, char in enumerate(text) for letter in squeeze(char)]
        found = "".join(letter for letter, _ in letters).find(sought) if sought else -1
        if found >= 0:
            return text[letters[found][1] : letters[found + len(sought) - 1][1] + 1]
    return None


def _is_lines(quote: str, texts: Sequence[str]) -> bool:
    """A title: number and name stand in lines of their own."""
    for text in texts:
        line = " ".join(text.split())
        if quote == line or quote.startswith(line + " "):
            quote = quote[len(line) :].lstrip()
    return not quote


def _begins_in(text: str, quote: str, below: Sequence[str]) -> bool:
    starts = range(max(0, len(text) - len(quote) + 1), len(text) - SHORTEST_PIECE + 1)
    return any(
        quote.startswith(text[start:]) and _goes_on(quote[len(text) - start :], below)
        for start in starts
    )


def _goes_on(rest: str, texts: Sequence[str]) -> bool:
    return any(
        text.startswith(rest)
        or (rest.startswith(text) and _goes_on(rest[len(text) :], texts[at + 1 :]))
        for at, text in enumerate(texts)
    )


# --------------------------------------------------------------------------------- reading


def raw_document(stored: StoredDocument, content: bytes) -> RawDocument:
    """Raises BudgetError if the bytes cannot be read."""
    source = read_source(stored.document, content)
    blocks = [part for b in source.blocks for part in (unfold(b) if isinstance(b, Grid) else [b])]
    outline = outline_of(source)
    return RawDocument(
        document=stored,
        year=outline.year,
        institution=outline.institution,
        account=outline.account,
        tables=tuple(_tables(blocks, outline, stored.units)),
        paragraphs=tuple(block for block in blocks if isinstance(block, Paragraph)),
        content=content if source.format == "pdf" else b"",
    )


def _tables(
    blocks: Iterable[Block], outline: Outline, units: tuple[Unit, ...]
) -> Iterator[RawTable]:
    """Grids cut and joined where the outline does; captions as they stand above each."""
    table_at = {
        row[0].place: number
        for number, table in enumerate(outline.tables)
        for row in table.rows
        if row
    }
    pending: list[str] = []
    open_: RawTable | None = None
    last: int | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            pending.append(block.text)
            continue
        number = table_at.get(block.rows[0][0].place)
        if open_ is not None and number is not None and number == last:
            open_ = replace(open_, rows=(*open_.rows, *block.rows))
        else:
            if open_ is not None:
                yield open_
            open_ = _table(block, pending, units)
        last, pending = number, []
    if open_ is not None:
        yield open_


def _table(grid: Grid, lines: Sequence[str], units: tuple[Unit, ...]) -> RawTable:
    return RawTable(
        rows=grid.rows,
        caption=caption_lines(lines),
        above=tuple(lines),
        sheet=grid.name,
        units=units,
    )


def caption_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """From the table's number on, or a title above it; without a number the last lines."""
    last = lines[-CAPTION_LINES:]
    for at in range(len(last) - 1, -1, -1):
        if TABLE_NUMBER.match(squeeze(last[at])):
            return tuple(last[max(0, at - 1) :])
    return tuple(last)


def as_printed_fact(fact: Fact) -> Fact:
    """Without what a person said of it."""
    value = fact.printed_value if fact.corrected else fact.value
    return replace(fact, value=value, printed_value=None, corrected=False, word="")


class Originals:
    """The documents of a store as printed, parsed once for each state of their bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parsed: OrderedDict[tuple[str, str], RawDocument] = OrderedDict()
        self._lock = Lock()

    def is_said(self, fact: Fact) -> bool:
        """A person's word that the store keeps of this very cell makes the fact what it is."""
        words = self._store.corrections(fact.document)
        sha256 = self._store.document(fact.document).sha256
        return with_words([as_printed_fact(fact)], words, sha256) == (fact,)

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
