"""勾稽: equations between the figures of a budget, and whether they hold.

The steps: facts → rows and sides (`check_rows`) → sums in a table (`check_sums` down,
`check_columns` across, `check_found` told by the figures alone, `check_goals`) → table to table
(`check_tables`, by `lexicons/relations.toml`; `check_series`, by equality found) → text to table
(`check_prose`) → inside the text (`check_prose_sums`, `check_prose_rates`) → counts
(`check_counts`) → names (`check_names`, `check_contents`). `check_report` words them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.check_columns import change_checks, row_sums
from index.check_contents import contents_checks
from index.check_counts import count_checks
from index.check_found import found_checks
from index.check_goals import goal_checks
from index.check_names import name_checks
from index.check_prose import prose_checks, text_of
from index.check_prose_sums import text_checks
from index.check_rows import Side, book_of
from index.check_series import series_checks
from index.check_sums import column_sums, repeats
from index.check_tables import table_checks
from index.check_words import TAIL
from index.fact import Budget, Check, Fact, Outcome

SUMS = (
    "repeat",
    "column sum",
    "row sum",
    "change",
    "table to table",
    "prose to table",
    "prose sum",
    "prose twice",
    "share",
    "count",
)
"""Checks of figures: where one fails, a figure in it is wrong."""
TABLE_SUMS = ("column sum", "row sum", "table to table")
"""Reasons of which one is enough for the same cells."""


LOCATED = 3
"""So many cells may be doubted for one failed sum beside its whole."""

EXACT = 30
"""So many sums of several parts tie for each that does not, where figures are not rounded."""


def check(budget: Budget) -> tuple[Check, ...]:
    """Every relation that was found, in the order of the steps, each once."""
    book = book_of(budget)
    text = text_of(book)
    found = (
        *(check for side in book.sides for check in sum_checks(side)),
        *goal_checks(book.sides, budget.facts),
        *table_checks(book),
        *series_checks(book),
        *prose_checks(text),
        *text_checks(budget),
        *count_checks(text),
        *name_checks(book),
        *contents_checks(budget),
    )
    return tuple({_identity(check): check for check in reversed(found)}.values())[::-1]


def sum_checks(side: Side) -> tuple[Check, ...]:
    """All sums inside one side of a table; of goal tables only those across a row."""
    rows = (*row_sums(side), *change_checks(side))
    if side.goals:
        return rows
    found = found_checks(side)
    told = {check.facts[0] for check in found}
    rows = tuple(c for c in rows if c.outcome is not Outcome.UNCHECKED or c.facts[0] not in told)
    return (*repeats(side), *column_sums(side), *rows, *found)


def _identity(check: Check) -> tuple[str, object]:
    """The same figures are held against each other once, under the first of the reasons."""
    name = "sum" if check.name in TABLE_SUMS else check.name
    return name, frozenset(check.facts) or check.what


def mark_doubts(budget: Budget) -> Budget:
    """`budget` with `doubt` set in the cells of failed sums.

    Of the cells of a failed sum those are doubtful that no other relation confirms (where all are
    confirmed, all), and of these those in most failed sums. Where these are many and nothing
    confirms the whole, the whole alone: it does not agree with its parts. A difference that
    rounding explains is no doubt, and confirms.
    """
    failed = without_rounding(budget.checks)
    wrong = {id(check) for check in failed}
    fails = Counter(name for check in failed for name in set(check.facts))
    holds = Counter(
        name
        for check in budget.checks
        if check.name in SUMS and id(check) not in wrong
        if check.outcome is Outcome.HOLDS or _fails(check)
        for name in set(check.facts)
    )
    doubts: dict[str, list[str]] = {}
    for check in failed:
        for name in suspects(check, holds, fails):
            doubts.setdefault(name, []).append(_doubt(check))
    return replace(budget, facts=tuple(_marked(fact, doubts) for fact in budget.facts))


def suspects(check: Check, holds: Mapping[str, int], fails: Mapping[str, int]) -> tuple[str, ...]:
    """Ids of the facts of a failed check that are to be doubted."""
    alone = [name for name in check.facts if not holds.get(name)] or check.facts
    standing = {name: fails.get(name, 0) - holds.get(name, 0) for name in alone}
    worst = tuple(name for name in alone if standing[name] == max(standing.values()))
    unlocated = len(worst) > LOCATED and check.facts[0] in worst
    return check.facts[:1] if unlocated else worst


def _fails(check: Check) -> bool:
    return check.outcome is Outcome.DIFFERS and check.name in SUMS


def without_rounding(checks: Sequence[Check]) -> list[Check]:
    """The failed sums, without those that rounding explains.

    In a budget of rounded figures some hundredths are lost in many sums. Where nearly all sums of
    several parts tie, and one figure is in all that do not, that figure is wrong.
    """
    failed = [check for check in checks if _fails(check)]
    tails = [check for check in failed if TAIL in check.what]
    exact = sum(c.outcome is Outcome.HOLDS and c.name in SUMS and _parts(c) > 1 for c in checks)
    shared = set.intersection(*(set(check.facts) for check in tails)) if tails else set()
    rounded = not shared or exact < len(tails) * EXACT
    return [check for check in failed if not (rounded and check in tails)]


def _parts(check: Check) -> int:
    return len(check.facts) - 1


def _doubt(check: Check) -> str:
    return f"{check.what}，相差 {check.difference:f}" if check.difference else check.what


def _marked(fact: Fact, doubts: Mapping[str, Sequence[str]]) -> Fact:
    found = [doubt for doubt in doubts.get(fact.id, ()) if doubt not in fact.doubt]
    return replace(fact, doubt="；".join(filter(None, (fact.doubt, *found)))) if found else fact
