"""An answer against the stored bytes of the documents: the same answer, proved, or withheld.

Nothing of the index is believed: every fact is found again in the raw grid or paragraph, every
expression computed again, every quotation looked up, every number of the text put in a class.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answer import Answer, Citation, Figure, Status
from assistant.calculate import FACTORS, cell, comparable, compute, convert, plain
from assistant.catalogue import Catalogue, Entry
from assistant.compose import cite, cite_blank, measure_word, places_of
from assistant.fault import Fault, FaultName, fault_at, fault_of
from assistant.finding import Finding, Quote, Rule
from assistant.mention import OperationName as Op
from assistant.operate import per_count
from assistant.outcome import Outcome
from assistant.prove_goal import is_goal_fact, prove_goal
from assistant.prove_prose import prove_prose
from assistant.prove_table import prove_cell
from assistant.prove_text import prove_text
from assistant.prove_wording import prove_wording
from assistant.query import Query
from assistant.raw_document import Originals, RawDocument, quoted
from assistant.sets import within
from assistant.spoken import Speech, phrases_in, phrases_of, spoken
from assistant.word import in_script, label_of, say, scope_of
from index.errors import BudgetError
from index.fact import Fact, Kind

log = logging.getLogger(__name__)

FAMILIES = (
    ("一期", "二期", "三期", "四期"),
    ("内网", "外网"),
    ("本级", "下属"),
)
"""Words of which a name bears one: another one in the question means something else."""
MOST_MATCHES = 300
"""Linked labels of which an absence may speak: the nearest ones."""
YEAR = re.compile(r"(?:19|20)\d\d")


def prove(
    query: Query,
    outcome: Outcome,
    answer: Answer,
    catalogue: Catalogue,
    originals: Originals,
    quotes: Sequence[Quote] = (),
) -> Answer:
    """The same answer if all of it stands in the documents; else one that gives no figure.

    `quotes`: the stretches that the answer quotes. What failed is logged, without a word of the
    document.
    """
    try:
        fault = find_fault(query, outcome, answer, catalogue, originals, quotes)
    except BudgetError:
        fault = Fault(name=FaultName.BYTES)
    if fault is None:
        return replace(answer, proved=True)
    log.warning("answer withheld: %s", fault)
    return withheld(answer)


def withheld(answer: Answer) -> Answer:
    """What is said when a proof fails: no figure, no place, no number."""
    return replace(
        answer,
        status=Status.NOT_FOUND,
        text=in_script(say("withheld", answer.language), answer.language),
        figures=(),
        citations=(),
        notes=(),
        suggestions=(),
        proved=False,
    )


def find_fault(
    query: Query,
    outcome: Outcome,
    answer: Answer,
    catalogue: Catalogue,
    originals: Originals,
    quotes: Sequence[Quote] = (),
) -> Fault | None:
    """The first thing wrong with an answer. Raises BudgetError if a document cannot be read."""
    reader = _Reader(originals)
    facts = facts_of(outcome, answer, catalogue)
    checks: tuple[Callable[[], Fault | None], ...] = (
        lambda: first(reader.prove(fact) for fact in facts),
        lambda: first(asked_for(finding, query, outcome) for finding in outcome.findings),
        lambda: first(computed(finding) for finding in outcome.findings),
        lambda: figures_stand(query, outcome, answer, catalogue),
        lambda: first(quote_at(citation, reader) for citation in answer.citations),
        lambda: first(quote_stands(quote, answer, reader) for quote in quotes),
        lambda: texts_stand(query, outcome, answer, facts, quotes),
    )
    return first(check() for check in checks)


def first(faults: Iterable[Fault | None]) -> Fault | None:
    return next((fault for fault in faults if fault is not None), None)


class _Reader:
    """The documents of one answer, each opened once."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._open: dict[str, RawDocument | None] = {}

    def raw(self, document: str) -> RawDocument | None:
        if document not in self._open:
            self._open[document] = self._originals.document(document)
        return self._open[document]

    def prove(self, fact: Fact) -> Fault | None:
        raw = self.raw(fact.document)
        return fault_of(FaultName.BYTES if raw is None else prove_fact(fact, raw), fact)


def quote_at(citation: Citation, reader: _Reader) -> Fault | None:
    """The citation's quotation stands at its place."""
    raw = reader.raw(citation.document)
    if raw is None:
        return fault_at(FaultName.BYTES, citation)
    stands = quoted(citation.quote, raw.texts_at(citation))
    return None if stands else fault_at(FaultName.QUOTE, citation)


