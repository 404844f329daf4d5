"""Heads, captions and notes worded as other departments word them, with the gold changed alike."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from eval.gold_rows import GoldCell, flat
from eval.relayout_paper import (
    Laid,
    Layout,
    Page,
    Paper,
    copy_of,
    each_table,
    fresh,
    regold,
)
from eval.relayout_rows import pages
from index.document import Cell, Paragraph, Place
from index.head import Row
from index.words import numeral, squeeze

SEED = 4
SYNONYMS = {
    "科目编码": "功能分类科目编码",
    "科目名称": "功能分类科目名称",
    "功能分类科目": "支出功能分类科目",
    "单位代码": "预算单位编码",
    "单位名称": "预算单位名称",
    "经济分类编码": "经济科目编码",
    "经济分类名称": "经济科目名称",
    "合计": "总计",
    "预算数": "本年预算数",
    "采购项目名称": "政府采购项目名称",
    "2024年预算数": "2024年预算",
    "2023年预算数": "2023年预算",
    "增减额": "增减金额",
    "增减%": "增减率（%）",
    "基本支出": "基本支出预算",
    "项目支出": "项目支出预算",
}
"""Heads and what other forms print in their place."""
THIS, LAST = "本年", "上年"
YEAR_HEAD = re.compile(r"(20\d\d)年")


def reworded(words: Mapping[str, str]) -> Layout:
    """Head words replaced, in the head and in the gold's columns."""

    def word(text: str) -> str:
        return words.get(squeeze(text), text)

    return _heads(word)


def _heads(word: Callable[[str], str]) -> Layout:
    def row(cells: Row) -> Row:
        return tuple(replace(cell, text=word(cell.text)) for cell in cells)

    def table(laid: Laid) -> Laid:
        return replace(laid, head=tuple(map(row, laid.head)))

    def gold(cell: GoldCell) -> GoldCell:
        return replace(cell, column=tuple(map(word, cell.column)))

    def layout(paper: Paper) -> Paper:
        return regold(each_table(table)(paper), gold)

    return layout


def years_named(paper: Paper) -> Paper:
    """2024年预算数 → 本年预算数, 2023年预算数 → 上年预算数."""
    heads = (cell.text for table in paper.tables for row in table.head for cell in row)
    years = sorted({year for text in heads for year in YEAR_HEAD.findall(squeeze(text))})
    if not years:
        return paper
    latest = int(years[-1])
    names = {f"{latest}年": THIS, f"{latest - 1}年": LAST}

    def word(text: str) -> str:
        return YEAR_HEAD.sub(lambda found: names.get(found[0], found[0]), squeeze(text), count=1)

    return _heads(lambda text: word(text) if YEAR_HEAD.match(squeeze(text)) else text)(paper)


def wrapped(laid: Laid) -> Laid:
    """Head words broken over two lines, words of two characters spaced out."""
    random = Random(SEED)
    broken: dict[tuple[Place, str], str] = {}

    def word(cell: Cell) -> Cell:
        known = (cell.place, cell.text)
        broken.setdefault(known, _broken(cell.text, random))
        return replace(cell, text=broken[known])

    return replace(laid, head=tuple(tuple(map(word, row)) for row in laid.head))


def _broken(text: str, random: Random) -> str:
    if text.isascii():
        return text.replace(" ", "\n", 1)
    if len(text) == 2:
        return text[0] + random.choice((" ", "　　")) + text[1]
    at = random.randrange(2, len(text) - 1) if len(text) > 4 else len(text)
    return text[:at] + ("\n" if at < len(text) else "") + text[at:]


Caption = Callable[[Laid, int], Sequence[str]]


def captioned(lines: Caption, *, inside: bool = False) -> Layout:
    """Captions composed anew; `inside`: in the grid's own first rows, merged over its width.

    The gold's tables are then known by their titles.
    """

    def layout(paper: Paper) -> Paper:
        pieces = []
        number = 0
        for piece in paper.pieces:
            if isinstance(piece, Laid) and _titled(piece, paper):
                number += 1
                piece = _with_caption(piece, lines(piece, number), inside)
            pieces.append(piece)
        return regold(replace(paper, pieces=tuple(pieces)), _by_title)

    return layout


def _by_title(cell: GoldCell) -> GoldCell:
    return replace(cell, number=cell.title)


