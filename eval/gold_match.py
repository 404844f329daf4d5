"""Which fact is which figure of the gold, and what is right about it: `Gold`, `Budget` → `Match`.

A figure counts as found when a fact stands in the same table, has the same value and the same
label; all else about it is judged apart.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from eval.gold_rows import Gold, GoldCell, GoldProse, flat
from index.fact import Budget, Fact, Kind, RowKind

LAST_WORDS = 2
"""Words of a header path that tell a column from its neighbours."""
TOTAL = re.compile(r"[合总總][计計]$|^total\b", re.IGNORECASE)
KINDS = {
    "total": {RowKind.TOTAL, RowKind.TOTAL_REPEAT},
    "subtotal": {RowKind.SUBTOTAL, RowKind.GROUP},
    "group": {RowKind.SUBTOTAL, RowKind.GROUP},
    "unit": {RowKind.UNIT},
    "item": {RowKind.ITEM, RowKind.DETAIL},
    "project": {RowKind.PROJECT},
    "indicator": {RowKind.INDICATOR},
    "weight": {RowKind.INDICATOR},
}


@dataclass(frozen=True, kw_only=True)
class CellMatch:
    """A figure of the gold and the fact that was read for it."""

    gold: GoldCell
    fact: Fact

    @property
    def column(self) -> bool:
        return last_words(self.gold.column) == last_words(self.fact.column)

    @property
    def unit(self) -> bool:
        return self.gold.unit == self.fact.unit

    @property
    def budget_unit(self) -> bool:
        return self.gold.unit_name == self.fact.unit_name

    @property
    def unit_code(self) -> bool:
        return self.gold.unit_code == self.fact.unit_code

    @property
    def operator(self) -> bool:
        return self.gold.operator == self.fact.operator

    @property
    def code(self) -> bool:
        return self.gold.code == self.fact.code

    @property
    def kind(self) -> bool:
        return self.fact.row_kind in KINDS.get(self.gold.kind, set())

    @property
    def parent(self) -> bool:
        """The row it adds up to stands in the fact's path; totals need not."""
        above = [flat(label) for label in self.gold.parents if not TOTAL.search(label)]
        path = {flat(label) for label in (*self.fact.row_path, self.fact.unit_name)}
        return not above or above[-1] in path


@dataclass(frozen=True, kw_only=True)
class Match:
    """A document held against its gold."""

    gold: Gold
    budget: Budget
    cells: tuple[CellMatch, ...]
    prose: tuple[tuple[GoldProse, Fact], ...]

    @cached_property
    def missing(self) -> tuple[GoldCell, ...]:
        found = {match.gold.id for match in self.cells}
        return tuple(cell for cell in self.gold.cells if cell.id not in found)

    @cached_property
    def missing_prose(self) -> tuple[GoldProse, ...]:
        found = {gold.id for gold, _ in self.prose}
        return tuple(gold for gold in self.gold.prose if gold.id not in found)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return table_facts(self.budget)

    @cached_property
    def invented(self) -> tuple[Fact, ...]:
        """Facts of tables that no figure of the gold accounts for."""
        used = {match.fact.id for match in self.cells}
        return tuple(fact for fact in self.facts if fact.id not in used)


def table_facts(budget: Budget) -> tuple[Fact, ...]:
    """Figures printed in tables: neither blank squares nor words."""
    return tuple(
        fact
        for fact in budget.facts
        if fact.row_kind is not RowKind.PROSE
        and fact.kind is not Kind.BLANK
        and fact.value is not None
    )


def last_words(column: Sequence[str]) -> tuple[str, ...]:
    words = "/".join(column).split("/")
    return tuple(flat(word) for word in words[-LAST_WORDS:])


def match(gold: Gold, budget: Budget) -> Match:
    """Each figure of the gold takes at most one fact, the best match first."""
    return Match(
        gold=gold,
        budget=budget,
        cells=_match_cells(gold.cells, table_facts(budget)),
        prose=_match_prose(gold.prose, budget),
    )


def _match_cells(cells: Sequence[GoldCell], facts: Sequence[Fact]) -> tuple[CellMatch, ...]:
    tables = {flat(cell.title): flat(cell.number) for cell in cells}
    numbers = set(tables.values())
    wanted, given = defaultdict(list), defaultdict(list)
    for cell in cells:
        wanted[flat(cell.number), flat(cell.label), cell.value].append(cell)
    for fact in facts:
        table = table_of(fact, tables, numbers)
        given[table, flat(fact.label), fact.value].append(fact)
    found = [pair for key, same in wanted.items() for pair in _pairs(same, given.get(key, []))]
    order = {cell.id: at for at, cell in enumerate(cells)}
    return tuple(sorted(found, key=lambda pair: order[pair.gold.id]))


def table_of(fact: Fact, titles: Mapping[str, str], numbers: Iterable[str]) -> str:
    """The gold's number of the fact's table, found by number or title; else the fact's own."""
    number = flat(fact.table)
    return number if number in numbers else titles.get(flat(fact.title), number)


def _pairs(cells: Sequence[GoldCell], facts: Sequence[Fact]) -> list[CellMatch]:
    """Cells of one table, label and value: those that agree in most else belong together."""
    candidates = [CellMatch(gold=cell, fact=fact) for cell in cells for fact in facts]
    best = sorted(
        candidates,
        key=lambda c: (-c.column - c.budget_unit, -c.unit - c.parent - c.code, -c.column),
    )
    used: set[Hashable] = set()
    pairs = []
    for each in best:
        if not used & {("gold", each.gold.id), ("fact", each.fact.id)}:
            used |= {("gold", each.gold.id), ("fact", each.fact.id)}
            pairs.append(each)
    return pairs


def _match_prose(wanted: Sequence[GoldProse], budget: Budget) -> tuple[tuple[GoldProse, Fact], ...]:
    """Value, unit and the sentence that the gold quotes; each fact is taken once."""
    given: dict[tuple[Decimal | None, str], list[Fact]] = defaultdict(list)
    for fact in budget.facts:
        if fact.row_kind is RowKind.PROSE:
            given[fact.value, fact.unit].append(fact)
    paragraphs = _paragraphs(budget)
    used: set[str] = set()
    found = []
    for gold in wanted:
        for fact in given[gold.value, gold.unit]:
            if fact.id not in used and _says(fact, gold.quote, paragraphs):
                used.add(fact.id)
                found.append((gold, fact))
                break
    return tuple(found)


def _paragraphs(budget: Budget) -> Mapping[str, str]:
    """Place → text: a sentence of more than 200 characters is cut in its fact."""
    return {str(passage.place): flat(passage.text) for passage in budget.passages}


def _says(fact: Fact, quote: str, paragraphs: Mapping[str, str]) -> bool:
    said = flat(fact.sentence)
    return flat(quote) in said or flat(quote) in paragraphs.get(str(fact.place), "")
