"""The weekly meeting on a running cycle: what moved since the last one, what did not, and what wants talking about.

A cycle that is over is looked back on by `closing/retrospective.py`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass, replace
from okr.days import days_before
from okr.errors import UsageError
from okr.operations.assessing import assess_among, assess_cycle
from okr.operations.blockers import names_blocker
from okr.operations.comparison.plans_since import plans_changed_since
from okr.operations.due import due_checkins
from okr.operations.overview import MANY, frame_of, overview
from okr.operations.record.recorded import past_of
from okr.operations.selecting import below, select_owners
from okr.operations.showing import link_to
from okr.scoring import Disagreement, Span, Status, disagreement, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date

    from okr.contents import CheckIn, KeyResult, Objective, Owner
    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.due import DueList
    from okr.operations.overview import Frame
    from okr.operations.record.plan_history import PlanEvent
    from okr.operations.showing import Link
    from okr.workspace import Workspace

    PlanChanges = tuple[tuple[PlanEvent, ...], bool]


class Standing(NamedTuple):
    """Where a key result stood on a day: its latest value, None where there was none, and its score."""

    value: float | str | None
    score: float


@dataclass(frozen=True, slots=True)
class Course:
    """How a key result went since the last review.

    Attributes:
        state: how it stands today.
        before: how it stood on the day of the last review.
        news: the check-ins since that count, in order.
    """

    state: KeyResultState
    before: Standing
    news: tuple[CheckIn, ...]

    @property
    def moved(self) -> bool:
        """Whether a check-in since brought another value."""
        measured = any(each.record.definition.value is not None for each in self.news)
        return measured and self.state.assessment.value != self.before.value


@dataclass(frozen=True, slots=True)
class Blocker:
    """A check-in since the last review whose note speaks of something in the way."""

    state: KeyResultState
    checkin: CheckIn


@dataclass(frozen=True, slots=True)
class Waiting:
    """An objective or key result, and one that it depends on which is not achieved yet."""

    subject: Objective | KeyResult
    awaited: Link


@dataclass(frozen=True, slots=True)
class TeamsWeek:
    """What is counted of all that are right below a team.

    Attributes:
        above: the team; None for those above all others.
        owners: how many have a plan.
        key_results: how many they have.
        moved: how many of these have moved.
        attention: how many need attention.
        due: how many check-ins are due.
    """

    above: Owner | None
    owners: int
    key_results: int
    moved: int
    attention: int
    due: int


@dataclass(frozen=True, slots=True)
class Review:
    """What a weekly meeting talks about.

    Attributes:
        frame: which cycle of which workspace, on which day.
        since: the day of the last review; what is told of came after it.
        owner: the only owner it is about, by id, with `/...` behind it where all below it are meant; None for all.
        courses: every key result, in the order of the plans.
        attention: those that need attention, the most pressing first.
        disagreements: those whose confidence and forecast disagree, and how.
        blockers: what notes say is in the way, the latest first.
        waiting: what depends on something that is not achieved.
        due: the check-ins that are due.
        plan_changes: what commits since have changed in the plans and in the cycle's facts, the latest first.
        git: whether there was a history to ask for changes of plans.
        below: how many of those below the owner have a plan, where the owner has none.
        teams: where many owners have a plan, what is counted by the team right above them.
    """

    frame: Frame
    since: date
    owner: str | None
    courses: tuple[Course, ...]
    attention: tuple[KeyResultState, ...]
    disagreements: tuple[tuple[KeyResultState, Disagreement], ...]
    blockers: tuple[Blocker, ...]
    waiting: tuple[Waiting, ...]
    due: DueList
    plan_changes: tuple[PlanEvent, ...]
    git: bool
    below: int = 0
    teams: tuple[TeamsWeek, ...] = ()

    @property
    def moved(self) -> tuple[Course, ...]:
        """Those that moved, the furthest first."""
        moved = [course for course in self.courses if course.moved]
        return tuple(sorted(moved, key=lambda course: -_gain(course)))

    @property
    def unmoved(self) -> tuple[Course, ...]:
        """Those that did not move and are not achieved."""
        return tuple(
            course
            for course in self.courses
            if not course.moved and course.state.assessment.status is not Status.ACHIEVED
        )


def review(
    workspace: Workspace,
    *,
    cycle: str | None = None,
    since: date | None = None,
    owner: str | None = None,
    changes: Callable[[], PlanChanges | None] = lambda: None,
) -> Review:
    """What there is to talk about in a cycle.

    Args:
        workspace: where to look.
        cycle: the cycle, by any of its names; the current one if left out.
        since: the day of the last review; `checkin_every` days ago if left out.
        owner: only this owner's plan; a team's id with `/...` behind it means whoever is below it as well.
        changes: gives how plans have changed since, where somebody has asked for that already.

    Raises:
        UsageError: there is no such owner, or the day lies ahead.
        OkrError: there is no such cycle, or git can't read its history.
    """
    shown = workspace.cycle_asked(cycle)
    frame = frame_of(workspace, shown)
    start = since or last_review(workspace)
    if start > workspace.as_of:
        raise UsageError(
            f"--since: {start} lies ahead of {workspace.as_of}", "give the day of the last review"
        )
    whose = None if owner is None else select_owners(workspace, owner, cycle=shown.name)
    wanted = None if whose is None else whose.name
    owners = assess_cycle(workspace, shown) if whose is None else assess_among(workspace, shown, whose.ids)
    courses = tuple(_courses(workspace, shown, owners, start))
    blockers = [
        Blocker(course.state, checkin)
        for course in courses
        for checkin in course.news
        if names_blocker(checkin.record.definition.note or "")
    ]
    changed, git = changes() or plan_changes(workspace, shown, start, None if whose is None else whose.ids)
    found = Review(
        frame=frame,
        since=start,
        owner=wanted,
        courses=courses,
        attention=overview(workspace, cycle=shown.name, owner=wanted).attention,
        disagreements=tuple(_disagreements(courses)) if frame.running else (),
        blockers=tuple(sorted(blockers, key=lambda each: each.checkin.record.order, reverse=True)),
        waiting=tuple(_waiting(workspace, owners)),
        due=due_checkins(workspace, cycle=shown.name, owner=wanted),
        plan_changes=changed,
        git=git,
        below=_planning_below(workspace, shown, wanted) if wanted and not owners else 0,
    )
    return found if len(owners) < MANY else replace(found, teams=tuple(_teams(workspace, owners, found)))


def _teams(workspace: Workspace, owners: tuple[OwnerState, ...], found: Review) -> Iterator[TeamsWeek]:
    groups: dict[str | None, list[str]] = {}
    for each in owners:
        groups.setdefault(workspace.above.get(each.owner.id), []).append(each.owner.id)
    key_results = Counter(each.state.key_result.reference.owner for each in found.courses)
    moved = Counter(each.state.key_result.reference.owner for each in found.moved)
    attention = Counter(each.key_result.reference.owner for each in found.attention)
    due = Counter(each.owner for each in found.due.due)
    for above, below_it in groups.items():
        counts = (sum(counted[each] for each in below_it) for counted in (key_results, moved, attention, due))
        yield TeamsWeek(workspace.owner(above) if above else None, len(below_it), *counts)


def _planning_below(workspace: Workspace, cycle: Cycle, owner: str) -> int:
    """How many of those below an owner have a plan in a cycle."""
    return sum(workspace.plan(cycle.name, each) is not None for each in below(workspace, owner))


def _gain(course: Course) -> float:
    return course.state.assessment.score - course.before.score


def _courses(
    workspace: Workspace, cycle: Cycle, owners: tuple[OwnerState, ...], since: date
) -> Iterator[Course]:
    span = Span(cycle.starts, cycle.ends)
    for objective in (each for owner in owners for each in owner.objectives):
        for state in objective.key_results:
            score, value, _ = standing(state.metric, state.readings, span, since)
            news = tuple(
                each
                for each in state.checkins
                if each.counts and since < each.record.definition.date.day <= workspace.as_of
            )
            yield Course(state, Standing(value, score), news)


def _disagreements(courses: tuple[Course, ...]) -> Iterator[tuple[KeyResultState, Disagreement]]:
    for course in courses:
        said = course.state.assessment
        found = disagreement(said.confidence, said.forecast)
        if found is not None and said.status is not Status.ACHIEVED:
            yield course.state, found


def _waiting(workspace: Workspace, owners: tuple[OwnerState, ...]) -> Iterator[Waiting]:
    for whole in (each for owner in owners for each in owner.objectives):
        subjects: list[tuple[Objective | KeyResult, Status]] = [(whole.objective, whole.assessment.status)]
        subjects += [(state.key_result, state.assessment.status) for state in whole.key_results]
        for subject, status in subjects:
            for written in () if status is Status.ACHIEVED else subject.definition.depends_on:
                awaited = link_to(workspace, written, subject.reference.cycle)
                said = awaited.assessment
                if said is None or said.status is not Status.ACHIEVED:
                    yield Waiting(subject, awaited)


def last_review(workspace: Workspace) -> date:
    """The day of the last review, where nobody says which it was."""
    return days_before(workspace.as_of, workspace.settings.checkin_every)


def plan_changes(
    workspace: Workspace, cycle: Cycle, since: date, owners: Collection[str] | None = None
) -> PlanChanges:
    """What commits since a day have changed in a cycle's plans and facts, the latest first; and whether there is a history.

    Raises:
        OkrError: git can't read its history.
    """
    past = past_of(workspace)
    if past is None or past.empty:
        return (), False
    return plans_changed_since(workspace, past, cycle, since, owners), True
