"""What a budget says, once read: facts, tables, passages, checks."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from index.document import Cell, Place


class Kind(StrEnum):
    MONEY = "money"
    TARGET = "target"
    WEIGHT = "weight"
    COUNT = "count"
    PERCENT = "percent"
    TEXT = "text"
    """A qualitative target (定性 高): `value` is None, `printed` is the word."""
    BLANK = "blank"
    """A square of a table with a row and a column but nothing printed: no fact, never listed
    by `facts --csv`, kept so that "blank" can be told from "absent"."""


class RowKind(StrEnum):
    TOTAL = "total"
    TOTAL_REPEAT = "total_repeat"
    SUBTOTAL = "subtotal"
    GROUP = "group"
    UNIT = "unit"
    ITEM = "item"
    DETAIL = "detail"
    PROJECT = "project"
    INDICATOR = "indicator"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure (or blank square) with all that names it. Contract 4.3 is `csv_row`."""

    id: str
    """Unique in its document and stable between readings: `表八/r012/c05`, `prose/0807/2`."""
    document: str
    year: int | None
    """The year the figure is of: the document's, or that of a year column or sentence."""
    section: str
    """`第二部分`, `第三部分 一 (二)`."""
    table: str
    """`表八`; empty in prose."""
    title: str
    unit_code: str = ""
    unit_name: str = ""
    """The budget unit (预算单位) whose figure it is; empty for the whole department."""
    code: str = ""
    label: str
    """Without ordinals and 其中：; cut labels completed (the printed form then in `note`)."""
    row_path: tuple[str, ...]
    """From the budget unit down to the label; a performance indicator: unit, project,
    three levels."""
    column: tuple[str, ...]
    """The header path, words without the spaces of line wrapping. In prose one word that
    says what the figure is: 预算数, 比上年增减, 占比, 数量."""
    value: Decimal | None
    printed: str
    unit: str
    operator: str = ""
    kind: Kind
    row_kind: RowKind
    place: Place
    """The cell (line and field in text); in prose the paragraph's line(s)."""
    note: str = ""
    sentence: str = ""
    """Prose: the sentence (at most 200 characters) that holds the figure, as printed."""
    about: str = ""
    """Prose: what a share is a share of, what a change is measured against (2022年预算数)."""
    label_places: tuple[Place, ...] = ()
    """The cells that hold the label, in order (several where a label is wrapped)."""
    header_places: tuple[Place, ...] = ()
    """The header cells of `column`, outermost first."""
    row: int = 0
    """Order of the row in its table (or of the figure in the prose)."""
    level: int = 0
    """Depth of the row below the table's total (0), as found from codes and sums."""
    doubt: str = ""
    """Why the cell is doubtful (a sum that fails), else empty."""
    word: str = ""
    """What a person said of the cell, as a sentence to show beside the figure (印为 61,300.00，
    经张三更正为 61,800.00：原件笔误); `doubt` is then empty. Only `Store.facts` fills it: what a
    reader gives and what the store keeps is as printed."""
    corrected: bool = False
    """The person's word is another figure: `value` is hers, `printed` still what the document
    prints. Whoever holds the fact against the bytes must take `printed_value` for `value`."""
    printed_value: Decimal | None = None
    """Of a corrected fact: the value that the document prints."""

    def csv_row(self) -> tuple[str, ...]:
        return (
            self.document,
            "" if self.year is None else str(self.year),
            self.table,
            self.title,
            self.unit_code,
            self.unit_name,
            self.code,
            self.label,
            "/".join(self.row_path),
            "/".join(self.column),
            "" if self.value is None else format(self.value, "f"),
            self.printed,
            self.unit,
            self.operator,
            self.kind.value,
            self.row_kind.value,
            str(self.place),
            "；".join(filter(None, (self.note, self.word))),
        )


CSV_COLUMNS = [
    "document",
    "year",
    "table",
    "title",
    "unit_code",
    "unit_name",
    "code",
    "label",
    "row_path",
    "column",
    "value",
    "printed",
    "unit",
    "operator",
    "kind",
    "row_kind",
    "place",
    "note",
]


class TableState(StrEnum):
    PRESENT = "present"
    EMPTY = "empty"
    """Printed, but says that there is nothing (注：无此项内容) or holds no figure."""
    MISSING = "missing"
    """Announced in the contents and not printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as printed, pages joined; what the page shows beside an answer."""

    document: str
    number: str
    """`表八`; for a table without a number its title."""
    title: str
    section: str
    unit: str
    """Unit of money of the unit line (万元); empty where none is given."""
    state: TableState
    place: Place
    rows: tuple[tuple[Cell, ...], ...] = ()
    header_rows: int = 0
    note: str = ""
    """The note under it, as printed (注：无此项内容)."""


class PassageKind(StrEnum):
    PARAGRAPH = "paragraph"
    DEFINITION = "definition"
    """A glossary entry: `title` is the term, `text` the whole entry."""
    OBJECTIVE = "objective"
    """A project's objective for the year: `title` is the project."""
    TASK = "task"
    """A main task of the department: `title` is the task's name."""
    HEADING = "heading"
    CONTENTS = "contents"
    TABLE = "table"
    """A table's number, title, unit line and note, for "which table"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of text that can be cited: one paragraph (pages joined), entry or cell."""

    id: str
    document: str
    kind: PassageKind
    section: str
    title: str
    text: str
    place: Place
    table: str = ""
    unit_name: str = ""


class Outcome(StrEnum):
    HOLDS = "holds"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One 勾稽 relation: an equation between figures and whether it holds."""

    name: str
    """`column sum`, `row sum`, `repeat`, `table to table`, `prose to table`, `share`, `count`,
    `names`, `contents`."""
    outcome: Outcome
    what: str
    """The relation in words a clerk reads, with its places."""
    expression: str = ""
    difference: Decimal | None = None
    facts: tuple[str, ...] = ()
    """Ids of the facts it uses."""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A budget unit (预算单位) of the department."""

    code: str
    name: str
    own: bool = False
    """The department's own office (本级)."""
    whole: bool = False
    """The department as a whole (622 四川省…部门)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Everything read from one file; what the store keeps."""

    document: str
    sha256: str
    format: str
    title: str
    institution: str
    year: int | None
    account: str
    """`budget` (预算) or `final` (决算)."""
    units: tuple[Unit, ...]
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    checks: tuple[Check, ...]
    unread_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    level: str = ""
    """`department` (部门预算), `unit` (单位预算, a unit's own), or empty where neither is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's word on one figure: it is confirmed as printed, or another value stands for it."""

    number: int
    """Counts from 1; unique in its index."""
    document: str
    sha256: str
    """Of the bytes the person looked at; of a new version of the file she is asked again."""
    fact: str
    """The fact's id."""
    place: str
    table: str
    row_path: tuple[str, ...]
    column: tuple[str, ...]
    printed: str
    unit: str
    value: Decimal | None = None
    """None: the printed figure is confirmed."""
    reason: str
    by: str
    when: str
    """ISO 8601 with the offset of the local time."""
    ended: str = ""
    """When it was taken back, or a later word took its place; empty while it stands."""
    ended_by: str = ""
