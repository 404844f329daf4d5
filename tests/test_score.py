"""The scorer against hand-made answers."""

from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Figure, Status
from eval.dataset import AnswerType, Evidence, Expected, Key, Question
from eval.score import Verdict, grade, holds

LINE = Evidence(line=107, quote="教育支出\t56.00")


def expected(value: str, unit: str = "万元", operator: str = "", **more: Any) -> Expected:
    fields: dict[str, Any] = {"what": "教育支出", "exact": Decimal(value), **more}
    return Expected(value=Decimal(value), unit=unit, operator=operator, **fields)


def question(*figures: Expected, **more: Any) -> Question:
    """About numbers, unless `type` says otherwise."""
    kind = AnswerType(more.pop("type", "numbers" if figures else "text"))
    contains = tuple(tuple(entry.split("|")) for entry in more.pop("contains", ()))
    key = Key(type=kind, figures=figures, must_contain=contains, must_not=more.pop("never", ()))
    fields: dict[str, Any] = {
        "text": "教育支出多少",
        "evidence": (LINE,),
        "marks": frozenset(),
        **more,
    }
    return Question(id="q", language="zh", kind="lookup", key=key, **fields)


def cite(line: int | None = 107, end: int | None = None, **more: Any) -> Citation:
    fields: dict[str, Any] = {
        "document": "a.txt",
        "section": "",
        "table": "",
        "row": "",
        "column": "",
        "quote": "56.00",
        "line": line,
        "line_end": end,
        **more,
    }
    return Citation(**fields)


def figure(value: str, unit: str = "万元", operator: str = "", **more: Any) -> Figure:
    fields: dict[str, Any] = {"printed": value, "label": "教育支出", "citations": (0,), **more}
    return Figure(value=value, unit=unit, operator=operator, **fields)


def answer(*figures: Figure, **more: Any) -> Answer:
    fields: dict[str, Any] = {
        "status": Status.ANSWERED,
        "text": "教育支出",
        "citations": (cite(),),
        **more,
    }
    return Answer(question="教育支出多少", language="zh", figures=figures, **fields)


def verdict(asked: Question, given: Answer) -> str:
    return grade(asked, given).verdict.value