def _titled(laid: Laid, paper: Paper) -> bool:
    """Only one table bears the title, or the gold could not tell which is meant."""
    names = [flat(table.title) for table in paper.tables]
    return bool(laid.title) and names.count(flat(laid.title)) == 1


def _with_caption(laid: Laid, lines: Sequence[str], inside: bool) -> Laid:
    near = laid.head[0][0]
    if not inside:
        place = Place(cell=f"{near.place.cell}.caption")
        said = tuple(Paragraph(text=line, place=place) for line in lines)
        return replace(laid, caption=said)
    rows = []
    for at, line in enumerate(lines):
        first = fresh(line, near, f"l{at}")
        rows.append((first, *[copy_of(first)] * (laid.width - 1)))
    return replace(laid, caption=(), above=tuple(rows))


def _unit(laid: Laid, form: str) -> list[str]:
    return [form.format(laid.unit)] if laid.unit else []


def _title_first(laid: Laid, number: int) -> list[str]:
    return [laid.title, f"表{number}", *_unit(laid, "单位：{}")]


def _number_first(laid: Laid, number: int) -> list[str]:
    return [f"附表1-{number}", laid.title, *_unit(laid, "单位：{}")]


def _number_with_title(laid: Laid, number: int) -> list[str]:
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
    return [f"预算{number:02d}表", *_unit(laid, "单位：{}"), laid.title]


def _title_alone(laid: Laid, number: int) -> list[str]:
    return [laid.title, *_unit(laid, "单位：{}")]


def _with_year(laid: Laid, number: int) -> list[str]:
    return [f"表{number}", f"2024年{laid.title}", *_unit(laid, "单位：{}")]


def dated(paper: Paper) -> Paper:
    """2024年 before each title, in the gold too."""
    laid = captioned(_with_year)(paper)
    return regold(laid, lambda cell: replace(cell, number="", title=f"2024年{cell.title}"))


def continued(paper: Paper) -> Paper:
    """Each further page bears the title again with （续）."""

    def table(laid: Laid) -> Laid:
        if not laid.title:
            return laid
        lines = (f"{laid.title}（续）", *_unit(laid, "单位：{}"))
        return replace(laid, pages=tuple(replace(page, caption=lines) for page in laid.pages))

    cut = each_table(pages(head=True))(captioned(_title_first)(paper))
    return each_table(table)(cut)


def titles_again(paper: Paper) -> Paper:
    """Each further page bears the whole caption again."""

    def table(laid: Laid) -> Laid:
        lines = tuple(line.text for line in laid.caption)
        found = tuple(Page(caption=lines, rows=page.rows) for page in laid.pages)
        return replace(laid, pages=found)

    cut = each_table(pages(head=True))(captioned(_number_with_title)(paper))
    return each_table(table)(cut)


NOTES = ("注：1.本表按收支两条线口径编列。", "2.本表金额转换时可能存在尾数误差。")


def noted(paper: Paper) -> Paper:
    """Notes below each table, the second line without a word that says so."""
    pieces: list[Paragraph | Laid] = []
    for piece in paper.pieces:
        pieces.append(piece)
        if isinstance(piece, Laid) and piece.body:
            place = Place(cell=f"{piece.head[0][0].place.cell}.note")
            pieces += [Paragraph(text=line, place=place) for line in NOTES]
    return replace(paper, pieces=tuple(pieces))


HEADS: dict[str, Layout] = {
    "head words wrapped": each_table(wrapped),
    "head words by synonyms": reworded(SYNONYMS),
    "本年 and 上年 for years": years_named,
    "title, then 表1": captioned(_title_first),
    "附表1-1, then title": captioned(_number_first),
    "表1 before the title": captioned(_number_with_title),
    "（表一）": captioned(_bracketed),
    "公开01表, 部门 and 单位 in a line": captioned(_final_form),
    "附件1：": captioned(_attached),
    "unit in the title": captioned(_unit_in_title),
    "unit above the title": captioned(_unit_above),
    "title alone": captioned(_title_alone),
    "title with the year": dated,
    "caption in the grid": captioned(_title_first, inside=True),
    "公开01表 in the grid": captioned(_final_form, inside=True),
    "（续） on further pages": continued,
    "caption on every page": titles_again,
    "notes below": noted,
}
