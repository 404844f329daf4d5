"""A question to several documents: each one's answer told apart, figures of several compared."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answer import Answer, Status
from assistant.calculate import cell, comparable, compute, in_yuan
from assistant.compose import compose_figures, merge
from assistant.finding import Absence, Finding, Rule
from assistant.library import Library
from assistant.look_up import look_up
from assistant.mention import OperationName as Op
from assistant.naming import parts
from assistant.normalize import Normalized
from assistant.outcome import Outcome
from assistant.prove import prove
from assistant.query import Query
from assistant.raw_document import Originals
from assistant.route import Route
from assistant.scope import Scope
from assistant.steps import Draft
from assistant.understand import understand
from assistant.word import in_script, say
from index.fact import Fact

MOST_TOLD_APART = 4
"""Documents whose answers are shown one under the other; of more it is asked which is meant."""
MOST_NAMES = 8
MOST_COMPARED = 60
"""Documents that are ranked; each is read into memory for it."""
CLOSE = 0.2
"""An answer whose words fit the question by so much less than another's is another thing's."""
NAMED = 0.3
SPECIFIC = (Absence.BLANK, Absence.EMPTY_TABLE, Absence.MISSING_TABLE, Absence.OTHER_YEAR)
RULES = ((Op.DIFFERENCE, Rule.DIFFERENCE), (Op.RATIO, Rule.RATIO), (Op.SUM, Rule.SUM))
COMPARED = (Op.DIFFERENCE, Op.RATIO, Op.SUM, Op.COMPARE, Op.CHANGE, Op.AVERAGE)


class Indexed(Protocol):
    """What comparing documents needs of `assistant.chain.Assistant`."""

    @property
    def library(self) -> Library: ...
    @property
    def originals(self) -> Originals: ...


def joined(
    question: Normalized, drafts: Mapping[str, Draft], library: Library
) -> tuple[Answer, tuple[str, ...]]:
    """The answers of the documents that have one, and those documents."""
    if not drafts:
        return nobody(question, "", library), ()
    first = next(iter(drafts.values()))
    if first.reading.chat is not None:
        return first.answer, ()
    answered = {n: d for n, d in drafts.items() if d.answer.status is Status.ANSWERED}
    best = max((quality(draft) for draft in answered.values()), default=0.0)
    kept = [name for name, draft in answered.items() if quality(draft) >= best - CLOSE]
    if not kept:
        name = max(drafts, key=lambda name: telling(drafts[name]))
        return drafts[name].answer, ()
    if len(kept) > MOST_TOLD_APART:
        return ask_which(question, kept, library), ()
    answers = [drafts[name].answer for name in kept]
    return (answers[0] if len(kept) == 1 else merge(answers, question.typed)), tuple(kept)


def quality(draft: Draft) -> float:
    """How well the words of the question fit; sets and quotes are weighed by what they are."""
    outcome = draft.outcome
    if outcome is None or not outcome.choices:
        return 1.0 + NAMED
    best = outcome.choices[0].best
    return best.covered + NAMED * best.named


def telling(draft: Draft) -> tuple[bool, bool, float]:
    """Of several absences the one that says most: blank here, rather than not here."""
    absence = draft.outcome.absence if draft.outcome else None
    refused = draft.answer.status is Status.REFUSED
    return absence in SPECIFIC, not refused, quality(draft) if draft.outcome else 0.0


# ------------------------------------------------------------------------------- comparing


def of_several(
    question: Normalized, route: Route, documents: Sequence[str], asker: Indexed
) -> Answer | None:
    """A figure of each document put together: how much more, which most; None where that is not
    asked, or one of them has no such figure."""
    library = asker.library
    beside = route.sides if len(route.sides) > 1 else by_institution(documents, library)
    sides = alike(beside, library)
    if not 1 < len(sides) <= MOST_COMPARED or not (route.ranks or len(route.sides) > 1):
        return None
    queries = {name: query_in(question, name, route, asker) for name in sides}
    first = queries[sides[0]]
    if not (route.ranks or first.has(*COMPARED) or first.rank):
        return None
    found = {name: figure_in(query, name, asker) for name, query in queries.items()}
    facts = [fact for fact in found.values() if fact is not None]
    if len(facts) < 2 or (not route.ranks and len(facts) < len(sides)) or not comparable(facts):
        return None
    outcome = Outcome(findings=compared(first, facts, library, route.ranks), listing=True)
    shown = dict.fromkeys(f.document for finding in outcome.findings for f in finding.operands)
    heads = tuple((name, library.head(name, question.language)) for name in shown)
    query = replace(bare(first), scope=Scope(documents=tuple(shown)), heads=heads)
    catalogue = library.view(tuple(shown)).catalogue
    answer = compose_figures(query, outcome, catalogue)
    return prove(query, outcome, answer, catalogue, asker.originals)


def by_institution(documents: Sequence[str], library: Library) -> list[tuple[str, ...]]:
    sides: dict[str, tuple[str, ...]] = {}
    for name in documents:
        who = library.stored(name).institution or name
        sides[who] = (*sides.get(who, ()), name)
    return list(sides.values())


def alike(sides: Sequence[Sequence[str]], library: Library) -> list[str]:
    """A document of each side, all of one year and kind of account if they can be; else the
    latest, budgets before final accounts."""
    kinds = [{kind_of(name, library): name for name in side} for side in sides]
    common = set.intersection(*map(set, kinds)) if kinds else set()
    if common:
        return [kind[max(common)] for kind in kinds]
    return [max(side, key=lambda name: kind_of(name, library)) for side in sides]


def kind_of(name: str, library: Library) -> tuple[int, bool]:
    stored = library.stored(name)
    return stored.year or 0, stored.account == "budget"


def query_in(question: Normalized, name: str, route: Route, asker: Indexed) -> Query:
    view = asker.library.view((name,))
    return understand(question, view.catalogue, view.vocabulary, route.silent_in(name))


def bare(query: Query) -> Query:
    """What the figure is of, without what is to be done with it."""
    want = replace(query.want, change=False, share=False)
    return replace(query, operations=(), rank=None, limit=None, last_year=False, want=want)


def figure_in(query: Query, name: str, asker: Indexed) -> Fact | None:
    view = asker.library.view((name,))
    found = look_up(replace(bare(query), other_year=None), view.catalogue).findings
    return found[0].operands[0] if found and found[0].rule is Rule.CELL else None


def compared(
    query: Query, facts: Sequence[Fact], library: Library, ranks: bool
) -> tuple[Finding, ...]:
    """The largest first, of a change the later year; of what is computed the figures below."""
    ordered = sorted(facts, key=in_yuan, reverse=True)
    rank = query.rank
    if ranks and rank is not None:
        ordered = ordered if rank.order == "top" else ordered[::-1]
        return tuple(map(cell, ordered[rank.first - 1 : rank.last]))
    rule = next((rule for op, rule in RULES if query.has(op)), None)
    if query.has(Op.CHANGE) and rule in (None, Rule.DIFFERENCE):
        rule = Rule.DIFFERENCE
        ordered = sorted(facts, key=lambda fact: fact.year or 0, reverse=True)
    if rule is None or (rule is not Rule.SUM and len(ordered) != 2):
        return tuple(map(cell, ordered))
    sign = {Rule.RATIO: "÷", Rule.DIFFERENCE: "－", Rule.SUM: "＋"}[rule]
    label = sign.join(
        f"{who}{fact.label}" for who, fact in zip(whose(ordered, library), ordered, strict=True)
    )
    return (compute(rule, ordered, label), *parts(ordered))


def whose(facts: Sequence[Fact], library: Library) -> list[str]:
    """The institutions; of one institution the years."""
    stored = [library.stored(fact.document) for fact in facts]
    if len({one.institution for one in stored}) == 1:
        return [f"{one.year}年" if one.year else "" for one in stored]
    return [one.institution for one in stored]


# ---------------------------------------------------------------------------- asking, notes


def ask_which(question: Normalized, documents: Sequence[str], library: Library) -> Answer:
    """Too many documents may be meant: whose figure is wanted?"""
    language = question.language
    heads = list(dict.fromkeys(library.head(name, language) for name in documents))[:MOST_NAMES]
    names = say("comma", language).join(heads)
    text = say("which_document", language, number=len(documents), names=names)
    asked = (f"{library.opening(name, language)}{question.typed}" for name in documents)
    return Answer(
        question=question.typed,
        language=language,
        status=Status.AMBIGUOUS,
        text=in_script(text, language),
        suggestions=tuple(dict.fromkeys(asked))[:MOST_NAMES],
    )


def nobody(question: Normalized, name: str, library: Library) -> Answer:
    """An institution that nobody indexed: no figure of another one."""
    language = question.language
    heads = [library.head(document, language) for document in library.names]
    names = say("comma", language).join(list(dict.fromkeys(heads))[:MOST_NAMES])
    text = say("no_institution", language, who=name, names=names)
    answer = Answer(
        question=question.typed,
        language=language,
        status=Status.NOT_FOUND,
        text=in_script(text, language),
    )
    return with_unread(answer, (), library)


def with_unread(answer: Answer, documents: Sequence[str], library: Library) -> Answer:
    """Where something was not found, the pages of these documents that could not be read."""
    if answer.status is not Status.NOT_FOUND:
        return answer
    notes = [*answer.notes]
    for name in documents:
        pages = library.stored(name).unread_pages
        if pages:
            said = say("comma", answer.language).join(map(str, pages))
            parts = {"who": name, "number": len(pages), "pages": said}
            notes.append(in_script(say("unread_note", answer.language, **parts), answer.language))
    return replace(answer, notes=tuple(notes))
