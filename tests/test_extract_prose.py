"""Every figure of running text is a fact with its subject, and nothing else is."""

# ruff: noqa: E501 (a sentence of the tables is kept whole: it is printed so)

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from index.arrange import outline_of
from index.document import Place
from index.extract_prose import extract_prose
from index.fact import Fact, Kind, RowKind, Unit
from index.outline import Text
from index.readers.text import read_text

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"
OWN = "云岭市粮食局"
UNITS = (
    Unit(code="101", name=OWN, whole=True),
    Unit(code="101001", name="云岭市粮食局本级", own=True),
    Unit(code="101002", name="云岭市粮油检测站"),
)
Row = tuple[str, str, str, str]


def text_of(line: str, at: int = 1, *headings: str, heading: bool = False) -> Text:
    place = Place(line=at)
    return Text(
        text=line,
        place=place,
        section="三",
        headings=headings,
        heading=heading,
        parts=((line, place),),
    )


def facts_of(*lines: str, headings: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    texts = [text_of(line, at, *headings) for at, line in enumerate(lines, 1)]
    return extract_prose(texts, document="d", year=2024, institution=OWN, units=UNITS)


def rows_of(facts: tuple[Fact, ...]) -> list[Row]:
    return [
        ("/".join(f.row_path), f.column[0], "" if f.value is None else str(f.value), f.unit)
        for f in facts
    ]


# sentence → row path, column, value, unit of each figure
CASES: list[tuple[str, list[Row]]] = [
    ("市粮食局 2024 年收支预算总数 24634.71 万元,比 2023 年收支预算总数增加 1964.84 万元，主要原因新增人员支出增加，"
     "单位运转经费减少，品迭后增加 1964.84 万元。",
     [("收支预算总数", "预算数", "24634.71", "万元"), ("收支预算总数", "比上年增减", "1964.84", "万元"),
      ("收支预算总数", "比上年增减", "1964.84", "万元")]),
    ("2024年收支总预算3819.00万元，比2023年增加107.48万元，增长2.90%，主要原因是人员经费增加。",
     [("收支总预算", "预算数", "3819.00", "万元"), ("收支总预算", "比上年增减", "107.48", "万元"),
      ("收支总预算", "增减比例", "2.90", "%")]),
    ("收入预算100万元，其中：上年结转40.5万元，占40.5%；事业收入59.5万元，占59.5%。",
     [("收入预算", "预算数", "100", "万元"), ("收入预算/上年结转", "预算数", "40.5", "万元"),
      ("收入预算/上年结转", "占比", "40.5", "%"), ("收入预算/事业收入", "预算数", "59.5", "万元"),
      ("收入预算/事业收入", "占比", "59.5", "%")]),
    ("1.一般公共服务（类）政府办公厅（室）及相关机构事务（款）事业运行（项）2024年预算数为3093.8万元，主要用于：日常运转。"
     "年度科目调整不超过5次，“三公经费”不超过2023年支出水平。",
     [("一般公共服务/政府办公厅（室）及相关机构事务/事业运行", "预算数", "3093.8", "万元"),
      ("一般公共服务/政府办公厅（室）及相关机构事务/事业运行/年度科目调整", "数量", "5", "次")]),
    ("2.行政事业单位养老支出（款）行政单位离退休（项）2024年预算数9.22万元，比上年减少3.89万元。",
     [("行政事业单位养老支出/行政单位离退休", "预算数", "9.22", "万元"),
      ("行政事业单位养老支出/行政单位离退休", "比上年增减", "-3.89", "万元")]),
    ("7. “公共安全支出（类）司法（款）公共法律服务（项）”30.00万元，主要用于公共法律服务。2023年当年预算执行数为15.00万元，"
     "2024年预算安排30.00万元，比2023年预算执行数增加100.00%。",
     [("公共安全支出/司法/公共法律服务", "预算数", "30.00", "万元"),
      ("公共安全支出/司法/公共法律服务", "执行数", "15.00", "万元"),
      ("公共安全支出/司法/公共法律服务", "预算数", "30.00", "万元"),
      ("公共安全支出/司法/公共法律服务", "增减比例", "100.00", "%")]),
    ("6、卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。主要用于：医疗保险。年初预算为 42.73万元，"
     "支出决算为 40.35 万元，完成年初预算的 94.43%。",
     [("卫生健康支出/行政事业单位医疗/行政单位医疗", "预算数", "42.73", "万元"),
      ("卫生健康支出/行政事业单位医疗/行政单位医疗", "决算数", "40.35", "万元"),
      ("卫生健康支出/行政事业单位医疗/行政单位医疗", "完成率", "94.43", "%")]),
    ("（二）公务接待费82,020.00元，比上年减少3,288.00元。计划接待132批次、1,045人次，主要用于业务交流等接待。",
     [("公务接待费", "预算数", "82020.00", "元"), ("公务接待费", "比上年增减", "-3288.00", "元"),
      ("公务接待费/接待", "数量", "132", "批次"), ("公务接待费/接待", "数量", "1045", "人次")]),
    ("（三）公务用车购置及运行维护费549,000.00元。其中：公务用车购置费218,000.00元，计划更新购置公务用车1辆；"
     "公务用车运行维护费331,000.00元，用于14辆公务用车的燃料、维修等支出。",
     [("公务用车购置及运行维护费", "预算数", "549000.00", "元"),
      ("公务用车购置及运行维护费/公务用车购置费", "预算数", "218000.00", "元"),
      ("公务用车购置及运行维护费/更新购置公务用车", "数量", "1", "辆"),
      ("公务用车购置及运行维护费/公务用车运行维护费", "预算数", "331000.00", "元"),
      ("公务用车购置及运行维护费/公务用车", "数量", "14", "辆")]),
    ("（一）公务接待费与 2023 年预算持平。", [("公务接待费", "比上年增减", "0", "万元")]),
    ("公务用车运行费21.56万元，比2023年预算持平，主要原因是运行费保持不变。",
     [("公务用车运行费", "预算数", "21.56", "万元"), ("公务用车运行费", "比上年增减", "0", "万元")]),
    ("因公出国（境）费未安排，与上年持平。",
     [("因公出国（境）费", "预算数", "", "万元"), ("因公出国（境）费", "比上年增减", "0", "万元")]),
    ("市粮食局 2024 年没有使用政府性基金预算拨款安排的支出。",
     [("政府性基金预算拨款安排的支出", "预算数", "", "万元")]),
    ("2024 年年初单位预算暂未编列因公出国（境）经费，确需出国的另行报批。",
     [("因公出国（境）经费", "预算数", "", "万元")]),
    ("本部门2024年度无政府性基金预算财政拨款收入和支出。",
     [("政府性基金预算财政拨款收入和支出", "预算数", "", "万元")]),
    ("2024年，市粮食局安排政府采购预算16245.36万元，其中，政府采购货物预算172.55万元；政府采购服务预算16072.81万元。",
     [("政府采购预算", "预算数", "16245.36", "万元"), ("政府采购预算/政府采购货物预算", "预算数", "172.55", "万元"),
      ("政府采购预算/政府采购服务预算", "预算数", "16072.81", "万元")]),
    ("截至2023年底，市粮食局所属各预算单位共有车辆6辆，其中，省部级领导干部用车0辆、定向保障用车6辆。"
     "单位价值200万元以上大型设备0台（套）。",
     [("车辆", "数量", "6", "辆"), ("车辆/省部级领导干部用车", "数量", "0", "辆"),
      ("车辆/定向保障用车", "数量", "6", "辆"), ("单位价值200万元以上大型设备", "数量", "0", "台（套）")]),
    ("部门（单位）共有车辆 7 辆，其中：其他用车 7辆；单价 100 万元（含）以上设备（不含车辆）0 台（套）。",
     [("车辆", "数量", "7", "辆"), ("车辆/其他用车", "数量", "7", "辆"),
      ("车辆/单价100万元（含）以上设备（不含车辆）", "数量", "0", "台（套）")]),
    ("2024年市粮食局开展绩效目标管理的项目64个，涉及预算24634.71万元。其中：人员类项目7个，涉及预算3056.15万元。",
     [("绩效目标管理的项目", "数量", "64", "个"), ("绩效目标管理的项目", "预算数", "24634.71", "万元"),
      ("绩效目标管理的项目/人员类项目", "数量", "7", "个"), ("绩效目标管理的项目/人员类项目", "预算数", "3056.15", "万元")]),
    ("2024年对4个项目设置绩效目标，涉及预算26,213,360.00元。",
     [("项目", "数量", "4", "个"), ("项目", "预算数", "26213360.00", "元")]),
    ("一般公共预算拨款100万元，主要原因一是新进 8 名工作人员。",
     [("一般公共预算拨款", "预算数", "100", "万元"), ("一般公共预算拨款/新进工作人员", "数量", "8", "名")]),
    ("云岭市粮食局部门预算包括本级及下属预算单位共4个，其中下属单位3个。",
     [("本级及下属预算单位", "数量", "4", "个"), ("本级及下属预算单位/下属单位", "数量", "3", "个")]),
    ("部门编制341名，实有在职333人，离退休66人。",
     [("部门编制", "数量", "341", "名"), ("在职", "数量", "333", "人"), ("离退休", "数量", "66", "人")]),
    ("某某机关设9个内设机构，包括办公室。", [("内设机构", "数量", "9", "个")]),
    ("全年为80个重点“一件事”提供支撑。", [("重点“一件事”", "数量", "80", "个")]),
    ("免费为妇女开展宫颈癌筛查16800人、乳腺癌筛查15200人。",
     [("宫颈癌筛查", "数量", "16800", "人"), ("乳腺癌筛查", "数量", "15200", "人")]),
    ("某支出决算数比 2023 年度减少 0.15 万元，下降（增长）27.78%。",
     [("某支出", "比上年增减", "-0.15", "万元"), ("某支出", "增减比例", "-27.78", "%")]),
    ("与 2023 年度相比，收支总计增加 1062.85 万元，增长 12.08%。主要原因：项目支出增加，较上年度增加1133.95万元。",
     [("收支总计", "比上年增减", "1062.85", "万元"), ("收支总计", "增减比例", "12.08", "%"),
      ("项目支出", "比上年增减", "1133.95", "万元")]),
    ("某拨款支出 9746.50 万元，占本年支出合计的 99.86%。",
     [("某拨款支出", "预算数", "9746.50", "万元"), ("某拨款支出", "占比", "99.86", "%")]),
    ("项目总预算1410.00万元，其中支持消费提质提升800.00万元，支持创新610.00万元，合计1410.00万元。",
     [("项目总预算", "预算数", "1410.00", "万元"), ("项目总预算/支持消费提质提升", "预算数", "800.00", "万元"),
      ("项目总预算/支持创新", "预算数", "610.00", "万元"), ("项目总预算", "预算数", "1410.00", "万元")]),
    ("货物、工程和服务采购分别为1万元、2万元、3万元。",
     [("货物", "预算数", "1", "万元"), ("工程", "预算数", "2", "万元"), ("服务采购", "预算数", "3", "万元")]),
    ("人员经费由80万元增加到100万元。", [("人员经费", "预算数", "80", "万元"), ("人员经费", "预算数", "100", "万元")]),
    ("增长3.17%", [("增减比例", "增减比例", "3.17", "%")]),
    ("歲出預算100萬元，較上年減少5萬元。",
     [("歲出預算", "预算数", "100", "万元"), ("歲出預算", "比上年增减", "-5", "万元")]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "rows"), CASES)
def test_figures_and_their_subjects(sentence: str, rows: list[Row]) -> None:
    assert rows_of(facts_of(sentence)) == rows


GOLD = Path(__file__).parent / "data" / "prose_gold.csv"
"""Sentences of two fictional budgets with one figure of each; 5 of each budget's gold figures are
left out because the quoted sentence does not print them."""


def test_the_gold_sentences_give_their_figures() -> None:
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lost = [
        row
        for row in rows
        if (Decimal(row["value"]), row["unit"])
        not in {(fact.value, fact.unit) for fact in facts_of(row["quote"])}
    ]
    assert len(rows) > 100
    assert lost == []


SILENT = [
    "根据第 3 条规定，2024年提供7×24小时服务。",
    "按照“一事一议”的方式报批，深化三年行动。",
    "2024年，市粮食局及云岭市粮油检测站为事业单位。",
    "主要原因是无公务用车车辆。",
    "人员经费，主要包括：基本工资、津贴补贴、奖金。",
    "增加数大于减少数。",
]


@pytest.mark.parametrize("sentence", SILENT)
def test_texts_without_figures_give_no_facts(sentence: str) -> None:
    assert facts_of(sentence) == ()


@pytest.mark.parametrize("headings", [("第四部分 名词解释",), ("四、名词解释",)])
def test_a_glossary_gives_no_facts(headings: tuple[str, ...]) -> None:
    assert facts_of("（一）大型设备：指单价50万元的设备。", headings=headings) == ()


def test_what_a_share_is_of_and_a_change_is_from() -> None:
    facts = facts_of("收入预算100万元，比2023年预算数增加5万元，其中：结转40万元，占40%。")
    assert [f.about for f in facts] == ["", "2023年预算数", "", "收入预算"]


def test_a_list_of_shares_without_a_whole_is_of_the_headings_subject() -> None:
    (first, share, *_), heading = (
        facts_of(
            "教育支出50万元，占0.25%；住房保障支出200万元，占1.19%。",
            headings=("（二）某拨款结构情况",),
        ),
        "某拨款",
    )
    assert (first.row_path, share.about) == ((heading, "教育支出"), heading)


def test_a_level_budget_is_a_change_of_zero_as_printed() -> None:
    (fact,) = facts_of("公务接待费与上年持平。")
    assert (fact.value, fact.printed, fact.note, fact.about) == (Decimal(0), "持平", "持平", "上年")
    assert (fact.kind, fact.row_kind) == (Kind.MONEY, RowKind.PROSE)


def test_nothing_arranged_is_a_blank_with_the_word_that_says_so() -> None:
    (fact,) = facts_of("2024年部门预算未安排购置车辆及单位价值200万元以上大型设备。")
    assert (fact.kind, fact.value, fact.printed, fact.note) == (Kind.BLANK, None, "", "未安排")
    assert fact.label == "购置车辆及单位价值200万元以上大型设备"


def test_a_limit_has_its_operator_and_the_word() -> None:
    (fact,) = facts_of("年度科目调整不超过5次。")
    assert (fact.operator, fact.note, fact.label) == ("≤", "不超过", "年度科目调整")


def test_a_figure_is_of_the_year_its_words_name() -> None:
    facts = facts_of(
        "截至2023年底，共有车辆6辆。", "2023年执行数为5万元，2024年预算安排6万元。", "结转7万元。"
    )
    assert [f.year for f in facts] == [2023, 2023, 2024, 2024]


def test_one_named_unit_is_the_figures_unit() -> None:
    alone, both = facts_of(
        "云岭市粮油检测站项目支出5万元。", "市粮食局和云岭市粮油检测站项目支出6万元。"
    )
    assert (alone.unit_name, both.unit_name) == ("云岭市粮油检测站", "")


def test_texts_below_a_final_whereof_are_its_parts_until_a_heading() -> None:
    texts = [
        text_of("市粮食局2024年基本支出3604.73万元，其中：", 1),
        text_of("人员经费2409.57万元，主要包括：基本工资。", 2),
        text_of("五、其他", 3, heading=True),
        text_of("公用经费1195.16万元。", 4),
    ]
    facts = extract_prose(texts, document="d", year=2024, institution=OWN, units=UNITS)
    assert ["/".join(f.row_path) for f in facts] == ["基本支出", "基本支出/人员经费", "公用经费"]


def test_a_figure_behind_a_page_break_is_placed_and_quoted_on_its_own_line() -> None:
    parts = (
        ("5.某支出（类）养老支出（款）", Place(line=10)),
        ("职业年金支出(项)2024年预算数为114.3万元，主要用于：缴费。", Place(line=12)),
    )
    text = Text(
        text="".join(part for part, _ in parts),
        place=Place(line=10, line_end=12),
        section="三",
        headings=(),
        parts=parts,
    )
    (fact,) = extract_prose([text], document="d", year=2024, institution=OWN, units=UNITS)
    assert fact.row_path == ("某支出", "养老支出", "职业年金支出")
    assert (fact.place, fact.sentence, fact.id) == (parts[1][1], parts[1][0], "prose/0012/1")


@pytest.fixture(scope="module")
def sample() -> tuple[Fact, ...]:
    outline = outline_of(read_text(SAMPLE.name, SAMPLE.read_bytes()))
    return extract_prose(
        outline.texts,
        document=SAMPLE.name,
        year=outline.year,
        institution=outline.institution,
        units=(),
    )


def test_each_quote_of_a_real_budget_stands_on_its_line(sample: tuple[Fact, ...]) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    for fact in sample:
        assert fact.place.line is not None
        assert fact.sentence in lines[fact.place.line - 1]
        assert fact.printed in fact.sentence
        assert len(fact.sentence) <= 200


def test_ids_are_unique_and_stable(sample: tuple[Fact, ...]) -> None:
    assert len({fact.id for fact in sample}) == len(sample)
    assert [fact.row for fact in sample] == list(range(len(sample)))


def test_parts_of_a_real_budgets_prose_add_up(sample: tuple[Fact, ...]) -> None:
    """The parts that 其中 lists add up to their whole; their shares to 100."""
    sums: dict[tuple[int, str], Decimal] = {}
    for fact in sample:
        if len(fact.row_path) == 2 and fact.kind is Kind.MONEY and fact.column == ("预算数",):
            key = (fact.place.line or 0, fact.row_path[0])
            sums[key] = sums.get(key, Decimal(0)) + (fact.value or 0)
    wholes = {
        (fact.place.line or 0, fact.label): fact.value
        for fact in sample
        if len(fact.row_path) == 1 and fact.column == ("预算数",) and fact.value is not None
    }
    checked = [key for key in sums if key in wholes]
    assert len(checked) >= 4
    assert {key: sums[key] for key in checked} == {key: wholes[key] for key in checked}
