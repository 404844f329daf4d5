"""One budget in every format: answered, proved, and cited at the very cell or paragraph."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import prove_box
from assistant.answer import Answer, Status
from assistant.chain import Assistant
from assistant.evidence import evidence
from assistant.prove import prove_fact
from assistant.raw_document import Originals
from assistant.render import place_label, words_of
from index.document import Place
from index.fact import Budget, Fact
from index.read import read_budget
from index.store import Store
from tests.budget_files import FILES, as_xlsx


@pytest.fixture(scope="module", params=FILES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return laid(request.param, FILES[request.param](), tmp_path_factory.mktemp("index"))


def laid(
    name: str,
    content: bytes,
    folder: Path,
    spoil: Callable[[Budget], Budget] = lambda budget: budget,
) -> Assistant:
    """The file in an index of its own. `spoil`: what is done to the facts before they are kept."""
    Store(folder).add(spoil(read_budget(name, content)), content)
    return Assistant(folder)


def name_of(house: Assistant) -> str:
    return house.library.names[0]


def test_every_fact_of_every_format_proves(house: Assistant) -> None:
    raw = Originals(house.store).document(name_of(house))
    assert raw is not None
    facts = house.store.facts()
    assert len(facts) >= 24
    assert {fact.id: fault for fact in facts if (fault := prove_fact(fact, raw))} == {}


CELLS = {
    "water.txt": Place(line=16, line_end=16),
    "water.md": Place(line=22, line_end=22),
    "water.docx": Place(cell="t2r5c3"),
    "water.html": Place(cell="t2r5c3"),
    "water.xlsx": Place(sheet="项目支出", cell="C6"),
}


@pytest.mark.parametrize(
    ("question", "value", "quote"),
    [
        ("泵站改造2024年预算多少", "120", "120.00"),
        ("青禾县水文站的水位监测多少钱", "180", "180.00"),
        ("事业收入多少", "250.5", "250.50"),
        ("收入一共多少", "1250.5", "1,250.50"),
        ("公务接待费多少", "4.2", "4.20"),
        ("机关运行经费是多少元", "368000", "36.80"),
        ("水位监测去年多少", "170", "170.00"),
        ("河道清淤比泵站改造多多少", "280", "400.00"),
        ("公务接待费比上年增减多少", "-0.3", "0.30"),
    ],
)
def test_a_figure_is_answered_and_cited(
    house: Assistant, question: str, value: str, quote: str
) -> None:
    answer = house.ask(question)
    assert (answer.status, answer.proved) == (Status.ANSWERED, True), answer.text
    assert answer.figures[0].value == value, answer.text
    cited = [answer.citations[at] for at in answer.figures[0].citations]
    assert any(quote in citation.quote for citation in cited), cited


def test_the_place_is_the_cell(house: Assistant) -> None:
    citation = house.ask("泵站改造2024年预算多少").citations[0]
    if name_of(house) == "water.pdf":
        assert citation.page == 1 and citation.box and citation.line is None
    else:
        assert citation.place == CELLS[name_of(house)]


SAID = {
    "water.txt": "第16行",
    "water.md": "第22行",
    "water.docx": "第2张表第5行第3格",
    "water.html": "第2张表第5行第3格",
    "water.xlsx": "工作表“项目支出”单元格C6",
    "water.pdf": "第1页",
}


def test_the_place_is_said_as_a_clerk_reads_it(house: Assistant) -> None:
    citation = house.ask("泵站改造2024年预算多少").citations[0]
    assert place_label(citation, words_of("zh")) == SAID[name_of(house)]


def test_a_click_shows_the_cell_in_its_row_and_column(house: Assistant) -> None:
    shown = evidence(house.store, house.ask("泵站改造2024年预算多少").citations[0])
    assert shown.marked_cell is not None and shown.table is not None
    row, square = shown.marked_cell
    assert shown.rows[row][square].text == "120.00"
    assert "泵站改造" in [cell.text.strip() for cell in shown.rows[row]]
    assert len(shown.marked_column) >= 6


def test_a_click_shows_the_sentence(house: Assistant) -> None:
    shown = evidence(house.store, house.ask("公务接待费为什么减少").citations[0])
    assert shown.located
    marked = [p.text[p.start : p.end] for p in shown.paragraphs if p.end]
    assert len(marked) == 1 and "压减接待批次" in marked[0]


def test_a_reason_is_quoted_where_it_stands(house: Assistant) -> None:
    answer = house.ask("公务接待费为什么减少")
    assert (answer.status, answer.proved) == (Status.ANSWERED, True)
    assert "主要原因是压减接待批次" in answer.text and not answer.citations[0].table
    raw = Originals(house.store).document(name_of(house))
    assert raw is not None
    texts = raw.texts_at(answer.citations[0])
    assert any(answer.citations[0].quote in text for text in texts)


# ------------------------------------------------------------------------------- tampering


def swapped(budget: Budget) -> Budget:
    """The figures of two projects change places in the facts."""
    one, other = (
        next(f for f in budget.facts if f.label == label and f.printed == printed)
        for label, printed in (("河道清淤", "400.00"), ("泵站改造", "120.00"))
    )
    return with_facts(budget, {one.id: figure_of(one, other), other.id: figure_of(other, one)})


def moved(budget: Budget) -> Budget:
    """Last year's figures stand under this year's head."""
    rows: dict[tuple[str, int], list[Fact]] = {}
    for fact in budget.facts:
        rows.setdefault((fact.table, fact.row), []).append(fact)
    changed = {
        now.id: figure_of(now, before)
        for facts in rows.values()
        for now in facts
        for before in facts
        if (now.year, before.year) == (2024, 2023) and "2024" in now.column[-1]
    }
    return with_facts(budget, changed)


def relabelled(budget: Budget) -> Budget:
    changed = {
        fact.id: replace(fact, label="河道清理", row_path=(*fact.row_path[:-1], "河道清理"))
        for fact in budget.facts
        if fact.label == "河道清淤"
    }
    return with_facts(budget, changed)


def inflated(budget: Budget) -> Budget:
    changed = {
        fact.id: replace(fact, value=fact.value * 10)
        for fact in budget.facts
        if fact.value is not None and fact.label in ("河道清淤", "河道清理")
    }
    return with_facts(budget, changed)


def in_yuan(budget: Budget) -> Budget:
    return with_facts(budget, {fact.id: replace(fact, unit="元") for fact in budget.facts})


def of_another_unit(budget: Budget) -> Budget:
    changed = {
        fact.id: replace(
            fact, unit_name="青禾县水文站", row_path=("青禾县水文站", *fact.row_path[1:])
        )
        for fact in budget.facts
        if fact.label == "河道清淤"
    }
    return with_facts(budget, changed)


def figure_of(fact: Fact, other: Fact) -> Fact:
    return replace(fact, value=other.value, printed=other.printed)


def with_facts(budget: Budget, changed: dict[str, Fact]) -> Budget:
    assert changed
    return replace(budget, facts=tuple(changed.get(fact.id, fact) for fact in budget.facts))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spoil", [swapped, moved, relabelled, inflated, in_yuan, of_another_unit])
def test_facts_that_the_bytes_do_not_bear_out_are_withheld(
    name: str, spoil: Callable[[Budget], Budget], tmp_path: Path
) -> None:
    assistant = laid(name, FILES[name](), tmp_path, spoil)
    for question in ("河道清淤2024年多少", "河道清理2024年多少"):
        answer = assistant.ask(question)
        assert not answer.figures and not answer.citations, (spoil.__name__, answer.text)
    withheld = assistant.ask(
        "河道清淤2024年多少" if spoil is not relabelled else "河道清理2024年多少"
    )
    assert not withheld.proved and withheld.status is Status.NOT_FOUND


def test_bytes_that_changed_withhold_every_figure(tmp_path: Path) -> None:
    assistant = laid("water.xlsx", as_xlsx(), tmp_path)
    other = io.BytesIO(as_xlsx())
    with zipfile.ZipFile(other, "a") as book:
        book.writestr("docProps/note.txt", "x")
    with assistant.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE contents SET content = ?", (other.getvalue(),))
    assert not assistant.ask("泵站改造2024年预算多少").figures


def test_a_box_that_a_second_library_reads_otherwise_is_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = laid("water.pdf", FILES["water.pdf"](), tmp_path)
    assert assistant.ask("泵站改造2024年预算多少").figures
    read = prove_box.read_box
    spoilt: list[str] = []

    def otherwise(content: bytes, page: int, box: str) -> str:
        text = read(content, page, box)
        spoilt.append(text)
        return text.replace("120.00", "12.00")

    monkeypatch.setattr(prove_box, "read_box", otherwise)
    again = Assistant(tmp_path)
    answer = again.ask("泵站改造2024年预算多少")
    assert "120.00" in spoilt and not answer.figures and not answer.proved
    assert again.ask("水位监测2024年预算多少").figures


@pytest.fixture(scope="module")
def unproved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    yield laid("water.docx", FILES["water.docx"](), tmp_path_factory.mktemp("s"), swapped).ask(
        "河道清淤2024年多少"
    )


def test_what_is_withheld_says_no_number(unproved: Answer) -> None:
    assert not any(char.isdigit() for char in unproved.text)
