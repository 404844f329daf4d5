"""Blocks → outline: sections, tables with their captions, pages joined."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.caption import CAPTION_LINES as CAPTION_LINES
from index.caption import (
    END,
    HEADING_LENGTH,
    NONE,
    PART,
    begins_anew,
    caption_of,
    is_again,
    is_note,
    is_owner,
    number_in,
    owner_of,
    printed,
    split_caption,
    titlelike,
    unfold,
)
from index.caption import POINT as POINT
from index.caption import TABLE_NUMBER as TABLE_NUMBER
from index.caption import UNIT_LINE as UNIT_LINE
from index.caption import table_number as table_number
from index.document import Block, Grid, Paragraph, Source
from index.outline import Outline, RawTable, Text
from index.title import title_of
from index.words import NUMERAL, bare, squeeze

ITEM = re.compile(rf"^[{NUMERAL}]+、")
SUBITEM = re.compile(rf"^[(（]\s*([{NUMERAL}]+)\s*[)）]")
UNNAMED = re.compile(r"(?:sheet|工作表)\d*(?:\(\d+\))?")
FEWEST_ENTRIES = 4
"""Lines of a contents page."""
CONTENTS = re.compile(r"^目[录錄次]$")
PAGE_NUMBER = re.compile(r"^[-—–―]*第?\d{1,3}页?(?:[,，/／]?共?\d{1,3}页?)?[-—–―]*$")


@dataclass(slots=True)
class _State:
    """The headings above the paragraph being read."""

    part: str = ""
    item: str = ""
    subitem: str = ""
    headings: list[str] = field(default_factory=list)
    sheet: str = ""
    owners: list[str] = field(default_factory=list)
    """The sheet and the 部门： lines of the table read last."""

    outer: list[tuple[int, str]] = field(default_factory=list)
    """Headings without an ordinal, by the level that the format gives them."""

    def enter(self, text: str, level: int = 0) -> None:
        """Move to the section that `text` opens, if it opens one."""
        flat = squeeze(text)
        if found := PART.match(flat):
            self.part, self.item, self.subitem = found.group(), "", ""
            self.headings = [text]
        elif found := ITEM.match(flat):
            self.item, self.subitem = found.group()[:-1], ""
            self.headings = [*self.headings[: 1 if self.part else 0], text]
        elif found := SUBITEM.match(flat):
            self.subitem = f"({found.group(1)})"
            above = bool(self.part) + bool(self.item)
            self.headings = [*self.headings[:above], text]
        elif level and titlelike(text):
            self.outer = [*(pair for pair in self.outer if pair[0] < level), (level, text)]
            names = [name for _, name in self.outer]
            self.headings = names[1:] if len(names) > 1 else names
            self.part, self.item, self.subitem = " ".join(self.headings), "", ""

    @property
    def section(self) -> str:
        return " ".join(word for word in (self.part, self.item, self.subitem) if word)


def outline_of(source: Source) -> Outline:
    """The outline of what a reader gave."""
    contents, body = split_contents(source.blocks)
    texts, tables = arrange(body)
    title = title_of(source, tables)
    return Outline(
        title=title.text,
        institution=title.institution,
        year=title.year,
        account=title.account,
        texts=(*contents_texts(contents), *texts),
        tables=told_apart([titled(table, title.text) for table in tables]),
        announced=announced_tables(contents),
    )


def titled(table: RawTable, title: str) -> RawTable:
    """A table without number and title (the only one of a CSV file) goes by the document's."""
    return table if table.number or table.title else replace(table, title=title)


def told_apart(tables: Sequence[RawTable]) -> tuple[RawTable, ...]:
    """Tables of one number or title (a form for each project, the tables of each unit) get
    another number each: 表一, 表一（2）."""
    met: Counter[str] = Counter()
    found = []
    for table in tables:
        name = table.number or table.title
        met[name] += 1
        again = met[name] > 1
        found.append(replace(table, number=f"{name}（{met[name]}）") if again else table)
    return tuple(found)


