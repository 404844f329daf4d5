"""Year columns, changes, classes by code, accounts: what tables of other departments print."""

# ruff: noqa: E501 (a row of a table is kept on one line)

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.answer import Answer, Status
from assistant.chain import Assistant
from assistant.fault import FaultName
from assistant.prove import Reader
from index.correct import correct
from tests.budget_shelf import shelved

PARKS = """
青禾县园林处2024年部门预算

表一
一般公共预算支出表
金额单位：万元
科目编码 | 科目名称 | 2024年预算数 | 2023年预算数 | 2022年预算数 | 增减额
| 合计 | 610.00 | 570.00 | 500.00 | 40.00
2080505 | 机关事业单位基本养老保险缴费支出 | 60.00 | 58.00 | 50.00 | 2.00
2080506 | 机关事业单位职业年金缴费支出 | 30.00 | 29.00 | 25.00 | 1.00
2120501 | 城乡社区环境卫生 | 500.00 | 463.00 | 405.00 | 37.00
2210201 | 住房公积金 | 20.00 | 20.00 | 20.00 |

表二
项目支出表
金额单位：万元
单位名称 | 项目名称 | 2024年预算数 | 2023年预算数 | 增减额
| 合计 | 300.00 | 270.00 | 30.00
青禾县园林处本级 | 小计 | 200.00 | 190.00 | 10.00
| 湖心岛绿化 | 150.00 | 120.00 | 30.00
| 古树保护 | 50.00 | 70.00 | -20.00
青禾县苗圃 | 小计 | 100.00 | 80.00 | 20.00
| 育苗 | 60.00 | 80.00 | -20.00
| 温室改造 | 40.00 | | 40.00

表三
项目绩效目标表
金额单位：万元
单位名称 | 项目名称 | 预算金额 | 年度绩效目标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 权重
青禾县园林处本级 | 湖心岛绿化 | 150.00 | 保持绿化。 | 产出指标 | 数量指标 | 种植株数 | ≥ | 3000 | 株 | 40
 |  |  |  | 产出指标 | 时效指标 | 完成时限 | ≤ | 10 | 月 | 30
 |  |  |  | 满意度指标 | 满意度指标 | 游客满意度 | ≥ | 90 | % | 30
"""

FINAL = """
白石市档案馆2024年度部门决算

表一
收入支出决算总表
金额单位：万元
项目 | 决算数
一、一般公共预算财政拨款收入 | 90.00
总计 | 90.00

表二
财政拨款“三公”经费支出决算表
金额单位：万元
合计 | | 公务接待费 | | 公务用车运行维护费 |
预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数
6.00 | 4.10 | 2.00 | 0.90 | 4.00 | 3.20

三、情况说明

2024年度档案数字化支出年初预算为12.00万元，支出决算为9.00万元，完成年初预算的75.00%。
"""


@pytest.fixture(scope="module")
def parks(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return shelved(tmp_path_factory.mktemp("parks"), {"parks.txt": PARKS})


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return shelved(tmp_path_factory.mktemp("archive"), {"archive.txt": FINAL})


def told(answer: Answer) -> list[str]:
    return [f"{f.operator}{f.value}{f.unit}" for f in answer.figures]


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("湖心岛绿化2023年预算多少", ["120万元"]),
        ("湖心岛绿化去年多少钱", ["120万元"]),
        ("2022年城乡社区环境卫生支出多少", ["405万元"]),
        ("一般公共预算支出合计比上年增加多少", ["40万元"]),
        ("古树保护比上年增减多少", ["-20万元"]),
        ("项目支出比上年多多少", ["30万元"]),
        ("青禾县苗圃的项目支出比上年增加多少", ["20万元"]),
    ],
)
def test_columns_of_other_years(parks: Assistant, question: str, figures: list[str]) -> None:
    answer = parks.ask(question)
    assert told(answer)[:1] == figures and answer.proved, answer.text
    assert not answer.figures[0].expression  # printed, not worked out


def test_a_blank_square_of_last_year_is_no_zero(parks: Assistant) -> None:
    answer = parks.ask("温室改造2023年预算多少")
    assert answer.status is Status.NOT_FOUND and "空白" in answer.text and answer.citations


