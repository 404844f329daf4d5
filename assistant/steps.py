"""One question's way as LangChain runnables: read → chat, quotes or figures → prove.

Each step is a `Runnable` of its own, so that one can be watched or replaced; what a step hands
to the next is a frozen value.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from langchain_core.runnables import Runnable, RunnableBranch, RunnableLambda

from assistant.answer import Answer, Status
from assistant.catalogue import Catalogue
from assistant.compose import compose_absence, compose_chat, compose_figures, compose_quotes
from assistant.finding import Absence, Quote
from assistant.follow_up import Turn, joined, of_turns, resolve
from assistant.look_up import look_up
from assistant.mention import ChatName, Year
from assistant.mention import OperationName as Op
from assistant.normalize import Normalized, normalize
from assistant.outcome import Outcome
from assistant.prove import prove
from assistant.query import Query
from assistant.quote import is_text_question, lead, quote, taken_up
from assistant.raw_document import Originals
from assistant.retrieve import PassageRetriever
from assistant.understand import understand
from assistant.vocabulary import Vocabulary

TELLING = (Op.WHY, Op.PURPOSE, Op.DEFINE)
"""Where no sentence tells it, a figure would be no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One version of the index, in memory."""

    version: int
    catalogue: Catalogue
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what was said before it."""

    question: Normalized
    turns: tuple[Turn, ...]
    view: View
    said: tuple[tuple[int, int], ...] = ()
    """Stretches of the question that name the document."""
    heads: tuple[tuple[str, str], ...] = ()
    """As `Query.heads`."""
    any_year: bool = False
    """It was asked of another document: the year it says is not meant here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as it was understood."""

    asked: Asked
    alone: Query
    """By itself."""
    query: Query
    """With what it inherits from the turns before."""
    spelt: Query
    """As a question of text, the turn before spelt out in it."""
    chat: tuple[str, Status] | None = None
    tells: bool = False
    """It is a question of text."""
    quotes: tuple[Quote, ...] = ()

    @property
    def catalogue(self) -> Catalogue:
        return self.asked.view.catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer that has still to be proved; small talk has no outcome and needs no proof."""

    reading: Reading
    answer: Answer
    outcome: Outcome | None = None
    remembered: Outcome | None = None
    """What a follow-up may lean on."""

    @property
    def turn(self) -> Turn | None:
        if self.remembered is None:
            return None
        return Turn(query=self.reading.query, outcome=self.remembered)


def question_chain(
    originals: Originals, retriever: Callable[[], PassageRetriever]
) -> Runnable[Asked, Draft]:
    """The chain that answers one question and proves the answer."""
    draft = RunnableBranch[Reading, Draft](
        (lambda reading: reading.chat is not None, step(say_chat)),
        (lambda reading: bool(reading.quotes), step(say_quotes)),
        (lambda reading: reading.tells and reading.query.has(*TELLING), step(say_untold)),
        step(say_figures),
    )
    reading: Runnable[Asked, Reading] = RunnableLambda(lambda asked: read(asked), name="read")
    return (
        reading
        | RunnableLambda(lambda reading: with_quotes(reading, retriever), name="retrieve")
        | draft
        | RunnableLambda(lambda draft: proved(draft, originals), name="prove")
    )


def step(function: Callable[[Reading], Draft]) -> Runnable[Reading, Draft]:
    """A step that asks for no schema of its input: a `Reading` holds a whole index."""
    return RunnableLambda(lambda reading: function(reading), name=function.__name__)


def read(asked: Asked) -> Reading:
    view = asked.view
    question = in_full(asked)
    said = asked.said if question is asked.question else ()
    alone = understand(question, view.catalogue, view.vocabulary, said)
    alone = replace(alone, heads=asked.heads)
    if asked.any_year:
        alone = replace(alone, other_year=None, last_year=False)
    chat = chat_name(alone, bool(asked.turns), bool(asked.said))
    query = alone if chat else resolve(alone, asked.turns)
    return Reading(
        asked=asked,
        alone=alone,
        query=query,
        spelt=spelt_out(query, asked),
        chat=chat,
        tells=chat is None and is_text_question(query, view.catalogue),
    )


def in_full(asked: Asked) -> Normalized:
    """第九条呢 is the question before with another number; any other question is its own."""
    if not asked.turns:
        return asked.question
    before = asked.turns[-1].query.question.typed
    taken = taken_up(asked.question.typed, before)
    return asked.question if taken == asked.question.typed else normalize(taken)


def spelt_out(query: Query, asked: Asked) -> Query:
    """为什么减? after an amount: the question before said of what."""
    if not query.inherited or query.beside is not None or not asked.turns:
        return query
    before = asked.turns[-1].query.question.typed
    together = normalize(f"{before} {query.question.typed}")
    return understand(together, asked.view.catalogue, asked.view.vocabulary)


def with_quotes(reading: Reading, retriever: Callable[[], PassageRetriever]) -> Reading:
    if not reading.tells:
        return reading
    return replace(reading, quotes=quote(reading.spelt, reading.asked.view, retriever()))


def say_chat(reading: Reading) -> Draft:
    name, status = reading.chat or ("nonsense", Status.REFUSED)
    return Draft(reading=reading, answer=compose_chat(reading.alone, name, status))


def say_quotes(reading: Reading) -> Draft:
    opening = lead(reading.spelt, reading.quotes)
    whose = "".join(head for _, head in reading.query.heads)
    opening = "\n".join(filter(None, (whose and f"{whose}：", opening)))
    answer = compose_quotes(reading.query, reading.quotes, opening)
    return Draft(
        reading=reading,
        answer=answer,
        outcome=Outcome(),
        remembered=look_up(reading.query, reading.catalogue),
    )


def say_untold(reading: Reading) -> Draft:
    outcome = Outcome(absence=Absence.NOT_HERE)
    answer = compose_absence(reading.query, outcome, reading.catalogue)
    return Draft(reading=reading, answer=answer, outcome=outcome)


def say_figures(reading: Reading) -> Draft:
    query, catalogue = reading.query, reading.catalogue
    outcome = figures(reading)
    if off_topic(query, outcome):
        return Draft(reading=reading, answer=compose_chat(query, "refused", Status.REFUSED))
    compose = compose_figures if outcome.findings else compose_absence
    answer = compose(query, outcome, catalogue)
    return Draft(reading=reading, answer=answer, outcome=outcome, remembered=outcome)


def off_topic(query: Query, outcome: Outcome) -> bool:
    """Nothing of the question stands anywhere in the index, and no scope of it is named."""
    named = query.scope.tables or query.scope.units or query.scope.codes or query.other_year
    known = any(query.content.weigh(key.mask) for key in query.content.keys)
    asks = query.inherited or query.undisclosed or query.asks_figure
    return not (outcome.findings or named or known or asks)


def figures(reading: Reading) -> Outcome:
    """From figures shown before, else looked up; without the context if it does not help."""
    query, turns, catalogue = reading.query, reading.asked.turns, reading.catalogue
    if (shown := of_turns(query, turns, catalogue)) is not None:
        return shown
    outcome = look_up(query, catalogue)
    if query.inherited and query.beside is not None:
        both = joined(query, look_up(replace(query, operations=()), catalogue), turns)
        if both is not None:
            return both
        if not outcome.findings:
            return look_up(reading.alone, catalogue)
    return outcome


def proved(draft: Draft, originals: Originals) -> Draft:
    """The answer held against the stored bytes, or withheld."""
    if draft.outcome is None:
        return draft
    reading = draft.reading
    answer = prove(
        reading.query, draft.outcome, draft.answer, reading.catalogue, originals, reading.quotes
    )
    return replace(draft, answer=answer)


def chat_name(query: Query, talked: bool, whose: bool = False) -> tuple[str, Status] | None:
    """Small talk and instructions, when nothing else is asked; `talked`: not the first turn;
    `whose`: a document is named."""
    asks = query.operations or query.limit or query.rank or query.scope.codes
    if query.content.total or asks:
        return None
    names = set(query.chats)
    if ChatName.INJECTION in names:
        return "refused", Status.REFUSED
    for name in ("greeting", "thanks", "farewell", "identity"):
        if ChatName(name) in names:
            return name, Status.ANSWERED
    if ChatName.PRAISE in names:
        return "thanks", Status.ANSWERED
    scope = query.scope
    named = whose or scope.units or scope.whole or scope.each or scope.tables
    dated = any(isinstance(mention.value, Year) for mention in query.mentions)
    leans_back = talked and (query.output_unit or named or query.last_year or dated)
    return None if query.asks_figure or leans_back else ("nonsense", Status.REFUSED)
