"""What rules on references share: what a file mentions though it could not be read, and what may have been meant.

No rules here. Whatever stands in a damaged part is taken to exist: a finding on that part says all there is to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from okr.contents import KeyResult
from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping
from okr.model import quoted
from okr.references import Reference, is_id, nearest
from okr.workspace import KPIS, ORG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okr.contents import Located, Log, Plan, Record, Source
    from okr.diagnostics import Finding
    from okr.model import Kpi, Person, Team
    from okr.workspace import Workspace

_SUGGESTIONS = 3
_MOST_COMPARED = 500_000
"""Candidates that are looked at for one workspace; whoever has so many mistakes corrects the first ones first."""
_EACH_TIME = 100
"""Added for each time, as looking takes time by itself."""
_MOST_LISTED = 5
_KEYS = {"team": "teams", "person": "people"}


_compared: WeakKeyDictionary[Workspace, int] = WeakKeyDictionary()
"""How many candidates have been looked at for a workspace's findings."""


def did_you_mean(
    text: str,
    candidates: Callable[[], Iterable[str]],
    *,
    otherwise: str,
    within: Workspace | None = None,
) -> str:
    """The nearest things that may have been meant, as a hint; another hint where nothing is near.

    Args:
        text: what stands there.
        candidates: gives what may have been meant.
        otherwise: the other hint.
        within: the workspace in which this is asked, where it may be asked very often: then it takes bounded time.
    """
    if within is not None and _compared.get(within, 0) > _MOST_COMPARED:
        return otherwise
    known = list(candidates())
    if within is not None:
        _compared[within] = _compared.get(within, 0) + len(known) + _EACH_TIME
    near = nearest(text, known, limit=_SUGGESTIONS)
    if not near:
        return otherwise
    listed = near[0] if len(near) == 1 else f"{', '.join(near[:-1])} or {near[-1]}"
    return f"did you mean {listed}?"


def names_compared(workspace: Workspace) -> int:
    """How many candidates have been looked at for a workspace's findings."""
    return _compared.get(workspace, 0)


def forget_compared(workspace: Workspace) -> None:
    """Begins anew, for a workspace that is judged again."""
    _compared.pop(workspace, None)


def compared_in_full(count: int) -> bool:
    """Whether so many candidates are few enough to be looked at for every finding, in whatever order."""
    return count <= _MOST_COMPARED


def listed(names: Sequence[str]) -> str:
    """Some names as a sentence lists them; `…` stands for the rest."""
    return ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")


def and_more(count: int) -> str:
    """What a message adds where it stands for several lines that have the same cause."""
    more = count - 1
    return "" if more < 1 else f"; {more} more line{'s name' if more > 1 else ' names'} it too"


def is_known_owners_log(log: Log) -> bool:
    """Whether a log is an owner's, under a name that an owner can have; a finding says so of any other name."""
    return is_id(log.owner)


def key_results_named(log: Log, workspace: Workspace) -> dict[str, KeyResult | None]:
    """Each key result that an owner's log names, as it is written there; None for what its plan does not have."""
    table = log.document.table
    lines = table.subjects if table else (record.definition.kr for record in log.records)
    named = dict.fromkeys(lines)
    return {text: _key_result(log, text, workspace) for text in named if text is not None}


def subject_finder(log: Log, workspace: Workspace) -> Callable[[Record], str | None]:
    """What tells which key result or KPI a record is about, by its present id; None for an unknown one."""
    if not log.owner:
        kpis = {record.definition.kpi: None for record in log.records}
        present = {name: kpi.definition.id for name in kpis if name and (kpi := workspace.kpi(name))}
        return lambda record: present.get(record.definition.kpi or "")
    found = {
        text: key_result.reference.within_log
        for each in workspace.owner_logs(log.cycle, log.owner)
        for text, key_result in key_results_named(each, workspace).items()
        if key_result is not None
    }
    return lambda record: found.get(record.definition.kr or "")


def plan_may_have(plan: Plan, text: str, workspace: Workspace) -> bool:
    """Whether a plan has a key result `brand/visits` somewhere that could not be read, or may have it there."""
    objective, _, key_result = text.partition("/")
    root = plan.document.root
    objectives = root.get("objectives") if isinstance(root, LocatedMapping) else None
    if not plan.document.readable or not isinstance(objectives, LocatedList):
        return True
    known = _names_in(objectives, workspace)
    if (key_result and text in plan.mentioned) or not known.all_told:
        return True
    return objective in known.bearers and _list_may_have(
        known.bearers[objective], "key_results", key_result, workspace
    )


