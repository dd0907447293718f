"""Comparing owners whose log has only grown and whose plan has at most new targets: most of what a quarter brings.

Their logs are read at a glance. If the plan is unchanged, no rule is asked, because none could find anything new; if
targets of numbers have moved, only the rules that look at targets are asked. All other owners are compared by
`comparing.py`; tests hold the two against each other.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from okr.dataclass import NamedTuple
from okr.model import CycleState
from okr.operations.assessing import metric_of, unit_of
from okr.operations.comparison.glanced_logs import (
    counting_table,
    day_of,
    lines_before,
    lines_by_subject,
    standing_of,
)
from okr.operations.comparison.results import (
    CheckInsDifference,
    KeyResultDifference,
    ObjectiveDifference,
    OwnerDifference,
    Pair,
    Presence,
)
from okr.operations.comparison.translation import PlanKey
from okr.plan_changes import key_result_changes
from okr.rules.glance import is_measured_plainly
from okr.scoring import (
    Span,
    mean_score,
    number_progress,
    owner_score,
    reaches,
)
from okr.sources import SETTINGS
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from okr.contents import KeyResult as PlacedKeyResult
    from okr.contents import Objective, Plan
    from okr.cycles import Cycle
    from okr.model import KeyResult
    from okr.operations.comparison.glanced_logs import Line, Lines, Standing
    from okr.plan_changes import PlanChange
    from okr.workspace import Workspace

SUPPRESSES = "okr:"
"""Stands in every comment that silences a rule."""
_STEPS = 3
"""okrs or checkins, a cycle, an owner's file."""


class Differing(NamedTuple):
    """The files of an owner that differ, where there are no others than these; None for one that does not."""

    log: str | None
    plan: str | None


class Aimed(NamedTuple):
    """Plans in which targets differ, each before and after, and the two states in which they were read."""

    old: Workspace
    new: Workspace
    plans: tuple[tuple[Plan, Plan], ...]


class Grown(NamedTuple):
    """What became of an owner, and whether the plan aims elsewhere than it did, which rules may have to do with."""

    difference: OwnerDifference
    aimed: bool


def may_have_grown(
    old: Workspace, new: Workspace, paths: Iterable[str], key_of: Callable[[str], PlanKey | None]
) -> dict[PlanKey, Differing]:
    """The owners of whose files a log differs, or a plan that is on both sides, and nothing that bears on everybody.

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
    may: dict[PlanKey, Differing] = {}
    for key, files in found.items():
        cycle = new.cycles[key.cycle]
        plain = len(cycle.folders) == 1 and not new.former_names(key.owner)
        if plain and cycle.span is not None and new.state(key.cycle) is not CycleState.CLOSED:
            log, plan = (f"{top}/{cycle.folders[0]}/{key.owner}.yaml" for top in (LOGS, PLANS))
            if {log, plan}.issuperset(files):
                may[key] = Differing(log if log in files else None, plan if plan in files else None)
    return may


def grown_owner(
    old: Workspace, new: Workspace, key: PlanKey, files: Differing, changed: AbstractSet[PlanKey]
) -> Grown | None:
    """What became of an owner whose log has only grown, and in whose plan only targets differ, if anything.

    Args:
        old: the state before; the owner's plan is read in it where it differs.
        new: the state after; the owner's plan and log are read in it.
        key: whose plan.
        files: what differs, of those that `may_have_grown` gives.
        changed: whose plans differ in more than targets: no rule asks where what it refers to is to get.

    Returns:
        None where it takes more than a glance to tell.
    """
    plan, span = new.plan(key.cycle, key.owner), new.cycles[key.cycle].span
    if plan is None or span is None or not _stands_alone(plan, new, changed - {key}):
        return None
    was = plan if files.plan is None else old.plan(key.cycle, key.owner)
    if was is None or (was is not plan and not aims_elsewhere(old, new, key)):
        return None
    lines = _lines(old, new, key, files)
    if lines is None:
        return None
    difference = _compared(plan, was, new, span, lines)
    return None if difference is None else Grown(difference, was is not plan)


def _lines(old: Workspace, new: Workspace, key: PlanKey, files: Differing) -> Lines | None:
    """The lines of an owner's log; None where they take a closer look, or not all that were there are there still."""
    logs = new.owner_logs(key.cycle, key.owner)
    if not logs and files.log is None:
        return {}
    table = counting_table(logs[0], new) if len(logs) == 1 else None
    if table is None:
        return None
    if files.log is None:
        return lines_by_subject(table, repeat(True, len(table.days)))
    there = lines_before(old, files.log, logs[0].document.text.encode())
    if there is None:
        return None
    if not any(there) and new.settings.overrides:  # some of them may have named the log before there was one
        return None
    there += [False] * (table.above + len(table.days) - len(there))
    return lines_by_subject(table, there[table.above : table.above + len(table.days)])


