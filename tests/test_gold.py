"""The comparison with gold, on budgets made out of the gold itself and then spoiled."""

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval import gold as measuring
from eval.gold import Least, Measures, measures_of, misses_of
from eval.gold_match import match
from eval.gold_rows import Gold, GoldCell, GoldProse, facts_of, flat, gold_documents, read_gold
from eval.run import BUDGETS
from index.document import Place
from index.errors import BudgetError
from index.fact import Budget, Fact, Kind, Passage, PassageKind, RowKind

DOCUMENTS = gold_documents(BUDGETS)
ROW_KINDS = {"weight": RowKind.INDICATOR, **{kind.value: kind for kind in RowKind}}


def fact_of(cell: GoldCell) -> Fact:
    return Fact(
        id=cell.id,
        document="",
        year=2024,
        section="",
        table=cell.number,
        title=cell.title,
        unit_code=cell.unit_code,
        unit_name=cell.unit_name,
        code=cell.code,
        label=cell.label,
        row_path=(*cell.parents, cell.label),
        column=cell.column,
        value=cell.value,
        printed=cell.printed,
        unit=cell.unit,
        operator=cell.operator,
        kind=Kind.MONEY if cell.money else Kind.TARGET,
        row_kind=ROW_KINDS[cell.kind],
        place=Place(cell="t1r1c1"),
    )


def prose_of(gold: GoldProse) -> Fact:
    return Fact(
        id=gold.id,
        document="",
        year=2024,
        section="",
        table="",
        title="",
        label=gold.subject,
        row_path=(gold.subject,),
        column=("预算数",),
        value=gold.value,
        printed=gold.printed,
        unit=gold.unit,
        kind=Kind.MONEY,
        row_kind=RowKind.PROSE,
        place=Place(paragraph=1),
        sentence=gold.quote,
    )


def budget_of(gold: Gold) -> Budget:
    """What a reader without fault reads."""
    facts = (*map(fact_of, gold.cells), *map(prose_of, gold.prose))
    return Budget(
        document=gold.document.name,
        sha256="",
        format="docx",
        title="",
        institution="",
        year=2024,
        account="budget",
        units=(),
        tables=(),
        facts=facts,
        passages=(),
        checks=(),
    )


@pytest.fixture(scope="module")
def gold() -> Gold:
    return read_gold(DOCUMENTS[0])


@pytest.fixture(scope="module")
def perfect(gold: Gold) -> Budget:
    return budget_of(gold)


def test_gold_is_bundled_with_its_documents() -> None:
    assert len(DOCUMENTS) >= 2
    for document in DOCUMENTS:
        read = read_gold(document)
        assert len({cell.id for cell in read.cells}) == len(read.cells) > 100


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_faultless_reading_reaches_all_and_invents_nothing(document: Path) -> None:
    gold = read_gold(document)
    measured = measures_of(match(gold, budget_of(gold)))
    assert (measured.found, measured.column, measured.unit, measured.budget_unit) == (100,) * 4
    assert (measured.operator, measured.code, measured.parent) == (100,) * 3
    assert (measured.invented, measured.prose_found) == (0, 100)


Spoil = Callable[[Fact], Fact]


def spoil(budget: Budget, at: int, how: Spoil) -> Budget:
    facts = list(budget.facts)
    facts[at] = how(facts[at])
    return replace(budget, facts=tuple(facts))


@pytest.mark.parametrize(
    ("how", "missed", "invented"),
    [
        (lambda f: replace(f, value=f.value + 1), 1, 1),
        (lambda f: replace(f, label=f.label + "额"), 1, 1),
        (lambda f: replace(f, table="别的", title="别的"), 1, 1),
        (lambda f: replace(f, value=None, kind=Kind.BLANK), 1, 0),
        (lambda f: replace(f, label=f"（{f.label}）"), 0, 0),
        (lambda f: replace(f, table="别的"), 0, 0),
        (lambda f: replace(f, title="别的"), 0, 0),
    ],
)
def test_a_figure_is_found_by_table_value_and_label(
    gold: Gold, perfect: Budget, how: Spoil, missed: int, invented: int
) -> None:
    found = match(gold, spoil(perfect, 0, how))
    assert (len(found.missing), len(found.invented)) == (missed, invented)
    listed = {what: lines for what, lines in misses_of(found) if lines}
    assert ("missed" in listed, "invented" in listed) == (bool(missed), bool(invented))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"column": ("别的",)}, "wrong column"),
        ({"unit": "万元"}, "wrong unit"),
        ({"unit_name": "别的单位"}, "wrong budget unit"),
        ({"operator": "≤"}, "wrong operator"),
        ({"code": "999"}, "wrong code"),
        ({"row_kind": RowKind.PROSE.DETAIL}, None),
        ({"row_kind": RowKind.PROJECT}, "wrong kind"),
    ],
)
def test_what_is_wrong_about_a_found_figure_is_named_and_nothing_else(
    gold: Gold, perfect: Budget, change: dict[str, object], what: str | None
) -> None:
    found = match(gold, spoil(perfect, 0, lambda fact: replace(fact, **change)))  # type: ignore[arg-type]
    listed = [name for name, lines in misses_of(found) if lines]
    assert listed == ([what] if what else [])
    assert measures_of(found).found == 100


