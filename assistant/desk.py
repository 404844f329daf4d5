"""A person's conversation as the page knows it, and what answers her clicks: never by raising."""

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.answer import Answer
from assistant.evidence import Shelf, evidence
from assistant.panel import evidence_html, hint_html
from assistant.render import words_of

log = logging.getLogger(__name__)

LONGEST = 1000
"""Characters of a question that are read; the longest real one has about 80."""

ADD = "python -m index add FILE"
"""The command that an empty page tells; with another index folder it names that too."""


class Conversation(Protocol):
    def ask(self, question: str) -> Answer: ...


class Asker(Protocol):
    """What the page needs of `assistant.chain.Assistant`."""

    @property
    def store(self) -> Shelf: ...
    def conversation(self) -> Conversation: ...
    def examples(self, language: str) -> tuple[str, ...]: ...


@dataclass(slots=True, kw_only=True)
class Turn:
    """A question and what became of it; `said` stands in for an answer that never came."""

    question: str
    answer: Answer | None = None
    said: str = ""

    @property
    def waiting(self) -> bool:
        return self.answer is None and not self.said


@dataclass(slots=True, kw_only=True)
class Session:
    """One person's conversation, for as long as the browser's tab is open."""

    conversation: Conversation
    language: str = "zh"
    turns: list[Turn] = field(default_factory=list)
    open: str = ""
    """The source shown in the panel, `TURN-NUMBER`."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """A question asked after 停止 waits for the one that still runs."""

    def asks(self, question: str) -> bool:
        """Whether this very question is being answered now (Enter pressed twice)."""
        return any(turn.waiting and turn.question == question for turn in self.turns)


class Desk:
    """Answers the page's events. `find` opens the assistant; it gives None while nothing is
    indexed, and is asked again at the next visit."""

    def __init__(self, find: Callable[[], Asker | None], add: str = ADD) -> None:
        self._find = find
        self.add = add
        self._asker: Asker | None = None
        self._lock = threading.Lock()

    @property
    def asker(self) -> Asker | None:
        with self._lock:
            if self._asker is None:
                self._asker = self._find()
            return self._asker

    def session(self, given: Session | None, language: str) -> Session | None:
        """The running session, or a new one; None while nothing is indexed."""
        if given is None and self.asker is not None:
            given = Session(conversation=self.asker.conversation())
        if given is not None:
            given.language = language
        return given

    def answer(self, session: Session, turn: Turn) -> None:
        """Fills the turn in, unless it was stopped meanwhile."""
        try:
            with session.lock:
                answer = session.conversation.ask(turn.question[:LONGEST])
            if turn.waiting:
                turn.answer = with_notice(answer, turn.question)
                session.open = first_source(answer, session.turns.index(turn))
        except Exception as error:
            report(error)
            turn.said = turn.said or words_of(session.language).failed

    def panel(self, session: Session | None, language: str) -> str:
        """The open source, or a hint what the panel is for."""
        words = words_of(language)
        if session is None or not session.open:
            return hint_html(words.evidence_hint)
        try:
            turn, number = map(int, session.open.split("-"))
            answer = session.turns[turn].answer
            if answer is None or self.asker is None:
                raise LookupError(session.open)
            shown = evidence(self.asker.store, answer.citations[number])
            return evidence_html(shown, language, session.open)
        except (LookupError, ValueError):
            return hint_html(words.expired)
        except Exception as error:
            report(error)
            return hint_html(words.unavailable)

    def titles(self) -> tuple[str, ...]:
        """The indexed documents by name."""
        if self.asker is None:
            return ()
        documents = self.asker.store.documents()
        return tuple(stored.title or stored.document for stored in documents)

    def examples(self, language: str) -> tuple[str, ...]:
        """Questions to begin with; a page without them is still a page."""
        try:
            return self.asker.examples(language) if self.asker else ()
        except Exception as error:
            report(error)
            return ()


def with_notice(answer: Answer, question: str) -> Answer:
    """Says so where only the beginning of the question was read."""
    if len(question) <= LONGEST:
        return answer
    notice = words_of(answer.language).too_long.format(count=LONGEST)
    return replace(answer, notes=(notice, *answer.notes))


def first_source(answer: Answer, turn: int) -> str:
    """The first figure's source, else the first one."""
    if not answer.citations:
        return ""
    return f"{turn}-{answer.figures[0].citations[0] if answer.figures else 0}"


def report(error: Exception) -> None:
    """Logs what failed and where, without the message: it may hold the document's text."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    log.error("%s at %s", type(error).__name__, where)
