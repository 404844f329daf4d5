"""PDF reader: ruled tables, their cells and places, over pages, and the real documents."""

import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph

from index.document import Grid, Source
from index.readers.pdf import read_pdf
from index.readers.pdf_box import read_box
from index.words import squeeze
from tests.pdf_pages import (
    BODY,
    CELL,
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
    simple_table,
    texts,
)

REAL = sorted((Path(__file__).parents[1] / "eval" / "budgets" / "real").glob("*.pdf"))
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
RIGHT = ParagraphStyle("right", CELL, alignment=2)


def long_body(count: int) -> Rows:
    """Rows of a table that no page holds."""
    return [
        (str(201 + n // 9), f"{n % 9:02d}", "", f"第{n}号事务", f"{n}.10", f"{n}.00", "0.10", "")
        for n in range(count)
    ]


def test_a_ruled_table_gives_its_cells_and_the_spans_of_its_head() -> None:
    (grid,) = grids(read(flowing_pdf(*captioned(budget_table()))))
    assert full(grid)[:2] == [
        ["科目编码"] * 3 + ["科目名称", "合计"] + ["本年预算"] * 3,
        ["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出", "上年结转"],
    ]
    assert [cell.spread for cell in grid.rows[0]] == [False, True, True, *[False] * 3, True, True]
    assert cells(grid)[2:] == [list(row) for row in BODY]


def test_title_and_both_ends_of_the_unit_line_stand_before_the_table() -> None:
    blocks = read(flowing_pdf(*captioned(budget_table()))).blocks
    assert [getattr(block, "text", "grid") for block in blocks] == [
        "表三一般公共预算支出表",
        "编制部门：青禾县园林局",
        "单位：万元",
        "grid",
    ]


@pytest.mark.parametrize("repeat", [0, 2])
@pytest.mark.parametrize("rules", ["grid", "upright", "none", "frame", "head alone"])
def test_a_table_over_pages_has_the_same_columns_on_each(rules: str, repeat: int) -> None:
    body = long_body(55)
    found = grids(read(flowing_pdf(*captioned(budget_table(rules, body, repeat=repeat)))))
    assert len(found) > 1 and {len(row) for grid in found for row in grid.rows} == {8}
    printed = [row for grid in found for row in cells(grid) if row[0].isdigit()]
    assert printed == [list(row) for row in body]
    heads = [full(grid)[0][0] == "科目编码" for grid in found]
    assert heads == [True] + [bool(repeat)] * (len(found) - 1)


def test_a_total_alone_on_the_next_page_keeps_the_columns_of_its_table() -> None:
    rows = [["类", "款", "名称", "预算数"], ["201", "03", "政府事务", "1.00"]]
    total = simple_table([["合计", "", "", "1.00"]], (40, 40, 120, 80), ("SPAN", (0, 0), (2, 0)))
    first, last = grids(
        read(flowing_pdf(simple_table(rows, (40, 40, 120, 80)), PageBreak(), total))
    )
    assert len(first.rows[0]) == 4
    assert full(last) == [["合计", "合计", "合计", "1.00"]]


def test_two_tables_on_neighbouring_pages_do_not_share_columns() -> None:
    one = simple_table([["项目", "预算数"], ["培训费", "1.00"]], (120, 80))
    other = simple_table([["项目", "款", "预算数"], ["印刷费", "02", "3.00"]], (60, 70, 80))
    first, last = grids(read(flowing_pdf(one, PageBreak(), other)))
    assert (len(first.rows[0]), len(last.rows[0])) == (2, 3)


def test_labels_and_figures_broken_in_a_narrow_cell_are_one() -> None:
    label, figure = Paragraph("社会保障和就业支出", CELL), Paragraph("371,514,655.00", RIGHT)
    rows = [["项目", "预算数"], [label, figure], ["其他", "12.00"]]
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, simple_table(rows, (60, 46)), 50, 90))))
    assert cells(grid)[1:] == [["社会保障和就业支出", "371,514,655.00"], ["其他", "12.00"]]


def test_two_figures_one_above_the_other_in_a_cell_are_never_one() -> None:
    rows = [["项目", "预算数"], ["培训费", "12.00\n34.50"]]
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, simple_table(rows, (90, 90)), 50, 90))))
    assert cells(grid)[1] == ["培训费", "12.00 34.50"]


def test_figures_of_touching_cells_are_two() -> None:
    rows = [["甲", "乙", "丙"], ["371,514,655.00", "371,514,655.00", "一、一般公共服务支出"]]
    style = (("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0))
    table = simple_table(rows, (63.2, 63.2, 100), *style)
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, table, 50, 90))))
    assert cells(grid)[1] == rows[1]


def test_writing_that_reaches_over_its_wall_stays_in_its_cell() -> None:
    rows = [
        ["项目", "预算数", "备注"],
        ["培训费", "371,514,655.00", ""],
        ["其他费用", "1.00", "无"],
    ]
    table = simple_table(rows, (60, 56, 60), ("ALIGN", (1, 1), (1, -1), "RIGHT"))
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, table, 50, 90))))
    assert cells(grid) == rows


def test_labels_keep_their_indentation() -> None:
    labels = ["教育支出", "　普通教育", "　　小学教育", "　　初中教育", "　职业教育", "合计"]
    rows = [["科目", "预算数"], *([label, "1.00"] for label in labels)]
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, simple_table(rows, (150, 80)), 50, 90))))
    assert [row[0].text for row in grid.rows[1:]] == labels


