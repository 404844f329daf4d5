"""Percentages and changes of the text, recomputed from the amounts that stand beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.check_rates import rate_check
from index.check_relations import canonical, relations
from index.check_rows import ZERO
from index.check_words import equation_check, named, printed_value
from index.fact import Check, Fact, Kind, Outcome
from index.reading import (
    AGAINST_PLAN,
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    COMPLETION,
    COUNT,
    EXECUTED,
    FINAL,
    SHARE,
)

WHOLES = (AMOUNT, FINAL, EXECUTED, COUNT)
BASES = (("执行", EXECUTED), ("决算", FINAL), ("预算", AMOUNT))
"""How the words for last year's amount (2023年预算执行数) say what kind of amount it is."""
NEAR = 4
"""Figures between a percentage and the amounts that it is recomputed from."""


@dataclass(frozen=True)
class Said:
    """The figures of the text, in their order, and by the path of what they are of."""

    facts: Sequence[Fact]
    at: Mapping[str, int]
    paths: Mapping[tuple[str, ...], Sequence[Fact]]
    labels: Mapping[str, Sequence[Fact]]

    def before(self, fact: Fact, fits: Callable[[Fact], bool]) -> Fact | None:
        """The last figure of the same path before `fact` that fits."""
        return self.last(self.paths.get(fact.row_path, ()), fact, fits)

    def last(self, facts: Sequence[Fact], fact: Fact, fits: Callable[[Fact], bool]) -> Fact | None:
        here = self.at[fact.id]
        return next((f for f in reversed(facts) if self.at[f.id] < here and fits(f)), None)

    def near(self, fact: Fact, other: Fact) -> bool:
        same = bool(fact.sentence) and fact.sentence == other.sentence
        return same or abs(self.at[fact.id] - self.at[other.id]) <= NEAR


def said(facts: Sequence[Fact]) -> Said:
    paths: dict[tuple[str, ...], list[Fact]] = {}
    labels: dict[str, list[Fact]] = {}
    for fact in facts:
        paths.setdefault(fact.row_path, []).append(fact)
        labels.setdefault(canonical(fact.label), []).append(fact)
    at = {fact.id: n for n, fact in enumerate(facts)}
    return Said(facts=facts, at=at, paths=paths, labels=labels)


def prose_rates(facts: Sequence[Fact]) -> Iterator[Check]:
    """A check for each percentage whose amounts the text gives, and for each change of which it
    gives both years."""
    text = said(facts)
    ways = {
        SHARE: share_check,
        CHANGE_RATE: growth_check,
        COMPLETION: completion_check,
        CHANGE: change_check,
        AGAINST_PLAN: plan_check,
    }
    for fact in facts:
        way = ways.get(fact.column[-1])
        check = way(fact, text) if way and fact.value is not None else None
        if check is not None:
            yield check


def _is_amount(fact: Fact) -> bool:
    return fact.kind is Kind.MONEY and fact.column[-1] in WHOLES and fact.value is not None


# Shares


def share_check(share: Fact, text: Said) -> Check:
    """占 60%: the amount before it divided by what it is a share of."""
    part = text.before(share, _is_amount)
    base = _whole(share, text)
    if part is None or base is None or part is base or part.unit != base.unit:
        return _not_given(share, "占比", share.about or share.label)
    if not base.value:
        return _unchecked(share, f"占比无法重算：“{base.label}”为 0")
    return rate_check("share", share, part.value or ZERO, base.value, (part, base))


def _whole(share: Fact, text: Said) -> Fact | None:
    """The figure named, else the one that the part belongs to."""
    about, above = canonical(share.about), share.row_path[:-1]
    named_so = text.last(text.labels.get(about, ()), share, _is_amount) if about else None
    if named_so is not None:
        return named_so
    if about and above and canonical(above[-1]) != about:
        return None
    return text.last(text.paths.get(above, ()), share, _is_amount)


# Growth


