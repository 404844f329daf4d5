"""Markdown: tables of bars, of HTML and of tabs as grids, every other line as a paragraph."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence

from index.document import Block, Paragraph, Place, Source
from index.head import is_figure
from index.readers.html import Page
from index.readers.markup import folded
from index.readers.pipes import grid_of_bars, is_rule, table_length
from index.readers.text import blocks_of as blocks_of_tabs
from index.readers.text import checked, lines_of

FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")
HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*")
LINE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})")
BULLET = re.compile(r"\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|(?:>\s?)+)+")
REFERENCE = re.compile(r"\s{0,3}\[[^\]]{1,99}\]:\s*\S+.*")
META = re.compile(r"(?:title|标题)\s*[:：]\s*[\"']?(.*?)[\"']?\s*", re.I)
TABLE = re.compile(r"<(/?)table\b", re.I)
BREAK = re.compile(r"<br\s*/?>", re.I)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
COMMENT = re.compile(r"<!--.*?-->")
IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^()]{0,2000}\)")
LINK = re.compile(r"\[([^\[\]]{0,300})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,99}\])")
STRONG = re.compile(r"(\*\*\*|___|\*\*|__|~~|`+)(?=\S)(.{1,500}?)(?<=\S)\1")
SLANTED = re.compile(
    r"(?<![\d*])\*(?=[^\s*])([^*]{1,500})(?<=[^\s*])\*(?![\d*])"
    r"|(?<!\w)_(?=[^\s_])([^_]{1,500})(?<=[^\s_])_(?!\w)"
)
"""3*4*5 is a product, a_b_c a name."""
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
HELD = 0xE000
"""Where escaped characters wait, in the private area, until the marks are gone."""
LONGEST = 100_000
"""Characters of a line that are looked through for emphasis; no budget has such lines."""

NESTED = 3
"""Emphasis within emphasis, and a link's text within both."""
FARTHEST = 1000
"""Lines over which a comment is looked for its end."""


def read_markdown(name: str, content: bytes) -> Source:
    """`content` as a grid for each table and a paragraph for each other line, at their lines.

    Raises BudgetError for an empty, binary or wrongly encoded file, and for an HTML table in it
    that is built to exhaust memory.
    """
    lines = checked(name, lines_of(name, content))
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="markdown",
        blocks=tuple(blocks_of(name, lines)),
    )


def blocks_of(name: str, lines: Sequence[str]) -> Iterator[Block]:
    at = front_length(lines)
    yield from _titles(lines[:at])
    while at < len(lines):
        for length, blocks in (
            _comment(lines, at),
            _html_table(name, lines, at),
            _bars(lines, at),
            _tabs(lines, at),
        ):
            if length:
                yield from blocks
                at += length
                break
        else:
            underline = lines[at + 1] if at + 1 < len(lines) else ""
            found = UNDERLINE.fullmatch(underline) if _is_words(lines[at]) else None
            yield from _line(lines[at], at + 1, found[1][0] if found else "")
            at += 2 if found else 1


Found = tuple[int, Sequence[Block]]
"""How many lines something takes, and its blocks; 0 where it is not."""
NOTHING: Found = (0, ())


def front_length(lines: Sequence[str]) -> int:
    """The lines of YAML that some programs put in front."""
    if lines[0].strip() != "---":
        return 0
    ends = (at for at, line in enumerate(lines[1:100], 1) if line.strip() in ("---", "..."))
    end = next(ends, 0)
    inner = lines[1:end]
    return (
        end + 1 if all(not x.strip() or re.match(r"\s|[\w-]+\s*:|-\s|#", x) for x in inner) else 0
    )


def _titles(front: Sequence[str]) -> Iterator[Paragraph]:
    for number, line in enumerate(front, 1):
        if (found := META.fullmatch(line)) and found[1]:
            yield Paragraph(text=found[1], place=Place(line=number), level=1)


def _comment(lines: Sequence[str], at: int) -> Found:
    if not lines[at].lstrip().startswith("<!--"):
        return NOTHING
    end = next((n for n in range(at, min(at + FARTHEST, len(lines))) if "-->" in lines[n]), at)
    rest = lines[end].partition("-->")[2].strip()
    return (end - at + 1, ()) if not rest else NOTHING


def _html_table(name: str, lines: Sequence[str], at: int) -> Found:
    """From the line that opens a table to the one that closes it, inner ones counted."""
    if not (found := TABLE.search(lines[at])) or found[1]:
        return NOTHING
    depth, end = 0, at
    for end in range(at, len(lines)):
        depth += sum(-1 if tag[1] else 1 for tag in TABLE.finditer(lines[end]))
        if depth <= 0:
            break
    page = Page(name=name, first_line=at + 1)
    page.read("\n".join(lines[at : end + 1]))
    return end - at + 1, page.shown()


def _bars(lines: Sequence[str], at: int) -> Found:
    length = table_length(lines, at)
    grid = grid_of_bars(lines[at : at + length], at + 1, cell_words) if length else None
    return (length, (grid,) if grid else ())


def _tabs(lines: Sequence[str], at: int) -> Found:
    """Tabs that part words; those in front of a line only move it to the right."""
    end = at
    while end < len(lines) and "\t" in (lines[end].lstrip() if end == at else lines[end]):
        end += 1
    plainly = [plain(line) for line in lines[at:end]]
    return (end - at, blocks_of_tabs(plainly, at + 1)) if end > at else NOTHING


def _is_words(line: str) -> bool:
    marked = (HEADING, LINE, FENCE, REFERENCE)
    return bool(line.strip()) and not any(m.fullmatch(line) for m in marked) and not is_rule(line)


def _line(line: str, number: int, underline: str) -> Iterator[Paragraph]:
    level = {"=": 1, "-": 2}.get(underline, 0)
    if found := HEADING.fullmatch(line):
        level, line = len(found[1]), found[2]
    elif LINE.fullmatch(line) or FENCE.match(line) or REFERENCE.fullmatch(line):
        return
    elif found := BULLET.match(line):
        line = line[found.end() :]
    for text in map(plain, BREAK.split(line)):
        if text.strip():
            yield Paragraph(text=text.strip(), place=Place(line=number), level=level)


def cell_words(text: str) -> str:
    """A cell as it is shown: <br> as a line break, hard spaces in front as indentation."""
    words = "\n".join(filter(None, (folded(plain(part)) for part in BREAK.split(text))))
    return words.strip() if is_figure(words) else words


def plain(text: str) -> str:
    """A line without its marks: **bold**, [links](…), `code`, tags, \\escapes, &entities;."""
    if len(text) > LONGEST:
        return text
    text = ESCAPED.sub(lambda found: chr(HELD + ord(found[1])), text)
    text = TAG.sub("", COMMENT.sub("", IMAGE.sub("", text)))
    text = LINK.sub(r"\1", text)
    for _ in range(NESTED):
        text = SLANTED.sub(r"\1\2", STRONG.sub(r"\2", text))
    return html.unescape(text).translate({HELD + char: char for char in range(128)})
