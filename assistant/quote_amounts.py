"""Amounts that a question says (那35.6万) → the sentences and projects that have them."""

from decimal import Decimal

import numpy as np
import numpy.typing as npt

from assistant.calculate import FACTORS
from assistant.catalogue import Catalogue, flat
from assistant.mention import Amount
from assistant.query import Query
from assistant.quote_sayings import Sayings

BELOW, ABOVE = Decimal("0.9"), Decimal("1.5")
"""快两千万 may be 1950.5万元, 两百多万 231.4万元: how far an amount said roughly may lie from
the one printed, as a part of itself."""
ROUGH = 0.5
"""What an amount said roughly, or printed in the first sentence of the paragraph, counts."""


def saying_amounts(query: Query, sayings: Sayings, catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """1 a saying that prints an amount of the question (or belongs to a project that has it),
    less where the amount is only about the same."""
    amounts = [m.value for m in query.mentions if isinstance(m.value, Amount)]
    exact = [amount for amount in amounts if not amount.about]
    rough = [amount for amount in amounts if amount.about and amount.unit in FACTORS]
    found = np.zeros(len(sayings))
    if not exact and not rough:
        return found
    labels = labels_of(exact, catalogue)
    for saying in sayings.listed:
        printed = sayings.amounts[saying.at]
        if flat(saying.passage.title) in labels or any(_same(p, a) for p in printed for a in exact):
            found[saying.at] = 1.0
        elif found[saying.first] == 1.0 or any(_near(p, a) for p in printed for a in rough):
            found[saying.at] = ROUGH
    return found


def labels_of(amounts: list[Amount], catalogue: Catalogue) -> set[str]:
    """The flat labels of the table rows that print one of the amounts."""
    return {
        flat(entry.fact.label)
        for entry in catalogue.entries
        if entry.fact.table
        and entry.fact.value is not None
        and any(_same((entry.fact.value, entry.fact.unit), amount) for amount in amounts)
    }


def _same(printed: tuple[Decimal, str], amount: Amount) -> bool:
    """Equal in yuan; a number said without unit is in the unit printed."""
    value, unit = printed
    if amount.unit in FACTORS and unit in FACTORS:
        return value * FACTORS[unit] == amount.value * FACTORS[amount.unit]
    return not amount.unit and value == amount.value and value != int(value)


def _near(printed: tuple[Decimal, str], amount: Amount) -> bool:
    value, unit = printed
    if unit not in FACTORS:
        return False
    said = amount.value * FACTORS[amount.unit]
    return BELOW * said <= value * FACTORS[unit] <= ABOVE * said
