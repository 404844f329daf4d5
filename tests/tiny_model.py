"""Writes packed models small enough to make in a test, and computes their vectors a second way."""

import math
import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WIDTH, FEED_FORWARD, HEADS, LAYERS, POSITIONS = 32, 64, 2, 2, 64
EPSILON = 1e-12
PIECES = (
    *(
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "▁",
        "预算",
        "收入",
        "支出",
        "三公",
        "经费",
        "a",
        "b",
        "привет",
    ),
    *("～", "1", "2", ",", "▁query", ":", "▁passage", "é", "是", "多少", "<mask>"),
)
CONTROL, SPACE = "\x01", "\u200b"
REPLACEMENTS = {CONTROL: "", SPACE: " ", "\u3000": " ", "１": "1", "ａ": "a", "㎡": "m2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiny:
    """A packed model, and its weights as they come back from 4 bits."""

    packed: bytes
    weights: dict[str, Floats]


def quantise_q4(weights: Floats) -> bytes:
    """Rows of weights → Q4_0 blocks: the step is an eighth of the farthest weight, sign turned."""
    packed = b""
    for block in weights.reshape(-1, 32):
        step = np.float16(block[np.abs(block).argmax()] / -8)
        steps = np.zeros(32) if step == 0 else block / np.float32(step)
        bits = np.clip(np.rint(steps) + 8, 0, 15).astype(np.uint8)
        packed += step.tobytes() + (bits[:16] | bits[16:] << 4).tobytes()
    return packed


def from_q4(packed: bytes, width: int) -> Floats:
    """Read weight by weight as the format is described, to hold the fast reader against."""
    values = []
    for start in range(0, len(packed), 18):
        (step,) = struct.unpack_from("<e", packed, start)
        data = packed[start + 2 : start + 18]
        values += [((byte & 15) - 8) * step for byte in data]
        values += [((byte >> 4) - 8) * step for byte in data]
    return np.array(values, np.float32).reshape(-1, width)


def make_tiny(seed: int = 0) -> Tiny:
    """A packed model of random weights; one whose every part is used, none like another."""
    random = np.random.default_rng(seed)
    shapes = {"emb.word": (len(PIECES) + 3, WIDTH), "emb.pos": (POSITIONS, WIDTH)}
    shapes |= {"emb.type": (2, WIDTH), "emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for layer in range(LAYERS):
        for name, (out, into) in {
            **dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH)),
            **{"fi": (FEED_FORWARD, WIDTH), "fo": (WIDTH, FEED_FORWARD)},
        }.items():
            shapes |= {f"l{layer}.{name}.w": (out, into), f"l{layer}.{name}.b": (out,)}
        for name in ("aln", "oln"):
            shapes |= {f"l{layer}.{name}.w": (WIDTH,), f"l{layer}.{name}.b": (WIDTH,)}
    weights = {name: random.normal(0, 0.5, shape).astype("f4") for name, shape in shapes.items()}
    quarters = {n for n in weights if n == "emb.word" or (n.endswith(".w") and "ln" not in n)}
    data = {n: quantise_q4(w) if n in quarters else w.tobytes() for n, w in weights.items()}
    weights |= {n: from_q4(data[n], weights[n].shape[1]) for n in quarters}
    return Tiny(packed=_pack(data, weights, quarters), weights=weights)


def _pack(data: dict[str, bytes], weights: dict[str, Floats], quarters: set[str]) -> bytes:
    shape = (WIDTH, LAYERS, HEADS, FEED_FORWARD, len(PIECES) + 3, POSITIONS, 2)
    head = struct.pack("<4sI7ifi", b"E5S1", 1, *shape, EPSILON, 32)
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)])
    head += struct.pack("<5iQ", len(texts), 0, 2, 1, 3, int(ends[-1]))
    scores = [-float(1 + number % 5) for number in range(len(texts))]
    head += ends.astype("<u4").tobytes() + np.array(scores, "<f4").tobytes() + b"".join(texts)
    normal = b"".join(
        struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new))
        for old, new in REPLACEMENTS.items()
    )
    head += struct.pack("<iI", len(REPLACEMENTS), len(normal)) + normal
    head += struct.pack("<i", len(data))
    offset = len(head) + sum(23 + len(name) for name in data)
    for name, raw in data.items():
        entry = (int(name in quarters), weights[name].size, offset, len(raw))
        head += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), *entry)
        offset += len(raw)
    return head + b"".join(data.values())


def reference_vector(weights: dict[str, Floats], rows: list[int]) -> Floats:
    """The unit vector of these word rows by BERT's formulas, straight from the packed names."""

    def norm(x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return scaled * weights[f"{name}.w"] + weights[f"{name}.b"]

    def linear(x: Floats, name: str) -> Floats:
        return x @ weights[f"{name}.w"].T + weights[f"{name}.b"]

    def split(x: Floats) -> Floats:
        return x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)

    x = weights["emb.word"][rows] + weights["emb.pos"][: len(rows)] + weights["emb.type"][0]
    x = norm(x, "emb.ln")
    for layer in range(LAYERS):
        q, k, v = (split(linear(x, f"l{layer}.{name}")) for name in "qkv")
        scores = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS))
        seen = (scores / scores.sum(-1, keepdims=True)) @ v
        seen = seen.transpose(1, 0, 2).reshape(len(x), WIDTH)
        x = norm(x + linear(seen, f"l{layer}.ao"), f"l{layer}.aln")
        inner = linear(x, f"l{layer}.fi")
        inner = inner * np.vectorize(lambda value: 0.5 * (1 + math.erf(value / 2**0.5)))(inner)
        x = norm(x + linear(inner, f"l{layer}.fo"), f"l{layer}.oln")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)
