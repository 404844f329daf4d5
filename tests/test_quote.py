"""Text questions: the sentences that answer, where they stand, and what stays unanswered."""

import re
from dataclasses import dataclass

import pytest

from assistant.catalogue import Catalogue
from assistant.finding import Quote
from assistant.normalize import normalize
from assistant.query import Query
from assistant.quote import is_text_question, lead, quote, taken_up
from assistant.quote_cues import asked, cues, says
from assistant.understand import understand
from assistant.vocabulary import Vocabulary
from index.document import Cell, Place
from index.errors import BudgetError
from index.fact import Passage, PassageKind, Table, TableState, Unit
from index.read import read_budget
from tests.budget_texts import SAMPLE

LINES = SAMPLE.read_text("utf-8").split("\n")
MOST_LINES = 6


@dataclass(frozen=True)
class View:
    catalogue: Catalogue
    vocabulary: Vocabulary

    def read(self, question: str) -> Query:
        return understand(normalize(question), self.catalogue, self.vocabulary)

    def quote(self, question: str, retriever: "Ranked | None" = None) -> tuple[Quote, ...]:
        return quote(self.read(question), self, retriever)

    def texts(self, question: str, retriever: "Ranked | None" = None) -> list[str]:
        return [found.text for found in self.quote(question, retriever)]


@dataclass(frozen=True)
class Ranked:
    """A retriever that gives the passages it was made with, the first as first of both lists."""

    passages: tuple[Passage, ...]

    def rank(self, question: str, n: int, documents: object = ()) -> list[tuple[Passage, float]]:
        return [(passage, 2 / (61 + at)) for at, passage in enumerate(self.passages)]


class Broken:
    def rank(self, question: str, n: int, documents: object = ()) -> list[tuple[Passage, float]]:
        raise BudgetError("另一个模型的索引")


def view_of(
    passages: list[Passage], tables: list[Table] | None = None, units: list[Unit] | None = None
) -> View:
    catalogue = Catalogue([], tables or [], passages, units or [], ["某县水务局"], [2024])
    return View(catalogue, Vocabulary(catalogue.vocabulary_texts()))


@pytest.fixture(scope="module")
def sample() -> View:
    budget = read_budget(SAMPLE.name, SAMPLE.read_bytes())
    catalogue = Catalogue(
        budget.facts,
        budget.tables,
        budget.passages,
        budget.units,
        [budget.institution],
        [budget.year],
        [budget.account],
    )
    return View(catalogue, Vocabulary(catalogue.vocabulary_texts()))


def passage(
    text: str,
    line: int,
    *,
    kind: PassageKind = PassageKind.PARAGRAPH,
    section: str = "第三部分 一",
    title: str = "一、收支情况说明",
    last: int | None = None,
    table: str = "",
) -> Passage:
    return Passage(
        id=f"{kind}/{line}",
        document="d.txt",
        kind=kind,
        section=section,
        title=title,
        text=text,
        place=Place(line=line, line_end=last),
        table=table,
    )


def objective(project: str, text: str, line: int, last: int | None = None) -> Passage:
    kind = PassageKind.OBJECTIVE
    return passage(text, line, kind=kind, title=project, table="表九", last=last)


def term(name: str, text: str, line: int) -> Passage:
    kind = PassageKind.DEFINITION
    return passage(f"{name}：{text}", line, kind=kind, section="第四部分 (一)", title=name)


# --- on the sample -------------------------------------------------------------------------

