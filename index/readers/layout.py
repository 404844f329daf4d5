"""What stands in a table's form and is none: captions and running text, told by their words."""

from collections.abc import Sequence

from index.caption import CAPTION_LINES, END, HEADING_LENGTH, NOTE, UNIT_CELL, is_owner
from index.head import is_figure
from index.words import squeeze

MOST_WORDS = 3
"""Owner, date and unit in one line."""


def is_caption(rows: Sequence[Sequence[str]]) -> bool:
    """Title, 部门：…, 单位：元 in a table or block of their own, above the one they belong to.

    A row of several words without a unit or an owner is a table's head, be the table empty.
    """
    says = [any(map(_is_caption_word, row)) for row in rows]
    few = len(rows) <= CAPTION_LINES and all(len(row) <= MOST_WORDS for row in rows)
    heads = any(len(row) > 1 and not said for row, said in zip(rows, says, strict=True))
    figures = any(is_figure(text) for row in rows for text in row)
    return any(says) and few and not heads and not figures


def _is_caption_word(text: str) -> bool:
    word = squeeze(text)
    return bool(UNIT_CELL.fullmatch(word)) or is_owner(word)


def is_prose(text: str) -> bool:
    """A sentence or a note, no title and no label."""
    flat = squeeze(text)
    return is_note(text) or len(flat) > HEADING_LENGTH or flat.endswith(END)


def is_note(text: str) -> bool:
    return bool(NOTE.match(squeeze(text)))
