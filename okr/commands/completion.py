"""Shell completion of what a workspace holds, such as owners, objectives, key results and cycles, and of rules.

Silent whatever happens: a broken workspace completes nothing, and no word of it reaches the shell. What files say is
put on the command line only where no shell can understand it as more than a word.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002 # Typer reads the annotations of completion functions at run time

from okr.cycles import canonical_name
from okr.errors import OkrError
from okr.references import BELOW, KPI_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okr.contents import Plan
    from okr.workspace import Workspace

    _Owners = Callable[[Workspace], Iterable[tuple[str, str]]]

Completions = list[tuple[str, str]]

_MEANS_SOMETHING = re.compile(r"[\x00-\x1f\x7f\\\"'$`;&|<>(){}*?\[\]!#~]")
"""What shells read as more than a part of a word: a name with one of these, as a file may have, is not offered."""

_STAND_IN = "⧵"
"""For backslashes in help: Typer's zsh script has the shell evaluate what it shows, and Typer escapes all but these."""

_LEAST = 10
"""Columns: shorter than that no help is of use."""


def complete_any(context: typer.Context, incomplete: str) -> Completions:
    """Owners, and the objectives and key results of the cycles of today."""
    return _completed(context, incomplete, owners=_owners)


def complete_any_or_below(context: typer.Context, incomplete: str) -> Completions:
    """The same, and `ID/...` for teams with teams below them."""
    return _completed(context, incomplete, owners=_owners_and_below)


def complete_subject(context: typer.Context, incomplete: str) -> Completions:
    """The same, and behind `kpis/` the KPIs."""
    if incomplete.startswith(KPI_PREFIX):
        return _kpis(context, incomplete)
    return complete_any_or_below(context, incomplete)


def complete_reference(context: typer.Context, incomplete: str) -> Completions:
    """The objectives and key results of the cycles of today, and behind `kpis/` the KPIs."""
    if incomplete.startswith(KPI_PREFIX):
        return _kpis(context, incomplete)
    return _completed(context, incomplete, owners=None)


def complete_objective(context: typer.Context, incomplete: str) -> Completions:
    """The objectives of the cycles of today."""
    return _completed(context, incomplete, owners=None, key_results=False)


def complete_rule(incomplete: str) -> Completions:
    """Rules by code or by name; behind a comma one more of them."""
    from okr.rules.catalogue import catalogue

    before, comma, last = incomplete.rpartition(",")
    called = [(each.code, each.name, each.what) for each in catalogue()]
    named = [(code, f"{name}: {what}") for code, name, what in called if code.startswith(last)]
    if last and not named:
        named = [(name, f"{code}: {what}") for code, name, what in called if name.startswith(last)]
    return [(f"{before}{comma}{name}", _shown(help_text)) for name, help_text in named]


def complete_kpi(context: typer.Context, incomplete: str) -> Completions:
    """The ids of the KPIs."""
    return [
        (name.removeprefix(KPI_PREFIX), help_text)
        for name, help_text in _kpis(context, f"{KPI_PREFIX}{incomplete.removeprefix(KPI_PREFIX)}")
    ]


def complete_value(context: typer.Context, incomplete: str) -> Completions:
    """The milestones of the key result that the line names before, with their scores; of numbers nothing."""
    from okr.operations.selecting import select_key_result

    workspace, typed = _workspace(context), context.params.get("reference")
    if workspace is None or not isinstance(typed, str):
        return []
    cycle = context.params.get("cycle")
    try:
        _, key_result = select_key_result(workspace, typed, cycle if isinstance(cycle, str) else None)
    except (OkrError, OSError):
        return []
    milestones = key_result.definition.milestones or {}
    return [
        (name, f"score {score:g}")
        for name, score in milestones.items()
        if name.startswith(incomplete) and not _MEANS_SOMETHING.search(name)
    ]


def complete_owner(context: typer.Context, incomplete: str) -> Completions:
    """Teams and people."""
    workspace = _workspace(context)
    return [] if workspace is None else _fitting(_owners(workspace), incomplete)


def complete_owner_or_below(context: typer.Context, incomplete: str) -> Completions:
    """The same, and `ID/...` for teams with teams below them."""
    workspace = _workspace(context)
    return [] if workspace is None else _fitting(_owners_and_below(workspace), incomplete)


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


