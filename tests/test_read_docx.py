"""Word documents as departments publish them: what is printed, in order, with its place."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrange import outline_of
from index.document import Grid, Paragraph
from index.errors import BudgetError
from index.readers.docx import read_docx
from tests.office_files import edited, grids, put, rows, saved, texts
from tests.word_files import DOWN, NAMES, SPAN, UP, cell, document, paragraph, read, table

BODY = "word/document.xml"


def test_paragraphs_and_tables_stand_in_order_with_their_places() -> None:
    source = read(paragraph("一、概况"), paragraph(" "), table(["项目", "金额"]), paragraph("完"))
    assert [(type(b), str(b.place)) for b in source.blocks] == [
        (Paragraph, "¶1"),
        (Grid, "t1r1c1"),
        (Paragraph, "¶2"),
    ]
    assert source.format == "docx" and source.warnings == ()


def test_headings_keep_their_level() -> None:
    file = docx.Document()
    file.add_heading("某局2024年部门预算", 0)
    file.add_heading("第一部分", 1)
    file.add_heading("一、概况", 2)
    file.add_paragraph("正文。")
    direct = paragraph("二、收支", '<w:outlineLvl w:val="1"/>')
    own = parse_xml(f"<w:body {NAMES}>{direct}</w:body>")
    file.element.body.insert(len(file.element.body) - 1, own[0])
    blocks = read_docx("a.docx", saved(file)).blocks
    assert [b.level for b in blocks if isinstance(b, Paragraph)] == [1, 1, 2, 0, 2]


def test_a_head_of_three_rows_keeps_its_merged_words_over_their_columns() -> None:
    source = read(
        table(
            [cell("单位名称", DOWN), cell("合计", DOWN), cell("其中", SPAN.format(3))],
            [
                cell("", UP), cell("", UP),
                cell("基本支出", SPAN.format(2)), cell("项目支出", DOWN),
            ],
            [cell("", UP), cell("", UP), "人员", "公用", cell("", UP)],
            ["某局", "3", "1", "1", "1"],
        )
    )  # fmt: skip
    [grid] = grids(source)
    assert rows(grid) == [
        ["单位名称", "合计", "其中", "~其中", "~其中"],
        ["~单位名称", "~合计", "基本支出", "~基本支出", "项目支出"],
        ["~单位名称", "~合计", "人员", "公用", "~项目支出"],
        ["某局", "3", "1", "1", "1"],
    ]
    assert str(grid.rows[2][4].place) == "t1r2c4" and str(grid.rows[3][4].place) == "t1r4c5"


def test_squares_left_out_before_a_row_and_cells_merged_the_old_way() -> None:
    before = "<w:trPr><w:gridBefore w:val='1'/></w:trPr>"
    old = [cell("合计", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("9")]
    made = table(["科目", "名称", "金额"], ["205", "教育支出", "9"], old)
    made = made.replace("</w:tbl>", f"<w:tr>{before}{cell('其中')}{cell('4')}</w:tr></w:tbl>")
    assert rows(grids(read(made))[0])[2:] == [["合计", "~合计", "9"], ["", "其中", "4"]]


def test_rows_and_cells_in_content_controls_are_read_and_deleted_rows_are_not() -> None:
    row = f"<w:tr>{cell('合计')}<w:sdt><w:sdtContent>{cell('12')}</w:sdtContent></w:sdt></w:tr>"
    gone = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('旧')}{cell('1')}</w:tr>"
    made = table(["项目", "金额"]).replace(
        "</w:tbl>", f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>{gone}</w:tbl>"
    )
    assert rows(grids(read(made))[0]) == [["项目", "金额"], ["合计", "12"]]
    inside = f"<w:sdt><w:sdtContent>{paragraph('目录')}{made}</w:sdtContent></w:sdt>"
    assert len(read(inside).blocks) == 2


def test_indents_of_cells_show_as_full_width_spaces() -> None:
    def indented(text: str, place: str) -> str:
        return cell(paragraph(text, f"<w:ind {place}/>"))

    lines = [
        indented("基本工资", 'w:leftChars="200" w:left="420"'),
        indented("津贴", 'w:left="420"'),
        indented("奖金", 'w:firstLineChars="100"'),
        indented("　绩效", 'w:firstLine="420"'),
        indented("悬挂", 'w:left="420" w:hanging="420"'),
        cell(paragraph("居中", '<w:ind w:left="420"/><w:jc w:val="center"/>')),
    ]
    found = [row[0] for row in rows(grids(read(table(*([line, "1"] for line in lines))))[0])]
    assert found == ["　　基本工资", "　　津贴", "　奖金", "　绩效", "悬挂", "居中"]


def test_paragraphs_and_breaks_in_a_cell_are_lines_of_one_text() -> None:
    wrapped = cell("<w:p><w:r><w:t>2024年</w:t><w:br/><w:t>预算数</w:t></w:r></w:p>")
    two = cell(paragraph("政府性") + paragraph(" ") + paragraph("基金"))
    assert rows(grids(read(table(["项目", wrapped, two], ["合计", "1", "2"])))[0])[0] == [
        "项目",
        "2024年\n预算数",
        "政府性\n基金",
    ]


def box(content: str) -> str:
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{inner}</w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_with_its_tables() -> None:
    anchor = f"<w:p><w:r><w:t>部门收支总表</w:t></w:r>{box(paragraph('单位：万元'))}</w:p>"
    source = read(anchor, table(["项目", "金额"], ["合计", "1"]))
    assert texts(source) == ["部门收支总表", "单位：万元"]
    [printed] = outline_of(source).tables
    assert (printed.title, printed.unit) == ("部门收支总表", "万元")
    inside = read(f"<w:p>{box(table(['项目', '金额'], ['合计', '2']))}</w:p>")
    assert rows(grids(inside)[0])[1] == ["合计", "2"]


def test_a_text_box_without_alternatives_and_one_in_a_cell() -> None:
    old = (
        f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('旧框')}</w:txbxContent></w:pict></w:r></w:p>"
    )
    assert texts(read(old)) == ["旧框"]
    source = read(table(["项目", "金额"], [cell(f"<w:p>{box(paragraph('注：框'))}</w:p>"), "1"]))
    assert texts(source) == ["注：框"] and rows(grids(source)[0])[1] == ["", "1"]


def test_revisions_are_read_as_accepted_and_told() -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    changed = (
        f"<w:p>{run('预算')}<w:del w:id='1'><w:r><w:delText>10</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run('12')}</w:ins><w:moveFrom w:id='3'>{run('旧')}</w:moveFrom>"
        f"<w:moveTo w:id='4'>{run('万元')}</w:moveTo></w:p>"
    )
    source = read(changed, paragraph("教育", "<w:rPr><w:del w:id='5'/></w:rPr>"), paragraph("支出"))
    assert texts(source) == ["预算12万元", "教育支出"]
    assert "修订" in source.warnings[0]


def test_what_is_not_printed_is_not_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    field = (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        "<w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt>"
    )
    file = document(
        f"<w:p>{hidden}<w:r><w:t>第</w:t></w:r>{field}{prompt}<w:r><w:t>页</w:t></w:r></w:p>"
    )
    file.sections[0].header.paragraphs[0].text = "页眉"
    assert texts(read_docx("a.docx", saved(file))) == ["第3页"]


def test_tabs_breaks_hyphens_and_formulas_are_printed() -> None:
    runs = (
        "<w:r><w:t>一、概况</w:t><w:tab/><w:t>1</w:t></w:r><w:r><w:br/><w:t>A</w:t>"
        "<w:noBreakHyphen/><w:t>B</w:t><w:br w:type='page'/></w:r>"
        "<m:oMath><m:r><m:t>≥85%</m:t></m:r></m:oMath>"
    )
    source = read(f"<w:p>{runs}</w:p>")
    assert texts(source) == ["一、概况\t1", "A-B≥85%"]
    assert {str(block.place) for block in source.blocks} == {"¶1"}


def test_footnotes_follow_the_paragraph_or_table_that_refers_to_them() -> None:
    note = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    made = table(["项目", "金额"], [cell(f"<w:p><w:r><w:t>合计</w:t></w:r>{note}</w:p>"), "1"])
    content = saved(document(made, paragraph("完")))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    notes = (
        f"<w:footnotes {NAMES}><w:footnote w:type='separator' w:id='0'>{paragraph('——')}"
        f"</w:footnote><w:footnote w:id='2'>{paragraph('注：含结转。')}</w:footnote></w:footnotes>"
    )
    part = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    edits = {
        "word/_rels/document.xml.rels": put("</Relationships>", link),
        "[Content_Types].xml": put("</Types>", part),
    }
    source = read_docx("a.docx", edited(content, edits, {"word/footnotes.xml": notes.encode()}))
    assert texts(source) == ["注：含结转。", "完"]
    assert outline_of(source).tables[0].note == "注：含结转。"


def test_frames_and_boxes_of_one_cell_are_text() -> None:
    source = read(
        table([cell(paragraph("第一段。") + paragraph("第二段。"))]), table(["甲"], ["乙"])
    )
    assert [(b.text, str(b.place)) for b in source.blocks if isinstance(b, Paragraph)] == [
        ("第一段。", "t1r1c1"),
        ("第二段。", "t1r1c1"),
        ("甲", "t2r1c1"),
        ("乙", "t2r2c1"),
    ]


def test_a_table_in_a_frame_is_a_table_of_its_own() -> None:
    inner = table(["项目", "金额"], ["合计", "1"])
    source = read(table([cell(paragraph("收入总表") + inner + paragraph(""))]))
    assert texts(source) == ["收入总表"]
    assert rows(grids(source)[0]) == [["项目", "金额"], ["合计", "1"]]
    assert str(grids(source)[0].rows[1][1].place) == "t2r2c2"


def test_a_small_table_in_a_cell_of_figures_does_not_undo_the_table_around_it() -> None:
    inner = cell(paragraph("明细") + table(["甲", "1"], ["乙", "2"]) + paragraph(""))
    outer, small = grids(read(table(["项目", "金额"], [inner, "3"])))
    assert rows(outer) == [["项目", "金额"], ["明细", "3"]]
    assert rows(small) == [["甲", "1"], ["乙", "2"]]


def test_a_caption_in_a_table_of_its_own_belongs_to_the_table_below() -> None:
    source = read(
        table([cell("部门收入总表", SPAN.format(2))], ["部门：某局", "单位：元"]),
        table(["项目", "金额"], ["合计", "1"]),
    )
    [printed] = outline_of(source).tables
    assert (printed.title, printed.unit, len(printed.rows)) == ("部门收入总表", "元", 2)


def test_an_empty_table_is_no_caption() -> None:
    source = read(
        table([cell("基金支出表", SPAN.format(2))], ["部门：某局", "单位：元"], ["科目", "合计"]),
        paragraph("注：本部门无此项内容。"),
    )
    [printed] = outline_of(source).tables
    assert (printed.title, len(printed.rows)) == ("基金支出表", 1)


def test_title_and_unit_in_merged_rows_of_the_table_itself() -> None:
    source = read(
        table(
            [cell("部门收入总表", SPAN.format(3))],
            [cell("部门：某局", SPAN.format(2)), "单位：元"],
            ["科目编码", "科目名称", "预算数"],
            ["205", "教育支出", "1.00"],
            [cell("注：本表含结转。", SPAN.format(3))],
        )
    )
    [printed] = outline_of(source).tables
    assert (printed.title, printed.unit) == ("部门收入总表", "元")
    assert (len(printed.rows), printed.note) == (2, "注：本表含结转。")


def test_a_table_cut_in_two_by_its_author_is_joined() -> None:
    head, more = ["项目", "金额"], ["乙", "2.00"]
    source = read(paragraph("单位：元"), table(head, ["甲", "1.00"]), table(head, more))
    assert len(grids(source)) == 2
    assert [len(printed.rows) for printed in outline_of(source).tables] == [4]


def test_large_pictures_are_told() -> None:
    file = document(paragraph("预算"))
    pixel = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
        b"\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
    )
    file.add_picture(BytesIO(pixel), width=Cm(1))
    assert read_docx("a.docx", saved(file)).warnings == ()
    file.add_picture(BytesIO(pixel), width=Cm(12), height=Cm(8))
    [warning] = read_docx("a.docx", saved(file)).warnings
    assert "1 张图片" in warning


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(BudgetError, match="没有文字"):
        read(paragraph(""), table(["", ""]))


@pytest.mark.parametrize("span", ["99999999", "-3", "x"])
def test_a_span_without_measure_is_refused_or_read(span: str) -> None:
    made = table(["项目", cell("金额", SPAN.format(span))], ["合计", "1"])
    try:
        assert rows(grids(read(made))[0])[1] == ["合计", "1"]
    except BudgetError as error:
        assert error.mend


WHOLE = saved(document(paragraph("一、概况"), table(["项目", cell("金额", DOWN)], ["合计", "1"])))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_broken_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(WHOLE) // 2, len(WHOLE)))]
    try:
        assert read_docx("a.docx", bytes(content)).blocks
    except BudgetError as error:
        assert error.place == "a.docx" and error.mend


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_xml_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from([BODY, "word/numbering.xml", "word/styles.xml"]))
    old = data.draw(st.sampled_from(['"', "<", "w:tc", "1", "0", "w:p", "val", "w:body", " "]))
    new = data.draw(st.sampled_from(["", "-1", "99999999", "<", "x", "&", '"']))
    content = edited(WHOLE, {part: lambda xml: xml.replace(old.encode(), new.encode())})
    try:
        read_docx("a.docx", content)
    except BudgetError as error:
        assert error.place == "a.docx" and error.mend


def test_links_out_of_the_file_are_not_followed() -> None:
    target = "http://192.0.2.1/template.dotx"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    link = f'<Relationship Id="rId98" Type="{kind}" Target="{target}" TargetMode="External"/>'
    edits = {"word/_rels/document.xml.rels": put("</Relationships>", link + "</Relationships>")}
    assert texts(read_docx("a.docx", edited(WHOLE, edits))) == ["一、概况"]
    assert BODY in zipfile.ZipFile(BytesIO(WHOLE)).namelist()