def split_contents(blocks: Sequence[Block]) -> tuple[tuple[Paragraph, ...], tuple[Block, ...]]:
    """The contents page's lines and the rest; the body starts where the first line is repeated
    (or, if the body words it otherwise, the first part that is)."""
    start = next(
        (
            at
            for at, block in enumerate(blocks)
            if isinstance(block, Paragraph) and CONTENTS.match(squeeze(block.text))
        ),
        len(blocks),
    )
    lines: list[Paragraph] = []
    parts: set[str] = set()
    for at in range(start + 1, len(blocks)):
        entries = _entries(blocks[at])
        if not entries:
            break
        flat = _entry(entries[0].text)
        if lines and (flat == _entry(lines[0].text) or flat in parts):
            return tuple(lines), (*blocks[:start], *blocks[at:])
        parts |= {part for line in entries if PART.match(part := _entry(line.text))}
        lines += entries
    return _contents_page(blocks, start)


def _contents_page(
    blocks: Sequence[Block], start: int
) -> tuple[tuple[Paragraph, ...], tuple[Block, ...]]:
    """Where the body repeats no line of the contents: the rest of their own page, in formats that
    know pages; of it what stands before the first sentence, or up to the last line with dots and
    a page number."""
    page = blocks[start].place.page if start < len(blocks) else None
    end = start + 1
    while end < len(blocks) and page is not None and blocks[end].place.page == page:
        if any(squeeze(line.text).endswith(END) for line in _entries(blocks[end])):
            break
        end += 1
    dotted = [at for at in range(start + 1, end) if any(map(_is_dotted, _entries(blocks[at])))]
    end = dotted[-1] + 1 if dotted else end
    lines = [line for block in blocks[start + 1 : end] for line in _entries(block)]
    if len(lines) < FEWEST_ENTRIES or page is None:
        return (), tuple(blocks)
    return tuple(lines), (*blocks[:start], *blocks[end:])


def _is_dotted(line: Paragraph) -> bool:
    return bool(re.search(r"(?:[.…·]{3,}|…)\s*\d*$", squeeze(line.text)))


def _entries(block: Block) -> list[Paragraph]:
    """The lines of a contents page, which a tab may part from their page numbers; else none."""
    if isinstance(block, Paragraph):
        return [block]
    rows = [printed(row) for row in block.rows]
    if any(len(cells) > 2 or not all(c.text.isdigit() for c in cells[1:]) for cells in rows):
        return []
    return [Paragraph(text=cells[0].text, place=cells[0].place) for cells in rows if cells]


def _entry(text: str) -> str:
    """A contents line without its dots and page number."""
    return re.sub(r"[.…·\s]*\d*$", "", squeeze(text))


def contents_texts(lines: Iterable[Paragraph]) -> tuple[Text, ...]:
    return tuple(
        Text(
            text=line.text,
            place=line.place,
            section="目录",
            headings=("目录",),
            parts=((line.text, line.place),),
        )
        for line in lines
    )


def announced_tables(contents: Sequence[Paragraph]) -> tuple[tuple[str, str], ...]:
    """(number, title) of the tables that the contents page lists under a part of tables."""
    found: list[tuple[str, str]] = []
    inside = False
    for line in contents:
        flat = _entry(line.text)
        if PART.match(flat):
            inside = flat.endswith("表")
        elif match := TABLE_NUMBER.match(flat):
            found.append((table_number(match[1]), match[2]))
        elif inside and ITEM.match(flat):
            found.append((f"表{ITEM.match(flat).group()[:-1]}", ITEM.sub("", flat)))  # type: ignore[union-attr]
    return tuple(found)


def arrange(blocks: Sequence[Block]) -> tuple[tuple[Text, ...], tuple[RawTable, ...]]:
    """One walk: captions go to their table, notes to the table above, text to sections."""
    texts: list[Text] = []
    tables: list[RawTable] = []
    pending: list[Paragraph] = []
    state = _State()
    for block in (part for b in blocks for part in (unfold(b) if isinstance(b, Grid) else [b])):
        if isinstance(block, Paragraph):
            if not PAGE_NUMBER.match(squeeze(block.text)):
                pending.append(block)
            continue
        before, caption = split_caption(pending)
        headings = [line for line in caption if _opens(squeeze(line.text))]
        _read_paragraphs([*before, *headings], state, texts, tables)
        told = any(squeeze(line.text).endswith(END) for line in before)
        _add_table(block, caption, state, tables, continued=not pending, fresh=told)
        pending = []
    _read_paragraphs(pending, state, texts, tables)
    return tuple(texts), tuple(tables)


def _opens(flat: str) -> bool:
    """A paragraph that begins a section."""
    return bool(PART.match(flat) or ITEM.match(flat) or SUBITEM.match(flat))


