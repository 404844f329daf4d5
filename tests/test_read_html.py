"""Web pages: what a browser shows, and each figure with the cell it stands in."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Block, Grid, Paragraph, Place, Source
from index.errors import BudgetError
from index.read import read_budget
from index.readers.html import read_html, read_mhtml
from index.readers.markup import MOST_TAGS
from tests.budget_texts import expected, told


def read(body: str, encoding: str = "utf-8") -> Source:
    return read_html("a.html", f"<html><body>{body}</body></html>".encode(encoding))


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def grids(source: Source) -> list[list[str]]:
    """A line for each row; `^` marks a copy that a merged cell leaves."""
    return [
        ["|".join("^" * cell.spread + cell.text for cell in row) for row in block.rows]
        for block in source.blocks
        if isinstance(block, Grid)
    ]


DATA = "<tr><td>教育支出<td>1.00<tr><td>科学技术支出<td>2.00"

# ------------------------------------------------------------------------------ a whole budget

PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="ArticleTitle" content="临溪县水务局2025年部门预算公开">
<title>临溪县水务局2025年部门预算公开_临溪县人民政府</title>
<style>@media print {.xl70 {padding-left:0}} .xl70 {mso-char-indent-count:1;padding-left:9px}
.xl71{padding-left:24px}</style>
<script>document.write("<table><tr><td>9.99</td></tr></table>")</script></head><body>
<nav><a href="/">首页</a></nav>
<div><a href="/xxgk/">信息公开</a> | <a href="/2024/">临溪县农业局2024年部门预算</a></div>
<table width="1000"><tr><td>
 <table><tr><td>索引号：</td><td>1125/2025-1</td><td>发布日期：</td><td>2025-02-11</td></tr></table>
</td></tr><tr><td><table><tr><td>
 <h1>临溪县水务局<br>2025年部门预算公开</h1>
 <h2>第一部分 部门概况</h2>
 <ol><li>贯彻执行水利法律法规；<li><p>负责水资源管理。</ol>
 <h2>第二部分 部门预算表</h2>
 <p align=center><b>表1</b></p><p align=center>收支总表</p>
 <table><tr><td>部门：临溪县水务局</td><td align=right>单位：万元</td></tr></table>
 <table border=1>
 <thead><tr><th colspan=2>收　　入</th><th colspan=2>支　　出</th></tr>
 <tr><th>项&nbsp;&nbsp;目</th><th>预算数</th><th>项&nbsp;&nbsp;目</th><th>预算数</th></tr></thead>
 <tfoot><tr><td>收入总计</td><td>1,500.00</td><td>支出总计</td><td>1,500.00</td></tr></tfoot>
 <tbody><tr><td>一、一般公共预算拨款收入</td><td>1,200.00</td>
  <td>一、社会保障和就业支出</td><td>200.00</td></tr>
 <tr><td>二、事业收入</td><td>300.00</td><td>二、农林水支出</td><td>1,300.00</td></tr>
 <tr style="display:none"><td>三、其他收入</td><td>9.00</td><td></td><td></td></tr></tbody></table>
 <p>表2 支出总表</p><p style="text-align:right">金额单位：万元</p>
 <table border=1>
 <tr><td colspan=2>功能分类科目</td><td rowspan=2>合计</td><td colspan=2>其中</td></tr>
 <tr><td>科目编码</td><td>科目名称</td><td>基本支出</td><td>项目支出</td></tr>
 <tr><td>208</td><td>社会保障和就业支出</td><td>200.00</td><td>200.00</td><td></td></tr>
 <tr><td>213</td><td>农林水支出</td><td x:num="1300">1,300.00</td><td>800.00</td><td>500.00</td>
 <tr><td>21303</td><td class=xl70>水利</td><td>1,300.00<td>800.00</td><td>500.00</td></tr>
 <tr><td>2130301</td><td class="xl71">行政运行</td><td>800.00</td><td>800.00</td><td><o:p>
  &nbsp;</o:p>
 <tr><td>2130305</td><td><span style='mso-spacerun:yes'>&nbsp;&nbsp; </span>水利工程<br>建设</td>
  <td>500.00</td><td></td><td>500.00</td></tr>
 </table></td></tr></table></td></tr></table></body></html>"""

