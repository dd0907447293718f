"""`okr import`: a table of objectives and key results, such as a spreadsheet holds → plans, all of it or nothing.

What each row says goes into the plans as `adding.py` would put it there; the rules look at the whole once, at the end.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.errors import OkrError, UsageError
from okr.operations.adding.adding import (
    PASSED_THROUGH,
    Metric,
    NewKeyResult,
    NewObjective,
    prepared_key_result,
    prepared_objective,
    require_open,
)
from okr.operations.adding.new_ids import logged_names, short_id
from okr.operations.checkin.checking_in import Refusal
from okr.operations.checkin.importing import ImportRefusedError
from okr.operations.checkin.rows import RowKind, read_rows
from okr.operations.committing import FileChange, changing, write_and_commit
from okr.operations.schema_files import missing_schema
from okr.operations.validation.newly_found import newly_found
from okr.references import is_id, nearest, slug
from okr.rules.engine import diagnose
from okr.sources import Overlay
from okr.workspace import ORG, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from okr.contents import KeyResult, Objective, Plan
    from okr.diagnostics import Diagnostic
    from okr.operations.adding.adding import Prepared
    from okr.operations.checkin.rows import Row

COLUMNS = (
    "key_result", "objective", "owner", "cycle", "from", "to", "unit", "accountable", "why", "type", "supports",
    "commit", "stretch", "at_least", "at_most", "milestones", "kpi", "weight", "tags", "current",
)  # fmt: skip

_ALSO = {
    "key_result": ("key result", "key results", "kr", "krs", "keyresult", "résultat clé", "résultats clés"),
    "objective": ("objectives", "objectif", "goal", "o"),
    "owner": ("team", "equipe", "équipe", "department"),
    "cycle": ("quarter", "period", "trimestre"),
    "from": ("start", "baseline", "start value", "initial", "initial value", "départ", "base"),
    "to": ("target", "goal value", "target value", "cible"),
    "unit": ("units", "unité", "measure"),
    "accountable": ("responsible", "dri", "kr owner", "person", "lead", "assignee", "responsable"),
    "why": ("rationale", "pourquoi"),
    "supports": ("parent", "parent objective", "aligned to", "contributes to"),
    "at_least": ("at least", "min", "minimum", "au moins"),
    "at_most": ("at most", "max", "maximum", "au plus"),
    "milestones": ("milestone", "jalons"),
    "weight": ("poids",),
    "tags": ("tag", "labels"),
    "current": ("value", "actual", "current value", "latest", "actuel"),
}

PLAN_ROWS = RowKind(
    "key result",
    COLUMNS,
    '{"owner": …, "objective": …, "key_result": …, "from": …, "to": …}',
    {other: column for column, others in _ALSO.items() for other in others},
)

_NUMBERS = ("from", "commit", "to", "stretch", "at_least", "at_most")
_AMOUNT = re.compile(
    r"(?P<before>[€$£¥])?\s*(?P<number>[-+]?\d[\d\s.,'’]*(?:[kKM]\b)?\s*%?)\s*(?P<behind>[^\d%]*)"
)
_LARGE = re.compile(
    r"(?:(?P<M>m|mn|mio|mln|millions?)|(?P<B>b|bn|billions?|md|mds|milliards?)|(?P<k>thousand|tsd))\b\.?\s*",
    re.IGNORECASE,
)
_NOBODY_KNOWS = {"?", "-", "–", "n/a", "na", "tbd", "unknown", "inconnu"}
_DONE = {"done", "yes", "y", "true", "oui", "fait"}
_OPTION = re.compile(r"`okr [^`]*`|--([a-z][a-z-]*)")


@dataclass(frozen=True, slots=True)
class Grown:
    """A plan that an import brings something to.

    Attributes:
        path: its file, relative to the workspace's root.
        objectives: how many it gets.
        key_results: the same of key results.
    """

    path: str
    objectives: int
    key_results: int


@dataclass(frozen=True, slots=True)
class Imported:
    """Plans as an import makes them; nothing is written yet.

    Attributes:
        name: how messages name where it came from.
        plans: what each of them gets, by path.
        changes: the files, and the schemas that new ones name.
        left_out: columns that okr knows nothing of, as they were written.
        values: the key results of which the table gives a value of today, and that value as it may be typed: it is a
            check-in's, and no plan's.
        found: what the rules say of them that they did not say before; of the errors, those that are to be expected
            of plans under way.
    """

    name: str
    plans: tuple[Grown, ...]
    changes: tuple[FileChange, ...]
    left_out: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row goes: what it leaves empty is as in the row above, as in a sheet with merged cells."""

    cycle: str
    owner: str = ""
    objective: str = ""


