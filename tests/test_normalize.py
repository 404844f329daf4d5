"""Normalisation: one spelling, a true map back, the right language, no input that breaks it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.normalize import Normalized, normalize

SPELLINGS = [
    ("財政撥款收支總表", "财政拨款收支总表"),
    ("１６８８．２５ 萬元", "1688.25万元"),
    ("合　计", "合计"),
    ("表 八", "表八"),
    ("2023 年 预算", "2023年预算"),
    ("Table  8\titems", "table 8 items"),
    ("what does 上年结转 mean?", "what does 上年结转 mean?"),
    ("“三公”经费", '"三公"经费'),
    ("「三公」經費", '"三公"经费'),
    ("centre’s", "centre's"),
    ("三\u200b公\ufeff经费", "三公经费"),
    ("多少？", "多少?"),
    ("第一句。\n第二句", "第一句。\n第二句"),
    ("cafe\u0301", "café"),
    ("", ""),
    ("   ", ""),
]

LANGUAGES = [
    ("三公经费多少", "zh"),
    ("三公經費多少", "zh-Hant"),
    ("於今年度編列", "zh-Hant"),
    ("乾隆年间", "zh"),
    ("How much is training?", "en"),
    ("what does 上年结转 mean?", "en"),
    ("How much did 某某市卫生健康委员会 receive in donations?", "en"),
    ("day-to-day running funds (日常公用) of the office?", "en"),
    ("today要填表，差旅费、培训费，各是how much啊", "zh"),
    ("ICT项目多少钱", "zh"),
    ("财政拨款vs其他收入哪个多", "zh"),
    ("2010350", "zh"),
    ("🚗💰", "zh"),
]


@pytest.mark.parametrize(("typed", "text"), SPELLINGS)
def test_one_spelling(typed: str, text: str) -> None:
    assert normalize(typed).text == text


@pytest.mark.parametrize(("typed", "language"), LANGUAGES)
def test_language_is_that_of_the_frame(typed: str, language: str) -> None:
    assert normalize(typed).language == language


def test_a_span_leads_back_to_what_was_typed() -> None:
    question = normalize("請問 ２０２３ 年 的 財政撥款")
    start = question.text.index("财政")
    assert question.typed_text(start, start + 4) == "財政撥款"
    year = question.text.index("2023")
    assert question.typed_text(year, year + 5) == "２０２３ 年"


def test_the_map_must_fit_the_text() -> None:
    with pytest.raises(ValueError, match="place"):
        Normalized(typed="a", text="ab", at=(0,), language="en")


CHARACTERS = st.characters(categories=("L", "M", "N", "P", "S", "Z", "C"))
MIXED = st.text(
    st.one_of(CHARACTERS, st.sampled_from("萬億表 年 \n\u3000か゛がé。“a1")), max_size=60
)


@given(MIXED)
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = normalize(typed)
    assert normalize(once.text).text == once.text


@given(MIXED)
def test_every_character_has_its_place_in_order(typed: str) -> None:
    question = normalize(typed)
    assert list(question.at) == sorted(question.at)
    assert all(0 <= at < len(typed) for at in question.at)


@given(st.integers(0, 0x10FFFF))
def test_no_character_breaks_it(code: int) -> None:
    assert normalize(chr(code)).language in {"zh", "zh-Hant", "en"}


def test_length_costs_time_in_proportion() -> None:
    began = time.perf_counter()
    normalize("財政 撥款a" * 20_000)
    assert time.perf_counter() - began < 5
