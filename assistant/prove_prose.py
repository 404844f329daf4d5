"""A fact of running text against its raw paragraph: sentence, figure, unit, subject, direction.

A figure's subject is the label that stands nearest before it, with no other figure of the same
sort between; of counts it may stand behind (4辆公务用车).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from assistant.fault import FaultName
from assistant.prove_english import prove_english
from assistant.raw_document import RawDocument
from index.english_figures import is_english
from index.fact import Fact, Kind
from index.mark import compared, marks_of
from index.quantity import Quantity, prose_words, quantities
from index.reading import (
    AGAINST_PLAN,
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    COMPLETION,
    COUNT,
    EXECUTED,
    FINAL,
    RATE,
    SHARE,
    base_pattern,
    change_pattern,
)
from index.sentences import flatten
from index.subject import YEAR, chain_of, counted_noun, is_generic, last_clause, subject_of
from index.words import lexicon, squeeze
from index.years import base_year, common_year

CHANGES = (CHANGE, CHANGE_RATE, AGAINST_PLAN)
LOOK_BACK = 40
"""Paragraphs above in which a figure's subject may stand: those of its section."""
FARTHEST = 6000
"""Characters of them."""
LONGEST_SUBJECT_BEHIND = 40
ENDS = tuple("。；！？;!?")


class Sort(StrEnum):
    """What a figure of running text may be."""

    AMOUNT = "amount"
    COUNT = "count"
    SHARE = "share"
    RATE = "rate"
    CHANGE = "change"
    CHANGE_RATE = "change rate"


