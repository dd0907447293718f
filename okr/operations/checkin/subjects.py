"""What a check-in is about, and what a value typed for it means.

A subject is a key result or a KPI with its log, its last value and the line below which its next one goes.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.measures import NumberMetric
from okr.model import CycleState, MetricKind, quoted
from okr.operations.assessing import assess_one
from okr.operations.selecting import named_kpi, select_key_result
from okr.quantities import plain_number, read_quantity
from okr.references import nearest
from okr.rules.draws import counted_until, drawing_in_closed
from okr.workspace import KPI_LOG, LOGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.contents import CheckIn, KeyResult, Located, Record
    from okr.documents import LocatedMapping
    from okr.log_lines import FieldValue
    from okr.model import Kpi, Moment
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.quantities import Quantity
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check-in is about.

    Attributes:
        reference: the key result, in full, or the KPI as `kpis/<id>`.
        path: the log its next record goes to.
        key: the key that names it in a record: `kr` or `kpi`.
        name: what that key says.
        title: its title, or the KPI's name.
        unit: what its numbers count.
        last: its latest value; None where there is none.
        checkins: its own check-ins, those taken back included.
        lines: its records in the order of the lines, retractions included.
        after: the record below which its next one goes; None for the end of the log.
        key_result: the key result; None for a KPI.
        state: its objective as it stands; None for a KPI.
    """

    reference: str
    path: str
    key: str
    name: str
    title: str
    unit: str | None
    last: float | str | None
    checkins: tuple[CheckIn, ...]
    lines: tuple[Record, ...]
    after: LocatedMapping | None
    key_result: KeyResult | None = None
    state: ObjectiveState | None = None

    @property
    def counted(self) -> tuple[Record, ...]:
        """Its check-ins that count, in order."""
        return tuple(checkin.record for checkin in self.checkins if checkin.counts)

    @property
    def own_state(self) -> KeyResultState | None:
        """The key result as it stands; None for a KPI."""
        states = self.state.key_results if self.state else ()
        return next((each for each in states if str(each.key_result.reference) == self.reference), None)


def find_subject(workspace: Workspace, typed: str, cycle: str | None) -> Subject:
    """The key result or KPI that a typed reference means.

    Raises:
        UsageError: nothing is called so, or more than one thing is.
        OkrError: its cycle is closed.
    """
    kpi = named_kpi(workspace, typed)
    if kpi is not None:
        return _kpi_subject(workspace, kpi)
    kpi = workspace.kpi(typed)
    if kpi is not None and not _names_key_result(workspace, typed, cycle):
        return _kpi_subject(workspace, kpi)
    objective, key_result = select_key_result(workspace, typed, cycle)
    reference = key_result.reference
    if workspace.state(reference.cycle) is CycleState.CLOSED:
        raise OkrError(
            f"{reference.cycle} is closed: its check-ins are the record its grades were given on.",
            f"`okr cycle reopen {reference.cycle}` opens it again; then the grades count no more until it is closed.",
        )
    state = assess_one(workspace, objective)
    own = next(each for each in state.key_results if each.key_result is key_result)
    logs = workspace.owner_logs(reference.cycle, reference.owner)
    lines = workspace.lines_about(key_result)
    path = logs[-1].path if logs else f"{LOGS}/{_folder(workspace, reference.cycle)}/{reference.owner}.yaml"
    return Subject(
        str(reference), path, "kr", reference.within_log, key_result.title, own.unit, _whole(own.assessment.value),
        workspace.checkins(key_result), lines, _last_line(lines, path),
        key_result=key_result, state=state,
    )  # fmt: skip


def _kpi_subject(workspace: Workspace, kpi: Located[Kpi]) -> Subject:
    definition = kpi.definition
    checkins, lines = workspace.measurements(definition.id), workspace.lines_about_kpi(definition.id)
    counted = [each.record.definition.value for each in checkins if each.counts]
    last = next((value for value in reversed(counted) if value is not None), None)
    return Subject(
        f"kpis/{definition.id}", KPI_LOG, "kpi", definition.id, definition.name, definition.unit, last,
        checkins, lines, _last_line(lines, KPI_LOG),
    )  # fmt: skip


def refuse_closed(workspace: Workspace, subject: Subject, moment: Moment) -> None:
    """Refuses what would change the measurements that grades of a closed cycle were given on.

    Args:
        workspace: where the cycles are.
        subject: the KPI; a key result of a closed cycle was refused when it was looked for.
        moment: what is measured, or the date of what is taken back.

    Raises:
        OkrError: key results of a closed cycle count it.
    """
    if subject.key_result is not None:
        return
    found = next(drawing_in_closed(workspace, subject.name, moment), None)
    if found is None:
        return
    cycle = found.reference.cycle
    until = counted_until(workspace, cycle)
    raise OkrError(
        f"{cycle} is closed, and {found.reference} draws on {subject.reference}: what was measured up to {until} is "
        "the record its grade was given on.",
        f"`okr cycle reopen {cycle}` opens it again; then the grades count no more until it is closed. "
        f"Measurements after {until} are taken as ever.",
    )


