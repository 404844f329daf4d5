"""The papers are executed: README's commands print what it shows, ARCHITECTURE's contracts and
numbers are those of the code.

`pytest tests/test_docs.py --golden` writes the shown output and the numbers anew.
"""

import contextlib
import importlib
import io
import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.answer import Answer, Citation, Figure
from index.fact import CSV_COLUMNS, Kind, RowKind

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "ARCHITECTURE.md"
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"
PAPERS = (README, ROOT / "CHANGELOG.md", ARCHITECTURE, GLOSSARY)
BUDGETS = Path("eval") / "budgets"
GOLDEN = "if that is meant: pytest tests/test_docs.py --golden"

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PROMPT = "$ "
SECONDS = re.compile(r"\d+\.\d+(?= ?(?:秒|s\b))|(?<=\"seconds\": )\d+(?:\.\d+)?")
CONSTANT = re.compile(r"^\| `((?:assistant|index|eval)\.[\w.]+)` \| ([^|]+?) \|", re.M)


@dataclass(frozen=True)
class Example:
    """A command as README shows it, and the output below it."""

    command: str
    output: str

    def __str__(self) -> str:
        return f"{PROMPT}{self.command}\n{self.output}"

    @property
    def short(self) -> str:
        return self.command.removeprefix("python -m ")[:40]


class ByWords:
    """Stands in for the embedding model, which a fresh checkout may lack: what README shows must
    not depend on it."""

    name = "by-words-alone"

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        return np.eye(8, dtype=np.float32)[np.arange(len(texts)) % 8]

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        pytest.fail(f"README shows a question that the embedding model has a say in: {text}")


# ------------------------------------------------------------------------ a very small shell


def shell(command: str) -> str:
    """What a pipeline of `python -m MODULE`, `cat FILE` and `head -N` prints; `> FILE` keeps it."""
    words = shlex.shlex(command, posix=True, punctuation_chars="|>")
    words.whitespace_split = True
    stages: list[list[str]] = [[]]
    for word in words:
        stages.append([]) if word in ("|", ">") else stages[-1].append(word)
    output = ""
    for at, stage in enumerate(stages):
        if at == len(stages) - 1 and ">" in command.split("|")[-1] and len(stages) > 1:
            Path(stage[0]).write_text(output, "utf-8")
            return ""
        output = run(stage, output)
    return output


def run(words: Sequence[str], given: str) -> str:
    if words[:2] == ["python", "-m"]:
        return run_module(words[2], words[3:], given)
    if words[0] == "cat":
        return Path(words[1]).read_text("utf-8")
    if words[0] == "head":
        return "".join(given.splitlines(keepends=True)[: int(words[1].removeprefix("-"))])
    raise ValueError(f"README may show python -m, cat and head, not {words[0]}")


def run_module(name: str, arguments: Sequence[str], given: str) -> str:
    """In this process: a new one would load the libraries anew for each command."""
    out, errors = Kept(), Kept()
    kept = sys.argv, sys.stdin
    sys.argv, sys.stdin = [name, *arguments], io.StringIO(given)
    try:
        with contextlib.redirect_stdout(out.text), contextlib.redirect_stderr(errors.text):
            runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        assert not end.code, f"{name} {arguments} ends with {end.code}: {errors.written}"
    finally:
        sys.argv, sys.stdin = kept
    return out.written


class Kept(io.BytesIO):
    """What a program prints; whoever wraps the stream once more may close it at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.text = io.TextIOWrapper(self, encoding="utf-8", write_through=True)

    def close(self) -> None:
        pass

    @property
    def written(self) -> str:
        return self.getvalue().decode("utf-8")


# -------------------------------------------------------------------------------- examples


def examples(text: str) -> list[Example]:
    return [example for block in BLOCK.findall(text) for example in in_block(block)]


def in_block(block: str) -> list[Example]:
    parts = re.split(r"^\$ ", block, flags=re.M)[1:]
    return [Example(*part.partition("\n")[::2]) for part in parts]


SHOWN = examples(README.read_text("utf-8"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each of README's commands prints, run in order in a folder of its own."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / BUDGETS, folder / BUDGETS)
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        for name in ("BUDGET_INDEX", "BUDGET_STORE", "BUDGET_CHROMA", "BUDGET_EMBEDDING"):
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", "100")
        patch.setenv("NO_COLOR", "1")
        patch.setattr("index.build.default_embedder", ByWords)
        patch.setattr("assistant.retrieve.default_embedder", ByWords)
        return [answered(example) for example in SHOWN]


def answered(example: Example) -> str:
    """`cat` of a file that is not there lays it: README shows the reader's own file so."""
    words = shlex.split(example.command)
    if words[0] == "cat" and not Path(words[1]).exists():
        Path(words[1]).write_text(example.output, "utf-8")
    return shell(example.command)


def still(text: str) -> str:
    """Without the seconds, which no two runs share; nor the spaces that end a line."""
    return re.sub(r"[ \t]+$", "", SECONDS.sub("0", text), flags=re.M).strip("\n")


def with_seconds_of(old: str, new: str) -> str:
    """`new` with the seconds that README told before, in order: those of the real model."""
    told = iter(SECONDS.findall(old))
    return SECONDS.sub(lambda found: next(told, found[0]), new)


