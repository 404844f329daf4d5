"""Questions to begin with, made from what an index holds, so that each has an answer there."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from assistant.calculate import in_yuan as size
from assistant.catalogue import Catalogue, Entry, flat, is_variant
from assistant.quote_cues import cues
from assistant.word import english_names, in_script
from index.fact import Kind, PassageKind, RowKind
from index.quantity import parse_number

MOST = 6
LONGEST_NAME, LONGEST_FOREIGN = 24, 12
"""Characters; a longer name makes a question that nobody reads, and a longer Chinese name in an
English question makes it a Chinese one."""
LONGEST_TERM = 8
"""A class chain of three levels (…（类）…（款）…（项）) is a term too, and no one asks for it."""
FEWEST_RANKED = 4
"""Projects of which the three largest are worth asking for."""
CHANGE = "比上年增减"
RECEPTIONS, THREE_PUBLICS = "公务接待费", "三公经费"
"""As `flat` writes them: the words of every Chinese department's table of the three publics."""
QUESTIONS = {
    "zh": {
        "amount": "{name}安排了多少钱？",
        "share": "公务接待费占“三公”经费的比例是多少？",
        "rank": "金额最大的三个项目是哪些？",
        "target": "{project}的{name}目标是多少？",
        "define": "什么是{name}？",
        "more": "{name}为什么增加？",
        "less": "{name}为什么减少？",
    },
    "en": {
        "amount": "How much is budgeted for {name}?",
        "share": "What share of the three public expenses goes to official receptions?",
        "rank": "What are the top 3 projects by budget?",
        "target": "What is the target for {name}?",
        "define": "What does {name} mean?",
        "more": "Why did {name} increase?",
        "less": "Why did {name} decrease?",
    },
}
"""Our own wording; the names in it are the document's."""

Asked = tuple[str, dict[str, str]]
"""Which of `QUESTIONS`, and the names for it."""


def examples(catalogue: Catalogue, language: str) -> tuple[str, ...]:
    """At most six: an amount, a share, a ranking, a target, a term, a cause; what the index has
    none of gives way to further amounts. `language`: zh, zh-Hant or en.
    """
    longest = LONGEST_FOREIGN if language == "en" else LONGEST_NAME
    lone = Lone(frozenset(entry.item for entry in catalogue.entries), longest)
    kinds: tuple[Iterator[Asked], ...] = (
        amounts(catalogue, lone),
        shares(catalogue),
        ranks(catalogue),
        targets(catalogue, lone),
        terms(catalogue, language),
        causes(catalogue),
    )
    one_each = (asked for kind in kinds for asked in islice(kind, 1))
    worded = (question(asked, language) for asked in chain(one_each, kinds[0]))
    return tuple(islice(dict.fromkeys(worded), MOST))


def question(asked: Asked, language: str) -> str:
    name, names = asked
    if language == "en":
        names = {key: english_names().get(said, said) for key, said in names.items()}
    text = QUESTIONS["en" if language == "en" else "zh"][name].format(**names)
    return in_script(text, language)


# -------------------------------------------------------------------------- what an index holds


def amounts(catalogue: Catalogue, lone: "Lone") -> Iterator[Asked]:
    """The largest projects, then the largest other rows, that no other name looks like."""
    for kind in (RowKind.PROJECT, RowKind.ITEM):
        for entry in largest(catalogue, kind):
            if lone.is_lone(entry):
                yield "amount", {"name": entry.fact.label}


def largest(catalogue: Catalogue, kind: RowKind) -> list[Entry]:
    entries = [e for e in catalogue.entries if e.fact.row_kind is kind and is_money(e)]
    return sorted(entries, key=lambda entry: (-size(entry.fact), entry.at))


def shares(catalogue: Catalogue) -> Iterator[Asked]:
    """Of official receptions in the three publics, where both are filled in one place."""
    tables: dict[tuple[str, str, str], set[str]] = {}
    for entry in catalogue.entries:
        fact = entry.fact
        if fact.kind is Kind.MONEY and fact.value and fact.column[-1:] != (CHANGE,):
            place = (fact.document, fact.table, fact.section)
            tables.setdefault(place, set()).update(words_of(entry))
    if any({RECEPTIONS, THREE_PUBLICS} <= words for words in tables.values()):
        yield "share", {}


def words_of(entry: Entry) -> Iterable[str]:
    if entry.item == RECEPTIONS:
        return (RECEPTIONS,)
    return (THREE_PUBLICS,) if THREE_PUBLICS in entry.item else ()


def ranks(catalogue: Catalogue) -> Iterator[Asked]:
    projects = Counter(
        (entry.fact.document, entry.fact.table)
        for entry in catalogue.entries
        if entry.fact.row_kind is RowKind.PROJECT and is_money(entry)
    )
    if max(projects.values(), default=0) >= FEWEST_RANKED:
        yield "rank", {}


def targets(catalogue: Catalogue, lone: "Lone") -> Iterator[Asked]:
    """Of a figure that only one project has as its target, the largest project's first."""
    found: dict[str, list[Entry]] = {}
    for entry in filter(is_target, catalogue.entries):
        found.setdefault(flat(entry.fact.row_path[1]), []).append(entry)
    count = Counter(entry.item for entries in found.values() for entry in entries)
    for project in dict.fromkeys(e.item for e in largest(catalogue, RowKind.PROJECT)):
        for entry in found.get(project, ()):
            if count[entry.item] == 1 and lone.is_lone(entry):
                yield "target", {"name": entry.fact.label, "project": entry.fact.row_path[1]}


def terms(catalogue: Catalogue, language: str) -> Iterator[Asked]:
    """In English first those that have an English name."""
    kept = [p.title for p in catalogue.passages if p.kind is PassageKind.DEFINITION]
    if language == "en":
        kept.sort(key=lambda term: term not in english_names())
    yield from (("define", {"name": term}) for term in kept if len(term) <= LONGEST_TERM)


def causes(catalogue: Catalogue) -> Iterator[Asked]:
    """Of a change whose own sentence says why."""
    says = cues()["cause"].says
    for entry in catalogue.entries:
        fact = entry.fact
        if fact.column[-1:] == (CHANGE,) and fact.value and says.search(fact.sentence):
            yield ("more" if fact.value > 0 else "less"), {"name": fact.label}


def is_money(entry: Entry) -> bool:
    fact = entry.fact
    return bool(fact.table and fact.value and entry.main) and fact.kind is Kind.MONEY


def is_target(entry: Entry) -> bool:
    """A target in figures, of a project whose name can be said."""
    fact = entry.fact
    return (
        fact.kind is Kind.TARGET
        and fact.row_kind is RowKind.INDICATOR
        and parse_number(fact.printed) is not None
        and entry.main
        and len(fact.row_path) > 1
        and len(fact.row_path[1]) <= LONGEST_NAME
    )


@dataclass(frozen=True, slots=True)
class Lone:
    """Tells which names can be said in a question and not be mixed up with another one."""

    names: frozenset[str]
    """All names of the index, flat."""
    longest: int

    def is_lone(self, entry: Entry) -> bool:
        """Short, without brackets and marks, no part of another name nor holding one, and
        without a variant."""
        name = entry.item
        return (
            len(name) <= self.longest
            and "".join(entry.fact.label.split()).isalnum()
            and not any(
                other in name or name in other or is_variant(name, other)
                for other in self.names
                if other not in ("", name)
            )
        )
