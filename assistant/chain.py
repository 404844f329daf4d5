"""The whole way of a question, as a LangChain chain: read → look up or quote → compose → prove."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.answer import Answer, Status
from assistant.catalogue import Catalogue
from assistant.compose import compose_absence, compose_chat, compose_figures
from assistant.finding import Absence
from assistant.look_up import look_up
from assistant.mention import ChatName
from assistant.normalize import normalize
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.understand import understand
from assistant.vocabulary import Vocabulary
from index.build import index_folder
from index.store import Store

LONGEST_QUESTION = 2000
"""Characters read of a question; what stands behind is no question any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One version of the index, in memory."""

    version: int
    catalogue: Catalogue
    vocabulary: Vocabulary


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

    def conversation(self) -> "Conversation":
        return Conversation(self)

    def ask(self, question: str) -> Answer:
        return self.conversation().ask(question)

    def examples(self, language: str = "zh") -> tuple[str, ...]:
        return ()


def view_of(store: Store, document: str, version: int) -> View:
    documents = [d for d in store.documents() if not document or d.document == document]
    catalogue = Catalogue(
        store.facts(document),
        store.tables(document),
        store.passages(document),
        [unit for d in documents for unit in d.units],
        [d.institution for d in documents],
        [d.year for d in documents],
    )
    return View(
        version=version,
        catalogue=catalogue,
        vocabulary=Vocabulary(catalogue.vocabulary_texts()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    query: Query
    outcome: Outcome


class Conversation:
    """One person's questions in order; a follow-up inherits what it leaves out."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Answer:
        started = time.perf_counter()
        answer = self._answer(question[:LONGEST_QUESTION])
        return replace(answer, question=question, seconds=round(time.perf_counter() - started, 3))

    def _answer(self, typed: str) -> Answer:
        view = self.assistant.view
        query = understand(normalize(typed), view.catalogue, view.vocabulary)
        if (chat := chat_name(query)) is not None:
            return compose_chat(query, chat[0], chat[1])
        outcome = look_up(query, view.catalogue)
        self.turns.append(Turn(query=query, outcome=outcome))
        if outcome.findings:
            return compose_figures(query, outcome, view.catalogue)
        return compose_absence(query, outcome, view.catalogue)


def chat_name(query: Query) -> tuple[str, Status] | None:
    """Small talk and instructions, when nothing else is asked."""
    if query.content.total or query.operations or query.limit or query.rank:
        return None
    names = set(query.chats)
    if ChatName.INJECTION in names:
        return "refused", Status.REFUSED
    for name in ("greeting", "thanks", "farewell", "identity"):
        if ChatName(name) in names:
            return name, Status.ANSWERED
    if ChatName.PRAISE in names:
        return "thanks", Status.ANSWERED
    return ("nonsense", Status.REFUSED) if not query.asks_figure else None


def absent(outcome: Outcome) -> bool:
    return outcome.absence in (Absence.NOT_HERE, None)


Steps = Sequence[Any]
