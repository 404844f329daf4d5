"""PDF reader: how pages are turned and cut, what they carry besides their text, paragraphs."""

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from index.document import Grid
from index.readers.pdf_box import read_box
from index.words import squeeze
from tests.pdf_pages import (
    BODY,
    FONT,
    PROSE,
    TITLE,
    Rows,
    budget_table,
    canvas_pdf,
    cells,
    cropped,
    flowing_pdf,
    grids,
    put,
    read,
    sideways,
    simple_table,
    texts,
    turned,
)

LEFT: Rows = (("项目", "预算数"), ("一、财政拨款", "1,128.76"), ("合计", "1,128.76"))
RIGHT: Rows = (("项目", "预算数"), ("一、教育支出", "1,000.00"), ("合计", "1,128.76"))


def whole_table(canvas: Canvas) -> None:
    put(canvas, budget_table(), 30, 80)


def unruled_table(canvas: Canvas) -> None:
    put(canvas, budget_table("none"), 30, 80)


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("drawn", ["upright", "up", "down", "unruled down"])
def test_a_turned_page_reads_as_an_upright_one(drawn: str, shown: int) -> None:
    draw = unruled_table if drawn.startswith("unruled") else whole_table
    if drawn == "upright":
        content = canvas_pdf(draw)
    else:
        content = canvas_pdf(lambda canvas: sideways(canvas, draw, up=drawn == "up"))
    content = turned(content, shown)
    (grid,) = grids(read(content))
    assert cells(grid)[2:] == [list(row) for row in BODY]
    for cell in (cell for row in grid.rows for cell in row if not cell.spread):
        assert cell.place.box and read_box(content, 1, cell.place.box) == squeeze(cell.text)


@pytest.mark.parametrize("shown", [0, 90])
def test_places_count_from_the_corner_of_what_is_shown(shown: int) -> None:
    content = turned(cropped(canvas_pdf(whole_table), 25, 300, 590, 800), shown)
    (grid,) = grids(read(content))
    place = grid.rows[2][4].place
    assert place.box and read_box(content, 1, place.box) == "1,040.70"
    x0, top, *_ = map(float, place.box.split(","))
    across, down = (500 - 60, 300) if shown else (320, 80)
    assert abs(x0 - across) < 60 and abs(top - down) < 60


def test_what_is_cut_away_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 820, "看不见的页眉")
        put(canvas, budget_table(), 30, 80)

    assert texts(read(cropped(canvas_pdf(draw), 0, 0, A4[0], 800))) == []


def test_tables_side_by_side_follow_one_another_each_with_its_title() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(290, 790, "青禾县园林局2024年部门预算")
        for x, title in ((60, "表一 收入表"), (330, "表二 支出表")):
            canvas.drawString(x, 760, title)
            canvas.drawString(x + 150, 745, "单位：万元")
        put(canvas, simple_table(LEFT, (120, 80)), 50, 105)
        put(canvas, simple_table(RIGHT, (120, 80)), 320, 105)

    blocks = read(canvas_pdf(draw)).blocks
    assert [cells(b) if isinstance(b, Grid) else b.text for b in blocks] == [
        "青禾县园林局2024年部门预算",
        "表一收入表",
        "单位：万元",
        [list(row) for row in LEFT],
        "表二支出表",
        "单位：万元",
        [list(row) for row in RIGHT],
    ]


def test_halves_of_one_table_ruled_apart_are_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(290, 790, "收支总表")
        canvas.drawString(60, 750, "部门：青禾县园林局")
        canvas.drawString(450, 750, "单位：万元")
        put(canvas, simple_table(LEFT, (120, 80)), 50, 105)
        put(canvas, simple_table(RIGHT, (120, 80)), 300, 105)

    (grid,) = grids(read(canvas_pdf(draw)))
    assert cells(grid) == [[*left, *right] for left, right in zip(LEFT, RIGHT, strict=True)]


def test_two_tables_one_below_the_other_stay_two() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, simple_table(LEFT, (120, 80)), 50, 105)
        canvas.drawString(60, 560, "表二 支出表")
        put(canvas, simple_table(RIGHT, (150, 60)), 50, 305)

    assert [cells(grid) for grid in grids(read(canvas_pdf(draw)))] == [
        [list(row) for row in LEFT],
        [list(row) for row in RIGHT],
    ]


def furnished(number: int) -> object:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 812, "青禾县园林局部门预算公开")
        canvas.drawRightString(550, 812, f"第{number}页 共4页")
        canvas.drawCentredString(297, 30, f"— {number} —")
        canvas.drawString(60, 780, f"表{number} 第{number}张表")
        canvas.drawString(450, 762, "单位：万元")
        put(canvas, simple_table(LEFT, (120, 80)), 50, 90)
        canvas.drawString(60, 640, "注：单位为万元。")

    return draw


