"""The words of a question that ask for a text: what each may stand as, and how much it weighs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache

from assistant.catalogue import HAN, LATIN, flat
from assistant.gloss import LONGEST_PHRASE, absent_terms, english_terms, stem, stop_words
from assistant.mention import Amount, Mention
from assistant.query import Query
from assistant.spot import leftover
from assistant.understand import terms_of
from assistant.vocabulary import (
    LEXICONS,
    Term,
    Vocabulary,
    cedict_bytes,
    dictionary,
    known_words,
    read_rows,
    segment,
    segment_backward,
    weighted,
)
from index.words import NUMERAL

Span = tuple[int, int]

PART = re.compile(
    r"第([一二三四五六七八九十]+)部分|\bpart (one|two|three|four|five|six|seven|[1-9])\b"
)
ORDINAL = re.compile(
    rf"第([{NUMERAL}]+|\d+)(?:条|项|点|件|款|个(?:方面|任务|重点)?|大?任务)|[\"'“]?([{NUMERAL}])是[\"'”]"
)
"""A part of the document, and a member of a list, by number: no words of what is asked."""
QUOTED = re.compile(r'"[^"]{1,40}"|《[^》]{1,40}》')
SHORT_FORM = re.compile(r"[a-z]+n't|'(?:s|t|re|ve|ll|d|m)(?![a-z])")
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
    quiet: bool = False
    """A word of the asking (内容, 影响): it may help to choose, but nobody needs to say it."""
    quoted: bool = False
    """Said in quotation marks: the very words are meant."""

    @property
    def size(self) -> int:
        return len(self.text)

    @property
    def literal(self) -> bool:
        """The word as said may stand in a text."""
        return any(reading == self.text for reading, _ in self.readings)


def words_of(query: Query, vocabulary: Vocabulary | None) -> tuple[Word, ...]:
    """The content words in order; they do not overlap.

    Without a vocabulary the words stand for themselves alone, English ones for what labels they
    name. What `query.content` weighs is not asked: it knows the words of figures, not those of
    sentences.
    """
    text = text_of(query)
    spans = spans_of(query)
    terms: tuple[Term, ...] = ()
    if vocabulary is not None:
        language = query.question.language
        terms = _longest_terms(terms_of(text, spans, vocabulary, language), spans)
        terms += _unread_terms(text, spans, terms, vocabulary)
    elif query.question.language == "en":
        terms = _label_terms(query, text, spans)
    taken = {at for term in terms for at in range(term.start, term.end)}
    found = [_of_term(text, term) for term in terms]
    for span in spans:
        for free in _free(span, taken):
            found += _plain(text, free)
    if query.beside is not None:
        found += _apart(query.beside.label)
    marked = [found.span() for found in QUOTED.finditer(text)]
    return tuple(
        replace(word, quoted=any(a <= word.start and word.end <= b for a, b in marked))
        for word in sorted(found, key=lambda word: word.start)
    )


def _apart(label: str) -> Iterator[Word]:
    """The words of what the turn before was about: they stand nowhere in this question."""
    text = flat(label)
    for word in _plain(text, (0, len(text))):
        yield replace(word, start=0, end=0)


def is_name(mention: Mention, text: str) -> bool:
    """A number that is part of a name (12345热线): no unit, and a word behind it."""
    value, after = mention.value, text[mention.end : mention.end + 1]
    bare = isinstance(value, Amount) and not value.unit
    return bare and bool(NAME_NUMBER.fullmatch(mention.text)) and after.strip().isalpha()


def _label_terms(query: Query, text: str, spans: Sequence[Span]) -> tuple[Term, ...]:
    """What the question's English words were read as when they were linked to labels, and what
    the budget lexicon says for the others."""
    readings: dict[Span, list[str]] = {}
    for key in query.content.keys:
        if HAN.search(key.word):
            span = ((key.mask & -key.mask).bit_length() - 1, key.mask.bit_length())
            readings.setdefault(span, []).append(key.word)
    for span in spans:
        for start, end in _phrases(text, span):
            if words := budget_phrases().get(text[start:end]):
                readings.setdefault((start, end), []).extend(words)
    terms = [
        Term(start=a, end=b, words=weighted(dict.fromkeys(said)), exact=False, source="lexicon")
        for (a, b), said in readings.items()
    ]
    return _longest_terms(terms, spans)


def _phrases(text: str, span: Span) -> Iterator[Span]:
    """Runs of up to LONGEST_PHRASE Latin words."""
    words = [found.span() for found in LATIN.finditer(text, *span)]
    for at, (start, _) in enumerate(words):
        for _, end in words[at : at + LONGEST_PHRASE]:
            yield start, end


def text_of(query: Query) -> str:
    """The question, or the one before that a follow-up takes its content from."""
    return query.content.text if query.inherited else query.question.text


def _weighed(weights: Sequence[float]) -> tuple[Span, ...]:
    """The runs of positions that weigh anything."""
    found: list[Span] = []
    start = None
    for at, weight in enumerate((*weights, 0.0)):
        if weight > 0 and start is None:
            start = at
        elif weight <= 0 and start is not None:
            found.append((start, at))
            start = None
    return tuple(found)


def spans_of(query: Query) -> tuple[Span, ...]:
    """What no mention explains, and the numbers that are names (12345热线)."""
    if text_of(query) != query.question.text:
        return _weighed(query.content.weights)
    numbers = {(m.start, m.end) for m in query.mentions if is_name(m, query.question.text)}
    spans = sorted({*leftover(query.question, query.mentions), *numbers})
    named = [f.span() for form in (PART, ORDINAL) for f in form.finditer(query.question.text)]
    taken = {at for span in (*named, *query.said) for at in range(*span)}
    return tuple(free for span in spans for free in _free(span, taken))


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


def _unread_terms(
    text: str, spans: Sequence[Span], terms: Sequence[Term], vocabulary: Vocabulary
) -> tuple[Term, ...]:
    """English that no term reads: phrases of the lexicon whose words the labels lack (a form may
    still say them), then the words of a longer phrase each by itself."""
    taken = {at for term in terms for at in range(term.start, term.end)}
    found = []
    for term in absent_terms(text, vocabulary):
        words = budget_phrases().get(text[term.start : term.end], ())
        if words and not taken & set(range(term.start, term.end)):
            found.append(replace(term, words=weighted(words)))
            taken |= set(range(term.start, term.end))
    for span in spans:
        for start, end in _free(span, taken):
            found += single_terms(text, start, end, vocabulary)
    return tuple(found)


def single_terms(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[Term]:
    """Each English word of the stretch read by itself."""
    return [
        replace(term, start=word.start() + term.start, end=word.start() + term.end)
        for word in LATIN.finditer(text, start, end)
        for term in english_terms(word.group(), vocabulary)
    ]


@cache
def budget_phrases() -> dict[str, tuple[str, ...]]:
    """English phrase of the budget lexicon → its Chinese words."""
    return {row.said: row.words for row in read_rows(LEXICONS / "terms_en.tsv") if row.words}


def in_singles(word: Word, text: str, vocabulary: Vocabulary) -> tuple[Word, ...]:
    """An English phrase as its words, for where no text says the whole."""
    terms = single_terms(text, word.start, word.end, vocabulary)
    taken = {at for term in terms for at in range(term.start, term.end)}
    words = [_of_term(text, term) for term in terms]
    for free in _free((word.start, word.end), taken):
        words += _plain(text, free)
    return tuple(sorted(words, key=lambda word: word.start))


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
    return Word(start=term.start, end=term.end, text=said, readings=tuple(readings), sort=Sort.NAME)


def _plain(text: str, span: Span) -> Iterator[Word]:
    start, end = span
    short = {at for found in SHORT_FORM.finditer(text) for at in range(*found.span())}
    for found in LATIN.finditer(text, start, end):
        word = found.group()
        if word not in stop_words() and len(word) > 1 and found.start() not in short:
            yield _word(text, found.start(), found.end(), _english_sort(word))
    for found in HAN.finditer(text, start, end):
        for first, last in _cut(found.group()):
            first, last = found.start() + first, found.start() + last
            yield _word(text, first, last, _sort(text[first:last]))


def _cut(run: str) -> Iterator[Span]:
    """Dictionary words; what lies between them, characters together."""
    loose: int | None = None
    for start, end in _segmented(run):
        if end - start == 1:
            loose = start if loose is None else loose
            continue
        if loose is not None:
            yield loose, start
            loose = None
        yield start, end
    if loose is not None:
        yield loose, len(run)


def _segmented(run: str) -> list[Span]:
    """Longest words from the right or from the left, whichever leaves fewer loose characters
    (管理和政务: 和政 is a word only from the left)."""
    known = known_words()
    ways = (segment_backward(run, known), segment(run, known))
    return min(ways, key=lambda spans: (sum(b - a == 1 for a, b in spans), len(spans)))


def _word(text: str, start: int, end: int, sort: Sort) -> Word:
    said = flat(text[start:end])
    return Word(start=start, end=end, text=said, readings=((said, 1.0),), sort=sort)


def _sort(word: str) -> Sort:
    entry = dictionary().get(word, "")
    if len(word) == 1 or not entry:
        return Sort.NAME if word in known_words() else Sort.LOOSE
    return Sort.ACT if VERB.search(entry) else Sort.NAME


@lru_cache(maxsize=4096)
def _english_sort(word: str) -> Sort:
    """CC-CEDICT glosses verbs as `to promise`."""
    return Sort.ACT if b"/to " + stem(word).encode() in cedict_bytes() else Sort.NAME
