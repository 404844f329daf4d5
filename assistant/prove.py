"""An answer against the stored bytes of the documents: the same answer, proved, or withheld.

Nothing of the index is believed: every fact is found again in the raw grid or paragraph, every
expression computed again, every quotation looked up, every number of the text put in a class.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answer import Answer, Citation, Figure, Status
from assistant.calculate import FACTORS, cell, comparable, compute, convert, plain
from assistant.catalogue import Catalogue
from assistant.compose import cite, cite_blank, measure_word, places_of
from assistant.fault import Fault, FaultName, fault_at, fault_of
from assistant.finding import Finding, Quote, Rule
from assistant.outcome import Outcome
from assistant.per_count import per_count
from assistant.prove_box import box_agrees
from assistant.prove_goal import is_goal_fact, prove_goal
from assistant.prove_prose import prove_prose
from assistant.prove_query import asked_for
from assistant.prove_table import prove_cell
from assistant.prove_text import prove_text
from assistant.prove_wording import prove_wording
from assistant.query import Query
from assistant.raw_document import (
    Originals,
    RawDocument,
    as_printed,
    as_printed_fact,
    quoted,
)
from assistant.spoken import Speech, phrases_in, phrases_of, spoken
from assistant.word import Heads, heading, in_script, label_of, say, scoped
from index.errors import BudgetError
from index.fact import Fact, Kind

log = logging.getLogger(__name__)

MOST_MATCHES = 300
"""Linked labels of which an absence may speak: the nearest ones."""


class Reader:
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
        if raw is None:
            return fault_of(FaultName.BYTES, fact)
        if (fact.word or fact.corrected) and not self._originals.is_said(fact):
            return fault_of(FaultName.WORD, fact)
        return fault_of(prove_fact(as_printed_fact(fact), raw), fact)


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
    reader = Reader(originals)
    try:
        answer = answer if outcome.findings else located(answer, reader)
        fault = find_fault(query, outcome, answer, catalogue, reader, quotes)
    except BudgetError:
        fault = Fault(name=FaultName.BYTES)
    if fault is None:
        cited = tuple(quoted_as_printed(citation, reader) for citation in answer.citations)
        return replace(answer, citations=cited, proved=True)
    log.warning("answer withheld: %s", fault)
    return withheld(answer)


def located(answer: Answer, reader: Reader) -> Answer:
    """Each quotation cited where it stands, for a text joined from several places knows one."""
    raws = [(citation, reader.raw(citation.document)) for citation in answer.citations]
    cited = [raw.located(citation) if raw else citation for citation, raw in raws]
    return replace(answer, citations=tuple(dict.fromkeys(cited)))


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
    reader: Reader,
    quotes: Sequence[Quote] = (),
) -> Fault | None:
    """The first thing wrong with an answer. Raises BudgetError if a document cannot be read."""
    facts = facts_of(outcome, answer, catalogue)
    checks: tuple[Callable[[], Fault | None], ...] = (
        lambda: first(head_stands(*head, answer.language, reader) for head in query.heads),
        lambda: first(reader.prove(fact) for fact in facts),
        lambda: first(asked_for(finding, query, outcome) for finding in outcome.findings),
        lambda: first(computed(finding) for finding in outcome.findings),
        lambda: figures_stand(query, outcome, answer, catalogue),
        lambda: first(quote_at(citation, reader) for citation in answer.citations),
        lambda: first(quote_stands(quote, answer, reader) for quote in quotes),
        lambda: texts_stand(query, outcome, answer, facts, quotes),
    )
    return first(check() for check in checks)


def head_stands(document: str, head: str, language: str, reader: Reader) -> Fault | None:
    """Whose budget it is, of what year and kind, as its own bytes say it."""
    raw = reader.raw(document)
    if raw is None:
        return Fault(name=FaultName.BYTES, document=document)
    own = heading(raw.institution or document, raw.year, raw.account, language)
    return (
        None if head == in_script(own, language) else Fault(name=FaultName.TITLE, document=document)
    )


def first(faults: Iterable[Fault | None]) -> Fault | None:
    return next((fault for fault in faults if fault is not None), None)


def quote_at(citation: Citation, reader: Reader) -> Fault | None:
    """The citation's quotation stands at its place, the white space of line wrapping aside."""
    raw = reader.raw(citation.document)
    if raw is None:
        return fault_at(FaultName.BYTES, citation)
    stands = as_printed(citation.quote, texts_for(citation, raw)) is not None
    return None if stands else fault_at(FaultName.QUOTE, citation)


