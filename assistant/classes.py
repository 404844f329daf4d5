"""A class of the official classification that a document does not print: from what it prints of it.

205, 20508 or 教育支出里的培训 where only 2050803 is printed: the sum of the printed parts, shown.
"""

import re
from collections.abc import Callable, Iterator

from assistant.calculate import compute
from assistant.catalogue import Catalogue, Entry, flat
from assistant.finding import Finding, Rule
from assistant.link import name_share
from assistant.naming import parts
from assistant.outcome import Outcome
from assistant.query import Query
from index.classification import code_of, kind_of, named_within, names, plain_code
from index.fact import Fact
from index.roll_up import RollUp, roll_up

WITHIN = re.compile("[里中内的]")
"""教育支出里的培训: a class, and a part of it by a word of its name."""
SHORTEST_CLASS = 4
"""培训, 医疗 are words of many classes."""


def unprinted(
    query: Query, catalogue: Catalogue, allowed: Callable[[Entry], bool]
) -> Outcome | None:
    """The sum of the printed parts of the class that the question names; None where it names no
    class, prints it itself, or prints no part."""
    for code in codes_asked(query):
        facts = [e.fact for e in catalogue.entries if e.main and of_class(e, query, allowed)]
        found = best(roll_up(code, facts), query, catalogue)
        if found is not None:
            return Outcome(findings=(summed(found), *parts(found.members)), listing=True)
    return None


def inner_codes(query: Query, catalogue: Catalogue) -> tuple[str, ...]:
    """教育支出里的培训: the code of the part, if the document prints it; the highest one."""
    text = flat(query.question.text)
    printed = {entry.fact.code for entry in catalogue.entries if entry.fact.code}
    for name in classes_in(text):
        word = part_named(text[text.find(name) + len(name) :])
        for code in code_of(name) if word else ():
            found = [item.code for item in named_within(code, word) if item.code in printed]
            if found:
                return (found[0],)
    return ()


def classes_in(text: str) -> list[str]:
    """Names of classes in a text, the longest first."""
    said = (name for name in map(flat, names()) if len(name) >= SHORTEST_CLASS and name in text)
    return sorted(said, key=len, reverse=True)


def of_class(entry: Entry, query: Query, allowed: Callable[[Entry], bool]) -> bool:
    scope = query.scope
    tables = not scope.tables or entry.fact.table in scope.tables
    units = not scope.units or entry.fact.unit_name in {unit.name for unit in scope.units}
    return bool(entry.fact.code) and tables and units


def codes_asked(query: Query) -> Iterator[str]:
    """By figures, by name, or by the name of a class and a word of a part of it."""
    yield from (plain_code(code) for code in query.scope.codes if kind_of(code))
    text = flat(query.question.text)
    for name in classes_in(text):
        rest = text[text.find(name) + len(name) :]
        for code in code_of(name):
            word = part_named(rest)
            inner = named_within(code, word) if word else ()
            yield from (item.code for item in inner[:1])
            yield code


def part_named(rest: str) -> str:
    """培训 of 里的培训多少: the word behind 里, without what asks."""
    found = re.match(
        r"[里中内]?(?:面|头)?的?([\u4e00-\u9fff]{2,8}?)(?=多少|是|有|预算|安排|一共|$)", rest
    )
    return found[1] if found and WITHIN.match(rest) else ""


def best(found: tuple[RollUp, ...], query: Query, catalogue: Catalogue) -> RollUp | None:
    """The whole department's, of the table whose title is said most, then that with most parts."""
    said = {gram for key in query.content.keys for gram in [key.word]}

    def rank(one: RollUp) -> tuple[bool, float, bool, int]:
        fact = one.members[0]
        title = round(name_share(flat(fact.title), said, catalogue), 2)
        return not fact.unit_name, title, fact.year in catalogue.years, len(one.members)

    return max(found, key=rank, default=None)


def summed(found: RollUp) -> Finding:
    label = f"{found.code} {found.name}".strip()
    return compute(Rule.SUM, found.members, f"{label}（文件印出的下级科目合计）")


def is_part_of(fact: Fact, code: str) -> bool:
    """Whether a figure may be counted to a class that was asked for by its code."""
    return bool(kind_of(code)) and plain_code(fact.code).startswith(plain_code(code))
