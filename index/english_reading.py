"""An English sentence → whose figure each of its figures is, of what kind, against what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from index.english_figures import english_quantities
from index.fact import Kind
from index.quantity import Quantity, one_of
from index.reading import AMOUNT, CHANGE, CHANGE_RATE, COUNT, RATE, SHARE, Reading
from index.words import lexicon, tidy
from index.years import year_in

LONGEST_SUBJECT = 12
"""Words: a longer stretch before a figure is no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    quantity: Quantity
    """Placed in the sentence."""
    reading: Reading


def read_english(sentence: str, *, year: int | None, scope: str) -> tuple[Said, ...]:
    """The figures of a sentence in order; `scope`: what the heading above speaks of."""
    said: list[Said] = []
    for quantity in english_quantities(sentence):
        start = said[-1].quantity.end if said else 0
        before, after = sentence[start : quantity.start], sentence[quantity.end :]
        reading = _reading(quantity, before, after, said, scope)
        named = reading.year if reading.year is not None else year
        if said and said[-1].reading.column == CHANGE and before.rstrip().endswith("from"):
            named = year - 1 if year is not None else None  # rises by 2, from 10 to 12
        said.append(Said(quantity=quantity, reading=replace(reading, year=named)))
    return tuple(said)


def _reading(
    quantity: Quantity, before: str, after: str, said: Sequence[Said], scope: str
) -> Reading:
    topic = said[0].reading.path if said else ()
    end = quantity.end
    if said and (again := _again(quantity, before, said[-1].reading)):
        return again
    if found := _change_pattern().search(before):
        subject = _subject(before[: found.start()]) or ("" if topic else _purpose(after))
        path = _path(subject, topic, scope)
        column = CHANGE_RATE if quantity.kind is Kind.PERCENT else CHANGE
        down = found["word"].lower() in (*_words("down_verb"), *_words("down_noun"))
        base = _base(after)
        return Reading(path=path, column=column, year=None, end=end, about=base, decrease=down)
    if quantity.kind is Kind.PERCENT and (share := re.match(r"\s*of\s+([^,.;()]+)", after)):
        path = _path(_subject(before), topic, scope)
        whole = share[1].strip()
        return Reading(path=path, column=SHARE, year=year_in(before), end=end, about=whole)
    column = {Kind.PERCENT: RATE, Kind.COUNT: COUNT}.get(quantity.kind, AMOUNT)
    path = _amount_path(quantity, before, after, topic, scope)
    return Reading(path=path, column=column, year=_year(path, before, after), end=end)


def _again(quantity: Quantity, before: str, last: Reading) -> Reading | None:
    """$2.3 million (4.9%): the same change as a share; adds 3.0 FTE and $422,000: another."""
    if last.column != CHANGE:
        return None
    bracketed = re.search(r"[(,]\s*(?:or\s)?$", before)
    if quantity.kind is Kind.PERCENT and bracketed:
        return replace(last, column=CHANGE_RATE, end=quantity.end)
    if quantity.kind is not Kind.PERCENT and re.fullmatch(r"\s*,?\s*and\s*", before):
        return replace(last, end=quantity.end)
    return None


@cache
def _change_pattern() -> re.Pattern[str]:
    """increases by, an increase of, adds; no rises to."""
    verb = one_of(_words("up_verb") + _words("down_verb"))
    noun = one_of(_words("up_noun") + _words("down_noun"))
    adverb = rf"(?:{one_of(_words('adverb'))}\s+)*"
    return re.compile(
        rf"(?<![a-z])(?:(?P<word>{verb}|{noun})(?:\s+(?:by|of))?)\s+{adverb}$", re.IGNORECASE
    )


