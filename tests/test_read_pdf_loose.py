"""PDF reader: tables without rules, with some rules, with heads over several columns."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from index.words import squeeze
from tests.pdf_pages import (
    BODY,
    FONT,
    HEAD,
    PLAIN,
    RULES,
    WIDTHS,
    Rows,
    budget_table,
    canvas_pdf,
    captioned,
    cells,
    flowing_pdf,
    full,
    grids,
    put,
    read,
    texts,
)

HEADS = [
    ["科目编码"] * 3 + ["科目名称", "合计"] + ["本年预算"] * 3,
    ["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出", "上年结转"],
]


def unruled(rows: Rows, widths: tuple[float, ...], *style: object) -> bytes:
    """One unruled table on a page: words at the left, figures at the right."""
    base = [("FONT", (0, 0), (-1, -1), FONT, 9), ("ALIGN", (1, 1), (-1, -1), "RIGHT")]
    table = Table([list(row) for row in rows], colWidths=widths, style=TableStyle([*base, *style]))
    return canvas_pdf(lambda canvas: put(canvas, table, 50, 120))


@pytest.mark.parametrize("label_width", [WIDTHS[3], 84], ids=["whole labels", "wrapped labels"])
@pytest.mark.parametrize("rules", RULES)
def test_whatever_is_ruled_the_cells_are_the_same(rules: str, label_width: float) -> None:
    (grid,) = grids(read(flowing_pdf(*captioned(budget_table(rules, label_width=label_width)))))
    assert full(grid)[:2] == HEADS
    assert cells(grid)[2:] == [list(row) for row in BODY]


def test_a_blank_column_is_known_by_its_head() -> None:
    rows = [
        ["项目", "合计", "基本支出", "备注"],
        ["培训费", "3.00", "3.00", ""],
        ["差旅费", "1.00", "", ""],
    ]
    (grid,) = grids(read(unruled(rows, (100, 80, 80, 80))))
    assert cells(grid) == rows


def test_centred_heads_far_from_figures_at_the_right_are_theirs() -> None:
    rows = [
        ["收入", "", "支出", ""],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款", "1,128.76", "一、教育支出", "1,000.00"],
        ["二、事业收入", "20.00", "二、卫生支出", "148.76"],
        ["收入总计", "1,148.76", "支出总计", "1,148.76"],
    ]
    style = (
        ("SPAN", (0, 0), (1, 0)),
        ("SPAN", (2, 0), (3, 0)),
        ("ALIGN", (2, 2), (2, -1), "LEFT"),
        ("ALIGN", (0, 0), (-1, 1), "CENTER"),
    )
    (grid,) = grids(read(unruled(rows, (150, 100, 150, 100), *style)))
    assert full(grid)[0] == ["收入", "收入", "支出", "支出"]
    assert cells(grid)[1:] == rows[1:]


def test_a_label_merged_over_rows_is_theirs_all() -> None:
    rows = [
        ["单位名称", "项目名称", "合计"],
        ["青禾县园林局", "小计", "30.00"],
        ["", "道路绿化", "20.00"],
        ["", "公园养护", "5.00"],
        ["", "古树保护", "5.00"],
        ["青禾县苗圃", "小计", "7.00"],
        ["", "育苗", "7.00"],
    ]
    style = [
        ("SPAN", (0, 1), (0, 4)),
        ("SPAN", (0, 5), (0, 6)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    style += [("ALIGN", (1, 1), (1, -1), "LEFT")]
    (grid,) = grids(read(unruled(rows, (110, 110, 80), *style)))
    assert [row[0].text for row in grid.rows] == ["单位名称"] + ["青禾县园林局"] * 4 + [
        "青禾县苗圃"
    ] * 2
    assert [row[1:] for row in cells(grid)] == [row[1:] for row in rows]


def test_running_text_with_figures_is_no_table() -> None:
    lines = [
        "2024年收入预算 1234.56 万元，比上年",
        "增加 12.30 万元，增长 1.01 %，其中基本",
        "支出 900.00 万元。",
    ]

    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            canvas.drawString(60, 700 - 18 * at, line)

    source = read(canvas_pdf(draw))
    assert grids(source) == [] and "1234.56" in texts(source)[0]


@pytest.mark.parametrize("dots", [True, False])
def test_a_contents_page_is_no_table(dots: bool) -> None:
    entries = [
        ("第一部分 部门概况", 1),
        ("一、主要职能", 1),
        ("二、机构设置", 3),
        ("第二部分 预算表", 5),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(297, 760, "目  录")
        for at, (entry, page) in enumerate(entries):
            leader = "…" * 20 if dots else ""
            canvas.drawString(60, 720 - 20 * at, entry + leader)
            canvas.drawString(500, 720 - 20 * at, str(page))

    source = read(canvas_pdf(draw))
    assert grids(source) == []
    assert [squeeze(text).strip(".0123456789") for text in texts(source)] == [
        "目录",
        *(squeeze(entry) for entry, _ in entries),
    ]


def test_an_empty_table_of_which_the_head_alone_is_printed_is_a_table() -> None:
    head = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    note = "注：本部门无此项内容，本表为空表。"

    def draw(canvas: Canvas) -> None:
        canvas.drawCentredString(290, 780, "政府性基金预算支出表")
        canvas.drawString(430, 762, "单位：万元")
        table = Table(head, colWidths=(80, 120, 80, 80, 80), style=TableStyle(list(PLAIN[:2])))
        put(canvas, table, 50, 90)
        canvas.drawString(55, 700, note)

    source = read(canvas_pdf(draw))
    assert [full(grid) for grid in grids(source)] == [head]
    assert texts(source)[-1] == note


words = st.text(st.sampled_from("预算支出教育卫生农林水事务管理"), min_size=2, max_size=9)
figures = st.decimals(0, 9_999_999, places=2).map(lambda value: f"{value:,.2f}")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(words, figures, figures, st.one_of(figures, st.just(""))), min_size=3, max_size=9
    ),
    st.sampled_from(("grid", "three lines", "level", "none")),
)
def test_no_figure_is_lost_made_up_or_moved(body: list[tuple[str, ...]], rules: str) -> None:
    rows = [[str(201 + n), "", "", *row, ""] for n, row in enumerate(body)]
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, budget_table(rules, rows), 30, 80))))
    columns = [at for at in range(8) if at in (0, 3) or HEAD[1][at] or any(r[at] for r in rows)]
    found = [[row[at] for at in range(len(row)) if row[at]] for row in cells(grid)[2:]]
    assert found == [[row[at] for at in columns if row[at]] for row in rows]
    fourth = [row[4] for row in cells(grid)[2:]]
    assert fourth == [row[4] for row in rows]


def test_figures_of_close_unruled_columns_are_two() -> None:
    def draw(canvas: Canvas) -> None:
        rows = [("收入", "1,128,760.00", "1,128,760.00"), ("支出", "988,560.00", "988,560.00")]
        for at, (label, one, other) in enumerate([("项目", "预算数", "决算数"), *rows]):
            canvas.drawString(60, 700 - 18 * at, label)
            canvas.drawRightString(200, 700 - 18 * at, one)
            canvas.drawRightString(200 + canvas.stringWidth(rows[0][2]) + 6, 700 - 18 * at, other)

    (grid,) = grids(read(canvas_pdf(draw)))
    assert cells(grid)[1] == ["收入", "1,128,760.00", "1,128,760.00"]
    assert cells(grid)[2] == ["支出", "988,560.00", "988,560.00"]


def test_heads_broken_over_lines_are_one_cell_each() -> None:
    rows = [
        ["单位名称", "合计", "一般公共\n预算收入", "事业单位\n经营收入"],
        ["青禾县园林局", "30.00", "20.00", "10.00"],
        ["青禾县苗圃", "7.00", "7.00", ""],
    ]
    style = (("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("ALIGN", (0, 0), (-1, 0), "CENTER"))
    (grid,) = grids(read(unruled(rows, (110, 70, 80, 80), *style)))
    assert cells(grid) == [["单位名称", "合计", "一般公共预算收入", "事业单位经营收入"], *rows[1:]]


def test_rows_without_figures_before_and_behind_the_others_are_rows() -> None:
    rows = [
        ["项目", "预算数"],
        ["一、一般公共服务支出", ""],
        ["二、外交支出", ""],
        ["三、教育支出", "20.00"],
        ["四、国防支出", ""],
        ["五、卫生支出", "10.00"],
        ["六、其他支出", ""],
    ]
    style = (("ALIGN", (0, 0), (-1, 0), "CENTER"),)
    (grid,) = grids(read(unruled(rows, (150, 90), *style)))
    assert cells(grid) == rows
