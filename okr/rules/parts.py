"""The rules over a workspace part by part: what stands in an owner's files is judged, and its plans and logs are given back.

Several processes may share the parts (`workers.py`): what they find is put together here, and comes to the very same
as all of it judged at once. No rules here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.owned_files import place_of
from okr.rules.engine import Examination, put_together, run_rules, with_records
from okr.rules.log_facts import facts_of, remember_facts
from okr.rules.lookup import compared_in_full, names_compared
from okr.rules.packing import (
    comments_in,
    comments_out,
    diagnostics_in,
    diagnostics_out,
    log_facts_in,
    log_facts_out,
    pack,
    plain,
    plan_facts_in,
    unpack,
)
from okr.rules.plan_facts import plans_known
from okr.rules.suppression import comments_of
from okr.sources import SETTINGS
from okr.workspace import CYCLE_FACTS, KPIS, ORG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Log, Plan
    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.rules.catalogue import Rule
    from okr.rules.comments import Suppression
    from okr.rules.earlier import Earlier
    from okr.rules.log_facts import LogFacts
    from okr.rules.plan_facts import PlanFacts
    from okr.rules.units import Units
    from okr.workspace import Workspace

Whose = tuple[str, str]
"""A cycle and an owner: what has a plan and a log, each usually one file."""
Part = list[Whose]
"""All that is one owner's."""

Unit = tuple[tuple[str, ...], tuple[str, ...], bytes, bytes]
"""What came of a part, in plain values: its files; what else was looked at, be it there or not; what was found, empty
for nothing; and what is asked of all plans and logs."""


@dataclass(slots=True)
class Judged:
    """What came of some files of a workspace.

    Attributes:
        found: what the rules found.
        comments: the comments in the files that are to silence rules, by path.
        broken: those of the files of which something could not be read.
        files: the files.
        compared: how many names were compared to find out what was meant.
    """

    found: set[Diagnostic] = field(default_factory=set)
    comments: dict[str, list[Suppression]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    compared: int = 0

    def add(self, other: Judged) -> None:
        """Takes in what came of other files."""
        self.found |= other.found
        self.comments |= other.comments
        self.broken |= other.broken
        self.files |= other.files
        self.compared += other.compared

    def add_units(self, units: Units) -> None:
        """Takes in what came of parts."""
        others, self.files = self.files, units.files  # these are many
        self.files |= others
        for said in units.said:
            self._add_said(said)

    def add_unit(self, unit: Unit) -> None:
        """Takes in what came of a part."""
        self.files.update(unit[0])
        self._add_said(unit[2])

    def _add_said(self, said: bytes) -> None:
        if said:
            found, comments, broken, compared = unpack(said)
            self.found |= diagnostics_in(found)
            self.comments |= comments_in(comments)
            self.broken.update(broken)
            self.compared += compared

    def note(self, workspace: Workspace, documents: Iterable[Document]) -> None:
        """Takes down of files what is needed when they are not held any more."""
        for document in documents:
            self.files.add(document.path)
            self.broken.update(problem.finding.path for problem in workspace.problems_of(document))
        self.comments |= comments_of(documents)

    def as_unit(self, looked_at: Iterable[str], facts: bytes = b"") -> Unit:
        """The same in plain values.

        Args:
            looked_at: the files that were asked for on the way, these included.
            facts: what is asked of all plans and logs.
        """
        said = b""
        if self.found or self.comments or self.broken or self.compared:
            found = diagnostics_out(sorted(self.found, key=lambda each: each.sort_key))
            said = pack((found, comments_out(self.comments), tuple(sorted(self.broken)), self.compared))
        others = (path for path in looked_at if path not in self.files and not concerns_all(path))
        return tuple(sorted(self.files)), tuple(sorted(others)), said, facts


def concerns_all(path: str) -> bool:
    """Whether what a file says may concern all parts, so that each is judged anew when it changes."""
    return path in {SETTINGS, ORG, KPIS} or path.endswith(f"/{CYCLE_FACTS}")


def is_owned(path: str) -> bool:
    """Whether a file is some owner's plan or log, by its place."""
    return place_of(path) is not None and not concerns_all(path)


def parts_of(workspace: Workspace) -> dict[str, Part]:
    """Each owner with a plan or a log, and the cycles of these: each is asked for by the next one."""
    found: dict[str, Part] = {}
    for cycle in workspace.cycles:
        for owner in dict.fromkeys((*workspace.plan_owners(cycle), *workspace.log_owners(cycle))):
            found.setdefault(owner, []).append((cycle, owner))
    return found


def judge(workspace: Workspace, part: Part) -> Unit:
    """Judges what is one owner's; it is held no longer than that takes, and nothing that was held before is used."""
    workspace.forget_owned()
    workspace.asked.clear()
    known, before = plans_known(workspace), names_compared(workspace)
    judged = Judged()
    of_plans: list[PlanFacts] = []
    of_logs: list[tuple[Whose, tuple[LogFacts, ...]]] = []
    for cycle, owner in part:
        plans = workspace.plan_files_of(cycle, owner)
        logs = workspace.owner_logs(cycle, owner)
        documents = [*(plan.document for plan in plans), *(log.document for log in logs)]
        judged.found |= run_rules(workspace, _subjects(documents, plans, logs))
        judged.note(workspace, documents)
        of_plans += map(known.of_plan, plans)
        of_logs.append(((cycle, owner), tuple(facts_of(log, workspace) for log in logs)))
    judged.compared = names_compared(workspace) - before
    facts = pack(
        (
            plain(tuple(of_plans)),
            tuple((whose, tuple(map(log_facts_out, facts))) for whose, facts in of_logs),
        )
    )
    unit = judged.as_unit(workspace.asked, facts)
    workspace.forget_owned()
    return unit


def judge_rest(workspace: Workspace, files: Iterable[Document]) -> Judged:
    """What is found beside the parts, in the files of all.

    Args:
        workspace: the workspace.
        files: those read so far: what is nobody's plan or log.
    """
    before = names_compared(workspace)
    judged = Judged(run_rules(workspace, _of_all(workspace, files), _is_of_the_rest))
    judged.compared = names_compared(workspace) - before
    return judged


def judge_facts(workspace: Workspace, units: Iterable[Unit]) -> Judged:
    """What is found by asking what all plans and logs say."""
    before = names_compared(workspace)
    known = plans_known(workspace)
    for unit in units:
        plans, logs = unpack(unit[3])
        known.remember(map(plan_facts_in, plans))
        remember_facts(workspace, {whose: list(map(log_facts_in, facts)) for whose, facts in logs})
    judged = Judged(run_rules(workspace, (workspace,), lambda rule: rule.of_all))
    judged.compared = names_compared(workspace) - before
    return judged


def judge_history(workspace: Workspace, earlier: Earlier | None) -> Judged:
    """What is found by comparing with what the workspace was."""
    if earlier is None:
        return Judged()
    before = names_compared(workspace)
    judged = Judged(run_rules(workspace, (workspace,), lambda rule: rule.history, earlier))
    judged.compared = names_compared(workspace) - before
    return judged


def finish(workspace: Workspace, judged: Judged) -> Examination | None:
    """Puts together what was found.

    Returns:
        None where so many names were compared that all at once might have come to less.
    """
    if not compared_in_full(judged.compared):
        return None
    comments = dict(sorted(judged.comments.items()))
    return put_together(workspace, judged.found, comments, judged.broken, frozenset(judged.files))


def _is_of_the_rest(rule: Rule) -> bool:
    return not rule.of_all and not rule.history


def _of_all(workspace: Workspace, files: Iterable[Document]) -> Iterator[object]:
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
