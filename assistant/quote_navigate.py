"""Where something stands in a document: its parts, a table, a heading, the list of its units."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from assistant.catalogue import Catalogue, flat
from assistant.finding import Quote
from assistant.lexicon import choice
from assistant.link import link
from assistant.query import Query
from assistant.quote_ask import content_words, cues_of, part_of
from assistant.quote_cues import cues
from assistant.quote_match import match
from assistant.quote_place import headline
from assistant.quote_sayings import Field, Saying, Sayings, index_of
from assistant.quote_words import Sort, Word
from assistant.vocabulary import Vocabulary
from index.fact import Passage, PassageKind, Table, TableState

PART = re.compile(r"^\s*第[一二三四五六七八九十]+部分")
FOUND = 0.6
"""Share of the question that a title must explain; below it the figures' own tables are asked."""
NAMED = 0.15
"""What it adds that the question says all of a title: of two tables that both hold the words, the
one that is called so."""
EMPTY = 0.1
"""What a table without figures loses against one with."""
LINKED = 0.75
"""Share of the question that a figure must explain for its table to be named."""
WHOLE = ("整体", "部门")
SEVERAL = 0.15
"""Titles so near the best are meant too, where several are asked for."""
SEVERAL_ASKED = re.compile(r"哪[几些两二三四五六]|which tables|what tables")


def navigate(query: Query, catalogue: Catalogue, vocabulary: Vocabulary) -> tuple[Quote, ...]:
    """The titles, headings or names that answer where; empty if nothing of that is asked."""
    asked = cues_of(query)
    if "empty" in asked and "table" in asked:
        return empty_tables(catalogue.tables)
    words = [word for word in content_words(query, vocabulary) if not word.quiet]
    if "parts" in asked and not words and "section" not in asked:
        return parts(catalogue.passages)
    if part_of(query.question.text) and not words:
        return part_named(catalogue.passages, part_of(query.question.text))
    if "units" in asked and not asked & {"place", "section", "table"} and lists_units(words):
        return units(catalogue)
    if not asked & {"place", "section", "table"} or not asks_document(query):
        return ()
    if not words and "glossary" in asked:
        return glossary(catalogue.passages)
    return places(query, words, asked, catalogue)


def asks_document(query: Query) -> bool:
    """在哪里 of a place in the document, not of one in the world."""
    return bool(cues()["written"].asks.search(query.question.text))


