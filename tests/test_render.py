"""An answer becomes Markdown in which nothing of a document or question comes alive."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.answer import Answer, Citation, Figure, Status
from assistant.render import (
    FEW,
    LANGUAGES,
    chip_label,
    chip_labels,
    place_label,
    plain,
    render,
    shorten,
    tame,
    words_of,
)

ZH = words_of("zh")
HOTLINE = Citation(
    document="a.txt",
    section="第二部分",
    table="表八 一般公共预算项目支出预算表",
    row="四川省大数据中心/四川省12345政务服务热线及网络理政平台",
    column="金额",
    line=330,
    line_end=330,
    quote="1,235.34",
)
FIGURE = Figure(
    value="1235.34", printed="1,235.34", unit="万元", label="热线", scope="省中心", citations=(0,)
)
ANSWER = Answer(
    question="热线多少钱",
    language="zh",
    status=Status.ANSWERED,
    text="热线：**1,235.34万元**",
    figures=(FIGURE,),
    citations=(HOTLINE,),
)


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ({"line": 330, "line_end": 330}, "第330行"),
        ({"line": 330, "line_end": 332}, "第330–332行"),
        ({"line": None, "line_end": None, "page": 12}, "第12页"),
        ({"line": None, "line_end": None, "sheet": "表1", "cell": "B12"}, "工作表“表1”单元格B12"),
        ({"line": None, "line_end": None, "sheet": "表1"}, "工作表“表1”"),
        ({"line": None, "line_end": None, "page": 3, "box": "1,2,3,4"}, "第3页"),
        ({"line": None, "line_end": None, "paragraph": 12}, "第12段"),
        ({"line": None, "line_end": None, "cell": "t3r5c2"}, "第3张表第5行第2格"),
        ({"line": None, "line_end": None}, ""),
    ],
)
def test_a_place_is_said_as_its_format_knows_it(place: dict[str, object], label: str) -> None:
    assert place_label(replace(HOTLINE, **place), ZH) == label  # type: ignore[arg-type]


def test_places_are_said_in_the_readers_language() -> None:
    cell = replace(HOTLINE, line=None, line_end=None, sheet="表1", cell="B12")
    paragraph = replace(HOTLINE, line=None, line_end=None, paragraph=12)
    said = [place_label(c, words_of(w)) for w in ("en", "zh-Hant") for c in (cell, paragraph)]
    assert said == ["sheet “表1”, cell B12", "paragraph 12", "工作表「表1」儲存格B12", "第12段"]


def test_a_chip_names_table_row_and_place() -> None:
    assert chip_label(HOTLINE, ZH) == "表八 · 四川省12345…及网络理政平台 · 第330行"


def test_a_chip_of_prose_names_its_section() -> None:
    prose = replace(HOTLINE, table="", row="公务接待费", section="第三部分 五")
    assert chip_label(prose, words_of("en")) == "第三部分 五 · 公务接待费 · line 330"


def test_a_slash_inside_brackets_does_not_cut_a_label() -> None:
    ratio = replace(HOTLINE, row="单位/控制率(执行数/预算数)")
    assert "控制率(执行数/预算数)" in chip_label(ratio, ZH)


def test_chips_that_would_read_the_same_name_their_column() -> None:
    labels = chip_labels([HOTLINE, replace(HOTLINE, column="支出/项目支出")], ZH)
    assert [label.rsplit(" · ", 1)[-1] for label in labels] == ["金额", "项目支出"]


def test_chips_name_the_document_only_where_there_are_several() -> None:
    labels = chip_labels([HOTLINE, replace(HOTLINE, document="b.txt")], ZH)
    assert labels[0].startswith("a.txt · ") and labels[1].startswith("b.txt · ")


def test_long_names_keep_both_ends() -> None:
    assert shorten("短名") == "短名"
    assert len(shorten("字" * 50)) == 16


def test_the_message_holds_text_sources_and_proof() -> None:
    said = render(ANSWER, 3)
    assert said.startswith("热线：**1,235.34万元**")
    assert "](#cite-3-0)" in said and ZH.proved in said


def test_a_figure_that_the_text_shows_is_not_said_twice() -> None:
    assert render(ANSWER, 0).count("1,235.34") == 1


def test_a_figure_that_the_text_leaves_out_gets_a_line_with_its_unit() -> None:
    said = render(replace(ANSWER, text="见下。"), 0)
    assert "**1\\,235\\.34 万元** · 热线（省中心）" in said


def test_an_operator_and_an_expression_are_shown_with_the_figure() -> None:
    share = replace(FIGURE, operator="≥", printed="34.29", unit="%", expression="12 ÷ 35 × 100")
    said = render(replace(ANSWER, text="见下。", figures=(replace(share, value="34.29"),)), 0)
    assert "**≥34\\.29\\%**" in said and "= 12 ÷ 35 × 100" in said


def test_an_answer_that_is_not_proved_says_so() -> None:
    assert ZH.unproved in render(replace(ANSWER, proved=False), 0)


def test_an_answer_without_figures_claims_no_proof() -> None:
    assert ZH.proved not in render(replace(ANSWER, figures=()), 0)


def test_many_sources_are_folded_but_all_there() -> None:
    many = tuple(replace(HOTLINE, line=at, line_end=at) for at in range(1, 31))
    said = render(replace(ANSWER, citations=many), 0)
    assert all(f"](#cite-0-{at})" in said for at in range(30))
    assert ZH.more_sources.format(count=30 - FEW) in said


def test_suggestions_and_notes_are_shown() -> None:
    said = render(replace(ANSWER, notes=("口径不同。",), suggestions=("按单位看呢？",)), 0)
    assert "> 口径不同。" in said and "[按单位看呢？](#ask)" in said


def test_the_frame_speaks_the_language_of_the_answer() -> None:
    english = render(replace(ANSWER, language="en", suggestions=("And by unit?",)), 0)
    assert "Sources" in english and "line 330" in english and "You could also ask" in english
    assert "來源" in render(replace(ANSWER, language="zh-Hant"), 0)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[点我](javascript:alert(1))",
        "![图](http://example.com/x.png)",
        "\\<b>",
        "\\\\<b>",
        "```html\n<b>\n```",
    ],
)
def test_nothing_of_a_document_or_question_comes_alive(hostile: str) -> None:
    for said in (plain(hostile), tame(hostile)):
        for at, letter in enumerate(said):
            if letter in "<[":
                before = said[:at]
                slashes = len(before) - len(before.rstrip("\\"))
                assert slashes % 2 == 1, said
    assert "```" not in tame(hostile).replace("\\```", "")


def test_hostile_labels_notes_and_suggestions_are_escaped() -> None:
    evil = "<img src=x onerror=alert(1)>](javascript:alert(1))"
    said = render(
        replace(
            ANSWER,
            text="见下。",
            figures=(replace(FIGURE, label=evil, scope=evil),),
            citations=(replace(HOTLINE, row=evil, section=evil),),
            notes=(evil,),
            suggestions=(evil,),
        ),
        0,
    )
    assert "<img" not in said.replace("\\<img", "")
    assert "](javascript" not in said.replace("\\](javascript", "")


def test_every_language_has_every_word() -> None:
    assert all(words_of(language) for language in LANGUAGES)
    assert words_of("fr") == words_of("zh")


def test_a_figure_of_any_size_is_found_in_the_text() -> None:
    large = replace(FIGURE, value="1234567.8", printed="123.45678", unit="元")
    assert Decimal(large.value) and "1,234,567.8" in render(
        replace(ANSWER, text="共 1,234,567.8 元", figures=(large,)), 0
    )
