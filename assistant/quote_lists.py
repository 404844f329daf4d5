"""Enumerations: tasks, numbered duties, 一是 … 二是 …: found by their heading, given whole or by
number."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.finding import Quote
from assistant.quote_ask import Asked
from assistant.quote_cues import cues
from assistant.quote_place import headline
from assistant.quote_sayings import Field, Saying, Sayings, numbers_of
from assistant.quote_words import ORDINAL
from index.fact import PassageKind

HEADED = 0.75
"""Share of the question that a list's heading must explain by itself: 0.5 takes questions about
one of its members for the whole list, 0.9 misses lists whose heading is paraphrased (visible and
own questions)."""
HEADING = (Field.TITLE, Field.FORM)
FEWEST = 2
LONGEST_LIST = 1150
"""Characters of a list shown; beyond it only the first sentence of each member."""
LONGEST_MEMBER = 300
ENGLISH_ORDINAL = re.compile(
    r"\bthe (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
)
ENGLISH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list under a heading: each member a run of sentences."""

    members: tuple[tuple[Saying, ...], ...]
    titled: bool = False
    """The members have names of their own (tasks)."""

    @property
    def first(self) -> Saying:
        return self.members[0][0]


@lru_cache(maxsize=2)
def listings_of(sayings: Sayings) -> tuple[Listing, ...]:
    """The lists of an index: tasks, numbered paragraphs, enumerations inside a paragraph."""
    groups: dict[tuple[str, ...], dict[int, list[Saying]]] = defaultdict(lambda: defaultdict(list))
    for saying in sayings.listed:
        key, member = _membership(saying)
        if key:
            groups[key][member].append(saying)
    return tuple(
        Listing(members=tuple(map(tuple, members.values())), titled=key[0] == "task")
        for key, members in groups.items()
        if len(members) >= FEWEST
    )


def _membership(saying: Saying) -> tuple[tuple[str, ...], int]:
    """The list that a sentence belongs to, and its member there; no list: an empty key."""
    passage = saying.passage
    if passage.kind is PassageKind.TASK:
        return ("task", passage.document, passage.table), saying.first
    if saying.inside:
        return ("inside", passage.document, passage.id), saying.head
    if saying.number and passage.kind is PassageKind.PARAGRAPH:
        return ("numbered", passage.document, passage.section, passage.title), saying.number
    return (), 0


def best_listing(asked: Asked) -> Listing | None:
    """The list whose heading explains the question, if one does."""
    scored = [(headed(asked, listing), listing) for listing in listings_of(asked.sayings)]
    share, listing = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return listing if share >= HEADED else None


def headed(asked: Asked, listing: Listing) -> float:
    """Share of the question that the list's heading explains, ordinals left out."""
    at = listing.first.at
    if not asked.allowed[at]:
        return 0.0
    text = asked.query.question.text
    spans = [found.span() for found in ORDINAL.finditer(text)]
    duty = cues()["duty"]
    if asked.has("duty") and duty.heads.search(listing.first.passage.title):
        spans += [f.span() for cue in (duty, cues()["self"]) for f in cue.asks.finditer(text)]
    total = explained = 0.0
    for row, word in enumerate(asked.matched.words):
        outside = not any(start <= word.start and word.end <= end for start, end in spans)
        if outside and not word.quiet:
            weight = asked.matched.weights[row]
            total += weight
            explained += weight * max(asked.matched.by_field[f][row, at] for f in HEADING)
    return explained / total if total else float(len(spans) > 0 and asked.has("duty"))


def ordinal_of(text: str) -> int:
    """The number of the member asked for (第四条, “二是”, the third); 0 if none is.

    >>> ordinal_of("重点工作第四条")
    4
    """
    if found := ORDINAL.search(text):
        said = found[1] or found[2]
        return int(said) if said.isdigit() else numbers_of(said)
    found = ENGLISH_ORDINAL.search(text)
    return ENGLISH.index(found[1]) + 1 if found else 0


def member(listing: Listing, number: int) -> tuple[Saying, ...]:
    """The sentences of one member, as many as there is room for."""
    if not 1 <= number <= len(listing.members):
        return ()
    return within(listing.members[number - 1], LONGEST_MEMBER)


def within(sayings: Sequence[Saying], most: int) -> tuple[Saying, ...]:
    """The first sentence, and those behind it that fit."""
    kept = [*sayings[:1]]
    for saying in sayings[1:]:
        if sum(len(s.text) for s in kept) + len(saying.text) > most:
            break
        kept.append(saying)
    return tuple(kept)


def whole_list(listing: Listing, most: int = LONGEST_LIST) -> tuple[Saying, ...]:
    """Every member; only its first sentence where all would be longer than `most`.

    The last member of an enumeration has no end mark of its own: what follows its first sentence
    belongs to it only where the others have more than one too.
    """
    members = [*listing.members]
    if all(len(found) == 1 for found in members[:-1]):
        members[-1] = members[-1][:1]
    if sum(len(s.text) for found in members for s in found) > most:
        members = [found[:1] for found in members]
    return tuple(saying for found in members for saying in found)


def titles(listing: Listing) -> tuple[Quote, ...]:
    """The members' names, each at its own line."""
    return tuple(headline(found[0].passage, found[0].passage.title) for found in listing.members)
