"""A document with gold, taken apart so that it can be printed again in another layout: its tables
with their captions, the text between them, and the figure of the gold that each square holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.documents import read
from eval.gold_match import Match, match
from eval.gold_rows import Gold, GoldCell, GoldProse, read_gold
from index.arrange import outline_of, split_contents
from index.caption import split_caption, unfold
from index.document import Block, Cell, Grid, Paragraph, Place, Source
from index.extract_goals import is_goal_table
from index.fact import Budget, Outcome
from index.head import Column, Role, Row, columns_of, head_length
from index.outline import RawTable
from index.readers.formats import read_source
from index.sides import Side, sides_of
from index.words import key, squeeze

Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A further page of a table: the lines printed above it, and its rows."""

    caption: tuple[str, ...] = ()
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A table ready to be printed: the lines above it, its head and its body.

    Squares of one merged cell share a place; all others have one of their own.
    """

    number: str
    title: str
    unit: str
    owner: str
    caption: tuple[Paragraph, ...]
    above: Rows = ()
    """Lines of the caption that stand in the grid's own first rows, merged over its width."""
    head: Rows
    body: Rows
    goals: bool = False
    """A table of performance goals, whose columns have an order of their own."""
    pages: tuple[Page, ...] = ()
    """Where the body goes on behind its first page."""

    @property
    def rows(self) -> Rows:
        return (*self.head, *self.body)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.head, self.body)

    @property
    def sides(self) -> tuple[Side, ...]:
        return sides_of(self.columns)

    def of(self, *roles: Role) -> tuple[int, ...]:
        """Columns of these roles, from left to right."""
        return tuple(column.index for column in self.columns if column.role in roles)


Piece = Paragraph | Laid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document between two printings, with what it is then known to print."""

    document: Path
    pieces: tuple[Piece, ...]
    figures: Mapping[Place, tuple[GoldCell, ...]]
    """By the square that prints them; several where a merged cell belongs to several rows."""
    prose: tuple[GoldProse, ...]
    differs: int | None
    """Relations that the document itself breaks; None where converted amounts may break others
    by rounding."""

    @property
    def gold(self) -> Gold:
        cells = {cell.id: cell for same in self.figures.values() for cell in same}
        return Gold(document=self.document, cells=tuple(cells.values()), prose=self.prose)

    @property
    def tables(self) -> tuple[Laid, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Laid))


Layout = Callable[[Paper], Paper]


def paper_of(document: Path) -> Paper:
    """Figures that the document's own reading misses are left out: what is measured is what
    another layout costs.

    Raises BudgetError when the document or its gold cannot be read.
    """
    source = read_source(document.name, document.read_bytes())
    found = match(read_gold(document), read(document))
    pieces, places = _pieces(source)
    return Paper(
        document=document,
        pieces=(*_cover(found.budget, pieces), *pieces),
        figures=_figures(found, places),
        prose=tuple(gold for gold, _ in found.prose),
        differs=sum(check.outcome is Outcome.DIFFERS for check in found.budget.checks),
    )


def _cover(budget: Budget, pieces: Sequence[Piece]) -> tuple[Paragraph, ...]:
    """A title, for a document whose tables' captions alone say whose it is."""
    title = f"{budget.institution}{budget.year}年部门预算"
    said = bool(budget.title) and key(budget.institution) in key(budget.title)
    first = next(piece for piece in pieces if isinstance(piece, Paragraph))
    return () if said else (Paragraph(text=title, place=first.place),)


def _figures(found: Match, places: Mapping[Place, Place]) -> dict[Place, tuple[GoldCell, ...]]:
    figures: dict[Place, tuple[GoldCell, ...]] = {}
    for pair in found.cells:
        place = places[pair.fact.place]
        figures[place] = (*figures.get(place, ()), pair.gold)
    return figures


def _pieces(source: Source) -> tuple[tuple[Piece, ...], dict[Place, Place]]:
    """Paragraphs and whole tables in their order, and where each printed square went."""
    tables = outline_of(source).tables
    laid = [_laid(table, number) for number, table in enumerate(tables, 1)]
    at = {place: n for n, (_, places) in enumerate(laid) for place in places}
    pieces: list[Piece] = []
    pending: list[Paragraph] = []
    done: set[int] = set()
    for block in _blocks(source):
        if isinstance(block, Paragraph):
            pending.append(block)
            continue
        number = next((at[c.place] for row in block.rows for c in row if c.place in at), None)
        if number is None or number in done:
            continue  # the next page of a table that is already laid out whole
        before, caption = split_caption(pending)
        pieces += [*before, replace(laid[number][0], caption=tuple(caption))]
        pending = []
        done.add(number)
    places = {old: new for _, known in laid for old, new in known.items()}
    return (*pieces, *pending), places


def _blocks(source: Source) -> Iterator[Block]:
    contents, body = split_contents(source.blocks)
    if contents:
        yield Paragraph(text="目录", place=contents[0].place)
        yield from contents
    for block in body:
        yield from unfold(block) if isinstance(block, Grid) else [block]


def _laid(table: RawTable, number: int) -> tuple[Laid, dict[Place, Place]]:
    places: dict[Place, Place] = {}
    rows = tuple(_placed(row, f"t{number}r{at}", places) for at, row in enumerate(table.rows))
    length = head_length(rows)
    words = [_words(row) for row in rows[:length]]
    laid = Laid(
        number=table.number,
        title=table.title,
        unit=table.unit,
        owner=table.owner,
        caption=(),
        head=rows[:length],
        body=tuple(row for row in rows[length:] if _words(row) not in words),
        goals=is_goal_table(table),
    )
    return laid, places


def _placed(row: Row, name: str, places: dict[Place, Place]) -> Row:
    cells: list[Cell] = []
    for at, cell in enumerate(row):
        if cell.spread and not cell.blank:
            place = places.get(cell.place, cell.place)
        else:
            place = Place(cell=f"{name}c{at}")
            if not cell.blank:
                places[cell.place] = place
        cells.append(replace(cell, place=place, spread=cell.spread and not cell.blank))
    return tuple(cells)


def _words(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(squeeze(cell.text) for cell in row)


def beside(near: Cell, tag: str) -> Place:
    """A place of its own; `tag` tells it from others made of the same square."""
    return Place(cell=f"{near.place.cell}.{tag}")


def fresh(text: str, near: Cell, tag: str) -> Cell:
    """A square of its own, made beside another."""
    return Cell(text=text, place=beside(near, tag))


def copy_of(cell: Cell) -> Cell:
    """The next square of a merged cell."""
    return replace(cell, spread=True)


def each_table(change: Callable[[Laid], Laid], *, goals: bool = False) -> Layout:
    """`goals`: tables of performance goals too."""

    def layout(paper: Paper) -> Paper:
        return replace(
            paper,
            pieces=tuple(
                change(piece)
                if isinstance(piece, Laid) and piece.body and (goals or not piece.goals)
                else piece
                for piece in paper.pieces
            ),
        )

    return layout


def regold(paper: Paper, change: Callable[[GoldCell], GoldCell]) -> Paper:
    figures = {place: tuple(map(change, cells)) for place, cells in paper.figures.items()}
    return replace(paper, figures=figures)


def in_turn(*layouts: Layout) -> Layout:
    def layout(paper: Paper) -> Paper:
        for each in layouts:
            paper = each(paper)
        return paper

    return layout


def same(paper: Paper) -> Paper:
    return paper
