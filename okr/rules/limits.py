"""OKR2xx: how many objectives and key results there are, and that each is there once.

The limits themselves are settings (`limits` in okr.yaml); their defaults are the method's and stand in `model.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from okr.contents import LoadedCycle, Objective, Plan, Source
from okr.dataclass import replace
from okr.diagnostics import Finding, Place, Severity
from okr.documents import LocatedMapping
from okr.model import CycleState, quoted
from okr.model import Objective as ObjectiveModel
from okr.owned_files import in_order
from okr.rules.catalogue import rule
from okr.rules.reading import first_line, items_of, key_results_as_written, may_say, state_of
from okr.sources import SETTINGS
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.contents import KeyResult
    from okr.model import Limit

Counted = Literal["objectives", "key_results"]

_FEW = (
    "The method asks for two to three OKRs per team or person and cycle: few enough to be remembered and "
    "followed regularly, enough to say where one is going."
)
_FEW_KEY_RESULTS = (
    "An objective is measured by its key results: a single one is easily reached at the cost of everything else, "
    "and many are not followed."
)


@rule(
    "OKR201", "too-few-objectives", Plan, why=_FEW,
    remedy="Add an objective, or change `limits` in okr.yaml if your method differs.",
)  # fmt: skip
def too_few_objectives(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """An owner has at least so many objectives in a cycle; too few is only a warning while it is being planned."""
    limit, items = _limit("objectives", workspace), items_of(plan.document.root, "objectives")
    if limit is None or items is None or len(items) >= limit.min or _has_twin(plan, workspace):
        return
    if not plan.document.readable:  # what is missing may stand in the part that could not be read
        return
    place = first_line(plan.document, plan.document.root.values_at["objectives"])
    message = (
        f"{plan.owner} has {_count(len(items), 'objective')} in {plan.cycle}, at least {_asked(limit.min)}"
    )
    yield Finding(plan.path, place, message, severity=_while_planning(plan.cycle, workspace))


@rule(
    "OKR202", "too-many-objectives", Plan, why=_FEW,
    remedy="Keep the objectives that matter most; move the others to a later cycle or to another owner.",
)  # fmt: skip
def too_many_objectives(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """An owner has at most so many objectives in a cycle."""
    limit, items = _limit("objectives", workspace), items_of(plan.document.root, "objectives")
    if limit is None or items is None or len(items) <= limit.max:
        return
    place = first_line(plan.document, items.items_at[limit.max])
    message = (
        f"{plan.owner} has {_count(len(items), 'objective')} in {plan.cycle}, at most {_asked(limit.max)}"
    )
    yield Finding(plan.path, place, message)


@rule(
    "OKR203", "too-few-key-results", Plan, why=_FEW_KEY_RESULTS,
    remedy="Add a key result that would show whether the objective is reached.",
)  # fmt: skip
def too_few_key_results(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """An objective has at least so many key results; too few is only a warning while the cycle is being planned."""
    limit = _limit("key_results", workspace) if plan.document.readable else None
    for objective, items in key_results_as_written(plan):
        unread = may_say(objective.source, ObjectiveModel, "key_results")
        if limit is None or (items is None and unread) or len(items or ()) >= limit.min:
            continue
        source = objective.source
        place = source.place() if items is None else first_line(source.document, source.place("key_results"))
        counted = _count(len(items or ()), "key result")
        found = objective.finding(
            f"{quoted(objective.definition.id)} has {counted}, at least {_asked(limit.min)}"
        )
        yield replace(found, place=place, severity=_while_planning(plan.cycle, workspace))


@rule(
    "OKR204", "too-many-key-results", Plan, why=_FEW_KEY_RESULTS,
    remedy="Keep those that show best whether the objective is reached; the others may be KPIs or initiatives.",
)  # fmt: skip
def too_many_key_results(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """An objective has at most so many key results."""
    limit = _limit("key_results", workspace)
    for objective, items in key_results_as_written(plan):
        if limit is None or items is None or len(items) <= limit.max:
            continue
        counted = _count(len(items), "key result")
        message = f"{quoted(objective.definition.id)} has {counted}, at most {_asked(limit.max)}"
        place = first_line(plan.document, items.items_at[limit.max])
        yield replace(objective.finding(message), place=place)


@rule(
    "OKR205", "duplicate-id", Plan,
    why="An id names one thing for good: logs and references that name it must not come to mean something else.",
    remedy="Give one of the two another id.",
)  # fmt: skip
def duplicate_id(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """An id, present or former, stands for one objective of a plan and for one key result of an objective."""
    yield from _clashes(plan.objectives, "objective of this plan")
    for objective in plan.objectives:
        yield from _clashes(objective.key_results, "key result of this objective")


@rule(
    "OKR206", "duplicate-plan", LoadedCycle,
    why="A file's path is its identity: with two files for one owner and cycle nobody can say which plan holds.",
    remedy="Put all objectives into one of the files and remove the other.",
)  # fmt: skip
def duplicate_plan(cycle: LoadedCycle, workspace: Workspace) -> Iterator[Finding]:
    """An owner has one plan in a cycle."""
    for owner in workspace.plan_owners(cycle.name):
        paths = workspace.plan_paths_of(cycle.name, owner)
        first, *others = sorted(paths, key=lambda path: in_order(owner, path))
        for path in others:
            message = f"this is a second plan of {owner} in {cycle.name}, beside {first}"
            hint = f"move its objectives to {first} and remove this file"
            yield Finding(path, Place(), message, hint)


@rule(
    "OKR207", "nothing-weighs", Plan,
    why="An objective's score is the mean of its key results by weight; where all weigh 0 it stays 0 for ever.",
    remedy="Let at least one key result weigh more than 0.",
)  # fmt: skip
def nothing_weighs(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """At least one key result of an objective has a weight above 0."""
    for objective, items in key_results_as_written(plan):
        every = objective.key_results
        if items is None or len(every) < len(items) or not weighs_nothing(objective):
            continue
        whose = f"the only key result of {quoted(objective.definition.id)} weighs"
        if len(every) > 1:
            whose = f"all {len(every)} key results of {quoted(objective.definition.id)} weigh"
        found = every[0].finding(f"{whose} 0, so that the objective is never scored", key="weight")
        yield replace(found, ref=str(objective.reference))


@rule(
    "OKR208", "impossible-limits", Workspace,
    why="Limits that no plan can keep are checked by nobody.", remedy="Let `min` be no more than `max`.",
)  # fmt: skip
def impossible_limits(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """The limits in okr.yaml allow at least one number."""
    settings = workspace.settings_file
    limits = settings.source.data.get("limits") if settings else None
    for key in ("objectives", "key_results"):
        written = limits.get(key) if isinstance(limits, LocatedMapping) else None
        if settings is not None and isinstance(written, LocatedMapping) and written["min"] > written["max"]:
            message = f"no number of {key.replace('_', ' ')} is at least {written['min']} and at most {written['max']}"
            yield Source(settings.source.document, written).finding(message, key="min")


def weighs_nothing(objective: Objective) -> bool:
    """Whether all key results of an objective that could be read say that they weigh 0."""
    every = objective.key_results
    return bool(every) and all(key_result.definition.weight == 0 for key_result in every)


def _limit(key: Counted, workspace: Workspace) -> Limit | None:
    """The limit that holds; None where okr.yaml can't be read far enough to know, or where nothing can keep it."""
    settings = workspace.settings_file
    if settings is None and workspace.document(SETTINGS) is not None:
        return None
    if settings is not None:
        source = settings.source
        limits = source.data.get("limits")
        damaged = isinstance(limits, LocatedMapping) and bool(limits.damaged)
        if not source.document.readable or source.is_damaged("limits") or damaged:
            return None
    limit: Limit = getattr(workspace.settings.limits, key)
    return limit if limit.min <= limit.max else None


