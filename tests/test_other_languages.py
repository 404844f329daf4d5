"""Budgets in traditional characters and in English go through the same logic as any other."""

# ruff: noqa: E501 (cases are kept one a line)

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from eval.gold_match import match
from eval.gold_rows import read_gold
from index.cover import cover_of
from index.english_reading import read_english
from index.fact import Budget, Fact, Kind, Outcome, PassageKind, RowKind
from index.money import count_unit, is_money, is_unit_line, size_of, unit_in
from index.read import read_budget
from index.words import key, simplified, spelt, squeeze
from index.years import relative_year, years_in

SAMPLES = Path(__file__).parent.parent / "eval" / "budgets" / "other"
TAIWAN, CITY = "yunze-environment-2024.html", "calder-falls-parks-fy2025.md"


@pytest.fixture(scope="module")
def taiwan() -> Budget:
    return read_budget(TAIWAN, (SAMPLES / TAIWAN).read_bytes())


@pytest.fixture(scope="module")
def city() -> Budget:
    return read_budget(CITY, (SAMPLES / CITY).read_bytes())


def of(budget: Budget, label: str, column: str) -> Fact:
    """The table's figure, its last head word given."""
    return next(
        fact
        for fact in budget.facts
        if fact.label == label and fact.column[-1] == column and fact.row_kind is not RowKind.PROSE
    )


# The samples


def test_the_titles_tell_institution_and_year(taiwan: Budget, city: Budget) -> None:
    assert (taiwan.institution, taiwan.year) == ("雲澤市政府環境保護局", 2024)
    assert city.institution == "City of Calder Falls Department of Parks and Recreation"
    assert (city.year, city.account) == (2025, "budget")


@pytest.mark.parametrize("name", [TAIWAN, CITY])
def test_every_figure_of_a_sample_is_read_and_none_made_up(name: str) -> None:
    path = SAMPLES / name
    found = match(read_gold(path), read_budget(name, path.read_bytes()))
    assert not found.missing and not found.invented and not found.missing_prose
    wrong = [
        (pair.gold.id, what)
        for pair in found.cells
        for what in ("column", "unit", "budget_unit", "operator", "code", "kind", "parent")
        if not getattr(pair, what)
    ]
    assert not wrong


@pytest.mark.parametrize("name", [TAIWAN, CITY])
def test_the_sums_of_a_sample_hold_and_raise_no_doubt(name: str) -> None:
    budget = read_budget(name, (SAMPLES / name).read_bytes())
    outcomes = [check.outcome for check in budget.checks]
    assert Outcome.DIFFERS not in outcomes
    assert sum(outcome is Outcome.HOLDS for outcome in outcomes) > 100
    assert not [fact for fact in budget.facts if fact.doubt]


def test_a_changed_figure_of_a_sample_is_found_by_its_sums() -> None:
    content = (SAMPLES / CITY).read_text("utf-8").replace("| 4,297 |", "| 4,927 |")
    budget = read_budget(CITY, content.encode())
    assert Outcome.DIFFERS in [check.outcome for check in budget.checks]


def test_years_of_columns_in_either_calendar(taiwan: Budget, city: Budget) -> None:
    years = [
        of(taiwan, "罰金罰鍰", f"{year}數").year
        for year in ("本年度預算", "上年度預算", "前年度決算")
    ]
    assert years == [2024, 2023, 2022]
    assert of(taiwan, "一般廢棄物回收率", "112年度目標值").year == 2023
    assert of(city, "Utilities", "FY2023 Actual").year == 2023
    assert of(city, "Irrigation System Upgrade", "FY2028").year == 2028


def test_units_are_those_of_the_unit_lines(taiwan: Budget, city: Budget) -> None:
    assert of(taiwan, "罰金罰鍰", "本年度預算數").unit == "千元"
    assert of(taiwan, "職員", "本年度預算員額").unit == "人"
    assert of(taiwan, "垃圾車", "數量（輛）").unit == "辆"
    assert of(city, "Utilities", "FY2025 Proposed").unit == "dollars in thousands"
    assert of(city, "Utilities", "% Change").unit == "%"
    assert of(city, "Golf Courses", "Change").unit == "full-time equivalents"