def test_a_year_without_a_column_has_no_figure(parks: Assistant) -> None:
    assert not parks.ask("湖心岛绿化2019年预算多少").figures
    assert not parks.ask("湖心岛绿化2022年预算多少").figures  # a column of another table


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("哪些项目比上年减少了", ["-20万元", "-20万元"]),
        ("哪些项目的预算比上年增加了", ["40万元", "30万元"]),
        ("比上年增加最多的项目是哪个", ["40万元"]),
        ("有几个项目比上年减少", ["2个", "-20万元", "-20万元"]),
    ],
)
def test_sets_by_their_change(parks: Assistant, question: str, figures: list[str]) -> None:
    answer = parks.ask(question)
    assert told(answer) == figures and answer.proved, answer.text


@pytest.mark.parametrize(
    ("question", "value", "expression"),
    [
        ("20805是多少", "90万元", "60 + 30"),
        ("208是多少", "90万元", "60 + 30"),
        ("行政事业单位养老支出一共安排了多少", "90万元", "60 + 30"),
        ("科目21205多少钱", "500万元", "500"),
        ("社会保障和就业支出里的职业年金多少", "30万元", ""),
    ],
)
def test_a_class_that_is_not_printed_is_the_sum_of_its_parts(
    parks: Assistant, question: str, value: str, expression: str
) -> None:
    answer = parks.ask(question)
    assert told(answer)[:1] == [value] and answer.proved, answer.text
    assert answer.figures[0].expression == expression


def test_a_class_without_printed_parts_is_not_here(parks: Assistant) -> None:
    assert not parks.ask("科目205是多少").figures


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("湖心岛绿化有几条绩效指标", ["3个"]),
        ("几个项目设了绩效目标", ["1个"]),
        ("种植株数占多少权重", ["40"]),
        ("游客满意度要达到多少", ["≥90%"]),
    ],
)
def test_goals_are_counted_and_weighed(parks: Assistant, question: str, figures: list[str]) -> None:
    answer = parks.ask(question)
    assert told(answer)[:1] == figures and answer.proved, answer.text


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("公务接待费决算数多少", ["0.9万元"]),
        ("公务接待费预算数是多少", ["2万元"]),
        ("公务用车运行维护费支出决算是多少", ["3.2万元"]),
        ("档案数字化支出决算多少", ["9万元"]),
        ("档案数字化支出年初预算多少", ["12万元"]),
        ("档案数字化支出完成年初预算的百分之几", ["75%"]),
    ],
)
def test_plan_and_outcome_of_a_final_account(
    archive: Assistant, question: str, figures: list[str]
) -> None:
    answer = archive.ask(question)
    assert told(answer) == figures and answer.proved, answer.text


# ------------------------------------------------------------------------- a person's word


def test_a_corrected_figure_is_shown_beside_the_printed_one(tmp_path: Path) -> None:
    assistant = shelved(tmp_path, {"parks.txt": PARKS})
    before = assistant.ask("育苗2024年多少")
    assert told(before) == ["60万元"] and not before.notes
    place = str(before.citations[0].line)
    correct(
        assistant.store, "parks.txt", place, value=Decimal("66.00"), column="2024年", reason="录入有误",
        by="李四",
    )  # fmt: skip
    answer = assistant.ask("育苗2024年多少")
    assert told(answer) == ["66万元"] and answer.proved
    assert answer.citations[0].quote == "60.00"
    assert all(word in answer.notes[0] for word in ("60.00", "66.00", "李四", "录入有误"))


def test_a_word_that_the_store_does_not_keep_is_withheld(tmp_path: Path) -> None:
    assistant = shelved(tmp_path, {"parks.txt": PARKS})
    fact = next(f for f in assistant.store.facts() if f.label == "育苗" and f.printed == "60.00")
    forged = replace(
        fact, value=Decimal(66), printed_value=fact.value, corrected=True, word="经某人更正"
    )
    fault = Reader(assistant.originals).prove(forged)
    assert fault is not None and fault.name is FaultName.WORD
    silent = replace(forged, word="")
    assert Reader(assistant.originals).prove(silent) is not None
