"""Percentiles, ratios, what was told of an indexing, and the whole command on few questions."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from typer.testing import CliRunner

import eval.__main__ as evaluation
from eval import bench
from eval.dataset import Dialogue


class ByLetters:
    """Stands for the embedding model: the same letters, the same vector."""

    name = "by-letters"

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        if on_progress:
            on_progress(len(texts), len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        counts = np.bincount([ord(letter) % 16 for letter in text], minlength=16)
        return np.asarray(counts / (np.linalg.norm(counts) or 1), dtype=np.float32)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], (0, 0)),
        ([2.0], (2, 2)),
        ([3.0, 1.0], (2, 2.9)),
        ([float(n) for n in range(101)], (50, 95)),
    ],
)
def test_median_and_95th_percentile(seconds: list[float], expected: tuple[float, float]) -> None:
    assert bench.spread(seconds) == pytest.approx(expected)


def test_a_ratio_against_nothing_is_none() -> None:
    assert bench.ratio(3.0, 2.0) == 1.5
    assert bench.ratio(3.0, 0.0) is None


def test_a_step_lasts_from_the_word_before_it_to_its_last() -> None:
    told = [("文件", 0.0), ("读取 a", 1.0), ("读取 a", 3.0), ("向量 a", 4.0), ("向量 a", 6.0)]
    assert bench.lasted(told, "读取") == 3.0
    assert bench.lasted(told, "向量") == 3.0
    assert bench.lasted(told, "补算") == 0.0


@pytest.mark.parametrize(("count", "ids"), [(0, "abcde"), (2, "ac"), (5, "abcde"), (9, "abcde")])
def test_chosen_dialogues_are_spread(count: int, ids: str) -> None:
    dialogues = [Dialogue(id=name, turns=()) for name in "abcde"]
    assert "".join(dialogue.id for dialogue in bench.chosen(dialogues, count)) == ids


def test_grep_gives_the_line_with_most_of_the_questions_letters() -> None:
    assert (
        bench.grep("教育支出多少？", ["一、教育", "五、教育支出\t56.00", ""])
        == "五、教育支出\t56.00"
    )
    assert bench.grep("", ["a"]) == "a"


@pytest.mark.parametrize("model", [True, False])
def test_the_command_measures_a_few_questions(
    model: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BUDGET_EMBEDDING", str(tmp_path / "none"))
    if model:
        monkeypatch.setattr(bench, "open_embedder", ByLetters)
    kept = tmp_path / "out.json"
    words = ["bench", "--questions", "3", "--no-cold", "--json", str(kept)]
    done = CliRunner().invoke(evaluation.app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    rows = {row["what"]: row for row in json.loads(kept.read_text("utf-8"))["rows"]}
    parts = [rows[f"  {part}"]["value"] for part in ("read", "check", "embed", "store")]
    assert sum(parts) == pytest.approx(rows["indexing"]["value"])
    assert min(parts) >= 0 and (parts[2] > 0) is model
    assert rows["ask: all"]["times"].keys() == {"grep", "scan", *(["plain"] if model else [])}
    assert rows["memory"]["value"] > 0 and "cold start" not in rows
    assert "baseline: grep" in done.output
