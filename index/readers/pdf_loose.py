"""Tables without rules, with level rules alone, or ruled in part: found by how writing stands."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.arrange import ITEM, SUBITEM
from index.caption import NOTE, PART, POINT, TABLE_NUMBER, captionlike, names_table
from index.readers.pdf_columns import Column, columns_of, edges_of
from index.readers.pdf_heads import with_heads
from index.readers.pdf_ink import Rule
from index.readers.pdf_lattice import Region, edges, squares_of
from index.readers.pdf_merged import with_merged
from index.readers.pdf_paragraphs import LEADERS
from index.readers.pdf_rows import breaks_between, head_rows_of, rows_of
from index.readers.pdf_shape import Frame, around
from index.readers.pdf_text import Line, Run, lines_of
from index.words import lexicon, squeeze

APART = 4.0
"""Times the size of type: rows of one table stand no further apart."""
HEAD_LINES = 8
"""The deepest head has four rows of two lines."""
FEWEST_FIGURES = 3
"""In a table of a single row."""
WIDE = 0.6
"""Share of a table's width: a level rule that runs along it parts all columns."""
NARROW = 0.6
"""The same: a line longer than this is running text."""
LONGEST_HEAD = 20
"""Characters of a line of a head."""
YEARS = ("19", "20")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Lines that make a table: its head, from the top, and its body."""

    head: tuple[Line, ...]
    body: tuple[Line, ...]
    ruled: Region | None = None
    """The ruled region of its head or, if `whole`, of all of it."""
    whole: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.head, *self.body)


def loose_tables(
    lines: Sequence[Line], rules: Sequence[Rule], above: Loose | None = None
) -> tuple[Loose, ...]:
    """The tables among the lines of a page, from the top.

    `above`: the table that ends the page before, which may go on in the page's first lines.
    """
    found: list[Loose] = []
    at = 0
    while at < len(lines):
        end = _body_end(lines, at)
        body = lines[at:end]
        again = above if not found and at <= HEAD_LINES else None
        if end > at and (_is_body(body) or (again and _fits(body, again))):
            last = found[-1].lines[-1] if found else None
            floor = lines.index(last) + 1 if last else 0
            first = max(floor, _with_labels(lines, at, end, -1, again.body if again else ()))
            start = _head_start(lines, first, rules, last)
            found.append(Loose(head=tuple(lines[start:first]), body=tuple(lines[first:end])))
        at = max(end, at + 1)
    found += _empty(lines, {line for table in found for line in table.lines})
    kept = [table for table in found if not _is_contents(table)]
    return tuple(sorted(kept, key=lambda table: table.lines[0].base))


def _empty(lines: Sequence[Line], taken: Container[Line]) -> Iterator[Loose]:
    """Tables of which only the head is printed, and perhaps a total without figures."""
    for at, line in enumerate(lines):
        if not is_caption(line):
            continue
        end = at + 1
        while end < len(lines) and _is_of_head(lines[end], lines[end - 1], taken):
            end += 1
        head = [line for line in lines[at + 1 : end] if not _is_total(line)]
        if any(len(line.runs) >= FEWEST_FIGURES for line in head):
            body = tuple(line for line in lines[at + 1 : end] if _is_total(line))
            yield Loose(head=tuple(head), body=body)


def _is_of_head(line: Line, above: Line, taken: Container[Line]) -> bool:
    near = line.base - above.base <= APART * line.size
    short = all(len(run.text) <= LONGEST_HEAD for run in line.runs)
    return near and short and line not in taken and not _breaks(line)


def _is_total(line: Line) -> bool:
    return len(line.runs) == 1 and squeeze(line.text) in lexicon("headers")["total"]


def _is_row(line: Line) -> bool:
    """A label and figures, or figures alone, side by side."""
    if len(line.runs) < 2 or LEADERS.search(line.text) or _breaks(line):
        return False
    return any(not run.text.startswith(YEARS) or len(run.text) != 4 for run in line.figures)


def _breaks(line: Line) -> bool:
    """A caption, note or heading: no part of a table."""
    flat = squeeze(line.text)
    begins = any(pattern.match(flat) for pattern in (NOTE, PART, TABLE_NUMBER))
    return begins or is_caption(line)


def is_caption(line: Line) -> bool:
    """单位：元, 部门：… in it; four digits beside other words are no year."""
    words = line.runs if len(line.runs) == 1 else [run for run in line.runs if not run.is_figure]
    return any(captionlike(squeeze(run.text)) for run in words)


def _body_end(lines: Sequence[Line], start: int) -> int:
    """Behind the last row of the table that begins at `start`; `start` where none does."""
    if not _is_row(lines[start]):
        return start
    end = start + 1
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if line.base - lines[at - 1].base > APART * line.size or _breaks(line):
            break
        if _is_row(line):
            end = at + 1
        elif not _may_be_label(line, lines[start:end]):
            break
    return _with_labels(lines, start, end, 1)


def _with_labels(
    lines: Sequence[Line], start: int, end: int, step: int, above: Sequence[Line] = ()
) -> int:
    """`end` (`step` 1) or `start` (-1) moved over rows of labels without figures.

    `above`: rows of the page before.
    """
    rows = [*above, *lines[start:end]]
    starts = [run.box.x0 for line in rows for run in line.runs if not run.is_figure]
    figures = [column for column in columns_of(rows, ()) if column.figures]
    pitches = (below.base - upper.base for upper, below in pairwise(lines[start:end]))
    pitch = max(pitches, default=0.0)
    at = end if step > 0 else start - 1
    while 0 <= at < len(lines):
        line, beside = lines[at], lines[at - step]
        gap = abs(line.base - beside.base)
        if gap > min(max(pitch, 1.45 * line.size) * 1.1, APART * line.size) or _breaks(line):
            break
        if abs(line.size - beside.size) > 0.05 * line.size or not _are_labels(
            line, starts, figures
        ):
            break
        at += step
    return at if step > 0 else at + 1


def _are_labels(line: Line, starts: Sequence[float], figures: Sequence[Column]) -> bool:
    """Every run begins where labels of the table do, and reaches over no figures."""
    return all(
        not run.is_figure
        and any(abs(run.box.x0 - start) <= 0.25 * run.size for start in starts)
        and not any(column.shares(run) > 0 for column in figures if column.start > run.box.x0)
        for run in line.runs
    )


def _may_be_label(line: Line, rows: Sequence[Line]) -> bool:
    """A line without figures between rows: a group's name, a label without figures, or one of
    two lines; no title, no running text."""
    reach = around(row.box for row in rows)
    inside = line.box.x1 <= reach.x1 + 1
    narrow = len(line.runs) > 1 or line.box.width <= NARROW * reach.width
    title = len(line.runs) == 1 and names_table(squeeze(line.text))
    return inside and narrow and not title and line.size <= 1.1 * rows[-1].size


def _is_body(lines: Sequence[Line]) -> bool:
    rows = [line for line in lines if _is_row(line)]
    if len(rows) == 1:
        return len(rows[0].figures) >= FEWEST_FIGURES
    figures = [column for column in columns_of(rows, ()) if column.figures]
    return any(
        sum(any(column.shares(run) > 0 for run in row.figures) for row in rows) > 1
        for column in figures
    )


def goes_on(table: Loose, above: Loose) -> bool:
    """The table is the one above, carried over to the next page: it adds no column."""
    whole = columns_of((*above.body, *table.body), above.head)
    return _fits(table.body, above) and len(whole) <= len(columns_of(above.body, above.head))


def heads_alike(one: Loose, other: Loose) -> bool:
    return [squeeze(line.text) for line in one.head] == [squeeze(line.text) for line in other.head]


def _fits(lines: Sequence[Line], above: Loose) -> bool:
    """The rows' figures stand in columns of figures of the table above."""
    columns = [column for column in columns_of(above.body, above.head) if column.figures]
    rows = [run for line in lines if _is_row(line) for run in line.figures]
    return bool(rows) and all(any(column.shares(run) > 0 for column in columns) for run in rows)


