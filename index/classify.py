"""Lines → rows that know what they are: total, unit, group, item, detail; and their path."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.fact import RowKind, Unit
from index.tabulate import Line
from index.words import ORDINAL, WHEREOF, key, lexicon, squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedRow:
    line: Line
    kind: RowKind
    path: tuple[str, ...]
    unit: Unit | None
    parent: int | None
    """Index among the classified rows of the row it adds up to."""
    level: int


def classify(
    lines: Sequence[Line], units: Sequence[Unit], *, projects: bool = False
) -> tuple[ClassifiedRow, ...]:
    """`projects`: the table lists projects (its rows without a class of their own are such)."""
    kinds = kinds_of(lines, units, projects=projects)
    rows: list[ClassifiedRow] = []
    for at, line in enumerate(lines):
        unit = _unit_of(line, kinds[at], rows, units)
        parent = _parent(at, lines, kinds, rows)
        rows.append(
            ClassifiedRow(
                line=line,
                kind=kinds[at],
                path=_path(line, kinds[at], unit, parent, rows),
                unit=unit,
                parent=parent,
                level=0 if parent is None else rows[parent].level + 1,
            )
        )
    return tuple(rows)


def kinds_of(
    lines: Sequence[Line], units: Sequence[Unit], *, projects: bool
) -> tuple[RowKind, ...]:
    names = {key(unit.name) for unit in units}
    shared = _shared_codes(lines)
    kinds: list[RowKind] = []
    for at, line in enumerate(lines):
        kinds.append(_kind(at, line, lines, names, shared, projects))
    return tuple(kinds)


def _kind(
    at: int,
    line: Line,
    lines: Sequence[Line],
    unit_names: set[str],
    shared: set[tuple[str, str]],
    projects: bool,
) -> RowKind:
    flat = squeeze(line.label)
    words = lexicon("headers")
    if not line.label:
        repeats = at > 0 and lines[at - 1].figures == line.figures
        return RowKind.TOTAL_REPEAT if repeats else RowKind.SUBTOTAL
    if flat in words["subtotal"]:
        return RowKind.SUBTOTAL
    if flat in words["total"]:
        return RowKind.TOTAL
    if not line.code and key(line.label) in unit_names:
        return RowKind.UNIT
    code = line.code or line.unit_code
    if _is_prefix(code, lines[at + 1 :]):
        return RowKind.GROUP
    if not line.code and _heads_codes(at, lines):
        return RowKind.SUBTOTAL
    if _is_detail(at, lines):
        return RowKind.DETAIL
    if projects or (line.code, line.unit_code) in shared:
        return RowKind.PROJECT
    return RowKind.ITEM


def _shared_codes(lines: Sequence[Line]) -> set[tuple[str, str]]:
    """(code, unit) under which several names stand: those names are projects, not classes."""
    names: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if len(line.code) >= 7:
            names.setdefault((line.code, line.unit_code), set()).add(key(line.label))
    return {pair for pair, found in names.items() if len(found) > 1}


def _is_prefix(code: str, below: Sequence[Line]) -> bool:
    """The next coded row is one step below `code` (205 → 20508, 302 → 30216)."""
    if not code:
        return False
    for line in below:
        deeper = line.code or line.unit_code
        if deeper:
            return deeper.startswith(code) and len(deeper) > len(code) and len(code) < 5 or (
                deeper.startswith(code) and len(code) == 5 and len(deeper) == 7 and code[0] == "2"
            )
    return False


def _is_detail(at: int, lines: Sequence[Line]) -> bool:
    """An economic class of seven digits below one of five (30299 → 3029909)."""
    code = lines[at].unit_code if len(lines[at].unit_code) == 7 else lines[at].code
    if len(code) != 7 or code[0] not in "35":
        return False
    return any(code.startswith(other) for line in lines[:at] for other in _five_digits(line))


def _five_digits(line: Line) -> tuple[str, ...]:
    return tuple(code for code in (line.code, line.unit_code) if len(code) == 5)


def _heads_codes(at: int, lines: Sequence[Line]) -> bool:
    """A row without a code, in a table with codes, above coded rows: their subtotal."""
    return at + 1 < len(lines) and bool(lines[at + 1].code)


def _unit_of(
    line: Line, kind: RowKind, rows: Sequence[ClassifiedRow], units: Sequence[Unit]
) -> Unit | None:
    if kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT) and not line.unit_code:
        return None
    by_code = {unit.code: unit for unit in units if unit.code}
    by_name = {key(unit.name): unit for unit in units}
    if line.unit_code in by_code:
        return by_code[line.unit_code]
    named = by_name.get(key(line.unit_name)) or (
        by_name.get(key(line.label)) if kind is RowKind.UNIT else None
    )
    if named:
        return named
    above = rows[-1] if rows else None
    return above.unit if above and above.kind is not RowKind.TOTAL else None


_HIGHER = {
    RowKind.UNIT: (RowKind.TOTAL,),
    RowKind.SUBTOTAL: (RowKind.UNIT, RowKind.TOTAL),
}


def _parent(
    at: int,
    lines: Sequence[Line],
    kinds: Sequence[RowKind],
    rows: Sequence[ClassifiedRow],
) -> int | None:
    kind = kinds[at]
    if kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT) or is_footing(lines[at]):
        return None
    if kind in _HIGHER:
        return _last(rows, _HIGHER[kind]) if lines[at].label else None
    if (coded := _coded_parent(lines[at], rows)) is not None:
        return coded
    if (nested := _nested_parent(at, lines, rows)) is not None:
        return nested
    higher = (RowKind.SUBTOTAL, RowKind.UNIT) if kind is not RowKind.GROUP else (RowKind.UNIT,)
    return _last(rows, (*higher, RowKind.TOTAL))


def _last(rows: Sequence[ClassifiedRow], kinds: Sequence[RowKind]) -> int | None:
    for at in range(len(rows) - 1, -1, -1):
        if rows[at].kind in kinds and rows[at].line.label and not is_footing(rows[at].line):
            return at
    return None


def is_footing(line: Line) -> bool:
    """A subtotal that stands below its members (小计, 本年收入合计), never above."""
    return squeeze(line.label) in lexicon("headers")["subtotal"]


def _coded_parent(line: Line, rows: Sequence[ClassifiedRow]) -> int | None:
    """The nearest row above, in the same unit, whose code begins this one's."""
    code = _full_code(line)
    if len(code) < 4:
        return None
    for at in range(len(rows) - 1, -1, -1):
        above = _full_code(rows[at].line)
        if above and code != above and code.startswith(above):
            return at
        if rows[at].kind is RowKind.UNIT:
            return None
    return None


