"""`python app.py`: serves the chat page on this machine."""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.offline import stay_offline

if TYPE_CHECKING:
    from assistant.desk import Asker

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOGIN_VARIABLE = "BUDGET_LOGIN"
"""`NAME:PASSWORD`; the page then asks for them."""


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    stay_offline()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    from assistant.desk import ADD
    from assistant.page import build, launch

    login = login_of(os.environ.get(LOGIN_VARIABLE, ""))
    if given.host not in LOOPBACK and login is None:
        print(f"注意：{given.host} 可从其他机器访问。用 {LOGIN_VARIABLE}=用户名:密码 设置登录。")
    add = f"python -m index add FILE --index {given.index}" if given.index else ADD
    page = build(lambda: open_assistant(given.index), add)
    try:
        launch(page, server_name=given.host, server_port=given.port, auth=login, quiet=True,
               prevent_thread_lock=True)  # fmt: skip
    except OSError:
        print(f"端口 {given.port} 已被占用，请用 --port 换一个。", file=sys.stderr)
        return 1
    print(f"http://{given.host}:{page.server_port}", flush=True)
    page.block_thread()
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="app.py", description="预算助手的网页")
    parser.add_argument("--index", type=Path, help="索引所在的文件夹（默认 .budget-index/）")
    parser.add_argument("--port", type=int, help="端口（默认取 7860 起第一个空闲的）")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认只限本机）")
    return parser.parse_args(arguments)


def login_of(said: str) -> tuple[str, str] | None:
    """`NAME:PASSWORD` → both; None where nothing is said."""
    name, colon, password = said.partition(":")
    if said and not (name and colon and password):
        raise SystemExit(f"{LOGIN_VARIABLE} 应写成 用户名:密码")
    return (name, password) if said else None


def open_assistant(folder: Path | None) -> "Asker | None":
    """None while nothing is indexed; the page then says how to add a budget."""
    from assistant.chain import Assistant
    from index.build import index_folder
    from index.errors import BudgetError
    from index.store import open_index

    try:
        if open_index(index_folder(folder)).documents():
            return Assistant(folder)
    except BudgetError as error:
        logging.getLogger(__name__).warning("%s", error)
    return None


if __name__ == "__main__":
    raise SystemExit(main())
