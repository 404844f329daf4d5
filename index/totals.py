"""Totals whose words stand before what they total (Total Personnel Services), below their members,
and rows whose depth a number of their own tells (款 項 目 節)."""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.fact import RowKind
from index.quantity import parse_number
from index.tabulate import Line
from index.words import lexicon, squeeze


def whole_of(label: str) -> str | None:
    """What a label says that it is the whole of, squeezed; None for other labels.

    >>> whole_of("Total Personnel Services"), whole_of("Utilities"), whole_of("Grand Total")
    ('personnelservices', None, '')
    """
    flat = squeeze(label)
    for word in sorted(lexicon("headers")["total_begin"], key=len, reverse=True):
        if flat.startswith(word) and re.match(rf"\W*{_spaced(word)}\b", label.lower().strip()):
            return re.sub(r"^\W+", "", flat.removeprefix(word))
    end = next((word for word in lexicon("headers")["total_end"] if flat.endswith(word)), None)
    return flat.removesuffix(end) if end and flat != end else None


def _spaced(word: str) -> str:
    return r"\s*".join(map(re.escape, word))


def total_kind(at: int, lines: Sequence[Line]) -> RowKind | None:
    """TOTAL for the last row that says it is a whole of no heading above; SUBTOTAL for others."""
    rest = whole_of(lines[at].label)
    if rest is None:
        return None
    headed = bool(rest) and any(_heads(line, rest) for line in lines[:at])
    below = any(whole_of(line.label) is not None for line in lines[at + 1 :])
    return RowKind.SUBTOTAL if headed or below else RowKind.TOTAL


def wholes(lines: Sequence[Line], kinds: Sequence[RowKind]) -> list[RowKind]:
    """`kinds`, where a row whose label says that it is a whole (人员经费合计) is no item: the total
    where no other row is one, else a subtotal. A class of the classification is named otherwise."""
    words = lexicon("headers")
    part, whole = tuple(words["part_end"]), tuple(words["whole_end"])
    labels = [
        "" if line.code or kind not in PLAIN else squeeze(line.label)
        for line, kind in zip(lines, kinds, strict=True)
    ]
    ends = [label for label in labels if label.endswith((*part, *whole))]
    only = len(ends) == 1 and ends[0].endswith(whole) and RowKind.TOTAL not in kinds
    found = RowKind.TOTAL if only else RowKind.SUBTOTAL
    return [found if label in ends else kind for label, kind in zip(labels, kinds, strict=True)]


PLAIN = (RowKind.ITEM, RowKind.PROJECT)


def names_its_whole(label: str) -> bool:
    """Whether a total's label says what it is the total of.

    >>> names_its_whole("人员经费合计"), names_its_whole("合计"), names_its_whole("支出总计")
    (True, False, False)
    """
    words, flat = lexicon("headers"), squeeze(label)
    ends = (*words["part_end"], *words["whole_end"])
    return flat.endswith(ends) and flat not in (*words["total"], *words["subtotal"])


def _heads(line: Line, rest: str) -> bool:
    return squeeze(line.label).rstrip(":") == rest and line.empty


def headings_of(lines: Sequence[Line]) -> tuple[int | None, ...]:
    """For each line the heading without figures whose total stands at or below it."""
    found: list[int | None] = [None] * len(lines)
    for at, line in enumerate(lines):
        rest = whole_of(line.label)
        above = [n for n in range(at) if rest and _heads(lines[n], rest)]
        for n in range(above[-1] + 1, at + 1) if above else ():
            if found[n] is None:
                found[n] = above[-1]
    return tuple(found)


def is_deeper(at: int, lines: Sequence[Line]) -> bool:
    """The next row is a part of this one, by the depths that both print."""
    own = lines[at].depth
    below = lines[at + 1].depth if at + 1 < len(lines) else None
    return own is not None and below is not None and below > own


def parents_told(lines: Sequence[Line]) -> tuple[int | None, ...]:
    """For each line the row it belongs to by a heading with a total, by depths or by zeros."""
    ways = (headings_of(lines), padded_parents(lines))
    depths = tuple(shallower(at, lines) for at in range(len(lines)))
    told = zip(*ways, depths, strict=True)
    return tuple(next((at for at in found if at is not None), None) for found in told)


def padded_parents(lines: Sequence[Line]) -> tuple[int | None, ...]:
    """1015 and 1025 belong to 1000 where they add up to it; accounts beside it do not."""
    found: list[int | None] = [None] * len(lines)
    for at in range(len(lines) - 1, -1, -1):
        below = range(at + 1, len(lines))
        end = next((n for n in below if not is_under(lines[n].code, lines[at].code)), len(lines))
        members = [n for n in range(at + 1, end) if found[n] is None]
        if members and adds_up(lines[at], [lines[n] for n in members]):
            for n in members:
                found[n] = at
    return tuple(found)


def adds_up(whole: Line, parts: Sequence[Line]) -> bool | None:
    """Whether the parts add up to the whole, in most columns; None where nothing is printed."""
    votes: list[bool] = []
    for at, (column, cell) in enumerate(whole.values):
        value = parse_number(cell.text)
        figures = [parse_number(line.figures[at]) for line in parts if at < len(line.figures)]
        if value is None or column.unit == "%" or all(figure is None for figure in figures):
            continue
        votes.append(value == sum((figure for figure in figures if figure is not None), Decimal(0)))
    return sum(votes) * 2 > len(votes) if votes else None


def is_under(code: str, above: str) -> bool:
    """A code of one length with the one above it, whose zeros it fills: 1015 under 1000.

    >>> is_under("1015", "1000"), is_under("20111", "20110")
    (True, False)
    """
    stem = above.rstrip("0")
    alike = len(code) == len(above) and len(code) in FILLED and code != above
    return alike and len(stem) <= len(above) - LEAST_ZEROS and code.startswith(stem)


LEAST_ZEROS = 2
"""1055 stands beside 1050."""
FILLED = (4, 8, 10)
"""Figures of codes padded with zeros: accounts, 用途別科目, 機關 and 計畫. The classes of the
national classification have 3, 5 or 7."""


def shallower(at: int, lines: Sequence[Line]) -> int | None:
    """The nearest row above that is less deep."""
    own = lines[at].depth
    if own is None:
        return None
    depths = ((n, lines[n].depth) for n in range(at - 1, -1, -1))
    return next((n for n, depth in depths if depth is not None and depth < own), None)
