"""HTML as a tree, and what a browser shows of it: hidden parts, line breaks, indentation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from index.errors import BudgetError
from index.readers.text import text_of

Element = Any
"""lxml carries no types."""

MOST_TAGS = 1_000_000
"""Of a page: a Word export of fifteen tables has some 60,000, and each costs 200 bytes to hold."""
DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I
)
DECODED_AS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
"""Pages declare a subset and use characters beyond it."""
MOST_BROKEN = 1 / 1000
"""Share of undecodable bytes that is a slip of the page's system, not another encoding."""

UNSEEN = frozenset(
    (
        *("head", "script", "style", "nav", "noscript", "template", "iframe", "object", "svg"),
        *("select", "button", "textarea", "input", "audio", "video", "canvas", "map", "frameset"),
    )
)
BLOCKS = frozenset(
    (
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "section", "article"),
        *("main", "header", "footer", "aside", "address", "blockquote", "center", "pre", "hr"),
        *("form", "fieldset", "legend", "figure", "figcaption", "details", "summary", "body"),
    )
)
HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
WIDE, NARROW = "\u3000\u2003", "\xa0\u2002"
"""Spaces as wide as a character, and half as wide, that HTML does not fold."""
FOLDED = re.compile(r"[ \t\r\n\f]+")
SOURCE_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t\r\f]*\n[ \t\r\n\f]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
"""A line of the source that ends between two Chinese characters, which no space parts."""
INDENT = re.compile(
    r"(padding-left|text-indent|mso-char-indent-count)\s*:\s*(\d{1,4}(?:\.\d{1,4})?)\s*(px|pt|em|rem)?",
    re.I,
)
HALVES = {"px": 1 / 6, "pt": 1 / 4.5, "em": 2.0, "rem": 2.0}
"""Half widths of a character in a unit of length, at the 12 px that tables are set in."""
DEEPEST = 40
"""Half widths; more is a layout, not an indentation."""


def parse(name: str, text: str) -> Element | None:
    """The root of a page, None if it holds nothing; nothing is fetched or run.

    Raises BudgetError for a page built to exhaust memory.
    """
    tags = text.count("<")
    if tags > MOST_TAGS:
        raise BudgetError(
            f"网页有 {tags} 个标签，超过 {MOST_TAGS} 个",
            place=name,
            mend="拆成几个文件，或只保存含有预算表的部分",
        )
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    for error in parser.error_log:
        if error.type_name == "ERR_RESOURCE_LIMIT":
            raise BudgetError(
                f"网页的标签套得太深（第 {error.line} 行）",
                place=name,
                mend="用浏览器打开后，把预算表复制到 Word 或 Excel 里另存",
            )
    return root


def decoded(name: str, content: bytes, declared: str = "") -> tuple[str, int]:
    """The page's text and how many of its characters are broken.

    UTF-8 if the bytes are, since pages that were converted go on declaring what they were.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        return text_of(name, content), 0
    try:
        return content.decode("utf-8-sig"), 0
    except UnicodeDecodeError:
        found = DECLARED.search(content[:4096])
        said = declared or (found[1].decode("ascii", "replace") if found else "")
    encoding = DECODED_AS.get(said.lower(), said.lower())
    try:
        text = content.decode(encoding or "gb18030", "replace")
    except LookupError:
        return text_of(name, content), 0
    broken = text.count("\ufffd")
    if broken > max(3, len(text) * MOST_BROKEN):
        return text_of(name, content), 0
    return text, broken


@dataclass(frozen=True, slots=True)
class Styles:
    """The indentation that the page's own style sheet gives to classes, in half widths."""

    indents: Mapping[str, int]

    def indent(self, element: Element) -> int:
        own = indent_in(element.get("style") or "")
        names = (element.get("class") or "").split()
        return own or max((self.indents.get(name, 0) for name in names), default=0)


def styles_of(root: Element) -> Styles:
    """Word and Excel put the indentation of a cell into a class of its own (.xl70)."""
    indents = {}
    for sheet in root.iter("style"):
        for prelude, body in rules(sheet.text or ""):
            for selector in prelude.split(","):
                _, dot, name = selector.strip().rpartition(".")
                if dot and re.fullmatch(r"[\w-]+", name) and (indent := indent_in(body)):
                    indents[name] = indent
    return Styles(indents)


def rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selector and declarations of each rule that stands in no @media or the like."""
    depth, prelude = 0, ""
    for part in re.findall(r"[^{}]+|[{}]", sheet):
        if part in "{}":
            depth = max(0, depth + (1 if part == "{" else -1))
        elif depth == 0:
            prelude = part
        elif depth == 1:
            yield prelude, part


def indent_in(style: str) -> int:
    """Half widths by which declarations move a text to the right; the largest one, since
    Excel gives the number of characters beside the pixels they take."""
    halves = 0.0
    for what, number, unit in INDENT.findall(style):
        each = 2.0 if what.lower().startswith("mso") else HALVES.get(unit.lower(), 0.0)
        halves = max(halves, float(number) * each)
    return min(round(halves), DEEPEST)


def is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))


class Walk:
    """(start or end, element, whether it is shown) for `root` and all below it, however deep.

    What is not shown has its two events and nothing between them.
    """

    def __init__(self, root: Element) -> None:
        self._events = etree.iterwalk(root, events=("start", "end"))

    def __iter__(self) -> Iterator[tuple[str, Element, bool]]:
        unseen = None
        for event, element in self._events:
            if event == "start" and (element.tag in UNSEEN or is_hidden(element)):
                unseen = element
            yield event, element, element is not unseen
            if event == "start" and element is unseen:
                self.skip()

    def skip(self) -> None:
        """Nothing of the element that just started; its end is the next event."""
        self._events.skip_subtree()


def shown_text(root: Element) -> str:
    """What is printed in an element: a line for each <br> and block, spaces as they are seen."""
    parts: list[str] = []
    for event, element, shown in Walk(root):
        if event == "start":
            if element.tag == "br" or (element.tag in BLOCKS and element is not root):
                parts.append("\v")
            if shown:
                parts.append(element.text or "")
        elif element is not root:
            if element.tag in BLOCKS:
                parts.append("\v")
            parts.append(element.tail or "")
    return "\n".join(filter(None, map(folded, "".join(parts).split("\v"))))


def folded(text: str) -> str:
    """A line with its white space as a browser folds it; leading hard spaces stay."""
    text = FOLDED.sub(" ", SOURCE_BREAK.sub("", text)).strip(" ")
    stripped = text.strip(" " + WIDE + NARROW)
    if not stripped:
        return ""
    lead = text[: text.index(stripped)].replace(" ", "")
    return spaces(sum(2 if char in WIDE else 1 for char in lead)) + stripped.replace("\xa0", " ")


def spaces(halves: int) -> str:
    """White space of so many half widths."""
    return "\u3000" * (halves // 2) + " " * (halves % 2)