def import_plans(workspace: Workspace, name: str, content: bytes, *, cycle: str | None = None) -> Imported:
    """Reads a table as objectives and key results, and prepares the plans that hold them.

    Args:
        workspace: where they go.
        name: how messages name where the table came from.
        content: CSV, JSON, JSON lines or YAML.
        cycle: where rows go that name none; the current one if left out.

    Raises:
        UsageError: it is none of these, or too large.
        ImportRefusedError: rows are at fault; nothing was written.
    """
    found = _Import(workspace, workspace.cycle(cycle).name if cycle else workspace.current_cycle.name)
    for row in read_rows(name, content, PLAN_ROWS):
        found.take(row)
    if not found.lines and not found.faults:
        raise UsageError(
            f"{name} holds no {PLAN_ROWS.noun}.",
            "Write a row for each, with columns such as owner, objective, key_result, from, to and unit.",
        )
    news = newly_found(diagnose(workspace), diagnose(found.workspace), set(found.contents))
    wrong = [each for each in news if each.severity is Severity.ERROR and each.name not in PASSED_THROUGH]
    faults = [*found.faults, *((found.line_of(each), _refusal(each)) for each in wrong)]
    if faults:
        in_order = sorted(faults, key=lambda fault: fault[0] or 0)
        raise ImportRefusedError(name, in_order, done="added", again="import it again")
    return Imported(
        name,
        tuple(found.grown()),
        tuple(found.changes()),
        tuple(found.left_out),
        tuple(found.values),
        tuple(news),
    )


def write_import(root: Path, imported: Imported) -> None:
    """Writes the plans: all of them, or none where one can't be written or has changed meanwhile.

    Raises:
        OkrError: that; everything is as it was before.
    """
    with changing(root) as session:
        write_and_commit(session, imported.changes, "", ())