def _completed(
    context: typer.Context, incomplete: str, *, owners: _Owners | None, key_results: bool = True
) -> Completions:
    workspace = _workspace(context)
    if workspace is None:
        return []
    named = [] if owners is None else list(owners(workspace))
    try:
        cycle, prefix = _cycle_named(workspace, incomplete)
        for each in [cycle] if cycle else _cycles(workspace, context.params.get("cycle")):
            for plan in workspace.plans(each):
                named += _plan(plan, prefix, key_results=key_results)
    except (OkrError, OSError):
        return []
    return _fitting(named, incomplete)


def _kpis(context: typer.Context, incomplete: str) -> Completions:
    workspace = _workspace(context)
    try:
        known = () if workspace is None else workspace.kpis
    except (OkrError, OSError):
        return []
    return _fitting(
        ((f"{KPI_PREFIX}{each.definition.id}", each.definition.name) for each in known), incomplete
    )


def _cycle_named(workspace: Workspace, incomplete: str) -> tuple[str | None, str]:
    """The cycle that the text begins with, and how it is written there."""
    first, slash, _ = incomplete.partition("/")
    name = canonical_name(first)
    return (name, first + slash) if slash and name in workspace.cycles else (None, "")


def _cycles(workspace: Workspace, asked: object) -> list[str]:
    """The cycle asked for; else the current one, then the others that hold today, such as the year."""
    if isinstance(asked, str):
        return [workspace.cycle(asked).name]
    current = workspace.current_cycle.name
    holding = [
        name
        for name, cycle in workspace.cycles.items()
        if cycle.span is not None and cycle.span.contains(workspace.as_of)
    ]
    return list(dict.fromkeys((current, *holding)))


def _plan(plan: Plan, prefix: str, *, key_results: bool) -> Iterator[tuple[str, str]]:
    for objective in plan.objectives:
        name = f"{prefix}{plan.owner}/{objective.definition.id}"
        yield name, objective.title
        for key_result in objective.key_results if key_results else ():
            yield f"{name}/{key_result.definition.id}", key_result.title


def _owners(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for owner in workspace.owners.values():
        yield owner.id, owner.name


def _owners_and_below(workspace: Workspace) -> Iterator[tuple[str, str]]:
    divisions = {workspace.above.get(team.id) for team in workspace.org.teams}
    for name, help_text in _owners(workspace):
        yield name, help_text
        if name in divisions:
            yield f"{name}{BELOW}", f"{help_text} and all below"


def _fitting(named: Iterable[tuple[str, str]], incomplete: str) -> Completions:
    """Those that the text begins, with help that is safe to show.

    Shells keep only what begins with the text. So where it begins an inner part, as `vi` does in
    `marketing/brand/visits`, the tail from there on is offered, unless something else has the same.
    """
    first: dict[str, str] = {}
    for name, help_text in named:
        if not _MEANS_SOMETHING.search(name):
            first.setdefault(name, help_text)
    tails = Counter(tail for name in first for tail in _tails(name))
    return [
        (tail, _shown(help_text))
        for name, help_text in first.items()
        for tail in [next((each for each in _tails(name) if each.startswith(incomplete)), None)]
        if tail is not None and (tail == name or tails[tail] == 1)
    ]


def _shown(help_text: str) -> str:
    """A help as one line that Typer, which has rich read it as markup and fold it, leaves as it is."""
    if os.environ.get("_OKR_COMPLETE") == "complete_bash":
        return ""  # it shows no help, and rich takes longer than all else
    from rich.markup import escape
    from rich.text import Text

    from okr.views.text import printable

    said = Text(printable(help_text).replace("\\", _STAND_IN))
    escapes = 2 * sum(map(said.plain.count, "\"'$`:"))  # what Typer will add at most
    said.truncate(max(_width() - escapes, _LEAST), overflow="ellipsis")
    return escape(said.plain)


@cache
def _width() -> int:
    from rich.console import Console

    return Console().width


def _tails(name: str) -> list[str]:
    """A reference and what is left of it without its first parts, the longest first; `ID/...` as it is."""
    if name.endswith(BELOW):
        return [name]
    parts = name.split("/")
    return ["/".join(parts[place:]) for place in range(len(parts))]


def _workspace(context: typer.Context) -> Workspace | None:
    """The workspace that the line so far means; None where there is none that can be opened."""
    from datetime import date

    from okr.commands.registry import day_of
    from okr.sources import Folder, find_root
    from okr.workspace import Workspace

    folder, today = Path(), date.today()
    try:
        for each in (context.parent, context):
            said = {} if each is None else each.params
            folder /= str(said.get("_directory") or "")
            today = day_of("--as-of", said["_as_of"], today=today) if said.get("_as_of") else today
        root = find_root(folder)
    except (OkrError, OSError, ValueError):
        return None
    return Workspace(Folder(root), as_of=today, title=root.name)