def quoted_as_printed(citation: Citation, reader: Reader) -> Citation:
    """The quotation letter by letter as it is printed (合计 → 合 计)."""
    raw = reader.raw(citation.document)
    found = as_printed(citation.quote, texts_for(citation, raw)) if raw else None
    return replace(citation, quote=found or citation.quote)


def texts_for(citation: Citation, raw: RawDocument) -> tuple[str, ...]:
    """The texts at its place, and those below where the quotation begins there and runs on."""
    here, from_here = raw.texts_at(citation), raw.texts_from(citation)
    runs_on = quoted(citation.quote, from_here) and not quoted(citation.quote, from_here[1:])
    return from_here if runs_on and not quoted(citation.quote, here) else here


def prove_fact(fact: Fact, raw: RawDocument) -> FaultName | None:
    """What is wrong with a fact, found again in the bytes of its document; None if nothing is."""
    if fact not in raw.proofs:
        raw.proofs[fact] = _prove_fact(fact, raw)
    return raw.proofs[fact]


def _prove_fact(fact: Fact, raw: RawDocument) -> FaultName | None:
    return stands(fact, raw) or box_agrees(fact, raw)


def stands(fact: Fact, raw: RawDocument) -> FaultName | None:
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
        found += [
            f
            for f in blanks
            if f.kind is Kind.BLANK and cite_blank(f, catalogue) in answer.citations
        ]
    return tuple(dict.fromkeys(found))


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
        if not is_figure_of(figure, shown, answer.language, dict(query.heads)):
            return fault_of(FaultName.FIGURES, finding.operands[0])
        cited = {answer.citations[at] for at in figure.citations}
        facts = [cite(fact) for fact in places_of(finding, catalogue)]
        if not cited <= set(facts) or not {cite(fact) for fact in finding.operands} <= cited:
            return fault_of(FaultName.CITATION, finding.operands[0])
    return None


def is_figure_of(figure: Figure, finding: Finding, language: str, heads: Heads) -> bool:
    fact = finding.operands[0]
    value = plain(finding.value) if finding.value is not None else ""
    same = (figure.value, figure.printed, figure.operator, figure.expression) == (
        value,
        finding.printed,
        finding.operator,
        finding.expression,
    )
    labels = (finding.label, label_of(fact) if finding.rule in (Rule.CELL, Rule.CONVERT) else "")
    scopes = (scoped(fact, "zh", heads), scoped(fact, language, heads), "")
    unit = figure.unit in (finding.unit, measure_word(finding.unit))
    return same and unit and figure.label in labels and figure.scope in scopes


# ------------------------------------------------------------------------ quotes and text


def quote_stands(quote: Quote, answer: Answer, reader: Reader) -> Fault | None:
    """The stretch stands at its passage's place, and the text gives it as it is."""
    place = quote.passage.place
    cited = [c for c in answer.citations if quote.text.startswith(c.quote) or c.quote in quote.text]
    where = Fault(name=FaultName.QUOTE, document=quote.passage.document, where=str(place))
    raw = reader.raw(quote.passage.document)
    if raw is None:
        return replace(where, name=FaultName.BYTES)
    if not cited or not any(quoted(quote.text, texts_for(c, raw)) for c in cited):
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
                *(head for _, head in query.heads),
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
