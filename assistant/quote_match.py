"""Question → sayings, scored by how much of what is asked each of them explains."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue, flat
from assistant.quote_sayings import Field, Saying, Sayings, single_and_pairs
from assistant.quote_words import Word
from index.fact import PassageKind

Scores = npt.NDArray[np.float64]

STRENGTH = {Field.TEXT: 1.0, Field.ITEM: 0.9, Field.TITLE: 0.8, Field.ABOVE: 0.5}
"""What a word counts by where it stands: a heading says what a sentence is about, not what it
says."""
SCATTERED = 0.8
"""All of a word's pairs of characters here and there, against the word itself."""
SINGLE = 0.35
"""A character that two words share (购车, 购置车辆)."""
UNKNOWN_NAME, UNKNOWN, LOOSE = 0.8, 0.4, 0.25
"""Weight of a word that no text holds, against the rarest that one does: of a noun, of another
word, of loose characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The question against every saying."""

    words: tuple[Word, ...]
    weights: tuple[float, ...]
    strengths: npt.NDArray[np.float64]
    """words × sayings: how well each saying explains each word, its headings included."""
    own: npt.NDArray[np.float64]
    """The same by the sentence's own text alone."""

    @property
    def total(self) -> float:
        return sum(self.weights)

    @property
    def covered(self) -> Scores:
        """Share of the question that each saying explains, 0..1."""
        return self._share(self.strengths)

    @property
    def said(self) -> Scores:
        """Share that each saying's own text explains."""
        return self._share(self.own)

    def _share(self, strengths: npt.NDArray[np.float64]) -> Scores:
        if not self.total:
            return np.zeros(strengths.shape[1])
        return np.asarray(self.weights) @ strengths / self.total


def match(words: Sequence[Word], sayings: Sayings) -> Matched:
    strengths = np.zeros((len(words), len(sayings)))
    own = np.zeros((len(words), len(sayings)))
    for row, word in enumerate(words):
        own[row] = _explained(word, sayings, Field.TEXT)
        strengths[row] = own[row]
        for field in (Field.ITEM, Field.TITLE, Field.ABOVE):
            by_field = STRENGTH[field] * _explained(word, sayings, field)
            strengths[row] = np.maximum(strengths[row], by_field)
    weights = tuple(_weight(w, strengths[row]) for row, w in enumerate(words))
    return Matched(words=tuple(words), weights=weights, strengths=strengths, own=own)


def _explained(word: Word, sayings: Sayings, field: Field) -> Scores:
    """How well each saying's field says the word, 0..1."""
    best = np.zeros(len(sayings))
    for reading, weight in word.readings:
        best = np.maximum(best, weight * _holds(reading, sayings, field))
    return best


def _holds(string: str, sayings: Sayings, field: Field) -> Scores:
    """1 where the string stands, less where only its parts do."""
    singles = [gram for gram in single_and_pairs(string) if len(gram) == 1 or gram.isascii()]
    pairs = [gram for gram in single_and_pairs(string) if len(gram) == 2 and not gram.isascii()]
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


def _weight(word: Word, strengths: Scores) -> float:
    """Rarity among the sayings, by the word's length."""
    most = math.log(1 + max(1, len(strengths)))
    full = float(np.sum(strengths[strengths >= 0.45]))
    size = math.sqrt(word.size) if word.text.isascii() else word.size
    if full:
        return size * math.log(1 + len(strengths) / max(1.0, full))
    if len(word.text) == 1:
        return LOOSE * most
    return size * most * (UNKNOWN_NAME if word.naming else UNKNOWN)
