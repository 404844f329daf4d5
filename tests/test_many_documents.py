"""Several documents in one index: only those that a question names answer it, told apart."""

from pathlib import Path

import pytest

from assistant.answer import Answer, Status
from assistant.chain import Assistant
from assistant.fault import FaultName
from assistant.prove import Reader, head_stands
from index.fact import Unit
from index.schema import StoredDocument
from index.store import Store
from tests.budget_shelf import HEALTH, SCHOOLS, SHELF, STATION, WATER, budget, shelved


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return shelved(tmp_path_factory.mktemp("shelf"), SHELF)


def told(answer: Answer) -> list[str]:
    """Value and document of each figure."""
    return [
        f"{f.value}{f.unit} {answer.citations[f.citations[0]].document}" for f in answer.figures
    ]


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        # by institution: whole, without its place, shortened, in traditional characters
        ("青禾县水务局2024年公务接待费多少", ["4万元 water-2024.txt"]),
        ("水务局2024年公务接待费多少", ["4万元 water-2024.txt"]),
        ("白石市卫健委2024年部门预算的公务接待费", ["52000元 health-2024.txt"]),
        ("市卫健委2024年预算公务接待费是多少", ["52000元 health-2024.txt"]),
        ("白石市衛生健康委員會2024年預算公務接待費多少", ["52000元 health-2024.txt"]),
        ("教育局公务接待费多少", ["7万元 schools-2024.txt"]),
        # by year, kind of account, place, file
        ("青禾县水务局2023年公务接待费", ["3万元 water-2023.txt"]),
        ("白石市卫健委2024年决算公务接待费", ["48000元 health-final-2024.txt"]),
        ("schools-2024.txt 公务接待费", ["7万元 schools-2024.txt"]),
        ("schools-2024的公务接待费", ["7万元 schools-2024.txt"]),
        # an item that only one prints
        ("水位监测多少钱", ["80万元 station-2024.txt"]),
        # in English
        (
            "How much did Qinghe County Water Bureau plan for official receptions in 2024?",
            ["4万元 water-2024.txt"],
        ),
    ],
)
def test_only_the_document_that_is_named_answers(
    shelf: Assistant, question: str, figures: list[str]
) -> None:
    answer = shelf.ask(question)
    assert told(answer) == figures, answer.text
    assert answer.proved and {c.document for c in answer.citations} == {figures[0].split()[1]}


def test_a_unit_in_its_departments_budget_and_in_its_own_are_told_apart(shelf: Assistant) -> None:
    answer = shelf.ask("青禾县水文站2024年事业收入多少")
    assert told(answer) == ["50万元 water-2024.txt", "50万元 station-2024.txt"]
    assert answer.figures[0].scope.startswith(f"{WATER}2024年预算 · {STATION}")
    assert answer.figures[1].scope.startswith(f"{STATION}2024年预算")
    assert f"{WATER}2024年预算" in answer.text and f"{STATION}2024年预算" in answer.text


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("青禾县水文站单位预算的事业收入", ["50万元 station-2024.txt"]),
        ("青禾县水务局部门预算里水文站的收入是多少", ["300万元 water-2024.txt"]),
    ],
)
def test_the_level_that_is_said_answers(
    shelf: Assistant, question: str, figures: list[str]
) -> None:
    assert told(shelf.ask(question)) == figures


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("青禾县水务局公务接待费多少", ["water-2024.txt", "water-2023.txt"]),
        ("白石市卫健委2024年公务接待费", ["health-2024.txt", "health-final-2024.txt"]),
        (
            "白石市2024年公务接待费",
            ["health-2024.txt", "health-final-2024.txt", "schools-2024.txt"],
        ),
    ],
)
def test_a_few_documents_answer_each_with_its_own_scope(
    shelf: Assistant, question: str, documents: list[str]
) -> None:
    answer = shelf.ask(question)
    assert [line.split()[1] for line in told(answer)] == documents
    heads = [f"{d.institution}{d.year}年{'决算' if 'final' in d.document else '预算'}"
             for d in shelf.library.documents if d.document in documents]  # fmt: skip
    assert [figure.scope.split(" · ")[0] for figure in answer.figures] == heads
    assert all(head in answer.text for head in heads) and answer.proved


def test_of_many_it_is_asked_which_is_meant(shelf: Assistant) -> None:
    answer = shelf.ask("公务接待费多少")
    assert answer.status is Status.AMBIGUOUS and not answer.figures
    for who in (WATER, HEALTH, SCHOOLS):
        assert who in answer.text and any(who in asked for asked in answer.suggestions)
    assert not any(STATION in asked for asked in answer.suggestions)  # it has no such figure


