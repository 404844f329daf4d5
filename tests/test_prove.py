"""Answers are held against the stored bytes: true ones pass, tampered ones give no figure."""

import logging
import random
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import prove as prove_module
from assistant import prove_goal, prove_prose, prove_table
from assistant.answer import Answer, Status
from assistant.calculate import cell, compute
from assistant.chain import Assistant, View
from assistant.compose import compose_figures, compose_quotes
from assistant.fault import FaultName
from assistant.finding import Finding, Quote, Rule
from assistant.normalize import normalize
from assistant.outcome import Outcome
from assistant.prove import find_fault, prove, prove_fact
from assistant.prove_text import prove_text
from assistant.query import Query
from assistant.raw_document import Originals, RawDocument, quoted
from assistant.scope import Scope
from assistant.spoken import Speech, Spoken
from assistant.understand import understand
from index.fact import Fact, Kind, RowKind
from index.read import read_budget
from index.store import Store

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"

QUESTIONS = """
公务接待费多少钱
三公经费一共多少
2023年部门收入总计是多少
电费预算多少元
会议费是多少亿元
四川省12345政务服务热线及网络理政平台项目预算多少
省级政务云平台服务扩容项目金额
公务接待费占三公经费的比例
一般公共预算当年拨款比上年增加多少
收支预算总数比2022年增加多少
去年收支预算总数是多少
公务接待费和去年比是增加还是减少了多少
金额最大的三个项目
超过一千万的项目有哪些
有多少个项目超过1000万
技术服务中心的事业单位经营收入是多少
公务用车有几辆
政府采购预算多少
2010350多少
30217是多少
表三基本支出合计
工资福利支出的构成
电子政务外网线路租用项目多少钱
电子政务内网线路租用多少钱
省级政务云监管平台项目的服务失效时间
教育支出占一般公共预算当年拨款的比重
平均每个项目多少钱
差旅费和会议费差多少
特定目标类项目有多少个
座席数量的权重
公務接待費是多少
How much is the official reception budget?
How much more did the general public budget appropriation get than last year?
因公出国费多少
政府性基金预算支出多少
""".strip().splitlines()

Tamper = Callable[[Fact], Fact]


@dataclass(frozen=True)
class House:
    """The sample budget, indexed in a folder of its own."""

    store: Store
    assistant: Assistant
    view: View
    originals: Originals
    raw: RawDocument
    facts: dict[str, Fact]

    def fact(self, **parts: object) -> Fact:
        """The first fact whose fields are these."""
        return next(
            fact
            for fact in self.facts.values()
            if all(getattr(fact, name) == value for name, value in parts.items())
        )

    def query(self, question: str) -> Query:
        return understand(normalize(question), self.view.catalogue, self.view.vocabulary)

    def fault(
        self, query: Query, outcome: Outcome, answer: Answer, quotes: tuple[Quote, ...] = ()
    ) -> FaultName | None:
        catalogue = self.view.catalogue
        found = find_fault(query, outcome, answer, catalogue, self.originals, quotes)
        return found.name if found else None

    def composed(self, question: str, *findings: Finding) -> tuple[Query, Outcome, Answer]:
        query, outcome = self.query(question), Outcome(findings=findings)
        return query, outcome, compose_figures(query, outcome, self.view.catalogue)


def laid(folder: Path) -> House:
    content = SAMPLE.read_bytes()
    store = Store(folder)
    store.add(read_budget(SAMPLE.name, content), content)
    assistant = Assistant(folder)
    originals = Originals(store)
    raw = originals.document(SAMPLE.name)
    assert raw is not None
    facts = {fact.id: fact for fact in store.facts()}
    return House(store, assistant, assistant.view, originals, raw, facts)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return laid(tmp_path_factory.mktemp("index"))


# -------------------------------------------------------------------------- what is true


def test_every_fact_of_the_sample_proves(house: House) -> None:
    faults = {fact.id: prove_fact(fact, house.raw) for fact in house.facts.values()}
    assert {name: fault for name, fault in faults.items() if fault} == {}
    assert sum(fact.kind is not Kind.BLANK for fact in house.facts.values()) > 1000