THIRD: dict[str, Any] = {"exact": Decimal(12) / 35 * 100, "calculated": True, "divided": True}
YI: dict[str, Any] = {"exact": Decimal("0.384726"), "calculated": True, "divided": True}
SUM: dict[str, Any] = {"calculated": True}


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        (expected("56"), figure("56.00"), True),
        (expected("56"), figure("50.00"), False),
        (expected("56"), figure("560000", "元"), True),
        (expected("56"), figure("560", "千元"), True),
        (expected("56"), figure("0.0056", "亿元"), True),
        (expected("56"), figure("56", "元"), False),
        (expected("56"), figure("56", ""), False),
        (expected("5600"), figure("56", "百万元"), True),
        (expected("40", "万"), figure("40", "万元"), True),
        (expected("12000", "万人", "≥"), figure("1.2", "亿人", "≥"), True),
        (expected("12000", "万人", "≥"), figure("12000", "万次", "≥"), False),
        (expected("2", "小时", "≤"), figure("120", "分钟", "≤"), True),
        (expected("90", "%", "≥"), figure("90", "％", "≥"), True),
        (expected("90", "%"), figure("90", "个百分点"), False),
        (expected("6", "辆"), figure("6", "台"), False),
        (expected("0", "台（套）"), figure("0", "台(套)"), True),
        (expected("30", ""), figure("30", "分"), True),
        (expected("30", ""), figure("30", "万元"), False),
    ],
    ids=str,
)
def test_figures_are_equal_after_conversion_and_not_otherwise(
    wanted: Expected, given: Figure, fits: bool
) -> None:
    assert verdict(question(wanted), answer(given)) == ("right" if fits else "wrong")


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        (expected("34.29", "%", **THIRD), figure("34.29", "%"), True),
        (expected("34.29", "%", **THIRD), figure("34.2857", "%"), True),
        (expected("34.29", "%", **THIRD), figure("34.28", "%"), False),
        (expected("34.29", "%", **THIRD), figure("34", "%"), False),
        (expected("34.29", "%", **THIRD), figure("0.34", "倍"), True),
        (expected("0.385", "亿元", **YI), figure("0.385", "亿元"), True),
        (expected("0.385", "亿元", **YI), figure("0.38", "亿元"), True),
        (expected("0.385", "亿元", **YI), figure("3847.26", "万元"), True),
        (expected("0.385", "亿元", **YI), figure("3850", "万元"), False),
        (expected("24634.71"), figure("2.46", "亿元"), True),
        (expected("24634.71"), figure("2.47", "亿元"), False),
        (expected("24634.71"), figure("24634.7"), False),
        (expected("12"), figure("0.00", "亿元"), False),
        (expected("1214.41", **SUM), figure("1214.41"), True),
        (expected("1214.41", **SUM), figure("1214.4"), False),
        (expected("1214.41", **SUM), figure("0.12", "亿元"), False),
        (expected("1214.41", **SUM), figure("0.121441", "亿元"), True),
        (expected("8.7", "%"), figure("8.74", "%", expression="1 ÷ 11 × 100"), True),
        (expected("8.7", "%"), figure("8.74", "%"), False),
    ],
    ids=str,
)
def test_ratios_and_rescaled_figures_may_be_rounded_sums_may_not(
    wanted: Expected, given: Figure, fits: bool
) -> None:
    assert verdict(question(wanted), answer(given)) == ("right" if fits else "wrong")


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        (expected("90", "%", "≥"), figure("90", "%", "≥"), True),
        (expected("90", "%", "≥"), figure("90", "%", ">="), True),
        (expected("90", "%", "≥"), figure("90", "%", "≤"), False),
        (expected("90", "%", "≥"), figure("90", "%", ">"), False),
        (expected("90", "%", "≥"), figure("90", "%", ""), False),
        (expected("1204", "人", "="), figure("1204", "人", ""), False),
        (expected("5", "次"), figure("5", "次", "≤"), True),
        (expected("40"), figure("40", "万元", "≤"), False),
    ],
    ids=str,
)
def test_an_operator_lost_or_turned_is_wrong(wanted: Expected, given: Figure, fits: bool) -> None:
    assert verdict(question(wanted), answer(given)) == ("right" if fits else "wrong")


FELL = {"contains": ("减少|下降",)}
SIGNED = {"marks": frozenset({"signed"})}


@pytest.mark.parametrize(
    ("wanted", "value", "text", "more", "result"),
    [
        ("-125.7", "-125.70", "减少 125.70 万元", SIGNED, "right"),
        ("-125.7", "125.70", "减少 125.70 万元", SIGNED, "right"),
        ("-125.7", "125.70", "变动 125.70 万元", SIGNED, "wrong"),
        ("-125.7", "125.70", "减少 125.70 万元", {}, "wrong"),
        ("227.02", "-227.02", "减少 227.02 万元", FELL, "right"),
        ("227.02", "-227.02", "变动 227.02 万元", {}, "wrong"),
        ("107.48", "-107.48", "减少 107.48 万元", {}, "wrong"),
    ],
)
def test_a_direction_turned_round_is_wrong(
    wanted: str, value: str, text: str, more: dict[str, Any], result: str
) -> None:
    asked = question(expected(wanted), **more)
    assert verdict(asked, answer(figure(value), text=text)) == result


def test_the_same_figure_asked_for_twice_has_to_be_given_twice() -> None:
    asked = question(expected("34.9"), expected("34.9"))
    assert verdict(asked, answer(figure("34.90"))) == "wrong"
    assert verdict(asked, answer(figure("34.90", label="甲"), figure("34.90"))) == "right"


def test_figures_are_paired_as_a_whole_not_greedily() -> None:
    asked = question(expected("24634.71"), expected("2.46", "亿元"))
    given = answer(figure("2.46", "亿元"), figure("24634.71"))
    assert verdict(asked, given) == "right"


def test_part_of_the_figures_is_wrong() -> None:
    assert verdict(question(expected("50"), expected("6")), answer(figure("50"))) == "wrong"


def test_a_figure_in_the_text_alone_is_not_given() -> None:
    assert verdict(question(expected("56")), answer(text="教育支出 56.00 万元")) == "wrong"


