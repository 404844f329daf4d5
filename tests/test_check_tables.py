"""Table to table by relations.toml, names of projects, the contents page."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import check_relations
from index.check_contents import contents_checks, plain_title
from index.check_names import name_checks
from index.check_relations import RelationsError, canonical, measures_named, scopes_in
from index.check_rows import book_of
from index.check_tables import table_checks
from index.check_words import where
from index.document import Place
from index.fact import Check, Outcome, Passage, PassageKind
from tests.check_budgets import (
    ITEM,
    SUBTOTAL,
    TOTAL,
    Made,
    R,
    budget,
    goals,
    outcomes,
    spending,
    table,
)


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
    yuan = table([R("合计", ["123456.78"], TOTAL)], [("合计",)], title="部门收入总表", unit="元")
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


def test_a_project_named_like_a_class_is_found_among_the_projects() -> None:
    printed, facts = spending(("甲项目", "1"), ("森林生态效益补偿", "5"))
    facts = (facts[0], replace(facts[1], row_kind=ITEM))
    goal = goals(("甲项目", "1"), ("森林生态效益补偿", "5"))
    found = list(name_checks(book_of(budget((printed, facts), goal))))
    assert [c.expression for c in found] == ["1 = 1", "5 = 5"]


def test_two_tables_of_which_most_figures_differ_are_of_two_scopes() -> None:
    def spent(number: str, title: str, values: Sequence[str]) -> Made:
        rows = [R("合计", [str(sum(map(int, values)))], TOTAL)]
        codes = ["2050201", "2080501", "2210201"]
        names = ["学前教育", "行政单位离退休", "住房公积金"]
        rows += [
            R(name, [value], ITEM, 1, code=code)
            for name, value, code in zip(names, values, codes, strict=True)
        ]
        return table(rows, [("合计",)], number=number, title=title)

    one = spent("表三", "部门支出总表", ["10", "20", "30"])
    slip = table_checks(book_of(budget(one, spent("表四", "支出总表", ["10", "20", "33"]))))
    assert {c.outcome for c in slip} == {Outcome.HOLDS, Outcome.DIFFERS}
    other = table_checks(book_of(budget(one, spent("表四", "支出总表", ["11", "22", "33"]))))
    assert {c.outcome for c in other} == {Outcome.UNCHECKED}
    own = table_checks(book_of(budget(one, spent("表四", "本级支出总表", ["1", "2", "3"]))))
    assert own == ()


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


def test_contents_without_parts_are_held_against_the_titles() -> None:
    one = table([R("合计", ["1"], TOTAL)], [("合计",)], number="x", title="2024年部门收入预算总表")
    two = table([R("合计", ["1"], TOTAL)], [("合计",)], number="y", title="2024年支出总表")
    lines = contents(
        "四、部门预算编制说明",
        "五、部门预算表",
        "1. 2024年部门收入预算总表",
        "2．2024年部门支出总表 12",
        "3. 2024年部门三公经费表",
        "六、名词解释",
    )
    found = list(contents_checks(budget(one, two, passages=lines)))
    assert [(c.outcome.value, c.expression) for c in found] == [
        ("holds", "2024年部门收入预算总表 = 2024年部门收入预算总表"),
        ("differs", "2024年部门支出总表 ≠ 2024年支出总表"),
        ("differs", "2024年部门三公经费表"),
    ]


def test_a_title_that_the_text_prints_without_its_table_is_not_called_missing() -> None:
    one = table([R("合计", ["1"], TOTAL)], [("合计",)], title="收支总表")
    lines = contents("表一 收支总表", "表二 三公经费表")
    title = replace(lines[0], id="t", kind=PassageKind.PARAGRAPH, text="三公经费表")
    found = list(contents_checks(budget(one, passages=[*lines, title])))
    assert [c.outcome for c in found] == [Outcome.HOLDS, Outcome.UNCHECKED]


# Places and years


@pytest.mark.parametrize(
    "places, words",
    [
        ([Place(line=3), Place(line=4), Place(line=5), Place(line=9)], "第3—5、9行"),
        ([Place(sheet="表一", cell=f"B{at}") for at in (2, 3, 4)], "表一!B2:B4"),
        ([Place(sheet="表一", cell="B2"), Place(sheet="表一", cell="C9")], "表一!B2、表一!C9"),
        ([Place(cell="t3r6c2"), Place(cell="t3r7c2")], "第3个表格第6、7行第2格"),
        ([Place(page=4, box="1,2,3,4"), Place(page=4, box="1,5,3,6")], "第4页"),
        ([Place(paragraph=45)], "第45段"),
    ],
)
def test_places_are_said_in_words(places: Sequence[Place], words: str) -> None:
    assert where(places) == words


def test_last_years_columns_are_held_against_each_other_too() -> None:
    def side(side: int, head: str, last: str) -> Made:
        rows = [R(f"一、{head}甲", ["10", last]), R(f"{head}总计", ["10", last], TOTAL)]
        columns = [(head, "2024年预算数"), (head, "2023年预算数")]
        return table(rows, columns, title="收支总表", side=side, years=[2024, 2023])

    found = table_checks(book_of(budget(side(0, "收入", "9"), side(1, "支出", "8"))))
    assert outcomes(found, "table to table") == [("holds", "10 = 10"), ("differs", "9 ≠ 8")]


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
