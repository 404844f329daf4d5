"""One writer at a time: several writers silently corrupt a Chroma folder (docs/ARCHITECTURE.md)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import BudgetError

FILE = "writer.lock"


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Holds the folder's lock; the system lets go of it when the process ends, however it does.

    Raises BudgetError with the holder's process number while another writer is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / FILE, "a+", encoding="ascii") as file:
        if not _take(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "?"
            raise BudgetError(
                f"另一个进程（PID {holder}）正在写入这个索引",
                place=str(folder),
                mend="等它结束后再试；提问和查看不受影响",
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    BYTE = 1 << 30
    """Locked bytes cannot be read on Windows: one far behind the process number."""

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
