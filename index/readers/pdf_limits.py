"""Guards against PDF files that unpack to more than a machine can hold."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from index.errors import BudgetError

MOST_STREAM = 256 << 20
"""Bytes of one unpacked stream: a page scanned in colour at 600 dpi takes some 100 million."""
MOST_UNPACKED = 4 << 30
"""Bytes of all of them."""
STEP = 1 << 20
PACKED_TWICE = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")


def require_modest(name: str, content: bytes) -> None:
    """Raises BudgetError where a stream of the file unpacks beyond all measure."""
    if PACKED_TWICE.search(content):
        raise _bomb(name)
    total = 0
    for packed in _streams(content):
        size = _unpacked(packed)
        total += size
        if size > MOST_STREAM or total > MOST_UNPACKED:
            raise _bomb(name)


def _bomb(name: str) -> BudgetError:
    return BudgetError(
        "PDF 解压后过大，可能是恶意文件",
        place=name,
        mend="请用 PDF 软件重新另存，或向发布单位索取原文件",
    )


def _streams(content: bytes) -> Iterator[memoryview]:
    view = memoryview(content)
    at = 0
    while (at := content.find(b"stream", at)) >= 0:
        start = at + len(b"stream")
        head = content[max(0, at - 400) : at]
        at = start
        if content[start - 9 : start - 6] == b"end":
            continue
        start += 2 if content[start : start + 2] == b"\r\n" else 1
        if b"ASCII85" in head.rsplit(b"obj", 1)[-1]:
            yield from _from_ascii(content, start)
        else:
            yield view[start:]


def _from_ascii(content: bytes, start: int) -> Iterator[memoryview]:
    end = content.find(b"endstream", start)
    try:
        text = content[start : end if end >= 0 else None].strip()
        yield memoryview(base64.a85decode(text.removesuffix(b"~>")))
    except (ValueError, binascii.Error):
        return


def _unpacked(packed: memoryview) -> int:
    """How long a stream is once it is inflated, as far as `MOST_STREAM`; 0 for other streams."""
    inflate = zlib.decompressobj()
    size = at = 0
    rest = b""
    try:
        while size <= MOST_STREAM and not inflate.eof and (rest or at < len(packed)):
            if not rest:
                rest, at = bytes(packed[at : at + STEP]), at + STEP
            size += len(inflate.decompress(rest, STEP))
            rest = inflate.unconsumed_tail
    except zlib.error:
        return size
    return size
