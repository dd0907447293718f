"""Opening a cycle: its cycle.yaml in state planning, and a plan for each owner, seeded from the cycle before.

Before anything is written, the rules look at the workspace as it would be; what they find wrong stays behind, and the
answer says why. `proposal.py` says what may be carried over, the command asks for it, and `text.py`
writes the texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.diagnostics import Severity
from okr.edit_text import newline_of
from okr.edits import append_item, set_key
from okr.errors import OkrError
from okr.model import CycleState
from okr.operations.committing import FileChange
from okr.operations.planning.carry import Reason, going_on
from okr.operations.planning.scope import (
    longer_cycles,
    named_planners,
    unplanned,
)
from okr.operations.planning.text import cycle_text, new_plan
from okr.operations.schema_files import missing_schema
from okr.operations.validation.newly_found import newly_found
from okr.plan_changes import PlanChange, PlanVersion, compare
from okr.rules.alignment import owners_above
from okr.rules.engine import diagnose
from okr.sources import Overlay
from okr.workspace import CYCLE_FACTS, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection

    from okr.contents import Objective, Owner, Plan
    from okr.cycles import Cycle
    from okr.diagnostics import Diagnostic
    from okr.operations.planning.carry import Offer
    from okr.operations.planning.proposal import Asked, Proposal
    from okr.references import Reference

    _Left = dict[Reference, tuple[Reason, str | None]]


class OpeningRefused(OkrError):
    """Opening the cycle would bring errors into files that are there; nothing was written.

    Attributes:
        diagnostics: those errors.
    """

    def __init__(self, cycle: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(
            f"{cycle} was not opened: that would bring errors into the workspace",
            "nothing was written; mend what the findings say, then try again",
        )
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays in the cycle before.

    Attributes:
        reference: what it is called there.
        score: where it ended, 0.0 to 1.0.
        detail: what the rules have against it, where that is the reason.
    """

    reference: Reference
    title: str
    score: float
    reason: Reason
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """An objective that goes on.

    Attributes:
        reference: what it is called in the new cycle.
        score: where it stood, 0.0 to 1.0.
        times: how often it is carried over, this time included.
        changes: what is another in the new plan.
        left: its key results that stay behind.
    """

    reference: Reference
    title: str
    score: float
    times: int
    changes: tuple[PlanChange, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """A plan that was made: what goes on in it, and what does not; and the team right above its owner, if there is one."""

    owner: Owner
    above: Owner | None
    path: str
    carried: tuple[Carried, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A cycle as opened, or ready to be.

    Attributes:
        cycle: the cycle.
        before: the one it goes on from, or None.
        plans: the plans made.
        present: owners that had one already.
        files: all the files, the cycle's own facts first.
        unplanned: the longer cycle around it that has no plan to support yet, though the one before had; or None.
    """

    cycle: Cycle
    before: Cycle | None
    plans: tuple[OpenedPlan, ...]
    present: tuple[Owner, ...]
    files: tuple[FileChange, ...]
    unplanned: str | None


def open_cycle(
    workspace: Workspace, asked: Asked, proposal: Proposal, chosen: Collection[Reference]
) -> Opened:
    """Prepares the files of a cycle; what the rules would find wrong in them is left behind.

    Args:
        workspace: as it is.
        asked: what was asked for.
        proposal: what that comes to.
        chosen: the objectives to carry over, by what they are called in the cycle before.

    Raises:
        OpeningRefused: it would bring errors into files that are there.
        OkrError: the template is no plan, or a file can't be changed safely.
    """
    left: _Left = {
        offer.objective.reference: (offer.reason or Reason.NOT_CHOSEN, None)
        for found in proposal.offers.values()
        for offer in found
        if offer.reason is not None or offer.objective.reference not in chosen
    }
    before = diagnose(workspace)
    facts = _facts(workspace, asked, proposal)
    while True:
        plans = _plans(workspace, asked, proposal, left)
        would_be = _as_it_would_be(workspace, facts, plans)
        wrong = [
            each
            for each in newly_found(before, diagnose(would_be), {path for path, _ in plans.values()})
            if each.severity is Severity.ERROR
        ]
        misfits = _misfits(proposal, would_be, plans, wrong, left)
        if not misfits:
            break
        left |= misfits
    if wrong:
        raise OpeningRefused(proposal.cycle.name, wrong)
    return _opened(workspace, would_be, proposal, facts, plans, left)


# What is written


def _facts(workspace: Workspace, asked: Asked, proposal: Proposal) -> FileChange | None:
    """The cycle.yaml as it would be; None where it is right as it is."""
    cycle = proposal.cycle
    loaded = workspace.cycles.get(cycle.name)
    owners = _owners_to_name(workspace, proposal)
    days = {"starts": asked.starts, "ends": asked.ends}
    added: dict[str, object] = {key: day for key, day in days.items() if day is not None}
    added |= {"owners": list(owners)} if owners else {}
    source = loaded.source if loaded else None
    document = None if source is None else workspace.document(source.path)
    if source is None or document is None:
        path = f"{workspace.plans_folder(cycle.name)}/{CYCLE_FACTS}"
        text = cycle_text(workspace, path, cycle.name, added, _newline(workspace, proposal))
        return FileChange(path, None, text.content)
    after = document
    if workspace.state(cycle.name) is not CycleState.PLANNING:
        after = set_key(after, (), "state", CycleState.PLANNING.value)
    for key, value in added.items():
        named = named_planners(workspace, cycle.name) if key == "owners" else ()
        for each in owners[len(named) :] if named else ():
            after = append_item(after, (key,), each)
        after = after if named else set_key(after, (), key, value)
    return None if after is document else FileChange(source.path, document.content, after.content)


def _newline(workspace: Workspace, proposal: Proposal) -> str:
    """How lines end in the cycle.yaml of the cycle before or, where it has none, in the plans there."""
    loaded = workspace.cycles.get(proposal.before.name) if proposal.before else None
    facts = None if loaded is None or loaded.source is None else workspace.document(loaded.source.path)
    plans = (each.objective.source.document for found in proposal.offers.values() for each in found)
    example = facts or next(plans, None)
    return "\n" if example is None else newline_of(example.text)


def _owners_to_name(workspace: Workspace, proposal: Proposal) -> tuple[str, ...]:
    """Whom cycle.yaml has to name as those who plan; none where what it says, or that it says nothing, is right."""
    named = named_planners(workspace, proposal.cycle.name)
    if named:
        missing = [each for each in proposal.asked if each not in named]
        return (*named, *missing) if missing else ()
    if proposal.present:
        return ()
    return proposal.asked or (named_planners(workspace, proposal.before.name) if proposal.before else ())


def _plans(
    workspace: Workspace, asked: Asked, proposal: Proposal, left: _Left
) -> dict[str, tuple[str, bytes]]:
    """Each owner's plan: its path and content."""
    cycle, folder = proposal.cycle, workspace.plans_folder(proposal.cycle.name)
    every = (each for found in proposal.offers.values() for each in found)
    going = going_on((each for each in every if each.objective.reference not in left), cycle.name)
    plans: dict[str, tuple[str, bytes]] = {}
    for owner in proposal.owners:
        found, path = proposal.offers[owner], f"{folder}/{owner}.yaml"
        chosen = [each for each in found if each.objective.reference not in left]
        stay = [each for each in found if each.objective.reference in left]
        document = new_plan(
            workspace, path, cycle, owner, chosen, going,
            targets=_targets(workspace, cycle, owner), left=stay, template=asked.template,
        )  # fmt: skip
        plans[owner] = (path, document.content)
    return plans


def _targets(workspace: Workspace, cycle: Cycle, owner: str) -> list[Objective]:
    """The objectives of longer cycles that an owner may support: those of the owners above, if they have some."""
    plans = [plan for longer in longer_cycles(workspace, cycle) for plan in workspace.plans(longer.name)]
    above = set(owners_above(owner, workspace))
    near = [plan for plan in plans if plan.owner in above]
    return [objective for plan in near or plans for objective in plan.objectives]


def _as_it_would_be(
    workspace: Workspace, facts: FileChange | None, plans: dict[str, tuple[str, bytes]]
) -> Workspace:
    changed = dict(plans.values()) | ({facts.path: facts.after} if facts else {})
    files = Overlay(workspace.files, changed)
    return Workspace(files, as_of=workspace.as_of, title=workspace.title, like=workspace)


def _misfits(
    proposal: Proposal,
    would_be: Workspace,
    plans: dict[str, tuple[str, bytes]],
    wrong: list[Diagnostic],
    left: _Left,
) -> _Left:
    """The objectives that errors in the new plans are about, by what they are called in the cycle before."""
    found: _Left = {}
    for owner, (path, _) in plans.items():
        errors = [each for each in wrong if each.finding.path == path]
        plan = would_be.plan(proposal.cycle.name, owner)
        carried = [each for each in proposal.offers[owner] if each.objective.reference not in left]
        if not errors or plan is None or not carried:
            continue
        # One that is wrong by itself goes first: then there may be no more too many of them.
        for error in [each for each in errors if each.name != "too-many-objectives"] or errors[:1]:
            offer = _about(error, plan, carried)
            said = f"{error.code} {error.finding.message}"
            found.setdefault(offer.objective.reference, (Reason.NOT_VALID, said))
    return found


def _about(error: Diagnostic, plan: Plan, carried: list[Offer]) -> Offer:
    """The carried objective in whose lines a finding stands; the last one where it stands in none."""
    line = error.finding.place.line
    above = [each for each in plan.objectives if each.source.place().line <= line]
    named = above[-1].definition.id if above else None
    return next((each for each in carried if each.objective.definition.id == named), carried[-1])


# What is told


def _opened(
    workspace: Workspace,
    would_be: Workspace,
    proposal: Proposal,
    facts: FileChange | None,
    plans: dict[str, tuple[str, bytes]],
    left: _Left,
) -> Opened:
    told: list[OpenedPlan] = []
    for owner, (path, _) in plans.items():
        stay = tuple(
            Left(
                each.objective.reference,
                each.objective.title,
                each.state.assessment.score,
                *left[each.objective.reference],
            )
            for each in proposal.offers[owner]
            if each.objective.reference in left
        )
        chosen = [each for each in proposal.offers[owner] if each.objective.reference not in left]
        carried = tuple(_carried(would_be, proposal.cycle, each) for each in chosen)
        above = workspace.above.get(owner)
        told.append(
            OpenedPlan(workspace.owner(owner), workspace.owner(above) if above else None, path, carried, stay)
        )
    files = [FileChange(path, None, content) for path, content in plans.values()]
    paths = [path for path, _ in plans.values()] + ([facts.path] if facts else [])
    schemas = dict(filter(None, (missing_schema(workspace.files, path) for path in paths)))
    files += [FileChange(path, None, content) for path, content in schemas.items()]
    return Opened(
        proposal.cycle, proposal.before, tuple(told),
        tuple(workspace.owner(each) for each in proposal.present),
        (*((facts,) if facts else ()), *files), unplanned(workspace, proposal.cycle, proposal.before),
    )  # fmt: skip


def _carried(would_be: Workspace, cycle: Cycle, offer: Offer) -> Carried:
    old = offer.objective
    reference = replace(old.reference, cycle=cycle.name)
    new = would_be.find(reference)
    after = () if new is None else (new.definition,)
    changes = compare(
        PlanVersion(old.reference.cycle, reference.owner, (old.definition,)),
        PlanVersion(cycle.name, reference.owner, after),  # type: ignore[arg-type] # an objective: no key result is named
    )
    left = tuple(
        Left(
            each.state.key_result.reference, each.state.key_result.title, each.state.assessment.score,
            each.reason,
        )
        for each in offer.key_results
        if each.reason is not None
    )  # fmt: skip
    return Carried(reference, old.title, offer.state.assessment.score, offer.times_carried + 1, changes, left)
