"""The page's own logic, without a browser: it answers every click and never raises."""

import logging
import time
from dataclasses import replace

import pytest

import app
from assistant.answer import Answer, Status
from assistant.desk import LONGEST, Desk, Session, Turn
from assistant.page import begun, conversation, head_html, messages, stopped, welcome, worded
from assistant.render import words_of
from tests.test_evidence import SHELF, TRAINING, Shelf
from tests.test_render import ANSWER

TRAINED = replace(ANSWER, text="培训支出：**5.00万元**", citations=(TRAINING,))


class Parrot:
    """A conversation that repeats the question, raises on 坏 and takes its time on 慢."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ask(self, question: str) -> Answer:
        self.heard.append(question)
        if question == "坏":
            raise RuntimeError("文件里的机密原文")
        if question == "慢":
            time.sleep(3)
        return replace(TRAINED, text=question)


class Slow:
    """An assistant of parrots."""

    store = SHELF

    def conversation(self) -> Parrot:
        return Parrot()

    def examples(self, language: str) -> tuple[str, ...]:
        return ("培训支出多少？",)


class Broken(Slow):
    """One whose store and examples are out of order."""

    class Shelf(Shelf):
        def tables(self, document: str = "") -> tuple[()]:
            raise OSError("disk")

    store = Shelf()

    def examples(self, language: str) -> tuple[str, ...]:
        raise KeyError(language)


def asked(desk: Desk, question: str, session: Session | None = None) -> Session:
    *_, last = conversation(desk, question, session, "zh")
    given = last[1]
    assert isinstance(given, Session)
    return given


def test_the_question_is_shown_while_it_is_answered_and_then_the_answer() -> None:
    first, last = conversation(Desk(Slow), " 培训支出多少 ", None, "zh")
    assert [m["role"] for m in first[0]] == ["user", "assistant"]
    assert words_of("zh").looking in first[0][1]["content"]
    assert "培训支出多少" in last[0][1]["content"]
    assert "5.00" in last[-1] and 'data-cite="0-0"' in last[-1]


def test_one_conversation_hears_every_turn() -> None:
    desk = Desk(Slow)
    session = asked(desk, "再问", asked(desk, "先问"))
    assert isinstance(session.conversation, Parrot)
    assert session.conversation.heard == ["先问", "再问"]
    assert session.open == "1-0" and len(messages(session)) == 4


def test_a_failure_becomes_one_friendly_sentence_and_a_log_without_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        session = asked(Desk(Slow), "坏")
    assert messages(session)[1]["content"] == words_of("zh").failed
    assert "RuntimeError at test_desk.py:" in caplog.text
    assert "机密" not in caplog.text


def test_a_long_question_is_cut_and_says_so() -> None:
    session = asked(Desk(Slow), "字" * (LONGEST + 1))
    assert isinstance(session.conversation, Parrot)
    assert len(session.conversation.heard[0]) == LONGEST
    assert f"只读了前 {LONGEST} 个字" in messages(session)[1]["content"]


def test_a_question_sent_twice_is_answered_once() -> None:
    desk = Desk(Slow)
    first = conversation(desk, "问", None, "zh")
    session = next(first)[1]
    (only,) = conversation(desk, "问", session, "zh")
    assert len(only) == 6 and len(session.turns) == 1


@pytest.mark.parametrize("question", ["", "  \n"])
def test_nothing_asked_changes_nothing(question: str) -> None:
    (only,) = conversation(Desk(Slow), question, None, "zh")
    assert len(only) == 6


def test_a_stopped_question_stays_stopped_when_its_answer_comes() -> None:
    desk = Desk(Slow)
    session = Session(conversation=Parrot(), turns=[Turn(question="问")])
    stopped(desk, session, "zh")
    desk.answer(session, session.turns[0])
    assert session.turns[0].answer is None and not session.open
    assert messages(session)[1]["content"] == words_of("zh").stopped


@pytest.mark.parametrize("source", ["9-0", "0-9", "x", "0-x", "--", "0-0-0", "-1-0"])
def test_a_source_that_is_not_there_is_a_friendly_hint(source: str) -> None:
    desk = Desk(Slow)
    session = asked(desk, "问")
    session.open = source
    assert words_of("zh").expired in desk.panel(session, "zh")


def test_a_broken_store_is_a_friendly_hint(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(Broken)
    session = asked(desk, "问")
    assert words_of("zh").unavailable in desk.panel(session, "zh")
    assert desk.examples("zh") == ()
    assert "OSError" in caplog.text


def test_the_header_names_the_documents_and_counts_the_rest() -> None:
    html = head_html(words_of("zh"), tuple(f"<{at}>" for at in range(5)))
    assert "&lt;0&gt;" in html and "<0>" not in html
    assert "5 份文件" in html and "另有 2 份" in html


def test_an_empty_index_tells_how_to_add_a_budget() -> None:
    assert "python -m index add" in welcome(words_of("en"), (), ())
    assert len(worded(Desk(lambda: None), None, "en")) == 7


def test_an_index_filled_later_is_found_at_the_next_visit() -> None:
    found = iter([None, Slow()])
    desk = Desk(lambda: next(found))
    assert desk.titles() == ()
    assert desk.titles() == ("某局2023年部门预算",)


def test_a_refused_question_opens_no_source() -> None:
    refused = Answer(question="?", language="zh", status=Status.REFUSED, text="不行")
    desk = Desk(Slow)
    session = Session(conversation=Parrot(), turns=[Turn(question="?", answer=refused)])
    assert words_of("zh").evidence_hint in desk.panel(session, "zh")
    assert begun("zh")[0] == []


def test_a_login_is_a_name_and_a_password() -> None:
    assert app.login_of("") is None
    assert app.login_of("a:b:c") == ("a", "b:c")
    with pytest.raises(SystemExit):
        app.login_of("nopassword")
