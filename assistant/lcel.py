"""The assistant as a LangChain chain for other programs: question and history in, answer out."""

from collections.abc import Sequence
from typing import NotRequired

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableLambda
from typing_extensions import TypedDict  # pydantic cannot read typing's before Python 3.12

from assistant.answer import Answer
from assistant.chain import Assistant


class Asking(TypedDict):
    question: str
    history: NotRequired[Sequence[str | BaseMessage]]
    """What the person asked before, oldest first; of messages, hers count."""


def answer_chain(assistant: Assistant) -> Runnable[Asking, Answer]:
    """A chain that takes `{"question": …, "history": […]}`; it keeps nothing between calls.

    `answer_chain(assistant).invoke({"question": "公务接待费多少"}).figures[0].value` is `"12"`.
    Each question goes through `assistant.chain`, the runnables of `assistant.steps`.
    """

    def answer(asking: Asking) -> Answer:
        conversation = assistant.conversation()
        for earlier in said(asking.get("history", ())):
            conversation.ask(earlier)
        return conversation.ask(asking["question"])

    return RunnableLambda(answer, name="answer")


def said(history: Sequence[str | BaseMessage]) -> list[str]:
    """The person's own words of a history."""
    kept = (one for one in history if isinstance(one, str | HumanMessage))
    return [one if isinstance(one, str) else one.text for one in kept]
