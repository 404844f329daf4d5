"""Office files made for tests: workbooks and documents as bytes, and their parts changed."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl

from index.document import Block, Grid, Paragraph, Source
from index.readers.xlsx import read_xlsx

Edit = Callable[[bytes], bytes]


def saved(file: Any) -> bytes:
    """What `file.save` writes."""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def sheet_of(*lines: list[Any], merged: tuple[str, ...] = ()) -> Any:
    """A worksheet with the lines from A1 on; None leaves a square blank."""
    sheet = openpyxl.Workbook().active
    sheet.title = "表1"
    for line in lines:
        sheet.append(line)
    for area in merged:
        sheet.merge_cells(area)
    return sheet


def read_sheet(sheet: Any) -> Source:
    return read_xlsx("a.xlsx", saved(sheet.parent))


def edited(
    content: bytes,
    edits: Mapping[str, Edit] | None = None,
    added: Mapping[str, bytes] | None = None,
    without: tuple[str, ...] = (),
) -> bytes:
    """A zip with some parts changed, added or left out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in without:
                edit = (edits or {}).get(name, bytes)
                target.writestr(name, edit(source.read(name)))
        for name, data in (added or {}).items():
            target.writestr(name, data)
    return out.getvalue()


def put(old: str, new: str) -> Edit:
    """Replaces a text that the part must hold."""

    def edit(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), 1)

    return edit


def grids(source: Source) -> list[Grid]:
    return [block for block in source.blocks if isinstance(block, Grid)]


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def rows(grid: Block) -> list[list[str]]:
    """Texts by row, copies of merged cells marked."""
    assert isinstance(grid, Grid)
    return [["~" * cell.spread + cell.text for cell in row] for row in grid.rows]
