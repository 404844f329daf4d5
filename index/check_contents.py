"""The contents page against the tables: titles, tables announced and not printed, and reversed."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from index.arrange import ITEM, TABLE_NUMBER, table_number
from index.caption import names_table
from index.check_relations import relations
from index.check_words import where
from index.fact import Budget, Check, Outcome, Passage, PassageKind, Table, TableState
from index.words import NUMERAL, bare, key, squeeze

PART = re.compile(rf"^第[{NUMERAL}]+(?:部分|章|篇)")
POINT = re.compile(r"^\d{1,2}[.、．](?=(?:19|20)\d\d年)")
"""1. 2024年…, which without the space between reads like a decimal."""
BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
LIKE = 0.8
"""Two titles that share four fifths of their characters may name one table."""
YEAR = re.compile(r"^.*?\d{4}年度?")


def contents_checks(budget: Budget) -> Iterator[Check]:
    announced = tables_announced(budget.passages)
    printed = [t for t in budget.tables if t.state is not TableState.MISSING and t.title]
    pairs = _pairs(announced, printed)
    text = "\n".join(_body_words(budget)) if None in pairs else ""
    for (number, title, passage), table in zip(announced, pairs, strict=True):
        if table is not None:
            yield _title_check(title, passage, table)
        else:
            yield _missing(number, title, passage, titled=key(plain_title(title)) in text)
    found = {id(table) for table in pairs}
    for table in printed if announced else ():
        if id(table) not in found and table.number != table.title:
            yield _unannounced(table)


Announced = tuple[str, str, Passage]
"""Number (empty where none is given), title, line of the contents page."""


def tables_announced(passages: Sequence[Passage]) -> list[Announced]:
    """Each table that the contents page lists: by its number, or under a part of tables, or by
    how its title ends."""
    found: list[Announced] = []
    inside = False
    for passage in passages:
        if passage.kind is not PassageKind.CONTENTS:
            continue
        flat = re.sub(r"[.…·\s]*\d*$", "", squeeze(passage.text))
        title = bare(POINT.sub("", flat))
        if PART.match(flat):
            inside = flat.endswith("表")
        elif match := TABLE_NUMBER.match(flat):
            found.append((table_number(match[1]), match[2], passage))
        elif inside and (item := ITEM.match(flat)):
            found.append((f"表{item.group()[:-1]}", flat[item.end() :], passage))
        elif names_table(title) and plain_title(title) not in relations().contents_heads:
            found.append(("", title, passage))
    return found


def _pairs(announced: Sequence[Announced], printed: Sequence[Table]) -> list[Table | None]:
    """The printed table of each line: by its number, by its title, by the title most like it."""
    by_number = {table.number: table for table in reversed(printed)}
    found = [by_number.get(number) or _titled(title, printed) for number, title, _ in announced]
    taken = {id(table) for table in found}
    for at, (_, title, _) in enumerate(announced):
        rest = [table for table in printed if id(table) not in taken]
        if found[at] is None and rest:
            best = max(rest, key=lambda table: _likeness(title, table.title))
            if _likeness(title, best.title) >= LIKE:
                found[at] = best
                taken.add(id(best))
    return found


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, plain_title(left), plain_title(right)).ratio()


def _titled(title: str, tables: Sequence[Table]) -> Table | None:
    return next((table for table in tables if plain_title(table.title) == plain_title(title)), None)


def _body_words(budget: Budget) -> Iterator[str]:
    """The text beside the contents page and the first cells of the tables, to look titles up."""
    for passage in budget.passages:
        if passage.kind is not PassageKind.CONTENTS:
            yield key(passage.text)
    for table in budget.tables:
        yield from (key(cell.text) for row in table.rows for cell in row[:1])


def plain_title(title: str) -> str:
    """The key of a title without the year, before it the institution, or behind it in brackets.

    >>> plain_title("某局2023年部门收支总表"), plain_title("部门收支总表（2023年度）")
    ('部门收支总表', '部门收支总表')
    """
    flat = squeeze(title)
    bracket = BRACKETS.search(flat)
    if bracket and re.search(r"\d{4}年", bracket.group()):
        flat = flat[: bracket.start()]
    return key(YEAR.sub("", flat) or flat)


def _title_check(title: str, passage: Passage, table: Table) -> Check:
    same = plain_title(title) == plain_title(table.title)
    line = where([passage.place])
    return Check(
        name="contents",
        outcome=Outcome.HOLDS if same else Outcome.DIFFERS,
        what=f"目录{line}“{title}”与{table.number}（{where([table.place])}）的表题"
        + ("一致" if same else f"“{table.title}”不一致"),
        expression=f"{title} {'=' if same else '≠'} {table.title}",
        places=(passage.place, table.place),
    )


def _missing(number: str, title: str, passage: Passage, *, titled: bool) -> Check:
    name = f"{number}“{title}”"
    words = f"目录{where([passage.place])}列有{name}，"
    words += "正文有这个标题，但没有读到它的表格" if titled else "正文中没有这张表"
    return Check(
        name="contents",
        outcome=Outcome.UNCHECKED if titled else Outcome.DIFFERS,
        what=words,
        expression=f"{number} {title}".strip(),
        places=(passage.place,),
    )


def _unannounced(table: Table) -> Check:
    return Check(
        name="contents",
        outcome=Outcome.DIFFERS,
        what=f"{table.number}“{table.title}”（{where([table.place])}）没有列入目录",
        expression=f"{table.number} {table.title}",
        places=(table.place,),
    )
