"""Cells with spans become a grid in which every figure stands once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Grid, Place
from index.readers.spans import MOST_SQUARES, Spanned, compacted, grid_of, laid_out, trimmed
from tests.office_files import rows


def spanned(row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> Spanned:
    place = Place(cell=f"t1r{row + 1}c{column + 1}")
    return Spanned(row=row, column=column, rows=rows, columns=columns, text=text, place=place)


def made(*cells: Spanned) -> Grid:
    grid = grid_of(cells)
    assert grid is not None
    return grid


def test_copies_of_a_merged_cell_keep_its_place() -> None:
    grid = made(
        spanned(0, 0, "项目", rows=2),
        spanned(0, 1, "预算数", columns=2),
        spanned(1, 1, "本年"),
        spanned(1, 2, "上年"),
    )
    assert rows(grid) == [["项目", "预算数", "~预算数"], ["~项目", "本年", "上年"]]
    assert str(grid.rows[1][0].place) == "t1r1c1"


def test_a_square_that_no_cell_covers_is_blank_and_the_first_of_two_claims_holds() -> None:
    assert rows(made(spanned(0, 1, "甲"), spanned(1, 0, "丙"))) == [["", "甲"], ["丙", ""]]
    both = made(spanned(0, 0, "甲", columns=2), spanned(0, 1, "乙"), spanned(1, 0, "丙"))
    assert rows(both) == [["甲", "~甲"], ["丙", ""]]


def test_columns_in_which_only_copies_stand_are_left_out() -> None:
    head = [spanned(0, 0, "项目"), spanned(0, 1, "预算数", columns=2), spanned(0, 3, "备注")]
    body = [spanned(1, 0, "合计"), spanned(1, 1, "9", columns=2), spanned(1, 3, "新")]
    assert rows(made(*head, *body)) == [["项目", "预算数", "备注"], ["合计", "9", "新"]]
    title = [spanned(0, 0, "总表", columns=2), spanned(0, 2, "", columns=2)]
    moved = [spanned(cell.row + 1, cell.column, cell.text, 1, cell.columns) for cell in head + body]
    assert rows(made(*title, *moved))[2] == ["合计", "9", "新"]


def test_rows_of_copies_alone_are_left_out() -> None:
    grid = made(spanned(0, 0, "合计", rows=2), spanned(0, 1, "9", rows=2), spanned(2, 0, "其中"))
    assert rows(grid) == [["合计", "9"], ["其中", ""]]


def test_a_blank_column_stays_where_another_grid_may_go_on_with_this_one() -> None:
    cells = [
        spanned(0, 0, "某中心", columns=3),
        *(spanned(row, 0, "甲") for row in (1, 2)),
        *(spanned(row, 1, "") for row in (1, 2)),
        *(spanned(row, 2, "9") for row in (1, 2)),
    ]
    assert rows(made(*cells))[1] == ["甲", "", "9"]
    whole = laid_out(cells)
    assert whole is not None
    assert rows(compacted(whole, blanks=True))[1] == ["甲", "9"]


def test_no_cells_make_no_grid_and_too_many_squares_an_error() -> None:
    assert grid_of([]) is None
    with pytest.raises(ValueError, match="squares"):
        grid_of([spanned(0, 0, "甲", columns=MOST_SQUARES + 1)])


@pytest.mark.parametrize(
    ("text", "indent", "expected"),
    [
        ("　　住房公积金 ", 0, "　　住房公积金"),
        ("  住房公积金", 3, "  住房公积金"),
        ("基本工资", 2, "　　基本工资"),
        ("标题", 99, "　" * 8 + "标题"),
        (" 1,234.50 ", 2, "1,234.50"),
        ("　—", 1, "—"),
        ("\n合计\n", 0, "合计"),
    ],
)
def test_what_sets_a_label_in_is_kept_and_other_white_space_is_not(
    text: str, indent: int, expected: str
) -> None:
    assert trimmed(text, indent) == expected


@given(
    st.lists(
        st.builds(
            spanned,
            row=st.integers(0, 4),
            column=st.integers(0, 4),
            text=st.sampled_from(["", "甲", "1"]),
            rows=st.integers(1, 3),
            columns=st.integers(1, 3),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_has_the_same_squares_and_no_text_is_lost_or_doubled(
    cells: list[Spanned],
) -> None:
    whole, grid = laid_out(cells), grid_of(cells)
    assert whole is not None and grid is not None
    assert len({len(row) for row in grid.rows}) == 1
    own = [
        [(c.text, str(c.place)) for row in g.rows for c in row if not c.spread and not c.blank]
        for g in (whole, grid)
    ]
    assert own[0] == own[1]
