"""The national classification is read strictly; codes know their kind, parents and old names."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import classification
from index.classification import (
    ClassificationError,
    code_of,
    formers,
    is_within,
    items,
    kind_of,
    name_of,
    named_within,
    names_above,
    parents_of,
)
from index.document import Place
from index.fact import Fact, Kind, RowKind
from index.roll_up import roll_up

KINDS = [
    ("101", "revenue"),
    ("10301", "revenue"),
    ("201", "function"),
    ("2050803", "function"),
    ("301", "department_economic"),
    ("30216", "department_economic"),
    ("501", "government_economic"),
    ("50203", "government_economic"),
    ("302-16", "department_economic"),
    ("401", ""),
    ("622001", ""),
    ("2023", ""),
    ("", ""),
]
NAMES = [
    ("101", "税收收入"),
    ("10304", "行政事业性收费收入"),
    ("110", "转移性收入"),
    ("205", "教育支出"),
    ("20508", "进修及培训"),
    ("2050803", "培训支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("2082201", "移民补助"),
    ("2101101", "行政单位医疗"),
    ("2210201", "住房公积金"),
    ("301", "工资福利支出"),
    ("501", "机关工资福利支出"),
    ("50203", "培训费"),
]
OLD = [
    ("医疗卫生与计划生育支出", "210"),
    ("行政事业单位离退休", "20805"),
    ("国土海洋气象等支出", "220"),
    ("食品和药品监督管理事务", "20138"),
]


@pytest.mark.parametrize(("code", "kind"), KINDS)
def test_the_form_of_a_code_tells_what_it_classifies(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(("code", "name"), NAMES)
def test_a_code_has_its_official_name(code: str, name: str) -> None:
    assert name_of(code) == name


@pytest.mark.parametrize(("name", "code"), OLD)
def test_a_name_of_earlier_years_gives_the_code_of_today(name: str, code: str) -> None:
    assert code in code_of(name)


def test_one_name_in_two_classifications_is_two_codes() -> None:
    assert code_of("培训费", "department_economic") == ("30216",)
    assert code_of("培训费", "government_economic") == ("50203",)


def test_every_code_is_of_the_kind_its_figures_tell_and_has_its_parents() -> None:
    assert all(item.kind == kind_of(code) for code, item in items().items())
    assert not [c for c in items() if len(parents_of(c)) != {3: 0, 5: 1, 7: 2}[len(c)]]


def test_every_row_has_its_year_and_source() -> None:
    assert all(item.year and item.source for item in items().values())
    assert all(former.source and former.until > 2000 for former in formers())


def test_an_old_name_is_not_the_name_of_today() -> None:
    assert not [f for f in formers() if f.code == f.now and f.name == name_of(f.now)]


def test_the_classes_above_are_named_though_only_the_lowest_is_printed() -> None:
    assert names_above("2050803") == (("205", "教育支出"), ("20508", "进修及培训"))
    assert names_above("205") == ()


def test_a_part_is_found_by_its_words_within_its_class() -> None:
    assert named_within("205", "进修及培训")[0].code == "20508"
    assert "2050803" in [item.code for item in named_within("205", "培训")]
    assert not named_within("205", "绿化") and not named_within("205", "")


def test_a_class_is_within_itself_and_no_other_kind() -> None:
    assert is_within("205", "205") and is_within("20508", "205")
    assert not is_within("30216", "20508") and not is_within("205", "20508")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("205\t教育支出\tfunction\t2024\tx", "5 cells"),
        ("205\t教育支出\tdepartment_economic\t2024\tx\tyes", "of kind"),
        ("2050\t教育支出\tfunction\t2024\tx\tyes", "of kind"),
        ("205\t教育支出\tfunction\t2024\tx\tmaybe", "certain"),
    ],
)
def test_a_misshapen_row_is_an_error_with_its_line(
    row: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "classification.tsv"
    table.write_text("\t".join(classification.COLUMNS) + "\n" + row + "\n", "utf-8")
    monkeypatch.setattr(classification, "TABLE", table)
    with pytest.raises(ClassificationError, match=f"classification.tsv:2: .*{fault}"):
        items.__wrapped__()


# Classes that a document does not print, from the parts it prints


def fact(code: str, value: str, **other: object) -> Fact:
    given: dict[str, object] = {
        "id": f"表一/{code}",
        "document": "d.txt",
        "year": 2024,
        "section": "",
        "table": "表一",
        "title": "支出表",
        "code": code,
        "label": name_of(code),
        "row_path": (name_of(code),),
        "column": ("合计",),
        "value": Decimal(value),
        "printed": value,
        "unit": "万元",
        "kind": Kind.MONEY,
        "row_kind": RowKind.ITEM,
        "place": Place(line=1),
    }
    return Fact(**{**given, **other})  # type: ignore[arg-type]


def codes(facts: tuple[Fact, ...]) -> list[str]:
    return [fact.code for fact in facts]


def test_a_class_is_the_sum_of_its_printed_parts() -> None:
    facts = [fact("2050803", "50"), fact("2050205", "7"), fact("2080505", "9"), fact("30216", "3")]
    (whole,) = roll_up("205", facts)
    assert (whole.name, codes(whole.members)) == ("教育支出", ["2050803", "2050205"])
    assert whole.value == 57
    assert codes(roll_up("20508", facts)[0].members) == ["2050803"]


def test_a_part_and_its_own_parts_are_not_both_counted() -> None:
    facts = [fact("20508", "50"), fact("2050803", "50"), fact("2050205", "7")]
    assert codes(roll_up("205", facts)[0].members) == ["20508", "2050205"]


def test_a_printed_class_needs_no_sum() -> None:
    assert roll_up("205", [fact("205", "50"), fact("2050803", "50")]) == ()
    assert roll_up("206", [fact("205", "50")]) == ()


def test_columns_units_and_tables_are_summed_apart() -> None:
    facts = [
        fact("2050803", "50", unit_code="001"),
        fact("2050803", "6", unit_code="002"),
        fact("2050803", "40", unit_code="001", column=("基本支出",)),
        fact("2050803", "56", table="表二"),
    ]
    assert [whole.value for whole in roll_up("205", facts)] == [50, 6, 40, 56]


def test_projects_and_repeated_rows_are_no_parts() -> None:
    assert roll_up("205", [fact("2050803", "5", row_kind=RowKind.PROJECT)]) == ()
    assert roll_up("205", [fact("2050803", "5"), fact("2050803", "6")]) == ()


below = sorted(code for code in items() if len(code) == 7 and code.startswith("2"))


@given(st.dictionaries(st.sampled_from(below), st.integers(0, 10**6), min_size=1, max_size=12))
def test_the_sum_of_a_class_is_that_of_its_lowest_parts(amounts: dict[str, int]) -> None:
    facts = [fact(code, str(value)) for code, value in amounts.items()]
    for top in {code[:3] for code in amounts}:
        (whole,) = roll_up(top, facts)
        assert whole.value == sum(v for code, v in amounts.items() if code.startswith(top))
