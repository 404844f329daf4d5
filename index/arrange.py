"""Blocks → outline: sections, tables with their captions, pages joined."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.document import Block, Grid, Paragraph, Source
from index.outline import Outline, RawTable, Text
from index.words import NUMERAL, numeral, squeeze, tidy

PART = re.compile(rf"^第[{NUMERAL}]+(?:部分|章|篇)")
ITEM = re.compile(rf"^[{NUMERAL}]+、")
SUBITEM = re.compile(rf"^[(（]\s*([{NUMERAL}]+)\s*[)）]")
POINT = re.compile(r"^(?:\d{1,2}[.、．](?!\d)|[(（]\d+[)）]|[①-⑳])")
CONTENTS = re.compile(r"^目[录錄次]$")
TABLE_NUMBER = re.compile(rf"^((?:附?表|附件)[{NUMERAL}\d]+(?:-\d+)?)[:：、.\s]*(.*)$")
UNIT_LINE = re.compile(r"(?:金额)?单位[:：]\s*(?:人民币)?\s*(万元|千元|百元|亿元|元)")
DEPARTMENT_LINE = re.compile(r"^(?:部门|单位|编制单位|填报单位|预算单位|单位名称|部门名称)[:：]")
YEAR_LINE = re.compile(r"^[(（]?\s*\d{4}\s*年?度?\s*[)）]?$")
NOTE = re.compile(r"^(?:注|备注|说明)\s*[:：]")
TITLE = re.compile(r"^(?P<who>.*?)(?P<year>\d{4})年?度?(?P<kind>.*?(?:预算|决算))")
HEADING_LENGTH = 45
"""Longest heading met in published budgets is 38 characters."""
CAPTION_LINES = 7
"""Number, title, year, department, unit line and two more between heading and table."""
END = tuple("。；;！？!?：:”」")


@dataclass(slots=True)
class _State:
    """The headings above the paragraph being read."""

    part: str = ""
    item: str = ""
    subitem: str = ""
    headings: list[str] = field(default_factory=list)

    def enter(self, text: str) -> None:
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

    @property
    def section(self) -> str:
        return " ".join(word for word in (self.part, self.item, self.subitem) if word)


def outline_of(source: Source) -> Outline:
    """The outline of what a reader gave."""
    blocks = source.blocks
    title, institution, year, account = title_of(blocks, source.name)
    contents, body = split_contents(blocks)
    texts, tables = arrange(body)
    return Outline(
        title=title,
        institution=institution,
        year=year,
        account=account,
        texts=(*contents_texts(contents), *texts),
        tables=tables,
        announced=announced_tables(contents),
    )


def title_of(blocks: Sequence[Block], name: str) -> tuple[str, str, int | None, str]:
    """Title, institution, year and kind (budget or final), from the first lines or the name."""
    lines = [b.text for b in blocks[:12] if isinstance(b, Paragraph)]
    for text in [*lines, name]:
        if found := TITLE.match(squeeze(text)):
            account = "final" if "决算" in found["kind"] else "budget"
            return squeeze(text), found["who"], int(found["year"]), account
    return (squeeze(lines[0]) if lines else name), "", None, "budget"


def split_contents(blocks: Sequence[Block]) -> tuple[tuple[Paragraph, ...], tuple[Block, ...]]:
    """The contents page's lines and the rest; the body starts where its first line is repeated."""
    start = next(
        (
            at
            for at, block in enumerate(blocks)
            if isinstance(block, Paragraph) and CONTENTS.match(squeeze(block.text))
        ),
        None,
    )
    if start is None or start + 1 >= len(blocks):
        return (), tuple(blocks)
    lines: list[Paragraph] = []
    first = ""
    for at in range(start + 1, len(blocks)):
        block = blocks[at]
        if not isinstance(block, Paragraph):
            break
        flat = _entry(block.text)
        if first and flat == first:
            return tuple(lines), (*blocks[:start], *blocks[at:])
        first = first or flat
        lines.append(block)
    return (), tuple(blocks)


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
            found.append((match[1], match[2]))
        elif inside and ITEM.match(flat):
            found.append((f"表{ITEM.match(flat).group()[:-1]}", ITEM.sub("", flat)))  # type: ignore[union-attr]
    return tuple(found)


