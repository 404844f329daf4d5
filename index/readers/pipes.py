"""Tables drawn with upright bars, `| a | b |` or box drawings, as text and Markdown have them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise, takewhile
from unicodedata import east_asian_width

from index.document import Grid, Place
from index.head import is_figure
from index.readers.spans import Spanned, grid_of

BARS = "|｜│┃║"
BAR = re.compile(rf"(?<!\\)[{BARS}]")
CORNERS = "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡╤╧╪╓╖╙╜╟╢╥╨╫"
RULE = re.compile(rf"[\s{BARS}{CORNERS}+:：=\-—–─━═╌┄┈]*")
DRAWN = re.compile(rf"[{CORNERS}]|[-—–─━═=╌┄┈]{{2,}}|[:{BARS}+]\s*[-:]|[-:]\s*[:{BARS}+]")
JUDGED = 6
"""Lines by which a table is known; more would be looked at again for every line."""
BEGINS_BOX = re.compile(rf"\s*[+{CORNERS}{BARS}]")

Words = Callable[[str], str]
Piece = tuple[int, int, str]
"""Column, columns it spans, and what stands between the bars."""


def is_rule(line: str) -> bool:
    """A line between rows, or Markdown's line of alignments: bars or corners and no words."""
    parted = BAR.search(line) or BEGINS_BOX.match(line)
    return bool(parted and RULE.fullmatch(line) and DRAWN.search(line))


def table_length(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are one table; 0 if there is none.

    Bars on both ends or a rule make one of a single row; else bars in a line of words may part
    captions (单位：某局 | 2024年), and two lines alike are asked for.
    """
    run = list(takewhile(_has_bars, lines[at : at + JUDGED]))
    rows = [line for line in run if not is_rule(line)]
    framed = all(_starts(line) and _ends(line) for line in rows)
    alike = len(rows) > 1 and len({len(BAR.split(line)) for line in rows}) == 1
    if not (len(rows) < len(run) or (rows and framed) or alike):
        return 0
    end = at + len(run)
    while end < len(lines) and _has_bars(lines[end]):
        end += 1
    return end - at


def _has_bars(line: str) -> bool:
    return bool(BAR.search(line)) or is_rule(line)


def _starts(line: str) -> bool:
    return line.strip()[:1] in tuple(BARS)


def _ends(line: str) -> bool:
    flat = line.strip()
    return flat[-1:] in tuple(BARS) and flat[-2:-1] != "\\"


def grid_of_bars(lines: Sequence[str], first: int, words: Words) -> Grid | None:
    """The rows of a table whose first line is line `first` of the file; None without rows.

    `words`: what a cell prints, given what stands between its bars.
    """
    drawn = [line for line in lines if not is_rule(line)]
    cut = spanning(drawn) or _by_order(drawn)
    groups: list[list[list[Spanned]]] = []
    for ruled, group in groupby(enumerate(lines, first), key=lambda line: is_rule(line[1])):
        if not ruled:
            groups.append([_row(number, cut(line), words) for number, line in group])
    if _wrap(groups[1:]):
        groups = [groups[0], *([_joined(group)] for group in groups[1:])]
    rows = [row for group in groups for row in group]
    return grid_of([replace(cell, row=at) for at, row in enumerate(rows) for cell in row])


def spanning(rows: Sequence[str]) -> Callable[[str], list[Piece]] | None:
    """How to cut rows of which some have fewer cells, if each bar stands below one of the row of
    most cells: a cell between two bars spans the columns between them. None elsewhere."""
    if not all(_starts(row) and _ends(row) for row in rows):
        return None
    for width in (1, 2):  # of a bar of box drawings; fonts differ
        edges = [_edges(row, width) for row in rows]
        most = max(edges, key=len, default=())
        fewer = any(len(own) < len(most) for own in edges)
        if fewer and all(set(own) <= set(most) for own in edges):
            return partial(_by_position, most=most, width=width)
    return None


def _edges(line: str, width: int) -> tuple[int, ...]:
    """Where on the screen the bars stand, in half widths; a Chinese character takes two."""
    edges, column = [], 0
    for at, char in enumerate(line):
        if char in BARS and BAR.match(line, at):
            edges.append(column)
        drawn = char in BARS and char not in "|｜"
        column += width if drawn else 1 + (east_asian_width(char) in "WFA")
    return tuple(edges)


def _by_position(line: str, *, most: Sequence[int], width: int) -> list[Piece]:
    at = [most.index(edge) for edge in _edges(line, width)]
    texts = BAR.split(line)[1:-1]
    return [(a, b - a, text) for (a, b), text in zip(pairwise(at), texts, strict=True)]


def _by_order(rows: Sequence[str]) -> Callable[[str], list[Piece]]:
    lead = sum(map(_starts, rows)) * 2 > len(rows)
    trail = sum(map(_ends, rows)) * 2 > len(rows)

    def cut(line: str) -> list[Piece]:
        cells = BAR.split(line)
        if lead and len(cells) > 1 and not cells[0].strip():
            cells = cells[1:]
        if trail and len(cells) > 1 and not cells[-1].strip():
            cells = cells[:-1]
        return [(at, 1, text) for at, text in enumerate(cells)]

    return cut


def _row(number: int, pieces: Sequence[Piece], words: Words) -> list[Spanned]:
    return [
        Spanned(
            row=0,
            column=at,
            columns=span,
            text=words(re.sub(rf"\\([{BARS}])", r"\1", text)),
            place=Place(line=number, field=at),
        )
        for at, span, text in pieces
    ]


def _wrap(groups: Sequence[Sequence[Sequence[Spanned]]]) -> bool:
    """A rule under every row: then several lines between two rules are one row, wrapped."""
    lines = [[any(is_figure(cell.text) for cell in row) for row in group] for group in groups]
    return len(groups) > 1 and all(sum(figures) <= 1 for figures in lines)


def _joined(group: Sequence[Sequence[Spanned]]) -> list[Spanned]:
    """The lines of a wrapped row as one; a cell stands where its first words do."""
    columns: dict[int, list[Spanned]] = {}
    for cell in (cell for row in group for cell in row):
        columns.setdefault(cell.column, []).append(cell)
    joined = []
    for cells in columns.values():
        printed = [cell for cell in cells if cell.text.strip()] or cells[:1]
        joined.append(replace(printed[0], text="\n".join(cell.text for cell in printed)))
    return joined