def rewrite(outputs: Sequence[str]) -> None:
    """README with these outputs; a block that says the same is left alone."""
    new = iter(outputs)

    def block_again(found: re.Match[str]) -> str:
        blocks = []
        for example in in_block(found[1]):
            output = next(new)
            same = still(output) == still(example.output)
            told = example.output if same else with_seconds_of(example.output, clean(output))
            blocks.append(str(Example(example.command, told)))
        return "```console\n" + "".join(blocks) + "```"

    text = README.read_text("utf-8")
    README.write_text(BLOCK.sub(block_again, text), "utf-8")


def clean(output: str) -> str:
    lines = re.sub(r"[ \t]+$", "", output, flags=re.M).strip("\n")
    return f"{lines}\n" if lines else ""


@pytest.mark.parametrize("at", range(len(SHOWN)), ids=[example.short for example in SHOWN])
def test_a_command_of_the_readme_prints_what_it_shows(
    at: int, printed: list[str], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--golden"):
        if at == 0:
            rewrite(printed)
        return
    assert still(printed[at]) == still(SHOWN[at].output), GOLDEN


def test_the_readme_shows_each_kind_of_answer_once(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        return
    told = "\n".join(map(str, SHOWN))
    kinds = ("萬元", "Sources", "≥", "计算：", "空白，不等于零", "原因", "--explain", "--batch")
    assert [kind for kind in kinds if kind not in told] == []


# ----------------------------------------------------------------- papers and code agree


def test_numbers_of_the_architecture_are_those_of_the_code(request: pytest.FixtureRequest) -> None:
    text = ARCHITECTURE.read_text("utf-8")
    if request.config.getoption("--golden"):
        text = CONSTANT.sub(lambda row: f"| `{row[1]}` | {constant(row[1])} |", text)
        ARCHITECTURE.write_text(text, "utf-8")
    told = dict(CONSTANT.findall(text))
    assert len(told) >= 10
    assert told == {name: constant(name) for name in told}, GOLDEN


def constant(name: str) -> str:
    """`assistant.look_up.LEAST_COVERED` → its value as the paper writes it."""
    module, _, variable = name.rpartition(".")
    return str(getattr(importlib.import_module(module), variable))


def test_calls_that_the_architecture_names_are_there() -> None:
    calls = re.findall(r"`(assistant\.\w+)\.(\w+)\(", ARCHITECTURE.read_text("utf-8"))
    assert len(calls) >= 3
    assert [f for name, f in calls if not hasattr(importlib.import_module(name), f)] == []


def section(title: str, text: str) -> str:
    """What stands under a heading, up to the next one of its depth or above."""
    found = re.search(rf"^(#+) {re.escape(title)}.*?\n(.*?)(?=^#{{1,3}} |\Z)", text, re.M | re.S)
    assert found, f"no heading {title}"
    return found[2]


def test_contract_4_1_names_every_field_of_an_answer() -> None:
    told = section("4.1", ARCHITECTURE.read_text("utf-8"))
    block = re.search(r"```\n(.*?)```", told, re.S)
    assert block
    named = set(re.findall(r'"(\w+)":', block[1]))
    known = {item.name for kind in (Answer, Figure, Citation) for item in fields(kind)}
    assert named == known


def test_contract_4_3_lists_the_columns_kinds_and_row_kinds_of_facts() -> None:
    told = section("4.3", ARCHITECTURE.read_text("utf-8"))
    assert ", ".join(CSV_COLUMNS) in told.replace("\n", " ")
    for kind in (*Kind, *RowKind):
        assert re.search(rf"\b{kind.value}\b", told) or kind is Kind.BLANK, kind


def test_every_variable_the_code_reads_is_in_the_readme() -> None:
    sources = [path for name in ("index", "assistant") for path in (ROOT / name).rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in (*sources, ROOT / "app.py"))
    read = set(re.findall(r'"(BUDGET_[A-Z]+)"', code))
    told = set(re.findall(r"^\| `(BUDGET_[A-Z]+)` \|", README.read_text("utf-8"), re.M))
    assert told == read


def test_every_make_target_and_file_that_papers_name_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    missing = []
    for paper in PAPERS:
        text = paper.read_text("utf-8")
        named = re.findall(r"`make ([a-z]+)", text) + re.findall(r"^make ([a-z]+)", text, re.M)
        missing += [f"{paper.name}: make {name}" for name in named if name not in targets]
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        missing += [f"{paper.name}: {link}" for link in links if not (paper.parent / link).exists()]
        files = re.findall(r"`((?:index|assistant|eval|tests|docs)/[\w./-]*\w)`", text)
        missing += [f"{paper.name}: {name}" for name in files if not (ROOT / name).exists()]
    assert missing == []


def test_every_name_of_the_glossary_stands_in_the_code_and_each_noun_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (`[^|]+`) \|", GLOSSARY.read_text("utf-8"), re.M)
    sources = [path for name in ("index", "assistant", "eval") for path in (ROOT / name).rglob("*")]
    code = "\n".join(p.read_text("utf-8") for p in sources if p.suffix in (".py", ".toml"))
    names = {name for _, cell in rows for name in re.findall(r"`(\w+)`", cell)}
    nouns = [noun.strip() for noun, _ in rows]
    assert len(rows) >= 25
    assert sorted(nouns) == sorted(set(nouns))
    assert {name for name in names if not re.search(rf"\b{name}\b", code)} == set()


def test_the_golden_flag_is_off(request: pytest.FixtureRequest) -> None:
    assert not request.config.getoption("--golden"), "papers written; look at the difference"
