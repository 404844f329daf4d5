"""The sample budget in an index of its own, and all that proofs are made of."""

from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from assistant.chain import Assistant, View
from assistant.compose import compose_figures
from assistant.fault import FaultName
from assistant.finding import Finding, Quote
from assistant.normalize import normalize
from assistant.outcome import Outcome
from assistant.prove import Reader, find_fault
from assistant.query import Query
from assistant.raw_document import Originals, RawDocument
from assistant.understand import understand
from index.fact import Fact
from index.read import read_budget
from index.store import Store

SAMPLE = Path(__file__).parents[1] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"


@dataclass(frozen=True)
class House:
    """The sample budget, indexed in a folder of its own."""

    store: Store
    assistant: Assistant
    view: View
    originals: Originals
    raw: RawDocument
    facts: dict[str, Fact]

    def fact(self, **parts: object) -> Fact:
        """The first fact whose fields are these."""
        return next(
            fact
            for fact in self.facts.values()
            if all(getattr(fact, name) == value for name, value in parts.items())
        )

    def query(self, question: str) -> Query:
        return understand(normalize(question), self.view.catalogue, self.view.vocabulary)

    def fault(
        self, query: Query, outcome: Outcome, answer: Answer, quotes: tuple[Quote, ...] = ()
    ) -> FaultName | None:
        catalogue = self.view.catalogue
        found = find_fault(query, outcome, answer, catalogue, Reader(self.originals), quotes)
        return found.name if found else None

    def composed(self, question: str, *findings: Finding) -> tuple[Query, Outcome, Answer]:
        query, outcome = self.query(question), Outcome(findings=findings)
        return query, outcome, compose_figures(query, outcome, self.view.catalogue)


def laid(folder: Path) -> House:
    content = SAMPLE.read_bytes()
    store = Store(folder)
    store.add(read_budget(SAMPLE.name, content), content)
    assistant = Assistant(folder)
    originals = Originals(store)
    raw = originals.document(SAMPLE.name)
    assert raw is not None
    facts = {fact.id: fact for fact in store.facts()}
    return House(store, assistant, assistant.view, originals, raw, facts)
