"""Which plans may differ between two states of a workspace: those whose files do, and those that other files bear on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.comparison.translation import PlanKey
from okr.roots import ORG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from okr.operations.comparison.org_changes import SettingChanged, SubjectChange
    from okr.operations.comparison.translation import Translation
    from okr.workspace import Workspace


def touched_plans(
    old: Workspace,
    new: Workspace,
    translation: Translation,
    settings: Iterable[SettingChanged],
    subjects: Iterable[SubjectChange],
    measured: Iterable[str],
    files: Mapping[str, PlanKey],
    different: Collection[str],
) -> frozenset[PlanKey]:
    """The plans to be compared, by cycle and by the owner's name on the new side.

    Settings bear on every plan, a cycle's facts on those of the cycle, a KPI on the key results that draw on it,
    a team or person on their own plans.

    Args:
        old: the state before, every listed file read.
        new: the state after, likewise.
        translation: what old owners and KPIs are called.
        settings: what changed in okr.yaml.
        subjects: what changed in teams, people and KPIs.
        measured: the KPIs whose measurements differ, by their new ids.
        files: the plans and logs that either lists, by path.
        different: the paths of files whose texts differ.
    """
    keys = frozenset(files.values())
    if any(settings):
        return keys
    cycles = {name for name in {*old.cycles, *new.cycles} if _facts(old, name) != _facts(new, name)}
    kpis = {*measured, *(each.id for each in subjects if each.kind == "KPI")}
    owners = {each.id for each in subjects if each.kind != "KPI"}
    found = {key for path, key in files.items() if path in different}
    found |= {key for key in keys if key.cycle in cycles or key.owner in owners}
    if kpis:
        found |= set(_drawing(old, kpis, translation)) | set(_drawing(new, kpis, None))
    return frozenset(found)


def plan_files(workspace: Workspace, owner: Callable[[str], str] | None = None) -> dict[str, PlanKey]:
    """The listed plans and logs, by path.

    Args:
        workspace: where.
        owner: what an owner is called on the new side, where that is not this one.
    """
    present = owner or (lambda name: workspace.former_owners.get(name, name))
    return {
        path: PlanKey(cycle, present(stem))
        for cycle in workspace.cycles
        for paths in (workspace.plan_paths(cycle), workspace.log_paths(cycle))
        for path, (_, stem) in paths.items()
    }


def differing_files(old: Workspace, new: Workspace) -> set[str]:
    """The paths of the files read so far whose texts differ, or that only one side has."""
    same = old.shares_org(new)
    before, after = (
        {each.path: each.text for each in (side.documents_read if same else side.documents)}
        for side in (old, new)
    )
    found = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    return found - {ORG} if same else found


def _facts(workspace: Workspace, cycle: str) -> object:
    """All that a cycle's name and its cycle.yaml come to; None where there is no such cycle."""
    found = workspace.cycles.get(cycle)
    return None if found is None else (found.span, found.facts.state)


def _drawing(workspace: Workspace, kpis: set[str], translation: Translation | None) -> Iterator[PlanKey]:
    for plan in workspace.all_plans:
        for objective in plan.objectives:
            for each in objective.key_results:
                found = workspace.kpi(each.definition.kpi) if each.definition.kpi else None
                name = found.definition.id if found else each.definition.kpi
                if name is not None and (translation.kpi(name) if translation else name) in kpis:
                    owner = translation.owner(plan.owner) if translation else plan.owner
                    yield PlanKey(plan.cycle, owner)


if TYPE_CHECKING:
    from collections.abc import Callable
