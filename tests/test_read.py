"""One file, read from its bytes to its facts: golden facts, every figure once, what changes none."""

# ruff: noqa: E501 (a row of the tables is kept on one line)

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.arrange import outline_of
from index.errors import BudgetError
from index.fact import CSV_COLUMNS, Budget, Fact, Kind, PassageKind, TableState
from index.head import head_length
from index.read import read_budget, read_tables, tabulate_all
from index.readers.text import read_text
from index.units import units_of
from tests.budget_texts import SAMPLE, figures, read, tabbed

GOLDEN = Path(__file__).parent / "golden" / "sichuan-bigdata-2023.facts.csv"


@pytest.fixture(scope="module")
def sample() -> Budget:
    return read_budget(SAMPLE.name, SAMPLE.read_bytes())


# ------------------------------------------------------------------------------ golden facts


def golden_text(budget: Budget) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(fact.csv_row() for fact in budget.facts if fact.kind is not Kind.BLANK)
    return out.getvalue()


def test_the_facts_of_the_sample_are_the_golden_ones(
    sample: Budget, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(golden_text(sample), encoding="utf-8")
    found = golden_text(sample).splitlines()
    golden = GOLDEN.read_text("utf-8").splitlines()
    lost = [line for line in golden if line not in set(found)][:5]
    new = [line for line in found if line not in set(golden)][:5]
    assert (lost, new) == ([], []), "if that is meant: pytest tests/test_read.py --golden"
    assert found == golden


def test_the_golden_flag_is_off(request: pytest.FixtureRequest) -> None:
    assert not request.config.getoption("--golden"), "golden files written; look at the difference"


# --------------------------------------------------------------------- every figure is a fact

FIGURE = re.compile(r"-?[\d,]+\.\d\d")


def test_every_printed_figure_of_the_plain_tables_is_exactly_one_fact(sample: Budget) -> None:
    lines = SAMPLE.read_text("utf-8").split("\n")
    end = next(n for n, line in enumerate(lines) if line.strip() == "表十三")
    printed = [
        (number, field, text.strip())
        for number, line in enumerate(lines[:end], 1)
        for field, text in enumerate(line.split("\t"))
        if "\t" in line and FIGURE.fullmatch(text.strip())
    ]
    facts = [
        (fact.place.line, fact.place.field, fact.printed)
        for fact in figures(sample.facts)
        if (fact.place.line or 0) <= end
    ]
    assert len(printed) == 259 and sorted(facts) == sorted(printed)


def test_rows_add_up_to_the_rows_they_hang_under(sample: Budget) -> None:
    """Units to the total, classes to their unit, members to their group."""
    facts = {(f.table, f.row_path, f.column, f.unit_code): f for f in figures(sample.facts)}
    for (table, path, column, code), fact in facts.items():
        if fact.row_kind in ("group", "subtotal") and "合计" not in fact.label:
            members = [
                f.value or 0
                for (t, p, c, u), f in facts.items()
                if (t, c, u) == (table, column, code) and p[:-1] == path and f.row_kind != "detail"
            ]
            assert sum(members) == fact.value, fact.id


# -------------------------------------------------------------- missing, empty, announced

PAPER = """
    某局2024年部门预算
    目录
    第一部分 概况
    第二部分 部门预算表
    一、收支总表
    二、基金支出表
    三、项目支出表
    第一部分 概况
    本局负责教育。
    第二部分 部门预算表
    表一
    收支总表
    单位：元
    项目 | 预算数
    教育支出 | 5.00
    表二
    基金支出表
    单位：元
    项目 | 预算数
    合计 |
    注：无此项内容
"""


def test_tables_are_present_empty_or_missing() -> None:
    budget = read(PAPER)
    assert [(t.number, t.title, t.state, t.note) for t in budget.tables] == [
        ("表一", "收支总表", TableState.PRESENT, ""),
        ("表二", "基金支出表", TableState.EMPTY, "注：无此项内容"),
        ("表三", "项目支出表", TableState.MISSING, ""),
    ]
    assert [fact.kind for fact in budget.facts if fact.table == "表二"] == [Kind.BLANK]
    tables = [p for p in budget.passages if p.kind is PassageKind.TABLE]
    assert any("无此项内容" in passage.text for passage in tables)


def test_a_table_printed_as_a_caption_and_a_note_alone_is_empty_not_missing() -> None:
    budget = read(PAPER + "表三\n项目支出表\n注：无此项内容\n第三部分 说明\n正文。")
    (table,) = [table for table in budget.tables if table.number == "表三"]
    assert (table.state, table.note, table.rows) == (TableState.EMPTY, "注：无此项内容", ())


def test_amounts_without_a_unit_line_get_the_unit_of_the_other_tables_and_say_so() -> None:
    budget = read(PAPER.replace("表二", "表九\n支出表\n项目 | 预算数\n教育支出 | 5.00\n表二", 1))
    (fact,) = [fact for fact in figures(budget.facts) if fact.table == "表九"]
    assert (fact.unit, fact.note) == ("元", "单位推定：元")


ERRORS = [
    ("某局.txt", b"", "文件是空的"),
    ("某局.txt", "某局2024年部门预算\n正文。\n".encode(), "没有找到预算表"),
    ("某局.txt", "名单\n序号\t姓名\n1\t张三\n".encode(), "没有找到预算表"),
    ("某局.exe", b"MZ", "不认识的文件格式“.exe”"),
    ("某局", b"MZ", "不认识的文件格式“”"),
    ("某局.txt", b"\x00\x01", "二进制"),
    ("某局.txt", tabbed(PAPER).encode()[:-1], "不完整"),
]


@pytest.mark.parametrize(("name", "content", "words"), ERRORS)
def test_what_cannot_be_read_names_file_place_and_mend(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(BudgetError) as caught:
        read_budget(name, content)
    assert words in caught.value.what and caught.value.place == name and caught.value.mend


# ------------------------------------------------------------- what changes no fact

PLAIN = SAMPLE.read_text("utf-8").split("\n")
PLAIN = PLAIN[: next(n for n, line in enumerate(PLAIN) if line.strip() == "表十三")]
TABLE_LINES = [n for n, line in enumerate(PLAIN) if "\t" in line]


def facts_of(lines: list[str]) -> list[tuple[str, ...]]:
    """The facts of the plain tables without their lines and fields."""
    outline = outline_of(read_text("d.txt", "\n".join(lines).encode()))
    tables = tabulate_all(outline.tables)
    units = units_of(outline.institution, tables)
    facts: tuple[Fact, ...] = read_tables(tables, "d.txt", outline, units)[1]
    return [(*fact.csv_row()[:16], fact.note) for fact in facts]


BEFORE = facts_of(PLAIN)
some_lines = st.lists(st.sampled_from(TABLE_LINES), min_size=1, max_size=12, unique=True)
quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
)


@quick
@given(some_lines, st.sampled_from(["", "  ", "\n\n", "— 12 —", "\n第 3 页\n"]))
def test_a_page_break_before_a_row_changes_no_fact(at: list[int], blank: str) -> None:
    lines = [f"{blank}\n{line}" if n in at else line for n, line in enumerate(PLAIN)]
    assert facts_of(lines) == BEFORE


@quick
@given(some_lines, st.integers(min_value=1, max_value=3))
def test_tabs_behind_the_last_cell_change_no_fact(at: list[int], tabs: int) -> None:
    lines = [line + "\t" * tabs if n in at else line for n, line in enumerate(PLAIN)]
    assert facts_of(lines) == BEFORE


def head_lines() -> list[int]:
    outline = outline_of(read_text("d.txt", "\n".join(PLAIN).encode()))
    return [
        row[0].place.line - 1
        for table in outline.tables
        for row in table.rows[: head_length(table.rows)]
        if row[0].place.line
    ]


HEADS = head_lines()


@quick
@given(st.data())
def test_spaces_inside_words_of_the_head_change_no_fact(data: st.DataObject) -> None:
    lines = list(PLAIN)
    for n in data.draw(st.lists(st.sampled_from(HEADS), min_size=1, max_size=8, unique=True)):
        space = data.draw(st.sampled_from([" ", "  ", "\u3000"]))
        lines[n] = re.sub(r"(?<=[^\t\s（(])(?=[^\t\s）)])", space, lines[n])
    assert facts_of(lines) == BEFORE


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_changes_no_fact(encoding: str) -> None:
    text = "\r\n".join(PLAIN)
    outline = outline_of(read_text("d.txt", text.encode(encoding)))
    assert outline.tables == outline_of(read_text("d.txt", "\n".join(PLAIN).encode())).tables
