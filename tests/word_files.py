"""Word documents made for tests from the XML of their paragraphs and tables."""

from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.document import Source
from index.readers.docx import read_docx
from tests.office_files import saved

NAMES = nsdecls("w", "wp", "a", "pic", "r", "m") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*lines: Sequence[str]) -> str:
    """Rows of cells; a cell is a text or the XML of a w:tc."""
    found = "".join(
        "<w:tr>" + "".join(c if c.startswith("<w:tc>") else cell(c) for c in line) + "</w:tr>"
        for line in lines
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{found}</w:tbl>"


def document(*parts: str) -> Any:
    """A document whose body is the parts, given as XML."""
    file = docx.Document()
    body = file.element.body
    for part in parts:
        wrapped = parse_xml(f"<w:body {NAMES}>{part}</w:body>")
        for element in list(wrapped):
            body.insert(len(body) - 1, element)
    return file


def read(*parts: str) -> Source:
    return read_docx("a.docx", saved(document(*parts)))


SPAN = '<w:gridSpan w:val="{}"/>'
DOWN, UP = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
