"""Lines of a question file → questions; Answer → a line of JSON, or what a clerk reads."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from assistant.answer import Answer, Citation
from assistant.render import place_label, words_of
from index.errors import BudgetError

BOM = b"\xef\xbb\xbf"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""A document's text or a question must not steer the terminal."""
BOLD = re.compile(r"\*\*(.+?)\*\*")
RULE = re.compile(r"(\w+):? *(.*)", re.S)
"""A line of an explanation: the kind of rule, then what it read."""
MEND = (
    '每行写一个 JSON 对象：{"id": "1", "question": "…"}'
    ' 或 {"id": "1", "turns": [{"question": "…"}]}'
)
KINDS = {
    "mention": "认出的说法",
    "name": "单位",
    "term": "词语",
    "content": "内容",
    "inherited": "承接上文",
}
"""The kinds of rule that `assistant.understand` explains, as a clerk calls them."""

# ------------------------------------------------------------------------------ what is asked


def read_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each line that is not blank with its place (`questions.jsonl 第 3 行`).

    Raises BudgetError if the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                line = line.removeprefix(BOM).strip()
                if line:
                    yield f"{path} 第 {number} 行", line
    except OSError as error:
        raise BudgetError(
            f"问题文件读不出来（{error.strerror}）", place=str(path), mend="检查文件名和权限"
        ) from error


def read_batch(line: bytes, place: str) -> list[tuple[str, str]]:
    """The questions of a line with their ids; the turns of a dialogue are `ID#1`, `ID#2`, ….

    Raises BudgetError if the line is not as described in `MEND`.

    >>> read_batch(b'{"id": "d", "turns": [{"question": "a"}, {"question": "b"}]}', "")
    [('d#1', 'a'), ('d#2', 'b')]
    """
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BudgetError("不是 UTF-8 文字", place=place, mend="把文件另存为 UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BudgetError("不是 JSON", place=place, mend=MEND) from error
    if not isinstance(row, dict):
        raise BudgetError(f"是 {type(row).__name__}，不是 JSON 对象", place=place, mend=MEND)
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise BudgetError("没有 id，或 id 不是文字", place=place, mend=MEND)
    if "turns" not in row:
        return [(str(name), _question(row, place, "question"))]
    turns = row["turns"]
    if not isinstance(turns, list) or not turns:
        raise BudgetError("turns 应是至少一问的列表", place=place, mend=MEND)
    return [
        (f"{name}#{at}", _question(turn, place, f"turns 第 {at} 问的 question"))
        for at, turn in enumerate(turns, 1)
    ]


def _question(row: object, place: str, what: str) -> str:
    question = row.get("question") if isinstance(row, dict) else None
    if not isinstance(question, str):
        raise BudgetError(f"没有 {what}，或不是文字", place=place, mend=MEND)
    return question


# ---------------------------------------------------------------------------- what is answered


def json_line(answer: Answer, *, explain: bool = False) -> str:
    """Contract 4.1, on one line; `explanation` only where it is asked for."""
    row = answer.to_dict()
    if not explain:
        del row["explanation"]
    return json.dumps(row, ensure_ascii=False)


def printable(text: str) -> str:
    r"""Half a character (a lone surrogate) as `\ud800`: no output takes it, JSON reads it back."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def one_line(text: str) -> str:
    return printable(CONTROL.sub(" ", text))


def shown(answer: Answer, *, explain: bool = False) -> str:
    """The text, a line a source, notes, what may be asked next, and how it was read."""
    words = words_of(answer.language)
    parts = (
        [one_line(line) for line in BOLD.sub(r"\1", answer.text).splitlines()],
        [words.unproved] if answer.figures and not answer.proved else [],
        [f"※ {one_line(note)}" for note in answer.notes],
        titled(words.sources, source_lines(answer)),
        titled(words.next, map(one_line, answer.suggestions)),
        tree(answer) if explain else [],
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def titled(title: str, lines: Iterator[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return [title, *found] if found else []


def source_lines(answer: Answer) -> Iterator[str]:
    for at, citation in enumerate(answer.citations, 1):
        yield f"[{at}] {source_line(citation, answer.language)}"


def source_line(citation: Citation, language: str) -> str:
    """`budget.txt · 表八 … · 某项目 · 金额 · 第330行 · “4,321.50”`."""
    parts = (
        citation.document,
        citation.table or citation.section,
        citation.row,
        citation.column,
        place_label(citation, words_of(language)),
        f"“{citation.quote}”",
    )
    return " · ".join(one_line(part) for part in parts if part)


def tree(answer: Answer) -> list[str]:
    """How the question was read: a branch a kind of rule, a twig a rule.

    >>> answer = Answer(question="占几成", language="zh", status="answered", text="",
    ...     explanation=("mention operation: '占' → share", "content: 接待费"))
    >>> print("\\n".join(tree(answer)))
    占几成
    ├─ 认出的说法
    │  └─ operation: '占' → share
    └─ 内容
       └─ 接待费
    """
    rules = [found.groups() for line in answer.explanation if (found := RULE.match(line))]
    branches = [(kind, [what for _, what in twigs]) for kind, twigs in groupby(rules, _kind)]
    lines = [one_line(answer.question)]
    for at, (kind, twigs) in enumerate(branches, 1):
        last = at == len(branches)
        lines.append(f"{'└' if last else '├'}─ {KINDS.get(kind, kind)}")
        lines += [f"{' ' if last else '│'}  {twig}" for twig in hung(twigs)]
    return lines


def _kind(rule: Sequence[str]) -> str:
    return rule[0]


def hung(twigs: Sequence[str]) -> Iterator[str]:
    for at, twig in enumerate(twigs, 1):
        yield f"{'└' if at == len(twigs) else '├'}─ {one_line(twig)}"
