"""Text to table: each amount and change of the text against what the tables print of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.check_headings import headings_above
from index.check_printed import Name, Printed, fits, printed_of
from index.check_relations import (
    canonical,
    is_class_chain,
    measures_named,
    relations,
    scopes_in,
    without_funds,
    without_year,
)
from index.check_rows import ZERO, Book
from index.check_spots import Amount, Spot, spots_of
from index.check_words import named, printed_value, where
from index.fact import Check, Fact, Kind, Outcome, RowKind, Table, TableState
from index.reading import AMOUNT, CHANGE, EXECUTED, FINAL
from index.words import squeeze

AMOUNTS = (AMOUNT, FINAL, EXECUTED)
LIKE = 0.5
"""Two labels that share half of their characters may name the same thing."""
SHOWN = 3
"""Places named where a figure of the text differs from the tables."""


@dataclass(frozen=True)
class Text:
    """What the text's figures are held against."""

    book: Book
    printed: Mapping[Name, Sequence[Printed]]
    headings: Mapping[str, tuple[str, ...]]
    """Id of a figure → the headings above it, the nearest first."""
    spots: Mapping[str, Sequence[Spot]]


def text_of(book: Book) -> Text:
    facts = [fact for fact in book.budget.facts if fact.row_kind is RowKind.PROSE]
    return Text(
        book=book,
        printed=printed_of(book),
        headings=headings_above(facts, book.budget.passages),
        spots={measure.id: spots_of(measure, book) for measure in relations().measures},
    )


def prose_checks(text: Text) -> tuple[Check, ...]:
    """A check for each amount of the text that a table prints, and for each change that one
    shows; the amounts that no table prints together in one."""
    found: list[Check] = []
    unknown: list[Fact] = []
    for fact in text.book.budget.facts:
        if fact.row_kind is not RowKind.PROSE or fact.kind is not Kind.MONEY:
            continue
        if fact.value is None or fact.operator:
            continue
        if fact.column[-1] in AMOUNTS and _of_tables(fact, text):
            check = amount_check(fact, text)
            found += [check] if check else []
            unknown += [] if check else [fact]
        elif fact.column[-1] == CHANGE:
            found += change_checks(fact, text)
    return (*found, _unknown(unknown)) if unknown else tuple(found)


def _of_tables(fact: Fact, text: Text) -> bool:
    """Tables print the document's year; final accounts what was spent, not what was planned."""
    budget = text.book.budget
    earlier = fact.year is not None and budget.year is not None and fact.year < budget.year
    return bool(printed_for(fact, text)) if earlier or is_plan(fact, text) else True


def is_plan(fact: Fact, text: Text) -> bool:
    """In final accounts: what was planned."""
    return text.book.budget.account == "final" and fact.column[-1] == AMOUNT


def _unknown(facts: Sequence[Fact]) -> Check:
    said = "、".join(f"{where([fact.place])}“{fact.label}”" for fact in facts)
    return Check(
        name="prose to table",
        outcome=Outcome.UNCHECKED,
        what=f"正文 {len(facts)} 个数在表中没有同名的数，无法核对：{said}",
        expression="、".join(f"{printed_value(fact)} {fact.unit}" for fact in facts),
        facts=tuple(fact.id for fact in facts),
        places=tuple(dict.fromkeys(fact.place for fact in facts)),
    )


# What a figure of the text speaks of


def scopes_of(fact: Fact, text: Text) -> frozenset[str] | None:
    """The funds and kind of spending a figure is of: by what it is part of, else by its headings.

    None where nothing says it; empty for the department's whole income or expenditure.
    """
    above = "/".join(fact.row_path[:-1])
    if found := scopes_in(above):
        return found
    institution = text.book.budget.institution
    if len(fact.row_path) > 1 and measures_named(fact.row_path[0], institution):
        return frozenset()
    for heading in text.headings.get(fact.id, ()):
        if found := scopes_in(heading):
            return found
    return None


def spots_named(fact: Fact, text: Text) -> tuple[Spot, ...]:
    """The places of the measures that a figure's name says: in full (一般公共预算支出), or, of a
    figure without a figure above it, as far as no heading narrows it (收入)."""
    budget = text.book.budget
    other_year = fact.year is not None and budget.year is not None and fact.year != budget.year
    if other_year or is_plan(fact, text) or not text.book.is_whole(fact.unit_name):
        return ()
    if not scopes_in(fact.label):
        narrowed = any(map(scopes_in, text.headings.get(fact.id, ())))
        goals = is_goal_project(fact, text)
        if len(fact.row_path) > 1 or (narrowed and not goals):
            return ()
    ids = [measure.id for measure in measures_named(fact.label, budget.institution)]
    if not ids and len(fact.row_path) == 1 and is_goal_project(fact, text):
        ids = ["goals"]
    return tuple(spot for name in ids for spot in text.spots[name])


