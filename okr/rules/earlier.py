"""The workspace as it was, held beside what it is now: which plans and logs differ, and what stood where then.

Whatever could not be read, then or now, is left out: a finding says so already. No rules here.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from okr import model
from okr.contents import KeyResult, Located, Log, Objective, Plan, Record
from okr.dataclass import dataclass
from okr.model import CycleState, quoted
from okr.plan_changes import PlanVersion, paired
from okr.quantities import plain_number
from okr.rules.reading import state_of
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okr.workspace import Workspace

F = TypeVar("F", Plan, Log)
Thing = Objective | KeyResult | Located[model.Team] | Located[model.Person] | Located[model.Kpi]
Z = TypeVar("Z", bound=Thing)
Both = tuple[Z | None, Z | None]
"""A thing as it was and as it is; None where it was not there, or is there no more."""


@dataclass(frozen=True, slots=True)
class Pair(Generic[F]):
    """The plans, or the logs, of an owner in a cycle, then and now; usually one file each.

    Attributes:
        cycle: the cycle; empty for the KPIs' measurements.
        owner: by the present id; likewise.
        then: the files as they were; none where there was none.
        now: the files as they are; none where there is none.
    """

    cycle: str
    owner: str
    then: tuple[F, ...]
    now: tuple[F, ...]

    @property
    def path(self) -> str:
        """The file as it is called now; as it was called where it is gone."""
        return (self.now or self.then)[0].path

    @property
    def paths(self) -> set[str]:
        """All files of both."""
        return {each.path for each in (*self.then, *self.now)}


def objectives_of(pair: Pair[Plan]) -> list[Both[Objective]]:
    """The objectives of a plan, then and now."""
    return _both(
        [each for plan in pair.then for each in plan.objectives],
        [each for plan in pair.now for each in plan.objectives],
    )


def key_results_of(then: Objective, now: Objective) -> list[Both[KeyResult]]:
    """The key results of an objective, then and now."""
    return _both(then.key_results, now.key_results)


def versions_of(pair: Pair[Plan]) -> tuple[PlanVersion, PlanVersion]:
    """What a plan said and what it says, for `compare`."""
    then, now = (
        PlanVersion(
            pair.cycle, pair.owner, tuple(each.definition for plan in plans for each in plan.objectives)
        )
        for plans in (pair.then, pair.now)
    )
    return then, now


def as_written(value: object) -> str:
    """What a key says or said, for a message: numbers as they are, all else in quotation marks."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf:
        return plain_number(value)
    return quoted(value)


def _never(_cycle: str, _record: Record) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Between:
    """What the commits between two versions tell beyond the two.

    Attributes:
        opened: the cycles closed in both that were open in between.
        made_before: whether a line that came into a closed cycle's record since then was made before the closing.
    """

    opened: frozenset[str] = frozenset()
    made_before: Callable[[str, Record], bool] = _never


NOTHING_BETWEEN = Between()


