"""The words around a figure → its subject, without institution, year, verbs and ordinals."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from index.fact import Unit
from index.quantity import one_of, prose_words
from index.words import bare, lexicon, simplified, squeeze, tidy, unspaced

YEAR = re.compile(
    r"(?:截至|截止|至|到)?(?:中华民国|民国)?(20\d\d|1[0-4]\d)(?:[-–—/]\d\d)?年(?:度|初|末|底|当年|\d{1,2}月(?:\d{1,2}日|底|末)?)?"
)
"""Group 1 holds the printed number: `index.years.common_year` tells 113 (民國) as 2024."""
BRACKETS = {"（": "）", "(": ")", "“": "”", "《": "》"}
LEVEL = re.compile(r"[（(]([类款项目類項])[)）]")
"""（类） （款） （项） behind the names of a functional class."""
QUOTES = '、“”‘’"*《》 '
SHORTEST_NAME = 3
"""教育局 is the shortest form of an institution's name that is cut from a subject."""
LONGEST_NOUN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the institution and its units are called in running text."""

    own: tuple[str, ...]
    """The institution's name and its short forms (市粮食局, 粮食局), longest first."""
    units: tuple[str, ...]
    """The full names of the units other than the institution itself."""


def names_of(institution: str, units: Sequence[Unit]) -> Names:
    """The names by which a document speaks of its department."""
    flat = _flat(institution)
    places = set(lexicon("prose")["places"])
    own = [
        flat,
        *(flat[at:] for at in range(len(flat)) if set(flat[max(0, at - 1) : at + 1]) & places),
    ]
    own = [name for name in own if len(name) >= SHORTEST_NAME]
    own += [_flat(unit.name) for unit in units if unit.own or unit.whole]
    others = [_flat(unit.name) for unit in units if not unit.own and not unit.whole]
    return Names(
        own=tuple(sorted({*filter(None, own)} - {*others}, key=len, reverse=True)),
        units=tuple(name for name in others if name and name != flat),
    )


def _flat(name: str) -> str:
    """As flattened text prints it."""
    return simplified(unspaced(name))


def unit_named(sentence: str, names: Names) -> str:
    """The one budget unit that the sentence names, unless it names the department too."""
    flat = _flat(sentence)
    found = [name for name in names.units if name in flat]
    longest = [name for name in found if not any(name in other != name for other in found)]
    if len(longest) != 1:
        return ""
    rest = flat.replace(longest[0], "")
    return "" if any(name in rest for name in names.own) else longest[0]


def chain_of(text: str) -> tuple[tuple[str, ...], str]:
    """The names of a 类/款/项 chain and what stands behind it.

    >>> chain_of("1.教育支出（类）进修及培训（款）培训支出（项）2023年预算数为")
    (('教育支出', '进修及培训', '培训支出'), '2023年预算数为')
    """
    marks = list(LEVEL.finditer(text))
    if not marks:
        return (), text
    edges = [0, *(mark.end() for mark in marks)]
    names = [text[a : mark.start()] for a, mark in zip(edges, marks, strict=False)]
    names[0] = re.split(r"[，。；：]", names[0])[-1]
    kept = [bare(bare(name).strip(QUOTES)) for name in names]
    return tuple(filter(None, kept)), text[edges[-1] :].lstrip(QUOTES + "。，")


def subject_of(before: str, names: Names) -> str:
    """The subject in the words before a figure; empty where they hold none.

    >>> subject_of("，2023年，某某局安排政府采购预算", names_of("某某局", ()))
    '政府采购预算'
    """
    clause = open_bracket(last_clause(before))
    clause = without_year(clause)
    clause = without_institution(clause, names)
    clause = behind_verb(clause)
    return without_column(trimmed(clause))


def last_clause(text: str) -> str:
    """Behind the last comma or colon; a clause that ends with 的 goes on behind its comma."""
    head, mark, clause = _last_split(text)
    while mark == "，" and head.endswith("的") and clause:
        head, mark, more = _last_split(head)
        clause = more + clause
    return clause.strip("、 ")


def _last_split(text: str) -> tuple[str, str, str]:
    match = re.search(r"^(.*)([，。；：！？])([^，。；：！？]*)$", text, re.DOTALL)
    return (match[1], match[2], match[3]) if match else ("", "", text)


