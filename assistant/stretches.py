"""Which stretches of a question are content, and which only say set, scope or nothing."""

import re
from collections.abc import Iterable, Sequence

from assistant.catalogue import Catalogue
from assistant.mention import (
    Amount,
    Mention,
    Operation,
    OperationName,
    Range,
    Rank,
    Threshold,
    Year,
)
from assistant.nouns import nouns
from assistant.vocabulary import Term

Span = tuple[int, int]

CLAUSE_ENDS = ",。?!;"


CURRENT = ("当年", "本年")
"""Relative years that are also words of heads (当年财政拨款安排)."""


EXCLUDED_FRAME = re.compile(r"(?:两字|二字|三字|字样).*$|^的|的$")


SETS = ("project", "item", "indicator", "unit")


NEAR = 4
"""Characters between a set noun and its list or count word: 项目一共有几个."""


def with_known_numbers(
    spans: Iterable[Span], mentions: Iterable[Mention], catalogue: Catalogue
) -> tuple[Span, ...]:
    """A bare number that is part of a name (12345热线) is content as well."""
    extra = [
        (m.start, m.end)
        for m in mentions
        if (isinstance(m.value, Amount) and not m.value.unit and m.text in catalogue.holders)
        or (isinstance(m.value, Year) and m.text in CURRENT)
    ]
    return tuple(sorted({*spans, *extra}))


def set_noun(
    text: str, spans: Sequence[Span], mentions: Sequence[Mention], terms: Sequence[Term]
) -> tuple[str, list[Span]]:
    """The noun of the set asked for, and the spans that only say so (or say nothing)."""
    noun, empty = "", vacant_words(text, spans, terms)
    for start, end in spans:
        word = text[start:end].strip()
        if word in nouns()["vacant"] and not in_phrase(start, end, text, terms):
            empty.append((start, end))
            continue
        for name in SETS:
            for kind_word in nouns()[name]:
                edge = noun_at_edge(word, kind_word)
                place = (start + edge[0], start + edge[1]) if edge else None
                if place is not None and is_set_beside(*place, mentions):
                    empty.append(place)
                    noun = noun or name
                    break
    return noun, empty


def in_phrase(start: int, end: int, text: str, terms: Sequence[Term]) -> bool:
    """The words belong to a longer term of the lexicon (total budget)."""
    return any(t.start <= start and end <= t.end and " " in text[t.start : t.end] for t in terms)


def vacant_words(text: str, spans: Sequence[Span], terms: Sequence[Term]) -> list[Span]:
    """English words inside the spans that say only "figure"; not those of a longer term."""
    return [
        found.span()
        for start, end in spans
        for found in re.finditer(r"[a-z]+", text[:end], 0)
        if found.start() >= start
        and found.group() in nouns()["vacant"]
        and not in_phrase(found.start(), found.end(), text, terms)
    ]


def noun_at_edge(word: str, noun: str) -> Span | None:
    """Where the noun opens or closes the stretch, as a word of its own."""
    if word == noun or (word.startswith(noun) and word[len(noun) :] in nouns()["vacant"]):
        return 0, len(word)
    if noun.isascii():
        if word.startswith(noun + " "):
            return 0, len(noun)
        return (len(word) - len(noun), len(word)) if word.endswith(" " + noun) else None
    if word.endswith("的" + noun):
        return len(word) - len(noun), len(word)
    return None


def is_set_beside(start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """A limit or rank anywhere, or a list or count word next to the noun, make it a set."""
    for mention in mentions:
        if isinstance(mention.value, Threshold | Range | Rank):
            return True
        near = -1 <= start - mention.end <= NEAR or -1 <= mention.start - end <= NEAR
        if near and is_setlike(mention):
            return True
    return False


def is_setlike(mention: Mention) -> bool:
    value = mention.value
    if isinstance(value, Threshold | Range | Rank):
        return True
    return isinstance(value, Operation) and value.name in (
        OperationName.LIST,
        OperationName.COUNT,
        OperationName.WHICH,
        OperationName.AVERAGE,
    )


def excluded_spans(
    text: str, spans: Sequence[Span], mentions: Sequence[Mention]
) -> tuple[Span, ...]:
    """Content in the clause of a word that leaves it out: 扣掉结转, 体检费不用列."""
    marks = [
        m
        for m in mentions
        if isinstance(m.value, Operation) and m.value.name is OperationName.EXCLUDE
    ]
    out: list[Span] = []
    for mark in marks:
        behind = [span for span in spans if 0 <= span[0] - mark.end <= 1]
        if behind:
            out += behind
            continue
        start = max(text.rfind(stop, 0, mark.start) for stop in CLAUSE_ENDS) + 1
        out += [span for span in spans if start <= span[0] and span[1] <= mark.start]
    return tuple(out) if len(out) < len(spans) else ()


def included_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Content beside a word that only counts it in."""
    places = [text.find(word) for word in nouns()["included"] if word in text]
    return tuple(span for span in spans if any(span[0] <= at <= span[1] + 1 for at in places))
