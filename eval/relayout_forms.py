"""The file formats in which a paper is printed again, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from eval.relayout_office import Book, as_word, as_workbook, as_xls
from eval.relayout_paper import Paper
from eval.relayout_pdf import Sheet, as_pdf
from eval.relayout_text import (
    CAPTIONED,
    HEADED,
    PLAIN,
    WORD,
    as_aligned,
    as_csv,
    as_html,
    as_markdown,
    as_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A format and the way in which it prints tables."""

    name: str
    ending: str
    write: Callable[[Paper], bytes]
    unruled: bool = False
    """Without lines around cells: white space alone tells its columns."""


FORMS = (
    Form(name="html", ending=".html", write=as_html(PLAIN)),
    Form(name="html th, thead", ending=".html", write=as_html(HEADED)),
    Form(name="html captions", ending=".html", write=as_html(CAPTIONED)),
    Form(name="html named .xls", ending=".xls", write=as_html(HEADED)),
    Form(name="html by Word", ending=".htm", write=as_html(WORD)),
    Form(name="markdown", ending=".md", write=as_markdown),
    Form(name="csv", ending=".csv", write=as_csv()),
    Form(name="csv ; gb18030", ending=".csv", write=as_csv(";", "gb18030")),
    Form(name="csv by Excel", ending=".csv", write=as_csv(encoding="gb18030", padded=True)),
    Form(name="txt by Excel", ending=".txt", write=as_csv("\t", "utf-16", padded=True)),
    Form(name="txt", ending=".txt", write=as_text()),
    Form(name="txt aligned", ending=".txt", write=as_aligned, unruled=True),
    Form(name="txt gb18030", ending=".txt", write=as_text("gb18030")),
    Form(name="xlsx", ending=".xlsx", write=as_workbook(Book())),
    Form(name="xlsx named sheets", ending=".xlsx", write=as_workbook(Book(titled=True))),
    Form(name="xlsx one sheet", ending=".xlsx", write=as_workbook(Book(one_sheet=True))),
    Form(name="xlsx numbers as text", ending=".xlsx", write=as_workbook(Book(text=True))),
    Form(name="xlsx bare numbers", ending=".xlsx", write=as_workbook(Book(general=True))),
    Form(name="xlsx hidden column", ending=".xlsx", write=as_workbook(Book(hidden=True))),
    Form(name="xlsx set in", ending=".xlsx", write=as_workbook(Book(left=2))),
    Form(name="xlsx side by side", ending=".xlsx", write=as_workbook(Book(beside=True))),
    Form(name="xls", ending=".xls", write=as_xls),
    Form(name="docx", ending=".docx", write=as_word()),
    Form(name="docx title in the table", ending=".docx", write=as_word(merged_title=True)),
    Form(name="pdf", ending=".pdf", write=as_pdf(Sheet())),
    Form(name="pdf head once", ending=".pdf", write=as_pdf(Sheet(repeat=False))),
    Form(
        name="pdf portrait",
        ending=".pdf",
        write=as_pdf(Sheet(portrait=True, size=6, head_size=6.5, padding=2)),
    ),
    Form(
        name="pdf centred",
        ending=".pdf",
        write=as_pdf(Sheet(align="CENTER", labels=1, numbers=False)),
    ),
    Form(
        name="pdf large",
        ending=".pdf",
        write=as_pdf(Sheet(size=8, head_size=10, padding=7)),
    ),
    Form(
        name="pdf headed",
        ending=".pdf",
        write=as_pdf(Sheet(portrait=True, size=6.5, padding=2, heading="部门预算公开")),
    ),
    Form(name="pdf row lines", ending=".pdf", write=as_pdf(Sheet(rules="rows")), unruled=True),
    Form(name="pdf box", ending=".pdf", write=as_pdf(Sheet(rules="outer")), unruled=True),
    Form(name="pdf three lines", ending=".pdf", write=as_pdf(Sheet(rules="three")), unruled=True),
    Form(name="pdf unruled", ending=".pdf", write=as_pdf(Sheet(rules="none")), unruled=True),
)
