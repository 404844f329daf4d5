"""The part that explains terms gives one definition a term."""

import pytest

from index.document import Place
from index.extract_prose import passages_of
from index.fact import PassageKind
from index.glossary import extract_glossary, in_glossary, term_of
from index.outline import Text

TERMS = [
    ("（一）财政拨款收入：指本级财政当年拨付的资金。", "财政拨款收入"),
    ("（七）“三公”经费：纳入预决算管理的“三公”经费，是指某某费。", "“三公”经费"),
    ("二、事业收入：指事业单位取得的收入。", "事业收入"),
    ("3.基本支出: 是单位的支出。", "基本支出"),
    (
        "（四）教育支出（类）进修及培训（款）培训支出（项）：指用于培训的支出。",
        "教育支出（类）进修及培训（款）培训支出（项）",
    ),
    ("事业收入：指事业单位取得的收入。", "事业收入"),
    ("（五）上年结转是指以前年度结转的资金。", "上年结转"),
    ("（六）项目支出指完成特定任务的支出。", "项目支出"),
]
NO_TERMS = [
    "费支出。",
    "境外培训研修等的国际旅费、住宿费等支出；公务接待费反映接待支出。",
    "第四部分 名词解释",
    "绩效指标体系",
    "其中：因公出国（境）费反映国际旅费。",
]


@pytest.mark.parametrize(("text", "term"), TERMS)
def test_the_term_is_printed_before_the_colon(text: str, term: str) -> None:
    assert term_of(text) == term


@pytest.mark.parametrize("text", NO_TERMS)
def test_other_texts_open_no_entry(text: str) -> None:
    assert term_of(text) == ""


def texts(*lines: str, headings: tuple[str, ...] = ()) -> list[Text]:
    return [
        Text(text=line, place=Place(line=at), section="第四部分", headings=headings)
        for at, line in enumerate(lines, 1)
    ]


def test_entries_broken_by_a_page_are_joined() -> None:
    found = extract_glossary(
        texts(
            "（一）甲：指某某的经",
            "费支出。",
            "（二）乙：指某某。",
            headings=("第四部分 名词解释",),
        )
    )
    assert [(p.title, p.text, str(p.place), p.place.line_end) for p in found] == [
        ("甲", "（一）甲：指某某的经费支出。", "1", 2),
        ("乙", "（二）乙：指某某。", "3", None),
    ]
    assert {p.kind for p in found} == {PassageKind.DEFINITION}
    assert len({p.id for p in found}) == len(found)


def test_a_bare_heading_opens_the_glossary_and_the_next_title_ends_it() -> None:
    body = texts(
        "三、名词解释",
        "（一）甲：指乙。",
        "（二）丙：指丁。",
        "2024年部门预算编制说明",
        "说明：无。",
    )
    assert in_glossary(body) == (False, True, True, False, False)


def test_the_contents_line_opens_nothing() -> None:
    line = Text(text="四、名词解释", place=Place(line=1), section="目录", headings=("目录",))
    assert in_glossary([line, *texts("甲：指乙。")]) == (False, False)


def test_passages_are_contents_headings_and_paragraphs() -> None:
    contents = Text(text="一、概况", place=Place(line=1), section="目录", headings=("目录",))
    heading = Text(
        text="一、概况", place=Place(line=5), section="一", headings=("第一部分",), heading=True
    )
    body = Text(
        text="本中心……", place=Place(line=7, line_end=9), section="一", headings=("一、概况",)
    )
    kinds = [(p.kind, p.title, str(p.place)) for p in passages_of([contents, heading, body])]
    assert kinds == [
        (PassageKind.CONTENTS, "目录", "1"),
        (PassageKind.HEADING, "第一部分", "5"),
        (PassageKind.PARAGRAPH, "一、概况", "7"),
    ]