def answered(house: House, question: str) -> Iterator[tuple[Query, Outcome, Answer]]:
    """The answer to a question with what it was made from; none if it was no lookup."""
    conversation = house.assistant.conversation()
    answer = conversation.ask(question)
    if len(conversation.turns) == 1:
        turn = conversation.turns[0]
        yield turn.query, turn.outcome, answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_true_answer_is_proved(house: House, question: str) -> None:
    for query, outcome, answer in answered(house, question):
        if answer.status is not Status.ANSWERED:
            pytest.skip("not answered with figures")
        catalogue = house.view.catalogue
        proved = prove(query, outcome, answer, catalogue, house.originals)
        assert proved == replace(answer, proved=True)


def test_most_of_the_questions_are_answered_with_figures(house: House) -> None:
    answers = [a for q in QUESTIONS for _, _, a in answered(house, q)]
    assert sum(bool(answer.figures) for answer in answers) >= 25


def test_a_warm_proof_takes_no_more_than_15_ms(house: House) -> None:
    cases = [case for question in QUESTIONS for case in answered(house, question)]
    seconds = []
    for _ in range(2):
        seconds = []
        for query, outcome, answer in cases:
            started = time.perf_counter()
            house.fault(query, outcome, answer)
            seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) < 0.015


# --------------------------------------------------------------------- tampered facts


def from_row(house: House, fact: Fact, label: str) -> Fact:
    """The fact of the same table and column in another row."""
    return house.fact(table=fact.table, column=fact.column, label=label)


WATER, POWER = "水费", "电费"


@dataclass(frozen=True)
class Case:
    """A fact of the sample, what is done to it, what is found, and the check that finds it."""

    name: str
    fact: Callable[[House], Fact]
    tamper: Callable[[House, Fact], Fact]
    fault: FaultName
    checks: tuple[tuple[object, str], ...]
    """(module, function): without these the tampered fact passes."""


def power(house: House) -> Fact:
    return house.fact(table="表七", label=POWER, column=("基本支出", "公用经费"))


def staff(house: House) -> Fact:
    """A row with figures in three columns."""
    return house.fact(table="表三", label="事业运行", column=("基本支出",))


def seats(house: House) -> Fact:
    return house.fact(label="座席数量", kind=Kind.TARGET)


def appropriation(house: House) -> Fact:
    """A printed decrease."""
    return house.fact(id="prose/0824/2")


def beside(house: House, fact: Fact, column: str) -> Fact:
    """The fact of the same row under another head."""
    return next(
        other
        for other in house.facts.values()
        if (other.table, other.row) == (fact.table, fact.row) and other.column[-1] == column
    )


def value_of(fact: Fact, other: Fact) -> Fact:
    return replace(fact, value=other.value, printed=other.printed, place=other.place)


def head_of(fact: Fact, other: Fact) -> Fact:
    return replace(fact, column=other.column, header_places=other.header_places)


def row_of(fact: Fact, other: Fact) -> Fact:
    return replace(
        fact,
        label=other.label,
        label_places=other.label_places,
        row_path=other.row_path,
        code=other.code,
        note=other.note,
    )


def label_of(fact: Fact, label: str) -> Fact:
    return replace(fact, label=label, row_path=(*fact.row_path[:-1], label))


