"""Judges one answer: right, noisy, miss or wrong, and, apart from that, whether it is cited.

Only `Answer.figures` count as figures. They are compared by value, unit and operator, never by
digits fished out of prose ("25" ends with "5").
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assistant.answer import Answer, Citation, Figure, Status
from eval.dataset import AnswerType, Evidence, Expected, Question, decimals, rounded

MAX_FURTHER = 3
"""Supporting figures that do not yet clutter an answer."""
MAX_TEXT = 400
MAX_LIST_TEXT = 1200
MAX_CITED_LINES = 6
"""A longer citation sends the reader off to search."""
MIN_DECIMALS = 2
"""To which a computed figure has to be given at least, unless its printed result has fewer."""
MAX_ROUNDING = Decimal("0.05")
"""How far, relatively, rounding for reading may move a figure: 0.156 to 0.16, not 0.001 to 0."""

SCALES = {"百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
SCALED = re.compile(r"(万亿|亿|千万|百万|十万|万|千|百)(?!分)(.*)")
BASES = {
    "": ("", Decimal(1)),
    "人民币元": ("元", Decimal(1)),
    "块": ("元", Decimal(1)),
    "名": ("人", Decimal(1)),
    "位": ("人", Decimal(1)),
    "分钟": ("秒", Decimal(60)),
    "小时": ("秒", Decimal(3600)),
    "天": ("秒", Decimal(86400)),
    "日": ("秒", Decimal(86400)),
    "倍": ("比", Decimal(1)),
    "成": ("比", Decimal("0.1")),
    "%": ("比", Decimal("0.01")),
    "‰": ("比", Decimal("0.001")),
    "百分点": ("个百分点", Decimal(1)),
    "平米": ("平方米", Decimal(1)),
    "㎡": ("平方米", Decimal(1)),
    "$": ("dollars", Decimal(1)),
    "dollarsinthousands": ("dollars", Decimal(1000)),
    "$000": ("dollars", Decimal(1000)),
    "dollarsinmillions": ("dollars", Decimal(1_000_000)),
    "milliondollars": ("dollars", Decimal(1_000_000)),
    "fte": ("fulltimeequivalents", Decimal(1)),
    "fulltimeequivalents": ("fulltimeequivalents", Decimal(1)),
    "公吨": ("吨", Decimal(1)),
}
"""Unit to the unit it is counted in, and how many of those it is."""
COUNTED = frozenset("个项条家笔种款类件张份")
"""Measure words that are as good as each other for what the answer itself has counted."""
OPERATORS = {">=": "≥", "<=": "≤", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "==": "="}
DECREASE = re.compile(r"减|少|降|跌|下滑|減|decreas|fell|fall|drop|declin|lower|less|down", re.I)
DECLINE = re.compile(
    r"没|沒|未|无|無|不|空|缺|别的|哪|请|請|\bno\b|not|n't|cannot|none|neither|blank|absent|"
    r"missing|which|unable|sorry|only",
    re.I,
)
"""Words without which a text does not say that something is not there, nor ask back."""
AMOUNT = re.compile(
    r"\d[\d,]*\.\d\d(?!\d)|\d[\d,.]*(?=\s*(?:[十百千万亿]*元|[万亿]|%|倍|百分点|"
    r"yuan|rmb|million|billion|thousand))",
    re.I,
)


class Verdict(StrEnum):
    RIGHT = "right"
    NOISY = "noisy"
    MISS = "miss"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    verdict: Verdict
    cited: bool
    reason: str = ""
    """Why it is not right and cited; empty if it is."""

    @property
    def best(self) -> bool:
        """Right and cited: the headline."""
        return self.verdict is Verdict.RIGHT and self.cited

    def __str__(self) -> str:
        return self.verdict.value + ("" if self.cited else ", uncited")


def grade(question: Question, answer: Answer) -> Grade:
    """The verdict on `answer`, and whether a citation holds what proves it."""
    cited = is_cited(question, answer)
    verdict, reason = _judge(question, answer, cited)
    uncited = "" if cited else f"not cited: {_missing_places(question, answer.citations)}"
    return Grade(verdict=verdict, cited=cited, reason="; ".join(filter(None, (reason, uncited))))


Judgement = tuple[Verdict, str]


def _judge(question: Question, answer: Answer, cited: bool) -> Judgement:
    forbidden = [entry for entry in question.key.must_not if flat(entry) in flat(answer.text)]
    if forbidden:
        return Verdict.WRONG, f"says {forbidden[0]}"
    if question.key.type is AnswerType.ABSTAIN:
        return _judge_abstention(question, answer)
    if question.key.type is AnswerType.TEXT and not question.key.must_contain:
        return _judge_small_talk(question, answer)
    if answer.status is not Status.ANSWERED and not answer.figures:
        return _judge_withheld(question, answer, cited)
    return _judge_content(question, answer)


def _judge_abstention(question: Question, answer: Answer) -> Judgement:
    if answer.figures:
        return Verdict.WRONG, f"gives {show(answer.figures[0])} where nothing is to be given"
    if amounts := _amounts(question, answer.text):
        return Verdict.WRONG, f"amount in a declining text: {amounts[0]}"
    if answer.status is Status.ANSWERED and not DECLINE.search(answer.text):
        return Verdict.WRONG, "answers what the document does not give"
    return _judge_clutter(question, answer, ())


def _judge_small_talk(question: Question, answer: Answer) -> Judgement:
    if answer.figures:
        return Verdict.WRONG, f"gives {show(answer.figures[0])} unasked"
    if answer.status is Status.NOT_FOUND or not answer.text.strip():
        return Verdict.MISS, "no civil reply"
    return _judge_clutter(question, answer, ())


def _judge_withheld(question: Question, answer: Answer, cited: bool) -> Judgement:
    if amounts := _amounts(question, answer.text):
        return Verdict.WRONG, f"amount in a declining text: {amounts[0]}"
    said = not question.key.figures and not _unsaid(question, answer)
    if said and cited and question.evidence:
        return _judge_clutter(question, answer, ())
    return Verdict.MISS, f"{answer.status.value}, although the document answers"


def _judge_content(question: Question, answer: Answer) -> Judgement:
    pairs = pair(question, answer)
    missing = [expected for expected, figure in pairs if figure is None]
    if missing:
        given = ", ".join(map(show, answer.figures)) or "no figure"
        return Verdict.WRONG, f"wants {', '.join(map(show_expected, missing))}; given {given}"
    if unsaid := _unsaid(question, answer):
        return Verdict.WRONG, f"does not say {unsaid}"
    return _judge_clutter(question, answer, tuple(figure for _, figure in pairs if figure))


def _judge_clutter(question: Question, answer: Answer, asked: tuple[Figure, ...]) -> Judgement:
    further = _further(question, answer, asked)
    if len(further) > MAX_FURTHER:
        return Verdict.NOISY, f"{len(further)} further figures"
    limit = MAX_LIST_TEXT if question.key.type is AnswerType.LIST else MAX_TEXT
    if len(answer.text) > limit:
        return Verdict.NOISY, f"text of {len(answer.text)} characters"
    return Verdict.RIGHT, ""


def _further(question: Question, answer: Answer, asked: Sequence[Figure]) -> list[Figure]:
    if question.key.type is AnswerType.LIST:
        return []
    return [
        figure
        for figure in answer.figures
        if figure not in asked and not _is_member(question, answer, figure, asked)
    ]


def _is_member(question: Question, answer: Answer, figure: Figure, asked: Sequence[Figure]) -> bool:
    """A term of a given calculation, or one of the rows that were counted or ranked."""
    terms = {n for other in asked for n in _numbers(other.expression)}
    if terms & {Decimal(figure.value), *_numbers(figure.printed)}:
        return True
    if not question.marks & {"set", "count", "max"}:
        return False
    sources = [answer.citations[at] for at in figure.citations]
    return any(holds(source, place) for source in sources for place in question.evidence)


def _numbers(text: str) -> Iterator[Decimal]:
    for number in re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")):
        yield Decimal(number)


def _unsaid(question: Question, answer: Answer) -> str:
    """The first entry of must_contain that neither the text nor a figure's name says."""
    names = (f"{figure.label} {figure.scope}" for figure in answer.figures)
    said = flat(" ".join((answer.text, *names)))
    for alternatives in question.key.must_contain:
        if not any(flat(alternative) in said for alternative in alternatives):
            return "|".join(alternatives)
    return ""


