"""Inside the text: wholes and their parts, shares, rates of change, figures said twice."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.check_rates import rate_check
from index.check_relations import canonical
from index.check_rows import ZERO
from index.check_words import equation_check, named, printed_value, where
from index.fact import Budget, Check, Fact, Kind, Outcome, RowKind
from index.reading import AMOUNT, CHANGE, CHANGE_RATE, COUNT, EXECUTED, FINAL, SHARE

WHOLES = (AMOUNT, FINAL, EXECUTED, COUNT)
NEARLY_ALL = Decimal("99.9"), Decimal("100.1")
"""Shares of all parts, each rounded."""


def text_checks(budget: Budget) -> tuple[Check, ...]:
    facts = [fact for fact in budget.facts if fact.row_kind is RowKind.PROSE]
    return (*part_sums(facts), *share_checks(facts), *rate_checks(facts), *repeats(facts))


# Wholes and parts


def part_sums(facts: Sequence[Fact]) -> Iterator[Check]:
    """100 万元，其中甲 60 万元、乙 40 万元: the parts that 其中 names after their whole."""
    groups: dict[tuple[str, tuple[str, ...]], list[Fact]] = {}
    wholes: dict[str, Fact] = {}
    for at, fact in enumerate(facts):
        if fact.column[-1] not in WHOLES or fact.value is None or len(fact.row_path) < 2:
            continue
        whole = _whole_of(fact, facts[:at])
        if whole is not None:
            wholes[whole.id] = whole
            members = groups.setdefault((whole.id, fact.row_path[:-1]), [])
            if all(member.row_path != fact.row_path for member in members):
                members.append(fact)
    for (whole_id, _), members in groups.items():
        check = _parts_check(wholes[whole_id], members, facts)
        if check is not None:
            yield check


def _whole_of(fact: Fact, before: Sequence[Fact]) -> Fact | None:
    """The figure above, or that above 收入包括：, 支出包括：."""
    for path in (fact.row_path[:-1], fact.row_path[:-2]):
        same = (
            other
            for other in reversed(before)
            if other.row_path == path
            and (other.column, other.unit, other.kind) == (fact.column, fact.unit, fact.kind)
        )
        if found := next(same, None):
            return found
    return None


def _parts_check(whole: Fact, parts: Sequence[Fact], facts: Sequence[Fact]) -> Check | None:
    total = sum((part.value or ZERO for part in parts), ZERO)
    value = whole.value or ZERO
    places = where(part.place for part in parts)
    what = f"{named(whole)}应等于{places}所列各项之和（{'、'.join(p.label for p in parts)}）"
    outcome = None
    if total < value and not _complete(parts, facts):
        if len(parts) < 2:
            return None
        outcome, what = Outcome.UNCHECKED, f"{what}：比总数少，可能没有列全"
    return equation_check("prose sum", what, whole, [(1, p) for p in parts], outcome=outcome)


def _complete(parts: Sequence[Fact], facts: Sequence[Fact]) -> bool:
    """The shares printed beside the parts make up the whole."""
    paths = {part.row_path for part in parts}
    rows = range(parts[0].row, parts[-1].row + 2)
    shares = [
        fact.value or ZERO
        for fact in facts
        if fact.column[-1] == SHARE and fact.row_path in paths and fact.row in rows
    ]
    low, high = NEARLY_ALL
    return len(shares) == len(parts) and low <= sum(shares, ZERO) <= high


# Shares and rates


def share_checks(facts: Sequence[Fact]) -> Iterator[Check]:
    """占 60%: the amount before it divided by what it is a share of."""
    for at, share in enumerate(facts):
        if share.column[-1] != SHARE or share.value is None:
            continue
        part = _last_on(facts[:at], share.row_path)
        base = _base(share, facts[:at])
        if part is None or base is None or part is base or part.unit != base.unit:
            yield _no_base(share)
        elif base.value:
            yield rate_check("share", share, part.value or ZERO, base.value, (part, base))


def _base(share: Fact, before: Sequence[Fact]) -> Fact | None:
    """The figure named, else the one that the part belongs to."""
    about = canonical(share.about)
    above = share.row_path[:-1]
    for fact in _amounts(before) if about else ():
        if canonical(fact.label) == about:
            return fact
    return None if about and above and canonical(above[-1]) != about else _last_on(before, above)


def _last_on(facts: Sequence[Fact], path: tuple[str, ...]) -> Fact | None:
    return next((fact for fact in _amounts(facts) if fact.row_path == path), None)


def _amounts(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The amounts, the last first."""
    for fact in reversed(facts):
        if fact.kind is Kind.MONEY and fact.column[-1] in WHOLES and fact.value is not None:
            yield fact


def _no_base(share: Fact) -> Check:
    return Check(
        name="share",
        outcome=Outcome.UNCHECKED,
        what=f"{named(share)}占比无法重算：正文没有给出“{share.about or share.label}”的数",
        expression=f"{printed_value(share)}%",
        facts=(share.id,),
        places=(share.place,),
    )


def rate_checks(facts: Sequence[Fact]) -> Iterator[Check]:
    """增长 5.00%: the change beside it divided by last year's amount."""
    for at, rate in enumerate(facts):
        if rate.column[-1] != CHANGE_RATE or rate.value is None:
            continue
        amount = _last_on(facts[:at], rate.row_path)
        changes = [f for f in facts[:at] if f.column[-1] == CHANGE and f.row_path == rate.row_path]
        change = changes[-1] if changes else None
        if amount is None or change is None or change.value is None or not change.value:
            continue
        base = (amount.value or ZERO) - change.value
        if base and amount.unit == change.unit and change.about == rate.about:
            yield rate_check("change", rate, change.value, base, (change, amount))


# Said twice


def repeats(facts: Sequence[Fact]) -> Iterator[Check]:
    """A change that the end of a sentence repeats (品迭后增加 N) is the one at its beginning."""
    first: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        if fact.column[-1] != CHANGE or fact.value is None or fact.kind is not Kind.MONEY:
            continue
        name = (fact.section, fact.unit, *fact.row_path)
        before = first.setdefault(name, fact)
        if before is not fact:
            what = f"{named(fact)}的增减应与{where([before.place])}所说的相同"
            yield equation_check("change", what, before, [(1, fact)])
