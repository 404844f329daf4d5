"""Things asked side by side (A、B和C): each stretch of the question linked for itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.catalogue import WHOLE_ROWS, Catalogue, Entry, essence, grams
from assistant.content import Content
from assistant.link import Match, link
from assistant.select import Choice, Want, choice_of, project_of
from index.fact import Fact, RowKind

JOINTS = re.compile(
    r"以及|还有|再加|加上|加|和|与|跟|同|及"
    r"|(?<![a-z])(?:and|plus|vs\.?|versus|or)(?![a-z])|[+/&]"
)
COVERED, NAMED = 0.72, 0.45
"""Of a stretch by itself: how much must be explained, how much of the name said."""
SHORT, WHOLLY = 4, 0.95
"""A short name (邮电费) must be explained whole: 电费 is another thing."""
LIGHT = 0.1
"""A stretch this light in the question (那家) names nothing."""
SHORTEST_ITEM = 3
"""支出 or 收入 alone is what every table is about."""
ASIDE = 0.6
"""A stretch that only says what the others have in common (监管类的有俩) is theirs."""

Span = tuple[int, int]


def side_by_side(
    content: Content,
    spans: Sequence[Span],
    catalogue: Catalogue,
    want: Want,
    allowed: Callable[[Entry], bool],
    *,
    arithmetic: bool,
) -> tuple[Choice, ...]:
    """A choice for each stretch, if every stretch names something of its own; else nothing."""
    stretches = [part for span in spans for part in cut(content, span, catalogue)]
    least = LIGHT * content.total
    stretches = [part for part in stretches if content.weigh(mask_of(part)) > least]
    if len(stretches) < 2:
        return ()

    def only_rows(entry: Entry) -> bool:
        """What is compared with a row is no column of that row."""
        return allowed(entry) and not (arithmetic and entry.column)

    found: list[tuple[Span, Choice | None]] = []
    beside: Fact | None = None
    for part in stretches:
        choice = linked(content, part, catalogue, want, only_rows, beside)
        if choice is not None:
            beside = beside or choice.best.entry.fact
        found.append((part, choice))
    frames = [choice for _, choice in found if choice and is_frame(choice)]
    frames += sources(content, found)
    found = [pair for pair in found if pair[1] not in frames]
    choices = [choice for _, choice in found if choice is not None]
    left = [part for part, choice in found if choice is None]
    before = len(choices)
    choices = without_projects_of(choices)
    if not arithmetic:
        choices = in_one_row(choices, catalogue)
    if len(choices) < (1 if len(choices) < before else 2):
        return ()
    if not all(aside(content, part, choices) for part in left):
        return ()
    if len({choice.best.entry.at for choice in choices}) < len(choices):
        return ()
    return tuple(choices)


def is_frame(choice: Choice) -> bool:
    """Only a table is named (收入总表里…): where to look, not what for."""
    fact = choice.best.entry.fact
    return is_titled(choice.best.entry) and fact.row_kind in WHOLE_ROWS


def sources(content: Content, found: Sequence[tuple[Span, Choice | None]]) -> list[Choice]:
    """一般公共预算里A和B: a head of columns that stands in the tables of all the others as well."""
    named = [(part, choice) for part, choice in found if choice is not None]
    return [
        choice
        for part, choice in named
        if len(named) > 2
        and choice.best.entry.fact.row_kind in WHOLE_ROWS
        and aside(content, part, [other for _, other in named if other is not choice])
    ]


def is_titled(entry: Entry) -> bool:
    """Named by its table's title."""
    return bool(entry.fact.table) and entry.item == essence(entry.fact.title)


def without_projects_of(choices: Sequence[Choice]) -> list[Choice]:
    """A project beside one of its own indicators says only whose indicator is meant."""
    inside = {
        project_of(fact)
        for choice in choices
        for fact in choice.facts
        if fact.row_kind is RowKind.INDICATOR
    }
    return [
        choice
        for choice in choices
        if choice.best.entry.fact.row_kind is not RowKind.PROJECT
        or project_of(choice.best.entry.fact) not in inside
    ]


