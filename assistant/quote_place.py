"""Sentences → quotes: an exact stretch, and the lines where it stands (never more than six)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby

from assistant.catalogue import Catalogue, flat
from assistant.finding import Quote
from assistant.quote_sayings import Saying
from index.document import Cell, Place
from index.fact import Passage, Table

MOST_LINES = 6
"""Of a citation; a longer one sends the reader off to search."""
LONGEST_SENTENCE = 380
"""Characters of one sentence that is shown whole."""
CLAUSE = re.compile("[，,；;：:]")
SHORTEST_PART = 6
"""Characters of a part of a quote that is worth a citation of its own."""
EDGES = " \n\t　*"
"""White space, and the asterisks of bold print that some text files keep."""


def quotes_of(
    sayings: Iterable[Saying], catalogue: Catalogue, question: str = ""
) -> tuple[Quote, ...]:
    """Neighbouring sentences of a passage become one quote; the same text is quoted once.

    Of a lone sentence too long to show, the clauses around what the question says are kept.
    """
    found: dict[str, Quote] = {}
    kept = tuple(sayings)
    for passage, start, end in stretches(kept):
        text = passage.text[start:end].strip(EDGES)
        if len(kept) == 1 and len(text) > LONGEST_SENTENCE:
            text = clauses(text, question).strip(EDGES)
        for quote in placed(passage, text, catalogue):
            found.setdefault(flat(quote.text), quote)
    return tuple(found.values())


def clauses(text: str, question: str) -> str:
    """Whole clauses of a long sentence, at most LONGEST_SENTENCE characters, around the longest
    stretch that the question says too."""
    said = SequenceMatcher(None, text, question, autojunk=False).find_longest_match()
    edges = [0, *(found.end() for found in CLAUSE.finditer(text)), len(text)]
    last = next(edge for edge in edges if edge >= min(len(text), said.a + said.size))
    first = next(edge for edge in edges if edge >= last - LONGEST_SENTENCE)
    fitting = [edge for edge in edges if edge <= first + LONGEST_SENTENCE]
    return text[first : max(last, fitting[-1])][:LONGEST_SENTENCE]


def stretches(sayings: Iterable[Saying]) -> Iterator[tuple[Passage, int, int]]:
    """Runs of sentences that follow one another, in the order given."""
    numbered = list(enumerate(sayings))
    for _, run in groupby(numbered, key=lambda pair: pair[1].at - pair[0]):
        for passage, members in groupby((saying for _, saying in run), key=lambda s: s.passage.id):
            held = list(members)
            if passage:
                yield held[0].passage, held[0].start, held[-1].end


def placed(passage: Passage, text: str, catalogue: Catalogue) -> tuple[Quote, ...]:
    """The quote at the passage's lines; of one that spans more, the parts where they stand."""
    place = passage.place
    if place.line is None or (place.line_end or place.line) - place.line < MOST_LINES:
        return (Quote(text=text, passage=passage),)
    parts = tuple(_parts(text, _cells(passage, catalogue.tables)))
    if not parts:
        place = replace(place, line_end=place.line + MOST_LINES - 1)
        return (Quote(text=text, passage=replace(passage, place=place)),)
    return tuple(Quote(text=part, passage=replace(passage, place=at)) for part, at in parts)


def _cells(passage: Passage, tables: Sequence[Table]) -> list[Cell]:
    """The cells of the passage's table that stand within its lines and are part of its text."""
    first, last = passage.place.line or 0, passage.place.line_end or 0
    return [
        cell
        for table in tables
        if (table.document, table.number) == (passage.document, passage.table)
        for row in table.rows
        for cell in row
        if first <= (cell.place.line or 0) <= last
        and not cell.spread
        and len(cell.text.strip()) >= SHORTEST_PART
        and cell.text.strip() in passage.text
    ]


def _parts(text: str, cells: Sequence[Cell]) -> Iterator[tuple[str, Place]]:
    """What of the text each cell holds, in reading order."""
    for cell in cells:
        shared = overlap(text, cell.text.strip())
        if len(shared) >= min(SHORTEST_PART, len(text)):
            yield shared, cell.place


def overlap(text: str, cell: str) -> str:
    """The stretch of `text` that the cell prints: all of it, or what a page break cut off.

    >>> overlap("甲乙丙丁", "子丑甲乙"), overlap("甲乙丙丁", "丙丁寅卯")
    ('甲乙', '丙丁')
    """
    if text in cell:
        return text
    if cell in text:
        return cell
    for size in range(min(len(text), len(cell)) - 1, 0, -1):
        if cell.endswith(text[:size]):
            return text[:size]
        if cell.startswith(text[-size:]):
            return text[-size:]
    return ""


def headline(passage: Passage, text: str, most: int = 5) -> Quote:
    """A title as a quote: its first lines only, however long the table below it is."""
    place = passage.place
    if place.line is not None:
        last = min(place.line_end or place.line, place.line + most - 1)
        passage = replace(passage, place=replace(place, line_end=last, field=None))
    return Quote(text=re.sub(r"\s+", " ", text).strip(), passage=passage)
