"""Matched sayings → the ones that answer: scored by what is asked, kept only above a threshold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.calculate import FACTORS
from assistant.catalogue import Catalogue, flat
from assistant.mention import OperationName
from assistant.query import Query
from assistant.quote_cues import asked, cues
from assistant.quote_match import Matched, Scores, match
from assistant.quote_sayings import Field, Saying, Sayings, sayings_of
from assistant.quote_words import Word, words_of
from assistant.vocabulary import Vocabulary
from index.fact import Passage, PassageKind
from index.words import numeral

CUE = 0.12
"""What the right cue word (原因 for a why) adds to a sentence's share of the question."""
KIND = 0.25
"""What the right kind of text adds: the glossary's entry for a definition, a project's objective
for its goal."""
OWN = 0.08
"""What the sentence's own words add against those of its headings."""
DENSE = 0.2
"""What standing first in the retriever's list adds."""
AMOUNT = 3.0
"""An amount that the question says weighs as much as so many rarest characters."""
CLEAR, MARGIN = 0.8, 0.1
"""The model is asked unless the best sentence explains so much of the question and leads the
next passage by so much."""
RANKED = 20
"""Passages asked of the retriever."""

MONEY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(亿元|百万元|万元|千元|元)")


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
    """Sayings within the part, table, unit and year that the question names."""
    score: Scores
    """How well each saying answers; 0 where not allowed."""

    def best(self) -> Saying | None:
        at = int(np.argmax(self.score)) if len(self.score) else -1
        return self.sayings.listed[at] if at >= 0 and self.score[at] > 0 else None

    def has(self, *names: str) -> bool:
        return any(name in self.cues for name in names)


def ask(query: Query, view: View, retriever: Retriever | None) -> Asked:
    """Lexical scores, then, where they leave doubt, the retriever's order."""
    sayings = sayings_of(view.catalogue)
    named = asked_cues(query)
    words = content_words(query, view.vocabulary, named)
    matched = match(words, sayings)
    allowed = allowed_by(query, sayings)
    if Cue.glossary(named, query) and (defined := _of_kind(sayings, PassageKind.DEFINITION)).any():
        allowed = allowed & defined
    score = lexical(query, matched, sayings, named, view.catalogue)
    state = Asked(
        query=query,
        sayings=sayings,
        matched=matched,
        cues=named,
        allowed=allowed,
        score=np.where(allowed, score, 0.0),
    )
    if retriever is None or not doubtful(state):
        return state
    prior = priors(retriever.rank(query.question.text, RANKED), sayings)
    return replace(state, score=np.where(allowed, state.score + DENSE * prior, 0.0))
