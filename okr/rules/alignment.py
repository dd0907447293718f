"""OKR3xx: whether what `supports` and `depends_on` name exists, and whether it makes sense to name it there.

Only references between plans; those in logs are the check-in rules' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from okr.contents import Objective, Plan
from okr.dataclass import dataclass
from okr.diagnostics import Finding, Severity
from okr.model import CycleState, quoted
from okr.model import Objective as ObjectiveModel
from okr.references import Reference
from okr.rules.catalogue import rule
from okr.rules.circles import circles, shown
from okr.rules.plan_facts import plans_known
from okr.rules.reading import may_say, state_of
from okr.rules.reference_hints import ReferenceHints
from okr.workspace import ORG, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.rules.plan_facts import Key, PlanFacts, PlansKnown, Said

_ALIGNED = (
    "Every level, from the direction through teams to persons, is aligned with the one above: that only shows "
    "where a support names what is really there."
)
_WAITS = "What waits for something that isn't there waits for ever, and nobody is told."
_MOST_OFFERED = 3
_MENTIONS = "references in all plans"


class Mention(NamedTuple):
    """A reference as a plan writes it, and what came of it.

    Attributes:
        plan: what is known of the plan.
        said: what it writes, and where.
        reference: what that names, by present ids where it exists; None where it is malformed.
        target: that thing, by its present ids; None where there is none.
        repeats: whether an earlier item of the same list names the same.
    """

    plan: PlanFacts
    said: Said
    reference: Reference | None
    target: Reference | None
    repeats: bool

    @property
    def thing(self) -> Reference:
        """The objective or key result that says it."""
        return Reference(self.plan.cycle, self.plan.owner, self.said.objective, self.said.key_result)

    @property
    def is_own(self) -> bool:
        """Whether an objective names itself, or a key result of its own."""
        return self.target is not None and _objective_of(self.target) == self.thing

    def finding(self, message: str, hint: str | None = None) -> Finding:
        """A finding that points at the reference."""
        return Finding(self.plan.path, self.said.place, message, hint, str(self.thing))


@rule(
    "OKR301", "malformed-reference", Workspace, why=_ALIGNED,
    remedy="Write owner/objective, cycle/owner/objective, or either with /key-result behind it.", of_all=True,
)  # fmt: skip
def malformed_reference(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """What stands in `supports` and `depends_on` is a reference: [cycle/]owner/objective[/key-result]."""
    hints = ReferenceHints(workspace)
    for each in _all_mentions(workspace):
        if each.reference is None:
            message = f"{quoted(each.said.text)} is no reference"
            yield each.finding(message, hints.hint(each.said.text, each.plan.cycle))


@rule(
    "OKR302", "unknown-support", Workspace, why=_ALIGNED,
    remedy="Correct the reference; where an id was changed, keep the old one in `formerly`.", of_all=True,
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
        if each.is_own and each.target is not None:
            what = "itself" if each.target.key_result is None else "its own key result"
            yield each.finding(f"{quoted(each.said.objective)} supports {what}: {quoted(each.said.text)}")


@rule(
    "OKR304", "circular-support", Workspace,
    why="Support leads upwards, from persons through teams to the direction; in a circle nothing is above anything.",
    remedy="Remove the support that leads downwards.", of_all=True,
)  # fmt: skip
def circular_support(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Following `supports` upwards never leads back."""
    edges: dict[tuple[Reference, Reference], Mention] = {}
    for each in _all_mentions(workspace, "supports"):
        if each.target is not None and not each.is_own and _out_of_time(each, workspace) is None:
            edges.setdefault((each.thing, _objective_of(each.target)), each)
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
            yield each.finding(f"{quoted(each.said.text)} can't be supported from {plan.cycle}: {reason}")


