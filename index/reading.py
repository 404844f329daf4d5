"""A mark in its sentence → whose figure it is, of what kind, and measured against what.

A figure takes its subject from the words before it; where these hold none, from the figures
before it. `Context` is what is remembered of them.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from index.fact import Kind
from index.mark import Mark, compared
from index.outline import Text
from index.quantity import prose_words
from index.sentences import flatten
from index.subject import (
    YEAR,
    Names,
    chain_of,
    counted_noun,
    is_generic,
    last_clause,
    modifier_of,
    scope_of,
    subject_of,
    without_institution,
    without_year,
)
from index.words import NUMERAL, lexicon
from index.years import base_year, common_year

AMOUNT, FINAL, EXECUTED = "预算数", "决算数", "执行数"
SHARE, CHANGE, CHANGE_RATE, COUNT = "占比", "比上年增减", "增减比例", "数量"
AGAINST_PLAN = "比预算增减"
"""决算数比预算数: a change of no year."""
COMPLETION, RATE = "完成率", "比率"

ORDINALS = (rf"[{NUMERAL}]+、", rf"[（(][{NUMERAL}]+[)）]", r"\d{1,2}[.、．]", r"[（(]\d+[)）]")
"""The forms of ordinals: a new one of the opener's form ends what 其中： opened."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    path: Path
    column: str
    year: int | None
    end: int
    """Where the words that belong to the mark end."""
    about: str = ""
    decrease: bool = False
    note: str = ""
    unit: str = ""


@dataclass(slots=True)
class Context:
    """What the text read so far has spoken of."""

    names: Names
    year: int | None
    scope: str = ""
    """What the heading above speaks of."""
    final: bool = False
    """The headings speak of final accounts (决算)."""
    main: Path = ()
    """The subject of the paragraph's own figure, whose details follow."""
    main_money: bool = False
    topic: Path = ()
    """The subject of the figure just read."""
    parent: Path = ()
    """What 其中 opened, up to the full stop."""
    outer: Path = ()
    """What the parent is between sentences: carried from the text above, or the scope."""
    carried: Path = ()
    carrier: str = ""
    """The form of ordinal of the text that ended with 其中：."""
    section: str = ""
    section_main: Path = ()
    base: str = ""
    unit: str = ""
    seen: dict[str, Path] = field(default_factory=dict)
    above: Path = ()
    """The subject of the paragraph above, for one that begins without (a page broken apart)."""
    shared: Path = ()
    """Subjects named together (分别为) whose figures are still to come."""
    outside: Path | None = None
    """The parent outside of a bracket that 其中 opened."""

    def enter_sentence(self, flat: str) -> None:
        """A class chain that opens a sentence is the subject of what follows, figure or not."""
        names, _ = chain_of(re.split("[，；：]", flat)[0])
        if len(names) > 1:
            self.main = self.topic = names
            self.main_money = True

    def leave_sentence(self, rest: str) -> None:
        if rest.rstrip("”’」）)").endswith(("。", "！", "？")):
            self.parent = self.outer

    def leave_text(self, flat: str) -> None:
        """A text that ends with 其中： opens the texts below it."""
        if re.search(rf"{prose_words('whereof')}[：，]?$", flat):
            self.carried, self.carrier = self.topic or self.main, ordinal_form(flat)


def open_text(context: Context, text: Text, year: int | None) -> None:
    """Forget the last paragraph; keep what its 其中： opened, and the section's subject."""
    flat = flatten(text.text).text
    form = ordinal_form(flat)
    ends = text.heading or YEAR.match(flat) or (form and form == context.carrier)
    if ends or flat.startswith(context.names.own):
        context.carried, context.carrier = (), ""
    context.above = () if text.heading else context.main or context.topic
    if text.section != context.section:
        context.section, context.section_main = text.section, ()
    context.year = year
    context.scope = scope_of(text.headings)
    context.final = any(
        word in heading for heading in text.headings for word in lexicon("prose")["final_words"]
    )
    context.outer = context.carried or _structure(flat, context.scope)
    context.parent = context.outer
    context.main = context.topic = ()
    context.main_money = False
    context.base, context.seen, context.outside = "", {}, None
    context.shared = ()


def ordinal_form(flat: str) -> str:
    return next((form for form in ORDINALS if re.match(form, flat)), "")


def _structure(flat: str, scope: str) -> Path:
    """A paragraph of shares without a whole of its own speaks of the heading's whole."""
    opened = re.search(prose_words("whereof"), flat)
    shares = re.findall(rf"{prose_words('share')}(?:为)?\d", flat)
    return (scope,) if scope and len(shares) > 1 and not opened else ()


def read_mark(mark: Mark, flat: str, start: int, context: Context) -> Reading:
    """The mark's reading; `start` is where the words of the mark before it end."""
    before = flat[start : mark.start]
    before, passing = opened(before, context)
    _note_year(before, context)
    if mark.absent:
        return _absence(mark, before, context)
    parent, context.parent = context.parent, passing or context.parent
    reading = _figure(mark, before, flat, context)
    context.parent = parent
    return reading


