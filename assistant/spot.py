"""Question → mentions that do not overlap, the content left over, and its single questions."""

import re
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from assistant.lexicon import Rule, lexicon
from assistant.mention import (
    Amount,
    Chat,
    ChatName,
    Code,
    Filler,
    FillerName,
    Mention,
    MentionKind,
    Operation,
    OperationName,
    OutputUnit,
    Payload,
    Range,
    Rank,
    Scope,
    TableRef,
    Threshold,
    UnitScope,
    Year,
)
from assistant.normalize import Normalized, normalize
from assistant.numerals import read_amount, read_number, read_ordinal

Span = tuple[int, int]

PRIORITY = (
    MentionKind.RANGE,
    MentionKind.THRESHOLD,
    MentionKind.RANK,
    MentionKind.OUTPUT_UNIT,
    MentionKind.TABLE,
    MentionKind.CODE,
    MentionKind.YEAR,
    MentionKind.OPERATION,
    MentionKind.SCOPE,
    MentionKind.AMOUNT,
    MentionKind.CHAT,
)
"""Which kind keeps a span that two kinds read at equal length: the more specific one."""

CLAUSE = "clause"
"""The kind of rule that reads a whole clause as talk (an injected instruction): before all else."""

CLAUSES = (CLAUSE,)

TERM = "term"
"""The kind of lexicon rule that protects a budget term instead of mentioning something."""

SHORT_TERM = 2
"""A protected term this short gives way where a longer mention only overlaps it: 个人 in 几个人."""

MINGUO = 1911
"""民国 years count from 1912 = 1."""

ENDS = " \n,.。?!;:、\"'()[]<>《》-~·…/*#|&+=_"
"""Trimmed from the ends of what is left over."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate: a mention, or a protected span (mention None)."""

    start: int
    end: int
    mention: Mention | None
    rule: Rule | None = None
    pattern: re.Pattern[str] | None = None
    firm: bool = False
    """A term that also takes the place of a mention of its own length."""

    @property
    def size(self) -> int:
        return self.end - self.start


# --- value of a span, by kind ----------------------------------------------------------------


def _groups(found: re.Match[str]) -> dict[str, str]:
    """The groups that matched."""
    return {name: said for name, said in found.groupdict().items() if said}


def _year(found: re.Match[str], rule: Rule) -> Year | None:
    text = found.group()
    if rule.value == "several":
        return Year(offset=0, years=int(read_number(_groups(found).get("years", "2")) or 2))
    if re.fullmatch(r"-?\d", rule.value):
        return Year(offset=int(rule.value))
    if rule.value == "chinese":
        number = read_number(re.sub("年度?", "", text).replace("〇", "零"))
        return None if number is None else Year(year=int(number))
    digits = re.search(r"\d+", text)
    if not digits:
        return None
    shift = {"short": 2000, "minguo": MINGUO}.get(rule.value, 0)
    return Year(year=int(digits.group()) + shift)


def _year_in(text: str) -> Year | None:
    """The year that the whole of `text` says."""
    for rule, pattern in _ways(MentionKind.YEAR):
        if (found := pattern.fullmatch(text)) and (year := _year(found, rule)):
            return year
    return None


def _code(found: re.Match[str], rule: Rule) -> Code:
    return Code(digits=re.sub(r"\D", "", _groups(found)["digits"]))


def _table(found: re.Match[str], rule: Rule) -> TableRef | None:
    groups = _groups(found)
    number = read_number(groups["number"])
    part = int(groups["part"]) if "part" in groups else None
    return TableRef(number=int(number), part=part) if number else None


def _amount(found: re.Match[str], rule: Rule) -> Amount | None:
    return read_amount(found.group())


def _threshold(found: re.Match[str], rule: Rule) -> Threshold | None:
    amount = read_amount(_groups(found)["amount"])
    return Threshold(op=rule.value, amount=amount) if amount else None


