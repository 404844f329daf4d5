"""The report of checks: counts first, by kind, rounding told apart, one page that asks no host."""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.check_words import TAIL
from index.document import Place
from index.fact import Check, Outcome
from index.report import (
    DocumentReport,
    Verdict,
    document_report,
    entry_line,
    groups_of,
    lines_of,
    rows_of,
    verdict_of,
)
from index.report_html import page_of
from index.store import Store
from tests.test_store import make_budget

HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J\u202e&"


def check(name: str, outcome: Outcome, what: str, **more: object) -> Check:
    return Check(name=name, outcome=outcome, what=what, **more)  # type: ignore[arg-type]


CHECKS = (
    check("row sum", Outcome.HOLDS, "甲应等于同行各列之和", expression="1 + 2 = 3"),
    check("column sum", Outcome.HOLDS, "合计应等于第3、4行之和", difference=Decimal(0)),
    check(
        "column sum",
        Outcome.DIFFERS,
        f"乙应等于第5、6行之和{TAIL}",
        expression="1.11 + 2.22 = 3.33 ≠ 3.34",
        difference=Decimal("0.01"),
    ),
    check(
        "column sum",
        Outcome.DIFFERS,
        "丙应等于第7、8行之和",
        expression="1 + 2 = 3 ≠ 13",
        difference=Decimal("10.00"),
        facts=("表一/r000/c01",),
        places=(Place(line=7),),
    ),
    check("table to table", Outcome.UNCHECKED, "丁无法与表二核对：合计行没有填数"),
    check("something new", Outcome.HOLDS, "戊"),
)


def kept(folder: Path, checks: Sequence[Check] = CHECKS, name: str = "a.txt") -> Store:
    store = Store(folder)
    store.add(replace(make_budget(name), checks=tuple(checks)), b"")
    return store


@pytest.fixture
def report(tmp_path: Path) -> DocumentReport:
    return document_report(kept(tmp_path), "a.txt")


def test_each_relation_has_one_verdict() -> None:
    assert [verdict_of(check) for check in CHECKS] == [
        Verdict.HOLDS,
        Verdict.HOLDS,
        Verdict.ROUNDING,
        Verdict.DIFFERS,
        Verdict.UNCHECKED,
        Verdict.HOLDS,
    ]


def test_relations_are_grouped_by_kind_with_what_differs_first(report: DocumentReport) -> None:
    assert [group.title for group in report.groups] == [
        "纵向合计",
        "横向合计",
        "表与表",
        "something new",
    ]
    assert [entry.verdict for entry in report.groups[0].entries] == [
        Verdict.DIFFERS,
        Verdict.ROUNDING,
        Verdict.HOLDS,
    ]


def test_the_text_tells_counts_first_then_what_does_not_hold(report: DocumentReport) -> None:
    assert list(lines_of(report)) == [
        "a.txt：相符 3 项，不符 1 项，尾差 1 项，未核 1 项",
        "  纵向合计：相符 1 项，不符 1 项，尾差 1 项",
        "  横向合计：相符 1 项",
        "  表与表：未核 1 项",
        "  something new：相符 1 项",
        "  注意：第 4、5 页没有文字，没有读到，未核对",
        "  注意：第 9 行读不懂",
        "【纵向合计】",
        "  不符：丙应等于第7、8行之和（1 + 2 = 3 ≠ 13），差 10.00",
        "  尾差：乙应等于第5、6行之和（1.11 + 2.22 = 3.33 ≠ 3.34），差 0.01，在四舍五入的范围内",
        "【表与表】",
        "  未核：丁无法与表二核对：合计行没有填数",
    ]


def test_no_difference_is_told_of_what_holds() -> None:
    (group,) = groups_of([check("row sum", Outcome.HOLDS, "甲", difference=Decimal("0.00"))])
    assert entry_line(group.entries[0]) == "甲"


def test_rows_for_programs_lose_nothing(report: DocumentReport) -> None:
    rows = json.loads(json.dumps(rows_of(report)))
    assert len(rows) == len(CHECKS)
    differs, rounding = rows[0], rows[1]
    assert (differs["outcome"], differs["rounding"], differs["difference"]) == (
        "differs",
        False,
        "10.00",
    )
    assert (differs["facts"], differs["places"]) == (["表一/r000/c01"], ["7"])
    assert (rounding["outcome"], rounding["rounding"]) == ("differs", True)
    assert {row["document"] for row in rows} == {"a.txt"}


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_every_relation_and_asks_no_host(report: DocumentReport) -> None:
    page = page_of([report])
    read = Page(page)
    assert all(check.what.replace(TAIL, "") in read.text for check in CHECKS)
    assert not {"link", "img", "iframe"} & {tag for tag, _ in read.tags}
    assert not any({"src", "href"} & attributes.keys() for _, attributes in read.tags)
    assert not re.search(r"https?:|//|url\(|@import", page)
    assert "default-src 'none'" in page
    assert page == page_of([report])


def test_texts_of_documents_stand_in_the_page_as_text(tmp_path: Path) -> None:
    budget = make_budget(HOSTILE)
    checks = [check(HOSTILE, Outcome.DIFFERS, HOSTILE, expression=HOSTILE)]
    hostile = replace(
        budget,
        title=HOSTILE,
        institution=HOSTILE,
        warnings=(HOSTILE,),
        checks=tuple(checks),
    )
    store = Store(tmp_path)
    store.add(hostile, b"")
    page = page_of([document_report(store, HOSTILE)])
    assert "<img" not in page and "&lt;img" in page
    assert "\x1b" not in page and "\u202e" not in page


def test_an_index_without_documents_gives_a_page_too() -> None:
    assert "0 份文件" in Page(page_of([])).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_filters_by_outcome_and_by_words(
    report: DocumentReport, tmp_path: Path, width: int
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium")
    path = tmp_path / "report.html"
    path.write_text(page_of([report]), "utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(path.as_uri())
        shown = page.locator("ol li:visible")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        before = shown.count()
        page.uncheck("#show-rounding")
        assert shown.count() == before - 1
        page.fill("#words", "丁 没有填数")
        assert shown.count() == 1 and "丁无法" in shown.inner_text()
        assert page.locator("details:visible").count() == 1
        page.fill("#words", "")
        assert page.locator("details:visible").count() == len(report.groups)
        assert asked == [path.as_uri()]
        browser.close()
