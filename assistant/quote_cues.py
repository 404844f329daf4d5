"""Cue words, read strictly from lexicons/cues.toml: how a sentence is asked for, and how said."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.lexicon import FOLDER, LexiconError, choice

KEYS = {"name", "asks", "asks_pattern", "says", "heads", "pattern", "why"}
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One kind of sentence."""

    name: str
    asks: re.Pattern[str]
    """In the normalised question."""
    says: re.Pattern[str]
    """In a sentence as printed."""
    heads: re.Pattern[str]
    """In a heading."""
    words: frozenset[str]
    """`asks` as they are written."""
    said: frozenset[str]
    """`says` as they are written."""


@cache
def cues() -> Mapping[str, Cue]:
    """The cues by name, read once."""
    with open(FOLDER / "cues.toml", "rb") as file:
        content = tomllib.load(file)
    return {cue.name: cue for cue in map(_cue, content["cue"])}


def _cue(row: Mapping[str, object]) -> Cue:
    place = f"cues.toml cue {row.get('name')!r}"
    if unknown := set(row) - KEYS:
        raise LexiconError(f"{place}: unknown keys {sorted(unknown)}; known: {sorted(KEYS)}")
    if missing := {"name", "asks", "why"} - set(row):
        raise LexiconError(f"{place}: lacks {sorted(missing)}")
    says = [choice(_words(row, "says"))] if "says" in row else []
    says += [str(row["pattern"])] if "pattern" in row else []
    asks = [choice(_words(row, "asks"))]
    asks += [str(row["asks_pattern"])] if "asks_pattern" in row else []
    return Cue(
        name=str(row["name"]),
        asks=re.compile("|".join(asks)),
        says=re.compile("|".join(says)) if says else NEVER,
        heads=re.compile(choice(_words(row, "heads"))) if "heads" in row else NEVER,
        words=frozenset(_words(row, "asks")),
        said=frozenset(_words(row, "says")),
    )


def _words(row: Mapping[str, object], key: str) -> Sequence[str]:
    words = row.get(key, [])
    if not isinstance(words, list):
        raise LexiconError(f"cues.toml cue {row.get('name')!r}: {key} must be a list of words")
    return [str(word) for word in words]


def asked(text: str) -> frozenset[str]:
    """The names of the cues that the question asks by.

    >>> sorted(asked("灾备项目的目标"))
    ['goal']
    """
    return frozenset(name for name, cue in cues().items() if cue.asks.search(text))


def says(name: str, text: str) -> bool:
    """Does the sentence say what the cue is for?

    >>> says("cause", "主要原因是人员增加。")
    True
    """
    return bool(cues()[name].says.search(text))
