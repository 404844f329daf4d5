"""Text questions (why, what for, who, define, list, where) → the sentences that answer them.

cues and words → every sentence scored (quote_ask) → a place (quote_navigate), a list (quote_lists)
or a stretch of text (quote_stretch) → exact quotes with their lines (quote_place).
"""

from assistant.catalogue import Catalogue
from assistant.finding import Quote
from assistant.query import Query
from assistant.quote_ask import Asked, Retriever, View, ask
from assistant.quote_kind import is_text_question
from assistant.quote_lists import best_listing, member, ordinal_of, titles, whole_list
from assistant.quote_navigate import navigate
from assistant.quote_place import quotes_of
from assistant.quote_sayings import Saying
from assistant.quote_stretch import confidence, stretch
from assistant.quote_words import ORDINAL
from assistant.word import gloss
from index.fact import Passage, PassageKind

__all__ = ["is_text_question", "lead", "quote", "taken_up"]

SURE = 0.8
"""The confidence below which a question is taken as not answered here. Chosen on the visible text
questions and 194 answerable and 61 unanswerable ones of our own, with the retriever:

    least  visible right/missed   ours right/missed/wrong   answered although absent
    0.5          18 / 0                183 / 2 / 7                   12
    0.6          18 / 0                182 / 3 / 7                    7
    0.7          18 / 0                181 / 5 / 6                    5
    0.75         18 / 0                180 / 6 / 6                    1
    0.8          18 / 0                180 / 7 / 5                    0
    0.9          16 / 2                176 / 11 / 5                   0
    1.0          16 / 2                152 / 35 / 5                   0
"""
SURE_OF_TERM = 0.3
"""A term described in other words, where the retriever's two lists agree on its entry."""
SURE_OF_CLASS = 0.65
"""The class of a thing (算三公的哪一类), likewise."""
AGREED = 0.95


def quote(query: Query, view: View, retriever: Retriever | None = None) -> tuple[Quote, ...]:
    """The sentences that answer, the shortest way; empty when nothing says it."""
    if query.undisclosed:
        return ()
    found = navigate(query, view.catalogue, view.vocabulary)
    if found:
        return found
    asked = ask(query, view, retriever)
    if of_another_year(asked):
        return ()
    found_list = listed(asked, view.catalogue)
    return answered(asked, view.catalogue) if found_list is None else found_list


def of_another_year(asked: Asked) -> bool:
    """A year is asked for that no document is of and no sentence names; a year that only
    describes a term (以前年度没花完的钱叫什么) is none asked for."""
    year = asked.query.other_year
    if asked.has("term"):
        return False
    return year is not None and not any(str(year) in s.text for s in asked.sayings.listed)


def listed(asked: Asked, catalogue: Catalogue) -> tuple[Quote, ...] | None:
    """A list whose heading is asked about: all of it, or one member by its number, nothing if it
    has no such member; None where no list is asked about."""
    number = ordinal_of(asked.query.question.text)
    listing = best_listing(asked) if number or asked.has("list") else None
    if listing is None:
        return None
    if number:
        return quotes_of(member(listing, number), catalogue)
    return titles(listing) if listing.titled else quotes_of(whole_list(listing), catalogue)


def answered(asked: Asked, catalogue: Catalogue) -> tuple[Quote, ...]:
    """The best sentence with what belongs to it, if it explains enough of the question."""
    order = asked.order()
    if not order:
        return ()
    found = stretch(asked, order)
    sure = confidence(asked, order[0], found) >= least(asked, order[0])
    return quotes_of(found, catalogue, asked.query.question.text) if sure else ()


def least(asked: Asked, best: Saying) -> float:
    """The confidence that is enough."""
    agreed = asked.prior is not None and asked.prior[best.at] >= AGREED
    if not agreed or not asked.has("term") or best.kind is not PassageKind.DEFINITION:
        return SURE
    return SURE_OF_TERM if asked.has("define") else SURE_OF_CLASS


def taken_up(typed: str, before: str) -> str:
    """A follow-up that only names another member of a list (第九条呢), as a question of its own:
    the question before with that number; any other text as it is.

    >>> taken_up("第九条呢？", "职能第七条是什么")
    '职能第九条是什么'
    """
    found = ORDINAL.search(typed)
    rest = ORDINAL.sub("", typed).strip(" 那呢啊呀的又是什么啥讲说,，。?？")
    if found is None or rest or not ORDINAL.search(before):
        return typed
    return ORDINAL.sub(found.group(), before, count=1)


def lead(query: Query, quotes: tuple[Quote, ...]) -> str:
    """What the quotes are, in the reader's language: for an English reader always, for a Chinese
    one where the quotes do not say themselves of which project, task or part they are.

    The titles it names are the document's own.
    """
    if not quotes:
        return ""
    first = quotes[0].passage
    if query.question.language == "en":
        return english_lead(first, several=len(quotes) > 1)
    if first.kind in (PassageKind.OBJECTIVE, PassageKind.TASK):
        named = all(first.title == other.passage.title for other in quotes)
        return f"{first.title}：" if named and first.title not in quotes[0].text else ""
    if first.kind is PassageKind.HEADING and first.section and len(quotes) == 1:
        return "" if quotes[0].text.startswith(first.section[:4]) else f"{first.section}："
    return ""


LEADS = {
    PassageKind.DEFINITION: "Definition of {title}, glossary ({section}):",
    PassageKind.OBJECTIVE: "Objective of {title} ({table}):",
    PassageKind.TASK: "Main task {title} ({table}):",
    PassageKind.TABLE: "Table:",
    PassageKind.CONTENTS: "Parts of the document:",
    PassageKind.HEADING: "Heading, {section}:",
    PassageKind.PARAGRAPH: "The document says ({section}):",
}


def english_lead(passage: Passage, *, several: bool) -> str:
    if passage.kind is PassageKind.TASK and several:
        return f"Main tasks ({passage.table}):"
    form = LEADS[passage.kind]
    title = gloss(passage.title, "en")
    return form.format(title=title, section=passage.section, table=passage.table)
