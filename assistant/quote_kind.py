"""Is a sentence asked for, or a figure? A figure question never falls through to a text guess."""

from assistant.catalogue import Catalogue
from assistant.link import Match, link
from assistant.mention import Amount, OperationName
from assistant.query import Query
from assistant.quote_ask import Asked, by_words, content_words, cues_of, part_of
from assistant.quote_cues import asked, says
from assistant.quote_lists import best_listing, ordinal_of
from assistant.quote_words import is_name
from assistant.select import score
from index.fact import Kind, RowKind

TEXTUAL = frozenset(
    {
        "cause",
        "purpose",
        "define",
        "term",
        "glossary",
        "mention",
        "what_is",
        "place",
        "parts",
        "section",
        "table",
        "units",
        "basis",
    }
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
    if query.output_unit or (query.has(*ARITHMETIC) and not {"define", "term"} <= named):
        return False
    if query.limit and not query.has(OperationName.DEFINE):
        asks_any = not query.noun and "none" in asked(query.question.text)
        return asks_any and speaks(query, catalogue)
    if (listed := asks_list(query, named, catalogue)) is not None:
        return listed
    if query.inherited:  # a figure is what a follow-up goes on with, unless words ask otherwise
        return bool(named & TEXTUAL) and "amount" not in named
    if query.asks_figure or "amount" in named:
        figure = explained(best_figure(query, catalogue), LITTLE)
        return bool(named & {"cause", "when"}) or (bool(named & TEXTUAL) and not figure)
    return bool(named & TEXTUAL) or asks_words(query, named, catalogue)


def asks_list(query: Query, named: frozenset[str], catalogue: Catalogue) -> bool | None:
    """A list of sentences (True), of figures (False), or none that the words tell (None)."""
    counts = query.asks_figure and not composed(query, named)
    if not counts and not query.inherited:
        number = ordinal_of(query.question.text)
        if (number or "list" in named) and best_listing(by_words(query, catalogue, None)):
            return True
        if query.rank and not number:
            return False
        if "contents" in named and "amount" not in named:
            return text_covered(by_words(query, catalogue, None)) >= TEXT_COVERED
    if query.rank:
        return False
    if query.noun and query.has(OperationName.LIST, OperationName.COUNT):
        return bool(named & {"parts", "units", "table"})
    return None


def composed(query: Query, named: frozenset[str]) -> bool:
    """Which parts make something up: a share is named by the same words, but none is asked for."""
    return "contents" in named and query.has(OperationName.WHICH) and "amount" not in named


def asks_words(query: Query, named: frozenset[str], catalogue: Catalogue) -> bool:
    """Without a word that tells: by amounts, by money, by what explains the question better."""
    said = asked(query.question.text)
    amounts = any(
        isinstance(m.value, Amount) and not is_name(m, query.question.text) for m in query.mentions
    )
    if amounts and not said & {"goal", "duty", "none"}:
        return False
    money = query.want.moneyish and not named & {"goal", "none", "who"}
    if money and explained(best_figure(query, catalogue), COVERED):
        return False
    if part_of(query.question.text) and not content_words(query, None):
        return True
    if query.scope.codes and not query.content.total:
        return False
    return speaks(query, catalogue)


def explained(best: Match | None, least: float) -> bool:
    return best is not None and best.covered >= least


def speaks(query: Query, catalogue: Catalogue) -> bool:
    """Do sentences explain the question better than the figures do?"""
    best, state = best_figure(query, catalogue), by_words(query, catalogue, None)
    named, text = state.cues, text_covered(state)
    if best is None:
        return text >= TEXT_COVERED
    if best.named < HARDLY_NAMED:
        return True
    fact = best.entry.fact
    if says_none(state) or (fact.kind is Kind.BLANK and (fact.sentence or "none" in named)):
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


def text_covered(state: Asked) -> float:
    """Share of the question that the best sentence explains, by the words as they stand."""
    return float(state.covered.max(initial=0.0))


def says_none(state: Asked) -> bool:
    """It is asked whether there is any, and the best sentence says that there is none."""
    order = state.order()
    if "none" not in state.cues or not order:
        return False
    return bool(says("none", order[0].text) and state.covered[order[0].at] >= TEXT_COVERED)
