"""The scorer against systems whose score is known beforehand, over every bundled question."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.answer import Answer, Citation
from eval.baselines import ByBigrams, citation_of, snippets_of
from eval.dataset import AnswerType, Evidence, Question, load
from eval.run import BUDGETS, QUESTIONS
from eval.score import grade
from index.readers.text import read_text
from tests.test_score import answer, cite, figure, verdict, withheld

ALL = tuple(
    (path.stem, turn)
    for path in sorted(QUESTIONS.glob("*.jsonl"))
    for dialogue in load(path)
    for turn in dialogue.turns
)
VISIBLE = tuple(turn for name, turn in ALL if name.startswith("visible"))


def oracle(asked: Question) -> Answer:
    """Exactly what the key asks for, and every place."""
    citations = tuple(map(cited, asked.evidence)) or (cite(),)
    if asked.key.type is AnswerType.ABSTAIN:
        return withheld("文件没有给出", citations=citations)
    said = "，".join(alternatives[0] for alternatives in asked.key.must_contain)
    figures = tuple(
        figure(format(e.value, "f"), e.unit, e.operator, label=f"{at} {e.what}")
        for at, e in enumerate(asked.key.figures)
    )
    return answer(*figures, text=said or "好的", citations=citations)


def cited(place: Evidence) -> Citation:
    """A citation that names everything that the place does."""
    return replace(
        cite(place.line or 1, document=place.document),
        table=place.table,
        row="/".join(filter(None, (place.unit, place.under, place.row))),
        column=place.column,
        page=place.page,
        quote=place.quote,
    )


def mute(asked: Question) -> Answer:
    return withheld("没有找到", citations=())


def liar(asked: Question) -> Answer:
    """The right figures with something added, and one where there is none."""
    lies = tuple(
        replace(given, value=format(Decimal(given.value) + 7, "f"))
        for given in oracle(asked).figures
    )
    return answer(*(lies or (figure("77.77"),)), text="确实如此", citations=(cite(),))


def paste() -> Callable[[Question], Answer]:
    """The three best lines, every number in them offered as a figure."""
    path = BUDGETS / "sichuan-bigdata-2023.txt"
    ranker = ByBigrams(list(snippets_of(read_text(path.name, path.read_bytes()))))
    number = re.compile(r"([≥≤<>=]?)\s*(\d[\d,]*(?:\.\d+)?)\s*([万亿]?元|%|[人个次条辆台])?")

    def pasted(asked: Question) -> Answer:
        lines = ranker.best(asked.text, 3)
        figures = (
            figure(value.replace(",", ""), unit, operator, citations=(at,))
            for at, line in enumerate(lines)
            for operator, value, unit in number.findall(line.text)
        )
        text = "\n".join(line.text for line in lines)
        return answer(*figures, text=text, citations=tuple(map(citation_of, lines)))

    return pasted


@pytest.mark.parametrize(("name", "asked"), ALL, ids=lambda value: getattr(value, "id", None))
def test_an_oracle_is_right_and_cited(name: str, asked: Question) -> None:
    assert grade(asked, oracle(asked)).reason == ""


def test_a_mute_system_misses_all_but_what_is_to_be_declined() -> None:
    for _, asked in ALL:
        declined = asked.key.type is AnswerType.ABSTAIN
        assert verdict(asked, mute(asked)) == ("right" if declined else "miss"), asked.id


def test_a_liar_is_wrong_throughout() -> None:
    for _, asked in ALL:
        assert verdict(asked, liar(asked)) == "wrong", asked.id


def test_pasting_the_best_lines_gets_near_nothing() -> None:
    assert len(VISIBLE) == 114
    system = paste()
    best = sum(grade(asked, system(asked)).best for asked in VISIBLE)
    assert best <= 0.1 * len(VISIBLE)
