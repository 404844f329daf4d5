"""The index as linking sees it: an entry a figure, with the strings that name it."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.nouns import nouns
from index.document import Place
from index.fact import Check, Fact, Kind, Passage, PassageKind, RowKind, Table, Unit
from index.reading import AMOUNT, COUNT, FINAL
from index.words import lexicon
from index.years import relative_year, year_in

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
SHORTEST_VARIANT, MOST_BETWEEN = 6, 2
"""Characters of a name that may have a variant, and of the word put in."""
PROSE_MAINS = ((AMOUNT,), (FINAL,), (COUNT,))
"""What is meant of the running text's figures where no column is said."""
WHOLE_ROWS = (RowKind.TOTAL, RowKind.TOTAL_REPEAT, RowKind.UNIT)
"""Rows whose label says whose figure it is, not what of: the column's head names it."""


@cache
def _simplifier():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s")


def flat(text: str) -> str:
    """The form in which names are compared: NFKC, simplified, lower case, letters only, a space
    between Latin words.

    >>> flat("Full-Time 崗位 (FTE)"), flat("Urban  Forestry")
    ('full time岗位fte', 'urban forestry')
    """
    text = _simplifier().convert(unicodedata.normalize("NFKC", text).lower())
    words = re.sub(r"(?<=[a-z])[^\w%]*[\s/–-][^\w%]*(?=[a-z\d])|(?<=\d)\s+(?=[a-z])", "\n", text)
    return re.sub(r"[^\w%\n]|_", "", words).replace("\n", " ")


def grams(text: str) -> Iterator[str]:
    """What a flat text is found by: bigrams of its Chinese, its numbers and Latin words whole."""
    for run in HAN.findall(text):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
        if len(run) == 1:
            yield run
    yield from map(stem, LATIN.findall(text))


def stem(word: str) -> str:
    """A Latin word without the s of its plural.

    >>> stem("programs"), stem("business"), stem("fees")
    ('program', 'business', 'fee')
    """
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure (or blank square) and the flat strings that name it."""

    at: int
    fact: Fact
    item: str
    """What the figure is of: the label, or for a total's or unit's row the column's head."""
    column: str
    """The column's own words, where the figure is not in the main column."""
    context: tuple[str, ...]
    """Groups, project, levels, table title, section, head words above."""
    main: bool
    """It stands in the column that is meant when none is named."""

    @property
    def kind(self) -> Kind:
        return self.fact.kind

    @property
    def whole(self) -> bool:
        """A row of the whole table (合计)."""
        return self.fact.row_kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT)