def org_may_have(workspace: Workspace, name: str, *keys: str) -> bool:
    """Whether org.yaml has this id among its `teams` or `people`, read or not, now or formerly."""
    known = workspace.owners.get(workspace.former_owners.get(name, name))
    if known is not None and (not keys or _KEYS[known.kind] in keys):
        return True
    return _file_may_have(workspace, ORG, keys or ("teams", "people"), name)


def kpis_may_have(workspace: Workspace, name: str) -> bool:
    """Whether kpis.yaml has this id, read or not, now or formerly; or whether it stands under another name."""
    return KPIS in workspace.strays.names or _file_may_have(workspace, KPIS, ("kpis",), name)


def _key_result(log: Log, text: str, workspace: Workspace) -> KeyResult | None:
    objective, _, key_result = text.partition("/")
    if not key_result:
        return None
    found = workspace.find(Reference(log.cycle, log.owner, objective, key_result))
    return found if isinstance(found, KeyResult) else None


def _file_may_have(workspace: Workspace, path: str, keys: Iterable[str], name: str) -> bool:
    document = workspace.document(path)
    if document is None:
        return False
    if not document.readable:
        return True
    if not isinstance(document.root, LocatedMapping):
        return document.root is not None
    return any(_list_may_have(document.root, key, name, workspace) for key in keys)


def _list_may_have(holder: object, key: str, name: str, workspace: Workspace) -> bool:
    if not isinstance(holder, LocatedMapping) or key not in holder.keys_at:
        return False
    items = holder.get(key)
    if not isinstance(items, LocatedList):
        return True
    known = _names_in(items, workspace)
    return name in known.bearers or not known.all_told


@dataclass(frozen=True, slots=True)
class _Names:
    """The ids in a list of a file.

    Attributes:
        bearers: each id, present or former, with the first item that has or had it.
        all_told: whether each item has an id, and another one than those before: else one of them may be anything.
    """

    bearers: dict[str, object]
    all_told: bool


_names: WeakKeyDictionary[Workspace, dict[int, tuple[LocatedList, _Names]]] = WeakKeyDictionary()
"""What is known of a workspace's lists, by their identity: each is kept, so that no other one can have it."""


def _names_in(items: LocatedList, workspace: Workspace) -> _Names:
    known = _names.setdefault(workspace, {})
    if id(items) not in known:
        bearers: dict[str, object] = {}
        all_told, present = True, set()
        for item in items:
            written = item.get("id") if isinstance(item, LocatedMapping) else None
            if not isinstance(item, LocatedMapping) or not isinstance(written, (str, int)):
                all_told = False
                continue
            all_told &= is_id(str(written)) and str(written) not in present
            present.add(str(written))
            former = item.get("formerly")
            for name in (written, *(former if isinstance(former, list) else (former,))):
                bearers.setdefault(str(name), item)
        known[id(items)] = (items, _Names(bearers, all_told))
    return known[id(items)][1]


def repeated_ids(
    items: Iterable[tuple[str, Located[Team] | Located[Person] | Located[Kpi]]],
) -> Iterator[Finding]:
    """What bears an id that something above it, or something with a present id, bears or bore.

    Args:
        items: things that share one name space, in the order of their file, each with what kind of thing it is.
    """
    taken: dict[str, tuple[str, Source]] = {}
    first: list[tuple[str, Located[Team] | Located[Person] | Located[Kpi]]] = []
    for what, item in items:
        name = item.definition.id
        if name in taken:  # whatever else it says twice follows from that
            yield item.source.finding(_taken(name, *taken[name]), key="id")
        else:
            taken[name] = (what, item.source)
            first.append((what, item))
    for what, item in first:
        for index, name in enumerate(item.definition.formerly):
            bearer = taken.setdefault(name, (what, item.source))
            if bearer[1] is not item.source or name == item.definition.id:
                hint = "`formerly` is for ids that nothing else bears: remove it there, or correct it"
                yield item.source.finding(_taken(name, *bearer), key="formerly", item=index, hint=hint)


def _taken(name: str, what: str, source: Source) -> str:
    return f"the id {quoted(name)} is taken: {what} on line {source.place().line} has it"
