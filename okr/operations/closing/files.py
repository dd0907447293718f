"""What a closed cycle's files say: grades, reasons, lessons and what comes next in the plans, state and review beside them.

Edits only, as small insertions: what was there keeps every other byte. Writing them is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.documents import LocatedList, LocatedMapping, read_document
from okr.edits import mapping_at, remove_key, set_key
from okr.errors import OkrError
from okr.model import CycleState
from okr.operations.committing import FileChange
from okr.operations.schema_files import missing_schema, schema_line
from okr.workspace import CYCLE_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.contents import KeyResult, Objective
    from okr.documents import Document
    from okr.edits import Steps
    from okr.operations.closing.grading import Decision
    from okr.workspace import Workspace

OUTCOME = ("grade", "grade_reason", "learned", "next")
"""What came of something stands at its end, in this order."""


def graded_plans(decisions: Iterable[Decision]) -> list[FileChange]:
    """The plans with what was decided in them.

    Raises:
        EditImpossible: a plan is written in a way that leaves no safe place.
    """
    by_path: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_path.setdefault(decision.subject.source.path, []).append(decision)
    changes = []
    for path, theirs in by_path.items():
        before = theirs[0].subject.source.document
        after = before
        for steps, decision in [(_steps_to(each.subject), each) for each in theirs]:
            after = _with_outcome(after, steps, decision)
        changes.append(FileChange(path, before.content, after.content))
    return changes


def cycle_facts(
    workspace: Workspace, cycle: str, state: CycleState, *, review: str | None = None
) -> FileChange:
    """The cycle's cycle.yaml with another state, the day where that is closed, and another review where one is given; made where there is none.

    Raises:
        EditImpossible: it is written in a way that leaves no safe place.
    """
    path = facts_path(workspace, cycle)
    before = workspace.document(path)
    if before is None:
        # An editor finds the schema by a comment, where the workspace keeps its schemas.
        header = "" if missing_schema(workspace.files, path) else schema_line(path)
        after = read_document(path, header.encode())
    else:
        after = before
    after = set_key(after, (), "state", state.value)
    if state is CycleState.CLOSED:
        after = set_key(after, (), "closed", workspace.as_of, after="state")
    else:
        after = remove_key(after, (), "closed")
    if review is not None:
        after = set_key(after, (), "review", review)
    return FileChange(path, None if before is None else before.content, after.content)


def facts_path(workspace: Workspace, cycle: str) -> str:
    """Where the facts of a cycle with plans stand, or are to stand."""
    source = workspace.cycles[cycle].source
    return f"{workspace.plans_folder(cycle)}/{CYCLE_FACTS}" if source is None else source.path


def _with_outcome(document: Document, steps: Steps, decision: Decision) -> Document:
    said = {
        "grade": decision.grade,
        "grade_reason": decision.reason,
        "learned": decision.learned,
        "next": None if decision.next is None else decision.next.value,
    }
    for key, value in said.items():
        there = mapping_at(document, steps)
        if value is not None:
            if there.get(key) != value:
                document = set_key(document, steps, key, value, after=_above(there, key))
        elif key in there:
            document = remove_key(document, steps, key)
    return document


def _above(mapping: LocatedMapping, key: str) -> str | None:
    """The key below which another belongs, so that the outcome stands in its order; None for the last one."""
    later = OUTCOME[OUTCOME.index(key) + 1 :]
    keys = list(mapping.keys_at)
    first = next((place for place, each in enumerate(keys) if each in later), 0)
    return keys[first - 1] if first else None


def _steps_to(subject: KeyResult | Objective) -> Steps:
    """Where an objective or key result stands in its file."""
    root, place = subject.source.document.root, subject.source.data.place
    objectives = root.get("objectives") if isinstance(root, LocatedMapping) else None
    for number, objective in enumerate(objectives if isinstance(objectives, LocatedList) else ()):
        if isinstance(objective, LocatedMapping) and objective.place == place:
            return ("objectives", number)
        inner = objective.get("key_results") if isinstance(objective, LocatedMapping) else None
        for position, each in enumerate(inner if isinstance(inner, LocatedList) else ()):
            if isinstance(each, LocatedMapping) and each.place == place:
                return ("objectives", number, "key_results", position)
    raise OkrError(
        f"{subject.source.path} can't be changed safely: {subject.reference} is not where it was read.",
        "Nothing was written. Run `okr validate`.",
    )
