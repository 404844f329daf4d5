"""Goal tables of other layouts; words of value cells; shifts and page breaks change nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Place
from index.extract_goals import is_goal_form
from index.fact import Fact, Kind, Passage, PassageKind
from index.goal_facts import grades_of
from index.goal_words import Goal, goal_of, is_measure, sign_of
from tests.goal_tables import brief, lines, raw_table, read, spread, targets

MERGED = """
项目绩效目标表 | | | | | | | | | |
部门：某市甲局 | | | | | | | | | 单位：元 |
单位名称|项目名称|预算金额|年度绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|权重
某市甲局机关 | 丙补助 | 8,060.00 | 发放补助。 | 产出指标 | 数量指标 | 补助人数 | ≥ | 92 | 人 | 30
^ | ^ | ^ | ^ | ^ | 时效指标 | 发放完成时间 | ≤ | 6 | 月 | 30
^ | ^ | ^ | ^ | 效益指标 | 社会效益指标 | 规范管理率 | ＝ | 98.5 | ％ | 30
某市乙所 | 丁检查 | 520 | 检查。 | 满意度指标 | 满意度指标 | 群众满意度 | >= | 1,000 | 人 | 10
"""


def test_merged_cells_unit_names_without_codes_and_full_width_signs() -> None:
    table = raw_table(lines(MERGED))
    goals = read(replace(table, rows=spread(table.rows)))
    assert brief(goals) == [
        "某市甲局机关/丙补助 8060.00万元 money",
        "某市甲局机关/丙补助/产出指标/数量指标/补助人数 ≥92人 target",
        "某市甲局机关/丙补助/产出指标/时效指标/发放完成时间 ≤6月 target",
        "某市甲局机关/丙补助/效益指标/社会效益指标/规范管理率 =98.5％ target",
        "某市乙所/丁检查 520万元 money",
        "某市乙所/丁检查/满意度指标/满意度指标/群众满意度 ≥1000人 target",
    ]
    assert [p.text for p in goals.passages] == ["发放补助。", "检查。"]
    assert not goals.doubts


def test_the_same_table_with_blank_or_repeated_cells_instead_of_merged_ones() -> None:
    table = raw_table(lines(MERGED))
    merged = brief(read(replace(table, rows=spread(table.rows))))
    blank = raw_table([line.replace("^", "") for line in lines(MERGED)])
    repeated = tuple(
        tuple(replace(cell, spread=False) for cell in row) for row in spread(table.rows)
    )
    assert brief(read(blank)) == merged
    assert brief(read(replace(table, rows=repeated))) == merged


def test_value_sign_and_measure_in_one_cell_and_weight_before_it() -> None:
    table = raw_table(
        lines(
            """
            序号 | 项目名称 | 预算数（元） | 绩效指标 | | | | |
            | | | 一级指标 | 二级指标 | 三级指标 | 权重 | 指标值 | 备注
            1 | 戊工程 | 70 | 产出指标 | 数量指标 | 新建里程 | 20 | ≥60公里 | 无
            | | | 成本指标 | 经济成本指标 | 总成本 | 10 | 不超过70元 |
            | | | 效益指标 | 社会效益指标 | 通行能力 | 10 | 明显提升 |
            | | | 满意度指标 | | 群众满意度 | 10 | 95%以上 |
            2 | 己工程 | 30 | 产出指标 | 时效指标 | 完成时间 | 20 | 12月底前 |
            """
        )
    )
    assert not is_goal_form(table)
    goals = read(table)
    assert brief(goals) == [
        "戊工程 70元 money",
        "戊工程/产出指标/数量指标/新建里程 ≥60公里 target",
        "戊工程/成本指标/经济成本指标/总成本 ≤70元 target",
        "戊工程/效益指标/社会效益指标/通行能力 None text",
        "戊工程/满意度指标/群众满意度 ≥95% target",
        "己工程 30元 money",
        "己工程/产出指标/时效指标/完成时间 None text",
    ]
    assert [f.value for f in goals.facts if f.kind is Kind.WEIGHT] == [20, 10, 10, 10, 20]


def test_a_form_of_one_project() -> None:
    table = raw_table(
        lines(
            """
            项目名称 | 庚普查 | 主管部门 | 某县丙局
            项目资金（元） | 年度资金总额 | 500.00 |
            | 其中：财政拨款 | 400.00 |
            | 其他资金 | 100.00 |
            总体目标 | 完成全县普查。 | |
            绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
            | 产出指标 | 数量指标 | 普查户数 | ≥300户
            | | 质量指标 | 差错率 | ≤1%
            """
        )
    )
    assert is_goal_form(table)
    goals = read(table)
    assert brief(goals) == [
        "庚普查 500.00元 money",
        "庚普查 400.00元 money",
        "庚普查 100.00元 money",
        "庚普查/产出指标/数量指标/普查户数 ≥300户 target",
        "庚普查/产出指标/质量指标/差错率 ≤1% target",
    ]
    assert [f.column[-1] for f in goals.facts[:3]] == ["年度资金总额", "财政拨款", "其他资金"]
    assert [(p.title, p.text) for p in goals.passages] == [("庚普查", "完成全县普查。")]


def test_a_form_whose_tasks_have_amounts() -> None:
    goals = read(
        raw_table(
            lines(
                """
                部门名称 | 某县丁局 | | | |
                年度主要任务 | 任务名称 | 主要内容 | 总额 | 财政拨款 | 其他资金
                | 辛任务 | 修订目录。 | 30 | 20 | 10
                | 壬任务 | 培训人员， | 5 | 5 | 0
                | | 编印手册。 | | |
                | 金额合计 | | 35 | 25 | 10
                年度总体目标 | 一、办好两件事。 | | | |
                | 一级指标 | 二级指标 | 三级指标 | 指标值 | 权重
                | 产出指标 | 数量指标 | 培训人数 | 60人 | 10
                """
            )
        ),
        (),
    )
    money = [(f.label, f.column[-1], f.value) for f in goals.facts if f.kind is Kind.MONEY]
    assert money[0] == ("辛任务", "总额", 30)
    assert money[-1] == ("金额合计", "其他资金", 10)
    assert len(money) == 9
    tasks = [(p.title, p.text) for p in goals.passages if p.kind is PassageKind.TASK]
    assert tasks == [("辛任务", "修订目录。"), ("壬任务", "培训人员，编印手册。")]
    (target,) = targets(goals)
    assert target.row_path == ("某县丁局", "产出指标", "数量指标", "培训人数")
    assert (target.value, target.unit, target.operator) == (60, "人", "")


def test_levels_printed_once_blanks_and_words_where_numbers_are_expected() -> None:
    goals = read(
        raw_table(
            lines(
                """
                单位名称|项目名称|预算数|年度目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|权重
                111-甲局||100|||||||
                111001-甲局本级||60|||||||
                |A项目|40|目标一|产出指标|数量指标|子|≥|—|个|—
                |B项目|20|目标二|产出指标|自定义指标|丑|=|3|个|10
                ||||||寅|=|优良||10
                ||||||卯|≥|良好||10
                111002-乙所||40|||||||
                |A项目|40|目标一|产出指标|数量指标|子|≥|8|个|10
                """
            )
        ),
        (),
    )
    assert [line for line in brief(goals) if "None blank" not in line] == [
        "甲局 100万元 money",
        "甲局本级 60万元 money",
        "甲局本级/A项目 40万元 money",
        "甲局本级/A项目/产出指标/数量指标/子 ≥None个 blank",
        "甲局本级/B项目 20万元 money",
        "甲局本级/B项目/产出指标/自定义指标/丑 =3个 target",
        "甲局本级/B项目/产出指标/自定义指标/寅 =None text",
        "甲局本级/B项目/产出指标/自定义指标/卯 ≥None text",
        "乙所 40万元 money",
        "乙所/A项目 40万元 money",
        "乙所/A项目/产出指标/数量指标/子 ≥8个 target",
    ]
    assert [p.text for p in goals.passages] == ["目标一", "目标二", "目标一"]
    assert [doubt.split("：")[1] for doubt in goals.doubts] == ["卯"]


def test_results_beside_targets_are_not_taken_for_them() -> None:
    goals = read(
        raw_table(
            lines(
                """
                项目名称|预算数|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|备注
                甲项目|10|产出指标|数量指标|培训次数|≥5次|6次|20|19|
                |||质量指标|合格率|100%|98%|10|9.8|偏差
                """
            )
        ),
        (),
    )
    assert [(f.value, f.unit) for f in targets(goals)] == [(5, "次"), (100, "%")]
    assert [f.value for f in goals.facts if f.kind is Kind.WEIGHT] == [20, 10]


def test_an_indicator_whose_value_stands_behind_the_page_break() -> None:
    goals = read(
        raw_table(
            lines(
                """
                项目名称|一级指标|二级指标|三级指标|指标性质|指标值|度量单位
                甲|产出|数量|培训||
                |指标|指标|次数|≥|5|次
                """
            )
        ),
        (),
    )
    assert brief(goals) == ["甲/产出指标/数量指标/培训次数 ≥5次 target"]


def test_what_fits_nowhere_is_a_doubt() -> None:
    goals = read(
        raw_table(["项目名称\t一级指标\t三级指标\t指标值", "甲\t产出指标\t乙\t9\t8\t7"]), ()
    )
    assert [f.value for f in targets(goals)] == [9]
    assert len(goals.doubts) == 2


# Words


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("≥500000000张", Goal(value=Decimal(500000000), unit="张", operator="≥")),
        ("=30万次", Goal(value=Decimal(30), unit="万次", operator="=")),
        ("1,992.21", Goal(value=Decimal("1992.21"))),
        ("３天以内", Goal(value=Decimal(3), unit="天", operator="≤")),
        ("85％", Goal(value=Decimal(85), unit="%")),
        ("2023以前完成", None),
        ("90%-100%", None),
        ("高", None),
        ("4A级景区", None),
    ],
)
def test_value_cells(text: str, goal: Goal | None) -> None:
    assert goal_of(text) == goal


def test_signs_measures_and_grades() -> None:
    assert [sign_of(t) for t in ("≥", "＞＝", "≤", "＜", "定性", "≥60", "")] == [
        "≥", "≥", "≤", "<", "定性", "", ""]  # fmt: skip
    assert all(
        map(is_measure, ("个", "万人", "期/年", "台(套)", "个（套）", "小时/天", "万", "TB"))
    )
    assert not any(map(is_measure, ("高", "小", "及时", "预算数", "")))
    assert {"优", "差"} <= grades_of("考核(优:达标;差:未达标)")
    assert not grades_of("准确率(计算方法为: 执行数 /预算数)")


# Shifts and page breaks change nothing

WORD = st.text("甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=9)
LEVEL = st.sampled_from(
    [("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"),
     ("满意度指标", "满意度指标"), ("成本指标", "经济成本指标")]
)  # fmt: skip
NUMBER = st.integers(0, 10**6).map(str)
AIM = st.one_of(
    st.tuples(st.sampled_from("≥≤=<>"), NUMBER, st.sampled_from(["%", "个", "万人"])),
    st.tuples(st.sampled_from("≥≤"), st.just(""), st.sampled_from(["分钟", "期/年"])),
    st.tuples(st.just("定性"), st.sampled_from(["高", "及时"]), st.just("")),
)
WEIGHT = st.one_of(st.just(""), st.integers(1, 50).map(str))
INDICATOR = st.tuples(LEVEL, WORD, AIM, WEIGHT).filter(lambda i: bool(i[2][1]) or bool(i[2][2]))
PROJECT = st.tuples(
    WORD,
    NUMBER,
    WORD.map(lambda word: word + "。"),
    st.lists(INDICATOR, min_size=1, max_size=4),
)
HEAD = [
    "单位名称", "项目名称", "预算数", "年度目标", "一级指标", "二级指标", "三级指标", "指标性质",
    "指标值", "度量单位", "权重",
]  # fmt: skip
Table = list[list[str]]


def rows_of(projects: list[tuple[str, str, str, list[tuple]]]) -> Table:  # type: ignore[type-arg]
    rows = [HEAD]
    for at, (name, amount, objective, indicators) in enumerate(projects):
        for nth, (level, third, aim, weight) in enumerate(indicators):
            own = [f"88800{at}-{name}局", f"{name}{'子丑寅'[at]}", amount, objective]
            rows.append([*(own if nth == 0 else [""] * 4), *level, third, *aim, weight])
    return rows


def said(rows: Table) -> list[Fact | Passage]:
    """The facts without what depends on where they are printed."""
    goals = read(raw_table(["\t".join([*row, ""]) for row in rows]))
    nowhere = Place()
    facts = [
        replace(f, id="", place=nowhere, label_places=(), header_places=(), row=0, note="")
        for f in goals.facts
    ]
    return [*facts, *(replace(p, id="", place=nowhere) for p in goals.passages)]


TABLES = st.lists(PROJECT, min_size=1, max_size=3).map(rows_of)


@settings(deadline=None)
@given(TABLES, st.data())
def test_rows_shifted_by_blanks_say_the_same(rows: Table, data: st.DataObject) -> None:
    shifted = [rows[0]]
    for row in rows[1:]:
        printed = [cell for cell in row if cell]
        gaps = data.draw(
            st.lists(st.integers(0, 3), min_size=len(printed) + 1, max_size=len(printed) + 1)
        )
        cells = [part for gap, cell in zip(gaps, [*printed, ""], strict=True)
                 for part in [*[""] * gap, cell]]  # fmt: skip
        shifted.append(cells)
    assert said(shifted) == said(rows)


@settings(deadline=None)
@given(TABLES, st.data())
def test_a_head_printed_again_on_a_new_page_says_the_same(rows: Table, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(rows)))
    assert said([*rows[:at], HEAD, *rows[at:]]) == said(rows)


@settings(deadline=None)
@given(TABLES, st.data())
def test_a_row_cut_by_a_page_break_says_the_same(rows: Table, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([n for n, row in enumerate(rows) if n and row[1]]))
    upper, lower = list(rows[at]), [""] * len(HEAD)
    for column in data.draw(st.sampled_from([(3,), (1, 3), (3, 6), (1, 3, 6)])):
        text = rows[at][column]
        cut = data.draw(st.integers(1, len(text) - 1))
        upper[column], lower[column] = text[:cut], text[cut:]
    for column in (4, 5):
        upper[column], lower[column] = upper[column].removesuffix("指标"), "指标"
    assert said([*rows[:at], upper, lower, *rows[at + 1 :]]) == said(rows)