FACTS = """
一般公共预算拨款收入 | 收入/预算数 | 1200.00万元 | item
事业收入 | 收入/预算数 | 300.00万元 | item
收入总计 | 收入/预算数 | 1500.00万元 | total
社会保障和就业支出 | 支出/预算数 | 200.00万元 | item
农林水支出 | 支出/预算数 | 1300.00万元 | item
支出总计 | 支出/预算数 | 1500.00万元 | total
社会保障和就业支出 | 合计 | 200.00万元 | item
社会保障和就业支出 | 其中/基本支出 | 200.00万元 | item
农林水支出 | 合计 | 1300.00万元 | subtotal
农林水支出 | 其中/基本支出 | 800.00万元 | subtotal
农林水支出 | 其中/项目支出 | 500.00万元 | subtotal
农林水支出/水利 | 合计 | 1300.00万元 | subtotal
农林水支出/水利 | 其中/基本支出 | 800.00万元 | subtotal
农林水支出/水利 | 其中/项目支出 | 500.00万元 | subtotal
农林水支出/水利/行政运行 | 合计 | 800.00万元 | item
农林水支出/水利/行政运行 | 其中/基本支出 | 800.00万元 | item
农林水支出/水利/水利工程建设 | 合计 | 500.00万元 | item
农林水支出/水利/水利工程建设 | 其中/项目支出 | 500.00万元 | item
"""


def test_every_figure_of_a_page_in_a_frame_of_tables_is_read_and_no_other() -> None:
    budget = read_budget("临溪.html", PAGE.encode("gb18030"))
    assert told(budget.facts) == expected(FACTS)
    assert (budget.institution, budget.year) == ("临溪县水务局", 2025)
    assert [(table.number, table.title, table.unit) for table in budget.tables] == [
        ("表一", "收支总表", "万元"),
        ("表二", "支出总表", "万元"),
    ]
    places = {fact.printed: str(fact.place) for fact in budget.facts if fact.row == 4}
    assert places["500.00"] == "t2r5c5"


# ----------------------------------------------------------------------------------- the tables

TABLES = """
rowspan=2>a<td>1.00<tr><td>2.00 => a|1.00 / ^a|2.00
rowspan=0>a<td>1.00<tr><td>2.00<tr><td>3.00 => a|1.00 / ^a|2.00 / ^a|3.00
rowspan=99999>a<td>1.00<tr><td>2.00 => a|1.00 / ^a|2.00
colspan=1000000>a<tr><td>b<td>1.00 => a|^a / b|1.00
colspan=0>a<td>1.00<tr><td colspan=x>b<td>2.00 => a|1.00 / b|2.00
colspan=2 rowspan=2>a<td>1<tr><td>2<tr><td>b<td>c<td>3 => a|^a|1 / ^a|^a|2 / b|c|3
>a<td rowspan=2>b<td>1<tr><td colspan=2>c<td>2 => a|b|1 / c|^b|2
>a<td>1.00<td hidden>9<tr><td>b<td style='display: none'>8</td><td>2.00 => a|1.00 / b|2.00
>&nbsp;&nbsp;&nbsp;a<td>&nbsp;1.00<tr><td>&emsp;b<td>2.00 => _ a|1.00 / _b|2.00
style='padding-left:2em'>a<td>1<tr><td><p style='text-indent:9pt'>b<td>2 => __a|1 / _b|2
>一般⏎   公共<td>1.00<tr><td>a⏎ b<td>2.00 => 一般公共|1.00 / a b|2.00
><p>一般</p><p>公共</p><td>1<tr><td>a<br/>b<td>2.00 => 一般⏎公共|1 / a⏎b|2.00
"""
"""`_` stands for a space as wide as a character, `⏎` for the end of a line."""


def cases(block: str) -> list[tuple[str, list[str]]]:
    lines = (line.replace("⏎", "\n").split(" => ") for line in block.strip().split("\n"))
    return [(source, shown.replace("_", "\u3000").split(" / ")) for source, shown in lines]


@pytest.mark.parametrize(("cells", "rows"), cases(TABLES))
def test_cells_stand_where_a_browser_puts_them(cells: str, rows: list[str]) -> None:
    assert grids(read(f"<p>表<table><tr><td {cells}</table>"))[0] == rows


def test_indentation_is_that_of_the_class_on_the_screen() -> None:
    style = "<style>.a, td.b {padding-left:12px} @media print {.a {padding-left:48px}}</style>"
    table = "<table><tr><td class=a>甲<td class=a>1.00<tr><td class='c b'>乙<td>2.00</table>"
    assert grids(read(style + table)) == [["\u3000甲|1.00", "\u3000乙|2.00"]]


def test_the_foot_is_shown_last_and_a_span_ends_with_its_section() -> None:
    table = (
        "<table><tfoot><tr><td>合计<td>3</tfoot><tbody><tr><td rowspan=9>a<td>1<tr><td>2</table>"
    )
    assert grids(read(table)) == [["a|1", "^a|2", "合计|3"]]


