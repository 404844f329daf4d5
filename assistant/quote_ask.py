"""Question → every sentence scored by how well it answers; the retriever asked where words do not
settle it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.mention import OperationName
from assistant.query import Query
from assistant.quote_amounts import saying_amounts
from assistant.quote_cues import asked, cues, says
from assistant.quote_match import KNOWN, Matched, Scores, match, with_amounts
from assistant.quote_sayings import Saying, Sayings, sayings_of
from assistant.quote_words import Word, in_singles, text_of, words_of
from assistant.vocabulary import Vocabulary
from index.fact import Passage, PassageKind
from index.words import NUMERAL, numeral

CUE = 0.12
"""What the right cue word (原因 for a why) adds to a sentence's share of the question."""
KIND = 0.25
"""What the right kind of text adds: the glossary's entry for a definition, a project's objective
for its goal."""
TITLED = 0.08
"""What it adds that a project is named, whatever is asked of it."""
OWN = 0.08
"""What the sentence's own words add against those of its headings."""
DENSE = 0.2
"""What standing first in the retriever's list adds."""
TIE = 0.01
"""Scores so near are equal: the first in the document is the more general."""
CLEAR, MARGIN = 0.85, 0.1
"""The model is not asked when the best sentence explains so much of the question and leads the
next passage by so much."""
RANKED = 20
"""Passages asked of the retriever."""
BEST_FUSED = 2 / 61
"""The fused score of what stands first in both of the retriever's lists."""

PART = re.compile(
    r"第([一二三四五六七八九十]+)部分|\bpart (one|two|three|four|five|six|seven|[1-9])\b"
)
ORDINAL = re.compile(
    rf"第([{NUMERAL}]+|\d+)(?:条|项|点|件|款|个(?:方面|任务|重点)?|大?任务)|[\"'“]?([{NUMERAL}])是[\"'”]"
)
"""A member of a list by its number."""
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
    "asking", "cause", "list", "term", "parts", "section", "table", "units", "who", "when", "which",
    "glossary",
)
"""Cues whose words ask, and are nothing that a text would say."""
SAYING_CUES = ("cause", "purpose", "goal", "duty", "basis", "list", "none", "when", "who")


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
    prior: Scores | None = None
    """0..1 how high the retriever ranks each saying's passage; None where it was not asked."""

    def has(self, *names: str) -> bool:
        return any(name in self.cues for name in names)

    def order(self) -> list[Saying]:
        """The sayings that explain anything, the best first."""
        found = np.argsort(-self.score, kind="stable")
        order = [self.sayings.listed[at] for at in found if self.score[at] > 0]
        ties = [s for s in order if self.score[s.at] >= self.score[order[0].at] - TIE]
        first = min((s for s in ties if s.kind is order[0].kind), key=lambda s: s.at, default=None)
        return [first, *(s for s in order if s is not first)] if first else order


def ask(query: Query, view: View, retriever: Retriever | None = None) -> Asked:
    """Scores by words; where they leave doubt, the retriever's order counts too."""
    state = by_words(query, view.catalogue, view.vocabulary)
    if retriever is None or not doubtful(state):
        return state
    prior = priors(retriever.rank(text_of(query), RANKED), state.sayings)
    score = np.where(state.allowed, state.score + DENSE * prior, 0.0)
    return replace(state, score=score, prior=prior)


def by_words(query: Query, catalogue: Catalogue, vocabulary: Vocabulary | None) -> Asked:
    sayings = sayings_of(catalogue)
    named = cues_of(query)
    matched = match(content_words(query, vocabulary, named), sayings)
    if vocabulary is not None and (again := reread(query, matched, vocabulary)):
        matched = match(again, sayings)
    matched = with_amounts(matched, saying_amounts(query, sayings, catalogue))
    allowed = allowed_by(query, named, sayings)
    covered = np.where(allowed, matched.covered, 0.0)
    score = np.where(covered > 0, covered + bonus(query, named, matched, sayings), 0.0)
    return Asked(
        query=query,
        sayings=sayings,
        matched=matched,
        cues=named,
        allowed=allowed,
        covered=covered,
        score=score,
    )


