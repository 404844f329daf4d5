"""A citation opens the printed place it points to, marked, and escaped."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from assistant.answer import Citation
from assistant.compose import cite
from assistant.evidence import MOST_ROWS, Evidence, evidence, stretch
from assistant.panel import evidence_html
from index.document import Cell, Place
from index.fact import Budget, Fact, Kind, Passage, PassageKind, RowKind, Table, TableState
from index.read import read_budget

SAMPLE = Path(__file__).parent.parent / "eval" / "budgets" / "sichuan-bigdata-2023.txt"


@dataclass(frozen=True)
class Named:
    document: str
    title: str


@dataclass(frozen=True)
class Shelf:
    """One document, as the store hands it out."""

    table: Sequence[Table] = ()
    fact: Sequence[Fact] = ()
    passage: Sequence[Passage] = ()
    names: Sequence[Named] = field(default_factory=lambda: (Named("a.txt", "某局2023年部门预算"),))

    def documents(self) -> Sequence[Named]:
        return self.names

    def tables(self, document: str = "") -> tuple[Table, ...]:
        return tuple(self.table)

    def facts(self, document: str = "") -> tuple[Fact, ...]:
        return tuple(self.fact)

    def passages(self, document: str = "") -> tuple[Passage, ...]:
        return tuple(self.passage)


def row(line: int, *texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text, place=Place(line=line, field=at)) for at, text in enumerate(texts))


HEAD = row(10, "科目", "合计", "项目支出")
TABLE = Table(
    document="a.txt",
    number="表三",
    title="部门支出总表",
    section="第二部分",
    unit="万元",
    state=TableState.PRESENT,
    place=Place(line=8, line_end=13),
    rows=(
        HEAD,
        row(11, "合计", "6.00", "6.00"),
        row(12, "培训支出", "5.00", "5.00"),
        row(13, "其他"),
    ),
    header_rows=1,
)
TRAINING = Citation(
    document="a.txt",
    section="第二部分",
    table="表三 部门支出总表",
    row="培训支出",
    column="项目支出",
    line=12,
    line_end=12,
    quote="5.00",
)


def fact(line: int, square: int, label: str, printed: str) -> Fact:
    return Fact(
        id=f"表三/{line}/{square}",
        document="a.txt",
        year=2023,
        section="第二部分",
        table="表三",
        title="部门支出总表",
        label=label,
        row_path=(label,),
        column=(HEAD[square].text,),
        value=None,
        printed=printed,
        unit="万元",
        kind=Kind.MONEY if printed else Kind.BLANK,
        row_kind=RowKind.ITEM,
        place=Place(line=line, field=square),
        label_places=(Place(line=line, field=0),),
        header_places=(HEAD[square].place,),
    )


FACTS = tuple(
    fact(line, square, label, printed)
    for line, label, printed in ((11, "合计", "6.00"), (12, "培训支出", "5.00"))
    for square in (1, 2)
)
SHELF = Shelf(table=(TABLE,), fact=FACTS)


def marked_text(shown: Evidence) -> str:
    assert shown.marked_cell is not None
    at, square = shown.marked_cell
    return shown.rows[at][square].text.strip()


def test_the_cell_is_told_from_an_equal_one_in_the_same_row_by_its_column() -> None:
    shown = evidence(SHELF, TRAINING)
    assert (shown.marked_cell, marked_text(shown)) == ((1, 2), "5.00")
    assert shown.marked_rows == {1}
    assert shown.marked_column == {(0, 2), (1, 2)} and shown.marked_header == {(0, 2)}
    assert shown.title == "某局2023年部门预算"


def test_a_row_shifted_sideways_keeps_its_column_by_the_facts() -> None:
    shifted = row(12, "", "培训支出", "5.00", "4.00")
    table = replace(TABLE, rows=(HEAD, TABLE.rows[1], shifted))
    moved = replace(fact(12, 2, "培训支出", "4.00"), place=Place(line=12, field=3))
    shown = evidence(
        Shelf(table=(table,), fact=(*FACTS[:2], moved)), replace(TRAINING, quote="4.00")
    )
    assert shown.marked_cell == (1, 3) and shown.marked_column == {(0, 2), (1, 3)}


def test_without_facts_the_text_alone_finds_the_cell() -> None:
    shown = evidence(Shelf(table=(TABLE,)), replace(TRAINING, column="", quote="培训支出"))
    assert shown.marked_cell == (1, 0)


def test_a_wrapped_label_is_marked_with_the_row_it_belongs_to() -> None:
    table = replace(TABLE, rows=(HEAD, row(11, "培训支"), row(12, "出", "5.00", "5.00")))
    wrapped = replace(FACTS[3], label_places=(Place(line=11, field=0), Place(line=12, field=0)))
    shown = evidence(Shelf(table=(table,), fact=(wrapped,)), replace(TRAINING, line=11))
    assert shown.marked_rows == {0, 1} and shown.marked_cell == (1, 2)


def test_a_blank_square_is_marked_although_its_label_is_quoted() -> None:
    table = replace(TABLE, rows=(HEAD, row(12, "培训支出", "5.00", "")))
    shelf = Shelf(table=(table,), fact=(fact(12, 2, "培训支出", ""),))
    shown = evidence(shelf, replace(TRAINING, quote="培训支出"))
    assert shown.marked_cell == (0, 2)


def test_an_empty_and_a_missing_table_say_so() -> None:
    note = replace(TRAINING, row="", column="", line=9, line_end=9, quote="注：无此项内容")
    for state, words in (
        (TableState.EMPTY, "这张表没有数据"),
        (TableState.MISSING, "正文没有印出"),
    ):
        table = replace(TABLE, state=state, rows=(), header_rows=0, note="注：无此项内容")
        html = evidence_html(evidence(Shelf(table=(table,)), note))
        assert words in html and "表三 部门支出总表" in html


def test_a_long_table_is_shown_around_the_marked_row() -> None:
    rows = tuple(row(100 + at, f"项目{at}", f"{at}.00") for at in range(2000))
    table = replace(TABLE, rows=(HEAD, *rows), place=Place(line=10, line_end=2100))
    shown = evidence(
        Shelf(table=(table,)),
        replace(TRAINING, column="", line=1100, line_end=1100, quote="1000.00"),
    )
    assert len(shown.rows) == MOST_ROWS and shown.left_out == 2000 - MOST_ROWS
    assert marked_text(shown) == "1000.00"
    assert f"{MOST_ROWS} 行（共 2000 行）" in evidence_html(shown)


def passage(line: int, text: str, kind: PassageKind = PassageKind.PARAGRAPH) -> Passage:
    return Passage(
        id=f"text/{line}",
        document="a.txt",
        kind=kind,
        section="第三部分",
        title="",
        text=text,
        place=Place(line=line),
    )


def test_the_sentence_is_marked_in_its_paragraph_among_its_neighbours() -> None:
    shelf = Shelf(
        passage=[passage(line, f"第{line}段。接待费 {line} 万元。") for line in range(1, 9)]
    )
    cited = replace(TRAINING, table="", line=5, line_end=5, quote="接待费 5 万元。")
    shown = evidence(shelf, cited)
    assert [p.text[:3] for p in shown.paragraphs] == ["第3段", "第4段", "第5段", "第6段", "第7段"]
    middle = shown.paragraphs[2]
    assert middle.text[middle.start : middle.end] == "接待费 5 万元。"
    assert '<mark class="cell-mark">接待费 5 万元。</mark>' in evidence_html(shown)


def test_an_entry_of_the_glossary_is_not_shown_twice() -> None:
    entry = passage(5, "三公经费：指……", PassageKind.DEFINITION)
    shelf = Shelf(passage=[passage(4, "前"), passage(5, "三公经费：指……"), entry])
    shown = evidence(shelf, replace(TRAINING, table="", line=5, line_end=5, quote="三公经费"))
    assert len(shown.paragraphs) == 2


def test_a_place_that_is_gone_still_shows_the_quotation() -> None:
    shown = evidence(Shelf(), replace(TRAINING, quote="5.00 <b>"))
    html = evidence_html(shown, "en")
    assert not shown.located and "5.00 &lt;b&gt;" in html and "could not be located" in html


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("共 35 万元。", "35 万元", (2, 7)),
        ("共 35 万元。", "35万元", (2, 7)),
        ("共35\n万元。", "35万元", (1, 6)),
        ("共35万元。", "36万元", None),
        ("共35万元。", "", None),
        ("", "35", None),
    ],
)
def test_a_quotation_is_found_whatever_the_line_wrapping(
    text: str, quote: str, found: tuple[int, int] | None
) -> None:
    assert stretch(text, quote) == found


EVIL = "<img src=x onerror=alert(1)>\"'&${alert(1)}{{this}}"


def test_html_in_a_document_is_shown_as_text() -> None:
    table = replace(
        TABLE,
        number=EVIL,
        title=EVIL,
        unit=EVIL,
        note=EVIL,
        rows=(row(10, EVIL, EVIL), row(12, EVIL, "5.00", EVIL)),
    )
    cited = replace(
        TRAINING, document=EVIL, section=EVIL, row=EVIL, column="", table=f"{EVIL} {EVIL}"
    )
    prose = replace(cited, table="", quote=EVIL)
    shelf = Shelf(table=(table,), passage=(passage(12, EVIL),), names=(Named(EVIL, EVIL),))
    assert "<style" not in evidence_html(evidence(shelf, cited), key='0-0"] {} body')
    for citation in (cited, prose, replace(prose, line=99, line_end=99)):
        html = evidence_html(evidence(shelf, citation), key=EVIL)
        assert "<img" not in html and "&lt;img" in html


def test_the_html_has_header_rows_and_three_kinds_of_marks() -> None:
    html = evidence_html(evidence(SHELF, TRAINING), key="0-1")
    assert 'data-cite="0-1"' in html and '#chat a[href="#cite-0-1"]' in html
    assert '<thead><tr><th class="">科目</th>' in html
    assert '<th class="col-mark">项目支出</th>' in html
    assert '<tr class="row-mark">' in html
    assert html.count("cell-mark") == 1 and '<td class="cell-mark num">5.00</td>' in html
    assert '<td class="col-mark num">6.00</td>' in html


def test_a_short_row_is_filled_up_and_a_merged_copy_left_empty() -> None:
    spread = Cell(text="合并", place=Place(line=12, field=0), spread=True)
    table = replace(TABLE, rows=(HEAD, (*row(12, "合并"), spread), row(13, "其他")))
    html = evidence_html(
        evidence(Shelf(table=(table,)), replace(TRAINING, column="", quote="合并"))
    )
    assert html.count("<td") == 6 and html.count("合并") == 2  # the cell and the quotation above


# ------------------------------------------------------------------- over the sample budget


@cache
def sample() -> Budget:
    return read_budget(SAMPLE.name, SAMPLE.read_bytes())


def test_every_printed_figure_of_the_sample_is_marked_in_its_own_cell() -> None:
    budget = sample()
    shelf = Shelf(table=budget.tables, fact=budget.facts, passage=budget.passages)
    figures = [f for f in budget.facts if f.table and f.kind is not Kind.BLANK][::5]
    assert len(figures) > 100
    for figure in figures:
        shown = evidence(shelf, cite(figure))
        assert shown.marked_cell is not None, figure.id
        at, square = shown.marked_cell
        assert shown.rows[at][square].place == figure.place, figure.id
        assert at in shown.marked_rows and (at, square) in shown.marked_column


def test_every_prose_figure_of_the_sample_is_marked_in_its_paragraph() -> None:
    budget = sample()
    shelf = Shelf(table=budget.tables, fact=budget.facts, passage=budget.passages)
    for figure in [f for f in budget.facts if not f.table and f.sentence][::3]:
        shown = evidence(shelf, cite(figure))
        assert shown.located, figure.id
        assert any(figure.printed in p.text[p.start : p.end] for p in shown.paragraphs)