def test_what_is_suggested_is_answered(shelf: Assistant) -> None:
    for asked in shelf.ask("公务接待费多少").suggestions:
        answer = shelf.ask(asked)
        assert answer.status is Status.ANSWERED and len(answer.figures) == 1, asked


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("青禾县财政局2024年公务接待费多少", "青禾县财政局"),
        ("红岩市卫生健康委员会2024年公务接待费多少", "红岩市卫生健康委员会"),
        ("公安局的公务接待费是多少", "公安局"),
        ("青禾县水务局和青禾县公安局2024年公务接待费各是多少", "青禾县公安局"),
        ("红岩市教育局与白石市教育局2024年公务接待费差多少", "红岩市教育局"),
    ],
)
def test_an_institution_that_is_not_indexed_gets_no_figure(
    shelf: Assistant, question: str, name: str
) -> None:
    answer = shelf.ask(question)
    assert answer.status is Status.NOT_FOUND and not answer.figures and not answer.citations
    assert name in answer.text and WATER in answer.text


@pytest.mark.parametrize(
    "question", ["青禾县水务局2019年公务接待费", "白石市教育局2021年公务接待费多少"]
)
def test_a_year_that_no_document_has_gets_no_figure(shelf: Assistant, question: str) -> None:
    answer = shelf.ask(question)
    assert answer.status is Status.NOT_FOUND and not answer.figures
    assert "那一年" in answer.text


def test_one_document_alone_answers_where_only_it_is_asked(tmp_path: Path) -> None:
    alone = shelved(tmp_path, SHELF, "schools-2024.txt")
    assert told(alone.ask("公务接待费多少")) == ["7万元 schools-2024.txt"]
    answer = alone.ask("青禾县水务局公务接待费多少")
    assert answer.status is Status.NOT_FOUND and not answer.figures


# -------------------------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("question", "value", "expression"),
    [
        ("青禾县水务局与白石市卫健委2024年预算的公务接待费差多少", "12000元", "52000 - 40000"),
        ("白石市教育局和青禾县水务局2024年公务接待费一共多少", "11万元", "7 + 4"),
        ("白石市教育局2024年公务接待费是青禾县水务局的几倍", "1.75倍", "7 ÷ 4"),
        ("青禾县水务局2023年和2024年公务接待费差多少", "1万元", "4 - 3"),
        ("青禾县水务局2024年公务接待费比2023年增加多少", "1万元", "4 - 3"),
    ],
)
def test_figures_of_two_documents_are_computed_in_one_unit(
    shelf: Assistant, question: str, value: str, expression: str
) -> None:
    answer = shelf.ask(question)
    assert answer.figures, answer.text
    first = answer.figures[0]
    assert (f"{first.value}{first.unit}", first.expression) == (value, expression)
    cited = {answer.citations[at].document for at in first.citations}
    assert len(cited) == 2 and answer.proved


def test_ranking_goes_by_yuan_and_not_by_the_printed_number(shelf: Assistant) -> None:
    answer = shelf.ask("哪个部门2024年预算的公务接待费最多")
    assert told(answer) == ["7万元 schools-2024.txt"]  # 7 万元 is more than 52,000 元
    answer = shelf.ask("青禾县水务局和白石市卫健委2024年预算的公务接待费哪个多")
    assert told(answer) == ["52000元 health-2024.txt", "4万元 water-2024.txt"]


# -------------------------------------------------------------------------------- dialogues


def test_a_dialogue_keeps_the_document_until_another_is_named(shelf: Assistant) -> None:
    talk = shelf.conversation()
    turns = ["教育局公务接待费多少", "公务用车运行维护费呢", "那卫健委2024年预算呢", "换成万元"]
    answers = [told(talk.ask(turn)) for turn in turns]
    assert answers == [
        ["7万元 schools-2024.txt"],
        ["12万元 schools-2024.txt"],
        ["99000元 health-2024.txt"],
        ["9.9万元 health-2024.txt"],
    ]


def test_another_year_of_the_same_institution_is_turned_to(shelf: Assistant) -> None:
    talk = shelf.conversation()
    assert told(talk.ask("青禾县水务局2024年公务接待费多少")) == ["4万元 water-2024.txt"]
    assert told(talk.ask("2023年呢")) == ["3万元 water-2023.txt"]


def test_a_follow_up_goes_to_the_document_that_answered(shelf: Assistant) -> None:
    talk = shelf.conversation()
    assert told(talk.ask("水位监测多少钱")) == ["80万元 station-2024.txt"]
    assert told(talk.ask("换成元")) == ["800000元 station-2024.txt"]


