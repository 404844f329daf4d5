"""Figures in cells and in running text are read with their units, and nothing else is."""

# ruff: noqa: E501 (a sentence of the tables is kept whole: it is printed so)

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fact import Kind
from index.quantity import chinese_number, parse_number, quantities
from index.sentences import flatten

CELLS = [
    ("24634.71", "24634.71"),
    ("1,235.34", "1235.34"),
    (" 150,153,464.49 ", "150153464.49"),
    ("１，２３４．５", "1234.5"),
    ("0", "0"),
    ("0.00", "0.00"),
    (".5", ".5"),
    ("-0.15", "-0.15"),
    ("－12", "-12"),
    ("−12", "-12"),
    ("(1,235.34)", "-1235.34"),
    ("（3.5）", "-3.5"),
    ("12.5%", "12.5"),
    ("６．５６％", "6.56"),
    ("1,\n234", "1234"),
    ("(2.0%)", "-2.0"),
    ("$1,580", "1580"),
    ("$ 1,580", "1580"),
    ("$(1,580)", "-1580"),
    ("($1,580)", "-1580"),
    ("-$12.40", "-12.40"),
    ("△30", "-30"),
    ("1,234-", "-1234"),
]
NO_NUMBERS = [
    "", " ", "—", "-", "--", "——", "－", "一", "合计", "2023年预算数", "12万元", "≥95%", "12,34", "1 2",
    "1.2.3", "3-5", "(12", "12)", "7×24", "622001-某中心", "$", "$(12", "(12%", "12-13", "1,2345", "1.",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CELLS)
def test_a_cell_with_one_number_is_that_number(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_blanks_dashes_and_words_are_no_number(text: str) -> None:
    assert parse_number(text) is None


def test_a_negative_zero_is_zero() -> None:
    assert str(parse_number("(0.00)")) == "0.00"


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(amounts)
def test_a_printed_amount_is_read_back(value: Decimal) -> None:
    assert parse_number(f"{value:,}") == value
    assert parse_number(f"{value:f}") == value


@given(amounts.filter(lambda value: value > 0))
def test_a_bracketed_amount_is_negative(value: Decimal) -> None:
    assert parse_number(f"({value:,})") == -value


NUMERALS = [("二十三", 23), ("十", 10), ("十二", 12), ("两百零三", 203), ("一千", 1000), ("三", 3)]


@pytest.mark.parametrize(("text", "value"), NUMERALS)
def test_chinese_numerals(text: str, value: int) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "二〇二三", "三五", "年"])
def test_digits_in_a_row_are_no_chinese_numeral(text: str) -> None:
    assert chinese_number(text) is None


# text, (value, unit, kind, operator) of each figure
PROSE: list[tuple[str, list[tuple[str, str, Kind, str]]]] = [
    ("预算 24634.71 万元，占 4.62%", [("24634.71", "万元", Kind.MONEY, ""), ("4.62", "%", Kind.PERCENT, "")]),
    ("150,153,464.49元", [("150153464.49", "元", Kind.MONEY, "")]),
    ("共３６.５亿元", [("36.5", "亿元", Kind.MONEY, "")]),
    ("歲出1,234千元", [("1234", "千元", Kind.MONEY, "")]),
    ("預算50萬元", [("50", "万元", Kind.MONEY, "")]),
    ("每人80元/人", [("80", "元/人", Kind.MONEY, "")]),
    ("提高2.5个百分点", [("2.5", "个百分点", Kind.PERCENT, "")]),
    ("是上年的3倍", [("3", "倍", Kind.PERCENT, "")]),
    ("执法执勤用车0辆", [("0", "辆", Kind.COUNT, "")]),
    ("大型设备 0 台（套）。", [("0", "台（套）", Kind.COUNT, "")]),
    ("接待132批次、1,045人次", [("132", "批次", Kind.COUNT, ""), ("1045", "人次", Kind.COUNT, "")]),
    ("单位价值200万元以上大型设备0台（套）", [("0", "台（套）", Kind.COUNT, "")]),
    ("单价100万元（含）以上设备（不含车辆）2台（套）", [("2", "台（套）", Kind.COUNT, "")]),
    ("体检58600人次以上，", [("58600", "人次", Kind.COUNT, "≥")]),
    ("调整不超过5次，", [("5", "次", Kind.COUNT, "≤")]),
    ("不少于3场", [("3", "场", Kind.COUNT, "≥")]),
    ("超过10家", [("10", "家", Kind.COUNT, ">")]),
    ("控制在3%以内。", [("3", "%", Kind.PERCENT, "≤")]),
    ("80个重点“一件事”", [("80", "个", Kind.COUNT, "")]),
    ("服务500余家", [("500", "家", Kind.COUNT, "")]),
    ("下属共有三家，", [("3", "家", Kind.COUNT, "")]),
    ("支出0.39万（含外宾接待支出0.00万元）", [("0.39", "万元", Kind.MONEY, ""), ("0.00", "万元", Kind.MONEY, "")]),
    ("歲出17億3,280萬7千元", [("1732807000", "元", Kind.MONEY, "")]),
    ("合计3亿5000万元，其中2亿元", [("350000000", "元", Kind.MONEY, ""), ("2", "亿元", Kind.MONEY, "")]),
    ("增长-5.2%", [("-5.2", "%", Kind.PERCENT, "")]),
    ("每家补贴200万。", [("200", "万元", Kind.MONEY, "")]),
    ("总投资约1.5亿，分三年", [("1.5", "亿元", Kind.MONEY, "")]),
    ("预算3亿5000万，", [("350000000", "元", Kind.MONEY, "")]),
    ("给予企业最高 50 万的奖励", [("50", "万元", Kind.MONEY, "≤")]),
    ("补助标准2万/人。", [("2", "万元/人", Kind.MONEY, "")]),
    ("服务人口20万，安排经费30万", [("30", "万元", Kind.MONEY, "")]),
    ("资金用于造林5万亩、新增2万平方米", [("5", "万亩", Kind.COUNT, ""), ("2", "万平方米", Kind.COUNT, "")]),
    ("投入设备，服务3万人次", [("3", "万人次", Kind.COUNT, "")]),
    ("补贴5万元-8万元", [("5", "万元", Kind.MONEY, ""), ("8", "万元", Kind.MONEY, "")]),
    ("出国团组0个，", [("0", "个", Kind.COUNT, "")]),
]  # fmt: skip