def _full_code(line: Line) -> str:
    """The class code; some forms print the economic class in the unit's column (30216)."""
    if line.code and line.unit_code.startswith(line.code):
        return line.unit_code
    if not line.code and 3 <= len(line.unit_code) <= 7 and line.unit_code[0] in "35":
        return line.unit_code
    return line.code


def _nested_parent(
    at: int, lines: Sequence[Line], rows: Sequence[ClassifiedRow]
) -> int | None:
    """其中： belongs to the row above; a bare label below an ordinal one belongs to that one."""
    line = lines[at]
    if WHEREOF.match(line.printed):
        return at - 1 if at else None
    if line.code or ORDINAL.match(line.printed) or not _has_ordinals(lines):
        return None
    for above in range(at - 1, -1, -1):
        if ORDINAL.match(lines[above].printed):
            return above
        if rows[above].kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
            return None
    return None


def _has_ordinals(lines: Sequence[Line]) -> bool:
    return any(ORDINAL.match(line.printed) for line in lines)


def _path(
    line: Line,
    kind: RowKind,
    unit: Unit | None,
    parent: int | None,
    rows: Sequence[ClassifiedRow],
) -> tuple[str, ...]:
    if kind is RowKind.TOTAL_REPEAT:
        return rows[-1].path if rows else ("",)
    if parent is not None and rows[parent].kind is not RowKind.TOTAL:
        return (*rows[parent].path, line.label)
    lead = (unit.name,) if unit and kind is not RowKind.UNIT and not unit.whole else ()
    return (*lead, line.label)
