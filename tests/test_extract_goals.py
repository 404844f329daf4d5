"""The goal tables of the sample: its wandering rows one by one, and its form."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from index.extract_goals import complete_goal_labels, is_goal_form, is_goal_table
from index.fact import Fact, Kind, PassageKind, RowKind, Unit
from tests.goal_tables import raw_table, read, targets

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"
LINES = SAMPLE.read_text(encoding="utf-8").split("\n")
UNITS = (
    Unit(code="622", name="四川省大数据中心部门", whole=True),
    Unit(code="622001", name="四川省大数据中心", own=True),
    Unit(code="622902", name="四川省大数据技术服务中心"),
)


PROJECTS_TABLE = raw_table(LINES[416:759], 417)
FORM_TABLE = raw_table(LINES[766:796], 767, "部门整体支出绩效目标表")
PROJECTS = read(PROJECTS_TABLE, UNITS)
FORM = read(FORM_TABLE, UNITS)


def at_line(line: int, end: str = "value") -> Fact:
    """The fact of the sample's row that begins on a line."""
    row = next(at for at, r in enumerate(PROJECTS_TABLE.rows) if r[0].place.line == line)
    return next(f for f in PROJECTS.facts if f.id == f"表十三/r{row:03d}/{end}")


def show(fact: Fact) -> str:
    return f"{fact.operator} {fact.printed} {fact.unit}".strip()


# The sample's table of projects


def test_every_line_with_an_operator_is_one_indicator_and_nothing_else_is() -> None:
    signed = [
        n
        for n, line in enumerate(LINES[417:759], 418)
        if re.search(r"(?:^|\t)(?:≥|≤|=|<|>|定性)(?:\t|$)", line)
    ]
    rows = [PROJECTS_TABLE.rows[fact.row][0].place.line for fact in targets(PROJECTS)]
    assert rows == signed
    assert len(rows) == 326


def test_the_sample_counts() -> None:
    kinds = Counter((f.row_kind, f.kind, f.column) for f in PROJECTS.facts)
    assert kinds == {
        (RowKind.UNIT, Kind.MONEY, ("预算数",)): 1,
        (RowKind.PROJECT, Kind.MONEY, ("预算数",)): 42,
        (RowKind.INDICATOR, Kind.TARGET, ("指标值",)): 272,
        (RowKind.INDICATOR, Kind.TEXT, ("指标值",)): 43,
        (RowKind.INDICATOR, Kind.BLANK, ("指标值",)): 11,
        (RowKind.INDICATOR, Kind.WEIGHT, ("权重",)): 311,
        (RowKind.INDICATOR, Kind.BLANK, ("权重",)): 15,
    }


def test_every_indicator_has_unit_project_and_three_levels() -> None:
    assert {len(f.row_path) for f in targets(PROJECTS)} == {5}
    assert all(f.row_path[2].endswith("指标") for f in targets(PROJECTS))
    assert all(f.row_path[3].endswith("指标") for f in targets(PROJECTS))
    assert {(f.unit_code, f.unit_name) for f in targets(PROJECTS)} == {
        ("622001", "四川省大数据中心"),
        ("622902", "四川省大数据技术服务中心"),
    }


def test_every_printed_figure_stands_at_its_place() -> None:
    for goals in (PROJECTS, FORM):
        for fact in goals.facts:
            assert fact.place.line is not None
            fields = LINES[fact.place.line - 1].split("\t")
            if fact.kind is not Kind.BLANK and fact.place.field is not None:
                assert fields[fact.place.field] == fact.printed


def test_a_target_cites_its_name_its_operator_and_its_measure() -> None:
    cited = [(p.line, LINES[(p.line or 0) - 1].split("\t")[p.field or 0])
             for p in at_line(477).label_places]  # fmt: skip
    assert cited == [(477, "省级集约化平台安全运维监控"), (477, "="), (477, "小"), (479, "时/天")]


