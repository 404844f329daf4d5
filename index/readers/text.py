"""Text files: lines with tabs, bars or aligned columns are table rows, all others paragraphs."""

import hashlib
from collections.abc import Sequence
from functools import partial

from index.document import Block, Cell, Grid, Paragraph, Place, Source
from index.errors import BudgetError
from index.head import is_figure
from index.readers import aligned
from index.readers import pipes as bars
from index.readers.layout import is_prose
from index.readers.spans import MOST_SQUARES

ENCODINGS = ("gb18030", "big5")
"""Tried where a file is no UTF-8: Windows in China writes GB18030, in Taiwan it wrote Big5."""
COMMON = ("预算", "收入", "支出", "合计", "年度", "預算", "歲入", "歲出", "合計")
"""Words of every budget. Nearly all Big5 decodes as GB18030 without an error, into other words."""
UTF8_RUN = 12
"""Characters beyond ASCII before a broken byte that no other encoding makes by chance."""

MOST_BYTES = 16 * 2**20
"""The longest published budget has some 1 MB of text."""

SHOWN = 5
"""Lines named in a warning."""

MEND = "请用文本编辑器另存为 UTF-8 或 GB18030 编码的文本文件"


def read_text(name: str, content: bytes) -> Source:
    """`content` as a grid for each run of lines with tabs, bars or aligned words, a paragraph for
    each other line.

    Raises BudgetError for an empty, binary or wrongly encoded file.
    """
    lines = checked(name, lines_of(name, content))
    if is_sheet(lines):
        # Which reads its lines by this module.
        from index.readers.csv import read_csv

        return read_csv(name, content)
    blocks, unlike = drawn(lines)
    told = (
        f"第 {'、'.join(map(str, unlike[:SHOWN]))} 行起的表格以空格对齐而各列对不齐，没有当作表格读"
    )
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="text",
        blocks=blocks,
        warnings=(told,) if unlike else (),
    )


def is_sheet(lines: Sequence[str]) -> bool:
    """A sheet that Excel saved as text: every line has the tabs of the widest, sentences too."""
    filled = [line for line in lines if line.strip()]
    tabs = {line.count("\t") for line in filled}
    even = len(tabs) == 1 and tabs != {0}
    return even and any(is_prose(line) for line in filled if not line.strip("\t").count("\t"))


def drawn(lines: Sequence[str]) -> tuple[tuple[Block, ...], tuple[int, ...]]:
    """The blocks of a text that draws tables with bars or, if it has no tabs, with spaces; and the
    lines where tables begin whose columns nothing tells apart."""
    spaced = not any("\t" in line for line in lines)
    blocks: list[Block] = []
    unlike: list[int] = []
    begun = at = 0
    while at < len(lines):
        barred = 0 if "\t" in lines[at] else bars.table_length(lines, at)
        length = barred or (aligned.table_length(lines, at) if spaced else 0)
        if length:
            part = lines[at : at + length]
            make = partial(bars.grid_of_bars, words=cell_of) if barred else aligned.grid_of_spaces
            grid = make(part, at + 1)
            blocks += blocks_of(lines[begun:at], begun + 1)
            if grid:
                blocks.append(grid)
            elif not barred:
                unlike.append(at + 1)
                blocks += blocks_of(part, at + 1)
            begun = at + length
        at += length or 1
    return (*blocks, *blocks_of(lines[begun:], begun + 1)), tuple(unlike)


def cell_of(text: str) -> str:
    """What stands between two bars; a label keeps its indentation."""
    return text.strip() if is_figure(text) else text.rstrip().removeprefix(" ")


def checked(name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """`lines`, if their tabs make no more squares than memory holds."""
    squares = sum(line.count("\t") for line in lines)
    if squares > MOST_SQUARES:
        raise BudgetError(
            f"制表符有 {squares} 个，超过 {MOST_SQUARES} 个",
            place=name,
            mend="删去表格以外的制表符再保存",
        )
    return lines


def lines_of(name: str, content: bytes) -> tuple[str, ...]:
    """The file's lines, decoded; line N is item N - 1."""
    if len(content) > MOST_BYTES:
        raise BudgetError(
            f"文本有 {len(content) / 2**20:.0f} MB，超过 {MOST_BYTES / 2**20:.0f} MB",
            place=name,
            mend="拆成几个文件，或只保留预算的部分",
        )
    text = text_of(name, content)
    if not text.strip():
        raise BudgetError("文件是空的", place=name, mend="请换一个有内容的文件")
    # str.splitlines would also split at U+2028 and form feeds and shift every later line number.
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def text_of(name: str, content: bytes) -> str:
    """The decoded file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(name, content, "utf-16")
    at = content.find(b"\x00")
    if at >= 0:
        raise BudgetError(f"不是文本文件（第 {at + 1} 个字节是二进制内容）", place=name, mend=MEND)
    return _decode(name, content)


def _decoded(name: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if len(content) - error.start < 4:
            raise _cut(name, content.count(b"\n") + 1) from None
        raise _unknown(name, content, error.start) from None


def _cut(name: str, line: int) -> BudgetError:
    return BudgetError(
        f"文件不完整：第 {line} 行的最后一个字只有一半",
        place=name,
        mend="请重新下载或重新另存这个文件",
    )


def _unknown(name: str, content: bytes, at: int) -> BudgetError:
    line = content.count(b"\n", 0, at) + 1
    return BudgetError(f"文字编码无法识别（第 {line} 行）", place=name, mend=MEND)


def _decode(name: str, content: bytes) -> str:
    """UTF-8, else whichever of `ENCODINGS` gives more words of a budget."""
    try:
        text = content.decode("utf-8-sig")
        at = 0
    except UnicodeDecodeError as error:
        if _is_utf8(content[: error.start]):
            return _decoded(name, content, "utf-8-sig")
        at = error.start
    else:
        if _readable(text):
            return text
    found = [text for encoding in ENCODINGS if (text := _guess(content, encoding))]
    if not found:
        raise _unknown(name, content, at)
    return max(found, key=lambda text: sum(map(text.count, COMMON)))


def _is_utf8(good: bytes) -> bool:
    """Characters beyond ASCII in a stretch that is valid UTF-8."""
    return sum(char > "\x7f" for char in good.decode("utf-8-sig")) >= UTF8_RUN


def _guess(content: bytes, encoding: str) -> str:
    """Empty where the bytes are none of that encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return text if _readable(text) else ""


def _readable(text: str) -> bool:
    """Few control and private-use characters: a wrong guess of the encoding is full of them."""
    odd = sum(1 for c in text if (c < " " and c not in "\t\r\n\f\v") or "\ue000" <= c <= "\uf8ff")
    return odd * 50 <= len(text)


def blocks_of(lines: Sequence[str], first: int = 1) -> tuple[Block, ...]:
    """`first`: the number of the first line in its file."""
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(lines, first):
        if "\t" in line:
            rows.append(cells_of(line, number))
            continue
        if rows:
            blocks.append(Grid(rows=tuple(rows)))
            rows = []
        if line.strip():
            blocks.append(Paragraph(text=line.strip(), place=Place(line=number)))
    if rows:
        blocks.append(Grid(rows=tuple(rows)))
    return tuple(blocks)


def cells_of(line: str, number: int) -> tuple[Cell, ...]:
    return tuple(
        Cell(text=text.strip(), place=Place(line=number, field=at))
        for at, text in enumerate(line.split("\t"))
    )
