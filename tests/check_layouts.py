"""Whole budgets with every sum right, laid out as different departments lay them out: as text and
as HTML, read by the readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from hypothesis import strategies as st

from index.fact import Budget, Check, Kind, Outcome, RowKind
from index.read import read_budget

Row = tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """A table as printed: title, heads, rows."""

    title: str
    heads: Sequence[Row]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Item:
    """A class (项) with what it costs: basic and projects, of this year and of last, in cents."""

    code: str
    name: str
    basic: int
    projects: int
    last: int

    @property
    def total(self) -> int:
        return self.basic + self.projects


CLASSES = {
    "205": "教育支出",
    "20502": "普通教育",
    "2050201": "学前教育",
    "2050202": "小学教育",
    "2050203": "初中教育",
    "20508": "进修及培训",
    "2050803": "培训支出",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "2210203": "购房补贴",
}
LEAVES = [code for code in CLASSES if len(code) == 7]
CENTS = st.integers(min_value=1_000, max_value=99_999_999)
"""Large enough that no two sums agree by chance."""


@st.composite
def items(draw: st.DrawFn) -> tuple[Item, ...]:
    codes = draw(st.lists(st.sampled_from(LEAVES), min_size=4, unique=True))
    return tuple(
        Item(
            code=code,
            name=CLASSES[code],
            basic=draw(CENTS),
            projects=draw(CENTS),
            last=draw(CENTS),
        )
        for code in sorted(codes)
    )


def money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def sums(found: Iterable[Item]) -> tuple[int, int, int, int]:
    """Total, basic, projects, last year."""
    members = list(found)
    basic, projects = sum(i.basic for i in members), sum(i.projects for i in members)
    return basic + projects, basic, projects, sum(i.last for i in members)


def tree(found: Sequence[Item]) -> list[tuple[str, str, tuple[int, int, int, int]]]:
    """Code, name and sums of every class, its members below it."""
    codes = sorted({item.code[:length] for item in found for length in (3, 5, 7)})
    return [
        (code, CLASSES[code], sums(i for i in found if i.code.startswith(code))) for code in codes
    ]


def by_class(found: Sequence[Item], codes: str, *, below: bool, years: bool) -> Printed:
    """支出总表 by classes; `codes`: split over three columns, whole, glued to the name, or none
    but indentation. `below`: the total stands at the end. `years`: columns of two years."""
    named: dict[str, Row] = {
        "split": ("类", "款", "项", "科目名称"),
        "whole": ("科目编码", "科目名称"),
        "glued": ("功能分类科目",),
        "none": ("项目",),
    }
    last = ("2024年预算数", "2023年预算数", "增减额", "增减%")
    figures = last if years else ("合计", "基本支出", "项目支出")
    rows = [
        (*_label(codes, code, name), *_figures(values, years)) for code, name, values in tree(found)
    ]
    whole = (*("",) * (len(named[codes]) - 1), "合计", *_figures(sums(found), years))
    title = "一般公共预算支出表" if years else "部门支出总表"
    return Printed(title, [(*named[codes], *figures)], [*rows, whole] if below else [whole, *rows])


def _label(codes: str, code: str, name: str) -> Row:
    if codes == "split":
        return code[:3], code[3:5], code[5:], name
    if codes == "whole":
        return code, name
    indent = "　" * ((len(code) - 3) // 2)
    return (f"{indent}{code} {name}",) if codes == "glued" else (f"{indent}{name}",)


def _figures(values: Sequence[int], years: bool) -> Row:
    total, basic, projects, last = values
    if not years:
        return money(total), money(basic), money(projects)
    rate = (Decimal(total - last) / last * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return money(total), money(last), money(total - last), f"{rate}%"


def balance(found: Sequence[Item]) -> Printed:
    """收支总表: income left, spending by class right."""
    total = sums(found)[0]
    own = total // 3
    left = [
        ("一、一般公共预算拨款收入", money(total - own)),
        ("二、事业收入", money(own)),
        ("三、其他收入", ""),
    ]
    classes = [(name, money(values[0])) for code, name, values in tree(found) if len(code) == 3]
    right = [(f"{'一二三四'[at]}、{name}", value) for at, (name, value) in enumerate(classes)]
    height = max(len(left), len(right))
    pairs = zip(
        [*left, *[("", "")] * (height - len(left))],
        [*right, *[("", "")] * (height - len(right))],
        strict=True,
    )
    rows = [(*a, *b) for a, b in pairs]
    foot = ("收入总计", money(total), "支出总计", money(total))
    heads = [("收入", "收入", "支出", "支出"), ("项目", "预算数", "项目", "预算数")]
    return Printed("部门收支总表", heads, [*rows, foot])


def by_unit(found: Sequence[Item], names: Sequence[str], *, small: bool) -> Printed:
    """Each unit with a third of the classes; `small`: its row is a 小计, the name stands beside."""
    rows: list[Row] = []
    parts = {
        name: [i for at, i in enumerate(found) if at % len(names) == n]
        for n, name in enumerate(names)
    }
    for number, (name, members) in enumerate(parts.items(), 1):
        if not members:
            continue
        code = f"36100{number}"
        label = (name, "小计") if small else (code, name)
        rows.append((*label, *map(money, sums(members)[:3])))
        for item in members:
            own = (name if small else code, f"{item.code} {item.name}")
            rows.append((*own, *map(money, (item.total, item.basic, item.projects))))
    head = ("单位名称" if small else "单位代码", "功能分类科目", "合计", "基本支出", "项目支出")
    whole = ("", "合计", *map(money, sums(found)[:3]))
    return Printed("部门支出明细表", [head], [whole, *rows])


HEAD = (
    '<tr><td rowspan="3">单位名称</td><td rowspan="3">合计</td><td rowspan="3">上年结转</td>'
    '<td colspan="4">本年收入</td></tr>'
    '<tr><td rowspan="2">小计</td><td colspan="2">财政拨款收入</td>'
    '<td rowspan="2">事业收入</td></tr><tr><td>一般公共预算</td><td>政府性基金预算</td></tr>'
)
"""Three rows of merged heads."""


@st.composite
def income_by_unit(draw: st.DrawFn) -> bytes:
    """收入总表 of units in HTML, the heads merged in both directions; every sum right."""
    units = draw(st.lists(st.tuples(CENTS, CENTS, CENTS, CENTS), min_size=3, max_size=7))
    every = [*units, tuple(map(sum, zip(*units, strict=True)))]
    rows = [(sum(u), u[0], sum(u[1:]), *u[1:]) for u in every]
    names = [*(f"第{'一二三四五六七'[at]}中学" for at in range(len(units))), "合计"]
    body = "".join(
        f"<tr><td>{name}</td>{''.join(f'<td>{money(v)}</td>' for v in row)}</tr>"
        for name, row in zip(names, rows, strict=True)
    )
    title = "<h1>某某局2024年部门预算</h1><p>部门收入总表</p><p>单位：元</p>"
    return f"<html><body>{title}<table>{HEAD}{body}</table></body></html>".encode()


def rounded(found: Sequence[Item]) -> Budget:
    """In 万元, each figure rounded by itself from the amounts in 元."""
    names = [(code, name, [round(v / 10_000) for v in vs[:3]]) for code, name, vs in tree(found)]
    rows = [(code, name, *map(money, values)) for code, name, values in names]
    whole = ("", "合计", *(money(round(v / 10_000)) for v in sums(found)[:3]))
    heads = [("科目编码", "科目名称", "合计", "基本支出", "项目支出")]
    table = Printed("部门支出总表", heads, [whole, *rows])
    return read_budget("budget.txt", text_of([table], "万元"))


def text_of(tables: Sequence[Printed], unit: str) -> bytes:
    lines = ["某某局2024年部门预算", "第二部分 2024年部门预算表"]
    for number, table in enumerate(tables, 1):
        lines += [f"表{number}", table.title, f"金额单位：{unit}"]
        lines += ["\t".join(row) for row in (*table.heads, *table.rows)]
        lines.append("")
    return "\n".join(lines).encode()


def html_of(tables: Sequence[Printed], unit: str) -> bytes:
    parts = ["<html><body><h1>某某局2024年部门预算</h1>"]
    for table in tables:
        parts.append(f"<p>{table.title}</p><p>单位：{unit}</p><table>")
        for row in (*table.heads, *table.rows):
            parts.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """A budget with every sum right, in one of many layouts."""
    found = draw(items())
    codes = draw(st.sampled_from(("split", "whole", "glued", "none")))
    below, small = draw(st.booleans()), draw(st.booleans())
    tables = [
        balance(found),
        by_class(found, codes, below=below, years=False),
        by_class(found, codes, below=below, years=True),
        by_unit(found, ("某某局机关", "某某中心", "某某学校"), small=small),
    ]
    unit = draw(st.sampled_from(("元", "万元")))
    if draw(st.booleans()):
        return read_budget("budget.txt", text_of(tables, unit))
    return read_budget("budget.html", html_of(tables, unit))


def differing(checks: Iterable[Check]) -> set[frozenset[str]]:
    return {frozenset(c.facts) for c in checks if c.outcome is Outcome.DIFFERS}


def amounts(budget: Budget) -> list[str]:
    """Ids of the printed amounts."""
    return [
        fact.id
        for fact in budget.facts
        if fact.kind is Kind.MONEY and fact.value and fact.row_kind is not RowKind.PROSE
    ]
