"""Adding an objective, a key result, a team, a person or a KPI to the file it belongs in; all else there stays.

Nothing is written before the rules have seen the workspace as it would be. What it looks like is the views' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.contents import KeyResult
from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.edits import append_item
from okr.errors import OkrError, UsageError
from okr.files import replace_file, write_new_file
from okr.located import node_at
from okr.model import CycleState
from okr.operations.adding.metrics import Metric, metric_of
from okr.operations.adding.new_files import new_file
from okr.operations.adding.new_ids import check_id, check_org_id, id_among, id_taken, logged_names
from okr.operations.schema_files import missing_schema
from okr.operations.selecting import select
from okr.operations.validation.newly_found import newly_found
from okr.references import is_id, nearest, slug
from okr.rules.engine import diagnose
from okr.sources import Overlay
from okr.workspace import KPIS, ORG, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.contents import Objective
    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.edits import Steps

__all__ = [
    "Addition",
    "AdditionRefused",
    "Metric",
    "Missing",
    "NewKeyResult",
    "NewKpi",
    "NewObjective",
    "NewPerson",
    "NewTeam",
    "add_key_result",
    "add_kpi",
    "add_objective",
    "add_person",
    "add_team",
    "write_addition",
]

PASSED_THROUGH = {"too-few-objectives": "objectives", "too-few-key-results": "key results"}
"""What a plan that is written step by step has wrong on the way, and of what it still has too few."""


class AdditionRefused(OkrError):
    """What was to be added would bring errors into the workspace; nothing was written.

    Attributes:
        diagnostics: those errors, at the places they would stand at.
    """

    def __init__(self, what: str, diagnostics: list[Diagnostic]) -> None:
        count = f"{len(diagnostics)} error{'s' if len(diagnostics) > 1 else ''}"
        super().__init__(
            f"the {what} was not added: it would bring {count} into the workspace",
            "nothing was written; correct the command, then try again",
        )
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class NewObjective:
    """An objective as asked for.

    Attributes:
        owner: the team or person whose plan it goes into.
        cycle: the cycle; None for the current one.
        id: its id; None for one made from the title.
        accountable: the person accountable.
        supports: references as typed; so is `depends_on`.
    """

    title: str
    owner: str
    cycle: str | None = None
    id: str | None = None
    why: str | None = None
    accountable: str | None = None
    type: str | None = None
    supports: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewKeyResult:
    """A key result as asked for.

    Attributes:
        objective: a reference to its objective, as typed.
        metric: how it is measured, as typed.
        cycle: the only cycle in which to look for the objective; None for all.
        id: its id; None for one made from the title.
        accountable: the person accountable.
        weight: a number, as typed.
        depends_on: references as typed.
    """

    title: str
    objective: str
    metric: Metric
    cycle: str | None = None
    id: str | None = None
    accountable: str | None = None
    weight: str | None = None
    tags: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team as asked for."""

    id: str
    name: str | None = None
    parent: str | None = None
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as asked for."""

    id: str
    name: str | None = None
    email: tuple[str, ...] = ()
    team: str | None = None


@dataclass(frozen=True, slots=True)
class NewKpi:
    """A KPI as asked for; its bounds are numbers as typed."""

    id: str
    name: str
    unit: str | None = None
    owner: str | None = None
    why: str | None = None
    at_least: str | None = None
    at_most: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What a plan under way still lacks.

    Attributes:
        code: the rule that reports it until then.
        severity: how it reports it.
        what: `objectives` of the plan, or `key results` of the objective.
        needed: the number that has to be reached.
    """

    code: str
    severity: Severity
    what: str
    needed: int


