"""Shell completion of what a workspace holds: owners, objectives, key results and cycles.

Silent whatever happens: a broken workspace completes nothing, and no word of it reaches the shell.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002 # Typer reads the annotations of completion functions at run time

from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Plan
    from okr.workspace import Workspace

Completions = list[tuple[str, str]]


def complete_any(context: typer.Context, incomplete: str) -> Completions:
    """Owners, objectives and key results of the current cycle."""
    return _completed(context, incomplete, owners=True, objectives=True)


def complete_reference(context: typer.Context, incomplete: str) -> Completions:
    """Objectives and key results of the current cycle."""
    return _completed(context, incomplete, owners=False, objectives=True)


def complete_key_result(context: typer.Context, incomplete: str) -> Completions:
    """Key results of the current cycle."""
    return _completed(context, incomplete, owners=False, objectives=False)


def complete_owner(context: typer.Context, incomplete: str) -> Completions:
    """Teams and people."""
    workspace = _workspace(context)
    return [] if workspace is None else _fitting(_owners(workspace), incomplete)


def complete_cycle(context: typer.Context, incomplete: str) -> Completions:
    """Cycles that have files, the latest first."""
    workspace = _workspace(context)
    if workspace is None:
        return []
    told = [
        (name, f"{cycle.span.starts.isoformat()} to {cycle.span.ends.isoformat()}")
        for name, cycle in reversed(workspace.cycles.items())
        if cycle.span is not None
    ]
    return _fitting(told, incomplete)


def _completed(context: typer.Context, incomplete: str, *, owners: bool, objectives: bool) -> Completions:
    workspace = _workspace(context)
    if workspace is None:
        return []
    try:
        asked = context.params.get("cycle")
        cycle = workspace.cycle(asked).name if isinstance(asked, str) else workspace.current_cycle.name
        named = list(_owners(workspace)) if owners else []
        for plan in workspace.plans(cycle):
            named += _plan(plan, objectives=objectives)
    except (OkrError, OSError):
        return []
    return _fitting(named, incomplete)


def _plan(plan: Plan, *, objectives: bool) -> Iterator[tuple[str, str]]:
    for objective in plan.objectives:
        name = f"{plan.owner}/{objective.definition.id}"
        if objectives:
            yield name, objective.title
        for key_result in objective.key_results:
            yield f"{name}/{key_result.definition.id}", key_result.title


def _owners(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for owner in workspace.owners.values():
        yield owner.id, owner.name


def _fitting(named: Iterable[tuple[str, str]], incomplete: str) -> Completions:
    """Those in which the text begins the whole or the part behind a slash, with help that is safe to show."""
    from okr.views.text import printable

    wanted = incomplete.casefold()
    return [
        (name, printable(help_text))
        for name, help_text in named
        if name.casefold().startswith(wanted) or f"/{wanted}" in name.casefold()
    ]


def _workspace(context: typer.Context) -> Workspace | None:
    """The workspace that the line so far means; None where there is none that can be opened."""
    from datetime import date

    from okr.sources import Folder, find_root
    from okr.workspace import Workspace

    folder, today = Path(), date.today()
    chain = [context, context.parent] if context.parent else [context]
    for each in reversed(chain):
        folder = folder / str(each.params.get("_directory") or "")
    try:
        root = find_root(folder)
    except (OkrError, OSError):
        return None
    return Workspace(Folder(root), as_of=today, title=root.name)
