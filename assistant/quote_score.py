"""What adds to a sentence's share of the question: cue words, kind of text, a phrase in one piece,
the retriever's rank."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from assistant.catalogue import flat
from assistant.quote_cues import cues, says
from assistant.quote_match import Matched, Scores
from assistant.quote_sayings import Field, Saying, Sayings
from index.fact import Passage, PassageKind

CUE = 0.12
"""What the right cue word (原因 for a why) adds to a sentence's share of the question."""
KIND = 0.25
"""What the right kind of text adds: the glossary's entry for a definition, a project's objective
for its goal."""
TITLED = 0.08
"""What it adds that a project is named, whatever is asked of it."""
OWN = 0.08
"""What the sentence's own words add against those of its headings."""
FOCUS = 0.15
"""What it adds that a sentence of a long entry of the glossary says little else than the question:
the one that explains the thing, not the one that lists it."""
CONSIDERED = 300
"""Sentences looked through for cue words, the best so far."""
PHRASE, SHORTEST_PHRASE, PHRASED = 0.3, 4, 12
"""What a stretch as long as the question adds; its least characters; sentences looked at."""
BEST_FUSED = 2 / 61
"""The fused score of what stands first in both of the retriever's lists."""
TELLING = frozenset(("contents", "none", "cause"))
"""Cues whose words in a sentence count twice: 包括 opens the list asked for, 未安排 answers."""
SAYING_CUES = ("cause", "purpose", "goal", "duty", "basis", "list", "none", "when", "who")


def bonus(named: frozenset[str], matched: Matched, sayings: Sayings) -> Scores:
    """What cue words and the kind of text add."""
    titled = matched.titled
    added = OWN * matched.said + TITLED * titled * sayings.of_kind(PassageKind.OBJECTIVE)
    if named & {"define", "glossary"}:
        added += KIND * titled * sayings.of_kind(PassageKind.DEFINITION)
    if "term" in named:
        added += KIND * sayings.of_kind(PassageKind.DEFINITION)
    if named & {"goal", "purpose"}:
        added += KIND * titled * sayings.of_kind(PassageKind.OBJECTIVE)
    for at in np.argsort(-matched.covered - added, kind="stable")[:CONSIDERED]:
        added[at] += cued(sayings.listed[at], named, sayings)
        if sayings.listed[at].kind is PassageKind.DEFINITION:
            added[at] += FOCUS * focus(sayings.listed[at], matched)
    return np.asarray(added)


def focus(saying: Saying, matched: Matched) -> float:
    """Share of the sentence that the question's own words make up."""
    text = saying.fields[Field.TEXT]
    said = sum(len(word.text) for word in matched.words if word.text and word.text in text)
    return min(1.0, said / len(text))


def cued(saying: Saying, named: frozenset[str], sayings: Sayings) -> float:
    """For the words beside which such an answer stands, in the sentence or, for the points of a
    reason, before them; and for the heading of a list of duties."""
    wanted = any(name in named and says(name, saying.text) for name in SAYING_CUES)
    told = tells(saying, named, sayings)
    heads = "duty" in named and bool(cues()["duty"].heads.search(saying.passage.title))
    return CUE * ((wanted or told) + told) + KIND / 2 * heads


def tells(saying: Saying, named: frozenset[str], sayings: Sayings) -> bool:
    """It says one of the words without which a sentence hardly answers."""
    opener = sayings.opener(saying) if "cause" in named else None
    caused = opener is not None and says("cause", opener.text)
    return caused or any(says(name, saying.text) for name in TELLING & named)


def phrases_of(question: str, named: frozenset[str], score: Scores, sayings: Sayings) -> Scores:
    """For the best sentences, by the longest stretch of the question that they say; none for one
    without the words that tell an answer where such are wanted."""
    asked, added = flat(question), np.zeros(len(score))
    for at in np.argsort(-score, kind="stable")[:PHRASED]:
        if TELLING & named and not tells(sayings.listed[at], named, sayings):
            continue
        fields = sayings.listed[at].fields
        matchers = [
            SequenceMatcher(None, asked, fields[field], autojunk=False)
            for field in (Field.TEXT, Field.TITLE)
        ]
        longest = max(matcher.find_longest_match().size for matcher in matchers)
        if longest >= SHORTEST_PHRASE:
            added[at] = PHRASE * longest / len(asked)
    return added


def priors(ranked: Sequence[tuple[Passage, float]], sayings: Sayings) -> Scores:
    """0..1 a saying, by the fused score of its passage (a glossary entry is a paragraph too)."""
    best: dict[tuple[str, str], float] = {}
    for passage, score in ranked:
        place = (passage.document, str(passage.place))
        best[place] = max(best.get(place, 0.0), score / BEST_FUSED)
    return np.array(
        [best.get((s.passage.document, str(s.passage.place)), 0.0) for s in sayings.listed]
    )
