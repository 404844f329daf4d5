"""Fonts whose character codes the first library does not all know: what it would drop is kept."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import cast

from pdfminer.cmapdb import CMap
from pdfminer.pdffont import PDFCIDFont, PDFFont
from pdfminer.pdfinterp import PDFResourceManager

from index.readers.pdf_letters import NO_CODE

PAIRED = 0x80
"""In codes of one or two bytes a first byte from here on has a second."""

BLANK = 1
"""The number of the space in the character collections of Chinese, Japanese and Korean."""


class WholeFonts(PDFResourceManager):
    """Gives fonts that leave a mark in the text for every code they do not know.

    The library leaves such a code out without a word (the minus of −3.89, where the font's table
    lacks it), and moves what follows to its place.
    """

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        font = super().get_font(objid, spec)
        if isinstance(font, PDFCIDFont) and isinstance(font.cmap, CMap):
            font.cmap = _Whole(font.cmap)
        return font


class _Whole(CMap):
    def __init__(self, cmap: CMap) -> None:
        super().__init__()
        self.attrs = cmap.attrs
        self.code2cid = cmap.code2cid
        self._pairs = all(isinstance(below, dict) for below in cmap.code2cid.values())

    def decode(self, code: bytes) -> Iterator[int]:
        """The numbers of the glyphs; `NO_CODE` for each code that the table lacks."""
        at = 0
        while at < len(code):
            start, found = at, cast(object, self.code2cid)
            while isinstance(found, dict) and at < len(code):
                found = found.get(code[at])
                at += 1
            if isinstance(found, int):
                yield found
                continue
            if at == start + 1 and (self._pairs or code[start] >= PAIRED):
                at += 1
            yield BLANK if _is_blank(code[start:at]) else NO_CODE


def _is_blank(code: bytes) -> bool:
    text = code.decode("utf-16-be" if len(code) == 2 else "latin-1", errors="replace")
    return all(char.isspace() or unicodedata.category(char) == "Cc" for char in text)