def further(count: int) -> tuple[Figure, ...]:
    return tuple(figure(str(value)) for value in range(1, count + 1))


@pytest.mark.parametrize(
    ("asked", "given", "result"),
    [
        (question(expected("56")), answer(figure("56"), *further(3)), "right"),
        (question(expected("56")), answer(figure("56"), *further(4)), "noisy"),
        (
            question(expected("10")),
            answer(figure("10", expression="1 + 2 + 3 + 4"), *further(4)),
            "right",
        ),
        (
            question(expected("4", "个"), marks=frozenset({"set"})),
            answer(figure("4", "项", printed=""), *further(9)),
            "right",
        ),
        (question(expected("56")), answer(figure("56"), text="长" * 401), "noisy"),
        (question(contains=("长",)), answer(text="长" * 400), "right"),
        (question(contains=("长",), type="list"), answer(*further(9), text="长" * 1200), "right"),
        (question(contains=("长",), type="list"), answer(text="长" * 1201), "noisy"),
    ],
)
def test_clutter_is_noisy_members_of_sums_and_lists_are_none(
    asked: Question, given: Answer, result: str
) -> None:
    assert verdict(asked, given) == result


def withheld(text: str, status: Status = Status.NOT_FOUND, **more: Any) -> Answer:
    return answer(text=text, status=status, **more)


NOTHING = question(type="abstain", text="抗疫国债500万元花在哪")


@pytest.mark.parametrize(
    ("asked", "given", "result"),
    [
        (question(expected("56")), withheld("没有找到"), "miss"),
        (question(expected("56")), withheld("您问哪一项？", Status.AMBIGUOUS), "miss"),
        (question(expected("56")), withheld("没有找到，最近的是 50.00"), "wrong"),
        (question(contains=("持平",)), withheld("没有找到"), "miss"),
        (question(contains=("没有",)), withheld("没有找到", citations=()), "miss"),
        (question(contains=("没有",)), withheld("没有此项内容"), "right"),
        (NOTHING, withheld("没有这一项"), "right"),
        (NOTHING, withheld("与预算无关", Status.REFUSED), "right"),
        (NOTHING, withheld("没有“抗疫国债500万元”这一项，见第 12 页"), "right"),
        (NOTHING, withheld("没有，但有 200 万元"), "wrong"),
        (NOTHING, withheld("没有，但有 23,678.99"), "wrong"),
        (NOTHING, answer(text="表十二没有数"), "right"),
        (NOTHING, answer(text="大家好"), "wrong"),
        (NOTHING, answer(figure("0"), text="没有"), "wrong"),
        (NOTHING, withheld("没" * 401), "noisy"),
        (question(type="abstain", never=("为0.00",)), withheld("没有，为 0.00 "), "wrong"),
        (question(), answer(text="您好"), "right"),
        (question(), withheld("没有找到"), "miss"),
        (question(), answer(figure("24634.71"), text="您好"), "wrong"),
    ],
)
def test_withholding_is_a_miss_or_right_and_amounts_are_wrong_in_it(
    asked: Question, given: Answer, result: str
) -> None:
    assert verdict(asked, given) == result


@pytest.mark.parametrize(
    ("contains", "text", "result"),
    [
        (("持平|相同",), "与 2022 年相同", "right"),
        (("Data Trading",), "data*trading", "right"),
        (("1,000",), "１０００", "right"),
        (("持平", "减少"), "持平", "wrong"),
        (("教育支出·本级",), "", "right"),
    ],
)
def test_texts_compare_after_folding_and_with_the_figures_names(
    contains: tuple[str, ...], text: str, result: str
) -> None:
    given = answer(figure("1", label="教育支出·", scope="本级"), text=text)
    assert verdict(question(contains=contains), given) == result


CELL = Evidence(document="b.xlsx", table="项目支出表", row="医疗设备购置", column="基本支出/小计")
QUOTE = Evidence(document="b.xlsx", quote="比2023年增加107.48万元")
BOTH = frozenset({"all"})


