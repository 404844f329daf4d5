"""`python -m assistant`: what a clerk reads, what a program reads, and the exit code."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from assistant import chain
from assistant.__main__ import app
from assistant.answer import Answer, Citation, Status
from assistant.cli import json_line, printable, shown
from assistant.desk import log
from index.embed import NoModel
from index.read import read_budget
from index.store import Store
from tests.test_examples import SAMPLE, sample_assistant, sample_index
from tests.test_vectors import FakeEmbedder

KEYS, FIGURE, CITATION = (
    re.findall(r"\w+", names)
    for names in (
        "id question language status text figures citations proved notes suggestions seconds",
        "value printed unit operator label scope expression citations",
        "document section table row column line line_end page sheet cell quote paragraph box",
    )
)
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "gradio")


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BUDGET_INDEX", str(sample_index()))
    monkeypatch.setattr("assistant.retrieve.default_embedder", FakeEmbedder)
    return sample_index()


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["ask", *map(str, words)])


def answers(*words: object) -> list[dict[str, Any]]:
    result = run(*words, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def batch(tmp_path: Path, *lines: str | bytes) -> Path:
    path = tmp_path / "questions.jsonl"
    whole = [line if isinstance(line, bytes) else line.encode() for line in lines]
    path.write_bytes(b"\n".join(whole))
    return path


# ----------------------------------------------------------------------------- one question


def test_a_clerk_reads_the_figure_and_each_source_on_a_line() -> None:
    result = run("公务接待费占三公经费的比例")
    assert (result.exit_code, result.stderr) == (0, "")
    text, _, sources = result.stdout.partition("来源\n")
    assert "34.29%" in text and "**" not in text
    assert sources.splitlines()[0].startswith(
        "  [1] sichuan-bigdata-2023.txt · 第三部分 五 · “三公”经费财政拨款/公务接待费 · 预算数 · "
        "第860行 · “省大数据中心 2023 年“三公”经费财政拨款预算数 35 万元，"
    )
    assert any("表七" in line and "“12.00”" in line for line in sources.splitlines())
    assert "├" not in result.stdout


def test_in_english_the_sources_are_headed_in_english() -> None:
    assert (
        "Sources\n  [1] sichuan-bigdata-2023.txt" in run("How much for official receptions?").stdout
    )


def test_explain_shows_how_the_question_was_read() -> None:
    shown = run("公务接待费占三公经费的比例", "--explain").stdout
    tree = shown[shown.index("公务接待费占三公经费的比例\n├─") :]
    assert "├─ 认出的说法\n│  ├─ operation: '占' → share" in tree
    assert tree.rstrip().splitlines()[-1].startswith("   └─ 公务接待费")


@pytest.mark.parametrize(
    "question",
    [
        "公务接待费多少",
        "什么是上年结转？",
        "火箭发射费多少",
        "你好",
        "写一首诗",
        "",
        "Top 3 projects",
    ],
)
def test_json_is_the_contract_to_the_key(question: str) -> None:
    (answer,) = answers(question)
    assert list(answer) == KEYS
    assert (answer["id"], answer["question"]) == ("", question)
    assert answer["status"] in set(Status)
    assert all(list(figure) == FIGURE for figure in answer["figures"])
    assert all(list(citation) == CITATION for citation in answer["citations"])
    lists = ("figures", "citations", "notes", "suggestions")
    assert all(isinstance(answer[name], list) for name in lists)
    assert isinstance(answer["seconds"], float) and isinstance(answer["proved"], bool)


def test_the_explanation_comes_with_explain_alone() -> None:
    (answer,) = answers("公务接待费多少", "--explain")
    assert list(answer) == [*KEYS, "explanation"]
    assert any("公务接待费" in line for line in answer["explanation"])


def test_a_document_alone_may_be_asked(tmp_path: Path) -> None:
    store, content = Store(tmp_path), SAMPLE.read_bytes()
    for name in ("a.txt", "b.txt"):
        budget = replace(read_budget(name, content), sha256=hashlib.sha256(content).hexdigest())
        store.add(budget, content)
    words = ("公务接待费多少", "--index", tmp_path)
    assert documents(*words) == {"a.txt", "b.txt"}
    assert documents(*words, "--document", "b.txt") == {"b.txt"}


def documents(*words: object) -> set[str]:
    (answer,) = answers(*words)
    return {citation["document"] for citation in answer["citations"]}


def test_half_a_character_and_control_characters_pass_through_json() -> None:
    (answer,) = answers("\ud800公务\x1b[2J接待费\x00多少")
    assert answer["question"] == "\ud800公务\x1b[2J接待费\x00多少"


def test_neither_document_nor_question_steers_the_terminal() -> None:
    citation = Citation(
        document="\x1b[2J.txt", section="", table="表\x07一", row="a\nb", column="", line=1,
        line_end=1, quote="\x9b1m",
    )  # fmt: skip
    answer = Answer(
        question="\x1b]0;x\x07", language="zh", status=Status.ANSWERED, text="**1**\r\x1b[1A\n- 2",
        citations=(citation,), notes=("\x1b[3m",), suggestions=("\x00?",),
        explanation=("content: \x1b[0m",),
    )  # fmt: skip
    text = shown(answer, explain=True)
    assert not {letter for letter in text if not letter.isprintable()} - {"\n"}
    assert text.startswith("1\n") and "表 一 · a b · 第1行" in text


# ---------------------------------------------------------------------------- many questions


def test_a_batch_gives_an_answer_a_line_and_dialogues_turn_by_turn(tmp_path: Path) -> None:
    path = batch(
        tmp_path,
        '\ufeff{"id": "a", "question": "公务接待费多少", "lang": "zh", "answer": {"x": [1]}}',
        "",
        '{"id": "d", "turns": [{"question": "三公经费多少"}, {"question": "换算成元", "n": 1}]}',
        "   \r",
        '{"id": 7, "question": "换算成元"}\r',
    )
    found = answers("--batch", path)
    assert [answer["id"] for answer in found] == ["a", "d#1", "d#2", "7"]
    assert [list(answer) for answer in found] == [KEYS] * 4
    a, _, converted, alone = found
    assert a["figures"][0]["value"] in ("12", "12.00")
    assert (converted["figures"][0]["value"], converted["figures"][0]["unit"]) == ("350000", "元")
    assert alone["figures"] == []


BROKEN = [
    ("{", "不是 JSON"),
    (b'{"id": "x", "question": "\xff"}', "UTF-8"),
    ("[1]", "list"),
    ('"公务接待费多少"', "str"),
    ('{"question": "公务接待费多少"}', "id"),
    ('{"id": true, "question": "公务接待费多少"}', "id"),
    ('{"id": "x"}', "question"),
    ('{"id": "x", "question": 3}', "question"),
    ('{"id": "x", "turns": []}', "turns"),
    ('{"id": "x", "turns": {"question": "a"}}', "turns"),
    ('{"id": "x", "turns": [{"question": "水费多少"}, "b"]}', "turns 第 2 问"),
    ("[" * 5000, "JSON"),
]


@pytest.mark.parametrize(("line", "said"), BROKEN)
def test_a_broken_line_is_named_and_spoils_no_other(
    tmp_path: Path, line: str | bytes, said: str
) -> None:
    ask = '{"id": "%s", "question": "你好"}'
    path = batch(tmp_path, ask % "a", line, ask % "b")
    result = run("--batch", path, "--json")
    assert result.exit_code == 1
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == ["a", "b"]
    (error,) = result.stderr.splitlines()
    assert error.startswith(f"{path} 第 2 行：") and said in error and "处理办法：" in error


def test_a_fault_of_the_program_is_told_and_spoils_no_other_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask = chain.Conversation.ask

    def failing(self: chain.Conversation, question: str) -> Answer:
        if "炸" in question:
            raise KeyError("what the document says")
        return ask(self, question)

    monkeypatch.setattr(chain.Conversation, "ask", failing)
    turns = '{"id": "d", "turns": [{"question": "炸"}, {"question": "你好"}]}'
    result = run("--batch", batch(tmp_path, turns, '{"id": "e", "question": "谢谢"}'), "--json")
    assert result.exit_code == 1
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == ["d#2", "e"]
    assert "第 1 行（d#1）：回答时程序出错（KeyError）。处理办法：" in result.stderr
    assert "Traceback" not in result.output and "what the document says" not in result.output
    assert [record.name for record in caplog.records] == [log.name]
    one = run("炸")
    assert one.exit_code == 1 and one.stdout == "" and "KeyError" in one.stderr


def test_without_json_a_batch_names_each_question(tmp_path: Path) -> None:
    path = batch(tmp_path, '{"id": "a", "question": "电费多少"}')
    result = run("--batch", path)
    assert result.stdout.startswith("【a】电费多少\n电费：24.72万元")


# ----------------------------------------------------------------------------------- the mend


def test_what_is_missing_is_told_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "empty")
    cases = {
        ("你好", "--index", tmp_path / "none"): "python -m index add",
        ("你好", "--index", tmp_path / "empty"): "python -m index add",
        ("你好", "--document", "b.txt"): "sichuan-bigdata-2023.txt",
        ("--batch", tmp_path / "none.jsonl"): "检查文件名",
        ("--batch", tmp_path): "检查文件名",
    }
    for words, mend in cases.items():
        result = run(*words)
        assert (result.exit_code, result.stdout) == (1, ""), words
        assert len(result.stderr.splitlines()) == 1 and mend in result.stderr, words
    assert not (tmp_path / "none").exists()


def test_a_missing_model_is_told_where_an_answer_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_: object, question: str) -> Answer:
        raise NoModel("这里没有嵌入模型", place="/no/model", mend="生成模型")

    monkeypatch.setattr(chain.Conversation, "ask", ask)
    result = run("什么是上年结转？")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "/no/model：这里没有嵌入模型。处理办法：生成模型\n"


@pytest.mark.parametrize("words", [[], ["你好", "--batch", "a.jsonl"], ["你好", "--jsn"]])
def test_a_wrong_command_line_is_a_usage_error(words: list[str]) -> None:
    assert run(*words).exit_code == 2


# ----------------------------------------------------------------------- in a process of its own


def python(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, check=False, text=True,
        encoding="utf-8",
    )  # fmt: skip


def test_the_same_question_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order in which this run's sets are walked."""
    asked = ("公务接待费占三公经费的比例", "金额最大的三个项目", "工资福利支出的构成", "平台多少钱")
    rows = (json.dumps({"id": str(at), "question": q}) for at, q in enumerate(asked))
    words = ("-m", "assistant", "ask", "--batch", str(batch(tmp_path, *rows)), "--json")
    first, second = (python(*words, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert (first.returncode, first.stderr) == (0, "")
    assert timeless(first.stdout) == timeless(second.stdout)
    assert len(first.stdout.splitlines()) == len(asked)


def timeless(lines: str) -> list[str]:
    rows = [json.loads(line) for line in lines.splitlines()]
    return [json.dumps({**row, "seconds": 0}, ensure_ascii=False) for row in rows]


def test_each_answer_is_there_before_the_next_question(tmp_path: Path) -> None:
    pipe = tmp_path / "questions"
    os.mkfifo(pipe)
    words = [sys.executable, "-m", "assistant", "ask", "--batch", str(pipe), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process, pipe.open("wb", 0) as ask:
        assert process.stdout is not None
        watch = threading.Timer(120, process.kill)
        watch.start()
        for name in ("a", "b"):
            ask.write(b'{"id": "%s", "question": "hello"}\n' % name.encode())
            assert json.loads(process.stdout.readline())["id"] == name
        ask.close()
        assert process.wait() == 0
        watch.cancel()


def test_a_figure_is_answered_without_model_page_or_vectors() -> None:
    script = (
        "import sys; sys.argv = ['x', 'ask', '公务接待费占三公经费的比例']\n"
        "from assistant.__main__ import app\n"
        "try: app()\nexcept SystemExit as end: assert not end.code\n"
        f"sys.exit(str(found) if (found := set({HEAVY}) & set(sys.modules)) else 0)"
    )
    done = python("-c", script)
    assert (done.returncode, done.stderr) == (0, "")
    assert "34.29%" in done.stdout


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['x', 'ask', '--help']\n"
        "from assistant.__main__ import app\n"
        "try: app()\nexcept SystemExit: pass\n"
        f"heavy = {{*{HEAVY}, 'langchain_core', 'sqlalchemy', 'numpy', 'opencc', 'pypinyin'}}\n"
        "sys.exit(str(found) if (found := heavy & set(sys.modules)) else 0)"
    )
    start = time.perf_counter()
    done = python("-c", script)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.perf_counter() - start < 5


# ------------------------------------------------------------------------------- any text at all

WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "多少 占 比 去年 前三 超过 万元 为什么 是什么 ？ ， 和 减 平均 每个 最大的 哪些 2010350 "
        "表八 1,235.34 ① 几个 倍 how much of the top 3 - （ ½ 亿 负 〇 23年 不是 除了 公务接待费 "
        "三公经费 项目 平台 技术服务中心 部门 合计 目标 权重 上年结转 𠀀 😀 ﷺ ı \x00 \x1b[2J",
    )
)
QUESTIONS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(WORDS, max_size=40).map("".join),
    st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=QUESTIONS)
@example(question="a" * 100_000)
@example(question="公务接待费" * 500)
@example(question="一" * 3000)
@example(question="超过" + "9" * 5000 + "万元的项目")
@example(question="前" + "九" * 300 + "个项目")
@example(question="(" * 2000 + "占" * 2000)
@example(question="\ud800\udc00多少")
def test_no_question_raises_and_every_answer_keeps_the_contract(question: str) -> None:
    answer = sample_assistant().ask(question)
    row = json.loads(printable(json_line(answer)))
    assert list(row) == KEYS and row["status"] in set(Status)
    assert row["question"] == question or any("\ud800" <= c <= "\udfff" for c in question)
    assert shown(answer, explain=True) and len(row["citations"]) <= 2000
    assert replace(answer, seconds=0.0) == replace(sample_assistant().ask(question), seconds=0.0)


def test_the_keys_of_the_contract_are_those_of_the_classes() -> None:
    assert [field.name for field in fields(Citation)] == CITATION
    assert [field.name for field in fields(Answer)] == [*KEYS, "explanation"]
