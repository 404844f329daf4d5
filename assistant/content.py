"""What a question is about: its content words, each with a weight and the strings that hold it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.catalogue import HAN, LATIN, Catalogue, flat, grams, stem
from assistant.foreign import word_shares
from assistant.gloss import unread_words
from assistant.vocabulary import LEXICONS, Term, known_words, read_rows, segment
from index.classification import names

ABSENT = "\0"
"""Before a piece that must not be found."""
SHORT_TERM = (3,)
UNKNOWN = 0.6
"""Weight of a word that no string of the index holds, against the rarest that one does: it
tells that something is asked which may not be there, yet colloquial words are unknown too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A word of the question, or one that stands for it, found in the index."""

    word: str
    mask: int
    """The positions of the question that it explains, a bit each."""
    strings: frozenset[int]
    """Ids of the catalogue's strings that hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    text: str
    weights: tuple[float, ...]
    """Of each position; 0 where nothing is asked."""
    keys: tuple[Key, ...]

    @property
    def total(self) -> float:
        return sum(self.weights)

    def weigh(self, mask: int) -> float:
        return sum(weight for at, weight in enumerate(self.weights) if mask >> at & 1)

    def words(self, mask: int) -> tuple[str, ...]:
        """The stretches of the text that `mask` covers, weightless positions left out."""
        found: list[str] = []
        open_ = False
        for at, letter in enumerate(self.text):
            inside = bool(mask >> at & 1) and self.weights[at] > 0
            if inside and open_:
                found[-1] += letter
            elif inside:
                found.append(letter)
            open_ = inside
        return tuple(found)

    @property
    def everything(self) -> int:
        return (1 << len(self.text)) - 1


def content_of(
    text: str,
    spans: Iterable[tuple[int, int]],
    catalogue: Catalogue,
    terms: Sequence[Term] = (),
) -> Content:
    """`text` normalised; `spans` of its content words; `terms` what stretches may stand for."""
    spans = tuple(spans)
    gone = _absent_terms(text, spans, catalogue, terms)
    pieces = [
        _Piece(word=ABSENT + piece.word, start=piece.start, end=piece.end)
        if any(piece.start < end and start < piece.end for start, end in gone)
        else piece
        for span in spans
        for piece in _whole_words(text, span, catalogue)
    ]
    keys = [key for piece in pieces if (key := _key(piece, catalogue))]
    keys += [key for term in terms for key in _term_keys(term, catalogue)]
    weights = _weights(text, spans, pieces, terms, catalogue)
    weights = _with_foreign(text, spans, keys, terms, weights)
    return Content(text=text, weights=weights, keys=tuple(keys))


@dataclass(frozen=True, slots=True)
class _Piece:
    word: str
    start: int
    end: int


def _pieces(text: str, span: tuple[int, int]) -> Iterator[_Piece]:
    """Bigrams of Chinese runs, Latin words and numbers whole."""
    start, end = span
    for found in HAN.finditer(text, start, end):
        if found.end() - found.start() == 1:
            yield _Piece(found.group(), found.start(), found.end())
        for at in range(found.start(), found.end() - 1):
            yield _Piece(text[at : at + 2], at, at + 2)
    for found in LATIN.finditer(text, start, end):
        yield _Piece(stem(found.group()), found.start(), found.end())


def _absent_terms(
    text: str,
    spans: Sequence[tuple[int, int]],
    catalogue: Catalogue,
    terms: Sequence[Term],
) -> list[tuple[int, int]]:
    """Short budget terms of the question that the index does not print: of 办公费 without its
    row not even 办公 is left to find, or another thing would be taken for it."""
    read = [(t.start, t.end) for t in terms if any(catalogue.holding(flat(w)) for w, _ in t.words)]
    found = []
    for start, end in spans:
        for run in HAN.finditer(text, start, end):
            for first, last in segment(run.group(), short_terms()):
                place = (run.start() + first, run.start() + last)
                known = last - first < min(SHORT_TERM) or catalogue.holding(run.group()[first:last])
                if not known and not any(s < place[1] and place[0] < e for s, e in read):
                    found.append(place)
    return found


