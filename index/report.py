"""Checks → a report: by kind of relation, counts first; as text and as rows for JSON."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.check_report import NAMES
from index.check_words import TAIL
from index.correct import pending, sentence
from index.fact import Check, Correction, Fact, Outcome

if TYPE_CHECKING:
    from index.store import Store, StoredDocument

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""A document's text must steer neither a terminal nor the direction of the text around it."""


class Verdict(StrEnum):
    DIFFERS = "differs"
    ROUNDING = "rounding"
    """It differs by no more than the rounding of its terms may."""
    UNCHECKED = "unchecked"
    HOLDS = "holds"


WORDS = {
    Verdict.HOLDS: "相符",
    Verdict.DIFFERS: "不符",
    Verdict.ROUNDING: "尾差",
    Verdict.UNCHECKED: "未核",
}
"""In the order of the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One relation as the report tells it."""

    check: Check
    verdict: Verdict
    notes: tuple[str, ...] = ()
    """What persons said of the figures in it."""

    @property
    def what(self) -> str:
        return line(self.check.what.replace(TAIL, ""))

    @property
    def expression(self) -> str:
        return line(self.check.expression)

    @property
    def difference(self) -> str:
        """Empty where nothing differs, or no number tells by how much."""
        differs = self.verdict in (Verdict.DIFFERS, Verdict.ROUNDING)
        return f"{self.check.difference:f}" if differs and self.check.difference else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The relations of one kind, what differs first."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        return NAMES.get(self.name, self.name)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        return counts_of(entry.check for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    stored: "StoredDocument"
    groups: tuple[Group, ...]
    words: tuple[Correction, ...] = ()
    """What persons said of figures, and still stands."""
    waiting: tuple[Correction, ...] = ()
    """Of these, what was said of another version of the file and is not applied."""

    @property
    def counts(self) -> Mapping[Verdict, int]:
        return counts_of(entry.check for group in self.groups for entry in group.entries)


def verdict_of(check: Check) -> Verdict:
    if check.outcome is Outcome.DIFFERS and TAIL in check.what:
        return Verdict.ROUNDING
    return Verdict(check.outcome.value)


def document_report(store: "Store", document: str) -> DocumentReport:
    """Raises BudgetError if the document is not indexed."""
    stored, facts = store.document(document), store.facts(document)
    words = [word for word in store.corrections(document) if not word.ended]
    return DocumentReport(
        stored=stored,
        groups=groups_of(store.checks(document), facts),
        words=tuple(words),
        waiting=tuple(pending(words, stored.sha256, facts)),
    )


def groups_of(checks: Sequence[Check], facts: Iterable[Fact] = ()) -> tuple[Group, ...]:
    """Kinds in the order of `NAMES`, unknown ones behind them."""
    said = {fact.id: f"{fact.label}：{fact.word}" for fact in facts if fact.word}
    found: dict[str, list[Entry]] = {}
    for check in checks:
        notes = tuple(said[name] for name in check.facts if name in said)
        entry = Entry(check=check, verdict=verdict_of(check), notes=notes)
        found.setdefault(check.name, []).append(entry)
    order = [*NAMES, *sorted(found.keys() - NAMES.keys())]
    ranks = list(Verdict)
    return tuple(
        Group(
            name=name,
            entries=tuple(sorted(found[name], key=lambda entry: ranks.index(entry.verdict))),
        )
        for name in order
        if name in found
    )


def counts_of(checks: Iterable[Check]) -> Mapping[Verdict, int]:
    found = Counter(map(verdict_of, checks))
    return {verdict: found[verdict] for verdict in WORDS}


def counted(counts: Mapping[Verdict, int], *, all_kinds: bool = False) -> str:
    """相符 321 项，不符 13 项，未核 16 项; kinds that there are none of are left out at wish."""
    return "，".join(
        f"{WORDS[verdict]} {count} 项" for verdict, count in counts.items() if count or all_kinds
    )


def named(stored: "StoredDocument") -> str:
    """四川省某某中心 2023年 部门预算."""
    year = f"{stored.year}年" if stored.year else "年份不明"
    return " ".join(filter(None, (line(stored.institution), year, kind_of(stored))))


def kind_of(stored: "StoredDocument") -> str:
    level = {"department": "部门", "unit": "单位"}.get(stored.level, "")
    return level + {"budget": "预算", "final": "决算"}.get(stored.account, "")


def line(text: str) -> str:
    """A document's text in one line that steers nothing."""
    return CONTROL.sub(" ", text)


def remarks(report: DocumentReport) -> Iterator[str]:
    """What a reader of the figures must know besides: unread pages, warnings, persons' words."""
    stored = report.stored
    if stored.unread_pages:
        pages = "、".join(map(str, stored.unread_pages))
        yield f"第 {pages} 页没有文字，没有读到，未核对"
    yield from map(line, stored.warnings)
    waiting = {word.number for word in report.waiting}
    for word in report.words:
        what = f"{line('/'.join((*word.row_path[-1:], *word.column)))}（{line(word.place)}）"
        if word.number in waiting:
            yield f"待重新确认：{what}{line(sentence(word))}（文件内容已变，没有采用）"
        else:
            yield f"{what}{line(sentence(word))}"


def lines_of(report: DocumentReport) -> Iterator[str]:
    """The report as text: counts, counts by kind, then what does not hold."""
    yield f"{line(report.stored.document)}：{counted(report.counts, all_kinds=True)}"
    for group in report.groups:
        yield f"  {line(group.title)}：{counted(group.counts)}"
    for remark in remarks(report):
        yield f"  注意：{remark}"
    # A clerk looks for what differs: the kinds that hold some come first.
    for group in sorted(report.groups, key=lambda group: not group.counts[Verdict.DIFFERS]):
        told = [entry for entry in group.entries if entry.verdict is not Verdict.HOLDS]
        if told:
            yield f"【{line(group.title)}】"
        for entry in told:
            yield f"  {WORDS[entry.verdict]}：{entry_line(entry)}"
            yield from (f"    {line(note)}" for note in entry.notes)


def entry_line(entry: Entry) -> str:
    shown = f"（{entry.expression}）" if entry.expression else ""
    by = f"，差 {entry.difference}" if entry.difference else ""
    tail = "，在四舍五入的范围内" if entry.verdict is Verdict.ROUNDING else ""
    return f"{entry.what}{shown}{by}{tail}"


def rows_of(report: DocumentReport) -> list[dict[str, object]]:
    """The report for programs: a row a relation."""
    return [
        {
            "document": report.stored.document,
            "name": group.name,
            "title": group.title,
            "outcome": entry.check.outcome.value,
            "rounding": entry.verdict is Verdict.ROUNDING,
            "what": entry.check.what,
            "expression": entry.check.expression,
            "difference": None
            if entry.check.difference is None
            else format(entry.check.difference, "f"),
            "facts": list(entry.check.facts),
            "places": [str(place) for place in entry.check.places],
            "words": list(entry.notes),
        }
        for group in report.groups
        for entry in group.entries
    ]
