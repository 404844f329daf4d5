"""Sums inside tables, equalities between them, doubts, the report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import check_relations
from index.check import SUMS, check, mark_doubts
from index.check_contents import contents_checks, plain_title
from index.check_names import name_checks
from index.check_relations import RelationsError, canonical, measures_named, scopes_in
from index.check_report import lines_of
from index.check_rows import book_of, sides_of
from index.check_sums import sum_checks
from index.check_tables import table_checks
from index.document import Cell, Place
from index.fact import (
    Budget,
    Check,
    Fact,
    Kind,
    Outcome,
    Passage,
    PassageKind,
    RowKind,
    Table,
    TableState,
    Unit,
)
from index.read import read_budget

SAMPLE = Path("eval/budgets/sichuan-bigdata-2023.txt")
FUNDS = "同名同口径"
"""Begins the checks that say only that equal rows are equal."""


# Budgets made by hand

Made = tuple[Table, tuple[Fact, ...]]


@dataclass(frozen=True)
class R:
    """A row: label as printed, its figures ("" is blank), and how the reader read it."""

    label: str
    values: Sequence[str]
    kind: RowKind = RowKind.ITEM
    level: int = 0
    path: tuple[str, ...] = ()
    code: str = ""
    unit: str = ""
    unit_code: str = ""


def table(
    rows: Sequence[R],
    columns: Sequence[tuple[str, ...]],
    *,
    number: str = "表一",
    title: str = "支出表",
    side: int = 0,
    years: Sequence[int] = (),
    unit: str = "万元",
) -> Made:
    """One side of a table and its facts; line 100 × table + row, so that places differ."""
    start = 100 * (sum(map(ord, number + title)) % 89 + 1)
    facts: list[Fact] = []
    cells: list[tuple[Cell, ...]] = []
    for at, row in enumerate(rows):
        place = Place(line=start + at, field=side * 10)
        label = row.label.lstrip(" 　")
        for word in ("其中：", "一、", "二、", "三、", "（一）", "（二）", "（三）"):
            label = label.removeprefix(word)
        cells.append((Cell(text=row.label, place=place),))
        for column, value in enumerate(row.values):
            facts.append(
                Fact(
                    id=f"{number}{title}/{side}/r{at}/c{column}",
                    document="d",
                    year=years[column] if years else 2024,
                    section="",
                    table=number,
                    title=title,
                    unit_code=row.unit_code,
                    unit_name=row.unit,
                    code=row.code,
                    label=label,
                    row_path=row.path or (label,),
                    column=tuple(columns[column]),
                    value=Decimal(value.rstrip("%")) if value else None,
                    printed=value,
                    unit="%" if value.endswith("%") else unit,
                    kind=(Kind.PERCENT if value.endswith("%") else Kind.MONEY)
                    if value
                    else Kind.BLANK,
                    row_kind=row.kind,
                    place=Place(line=start + at, field=side * 10 + column + 1),
                    label_places=(place,) if row.label else (),
                    row=at,
                    level=row.level,
                )
            )
    printed = Table(
        document="d",
        number=number,
        title=title,
        section="",
        unit=unit,
        state=TableState.PRESENT,
        place=Place(line=start),
        rows=tuple(cells),
    )
    return printed, tuple(facts)


def budget(
    *tables: Made,
    prose: Iterable[Fact] = (),
    passages: Iterable[Passage] = (),
    units: Sequence[Unit] = (),
    institution: str = "某局",
    account: str = "budget",
) -> Budget:
    return Budget(
        document="d",
        sha256="",
        format="text",
        title="某局2024年部门预算",
        institution=institution,
        year=2024,
        account=account,
        units=tuple(units),
        tables=tuple(printed for printed, _ in tables),
        facts=(*(fact for _, facts in tables for fact in facts), *prose),
        passages=tuple(passages),
        checks=(),
    )


def checked(made: Budget) -> Budget:
    return mark_doubts(replace(made, checks=check(made)))


def sums(*rows: R, columns: Sequence[tuple[str, ...]] = (("合计",),)) -> tuple[Check, ...]:
    made = budget(table(rows, columns))
    return tuple(found for side in sides_of(made) for found in sum_checks(side))


def outcomes(checks: Iterable[Check], name: str) -> list[tuple[str, str]]:
    return [(c.outcome.value, c.expression) for c in checks if c.name == name]


TOTAL, UNIT, ITEM = RowKind.TOTAL, RowKind.UNIT, RowKind.ITEM
SUBTOTAL, GROUP, PROJECT = RowKind.SUBTOTAL, RowKind.GROUP, RowKind.PROJECT


# The layouts of tables


def test_a_total_is_the_sum_of_its_units_and_a_unit_of_its_items() -> None:
    found = sums(
        R("合计", ["30"], TOTAL),
        R("甲", ["10"], UNIT, 1, unit="甲"),
        R("办公费", ["10"], ITEM, 2, ("甲", "办公费"), unit="甲"),
        R("乙", ["20"], UNIT, 1, unit="乙"),
        R("办公费", ["15"], ITEM, 2, ("乙", "办公费"), unit="乙"),
        R("水费", ["5"], ITEM, 2, ("乙", "水费"), unit="乙"),
    )
    assert outcomes(found, "column sum") == [
        ("holds", "10 + 20 = 30"),
        ("holds", "10 = 10"),
        ("holds", "15 + 5 = 20"),
    ]


def test_a_unit_row_of_the_whole_department_is_not_added_to_its_own_units() -> None:
    found = sums(
        R("合计", ["30"], TOTAL),
        R("某局部门", ["30"], UNIT, 1, unit_code="361"),
        R("甲", ["10"], UNIT, 1, unit="甲", unit_code="361001"),
        R("乙", ["20"], UNIT, 1, unit="乙", unit_code="361002"),
    )
    assert outcomes(found, "column sum") == [("holds", "30 = 30"), ("holds", "10 + 20 = 30")]


def test_footings_sum_what_stands_above_and_earlier_footings() -> None:
    found = sums(
        R("一、拨款", ["70"]),
        R("二、事业收入", ["20"]),
        R("本年收入合计", ["90"], SUBTOTAL),
        R("三、上年结转", ["5"]),
        R("其中：专户", ["2"], ITEM, 1, ("上年结转", "专户")),
        R("收入总计", ["95"], TOTAL),
        columns=[("收入", "预算数")],
    )
    assert outcomes(found, "column sum") == [("holds", "70 + 20 = 90"), ("holds", "90 + 5 = 95")]


def test_parts_behind_whereof_may_be_less_than_the_whole_but_not_more() -> None:
    less = [R("合计", ["10"], TOTAL), R("费用", ["10"], ITEM, 1)]
    part = R("其中：水费", ["4"], ITEM, 2, ("费用", "水费"))
    assert outcomes(sums(*less, part), "column sum") == [("holds", "10 = 10")]
    more = outcomes(sums(*less, replace(part, values=["14"])), "column sum")
    assert more[-1] == ("differs", "14 = 14 ≠ 10")


def test_ordinals_nest_where_the_reader_saw_one_level() -> None:
    found = sums(
        R("一、本年收入", ["9"]),
        R("（一）一般公共预算拨款", ["9"]),
        R("（二）政府性基金预算拨款", [""]),
        R("二、上年结转", ["3"]),
        R("（一）一般公共预算拨款", ["3"]),
        R("收入总计", ["12"], TOTAL),
    )
    assert outcomes(found, "column sum") == [
        ("holds", "9 = 9"),
        ("holds", "3 = 3"),
        ("holds", "9 + 3 = 12"),
    ]


@pytest.mark.parametrize("above", [True, False])
def test_subtotals_stand_above_or_below_their_members(above: bool) -> None:
    blocks: list[R] = []
    for name, values in (("甲", ("1", "2", "3")), ("乙", ("4", "6", "10"))):
        members = [R(f"项目{v}", [v], PROJECT, 1, unit=name) for v in values[:2]]
        small = R("小计", [values[2]], SUBTOTAL, unit=name)
        blocks += [small, *members] if above else [*members, small]
    found = sums(R("合计", ["13"], TOTAL), *blocks)
    assert sorted(outcomes(found, "column sum")) == [
        ("holds", "1 + 2 + 4 + 6 = 13"),
        ("holds", "1 + 2 = 3"),
        ("holds", "4 + 6 = 10"),
    ]


def test_a_heading_without_figures_gives_its_members_to_the_total() -> None:
    found = sums(
        R("合计", ["3"], TOTAL),
        R("人员类", [""], ITEM, 1),
        R("工资", ["1"], ITEM, 2, ("人员类", "工资")),
        R("公用类", [""], ITEM, 1),
        R("水费", ["2"], ITEM, 2, ("公用类", "水费")),
    )
    assert outcomes(found, "column sum") == [("holds", "1 + 2 = 3")]


def test_a_total_row_is_repeated_below_without_a_label() -> None:
    rows = [R("合计", ["3"], TOTAL), R("", ["3"], RowKind.TOTAL_REPEAT, path=("合计",))]
    assert outcomes(sums(*rows), "repeat") == [("holds", "3 = 3")]
    changed = [rows[0], R("", ["4"], SUBTOTAL)]
    assert outcomes(sums(*changed), "repeat") == [("differs", "4 = 4 ≠ 3")]


def test_a_total_without_any_printed_part_is_not_checked() -> None:
    found = sums(R("合计", ["3"], TOTAL), R("甲", [""], ITEM, 1), R("乙", [""], ITEM, 1))
    assert outcomes(found, "column sum") == [("unchecked", "0 = 0 ≠ 3")]


def test_a_blank_is_nothing_in_a_sum_and_an_empty_table_has_no_sums() -> None:
    filled = sums(R("合计", ["3"], TOTAL), R("甲", ["3"], ITEM, 1), R("乙", [""], ITEM, 1))
    assert outcomes(filled, "column sum") == [("holds", "3 = 3")]
    assert sums(R("合计", [""], TOTAL), R("甲", [""], ITEM, 1)) == ()


def test_columns_of_deeper_groups_count_by_their_own_total() -> None:
    columns = [("合计",), ("基本", "小计"), ("基本", "人员"), ("基本", "公用"), ("项目",)]
    values = ["9", "6", "4", "2", "3"]
    rows = [R("合计", values, TOTAL), R("甲", values, ITEM, 1)]
    assert outcomes(sums(*rows, columns=columns), "row sum") == [
        ("holds", "6 + 3 = 9"),
        ("holds", "6 + 3 = 9"),
        ("holds", "4 + 2 = 6"),
        ("holds", "4 + 2 = 6"),
    ]


def test_a_column_that_stands_apart_is_left_out_by_the_vote_of_the_rows() -> None:
    columns = [("合计",), ("基本",), ("项目",), ("政府采购",)]
    rows = [R(str(n), [str(2 * n + 1), str(n), str(n + 1), "7"]) for n in range(1, 6)]
    wrong = R("六", ["13", "6", "8", "7"])
    found = outcomes(sums(*rows, wrong, columns=columns), "row sum")
    assert [outcome for outcome, _ in found] == ["holds"] * 5 + ["differs"]


def test_changes_are_recomputed_from_the_columns_of_years() -> None:
    columns = [("2024年预算数",), ("2023年预算数",), ("增减额",), ("增减%",)]
    rows = [
        R("甲", ["110.00", "100.00", "10.00", "10.00%"]),
        R("乙", ["90.00", "100.00", "-10.00", "-9.00%"]),
        R("丙", ["5.00", "", "5.00", ""]),
    ]
    made = budget(table(rows, columns, years=[2024, 2023, 2024, 2024]))
    found = sum_checks(sides_of(made)[0])
    assert [outcome for outcome, _ in outcomes(found, "change")] == [
        *("holds", "holds", "holds"),
        *("holds", "differs"),
    ]


def test_a_side_that_mostly_fails_was_not_understood() -> None:
    rows = [R("合计", ["100"] * 5, TOTAL), *(R(str(n), ["7"] * 5, ITEM, 1) for n in range(3))]
    found = sums(*rows, columns=[(f"列{n}",) for n in range(5)])
    assert {c.outcome for c in found if c.name == "column sum"} == {Outcome.UNCHECKED}


# Table to table


def balance(income: str = "10", expenditure: str = "10") -> tuple[Made, ...]:
    left = table(
        [R("一、一般公共预算拨款收入", [income]), R("收入总计", [income], TOTAL)],
        [("收入", "预算数")],
        title="部门收支总表",
    )
    right = table(
        [R("一、教育支出", [expenditure]), R("支出总计", [expenditure], TOTAL)],
        [("支出", "预算数")],
        title="部门收支总表",
        side=1,
    )
    return left, right


def test_tables_of_the_same_measure_agree_by_total_class_and_source() -> None:
    income = table(
        [R("合计", ["10", "10"], TOTAL)],
        [("合计",), ("一般公共预算拨款收入",)],
        number="表二",
        title="部门收入总表",
    )
    spent = table(
        [
            R("合计", ["10"], TOTAL),
            R("培训支出", ["4"], ITEM, 1, code="2050803"),
            R("学前教育", ["6"], ITEM, 1, code="2050201"),
        ],
        [("合计",)],
        number="表三",
        title="部门支出总表",
    )
    found = table_checks(book_of(budget(*balance(), income, spent)))
    assert {c.outcome for c in found} == {Outcome.HOLDS}
    assert ("holds", "10 = 4 + 6") in outcomes(found, "table to table")
    differing = table_checks(book_of(budget(*balance("10", "11"), income, spent)))
    failed = [c.expression for c in differing if c.outcome is Outcome.DIFFERS]
    assert failed == ["11 ≠ 10", "11 ≠ 4 + 6", "10 ≠ 11"]


def test_an_income_table_without_what_is_carried_over_is_the_total_of_the_year() -> None:
    left = table(
        [
            R("一、拨款", ["8"]),
            R("本年收入合计", ["8"], SUBTOTAL),
            R("二、上年结转", ["2"]),
            R("收入总计", ["10"], TOTAL),
        ],
        [("收入", "预算数")],
        title="部门收支总表",
    )
    income = table([R("合计", ["8"], TOTAL)], [("合计",)], number="表二", title="部门收入总表")
    found = table_checks(book_of(budget(left, income)))
    assert outcomes(found, "table to table") == [("holds", "8 = 8")]


def test_amounts_in_other_units_agree_when_rounded_to_the_coarser() -> None:
    yuan = table(
        [R("合计", ["123456.78"], TOTAL)], [("合计",)], title="部门收入总表", unit="元"
    )
    found = table_checks(book_of(budget(*balance("12.35", "12.35"), yuan)))
    assert ("holds", "12.35 = 123456.78") in outcomes(found, "table to table")
    other = table_checks(book_of(budget(*balance("12.36", "12.36"), yuan)))
    assert ("differs", "12.36 ≠ 123456.78") in outcomes(other, "table to table")


def test_equal_rows_of_two_tables_are_named_and_unequal_ones_left_alone() -> None:
    one = table([R("办公费", ["3"]), R("水费", ["1"])], [("合计",)], title="甲表")
    two = table([R("办公费", ["3"]), R("水费", ["2"])], [("合计",)], number="表二", title="乙表")
    found = table_checks(book_of(budget(one, two)))
    assert outcomes(found, "table to table") == [("holds", "3 = 3")]


# Names


def goals(*projects: tuple[str, str]) -> Made:
    rows = [R(name, [value], PROJECT, unit="甲") for name, value in projects]
    printed, facts = table(rows, [("预算数",)], number="表五", title="项目绩效目标表")
    indicator = replace(
        facts[0], id="i", row_kind=RowKind.INDICATOR, kind=Kind.TARGET, column=("指标值",)
    )
    return printed, (facts[0], indicator, *facts[1:])


def spending(*projects: tuple[str, str]) -> Made:
    rows = [R(name, [value], PROJECT, unit="甲") for name, value in projects]
    return table(rows, [("金额",)], number="表四", title="项目支出表")


def names(left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> list[Check]:
    return list(name_checks(book_of(budget(spending(*left), goals(*right)))))


def test_one_project_under_two_names_is_told_from_two_projects() -> None:
    same = [("课题研究", "5"), ("门户网站维护", "6"), ("网上办事大厅", "7")]
    renamed = names([*same, ("信息平台服务扩容", "9")], [*same, ("信息平台扩容", "9")])
    assert [c.expression for c in renamed if c.outcome is Outcome.DIFFERS] == [
        "信息平台服务扩容 ≠ 信息平台扩容"
    ]
    apart = names([*same, ("信息平台一期运维", "9")], [*same, ("信息平台二期运维", "9")])
    assert [c.expression for c in apart if c.outcome is Outcome.DIFFERS] == [
        "1 个，9 万元",
        "1 个，9 万元",
    ]
    nets = names([*same, ("政务内网线路租用", "9")], [*same, ("政务外网线路租用", "9")])
    assert all("≠" not in c.expression for c in nets)


def test_a_goal_table_of_chosen_projects_contradicts_nothing() -> None:
    found = names([("甲项目", "1"), ("乙计划", "2"), ("丙工程", "3")], [("甲项目", "1")])
    assert [c.outcome for c in found] == [Outcome.HOLDS, Outcome.UNCHECKED]


def test_another_amount_under_the_same_name_is_wrong_where_the_others_agree() -> None:
    same = [("甲项目", "1"), ("乙计划", "2"), ("丙工程", "3")]
    found = names([*same, ("丁平台", "4")], [*same, ("丁平台", "5")])
    assert [(c.outcome.value, c.expression) for c in found][-1] == ("differs", "4 ≠ 5")


def test_a_slip_of_the_pen_is_found_by_the_projects_own_objective() -> None:
    projects = (("市民出行同建设", "2"), ("市民出行通运维", "3"))
    made = budget(spending(("甲项目", "1")), goals(*projects))
    objective = Passage(
        id="o",
        document="d",
        kind=PassageKind.OBJECTIVE,
        section="",
        title="市民出行同建设",
        text="建设“市民出行通”。",
        place=Place(line=1),
    )
    found = name_checks(book_of(replace(made, passages=(objective,))))
    assert "市民出行同 ≠ 市民出行通" in [c.expression for c in found]
    assert not [c for c in name_checks(book_of(made)) if "错字" in c.what]


@pytest.mark.parametrize(
    "weights, outcome",
    [
        (["40", "50"], Outcome.HOLDS),
        (["40", "60"], Outcome.HOLDS),
        (["40", "61"], Outcome.DIFFERS),
        (["40", ""], Outcome.UNCHECKED),
        (["101", ""], Outcome.DIFFERS),
    ],
)
def test_weights_of_a_project_add_up_to_at_most_a_hundred(
    weights: Sequence[str], outcome: Outcome
) -> None:
    printed, (project, indicator) = goals(("甲项目", "1"))
    facts = [
        replace(
            indicator,
            id=f"w{at}",
            row=at,
            column=("权重",),
            kind=Kind.WEIGHT if weight else Kind.BLANK,
            value=Decimal(weight) if weight else None,
        )
        for at, weight in enumerate(weights)
    ]
    found = check(budget((printed, (project, *facts))))
    assert [c.outcome for c in found if c.name == "weight"] == [outcome]


def test_projects_of_a_goal_table_add_up_to_their_department() -> None:
    for total, outcome in (("3", Outcome.HOLDS), ("4", Outcome.DIFFERS)):
        printed, facts = goals(("甲项目", "1"), ("乙计划", "2"))
        whole = replace(
            facts[0],
            id="whole",
            label="某局部门",
            row_path=("某局部门",),
            unit_name="",
            row_kind=UNIT,
            value=Decimal(total),
            row=-1,
        )
        found = check(budget((printed, (whole, *facts))))
        assert [c.outcome for c in found if c.name == "column sum"] == [outcome]


def contents(*lines: str) -> list[Passage]:
    return [
        Passage(
            id=f"c{at}",
            document="d",
            kind=PassageKind.CONTENTS,
            section="目录",
            title="目录",
            text=line,
            place=Place(line=at),
        )
        for at, line in enumerate(lines, 1)
    ]


def test_the_contents_are_held_against_the_titles() -> None:
    one = table([R("合计", ["1"], TOTAL)], [("合计",)], title="某局2024年收支总表")
    two = table([R("合计", ["1"], TOTAL)], [("合计",)], number="表二", title="收入表（2024年度）")
    loose = table([R("合计", ["1"], TOTAL)], [("合计",)], number="表四", title="附加表")
    lines = contents("第二部分 2024年预算表", "一、收支总表", "二、收入总表……3", "三、支出总表")
    found = list(contents_checks(budget(one, two, loose, passages=lines)))
    assert [(c.outcome.value, c.expression) for c in found] == [
        ("holds", "收支总表 = 某局2024年收支总表"),
        ("differs", "收入总表 ≠ 收入表（2024年度）"),
        ("differs", "表三 支出总表"),
        ("differs", "表四 附加表"),
    ]
    assert plain_title("某局2024年收支总表") == plain_title("收支总表")


# relations.toml


def test_subjects_name_measures_only_when_all_their_words_are_accounted_for() -> None:
    def ids(subject: str, institution: str = "") -> list[str]:
        return [measure.id for measure in measures_named(subject, institution)]

    assert ids("收支预算总数") == ["income", "expenditure"]
    assert ids("财政拨款收支总预算") == ["fiscal"]
    assert ids("某市某局收入预算", "某市某局") == ids("某局收入预算", "某市某局") == ["income"]
    assert ids("其他收入") == ids("项目支出") == ids("收入预算增加") == []
    assert canonical("因公出国（境）费用") == canonical("因公出国(境)费")
    assert scopes_in("一般公共预算基本支出表") == {"general", "basic"}


def test_an_unknown_key_in_relations_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = check_relations.FILE.read_text("utf-8").replace("[counts]", "[counts]\nextra = []")
    wrong = tmp_path / "relations.toml"
    wrong.write_text(text, "utf-8")
    monkeypatch.setattr(check_relations, "FILE", wrong)
    with pytest.raises(RelationsError, match=r"relations\.toml: counts: unknown key 'extra'"):
        check_relations.relations.__wrapped__()


# Generated budgets


CENTS = st.integers(min_value=1, max_value=9_999_999)


@st.composite
def generated(draw: st.DrawFn) -> tuple[Budget, str]:
    """Units with items in 合计 = 基本 + 项目, every sum right; the id of one of its cells."""
    columns = [("合计",), ("基本支出",), ("项目支出",)]
    rows: list[R] = []
    total = [0, 0]
    for name in "甲乙丙"[: draw(st.integers(1, 3))]:
        items = draw(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=4))
        own = [sum(item[n] for item in items) for n in (0, 1)]
        total = [a + b for a, b in zip(total, own, strict=True)]
        rows.append(R(name, money(own), UNIT, 1, (name,), unit=name))
        rows += [
            R(f"{name}{n}", money(item), ITEM, 2, (name, f"{name}{n}"), unit=name)
            for n, item in enumerate(items)
        ]
    made = budget(table([R("合计", money(total), TOTAL), *rows], columns))
    return made, draw(st.sampled_from([fact.id for fact in made.facts]))


def money(pair: Sequence[int]) -> list[str]:
    return [f"{Decimal(cents) / 100:.2f}" for cents in (sum(pair), *pair)]


@given(generated(), st.integers(min_value=5, max_value=10_000))
@settings(max_examples=60, deadline=None)
def test_one_wrong_cell_fails_exactly_its_own_sums_and_is_the_one_doubted(
    case: tuple[Budget, str], cents: int
) -> None:
    made, wrong = case
    before = check(made)
    assert {c.outcome for c in before} == {Outcome.HOLDS}
    changed = replace(
        made,
        facts=tuple(
            replace(fact, value=(fact.value or 0) + Decimal(cents) / 100)
            if fact.id == wrong
            else fact
            for fact in made.facts
        ),
    )
    after = checked(changed)
    assert failed(after.checks) == {frozenset(c.facts) for c in before if wrong in c.facts}
    doubted = {fact.id for fact in after.facts if fact.doubt}
    assert wrong in doubted
    small = len(made.facts) <= 9
    assert small or doubted == {wrong}


def failed(checks: Iterable[Check]) -> set[frozenset[str]]:
    return {
        frozenset(c.facts) for c in checks if c.outcome is Outcome.DIFFERS and c.name in SUMS
    }


def test_rounding_is_named_and_is_no_doubt_where_several_sums_show_it() -> None:
    rows = [
        R("合计", ["10.01", "20.01"], TOTAL),
        R("甲", ["5.00", "15.00"], ITEM, 1),
        R("乙", ["5.00", "5.00"], ITEM, 1),
    ]
    made = checked(budget(table(rows, [("本级",), ("下属",)])))
    assert [c.outcome.value for c in made.checks] == ["differs", "differs"]
    assert all("四舍五入" in c.what for c in made.checks)
    assert not any(fact.doubt for fact in made.facts)


def test_a_single_hundredth_is_doubted() -> None:
    rows = [R("合计", ["10.01"], TOTAL), R("甲", ["10.00"], ITEM, 1)]
    made = checked(budget(table(rows, [("合计",)])))
    assert all("相差 0.01" in fact.doubt for fact in made.facts)


# The sample


@cache
def sample() -> Budget:
    return read_budget(SAMPLE.name, SAMPLE.read_bytes())


def of(name: str, outcome: Outcome) -> list[Check]:
    return [c for c in sample().checks if c.name == name and c.outcome is outcome]


def lines(found: Check) -> set[int]:
    return {place.line for place in found.places if place.line is not None}


def test_every_sum_of_the_sample_ties() -> None:
    counts = Counter((c.name, c.outcome) for c in sample().checks)
    arithmetic = ("repeat", "column sum", "row sum", "change", "prose sum", "share")
    assert all(counts[name, Outcome.HOLDS] for name in arithmetic)
    assert not any(counts[name, Outcome.DIFFERS] for name in (*arithmetic, "table to table"))
    assert counts["repeat", Outcome.HOLDS] == 18
    assert counts["column sum", Outcome.HOLDS] >= 67
    assert counts["row sum", Outcome.HOLDS] >= 87
    assert counts["table to table", Outcome.HOLDS] >= 50
    assert counts["share", Outcome.HOLDS] == 10
    assert counts["prose to table", Outcome.HOLDS] >= 36
    assert counts["weight", Outcome.DIFFERS] == 0


KNOWN = [
    ("contents", {33, 368}),
    ("contents", {37, 397}),
    ("contents", {39, 411}),
    ("contents", {23}),
    ("names", {806, 107, 150}),
    ("names", {349, 537}),
    ("names", {339, 572}),
    ("names", {679}),
    ("names", {320, 323, 326, 329, 331, 332, 335, 341, 350}),
    ("prose to table", {898, 418}),
    ("count", {898, 419}),
    ("count", {83, 88, 89}),
    ("count", {866, 868, 892}),
]


@pytest.mark.parametrize("name, where", KNOWN)
def test_each_known_contradiction_of_the_sample_is_listed(name: str, where: set[int]) -> None:
    assert where in [lines(c) for c in of(name, Outcome.DIFFERS)]


def test_the_sample_has_no_other_contradictions() -> None:
    found = [c for c in sample().checks if c.outcome is Outcome.DIFFERS]
    assert sorted((c.name, sorted(lines(c))) for c in found) == sorted(
        (name, sorted(where)) for name, where in KNOWN
    )


def test_checks_say_where_and_name_their_facts() -> None:
    ids = {fact.id for fact in sample().facts}
    for found in sample().checks:
        assert found.places and found.what and set(found.facts) <= ids
        assert found.facts or found.name == "contents"
    identities = [(c.name, frozenset(c.facts) or c.what) for c in sample().checks]
    assert len(identities) == len(set(identities))


CHANGED = [
    (169, 6, "2,691.50", "2,691.05"),
    (150, 2, "24,634.71", "24,643.71"),
    (166, 5, "24,634.71", "24,634.17"),
    (246, 5, "16.01", "10.61"),
    (321, 4, "16,878.02", "16,878.20"),
]
"""Line, field, as printed, as a slip would print it."""


@pytest.mark.parametrize("line, field, printed, slip", CHANGED)
def test_one_changed_cell_fails_exactly_the_relations_that_use_it(
    line: int, field: int, printed: str, slip: str
) -> None:
    text = SAMPLE.read_text("utf-8").split("\n")
    cells = text[line - 1].split("\t")
    at = cells.index(printed)
    cells[at] = slip
    text[line - 1] = "\t".join(cells)
    after = read_budget(SAMPLE.name, "\n".join(text).encode())
    place = next(f for f in after.facts if f.place == Place(line=line, field=at))
    using = {
        frozenset(c.facts)
        for c in sample().checks
        if c.outcome is Outcome.HOLDS and place.id in c.facts and FUNDS not in c.what
        if c.name not in ("prose to table",)
    }
    new = failed(after.checks) - failed(sample().checks)
    assert using and using <= new
    assert all(place.id in facts for facts in new)
    before = {fact.id for fact in sample().facts if fact.doubt}
    doubted = {fact.id for fact in after.facts if fact.doubt} - before
    assert place.id in doubted and len(doubted) <= 2


def test_checking_the_sample_takes_less_than_three_tenths_of_a_second() -> None:
    made = sample()
    check(made)
    start = process_time()
    check(made)
    assert process_time() - start < 0.3


# The report


def test_the_report_lists_what_differs_first_and_counts_what_holds() -> None:
    told = lines_of(sample().checks)
    assert told[0] == f"不符 {len(KNOWN)} 项"
    assert told[1].startswith("  1. 〔名称〕正文第806行“事业收入”")
    assert any(line.startswith("无法核对 ") for line in told)
    assert told[-1].startswith("相符 ") and "纵向合计 67 项" in told[-1]
    assert lines_of([]) == ["不符 0 项", "无法核对 0 项", "相符 0 项"]
