"""What one gets without understanding: the best passage by embedding, the best lines by letters.

Both are treated kindly, so that what is left is understanding itself: every number beside a unit
is offered as a figure, amounts in table rows get the unit that budgets mostly print, operators
in front of a number are kept, and the place is cited to the line. Neither knows a conversation,
neither declines.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.answer import Answer, Citation, Figure, Status
from eval.run import System
from eval.score import flat
from index.document import Paragraph, Place, Source
from index.embed import Embedder, NoModel

MAX_FIGURES = 3
"""More would be clutter to the scorer, so that the first few are the kinder choice."""
PASTED = 3
ROW_UNIT = "万元"
NUMBER = re.compile(
    r"(?P<operator>[≥≤<>=]?)\s*(?<![\d.])(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>[千万亿]?元|[万亿]?[人个次条件]|%|倍|[名辆台套项家份张期天笔级类场]|分钟|小时|平方米)"
)
AMOUNT = re.compile(r"(?P<operator>)(?<![\d.])(?P<number>\d[\d,]*\.\d\d)(?P<unit>)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A paragraph or a table row, as printed."""

    document: str
    text: str
    place: Place
    row: bool


class Ranker(Protocol):
    def best(self, question: str, count: int) -> Sequence[Snippet]: ...


class ByEmbedding:
    """Snippets nearest to the question in the embedding that the assistant uses too."""

    def __init__(self, snippets: Sequence[Snippet], embedder: Embedder) -> None:
        self._snippets = snippets
        self._embedder = embedder

    def best(self, question: str, count: int) -> Sequence[Snippet]:
        scores = self._vectors @ self._embedder.embed_query(question)
        order = np.lexsort((np.arange(len(scores)), -scores))
        return [self._snippets[at] for at in order[:count]]

    @cached_property
    def _vectors(self) -> npt.NDArray[np.float32]:
        return self._embedder.embed_passages([snippet.text for snippet in self._snippets])


class ByBigrams:
    """Snippets that share most pairs of neighbouring characters with the question, long ones
    held back by the root of their length."""

    def __init__(self, snippets: Sequence[Snippet]) -> None:
        self._snippets = snippets
        self._pairs = [bigrams(snippet.text) for snippet in snippets]

    def best(self, question: str, count: int) -> Sequence[Snippet]:
        asked = bigrams(question)
        scores = [len(asked & pairs) / math.sqrt(len(pairs) or 1) for pairs in self._pairs]
        order = sorted(range(len(scores)), key=lambda at: (-scores[at], at))
        return [self._snippets[at] for at in order[:count]]


class Paster:
    """Answers with the best snippets of a ranker, as they stand. Remembers nothing."""

    def __init__(self, ranker: Ranker, count: int) -> None:
        self._ranker = ranker
        self._count = count

    def conversation(self) -> "Paster":
        return self

    def ask(self, question: str) -> Answer:
        snippets = self._ranker.best(question, self._count)
        figures = [f for at, snippet in enumerate(snippets) for f in figures_of(snippet, at)]
        return Answer(
            question=question,
            language="zh",
            status=Status.ANSWERED,
            text="\n".join(snippet.text for snippet in snippets),
            figures=tuple(figures[:MAX_FIGURES]),
            citations=tuple(map(citation_of, snippets)),
        )


def baselines(folder: Path) -> dict[str, System]:
    """Name → baseline over the documents of an index; without a model only the letters."""
    # The store and all readers are wanted only here; the rest of the file runs on any text.
    from index.read import read_source
    from index.store import Store

    store = Store(folder)
    snippets = [
        snippet
        for document in store.documents()
        for snippet in snippets_of(read_source(document.document, store.content(document.document)))
    ]
    systems: dict[str, System] = {"pasted lines": Paster(ByBigrams(snippets), PASTED)}
    embedder = Embedder()
    try:
        embedder.name  # noqa: B018 - reading it tells whether there is a model
    except NoModel:
        return systems
    return {"plain retrieval": Paster(ByEmbedding(snippets, embedder), 1), **systems}


def snippets_of(source: Source) -> Iterator[Snippet]:
    """Paragraphs and table rows in printed order, empty ones left out."""
    for block in source.blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                yield Snippet(document=source.name, text=block.text, place=block.place, row=False)
            continue
        for row in block.rows:
            text = "\t".join(cell.text for cell in row)
            if row and text.strip():
                place = row[0].place.until(row[-1].place)
                yield Snippet(document=source.name, text=text, place=place, row=True)


def bigrams(text: str) -> frozenset[str]:
    characters = flat(text)
    return frozenset(characters[at : at + 2] for at in range(len(characters) - 1))


def figures_of(snippet: Snippet, citation: int) -> Iterator[Figure]:
    """The numbers with a unit; in a table row also amounts, in the unit of most tables."""
    found = list(NUMBER.finditer(snippet.text))
    if not found and snippet.row:
        found = list(AMOUNT.finditer(snippet.text))
    for match in found:
        yield Figure(
            value=match["number"].replace(",", ""),
            printed=match["number"],
            unit=match["unit"] or ROW_UNIT,
            operator=match["operator"],
            label=snippet.text[:20],
            citations=(citation,),
        )


def citation_of(snippet: Snippet) -> Citation:
    place = snippet.place
    return Citation(
        document=snippet.document,
        section="",
        table="",
        row=snippet.text.split("\t")[0] if snippet.row else "",
        column="",
        line=place.line,
        line_end=place.line_end or place.line,
        page=place.page,
        sheet=place.sheet,
        cell=place.cell,
        quote=snippet.text[:200],
    )
