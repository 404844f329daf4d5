"""Web pages: tables as grids wherever the page's frame puts them, all else as paragraphs."""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from index.document import Block, Paragraph, Place, Source
from index.errors import BudgetError
from index.readers.html_table import FIGURE, HtmlTable, grid, is_data, read_table
from index.readers.lists import Lists
from index.readers.markup import (
    BLOCKS,
    Element,
    Styles,
    Walk,
    decoded,
    folded,
    is_hidden,
    parse,
    shown_text,
    styles_of,
)
from index.readers.spans import MOST_SQUARES
from index.words import squeeze

HEADING = re.compile(r"h([1-6])")
TITLE_END = re.compile(r"\s+[-–—|]\s+|[_|｜]")
"""Behind it a page's title names the site."""
SHORTEST_TITLE = 6
LINKED = 0.6
"""Share of a line's characters that leads to other pages: a menu, a trail, a neighbour article."""
LONGEST_LINK = 60
ATTACHED = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|ofd)(?:[?#].*)?$", re.I)
SHOWN = 5
"""Attachments named in a warning."""


def read_html(name: str, content: bytes) -> Source:
    """`content` as a grid for each table of data and a paragraph for each other line shown.

    Places are `t3r5c2` in tables of data, counted down the page, and the number of the paragraph.
    Raises BudgetError for an empty or undecodable page, and for one built to exhaust memory.
    """
    text, broken = decoded(name, content)
    page = Page(name=name)
    page.read(text)
    return _source(page, "html", content, broken)


def read_mhtml(name: str, content: bytes) -> Source:
    """A page that a browser or Excel saved as one file; each of its sheets is a page in it.

    Raises BudgetError as `read_html` does.
    """
    page, broken = Page(name=name), 0
    try:
        parts = [p for p in email.message_from_bytes(content).walk() if _is_page(p)]
        pages = [(p.get_payload(decode=True), str(p.get_content_charset() or "")) for p in parts]
    except (RecursionError, ValueError, LookupError) as error:
        raise BudgetError(
            "单文件网页（MHTML）已损坏", place=name, mend="用浏览器打开后另存为 .html"
        ) from error
    for payload, charset in pages:
        text, bad = decoded(name, payload if isinstance(payload, bytes) else b"", charset)
        page.read(text)
        broken += bad
    return _source(page, "mhtml", content, broken)


def _is_page(part: "email.message.Message") -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _source(page: "Page", form: str, content: bytes, broken: int) -> Source:
    blocks = page.shown()
    if not content.strip():
        raise BudgetError("文件是空的", place=page.name, mend="请换一个有内容的文件")
    if not blocks:
        raise BudgetError(
            "网页里没有文字（可能是框架页，或内容由脚本生成）",
            place=page.name,
            mend="在浏览器里打开看得到表格的那一页，全选复制到 Word 或 Excel 里另存",
        )
    return Source(
        name=page.name,
        sha256=hashlib.sha256(content).hexdigest(),
        format=form,
        blocks=blocks,
        warnings=tuple(_warnings(page, broken)),
    )


def _warnings(page: "Page", broken: int) -> Iterator[str]:
    if broken:
        yield f"有 {broken} 处文字的编码损坏，显示为“\ufffd”"
    if page.hidden_tables:
        yield f"有 {page.hidden_tables} 张表在网页上是隐藏的，没有读"
    if page.attached:
        names = "、".join(islice(page.attached, SHOWN))
        yield f"网页的 {len(page.attached)} 个附件没有读（{names}）；其中若有预算表，请下载后收录"


@dataclass(slots=True)
class _Line:
    """The line being read: what is printed, and how much of it leads to other pages."""

    text: str = ""
    linked: int = 0
    number: int | None = None
    """Of the line of the file in which it begins."""


@dataclass(slots=True)
class Page:
    """What has been read of a page (or of the pages of one file), in order."""

    name: str
    first_line: int | None = None
    """The line of the file where this stretch of HTML begins, if places are lines."""
    blocks: list[Block] = field(default_factory=list)
    menus: set[int] = field(default_factory=set)
    """Blocks that are mere links."""
    paragraphs: int = 0
    tables: int = 0
    hidden_tables: int = 0
    attached: dict[str, None] = field(default_factory=dict)
    _line: _Line = field(default_factory=_Line)
    _level: int = 0
    _links: int = 0
    _lists: Lists = field(default_factory=Lists)

    def read(self, text: str) -> None:
        """Takes in the page `text`."""
        root = parse(self.name, text)
        if root is None:
            return
        if self.first_line is None and (title := unsaid_title(root)):
            self._add(title, None)
        styles, (framing, nesting) = styles_of(root), frames(root)
        events = Walk(root)
        for event, element, shown in events:
            if event == "end":
                self._leave(element, root, shown)
            elif not shown:
                self._hide(element)
            elif element.tag == "table" and self._take_table(element, framing, nesting, styles):
                events.skip()
            else:
                self._enter(element)
        self._end_line()

    def shown(self) -> tuple[Block, ...]:
        """The blocks without the menus."""
        return tuple(block for at, block in enumerate(self.blocks) if at not in self.menus)

    def _enter(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._break()
        elif tag in BLOCKS:
            self._end_line()
            self._lists.enter(element)
        if found := HEADING.fullmatch(tag):
            self._level = int(found[1])
        if _leads_away(element):
            self._links += 1
            self._attach(element)
        self._print(element.text, element.sourceline)

    def _leave(self, element: Element, root: Element, shown: bool) -> None:
        if element.tag in BLOCKS:
            self._end_line()
        if shown:
            self._lists.leave(element)
        if HEADING.fullmatch(element.tag):
            self._level = 0
        if shown and _leads_away(element):
            self._links -= 1
        if element is not root:
            self._print(element.tail, None)

    def _print(self, text: str | None, line: int | None) -> None:
        if not text:
            return
        if self._line.number is None and text.strip():
            lead = text[: len(text) - len(text.lstrip())]
            self._line.number = None if line is None else line + lead.count("\n")
        self._line.text += text
        if self._links:
            self._line.linked += len("".join(text.split()))

    def _break(self) -> None:
        """A line break ends a paragraph, but not a heading: its lines are one name."""
        if self._level:
            self._line.text += " "
        else:
            self._end_line()

    def _end_line(self) -> None:
        line, self._line = self._line, _Line()
        text = folded(line.text).strip()
        if not text:
            return
        menu = line.linked >= LINKED * len("".join(text.split())) and len(text) <= LONGEST_LINK
        if menu and not self._level:
            self.menus.add(len(self.blocks))
        self._add(self._lists.marker() + text, line.number)

    def _add(self, text: str, line: int | None) -> None:
        self.paragraphs += 1
        place = Place(paragraph=self.paragraphs)
        if self.first_line is not None:
            place = Place(line=self.first_line + (line or 1) - 1)
        self.blocks.append(Paragraph(text=text, place=place, level=self._level))

    def _hide(self, element: Element) -> None:
        if is_hidden(element):
            tables = element.iter("table")
            self.hidden_tables += sum(1 for table in tables if _has_figure(table))

    def _attach(self, element: Element) -> None:
        if ATTACHED.search(element.get("href")) and (text := squeeze("".join(element.itertext()))):
            self.attached[text[:LONGEST_LINK]] = None

    def _take_table(
        self, element: Element, framing: set[Element], nesting: set[Element], styles: Styles
    ) -> bool:
        """Whether `element` is a table of data; then it is taken in."""
        if element.get("role") in ("presentation", "none"):
            return False
        table = read_table(element, nesting if element in framing else set(), styles)
        if not is_data(table):
            return False
        self._end_line()
        for caption in table.captions:
            for text in filter(None, map(str.strip, shown_text(caption).split("\n"))):
                self._add(text, line_of(caption))
        self._add_grid(table)
        return True

    def _add_grid(self, table: HtmlTable) -> None:
        self.tables += 1
        number, first = self.tables, self.first_line

        def place_of(row: int, cell: int, element: Element) -> Place:
            if first is None:
                return Place(cell=f"t{number}r{row}c{cell}")
            return Place(line=first + line_of(element) - 1, field=cell - 1)

        try:
            found = grid(table, place_of)
        except ValueError as error:
            raise BudgetError(
                f"第 {number} 张表太大，超过 {MOST_SQUARES} 格",
                place=self.name,
                mend="检查表格的合并单元格，或只保存含有预算表的部分",
            ) from error
        if found is not None:
            self.blocks.append(found)


def unsaid_title(root: Element) -> str:
    """The page's own title where the page itself does not print it; "" for a name that says
    nothing (Word calls a page x)."""
    title = title_of_page(root)
    body = root.find("body")
    printed = "" if body is None else re.sub(r"\s+", "", "".join(body.itertext()))
    said = not printed or re.sub(r"\s+", "", title) in printed
    return "" if said or len(title) < SHORTEST_TITLE else title


def title_of_page(root: Element) -> str:
    """What the page says it is: the name of its article (a tag that the State Council's guide for
    government sites of 2017 asks for), else its title without the name of the site."""
    named = (m.get("content") for m in root.iter("meta") if _lower(m.get("name")) == "articletitle")
    titles = ("".join(element.itertext()) for element in root.iter("title"))
    article = next(filter(None, map(_tidy, named)), "")
    return article or _tidy(TITLE_END.split(next(titles, ""), maxsplit=1)[0])


def _lower(text: str | None) -> str:
    return (text or "").lower()


def _tidy(text: str | None) -> str:
    return folded(text or "").strip()


def _leads_away(element: Element) -> bool:
    """A link to another page; one within the page is an entry of its contents."""
    href = str(element.get("href") or "") if element.tag == "a" else ""
    return bool(href) and not href.startswith("#")


def _has_figure(table: Element) -> bool:
    texts = (text.strip() for text in table.itertext())
    return any(FIGURE.fullmatch(text) for text in texts if text)


def frames(root: Element) -> tuple[set[Element], set[Element]]:
    """Tables that hold tables, and the cells in which they hold them."""
    framing: set[Element] = set()
    nesting: set[Element] = set()
    open_tables: list[Element] = []
    open_cells: list[Element] = []
    stacks = {"table": open_tables, "td": open_cells, "th": open_cells}
    for event, element, _ in Walk(root):
        stack = stacks.get(element.tag)
        if stack is None:
            continue
        if event == "end":
            stack.pop()
            continue
        if element.tag == "table" and open_tables:
            framing.add(open_tables[-1])
            nesting.update(open_cells[-1:])
        stack.append(element)
    return framing, nesting


def line_of(element: Element) -> int:
    """The line, from 1, where the first word in `element` stands, as far as the tree knows."""
    for inner in element.iter():
        text = inner.text or ""
        if text.strip():
            lead = text[: len(text) - len(text.lstrip())]
            return int(inner.sourceline) + lead.count("\n")
    return int(element.sourceline)
