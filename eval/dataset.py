"""Questions with their expected answers, parsed strictly from JSON lines into frozen values.

A single question is a dialogue of one turn, so that everything after this file knows one shape.
"""

import ast
import json
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path

from index.errors import BudgetError

CALCULATION = re.compile(r"\[calc\]\s*([\d.+\-*/() ]+?)\s*=\s*(-?\d+(?:\.\d+)?)")
MARK = re.compile(r"\[([a-z]+)\]")
SAME_VALUE = re.compile(r"(\d+行与\d+)行同值")
"""`785行与650行同值`: one fact printed in two places, either of which proves it."""

QUESTION_KEYS = {"id", "lang", "kind", "question", "answer", "evidence", "note"}
DIALOGUE_KEYS = {"id", "lang", "turns"}
TURN_KEYS = {"question", "answer", "evidence", "note"}
ANSWER_KEYS = {"type", "values", "must_contain", "must_not"}
VALUE_KEYS = {"value", "unit", "op", "what"}
SET_KEYS = {"document", "gold"}
"""Keys of questions that come with a document of their own; `gold` derives the values from
lists that only that document has, so it is not read."""
EVIDENCE_KEYS = {
    "document", "section", "table", "line", "page", "quote", "row", "column", "unit", "under",
}  # fmt: skip


class AnswerType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    NUMBERS = "numbers"
    LIST = "list"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One figure that an answer has to present."""

    value: Decimal
    unit: str
    """As printed; of money without a unit, the one that `what` names in brackets."""
    operator: str
    what: str
    exact: Decimal
    """The unrounded result of the note's calculation, else `value`."""
    calculated: bool = False
    divided: bool = False
    """The calculation is a ratio or a rescaling, which may be rounded for reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What makes an answer right."""

    type: AnswerType
    figures: tuple[Expected, ...] = ()
    must_contain: tuple[tuple[str, ...], ...] = ()
    """Every entry is needed; an entry is met by any of its alternatives."""
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place that proves the answer: a line of a text, else a cell's names or a quote."""

    document: str = ""
    section: str = ""
    table: str = ""
    line: int | None = None
    quote: str = ""
    row: str = ""
    column: str = ""
    unit: str = ""
    """The budget unit below which the row stands, where several print the same row."""
    under: str = ""
    """The project of an indicator."""
    page: int | None = None
    same: frozenset[int] = frozenset()
    """Other lines of the text that print the same value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    """`fig-001`; the second turn of a dialogue is `dlg-01#2`."""
    language: str
    kind: str
    text: str
    key: Key
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    marks: frozenset[str] = frozenset()
    """`any`, `all`, `calc`, `count`, `set`, `max`, `blank`, `none`, `signed`, `says`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Turns of one conversation, in order; a single question is a dialogue of one turn."""

    id: str
    turns: tuple[Question, ...]
    document: str = ""
    """The file that the question is about, where the set names it."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a question file, for errors."""

    file: str
    line: int

    def error(self, what: str, mend: str) -> BudgetError:
        return BudgetError(what, place=f"{self.file}:{self.line}", mend=mend)


def load(path: Path) -> tuple[Dialogue, ...]:
    """Every question of a file, in its order.

    Raises BudgetError that names file, line and key for anything unknown, absent or misshapen.
    """
    dialogues = tuple(
        _dialogue(_record(line, where), where) for line, where in _lines(path) if line.strip()
    )
    _check_unique(dialogues, path)
    return dialogues


def _lines(path: Path) -> Iterator[tuple[str, Where]]:
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BudgetError(
            f"读不到题目文件（{error.strerror}）", place=str(path), mend="核对路径"
        ) from error
    for number, line in enumerate(content.split("\n"), start=1):
        yield line, Where(path.name, number)


def _record(line: str, where: Where) -> Mapping[str, object]:
    try:
        record = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise where.error(f"不是 JSON：{error.msg}", "每行写一个 JSON 对象") from error
    return _mapping(record, "整行", where)


