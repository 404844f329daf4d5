"""Invented names for a budget's own: a map of words, the same in tables, prose and questions.

Words of `lexicons/<budget>.toml` are replaced, each by a word of its kind that is drawn from
`lexicons/invented.toml`; all other words stay, so names that differ by one word go on doing so.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from opencc import OpenCC

from index.classification import names as official_names
from index.errors import BudgetError

LEXICONS = Path(__file__).parent / "lexicons"
INVENTED = LEXICONS / "invented.toml"
TABLES = ("words", "rest", "english", "drop", "ties")
SLOT = re.compile(r"\{(.+?)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What `lexicons/<budget>.toml` says of one budget."""

    words: Mapping[str, tuple[str, ...]]
    """Kind of invented word → the budget's words that such words replace."""
    keep: tuple[str, ...]
    short: Mapping[str, str]
    slips: Mapping[str, str]
    english: Mapping[str, str]
    drop: Mapping[str, str]
    """Question → why it cannot be asked of the renamed budget."""
    ties: Mapping[str, str]
    """What → `a = b + c`, a sum that no form states."""

    @property
    def replaced(self) -> tuple[str, ...]:
        return tuple(word for words in self.words.values() for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    zh: str
    en: str = ""
    slip: str = ""


def read_own(document: Path) -> Own:
    """Raises BudgetError if nobody has written down the budget's own words, or the file is odd."""
    path = LEXICONS / f"{document.stem}.toml"
    if not path.exists():
        mend = f"照 {LEXICONS} 里已有的一份写出来"
        raise BudgetError("这份预算还没有改名用的词表", place=path.name, mend=mend)
    record = tomllib.loads(path.read_text(encoding="utf-8"))
    _check(path, record, set(TABLES))
    rest = record["rest"]
    _check(path, rest, {"keep", "short", "slips"})
    return Own(
        words={kind: tuple(words) for kind, words in record["words"].items()},
        keep=tuple(rest["keep"]),
        short=rest["short"],
        slips=rest["slips"],
        english=record["english"],
        drop=record["drop"],
        ties=record["ties"],
    )


def _check(path: Path, record: Mapping[str, Any], keys: set[str]) -> None:
    if wrong := sorted(record.keys() ^ keys):
        mend = f"要有的键：{'、'.join(sorted(keys))}"
        raise BudgetError(f"键不认识或缺少：{'、'.join(wrong)}", place=path.name, mend=mend)


def read_invented() -> dict[str, tuple[Invented, ...]]:
    record = tomllib.loads(INVENTED.read_text(encoding="utf-8"))
    return {kind: tuple(map(_invented, entries)) for kind, entries in record.items()}


def _invented(entry: str) -> Invented:
    zh, en, slip = (*entry.split("|"), "", "")[:3]
    return Invented(zh=zh, en=en, slip=slip)


@dataclass(frozen=True)
class Names:
    """The map of words; `names(text)` is the text with every word replaced, in one pass."""

    own: Own
    drawn: Mapping[str, Invented]
    traditional: bool = False
    """What is written in both scripts (四川) is replaced by words in traditional characters."""

    def __call__(self, text: str) -> str:
        renamed = self._chinese.sub(lambda found: self._words[found[0]], text)
        if self._english is None:
            return renamed
        return self._english.sub(lambda found: self._say(found[0]), renamed)

    @cached_property
    def in_traditional(self) -> "Names":
        return replace(self, traditional=True)

    @cached_property
    def _words(self) -> dict[str, str]:
        """Word → what takes its place, in both scripts; what is kept stands for itself."""
        simple = {**{word: new.zh for word, new in self.drawn.items()}, **self._shortened()}
        kept = {word: word for word in (*official_names(), *self.own.keep) if self._holds(word)}
        both = {**simple, **kept}
        convert = OpenCC("s2t").convert
        traditional = {convert(old): convert(new) for old, new in both.items()}
        return {**both, **traditional} if self.traditional else {**traditional, **both}

    def _shortened(self) -> dict[str, str]:
        short = {
            old: SLOT.sub(lambda found: self.drawn[found[1]].zh[0], new)
            for old, new in self.own.short.items()
        }
        slips = {slip: self.drawn[word].slip for slip, word in self.own.slips.items()}
        return {**short, **slips}

    def _holds(self, name: str) -> bool:
        return any(word in name for word in self.drawn)

    @cached_property
    def _chinese(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_guarded, sorted(self._words, key=len, reverse=True))))

    @cached_property
    def _english(self) -> re.Pattern[str] | None:
        phrases = sorted(self.own.english, key=len, reverse=True)
        if not phrases:
            return None
        inner = "|".join(map(re.escape, phrases))
        return re.compile(rf"(?<![a-z])(?:{inner})(?=s?(?![a-z]))", re.I)

    def _say(self, phrase: str) -> str:
        new = SLOT.sub(lambda found: self.drawn[found[1]].en, self.own.english[phrase.lower()])
        return new.title() if phrase[0].isupper() else new


def _guarded(word: str) -> str:
    """A number that names something (12345, 622) is no part of a longer number."""
    if not word.isdigit():
        return re.escape(word)
    return rf"(?<![\d.,]){word}(?!\d{{1,2}}(?!\d)|\d{{4}}|[.,]\d)"


def draw_names(own: Own, rng: random.Random) -> Names:
    """For each word one of its kind, none twice; a word that questions misspell gets one with a
    slip of its own.

    Raises BudgetError if a kind has too few words.
    """
    invented = read_invented()
    drawn: dict[str, Invented] = {}
    for kind, words in own.words.items():
        choice = list(invented.get(kind, ()))
        rng.shuffle(choice)
        for word in sorted(words, key=lambda word: word not in own.slips.values()):
            fit = [new for new in choice if new.slip or word not in own.slips.values()]
            if not fit:
                raise BudgetError(f"编造的词不够：{kind}", place=INVENTED.name, mend="添几个")
            drawn[word] = fit[0]
            choice.remove(fit[0])
    return Names(own=own, drawn=drawn)


def remaining(text: str, own: Own) -> Iterator[str]:
    """The budget's own words that still stand in a text, apart from those that are kept."""
    kept = sorted((*official_names(), *own.keep), key=len, reverse=True)
    bare = re.sub("|".join(map(re.escape, kept)), "", text)
    for word in own.replaced:
        if re.search(_guarded(word), bare):
            yield word