CASES = (
    Case(
        "a value changed",
        power,
        lambda house, fact: replace(fact, value=Decimal("24.73")),
        FaultName.VALUE,
        ((prove_table, "value_read"),),
    ),
    Case(
        "a value changed, and what is printed",
        power,
        lambda house, fact: replace(fact, value=Decimal("24.73"), printed="24.73"),
        FaultName.PRINTED,
        ((prove_table, "printed_stands"), (prove_table, "value_read")),
    ),
    Case(
        "the value moved one column, the head kept",
        staff,
        lambda house, fact: value_of(fact, beside(house, fact, "项目支出")),
        FaultName.HEADER,
        ((prove_table, "header_stands"),),
    ),
    Case(
        "the head moved one column, the value kept",
        staff,
        lambda house, fact: head_of(fact, beside(house, fact, "项目支出")),
        FaultName.HEADER,
        ((prove_table, "header_stands"),),
    ),
    Case(
        "an outer head left out",
        power,
        lambda house, fact: replace(
            fact, column=fact.column[:1], header_places=fact.header_places[:1]
        ),
        FaultName.HEADER,
        ((prove_table, "header_stands"),),
    ),
    Case(
        "two rows swapped: the label of one, the value of the other",
        power,
        lambda house, fact: row_of(fact, from_row(house, fact, WATER)),
        FaultName.LABEL,
        ((prove_table, "label_stands"), (prove_table, "code_stands")),
    ),
    Case(
        "two rows swapped: the value of one, the label of the other",
        power,
        lambda house, fact: value_of(fact, from_row(house, fact, WATER)),
        FaultName.LABEL,
        ((prove_table, "label_stands"), (prove_table, "code_stands")),
    ),
    Case(
        "the label of the neighbour row",
        power,
        lambda house, fact: label_of(fact, WATER),
        FaultName.LABEL,
        ((prove_table, "label_stands"),),
    ),
    Case(
        "the label of the other side of the table",
        lambda house: house.fact(table="表一", label="教育支出"),
        lambda house, fact: row_of(fact, house.fact(table="表一", label="事业单位经营收入")),
        FaultName.LABEL,
        ((prove_table, "label_stands"),),
    ),
    Case(
        "a label said to be cut that is another one",
        lambda house: house.fact(table="表三", code="2010399", column=("合计",)),
        lambda house, fact: label_of(fact, "其他政府办公厅（室）及相关机构事务支出和收入"),
        FaultName.LABEL,
        ((prove_table, "label_stands"),),
    ),
    Case(
        "another group",
        power,
        lambda house, fact: replace(
            fact, row_path=(fact.row_path[0], "工资福利支出", fact.row_path[-1])
        ),
        FaultName.PATH,
        ((prove_table, "parents_stand"),),
    ),
    Case(
        "a group left out",
        power,
        lambda house, fact: replace(fact, row_path=(fact.row_path[0], fact.row_path[-1])),
        FaultName.PATH,
        ((prove_table, "parents_stand"),),
    ),
    Case(
        "another budget unit",
        lambda house: house.fact(table="表三", label="住房公积金", value=Decimal("26.28")),
        lambda house, fact: replace(
            fact, unit_name="四川省大数据中心", row_path=("四川省大数据中心", "住房公积金")
        ),
        FaultName.OWNER,
        ((prove_table, "owner_stands"),),
    ),
    Case(
        "the unit turned from 万元 to 元",
        power,
        lambda house, fact: replace(fact, unit="元"),
        FaultName.UNIT,
        ((prove_table, "unit_stands"),),
    ),
    Case(
        "another code",
        power,
        lambda house, fact: replace(fact, code="30205"),
        FaultName.CODE,
        ((prove_table, "code_stands"),),
    ),
    Case(
        "another table",
        power,
        lambda house, fact: replace(fact, table="表八"),
        FaultName.TABLE,
        ((prove_table, "table_stands"),),
    ),
    Case(
        "another year",
        power,
        lambda house, fact: replace(fact, year=2022),
        FaultName.YEAR,
        ((prove_table, "year_stands"),),
    ),
    Case(
        "a figure told as blank",
        power,
        lambda house, fact: replace(fact, kind=Kind.BLANK, value=None, printed=""),
        FaultName.BLANK,
        ((prove_table, "printed_stands"),),
    ),
    Case(
        "a blank told as zero",
        lambda house: house.fact(table="表一", kind=Kind.BLANK),
        lambda house, fact: replace(fact, kind=Kind.MONEY, value=Decimal(0), printed="0.00"),
        FaultName.PRINTED,
        ((prove_table, "printed_stands"), (prove_table, "value_read")),
    ),
    Case(
        "an operator turned",
        seats,
        lambda house, fact: replace(fact, operator="≤"),
        FaultName.OPERATOR,
        ((prove_goal, "target_stands"),),
    ),
    Case(
        "an operator lost",
        seats,
        lambda house, fact: replace(fact, operator=""),
        FaultName.OPERATOR,
        ((prove_goal, "target_stands"),),
    ),
    Case(
        "another measure",
        seats,
        lambda house, fact: replace(fact, unit="万个"),
        FaultName.UNIT,
        ((prove_goal, "target_stands"),),
    ),
    Case(
        "the weight told as the target",
        seats,
        lambda house, fact: value_of(fact, beside(house, fact, "权重")),
        FaultName.OPERATOR,
        ((prove_goal, "target_stands"),),
    ),
    Case(
        "the target told as the weight",
        lambda house: house.fact(label="座席数量", kind=Kind.WEIGHT),
        lambda house, fact: value_of(fact, beside(house, fact, "指标值")),
        FaultName.LABEL,
        ((prove_goal, "weight_stands"),),
    ),
    Case(
        "the target of the indicator above",
        seats,
        lambda house, fact: value_of(
            fact, house.fact(row=fact.row - 1, table=fact.table, kind=Kind.TARGET)
        ),
        FaultName.LABEL,
        ((prove_goal, "target_stands"), (prove_goal, "goal_path_stands")),
    ),
    Case(
        "another project",
        seats,
        lambda house, fact: replace(
            fact,
            row_path=(fact.row_path[0], "全省政务服务网第三方评估服务项目", *fact.row_path[2:]),
        ),
        FaultName.PATH,
        ((prove_goal, "goal_path_stands"),),
    ),
    Case(
        "another level",
        seats,
        lambda house, fact: replace(
            fact, row_path=(*fact.row_path[:2], "效益指标", *fact.row_path[3:])
        ),
        FaultName.PATH,
        ((prove_goal, "goal_path_stands"),),
    ),
    Case(
        "the amount of the next project",
        lambda house: house.fact(table="表十三", label="数据中台项目", kind=Kind.MONEY),
        lambda house, fact: value_of(
            fact, house.fact(table="表十三", label="四川天府健康同文旅管理平台建设")
        ),
        FaultName.LABEL,
        ((prove_goal, "amount_stands"),),
    ),
    Case(
        "the sign of a change turned",
        appropriation,
        lambda house, fact: replace(fact, value=-(fact.value or 0)),
        FaultName.SIGN,
        ((prove_prose, "direction_stands"),),
    ),
    Case(
        "a change told as the amount",
        appropriation,
        lambda house, fact: replace(fact, column=("预算数",), value=-(fact.value or 0)),
        FaultName.COLUMN,
        ((prove_prose, "column_stands"),),
    ),
    Case(
        "the subject of another figure of the sentence",
        lambda house: house.fact(id="prose/0810/2"),
        lambda house, fact: label_of(fact, "支出预算"),
        FaultName.LABEL,
        ((prove_prose, "subject_stands"),),
    ),
    Case(
        "the share of another part",
        lambda house: house.fact(id="prose/0806/3"),
        lambda house, fact: label_of(fact, "一般公共预算拨款收入"),
        FaultName.LABEL,
        ((prove_prose, "subject_stands"),),
    ),
    Case(
        "the unit of a figure in a sentence",
        lambda house: house.fact(id="prose/0888/1"),
        lambda house, fact: replace(fact, unit="元"),
        FaultName.UNIT,
        ((prove_prose, "mark_differs"),),
    ),
    Case(
        "a limit lost",
        lambda house: house.fact(id="prose/0832/2"),
        lambda house, fact: replace(fact, operator=""),
        FaultName.OPERATOR,
        ((prove_prose, "mark_differs"),),
    ),
    Case(
        "a sentence that is not there",
        lambda house: house.fact(id="prose/0888/1"),
        lambda house, fact: replace(fact, sentence=fact.sentence.replace("172.55", "272.55")),
        FaultName.SENTENCE,
        ((prove_prose, "sentence_stands"),),
    ),
    Case(
        "the year it is compared with",
        lambda house: house.fact(id="prose/0802/1"),
        lambda house, fact: replace(fact, year=2022),
        FaultName.YEAR,
        ((prove_prose, "year_stands"),),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_tampered_fact_is_found(house: House, case: Case) -> None:
    fact = case.fact(house)
    assert prove_fact(fact, house.raw) is None
    assert prove_fact(case.tamper(house, fact), house.raw) is case.fault


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_its_check_a_tampered_fact_passes(
    house: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    tampered = case.tamper(house, case.fact(house))
    for module, name in case.checks:
        monkeypatch.setattr(module, name, lambda *_: None)
    assert prove_module._prove_fact(tampered, house.raw) is None