def _head_start(lines: Sequence[Line], body: int, rules: Sequence[Rule], above: Line | None) -> int:
    """The first line of the head above the body that begins at `body`."""
    captioned = _below_caption(lines, body)
    if captioned is not None:
        return captioned
    start = at = body
    ruled = _top_rule(lines, body, rules)
    while at > max(0, body - HEAD_LINES):
        line, below = lines[at - 1], lines[at]
        apart = below.base - line.base > APART * line.size
        if line is above or apart or _breaks(line) or (ruled is not None and line.base < ruled):
            break
        at -= 1
        if len(line.runs) > 1 or (ruled is not None and line.base > ruled):
            start = at
        elif not _may_be_head(line, lines[at : body + 1]):
            break
    return start


def _below_caption(lines: Sequence[Line], body: int) -> int | None:
    """What stands between the line of the unit and the body is head, however short."""
    for at in range(body - 1, max(-1, body - 1 - HEAD_LINES), -1):
        line = lines[at]
        if lines[at + 1].base - line.base > APART * line.size:
            return None
        if is_caption(line):
            return at + 1
        if _breaks(line) or (len(line.runs) == 1 and not _may_be_head(line, lines[at : body + 1])):
            return None
    return None


def _top_rule(lines: Sequence[Line], body: int, rules: Sequence[Rule]) -> float | None:
    """The highest level rule over the head, along the table: its head begins below."""
    width = lines[body].box
    first = max(0, body - HEAD_LINES)
    top = lines[first].base - APART * lines[body].size
    heights = [
        rule.at
        for rule in rules
        if rule.level
        and top < rule.at < lines[body].base - lines[body].size / 2
        and min(rule.end, width.x1) - max(rule.start, width.x0) >= WIDE * width.width
    ]
    head = [line for line in lines[first:body] if heights and line.base > min(heights)]
    return min(heights) if head and any(height > head[0].base for height in heights) else None


