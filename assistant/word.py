"""Outcome → the words a person reads, in Chinese, traditional Chinese or English."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from assistant.calculate import shown
from assistant.catalogue import ACCOUNT_HEADS, is_aspect, is_change_head
from assistant.finding import Absence, Finding, Rule
from assistant.naming import table_name
from index.fact import Fact, Kind, RowKind, Table
from index.quantity import parse_number
from index.totals import names_its_whole


@cache
def wordings() -> dict[str, dict[str, str]]:
    with open(Path(__file__).parent / "lexicons" / "wording.toml", "rb") as file:
        return tomllib.load(file)


@cache
def _traditional():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("s2t")


def say(name: str, language: str, **parts: object) -> str:
    """The sentence `name` of wording.toml in the reader's language."""
    table = wordings()["en" if language == "en" else "zh"]
    return table[name].format(**parts)


def in_script(text: str, language: str) -> str:
    """Traditional characters for a reader who wrote them."""
    return str(_traditional().convert(text)) if language == "zh-Hant" else text


def label_of(fact: Fact) -> str:
    """What the figure is of, as a reader names it: a total's row by its column or table."""
    whole = fact.row_kind in (RowKind.TOTAL, RowKind.TOTAL_REPEAT, RowKind.UNIT)
    if not whole or not fact.table or names_its_whole(fact.label):
        return fact.label
    head = [word for word in fact.column if not is_bare(word)]
    return head[-1] if head else fact.title


def is_bare(word: str) -> bool:
    """A head that names no thing: 合计, 预算数, 2024年预算数, 增减额."""
    return word in ("合计", "小计", "总计", "金额") or word in ACCOUNT_HEADS or is_aspect(word)


def scope_of(fact: Fact, language: str) -> str:
    """Unit, table or section, column, year: what tells this figure from its look-alikes."""
    where = table_name(fact.table, fact.title) or fact.section
    parts = [fact.unit_name or ("全部门" if language != "en" else "whole department"), where]
    if fact.row_kind is RowKind.INDICATOR:
        parts = [fact.unit_name, *fact.row_path[1:2], where]
    column = "/".join(fact.column)
    if fact.table and column and fact.row_kind is not RowKind.INDICATOR:
        parts.append(column)
    if fact.year is not None:
        parts.append(f"{fact.year}" if language == "en" else f"{fact.year}年")
    return " · ".join(part for part in parts if part)


Heads = Mapping[str, str]
"""Document → whose budget it is, as `heading` says it; empty where that is plain."""
NO_HEADS: Heads = MappingProxyType({})


def heading(institution: str, year: int | None, account: str, language: str) -> str:
    """某某县粮食局2024年预算: whose figures they are, where several documents answer."""
    kind = say(f"account_{account}", language)
    return say("heading", language, who=institution, year=year or "", kind=kind).strip()


def scoped(fact: Fact, language: str, heads: Heads) -> str:
    head = heads.get(fact.document, "")
    return " · ".join(filter(None, (head, scope_of(fact, language))))


def amount(finding: Finding, language: str) -> str:
    """Operator, figure and unit: `≥ 60 个`, `4,321.50万元`, `34.29%`."""
    unit = say_unit(finding.unit, language)
    number = finding.printed
    if finding.rule is Rule.CELL and finding.value is not None and parse_number(number) is None:
        number = shown(finding.value) if number != "持平" else number
    gap = " " if language == "en" and unit not in ("%", "") else ""
    lead = f"{finding.operator} " if finding.operator else ""
    return f"{lead}{number}{gap}{unit}"


def say_unit(unit: str, language: str) -> str:
    if language != "en":
        return unit
    return wordings()["units_en"].get(unit, unit)


def change_words(fact: Fact, language: str) -> str:
    """增加, 减少, 持平 for a signed change."""
    if fact.value is None:
        return ""
    name = "unchanged" if fact.value == 0 else ("more" if fact.value > 0 else "less")
    return say(name, language)


def sentence(finding: Finding, language: str, heads: Heads = NO_HEADS) -> str:
    """One figure in one line, its scope and its arithmetic."""
    fact = finding.operands[0]
    label = gloss(finding.label, language)
    figure = amount(finding, language)
    if fact.column and is_change_head(fact.column[-1]):
        moved = re.sub(r"^[-－−(（]+\s*([\d.,]+)[)）]?", r"\1", figure)
        way = change_words(fact, language)
        figure = way if fact.value == 0 else f"{way} {moved}" if language == "en" else way + moved
    line = say("figure", language, label=label, amount=figure, scope=scoped(fact, language, heads))
    if finding.rule is not Rule.CELL:
        line = say("computed", language, label=label, amount=figure)
        if whose := heads_of(finding, heads):
            line = say("figure", language, label=label, amount=figure, scope=whose)
    if finding.expression:
        line += say("arithmetic", language, expression=finding.expression, result=finding.printed)
    return line


