"""The answer as it leaves the house (contract 4.1 of docs/ARCHITECTURE.md)."""

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from index.document import Place


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
    """`表五 一般公共预算支出表`; empty in prose."""
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
    paragraph: int | None = None
    """Of DOCX and HTML, which know neither lines nor pages."""
    box: str | None = None
    """`x0,y0,x1,y1` on the page of a PDF, in points."""

    @property
    def place(self) -> Place:
        return Place(
            line=self.line,
            line_end=self.line_end,
            paragraph=self.paragraph,
            page=self.page,
            sheet=self.sheet,
            cell=self.cell,
            box=self.box,
        )

    def at(self, place: Place, quote: str) -> "Citation":
        """The same source at another place."""
        return replace(self, **where(place), quote=quote)

    def covers(self, place: Place) -> bool:
        """Whether `place` lies where the citation says; it is as fine as its format knows."""
        if self.line is not None:
            last = self.line_end or self.line
            return place.line is not None and self.line <= place.line <= last
        own = self.place
        if own.cell or own.box:
            return (own.sheet, own.cell, own.page, own.box) == (
                place.sheet,
                place.cell,
                place.page,
                place.box,
            )
        if own.paragraph is not None:
            return own.paragraph == place.paragraph
        if own.page is not None:
            return own.page == place.page
        return own.sheet is not None and own.sheet == place.sheet


class Where(TypedDict):
    """A place as the fields of a citation."""

    line: int | None
    line_end: int | None
    paragraph: int | None
    page: int | None
    sheet: str | None
    cell: str | None
    box: str | None


def where(place: Place) -> Where:
    """Of a field of a text its line; of a cell the cell.

    >>> where(Place(line=3, field=2))["line_end"]
    3
    """
    return Where(
        line=place.line,
        line_end=place.line_end or place.line,
        paragraph=place.paragraph,
        page=place.page,
        sheet=place.sheet,
        cell=place.cell,
        box=place.box,
    )


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
