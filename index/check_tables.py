"""Table to table: measures that several tables print, the classes, sources and units they hold."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from index.check_relations import Equal, Measure, canonical, relations
from index.check_rows import ZERO, Book, Row, Side, is_total_word
from index.check_spots import Amount, Spot, amount_of, spots_of
from index.check_words import TAIL, named, printed_value
from index.classification import code_of
from index.fact import Check, Fact, Kind, Outcome, RowKind
from index.words import squeeze

MOSTLY = 3
"""Figures of two tables that must differ before their scopes are doubted."""
CLASS = 3
"""Figures of the code of a 类, at which tables by class are compared."""


def table_checks(book: Book) -> tuple[Check, ...]:
    """The measures of the year, then those of last year where tables print both."""
    found: list[Check] = []
    for year in (book.year, book.year - 1) if book.year else (None,):
        spots = {m.id: spots_of(m, book, year) for m in relations().measures}
        for measure in relations().measures:
            found += measure_checks(measure, spots[measure.id], book)
        for equal in relations().equal:
            found += equal_checks(equal, spots, book)
    return (*found, *same_rows(book, found))


# The same measure in several tables


def measure_checks(measure: Measure, spots: Sequence[Spot], book: Book) -> Iterator[Check]:
    """Every place against the first, and the parts that two places share."""
    for left, right in combinations(spots, 2):
        if _own_office(left) != _own_office(right):
            continue
        found: list[Check] = []
        if left is spots[0]:
            found.append(compare(f"{measure.name}应一致", _closest(left, right, book), book))
        if left.side.number != right.side.number or left.side.title != right.side.title:
            found += parts_checks(left, right, book)
        yield from _of_one_scope(found)


def _own_office(spot: Spot) -> bool:
    """The table is that of the department's own office, not of the whole department."""
    return any(word in squeeze(spot.side.title) for word in relations().own_tables)


def _of_one_scope(checks: Sequence[Check]) -> Iterator[Check]:
    """Two tables of which most figures differ are of two scopes, whatever their titles say."""
    differs = [check for check in checks if check.outcome is Outcome.DIFFERS]
    clear = [check for check in differs if TAIL not in check.what]
    if len(clear) < MOSTLY or len(clear) * 2 <= len(checks):
        yield from checks
        return
    why = "：两表多数数字不同，可能口径不同"
    for check in checks:
        wrong = check.outcome is Outcome.DIFFERS
        yield replace(check, outcome=Outcome.UNCHECKED, what=check.what + why) if wrong else check


def _closest(left: Spot, right: Spot, book: Book) -> tuple[Amount, Amount]:
    """The totals themselves, or those of the year alone where these come closer."""
    pairs = [(left.amount, right.amount)]
    pairs += [(other, right.amount) for other in left.others]
    pairs += [(left.amount, other) for other in right.others]
    return min(pairs, key=lambda pair: abs(pair[0].value - pair[1].value))


def _equal(left: Amount, right: Amount, book: Book) -> bool:
    return book.near(left.value, right.value, *left.facts, *right.facts)


def compare(what: str, pair: tuple[Amount, Amount], book: Book) -> Check:
    left, right = pair
    same = _equal(left, right, book)
    unit = left.facts[0].unit or book.unit
    difference = (left.value - right.value) / book.factor(unit)
    used = tuple(dict.fromkeys((*left.facts, *right.facts)))
    tail = "" if same else TAIL if book.rounded(left.value - right.value, used) else ""
    return Check(
        name="table to table",
        outcome=Outcome.HOLDS if same else Outcome.DIFFERS,
        what=f"{what}：{left.words}与{right.words}{tail}",
        expression=f"{left.shown} {'=' if same else '≠'} {right.shown}",
        difference=ZERO if same else difference,
        facts=tuple(fact.id for fact in used),
        places=tuple(dict.fromkeys(fact.place for fact in used)),
    )


def parts_checks(left: Spot, right: Spot, book: Book) -> Iterator[Check]:
    """Classes (类), sources and units that both places print."""
    for what, parts in (("支出功能分类", classes), ("项目", sources), ("预算单位", units)):
        if parts is sources and not (left.total and right.total):
            continue
        mine, theirs = parts(left, book), parts(right, book)
        for name in mine:
            if name in theirs and (mine[name].value or theirs[name].value):
                yield compare(f"同一{what}应一致", (mine[name], theirs[name]), book)


def classes(spot: Spot, book: Book) -> Mapping[str, Amount]:
    """Code of the 类 → its amount: of the rows named like it, or the sum of its lowest codes."""
    facts: dict[str, list[Fact]] = {}
    for at in lowest_codes(spot.side):
        row = spot.side.rows[at]
        fact = row.cells.get(spot.column)
        if fact is not None and fact.value is not None:
            facts.setdefault(row.code[:CLASS], []).append(fact)
    if not facts:
        facts = _named_classes(spot)
    found = ((code, amount_of(members, book)) for code, members in facts.items())
    return {code: amount for code, amount in found if amount is not None}


