"""The text against itself: parts and wholes, shares, rates, figures said twice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from index.check import check
from index.check_words import TAIL
from index.document import Place
from index.fact import Fact, Outcome
from index.reading import CHANGE, CHANGE_RATE, COMPLETION, EXECUTED, FINAL, SHARE
from tests.check_budgets import ITEM, TOTAL, R, about_text, budget, one, said, table, text


def test_parts_add_up_to_their_whole() -> None:
    parts = [said("支出预算", "100"), said("支出预算/甲", "60"), said("支出预算/乙", "40")]
    assert one(about_text(*parts), "prose sum").expression == "60 + 40 = 100"
    more = one(about_text(*parts[:2], said("支出预算/乙", "41")), "prose sum")
    assert (more.outcome, more.difference) == (Outcome.DIFFERS, Decimal(-1))
    beside = one(about_text(*parts, said("支出预算/丙", "1")), "prose sum")
    assert beside.outcome is Outcome.UNCHECKED and "另有所属" in beside.what
    fewer = one(about_text(*parts[:2], said("支出预算/乙", "39")), "prose sum")
    assert fewer.outcome is Outcome.UNCHECKED
    assert not [c for c in about_text(*parts[:2]) if c.name == "prose sum"]


def test_parts_that_end_with_the_rest_are_all_parts() -> None:
    found = about_text(
        said("支出预算", "100"),
        said("支出预算/甲", "60"),
        said("支出预算/乙", "30"),
        said("支出预算/其他支出", "9"),
    )
    assert one(found, "prose sum").outcome is Outcome.DIFFERS


def test_parts_belong_to_the_whole_of_their_year() -> None:
    found = about_text(
        said("三公经费", "100"),
        said("三公经费", "120", year=2023),
        said("三公经费/甲", "60"),
        said("三公经费/乙", "40"),
    )
    assert one(found, "prose sum").expression == "60 + 40 = 100"


def test_parts_whose_shares_make_a_hundred_must_make_the_whole() -> None:
    found = about_text(
        said("支出预算", "100"),
        said("支出预算/甲", "60"),
        said("支出预算/甲", "60", column=SHARE, about="支出预算"),
        said("支出预算/乙", "39"),
        said("支出预算/乙", "40", column=SHARE, about="支出预算"),
    )
    assert one(found, "prose sum").outcome is Outcome.DIFFERS


def test_income_and_expenditure_each_make_the_same_whole() -> None:
    found = about_text(
        said("财政拨款收支总数", "10"),
        said("财政拨款收支总数/收入/甲", "7"),
        said("财政拨款收支总数/收入/乙", "3"),
        said("财政拨款收支总数/支出/丙", "6"),
        said("财政拨款收支总数/支出/丁", "4"),
    )
    assert [c.expression for c in found if c.name == "prose sum"] == ["7 + 3 = 10", "6 + 4 = 10"]


@pytest.mark.parametrize(
    "part, base, share, outcome",
    [
        ("1", "3", "33.33", Outcome.HOLDS),
        ("2", "3", "66.67", Outcome.HOLDS),
        ("2", "3", "66.66", Outcome.DIFFERS),
        ("1", "8", "12.5", Outcome.HOLDS),
        ("5", "400", "1.3", Outcome.HOLDS),
        ("5", "400", "1.2", Outcome.DIFFERS),
        ("562", "10000", "6.52", Outcome.DIFFERS),
    ],
)
def test_shares_round_half_up_to_their_printed_places(
    part: str, base: str, share: str, outcome: Outcome
) -> None:
    found = about_text(
        said("支出预算", base),
        said("支出预算/甲", part),
        said("支出预算/甲", share, column=SHARE, about="支出预算"),
    )
    assert one(found, "share").outcome is outcome


def test_a_share_of_what_the_text_does_not_give_is_not_recomputed() -> None:
    found = about_text(said("甲费", "3"), said("甲费", "5.00", column=SHARE, about="全省同类支出"))
    assert one(found, "share").outcome is Outcome.UNCHECKED


def test_a_rate_of_change_is_the_change_over_last_years_amount() -> None:
    amounts = [said("甲费", "110"), said("甲费", "10", column=CHANGE, about="2023年")]
    right = said("甲费", "10.00", column=CHANGE_RATE, about="2023年")
    assert one(about_text(*amounts, right), "change").outcome is Outcome.HOLDS
    wrong = said("甲费", "9.09", column=CHANGE_RATE, about="2023年")
    assert one(about_text(*amounts, wrong), "change").outcome is Outcome.DIFFERS


def test_a_change_said_twice_is_the_same() -> None:
    first, second = (said("收支预算总数", v, column=CHANGE) for v in ("12.00", "12.00"))
    assert one(about_text(first, second), "change").outcome is Outcome.HOLDS
    other = said("收支预算总数", "21.00", column=CHANGE)
    assert one(about_text(first, other), "change").outcome is Outcome.DIFFERS


def test_a_change_is_held_against_the_columns_of_years() -> None:
    rows = [
        R("合计", ["30.00", "20.00"], TOTAL),
        R("学前教育", ["30.00", "20.00"], ITEM, 1, code="2050201"),
    ]
    columns = [("2024年预算数",), ("2023年预算数",)]
    made = table(rows, columns, number="表三", title="部门支出总表", years=[2024, 2023])
    found = about_text(said("支出预算", "10", column=CHANGE), tables=[made])
    assert one(found, "change").expression == "10 = 30.00 − 20.00"
    wrong = about_text(said("支出预算", "11", column=CHANGE), tables=[made])
    assert one(wrong, "change").outcome is Outcome.DIFFERS


# Rates of the text


def executed(path: str, value: str) -> Fact:
    return said(path, value, column=EXECUTED, year=2023)


@pytest.mark.parametrize(
    "last, this, rate, outcome",
    [
        ("60.13", "25.77", "-57.14", Outcome.HOLDS),
        ("60.13", "25.77", "-57.41", Outcome.DIFFERS),
        ("348.52", "352.67", "0.53", Outcome.DIFFERS),
        ("0.00", "25.00", "100.00", Outcome.UNCHECKED),
    ],
)
def test_growth_is_recomputed_from_the_amounts_of_both_years(
    last: str, this: str, rate: str, outcome: Outcome
) -> None:
    found = about_text(
        said("甲支出/乙费", this),
        executed("甲支出/乙费", last),
        said("甲支出/乙费", this),
        said("甲支出/乙费", rate, column=CHANGE_RATE, about="2023年预算执行数"),
    )
    assert one(found, "change").outcome is outcome


def test_growth_against_another_kind_of_amount_is_not_recomputed() -> None:
    found = about_text(
        said("甲支出/乙费", "25.77"),
        executed("甲支出/乙费", "60.13"),
        said("甲支出/乙费", "10.00", column=CHANGE_RATE, about="2023年预算数"),
    )
    assert not [c for c in found if c.name == "change"]


def test_a_change_between_two_amounts_of_the_text_is_their_difference() -> None:
    amounts = [executed("甲费", "60.00"), said("甲费", "25.00")]
    right = said("甲费", "-35.00", column=CHANGE, about="2023年预算执行数")
    assert one(about_text(*amounts, right), "change").outcome is Outcome.HOLDS
    wrong = said("甲费", "-53.00", column=CHANGE, about="2023年预算执行数")
    assert one(about_text(*amounts, wrong), "change").outcome is Outcome.DIFFERS


@pytest.mark.parametrize("rate, outcome", [("98.61", "holds"), ("98.16", "differs")])
def test_what_was_spent_is_a_share_of_what_was_planned(rate: str, outcome: str) -> None:
    figures = (
        said("甲支出/乙费", "452.40"),
        said("甲支出/乙费", "446.11", column=FINAL),
        said("甲支出/乙费", rate, column=COMPLETION, about="年初预算"),
    )
    found = [c for c in check(budget(prose=text(*figures), account="final")) if c.name == "share"]
    assert [c.outcome.value for c in found] == [outcome]


def test_a_percentage_that_was_cut_instead_of_rounded_differs_by_its_last_place() -> None:
    found = one(
        about_text(
            said("支出", "9759.38"),
            said("支出/甲", "9746.50"),
            said("支出/甲", "99.86", column=SHARE, about="支出"),
        ),
        "share",
    )
    assert found.outcome is Outcome.DIFFERS and TAIL in found.what


def test_a_percentage_of_rounded_amounts_may_be_that_of_the_exact_ones() -> None:
    found = about_text(
        said("甲费", "0.39"),
        executed("甲费", "0.31"),
        said("甲费", "25.00", column=CHANGE_RATE, about="2023年预算执行数"),
    )
    assert one(found, "change").outcome is Outcome.HOLDS


def test_a_class_named_twice_in_a_paragraph_has_one_amount() -> None:
    path = "教育支出/普通教育/学前教育"
    same = text(said(path, "50.00"), said(path, "50.00"))
    other = text(said(path, "50.00"), said(path, "52.00"))
    for facts, outcome in ((same, Outcome.HOLDS), (other, Outcome.DIFFERS)):
        together = [replace(fact, place=Place(line=7)) for fact in facts]
        found = [c for c in check(budget(prose=together)) if c.name == "prose twice"]
        assert [c.outcome for c in found] == [outcome]
