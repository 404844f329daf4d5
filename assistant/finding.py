"""What a lookup found, before it is proved and worded: figures with the facts they rest on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from index.fact import Fact, Passage


class Rule(StrEnum):
    """How a figure follows from its operands; `CELL` is the cell itself."""

    CELL = "cell"
    CONVERT = "convert"
    """Another unit of money: operand × factor."""
    SUM = "sum"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    """a ÷ b, in 倍, or a unit per piece (万元/个)."""
    SHARE = "share"
    """a ÷ b × 100, in %."""
    SHARE_OF_SUM = "share_of_sum"
    """a ÷ (a + b + …) × 100, in %."""
    AVERAGE = "average"
    """Sum of the operands ÷ their number."""
    COUNT = "count"
    """How many facts the operands are."""
    GROWTH = "growth"
    """The printed change b of a figure a against the year before: b ÷ (a − b) × 100, in %."""
    LAST_YEAR = "last_year"
    """This year's figure − the printed change (or unchanged: 持平)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure: its rule, the facts it is computed from, and what it is called."""

    rule: Rule
    operands: tuple[Fact, ...]
    """In the order of the rule: minuend before subtrahend, part before whole."""
    value: Decimal | None
    """None for a qualitative target: `printed` is then the word."""
    unit: str
    printed: str
    """As printed for a cell; else as it will be shown, thousands apart."""
    operator: str = ""
    label: str
    expression: str = ""
    """`12 ÷ 35 × 100`; numbers as plain decimals of the operands; empty for a cell."""
    places: tuple[Fact, ...] = ()
    """Other facts that say the same (same value, same scope), cited as well."""
    supporting: bool = False
    """Shown beside what was asked for (a member of a sum, the base of a share)."""

    def __post_init__(self) -> None:
        if not self.operands:
            raise ValueError(f"a figure needs a fact to rest on: {self.label}")


class Absence(StrEnum):
    """Why there is no figure, each said as what it is."""

    BLANK = "blank"
    EMPTY_TABLE = "empty_table"
    MISSING_TABLE = "missing_table"
    UNREAD_PAGE = "unread_page"
    OTHER_YEAR = "other_year"
    OTHER_INSTITUTION = "other_institution"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence that answers a text question."""

    text: str
    """An exact stretch of the passage."""
    passage: Passage
