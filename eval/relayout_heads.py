"""Head words as other departments print them, with the gold's columns changed alike."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from eval.gold_rows import GoldCell
from eval.relayout_paper import Laid, Layout, Paper, copy_of, each_table, fresh, regold
from eval.relayout_rows import BREAK
from index.document import Cell, Place
from index.head import Column, Role, Row
from index.words import squeeze

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
SHORTER = {
    "科目编码": "编码",
    "科目名称": "名称",
    "功能分类科目": "科目",
    "单位代码": "部门代码",
    "单位名称": "部门名称",
    "预算数": "预算金额",
    "项目名称": "项目",
    "合计": "金额合计",
    "增减额": "比上年增减",
    "增减%": "增长比例",
}
THIS, LAST = "本年", "上年"
YEAR_HEAD = re.compile(r"(20\d\d)年")
OVER = "预算金额"
MOST_VERTICAL = 6
MONEY = ("元", "千元", "万元")


def reworded(word: Callable[[str], str]) -> Layout:
    """`word`: what is printed in place of a head word, in the head and in the gold's columns."""

    def row(cells: Row) -> Row:
        return tuple(replace(cell, text=word(cell.text)) for cell in cells)

    def table(laid: Laid) -> Laid:
        return replace(laid, head=tuple(map(row, laid.head)))

    def gold(cell: GoldCell) -> GoldCell:
        return replace(cell, column=tuple(map(word, cell.column)))

    def layout(paper: Paper) -> Paper:
        goals = {table.title for table in paper.tables if table.goals}
        changed = each_table(table)(paper)
        return regold(changed, lambda cell: cell if cell.title in goals else gold(cell))

    return layout