class _Import:
    """The workspace as it grows, row by row."""

    def __init__(self, workspace: Workspace, cycle: str) -> None:
        self._before = workspace
        self.workspace = workspace
        self.contents: dict[str, bytes] = {}
        self._read: dict[str, bytes | None] = {}
        """What each of these files held when the first row was added to it."""
        self.faults: list[tuple[int | None, Refusal]] = []
        self.lines: dict[str, int] = {}
        """The row of each objective and key result that was added, by its reference."""
        self.left_out: dict[str, None] = {}
        self.values: list[tuple[str, str]] = []
        self._above = _Place(cycle)
        self._failed: set[_Place] = set()
        self._unknown: set[str] = set()
        """Teams and people whom nobody knows, as the table calls them: said at the first row of each."""

    def take(self, row: Row) -> None:
        """Adds what a row says, or notes down why it can't be."""
        try:
            fields = self._fields(row)
            place = self._place(fields)
            # A place that could not be made is at fault once, not in each of its rows.
            if place not in self._failed:
                self._add(place, fields, row.line)
        except OkrError as error:
            self.faults.append(
                (
                    row.line,
                    Refusal(row.line, _as_columns(error.message), error.remedy and _as_columns(error.remedy)),
                )
            )

    def changes(self) -> list[FileChange]:
        """The files, before and after; a schema that a new one names goes first."""
        found: dict[str, FileChange] = {}
        for path, after in self.contents.items():
            before = self._read[path]
            schema = missing_schema(self._before.files, path) if before is None else None
            if schema is not None:
                found.setdefault(schema[0], FileChange(schema[0], None, schema[1]))
            found[path] = FileChange(path, before, after)
        return list(found.values())

    def grown(self) -> list[Grown]:
        """What each plan gets."""
        added: dict[str, list[int]] = {path: [0, 0] for path in self.contents}
        for name in self.lines:
            cycle, owner, *rest = name.split("/")
            added[self._plan(cycle, owner).path][len(rest) - 1] += 1
        return [Grown(path, *counts) for path, counts in added.items()]

    def line_of(self, found: Diagnostic) -> int | None:
        """The row that brought what a finding is about; None where none did."""
        above, row = 0, None
        for name, line in self.lines.items():
            cycle, owner, *_ = name.split("/")
            plan = self._plan(cycle, owner)
            starts = _begins(plan, name) if plan.path == found.finding.path else 0
            if above < starts <= found.finding.place.line:
                above, row = starts, line
        return row

    def _fields(self, row: Row) -> dict[str, str]:
        """What a row says, by column, in words; what it leaves empty is left out."""
        if row.fault is not None:
            raise row.fault
        fields: dict[str, str] = {}
        columns = {key: PLAN_ROWS.column(key) for key in row.fields}
        if list(columns.values()).count("owner") > 1:
            # A sheet with a team and an owner means by the latter whoever is accountable.
            columns |= {key: "accountable" for key in columns if key.strip().casefold() == "owner"}
        for key, value in row.fields.items():
            column = columns[key]
            if column not in COLUMNS:
                self.left_out[key] = None
            elif isinstance(value, (bool, list, dict)):
                raise UsageError(f"`{column}` is neither a text nor a number.", "Write one.")
            elif value is not None and str(value).strip():
                fields[column] = " ".join(str(value).split())
        return fields

    def _place(self, fields: dict[str, str]) -> _Place:
        above = self._above
        cycle = self._before.cycle(fields["cycle"]).name if "cycle" in fields else above.cycle
        owner, fault = fields.get("owner"), None
        try:
            owner = above.owner if owner is None else self._owner(owner, "team")
        except UsageError as error:
            fault = error
        same = (cycle, owner) == (above.cycle, above.owner)
        objective = fields.get("objective", above.objective if same else "")
        self._above = place = _Place(cycle, owner or "", objective)
        if owner in self._unknown:
            self._failed.add(place)
        elif fault is not None and owner is not None:
            self._unknown.add(owner)
        elif not owner:
            fault = UsageError("This row names no team or person.", "Give it in the column `owner`.")
        elif not objective:
            fault = UsageError("This row names no objective.", "Give its title in the column `objective`.")
        if fault is not None and place not in self._failed:
            self._failed.add(place)
            raise fault
        return place

    def _owner(self, typed: str, kind: str) -> str:
        """The id of the team or person that a sheet calls by its id or by its name."""
        workspace = self._before
        if not workspace.owners:
            return typed if is_id(typed) else slug(typed)
        owner = workspace.former_owners.get(typed, typed)
        named = [each for each, it in workspace.owners.items() if it.name.casefold() == typed.casefold()]
        if owner in workspace.owners:
            return owner
        if len(named) == 1:
            return named[0]
        new = slug(typed)
        near = nearest(new, workspace.owners)
        raise UsageError(
            f"{ORG} knows no team or person “{typed[:60]}”",
            f"Did you mean {near[0]}?"
            if near
            else f"`okr new {kind} {new} --name {shlex.quote(typed)}` adds it.",
        )

    def _add(self, place: _Place, fields: dict[str, str], line: int) -> None:
        require_open(self.workspace, place.cycle)
        try:
            objective = self._objective(place, fields, line)
        except OkrError:
            self._failed.add(place)
            raise
        title = fields.get("key_result")
        if title is None:
            return
        there = {each.title.casefold() for each in objective.key_results} | _ids(objective.key_results)
        if title.casefold() in there:
            raise UsageError(
                f"“{objective.title}” has this key result already", "Leave out what is in the plan."
            )
        taken = _ids(objective.key_results)
        taken |= {each.partition("/")[2] for each in self._logged(place)}
        metric = _metric(fields)
        asked = NewKeyResult(
            title, str(objective.reference), metric, id=short_id(title, taken), accountable=self._accountable(fields),
            weight=fields.get("weight"), tags=_listed(fields.get("tags")),
        )  # fmt: skip
        prepared = prepared_key_result(self.workspace, asked, objective)
        self._take_in(prepared, line)
        if fields.get("current", "?").casefold() not in _NOBODY_KNOWS:
            self.values.append((prepared.name, _amount(fields["current"], metric.unit)[0]))

    def _objective(self, place: _Place, fields: dict[str, str], line: int) -> Objective:
        """The objective that a row belongs to: one that is there, or a new one."""
        found = self._known(place)
        if found is not None:
            return found
        plan = self.workspace.plan(place.cycle, place.owner)
        taken = _ids(plan.objectives if plan else ())
        taken |= {each.partition("/")[0] for each in self._logged(place)}
        asked = NewObjective(
            place.objective, place.owner, place.cycle, id=short_id(place.objective, taken), why=fields.get("why"), type=fields.get("type"),
            accountable=None if "key_result" in fields else self._accountable(fields),
            supports=tuple(self._supported(each) for each in _listed(fields.get("supports"), ";")),
            tags=() if "key_result" in fields else _listed(fields.get("tags")),
        )  # fmt: skip
        self._take_in(prepared_objective(self.workspace, asked), line)
        made = self._known(place)
        assert made is not None  # noqa: S101 # it was just put there
        return made

    def _logged(self, place: _Place) -> set[str]:
        return logged_names(self._before, place.cycle, place.owner)

    def _known(self, place: _Place) -> Objective | None:
        plan = self.workspace.plan(place.cycle, place.owner)
        wanted = place.objective.casefold()
        alike = (
            each
            for each in (plan.objectives if plan else ())
            if wanted in {each.title.casefold(), each.definition.id}
        )
        return next(alike, None)

    def _supported(self, typed: str) -> str:
        """A reference, or the title of an objective that the same table brought."""
        for name in self.lines:
            cycle, owner, *rest = name.split("/")
            if len(rest) == 1:
                for each in self._plan(cycle, owner).objectives:
                    if each.title.casefold() == typed.casefold():
                        return str(each.reference)
        return typed

    def _accountable(self, fields: dict[str, str]) -> str | None:
        return self._owner(fields["accountable"], "person") if "accountable" in fields else None

    def _plan(self, cycle: str, owner: str) -> Plan:
        plan = self.workspace.plan(cycle, owner)
        assert plan is not None  # noqa: S101 # something was added to it
        return plan

    def _take_in(self, prepared: Prepared, line: int) -> None:
        after = prepared.after
        if after.path not in self._read:
            document = self.workspace.document(after.path)
            self._read[after.path] = document.content if document else None
        self.contents[after.path] = after.content
        self.lines[prepared.name] = line
        self.workspace = Workspace(
            Overlay(self._before.files, dict(self.contents)),
            as_of=self._before.as_of,
            title=self._before.title,
        )


