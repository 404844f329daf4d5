"""English questions are read as Chinese words that the index contains, and only those."""

import time

import pytest

from assistant.gloss import absent_terms, english_terms, glosses, stem, unread_words
from assistant.vocabulary import Vocabulary

TEXTS = (
    "物业管理费",
    "会议费",
    "培训费",
    "基本工资",
    "公务接待费",
    "公务用车运行维护费",
    "住房公积金",
    "上年结转",
    "科学技术支出",
    "政府性基金预算",
    "国有资本经营预算",
    "差旅费",
    "政务外网专线",
    "链路可用率",
    "预算数",
    "驻场运维人数",
    "青山林场",
    "天府新区",
    "应急演练次数",
    "满意度",
    "隐私保护",
    "机关事业单位职业年金缴费支出",
    "教育支出",
    "安全隐患排查",
    "合同",
    "职工基本医疗保险缴费",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(TEXTS)


@pytest.mark.parametrize(
    ("question", "said", "printed"),
    [
        ("what is budgeted for property management?", "property management", "物业管理费"),
        ("conference costs vs training costs", "conference costs", "会议费"),
        ("base salaries of the bureau", "base salaries", "基本工资"),
        ("receptions for official guests", "receptions for official guests", "公务接待费"),
        ("official vehicle running costs", "official vehicle running costs", "公务用车运行维护费"),
        ("the housing provident fund", "housing provident fund", "住房公积金"),
        ("money carried over from last year", "carried over from last year", "上年结转"),
        ("Science & Tech, how much?", "Science & Tech", "科学技术支出"),
        ("science and technology", "science and technology", "科学技术支出"),
        ("out of government funds", "government funds", "政府性基金预算"),
        ("state capital operating budget", "state capital operating budget", "国有资本经营预算"),
        ("set aside for travel", "travel", "差旅费"),
        ("the e-gov extranet", "e-gov extranet", "政务外网"),
        ("avaliability target", "avaliability", "可用率"),  # a slip of the keyboard
        ("the 2024 budjet", "budjet", "预算"),
        ("stationed on site", "stationed on site", "驻场"),
        ("emergency drills a year", "emergency drills", "应急演练"),
        ("occupational annuity spending", "occupational annuity", "职业年金"),
        ("Qingshan forest farm", "Qingshan", "青山"),
        ("the Tianfu area", "Tianfu", "天府"),
        ("Tian Fu", "Tian Fu", "天府"),
        ("privacy protection", "privacy", "隐私"),  # CC-CEDICT
        ("signed contracts", "contracts", "合同"),
        ("medical insurance contribution", "medical insurance contribution", "医疗保险"),
        ("today要填表，training fee多少", "training fee", "培训费"),
    ],
)
def test_an_english_phrase_is_read_as_what_is_printed(
    question: str, said: str, printed: str, vocabulary: Vocabulary
) -> None:
    found = {
        question[term.start : term.end]: [word for word, _ in term.words]
        for term in english_terms(question, vocabulary)
    }
    assert any(printed in word for word in found[said])


@pytest.mark.parametrize(
    "question",
    [
        "hi there, how much is it?",
        "what does it mean?",
        "thanks!",
        "what are the 4th and 5th largest?",
        "多少万",
        "<script>img src=x</script>",
        "electricity",  # known to the lexicon, absent from these texts
        "change women shine",  # English words that are pinyin too
    ],
)
def test_nothing_is_read_into_words_without_content(question: str, vocabulary: Vocabulary) -> None:
    assert english_terms(question, vocabulary) == ()


def test_every_alternative_occurs_in_the_texts_and_the_weights_fall(
    vocabulary: Vocabulary,
) -> None:
    text = "training, pension and satisfaction of staff with the medical insurance"
    for term in english_terms(text, vocabulary):
        weights = [weight for _, weight in term.words]
        assert weights == sorted(weights, reverse=True)
        assert all(vocabulary.contains(word) for word, _ in term.words)


def test_the_longest_phrase_is_read_first(vocabulary: Vocabulary) -> None:
    text = "basic medical insurance"
    (term,) = english_terms(text, vocabulary)
    assert (term.start, term.end) == (0, len(text))


def test_a_known_phrase_that_the_index_lacks_is_told_apart(vocabulary: Vocabulary) -> None:
    text = "electricity bill and zorbing"
    (absent,) = absent_terms(text, vocabulary)
    assert text[absent.start : absent.end] == "electricity bill"
    unread = unread_words(text, (absent,))
    assert [text[start:end] for start, end in unread] == ["zorbing"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("salary", "salaries"),
        ("centre", "centers"),
        ("organised", "organizing"),
        ("programme", "programs"),
        ("labour", "labor"),
        ("planned", "planning"),
        ("lease", "leasing"),
        ("carried", "carry"),
        ("licence", "license"),
        ("expense", "expenses"),
    ],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("business", "bus"), ("process", "procession"), ("analysis", "anal")]
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_reading_english_takes_no_noticeable_time(vocabulary: Vocabulary) -> None:
    vocabulary.derived(glosses)
    text = "How much is set aside for property management and official receptions this year?"
    started = time.perf_counter()
    for _ in range(20):
        english_terms(text, vocabulary)
    assert (time.perf_counter() - started) / 20 < 0.05
