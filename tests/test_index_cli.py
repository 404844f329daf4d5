"""`python -m index`: what a clerk reads, what a program reads, and the exit code."""

import csv
import io
import json
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from index import build
from index.__main__ import app
from index.cli_check import safe
from index.fact import CSV_COLUMNS, Budget, Check, Kind, Outcome
from index.lock import one_writer
from index.store import Store
from tests.test_build import read, reader_that_notes_units
from tests.test_store import make_budget
from tests.test_vectors import FakeEmbedder


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(build, "read", read)
    monkeypatch.setattr(build, "default_embedder", FakeEmbedder)
    monkeypatch.setenv("BUDGET_INDEX", str(tmp_path / "index"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a[1].txt"
    path.write_text("办公费 水费 差旅费 培训费", "utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def keep(tmp_path: Path, budget: Budget) -> None:
    Store(tmp_path / "index").add(budget, b"")


def test_add_reports_what_was_read_and_checked_and_what_is_doubtful(path: Path) -> None:
    result = run("add", path)
    assert result.exit_code == 0
    assert "a[1].txt：已收录" in result.stdout
    assert "表 1 张，数据 3 个" in result.stdout
    assert "相符 1 项，不符 1 项" in result.stdout
    assert "存疑：表一与表二的合计不同（第 3 行）" in result.stdout
    assert "没有变化" in run("add", path).stdout


def test_a_failed_file_makes_exit_code_1_and_names_file_and_mend(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.txt").write_text("bad")
    result = run("add", path, tmp_path / "bad.txt", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert "bad.txt：没有找到预算表。处理办法：换一个文件" in result.stdout
    assert f"{tmp_path / 'none.txt'}：没有这个文件。处理办法" in result.stdout
    assert "共 3 份文件，2 份未收录" in result.stdout
    assert "a[1].txt" in run("list").stdout


def test_an_unknown_unit_is_refused_and_a_known_one_goes_to_the_reader(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = reader_that_notes_units(monkeypatch)
    assert run("add", path, "--unit", "美分").exit_code == 2
    assert run("add", path, "--unit", "万元").exit_code == 0
    assert units == ["万元"]


def test_a_busy_index_is_told_on_stderr(path: Path, tmp_path: Path) -> None:
    with one_writer(tmp_path / "index"):
        result = run("add", path)
    assert result.exit_code == 1 and "PID" in result.stderr and result.stdout == ""


def test_list_remove_and_list_again(path: Path) -> None:
    run("add", path)
    assert "某省数据局 2023年" in run("list").stdout
    assert run("remove", "b.txt").exit_code == 1
    assert run("remove", "a[1].txt").exit_code == 0
    assert "索引是空的" in run("list").stdout


def test_list_tells_whose_budget_it_is_and_what_of_it_is_doubtful(tmp_path: Path) -> None:
    budget = make_budget("a.pdf")
    doubtful = replace(budget.facts[0], doubt="合计不符")
    budget = replace(budget, format="pdf", level="unit", account="final")
    Store(tmp_path / "index").add(
        replace(budget, facts=(doubtful, *budget.facts[1:])),
        b"",
        source="https://a.gov.cn/1",
        published="2024-02-05",
    )
    assert run("list").stdout == (
        "a.pdf：某省数据局 2023年 单位决算，PDF，表 1 张，数据 3 个，存疑 1 个\n"
        "  没有文字、没有读到的页：4、5\n"
        "  来源：https://a.gov.cn/1 2024-02-05 公开\n"
    )
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["institution"], row["year"], row["account"], row["level"]) == (
        "某省数据局",
        2023,
        "final",
        "unit",
    )
    assert (row["format"], row["tables"], row["facts"], row["doubts"]) == ("pdf", 1, 3, 1)
    assert (row["unread_pages"], row["warnings"]) == ([4, 5], ["第 9 行读不懂"])
    assert (row["source"], row["published"]) == ("https://a.gov.cn/1", "2024-02-05")


def test_an_empty_index_lists_nothing_as_json(path: Path) -> None:
    run("add", path)
    run("remove", "a[1].txt")
    assert json.loads(run("list", "--json").stdout) == []


def test_several_are_removed_or_none(tmp_path: Path) -> None:
    for name in ("林业局2023.txt", "林业局2024.txt", "体育局2024.txt"):
        keep(tmp_path, make_budget(name))
    result = run("remove", "林业局2023.txt", "林业局24.txt")
    assert result.exit_code == 1 and "是不是：林业局2024.txt" in result.stderr
    assert len(run("list").stdout.splitlines()) == 6
    result = run("remove", "林业局2023.txt", "体育局2024.txt", "林业局2023.txt")
    assert result.stdout == "林业局2023.txt：已取出\n体育局2024.txt：已取出\n"
    assert run("list").stdout.startswith("林业局2024.txt")


def test_source_and_day_of_publication_are_kept_and_listed(path: Path) -> None:
    words = ("--source", "https://a.gov.cn/x?y=1", "--published", "2024/02/05")
    assert run("add", path, *words).exit_code == 0
    assert "来源：https://a.gov.cn/x?y=1 2024-02-05 公开" in run("list").stdout


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("--source", "javascript:alert(1)", "不是网址"),
        ("--source", "a.gov.cn", "不是网址"),
        ("--source", "https://a.gov.cn/\x1b[2J", "不是网址"),
        ("--source", "https://[", "不是网址"),
        ("--published", "2024年2月", "不是日期"),
        ("--published", "2024-02-30", "不是日期"),
    ],
)
def test_what_is_no_address_or_day_is_refused(
    path: Path, option: str, text: str, told: str
) -> None:
    result = run("add", path, option, text)
    assert result.exit_code == 1 and told in result.stderr and "处理办法" in result.stderr


def test_the_report_and_the_figures_go_to_a_file(path: Path, tmp_path: Path) -> None:
    run("add", path)
    assert run("check", "--html", tmp_path / "r.html").stdout == ""
    assert "合计等于各行之和" in (tmp_path / "r.html").read_text("utf-8")
    assert run("facts", "-o", tmp_path / "f.csv").stdout == ""
    assert (tmp_path / "f.csv").read_bytes() == (
        b"\xef\xbb\xbf" + run("facts", "--csv").stdout.encode()
    )
    result = run("check", "--html", tmp_path / "no" / "r.html")
    assert result.exit_code == 1 and "处理办法" in result.stderr


@pytest.mark.parametrize("command", [["list"], ["check"], ["facts", "--csv"], ["remove", "x"]])
def test_where_no_index_is_the_mend_is_told_and_nothing_made(
    command: list[str], tmp_path: Path
) -> None:
    result = run(*command)
    assert result.exit_code == 1 and "python -m index add" in result.stderr
    assert not (tmp_path / "index").exists()


def test_check_reports_what_differs_first_and_gives_json(path: Path) -> None:
    run("add", path)
    shown = run("check").stdout
    assert "相符 1 项，不符 1 项，尾差 0 项，未核 0 项" in shown
    assert "不符：表一与表二的合计不同（第 3 行），差 0.10" in shown
    differs, holds = json.loads(run("check", "a[1].txt", "--json").stdout)
    assert (holds["outcome"], holds["difference"], holds["facts"]) == ("holds", None, [])
    assert differs["difference"] == "0.10" and differs["places"] == ["3"]
    assert differs["document"] == "a[1].txt"
    assert run("check", "other.txt").exit_code == 1


def test_facts_csv_has_the_contract_s_columns_and_no_blanks(path: Path) -> None:
    run("add", path)
    rows = list(csv.DictReader(io.StringIO(run("facts", "--csv").stdout)))
    assert list(rows[0]) == CSV_COLUMNS
    assert [row["label"] for row in rows] == ["办公费", "水费", "差旅费"]
    assert rows[0]["value"] == "10000000000000000.10"
    assert (rows[0]["place"], rows[0]["column"]) == ("10", "合计/金额")
    assert "办公费" in run("facts", "a[1].txt").stdout
    assert run("facts", "other.txt", "--csv").exit_code == 1


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("-办公费", "'-办公费"),
        ("-1,234.50", "-1,234.50"),
        ("+5%", "+5%"),
        ("≥95", "≥95"),
        ("办公费", "办公费"),
        ("", ""),
    ],
)
def test_a_spreadsheet_runs_no_text_of_a_document(cell: str, written: str) -> None:
    assert safe(cell) == written


def test_a_negative_figure_stays_a_figure(tmp_path: Path) -> None:
    budget = make_budget(labels=("办公费",))
    fact = replace(budget.facts[0], value=Decimal("-12.30"), printed="-12.30", kind=Kind.MONEY)
    keep(tmp_path, replace(budget, facts=(fact,)))
    (row,) = csv.DictReader(io.StringIO(run("facts", "--csv").stdout))
    assert (row["value"], row["printed"]) == ("-12.30", "-12.30")


def test_a_document_cannot_steer_the_terminal(tmp_path: Path) -> None:
    check = Check(name="x", outcome=Outcome.DIFFERS, what="\x1b[2J清屏\n第二行")
    keep(tmp_path, replace(make_budget(), checks=(check,)))
    assert "\x1b" not in run("check").stdout


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv=['x','--help']\n"
        "import index.__main__ as m\n"
        "try: m.app()\nexcept SystemExit: pass\n"
        "heavy={'torch','chromadb','langchain_core','sqlalchemy','numpy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
    assert time.perf_counter() - start < 2
