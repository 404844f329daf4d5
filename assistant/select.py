"""Linked entries → choices: for each thing asked, the entries that may be it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.calculate import FACTORS
from assistant.catalogue import Catalogue, Entry, flat
from assistant.content import Content
from assistant.link import Match, link
from index.fact import Fact, Kind, RowKind
from index.reading import AGAINST_PLAN, AMOUNT, COMPLETION, EXECUTED, FINAL

NAMED_WEIGHT = 0.3
"""How much saying the whole name counts against explaining the whole question."""
MAIN_BONUS = 0.02
HINT_BONUS = 0.12
"""A measure word or an amount said that fits the entry."""
SAME_READING = 0.05
"""Matches this near the best are the same reading in another scope, or look-alikes."""
NEAR_READING = 0.3
"""Matches this near may still be meant where another thing asked stands in the same table."""
FURTHER_GAIN = 0.05
"""Share of the content a further thing asked must explain by itself."""
FURTHER_NAMED = 0.5
SAME_TABLE, SAME_UNIT = 0.12, 0.02
"""Things asked together stand together: bonus of a further thing beside the first."""
SAME_PROJECT = 0.35
UNSAID_PARENT = 0.06
"""A prose figure of a part (其中) whose whole is not named gives way to the whole's own."""
MONEY_HINT = AIMED_BONUS = 0.06
DATED, UNDATED = 0.1, 0.03
"""What a figure of another year gives way by, where the document's is said or not."""
SHARE_OF_TARGET = 0.1
"""占几成 asks of amounts before it asks of a target that is a share itself."""
MOSTLY_NEW = 0.3
"""Words met twice in a question (甲类补助、乙类补助) are explained by the first one already."""
MOST_CHOICES = 6
ROUNDING = 0.005
NAMED_APART = (RowKind.PROJECT,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What kind of figure the question asks for, from its unmistakable words."""

    money: bool = False
    """多少钱, 万元: only money will do."""
    costs: bool = False
    """Money, if need be the target of a cost indicator (成本 ≤ 40万元); no count."""
    moneyish: bool = False
    """钱, 预算, 花: money is likelier than a count of the same name."""
    target: bool = False
    """至少, 目标, 指标: a performance target is meant."""
    aimed: bool = False
    """要筛多少人: likelier a target than a count of the same name."""
    measure: str = ""
    """几台, 多少人: the measure word asked for."""
    prose: bool = False
    """说明里, part three: the running text is meant."""
    change: bool = False
    share: bool = False
    rate: bool = False
    """完成率, 百分之几: how far a plan was carried out."""
    account: str = ""
    """预算数, 决算数, 执行数 where the question says which."""
    year: int | None = None
    """The document's, unless another is asked for: a figure of another year is likelier aside."""
    dated: bool = False
    """The year is said."""
    weight: bool = False
    beside_weight: bool = False
    """目标和权重: the target as well."""
    amounts: tuple[tuple[str, str], ...] = ()
    """(plain value, unit) of figures the question itself says."""

    def allows(self, entry: Entry) -> bool:
        fact = entry.fact
        if fact.row_kind is RowKind.TOTAL_REPEAT:
            return False
        if fact.kind is Kind.WEIGHT or "权重" in fact.column:
            return self.weight
        if self.weight and not self.beside_weight and is_target(fact):
            return False
        if not fact.table and not self._allows_prose(fact):
            return False
        if self.measure and not self._measures(fact):
            return False
        if self.costs and fact.kind is not Kind.MONEY and fact.unit not in FACTORS:
            return False
        if self.money and not self.target:
            return fact.kind in (Kind.MONEY, Kind.BLANK) and not is_target(fact)
        if self.target and not self.money:
            return is_target(fact) or not fact.table
        return True

    def _measures(self, fact: Fact) -> bool:
        """几辆 is no money and no share; 多少人 is people."""
        if fact.kind is Kind.MONEY or (fact.unit == "%" and self.measure != "%"):
            return False
        if fact.kind is Kind.BLANK and fact.unit and self.measure in TIMES:
            return self.measure in fact.unit
        if fact.kind is Kind.BLANK or not fact.unit:
            return not fact.table or is_target(fact)
        if self.measure in TIMES:
            return self.measure in fact.unit
        people = PEOPLE & set(self.measure)
        times = {"次"} if "次" in self.measure else set()
        return not people or bool((PEOPLE | times) & set(fact.unit))

    def _allows_prose(self, fact: Fact) -> bool:
        if fact.column[-1:] in (("比上年增减",), ("增减比例",)):
            return self.change
        if fact.column[-1:] == (AGAINST_PLAN,):
            return self.change
        if fact.column[-1:] == (COMPLETION,):
            return self.rate
        if fact.column[-1:] == ("占比",):
            return self.share
        return True


ACCOUNTS = (AMOUNT, FINAL, EXECUTED)
PEOPLE = frozenset("人名位")
TIMES = frozenset(("秒", "分钟", "小时", "天", "工作日"))


def is_target(fact: Fact) -> bool:
    return fact.row_kind is RowKind.INDICATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing asked: its matches, the best first, all of one reading."""

    matches: tuple[Match, ...]
    near: tuple[Match, ...] = ()
    """Further matches of the same words, for things asked together to meet in one table."""

    @property
    def reachable(self) -> tuple[Fact, ...]:
        """Facts that may stand for the choice beside other choices, the best first."""
        return tuple(match.entry.fact for match in (*self.matches, *self.near))

    @property
    def best(self) -> Match:
        return self.matches[0]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(match.entry.fact for match in self.matches)

    @property
    def mask(self) -> int:
        return self.best.mask


def score(match: Match, want: Want, beside: Fact | None = None) -> float:
    """How likely the entry is meant; `beside`: the thing asked before it."""
    fact = match.entry.fact
    total = match.covered + NAMED_WEIGHT * match.named + MAIN_BONUS * match.entry.main
    if want.measure and want.measure in fact.unit:
        total += HINT_BONUS
    if want.measure and match.entry.item.endswith(f"{want.measure}数"):
        total += NAMED_WEIGHT * (1 - match.named)  # 多少人 says the end of 筛查人数
    if want.aimed and is_target(fact):
        total += AIMED_BONUS
    if echoes(fact, want):
        total += HINT_BONUS
    if want.share and is_target(fact):
        total -= SHARE_OF_TARGET
    if want.prose and not fact.table:
        total += HINT_BONUS
    if want.year is not None and fact.year not in (None, want.year):
        total -= DATED if want.dated else UNDATED
    if want.rate and fact.column[-1:] == (COMPLETION,):
        total += HINT_BONUS
    if want.account:
        total += HINT_BONUS * says_account(fact, want.account)
    if want.moneyish and fact.kind is Kind.MONEY:
        total += MONEY_HINT
    if not fact.table and len(fact.row_path) > 1 and match.parent_unsaid:
        total -= UNSAID_PARENT
    if beside is not None:
        total += SAME_PROJECT * (project_of(fact) != "" and project_of(fact) == project_of(beside))
        total += SAME_TABLE * (fact.document == beside.document and fact.table == beside.table)
        total += SAME_UNIT * (fact.unit_name == beside.unit_name)
    return total


def says_account(fact: Fact, account: str) -> int:
    """+1 where the column is of the account asked for, -1 where it is of another."""
    said = {word for word in ACCOUNTS if any(word[:2] in head for head in fact.column[-1:])}
    return (1 if account in said else -1) if said else 0


def project_of(fact: Fact) -> str:
    """The project of an indicator or of a project's own row."""
    if fact.row_kind is RowKind.INDICATOR:
        return flat(fact.row_path[1]) if fact.unit_name and len(fact.row_path) > 1 else ""
    return flat(fact.label) if fact.row_kind is RowKind.PROJECT else ""


def echoes(fact: Fact, want: Want) -> bool:
    """The question says this figure itself (「4321.50万那笔」)."""
    if fact.value is None:
        return False
    for value, unit in want.amounts:
        if unit in FACTORS and fact.unit in FACTORS:
            if fact.value * FACTORS[fact.unit] == type(fact.value)(value) * FACTORS[unit]:
                return True
        elif fact.value == type(fact.value)(value) and (not unit or unit in fact.unit):
            return True
    return False


def choose(
    content: Content,
    catalogue: Catalogue,
    want: Want,
    allowed: Callable[[Entry], bool],
    *,
    several: bool,
    any_column: bool = False,
    beside: Fact | None = None,
    arithmetic: bool = False,
) -> tuple[Choice, ...]:
    """The things asked, in the order of the question. `several`: more than one is asked for."""
    choices: list[Choice] = []
    covered = 0
    for _ in range(MOST_CHOICES):
        choice = _next(
            content, catalogue, want, allowed, choices, covered, any_column, beside, arithmetic
        )
        if choice is None or (choices and not several and choice.best.named < 0.8):
            break
        choices.append(choice)
        covered |= choice.mask
    return tuple(sorted(choices, key=lambda choice: _first_position(choice, choices)))


def is_further(
    match: Match,
    before: Sequence[Choice],
    content: Content,
    covered: int,
    arithmetic: bool,
) -> bool:
    """The match explains words that nothing before it does, and mostly such words.

    Another column of a row already chosen needs only its head to be new; but what is to be
    compared with a row is no column of that row.
    """
    new = content.weigh(match.item_mask & ~covered)
    if new < FURTHER_GAIN * content.total:
        return False
    rows = {(f.fact.document, f.fact.table, f.fact.row) for f in (c.best.entry for c in before)}
    fact = match.entry.fact
    same_row = bool(fact.table) and (fact.document, fact.table, fact.row) in rows
    if same_row and match.entry.column:
        return not arithmetic or any(choice.best.entry.column for choice in before)
    return new >= MOSTLY_NEW * content.weigh(match.item_mask)


def _first_position(choice: Choice, choices: Sequence[Choice]) -> int:
    """Where the words stand that only this choice explains."""
    others = 0
    for other in choices:
        if other is not choice:
            others |= other.mask
    own = choice.best.item_mask & ~others or choice.best.item_mask or choice.mask
    return (own & -own).bit_length()


def _next(
    content: Content,
    catalogue: Catalogue,
    want: Want,
    allowed: Callable[[Entry], bool],
    before: Sequence[Choice],
    covered: int,
    any_column: bool,
    beside: Fact | None,
    arithmetic: bool,
) -> Choice | None:
    def fits(entry: Entry) -> bool:
        return want.allows(entry) and allowed(entry)

    if not before:
        matches = link(content, catalogue, fits, any_column=any_column)
        return choice_of(matches, want, beside, content.text)
    context = 0
    for choice in before:
        context |= choice.best.mask & ~choice.best.item_mask
    matches = tuple(
        match
        for match in link(content, catalogue, fits, context, any_column=any_column)
        if match.named >= FURTHER_NAMED and is_further(match, before, content, covered, arithmetic)
    )
    return choice_of(matches, want, before[0].best.entry.fact, content.text)


def whole_names(group: Sequence[Match], text: str) -> Sequence[Match]:
    """Of names that stand whole in the question the longer ones: a name inside another's is not
    meant where only that other one is written."""
    said = flat(text)
    names = {match.entry.item for match in group if match.entry.item in said}
    inner = {
        name
        for name in names
        if any(name in other and said.count(name) <= said.count(other) for other in names - {name})
    }
    return [match for match in group if match.entry.item not in inner]


def choice_of(
    matches: Sequence[Match], want: Want, beside: Fact | None = None, text: str = ""
) -> Choice | None:
    """The best reading of the matches with its other scopes and look-alikes."""
    if not matches:
        return None
    scores = {match.entry.at: score(match, want, beside) for match in matches}
    ranked = sorted(matches, key=lambda m: (-round(scores[m.entry.at], 4), m.entry.at))
    best = scores[ranked[0].entry.at]
    group = [
        match
        for match in ranked
        if scores[match.entry.at] >= best - SAME_READING
        and match.covered >= ranked[0].covered - SAME_READING
    ]
    kept = tuple(prefer_filled(whole_names(group, text)))
    near = tuple(
        match
        for match in ranked
        if match not in kept
        and match.entry.item == kept[0].entry.item
        and match.entry.column == kept[0].entry.column
        and match.entry.kind is not Kind.BLANK
        and scores[match.entry.at] >= best - NEAR_READING
    )
    return Choice(matches=kept, near=near)


def prefer_filled(group: Sequence[Match]) -> Sequence[Match]:
    """Blank squares count only where no figure stands."""
    filled = [match for match in group if match.entry.kind is not Kind.BLANK]
    blank = [match for match in group if match.entry.kind is Kind.BLANK]
    if not filled or not blank:
        return group
    fullest = max(match.covered for match in blank)
    return blank if max(match.covered for match in filled) < fullest - ROUNDING else filled


def distinct_values(facts: Iterable[Fact]) -> tuple[tuple[Fact, ...], ...]:
    """Facts grouped by equal value in equal money or measure, in the order met.

    Projects of different names are different things, however equal their figures.
    """
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        named = flat(fact.label) if fact.row_kind in NAMED_APART else ""
        if fact.unit in FACTORS and fact.value is not None:
            same: tuple[object, ...] = (fact.value * FACTORS[fact.unit], "元", named)
        else:
            value = fact.value if fact.value is not None else fact.printed
            same = (value, fact.unit, fact.operator, named)
        groups.setdefault(same, []).append(fact)
    return tuple(tuple(group) for group in groups.values())
