"""A workbook with nothing but cells, merged ranges and number formats, for openpyxl to read.

Many programs write fonts, filters or properties that openpyxl refuses together with the whole file.
"""

import io
import re
import zipfile
from typing import Any

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KEPT_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?\w*workbook[\w.]*|xl/\w*sharedstrings[\w.]*"
    r"|xl/styles\.xml|xl/worksheets/[^/]*\.xml",
    re.IGNORECASE,
)
KEPT_OF_SHEET = ("sheetData", "mergeCells")
KEPT_OF_BOOK = ("workbookPr", "sheets")
ONE_OF_EACH = (
    ("fonts", "font"),
    ("fills", "fill", "patternFill"),
    ("borders", "border"),
    ("cellStyleXfs", "xf"),
)
"""What each cell format refers to by number; all refer to the first."""


def slimmed(content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in filter(KEPT_PARTS.fullmatch, source.namelist()):
            target.writestr(name, _slim_part(name.lower(), source.read(name)))
    return out.getvalue()


def _slim_part(name: str, data: bytes) -> bytes:
    if name == "[content_types].xml" or name.endswith(".rels"):
        return data
    if name.endswith("styles.xml"):
        return _styles(data)
    if "/worksheets/" in name:
        return _only(data, KEPT_OF_SHEET)
    return _only(data, KEPT_OF_BOOK) if "workbook" in name else data


def _root(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _only(data: bytes, kept: tuple[str, ...]) -> bytes:
    from lxml import etree

    root = _root(data)
    for child in list(root):
        if not isinstance(child.tag, str) or etree.QName(child).localname not in kept:
            root.remove(child)
    return bytes(etree.tostring(root))


def _styles(data: bytes) -> bytes:
    """Number formats and indents alone."""
    from lxml import etree

    old, new = _root(data), etree.Element(f"{{{MAIN}}}styleSheet", nsmap={None: MAIN})
    formats = etree.SubElement(new, f"{{{MAIN}}}numFmts")
    for code in old.iter(f"{{{MAIN}}}numFmt"):
        if code.getparent().tag == f"{{{MAIN}}}numFmts":
            formats.append(code)
    if not len(formats):
        new.remove(formats)
    for names in ONE_OF_EACH:
        parent = new
        for name in names:
            parent = etree.SubElement(parent, f"{{{MAIN}}}{name}")
    cells = etree.SubElement(new, f"{{{MAIN}}}cellXfs")
    for old_format in old.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"):
        number = re.sub(r"\D", "", old_format.get("numFmtId", "")) or "0"
        one = etree.SubElement(cells, f"{{{MAIN}}}xf", numFmtId=number)
        place = old_format.find(f"{{{MAIN}}}alignment")
        if place is not None and place.get("indent", "").isdigit():
            etree.SubElement(one, f"{{{MAIN}}}alignment", indent=place.get("indent"))
    return bytes(etree.tostring(new))
