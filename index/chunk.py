"""Budget → the texts that are embedded: no institution, year or figure, each text once."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.fact import Budget, Fact, Passage, PassageKind, RowKind, Table

LONGEST = 300
"""Characters of a text: e5-small reads 512 pieces, and long texts pad a whole batch."""
LONGEST_TITLE = 60
LONGEST_HEADER = 60
SHORTEST_NAME = 4
"""Shorter names would be cut out of ordinary words."""
REGION = re.compile(r"[省市县区州盟旗]")
"""Ends the name of a region; a text calls its institution by what follows, too."""
INSTITUTION, UNIT, FIGURE = "本部门", "本单位", "N"

NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[〇○零一二三四五六七八九]{4}(?=年)")
SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]*")
NOT_EMBEDDED = frozenset((PassageKind.CONTENTS, PassageKind.TABLE))
"""The contents repeat the headings; tables have their summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A text to embed and what it speaks of."""

    text_hash: str
    text: str
    """Masked, at most LONGEST characters."""
    passage_id: str
    """A passage's id, or, for the label of a row, that of the row's first fact."""
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that texts are masked of, as one pattern."""

    pattern: re.Pattern[str] | None
    institutions: frozenset[str]

    @classmethod
    def of(cls, institutions: Iterable[str], units: Iterable[str]) -> "Names":
        own = frozenset(short for name in institutions for short in _short_forms(_even(name)))
        names = own | frozenset(map(_even, units))
        longest = sorted((n for n in names if len(n) >= SHORTEST_NAME), key=lambda n: (-len(n), n))
        pattern = re.compile("|".join(map(re.escape, longest))) if longest else None
        return cls(pattern=pattern, institutions=own)

    def mask(self, text: str) -> str:
        """A text without names and figures, white space and width made even.

        >>> Names.of(["某省数据局"], []).mask("某省数据局2023年收入4,321.50万元")
        '本部门N年收入N万元'
        """
        text = _even(text)
        if self.pattern:
            text = self.pattern.sub(self._role, text)
        return NUMBER.sub(FIGURE, text)

    def _role(self, found: re.Match[str]) -> str:
        return INSTITUTION if found[0] in self.institutions else UNIT


def chunks_of(budget: Budget) -> tuple[Chunk, ...]:
    """What to embed of a budget, in its order; a text that recurs in a passage stands once."""
    names = Names.of([budget.institution], [unit.name for unit in budget.units])
    chunks: dict[tuple[str, str], Chunk] = {}
    for passage_id, text in _texts(budget):
        masked = names.mask(text)[:LONGEST].strip()
        if masked.strip(f"{FIGURE} ：:"):
            chunk = Chunk(
                text_hash=hashlib.sha256(masked.encode()).hexdigest(),
                text=masked,
                passage_id=passage_id,
                document=budget.document,
            )
            chunks.setdefault((chunk.text_hash, passage_id), chunk)
    return tuple(chunks.values())


def _texts(budget: Budget) -> Iterator[tuple[str, str]]:
    for passage in budget.passages:
        if passage.kind not in NOT_EMBEDDED:
            for text in pieces(passage):
                yield passage.id, text
    rows = _rows(budget.facts)
    for facts in rows.values():
        yield facts[0].id, row_text(facts)
    ids = {p.table: p.id for p in budget.passages if p.kind is PassageKind.TABLE}
    for table in budget.tables:
        held = [facts for (number, _), facts in rows.items() if number == table.number]
        yield ids.get(table.number, f"table/{table.number}"), table_text(table, held)


def pieces(passage: Passage) -> Iterator[str]:
    """A passage by whole sentences, each piece headed by the passage's title."""
    title = passage.title[:LONGEST_TITLE]
    head = "" if not title or passage.text.startswith(title) else f"{title}："
    room = LONGEST - len(head)
    piece = ""
    for sentence in _sentences(passage.text, room):
        if piece and len(piece) + len(sentence) > room:
            yield head + piece
            piece = ""
        piece += sentence
    if piece.strip():
        yield head + piece


def _sentences(text: str, room: int) -> Iterator[str]:
    for sentence in SENTENCE.findall(text):
        for start in range(0, len(sentence), room):
            yield sentence[start : start + room]


def _rows(facts: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    """The facts of each distinct label of each table."""
    rows: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.table and fact.row_kind is not RowKind.PROSE:
            rows.setdefault((fact.table, fact.label), []).append(fact)
    return rows


def row_text(facts: Sequence[Fact]) -> str:
    """`一般公共预算支出预算表：办公费（合计、基本支出）`

    An indicator goes without its header: 指标值 and 权重 say nothing of it.
    """
    text = f"{facts[0].title[:LONGEST_TITLE]}：{facts[0].label}"
    if facts[0].row_kind is RowKind.INDICATOR:
        return text
    columns = "、".join(dict.fromkeys(fact.column[-1] for fact in facts if fact.column))
    return f"{text}（{columns[:LONGEST_HEADER]}）" if columns else text


def table_text(table: Table, rows: Sequence[Sequence[Fact]]) -> str:
    """Title, note, header and the labels that stand highest, as many as there is room for."""
    columns = dict.fromkeys(fact.column[-1] for facts in rows for fact in facts if fact.column)
    labels = [facts[0] for facts in rows]
    labels.sort(key=lambda fact: (fact.level, fact.row))
    words = (table.title, table.note, "、".join(columns), "、".join(f.label for f in labels))
    return "；".join(word for word in words if word)[:LONGEST]


def _short_forms(name: str) -> Iterator[str]:
    """The name with less and less of its region.

    >>> list(_short_forms("云岭省水文中心"))
    ['云岭省水文中心', '省水文中心', '水文中心']
    """
    yield name
    for region in REGION.finditer(name):
        yield from (name[region.start() :], name[region.end() :])


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