def at_cell(**changes: Any) -> Citation:
    fields: dict[str, Any] = {
        "document": "b.xlsx",
        "table": "附表九 项目支出表",
        "row": "妇幼保健院/医疗设备购置",
        "column": "基本支出 / 小计",
        **changes,
    }
    return cite(None, **fields)


@pytest.mark.parametrize(
    ("places", "marks", "citations", "cited"),
    [
        ((LINE,), frozenset(), (cite(107),), True),
        ((LINE,), frozenset(), (cite(102, 107),), True),
        ((LINE,), frozenset(), (cite(101, 107),), False),
        ((LINE,), frozenset(), (cite(108),), False),
        ((LINE,), frozenset(), (cite(None),), False),
        ((LINE,), frozenset(), (), False),
        ((), frozenset(), (), True),
        ((LINE, Evidence(line=200)), frozenset(), (cite(200),), True),
        ((LINE, Evidence(line=200)), BOTH, (cite(200),), False),
        ((LINE, Evidence(line=200)), BOTH, (cite(200), cite(107)), True),
        ((Evidence(line=1, same=frozenset({2})),), BOTH, (cite(2),), True),
        ((CELL,), frozenset(), (at_cell(),), True),
        ((CELL,), frozenset(), (at_cell(document="c.xlsx"),), False),
        ((CELL,), frozenset(), (at_cell(row="实验室"),), False),
        ((CELL,), frozenset(), (at_cell(column="项目支出/小计"),), False),
        ((CELL,), frozenset(), (at_cell(table="部门支出总表"),), False),
        ((QUOTE,), frozenset(), (at_cell(quote="总预算比2023年增加107.48万元。"),), True),
        ((QUOTE,), frozenset(), (at_cell(quote="107.48"),), True),
        ((QUOTE,), frozenset(), (at_cell(quote=""),), False),
    ],
)
def test_citations_are_judged_apart(
    places: tuple[Evidence, ...],
    marks: frozenset[str],
    citations: tuple[Citation, ...],
    cited: bool,
) -> None:
    asked = question(contains=("教育",), evidence=places, marks=marks)
    given = grade(asked, answer(citations=citations))
    assert (given.verdict, given.cited, given.best) == (Verdict.RIGHT, cited, cited)
    assert bool(given.reason) is not cited


def test_the_reason_names_what_was_wanted_and_what_was_given() -> None:
    told = grade(question(expected("90", "%", "≥")), answer(figure("85", "%", "≥")))
    assert told.reason == "wants ≥90%; given ≥85%"


TRAVEL = {"table": "一般公共预算基本支出表", "row": "差旅费", "column": "公用经费"}


@pytest.mark.parametrize(
    ("asked", "cited", "held"),
    [
        ({}, {}, True),
        ({}, {"column": "基本支出/公用经费"}, True),
        ({}, {"column": "人员经费"}, False),
        ({}, {"row": "办公费"}, False),
        ({"unit": "甲中心"}, {"row": "甲中心/商品和服务支出/差旅费"}, True),
        ({"unit": "甲中心"}, {"row": "乙中心/商品和服务支出/差旅费"}, False),
        ({"under": "普查项目"}, {"row": "甲中心/培训项目/差旅费"}, False),
        ({"page": 7}, {"page": 7}, True),
        ({"page": 7}, {"page": 8}, False),
        ({"page": 7}, {"page": None}, False),
    ],
)
def test_a_cell_is_cited_by_table_row_column_unit_project_and_page(
    asked: dict[str, Any], cited: dict[str, Any], held: bool
) -> None:
    citation = cite(None, document="a.pdf", **{**TRAVEL, **cited})
    assert holds(citation, Evidence(document="a.pdf", **{**TRAVEL, **asked})) is held


def test_a_figure_of_a_row_without_a_label_is_cited_by_its_table() -> None:
    place = Evidence(table="“三公”经费表", quote="47.91", page=31)
    here = {"table": "部门“三公”经费表", "quote": "47.91", "page": 31}
    assert holds(cite(None, **here), place)
    assert not holds(cite(None, **{**here, "table": "支出总表"}), place)


def test_thousands_of_dollars_are_dollars() -> None:
    asked = question(expected("11126", "dollars in thousands"))
    given = figure("11126000", "dollars")
    assert verdict(asked, answer(given)) == "right"
