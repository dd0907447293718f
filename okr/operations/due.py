"""What needs a check-in: by whom, since when, and what will be due next.

A key result is due `checkin_every` days after its last check-in that counts, or after the cycle's first day
where it has none. `okr due` shows it, the weekly round walks through it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.days import days_after
from okr.errors import UsageError
from okr.model import MetricKind
from okr.operations.assessing import assess_among, assess_cycle, assess_owner, processes_for_plans
from okr.operations.overview import frame_of
from okr.operations.selecting import below, select_owners
from okr.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from okr.contents import KeyResult, Located
    from okr.cycles import Cycle
    from okr.model import Kpi
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.workspace import Workspace

    _Asked = tuple[list["Due"], list["Due"]]
    """What is asked of an owner: for key results, and for the KPIs that some draw on."""

_LEADS = "leads of teams"
"""What tells them apart from whatever else is worked out of a workspace."""


@dataclass(frozen=True, slots=True)
class Due:
    """A key result or a KPI, and when its next check-in is due.

    Attributes:
        reference: the key result, in full, or the KPI as `kpis/<id>`.
        title: its title, or the KPI's name.
        person: who is asked: the person accountable, else the team's lead, else the owner; None where a KPI
            has no owner and nobody is accountable for what uses it.
        owner: whose plan or KPI it is; None for a KPI without an owner.
        last_checkin: the day of the last check-in that counts, or None.
        due: the day from which a check-in is due.
        days_late: days from then until today; negative where it is not due yet.
    """

    reference: str
    title: str
    person: str | None
    owner: str | None
    last_checkin: date | None
    due: date
    days_late: int


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due in a cycle.

    Attributes:
        frame: which cycle of which workspace, on which day.
        due: what is due, by person as org.yaml has them, what is latest first.
        next: what will be due next within the cycle; None where nothing will.
        current: whether this is the cycle that a reference without one means.
        person: whose part this is, or None for everybody's.
        owner: the owner that was asked for, with `/...` behind it where all below it are meant; or None for all.
        names: the names of people and teams, by id.
        teams: the ids of those that are teams.
        planned: the cycles in which there are plans.
        of_others: how many check-ins are due from anybody else, where one person's are asked for and none is due.
        of_below: how many are due from those below the owner asked for, where of that owner none is.
        elsewhere: the other cycles that run today in which some are due as well, and how many; none where a cycle was
            asked for.
    """

    frame: Frame
    due: tuple[Due, ...]
    next: Due | None
    current: bool
    person: str | None
    owner: str | None
    names: Mapping[str, str]
    teams: frozenset[str]
    planned: tuple[str, ...]
    of_others: int
    of_below: int = 0
    elsewhere: tuple[tuple[str, int], ...] = ()

    @property
    def without_plans(self) -> bool:
        """Whether nobody has a plan for the cycle."""
        return self.frame.cycle.name not in self.planned

    def short(self, reference: str) -> str:
        """A reference as it may be typed: without the cycle where that is the current one."""
        prefix = f"{self.frame.cycle.name}/"
        return reference.removeprefix(prefix) if self.current else reference


