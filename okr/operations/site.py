"""All that a report on a cycle says, gathered once.

How it stands, how goals are aligned, what a review talks about, KPIs, and whether the record can be trusted. What it
looks like is for the views.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.forking import processes_for
from okr.operations.alignment import alignment
from okr.operations.closing.retrospective import Retrospective, retrospective
from okr.operations.kept_pages import Sources
from okr.operations.overview import frame_of, overview
from okr.operations.reviewing import Review, last_review, plan_changes, review
from okr.operations.selecting import select_owners
from okr.operations.showing_kpi import showing_kpi
from okr.processes import Aside
from okr.sources import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okr.cycles import Cycle
    from okr.operations.alignment import Alignment
    from okr.operations.assessing import ObjectiveState
    from okr.operations.audit.auditing import Audit
    from okr.operations.overview import Frame, Overview
    from okr.operations.reviewing import PlanChanges
    from okr.operations.selecting import Whose
    from okr.operations.showing_kpi import KpiShowing
    from okr.quantities import Language
    from okr.workspace import Workspace

_WORTH_IT = 100
"""Plans from which on asking git at the same time takes less time than a further process does."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of a report say.

    Attributes:
        frame: which cycle of which workspace, on which day.
        language: of the words; numbers are written as it does.
        overview: how the cycle stands.
        alignment: its objectives and those of the cycles around it, and what supports what.
        review: what a meeting talks about; once the cycle is over, the look back.
        kpis: every KPI.
        audit: whether the record can be trusted; None where git can't tell.
        no_audit: why there is none.
        people: the names of people and teams, by id.
        above: right above each owner whose plan is shown, and above each team above these, as org.yaml has it: a team's
            parent, or a person's team.
        frames: every cycle that a page is about, by its name.
        sources: what the files said that all this is made of.
        whose: the owners that it is limited to; None for all.
    """

    frame: Frame
    language: Language
    overview: Overview
    alignment: Alignment[ObjectiveState]
    review: Review | Retrospective
    kpis: tuple[KpiShowing, ...]
    audit: Audit | None
    no_audit: str | None
    people: dict[str, str]
    above: dict[str, str | None]
    frames: dict[str, Frame]
    sources: Sources
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What git's history tells: whether the record can be trusted, why that can't be told, and how plans changed."""

    audit: Audit | None
    no_audit: str | None
    changes: PlanChanges | None


def gather_site(
    workspace: Workspace,
    *,
    cycle: str | None = None,
    language: Language | None = None,
    audited: bool = True,
    alone: bool = True,
    kept: bool = False,
    owner: str | None = None,
) -> Site:
    """Gathers what a report says.

    Args:
        workspace: where to look.
        cycle: the cycle, by any of its names; the current one if left out.
        language: en or fr; the workspace's if left out.
        audited: whether git's history is to be audited.
        alone: whether all is to be done in this process; it must be where threads are running.
        kept: whether an audit that was made before will do, where nothing that it depends on has changed.
        owner: only how this owner stands and what is to be talked about there, for a report in one text; a team's id
            with `/...` behind it means whoever is below it as well.

    Raises:
        UsageError: there is no such owner.
        OkrError: there is no such cycle, or no plan of the owner's in it; or the process that asked git died.
    """
    shown = workspace.cycle_asked(cycle)
    _ = workspace.org_file  # before there are two processes to read it
    whose = None if owner is None else select_owners(workspace, owner, cycle=shown.name)

    def ask() -> _Told:
        return _ask(workspace, shown, whose, audited=audited, kept=kept)

    if alone or processes_for(len(workspace.plan_paths(shown.name)), _WORTH_IT) == 1:
        told = ask()
        return _gathered(workspace, shown, language, lambda: told, whose)
    with Aside(partial(_unless_broken, workspace, ask), "the report") as asked:

        @cache
        def heard() -> _Told:
            (told,) = asked.result() or (ask(),)
            return told

        return _gathered(workspace, shown, language, heard, whose)


def _unless_broken(workspace: Workspace, ask: Callable[[], _Told]) -> _Told:
    """What git's history tells, in a process of its own: files that can't be read have to be found by the other one."""
    told = ask()
    if workspace.problems:
        raise ValueError(workspace.problems)
    return told


def _ask(workspace: Workspace, shown: Cycle, whose: Whose | None, *, audited: bool, kept: bool) -> _Told:
    audit, no_audit = _audit(workspace, kept=kept) if audited else (None, None)
    if frame_of(workspace, shown).over:
        return _Told(audit, no_audit, None)
    ids = None if whose is None else whose.ids
    return _Told(audit, no_audit, plan_changes(workspace, shown, last_review(workspace), ids))


def _gathered(
    workspace: Workspace,
    shown: Cycle,
    language: Language | None,
    heard: Callable[[], _Told],
    whose: Whose | None,
) -> Site:
    frame = frame_of(workspace, shown)
    aligned = alignment(workspace, cycle=shown.name)
    cycles = {shown.name, *(reference.cycle for reference in aligned.objectives)}
    owner = None if whose is None else whose.name
    standing = overview(workspace, cycle=shown.name, owner=owner)
    if owner is not None and not standing.owners:
        raise OkrError(
            f"{owner} has no plan in {shown.name}: there is nothing to report",
            f"`okr status {owner}` says where there is one; another cycle is named with --cycle",
        )
    owners = [each.owner.id for each in standing.owners]
    return Site(
        frame=frame,
        language=language or frame.language,
        overview=standing,
        alignment=aligned,
        review=retrospective(workspace, cycle=shown.name, owner=owner)
        if frame.over
        else review(workspace, cycle=shown.name, owner=owner, changes=lambda: heard().changes),
        kpis=tuple(showing_kpi(workspace, kpi.definition) for kpi in workspace.kpis),
        audit=heard().audit,
        no_audit=heard().no_audit,
        above=_above(workspace, owners),
        people={owner.id: owner.name for owner in workspace.owners.values()},
        frames={name: frame_of(workspace, workspace.cycle(name)) for name in sorted(cycles)},
        sources=Sources(workspace),
        whose=whose,
    )


def _above(workspace: Workspace, owners: Iterable[str]) -> dict[str, str | None]:
    """Who is right above whom, from some owners upwards."""
    found: dict[str, str | None] = {}
    for each in owners:
        name: str | None = each
        while name is not None and name not in found:
            name = found.setdefault(name, workspace.above.get(name))
    return found


def _audit(workspace: Workspace, *, kept: bool) -> tuple[Audit | None, str | None]:
    """The audit of the working tree's branch; of another commit the record is not this one's."""
    from okr.operations.audit.kept import audited as audit_of

    if workspace.moment is not None or not isinstance(workspace.files, Folder):
        return None, None
    try:
        return audit_of(workspace, workspace.files.root, kept=kept), None
    except OkrError as error:
        return None, str(error)
