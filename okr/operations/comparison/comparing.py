"""What changes in goals between two states of a workspace: `compare_workspaces`.

Both are compared as models and as of the same day: comments, order and layout are no change. The two may list only a
part of the files, as `narrowing.py` makes them: then what is not listed is taken to be the same on both sides. What
counts as a change of a plan is `plan_changes.py`'s business, what is the same thing `matching.py`'s.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from okr.dataclass import replace
from okr.operations.assessing import rank_of, unit_of
from okr.operations.comparison.consequences import (
    finding_differences,
    heaviest_first,
    referred_differences,
    target_differences,
)
from okr.operations.comparison.eased import asks_for_less
from okr.operations.comparison.matching import match_plans
from okr.operations.comparison.one_side import Side, grown_by
from okr.operations.comparison.org_changes import setting_changes, subject_changes
from okr.operations.comparison.results import (
    CheckInsDifference,
    Comparison,
    KeyResultDifference,
    MeasurementsDifference,
    ObjectiveDifference,
    OwnerDifference,
    Pair,
    Presence,
)
from okr.operations.comparison.touched import differing_files, plan_files, touched_plans
from okr.operations.comparison.translation import PlanKey, Translation
from okr.operations.going_on import same_before
from okr.plan_changes import (
    KeyResultAdded,
    KeyResultDropped,
    Moved,
    PlanVersion,
    compare_facts,
    key_result_changes,
    objective_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import CheckIn, Objective, Owner
    from okr.model import KeyResult as KeyResultModel
    from okr.model import Objective as ObjectiveModel
    from okr.operations.comparison.grown import Aimed
    from okr.operations.comparison.matching import KeyResultMatch, ObjectiveMatch, Placed
    from okr.plan_changes import CycleChanged, PlanChange
    from okr.references import Reference
    from okr.workspace import Workspace

_NOTHING: tuple[float | None, float | str | None, float | None] = (None, None, None)
A = TypeVar("A")
B = TypeVar("B")


def compare_workspaces(
    old: Workspace, new: Workspace, grown: tuple[OwnerDifference, ...] = (), aimed: Aimed | None = None
) -> Comparison:
    """What changes in goals from one state of a workspace to another.

    Reads every file that the two list. What can't be read is in their `problems`: then the answer is no answer.

    Args:
        old: the state before.
        new: the state after, as of the same day.
        grown: what is known already of owners of whom neither lists any file.
        aimed: the plans of such owners in which targets differ.
    """
    for side in (old, new):
        side.load_everything()
    translation = Translation(old, new)
    settings = setting_changes(old.settings, new.settings)
    subjects = subject_changes(old, new)
    measurements = measurement_differences(old, new, translation)
    files = plan_files(old, translation.owner) | plan_files(new)
    measured = [each.id for each in measurements]
    different = differing_files(old, new)
    keys = touched_plans(old, new, translation, settings, subjects, measured, files, different)
    before, after = (Side(old, translation.owner, keys), Side(new, None, keys))
    matches = match_plans(before.versions, after.versions)
    translation.learn(matches)
    differences = _Differences(before, after, translation, matches)
    findings = finding_differences(old, new, translation, keys, files) if different else ()
    if aimed is not None:
        findings = heaviest_first((*findings, *target_differences(*aimed)))
    return Comparison(
        new.name,
        old.moment,
        new.moment,
        new.as_of,
        new.settings.language,
        settings,
        subjects,
        tuple(_cycle_changes(old, new)),
        tuple(_ordered((*differences.owners(keys), *grown), old, new)),
        measurements,
        referred_differences(old, new, translation) if different else (),
        findings,
    )


def compare_plans(
    old: Workspace, new: Workspace, grown: tuple[OwnerDifference, ...], cycle: str
) -> tuple[tuple[CycleChanged, ...], tuple[OwnerDifference, ...]]:
    """What `compare_workspaces` finds in the facts and in the plans of one cycle, without what that brings about.

    Reads every file that the two list, likewise.

    Args:
        old: the state before.
        new: the state after, as of the same day.
        grown: what is known already of owners of whom neither lists any file.
        cycle: its canonical name.
    """
    for side in (old, new):
        side.load_everything()
    translation = Translation(old, new)
    keys = {PlanKey(plan.cycle, translation.owner(plan.owner)): None for plan in old.all_plans}
    keys |= {PlanKey(plan.cycle, plan.owner): None for plan in new.all_plans}
    before, after = (Side(old, translation.owner, keys), Side(new, None, keys))
    matches = match_plans(before.versions, after.versions)
    translation.learn(matches)
    owners = _ordered((*_Differences(before, after, translation, matches).owners(keys), *grown), old, new)
    return (
        tuple(each for each in _cycle_changes(old, new) if each.cycle == cycle),
        tuple(each for each in owners if each.cycle == cycle),
    )


def compare_objectives(workspace: Workspace, earlier: Objective, now: Objective) -> tuple[PlanChange, ...]:
    """What is another in an objective that goes on from an earlier cycle: as `compare_workspaces` would compare the two.

    Args:
        workspace: where both are.
        earlier: as it was.
        now: as it is; the references are its own.
    """
    translation = Translation(workspace, workspace)
    where = (now.reference.cycle, now.reference.owner)
    was = translation.old_objective(earlier.definition, earlier.reference.cycle)
    is_now = translation.new_objective(now.definition, now.reference.cycle)
    (match,) = match_plans([PlanVersion(*where, (was,))], [PlanVersion(*where, (is_now,))])
    if match.old is None or match.new is None:
        raise LookupError(match)
    changes = list(objective_changes(match.new.reference, match.old.reference, was, is_now))
    for each in match.key_results:
        if each.old is not None and each.new is not None:
            before = translation.old_key_result(each.old.definition, earlier.reference.cycle)
            after = translation.new_key_result(each.new.definition, now.reference.cycle)
            changes += key_result_changes(each.new.reference, each.old.reference, before, after)
        elif each.new is not None:
            changes.append(KeyResultAdded(each.new.reference, each.new.definition.title))
        elif each.old is not None:
            changes.append(KeyResultDropped(each.old.reference, each.old.definition.title))
    return tuple(changes)


def _cycle_changes(old: Workspace, new: Workspace) -> Iterator[CycleChanged]:
    for name in dict.fromkeys((*new.cycles, *old.cycles)):
        facts = [side.cycles[name].facts if name in side.cycles else None for side in (old, new)]
        states = [side.state(name).value if name in side.cycles else None for side in (old, new)]
        for change in compare_facts(name, *facts):
            if change.key != "state":
                yield change
            elif states[0] != states[1]:  # what a cycle.yaml does not say is active
                yield replace(change, old=states[0], new=states[1])


def _ordered(found: Iterable[OwnerDifference], old: Workspace, new: Workspace) -> list[OwnerDifference]:
    """By cycle, then teams before people."""
    cycles = {name: place for place, name in enumerate(dict.fromkeys((*new.cycles, *old.cycles)))}
    ranks = new.ranks
    return sorted(found, key=lambda each: (cycles[each.cycle], rank_of(ranks, each.owner)))


class _Differences:
    """What changed in the plans of both sides."""

    def __init__(
        self, before: Side, after: Side, translation: Translation, matches: tuple[ObjectiveMatch, ...]
    ) -> None:
        self._before = before
        self._after = after
        self._translation = translation
        self._matches = matches
        self._departed: dict[Reference, list[Moved]] = {}
        self._left: dict[PlanKey, list[Moved]] = {}
        self._grown: dict[PlanKey, dict[str, int] | None] = {}

    def owners(self, keys: Iterable[PlanKey]) -> Iterator[OwnerDifference]:
        """What changed, owner by owner."""
        found: dict[PlanKey, list[tuple[ObjectiveMatch, ObjectiveDifference]]] = {}
        for match in self._matches:
            difference = self._objective(match)
            found.setdefault(PlanKey(*difference.reference.segments[:2]), []).append((match, difference))
        for key in keys:
            yield from self._owner(key, [self._whole(*each) for each in found.get(key, ())])

    def _owner(self, key: PlanKey, objectives: list[ObjectiveDifference]) -> Iterator[OwnerDifference]:
        plans = [side.plans.get(key) for side in (self._before, self._after)]
        if plans == [None, None]:
            return
        found = OwnerDifference(
            key.cycle,
            self._named(key.owner),
            _presence(*plans),
            Pair(*(0 if plan is None else len(plan.objectives) for plan in plans)),
            Pair(self._before.score(key), self._after.score(key)),
            tuple(each for each in objectives if each.changed),
            tuple(self._left.get(key, ())),
        )
        if found.presence is not Presence.BOTH or found.changed or found.departed or found.score.differs:
            yield found

    def _named(self, owner: str) -> Owner:
        """An owner as the new side knows it, else as the old one did."""
        new, old = self._after.workspace, self._before.workspace
        return (old if owner in old.owners and owner not in new.owners else new).owner(owner)

    def _objective(self, match: ObjectiveMatch) -> ObjectiveDifference:
        old, new = match.old, match.new
        own = new or old
        if own is None:
            raise LookupError(match)
        changes: tuple[PlanChange, ...] = ()
        if old is not None and new is not None:
            before = self._translation.old_objective(old.definition, old.reference.cycle)
            after = self._translation.new_objective(new.definition, new.reference.cycle)
            changes = tuple(objective_changes(new.reference, old.reference, before, after))
            self._note_departure(PlanKey(*old.reference.segments[:2]), changes)
        key_results = [self._key_result(each) for each in match.key_results]
        scores = [
            side.objective_score(each.reference) if each else None
            for side, each in ((self._before, old), (self._after, new))
        ]
        whole = old is None or new is None
        continued = _continued(self._after, new) if new is not None and old is None else None
        return ObjectiveDifference(
            own.reference,
            None if old is None else self._before.objectives[old.reference].reference,
            own.definition.title,
            _presence(old, new),
            changes,
            Pair(*scores),
            tuple(each for each in key_results if whole or each.changed),
            (),
            None if continued is None else continued.reference,
            self._less_than(continued, own.reference) if continued is not None else (),
        )

    def _less_than(self, earlier: Objective, reference: Reference) -> tuple[PlanChange, ...]:
        workspace = self._after.workspace
        changes = compare_objectives(workspace, earlier, self._after.objectives[reference])
        return asks_for_less(workspace, earlier, changes)

    def _whole(self, match: ObjectiveMatch, difference: ObjectiveDifference) -> ObjectiveDifference:
        """With what has left it; known once every key result has been looked at."""
        gone = self._departed.get(match.old.reference) if match.old else None
        return replace(difference, departed=tuple(gone)) if gone else difference

    def _note_departure(self, key: PlanKey, changes: Iterable[PlanChange]) -> None:
        for change in changes:
            if isinstance(change, Moved):
                self._left.setdefault(key, []).append(change)

    def _key_result(self, match: KeyResultMatch) -> KeyResultDifference:
        old, new = match.old, match.new
        own = new or old
        if own is None:
            raise LookupError(match)
        changes: tuple[PlanChange, ...] = ()
        if old is not None and new is not None:
            before = self._translation.old_key_result(old.definition, old.reference.cycle)
            after = self._translation.new_key_result(new.definition, new.reference.cycle)
            found = key_result_changes(new.reference, old.reference, before, after, moved=match.moved)
            changes = tuple(found)
            if match.moved and old.reference.parent is not None:
                moves = [each for each in changes if isinstance(each, Moved)]
                self._departed.setdefault(old.reference.parent, []).extend(moves)
        sides = ((self._before, old), (self._after, new))
        said = [side.standing(each.reference) or _NOTHING if each else _NOTHING for side, each in sides]
        things = [side.key_results.get(each.reference) if each else None for side, each in sides]
        workspace = (self._after if new else self._before).workspace
        return KeyResultDifference(
            own.reference,
            things[0].reference if things[0] else None,
            own.definition.title,
            _presence(old, new),
            changes,
            Pair(said[0][0], said[1][0]),
            Pair(said[0][1], said[1][1]),
            Pair(said[0][2], said[1][2]),
            self._checkins(old, new),
            unit_of(workspace, own.definition),
            next((side.state(each.reference) for side, each in sides if each), None)
            if not (old and new)
            else None,
        )

    def _checkins(
        self, old: Placed[KeyResultModel] | None, new: Placed[KeyResultModel] | None
    ) -> CheckInsDifference:
        """What became of the lines about a key result."""
        if old is not None and new is not None and old.reference == new.reference:
            key = PlanKey(*new.reference.segments[:2])
            if key not in self._grown:
                self._grown[key] = grown_by(self._before, self._after, key)
            grown = self._grown[key]
            if grown is not None:
                return CheckInsDifference(grown.get(new.reference.within_log, 0), 0, 0)
        things = [
            (side, side.key_results.get(each.reference) if each else None)
            for side, each in ((self._before, old), (self._after, new))
        ]
        return _lines(*(side.workspace.checkins(thing) if thing else () for side, thing in things))


def _continued(side: Side, added: Placed[ObjectiveModel]) -> Objective | None:
    """What a new objective goes on with: of the same owner's latest plan for an earlier cycle of the same kind."""
    workspace, objective = side.workspace, side.objectives[added.reference]
    own = workspace.cycles[objective.reference.cycle].span
    spans = (loaded.span for loaded in workspace.cycles.values() if loaded.span is not None)
    earlier = [each for each in spans if own and each.kind is own.kind and each.starts < own.starts]
    for cycle in sorted(earlier, key=lambda each: each.starts, reverse=True):
        if workspace.plan(cycle.name, objective.reference.owner) is not None:
            return same_before(workspace, objective, cycle)
    return None