def growth_check(rate: Fact, text: Said) -> Check | None:
    """增长 5.00%: the change beside it, or the difference of the two years, by last year's."""
    amount = text.before(rate, lambda f: _is_amount(f) and f.year in (rate.year, None))
    change = text.before(rate, lambda f: f.column[-1] == CHANGE and f.kind is Kind.MONEY)
    if amount is None or not _about(rate) or rate.label.startswith(relations().against):
        return None
    if change is not None and change.value and text.near(rate, change):
        base = (amount.value or ZERO) - change.value
        if not base or amount.unit != change.unit or change.about != rate.about:
            return None
        return rate_check("change", rate, change.value, base, (change, amount))
    last = _last_year(rate, text)
    if last is None or last.unit != amount.unit or not text.near(rate, last):
        return None
    if not last.value:
        return _unchecked(rate, "增减比例无法重算：上年为 0")
    difference = (amount.value or ZERO) - last.value
    return rate_check("change", rate, difference, last.value, (amount, last))


def _about(rate: Fact) -> bool:
    """It is measured against a year, not against a plan or a target."""
    return not rate.about.startswith(("预算", "年初", "目标", "计划"))


def _last_year(fact: Fact, text: Said) -> Fact | None:
    """The amount of the year before, of the kind that the words 比2023年预算执行数 ask for."""
    columns = next(((name,) for word, name in BASES if word in fact.about), WHOLES)

    def fits(other: Fact) -> bool:
        earlier = other.year is not None and fact.year is not None and other.year == fact.year - 1
        return _is_amount(other) and earlier and other.column[-1] in columns

    return text.before(fact, fits)


def change_check(change: Fact, text: Said) -> Check | None:
    """比上年增加 N: this year's amount less last year's, where the text gives both."""
    last = _last_year(change, text) if change.kind is Kind.MONEY else None
    amount = text.before(change, lambda f: _is_amount(f) and f.year == change.year)
    if last is None or amount is None or not text.near(change, last):
        return None
    if {last.unit, amount.unit} != {change.unit}:
        return None
    what = f"{named(change)}的增减应等于{change.year}年数减{last.year}年数"
    return equation_check("change", what, change, [(1, amount), (-1, last)])


# Plans


def completion_check(rate: Fact, text: Said) -> Check | None:
    """完成年初预算的 87.5%: what was spent by what was planned."""
    spent, planned = _spent_and_planned(rate, text)
    if "预算" not in rate.about or not rate.value:
        return None
    if spent is None or planned is None or spent.unit != planned.unit:
        return _not_given(rate, "完成率", "预算数和决算数")
    if not planned.value:
        return _unchecked(rate, "完成率无法重算：预算数为 0")
    spent_value = spent.value or ZERO
    return rate_check("share", rate, spent_value, planned.value, (spent, planned), "完成率")


def plan_check(change: Fact, text: Said) -> Check | None:
    """决算数比预算数减少 N; 持平 is 0."""
    spent, planned = _spent_and_planned(change, text)
    if change.kind is not Kind.MONEY or spent is None or planned is None:
        return None
    if {spent.unit, planned.unit} != {change.unit} or not text.near(change, planned):
        return None
    what = f"{named(change)}的增减应等于决算数减预算数"
    return equation_check("change", what, change, [(1, spent), (-1, planned)])


def _spent_and_planned(fact: Fact, text: Said) -> tuple[Fact | None, Fact | None]:
    def of(*columns: str) -> Fact | None:
        return text.before(
            fact, lambda f: _is_amount(f) and f.column[-1] in columns and f.year == fact.year
        )

    return of(FINAL, EXECUTED), of(AMOUNT)


def _not_given(fact: Fact, what: str, missing: str) -> Check:
    return _unchecked(fact, f"{what}无法重算：正文没有给出“{missing}”的数")


def _unchecked(fact: Fact, why: str) -> Check:
    return Check(
        name="share" if fact.column[-1] in (SHARE, COMPLETION) else "change",
        outcome=Outcome.UNCHECKED,
        what=f"{named(fact)}{why}",
        expression=f"{printed_value(fact)}%",
        facts=(fact.id,),
        places=(fact.place,),
    )
