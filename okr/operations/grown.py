"""What became of those whose log has got further lines and whose plan is as it was: most of what changes in a quarter.

Their plan is read once, their log at a glance, and no rule is asked, for none could find anything else than before.
Whoever that can't be told of is compared as all others are, by `comparing.py`; tests hold the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import CycleState
from okr.operations.assessing import metric_of, unit_of
from okr.operations.comparison import (
    CheckInsDifference,
    KeyResultDifference,
    ObjectiveDifference,
    OwnerDifference,
    Pair,
    Presence,
)
from okr.operations.glanced_logs import counting_table, day_of, lines_before, lines_by_subject, readings
from okr.operations.translation import PlanKey
from okr.scoring import (
    Span,
    mean_score,
    number_progress,
    owner_score,
    reaches,
    standing,
)
from okr.sources import SETTINGS
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from okr.contents import KeyResult as PlacedKeyResult
    from okr.contents import Objective, Plan
    from okr.cycles import Cycle
    from okr.model import KeyResult
    from okr.operations.glanced_logs import Line, Lines, Standing
    from okr.workspace import Workspace

_STEPS = 3
"""okrs or checkins, a cycle, an owner's file."""


def may_have_grown(
    old: Workspace, new: Workspace, paths: Iterable[str], key_of: Callable[[str], PlanKey | None]
) -> dict[PlanKey, str]:
    """The logs that differ where nothing else of their owner's does, nor anything that bears on everybody.

    Args:
        old: the state before.
        new: the state after.
        paths: the files that differ.
        key_of: whose plan or log a file is.
    """
    found: dict[PlanKey, list[str]] = {}
    for path in paths:
        steps = path.split("/")
        if path in {ORG, KPIS, SETTINGS}:
            return {}
        if steps[0] not in {PLANS, LOGS} or path == KPI_LOG:
            continue
        key = key_of(path) if len(steps) == _STEPS and steps[2] != CYCLE_FACTS else None
        if key is None:
            return {}
        found.setdefault(key, []).append(path)
    if list(old.cycles) != list(new.cycles):
        return {}
    return {
        key: files[0]
        for key, files in found.items()
        if [f"{LOGS}/{folder}/{key.owner}.yaml" for folder in new.cycles[key.cycle].folders] == files
        and new.cycles[key.cycle].span is not None
        and new.state(key.cycle) is not CycleState.CLOSED
        and not new.former_names(key.owner)
    }


def grown_owner(
    old: Workspace, new: Workspace, key: PlanKey, path: str, changed: Collection[PlanKey]
) -> OwnerDifference | None:
    """What became of an owner whose log alone differs; None where that takes more than a glance.

    Args:
        old: the state before.
        new: the state after; the owner's plan and log are read in it.
        key: whose plan.
        path: the log, of those that `may_have_grown` gives.
        changed: whose plans differ.
    """
    plan = new.plan(key.cycle, key.owner)
    logs = new.owner_logs(key.cycle, key.owner)
    if plan is None or len(logs) != 1:
        return None
    table, span = counting_table(logs[0], new), new.cycles[key.cycle].span
    if table is None or span is None:
        return None
    there = lines_before(old, path, logs[0].document.text)
    if there is None or not _stands_alone(plan, new, changed):
        return None
    if not any(there) and new.settings.overrides:  # some of them may have named the log before there was one
        return None
    there += [False] * (table.above + len(table.days) - len(there))
    return _compared(
        plan, new, span, lines_by_subject(table, there[table.above : table.above + len(table.days)])
    )


def _stands_alone(plan: Plan, workspace: Workspace, changed: Collection[PlanKey]) -> bool:
    """Whether nothing that differs bears on a plan besides its own log."""
    if workspace.problems_of(plan.document):
        return False
    for objective in plan.objectives:
        said = objective.definition
        references = [*said.supports, *said.depends_on]
        for each in objective.key_results:
            if each.definition.kpi is not None or each.definition.kind is None:
                return False
            references += each.definition.depends_on
        for text in references:
            meant = workspace.parse(text, plan.cycle)
            if meant is not None and PlanKey(meant.cycle, meant.owner) in changed:
                return False
    return True


