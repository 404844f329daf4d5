"""The lexicons hold what is true of any department, nothing of the bundled budgets."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from assistant.vocabulary import LEXICONS, read_rows, synonyms
from index.classification import code_of, items, name_of, names, parents_of
from index.document import Paragraph
from index.readers.formats import read_source
from index.words import simplified

ROOT = Path(__file__).parent.parent
BUDGETS = ROOT / "eval" / "budgets"
PAPERS = {"README.md", "inconsistencies.csv", "ties.csv"}
SAMPLES = sorted(
    path
    for path in BUDGETS.rglob("*")
    if path.is_file() and path.name not in PAPERS and not re.search(r"\.\w+\.csv$", path.name)
)
GENERAL = Path(__file__).parent / "data" / "general_terms.txt"
RUN = 5
"""Characters in a row that make a stretch somebody's own; four make common words."""
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
MONEY = re.compile(r"(?<![\d.])\d[\d,]*\.\d+(?![\d.])")
DIGITS = 4
HELD = sorted(
    path
    for folder in ("assistant", "index")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".tsv", ".toml", ".jsonl")
)


def stretches(text: str) -> set[str]:
    """Every five characters in a row of the text, punctuation breaking the row."""
    return {run[at : at + RUN] for run in HAN_RUN.findall(text) for at in range(len(run) - RUN + 1)}


def general_terms() -> list[str]:
    lines = GENERAL.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def money(text: str) -> set[str]:
    figures = {figure.replace(",", "") for figure in MONEY.findall(text)}
    return {figure for figure in figures if sum(c.isdigit() for c in figure) >= DIGITS}


@cache
def text_of(document: Path) -> str:
    """All that the document prints, cells and paragraphs each on a line."""
    source = read_source(document.name, document.read_bytes())
    return "\n".join(
        text
        for block in source.blocks
        for text in (
            [block.text]
            if isinstance(block, Paragraph)
            else [cell.text for row in block.rows for cell in row if not cell.spread]
        )
    )


@pytest.fixture(scope="module")
def own() -> set[str]:
    """What only a bundled budget says: stretches without those of general terms."""
    general: set[str] = set()
    for term in (*names(), *general_terms()):
        general |= stretches(term)
    said: Counter[str] = Counter()
    for documents in authors().values():
        said.update(set().union(*map(said_in, documents)))
    return {stretch for stretch, times in said.items() if times == 1} - general


def said_in(document: Path) -> set[str]:
    return stretches(re.sub(r"[^\S\n]+", "", simplified(text_of(document))))


def authors() -> dict[str, list[Path]]:
    """The documents of one author: what two authors say is no author's own."""
    found: dict[str, list[Path]] = {}
    for document in SAMPLES:
        shared = document.parent.name if document.parent.name == "real" else document.name
        found.setdefault(shared, []).append(document)
    return found


@pytest.fixture(scope="module")
def own_money() -> set[str]:
    return set().union(*(money(text_of(document)) for document in SAMPLES))


@pytest.mark.parametrize("path", HELD, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_holds_words_or_figures_of_the_sample(
    path: Path, own: set[str], own_money: set[str]
) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {', '.join(sorted(offences))}"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (offences := (stretches(line) & own) | (money(line) & own_money))
    ]
    assert not found, "\n".join(found)


def test_the_guard_sees_a_project_name_and_a_figure_of_the_sample(
    own: set[str], own_money: set[str]
) -> None:
    assert stretches("数字四川创新大赛") & own
    assert money("24,634.71") & own_money
    assert not stretches("机关事业单位基本养老保险缴费支出") & own


def test_general_terms_are_no_names_of_institutions() -> None:
    assert not [term for term in general_terms() if re.search("四川|天府|中心|项目名(?!称)", term)]


@pytest.mark.parametrize(
    ("name", "least"), [("terms_en.tsv", 500), ("synonyms.tsv", 200), ("abbreviations.tsv", 30)]
)
def test_a_lexicon_can_be_read_and_every_row_has_its_source(name: str, least: int) -> None:
    rows = read_rows(LEXICONS / name)
    assert len(rows) >= least
    assert all(row.source for row in rows)
    said = [row.said for row in rows]
    assert len(said) == len(set(said))


def test_no_synonym_is_one_character_or_only_itself() -> None:
    assert not [said for said, words in synonyms().items() if len(said) < 2 or words == (said,)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("201", "一般公共服务支出"),
        ("2010350", "事业运行"),
        ("201-03-50", "事业运行"),
        ("30217", "公务接待费"),
        ("2130234", "林业草原防灾减灾"),
        ("2100408", "基本公共卫生服务"),
        ("501", "机关工资福利支出"),
        ("50502", "商品和服务支出"),
        ("99999", ""),
        ("", ""),
    ],
)
def test_a_code_has_its_official_name(code: str, name: str) -> None:
    assert name_of(code) == name


def test_a_code_stands_below_its_parents() -> None:
    assert parents_of("2010350") == ("201", "20103")
    assert parents_of("30217") == ("302",)
    assert parents_of("302") == ()


def test_every_item_but_the_first_level_has_its_parents() -> None:
    lonely = [code for code in items() if len(parents_of(code)) != {3: 0, 5: 1, 7: 2}[len(code)]]
    assert not lonely


def test_a_name_gives_its_codes() -> None:
    assert code_of("维修(护)费", "department_economic") == ("30213",)
    assert len(code_of("行政运行")) > 20
    assert code_of("行政运行", "government_economic") == ()
    assert code_of("没有的科目") == ()
