"""DOCX: paragraphs with the ordinals that Word counts, tables with their merged cells, in order."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from index.document import Block, Paragraph, Place, Source
from index.errors import BudgetError
from index.head import is_figure
from index.readers.archive import DOCX, readable, require_package
from index.readers.docx_numbering import BODY_LEVEL, Numbering, W, numbering_of, value
from index.readers.docx_text import (
    DELETED,
    INSERTED,
    Printed,
    chosen_children,
    indent_of,
    printed_of,
)
from index.readers.layout import is_caption
from index.readers.spans import Spanned, grid_of, trimmed

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
PICTURE = (2_160_000, 1_080_000)
"""6 by 3 cm in EMU: a smaller picture is a seal or an ornament, a larger one may be a table."""
MOST_STYLES = 20
"""Of a chain of styles, which may run in a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    parent: str
    level: int
    """Heading level, 0 of running text."""
    number: str
    ilvl: int | None


@dataclass(slots=True)
class _TableCell:
    """A w:tc with what stands in it."""

    row: int
    column: int
    columns: int
    place: Place
    lines: list[str] = field(default_factory=list)
    rows: int = 1
    inner: list[Block] = field(default_factory=list)
    """Tables in the cell."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_docx(name: str, content: bytes) -> Source:
    """A grid for each table, a paragraph for each line of text, in reading order.

    Raises BudgetError for what is no such file, is broken, locked, has macros or is too large.
    """
    package = require_package(name, content, DOCX)
    with readable(name, DOCX):
        walk = _opened(package.content)
        blocks = tuple(walk.blocks(walk.body))
    told = (*package.warnings, *walk.warnings())
    if not blocks:
        what = "文件里没有文字" + (f"（{told[0]}）" if told else "")
        raise BudgetError(what, place=name, mend="请换一个有内容的文件")
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="docx",
        blocks=blocks,
        warnings=told,
    )


def _opened(content: bytes) -> "_Walk":
    from docx import Document

    part = Document(io.BytesIO(content)).part
    roots = {
        link.reltype.rsplit("/", 1)[-1]: _root(link.target_part)
        for link in part.rels.values()
        if not link.is_external and link.reltype.endswith(ROOTS)
    }
    styles = roots.get("styles")
    return _Walk(
        body=part.element.body,
        numbering=numbering_of(roots.get("numbering"), styles),
        styles=_styles(styles),
        notes={kind: _notes(roots.get(kind)) for kind in ("footnotes", "endnotes")},
    )


ROOTS = ("/numbering", "/styles", "/footnotes", "/endnotes")


def _root(part: Any) -> Any:
    from lxml import etree

    if hasattr(part, "element"):
        return part.element
    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _styles(root: Any) -> dict[str, Style]:
    found = {}
    for style in root.findall(f"{W}style") if root is not None else ():
        title = value(style.find(f"{W}name")).lower() == "title"
        outline = value(style.find(f"{W}pPr/{W}outlineLvl"))
        ilvl = value(style.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        found[str(style.get(f"{W}styleId"))] = Style(
            parent=value(style.find(f"{W}basedOn")),
            level=1 if title else _level(outline),
            number=value(style.find(f"{W}pPr/{W}numPr/{W}numId")),
            ilvl=int(ilvl) if ilvl else None,
        )
    return found


def _level(outline: str) -> int:
    """-1 where nothing is said."""
    if not outline:
        return -1
    return int(outline) + 1 if int(outline) < BODY_LEVEL else 0


def _notes(root: Any) -> dict[str, Any]:
    notes = list(root) if root is not None else []
    return {str(note.get(f"{W}id")): note for note in notes if not note.get(f"{W}type")}


@dataclass(slots=True)
class _Walk:
    """One way through the body; lists, tables and paragraphs are counted on the way."""

    body: Any
    numbering: Numbering
    styles: dict[str, Style]
    notes: dict[str, dict[str, Any]]
    paragraphs: int = 0
    tables: int = 0
    carried: str = ""
    """Text of a paragraph whose mark is deleted: it runs on in the next."""

    def blocks(self, element: Any) -> Iterator[Block]:
        for child in chosen_children(element):
            if child.tag == f"{W}p":
                yield from self.paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self.table(child)
            elif child.tag not in DELETED:
                yield from self.blocks(child)

    def paragraph(self, element: Any) -> Iterator[Block]:
        printed = self.printed(element)
        lines = [line.strip() for line in printed.text.split("\n") if line.strip()]
        if lines:
            self.paragraphs += 1
            place = Place(paragraph=self.paragraphs)
            level = self.level(element)
            yield from (Paragraph(text=line, place=place, level=level) for line in lines)
        yield from self.hanging(printed)

    def hanging(self, printed: Printed) -> Iterator[Block]:
        """The text boxes and notes that hang on a paragraph."""
        for box in printed.boxes:
            yield from self.blocks(box)
        for kind, number in printed.notes:
            if (note := self.notes[kind].get(number)) is not None:
                yield from self.blocks(note)

    def printed(self, element: Any) -> Printed:
        """The paragraph's text with its ordinal; that of a deleted mark is kept for the next."""
        printed = printed_of(element)
        if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self.carried += printed.text
            printed.text = ""
            return printed
        printed.text = self.carried + printed.text
        self.carried = ""
        ordinal = self.ordinal(element)
        if ordinal and printed.text.strip():
            between = " " if ordinal[-1:].isalnum() or ordinal[-1:] == "." else ""
            text = printed.text.lstrip()
            printed.text = ordinal + (between if text[:1].isascii() else "") + text
        return printed

    def chain(self, element: Any) -> Iterator[tuple[str, Style]]:
        """The paragraph's style and those it is based on."""
        name = value(element.find(f"{W}pPr/{W}pStyle"))
        for _ in range(MOST_STYLES):
            if name not in self.styles:
                return
            yield name, self.styles[name]
            name = self.styles[name].parent

    def level(self, element: Any) -> int:
        own = _level(value(element.find(f"{W}pPr/{W}outlineLvl")))
        levels = [own, *(style.level for _, style in self.chain(element))]
        return next((level for level in levels if level >= 0), 0)

    def ordinal(self, element: Any) -> str:
        own = element.find(f"{W}pPr/{W}numPr")
        number = value(own.find(f"{W}numId")) if own is not None else ""
        ilvl = value(own.find(f"{W}ilvl")) if own is not None else ""
        at = int(ilvl) if ilvl else None
        if not number:
            name, style = next(
                ((name, s) for name, s in self.chain(element) if s.number), ("", None)
            )
            if style is None:
                return ""
            number = style.number
            by_style = self.numbering.level_of_style(number, name)
            at = next((a for a in (at, style.ilvl) if a is not None), by_style)
        return self.numbering.ordinal(number, at or 0).strip() if number != "0" else ""

    def table(self, element: Any) -> Iterator[Block]:
        self.tables += 1
        hanging: list[Block] = []
        cells = self.cells(element, f"t{self.tables}", hanging)
        spanned = [
            Spanned(
                row=cell.row,
                column=cell.column,
                rows=cell.rows,
                columns=cell.columns,
                text=cell.text,
                place=cell.place,
            )
            for cell in cells
        ]
        grid = grid_of(spanned)
        texts = [[c.text for c in row if c.text.strip()] for row in _by_row(cells)]
        if grid is None or not any(texts) or _is_layout(cells, len(grid.rows[0]), texts):
            yield from self.layout(cells)
        else:
            yield grid
            yield from (block for cell in cells for block in cell.inner)
        yield from hanging

    def layout(self, cells: Sequence[_TableCell]) -> Iterator[Block]:
        """A table that only puts text in its place."""
        for cell in cells:
            for line in cell.lines:
                yield Paragraph(text=line.strip(), place=cell.place)
            yield from cell.inner

    def cells(self, table: Any, name: str, hanging: list[Block]) -> list[_TableCell]:
        """Cells in order; a cell merged with the one above or at the left is part of that."""
        cells: list[_TableCell] = []
        above: dict[int, _TableCell] = {}
        for row, element in enumerate(_parts(table, "tr")):
            column = _count(element.find(f"{W}trPr/{W}gridBefore"), 0)
            begun: dict[int, _TableCell] = {}
            for at, part in enumerate(_parts(element, "tc"), 1):
                width = _count(part.find(f"{W}tcPr/{W}gridSpan"), 1)
                place = Place(cell=f"{name}r{row + 1}c{at}")
                cell = _TableCell(row=row, column=column, columns=width, place=place)
                self.fill(cell, part, hanging)
                owner = _owner(part, cell, above, cells)
                if owner is None:
                    cells.append(cell)
                else:
                    _merge(owner, cell)
                begun[column] = owner or cell
                column += width
            above = begun
        return cells

    def fill(self, cell: _TableCell, element: Any, hanging: list[Block]) -> None:
        for child in chosen_children(element):
            if child.tag == f"{W}p":
                indent = indent_of(child)
                printed = self.printed(child)
                lines = (trimmed(line, indent) for line in printed.text.split("\n"))
                cell.lines += [line for line in lines if line]
                hanging += self.hanging(printed)
            elif child.tag == f"{W}tbl":
                cell.inner += self.table(child)
            else:
                self.fill(cell, child, hanging)

    def warnings(self) -> Iterator[str]:
        if any(next(self.body.iter(*tags), None) is not None for tags in (DELETED, INSERTED)):
            yield "文件里有未接受的修订，已按接受修订后的内容读取"
        pictures = sum(map(_is_picture, self.body.iter(f"{DRAWING}inline", f"{DRAWING}anchor")))
        if pictures:
            yield f"文件里有 {pictures} 张图片，图片里的文字没有读取"
        if next(self.body.iter(f"{W}altChunk"), None) is not None:
            yield "文件里嵌入了另一个文档，其中的内容没有读取；请用 Word 打开后另存"


