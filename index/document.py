"""What every reader gives: one grid for tables and one paragraph for text, with their places."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in a file; only what the format knows is filled."""

    line: int | None = None
    """1-based line of a text format; `field` is the 0-based tab-separated field in it."""
    line_end: int | None = None
    field: int | None = None
    paragraph: int | None = None
    """1-based paragraph of DOCX and HTML, which know neither lines nor pages."""
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    """`B12` in a workbook, `t3r5c2` in DOCX and HTML (table, row, cell, 1-based)."""
    box: str | None = None
    """`x0,y0,x1,y1` on a PDF page, in points."""

    def __post_init__(self) -> None:
        if self.line is not None and self.line_end is not None and self.line_end < self.line:
            raise ValueError(f"line_end {self.line_end} before line {self.line}")

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"{self.sheet}!{self.cell or ''}"
        if self.box is not None:
            return f"p{self.page}:{self.box}"
        if self.cell is not None:
            return self.cell
        if self.paragraph is not None:
            return f"¶{self.paragraph}"
        return str(self.line) if self.line is not None else f"p{self.page}"

    def until(self, other: "Place") -> "Place":
        """The stretch from here to `other` (same page or sheet), without a field.

        A format without lines keeps the place where it begins.
        """
        if self.line is None:
            return self
        return Place(
            line=self.line,
            line_end=other.line_end or other.line,
            page=self.page,
            sheet=self.sheet,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    place: Place
    spread: bool = False
    """A copy that a merged cell leaves in the squares it covers; its text stands at `place`."""

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str
    place: Place
    level: int = 0
    """Heading level where the format knows it (1 = highest), else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows as they are printed; they may differ in length (text formats, wandering columns)."""

    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    """A sheet's name, where the format has one."""

    @property
    def place(self) -> Place:
        return self.rows[0][0].place.until(self.rows[-1][0].place)


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as read: its blocks in reading order."""

    name: str
    sha256: str
    format: str
    blocks: tuple[Block, ...]
    unread_pages: tuple[int, ...] = ()
    """Pages without a text layer."""
    warnings: tuple[str, ...] = field(default=())
