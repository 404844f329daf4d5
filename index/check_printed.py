"""What the tables print, by name: the amounts that a sentence can be held against."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.check_relations import (
    canonical,
    is_figures_head,
    is_planned,
    relations,
    scopes_in,
)
from index.check_rows import Book, Row, Side, is_total_word
from index.check_spots import Amount, amount_of
from index.check_tables import lowest_codes
from index.classification import name_of
from index.fact import Fact, Kind, RowKind
from index.totals import names_its_whole
from index.words import squeeze

FUNDS = ("general", "funds", "capital")
STRICT = ("funds", "capital", "hospitality", "purchase", "running", "basic", "project", "goals")
"""Scopes in which a table and a sentence must agree; 财政拨款 holds 一般公共预算, and “三公” is of
财政拨款 whether said or not."""
PREFIXES = (3, 5)

Name = tuple[str, str]
"""Canonical label, canonical budget unit (empty: the whole department)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    label: str
    """As printed in the table."""
    amount: Amount | None
    """None: the square is blank."""
    facts: tuple[Fact, ...]
    scopes: frozenset[str]
    year: int | None
    change: bool = False
    """A change against last year, printed or taken from two columns of years."""
    planned: bool = False
    """In final accounts: what was planned, beside what was spent."""


def printed_of(book: Book) -> Mapping[Name, Sequence[Printed]]:
    """Every amount of every table under its name, those of units also added up."""
    found: dict[Name, list[Printed]] = {}
    for side in book.sides:
        for name, printed in _of_side(side, book):
            found.setdefault(name, []).append(printed)
    return found


def _of_side(side: Side, book: Book) -> Iterator[tuple[Name, Printed]]:
    title = scopes_in(side.title)
    for row in side.rows:
        if row.named:
            yield from _of_row(side, row, title, book)
    for column in range(len(side.columns)):
        if side.kind(column) is Kind.MONEY:
            scopes = title | _funds(side.columns[column])
            yield from _over_units(side, column, scopes, book)
            yield from _of_classes(side, column, scopes, book)


def _of_row(
    side: Side, row: Row, title: frozenset[str], book: Book
) -> Iterator[tuple[Name, Printed]]:
    """The row's own cells under its label; a total's cells under their heads."""
    unit = "" if book.is_whole(row.unit_name) else canonical(row.unit_name)
    of_all = row.kind is RowKind.TOTAL and not names_its_whole(row.label)
    heads = of_all or row.kind is RowKind.UNIT
    for column, fact in row.cells.items():
        path = side.columns[column]
        if fact.kind not in (Kind.MONEY, Kind.BLANK):
            continue
        scopes = title | _funds(path)
        if not of_all:
            yield (canonical(row.label), unit), _printed(row.label, fact, path, scopes, book)
        if heads and (words := _names(path)):
            scopes = _own(title, words) | _funds(words[:-1])
            yield (canonical(words[-1]), unit), _printed(words[-1], fact, path, scopes, book)


def _printed(
    label: str, fact: Fact, path: Sequence[str], scopes: frozenset[str], book: Book
) -> Printed:
    return Printed(
        label=label,
        amount=amount_of([fact], book) if fact.value is not None else None,
        facts=(fact,),
        scopes=scopes,
        year=fact.year,
        change=bool(path) and squeeze(path[-1]) in relations().change,
        planned=book.budget.account == "final" and is_planned(path),
    )


def _names(path: Sequence[str]) -> list[str]:
    """The head words that name something: neither 小计 nor 决算数."""
    return [word for word in path if not is_total_word(word) and not is_figures_head(word)]


def _own(title: frozenset[str], words: Sequence[str]) -> frozenset[str]:
    """Of a table of two things (“三公”经费和机关运行经费) each column is of the one it names."""
    named = title & scopes_in("/".join(words)) & set(STRICT)
    return title - (set(STRICT) - named) if named else title


def _funds(path: Sequence[str]) -> frozenset[str]:
    """一般公共预算 over a column says whose figures they are; 基本支出 only which of them."""
    return scopes_in("/".join(path)) & set(FUNDS)


def _over_units(
    side: Side, column: int, scopes: frozenset[str], book: Book
) -> Iterator[tuple[Name, Printed]]:
    """住房公积金 of each unit, added up: the department's."""
    groups: dict[tuple[str, object], list[Fact]] = {}
    for row in side.rows:
        fact = row.cells.get(column)
        if fact is None or fact.value is None or book.is_whole(row.unit_name) or row.totals:
            continue
        if row.kind is not RowKind.UNIT:
            for same in (row.code, row.level):
                groups.setdefault((row.label, same), []).append(fact)
    seen: set[tuple[str, ...]] = set()
    for (label, _), facts in groups.items():
        ids = tuple(fact.id for fact in facts)
        if ids not in seen:
            seen.add(ids)
            yield (canonical(label), ""), _sum(label, facts, scopes, book)


def _sum(label: str, facts: Sequence[Fact], scopes: frozenset[str], book: Book) -> Printed:
    return Printed(
        label=label,
        amount=amount_of(facts, book),
        facts=tuple(facts),
        scopes=scopes,
        year=facts[0].year,
    )


def _of_classes(
    side: Side, column: int, scopes: frozenset[str], book: Book
) -> Iterator[tuple[Name, Printed]]:
    """教育支出 of a table that prints only the lowest codes: the sum of 205…."""
    groups: dict[str, list[Fact]] = {}
    for at in lowest_codes(side):
        row = side.rows[at]
        fact = row.cells.get(column)
        if fact is not None and fact.value is not None:
            for length in PREFIXES:
                if length < len(row.code):
                    groups.setdefault(row.code[:length], []).append(fact)
    for code, facts in groups.items():
        if label := name_of(code):
            yield (canonical(label), ""), _sum(label, facts, scopes, book)


def fits(asked: frozenset[str], printed: frozenset[str]) -> bool:
    """A table of the same funds and kind of spending as the sentence."""
    if asked & set(STRICT) != printed & set(STRICT):
        return False
    if "hospitality" in asked:
        return True
    if "general" in asked:
        return "general" in printed
    if "fiscal" in asked:
        return bool(printed & {"fiscal", "general"})
    return not printed & {"fiscal", "general"}