FRAMES = f"""
<table><tr><td>甲。<tr><td>乙。</table> => 甲。 / 乙。
<table><tr><td>部门：某局<td>单位：元</table> => 部门：某局 / 单位：元
<table><tr><td>左栏<td>{"正文" * 300}</table> => 左栏 / {"正文" * 300}
<table><tr><td>文号：<td>1号<tr><td>日期：<td>今天</table> => 文号： / 1号 / 日期： / 今天
<table role=presentation><tr><td>a<td>1.00</table> => a / 1.00
<table><tr><td>页<tr><td><table>{DATA}</table></table> => 页
"""


@pytest.mark.parametrize(("body", "texts"), cases(FRAMES))
def test_a_table_that_only_lays_out_is_walked_through(body: str, texts: list[str]) -> None:
    assert words(read(body).blocks) == texts


def test_data_tables_are_counted_without_the_frames_around_them() -> None:
    frame = f"<table><tr><td><table>{DATA}</table><td><table>{DATA}</table></table>"
    places = [block.place.cell for block in read(frame).blocks if isinstance(block, Grid)]
    assert places == ["t1r1c1", "t2r1c1"]


def test_a_table_of_data_keeps_a_table_in_one_of_its_cells_as_words() -> None:
    inner = "<table><tr><td>甲<td>乙</table>"
    table = f"<table>{DATA}<tr><td>其他{inner}<td>3.00<tr><td>合计<td>6.00</table>"
    (grid,) = grids(read(table))
    assert grid[2:] == ["其他\n甲\n乙|3.00", "合计|6.00"]


def test_a_head_without_rows_is_a_table_and_an_empty_one_is_nothing() -> None:
    assert grids(read("<table><tr><td>项目<td>预算数<td>备注</table>")) == [["项目|预算数|备注"]]
    assert not grids(read("<p>a<table><tr><td>&nbsp;<td><br></table>"))


def test_a_caption_stands_before_its_table() -> None:
    source = read(f"<table><caption>表1<br>支出表</caption>{DATA}</table>")
    assert [type(block) for block in source.blocks] == [Paragraph, Paragraph, Grid]
    assert words(source.blocks) == ["表1", "支出表"]


# --------------------------------------------------------------------------------- running text

TEXTS = """
a<br>b<p>c<div>d</div>e => a / b / c / d / e
<p>a<b>b</b>c<span>&nbsp;</span>d</p> => abc d
<ol start=3><li>a<li value=9>b<li>c</ol><ol type=a><li>d</ol> => 3. a / 9. b / 10. c / a. d
<ol type=I><li>a<ol><li>b</ol><li>c</ol><ul><li>d</ul> => I. a / 1. b / II. c / d
<p>a<!-- b --><script>c</script><noscript>d</noscript><style>e</style></p> => a
<p>a<i style='DISPLAY:none'>b</i>c</p><p hidden>d</p><div hidden><p>e</div>f => ac / f
<p>甲⏎   乙 丙</p> => 甲乙 丙
<p><a href='/x'>首页</a> &gt; <a href='/y'>公开</a><p>详见<a href='/z'>此处</a>。 => 详见此处。
<p><a href='#一'>第一部分 概况</a> => 第一部分 概况
<select><option>a</select><p>b => b
"""


@pytest.mark.parametrize(("body", "texts"), cases(TEXTS))
def test_text_is_what_a_browser_shows(body: str, texts: list[str]) -> None:
    assert words(read(body).blocks) == texts


def test_headings_have_levels_and_paragraphs_numbers() -> None:
    blocks = read("<h1>某局<br>2025年部门预算</h1><p>甲</p><h3>乙</h3>").blocks
    assert blocks == (
        Paragraph(text="某局 2025年部门预算", place=Place(paragraph=1), level=1),
        Paragraph(text="甲", place=Place(paragraph=2)),
        Paragraph(text="乙", place=Place(paragraph=3), level=3),
    )


def test_the_name_of_the_page_is_read_where_its_text_does_not_say_it() -> None:
    head = "<html><head><title>某局2025年部门预算 - 某市</title></head><body>"
    page = read_html("a.html", f"{head}<p>正文</p>".encode())
    assert words(page.blocks) == ["某局2025年部门预算", "正文"]
    page = read_html("a.html", f"{head}<h1>某局2025年 部门预算</h1>".encode())
    assert words(page.blocks) == ["某局2025年 部门预算"]


