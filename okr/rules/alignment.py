"""OKR3xx: whether what `supports` and `depends_on` name exists, and whether it makes sense to name it there.

Only references between plans; those in logs are the check-in rules' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from okr.contents import KeyResult, Objective, Plan
from okr.diagnostics import Finding, Severity
from okr.documents import LocatedMapping
from okr.model import CycleState, quoted
from okr.model import Objective as ObjectiveModel
from okr.references import is_id
from okr.rules.catalogue import rule
from okr.rules.circles import circles, shown
from okr.rules.reading import items_of, may_say, state_of
from okr.rules.reference_hints import ReferenceHints
from okr.workspace import ORG, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.cycles import Cycle
    from okr.references import Reference

Key = Literal["supports", "depends_on"]
Thing = Objective | KeyResult

_ALIGNED = (
    "Every level, from the direction through teams to persons, is aligned with the one above: that only shows "
    "where a support names what is really there."
)
_WAITS = "What waits for something that isn't there waits for ever, and nobody is told."
_MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference as a plan writes it.

    Attributes:
        thing: the objective or key result whose `key` it stands in, as item `item`.
        text: what the file says.
        reference: what it names, by present ids where it exists; None where it is malformed.
        target: that thing; None where there is none.
        repeats: whether an earlier item of the same list names the same.
    """

    thing: Thing
    key: Key
    item: int
    text: str
    reference: Reference | None
    target: Thing | None
    repeats: bool = False

    def finding(self, message: str, hint: str | None = None) -> Finding:
        """A finding that points at the reference."""
        return self.thing.finding(message, key=self.key, item=self.item, hint=hint)


