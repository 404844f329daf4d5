"""Indexing and asking reach no other host, with the real embedding model and nothing preset."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.embed import model_folder
from index.errors import BudgetError
from index.offline import QUIET
from tests.budget_texts import SAMPLE

ROOT = Path(__file__).parents[1]
GUARD = '''
"""Loaded by Python at its start: every way out but loopback is refused, and written down."""
import ipaddress, os, socket

def _outside(host):
    if host in ("localhost", "", None):
        return False
    try:
        return not ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return True

def _refuse(host):
    with open(os.environ["OFFLINE_LOG"], "a") as log:
        log.write(f"{host}\\n")
    raise OSError(f"no way out: {host}")

def _guard(name):
    plain = getattr(socket.socket, name)
    def guarded(self, address, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6) and _outside(address[0]):
            _refuse(address[0])
        return plain(self, address, *rest)
    setattr(socket.socket, name, guarded)

for name in ("connect", "connect_ex"):
    _guard(name)

_plain = socket.getaddrinfo
def _getaddrinfo(host, *rest, **more):
    host = host.decode() if isinstance(host, bytes) else host
    if _outside(host):
        _refuse(host)
    return _plain(host, *rest, **more)
socket.getaddrinfo = _getaddrinfo
'''
ASK = """
import json, sys
from pathlib import Path
from index.build import add_paths
from assistant.chain import Assistant

document, folder = Path(sys.argv[1]), Path(sys.argv[2])
(report,) = add_paths([document], folder)
assistant = Assistant(folder)
found = assistant.retriever.invoke("谁负责政务云的运行维护")
answer = assistant.ask("2023年部门收入合计是多少？")
print(json.dumps({
    "status": report.status, "facts": report.facts, "message": report.message,
    "dense": assistant.retriever.dense, "found": len(found), "answer": answer.status,
    "figures": [figure.printed for figure in answer.figures],
}))
"""


@pytest.fixture
def guarded(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, "utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in QUIET}
    path = os.pathsep.join([str(tmp_path / "guard"), str(ROOT)])
    return {**kept, "PYTHONPATH": path, "OFFLINE_LOG": str(tmp_path / "outside.log")}


def run(code: str, environment: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("import socket; socket.socket().connect(('192.0.2.1', 80))", True),
        ("import urllib.request as u; u.urlopen('http://example.invalid/')", True),
        ("import socket; s = socket.create_server(('127.0.0.1', 0)); "
         "socket.create_connection(s.getsockname())", False),
    ],
)  # fmt: skip
def test_the_guard_refuses_other_hosts_and_lets_loopback_through(
    guarded: dict[str, str], code: str, refused: bool
) -> None:
    done = run(code, guarded)
    assert (done.returncode != 0, "no way out" in done.stderr) == (refused, refused)
    assert Path(guarded["OFFLINE_LOG"]).exists() is refused


@pytest.mark.slow
def test_indexing_and_asking_reach_no_other_host(guarded: dict[str, str], tmp_path: Path) -> None:
    try:
        model_folder()
    except BudgetError as error:
        pytest.skip(str(error))
    document = tmp_path / SAMPLE.name
    text = SAMPLE.read_text("utf-8")
    # The whole sample takes a minute to embed; its title, duties and one table will do here.
    title, duties = (
        text.split("目 录")[0],
        text[text.index("\n2. 为全省") : text.index("\n3. 根据")],
    )
    table = text[text.index("\n表二\n") : text.index("\n表三\n")]
    document.write_text(title + duties + table, "utf-8")
    done = run(ASK, guarded, document, tmp_path / "index")
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["status"], told["message"]) == ("added", "")
    assert told["facts"] == 15 and told["dense"] and told["found"]
    assert told["answer"] == "answered" and told["figures"][0] == "24,634.71"
    assert not Path(guarded["OFFLINE_LOG"]).exists(), Path(guarded["OFFLINE_LOG"]).read_text()
