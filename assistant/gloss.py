"""English questions: words and phrases → the Chinese words of the index that they may mean.

First the budget lexicon (terms_en.tsv), longest phrase first; then CC-CEDICT, read from its
English glosses back to the Chinese words that the index contains; then names in pinyin.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.vocabulary import (
    HAN,
    LEXICONS,
    Row,
    Term,
    Vocabulary,
    cedict_bytes,
    dictionary,
    read_rows,
    weighted,
)

LONGEST_PHRASE = 8
"""Words of the longest lexicon phrase."""
LONGEST_GLOSS = 4
MOST = 10
"""Alternatives a word keeps; the rest of its glosses is noise."""
GLOSS = 0.85
"""A dictionary word is never as sure as a row of the budget lexicon."""
LATER_GLOSS, LEAST_GLOSS = 0.02, 0.5
"""Each further gloss of a word weighs less, down to the least."""
FAR_BEHIND = 0.6
PINYIN = 0.9
TYPO_LENGTH = 6
"""Shorter words have too many neighbours one slip away."""

WORD = re.compile(r"[A-Za-z]+(?:&[A-Za-z]+)*")
GAP = re.compile(r"(?:['’]s)?[\s\-/&]{0,3}")
"""What may stand between the words of a phrase: science & tech, e-gov, centre's."""
LINKS = frozenset(("and", "the", "a", "an"))
"""Words inside a phrase that say nothing: science and technology is science & technology."""

KEEP_S = ("ss", "us", "is")
DOUBLED = re.compile(r"([bdfgmnprt])\1$")
BRITISH = (
    (re.compile(r"isation(s?)$"), r"ization\1"),
    (re.compile(r"is(e|ed|es|ing)$"), r"iz\1"),
    (re.compile(r"our(s|ed|ing|al)?$"), r"or\1"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"gramme(s?)$"), r"gram\1"),
    (re.compile(r"ence$"), r"ense"),
    (re.compile(r"ll(ed|ing)$"), r"l\1"),
)
"""British → American endings (centre, organise, labour, programme, licence)."""


@cache
def stem(word: str) -> str:
    """A light stem, the same for question and gloss.

    >>> [stem(w) for w in ("salaries", "centres", "planned", "leasing", "organised")]
    ['salary', 'center', 'plan', 'leas', 'organiz']
    """
    word = word.lower()
    if len(word) <= 3:
        return word
    for pattern, american in BRITISH:
        if len(word) > 4:
            word = pattern.sub(american, word)
    return _without_ending(word)


