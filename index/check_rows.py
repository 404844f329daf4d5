"""Facts → rows and sides of tables as the checks see them, and the words for their places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from index.check_relations import is_total_label
from index.document import Place
from index.fact import Budget, Fact, Kind, RowKind, Table
from index.money import size_of
from index.tabulate import BESIDE
from index.words import ORDINAL, WHEREOF, lexicon, squeeze

FORMS = (
    r"[一二三四五六七八九十百]+[、．.]",
    r"[(（][一二三四五六七八九十]+[)）]",
    r"\d{1,2}[.、．]",
    r"[(（]\d+[)）]",
    r"[①-⑳]",
)
"""Ordinals in the order in which the forms nest."""
CENTS = 2
"""Places of an amount in 元 or dollars that nobody rounded."""
SUMMED = (Kind.MONEY, Kind.COUNT, Kind.BLANK)
ZERO = Decimal(0)
REPEAT = RowKind.TOTAL_REPEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A printed row of one side of a table."""

    number: int
    label: str
    printed: str
    """The label as printed, with ordinals, 其中 and indentation."""
    code: str
    unit_code: str
    unit_name: str
    kind: RowKind
    path: tuple[str, ...]
    level: int
    totals: bool
    """It says that it is a total (合计, 小计, 本年收入合计), wherever its members stand."""
    cells: Mapping[int, Fact]
    """Column of the side → cell; a square that the table does not print is no cell."""

    @property
    def blank(self) -> bool:
        return all(fact.value is None for fact in self.cells.values())

    @property
    def named(self) -> bool:
        """It says what it is of, or is the only row, which needs no name; no repeated total."""
        return self.kind is RowKind.TOTAL or bool(self.label and self.kind is not REPEAT)

    @property
    def whereof(self) -> bool:
        return bool(WHEREOF.match(self.printed))

    @property
    def rank(self) -> int | None:
        """How deep the form of its ordinal nests; None without one."""
        bare = WHEREOF.sub("", self.printed).strip()
        return next((at for at, form in enumerate(FORMS) if re.match(form, bare)), None)

    @property
    def indent(self) -> int:
        return len(self.printed) - len(self.printed.lstrip())

    @property
    def fact(self) -> Fact:
        return next(iter(self.cells.values()))

    def value(self, column: int) -> Decimal:
        """The figure in a column; a blank is nothing."""
        fact = self.cells.get(column)
        return fact.value if fact is not None and fact.value is not None else ZERO


@dataclass(frozen=True)
class Side:
    """One side of a table (收入, 支出), or the whole of a table that has one."""

    number: str
    title: str
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    goals: bool = False
    """The table is one of performance goals."""

    @cached_property
    def parents(self) -> tuple[int | None, ...]:
        return lifted(self.rows, nested(self.rows))

    @cached_property
    def plain_parents(self) -> tuple[int | None, ...]:
        """The parents as the reader found them, without ordinals and codes of units."""
        return lifted(self.rows, tuple(_by_level(at, self.rows) for at in range(len(self.rows))))

    def children(self, at: int, parents: Sequence[int | None] | None = None) -> tuple[int, ...]:
        found = self.parents if parents is None else parents
        return tuple(child for child, parent in enumerate(found) if parent == at)

    def above(self, at: int) -> tuple[int, ...]:
        """The rows that row `at` hangs under, nearest first."""
        found: list[int] = []
        parent = self.parents[at]
        while parent is not None:
            found.append(parent)
            parent = self.parents[parent]
        return tuple(found)

    def kind(self, column: int) -> Kind:
        """What the column holds; BLANK where it is empty."""
        kinds = (row.cells[column].kind for row in self.rows if column in row.cells)
        return next((kind for kind in kinds if kind is not Kind.BLANK), Kind.BLANK)

    def unit(self, column: int) -> str:
        """The unit that most of its figures bear."""
        units = [r.cells[column].unit for r in self.rows if column in r.cells if r.value(column)]
        return max(dict.fromkeys(units), key=units.count, default="")

    def year(self, column: int) -> int | None:
        return next((row.cells[column].year for row in self.rows if column in row.cells), None)


