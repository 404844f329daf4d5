"""The assistant over one index, and its conversations; `steps` is the way of one question."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answer import Answer, Status
from assistant.catalogue import Catalogue
from assistant.clauses import split_questions
from assistant.compose import merge
from assistant.examples import examples
from assistant.follow_up import Turn
from assistant.normalize import Normalized, normalize
from assistant.raw_document import Originals
from assistant.retrieve import PassageRetriever
from assistant.steps import Asked, Draft, View, question_chain
from assistant.understand import SHORTEST_PROTECTED, understand
from assistant.vocabulary import Vocabulary
from index.build import index_folder
from index.embed import model_folder
from index.fact import Check
from index.fact import Outcome as Held
from index.store import Store

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

NUMBERED = re.compile(r"[①-⑩]")
"""Questions that the person numbered herself, behind an opening."""
LONGEST_QUESTION = 2000
"""Characters read of a question; what stands behind is no question any more."""


class Assistant:
    """Answers from one index; conversations share its view, which follows the index's version."""

    def __init__(self, index: Path | None = None, document: str = "") -> None:
        self.store = Store(index_folder(index))
        self.document = document
        self._lock = Lock()
        self._view: View | None = None

    @property
    def view(self) -> View:
        with self._lock:
            version = self.store.version
            if self._view is None or self._view.version != version:
                self._view = view_of(self.store, self.document, version)
            return self._view

    @cached_property
    def chain(self) -> "Runnable[Asked, Draft]":
        """One question's way, as LangChain runnables."""
        return question_chain(Originals(self.store), lambda: self.retriever)

    @cached_property
    def retriever(self) -> PassageRetriever:
        """By words and by meaning; by words alone where there is no embedding model."""
        dense = (model_folder() / "modules.json").is_file()
        return PassageRetriever(store=self.store, dense=dense)

    def conversation(self) -> "Conversation":
        return Conversation(self)

    def ask(self, question: str) -> Answer:
        return self.conversation().ask(question)

    def examples(self, language: str = "zh") -> tuple[str, ...]:
        """Questions that this index can answer, to begin with."""
        return examples(self.view.catalogue, language)


def view_of(store: Store, document: str, version: int) -> View:
    documents = [d for d in store.documents() if not document or d.document == document]
    catalogue = Catalogue(
        store.facts(document),
        store.tables(document),
        store.passages(document),
        [unit for d in documents for unit in d.units],
        [d.institution for d in documents],
        [d.year for d in documents],
        [d.account for d in documents],
        {d.document: failed_checks(store, d.document) for d in documents},
    )
    return View(
        version=version,
        catalogue=catalogue,
        vocabulary=Vocabulary(catalogue.vocabulary_texts()),
    )


def failed_checks(store: Store, document: str) -> tuple[Check, ...]:
    return tuple(c for c in store.checks(document) if c.outcome is Held.DIFFERS)


class Conversation:
    """One person's questions in order; a follow-up inherits what it leaves out."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Answer:
        started = time.perf_counter()
        answer = self._answer_all(question[:LONGEST_QUESTION])
        return replace(answer, question=question, seconds=round(time.perf_counter() - started, 3))

    def _answer_all(self, typed: str) -> Answer:
        """Several questions in one are answered one by one, if each has an answer of its own."""
        if len(numbered := [part for part in NUMBERED.split(typed) if part.strip()]) > 2:
            return merge([self._answer(normalize(part)) for part in numbered[1:]], typed)
        question = normalize(typed)
        parts = split_questions(question, protected_in(question.text, self.assistant.view))
        if len(parts) < 2 or not all(map(self._asks_of_its_own, parts_of(question, parts))):
            return self._answer(question)
        kept = list(self.turns)
        answers = [self._answer(part) for part in parts_of(question, parts)]
        if all(answer.status is Status.ANSWERED for answer in answers):
            return merge(answers, typed)
        apart, self.turns = self.turns, kept
        whole = self._answer(question)
        if whole.status is not Status.ANSWERED and any(a.figures or a.citations for a in answers):
            self.turns = apart
            return merge(answers, typed)
        return whole

    def _asks_of_its_own(self, part: Normalized) -> bool:
        """A part like 哪个项目的 belongs to the part before it."""
        query = understand(part, self.assistant.view.catalogue, self.assistant.view.vocabulary)
        return bool(query.content.total) or query.asks_figure or not query.operations

    def _answer(self, question: Normalized) -> Answer:
        asked = Asked(question=question, turns=tuple(self.turns), view=self.assistant.view)
        draft = self.assistant.chain.invoke(asked)
        if draft.turn is not None:
            self.turns.append(draft.turn)
        return draft.answer


def parts_of(question: Normalized, spans: Sequence[tuple[int, int]]) -> list[Normalized]:
    return [normalize(question.typed_text(*span)) for span in spans]


def protected_in(text: str, view: View) -> list[str]:
    """The index's own words that stand in the question."""
    strings = view.catalogue.strings
    return [word for word in strings if len(word) >= SHORTEST_PROTECTED and word in text]
