"""What rules on references share: what a file mentions though it could not be read, and what may have been meant.

No rules here. Whatever stands in a damaged part is taken to exist: a finding on that part says all there is to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.documents import LocatedList, LocatedMapping
from okr.model import quoted
from okr.references import Reference, is_id, nearest
from okr.workspace import KPIS, ORG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okr.contents import Located, Log, Plan, Record, Source
    from okr.diagnostics import Finding
    from okr.documents import Document
    from okr.model import Kpi, Person, Team
    from okr.workspace import Workspace

_SUGGESTIONS = 3
_KEYS = {"team": "teams", "person": "people"}


def did_you_mean(text: str, candidates: Iterable[str], *, otherwise: str) -> str:
    """The nearest things that may have been meant, as a hint; another hint where nothing is near."""
    near = nearest(text, candidates, limit=_SUGGESTIONS)
    if not near:
        return otherwise
    listed = near[0] if len(near) == 1 else f"{', '.join(near[:-1])} or {near[-1]}"
    return f"did you mean {listed}?"


def and_more(count: int) -> str:
    """What a message adds where it stands for several lines that have the same cause."""
    more = count - 1
    return "" if more < 1 else f"; {more} more line{'s name' if more > 1 else ' names'} it too"


def is_known_owners_log(log: Log) -> bool:
    """Whether a log is an owner's, under a name that an owner can have; a finding says so of any other name."""
    return is_id(log.owner)


def key_results_named(log: Log, workspace: Workspace) -> dict[str, KeyResult | None]:
    """Each key result that an owner's log names, as it is written there; None for what its plan does not have."""
    named = dict.fromkeys(record.definition.kr for record in log.records)
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


def plan_may_have(plan: Plan, text: str) -> bool:
    """Whether a plan has a key result `brand/visits` somewhere that could not be read, or may have it there."""
    objective, _, key_result = text.partition("/")
    root = plan.document.root
    objectives = root.get("objectives") if isinstance(root, LocatedMapping) else None
    if not plan.document.readable or not isinstance(objectives, LocatedList):
        return True
    if (key_result and text in plan.mentioned) or not _all_told(objectives):
        return True
    return any(
        objective in (ids or ()) and _list_may_have(item, "key_results", key_result)
        for item, ids in _with_ids(objectives)
    )


def org_may_have(workspace: Workspace, name: str, *keys: str) -> bool:
    """Whether org.yaml has this id among its `teams` or `people`, read or not, now or formerly."""
    known = workspace.owners.get(workspace.former_owners.get(name, name))
    if known is not None and (not keys or _KEYS[known.kind] in keys):
        return True
    return _file_may_have(workspace.document(ORG), keys or ("teams", "people"), name)


def kpis_may_have(workspace: Workspace, name: str) -> bool:
    """Whether kpis.yaml has this id, read or not, now or formerly; or whether it stands under another name."""
    return KPIS in workspace.strays.names or _file_may_have(workspace.document(KPIS), ("kpis",), name)


def _key_result(log: Log, text: str, workspace: Workspace) -> KeyResult | None:
    objective, _, key_result = text.partition("/")
    if not key_result:
        return None
    found = workspace.find(Reference(log.cycle, log.owner, objective, key_result))
    return found if isinstance(found, KeyResult) else None


def _file_may_have(document: Document | None, keys: Iterable[str], name: str) -> bool:
    if document is None:
        return False
    if not document.readable:
        return True
    if not isinstance(document.root, LocatedMapping):
        return document.root is not None
    return any(_list_may_have(document.root, key, name) for key in keys)


def _list_may_have(holder: object, key: str, name: str) -> bool:
    if not isinstance(holder, LocatedMapping) or key not in holder.keys_at:
        return False
    items = holder.get(key)
    return not isinstance(items, LocatedList) or name in _ids_of(items) or not _all_told(items)


def _all_told(items: LocatedList) -> bool:
    """Whether each item has an id, and another one than those before: else one of them may be anything."""
    ids = [ids for _, ids in _with_ids(items)]
    return None not in ids and not has_repeated_ids(items)


def has_repeated_ids(items: Iterable[object]) -> bool:
    """Whether two items of a list bear one id: then what names the one may mean the other."""
    names = [item.get("id") for item in items if isinstance(item, LocatedMapping)]
    return len(set(map(str, names))) < len(names)


def _ids_of(items: LocatedList) -> set[str]:
    return {name for _, ids in _with_ids(items) for name in ids or ()}


def _with_ids(items: LocatedList) -> Iterator[tuple[object, set[str] | None]]:
    """Each item with the ids it has and had, or with None where it has none that could be read."""
    for item in items:
        known = item.get("id") if isinstance(item, LocatedMapping) else None
        if not isinstance(item, LocatedMapping) or not isinstance(known, (str, int)) or not is_id(str(known)):
            yield item, None
        else:
            former = item.get("formerly")
            yield item, {str(known), *map(str, former if isinstance(former, list) else [former])}


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