def cues_of(query: Query) -> frozenset[str]:
    """What is asked for: by the cue words of the question and by its operations."""
    operations = {CUE_OF[name] for name in query.operations if name in CUE_OF}
    defines = {"define"} if query.has(OperationName.DEFINE) else set()
    places = {"place"} if query.has(OperationName.WHICH_TABLE) else set()
    found = asked(query.question.text) | operations | defines | places
    return found | {"list"} if "contents" in found else found


def content_words(
    query: Query, vocabulary: Vocabulary | None, named: frozenset[str]
) -> tuple[Word, ...]:
    """The words asked about, without those of the asking itself."""
    text = text_of(query)
    spans = [found.span() for name in SILENT for found in cues()[name].asks.finditer(text)]
    spans += [found.span() for form in (PART, ORDINAL) for found in form.finditer(text)]
    return tuple(
        word
        for word in words_of(query, vocabulary)
        if not any(start <= word.start and word.end <= end for start, end in spans)
    )


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


def allowed_by(
    query: Query, named: frozenset[str], sayings: Sayings
) -> npt.NDArray[np.bool_]:
    """Within the part, table and unit that the question names; all where that leaves none."""
    allowed = np.ones(len(sayings), dtype=bool)
    units = {unit.name for unit in query.scope.units}
    rules = [
        lambda s: s.kind is PassageKind.DEFINITION if "glossary" in named else True,
        lambda s: _in_part(s.passage.section, query.question.text),
        lambda s: not query.scope.tables or s.passage.table in query.scope.tables,
        lambda s: not units or s.passage.unit_name in ("", *units),
    ]
    for rule in rules:
        kept = allowed & np.array([rule(saying) for saying in sayings.listed], dtype=bool)
        allowed = kept if kept.any() else allowed
    return allowed


def _in_part(section: str, text: str) -> bool:
    part = part_of(text)
    return not part or section.startswith(part)


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


def bonus(query: Query, named: frozenset[str], matched: Matched, sayings: Sayings) -> Scores:
    """What cue words and the kind of text add."""
    wanted = [name for name in SAYING_CUES if name in named]
    added = OWN * matched.said + 0.0
    for saying in sayings.listed:
        opener = sayings.opener(saying)
        caused = "cause" in named and opener is not None and says("cause", opener.text)
        if caused or any(says(name, saying.text) for name in wanted):
            added[saying.at] += CUE
        if "contents" in named and says("contents", saying.text):
            added[saying.at] += CUE
    titled = matched.titled
    added += TITLED * titled * _of_kind(sayings, PassageKind.OBJECTIVE)
    if "define" in named or "glossary" in named:
        added += KIND * titled * _of_kind(sayings, PassageKind.DEFINITION)
    if "term" in named:
        added += KIND * _of_kind(sayings, PassageKind.DEFINITION)
    if "duty" in named:
        added += KIND / 2 * _headed(sayings, cues()["duty"].heads)
    if named & {"goal", "purpose"}:
        added += KIND * titled * _of_kind(sayings, PassageKind.OBJECTIVE)
    return np.asarray(added)


def _of_kind(sayings: Sayings, kind: PassageKind) -> npt.NDArray[np.bool_]:
    return np.array([saying.kind is kind for saying in sayings.listed], dtype=bool)


def _headed(sayings: Sayings, heads: re.Pattern[str]) -> npt.NDArray[np.bool_]:
    return np.array([bool(heads.search(s.passage.title)) for s in sayings.listed], dtype=bool)


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


def priors(ranked: Sequence[tuple[Passage, float]], sayings: Sayings) -> Scores:
    """0..1 a saying, by the fused score of its passage (a glossary entry is a paragraph too)."""
    best: dict[tuple[str, str], float] = {}
    for passage, score in ranked:
        place = (passage.document, str(passage.place))
        best[place] = max(best.get(place, 0.0), score / BEST_FUSED)
    return np.array(
        [best.get((s.passage.document, str(s.passage.place)), 0.0) for s in sayings.listed]
    )
