"""The assistant over one index; `conversation` goes from document to document, `steps` is the way
of one question in one of them."""

from functools import cached_property
from itertools import islice, zip_longest
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.conversation import Conversation
from assistant.examples import MOST as MOST_EXAMPLES
from assistant.examples import examples
from assistant.library import Library
from assistant.raw_document import Originals
from assistant.retrieve import PassageRetriever
from assistant.steps import Asked, Draft, View, question_chain
from index.build import index_folder
from index.embed import model_folder
from index.store import Store

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable


class Assistant:
    """Answers from one index; conversations share its library, which follows its version."""

    def __init__(self, index: Path | None = None, document: str = "") -> None:
        self.store = Store(index_folder(index))
        self.document = document
        self._lock = Lock()
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        with self._lock:
            version = self.store.version
            if self._library is None or self._library.version != version:
                self._library = Library(self.store, self.document, version)
            return self._library

    @property
    def view(self) -> View:
        """All documents together."""
        return self.library.view()

    @cached_property
    def originals(self) -> Originals:
        return Originals(self.store)

    @cached_property
    def chain(self) -> "Runnable[Asked, Draft]":
        """One question's way, as LangChain runnables."""
        return question_chain(self.originals, lambda: self.retriever)

    @cached_property
    def retriever(self) -> PassageRetriever:
        """By words and by meaning; by words alone where there is no embedding model."""
        dense = (model_folder() / "modules.json").is_file()
        return PassageRetriever(store=self.store, dense=dense)

    def conversation(self) -> Conversation:
        return Conversation(self)

    def ask(self, question: str) -> Answer:
        return self.conversation().ask(question)

    def examples(self, language: str = "zh") -> tuple[str, ...]:
        """Questions that this index can answer, to begin with; of several documents some each."""
        library = self.library
        if len(library.names) < 2:
            return examples(self.view.catalogue, language)
        asked = [
            tuple(f"{library.opening(name, language)}{question}" for question in found)
            for name in library.names[:MOST_EXAMPLES]
            if (found := examples(library.view((name,)).catalogue, language))
        ]
        turns = zip_longest(*(found[at:] + found[:at] for at, found in enumerate(asked)))
        mixed = (question for turn in turns for question in turn if question)
        return tuple(islice(dict.fromkeys(mixed), MOST_EXAMPLES))


__all__ = ["Assistant", "Conversation"]