def test_page_numbers_running_heads_and_feet_are_dropped_and_captions_kept() -> None:
    source = read(canvas_pdf(*(furnished(number) for number in range(1, 5))))  # type: ignore[arg-type]
    assert texts(source) == [
        text for n in range(1, 5) for text in (f"表{n}第{n}张表", "单位：万元", "注：单位为万元。")
    ]


def test_watermarks_are_dropped() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillGray(0.85)
        canvas.setFont(FONT, 50)
        canvas.drawCentredString(297, 640, "内部资料")
        canvas.translate(100, 300)
        canvas.rotate(40)
        canvas.drawString(0, 0, "仅供公开")
        canvas.restoreState()
        canvas.setFont(FONT, 10)
        put(canvas, budget_table(), 30, 80)

    source = read(canvas_pdf(draw, draw, draw))
    assert texts(source) == []
    assert [cells(grid)[2:] for grid in grids(source)] == [[list(row) for row in BODY]] * 3


def test_writing_that_is_not_seen_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "看得见的合计1,128.76万元。")
        canvas.setFillGray(1)
        canvas.drawString(60, 660, "看不见的合计9,999.99万元。")
        canvas.setFillGray(0)
        window = canvas.beginPath()
        window.rect(0, 400, 590, 200)
        canvas.clipPath(window, stroke=0)
        canvas.drawString(60, 580, "框里的合计2.00万元。")
        canvas.drawString(60, 300, "框外的合计3.00万元。")

    assert texts(read(canvas_pdf(draw))) == ["看得见的合计1,128.76万元。", "框里的合计2.00万元。"]


def test_bold_by_printing_twice_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.6):
            canvas.drawString(60 + shift, 700, "合计1,122.33万元")

    content = canvas_pdf(draw)
    (paragraph,) = read(content).blocks
    assert not isinstance(paragraph, Grid) and paragraph.text == "合计1,122.33万元"
    assert paragraph.place.box and read_box(content, 1, paragraph.place.box) == paragraph.text


def test_spaced_letters_and_kerned_figures_are_words() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, simple_table([["项  目", "合  计"], ["收 入 总 计", ""]], (120, 90)), 50, 90)
        text = canvas.beginText(185, 723)
        text.setFont(FONT, 9)
        text.setCharSpace(0.9)
        text.textOut("1,128.76")
        canvas.drawText(text)

    (grid,) = grids(read(canvas_pdf(draw)))
    assert [[squeeze(cell.text) for cell in row] for row in grid.rows] == [
        ["项目", "合计"],
        ["收入总计", "1,128.76"],
    ]
    assert grid.rows[1][1].text == "1,128.76"


def test_lines_are_joined_to_paragraphs_and_headings_stand_alone() -> None:
    sentence = "2024年收入预算1234.56万元，比上年增加12.30万元，增长1.01%，主要原因是项目增加。" * 3
    source = read(
        flowing_pdf(
            Paragraph("第三部分　青禾县园林局2024年部门预算情况说明以及其他重要事项的说明", TITLE),
            Paragraph("一、收入预算情况", PROSE),
            Paragraph(sentence, PROSE),
            Paragraph("1.财政拨款收入1,128.76万元。", PROSE),
            Paragraph("2.其他收入105.80万元。" + sentence, PROSE),
        )
    )
    assert [squeeze(text) for text in texts(source)] == [
        squeeze(text)
        for text in (
            "第三部分青禾县园林局2024年部门预算情况说明以及其他重要事项的说明",
            "一、收入预算情况",
            sentence,
            "1.财政拨款收入1,128.76万元。",
            "2.其他收入105.80万元。" + sentence,
        )
    ]


def test_lines_without_indentation_break_at_ordinals_and_short_lines() -> None:
    lines = [
        "一、部门职责",
        "负责全县城市园林绿化的规划建设管理养护和监督检查工作，负责城市公园广场的管理与",
        "服务。",
        "（一）负责城市园林绿化的规划建设管理养护和监督检查等各项工作，以及其他有关工作",
        "（二）负责城市公园。",
    ]

    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            canvas.drawString(60, 700 - 18 * at, line)

    assert texts(read(canvas_pdf(draw))) == [lines[0], lines[1] + lines[2], lines[3], lines[4]]


def test_english_words_keep_their_blanks() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        first = "All expenditures below are printed in thousands of dollars, and they include"
        canvas.drawString(60, 760, first)
        canvas.drawString(60, 746, "all funds of the department for the fiscal year 2024.")
        rows = [["Program", "Adopted 2024"], ["Parks and gardens", "(1,234)"], ["Total", "5,678"]]
        put(canvas, simple_table(rows, (150, 90)), 60, 120)

    source = read(canvas_pdf(draw))
    assert "thousands of dollars, and they include all funds" in texts(source)[0]
    assert cells(grids(source)[0])[1] == ["Parks and gardens", "(1,234)"]
