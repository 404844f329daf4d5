"""Run as a program: an .xls on standard input, its cells as JSON on standard output.

A process of its own, since over some broken files the library ends the process it runs in.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 2 << 30
"""Of the process, in bytes; a full sheet of 65,536 by 256 squares takes a third."""
MOST_SQUARES = 20_000_000
BLANK = ""


def main() -> None:
    limit_memory()
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
        sheets = [
            sheet_of(book, at, about.name, str(about.typ), str(about.visible))
            for at, about in enumerate(book.sheets_metadata)
        ]
    json.dump(sheets, sys.stdout)


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def sheet_of(book: Any, at: int, name: str, kind: str, visible: str) -> dict[str, Any]:
    """A sheet's name, state, merged cells and cells; hidden ones and charts without cells."""
    found: dict[str, Any] = {
        "name": name,
        "shown": visible.endswith(".Visible"),
        "cells": [],
        "merged": [],
    }
    if not kind.endswith(".WorkSheet"):
        return found | {"name": ""}
    if found["shown"]:
        sheet = book.get_sheet_by_index(at)
        bottom, right = sheet.end or (0, 0)
        if (bottom + 1) * (right + 1) > MOST_SQUARES:
            return found | {"size": [bottom + 1, right + 1]}
        found["merged"] = sheet.merged_cell_ranges or []
        # Its rows begin with the sheet's first, but their values with the first column in use.
        _, left = sheet.start or (0, 0)
        found["cells"] = [
            [row, column, plain(value)]
            for row, values in enumerate(sheet.iter_rows())
            for column, value in enumerate(values, left)
            if value != BLANK
        ]
    return found


def plain(value: Any) -> Any:
    """What JSON has no name for as a pair of its type and its text."""
    if isinstance(value, timedelta):
        return ["timedelta", value.total_seconds()]
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    return value


if __name__ == "__main__":
    main()
