"""Question → the documents it is about: by names, places, years, kind of account and level."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.catalogue import HAN
from assistant.directory import Directory, Named, NameKind, Office, split_places, words
from assistant.mention import Mention, Operation, Year
from assistant.normalize import Normalized
from assistant.spot import spot
from index.level import DEPARTMENT, UNIT
from index.store import StoredDocument
from index.words import lexicon

Span = tuple[int, int]
Known = Callable[[str], bool]

JOINED = "和与跟同及比、"
LONGEST_FOREIGN = 12
LEAST_FOREIGN = 3
"""Characters of a name that is nobody's here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    documents: tuple[str, ...]
    """Those that may answer, in the order they were added."""
    kept: tuple[str, ...] = ()
    """Those that the next question is about if it names none: of all years and kinds."""
    said: bool = False
    """The question itself names them."""
    sides: tuple[tuple[str, ...], ...] = ()
    """What it names beside each other: the documents of each institution, or of each year."""
    named: tuple[Named, ...] = ()
    ranks: bool = False
    """Which institution or year is asked."""
    spans: tuple[Span, ...] = ()
    """Words that only ask which institution (哪个部门)."""
    accounts: tuple[Span, ...] = ()
    """决算, said of a final account."""
    finals: frozenset[str] = frozenset()
    missing: str = ""
    """An institution that is named and not indexed."""

    def silent_in(self, document: str) -> tuple[Span, ...]:
        """Words that name documents; a budget unit of the document is read by itself."""
        accounts = self.accounts if document in self.finals else ()
        return (
            self.spans
            + accounts
            + tuple(
                (name.start, name.end)
                for name in self.named
                if name.start < name.end and name.kind_of(document) is not NameKind.UNIT
            )
        )


def route(
    question: Normalized, directory: Directory, before: "Route | None", known: Known
) -> Route:
    """`before`: where the turn before went. `known`: whether a label of the indexed documents
    holds a word."""
    text, mentions = question.text, spot(question)
    named = directory.named(text)
    every = [stored.document for stored in directory.documents]
    kept, sides = by_name(named, before.kept if before else every, every)
    strong = any(name.is_strong() for name in named)
    missing = beside(text, named, directory, known) if strong else foreign(text, directory, known)
    documents = [stored for stored in directory.documents if stored.document in kept]
    chosen = by_account(by_year(by_level(documents, text), mentions), text)
    if before and not named and list(chosen) == documents:
        chosen = [stored for stored in documents if stored.document in before.documents]
    names = tuple(stored.document for stored in chosen)
    among = names if len(sides) > 1 else tuple(kept)
    sides = sides if len(sides) > 1 else by_years(by_account(documents, text), mentions)
    asks = list(which_words(text))
    return Route(
        documents=names,
        kept=tuple(kept),
        said=bool(named),
        sides=tuple(found for side in sides if (found := tuple(d for d in among if d in side))),
        named=named,
        ranks=len(names) > 1 and bool(asks),
        spans=tuple(asks) if len(names) > 1 else (),
        missing=missing,
        accounts=tuple(final_words(text)),
        finals=frozenset(stored.document for stored in documents if stored.account == "final"),
    )


def final_words(text: str) -> Iterator[Span]:
    """决算 by itself; a part of 决算数 or of a table's title says what is asked for."""
    for word in words()["final"]:
        for found in re.finditer(rf"(?<!支出)(?<!收入)(?<!收支){word}(?!数|表|总表|报表)", text):
            yield found.span()


def by_name(
    named: Sequence[Named], current: Sequence[str], every: Sequence[str]
) -> tuple[list[str], list[frozenset[str]]]:
    """The documents that the names have in common; else all of them, side by side."""
    if not named:
        return list(current), []
    strong = [name.names for name in named if name.is_strong()]
    places = [name.names for name in named if not name.is_strong()]
    groups = list(dict.fromkeys(strong or places))
    common = frozenset.intersection(*groups)
    sides = [] if common else groups
    found = common or frozenset.union(*groups)
    for place in places:
        found = found & place or found
    return [document for document in every if document in found], sides


def by_level(documents: Sequence[StoredDocument], text: str) -> Sequence[StoredDocument]:
    """单位预算 is a unit's own, 部门预算 the department's, where both are there."""
    said = {
        level
        for level in (UNIT, DEPARTMENT)
        if any(word in text for word in lexicon("levels")[level])
    }
    fitting = [stored for stored in documents if stored.level in said]
    return fitting if len(said) == 1 and fitting else documents


def years_said(mentions: Iterable[Mention]) -> list[int]:
    values = (m.value for m in mentions if isinstance(m.value, Year))
    return [value.year for value in values if value.year is not None]


