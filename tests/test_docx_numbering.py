"""Ordinals that Word counts itself stand in front of their paragraphs as they are printed."""

import pytest
from docx.oxml import parse_xml

from index.arrange import outline_of
from index.document import Source
from index.readers.docx import read_docx
from index.readers.docx_numbering import counted
from tests.office_files import grids, rows, saved, texts
from tests.word_files import NAMES, cell, document, paragraph, table


def numbered(levels: str, *parts: str, more: str = "") -> Source:
    """A document with list 7 of the given levels."""
    file = document(*parts)
    root = file.part.numbering_part.element
    made = parse_xml(
        f"<w:numbering {NAMES}><w:abstractNum w:abstractNumId='70'>{levels}</w:abstractNum>"
        f"<w:num w:numId='7'><w:abstractNumId w:val='70'/></w:num>{more}</w:numbering>"
    )
    root[:] = list(made)
    return read_docx("a.docx", saved(file))


def level(at: int, kind: str, text: str, more: str = "") -> str:
    return (
        f"<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{kind}'/>{more}"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
    )


def item(text: str, at: int = 0, number: int = 7) -> str:
    place = f"<w:numPr><w:ilvl w:val='{at}'/><w:numId w:val='{number}'/></w:numPr>"
    return paragraph(text, place)


LEVELS = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCountingThousand", "（%2）")
    + level(2, "decimal", "%3.")
)


def test_ordinals_that_word_counts_are_printed() -> None:
    source = numbered(
        LEVELS,
        item("部门概况"),
        item("职责", 1),
        item("拟订规划", 2),
        item("2024年任务", 2),
        item("机构", 1),
        item("内设机构", 2),
        item("预算说明"),
        item("收入", 1),
    )
    assert texts(source) == [
        "一、部门概况",
        "（一）职责",
        "1.拟订规划",
        "2. 2024年任务",
        "（二）机构",
        "1.内设机构",
        "二、预算说明",
        "（一）收入",
    ]
    assert [text.section for text in outline_of(source).texts][-1] == "二 (一)"


def test_ordinals_begin_again_where_the_list_says_so() -> None:
    again = (
        "<w:num w:numId='8'><w:abstractNumId w:val='70'/>"
        "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num>"
        "<w:num w:numId='9'><w:abstractNumId w:val='70'/></w:num>"
    )
    items = [
        item("甲"),
        item("乙"),
        item("丙", number=8),
        item("丁", number=8),
        item("戊", number=9),
    ]
    assert texts(numbered(LEVELS, *items, more=again)) == [
        "一、甲",
        "二、乙",
        "一、丙",
        "二、丁",
        "三、戊",
    ]


def test_outer_numbers_in_an_ordinal_and_one_without_a_list() -> None:
    levels = level(0, "chineseCounting", "第%1部分") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    source = numbered(
        levels, item("概况"), item("职责", 1), item("机构", 1), item("附件", number=0)
    )
    assert texts(source) == ["第一部分概况", "1.1职责", "1.2机构", "附件"]


@pytest.mark.parametrize(
    ("kind", "third"),
    [
        ("ideographTraditional", "丙"),
        ("decimalEnclosedCircleChinese", "③"),
        ("chineseLegalSimplified", "叁"),
        ("upperRoman", "III"),
        ("lowerLetter", "c"),
        ("ideographDigital", "三"),
        ("decimalZero", "03"),
        ("none", ""),
        ("bullet", ""),
    ],
)
def test_kinds_of_ordinals(kind: str, third: str) -> None:
    items = [item(""), item("甲"), item("乙")]
    expected = "乙" if kind == "bullet" else f"（{third}）乙"
    assert texts(numbered(level(0, kind, "（%1）"), *items))[-1] == expected


def test_numerals_of_two_and_three_digits() -> None:
    numbers = (10, 14, 20, 35, 100, 108, 112, 230)
    expected = "十 十四 二十 三十五 一百 一百零八 一百一十二 二百三十"
    assert " ".join(map(counted, numbers)) == expected


def test_the_list_of_a_style_and_serial_numbers_in_cells() -> None:
    file = document(
        paragraph("概况", '<w:pStyle w:val="own"/>'),
        table(["序号", "项目"], [cell(item("")), "甲"], [cell(item("×")), "乙"]),
        paragraph("说明", '<w:pStyle w:val="child"/>'),
    )
    place = '<w:numPr><w:numId w:val="7"/></w:numPr>'
    for name, base in (("own", ""), ("child", '<w:basedOn w:val="own"/>')):
        own = f"<w:pPr>{place if not base else ''}</w:pPr>"
        style = f'<w:style {NAMES} w:type="paragraph" w:styleId="{name}">{base}{own}</w:style>'
        file.styles.element.append(parse_xml(style))
    made = f"<w:abstractNum {NAMES} w:abstractNumId='70'>{LEVELS}</w:abstractNum>"
    root = file.part.numbering_part.element
    number = f"<w:num {NAMES} w:numId='7'><w:abstractNumId w:val='70'/></w:num>"
    root[:] = [parse_xml(made), parse_xml(number)]
    source = read_docx("a.docx", saved(file))
    assert texts(source) == ["一、概况", "四、说明"]
    assert rows(grids(source)[0])[2] == ["三、×", "乙"]
