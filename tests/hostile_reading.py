"""Ways of reading that go wrong as a file says: for workers, which import them by name."""

import os
import signal
import time

from index.errors import BudgetError
from index.fact import Budget

SLOW = 0.4


def read(name: str, content: bytes, unit: str) -> Budget:
    """A file's first word says what becomes of its reader."""
    word = content.decode().split()[0]
    if word == "bad":
        raise BudgetError("没有找到预算表", place=name, mend="换一个文件")
    if word == "bug":
        raise KeyError("secret of the document")
    if word == "exit":
        os._exit(3)
    if word == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "hang":
        time.sleep(600)
    if word == "memory":
        bytearray(2**45)
    if word == "slow":
        time.sleep(SLOW)
    return budget(name, word, unit)


def budget(name: str, word: str, unit: str) -> Budget:
    return Budget(
        document=name,
        sha256="",
        format=str(os.getpid()),
        title=f"{word}{unit}",
        institution=word,
        year=2024,
        account="budget",
        units=(),
        tables=(),
        facts=(),
        passages=(),
        checks=(),
    )
