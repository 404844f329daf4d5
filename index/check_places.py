"""Places in words: lines, pages, stretches of cells, as a clerk reads them."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from index.document import Place

WORKBOOK_CELL = re.compile(r"([A-Z]+)(\d+)")
TABLE_CELL = re.compile(r"t(\d+)r(\d+)c(\d+)")


def where(places: Iterable[Place]) -> str:
    """第20行; 第21—23行; 收支总表!B12:B15; 第3个表格第2行第5格; 第7段; 第4页."""
    found = sorted(dict.fromkeys(map(_spot, places)))
    words = [_words(key, [at for _, at in run]) for key, run in groupby(found, lambda s: s[0])]
    return "、".join(dict.fromkeys(words))


def _spot(place: Place) -> tuple[tuple[str, str, str], int]:
    """What the place is in, and where in it: the numbers of one stretch follow each other."""
    if place.sheet is not None:
        cell = WORKBOOK_CELL.fullmatch(place.cell or "")
        return ("sheet", place.sheet, cell[1] if cell else ""), int(cell[2]) if cell else 0
    if found := TABLE_CELL.fullmatch(place.cell or ""):
        return ("cell", found[1], found[3]), int(found[2])
    if place.line is not None:
        return ("line", "", ""), place.line
    if place.paragraph is not None:
        return ("paragraph", "", ""), place.paragraph
    return ("page", "", ""), place.page or 0


def _words(key: tuple[str, str, str], numbers: Sequence[int]) -> str:
    kind, group, column = key
    if kind == "sheet":
        cells = (
            f"{column}{run[0]}" + (f":{column}{run[-1]}" if len(run) > 1 else "")
            for run in _runs(numbers)
        )
        return f"{group}!{'、'.join(cells)}" if column else group
    stretches = "、".join(map(_stretch, _runs(numbers)))
    if kind == "cell":
        return f"第{group}个表格第{stretches}行第{column}格"
    return f"第{stretches}{ {'line': '行', 'paragraph': '段', 'page': '页'}[kind] }"


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _stretch(run: Sequence[int]) -> str:
    return f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run))
