"""Every figure of a text is said with its own unit, operator, direction and label, whoever
worded it.
"""

import re
from collections.abc import Sequence
from functools import cache

from assistant.calculate import FACTORS
from assistant.fault import FaultName
from assistant.prove_text import Class, covered_by, is_inside, other_class
from assistant.spoken import Speech, Spoken, Token, spell, tokens_of
from assistant.word import wordings
from index.quantity import one_of
from index.words import lexicon

OPERATOR_SIGNS = {"≥": "≥", "≤": "≤", ">": ">", "＞": ">", "<": "<", "＜": "<", "=": "=", "＝": "="}
ENGLISH_OPERATORS = {
    "≥": ("at least", "no less than", "not less than"),
    "≤": ("at most", "no more than", "not more than", "up to"),
}
LABEL_REACH = 400
"""Characters before a figure in which its label may stand."""


def prove_wording(text: str, speech: Speech, language: str) -> FaultName | None:
    """Each figure asked for is given, and nothing around a figure contradicts it."""
    text = spell(text, language)
    covered = covered_by(text, speech, language)
    tokens = [token for token in tokens_of(text) if not is_inside(token, covered)]
    given = all(is_given(figure, tokens, text) for figure in speech.figures)
    right = all(is_right(token, text, speech) for token in tokens)
    return None if given and right else FaultName.WORDING


def is_given(figure: Spoken, tokens: Sequence[Token], text: str) -> bool:
    """Where it is said, at least once with unit and operator, a decrease as such."""
    said = [token for token in tokens if token.text in figure.numbers]
    if not said:
        return not figure.asked or (bool(figure.word) and figure.word in text)
    unit = not figure.units or any(has_unit(figure, token, text) for token in said)
    operator = not figure.operator or any(
        operator_before(token, text) == figure.operator for token in said
    )
    fallen = figure.sign >= 0 or any(direction_before(token, text) < 0 for token in said)
    return unit and operator and fallen


def is_right(token: Token, text: str, speech: Speech) -> bool:
    """The number, if it is a figure's, fits one that bears it."""
    bearers = [figure for figure in speech.figures if token.text in figure.numbers]
    if not bearers or any(fits(figure, token, text, speech) for figure in bearers):
        return True
    other = other_class(token, text, speech)
    if other is not Class.ECHO:
        return other is not None
    return f"{token.text}{known_unit(text[token.end :])}" in speech.echo


def fits(figure: Spoken, token: Token, text: str, speech: Speech) -> bool:
    """Unit, operator, direction and label said around the number are the figure's or none."""
    if known_unit(text[token.end :]) and not has_unit(figure, token, text):
        return False
    if operator_before(token, text) not in ("", "=", figure.operator):
        return False
    if figure.sign and direction_before(token, text) not in (0, figure.sign):
        return False
    name = name_before(token, text, speech)
    return not name or name in figure.names


# --------------------------------------------------------------------------------- units


@cache
def units_pattern() -> re.Pattern[str]:
    prose = lexicon("prose")
    english = wordings()["units_en"].values()
    return re.compile(one_of((*FACTORS, *prose["money"], *prose["percent"], *english)))


def known_unit(rest: str) -> str:
    """The unit of money or share that a text goes on with."""
    found = units_pattern().match(rest.lstrip(" "))
    return found.group() if found else ""


def has_unit(figure: Spoken, token: Token, text: str) -> bool:
    rest = text[token.end :].lstrip(" ")
    unit = known_unit(rest)
    return any(rest.startswith(own) and len(own) >= len(unit) for own in figure.units)


# ------------------------------------------------------------------ operator and direction


@cache
def operator_words() -> tuple[tuple[str, str], ...]:
    """(words, operator), the longest first."""
    goals, prose = lexicon("goals"), lexicon("prose")
    names = {"at_least": "≥", "at_most": "≤", "more": ">", "less": "<"}
    pairs = [(word, sign) for name, sign in names.items() for word in (*goals[name], *prose[name])]
    pairs += [(word, sign) for sign, words in ENGLISH_OPERATORS.items() for word in words]
    pairs += list(OPERATOR_SIGNS.items())
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def operator_before(token: Token, text: str) -> str:
    before = text[: token.start].rstrip(" ").lower()
    return next((sign for word, sign in operator_words() if before.endswith(word)), "")


@cache
def direction_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    prose = lexicon("prose")
    ups = [*prose["up"], *(wordings()[language]["more"] for language in ("zh", "en"))]
    downs = [*prose["down"], *(wordings()[language]["less"] for language in ("zh", "en"))]
    return tuple(ups), tuple(downs)


def direction_before(token: Token, text: str) -> int:
    """+1, -1, or 0 where none is said right before the number."""
    before = text[: token.start].rstrip(" (（")
    if before.endswith(("-", "−", "－")):
        return -1
    before = re.sub("(?:了|约|为|达|额)+$", "", before)
    ups, downs = direction_words()
    return -1 if before.endswith(downs) else 1 if before.endswith(ups) else 0


# --------------------------------------------------------------------------------- labels


def name_before(token: Token, text: str, speech: Speech) -> str:
    """The figure's name that stands nearest before the number, in its line; the longest of
    those that end there."""
    start = max(text.rfind("\n", 0, token.start) + 1, token.start - LABEL_REACH)
    line = text[start : token.start]
    names = {name for figure in speech.figures for name in figure.names if name in line}
    ends = [(line.rfind(name) + len(name), len(name), name) for name in names]
    return max(ends)[2] if ends else ""
