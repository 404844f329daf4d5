"""Figures printed as other departments print them; where the amounts change, the gold does too."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from eval.gold_rows import GoldCell
from eval.relayout_heads import units_in_heads
from eval.relayout_paper import Laid, Layout, Paper, each_table, fresh, regold
from index.document import Cell, Paragraph, Place
from index.fact import RowKind
from index.head import Role, Row, is_dash, is_figure
from index.sides import Side
from index.words import squeeze

SIZES = {"元": 0, "千元": 3, "万元": 4}
FULL_WIDTH = str.maketrans("0123456789,.-%", "０１２３４５６７８９，．－％")
NEGATIVE = re.compile(r"-(?=[\d.])")


def texts(change: Callable[[str], str]) -> Layout:
    """Every figure of the bodies printed otherwise, its value left as it is."""

    def cell(old: Cell) -> Cell:
        return replace(old, text=change(old.text)) if is_figure(old.text) else old

    def table(laid: Laid) -> Laid:
        return replace(laid, body=tuple(tuple(map(cell, row)) for row in laid.body))

    return each_table(table)


def bracketed(text: str) -> str:
    """-1,234.00 → (1,234.00); a share keeps its sign."""
    found = NEGATIVE.match(text.strip())
    return f"({text.strip()[1:]})" if found and "%" not in text else text


def blanks_as(mark: str) -> Layout:
    """A dash in each blank square of a figure."""

    def table(laid: Laid) -> Laid:
        figures = set(laid.of(Role.VALUE))

        def row(cells: Row) -> Row:
            if not any(is_figure(cell.text) for cell in cells):
                return cells
            return tuple(
                replace(cell, text=mark) if at in figures and _is_blank(cell) else cell
                for at, cell in enumerate(cells)
            )

        return replace(laid, body=tuple(map(row, laid.body)))

    return each_table(table)


def _is_blank(cell: Cell) -> bool:
    return not cell.spread and (cell.blank or is_dash(cell.text))


def zeros(paper: Paper) -> Paper:
    """0.00 in each blank square of a row that has a figure on the same side: new figures, which
    the gold gets from the row's and the column's others."""
    figures = dict(paper.figures)

    def table(laid: Laid) -> Laid:
        body = laid.body
        for side in laid.sides:
            body = tuple(_zeroed(row, side, laid, figures) for row in body)
        return replace(laid, body=body)

    laid = each_table(table)(paper)
    return replace(laid, figures=figures)


def _zeroed(row: Row, side: Side, laid: Laid, figures: dict[Place, tuple[GoldCell, ...]]) -> Row:
    known = next((figures[c.place][0] for c in _values(row, side) if c.place in figures), None)
    cells = list(row)
    for column in side.values:
        at = column.index
        like = column_gold(laid, at, figures)
        if known is None or like is None or at >= len(row) or not _is_blank(row[at]):
            continue
        printed = "0.00%" if like.unit == "%" else "0.00"
        cells[at] = replace(row[at], text=printed)
        gold = replace(
            known,
            id=f"{row[at].place.cell}",
            column=like.column,
            unit=like.unit,
            money=like.money,
            value=Decimal(0),
            printed=printed,
        )
        figures[row[at].place] = (gold,)
    return tuple(cells)


def _values(row: Row, side: Side) -> Iterable[Cell]:
    return (row[c.index] for c in side.values if c.index < len(row))


def column_gold(
    laid: Laid, at: int, figures: Mapping[Place, tuple[GoldCell, ...]]
) -> GoldCell | None:
    """A figure of the gold in column `at`, which tells what the column is."""
    cells = (row[at] for row in laid.body if at < len(row) and not row[at].spread)
    return next((figures[cell.place][0] for cell in cells if cell.place in figures), None)


def measured_in(unit: str) -> Layout:
    """Every amount of the tables converted exactly, with their unit lines; the text stays."""

    def layout(paper: Paper) -> Paper:
        def money(cell: GoldCell) -> GoldCell:
            if not cell.money or cell.unit not in SIZES:
                return cell
            value = _converted(cell.value, cell.unit, unit)
            return replace(cell, value=value, printed=f"{value:,f}", unit=unit)

        def table(laid: Laid) -> Laid:
            return _remeasured(laid, paper.figures, unit) if laid.unit in SIZES else laid

        return replace(regold(each_table(table, goals=True)(paper), money), differs=None)

    return layout


def _converted(value: Decimal, old: str, new: str) -> Decimal:
    """Exact; no more decimals than two unless they are needed."""
    moved = value.scaleb(SIZES[old] - SIZES[new]).normalize()
    return moved if moved != round(moved, 2) else round(moved, 2)


def _remeasured(laid: Laid, figures: Mapping[Place, tuple[GoldCell, ...]], unit: str) -> Laid:
    def cell(old: Cell) -> Cell:
        known = figures.get(old.place, ())
        amount = next((gold for gold in known if gold.money and gold.unit == laid.unit), None)
        if amount is None:
            return old
        return replace(old, text=f"{_converted(amount.value, laid.unit, unit):,f}")

    def line(old: Paragraph) -> Paragraph:
        return replace(old, text=re.sub(f"{laid.unit}(?=\\W*$)", unit, old.text))

    return replace(
        laid,
        unit=unit,
        caption=tuple(map(line, laid.caption)),
        body=tuple(tuple(map(cell, row)) for row in laid.body),
    )


def percent_signs(*, printed: bool) -> Layout:
    """12.50 ↔ 12.50% in columns whose head says that they hold shares."""

    def layout(paper: Paper) -> Paper:
        def cell(old: Cell) -> Cell:
            known = paper.figures.get(old.place, ())
            if not any(gold.unit == "%" and not gold.operator for gold in known):
                return old
            bare = old.text.replace("%", "").replace("％", "")
            return replace(old, text=bare + "%" if printed else bare)

        def table(laid: Laid) -> Laid:
            said = {column.index for column in laid.columns if column.unit == "%"}
            body = tuple(
                tuple(cell(old) if at in said else old for at, old in enumerate(row))
                for row in laid.body
            )
            return replace(laid, body=body)

        return each_table(table)(paper)

    return layout


def unit_rows(paper: Paper) -> Paper:
    """Names of units in rows above their members' instead of a column of their own."""
    figures = dict(paper.figures)
    laid = each_table(lambda laid: _with_unit_rows(laid, figures))(paper)
    return replace(laid, figures=figures)


