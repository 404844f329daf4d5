"""What the report shows beside the assistant: the baselines, and everything escaped."""

from eval.baselines import ByBigrams, Paster, figures_of, snippets_of
from eval.dataset import Evidence
from eval.report import render
from index.readers.text import read_text
from tests.test_eval import outcome, result, turn

LINES = "表一\n\n教育支出\t56.00\n满意度\t≥\t90\t%\n公务接待费 12 万元，编码 2010350。"


def test_the_pasting_baseline_offers_the_lines_and_their_figures() -> None:
    snippets = list(snippets_of(read_text("a.txt", LINES.encode())))
    assert [snippet.place.line for snippet in snippets] == [1, 3, 4, 5]
    given = Paster(ByBigrams(snippets), 1).conversation().ask("教育支出多少")
    assert [(f.value, f.unit) for f in given.figures] == [("56.00", "万元")]
    assert given.citations[0].line == 3


def test_the_baselines_read_units_and_operators_beside_a_number() -> None:
    snippets = list(snippets_of(read_text("a.txt", LINES.encode())))
    found = [(f.operator, f.value, f.unit) for s in snippets for f in figures_of(s, 0)]
    assert found == [("", "56.00", "万元"), ("≥", "90", "%"), ("", "12", "万元")]


def test_a_report_is_self_contained_and_escapes_what_it_shows() -> None:
    evil = turn("q", text="<script>alert(1)</script>", evidence=(Evidence(line=1),))
    page = render(
        [
            result(outcome("wrong", question=evil)),
            result(outcome("right", question=evil), system="pasted lines"),
        ]
    )
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>why" not in page
    assert "pasted lines" in page
    assert not any(word in page for word in ("http://", "https://", "src=", "@import"))
