"""Tables of text whose columns are only aligned by spaces: found by the gaps down the page."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.document import Grid, Place
from index.head import is_figure
from index.readers.spans import Spanned, grid_of

GAP = re.compile(r"[ \xa0]{2,}|[ \xa0]*\u3000[ \xa0\u3000]*")
"""Between two words of a line. One full-width space may also spread the letters of a word (项　目):
the columns tell."""
LONGEST_LABEL = 40
"""Characters of a line without figures that may still be a row."""
END = tuple("。；;！？!?")
FARTHEST = 8
"""Lines without figures, of a head or of labels alone, before a figure is met."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int
    """Half widths from the left edge: a Chinese character takes two."""


def table_length(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are one table, 0 if none: lines of words and figures with gaps
    between them, their heads above, and labels alone between two of them."""
    end = last = at
    figured = 0
    while end < len(lines) and end - last < FARTHEST and (words := words_of(lines[end])):
        end += 1
        if _has_figures(words):
            figured += 1
            last = end
        elif len(words) < 2 and not (figured and _is_label(words[0])):
            break
    return last - at if figured > 1 or (figured and last - at > 1) else 0


def _has_figures(words: Sequence[Word]) -> bool:
    return len(words) > 1 and any(is_figure(word.text) for word in words[1:])


def _is_label(word: Word) -> bool:
    return len(word.text) <= LONGEST_LABEL and not word.text.endswith(END)


def words_of(line: str) -> list[Word]:
    """The words of a line, with the columns of the screen that they take."""
    words: list[Word] = []
    at = column = 0
    for gap in [*GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        text = line[at:end]
        if text.strip():
            words.append(Word(text, column, column + width_of(text)))
        column += width_of(line[at : gap.end() if gap else end])
        at = gap.end() if gap else end
    return words


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def grid_of_spaces(lines: Sequence[str], first: int) -> Grid | None:
    """The rows of a table whose first line is line `first` of the file.

    None where no gap runs down between the columns and the lines have unlike numbers of words:
    then nothing says under which head a figure stands.
    """
    rows = [words_of(line) for line in lines]
    figured = [row for row in rows if _has_figures(row)]
    columns = columns_of(figured)
    if not all(_fits(row, columns) for row in figured):
        return _in_order(rows, first)
    heads = next(at for at, row in enumerate(rows) if _has_figures(row))
    cells: list[Spanned] = []
    headed: set[int] = set()
    for at, row in enumerate(rows):
        parts = _parts(row, columns)
        over = _widened(parts, columns, headed) if at < heads else {n: {n} for n in parts}
        headed |= set().union(*over.values())
        left = columns if at >= heads else ()
        cells += [_cell(words, left, first + at, at, over[n]) for n, words in parts.items()]
        blank = set(range(len(columns))).difference(*over.values())
        cells += [_cell((), (), first + at, at, {n}) for n in blank]
    return grid_of(cells)


def columns_of(rows: Sequence[Sequence[Word]]) -> list[tuple[int, int]]:
    """What the words of these rows take of the screen, words that overlap together."""
    columns: list[tuple[int, int]] = []
    for start, end in sorted((word.start, word.end) for row in rows for word in row):
        if columns and start < columns[-1][1] + 1:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def _fits(row: Sequence[Word], columns: Sequence[tuple[int, int]]) -> bool:
    """No two words of the row stand in one column, unless both are letters of one label."""
    taken = [_column(word, columns) for word in row]
    clash = {at for at in taken if taken.count(at) > 1}
    return not any(at in clash and is_figure(w.text) for at, w in zip(taken, row, strict=True))


def _column(word: Word, columns: Sequence[tuple[int, int]]) -> int:
    """The column that it overlaps most, else the nearest."""

    def overlap(at: int) -> int:
        return min(word.end, columns[at][1]) - max(word.start, columns[at][0])

    return max(range(len(columns)), key=overlap)


def _parts(row: Sequence[Word], columns: Sequence[tuple[int, int]]) -> dict[int, list[Word]]:
    """The words of a row by their column: the letters of one word may be spread."""
    parts: dict[int, list[Word]] = {}
    for word in row:
        parts.setdefault(_column(word, columns), []).append(word)
    return parts


def _widened(
    parts: dict[int, list[Word]], columns: Sequence[tuple[int, int]], headed: set[int]
) -> dict[int, set[int]]:
    """The columns that each word of a head row stands over: a head of several is printed in
    their middle, so a column that nothing heads belongs to the word nearest to it."""
    middles = {n: (words[0].start + words[-1].end) / 2 for n, words in parts.items()}
    over = {n: {n} for n in parts}
    for at, (start, end) in enumerate(columns):
        if at not in parts and at not in headed:
            middle = (start + end) / 2
            nearest = min(middles, key=lambda n: abs(middles[n] - middle))
            over[nearest].add(at)
    return {n: _without_gaps(n, found) for n, found in over.items()}


def _without_gaps(own: int, found: set[int]) -> set[int]:
    left = right = own
    while left - 1 in found:
        left -= 1
    while right + 1 in found:
        right += 1
    return set(range(left, right + 1))


def _cell(
    words: Sequence[Word],
    columns: Sequence[tuple[int, int]],
    line: int,
    row: int,
    over: set[int],
) -> Spanned:
    """`columns`: those within which a label may be indented; a head is centred, not indented."""
    text = "".join(word.text.strip() for word in words)
    begin = min(over)
    if columns and not is_figure(text):
        halves = max(0, words[0].start - columns[begin][0])
        text = "\u3000" * (halves // 2) + " " * (halves % 2) + text
    place = Place(line=line, field=begin)
    return Spanned(row=row, column=begin, columns=len(over), text=text, place=place)


def _in_order(rows: Sequence[Sequence[Word]], first: int) -> Grid | None:
    if len({len(row) for row in rows}) != 1:
        return None
    cells = [
        Spanned(row=at, column=n, text=word.text.strip(), place=Place(line=first + at, field=n))
        for at, row in enumerate(rows)
        for n, word in enumerate(row)
    ]
    return grid_of(cells)
