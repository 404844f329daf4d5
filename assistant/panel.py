"""Evidence → HTML for the panel beside the chat; every word of a document is escaped."""

import re
from collections.abc import Sequence
from html import escape

from assistant.answer import Citation
from assistant.evidence import Evidence, Paragraph
from assistant.naming import table_name
from assistant.render import Words, place_label, words_of
from index.document import Cell
from index.fact import TableState

KEY = re.compile(r"\d+-\d+")
"""`TURN-NUMBER` of a source's link."""
LONG = 80
"""Characters of a cell that gets a wide column; a yearly objective can have five hundred."""


def evidence_html(shown: Evidence, language: str = "zh", key: str = "") -> str:
    """The panel's HTML; every word of the document escaped. `key` names the source's link."""
    words = words_of(language)
    body = table_html(shown, words) if shown.table else prose_html(shown, words)
    return (
        f'<section class="evidence" data-cite="{escape(key)}">{open_link_style(key)}'
        f"{head_html(shown, words)}{body}</section>"
    )


def open_link_style(key: str) -> str:
    """Marks the link whose source is open: by a rule, since the chat draws its links anew."""
    if not KEY.fullmatch(key):
        return ""
    # Gradio puts its own classes before the page's selectors; only !important outweighs them.
    rule = "background: var(--accent) !important; color: var(--paper) !important"
    return f'<style>#chat a[href="#cite-{key}"] {{ {rule} }}</style>'


def head_html(shown: Evidence, words: Words) -> str:
    """The document, the table with its unit, and where in it the figure stands."""
    citation, table = shown.citation, shown.table
    caption = table_name(table.number, table.title) if table else citation.table
    about = (
        citation.section if caption else "",
        words.unit.format(unit=table.unit) if table and table.unit else "",
        place_label(citation, words),
    )
    return (
        f'<header><a class="ev-back" href="#chat">{words.back}</a>'
        f'<p class="ev-document">{escape(shown.title)}</p>'
        f'<h3 class="ev-caption">{escape(caption.strip() or citation.section)}</h3>'
        f'<p class="ev-about">{escape(" · ".join(part for part in about if part))}</p>'
        f"{path_html(citation, words) if table else ''}</header>"
    )


def path_html(citation: Citation, words: Words) -> str:
    named = (
        (words.row, citation.row, "ev-row"),
        (words.column, citation.column, "ev-column"),
        (words.quote, citation.quote, "ev-quote"),
    )
    pairs = "".join(
        f'<dt>{escape(name)}</dt><dd class="{kind}">{escape(said)}</dd>'
        for name, said, kind in named
        if said
    )
    return f'<dl class="ev-path">{pairs}</dl>'


def table_html(shown: Evidence, words: Words) -> str:
    """Header rows, rows and the note under them, in a box that scrolls."""
    table = shown.table
    if table is None or not (shown.header or shown.rows):
        missing = table is not None and table.state is TableState.MISSING
        return f'<p class="ev-remark">{words.missing_table if missing else words.empty_table}</p>'
    wide = max(map(len, (*shown.header, *shown.rows)))
    head = "".join(
        row_html(cells, wide, {at: "col-mark" for row, at in shown.marked_header if row == n}, "th")
        for n, cells in enumerate(shown.header)
    )
    body = "".join(
        row_html(cells, wide, marks_of(shown, n), "td", n in shown.marked_rows)
        for n, cells in enumerate(shown.rows)
    )
    return (
        f'<div class="ev-box" tabindex="0" role="region" aria-label="{escape(table.title)}">'
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></div>"
        f"{remarks_html(shown, words)}"
    )


def marks_of(shown: Evidence, row: int) -> dict[int, str]:
    """The classes of a row's squares."""
    marks = {at: "col-mark" for here, at in shown.marked_column if here == row}
    if shown.marked_cell is not None and shown.marked_cell[0] == row:
        marks[shown.marked_cell[1]] = "cell-mark"
    return marks


def row_html(
    cells: Sequence[Cell], wide: int, marks: dict[int, str], tag: str, marked: bool = False
) -> str:
    """A row, filled up to the table's width; a merged cell's copies stay empty."""
    squares = "".join(
        f'<{tag} class="{square_class(cell, marks.get(at, ""))}">'
        f"{'' if cell.spread else escape(cell.text.strip())}</{tag}>"
        for at, cell in enumerate(cells)
    )
    kind = ' class="row-mark"' if marked else ""
    return f"<tr{kind}>{squares}{f'<{tag}></{tag}>' * (wide - len(cells))}</tr>"


def square_class(cell: Cell, mark: str) -> str:
    """Figures stand to the right; a merged cell's copy has no border of its own."""
    figure = cell.text.strip().lstrip("-+(（")[:1].isdigit() and len(cell.text) < 20
    long = len(cell.text) > LONG
    return " ".join(
        word for word in (mark, "num" * figure, "long" * long, "spread" * cell.spread) if word
    )


def remarks_html(shown: Evidence, words: Words) -> str:
    """What is left out of a long table, and the note printed under it."""
    table, count = shown.table, len(shown.rows)
    said = []
    if shown.left_out:
        said.append(words.left_out.format(shown=count, count=count + shown.left_out))
    if table is not None and table.note:
        said.append(escape(table.note))
    return "".join(f'<p class="ev-remark">{line}</p>' for line in said)


def prose_html(shown: Evidence, words: Words) -> str:
    """The paragraphs, the cited sentence marked; a bare quotation says that it is one."""
    lines = "".join(paragraph_html(paragraph) for paragraph in shown.paragraphs)
    remark = "" if shown.located else f'<p class="ev-remark">{words.not_located}</p>'
    return f'{remark}<div class="ev-box ev-prose" tabindex="0">{lines}</div>'


def paragraph_html(shown: Paragraph) -> str:
    before, said, after = (
        escape(part)
        for part in (
            shown.text[: shown.start],
            shown.text[shown.start : shown.end],
            shown.text[shown.end :],
        )
    )
    mark = f'<mark class="cell-mark">{said}</mark>' if said else ""
    kind = ' class="row-mark"' if said else ""
    return f"<p{kind}>{before}{mark}{after}</p>"


def hint_html(text: str) -> str:
    """The panel without a source."""
    return f'<p class="ev-hint">{escape(text)}</p>'
