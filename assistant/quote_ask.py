"""Question → every sentence scored by how well it answers; the retriever asked where words do not
settle it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.mention import OperationName
from assistant.query import Query
from assistant.quote_amounts import saying_amounts
from assistant.quote_cues import asked, cues
from assistant.quote_match import KNOWN, Matched, Scores, match, with_amounts
from assistant.quote_sayings import Saying, Sayings, sayings_of
from assistant.quote_score import bonus, phrases_of, priors
from assistant.quote_words import PART, Word, in_singles, text_of, words_of
from assistant.vocabulary import Vocabulary
from index.errors import BudgetError
from index.fact import Passage, PassageKind
from index.words import numeral

DENSE = 0.2
"""What standing first in the retriever's list adds."""
TIE = 0.01
"""Scores so near are equal: the first in the document is the more general."""
CLEAR, MARGIN = 0.85, 0.1
"""The model is not asked when the best sentence explains so much of the question and leads the
next passage by so much."""
RANKED = 20
"""Passages asked of the retriever."""

ENGLISH_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven")

CUE_OF = {
    OperationName.WHY: "cause",
    OperationName.PURPOSE: "purpose",
    OperationName.LIST: "list",
    OperationName.SPLIT: "list",
    OperationName.WHO: "who",
    OperationName.WHICH: "which",
    OperationName.VERIFY: "none",
}
SILENT = (
    "cause",
    "list",
    "term",
    "parts",
    "section",
    "table",
    "units",
    "who",
    "when",
    "which",
    "glossary",
)
"""Cues whose words ask, and are nothing that a text would say."""


class Retriever(Protocol):
    """What `assistant.retrieve.PassageRetriever` offers."""

    def rank(
        self, question: str, n: int, documents: Sequence[str] = ()
    ) -> list[tuple[Passage, float]]: ...


class View(Protocol):
    """One version of the index, in memory."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def vocabulary(self) -> Vocabulary: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question against the sayings of an index."""

    query: Query
    sayings: Sayings
    matched: Matched
    cues: frozenset[str]
    allowed: npt.NDArray[np.bool_]
    """Within the part, table and unit that the question names."""
    covered: Scores
    """Share of the question that each saying explains, amounts included; 0 where the question
    names another part, table or unit."""
    score: Scores
    """How well each saying answers: `covered`, and what cue, kind and retriever add."""
    phrases: Scores
    """What it adds that a sentence says a stretch of the question in one piece: for choosing
    among sentences, not for being sure of one."""
    prior: Scores | None = None
    """0..1 how high the retriever ranks each saying's passage; None where it was not asked."""

    def has(self, *names: str) -> bool:
        return any(name in self.cues for name in names)

    def order(self) -> list[Saying]:
        """The sayings that explain anything, the best first."""
        rank = np.where(self.score > 0, self.score + self.phrases, 0.0)
        found = np.argsort(-rank, kind="stable")
        order = [self.sayings.listed[at] for at in found if rank[at] > 0]
        ties = [s for s in order if rank[s.at] >= rank[order[0].at] - TIE]
        first = min((s for s in ties if s.kind is order[0].kind), key=lambda s: s.at, default=None)
        return [first, *(s for s in order if s is not first)] if first else order


def ask(query: Query, view: View, retriever: Retriever | None = None) -> Asked:
    """Scores by words; where they leave doubt, the retriever's order counts too."""
    state = by_words(query, view.catalogue, view.vocabulary)
    if retriever is None or not doubtful(state):
        return state
    try:
        ranked = retriever.rank(text_of(query), RANKED, view.catalogue.documents)
    except BudgetError:
        return state  # an index of another model: words alone must do
    prior = priors(ranked, state.sayings)
    score = np.where(state.allowed, state.score + DENSE * prior, 0.0)
    return replace(state, score=score, prior=prior)


