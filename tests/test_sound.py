"""Typing slips are read by sound; figures, ordinals and opposites never are."""

import time

import pytest

from assistant.sound import sound_terms, sounds, sounds_like
from assistant.vocabulary import Vocabulary

TEXTS = (
    "绩效工资",
    "绩效目标",
    "满意度指标",
    "互联网专线",
    "座席数量",
    "住房公积金",
    "会议费",
    "财政拨款收入",
    "一期建设",
    "二期建设",
    "政务内网",
    "政务外网",
    "其他支出",
    "基本支出",
    "是否",
    "省级",
    "体系",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("绩孝", "绩效"),
        ("公资", "工资"),
        ("满意渡", "满意度"),
        ("互连网", "互联网"),
        ("坐席", "座席"),
        ("公基金", "公积金"),
        ("会意费", "会议费"),
        ("财政拔款", "财政拨款"),  # a look-alike
        ("差铝费", "差旅费"),  # l/n and ü
        ("培训培费用", "培训费用"),  # a syllable more
    ],
)
def test_a_slip_sounds_like_what_was_meant(typed: str, meant: str) -> None:
    assert sounds_like(typed, meant)
    assert sounds_like(meant, typed)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("一期", "二期"),
        ("内网", "外网"),
        ("运维", "扩容"),
        ("收入", "支出"),
        ("工资", "工资"),  # no slip at all
        ("省级", "市级"),
        ("30217", "30218"),
        ("（一期）", "（二期）"),
        ("上年结转", "上年结余"),
        ("本年收入", "上年收入"),
        ("事业收入", "营业收入"),
        ("非税收入项", "税收入项"),
        ("是几", "体系"),  # every character another
        ("项目", "项目支出"),
    ],
)
def test_what_is_another_word_is_no_slip(a: str, b: str) -> None:
    assert not sounds_like(a, b)


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("绩孝表里写的面积", "绩孝", "绩效"),
        ("绩效公资多少", "绩效公资", "绩效工资"),
        ("选手满意渡多少算过关", "满意渡", "满意度"),
        ("互连网出口", "互连网", "互联网"),
        ("公基金缴了多少", "公基金", "公积金"),
        ("会意费多少", "会意费", "会议费"),
        ("财政拔款", "财政拔款", "财政拨款"),
    ],
)
def test_slips_in_a_question(question: str, typed: str, meant: str, vocabulary: Vocabulary) -> None:
    (term,) = sound_terms(question, vocabulary)
    assert question[term.start : term.end] == typed
    assert term.words[0][0] == meant
    assert not term.exact
    assert term.words[0][1] < 1.0


@pytest.mark.parametrize(
    "question",
    [
        "绩效工资多少",
        "一期给了多少",
        "三期给了多少",
        "外网线路是多少",
        "政务内网",
        "表四合计换成亿元是几亿",
        "哪家公司签的字",
        "今年有几个项目，最多的是哪个",
        "2023年的体系",
        "how much is 30217?",
    ],
)
def test_no_slip_is_seen_where_the_words_are_right(question: str, vocabulary: Vocabulary) -> None:
    assert sound_terms(question, vocabulary) == ()


def test_reading_slips_takes_no_noticeable_time(vocabulary: Vocabulary) -> None:
    vocabulary.derived(sounds)
    started = time.perf_counter()
    for _ in range(20):
        sound_terms("请问绩孝公资和满意渡在表里写的是多少，谢谢", vocabulary)
    assert (time.perf_counter() - started) / 20 < 0.05
