"""Captions: the lines above a table that number, name and measure it, and the notes below it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.document import Block, Cell, Grid, Paragraph
from index.head import head_length
from index.money import count_unit, is_unit_line, unit_in, without_unit
from index.outline import RawTable
from index.words import NUMERAL, bare, key, lexicon, numeral, squeeze, tidy
from index.years import is_year_line

PART = re.compile(rf"^第[{NUMERAL}]+(?:部分|章|篇)")
TABLE_NUMBER = re.compile(
    r"^[(（]?(?:(?:部门|单位)?(?:预算|决算)?公开(?=表))?("
    rf"(?:附?表|附件)(?:\d{{1,3}}(?:[-—–]\d{{1,2}})?|[{NUMERAL}]+?(?=一般|三公|[^{NUMERAL}]|$))"
    r"|财?(?:公开|预算|决算)\d{1,2}表"
    r"|(?:table|schedule|exhibit|statement|appendix)"
    r"(?:[a-z]?[-–.]?\d{1,3}(?:[-–.]\d{1,2})*(?:[a-z](?![a-z]))?|[a-z](?![a-z]))"
    r")(?=(?:19|20)\d\d年|(?![年月\d]))[)）]?[:：、.\s]*(.*)$"
)
"""表八, 附表3-1, （表一）, Table 2, Schedule B-1; 公开01表 is how the national form of final
accounts numbers them.

In squeezed text 表八 and 一般公共预算支出表 touch: the numeral ends before 一般 and 三公.
"""
MONEY_UNIT = "百万元|万元|千元|百元|亿元|元"
UNIT_LINE = re.compile(rf"单位(?:[:：]|为)\s*(?:人民币)?[(（]?({MONEY_UNIT})")
UNIT_CELL = re.compile(rf"[(（]?(?:金额|计量|货币)?{UNIT_LINE.pattern}[)）]*")
UNIT_TAIL = re.compile(rf"{UNIT_CELL.pattern}$")
"""编制部门：某某局 单位：元 in one line."""
COUNT_UNIT = "人次|人|辆|个|台|套|户|项|件|平方米"
COUNT_LINE = re.compile(rf"[(（]?(?:计量)?单位:({COUNT_UNIT})[)）]?")
"""Of a table that holds no money: 单位：人."""
UNIT_IN_TITLE = re.compile(rf"[(（](?:单位:)?(?:人民币)?({MONEY_UNIT}|{COUNT_UNIT})[)）]$")
UNIT_END = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
"""The same in a title as printed."""
DEPARTMENT_LINE = re.compile(
    r"^(?:编制|填报|编报|公开|报送|预算|决算|主管|预算主管|所属)?(?:部门|单位)(?:名称|全称)?[:：]"
)
DATE = (
    r"(?:(?:填报|填表|编制|编报|制表|报送|上报|公开)?(?:日期|时间)[:：])?"
    r"\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?"
)
DATE_LINE = re.compile(rf"[(（]?{DATE}[)）]?")
DATE_TAIL = re.compile(rf"{DATE}$")
"""填报日期：2024年2月8日, alone or behind the department in one line."""
POINT = re.compile(r"^(?:\d{1,2}[.、．](?!\d)|[(（]\d+[)）]|[①-⑳])")
YEAR_LINE = re.compile(r"^[(（]?\s*\d{4}\s*年?度?\s*[)）]?$")
NOTE = re.compile(r"^(?:注|备注|说明|notes?|sources?)\s*[:：]")
EMPTY = re.compile(
    r"^[(（]?(?:此|本)表(?:格|中)?(?:无|没有|为空|是空|空|不涉及)|^[(（](?:无|空表|不涉及)[^()（）]*[)）]$"
)
"""（此表无数据）, 本表为空: a note that no 注： announces."""
NONE = re.compile(rf"{NOTE.pattern}.*(?:无|没有|空表|未安排|为空)|{EMPTY.pattern}")
AGAIN = re.compile(
    r"[(（]续表?\d*[)）]$|^续表\d*$|[(（,]?\s*(?:continued|cont['’]?d|cont\.)[)）]?$", re.IGNORECASE
)
"""表八（续）, 续表, (continued): the caption on a table's next page."""
TITLED = re.compile(r"预算|决算|经费|支出|收入")
"""In the first line of a title that runs over two."""
DATED = re.compile(r"20\d{2}年")
HEADS = ("code", "name", "unit_code", "unit_name", "count", "main")
"""Lists of words that stand in heads alone."""
MOST_HEADS = 5
"""Rows in which a table's head stands."""
CAPTION_LINES = 7
"""Number, title, year, department, unit line and two more between heading and table."""
HEADING_LENGTH = 45
"""Longest heading met in published budgets is 38 characters."""
END = tuple("。；;！？!?：:”」")


