"""The names by which people call the indexed documents: institutions, units, places, files."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from itertools import product
from pathlib import Path, PurePath
from typing import Any

from pypinyin import lazy_pinyin

from assistant.catalogue import HAN, flat, grams
from assistant.gloss import english_terms
from assistant.scope import LEAST_ABBREVIATION
from assistant.vocabulary import Term, Vocabulary, abbreviates
from index.store import StoredDocument

SHORTEST, SHORTEST_BEHIND_PLACE = 3, 2
"""Characters of a short name: 卫健委; 县林业局's 林业局 may be 林局 behind the place's name."""
LONGEST = 24
SHORTEST_PLACE, SHORTEST_PINYIN = 2, 4
TOLD = 0.6
"""Share of an office's own pairs of characters that English words must say."""
LATIN = re.compile(r"[a-z]+")


@cache
def words() -> dict[str, Any]:
    with open(Path(__file__).parent / "lexicons" / "institutions.toml", "rb") as file:
        return tomllib.load(file)


@cache
def common() -> frozenset[str]:
    return frozenset(words()["common_en"])


class NameKind(StrEnum):
    FILE = "file"
    INSTITUTION = "institution"
    UNIT = "unit"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A stretch of a question that names documents, each by its own kind of name."""

    start: int
    end: int
    documents: tuple[tuple[str, NameKind], ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(document for document, _ in self.documents)

    def is_strong(self) -> bool:
        return any(kind is not NameKind.PLACE for _, kind in self.documents)

    def kind_of(self, document: str) -> NameKind | None:
        return dict(self.documents).get(document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A name without its places, and how it may be shortened."""

    document: str
    kind: NameKind
    places: tuple[str, ...]
    """From the widest on: 某某市, 某某区."""
    names: tuple[str, ...]
    """林业局; 卫生健康委员会, 卫生健康委."""
    full: str
    full_words: str = ""
    """In lower case, the spaces between words kept."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What may stand before the office, the longest first; nothing is last."""
        chain = ["".join(self.places[at:]) for at in range(len(self.places))]
        bare = [name for place in self.places if (name := bare_place(place))]
        ends = [place[-1] for place in self.places[-1:]]
        return (*sorted({*chain, *bare, *ends}, key=len, reverse=True), "")

    def is_called(self, word: str) -> bool:
        return word == self.full or any(
            word == prefix + name for prefix in self.prefixes for name in self.names
        )


@cache
def place_pattern() -> re.Pattern[str]:
    ends = "|".join(words()["place_ends"])
    letters = "".join(sorted({end[-1] for end in words()["place_ends"]}))
    return re.compile(rf"[^{letters}]{{1,8}}?(?:{ends})")


def split_places(name: str) -> tuple[tuple[str, ...], str]:
    """The places before an office's name, and the name.

    >>> split_places("某某市中原区人民政府东山街道办事处")
    (('某某市', '中原区', '东山街道'), '办事处')
    """
    places: list[str] = []
    while found := place_pattern().match(without_front(name)):
        behind = without_front(name)[found.end() :]
        if found.group() in words()["no_places"] or len(behind) < SHORTEST_PLACE:
            break
        places.append(found.group())
        name = behind
    return tuple(places), name


def without_front(name: str) -> str:
    front = next((front for front in words()["fronts"] if name.startswith(front)), "")
    return name.removeprefix(front)


def bare_place(place: str) -> str:
    """中原 of 中原区; empty where nothing but a letter would be left."""
    ends = sorted(words()["place_ends"], key=len, reverse=True)
    bare = next(place.removesuffix(end) for end in ends if place.endswith(end))
    return bare if len(bare) >= SHORTEST_PLACE else ""


def short_forms(office: str) -> Iterator[str]:
    """The office's name, without what stands in front of it, and its shortened ends."""
    for name in (office, without_front(office)):
        yield name
        for end, short in words()["short_ends"]:
            if name.endswith(end):
                yield name.removesuffix(end) + short


def is_general(name: str) -> bool:
    """人民政府, 办事处: every place has one."""
    return name in {end for ends in words()["short_ends"] for end in ends} or name == "中心"


def office_of(name: str, document: str, kind: NameKind) -> Office:
    full = flat(name)
    places, office = split_places(full)
    names = tuple(dict.fromkeys(short_forms(office)))
    return Office(
        document=document,
        kind=kind,
        places=places,
        names=names,
        full=full,
        full_words=name.lower(),
    )