def opened(before: str, context: Context) -> tuple[str, Path]:
    """Behind 其中, X包括：, X中，: the words that remain; a parent for this mark alone."""
    if context.outside is not None and re.search(r"^[^（(]*[）)]", before):
        context.parent, context.outside = context.outside, None
    if found := list(re.finditer(rf"{prose_words('whereof')}[：，]?", before)):
        return _whereof(before, found[-1], context), ()
    if found := list(re.finditer(rf"([^，。；：]*?){prose_words('including')}：", before)):
        what = subject_of(found[-1][1], context.names)
        above = context.main or context.section_main
        context.parent = (*above, what) if what else context.topic or above
        return before[found[-1].end() :], ()
    if (inside := re.search(r"([^，。；：]+)中，", before)) and (
        path := context.seen.get(subject_of(inside[1], context.names))
    ):
        context.parent = path
        return before[inside.end() :], ()
    if inside := re.search(rf"[（(]{prose_words('within')}[：，]?(?=[^）)]*$)", before):
        return before[inside.end() :], context.topic
    return before, ()


def _whereof(before: str, found: re.Match[str], context: Context) -> str:
    head = before[: found.start()]
    if re.search(r"[（(]$", head):
        context.outside = context.parent
    whole = context.seen.get(subject_of(head, context.names))
    context.parent = whole or context.topic or context.main or context.outer
    return before[found.end() :]


def _note_year(before: str, context: Context) -> None:
    """A figure is of the year named last, what it is compared with aside."""
    own = re.sub(compared(), "", before)
    for match in YEAR.finditer(own):
        context.year = common_year(match[1])


def _absence(mark: Mark, before: str, context: Context) -> Reading:
    label = mark.subject or subject_of(before, context.names)
    path = (*context.parent, label) if label else context.topic
    if label and not mark.subject:
        context.topic = context.main = path
    return Reading(
        path=path,
        column=AMOUNT,
        year=context.year,
        end=mark.end,
        note=mark.absent,
        unit=context.unit,
    )


def _figure(mark: Mark, before: str, flat: str, context: Context) -> Reading:
    quantity = mark.quantity
    if quantity is None:
        return _change(mark, before, before, "", context)
    if (found := change_pattern().search(before)) and _changes(found, before, quantity.kind):
        return _change(mark, before, before[: found.start()], found["word"], context)
    if quantity.kind is Kind.PERCENT:
        return _percent(mark, before, context)
    if (found := base_pattern().search(before)) and not found["tail"] and context.topic:
        return _base(mark, found["base"], context)
    return _amount(mark, before, flat, context)


@cache
def change_pattern() -> re.Pattern[str]:
    words = rf"(?P<word>{prose_words('up')}|{prose_words('down')})"
    return re.compile(rf"{words}(?:了|额|幅度)?(?:[（(][^）)]*[）)])?(?:约|为|达|数)*$")


def _changes(found: re.Match[str], before: str, kind: Kind) -> bool:
    """提升 is a change of what is compared or given in percent, else a purpose (支持…提升)."""
    strong = found["word"] not in lexicon("prose")["weak"]
    return strong or kind is Kind.PERCENT or bool(base_pattern().search(before[: found.start()]))


@cache
def base_pattern() -> re.Pattern[str]:
    return re.compile(rf"{compared()}(?:，(?P<tail>[^。；]*))?$")


def _change(mark: Mark, before: str, text: str, word: str, context: Context) -> Reading:
    """比上年增加 N; 下降 N%; 持平 (no word)."""
    found = base_pattern().search(text)
    label = _changed(text, found, context)
    context.base = found["base"] if found else context.base
    netted = re.search(prose_words("net"), text)
    path = context.main if netted else _path(label, context)
    if path and not context.main:
        context.main = path
    context.topic = path or context.topic
    rate = mark.quantity is not None and mark.quantity.kind is Kind.PERCENT
    planned = context.base.startswith(("预算", "年初"))
    column = CHANGE_RATE if rate else AGAINST_PLAN if planned else CHANGE
    return Reading(
        path=path or _fallback(context, column),
        column=column,
        year=context.year,
        end=mark.end,
        about=context.base,
        decrease=word in lexicon("prose")["down"],
        note=mark.quantity.note if mark.quantity else "持平",
        unit=context.unit,
    )


def _base(mark: Mark, base: str, context: Context) -> Reading:
    """较上年度预算数 N, 增加…: what the topic is measured against, of the year that it names."""
    context.base = base
    year = base_year(base, context.year)
    note = mark.quantity.note if mark.quantity else ""
    return Reading(
        path=context.topic, column=AMOUNT, year=year, end=mark.end, about=base, note=note
    )