def _parts(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, inside content controls too; no deleted ones."""
    for child in chosen_children(element):
        if child.tag != f"{W}{name}":
            yield from _parts(child, name)
        elif not any(
            child.find(f"{W}{mark}") is not None for mark in (f"trPr/{W}del", f"tcPr/{W}cellDel")
        ):
            yield child


def _count(element: Any, otherwise: int) -> int:
    text = value(element)
    return max(otherwise, int(text)) if text else otherwise


def _owner(
    part: Any, cell: _TableCell, above: dict[int, _TableCell], cells: Sequence[_TableCell]
) -> _TableCell | None:
    """The cell that this one is merged into."""
    down = part.find(f"{W}tcPr/{W}vMerge")
    if down is not None and value(down) != "restart":
        return above.get(cell.column)
    beside = part.find(f"{W}tcPr/{W}hMerge")
    if beside is not None and value(beside) != "restart" and cells and cells[-1].row == cell.row:
        return cells[-1]
    return None


def _merge(owner: _TableCell, cell: _TableCell) -> None:
    owner.rows = max(owner.rows, cell.row - owner.row + 1)
    owner.columns = max(owner.columns, cell.column + cell.columns - owner.column)
    owner.lines += cell.lines
    owner.inner += cell.inner


def _by_row(cells: Sequence[_TableCell]) -> list[list[_TableCell]]:
    rows: dict[int, list[_TableCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return list(rows.values())


def _is_layout(cells: Sequence[_TableCell], width: int, texts: Sequence[Sequence[str]]) -> bool:
    """One column, a caption above a table, or tables in a frame."""
    if any(cell.inner for cell in cells):
        return not any(is_figure(cell.text) for cell in cells)
    return width == 1 or is_caption([row for row in texts if row])


def _is_picture(element: Any) -> bool:
    size = element.find(f"{DRAWING}extent")
    if size is None or next(element.iter(BLIP), None) is None:
        return False
    return all(
        int(size.get(side)) >= least for side, least in zip(("cx", "cy"), PICTURE, strict=True)
    )
