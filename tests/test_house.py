"""The house rules: imports go one way, files and functions stay small, money is no float."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("index", "assistant", "eval", "app")
MAY_IMPORT = {
    "index": {"index"},
    "assistant": {"assistant", "index"},
    "eval": {"eval", "assistant", "index"},
    "app": {"app", "assistant", "index"},
}
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
NO_FLOATS = (
    "index/quantity.py",
    "index/extract.py",
    "index/extract_prose.py",
    "index/extract_goals.py",
    "index/goal_facts.py",
    "index/goal_words.py",
    "index/head.py",
    "index/classify.py",
    "index/check.py",
    "index/check_rows.py",
    "index/check_sums.py",
    "index/check_tables.py",
    "index/fact.py",
    "index/schema.py",
    "assistant/calculate.py",
    "assistant/answer.py",
    "assistant/operate.py",
    "assistant/finding.py",
    "assistant/numerals.py",
)
"""Modules that hold amounts of money: 12.5 % of 0.1 must not pass through binary fractions."""
SCORED = ("assistant/operate.py",)
"""Of these: how alike two labels must be is a fraction, amounts are not."""
# Put together from pieces, so that this file does not hold the words it looks for.
WORKPLACE = re.compile(
    "|".join(
        (
            r"/wo" + r"rk/",
            r"\bsha" + r"red/",
            r"MACHINE" + r"\.md",
            r"https?://(?:pypi\.org|files\.python" + r"hosted\.org|pypi\.tuna)",
            r"hugging" + r"face\.co/",
        )
    )
)
"""Words of the place this was made in, and hosts of registries: neither means a thing to others."""
SESSION = re.compile(r"\bsess" + r"ions?\b", re.I)
"""In papers; a page and a database have some too, so code may say the word."""
PAPERS = (".md", ".rst")
QUOTED = {"tests/golden", "eval/budgets", "tests/data"}
"""Folders of documents as others wrote them."""


def sources() -> list[Path]:
    folders = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    return sorted([*folders, ROOT / "app.py", *(ROOT / "tests").rglob("*.py")])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """The first names of what a module imports, inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def committed() -> list[str]:
    """Files under version control or about to be, as git lists them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("no git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_imports_go_one_way() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in sources()
        if (package := name_of(path).split("/")[0].removesuffix(".py")) in MAY_IMPORT
        for name in imported(path)
        if name in (*PACKAGES, "tests") and name not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_no_import_is_relative_or_of_a_builtins_name() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and node.level)
        or (isinstance(node, ast.Import) and any(alias.name == "eval" for alias in node.names))
    ]
    assert wrong == []


def test_no_file_is_long() -> None:
    counts = {name_of(path): path.read_text("utf-8").count("\n") for path in sources()}
    assert {name: count for name, count in counts.items() if count > MOST_LINES} == {}


def test_no_function_is_long() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} {node.end_lineno - node.lineno + 1}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        if node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in sources()
        if path.read_text("utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


@pytest.mark.parametrize("name", NO_FLOATS)
def test_money_is_never_a_float(name: str) -> None:
    calls = [
        node.lineno
        for node in ast.walk(tree(ROOT / name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "float"
    ]
    literals = [
        node.lineno
        for node in ast.walk(tree(ROOT / name))
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value
    ]
    assert calls == [] and (literals == [] or name in SCORED)


def test_no_committed_file_speaks_of_the_workplace() -> None:
    wrong = []
    for name in committed():
        if any(name.startswith(folder) for folder in QUOTED):
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if WORKPLACE.search(line) or (name.endswith(PAPERS) and SESSION.search(line)):
                wrong.append(f"{name}:{number}: {line.strip()[:80]}")
    assert wrong == []
