"""What figures are called in a computed one, and figures shown beside it."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.calculate import cell
from assistant.catalogue import flat
from assistant.finding import Finding
from index.fact import Fact, RowKind
from index.totals import names_its_whole


def parts(facts: Sequence[Fact]) -> tuple[Finding, ...]:
    return tuple(replace(cell(fact), supporting=True) for fact in facts)


def table_name(number: str, title: str) -> str:
    """表八 收支总表; a table without a number bears its title once, with what tells it from others
    of that title (收支总表（2）).

    >>> table_name("表八", "收支总表"), table_name("收支总表（2）", "收支总表")
    ('表八 收支总表', '收支总表（2）')
    """
    return number if title and number.startswith(title) else f"{number} {title}".strip()


def name(fact: Fact) -> str:
    """What a figure is called in the label of a computed one."""
    whole = fact.row_kind in (RowKind.TOTAL, RowKind.UNIT) and bool(fact.table)
    whole = whole and not names_its_whole(fact.label)
    words = [word for word in fact.column if flat(word) not in ("合计", "小计", "预算数", "金额")]
    if whole:
        return words[-1] if words else f"{fact.title}{fact.label}"
    return fact.label