def test_only_the_last_two_words_of_a_column_count(gold: Gold, perfect: Budget) -> None:
    deep = next(at for at, cell in enumerate(gold.cells) if len(cell.column) == 2)
    longer = spoil(perfect, deep, lambda f: replace(f, column=("2024年", *f.column)))
    assert measures_of(match(gold, longer)).column == 100
    shorter = spoil(perfect, deep, lambda f: replace(f, column=f.column[1:]))
    assert measures_of(match(gold, shorter)).column < 100


def test_twins_go_to_the_figure_they_agree_with_and_a_third_is_invented(
    gold: Gold, perfect: Budget
) -> None:
    turned = replace(perfect, facts=tuple(reversed(perfect.facts)))
    assert measures_of(match(gold, turned)).column == 100
    third = replace(perfect.facts[0], id="third")
    found = match(gold, replace(perfect, facts=(*perfect.facts, third)))
    assert [fact.id for fact in found.invented] == ["third"]


def test_text_needs_value_sign_unit_and_sentence(gold: Gold, perfect: Budget) -> None:
    fallen = [fact.sentence != "" and (fact.value or 0) < 0 for fact in perfect.facts]
    at = fallen.index(True)
    spoils: tuple[Spoil, ...] = (
        lambda f: replace(f, value=abs(f.value or Decimal(0))),
        lambda f: replace(f, unit="亿元"),
        lambda f: replace(f, sentence="别的句子。"),
    )
    for how in spoils:
        assert len(match(gold, spoil(perfect, at, how)).missing_prose) == 1


def test_a_sentence_cut_short_is_looked_for_in_its_paragraph(gold: Gold, perfect: Budget) -> None:
    at = next(at for at, fact in enumerate(perfect.facts) if fact.sentence)
    place = Place(paragraph=9)
    cut = spoil(perfect, at, lambda f: replace(f, sentence=f.sentence[:1], place=place))
    paragraph = Passage(
        id="p",
        document="",
        kind=PassageKind.PARAGRAPH,
        section="",
        title="",
        text=f"前言。{perfect.facts[at].sentence}。",
        place=place,
    )
    assert match(gold, replace(cut, passages=(paragraph,))).missing_prose == ()


def test_parents_are_the_labels_up_to_the_total(gold: Gold) -> None:
    chains = {cell.id: cell.parents for cell in gold.cells}
    for cell in gold.cells:
        assert cell.label not in chains[cell.id] or cell.kind in ("unit", "group", "item")
    assert any(len(chain) == 3 for chain in chains.values())


def test_punctuation_and_width_do_not_tell_labels_apart() -> None:
    assert flat("因公出国（境）费 ") == flat("因公出国(境)费")
    assert flat("增减额") != flat("增减%")


MEASURES = Measures(
    document="a", cells=1, found=99.5, column=99.5, unit=99.5, budget_unit=99.5, operator=0,
    code=0, unit_code=0, kind=0, parent=0, facts=1, invented=0.1, prose=1, prose_found=90,
)  # fmt: skip
LEAST = Least(
    min_found=99.5, min_column=99.5, min_unit=99.5, min_budget_unit=99.5, max_invented=0.1,
    min_prose_found=90,
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"found": 99.4}, {"column": 99.4}, {"unit": 0.0}, {"budget_unit": 99.4}, {"invented": 0.2},
     {"prose_found": 89.0}],
)  # fmt: skip
def test_each_measure_has_its_limit(change: dict[str, float]) -> None:
    assert not list(LEAST.shortfalls(MEASURES))
    (told,) = LEAST.shortfalls(replace(MEASURES, **change))  # type: ignore[arg-type]
    assert next(iter(change)) in told


def test_the_command_exits_with_one_below_a_limit_and_lists_misses(
    monkeypatch: pytest.MonkeyPatch, gold: Gold, perfect: Budget
) -> None:
    def invoke() -> tuple[int, str]:
        words = ["gold", DOCUMENTS[0].stem, "--misses", "5"]
        outcome = CliRunner().invoke(command.app, words, env={"COLUMNS": "300"})
        return outcome.exit_code, outcome.output

    monkeypatch.setattr(measuring, "hold", lambda path: match(gold, perfect))
    assert invoke()[0] == 0
    spoiled = replace(perfect, facts=perfect.facts[9:])
    monkeypatch.setattr(measuring, "hold", lambda path: match(gold, spoiled))
    code, printed = invoke()
    assert code == 1
    assert "missed: 9" in printed
    assert gold.cells[0].printed in printed


def test_a_name_without_gold_is_an_error_that_names_those_with() -> None:
    with pytest.raises(BudgetError, match=DOCUMENTS[0].name):
        gold_documents(BUDGETS, ["nothing"])


def test_misshapen_gold_is_named_with_file_and_line(tmp_path: Path) -> None:
    document = tmp_path / "a.docx"
    document.touch()
    header, first, *_ = csv.reader(facts_of(DOCUMENTS[0]).open(encoding="utf-8"))
    path, value = tmp_path / "a.facts.csv", header.index("value")
    for row in ([*first[:value], "多", *first[value + 1 :]], first[:-1]):
        with path.open("w", newline="", encoding="utf-8") as lines:
            csv.writer(lines).writerows([header, row])
        with pytest.raises(BudgetError) as caught:
            read_gold(document)
        assert caught.value.place == "a.facts.csv:2"
    path.write_text("id,value\n")
    with pytest.raises(BudgetError, match="列名"):
        read_gold(document)
