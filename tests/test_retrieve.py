"""Passages for a question: by words, by meaning, both; filtered, stable, fresh."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieve import Bm25, PassageRetriever, fuse, terms
from index.chunk import chunks_of
from index.document import Place
from index.errors import BudgetError
from index.fact import Budget, Passage, PassageKind
from index.store import Store
from index.vectors import Vectors
from tests.test_store import make_budget
from tests.test_vectors import FakeEmbedder

TEXTS = {
    "p1": "公务接待费用于接待来访人员的用餐支出。",
    "p2": "公务用车购置费为零，没有安排购置车辆。",
    "p3": "机关运行经费包括办公费、水费和电费。",
    "p4": "The budget covers the fiscal year.",
}


def keep(store: Store, document: str, texts: dict[str, str], **passage: object) -> Budget:
    """A document of these passages, with vectors."""
    made = tuple(
        Passage(
            id=name,
            document=document,
            kind=PassageKind.PARAGRAPH,
            section="第三部分",
            title="",
            text=text,
            place=Place(line=at),
        )
        for at, (name, text) in enumerate(texts.items(), 1)
    )
    budget = replace(make_budget(document), passages=made)
    chunks = chunks_of(budget)
    vectors = Vectors(store.folder, "fake-1", store)
    missing = vectors.missing({chunk.text_hash: chunk.text for chunk in chunks})
    if missing:
        vectors.add(missing, FakeEmbedder().embed_passages(list(missing.values())))
    store.add(budget, b"", chunks=chunks)
    return budget


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    keep(store, "a.txt", TEXTS)
    keep(store, "b.txt", TEXTS | {"p5": "会议费控制在预算之内。"})
    return store


def ranked(
    retriever: PassageRetriever, question: str, n: int = 3, documents: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    return [(p.document, p.id) for p, _ in retriever.rank(question, n, documents)]


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("公务接待费做什么用", "p1"),
        ("为什么没有购置车辆", "p2"),
        ("运行经费包括什么", "p3"),
        ("which fiscal year", "p4"),
    ],
)
def test_the_passage_that_says_it_is_first(
    store: Store, question: str, found: str, dense: bool
) -> None:
    retriever = PassageRetriever(store=store, dense=dense, embedder=FakeEmbedder())
    assert ranked(retriever, question, 2) == [("a.txt", found), ("b.txt", found)]


@pytest.mark.parametrize("dense", [False, True])
def test_only_the_documents_asked_for(store: Store, dense: bool) -> None:
    retriever = PassageRetriever(store=store, dense=dense, embedder=FakeEmbedder())
    found = retriever.rank("公务接待费", 10, ["b.txt"])
    assert found and {passage.document for passage, _ in found} == {"b.txt"}


def test_without_meaning_no_model_is_needed_and_words_must_be_shared(store: Store) -> None:
    retriever = PassageRetriever(store=store, dense=False)
    assert ranked(retriever, "会议费")[0] == ("b.txt", "p5")
    assert retriever.rank("ξψω", 5) == []
    assert retriever.rank("", 5) == []


def test_the_same_question_gives_the_same_list_and_ties_go_by_id(store: Store) -> None:
    retriever = PassageRetriever(store=store, dense=False)
    first = retriever.rank("公务", 8)
    assert first == PassageRetriever(store=store, dense=False).rank("公务", 8)
    keys = [(-score, (p.document, p.id)) for p, score in first]
    assert keys == sorted(keys)


@pytest.mark.parametrize("dense", [False, True])
def test_a_change_of_the_index_is_seen_at_once(store: Store, dense: bool) -> None:
    retriever = PassageRetriever(store=store, dense=dense, embedder=FakeEmbedder())
    assert ranked(retriever, "培训费支出安排", 1) != [("c.txt", "p1")]
    keep(Store(store.folder), "c.txt", {"p1": "培训费支出安排见附件。"})
    assert ranked(retriever, "培训费支出安排", 1) == [("c.txt", "p1")]
    store.remove("c.txt")
    assert ("c.txt", "p1") not in ranked(retriever, "培训费支出安排", 9)


def test_the_filter_reaches_behind_many_nearer_texts_of_other_documents(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kinds = "甲乙丙丁戊己庚辛"
    crowd = {
        f"c{at}": f"公务接待费{kinds[at % 8]}{kinds[at // 8 % 8]}{kinds[at // 64]}" * 2
        for at in range(400)
    }
    keep(store, "crowd.txt", crowd)
    keep(store, "one.txt", {"p1": "会议费控制。"})
    retriever = PassageRetriever(store=store, embedder=FakeEmbedder())
    assert ranked(retriever, "公务接待费", 5, ("one.txt",)) == [("one.txt", "p1")]


def test_an_index_of_another_model_is_refused(store: Store) -> None:
    retriever = PassageRetriever(store=store, embedder=FakeEmbedder("fake-2"))
    with pytest.raises(BudgetError, match="fake-2"):
        retriever.rank("公务接待费", 3)


def test_langchain_gets_documents_with_their_places(store: Store) -> None:
    retriever = PassageRetriever(store=store, dense=False, n=1, documents=("b.txt",))
    (document,) = retriever.invoke("会议费")
    assert document.page_content == "会议费控制在预算之内。"
    expected = {
        "passage_id": "p5",
        "document": "b.txt",
        "section": "第三部分",
        "title": "",
        "kind": "paragraph",
        "line": 5,
    }
    assert expected.items() <= document.metadata.items()


def test_contents_entries_are_not_given(tmp_path: Path) -> None:
    store = Store(tmp_path)
    budget = make_budget()
    contents = replace(budget.passages[0], id="c", kind=PassageKind.CONTENTS, text="三公经费说明")
    store.add(replace(budget, passages=(*budget.passages, contents)), b"")
    found = PassageRetriever(store=store, dense=False).rank("三公经费说明", 5)
    assert [passage.id for passage, _ in found] == ["p2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("水费", ["水费"]),
        ("水", ["水"]),
        ("２０２３年Budget", ["2023", "年", "budget"]),
        ("1,235.34万元", ["1,235.34", "万元"]),
        ("，。", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_bm25_prefers_rare_words_and_short_texts() -> None:
    scores = Bm25([["a", "b"], ["a", "a", "c", "d", "e"], ["a"]]).scores(["a", "b", "a", "zz"])
    assert list(np.argsort(-scores)) == [0, 2, 1]
    assert Bm25([]).scores(["a"]).size == 0


def test_fusion_puts_what_both_lists_hold_before_what_one_holds() -> None:
    lists = [[("d", "1"), ("d", "2")], [("d", "3"), ("d", "2")]]
    assert [key for key, _ in fuse(lists)] == [("d", "2"), ("d", "1"), ("d", "3")]
