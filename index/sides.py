"""Columns → sides: 收入 beside 支出, each with its labels, codes and figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.head import Column, Role
from index.words import lexicon, squeeze

PROJECT_HEAD = "项目名称"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The columns of one side: 收入 or 支出, or the whole table."""

    labels: tuple[Column, ...]
    """Name columns, left to right; the last holds the item."""
    codes: tuple[Column, ...]
    unit_codes: tuple[Column, ...]
    values: tuple[Column, ...]
    others: tuple[Column, ...] = ()
    """Left of the figures: ordinals, codes and remarks, where 合计 may stand instead of a label."""
    measure: Column | None = None
    """计量单位 beside 数量."""


def sides_of(columns: Sequence[Column]) -> tuple[Side, ...]:
    """Cut where a label column follows a value column."""
    sides: list[list[Column]] = [[]]
    for column in columns:
        labelling = column.role in (Role.NAME, Role.CODE, Role.UNIT_CODE, Role.UNIT_NAME)
        if labelling and any(c.role is Role.VALUE for c in sides[-1]):
            sides.append([])
        sides[-1].append(column)
    found: list[Side] = []
    for side in map(_side, sides):
        if side.labels and side.values:
            found.append(side)
        elif side.values and found:
            # Figures behind a code or a remark: they belong to the labels at their left.
            found[-1] = replace(found[-1], values=(*found[-1].values, *side.values))
    if not found and any(column.role is Role.VALUE for column in columns):
        # One row of figures under its heads, as the table of 三公 is often printed.
        return (_side(columns),)
    return tuple(found)


def _side(columns: Sequence[Column]) -> Side:
    columns = _without_second_classes(columns)

    def of(*roles: Role) -> tuple[Column, ...]:
        return tuple(column for column in columns if column.role in roles)

    labels, values = of(Role.NAME, Role.UNIT_NAME), of(Role.VALUE)
    first = values[0].index if values else 0
    others = of(Role.ORDINAL, Role.CODE, Role.UNIT_CODE, Role.TEXT)
    return Side(
        labels=labels,
        codes=of(Role.CODE),
        unit_codes=of(Role.UNIT_CODE),
        values=values,
        others=tuple(column for column in others if column.index < first),
        measure=next(iter(of(Role.MEASURE)), None),
    )


def _without_second_classes(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Two classifications of one amount: of 部门预算 (301 基本工资) and of 政府预算 (501 …) the
    first is the row's. The codes of one must not be read on as those of the other.
    """
    classed = [column for column in columns if column.role in (Role.CODE, Role.NAME)]
    second = [column for column in classed if _is_second(column)]
    if not second or len(second) == len(classed):
        return tuple(columns)
    return tuple(replace(c, role=Role.TEXT) if c in second else c for c in columns)


def _is_second(column: Column) -> bool:
    words = tuple(lexicon("headers")["second_class"])
    return any(squeeze(word).startswith(words) for word in column.path)
