"""Answers about the sample, what is done to each, what is found, and the checks that find it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.answer import Answer
from assistant.calculate import cell, compute
from assistant.fault import FaultName
from assistant.finding import Rule
from assistant.outcome import Outcome
from assistant.query import Query
from index.fact import Fact, Kind, RowKind
from tests.proof_house import House

Made = tuple[Query, Outcome, Answer]


def reception(house: House) -> Fact:
    return house.fact(table="表七", label="公务接待费", column=("基本支出", "合计"))


def project(house: House, label: str) -> Fact:
    return house.fact(table="表八", label=label)


def one(question: str, **parts: object) -> Callable[[House], Made]:
    """An answer that gives one cell as it is printed."""
    return lambda house: house.composed(question, cell(house.fact(**parts)))


def share(house: House) -> Made:
    """12 ÷ 35 × 100, and what it rests on."""
    part, whole = house.fact(id="prose/0860/2"), house.fact(id="prose/0860/1")
    found = compute(Rule.SHARE, (part, whole), f"{part.label}占{whole.label}的比重")
    beside = tuple(replace(cell(fact), supporting=True) for fact in (part, whole))
    return house.composed("公务接待费占三公经费的比例", found, *beside)


def largest(house: House) -> Made:
    names = ("省级政务云平台服务扩容项目", "四川天府健康通运维项目")
    findings = [cell(project(house, name)) for name in names]
    query, outcome, answer = house.composed("超过一千万的项目有哪些", *findings)
    return query, replace(outcome, listing=True), answer


TOTAL = one("表三基本支出合计", table="表三", row_kind=RowKind.TOTAL, column=("基本支出",))
RECEPTION = one("公务接待费多少钱", table="表七", label="公务接待费", column=("基本支出", "合计"))
SEATS = one("座席数量至少多少", label="座席数量", kind=Kind.TARGET)
DECREASE = one("一般公共预算当年拨款比上年增加多少", id="prose/0824/2")
HOTLINE = one("12345热线项目多少钱", table="表八", label="四川省12345政务服务热线及网络理政平台")


def said(before: str, after: str) -> Callable[[House, Made], Made]:
    """The wording with a stretch replaced."""

    def tamper(house: House, made: Made) -> Made:
        query, outcome, answer = made
        assert before in answer.text
        return query, outcome, replace(answer, text=answer.text.replace(before, after))

    return tamper


def shown(**parts: object) -> Callable[[House, Made], Made]:
    """The first figure with other parts."""

    def tamper(house: House, made: Made) -> Made:
        query, outcome, answer = made
        figure = replace(answer.figures[0], **parts)
        return query, outcome, replace(answer, figures=(figure, *answer.figures[1:]))

    return tamper


def cited(**parts: object) -> Callable[[House, Made], Made]:
    """The first citation with other parts."""

    def tamper(house: House, made: Made) -> Made:
        query, outcome, answer = made
        citation = replace(answer.citations[0], **parts)
        return query, outcome, replace(answer, citations=(citation, *answer.citations[1:]))

    return tamper


def found(**parts: object) -> Callable[[House, Made], Made]:
    """The first finding with other parts, composed anew."""

    def tamper(house: House, made: Made) -> Made:
        query, outcome, _ = made
        first = replace(outcome.findings[0], **parts)
        again = house.composed(query.question.typed, first, *outcome.findings[1:])
        return query, again[1], again[2]

    return tamper


def asked(question: str) -> Callable[[House, Made], Made]:
    """The same answer to another question."""
    return lambda house, made: (house.query(question), *made[1:])


def with_parts(**parts: object) -> Callable[[House, Made], Made]:
    return lambda house, made: (made[0], made[1], replace(made[2], **parts))


def another_operand(house: House, made: Made) -> Made:
    """The base of the share swapped for the cars' costs, its result kept."""
    query, outcome, _ = made
    first = outcome.findings[0]
    operands = (first.operands[0], house.fact(id="prose/0860/3"))
    again = house.composed(query.question.typed, replace(first, operands=operands))
    return query, again[1], again[2]


def tampered_fact(house: House, made: Made) -> Made:
    """A value changed in the index, everything else made from it."""
    query, outcome, _ = made
    fact = replace(outcome.findings[0].operands[0], value=Decimal(120), printed="120.00")
    again = house.composed(query.question.typed, cell(fact))
    return query, again[1], again[2]


def smaller_member(house: House, made: Made) -> Made:
    query, outcome, _ = made
    small = cell(project(house, "省级政务云第三方测评项目"))
    again = house.composed(query.question.typed, *outcome.findings, small)
    return query, replace(again[1], listing=True), again[2]


def twice(house: House, made: Made) -> Made:
    fact = reception(house)
    again = house.composed("公务接待费合计", compute(Rule.SUM, (fact, fact), "合计"))
    return again


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[House], Made]
    tamper: Callable[[House, Made], Made]
    fault: FaultName
    checks: tuple[str, ...]
    """Functions of `assistant.prove` without which the tampered answer goes through."""


NUMBER = ("prove_text", "prove_wording")
WORDING = (FaultName.WORDING, ("prove_wording",))
SCOPE = (FaultName.SCOPE, ("asked_for",))

