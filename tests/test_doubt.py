"""A figure whose sum failed when its document was indexed is given with a warning."""

from pathlib import Path

import pytest

from assistant.chain import Assistant
from index.read import read_budget
from index.store import Store
from tests.proof_house import SAMPLE

TRUE = "办公费\t54.64\t\t54.64"
SPOILED = "办公费\t64.64\t\t64.64"


def assistant_over(folder: Path, cells: str) -> Assistant:
    content = SAMPLE.read_bytes().replace(TRUE.encode(), cells.encode())
    assert (cells == TRUE) == (content == SAMPLE.read_bytes())
    Store(folder).add(read_budget(SAMPLE.name, content), content)
    return Assistant(folder)


@pytest.mark.parametrize(
    ("question", "warning"),
    [
        ("办公费多少钱", "存疑：“办公费”"),
        ("辦公費多少錢", "存疑：“辦公費”"),
        ("How much is 办公费?", 'In doubt: the cell "办公费"'),
    ],
)
def test_the_answer_warns_of_a_sum_that_failed(tmp_path: Path, question: str, warning: str) -> None:
    answer = assistant_over(tmp_path, SPOILED).ask(question)
    assert [figure.value for figure in answer.figures] == ["64.64"]
    assert len(answer.notes) == 1
    assert answer.notes[0].startswith(warning)


def test_a_sum_that_holds_needs_no_warning(tmp_path: Path) -> None:
    answer = assistant_over(tmp_path, TRUE).ask("办公费多少钱")
    assert [figure.value for figure in answer.figures] == ["54.64"]
    assert answer.notes == ()