def test_printed_words_stay_as_printed(taiwan: Budget) -> None:
    fact = of(taiwan, "設施及機械設備養護費", "6160011000環境保護業務")
    assert fact.row_path == ("業務費", "設施及機械設備養護費")
    prose = [fact for fact in taiwan.facts if fact.row_kind is RowKind.PROSE]
    assert ("水質保護",) in [fact.row_path for fact in prose]
    assert "17億3,280萬7千" in [fact.printed for fact in prose]


def test_a_total_below_its_members_heads_no_one(city: Budget) -> None:
    total = of(city, "Total Personnel Services", "FY2025 Proposed")
    assert (total.row_kind, total.value) == (RowKind.SUBTOTAL, 32638)
    assert of(city, "Overtime", "FY2025 Proposed").row_path == ("Personnel Services", "Overtime")
    assert of(city, "Capital Outlay", "FY2025 Proposed").row_path == ("Capital Outlay",)
    assert of(city, "Total Expenditures", "FY2025 Proposed").row_kind is RowKind.TOTAL


def test_brackets_are_negative_and_dashes_blank(city: Budget) -> None:
    assert of(city, "Less: Charges to Capital Projects", "FY2025 Proposed").value == -1402
    assert of(city, "Training and Travel", "% Change").value == Decimal("-11.9")
    assert of(city, "Federal", "FY2025 Proposed").kind is Kind.BLANK


def test_targets_keep_operator_and_measure(taiwan: Budget, city: Budget) -> None:
    days = of(city, "Average days to resolve a service request", "FY2025 Target")
    assert (days.operator, days.value, days.unit, days.kind) == ("≤", 5, "days", Kind.TARGET)
    share = of(city, "Residents within a 10-minute walk of a park", "FY2025 Target")
    assert (share.operator, share.value, share.unit) == ("≥", 75, "%")
    waste = of(taiwan, "每人每日垃圾清運量", "113年度目標值")
    assert (waste.operator, waste.unit, waste.row_path[0]) == ("≤", "公斤", "推動資源循環")


def test_terms_of_both_glossaries(taiwan: Budget, city: Budget) -> None:
    def terms(budget: Budget) -> list[str]:
        return [p.title for p in budget.passages if p.kind is PassageKind.DEFINITION]

    assert terms(taiwan) == ["歲入", "歲出", "經常門", "第一預備金"]
    assert "Full-Time Equivalent (FTE)" in terms(city) and len(terms(city)) == 6
    assert "5,000" not in [fact.printed for fact in city.facts]


# Other layouts

ACCOUNTS = """\
Westmarch County
Sheriff's Office
FY 2024-2025 Adopted Budget
,,,,,
,,FY2023-24,,FY2024-25,
Account,Description,Adopted,Revised,Adopted,Variance
5100,Salaries,"$4,210,500","$4,198,750","$4,415,300","$204,800"
5110,Overtime,"310,000","352,400","335,000","25,000"
,Total Personnel,"$4,520,500","$4,551,150","$4,750,300","$229,800"
6200,Fuel,"220,000","205,300","198,000","(22,000)"
,GRAND TOTAL,"$4,740,500","$4,756,450","$4,948,300","$207,800"
"""
LIBRARY = """\
# Millbrook Public Library District

# 2025 Operating Budget

## Revenues and Expenditures

|  | 2024 Budget | 2025 Budget |
|---|---|---|
| **Revenues** | | |
| Property Taxes | $2,705,000 | $2,790,000 |
| Fines | 38,000 | 36,000 |
| **Total Revenues** | **2,743,000** | **2,826,000** |

## Staffing

| Position | 2024 FTE | 2025 FTE |
|---|---|---|
| Librarian II | 6.5 | 7.0 |
| Total | 6.5 | 7.0 |
"""
HONG_KONG = """\
總目 61 — 濱海渠務署
2024-25年度開支預算

開支分析
（$'000）
分目編號	分目	2023-24年度修訂預算	2024-25年度預算
000	運作開支	901,215	928,740
700	一般非經常開支	5,180	7,950
	開支總額	906,395	936,690
"""


