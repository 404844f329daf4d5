"""Outcome → Answer: figures, their citations and the wording put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from assistant.answer import Answer, Citation, Figure, Status, where
from assistant.calculate import convert, plain
from assistant.catalogue import Catalogue
from assistant.finding import Absence, Finding, Quote, Rule
from assistant.naming import table_name
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.word import (
    AMOUNT,
    Heads,
    in_script,
    label_of,
    say,
    scoped,
    word_absence,
    word_figures,
)
from index.document import Place
from index.fact import Fact, Kind, Passage, RowKind, Table, TableState

MOST_PLACES = 6
"""Places cited for one figure; all of a document's repeats would bury the first."""
LONGEST_QUOTE = 200
MOST_LINES = 6


@dataclass(slots=True)
class Citations:
    """The citations of an answer, each once, by number."""

    listed: list[Citation] = field(default_factory=list)

    def number(self, citation: Citation) -> int:
        if citation not in self.listed:
            self.listed.append(citation)
        return self.listed.index(citation)


def cite(fact: Fact) -> Citation:
    """The cell, or in prose the sentence."""
    return Citation(
        document=fact.document,
        section=fact.section,
        table=table_name(fact.table, fact.title),
        row="/".join(fact.row_path),
        column="/".join(fact.column),
        **where(fact.place),
        quote=(fact.sentence or fact.printed)[:LONGEST_QUOTE],
    )


def cite_blank(fact: Fact, catalogue: Catalogue) -> Citation:
    """A blank square is cited by the label beside it, a "none arranged" by its sentence."""
    if fact.sentence:
        return cite(fact)
    place = fact.label_places[0] if fact.label_places else fact.place
    printed = catalogue.printed_at(fact.document, place, fact.label)
    return cite(fact).at(first_line(place), printed)


def cite_passage(passage: Passage, quote: str) -> Citation:
    return Citation(
        document=passage.document,
        section=passage.section,
        table=passage.table,
        row=passage.title,
        column="",
        **where(passage.place),
        quote=quote[:LONGEST_QUOTE],
    )


def cite_table(table: Table, catalogue: Catalogue) -> Citation:
    """An empty table by its note, a missing one by its line in the contents; where only the
    caption's place is known, by its title."""
    noted = bool(table.note) and table.place.line is not None
    place = last_line(table.place) if noted else first_line(table.place)
    printed = catalogue.printed_at(table.document, table.place, table.title)
    return Citation(
        document=table.document,
        section=table.section,
        table=table_name(table.number, table.title),
        row="",
        column="",
        **where(place),
        quote=table.note if noted else printed,
    )


def first_line(place: Place) -> Place:
    return replace(place, line_end=None)


def last_line(place: Place) -> Place:
    return replace(place, line=place.line_end or place.line, line_end=None)


def compose_figures(query: Query, outcome: Outcome, catalogue: Catalogue) -> Answer:
    language = query.question.language
    findings = [convert(finding, query.output_unit) for finding in outcome.findings]
    citations = Citations()
    heads = dict(query.heads)
    figures = tuple(_figure(finding, citations, catalogue, heads) for finding in findings)
    return Answer(
        question=query.question.typed,
        language=language,
        status=Status.ANSWERED,
        text=word_figures(
            findings, language, others=outcome.others, listing=outcome.listing, heads=heads
        ),
        figures=figures,
        citations=tuple(citations.listed),
        notes=doubts_of(findings, language),
        explanation=query.explanation,
    )


def doubts_of(findings: Iterable[Finding], language: str) -> tuple[str, ...]:
    """A warning, by its label, for each cell whose sum failed when the document was indexed; and
    what a person said of a cell."""
    operands = [fact for finding in findings for fact in finding.operands]
    labels = dict.fromkeys(label_of(fact) for fact in operands if fact.doubt)
    warnings = [say("doubtful", language, label=label) for label in labels]
    words = dict.fromkeys((label_of(fact), fact.word) for fact in operands if fact.word)
    warnings += [say("worded", language, label=label, word=word) for label, word in words]
    return tuple(in_script(warning, language) for warning in warnings)


def _figure(finding: Finding, citations: Citations, catalogue: Catalogue, heads: Heads) -> Figure:
    facts = places_of(finding, catalogue)
    fact = finding.operands[0]
    label = label_of(fact) if finding.rule in (Rule.CELL, Rule.CONVERT) else finding.label
    value = finding.value if finding.value is not None else None
    return Figure(
        value=plain(value) if value is not None else "",
        printed=finding.printed,
        unit=measure_word(finding.unit),
        operator=finding.operator,
        label=label,
        scope=scoped(fact, "zh", heads),
        expression=finding.expression,
        citations=tuple(citations.number(cite(fact)) for fact in facts),
    )


