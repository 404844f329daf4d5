"""Plain nouns and marks of questions, from lexicons/nouns.toml."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def nouns() -> dict[str, frozenset[str]]:
    with open(Path(__file__).parent / "lexicons" / "nouns.toml", "rb") as file:
        return {name: frozenset(words) for name, words in tomllib.load(file).items()}
