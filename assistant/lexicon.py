"""The words of the assistant, read strictly from lexicons/*.toml.

A file holds `[parts]` (named pieces of pattern; `{name}` puts one into another, a list is a
choice of literal words), `[[rule]]` (what a mention looks like) and `[map.NAME]` (word → value).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).parent / "lexicons"

FILES = ("units", "years", "operations", "politeness", "chat")
"""In this order: a file may use the parts of those before it."""

RULE_KEYS = {"name", "kind", "value", "words", "pattern", "why"}

LATIN_START = "(?<![a-z0-9-])"

LATIN_STARTS = ("(?<![a-z])", LATIN_START)
"""How a pattern begins that can match Latin words only: not tried on a text without any."""

PART = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to say something: rule 14 of the house, a name, a pattern, a production."""

    name: str
    kind: str
    value: str
    """What the kind's reader needs besides the match: an operation's name, an operator, …"""
    patterns: tuple[re.Pattern[str], ...]
    """Each is looked for alone, so that one way of saying it does not hide a longer one."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All five files."""

    parts: Mapping[str, str]
    maps: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern with its `{parts}` put in."""
        return re.compile(_expand(pattern, self.parts))


class LexiconError(ValueError):
    """A lexicon file that does not say what it must."""


def choice(words: Iterable[str]) -> str:
    """A pattern of any of the words, longest first, Latin words as whole words.

    >>> choice(["up to", "上"])
    '(?:(?<![a-z0-9-])(?:up\\\\ to)(?![a-z0-9]|-[a-z])|上)'
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    latin = [re.escape(word) for word in ordered if is_latin(word)]
    other = [re.escape(word) for word in ordered if not is_latin(word)]
    whole = [f"{LATIN_START}(?:{'|'.join(latin)})(?![a-z0-9]|-[a-z])"] if latin else []
    return whole[0] if whole and not other else f"(?:{'|'.join(whole + other)})"


def is_latin(word: str) -> bool:
    """Whether the word begins with a Latin letter or a digit."""
    return bool(re.match("[a-z0-9]", word))


def _expand(pattern: str, parts: Mapping[str, str]) -> str:
    return PART.sub(lambda found: parts[found[1]], pattern)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    parts: dict[str, str] = {}
    maps: dict[str, dict[str, str]] = {}
    rules: list[Rule] = []
    for name in FILES:
        content = _read(name)
        for part, said in content.pop("parts", {}).items():
            parts[part] = _part(said, parts, f"{name}.toml parts.{part}")
        maps |= content.pop("map", {})
        for row in content.pop("rule", []):
            rules.append(_rule(row, parts, f"{name}.toml rule {row.get('name')!r}"))
        if content:
            raise LexiconError(f"{name}.toml: unknown {sorted(content)}; known: parts, map, rule")
    return Lexicon(parts=parts, maps=maps, rules=tuple(rules))


@cache
def ways(kind: str, latin: bool = True) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The patterns of a kind, each with its rule; `latin`: also those of Latin words only."""
    return tuple(
        (rule, pattern)
        for rule in lexicon().rules
        if rule.kind == kind
        for pattern in rule.patterns
        if latin or not pattern.pattern.startswith(LATIN_STARTS)
    )


def _read(name: str) -> dict[str, dict]:  # type: ignore[type-arg]
    with open(FOLDER / f"{name}.toml", "rb") as file:
        return tomllib.load(file)


def _part(said: str | list[str], parts: Mapping[str, str], place: str) -> str:
    if isinstance(said, list):
        return choice(said)
    try:
        return f"(?:{_expand(said, parts)})"
    except KeyError as missing:
        raise LexiconError(f"{place}: no part {missing} stands above it") from missing


def _rule(row: Mapping[str, object], parts: Mapping[str, str], place: str) -> Rule:
    if unknown := set(row) - RULE_KEYS:
        raise LexiconError(f"{place}: unknown keys {sorted(unknown)}; known: {sorted(RULE_KEYS)}")
    if missing := {"name", "kind", "why"} - set(row):
        raise LexiconError(f"{place}: lacks {sorted(missing)}")
    words, patterns = row.get("words", []), row.get("pattern", [])
    patterns = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(words, list) or not isinstance(patterns, list) or not words + patterns:
        raise LexiconError(f"{place}: needs words = [...] or pattern = '...' or both")
    try:
        ways = [_expand(pattern, parts) for pattern in patterns]
        ways += [choice(list(some)) for _, some in groupby(sorted(words, key=is_latin), is_latin)]
        compiled = tuple(re.compile(way) for way in ways)
    except (KeyError, re.error) as error:
        raise LexiconError(f"{place}: {error!r} in the pattern") from error
    return Rule(
        name=str(row["name"]),
        kind=str(row["kind"]),
        value=str(row.get("value", "")),
        patterns=compiled,
        why=str(row["why"]),
    )
