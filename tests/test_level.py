"""Whose budget a document is: told by its title, else by how many units it lists."""

import pytest

from index.fact import Unit
from index.level import level_of


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("某县林业局2024年部门预算", "department"),
        ("某县林业局 2024 年度 部 门 决 算", "department"),
        ("某县2024年区级单位预算", "unit"),
        ("某县林业局（本级）2024年部门预算", "unit"),
        ("某县林业局(机关)2024年部门预算", "unit"),
        ("某市机关事务管理局2024年部门预算", "department"),
        ("2024年省本级部门预算", "department"),
        ("某局113年度單位預算", "unit"),
        ("某局2024年部门（单位）预算", ""),
        ("某局2024年部门预算和单位预算", ""),
        ("某局2024年预算公开", ""),
        ("", ""),
    ],
)
def test_the_title_tells_the_level(title: str, level: str) -> None:
    assert level_of(title, ()) == level


@pytest.mark.parametrize(
    ("units", "level"),
    [
        ((Unit(code="1", name="甲", own=True), Unit(code="2", name="乙")), "department"),
        ((Unit(code="1", name="甲", own=True), Unit(code="", name="全", whole=True)), ""),
        ((), ""),
    ],
)
def test_where_the_title_is_silent_the_units_tell(units: tuple[Unit, ...], level: str) -> None:
    assert level_of("某局2024年预算公开", units) == level
    assert level_of("某局2024年单位预算", units) == "unit"
