"""Question → Query: mentions and names spotted, content weighed, scope and wish composed."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

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
    Range,
    Rank,
    TableRef,
    Threshold,
    UnitScope,
    Year,
)
from assistant.mention import Scope as ScopeWord
from assistant.normalize import Normalized
from assistant.query import Query
from assistant.scope import Named, Scope, names_in, table_numbers
from assistant.select import Want
from assistant.sound import sound_terms
from assistant.spot import leftover, spot
from assistant.vocabulary import Term, Vocabulary, chinese_terms

Span = tuple[int, int]

SHORTEST_PROTECTED = 3
"""Shorter labels (合计) stand in every question as ordinary words."""
CLAUSE_ENDS = ",。?!;"
TOTAL = re.compile(r"合计数?|总计|总额|总数|总和")
"""Beside a name these say only that the whole is meant, which a figure is anyhow."""
CURRENT = ("当年", "本年")
"""Relative years that are also words of heads (当年财政拨款安排)."""
MONEY_MEASURES = ("元", "yuan", "rmb", "million", "thousand", "billion")
LATIN_WORD = re.compile(r"[a-z]{3,}")
BETWEEN = re.compile(r"\s*(?:to|-|~|至|到|and)\s*")
FIRST_YEAR, LAST_YEAR = 1990, 2100
EXCLUDED_FRAME = re.compile(r"(?:两字|二字|三字|字样).*$|^的|的$")
SETS = ("project", "item", "indicator", "unit")
NEAR = 4
"""Characters between a set noun and its list or count word: 项目一共有几个."""
TARGETS = (OperationName.MINIMUM, OperationName.MAXIMUM)
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")


@cache
def nouns() -> dict[str, frozenset[str]]:
    with open(Path(__file__).parent / "lexicons" / "nouns.toml", "rb") as file:
        return {name: frozenset(words) for name, words in tomllib.load(file).items()}


def understand(question: Normalized, catalogue: Catalogue, vocabulary: Vocabulary) -> Query:
    """Read one question by itself."""
    text = question.text
    protected = [s for s in catalogue.strings if len(s) >= SHORTEST_PROTECTED and s in text]
    mentions = spot(question, protected)
    spans = with_known_numbers(leftover(question, mentions), mentions, catalogue)
    terms = terms_of(text, spans, vocabulary, question.language)
    out = excluded_spans(text, spans, mentions)
    named = tuple(
        name
        for name in names_in(text, spans, catalogue, terms)
        if not any(start <= name.start and name.end <= end for start, end in out)
    )
    codes, unit_codes = split_codes(mentions, catalogue)
    noun, empty = set_noun(text, spans, mentions, terms)
    totals = [
        found.span()
        for span in spans
        for found in TOTAL.finditer(text, *span)
        if found.group() in ("合计", "总计")
        or not catalogue.holding(text[max(0, found.start() - 2) : found.end()])
    ]
    out_loud = included_spans(text, spans)
    silent = [*empty, *out, *out_loud, *totals, *((name.start, name.end) for name in named)]
    content = silence(content_of(text, spans, catalogue, terms), silent)
    scope, year = scope_of(mentions, named, codes, unit_codes, catalogue)
    return Query(
        question=question,
        mentions=mentions,
        content=content,
        spans=spans,
        claims=claims_of(mentions),
        scope=scope,
        want=want_of(mentions, text),
        operations=operations_of(mentions),
        output_unit=next((m.value.unit for m in mentions if isinstance(m.value, OutputUnit)), ""),
        limit=limit_of(mentions, text),
        rank=next((m.value for m in mentions if isinstance(m.value, Rank)), None),
        noun=noun,
        last_year=year == -1 or any(is_last_value(m) for m in mentions),
        other_year=year if year not in (None, -1) else None,
        years=max((m.value.years for m in mentions if isinstance(m.value, Year)), default=1),
        chats=tuple(m.value.name for m in mentions if isinstance(m.value, Chat)),
        asks_figure=any(asks_figure(m) for m in mentions),
        excluded=tuple(flat(EXCLUDED_FRAME.sub("", text[start:end])) for start, end in out),
        asks_what=any(
            isinstance(m.value, Filler) and m.value.name is FillerName.QUESTION for m in mentions
        ),
        undisclosed=asks_undisclosed(text, catalogue),
        explanation=tuple(explain(mentions, named, terms, content)),
    )


def asks_undisclosed(text: str, catalogue: Catalogue) -> bool:
    """A matter that budgets do not tell, unless this one prints the word."""
    groups = ["undisclosed", "persons"]
    if "final" not in catalogue.accounts:
        groups.append("executed")
    said = [word for group in groups for word in nouns()[group] if word in text]
    return any(not catalogue.holding(flat(word)) for word in said)


def operations_of(mentions: Sequence[Mention]) -> tuple[OperationName, ...]:
    """The operations said; "total" before a noun is its name, no wish to add up."""
    return tuple(
        m.value.name
        for m in mentions
        if isinstance(m.value, Operation)
        and not (m.value.name is OperationName.SUM and m.text in ("total", "totals", "overall"))
    )


def measure_of(mentions: Sequence[Mention], counts: Sequence[Operation], text: str) -> str:
    """The measure word; of 几个人 the people."""
    if not counts:
        return ""
    mention = next(m for m in mentions if m.value == counts[0])
    return "人" if text[mention.end : mention.end + 1] == "人" else flat(counts[0].measure)


def spanned(mentions: Sequence[Mention], text: str) -> Range | None:
    """200万 to 300万: two amounts with a word of range between them."""
    amounts = [m for m in mentions if isinstance(m.value, Amount) and m.value.unit]
    if len(amounts) != 2 or not BETWEEN.fullmatch(text[amounts[0].end : amounts[1].start]):
        return None
    low, high = (m.value for m in amounts)
    assert isinstance(low, Amount) and isinstance(high, Amount)
    return Range(low=low, high=high) if low.value < high.value else None


def is_year(limit: Threshold | Range) -> bool:
    """over 2022 is a year, no limit."""
    if isinstance(limit, Range):
        return False
    return not limit.amount.unit and FIRST_YEAR <= limit.amount.value <= LAST_YEAR


def is_verified(mentions: Sequence[Mention]) -> bool:
    """The figures in the question are claims, no help to find what is meant."""
    return any(
        (isinstance(m.value, Operation) and m.value.name is OperationName.VERIFY)
        or (isinstance(m.value, Filler) and m.value.name is FillerName.YESNO)
        for m in mentions
    )


def claims_of(mentions: Sequence[Mention]) -> tuple[tuple[str, str], ...]:
    if not is_verified(mentions):
        return ()
    amounts = [m.value for m in mentions if isinstance(m.value, Amount)]
    return tuple((format(a.value, "f"), a.unit) for a in amounts if not a.about)


def limit_of(mentions: Sequence[Mention], text: str) -> Threshold | Range | None:
    """The limit; 含 beside its figure closes it; 正好 or 等于 a figure is a limit as well."""
    limits = (m.value for m in mentions if isinstance(m.value, Threshold | Range))
    found = next((limit for limit in limits if not is_year(limit)), None)
    if isinstance(found, Threshold) and any(word in text for word in ("含", "inclusive")):
        return replace(found, op={"<": "≤", ">": "≥"}.get(found.op, found.op))
    if found is None and (span := spanned(mentions, text)) is not None:
        return span
    if found is None and any(word in text for word in ("正好", "刚好", "恰好", "exactly")):
        amount = next((m.value for m in mentions if isinstance(m.value, Amount)), None)
        return Threshold(op="=", amount=amount) if amount else None
    return found


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


def set_noun(
    text: str, spans: Sequence[Span], mentions: Sequence[Mention], terms: Sequence[Term]
) -> tuple[str, list[Span]]:
    """The noun of the set asked for, and the spans that only say so (or say nothing)."""
    noun, empty = "", vacant_words(text, spans, terms)
    for start, end in spans:
        word = text[start:end].strip()
        if word in nouns()["vacant"]:
            empty.append((start, end))
            continue
        for name in SETS:
            for kind_word in nouns()[name]:
                found = noun_at_edge(word, kind_word)
                if found is not None and is_set_beside(start + found[0], start + found[1], mentions):
                    empty.append((start + found[0], start + found[1]))
                    noun = noun or name
                    break
    return noun, empty


def vacant_words(text: str, spans: Sequence[Span], terms: Sequence[Term]) -> list[Span]:
    """English words inside the spans that say only "figure"; not those of a longer term."""
    phrases = [(t.start, t.end) for t in terms if " " in text[t.start : t.end]]
    return [
        found.span()
        for start, end in spans
        for found in re.finditer(r"[a-z]+", text[:end], 0)
        if found.start() >= start
        and found.group() in nouns()["vacant"]
        and not any(s <= found.start() < e for s, e in phrases)
    ]


def noun_at_edge(word: str, noun: str) -> Span | None:
    """Where the noun opens or closes the stretch, as a word of its own."""
    if word == noun:
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


def year_of(mentions: Sequence[Mention], catalogue: Catalogue) -> int | None:
    """None: a document's own year or none said; -1: the year before; else a year not here."""
    years = [m.value for m in mentions if isinstance(m.value, Year)]
    own = {year for year in catalogue.years if year is not None}
    for year in years:
        if year.offset is not None:
            if year.offset == 0 or year.years > 1:
                continue
            if year.offset == -1:
                return -1
            return max(own, default=0) + year.offset
        if year.year in own:
            continue
        return -1 if year.year is not None and year.year + 1 in own else year.year
    return None