def _without_ending(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(KEEP_S):
        word = word[:-1]
    if word.endswith("ied") and len(word) > 4:
        word = word[:-3] + "y"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = DOUBLED.sub(r"\1", word[: -len(ending)])
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    start: int
    end: int
    text: str
    """Lower case, a slip of the keyboard mended."""
    capital: bool

    @property
    def stem(self) -> str:
        return stem(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glosses:
    """English → Chinese for one index; keys are the stems of a phrase."""

    dictionary: dict[tuple[str, ...], tuple[tuple[str, float], ...]]
    syllables: str
    """The texts in toneless pinyin, a space between characters, `|` for anything else."""
    letters: str
    """The texts, a character for each syllable."""


@cache
def stop_words() -> frozenset[str]:
    """Words that ask, count, compare or bind (`-` in terms_en.tsv): the grammar reads them, the
    dictionary must not. A phrase of the lexicon may still contain them (set aside)."""
    return frozenset(row.said for row in read_rows(LEXICONS / "terms_en.tsv") if not row.words)


@cache
def lexicon() -> dict[tuple[str, ...], tuple[Row, ...]]:
    """The rows of terms_en.tsv by the stems of their phrase."""
    found: dict[tuple[str, ...], tuple[Row, ...]] = {}
    for row in read_rows(LEXICONS / "terms_en.tsv"):
        key = _stems(row.said)
        if row.words and key:
            found[key] = (*found.get(key, ()), row)
    return found


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _spoken(phrase))


def _spoken(phrase: str) -> list[str]:
    return [word for word in _words(phrase) if word not in LINKS]


def _budget_words(tokens: list[Token], vocabulary: Vocabulary) -> tuple[tuple[str, float], ...]:
    """What a phrase of the lexicon means here: rows that say exactly it (station) before rows
    that only share its stems (stationed)."""
    rows = lexicon()[_key(tokens)]
    typed = [token.text for token in tokens if token.text not in LINKS]
    exactly = [row for row in rows if _spoken(row.said) == typed]
    words = dict.fromkeys(word for row in exactly or rows for word in row.words)
    return weighted(word for word in words if vocabulary.contains(word))


def glosses(vocabulary: Vocabulary) -> Glosses:
    """The English tables of an index; get them by `vocabulary.derived(glosses)`."""
    lexicon()
    _spellings()  # read now, so that the first question does not wait for them
    back = _inverted(vocabulary.words)
    letters = re.sub(f"[^{HAN}]", "|", vocabulary.joined)
    sounds = dict(zip(chars := sorted(set(letters) - {"|"}), _readings(chars), strict=True))
    return Glosses(
        dictionary=back,
        syllables=" " + " ".join(sounds.get(char, "|") for char in letters) + " ",
        letters=letters,
    )


def _readings(chars: list[str]) -> list[str]:
    return [lazy_pinyin(char)[0] for char in chars]


@cache
def _spellings() -> dict[str, str]:
    """Stem → word, for the lexicon's words long enough to be mended."""
    words = (word for row in read_rows(LEXICONS / "terms_en.tsv") for word in _words(row.said))
    return {stem(word): word for word in sorted(words) if len(word) >= TYPO_LENGTH}


def _words(phrase: str) -> list[str]:
    return WORD.findall(phrase.lower())


ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
NOISE = re.compile(
    r"^(?:variant of|old variant|surname|see |also written|abbr\. for|CL:|classifier)"
)
BINDING = frozenset(
    ("to", "a", "an", "the", "of", "sb", "sth", "one", "s", "be", "for", "and", "or", "in", "on")
)
"""Words of a gloss that say nothing (to connect sth to sth)."""


def _inverted(words: Iterable[str]) -> dict[tuple[str, ...], tuple[tuple[str, float], ...]]:
    """Gloss stems → the words that bear the gloss, best first."""
    entries = dictionary()
    found: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for word in sorted(words):
        for order, gloss in enumerate(_glosses_of(entries.get(word, ""))):
            key = _key_of(gloss)
            if key:
                weight = round(max(LEAST_GLOSS, GLOSS - LATER_GLOSS * order), 2)
                found[key][word] = max(weight, found[key].get(word, 0.0))
    return {key: _best(alternatives) for key, alternatives in found.items()}


def _best(alternatives: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """The likeliest alternatives; one far behind the best is noise."""
    ranked = sorted(alternatives.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for pair in ranked[:MOST] if pair[1] >= FAR_BEHIND * ranked[0][1])


def _glosses_of(entry: str) -> Iterator[str]:
    for line in entry.split("\n"):
        for gloss in line.partition("] /")[2].split("/"):
            for part in ASIDE.sub("", gloss).split(";"):
                if part.strip() and not NOISE.match(part.strip()):
                    yield part


def _key_of(gloss: str) -> tuple[str, ...]:
    """The stems of a gloss without binding words; none for a sentence."""
    content = tuple(stem(word) for word in _words(gloss) if word not in BINDING)
    return content if len(content) <= LONGEST_GLOSS else ()


def english_terms(text: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The content words of an English question, as Chinese words that the index contains.

    >>> texts = Vocabulary(["物业管理费", "会议费"])
    >>> [t.words[0][0] for t in english_terms("property management and meetings?", texts)]
    ['物业管理费', '会议费']
    """
    return tuple(term for term in _read(text, vocabulary) if term.words)


def absent_terms(text: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Phrases that the budget lexicon knows and the index has no word for (no `words`)."""
    return tuple(term for term in _read(text, vocabulary) if not term.words)


def unread_words(text: str, terms: Iterable[Term]) -> tuple[tuple[int, int], ...]:
    """Spans of English content words that no term covers."""
    covered = [(term.start, term.end) for term in terms]
    return tuple(
        (token.start, token.end)
        for token in _tokens(text)
        if token.text not in stop_words()
        and len(token.text) > 2
        and not any(start <= token.start and token.end <= end for start, end in covered)
    )


def _read(text: str, vocabulary: Vocabulary) -> Iterator[Term]:
    tokens = _tokens(text)
    at = 0
    while at < len(tokens):
        size, term = _longest(text, tokens, at, vocabulary)
        if term is not None:
            yield term
        at += size


def _tokens(text: str) -> list[Token]:
    return [
        Token(
            start=match.start(),
            end=match.end(),
            text=_mended(match.group().lower()),
            capital=match.group()[0].isupper(),
        )
        for match in WORD.finditer(text)
        if not (match.group() == "s" and text[match.start() - 1 : match.start()] in ("'", "’"))
    ]


def _longest(
    text: str, tokens: list[Token], at: int, vocabulary: Vocabulary
) -> tuple[int, Term | None]:
    """How many tokens the best reading at `at` takes, and its term."""
    tables, reach = vocabulary.derived(glosses), _reach(text, tokens, at)
    for size in range(reach, 0, -1):
        key = _key(tokens[at : at + size])
        asks = size == 1 and tokens[at].text in stop_words()
        if key in lexicon() and not asks:
            words = _budget_words(tokens[at : at + size], vocabulary)
            return size, _term(tokens, at, size, words, "lexicon")
    for size in range(min(reach, LONGEST_GLOSS), 1, -1):
        key = _key(tokens[at : at + size], BINDING | stop_words())
        if len(key) > 1 and key in tables.dictionary:
            return size, _term(tokens, at, size, tables.dictionary[key], "dictionary")
    for size in range(min(reach, 3), 0, -1):
        words = _named(tokens[at : at + size], tables)
        if words:
            return size, _term(tokens, at, size, words, "literal")
    return 1, _single(tokens, at, tables)


def _key(tokens: list[Token], silent: frozenset[str] = LINKS) -> tuple[str, ...]:
    """The stems of a phrase without its silent words; none where one stands at an edge."""
    if tokens[0].text in silent or tokens[-1].text in silent:
        return ()
    return tuple(token.stem for token in tokens if token.text not in silent)


def _single(tokens: list[Token], at: int, tables: Glosses) -> Term | None:
    token = tokens[at]
    if token.text in stop_words() or len(token.text) < 3:
        return None
    words = tables.dictionary.get((token.stem,), ())
    return _term(tokens, at, 1, words, "dictionary") if words else None


def _reach(text: str, tokens: list[Token], at: int) -> int:
    """How many tokens from `at` stand close enough together for a phrase."""
    size = 1
    while at + size < len(tokens) and size < LONGEST_PHRASE:
        between = text[tokens[at + size - 1].end : tokens[at + size].start]
        if not GAP.fullmatch(between):
            break
        size += 1
    return size


def _term(
    tokens: list[Token], at: int, size: int, words: tuple[tuple[str, float], ...], source: str
) -> Term:
    return Term(
        start=tokens[at].start,
        end=tokens[at + size - 1].end,
        words=words,
        exact=False,
        source=source,
    )


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """The lexicon's word one slip away, if the typed one is no English word of CC-CEDICT."""
    root, spellings = stem(word), _spellings()
    if len(word) < TYPO_LENGTH or root in spellings or word in stop_words():
        return word
    near = process.extract(root, spellings.keys(), scorer=OSA.distance, score_cutoff=1, limit=5)
    likely = sorted(other for other, _, _ in near if other[0] == root[0])
    return spellings[likely[0]] if likely and not _english(word) else word


def _english(word: str) -> bool:
    """Does CC-CEDICT use the word (or a longer one that begins so) in its glosses?"""
    text, letters = cedict_bytes(), word.encode()
    return letters in text and any(before + letters in text for before in (b" ", b"/", b"("))


SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uan|uai|van|ai|ao|an|ei|en|er|ia|ie|in|iu"
    r"|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)"
)


def _named(tokens: list[Token], tables: Glosses) -> tuple[tuple[str, float], ...]:
    """Chinese names that the tokens spell in pinyin (Tian fu, Tianfu), of 2–4 characters."""
    if any(t.text in stop_words() or (t.stem,) in lexicon() for t in tokens):
        return ()
    word = "".join(token.text for token in tokens)
    plain_english = any((t.stem,) in tables.dictionary and not t.capital for t in tokens)
    if not 4 <= len(word) <= 24 or plain_english:
        return ()
    found = {
        name: PINYIN
        for syllables in _cuts(word)
        if 2 <= len(syllables) <= 4
        for name in _standing(syllables, tables)
    }
    return _best(found)


@cache
def _cuts(word: str) -> tuple[tuple[str, ...], ...]:
    """Every way to cut a Latin word into pinyin syllables (at most four)."""
    if not word:
        return ((),)
    found = []
    for size in range(1, min(6, len(word)) + 1):
        if SYLLABLE.fullmatch(word[:size]):
            found += [(word[:size], *rest) for rest in _cuts(word[size:]) if len(rest) < 4]
    return tuple(found)


def _standing(syllables: tuple[str, ...], tables: Glosses) -> set[str]:
    """The stretches of the texts that sound like the syllables."""
    needle, at = f" {' '.join(syllables)} ", -1
    found: set[str] = set()
    while (at := tables.syllables.find(needle, at + 1)) >= 0 and len(found) < MOST:
        place = tables.syllables.count(" ", 0, at)
        found.add(tables.letters[place : place + len(syllables)])
    return found
