"""Running text → facts (one a figure, with its subject) and passages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from index.document import Place
from index.english_figures import english_sentences, is_english
from index.english_reading import read_english
from index.fact import Fact, Kind, Passage, PassageKind, RowKind, Unit
from index.glossary import in_glossary
from index.mark import Mark, marks_of
from index.outline import Text
from index.reading import Context, Reading, open_text, read_mark
from index.sentences import Flat, Span, flatten, quote_of, sentence_spans
from index.subject import Names, names_of, unit_named

CONTENTS = "目录"
DEFAULT_UNIT = "万元"
"""What the national form prints; only for 持平 in a text without any amount."""


@dataclass(slots=True)
class _Writer:
    """What is the same for every fact of a document, and the count of figures a line."""

    document: str
    names: Names
    unit: str
    written: Counter[str] = field(default_factory=Counter)
    facts: list[Fact] = field(default_factory=list)


def extract_prose(
    texts: Sequence[Text],
    *,
    document: str,
    year: int | None,
    institution: str,
    units: tuple[Unit, ...],
) -> tuple[Fact, ...]:
    """A fact for each figure in running text, in reading order.

    持平 is a change of 0; "nothing arranged" a fact of kind BLANK. The contents page and the
    glossary hold none.
    """
    names = names_of(institution, units)
    writer = _Writer(document=document, names=names, unit=money_unit(texts))
    context = Context(names=names, year=year)
    glossary = in_glossary(texts)
    for text, defining in zip(texts, glossary, strict=True):
        if text.section == CONTENTS or defining:
            continue
        if is_english(text.text):
            write_english(text, year, writer)
            continue
        open_text(context, text, year)
        write_text(text, context, writer)
    return tuple(writer.facts)


def money_unit(texts: Sequence[Text]) -> str:
    """The unit of money most often printed."""
    found = Counter(
        mark.quantity.unit
        for text in texts
        for mark in marks_of(flatten(text.text).text)
        if mark.quantity is not None and mark.quantity.kind is Kind.MONEY
    )
    return found.most_common(1)[0][0] if found else DEFAULT_UNIT


def write_english(text: Text, year: int | None, writer: _Writer) -> None:
    scope = text.headings[-1] if text.headings else ""
    for start, end in english_sentences(text.text):
        for said in read_english(text.text[start:end], year=year, scope=scope):
            quantity = said.quantity
            figure = (start + quantity.start, start + quantity.end)
            mark = Mark(start=quantity.start, end=quantity.end, quantity=quantity)
            fact = _fact(said.reading, mark, text, (start, end), figure, writer)
            digits = text.text[start + quantity.start : start + quantity.number_end]
            writer.facts.append(replace(fact, printed=digits.strip("$£€ ")))


def write_text(text: Text, context: Context, writer: _Writer) -> None:
    for start, end in sentence_spans(text.text):
        flat = flatten(text.text[start:end])
        context.enter_sentence(flat.text)
        at = 0
        for mark in marks_of(flat.text):
            reading = read_mark(mark, flat.text, at, context)
            at = reading.end
            if reading.path:
                span = _span(mark, flat, start)
                writer.facts.append(_fact(reading, mark, text, (start, end), span, writer))
        context.leave_sentence(flat.text[at:])
    context.leave_text(flatten(text.text).text)


def _span(mark: Mark, flat: Flat, offset: int) -> Span:
    return offset + flat.at[mark.start], offset + flat.at[mark.end - 1] + 1


def _fact(
    reading: Reading, mark: Mark, text: Text, sentence: Span, figure: Span, writer: _Writer
) -> Fact:
    parts = text.parts or ((text.text, text.place),)
    quote, place = quote_of(parts, sentence, figure)
    path = tuple(as_printed(name, text.text) for name in reading.path)
    return Fact(
        id=_id(place, writer),
        document=writer.document,
        year=reading.year,
        section=text.section,
        table="",
        title="",
        unit_name=unit_named(text.text[slice(*sentence)], writer.names),
        label=path[-1],
        row_path=path,
        column=(reading.column,),
        value=_value(reading, mark),
        printed=_printed(mark, text, figure),
        unit=mark.quantity.unit if mark.quantity else (reading.unit or writer.unit),
        operator=mark.quantity.operator if mark.quantity else "",
        kind=mark.quantity.kind if mark.quantity else _wordy_kind(mark),
        row_kind=RowKind.PROSE,
        place=place,
        note=reading.note,
        sentence=quote,
        about=as_printed(reading.about, text.text),
        row=len(writer.facts),
    )


def as_printed(words: str, text: str) -> str:
    """What `text` prints for words that were read in simplified characters."""
    flat = flatten(text)
    at = flat.text.find(words) if words else -1
    same = at < 0 or flat.text == "".join(text[i] for i in flat.at)
    return words if same else re.sub(r"\s", "", flat.printed(text, at, at + len(words)))


def _id(place: Place, writer: _Writer) -> str:
    where = f"{place.line:04d}" if place.line is not None else str(place)
    writer.written[where] += 1
    return f"prose/{where}/{writer.written[where]}"


def _value(reading: Reading, mark: Mark) -> Decimal | None:
    if mark.quantity is None:
        return None if mark.absent else Decimal(0)
    return -mark.quantity.value if reading.decrease else mark.quantity.value


def _printed(mark: Mark, text: Text, figure: Span) -> str:
    if mark.absent:
        return ""
    printed = text.text[slice(*figure)]
    if mark.quantity is None:
        return printed
    digits = len(flatten(printed).text) - (mark.end - mark.quantity.number_end)
    flat = flatten(printed)
    return flat.printed(printed, 0, digits)


def _wordy_kind(mark: Mark) -> Kind:
    return Kind.BLANK if mark.absent else Kind.MONEY


def passages_of(texts: Sequence[Text]) -> tuple[Passage, ...]:
    """Each text as a passage that can be cited; `title` is the heading it stands under."""
    seen: Counter[str] = Counter()
    return tuple(_passage(text, seen) for text in texts)


def _passage(text: Text, seen: Counter[str]) -> Passage:
    seen[str(text.place)] += 1
    count = seen[str(text.place)]
    return Passage(
        id=f"text/{text.place}" + (f"/{count}" if count > 1 else ""),
        document="",
        kind=_passage_kind(text),
        section=text.section,
        title=text.headings[-1] if text.headings else "",
        text=text.text,
        place=text.place,
    )


def _passage_kind(text: Text) -> PassageKind:
    if text.section == CONTENTS:
        return PassageKind.CONTENTS
    return PassageKind.HEADING if text.heading else PassageKind.PARAGRAPH
