"""What a story is about: which logs, which plans, which lines and which changes belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective, Owner
from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.operations.selecting import Whose, objective_of, select_any_or_below
from okr.plan_changes import ObjectiveAdded, ObjectiveDropped, PlanChange
from okr.references import nearest

if TYPE_CHECKING:
    from okr.cycles import Cycle
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.plan_history import Change
    from okr.workspace import Workspace

_KPIS = "kpis/"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a story is about; None and empty stand for no limit.

    Attributes:
        reference: in full, for the heading.
        cycle: the only cycle.
        owners: the only owners.
        span: the days within which measurements of KPIs belong to it.
        subjects: the key results (in full) and KPIs (`kpis/ID`) whose lines belong to it.
        kpis: whether the measurements of KPIs belong to it at all.
        objective: the ids that the objective has and had.
        key_result: the ids that the key result has and had.
        drawing: the one key result it is about that draws on a KPI: measurements move its score.
    """

    reference: str | None = None
    cycle: str | None = None
    owners: frozenset[str] | None = None
    span: Cycle | None = None
    subjects: frozenset[str] | None = None
    kpis: bool = True
    plans: bool = True
    objective: frozenset[str] = frozenset()
    key_result: frozenset[str] = frozenset()
    drawing: KeyResult | None = None

    @property
    def whole(self) -> bool:
        """Whether the whole workspace is told of."""
        return self.reference is None and self.cycle is None

    def log_matters(self, key: LogKey) -> bool:
        """Whether a log holds lines of this story."""
        return (self.kpis if not key.cycle else self.plans) and self._is_within(key)

    def plan_matters(self, key: LogKey) -> bool:
        """Whether a plan, or a cycle's facts, can hold changes of this story."""
        return self.plans and self._is_within(key)

    def _is_within(self, key: LogKey) -> bool:
        cycle = not key.cycle or self.cycle in {None, key.cycle}
        return cycle and (not key.owner or self.owners is None or key.owner in self.owners)

    @property
    def some_lines(self) -> bool:
        """Whether not all lines of the logs that matter belong to this story."""
        return self.subjects is not None or self.span is not None

    def line_matters(self, subject: str, day: str) -> bool:
        """Whether a line belongs to this story.

        Args:
            subject: the key result in full, or `kpis/ID`.
            day: the line's day.
        """
        if self.subjects is not None and subject not in self.subjects:
            return False
        if self.span is None or not subject.startswith(_KPIS):
            return True
        return self.span.starts.isoformat() <= day <= self.span.ends.isoformat()

    def change_matters(self, key: LogKey, change: Change) -> bool:
        """Whether a change of a plan belongs to this story."""
        if not self.objective:
            return bool(key.owner) or self.owners is None or self.cycle is not None
        if not isinstance(change, PlanChange) or change.reference.objective not in self.objective:
            return False
        if not self.key_result:
            return True
        if change.reference.key_result is None:
            return isinstance(change, (ObjectiveAdded, ObjectiveDropped))
        return change.reference.key_result in self.key_result


def scope_of(workspace: Workspace, text: str | None, cycle: str | None) -> Scope:
    """What was asked for on the command line.

    Raises:
        UsageError: nothing is called so, or more than one thing is.
        OkrError: there is no such cycle.
    """
    span = workspace.cycle(cycle) if cycle else None
    name = span.name if span else None
    if text is None:
        return Scope(cycle=name, span=span)
    if text.startswith(_KPIS):
        kpi = _kpi(workspace, text.removeprefix(_KPIS))
        return Scope(kpi, name, span=span, subjects=frozenset({kpi}), plans=False)
    try:
        found = select_any_or_below(workspace, text, cycle=cycle)
    except UsageError:
        dropped = _dropped(workspace, text, name or workspace.current_cycle.name)
        if dropped is None:
            raise
        return dropped
    if isinstance(found, Owner):
        return Scope(found.id, name, frozenset({found.id}), span, kpis=False)
    if isinstance(found, Whose):
        return Scope(found.name, name, found.ids, span, kpis=False)
    reference = found.reference
    objective = found if isinstance(found, Objective) else objective_of(workspace, found)
    key_results = found.key_results if isinstance(found, Objective) else (found,)
    subjects = {str(each.reference) for each in key_results}
    drawn = {f"{_KPIS}{drawn_on}" for each in key_results if (drawn_on := _drawn_on(workspace, each))}
    return Scope(
        str(reference), reference.cycle, frozenset({reference.owner}), workspace.cycle(reference.cycle),
        frozenset(subjects | drawn), kpis=bool(drawn),
        objective=frozenset({objective.definition.id, *objective.definition.formerly}),
        key_result=frozenset({found.definition.id, *found.definition.formerly})
        if isinstance(found, KeyResult)
        else frozenset(),
        drawing=found if isinstance(found, KeyResult) and drawn else None,
    )  # fmt: skip


def _dropped(workspace: Workspace, text: str, cycle: str) -> Scope | None:
    """A key result that no plan has any more, but a log: its check-ins are told on, and what became of it."""
    reference = workspace.parse(text.strip().strip("/"), cycle)
    if reference is None or reference.key_result is None:
        return None
    logs = workspace.owner_logs(reference.cycle, reference.owner)
    if not any(record.definition.kr == reference.within_log for log in logs for record in log.records):
        return None
    return Scope(
        str(reference), reference.cycle, frozenset({reference.owner}), workspace.cycle(reference.cycle),
        frozenset({str(reference)}), kpis=False,
        objective=frozenset({reference.objective}), key_result=frozenset({reference.key_result}),
    )  # fmt: skip


def _drawn_on(workspace: Workspace, key_result: KeyResult) -> str | None:
    found = workspace.kpi(key_result.definition.kpi) if key_result.definition.kpi else None
    return None if found is None else found.definition.id


def _kpi(workspace: Workspace, name: str) -> str:
    found = workspace.kpi(name)
    if found is not None:
        return f"{_KPIS}{found.definition.id}"
    near = nearest(name, [each.definition.id for each in workspace.kpis])
    hint = f"did you mean {_KPIS}{near[0]}?" if near else "kpis.yaml lists the KPIs"
    raise UsageError(f"there is no KPI “{name[:80]}”", hint)
