"""Making a key result of a KPI that has left its bounds: what it would say, and adding it to an objective.

The key result draws on the KPI, from its last value to the bound; adding it is `adding.py`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.contents import Objective
from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.model import CycleState
from okr.operations.adding.adding import Metric, NewKeyResult, add_key_result
from okr.operations.adding.metrics import metric_of
from okr.operations.kpis import Health, cycles_of_today, standing_of
from okr.operations.selecting import KPI_PREFIX, named_kpi, select
from okr.quantities import format_amount, plain_number

if TYPE_CHECKING:
    from okr.model import Kpi
    from okr.operations.adding.adding import Addition
    from okr.operations.kpis import KpiStanding
    from okr.quantities import Language
    from okr.workspace import Workspace

_TITLES = {
    "en": {"at_least": "{}: at least {}", "at_most": "{}: at most {}", "to": "{}: {}"},
    "fr": {"at_least": "{} : au moins {}", "at_most": "{} : au plus {}", "to": "{} : {}"},
}
"""By the language of the workspace's words: the KPI's name, and where it is to get."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the key result; None leaves it to the KPI.

    Attributes:
        target: where it is to get, as typed.
        title: its title.
        id: its id.
        accountable: the person accountable.
        weight: a number, as typed.
    """

    target: str | None = None
    title: str | None = None
    id: str | None = None
    accountable: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A key result made of a KPI.

    Attributes:
        standing: how the KPI stands.
        title: its title.
        metric: how it is measured, as typed on a command line.
        accountable: the person accountable; None leaves it to the objective.
        keys: what a plan would say of it, in that order.
        objectives: references to those that it may go into, of the cycles of today: where the KPI's owner has a plan,
            or is accountable for some, these.
    """

    standing: KpiStanding
    title: str
    metric: Metric
    accountable: str | None
    keys: dict[str, Any]
    objectives: tuple[str, ...]


def draft(workspace: Workspace, kpi: str, wanted: Wanted) -> Draft:
    """What a key result made of a KPI would say; writes nothing.

    Args:
        workspace: where.
        kpi: its id, or `kpis/ID`.
        wanted: what is asked of the key result; without a target, that is the bound that the KPI lies outside of.

    Raises:
        UsageError: there is no such KPI, or the target is none.
        OkrError: it does not lie outside its bounds, and no target is asked for.
    """
    found = named_kpi(workspace, f"{KPI_PREFIX}{kpi.strip().removeprefix(KPI_PREFIX)}")
    if found is None:  # with the prefix it is one, or an error
        raise AssertionError
    standing, language = standing_of(workspace, found.definition), workspace.settings.language
    key, target = ("to", wanted.target) if wanted.target is not None else _broken_bound(standing, language)
    start = None if standing.latest is None else _typed(standing.latest)
    metric = Metric(kpi=found.definition.id, start=start, target=target)
    said = metric_of(metric, language)
    title = wanted.title or _title(found.definition, key, said["to"], language)
    accountable = wanted.accountable or _person(workspace, found.definition.owner)
    keys = {"id": wanted.id or found.definition.id, "title": title, "owner": accountable, **said}
    return Draft(
        standing, title, metric, accountable,
        {name: value for name, value in keys.items() if value is not None},
        _objectives(workspace, found.definition.owner),
    )  # fmt: skip


def promote(workspace: Workspace, kpi: str, objective: str, wanted: Wanted, cycle: str | None) -> Addition:
    """Prepares the key result at the end of an objective, as `add_key_result` does.

    Its id is the KPI's, where nothing there has that.

    Raises:
        UsageError: as for `draft`, or the objective can't be what was typed.
        OkrError: as for `draft`, or the key result can't be added.
    """
    made = draft(workspace, kpi, wanted)
    name = wanted.id
    if name is None:
        parent = select(workspace, objective, cycle=cycle)
        name = made.standing.kpi.id if _is_free(workspace, parent, made.standing.kpi.id) else None
    asked = NewKeyResult(made.title, objective, made.metric, cycle, name, made.accountable, wanted.weight)
    return add_key_result(workspace, asked)


def _broken_bound(standing: KpiStanding, language: Language) -> tuple[str, str]:
    """The key of the bound that a KPI lies outside of, and the bound as it would be typed.

    Raises:
        OkrError: there is none.
    """
    kpi, latest = standing.kpi, standing.latest
    name = f"{KPI_PREFIX}{kpi.id}"
    if standing.health is Health.UNMEASURED:
        raise OkrError(
            f"{name} has never been measured, so that nobody knows whether it keeps within its bounds.",
            f"`okr kpi record {kpi.id} VALUE` measures it; `--to` names a target all the same.",
        )
    if standing.health is Health.UNBOUNDED:
        raise OkrError(f"{name} has no bounds that it could have left.", "Name a target with `--to`.")
    if latest is None or standing.health is Health.WITHIN:
        value = format_amount(latest or 0, kpi.unit, language)
        raise OkrError(
            f"{name} is within its bounds: {value}.",
            "To make a key result of it all the same, name a target with `--to`.",
        )
    if kpi.at_least is not None and latest < kpi.at_least:
        return "at_least", _typed(kpi.at_least)
    return "at_most", _typed(kpi.at_most or 0)


def _typed(number: float) -> str:
    """A number as it may be typed, whatever its sign."""
    return f"={plain_number(int(number) if float(number).is_integer() else number)}"


def _title(kpi: Kpi, key: str, target: object, language: Language) -> str:
    """`Customers lost in the month: at most 3%`."""
    words = format_amount(target, kpi.unit, language) if isinstance(target, (int, float)) else str(target)
    return _TITLES[language][key].format(kpi.name, words)


def _person(workspace: Workspace, owner: str | None) -> str | None:
    """The KPI's owner where that is a person: teams are not accountable."""
    present = None if owner is None else workspace.owner(workspace.former_owners.get(owner, owner))
    return present.id if present is not None and present.kind == "person" else None


def _objectives(workspace: Workspace, owner: str | None) -> tuple[str, ...]:
    whose = None if owner is None else workspace.former_owners.get(owner, owner)
    every = [
        objective
        for cycle in cycles_of_today(workspace)
        if workspace.state(cycle.name) is not CycleState.CLOSED
        for plan in workspace.plans(cycle.name)
        for objective in plan.objectives
    ]
    theirs = [
        each for each in every if whose is not None and whose in {each.reference.owner, each.accountable}
    ]
    return tuple(str(each.reference) for each in theirs or every)


def _is_free(workspace: Workspace, parent: object, name: str) -> bool:
    """Whether nothing in an objective, or in its owner's log, has ever had an id."""
    if not isinstance(parent, Objective):
        return False
    taken = {id_ for each in parent.key_results for id_ in (each.definition.id, *each.definition.formerly)}
    reference = parent.reference
    logs = workspace.owner_logs(reference.cycle, reference.owner)
    logged = {record.definition.kr for log in logs for record in log.records}
    return name not in taken and f"{reference.objective}/{name}" not in logged
