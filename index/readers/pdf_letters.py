"""Characters as fonts of PDF files give them → the characters that are meant."""

import csv
import re
import unicodedata
from functools import cache

from index.words import LEXICONS

UNREADABLE = "\ufffd"
"""Stands for a character of which the file does not say what it is."""
CID = re.compile(r"\(cid:-?\d+\)")
NO_CODE = -1
"""Stands for the number of a glyph whose code the font's table does not know."""
LOST = f"(cid:{NO_CODE})"
SOFT_HYPHEN = "\u00ad"
"""What many fonts say that their hyphen means: a minus, where it stands before a figure."""
KANGXI = range(0x2F00, 0x2FD6)
SUPPLEMENT = range(0x2E80, 0x2F00)
COMPATIBLE = range(0xF900, 0xFB00)
"""Blocks of look-alikes that NFKC turns into the character meant."""


def meant(text: str) -> str:
    """What a glyph says; "" for a blank, `UNREADABLE` for a number of a glyph without meaning.

    >>> meant("⽉"), meant("(cid:12)"), meant(" "), meant("\\u00ad")
    ('月', '\\ufffd', '', '-')
    """
    if CID.fullmatch(text):
        return UNREADABLE
    return "".join(_meant(char) for char in text)


@cache
def _meant(char: str) -> str:
    code = ord(char)
    if char == SOFT_HYPHEN:
        return "-"
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
        return ""
    if unicodedata.category(char) in ("Co", "Cn", "Cs") or char == UNREADABLE:
        return UNREADABLE
    if code in KANGXI or code in COMPATIBLE or code in SUPPLEMENT:
        return _radicals().get(char, unicodedata.normalize("NFKC", char))
    return char


@cache
def _radicals() -> dict[str, str]:
    with open(LEXICONS / "radicals.tsv", encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return {row["radical"]: row["character"] for row in csv.DictReader(lines, delimiter="\t")}