ACCOUNTS = {"executed_words": EXECUTED, "final_words": FINAL, "budget_words": AMOUNT}
"""The words of an amount's clause that say of which account it is."""
LABEL_GAP = r"(?:(?:20\d\d年度?)?|，|\n)"
"""What may stand inside a printed label: a year, the comma behind 的, a page break."""
COLUMNS = {
    Sort.AMOUNT: (AMOUNT, FINAL, EXECUTED),
    Sort.COUNT: (COUNT,),
    Sort.SHARE: (SHARE,),
    Sort.RATE: (RATE, COMPLETION),
    Sort.CHANGE: (CHANGE, AGAINST_PLAN),
    Sort.CHANGE_RATE: (CHANGE_RATE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A printed figure (or 持平) and the words around it, flattened."""

    before: str
    """All from some paragraphs above to the figure."""
    after: str
    """The rest of its sentence, from behind the unit."""
    own: str
    """Of `before` what stands in the figure's own paragraph."""
    quantity: Quantity | None
    """None for 持平."""


def prove_prose(fact: Fact, raw: RawDocument) -> FaultName | None:
    """The first thing wrong with a figure of running text."""
    at = raw.paragraph_at(fact.place)
    if at is None:
        return FaultName.PLACE
    if (fault := sentence_stands(fact, raw.paragraphs[at].text)) is not None:
        return fault
    if is_english(raw.paragraphs[at].text):
        return prove_english(fact, at, raw)
    if fact.kind is Kind.BLANK:
        return absence_stands(fact, at, raw)
    figures = figures_of(fact, at, raw)
    if isinstance(figures, FaultName):
        return figures
    faults = [prove_figure(fact, figure, raw) for figure in figures]
    return None if None in faults else faults[0]


def sentence_stands(fact: Fact, paragraph: str) -> FaultName | None:
    """The paragraph prints the sentence, and the budget unit that is named."""
    if not fact.sentence or fact.sentence not in paragraph:
        return FaultName.SENTENCE
    if fact.label != (fact.row_path[-1] if fact.row_path else ""):
        return FaultName.PATH
    return None if squeeze(fact.unit_name) in squeeze(paragraph) else FaultName.OWNER


def figures_of(fact: Fact, at: int, raw: RawDocument) -> list[Figure] | FaultName:
    """Where the sentence prints the fact's figure with its unit and operator; else what differs."""
    above = "\n".join(raw.flat[max(0, at - LOOK_BACK) : at])[-FARTHEST:] + "\n"
    paragraph = raw.paragraphs[at].text
    start = flatten(paragraph[: max(0, paragraph.find(fact.sentence))]).text
    sentence = flatten(fact.sentence).text + run_on(fact, at, raw)
    printed = flatten(fact.printed).text
    found: list[Figure] = []
    differing = FaultName.VALUE
    for mark in marks_of(sentence):
        fault = mark_differs(fact, printed, sentence, mark.start, mark.end, mark.quantity, raw)
        if mark.absent or fault is FaultName.VALUE:
            continue
        if fault is not None:
            differing = fault
            continue
        own = start + sentence[: mark.start]
        behind = sentence[mark.end :]
        found.append(Figure(before=above + own, after=behind, own=own, quantity=mark.quantity))
    return found or differing


def run_on(fact: Fact, at: int, raw: RawDocument) -> str:
    """The line below, where a page break cuts the sentence off behind its figure."""
    paragraph = raw.paragraphs[at].text.rstrip()
    cut = paragraph.endswith(fact.sentence.rstrip()) and not paragraph.endswith(ENDS)
    return raw.flat[at + 1][:LONGEST_SUBJECT_BEHIND] if cut and at + 1 < len(raw.flat) else ""


def mark_differs(
    fact: Fact,
    printed: str,
    sentence: str,
    start: int,
    end: int,
    quantity: Quantity | None,
    raw: RawDocument,
) -> FaultName | None:
    if quantity is None:
        same = fact.value == 0 and sentence[start:end] == printed and not fact.operator
        return None if same and fact.unit in (raw.money_units or {fact.unit}) else FaultName.VALUE
    shown = sentence[quantity.start : quantity.number_end]
    if fact.value is None or abs(fact.value) != abs(quantity.value) or shown != printed:
        return FaultName.VALUE
    if fact.unit != quantity.unit:
        return FaultName.UNIT
    return None if fact.operator == quantity.operator else FaultName.OPERATOR


def prove_figure(fact: Fact, figure: Figure, raw: RawDocument) -> FaultName | None:
    return (
        direction_stands(fact, figure)
        or column_stands(fact, figure)
        or subject_stands(fact, figure, raw)
        or parents_stand(fact, figure)
        or year_stands(fact, figure, raw)
    )


# ----------------------------------------------------------------------- direction and sort


def direction_of(before: str, kind: Kind) -> str:
    """up, down, or nothing: what the words right before a figure say of it."""
    found = change_pattern().search(before)
    if found is None:
        return ""
    weak = found["word"] in lexicon("prose")["weak"]
    told = kind is Kind.PERCENT or base_pattern().search(before[: found.start()])
    if weak and not told:
        return ""
    return "down" if found["word"] in lexicon("prose")["down"] else "up"


def direction_stands(fact: Fact, figure: Figure) -> FaultName | None:
    if figure.quantity is None or fact.value is None:
        return None
    direction = direction_of(figure.before, figure.quantity.kind)
    negative = fact.value < 0
    if fact.column[-1:] and fact.column[-1] in CHANGES:
        told = direction == ("down" if negative else "up") or (not fact.value and direction)
        return None if told else FaultName.SIGN
    return FaultName.SIGN if negative and figure.quantity.value > 0 else None


def column_stands(fact: Fact, figure: Figure) -> FaultName | None:
    """A change, a share, a count and a rate are told as such, and nothing else is."""
    column = fact.column[-1] if fact.column else ""
    sort = sort_of(figure.before, figure.quantity)
    account = account_of(figure.before) if sort is Sort.AMOUNT else ""
    fits = column in COLUMNS[sort] and account in ("", column)
    return None if fits else FaultName.COLUMN


def account_of(before: str) -> str:
    """决算数, 执行数, 预算数: as the clause of an amount says; empty where it does not."""
    clause = last_clause(before.rsplit("\n", 1)[-1])
    for name, column in ACCOUNTS.items():
        if any(word in clause for word in lexicon("prose")[name]):
            return column
    return ""


def sort_of(before: str, quantity: Quantity | None) -> Sort:
    """What the words right before a figure, and its unit, say that it is."""
    if quantity is None:
        return Sort.CHANGE
    if direction_of(before, quantity.kind):
        return Sort.CHANGE_RATE if quantity.kind is Kind.PERCENT else Sort.CHANGE
    if quantity.kind is Kind.PERCENT:
        return Sort.SHARE if share_pattern().search(before) else Sort.RATE
    return Sort.COUNT if quantity.kind is Kind.COUNT else Sort.AMOUNT


@cache
def share_pattern() -> re.Pattern[str]:
    return re.compile(rf"{prose_words('share')}[^，。；：]*?的?(?:比例|比重)?为?$")


# -------------------------------------------------------------------------------- subject


def subject_stands(fact: Fact, figure: Figure, raw: RawDocument) -> FaultName | None:
    """The label is printed for this figure."""
    label = flatten(fact.label).text
    if stands_behind(label, figure) or is_shared(label, figure.before):
        return None
    if base_before(fact, figure):
        return None if label in figure.own else FaultName.LABEL
    end = end_of(label, figure.before)
    if end < 0 or is_said_otherwise(label, figure, raw):
        return FaultName.LABEL
    rivalled = rivals(figure.before[end:], figure)
    return FaultName.LABEL if rivalled and not is_summed(figure.before) else None


def end_of(label: str, before: str) -> int:
    """Where the label, printed last, ends; -1 if it is not printed."""
    at = before.rfind(label) if label else -1
    if at >= 0 or not label:
        return at + len(label) if label else -1
    pattern = label_pattern(label)
    found = [match.end() for match in pattern.finditer(before)]
    return found[-1] if found else -1


@lru_cache(maxsize=4096)
def label_pattern(label: str) -> re.Pattern[str]:
    return re.compile(LABEL_GAP.join(map(re.escape, label)))


def stands_behind(label: str, figure: Figure) -> bool:
    """4辆公务用车; 新进 8名 工作人员: the beginning of the label before, its end behind."""
    behind = re.sub(r"[“”]", "", figure.after[:LONGEST_SUBJECT_BEHIND])
    clause = re.split("[，。；：]", figure.before)[-1]
    plain = re.sub(r"[“”]", "", label)
    return any(
        behind.startswith(plain[cut:]) and clause.endswith(plain[:cut]) for cut in range(len(plain))
    )


def rivals(between: str, figure: Figure) -> bool:
    """Another figure of the same sort stands between the label and the figure."""
    own = figure.quantity
    sort = sort_of(figure.before, own)
    for other in quantities(between):
        if sort_of(between[: other.start], other) != sort or (own and other.kind != own.kind):
            continue
        if sort is Sort.COUNT and own and other.unit != own.unit:
            continue  # 接待44批次、387人次
        if sort is Sort.AMOUNT and is_other_account(between[: other.start], figure.before):
            continue  # 年初预算为3万元，支出决算为2万元
        if own is None or (other.value, other.unit) != (own.value, own.unit):
            return True
    return False


def is_other_account(before: str, own: str) -> bool:
    """The amounts behind the two texts are the plan and the outcome; what is executed is told
    from any other."""
    accounts = account_of(before), account_of(own)
    told = all(accounts) or accounts[1] == EXECUTED
    return told and accounts[0] != accounts[1]


def is_summed(before: str) -> bool:
    """合计, or what increases and decreases come to (品迭后): a figure of the whole."""
    clause = re.split("[，。；：]", before)[-1]
    netted = re.search(prose_words("net"), clause)
    return bool(netted) or bool(re.search(rf"{prose_words('sum')}(?:为|约)*$", clause))


def is_shared(label: str, before: str) -> bool:
    """货物、工程和服务分别为 1万元、2万元、3万元: the figure's place in the row is the label's."""
    head, found, row = before.rpartition("分别")
    if not found:
        return False
    names = re.split("[、和及]", re.split("[，。；：]", head)[-1])
    at = len(quantities(row))
    return at < len(names) and names[at].endswith(label)


def is_said_otherwise(label: str, figure: Figure, raw: RawDocument) -> bool:
    """The words right before a figure, or before the amount that a share or change goes with,
    name something else; or of a count those right behind it."""
    sort = sort_of(figure.before, figure.quantity)
    if sort is Sort.COUNT and not last_subject(figure.before, raw):
        return bool(counted_noun(figure.after))
    if sort is Sort.RATE:
        return not is_compatible(label, without_completion(figure.before), raw)
    if sort in (Sort.AMOUNT, Sort.COUNT):
        return not is_compatible(label, figure.before, raw)
    share = sort is Sort.SHARE
    own = figure.own if share else re.split("[。；]", figure.own)[-1]
    amounts = amounts_in(own)
    if not amounts or is_summed(figure.before) or (not share and label in own[amounts[-1].end :]):
        return False
    return not is_compatible(label, own[: amounts[-1].start], raw)


def without_completion(before: str) -> str:
    """完成年初预算的 behind an amount is no subject of the rate."""
    found = re.search(r"完成[^，。；：]*$", before)
    return re.sub(rf"{compared()}$", "", before[: found.start()]) if found else before


def amounts_in(text: str) -> list[Quantity]:
    amounts = [q for q in quantities(text) if sort_of(text[: q.start], q) is Sort.AMOUNT]
    return [q for q in amounts if not base_of(text[: q.start])]


def base_of(before: str) -> str:
    """较上年度预算数 N: what something is measured against, no amount of its own; or empty."""
    found = base_pattern().search(before)
    return found["base"] if found and not found["tail"] else ""


def base_before(fact: Fact, figure: Figure) -> str:
    """The words of comparison right before an amount, which the fact says that it is; or empty."""
    said = flatten(fact.about).text
    return said if fact.column == (AMOUNT,) and base_of(figure.before) == said else ""


def last_subject(before: str, raw: RawDocument) -> str:
    """The subject that the words since the last figure give the next; empty if none."""
    figures = quantities(before)
    before = before[figures[-1].end :] if figures else before
    _, rest = chain_of(re.split("[。；]", before)[-1])
    said = flatten(subject_of(rest, raw.names)).text
    beside = said.startswith(tuple(lexicon("prose")["concerning"])) or is_generic(said)
    return "" if beside or said in lexicon("prose")["sum"] else said


def is_compatible(label: str, before: str, raw: RawDocument) -> bool:
    said = last_subject(before, raw)
    return not said or said.endswith(label) or label.endswith(said)


def parents_stand(fact: Fact, figure: Figure) -> FaultName | None:
    """What the figure is part of is named before it."""
    told = all(flatten(parent).text in figure.before for parent in fact.row_path[:-1])
    return None if told else FaultName.PATH


def absence_stands(fact: Fact, at: int, raw: RawDocument) -> FaultName | None:
    """The words that nothing is arranged, and of what; the sentence may run on below."""
    text = "".join(raw.flat[max(0, at - 1) : at + 2])
    absent = flatten(fact.note).text
    told = bool(absent) and absent in flatten(fact.sentence).text
    return None if told and flatten(fact.label).text in text else FaultName.LABEL


def year_stands(fact: Fact, figure: Figure, raw: RawDocument) -> FaultName | None:
    """The year named last in the paragraph, what is compared with aside; else the document's."""
    own = re.sub(compared(), "", figure.own)
    if base := base_before(fact, figure):
        return None if fact.year == base_year(base, raw.year) else FaultName.YEAR
    named = [common_year(found[1]) for found in YEAR.finditer(own)]
    years = {named[-1]} if named else {raw.year} | set(years_above(figure))
    return None if fact.year in years else FaultName.YEAR


def years_above(figure: Figure) -> Sequence[int]:
    """Of the paragraph above, which a page break may have cut."""
    above = figure.before[: len(figure.before) - len(figure.own)].rstrip("\n").split("\n")[-1]
    found = YEAR.findall(re.sub(compared(), "", above))
    return [common_year(year) for year in found[-1:]]
