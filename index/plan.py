"""What is to be done with each file of a run, told from its hash; and what became of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from index.correct import pending
from index.errors import BudgetError
from index.files import hash_of
from index.report import Verdict, verdict_of
from index.store import Store, StoredDocument
from index.words import squeeze
from index.workers import Job

KNOWLEDGE = frozenset((".py", ".toml", ".tsv", ".csv", ".jsonl"))
SHOWING = ("cli", "report", "__main__")
"""How files begin that only show what was read: a change of theirs reads no document again."""


class Status(StrEnum):
    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    DUPLICATE = "duplicate"
    """Another document has the very same content: it is not kept twice."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one file."""

    document: str
    status: Status
    tables: int = 0
    facts: int = 0
    indicators: int = 0
    passages: int = 0
    holding: int = 0
    """Checks (勾稽关系) that hold, that do not, and that could not be made."""
    differing: int = 0
    unchecked: int = 0
    rounding: int = 0
    """Checks that differ by no more than rounding; not among `differing`."""
    doubts: tuple[str, ...] = ()
    """Checks that do not hold, pages without text, warnings of the reader."""
    seconds: float = 0.0
    message: str = ""
    """Why it failed, with place and mend; or a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the person said of all files of a run; empty where she said nothing."""

    unit: str = ""
    source: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A file and what is to be done with it."""

    path: Path
    name: str
    sha256: str = ""
    unit: str = ""
    source: str = ""
    published: str = ""
    reading: str = ""
    """Fingerprint of the program that reads it."""
    replaces: bool = False
    """A document of this name is indexed."""
    report: Report | None = None
    """Set where nothing is to be read."""

    @property
    def job(self) -> Job:
        return Job(path=self.path, name=self.name, sha256=self.sha256, unit=self.unit)

    @property
    def status(self) -> Status:
        return Status.REPLACED if self.replaces else Status.ADDED


def plan_of(paths: Sequence[Path], store: Store, asked: Asked) -> list[Step]:
    """A step a file, in order."""
    known = {stored.document: stored for stored in store.documents()}
    steps: list[Step] = []
    for path in paths:
        steps.append(_step(path, known, asked, steps))
    return _without_twins(steps, known)


def _step(
    path: Path, known: dict[str, StoredDocument], asked: Asked, before: Sequence[Step]
) -> Step:
    name = path.name or str(path)
    old = known.get(name)
    step = Step(
        path=path,
        name=name,
        unit=asked.unit or (old.given_unit if old else ""),
        source=asked.source or (old.source if old else ""),
        published=asked.published or (old.published if old else ""),
        reading=reading(),
        replaces=old is not None,
    )
    try:
        step = replace(step, sha256=hash_of(path))
        first = next((other for other in before if other.name == name and other.sha256), None)
        if first is not None:
            return replace(step, report=_second(step, first), replaces=False)
    except BudgetError as error:
        return replace(step, report=_report(step, Status.FAILED, str(error)))
    if old and (old.sha256, old.reading, old.given_unit) == (step.sha256, step.reading, step.unit):
        return replace(step, report=_report(step, Status.UNCHANGED))
    return step


def _report(step: Step, status: Status, message: str = "") -> Report:
    return Report(document=step.name, status=status, message=message)


def _second(step: Step, first: Step) -> Report:
    """A second file of the same name in one run. Raises BudgetError where its content differs."""
    if first.sha256 != step.sha256:
        raise BudgetError(
            f"与 {first.path} 同名而内容不同，收录会互相替换",
            place=str(step.path),
            mend="给其中一个改名，例如加上年份或单位",
        )
    return _report(step, Status.DUPLICATE, f"内容与 {first.path} 相同，未重复收录")


def _without_twins(steps: Sequence[Step], known: dict[str, StoredDocument]) -> list[Step]:
    """Files that hold what another document holds when all is done give way to it, so that no
    figure is shown twice."""
    new = {step.name: step.sha256 for step in steps if _is_kept(step)}
    owners: dict[str, str] = {}
    for name, stored in known.items():
        if new.get(name, stored.sha256) == stored.sha256:
            owners.setdefault(stored.sha256, name)
    for name, sha256 in new.items():
        owners.setdefault(sha256, name)
    return [
        _twin(step, owners[step.sha256])
        if _is_kept(step) and owners[step.sha256] != step.name
        else step
        for step in steps
    ]


def _is_kept(step: Step) -> bool:
    return step.report is None or step.report.status is Status.UNCHANGED


def _twin(step: Step, owner: str) -> Step:
    message = f"内容与 {owner} 相同，未重复收录"
    if step.replaces:
        message += f"；原来以 {step.name} 收录的已取出"
    return replace(step, report=_report(step, Status.DUPLICATE, message))


@cache
def reading() -> str:
    """Fingerprint of what reads and cuts documents: code and lexicons of this package."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in KNOWLEDGE and not path.name.startswith(SHOWING):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def report_of(store: Store, document: str, status: Status) -> Report:
    """What the index holds of a document, and what is doubtful in it."""
    stored = store.document(document)
    checks = store.checks(document)
    counts = Counter(map(verdict_of, checks))
    differing = tuple(check.what for check in checks if verdict_of(check) is Verdict.DIFFERS)
    return Report(
        document=document,
        status=status,
        tables=stored.tables,
        facts=stored.facts,
        indicators=stored.indicators,
        passages=stored.passages,
        holding=counts[Verdict.HOLDS],
        differing=counts[Verdict.DIFFERS],
        unchecked=counts[Verdict.UNCHECKED],
        rounding=counts[Verdict.ROUNDING],
        doubts=(*differing, *_unread(stored), *stored.warnings),
        message="；".join(filter(None, (_asks_again(store, stored), _like_it(store, stored)))),
    )


def _unread(stored: StoredDocument) -> tuple[str, ...]:
    if not stored.unread_pages:
        return ()
    pages = "、".join(map(str, stored.unread_pages))
    return (f"第 {pages} 页没有文字（可能是扫描件），其中的内容没有读到",)


def _asks_again(store: Store, stored: StoredDocument) -> str:
    words = store.corrections(stored.document)
    waiting = pending(words, stored.sha256, store.facts(stored.document)) if words else ()
    if not waiting:
        return ""
    return (
        f"文件内容变了，{len(waiting)} 处更正待重新确认"
        f"（见 python -m index correct --list {stored.document}）"
    )


def _like_it(store: Store, stored: StoredDocument) -> str:
    others = alike(stored, store.documents())
    if not others:
        return ""
    names = "、".join(other.document for other in others)
    return (
        f"与 {names} 同一机构、同一年度、同一种类，可能是同一预算的新版本，两份都保留；"
        f"如是，取出旧的：python -m index remove {others[0].document}"
    )


def alike(stored: StoredDocument, others: Iterable[StoredDocument]) -> list[StoredDocument]:
    """Other documents that may be another version of this one: same institution, year and kind,
    and no other level."""
    if not stored.institution or stored.year is None:
        return []
    return [
        other
        for other in others
        if other.document != stored.document
        and squeeze(other.institution) == squeeze(stored.institution)
        and (other.year, other.account) == (stored.year, stored.account)
        and (other.level == stored.level or not other.level or not stored.level)
    ]
