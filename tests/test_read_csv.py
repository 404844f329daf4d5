"""CSV and TSV: what parts the fields, where tables end, figures with commas of their own."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Grid, Paragraph, Place
from index.errors import BudgetError
from index.read import read_budget
from index.readers.csv import MOST_COLUMNS, delimiter_of, read_csv
from tests.budget_texts import expected, told


def shown(text: str) -> list[str]:
    """A line for each paragraph and row, with the line of the file where it begins."""
    lines = []
    for block in read_csv("a.csv", text.encode()).blocks:
        if isinstance(block, Paragraph):
            lines.append(f"{block.place.line} {block.text}")
        else:
            rows = (row for row in block.rows)
            lines += [f"{r[0].place.line} " + "|".join(cell.text for cell in r) for r in rows]
    return lines


BUDGET = """临溪县水务局2025年部门预算,,,,
,,,,
表1,,,,
收支总表,,,,
部门：临溪县水务局,,,单位：元
收入,,支出,
项目,预算数,项目,预算数
一、一般公共预算拨款收入,"12,000,000.00",一、社会保障和就业支出,"2,000,000.00"
二、事业收入,"3,000,000.00",二、农林水支出,"13,000,000.00"
本年收入合计,"15,000,000.00",本年支出合计,"15,000,000.00"

表2 支出总表
单位：元
科目编码,科目名称,合计,基本支出,"项目
支出"
="213",农林水支出,"13,000,000.00","8,000,000.00","5,000,000.00"
="21303",　水利,"13,000,000.00","8,000,000.00","5,000,000.00"
注：本表不含上年结转
第三部分 说明
"""
FACTS = """
一般公共预算拨款收入 | 收入/预算数 | 12000000.00元 | item
事业收入 | 收入/预算数 | 3000000.00元 | item
本年收入合计 | 收入/预算数 | 15000000.00元 | subtotal
社会保障和就业支出 | 支出/预算数 | 2000000.00元 | item
农林水支出 | 支出/预算数 | 13000000.00元 | item
本年支出合计 | 支出/预算数 | 15000000.00元 | subtotal
农林水支出 | 合计 | 13000000.00元 | subtotal
农林水支出 | 基本支出 | 8000000.00元 | subtotal
农林水支出 | 项目支出 | 5000000.00元 | subtotal
农林水支出/水利 | 合计 | 13000000.00元 | item
农林水支出/水利 | 基本支出 | 8000000.00元 | item
农林水支出/水利 | 项目支出 | 5000000.00元 | item
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_two_tables_of_one_file_are_read_with_their_captions(encoding: str) -> None:
    budget = read_budget("临溪.csv", BUDGET.encode(encoding))
    assert told(budget.facts) == expected(FACTS)
    assert budget.institution == "临溪县水务局"
    tables = [(t.number, t.title, t.unit, t.note) for t in budget.tables]
    assert tables == [
        ("表一", "收支总表", "元", ""),
        ("表二", "支出总表", "元", "注：本表不含上年结转"),
    ]
    fact = budget.facts[-1]
    assert (fact.code, fact.place) == ("21303", Place(line=17, field=4))


