"""A workspace's logs as records, and the check-ins of each key result and KPI as they count.

Which files are logs is for `workspace.py`; which records take others back, for `history.py`.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from okr import model
from okr.contents import Log, Record
from okr.diagnostics import Problem
from okr.documents import LocatedMapping
from okr.history import by_subject
from okr.measures import Reading
from okr.model_base import known_moment
from okr.plain_lines import resolved
from okr.roots import LOGS, PLANS
from okr.shapes import log_items, plan_for_a_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.contents import CheckIn, KeyResult, Located, Objective, Plan
    from okr.documents import Document
    from okr.log_table import LogTable
    from okr.reader import Reader

_OFFSET = slice(-6, None)
_ORDER = itemgetter(0, 1)


def read_log(reader: Reader, cycle: str, owner: str, document: Document, first: int) -> Log:
    """A log, whose records are made at once only where something may be wrong with one of its lines.

    Args:
        reader: who has read the file.
        cycle: the log's cycle.
        owner: whose it is; both are empty for the measurements of the KPIs.
        document: the log's file.
        first: how many records of the same owner stand in the logs before it.
    """
    if document.table is None:
        return Log(cycle, owner, document, read_records(reader, document, first))
    return Log.to_be_read(cycle, owner, document, partial(_records_of, document, document.table, first))


def read_records(reader: Reader, document: Document, first: int) -> tuple[Record, ...]:
    """The records of a log; what is wrong with its lines becomes a problem of the reader's.

    Args:
        reader: who has read the file.
        document: the log.
        first: how many records of the same owner stand in the logs before it.
    """
    if isinstance(document.root, LocatedMapping) and "objectives" in document.root.keys_at:
        reader.note(document, [plan_for_a_log(document, document.path.replace(LOGS, PLANS, 1))])
        return ()
    records: list[Record] = []
    for item in log_items(document):
        if isinstance(item, Problem):
            reader.note(document, [item])
            continue
        definition, source = reader.shaped(document, model.LogRecord, item)
        if definition is not None:
            records.append(Record(definition, source, first + len(records)))
    return tuple(records)


def _records_of(document: Document, table: LogTable, first: int) -> tuple[Record, ...]:
    """The records of a log that was taken apart at a glance; none of its lines is read again."""
    said = map(_definition, *table[1:])
    return tuple([Record.of_table(each, document, item, first) for item, each in enumerate(said)])


def _definition(
    day: str, time: str, kr: str, number: str, text: str, confidence: str, retracts: str, by: str, note: str
) -> model.LogRecord:
    """A line as `shape` would make it of the same words."""
    said: dict[str, Any] = {"date": known_moment(day + time), "kr": kr}
    if number:
        said["value"] = resolved(number)
    elif text:
        said["value"] = text
    if confidence:
        said["confidence"] = resolved(confidence)
    if retracts:
        said["retracts"] = known_moment(retracts.strip('"'))
    if by:
        said["by"] = by
    if note:
        said["note"] = note[1:-1] if note.startswith('"') else note
    return model.LogRecord.of_plain(said)


def _readings_of(
    table: LogTable, named: Callable[[str], str | None]
) -> dict[str, tuple[Reading, ...]] | None:
    """What a log says that counts, by its subjects, in the order in which it counts; None where that takes records.

    Args:
        table: the log.
        named: what a line is about, by its present id; None where it is about nothing known.
    """
    # A line may be taken back; and times with several offsets do not stand in the order of their texts.
    if any(table.retracted) or len({time[_OFFSET] for time in table.times if time}) > 1:
        return None
    lines: dict[str, list[tuple[str, str, str, str, str]]] = {}
    columns = zip(table.days, table.times, table.numbers, table.texts, table.confidences, strict=True)
    for subject, line in zip(table.subjects, columns, strict=True):
        lines.setdefault(subject, []).append(line)
    by_name: dict[str, list[tuple[str, str, str, str, str]]] = {}
    for subject, found in lines.items():
        name = named(subject)
        if name is None:
            continue
        if (
            name in by_name
        ):  # under a former id as well: how the lines of the two follow each other is told by records
            return None
        by_name[name] = found
    return {name: _in_order(found) for name, found in by_name.items()}


def _in_order(lines: list[tuple[str, str, str, str, str]]) -> tuple[Reading, ...]:
    lines.sort(key=_ORDER)  # of one date counts the later line
    return tuple(
        [
            Reading(
                _day_of(day),
                _number_of(number) if number else text or None,
                float(confidence) if confidence else None,
            )
            for day, _, number, text, confidence in lines
        ]
    )


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date:
    """The day that a text names."""
    return date.fromisoformat(text)


def _number_of(text: str) -> float:
    """A number as YAML has it: of a whole one no zero is negative."""
    return float(text) if "." in text else float(int(text))


class _Contents(Protocol):
    """What is needed of a workspace."""

    @property
    def kpi_log(self) -> Log | None: ...
    def kpi(self, name: str, /) -> Located[model.Kpi] | None: ...
    def plan(self, cycle: str, owner: str, /) -> Plan | None: ...
    def owner_logs(self, cycle: str, owner: str, /) -> tuple[Log, ...]: ...
    def objective_in(self, plan: Plan, name: str, /) -> Objective | None: ...
    def key_result_in(self, objective: Objective, name: str, /) -> KeyResult | None: ...


class Histories:
    """What the logs of a workspace say about each key result and KPI, by their present ids."""

    def __init__(self, workspace: _Contents) -> None:
        """Reads nothing yet."""
        self._workspace = workspace
        self._of_owners: dict[tuple[str, str], dict[str, tuple[CheckIn, ...]]] = {}
        self._readings: dict[tuple[str, str], dict[str, tuple[Reading, ...]] | None] = {}

    def checkins(self, key_result: KeyResult) -> tuple[CheckIn, ...]:
        """The check-ins of a key result in its owner's log, in order, those taken back included and marked."""
        reference = key_result.reference
        return self._of_owner(reference.cycle, reference.owner).get(reference.within_log, ())

    def readings(self, key_result: KeyResult) -> tuple[Reading, ...] | None:
        """The check-ins that count, as the formulas take them; None where only the records tell which do.

        They are those of `checkins`, but that no record is made of any line.
        """
        reference = key_result.reference
        key = (reference.cycle, reference.owner)
        if key not in self._readings:
            self._readings[key] = self._glanced(*key)
        found = self._readings[key]
        return None if found is None else found.get(reference.within_log, ())

    def _glanced(self, cycle: str, owner: str) -> dict[str, tuple[Reading, ...]] | None:
        logs = self._workspace.owner_logs(cycle, owner)
        if not logs:
            return {}
        table = logs[0].document.table
        if table is None or len(logs) > 1:
            return None
        return _readings_of(table, partial(self._key_result_named, self._workspace.plan(cycle, owner)))

    def measurements(self, kpi: str) -> tuple[CheckIn, ...]:
        """The measurements of a KPI of all years, in order, those taken back included and marked."""
        return self._of_kpis.get(kpi, ())

    def lines_about(self, key_result: KeyResult) -> tuple[Record, ...]:
        """Every record of a key result, retractions included, in the order of the lines."""
        reference = key_result.reference
        plan = self._workspace.plan(reference.cycle, reference.owner)
        return tuple(
            record
            for log in self._workspace.owner_logs(reference.cycle, reference.owner)
            for record in log.records
            if self._key_result_named(plan, record.definition.kr) == reference.within_log
        )

    def lines_about_kpi(self, kpi: str) -> tuple[Record, ...]:
        """Every record of a KPI, retractions included, in the order of the lines."""
        return tuple(record for record in self._measured if self._kpi_named(record) == kpi)

    def forget_owners(self) -> None:
        """Gives the memory of what owners' logs say back; what KPIs' measurements say stays."""
        self._of_owners.clear()
        self._readings.clear()

    @property
    def _measured(self) -> tuple[Record, ...]:
        log = self._workspace.kpi_log
        return () if log is None else log.records

    @cached_property
    def _of_kpis(self) -> dict[str, tuple[CheckIn, ...]]:
        return by_subject(self._measured, self._kpi_named)

    def _of_owner(self, cycle: str, owner: str) -> dict[str, tuple[CheckIn, ...]]:
        key = (cycle, owner)
        if key not in self._of_owners:
            plan = self._workspace.plan(cycle, owner)
            records = (record for log in self._workspace.owner_logs(cycle, owner) for record in log.records)
            known: dict[
                str | None, str | None
            ] = {}  # a log names the same few key results on all of its lines

            def named(record: Record) -> str | None:
                name = record.definition.kr
                if name not in known:
                    known[name] = self._key_result_named(plan, name)
                return known[name]

            self._of_owners[key] = by_subject(records, named)
        return self._of_owners[key]

    def _kpi_named(self, record: Record) -> str | None:
        found = self._workspace.kpi(record.definition.kpi) if record.definition.kpi else None
        return None if found is None else found.definition.id

    def _key_result_named(self, plan: Plan | None, name: str | None) -> str | None:
        """A log's `kr` by the present ids: `objective/key-result`; None where the plan has no such key result."""
        objective_id, _, key_result_id = (name or "").partition("/")
        objective = None if plan is None else self._workspace.objective_in(plan, objective_id)
        key_result = None if objective is None else self._workspace.key_result_in(objective, key_result_id)
        return None if key_result is None else key_result.reference.within_log