ANSWERED = [
    # definitions, and terms by what they mean
    ("上年结转是什么意思", "以前年度尚未完成", 906),
    ("啥叫项目支出", "为完成特定行政任务", 928),
    ("what is meant by basic expenditure?", "正常运转", 926),
    ("事业单位搞专业活动挣的钱叫什么收入", "事业收入", 904),
    ("公務接待費在名詞解釋裡怎麼說", "各类公务接待支出", 930),
    # why, with all its points; one point where the question is about that point
    ("收支预算总数为什么增加", "新增人员基本支出增加", 802),
    ("一般公共预算当年拨款咋个反倒少了两百多万", "六是统筹上年结转资金", 824),
    ("租办公室的钱今年怎么没了", "办公用房租赁暂未纳入", 814),
    # what for, by name or by amount
    ("培训支出50万是干什么的", "青年干部队伍", 836),
    ("16122.11万那一笔主要干啥用的", "政务平台运维", 834),
    # duties, and a member of a list by number
    ("门户网站是不是中心在管", "负责省政府门户网站", 63),
    ("中心职能第七条是什么", "物联网", 65),
    ("今年重点工作第四条是什么", "高效服务数字经济", 77),
    # objectives, and the project a thing belongs to
    ("灾备项目的目标是什么", "数据不丢失", 513),
    ("数据中台要继续做什么", "安全性建设", 675),
    ("What should the cloud supervision platform achieve?", "统一监管", 521),
    ("“质效论英雄”平台是挂在哪个项目底下做的", "质效论英雄", 714),
    # lists
    ("年度主要任务列了哪五件大事", "持续提升网办能力", 769),
    ("人员经费包括哪几项", "津贴补贴", 854),
    ("预算单位都有哪些", "四川省大数据技术服务中心", 89),
    # yes or no, and whether there is any
    ("政府性基金预算支出有吗", "没有使用政府性基金", 872),
    ("今年打算买车或者买两百万以上的大设备吗", "未安排购置车辆", 894),
    # where it stands
    ("名词解释在第几部分", "第四部分", 900),
    ("which table has the department-wide performance targets?", "部门整体支出绩效目标表", 761),
    ("正文里哪几张表是空的", "无此项内容", 380),
    ("这份文件分成几大部分，各讲啥", "名词解释", 45),
]


@pytest.mark.parametrize(("question", "said", "line"), ANSWERED)
def test_a_question_gets_the_sentence_and_its_lines(
    sample: View, question: str, said: str, line: int
) -> None:
    query = sample.read(question)
    assert is_text_question(query, sample.catalogue)
    found = [q for q in quote(query, sample) if said in q.text]
    assert found, sample.texts(question)
    place = found[0].passage.place
    assert place.line is not None
    assert place.line <= line <= (place.line_end or place.line)


@pytest.mark.parametrize(("question", "said", "line"), ANSWERED)
def test_a_quote_stands_at_its_lines_and_is_short(
    sample: View, question: str, said: str, line: int
) -> None:
    found = sample.quote(question)
    for one in found:
        first = one.passage.place.line or 0
        last = one.passage.place.line_end or first
        assert last - first < MOST_LINES
        printed = re.sub(r"\s", "", "".join(LINES[first - 1 : last]))
        assert re.sub(r"\s", "", one.text) in printed
    listed = any(mark in question for mark in ("哪", "各", "which"))
    assert sum(len(one.text) for one in found) <= (1200 if listed else 400)


@pytest.mark.parametrize(
    "question",
    [
        "中标供应商是哪家公司",
        "中心主任叫什么名字",
        "数据泄露了怎么赔偿",
        "灾备中心建在哪个城市",
        "什么是碳排放权交易",
        "what does PPP mean?",
        "为什么2021年预算超支了",
        "天府健康通的开发公司叫什么",
        "Who won the bid for the cloud expansion?",
        "合同是什么时候签的",
        "重庆市大数据局的职能是什么",
        "2025年的重点工作是什么",
        "干部培训在哪里举办",
        "项目延期的理由是什么",
        "帮我写一份辞职信",
    ],
)
def test_what_the_document_does_not_say_stays_unanswered(sample: View, question: str) -> None:
    assert sample.texts(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "公务接待费是多少",
        "天府健康通运维要多少人领码",
        "云平台扩容（5600万那个）核心层交换机至少几台",
        "技服中心在绩效表里挂了哪些项目",
        "前三大项目是哪几个",
        "内网线路是285，那外网线路呢？",
        "minimum number of tracks?",
        "office premises area target",
        "政务云扩容只有500万吗？",
    ],
)
def test_a_question_for_a_figure_is_none_for_a_sentence(sample: View, question: str) -> None:
    assert not is_text_question(sample.read(question), sample.catalogue)


