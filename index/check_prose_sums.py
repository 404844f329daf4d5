"""Inside the text: wholes and their parts, shares, rates of change, figures said twice."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.check_prose_rates import WHOLES, prose_rates
from index.check_relations import is_class_chain, relations
from index.check_rows import ZERO
from index.check_words import equation_check, is_rounding, named, where
from index.fact import Budget, Check, Fact, Kind, Outcome, RowKind
from index.reading import CHANGE, SHARE
from index.words import key

CHAIN = 2
"""支出（款）…（项）: a path of so many classes names one thing."""
FAR = 1000
"""Parts that exceed their whole so many times were not printed so."""
NEARLY_ALL = Decimal("99.9"), Decimal("100.1")
"""Shares of all parts, each rounded."""


def text_checks(budget: Budget) -> tuple[Check, ...]:
    facts = [fact for fact in budget.facts if fact.row_kind is RowKind.PROSE]
    return (*part_sums(facts), *prose_rates(facts), *repeats(facts), *said_again(facts))


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
            and other.year == fact.year
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
    difference = value - total
    why = ""
    if difference > 0 and not is_rounding(difference, (whole, *parts)):
        if len(parts) < 2 and not _complete(parts, facts):
            return None
        why = "" if _complete(parts, facts) else "比总数少，可能没有列全"
    elif abs(total) >= abs(value) * FAR > 0:
        why = "相差太大，可能有一个数没有读对"
    elif difference < 0 and (run := _run(value, parts)):
        why = f"其中{'、'.join(p.label for p in run)}之和已等于总数，其余可能另有所属"
    outcome = Outcome.UNCHECKED if why else None
    what = f"{what}：{why}" if why else what
    return equation_check("prose sum", what, whole, [(1, p) for p in parts], outcome=outcome)


def _run(value: Decimal, parts: Sequence[Fact]) -> Sequence[Fact]:
    """Neighbouring parts that make up the whole by themselves."""
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            if sum((part.value or ZERO for part in parts[start:end]), ZERO) == value:
                return parts[start:end]
    return ()


def _complete(parts: Sequence[Fact], facts: Sequence[Fact]) -> bool:
    """The last is 其他…, or the shares printed beside the parts make up the whole."""
    if len(parts) > 2 and key(parts[-1].label).startswith(relations().rest):
        return True
    paths = {part.row_path for part in parts}
    rows = range(parts[0].row, parts[-1].row + 2)
    shares = [
        fact.value or ZERO
        for fact in facts
        if fact.column[-1] == SHARE and fact.row_path in paths and fact.row in rows
    ]
    low, high = NEARLY_ALL
    return len(shares) == len(parts) and low <= sum(shares, ZERO) <= high


# Said twice


def repeats(facts: Sequence[Fact]) -> Iterator[Check]:
    """A change that the end of a sentence repeats (品迭后增加 N) is the one at its beginning."""
    first: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        if fact.column[-1] != CHANGE or fact.value is None or fact.kind is not Kind.MONEY:
            continue
        name = (fact.section, fact.unit, *fact.row_path)
        before = first.setdefault(name, fact)
        if before is not fact and _same_base(before.about, fact.about):
            what = f"{named(fact)}的增减应与{where([before.place])}所说的相同"
            yield equation_check("change", what, before, [(1, fact)])


def _same_base(left: str, right: str) -> bool:
    """2022年 and 2022年预算数, not 2022年决算数 and 2022年预算数."""
    return left.startswith(right) or right.startswith(left)


def said_again(facts: Sequence[Fact]) -> Iterator[Check]:
    """An amount of a class of the classification that its own paragraph says twice."""
    first: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        if fact.kind is not Kind.MONEY or fact.value is None or len(fact.row_path) < CHAIN:
            continue
        if fact.column[-1] in WHOLES and is_class_chain(fact):
            name = (fact.place, fact.year, fact.column, fact.unit, fact.row_path)
            before = first.setdefault(name, fact)
            if before is not fact:
                what = f"{named(fact)}在同一段的两处应相同"
                yield equation_check("prose twice", what, before, [(1, fact)])