@pytest.mark.parametrize(("delimiter", "ending"), [("\t", "tsv"), (";", "csv"), ("|", "csv")])
def test_other_delimiters_give_the_same_facts(delimiter: str, ending: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(BUDGET)))
    budget = read_budget(f"a.{ending}", out.getvalue().encode())
    assert told(budget.facts) == expected(FACTS)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('a,"b\n\nc",1\nd,e,2', ["1 a|b\n\nc|1", "4 d|e|2"]),
        ("a,1\n\nb,2", ["1 a|1", "3 b|2"]),
        ("a,1\n,,\n,\nb,2", ["1 a|1", "4 b|2"]),
        ("甲\n乙,\na,1\n丙,\nb,2\n注", ["1 甲", "2 乙", "3 a|1", "4 丙", "5 b|2", "6 注"]),
        ("一行文字，没有分隔", ["1 一行文字，没有分隔"]),
        ("sep=;\na;1,5\nb;2", ["2 a|1,5", "3 b|2"]),
        ('a,="0012",1\n2010301\t,b,2', ["1 a|0012|1", "2 2010301|b|2"]),
        ('12" 管,1\nc,2\n"未完,3\nb,4', ['1 12" 管|1', "2 c|2", '3 "未完|3', "4 b|4"]),
        ("  a , 1.00 \n　b,2", ["1   a|1.00", "2 　b|2"]),
        ("a,1\r\nb,2\r\n", ["1 a|1", "2 b|2"]),
    ],
)
def test_records_keep_the_line_where_they_begin(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


def test_lone_fields_above_and_below_a_run_are_words_about_it() -> None:
    blocks = read_csv("a.csv", "表一,,\n项目,金额\na,1\n其他,\n说明\n".encode()).blocks
    assert [type(block) for block in blocks] == [Paragraph, Grid, Paragraph]


TORN = "项目,金额,备注\na,1,234.50,\nb,2.00,x\nc,12,345,678.00,y\n"


def test_figures_torn_by_their_own_commas_are_joined_and_told_of() -> None:
    assert shown(TORN)[1:] == ["2 a|1,234.50", "3 b|2.00|x", "4 c|12,345,678.00|y"]
    (warning,) = read_csv("a.csv", TORN.encode()).warnings
    assert "第 2、4 行等共 2 行的千位逗号" in warning


def test_a_torn_row_that_fits_no_head_is_left_and_told_of() -> None:
    text = "项目,金额,人数\na,1,234,567\n"
    source = read_csv("a.csv", text.encode())
    assert shown(text)[1] == "2 a|1|234|567" and "不可靠" in source.warnings[0]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a,b", "c,d"], ","),
        (["a\t1,234", "b\t5,678"], "\t"),
        (["a;1,5", "b;2,5", "c;3,5,6"], ";"),
        (["a|b,c", "d|e"], "|"),
        (["a,b;c", "d,e;f", "g,h;i;j"], ","),
        (["a;1,234,567.00", "b;1,234.00;2,345.00", "c;1,234.00;2,345.00;5.00"], ";"),
    ],
)
def test_the_delimiter_is_what_parts_most_lines_alike(lines: list[str], delimiter: str) -> None:
    assert delimiter_of(lines) == delimiter


BAD = [
    ("", "文件是空的"),
    ("a\0b,c", "二进制"),
    ("a" + ",1" * MOST_COLUMNS, f"第 1 行有 {MOST_COLUMNS + 1} 列"),
    ("a," + "1" * 200_000, "第 1 行的一格有"),
    ("项目,数\n" + ("1," * 999 + "1\n") * 2100, "格，超过"),
]


@pytest.mark.parametrize(("text", "what"), BAD, ids=[what for _, what in BAD])
def test_what_cannot_be_read_names_the_line_and_the_mend(text: str, what: str) -> None:
    with pytest.raises(BudgetError) as caught:
        read_csv("坏.csv", text.encode())
    assert what in caught.value.what and caught.value.place == "坏.csv" and caught.value.mend


def test_a_million_blank_columns_are_nothing() -> None:
    assert shown("a,1" + "," * 1_000_000 + "\nb,2") == ["1 a|1", "2 b|2"]


fields = st.text(st.sampled_from('预算支出,;|"\n 1234.5（）\t'), max_size=8)


@given(st.lists(st.lists(fields, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_csv_writes_is_read_or_refused(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    try:
        source = read_csv("a.csv", out.getvalue().encode())
    except BudgetError as error:
        assert error.mend
        return
    lines = [b.place.line for b in source.blocks]
    assert all(lines) and lines == sorted(line or 0 for line in lines)
