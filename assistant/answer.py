"""The answer as it leaves the house (contract 4.1 of docs/ARCHITECTURE.md)."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    ANSWERED = "answered"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One row or one paragraph, at most 6 lines."""

    document: str
    section: str
    table: str
    """`表八 一般公共预算项目支出预算表`; empty in prose."""
    row: str
    column: str
    line: int | None
    line_end: int | None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    quote: str
    """An exact substring of what stands at the place: the printed cell, or a sentence of at
    most 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    value: str
    """Plain decimal, in `unit`; a decrease is negative; empty for a word (定性 高)."""
    printed: str
    unit: str
    operator: str = ""
    label: str
    scope: str = ""
    expression: str = ""
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"a figure without a source cannot be shown: {self.label}")
        if self.value:
            Decimal(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    id: str = ""
    question: str
    language: str
    """zh, zh-Hant or en."""
    status: Status
    text: str
    """Markdown; no HTML from documents or questions."""
    figures: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    proved: bool = True
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    seconds: float = 0.0
    explanation: tuple[str, ...] = field(default=())
    """How the question was read, a line a rule (`--explain`)."""

    def __post_init__(self) -> None:
        for figure in self.figures:
            if any(not 0 <= at < len(self.citations) for at in figure.citations):
                raise ValueError(f"figure {figure.label} cites a source that is not listed")

    def to_dict(self) -> dict[str, object]:
        """The contract's JSON object; lists are never null."""
        return {**asdict(self), "status": self.status.value}