def _may_be_head(line: Line, below: Sequence[Line]) -> bool:
    """A lone line that may stand over some of the columns: no title, no heading."""
    flat = squeeze(line.text)
    heading = any(pattern.match(flat) for pattern in (ITEM, SUBITEM, POINT)) or names_table(flat)
    reach = around(other.box for other in below)
    inside = line.box.x0 >= reach.x0 - 1 and line.box.x1 <= reach.x1 + 1
    return inside and not heading and abs(line.size - below[-1].size) <= 0.1 * line.size


def _is_contents(table: Loose) -> bool:
    """Entries and page numbers that only grow."""
    numbers = [line.runs[-1].text for line in table.body]
    if table.head or not all(len(line.runs) == 2 for line in table.body):
        return False
    whole = [int(number) for number in numbers if number.isdigit() and len(number) <= 3]
    return len(whole) == len(numbers) and whole == sorted(whole)


def loose_region(
    table: Loose,
    rules: Iterable[Rule],
    page: int,
    frame: Frame,
    *,
    columns: Sequence[Column] = (),
    upright: Sequence[float] = (),
    level: Sequence[float] = (),
) -> Region:
    """The table with edges where its writing shows them.

    `columns`: of the whole table, where it runs over pages. `upright`, `level`: ruled edges.
    """
    runs = tuple(run for line in table.lines for run in line.runs)
    own = columns or columns_of(table.body, table.head)
    xs = edges_of(own, upright)
    top, bottom = _reach(table, level)
    inner = tuple(
        rule
        for rule in rules
        if (rule.start < xs[-1] and rule.end > xs[0] and top - 6 < rule.at < bottom + 6)
        or (not rule.level and xs[0] - 6 < rule.at < xs[-1] + 6 and rule.start < bottom)
    )
    ruled = [*level, *(rule.at for rule in inner if rule.level)]
    ys = _heights(table, ruled, xs, (top, bottom))
    region = Region(
        page=page,
        frame=frame,
        xs=xs,
        ys=ys,
        rules=inner,
        runs=runs,
        soft_xs=frozenset(xs),
        soft_ys=frozenset(ys),
    )
    first = _height(table.body[0]) if table.head and table.body else ys[-1 if table.head else 0]
    return with_merged(with_heads(region, sum(y < first for y in ys) - 1))


