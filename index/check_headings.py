"""The headings that a figure of the text stands under, the nearest first."""

from collections.abc import Iterable, Mapping, Sequence

from index.fact import Fact, Passage, PassageKind

KINDS = (PassageKind.HEADING, PassageKind.PARAGRAPH)


def headings_above(
    facts: Sequence[Fact], passages: Iterable[Passage]
) -> Mapping[str, tuple[str, ...]]:
    """Id of each figure → its headings.

    Sections are told by their ordinals, which a document may begin anew: of two headings with the
    same ordinals a figure stands under the last before it.
    """
    printed = [passage for passage in passages if passage.kind in KINDS]
    open_now: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    read = 0
    for fact in facts:
        end = _position(fact, printed, read)
        for passage in printed[read:end]:
            _enter(passage, open_now)
        read = max(read, end)
        words = fact.section.split()
        prefixes = (" ".join(words[:length]) for length in range(len(words), 0, -1))
        found[fact.id] = tuple(open_now[name] for name in prefixes if name in open_now)
    return found


def _position(fact: Fact, printed: Sequence[Passage], read: int) -> int:
    """How many passages are read when the figure is met; all where its sentence is not known."""
    if not fact.sentence:
        return len(printed)
    start = max(0, read - 1)
    same = (at for at in range(start, len(printed)) if fact.sentence in printed[at].text)
    return next(same, read - 1) + 1


def _enter(passage: Passage, open_now: dict[str, str]) -> None:
    if passage.kind is PassageKind.HEADING:
        for name in [name for name in open_now if name.startswith(f"{passage.section} ")]:
            del open_now[name]
        open_now[passage.section] = passage.text