@dataclass(frozen=True)
class Book:
    """A budget laid out for the checks."""

    budget: Budget
    sides: tuple[Side, ...]
    unit: str
    """The unit that most tables print, for a table that prints none."""

    def amount(self, fact: Fact) -> Decimal:
        """The value in 元 (a count as it is)."""
        return (fact.value or ZERO) * (self.factor(fact.unit))

    def factor(self, unit: str) -> Decimal:
        return size(unit or self.unit) or Decimal(1)

    def rounded(self, difference: Decimal, facts: Sequence[Fact]) -> bool:
        """Half of the last place of each figure explains the difference (in 元)."""
        exact = any(is_exact(fact) for fact in facts)
        one = len({_unit(fact, self.unit) for fact in facts}) == 1
        steps = [self.factor(fact.unit) * step(fact) for fact in facts]
        least = min(steps, default=ZERO)
        allowed = least * len(facts) if one else sum(steps, ZERO)
        return not (exact and one) and ZERO < abs(difference) <= allowed / 2

    def near(self, left: Decimal, right: Decimal, *printed: Fact) -> bool:
        if left == right:
            return True
        units = {_unit(fact, self.unit) for fact in printed}
        steps = [self.factor(f.unit) * step(f) for f in printed]
        allowed = max(steps) / 2 if len(units) > 1 else ZERO
        return abs(left - right) <= allowed

    @property
    def year(self) -> int | None:
        return self.budget.year

    def is_whole(self, unit_name: str) -> bool:
        """The figure is the whole department's: no unit, or the one that is the department."""
        return not unit_name or any(u.whole and u.name == unit_name for u in self.budget.units)


def book_of(budget: Budget) -> Book:
    return Book(budget=budget, sides=sides_of(budget), unit=common_unit(budget))


def _unit(fact: Fact, common: str) -> str:
    return fact.unit or common


@cache
def size(unit: str) -> Decimal | None:
    """`size_of`, remembered: a document has a handful of units and thousands of figures."""
    return size_of(unit)


def is_exact(fact: Fact) -> bool:
    """An amount to the cent or a count, which nobody rounded."""
    counted = fact.kind is Kind.COUNT and not decimals(fact)
    return counted or (size(fact.unit) == 1 and decimals(fact) >= CENTS)


def step(fact: Fact) -> Decimal:
    """One unit of its last printed place."""
    return Decimal(1).scaleb(-decimals(fact))


def sides_of(budget: Budget) -> tuple[Side, ...]:
    """The sides of every table with figures, in the order of the document."""
    tables: dict[tuple[str, str], list[Fact]] = {}
    for fact in budget.facts:
        if fact.row_kind is not RowKind.PROSE:
            tables.setdefault((fact.table, fact.title), []).append(fact)
    texts = _label_texts(budget.tables)
    return tuple(side for name, facts in tables.items() for side in _sides(name, facts, texts))


def _label_texts(tables: Iterable[Table]) -> dict[Place, str]:
    return {cell.place: cell.text for table in tables for row in table.rows for cell in row}


def _sides(
    name: tuple[str, str], facts: Sequence[Fact], texts: Mapping[Place, str]
) -> Iterable[Side]:
    goals = any(fact.row_kind is RowKind.INDICATOR for fact in facts)
    for part in _split(f for f in facts if f.row_kind is not RowKind.INDICATOR):
        columns: dict[tuple[tuple[str, ...], int], int] = {}
        rows = tuple(_row(group, columns, texts) for group in part)
        paths = tuple(path for path, _ in columns)
        yield Side(number=name[0], title=name[1], columns=paths, rows=rows, goals=goals)


def _split(facts: Iterable[Fact]) -> list[list[list[Fact]]]:
    """Sides → rows → facts: a side begins where the row numbers begin again."""
    sides: list[list[list[Fact]]] = []
    last: Fact | None = None
    for fact in facts:
        if last is None or fact.row < last.row:
            sides.append([])
        if last is None or fact.row != last.row or not sides[-1]:
            sides[-1].append([])
        sides[-1][-1].append(fact)
        last = fact
    return sides


