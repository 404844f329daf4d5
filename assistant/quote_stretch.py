"""The best sentence → the sentences that answer: a reason with its points, an objective, an item
with its head, a second sentence for a second thing asked."""

import re
from collections.abc import Sequence

import numpy as np

from assistant.catalogue import flat
from assistant.quote_ask import Asked
from assistant.quote_cues import says
from assistant.quote_lists import LONGEST_LIST, listings_of, whole_list, within
from assistant.quote_match import KNOWN
from assistant.quote_sayings import Field, Saying
from assistant.quote_words import Sort, text_of
from index.fact import PassageKind

WHOLE = 300
"""Characters of an objective or a definition that is given whole when it is asked about as such."""
LONGEST_TEXT = 380
"""Characters of an answer that is no list."""
SPECIFIC = 0.5
"""Share of the question that a sentence must say itself to be given without its neighbours."""
FURTHER = 0.25
"""Share of the question that a second sentence must add."""
NOWHERE, ELSEWHERE = 0.8, 0.5
"""What the share of the question takes off that no text explains, and that others explain."""
PREDICATE = 1.5
"""What a verb takes off where its reason is asked for: the reason of something else is none."""
DESCRIBED = 0.4
"""How much of that counts where a term is asked for by its description, or named outright."""
UNRANKED = 0.15
"""What takes off that the retriever, when it was asked, ranks the passage nowhere."""
WANTED, UNPLACED = 0.15, 0.4
"""What takes off that the kind of thing asked for, or any time or place, is not there."""
LEVEL = re.compile("类|款")
"""The levels of a class chain: …（类）…（款）事业运行（项）."""
WANTING = re.compile(r"(?:哪(?:一)?[个家项条种类些座所位]|什么|啥|which|what) ?$")
JOINT = re.compile(r"[和与及、,，;；或]|还有|以及|\b(?:and|or)\b")
ENDS = ("。", "；", ";", "！", "？")


def confidence(asked: Asked, best: Saying, quoted: Sequence[Saying]) -> float:
    """How likely the quoted sentences answer: the best one's score less what stays unexplained.

    A noun that no text holds tells most (供应商 of a budget that names none), a verb less
    (开展 for 搞), but as much where a reason, a person or a time is asked for: of another matter
    they are none. The description of a term is hardly ever in the words of the glossary.
    """
    matched, at = asked.matched, [saying.at for saying in quoted]
    if all(word.quiet for word in matched.words):
        return 0.0
    unknown = matched.unknown(Sort.NAME)
    causal = asked.has("cause") and not asked.has("basis")
    strict = causal or asked.has("who", "when")
    elsewhere = NOWHERE if strict else ELSEWHERE
    lost = NOWHERE * unknown + elsewhere * (matched.missing(at, Sort.NAME) - unknown)
    lost += (PREDICATE if causal else elsewhere) * matched.missing(at, Sort.ACT)
    lost += elsewhere * matched.missing(at, Sort.LOOSE)
    if asked.prior is not None and not asked.prior[best.at]:
        lost += UNRANKED
    if best.kind is PassageKind.DEFINITION and (asked.has("term") or names_term(asked, best)):
        lost *= DESCRIBED
    elif wanted_missing(asked, at):
        lost += WANTED
    for name in ("when", "where"):
        if asked.has(name) and not any(says(name, saying.text) for saying in quoted):
            lost += UNPLACED
    return float(asked.score[best.at]) - lost


def names_term(asked: Asked, saying: Saying) -> bool:
    """A definition is asked for, and the question says the term itself."""
    leaf = LEVEL.split(saying.fields[Field.TITLE].removesuffix("项"))[-1]
    return asked.has("define", "glossary") and leaf in flat(asked.query.question.text)


def wanted_missing(asked: Asked, at: Sequence[int]) -> bool:
    """What kind of thing is asked for (哪个城市, which vendor), and no quoted sentence has it."""
    text = text_of(asked.query)
    for row, word in enumerate(asked.matched.words):
        if WANTING.search(text[: word.start]) and word.sort is not Sort.ACT and not word.quiet:
            lone = len(word.text) == 1 and word.sort is Sort.LOOSE
            return lone or bool(asked.matched.strengths[row, list(at)].max() < KNOWN)
    return False


