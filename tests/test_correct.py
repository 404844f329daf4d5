"""A person's word: it stands beside what is printed, in every figure and every sum, until the file
changes or she takes it back."""

import csv
import io
import json
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from index import build
from index.__main__ import app
from index.correct import cell_of, correct, number_of, rechecked, shown, undo
from index.errors import BudgetError
from index.fact import Fact, Kind, Outcome
from index.read import read_budget
from index.store import Store
from tests.budget_texts import SAMPLE, tabbed
from tests.test_vectors import FakeEmbedder

NAME = "lin.txt"
PRINTED = """
某县林业局2024年部门预算
表一
一般公共预算支出表
单位：万元
项目 | 合计 | 基本支出 | 项目支出
合计 | 600.00 | 330.00 | 270.00
林业工程 | 100.00 | 60.00 | 40.00
森林管护 | 210.00 | 120.00 | 80.00
种苗培育 | 300.00 | 150.00 | 150.00
"""
"""森林管护 is printed as 210.00; by its row and by the total it is 200.00."""
WRONG = "8"
"""The line it stands in."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build, "default_embedder", FakeEmbedder)
    monkeypatch.setenv("BUDGET_INDEX", str(tmp_path / "index"))
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Store:
    add(folder)
    return Store(folder / "index")


def add(folder: Path, text: str = PRINTED) -> Result:
    (folder / NAME).write_text(tabbed(text), "utf-8")
    return run("add", folder / NAME)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def corrected(value: str = "200.00", place: str = WRONG, by: str = "张三") -> Result:
    words = ("--column", "合计", "--value", value, "--reason", "原件笔误", "--by", by)
    return run("correct", NAME, place, *words)


def wrong(store: Store) -> Fact:
    return cell_of(store.facts(), WRONG, "合计")


def failing(store: Store) -> list[str]:
    return [check.expression for check in store.checks() if check.outcome is Outcome.DIFFERS]


def test_the_figure_is_doubtful_before_anybody_says_a_word(store: Store) -> None:
    assert (wrong(store).value, bool(wrong(store).doubt)) == (Decimal("210.00"), True)
    assert len(failing(store)) == 2


def test_a_correction_is_used_and_the_print_stays_beside_it(store: Store) -> None:
    printed = store.facts()
    result = corrected()
    assert result.exit_code == 0
    assert "印为 210.00，经张三更正为 200.00：原件笔误" in result.stdout
    assert "不符 2 → 0 项" in result.stdout
    fact = wrong(store)
    assert (fact.value, fact.printed, fact.doubt) == (Decimal("200.00"), "210.00", "")
    assert (fact.corrected, fact.printed_value) == (True, Decimal("210.00"))
    assert fact.word == "印为 210.00，经张三更正为 200.00：原件笔误"
    others = [fact for fact in printed if fact.place != wrong(store).place]
    assert {replace(fact, doubt="") for fact in others} <= set(store.facts())
    assert failing(store) == [] and not any(fact.doubt for fact in store.facts())
    assert store.doubts() == {}


def test_readers_of_the_printed_document_still_get_what_is_printed(store: Store) -> None:
    corrected()
    (fact,) = [fact for fact in store.budget(NAME).facts if fact.printed == "210.00"]
    assert (fact.value, fact.word, fact.corrected) == (Decimal("210.00"), "", False)
    kept = sqlite3.connect(store.folder / "budget.sqlite").execute(
        "select value from facts where printed = '210.00'"
    )
    assert kept.fetchall() == [("210.00",)]


def test_a_confirmed_figure_is_doubted_no_more_and_says_by_whom(store: Store) -> None:
    words = ("--column", "合计", "--confirm", "--reason", "对过原件", "--by", "李四")
    result = run("correct", NAME, WRONG, *words)
    assert "经李四确认无误：对过原件" in result.stdout and "没有变化" in result.stdout
    fact = wrong(store)
    assert (fact.value, fact.doubt, fact.corrected) == (Decimal("210.00"), "", False)
    assert fact.word == "经李四确认无误：对过原件"
    assert len(failing(store)) == 2  # the document contradicts itself as before


def test_csv_shows_the_word_in_the_note(store: Store) -> None:
    corrected()
    rows = csv.DictReader(io.StringIO(run("facts", "--csv").stdout))
    (row,) = [row for row in rows if row["printed"] == "210.00"]
    assert (row["value"], row["note"]) == ("200.00", wrong(store).word)


def test_what_is_taken_back_leaves_everything_as_it_was(store: Store) -> None:
    facts, checks = store.facts(), store.checks()
    corrected()
    assert store.facts() != facts
    result = run("correct", NAME, WRONG, "--undo", "--by", "李四")
    assert "已撤销" in result.stdout and "不符 0 → 2 项" in result.stdout
    assert (store.facts(), store.checks()) == (facts, checks)
    (word,) = store.corrections()
    assert word.ended and word.ended_by == "李四"
    assert run("correct", NAME, WRONG, "--undo").exit_code == 1


def test_a_later_word_takes_the_place_of_an_earlier_one(store: Store) -> None:
    corrected("205.00")
    corrected("200.00", by="李四")
    assert wrong(store).word.startswith("印为 210.00，经李四更正为 200.00")
    first, second = store.corrections()
    assert (first.ended, first.ended_by, second.ended) == (second.when, "李四", "")
    assert (first.number, second.number) == (1, 2)


def test_a_new_version_of_the_file_asks_again(folder: Path, store: Store) -> None:
    corrected()
    told = add(folder, PRINTED.replace("种苗培育", "种苗繁育"))
    assert "1 处更正待重新确认" in told.stdout and "correct --list lin.txt" in told.stdout
    assert (wrong(store).value, wrong(store).word) == (Decimal("210.00"), "")
    assert wrong(store).doubt and len(failing(store)) == 2
    assert "其中 1 处待重新确认" in run("list").stdout
    assert json.loads(run("list", "--json").stdout)[0]["pending"] == 1
    assert "待重新确认" in run("correct", "--list", NAME).stdout
    assert "待重新确认" in run("check", NAME).stdout
    corrected()
    assert wrong(store).corrected and "待重新确认" not in run("correct", "--list").stdout
    assert [bool(word.ended) for word in store.corrections()] == [True, False]


def test_where_rows_moved_a_new_word_ends_only_the_word_on_its_own_cell(
    folder: Path, store: Store
) -> None:
    corrected()
    add(folder, PRINTED.replace("森林管护", "防火 | 0.00 | 0.00 | 0.00\n森林管护"))
    words = ("--column", "合计", "--confirm", "--reason", "r", "--by", "b")
    run("correct", NAME, WRONG, *words)
    assert [bool(word.ended) for word in store.corrections()] == [False, False]
    corrected(place="9")
    assert [bool(word.ended) for word in store.corrections()] == [True, False, False]


def test_the_old_version_back_again_has_its_words_again(folder: Path, store: Store) -> None:
    corrected()
    add(folder, PRINTED.replace("种苗培育", "种苗繁育"))
    assert "待重新确认" not in add(folder, PRINTED).stdout
    assert wrong(store).value == Decimal("200.00") and failing(store) == []


def test_a_better_program_reads_the_same_bytes_and_the_words_hold(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected()
    monkeypatch.setattr("index.plan.reading", lambda: "newer")

    def renumbered(name: str, content: bytes, unit: str) -> object:
        budget = read_budget(name, content)
        facts = (replace(fact, id=f"new/{fact.id}") for fact in budget.facts)
        return replace(budget, facts=tuple(facts), checks=())

    monkeypatch.setattr(build, "read", renumbered)
    assert "已更新" in add(folder).stdout
    assert wrong(store).id.startswith("new/") and wrong(store).value == Decimal("200.00")
    assert failing(store) == []


def test_a_removed_document_takes_the_words_with_it(store: Store) -> None:
    corrected()
    assert "连同 1 处确认或更正" in run("remove", NAME).stdout
    assert store.corrections() == ()


def test_the_list_says_who_when_why_and_what_is_printed(store: Store) -> None:
    assert "没有确认或更正" in run("correct", "--list").stdout
    corrected()
    line = run("correct", "--list").stdout
    for word in (NAME, "森林管护/合计", WRONG, "210.00", "张三", "200.00", "原件笔误"):
        assert word in line
    (row,) = json.loads(run("correct", "--list", "--json").stdout)
    assert (row["printed"], row["value"], row["by"]) == ("210.00", "200.00", "张三")
    assert row["when"][:2] == "20" and row["pending"] is False


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((NAME, WRONG), "要做什么没有写清"),
        ((NAME, WRONG, "--confirm", "--value", "3"), "要做什么没有写清"),
        ((NAME, "--confirm"), "缺少文件名或位置"),
        ((NAME, WRONG, "--value", "3", "--reason", "r", "--by", "b"), "这里有 3 个数"),
        ((NAME, "999", "--value", "3", "--reason", "r", "--by", "b"), "这里没有读到数"),
        (
            (NAME, "7", "--column", "项目", "--value", "x", "--reason", "r", "--by", "b"),
            "不是一个数",
        ),
        ((NAME, "7", "--column", "项目", "--value", "3", "--by", "b"), "--reason：没有写"),
        ((NAME, "7", "--column", "项目", "--value", "3", "--reason", "r"), "--by：没有写"),
        (
            (NAME, "7", "--column", "项目", "--confirm", "--reason", "长" * 301, "--by", "b"),
            "300 字",
        ),
        (("other.txt", "7", "--confirm", "--reason", "r", "--by", "b"), "没有这份文件"),
        ((NAME, "7", "--undo"), "这里没有确认或更正"),
    ],
)
def test_what_is_not_clear_is_asked_and_changes_nothing(
    store: Store, words: tuple[str, ...], told: str
) -> None:
    before = store.facts(), store.version
    result = run("correct", *words)
    assert result.exit_code == 1 and told in result.stderr and "处理办法" in result.stderr
    assert (store.facts(), store.version) == before


def test_candidates_are_told_with_ids_that_are_places_too(store: Store) -> None:
    told = run("correct", NAME, WRONG, "--confirm", "--reason", "r", "--by", "b").stderr
    assert f"{wrong(store).id}（森林管护/合计 210.00万元）" in told
    words = ("--value", "200", "--reason", "r", "--by", "b")
    assert run("correct", NAME, wrong(store).id, *words).exit_code == 0
    assert wrong(store).word == "印为 210.00，经b更正为 200：r"


@pytest.mark.parametrize("place", [WRONG, f"第{WRONG}行", "８"])
def test_a_line_may_be_written_as_people_do(store: Store, place: str) -> None:
    assert cell_of(store.facts(), place, "合计") == wrong(store)


def test_a_blank_square_and_a_word_are_no_figures_to_correct(store: Store) -> None:
    fact = wrong(store)
    blank = replace(fact, kind=Kind.BLANK, value=None, printed="")
    with pytest.raises(BudgetError, match="空白"):
        cell_of([blank], WRONG)
    store.add(replace(store.budget(NAME), facts=(replace(fact, value=None, printed="高"),)), b"")
    with pytest.raises(BudgetError, match="不是数"):
        correct(store, NAME, WRONG, value=Decimal(1), reason="r", by="b")


def test_a_word_cannot_steer_the_terminal(store: Store) -> None:
    words = ("--column", "合计", "--confirm", "--reason", "a\x1b[2J\nb", "--by", "b")
    assert run("correct", NAME, WRONG, *words).exit_code == 0
    assert wrong(store).word == "经b确认无误：a [2J b"


def test_taking_back_from_several_words_on_a_line_asks_for_the_column(store: Store) -> None:
    corrected()
    words = ("--column", "基本", "--confirm", "--reason", "r", "--by", "b")
    run("correct", NAME, WRONG, *words)
    with pytest.raises(BudgetError, match="这里有 2 处"):
        undo(store, NAME, WRONG)
    undo(store, NAME, WRONG, column="基本")
    assert wrong(store).corrected


def test_checking_again_without_a_word_changes_nothing() -> None:
    budget = read_budget(SAMPLE.name, SAMPLE.read_bytes())
    assert any(fact.doubt for fact in budget.facts)
    assert rechecked(budget, ()) == budget


numbers = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)


@given(numbers, st.sampled_from(["1,234.50", "1234.50"]))
def test_a_value_comes_back_from_how_it_is_shown(value: Decimal, printed: str) -> None:
    assert number_of(shown(value, printed)) == value


@pytest.mark.parametrize("text", ["", "1,23", "1.2.3", "98.8万元", "1e5", "٣", "½", "NaN", "-"])
def test_what_is_no_number_is_no_value(text: str) -> None:
    with pytest.raises(BudgetError, match="不是一个数"):
        number_of(text)


@pytest.mark.parametrize(
    ("text", "value"), [("９８，８００．００", "98800.00"), ("-1,234", "-1234"), ("−5", "-5")]
)
def test_numbers_as_people_type_them(text: str, value: str) -> None:
    assert number_of(text) == Decimal(value)