class Earlier:
    """A workspace and what it was before.

    Attributes:
        now: the workspace.
        then: an earlier version of it, made `like` it, so that what is the same in both is the same document.
        between: what is known of the commits between the two.
        worked_out: what rules have worked out of the two, kept for those that ask the same.
    """

    def __init__(
        self,
        now: Workspace,
        then: Workspace,
        between: Between = NOTHING_BETWEEN,
        differing: frozenset[str] | None = None,
    ) -> None:
        """Reads nothing yet; which files are `differing` is found out by their bytes where nobody knows it."""
        self.now = now
        self.then = then
        self.between = between
        self._differing = differing
        if differing is not None and ORG not in differing:
            then.share((ORG,))  # it may be the largest of all files
        self.worked_out: dict[object, Any] = {}

    # What belongs together

    @cached_property
    def plans(self) -> tuple[Pair[Plan], ...]:
        """The plans of which a file differs, by cycle."""
        then, now = _plans_of(self.then), _plans_of(self.now)
        found = [pair for cycle in self.cycles for pair in self._pairs(cycle, then, now)]
        return tuple(self._readable(found))

    @cached_property
    def logs(self) -> tuple[Pair[Log], ...]:
        """The logs of which a file differs, by cycle; the KPIs' measurements come last."""
        then, now = _logs_of(self.then), _logs_of(self.now)
        found = [pair for cycle in self.cycles for pair in self._pairs(cycle, then, now)]
        if self._differs(KPI_LOG):
            before, after = (() if log is None else (log,) for log in (self.then.kpi_log, self.now.kpi_log))
            found.append(Pair("", "", before, after))
        return tuple(self._readable(found))

    @cached_property
    def people(self) -> list[Both[Located[model.Person]]]:
        """The people of org.yaml, where that differs."""
        return _both(self.then.people, self.now.people) if self._comparable(ORG) else []

    @cached_property
    def teams(self) -> list[Both[Located[model.Team]]]:
        """The teams of org.yaml, where that differs."""
        return _both(self.then.teams, self.now.teams) if self._comparable(ORG) else []

    @cached_property
    def kpis(self) -> list[Both[Located[model.Kpi]]]:
        """The KPIs, where kpis.yaml differs."""
        return _both(self.then.kpis, self.now.kpis) if self._comparable(KPIS) else []

    def present(self, owner: str) -> str:
        """The id that an owner of then, by the id of then, has now."""
        if owner in self.now.former_owners or owner in self.now.owners:
            return self.now.former_owners.get(owner, owner)
        # A renaming that was taken back: the owner is called as before again.
        was = (old for old, new in self.then.former_owners.items() if new == owner and old in self.now.owners)
        return next(was, owner)

    # Where cycles stood

    @property
    def cycles(self) -> list[str]:
        """The cycles that have a folder, then or now."""
        return list(dict.fromkeys([*self.then.cycles, *self.now.cycles]))

    def stays_closed(self, cycle: str) -> bool:
        """Whether a cycle was closed, and nobody has said that it is open again: then all it says is the record."""
        if not self._was_closed(cycle) or cycle in self.between.opened:
            return False
        loaded = self.now.cycles.get(cycle)
        if loaded is None:
            return True
        state = state_of(cycle, self.now)
        return state is CycleState.CLOSED or (state is not None and loaded.source is None)

    def is_reopened(self, cycle: str) -> bool:
        """Whether a cycle was closed, and its cycle.yaml says otherwise now, or did so in between."""
        return (
            self._was_closed(cycle)
            and cycle in self.now.cycles
            and not self.stays_closed(cycle)
            and state_of(cycle, self.now) is not None
        )

    def has_begun(self, cycle: str) -> bool:
        """Whether a cycle's targets were agreed then: it was called active, or its first day is past.

        On that day itself a plan may still be put right. A closed cycle that is open again has begun.
        """
        loaded = self.then.cycles.get(cycle)
        if loaded is None or (self._was_closed(cycle) and not self.is_reopened(cycle)):
            return False
        state = state_of(cycle, self.then)
        if state in {CycleState.PLANNING, None}:
            return False
        span = self.now.cycles[cycle].span if cycle in self.now.cycles else loaded.span
        said = "state" in loaded.facts.model_fields_set
        return said or (span is not None and self.now.as_of > span.starts)

    def facts_path(self, cycle: str) -> str:
        """The cycle.yaml of a cycle, as it is called now, or was called then."""
        loaded = self.now.cycles.get(cycle)
        found = loaded.source if loaded and loaded.source else None
        before = self.then.cycles[cycle].source
        return found.path if found else before.path if before else f"{PLANS}/{cycle}/{CYCLE_FACTS}"

    def _was_closed(self, cycle: str) -> bool:
        return cycle in self.then.cycles and state_of(cycle, self.then) is CycleState.CLOSED

    # Helps

    def _differs(self, path: str) -> bool:
        if self._differing is not None:
            return path in self._differing
        return not self.then.has_same(path, self.now)

    def _pairs(self, cycle: str, then: _Files[F], now: _Files[F]) -> Iterator[Pair[F]]:
        """Of each owner of whose files one differs, all files; no others are read for it."""
        concerned = self._concerned(cycle, then.top)
        if concerned is not None and not concerned:
            return
        # Where both have the same org.yaml, ids stand for the same owners, and nobody need be looked up.
        same = self._differing is not None and ORG not in self._differing
        before: dict[str, list[str]] = {}
        for owner in then.owners(cycle, concerned if same else None):
            present = owner if same else self.present(owner)
            if concerned is None or present in concerned:
                before.setdefault(present, []).append(owner)
        owners = now.owners(cycle, concerned)
        there: list[str] = [name for name in owners if concerned is None or name in concerned]
        for owner in dict.fromkeys([*before, *there]):
            called = before.get(owner, ())
            paths = {path for each in called for path in then.paths(cycle, each)}
            if any(map(self._differs, paths.union(now.paths(cycle, owner)))):
                were = tuple(each for name in called for each in then.read(cycle, name))
                yield Pair(cycle, owner, were, now.read(cycle, owner))

    def _concerned(self, cycle: str, top: str) -> set[str] | None:
        """Whose plans or logs may differ in a cycle, by their present ids; None where nobody knows."""
        if self._differing is None:
            return None
        sides = (self.then, self.now)
        folders = {folder for each in sides if cycle in each.cycles for folder in each.cycles[cycle].folders}
        starts = {f"{top}/{folder}" for folder in folders}
        stems = {
            path.rpartition("/")[2].removesuffix(".yaml")
            for path in self._differing
            if path.rpartition("/")[0] in starts
        }
        return {
            name
            for stem in stems
            for name in (
                self.present(self.then.former_owners.get(stem, stem)),
                self.now.former_owners.get(stem, stem),
            )
        }

    def _readable(self, pairs: Iterable[Pair[F]]) -> Iterator[Pair[F]]:
        """Those of which every part could be read; whose file is gone is only known from an org.yaml that can be."""
        broken = self._broken
        for pair in pairs:
            if not pair.paths & broken and ((pair.then and pair.now) or ORG not in broken):
                yield pair

    def _comparable(self, path: str) -> bool:
        return self._differs(path) and path not in self._broken

    @property
    def _broken(self) -> set[str]:
        """The files of which some part could not be read, then or now."""
        return {each.finding.path for each in (*self.then.problems, *self.now.problems)}


