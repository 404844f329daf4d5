"""What a paragraph of WordprocessingML prints: its text, its text boxes, its notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.readers.docx_numbering import W, value

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
INSERTED = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
SILENT = DELETED | frozenset(
    f"{W}{name}"
    for name in (
        *("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr"),
        *("instrText", "delText", "delInstrText", "object", "rt", "annotationRef"),
    )
)
"""Elements of which nothing is printed where they stand; an object is drawn as a picture."""
CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
TEXTS = (f"{W}t", f"{MATH}t")
NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
TWIPS = 210
"""Width of a character of 10.5 points, the size of running text, in twentieths of a point."""
ASIDE = ("center", "right", "end", "distribute")


@dataclass(slots=True)
class Printed:
    text: str = ""
    boxes: list[Any] = field(default_factory=list)
    """Contents of the text boxes that are anchored in it."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Footnotes and endnotes referred to: kind and id."""


def printed_of(paragraph: Any) -> Printed:
    printed = Printed()
    printed.text = "".join(_texts(paragraph, printed))
    return printed


def _texts(element: Any, printed: Printed) -> Iterator[str]:
    for child in chosen_children(element):
        tag = child.tag
        if tag in TEXTS:
            yield child.text or ""
        elif tag in CHARACTERS:
            yield CHARACTERS[tag]
        elif tag == f"{W}br":
            yield "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else ""
        elif tag == f"{W}txbxContent":
            printed.boxes.append(child)
        elif tag in NOTES:
            printed.notes.append((NOTES[tag], str(child.get(f"{W}id"))))
        elif not _is_hidden(child):
            yield from _texts(child, printed)


def chosen_children(element: Any) -> Iterator[Any]:
    """The children that are printed; of alternatives for old and new programs one."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SILENT:
            continue
        if child.tag == f"{COMPATIBLE}AlternateContent":
            choice = child.find(f"{COMPATIBLE}Choice")
            fallback = child.find(f"{COMPATIBLE}Fallback")
            yield from (
                part for part in (choice, fallback)[choice is None :][:1] if part is not None
            )
        else:
            yield child


def _is_hidden(element: Any) -> bool:
    """Hidden text, and the prompt of a field that nobody filled in."""
    vanish = element.find(f"{W}rPr/{W}vanish")
    if vanish is not None and value(vanish) not in ("0", "false", "off"):
        return True
    return element.tag == f"{W}sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def indent_of(paragraph: Any) -> int:
    """Characters by which a paragraph's first line is set in."""
    place = paragraph.find(f"{W}pPr/{W}ind")
    aside = value(paragraph.find(f"{W}pPr/{W}jc")) in ASIDE
    if place is None or aside:
        return 0
    first = _amount(place, "firstLine") - _amount(place, "hanging")
    return max(0, round(_amount(place, "left", "start") + first))


def _amount(element: Any, *names: str) -> float:
    """In characters: what is given in hundredths of them goes before what is given in twips."""
    for name in names:
        for attribute, part in ((f"{name}Chars", 100), (name, TWIPS)):
            try:
                return float(element.get(f"{W}{attribute}")) / part
            except (TypeError, ValueError):
                continue
    return 0.0
