"""Questions over two or more tables: what each table is asked for, then the comparison."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.calculate import comparable, compute
from assistant.catalogue import Catalogue, Entry
from assistant.finding import Finding, Rule
from assistant.mention import OperationName as Op
from assistant.mention import TableRef
from assistant.naming import name, parts
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.scope import table_numbers
from assistant.segment import LIGHT, mask_of, restricted
from assistant.select import choose
from index.fact import Fact, RowKind

Span = tuple[int, int]

COVERED = 0.7


def of_tables(
    query: Query, catalogue: Catalogue, filter_of: Callable[[Query], Callable[[Entry], bool]]
) -> Outcome | None:
    """A fact for each table named, from the words behind its name; None if one finds nothing."""
    facts: list[Fact] = []
    for table, span in stretches(query, catalogue):
        scope = replace(query.scope, tables=(table,))
        fact = fact_in(replace(query, scope=scope), span, catalogue, filter_of)
        if fact is None:
            return None
        facts.append(fact)
    if len(facts) < 2 or not comparable(facts):
        return None
    shown = tuple(replace(finding, supporting=False) for finding in parts(facts))
    return Outcome(findings=(*computed(query, facts), *shown))


def computed(query: Query, facts: Sequence[Fact]) -> tuple[Finding, ...]:
    if not query.has(Op.DIFFERENCE, Op.EXCLUDE) or len(facts) < 2:
        return ()
    label = f"{name(facts[0])}－{name(facts[1])}"
    return (compute(Rule.DIFFERENCE, tuple(facts[:2]), label),)


def stretches(query: Query, catalogue: Catalogue) -> list[tuple[str, Span]]:
    """(table, the stretch of the question from its name to the next one's)."""
    marks = [m for m in query.mentions if isinstance(m.value, TableRef)]
    ends = [m.start for m in marks[1:]] + [len(query.question.text)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        assert isinstance(mark.value, TableRef)
        numbers = table_numbers(mark.value.number, catalogue)
        if numbers:
            found.append((numbers[0], (mark.end, end)))
    return found


def fact_in(
    query: Query,
    span: Span,
    catalogue: Catalogue,
    filter_of: Callable[[Query], Callable[[Entry], bool]],
) -> Fact | None:
    """What the stretch names in the table; its total where it names nothing."""
    allowed = filter_of(query)
    if query.content.weigh(mask_of(span)) <= LIGHT * query.content.total:
        return next(
            (
                e.fact
                for e in catalogue.entries
                if e.main
                and e.fact.row_kind is RowKind.TOTAL
                and e.fact.value is not None
                and query.scope.tables == (e.fact.table,)
            ),
            None,
        )
    content = restricted(query.content, span)
    choices = choose(content, catalogue, query.want, allowed, several=False)
    if not choices or choices[0].best.covered < COVERED:
        return None
    return next((fact for fact in choices[0].facts if fact.value is not None), None)
