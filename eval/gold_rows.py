"""What a document is known to print: every figure of its tables and its text, written by hand
beside it (`NAME.facts.csv`, `NAME.prose.csv`), parsed strictly into frozen values."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from index.errors import BudgetError

FACTS, PROSE = ".facts.csv", ".prose.csv"
CELL_KEYS = (
    "id", "document", "table_no", "table", "row", "code", "unit_code", "unit_name", "column",
    "value", "printed", "money_unit", "value_unit", "op", "row_kind", "row_id", "parent", "path",
    "measure", "note",
)  # fmt: skip
PROSE_KEYS = (
    "id", "document", "section", "subject", "value", "printed", "unit", "derive", "quote", "note",
)  # fmt: skip
PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCell:
    """One figure of a table, with all that a reader has to know of it."""

    id: str
    number: str
    title: str
    label: str
    code: str
    unit_code: str
    unit_name: str
    """The budget unit; empty for the whole department."""
    column: tuple[str, ...]
    value: Decimal
    printed: str
    unit: str
    """Of money, or the measure of a count, share or target."""
    money: bool
    operator: str
    kind: str
    parents: tuple[str, ...]
    """Labels of the rows it stands below, outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldProse:
    """One figure of the running text."""

    id: str
    subject: str
    value: Decimal
    """A decrease is negative."""
    printed: str
    unit: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A document with everything that it is known to print."""

    document: Path
    cells: tuple[GoldCell, ...]
    prose: tuple[GoldProse, ...]


def flat(text: str) -> str:
    """Letters and digits alone: NFKC without punctuation and white space.

    >>> flat("因公出国（境）费")
    '因公出国境费'
    """
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))


def gold_documents(folder: Path, names: Sequence[str] = ()) -> tuple[Path, ...]:
    """The documents below `folder` that have their figures beside them, or those named (by
    path, file name or the beginning of it).

    Raises BudgetError for a name without gold.
    """
    known = tuple(sorted(_documents(folder)))
    if not names:
        return known
    return tuple(document for name in names for document in _named(name, known))


def _documents(folder: Path) -> Iterator[Path]:
    for facts in folder.rglob(f"*{FACTS}"):
        stem = facts.name.removesuffix(FACTS)
        yield from (p for p in facts.parent.glob(f"{stem}.*") if p.suffix != ".csv")


def _named(name: str, known: Sequence[Path]) -> tuple[Path, ...]:
    path = Path(name)
    if path.is_file() and facts_of(path).is_file():
        return (path,)
    found = tuple(document for document in known if document.name.startswith(path.name))
    if not found:
        mend = "、".join(document.name for document in known)
        raise BudgetError("没有这份文件的标准数据", place=name, mend=f"有标准数据的：{mend}")
    return found


def facts_of(document: Path) -> Path:
    return document.with_name(document.stem + FACTS)


def read_gold(document: Path) -> Gold:
    """Raises BudgetError that names file, line and column for anything misshapen."""
    cells = list(_records(facts_of(document), CELL_KEYS))
    labels = {record["row_id"]: record for record in cells}
    prose = document.with_name(document.stem + PROSE)
    return Gold(
        document=document,
        cells=tuple(_cell(record, labels) for record in cells),
        prose=tuple(map(_prose, _records(prose, PROSE_KEYS))) if prose.is_file() else (),
    )


def _records(path: Path, keys: Sequence[str]) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != tuple(keys):
            mend = f"第一行要有：{','.join(keys)}"
            raise BudgetError("列名不符", place=f"{path.name}:1", mend=mend)
        for record in reader:
            place = f"{path.name}:{reader.line_num}"
            if None in record or None in record.values():
                raise BudgetError("列数不符", place=place, mend="补齐或删去多余的列")
            yield {**record, "place": place}


def _cell(record: Mapping[str, str], rows: Mapping[str, Mapping[str, str]]) -> GoldCell:
    return GoldCell(
        id=record["id"],
        number=record["table_no"],
        title=record["table"],
        label=record["row"],
        code=record["code"],
        unit_code=record["unit_code"],
        unit_name=record["unit_name"],
        column=tuple(record["column"].split("/")),
        value=_value(record),
        printed=record["printed"],
        unit=record["value_unit"],
        money=bool(record["money_unit"]),
        operator=record["op"],
        kind=record["row_kind"],
        parents=(*_parents(record, rows), *filter(None, record["path"].split("/"))),
    )


def _parents(record: Mapping[str, str], rows: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Labels up to the table's total; a unit's row goes by the unit's name."""
    above: list[str] = []
    seen = {record["row_id"]}
    while (parent := rows.get(record["parent"])) and parent["row_id"] not in seen:
        seen.add(parent["row_id"])
        unit = parent["row_kind"] == "unit" and parent["unit_name"]
        above.append(unit or parent["row"])
        record = parent
    return tuple(reversed(above))


def _prose(record: Mapping[str, str]) -> GoldProse:
    return GoldProse(
        id=record["id"],
        subject=record["subject"],
        value=_value(record),
        printed=record["printed"],
        unit=record["unit"],
        quote=record["quote"],
    )


def _value(record: Mapping[str, str]) -> Decimal:
    try:
        return Decimal(record["value"])
    except InvalidOperation as error:
        what = f"value 不是数：{record['value']}"
        raise BudgetError(what, place=record["place"], mend="写成不带逗号的数") from error
