"""Figures that a document contradicts: both are given, the second with what it follows from."""

# ruff: noqa: E501 (a case is kept on one line)

from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Status
from assistant.chain import Assistant
from index.read import read_budget
from index.store import Store
from tests.budget_texts import tabbed

LIBRARY = """
某某市图书馆 2024 年 部门预算

第二部分 某某市图书馆 2024 年部门预算表

表一
一般公共预算支出表
金额单位：万元
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
207 | 文化旅游体育与传媒支出 | 515.30 | 300.20 | 215.10
2070104 | 图书馆 | 415.20 | 300.20 | 115.10
2070199 | 其他文化和旅游支出 | 100.00 |  | 100.00
合计 |  | 515.30 | 300.20 | 215.10

表二
“三公”经费支出表
金额单位：万元
项目 | 2024年预算数 | 2023年预算数 | 增减额
公务接待费 | 3.20 | 4.50 | -1.20
公务用车运行维护费 | 8.00 | 7.00 | 1.00
合计 | 11.20 | 11.40 | -0.20

第三部分 情况说明

一、财政拨款支出情况

2024年一般公共预算支出515.30万元，其中：基本支出300.20万元，占58.26%；项目支出215.10万元，占51.74%。

二、“三公”经费情况

公务接待费2.30万元，主要用于接待外地同行。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("library")
    content = tabbed(LIBRARY).encode()
    Store(folder).add(read_budget("library.txt", content), content)
    yield Assistant(folder)


def told(answer: Answer) -> list[str]:
    return [f"{figure.value}{figure.unit}" for figure in answer.figures]


@pytest.mark.parametrize(
    ("question", "figures", "expression"),
    [
        ("2070104的合计好像不对，按明细应该是多少？", ["415.2万元", "415.3万元"], "300.2 + 115.1"),
        ("项目支出占比和算出来的不一致，两个数各是多少", ["51.74%", "41.74%"], "215.1 ÷ 515.3 × 100"),
        ("公务接待费2023年预算数有误，应该是多少", ["4.5万元", "4.4万元"], "3.2 - (-1.2)"),
        ("说明里的公务接待费和表里的对不上，两个数是多少", ["2.3万元", "3.2万元"], ""),
    ],
)  # fmt: skip
def test_both_figures_are_given_and_what_the_second_follows_from(
    library: Assistant, question: str, figures: list[str], expression: str
) -> None:
    answer = library.ask(question)
    assert (answer.status, answer.proved) == (Status.ANSWERED, True)
    assert told(answer)[:2] == figures
    assert answer.figures[1].expression == expression
    assert answer.notes


def test_figures_that_agree_are_given_as_they_are(library: Assistant) -> None:
    answer = library.ask("其他文化和旅游支出的数是不是有矛盾？")
    assert told(answer) == ["100万元"]


def test_asked_plainly_the_printed_figure_comes_alone_with_its_doubt(library: Assistant) -> None:
    answer = library.ask("2070104合计多少")
    assert told(answer) == ["415.2万元"]
    assert any("存疑" in note for note in answer.notes)


def test_a_row_named_total_is_not_added_to_what_was_asked_before(library: Assistant) -> None:
    conversation = library.conversation()
    conversation.ask("公务用车运行维护费多少")
    assert told(conversation.ask("三公经费合计多少"))[:1] == ["11.2万元"]