def test_two_things_asked_get_a_sentence_each(sample: View) -> None:
    question = "Did they plan spending from government funds or the state capital operating budget?"
    text = " ".join(sample.texts(question))
    assert "没有使用政府性基金" in text
    assert "没有使用国有资本经营" in text


def test_an_answer_is_the_same_every_time(sample: View) -> None:
    assert sample.quote("灾备项目的目标是什么") == sample.quote("灾备项目的目标是什么")


# --- on small passages ---------------------------------------------------------------------


def test_of_a_reason_all_points_are_told_and_of_one_point_that_one() -> None:
    view = view_of(
        [
            passage(
                "2024年收入预算320万元，比上年减少12万元，主要原因一是退休人员增多。二是灌区"
                "改造项目完工。三是会议费压减。",
                10,
            ),
            passage("2024年支出预算320万元。", 12),
        ]
    )
    assert view.texts("收入预算为什么减少") == [
        "2024年收入预算320万元，比上年减少12万元，主要原因一是退休人员增多。二是灌区"
        "改造项目完工。三是会议费压减。"
    ]
    assert view.texts("灌区改造项目为什么影响收入") == ["二是灌区改造项目完工。"]


def test_an_objective_in_cells_far_apart_is_quoted_by_its_parts() -> None:
    text = "完成三座泵站的改造,保障汛期排水;建成监测平台,实现雨情水情自动上报。"
    cells = [
        Cell(text=text[:20], place=Place(line=5, field=2)),
        Cell(text=text[20:], place=Place(line=15, field=0)),
    ]
    table = Table(
        document="d.txt",
        number="表九",
        title="项目绩效目标表",
        section="第二部分",
        unit="万元",
        state=TableState.PRESENT,
        place=Place(line=1, line_end=30),
        rows=tuple((cell,) for cell in cells),
    )
    view = view_of([objective("泵站改造", text, 5, 15)], [table])
    found = view.quote("泵站改造项目的目标是什么")
    assert [(q.text, q.passage.place.line) for q in found] == [(text[:20], 5), (text[20:], 15)]


def test_a_description_in_other_words_is_answered_only_where_the_retriever_agrees() -> None:
    entry = term("上年结转", "指以前年度尚未完成、结转到本年继续使用的资金。", 40)
    other = term("基本支出", "指为保障机构正常运转而发生的支出。", 42)
    view = view_of([entry, other])
    question = "去年没干完、挪到今年还接着用的资金叫什么"
    assert view.texts(question) == []
    assert view.texts(question, Ranked((entry, other))) == [entry.text]


def test_without_a_usable_index_of_vectors_words_alone_must_do() -> None:
    view = view_of([term("基本支出", "指为保障机构正常运转而发生的支出。", 42)])
    found = quote(view.read("基本支出是什么意思"), view, Broken())
    assert [q.text for q in found] == ["基本支出：指为保障机构正常运转而发生的支出。"]


def test_a_named_part_and_unit_confine_the_search() -> None:
    view = view_of(
        [
            passage("培训费用于职工技能培训。", 10, section="第三部分 二"),
            passage("培训费用于防汛知识培训。", 20, section="第四部分 二"),
        ]
    )
    assert view.texts("第四部分说培训费用在哪些方面") == ["培训费用于防汛知识培训。"]


def test_the_same_text_is_quoted_once() -> None:
    same = "提高预算编制质量，保障单位正常运转。"
    view = view_of([objective("日常公用经费", same, 5), objective("日常公用经费", same, 9)])
    assert view.texts("日常公用经费的目标是什么") == [same]