# -------------------------------------------------------------------------------- unread pages


def test_what_is_not_found_tells_of_pages_that_could_not_be_read(tmp_path: Path) -> None:
    assistant = shelved(tmp_path, {"water-2023.txt": budget(WATER, 2023, "3.00")})
    with assistant.store.change() as connection:
        connection.exec_driver_sql("UPDATE documents SET unread_pages = '[3,5]'")
    again = Assistant(tmp_path)
    answer = again.ask("会议费多少")
    assert answer.status is Status.NOT_FOUND
    assert len(answer.notes) == 1
    assert all(word in answer.notes[0] for word in ("water-2023.txt", "2 页", "3、5"))
    assert not again.ask("公务接待费多少").notes
    english = again.ask("How much for meetings?")
    assert "2 pages" in english.notes[0]


# ------------------------------------------------------------------------------------ proof


def test_whose_budget_it_is_must_stand_in_its_bytes(shelf: Assistant) -> None:
    reader = Reader(shelf.originals)
    name = "water-2023.txt"
    assert head_stands(name, f"{WATER}2023年预算", "zh", reader) is None
    for head in (f"{WATER}2024年预算", f"{SCHOOLS}2023年预算", f"{WATER}2023年决算"):
        fault = head_stands(name, head, "zh", reader)
        assert fault is not None and fault.name is FaultName.TITLE


def test_a_title_changed_in_the_store_withholds_the_answers(tmp_path: Path) -> None:
    texts = {name: SHELF[name] for name in ("water-2024.txt", "schools-2024.txt")}
    assistant = shelved(tmp_path, texts)
    assert len(assistant.ask("公务接待费多少").figures) == 2
    with assistant.store.change() as connection:
        connection.exec_driver_sql(
            "UPDATE documents SET year = 2022 WHERE document = 'water-2024.txt'"
        )
    answer = Assistant(tmp_path).ask("公务接待费多少")
    assert [line.split()[1] for line in told(answer)] == ["schools-2024.txt"]


def test_many_documents_are_asked_by_the_labels_they_print(tmp_path: Path) -> None:
    places = "甲乙丙丁戊己庚辛壬癸"
    texts = {
        f"office-{at}.txt": budget(f"{place}山县档案局", 2024, f"{at + 1}.00")
        for at, place in enumerate(places)
    }
    assistant = shelved(tmp_path, {**texts, "station-2024.txt": SHELF["station-2024.txt"]})
    assert told(assistant.ask("水位监测多少钱")) == ["80万元 station-2024.txt"]
    assert assistant.ask("公务接待费多少").status is Status.AMBIGUOUS
    assert told(assistant.ask("丙山县档案局公务接待费多少")) == ["3万元 office-2.txt"]


# -------------------------------------------------------------------------------- the names


def stored(name: str, institution: str, *units: str) -> StoredDocument:
    return StoredDocument(
        document=name,
        sha256="",
        format="text",
        title="",
        institution=institution,
        year=2024,
        account="budget",
        units=tuple(Unit(code="", name=unit) for unit in units),
        unread_pages=(),
        warnings=(),
    )


NAMES = (
    stored("a", "江北省大数据中心"),
    stored("b", "白石市卫生健康委员会", "白石市疾病预防控制中心", "白石市卫生监督所"),
    stored("c", "海东市中原区商务委员会"),
    stored("d", "海东市中原区规划和自然资源局"),
    stored("e", "海东市中原区人民政府东山街道办事处"),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("市卫健委的接待费", "b"),
        ("卫健委接待费", "b"),
        ("疾控中心的办公费", "b"),
        ("卫监所有几辆车", "b"),
        ("省大数据中心办公费", "a"),
        ("中原区商务委三公经费", "c"),
        ("规划资源局2024年", "d"),
        ("东山街道办事处的收入", "e"),
        ("东山街道办收入", "e"),
        ("中原区2024年收入", "cde"),
        ("政务服务中心运行费", ""),
        ("办事处有几个人", ""),
        ("公务接待费多少", ""),
        ("Zhongyuan commerce commission", "c"),
    ],
)
def test_names_by_which_people_call_a_document(question: str, named: str) -> None:
    from assistant.directory import Directory
    from assistant.normalize import normalize

    found = Directory(NAMES).named(normalize(question).text)
    sets = [name.names for name in found]
    common = frozenset.intersection(*sets) if sets else frozenset()
    assert "".join(sorted(common)) == named


def test_an_empty_index_has_no_answer(tmp_path: Path) -> None:
    Store(tmp_path)
    answer = Assistant(tmp_path).ask("公务接待费多少")
    assert not answer.figures