def is_goal_project(fact: Fact, text: Text) -> bool:
    """项目 under a heading or subject that speaks of performance goals."""
    words = relations()
    said = (*fact.row_path, *text.headings.get(fact.id, ()))
    return any(word in fact.row_path[0] for word in words.projects) and any(
        goal in part for part in said for goal in words.goals
    )


def printed_for(fact: Fact, text: Text) -> tuple[Printed, ...]:
    """What the tables print under the figure's label, of the same unit and year."""
    unit = "" if text.book.is_whole(fact.unit_name) else canonical(fact.unit_name)
    for label in (fact.label, without_year(fact.label), without_funds(fact.label)):
        found = text.printed.get((canonical(label), unit), ())
        same = (p for p in found if p.planned is is_plan(fact, text))
        if own := tuple(p for p in same if not (p.year and fact.year and p.year != fact.year)):
            return own
    return ()


# Amounts


def amount_check(fact: Fact, text: Text) -> Check | None:
    """None where no table prints an amount of that name."""
    spots = spots_named(fact, text)
    amounts = [amount for spot in spots for amount in (spot.amount, *spot.others)]
    if amounts:
        equal = [amount for amount in amounts if _equal(fact, amount, text.book)]
        totals = [spot.amount for spot in spots]
        return _holds(fact, equal[0]) if equal else _differs(fact, totals, text)
    if not fact.value and (empty := _empty_table(fact, text)):
        return _nothing(fact, empty)
    printed = [p for p in printed_for(fact, text) if not p.change]
    scopes = scopes_of(fact, text)
    own = [p for p in printed if scopes is None or fits(scopes, p.scopes)]
    if equal := _equals(fact, own, text.book):
        return _holds(fact, equal[0])
    if alias := _alias(fact, own, scopes, text):
        return alias
    if own and not fact.value and all(p.amount is None for p in own):
        return _holds(fact, Amount(facts=own[0].facts, value=ZERO))
    if equal := _equals(fact, printed, text.book):
        if is_class_chain(fact):
            return _holds(fact, equal[0])
        return _unchecked(fact, f"与{equal[0].words}相同，但口径不同")
    different = [p.amount for p in own if p.amount is not None]
    if different and (scopes is not None or is_class_chain(fact)):
        return _differs(fact, different, text)
    if different:
        return _unchecked(fact, "表中有同名的数，但看不出是不是同一口径")
    return None


def _empty_table(fact: Fact, text: Text) -> Table | None:
    """The table of the measure that a figure of 0 names, if it is printed empty."""
    measures = measures_named(fact.label, text.book.budget.institution)
    empty = [table for table in text.book.budget.tables if table.state is TableState.EMPTY]
    return next(
        (t for measure in measures for at in measure.at for t in empty if at.in_title(t.title)),
        None,
    )


def _nothing(fact: Fact, table: Table) -> Check:
    return Check(
        name="prose to table",
        outcome=Outcome.HOLDS,
        what=f"{named(fact)}为 0，应与{table.title}（空表）一致",
        expression=f"{printed_value(fact)} = 空表",
        difference=ZERO,
        facts=(fact.id,),
        places=(fact.place, table.place),
    )


def _equal(fact: Fact, amount: Amount, book: Book) -> bool:
    return book.near(book.amount(fact), amount.value, fact, *amount.facts)


def _equals(fact: Fact, printed: Iterable[Printed], book: Book) -> list[Amount]:
    """Amounts equal to the figure, one cell before a sum."""
    found = [p.amount for p in printed if p.amount is not None and _equal(fact, p.amount, book)]
    return sorted(found, key=lambda amount: len(amount.facts))