def _amounts(question: Question, text: str) -> list[str]:
    """Amounts in `text` that do not merely echo the question."""
    asked = flat(question.text)
    found = AMOUNT.findall(unicodedata.normalize("NFKC", text))
    return [amount for amount in found if flat(amount).rstrip(".") not in asked]


def flat(text: str) -> str:
    """As texts are compared: NFKC, lower case, without white space, `*` and commas."""
    return re.sub(r"[\s*,]", "", unicodedata.normalize("NFKC", text)).lower()


def show(figure: Figure) -> str:
    return f"{figure.operator}{figure.value}{figure.unit}"


def show_expected(expected: Expected) -> str:
    return f"{expected.operator}{expected.value}{expected.unit}"


Pairs = tuple[tuple[Expected, Figure | None], ...]


def pair(question: Question, answer: Answer) -> Pairs:
    """Each expected figure with a given one of its own (a largest matching): a figure that is
    asked for twice has to be given twice."""
    expected, figures = question.key.figures, answer.figures
    taken: dict[int, int] = {}

    def settle(want: int, tried: set[int]) -> bool:
        for at, figure in enumerate(figures):
            if at in tried or not fits(question, expected[want], figure, answer.text):
                continue
            tried.add(at)
            if at not in taken or settle(taken[at], tried):
                taken[at] = want
                return True
        return False

    for want in range(len(expected)):
        settle(want, set())
    given = {want: figures[at] for at, want in taken.items()}
    return tuple((value, given.get(want)) for want, value in enumerate(expected))