@dataclass(frozen=True, slots=True)
class Addition:
    """Something added, or ready to be: one file's bytes before and after.

    Attributes:
        kind: what it is: `objective`, `key result`, `team`, `person` or `KPI`.
        name: its full reference, or its id.
        path: the file, relative to the workspace's root.
        line: where in the file it begins, from 1.
        before: the file's bytes; None where it is new.
        after: its new bytes.
        notes: what the rules newly remark without its being an error.
        missing: of what there are still too few: a plan is written step by step.
        schema: the path and content of the schema that a new file's first line names, where it is to be made as well.
    """

    kind: str
    name: str
    path: str
    line: int
    before: bytes | None
    after: bytes
    notes: tuple[Diagnostic, ...]
    missing: tuple[Missing, ...] = ()
    schema: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An objective or a key result put into its plan, before the rules have looked at it.

    Attributes:
        name: its full reference.
        before: the plan as it was.
        after: the plan with it.
        steps: the list in the plan that it is the last of.
    """

    name: str
    before: Document
    after: Document
    steps: Steps


def add_objective(workspace: Workspace, new: NewObjective) -> Addition:
    """Prepares a new objective at the end of its owner's plan, which is made where there is none.

    Raises:
        UsageError: the owner, a reference, the id or the type can't be what was typed.
        AdditionRefused: the rules find new errors in the workspace as it would be.
        OkrError: there is no such cycle, it is closed, or the file can't be changed safely.
    """
    made = prepared_objective(workspace, new)
    return _addition(workspace, "objective", made.name, made.before, made.after, made.steps)


def prepared_objective(workspace: Workspace, new: NewObjective) -> Prepared:
    """The same, without asking the rules.

    Raises:
        UsageError: the owner, a reference or the id can't be what was typed.
        OkrError: there is no such cycle, it is closed, or the file can't be changed safely.
    """
    cycle = workspace.cycle(new.cycle).name if new.cycle else workspace.current_cycle.name
    require_open(workspace, cycle)
    owner = _owner(workspace, new.owner)
    plan = workspace.plan(cycle, owner)
    siblings = plan.objectives if plan else ()
    logged = {name.partition("/")[0] for name in logged_names(workspace, cycle, owner)}
    name = id_among(siblings, new.id, new.title, logged)
    item = _without_none(
        id=name, title=new.title, why=new.why, owner=new.accountable, type=new.type,
        supports=_references(workspace, new.supports, cycle),
        depends_on=_references(workspace, new.depends_on, cycle), tags=list(new.tags),
    )  # fmt: skip
    path = plan.path if plan else f"{workspace.plans_folder(cycle)}/{owner}.yaml"
    document = plan.document if plan else new_file(workspace, path, "plan", owner=owner, cycle=cycle)
    after = append_item(document, ("objectives",), item, gap=1)
    return Prepared(f"{cycle}/{owner}/{name}", document, after, ("objectives",))


def add_key_result(workspace: Workspace, new: NewKeyResult) -> Addition:
    """Prepares a new key result at the end of its objective.

    Raises:
        UsageError: a reference, a number, a milestone or the id can't be what was typed.
        AdditionRefused: the rules find new errors in the workspace as it would be.
        OkrError: the cycle is closed, or the file can't be changed safely.
    """
    found = select(workspace, new.objective, cycle=new.cycle)
    if isinstance(found, KeyResult):
        parent = found.reference.parent
        raise UsageError(f"“{new.objective}” is a key result", f"name its objective: --objective {parent}")
    made = prepared_key_result(workspace, new, found)
    return _addition(workspace, "key result", made.name, made.before, made.after, made.steps)


def prepared_key_result(workspace: Workspace, new: NewKeyResult, found: Objective) -> Prepared:
    """The same for an objective that has been found, without asking the rules.

    Raises:
        UsageError: a reference, a number, a milestone or the id can't be what was typed.
        OkrError: the cycle is closed, or the file can't be changed safely.
    """
    cycle = found.reference.cycle
    require_open(workspace, cycle)
    _require_metric(new.metric)
    language = workspace.settings.language
    metric, weight = metric_of(new.metric, language), metric_of(Metric(weight=new.weight), language)
    prefix = f"{found.definition.id}/"
    logged = {
        name.removeprefix(prefix)
        for name in logged_names(workspace, cycle, found.reference.owner)
        if name.startswith(prefix)
    }
    name = id_among(found.key_results, new.id, new.title, logged)
    item = _without_none(
        id=name, title=new.title, owner=new.accountable, **metric, **weight,
        depends_on=_references(workspace, new.depends_on, cycle), tags=list(new.tags),
    )  # fmt: skip
    steps = _steps_to(found)
    document = found.source.document
    after = append_item(document, steps, item)
    return Prepared(f"{found.reference}/{name}", document, after, steps)


def add_team(workspace: Workspace, new: NewTeam) -> Addition:
    """Prepares a new team at the end of org.yaml's.

    Raises:
        UsageError: the id is none, or is taken.
        AdditionRefused: the rules find new errors in the workspace as it would be.
        OkrError: the file can't be changed safely.
    """
    check_org_id(workspace, new.id, "team")
    item = _without_none(id=new.id, name=new.name, parent=new.parent, lead=new.lead)
    return _add_to(workspace, ORG, "team", "teams", item, flow=True)


def add_person(workspace: Workspace, new: NewPerson) -> Addition:
    """Prepares a new person at the end of org.yaml's.

    Raises:
        UsageError: the id is none, or is taken.
        AdditionRefused: the rules find new errors in the workspace as it would be.
        OkrError: the file can't be changed safely.
    """
    check_org_id(workspace, new.id, "person")
    email: object = new.email[0] if len(new.email) == 1 else list(new.email)
    item = _without_none(id=new.id, name=new.name, email=email, team=new.team)
    return _add_to(workspace, ORG, "person", "people", item, flow=True)


def add_kpi(workspace: Workspace, new: NewKpi) -> Addition:
    """Prepares a new KPI at the end of kpis.yaml.

    Raises:
        UsageError: the id is none or is taken, or a bound is no number.
        AdditionRefused: the rules find new errors in the workspace as it would be.
        OkrError: the file can't be changed safely.
    """
    taken = {
        name: each for each in workspace.kpis for name in (each.definition.id, *each.definition.formerly)
    }
    check_id(new.id, "KPI")
    if new.id in taken:
        raise id_taken(new.id, "KPI", taken[new.id].source.path, taken[new.id].source.place().line)
    bounds = metric_of(
        Metric(unit=new.unit, at_least=new.at_least, at_most=new.at_most), workspace.settings.language
    )
    unit = bounds.pop("unit", None)
    item = _without_none(id=new.id, name=new.name, unit=unit, owner=new.owner, why=new.why, **bounds)
    return _add_to(workspace, KPIS, "KPI", "kpis", item, flow=False)


def write_addition(root: Path, addition: Addition) -> None:
    """Writes what was prepared, unless the file has changed since.

    Raises:
        OkrError: the file has changed meanwhile, or can't be written; it is as it was.
    """
    from okr.operations.committing import changing

    with changing(root):
        if addition.schema is not None:
            path, content = addition.schema
            write_new_file(root / path, content, root=root)
        replace_file(root / addition.path, addition.after, expected=addition.before, root=root)


def _add_to(
    workspace: Workspace, path: str, kind: str, key: str, item: dict[str, Any], *, flow: bool
) -> Addition:
    document = workspace.document(path) or new_file(workspace, path, path)
    after = append_item(document, (key,), item, flow=flow)
    return _addition(workspace, kind, item["id"], document, after, (key,))


def _addition(
    workspace: Workspace, kind: str, name: str, before: Document, after: Document, steps: Steps
) -> Addition:
    """The addition, once the rules have looked at it."""
    path, content = after.path, after.content
    would_be = Workspace(
        Overlay(workspace.files, {path: content}), as_of=workspace.as_of, title=workspace.title
    )
    found = newly_found(diagnose(workspace), diagnose(would_be), {path})
    refused = [each for each in found if each.severity is Severity.ERROR and each.name not in PASSED_THROUGH]
    if refused:
        raise AdditionRefused(kind, refused)
    existing = workspace.document(path)
    line = node_at(after.root, steps).items_at[-1].line
    notes = tuple(each for each in found if each.name not in PASSED_THROUGH)
    missing = tuple(_missing(workspace, each) for each in found if each.name in PASSED_THROUGH)
    schema = None if existing else missing_schema(workspace.files, path)
    old = before.content if existing else None
    return Addition(kind, name, path, line, old, content, notes, missing, schema)


def _missing(workspace: Workspace, found: Diagnostic) -> Missing:
    what, limits = PASSED_THROUGH[found.name], workspace.settings.limits
    limit = limits.objectives if what == "objectives" else limits.key_results
    return Missing(found.code, found.severity, what, limit.min)


def require_open(workspace: Workspace, cycle: str) -> None:
    """Refuses to add to the plans of a closed cycle."""
    if workspace.state(cycle) is CycleState.CLOSED:
        raise OkrError(
            f"the cycle {cycle} is closed: its plans are the record of what was aimed at",
            f"name another one with --cycle, or open it again: `okr cycle reopen {cycle}`",
        )


def _owner(workspace: Workspace, typed: str) -> str:
    """The owner's present id."""
    owner = workspace.former_owners.get(typed, typed)
    if owner in workspace.owners or (not workspace.owners and is_id(owner)):
        return owner
    if not workspace.owners:
        raise UsageError(
            f"--owner: “{typed[:60]}” is no id", f"write it with lower-case letters: {slug(typed)}"
        )
    near = nearest(typed, workspace.owners)
    others = f"did you mean {near[0]}?" if near else f"there are {', '.join(workspace.owners)}"
    raise UsageError(
        f"--owner: {ORG} knows no team or person “{typed[:60]}”",
        f"{others} (`okr new team` and `okr new person` add others)",
    )


def _require_metric(metric: Metric) -> None:
    """Says what is missing in the words of the command line, where the rules would say it in those of a plan."""
    if not metric.says_something:
        raise UsageError(
            "nothing says how the key result is measured",
            "say it with --from and --to, with --at-least or --at-most, with --milestone, or with --kpi",
        )
    if metric.target and metric.start is None and metric.kpi is None:
        raise UsageError(
            "--to says where to, but not from where",
            "add --from N; `--from unknown` is fine while the cycle is being planned",
        )


def _references(workspace: Workspace, typed: tuple[str, ...], cycle: str) -> object:
    """References as the file of a cycle writes them: whole, without the file's own cycle; one alone without a list."""
    written: list[str] = []
    for each in typed:
        reference = select(workspace, each).reference
        written.append("/".join(reference.segments[1:] if reference.cycle == cycle else reference.segments))
    return written[0] if len(written) == 1 else written


def _steps_to(objective: Objective) -> Steps:
    """Where an objective's key results stand in its file."""
    places = [getattr(each, "place", None) for each in objective.source.document.root["objectives"]]
    return ("objectives", places.index(objective.source.data.place), "key_results")


def _without_none(**values: object) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and value != []}