def _last_line(records: Sequence[Record], path: str) -> LocatedMapping | None:
    """The last of the records that stands in one log, retractions included."""
    within = [record for record in records if record.source.path == path]
    return within[-1].source.data if within else None


def _names_key_result(workspace: Workspace, typed: str, cycle: str | None) -> bool:
    try:
        select_key_result(workspace, typed, cycle)
    except UsageError:
        return False
    return True


def _folder(workspace: Workspace, cycle: str) -> str:
    """The folder that stands for a cycle below `checkins/`: the one its plans are in."""
    loaded = workspace.cycles.get(cycle)
    return loaded.folders[0] if loaded else cycle


def read_value(
    workspace: Workspace, subject: Subject, typed: str | float, last: float | str | None
) -> FieldValue:
    """The value that was typed or sent for a subject.

    Args:
        workspace: whose language the number is read in.
        subject: what it is a value of.
        typed: what was typed; a number where it was sent as one.
        last: the value that a change such as `+500` is added to.

    Raises:
        UsageError: it can't be read, or is no value that the subject can have.
    """
    language = workspace.settings.language
    below_zero = isinstance(last, (int, float)) and last < 0
    if subject.key_result is None:
        return (
            typed
            if not isinstance(typed, str)
            else _amount(subject, read_quantity(typed, language), last, below_zero=below_zero)
        )
    definition = subject.key_result.definition
    if definition.kind is MetricKind.KPI:
        raise UsageError(
            f"“{subject.title}” draws its numbers from the KPI {definition.kpi}: check the KPI in, and every key "
            "result that uses it moves.",
            f"`okr checkin kpis/{definition.kpi} {shlex.quote(str(typed))}` does.",
        )
    if definition.milestones is not None:
        return _milestone(subject, list(definition.milestones), str(typed))
    if not isinstance(typed, str):
        return typed
    ends = (definition.start, definition.target, definition.at_least, definition.at_most)
    below_zero = below_zero or any(isinstance(end, (int, float)) and end < 0 for end in ends)
    return _amount(subject, read_quantity(typed, language), last, below_zero=below_zero)


def _milestone(subject: Subject, ladder: list[str], typed: str) -> str:
    found = [name for name in ladder if name.casefold() == typed.strip().casefold()]
    if found:
        return found[0]
    near = nearest(typed, ladder, limit=1)
    meant = f"did you mean “{near[0]}”? " if near else ""
    raise UsageError(
        f"{quoted(typed)} is no milestone of “{subject.title}”.",
        f"{meant}Its milestones: {', '.join(ladder)}",
    )


def _amount(
    subject: Subject, quantity: Quantity, last: float | str | None, *, below_zero: bool
) -> int | float:
    amount = quantity.amount
    if quantity.percent and subject.unit is not None and "%" not in subject.unit:
        raise UsageError(
            f"“{subject.title}” counts {subject.unit}, not a percentage.",
            f"Write the number of {subject.unit}.",
        )
    if quantity.percent and subject.unit is None:
        raise UsageError(
            f"“{subject.title}” has no unit that says what a percentage means.",
            f"Write the number itself: {amount} or {amount / 100}.",
        )
    if not quantity.change:
        return amount
    if amount < 0 and below_zero:
        raise UsageError(
            f"{amount} could be the value or a change of it: “{subject.title}” may go below zero.",
            f"Write ={amount} for the value; for a change, write what it comes to.",
        )
    if not isinstance(last, (int, float)):
        start = _baseline(subject)
        remedy = "Write the value itself."
        if start is not None:
            after = plain_number(_exactly(start, amount))
            remedy = f"Write the value itself: {after}, if it stood at the baseline of {plain_number(start)}."
        raise UsageError(f"“{subject.title}” has no value yet that {amount:+g} could change.", remedy)
    return _exactly(last, amount)


def _baseline(subject: Subject) -> float | None:
    """From where a number is to move; None where nobody has measured that, and for other kinds."""
    state = subject.own_state
    metric = None if state is None else state.metric
    return metric.start if isinstance(metric, NumberMetric) else None


def _exactly(last: float, change: float) -> int | float:
    """The sum as people reckon it: 0.1 and 0.2 make 0.3."""
    from decimal import Decimal

    total = Decimal(repr(last)) + Decimal(repr(change))
    return int(total) if total == total.to_integral_value() else float(total)


def _whole(value: float | str | None) -> float | str | None:
    """A whole number without a fraction of nought, as the log writes it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