def want_of(mentions: Sequence[Mention], text: str) -> Want:
    operations = {m.value.name for m in mentions if isinstance(m.value, Operation)}
    counted = [m.value for m in mentions if isinstance(m.value, Operation) and m.value.measure]
    counts = [c for c in counted if not any(word in c.measure for word in MONEY_MEASURES)]
    said = [m.text for m in mentions if isinstance(m.value, OutputUnit)]
    budgeted = any(word in text for word in nouns()["moneyish"])
    money = any(word in part for part in (text, *said) for word in nouns()["money_only"])
    money = money or len(counts) < len(counted)
    money = money or (bool(said) and budgeted)
    money = money or (OperationName.SUM in operations and not counts)
    target = bool(operations & set(TARGETS)) or any(w in text for w in nouns()["targeted"])
    amounts = tuple(
        (format(m.value.value, "f"), m.value.unit)
        for m in mentions
        if isinstance(m.value, Amount)
        and not m.value.about
        and not is_verified(mentions)
    )
    return Want(
        money=money and not target and not counts and OperationName.PER not in operations,
        moneyish=budgeted or bool(said),
        target=target,
        measure=measure_of(mentions, counts, text),
        prose=any(word in text for word in nouns()["prose"]),
        change=bool(operations & {OperationName.CHANGE}),
        share=OperationName.SHARE in operations,
        weight=any(word in text for word in ("权重", "weight of", "weighting")),
        amounts=amounts,
    )


def echoed(amount: tuple[str, str], value: Decimal) -> bool:
    return Decimal(amount[0]) == value


def explain(
    mentions: Sequence[Mention],
    named: Sequence[Named],
    terms: Sequence[Term],
    content: Content,
) -> Iterable[str]:
    for mention in mentions:
        if not isinstance(mention.value, Filler):
            yield f"mention {mention.kind.value}: {mention.text!r} → {mention.value} [{mention.rule}]"
    for name in named:
        who = name.unit.name if name.unit else "the department"
        yield f"name: {content.text[name.start:name.end]!r} → {who}"
    for term in terms:
        words = "|".join(word for word, _ in term.words[:5])
        yield f"term {term.source}: {content.text[term.start:term.end]!r} → {words}"
    yield "content: " + " ".join(
        f"{word}" for word in content.words(content.everything)
    )
