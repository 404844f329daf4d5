"""A turn that leaves something out inherits it from the turns before; never an instruction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.calculate import FACTORS, cell, comparable, compute, in_yuan
from assistant.catalogue import Catalogue
from assistant.finding import Absence, Finding, Rule
from assistant.mention import OperationName as Op
from assistant.naming import parts
from assistant.nouns import nouns
from assistant.outcome import Outcome
from assistant.per_count import project_money
from assistant.query import Query
from assistant.select import Want, project_of
from index.fact import Fact, Kind, RowKind

POINTING = re.compile(r"^(?:这个?|该|那个?|此)")
SHORT = 9
"""Characters of content (Chinese; words of English count three) that may lean on a turn before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    query: Query
    outcome: Outcome

    @property
    def fact(self) -> Fact | None:
        """What the turn was about: the first figure's fact."""
        if self.outcome.findings:
            return self.outcome.findings[0].operands[0]
        return self.outcome.matches[0].entry.fact if self.outcome.matches else None


def resolve(query: Query, turns: Sequence[Turn]) -> Query:
    """The query with what it leaves out taken from the last turn, where it leans on it."""
    if not turns or not leans(query):
        return query
    last = turns[-1]
    fact = last.fact
    if fact is None:
        return query
    inherited = query
    if names_nothing(query):
        inherited = replace(
            query,
            content=last.query.content,
            beside=None,
            scope=query.scope.or_else(last.query.scope),
            want=replace(query.want, amounts=last.query.want.amounts),
            asks_figure=True,
            inherited=True,
        )
    else:
        inherited = replace(
            query,
            beside=fact,
            apart=fact if any(word in query.question.text for word in nouns()["other"]) else None,
            want=lean_want(query, fact),
            inherited=True,
        )
    if not asks_anything(query) and query.output_unit in ("", "%"):
        inherited = replace(
            inherited,
            operations=tuple(op for op in last.query.operations if op in LASTING),
            output_unit=query.output_unit or last.query.output_unit,
        )
    note = f"inherited: {fact.label} ({fact.table or fact.section})"
    return replace(inherited, explanation=(*inherited.explanation, note))


def names_nothing(query: Query) -> bool:
    """No content, or only the kind of thing (这个项目), or beside an operation nothing known."""
    words = {POINTING.sub("", w) for w in query.content.words(query.content.everything)} - {""}
    known = any(query.content.weigh(key.mask) for key in query.content.keys)
    pointing = any(word in query.question.text for word in nouns()["pointing"])
    if not known and (asks_anything(query) or pointing):
        return not query.want.measure
    return words <= nouns()["project"] | nouns()["unit"] | nouns()["item"] | nouns()["indicator"]


LASTING = (Op.SHARE, Op.CHANGE)
"""Operations that a bare name after 那…呢 asks for again."""


def asks_anything(query: Query) -> bool:
    return bool(query.operations or query.limit or query.rank or query.last_year)


def lean_want(query: Query, fact: Fact) -> Want:
    """After an amount an amount is likelier meant, after a target a target."""
    want = query.want
    others = [op for op in query.operations if op not in (Op.VERIFY, Op.EXCLUDE)]
    if want.money or want.target or want.measure or want.moneyish or others:
        return want
    return replace(want, money=fact.kind is Kind.MONEY)


def leans(query: Query) -> bool:
    """Short, or with a word that points back."""
    text = query.question.text
    if query.chats and not query.content.total and not query.operations:
        return False
    if any(word in text for word in nouns()["back"]):
        return True
    words = query.content.words(query.content.everything)
    size = sum(len(word) if not word.isascii() else 3 for word in words)
    return size <= SHORT


def of_turns(query: Query, turns: Sequence[Turn], catalogue: Catalogue) -> Outcome | None:
    """What is computed from figures already shown: 差几倍, 换成亿元, 加一起, 占几成."""
    if not turns or not query.inherited or query.has(Op.CONFLICT):
        return None
    shown = recent(turns)
    if query.want.measure and not query.content.keys:
        return by_measure(query, turns[-1], catalogue)
    if query.years > 1 and query.output_unit:
        return both_years(shown)
    if query.beside is None and asks_money_of_project(query, turns[-1]):
        fact = turns[-1].fact
        money = project_money(fact, catalogue) if fact else []
        if not money:  # a target of no project: its count is no answer to what it costs
            return Outcome(absence=Absence.NOT_HERE)
        return Outcome(findings=(cell(money[0], places=money[1:]),))
    if query.beside is not None or not query.inherited:
        return None
    if query.output_unit in FACTORS and not query.operations and not query.last_year:
        if len(shown) > 1 and any(word in query.question.text for word in nouns()["both"]):
            return Outcome(findings=tuple(shown[-2:]), listing=True)
        return turns[-1].outcome
    facts = [f.operands[0] for f in shown if f.rule is Rule.CELL]
    if query.has(Op.SHARE) and len(facts) > 1 and part_and_whole(facts[-2], facts[-1], catalogue):
        part, whole = sorted(facts[-2:], key=in_yuan)
        found = compute(Rule.SHARE, (part, whole), f"{part.label}占{whole.label}的比重")
        return Outcome(findings=(found, *parts((part, whole))))
    rule = next((r for op, r in RULES if query.has(op)), None)
    if rule is None or len(facts) < 2 or not comparable(facts[-2:]):
        return None
    return combine(rule, facts[-2:])