def prove_fact(fact: Fact, raw: RawDocument) -> FaultName | None:
    """What is wrong with a fact, found again in the bytes of its document; None if nothing is."""
    if fact not in raw.proofs:
        raw.proofs[fact] = _prove_fact(fact, raw)
    return raw.proofs[fact]


def _prove_fact(fact: Fact, raw: RawDocument) -> FaultName | None:
    if not fact.table:
        return prove_prose(fact, raw)
    spot = raw.spots.get(fact.place)
    if spot is None:
        return FaultName.PLACE
    return prove_goal(fact, spot, raw) if is_goal_fact(fact, spot) else prove_cell(fact, spot, raw)


def facts_of(outcome: Outcome, answer: Answer, catalogue: Catalogue) -> tuple[Fact, ...]:
    """All that the answer rests on or cites; of an absence the blank squares it cites."""
    found = [
        fact
        for finding in outcome.findings
        for fact in (*finding.operands, *places_of(finding, catalogue))
    ]
    if not outcome.findings and answer.citations:
        blanks = (match.entry.fact for match in outcome.matches[:MOST_MATCHES])
        found += [f for f in blanks if f.kind is Kind.BLANK and cite_blank(f) in answer.citations]
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------- what is asked


def asked_for(finding: Finding, query: Query, outcome: Outcome) -> Fault | None:
    """The figure is of what the question names: scope, distinguishing words, limit."""
    scoped = scope_stands(finding, query)
    if scoped is not None and not explains(finding, outcome):
        return scoped
    for fact in finding.operands:
        if contradicts(fact, query):
            return fault_of(FaultName.WORDS, fact)
        limit = query.limit if outcome.listing else None
        if limit is not None and fact.value is not None and not within(fact, limit):
            return fault_of(FaultName.LIMIT, fact)
    return None


def scope_stands(finding: Finding, query: Query) -> Fault | None:
    """Every operand that the question names is in its scope. What a share is a share of, a
    figure shown beside, and what an earlier turn was about need not be."""
    if finding.supporting:
        return None
    outside = [fact for fact in named(finding) if not is_allowed(fact, query)]
    inherited = query.inherited and len(outside) < len(finding.operands)
    return None if inherited or not outside else fault_of(FaultName.SCOPE, outside[0])


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


def is_allowed(fact: Fact, query: Query) -> bool:
    """`Scope.allows`; of what a code's figure splits into, the codes begin with it."""
    scope = query.scope
    if query.has(Op.SPLIT) and any(fact.code.startswith(code) for code in scope.codes):
        scope = replace(scope, codes=())
    entry = Entry(at=0, fact=fact, item="", column="", context=(), main=True)
    return scope.allows(entry)


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


# -------------------------------------------------------------------------- arithmetic


def computed(finding: Finding) -> Fault | None:
    """The finding is what its operands, proved, give by its rule."""
    again = compute_again(finding)
    same = again is not None and all(
        getattr(finding, name) == getattr(again, name)
        for name in ("value", "unit", "printed", "operator", "expression")
    )
    return None if same else fault_of(FaultName.EXPRESSION, finding.operands[0])


def compute_again(finding: Finding) -> Finding | None:
    """None where the rule cannot be applied to the operands."""
    facts = finding.operands
    if finding.rule in (Rule.CELL, Rule.CONVERT):
        found = cell(facts[0], label=finding.label) if len(facts) == 1 else None
        return convert(found, finding.unit) if found else None
    if len(set(facts)) != len(facts) or not units_fit(finding):
        return None
    try:
        if finding.rule is Rule.RATIO and finding.unit != "倍":
            return per_count(facts[0], facts[1], finding.unit.partition("/")[0])
        again = compute(finding.rule, facts, finding.label)
    except (ArithmeticError, ValueError, IndexError):
        return None
    return convert(again, finding.unit)


def units_fit(finding: Finding) -> bool:
    """Money with money, like with like; only a ratio (万元/个) is of two kinds."""
    if finding.rule is Rule.COUNT:
        return True
    if finding.rule is Rule.RATIO and finding.unit != "倍":
        top, *rest = finding.operands
        return top.unit in FACTORS and len(rest) == 1
    return comparable(finding.operands)


