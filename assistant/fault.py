"""What a proof can find wrong: each fault has a name, and the place it was found at."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import Citation
from index.fact import Fact


class FaultName(StrEnum):
    BYTES = "bytes"
    """The stored bytes are not those the document was read from, or cannot be read."""
    PLACE = "place"
    """Nothing stands at the fact's place."""
    PRINTED = "printed"
    """Something else stands at the fact's place."""
    VALUE = "value"
    UNIT = "unit"
    OPERATOR = "operator"
    SIGN = "sign"
    """The words of a change say the other direction."""
    BLANK = "blank"
    """A square said to be blank prints something."""
    LABEL = "label"
    """The label does not stand beside the value."""
    HEADER = "header"
    """The column's words do not stand above the value."""
    PATH = "path"
    """A group, project or level of the row is not that printed above it."""
    OWNER = "owner"
    """The budget unit is not that printed at or above the row."""
    CODE = "code"
    TITLE = "title"
    """Institution, year or kind of account are not those of the document's title."""
    TABLE = "table"
    """Number or title are not those of the table's caption."""
    YEAR = "year"
    BOX = "box"
    """In PDF: a second library reads other characters in the box."""
    WORD = "word"
    """A person's word that the store does not keep of this cell."""
    COLUMN = "column"
    """In prose: an amount that is a share or a change, or the reverse."""
    SENTENCE = "sentence"
    """The sentence is not in the paragraph."""
    SCOPE = "scope"
    """The figure is of another document, unit, table, code or year than asked for."""
    WORDS = "words"
    """The question's distinguishing words (外网, 二期, 12345) contradict the label."""
    LIMIT = "limit"
    """A member of a set lies outside the limit asked for."""
    EXPRESSION = "expression"
    """Value, unit or expression are not what the operands give by the rule."""
    FIGURES = "figures"
    """The answer's figures are not the findings, one to one."""
    CITATION = "citation"
    """A citation is not that of a fact the figure rests on."""
    QUOTE = "quote"
    """A quotation does not stand at its citation's place."""
    NUMBER = "number"
    """A number of the text belongs to no class."""
    WORDING = "wording"
    """The text gives a figure another unit, operator, direction or label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: FaultName
    document: str = ""
    where: str = ""
    """The place; never a word of the document."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name.value, self.document, self.where)))


def fault_of(name: FaultName | None, fact: Fact) -> Fault | None:
    if name is None:
        return None
    return Fault(name=name, document=fact.document, where=str(fact.place))


def fault_at(name: FaultName, citation: Citation) -> Fault:
    return Fault(name=name, document=citation.document, where=str(citation.place))