def _add_table(
    grid: Grid,
    caption: Sequence[Paragraph],
    state: _State,
    tables: list[RawTable],
    *,
    continued: bool,
    fresh: bool,
) -> None:
    """`fresh`: a sentence stands above, so that the grid is no next page of the table before."""
    lines = [squeeze(line.text) for line in caption]
    number, title, unit = caption_of([line.text for line in caption])
    number = number or number_in(grid.name)
    owners = list(filter(is_owner, lines))
    same_sheet = grid.name == state.sheet
    if tables and (
        (continued and same_sheet and not begins_anew(grid, tables[-1]))
        or (
            not fresh
            and owners in ([], state.owners)
            and is_again(lines, number, title, grid, tables[-1])
        )
    ):
        last = tables[-1]
        tables[-1] = replace(
            last, rows=(*last.rows, *grid.rows), place=last.place.until(grid.place)
        )
        return
    state.sheet, state.owners = grid.name, owners
    heading = bare(state.headings[-1]) if state.headings else ""
    tables.append(
        RawTable(
            number=number,
            title=title or _given_name(grid.name) or ("" if number else heading),
            section=state.section,
            unit=unit,
            rows=grid.rows,
            place=(caption[0].place if caption else grid.place).until(grid.place),
            owner=owner_of(lines, title),
        )
    )


def _given_name(sheet: str) -> str:
    """A sheet's name, but for one that the program gave it."""
    return "" if UNNAMED.fullmatch(squeeze(sheet)) else sheet


def _read_paragraphs(
    paragraphs: Sequence[Paragraph],
    state: _State,
    texts: list[Text],
    tables: list[RawTable],
) -> None:
    while paragraphs and tables and is_note(squeeze(paragraphs[0].text)):
        note, last = paragraphs[0], tables[-1]
        tables[-1] = replace(last, note=note.text, place=last.place.until(note.place))
        paragraphs = paragraphs[1:]
    fresh = True
    for paragraph in _without_grid(paragraphs, state, tables):
        if not fresh and _continues(texts[-1], paragraph):
            texts[-1] = _joined(texts[-1], paragraph)
            continue
        state.enter(paragraph.text, paragraph.level)
        texts.append(_text(paragraph, state))
        fresh = False


def _without_grid(
    paragraphs: Sequence[Paragraph], state: _State, tables: list[RawTable]
) -> Sequence[Paragraph]:
    """Tables of which only the caption is printed, and a note that there is none; the rest."""
    for at, line in enumerate(paragraphs):
        if at == 0 or not NONE.match(squeeze(line.text)):
            continue
        before, caption = split_caption(paragraphs[:at])
        number, title, unit = caption_of([line.text for line in caption])
        if not number or not title:
            continue
        place = caption[0].place.until(line.place)
        rest = _without_grid(before, state, tables)
        tables.append(
            RawTable(
                number=number,
                title=title,
                section=state.section,
                unit=unit,
                rows=(),
                place=place,
                note=line.text,
            )
        )
        return (*rest, *_without_grid(paragraphs[at + 1 :], state, tables))
    return paragraphs


def _text(paragraph: Paragraph, state: _State) -> Text:
    flat = squeeze(paragraph.text)
    heading = _opens(flat) and len(flat) <= HEADING_LENGTH and not flat.endswith(END)
    heading = heading or (paragraph.level > 0 and titlelike(paragraph.text))
    headings = tuple(state.headings)
    return Text(
        text=paragraph.text,
        place=paragraph.place,
        section=state.section,
        headings=headings[:-1] if headings and headings[-1] == paragraph.text else headings,
        heading=heading,
        parts=((paragraph.text, paragraph.place),),
    )


def _continues(last: Text, paragraph: Paragraph) -> bool:
    """A page break inside a sentence: the text above does not end, the one below does not begin."""
    above, below = squeeze(last.text), squeeze(paragraph.text)
    if _opens(below) or POINT.match(below):
        return False
    if above.endswith(END) or last.heading or paragraph.level:
        return False
    if last.text[-1:].isascii() and paragraph.text[:1].isascii():
        return last.text[-1:].isalnum() and paragraph.text[:1].islower()
    chain = above.endswith(("(类)", "(款)"))
    return chain or not (
        POINT.match(above) and titlelike(above) and not re.search("[,，、]", above)
    )


def _joined(last: Text, paragraph: Paragraph) -> Text:
    return replace(
        last,
        text=last.text + paragraph.text,
        place=last.place.until(paragraph.place),
        parts=(*last.parts, (paragraph.text, paragraph.place)),
    )