def _amount_path(
    quantity: Quantity, before: str, after: str, topic: tuple[str, ...], scope: str
) -> tuple[str, ...]:
    """The subject before the verb; of a part, or of things counted, what stands behind."""
    part = re.search(rf"(?:^|[,;(]\s*|\s){one_of(_words('part'))}\s*$", before, re.IGNORECASE)
    if quantity.kind is Kind.COUNT and quantity.unit != "FTE":
        return (_counted(after) or _subject(before) or scope,)
    parted = part or re.match(r"\s*(?:is|are|goes|will be)\s+(?:for|to)\s", after)
    if parted and (name := _purpose(after)):
        return (*topic, name)
    return _path("" if part else _subject(before), topic, scope)


def _path(subject: str, topic: tuple[str, ...], scope: str) -> tuple[str, ...]:
    return (subject,) if subject else topic or (scope,)


def _subject(before: str) -> str:
    """The name before the verb: The General Fund provides → General Fund.

    Behind a verb or `over the` a noun with of: over the FY2024 Adopted Budget of.
    """
    clause = re.split(r"[;:]|,\s(?=(?:and|but|while|which)\b)|\)\s*", before)[-1].strip(" ,(")
    clause = re.sub(rf"\s+{one_of(_words('adverb'))}$", "", clause, flags=re.IGNORECASE)
    verb = re.search(rf"(?:^|\s+){one_of(_words('verb'))}$", clause, re.IGNORECASE)
    head = clause[: verb.start()] if verb else clause
    compared = rf"(?:^|.*\s){one_of(_words('compared'))}\s+"
    name = re.sub(compared, "", head, flags=re.IGNORECASE) if verb else head
    name = _without_articles(name)
    name = tidy(re.split(r",\s", name)[-1]).strip(' -–—*•"“”')
    name = re.split(rf"\s{one_of(_words('auxiliary'))}(?:\s|$)", name)[0]
    empty = (*_words("pronoun"), *_words("stop_noun"), *_words("generic"))
    known = name and name.lower() not in empty
    return name if known and len(name.split()) <= LONGEST_SUBJECT else ""


def _without_articles(name: str) -> str:
    """Nor prepositions: at a cost of → cost."""
    articles = rf"^(?:{one_of(_words('article') + _words('preposition'))}(?:\s+|$))+"
    return re.sub(articles, "", name.strip(), flags=re.IGNORECASE)


def _purpose(after: str) -> str:
    """What a part is for: $3.2 million is for the Lakemont Pool renovation."""
    found = re.match(rf"\s*{one_of(_words('purpose'))}\s+([^,.;()$]+)", after, re.IGNORECASE)
    if found is None:
        return ""
    name = _without_articles(re.split(rf"\s{one_of(_words('auxiliary'))}\s", found[1])[0])
    name = re.sub(r"\s+and\s*$", "", name)
    return tidy(name) if len(name.split()) <= LONGEST_SUBJECT else ""


def _counted(after: str) -> str:
    """What is counted: 38 playgrounds; 2,540 acres of parkland."""
    found = re.match(r"\s*(?:of\s+)?(?:the\s+)?([^,.;()\d]+)", after)
    words = re.split(rf"\s+{one_of(_words('stop_noun'))}\s+", found[1].strip())[0] if found else ""
    words = re.sub(r"\s+(?:and|or)\s*$", "", words)
    return tidy(words) if len(words.split()) <= LONGEST_SUBJECT else ""


def _base(after: str) -> str:
    """What a change is measured against: (4.9%) over the FY2024 Adopted Budget of."""
    found = re.match(
        rf"\s*(?:\([^)]*\)\s*)?{one_of(_words('compared'))}\s+(?:the\s+)?"
        r"([^,.;()$]+?)(?=\s+of\s+[$\d]|[,.;()$]|$)",
        after,
        re.IGNORECASE,
    )
    return tidy(found[1]) if found else ""


def _year(path: Sequence[str], before: str, after: str) -> int | None:
    behind = re.match(r"\s*(?:in|for|during)\s+([^,.;]{4,20})", after)
    named = [year_in(name) for name in reversed(path)]
    years = [year for year in (*named, year_in(behind[1]) if behind else None) if year is not None]
    return years[0] if years else year_in(before)


def _words(name: str) -> list[str]:
    return lexicon("english")[name]
