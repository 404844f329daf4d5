"""What can be spotted in a question: a span of its text and what the span says."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class MentionKind(StrEnum):
    YEAR = "year"
    CODE = "code"
    TABLE = "table"
    AMOUNT = "amount"
    THRESHOLD = "threshold"
    RANGE = "range"
    OUTPUT_UNIT = "output_unit"
    RANK = "rank"
    OPERATION = "operation"
    SCOPE = "scope"
    CHAT = "chat"
    FILLER = "filler"


class OperationName(StrEnum):
    SHARE = "share"
    SUM = "sum"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    PER = "per"
    AVERAGE = "average"
    COUNT = "count"
    LIST = "list"
    WHICH = "which"
    """One of several (哪个项目); LIST wants them all."""
    CHANGE = "change"
    LAST_VALUE = "last_value"
    WHY = "why"
    PURPOSE = "purpose"
    WHO = "who"
    DEFINE = "define"
    WHICH_TABLE = "which_table"
    SPLIT = "split"
    COMPARE = "compare"
    VERIFY = "verify"
    CONFLICT = "conflict"
    """The document's figures do not agree: both are wanted."""
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    EXCLUDE = "exclude"
    """What follows (扣掉结转) or stands before (体检费不用列) is left out."""


class UnitScope(StrEnum):
    OWN = "own"
    SUBORDINATE = "subordinate"
    WHOLE = "whole"
    EACH = "each"


class ChatName(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    PRAISE = "praise"
    IDENTITY = "identity"
    INJECTION = "injection"
    NONSENSE = "nonsense"


class FillerName(StrEnum):
    POLITE = "polite"
    QUANTITY = "quantity"
    """Asks for a figure: 多少, how much."""
    QUESTION = "question"
    """Asks for something else: 什么, how."""
    YESNO = "yesno"
    VERB = "verb"
    PARTICLE = "particle"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year, or several up to and with the document's."""

    year: int | None = None
    """The calendar year, where it is named."""
    offset: int | None = None
    """From the document's year, where the word is relative: 去年 is -1."""
    years: int = 1
    """2 for 两年: the year and the one before."""

    def __post_init__(self) -> None:
        if (self.year is None) == (self.offset is None):
            raise ValueError("a year is either named or relative")

    def __str__(self) -> str:
        named = str(self.year) if self.offset is None else f"{self.offset:+d}"
        return named if self.years == 1 else f"{named} ×{self.years}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A classification or unit code."""

    digits: str
    """Without separators: 201-03-50 is 2010350."""

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRef:
    """A table by its number."""

    number: int
    part: int | None = None
    """2 of 表3-2."""

    def __str__(self) -> str:
        return str(self.number) if self.part is None else f"{self.number}-{self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A figure that the question itself brings."""

    value: Decimal
    """In `unit`, with 万, 亿, million multiplied out."""
    unit: str = ""
    """元, %, a measure word, …; empty for a bare number (285), which is in whatever unit the
    thing it is compared with is printed in."""
    implied: bool = False
    """Only 万 or 亿 was said (5600万): 元 is a guess, 人 or 次 possible."""
    about: bool = False
    """约, 多, 左右: not to be compared exactly."""

    def __str__(self) -> str:
        mark = "~" if self.about else ""
        return f"{mark}{self.value:f} {self.unit}{'?' if self.implied else ''}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A limit on the figures wanted. 以上 is ≥, 以下 <, 以内 ≤."""

    op: str
    amount: Amount

    def __post_init__(self) -> None:
        if self.op not in {"<", "≤", ">", "≥", "="}:
            raise ValueError(f"no such operator: {self.op}")

    def __str__(self) -> str:
        return f"{self.op}{self.amount}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Two limits; both ends belong to it unless open."""

    low: Amount
    high: Amount
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low.value > self.high.value:
            raise ValueError(f"range {self.low}..{self.high} is turned round")

    def __str__(self) -> str:
        left, right = "(["[not self.low_open], ")]"[not self.high_open]
        return f"{left}{self.low}, {self.high}{right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputUnit:
    """The unit the figure is wanted in: 元, 千元, 万元, 百万元, 亿元."""

    unit: str

    def __str__(self) -> str:
        return self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Places in an order by size, 1-based: 前三 is top 1..3, 倒数第二 bottom 2..2."""

    order: str
    """top or bottom."""
    first: int = 1
    last: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"places {self.first}..{self.last}")

    def __str__(self) -> str:
        return f"{self.order} {self.first}..{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    name: OperationName
    base: Year | None = None
    """CHANGE and LAST_VALUE: the other year. It is no year of the figure asked for."""
    measure: str = ""
    """COUNT: the measure word (几辆 → 辆) or the English noun that follows (people)."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name.value, str(self.base or ""), self.measure)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    name: UnitScope

    def __str__(self) -> str:
        return self.name.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    name: ChatName

    def __str__(self) -> str:
        return self.name.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    name: FillerName

    def __str__(self) -> str:
        return self.name.value


Payload = (
    Year
    | Code
    | TableRef
    | Amount
    | Threshold
    | Range
    | OutputUnit
    | Rank
    | Operation
    | Scope
    | Chat
    | Filler
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span of the normalised text and what it says."""

    kind: MentionKind
    start: int
    end: int
    text: str
    value: Payload
    rule: str
    """The lexicon rule that found it, for `--explain`."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a mention needs a span: {self.start}..{self.end}")

    def __str__(self) -> str:
        return f"{self.kind.value}|{self.text}|{self.value}"


def operations(mentions: tuple[Mention, ...]) -> tuple[OperationName, ...]:
    """The names of the operations mentioned, in order."""
    return tuple(m.value.name for m in mentions if isinstance(m.value, Operation))
