"""What kind of figure a question wants: money or target, its measure, limits and operations."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.catalogue import flat
from assistant.mention import (
    Amount,
    Filler,
    FillerName,
    Mention,
    Operation,
    OperationName,
    OutputUnit,
    Range,
    Rank,
    Threshold,
)
from assistant.nouns import nouns
from assistant.select import Want
from index.reading import AMOUNT, EXECUTED, FINAL

MONEY_MEASURES = ("元", "yuan", "rmb", "million", "thousand", "billion")


EXACTLY = ("正好", "刚好", "恰好", "不多不少", "exactly")
MOST_RANKED = 20
BETWEEN = re.compile(r"\s*(?:to|-|~|至|到|and)\s*")


FIRST_YEAR, LAST_YEAR = 1990, 2100


TARGETS = (OperationName.MINIMUM, OperationName.MAXIMUM)


def operations_of(mentions: Sequence[Mention]) -> tuple[OperationName, ...]:
    """The operations said; "total" before a noun is its name, 其中 before one thing no split."""
    return tuple(
        m.value.name
        for m in mentions
        if isinstance(m.value, Operation)
        and not (m.value.name is OperationName.SUM and m.text in ("total", "totals", "overall"))
        and not (m.value.name is OperationName.SPLIT and m.text == "其中")
    )


def measure_of(mentions: Sequence[Mention], counts: Sequence[Operation], text: str) -> str:
    """The measure word; of 几个人 the people."""
    if not counts:
        return "人" if people_counted(text) else ""
    mention = next(m for m in mentions if m.value == counts[0])
    return "人" if text[mention.end : mention.end + 1] == "人" else flat(counts[0].measure)


def people_counted(text: str) -> list[tuple[int, int]]:
    """人员 of 离退休人员有多少: it says only that people are counted."""
    found = (re.search(word, text) for word in nouns()["counted_people"])
    return [(match.start(), match.start() + 2) for match in found if match]


def spanned(mentions: Sequence[Mention], text: str) -> Range | None:
    """200万 to 300万: two amounts with a word of range between them."""
    amounts = [m for m in mentions if isinstance(m.value, Amount) and m.value.unit]
    if len(amounts) != 2 or not BETWEEN.fullmatch(text[amounts[0].end : amounts[1].start]):
        return None
    low, high = (m.value for m in amounts)
    assert isinstance(low, Amount) and isinstance(high, Amount)
    return Range(low=low, high=high) if low.value < high.value else None


def rank_of(mentions: Sequence[Mention]) -> Rank | None:
    """The places asked for; three projects … the largest: as many as are counted."""
    rank = next((m.value for m in mentions if isinstance(m.value, Rank)), None)
    if rank is None or rank.last > 1:
        return rank
    counts = [m.value.value for m in mentions if isinstance(m.value, Amount) and not m.value.unit]
    several = [int(c) for c in counts if c == int(c) and 1 < c <= MOST_RANKED]
    return replace(rank, last=several[0]) if len(several) == 1 else rank


def is_year(limit: Threshold | Range) -> bool:
    """over 2022 is a year, no limit."""
    if isinstance(limit, Range):
        return False
    return not limit.amount.unit and FIRST_YEAR <= limit.amount.value <= LAST_YEAR


def is_verified(mentions: Sequence[Mention]) -> bool:
    """The figures in the question are claims, no help to find what is meant."""
    return any(
        (isinstance(m.value, Operation) and m.value.name is OperationName.VERIFY)
        or (isinstance(m.value, Filler) and m.value.name is FillerName.YESNO)
        for m in mentions
    )


def claims_of(mentions: Sequence[Mention]) -> tuple[tuple[str, str], ...]:
    if not is_verified(mentions):
        return ()
    amounts = [m.value for m in mentions if isinstance(m.value, Amount)]
    return tuple((format(a.value, "f"), a.unit) for a in amounts if not a.about)


def limit_of(mentions: Sequence[Mention], text: str) -> Threshold | Range | None:
    """The limit; 含 beside its figure closes it; 正好 or 等于 a figure is a limit as well."""
    limits = (m.value for m in mentions if isinstance(m.value, Threshold | Range))
    found = next((limit for limit in limits if not is_year(limit)), None)
    if isinstance(found, Threshold) and any(word in text for word in ("含", "inclusive")):
        return replace(found, op={"<": "≤", ">": "≥"}.get(found.op, found.op))
    if found is None and (span := spanned(mentions, text)) is not None:
        return span
    if found is None and any(word in text for word in EXACTLY):
        amount = next((m.value for m in mentions if isinstance(m.value, Amount)), None)
        return Threshold(op="=", amount=amount) if amount else None
    return found


def account_of(text: str) -> str:
    """The account whose words the question says; none where it says several."""
    if any(word in text for word in nouns()["rate"]):
        return ""
    said = [name for name in ACCOUNTS if any(word in text for word in nouns()[name])]
    return ACCOUNTS[said[0]] if len(said) == 1 else ""


def account_spans(text: str) -> list[tuple[int, int]]:
    """The words that say which account, or how far it was carried out, is meant: no part of a
    thing's name."""
    names = list(ACCOUNTS) if account_of(text) else ["rate"]
    words = (word for name in names for word in nouns()[name] if word in text)
    return [(text.find(word), text.find(word) + len(word)) for word in words]


ACCOUNTS = {"of_plan": AMOUNT, "of_final": FINAL, "of_execution": EXECUTED}


def is_aimed(text: str) -> bool:
    for word in nouns()["not_aimed"]:
        text = text.replace(word, "")
    return any(word in text for word in nouns()["aimed"])


def want_of(mentions: Sequence[Mention], text: str) -> Want:
    operations = {m.value.name for m in mentions if isinstance(m.value, Operation)}
    counted = [m.value for m in mentions if isinstance(m.value, Operation) and m.value.measure]
    counts = [c for c in counted if not any(word in c.measure for word in MONEY_MEASURES)]
    said = [m.text for m in mentions if isinstance(m.value, OutputUnit)]
    budgeted = any(word in text for word in nouns()["moneyish"])
    money = any(word in part for part in (text, *said) for word in nouns()["money_only"])
    money = money or len(counts) < len(counted)
    money = money or (bool(said) and budgeted)
    money = money or (OperationName.SUM in operations and not counts)
    target = bool(operations & set(TARGETS)) or any(w in text for w in nouns()["targeted"])
    amounts = tuple(
        (format(m.value.value, "f"), m.value.unit)
        for m in mentions
        if isinstance(m.value, Amount) and not m.value.about and not is_verified(mentions)
    )
    return Want(
        money=money and not target and not counts and OperationName.PER not in operations,
        moneyish=budgeted or bool(said),
        target=target,
        aimed=is_aimed(text),
        measure=measure_of(mentions, counts, text),
        prose=any(word in text for word in nouns()["prose"]),
        change=bool(operations & {OperationName.CHANGE}),
        share=OperationName.SHARE in operations,
        rate=any(word in text for word in nouns()["rate"]),
        account=account_of(text),
        weight=any(word in text for word in nouns()["weight"]),
        beside_weight=any(word in text for word in nouns()["beside_weight"]),
        amounts=amounts,
    )
