"""Question → the passages that speak of it: by words (BM25) and by meaning, fused by rank."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr, SkipValidation

from index.build import Embeds, default_embedder
from index.chunk import Names
from index.fact import Passage, PassageKind
from index.store import Store
from index.vectors import Vectors

K1, B = 1.5, 0.75
"""BM25's usual saturation and length weights (Robertson & Zaragoza 2009)."""
RANK = 60
"""Reciprocal rank fusion's usual constant (Cormack, Clarke & Büttcher 2009)."""
CANDIDATES = 50
"""Passages each list gives to the fusion."""
OVERFETCH = 4
"""Texts asked of Chroma a passage wanted; again so many times more while a filter leaves few."""
NOT_RANKED = frozenset((PassageKind.CONTENTS,))
"""The contents page repeats every heading and says nothing."""
RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z]+|[0-9]+(?:[.,][0-9]+)*")

Key = tuple[str, str]
"""Document and passage id."""


def terms(text: str) -> list[str]:
    """Bigrams of Chinese characters (a lone one as it is), Latin words, figures.

    >>> terms("公务接待费 and 3.5%")
    ['公务', '务接', '接待', '待费', 'and', '3.5']
    """
    found: list[str] = []
    for run in RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3400" or len(run) == 1:
            found.append(run)
        else:
            found += (run[at : at + 2] for at in range(len(run) - 1))
    return found


class Bm25:
    """Scores of every text for a question's terms; each term's share is weighed beforehand."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        held: dict[str, tuple[list[int], list[int]]] = {}
        lengths: list[int] = []
        for at, words in enumerate(texts):
            lengths.append(len(words))
            for word, count in Counter(words).items():
                places, counts = held.setdefault(word, ([], []))
                places.append(at)
                counts.append(count)
        self.size = len(lengths)
        relative = np.asarray(lengths) / max(sum(lengths) / max(self.size, 1), 1)
        self._postings = {word: self._weigh(*posting, relative) for word, posting in held.items()}

    def _weigh(
        self, places: list[int], counts: list[int], relative: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
        where, often = np.asarray(places, np.int32), np.asarray(counts, np.float64)
        rarity = np.log(1 + (self.size - len(places) + 0.5) / (len(places) + 0.5))
        return where, rarity * often * (K1 + 1) / (often + K1 * (1 - B + B * relative[where]))

    def scores(self, words: Iterable[str]) -> npt.NDArray[np.float64]:
        """A score a text, 0 where it holds none of the words; a repeated word counts once."""
        total = np.zeros(self.size)
        for word in dict.fromkeys(words):
            if word in self._postings:
                places, weights = self._postings[word]
                total[places] += weights
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The passages of one version of an index, in memory."""

    version: int
    passages: tuple[Passage, ...]
    at: Mapping[Key, int]
    """Where a passage stands in `passages`."""
    bm25: Bm25
    names: Names
    """Institutions and units, masked in questions as they are in what was embedded."""


def corpus_of(store: Store) -> Corpus:
    version = store.version
    passages = tuple(p for p in store.passages() if p.kind not in NOT_RANKED)
    known: dict[str, list[str]] = {}
    words = []
    for passage in passages:
        text = f"{passage.title}\n{passage.text}"
        if text not in known:
            known[text] = terms(text)
        words.append(known[text])
    documents = store.documents()
    return Corpus(
        version=version,
        passages=passages,
        at={(p.document, p.id): at for at, p in enumerate(passages)},
        bm25=Bm25(words),
        names=Names.of(
            [d.institution for d in documents], [u.name for d in documents for u in d.units]
        ),
    )


class PassageRetriever(BaseRetriever):
    """LangChain's retriever over an index's passages.

    `dense=False` needs no embedding model; the passages found by words are the same then.
    """

    store: Store
    embedder: SkipValidation[Embeds | None] = None
    """`index.embed.Embedder` when none is given and `dense` is asked for."""
    dense: bool = True
    n: int = 8
    """Passages that `invoke` gives."""
    documents: tuple[str, ...] = ()
    """Only these documents; all when empty."""

    _lock: Lock = PrivateAttr(default_factory=Lock)
    _corpus: Corpus | None = PrivateAttr(default=None)
    _vectors: Vectors | None = PrivateAttr(default=None)

    def rank(
        self, question: str, n: int, documents: Sequence[str] = ()
    ) -> list[tuple[Passage, float]]:
        """The `n` best passages and their fused scores, best first; equal ones by their ids.

        Raises BudgetError if `dense` and there is no model, or the index is of another model.
        """
        corpus = self._fresh()
        lists = [self._by_words(corpus, question, documents)]
        if self.dense:
            lists.append(self._by_meaning(corpus, question, documents))
        return [(corpus.passages[corpus.at[key]], score) for key, score in fuse(lists)[:n]]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(passage) for passage, _ in self.rank(query, self.n, self.documents)]

    def _fresh(self) -> Corpus:
        """The passages of the index as it is now; read again when its version has changed."""
        with self._lock:
            if self._corpus is None or self._corpus.version != self.store.version:
                self._corpus = corpus_of(self.store)
            return self._corpus

    def _by_words(self, corpus: Corpus, question: str, documents: Sequence[str]) -> list[Key]:
        scores = corpus.bm25.scores(terms(question))
        met = [(corpus.passages[at], float(scores[at])) for at in np.flatnonzero(scores)]
        found = [
            (-score, (passage.document, passage.id))
            for passage, score in met
            if not documents or passage.document in documents
        ]
        return [key for _, key in sorted(found)[:CANDIDATES]]

    def _by_meaning(self, corpus: Corpus, question: str, documents: Sequence[str]) -> list[Key]:
        """Fetches more texts until the filter leaves enough passages or there are no more."""
        embedder = self._model()
        vectors = self._vectors or Vectors(self.store.folder, embedder.name, self.store)
        self._vectors = vectors
        vector = embedder.embed_query(corpus.names.mask(question))
        total, asked = vectors.count(), CANDIDATES * OVERFETCH
        while True:
            keys = self._owned(corpus, vectors.nearest(vector, asked), documents)
            if len(keys) >= CANDIDATES or asked >= total:
                return keys[:CANDIDATES]
            asked *= OVERFETCH

    def _model(self) -> Embeds:
        if self.embedder is None:
            self.embedder = default_embedder()
        return self.embedder

    def _owned(
        self, corpus: Corpus, near: Sequence[tuple[str, float]], documents: Sequence[str]
    ) -> list[Key]:
        """The passages that hold the texts, each by its nearest text."""
        best: dict[Key, float] = {}
        similarity = dict(near)
        for text_hash, document, passage_id in self.store.owners(list(similarity), documents):
            key = (document, passage_id)
            if key in corpus.at:
                best[key] = max(best.get(key, -1.0), similarity[text_hash])
        return sorted(best, key=lambda key: (-best[key], key))


def fuse(lists: Iterable[Sequence[Key]]) -> list[tuple[Key, float]]:
    """Reciprocal rank fusion: what stands high in several lists, first; ties by key.

    >>> fuse([[("d", "a"), ("d", "b")], [("d", "b")]])[0][0]
    ('d', 'b')
    """
    scores: dict[Key, float] = {}
    for ranked in lists:
        for rank, key in enumerate(ranked, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (RANK + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def as_document(passage: Passage) -> Document:
    return Document(
        page_content=passage.text,
        metadata={
            "passage_id": passage.id,
            "document": passage.document,
            "section": passage.section,
            "title": passage.title,
            "kind": passage.kind.value,
            **asdict(passage.place),
        },
    )
