"""What adds up to what, on tables made for the test and on the bundled disclosures' gold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import ties as measuring
from eval.gold_rows import gold_documents, read_gold
from eval.tie_rows import depth
from eval.ties import REAL, Outcome, Tie, counted, report, ties_of
from index.document import Cell, Place
from index.fact import Budget, Fact, Kind, RowKind, Table, TableState
from tests.test_gold import budget_of

Line = tuple[str, dict[str, str]]
"""A printed label, and column → figure."""


def fact(row: int, said: str, column: str, printed: str, **more: Any) -> Fact:
    fields: dict[str, Any] = {
        "id": f"{row}/{column}",
        "document": "a.pdf",
        "year": 2024,
        "section": "",
        "table": "表一",
        "title": "支出总表",
        "label": said.rsplit("、", 1)[-1],
        "row_path": (said,),
        "column": tuple(column.split("/")),
        "value": Decimal(printed) if printed else None,
        "printed": printed,
        "unit": "万元",
        "kind": Kind.MONEY if printed else Kind.BLANK,
        "row_kind": RowKind.ITEM,
        "place": Place(sheet="s", cell=f"{column}{row}"),
        "label_places": (Place(sheet="s", cell=f"A{row}"),),
        "row": row,
        **more,
    }
    return Fact(**fields)


def budget(facts: Sequence[Fact], labels: Sequence[str]) -> Budget:
    cells = (
        Cell(text=said, place=Place(sheet="s", cell=f"A{at}")) for at, said in enumerate(labels)
    )
    table = Table(
        document="a.pdf",
        number="表一",
        title="支出总表",
        section="",
        unit="万元",
        state=TableState.PRESENT,
        place=Place(sheet="s", cell="A1"),
        rows=tuple((cell,) for cell in cells),
    )
    return Budget(
        document="a.pdf",
        sha256="",
        format="pdf",
        title="",
        institution="",
        year=2024,
        account="budget",
        units=(),
        tables=(table,),
        facts=tuple(facts),
        passages=(),
        checks=(),
    )


def column(*lines: tuple[str, str, str]) -> list[Tie]:
    """The sums of one column of (label, code, figure)."""
    facts = [fact(at, said, "合计", v, code=code) for at, (said, code, v) in enumerate(lines)]
    return [
        tie for tie in ties_of(budget(facts, [line[0] for line in lines])) if tie.kind == "rows"
    ]


def told(ties: Sequence[Tie]) -> list[tuple[Decimal, Outcome]]:
    return [(tie.total, tie.outcome) for tie in ties]


TIES, ROUNDING, DIFFERS = Outcome.TIES, Outcome.ROUNDING, Outcome.DIFFERS


def test_codes_are_summed_level_by_level_and_the_total_from_the_classes() -> None:
    found = column(
        ("教育支出", "205", "30"), ("普通教育", "20502", "30"), ("小学教育", "2050202", "10"),
        ("初中教育", "2050203", "20"), ("住房保障支出", "221", "5"), ("合计", "", "35"),
    )  # fmt: skip
    assert told(found) == [(30, TIES), (30, TIES), (35, TIES)]


def test_a_row_below_the_wrong_code_makes_both_differ() -> None:
    found = column(
        ("教育支出", "205", "30"), ("普通教育", "20502", "10"), ("住房保障支出", "221", "5"),
        ("住房改革支出", "22102", "25"), ("合计", "", "35"),
    )  # fmt: skip
    assert told(found) == [(30, DIFFERS), (5, DIFFERS), (35, TIES)]


def test_ordinals_tell_parts_and_a_total_of_a_total_goes_on() -> None:
    found = column(
        ("一、财政拨款收入", "", "9"), ("1.一般公共预算资金", "", "9"), ("2.政府性基金", "", ""),
        ("二、事业收入", "", "1"), ("本年收入合计", "", "10"), ("年初结转和结余", "", "2"),
        ("总计", "", "12"),
    )  # fmt: skip
    assert told(found) == [(9, TIES), (10, TIES), (12, TIES)]


def test_a_total_that_stands_first_has_all_below_it() -> None:
    found = column(("合计", "", "4"), ("出国费", "", "1"), ("接待费", "", "3"))
    assert told(found) == [(4, TIES)]


def test_parts_that_repeat_an_item_are_not_counted_again() -> None:
    labels = ["合计", "甲单位", "事业运行", "运维项目"]
    kinds = [RowKind.TOTAL, RowKind.UNIT, RowKind.SUBTOTAL, RowKind.PROJECT]
    facts = [
        fact(at, said, "金额", "7", row_kind=kind, unit_name="甲单位" if at else "")
        for at, (said, kind) in enumerate(zip(labels, kinds, strict=True))
    ]
    assert told(ties_of(budget(facts, labels))) == [(7, TIES)] * 3


def along(**columns: str) -> list[Tie]:
    facts = [fact(1, "教育支出", name.replace("_", "/"), v) for name, v in columns.items()]
    return [tie for tie in ties_of(budget(facts, ["", "教育支出"])) if tie.kind == "columns"]


def test_a_total_column_has_its_neighbours_and_their_subtotals() -> None:
    found = along(合计="10", 基本支出_小计="6", 基本支出_人员="4", 基本支出_公用="2", 项目支出="4")
    assert told(found) == [(10, TIES), (6, TIES)]


def test_planned_and_actual_are_summed_apart_and_changes_are_no_parts() -> None:
    found = along(
        合计_预算数="3", 合计_决算数="1", 接待费_预算数="2", 接待费_决算数="1", 车费_预算数="1",
        车费_决算数="0", 增减额="9",
    )  # fmt: skip
    assert told(found) == [(3, TIES), (1, TIES)]


@pytest.mark.parametrize(
    ("total", "parts", "outcome"),
    [
        ("236.64", ["236.63"], ROUNDING),
        ("440.90", ["440.88", "0.00", "0.00"], ROUNDING),
        ("440.90", ["440.88"], DIFFERS),
        ("3", ["2"], DIFFERS),
        ("3.00", ["1", "2"], TIES),
    ],
)
def test_rounding_is_told_from_differing(total: str, parts: list[str], outcome: Outcome) -> None:
    tie = Tie(kind="rows", what="", total=Decimal(total), parts=tuple(map(Decimal, parts)))
    assert tie.outcome is outcome


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.integers(1, 10**9))
def test_a_sum_ties_and_ties_no_longer_when_one_part_moves(parts: list[int], by: int) -> None:
    exact = tuple(map(Decimal, parts))
    tie = Tie(kind="rows", what="", total=sum(exact, Decimal(0)), parts=exact)
    assert tie.outcome is TIES
    assert replace(tie, parts=(exact[0] + by, *exact[1:])).outcome is DIFFERS


@pytest.mark.parametrize(
    ("label", "deep"),
    [("一、收入", 1), ("（一）拨款", 2), ("1. 资金", 3), ("其中：（1）购置费", 4), ("教育支出", 0)],
)
def test_ordinals_have_a_depth(label: str, deep: int) -> None:
    assert depth(label) == deep


@pytest.mark.parametrize("document", gold_documents(REAL), ids=lambda path: path.stem)
def test_the_counted_codes_and_totals_tie_in_the_gold_itself(document: Path) -> None:
    """The gold has no ordinals: only columns and coded rows are told from it."""
    gold = read_gold(document)
    facts = budget_of(gold).facts
    order = {row: at for at, row in enumerate(dict.fromkeys(r.row_path for r in facts))}
    tables = {
        title: replace(budget((), ()).tables[0], number="", title=title)
        for title in dict.fromkeys(fact.title for fact in facts)
    }
    placed = tuple(replace(f, row=order[f.row_path]) for f in facts if f.code)
    found = ties_of(replace(budget_of(gold), facts=placed, tables=tuple(tables.values())))
    outcomes = Counter(tie.outcome for tie in found)
    assert outcomes[TIES] + outcomes[ROUNDING] == len(found) > 90


def test_the_run_fails_when_fewer_tie_than_were_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    labels = ["教育支出", "普通教育"]
    facts = [
        fact(0, labels[0], "合计", "3", code="205"),
        fact(1, labels[1], "合计", "3", code="20502"),
    ]
    monkeypatch.setattr(measuring, "read", lambda path: budget(facts, labels))
    path = tmp_path / "ties.csv"
    path.write_text("document,kind,ties,rounding,differs\na.pdf,rows,1,0,0\n")
    monkeypatch.setattr(measuring, "COUNTED", path)
    monkeypatch.setattr(measuring, "counted", lambda: counted(path))
    assert report([Path("a.pdf")])
    facts[1] = replace(facts[1], value=Decimal(2))
    assert not report([Path("a.pdf")])
    assert report([Path("other.pdf")])