def test_the_projects_add_up_to_the_printed_total_of_the_department() -> None:
    sums: dict[str, Decimal] = {}
    for fact in PROJECTS.facts:
        if fact.row_kind is RowKind.PROJECT and fact.value is not None:
            sums[fact.unit_code] = sums.get(fact.unit_code, Decimal()) + fact.value
    total = next(f for f in PROJECTS.facts if f.row_kind is RowKind.UNIT)
    assert sums == {"622001": Decimal("17354.61"), "622902": Decimal("2944.42")}
    assert total.value == sum(sums.values()) == Decimal("20299.03")
    assert (total.unit_code, total.unit_name, total.label) == ("622", "", "四川省大数据中心部门")
    assert (total.row_path, total.unit) == (("四川省大数据中心部门",), "万元")


@pytest.mark.parametrize(
    ("line", "project", "printed", "name_end"),
    [
        (419, "日常公用经费", "214.01", ""),
        (434, "大数据应用系列课题研究", "40.00", ""),
        (440, "“跨省通办”业务梳理", "20.00", ""),
        (451, "单位运转项目(不可细化)", "322.34", ""),
        (497, "省级政务云互联网出口线路项目", "396", ""),
        (555, "四川一体化政务服务平台运维服务", "1,992.21", ""),
        (605, "四川省电子政务外网线路租用及日常运维项目", "1,580.70", "印为两处：四川省电｜"),
        (708, "四川天府健康通应急响应采购项目（综合服务）", "236.50", ""),
    ],
)
def test_project_rows(line: int, project: str, printed: str, name_end: str) -> None:
    fact = at_line(line, "amount")
    assert (fact.label, fact.printed, fact.unit) == (project, printed, "万元")
    assert fact.value == Decimal(printed.replace(",", ""))
    assert fact.kind is Kind.MONEY
    assert fact.place.line == line
    assert fact.note.startswith(name_end)
    assert at_line(line).row_path[:2] == fact.row_path


@pytest.mark.parametrize(
    ("line", "aim", "weight", "kind", "path"),
    [
        (434, "≥ 2", "", Kind.TARGET, "产出指标/数量指标/研究成果"),
        (435, "≥ 90 %", "15", Kind.TARGET, "产出指标/质量指标/专家评审通过率"),
        (437, "≤ 40 万", "20", Kind.TARGET, "成本指标/经济成本指标/项目支出"),
        (440, "≥ 12 份", "10", Kind.TARGET, "满意度指标/满意度指标/跨省通办数据统计分析报告"),
        (441, "≥ 190 个", "5", Kind.TARGET, "产出指标/数量指标/西南地区跨省通办事项梳理数"),
        (443, "≥ 130 个", "10", Kind.TARGET, "产出指标/质量指标/川渝通办专区配置完成数"),
        (453, "≥ 7443.05 平方米", "5", Kind.TARGET, "产出指标/数量指标/办公面积"),
        (466, "≥ 15 期/年", "5", Kind.TARGET, "产出指标/数量指标/大数据会说话"),
        (477, "= 24 小时/天", "6", Kind.TARGET, "产出指标/时效指标/省级集约化平台安全运维监控"),
        (483, "≤  分钟", "", Kind.BLANK, "产出指标/时效指标/系统运行维护响应时间"),
        (497, "≤", "", Kind.BLANK, "产出指标/时效指标/故障解决时间"),
        (498, "≥ 99.9 %", "15", Kind.TARGET, "产出指标/质量指标/链路全年累计可利用率"),
        (520, "= 100", "", Kind.TARGET, "产出指标/质量指标/平台基础功能满足率"),
        (530, "≤ 262.8 分钟", "5", Kind.TARGET, "产出指标/时效指标/服务失效时间"),
        (532, "≥ 10", "", Kind.TARGET, "产出指标/数量指标/监管数据展示模块(大屏)"),
        (571, "≥ 40000 万人", "15", Kind.TARGET, "效益指标/社会效益指标/主页点击量"),
        (594, "定性 1 %", "20", Kind.TARGET, "效益指标/社会效益指标/提升全省网上政务服务能力"),
        (605, "≥  个", "", Kind.BLANK, "产出指标/数量指标/系统开发数量"),
        (622, "= 1 个(套)", "5", Kind.TARGET, "形成覆盖全省企业的公共信用评价主题库"),
        (645, "≥ 20 人数", "6", Kind.TARGET, "产出指标/数量指标/驻场运维到岗人数"),
        (647, "≥ 12000 万人", "6", Kind.TARGET, "产出指标/数量指标/领码用户数"),
        (661, "< 2024 年", "10", Kind.TARGET, "产出指标/时效指标/完成时间"),
        (672, "≤ 5 %", "30", Kind.TARGET,
         "产出指标/质量指标/预算编制准确率(计算方法为: 执行数-预算数) / 预算数)"),
        (713, "≥ 1 个（套）", "30", Kind.TARGET, "产出指标/数量指标/平台应用示范"),
        (717, "≥ 100 人/月", "20", Kind.TARGET, "产出指标/数量指标/现场支撑人力数量"),
        (752, "≥ 5 年", "10", Kind.TARGET, "效益指标/可持续影响指标/可持续影响指标"),
    ],
)  # fmt: skip
def test_indicator_rows(line: int, aim: str, weight: str, kind: Kind, path: str) -> None:
    fact, share = at_line(line), at_line(line, "weight")
    assert show(fact) == aim
    assert (fact.kind, share.printed) == (kind, weight)
    assert "/".join(fact.row_path).endswith("/" + path)
    assert fact.place.line == line
    assert share.kind is (Kind.WEIGHT if weight else Kind.BLANK)