def _compared(plan: Plan, workspace: Workspace, span: Cycle, lines: Lines) -> OwnerDifference | None:
    objectives: list[ObjectiveDifference] = []
    for objective in plan.objectives:
        found = _objective(objective, workspace, span, lines)
        if found is None:
            return None
        objectives.append(found)
    return OwnerDifference(
        plan.cycle,
        workspace.owner(plan.owner),
        Presence.BOTH,
        Pair(len(objectives), len(objectives)),
        Pair(
            owner_score(each.score.old or 0.0 for each in objectives),
            owner_score(each.score.new or 0.0 for each in objectives),
        ),
        tuple(each for each in objectives if each.changed),
        (),
    )


def _objective(
    objective: Objective, workspace: Workspace, span: Cycle, lines: Lines
) -> ObjectiveDifference | None:
    key_results: list[KeyResultDifference] = []
    scores: list[tuple[float, float, float]] = []
    days, today = Span(span.starts, span.ends), workspace.as_of
    for each in objective.key_results:
        after = lines.get(each.reference.within_log, [])
        before = [line for line in after if line[-1]]
        metric = metric_of(workspace, each.definition, span)
        old = new = standing(metric, readings(metric, after), days, today)
        if len(before) != len(after):
            if not _says_the_same_of_plan(each.definition, before, after, span, workspace):
                return None
            old = standing(metric, readings(metric, before), days, today)
            key_results.append(_key_result(each, workspace, old, new, len(after) - len(before)))
        scores.append((old[0], new[0], float(each.definition.weight)))
    return ObjectiveDifference(
        objective.reference,
        objective.reference,
        objective.title,
        Presence.BOTH,
        (),
        Pair(
            mean_score((score, weight) for score, _, weight in scores),
            mean_score((score, weight) for _, score, weight in scores),
        ),
        tuple(key_results),
        (),
    )


def _key_result(
    key_result: PlacedKeyResult,
    workspace: Workspace,
    old: Standing,
    new: Standing,
    added: int,
) -> KeyResultDifference:
    return KeyResultDifference(
        key_result.reference,
        key_result.reference,
        key_result.title,
        Presence.BOTH,
        (),
        Pair(old[0], new[0]),
        Pair(old[1], new[1]),
        Pair(old[2], new[2]),
        CheckInsDifference(added, 0, 0),
        unit_of(workspace, key_result.definition),
        None,
    )


def _says_the_same_of_plan(
    said: KeyResult, before: Sequence[Line], after: Sequence[Line], span: Cycle, workspace: Workspace
) -> bool:
    """Whether the rules on plans that ask for check-ins find the same with further lines as without.

    OKR409 asks whether an unknown baseline has been measured, OKR420 whether what was measured first reaches the target.
    """
    old, new = (next((line for line in lines if line[2] or line[3]), None) for lines in (before, after))
    if said.start == "unknown":
        return (old is None) == (new is None)
    return old == new or not (
        _may_reach(said, old, span, workspace) or _may_reach(said, new, span, workspace)
    )


def _may_reach(said: KeyResult, first: Line | None, span: Cycle, workspace: Workspace) -> bool:
    """Whether what was measured first may reach a key result's target, for all that can be told at a glance."""
    if first is None or not isinstance(said.start, (int, float)):
        return False
    if (day_of(first[0]) - span.starts).days >= workspace.settings.checkin_every:
        return False
    target = said.target if isinstance(said.target, (int, float)) else None
    if target is None or target == said.start or said.stretch is not None or not first[2]:
        return True
    return reaches(number_progress(float(first[2]), start=said.start, target=target), 1.0)
