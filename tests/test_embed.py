"""The embedder, on a tiny model where any will do and on the real one where meaning counts."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embed import DEFAULT_FOLDER, Embedder, NoModel, by_length, fingerprint, model_folder
from index.embedding_model import write_folder
from index.errors import BudgetError
from index.offline import QUIET, stay_offline
from index.packed_model import read_packed
from tests.tiny_model import WIDTH, make_tiny


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_folder(read_packed(make_tiny().packed), folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tiny_folder: Path) -> Embedder:
    return Embedder(tiny_folder)


@pytest.fixture(scope="module")
def real() -> Embedder:
    if not DEFAULT_FOLDER.is_dir():
        pytest.skip("no model: make setup builds it")
    return Embedder(DEFAULT_FOLDER)


def test_passages_are_unit_vectors_in_the_order_given(tiny: Embedder) -> None:
    texts = ["三公经费支出是多少", "预算", "收入", "预算"]
    vectors = tiny.embed_passages(texts)
    assert vectors.shape == (4, WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[1], vectors[3])
    for text, vector in zip(texts, vectors, strict=True):
        assert np.allclose(vector, tiny.embed_passages([text])[0], atol=1e-5)


def test_the_order_of_the_texts_changes_no_digit(tiny: Embedder) -> None:
    texts = ["预算" * n + word for n in range(12) for word in ("收入", "支出", "三公经费")]
    forth, back = tiny.embed_passages(texts), tiny.embed_passages(texts[::-1])
    assert np.array_equal(forth, back[::-1])


def test_batches_are_laid_by_length_and_then_by_characters() -> None:
    texts = ["支出", "三公经费", "a", "收入", "支出", "b", "预算"]
    assert by_length(texts) == ["a", "b", "支出", "收入", "预算", "三公经费"]
    assert by_length(texts[::-1]) == by_length(texts)


def test_no_texts_give_no_rows(tiny: Embedder) -> None:
    assert tiny.embed_passages([]).shape == (0, WIDTH)


def test_progress_counts_distinct_texts_up_to_the_last(tiny: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    texts = ["预算" * n for n in range(1, 21)]
    tiny.embed_passages(texts * 2, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(16, 20), (20, 20)]


def test_threads_get_what_one_alone_gets(tiny_folder: Path) -> None:
    shared, texts = Embedder(tiny_folder), ["预算", "三公经费", "收入是多少", "支出"] * 5
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.embed_query, texts))
    assert all(np.array_equal(v, shared.embed_query(t)) for v, t in zip(found, texts, strict=True))


def test_the_name_changes_with_the_weights_and_only_with_them(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    write_folder(read_packed(make_tiny().packed), folder)
    first = Embedder(folder).name
    (folder / "README.md").write_text("another note")
    os.utime(folder / "model.safetensors", (0, 0))
    assert Embedder(folder).name == first
    assert first.startswith("model-")
    write_folder(read_packed(make_tiny(seed=1).packed), folder)
    assert Embedder(folder).name != first


def test_a_large_file_is_sampled_to_its_last_byte(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(bytes(3_000_000))
    before = fingerprint(tmp_path)
    path.write_bytes(bytes(2_999_999) + b"\1")
    assert fingerprint(tmp_path) != before


def test_a_missing_folder_is_told_with_the_way_out(tmp_path: Path) -> None:
    for ask in (lambda e: e.name, lambda e: e.embed_query("预算"), lambda e: e.embed_passages([])):
        with pytest.raises(NoModel) as caught:
            ask(Embedder(tmp_path / "none"))
        assert str(tmp_path / "none") in str(caught.value)
        assert "python -m index.embedding_model" in str(caught.value)
        assert "BUDGET_EMBEDDING" in str(caught.value)
    assert issubclass(NoModel, BudgetError)


@pytest.mark.parametrize("broken", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_broken_model_is_told(tmp_path: Path, broken: str) -> None:
    write_folder(read_packed(make_tiny().packed), tmp_path / "model")
    (tmp_path / "model" / broken).write_bytes(b"{")
    with pytest.raises(NoModel, match="无法读取"):
        Embedder(tmp_path / "model").embed_query("预算")


def test_the_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BUDGET_EMBEDDING", str(tmp_path))
    assert model_folder() == tmp_path
    assert Embedder().folder == tmp_path
    monkeypatch.setenv("BUDGET_EMBEDDING", " ")
    assert model_folder() == DEFAULT_FOLDER


def test_what_a_person_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    stay_offline()
    assert os.environ["HF_HUB_OFFLINE"] == "0"
    assert os.environ["TRANSFORMERS_OFFLINE"] == QUIET["TRANSFORMERS_OFFLINE"] == "1"


def test_importing_the_embedder_imports_none_of_the_heavy_libraries() -> None:
    heavy = "{'torch', 'transformers', 'sentence_transformers', 'tokenizers'}"
    code = f"import sys, index.embed, index.embedding_model; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# The real model


def test_the_real_model_gives_384_numbers_of_length_one(real: Embedder) -> None:
    vector = real.embed_query("三公经费是多少？")
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("接待客人花了多少钱", "公务接待费", "住房公积金"),
        ("养老保险单位交多少", "机关事业单位基本养老保险缴费支出", "信息网络及软件购置更新"),
        ("How much is spent on official receptions?", "公务接待费", "工程造价咨询服务"),
        ("housing fund", "住房公积金", "公务用车运行维护费"),
        ("why did revenue fall", "收入减少的主要原因是项目经费减少", "因公出国（境）经费"),
    ],
)
def test_what_is_meant_lies_nearer(real: Embedder, question: str, near: str, far: str) -> None:
    similar, other = real.embed_passages([near, far]) @ real.embed_query(question)
    assert similar > other + 0.01


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("一般公共预算财政拨款收入", "▁ 一般 公共 预算 财政 拨 款 收入"),
        ("１，２３５．３４　万元", "▁1,2 35 . 34 ▁ 万元"),
        ("How much is the budget?", "▁How ▁much ▁is ▁the ▁budget ?"),
        ("１月～３月", "▁1 月 ～ 3 月"),
    ],
)
def test_the_real_tokenizer_cuts_as_the_original(real: Embedder, text: str, tokens: str) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(real.folder / "tokenizer.json"))
    assert " ".join(tokenizer.encode(text).tokens) == f"<s> {tokens} </s>"


def test_questions_and_passages_are_told_apart(real: Embedder) -> None:
    question, (passage,) = real.embed_query("预算"), real.embed_passages(["预算"])
    assert 0.5 < float(question @ passage) < 0.999