@pytest.mark.parametrize(
    ("line", "word", "weight"),
    [(429, "高", "10"), (432, "2023以前完成", "10"), (452, "好", "5"), (501, "高", "15"),
     (575, "中国", "15"), (619, "高", ""), (635, "高", "7"), (681, "及时", "10")],
)  # fmt: skip
def test_qualitative_rows(line: int, word: str, weight: str) -> None:
    fact = at_line(line)
    assert (fact.kind, fact.operator, fact.printed, fact.value) == (Kind.TEXT, "定性", word, None)
    assert at_line(line, "weight").printed == weight


@pytest.mark.parametrize(
    ("line", "project"),
    [(438, "大数据应用系列课题研究"), (439, "大数据应用系列课题研究"),
     (466, "单位运转项目(不可细化)"), (500, "省级政务云互联网出口线路项目"),
     (520, "省级政务云灾备平台项目"), (532, "省级政务云监管平台项目"),
     (595, "全省政务服务网第三方评估服务项目"), (619, "四川省电子政务外网线路租用及日常运维项目"),
     (691, "四川天府健康同文旅管理平台建设"), (707, "四川省核酸检测信息系统性能优化项目")],
)  # fmt: skip
def test_a_shifted_row_belongs_to_the_project_above(line: int, project: str) -> None:
    assert at_line(line).row_path[1] == project


def test_directions_and_joined_halves_are_noted() -> None:
    assert at_line(419).note == "反向指标"
    assert at_line(441).note == "二级指标印为两处：数量｜指标"
    assert at_line(443).note == ""
    assert at_line(605).note.startswith("正向指标；一级指标印为两处：产出｜指标；二级指标印为两处")


def test_a_name_cut_by_a_page_break_is_joined() -> None:
    fact = at_line(575)
    assert fact.label.endswith(
        "中:政务窗口未出现违纪行为;低:窗口人员服务态度有待提升,群众反映强烈。"
    )
    assert fact.row_path[3] == "社会效益指标"
    assert [p.line for p in fact.label_places] == [575, 577, 575]


@pytest.mark.parametrize(
    ("title", "first", "last", "end"),
    [
        ("“跨省通办”业务梳理", 440, 443, "国家“跨省通办”“川渝通办”“西南地区跨省通办”"),
        ("省人民政府网站运行维护服务", 474, 479, "等方面工作,强化省政府网站功能对标建设,"),
        ("省级政务云平台扩容项目", 537, 545, "自主可控的云安全体系和政务数据灾备体系,"),
        ("四川省行政效能视频监控系統运维服务", 572, 577, "杜绝“迟到、早退、串岗、吃拿卡要”"),
        ("四川省电子政务外网线路租用及日常运维项目", 605, 607, "保障2023年四川省电子政务外网"),
        ("四川天府健康通运维项目", 634, 641, "系统功能,提高查验效率”的基本思路"),
    ],
)
def test_an_objective_cut_by_a_page_break_is_joined(
    title: str, first: int, last: int, end: str
) -> None:
    passage = next(p for p in PROJECTS.passages if p.title == title)
    assert (passage.place.line, passage.place.line_end) == (first, last)
    assert end in passage.text
    assert passage.kind is PassageKind.OBJECTIVE


