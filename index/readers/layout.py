"""What stands in a table's form and is none: captions and running text, told by their words."""

from collections.abc import Sequence

from index.caption import CAPTION_LINES, END, HEADING_LENGTH, NOTE, UNIT_CELL, is_owner
from index.head import is_figure
from index.words import squeeze


def is_caption(rows: Sequence[Sequence[str]]) -> bool:
    """Title, 部门：…, 单位：元 in a table or block of their own, above the one they belong to."""
    words = [squeeze(text) for row in rows for text in row]
    says = any(UNIT_CELL.fullmatch(word) or is_owner(word) for word in words)
    few = len(rows) <= CAPTION_LINES and all(len(row) <= 3 for row in rows)
    return says and few and not any(map(is_figure, words))


def is_prose(text: str) -> bool:
    """A sentence or a note, no title and no label."""
    flat = squeeze(text)
    return is_note(text) or len(flat) > HEADING_LENGTH or flat.endswith(END)


def is_note(text: str) -> bool:
    return bool(NOTE.match(squeeze(text)))
