"""Rows and columns of tables laid out as other departments lay them out; the figures stay."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

from eval.relayout_paper import (
    Laid,
    Layout,
    Page,
    Paper,
    Rows,
    beside,
    copy_of,
    each_table,
    fresh,
    in_turn,
)
from index.document import Cell
from index.head import Role, Row, is_figure
from index.words import ORDINAL, WHEREOF, lexicon, squeeze, unspaced

PAGE = 12
"""Rows of a short page, so that most tables run over two or more."""
ECONOMIC = re.compile(r"[35]\d\d")
PARTS = ("类", "款", "项")


def total_below(laid: Laid) -> Laid:
    """合计 at the foot instead of at the head."""
    if len(laid.sides) != 1:
        return laid
    first = next((at for at, row in enumerate(laid.body[:2]) if _is_total(row)), None)
    if first is None:
        return laid
    rest = (*laid.body[:first], *laid.body[first + 1 :])
    return replace(laid, body=(*rest, laid.body[first]))


def _is_total(row: Row) -> bool:
    return any(squeeze(cell.text) in lexicon("headers")["total"] for cell in row)


def copies_blank(laid: Laid) -> Laid:
    """Merged cells of the body print in their first square alone, as in formats without spans."""

    def blanked(cell: Cell) -> Cell:
        return replace(cell, text="", spread=False) if cell.spread else cell

    return replace(laid, body=tuple(tuple(map(blanked, row)) for row in laid.body))


def column_numbers(laid: Laid) -> Laid:
    """A row 栏次 | 1 | 2 … below the head."""
    near = laid.body[0]
    texts = ["栏次", *map(str, range(1, laid.width))]
    row = tuple(fresh(text, cell, "n") for text, cell in zip(texts, near, strict=False))
    return replace(laid, head=(*laid.head, row))


def _code_column(laid: Laid) -> int | None:
    """Of classes, whole codes in one column."""
    return next(iter(laid.of(Role.CODE)), None) if len(laid.of(Role.CODE)) == 1 else None


def codes_split(laid: Laid) -> Laid:
    """类 | 款 | 项 in columns of their own under the head of the code."""
    at = _code_column(laid)
    if at is None:
        return laid
    economic = any(ECONOMIC.match(row[at].text) for row in laid.body)
    names = PARTS[:2] if economic else PARTS
    head = tuple(_widened(row, at, len(names)) for row in laid.head)
    above = laid.head[-1]
    parts = tuple(fresh(name, above[at], name) for name in names)
    row = (*map(copy_of, above[:at]), *parts, *map(copy_of, above[at + 1 :]))
    body = tuple((*row[:at], *_parts(row[at], len(names)), *row[at + 1 :]) for row in laid.body)
    return replace(laid, head=(*head, row), body=body)


def _widened(row: Row, at: int, columns: int) -> Row:
    return (*row[: at + 1], *[copy_of(row[at])] * (columns - 1), *row[at + 1 :])


def _parts(cell: Cell, columns: int) -> tuple[Cell, ...]:
    text = cell.text.strip()
    parts = (text[:3], text[3:5], text[5:7])[:columns]
    return tuple(fresh(part, cell, str(at)) for at, part in enumerate(parts))


def codes_glued(between: str) -> Callable[[Laid], Laid]:
    """205教育支出, 205 教育支出, 205-教育支出 in one column."""

    def glued(laid: Laid) -> Laid:
        at = _code_column(laid)
        if at is None or at + 1 not in laid.of(Role.NAME):
            return laid
        head = tuple(_without(row, at) for row in laid.head)
        body = tuple((*row[:at], _glued(row, at, between), *row[at + 2 :]) for row in laid.body)
        return replace(laid, head=head, body=body)

    return glued


def _glued(row: Row, at: int, between: str) -> Cell:
    code, name = row[at].text.strip(), row[at + 1].text
    indent = name[: len(name) - len(name.lstrip())]
    if row[at + 1].spread:
        return row[at]  # 合计 merged over both
    return replace(row[at + 1], text=f"{indent}{code}{between}{name.strip()}" if code else name)


def codes_left_out(laid: Laid) -> Laid:
    at = _code_column(laid)
    if at is None or at + 1 not in laid.of(Role.NAME):
        return laid
    head, body = (tuple(_without(r, at) for r in rows) for rows in (laid.head, laid.body))
    return replace(laid, head=head, body=body)


def _without(row: Row, at: int) -> Row:
    """The next square of a merged cell becomes its first."""
    cell = row[at] if row[at + 1].place == row[at].place else row[at + 1]
    return (*row[:at], cell, *row[at + 2 :])


def numbered_rows(laid: Laid) -> Laid:
    """序号 in a column of its own, in front."""
    return _column_in_front(laid, "序号", map(str, count(1)))


def _column_in_front(laid: Laid, word: str, texts: Iterator[str]) -> Laid:
    top = fresh(word, laid.head[0][0], "front")
    head = tuple((copy_of(top) if at else top, *row) for at, row in enumerate(laid.head))
    body = tuple((fresh(next(texts), row[0], "front"), *row) for row in laid.body)
    return replace(laid, head=head, body=body)


def column_doubled(laid: Laid) -> Laid:
    """The column of labels merged with a blank one at its right in the head alone."""
    at = next(iter(laid.of(Role.NAME)), None)
    if at is None:
        return laid
    head = tuple((*row[: at + 1], copy_of(row[at]), *row[at + 1 :]) for row in laid.head)
    body = tuple((*row[: at + 1], fresh("", row[at], "d"), *row[at + 1 :]) for row in laid.body)
    return replace(laid, head=head, body=body)


def indents_removed(laid: Laid) -> Laid:
    def bare(cell: Cell) -> Cell:
        return replace(cell, text=cell.text.strip())

    return replace(laid, body=tuple(tuple(map(bare, row)) for row in laid.body))


def remarks(laid: Laid) -> Laid:
    """An empty column 备注 behind the figures."""
    top = fresh("备注", laid.head[0][-1], "r")
    head = tuple((*row, copy_of(top) if at else top) for at, row in enumerate(laid.head))
    body = tuple((*row, fresh("", row[-1], "r")) for row in laid.body)
    return replace(laid, head=head, body=body)


def blank_rows(laid: Laid) -> Laid:
    """An empty row above every third with figures, and three below the last."""
    body: list[Row] = []
    for at, row in enumerate(laid.body):
        filled = any(is_figure(cell.text) for cell in row)
        if at % 3 == 2 and filled and not any(cell.spread for cell in row):
            body.append(_blank(row, "b"))
        body.append(row)
    below = [_blank(laid.body[-1], f"b{at}") for at in range(3)]
    return replace(laid, body=(*body, *below))


def _blank(row: Row, tag: str) -> Row:
    return tuple(fresh("", cell, tag) for cell in row)


def head_again(laid: Laid) -> Laid:
    """The head printed again within the grid, where a page began."""
    body: list[Row] = []
    for at, row in enumerate(laid.body):
        if at and at % PAGE == 0 and at < len(laid.body) - 1:
            body += _again(laid.head, f"p{at}")
        body.append(row)
    return replace(laid, body=tuple(body))


def _again(rows: Sequence[Row], tag: str) -> Rows:
    """The same rows at other places, merged as they are."""
    return tuple(tuple(replace(cell, place=beside(cell, tag)) for cell in row) for row in rows)


def pages(*, head: bool) -> Callable[[Laid], Laid]:
    """Cut into several grids, each page with the head (or without); a merged cell is cut too."""

    def cut(laid: Laid) -> Laid:
        if laid.pages:
            return laid
        breaks = (*range(PAGE, len(laid.body) - 1, PAGE), len(laid.body))
        found = tuple(
            Page(rows=(*(_again(laid.head, f"p{at}") if head else ()), *_torn(laid.body[at:end])))
            for at, end in pairwise(breaks)
        )
        return replace(laid, body=laid.body[: breaks[0]], pages=found)

    return cut


def _torn(rows: Rows) -> Rows:
    """A cell merged over the page break prints its text on the first page alone."""
    own = {cell.place for row in rows for cell in row if not cell.spread}
    tops = {cell.place: beside(cell, "torn") for row in rows for cell in row if cell.spread}

    def part(cell: Cell, *, first: bool) -> Cell:
        if not cell.spread or cell.place in own:
            return cell
        return replace(cell, text="", place=tops[cell.place], spread=not first)

    first, *rest = rows
    top = tuple(part(cell, first=True) for cell in first)
    return (top, *(tuple(part(cell, first=False) for cell in row) for row in rest))


CODED_LABEL = re.compile(r"(\s*)(\d{3,7})\s*(\D.*)", re.DOTALL)


def codes_apart(laid: Laid) -> Laid:
    """205 教育支出 in one column → 205 | 教育支出 in two."""
    labels = laid.of(Role.NAME)
    if len(labels) != 1 or laid.of(Role.CODE) or len(laid.sides) != 1:
        return laid
    at = labels[0]
    found = [CODED_LABEL.fullmatch(row[at].text) for row in laid.body]
    if sum(map(bool, found)) * 2 < len(found):
        return laid
    top = laid.head[0][at]
    code = fresh("科目编码", top, "code")
    head = tuple(
        (*row[:at], copy_of(code) if n else code, *row[at:]) for n, row in enumerate(laid.head)
    )
    body = tuple(
        (*row[:at], *_apart(row[at], match), *row[at + 1 :])
        for row, match in zip(laid.body, found, strict=True)
    )
    return replace(laid, head=head, body=body)


def _apart(cell: Cell, found: re.Match[str] | None) -> tuple[Cell, Cell]:
    if found is None:
        return fresh("", cell, "code"), cell
    return fresh(found[2], cell, "code"), replace(cell, text=found[1] + found[3])


def total_merged(laid: Laid) -> Laid:
    """合计 merged over the columns in front of the figures."""
    figures = laid.of(Role.VALUE)
    if len(laid.sides) != 1 or not figures or figures[0] < 2:
        return laid

    def row(cells: Row) -> Row:
        label = [cell for cell in cells[: figures[0]] if not cell.blank and not cell.spread]
        if not _is_total(cells) or len(label) != 1:
            return cells
        return (label[0], *[copy_of(label[0])] * (figures[0] - 1), *cells[figures[0] :])

    return replace(laid, body=tuple(map(row, laid.body)))


def labels_changed(change: Callable[[str, int], str]) -> Callable[[Laid], Laid]:
    """Labels printed otherwise by their text and row; what they say is the same."""

    def table(laid: Laid) -> Laid:
        labels = {side.labels[-1].index for side in laid.sides if side.labels}
        body = tuple(
            tuple(
                replace(cell, text=change(cell.text, at))
                if n in labels and not cell.blank
                else cell
                for n, cell in enumerate(row)
            )
            for at, row in enumerate(laid.body)
        )
        return replace(laid, body=body)

    return table


BREAK = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")


def unit_codes_glued(between: str) -> Callable[[Laid], Laid]:
    """361001-某某局 in the column of units' names, their codes nowhere else."""

    def table(laid: Laid) -> Laid:
        codes = laid.of(Role.UNIT_CODE)
        if len(codes) != 1 or codes[0] + 1 not in laid.of(Role.NAME, Role.UNIT_NAME):
            return laid
        at = codes[0]
        if any(CODED_LABEL.match(row[at + 1].text) for row in laid.body):
            return laid  # classes below their units, which bear the units' codes
        rows = [(*row[:at], _glued(row, at, between), *row[at + 2 :]) for row in laid.body]
        head = tuple(_without(row, at) for row in laid.head)
        return replace(laid, head=head, body=tuple(rows))

    return table


