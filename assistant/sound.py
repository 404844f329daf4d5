"""Typing slips: words written with other characters of the same sound (绩孝 for 绩效)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from pypinyin import Style, pinyin

from assistant.vocabulary import (
    HAN,
    Term,
    Vocabulary,
    dictionary,
    known_words,
    literal_terms,
    segment,
    segment_backward,
)

SAME, NEAR, SHAPE, LONGER = 0.9, 0.75, 0.8, 0.7
"""Weights: the same syllables; southern pairs (n/ng, z/zh); look-alikes; one syllable more."""
LONGEST = 6
"""Characters of the longest word that is looked for by its sound."""
MOST = 4
COMMON = 2
"""Readings of a character that count; pypinyin lists rare ones last (省 as xiǎn)."""

SOUTHERN = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
    (re.compile(r"^l"), "n"),
)
"""Pairs that southern speakers type for one another: zh/z, ing/in, l/n."""
LOOK_ALIKES = (
    "拨拔",
    "未末",
    "己已巳",
    "账帐",
    "账胀",
    "佘余",
    "侯候",
    "缴激",
    "购构",
    "藉籍",
    "采彩",
)
"""Characters mixed up by their shape (or by a reader of scans), not by their sound."""
DISTINGUISHING = frozenset(
    "0123456789一二三四五六七八九十百千万内外上下前后本大小新老旧总分不非未无其他"
)
"""A character that makes another word of it: 内网/外网, 一期/二期, 非税收入/税收收入."""
FUNCTION = frozenset(
    "的了是在几多少吗呢吧啊呀嘛都就还也又再很最哪这那谁啥咋个着过给把被让跟和与或有没年月日"
)
"""Characters of grammar and dates; where the question has one, it is meant."""
WORDS_OF_NUMBER = re.compile(r"[第一二三四五六七八九十\d]+[期批次年月日类级号]|[内外][网部]")


@cache
def _readings(char: str) -> frozenset[str]:
    return frozenset(pinyin(char, style=Style.NORMAL, heteronym=True)[0][:COMMON])


@cache
def _southern(syllable: str) -> str:
    for pattern, plain in SOUTHERN:
        syllable = pattern.sub(plain, syllable)
    return syllable


def sounds_like(a: str, b: str) -> bool:
    """May `a` be a slip for `b`: the same syllables without tones (or southern pairs) and at
    least half of the characters the same, or one syllable more or less in words of four and
    more. Figures, brackets, ordinals (一期) and opposites (内网/外网) are never slips.

    >>> sounds_like("满意渡", "满意度"), sounds_like("一期", "二期")
    (True, False)
    """
    return _likeness(a, b) > 0


def _likeness(a: str, b: str) -> float:
    if a == b or not _all_han(a) or not _all_han(b) or _distinguished(a, b):
        return 0.0
    if len(a) == len(b):
        other = [x for x, y in zip(a, b, strict=True) if x != y]
        if 2 * len(other) > len(a) or FUNCTION & set(other):
            return 0.0
        return min(_same(x, y) for x, y in zip(a, b, strict=True))
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) != 1 or len(short) < 4:
        return 0.0
    return LONGER if _one_more(short, long) else 0.0


def _all_han(text: str) -> bool:
    return re.fullmatch(f"[{HAN}]{{2,}}", text) is not None


def _distinguished(a: str, b: str) -> bool:
    """Do the words differ in a character that makes another word of it?"""
    if WORDS_OF_NUMBER.findall(a) != WORDS_OF_NUMBER.findall(b):
        return True
    return any(
        x != y and (x in DISTINGUISHING or y in DISTINGUISHING)
        for x, y in zip(a, b, strict=False)
        if len(a) == len(b)
    )


def _same(x: str, y: str) -> float:
    if x == y:
        return 1.0
    if _readings(x) & _readings(y):
        return SAME
    if any(x in pair and y in pair for pair in LOOK_ALIKES):
        return SHAPE
    southern = {_southern(s) for s in _readings(x)} & {_southern(s) for s in _readings(y)}
    return NEAR if southern else 0.0


def _one_more(short: str, long: str) -> bool:
    return any(
        long[at] not in DISTINGUISHING
        and all(_same(x, y) > NEAR for x, y in zip(short, long[:at] + long[at + 1 :], strict=True))
        for at in range(len(long))
    )


Sounds = dict[tuple[str, ...], tuple[str, ...]]


def sounds(vocabulary: Vocabulary) -> Sounds:
    """Southern syllables → the words of the index that sound so; `vocabulary.derived(sounds)`."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for word in sorted(vocabulary.words):
        if 2 <= len(word) <= LONGEST and _all_han(word):
            for key in _keys(word):
                found[key].append(word)
    return {key: tuple(words) for key, words in found.items()}


@lru_cache(maxsize=65536)
def _syllables(char: str) -> tuple[str, ...]:
    """The syllables a character may be looked up by, its look-alikes' with them."""
    alike = [other for group in LOOK_ALIKES if char in group for other in group]
    return tuple(sorted({_southern(s) for other in (char, *alike) for s in _readings(other)}))


def _keys(word: str) -> Iterator[tuple[str, ...]]:
    return product(*(_syllables(char)[:3] for char in word))


def sound_terms(text: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Words of the index that stretches of the question sound like, where no exact reading
    (a word of the index, or an English or dictionary word on its own) covers the stretch.

    >>> texts = Vocabulary(["绩效工资", "基本工资"])
    >>> [(t.start, t.end, t.words) for t in sound_terms("绩孝表", texts)]
    [(0, 2, (('绩效', 0.9),))]
    """
    covered = {at for term in literal_terms(text, vocabulary) for at in range(term.start, term.end)}
    found: list[Term] = []
    for start, end in _stretches(text, covered):
        if not any(term.start < end and start < term.end for term in found):
            words = _alternatives(text[start:end], vocabulary)
            if words:
                found.append(Term(start=start, end=end, words=words, exact=False, source="sound"))
    return tuple(sorted(found, key=lambda term: term.start))


def _stretches(text: str, covered: set[int]) -> Iterator[tuple[int, int]]:
    """Spans between word boundaries, longest first, with a character no word covers."""
    known = known_words()
    both = (*segment(text, known), *segment_backward(text, known))
    cuts = sorted({at for span in both for at in span})
    spans = [
        (start, end)
        for start in cuts
        for end in cuts
        if 2 <= end - start <= LONGEST and _all_han(text[start:end])
    ]
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if not all(at in covered for at in range(start, end)) and not _is_word(text[start:end]):
            yield start, end


def _is_word(word: str) -> bool:
    return word in known_words() or word in dictionary()


def _alternatives(word: str, vocabulary: Vocabulary) -> tuple[tuple[str, float], ...]:
    index = vocabulary.derived(sounds)
    near = {other for key in _keys(word) for other in index.get(key, ())}
    scored = [(other, _likeness(word, other)) for other in sorted(near)]
    likely = sorted(
        ((other, weight) for other, weight in scored if weight > 0),
        key=lambda pair: (-pair[1], pair[0]),
    )
    return tuple(likely[:MOST])