def arrange(blocks: Sequence[Block]) -> tuple[tuple[Text, ...], tuple[RawTable, ...]]:
    """Walk the body once: captions go to their table, notes to the table above, text to sections."""
    texts: list[Text] = []
    tables: list[RawTable] = []
    pending: list[Paragraph] = []
    state = _State()
    for block in blocks:
        if isinstance(block, Paragraph):
            pending.append(block)
            continue
        before, caption = split_caption(pending)
        _read_paragraphs(before, state, texts, tables)
        _add_table(block, caption, state, tables, continued=not pending)
        pending = []
    _read_paragraphs(pending, state, texts, tables)
    return tuple(texts), tuple(tables)


def split_caption(
    pending: Sequence[Paragraph],
) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
    """The paragraphs before a table: running text, and the lines of its caption."""
    lowest = max(0, len(pending) - CAPTION_LINES)
    for at in range(len(pending) - 1, lowest - 1, -1):
        if TABLE_NUMBER.match(squeeze(pending[at].text)):
            return pending[:at], pending[at:]
    start = len(pending)
    while start > lowest and _captionlike(pending[start - 1].text):
        start -= 1
    if start == len(pending):
        return pending, ()
    titled = start > lowest and _titlelike(pending[start - 1].text)
    return (pending[: start - 1], pending[start - 1 :]) if titled else (
        pending[:start],
        pending[start:],
    )


def _captionlike(text: str) -> bool:
    flat = squeeze(text)
    return bool(UNIT_LINE.search(flat) or DEPARTMENT_LINE.match(flat) or YEAR_LINE.match(flat))


def _titlelike(text: str) -> bool:
    flat = squeeze(text)
    return len(flat) <= HEADING_LENGTH and not flat.endswith(END) and not PART.match(flat)


def _add_table(
    grid: Grid,
    caption: Sequence[Paragraph],
    state: _State,
    tables: list[RawTable],
    *,
    continued: bool,
) -> None:
    if continued and tables:
        last = tables[-1]
        tables[-1] = replace(
            last, rows=(*last.rows, *grid.rows), place=last.place.until(grid.place)
        )
        return
    number, title, unit = caption_of([line.text for line in caption])
    tables.append(
        RawTable(
            number=number,
            title=title or grid.name,
            section=state.section,
            unit=unit,
            rows=grid.rows,
            place=(caption[0].place if caption else grid.place).until(grid.place),
        )
    )


def caption_of(lines: Iterable[str]) -> tuple[str, str, str]:
    """Number (表八), title and unit of money from a caption's lines."""
    number = title = unit = ""
    for line in lines:
        flat = squeeze(line)
        if found := UNIT_LINE.search(flat):
            unit = found[1]
        elif found := TABLE_NUMBER.match(flat):
            number, title = table_number(found[1]), title or found[2]
        elif not title and not _captionlike(line):
            title = tidy(line)
    return number, title, unit


def table_number(printed: str) -> str:
    """表8 → 表八, so that one number has one form; 附表三 and 表2-1 keep theirs."""
    if found := re.fullmatch(r"(附?表)0*(\d{1,2})", printed):
        return found[1] + numeral(int(found[2]))
    return printed


def _read_paragraphs(
    paragraphs: Sequence[Paragraph],
    state: _State,
    texts: list[Text],
    tables: list[RawTable],
) -> None:
    fresh = True
    for paragraph in paragraphs:
        if fresh and tables and NOTE.match(squeeze(paragraph.text)):
            tables[-1] = replace(
                tables[-1],
                note=paragraph.text,
                place=tables[-1].place.until(paragraph.place),
            )
            continue
        if not fresh and _continues(texts[-1], paragraph):
            texts[-1] = _joined(texts[-1], paragraph)
            continue
        state.enter(paragraph.text)
        texts.append(_text(paragraph, state))
        fresh = False


def _text(paragraph: Paragraph, state: _State) -> Text:
    flat = squeeze(paragraph.text)
    opens = PART.match(flat) or ITEM.match(flat) or SUBITEM.match(flat)
    heading = bool(opens) and len(flat) <= HEADING_LENGTH and not flat.endswith(END)
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
    if PART.match(below) or ITEM.match(below) or SUBITEM.match(below) or POINT.match(below):
        return False
    if above.endswith(END) or last.heading:
        return False
    chain = above.endswith(("(类)", "(款)"))
    return chain or not (POINT.match(above) and _titlelike(above) and not re.search("[,，、]", above))


def _joined(last: Text, paragraph: Paragraph) -> Text:
    return replace(
        last,
        text=last.text + paragraph.text,
        place=last.place.until(paragraph.place),
        parts=(*last.parts, (paragraph.text, paragraph.place)),
    )