LONG = 9
"""Characters of a label that a narrow column breaks."""


def _wrapped(label: str, row: int) -> str:
    breaks = [found.start() for found in BREAK.finditer(label)]
    if len(label.strip()) < LONG or not breaks:
        return label
    half = breaks[len(breaks) // 2]
    return f"{label[:half]}\n{label[half:]}"


def _numbered(label: str, row: int) -> str:
    """Projects and classes counted; a row that is a whole is not."""
    known = squeeze(label) in (*lexicon("headers")["total"], *lexicon("headers")["subtotal"])
    counted = known or label.strip()[:1].isdigit() or ORDINAL.match(label) or WHEREOF.match(label)
    return label if counted else f"{row + 1}.{label.strip()}"


def _spaced_totals(label: str, row: int) -> str:
    known = squeeze(label) in ("合计", "总计", "小计")
    return "　　".join(unspaced(label)) if known else label


ROWS: dict[str, Layout] = {
    "total below": each_table(total_below),
    "merged copies blank": each_table(copies_blank, goals=True),
    "row of column numbers": each_table(column_numbers),
    "codes in 类 款 项": each_table(codes_split),
    "codes in a column": each_table(codes_apart),
    "codes from labels in 类 款 项": in_turn(each_table(codes_apart), each_table(codes_split)),
    "合计 merged over codes": in_turn(each_table(codes_apart), each_table(total_merged)),
    "labels wrapped": each_table(labels_changed(_wrapped)),
    "labels numbered": each_table(labels_changed(_numbered)),
    "unit codes glued with a dash": each_table(unit_codes_glued("-")),
    "合　　计": each_table(labels_changed(_spaced_totals)),
    "codes glued": each_table(codes_glued("")),
    "codes glued with a space": each_table(codes_glued(" ")),
    "codes glued with a dash": each_table(codes_glued("-")),
    "no codes": each_table(codes_left_out),
    "序号 in front": each_table(numbered_rows, goals=True),
    "label column doubled": each_table(column_doubled),
    "no indents": each_table(indents_removed),
    "备注 behind": each_table(remarks),
    "blank rows": each_table(blank_rows),
    "head again within": each_table(head_again, goals=True),
    "pages with head": each_table(pages(head=True), goals=True),
    "pages without head": each_table(pages(head=False)),
}


def fits(paper: Paper, laid: Paper) -> bool:
    """The layout changes something in this document."""
    return paper.pieces != laid.pieces
