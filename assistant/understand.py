"""Question → Query: mentions and names spotted, content weighed, scope and wish composed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypedDict

from assistant.catalogue import HAN, Catalogue, flat
from assistant.content import Content, content_of
from assistant.gloss import english_terms
from assistant.mention import (
    Amount,
    Chat,
    Code,
    Filler,
    FillerName,
    Mention,
    Operation,
    OperationName,
    OutputUnit,
    TableRef,
    UnitScope,
    Year,
)
from assistant.mention import Scope as ScopeWord
from assistant.normalize import Normalized
from assistant.nouns import nouns
from assistant.query import Query
from assistant.scope import Named, Scope, names_in, table_numbers
from assistant.select import Want
from assistant.sound import sound_terms
from assistant.spot import leftover, spot
from assistant.stretches import (
    EXCLUDED_FRAME,
    excluded_spans,
    included_spans,
    set_noun,
    with_known_numbers,
)
from assistant.vocabulary import Term, Vocabulary, chinese_terms
from assistant.wish import (
    account_spans,
    claims_of,
    limit_of,
    operations_of,
    people_counted,
    rank_of,
    want_of,
)
from index.classification import kind_of, name_of

Span = tuple[int, int]

SHORTEST_PROTECTED = 3
"""Shorter labels (合计) stand in every question as ordinary words."""
TOTAL = re.compile(r"合计数?|总计|总额|总数|总和")
"""Beside a name these say only that the whole is meant, which a figure is anyhow."""
LATIN_WORD = re.compile(r"[a-z]{3,}")
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")


def understand(
    question: Normalized,
    catalogue: Catalogue,
    vocabulary: Vocabulary,
    said: Sequence[Span] = (),
) -> Query:
    """Read one question by itself. `said`: stretches that name the document and nothing else."""
    text = question.text
    mentions = spot(question, protected_in(text, catalogue, said))
    spans = with_known_numbers(leftover(question, mentions), mentions, catalogue)
    spans = tuple(part for span in spans for part in outside(span, said))
    terms = terms_of(text, spans, vocabulary, question.language)
    out = excluded_spans(text, spans, mentions)
    named = tuple(
        name
        for name in names_in(text, spans, catalogue, terms)
        if not any(start <= name.start and name.end <= end for start, end in (*out, *said))
    )
    codes, unit_codes = split_codes(mentions, catalogue)
    codes = codes or bare_class(mentions, spans)
    noun, empty = set_noun(text, spans, mentions, terms)
    silent = [
        *people_counted(text),
        *account_spans(text),
        *empty,
        *out,
        *said,
        *included_spans(text, spans),
    ]
    silent += [*vacant_totals(text, spans, catalogue), *((n.start, n.end) for n in named)]
    content = silence(content_of(text, spans, catalogue, terms), silent)
    scope, year = scope_of(mentions, named, codes, unit_codes, catalogue)
    want = replace(want_of(mentions, text), **year_wanted(mentions, year, catalogue))
    return Query(
        question=question,
        mentions=mentions,
        said=tuple(said),
        content=content,
        spans=spans,
        claims=claims_of(mentions),
        scope=scope,
        want=want,
        operations=without_weighing(operations_of(mentions), want),
        output_unit=next((m.value.unit for m in mentions if isinstance(m.value, OutputUnit)), ""),
        limit=limit_of(mentions, text),
        rank=rank_of(mentions),
        noun=noun,
        last_year=year == -1 or any(is_last_value(m) for m in mentions),
        other_year=year if year not in (None, -1) else None,
        years=max((m.value.years for m in mentions if isinstance(m.value, Year)), default=1),
        chats=tuple(m.value.name for m in mentions if isinstance(m.value, Chat)),
        asks_figure=any(asks_figure(m) for m in mentions),
        excluded=tuple(flat(EXCLUDED_FRAME.sub("", text[start:end])) for start, end in out),
        asks_what=any(asks_what(m) for m in mentions),
        undisclosed=asks_undisclosed(text, catalogue),
        explanation=tuple(explain(mentions, named, terms, content)),
    )


def protected_in(text: str, catalogue: Catalogue, said: Sequence[Span] = ()) -> list[str]:
    """The index's own words in the question, and those that name the document."""
    own = [s for s in catalogue.strings if len(s) >= SHORTEST_PROTECTED and s in text]
    return own + [text[start:end] for start, end in said]