def by_words(query: Query, catalogue: Catalogue, vocabulary: Vocabulary | None) -> Asked:
    sayings = sayings_of(catalogue)
    named = cues_of(query)
    matched = match(content_words(query, vocabulary), sayings)
    if vocabulary is not None and (again := reread(query, matched, vocabulary)):
        matched = match(again, sayings)
    matched = with_amounts(matched, saying_amounts(query, sayings, catalogue))
    allowed = allowed_by(query, named, sayings)
    covered = np.where(allowed, matched.covered, 0.0)
    score = np.where(covered > 0, covered + bonus(named, matched, sayings), 0.0)
    return Asked(
        query=query,
        sayings=sayings,
        matched=matched,
        cues=named,
        allowed=allowed,
        covered=covered,
        score=score,
        phrases=phrases_of(text_of(query), named, score, sayings),
    )


def cues_of(query: Query) -> frozenset[str]:
    """What is asked for: by the cue words of the question and by its operations."""
    operations = {CUE_OF[name] for name in query.operations if name in CUE_OF}
    defines = {"define"} if query.has(OperationName.DEFINE) else set()
    places = {"place"} if query.has(OperationName.WHICH_TABLE) else set()
    found = asked(query.question.text) | operations | defines | places
    return found | {"list"} if "contents" in found else found


def content_words(query: Query, vocabulary: Vocabulary | None) -> tuple[Word, ...]:
    """The words asked about: without those that only ask, and those of the asking quiet."""
    text = text_of(query)
    silent = [found.span() for name in SILENT for found in cues()[name].asks.finditer(text)]
    quiet = [found.span() for found in cues()["asking"].asks.finditer(text)]
    return tuple(
        replace(word, quiet=_inside(word, quiet))
        for word in words_of(query, vocabulary)
        if not _inside(word, silent)
    )


def _inside(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def reread(query: Query, matched: Matched, vocabulary: Vocabulary) -> tuple[Word, ...]:
    """English phrases that no saying holds as their single words; empty if there are none."""
    text, held = text_of(query), matched.strengths.max(axis=1, initial=0.0)
    lost = {
        row
        for row, word in enumerate(matched.words)
        if held[row] < KNOWN and " " in text[word.start : word.end] and word.text.isascii()
    }
    if not lost:
        return ()
    return tuple(
        piece
        for row, word in enumerate(matched.words)
        for piece in (in_singles(word, text, vocabulary) if row in lost else (word,))
    )


def allowed_by(query: Query, named: frozenset[str], sayings: Sayings) -> npt.NDArray[np.bool_]:
    """Within the document, part, table and unit that the question names; a name that leaves no
    sentence counts for nothing."""
    allowed = np.ones(len(sayings), dtype=np.bool_)
    for rule in rules_of(query, named):
        kept = allowed & np.fromiter(map(rule, sayings.listed), dtype=np.bool_, count=len(sayings))
        allowed = kept if kept.any() else allowed
    return allowed


def rules_of(query: Query, named: frozenset[str]) -> Iterator[Callable[[Saying], bool]]:
    scope, part = query.scope, part_of(query.question.text)
    units = {"", *(unit.name for unit in scope.units)}
    if scope.documents:
        yield lambda saying: saying.passage.document in scope.documents
    if "glossary" in named:
        yield lambda saying: saying.kind is PassageKind.DEFINITION
    if part:
        yield lambda saying: saying.passage.section.startswith(part)
    if scope.tables:
        yield lambda saying: saying.passage.table in scope.tables
    if scope.units:
        yield lambda saying: saying.passage.unit_name in units


def part_of(text: str) -> str:
    """第四部分 of a question that names a part (part four); else empty."""
    found = PART.search(text)
    if not found:
        return ""
    said = found[2]
    if not said:
        return f"第{found[1]}部分"
    number = int(said) if said.isdigit() else ENGLISH_NUMBERS.index(said) + 1
    return f"第{numeral(number)}部分"


def doubtful(state: Asked) -> bool:
    """Do the words leave it open which passage answers?"""
    order = state.order()
    if not order:
        return bool(state.matched.words)
    best = order[0]
    rivals = (s for s in order if s.passage is not best.passage)
    second = max((float(state.score[s.at]) for s in rivals), default=0.0)
    clear = float(state.covered[best.at]) >= CLEAR
    return not clear or float(state.score[best.at]) - second < MARGIN
