"""Names against names: the projects of the expenditure table and of the goal table."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.check_relations import relations, scopes_in
from index.check_rows import ZERO, Book, Side
from index.check_spots import Amount, amount_of, main_column
from index.check_tables import compare
from index.check_words import plain, where
from index.document import Place
from index.fact import Check, Fact, Kind, Outcome, PassageKind, RowKind
from index.words import NUMERAL, spelt

LIKE = 0.8
"""Names that share four fifths of their characters may name one project."""
OTHERWISE = 3
"""So many projects must agree for one that does not to be called wrong."""
CONTEXT = 4
"""Characters before a slip of the pen that must stand before the right character too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    fact: Fact
    amount: Amount

    @property
    def name(self) -> str:
        return spelt(self.fact.label)


def name_checks(book: Book) -> tuple[Check, ...]:
    return (*project_checks(book), *slips(book))


def projects_of(book: Book, *, goals: bool, named: Container[str] = ()) -> dict[str, list[Project]]:
    """Table → its projects, each with its amount of the whole. `named`: names of projects known
    elsewhere, which may also be names of classes (森林生态效益补偿)."""
    found: dict[str, list[Project]] = {}
    for side in book.sides:
        if side.goals is goals and any(row.kind is RowKind.PROJECT for row in side.rows):
            projects = _projects(side, book, named)
            found.setdefault(f"{side.number} {side.title}", []).extend(projects)
    return found


def _projects(side: Side, book: Book, named: Container[str]) -> Iterator[Project]:
    money = [n for n in range(len(side.columns)) if side.kind(n) is Kind.MONEY]
    column = main_column(side, [n for n in money if side.year(n) in (book.year, None)])
    for row in side.rows:
        fact = row.cells.get(column) if column is not None else None
        project = row.kind is RowKind.PROJECT or (
            row.kind is RowKind.ITEM and spelt(row.label) in named
        )
        if project and fact is not None and fact.value is not None:
            amount = amount_of([fact], book)
            if amount is not None:
                yield Project(fact=fact, amount=amount)


def project_checks(book: Book) -> Iterator[Check]:
    """Each project of an expenditure table is looked for in the goal tables."""
    goals = [project for found in projects_of(book, goals=True).values() for project in found]
    named = {goal.name for goal in goals}
    for table, projects in projects_of(book, goals=False, named=named).items():
        units = {project.fact.unit_name for project in projects}
        known = [goal for goal in goals if goal.fact.unit_name in units or "" in units]
        if known:
            yield from _matched(table, projects, known, book)


def _matched(
    table: str, projects: Sequence[Project], goals: Sequence[Project], book: Book
) -> Iterator[Check]:
    pairs, projects, goals = _pairs(projects, goals, _same_amount_and_name)
    renamed, projects, goals = _pairs(projects, goals, _renamed)
    changed, projects, goals = _pairs(projects, goals, lambda a, b: a.name == b.name)
    matched = len(pairs) + len(renamed) + len(changed)
    if not matched:
        return
    for left, right in pairs:
        yield compare("同一项目的金额应一致", (left.amount, right.amount), book)
    for left, right in changed:
        yield _changed(left, right, certain=len(pairs) >= len(changed) * OTHERWISE, book=book)
    for left, right in renamed:
        yield _renamed_check(left, right)
    if projects:
        chosen = matched < 2 * len(projects)
        yield _alone(projects, "没有列入绩效目标表", "绩效目标表只列了部分项目" if chosen else "")
    if goals:
        limited = bool(scopes_in(table) - {"project"})
        yield _alone(goals, "没有列入项目支出表", "可能由其他资金安排" if limited else "")


def _pairs(
    left: Sequence[Project], right: Sequence[Project], same: Callable[[Project, Project], bool]
) -> tuple[list[tuple[Project, Project]], list[Project], list[Project]]:
    """Each left project with the first right one it is the same as, and what remains."""
    rest = list(right)
    pairs: list[tuple[Project, Project]] = []
    alone: list[Project] = []
    for project in left:
        match = next((other for other in rest if same(project, other)), None)
        if match is None:
            alone.append(project)
        else:
            rest.remove(match)
            pairs.append((project, match))
    return pairs, alone, rest


def _same_amount_and_name(left: Project, right: Project) -> bool:
    return left.name == right.name and left.amount.value == right.amount.value