def test_accounts_in_two_head_rows_with_signs_of_currency() -> None:
    budget = read_budget("sheriff.csv", ACCOUNTS.encode())
    assert budget.institution == "Westmarch County Sheriff's Office"
    overtime = [fact for fact in budget.facts if fact.label == "Overtime"]
    assert [fact.column for fact in overtime][:2] == [
        ("FY2023-24", "Adopted"),
        ("FY2023-24", "Revised"),
    ]
    assert {fact.unit for fact in overtime} == {"$"}
    assert {fact.row_path for fact in overtime} == {("Overtime",)}
    assert of(budget, "Fuel", "Variance").value == -22000
    assert of(budget, "GRAND TOTAL", "Variance").row_kind is RowKind.TOTAL


def test_headings_name_tables_and_groups_that_nothing_else_names() -> None:
    budget = read_budget("library.md", LIBRARY.encode())
    assert [table.title for table in budget.tables] == ["Revenues and Expenditures", "Staffing"]
    fines = of(budget, "Fines", "2025 Budget")
    assert (fines.row_path, fines.year, fines.unit) == (("Revenues", "Fines"), 2025, "$")
    staff = of(budget, "Librarian II", "2024 FTE")
    assert (staff.kind, staff.unit, staff.year) == (Kind.COUNT, "FTE", 2024)


def test_heads_and_subheads_of_hong_kong() -> None:
    budget = read_budget("head61.txt", HONG_KONG.encode())
    assert budget.institution == "總目61—濱海渠務署" and budget.year == 2024
    fact = of(budget, "運作開支", "2024-25年度預算")
    assert (fact.code, fact.value, fact.unit, fact.year) == ("000", 928740, "$'000", 2024)
    assert of(budget, "開支總額", "2024-25年度預算").row_kind is RowKind.TOTAL


# Words, units, years and titles


def test_words_are_compared_in_simplified_and_shown_as_printed() -> None:
    assert squeeze("歲　出 預算") == "岁出预算" and key("（臺）") == "台"
    assert squeeze("FY2025 Proposed") == "fy2025proposed"
    assert spelt("系統") != spelt("系统")
    assert len(simplified("臺灣歲出預算，２０２４")) == len("臺灣歲出預算，２０２４")


UNIT_LINES = [
    ("單位：新臺幣千元", "千元"), ("（單位：新臺幣百萬元）", "百万元"), ("港幣千元", "千元"),
    ("金额单位：万元", "万元"), ("（千元）", "千元"), ("(dollars in thousands)", "dollars in thousands"),
    ("Dollars in Millions", "Dollars in Millions"), ("$000s", "$000s"), ("（$’000）", "$'000"),
    ("(in thousands of dollars)", "in thousands of dollars"), ("Amounts in thousands", "in thousands"),
]  # fmt: skip
NO_UNIT_LINES = [
    "單位：人",
    "单位：某某局",
    "Department of Money",
    "In 2024, $5",
    "General Fund (millions)",
]


@pytest.mark.parametrize(("line", "unit"), UNIT_LINES)
def test_a_line_says_the_unit_of_money(line: str, unit: str) -> None:
    assert unit_in(line) == unit and is_unit_line(line) and is_money(unit)


@pytest.mark.parametrize("line", NO_UNIT_LINES)
def test_other_lines_say_no_unit_of_money(line: str) -> None:
    assert unit_in(line) == "" and not is_unit_line(line)


SIZES = [("元", 1), ("千元", 1000), ("亿元", 10**8), ("dollars in thousands", 1000),
         ("million dollars", 10**6), ("$'000", 1000), ("$", 1), ("FTE", None)]  # fmt: skip


@pytest.mark.parametrize(("unit", "size"), SIZES)
def test_how_many_of_its_currency_a_unit_is(unit: str, size: int | None) -> None:
    assert size_of(unit) == size


def test_a_line_that_says_what_is_counted() -> None:
    assert count_unit("(full-time equivalents)") == "full-time equivalents"
    assert count_unit("(dollars in thousands)") == ""