def _row(
    facts: Sequence[Fact],
    columns: dict[tuple[tuple[str, ...], int], int],
    texts: Mapping[Place, str],
) -> Row:
    first, cells = facts[0], dict[int, Fact]()
    met: dict[tuple[str, ...], int] = {}
    for fact in facts:
        nth = met[fact.column] = met.get(fact.column, -1) + 1
        cells[columns.setdefault((fact.column, nth), len(columns))] = fact
    places = first.label_places
    # A total whose word stands in the column of codes, where its cell is merged across.
    label = first.label or (first.code if is_total_word(first.code) else "")
    kind = first.row_kind if label == first.label else RowKind.TOTAL
    says_so = kind is RowKind.SUBTOTAL and (not label or is_total_word(label))
    return Row(
        number=first.row,
        label=label,
        printed=texts.get(places[0], label) if places else label,
        code=first.code,
        unit_code=first.unit_code,
        unit_name=first.unit_name,
        kind=kind,
        path=first.row_path,
        level=first.level,
        totals=first.note != BESIDE and (kind is RowKind.TOTAL or says_so or is_total_label(label)),
        cells=cells,
    )


def nested(rows: Sequence[Row]) -> tuple[int | None, ...]:
    """The parent of each row: as the reader found it, refined by ordinals (（一） below 一、), by
    codes of units (361001 below 361) and by what a row with 其中 begins."""
    parents: list[int | None] = []
    for at, row in enumerate(rows):
        parent = _by_level(at, rows)
        if row.kind is RowKind.UNIT:
            parent = _by_unit_code(at, rows, parent)
        elif not row.code and not row.totals and row.kind is not RowKind.TOTAL_REPEAT:
            parent = _by_ordinal(at, rows, parents, parent)
        parents.append(parent)
    return tuple(parents)


def _by_level(at: int, rows: Sequence[Row]) -> int | None:
    row = rows[at]
    if row.level == 0:
        return None
    for above in range(at - 1, -1, -1):
        other = rows[above]
        if other.level != row.level - 1 or other.kind is RowKind.TOTAL_REPEAT or not other.label:
            continue
        own_unit = other.kind is RowKind.UNIT and other.unit_name == row.unit_name
        if other.kind is RowKind.TOTAL or own_unit or other.path == row.path[:-1]:
            return above
    return None


def _by_unit_code(at: int, rows: Sequence[Row], parent: int | None) -> int | None:
    code = rows[at].unit_code
    for above in range(at - 1, -1, -1):
        other = rows[above]
        if other.kind is not RowKind.UNIT or not other.unit_code or other.unit_code == code:
            continue
        if code.startswith(other.unit_code):
            return above
    return parent


def _by_ordinal(
    at: int, rows: Sequence[Row], parents: Sequence[int | None], parent: int | None
) -> int | None:
    row = rows[at]
    if row.rank is None:
        return _beside_whereof(at, rows, parents, parent)
    for above in range(at - 1, -1, -1):
        other = rows[above]
        if other.totals and other.rank is None:
            return parent
        if other.rank is not None and other.rank < row.rank:
            return above
    return parent


def _beside_whereof(
    at: int, rows: Sequence[Row], parents: Sequence[int | None], parent: int | None
) -> int | None:
    """A row indented like the 其中 row above it is one of the same parts."""
    if at == 0 or rows[at].whereof or not rows[at].indent:
        return parent
    first = next((n for n in range(at - 1, -1, -1) if rows[n].whereof), None)
    if first is None or any(rows[n].indent < rows[first].indent for n in range(first, at + 1)):
        return parent
    return parents[first]


def lifted(rows: Sequence[Row], parents: Sequence[int | None]) -> tuple[int | None, ...]:
    """A heading without any figure sums nothing: its members belong to what it belongs to."""

    def lift(parent: int | None) -> int | None:
        while parent is not None and rows[parent].blank and not rows[parent].totals:
            parent = parents[parent]
        return parent

    return tuple(map(lift, parents))


def is_total_word(word: str) -> bool:
    words = lexicon("headers")
    return squeeze(word) in words["total"] or squeeze(word) in words["subtotal"]


def is_subtotal_word(label: str) -> bool:
    """小计 sums since the last one; the others (本年收入合计, 收入总计) all above."""
    return squeeze(ORDINAL.sub("", label)).endswith("小计")


def common_unit(budget: Budget) -> str:
    """The unit that most tables print, for a table that prints none."""
    units = [table.unit for table in budget.tables if size(table.unit)]
    return max(dict.fromkeys(units), key=units.count, default="万元")


def decimals(fact: Fact) -> int:
    exponent = fact.value.as_tuple().exponent if fact.value is not None else 0
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
