"""Small budgets for the tests of the reading steps: text in, one line of words a fact out."""

import re
from collections.abc import Iterable
from pathlib import Path

from index.document import Cell, Place
from index.fact import Budget, Fact, Kind
from index.head import Row
from index.outline import RawTable
from index.read import read_budget

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"


def tabbed(block: str) -> str:
    """Lines as a reader's file has them: ` | ` stands for a tab."""
    lines = (line.strip() for line in block.strip().split("\n"))
    return "\n".join(re.sub(r"[ \t]*\|[ \t]*", "\t", line) for line in lines)


def rows_of(block: str, first: int = 1) -> tuple[Row, ...]:
    """The rows of one table; a square `<` or `^` is the copy that a merged cell leaves there."""
    rows: list[Row] = []
    for number, line in enumerate(tabbed(block).split("\n"), first):
        cells: list[Cell] = []
        for at, text in enumerate(line.split("\t")):
            merged = cells[-1] if text == "<" else rows[-1][at] if text == "^" else None
            copy = Cell(text=merged.text, place=merged.place, spread=True) if merged else None
            cells.append(copy or Cell(text=text, place=Place(line=number, field=at)))
        rows.append(tuple(cells))
    return tuple(rows)


def raw(
    block: str, *, number: str = "表一", title: str = "收支总表", unit: str = "万元"
) -> RawTable:
    rows = rows_of(block)
    place = Place(line=1, line_end=len(rows))
    return RawTable(number=number, title=title, section="二", unit=unit, rows=rows, place=place)


def read(block: str, name: str = "d.txt") -> Budget:
    return read_budget(name, tabbed(block).encode())


def figures(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of tables that `facts --csv` lists."""
    return [fact for fact in facts if fact.table and fact.kind is not Kind.BLANK]


def told(facts: Iterable[Fact]) -> list[str]:
    """Path, column, value with unit and row kind of each figure of a table."""
    return [
        f"{'/'.join(f.row_path)} | {'/'.join(f.column)} | {f.value}{f.unit} | {f.row_kind}"
        for f in figures(facts)
    ]


def expected(block: str) -> list[str]:
    return [" | ".join(re.split(r" *\| *", line.strip())) for line in block.strip().split("\n")]