def _range(found: re.Match[str], rule: Rule) -> Range | None:
    groups = _groups(found)
    low, high = read_amount(groups["low"]), read_amount(groups["high"])
    if not low or not high or _year_in(groups["low"]):
        return None
    low = _like(low, high, groups["high"])
    is_open = rule.value == "open"
    if low.value >= high.value:
        return None
    return Range(low=low, high=high, low_open=is_open, high_open=is_open)


def _like(low: Amount, high: Amount, said: str) -> Amount:
    """100到200万, between 1 and 2 million: the first amount has the second one's scale."""
    if low.unit:
        return low
    digits = re.search(r"[\d.,]*\d", said)
    plain = Decimal(digits.group().replace(",", "")) if digits else None
    factor = high.value / plain if plain else Decimal(1)
    value = low.value * factor if low.value * factor <= high.value else low.value
    return replace(low, value=value, unit=high.unit, implied=high.implied)


def _output_unit(found: re.Match[str], rule: Rule) -> OutputUnit | None:
    unit = lexicon().maps["output_unit"].get(_groups(found)["unit"])
    return OutputUnit(unit=unit) if unit else None


def _rank(found: re.Match[str], rule: Rule) -> Rank | None:
    groups = _groups(found)
    if "n" in groups:
        first, last = 1, read_ordinal(groups["n"])
    else:
        first = read_ordinal(groups.get("first", "1")) or 0
        last = read_ordinal(groups["last"]) if "last" in groups else first
    if not last or not 1 <= first <= last:
        return None
    return Rank(order=rule.value, first=first, last=last)


def _operation(found: re.Match[str], rule: Rule) -> Operation:
    groups = _groups(found)
    base = _year_in(groups["base"]) if "base" in groups else None
    if base is None and rule.name.startswith("change: 同比") and "同比" in found.group():
        base = Year(offset=-1)
    measure = groups.get("measure") or groups.get("word") or ""
    return Operation(name=OperationName(rule.value), base=base, measure=measure)


READERS: dict[MentionKind, Callable[[re.Match[str], Rule], Payload | None]] = {
    MentionKind.YEAR: _year,
    MentionKind.CODE: _code,
    MentionKind.TABLE: _table,
    MentionKind.AMOUNT: _amount,
    MentionKind.THRESHOLD: _threshold,
    MentionKind.RANGE: _range,
    MentionKind.OUTPUT_UNIT: _output_unit,
    MentionKind.RANK: _rank,
    MentionKind.OPERATION: _operation,
    MentionKind.SCOPE: lambda found, rule: Scope(name=UnitScope(rule.value)),
    MentionKind.CHAT: lambda found, rule: Chat(name=ChatName(rule.value)),
    MentionKind.FILLER: lambda found, rule: Filler(name=FillerName(rule.value)),
}


# --- spans -----------------------------------------------------------------------------------


def spot(question: Normalized, protected: Iterable[str] = ()) -> tuple[Mention, ...]:
    """All that is unmistakable in the question, in order, without overlaps.

    `protected`: the index's own words (labels, columns); a mention that lies inside one of them
    in the question gives way, and so does one that cuts into it. A span of equal length is
    still mentioned (合计), for the caller to weigh.
    """
    text = question.text
    terms = [*_terms(text), *_protected(text, protected)]
    taken: list[_Found] = []
    for kinds in (CLAUSES, PRIORITY, (MentionKind.FILLER,)):
        found = [one for kind in kinds for one in _candidates(text, kind)]
        _settle(text, found, () if kinds is CLAUSES else terms, taken)
    return tuple(one.mention for one in sorted(taken, key=lambda one: one.start) if one.mention)


