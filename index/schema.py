"""The store's SQL tables, drawn from the dataclasses of `index.fact`: a column a field.

Money is TEXT (REAL would turn 10000000000000000.10 into 1e+16); places and tuples are compact
JSON in which a field that has its default is left out.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa

from index.fact import Budget, Check, Correction, Fact, Passage, Table, Unit

T = TypeVar("T")
Build = Callable[[Any], Any]

NAME = 512
"""Characters of a document's name, hash or segment: keys need a length on some servers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """What the store knows of a document, without its facts and bytes."""

    document: str
    sha256: str
    format: str
    title: str
    institution: str
    year: int | None
    account: str
    units: tuple[Unit, ...]
    unread_pages: tuple[int, ...]
    warnings: tuple[str, ...]
    given_unit: str = ""
    """The unit of money said at `add --unit`, for documents that print none."""
    reading: str = ""
    """Fingerprint of the program that read it; another one reads the document again."""
    order: int = 0
    """Documents are listed in the order added; one that is replaced keeps its place."""
    tables: int = 0
    facts: int = 0
    """Without blank squares."""
    indicators: int = 0
    passages: int = 0
    level: str = ""
    """`department`, `unit` or empty, as in `Budget`."""
    source: str = ""
    """The address it was published at, as a person gave it; may be empty."""
    published: str = ""
    """The day it was published on (2024-02-05), as a person gave it; may be empty."""


def plain(value: Any) -> Any:
    """A value as JSON knows it; a dataclass as an object without its default fields."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: plain(inner)
            for item in fields(value)
            if (inner := getattr(value, item.name)) != _default(item)
        }
    raise TypeError(f"no JSON form for {type(value).__name__}: add one to index.schema.plain")


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def builder(hint: Any) -> Build | None:
    """The way back from JSON for a type hint; None where JSON's own value will do."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (hint,) = (option for option in inner if option is not NoneType)
        return _optional(builder(hint))
    if origin is tuple:
        return _many(builder(inner[0])) if inner[-1] is Ellipsis else _pair(*map(builder, inner))
    if is_dataclass(hint):
        return _object(hint)
    if isinstance(hint, type) and issubclass(hint, Enum | Decimal):
        return hint
    if hint in (str, int, bool, float):
        return None
    raise TypeError(f"no way back from JSON for {hint}: add one to index.schema.builder")


def _optional(build: Build | None) -> Build | None:
    return build and (lambda value: None if value is None else build(value))


def _many(build: Build | None) -> Build:
    return (lambda values: tuple(map(build, values))) if build else tuple


def _pair(*builds: Build | None) -> Build:
    return lambda values: tuple(
        build(value) if build else value for build, value in zip(builds, values, strict=True)
    )


def _object(kind: Any) -> Build:
    hints = get_type_hints(kind)
    inner = {name: way for name, hint in hints.items() if (way := builder(hint))}

    def build(value: dict[str, Any]) -> Any:
        for name in inner.keys() & value.keys():
            value[name] = inner[name](value[name])
        return kind(**value)

    return build


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """How one field stands in its column; None: as it is."""

    column: type[sa.types.TypeEngine[Any]]
    encode: Build | None = None
    decode: Build | None = None


PLAIN: dict[Any, type[sa.types.TypeEngine[Any]]] = {
    str: sa.Text,
    int: sa.Integer,
    bool: sa.Boolean,
    int | None: sa.Integer,
}


def codec(hint: Any) -> Codec:
    if hint in PLAIN:
        return Codec(column=PLAIN[hint])
    build = builder(hint)
    if hint in (Decimal, Decimal | None) or (isinstance(hint, type) and issubclass(hint, Enum)):
        return Codec(column=sa.Text, encode=plain, decode=build)
    return Codec(column=sa.Text, encode=_dump, decode=partial(_load, build))


