"""Pages of writing and rules → their tables and paragraphs, in reading order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.document import Block, Grid
from index.readers.pdf_beside import captions_of, in_rows, joined
from index.readers.pdf_cells import grids_of
from index.readers.pdf_chain import continues, in_common
from index.readers.pdf_columns import columns_of
from index.readers.pdf_furniture import without_furniture
from index.readers.pdf_ink import Ink, Rule
from index.readers.pdf_lattice import Region, region_of
from index.readers.pdf_loose import (
    Loose,
    goes_on,
    half_ruled,
    heads_alike,
    loose_region,
    loose_tables,
    under_head,
)
from index.readers.pdf_paragraphs import margins_of, paragraphs_of
from index.readers.pdf_rules import rulings_of, straightened, walls_between
from index.readers.pdf_shape import Box
from index.readers.pdf_text import Line, Run, lines_of, runs_of

MOST_RULES = 4000
"""Of one page; more are a drawing. The fullest published table has some 900 strokes."""

DRAWING = 400
"""Squares; no published table of so many is empty."""
EMPTY = 50
"""Squares for each run of writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A page's ruled tables, and its lines of writing outside of them, from the top."""

    ink: Ink
    rules: tuple[Rule, ...]
    regions: tuple[Region, ...]
    lines: tuple[Line, ...]


def written_on(ink: Ink) -> tuple[Run, ...]:
    """The runs of writing, parted by gaps and rules."""
    return (*runs_of(ink.glyphs, walls_between(_straight(ink))), *_turned(ink))


def _turned(ink: Ink) -> Iterator[Run]:
    """Writing that runs another way, as labels of merged cells do, where it stands."""
    for turn, glyphs in ink.turned.items():
        own = replace(ink.frame, turn=(ink.frame.turn + turn) % 360)
        for run in runs_of(glyphs):
            box = ink.frame.read(own.shown(run.box))
            yield replace(run, box=box, base=box.middle[1] + 0.35 * run.size, turned=True)


def _straight(ink: Ink) -> tuple[Rule, ...]:
    rules = straightened(ink.rules)
    return rules if len(rules) <= MOST_RULES else ()


def layout_of(ink: Ink, runs: tuple[Run, ...]) -> Layout:
    """The page with its ruled tables found."""
    rules = _straight(ink)
    regions: list[Region] = []
    for ruling in rulings_of(rules):
        region = region_of(ruling, ink.page, ink.frame)
        if region is None:
            continue
        inside = tuple(run for run in runs if _within(run, region.box))
        region = replace(region, runs=inside)
        columns = len(region.xs) > 2 or half_ruled(region)
        if inside and columns and not _is_drawing(region):
            regions.append(region)
            runs = tuple(run for run in runs if run not in set(inside))
    regions.sort(key=_place)
    lines = lines_of(run for run in runs if not run.turned)
    return Layout(ink=ink, rules=rules, regions=tuple(regions), lines=lines)


def _is_drawing(region: Region) -> bool:
    """Hundreds of squares and hardly a word in them."""
    squares = (len(region.xs) - 1) * (len(region.ys) - 1)
    return squares >= DRAWING and len(region.runs) * EMPTY < squares


def _place(region: Region) -> tuple[float, float]:
    return region.box.top, region.box.x0


def _within(run: Run, box: Box) -> bool:
    return box.holds((run.box.middle[0], run.base - 0.35 * run.size))


def blocks_of(layouts: Sequence[Layout]) -> Iterator[Block]:
    """What the pages say, in reading order, without what only serves the page."""
    layouts = list(_with_halves_joined(list(_without_furniture(layouts))))
    layouts = list(_with_loose(layouts))
    grids = _grids(layouts)
    pages = [layout.lines for layout in layouts]
    by_page = margins_of(pages, [layout.ink.size for layout in layouts])
    for layout, margins in zip(layouts, by_page, strict=True):
        page, frame = layout.ink.page, layout.ink.frame
        rest = list(layout.lines)
        for row in in_rows(layout.regions):
            bottom = max(region.box.bottom for region in row)
            above, parts = captions_of([line for line in rest if line.base <= bottom], row)
            rest = [line for line in rest if line.base > bottom]
            yield from paragraphs_of(above, margins, page, frame)
            for caption, region in parts:
                yield from paragraphs_of(caption, margins, page, frame)
                yield from grids.get(region, ())
        yield from paragraphs_of(rest, margins, page, frame)


def _with_halves_joined(layouts: Sequence[Layout]) -> Iterator[Layout]:
    """The pages with the halves of a table that stand side by side as one table."""
    for layout in layouts:
        regions: list[Region] = []
        for row in in_rows(layout.regions):
            top = min(region.box.top for region in row)
            above = [line for line in layout.lines if line.base < top]
            regions += joined(row, above)
        yield replace(layout, regions=tuple(regions))


def _without_furniture(layouts: Sequence[Layout]) -> Iterator[Layout]:
    reach = [
        (
            min((region.box.top for region in layout.regions), default=float("inf")),
            max((region.box.bottom for region in layout.regions), default=float("-inf")),
        )
        for layout in layouts
    ]
    kept = without_furniture(
        [layout.lines for layout in layouts], [layout.ink.size[1] for layout in layouts], reach
    )
    for layout, lines in zip(layouts, kept, strict=True):
        yield replace(layout, lines=lines)


