"""Facts of budgets in traditional characters and English are proved, and tampered ones are not."""

# ruff: noqa: E501 (cases are kept one a line)

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.fault import FaultName
from assistant.prove import prove_fact
from assistant.raw_document import Originals, RawDocument
from index.fact import Fact, Kind, RowKind
from index.read import read_budget
from index.store import Store

SAMPLES = Path(__file__).parent.parent / "eval" / "budgets" / "other"
NAMES = ("yunze-environment-2024.html", "calder-falls-parks-fy2025.md")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("languages"))
    for name in NAMES:
        content = (SAMPLES / name).read_bytes()
        store.add(read_budget(name, content), content)
    return store


@pytest.fixture(scope="module")
def raws(store: Store) -> Mapping[str, RawDocument]:
    originals = Originals(store)
    found = {name: originals.document(name) for name in NAMES}
    return {name: raw for name, raw in found.items() if raw is not None}


def test_every_fact_of_the_samples_proves(store: Store, raws: Mapping[str, RawDocument]) -> None:
    facts = list(store.facts())
    faults = {fact.id: prove_fact(fact, raws[fact.document]) for fact in facts}
    assert {name: fault for name, fault in faults.items() if fault} == {}
    assert sum(fact.kind is not Kind.BLANK for fact in facts) > 550


def fact(store: Store, label: str, column: str, *, prose: bool = False) -> Fact:
    return next(
        fact
        for fact in store.facts()
        if fact.label == label
        and fact.column[-1] == column
        and (fact.row_kind is RowKind.PROSE) is prose
    )


TAMPERED = [
    ("Utilities", "FY2025 Proposed", False, {"unit": "dollars"}, FaultName.UNIT),
    ("Utilities", "FY2025 Proposed", False, {"year": 2024}, FaultName.YEAR),
    ("Utilities", "FY2025 Proposed", False, {"label": "Overtime"}, None),
    ("Utilities", "FY2025 Proposed", False, {"row_path": ("Personnel Services", "Utilities")}, None),
    ("Golf Courses", "$ Change", False, {"value": 47}, FaultName.VALUE),
    ("Average days to resolve a service request", "FY2025 Target", False, {"operator": "≥"}, None),
    ("Average days to resolve a service request", "FY2025 Target", False, {"unit": "%"}, None),
    ("一般廢棄物回收率", "113年度目標值", False, {"row_path": ("提升服務品質", "一般廢棄物回收率")}, None),
    ("罰金罰鍰", "本年度預算數", False, {"code": "0460010301"}, FaultName.CODE),
    ("罰金罰鍰", "上年度預算數", False, {"year": 2024}, FaultName.YEAR),
    ("罰金罰鍰", "本年度預算數", False, {"unit": "元"}, FaultName.UNIT),
    ("法定編制人員待遇", "合計", False, {"row_path": ("業務費", "法定編制人員待遇")}, FaultName.PATH),
    ("Aquatics", "比上年增减", True, {"value": 88000}, FaultName.SIGN),
    ("General Fund", "占比", True, {"label": "Aquatics", "row_path": ("Aquatics",)}, FaultName.LABEL),
    ("FY2024 Adopted Budget", "预算数", True, {"year": 2025}, FaultName.YEAR),
    ("FY2024 Adopted Budget", "预算数", True, {"unit": "dollars"}, FaultName.UNIT),
    ("水質保護", "比上年增减", True, {"value": 2645}, FaultName.SIGN),
]  # fmt: skip


@pytest.mark.parametrize(("label", "column", "prose", "changes", "fault"), TAMPERED)
def test_a_tampered_fact_is_found(
    store: Store,
    raws: Mapping[str, RawDocument],
    label: str,
    column: str,
    prose: bool,
    changes: Mapping[str, object],
    fault: FaultName | None,
) -> None:
    true = fact(store, label, column, prose=prose)
    found = prove_fact(replace(true, **changes), raws[true.document])  # type: ignore[arg-type]
    assert found is fault if fault else found is not None
