"""The contents page against the tables: titles, tables announced and not printed, and reversed."""

import re
from collections.abc import Iterator, Sequence

from index.arrange import ITEM, TABLE_NUMBER, table_number
from index.check_words import where
from index.fact import Budget, Check, Outcome, Passage, PassageKind, Table, TableState
from index.words import NUMERAL, key, squeeze

PART = re.compile(rf"^第[{NUMERAL}]+(?:部分|章|篇)")
BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
YEAR = re.compile(r"^.*?\d{4}年度?")


def contents_checks(budget: Budget) -> Iterator[Check]:
    announced = tables_announced(budget.passages)
    printed = [t for t in budget.tables if t.state is not TableState.MISSING and t.title]
    by_number = {table.number: table for table in printed}
    found: set[str] = set()
    for number, title, passage in announced:
        table = by_number.get(number) or _titled(title, printed)
        if table is None:
            yield _missing(number, title, passage)
        else:
            found.add(table.number)
            yield _title_check(title, passage, table)
    for table in printed if announced else ():
        if table.number not in found and table.number != table.title:
            yield _unannounced(table)


def tables_announced(passages: Sequence[Passage]) -> list[tuple[str, str, Passage]]:
    """Number, title and line of each table that the contents page lists under a part of tables."""
    found: list[tuple[str, str, Passage]] = []
    inside = False
    for passage in passages:
        if passage.kind is not PassageKind.CONTENTS:
            continue
        flat = re.sub(r"[.…·\s]*\d*$", "", squeeze(passage.text))
        if PART.match(flat):
            inside = flat.endswith("表")
        elif match := TABLE_NUMBER.match(flat):
            found.append((table_number(match[1]), match[2], passage))
        elif inside and (item := ITEM.match(flat)):
            found.append((f"表{item.group()[:-1]}", flat[item.end() :], passage))
    return found


def _titled(title: str, tables: Sequence[Table]) -> Table | None:
    return next((table for table in tables if plain_title(table.title) == plain_title(title)), None)


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


def _missing(number: str, title: str, passage: Passage) -> Check:
    return Check(
        name="contents",
        outcome=Outcome.DIFFERS,
        what=f"目录{where([passage.place])}列有{number}“{title}”，正文中没有这张表",
        expression=f"{number} {title}",
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
