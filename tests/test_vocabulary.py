"""What the index contains, synonyms, literal stretches, short forms of names."""

from pathlib import Path

import pytest

from assistant.vocabulary import (
    LexiconError,
    Term,
    Vocabulary,
    abbreviates,
    chinese_terms,
    literal_terms,
    read_rows,
)

TEXTS = (
    "公务用车运行维护费",
    "公务接待费",
    "因公出国（境）费用",
    "住房公积金",
    "职工基本医疗保险缴费",
    "收支预算总数",
    "科学技术支出",
    "政府采购预算",
    "“三公”经费",
    "座席数量",
    "会 议 费",
    "差旅费",
    "一般公共预算",
    "安全运维",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(TEXTS)


def readings(text: str, vocabulary: Vocabulary) -> dict[str, list[str]]:
    return {
        text[term.start : term.end]: [word for word, _ in term.words]
        for term in chinese_terms(text, vocabulary)
    }


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("会议费", True),
        ("因公出国(境)", True),
        ("因公出国（境）", True),
        ("培训费", False),
        ("", False),
        ("费差旅", False),
    ],
)
def test_contains_looks_past_width_and_spaces_and_not_over_text_borders(
    word: str, found: bool, vocabulary: Vocabulary
) -> None:
    assert vocabulary.contains(word) is found


def test_the_words_of_a_vocabulary_are_cut_out_of_its_texts(vocabulary: Vocabulary) -> None:
    assert {"公积金", "会议费", "医疗保险", "接待"} <= vocabulary.words
    assert "培训" not in vocabulary.words


def test_derived_tables_are_built_once(vocabulary: Vocabulary) -> None:
    built: list[int] = []

    def build(_: Vocabulary) -> int:
        built.append(1)
        return len(built)

    assert vocabulary.derived(build) == vocabulary.derived(build) == 1


@pytest.mark.parametrize(
    ("question", "said", "printed"),
    [
        ("养车花了多少", "养车", "公务用车运行维护费"),
        ("公车运行一年多少钱", "公车运行", "公务用车运行维护费"),
        ("出国那块儿呢", "出国", "因公出国(境)费用"),
        ("接待占了几成", "接待", "公务接待费"),
        ("公积金交了多少", "公积金", "住房公积金"),
        ("医保单位交的部分", "医保", "职工基本医疗保险缴费"),
        ("总盘子多大", "总盘子", "收支预算总数"),
        ("科技花多少", "科技", "科学技术支出"),
        ("政采安排了多少", "政采", "政府采购"),
        ("三公批了多少", "三公", "“三公”经费"),
        ("一共几个坐席", "坐席", "座席"),
        ("今年开会用多少", "开会", "会议费"),
        ("出差的钱", "出差", "差旅费"),
    ],
)
def test_what_people_say_is_read_as_what_is_printed(
    question: str, said: str, printed: str, vocabulary: Vocabulary
) -> None:
    assert printed in readings(question, vocabulary)[said]


@pytest.mark.parametrize(
    ("question", "not_said"),
    [
        ("召开会议的费用", "开会"),  # crosses the border of 召开|会议
        ("医保局的采购", "医保"),  # part of an institution's name
        ("体检费多少", "体检费"),  # a synonym whose words the texts lack
        ("办公面积", "办公"),
    ],
)
def test_no_synonym_is_read_where_none_is_meant(
    question: str, not_said: str, vocabulary: Vocabulary
) -> None:
    assert not_said not in readings(question, vocabulary)


def test_a_word_that_stands_literally_stays_the_first_reading(vocabulary: Vocabulary) -> None:
    (term,) = chinese_terms("接待", vocabulary)
    assert term.words[0] == ("接待", 1.0)
    assert term.exact
    (other,) = chinese_terms("坐席", vocabulary)
    assert not other.exact
    assert other.words[0][1] < 1.0


def test_literal_stretches_are_the_longest_and_do_not_cut_words(vocabulary: Vocabulary) -> None:
    text = "公务接待费和差旅费，安全吗"
    found = [text[term.start : term.end] for term in literal_terms(text, vocabulary)]
    assert found == ["公务接待费", "差旅费", "安全"]


@pytest.mark.parametrize(
    ("short", "name", "least"),
    [
        ("技服中心", "某某省数据技术服务中心", 0.9),
        ("卫健委", "某某市卫生健康委员会", 0.9),
        ("疾控中心", "某某市疾病预防控制中心", 0.8),
        ("林场", "某某县国有青山林场", 0.9),
        ("妇幼保健院", "某某市妇幼保健院", 0.9),
        ("发改委", "国家发展和改革委员会", 0.8),
        ("人社局", "人力资源和社会保障局", 0.75),
        ("市监局", "市场监督管理局", 0.8),
        ("网信办", "网络安全和信息化委员会办公室", 0.75),
        ("住建局", "住房和城乡建设局", 0.75),
        ("云扩容", "云平台服务扩容项目", 0.75),
        ("110平台", "110报警服务平台", 0.75),
        ("数据中心", "数据中心", 1.0),
    ],
)
def test_short_forms_of_official_names(short: str, name: str, least: float) -> None:
    assert abbreviates(short, name) >= least


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("运维", "云平台服务扩容项目"),
        ("外网", "政务内网线路租用"),
        ("内网", "政务外网线路租用"),
        ("一期", "信用平台（二期）"),
        ("11平台", "110报警服务平台"),
        ("中心技服", "某某省数据技术服务中心"),
        ("健康", "某某县林业局"),
        ("和", "林业和草原局"),
        ("", "林业局"),
        ("省级业务信息系统", "业务系统"),
    ],
)
def test_words_that_abbreviate_nothing(short: str, name: str) -> None:
    assert abbreviates(short, name) == 0.0


def test_the_name_that_keeps_more_of_its_words_is_the_better_reading() -> None:
    own, other = "某某省数据中心", "某某省数据技术服务中心"
    assert abbreviates("数据中心", own) > abbreviates("数据中心", other)
    assert abbreviates("技服中心", other) > abbreviates("技服中心", own) == 0.0


def test_a_lexicon_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("said\tchinese\tsource\n公车\t公务用车\n", "utf-8")
    with pytest.raises(LexiconError, match=r"words\.tsv:2: 2 cells"):
        read_rows(path)


def test_a_term_without_a_span_or_with_a_wrong_weight_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="empty"):
        Term(start=3, end=3, words=(), exact=False, source="lexicon")
    with pytest.raises(ValueError, match="weight"):
        Term(start=0, end=1, words=(("水费", 1.5),), exact=False, source="lexicon")