def _with_unit_rows(laid: Laid, figures: dict[Place, tuple[GoldCell, ...]]) -> Laid:
    units, labels = laid.of(Role.UNIT_NAME), laid.of(Role.NAME)
    if len(units) != 1 or len(labels) != 1 or len(laid.sides) != 1:
        return laid
    unit, label = units[0], labels[0]
    body: list[Row] = []
    above = ""
    for row in laid.body:
        name = row[unit].text.strip() or above
        if squeeze(row[label].text) == "小计":
            row = _renamed(row, label, row[unit].text.strip(), figures)
        elif name != above and not row[label].blank:
            body.append(_sum_row(laid, row, unit, label, figures))
        elif row[label].blank:
            row = tuple(replace(c, text=row[unit].text) if at == label else c
                        for at, c in enumerate(row))  # fmt: skip
        above = name
        body.append(row)
    keep = [at for at in range(laid.width) if at != unit]
    rows = (tuple(tuple(row[at] for at in keep) for row in rows) for rows in (laid.head, body))
    head, cut = rows
    return replace(laid, head=head, body=cut)


def _renamed(row: Row, label: int, name: str, figures: dict[Place, tuple[GoldCell, ...]]) -> Row:
    known = {cell.place: figures[cell.place] for cell in row if cell.place in figures}
    for place, golds in known.items():
        figures[place] = tuple(replace(gold, label=name) for gold in golds)
    return tuple(replace(c, text=name) if at == label else c for at, c in enumerate(row))


