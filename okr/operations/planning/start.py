"""Starting a cycle: planning becomes active in its cycle.yaml, in one commit of that file alone.

From then on the baselines and targets are the agreement: `okr diff`, `okr log` and `okr audit` show every move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.edits import set_key
from okr.errors import OkrError, UsageError
from okr.git.text import safe_line
from okr.model import CycleState
from okr.operations.committing import FileChange, change_files, committing, require_committed
from okr.operations.planning.check import readiness
from okr.operations.planning.questions import unknown_baselines
from okr.operations.planning.scope import cycles_in_planning
from okr.operations.uncommitted_states import refuse_uncommitted_state
from okr.rules.engine import reading_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okr.contents import KeyResult
    from okr.cycles import Cycle
    from okr.diagnostics import Diagnostic
    from okr.operations.committing import Session
    from okr.operations.planning.check import Readiness
    from okr.repository import Commit
    from okr.workspace import Workspace


class NotReady(OkrError):
    """The plans have errors; the cycle was not started.

    Attributes:
        diagnostics: those errors.
    """

    def __init__(self, cycle: str, diagnostics: list[Diagnostic], empty: list[str]) -> None:
        errors = len(diagnostics)
        faults = [f"{errors} error{'s' if errors > 1 else ''} in its files"] if errors else []
        faults += [f"no objective in the plan of {' and '.join(empty)}"] if empty else []
        super().__init__(
            f"{cycle} is not ready, and was not started: there {'is' if errors < 2 else 'are'} {', and '.join(faults)}",  # noqa: PLR2004 # more than one
            f"mend them, then try again; `okr plan check {cycle}` tells more",
        )
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Started:
    """A cycle that was started.

    Attributes:
        cycle: the cycle.
        path: its cycle.yaml.
        readiness: how its plans were.
        unknown: the key results whose baseline nobody knows yet.
        commit: the commit; None where none was wanted.
    """

    cycle: Cycle
    path: str
    readiness: Readiness
    unknown: tuple[KeyResult, ...]
    commit: Commit | None


def start_cycle(
    root: Path, opener: Callable[[], Workspace], typed: str | None, *, commit: bool = True
) -> Started:
    """Makes a cycle active that is being planned.

    Args:
        root: the workspace's root.
        opener: opens the workspace, once nobody else can change it.
        typed: the cycle; without one the only one that is being planned.
        commit: whether to commit it.

    Raises:
        UsageError: there is no such cycle, or several are being planned.
        NotReady: the rules find errors in its plans, or one is empty.
        OkrError: none is being planned, it is active or closed already, its files have changes that are not committed, or git refuses.
    """
    with committing(root, commit=commit, what="start") as session:
        workspace = opener()
        _refuse_uncommitted(session, workspace, typed)
        cycle = _cycle(workspace, typed)
        loaded = workspace.cycles[cycle.name]
        document = None if loaded.source is None else workspace.document(loaded.source.path)
        if document is None:
            raise LookupError(cycle.name)  # what is being planned has a file that says so
        found = readiness(workspace, cycle.name)
        unknown = unknown_baselines(workspace, cycle.name)
        errors = [each for each in found.diagnostics if each.severity is Severity.ERROR]
        errors += [each for each in reading_diagnostics(workspace) if each not in errors]
        empty = [each.owner.id for each in found.missing if each.path is not None]
        if not empty and not any(each.objectives for each in found.plans):
            empty = ["anybody"]
        if errors or empty:
            raise NotReady(cycle.name, errors, empty)
        require_committed(session, [document.path, *workspace.plan_paths(cycle.name)])
        active = set_key(document, (), "state", CycleState.ACTIVE.value)
        change = FileChange(document.path, document.content, active.content)
        made = change_files(session, [change], _message(found))
        return Started(cycle, document.path, found, unknown, made)


def _refuse_uncommitted(session: Session, workspace: Workspace, typed: str | None) -> None:
    """Refuses a cycle that is started in its file and in no commit: the named one, or all where none is being planned."""
    names = [workspace.cycle(typed).name] if typed is not None else list(workspace.cycles)
    if typed is None and cycles_in_planning(workspace):
        return
    for name in names:
        loaded = workspace.cycles.get(name)
        if loaded is not None and loaded.source is not None and loaded.facts.state is CycleState.ACTIVE:
            said, message = f"{name} is active", (f"okr: start {name}",)
            refuse_uncommitted_state(session, loaded.source.path, CycleState.PLANNING, said, message)


def _cycle(workspace: Workspace, typed: str | None) -> Cycle:
    planned = cycles_in_planning(workspace)
    if typed is not None:
        cycle = workspace.cycle(typed)
        state = workspace.state(cycle.name)
        if cycle.name not in workspace.cycles:
            raise OkrError(f"{cycle.name} has no plans yet", f"open it with `okr plan open {cycle.name}`")
        if state is not CycleState.PLANNING:
            raise OkrError(
                f"{cycle.name} is {state.value} already", "`okr plan start` is for a cycle in planning"
            )
        return cycle
    if not planned:
        raise OkrError("no cycle is being planned", "open one with `okr plan open CYCLE`")
    if len(planned) > 1:
        names = ", ".join(each.name for each in planned)
        raise UsageError(
            f"there are several cycles in planning: {names}", f"name one: okr plan start {planned[0].name}"
        )
    return planned[0]


def _message(found: Readiness) -> str:
    plans = [each for each in found.plans if each.objectives]
    objectives, key_results = (
        sum(len(each.objectives) for each in plans),
        sum(each.key_results for each in plans),
    )
    counts = ((len(plans), "plan"), (objectives, "objective"), (key_results, "key result"))
    said = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts)
    return f"okr: start {safe_line(found.frame.cycle.name)}\n\nThe agreement from now on: {said}."
