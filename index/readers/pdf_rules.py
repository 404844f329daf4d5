"""Rules on a page → the ruled regions they draw: lines that touch, one group a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.readers.pdf_ink import Glyph, Rule
from index.readers.pdf_shape import Box
from index.readers.pdf_text import Parts

# All in points.
SAME = 1.5
"""Strokes no further apart lie on one line."""
GAP = 4.0
"""Strokes of one line (dashes, the borders of single cells) leave no wider gap."""
TOUCH = 3.5
"""Lines that end this near to another touch it."""
SHORTEST = 4.0
"""What is shorter is a corner of a border, no line."""
OVER = 0.35
"""Of the type's size: how far writing may reach over the wall of its cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Lines that touch each other."""

    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]

    @property
    def box(self) -> Box:
        xs = [x for rule in self.level for x in (rule.start, rule.end)]
        ys = [y for rule in self.upright for y in (rule.start, rule.end)]
        xs += [rule.at for rule in self.upright]
        ys += [rule.at for rule in self.level]
        return Box(x0=min(xs), top=min(ys), x1=max(xs), bottom=max(ys))


def straightened(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Strokes on one line joined to one rule."""
    whole: list[Rule] = []
    ordered = sorted(rules, key=lambda rule: (rule.level, rule.at))
    for _, alike in groupby(ordered, key=lambda rule: rule.level):
        for strokes in _near(list(alike)):
            whole += _end_to_end(strokes)
    return tuple(rule for rule in whole if rule.end - rule.start >= SHORTEST)


def _near(rules: Sequence[Rule]) -> Iterable[list[Rule]]:
    group: list[Rule] = []
    for rule in rules:
        if group and rule.at - group[0].at > SAME:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def _end_to_end(strokes: Sequence[Rule]) -> list[Rule]:
    whole: list[Rule] = []
    for stroke in sorted(strokes, key=lambda rule: rule.start):
        if whole and stroke.start - whole[-1].end <= GAP:
            last = whole[-1]
            whole[-1] = Rule(
                level=last.level, at=last.at, start=last.start, end=max(last.end, stroke.end)
            )
        else:
            whole.append(stroke)
    return whole


def rulings_of(rules: Sequence[Rule]) -> tuple[Ruling, ...]:
    """Groups of rules that touch, each with lines both ways; a lone line is none."""
    group = list(range(len(rules)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    level = [at for at, rule in enumerate(rules) if rule.level]
    upright = [at for at, rule in enumerate(rules) if not rule.level]
    for one in level:
        for other in upright:
            if _touch(rules[one], rules[other]):
                group[root(one)] = root(other)
    found: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        found.setdefault(root(at), []).append(rule)
    return tuple(
        Ruling(
            level=tuple(rule for rule in members if rule.level),
            upright=tuple(rule for rule in members if not rule.level),
        )
        for members in found.values()
        if {rule.level for rule in members} == {True, False}
    )


def _touch(level: Rule, upright: Rule) -> bool:
    return (
        level.start - TOUCH <= upright.at <= level.end + TOUCH
        and upright.start - TOUCH <= level.at <= upright.end + TOUCH
    )


def walls_between(rules: Sequence[Rule]) -> Parts:
    """Whether an upright rule parts two neighbours on a line."""
    upright = sorted((rule for rule in rules if not rule.level), key=lambda rule: rule.at)

    def parts(left: Glyph, right: Glyph) -> bool:
        over = OVER * max(left.size, right.size)
        low, high = left.box.x1 - over, right.box.x0 + over
        ends = left.box.middle[0], right.box.middle[0]
        height = left.base - 0.35 * left.size
        return any(
            low <= rule.at <= high
            and ends[0] < rule.at < ends[1]
            and rule.start <= height <= rule.end
            for rule in upright
        )

    return parts
