"""One person's questions in order: each goes to the documents it names, or to those before."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant.answer import Answer, Status
from assistant.clauses import split_questions
from assistant.compose import merge
from assistant.follow_up import Turn
from assistant.library import FEW
from assistant.normalize import Normalized, normalize
from assistant.retrieve import PassageRetriever
from assistant.route import Route
from assistant.several import (
    MOST_TOLD_APART,
    Indexed,
    ask_which,
    joined,
    nobody,
    of_several,
    with_unread,
)
from assistant.steps import Asked, Draft, View, figures, read, with_quotes
from assistant.understand import protected_in, understand

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

NUMBERED = re.compile(r"[①-⑩]")
"""Questions that the person numbered herself, behind an opening."""
LONGEST_QUESTION = 2000
"""Characters read of a question; what stands behind is no question any more."""
REPLAYED = 4
"""Questions before that are read again when a document is turned to in between."""


class Asker(Indexed, Protocol):
    """What a conversation needs of `assistant.chain.Assistant`."""

    @property
    def chain(self) -> "Runnable[Asked, Draft]": ...
    @property
    def retriever(self) -> PassageRetriever: ...


@dataclass(slots=True)
class Past:
    """A question asked, and what it came to in each document that was asked."""

    question: Normalized
    route: Route
    version: int
    turns: dict[str, Turn | None]
    answered: tuple[str, ...] | None = None
    """Of several documents that were asked those that had an answer."""


class Conversation:
    """A follow-up inherits what it leaves out, the document among it."""

    def __init__(self, assistant: Asker) -> None:
        self.assistant = assistant
        self.past: list[Past] = []

    @property
    def before(self) -> Route | None:
        """Where the questions go that name no document: to those named last."""
        said = any(past.route.said for past in self.past)
        return self.past[-1].route if said else None

    @property
    def answered(self) -> tuple[str, ...]:
        """The documents that answered last, where several were asked."""
        told = (past.answered for past in reversed(self.past) if past.answered is not None)
        return next(told, ())

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said so far, by each document that was asked."""
        return tuple(turn for past in self.past for turn in past.turns.values() if turn)

    def ask(self, question: str) -> Answer:
        started = time.perf_counter()
        answer = self._answer_all(question[:LONGEST_QUESTION])
        return replace(answer, question=question, seconds=round(time.perf_counter() - started, 3))

    def _answer_all(self, typed: str) -> Answer:
        """Several questions in one are answered one by one, if each has an answer of its own."""
        if len(numbered := [part for part in NUMBERED.split(typed) if part.strip()]) > 2:
            return merge([self._answer(normalize(part)) for part in numbered[1:]], typed)
        question = normalize(typed)
        view = self._view_for(question)
        if view is None:
            return self._answer(question)
        parts = parts_of(
            question, split_questions(question, protected_in(question.text, view.catalogue))
        )
        if len(parts) < 2 or not all(asks_of_its_own(part, view) for part in parts):
            return self._answer(question)
        before = list(self.past)
        answers = [self._answer(part) for part in parts]
        if all(answer.status is Status.ANSWERED for answer in answers):
            return merge(answers, typed)
        apart, self.past = self.past, before
        whole = self._answer(question)
        if whole.status is not Status.ANSWERED and any(a.figures or a.citations for a in answers):
            self.past = apart
            return merge(answers, typed)
        return whole

    def _view_for(self, question: Normalized) -> View | None:
        """Of the first document that may answer; None where nothing is indexed."""
        documents = self._route(question).documents
        return self.assistant.library.view(documents[:1]) if documents else None

    def _route(self, question: Normalized) -> Route:
        """To the documents it names, or those named before; a question that leans on an answer
        goes to the documents that gave it."""
        library = self.assistant.library
        found = library.route(question, self.before)
        if found.said or self.before is not None or not self.answered:
            return found
        view = library.view(self.answered[:1])
        asked = Asked(question=question, turns=self._turns(self.answered[0]), view=view)
        if not read(asked).query.inherited:
            return found
        return replace(found, documents=self.answered, kept=self.answered)

    def _answer(self, question: Normalized) -> Answer:
        library = self.assistant.library
        route = self._route(question)
        if route.missing:
            return nobody(question, route.missing, library)
        past = Past(question, route, library.version, {})
        answered = self._from_one if len(route.documents) == 1 else self._from_several
        answer = answered(past)
        self.past.append(past)
        return with_unread(answer, route.documents, library)

    def _from_one(self, past: Past) -> Answer:
        """The document's own answer; what it does not say of two years their budgets may."""
        answer = self._draft(past, past.route.documents[0]).answer
        if answer.status is Status.ANSWERED or len(past.route.sides) < 2:
            return answer
        return of_several(past.question, past.route, (), self.assistant) or answer

    def _from_several(self, past: Past) -> Answer:
        library = self.assistant.library
        asked = library.likely(past.question, past.route.documents)
        if (found := of_several(past.question, past.route, asked, self.assistant)) is not None:
            return found
        if not asked:
            # No label says it: sentences may, and those of a few documents tell what to expect.
            every, some = past.route.documents, past.route.documents[:FEW]
            asked = every if any(self._may_answer(past, name) for name in some) else every[:1]
        elif MOST_TOLD_APART < len(asked) <= FEW:
            asked = tuple(name for name in asked if self._may_answer(past, name)) or asked[:1]
        if len(asked) > MOST_TOLD_APART:
            return ask_which(past.question, asked, library)
        drafts = {name: self._draft(past, name, apart=True) for name in asked}
        answer, past.answered = joined(past.question, drafts, library)
        return answer

    def _may_answer(self, past: Past, document: str) -> bool:
        """Whether the document says something to the question; nothing of it is proved yet."""
        reading = with_quotes(read(self._asked(past, document)), lambda: self.assistant.retriever)
        return bool(reading.quotes or (not reading.tells and figures(reading).findings))

    def _asked(self, past: Past, document: str, heads: tuple[tuple[str, str], ...] = ()) -> Asked:
        return Asked(
            question=past.question,
            turns=self._turns(document),
            view=self.assistant.library.view((document,)),
            said=past.route.silent_in(document),
            heads=heads,
        )

    def _draft(self, past: Past, document: str, *, apart: bool = False) -> Draft:
        """What the document says to the question. `apart`: the answer says whose it is."""
        library = self.assistant.library
        heads = ((document, library.head(document, past.question.language)),) if apart else ()
        draft = self.assistant.chain.invoke(self._asked(past, document, heads))
        past.turns[document] = draft.turn
        return draft

    def _turns(self, document: str) -> tuple[Turn, ...]:
        """What was asked before, as this document answers it."""
        library = self.assistant.library
        for at, past in enumerate(self.past):
            if past.version != library.version:
                past.turns, past.version = {}, library.version
            if document in past.turns:
                continue
            if at >= len(self.past) - REPLAYED:
                turns = turns_of(self.past[:at], document)
                past.turns[document] = self._replayed(past, document, turns)
        return turns_of(self.past, document)

    def _replayed(self, past: Past, document: str, turns: tuple[Turn, ...]) -> Turn | None:
        asked = Asked(
            question=past.question,
            turns=turns,
            view=self.assistant.library.view((document,)),
            said=past.route.silent_in(document),
            any_year=True,
        )
        turn: Turn | None = self.assistant.chain.invoke(asked).turn
        return turn


def turns_of(past: Sequence[Past], document: str) -> tuple[Turn, ...]:
    turns = (one.turns.get(document) for one in past)
    return tuple(turn for turn in turns if turn is not None)


def asks_of_its_own(part: Normalized, view: View) -> bool:
    """A part like 哪个项目的 belongs to the part before it."""
    query = understand(part, view.catalogue, view.vocabulary)
    return bool(query.content.total) or query.asks_figure or not query.operations


def parts_of(question: Normalized, spans: Sequence[tuple[int, int]]) -> list[Normalized]:
    return [normalize(question.typed_text(*span)) for span in spans]
