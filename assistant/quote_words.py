"""The words of a question that ask for a text: what each may stand as, and how much it weighs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.catalogue import HAN, LATIN, flat
from assistant.query import Query
from assistant.understand import terms_of
from assistant.vocabulary import Term, Vocabulary, dictionary, known_words, segment

Span = tuple[int, int]

VERB = re.compile(r"\] /(?:\([^)]*\) ?)?to ")
"""How CC-CEDICT opens the entry of a verb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A stretch of the question and the flat strings that a text may say instead of it."""

    start: int
    end: int
    text: str
    readings: tuple[tuple[str, float], ...]
    """Each with how well it stands for the word, 0..1."""
    naming: bool
    """A noun: if the documents do not know it, they hardly answer the question."""

    @property
    def size(self) -> int:
        return self.end - self.start


def words_of(query: Query, vocabulary: Vocabulary) -> tuple[Word, ...]:
    """The content words in order; they do not overlap."""
    text = query.content.text
    spans = spans_of(query.content.weights)
    terms = _longest_terms(terms_of(text, spans, vocabulary, query.question.language), spans)
    found: list[Word] = []
    for term in terms:
        found.append(_of_term(text, term))
    taken = {at for term in terms for at in range(term.start, term.end)}
    for span in spans:
        for free in _free(span, taken):
            found += _plain(text, free)
    return tuple(sorted(found, key=lambda word: word.start))


def spans_of(weights: Sequence[float]) -> tuple[Span, ...]:
    """The runs of positions at which something is asked."""
    found: list[Span] = []
    start = None
    for at, weight in enumerate((*weights, 0.0)):
        if weight > 0 and start is None:
            start = at
        elif weight <= 0 and start is not None:
            found.append((start, at))
            start = None
    return tuple(found)


def _longest_terms(terms: Sequence[Term], spans: Sequence[Span]) -> tuple[Term, ...]:
    """Terms inside the content that do not overlap, longer ones first."""
    taken: set[int] = set()
    kept = []
    for term in sorted(terms, key=lambda term: (term.start - term.end, term.start)):
        positions = set(range(term.start, term.end))
        inside = any(start <= term.start and term.end <= end for start, end in spans)
        if inside and not positions & taken:
            taken |= positions
            kept.append(term)
    return tuple(kept)


def _free(span: Span, taken: set[int]) -> Iterator[Span]:
    start = span[0]
    for at in range(span[0], span[1] + 1):
        if at == span[1] or at in taken:
            if start < at:
                yield start, at
            start = at + 1


def _of_term(text: str, term: Term) -> Word:
    said = flat(text[term.start : term.end])
    readings = [(flat(word), weight) for word, weight in term.words]
    if HAN.search(said) or term.exact:
        readings.append((said, 1.0))
    return Word(
        start=term.start, end=term.end, text=said, readings=tuple(readings), naming=True
    )


def _plain(text: str, span: Span) -> Iterator[Word]:
    start, end = span
    for found in LATIN.finditer(text, start, end):
        yield _word(text, found.start(), found.end(), naming=True)
    for found in HAN.finditer(text, start, end):
        for first, last in _cut(found.group()):
            first, last = found.start() + first, found.start() + last
            yield _word(text, first, last, naming=_is_name(text[first:last]))


def _cut(run: str) -> Iterator[Span]:
    """Dictionary words; what lies between them, characters together."""
    loose: int | None = None
    for start, end in segment(run, known_words()):
        if end - start == 1:
            loose = start if loose is None else loose
            continue
        if loose is not None:
            yield loose, start
            loose = None
        yield start, end
    if loose is not None:
        yield loose, len(run)


def _word(text: str, start: int, end: int, *, naming: bool) -> Word:
    said = flat(text[start:end])
    return Word(start=start, end=end, text=said, readings=((said, 1.0),), naming=naming)


def _is_name(word: str) -> bool:
    entry = dictionary().get(word, "")
    return bool(entry) and not VERB.search(entry)