def _reach(table: Loose, level: Sequence[float]) -> tuple[float, float]:
    """From where to where the table goes: its outer level rules, else its writing."""
    top = min(line.base - line.size for line in table.lines) - 1
    bottom = max(line.base for line in table.lines) + 0.4 * table.lines[-1].size
    return (level[0], level[-1]) if level else (top, bottom)


def _heights(
    table: Loose, ruled: Iterable[float], xs: Sequence[float], reach: tuple[float, float]
) -> tuple[float, ...]:
    """Edges of the rows: level rules, and between them where a row of writing ends."""
    hard = edges([y for y in ruled if reach[0] - 6 < y < reach[1] + 6], *reach)
    places = list(hard)
    for top, bottom in pairwise(hard):
        head = [line for line in table.head if top < _height(line) <= bottom]
        body = [line for line in table.body if top < _height(line) <= bottom]
        rows = [*head_rows_of(head, xs), *rows_of(body, xs)]
        places += breaks_between(rows)
    return edges(places, *reach)


def _height(line: Line) -> float:
    return line.base - 0.35 * line.size


def under_head(table: Loose, region: Region) -> Loose | None:
    """The table with the ruled head that stands right above it; None where none does."""
    lines = lines_of(region.runs)
    gap = table.lines[0].base - table.lines[0].size - region.box.bottom
    reach = around(line.box for line in table.lines)
    beside = region.box.across(reach) >= NARROW * reach.width
    if table.head or any(line.figures for line in lines) or not lines or not beside:
        return None
    return replace(table, head=lines, ruled=region) if gap <= 2 * lines[0].size else None


def half_ruled(region: Region) -> Loose | None:
    """The lines of a ruled table whose rules leave out columns or rows; None where they do not."""
    if not (_lacks_columns(region) or _lacks_rows(region)):
        return None
    lines = lines_of(region.runs)
    first = next((at for at, line in enumerate(lines) if _is_row(line)), None)
    if first is None:
        return None
    return Loose(head=lines[:first], body=lines[first:], ruled=region, whole=True)


def _lacks_columns(region: Region) -> bool:
    """In most rows with figures some stand side by side in one square."""
    figured: set[int] = set()
    shared: set[int] = set()
    for square in squares_of(region):
        lines = lines_of(square.runs)
        if any(line.figures for line in lines):
            figured.add(square.row)
        if any(len(line.runs) > 1 and line.figures for line in lines):
            shared.add(square.row)
    return bool(shared) and len(shared) * 2 >= len(figured)


def _lacks_rows(region: Region) -> bool:
    """In one row of squares several have figures one under another."""
    stacked: dict[int, int] = {}
    for square in squares_of(region):
        if square.rows == 1 and _stacked(square.runs, square.box.width):
            stacked[square.row] = stacked.get(square.row, 0) + 1
    return any(count > 1 for count in stacked.values())


def _stacked(runs: Sequence[Run], width: float) -> bool:
    """Two figures or more, one under another, that are not one broken at the cell's edge."""
    lines = [line for line in lines_of(runs) if line.figures]
    return len(lines) > 1 and all(
        line.box.width + 1.5 * line.size < width or len(lines) > 2 for line in lines
    )