def figures_stand(
    query: Query, outcome: Outcome, answer: Answer, catalogue: Catalogue
) -> Fault | None:
    """The answer's figures are the findings, one to one, each cited by the facts it rests on."""
    if len(answer.figures) != len(outcome.findings):
        return Fault(name=FaultName.FIGURES)
    for figure, finding in zip(answer.figures, outcome.findings, strict=True):
        shown = convert(finding, query.output_unit)
        if not is_figure_of(figure, shown, answer.language):
            return fault_of(FaultName.FIGURES, finding.operands[0])
        cited = {answer.citations[at] for at in figure.citations}
        facts = [cite(fact) for fact in places_of(finding, catalogue)]
        if not cited <= set(facts) or not {cite(fact) for fact in finding.operands} <= cited:
            return fault_of(FaultName.CITATION, finding.operands[0])
    return None


def is_figure_of(figure: Figure, finding: Finding, language: str) -> bool:
    fact = finding.operands[0]
    value = plain(finding.value) if finding.value is not None else ""
    same = (figure.value, figure.printed, figure.operator, figure.expression) == (
        value,
        finding.printed,
        finding.operator,
        finding.expression,
    )
    labels = (finding.label, label_of(fact) if finding.rule in (Rule.CELL, Rule.CONVERT) else "")
    scopes = (scope_of(fact, "zh"), scope_of(fact, language), "")
    unit = figure.unit in (finding.unit, measure_word(finding.unit))
    return same and unit and figure.label in labels and figure.scope in scopes


# ------------------------------------------------------------------------ quotes and text


def quote_stands(quote: Quote, answer: Answer, reader: _Reader) -> Fault | None:
    """The stretch stands at its passage's place, and the text gives it as it is."""
    place = quote.passage.place
    cited = [c for c in answer.citations if quote.text.startswith(c.quote) or c.quote in quote.text]
    where = Fault(name=FaultName.QUOTE, document=quote.passage.document, where=str(place))
    raw = reader.raw(quote.passage.document)
    if raw is None:
        return replace(where, name=FaultName.BYTES)
    if not cited or not any(quoted(quote.text, raw.texts_at(citation)) for citation in cited):
        return where
    given = quote.text in answer.text or in_script(quote.text, answer.language) in answer.text
    return None if given else where


def texts_stand(
    query: Query,
    outcome: Outcome,
    answer: Answer,
    facts: Sequence[Fact],
    quotes: Sequence[Quote],
) -> Fault | None:
    speech = speech_of(query, outcome, answer, facts, quotes)
    language = answer.language
    for text in (answer.text, *answer.notes, *answer.suggestions):
        if (name := prove_text(text, speech, language)) is not None:
            return Fault(name=name)
    name = prove_wording(answer.text, speech, language)
    return Fault(name=name) if name else None


def speech_of(
    query: Query,
    outcome: Outcome,
    answer: Answer,
    facts: Sequence[Fact],
    quotes: Sequence[Quote],
) -> Speech:
    """All that the answer may say in numbers."""
    language = answer.language
    findings = [convert(finding, query.output_unit) for finding in outcome.findings]
    bearing = (*facts, *(match.entry.fact for match in outcome.matches[:MOST_MATCHES]))
    counts = {outcome.others, len(quotes), sum(not f.supporting for f in findings)}
    cited = [c for c in answer.citations if not findings]
    return Speech(
        figures=tuple(spoken(finding, language) for finding in findings),
        phrases=frozenset(
            (
                query.question.typed,
                query.question.text,
                *(phrase for fact in bearing for phrase in phrases_of(fact)),
                *(phrase for finding in findings for phrase in phrases_in(finding, language)),
                *(phrase for quote in quotes for phrase in said_in(quote, language)),
                *(phrase for c in cited for phrase in (c.table, c.section, c.quote)),
            )
        )
        - {""},
        counts=frozenset(map(str, counts - {0})),
        years=frozenset(str(fact.year) for fact in facts if fact.year is not None),
        echo=f"{query.question.typed}\n{query.question.text}",
        lines=tuple(n for c in answer.citations for n in (c.line, c.line_end, c.page) if n),
    )


def said_in(quote: Quote, language: str) -> Iterator[str]:
    passage = quote.passage
    yield from (quote.text, in_script(quote.text, language))
    yield from (passage.title, passage.section, passage.table)