def _sum_row(
    laid: Laid,
    first: Row,
    unit: int,
    label: int,
    figures: dict[Place, tuple[GoldCell, ...]],
) -> Row:
    """What the rows of the unit that `first` begins add up to."""
    name = first[unit].text.strip()
    start = laid.body.index(first)
    members = [first]
    for row in laid.body[start + 1 :]:
        if row[unit].text.strip() not in ("", name):
            break
        members.append(row)
    cells = [fresh("", cell, "sum") for cell in first]
    cells[label] = replace(cells[label], text=name)
    for column in laid.sides[0].values:
        at = column.index
        golds = [figures[row[at].place][0] for row in members if row[at].place in figures]
        if golds:
            value = sum((gold.value for gold in golds), Decimal(0))
            cells[at] = replace(cells[at], text=f"{value:,f}")
            gold = replace(
                golds[0],
                id=f"{cells[at].place.cell}",
                label=name,
                value=value,
                printed=f"{value:,f}",
                kind=RowKind.UNIT.value,
                code="",
            )
            figures[cells[at].place] = (gold,)
    return tuple(cells)


def units_in_cells(paper: Paper) -> Paper:
    """1,234.00元 in each square of money; no unit line."""

    def table(laid: Laid) -> Laid:
        if laid.unit not in SIZES:
            return laid

        def cell(old: Cell) -> Cell:
            money = any(gold.money for gold in paper.figures.get(old.place, ()))
            return replace(old, text=old.text + laid.unit) if money and not old.spread else old

        lines = tuple(line for line in laid.caption if laid.unit not in line.text)
        body = tuple(tuple(map(cell, row)) for row in laid.body)
        return replace(laid, caption=lines, body=body)

    return each_table(table)(paper)


def full_width(text: str) -> str:
    return text.translate(FULL_WIDTH)


def minus(sign: str) -> Callable[[str], str]:
    return lambda text: NEGATIVE.sub(sign, text)


def trimmed(text: str) -> str:
    """351.80 → 351.8, 520.00 → 520."""
    return re.sub(r"(?<=\d)\.?0+(?=%?$)", "", text) if "." in text else text


def with_plus(paper: Paper) -> Paper:
    """+90.04 in columns of changes."""

    def table(laid: Laid) -> Laid:
        changes = {c.index for c in laid.columns if re.search("增减|比较", squeeze(c.leaf))}

        def cell(old: Cell, at: int) -> Cell:
            more = at in changes and re.match(r"[\d.,]*[1-9]", old.text)
            return replace(old, text=f"+{old.text}") if more else old

        rows = tuple(tuple(cell(c, at) for at, c in enumerate(row)) for row in laid.body)
        return replace(laid, body=rows)

    return each_table(table)(paper)


def spaced(text: str) -> str:
    return f" {text}\u3000"


def without_commas(text: str) -> str:
    return text.replace(",", "")


VALUES: dict[str, Layout] = {
    "no commas": texts(without_commas),
    "no zeros at the end": texts(trimmed),
    "increases with +": with_plus,
    "spaces around figures": texts(spaced),
    "full-width figures": texts(full_width),
    "negatives in brackets": texts(bracketed),
    "negatives with −": texts(minus("−")),
    "negatives with －": texts(minus("－")),
    "negatives with △": texts(minus("△")),
    "blanks as -": blanks_as("-"),
    "blanks as —": blanks_as("—"),
    "blanks as /": blanks_as("/"),
    "blanks as --": blanks_as("--"),
    "zeros for blanks": zeros,
    "units in the cells": units_in_cells,
    "in 万元": measured_in("万元"),
    "in 元": measured_in("元"),
    "in 千元": measured_in("千元"),
    "shares with %": percent_signs(printed=True),
    "shares without %": percent_signs(printed=False),
    "unit rows for a unit column": unit_rows,
    "units in the heads": units_in_heads,
}