def _check_unique(dialogues: tuple[Dialogue, ...], path: Path) -> None:
    seen: set[str] = set()
    for dialogue in dialogues:
        if dialogue.id in seen:
            raise BudgetError(f"编号重复：{dialogue.id}", place=path.name, mend="换一个编号")
        seen.add(dialogue.id)


def _dialogue(record: Mapping[str, object], where: Where) -> Dialogue:
    identity = _text(record, "id", where)
    document = _text(record, "document", where, default="")
    if "turns" not in record:
        _check_keys(record, QUESTION_KEYS, SET_KEYS, where)
        question = _question(record, identity, record, where)
        return Dialogue(id=identity, turns=(question,), document=document)
    _check_keys(record, DIALOGUE_KEYS, SET_KEYS | {"kind"}, where)
    turns = tuple(
        _turn(turn, f"{identity}#{number}", record, where)
        for number, turn in enumerate(_list(record, "turns", where), start=1)
    )
    return Dialogue(id=identity, turns=turns, document=document)


def _turn(turn: object, identity: str, record: Mapping[str, object], where: Where) -> Question:
    mapping = _mapping(turn, "turns", where)
    _check_keys(mapping, TURN_KEYS, {"gold"}, where)
    return _question(mapping, identity, record, where)


def _question(
    turn: Mapping[str, object], identity: str, record: Mapping[str, object], where: Where
) -> Question:
    note = _text(turn, "note", where)
    return Question(
        id=identity,
        language=_text(record, "lang", where),
        kind=_text(record, "kind", where, default="dialogue"),
        text=_text(turn, "question", where),
        key=_key(_mapping(turn["answer"], "answer", where), note, where),
        evidence=_with_twins(
            tuple(_evidence(e, note, where) for e in _list(turn, "evidence", where))
        ),
        note=note,
        marks=frozenset(MARK.findall(note)),
    )


def _key(answer: Mapping[str, object], note: str, where: Where) -> Key:
    _check_keys(answer, ANSWER_KEYS, set(), where)
    kind = _text(answer, "type", where)
    if kind not in set(AnswerType):
        raise where.error(f"type 不认识：{kind}", f"只能是 {'、'.join(AnswerType)}")
    figures = tuple(_expected(v, note, where) for v in _list(answer, "values", where))
    if bool(figures) != (kind in (AnswerType.NUMBER, AnswerType.NUMBERS)):
        raise where.error(f"type {kind} 与 values 不符", "number、numbers 要有 values，其余没有")
    return Key(
        type=AnswerType(kind),
        figures=figures,
        must_contain=tuple(tuple(e.split("|")) for e in _texts(answer, "must_contain", where)),
        must_not=_texts(answer, "must_not", where),
    )


def _expected(item: object, note: str, where: Where) -> Expected:
    value = _mapping(item, "values", where)
    _check_keys(value, VALUE_KEYS, set(), where)
    number, what = value["value"], _text(value, "what", where)
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise where.error(f"value 不是数：{number}", "写成不带引号的数")
    bracketed = re.search(r"（([百千万亿]*元)）", what)
    expected = Expected(
        value=Decimal(number),
        unit=_text(value, "unit", where) or (bracketed[1] if bracketed else ""),
        operator=_text(value, "op", where),
        what=what,
        exact=Decimal(number),
    )
    return _with_calculation(expected, note)


def _with_calculation(expected: Expected, note: str) -> Expected:
    for expression, result in CALCULATION.findall(note):
        if Decimal(result) == expected.value:
            return replace(
                expected,
                exact=evaluate(expression),
                calculated=True,
                divided="/" in expression,
            )
    return expected


def _evidence(item: object, note: str, where: Where) -> Evidence:
    place = _mapping(item, "evidence", where)
    _check_keys(place, set(), EVIDENCE_KEYS, where)
    line, page = _whole(place, "line", where), _whole(place, "page", where)
    if line is None and not (place.get("quote") or place.get("row")):
        raise where.error("evidence 没有 line、row 或 quote", "写明依据在哪里")
    return Evidence(
        document=_text(place, "document", where, default=""),
        section=_text(place, "section", where, default=""),
        table=_text(place, "table", where, default=""),
        line=line,
        quote=_text(place, "quote", where, default=""),
        row=_text(place, "row", where, default=""),
        column=_text(place, "column", where, default=""),
        unit=_text(place, "unit", where, default=""),
        under=_text(place, "under", where, default=""),
        page=page,
        same=_same_lines(note, line),
    )


