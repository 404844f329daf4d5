"""Scope (口径): which document, unit, table, code and year a question names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.catalogue import HAN, Catalogue, Entry, flat, grams
from assistant.vocabulary import Term, abbreviates
from index.fact import Unit
from index.words import numeral

LEAST_ABBREVIATION = 0.75
"""Below this `abbreviates` mixes up units of one department (chosen on the sample documents)."""
COINED, LEAST_COINED = 2, 0.7
SHORTEST_NAME = 3
"""Two characters (中心, 服务) are words before they are names."""
LONGEST_SHORT_NAME = 12
DISTINCT = 0.6
"""Share of the grams only one unit's name has that a question must say to name it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    documents: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    """The units named, in the order named; empty when none is."""
    each: bool = False
    """Each unit is asked for by itself."""
    whole: bool = False
    """The department as a whole is meant."""
    whole_said: bool = False
    """The department as a whole is named, if only beside units."""
    tables: tuple[str, ...] = ()
    """Table numbers as the index writes them (表八, 附表三)."""
    codes: tuple[str, ...] = ()
    year: int | None = None

    def or_else(self, other: "Scope") -> "Scope":
        """This scope; what it does not name, as the other names it."""
        own_unit = self.units or self.each or self.whole
        return Scope(
            documents=self.documents or other.documents,
            units=self.units if own_unit else other.units,
            each=self.each if own_unit else other.each,
            whole=self.whole if own_unit else other.whole,
            whole_said=self.whole_said,
            tables=self.tables or (() if own_unit else other.tables),
            codes=self.codes or other.codes,
            year=self.year,
        )

    def allows(self, entry: Entry) -> bool:
        fact = entry.fact
        return (
            (not self.documents or fact.document in self.documents)
            and (not self.tables or fact.table in self.tables)
            and self._allows_unit(entry)
            and (not self.codes or any(_has_code(fact.code, code) for code in self.codes))
            and (self.year is None or fact.year == self.year)
        )

    def _allows_unit(self, entry: Entry) -> bool:
        name = entry.fact.unit_name
        if self.each and not self.units:
            return bool(name)
        if self.whole and not self.units:
            return not name or entry.whole
        if self.units:
            return name in {unit.name for unit in self.units}
        return True


def _has_code(printed: str, asked: str) -> bool:
    return printed == asked or (len(asked) in (3, 5) and printed == asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A unit or institution named in the question."""

    start: int
    end: int
    unit: Unit | None
    """None for the department itself."""
    document: str = ""


def names_in(
    text: str, spans: Sequence[tuple[int, int]], catalogue: Catalogue, terms: Sequence[Term]
) -> tuple[Named, ...]:
    """Units and institutions that the content words name: in full, in part, in short."""
    found: list[Named] = []
    taken = 0
    for start, end in candidates(text, spans):
        if taken & ((1 << end) - (1 << start)):
            continue
        named = _named(flat(text[start:end]), catalogue)
        if named is not None:
            found.append(Named(start=start, end=end, unit=named[0]))
            taken |= (1 << end) - (1 << start)
    found += _by_terms(terms, catalogue, taken)
    return tuple(sorted(found, key=lambda name: name.start))


def candidates(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches that may be a short name, the longest first."""
    runs = [found.span() for span in spans for found in HAN.finditer(text, *span)]
    for size in range(LONGEST_SHORT_NAME * 2, 1, -1):
        for start, end in runs:
            for at in range(start, end - size + 1):
                yield at, at + size


def _named(word: str, catalogue: Catalogue) -> tuple[Unit | None] | None:
    """The unit that `word` names; (None,) for the department itself; None for neither."""
    institutions = [flat(name) for name in catalogue.institutions]
    for unit in catalogue.units:
        if word == flat(unit.name):
            return (None,) if word in institutions else (unit,)
    if any(word == name or (len(word) > 3 and name.endswith(word)) for name in institutions):
        return (None,)
    scored = sorted(
        ((abbreviation(word, flat(unit.name)), unit) for unit in catalogue.units if not unit.whole),
        key=lambda pair: -pair[0],
    )
    for unit in catalogue.units:
        if not unit.whole and coined(word, unit, catalogue):
            return (unit,)
    department = max((abbreviation(word, name) for name in institutions), default=0)
    if not scored or scored[0][0] < LEAST_ABBREVIATION:
        return (None,) if department >= LEAST_ABBREVIATION else None
    rivals = [score for score, unit in scored[1:] if score >= scored[0][0] - 0.05]
    return None if rivals or department >= scored[0][0] else (scored[0][1],)


def abbreviation(word: str, name: str) -> float:
    """`abbreviates` for names of offices: the last character, which says what it is, is kept."""
    if len(word) < SHORTEST_NAME or word[-1:] != name[-1:]:
        return 0.0
    return abbreviates(word, name)


def coined(word: str, unit: Unit, catalogue: Catalogue) -> bool:
    """A short form without the office's last word (技服): first characters of the words that
    only this unit's name has, and no word of the index."""
    if len(word) != COINED or catalogue.holders.get(word):
        return False
    own = {letter for gram in distinct_grams(unit, catalogue) for letter in gram}
    return set(word) <= own and abbreviates(word, flat(unit.name)) >= LEAST_COINED


def _by_terms(terms: Sequence[Term], catalogue: Catalogue, taken: int) -> Iterator[Named]:
    """English: the terms' Chinese readings say most of what only one unit's name holds."""
    for unit in catalogue.units:
        own = distinct_grams(unit, catalogue)
        if not own or unit.whole:
            continue
        said: set[str] = set()
        spans: list[Term] = []
        for term in terms:
            hits = {gram for word, _ in term.words for gram in grams(flat(word))} & own
            if hits and not term.exact and not taken & ((1 << term.end) - (1 << term.start)):
                said |= hits
                spans.append(term)
        if spans and len(said) >= DISTINCT * len(own):
            start, end = min(t.start for t in spans), max(t.end for t in spans)
            whole = set(grams(flat(unit.name)))
            after = [
                term.end
                for term in terms
                if end <= term.start <= end + 1
                and any(set(grams(flat(word))) <= whole for word, _ in term.words)
            ]
            yield Named(start=start, end=max([end, *after]), unit=unit)


def distinct_grams(unit: Unit, catalogue: Catalogue) -> set[str]:
    """Grams of the unit's name that no other unit and no institution has."""
    others = {
        gram
        for other in (*(u.name for u in catalogue.units if u != unit), *catalogue.institutions)
        for gram in grams(flat(other))
    }
    return set(grams(flat(unit.name))) - others


def table_numbers(number: int, catalogue: Catalogue) -> tuple[str, ...]:
    """The tables of that number, however the document writes them (表八, 附表八)."""
    names = {f"表{numeral(number)}", f"附表{numeral(number)}"}
    return tuple(dict.fromkeys(t.number for t in catalogue.tables if t.number in names))