def in_one_row(choices: list[Choice], catalogue: Catalogue) -> list[Choice]:
    """事业运行 … 基本支出 … 项目支出: a row and heads of its columns mean the row's cells."""
    row = next((c for c in choices if c.best.entry.fact.row_kind not in WHOLE_ROWS), None)
    heads = [c for c in choices if c is not row and is_head(c)]
    if row is None or not row.best.entry.fact.table or len(heads) != len(choices) - 1:
        return choices
    cells = [cell_of(row, head, catalogue) for head in heads]
    return [cell for cell in cells if cell is not None] if all(cells) else choices


def is_head(choice: Choice) -> bool:
    entry = choice.best.entry
    return not entry.main and entry.fact.row_kind in WHOLE_ROWS


def cell_of(row: Choice, head: Choice, catalogue: Catalogue) -> Choice | None:
    """The cell of the row under the head, in whatever table has both."""
    name = head.best.entry.item
    for match in (*row.matches, *row.near):
        fact = match.entry.fact
        for entry in catalogue.table_rows.get((fact.document, fact.table, fact.row), ()):
            if entry.column == name and entry.fact.value is not None:
                joined = replace(
                    match, entry=entry, mask=match.mask | head.mask, item_mask=match.item_mask
                )
                return Choice(matches=(joined,))
    return None


def mask_of(span: Span) -> int:
    return (1 << span[1]) - (1 << span[0])


def cut(content: Content, span: Span, catalogue: Catalogue) -> list[Span]:
    """The span cut at 和, 与, and … unless the index itself joins what stands around."""
    start, end = span
    parts: list[Span] = []
    for joint in JOINTS.finditer(content.text, start, end):
        around = content.text[joint.start() - 1 : joint.end() + 1]
        if joint.start() == start or joint.end() == end or catalogue.holding(around):
            continue
        parts.append((start, joint.start()))
        start = joint.end()
    return [*parts, (start, end)]


def restricted(content: Content, span: Span) -> Content:
    weights = [
        weight if span[0] <= at < span[1] else 0.0 for at, weight in enumerate(content.weights)
    ]
    mask = mask_of(span)
    keys = tuple(replace(key, mask=key.mask & mask) for key in content.keys if key.mask & mask)
    return Content(text=content.text, weights=tuple(weights), keys=keys)


def linked(
    content: Content,
    span: Span,
    catalogue: Catalogue,
    want: Want,
    allowed: Callable[[Entry], bool],
    beside: Fact | None,
) -> Choice | None:
    def fits(entry: Entry) -> bool:
        return want.allows(entry) and allowed(entry)

    said = {gram for key in content.keys for gram in grams(key.word)}
    matches = link(restricted(content, span), catalogue, fits, said=said)
    least = WHOLLY if span[1] - span[0] <= SHORT else COVERED
    good = [match for match in matches if match.covered >= least and match.named >= NAMED]
    if good and len(good[0].entry.item) < SHORTEST_ITEM and not is_titled(good[0].entry):
        return None
    choice = choice_of(good, want, beside) if good else None
    return with_full_masks(choice, content) if choice else None


def with_full_masks(choice: Choice, content: Content) -> Choice:
    """Shares of the stretch are no shares of the question."""

    def whole(match: Match) -> Match:
        mask = match.mask
        for key in content.keys:
            if key.strings & match.strings:
                mask |= key.mask
        return replace(match, mask=mask, covered=content.weigh(mask) / content.total)

    return replace(choice, matches=tuple(map(whole, choice.matches)))


def aside(content: Content, part: Span, choices: Sequence[Choice]) -> bool:
    """Do the words of a stretch without a thing of its own stand in all the things chosen?"""
    own = content.weigh(mask_of(part))
    return all(content.weigh(said_in(content, part, choice)) >= ASIDE * own for choice in choices)


def said_in(content: Content, part: Span, choice: Choice) -> int:
    at = choice.best.strings
    mask = 0
    for key in content.keys:
        if key.strings & at:
            mask |= key.mask
    return mask & mask_of(part)
