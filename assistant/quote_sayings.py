"""Passages → sayings: each sentence with what it stands under, and the index to find them by."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from assistant.catalogue import HAN, LATIN, Catalogue, flat
from index.fact import Passage, PassageKind
from index.sentences import enumerated, flatten, sentence_spans
from index.words import NUMERAL, lexicon

SAID = (
    PassageKind.PARAGRAPH,
    PassageKind.DEFINITION,
    PassageKind.OBJECTIVE,
    PassageKind.TASK,
)
"""Headings, contents and tables are asked for as places, not for what they say."""
SHORTEST = 4
"""Characters of the shortest saying (保障运转); below it stand 注： and page numbers."""
OPENING = re.compile(r"[：:]\s*$")
"""主要包括： alone only opens what follows."""
NUMBERED = re.compile(
    rf"^\s*(?:第?([{NUMERAL}]+)[、．.]|[(（]([{NUMERAL}]+)[)）]|(\d{{1,2}})[.、．](?!\d)|[(（](\d+)[)）])"
)
AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(亿元|百万元|万元|千元|元)?")
OVERALL = re.compile("总体|整体")
ENUMERATED = re.compile(rf"^\**([{NUMERAL}]+)是")


class Field(IntEnum):
    """Where a word of the question may stand."""

    TEXT = 0
    ITEM = 1
    """The head sentence of the enumerated item that the sentence stands in."""
    TITLE = 2
    """The passage's title: the term, the project, the task, or the heading it stands under."""
    ABOVE = 3
    """Headings further up, and the budget unit."""
    FORM = 4
    """What forms call such a text: 年度目标, 年度主要任务."""
    LEAD = 5
    """The first sentence of its paragraph, which says what the others speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One sentence of a passage."""

    at: int
    passage: Passage
    start: int
    end: int
    """The stretch of `passage.text`."""
    first: int
    """The passage's first saying."""
    head: int
    """The saying that opens the enumerated item it stands in (its own place outside one)."""
    inside: bool = False
    """It stands in an item of an enumeration inside the passage (一是 …)."""
    number: int = 0
    """The item's ordinal: 2 of 二是 or of a paragraph that begins with 2."""
    fields: tuple[str, ...]
    """Flat strings, a `Field` each."""

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def kind(self) -> PassageKind:
        return self.passage.kind


Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sayings:
    """All sentences of an index, found by the characters and pairs of characters in each field."""

    listed: tuple[Saying, ...]
    postings: tuple[Mapping[str, Ids], ...]
    """A `Field` each: gram → places in `listed`."""

    def __len__(self) -> int:
        return len(self.listed)

    @cached_property
    def kinds(self) -> dict[PassageKind, npt.NDArray[np.bool_]]:
        return {
            kind: np.array([s.kind is kind for s in self.listed], dtype=np.bool_) for kind in SAID
        }

    def of_kind(self, kind: PassageKind) -> npt.NDArray[np.bool_]:
        """Which sayings are of that kind of text."""
        return self.kinds[kind]

    @cached_property
    def amounts(self) -> tuple[tuple[tuple[Decimal, str], ...], ...]:
        """Number and unit of each figure of each sentence."""
        return tuple(
            tuple(
                (Decimal(number.replace(",", "")), unit)
                for number, unit in AMOUNT.findall(flatten(saying.text).text)
            )
            for saying in self.listed
        )

    def holding(self, gram: str, field: Field) -> Ids:
        return self.postings[field].get(gram, NONE)

    def opener(self, saying: Saying) -> Saying | None:
        """The sentence before the enumeration that the saying stands in (原因：一是 …)."""
        at = saying.head
        while saying.inside and at > saying.first and self.listed[at].inside:
            at -= 1
        return self.listed[at] if saying.inside and not self.listed[at].inside else None

    def holding_all(self, string: str, field: Field) -> list[int]:
        """The sayings whose field holds the string."""
        found = None
        for gram in single_and_pairs(string):
            places = set(self.holding(gram, field).tolist())
            found = places if found is None else found & places
        return [at for at in found or () if string in self.listed[at].fields[field]]


NONE: Ids = np.zeros(0, dtype=np.int32)


@lru_cache(maxsize=24)
def sayings_of(catalogue: Catalogue) -> Sayings:
    """The sayings of an index, cut once for each version of it."""
    headings = headings_of(catalogue.passages)
    institutions = frozenset(map(flat, catalogue.institutions))
    goals = {flat(p.title) for p in catalogue.passages if p.kind is PassageKind.OBJECTIVE}
    institutions &= goals
    listed: list[Saying] = []
    for passage in said(catalogue.passages):
        around = (flat(passage.title), _above(passage, headings))
        listed += _sayings(passage, (*around, kind_words(passage, institutions)), len(listed))
    return index_of(listed)


