"""Which files a person means, and their bytes."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import BudgetError

LARGEST = 200 * 2**20
"""Bytes of a file we open at all; the largest published budgets are scans of some 50 MB."""
TEMPORARY = (".", "~$", ".~")
"""How the names of hidden files and of an office program's lock files begin."""


def expand(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are named, folders by their readable files; each file once."""
    met: set[Path] = set()
    for path in paths:
        for file in sorted(_readable(path)) if path.is_dir() else [path]:
            if file.resolve() not in met:
                met.add(file.resolve())
                yield file


def _readable(folder: Path) -> Iterator[Path]:
    found = False
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        if any(part.startswith(TEMPORARY) for part in inner) or not path.is_file():
            continue
        if path.suffix.lower() in known_endings() | reported_endings():
            found = True
            yield path
    if not found:
        yield folder  # which `read_bytes` then reports


def known_endings() -> frozenset[str]:
    from index.readers.formats import ENDINGS

    return ENDINGS


def reported_endings() -> frozenset[str]:
    """Of files that a person takes for budgets and nothing here reads: the reader says the mend."""
    from index.readers.formats import REPORTED

    return REPORTED


def read_bytes(path: Path) -> bytes:
    """Raises BudgetError for what is missing, no ordinary file, unreadable or too large."""
    _require_file(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, without holding it. Raises as `read_bytes` does."""
    _require_file(path)
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _require_file(path: Path) -> None:
    place = str(path)
    if path.is_dir():
        known = "、".join(sorted(known_endings()))
        raise BudgetError(
            "文件夹里没有可以读取的文件", place=place, mend=f"放入以下格式之一的文件：{known}"
        )
    if not path.exists():
        raise BudgetError("没有这个文件", place=place, mend="检查路径和文件名")
    if not path.is_file():
        raise BudgetError("不是普通文件", place=place, mend="给出预算文件本身的路径")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > LARGEST:
        raise BudgetError(
            f"文件有 {size / 2**20:.0f} MB，超过 {LARGEST / 2**20:.0f} MB",
            place=place,
            mend="拆成几个文件，或去掉其中的图片",
        )


def _unreadable(path: Path, error: OSError) -> BudgetError:
    return BudgetError(f"文件读不出来（{error.strerror}）", place=str(path), mend="检查文件的权限")
