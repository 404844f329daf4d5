"""Captions, further pages and lines below tables as other departments print them. Where the
titles change, the gold's do too; the gold's tables are known by their titles."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.gold_rows import GoldCell, flat
from eval.relayout_paper import (
    Laid,
    Layout,
    Paper,
    Piece,
    Rows,
    beside,
    copy_of,
    each_table,
    fresh,
    regold,
)
from eval.relayout_rows import pages
from index.document import Paragraph
from index.words import FIRST_CJK, numeral

Lines = Callable[[Laid, int], Sequence[str]]
"""The lines of a caption, out of a table and its number."""
YEAR = "2024年"


def captioned(lines: Lines, *, inside: bool = False) -> Layout:
    """`inside`: in the grid's own first rows, merged over its width."""

    def caption(laid: Laid, number: int) -> Laid:
        said = lines(laid, number)
        if inside:
            return replace(laid, caption=(), above=_merged(said, laid))
        return replace(laid, caption=_paragraphs(said, laid))

    return _each_titled(caption)


def _each_titled(change: Callable[[Laid, int], Laid]) -> Layout:
    """Tables of figures with Chinese titles that no other table bears, or the gold could not tell
    which is meant."""

    def layout(paper: Paper) -> Paper:
        titles = [flat(table.title) for table in paper.tables]
        pieces: list[Piece] = []
        number = 0
        for piece in paper.pieces:
            once = isinstance(piece, Laid) and titles.count(flat(piece.title)) == 1
            if isinstance(piece, Laid) and once and _is_chinese(piece.title) and piece.sides:
                number += 1
                piece = change(piece, number)
            pieces.append(piece)
        return regold(replace(paper, pieces=tuple(pieces)), _by_title)

    return layout


def _is_chinese(title: str) -> bool:
    return any(char >= FIRST_CJK for char in title)


def _by_title(cell: GoldCell) -> GoldCell:
    return replace(cell, number=cell.title) if _is_chinese(cell.title) else cell


def _paragraphs(lines: Sequence[str], laid: Laid) -> tuple[Paragraph, ...]:
    place = beside(laid.head[0][0], "caption")
    return tuple(Paragraph(text=line, place=place) for line in lines)


def _merged(lines: Sequence[str], laid: Laid) -> Rows:
    firsts = [fresh(line, laid.head[0][0], f"l{at}") for at, line in enumerate(lines)]
    return tuple((first, *[copy_of(first)] * (laid.width - 1)) for first in firsts)


def _unit(laid: Laid, form: str = "单位：{}") -> list[str]:
    """Of what counts no money, without a word that says money."""
    form = form if laid.unit.endswith("元") else "单位：{}"
    return [form.format(laid.unit)] if laid.unit else []


def _number_below(laid: Laid, number: int) -> list[str]:
    return [laid.title, f"表{number}", *_unit(laid)]


def _annexed(laid: Laid, number: int) -> list[str]:
    return [f"附表1-{number}", laid.title, *_unit(laid)]


def _one_line(laid: Laid, number: int) -> list[str]:
    return [f"表{number}　{laid.title}", *_unit(laid, "金额单位：{}")]


def _bracketed(laid: Laid, number: int) -> list[str]:
    return [f"（表{numeral(number)}）", laid.title, *_unit(laid, "（单位：{}）")]


def _final_form(laid: Laid, number: int) -> list[str]:
    owner = f"部门：{laid.owner}　　" if laid.owner else ""
    return [laid.title, f"公开{number:02d}表", *_unit(laid, owner + "金额单位：{}")]


def _attached(laid: Laid, number: int) -> list[str]:
    return [f"附件{number}：", laid.title, *_unit(laid, "单位:人民币{}")]


def _unit_in_title(laid: Laid, number: int) -> list[str]:
    return [f"表{number}", laid.title + (f"（{laid.unit}）" if laid.unit else "")]


def _unit_above(laid: Laid, number: int) -> list[str]:
    return [f"预算{number:02d}表", *_unit(laid), laid.title]


def _alone(laid: Laid, number: int) -> list[str]:
    return [laid.title, *_unit(laid)]


def _listed(laid: Laid, number: int) -> list[str]:
    return [f"{numeral(number)}、{laid.title}", *_unit(laid)]


def _dated(laid: Laid, number: int) -> list[str]:
    return [f"表{number}", f"{YEAR}{laid.title}", *_unit(laid)]