def fits(question: Question, expected: Expected, figure: Figure, text: str) -> bool:
    """Whether `figure` is the expected one: value, unit, operator and direction."""
    if not _same_operator(expected, figure):
        return False
    factor = _factor(question, expected, figure.unit)
    if factor is None:
        return False
    value = Decimal(figure.value)
    if _same_value(expected, figure, value, factor):
        return True
    return _may_turn(question, expected, value, text) and _same_value(
        expected, figure, -value, factor
    )


def _same_operator(expected: Expected, figure: Figure) -> bool:
    given = unicodedata.normalize("NFKC", figure.operator).strip()
    given = OPERATORS.get(given, given)
    if expected.operator or _base(expected.unit)[0] == "元":
        return given == expected.operator
    return True


def _factor(question: Question, expected: Expected, unit: str) -> Decimal | None:
    """What a value in the expected unit is multiplied by to be one in `unit`; None if the
    units measure different things."""
    wanted, given = _base(expected.unit), _base(unit)
    if expected.divided and "/" not in expected.unit:
        given = _base(unit.split("/")[0])
    if not expected.unit and given[0] != "元":
        return Decimal(1)
    counted = question.marks & {"set", "count"} and {wanted[0], given[0]} <= COUNTED
    if wanted[0] != given[0] and not counted:
        return None
    return wanted[1] / given[1]


def _base(unit: str) -> tuple[str, Decimal]:
    """`万人` as (`人`, 10000).

    >>> _base("亿元")
    ('元', Decimal('1E+8'))
    """
    flattened = flat(unit)
    if flattened in BASES:
        return BASES[flattened]
    if found := SCALED.fullmatch(flattened):
        name, factor = BASES.get(found[2], (found[2], Decimal(1)))
        # A bare 万 in a column of amounts is short for 万元.
        return name or "元", factor * Decimal(1).scaleb(SCALES[found[1]])
    return flattened, Decimal(1)


def _same_value(expected: Expected, figure: Figure, value: Decimal, factor: Decimal) -> bool:
    if value == expected.exact * factor or (factor == 1 and value == expected.value):
        return True
    rescaled = factor != 1 and not (expected.calculated and not expected.divided)
    ratio = expected.divided or (not expected.calculated and _is_ratio(figure))
    if not (rescaled or ratio) or decimals(value) < min(MIN_DECIMALS, decimals(expected.value)):
        return False
    digits = decimals(value)
    if ratio and not expected.divided:
        digits = min(digits, decimals(expected.value))
    target = expected.exact * factor
    close = abs(value - target) <= abs(target) * MAX_ROUNDING
    return close and rounded(value, digits) == rounded(target, digits)


def _is_ratio(figure: Figure) -> bool:
    return _base(figure.unit)[0] == "比" and bool(re.search(r"[/÷]", figure.expression))


def _may_turn(question: Question, expected: Expected, value: Decimal, text: str) -> bool:
    """A decrease may be given as a negative figure or as an absolute one called a decrease."""
    if not DECREASE.search(text):
        return False
    if expected.value < 0 <= value:
        return "signed" in question.marks
    words = (expected.what, *sum(question.key.must_contain, ()))
    quotes = (place.quote for place in question.evidence)
    return value < 0 < expected.value and bool(DECREASE.search(" ".join((*words, *quotes))))


def is_cited(question: Question, answer: Answer) -> bool:
    """Whether the citations hold an evidence place, or all of them where the note says so."""
    needed = all if "all" in question.marks else any
    return not question.evidence or needed(
        any(holds(citation, place) for citation in answer.citations) for place in question.evidence
    )


def _missing_places(question: Question, citations: Sequence[Citation]) -> str:
    missing = [
        place
        for place in question.evidence
        if not any(holds(citation, place) for citation in citations)
    ]
    joint = " and " if "all" in question.marks else " or "
    return joint.join(
        f"line {place.line}" if place.line else f"{place.table}/{place.row or place.quote}"
        for place in missing
    )


def holds(citation: Citation, place: Evidence) -> bool:
    """Whether the cited lines (at most six), cell or sentence are those of the evidence."""
    if place.document and _bare(_stem(place.document)) != _bare(_stem(citation.document)):
        return False
    if place.line is not None:
        return _holds_line(citation, place)
    if place.page is not None and place.page != citation.page:
        return False
    if not _overlap(place.table, citation.table):
        return False
    if place.row:
        return (
            _overlap(place.row, citation.row)
            and _overlap(place.column, citation.column)
            and all(_bare(above) in _bare(citation.row) for above in (place.unit, place.under))
        )
    return _overlap(place.quote, citation.quote)


def _holds_line(citation: Citation, place: Evidence) -> bool:
    if citation.line is None:
        return False
    end = citation.line_end or citation.line
    lines = {place.line, *place.same}
    return end - citation.line < MAX_CITED_LINES and any(
        line is not None and citation.line <= line <= end for line in lines
    )


def _overlap(wanted: str, given: str) -> bool:
    """Loosely equal: one holds the other, punctuation and white space aside."""
    wanted, given = _bare(wanted), _bare(given)
    return wanted in given or (bool(given) and given in wanted)


def _stem(name: str) -> str:
    return re.sub(r"\.[a-z]{2,4}$", "", name.rsplit("/", 1)[-1], flags=re.I)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()