class EarlierPlans(Earlier):
    """The same, asked about some plans alone, of which it is known that they differ and that all of them can be read."""

    def __init__(self, now: Workspace, then: Workspace, plans: Iterable[tuple[Plan, Plan]]) -> None:
        """Reads nothing.

        Args:
            now: the workspace.
            then: what it was.
            plans: each plan as it was and as it is, of one owner under one id.
        """
        super().__init__(now, then)
        self._given = tuple(Pair(is_now.cycle, is_now.owner, (was,), (is_now,)) for was, is_now in plans)

    @property
    def plans(self) -> tuple[Pair[Plan], ...]:
        """The plans."""
        return self._given


@dataclass(frozen=True, slots=True)
class _Files(Generic[F]):
    """The plans of a workspace by owner, or its logs: below which folder, whose, which files, and what they say.

    Owners are asked for among some names, where only these matter.
    """

    top: str
    owners: Callable[[str, set[str] | None], tuple[str, ...]]
    paths: Callable[[str, str], Iterable[str]]
    read: Callable[[str, str], tuple[F, ...]]


def _plans_of(workspace: Workspace) -> _Files[Plan]:
    def owners(cycle: str, among: set[str] | None) -> tuple[str, ...]:
        return workspace.plan_owners(cycle) if among is None else workspace.plan_owners_among(cycle, among)

    return _Files(PLANS, owners, workspace.plan_paths_of, workspace.plan_files_of)


def _logs_of(workspace: Workspace) -> _Files[Log]:
    def owners(cycle: str, _: set[str] | None) -> tuple[str, ...]:
        return workspace.log_owners(cycle)

    return _Files(LOGS, owners, workspace.log_paths_of, workspace.owner_logs)


def _both(then: Sequence[Z], now: Sequence[Z]) -> list[Both[Z]]:
    things = {id(each.definition): each for each in (*then, *now)}
    pairs = paired([each.definition for each in then], [each.definition for each in now])
    # By identity: two of one id may say the same. None is nobody's definition.
    return [(things.get(id(one)), things.get(id(other))) for one, other in pairs]
