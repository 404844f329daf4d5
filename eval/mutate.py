"""One cell of a document changed, or one row taken out: exactly the answers that use it change.

A figure that an assistant has learned by heart, or takes from elsewhere than it says, stays.
"""

import os
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answer import Answer, Citation, Status
from eval.dataset import AnswerType, Dialogue, Question, decimals
from eval.rename_text import NUMBER
from eval.run import Conversation
from eval.score import Verdict, grade
from index.build import Status as Reading
from index.build import add_paths
from index.embed import MODEL_VARIABLE
from index.errors import BudgetError
from index.fact import Budget, Fact, Kind, RowKind

NO_MODEL = "/nowhere"
STEPS = (1, 2, 3, 7)
"""By how many units of its last figure a cell moves: too little to change a ranking."""
CITED = 0.8
"""The share of mutations in cells that some answer cites; the others nobody may notice."""
CRASH = "crash: "
ROWS = (RowKind.PROJECT, RowKind.ITEM)

Answers = Mapping[str, Answer]
"""Question → its answer."""


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A change of one line of the text."""

    line: int
    old: str
    """The printed number; empty where the row goes."""
    new: str
    fact: Fact
    asked: tuple[str, ...] = ()
    """A row that goes: the questions that then have no answer."""

    def __str__(self) -> str:
        what = f"{self.old} → {self.new}" if self.old else "taken out"
        return f"line {self.line} {self.fact.table} {self.fact.label}: {what}"

    def apply(self, text: str) -> str:
        """The text with the change; all lines stay where they are."""
        lines = text.split("\n")
        cells = lines[self.line - 1].split("\t")
        at = self.fact.place.field or 0
        cells[at] = cells[at].replace(self.old, self.new) if self.old else cells[at]
        lines[self.line - 1] = "\t".join(cells) if self.old else ""
        return "\n".join(lines)


def cell_mutations(
    budget: Budget, answers: Answers, count: int, rng: random.Random
) -> tuple[Mutation, ...]:
    """Cells of tables, most of them cited by some answer."""
    cited = {line for answer in answers.values() for c in answer.citations for line in _lines(c)}
    cells = [m for fact in budget.facts if (m := _moved(fact, budget, rng)) is not None]
    known = [cell for cell in cells if cell.line in cited]
    unknown = [cell for cell in cells if cell.line not in cited]
    share = min(len(known), round(count * CITED))
    chosen = rng.sample(known, share)
    return tuple(chosen + rng.sample(unknown, min(len(unknown), count - share)))


def _moved(fact: Fact, budget: Budget, rng: random.Random) -> Mutation | None:
    """The cell of a fact with a value next to its own that no cell of its column holds."""
    number = NUMBER.search(fact.printed)
    if number is None or not fact.value or fact.place.field is None or fact.place.line is None:
        return None
    if fact.kind not in (Kind.MONEY, Kind.TARGET) or fact.value == 100:
        return None
    digits = decimals(Decimal(number[0].replace(",", "")))
    others = {f.value for f in budget.facts if f.table == fact.table and f.column == fact.column}
    value = abs(fact.value) + rng.choice(STEPS) * Decimal(1).scaleb(-digits)
    if value in others or any(fact.value < o < value for o in others if o is not None):
        return None
    new = f"{value:{',' if ',' in number[0] else ''}.{digits}f}"
    return Mutation(line=fact.place.line, old=number[0], new=new, fact=fact)


def row_mutations(
    budget: Budget, dialogues: Iterable[Dialogue], answers: Answers, rng: random.Random
) -> tuple[Mutation, ...]:
    """Rows that alone answer a question which is answered rightly."""
    found = []
    for dialogue in dialogues:
        (question, *more) = dialogue.turns
        fact = _only_row(question, budget)
        if more or fact is None or fact.place.line is None:
            continue
        if grade(question, answers[question.id]).verdict is Verdict.RIGHT:
            row = Mutation(line=fact.place.line, old="", new="", fact=fact, asked=(question.id,))
            found.append(row)
    rng.shuffle(found)
    return tuple(found)


def _only_row(question: Question, budget: Budget) -> Fact | None:
    """The one row that the answer stands in, if its label stands in no other one."""
    lines = {place.line for place in question.evidence}
    if question.key.type is not AnswerType.NUMBER or len(lines) != 1:
        return None
    expected = question.key.figures[0]
    if expected.calculated:
        return None
    rows = [f for f in budget.facts if f.place.line in lines and f.value == expected.value]
    same = {f.place.line for f in budget.facts for row in rows if f.label == row.label}
    return rows[0] if len(same) == 1 and rows[0].row_kind in ROWS else None


def judge(mutation: Mutation, before: Answers, after: Answers, doubtful: set[int]) -> Iterator[str]:
    """What is amiss with the answers after a mutation, in words.

    `doubtful`: lines of figures that a sum no longer confirms; answers may say so.
    """
    for name, old in before.items():
        new, touched = after[name], any(doubtful & _lines(c) for c in old.citations)
        if new.text.startswith(CRASH) and not old.text.startswith(CRASH):
            yield f"{name}: {new.text}"
        elif name in mutation.asked:
            if new.status is not Status.NOT_FOUND:
                yield f"{name}: {new.status.value}, although its row is gone: {new.text[:60]}"
        elif uses(old, mutation):
            if plain(old) == plain(new):
                yield f"{name}: unchanged, although it cites the cell"
        elif plain(old) != plain(new) and not touched and not _names(old, mutation):
            yield f"{name}: changed, although it does not use it: {_difference(old, new)}"


def uses(answer: Answer, mutation: Mutation) -> bool:
    """Whether a citation of the answer quotes the changed cell (or the row that goes)."""
    if not mutation.old:
        return False
    number = re.compile(rf"(?<![\d.,]){re.escape(mutation.old)}(?![\d,]*\d|\.\d)")
    figures = {at for f in answer.figures if number.search(f.printed) for at in f.citations}
    return any(
        mutation.line in _lines(citation) and number.search(citation.quote) and at in figures
        for at, citation in enumerate(answer.citations)
    )


def _names(answer: Answer, mutation: Mutation) -> bool:
    """Whether the answer cites the line, or names the row that goes as one of the nearest."""
    cited = any(mutation.line in _lines(citation) for citation in answer.citations)
    said = "\n".join((answer.text, *answer.notes, *answer.suggestions))
    return cited or (not mutation.old and mutation.fact.label in said)


def _lines(citation: Citation) -> set[int]:
    if citation.line is None:
        return set()
    return set(range(citation.line, (citation.line_end or citation.line) + 1))


def plain(answer: Answer) -> dict[str, object]:
    """An answer without what may differ from run to run."""
    return asdict(replace(answer, seconds=0.0, explanation=()))


def _difference(old: Answer, new: Answer) -> str:
    before, after = plain(old), plain(new)
    names = [name for name in before if before[name] != after[name]]
    return f"{', '.join(names)}: {str(before[names[0]])[:80]} → {str(after[names[0]])[:80]}"


@contextmanager
def without_model() -> Iterator[None]:
    """Reads and answers by words alone, which is quick; what they answer is the same."""
    before = os.environ.get(MODEL_VARIABLE)
    os.environ[MODEL_VARIABLE] = NO_MODEL
    try:
        yield
    finally:
        del os.environ[MODEL_VARIABLE]
        if before is not None:
            os.environ[MODEL_VARIABLE] = before


def answers_over(name: str, text: str, dialogues: Sequence[Dialogue]) -> dict[str, Answer]:
    """Every question asked of an assistant that has only this text, by words alone.

    Raises BudgetError if the text cannot be indexed.
    """
    from assistant.chain import Assistant
    from assistant.retrieve import PassageRetriever

    with without_model(), TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        (report,) = add_paths([path], Path(folder) / "index")
        if report.status is Reading.FAILED:
            raise BudgetError(report.message)
        assistant = Assistant(Path(folder) / "index")
        assistant.retriever = PassageRetriever(store=assistant.store, dense=False)
        answers = {}
        for dialogue in dialogues:
            conversation = assistant.conversation()
            for question in dialogue.turns:
                answers[question.id] = _ask(conversation, question.text)
        return answers


def _ask(conversation: Conversation, text: str) -> Answer:
    """A crash is an answer too, unlike any other."""
    try:
        return conversation.ask(text)
    except Exception as error:
        said = f"{CRASH}{type(error).__name__}: {error}"
        return Answer(question=text, language="", status=Status.REFUSED, text=said)