@cache
def short_terms() -> frozenset[str]:
    """Names of the classification and of the budget lexicon of three characters; a longer one is
    made of words that may stand apart in a label."""
    words = [word for row in read_rows(LEXICONS / "terms_en.tsv") for word in row.words]
    return frozenset(word for word in (*words, *map(flat, names())) if len(word) in SHORT_TERM)


def _whole_words(text: str, span: tuple[int, int], catalogue: Catalogue) -> Iterator[_Piece]:
    """The pieces, without those that begin inside a word the index lacks: 电费 in 邮电费."""
    inside = -1
    for piece in _pieces(text, span):
        if piece.start == inside:
            yield _Piece(word=ABSENT + piece.word, start=piece.start, end=piece.end)
        else:
            yield piece
        unknown = piece.word not in catalogue.holders and piece.word in known_words()
        inside = piece.end - 1 if unknown and piece.end - piece.start == 2 else -1


def _mask(start: int, end: int) -> int:
    return (1 << end) - (1 << start)


def _key(piece: _Piece, catalogue: Catalogue) -> Key | None:
    strings = catalogue.holders.get(piece.word)
    if not strings:
        return None
    return Key(word=piece.word, mask=_mask(piece.start, piece.end), strings=frozenset(strings))


def _term_keys(term: Term, catalogue: Catalogue) -> Iterator[Key]:
    for word, _ in term.words:
        strings = catalogue.holding(flat(word))
        if strings:
            yield Key(word=flat(word), mask=_mask(term.start, term.end), strings=frozenset(strings))


def _weights(
    text: str,
    spans: Sequence[tuple[int, int]],
    pieces: Sequence[_Piece],
    terms: Sequence[Term],
    catalogue: Catalogue,
) -> tuple[float, ...]:
    unknown = UNKNOWN * catalogue.most
    sums, counts = [0.0] * len(text), [0] * len(text)
    for piece in pieces:
        share = catalogue.rarity(piece.word) or unknown
        if LATIN.fullmatch(piece.word):
            share *= 2 / (piece.end - piece.start)
        for at in range(piece.start, piece.end):
            sums[at] += share
            counts[at] += 1
    weights = [total / count if count else 0.0 for total, count in zip(sums, counts, strict=True)]
    inside = {at for start, end in spans for at in range(start, end)}
    for term in terms:
        share = _term_weight(term, catalogue)
        for at in range(term.start, term.end):
            if at in inside and share and not term.exact:
                weights[at] = share / (term.end - term.start)
    return tuple(weights)


def _with_foreign(
    text: str,
    spans: Sequence[tuple[int, int]],
    keys: Sequence[Key],
    terms: Sequence[Term],
    weights: tuple[float, ...],
) -> tuple[float, ...]:
    """Unknown words weigh by what part of speech they are; grammar words of English nothing."""
    known = 0
    for key in keys:
        known |= key.mask
    changed = list(weights)
    for start, end in spans:
        if HAN.search(text, start, end) and _mask(start, end) & ~known:
            for first, last, share in word_shares(text[start:end]):
                for at in range(start + first, start + last):
                    if not known >> at & 1:
                        changed[at] *= share
    unread = 0
    for first, last in unread_words(text, terms):
        unread |= _mask(first, last)
    for found in LATIN.finditer(text):
        if not _mask(*found.span()) & (known | unread):
            changed[found.start() : found.end()] = [0.0] * (found.end() - found.start())
    return tuple(changed)


def _term_weight(term: Term, catalogue: Catalogue) -> float:
    """As much as its best known reading weighs when it stands in a question as such."""
    known = [flat(word) for word, _ in term.words if catalogue.holding(flat(word))]
    if not known:
        return 0.0
    parts = [catalogue.rarity(gram) for gram in grams(known[0])]
    return len(known[0]) * sum(parts) / max(1, len(parts))