def part_and_whole(one: Fact, other: Fact, catalogue: Catalogue) -> bool:
    """The same thing in two scopes, one of them wider (a unit's and the department's)."""
    same = catalogue.entry_of(one).item == catalogue.entry_of(other).item
    wider = bool(one.unit_name) != bool(other.unit_name)
    return same and wider and comparable((one, other)) and bool(one.value and other.value)


def says_together(query: Query) -> bool:
    """加起来, 一起, or a word that points back: 合计 alone may be the row's own name."""
    words = (*nouns()["back"], *nouns()["both"], *nouns()["together"])
    return any(word in query.question.text for word in words)


def joined(query: Query, outcome: Outcome, turns: Sequence[Turn]) -> Outcome | None:
    """跟刚才那个监管平台加起来: the new thing and the one before, where only one is named."""
    rule = next((r for op, r in RULES if query.has(op)), None)
    if rule is None or query.beside is None or not outcome.findings or query.has(Op.CONFLICT):
        return None
    if rule is Rule.SUM and not says_together(query):
        return None
    shown = [f.operands[0] for f in recent(turns)]
    cells_ = [f.operands[0] for f in outcome.findings if f.rule is Rule.CELL]
    known = [fact for fact in cells_ if fact in shown]
    fact = (known or cells_)[0]
    other = query.beside
    if fact == other or not comparable((fact, other)):
        return None
    return combine(rule, (other, fact))


def by_measure(query: Query, turn: Turn, catalogue: Catalogue) -> Outcome:
    """要派几个人 after a project's target: its only other target in that measure."""
    fact = turn.fact
    project = project_of(fact) if fact else ""
    found = [
        e.fact
        for e in catalogue.entries
        if project
        and project_of(e.fact) == project
        and e.fact.row_kind is RowKind.INDICATOR
        and e.main
        and e.fact != fact
        and measure_core(query.want.measure) in e.fact.unit
    ]
    if len(found) != 1 or found[0].value is None:
        return Outcome(absence=Absence.NOT_HERE)
    return Outcome(findings=(cell(found[0]),))


def measure_core(measure: str) -> str:
    """个人 → 人: what is counted, without the word for one."""
    return measure.removeprefix("个") or measure


RULES = ((Op.RATIO, Rule.RATIO), (Op.DIFFERENCE, Rule.DIFFERENCE), (Op.SUM, Rule.SUM))


def combine(rule: Rule, facts: Sequence[Fact]) -> Outcome | None:
    ordered = tuple(sorted(facts, key=in_yuan, reverse=True))
    if any(fact.value is None for fact in ordered):
        return None
    sign = {Rule.RATIO: "÷", Rule.DIFFERENCE: "－", Rule.SUM: "＋"}[rule]
    computed = compute(rule, ordered, sign.join(fact.label for fact in ordered))
    return Outcome(findings=(computed, *parts(ordered)))


def recent(turns: Sequence[Turn]) -> list[Finding]:
    """The main figure of each turn, oldest first."""
    return [turn.outcome.findings[0] for turn in turns if turn.outcome.findings]


def both_years(shown: Sequence[Finding]) -> Outcome | None:
    """This year's and last year's figure, where the latter was worked out."""
    derived = next((f for f in reversed(shown) if f.rule is Rule.LAST_YEAR), None)
    if derived is None:
        return None
    return Outcome(findings=(cell(derived.operands[0]), derived), listing=True)


def asks_money_of_project(query: Query, turn: Turn) -> bool:
    fact = turn.fact
    return (
        fact is not None
        and fact.row_kind is RowKind.INDICATOR
        and (query.want.money or query.want.moneyish)
        and not query.operations
    )
