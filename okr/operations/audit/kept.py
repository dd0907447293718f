"""An audit kept for the next time: it is the same while history is, and while all files are that it looked at.

So a report that is made again after a plan has changed need not trace every line of the logs again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass, field
from okr.diagnostics import Severity
from okr.files import UnreadableFile
from okr.git.history import CommitFacts
from okr.operations.audit.auditing import Audit, AuditFinding, Kind, audit
from okr.operations.kept_answers import Kept, fetch, is_plan, keep, key_of, worth_keeping
from okr.operations.kept_pages import digest_of
from okr.operations.record.listening import listening
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class _Noted(Folder):
    """A folder that notes which plans were read, and what they held."""

    plans: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """A file's bytes."""
        content = super().read(path)
        if is_plan(path):
            self.plans[path] = _sum(content)
        return content


def audited(workspace: Workspace, root: Path, *, kept: bool) -> Audit:
    """The audit of a workspace's working tree, the one that is kept where that is the same.

    Args:
        workspace: the workspace.
        root: its root.
        kept: whether one that is kept will do.

    Raises:
        OkrError: it can't be audited.
    """
    question = ("the audit of a report", workspace.title, workspace.as_of.isoformat())
    key = key_of(root, question, plans=False) if kept and worth_keeping(root) else None
    found = None if key is None else _fetched(root, key)
    if found is not None:
        return found
    if key is not None:
        noted = _Noted(root)
        own = Workspace(noted, as_of=workspace.as_of, title=workspace.title)
        with listening(root) as heard:
            found = audit(own, heard)
        # What could not be read is found once more, by the workspace that everybody asks for what is wrong.
        if not own.problems:
            if key_of(root, question, plans=False) == key:
                keep(key, Kept([json.dumps([noted.plans, _written(found)]).encode()], 0))
            return found
    with listening(root) as heard:
        return audit(workspace, heard)


def _fetched(root: Path, key: str) -> Audit | None:
    """The audit that is kept under a key; None where there is none, or where a plan that it looked at is another now."""
    kept = fetch(key)
    if kept is None:
        return None
    try:
        plans, found = json.loads(b"".join(kept.pieces))
        if any(_sum(Folder(root).read(path)) != known for path, known in plans.items()):
            return None
        return _read(found)
    except (ValueError, TypeError, AttributeError, IndexError):  # somebody else's: it is passed over
        return None
    except UnreadableFile:
        return None


def _sum(content: bytes | None) -> str:
    return "none" if content is None else digest_of((content.decode("latin-1"),))


def _written(found: Audit) -> list[Any]:
    """An audit as JSON."""
    commits: dict[CommitFacts | None, int] = {}
    findings = [
        (each.kind, each.severity, each.message, each.path, each.line, each.ref, commits.setdefault(each.commit, len(commits)))
        for each in found.findings
    ]  # fmt: skip
    return [findings, list(commits), found.lines, found.logs, found.commits, found.since]


def _read(written: list[Any]) -> Audit:
    """The audit that was written so."""
    findings, commits, *rest = written
    known = [None if each is None else CommitFacts(*each) for each in commits]
    return Audit(
        tuple(
            AuditFinding(Kind(kind), Severity(severity), message, path, line, ref, known[commit])
            for kind, severity, message, path, line, ref, commit in findings
        ),
        *rest,
    )
