"""Answer → Markdown for the chat: text, figures, notes, clickable sources and suggestions.

What comes from a document or a question is shown as text: no HTML, link or image of theirs lives.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from assistant.answer import Answer, Citation, Figure

WORDS = Path(__file__).parent / "lexicons" / "page.toml"
LANGUAGES = ("zh", "zh-Hant", "en")

CITE = "#cite-"
"""A source's link is `#cite-TURN-NUMBER`; the page's script turns the click into an event."""
ASK = "#ask"
"""A link that asks what it says."""
FEW = 6
"""Sources shown before the rest is folded; a list answer can have thirty."""
LABEL = 16
"""Characters of a row's label on a source; longer ones lose their middle."""

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
"""ASCII punctuation: CommonMark lets each be escaped, and nothing else opens a construct."""
LIVE = re.compile(r"(\\*)([<\[\]]|(?<!`)`{3})")
"""What opens HTML, a link, an image or a fence, with the backslashes before it."""
STEP = re.compile(r"/(?![^(（\[]*[)）\]])")
"""Between the steps of a path; a slash in brackets belongs to a label (执行数/预算数)."""
SQUARE = re.compile(r"t(\d+)r(\d+)c(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The page's words in one language: a field for each key of page.toml."""

    title: str
    tagline: str
    documents: str
    comma: str
    more_documents: str
    empty_title: str
    empty_body: str
    welcome: str
    try_one: str
    question: str
    placeholder: str
    send: str
    stop: str
    new_chat: str
    language: str
    chat: str
    evidence: str
    evidence_hint: str
    back: str
    sources: str
    more_sources: str
    next: str
    proved: str
    unproved: str
    looking: str
    stopped: str
    failed: str
    expired: str
    unavailable: str
    too_long: str
    row: str
    column: str
    quote: str
    unit: str
    line: str
    lines: str
    page: str
    square: str
    sheet_cell: str
    sheet: str
    paragraph: str
    left_out: str
    not_located: str
    missing_table: str
    empty_table: str


def words_of(language: str) -> Words:
    """The words of zh, zh-Hant or en; of zh for any other language.

    >>> words_of("en").send
    'Send'
    """
    return _all_words().get(language) or _all_words()["zh"]


@cache
def _all_words() -> dict[str, Words]:
    with WORDS.open("rb") as file:
        content = tomllib.load(file)
    known = {field.name for field in fields(Words)}
    for language, said in content.items():
        if wrong := known ^ set(said):
            raise ValueError(f"{WORDS.name} [{language}]: unknown or missing keys {sorted(wrong)}")
    if missing := set(LANGUAGES) ^ set(content):
        raise ValueError(f"{WORDS.name}: unknown or missing languages {sorted(missing)}")
    return {language: Words(**said) for language, said in content.items()}


def render(answer: Answer, turn: int) -> str:
    """The whole message; `turn` numbers the answer in its conversation for the source links."""
    words = words_of(answer.language)
    parts = (
        tame(answer.text),
        figure_lines(answer.figures, answer.text),
        note_lines(answer.notes),
        sources(answer.citations, turn, words),
        proof_line(answer, words),
        suggestions(answer.suggestions, words),
    )
    return "\n\n".join(part for part in parts if part)


def plain(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> print(plain("# <b>1*2</b>"))
    \# \<b\>1\*2\<\/b\>
    """
    return "\n".join(PUNCTUATION.sub(r"\\\1", line.strip()) for line in text.splitlines())


def tame(markdown: str) -> str:
    r"""Our own Markdown with nothing in it that a document could have made HTML or a link.

    >>> print(tame("**56** <img src=x> [a](b)"))
    **56** \<img src=x> \[a\](b)
    """
    return LIVE.sub(_shut, markdown)


def _shut(found: re.Match[str]) -> str:
    before, opener = found.groups()
    return before + ("" if len(before) % 2 else "\\") + opener


def figure_lines(figures: Iterable[Figure], text: str) -> str:
    """The figures that the text does not show, a line each."""
    return "\n".join(f"- {figure_line(figure)}" for figure in figures if not _shown(figure, text))


def figure_line(figure: Figure) -> str:
    """`**4,321.50 万元** · label（scope） = expression`."""
    unit = figure.unit if figure.unit[:1] in ("", "%") else f" {figure.unit}"
    amount = f"**{plain(figure.operator + figure.printed + unit)}**"
    scope = f"（{plain(figure.scope)}）" if figure.scope else ""
    computed = f" = {plain(figure.expression)}" if figure.expression else ""
    return f"{amount} · {plain(figure.label)}{scope}{computed}"


def _shown(figure: Figure, text: str) -> bool:
    value = figure.value.lstrip("-")
    whole, _, part = value.partition(".")
    grouped = f"{int(whole or 0):,}" + (f".{part}" if part else "")
    bare = text.replace("\\", "")
    return any(form in bare for form in (figure.printed, value, grouped) if form)


def note_lines(notes: Iterable[str]) -> str:
    return "\n>\n".join(f"> {tame(' '.join(note.split()))}" for note in notes)


def sources(citations: Sequence[Citation], turn: int, words: Words) -> str:
    """A clickable chip a source; those beyond the first few are folded."""
    labels = chip_labels(citations, words)
    chips = [f"[{plain(label)}]({CITE}{turn}-{at})" for at, label in enumerate(labels)]
    if not chips:
        return ""
    shown = f"{words.sources} " + " ".join(chips[:FEW])
    if len(chips) <= FEW:
        return shown
    rest = words.more_sources.format(count=len(chips) - FEW)
    return f"{shown}\n\n<details><summary>{rest}</summary>\n\n{' '.join(chips[FEW:])}\n\n</details>"


def chip_labels(citations: Sequence[Citation], words: Words) -> list[str]:
    """Short names; the document is named where there are several, the column where two agree."""
    several = len({citation.document for citation in citations}) > 1
    labels = [chip_label(citation, words, several) for citation in citations]
    count = Counter(labels)
    return [
        f"{label} · {_last(citation.column)}" if count[label] > 1 and citation.column else label
        for citation, label in zip(citations, labels, strict=True)
    ]


def chip_label(citation: Citation, words: Words, with_document: bool = False) -> str:
    """`表八 · 某某市12345…电话及受理系统 · 第330行`."""
    parts = (
        shorten(citation.document) if with_document else "",
        shorten(citation.table.split(" ")[0] or citation.section),
        shorten(_last(citation.row)),
        place_label(citation, words),
    )
    return " · ".join(part for part in parts if part)


def place_label(citation: Citation, words: Words) -> str:
    """The place as a person says it: line, page, paragraph, or cell of a sheet or table."""
    if citation.line is not None:
        last = citation.line_end or citation.line
        form = words.line if last == citation.line else words.lines
        return form.format(first=citation.line, last=last)
    if citation.sheet is not None:
        form = words.sheet_cell if citation.cell else words.sheet
        return form.format(sheet=citation.sheet, cell=citation.cell)
    if citation.cell is not None:
        found = SQUARE.fullmatch(citation.cell)
        if found is None:
            return citation.cell
        return words.square.format(table=found[1], row=found[2], cell=found[3])
    if citation.paragraph is not None:
        return words.paragraph.format(number=citation.paragraph)
    return "" if citation.page is None else words.page.format(page=citation.page)


def shorten(text: str, length: int = LABEL) -> str:
    """Cuts the middle out: the beginning and the end tell similar names apart.

    >>> shorten("某某市12345便民求助电话及受理系统")
    '某某市12345…电话及受理系统'
    """
    if len(text) <= length:
        return text
    half = (length - 1) // 2
    return f"{text[: length - 1 - half]}…{text[-half:]}"


def _last(path: str) -> str:
    return STEP.split(path)[-1]


def proof_line(answer: Answer, words: Words) -> str:
    """Said only where there are figures to be proved."""
    if not answer.figures:
        return ""
    return f"*✓ {words.proved}*" if answer.proved else f"*⚠ {words.unproved}*"


def suggestions(asked: Iterable[str], words: Words) -> str:
    links = [f"- [{plain(question)}]({ASK})" for question in asked]
    return "\n".join((f"{words.next}", "", *links)) if links else ""


__all__ = ["Words", "plain", "render", "tame", "words_of"]