def test_a_sentence_too_long_to_show_is_cut_at_its_clauses() -> None:
    clauses = [f"第{at}类堤防险段按照年度方案逐段加固并组织验收" for at in range(40)]
    text = "，".join([*clauses, "水库泄洪道清淤由县防汛办统一组织"]) + "。"
    view = view_of([passage(text, 10)])
    (found,) = view.quote("水库泄洪道清淤谁来组织")
    assert "水库泄洪道清淤由县防汛办统一组织" in found.text
    assert found.text in text
    assert len(found.text) <= 400


def test_a_list_of_duties_is_given_whole_or_by_number() -> None:
    duties = ["负责防汛抗旱。", "管理河道采砂。", "指导农村饮水。"]
    view = view_of(
        [
            passage(
                f"{number}. {duty}",
                10 + number,
                section="第一部分 一",
                title="（一）单位职能简介",
            )
            for number, duty in enumerate(duties, 1)
        ]
    )
    assert view.texts("单位职责有哪些") == [
        "1. 负责防汛抗旱。2. 管理河道采砂。3. 指导农村饮水。"
    ] or (view.texts("单位职责有哪些") == [f"{n}. {duty}" for n, duty in enumerate(duties, 1)])
    assert view.texts("职能第二条是什么") == ["2. 管理河道采砂。"]
    assert view.texts("职能第九条是什么") == []


# --- leads, follow-ups, cues ---------------------------------------------------------------


def test_an_english_reader_is_told_what_the_chinese_sentence_is(sample: View) -> None:
    query = sample.read("what does 上年结转 mean?")
    assert lead(query, quote(query, sample)).startswith("Definition of 上年结转")


def test_a_chinese_reader_is_told_the_project_unless_the_quote_says_it(sample: View) -> None:
    query = sample.read("“质效论英雄”平台是挂在哪个项目底下做的")
    assert lead(query, quote(query, sample)) == "政务服务信息化项目："
    query = sample.read("上年结转是什么意思")
    assert lead(query, quote(query, sample)) == ""
    assert lead(query, ()) == ""


@pytest.mark.parametrize(
    ("typed", "before", "meant"),
    [
        ("第九条呢？", "职能第七条大意是啥", "职能第九条大意是啥"),
        ("那第二项呢", "重点工作第一项讲什么", "重点工作第二项讲什么"),
        ("第九条呢？", "公务接待费多少", "第九条呢？"),
        ("第三条里的平台归谁管", "职能第七条大意是啥", "第三条里的平台归谁管"),
    ],
)
def test_a_bare_number_takes_up_the_question_before(typed: str, before: str, meant: str) -> None:
    assert taken_up(typed, before) == meant


def test_every_cue_is_asked_for_by_its_own_words() -> None:
    for name, cue in cues().items():
        assert all(name in asked(word) for word in cue.words), name


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cause", "主要原因是人员增加。", True),
        ("cause", "比上年增加3万元。", False),
        ("none", "2024年未安排购置车辆。", True),
        ("list", "包括办公费、水费和电费。", True),
        ("when", "截至2022年底共有车辆6辆。", True),
        ("when", "2023年安排30万元。", False),
    ],
)
def test_a_sentence_says_what_the_cue_is_for(name: str, text: str, said: bool) -> None:
    assert says(name, text) is said


def test_a_unit_table_lists_the_units() -> None:
    units = [Unit(code="1", name="某县水务局", own=True), Unit(code="2", name="某县河道管理所")]
    rows = tuple(
        (Cell(text=unit.name, place=Place(line=30 + at)),) for at, unit in enumerate(units)
    )
    table = Table(
        document="d.txt",
        number="",
        title="",
        section="第一部分",
        unit="",
        state=TableState.EMPTY,
        place=Place(line=30, line_end=31),
        rows=rows,
    )
    view = view_of([passage("收入预算320万元。", 3)], [table], units)
    assert view.texts("预算单位都有哪些") == ["某县水务局", "某县河道管理所"]