def _with_loose(layouts: Sequence[Layout]) -> Iterator[Layout]:
    """The pages with the tables that no rules, or not enough of them, draw."""
    found: list[list[Loose]] = []
    above: Loose | None = None
    for layout in layouts:
        tables = _loose(layout, above)
        above = tables[-1] if tables and _is_last(tables[-1], layout) else None
        found.append(tables)
    chains = _chains(found, layouts)
    for layout, tables in zip(layouts, found, strict=True):
        regions = [_region(table, chains[table], layout) for table in tables]
        replaced = [table.ruled for table in tables]
        ruled = [region for region in layout.regions if region not in replaced]
        taken = {line for table in tables for line in table.lines}
        yield replace(
            layout,
            regions=tuple(sorted((*ruled, *regions), key=_place)),
            lines=tuple(line for line in layout.lines if line not in taken),
        )


def _loose(layout: Layout, above: Loose | None) -> list[Loose]:
    """The unruled and half-ruled tables of a page, from the top."""
    tables: list[Loose] = []
    for at, lines in enumerate(_between(layout)):
        stretch = loose_tables(lines, layout.rules, None if at else above)
        region = layout.regions[at - 1] if at else None
        filled = half_ruled(region) if region else None
        head = under_head(stretch[0], region) if region and stretch and not filled else None
        tables += [filled] if filled else []
        tables += [head, *stretch[1:]] if head else stretch
    return tables


def _between(layout: Layout) -> Iterator[list[Line]]:
    """Stretches of lines without a ruled table between them."""
    rest = list(layout.lines)
    for region in layout.regions:
        yield [line for line in rest if line.base <= region.box.bottom]
        rest = [line for line in rest if line.base > region.box.bottom]
    yield rest


def _chains(
    found: Sequence[Sequence[Loose]], layouts: Sequence[Layout]
) -> dict[Loose, list[Loose]]:
    """Each such table → all its stretches, on this page and its neighbours."""
    chains: dict[Loose, list[Loose]] = {}
    last: Loose | None = None
    for tables, layout in zip(found, layouts, strict=True):
        for table in tables:
            first = table is tables[0] and last is not None and _is_next(table, last, layout)
            chains[table] = chains[last] if first and last else []
            chains[table].append(table)
        last = tables[-1] if tables and _is_last(tables[-1], layout) else None
    return chains


def _is_next(table: Loose, last: Loose, layout: Layout) -> bool:
    """The first table of a page is the last one of the page before: nothing stands above it, or
    its caption and its head are printed again."""
    same = bool(table.head) and heads_alike(table, last)
    return (same or _is_first(table, layout)) and goes_on(table, last)


def _is_first(table: Loose, layout: Layout) -> bool:
    """Nothing stands above the table on its page."""
    top = table.lines[0].base
    return not any(base < top for base in _others(table, layout))


def _is_last(table: Loose, layout: Layout) -> bool:
    """Nothing stands below the table on its page."""
    bottom = table.lines[-1].base
    return not any(base > bottom for base in _others(table, layout))


def _others(table: Loose, layout: Layout) -> Iterator[float]:
    """Where the page's other lines and tables stand."""
    yield from (line.base for line in layout.lines if line not in table.lines)
    yield from (region.box.top for region in layout.regions if region != table.ruled)


def _region(table: Loose, chain: Sequence[Loose], layout: Layout) -> Region:
    columns = columns_of(
        [line for part in chain for line in part.body],
        [line for part in chain[:1] for line in part.head],
    )
    ruled = table.ruled or chain[0].ruled
    region = loose_region(
        table,
        layout.rules,
        layout.ink.page,
        layout.ink.frame,
        columns=columns,
        upright=ruled.xs if ruled and (table.whole or len(ruled.xs) > 2) else (),
        level=table.ruled.ys if table.ruled and table.whole else (),
    )
    return replace(region, chain=str(chain[0].lines[0].box))


def _grids(layouts: Sequence[Layout]) -> dict[Region, list[Grid]]:
    """Each region's grid, with the columns of the whole table that it is a part of."""
    chains: list[list[Region]] = []
    last: Region | None = None
    for layout in layouts:
        for at, region in enumerate(layout.regions):
            if at == 0 and last is not None and _goes_on(last, region, layouts):
                chains[-1].append(region)
            else:
                chains.append([region])
            last = region
    found: dict[Region, list[Grid]] = {}
    for chain in chains:
        for region, grid in zip(chain, grids_of(list(in_common(chain))), strict=True):
            found[region] = [grid]
    return found


def _goes_on(last: Region, region: Region, layouts: Sequence[Layout]) -> bool:
    """The next page's first table is the last one of the page before."""
    if region.chain or last.chain:
        return region.chain == last.chain
    pages = {layout.ink.page: layout for layout in layouts}
    if region.page != last.page + 1:
        return False
    below = any(line.base > last.box.bottom for line in pages[last.page].lines)
    above = any(line.base < region.box.top for line in pages[region.page].lines)
    return continues(last, region, parted=below or above)
