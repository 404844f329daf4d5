"""A question once read: what is asked (operation), of what (content), in which scope."""

from dataclasses import dataclass

from assistant.content import Content
from assistant.mention import ChatName, Mention, OperationName, Range, Rank, Threshold
from assistant.normalize import Normalized
from assistant.scope import Scope
from assistant.select import Want
from index.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    question: Normalized
    mentions: tuple[Mention, ...]
    content: Content
    spans: tuple[tuple[int, int], ...] = ()
    """The stretches of content words, as the question's marks and mentions cut them."""
    claims: tuple[tuple[str, str], ...] = ()
    """Figures that the question says and asks to be confirmed: (plain value, unit)."""
    scope: Scope
    want: Want
    operations: tuple[OperationName, ...] = ()
    output_unit: str = ""
    limit: Threshold | Range | None = None
    rank: Rank | None = None
    noun: str = ""
    """What a set is of: project, item, indicator, unit; empty if no set noun is said."""
    last_year: bool = False
    """The year before the document's is asked for."""
    other_year: int | None = None
    """A year that no indexed document is of."""
    years: int = 1
    """2: both years."""
    chats: tuple[ChatName, ...] = ()
    asks_figure: bool = False
    """多少, how much: a figure is wanted."""
    inherited: bool = False
    """Something was taken over from an earlier turn."""
    beside: Fact | None = None
    """What the turn before was about: its project, table and unit are likely still meant."""
    apart: Fact | None = None
    """What is not meant (另一个)."""
    excluded: tuple[str, ...] = ()
    """Flat words of what is to be left out (体检费不用列)."""
    undisclosed: bool = False
    """Contracts, vendors, prizes: what no budget tells."""
    asks_what: bool = False
    """什么, 啥, how: something else than a figure may be wanted."""
    said: tuple[tuple[int, int], ...] = ()
    """Stretches of the question that name the document, and nothing of what is asked."""
    heads: tuple[tuple[str, str], ...] = ()
    """(document, whose budget it is) where the answer must say from which it is."""
    explanation: tuple[str, ...] = ()

    def has(self, *names: OperationName) -> bool:
        return any(name in self.operations for name in names)
