"""Tables drawn with upright bars, `| a | b |` or box drawings, as text and Markdown have them."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from index.document import Cell, Grid, Place
from index.head import is_figure

BARS = "|｜│┃║"
BAR = re.compile(rf"(?<!\\)[{BARS}]")
CORNERS = "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡╤╧╪╓╖╙╜╟╢╥╨╫"
RULE = re.compile(rf"[\s{BARS}{CORNERS}+:：=\-—–─━═╌┄┈]*")
DRAWN = re.compile(rf"[-—–─━═=╌┄┈]{{2,}}|[:{BARS}+]\s*[-:]|[-:]\s*[:{BARS}+]")
BEGINS_BOX = re.compile(rf"\s*[+{CORNERS}{BARS}]")

Words = Callable[[str], str]


def is_rule(line: str) -> bool:
    """A line between rows, or Markdown's line of alignments: bars or corners and no words."""
    parted = BAR.search(line) or BEGINS_BOX.match(line)
    return bool(parted and RULE.fullmatch(line) and DRAWN.search(line))


def table_length(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are one table; 0 if there is none.

    Bars on both ends or a rule make one of a single row; else bars in a line of words may part
    captions (单位：某局 | 2024年), and two lines alike are asked for.
    """
    end = at
    while end < len(lines) and (BAR.search(lines[end]) or is_rule(lines[end])):
        end += 1
    rows = [line for line in lines[at:end] if not is_rule(line)]
    ruled = len(rows) < end - at
    framed = all(_starts(line) and _ends(line) for line in rows)
    alike = len(rows) > 1 and len({len(BAR.split(line)) for line in rows}) == 1
    return end - at if rows and (ruled or framed or alike) else 0


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
    lead = sum(map(_starts, drawn)) * 2 > len(drawn)
    trail = sum(map(_ends, drawn)) * 2 > len(drawn)
    groups: list[list[tuple[Cell, ...]]] = []
    for ruled, group in groupby(enumerate(lines, first), key=lambda line: is_rule(line[1])):
        if not ruled:
            cut = [(number, _cells(line, lead, trail)) for number, line in group]
            groups.append([_row(number, cells, words) for number, cells in cut])
    if _wrap(groups[1:]):
        groups = [groups[0], *([_joined(group)] for group in groups[1:])]
    rows = tuple(row for group in groups for row in group)
    return Grid(rows=rows) if rows else None


def _cells(line: str, lead: bool, trail: bool) -> list[str]:
    cells = BAR.split(line)
    if lead and len(cells) > 1 and not cells[0].strip():
        cells = cells[1:]
    if trail and len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _row(number: int, cells: Sequence[str], words: Words) -> tuple[Cell, ...]:
    return tuple(
        Cell(text=words(re.sub(rf"\\([{BARS}])", r"\1", text)), place=Place(line=number, field=at))
        for at, text in enumerate(cells)
    )


def _wrap(groups: Sequence[Sequence[Sequence[Cell]]]) -> bool:
    """A rule under every row: then several lines between two rules are one row, wrapped."""
    lines = [[any(is_figure(cell.text) for cell in row) for row in group] for group in groups]
    return len(groups) > 1 and all(sum(figures) <= 1 for figures in lines)


def _joined(group: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """The lines of a wrapped row as one; a cell stands where its first words do."""
    width = max(map(len, group))
    columns = ([row[at] for row in group if at < len(row)] for at in range(width))
    return tuple(_cell([cell for cell in column if not cell.blank] or column) for column in columns)


def _cell(cells: Sequence[Cell]) -> Cell:
    return Cell(text="\n".join(cell.text for cell in cells), place=cells[0].place)