class Catalogue:
    """All entries of an index and an inverted list from grams to the strings that hold them."""

    def __init__(
        self,
        facts: Sequence[Fact],
        tables: Sequence[Table],
        passages: Sequence[Passage],
        units: Sequence[Unit],
        institutions: Sequence[str],
        years: Sequence[int | None] = (),
        accounts: Sequence[str] = (),
        failed: Mapping[str, Sequence[Check]] | None = None,
    ) -> None:
        """`failed`: the checks of each document that do not hold."""
        self.tables = tuple(tables)
        self.passages = tuple(passages)
        self.units = tuple(units)
        self.institutions = tuple(institutions)
        self.years = tuple(years)
        self.accounts = frozenset(accounts)
        self._failed: dict[tuple[str, str], list[Check]] = defaultdict(list)
        for document, checks in (failed or {}).items():
            for check in checks:
                for fact_id in check.facts:
                    self._failed[document, fact_id].append(check)
        mains = main_columns(facts)
        lone = lone_rows(facts)
        self.entries = tuple(
            _entry(at, fact, mains, (fact.document, fact.table, fact.row) in lone)
            for at, fact in enumerate(facts)
        )
        self.strings: list[str] = []
        self._ids: dict[str, int] = {}
        self.holders: dict[str, set[int]] = defaultdict(set)
        self.named = tuple(self._intern(entry) for entry in self.entries)

        self._at = {(fact.document, fact.id): at for at, fact in enumerate(facts)}

    def ids_of(self, fact: Fact) -> tuple[int, ...]:
        """Ids of the strings that name a fact."""
        at = self._at.get((fact.document, fact.id))
        return self.named[at] if at is not None else ()

    def fact(self, document: str, fact_id: str) -> Fact | None:
        at = self._at.get((document, fact_id))
        return self.entries[at].fact if at is not None else None

    def failed(self, fact: Fact) -> tuple[Check, ...]:
        """The checks that do not hold and that the figure is part of."""
        return tuple(self._failed.get((fact.document, fact.id), ()))

    def entry_of(self, fact: Fact) -> Entry:
        return self.entries[self._at[fact.document, fact.id]]

    def _intern(self, entry: Entry) -> tuple[int, ...]:
        """The ids of the entry's strings: item, column (or -1), then context."""
        names = (entry.item, entry.column, *entry.context)
        return tuple(self._id(name) if name else -1 for name in names)

    def _id(self, text: str) -> int:
        if text not in self._ids:
            self._ids[text] = len(self.strings)
            self.strings.append(text)
            for gram in set(grams(text)):
                self.holders[gram].add(self._ids[text])
        return self._ids[text]

    def rarity(self, gram: str) -> float:
        """Inverse frequency among the strings, 0 for a gram that none holds."""
        held = len(self.holders.get(gram, ()))
        return math.log(1 + len(self.strings) / held) if held else 0.0

    @cached_property
    def most(self) -> float:
        """Rarity of a gram met once."""
        return math.log(1 + max(1, len(self.strings)))

    def holding(self, word: str) -> set[int]:
        """Ids of the strings that contain `word` (flat)."""
        parts = list(grams(word))
        if not parts:
            return set()
        found = set.intersection(*(self.holders.get(part, set()) for part in parts))
        return {at for at in found if word in self.strings[at]}

    def twins(self, fact: Fact) -> tuple[Fact, ...]:
        """Other places of the document that print the same figure under the same name."""
        at = self._at.get((fact.document, fact.id))
        if at is None:
            return ()
        item = self.entries[at].item
        same = [name for name in self._by_item if name == item or is_variant(name, item)]
        return tuple(
            self.entries[other].fact
            for name in sorted(same, key=lambda name: name != item)
            for other in self._by_item[name]
            if other != at
            and same_figure(self.entries[other].fact, fact)
            and self.entries[other].fact.row_kind is not RowKind.TOTAL_REPEAT
        )

    @cached_property
    def _printed(self) -> dict[tuple[str, Place], str]:
        cells = (
            (table.document, cell.place, cell.text)
            for table in self.tables
            for row in table.rows
            for cell in row
        )
        texts = (
            (p.document, p.place, p.text) for p in self.passages if p.kind is not PassageKind.TABLE
        )
        return {(document, place): text for document, place, text in (*texts, *cells)}

    @cached_property
    def goal_tables(self) -> frozenset[tuple[str, str]]:
        """(document, table) of the tables that print performance indicators."""
        goals = (e.fact for e in self.entries if e.fact.row_kind is RowKind.INDICATOR)
        return frozenset((fact.document, fact.table) for fact in goals)

    def printed_at(self, document: str, place: Place, otherwise: str) -> str:
        """What is printed in a cell or paragraph, white space and all."""
        return self._printed.get((document, place), "").strip() or otherwise

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """Those with text, in their order."""
        return tuple(dict.fromkeys(passage.document for passage in self.passages))

    @cached_property
    def column_years(self) -> frozenset[int]:
        """The years that columns of tables are of."""
        years = (entry.fact.year for entry in self.entries if entry.fact.table)
        return frozenset(year for year in years if year is not None)

    @cached_property
    def _by_item(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for entry in self.entries:
            found[entry.item].append(entry.at)
        return found

    @cached_property
    def table_rows(self) -> dict[tuple[str, str, int], tuple[Entry, ...]]:
        """(document, table, row) → its entries."""
        rows: dict[tuple[str, str, int], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            rows[entry.fact.document, entry.fact.table, entry.fact.row].append(entry)
        return {place: tuple(found) for place, found in rows.items()}

    def vocabulary_texts(self) -> Iterable[str]:
        yield from self.strings
        yield from (flat(passage.text) for passage in self.passages)


def is_variant(name: str, other: str) -> bool:
    """One name with a word or two more inside (运行费, 运行维护费): with one figure, one thing."""
    short, long = sorted((name, other), key=len)
    if len(short) < SHORTEST_VARIANT or len(long) - len(short) > MOST_BETWEEN:
        return False
    letters = iter(long)
    return short[:2] == long[:2] and all(letter in letters for letter in short)


def same_figure(fact: Fact, other: Fact) -> bool:
    """Equal value, unit and operator, in one document, of no two different units."""
    return (
        fact.document == other.document
        and fact.value is not None
        and (fact.value, fact.unit, fact.operator) == (other.value, other.unit, other.operator)
        and (fact.unit_name == other.unit_name or not fact.unit_name or not other.unit_name)
    )


def main_columns(facts: Iterable[Fact]) -> frozenset[tuple[str, str, str, tuple[str, ...]]]:
    """(document, table, side, column) of the main column of each side of each table."""
    sides: dict[tuple[str, str, str], list[tuple[str, ...]]] = defaultdict(list)
    years: dict[tuple[str, str, str, tuple[str, ...]], int | None] = {}
    for fact in facts:
        place = (fact.document, fact.table, _side(fact))
        if fact.column not in sides[place]:
            sides[place].append(fact.column)
        years[*place, fact.column] = fact.year
    found = set()
    for place, columns in sides.items():
        latest = max((years[*place, column] or 0 for column in columns), default=0)
        now = [column for column in columns if (years[*place, column] or 0) == latest]
        found.add((*place, min(now, key=lambda column: (_rank(column), now.index(column)))))
    return frozenset(found)


def _side(fact: Fact) -> str:
    """收入 or 支出 of a table with two sides (each with a label column of its own)."""
    return fact.column[0] if len(fact.column) > 1 and fact.column[0] in ("收入", "支出") else ""


def _rank(column: tuple[str, ...]) -> int:
    main = lexicon("headers")["main"]
    leaf = re.sub(r"^(?:20\d{2}年|本年|当年)", "", flat(column[-1])) if column else ""
    depth = 100 * (len(column) - 1) if leaf == "小计" else 0
    return (main.index(leaf) if leaf in main else len(main)) + depth


def lone_rows(facts: Iterable[Fact]) -> frozenset[tuple[str, str, int]]:
    """Rows of money that stand alone under their heads (a form's amounts): the heads name them."""
    rows: dict[tuple[str, str, tuple[str, ...]], set[int]] = defaultdict(set)
    for fact in facts:
        if fact.table and fact.kind is Kind.MONEY:
            rows[fact.document, fact.table, fact.column].add(fact.row)
    lone: dict[tuple[str, str, int], int] = defaultdict(int)
    for (document, table, _), found in rows.items():
        if len(found) == 1:
            lone[document, table, next(iter(found))] += 1
    return frozenset(place for place, columns in lone.items() if columns > 1)


def _entry(
    at: int, fact: Fact, mains: frozenset[tuple[str, str, str, tuple[str, ...]]], lone: bool
) -> Entry:
    main = (fact.document, fact.table, _side(fact), fact.column) in mains
    if fact.row_kind is RowKind.INDICATOR:
        main = fact.kind is not Kind.WEIGHT and "权重" not in fact.column
    if not fact.table:
        main = fact.column[-1:] in PROSE_MAINS
    head = _head_words(fact.column)
    whole = bool(fact.table) and (fact.row_kind in WHOLE_ROWS or lone)
    aspect = whole and not main and bool(head) and not lone and is_aspect(fact.column[-1])
    over = heading_over(head) if whole else ""
    if over:
        item = over
    elif whole:
        item = essence(fact.title) if (main and not lone) or not head or aspect else head[-1]
    else:
        item = flat(fact.label)
    context = [*(flat(part) for part in fact.row_path[:-1]), *head[:-1]]
    # An amount is not of what it is compared with (上年度预算数); a share or a change is.
    about = "" if fact.column == (AMOUNT,) else flat(fact.about)
    context += [flat(fact.title), flat(fact.section)] if fact.table else [about]
    if whole:
        context.append(flat(fact.row_path[-1]))
    if main and head and head[-1].isascii():
        context.append(head[-1])  # proposed, adopted, target: said with the row as part of its name
    return Entry(
        at=at,
        fact=fact,
        item=item,
        column=side_column(fact, head, main=main, whole=whole, aspect=aspect, over=bool(over)),
        context=tuple(dict.fromkeys(name for name in context if name and name != item)),
        main=main,
    )


ACCOUNT_HEADS = frozenset(
    ("预算数", "年初预算数", "调整预算数", "全年预算数", "预算金额", "决算数", "执行数")
)


def heading_over(head: Sequence[str]) -> str:
    """公务接待费 of 三公经费/公务接待费/决算数: what an account is of."""
    if len(head) < 2 or head[-1] not in ACCOUNT_HEADS:
        return ""
    words = [word for word in head[:-1] if word not in ("合计", "小计", "总计", "收入", "支出")]
    return words[-1] if words else ""


def side_column(
    fact: Fact, head: Sequence[str], *, main: bool, whole: bool, aspect: bool, over: bool
) -> str:
    """The column's own words where it must be said to be meant: of the accounts of one thing the
    plan, since a final account is asked for its outcome."""
    if not fact.table or not head:
        return ""
    if over:
        return head[-1] if "预算" in head[-1] and not main else ""
    return head[-1] if aspect or not (main or whole) else ""


def is_aspect(head: str) -> bool:
    """增减额, 2023年预算数: a head that says which figure of a thing, and not of what thing."""
    return is_change_head(head) or year_in(head) is not None or relative_year(head) is not None


@cache
def is_change_head(head: str) -> bool:
    """增减额, 两年比较, $ Change."""
    return any(word in flat(head) for word in nouns()["change_heads"])


TITLE_FRAME = re.compile(
    r"^部门|[预决]算(?=总?表)|(?:总体|安排|明细)?(?:情况)?(?:总|明细)?表(?:\d{4}年度?)?$"
)
"""Words of a table's title that say only that it is a table of the department's budget."""


def essence(title: str) -> str:
    """What a table's total is the total of: 部门收入总表 → 收入."""
    bare = flat(title)
    while (shorter := TITLE_FRAME.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare


def _head_words(column: tuple[str, ...]) -> tuple[str, ...]:
    """Head words with a bare 小计 or 合计 folded into the word above it."""
    words = [flat(word) for word in column]
    if len(words) > 1 and words[-1] in ("小计", "合计"):
        words = words[:-1]
    return tuple(words)