def _named_classes(spot: Spot) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for row in spot.side.rows:
        fact = row.cells.get(spot.column)
        codes = [code for code in code_of(row.label, "function") if len(code) == CLASS]
        if fact is not None and fact.value is not None and codes and not row.totals:
            found.setdefault(codes[0], [fact])
    return found


def lowest_codes(side: Side) -> tuple[int, ...]:
    """Rows with a code of the functional classification that no row below divides further."""
    coded = [at for at, row in enumerate(side.rows) if re.fullmatch(r"2\d{2}(\d{2})*", row.code)]
    divided = {
        above
        for at in coded
        for above in side.above(at)
        if side.rows[above].code and side.rows[at].code.startswith(side.rows[above].code)
    }
    return tuple(at for at in coded if at not in divided)


def sources(spot: Spot, book: Book) -> Mapping[str, Amount]:
    """What the total is made of, by name: rows beside it, or the columns of its row."""
    side, found = spot.side, dict[str, Amount]()
    if len(spot.rows) == 1 and len(side.columns) > 1:
        total = side.rows[spot.rows[0]]
        for at, fact in total.cells.items():
            if at != spot.column and fact.value is not None and fact.kind is Kind.MONEY:
                name = canonical(_column_name(side.columns[at]))
                found[name] = Amount(facts=(fact,), value=book.amount(fact))
        return found
    for row in side.rows:
        cell = row.cells.get(spot.column)
        if cell is not None and cell.value is not None and not row.totals:
            found.setdefault(canonical(row.label), Amount(facts=(cell,), value=book.amount(cell)))
    return found


def _column_name(path: Sequence[str]) -> str:
    """The head's own word; of a total (小计) the word above it."""
    words = [word for word in path if not is_total_word(word)]
    return words[-1] if words else ""


def units(spot: Spot, book: Book) -> Mapping[str, Amount]:
    """Key of a budget unit → its amount, in tables with a row for each unit."""
    found: dict[str, Amount] = {}
    for row in spot.side.rows:
        fact = row.cells.get(spot.column)
        unit = row.kind is RowKind.UNIT or (row.totals and row.unit_name)
        if fact is None or fact.value is None or book.is_whole(row.unit_name):
            continue
        if unit:
            found.setdefault(
                canonical(row.unit_name), Amount(facts=(fact,), value=book.amount(fact))
            )
    return found


# Equations between measures


def equal_checks(equal: Equal, spots: Mapping[str, Sequence[Spot]], book: Book) -> Iterator[Check]:
    whole = next(iter(spots[equal.whole]), None)
    parts = [next(iter(spots[name]), None) for name in equal.parts]
    present = [spot for spot in parts if spot is not None]
    if whole is None or not present:
        return
    total = Amount(
        facts=tuple(fact for spot in present for fact in spot.amount.facts),
        value=sum((spot.amount.value for spot in present), ZERO),
    )
    complete = len(present) == len(parts)
    if complete or _equal(whole.amount, total, book):
        what = equal.name if complete else f"{equal.name}（其余没有数）"
        yield compare(what, (whole.amount, total), book)
    if equal.units:
        yield from _unit_checks(spots[equal.whole], spots[equal.parts[0]], book)


def _unit_checks(left: Sequence[Spot], right: Sequence[Spot], book: Book) -> Iterator[Check]:
    mine = next((found for spot in left if (found := units(spot, book))), {})
    theirs = next((found for spot in right if (found := units(spot, book))), {})
    for name in mine:
        if name in theirs:
            yield compare("同一预算单位的收入与支出应相等", (mine[name], theirs[name]), book)


# The same row in several tables


def same_rows(book: Book, known: Iterable[Check]) -> Iterator[Check]:
    """The same label, code and unit with the same amount in several tables: it holds there.

    Where amounts differ the tables may differ in scope, so that nothing is said.
    """
    seen = [frozenset(check.facts) for check in known]
    groups: dict[tuple[str, str, str, int | None, Decimal], dict[str, Fact]] = {}
    for side in book.sides:
        for row in side.rows:
            if row.label and not row.totals and row.kind is not RowKind.TOTAL_REPEAT:
                _group(side, row, groups, book)
    for tables in groups.values():
        facts = tuple(tables.values())
        ids = frozenset(fact.id for fact in facts)
        if len(facts) > 1 and not any(ids <= other for other in seen):
            yield _same_row(facts)


def _group(
    side: Side,
    row: Row,
    groups: dict[tuple[str, str, str, int | None, Decimal], dict[str, Fact]],
    book: Book,
) -> None:
    unit = "" if book.is_whole(row.unit_name) else canonical(row.unit_name)
    for fact in row.cells.values():
        if fact.kind is Kind.MONEY and fact.value:
            name = (canonical(row.label), row.code, unit, fact.year, book.amount(fact))
            groups.setdefault(name, {}).setdefault(f"{side.number}/{side.title}", fact)


def _same_row(facts: Sequence[Fact]) -> Check:
    return Check(
        name="table to table",
        outcome=Outcome.HOLDS,
        what=f"同名同口径的数一致：{'、'.join(map(named, facts))}",
        expression=" = ".join(map(printed_value, facts)),
        difference=ZERO,
        facts=tuple(fact.id for fact in facts),
        places=tuple(fact.place for fact in facts),
    )
