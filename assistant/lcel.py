"""The way of a question as LangChain runnables: read → several, chat, quotes or figures → prove.

The steps are those of `assistant.chain.Conversation`; here each is a `Runnable`, so that one can
be watched, replaced, or followed by a model of one's own.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NotRequired

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableBranch, RunnableLambda
from typing_extensions import TypedDict  # pydantic cannot read typing's before Python 3.12

from assistant.answer import Answer, Status
from assistant.chain import (
    LONGEST_QUESTION,
    Assistant,
    Conversation,
    View,
    chat_name,
    protected_in,
)
from assistant.clauses import split_questions
from assistant.compose import compose_absence, compose_chat, compose_figures, compose_quotes
from assistant.finding import Quote
from assistant.follow_up import resolve
from assistant.normalize import normalize
from assistant.outcome import Outcome
from assistant.prove import prove
from assistant.query import Query
from assistant.quote import is_text_question, lead, quote
from assistant.raw_document import Originals
from assistant.understand import understand


class Asking(TypedDict):
    question: str
    history: NotRequired[Sequence[str | BaseMessage]]
    """What the person asked before, oldest first; of messages, hers count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as it was understood, in the conversation it belongs to."""

    typed: str
    view: View
    conversation: Conversation
    query: Query
    """With what it inherits from the turns before."""
    alone: Query
    several: bool = False
    """It may hold several questions."""
    chat: tuple[str, Status] | None = None
    """Which small talk it is."""
    quotes: tuple[Quote, ...] = ()
    """What answers a question of text."""
    started: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer that has still to be proved; without an outcome there is nothing to prove."""

    reading: Reading
    answer: Answer
    outcome: Outcome | None = None


def answer_chain(assistant: Assistant) -> Runnable[Asking, Answer]:
    """A chain that takes `{"question": …, "history": […]}`; it keeps nothing between calls.

    `answer_chain(assistant).invoke({"question": "公务接待费多少"}).figures[0].value` is `"12"`.
    """
    draft = RunnableBranch[Reading, Draft](
        (lambda reading: reading.several, step(ask_all)),
        (lambda reading: reading.chat is not None, step(say_chat)),
        (lambda reading: bool(reading.quotes), step(say_quotes)),
        step(say_figures),
    )
    proving = RunnableLambda(partial(proved, Originals(assistant.store)), name="prove")
    return RunnableLambda(partial(read, assistant), name="read") | draft | proving


def step(function: Callable[[Reading], Draft]) -> Runnable[Reading, Draft]:
    """A step that asks for no schema of its input: a `Reading` holds a whole index."""
    return RunnableLambda(lambda reading: function(reading), name=function.__name__)


def read(assistant: Assistant, asking: Asking) -> Reading:
    """Takes the question in; earlier ones are asked again, for what this one leaves out."""
    started = time.perf_counter()
    conversation, view = assistant.conversation(), assistant.view
    for earlier in said(asking.get("history", ())):
        conversation.ask(earlier)
    typed = asking["question"]
    question = normalize(typed[:LONGEST_QUESTION])
    alone = understand(question, view.catalogue, view.vocabulary)
    query = resolve(alone, conversation.turns)
    reading = Reading(
        typed=typed,
        view=view,
        conversation=conversation,
        query=query,
        alone=alone,
        several=len(split_questions(question, protected_in(question.text, view))) > 1,
        chat=chat_name(alone, bool(conversation.turns)),
        started=started,
    )
    return reading if reading.several or reading.chat else with_quotes(reading)


def said(history: Sequence[str | BaseMessage]) -> list[str]:
    """The person's own words of a history."""
    kept = (one for one in history if isinstance(one, str | HumanMessage))
    return [one if isinstance(one, str) else one.text for one in kept]


def with_quotes(reading: Reading) -> Reading:
    if not is_text_question(reading.query, reading.view.catalogue):
        return reading
    retriever = reading.conversation.assistant.retriever
    return replace(reading, quotes=quote(reading.query, reading.view, retriever))


def ask_all(reading: Reading) -> Draft:
    """Several questions in one: the conversation answers each and puts them together."""
    return Draft(reading=reading, answer=reading.conversation.ask(reading.typed))


def say_chat(reading: Reading) -> Draft:
    name, status = reading.chat or ("nonsense", Status.REFUSED)
    return Draft(reading=reading, answer=compose_chat(reading.alone, name, status))


def say_quotes(reading: Reading) -> Draft:
    found = lead(reading.query, reading.quotes)
    answer = compose_quotes(reading.query, reading.quotes, found)
    return Draft(reading=reading, answer=answer, outcome=Outcome())


def say_figures(reading: Reading) -> Draft:
    query, catalogue = reading.query, reading.view.catalogue
    outcome = reading.conversation._figures(query, reading.alone, catalogue)
    compose = compose_figures if outcome.findings else compose_absence
    return Draft(reading=reading, answer=compose(query, outcome, catalogue), outcome=outcome)


def proved(originals: Originals, draft: Draft) -> Answer:
    """The answer held against the stored bytes, or withheld."""
    reading, answer = draft.reading, draft.answer
    if draft.outcome is not None:
        catalogue, quotes = reading.view.catalogue, reading.quotes
        answer = prove(reading.query, draft.outcome, answer, catalogue, originals, quotes)
    seconds = round(time.perf_counter() - reading.started, 3)
    return replace(answer, question=reading.typed, seconds=seconds)
