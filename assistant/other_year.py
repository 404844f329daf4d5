"""The figure of another year, as a column of that year prints it in the row that is asked for."""

import re
from collections.abc import Iterator, Sequence

from assistant.calculate import cell
from assistant.catalogue import Catalogue, Entry, is_change_head
from assistant.finding import Absence
from assistant.link import Match
from assistant.outcome import Outcome
from assistant.query import Query
from assistant.select import Choice
from index.fact import Fact, Kind
from index.years import relative_year, year_spans

RELATIVE = re.compile("^(?:上年度?|本年度?|当年|去年|前年度?|今年)")


def asked_year(query: Query, catalogue: Catalogue) -> int | None:
    """The year before the document's, or one that a column may be of."""
    own = max((year for year in catalogue.years if year is not None), default=None)
    if query.last_year and own is not None:
        return own - 1
    return query.other_year


def printed_year(query: Query, choices: Sequence[Choice], catalogue: Catalogue) -> Outcome | None:
    """The cell of that year, or that it is blank; None where no column is of it."""
    year = asked_year(query, catalogue)
    if year is None or len(choices) != 1:
        return None
    for match in (*choices[0].matches, *choices[0].near):
        for entry in beside(match.entry, year, catalogue):
            if entry.kind is Kind.BLANK:
                blank = Match(entry=entry, mask=0, item_mask=0, covered=1.0, named=1.0)
                return Outcome(absence=Absence.BLANK, matches=(blank,))
            return Outcome(findings=(cell(entry.fact),), matches=choices[0].matches)
    return None


def beside(entry: Entry, year: int, catalogue: Catalogue) -> Iterator[Entry]:
    """Cells of the row in the column of that year that is otherwise headed alike."""
    fact = entry.fact
    if not fact.table or fact.year == year:
        return
    row = catalogue.table_rows[fact.document, fact.table, fact.row]
    found = [e for e in row if e.fact.year == year and not is_change_head(e.fact.column[-1])]
    alike = [e for e in found if dateless(e.fact) == dateless(fact)]
    yield from alike or (found if len(found) == 1 else [])


def dateless(fact: Fact) -> tuple[str, ...]:
    """The head's words without the years in them."""
    return tuple(map(without_year, fact.column))


def without_year(word: str) -> str:
    for start, end in reversed(year_spans(word)):
        word = word[:start] + word[end:]
    return RELATIVE.sub("", word) if relative_year(word) is not None else word.removeprefix("度")