def by_year(
    documents: Sequence[StoredDocument], mentions: Sequence[Mention]
) -> Sequence[StoredDocument]:
    """Of the years said; else of the year behind, which prints the figures of the one before."""
    said = years_said(mentions)
    own = [stored for stored in documents if stored.year in said]
    behind = [stored for stored in documents if stored.year and stored.year - 1 in said]
    return own or behind or documents


def by_years(
    documents: Sequence[StoredDocument], mentions: Sequence[Mention]
) -> list[frozenset[str]]:
    """Documents of one institution of several years that are said (比2023年 among them)."""
    bases = (m.value.base for m in mentions if isinstance(m.value, Operation))
    said = [*years_said(mentions), *(base.year for base in bases if base and base.year)]
    said = list(dict.fromkeys(said))
    institutions = {stored.institution for stored in documents}
    if len(said) < 2 or len(institutions) > 1:
        return []
    sides = [frozenset(s.document for s in documents if s.year == year) for year in said]
    return [side for side in sides if side] if all(sides) else []


def by_account(documents: Sequence[StoredDocument], text: str) -> Sequence[StoredDocument]:
    """决算 or 预算, where an institution has both of a year."""
    both = {
        (stored.institution, stored.year)
        for stored in documents
        for other in documents
        if (stored.institution, stored.year) == (other.institution, other.year)
        and stored.account != other.account
    }
    wanted = "final" if says(text, words()["final"]) else ""
    wanted = wanted or ("budget" if says(text, words()["budget"]) else "")
    if not wanted:
        return documents
    return [
        stored
        for stored in documents
        if (stored.institution, stored.year) not in both or stored.account == wanted
    ]


def says(text: str, said: Iterable[str]) -> bool:
    return any(word in text for word in said)


def which_words(text: str) -> Iterator[Span]:
    for word in (*words()["which"], *words()["years"]):
        at = text.find(word)
        if at >= 0:
            behind = 1 if text[at + len(word) : at + len(word) + 1] == "的" else 0
            yield at, at + len(word) + behind


# -------------------------------------------------------------------- nobody's institution


def foreign(text: str, directory: Directory, known: Known) -> str:
    """An institution, or a place where a name begins, that no document is of; empty if none."""
    for run in HAN.finditer(text):
        found = foreign_office(run.group(), directory, known) or foreign_place(
            run.group(), text[run.end() : run.end() + 1], directory, known
        )
        if found:
            return found
    return ""


def beside(text: str, named: Sequence[Named], directory: Directory, known: Known) -> str:
    """An institution that nobody indexed, named together with one that is: A局和B局."""
    for name in (name for name in named if name.is_strong()):
        text = text[: name.start] + "#" * (name.end - name.start) + text[name.end :]
    found = foreign(text, directory, known)
    together = rf"#[{JOINED}]{re.escape(found)}|{re.escape(found)}[{JOINED}]#"
    return found if found and re.search(together, text) else ""


def foreign_office(run: str, directory: Directory, known: Known) -> str:
    ends = sorted(words()["sure_ends"], key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, ends)))
    for found in pattern.finditer(run):
        name = behind_border(run[: found.end()])[-LONGEST_FOREIGN:]
        if len(name) < LEAST_FOREIGN or name.endswith(tuple(words()["no_names"])):
            continue
        ours = any(resembles(name, office, found.group()) for office in directory.offices)
        if not ours and not known(name) and not name.startswith(tuple(words()["pronouns"])):
            return name
    return ""


def resembles(name: str, office: Office, end: str) -> bool:
    """自然资源局 for 自然资源委员会: all but the end is the beginning of ours."""
    places, core = split_places(name)
    core = core.removesuffix(end)
    ours = set(places) <= set(office.places)
    return ours and len(core) >= LEAST_FOREIGN and office.names[0].startswith(core)


def behind_border(text: str) -> str:
    """The name's beginning: behind the last border."""
    cut = max((text.rfind(border) for border in words()["borders"]), default=-1)
    return text[cut + 1 :]


def foreign_place(run: str, behind: str, directory: Directory, known: Known) -> str:
    """青禾市2024年, 青禾市的: a place that opens the question and is followed by a year or 的."""
    ends = "|".join(words()["place_ends"])
    found = re.match(rf"([\u4e00-\u9fff]{{2,4}}?(?:{ends}))(?=的|$)", run)
    if found is None or (found.end() == len(run) and not behind.isdigit()):
        return ""
    place = found[1]
    listed = place in directory.places or place.endswith(tuple(words()["no_places"]))
    return "" if listed or known(place) else place