def _renamed(left: Project, right: Project) -> bool:
    """The same amount and nearly the same name; 一期 and 二期 are two projects."""
    if left.amount.value != right.amount.value:
        return False
    matcher = SequenceMatcher(None, left.name, right.name)
    changes = [
        (left.name[a:b], right.name[c:d])
        for what, a, b, c, d in matcher.get_opcodes()
        if what != "equal"
    ]
    return matcher.ratio() >= LIKE and not any(_apart(*change) for change in changes)


def _apart(left: str, right: str) -> bool:
    if re.search(rf"[{NUMERAL}\d]", left + right):
        return True
    return any(left in pair and right in pair for pair in relations().apart if left and right)


def _changed(left: Project, right: Project, *, certain: bool, book: Book) -> Check:
    """The same name, another amount: wrong where nearly all others agree."""
    check = compare("同一项目的金额应一致", (left.amount, right.amount), book)
    if certain:
        return check
    return Check(
        name=check.name,
        outcome=Outcome.UNCHECKED,
        what=f"{check.what}：两表多数项目金额不同，可能口径不同",
        expression=check.expression,
        difference=check.difference,
        facts=check.facts,
        places=check.places,
    )


def _renamed_check(left: Project, right: Project) -> Check:
    return Check(
        name="names",
        outcome=Outcome.DIFFERS,
        what=f"{_place(left)}的项目名称与{_place(right)}不一致，金额相同",
        expression=f"{left.fact.label} ≠ {right.fact.label}",
        difference=ZERO,
        facts=(left.fact.id, right.fact.id),
        places=_label_places((left, right)),
    )


def _place(project: Project) -> str:
    fact = project.fact
    return f"{fact.table}{where(_label_places([project]))}“{fact.label}”"


def _label_places(projects: Iterable[Project]) -> tuple[Place, ...]:
    places = (place for p in projects for place in (p.fact.label_places or (p.fact.place,)))
    return tuple(dict.fromkeys(places))


def _alone(projects: Sequence[Project], what: str, excuse: str) -> Check:
    """Projects that stand in one table only; `excuse`: why that need not be a contradiction."""
    names = "、".join(project.fact.label for project in projects)
    total = sum((project.fact.value or ZERO for project in projects), ZERO)
    first = projects[0].fact
    places = where(_label_places(projects))
    return Check(
        name="names",
        outcome=Outcome.UNCHECKED if excuse else Outcome.DIFFERS,
        what=f"{first.table}{places} {len(projects)} 个项目{what}"
        + (f"（{excuse}）" if excuse else "")
        + f"：{names}",
        expression=f"{len(projects)} 个，{plain(total)} {first.unit}",
        facts=tuple(project.fact.id for project in projects),
        places=_label_places(projects),
    )


# Slips of the pen


def slips(book: Book) -> Iterator[Check]:
    """A project's name with one character replaced by another of the same sound: what follows
    the same beginning in its own objective says what is meant."""
    names = [project for found in projects_of(book, goals=True).values() for project in found]
    objectives: Mapping[str, str] = {
        spelt(passage.title): spelt(passage.text)
        for passage in book.budget.passages
        if passage.kind is PassageKind.OBJECTIVE
    }
    every = [project.name for project in names]
    for project in names:
        found = _slip(project.name, objectives.get(project.name, ""), every)
        if found:
            yield _slip_check(project, *found)


def _slip(name: str, objective: str, names: Sequence[str]) -> tuple[str, str] | None:
    """(printed, meant): the beginning up to the character, and how the others end it."""
    for at in range(CONTEXT, len(name)):
        before, char = name[at - CONTEXT : at], name[at]
        if before not in objective or before + char in objective:
            continue
        meant = set(re.findall(f"{re.escape(before)}(.)", objective))
        if len(meant) == 1 and _others_say(before, char, meant, names) and _sounds(char, *meant):
            return name[: at + 1], name[:at] + meant.pop()
    return None


def _others_say(before: str, char: str, meant: Iterable[str], names: Sequence[str]) -> bool:
    same = sum(before + char in name for name in names)
    return same == 1 and any(before + other in name for name in names for other in meant)


def _sounds(left: str, right: str) -> bool:
    """The same syllable, whatever the tone."""
    from pypinyin import lazy_pinyin

    return left != right and lazy_pinyin(left) == lazy_pinyin(right)


def _slip_check(project: Project, printed: str, meant: str) -> Check:
    return Check(
        name="names",
        outcome=Outcome.DIFFERS,
        what=f"{_place(project)}疑有错字：“{printed}”在本项目绩效目标和其他项目名称中作“{meant}”",
        expression=f"{printed} ≠ {meant}",
        facts=(project.fact.id,),
        places=_label_places([project]),
    )
