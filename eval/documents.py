"""Documents as the index reads them, each once in a run."""

from functools import cache
from pathlib import Path

from index.fact import Budget


@cache
def read(document: Path) -> Budget:
    """Raises BudgetError when the document cannot be read."""
    # Reading loads the readers of every format, which --help need not wait for.
    from index.read import read_budget

    return read_budget(document.name, document.read_bytes())