def _filled_in(laid: Laid, number: int) -> list[str]:
    owner = [f"填报单位：{laid.owner}"] if laid.owner else []
    return [laid.title, *owner, "填报日期：2024年2月8日", *_unit(laid, "金额单位：人民币{}")]


def _in_one_line(laid: Laid, number: int) -> list[str]:
    line = f"填报单位：{laid.owner}　　　填报日期：2024年2月8日　　　" if laid.owner else ""
    return [f"表{number}", laid.title, *_unit(laid, line + "单位：{}")]


def _three_words(laid: Laid, number: int) -> Laid:
    """编制部门：…, the date and the unit side by side in the row below the title."""
    title, line = _merged((laid.title, ""), laid)
    words = [f"编制部门：{laid.owner}" if laid.owner else "", "2024年2月8日", *_unit(laid)]
    if laid.width < len(words):
        return replace(laid, caption=_paragraphs(_alone(laid, number), laid))
    cells = [fresh("", cell, f"w{at}") for at, cell in enumerate(line)]
    for at, word in zip((0, laid.width // 2, laid.width - 1), words, strict=False):
        cells[at] = replace(cells[at], text=word)
    return replace(laid, caption=(), above=(title, tuple(cells)))


def dated(paper: Paper) -> Paper:
    """2024年 before each title, in the gold too."""
    named = captioned(_dated)(paper)
    titles = {table.title for table in paper.tables if _is_chinese(table.title)}

    def gold(cell: GoldCell) -> GoldCell:
        title = f"{YEAR}{cell.title}"
        return replace(cell, number=title, title=title) if cell.title in titles else cell

    return regold(named, gold)


def continued(paper: Paper) -> Paper:
    """Each further page bears the title again with （续）."""

    def table(laid: Laid) -> Laid:
        lines = (f"{laid.title}（续）", *_unit(laid)) if _is_chinese(laid.title) else ()
        return replace(laid, pages=tuple(replace(page, caption=lines) for page in laid.pages))

    return each_table(table)(each_table(pages(head=True))(captioned(_number_below)(paper)))


def repeated(paper: Paper) -> Paper:
    """Each further page bears the whole caption again."""

    def table(laid: Laid) -> Laid:
        lines = tuple(line.text for line in laid.caption)
        return replace(laid, pages=tuple(replace(page, caption=lines) for page in laid.pages))

    return each_table(table)(each_table(pages(head=True))(captioned(_one_line)(paper)))


NOTES = ("注：1.本表按收支两条线口径编列。", "2.本表金额转换时可能存在尾数误差。")
SIGNED = "单位负责人：　　　　财务负责人：　　　　填表人：　　　　联系电话："


def followed_by(*lines: str) -> Layout:
    """Lines below each table."""

    def layout(paper: Paper) -> Paper:
        pieces: list[Piece] = []
        for piece in paper.pieces:
            pieces.append(piece)
            if isinstance(piece, Laid) and piece.body:
                pieces += _paragraphs(lines, piece)
        return replace(paper, pieces=tuple(pieces))

    return layout


def ended_by(*lines: str) -> Layout:
    """Lines in the grid's own last rows, merged over its width."""

    def table(laid: Laid) -> Laid:
        rows = _merged(lines, laid)
        if not laid.pages:
            return replace(laid, body=(*laid.body, *rows))
        *pages, last = laid.pages
        return replace(laid, pages=(*pages, replace(last, rows=(*last.rows, *rows))))

    return each_table(table, goals=True)


CAPTIONS: dict[str, Layout] = {
    "title, then 表1": captioned(_number_below),
    "附表1-1, then title": captioned(_annexed),
    "表1 before the title": captioned(_one_line),
    "（表一）": captioned(_bracketed),
    "公开01表, 部门 and 单位 in a line": captioned(_final_form),
    "附件1：": captioned(_attached),
    "unit in the title": captioned(_unit_in_title),
    "unit above the title": captioned(_unit_above),
    "title alone": captioned(_alone),
    "一、 before the title": captioned(_listed),
    "填报单位, 填报日期": captioned(_filled_in),
    "填报单位, 填报日期, 单位 in a line": captioned(_in_one_line),
    "title with the year": dated,
    "caption in the grid": captioned(_number_below, inside=True),
    "公开01表 in the grid": captioned(_final_form, inside=True),
    "department, date, unit in a row": _each_titled(_three_words),
    "（续） on further pages": continued,
    "caption on every page": repeated,
    "notes below": followed_by(*NOTES),
    "notes in the grid": ended_by(*NOTES),
    "signatures below": followed_by(SIGNED),
    "signatures in the grid": ended_by(SIGNED),
}
