"""A class that a document does not print, as the sum of the parts of it that it does print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from index.classification import is_within, kind_of, name_of, plain_code
from index.fact import Fact, Kind, RowKind

NO_PARTS = (RowKind.PROJECT, RowKind.DETAIL, RowKind.INDICATOR, RowKind.PROSE)
"""Rows whose amounts a row of their class holds already, or may hold."""

Scope = tuple[str, str, str, str, tuple[str, ...], int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """The printed parts of a class in one table, budget unit and column."""

    code: str
    name: str
    """Official; empty for a class that the classification does not know."""
    members: tuple[Fact, ...]
    """In the order of the document; none is a part of another."""

    @property
    def value(self) -> Decimal:
        return sum((fact.value for fact in self.members if fact.value is not None), Decimal(0))


def roll_up(code: str, facts: Iterable[Fact]) -> tuple[RollUp, ...]:
    """A sum for each table, unit and column that prints parts of `code` and not `code` itself.

    Where 20508 is printed and 2050803 below it, 20508 alone counts. A scope that prints the class
    needs no sum, one without parts gives none.
    """
    plain = plain_code(code)
    scopes: dict[Scope, list[Fact]] = {}
    for fact in facts if kind_of(plain) else ():
        amount = fact.kind is Kind.MONEY and fact.row_kind not in NO_PARTS
        if amount and is_within(fact.code, plain):
            scopes.setdefault(_scope(fact), []).append(fact)
    return tuple(
        RollUp(code=plain, name=name_of(plain), members=members)
        for found in scopes.values()
        if (members := _highest(plain, found))
    )


def _scope(fact: Fact) -> Scope:
    unit = fact.unit_code or fact.unit_name
    return (fact.document, fact.table, fact.title, unit, fact.column, fact.year, fact.unit)


def _highest(code: str, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts of which no other holds the whole; none where the class itself is printed.

    Two rows of one code are classes of two units or of one printed twice: no sum is safe.
    """
    by_code: dict[str, list[Fact]] = {}
    for fact in facts:
        by_code.setdefault(plain_code(fact.code), []).append(fact)
    if code in by_code or any(len(same) > 1 for same in by_code.values()):
        return ()
    return tuple(found[0] for own, found in by_code.items() if not _held(own, by_code))


def _held(code: str, others: Mapping[str, object]) -> bool:
    return any(other != code and is_within(code, other) for other in others)
