"""The guard against fitting: other names, other figures, and the same budget underneath."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC

from assistant.answer import Answer, Citation, Figure, Status
from eval import mutate
from eval.dataset import load
from eval.exam import doubtful
from eval.rename import DOCUMENT, Renamed, faults, pairs, renamed
from eval.rename_amounts import Amounts, solve
from eval.rename_names import Own, draw_names, read_invented, read_own, remaining
from eval.rename_questions import Rewriter, Unsure, number_of, numeral
from eval.rename_ties import Figure as Amount
from eval.rename_ties import Tie, find_ties, subset
from index.classification import names as official_names
from index.fact import Budget, RowKind
from index.read import read_budget

SEEDS = (1, 2, 3)
NAMED = (RowKind.PROJECT, RowKind.INDICATOR, RowKind.UNIT)
LEXICONS = (Path("assistant/lexicons"), Path("index/lexicons"))


@pytest.fixture(scope="module", params=SEEDS)
def disguise(request: pytest.FixtureRequest) -> Renamed:
    return renamed(DOCUMENT, request.param)


@pytest.fixture(scope="module")
def own() -> Own:
    return read_own(DOCUMENT)


@pytest.fixture(scope="module")
def budget() -> Budget:
    return read_budget(DOCUMENT.name, DOCUMENT.read_bytes())


def test_a_renamed_budget_is_read_as_the_original_was(disguise: Renamed) -> None:
    again = read_budget("renamed.txt", disguise.text.encode())
    assert not list(faults(disguise))
    assert len(again.facts) == len(disguise.budget.facts)
    assert [f.id for f in again.facts] == [f.id for f in disguise.budget.facts]


def test_every_sum_holds_under_the_new_figures(disguise: Renamed) -> None:
    new = disguise.amounts.new
    assert len(disguise.ties) > 50
    for tie in disguise.ties:
        assert new[tie.total] == sum(new[part] for part in tie.parts)


def test_the_lines_and_cells_stay_where_they_are(disguise: Renamed) -> None:
    old, new = DOCUMENT.read_text("utf-8").split("\n"), disguise.text.split("\n")
    assert [line.count("\t") for line in old] == [line.count("\t") for line in new]


def test_no_name_with_a_word_of_its_own_remains(disguise: Renamed) -> None:
    own = disguise.names.own
    for fact in disguise.budget.facts:
        named = fact.row_kind in NAMED and any(remaining(fact.label, own))
        if named and len(fact.label) >= 4:
            assert fact.label not in disguise.text
    assert not list(remaining(disguise.text, own))


def test_most_names_are_replaced(disguise: Renamed) -> None:
    labels = {f.label for f in disguise.budget.facts if f.row_kind in NAMED}
    kept = {label for label in labels if disguise.names(label) == label}
    assert len(kept) < 0.4 * len(labels)


def test_most_amounts_are_replaced(disguise: Renamed) -> None:
    amounts = {f.value: new for f, new in disguise.amounts.new.items() if f.measure == "万元"}
    assert sum(old == new for old, new in amounts.items()) <= 2


def test_shares_are_those_of_the_new_amounts(disguise: Renamed) -> None:
    new = disguise.amounts.new
    basic, total = (new[Amount("万元", Decimal(v))] for v in ("4896.23", "24634.71"))
    assert disguise.amounts.shares["prose/0810/3"] == round(basic / total * 100, 2)


def test_no_two_words_become_one(disguise: Renamed) -> None:
    drawn = [new.zh for new in disguise.names.drawn.values()]
    assert len(set(drawn)) == len(drawn) == len(disguise.names.own.replaced)


def test_the_same_seed_draws_the_same(disguise: Renamed) -> None:
    texts = {renamed(DOCUMENT, 7).text, renamed(DOCUMENT, 7).text}
    assert len(texts) == 1
    assert disguise.text not in texts


def test_names_that_look_alike_go_on_looking_alike(disguise: Renamed) -> None:
    one = disguise.names("四川一体化政务服务平台运维服务")
    assert disguise.names("四川一体化政务服务平台运维服务项目") == one + "项目"


def test_words_of_the_forms_and_the_classification_stay(disguise: Renamed) -> None:
    for name in (*official_names(), "卫生健康支出", "单位代码", "科学技术支出"):
        assert disguise.names(name) == name


def test_both_scripts_english_and_slips_are_renamed_alike(own: Own) -> None:
    names = draw_names(own, random.Random(1))
    cloud = names.drawn["政务"].zh + names.drawn["云"].zh
    assert names("省级政务云") == f"省级{cloud}"
    assert names("Tianfu") == names.drawn["天府"].en
    assert names("互连网") == names.drawn["互联网"].slip
    assert names("12345热线") == names.drawn["12345"].zh + names.drawn["热线"].zh
    assert names("112345.00") == "112345.00"
    assert names("技服中心") == names.drawn["技术"].zh[0] + "服中心"
    place = OpenCC("s2t").convert(names.drawn["四川"].zh)
    assert names.in_traditional("四川省") == f"{place}省"


def test_invented_words_are_of_no_budget_and_no_lexicon() -> None:
    known = "\n".join(p.read_text("utf-8") for folder in LEXICONS for p in folder.glob("*.t*"))
    known += DOCUMENT.read_text("utf-8")
    words = [new.zh for news in read_invented().values() for new in news if not new.zh.isdigit()]
    assert not [word for word in words if word in known]
    assert len(set(words)) == len(words)


def test_an_equation_is_solved_for_its_total() -> None:
    a, b, c = (Amount("元", Decimal(n)) for n in (1, 2, 3))
    assert solve([Tie(c, (a, b)), Tie(c, (a, b))]) == {c: {a: 1, b: 1}}


def test_a_total_is_found_among_its_parts() -> None:
    assert subset(Decimal(9), [Decimal(n) for n in (8, 5, 4)]) == (1, 2)
    assert subset(Decimal(9), [Decimal(9)]) is None


def test_sums_of_the_sample_are_found(budget: Budget) -> None:
    found = {(str(tie.total.value), len(tie.parts)) for tie in find_ties(budget.facts)}
    assert {("16878.02", 29), ("1203.28", 15), ("391.17", 5), ("64", 3), ("20299.03", 42)} <= found


def test_a_threshold_goes_between_the_same_figures(disguise: Renamed) -> None:
    amounts = disguise.amounts
    for below, threshold, above in (("99", "100", "101.24"), ("192.3", "195", "200")):
        low, high = (amounts.new[Amount("万元", Decimal(v))] for v in (below, above))
        assert low < amounts.near(Decimal(threshold)) < high


@pytest.fixture(scope="module")
def rewriter(budget: Budget, own: Own) -> Rewriter:
    """Doubles every amount, and renames as seed 1 does."""
    ties = find_ties(budget.facts)
    figures = {figure for tie in ties for figure in (tie.total, *tie.parts)}
    new = {figure: figure.value * 2 for figure in figures}
    return Rewriter(draw_names(own, random.Random(1)), Amounts(new=new, shares={}), budget.facts)


def question(text: str, line: int, value: float, **changes: Any) -> dict[str, Any]:
    values = [{"value": value, "unit": "万元", "op": "", "what": ""}]
    answer = {"type": "number", "values": values, "must_contain": [], "must_not": []}
    evidence = [{"line": line, "quote": ""}]
    return {
        "id": "q", "lang": "zh", "kind": "lookup", "question": text, "answer": answer,
        "evidence": evidence, "note": "", **changes,
    }  # fmt: skip


REWRITTEN = [
    ("那笔5600万的", 349, "那笔11200万的"),
    ("是5,600.00吗", 349, "是11,200.00吗"),
    ("0.56亿元的那个", 349, "1.12亿元的那个"),
    ("56 million yuan?", 349, "112 million yuan?"),
    ("五千六百万的", 349, "11200万的"),
    ("表8第5600行，2023年", 349, "表8第5600行，2023年"),
    ("30211差旅费", 276, "30211差旅费"),
    ("差旅费是９９万元对吧", 276, "差旅费是198万元对吧"),
    ("一千二百多万的那笔", 330, "两千四百多万的那笔"),
]


@pytest.mark.parametrize(("text", "line", "new"), REWRITTEN)
def test_numbers_of_a_question_follow_the_figures(
    rewriter: Rewriter, text: str, line: int, new: str
) -> None:
    value = {349: 5600, 276: 99, 330: 1235.34}[line]
    assert rewriter.record(question(text, line, value))["question"] == new


def test_what_is_expected_is_calculated_anew(rewriter: Rewriter) -> None:
    note = "[calc] 109.00 - 99.00 = 10"
    places = [{"line": 266, "quote": ""}, {"line": 276, "quote": ""}]
    new = rewriter.record(question("差几万", 266, 10, note=note, evidence=places))
    assert new["answer"]["values"][0]["value"] == 20
    assert new["note"] == "[calc] 218.00 - 198.00 = 20"


def test_a_question_whose_figure_is_nowhere_is_dropped(rewriter: Rewriter) -> None:
    with pytest.raises(Unsure, match=r"12\.5"):
        rewriter.record(question("多少", 349, 12.5))


def test_rewritten_questions_are_questions_again(disguise: Renamed, tmp_path: Path) -> None:
    sets = pairs(disguise, DOCUMENT, tmp_path)
    dropped = sum(len(one.dropped) for one in sets)
    asked = [(load(one.plain.data), load(one.renamed.data)) for one in sets]
    assert all([d.id for d in old] == [d.id for d in new] for old, new in asked)
    assert sum(len(new) for _, new in asked) > 350
    assert dropped <= 5


@pytest.mark.parametrize(("value", "text"), [(1407, "一千四百零七"), (12, "十二"), (50, "五十")])
def test_chinese_numerals_go_both_ways(value: int, text: str) -> None:
    assert numeral(value) == text
    assert number_of(text.replace("零", "")) == value


def answer(line: int, printed: str, text: str = "") -> Answer:
    citation = Citation(
        document="a.txt", section="", table="表八", row="", column="金额", line=line,
        line_end=line, quote=printed,
    )  # fmt: skip
    figure = Figure(value="1", printed=printed, unit="万元", label="", citations=(0,))
    return Answer(
        question="", language="zh", status=Status.ANSWERED, text=text or printed,
        figures=(figure,), citations=(citation,),
    )  # fmt: skip


@pytest.fixture
def mutation(budget: Budget) -> mutate.Mutation:
    fact = next(fact for fact in budget.facts if fact.place.line == 334)
    return mutate.Mutation(line=334, old="50.00", new="50.03", fact=fact)


def test_an_answer_that_quotes_the_cell_has_to_change(mutation: mutate.Mutation) -> None:
    before = {"a": answer(334, "50.00"), "b": answer(335, "207.80")}
    assert not list(mutate.judge(mutation, before, {**before, "a": answer(334, "50.03")}, set()))
    (fault,) = mutate.judge(mutation, before, before, set())
    assert fault.startswith("a: unchanged")


def test_an_answer_that_does_not_use_the_cell_stays(mutation: mutate.Mutation) -> None:
    before = {"b": answer(335, "207.80")}
    after = {"b": answer(335, "207.80", "~207.80")}
    (fault,) = mutate.judge(mutation, before, after, set())
    assert fault.startswith("b: changed")
    assert not list(mutate.judge(mutation, before, after, {335}))


def test_a_question_whose_row_is_gone_has_no_answer(budget: Budget) -> None:
    fact = next(fact for fact in budget.facts if fact.place.line == 334)
    row = mutate.Mutation(line=334, old="", new="", fact=fact, asked=("a",))
    before = {"a": answer(334, "50.00")}
    (fault,) = mutate.judge(row, before, before, set())
    assert "its row is gone" in fault


def test_a_mutation_changes_one_cell_and_nothing_else(budget: Budget) -> None:
    text = DOCUMENT.read_text("utf-8")
    cells = mutate.cell_mutations(budget, {"a": answer(334, "50.00")}, 6, random.Random(1))
    assert any(cell.line == 334 for cell in cells)
    for cell in cells:
        after = read_budget(DOCUMENT.name, cell.apply(text).encode())
        values = {fact.id: fact.value for fact in after.facts}
        moved = [fact.id for fact in budget.facts if values[fact.id] != fact.value]
        assert moved == [cell.fact.id]
        assert cell.line not in doubtful(budget, budget)
