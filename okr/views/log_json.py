"""The story of goals, as JSON; the shape is described in docs/json.md."""

from __future__ import annotations

from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any

from okr.model import RelativeTarget
from okr.operations.chronicle.entries import CheckInTold, PlanTold, RetractionTold
from okr.plan_changes import CycleChanged, OwnerRenamed
from okr.references import Reference
from okr.views.change_words import change_words, subject_words
from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.git.history import CommitFacts
    from okr.operations.chronicle.entries import Entry
    from okr.operations.chronicle.story import Chronicle
    from okr.operations.record.plan_history import Change


def log_json(story: Chronicle, workspace: str) -> str:
    """The answer of `okr log --json`."""
    return to_json(
        {
            "schema": 1,
            "workspace": workspace,
            "ref": story.reference,
            "cycle": story.cycle,
            "git": story.git,
            "shallow": story.shallow,
            "unreadable": [{"path": path, "commit": commit.id} for commit, path in story.unreadable()],
            "entries": [_entry(entry) for entry in story.tell()],
        }
    )


def commit_json(commit: CommitFacts | None) -> dict[str, Any] | None:
    """A commit: its id, its author and the day it was made."""
    if commit is None:
        return None
    return {
        "id": commit.id,
        "author": commit.author,
        "email": commit.email,
        "date": commit.day,
        "time": commit.time,
    }


def change_json(change: Change) -> dict[str, Any]:
    """A change of a plan: its kind, what it is about, the old and the new."""
    return {
        "change": _kind(type(change).__name__),
        "ref": subject_words(change) if not isinstance(change, (OwnerRenamed, CycleChanged)) else None,
        "cycle": change.cycle if isinstance(change, (OwnerRenamed, CycleChanged)) else change.reference.cycle,
        "title": getattr(change, "title", None),
        "key": getattr(change, "key", None),
        "old": _plain(getattr(change, "old", None)),
        "new": _plain(getattr(change, "new", None)),
        "text": change_words(change, "en"),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    basis = {
        "kind": "plan",
        "date": entry.day,
        "time": None if entry.time is None else entry.time.isoformat(timespec="seconds"),
        "committed": entry.committed,
        "commit": commit_json(entry.commit),
    }
    if isinstance(entry, PlanTold):
        return basis | {
            "path": entry.event.path,
            "changes": [change_json(change) for change in entry.changes],
        }
    if isinstance(entry, RetractionTold):
        record = entry.line.record
        return basis | {
            "kind": "retraction", "ref": entry.reference, "title": entry.title, "retracts": record.retracts,
            "by": record.by, "note": record.note, "path": entry.line.path, "line": entry.line.number,
        }  # fmt: skip
    return basis | (_checkin(entry) if isinstance(entry, CheckInTold) else {})


def _checkin(entry: CheckInTold) -> dict[str, Any]:
    record, back = entry.line.record, entry.retracted_by
    return {
        "kind": "checkin",
        "ref": entry.reference,
        "title": entry.title,
        "value": _finite(record.value),
        "value_before": _finite(entry.value_before),
        "unit": entry.unit,
        "score": _rounded(entry.score),
        "score_before": _rounded(entry.score_before),
        "confidence": _finite(record.confidence),
        "by": record.by,
        "note": record.note,
        "retracted": None if back is None else {"date": back.date, "by": back.by, "note": back.note},
        "path": entry.line.path,
        "line": entry.line.number,
    }


def _finite(value: float | str | None) -> float | str | None:
    """A value as JSON can hold it: `.inf`, of which a finding tells, is none."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 6)


def _kind(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


def _plain(value: object) -> Any:  # noqa: ANN401 # whatever JSON can hold
    if isinstance(value, (Reference, RelativeTarget, Enum)):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
