"""Every fact of the sample is found again in its bytes; one tampered with is found out."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant import prove as prove_module
from assistant.prove import prove_fact
from index.fact import Fact, Kind, RowKind
from tests.proof_house import House, laid
from tests.tampered_facts import CASES, Case, head_of, label_of, row_of, value_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return laid(tmp_path_factory.mktemp("index"))


def test_every_fact_of_the_sample_proves(house: House) -> None:
    faults = {fact.id: prove_fact(fact, house.raw) for fact in house.facts.values()}
    assert {name: fault for name, fault in faults.items() if fault} == {}
    assert sum(fact.kind is not Kind.BLANK for fact in house.facts.values()) > 1000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_tampered_fact_is_found(house: House, case: Case) -> None:
    fact = case.fact(house)
    assert prove_fact(fact, house.raw) is None
    assert prove_fact(case.tamper(house, fact), house.raw) is case.fault


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_its_check_a_tampered_fact_passes(
    house: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    tampered = case.tamper(house, case.fact(house))
    for module, name in case.checks:
        monkeypatch.setattr(module, name, lambda *_: None)
    assert prove_module._prove_fact(tampered, house.raw) is None


# ---------------------------------------------------------------------- any fact, any way

OPERATORS = {"≥": "≤", "≤": "≥", ">": "<", "<": ">", "=": "≥", "定性": "=", "": "≥"}


@dataclass(frozen=True)
class Kin:
    """The facts of a table's rows and columns, and of a paragraph."""

    rows: dict[tuple[str, int], list[Fact]]
    columns: dict[tuple[str, tuple[str, ...]], list[Fact]]
    lines: dict[int | None, list[Fact]]

    def across(self, fact: Fact) -> list[Fact]:
        row = self.rows[fact.table, fact.row] if fact.table else []
        return [other for other in row if other.column != fact.column]

    def along(self, fact: Fact) -> list[Fact]:
        if not fact.table:
            return [other for other in self.lines[fact.place.line] if other.id != fact.id]
        column = self.columns[fact.table, fact.column]
        return [other for other in column if other.row != fact.row]


@pytest.fixture(scope="module")
def kin(house: House) -> Kin:
    found = Kin(defaultdict(list), defaultdict(list), defaultdict(list))
    for fact in house.facts.values():
        found.rows[fact.table, fact.row].append(fact)
        found.columns[fact.table, fact.column].append(fact)
        if not fact.table:
            found.lines[fact.place.line].append(fact)
    return found


Tampering = Callable[[Fact, Fact | None, Fact | None], Fact | None]
"""A fact, one across in its row, one along its column or paragraph → the fact tampered with;
None where that cannot be done to it."""


def valued(fact: Fact, change: Callable[[Decimal], Decimal]) -> Fact | None:
    return None if fact.value is None else replace(fact, value=change(fact.value))


def relabelled(fact: Fact, other: Fact | None) -> Fact | None:
    return label_of(fact, other.label) if other and other.label != fact.label else None


def regrouped(fact: Fact, other: Fact | None) -> Fact | None:
    """Under another group of its table."""
    if not fact.table or not other or min(len(fact.row_path), len(other.row_path)) < 3:
        return None
    group = other.row_path[-2]
    path = (*fact.row_path[:-2], group, fact.row_path[-1])
    return replace(fact, row_path=path) if group not in fact.row_path else None


TAMPERINGS: dict[str, Tampering] = {
    "value": lambda fact, *_: valued(fact, lambda value: value + 1),
    "scale": lambda fact, *_: valued(fact, lambda value: value * 10 + 1),
    "sign": lambda fact, *_: valued(fact, lambda value: -value or Decimal(1)),
    "printed": lambda fact, *_: replace(fact, printed=fact.printed + "1"),
    "unit": lambda fact, *_: replace(fact, unit="元" if fact.unit != "元" else "万元"),
    "operator": lambda fact, *_: replace(fact, operator=OPERATORS[fact.operator]),
    "year": lambda fact, *_: replace(fact, year=2021),
    "table": lambda fact, *_: replace(fact, table="表五") if fact.table else None,
    "owner": lambda fact, *_: replace(fact, unit_name="四川省数据局"),
    "value across": lambda fact, across, _: value_of(fact, across) if across else None,
    "head across": lambda fact, across, _: head_of(fact, across) if across else None,
    "value along": lambda fact, _, along: value_of(fact, along) if along and fact.table else None,
    "row along": lambda fact, _, along: row_of(fact, along) if along and fact.table else None,
    "label along": lambda fact, _, along: relabelled(fact, along),
    "group along": lambda fact, _, along: regrouped(fact, along),
    "code along": lambda fact, _, along: (
        replace(fact, code=along.code) if along and along.code not in ("", fact.code) else None
    ),
}


@settings(
    max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(data=st.data())
def test_any_tampering_of_any_fact_is_found(house: House, kin: Kin, data: st.DataObject) -> None:
    printed = [fact for fact in house.facts.values() if fact.kind is not Kind.BLANK]
    fact = data.draw(st.sampled_from(printed))
    name = data.draw(st.sampled_from(sorted(TAMPERINGS)))
    others = [kin.across(fact), kin.along(fact)]
    across, along = (data.draw(st.sampled_from(facts)) if facts else None for facts in others)
    tampered = TAMPERINGS[name](fact, across, along)
    assume(tampered is not None and not is_true(tampered, house))
    assert tampered is not None
    assert prove_fact(fact, house.raw) is None
    assert prove_fact(tampered, house.raw) is not None, name


def is_true(tampered: Fact | None, house: House) -> bool:
    """Says what another fact of the same place says (two counts of 6 cars in one sentence)."""
    return tampered is not None and any(
        (fact.label, fact.place, fact.column, fact.value, fact.unit, fact.operator)
        == (
            tampered.label,
            tampered.place,
            tampered.column,
            tampered.value,
            tampered.unit,
            tampered.operator,
        )
        and fact.row_kind is RowKind.PROSE
        for fact in house.facts.values()
    )


@pytest.mark.parametrize("name", ["value across", "head across"])
def test_no_figure_of_the_sample_survives_a_shift_of_one_column(
    house: House, kin: Kin, name: str
) -> None:
    shifted = 0
    for fact in house.facts.values():
        for other in kin.across(fact) if fact.kind is not Kind.BLANK else ():
            tampered = TAMPERINGS[name](fact, other, None)
            assert tampered is not None and prove_fact(tampered, house.raw) is not None
            shifted += 1
    assert shifted > 1000