def by(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: words.get(squeeze(text), text)


def years_named(paper: Paper) -> Paper:
    """2024年预算数 → 本年预算数, 2023年预算数 → 上年预算数."""
    heads = (cell.text for table in paper.tables for row in table.head for cell in row)
    years = sorted({year for text in heads for year in YEAR_HEAD.findall(squeeze(text))})
    if not years:
        return paper
    names = {f"{years[-1]}年": THIS, f"{int(years[-1]) - 1}年": LAST}

    def word(text: str) -> str:
        flat = squeeze(text)
        named = YEAR_HEAD.sub(lambda found: names.get(found[0], found[0]), flat, count=1)
        return named if YEAR_HEAD.match(flat) else text

    return reworded(word)(paper)


def wrapped(laid: Laid) -> Laid:
    """Head words broken over two lines, words of two characters spaced out."""
    random = Random(SEED)
    broken: dict[tuple[Place, str], str] = {}

    def word(cell: Cell) -> Cell:
        known = (cell.place, cell.text)
        if known not in broken:
            broken[known] = _broken(cell.text, random)
        return replace(cell, text=broken[known])

    return replace(laid, head=tuple(tuple(map(word, row)) for row in laid.head))


def _broken(text: str, random: Random) -> str:
    if text.isascii():
        return text.replace(" ", "\n", 1)
    if len(text) == 2:
        return text[0] + random.choice((" ", "　　")) + text[1]
    breaks = [found.start() for found in BREAK.finditer(text)][1:]
    at = random.choice(breaks) if len(text) > 4 and breaks else len(text)
    return text[:at] + ("\n" if at < len(text) else "") + text[at:]


def units_in_heads(paper: Paper) -> Paper:
    """预算数（万元) above each column of money, in the gold too; no unit line."""
    tables = [table for table in paper.tables if table.unit in MONEY and not table.goals]

    def table(laid: Laid) -> Laid:
        return _with_units(laid, paper) if laid in tables else laid

    changed = each_table(table)(paper)
    titles = {table.title for table in tables}

    def gold(cell: GoldCell) -> GoldCell:
        if not cell.money or cell.title not in titles or not cell.column[-1]:
            return cell
        return replace(cell, column=(*cell.column[:-1], f"{cell.column[-1]}（{cell.unit}）"))

    return regold(changed, gold)


def _with_units(laid: Laid, paper: Paper) -> Laid:
    money = {column.index for column in laid.columns if _holds_money(column, laid, paper)}
    leaves = {
        column.cells[-1].place for column in laid.columns if column.index in money and column.cells
    }

    def word(cell: Cell) -> Cell:
        tail = f"（{laid.unit}）" if cell.place in leaves else ""
        return replace(cell, text=cell.text + tail)

    lines = tuple(line for line in laid.caption if laid.unit not in line.text)
    return replace(laid, head=tuple(tuple(map(word, row)) for row in laid.head), caption=lines)


def _holds_money(column: Column, laid: Laid, paper: Paper) -> bool:
    if column.role is not Role.VALUE or column.unit:
        return False
    cells = (row[column.index] for row in laid.body if column.index < len(row))
    golds = [gold for cell in cells for gold in paper.figures.get(cell.place, ())]
    return not golds or any(gold.money for gold in golds)


def total_column_last(laid: Laid) -> Laid:
    """合计 behind its parts, where it has a column of its own under no merged head."""
    totals = [
        c for c in laid.columns if c.role is Role.VALUE and squeeze(c.leaf) in ("合计", "总计")
    ]
    if len(laid.sides) != 1 or len(totals) != 1:
        return laid
    at = totals[0].index
    if any(row[at].spread and row[at].place == row[at - 1].place for row in laid.head):
        return laid
    if len(totals[0].path) > 1:
        return laid

    def moved(row: Row) -> Row:
        return (*row[:at], *row[at + 1 :], row[at])

    return replace(laid, head=tuple(map(moved, laid.head)), body=tuple(map(moved, laid.body)))


def over_figures(paper: Paper) -> Paper:
    """A further row of head: one word over all columns of figures."""
    titles = {table.title for table in paper.tables if _one_group(table)}

    def table(laid: Laid) -> Laid:
        if laid.title not in titles:
            return laid
        first = laid.of(Role.VALUE)[0]
        top = laid.head[0]
        word = fresh(OVER, top[first], "over")
        rest = [copy_of(word)] * (laid.width - first - 1)
        row = (*top[:first], word, *rest)
        below = (*map(copy_of, top[:first]), *top[first:])
        return replace(laid, head=(row, below, *laid.head[1:]))

    def gold(cell: GoldCell) -> GoldCell:
        return replace(cell, column=(OVER, *cell.column)) if cell.title in titles else cell

    return regold(each_table(table)(paper), gold)


def _one_group(laid: Laid) -> bool:
    """The figures stand side by side at the end, and only their columns are left."""
    figures = laid.of(Role.VALUE)
    last = tuple(range(laid.width - len(figures), laid.width))
    one = len(laid.sides) == len(laid.head) == 1 and not laid.goals and len(figures) > 1
    return one and figures == last and figures[0] > 0


def vertical(laid: Laid) -> Laid:
    """Head words of narrow columns with a character a line."""

    def word(cell: Cell) -> Cell:
        short = 1 < len(cell.text) <= MOST_VERTICAL and not cell.text.isascii()
        return replace(cell, text="\n".join(cell.text)) if short else cell

    return replace(laid, head=tuple(tuple(map(word, row)) for row in laid.head))


def years_longer(paper: Paper) -> Paper:
    """2024年预算数 → 2024年度预算数."""
    return reworded(lambda text: re.sub(r"^(20\d\d年)(?=[^度])", r"\1度", text))(paper)


HEADS: dict[str, Layout] = {
    "head words wrapped": each_table(wrapped),
    "head words by synonyms": reworded(by(SYNONYMS)),
    "head words shorter": reworded(by(SHORTER)),
    "head words vertical": each_table(vertical),
    "a word over the figures": over_figures,
    "年度 for years": years_longer,
    "本年 and 上年 for years": years_named,
    "合计 as last column": each_table(total_column_last),
}