def stretch(asked: Asked, order: Sequence[Saying]) -> tuple[Saying, ...]:
    """The sentences to quote, in the order of the document within a passage."""
    best = order[0]
    passage = tuple(asked.sayings.listed[at] for at in range(best.first, _end(asked, best)))
    if asked.has("goal") and best.kind is PassageKind.PARAGRAPH and not says("goal", best.text):
        best = next((saying for saying in passage if says("goal", saying.text)), best)
    if asked.has("cause") and (points := reasons(asked, best, passage)):
        return points
    if best.kind is not PassageKind.PARAGRAPH and as_a_whole(asked, best):
        return within(passage, WHOLE)
    if points := opened(asked, best):
        return (best, *points)
    head = asked.sayings.listed[best.head]
    if head is not best and asked.has("which"):
        return head, best
    if asked.has("list"):
        return run_on(best, passage)
    return (best, *further(asked, best, order))


def run_on(best: Saying, passage: Sequence[Saying]) -> tuple[Saying, ...]:
    """A list goes on behind a semicolon."""
    found = [best]
    for saying in passage:
        follows = saying.at == found[-1].at + 1 and not saying.inside
        if follows and found[-1].text.rstrip().endswith(("；", ";")):
            found.append(saying)
    return within(found, WHOLE)


def opened(asked: Asked, saying: Saying) -> tuple[Saying, ...]:
    """The points of an enumeration that the sentence opens (原因：一是 …)."""
    if saying.inside or saying.at + 1 >= len(asked.sayings.listed):
        return ()
    after = asked.sayings.listed[saying.at + 1]
    if not after.inside or after.first != saying.first or saying.text.rstrip().endswith(ENDS):
        return ()
    listings = listings_of(asked.sayings)
    most = LONGEST_LIST if asked.has("list") else LONGEST_TEXT - len(saying.text)
    return next((whole_list(found, most) for found in listings if found.first is after), ())


def _end(asked: Asked, saying: Saying) -> int:
    at = saying.at
    listed = asked.sayings.listed
    while at < len(listed) and listed[at].first == saying.first:
        at += 1
    return at


def reasons(asked: Asked, best: Saying, passage: Sequence[Saying]) -> tuple[Saying, ...]:
    """The sentence with the word of cause and the points behind it; one point alone where the
    question is about that point."""
    openers = [s for s in passage if says("cause", s.text)]
    if not openers:
        return ()
    opener = best if best in openers else openers[0]
    if best.inside and asked.matched.said[best.at] > asked.matched.said[opener.at]:
        return (best,)
    return (opener, *opened(asked, opener))


def as_a_whole(asked: Asked, saying: Saying) -> bool:
    """The question names the passage and asks for what it says, not for one of its words."""
    titled = asked.matched.by_field[Field.TITLE][:, saying.at]
    formed = asked.matched.by_field[Field.FORM][:, saying.at]
    own = asked.matched.by_field[Field.TEXT][:, saying.at]
    beyond = np.where(np.maximum(titled, formed) >= KNOWN, 0.0, own)
    share = float(np.asarray(asked.matched.weights) @ beyond)
    return share < SPECIFIC * asked.matched.total and bool((titled >= KNOWN).any())


def further(asked: Asked, best: Saying, order: Sequence[Saying]) -> tuple[Saying, ...]:
    """A second sentence that explains what the first leaves open, where two things are asked."""
    if not JOINT.search(text_of(asked.query)) or asked.has("which"):
        return ()
    strengths = asked.matched.strengths
    left = np.where(strengths[:, best.at] >= KNOWN, 0.0, np.asarray(asked.matched.weights))
    if not asked.matched.total or left.sum() < FURTHER * asked.matched.total:
        return ()
    own = asked.matched.by_field[Field.TEXT]
    gains = [(float(left @ own[:, s.at]), s) for s in order if s.passage is not best.passage]
    gain, saying = max(gains, key=lambda pair: pair[0], default=(0.0, best))
    whole = gain >= FURTHER * asked.matched.total
    return (saying,) if whole and saying is not best else ()