def open_bracket(text: str) -> str:
    """Behind a bracket or quote that is opened and not closed; without a closed-only one."""
    depth: list[int] = []
    closed = 0
    for index, char in enumerate(text):
        if char in BRACKETS:
            depth.append(index)
        elif char in BRACKETS.values():
            if depth:
                depth.pop()
            else:
                closed = index + 1
    return text[max(closed, depth[-1] + 1 if depth else 0) :]


def without_year(text: str) -> str:
    """What stands before a year tells whose year it is, unless it qualifies the subject (的)."""
    years = list(YEAR.finditer(text))
    if not years:
        return text
    before, after = text[: years[-1].start()], text[years[-1].end() :]
    return YEAR.sub("", before) + after if before.endswith("的") or not after else after


def without_institution(text: str, names: Names) -> str:
    for name in (*names.units, *names.own):
        at = text.rfind(name)
        if at >= 0:
            return text[at + len(name) :]
    return text


def behind_verb(text: str) -> str:
    """Behind the last verb of arranging, where something stands behind it."""
    pattern = rf"{prose_words('verbs')}(?!{prose_words('verb_not_before')})"
    rests = [text[match.end() :] for match in re.finditer(pattern, text)]
    return next((rest for rest in reversed(rests) if trimmed(rest)), text)


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    marks = r"[、，：。；\s]"
    leading = rf"^(?!{prose_words('leading_not')})(?:{prose_words('leading')}|{marks}|[”’）)])+"
    own = "".join(rf"(?<!{word})" for word in lexicon("prose")["trailing_not"])
    trailing = rf"(?:{prose_words('trailing')}|{_limits()}|{marks}|[“‘（(]){own}$"
    return re.compile(leading), re.compile(trailing)


def _limits() -> str:
    return one_of(w for n in ("at_most", "at_least", "more", "less") for w in lexicon("prose")[n])


def trimmed(text: str) -> str:
    """Without ordinals, joining words and verbs at both ends; empty if nothing is left."""
    leading, trailing = _edges()
    while True:
        shorter = leading.sub("", trailing.sub("", bare(text) if text else ""))
        if shorter == text:
            return "" if shorter in lexicon("prose")["nothing"] else tidy(shorter)
        text = shorter


def without_column(label: str) -> str:
    """Without a tail that only repeats the column: 公务接待费支出决算 → 公务接待费支出."""
    if is_generic(label):
        return label
    shorter = re.sub(rf"{prose_words('column_tail')}$", "", label)
    return shorter if len(shorter) > 1 else label


def is_generic(label: str) -> bool:
    """The words name no subject, only a kind of amount (2024年预算安排)."""
    return label in lexicon("prose")["generic"]


def counted_noun(after: str, nouns: Iterable[str] = ()) -> str:
    """What is counted, behind the measure word: 4辆 → 公务用车 of 公务用车燃油、维修.

    `nouns`: what the document counts elsewhere.
    """
    match = re.match(rf"(?:“[^”]*”|[^，。；：、（）()“”\d的\s]){{1,{LONGEST_NOUN}}}", after)
    if match is None:
        return ""
    words = match.group()
    stop = re.search(prose_words("counted_stop"), words)
    words = words[: stop.start()] if stop else words
    known = [noun for noun in (*lexicon("prose")["counted"], *nouns) if words.startswith(noun)]
    return max(known, key=len, default=trimmed(words))


def modifier_of(before: str) -> str | None:
    """The word between which and its noun the count stands (新进 8名 工作人员); None where the
    words before the count are a subject of their own."""
    flat = before.rstrip()
    if not trimmed(flat):
        return ""
    for word in sorted(lexicon("prose")["modifier"], key=len, reverse=True):
        if flat.endswith(word):
            return word
    return "" if flat.endswith(tuple(lexicon("prose")["count_verbs"])) else None


def scope_of(headings: Sequence[str]) -> str:
    """What the innermost heading speaks of: （二）某某拨款结构情况 → 某某拨款."""
    for heading in reversed(headings):
        flat = bare(squeeze(heading)).rstrip("。：:")
        flat = re.sub(rf"{prose_words('heading_tail')}+$", "", flat)
        if flat and not flat.startswith("第"):
            return flat
    return ""
