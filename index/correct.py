"""A person's word on a figure: finding the cell she means, and what her word changes.

The printed figure is never overwritten. Words are laid over the facts when they are read
(`with_words`), and the sums are checked again with them (`rechecked`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from index.check import check, mark_doubts
from index.errors import BudgetError
from index.fact import Budget, Correction, Fact, Kind
from index.words import squeeze

if TYPE_CHECKING:
    from index.store import Store

NUMBER = re.compile(r"[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
LONGEST = 300
"""Characters of a reason or a name: they stand beside the figure in every answer."""
SHOWN = 12
"""Cells listed where a place is not clear."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
SEPARATOR = "；"


def standing(words: Iterable[Correction]) -> tuple[Correction, ...]:
    """Words that were neither taken back nor followed by a later one."""
    return tuple(word for word in words if not word.ended)


def pending(words: Iterable[Correction], sha256: str, facts: Sequence[Fact]) -> list[Correction]:
    """Words said of another version of the file, or of a cell that is not read any more: they
    are not applied, the person is asked again."""
    applied = {id(word) for word in _by_fact(words, sha256, facts).values()}
    return [word for word in standing(words) if id(word) not in applied]


def with_words(facts: Sequence[Fact], words: Iterable[Correction], sha256: str) -> tuple[Fact, ...]:
    """Facts of one document with the standing words said of these bytes."""
    found = _by_fact(words, sha256, facts)
    return tuple(spoken(fact, found[fact.id]) if fact.id in found else fact for fact in facts)


def _by_fact(
    words: Iterable[Correction], sha256: str, facts: Sequence[Fact]
) -> dict[str, Correction]:
    """A better reader may name the cells of the same bytes anew: then place, head and print tell
    them."""
    words = [word for word in standing(words) if word.sha256 == sha256]
    if not words:
        return {}
    by_id = {fact.id: fact for fact in facts}
    found: dict[str, Correction] = {}
    for word in words:
        same = by_id.get(word.fact)
        if same is None or not _is_of(word, same):
            alike = [fact for fact in facts if _is_of(word, fact) and fact.column == word.column]
            same = alike[0] if len(alike) == 1 else None
        if same is not None:
            found[same.id] = word
    return found


def _is_of(word: Correction, fact: Fact) -> bool:
    return (word.place, word.printed) == (str(fact.place), fact.printed)


def spoken(fact: Fact, word: Correction) -> Fact:
    """The fact as the person has it."""
    if word.value is None:
        return replace(fact, doubt="", word=sentence(word))
    return replace(
        fact,
        value=word.value,
        printed_value=fact.value,
        corrected=True,
        doubt="",
        word=sentence(word),
    )


def sentence(word: Correction) -> str:
    """印为 61,300.00，经张三更正为 61,800.00：原件笔误."""
    reason = f"：{word.reason}" if word.reason else ""
    if word.value is None:
        return f"经{word.by}确认无误{reason}"
    return f"印为 {word.printed}，经{word.by}更正为 {shown(word.value, word.printed)}{reason}"


def shown(value: Decimal, printed: str) -> str:
    """A value written the way the printed one is: thousands parted where it parts them."""
    return format(value, ",f" if "," in printed or "，" in printed else "f")


def number_of(text: str) -> Decimal:
    """61,800.00 → its value. Raises BudgetError for anything but a plain number."""
    flat = squeeze(text).replace("−", "-")
    try:
        if NUMBER.fullmatch(flat):
            return Decimal(flat.replace(",", ""))
    except InvalidOperation:
        pass
    raise BudgetError(
        "不是一个数", place=f"--value {text}", mend="只写数字，例如 61800.00，单位与文件印的相同"
    )


def plain_words(text: str, option: str) -> str:
    """A reason or a name in one line. Raises BudgetError where it is empty or too long."""
    flat = CONTROL.sub(" ", text).strip()
    if not flat:
        raise BudgetError("没有写", place=option, mend="写明，别人看到这个数时会一并看到")
    if len(flat) > LONGEST:
        raise BudgetError(f"超过 {LONGEST} 字", place=option, mend="写短些")
    return flat


def cell_of(facts: Sequence[Fact], place: str, column: str = "") -> Fact:
    """The one figure that a place (as `facts --csv` prints it), or a fact's id, names.

    `column`: words of its head, where a line holds several figures. Raises BudgetError with the
    candidates where no figure, or more than one, is there.
    """
    wanted = _flat(place)
    exact = [fact for fact in facts if fact.id == place]
    found = exact or [fact for fact in facts if wanted in _places(fact)]
    if column and not exact:
        found = [fact for fact in found if squeeze(column) in squeeze("/".join(fact.column))]
    filled = [fact for fact in found if fact.kind is not Kind.BLANK]
    if len(filled) == 1:
        return filled[0]
    if filled:
        raise BudgetError(
            f"这里有 {len(filled)} 个数",
            place=place,
            mend="用 --column 写明列名，或用下面的编号代替位置："
            + "；".join(map(_candidate, filled[:SHOWN])),
        )
    raise _no_cell(place, found, facts)


def _flat(place: str) -> str:
    flat = unicodedata.normalize("NFKC", place).strip()
    line = re.fullmatch(r"第(\d+)[行页]?", flat)
    return (line[1] if line else flat).lower()


def _places(fact: Fact) -> set[str]:
    """How a person may write the place: whole, or only the page of a PDF."""
    page = {f"p{fact.place.page}"} if fact.place.page is not None else set()
    return {_flat(str(fact.place))} | page