def _changed(text: str, found: re.Match[str] | None, context: Context) -> str:
    """What changes: 收支总计 of 与上年相比，收支总计; 项目支出 of 项目支出增加，较上年."""
    moved = rf"(?:{prose_words('up')}|{prose_words('down')})+"
    head = text[: found.start()] if found else text
    if found and (said := re.search(rf"([^，。；：]+?){moved}，$", head)):
        return subject_of(said[1], context.names)
    label = subject_of((found["tail"] if found else "") or head, context.names)
    return re.sub(rf"{moved}$", "", label)


def _path(label: str, context: Context) -> Path:
    """The label below what is open; without a label, the figure before."""
    if not label:
        return context.topic or context.main
    if label in lexicon("prose")["sum"] and context.parent:
        return context.parent
    if is_generic(label):
        return context.topic if context.parent else context.main or context.topic
    return context.seen.get(label) or (*context.parent, label)


def _fallback(context: Context, column: str) -> Path:
    """A figure of which nothing is said: the paragraph's above, the heading's, its column's."""
    return context.above or context.parent or (context.scope or column,)


def _percent(mark: Mark, before: str, context: Context) -> Reading:
    base = r"(?P<base>[^，。；：]*?)的?"
    found = re.search(rf"{prose_words('share')}{base}(?:比例|比重)?为?$", before)
    match = found or re.search(rf"完成{base}$", before)
    note = mark.quantity.note if mark.quantity else ""
    if match is not None:
        names, _ = chain_of(before[: match.start()])
        said = re.sub(rf"{compared()}$", "", before[: match.start()])
        label = "" if names else subject_of(said, context.names)
        column = SHARE if found else COMPLETION
        path = names or _path(label, context) or _fallback(context, column)
        about = match["base"] or (context.parent[-1] if context.parent else context.scope)
        year = context.year
        return Reading(path=path, column=column, year=year, end=mark.end, about=about, note=note)
    label = subject_of(before, context.names)
    above = context.parent or context.main
    path = (*above, label) if label else context.topic or _fallback(context, RATE)
    return Reading(path=path, column=RATE, year=context.year, end=mark.end, note=note)


def _amount(mark: Mark, before: str, flat: str, context: Context) -> Reading:
    names, rest = chain_of(before)
    label = shared_subject(subject_of(rest, context.names), rest, context)
    note = mark.quantity.note if mark.quantity else ""
    end = mark.end
    counts = mark.quantity is not None and mark.quantity.kind is Kind.COUNT
    if counts and not names:
        label, end = _counted(label, rest, flat, mark, context)
    if label.startswith(tuple(lexicon("prose")["concerning"])) and context.topic:
        label, note = "", note or label
    if names:
        context.topic = names
    path = (
        names
        if names and (not label or is_generic(label))
        else _amount_path(label, names, counts, context)
    )
    column = COUNT if counts else _amount_column(before, context)
    path = path or _fallback(context, column)
    _remember(path, label or (path[-1] if path else ""), counts, context)
    if mark.quantity is not None and not counts:
        context.unit = mark.quantity.unit
    return Reading(path=path, column=column, year=context.year, end=end, note=note)


def shared_subject(label: str, before: str, context: Context) -> str:
    """货物、工程和服务分别为 1万元、2万元、3万元: each figure takes its own subject."""
    if re.search(r"分别(?:为|是|达)?$", before):
        context.shared = tuple(part for part in re.split("[、和及]", label) if part)
    elif label:
        context.shared = ()
        return label
    if not context.shared:
        return label
    first, *others = context.shared
    context.shared = tuple(others)
    return first


def _counted(label: str, before: str, flat: str, mark: Mark, context: Context) -> tuple[str, int]:
    """What is counted: before the figure (车辆 6辆) or behind it (4辆 公务用车)."""
    clause = without_institution(without_year(last_clause(before)), context.names)
    modifier = modifier_of(clause) if label else ""
    noun = counted_noun(flat[mark.end :], context.seen)
    if modifier is None or not noun:
        return label, mark.end
    return modifier + noun, mark.end + flat[mark.end :].find(noun) + len(noun)


def _amount_path(label: str, names: Path, counts: bool, context: Context) -> Path:
    if not label or is_generic(label):
        return _path(label, context)
    if names:
        return (*names, label)
    above = context.parent
    if above == context.outer and counts and context.main_money:
        above = context.main
    return (*above, label)


def _remember(path: Path, label: str, counts: bool, context: Context) -> None:
    if not path:
        return
    context.topic = path
    context.seen.setdefault(label, path)
    nested = context.parent != context.outer or (counts and context.main_money)
    if not nested and path != context.main:
        context.main, context.main_money = path, not counts
    if not counts and not context.section_main:
        context.section_main = path


def _amount_column(before: str, context: Context) -> str:
    lists = lexicon("prose")
    clause = last_clause(before)
    if any(word in clause for word in lists["executed_words"]):
        return EXECUTED
    if any(word in clause for word in lists["final_words"]):
        return FINAL
    planned = any(word in clause for word in lists["budget_words"])
    return FINAL if context.final and not planned else AMOUNT
