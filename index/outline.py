"""What a document's outline is made of; `outline_of` in `index.arrange` draws it."""

from dataclasses import dataclass

from index.document import Cell, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph (page breaks inside it joined) with the headings it stands under."""

    text: str
    place: Place
    section: str
    """`第三部分 五 (一)`: the ordinals of the headings above it, brackets in ASCII."""
    headings: tuple[str, ...]
    """The headings' full texts, outermost first."""
    heading: bool = False
    """The paragraph is itself a heading."""
    parts: tuple[tuple[str, Place], ...] = ()
    """What was joined: each stretch as printed, with its own place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A printed table, its pages joined, before its logic is read."""

    number: str
    title: str
    section: str
    unit: str
    """Unit of money of its unit line, normalised (元, 千元, 万元, 亿元); empty if none."""
    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    note: str = ""
    owner: str = ""
    """The department or unit that its caption names (编制部门：…, or a line of its own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    text: str
    institution: str
    year: int | None
    account: str
    """`budget` or `final`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    title: str
    institution: str
    year: int | None
    account: str
    texts: tuple[Text, ...]
    tables: tuple[RawTable, ...]
    announced: tuple[tuple[str, str], ...]
    """Tables that the contents page promises: (number, title)."""