def _candidate(fact: Fact) -> str:
    names = "/".join(filter(None, (fact.label, *fact.column[-2:])))
    return f"{fact.id}（{names} {fact.printed}{fact.unit}）"


def _no_cell(place: str, blanks: Sequence[Fact], facts: Sequence[Fact]) -> BudgetError:
    if blanks:
        return BudgetError(
            "这一格是空白，没有印出的数可以确认或更正",
            place=place,
            mend="空白会照实答作空白；若原件印有数字而没有读到，请把文件告诉维护者",
        )
    some = next((str(fact.place) for fact in facts if fact.kind is not Kind.BLANK), "330")
    return BudgetError(
        "这里没有读到数",
        place=place,
        mend=f"位置照 python -m index facts --csv 的 place 一栏写，例如 {some}",
    )


def word_on(
    fact: Fact, number: int, sha256: str, *, value: Decimal | None, reason: str, by: str
) -> Correction:
    """Raises BudgetError where a value is given to what is no number."""
    if fact.value is None:
        raise BudgetError(
            f"印的是“{fact.printed}”，不是数", place=str(fact.place), mend="只能确认或更正数字"
        )
    return Correction(
        number=number,
        document=fact.document,
        sha256=sha256,
        fact=fact.id,
        place=str(fact.place),
        table=fact.table,
        row_path=fact.row_path or (fact.label,),
        column=fact.column,
        printed=fact.printed,
        unit=fact.unit,
        value=value,
        reason=plain_words(reason, "--reason"),
        by=plain_words(by, "--by"),
        when=now(),
    )


def now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def ended_by(new: Correction, words: Iterable[Correction]) -> tuple[Correction, ...]:
    """The standing words that a new one takes the place of: those on the same cell. In an earlier
    version of the file the cell is known by its names, for rows may have moved."""
    return tuple(
        replace(word, ended=new.when, ended_by=new.by)
        for word in standing(words)
        if (word.fact == new.fact if word.sha256 == new.sha256 else _names(word) == _names(new))
    )


def _names(word: Correction) -> tuple[object, ...]:
    return word.table, word.row_path, word.column


def rechecked(printed: Budget, words: Sequence[Correction]) -> Budget:
    """The budget as printed, its relations checked with the persons' words, its doubts anew.

    `words`: of its document, those of other versions are left out by their hash.
    """
    plain = replace(printed, facts=_without_marks(printed))
    spoken_facts = with_words(plain.facts, words, plain.sha256)
    return mark_doubts(replace(plain, checks=check(replace(plain, facts=spoken_facts))))


def _without_marks(budget: Budget) -> tuple[Fact, ...]:
    """The facts with only those doubts that the reader itself had; `mark_doubts` adds the others
    behind them."""
    bare = replace(budget, facts=tuple(replace(fact, doubt="") for fact in budget.facts))
    marks = {fact.id: fact.doubt for fact in mark_doubts(bare).facts if fact.doubt}
    return tuple(
        replace(fact, doubt=fact.doubt.removesuffix(marks[fact.id]).removesuffix(SEPARATOR))
        if fact.id in marks
        else fact
        for fact in budget.facts
    )


def correct(
    store: "Store",
    document: str,
    place: str,
    *,
    value: Decimal | None,
    reason: str,
    by: str,
    column: str = "",
) -> Fact:
    """Keeps a person's word and checks the document again; the figure as it now stands.

    `value` None confirms what is printed. Callers hold `index.lock.one_writer`. Raises BudgetError
    where the place or the words are not clear.
    """
    budget = store.budget(document)
    fact = cell_of(budget.facts, place, column)
    number = max((word.number for word in store.corrections()), default=0) + 1
    new = word_on(fact, number, budget.sha256, value=value, reason=reason, by=by)
    words = store.corrections(document)
    _keep(store, budget, words, (*ended_by(new, words), new))
    return spoken(fact, new)


def undo(
    store: "Store", document: str, place: str, *, by: str = "", column: str = ""
) -> Correction:
    """Takes back the standing word on a place (or a fact's id). Raises BudgetError if there is
    none, or several."""
    words = store.corrections(document)
    wanted = [
        word
        for word in standing(words)
        if word.fact == place or _flat(word.place) == _flat(place)
        if not column or squeeze(column) in squeeze("/".join(word.column))
    ]
    if len(wanted) != 1:
        said = "、".join(word.fact for word in (wanted or standing(words))) or "没有"
        what = f"这里有 {len(wanted)} 处确认或更正" if wanted else "这里没有确认或更正"
        raise BudgetError(what, place=place, mend=f"可以撤销的：{said}")
    taken = replace(wanted[0], ended=now(), ended_by=CONTROL.sub(" ", by).strip()[:LONGEST])
    _keep(store, store.budget(document), words, (taken,))
    return taken


def _keep(
    store: "Store",
    budget: Budget,
    words: Sequence[Correction],
    changed: Sequence[Correction],
) -> None:
    numbers = {word.number for word in changed}
    after = (*(word for word in words if word.number not in numbers), *changed)
    store.correct(changed, rechecked(budget, after))


def reapply(store: "Store", document: str) -> None:
    """After a document was read anew: what persons said of these very bytes holds again."""
    budget, words = store.budget(document), store.corrections(document)
    if _by_fact(words, budget.sha256, budget.facts):
        store.correct((), rechecked(budget, words))