def _whole(place: Mapping[str, object], key: str, where: Where) -> int | None:
    number = place.get(key)
    if number is not None and not isinstance(number, int):
        raise where.error(f"{key} 不是整数：{number}", "写原文的行号或页码，从 1 起")
    return number


def _same_lines(note: str, line: int | None) -> frozenset[int]:
    groups = (frozenset(map(int, re.findall(r"\d+", g))) for g in SAME_VALUE.findall(note))
    return frozenset().union(*(group for group in groups if line in group)) - {line or 0}


def _with_twins(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Places that print the same label with the same figure prove the same thing, so that
    "all places" asks for one of them; a bare figure or a bare note names nothing."""
    prints = [_print(place.quote) for place in evidence]
    return tuple(
        replace(place, same=place.same | _twins(place, printed, zip(evidence, prints, strict=True)))
        for place, printed in zip(evidence, prints, strict=True)
    )


def _print(quote: str) -> str:
    text = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", quote))
    return re.sub(r"(?<=\d)\.0+$", "", text)


def _twins(place: Evidence, printed: str, others: Iterable[tuple[Evidence, str]]) -> frozenset[int]:
    if not re.search(r"[^\W\d].*\d$", printed):
        return frozenset()
    return frozenset(
        other.line
        for other, same in others
        if same == printed and other.line and other.line != place.line
    )


def _check_keys(
    record: Mapping[str, object], needed: set[str], allowed: set[str], where: Where
) -> None:
    unknown = sorted(record.keys() - needed - allowed)
    if unknown:
        raise where.error(f"不认识的键：{'、'.join(unknown)}", "删去，或改成认识的键")
    absent = sorted(needed - record.keys())
    if absent:
        raise where.error(f"缺少键：{'、'.join(absent)}", "补上")


def _mapping(value: object, key: str, where: Where) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise where.error(f"{key} 不是对象", "写成 {…}")
    return value


def _list(record: Mapping[str, object], key: str, where: Where) -> list[object]:
    value = record[key]
    if not isinstance(value, list):
        raise where.error(f"{key} 不是列表", "写成 […]")
    return value


def _texts(record: Mapping[str, object], key: str, where: Where) -> tuple[str, ...]:
    values = _list(record, key, where)
    texts = tuple(value for value in values if isinstance(value, str) and value)
    if len(texts) != len(values):
        raise where.error(f"{key} 里有空的或不是文字的", "写成非空的字符串")
    return texts


def _text(
    record: Mapping[str, object], key: str, where: Where, *, default: str | None = None
) -> str:
    value = record.get(key, default)
    if not isinstance(value, str):
        raise where.error(f"{key} 缺少或不是文字：{value}", "写成字符串")
    return value


OPERATIONS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(expression: str) -> Decimal:
    """The value of plain arithmetic, without a detour through binary fractions.

    >>> evaluate("(5600.00 + 1992.21) / 2")
    Decimal('3796.105')
    """
    source = expression.strip()
    try:
        return _value(ast.parse(source, mode="eval").body, source)
    except (SyntaxError, ArithmeticError) as error:
        raise BudgetError("算式不成立", place=expression, mend="核对 [calc]") from error


def _value(node: ast.expr, source: str) -> Decimal:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_value(node.left, source), _value(node.right, source))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, source)
    if isinstance(node, ast.Constant):
        return Decimal(ast.get_source_segment(source, node) or "")
    raise BudgetError("算式里有加减乘除以外的东西", place=source, mend="核对 [calc]")


def decimals(value: Decimal) -> int:
    """How many digits stand after the point."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(value: Decimal, digits: int) -> Decimal:
    """Half up, as the documents round."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
