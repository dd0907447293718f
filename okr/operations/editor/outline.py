"""The outline of a plan: its objectives and their key results, each with the lines it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.diagnostics import Place
    from okr.documents import Document


@dataclass(frozen=True, slots=True)
class Entry:
    """An objective, a key result, a team, a person or a KPI.

    Attributes:
        id: its id.
        title: its title or name; empty where it has none.
        place: all of it.
        at: the place of its id.
        inner: an objective's key results.
    """

    id: str
    title: str
    place: Place
    at: Place
    inner: tuple[Entry, ...] = ()


def outline(document: Document) -> tuple[Entry, ...]:
    """What a file lists, from top to bottom; nothing for a log."""
    root = document.root
    lists = root.values() if isinstance(root, LocatedMapping) else ()
    return tuple(entry for items in lists for entry in _entries(items))


def _entries(items: object) -> Iterator[Entry]:
    for item in items if isinstance(items, LocatedList) else ():
        if isinstance(item, LocatedMapping) and isinstance(item.get("id"), (str, int)):
            title = item.get("title") or item.get("name")
            yield Entry(
                str(item["id"]),
                title if isinstance(title, str) else "",
                item.place,
                item.values_at["id"],
                tuple(_entries(item.get("key_results"))),
            )
