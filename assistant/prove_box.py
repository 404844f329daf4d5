"""A fact of a PDF against a second reading of its boxes, by a library that shares nothing with
the reader's own.
"""

from collections.abc import Iterator

from assistant.fault import FaultName
from assistant.raw_document import RawDocument
from index.document import Place
from index.fact import Fact
from index.readers.pdf_box import read_box
from index.words import squeeze


def box_agrees(fact: Fact, raw: RawDocument) -> FaultName | None:
    """The characters in the boxes of the figure, its label and its heads are those that were
    read; nothing where the format has no boxes."""
    return (
        None
        if all(agrees(text, place, raw) for text, place in read(fact, raw))
        else (FaultName.BOX)
    )


def read(fact: Fact, raw: RawDocument) -> Iterator[tuple[str, Place]]:
    """What the reader gave at each of the fact's places."""
    for place in (fact.place, *fact.label_places, *fact.header_places):
        spot = raw.spots.get(place)
        at = None if spot else raw.paragraph_at(place)
        if spot is not None:
            yield spot.cell.text, place
        elif at is not None:
            yield raw.paragraphs[at].text, raw.paragraphs[at].place


def agrees(text: str, place: Place, raw: RawDocument) -> bool:
    if place.box is None or place.page is None:
        return True
    if place not in raw.boxes:
        again = read_box(raw.content, place.page, place.box)
        raw.boxes[place] = squeeze(again) == squeeze(text)
    return raw.boxes[place]
