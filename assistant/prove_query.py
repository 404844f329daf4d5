"""A finding against what the question asks for: its scope, its distinguishing words, its limit."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.catalogue import Entry
from assistant.classes import is_part_of
from assistant.fault import Fault, FaultName, fault_of
from assistant.finding import Finding, Rule
from assistant.mention import OperationName as Op
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.sets import within
from index.fact import Fact

FAMILIES = (
    ("一期", "二期", "三期", "四期"),
    ("内网", "外网"),
    ("本级", "下属"),
)
"""Words of which a name bears one: another one in the question means something else."""
YEAR = re.compile(r"(?:19|20)\d\d")


def asked_for(finding: Finding, query: Query, outcome: Outcome) -> Fault | None:
    """The figure is of what the question names: scope, distinguishing words, limit."""
    if (fault := scope_stands(finding, query, outcome)) is not None:
        return fault
    for fact in finding.operands:
        if contradicts(fact, query):
            return fault_of(FaultName.WORDS, fact)
        limit = query.limit if outcome.listing else None
        if limit is not None and fact.value is not None and not within(fact, limit):
            return fault_of(FaultName.LIMIT, fact)
    return None


def scope_stands(finding: Finding, query: Query, outcome: Outcome) -> Fault | None:
    """Every operand that the question names is in its scope. What a share is a share of, a
    figure shown beside, and what an earlier turn was about need not be."""
    summed = finding.rule is Rule.SUM
    outside = [fact for fact in named(finding) if not is_allowed(fact, query, parts=summed)]
    if finding.supporting or not outside or explains(finding, outcome):
        return None
    if query.has(Op.CONFLICT) and finding is not outcome.findings[0]:
        # What the figure ought to be follows from figures elsewhere in the document.
        return None
    asked = (other for other in outcome.findings if not other.supporting)
    inside = any(is_allowed(fact, query) for other in asked for fact in named(other))
    elsewhere = query.inherited or all(in_another_table(fact, query) for fact in outside)
    return None if inside and elsewhere else fault_of(FaultName.SCOPE, outside[0])


def in_another_table(fact: Fact, query: Query) -> bool:
    """表八合计与表三本级: of several tables named the unit may go with one."""
    scope = replace(query.scope, units=(), each=False, whole=False)
    return len(scope.tables) > 1 and scope.allows(entry_of(fact))


def explains(finding: Finding, outcome: Outcome) -> bool:
    """The cell that the gap between two figures of the question is: it may stand anywhere."""
    return finding.rule is Rule.CELL and any(
        gap.rule is Rule.DIFFERENCE and (gap.value, gap.unit) == (finding.value, finding.unit)
        for gap in outcome.findings
    )


def named(finding: Finding) -> tuple[Fact, ...]:
    """The operands that the question names: a part, not its whole; a change, not its base."""
    if finding.rule in (Rule.SHARE, Rule.SHARE_OF_SUM):
        return finding.operands[:1]
    if finding.rule in (Rule.LAST_YEAR, Rule.GROWTH):
        return finding.operands[1:]
    return finding.operands


def is_allowed(fact: Fact, query: Query, *, parts: bool = False) -> bool:
    """`Scope.allows`; of what a code's figure splits into, or is the sum of, the codes begin with
    it."""
    scope = query.scope
    split = query.has(Op.SPLIT) or parts
    if split and any(is_part_of(fact, code) for code in scope.codes):
        scope = replace(scope, codes=())
    return scope.allows(entry_of(fact))


def entry_of(fact: Fact) -> Entry:
    """The fact as a scope sees it."""
    return Entry(at=0, fact=fact, item="", column="", context=(), main=True)


def contradicts(fact: Fact, query: Query) -> bool:
    """The name bears another one of the words that tell it from its like."""
    if query.has(Op.EXCLUDE):
        return False
    name = "/".join((fact.label, *fact.row_path))
    text = query.question.text
    for family in FAMILIES:
        asked = {word for word in family if word in text}
        borne = {word for word in family if word in name}
        if asked and borne and not asked & borne:
            return True
    printed = set(digits_of(name))
    said = set(digits_of(" ".join(query.content.words(query.content.everything))))
    said |= {word for word in digits_of(text) if len(word) in map(len, printed)}
    return bool(said and printed) and not said & printed


def digits_of(text: str) -> Iterator[str]:
    """Whole numbers of three digits and more that are no years: parts of names (12345)."""
    found = re.findall(r"(?<![\d.,])\d{3,}(?![\d.,]*\d)", text)
    return (word for word in found if not YEAR.fullmatch(word))