def measure_word(unit: str) -> str:
    """人数 and 次数 in a measure column mean 人 and 次."""
    return unit[0] if len(unit) == 2 and unit[1] == "数" else unit


def places_of(finding: Finding, catalogue: Catalogue) -> tuple[Fact, ...]:
    """The facts a figure rests on, then the other places that print them."""
    facts = dict.fromkeys((*finding.operands, *finding.places))
    if finding.rule is not Rule.COUNT:
        for fact in finding.operands:
            facts |= dict.fromkeys(catalogue.twins(fact))
    return tuple(facts)[: max(MOST_PLACES, len(finding.operands))]


def compose_absence(query: Query, outcome: Outcome, catalogue: Catalogue) -> Answer:
    language = query.question.language
    absence = outcome.absence or Absence.NOT_HERE
    facts = [match.entry.fact for match in outcome.matches]
    tables = absent_tables(query, absence, catalogue)
    citations = Citations()
    for table in tables[:2]:
        citations.number(cite_table(table, catalogue))
    if absence in (Absence.BLANK, Absence.EMPTY_TABLE):
        for citation in blank_citations(facts, catalogue):
            citations.number(citation)
    return Answer(
        question=query.question.typed,
        language=language,
        status=Status.NOT_FOUND,
        text=word_absence(absence, language, facts, tables),
        citations=tuple(citations.listed),
        suggestions=()
        if absence is Absence.BLANK
        else tuple(
            dict.fromkeys(name for fact in facts if not AMOUNT.search(name := label_of(fact)))
        )[:3],
        explanation=query.explanation,
    )


def blank_citations(facts: Sequence[Fact], catalogue: Catalogue) -> list[Citation]:
    """The blank squares; of a table with nothing in it its note, once."""
    empty = {t.number: t for t in catalogue.tables if t.state is TableState.EMPTY}
    blanks = sorted(
        (fact for fact in facts if fact.kind is Kind.BLANK),
        key=lambda fact: (bool(fact.table) and fact.table not in empty, bool(fact.table)),
    )
    cited = [
        cite_table(empty[fact.table], catalogue)
        if fact.table in empty
        else cite_blank(fact, catalogue)
        for fact in blanks
    ]
    return list(dict.fromkeys(cited))[:MOST_PLACES]


def absent_tables(query: Query, absence: Absence, catalogue: Catalogue) -> tuple[Table, ...]:
    wanted = {
        Absence.EMPTY_TABLE: TableState.EMPTY,
        Absence.MISSING_TABLE: TableState.MISSING,
    }.get(absence)
    return tuple(
        table
        for table in catalogue.tables
        if table.state is wanted and table.number in query.scope.tables
    )


def compose_quotes(query: Query, quotes: Sequence[Quote], lead: str = "") -> Answer:
    language = query.question.language
    citations = Citations()
    for quote in quotes:
        citations.number(cite_passage(quote.passage, quote.text))
    text = "\n".join(f"- {quote.text}" for quote in quotes) if len(quotes) > 1 else quotes[0].text
    return Answer(
        question=query.question.typed,
        language=language,
        status=Status.ANSWERED,
        text=f"{lead}\n{text}" if lead else text,
        citations=tuple(citations.listed),
        explanation=query.explanation,
    )


def compose_chat(query: Query, name: str, status: Status = Status.REFUSED) -> Answer:
    language = query.question.language
    return Answer(
        question=query.question.typed,
        language=language,
        status=status,
        text=in_script(say(name, language), language),
        explanation=query.explanation,
    )


def merge(answers: Iterable[Answer], question: str) -> Answer:
    """The answers to several questions in one, their citations numbered anew."""
    parts = list(answers)
    first = parts[0]
    citations = Citations()
    figures: list[Figure] = []
    for part in parts:
        numbers = [citations.number(citation) for citation in part.citations]
        figures += [
            replace(figure, citations=tuple(numbers[at] for at in figure.citations))
            for figure in part.figures
        ]
    answered = any(part.status is Status.ANSWERED for part in parts)
    return replace(
        first,
        question=question,
        status=Status.ANSWERED if answered else first.status,
        text="\n\n".join(part.text for part in parts),
        figures=tuple(figures),
        citations=tuple(citations.listed),
        proved=all(part.proved for part in parts if part.citations),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        explanation=tuple(line for part in parts for line in part.explanation),
    )


def is_whole(fact: Fact) -> bool:
    return fact.row_kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT)


def zero(value: Decimal | None) -> bool:
    return value is not None and value == 0
