"""Question → sayings, scored by how much of what is asked each of them explains."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.quote_sayings import Field, Sayings, single_and_pairs
from assistant.quote_words import Sort, Word

Scores = npt.NDArray[np.float64]
Rows = npt.NDArray[np.float64]

STRENGTH = {
    Field.TEXT: 1.0,
    Field.ITEM: 0.9,
    Field.TITLE: 0.9,
    Field.ABOVE: 0.6,
    Field.FORM: 0.8,
    Field.LEAD: 0.6,
}
"""What a word counts by where it stands: a heading says what a sentence is about, not what it
says."""
SCATTERED = 0.8
"""All of a word's pairs of characters here and there, against the word itself."""
SYNONYM = 0.75
"""Another word for one that the texts hold as it is said."""
SINGLE = 0.35
"""A character that two words share (购车, 购置车辆)."""
QUIET = 0.3
"""Weight of a word of the asking where a text happens to say it."""
LONE = 0.5
"""Weight of a lone Chinese character: mostly a verb or a particle (搞, 管)."""
QUOTED = 1.5
"""Weight of a word in quotation marks against the same word without."""
KNOWN = 0.45
"""From this strength on a word counts as standing in a saying."""
UNKNOWN = {Sort.NAME: 0.9, Sort.ACT: 0.6, Sort.LOOSE: 0.25}
"""Weight of a word that no text holds, against the rarest that one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The question against every saying; `Field` by field where a rule needs to know."""

    words: tuple[Word, ...]
    weights: tuple[float, ...]
    by_field: tuple[Rows, ...]
    """A `Field` each, words × sayings: how well the field says the word, 0..1."""

    @property
    def total(self) -> float:
        return sum(self.weights)

    @property
    def strengths(self) -> Rows:
        """words × sayings, headings included."""
        best: Rows = np.max([STRENGTH[field] * self.by_field[field] for field in Field], axis=0)
        return best

    def share(self, strengths: Rows) -> Scores:
        """Of the question's weight, 0..1 a saying."""
        if not self.total:
            return np.zeros(strengths.shape[1])
        shares: Scores = np.asarray(self.weights) @ strengths / self.total
        return shares

    @property
    def covered(self) -> Scores:
        return self.share(self.strengths)

    @property
    def said(self) -> Scores:
        """By the sentence's own words alone."""
        return self.share(self.by_field[Field.TEXT])

    @property
    def titled(self) -> Scores:
        """By the passage's title alone."""
        return self.share(self.by_field[Field.TITLE])

    def missing(self, at: Sequence[int], sort: Sort) -> float:
        """Share of the question in words of that sort that none of the sayings `at` explains."""
        held = self.strengths[:, list(at)].max(axis=1, initial=0.0)
        return self._unexplained(held, sort)

    def unknown(self, sort: Sort) -> float:
        """Share of the question in words of that sort that no saying explains."""
        return self._unexplained(self.strengths.max(axis=1, initial=0.0), sort)

    def _unexplained(self, held: Scores, sort: Sort) -> float:
        open_words = [
            weight
            for word, weight, best in zip(self.words, self.weights, held, strict=True)
            if word.sort is sort and best < KNOWN and not word.quiet
        ]
        return sum(open_words) / self.total if self.total else 0.0


AMOUNT = 4.0
"""An amount that the question says weighs as much as so many of the rarest characters."""


def with_amounts(matched: Matched, said: Scores) -> Matched:
    """The amounts of the question as one more word of it, that `said` tells who says (0..1)."""
    if not said.any():
        return matched
    word = Word(start=0, end=0, text="", readings=(), sort=Sort.LOOSE)
    rows = [
        np.vstack([by_field, said if field is Field.TEXT else np.zeros(len(said))])
        for field, by_field in zip(Field, matched.by_field, strict=True)
    ]
    return Matched(
        words=(*matched.words, word),
        weights=(*matched.weights, AMOUNT * rarest(len(said))),
        by_field=tuple(rows),
    )


def match(words: Sequence[Word], sayings: Sayings) -> Matched:
    by_field = tuple(
        np.array([_explained(word, sayings, field) for word in words]).reshape(
            len(words), len(sayings)
        )
        for field in Field
    )
    matched = Matched(words=tuple(words), weights=(1.0,) * len(words), by_field=by_field)
    weights = tuple(map(_weight, words, matched.strengths))
    return Matched(words=tuple(words), weights=weights, by_field=by_field)


def _explained(word: Word, sayings: Sayings, field: Field) -> Scores:
    """How well each saying's field says the word, 0..1."""
    own = _holds(word.text, sayings, field) if word.literal else np.zeros(len(sayings))
    known = word.literal and any(len(sayings.holding_all(word.text, f)) for f in Field)
    best = np.zeros(len(sayings))
    for reading, weight in word.readings:
        if reading != word.text:
            best = np.maximum(best, weight * _holds(reading, sayings, field))
    return np.maximum(own, SYNONYM * best if known else best)


def _holds(string: str, sayings: Sayings, field: Field) -> Scores:
    """1 where the string stands, less where only its parts do."""
    grams = list(single_and_pairs(string))
    pairs = [gram for gram in grams if len(gram) == 2 and not gram.isascii()]
    singles = [gram for gram in grams if gram not in pairs]
    if not pairs:
        return _share(singles, sayings, field)
    shared = _share(pairs, sayings, field)
    found = np.maximum(SCATTERED * shared, SINGLE * _share(singles, sayings, field))
    for at in np.flatnonzero(shared >= 1):
        if string in sayings.listed[at].fields[field] or field is Field.ITEM:
            found[at] = 1.0
    return found


def _share(grams: Sequence[str], sayings: Sayings, field: Field) -> Scores:
    counts = np.zeros(len(sayings))
    for gram in grams:
        counts[sayings.holding(gram, field)] += 1
    return counts / max(1, len(grams))


def rarest(sayings: int) -> float:
    return math.log(1 + max(1, sayings))


def _weight(word: Word, strengths: Scores) -> float:
    """Rarity among the sayings, by the word's length."""
    most = rarest(len(strengths))
    held = float(np.sum(strengths[strengths >= KNOWN]))
    size = math.sqrt(word.size) if word.text.isascii() else float(word.size)
    size *= QUIET if word.quiet else 1.0
    size *= QUOTED if word.quoted else LONE if len(word.text) == 1 else 1.0
    if not held and word.quiet:
        return 0.0
    if held:
        return size * math.log(1 + len(strengths) / max(1.0, held))
    return size * most * UNKNOWN[word.sort]