def vacant_totals(text: str, spans: Sequence[Span], catalogue: Catalogue) -> list[Span]:
    return [
        found.span()
        for span in spans
        for found in TOTAL.finditer(text, *span)
        if found.group() in ("合计", "总计")
        or not catalogue.holding(text[max(0, found.start() - 2) : found.end()])
    ]


def without_weighing(operations: Sequence[OperationName], want: Want) -> tuple[OperationName, ...]:
    """占多少权重 asks of the weight itself."""
    return tuple(op for op in operations if not (want.weight and op is OperationName.SHARE))


def asks_what(mention: Mention) -> bool:
    value = mention.value
    return isinstance(value, Filler) and value.name is FillerName.QUESTION


def asks_undisclosed(text: str, catalogue: Catalogue) -> bool:
    """A matter that budgets do not tell, unless this one prints the word."""
    groups = ["undisclosed", "persons"]
    if "final" not in catalogue.accounts:
        groups.append("executed")
    said = [word for group in groups for word in nouns()[group] if word in text]
    return any(not catalogue.holding(flat(word)) for word in said)


def is_last_value(mention: Mention) -> bool:
    value = mention.value
    return isinstance(value, Operation) and value.name is OperationName.LAST_VALUE


def asks_figure(mention: Mention) -> bool:
    value = mention.value
    if isinstance(value, Filler):
        return value.name is FillerName.QUANTITY
    if isinstance(value, Operation):
        return value.name in (OperationName.COUNT, OperationName.SHARE, OperationName.RATIO)
    return isinstance(value, OutputUnit)


def terms_of(
    text: str, spans: Sequence[Span], vocabulary: Vocabulary, language: str
) -> tuple[Term, ...]:
    """What stretches of the content may stand for: glosses, synonyms, slips of sound."""
    found: list[Term] = list(chinese_terms(text, vocabulary)) if HAN.search(text) else []
    if language == "en" or LATIN_WORD.search(text):
        found += english_terms(text, vocabulary)
    if language != "en" and HAN.search(text):
        found += sound_terms(text, vocabulary)
    inside = [term for term in found if any(s < term.end and term.start < e for s, e in spans)]
    return tuple(sorted(inside, key=lambda term: (term.start, term.end)))


