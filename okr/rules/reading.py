"""What a rule may rely on where parts of the files could not be read. No rules here.

A finding already says what could not be read; the rules ask here, so as not to report what follows from it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from okr.diagnostics import Place
from okr.documents import LocatedList, LocatedMapping
from okr.model import CycleFacts, CycleState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import Objective, Plan, Source
    from okr.documents import Document
    from okr.model import FileModel
    from okr.workspace import Workspace


def may_say(source: Source, kind: type[FileModel], *keys: str) -> bool:
    """Whether one of the keys may stand there unread: its value is damaged, or a key is misspelt."""
    damaged = source.data.damaged
    return bool(damaged) and any(key in keys or key not in _known_keys(kind) for key in damaged)


def state_of(cycle: str, workspace: Workspace) -> CycleState | None:
    """Where a cycle stands; None where its cycle.yaml can't be read far enough to know."""
    loaded = workspace.cycles[cycle]
    for folder in loaded.folders:
        document = workspace.document(f"okrs/{folder}/cycle.yaml")
        if document is not None and not (
            document.readable and isinstance(document.root, LocatedMapping | None)
        ):
            return None
    if loaded.source is not None and may_say(loaded.source, CycleFacts, "state"):
        return None
    return loaded.facts.state


def items_of(holder: object, key: str) -> LocatedList | None:
    """A list of a file as written, with the items that could not be read; None where no list stands there."""
    found = holder.get(key) if isinstance(holder, LocatedMapping) else None
    return found if isinstance(found, LocatedList) else None


def key_results_as_written(plan: Plan) -> Iterator[tuple[Objective, LocatedList | None]]:
    """The objectives of a plan that could be read, each with all that stands in its list of key results."""
    objectives = items_of(plan.document.root, "objectives") or ()
    written: dict[Place, LocatedList | None] | None = None
    for objective in plan.objectives:
        # Under a misspelt key stands what the loader has read as what was meant.
        data = objective.source.data
        items = items_of(data, "key_results")
        if not any(data is item for item in objectives):  # parts of it could not be read
            if written is None:
                written = {
                    item.place: items_of(item, "key_results")
                    for item in objectives
                    if isinstance(item, LocatedMapping)
                }
            items = written.get(data.place) or items
        yield objective, items


def first_line(document: Document, place: Place) -> Place:
    """The part of a place that lies on its first line."""
    if place.end_line == place.line:
        return place
    return Place(place.line, place.column, place.line, len(document.line(place.line)) + 1)


@cache
def _known_keys(kind: type[FileModel]) -> frozenset[str]:
    return frozenset(kind.file_keys())
