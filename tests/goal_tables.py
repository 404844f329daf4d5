"""Goal tables for tests, built from lines of text as the outline step builds them."""

import re
from dataclasses import replace

from index.document import Cell, Place
from index.extract_goals import GoalTable, extract_goals
from index.fact import Fact, Kind, Unit
from index.outline import RawTable


def raw_table(lines: list[str], first: int = 1, title: str = "项目绩效目标表") -> RawTable:
    """Lines → the table that the outline step makes of them; lines without a tab are breaks."""
    rows = tuple(
        tuple(
            Cell(text=text, place=Place(line=number, field=at))
            for at, text in enumerate(line.split("\t"))
        )
        for number, line in enumerate(lines, first)
        if "\t" in line
    )
    place = Place(line=first, line_end=first + len(lines) - 1)
    return RawTable(
        number="表十三", title=title, section="第二部分", unit="万元", rows=rows, place=place
    )


def read(table: RawTable, units: tuple[Unit, ...] = ()) -> GoalTable:
    return extract_goals(table, document="d.txt", year=2023, units=units)


def targets(goals: GoalTable) -> list[Fact]:
    return [f for f in goals.facts if f.id.endswith("/value")]


def lines(text: str) -> list[str]:
    return [re.sub(r" *\| *", "\t", line.strip()) for line in text.strip().split("\n")]


def spread(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Squares printed as `^` become the copies that a cell merged downwards leaves."""
    done: list[tuple[Cell, ...]] = []
    for row in rows:
        done.append(
            tuple(
                replace(done[-1][at], spread=True) if cell.text == "^" else cell
                for at, cell in enumerate(row)
            )
        )
    return tuple(done)


def brief(goals: GoalTable) -> list[str]:
    return [
        f"{'/'.join(f.row_path)} {f.operator}{f.value}{f.unit} {f.kind}"
        for f in goals.facts
        if f.kind is not Kind.WEIGHT
    ]