def split_codes(
    mentions: Sequence[Mention], catalogue: Catalogue
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Class codes and unit codes."""
    units = {unit.code for unit in catalogue.units if unit.code}
    codes = [m.value.digits for m in mentions if isinstance(m.value, Code)]
    return (
        tuple(code for code in codes if code not in units),
        tuple(code for code in codes if code in units),
    )


def bare_class(mentions: Sequence[Mention], spans: Sequence[Span]) -> tuple[str, ...]:
    """205是多少: a number that is the code of a class, where nothing else is asked."""
    numbers = [m.value.value for m in mentions if isinstance(m.value, Amount) and not m.value.unit]
    codes = [code for number in numbers if kind_of(code := format(number, "f"))]
    return tuple(code for code in codes if name_of(code)) if not spans else ()


def outside(span: Span, taken: Sequence[Span]) -> Iterable[Span]:
    """What of a stretch lies outside of others."""
    start, end = span
    for first, last in sorted(taken):
        if first < end and start < last:
            if start < first:
                yield start, first
            start = last
    if start < end:
        yield start, end


def silence(content: Content, spans: Iterable[Span]) -> Content:
    """Content whose weight is 0 inside the spans: they are explained already."""
    weights = list(content.weights)
    for start, end in spans:
        weights[start:end] = [0.0] * (end - start)
    return Content(text=content.text, weights=tuple(weights), keys=content.keys)


def scope_of(
    mentions: Sequence[Mention],
    named: Sequence[Named],
    codes: tuple[str, ...],
    unit_codes: tuple[str, ...],
    catalogue: Catalogue,
) -> tuple[Scope, int | None]:
    """The scope, and the year asked for if it is not the documents' (-1: the one before)."""
    words = [
        m.value.name
        for at, m in enumerate(mentions)
        if isinstance(m.value, ScopeWord) and not is_left_out(m, mentions[:at])
    ]
    units = [name.unit for name in named if name.unit is not None]
    units += [unit for unit in catalogue.units if unit.code in unit_codes and not unit.whole]
    whole = UnitScope.WHOLE in words or any(
        unit.whole and unit.code in unit_codes for unit in catalogue.units
    )
    if UnitScope.OWN in words:
        units += [unit for unit in catalogue.units if unit.own]
    if UnitScope.SUBORDINATE in words and not any(not unit.own for unit in units):
        units += [unit for unit in catalogue.units if not unit.own and not unit.whole]
    tables = tuple(
        number
        for m in mentions
        if isinstance(m.value, TableRef)
        for number in table_numbers(m.value.number, catalogue) or (f"表{m.value.number}",)
    )
    scope = Scope(
        units=tuple(dict.fromkeys(units)),
        each=UnitScope.EACH in words,
        whole=whole and not units,
        whole_said=whole,
        tables=tables,
        codes=codes,
    )
    return scope, year_of(mentions, catalogue)


def is_left_out(mention: Mention, before: Sequence[Mention]) -> bool:
    """别给本级的: the scope right behind a word that leaves out."""
    last = before[-1] if before else None
    return (
        last is not None
        and mention.start - last.end <= 1
        and isinstance(last.value, Operation)
        and last.value.name is OperationName.EXCLUDE
    )


class YearWanted(TypedDict):
    year: int | None
    dated: bool


def year_wanted(mentions: Sequence[Mention], asked: int | None, catalogue: Catalogue) -> YearWanted:
    """The document's own year, unless another is asked for, and whether it is said."""
    own = {year for year in catalogue.years if year is not None}
    said = any(isinstance(m.value, Year) for m in mentions)
    year = next(iter(own)) if len(own) == 1 and asked is None else None
    return YearWanted(year=year, dated=said)


def base_year(mention: Mention) -> Year | None:
    """The year that 2020年是多少 or 比2020年 names, unless it is the one before."""
    value = mention.value
    return value.base if isinstance(value, Operation) else None


def year_of(mentions: Sequence[Mention], catalogue: Catalogue) -> int | None:
    """None: a document's own year or none said; -1: the year before; else a year not here."""
    own = {year for year in catalogue.years if year is not None}
    said = [year_said(m.value, own) for m in mentions if isinstance(m.value, Year)]
    bases = [year_said(base, own) for m in mentions if (base := base_year(m)) is not None]
    found = [*said, *(year for year in bases if year != -1)]
    return next((year for year in found if year is not None), None)


def year_said(year: Year, own: set[int]) -> int | None:
    """As `year_of`, of one year."""
    if year.offset is not None:
        if year.offset == 0 or year.years > 1:
            return None
        return -1 if year.offset == -1 else max(own, default=0) + year.offset
    if year.year is None or year.year in own:
        return None
    return -1 if year.year + 1 in own else year.year


def explain(
    mentions: Sequence[Mention],
    named: Sequence[Named],
    terms: Sequence[Term],
    content: Content,
) -> Iterable[str]:
    for mention in mentions:
        if not isinstance(mention.value, Filler):
            said = f"{mention.text!r} → {mention.value} [{mention.rule}]"
            yield f"mention {mention.kind.value}: {said}"
    for name in named:
        who = name.unit.name if name.unit else "the department"
        yield f"name: {content.text[name.start : name.end]!r} → {who}"
    for term in terms:
        words = "|".join(word for word, _ in term.words[:5])
        yield f"term {term.source}: {content.text[term.start : term.end]!r} → {words}"
    yield "content: " + " ".join(f"{word}" for word in content.words(content.everything))