def printed(row: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells that print something, a merged one once."""
    first = {cell.text: cell for cell in reversed(row) if not cell.blank}
    return tuple(cell for cell in row if first.get(cell.text) is cell)


def unfold(grid: Grid) -> list[Block]:
    """Captions printed in a grid's own rows, and notes in its last ones, as paragraphs."""
    rows = list(grid.rows)
    while rows and not printed(rows[-1]):
        rows.pop()
    last = _notes_at(rows)
    rows, notes = rows[:last], rows[last:]
    blocks: list[Block] = []
    start = at = 0
    while at < last:
        length = caption_length(rows, at)
        if length:
            blocks += _grid(grid, rows[start:at]) + _paragraphs(rows[at : at + length])
            start = at + length
        at += length or 1
    return blocks + _grid(grid, rows[start:]) + _paragraphs(notes)


def _notes_at(rows: Sequence[Sequence[Cell]]) -> int:
    """Where the notes below the table begin, each in a row of its own: 注：1. …, then 2. …"""
    begin = at = len(rows)
    while at and len(words := printed(rows[at - 1])) <= 1:
        at -= 1
        begin = at if not words or _is_note(words) or _is_signed(words) else begin
        if begin > at and not POINT.match(squeeze(words[0].text)):
            break
    return begin


def _is_note(words: Sequence[Cell]) -> bool:
    return len(words) == 1 and is_note(squeeze(words[0].text))


def _is_signed(words: Sequence[Cell]) -> bool:
    """单位负责人：　　填表人：　　联系电话："""
    return len(words) == 1 and squeeze(words[0].text).count(":") >= 2


def is_note(flat: str) -> bool:
    """注：…, or a line that says that the table above is empty."""
    return bool(NOTE.match(flat) or EMPTY.search(flat))


def _grid(grid: Grid, rows: Sequence[tuple[Cell, ...]]) -> list[Block]:
    filled = any(printed(row) for row in rows)
    return [replace(grid, rows=tuple(rows))] if filled else []


def _paragraphs(rows: Iterable[Sequence[Cell]]) -> list[Block]:
    cells = (cell for row in rows for cell in printed(row))
    return [Paragraph(text=cell.text, place=cell.place) for cell in cells]


def caption_length(rows: Sequence[Sequence[Cell]], at: int) -> int:
    """How many rows from `at` on are a caption: a title, then 部门：…, 单位：元, above a head.

    Inside a grid only a unit line, a number or a title above a date or year begins another table.
    """
    length, sure, named = 0, False, False
    for row in range(at, min(at + CAPTION_LINES, len(rows) - 1)):
        words = [squeeze(cell.text) for cell in printed(rows[row])]
        unit_line = any(map(says_unit, words))
        numbered = len(words) == 1 and TABLE_NUMBER.match(words[0])
        if unit_line or numbered or any(map(is_owner, words[:1])):
            length, sure = row + 1 - at, sure or bool(unit_line or numbered)
        elif len(words) == 1 and names_table(words[0]):
            length, named = row + 1 - at, True
        elif len(words) == 1 and length and _is_below(words[0]):
            length, sure = row + 1 - at, sure or (named and captionlike(words[0]))
        elif len(words) > 1 or not all(map(titlelike, words)) or _is_total(words):
            break
    # A head may begin with a word over its whole width.
    below = rows[at + length :][: 1 + (sure or named)]
    headed = length and any(len(printed(row)) > 1 for row in below)
    return length if headed and (sure or at == 0) else 0


def _is_below(flat: str) -> bool:
    """What stands below a title, but for the unit: year, date, department."""
    return captionlike(flat) or names_organisation(flat)


def _is_total(words: Sequence[str]) -> bool:
    return any(word in lexicon("headers")["total"] for word in words)


def names_table(flat: str) -> bool:
    return titlelike(flat) and re.sub(r"(?:[(（][^()（）]*[)）])+$", "", flat).endswith("表")


def split_caption(
    pending: Sequence[Paragraph],
) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
    """The paragraphs before a table: running text, and the lines of its caption."""
    lowest = max(0, len(pending) - CAPTION_LINES)
    flats = [squeeze(line.text) for line in pending]
    start = len(pending)
    while start > lowest and (titlelike(flats[start - 1]) or NOTE.match(flats[start - 1])):
        start -= 1
        if found := TABLE_NUMBER.match(UNIT_TAIL.sub("", flats[start])):
            named = found[2] or any(_is_title(line) for line in flats[start + 1 :])
            above = start > lowest and not named and names_table(flats[start - 1])
            return pending[: start - above], pending[start - above :]
    start = len(pending)
    group = _is_group(flats[lowest:])
    below = 0 if group else _title_at_end(flats[lowest:])
    start -= below + group
    while start > lowest and captionlike(flats[start - 1]):
        start -= 1
    if below:
        return pending[:start], pending[start:]
    titles = 0
    if lowest < start < len(pending) and titlelike(flats[start - 1]):
        one = names_table(flats[start - 1]) or start - 2 < lowest
        titles = 1 if one or not names_table(flats[start - 2]) else 2
    return pending[: start - titles], pending[start - titles :]


def _title_at_end(flats: Sequence[str]) -> int:
    """How many of the last lines are a title with no unit line below it: alone or below the unit
    line 1, with the department below it 2."""
    if len(flats) > 1 and names_table(flats[-2]) and names_organisation(flats[-1]):
        return 2
    return int(bool(flats) and names_table(flats[-1]) and not captionlike(flats[-1]))


def _is_group(flats: Sequence[str]) -> bool:
    """Below the unit line a word over the whole head."""
    measured = len(flats) > 1 and (UNIT_LINE.search(flats[-2]) or says_unit(flats[-2]))
    last = flats[-1] if measured and captionlike(flats[-2]) else ""
    return bool(last) and titlelike(last) and not (names_table(last) or captionlike(last))


def names_organisation(flat: str) -> bool:
    """某某局 in a line of its own."""
    return titlelike(flat) and flat.endswith(tuple(lexicon("titles")["organisation"]))


def captionlike(flat: str) -> bool:
    lines = (
        UNIT_LINE.search,
        COUNT_LINE.fullmatch,
        DEPARTMENT_LINE.match,
        YEAR_LINE.match,
        DATE_LINE.fullmatch,
        AGAIN.search,
    )
    said = any(line(flat) for line in lines) or says_unit(flat) or is_year_line(flat)
    return width_of(flat) <= HEADING_LENGTH and said


def says_unit(flat: str) -> bool:
    """The line says a unit and nothing else: 单位：千元, 单位：人, (dollars in thousands), FTE."""
    known = UNIT_CELL.fullmatch(flat) or COUNT_LINE.fullmatch(flat)
    return bool(known) or is_unit_line(flat) or bool(count_unit(flat))


def width_of(flat: str) -> float:
    """In full characters: two Latin letters take the room of one."""
    return len(flat) - sum(map(str.isascii, flat)) / 2


def titlelike(text: str) -> bool:
    flat = squeeze(text)
    ends = flat.endswith(END) or re.search(r"[a-z]{2}\.$", flat)
    return width_of(flat) <= HEADING_LENGTH and not ends and not PART.match(flat)


def _is_title(flat: str) -> bool:
    return not (captionlike(flat) or TABLE_NUMBER.match(flat) or NOTE.match(flat))


def is_owner(flat: str) -> bool:
    """部门：某某局, 单位：某某局; 单位：元 is none."""
    return bool(DEPARTMENT_LINE.match(flat)) and not says_unit(flat)


def owner_of(lines: Sequence[str], title: str) -> str:
    """Whose table it is: behind 部门：, or the line between the title and the unit line."""
    for line in lines:
        if is_owner(line):
            return DATE_TAIL.sub("", UNIT_TAIL.sub("", DEPARTMENT_LINE.sub("", line)))
    if len(lines) > 2 and key(lines[-3]) == key(title) and UNIT_CELL.fullmatch(lines[-1]):
        return lines[-2] if _is_title(lines[-2]) else ""
    below = len(lines) > 1 and key(lines[-2]) == key(title) and names_organisation(lines[-1])
    return lines[-1] if below else ""


def is_again(lines: Sequence[str], number: str, title: str, grid: Grid, last: RawTable) -> bool:
    """The caption of the table above, printed again on its next page."""
    if not lines or number not in ("", last.number):
        return False
    if any(AGAIN.search(line) for line in lines):
        return True
    same = key(title) == key(last.title)
    if same and (not head_length(grid.rows) or (number and not _words(grid) & _head_words())):
        return True  # a page without a head, be its first labels without figures
    if _has_total(grid.rows) and _has_total(last.rows):
        return False
    head = [[squeeze(cell.text) for cell in printed(rows[0])] for rows in (grid.rows, last.rows)]
    return same and head[0] == head[1]


def _words(grid: Grid) -> set[str]:
    return {squeeze(cell.text) for cell in printed(grid.rows[0])}


def _head_words() -> set[str]:
    return {word for name in HEADS for word in lexicon("headers")[name]}


def begins_anew(grid: Grid, last: RawTable) -> bool:
    """The grid has a head of its own, of other words and another width than the table above: it is
    no next page of it."""
    words = _words(grid)
    known = {squeeze(cell.text) for row in last.rows[:MOST_HEADS] for cell in row}
    width = max(map(len, last.rows), default=0)
    named = len(words & _head_words()) > 1
    return named and not words & known and len(grid.rows[0]) != width


def _has_total(rows: Iterable[Sequence[Cell]]) -> bool:
    """A row of its own for 合计; a head prints it beside other words."""
    totals = lexicon("headers")["total"]
    return any(
        squeeze(cell.text) in totals and any(map(_is_number, row)) for row in rows for cell in row
    )


def _is_number(cell: Cell) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,]*\.?\d+", squeeze(cell.text)))


