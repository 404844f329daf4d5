"""Question files are parsed strictly, and every bundled one parses."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from eval.dataset import decimals, evaluate, load, rounded
from eval.run import QUESTIONS
from index.errors import BudgetError

ANSWER: dict[str, object] = {
    "type": "text",
    "values": [],
    "must_contain": ["持平|一样"],
    "must_not": [],
}
SINGLE: dict[str, object] = {
    "id": "q-1",
    "lang": "zh",
    "kind": "lookup",
    "question": "教育支出多少？",
    "answer": ANSWER,
    "evidence": [{"section": "", "table": "表一", "line": 107, "quote": "教育支出\t56.00"}],
    "note": "",
}
NUMBER = {"value": 2.35, "unit": "亿元", "op": "", "what": "收入"}
FILES = sorted(QUESTIONS.glob("*.jsonl"))


def write(folder: Path, *records: object) -> Path:
    path = folder / "set.jsonl"
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def answered(**changes: object) -> dict[str, object]:
    return {**SINGLE, "answer": {**ANSWER, **changes}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bundled_sets_parse_and_their_calculations_come_out(path: Path) -> None:
    questions = [turn for dialogue in load(path) for turn in dialogue.turns]
    assert len({question.id for question in questions}) == len(questions) > 0
    for question in questions:
        for expected in question.key.figures:
            printed = rounded(expected.exact, decimals(expected.value))
            assert printed == expected.value, question.id


def test_a_single_question_is_a_dialogue_of_one_turn(tmp_path: Path) -> None:
    (dialogue,) = load(write(tmp_path, SINGLE, ""))
    (turn,) = dialogue.turns
    assert (dialogue.id, turn.id, turn.kind) == ("q-1", "q-1", "lookup")
    assert turn.key.must_contain == (("持平", "一样"),)
    assert turn.evidence[0].line == 107


def test_turns_are_numbered_from_one(tmp_path: Path) -> None:
    turn = {key: SINGLE[key] for key in ("question", "answer", "evidence", "note")}
    (dialogue,) = load(write(tmp_path, {"id": "d-1", "lang": "en", "turns": [turn, turn]}))
    assert [t.id for t in dialogue.turns] == ["d-1#1", "d-1#2"]
    assert {(t.kind, t.language) for t in dialogue.turns} == {("dialogue", "en")}


def test_money_stays_decimal_and_takes_its_exact_value_from_the_note(tmp_path: Path) -> None:
    record = answered(type="number", values=[NUMBER])
    record["note"] = "[any] [calc] 23496.66 / 10000 = 2.35；答万元也对"
    (expected,) = load(write(tmp_path, record))[0].turns[0].key.figures
    assert expected.value == Decimal("2.35")
    assert expected.exact == Decimal("2.349666")
    assert expected.divided


def test_the_unit_of_money_may_stand_in_what(tmp_path: Path) -> None:
    value = {"value": 120, "unit": "", "op": "", "what": "文旅管理平台预算（万元）"}
    dialogue = load(write(tmp_path, answered(type="number", values=[value])))[0]
    assert dialogue.turns[0].key.figures[0].unit == "万元"


@pytest.mark.parametrize(
    ("note", "quotes", "same"),
    [
        ("[all] 785行与650行同值", ("≥240000个", "目录数\t≥\t240000\t个"), True),
        ("[all]", ("安全支撑服务\t200.00", "安全支撑服务\t200"), True),
        ("[all]", ("评估服务项目\t34.90", "评估服务\t34.90"), False),
        ("[all]", ("34.90", "34.90"), False),
        ("[all]", ("注:无此项内容", "注:无此项内容"), False),
    ],
)
def test_places_that_print_one_fact_twice_stand_for_each_other(
    tmp_path: Path, note: str, quotes: tuple[str, str], same: bool
) -> None:
    places = [{"line": at, "quote": q} for at, q in zip((785, 650), quotes, strict=True)]
    first, second = (
        load(write(tmp_path, {**SINGLE, "note": note, "evidence": places}))[0].turns[0].evidence
    )
    assert first.same == frozenset({650} if same else ())
    assert second.same == frozenset({785} if same else ())


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({**SINGLE, "hint": "x"}, "hint"),
        ({key: SINGLE[key] for key in SINGLE if key != "note"}, "note"),
        (answered(tolerance=1), "tolerance"),
        (answered(type="guess"), "guess"),
        (answered(type="number"), "values"),
        (answered(values=[NUMBER]), "values"),
        (answered(type="number", values=[{**NUMBER, "value": "2.35"}]), "value"),
        (answered(type="number", values=[{**NUMBER, "scale": 4}]), "scale"),
        (answered(must_not=[""]), "must_not"),
        ({**SINGLE, "evidence": [{"line": 1, "leaf": 2}]}, "leaf"),
        ({**SINGLE, "evidence": [{"quote": "56", "page": "2"}]}, "page"),
        ({**SINGLE, "evidence": [{"line": "1"}]}, "line"),
        ({**SINGLE, "evidence": [{"table": "表一"}]}, "evidence"),
        ({"id": "d", "lang": "zh", "turns": {}}, "turns"),
        ("[1]", "整行"),
        ("{", "JSON"),
        (SINGLE, "q-1"),
    ],
)
def test_what_is_misshapen_is_named_with_file_line_and_key(
    tmp_path: Path, record: object, told: str
) -> None:
    with pytest.raises(BudgetError) as caught:
        load(write(tmp_path, SINGLE, record))
    assert "set.jsonl" in str(caught.value)
    assert told in caught.value.what
    if record is not SINGLE:
        assert caught.value.place == "set.jsonl:2"


def test_an_absent_file_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match=r"none\.jsonl"):
        load(tmp_path / "none.jsonl")


def test_arithmetic_is_decimal() -> None:
    assert evaluate("0.1 + 0.2") == Decimal("0.3")
    assert evaluate("-(1 + 2) * 4 / 8") == Decimal("-1.5")


@pytest.mark.parametrize("expression", ["1 +", "2 ** 3", "f(1)", "x", "1 / 0"])
def test_what_is_no_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(BudgetError):
        evaluate(expression)