def due_checkins(
    workspace: Workspace, *, cycle: str | None = None, owner: str | None = None, person: str | None = None,
    spread: bool = False,
) -> DueList:  # fmt: skip
    """What needs a check-in today, and what will next.

    Only a cycle that is running has anything due: not one that is still planned, closed, or past its last day.
    Left out are key results that are achieved, and those that name no metric: validation reports them. A key
    result that draws on a KPI is due as that KPI, once, however many draw on it. Guardrails count as well.

    Args:
        workspace: where to look.
        cycle: the cycle, by any of its names; the current one if left out.
        owner: only what this owner has in its plan, is accountable for, or is asked for; a team's id with `/...`
            behind it means whoever is below it as well.
        person: only what this person is asked for, and their own plan.
        spread: whether several processes may work it out, where that is worth it: then what was read is given back, and
            no threads may be running.

    Raises:
        UsageError: there is no such owner, or both an owner and a person are given.
        OkrError: there is no such cycle.
    """
    if owner is not None and person is not None:
        raise UsageError("--mine and --owner both say whose check-ins to show.", "Give one of the two.")
    shown = workspace.cycle_asked(cycle)
    frame = frame_of(workspace, shown)
    wanted = None if owner is None else select_owners(workspace, owner)
    whose = wanted.ids if wanted else None if person is None else {person}
    expected = partial(_expected, workspace, spread=spread)

    def is_asked(each: Due) -> bool:
        return whose is None or not whose.isdisjoint((each.owner, each.person))

    every = [each for each in expected(frame, whose=whose) if is_asked(each)]
    places = _places(workspace)
    last = len(places)
    due = sorted(
        (each for each in every if each.days_late >= 0),
        key=lambda each: (places.get(each.person or "", last), each.person or "~", -each.days_late),
    )
    under = set(below(workspace, wanted.owner.id)) if wanted and not due else set()
    others = (
        [each for each in expected(frame) if each.days_late >= 0] if not due and (person or under) else []
    )
    ahead = [each for each in every if each.days_late < 0 and each.due <= shown.ends]
    return DueList(
        frame=frame,
        due=tuple(due),
        next=min(ahead, key=lambda each: each.due, default=None),
        current=shown.name == workspace.current_cycle.name,
        person=person,
        owner=wanted.name if wanted else None,
        names=workspace.owner_names,
        teams=frozenset(team.id for team in workspace.org.teams),
        planned=tuple(name for name in workspace.cycles if workspace.plan_paths(name)),
        of_below=sum(each.owner in under for each in others),
        elsewhere=tuple(_elsewhere(workspace, partial(expected, whose=whose), shown.name, due, is_asked))
        if cycle is None
        else (),
        of_others=0 if person is None else len(others),
    )


def _elsewhere(
    workspace: Workspace, expected: Callable[[Frame], Iterable[Due]], shown: str, due: Iterable[Due],
    is_asked: Callable[[Due], bool],
) -> Iterator[tuple[str, int]]:  # fmt: skip
    """The other cycles that run today, such as the year, with how many check-ins are due there."""
    told = {each.reference for each in due}
    for name, cycle in workspace.cycles.items():
        if name == shown or cycle.span is None or not cycle.span.contains(workspace.as_of):
            continue
        frame = frame_of(workspace, workspace.cycle(name))
        late = (each for each in expected(frame) if each.days_late >= 0)
        count = sum(is_asked(each) and each.reference not in told for each in late)
        if count:
            yield name, count


def expected_checkins(workspace: Workspace, cycle: str) -> tuple[Due, ...]:
    """All that is checked in regularly in a cycle, due or not, in the order of the plans.

    Raises:
        OkrError: there is no such cycle.
    """
    return tuple(_expected(workspace, frame_of(workspace, workspace.cycle(cycle)), spread=False))


def _places(workspace: Workspace) -> dict[str, int]:
    """Where people and then teams stand in org.yaml."""
    ranks = workspace.ranks
    ordered = sorted(ranks, key=lambda name: (workspace.owner(name).kind != "person", ranks[name]))
    return {name: place for place, name in enumerate(ordered)}


def _expected(
    workspace: Workspace, frame: Frame, *, spread: bool, whose: AbstractSet[str] | None = None
) -> Iterator[Due]:
    """Everything that is checked in regularly, due or not, in the order of the plans; nothing where none is running.

    Args:
        workspace: where to look.
        frame: the cycle.
        spread: whether several processes may work it out.
        whose: where all that may be asked of these owners is enough.
    """
    if not frame.running:
        return
    asked = None if whose is None else _that_may_be_asked_of(workspace, frame, whose)
    if asked is None:
        asked = _asked_of_everybody(workspace, frame, spread=spread)
    drawn: dict[str, Due] = {}
    for of_key_results, of_kpis in asked:
        yield from of_key_results
        for each in of_kpis:
            before = drawn.get(each.reference)
            if before is None or before.person is None:
                drawn[each.reference] = each
    yield from drawn.values()


def _that_may_be_asked_of(
    workspace: Workspace, frame: Frame, whose: AbstractSet[str]
) -> Iterable[_Asked] | None:
    """What is asked of each owner, those left out whose plans have nothing that may be asked of some owners.

    Returns:
        None where it can't be told which these are without reading all.
    """
    kpis: list[str] = []
    for kpi in workspace.kpis:
        said = kpi.definition
        owner, person = _responsible(workspace, said)
        # Of one that is nobody's, whoever accounts for what draws on it is asked: all of that has to be known.
        if owner is None or not whose.isdisjoint((owner, person)):
            kpis += (said.id, *said.formerly)
    found = workspace.owners_naming(frame.cycle.name, whose, kpis)
    if found is None:
        return None
    led = [team for team in _leads(workspace) if _lead(workspace, team) in whose]
    states = assess_among(workspace, frame.cycle, {*found, *led})
    return [_asked_of(workspace, frame, owner) for owner in states]


