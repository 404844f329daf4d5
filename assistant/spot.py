"""Question → mentions that do not overlap, and the spans of content left over."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.lexicon import Rule, ways
from assistant.mention import Mention, MentionKind
from assistant.normalize import Normalized, normalize
from assistant.production import READERS

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

LATIN = re.compile("[a-z]")

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


def _candidates(text: str, kind: str) -> Iterator[_Found]:
    for rule, pattern in ways(kind, bool(LATIN.search(text))):
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
    for _, pattern in ways(TERM):
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
    """The mention in what the cut leaves: 2023 of 2023年度总体目标, 多少 of 一共多少."""
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


def read(typed: str, protected: Iterable[str] = ()) -> tuple[Normalized, tuple[Mention, ...]]:
    """Normalise and spot in one call."""
    question = normalize(typed)
    return question, spot(question, protected)
