"""Words of a question that the index does not hold: how much each tells that more is asked."""

import logging
from collections.abc import Iterator
from functools import cache

NOUN, VERB, FUNCTION = 1.0, 0.35, 0.05
"""A noun nobody prints is likely the very thing asked for; a verb seldom is; 又是, 那家 never."""
NOUNS = ("n", "vn", "j", "l", "i", "eng", "s")
VERBS = ("v", "a", "b", "ad")


@cache
def _tagger():  # type: ignore[no-untyped-def]
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    return jieba.posseg.dt


def word_shares(text: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, share of a full weight) of each word of a Chinese text, by part of speech."""
    at = 0
    for word in _tagger().cut(text):
        end = at + len(word.word)
        yield at, end, _share(word.flag, len(word.word))
        at = end


def _share(flag: str, length: int) -> float:
    if length == 1:
        return FUNCTION if not flag.startswith("n") else VERB
    if flag.startswith(NOUNS) and flag != "nr":
        return NOUN
    return VERB if flag.startswith((*VERBS, "nr")) else FUNCTION
