"""What a lookup comes to: findings, or an absence with what was nearest."""

from dataclasses import dataclass

from assistant.finding import Absence, Finding
from assistant.link import Match
from assistant.select import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    findings: tuple[Finding, ...] = ()
    absence: Absence | None = None
    matches: tuple[Match, ...] = ()
    """What was linked, the best first; for an absence the nearest labels."""
    listing: bool = False
    choices: tuple[Choice, ...] = ()
    others: int = 0
    """Figures of the same name not shown."""
    covered: float = 0.0