CASES = (
    Case("a fact changed", RECEPTION, tampered_fact, FaultName.PRINTED, ("prove_fact", "quote_at")),
    Case("a figure changed", RECEPTION, shown(value="120"), FaultName.FIGURES, ("figures_stand",)),
    Case(
        "a figure's operator turned",
        SEATS,
        shown(operator="≤"),
        FaultName.FIGURES,
        ("figures_stand",),
    ),
    Case("a figure's unit", RECEPTION, shown(unit="元"), FaultName.FIGURES, ("figures_stand",)),
    Case(
        "a figure's label", RECEPTION, shown(label="会议费"), FaultName.FIGURES, ("figures_stand",)
    ),
    Case(
        "a figure left out",
        RECEPTION,
        with_parts(figures=()),
        FaultName.FIGURES,
        ("figures_stand",),
    ),
    Case(
        "the row of a citation",
        RECEPTION,
        cited(row="会议费"),
        FaultName.CITATION,
        ("figures_stand",),
    ),
    Case(
        "an expression with a wrong operand",
        share,
        another_operand,
        FaultName.EXPRESSION,
        ("computed",),
    ),
    Case(
        "an expression with another number",
        share,
        found(expression="12 ÷ 53 × 100"),
        FaultName.EXPRESSION,
        ("computed",),
    ),
    Case(
        "an expression with a wrong result",
        share,
        found(value=Decimal("43.29"), printed="43.29"),
        FaultName.EXPRESSION,
        ("computed",),
    ),
    Case("a sum of a figure with itself", RECEPTION, twice, FaultName.EXPRESSION, ("computed",)),
    Case(
        "a quote that is not in the line",
        RECEPTION,
        cited(quote="12.50"),
        FaultName.CITATION,
        ("figures_stand", "quote_at"),
    ),
    Case("a digit more", RECEPTION, said("12.00", "112.00"), FaultName.NUMBER, NUMBER),
    Case("a digit more behind", RECEPTION, said("12.00", "12.001"), FaultName.NUMBER, NUMBER),
    Case("full-width digits", RECEPTION, said("12.00", "１３.00"), FaultName.NUMBER, NUMBER),
    Case("other digits", RECEPTION, said("12.00", "١٣"), FaultName.NUMBER, NUMBER),
    Case(
        "an amount in numerals",
        RECEPTION,
        said("**12.00万元**", "**12.00万元**，约合一千万元"),
        FaultName.NUMBER,
        NUMBER,
    ),
    Case(
        "a count in numerals",
        RECEPTION,
        said("公务接待费：", "五个单位的公务接待费："),
        FaultName.NUMBER,
        NUMBER,
    ),
    Case(
        "a digit in a name",
        HOTLINE,
        said("12345政务", "123456政务"),
        FaultName.NUMBER,
        ("prove_text", "prove_wording"),
    ),
    Case("another table's number", RECEPTION, said("2023年", "2024年"), FaultName.NUMBER, NUMBER),
    Case(
        "a note with a number",
        RECEPTION,
        with_parts(notes=("比上年多 3 万元",)),
        FaultName.NUMBER,
        NUMBER,
    ),
    Case(
        "a suggestion with a number",
        RECEPTION,
        with_parts(suggestions=("2022年公务接待费",)),
        FaultName.NUMBER,
        NUMBER,
    ),
    Case("another unit said", RECEPTION, said("12.00万元", "12.00亿元"), *WORDING),
    Case("the unit lost", RECEPTION, said("12.00万元", "12.00"), *WORDING),
    Case("the operator turned in words", SEATS, said("≥", "≤"), *WORDING),
    Case("the operator turned by a word", SEATS, said("≥ ", "不超过"), *WORDING),
    Case("the operator lost in words", SEATS, said("≥ ", ""), *WORDING),
    Case("the direction turned", DECREASE, said("减少", "增加"), *WORDING),
    Case("the direction lost", DECREASE, said("减少", ""), *WORDING),
    Case(
        "two names swapped",
        largest,
        said("四川天府健康通运维项目", "省级政务云平台服务扩容项目"),
        *WORDING,
    ),
    Case("the figure left out of the text", RECEPTION, said("12.00万元", "已安排"), *WORDING),
    Case(
        "another budget unit asked for",
        RECEPTION,
        asked("四川省大数据技术服务中心的公务接待费多少"),
        *SCOPE,
    ),
    Case("another table asked for", RECEPTION, asked("表八的公务接待费多少"), *SCOPE),
    Case("another code asked for", RECEPTION, asked("30215是多少"), *SCOPE),
    Case(
        "外网 asked for, 内网 given",
        one(
            "电子政务内网线路租用多少钱",
            table="表八",
            label="四川省电子政务内网政府管理区线路租用及运维支撑项目",
        ),
        asked("电子政务外网线路租用多少钱"),
        FaultName.WORDS,
        ("asked_for",),
    ),
    Case(
        "二期 asked for, 一期 given",
        one("平台一期运维多少钱", table="表八", label="省政务信息资源共享平台（一期）运维项目"),
        asked("政务信息资源共享平台二期运维多少钱"),
        FaultName.WORDS,
        ("asked_for",),
    ),
    Case(
        "another hotline asked for",
        HOTLINE,
        asked("12315热线及网络理政平台多少钱"),
        FaultName.WORDS,
        ("asked_for",),
    ),
    Case("a member below the limit", largest, smaller_member, FaultName.LIMIT, ("asked_for",)),
)