@rule(
    "OKR301", "malformed-reference", Workspace, why=_ALIGNED,
    remedy="Write owner/objective, cycle/owner/objective, or either with /key-result behind it.",
)  # fmt: skip
def malformed_reference(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """What stands in `supports` and `depends_on` is a reference: [cycle/]owner/objective[/key-result]."""
    hints = ReferenceHints(workspace)
    for plan in workspace.all_plans:
        for each in _mentions(plan, workspace):
            if each.reference is None:
                message = f"{quoted(each.text)} is no reference"
                yield each.finding(message, hints.hint(each.text, plan.cycle))


@rule(
    "OKR302", "unknown-support", Workspace, why=_ALIGNED,
    remedy="Correct the reference; where an id was changed, keep the old one in `formerly`.",
)  # fmt: skip
def unknown_support(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """What an objective supports exists."""
    yield from _unknown("supports", workspace)


@rule(
    "OKR303", "self-support", Plan, why="An objective that supports itself isn't aligned with anything above it.",
    remedy="Name an objective of the level above, or remove the support.",
)  # fmt: skip
def self_support(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """No objective supports itself or one of its own key results."""
    for each in _mentions(plan, workspace, "supports"):
        if _is_own(each):
            what = "itself" if isinstance(each.target, Objective) else "its own key result"
            yield each.finding(f"{quoted(each.thing.definition.id)} supports {what}: {quoted(each.text)}")


@rule(
    "OKR304", "circular-support", Workspace,
    why="Support leads upwards, from persons through teams to the direction; in a circle nothing is above anything.",
    remedy="Remove the support that leads downwards.",
)  # fmt: skip
def circular_support(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Following `supports` upwards never leads back."""
    edges: dict[tuple[Reference, Reference], Mention] = {}
    for plan in workspace.all_plans:
        for each in _mentions(plan, workspace, "supports"):
            if each.target is not None and not _is_own(each) and _out_of_time(each, workspace) is None:
                edges.setdefault((_objective_of(each.thing), _objective_of(each.target)), each)
    for circle in circles(sorted(edges)):
        start = circle.index(min(circle))
        turned = [*circle[start:], *circle[:start]]
        path = shown([str(each) for each in turned])
        first = edges[turned[0], turned[1]]
        yield first.finding(f"these objectives support each other in a circle: {path}")


@rule(
    "OKR305", "support-across-time", Plan,
    why="Short cycles serve the longer ones that hold them: a quarter its year. What is over, or has yet to begin, "
        "can't be served now.",
    remedy="Support an objective of the same cycle, or of the longer one that holds it.",
)  # fmt: skip
def support_across_time(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """What an objective supports belongs to a cycle that overlaps with its own and isn't a later one."""
    for each in _mentions(plan, workspace, "supports"):
        reason = _out_of_time(each, workspace)
        if reason is not None:
            yield each.finding(f"{quoted(each.text)} can't be supported from {plan.cycle}: {reason}")


@rule(
    "OKR306", "unknown-dependency", Workspace, why=_WAITS,
    remedy="Correct the reference; where an id was changed, keep the old one in `formerly`.",
)  # fmt: skip
def unknown_dependency(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """What an objective or key result depends on exists."""
    yield from _unknown("depends_on", workspace)


@rule(
    "OKR307", "circular-dependency", Workspace,
    why="Things that wait for each other never begin.", remedy="Remove the dependency that isn't one.",
)  # fmt: skip
def circular_dependency(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Nothing waits for itself, be it through others; an objective is only reached with its key results."""
    written: dict[tuple[_Step, _Step], Mention] = {}
    for plan in workspace.all_plans:
        for each in _mentions(plan, workspace, "depends_on"):
            own = each.thing.reference
            if each.target is not None and each.target.reference == own:
                yield each.finding(f"{quoted(each.thing.definition.id)} waits for itself")
            elif each.target is not None:
                begins = isinstance(each.thing, Objective)
                step = _Step(own, "begin" if begins else "end")
                written.setdefault((step, _Step(each.target.reference, "end")), each)
    for circle in circles(sorted({*written, *_parts_of(written)}, key=_edge_key)):
        yield _circle_of_waiting(circle, written)


@rule(
    "OKR308", "unaligned-objective", Objective, severity=Severity.INFO,
    why="Every level is aligned with the one above. Not everything worth doing serves this year's direction, so this "
        "is only a remark.",
    remedy="Say with `supports` which objective above it serves, or write `supports: []` if it serves none.",
)  # fmt: skip
def unaligned_objective(objective: Objective, workspace: Workspace) -> Iterator[Finding]:
    """An objective supports one of the level above, where that level has objectives in the same or a longer cycle."""
    cycle = objective.reference.cycle
    said = objective.source.says("supports") or may_say(objective.source, ObjectiveModel, "supports")
    if said or state_of(cycle, workspace) is CycleState.CLOSED:
        return
    above = _level_above(objective.reference, workspace)
    if above is not None:
        owner, longer = above
        message = (
            f"{quoted(objective.definition.id)} supports nothing, though {owner} has objectives in {longer}"
        )
        choice = ", ".join(str(each.reference) for each in _plan_of(workspace, longer, owner)[:_MOST_OFFERED])
        yield objective.finding(message, key="title", hint=f"objectives there: {choice}")


@rule(
    "OKR309", "repeated-reference", Plan, severity=Severity.WARNING,
    why="It counts once all the same, so no number is wrong; but perhaps another one was meant.",
    remedy="Remove one of the two, or correct it.",
)  # fmt: skip
def repeated_reference(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """A list of references names each thing once."""
    for each in _mentions(plan, workspace, repeated=True):
        if each.repeats:
            yield each.finding(f"{quoted(each.text)} is named in this list already")


# What plans mention


def _mentions(
    plan: Plan, workspace: Workspace, only: Key | None = None, *, repeated: bool = False
) -> Iterator[Mention]:
    """The references in a plan; those that an earlier one of the same list repeats only where asked for."""
    for objective in plan.objectives:
        if only != "depends_on":
            yield from _list(objective, "supports", objective.definition.supports, workspace, repeated)
        if only != "supports":
            things: tuple[Thing, ...] = (objective, *objective.key_results)
            for thing in things:
                yield from _list(thing, "depends_on", thing.definition.depends_on, workspace, repeated)


def _list(
    thing: Thing, key: Key, texts: tuple[str, ...], workspace: Workspace, repeated: bool
) -> Iterator[Mention]:
    named: set[Reference] = set()
    for item, text in enumerate(texts):
        reference = workspace.parse(text, thing.reference.cycle)
        target = None if reference is None else workspace.find(reference)
        if target is not None:
            reference = target.reference
        repeats = reference in named
        if reference is not None:
            named.add(reference)
        if repeated or not repeats:
            yield Mention(thing, key, item, text, reference, target, repeats)


def _objective_of(thing: Thing) -> Reference:
    return thing.reference.parent or thing.reference


def _is_own(mention: Mention) -> bool:
    return mention.target is not None and _objective_of(mention.target) == mention.thing.reference


# What is unknown


def _unknown(key: Key, workspace: Workspace) -> Iterator[Finding]:
    hints = ReferenceHints(workspace)
    for plan in workspace.all_plans:
        for each in _mentions(plan, workspace, key):
            if each.reference is None or each.target is not None or _may_exist(each.reference, workspace):
                continue
            why = _why_unknown(each.reference, workspace)
            hint = hints.hint(each.text, plan.cycle, each.reference)
            yield each.finding(f"{quoted(each.text)} names nothing: {why}", hint)


def _why_unknown(reference: Reference, workspace: Workspace) -> str:
    if reference.cycle not in workspace.cycles:
        return f"there is no cycle {reference.cycle} here"
    if not workspace.plans_of(reference.cycle, reference.owner):
        return f"{reference.owner} has no plan in {reference.cycle}"
    parent = reference.parent
    if parent is not None and workspace.find(parent) is not None:
        return f"{parent} has no key result {quoted(reference.key_result)}"
    return f"{reference.owner} has no objective {quoted(reference.objective)} in {reference.cycle}"


def _may_exist(reference: Reference, workspace: Workspace) -> bool:
    """Whether something that could not be read, or a file under a wrong name, may be what is named."""
    org = workspace.document(ORG)
    return (
        reference.owner in workspace.strays.names
        or (org is not None and not org.readable and not _has_plan(reference, workspace))
        or any(_may_hold(plan, reference) for plan in workspace.plans_of(reference.cycle, reference.owner))
    )


def _has_plan(reference: Reference, workspace: Workspace) -> bool:
    return workspace.plan(reference.cycle, reference.owner) is not None


def _may_hold(plan: Plan, reference: Reference) -> bool:
    """Whether a plan names this, read or not, or has something whose id could not be read."""
    objectives = items_of(plan.document.root, "objectives")
    if not plan.document.readable or objectives is None or reference.within_log in plan.mentioned:
        return True
    for item in objectives:
        if not _has_id(item):
            return True
        if reference.key_result is not None and reference.objective in _names_of(item):
            inner = items_of(item, "key_results")
            if "key_results" in item.keys_at and (inner is None or not all(map(_has_id, inner))):
                return True
    return False


def _has_id(item: object) -> bool:
    return isinstance(item, LocatedMapping) and is_id(str(item.get("id", "")))


def _names_of(item: LocatedMapping) -> tuple[object, ...]:
    former = item.get("formerly")
    return (item["id"], *(former if isinstance(former, list) else (former,)))


# Time


def _out_of_time(mention: Mention, workspace: Workspace) -> str | None:
    """Why the cycle of what is supported doesn't fit; None where it does, or where the days aren't known."""
    if mention.target is None or mention.target.reference.cycle == mention.thing.reference.cycle:
        return None
    own = workspace.cycles[mention.thing.reference.cycle].span
    other = workspace.cycles[mention.target.reference.cycle].span
    if own is None or other is None:
        return None
    if other.ends < own.starts:
        return f"{other.name} ends on {other.ends}, before {own.name} begins on {own.starts}"
    if other.starts > own.starts:
        return f"{other.name} begins on {other.starts}, later than {own.name} on {own.starts}"
    if other.starts == own.starts and other.ends < own.ends:
        return f"{other.name} is a part of {own.name}, and a longer cycle doesn't serve a shorter one"
    return None


# Waiting

Phase = Literal["begin", "end"]


@dataclass(frozen=True, slots=True)
class _Step:
    """The beginning or the end of an objective or key result.

    An objective ends with its key results, they end after it begins, and it begins after what it depends on ended.
    A key result ends after what it depends on.
    """

    reference: Reference
    phase: Phase


def _edge_key(edge: tuple[_Step, _Step]) -> tuple[object, ...]:
    return tuple(part for step in edge for part in (step.reference.segments, step.phase))


def _parts_of(written: Iterable[tuple[_Step, _Step]]) -> Iterator[tuple[_Step, _Step]]:
    """What holds between each objective and those of its key results that depend on something or are waited for."""
    for reference in {step.reference for edge in written for step in edge}:
        objective = reference.parent or reference
        begin, end = _Step(objective, "begin"), _Step(objective, "end")
        yield end, begin
        if reference is not objective:
            yield end, _Step(reference, "end")
            yield _Step(reference, "end"), begin


def _circle_of_waiting(circle: list[_Step], written: dict[tuple[_Step, _Step], Mention]) -> Finding:
    """One finding, at the smallest reference of the circle that says what it waits for."""
    steps = list(zip(circle, [*circle[1:], circle[0]], strict=True))
    first = min((step for step in steps if step in written), key=_edge_key)
    start = steps.index(first)
    path = [str(step.reference) for step in (*circle[start:], *circle[:start])]
    names = [name for position, name in enumerate(path) if path[position - 1] != name]
    return written[first].finding(f"these wait for each other in a circle: {shown(names or path[:1])}")


# Levels


def _level_above(reference: Reference, workspace: Workspace) -> tuple[str, str] | None:
    """The nearest owner above who has objectives in the same cycle or one that holds it, and that cycle."""
    own = workspace.cycles[reference.cycle].span
    if own is None:
        return None
    holding = [
        cycle.name
        for cycle in workspace.cycles.values()
        if cycle.span is not None and _holds(cycle.span, own)
    ]
    for owner in owners_above(reference.owner, workspace):
        for name in holding:
            if _plan_of(workspace, name, owner):
                return owner, name
    return None


def _holds(cycle: Cycle, other: Cycle) -> bool:
    return cycle.starts <= other.starts and other.ends <= cycle.ends


def _plan_of(workspace: Workspace, cycle: str, owner: str) -> tuple[Objective, ...]:
    plan = workspace.plan(cycle, owner)
    return plan.objectives if plan else ()


def owners_above(owner: str, workspace: Workspace) -> Iterator[str]:
    """The owners above one, by their present ids: a person's team, its parent, and so on, each once."""
    above = workspace.above
    seen = {owner}
    here = above.get(owner)
    while here is not None and here not in seen:
        here = workspace.former_owners.get(here, here)
        seen.add(here)
        yield here
        here = above.get(here)
