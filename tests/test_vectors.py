"""Vectors: immutable collections, one atomic pointer swap, no mixing of models."""

import hashlib
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.errors import BudgetError
from index.lock import one_writer
from index.store import Store
from index.vectors import Vectors

DIMENSIONS = 64


class FakeEmbedder:
    """Bags of hashed character bigrams: texts that share characters lie near each other."""

    def __init__(self, name: str = "fake-1") -> None:
        self.name = name
        self.embedded: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self.embedded += texts
        if on_progress:
            on_progress(len(texts), len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(DIMENSIONS, 1e-3, np.float32)
        for at in range(len(text) - 1):
            vector[int(digest(text[at : at + 2])[:4], 16) % DIMENSIONS] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def texts_of(*words: str) -> dict[str, str]:
    return {digest(word): word for word in words}


def write(vectors: Vectors, *words: str) -> None:
    texts = vectors.missing(texts_of(*words))
    embedder = FakeEmbedder(vectors.embedder_name)
    vectors.add(texts, embedder.embed_passages(list(texts.values()) or ["-"]))


def nearest(vectors: Vectors, word: str, n: int = 1) -> list[str]:
    asked = FakeEmbedder().embed_query(word)
    return [text_hash for text_hash, _ in vectors.nearest(asked, n)]


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    return Vectors(tmp_path, "fake-1", Store(tmp_path))


def test_an_empty_index_has_nothing_near_and_makes_no_folder(
    vectors: Vectors, tmp_path: Path
) -> None:
    assert vectors.nearest(np.ones(DIMENSIONS), 5) == []
    vectors.sweep()
    assert not (tmp_path / "chroma").exists()


def test_a_text_is_nearest_to_itself_with_similarity_one(vectors: Vectors) -> None:
    write(vectors, "公务接待费", "办公费", "培训费")
    asked = FakeEmbedder().embed_query("办公费")
    (first, similarity), *rest = vectors.nearest(asked, 10)
    assert first == digest("办公费") and similarity == pytest.approx(1, abs=1e-5)
    assert len(rest) == 2 and all(other < 1 for _, other in rest)


def test_texts_written_in_turn_are_all_found_in_few_collections(vectors: Vectors) -> None:
    words = [f"第{at}项支出" for at in range(60)]
    for word in words:
        write(vectors, word)
    assert vectors.count() == 60
    assert len(vectors._segments()) <= 7
    assert [nearest(vectors, word)[0] for word in words] == [digest(word) for word in words]


def test_a_text_that_has_a_vector_is_not_missing(vectors: Vectors) -> None:
    write(vectors, "办公费")
    assert vectors.missing(texts_of("办公费", "水费")) == texts_of("水费")


def test_another_model_is_refused_when_asked_and_named_with_the_mend(
    vectors: Vectors, tmp_path: Path
) -> None:
    write(vectors, "办公费")
    other = Vectors(tmp_path, "fake-2", vectors.store)
    with pytest.raises(BudgetError, match=r"fake-1.*fake-2.*add"):
        other.nearest(np.ones(DIMENSIONS), 1)


def test_a_new_model_takes_over_at_once_and_wholly(vectors: Vectors, tmp_path: Path) -> None:
    write(vectors, "办公费", "水费")
    other = Vectors(tmp_path, "fake-2", vectors.store)
    assert other.pending() == texts_of("办公费", "水费")
    write(other, *other.pending().values())
    assert nearest(other, "水费") == [digest("水费")]
    assert other.pending() == {}
    with pytest.raises(BudgetError, match="fake-2"):
        vectors.nearest(np.ones(DIMENSIONS), 1)


def test_a_crash_before_the_swap_leaves_the_old_vectors_and_is_swept(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(vectors, "办公费")
    with monkeypatch.context() as patched:
        patched.setattr(Vectors, "_publish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(vectors, "水费")
    assert nearest(vectors, "水费", 5) == [digest("办公费")]
    assert len(vectors._names()) == 2
    vectors.sweep()
    assert len(vectors._names()) == 1
    assert vectors.missing(texts_of("水费"))


def test_collections_that_somebody_deleted_are_noticed_and_embedded_again(
    vectors: Vectors,
) -> None:
    write(vectors, "办公费")
    for name in vectors._names():
        vectors._client.delete_collection(name)
    with pytest.raises(BudgetError, match="add"):
        nearest(vectors, "办公费")
    vectors.sweep()
    assert vectors.pending() == texts_of("办公费")
    write(vectors, "办公费")
    assert nearest(vectors, "办公费") == [digest("办公费")]


def read_for_a_while(folder: Path, ready: object, stop: object, told: object) -> None:
    """In a process of its own: asks until told to stop; every answer must be the right one."""
    vectors = Vectors(folder, "fake-1")
    asked = 0
    while not stop.is_set():  # type: ignore[attr-defined]
        word = f"旧文{asked % 20}号"
        if nearest(vectors, word) != [digest(word)]:
            told.put(f"wrong after {asked}")  # type: ignore[attr-defined]
            return
        asked += 1
        ready.set()  # type: ignore[attr-defined]
    told.put("right" if asked else "nothing asked")  # type: ignore[attr-defined]


def test_a_reader_in_another_process_is_right_while_the_index_grows(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, "fake-1", Store(tmp_path))
    write(vectors, *[f"旧文{at}号" for at in range(20)])
    context = multiprocessing.get_context("spawn")
    ready, stop, told = context.Event(), context.Event(), context.Queue()
    reader = context.Process(target=read_for_a_while, args=(tmp_path, ready, stop, told))
    reader.start()
    assert ready.wait(60)
    for round_ in range(12):
        vectors.sweep()
        write(vectors, *[f"新{round_}之{at}款" for at in range(5 * round_ + 1)])
        time.sleep(0.02)
    stop.set()
    assert told.get(timeout=60) == "right"
    reader.join(30)


def test_a_second_writer_is_told_who_is_writing(tmp_path: Path) -> None:
    with one_writer(tmp_path):
        second = one_writer(tmp_path)
        with pytest.raises(BudgetError, match=f"PID {os.getpid()}"):
            second.__enter__()
    with one_writer(tmp_path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from index.lock import one_writer\n"
        "with one_writer(Path(sys.argv[1])): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, tmp_path], check=False).returncode == 9
    with one_writer(tmp_path):
        pass


def test_after_some_writes_what_is_superseded_goes_and_the_rest_still_answers(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors.TIDY", 3)
    words = ["办公费", "水费", "电费", "差旅费", "培训费", "会议费", "印刷费"]
    for at, word in enumerate(words, 1):
        write(vectors, word)
        assert at % 3 or set(vectors._names()) == vectors._segments().keys()
    assert vectors.count() == len(words)
    assert [nearest(vectors, word) for word in words] == [[digest(word)] for word in words]


def test_an_unreachable_chroma_server_is_told(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUDGET_CHROMA", "127.0.0.1:1")
    with pytest.raises(BudgetError, match="BUDGET_CHROMA=127"):
        write(vectors, "办公费")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    """A Chroma server behind loopback, as `BUDGET_CHROMA` names it."""
    program = str(Path(sys.executable).with_name("chroma"))
    if not Path(program).exists():
        pytest.skip("no chroma program beside this Python")
    port = free_port()
    command = [program, "run", "--path", str(tmp_path / "s")]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
        server.terminate()


def test_two_indexes_share_a_chroma_server_and_leave_each_other_alone(
    tmp_path: Path, chroma_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUDGET_CHROMA", chroma_server)
    first, second = Vectors(tmp_path / "1", "fake-1"), Vectors(tmp_path / "2", "fake-1")
    write(first, "办公费", "水费")
    write(second, "培训费")
    second.sweep()
    assert nearest(first, "水费") == [digest("水费")]
    assert nearest(second, "水费", 5) == [digest("培训费")]
    assert not (tmp_path / "1" / "chroma").exists()
