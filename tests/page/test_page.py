"""A clerk asks, reads the figure and opens the very cell, in a real browser."""

from collections.abc import Iterator

import gradio as gr
import pytest
from playwright.sync_api import Page, expect

from assistant.page import build, launch
from tests.page.conftest import served
from tests.page.test_desk import Slow
from tests.page.visit import CELL, Visit

pytestmark = pytest.mark.browser

HOTLINE = "四川省12345政务服务热线及网络理政平台项目支出是多少？"


def test_a_typed_question_is_answered_with_its_figure_and_opens_the_cell(visit: Visit) -> None:
    answer = visit.ask(HOTLINE)
    expect(answer).to_contain_text("1,235.34")
    expect(visit.cell).to_have_text("1,235.34")
    expect(visit.tab.locator("#question textarea")).to_have_value("")


def test_a_source_opens_its_table_with_row_column_and_cell_marked(visit: Visit) -> None:
    visit.ask(HOTLINE)
    visit.open_source(0, 0)
    expect(visit.cell).to_have_text("1,235.34")
    row = visit.tab.locator("#evidence tr.row-mark", has=visit.tab.locator(".cell-mark"))
    expect(row).to_contain_text("四川省12345政务服务热线及网络理政平台")
    expect(visit.tab.locator("#evidence th.col-mark")).not_to_have_count(0)
    expect(visit.tab.locator("#evidence .ev-caption")).to_contain_text("表八")
    visit.tab.wait_for_timeout(300)
    assert visit.cell_is_in_its_box()


def test_the_sources_of_earlier_answers_still_open(visit: Visit) -> None:
    visit.ask(HOTLINE)
    visit.ask("公务接待费安排了多少？")
    visit.open_source(1, 0)
    expect(visit.cell).to_contain_text("12")
    visit.open_source(0, 0)
    expect(visit.cell).to_have_text("1,235.34")


def test_a_sentence_is_marked_in_its_paragraph(visit: Visit) -> None:
    visit.ask("公务接待费安排了多少？")
    prose = visit.tab.locator('#chat a[href^="#cite-0-"]', has_text="第860行").first
    prose.click()
    expect(visit.tab.locator("#evidence mark.cell-mark")).to_contain_text("35 万元")


def test_a_wide_table_scrolls_to_the_cell_and_leaves_the_page_as_it_is(visit: Visit) -> None:
    visit.ask("四川天府健康通运维项目的领码用户数指标值是多少？")
    goal = visit.tab.locator('#chat a[href^="#cite-0-"]', has_text="表十三").first
    goal.click()
    expect(visit.tab.locator("#evidence .ev-caption")).to_contain_text("表十三")
    visit.tab.wait_for_timeout(300)
    assert visit.cell_is_in_its_box()
    assert visit.overflow() <= 0


def test_a_follow_up_keeps_the_context(visit: Visit) -> None:
    visit.ask("公务接待费安排了多少？")
    answer = visit.ask("换算成元呢？")
    expect(answer).to_contain_text("120,000")


def test_the_switch_turns_the_interface_english(visit: Visit) -> None:
    visit.ask(HOTLINE)
    visit.tab.locator("#language").get_by_text("English").click()
    expect(visit.tab.locator("#head")).to_contain_text("Budget Assistant")
    expect(visit.tab.get_by_label("Your question")).to_be_visible()
    expect(visit.tab.locator("#send")).to_have_text("Send")
    expect(visit.tab.locator("#evidence .ev-path")).to_contain_text("Printed")
    expect(visit.cell).to_have_text("1,235.34")
    assert visit.tab.evaluate("document.documentElement.lang") == "en"


def test_the_address_can_ask_for_english(visit: Visit, address: str) -> None:
    visit.open(f"{address}/?lang=en")
    expect(visit.tab.locator("#send")).to_have_text("Send")
    answer = visit.ask("How much is planned for official receptions?")
    expect(answer).to_contain_text("12")