def _asked_of_everybody(workspace: Workspace, frame: Frame, *, spread: bool) -> Iterable[_Asked]:
    """What is asked of each owner, in the order of the plans."""
    count = processes_for_plans(workspace, (frame.cycle.name,)) if spread else 1
    if count > 1:
        from okr.operations.spreading import (  # only large workspaces are spread
            every_owned_plan,
            owner_by_owner,
        )

        _leads(workspace)  # or each process would read for itself who leads

        def work(cycle: Cycle, owner: str) -> _Asked:
            state = assess_owner(workspace, cycle, owner)
            return ([], []) if state is None else _asked_of(workspace, frame, state)

        owned = every_owned_plan(workspace, (frame.cycle,))
        found = None if owned is None else owner_by_owner(workspace, owned, work, count)
        if found is not None:
            return found
    return [_asked_of(workspace, frame, owner) for owner in assess_cycle(workspace, frame.cycle)]


def _asked_of(workspace: Workspace, frame: Frame, owner: OwnerState) -> _Asked:
    of_key_results, of_kpis = [], []
    for objective in owner.objectives:
        for state in objective.key_results:
            definition = state.key_result.definition
            if state.assessment.status is Status.ACHIEVED or definition.kind is None:
                continue
            if definition.kind is not MetricKind.KPI:
                of_key_results.append(_of_key_result(workspace, frame, state))
                continue
            kpi = workspace.kpi(definition.kpi or "")
            if kpi is not None:  # else validation reports it
                of_kpis.append(_of_kpi(workspace, frame, kpi, state.key_result))
    return of_key_results, of_kpis


def _of_key_result(workspace: Workspace, frame: Frame, state: KeyResultState) -> Due:
    key_result = state.key_result
    owner = key_result.reference.owner
    return _reckoned(
        workspace,
        frame,
        Due(
            str(key_result.reference),
            key_result.title,
            key_result.accountable or _lead(workspace, owner) or owner,
            owner,
            state.assessment.last_checkin,
            frame.as_of,
            0,
        ),
    )


def _of_kpi(workspace: Workspace, frame: Frame, kpi: Located[Kpi], user: KeyResult) -> Due:
    definition = kpi.definition
    days = _days_of(workspace, definition.id)
    owner, person = _responsible(workspace, definition)
    return _reckoned(
        workspace,
        frame,
        Due(
            f"kpis/{definition.id}",
            definition.name,
            person or user.accountable or _lead(workspace, user.reference.owner),
            owner,
            max((day for day in days if day <= frame.as_of), default=None),
            frame.as_of,
            0,
        ),
    )


def _responsible(workspace: Workspace, kpi: Kpi) -> tuple[str | None, str | None]:
    """Whose a KPI is, and who is asked for it; nobody where it has no owner."""
    owner = kpi.owner and workspace.former_owners.get(kpi.owner, kpi.owner)
    return owner, owner and (_lead(workspace, owner) or owner)


def _days_of(workspace: Workspace, kpi: str) -> Iterable[date]:
    return (each.record.definition.date.day for each in workspace.measurements(kpi) if each.counts)


def _reckoned(workspace: Workspace, frame: Frame, found: Due) -> Due:
    """With the day from which it is due, and how late that is."""
    due = days_after(found.last_checkin or frame.cycle.starts, workspace.settings.checkin_every)
    return replace(found, due=due, days_late=(frame.as_of - due).days)


def _lead(workspace: Workspace, owner: str) -> str | None:
    """Who leads a team; None where it is no team of org.yaml, or has no lead."""
    lead = _leads(workspace).get(owner)
    return None if lead is None else workspace.former_owners.get(lead, lead)


def _leads(workspace: Workspace) -> Mapping[str, str | None]:
    """Who leads each team of org.yaml, as it is written there."""
    if _LEADS not in workspace.worked_out:  # many ask, and org.yaml may be long; of two alike, the first
        workspace.worked_out[_LEADS] = {team.id: team.lead for team in reversed(workspace.org.teams)}
    found: Mapping[str, str | None] = workspace.worked_out[_LEADS]
    return found