def _alias(
    fact: Fact, own: Sequence[Printed], scopes: frozenset[str] | None, text: Text
) -> Check | None:
    """The same amount under another, similar name in a table of the same scope.

    Where the table also has the text's own name and leaves it blank, one of the two is wrong.
    """
    if scopes is None or any(p.amount is not None for p in own):
        return None
    similar = [
        p
        for (_, unit), found in text.printed.items()
        if unit == "" and text.book.is_whole(fact.unit_name)
        for p in found
        if p.amount is not None and len(p.facts) == 1 and not p.change
        if _equal(fact, p.amount, text.book) and p.year == fact.year
        if fits(scopes, p.scopes) and _like(fact.label, p.label)
    ]
    amounts = [p.amount for p in similar if p.amount is not None]
    if not amounts:
        return None
    return _other_name(fact, own, amounts) if own else _holds(fact, amounts[0])


def _like(left: str, right: str) -> bool:
    return SequenceMatcher(None, canonical(left), canonical(right)).ratio() >= LIKE


def _other_name(fact: Fact, own: Sequence[Printed], amounts: Sequence[Amount]) -> Check:
    facts = tuple(dict.fromkeys((fact, *(f for amount in amounts for f in amount.facts))))
    blank = "、".join(named(f) for p in own for f in p.facts)
    return Check(
        name="names",
        outcome=Outcome.DIFFERS,
        what=f"{named(fact)}与表中的名称不一致：同一个数，表里列为"
        f"{'、'.join(map(named, facts[1:]))}；与正文同名的是空白（{blank}）",
        expression=f"{printed_value(fact)} = {printed_value(facts[1])}",
        difference=ZERO,
        facts=tuple(f.id for f in facts),
        places=tuple(dict.fromkeys(f.place for f in facts)),
    )


def _holds(fact: Fact, amount: Amount, name: str = "prose to table") -> Check:
    return Check(
        name=name,
        outcome=Outcome.HOLDS,
        what=f"{named(fact)}应与{amount.words}相等",
        expression=f"{printed_value(fact)} = {amount.shown}",
        difference=ZERO,
        facts=(fact.id, *(f.id for f in amount.facts)),
        places=tuple(dict.fromkeys((fact.place, *(f.place for f in amount.facts)))),
    )


def _differs(
    fact: Fact, amounts: Sequence[Amount], text: Text, name: str = "prose to table"
) -> Check:
    """Against the closest of the amounts; the others are named too."""
    book = text.book
    value = book.amount(fact)
    closest = sorted(dict.fromkeys(amounts), key=lambda amount: abs(amount.value - value))
    first = closest[0]
    words = "、".join(amount.words for amount in closest[:SHOWN])
    return Check(
        name=name,
        outcome=Outcome.DIFFERS,
        what=f"{named(fact)}应与{words}相等",
        expression=f"{printed_value(fact)} ≠ {first.shown}",
        difference=(value - first.value) / book.factor(fact.unit),
        facts=(fact.id, *(f.id for f in first.facts)),
        places=tuple(dict.fromkeys((fact.place, *(f.place for f in first.facts)))),
    )


def _unchecked(fact: Fact, why: str) -> Check:
    return Check(
        name="prose to table",
        outcome=Outcome.UNCHECKED,
        what=f"{named(fact)}无法与表核对：{why}",
        expression=printed_value(fact),
        facts=(fact.id,),
        places=(fact.place,),
    )


# Changes


def change_checks(fact: Fact, text: Text) -> Iterator[Check]:
    """A change against last year, where a table prints it or prints both years."""
    scopes = scopes_of(fact, text)
    spots = spots_named(fact, text)
    if spots:
        amounts = [change for spot in spots for change in _spot_changes(spot, text.book)]
    else:
        own = [p for p in printed_for(fact, text) if scopes is None or fits(scopes, p.scopes)]
        amounts = [p.amount for p in own if p.change and p.amount is not None]
    equal = [amount for amount in amounts if _equal(fact, amount, text.book)]
    if equal:
        yield _holds(fact, equal[0], "change")
    elif amounts and (spots or scopes is not None or is_class_chain(fact)):
        yield _differs(fact, amounts, text, "change")


def _spot_changes(spot: Spot, book: Book) -> Iterator[Amount]:
    """The changes printed beside a measure, and this year's figure less last year's."""
    for at in spot.rows[:1]:
        cells = spot.side.rows[at].cells
        this = cells.get(spot.column)
        for column, fact in cells.items():
            if fact.value is None or fact.kind is not Kind.MONEY:
                continue
            path = spot.side.columns[column]
            if path and squeeze(path[-1]) in relations().change:
                yield Amount(facts=(fact,), value=book.amount(fact))
            elif this is not None and this.year and fact.year == this.year - 1:
                value = book.amount(this) - book.amount(fact)
                yield Amount(facts=(this, fact), value=value, less=True)
