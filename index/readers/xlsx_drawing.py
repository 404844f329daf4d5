"""What is drawn upon a sheet: the words of its text boxes with the cells they hang on, pictures."""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from index.document import Paragraph
from index.readers.sheet import cell_place

Tree = Callable[[zipfile.ZipFile, str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    boxes: tuple[tuple[int, Paragraph], ...] = ()
    """Row that a text box hangs on, from 0, and one of its lines."""
    pictures: int = 0


def drawn_on(archive: zipfile.ZipFile, sheet: str, path: str, tree: Tree) -> Drawn:
    """`path`: of the sheet's part; `tree` parses a part of the zip."""
    folder, file = posixpath.split(path)
    links = f"{folder}/_rels/{file}.rels"
    if links not in archive.namelist():
        return Drawn()
    boxes: list[tuple[int, Paragraph]] = []
    pictures = 0
    for link in tree(archive, links).iter("{*}Relationship"):
        part = posixpath.normpath(posixpath.join("/" + folder, str(link.get("Target")))).lstrip("/")
        if str(link.get("Type")).endswith("/drawing") and part in archive.namelist():
            root = tree(archive, part)
            boxes += _boxes(root, sheet)
            pictures += sum(1 for _ in root.iter("{*}pic"))
    return Drawn(boxes=tuple(boxes), pictures=pictures)


def _boxes(root: Any, sheet: str) -> Iterator[tuple[int, Paragraph]]:
    for anchor in root.iter("{*}twoCellAnchor", "{*}oneCellAnchor"):
        row = int(anchor.findtext("{*}from/{*}row") or 0)
        column = int(anchor.findtext("{*}from/{*}col") or 0)
        for body in anchor.iter("{*}txBody"):
            for line in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
                text = "".join(part.text or "" for part in line.iter("{*}t")).strip()
                if text:
                    place = cell_place(sheet, row, column)
                    yield row, Paragraph(text=text, place=place)
