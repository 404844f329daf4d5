"""The database behind the store: opening it, its settings, what a person reads when it fails."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, NoSuchTableError

from index.errors import BudgetError
from index.schema import METADATA, SETTINGS, fingerprint

FILE = "budget.sqlite"
BATCH = 500
"""Values in one `IN (…)`; SQLite before 3.32 takes 999."""
BUSY_SECONDS = 15


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def set_setting(connection: sa.Connection, name: str, value: str) -> None:
    connection.execute(SETTINGS.delete().where(SETTINGS.c.name == name))
    connection.execute(SETTINGS.insert(), {"name": name, "value": value})


def setting(connection: sa.Connection, name: str) -> str:
    query = sa.select(SETTINGS.c.value).where(SETTINGS.c.name == name)
    return connection.execute(query).scalar() or ""


def open_engine(folder: Path) -> sa.Engine:
    url = os.environ.get("BUDGET_STORE") or f"sqlite:///{(folder / FILE).absolute()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url)
    except (OSError, sa.exc.ArgumentError, ImportError) as error:
        raise BudgetError(
            f"索引打不开（{error}）",
            place=str(folder),
            mend="检查文件夹权限、BUDGET_STORE 的写法和数据库驱动",
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune)
    return engine


def _tune(connection: Any, _record: object) -> None:
    """Readers go on while a document is written (WAL); a writer is waited for."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def prepare(engine: sa.Engine, folder: Path) -> None:
    if not sa.inspect(engine).has_table(SETTINGS.name):
        METADATA.create_all(engine)
    with engine.begin() as connection:
        written = setting(connection, "schema")
        if not written:
            for name, value in (
                ("schema", fingerprint()),
                ("version", "0"),
                ("index", uuid4().hex[:12]),
            ):
                set_setting(connection, name, value)
        elif written != fingerprint():
            raise BudgetError(
                "索引由本程序的另一个版本建立，格式不同",
                place=str(folder),
                mend="删除这个文件夹（或换一个 --index），再用 python -m index add 重新收录文件",
            )


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turns a database's complaint into one that names the folder and the mend."""
    try:
        yield
    except (DatabaseError, NoSuchTableError) as error:
        raise BudgetError(
            f"索引数据库读写失败（{getattr(error, 'orig', error)}）",
            place=str(folder),
            mend="检查磁盘空间和文件夹权限；数据库损坏时删除该文件夹，重新收录文件",
        ) from error
