"""The words of a question that ask for a text: what each may stand as, and how much it weighs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from assistant.catalogue import HAN, LATIN, flat
from assistant.gloss import english_terms
from assistant.mention import Amount
from assistant.query import Query
from assistant.spot import leftover
from assistant.understand import terms_of
from assistant.vocabulary import Term, Vocabulary, dictionary, known_words, segment

Span = tuple[int, int]

NAME_NUMBER = re.compile(r"\d{3,6}")
"""A number long enough to be one that something is called by."""
VERB = re.compile(r"\] /(?:\([^)]*\) ?)?to ")
"""How CC-CEDICT opens the entry of a verb."""


class Sort(Enum):
    """How much it tells that no text holds a word."""

    NAME = "name"
    """A noun: where the documents do not know it, they hardly answer the question."""
    ACT = "act"
    """A verb, perhaps said otherwise (搞, 开展)."""
    LOOSE = "loose"
    """Characters that are no word of the dictionary together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A stretch of the question and the flat strings that a text may say instead of it."""

    start: int
    end: int
    text: str
    readings: tuple[tuple[str, float], ...]
    """Each with how well it stands for the word, 0..1."""
    sort: Sort

    @property
    def size(self) -> int:
        return self.end - self.start


def words_of(query: Query, vocabulary: Vocabulary | None) -> tuple[Word, ...]:
    """The content words in order; they do not overlap.

    Without a vocabulary the words stand for themselves alone. What `query.content` weighs is not
    asked: it knows the words of figures, not those of sentences.
    """
    text = query.question.text
    spans = spans_of(query)
    terms: tuple[Term, ...] = ()
    if vocabulary is not None:
        language = query.question.language
        terms = _longest_terms(terms_of(text, spans, vocabulary, language), spans)
        terms += _single_terms(text, spans, terms, vocabulary)
    taken = {at for term in terms for at in range(term.start, term.end)}
    found = [_of_term(text, term) for term in terms]
    for span in spans:
        for free in _free(span, taken):
            found += _plain(text, free)
    return tuple(sorted(found, key=lambda word: word.start))


def spans_of(query: Query) -> tuple[Span, ...]:
    """What no mention explains, and the numbers that are names (12345热线)."""
    numbers = {
        (m.start, m.end)
        for m in query.mentions
        if isinstance(m.value, Amount) and not m.value.unit and NAME_NUMBER.fullmatch(m.text)
    }
    out = [text for text in query.excluded if text]
    spans = {*leftover(query.question, query.mentions), *numbers}
    return tuple(
        sorted(span for span in spans if flat(query.question.text[slice(*span)]) not in out)
    )


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


def _single_terms(
    text: str, spans: Sequence[Span], terms: Sequence[Term], vocabulary: Vocabulary
) -> tuple[Term, ...]:
    """English words that a longer phrase without a reading here took with it, each by itself."""
    taken = {at for term in terms for at in range(term.start, term.end)}
    found = []
    for span in spans:
        for start, end in _free(span, taken):
            for word in LATIN.finditer(text, start, end):
                for term in english_terms(word.group(), vocabulary):
                    at = word.start()
                    found.append(replace(term, start=at + term.start, end=at + term.end))
    return tuple(found)


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
        start=term.start, end=term.end, text=said, readings=tuple(readings), sort=Sort.NAME
    )


def _plain(text: str, span: Span) -> Iterator[Word]:
    start, end = span
    for found in LATIN.finditer(text, start, end):
        yield _word(text, found.start(), found.end(), Sort.NAME)
    for found in HAN.finditer(text, start, end):
        for first, last in _cut(found.group()):
            first, last = found.start() + first, found.start() + last
            yield _word(text, first, last, _sort(text[first:last]))


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


def _word(text: str, start: int, end: int, sort: Sort) -> Word:
    said = flat(text[start:end])
    return Word(start=start, end=end, text=said, readings=((said, 1.0),), sort=sort)


def _sort(word: str) -> Sort:
    entry = dictionary().get(word, "")
    if len(word) == 1 or not entry:
        return Sort.NAME if word in known_words() else Sort.LOOSE
    return Sort.ACT if VERB.search(entry) else Sort.NAME