def _while_planning(cycle: str, workspace: Workspace) -> Severity | None:
    """A warning while a cycle is being planned, or may be: then what is missing may still come."""
    return Severity.WARNING if state_of(cycle, workspace) in {CycleState.PLANNING, None} else None


def _has_twin(plan: Plan, workspace: Workspace) -> bool:
    """Whether the owner's objectives are spread over several files, which is another rule's finding."""
    return len(workspace.plan_paths_of(plan.cycle, plan.owner)) > 1


def _clashes(siblings: Sequence[Objective | KeyResult], what: str) -> Iterator[Finding]:
    ids: dict[str, Objective | KeyResult] = {}
    repeated: set[int] = set()
    for position, each in enumerate(siblings):
        name = each.definition.id
        other = ids.setdefault(name, each)
        if other is not each:
            repeated.add(position)
            line = other.source.place("id").line
            yield each.finding(f"the id {quoted(name)} is taken by another {what}, on line {line}", key="id")
    former: dict[str, Objective | KeyResult] = {}
    for position, each in enumerate(siblings):
        for item, name in enumerate(() if position in repeated else each.definition.formerly):
            taken, earlier = ids.get(name, each), former.setdefault(name, each)
            if taken is not each:
                line = taken.source.place("id").line
                message = (
                    f"{quoted(name)} was this one's id, and is now that of another {what}, on line {line}"
                )
                yield each.finding(message, key="formerly", item=item)
            elif earlier is not each:
                line = earlier.source.place("formerly").line
                message = f"{quoted(name)} was the id of another {what} too, says line {line}"
                yield each.finding(message, key="formerly", item=item)


def _asked(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'} asked for"


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
