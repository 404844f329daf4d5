"""Sentences are exact stretches of their text; quotes are exact stretches of one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Place
from index.sentences import flatten, quote_of, sentences

SPLITS = [
    ("甲。乙；丙！丁？戊", ["甲。", "乙；", "丙！", "丁？", "戊"]),
    ("他说“甲。”乙。", ["他说“甲。”", "乙。"]),
    ("原因一是甲，二是乙，三是丙。", ["原因", "一是甲，", "二是乙，", "三是丙。"]),
    ("甲。**二是乙", ["甲。", "**二是乙"]),
    ("统一是目标，唯一是你。", ["统一是目标，唯一是你。"]),
    ("一是甲而已。", ["一是甲而已。"]),
    ("24634.71万元,占4.62%", ["24634.71万元,占4.62%"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SPLITS)
def test_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


@given(st.text(alphabet="甲乙。；！？，一二三四是”*\n 1.,"))
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@given(st.text())
def test_a_flat_text_knows_where_each_character_stands(text: str) -> None:
    flat = flatten(text)
    assert len(flat.text) == len(flat.at)
    assert list(flat.at) == sorted(set(flat.at))


FLAT = [
    ("24634.71 万元,比 2022 年", "24634.71万元，比2022年"),
    ("１，２３４元", "1,234元"),
    ("132批次，1,045人次", "132批次，1,045人次"),
    ("共6，123人", "共6，123人"),
    ("3. 12个", "3. 12个"),
    ("8:30 其中:甲", "8:30其中：甲"),
    ("二是**强化**", "二是强化"),
]


@pytest.mark.parametrize(("text", "expected"), FLAT)
def test_flat_text(text: str, expected: str) -> None:
    assert flatten(text).text == expected


def test_of_a_sentence_over_a_page_break_the_part_with_the_figure_is_quoted() -> None:
    parts = (("某类（款）", Place(line=3)), ("某项（项）预算数为5万元。", Place(line=5)))
    joined = "".join(text for text, _ in parts)
    at = joined.index("5")
    assert quote_of(parts, (0, len(joined)), (at, at + 3)) == (parts[1][0], Place(line=5))


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_quote_holds_the_figure_in_at_most_200_characters(before: int, after: int) -> None:
    text = "甲，" * before + "合计12.34万元" + "，乙" * after
    at = text.index("12.34")
    quote, _ = quote_of(((text, Place(line=1)),), (0, len(text)), (at, at + 7))
    assert "12.34万元" in quote
    assert quote in text
    assert len(quote) <= 200
