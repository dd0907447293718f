"""The whole workspace as tables: for spreadsheets, queries and warehouses. Each column has one type, each row is flat.

docs/tables.md describes every column. What the tables are written as is for the views.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.operations.assessing import assess_cycle, readings
from okr.operations.record.plan_history import plan_commits, plan_story
from okr.operations.record.recorded import past_of
from okr.plan_changes import CycleChanged, OwnerRenamed
from okr.scoring import BoundsMetric, within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from okr.contents import CheckIn
    from okr.operations.assessing import ObjectiveState
    from okr.operations.record.plan_history import Change
    from okr.operations.selecting import Whose
    from okr.scoring import Forecast
    from okr.workspace import Workspace

Value = str | int | float | bool | date | datetime | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and what is in it: text, integer, number, date, time or truth."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    Attributes:
        name: what it is called in queries and as a file.
        columns: in order.
        rows: each with a value, or None, for every column.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def _columns(**kinds: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in kinds.items())


_NUMBERS = {
    "score": "number", "forecast": "number", "forecast_low": "number", "forecast_high": "number", "status": "text",
}  # fmt: skip
COLUMNS = {
    "objectives": _columns(
        ref="text", cycle="text", owner="text", objective="text", title="text", why="text", type="text",
        accountable="text", supports="text", **_NUMBERS, key_results="integer", tags="text", learned="text",
        next="text", path="text", line="integer",
    ),
    "key_results": _columns(
        ref="text", cycle="text", owner="text", objective="text", key_result="text", title="text",
        accountable="text", kind="text", unit="text", baseline="number", target="number", at_least="number",
        at_most="number", kpi="text", weight="number", value="number", milestone="text", progress="number",
        **_NUMBERS, expected="number", confidence="number", last_checkin="date", checkins="integer",
        grade="number", grade_reason="text", learned="text", next="text", tags="text", path="text", line="integer",
    ),
    "checkins": _columns(
        ref="text", cycle="text", owner="text", objective="text", key_result="text", kpi="text", day="date",
        time="time", value="number", milestone="text", confidence="number", said_by="text", note="text",
        retracted="truth", path="text", line="integer",
    ),
    "kpis": _columns(
        kpi="text", name="text", unit="text", owner="text", why="text", at_least="number", at_most="number",
        value="number", last_checkin="date", within="truth", measurements="integer",
    ),
    "people": _columns(id="text", name="text", kind="text", team="text", lead="text", email="text"),
    "plan_changes": _columns(
        day="date", cycle="text", owner="text", ref="text", change="text", key="text", old="text", new="text",
        author="text", email="text", commit_id="text", path="text",
    ),
}  # fmt: skip
"""The columns of each table."""


def tables(
    workspace: Workspace,
    wanted: Collection[str] = COLUMNS.keys(),
    *,
    cycle: str | None = None,
    whose: Whose | None = None,
) -> tuple[Table, ...]:
    """The tables that are wanted, all of them if left out, in the order of `COLUMNS`.

    With a cycle, what belongs to another one is left out; with owners, what is nobody's and what is another one's. Scores are as of today, forecasts too; check-ins that were taken back are there, and marked.

    Raises:
        UsageError: there is no such table.
        OkrError: git can't read its history, which `plan_changes` comes from; outside a repository it is empty.
    """
    unknown = [name for name in wanted if name not in COLUMNS]
    if unknown:
        raise UsageError(f"there is no table “{unknown[0][:60]}”", f"the tables are {', '.join(COLUMNS)}")
    makers: dict[str, Callable[[Workspace], Iterator[Row]]] = {
        "objectives": _objectives, "key_results": _key_results, "checkins": _checkins, "kpis": _kpis,
        "people": _people, "plan_changes": _plan_changes,
    }  # fmt: skip
    return tuple(
        Table(
            name,
            columns,
            tuple(_of_owners(_of_cycle(makers[name](workspace), columns, cycle), columns, whose)),
        )
        for name, columns in COLUMNS.items()
        if name in wanted
    )


def _of_cycle(rows: Iterator[Row], columns: tuple[Column, ...], cycle: str | None) -> Iterator[Row]:
    place = next((place for place, column in enumerate(columns) if column.name == "cycle"), None)
    if cycle is None or place is None:
        return rows
    return (row for row in rows if row[place] in {cycle, None})


def _of_owners(rows: Iterator[Row], columns: tuple[Column, ...], whose: Whose | None) -> Iterator[Row]:
    if whose is None:
        return rows
    names = [column.name for column in columns]
    place = names.index("owner" if "owner" in names else "id")  # of people and teams, their own
    return (row for row in rows if row[place] in whose.ids)


def _states(workspace: Workspace) -> Iterator[ObjectiveState]:
    for name, loaded in workspace.cycles.items():
        if loaded.span is not None:  # a cycle without days can't be scored; validation reports it
            for owner in assess_cycle(workspace, workspace.cycle(name)):
                yield from owner.objectives


def _objectives(workspace: Workspace) -> Iterator[Row]:
    for state in _states(workspace):
        objective, said = state.objective, state.assessment
        reference, own = objective.reference, objective.definition
        yield (
            str(reference), reference.cycle, reference.owner, reference.objective, own.title, own.why,
            own.type.value, objective.accountable, _joined(state.supports), said.score, *_foreseen(said.forecast),
            said.status.value, len(state.key_results), _joined(own.tags), own.learned,
            None if own.next is None else own.next.value, objective.source.path, objective.source.place().line,
        )  # fmt: skip


def _key_results(workspace: Workspace) -> Iterator[Row]:
    for state in (each for objective in _states(workspace) for each in objective.key_results):
        key_result, said = state.key_result, state.assessment
        reference, own = key_result.reference, key_result.definition
        yield (
            str(reference), reference.cycle, reference.owner, reference.objective, reference.key_result, own.title,
            key_result.accountable, None if own.kind is None else own.kind.value, state.unit, _number(said.start),
            _number(said.target), _number(own.at_least), _number(own.at_most), own.kpi, float(own.weight),
            *_value(said.value), said.progress, said.score, *_foreseen(said.forecast), said.status.value,
            said.expected, said.confidence, said.last_checkin, said.checkins, _number(own.grade), own.grade_reason,
            own.learned, None if own.next is None else own.next.value, _joined(own.tags), key_result.source.path,
            key_result.source.place().line,
        )  # fmt: skip


def _checkins(workspace: Workspace) -> Iterator[Row]:
    for name in workspace.cycles:
        for plan in workspace.plans(name):
            for key_result in (each for objective in plan.objectives for each in objective.key_results):
                reference = key_result.reference
                start = (
                    str(reference), reference.cycle, reference.owner, reference.objective, reference.key_result, None,
                )  # fmt: skip
                yield from (start + _said(checkin) for checkin in workspace.checkins(key_result))
    for kpi in workspace.kpis:
        name = kpi.definition.id
        beginning: Row = (f"kpis/{name}", None, None, None, None, name)
        yield from (beginning + _said(checkin) for checkin in workspace.measurements(name))


def _said(checkin: CheckIn) -> Row:
    said = checkin.record.definition
    return (
        said.date.day, said.date.time, *_value(said.value), _number(said.confidence), said.by, said.note,
        not checkin.counts, *checkin.record.stands,
    )  # fmt: skip


def _kpis(workspace: Workspace) -> Iterator[Row]:
    for kpi in workspace.kpis:
        own = kpi.definition
        known = [
            each
            for each in readings(workspace.measurements(own.id))
            if each.day <= workspace.as_of and isinstance(each.value, float)
        ]
        latest = known[-1] if known else None
        value = latest.value if latest is not None and isinstance(latest.value, float) else None
        bounds = BoundsMetric(_number(own.at_least), _number(own.at_most))
        bounded = own.at_least is not None or own.at_most is not None
        yield (
            own.id, own.name, own.unit, own.owner, own.why, _number(own.at_least), _number(own.at_most), value,
            latest.day if latest else None, within(bounds, value) if bounded and value is not None else None,
            len(known),
        )  # fmt: skip


def _people(workspace: Workspace) -> Iterator[Row]:
    for team in workspace.org.teams:
        yield team.id, team.name, "team", team.parent, team.lead, None
    for person in workspace.org.people:
        yield person.id, person.name, "person", person.team, None, _joined(person.email)


def _plan_changes(workspace: Workspace) -> Iterator[Row]:
    past = past_of(workspace)
    if past is None or past.empty:
        return
    until = workspace.moment.commit if workspace.moment else "HEAD"
    commits = plan_commits(past.repo, past.names, until=until)
    for event in plan_story(past.repo, past.names, commits, lambda _: True).events:
        for change in event.changes:
            yield (
                date.fromisoformat(event.commit.day), event.key.cycle, event.key.owner or None, *_changed(change),
                event.commit.author, event.commit.email, event.commit.id, event.path,
            )  # fmt: skip


def _changed(change: Change) -> Row:
    kind = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(change).__name__)
    reference = None if isinstance(change, (OwnerRenamed, CycleChanged)) else str(change.reference)
    old, new = (getattr(change, side, None) for side in ("old", "new"))
    return reference, kind.lstrip("-"), getattr(change, "key", None), _written(old), _written(new)


def _written(value: object) -> str | None:
    """An old or new value of any kind as text."""
    if value is None:
        return None
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _foreseen(forecast: Forecast | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if forecast is None else (forecast.score, forecast.low, forecast.high)


def _value(value: float | str | None) -> tuple[float | None, str | None]:
    """A value as a number or as a milestone's name: a column holds one kind."""
    return (None, value) if isinstance(value, str) else (_number(value), None)


def _number(number: float | None) -> float | None:
    return None if number is None else float(number)


def _joined(words: Collection[str]) -> str | None:
    return " ".join(words) or None