def test_centred_labels_are_not_indented() -> None:
    rows = [["科目", "预算数"], *([label, "1.00"] for label in ("教育", "社会保障", "合计支出数"))]
    table = simple_table(rows, (150, 80), ("ALIGN", (0, 0), (0, -1), "CENTER"))
    (grid,) = grids(read(canvas_pdf(lambda c: put(c, table, 50, 90))))
    assert [row[0].text for row in grid.rows] == [row[0] for row in rows]


def test_a_label_that_runs_upwards_or_down_is_read_in_its_merged_cell() -> None:
    rows = [
        ["", "产出指标", "10"],
        ["", "效益指标", "20"],
        ["目\n标", "满意度", "30"],
        ["", "", "5"],
    ]
    spans = (("SPAN", (0, 0), (0, 1)), ("SPAN", (0, 2), (0, 3)))

    def draw(canvas: Canvas) -> None:
        put(canvas, simple_table(rows, (40, 90, 60), *spans), 50, 100)
        canvas.saveState()
        canvas.translate(74, 705)
        canvas.rotate(90)
        canvas.drawString(0, 0, "年度目标")
        canvas.restoreState()

    (grid,) = grids(read(canvas_pdf(draw)))
    assert [row[0].text for row in grid.rows] == ["年度目标", "年度目标", "目标", "目标"]


def test_a_frame_around_text_is_no_table() -> None:
    box = simple_table([["本部门2024年收支总预算1234.56万元。"]], (300,))
    source = read(canvas_pdf(lambda c: put(c, box, 50, 90)))
    assert grids(source) == [] and texts(source) == ["本部门2024年收支总预算1234.56万元。"]


def test_each_cell_has_a_box_of_its_own_in_which_the_second_library_reads_the_same() -> None:
    content = flowing_pdf(*captioned(budget_table("grid", long_body(60), label_width=60)))
    places = []
    for block in read(content).blocks:
        squares = [c for row in block.rows for c in row] if isinstance(block, Grid) else [block]
        for square in squares:
            if not getattr(square, "spread", False):
                page, box = square.place.page, square.place.box
                assert page is not None and box is not None
                places.append((page, box))
                assert squeeze(read_box(content, page, box)) == squeeze(square.text)
    assert len(places) == len(set(places)) > 400


def test_the_second_library_reads_a_box_and_nothing_beside_it() -> None:
    content = canvas_pdf(lambda c: put(c, budget_table(), 30, 80))
    (grid,) = grids(read(content))
    place = grid.rows[2][4].place
    assert place.page == 1 and place.box is not None
    x0, top, x1, bottom = map(float, place.box.split(","))
    assert read_box(content, 1, place.box) == "1,040.70"
    half = f"{x0},{top},{(x0 + x1) / 2},{bottom}"
    assert 0 < len(read_box(content, 1, half)) < len("1,040.70")
    assert read_box(content, 1, f"{x0},{top - 300},{x1},{bottom - 300}") == ""


@pytest.fixture(scope="module", params=REAL, ids=lambda path: path.stem)
def real(request: pytest.FixtureRequest) -> tuple[bytes, Source]:
    path: Path = request.param
    return path.read_bytes(), read_pdf(path.name, path.read_bytes())


def test_every_number_of_a_real_table_page_is_read_once_and_unaltered(
    real: tuple[bytes, Source],
) -> None:
    content, source = real
    found: dict[int, Counter[str]] = defaultdict(Counter)
    tables = set()
    for block in source.blocks:
        squares = [c for row in block.rows for c in row] if isinstance(block, Grid) else [block]
        for square in squares:
            page = square.place.page or 0
            tables |= {page} if isinstance(block, Grid) else set()
            if not getattr(square, "spread", False):
                found[page].update(NUMBER.findall(squeeze(square.text)))
    document = pypdfium2.PdfDocument(content)
    for page in tables:
        words = document[page - 1].get_textpage().get_text_bounded().split()
        assert found[page] == Counter(n for word in words for n in NUMBER.findall(word)), page
    assert tables


def test_codes_of_real_tables_add_up_to_the_codes_above_them(real: tuple[bytes, Source]) -> None:
    """Classes of three figures are the sums of their own of five, these of those of seven."""
    sums = 0
    for table in _tables(real[1]):
        codes = {_code(row): _figures(row) for row in table if _code(row) and _figures(row)}
        for code, figures in codes.items():
            below = [f for c, f in codes.items() if c.startswith(code) and len(c) == len(code) + 2]
            if not below or any(len(f) != len(figures) for f in below):
                continue
            for at, figure in enumerate(figures):
                slip = sum(part[at] for part in below) - figure
                assert abs(slip) <= Decimal("0.03"), (code, at)
                sums += 1
    assert sums > 40


def _tables(source: Source) -> list[list[list[str]]]:
    """The rows of each table, its pages joined where no words stand between them."""
    tables: list[list[list[str]]] = []
    joined = False
    for block in source.blocks:
        if not isinstance(block, Grid):
            joined = False
            continue
        rows = cells(block)
        if joined:
            tables[-1] += rows
        else:
            tables.append(rows)
        joined = True
    return tables


def _code(row: list[str]) -> str:
    """201 | 03 | 01, or 2010301 in one column, with the zeros that a workbook has dropped."""
    parts = row[: next((at for at, word in enumerate(row) if word and not word.isdigit()), 0)]
    code = "".join(part.zfill(2) if at else part for at, part in enumerate(parts) if part)
    return code if len(code) in (3, 5, 7) else ""


def _figures(row: list[str]) -> list[Decimal]:
    """Blank squares count as nothing; a table with labels on both sides has none."""
    words = [at for at, word in enumerate(row) if word and not NUMBER.fullmatch(word)]
    if len(words) != 1:
        return []
    behind = [word.replace(",", "") or "0" for word in row[words[0] + 1 :]]
    return [Decimal(word) for word in behind]