def test_hidden_tables_and_files_the_page_links_to_are_told_of() -> None:
    link = '<p>附件：<a href="/a/b.xls?x=1">公开表</a></p>'
    source = read(f"{link}<div style='display:none'><table>{DATA}</table></div>")
    assert "1 张表在网页上是隐藏的" in source.warnings[0]
    assert "公开表" in source.warnings[1] and "1 个附件没有读" in source.warnings[1]


# ------------------------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("GBK", "gb18030"),
        ("big5", "big5"),
        ("utf-8", "utf-8-sig"),
        ("", "gb18030"),
        ("utf-8", "gb18030"),
        ("nonsense", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_that_of_the_bytes_whatever_is_declared(
    declared: str, encoding: str
) -> None:
    text = "歲出預算" if encoding == "big5" else "某局部门预算㎡支出合计"
    page = f"<meta charset={declared}><p>{text}".encode(encoding)
    assert words(read_html("a.html", page).blocks) == [text]


def test_a_broken_character_spoils_no_page_and_is_told_of() -> None:
    page = "<meta charset=gbk><p>部门预算".encode("gbk") + b"\xff<p>" + "支出合计".encode("gbk") * 9
    source = read_html("a.html", page)
    assert words(source.blocks)[0] == "部门预算\ufffd" and "1 处" in source.warnings[0]


# -------------------------------------------------------------------------- pages in one file

MHTML = (
    "From: <saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; boundary="B"\r\n\r\n'
    "--B\r\nContent-Type: text/html\r\n\r\n<frameset><frame src=s1.htm></frameset>\r\n"
    "--B\r\nContent-Type: text/css\r\n\r\np {}\r\n"
    '--B\r\nContent-Type: text/html; charset="gb2312"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n{0}\r\n"
    "--B\r\nContent-Type: text/html; charset=gb2312\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n{0}\r\n--B--\r\n"
)


def test_the_sheets_of_a_page_saved_as_one_file_are_read_in_order() -> None:
    sheet = base64.b64encode(f"<p>表一<table>{DATA}</table>".encode("gb18030")).decode()
    source = read_mhtml("a.mht", MHTML.replace("{0}", sheet).encode())
    assert [str(block.place) for block in source.blocks] == ["¶1", "t1r1c1", "¶2", "t2r1c1"]


# --------------------------------------------------------------------------------- hostile input

BAD = [
    ("", "文件是空的"),
    ("   ", "文件是空的"),
    ("<html><script>x()</script></html>", "没有文字"),
    ("<div>" * 10_000 + "<table><tr><td>1.00", "套得太深（第 1 行）"),
    ("<table><tr><td>" * 5000, "套得太深"),
    ("<p>a" + "<b>" * MOST_TAGS, "个标签，超过"),
    ("<table>" + "<tr><td colspan=1000 rowspan=9999>1<td>2" * 9999, "第 1 张表太大"),
]


@pytest.mark.parametrize(("page", "what"), BAD, ids=[what for _, what in BAD])
def test_a_page_that_cannot_be_read_is_refused_with_its_mend(page: str, what: str) -> None:
    with pytest.raises(BudgetError) as caught:
        read_html("坏.html", page.encode())
    assert what in caught.value.what and caught.value.place == "坏.html" and caught.value.mend


def test_deep_nesting_that_a_page_may_have_is_read() -> None:
    source = read("<div>" * 1500 + f"<table>{DATA}</table>" + "</div>" * 1500 + "<p>后")
    assert len(grids(source)) == 1 and words(source.blocks) == ["后"]


TAGS = ["table", "tr", "td", "thead", "tfoot", "caption", "p", "br", "div", "ol", "li", "h2", "a"]
PIECES = st.one_of(
    st.sampled_from(TAGS).map("<{}>".format),
    st.sampled_from(TAGS).map("</{}>".format),
    st.sampled_from(["<td rowspan=3>", "<th colspan=2>", "<div hidden>", "<a href=x>"]),
    st.sampled_from(["1.00", "合计", "&nbsp;", "<", "&", "\0", "\n"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_order_of_tags_breaks_the_reader(pieces: list[str]) -> None:
    try:
        source = read_html("a.html", "".join(pieces).encode())
    except BudgetError:
        return
    assert all(block.place for block in source.blocks)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PAGE.encode("gb18030"))), st.binary(max_size=4))
def test_a_page_cut_or_spoiled_anywhere_is_read_or_refused(at: int, noise: bytes) -> None:
    content = PAGE.encode("gb18030")
    for spoiled in (content[:at], content[:at] + noise + content[at + 1 :]):
        try:
            read_html("a.html", spoiled)
        except BudgetError as error:
            assert error.mend
