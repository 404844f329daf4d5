"""A budget's text with other names and other figures, line by line and cell by cell as before."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from eval.dataset import decimals
from eval.rename_amounts import Amounts
from eval.rename_names import Names
from index.fact import Budget, Fact, Kind, RowKind

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
GROUPED = 1000
"""Amounts of this size are printed with commas where others of the table are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What is to be printed instead, by line: in a cell by its field, else by number and unit."""

    fields: Mapping[int, Mapping[int, Mapping[str, str]]]
    """Line → field → printed number → new."""
    prose: Mapping[int, Sequence[tuple[str, str, str]]] = field(default_factory=dict)
    """Line → (printed number, first character of its unit, new)."""


def rewrite(text: str, budget: Budget, names: Names, amounts: Amounts) -> str:
    """The text with every figure and every name of its own replaced; the lines stay in place."""
    cells = new_cells(budget.facts, amounts)
    lines = text.split("\n")
    return "\n".join(_line(line, at, cells, names) for at, line in enumerate(lines, start=1))


def new_cells(facts: Sequence[Fact], amounts: Amounts) -> Cells:
    fields: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    prose: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    grouped = {fact.table for fact in facts if "," in fact.printed}
    for fact in facts:
        new = amounts.of(fact)
        number = NUMBER.search(fact.printed)
        if new is None or number is None or fact.place.line is None:
            continue
        shown = _shown(new, number[0], fact, fact.table in grouped)
        if fact.place.field is None:
            for line in range(fact.place.line, (fact.place.line_end or fact.place.line) + 1):
                prose[line].append((number[0], fact.unit[:1], shown))
        else:
            fields[fact.place.line][fact.place.field][number[0]] = shown
            _name_too(fact, number[0], shown, fields)
    return Cells(fields=fields, prose=prose)


def _name_too(
    fact: Fact, number: str, shown: str, fields: dict[int, dict[int, dict[str, str]]]
) -> None:
    """设置不少于5条赛道 ≥ 5: the name of an indicator repeats its target."""
    if fact.row_kind is RowKind.INDICATOR and re.search(rf"不[少多]于{number}(?!\d)", fact.label):
        for place in fact.label_places:
            if place.line is not None and place.field is not None:
                fields[place.line][place.field][number] = shown


def _shown(new: Decimal, printed: str, fact: Fact, grouped: bool) -> str:
    if not fact.table and fact.kind is Kind.MONEY:
        return f"{new.normalize():f}"
    digits = max(decimals(Decimal(printed.replace(",", ""))), decimals(new.normalize()))
    comma = "," in printed or (grouped and digits == 2 and abs(fact.value or Decimal(0)) < GROUPED)
    return f"{new:{',' if comma else ''}.{digits}f}"


def _line(line: str, at: int, cells: Cells, names: Names) -> str:
    if at in cells.prose:
        return _prose(line, cells.prose[at], names)
    fields = cells.fields.get(at, {})
    return "\t".join(
        _replaced(cell, fields.get(column, {}), names)
        for column, cell in enumerate(line.split("\t"))
    )


def _replaced(cell: str, numbers: Mapping[str, str], names: Names) -> str:
    spans = [
        (found.start(), found.end(), numbers[found[0]])
        for found in NUMBER.finditer(cell)
        if found[0] in numbers
    ]
    return _with(cell, spans, names)


def _prose(line: str, numbers: Iterable[tuple[str, str, str]], names: Names) -> str:
    new = {(number, unit): shown for number, unit, shown in numbers}
    spans = []
    for found in NUMBER.finditer(line):
        unit = line[found.end() :].lstrip()[:1]
        if (found[0], unit) in new:
            spans.append((found.start(), found.end(), new[found[0], unit]))
    return _with(line, spans, names)


def _with(text: str, spans: Iterable[tuple[int, int, str]], names: Names) -> str:
    """`names` between the spans, so that no new figure is taken for a name."""
    pieces, end = [], 0
    for start, stop, new in spans:
        pieces += [names(text[end:start]), new]
        end = stop
    return "".join([*pieces, names(text[end:])])
