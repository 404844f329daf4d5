"""Lines → rows that know what they are: total, unit, group, item, detail; and their path."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.classification import name_of
from index.fact import RowKind, Unit
from index.sides import PROJECT_HEAD as PROJECT_HEAD
from index.tabulate import Line
from index.totals import adds_up as adds_up
from index.totals import is_deeper, padded_parents, parents_told, total_kind, whole_of, wholes
from index.words import COUNTED, WHEREOF, key, lexicon, squeeze

ORDINAL_OR_CLASS = re.compile("序号|行次|类别|类型")
"""Heads of columns whose words stand above projects, never for one."""
RANKS = (
    rf"第?{COUNTED}[、．.]",
    rf"[(（]{COUNTED}[)）]",
    r"\d{1,2}[、．.](?!\d)",
    r"[(（]\d+[)）]",
    r"[①-⑳]",
)
"""Ordinals in the order in which they nest."""


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
    lines: Sequence[Line],
    units: Sequence[Unit],
    *,
    projects: bool = False,
    owner: Unit | None = None,
) -> tuple[ClassifiedRow, ...]:
    """`projects`: the table lists projects (its rows without a class of their own are such).
    `owner`: the unit whose table it is, if the caption names one."""
    kinds = kinds_of(lines, units, projects=projects)
    ranks = tuple(map(rank_of, lines))
    several = len({rank for rank in ranks if rank is not None}) > 1
    told = parents_told(lines)
    rows: list[ClassifiedRow] = []
    for at, line in enumerate(lines):
        unit = _unit_of(line, kinds[at], rows, units) or owner
        # Where ordinals nest, labels without one are members of none.
        bare = several and ranks[at] is None and not WHEREOF.match(line.printed)
        parent = _parent(at, lines, kinds, () if bare else ranks, rows, told)
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
    return with_subtotals(rows)


def kinds_of(
    lines: Sequence[Line], units: Sequence[Unit], *, projects: bool
) -> tuple[RowKind, ...]:
    names = {key(unit.name) for unit in units}
    shared = _shared_codes(lines)
    kinds: list[RowKind] = []
    for at, line in enumerate(lines):
        kinds.append(_kind(at, line, lines, names, shared, projects))
    for parent in padded_parents(lines):
        if parent is not None:
            kinds[parent] = RowKind.SUBTOTAL
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
        if not any(other.label for other in lines):
            return RowKind.TOTAL
        repeats = at > 0 and lines[at - 1].figures == line.figures
        return RowKind.TOTAL_REPEAT if repeats else RowKind.SUBTOTAL
    if is_whole(line) and key(line.unit_name) in unit_names:
        return RowKind.UNIT
    if flat in words["subtotal"]:
        return RowKind.SUBTOTAL
    if flat in words["total"]:
        return RowKind.TOTAL
    if not line.code and key(line.label) in unit_names:
        return RowKind.UNIT
    if _is_whole_department(at, lines):
        return RowKind.TOTAL
    if (whole := total_kind(at, lines)) is not None:
        return whole
    if line.depth is not None:
        return RowKind.SUBTOTAL if is_deeper(at, lines) else RowKind.ITEM
    code = line.code or line.unit_code
    if _is_prefix(code, lines[at + 1 :]):
        return RowKind.SUBTOTAL if code[0] in "12" else RowKind.GROUP
    if not line.code and _heads_codes(at, lines):
        return RowKind.SUBTOTAL
    if _is_detail(at, lines):
        return RowKind.DETAIL
    if (projects and _may_be_project(line)) or (line.code, line.unit_code) in shared:
        return RowKind.PROJECT
    return RowKind.ITEM


def _is_whole_department(at: int, lines: Sequence[Line]) -> bool:
    """合计, then the department's name with the same figures, then its units' codes."""
    if not 0 < at < len(lines) - 1 or lines[at].code or lines[at].unit_code:
        return False
    above, below = lines[at - 1], lines[at + 1]
    same = above.figures == lines[at].figures and not lines[at].empty
    return same and is_whole(above) and bool(below.unit_code or below.unit_name)


def is_whole(line: Line) -> bool:
    """小计, 合计: the row is the whole of something that another cell names."""
    words = lexicon("headers")
    return squeeze(line.label) in (*words["subtotal"], *words["total"])


def _may_be_project(line: Line) -> bool:
    """Not a class of the official classification, nor a label in another column than 项目名称."""
    official = key(name_of(line.code)) if line.code else ""
    other = line.head.endswith("科目名称") or ORDINAL_OR_CLASS.search(line.head)
    return not other and official != key(line.label)


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
            function = len(code) == 5 and len(deeper) == 7 and code[0] == "2"
            below_it = deeper.startswith(code) and len(deeper) > len(code)
            return below_it and (len(code) < 5 or function)
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


def _parent(
    at: int,
    lines: Sequence[Line],
    kinds: Sequence[RowKind],
    ranks: Sequence[int | None],
    rows: Sequence[ClassifiedRow],
    told: Sequence[int | None],
) -> int | None:
    line, kind = lines[at], kinds[at]
    if kind is RowKind.UNIT:
        return _last(rows, (RowKind.TOTAL,))
    if (above := told[at]) is not None:
        return above
    if kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT) or is_footing(line) or not line.label:
        return None
    if (coded := _coded_parent(line, rows)) is not None:
        return coded
    if ranks and (nested := _nested_parent(at, lines, ranks, rows)) is not None:
        return nested
    if ranks and (outer := _indented_parent(at, lines, ranks, rows)) is not None:
        return outer
    group = kind in (RowKind.GROUP, RowKind.SUBTOTAL)
    return _last(rows, (RowKind.UNIT, RowKind.TOTAL) if group else HIGHER)


HIGHER = (RowKind.SUBTOTAL, RowKind.UNIT, RowKind.TOTAL)


def _last(rows: Sequence[ClassifiedRow], kinds: Sequence[RowKind]) -> int | None:
    """The nearest such row above; one with a code takes its members by their codes alone."""
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row.kind not in kinds or not row.line.label:
            continue
        footing = is_footing(row.line) and row.kind is not RowKind.UNIT
        if not footing and not (row.kind is RowKind.SUBTOTAL and row.line.code):
            return at
    return None


def is_footing(line: Line) -> bool:
    """A subtotal that stands below its members (小计, 本年收入合计), never above."""
    return squeeze(line.label) in lexicon("headers")["subtotal"] or whole_of(line.label) is not None


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


def rank_of(line: Line) -> int | None:
    """How deep the form of its ordinal nests: 一、 0, （一） 1, 1. 2; None without one."""
    text = re.sub(r"\s", "", WHEREOF.sub("", line.printed))
    return next((at for at, form in enumerate(RANKS) if re.match(form, text)), None)


def _nested_parent(
    at: int,
    lines: Sequence[Line],
    ranks: Sequence[int | None],
    rows: Sequence[ClassifiedRow],
) -> int | None:
    """（一） belongs to 一、; 其中： to the row above; a bare label to the ordinal above it."""
    line, rank = lines[at], ranks[at]
    whereof = bool(WHEREOF.match(line.printed))
    if whereof and rank is None:
        return next((n for n in range(at - 1, -1, -1) if not WHEREOF.match(lines[n].printed)), None)
    if line.code and not whereof:
        return None
    if rank is None:
        return _bare_parent(at, lines, ranks, rows)
    for above in range(at - 1, -1, -1):
        other = ranks[above]
        if other is not None and other < rank:
            return above
        if other is None and rows[above].kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
            return None
    return at - 1 if whereof and at else None


def _indented_parent(
    at: int,
    lines: Sequence[Line],
    ranks: Sequence[int | None],
    rows: Sequence[ClassifiedRow],
) -> int | None:
    """The nearest row above that is printed further to the left, in a table of bare labels."""
    line = lines[at]
    if line.code or ranks[at] is not None or not line.indent:
        return None
    for above in range(at - 1, -1, -1):
        if lines[above].label and lines[above].indent < line.indent:
            plain = not lines[above].code and ranks[above] is None
            return above if plain and rows[above].kind in (RowKind.ITEM, RowKind.GROUP) else None
    return None


def _bare_parent(
    at: int,
    lines: Sequence[Line],
    ranks: Sequence[int | None],
    rows: Sequence[ClassifiedRow],
) -> int | None:
    """The ordinal row above, directly or above other members of it.

    Something carried over (上年结转) stands beside the list that it follows, as all behind it.
    """
    above = at - 1
    if above < 0 or any(word in lines[at].label for word in lexicon("headers")["carried"]):
        return None
    if ranks[above] is not None:
        return above
    parent = rows[above].parent
    if parent is None or rows[above].kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
        return None
    return parent if ranks[parent] is not None else None


def with_subtotals(rows: Sequence[ClassifiedRow]) -> tuple[ClassifiedRow, ...]:
    """An item with members is their subtotal; what 其中 names without adding up is a detail."""
    kinds = [row.kind for row in rows]
    members: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        if row.parent is not None and row.kind is RowKind.ITEM and not row.line.code:
            members.setdefault(row.parent, []).append(at)
    for at, found in members.items():
        if rows[at].kind is not RowKind.ITEM or rows[at].line.code:
            continue
        if not any(WHEREOF.match(rows[n].line.printed) for n in found):
            kinds[at] = RowKind.SUBTOTAL
            continue
        adds = adds_up(rows[at].line, [rows[n].line for n in found])
        if adds:
            kinds[at] = RowKind.SUBTOTAL
        elif adds is False:
            for n in found:
                kinds[n] = RowKind.DETAIL
    kinds = wholes([row.line for row in rows], kinds)
    return tuple(replace(row, kind=kind) for row, kind in zip(rows, kinds, strict=True))


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
        above = rows[parent]
        # Below 小计 of a unit the unit's name alone leads.
        headed = above.kind is RowKind.UNIT and is_whole(above.line)
        return (*(above.path[:-1] if headed else above.path), line.label)
    own = kind is RowKind.UNIT and not is_whole(line)
    lead = (unit.name,) if unit and not own and not unit.whole else ()
    return (*lead, line.label)