def aims_elsewhere(old: Workspace, new: Workspace, key: PlanKey) -> bool:
    """Whether a plan that differs says the same as before but for the targets of numbers, and silences no rule.

    Args:
        old: the state before; the plan is read in it.
        new: the state after, likewise.
        key: whose plan.
    """
    was, plan = old.plan(key.cycle, key.owner), new.plan(key.cycle, key.owner)
    if was is None or plan is None:
        return False
    for workspace, each in ((old, was), (new, plan)):
        if workspace.problems_of(each.document) or SUPPRESSES in each.document.text:
            return False
    if len(was.objectives) != len(plan.objectives):
        return False
    return all(map(_says_the_same, was.objectives, plan.objectives))


def _says_the_same(old: Objective, new: Objective) -> bool:
    """Whether an objective says the same, but for targets of plainly measured key results."""
    if _written(old, "key_results") != _written(new, "key_results") or len(old.key_results) != len(
        new.key_results
    ):
        return False
    return all(
        _written(then) == _written(now)
        or (
            is_measured_plainly(then)
            and is_measured_plainly(now)
            and _written(then, "to") == _written(now, "to")
        )
        for then, now in zip(old.key_results, new.key_results, strict=True)
    )


def _written(thing: Objective | PlacedKeyResult, but: str | None = None) -> str:
    """What is written of a thing, but for one key: 60 and 60.0 are one number, and written otherwise."""
    return repr([(key, said) for key, said in thing.source.data.items() if key != but])


def _stands_alone(plan: Plan, workspace: Workspace, changed: AbstractSet[PlanKey]) -> bool:
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


def _compared(
    plan: Plan, was: Plan, workspace: Workspace, span: Cycle, lines: Lines
) -> OwnerDifference | None:
    objectives: list[ObjectiveDifference] = []
    for then, objective in zip(was.objectives, plan.objectives, strict=True):
        found = _objective(then, objective, workspace, span, lines)
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
    then: Objective, objective: Objective, workspace: Workspace, span: Cycle, lines: Lines
) -> ObjectiveDifference | None:
    key_results: list[KeyResultDifference] = []
    scores: list[tuple[float, float, float]] = []
    days, today = Span(span.starts, span.ends), workspace.as_of
    for was, each in zip(then.key_results, objective.key_results, strict=True):
        after = lines.get(each.reference.within_log, [])
        before = [line for line in after if line[-1]]
        metric = metric_of(workspace, each.definition, span)
        old = new = standing_of(metric, after, days, today)
        moved = was is not each and was.definition != each.definition
        if moved or len(before) != len(after):
            if not moved and not _says_the_same_of_plan(each.definition, before, after, span, workspace):
                return None
            metric = metric_of(workspace, was.definition, span) if moved else metric
            old = standing_of(metric, before, days, today)
            key_results.append(_key_result(was, each, workspace, old, new, len(after) - len(before)))
        scores.append((old[0], new[0], float(each.definition.weight)))
    mean = mean_score((score, weight) for _, score, weight in scores)
    return ObjectiveDifference(
        objective.reference,
        objective.reference,
        objective.title,
        Presence.BOTH,
        (),
        Pair(
            mean_score((score, weight) for score, _, weight in scores) if key_results else mean,
            mean,
        ),
        tuple(key_results),
        (),
    )


def _key_result(
    was: PlacedKeyResult,
    key_result: PlacedKeyResult,
    workspace: Workspace,
    old: Standing,
    new: Standing,
    added: int,
) -> KeyResultDifference:
    own = key_result.reference
    changes: tuple[PlanChange, ...] = ()
    if was is not key_result:
        changes = tuple(key_result_changes(own, own, was.definition, key_result.definition))
    return KeyResultDifference(
        own,
        own,
        key_result.title,
        Presence.BOTH,
        changes,
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
