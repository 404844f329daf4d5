"""Totals that two tables of one document print alike, by what the tables are officially for."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from eval.gold_rows import flat
from index.fact import Fact

Tables = Mapping[tuple[str, str], Sequence[Fact]]
Total = tuple[str, Decimal]
"""Where it is printed, and what."""

APPROPRIATION = re.compile("财政拨款")
BALANCE = re.compile("收支|收入支出")
FUNDS = re.compile("政府性基金|国有资本")
GENERAL = re.compile("一般公共预算")
BASIC = re.compile("基本支出")
THREE = re.compile("三公")
WHOLE = re.compile("[合总]计$")


def is_balance(title: str) -> bool:
    return bool(BALANCE.search(title)) and not APPROPRIATION.search(title)


def is_appropriated(title: str) -> bool:
    return bool(BALANCE.search(title) and APPROPRIATION.search(title)) and not FUNDS.search(title)


def is_income(title: str) -> bool:
    return "收入" in title and "支出" not in title and not BALANCE.search(title)


def is_spending(title: str) -> bool:
    others = (GENERAL, FUNDS, BASIC, THREE, BALANCE, APPROPRIATION)
    plain = not any(other.search(title) for other in others) and "项目" not in title
    return "支出" in title and "收入" not in title and plain


def is_general(title: str) -> bool:
    return bool(GENERAL.search(title)) and not BASIC.search(title) and not THREE.search(title)


def is_basic(title: str) -> bool:
    return bool(GENERAL.search(title) and BASIC.search(title))


def equal_totals(tables: Tables) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Pairs that have to be equal: what they are, and both figures."""
    balance, income = side_totals(tables, is_balance), grand(tables, is_income)
    yield from pair("收入", balance.get("收入"), income)
    yield from pair("支出", balance.get("支出"), grand(tables, is_spending))
    general = grand(tables, is_general)
    yield from pair("财政拨款支出", side_totals(tables, is_appropriated).get("支出"), general)
    yield from pair("基本支出", grand(tables, is_general, "基本支出"), grand(tables, is_basic))
    yield from classes(tables, is_balance, is_spending)
    yield from classes(tables, is_appropriated, is_general)


def pair(
    what: str, one: Sequence[Total] | None, other: Sequence[Total] | None
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """One of the totals of the one table is the other's (收入总计, else 本年收入合计)."""
    if not one or not other:
        return
    (place, value), others = other[0], [total for _, total in one]
    nearest = value if value in others else others[-1]
    yield f"{what}: {one[-1][0]} = {place}", nearest, value


def chosen(tables: Tables, is_kind: Callable[[str], bool]) -> Iterator[tuple[str, Sequence[Fact]]]:
    for (_, title), facts in tables.items():
        if is_kind(flat(title)):
            yield title, facts


def side_totals(tables: Tables, is_kind: Callable[[str], bool]) -> Mapping[str, list[Total]]:
    """收入 and 支出 → the totals of that side, in the order of the rows."""
    found: dict[str, list[Total]] = {}
    for title, facts in chosen(tables, is_kind):
        for fact in facts:
            side = "收入" if "收入" in fact.column[0] else "支出"
            main = not any(FUNDS.search(word) for word in fact.column)
            if fact.value is not None and main and WHOLE.search(flat(fact.label)):
                found.setdefault(side, []).append((f"{title} {fact.label}", fact.value))
    return found


def grand(tables: Tables, is_kind: Callable[[str], bool], column: str = "") -> list[Total]:
    """The whole of a table: its 合计 in the first column of money, or in the one named."""
    for title, facts in chosen(tables, is_kind):
        totals = [
            fact
            for fact in facts
            if WHOLE.search(flat(fact.label)) and column in fact.column[-1] and fact.value
        ]
        # Panels side by side under the same heads each have a total of their own.
        panels = [
            fact for fact in totals if fact.row == totals[0].row and fact.column == totals[0].column
        ]
        if panels:
            place = f"{title} {panels[0].label} {'/'.join(panels[0].column)}"
            return [(place, sum((fact.value or Decimal(0) for fact in panels), Decimal(0)))]
    return []


def classes(
    tables: Tables, is_one: Callable[[str], bool], is_other: Callable[[str], bool]
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Rows of the first level that both tables name, in the main column of each."""
    for title, facts in chosen(tables, is_one):
        spent = [f for f in facts if "支出" in f.column[0] and f.value is not None]
        main = {flat(f.label): f.value for f in reversed(spent) if f.column == spent[0].column}
        for other, members in chosen(tables, is_other):
            column = members[0].column
            for fact in members:
                same = main.get(flat(fact.label))
                top = len(fact.code) == 3 and fact.column == column
                if top and same is not None and fact.value is not None:
                    yield f"{fact.label}: {title} = {other}", same, fact.value