def parts(passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """The parts that the contents list; without contents, the headings of the body."""
    for kind in (PassageKind.CONTENTS, PassageKind.HEADING):
        found = [p for p in passages if p.kind is kind and PART.match(p.text)]
        if found:
            first = found[0].document
            return tuple(headline(p, p.text) for p in found if p.document == first)
    return ()


def part_named(passages: Sequence[Passage], part: str) -> tuple[Quote, ...]:
    for kind in (PassageKind.HEADING, PassageKind.CONTENTS):
        for passage in passages:
            if passage.kind is kind and flat(passage.text).startswith(part):
                return (headline(passage, passage.text),)
    return ()


def glossary(passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """The heading of the part that explains terms."""
    for passage in passages:
        if passage.kind is PassageKind.DEFINITION and passage.section:
            return part_named(passages, passage.section.split()[0])
    return ()


def empty_tables(tables: Sequence[Table]) -> tuple[Quote, ...]:
    """The title of each table that is printed without figures, and the note that says so."""
    found: list[Quote] = []
    for table in tables:
        if table.state is not TableState.EMPTY or not (table.unit or table.note):
            continue  # a table of names has no figures to lack
        found.append(headline(table_passage(table), name_of(table)))
        if table.note and table.place.line is not None:
            end = replace(table.place, line=table.place.line_end, field=None)
            found.append(Quote(text=table.note, passage=replace(table_passage(table), place=end)))
    return tuple(found)


def name_of(table: Table) -> str:
    """Number and title, as `title_of` a passage."""
    if table.place.line is None and table.title:
        return table.title
    return " ".join(dict.fromkeys(filter(None, (table.number, table.title))))


def title_of(passage: Passage) -> str:
    """Number and title of a table as they are printed together; a table without a number has its
    title for one, and outside of text files the number may stand in another place."""
    bare = passage.title.removeprefix(f"{passage.table} ")
    return bare if bare.startswith(passage.table) or passage.place.line is None else passage.title


def table_passage(table: Table) -> Passage:
    return Passage(
        id=f"table/{table.number}",
        document=table.document,
        kind=PassageKind.TABLE,
        section=table.section,
        title=name_of(table),
        text=name_of(table),
        place=table.place,
        table=table.number,
    )


def lists_units(words: Sequence[Word]) -> bool:
    """Nothing else is asked about than the units themselves."""
    said = choice(cues()["units"].said)
    return all(re.fullmatch(f"{said}+", word.text) for word in words)


def units(catalogue: Catalogue) -> tuple[Quote, ...]:
    """The budget units where one table or paragraph names them all, the shortest one."""
    names = [unit.name for unit in catalogue.units if not unit.whole]
    best: tuple[Quote, ...] = ()
    for table in sorted(catalogue.tables, key=lambda table: len(table.rows)):
        cells = {flat(cell.text): cell for row in table.rows for cell in row if not cell.blank}
        held = [cells[flat(name)] for name in names if flat(name) in cells]
        if len(held) > len(best):
            base = table_passage(table)
            best = tuple(
                Quote(text=cell.text.strip(), passage=replace(base, place=cell.place))
                for cell in held
            )
    return best


@lru_cache(maxsize=24)
def titles_of(catalogue: Catalogue) -> Sayings:
    """Tables and headings, to be found by their titles."""
    listed: list[Saying] = []
    for passage in catalogue.passages:
        if passage.kind not in (PassageKind.TABLE, PassageKind.HEADING):
            continue
        text = title_of(passage) if passage.kind is PassageKind.TABLE else passage.text
        if flat(text):
            at = len(listed)
            fields = (flat(text), *("" for _ in list(Field)[1:]))
            listed.append(
                Saying(
                    at=at,
                    passage=replace(passage, text=text),
                    start=0,
                    end=len(text),
                    first=at,
                    head=at,
                    fields=fields,
                )
            )
    return index_of(listed)


def places(
    query: Query, words: Sequence[Word], asked: frozenset[str], catalogue: Catalogue
) -> tuple[Quote, ...]:
    """The table or heading whose title is asked about, else the table of the figure named."""
    titles = titles_of(catalogue)
    words = [word for word in words if word.text not in cues()["self"].words] or words
    if query.scope.whole:
        words = (*words, _whole_word())
    matched = match(words, titles)
    score = matched.covered * np.array([_kind_fits(s, asked) for s in titles.listed])
    found = score >= FOUND
    score = score + NAMED * np.array([_named(s, words) for s in titles.listed])
    empty = {(t.document, t.number) for t in catalogue.tables if t.state is TableState.EMPTY}
    score -= EMPTY * np.array(
        [(s.passage.document, s.passage.table) in empty for s in titles.listed]
    )
    score = np.where(found, score, 0.0)
    if len(score) and score.max() > 0:
        near = SEVERAL if SEVERAL_ASKED.search(query.question.text) else 0.0
        best = [titles.listed[at] for at in np.flatnonzero(score >= score.max() - near)]
        return tuple(headline(s.passage, s.text) for s in (best if near else best[:1]))
    return table_of_figure(query, catalogue) if "table" in asked else ()


def _whole_word() -> Word:
    """The department as a whole is named (department-wide): titles say 整体 or 部门."""
    readings = tuple((word, 1.0) for word in WHOLE)
    return Word(start=0, end=0, text=WHOLE[0], readings=readings, sort=Sort.NAME)


def _kind_fits(saying: Saying, asked: frozenset[str]) -> bool:
    if "table" in asked:
        return saying.kind is PassageKind.TABLE
    return "section" not in asked or saying.kind is PassageKind.HEADING


def _named(saying: Saying, words: Iterable[Word]) -> float:
    """Share of the title's characters that the question says."""
    title = saying.fields[Field.TEXT]
    said = {
        at
        for word in words
        for reading, _ in word.readings
        for found in re.finditer(re.escape(reading), title)
        for at in range(*found.span())
    }
    return len(said) / len(title)


def table_of_figure(query: Query, catalogue: Catalogue) -> tuple[Quote, ...]:
    """The table with the figure that the question names."""
    for found in link(query.content, catalogue, lambda entry: bool(entry.fact.table)):
        if found.covered < LINKED:
            return ()
        fact = found.entry.fact
        for table in catalogue.tables:
            if (table.document, table.number) == (fact.document, fact.table):
                return (headline(table_passage(table), name_of(table)),)
    return ()
