"""A figure of English running text against the paragraph as printed, its sentence read again."""

from assistant.fault import FaultName
from assistant.raw_document import RawDocument
from index.english_figures import english_sentences
from index.english_reading import Said, read_english
from index.fact import Fact
from index.words import squeeze

SIGNS = "$£€ "
"""Printed before the digits of an amount, which are what a fact keeps."""


def prove_english(fact: Fact, at: int, raw: RawDocument) -> FaultName | None:
    """The first thing wrong with the figure; `at`: its paragraph."""
    if not fact.sentence or fact.label != (fact.row_path[-1] if fact.row_path else ""):
        return FaultName.PATH
    found = [pair for pair in figures_again(fact, at, raw) if is_printed(fact, *pair)]
    if not found:
        return FaultName.VALUE
    faults = [differs(fact, said) for _, said in found]
    return None if None in faults else faults[0]


def figures_again(fact: Fact, at: int, raw: RawDocument) -> list[tuple[str, Said]]:
    """The figures of the sentences that hold the fact's, each with its sentence."""
    paragraph = raw.paragraphs[at].text
    above = (paragraph.text for paragraph in reversed(raw.paragraphs[:at]))
    head = fact.row_path[0]
    scope = head if any(squeeze(text) == squeeze(head) for text in above) else ""
    sentences = [paragraph[start:end] for start, end in english_sentences(paragraph)]
    return [
        (sentence, said)
        for sentence in sentences
        if fact.sentence in sentence
        for said in read_english(sentence, year=raw.year, scope=scope)
    ]


def is_printed(fact: Fact, sentence: str, said: Said) -> bool:
    quantity = said.quantity
    digits = sentence[quantity.start : quantity.number_end].strip(SIGNS)
    value = fact.value is not None and abs(fact.value) == abs(quantity.value)
    return value and digits == fact.printed


def differs(fact: Fact, said: Said) -> FaultName | None:
    """What the sentence, read again, says otherwise than the fact."""
    quantity, reading = said.quantity, said.reading
    value = -quantity.value if reading.decrease else quantity.value
    held = (
        (fact.unit == quantity.unit and fact.kind is quantity.kind, FaultName.UNIT),
        (fact.operator == quantity.operator, FaultName.OPERATOR),
        (fact.value == value, FaultName.SIGN),
        (fact.row_path == reading.path, FaultName.LABEL),
        (fact.column == (reading.column,) and fact.about == reading.about, FaultName.COLUMN),
        (fact.year == reading.year, FaultName.YEAR),
    )
    return next((fault for holds, fault in held if not holds), None)