NO_QUANTITIES = [
    "2023年", "2023 年度部门预算", "截至2023年12月31日", "第3条", "第 3 条", "第3次会议", "7×24小时",
    "“12345”政务服务热线", "12:30分", "8时30分", "3.教育支出", "W-07街坊", "沪府规【2016】168号", "3-5人",
    "3至5人", "二〇二三年", "三年行动", "四个意识", "统一", "3个月", "15个工作日", "30分钟", "3个年度",
    "增长 13.95。", "A4张", "共万里街道",
    "现有图书20万。", "经费用于发电3亿千瓦时", "资金支持绿化3万㎡", "投入后日均客流不超过3万，", "补贴后用户达5万",
    "预算中单价100万以上设备",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PROSE)
def test_figures_of_running_text(text: str, expected: list[tuple[str, str, Kind, str]]) -> None:
    found = quantities(flatten(text).text)
    assert [(q.value, q.unit, q.kind, q.operator) for q in found] == [
        (Decimal(value), unit, kind, operator) for value, unit, kind, operator in expected
    ]


@pytest.mark.parametrize("text", NO_QUANTITIES)
def test_years_times_ordinals_codes_and_ranges_are_no_figures(text: str) -> None:
    assert quantities(flatten(text).text) == ()


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(["元", "万元", "%", "辆", "人次", "台（套）"]),
    st.sampled_from(["{:f}", "{:,}"]),
    st.sampled_from(["", " "]),
)
def test_a_figure_with_its_unit_is_read_back(
    value: Decimal, unit: str, form: str, space: str
) -> None:
    (found,) = quantities(flatten(f"项目支出{space}{form.format(value)}{space}{unit}，").text)
    assert (found.value, found.unit) == (value, unit)


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(["万", "亿"]),
    st.sampled_from(
        ["补贴{}。", "最高奖励 {} ，", "项目资金{}的", "投入{}（含税）", "经费{}以内；"]
    ),
)
def test_money_without_yuan_is_of_the_unit_it_means(value: Decimal, unit: str, text: str) -> None:
    (found,) = quantities(flatten(text.format(f"{value:f}{unit}")).text)
    assert (found.value, found.unit, found.kind) == (value, unit + "元", Kind.MONEY)


@given(
    st.integers(min_value=0, max_value=10**6),
    st.sampled_from(["万", "亿"]),
    st.sampled_from(["人", "亩", "平方米", "次", "千瓦时", "株", "公里", "吨", "字", "㎡", "km"]),
)
def test_what_another_measure_follows_is_no_money(value: int, unit: str, measure: str) -> None:
    found = quantities(flatten(f"补贴资金支持{value}{unit}{measure}，").text)
    assert [q for q in found if q.kind is Kind.MONEY] == []