def test_html_in_a_question_is_shown_as_text_and_does_not_run(visit: Visit) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) # *x*"
    visit.ask(evil)
    expect(visit.questions.first).to_have_text(evil)
    assert visit.tab.locator("#chat img, #chat script").count() == 0
    assert visit.tab.locator("#chat a[href^=javascript]").count() == 0


@pytest.mark.parametrize(
    "question", ["字" * 5000, "￥$$x^2$$ %%%LATEX_BLOCK_0%%%", "\u202e\u0000🙂", "?"]
)
def test_odd_questions_get_an_answer(visit: Visit, question: str) -> None:
    visit.ask(question)
    expect(visit.answers).not_to_contain_text("Traceback")
    assert visit.overflow() <= 0


def test_a_new_chat_forgets_the_old_one(visit: Visit) -> None:
    visit.ask(HOTLINE)
    visit.tab.locator("#new").click()
    expect(visit.answers).to_have_count(0)
    expect(visit.tab.locator("#evidence .ev-hint")).to_be_visible()
    expect(visit.ask("公务接待费安排了多少？")).to_contain_text("12")
    visit.open_source(0, 0)


def test_a_small_screen_shows_the_source_below_and_never_scrolls_sideways(visit: Visit) -> None:
    visit.tab.set_viewport_size({"width": 390, "height": 844})
    assert visit.overflow() <= 0
    visit.ask(HOTLINE)
    assert visit.overflow() <= 0
    assert visit.tab.evaluate("window.scrollY") < 300, "an answer must not push the chat away"
    visit.open_source(0, 0)
    expect(visit.tab.locator("#evidence .ev-caption")).to_be_in_viewport()
    expect(visit.cell).to_be_in_viewport()
    visit.tab.wait_for_timeout(300)
    assert visit.cell_is_in_its_box() and visit.overflow() <= 0
    assert visit.tab.evaluate("document.documentElement.scrollWidth") == 390


def test_two_tabs_are_two_conversations(visit: Visit, tab: Page, address: str) -> None:
    visit.ask(HOTLINE)
    other = tab.context.new_page()
    second = Visit(other)
    second.open(address)
    expect(second.answers).to_have_count(0)
    second.ask("公务接待费安排了多少？")
    second.open_source(0, 0)
    expect(visit.cell).to_have_text("1,235.34")


@pytest.fixture
def slow() -> Iterator[str]:
    page: gr.Blocks = build(Slow)
    launch(page, server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    yield served(page)
    page.close()


def test_a_running_question_can_be_stopped(visit: Visit, slow: str) -> None:
    visit.open(slow)
    box = visit.tab.locator("#question textarea")
    box.fill("慢")
    box.press("Enter")
    visit.tab.locator("#stop").click()
    expect(visit.answers.first).to_have_text("已停止。")
    expect(visit.tab.locator("#send")).to_be_visible()
    expect(visit.ask("快")).to_contain_text("快")
    expect(visit.answers.first).to_have_text("已停止。")


def test_an_example_is_asked_by_a_click(visit: Visit, slow: str) -> None:
    visit.open(slow)
    example = visit.tab.locator('#chat a[href="#ask"]')
    expect(example).to_have_text("培训支出多少？")
    example.click()
    expect(visit.answered(0)).to_contain_text("1,235.34")
    expect(visit.questions.first).to_have_text("培训支出多少？")


@pytest.fixture
def empty() -> Iterator[str]:
    page = build(lambda: None)
    launch(page, server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    yield served(page)
    page.close()


def test_an_empty_index_says_how_to_add_a_budget(visit: Visit, empty: str) -> None:
    visit.open(empty)
    expect(visit.tab.locator("#chat")).to_contain_text("python -m index add")
    expect(visit.tab.locator("#head")).to_contain_text("还没有收录预算文件")
    visit.tab.locator("#question textarea").fill("有人吗")
    visit.tab.locator("#question textarea").press("Enter")
    visit.tab.wait_for_timeout(500)
    expect(visit.tab.locator(CELL)).to_have_count(0)
