"""The checks on documents as published: what contradicts itself is found, and nothing else."""

import csv
from functools import cache
from pathlib import Path
from time import process_time

import pytest

from index.check import check
from index.check_report import line_of
from index.check_words import TAIL
from index.fact import Budget, Check, Fact, Outcome
from index.read import read_budget

BUDGETS = Path("eval/budgets")
GOLD = ("lanting-health-2024.docx", "xishan-forestry-2024.xlsx")


@cache
def read(folder: str, name: str) -> Budget:
    return read_budget(name, (BUDGETS / folder / name).read_bytes())


def differing(made: Budget) -> list[Check]:
    """What differs by more than rounding may."""
    return [c for c in made.checks if c.outcome is Outcome.DIFFERS and TAIL not in c.what]


def doubted(made: Budget) -> list[Fact]:
    return [fact for fact in made.facts if fact.doubt]


def planted(name: str) -> list[dict[str, str]]:
    """The contradictions that a document contains on purpose."""
    with (BUDGETS / "gold" / "inconsistencies.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["document"] == name]


@pytest.mark.parametrize("name", GOLD)
def test_every_contradiction_planted_in_a_document_is_found_at_its_cell(name: str) -> None:
    rows = planted(name)
    values = sorted(str(fact.value) for fact in doubted(read("gold", name)))
    assert rows and values == sorted(row["printed"] for row in rows)


@pytest.mark.parametrize("name", GOLD)
def test_no_other_relation_of_a_gold_document_differs(name: str) -> None:
    made = read("gold", name)
    wrong = {fact.id for fact in doubted(made)}
    assert [line_of(c) for c in differing(made) if not wrong & set(c.facts)] == []


REAL = {
    "putuo-commerce-2025.pdf": set(),
    "wanli-subdistrict-2024.pdf": {
        ("prose to table", "352.67 ≠ 3503499"),
        ("prose twice", "352.67 = 352.67 ≠ 350.35"),
        ("change", "4.15 ÷ 348.52 × 100 = 1.19 ≠ 0.53"),
        ("prose sum", "7998 + 105 = 8103 ≠ 8013"),
    },
    "putuo-planning-2024-final-accounts.pdf": {
        ("prose to table", "5377.64 ≠ 5364.75"),
        ("prose to table", "4896.98 ≠ 4884.09"),
    },
}
"""What the published documents say differently in two places, read by eye on their pages."""


@pytest.mark.parametrize("name", REAL)
def test_published_documents_differ_only_where_they_really_do(name: str) -> None:
    found = {(c.name, c.expression) for c in differing(read("real", name))}
    assert found == REAL[name]


@pytest.mark.parametrize("name", REAL)
def test_published_documents_are_checked_in_hundreds_of_places(name: str) -> None:
    holds = [c for c in read("real", name).checks if c.outcome is Outcome.HOLDS]
    assert len(holds) > 300


@pytest.mark.parametrize("name", ["yunze-environment-2024.html", "calder-falls-parks-fy2025.md"])
def test_other_scripts_and_languages_are_checked_by_their_figures(name: str) -> None:
    made = read("other", name)
    assert differing(made) == [] and doubted(made) == []
    holds = [c.name for c in made.checks if c.outcome is Outcome.HOLDS]
    assert holds.count("column sum") > 30 and holds.count("row sum") > 30


def test_thirty_pages_are_checked_within_two_seconds() -> None:
    made = read("real", "wanli-subdistrict-2024.pdf")
    start = process_time()
    check(made)
    assert process_time() - start < 2