def test_every_project_has_one_objective() -> None:
    names = [f.label for f in PROJECTS.facts if f.row_kind is RowKind.PROJECT]
    assert [p.title for p in PROJECTS.passages] == names


def test_the_doubts_of_the_sample() -> None:
    assert [doubt.split("：")[0] for doubt in PROJECTS.doubts] == [
        "436",
        "439",
        "497",
        "575",
        "594",
    ]
    assert "等次" in at_line(436).doubt and "中国" in at_line(575).doubt
    assert not at_line(429).doubt and not at_line(526).doubt and not at_line(497).doubt


# The sample's form of the whole department


def test_the_form_is_told_from_the_list() -> None:
    assert is_goal_table(PROJECTS_TABLE) and is_goal_table(FORM_TABLE)
    assert is_goal_form(FORM_TABLE) and not is_goal_form(PROJECTS_TABLE)
    assert not is_goal_table(raw_table(LINES[404:407], 405))


def test_the_forms_amounts() -> None:
    money = [f for f in FORM.facts if f.kind is Kind.MONEY]
    assert [(f.column, f.printed) for f in money] == [
        (("年度部门整体支出预算", "资金总额"), "24,634.71"),
        (("年度部门整体支出预算", "财政拨款"), "20,867.41"),
        (("年度部门整体支出预算", "其他资金"), "3,767.30"),
    ]
    assert {(f.label, f.unit, f.place.line) for f in money} == {
        ("年度部门整体支出预算", "万元", 776)
    }


def test_the_forms_tasks_and_objective() -> None:
    tasks = [p for p in FORM.passages if p.kind is PassageKind.TASK]
    assert [(p.title, p.place.line) for p in tasks] == [
        ("持续提升网办能力", 769),
        ("加快建设数字基础设施", 770),
        ("积极开展数据要素市场化综合改革", 771),
        ("全面构建数据资源体系", 772),
        ("全力做好疫情防控工作", 773),
    ]
    assert tasks[0].text.startswith("深化“一网通办”前提下")
    (objective,) = (p for p in FORM.passages if p.kind is PassageKind.OBJECTIVE)
    assert objective.place.line == 777
    assert objective.text.endswith("支撑全省政务应用。")


def test_the_forms_indicators() -> None:
    assert len(targets(FORM)) == 18
    got = {f.place.line: (f.operator, f.value, f.unit, f.row_path[1:]) for f in targets(FORM)}
    assert got[786][:3] == ("≥", Decimal(500000000), "张")
    assert got[787][3][:2] == ("产出指标", "质量指标")
    assert got[793] == ("=", 30, "万次", ("效益指标", "社会效益指标", "12345服务群众人次"))
    assert got[794][3] == ("效益指标", "社会效益指标", "一体化政务服务平台主页点击量")
    assert got[795] == ("≥", 85, "%", ("满意度指标", "服务对象满意度指标", "12345满意率"))
    assert not FORM.doubts


def test_cut_names_of_the_form_are_completed_from_the_projects() -> None:
    whole = complete_goal_labels(FORM.facts, PROJECTS.facts)
    done = {f.place.line: f.label for f in whole if "印为：" in f.note}
    assert done == {
        781: "省级政务云平台服务扩容建设计算资源池（云主机、GPU服务器、裸金属)",
        782: "省社会信用平台形成中小微企业综合指数报告",
        787: "信用平台完成信用评价的市场主体占全省市场主体的比例",
        788: "政务云互联网出口线路链路全年累计可利用率",
        792: "12345办理群众诉求省时省力，提供服务团队就业岗位",
    }
    assert [f.value for f in whole] == [f.value for f in FORM.facts]