def _dump(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def _load(build: Build | None, text: str) -> Any:
    return build(json.loads(text)) if build else json.loads(text)


def codecs(kind: type[Any]) -> Mapping[str, Codec]:
    """Field by field, in the dataclass's order."""
    if kind not in _CODECS:
        hints = get_type_hints(kind)
        _CODECS[kind] = {item.name: codec(hints[item.name]) for item in fields(kind)}
    return _CODECS[kind]


_CODECS: dict[type[Any], Mapping[str, Codec]] = {}
"""By dataclass: the way of each field is found once."""


def encode(values: Iterable[Any], kind: type[T]) -> list[dict[str, Any]]:
    """Rows for an insert, numbered by `position`."""
    ways = [(name, way.encode) for name, way in codecs(kind).items()]
    return [
        {"position": at}
        | {name: way(getattr(value, name)) if way else getattr(value, name) for name, way in ways}
        for at, value in enumerate(values)
    ]


def decode(rows: Iterable[Sequence[Any]], kind: type[T]) -> tuple[T, ...]:
    """Rows of `columns_of(kind)` back to values; equal texts of a column are read once."""
    ways: list[tuple[str, Build | None]] = [
        (name, _once(way.decode)) for name, way in codecs(kind).items()
    ]
    return tuple(
        kind(
            **{
                name: way(value) if way else value
                for (name, way), value in zip(ways, row, strict=True)
            }
        )
        for row in rows
    )


def _once(build: Build | None) -> Build | None:
    if build is None:
        return None
    known: dict[Any, Any] = {}

    def build_once(value: Any) -> Any:
        if value not in known:
            known[value] = None if value is None else build(value)
        return known[value]

    return build_once


METADATA = sa.MetaData()


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(NAME), primary_key=True)


def _table(name: str, kind: type, *own: str) -> sa.Table:
    """A table of `kind`; unless `own` names its key, keyed by document and position."""
    keys = own or ("document", "position")
    columns = [sa.Column("position", sa.Integer, primary_key=True)] if not own else []
    columns += [
        sa.Column(name, way.column) for name, way in codecs(kind).items() if name not in keys
    ]
    return sa.Table(name, METADATA, _key("document"), *columns)


DOCUMENTS = _table("documents", StoredDocument, "document")
CONTENTS = sa.Table(
    "contents", METADATA, _key("document"), sa.Column("content", sa.LargeBinary, nullable=False)
)
PARTS: dict[type, sa.Table] = {
    Fact: _table("facts", Fact),
    Table: _table("tables", Table),
    Passage: _table("passages", Passage),
    Check: _table("checks", Check),
}
"""What a budget consists of, each in its table."""
CORRECTIONS = sa.Table(
    "corrections",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, w.column) for name, w in codecs(Correction).items() if name != "number"),
)
"""What persons said; outlives the version of a document it was said of."""
TEXTS = sa.Table(
    "texts",
    METADATA,
    _key("text_hash"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("segment", sa.String(NAME), index=True),
)
"""Every text to embed, once; `segment` is the Chroma collection that holds its vector."""
CHUNKS = sa.Table(
    "chunks",
    METADATA,
    _key("document"),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("text_hash", sa.String(NAME), index=True, nullable=False),
    sa.Column("passage_id", sa.Text, nullable=False),
)
SEGMENTS = sa.Table(
    "segments", METADATA, _key("name"), sa.Column("size", sa.Integer, nullable=False)
)
SETTINGS = sa.Table("settings", METADATA, _key("name"), sa.Column("value", sa.Text, nullable=False))


def columns_of(kind: type) -> list[sa.ColumnElement[Any]]:
    """The columns that `decode` expects, in its order."""
    table = {StoredDocument: DOCUMENTS, Correction: CORRECTIONS}.get(kind)
    table = PARTS[kind] if table is None else table
    return [table.c[name] for name in codecs(kind)]


@cache
def fingerprint() -> str:
    """Changes when a table or a dataclass kept in JSON does: the store then reads no old file."""
    shapes = [f"{table}: {[(c.name, str(c.type)) for c in table.c]}" for table in PARTS.values()]
    shapes += [str(get_type_hints(kind)) for kind in (Budget, StoredDocument, Correction, *PARTS)]
    return hashlib.sha256("\n".join(shapes).encode()).hexdigest()[:16]
