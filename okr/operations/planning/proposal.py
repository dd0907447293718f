"""What opening a cycle would come to: whether it can be opened, whose plans are missing, and what may be carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.cycles import canonical_name, custom_cycle, looks_standard, named_cycle, next_cycle
from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.model import CycleState, quoted
from okr.operations.planning.carry import offers
from okr.operations.planning.scope import earlier_cycles, in_order, owners_named, who_plans
from okr.references import is_cycle_name

if TYPE_CHECKING:
    from datetime import date

    from okr.cycles import Cycle
    from okr.operations.planning.carry import Offer
    from okr.operations.planning.text import Template
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """A cycle to open, as asked for.

    Attributes:
        cycle: its name, as typed.
        owners: whose plans to make, as typed; empty for all of whom one is expected.
        starts: its first day, for a cycle whose name does not say it.
        ends: its last day.
        template: what to begin plans with.
    """

    cycle: str
    owners: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What opening a cycle would come to, before anybody has chosen what to carry over.

    Attributes:
        cycle: the cycle.
        before: the one whose plans it goes on from; None for the first of its kind.
        owners: whose plans are to be made.
        present: who has one already.
        asked: the owners that were asked for, by their present ids.
        offers: for each of the owners, the objectives of the cycle before.
    """

    cycle: Cycle
    before: Cycle | None
    owners: tuple[str, ...]
    present: tuple[str, ...]
    asked: tuple[str, ...]
    offers: dict[str, tuple[Offer, ...]]

    @property
    def on_offer(self) -> tuple[Offer, ...]:
        """The objectives that are offered for carrying over."""
        return tuple(each for found in self.offers.values() for each in found if each.reason is None)


def propose(workspace: Workspace, asked: Asked) -> Proposal:
    """Whose plans there are to make, and what may be carried over.

    Raises:
        UsageError: there is no such cycle or owner, or there is nobody to plan.
        OkrError: the cycle is under way, over or closed, or everybody has a plan in it.
    """
    cycle = _cycle(workspace, asked)
    wanted = in_order(workspace, owners_named(workspace, asked.owners, "--owners"))
    stems = workspace.plan_paths(cycle.name).values()
    present = in_order(workspace, {workspace.former_owners.get(stem, stem) for _, stem in stems})
    _refuse_other_states(workspace, cycle, present)
    expected = wanted or who_plans(workspace, cycle)
    owners = tuple(each for each in expected if each not in present)
    if not owners and not expected:
        raise UsageError(
            "Nobody is there to plan: no team of org.yaml, and no cycle before with plans",
            "name owners with --owners, or add teams with `okr new team`",
        )
    if not owners:
        whose = "Everybody" if not wanted else " and ".join(wanted)
        raise OkrError(
            f"{whose} has a plan in {cycle.name} already",
            f"`okr plan check {cycle.name}` says whether they are ready; `--owners ID` adds somebody's",
        )
    earlier = earlier_cycles(workspace, cycle)
    found = {owner: offers(workspace, earlier, owner) for owner in owners}
    return Proposal(cycle, earlier[0] if earlier else None, owners, present, wanted, found)


def _cycle(workspace: Workspace, asked: Asked) -> Cycle:
    name = canonical_name(asked.cycle)
    loaded = workspace.cycles.get(name)
    span = loaded.span if loaded else named_cycle(name, workspace.calendar)
    if asked.starts is not None or asked.ends is not None:
        if loaded is not None and loaded.source is not None:
            raise UsageError(
                f"{loaded.source.path} says when {name} is",
                "change its days there, or leave out --starts and --ends",
            )
        starts = asked.starts or (span.starts if span else None)
        ends = asked.ends or (span.ends if span else None)
        if starts is None or ends is None:
            raise UsageError(
                f"nothing says when {quoted(name)} begins and ends", "give both --starts and --ends"
            )
        span = custom_cycle(name, starts, ends)
    if not is_cycle_name(name) or (span is None and looks_standard(name)):
        raise UsageError(
            f"no cycle can be called {quoted(asked.cycle)}", "name it 2027, 2027-H1, 2027-Q1 or 2027-01"
        )
    if span is None:
        raise UsageError(
            f"nothing says when {quoted(asked.cycle)} begins and ends",
            "give --starts and --ends, or name the cycle 2027, 2027-H1, 2027-Q1 or 2027-01",
        )
    return span


def _refuse_other_states(workspace: Workspace, cycle: Cycle, present: tuple[str, ...]) -> None:
    loaded = workspace.cycles.get(cycle.name)
    state = workspace.state(cycle.name)
    if state is CycleState.CLOSED:
        raise OkrError(
            f"{cycle.name} is closed: its plans are the record of what was aimed at", "open a later cycle"
        )
    if cycle.ends < workspace.as_of:
        raise OkrError(
            f"{cycle.name} is over since {cycle.ends}, and plans are for what is to come",
            _to_come(workspace, cycle),
        )
    said = loaded is not None and "state" in loaded.facts.model_fields_set
    if present and state is CycleState.ACTIVE and (said or cycle.starts <= workspace.as_of):
        raise OkrError(
            f"{cycle.name} is under way: its plans are the agreement",
            f"`okr new objective --cycle {cycle.name}` adds to them; `okr plan open` is for a cycle to come",
        )


def _to_come(workspace: Workspace, cycle: Cycle) -> str:
    """What to open in place of a cycle that is over: the next of its kind, where its name tells."""
    following: Cycle | None = cycle
    while following is not None and following.starts <= workspace.as_of:
        following = next_cycle(following, workspace.calendar)
    return "open a later cycle" if following is None else f"`okr plan open {following.name}` opens the next"