@cache
def _ways(kind: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The patterns of a kind, each with its rule."""
    rules = (rule for rule in lexicon().rules if rule.kind == kind)
    return tuple((rule, pattern) for rule in rules for pattern in rule.patterns)


def _candidates(text: str, kind: str) -> Iterator[_Found]:
    for rule, pattern in _ways(kind):
        for found in pattern.finditer(text):
            if mention := _mention(found, rule):
                yield _Found(mention.start, mention.end, mention, rule, pattern)


def _mention(found: re.Match[str], rule: Rule) -> Mention | None:
    """The match as a mention, without the white space at its ends; None if it has no value."""
    said = found.group()
    start = found.start() + len(said) - len(said.lstrip())
    kind = MentionKind.CHAT if rule.kind == CLAUSE else MentionKind(rule.kind)
    if not said.strip() or not (value := READERS[kind](found, rule)):
        return None
    return Mention(
        kind=kind,
        start=start,
        end=start + len(said.strip()),
        text=said.strip(),
        value=value,
        rule=rule.name,
    )


def _terms(text: str) -> Iterator[_Found]:
    """Terms true of any budget."""
    for _, pattern in _ways(TERM):
        for found in pattern.finditer(text):
            yield _Found(found.start(), found.end(), None, firm=True)


def _protected(text: str, terms: Iterable[str]) -> Iterator[_Found]:
    for term in terms:
        at = text.find(term) if len(term) >= SHORT_TERM else -1
        while at >= 0:
            yield _Found(at, at + len(term), None)
            at = text.find(term, at + 1)


def _settle(
    text: str, found: Iterable[_Found], terms: Sequence[_Found], taken: list[_Found]
) -> None:
    """Takes candidates, longest first. One that a term or a taken mention cuts is read again
    from what stands before the cut."""
    queue = sorted(found, key=_order)
    while queue:
        one = queue.pop(0)
        cut = next((other for other in taken if _overlap(one, other)), None)
        cut = cut or next((term for term in terms if _cuts(term, one)), None)
        if cut is None:
            taken.append(one)
        elif shorter := _again(text, one, cut):
            insort(queue, shorter, key=_order)


def _order(one: _Found) -> tuple[int, int, int]:
    kind = one.mention.kind if one.mention else MentionKind.FILLER
    return (-one.size, PRIORITY.index(kind) if kind in PRIORITY else 0, one.start)


def _overlap(one: _Found, other: _Found) -> bool:
    return one.start < other.end and other.start < one.end


def _cuts(term: _Found, one: _Found) -> bool:
    """Whether the term takes the mention's place: it holds it, or begins or ends inside it."""
    if not _overlap(term, one):
        return False
    if (term.start, term.end) == (one.start, one.end):
        return term.firm
    if one.start <= term.start and term.end <= one.end:
        return False
    inside = term.start <= one.start and one.end <= term.end
    return inside or term.size > SHORT_TERM or term.size > one.size


def _again(text: str, one: _Found, cut: _Found) -> _Found | None:
    """The mention read from what the cut leaves of it: 2023 of 2023年度总体目标, 多少 of 一共多少."""
    if one.rule is None or one.pattern is None:
        return None
    if one.start < cut.start:
        found = one.pattern.match(text, one.start, cut.start)
    else:
        found = one.pattern.match(text, cut.end, one.end) if cut.end < one.end else None
    mention = _mention(found, one.rule) if found else None
    return replace(one, start=mention.start, end=mention.end, mention=mention) if mention else None


def _gaps(size: int, taken: Iterable[Span]) -> Iterator[Span]:
    at = 0
    for start, end in sorted(taken):
        if at < start:
            yield at, start
        at = max(at, end)
    if at < size:
        yield at, size


def leftover(question: Normalized, mentions: Iterable[Mention]) -> tuple[Span, ...]:
    """The spans of content: what no mention covers, cut at the marks of a sentence, trimmed.

    A bare number stays outside it; `mentions` hold it as an AMOUNT without unit.
    """
    spans = _gaps(len(question.text), ((mention.start, mention.end) for mention in mentions))
    return tuple(span for gap in spans for span in _content(question.text, gap))


def _content(text: str, gap: Span) -> Iterator[Span]:
    for found in re.finditer(r"[^,。?!;:、\n]+", text[gap[0] : gap[1]]):
        start, end = gap[0] + found.start(), gap[0] + found.end()
        while start < end and text[start] in ENDS:
            start += 1
        while start < end and text[end - 1] in ENDS:
            end -= 1
        if start < end:
            yield start, end


# --- several questions in one ----------------------------------------------------------------

QUANTITIES = {OperationName.COUNT, OperationName.SHARE, OperationName.RATIO}
MODIFIERS = {
    OperationName.EXCLUDE,
    OperationName.MINIMUM,
    OperationName.MAXIMUM,
    OperationName.PER,
    OperationName.SUM,
    OperationName.AVERAGE,
}
"""These alone ask nothing."""
TOGETHER = {
    OperationName.SPLIT,
    OperationName.COMPARE,
    OperationName.DIFFERENCE,
    OperationName.VERIFY,
}
"""Operations whose members may stand in clauses of their own: no division at commas."""


def split_questions(question: Normalized, protected: Iterable[str] = ()) -> tuple[Span, ...]:
    """The single questions, in order; one span where in doubt.

    Divided after ?。!; and line breaks where both sides ask and have content, and after commas
    where both sides ask for a quantity.
    """
    text = question.text
    mentions = spot(question, protected)
    content = leftover(question, mentions)
    sentences = _divide(
        text, (0, len(text)), r"[^?。!;\n]+[?。!;\n]*", lambda s: _whole(s, mentions, content, _asks)
    )
    parts = [
        clause
        for sentence in sentences
        for clause in (
            (sentence,)
            if _compares(sentence, mentions)
            else _divide(
                text,
                sentence,
                r"[^,、]+[,、]*",
                lambda s: _whole(s, mentions, content, _asks_quantity),
            )
        )
    ]
    return tuple(_trim(text, part) for part in parts) if text else ()


def _inside(span: Span, mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if span[0] <= mention.start and mention.end <= span[1]]


def _compares(sentence: Span, mentions: Sequence[Mention]) -> bool:
    values = [mention.value for mention in _inside(sentence, mentions)]
    return any(isinstance(value, Operation) and value.name in TOGETHER for value in values)


def _divide(text: str, source: Span, mark: str, is_question: Callable[[Span], bool]) -> list[Span]:
    """Pieces joined until they are a question; a rest that is none joins the one before."""
    groups: list[Span] = []
    start = source[0]
    for found in re.finditer(mark, text[source[0] : source[1]]):
        end = source[0] + found.end()
        if is_question((start, end)):
            groups.append((start, end))
            start = end
    if not groups:
        return [source]
    return [*groups[:-1], (groups[-1][0], source[1])]


def _whole(
    span: Span,
    mentions: Sequence[Mention],
    content: Sequence[Span],
    ask: Callable[[Mention], bool],
) -> bool:
    inside = _inside(span, mentions)
    if not any(map(ask, inside)) or (span[0] > 0 and _goes_on(inside)):
        return False
    return any(span[0] <= start and end <= span[1] for start, end in content)


def _goes_on(inside: Sequence[Mention]) -> bool:
    """各几台, 都是啥车型: of what was named before."""
    first = inside[0].value
    return isinstance(first, Operation) and first.name is OperationName.LIST


def _asks(mention: Mention) -> bool:
    if isinstance(mention.value, Filler):
        return mention.value.name in (FillerName.QUANTITY, FillerName.QUESTION, FillerName.YESNO)
    return isinstance(mention.value, Operation) and mention.value.name not in MODIFIERS


def _asks_quantity(mention: Mention) -> bool:
    value = mention.value
    if isinstance(value, Filler):
        return value.name is FillerName.QUANTITY
    return isinstance(value, Operation) and value.name in QUANTITIES


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in " \n,、;":
        start += 1
    while start < end and text[end - 1] in " \n,、;":
        end -= 1
    return start, end


def read(typed: str, protected: Iterable[str] = ()) -> tuple[Normalized, tuple[Mention, ...]]:
    """Normalise and spot in one call."""
    question = normalize(typed)
    return question, spot(question, protected)