class Directory:
    """All names of an index's documents."""

    def __init__(self, documents: Sequence[StoredDocument]) -> None:
        self.documents = tuple(documents)
        self.offices = tuple(self._offices())
        self.exact: dict[str, dict[str, NameKind]] = defaultdict(dict)
        for office in self.offices:
            self.exact[office.full].setdefault(office.document, office.kind)
            for prefix, name in product(office.prefixes, office.names):
                if len(prefix + name) >= SHORTEST and (prefix or not is_general(name)):
                    self.exact[prefix + name].setdefault(office.document, office.kind)
        for office in self.offices:
            if office.kind is NameKind.INSTITUTION:
                for place in self._places(office):
                    self.exact[place].setdefault(office.document, NameKind.PLACE)

    def _offices(self) -> Iterator[Office]:
        for stored in self.documents:
            if stored.institution:
                yield office_of(stored.institution, stored.document, NameKind.INSTITUTION)
        for stored in self.documents:
            for unit in stored.units:
                kind = NameKind.INSTITUTION if unit.whole else NameKind.UNIT
                yield office_of(unit.name, stored.document, kind)

    @staticmethod
    def _places(office: Office) -> Iterator[str]:
        for at, place in enumerate(office.places):
            yield place
            yield "".join(office.places[at:])

    @cached_property
    def places(self) -> frozenset[str]:
        return frozenset(place for office in self.offices for place in office.places)

    def named(self, text: str) -> tuple[Named, ...]:
        """What the question (normalised) names, in order."""
        found: list[Named] = list(self._files(text))
        taken = {at for name in found for at in range(name.start, name.end)}
        for start, end in stretches(text):
            if taken.isdisjoint(range(start, end)):
                documents = self._called(text, start, end)
                if documents:
                    found.append(Named(start=start, end=end, documents=tuple(documents.items())))
                    taken |= set(range(start, end))
        found += self._foreign(text, taken)
        return tuple(sorted(found, key=lambda name: name.start))

    def _files(self, text: str) -> Iterator[Named]:
        for stored in self.documents:
            for name in (stored.document.lower(), PurePath(stored.document).stem.lower()):
                at = text.find(name) if len(name) >= SHORTEST else -1
                if at >= 0:
                    documents = ((stored.document, NameKind.FILE),)
                    yield Named(start=at, end=at + len(name), documents=documents)
                    break

    def _called(self, text: str, start: int, end: int) -> dict[str, NameKind]:
        word, before = text[start:end], text[:start]
        if word not in self.exact and not word.endswith(tuple(words()["ends"])):
            return {}
        found: dict[str, NameKind] = {}
        exact = self.exact.get(word, {})
        for office in self.offices:
            kind = exact.get(office.document)
            called = kind is office.kind and office.is_called(word)
            if (called or shortens(word, office, before)) and stands_alone(word, office, before):
                found.setdefault(office.document, office.kind)
        if found or (before and not is_free(before, self.places)):
            return found
        return {name: kind for name, kind in exact.items() if kind is NameKind.PLACE}

    def _foreign(self, text: str, taken: set[int]) -> Iterator[Named]:
        """English: a place in pinyin, an office by what its name means."""
        if not LATIN.search(text):
            return
        for found in LATIN.finditer(text):
            start, end = found.span()
            documents = tuple(self.pinyin.get(found.group(), {}).items())
            if documents and taken.isdisjoint(range(start, end)):
                yield Named(start=start, end=end, documents=documents)
        yield from self._spelt(text)
        yield from self._meant(text)

    def _spelt(self, text: str) -> Iterator[Named]:
        """Names in Latin letters: all the words by which one is told from another."""
        for office in self.offices:
            own = [word for word in LATIN.findall(office.full_words) if word not in common()]
            found = [re.search(rf"(?<![a-z]){word}(?![a-z])", text) for word in own[:2]]
            spans = [match.span() for match in found if match]
            if spans and len(spans) == len(found):
                start, end = min(s for s, _ in spans), max(e for _, e in spans)
                yield Named(start=start, end=end, documents=((office.document, office.kind),))

    @cached_property
    def pinyin(self) -> dict[str, dict[str, NameKind]]:
        spelt: dict[str, dict[str, NameKind]] = defaultdict(dict)
        for office in self.offices:
            for place in office.places:
                word = "".join(lazy_pinyin(bare_place(place)))
                if len(word) >= SHORTEST_PINYIN:
                    spelt[word].setdefault(office.document, NameKind.PLACE)
        return spelt

    def _meant(self, text: str) -> Iterator[Named]:
        terms = english_terms(text, self._vocabulary)
        found: dict[str, NameKind] = {}
        spans: set[tuple[int, int]] = set()
        for office in self.offices:
            own = set(grams(office.names[0]))
            saying = [term for term in terms if own & grams_of(term)]
            said = {gram for term in saying for gram in grams_of(term)} & own
            if own and len(said) >= TOLD * len(own):
                found.setdefault(office.document, office.kind)
                spans |= {(term.start, term.end) for term in saying}
        if found:
            start, end = min(s for s, _ in spans), max(e for _, e in spans)
            yield Named(start=start, end=end, documents=tuple(found.items()))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary([office.names[0] for office in self.offices])


def grams_of(term: Term) -> set[str]:
    return {gram for word, _ in term.words for gram in grams(flat(word))}


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of Chinese that may be a name, the longest first."""
    runs = [found.span() for found in HAN.finditer(text)]
    for size in range(LONGEST, 1, -1):
        for start, end in runs:
            yield from ((at, at + size) for at in range(start, end - size + 1))


def stands_alone(word: str, office: Office, before: str) -> bool:
    """No other place stands in front: 红岩市卫健委 is not the 卫健委 of another city."""
    last = before[-1:]
    if not HAN.match(last) or any(before.endswith(place) for place in office.places):
        return True
    if office.places and word[0] == office.places[-1][-1]:
        return last in words()["borders"] or before.endswith(tuple(words()["pronouns"]))
    return is_free(before, office.places)


def is_free(before: str, places: Iterable[str]) -> bool:
    """What stands in front ends in no place but these."""
    ends = {end[-1] for end in words()["place_ends"]}
    return before[-1:] not in ends or before.endswith(tuple(places))


def shortens(word: str, office: Office, before: str) -> bool:
    """`word` abbreviates the office, its place before it or not; without, it must stand behind a
    border, for 服务中心 is also the end of other names."""
    bordered = not HAN.match(before[-1:]) or before[-1:] in words()["borders"]
    for prefix in office.prefixes:
        if not word.startswith(prefix) or (not prefix and not bordered):
            continue
        core = word[len(prefix) :]
        if len(core) < (SHORTEST_BEHIND_PLACE if prefix else SHORTEST):
            continue
        if not prefix and is_general(core):
            continue
        for name in office.names:
            close = core[-1] == name[-1] and set(core) <= set(name)
            if close and abbreviates(core, name) >= LEAST_ABBREVIATION:
                return True
    return False
