"""The part that explains terms (名词解释) → one definition a term."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.fact import Passage, PassageKind
from index.outline import Text
from index.quantity import prose_words
from index.words import bare, key, lexicon, squeeze

LONGEST_TERM = 80
"""A class chain of three levels is the longest term met: 57 characters."""
STOPS = ("。", "；", ";")
ENGLISH_TERM = re.compile(
    r"([A-Z][\x20-\x7e]{1,60}?)(?:\s*[–—:]|\s+-|\.\s)\s*(?=[\x20-\x7e]*[a-z])"
)
"""Capital Outlay – Spending on …; Fund: A sum … Where it stands tells that it is an entry."""


def in_glossary(texts: Sequence[Text]) -> tuple[bool, ...]:
    """For each text, whether it stands in the part that explains terms (its heading aside)."""
    inside = ended = False
    found: list[bool] = []
    for text in texts:
        below = any(_opens(heading) for heading in text.headings)
        opens = _opens(text.text) and not below
        other = ended and not term_of(text.text)
        inside = below or (inside and not text.heading and not other)
        found.append((inside and not opens) or _defines(text))
        inside = inside or (opens and text.section != "目录")
        ended = text.text.rstrip().endswith(STOPS)
    return tuple(found)


def _defines(text: Text) -> bool:
    """（二）事业收入：指…: an entry by its own form, where the part has no heading (a sheet of
    a workbook)."""
    entry = bare(text.text)
    behind = re.split("[：:]", entry, maxsplit=1)[1:]
    numbered = key(entry) != key(text.text)
    return numbered and any(re.match("(?:是|系)?指(?!导|标|出)", said.strip()) for said in behind)


def _opens(text: str) -> bool:
    flat = re.sub(r"^第.{1,3}部分", "", squeeze(text))
    return bare(flat).rstrip("：:。") in map(squeeze, lexicon("prose")["glossary"])


def extract_glossary(texts: Sequence[Text]) -> tuple[Passage, ...]:
    """A DEFINITION for each term; `title` is the term as printed, without its ordinal.

    A text that opens no term goes on with the term above it (a page break).
    """
    inside = in_glossary(texts)
    entries: list[Passage] = []
    for text in (text for text, defining in zip(texts, inside, strict=True) if defining):
        term = term_of(text.text)
        if term:
            entries.append(_definition(term, text))
        elif entries and not text.heading:
            entries[-1] = _continued(entries[-1], text)
    return tuple(_numbered(entries))


def term_of(text: str) -> str:
    """The term an entry explains; empty for a text that is no entry.

    >>> term_of("（二）事业收入：指事业单位开展专业业务活动所取得的收入。")
    '事业收入'
    """
    entry = bare(text)
    if found := ENGLISH_TERM.match(entry):
        return found[1].strip()
    numbered = key(entry) != key(text)
    colon = re.match(rf"([^：:。；]{{1,{LONGEST_TERM}}}?)\s*[：:]", entry)
    if colon and (numbered or re.match(prose_words("defining"), entry[colon.end() :].lstrip())):
        return colon[1].strip()
    plain = re.match(rf"([^，。；：:]{{1,{LONGEST_TERM}}}?)[，,]?(?:是指|系指|指)(?!导|标)", entry)
    return plain[1].strip() if plain and numbered else ""


def _definition(term: str, text: Text) -> Passage:
    return Passage(
        id="",
        document="",
        kind=PassageKind.DEFINITION,
        section=text.section,
        title=term,
        text=text.text,
        place=text.place,
    )


def _continued(entry: Passage, text: Text) -> Passage:
    return replace(entry, text=entry.text + text.text, place=entry.place.until(text.place))


def _numbered(entries: Iterable[Passage]) -> Iterable[Passage]:
    return (replace(entry, id=f"term/{at:03d}") for at, entry in enumerate(entries, 1))
