"""Text files: lines with tabs are table rows, every other line is a paragraph."""

import hashlib

from index.document import Block, Cell, Grid, Paragraph, Place, Source
from index.errors import BudgetError

ENCODINGS = ("utf-8-sig", "gb18030", "big5")
"""Tried in this order: GB18030 is what Windows in China writes; Big5 what Taiwan's did."""

MEND = "请用文本编辑器另存为 UTF-8 或 GB18030 编码的文本文件"


def read_text(name: str, content: bytes) -> Source:
    """`content` as a grid for each run of lines with tabs, a paragraph for each other line.

    Raises BudgetError for an empty, binary or wrongly encoded file.
    """
    return Source(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        format="text",
        blocks=blocks_of(lines_of(name, content)),
    )


def lines_of(name: str, content: bytes) -> tuple[str, ...]:
    """The file's lines, decoded; line N is item N - 1."""
    if not content.strip():
        raise BudgetError("文件是空的", place=name, mend="请换一个有内容的文件")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _split(_decode(name, content, ("utf-16",)))
    at = content.find(b"\x00")
    if at >= 0:
        raise BudgetError(
            f"不是文本文件（第 {at + 1} 个字节是二进制内容）", place=name, mend=MEND
        )
    return _split(_decode(name, content, ENCODINGS))


def _decode(name: str, content: bytes, encodings: tuple[str, ...]) -> str:
    problem: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            problem = problem or error
            continue
        if _readable(text):
            return text
    at = problem.start if problem else 0
    line = content.count(b"\n", 0, at) + 1
    raise BudgetError(f"文字编码无法识别（第 {line} 行）", place=name, mend=MEND)


def _readable(text: str) -> bool:
    """Few control and private-use characters: a wrong guess of the encoding is full of them."""
    odd = sum(1 for c in text if (c < " " and c not in "\t\r\n\f\v") or "\ue000" <= c <= "\uf8ff")
    return odd * 50 <= len(text)


def _split(text: str) -> tuple[str, ...]:
    # str.splitlines would also split at U+2028 and form feeds and shift every later line number.
    return tuple(line.rstrip("\r") for line in text.split("\n"))


def blocks_of(lines: tuple[str, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(lines, 1):
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
