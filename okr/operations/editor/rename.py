"""A new id for an objective, a key result, a team, a person or a KPI: the changes of all files that it takes.

The old id is kept in `formerly`, so that logs and closed plans, which are never rewritten, stay true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.cycles import canonical_name, looks_standard
from okr.dataclass import dataclass
from okr.documents import read_document
from okr.edit_text import Edit, SourceText
from okr.edits import apply, set_key
from okr.errors import OkrError, UsageError
from okr.located import node_at
from okr.model import LONGEST_ID, CycleState, quoted
from okr.operations.editor.cursor import model_at, steps_at
from okr.operations.editor.things import Kind, Role, Thing, definition_of, mentions_of, owner_and_cycle
from okr.operations.formatting import is_log, shape_of
from okr.references import is_id, slug
from okr.workspace import CYCLE_FACTS, PLANS
from okr.yaml_writing import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.documents import Document
    from okr.edits import Steps
    from okr.operations.editor.things import Mention
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file as a new id leaves it.

    Attributes:
        document: the file as it is.
        after: its text afterwards, without a byte order mark.
    """

    document: Document
    after: str


def rename(workspace: Workspace, thing: Thing, new: str) -> tuple[Renamed, ...]:
    """Prepares a new id; writes nothing.

    Args:
        workspace: all files.
        thing: what gets the id.
        new: the id.

    Returns:
        The files that change: the one that defines the thing, and those that refer to it. Logs and the plans of closed
        cycles stay as they are.

    Raises:
        UsageError: that is no id, or another thing has it or had it.
        OkrError: no file defines the thing, it belongs to a closed cycle, or a file can't be changed safely.
    """
    defined = definition_of(workspace, thing)
    document = None if defined is None else workspace.document(defined[0])
    if defined is None or document is None:
        raise OkrError(f"no file defines the {thing.kind} {thing.name}", "define it first")
    _check(workspace, thing, new)
    if new == thing.id:
        return ()
    path, place = defined
    edits: dict[str, list[Edit]] = {}
    for mention in mentions_of(workspace, thing):
        if mention.role is Role.REFERENCE and _may_change(workspace, mention.path):
            edits.setdefault(mention.path, []).append(
                _referring(_document(workspace, mention.path), mention, new)
            )
    own = SourceText(document)
    spelled = scalar(new, flow=True)
    edits.setdefault(path, []).append(
        Edit(own.start_of(place), own.offset(place.end_line, place.end_column), spelled)
    )
    found = steps_at(document.root, place.line, place.column)
    steps = found[0][:-1] if found else ()
    changed = []
    for name, several in sorted(edits.items()):
        before = _document(workspace, name)
        after = apply(before, several)
        if name == path:
            after = _with_former(read_document(name, after.encode()), steps, thing.id, new).text
        changed.append(Renamed(before, after))
    return tuple(changed)


def _check(workspace: Workspace, thing: Thing, new: str) -> None:
    if not is_id(new) or len(new) > LONGEST_ID:
        raise UsageError(
            f"{quoted(new)} is no id: ids have lower-case letters, digits and hyphens", f"such as {slug(new)}"
        )
    if thing.kind in {Kind.OBJECTIVE, Kind.KEY_RESULT} and (
        workspace.state(thing.reference.cycle) is CycleState.CLOSED
    ):
        raise OkrError(
            f"the cycle {thing.reference.cycle} is closed: its plans are the record of what was aimed at",
            "leave the id as it is; in a plan of another cycle it may differ",
        )
    if thing.kind is Kind.OWNER and (looks_standard(canonical_name(new)) or f"{new}.yaml" == CYCLE_FACTS):
        raise UsageError(f"the id {new} reads like a cycle", "choose another one for a team or a person")
    if new in _taken(workspace, thing):
        raise UsageError(
            f"the id {new} is, or was, another {thing.kind}'s", "choose another one: an id is never reused"
        )


def _taken(workspace: Workspace, thing: Thing) -> set[str]:
    """The ids that others of the kind have or had beside it; those that only it had are its own."""
    if thing.kind is Kind.KPI:
        return {
            name
            for each in workspace.kpis
            if each.definition.id != thing.name
            for name in (each.definition.id, *each.definition.formerly)
        }
    if thing.kind is Kind.OWNER:
        listed = [(each.definition.id, each.definition.formerly) for each in workspace.teams]
        listed += [(each.definition.id, each.definition.formerly) for each in workspace.people]
        return {name for own, former in listed if own != thing.name for name in (own, *former)}
    return set(_taken_beside(workspace, thing))


def _taken_beside(workspace: Workspace, thing: Thing) -> Iterator[str]:
    """The same among siblings in a plan; and what its log names that no sibling bears any more."""
    reference = thing.reference
    found = workspace.find(reference)
    plan = workspace.plan(reference.cycle, reference.owner)
    siblings: tuple[Objective, ...] | tuple[KeyResult, ...] = plan.objectives if plan else ()
    prefix = ""
    if reference.key_result is not None:
        objective = workspace.find(reference.parent or reference)
        siblings = objective.key_results if isinstance(objective, Objective) else ()
        prefix = f"{reference.objective}/"
    for each in siblings:
        if each is not found:
            yield from (each.definition.id, *each.definition.formerly)
    own = {found.definition.id, *found.definition.formerly} if found else set()
    for log in workspace.owner_logs(reference.cycle, reference.owner):
        for record in log.records:
            named = record.definition.kr or ""
            if named.startswith(prefix):
                yield from {named.removeprefix(prefix).partition("/")[0]} - own


def _may_change(workspace: Workspace, path: str) -> bool:
    """Whether a reference in a file is rewritten: not in logs, and not in plans that are a record by now."""
    whose = owner_and_cycle(workspace, path) if path.startswith(f"{PLANS}/") else None
    return not is_log(path) and (whose is None or workspace.state(whose[1]) is not CycleState.CLOSED)


def _document(workspace: Workspace, path: str) -> Document:
    document = workspace.document(path)
    if document is None:
        raise OkrError(f"{path} is gone", "try again")
    return document


def _referring(document: Document, mention: Mention, new: str) -> Edit:
    """The edit of one reference: of the id alone where it can be told apart, else of the whole text."""
    text = SourceText(document)
    place = mention.place if mention.exact else mention.whole
    if mention.exact and "/" in mention.written:
        spelled = new
    else:
        parts = mention.written.split("/")
        parts[mention.part] = new
        spelled = scalar("/".join(parts), flow=True)
        place = mention.whole
    return Edit(text.start_of(place), text.offset(place.end_line, place.end_column), spelled)


def _with_former(document: Document, steps: Steps, old: str, new: str) -> Document:
    """The file with the old id among the former ones of the mapping at some steps, and the new one not."""
    holder = node_at(document.root, steps)
    said = holder.get("formerly")
    before = [str(each) for each in (said if isinstance(said, list) else [] if said is None else [said])]
    kind = model_at(document.path, steps)
    keys = shape_of(kind).keys if kind is not None else ()
    above = [key for key in keys[: keys.index("formerly")] if key in holder]
    former = [*(each for each in before if each not in {new, old}), old]
    return set_key(document, steps, "formerly", former, after=above[-1] if above else "id")
