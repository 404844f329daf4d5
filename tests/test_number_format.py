"""Stored values are shown as a spreadsheet prints them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quantity import parse_number
from index.readers.number_format import Value, shown

ACCOUNT = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.025, "0.00%", "2.50%"),
        (-0.2967, "0.00%", "-29.67%"),
        (0, "0.00%", "0.00%"),
        (0.9087000000000001, "0.00%", "90.87%"),
        (3819, "#,##0.00_ ", "3,819.00"),
        (1.005, "0.00", "1.01"),
        (12.3456, "0.00", "12.35"),
        (-0.001, "0.00", "0.00"),
        (1234567, "#,##0", "1,234,567"),
        (12, "#,##0.00", "12.00"),
        (7, "000", "007"),
        (0.5, "#.##", ".5"),
        (12.5, "0.0?", "12.5"),
        (1234567, "#,##0,", "1,235"),
        (12345, '0!.0,"万"', "1.2万"),
        (12, '0"个"', "12个"),
        (5, "[$¥-804]#,##0.00", "¥5.00"),
        (0.5, "# ?/?", "0.5"),
        (123456, "0.00E+00", "1.23E+5"),
    ],
)
def test_numbers(value: Value, code: str, expected: str) -> None:
    assert shown(value, code) == expected


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (-3.9, "#,##0.00_);(#,##0.00)", "(3.90)"),
        (-3.9, r"0.00_);[Red]\(0.00\)", "(3.90)"),
        (-3.9, "0.00;[Red]-0.00", "-3.90"),
        (3.9, ACCOUNT, "3.90"),
        (-1234.5, ACCOUNT, "-1,234.50"),
        (0, ACCOUNT, "-"),
        (0, "#,##0.00;-#,##0.00;;@", ""),
        (1, ";;;", ""),
        (150, "[>=100]0;0.0", "150"),
        (50.25, "[>=100]0;0.0", "50.3"),
    ],
)
def test_parts_for_negative_and_zero(value: Value, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_a_sign_that_only_a_colour_shows_is_kept() -> None:
    assert shown(-3.9, "0.00;[Red]0.00") == "-3.90"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234, "1234"),
        (0.9087000000000001, "0.9087"),
        (150153464.49, "150153464.49"),
        (0.1 + 0.2, "0.3"),
        (3819.0000000000005, "3819"),
        (1 / 3, "0.333333333"),
        (12345.678 - 12345.6, "0.078"),
        (-2.5, "-2.5"),
        (0, "0"),
        (1e15, "1000000000000000"),
        (True, "TRUE"),
    ],
)
def test_a_plain_cell_shows_what_was_entered(value: Value, expected: str) -> None:
    assert shown(value) == expected


def test_texts_stay_as_they_are() -> None:
    assert shown("00501", "0.00") == "00501"
    assert shown("　基本工资", ACCOUNT) == "　基本工资"
    assert shown("人", '@"次"') == "人次"
    assert shown(3, "@") == "3"


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (datetime(2024, 1, 31), "yyyy/m/d", "2024/1/31"),
        (45322, "yyyy/m/d", "2024/1/31"),
        (date(2024, 1, 31), 'yyyy"年"m"月"d"日"', "2024年1月31日"),
        (datetime(2024, 1, 31), '[DBNum1][$-804]yyyy"年"m"月";@', "二〇二四年一月"),
        (datetime(2024, 1, 31, 15, 4, 5), "yy-mm-dd hh:mm:ss", "24-01-31 15:04:05"),
        (datetime(2024, 1, 31), "aaaa", "星期三"),
        (time(15, 4), "h:mm AM/PM", "3:04 PM"),
        (timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
        (datetime(2024, 1, 31), "General", "2024-01-31"),
    ],
)
def test_moments(value: Value, code: str, expected: str) -> None:
    assert shown(value, code) == expected


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_a_sum_of_money_reads_back_as_it_was_stored(amount: Decimal) -> None:
    for code in ("General", "#,##0.00", "0.00_);(0.00)", "#,##0.00;[Red]#,##0.00"):
        assert parse_number(shown(float(amount), code)) == amount


@given(st.floats(allow_nan=True), st.text('0#?.,;%_*[]"\\!@-()E+/ymdhs<>=5年General', max_size=12))
def test_no_format_fails(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)
