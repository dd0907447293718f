"""What a report's pages were made of when they were last published, kept with all other answers, for each folder.

A page is made anew where any of that has changed, or where the page itself is no longer what was published.
"""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from okr.operations.kept_answers import Kept, fetch, keep, ourselves
from okr.roots import KPI_LOG, KPIS, ORG, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from okr.documents import Document
    from okr.workspace import Workspace


class Sources:
    """What the files say that pages are made of, each set of files in one word; as they were read, not as they are by now."""

    def __init__(self, workspace: Workspace) -> None:
        """Looks at nothing yet."""
        self._workspace = workspace
        self._of_owners: dict[tuple[str, str], str] = {}

    @cached_property
    def shared(self) -> str:
        """What any page may depend on: okr itself, and all files but plans and logs."""
        workspace = self._workspace
        documents = [workspace.document(path) for path in (SETTINGS, ORG, KPIS, KPI_LOG)]
        said: list[str] = [*ourselves(), workspace.name, *_said(documents)]
        for name, cycle in workspace.cycles.items():
            said += (name, *cycle.folders, "facts", *_said([cycle.source.document if cycle.source else None]))
        return digest_of(said)

    def of_owner(self, cycle: str, owner: str) -> str:
        """The plans and logs of an owner in a cycle, wherever they stand."""
        key = (cycle, owner)
        if key not in self._of_owners:
            plans = self._workspace.plan_files_of(cycle, owner)
            logs = self._workspace.owner_logs(cycle, owner)
            documents = [*(plan.document for plan in plans), *(log.document for log in logs)]
            self._of_owners[key] = digest_of(_said(documents))
        return self._of_owners[key]


def _said(documents: Iterable[Document | None]) -> list[str]:
    said: list[str] = []
    for each in documents:
        said += ("", "") if each is None else (each.path, each.text)
    return said


def digest_of(parts: Iterable[str]) -> str:
    """Some texts in one word, which no other texts have."""
    found = sha256()
    for each in parts:
        content = each.encode("utf-8", "surrogatepass")
        found.update(b"%d " % len(content))
        found.update(content)
    return found.hexdigest()


def published_before(folder: Path) -> dict[str, tuple[str, str]]:
    """The key and the digest of each page that was published to a folder; none where nobody knows."""
    kept = fetch(_key(folder))
    try:
        found = None if kept is None else json.loads(b"".join(kept.pieces))
    except ValueError:
        return {}
    if not isinstance(found, dict) or not all(map(_is_pair, found.values())):
        return {}
    return {path: (key, digest) for path, (key, digest) in found.items()}


def keep_published(folder: Path, pages: Mapping[str, tuple[str, str]]) -> None:
    """Keeps the same for the next time."""
    keep(_key(folder), Kept([json.dumps(pages).encode()], 0))


def _is_pair(found: object) -> bool:
    return isinstance(found, list) and [type(each) for each in found] == [str, str]


def _key(folder: Path) -> str:
    return digest_of(("the pages published to", str(folder.resolve())))[:40]