def _amount(text: str, unit: str | None) -> tuple[str, str | None]:
    """A value that a sheet shows with its currency or its unit, as it may be typed; and the unit, as given or as shown.

    Behind a currency, or where the unit is known, `m` stands for millions; elsewhere it may be metres.
    """
    amount = _AMOUNT.fullmatch(text)
    if amount is None:
        return text, unit
    number, behind, known = amount["number"].strip(), amount["behind"].strip(), unit or amount["before"]
    large = _LARGE.match(behind) if known and behind != unit else None
    if large is not None:
        number, behind = f"{number}{large.lastgroup}", behind[large.end() :]
    return number, known or behind or None


def _begins(plan: Plan, name: str) -> int:
    """The line on which an objective or a key result begins; 0 where the plan has none of that name."""
    for objective in plan.objectives:
        if str(objective.reference) == name:
            return objective.source.place().line
        for key_result in objective.key_results:
            if str(key_result.reference) == name:
                return key_result.source.place().line
    return 0


def _ids(siblings: Iterable[Objective | KeyResult]) -> set[str]:
    """The ids that these have, and those they had."""
    return {name for each in siblings for name in (each.definition.id, *each.definition.formerly)}


def _metric(fields: dict[str, str]) -> Metric:
    """How a row says that its key result is measured."""
    target = fields.get("to", "").casefold()
    milestones = _listed(fields.get("milestones"), ";") or (("done=1",) if target in _DONE else ())
    if milestones:
        return Metric(milestones=milestones)
    typed = {column: fields[column] for column in _NUMBERS if column in fields}
    unit = fields.get("unit")
    for column, text in typed.items():
        if column == "from" and text.casefold() in _NOBODY_KNOWS:
            typed[column] = "unknown"
            continue
        # A spreadsheet shows a number with its currency or its unit: “€61,000”, “12 days”.
        typed[column], unit = _amount(text, unit)
    if "to" in typed and "from" not in typed and "kpi" not in fields:
        typed["from"] = "unknown"
    return Metric(
        fields.get("kpi"), unit, typed.get("from"), typed.get("commit"), typed.get("to"), typed.get("stretch"),
        typed.get("at_least"), typed.get("at_most"),
    )  # fmt: skip


def _listed(text: str | None, sign: str = ",") -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(sign) if each.strip())


def _refusal(found: Diagnostic) -> Refusal:
    return Refusal(None, found.finding.message, found.finding.hint, found.code)


def _as_columns(text: str) -> str:
    """What is said in words of the command line, in those of a table."""
    return _OPTION.sub(lambda found: f"`{found[1].replace('-', '_')}`" if found[1] else found[0], text)
