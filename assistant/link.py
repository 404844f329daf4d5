"""Content words → the entries they name, scored by how much of the question and of the name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Entry, grams
from assistant.content import Content

LEAST_OF_ROW = 0.6
GENERIC = 0.15
"""What a gram of an institution's own name counts in a label that bears it (四川省某某中心
安全服务): it tells no two labels of the document apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    entry: Entry
    mask: int
    """Positions of the question that the entry's strings explain."""
    item_mask: int
    """Those explained by its item (and column), not by its context."""
    covered: float
    """Share of the question's content explained, 0..1."""
    named: float
    """Share of the item's own name that the question says, 0..1."""
    own_mask: int = 0
    """Positions that only its item explains, not its table, project or group."""
    strings: frozenset[int] = frozenset()
    """Ids of the strings that name the entry."""
    column_said: float = 1.0
    """Share of the side column's head that the question says."""
    parent_unsaid: bool = False
    """What the item is a part of is not named."""

    @property
    def order(self) -> tuple[float, float, bool, int]:
        """For sorting: best first."""
        return (-self.covered, -self.named, not self.entry.main, self.entry.at)


def link(
    content: Content,
    catalogue: Catalogue,
    allowed: Callable[[Entry], bool] = lambda entry: True,
    given: int = 0,
    *,
    by_context: bool = False,
    any_column: bool = False,
    said: set[str] | None = None,
) -> tuple[Match, ...]:
    """Every allowed entry that explains some content beyond `given`, best first.

    `by_context`: also entries of which only the table, project or group is named.
    `any_column`: side columns need not be named (the caller has picked the column).
    """
    masks = string_masks(content)
    if said is None:
        said = {gram for key in content.keys for gram in grams(key.word)}
    total = content.total
    if not total:
        return ()
    covered: dict[int, float] = {}
    named: dict[str, float] = {}
    found = []
    for entry in catalogue.entries:
        ids = catalogue.named[entry.at]
        item = masks[ids[0]] | (masks[ids[1]] if ids[1] >= 0 else 0)
        context = given
        for at in ids[2:]:
            context |= masks[at]
        mask = item | context
        if not (mask & ~given) or not (item or by_context) or not allowed(entry):
            continue
        if entry.column and not any_column and not masks[ids[1]] & ~masks[ids[0]]:
            continue  # a side column counts only when the question says its head
        if mask not in covered:
            covered[mask] = content.weigh(mask) / total
        for name in (entry.item, entry.column):
            if name and name not in named:
                named[name] = name_share(name, said, catalogue)
        share = named.get(entry.item, 0.0)
        if entry.column and not any_column:
            if share < LEAST_OF_ROW and not by_context:
                continue  # a column's cell needs its row named, not only brushed
            share = (share + named[entry.column]) / 2
        found.append(
            Match(
                entry=entry,
                mask=mask,
                item_mask=item,
                covered=covered[mask],
                named=share,
                strings=frozenset(ids),
                column_said=named[entry.column] if entry.column else 1.0,
                own_mask=item & ~context,
                parent_unsaid=bool(ids[2:]) and not masks[ids[2]],
            )
        )
    return tuple(sorted(found, key=lambda match: match.order))


def string_masks(content: Content) -> dict[int, int]:
    """String id → the positions of the question that the string holds."""
    masks: dict[int, int] = defaultdict(int)
    for key in content.keys:
        for at in key.strings:
            masks[at] |= key.mask
    return masks


def name_share(name: str, said: set[str], catalogue: Catalogue) -> float:
    """How much of `name` the question says, by rarity of its grams."""
    generic = {gram for who in catalogue.institutions for gram in grams(who)}
    weights = {
        gram: catalogue.rarity(gram) * (GENERIC if gram in generic else 1.0) for gram in grams(name)
    }
    total = sum(weights.values())
    return sum(weight for gram, weight in weights.items() if gram in said) / total if total else 0.0


def nearest(matches: Sequence[Match], keep: int = 3, least: float = 0.3) -> tuple[Match, ...]:
    """The best matches with different item names, for "nearest labels"."""
    seen: set[str] = set()
    found = []
    for match in sorted(matches, key=lambda m: (-m.named - m.covered, m.entry.at)):
        if match.entry.item in seen or match.covered < least:
            continue
        seen.add(match.entry.item)
        found.append(match)
    return tuple(found[:keep])


def items_of(matches: Iterable[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.entry.item for match in matches))
