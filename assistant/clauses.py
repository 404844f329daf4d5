"""Two or three questions in one message → the span of each."""

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.mention import Filler, FillerName, Mention, Operation, OperationName
from assistant.normalize import Normalized
from assistant.spot import Span, leftover, spot

SENTENCE = r"[^?。!;\n]+[?。!;\n]*"

CLAUSE = r"[^,、]+[,、]*"

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
        text,
        (0, len(text)),
        SENTENCE,
        lambda span: _whole(span, mentions, content, _asks),
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
                CLAUSE,
                lambda span: _whole(span, mentions, content, _asks_quantity),
            )
        )
    ]
    trimmed = (_trim(text, part) for part in parts)
    return tuple((start, end) for start, end in trimmed if start < end)


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