def _presence(old: object, new: object) -> Presence:
    if old is None:
        return Presence.ADDED
    return Presence.DROPPED if new is None else Presence.BOTH


def _lines(old: Iterable[CheckIn], new: Iterable[CheckIn]) -> CheckInsDifference:
    before, after = list(old), list(new)
    said, says = Counter(map(_said, before)), Counter(map(_said, after))
    back = sum(not each.counts for each in after) - sum(not each.counts for each in before)
    return CheckInsDifference((says - said).total(), (said - says).total(), back)


def _said(checkin: CheckIn) -> tuple[object, ...]:
    """What a line says, whatever its subject is called."""
    record = checkin.record.definition
    return str(record.date), record.value, record.confidence, record.by, record.note


def measurement_differences(
    old: Workspace, new: Workspace, translation: Translation
) -> tuple[MeasurementsDifference, ...]:
    """What became of the measurements of KPIs; of those alone in which something did."""
    before = {translation.kpi(each.definition.id): each.definition.id for each in old.kpis}
    found: list[MeasurementsDifference] = []
    for kpi in new.kpis:
        name = kpi.definition.id
        lines = [old.measurements(before[name]) if name in before else (), new.measurements(name)]
        difference = _lines(*lines)
        if difference.any:
            latest: Pair[float | str] = Pair(_latest(old, lines[0]), _latest(new, lines[1]))
            said = kpi.definition
            found.append(MeasurementsDifference(name, said.name, said.unit, latest, difference))
    return tuple(found)


def _latest(workspace: Workspace, measured: Iterable[CheckIn]) -> float | str | None:
    values: list[float | str | None] = [
        each.record.definition.value
        for each in measured
        if each.counts and each.record.definition.date.day <= workspace.as_of
    ]
    return next((value for value in reversed(values) if value is not None), None)
