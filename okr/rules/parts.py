"""The rules over a workspace part by part: what stands in an owner's files is judged, and its plans and logs are given back.

Several processes may share the parts (`workers.py`): what they find is put together here, and comes to the very same as
all of it judged at once. No rules here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.rules.engine import Examination, put_together, run_rules, with_records
from okr.rules.log_facts import LogFacts, facts_of, remember_facts
from okr.rules.lookup import compared_in_full, names_compared
from okr.rules.plan_facts import plans_known
from okr.rules.suppression import comments_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Log, Plan
    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.rules.comments import Suppression
    from okr.rules.earlier import Earlier
    from okr.rules.plan_facts import PlanFacts
    from okr.workspace import Workspace

Whose = tuple[str, str]
"""A cycle and an owner: what has a plan and a log, each usually one file."""


@dataclass(slots=True)
class Judged:
    """What came of some parts of a workspace; small enough to be sent from one process to another.

    Attributes:
        found: what the rules found.
        comments: the comments in their files that are to silence rules, by path.
        broken: those of their files of which something could not be read.
        files: their files.
        facts: what their logs say that is asked of all logs.
        plans: what their plans say that is asked of all plans.
        others: further files that were read on the way.
        compared: how many names were compared to find out what was meant.
    """

    found: set[Diagnostic] = field(default_factory=set)
    comments: dict[str, list[Suppression]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    facts: dict[Whose, list[LogFacts]] = field(default_factory=dict)
    plans: list[PlanFacts] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    compared: int = 0

    def add(self, other: Judged) -> None:
        """Takes in what came of further parts."""
        self.found |= other.found
        self.comments |= other.comments
        self.broken |= other.broken
        self.files |= other.files
        self.facts |= other.facts
        self.plans += other.plans
        self.others |= other.others
        self.compared += other.compared


def parts_of(workspace: Workspace) -> list[list[Whose]]:
    """Each cycle and owner with a plan or a log, those of one owner together: each is asked for by the next one."""
    found: dict[str, list[Whose]] = {}
    for cycle in workspace.cycles:
        for owner in dict.fromkeys((*workspace.plan_owners(cycle), *workspace.log_owners(cycle))):
            found.setdefault(owner, []).append((cycle, owner))
    return list(found.values())


def judge(workspace: Workspace, parts: Iterable[list[Whose]], judged: Judged) -> None:
    """Judges parts of a workspace; an owner's plans and logs are held no longer than that takes."""
    known = plans_known(workspace)
    for of_one in parts:
        for cycle, owner in of_one:
            plans = workspace.plan_files_of(cycle, owner)
            logs = workspace.owner_logs(cycle, owner)
            documents = [*(plan.document for plan in plans), *(log.document for log in logs)]
            judged.found |= run_rules(workspace, _subjects(documents, plans, logs))
            _note(workspace, documents, judged)
            judged.facts[cycle, owner] = [facts_of(log, workspace) for log in logs]
            judged.plans += map(known.of_plan, plans)
        workspace.forget_owned()


def finish(
    workspace: Workspace, judged: Judged, earlier: Earlier | None, whole: set[Diagnostic]
) -> Examination | None:
    """Puts together what was found in all parts and in the whole.

    Args:
        workspace: the workspace.
        judged: what came of all parts.
        earlier: what it was before.
        whole: what was found beside the parts, by `judge_whole`.

    Returns:
        None where so many names were compared that all at once might have come to less.
    """
    remember_facts(workspace, judged.facts)
    plans_known(workspace).remember(judged.plans)
    whole |= run_rules(workspace, (workspace,), lambda rule: rule.of_all, earlier)
    if not compared_in_full(judged.compared + names_compared(workspace)):
        return None
    for path in judged.others - judged.files:
        workspace.document(path)
    _note(workspace, [each for each in workspace.documents if each.path not in judged.files], judged)
    comments = dict(sorted(judged.comments.items()))
    return put_together(workspace, whole | judged.found, comments, judged.broken, frozenset(judged.files))


def judge_whole(workspace: Workspace, files: Iterable[Document], earlier: Earlier | None) -> set[Diagnostic]:
    """What is found beside the parts, in the files of all.

    Args:
        workspace: the workspace.
        files: those read so far: what is nobody's plan or log.
        earlier: what it was before.
    """
    return run_rules(workspace, _of_the_whole(workspace, files), lambda rule: not rule.of_all, earlier)


def _of_the_whole(workspace: Workspace, files: Iterable[Document]) -> Iterator[object]:
    yield workspace
    yield from files
    yield from workspace.cycles.values()
    if workspace.kpi_log is not None:
        yield from with_records((workspace.kpi_log,))
    yield from workspace.teams
    yield from workspace.people
    yield from workspace.kpis


def _subjects(documents: Iterable[Document], plans: Iterable[Plan], logs: Iterable[Log]) -> Iterator[object]:
    yield from documents
    for plan in plans:
        yield plan
        for objective in plan.objectives:
            yield objective
            yield from objective.key_results
    yield from with_records(logs)


def _note(workspace: Workspace, documents: Iterable[Document], judged: Judged) -> None:
    """Takes down of files what is needed when they are not held any more."""
    for document in documents:
        judged.files.add(document.path)
        judged.broken.update(problem.finding.path for problem in workspace.problems_of(document))
    judged.comments |= comments_of(documents)