def caption_of(lines: Iterable[str]) -> tuple[str, str, str]:
    """Number (表八), title and unit of money from a caption's lines, in any order."""
    number = unit = ""
    titles: list[str] = []
    for line in lines:
        flat = squeeze(line)
        if (found := UNIT_LINE.search(flat)) or is_unit_line(line):
            unit = found[1] if found else unit_in(line)
            beside = TABLE_NUMBER.match(UNIT_TAIL.sub("", flat))
            number = number or (table_number(beside[1]) if beside else "")
        elif (found := COUNT_LINE.fullmatch(flat)) or count_unit(line):
            unit = unit or (found[1] if found else count_unit(line))
        elif found := TABLE_NUMBER.match(AGAIN.sub("", flat)):
            named = _as_printed(AGAIN.sub("", line.strip()), found[2])
            number, titles = table_number(found[1]), [*titles, *filter(None, [named])]
        elif _is_title(flat):
            titles.append(AGAIN.sub("", bare(line)))
    title = _title(titles)
    if found := UNIT_IN_TITLE.search(squeeze(title)):
        return number, UNIT_END.sub("", title), unit or found[1]
    return number, without_unit(title), unit or unit_in(title)


def _as_printed(line: str, flat: str) -> str:
    """The end of a line, as printed, that is `flat` when squeezed."""
    ends = (tidy(line[at:]) for at in range(len(line) + 1))
    return next((end for end in ends if squeeze(end) == flat), flat)


def _title(titles: Sequence[str]) -> str:
    """The line that names a table, its beginning perhaps in the line above; else the first."""
    at = next((at for at, line in enumerate(titles) if names_table(squeeze(line))), 0)
    begun = at > 0 and TITLED.search(titles[at - 1]) and not DATED.search(titles[at - 1])
    return "".join(titles[at - bool(begun) : at + 1])


def number_in(sheet: str) -> str:
    """The table number that a sheet's name begins with (表05一般公共预算); empty if none."""
    found = TABLE_NUMBER.match(squeeze(sheet))
    return table_number(found[1]) if found else ""


def printed_number(number: str) -> str:
    """The number as printed of a table that `told_apart` numbered again: 表一（2） → 表一."""
    return re.sub(r"（\d+）$", "", number)


def table_number(printed: str) -> str:
    """表8 → 表八, table1 → Table 1, so that one number has one form; 附表三, 表2-1 keep theirs."""
    if found := re.fullmatch(r"([a-z]{5,})(.*)", printed):
        return f"{found[1].capitalize()} {found[2].upper()}"
    if found := re.fullmatch(r"(附?表)0*(\d{1,2})", printed):
        return found[1] + numeral(int(found[2]))
    return printed
