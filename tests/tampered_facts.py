"""Facts of the sample, what is done to each, what is found, and the checks that find it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant import prove_goal, prove_prose, prove_table
from assistant.fault import FaultName
from index.fact import Fact, Kind
from tests.proof_house import House


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
