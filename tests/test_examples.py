"""The page's example questions: made from the index, and each of them answered from it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.answer import Status
from assistant.chain import Assistant
from assistant.examples import examples
from assistant.retrieve import PassageRetriever
from index.build import add_paths
from index.store import Store
from tests.test_store import make_budget
from tests.test_vectors import FakeEmbedder

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"


@cache
def _kept() -> TemporaryDirectory[str]:
    """Goes when the process does."""
    return TemporaryDirectory(prefix="budget-index-")


@cache
def sample_index() -> Path:
    """The bundled sample, indexed once a run with a model that costs nothing."""
    folder = Path(_kept().name)
    (report,) = add_paths([SAMPLE], folder, embedder=FakeEmbedder())
    assert report.status == "added", report.message
    return folder


@cache
def sample_assistant() -> Assistant:
    assistant = Assistant(sample_index())
    assistant.retriever = PassageRetriever(store=assistant.store, embedder=FakeEmbedder())
    return assistant


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_every_example_is_answered_in_the_language_it_is_asked_in(language: str) -> None:
    assistant = sample_assistant()
    asked = examples(assistant.view.catalogue, language)
    assert len(asked) == len(set(asked)) == 6
    for question in asked:
        answer = assistant.ask(question)
        assert (answer.status, answer.language) == (Status.ANSWERED, language), question
        assert answer.citations, question


def test_the_six_show_six_things_to_ask() -> None:
    assistant = sample_assistant()
    asked = examples(assistant.view.catalogue, "zh")
    answers = [assistant.ask(question) for question in asked]
    amount, share, rank, target, term, cause = (answer.figures for answer in answers)
    assert [figure.unit for figure in amount] == ["万元"]
    assert share[0].unit == "%" and share[0].expression
    assert len(rank) == 3
    assert target[0].operator
    assert not term and not cause


def test_they_are_made_from_this_index_and_no_other(tmp_path: Path) -> None:
    """A budget of three rows has no project, no target, no share and no cause to ask about."""
    store = Store(tmp_path)
    store.add(make_budget(labels=("办公费", "水费", "差旅费")), b"")
    asked = examples(Assistant(tmp_path).view.catalogue, "zh")
    assert asked == (
        "差旅费安排了多少钱？",
        "什么是机关运行经费？",
        "水费安排了多少钱？",
        "办公费安排了多少钱？",
    )


def test_an_empty_index_gives_none(tmp_path: Path) -> None:
    Store(tmp_path)
    assert examples(Assistant(tmp_path).view.catalogue, "zh") == ()


def test_the_same_index_gives_the_same_examples() -> None:
    catalogue = sample_assistant().view.catalogue
    again = Assistant(sample_index()).view.catalogue
    assert examples(catalogue, "en") == examples(again, "en")