YEARS = [
    ("中華民國113年度", (2024,)), ("112年度目標值", (2023,)), ("2023年预算数", (2023,)),
    ("FY2025 Proposed", (2025,)), ("FY25", (2025,)), ("FY 2024-25 Adopted", (2024,)),
    ("2024 Actual", (2024,)), ("Fiscal Year 2025", (2025,)), ("2024-25年度預算", (2024,)), ("2023", (2023,)),
    ("100 days", ()), ("Phase 2", ()), ("10-minute walk", ()), ("99年度", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "years"), YEARS)
def test_years_of_any_calendar(text: str, years: Sequence[int]) -> None:
    assert years_in(text) == years


@pytest.mark.parametrize(
    ("head", "offset"),
    [("上年度預算數", -1), ("前年度決算數", -2), ("Prior Year Actual", -1), ("本年度與上年度比較", None),
     ("上年结转", None), ("预算数", None)],
)  # fmt: skip
def test_years_told_from_the_documents_own(head: str, offset: int | None) -> None:
    assert relative_year(head) == offset


COVERS = [
    (("City of Elm", "Department of Budget and Management", "FY 2024 Budget in Brief"),
     "City of Elm Department of Budget and Management", 2024, "budget"),
    (("Oakdale County Public Library – FY 2024-25 Adopted Budget",),
     "Oakdale County Public Library", 2024, "budget"),
    (("Millbrook Fire District", "2023 Annual Financial Report"), "Millbrook Fire District", 2023, "final"),
    (("中華民國114年度", "新海縣總預算案", "新海縣政府教育處單位預算"), "新海縣政府教育處", 2025, "budget"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "institution", "year", "account"), COVERS)
def test_titles_over_several_lines(
    lines: Sequence[str], institution: str, year: int, account: str
) -> None:
    title = cover_of(lines)
    assert title is not None
    assert (title.institution, title.year, title.account) == (institution, year, account)


def test_lines_without_kind_or_year_make_no_title() -> None:
    assert cover_of(["City of Elm", "Newsletter 2024"]) is None
    assert cover_of(["City of Elm", "Adopted Budget"]) is None


# Running text in English: value, unit, subject, decrease

SENTENCES = [
    ("The FY 2024-25 adopted budget of the Office totals $312.6 million, up $14.1 million, or 4.7 percent.",
     [("312.6", "million dollars", "FY 2024-25 adopted budget of the Office", False),
      ("14.1", "million dollars", "FY 2024-25 adopted budget of the Office", False),
      ("4.7", "%", "FY 2024-25 adopted budget of the Office", False)]),
    ("General Fund expenditures are projected at $88.2M.", [("88.2", "million dollars", "General Fund expenditures", False)]),
    ("Personnel costs account for 71% of the operating budget.", [("71", "%", "Personnel costs", False)]),
    ("Property tax revenue is expected to decrease by 3.2%.", [("3.2", "%", "Property tax revenue", True)]),
    ("A reduction of $250,000 in overtime is proposed.", [("250000", "dollars", "overtime", True)]),
    ("Staffing rises by 2.5 FTE.", [("2.5", "FTE", "Staffing", False)]),
    ("It maintains 410 lane miles of roads and 12 bridges.",
     [("410", "lane miles", "roads", False), ("12", "", "bridges", False)]),
]  # fmt: skip
NO_FIGURES = [
    "As of June 30, 2024.",
    "See Table 5 and Section 3.",
    "A 10-day notice in 2023.",
    "Phase 2 of FY2025.",
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_figures_of_english_sentences(
    sentence: str, expected: list[tuple[str, str, str, bool]]
) -> None:
    said = read_english(sentence, year=2025, scope="")
    assert [
        (str(s.quantity.value), s.quantity.unit, s.reading.path[-1], s.reading.decrease)
        for s in said
    ] == expected


@pytest.mark.parametrize("sentence", NO_FIGURES)
def test_dates_numbers_of_tables_and_years_are_no_figures(sentence: str) -> None:
    assert read_english(sentence, year=2025, scope="") == ()