def heads_of(finding: Finding, heads: Heads) -> str:
    """Of a computed figure: the documents it is computed from."""
    said = dict.fromkeys(heads.get(fact.document, "") for fact in finding.operands)
    return "、".join(filter(None, said))


def gloss(label: str, language: str) -> str:
    """In English the Chinese label is followed by its English name where one is known."""
    if language != "en":
        return label
    english = english_names().get(label)
    return f"{label} ({english})" if english else label


@cache
def english_names() -> dict[str, str]:
    """Printed term → the first English name that the budget lexicon gives it."""
    from assistant.vocabulary import LEXICONS, read_rows

    names: dict[str, str] = {}
    for row in read_rows(LEXICONS / "terms_en.tsv"):
        if len(row.words) == 1:
            names.setdefault(row.words[0], row.said)
    return names


def word_figures(
    findings: Sequence[Finding],
    language: str,
    *,
    others: int = 0,
    listing: bool = False,
    heads: Heads = NO_HEADS,
) -> str:
    asked = [f for f in findings if not f.supporting]
    beside = [f for f in findings if f.supporting]
    text = bullets(asked, language, heads)
    if beside:
        below = bullets(beside, language, heads, always=True)
        text += "\n\n" + say("parts", language) + "\n" + below
    if others:
        text += "\n\n" + say("others", language, number=others)
    return in_script(text, language)


def bullets(
    findings: Sequence[Finding], language: str, heads: Heads, *, always: bool = False
) -> str:
    """One line a figure; what more than three have in common is said once, above."""
    scope = common_scope(findings, heads) if len(findings) > 3 else ""
    lines = [
        say("member", language, label=label_in(f, language), amount=amount(f, language))
        if scope
        else sentence(f, language, heads)
        for f in findings
    ]
    if len(lines) == 1 and not always:
        return lines[0]
    head = f"{scope}\n" if scope else ""
    return head + "\n".join(f"- {line}" for line in lines)


def label_in(finding: Finding, language: str) -> str:
    """In a list of one table the label, with the unit or project if it is an indicator."""
    fact = finding.operands[0]
    if fact.row_kind is RowKind.INDICATOR and len(fact.row_path) > 1 and fact.unit_name:
        return f"{fact.row_path[1]} · {fact.label}"
    return gloss(finding.label, language)


def common_scope(findings: Sequence[Finding], heads: Heads) -> str:
    """Document, table and unit of all the findings, if they share them."""
    facts = [finding.operands[0] for finding in findings]
    tables = {(fact.document, fact.table, fact.title) for fact in facts}
    plain_cells = all(finding.rule is Rule.CELL for finding in findings)
    if len(tables) != 1 or not plain_cells or not facts[0].table:
        return ""
    units = {fact.unit_name for fact in facts}
    labels = {finding.label for finding in findings}
    if len(labels) < len(findings):
        return ""
    whose = heads.get(facts[0].document, "")
    unit = next(iter(units)) if len(units) == 1 else ""
    table = table_name(facts[0].table, facts[0].title)
    return " · ".join(filter(None, (whose, unit, table)))


def word_absence(
    absence: Absence,
    language: str,
    facts: Sequence[Fact],
    tables: Sequence[Table] = (),
) -> str:
    """What is missing and how, with the nearest labels but never their figures."""
    blank = next((fact for fact in facts if fact.kind is Kind.BLANK), None)
    parts: dict[str, object] = {"label": "", "where": "", "note": ""}
    if absence is Absence.BLANK and blank is not None:
        where = table_name(blank.table, blank.title) or blank.section
        parts = {"label": label_of(blank), "where": where, "note": blank.note}
        name = "blank_said" if blank.note and not blank.table else "blank"
        return in_script(say(name, language, **parts), language)
    if tables:
        table = tables[0]
        parts = {"label": table_name(table.number, table.title), "where": "", "note": table.note}
    text = say(absence.value, language, **parts)
    labels = [label for label in map(nearest_label, facts) if not AMOUNT.search(label)]
    labels = list(dict.fromkeys(labels))[:3]
    if labels and absence is Absence.NOT_HERE:
        text += say("nearest", language, labels="、".join(labels))
    return in_script(text, language)


AMOUNT = re.compile(r"\d[\d.,]*\s*(?:[万亿千百]|元|%)")
"""A label that holds an amount of its own (单位价值…万元以上) is not named where none is given."""


def nearest_label(fact: Fact) -> str:
    where = fact.table or fact.section
    return f"{label_of(fact)}（{where}）"