@rule(
    "OKR306", "unknown-dependency", Workspace, why=_WAITS,
    remedy="Correct the reference; where an id was changed, keep the old one in `formerly`.", of_all=True,
)  # fmt: skip
def unknown_dependency(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """What an objective or key result depends on exists."""
    yield from _unknown("depends_on", workspace)


@rule(
    "OKR307", "circular-dependency", Workspace,
    why="Things that wait for each other never begin.", remedy="Remove the dependency that isn't one.", of_all=True,
)  # fmt: skip
def circular_dependency(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Nothing waits for itself, be it through others; an objective is only reached with its key results."""
    written: dict[tuple[_Step, _Step], Mention] = {}
    for each in _all_mentions(workspace, "depends_on"):
        own = each.thing
        if each.target == own:
            yield each.finding(f"{quoted(own.key_result or own.objective)} waits for itself")
        elif each.target is not None:
            step = _Step(own, "begin" if own.key_result is None else "end")
            written.setdefault((step, _Step(each.target, "end")), each)
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
        offered = _objectives_of(workspace, longer, owner)[:_MOST_OFFERED]
        choice = ", ".join(map(str, offered))
        yield objective.finding(message, key="title", hint=f"objectives there: {choice}")


@rule(
    "OKR309", "repeated-reference", Plan, severity=Severity.WARNING,
    why="It counts once all the same, so no number is wrong; but perhaps another one was meant.",
    remedy="Remove one of the two, or correct it.",
)  # fmt: skip
def repeated_reference(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """A list of references names each thing once."""
    for each in _mentions(plan, workspace):
        if each.repeats:
            yield each.finding(f"{quoted(each.said.text)} is named in this list already")


# What plans mention


def _mentions(plan: Plan, workspace: Workspace, only: Key | None = None) -> Iterator[Mention]:
    """The references in a plan; of one key without those that an earlier one of the same list repeats."""
    known = plans_known(workspace)
    for each in _resolved(known.of_plan(plan), workspace, known):
        if only is None or (each.said.key == only and not each.repeats):
            yield each


def _all_mentions(workspace: Workspace, only: Key | None = None) -> Iterator[Mention]:
    """The references in all plans, likewise without repetitions."""
    if _MENTIONS not in workspace.worked_out:
        known = plans_known(workspace)
        workspace.worked_out[_MENTIONS] = [
            each for facts in known.all() for each in _resolved(facts, workspace, known) if not each.repeats
        ]
    found: list[Mention] = workspace.worked_out[_MENTIONS]
    return (each for each in found if only is None or each.said.key == only)


def _resolved(facts: PlanFacts, workspace: Workspace, known: PlansKnown) -> Iterator[Mention]:
    named: set[Reference] = set()
    for said in facts.said:
        if said.item == 0:
            named = set()
        reference = workspace.parse(said.text, facts.cycle)
        target = None if reference is None else known.find(reference)
        reference = target or reference
        yield Mention(facts, said, reference, target, reference in named)
        if reference is not None:
            named.add(reference)


def _objective_of(thing: Reference) -> Reference:
    return thing.parent or thing


# What is unknown


def _unknown(key: Key, workspace: Workspace) -> Iterator[Finding]:
    hints = ReferenceHints(workspace)
    for each in _all_mentions(workspace, key):
        if each.reference is None or each.target is not None or _may_exist(each.reference, workspace):
            continue
        why = _why_unknown(each.reference, workspace)
        hint = hints.hint(each.said.text, each.plan.cycle, each.reference)
        yield each.finding(f"{quoted(each.said.text)} names nothing: {why}", hint)


def _why_unknown(reference: Reference, workspace: Workspace) -> str:
    if reference.cycle not in workspace.cycles:
        return f"there is no cycle {reference.cycle} here"
    if not workspace.plan_paths_of(reference.cycle, reference.owner):
        return f"{reference.owner} has no plan in {reference.cycle}"
    parent = reference.parent
    if parent is not None and plans_known(workspace).find(parent) is not None:
        return f"{parent} has no key result {quoted(reference.key_result)}"
    return f"{reference.owner} has no objective {quoted(reference.objective)} in {reference.cycle}"


def _may_exist(reference: Reference, workspace: Workspace) -> bool:
    """Whether something that could not be read, or a file under a wrong name, may be what is named."""
    org, known = workspace.document(ORG), plans_known(workspace)
    return (
        reference.owner in workspace.strays.names
        or (org is not None and not org.readable and known.first(reference.cycle, reference.owner) is None)
        or any(each.may_hold(reference) for each in known.of(reference.cycle, reference.owner))
    )


# Time


def _out_of_time(mention: Mention, workspace: Workspace) -> str | None:
    """Why the cycle of what is supported doesn't fit; None where it does, or where the days aren't known."""
    if mention.target is None or mention.target.cycle == mention.plan.cycle:
        return None
    own = workspace.cycles[mention.plan.cycle].span
    other = workspace.cycles[mention.target.cycle].span
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
        cycle.name for cycle in workspace.cycles.values() if cycle.span is not None and cycle.span.holds(own)
    ]
    for owner in owners_above(reference.owner, workspace):
        for name in holding:
            if _objectives_of(workspace, name, owner):
                return owner, name
    return None


def _objectives_of(workspace: Workspace, cycle: str, owner: str) -> list[Reference]:
    facts = plans_known(workspace).first(cycle, owner)
    return [] if facts is None else [Reference(cycle, facts.owner, each.id) for each in facts.objectives]


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