def index_of(listed: Sequence[Saying]) -> Sayings:
    return Sayings(listed=tuple(listed), postings=tuple(_postings(listed, f) for f in Field))


def said(passages: Sequence[Passage]) -> Iterator[Passage]:
    """What can be quoted, each place once: an entry of the glossary is a paragraph too."""
    defined = {(p.document, str(p.place)) for p in passages if p.kind is PassageKind.DEFINITION}
    for passage in passages:
        if passage.kind not in SAID or len(flat(passage.text)) < SHORTEST:
            continue
        if passage.kind is PassageKind.PARAGRAPH:
            if OPENING.search(passage.text) and len(passage.text) <= 2 * SHORTEST:
                continue
            if (passage.document, str(passage.place)) in defined:
                continue
        yield passage


def headings_of(passages: Iterable[Passage]) -> dict[tuple[str, str], str]:
    """(document, section) → its heading, flat."""
    found: dict[tuple[str, str], str] = {}
    for passage in passages:
        if passage.kind is PassageKind.HEADING:
            found.setdefault((passage.document, passage.section), flat(passage.text))
    return found


def _sayings(passage: Passage, around: tuple[str, ...], offset: int) -> Iterator[Saying]:
    """`around`: its title, the headings above, what forms call it."""
    heads = set(enumerated(passage.text))
    own = NUMBERED.match(passage.text)
    first_number = number_of(own) if own and passage.kind is PassageKind.PARAGRAPH else 0
    head, number = -1, first_number
    spans = tuple(_spans(passage.text))
    lead = flat(passage.text[slice(*spans[0])])
    for place, (start, end) in enumerate(spans):
        at = offset + place
        if start in heads:
            head = at
            number = number_of(ENUMERATED.match(passage.text[start:end]))
        item = flat(passage.text[start:end]) if head == at else ""
        yield Saying(
            at=at,
            passage=passage,
            start=start,
            end=end,
            first=offset,
            head=head if head >= 0 else at,
            inside=head >= 0,
            number=number,
            fields=(flat(passage.text[start:end]), item, *around, lead if place else ""),
        )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Sentences without the white space and asterisks around them; none is empty."""
    for start, end in sentence_spans(text):
        piece = text[start:end]
        if flat(piece):
            yield start, end


def number_of(found: re.Match[str] | None) -> int:
    """The ordinal that a pattern of this module found; 0 if it found none."""
    said = next((group for group in found.groups() if group), "") if found else ""
    return int(said) if said.isdigit() else numbers_of(said)


def numbers_of(said: str) -> int:
    """A Chinese ordinal below 100.

    >>> numbers_of("十四")
    14
    """
    tens, mark, ones = said.rpartition("十")
    digits = "一二三四五六七八九"
    value = digits.find(ones) + 1 if ones else 0
    return value + 10 * (digits.find(tens) + 1 if tens else 1) * bool(mark)


def _above(passage: Passage, headings: Mapping[tuple[str, str], str]) -> str:
    """The headings of the sections around, without the one that is the title."""
    words = passage.section.split()
    names = [
        headings.get((passage.document, " ".join(words[:size])), "")
        for size in range(1, len(words) + 1)
    ]
    title = flat(passage.title)
    return "\n".join(filter(None, (*(n for n in names if n != title), flat(passage.unit_name))))


def kind_words(passage: Passage, institutions: frozenset[str]) -> str:
    """What the forms call such a passage: 年度目标, 年度主要任务, 名词解释.

    `institutions`: those with an objective of their own; 总体目标 is theirs then, no project's.
    """
    if passage.kind is PassageKind.TASK:
        return "\n".join(lexicon("goals")["form_tasks"])
    if passage.kind is PassageKind.DEFINITION:
        return "\n".join(lexicon("prose")["glossary"])
    if passage.kind is PassageKind.OBJECTIVE:
        if flat(passage.title) in institutions:
            return "\n".join(lexicon("goals")["form_objective"])
        names = lexicon("goals")["head_objective"]
        return "\n".join(n for n in names if not institutions or not OVERALL.search(n))
    return ""


def _postings(listed: Sequence[Saying], field: Field) -> Mapping[str, Ids]:
    found: dict[str, list[int]] = defaultdict(list)
    for saying in listed:
        string = saying.fields[field]
        if field is Field.ITEM:
            string = listed[saying.head].fields[field] if saying.head != saying.at else ""
        for gram in set(single_and_pairs(string)):
            found[gram].append(saying.at)
    return {gram: np.asarray(places, dtype=np.int32) for gram, places in found.items()}


def single_and_pairs(text: str) -> Iterator[str]:
    """Chinese characters, one by one and in pairs; Latin words and numbers whole."""
    for run in HAN.findall(text):
        yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from LATIN.findall(text)
