"""Is a sentence asked for, or a figure? A figure question never falls through to a text guess."""

import numpy as np

from assistant.catalogue import Catalogue
from assistant.link import Match, link
from assistant.mention import Amount, OperationName
from assistant.query import Query
from assistant.quote_ask import allowed_by, content_words, cues_of, part_of
from assistant.quote_cues import asked, says
from assistant.quote_match import match
from assistant.quote_sayings import sayings_of
from assistant.select import score
from index.fact import Kind, RowKind

TEXTUAL = frozenset(
    {"cause", "purpose", "define", "term", "place", "parts", "section", "table", "units", "basis"}
)
"""Cues that ask for words whatever else is said."""
ARITHMETIC = (
    OperationName.SUM,
    OperationName.DIFFERENCE,
    OperationName.RATIO,
    OperationName.PER,
    OperationName.AVERAGE,
    OperationName.LAST_VALUE,
    OperationName.COMPARE,
    OperationName.MINIMUM,
    OperationName.MAXIMUM,
)
TARGET_NAMED = 0.5
"""An indicator so well named is asked for its target, not for its project's goal."""
COVERED, NAMED, WHOLLY = 0.75, 0.5, 0.9
"""A figure is what is asked for if it explains so much of the question and is named so far, or
`LITTLE` if its whole name is said ..."""
TEXT_BETTER, NAMED_LESS = 0.9, 0.75
"""... unless a sentence explains nearly all of it and the figure's name is said only in part."""
TEXT_COVERED = 0.5
HARDLY_NAMED = 0.2
"""A figure of whose name so little is said is found by common words alone."""
LITTLE = 0.6
"""A figure that explains less is none that the question means."""


def is_text_question(query: Query, catalogue: Catalogue) -> bool:
    """Words decide where they are unmistakable; else whether figures or sentences explain it."""
    named = cues_of(query)
    limited = query.limit and not (query.has(OperationName.DEFINE) or "none" in named)
    if limited or query.rank or query.output_unit or query.has(*ARITHMETIC):
        return False
    if query.noun and query.has(OperationName.LIST, OperationName.COUNT):
        lists = "contents" in named and text_covered(query, named, catalogue)[0] >= TEXT_BETTER
        return lists or bool(named & {"parts", "units", "table"})
    if query.asks_figure or "amount" in named:
        return bool(named & {"cause", "when"}) or (
            bool(named & TEXTUAL) and not explained(best_figure(query, catalogue), LITTLE)
        )
    if named & TEXTUAL:
        return True
    amounts = any(isinstance(mention.value, Amount) for mention in query.mentions)
    if amounts and not named & {"goal", "duty", "none"}:
        return False
    if part_of(query.question.text) and not content_words(query, None, named):
        return True
    return speaks(query, named, catalogue)


def explained(best: Match | None, least: float) -> bool:
    return best is not None and best.covered >= least


def speaks(query: Query, named: frozenset[str], catalogue: Catalogue) -> bool:
    """Do sentences explain the question better than the figures do?"""
    best = best_figure(query, catalogue)
    text, says_none = text_covered(query, named, catalogue)
    if best is None:
        return text >= TEXT_COVERED
    if best.named < HARDLY_NAMED:
        return True
    fact = best.entry.fact
    if says_none or (fact.kind is Kind.BLANK and (fact.sentence or "none" in named)):
        return True
    if "goal" in named:
        return fact.row_kind is not RowKind.INDICATOR or best.named < TARGET_NAMED
    if "list" in asked(query.question.text) and not query.noun:
        return True
    least = LITTLE if best.named >= WHOLLY else COVERED
    if best.covered >= least and best.named >= NAMED and "who" not in named:
        return text >= TEXT_BETTER and best.named < NAMED_LESS
    return text >= TEXT_COVERED


def best_figure(query: Query, catalogue: Catalogue) -> Match | None:
    matches = link(
        query.content,
        catalogue,
        lambda entry: query.want.allows(entry) and query.scope.allows(entry),
    )
    return max(matches, key=lambda found: score(found, query.want), default=None)


def text_covered(
    query: Query, named: frozenset[str], catalogue: Catalogue
) -> tuple[float, bool]:
    """Share of the question that the best sentence explains, by the words as they stand; and
    whether it is asked if there is any and the sentence says that there is none."""
    sayings = sayings_of(catalogue)
    matched = match(content_words(query, None, named), sayings)
    covered = np.where(allowed_by(query, named, sayings), matched.covered, 0.0)
    if not covered.any():
        return 0.0, False
    best = sayings.listed[int(np.argmax(covered + matched.said / 10))]
    says_none = "none" in named and says("none", best.text)
    return float(covered.max()), says_none and covered[best.at] >= TEXT_COVERED
