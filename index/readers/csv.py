"""CSV and TSV: records as rows, with the line where each begins; captions as paragraphs."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, islice, takewhile
from typing import Literal

from index.document import Block, Cell, Grid, Paragraph, Place, Source
from index.errors import BudgetError
from index.readers.spans import MOST_SQUARES
from index.readers.text import lines_of

DELIMITERS = "\t|;,"
"""The likelier first where two part the records alike: figures have commas of their own."""
SAMPLED = 400
"""Lines by which the delimiter is found."""
MOST_COLUMNS = 1000
"""The widest published table has some 40."""
MOST_LINES = 60
"""Lines of one field; more, and a quotation mark was never closed."""
HINT = re.compile(r"sep=(.)")
"""Excel's own first line."""
AS_TEXT = re.compile(r'="([^"]*)"')
"""How a code is written so that a spreadsheet keeps its zeros."""
FIGURE = re.compile(r"[-+−(（]?\d[\d,]*(?:\.\d+)?%?[)）]?")
THOUSANDS = re.compile(r"[-+−(（]?\d{1,3}(?:,\d{3})*")
COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
REST = re.compile(r"\d{3}(?:\.\d+)?[)）]?")


SHOWN = 5
"""Lines named in a warning."""


class Torn(Enum):
    """Figures whose own commas were taken for delimiters."""

    NO = 0
    JOINED = 1
    LEFT = 2


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    fields: tuple[str, ...]
    """Without the blank ones at the end."""
    width: int
    """With the blank ones."""

    @property
    def filled(self) -> list[int]:
        return [at for at, field in enumerate(self.fields) if field.strip()]


def read_csv(name: str, content: bytes) -> Source:
    """`content` as a grid for each run of records, parted by blank ones; lone fields around a
    run are paragraphs.

    Raises BudgetError for an empty, binary or wrongly encoded file and for one too wide to be a
    table.
    """
    lines = lines_of(name, content)
    delimiter = delimiter_of(lines)
    records = repaired(records_of(name, lines, delimiter))
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="csv",
        blocks=tuple(blocks_of([record for record, _ in records])),
        warnings=tuple(_warnings(records)),
    )


def _warnings(records: Sequence[tuple[Record, Torn]]) -> Iterator[str]:
    told = {
        Torn.JOINED: "的千位逗号没有加引号，已按表头的列数还原，请核对",
        Torn.LEFT: "的列比表头多，千位逗号可能没有加引号，这些数不可靠",
    }
    for torn, words in told.items():
        lines = [str(record.line) for record, found in records if found is torn]
        if lines:
            yield f"第 {'、'.join(lines[:SHOWN])} 行等共 {len(lines)} 行{words}"


def delimiter_of(lines: Sequence[str]) -> str:
    """The character by which most records are parted into equally many fields; the commas of
    figures part none where another character parts them."""
    if found := HINT.fullmatch(lines[0].strip("\r ")):
        return found[1]
    sample = [line for line in lines if line.strip()][:SAMPLED]
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(lines: Sequence[str], delimiter: str) -> int:
    bare = (COMMA.sub("", line) if delimiter == "," else line for line in lines)
    try:
        widths = Counter(len(row) for row in csv.reader(bare, delimiter=delimiter))
    except csv.Error:
        return 0
    return sum(count * count for width, count in widths.items() if width > 1)


def records_of(name: str, lines: Sequence[str], delimiter: str) -> list[Record]:
    """The records; of several blank ones together the first.

    Where a quotation mark is left open, marks are mere text.
    """
    first = 1 if HINT.fullmatch(lines[0].strip("\r ")) else 0
    try:
        return list(_records(name, lines, first, delimiter, csv.QUOTE_MINIMAL))
    except csv.Error:
        pass
    try:
        return list(_records(name, lines, first, delimiter, csv.QUOTE_NONE))
    except csv.Error:  # the only error without marks
        at = next(n for n, line in enumerate(lines, 1) if len(line) > csv.field_size_limit())
        raise _too_large(name, f"第 {at} 行的一格有 {csv.field_size_limit()} 字以上") from None


