"""What the reader of .xls values leaves out: number formats, indents, hidden rows and columns."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.readers.number_format import LOCAL

BOF, EOF = 0x0809, 0x000A
FORMAT, XF, SHEET = 0x041E, 0x00E0, 0x0085
ROW, COLUMNS, WINDOW = 0x0208, 0x007D, 0x023E
FORMULA = 0x0006
CELLS = (0x0203, 0x027E, FORMULA, 0x00FD, 0x0204, 0x0205)
"""NUMBER, RK, FORMULA, LABELSST, LABEL, BOOLERR begin alike: row, column, XF (MS-XLS 2.4)."""
MULTIPLE = 0x00BD
"""MULRK: a row, the first column, then XF and figure of each cell."""
MACRO_SHEET = 1
Record = tuple[int, bytes]


@dataclass(slots=True)
class SheetStyle:
    formats: dict[tuple[int, int], int] = field(default_factory=dict)
    """XF of each cell that holds something; row and column from 0."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    zeros: bool = True
    """False where the sheet shows a zero as a blank."""
    computed: int = 0
    """Formulas with a result."""
    blank: list[tuple[int, int]] = field(default_factory=list)
    """Formulas with none, or with a blank one: an .xls does not tell them apart."""


@dataclass(slots=True)
class BookStyle:
    codes: list[str] = field(default_factory=list)
    """Number format of each XF."""
    indents: list[int] = field(default_factory=list)
    sheets: list[SheetStyle] = field(default_factory=list)
    macros: bool = False

    def code(self, sheet: int, row: int, column: int) -> str:
        at = self._xf(sheet, row, column)
        return self.codes[at] if 0 <= at < len(self.codes) else "General"

    def indent(self, sheet: int, row: int, column: int) -> int:
        at = self._xf(sheet, row, column)
        return self.indents[at] if 0 <= at < len(self.indents) else 0

    def _xf(self, sheet: int, row: int, column: int) -> int:
        if sheet >= len(self.sheets):
            return -1
        return self.sheets[sheet].formats.get((row, column), -1)


def style_of(content: bytes) -> BookStyle:
    """The styles of an .xls as Excel 97 and later write it; of older ones none are known."""
    import olefile

    style = BookStyle()
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        style.macros = file.exists("_VBA_PROJECT_CUR")
        if not file.exists("Workbook"):
            return style
        stream = file.openstream("Workbook").read()
    starts = _read_globals(stream, style)
    style.sheets = [sheet_style(stream, start) for start in starts]
    return style


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Records of one substream, those of charts within it left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _read_globals(stream: bytes, style: BookStyle) -> list[int]:
    """Takes the formats; where each sheet begins."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    own: dict[int, str] = {}
    xfs: list[tuple[int, int]] = []
    starts: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == FORMAT:
            own[struct.unpack_from("<H", data)[0]] = _string(data[2:])
        elif kind == XF:
            xfs.append((struct.unpack_from("<H", data, 2)[0], data[8] & 0x0F))
        elif kind == SHEET:
            starts.append(struct.unpack_from("<I", data)[0])
            style.macros |= data[5] == MACRO_SHEET
    codes = BUILTIN_FORMATS | LOCAL | own
    style.codes = [codes.get(number, "General") for number, _ in xfs]
    style.indents = [indent for _, indent in xfs]
    return starts


def _string(data: bytes) -> str:
    """Length in characters, a flag for two bytes each, the characters."""
    length, flags = struct.unpack_from("<HB", data)
    wide = bool(flags & 1)
    return data[3 : 3 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def sheet_style(stream: bytes, start: int) -> SheetStyle:
    style = SheetStyle()
    for kind, data in _records(stream, start):
        if kind in CELLS:
            row, column, xf = struct.unpack_from("<HHH", data)
            style.formats[row, column] = xf
            if kind == FORMULA:
                _take_result(data, style)
        elif kind == MULTIPLE:
            row, first = struct.unpack_from("<HH", data)
            for at in range((len(data) - 6) // 6):
                style.formats[row, first + at] = struct.unpack_from("<H", data, 4 + 6 * at)[0]
        elif kind == ROW and struct.unpack_from("<I", data, 12)[0] & 0x20:
            style.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == COLUMNS and struct.unpack_from("<H", data, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", data)
            style.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == WINDOW:
            style.zeros = bool(struct.unpack_from("<H", data)[0] & 0x10)
    return style


def _take_result(data: bytes, style: SheetStyle) -> None:
    """The last two bytes of what is no number are FFFF, its first says that it is blank."""
    if data[6] == 3 and data[12:14] == b"\xff\xff":
        style.blank.append(struct.unpack_from("<HH", data))
    else:
        style.computed += 1