def _records(
    name: str, lines: Sequence[str], first: int, delimiter: str, quoting: Literal[0, 3]
) -> Iterator[Record]:
    rest = (f"{line}\n" for line in islice(lines, first, None))
    reader = csv.reader(rest, delimiter=delimiter, quoting=quoting)
    begun, squares, blank = first, 0, False
    for row in reader:
        end = first + reader.line_num
        if quoting == csv.QUOTE_MINIMAL and _is_open(lines[begun:end]):
            raise csv.Error("a quotation mark is left open")
        record = _record(name, row, begun + 1)
        if record.fields or not blank:
            yield record
        begun, blank = end, not record.fields
        squares += len(record.fields)
        if squares > MOST_SQUARES:
            raise _too_large(name, f"到第 {end} 行已有 {squares} 格，超过 {MOST_SQUARES} 格")


def _is_open(lines: Sequence[str]) -> bool:
    """A record over several lines that closes no mark, or closes it where another one opens."""
    return len(lines) > MOST_LINES or (len(lines) > 1 and sum(x.count('"') for x in lines) % 2 == 1)


def _record(name: str, row: list[str], line: int) -> Record:
    width = len(row)
    while row and not row[-1].strip():
        row.pop()
    if len(row) > MOST_COLUMNS:
        raise _too_large(name, f"第 {line} 行有 {len(row)} 列，超过 {MOST_COLUMNS} 列")
    return Record(line, tuple(map(clean, row)), width)


def _too_large(name: str, what: str) -> BudgetError:
    mend = "检查分隔符，或用 Excel 打开后删去表格以外的行列再保存"
    return BudgetError(what, place=name, mend=mend)


def clean(field: str) -> str:
    """A field without the tricks that keep a spreadsheet from changing it; its indentation
    stays."""
    if found := AS_TEXT.fullmatch(field.strip()):
        return found[1].strip()
    stripped = field.strip("\r\n\t").rstrip()
    return stripped.strip() if stripped.strip()[-1:].isdigit() else stripped


def repaired(records: Sequence[Record]) -> list[tuple[Record, Torn]]:
    """Records with figures that their own commas tore apart, and what became of each."""
    found: list[tuple[Record, Torn]] = []
    for _, run in groupby(records, key=lambda record: bool(record.fields)):
        rows = list(run)
        heads = takewhile(lambda row: not any(map(FIGURE.fullmatch, row.fields)), rows)
        widths = {row.width for row in heads if row.width > 1}
        for row in rows:
            whole = rejoined(row)
            if not whole or not widths or row.width <= max(widths):
                found.append((row, Torn.NO))
            elif whole.width in widths:
                found.append((whole, Torn.JOINED))
            else:
                found.append((row, Torn.LEFT))
    return found


def rejoined(record: Record) -> Record | None:
    """`1,234.50` out of `1` and `234.50`; None if nothing is torn."""
    joined: list[str] = []
    for field in record.fields:
        if joined and THOUSANDS.fullmatch(joined[-1]) and REST.fullmatch(field):
            joined[-1] = f"{joined[-1]},{field}"
        else:
            joined.append(field)
    torn = len(record.fields) - len(joined)
    return Record(record.line, tuple(joined), record.width - torn) if torn else None


def blocks_of(records: Sequence[Record]) -> Iterator[Block]:
    for blank, run in groupby(records, key=lambda record: not record.fields):
        if not blank:
            yield from run_of(list(run))


def run_of(records: list[Record]) -> Iterator[Block]:
    """Lone fields above the first row and below the last are words about the table; between rows
    they are labels without figures."""
    rows = [at for at, record in enumerate(records) if len(record.filled) > 1]
    first = rows[0] if rows else len(records)
    if rows and (_has_figure(records[first]) or records[0].width == 1):
        # Without a head: an empty record has parted them from those above. Or captions are not
        # filled up with blank fields as the rows are: a word over the whole head.
        first -= sum(1 for _ in takewhile(lambda row: row.width > 1, reversed(records[:first])))
    last = next((at for at in range(len(records), first, -1) if records[at - 1].width > 1), first)
    yield from map(_paragraph, records[:first])
    if grid := tuple(map(_row, islice(records, first, last))):
        yield Grid(rows=grid)
    yield from map(_paragraph, records[max(first, last) :])


def _has_figure(record: Record) -> bool:
    return any(FIGURE.fullmatch(field) for field in record.fields)


def _paragraph(record: Record) -> Paragraph:
    at = record.filled[0]
    return Paragraph(text=record.fields[at].strip(), place=Place(line=record.line))


def _row(record: Record) -> tuple[Cell, ...]:
    return tuple(
        Cell(text=text, place=Place(line=record.line, field=at))
        for at, text in enumerate(record.fields)
    )
