"""`okr log`: reads what part of the story is asked for, and tells it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.completion import complete_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from okr.operations.chronicle import Chronicle
    from okr.operations.subject_lines import SubjectLines
    from okr.views.log_lines import OrdinaryCheckIns
    from okr.workspace import Workspace

app = typer.Typer()

_Asked = tuple[str | None, str | None, str | None, str | None, bool, bool, int | None]
"""A `Wish` before it is one, for an answer that is kept needs none."""
_FIRST = 50
"""Entries that stand on a screen's first page, whatever its height."""


@app.command()
def log(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, an objective, a key result, or kpis/ID. [default: the whole workspace]",
            autocompletion=complete_reference,
        ),
    ] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE|REV", help="From this day on, or committed after this revision."
        ),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="TEXT", help="By somebody whose name, address or id holds TEXT."),
    ] = None,
    cycle: Annotated[str | None, typer.Option("--cycle", metavar="CYCLE", help="This cycle only.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Changes of plans only.")] = False,
    checkins: Annotated[bool, typer.Option("--checkins", help="Check-ins only.")] = False,
    most: Annotated[
        int | None, typer.Option("-n", "--max-count", metavar="N", min=0, help="At most N entries.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Do not page on a terminal.")] = False,
) -> int:
    """Tell what happened, the newest first.

    Check-ins with what they moved, and changes of plans: targets moved, titles reworded, key results added or
    dropped. Each with its day, its author and its commit. A check-in that was taken back counts nowhere, and
    its entry says when it was taken back.

    \b
    Examples:
      okr log                               the whole workspace
      okr log visits                        one key result
      okr log marketing --since 2026-11-01  one owner, from that day on
      okr log --plan --since main~20        how plans changed in 20 commits
      okr log --author alice -n 10
    """
    from okr.commands.registry import invocation
    from okr.sources import find_root

    both = plan == checkins
    asked = (reference, cycle, since, author, checkins or both, plan or both, most)
    root = find_root(invocation().directory)
    page = sys.stdout.isatty() and not no_pager and not as_json
    if page or since is not None or most is not None:  # read as it comes; or names a commit; or is soon told
        return _log(root, asked, page=page, as_json=as_json)
    from okr.commands.kept import answered

    return answered(root, ("log", *asked, as_json), lambda: _log(root, asked, page=page, as_json=as_json))


def _log(root: Path, asked: _Asked, *, page: bool, as_json: bool) -> int:
    from okr.commands.garbage import collector_paused, hold
    from okr.operations.listening import listening

    _, _, since, author, checkins, plan, most = asked
    all_at_once = checkins and since is None and most is None and not page
    with collector_paused():
        with listening(root, plans=plan) if all_at_once else nullcontext() as heard:
            from okr.commands.opening import workspace_at
            from okr.operations.chronicle import Wish, chronicle

            workspace, made = workspace_at(root), _Made()
            story = chronicle(
                workspace, Wish(*asked), first=_FIRST if page else None, heard=heard,
                meanwhile=made.make if all_at_once and author is None and not as_json else None,
            )  # fmt: skip
        hold(story)
        _show(workspace, story, made, page=page, as_json=as_json)
    return 0


class _Made(dict["SubjectLines", "Sequence[str | None]"]):
    """The text of check-ins, made while git tells of commits."""

    def __init__(self) -> None:
        super().__init__()
        self._ordinary: OrdinaryCheckIns | None = None

    def make(self, workspace: Workspace, subject: SubjectLines, cycle: str | None) -> None:
        """Makes it for all lines about a key result or KPI, in a story that is of one cycle, or of all."""
        if self._ordinary is None:
            from okr.commands.registry import invocation
            from okr.views.log import ordinary
            from okr.views.terminal import stdout

            self._ordinary = ordinary(stdout(color=invocation().color), workspace.settings.language, cycle)
        self[subject] = self._ordinary.of(subject)
        subject.forget()


def _show(workspace: Workspace, story: Chronicle, made: _Made, *, page: bool, as_json: bool) -> None:
    from okr.commands.opening import require_readable
    from okr.commands.registry import invocation

    require_readable(workspace)
    if as_json:
        from okr.views.log_json import log_json

        sys.stdout.write(f"{log_json(story, workspace.name)}\n")
        return
    from okr.views.log import remarks, show_log, unreadable_words
    from okr.views.pager import paged, pager_command
    from okr.views.terminal import cell, stderr, stdout

    color = invocation().color
    console, talk = stdout(color=color), stderr(color=color)
    before = remarks(story)
    for remark in before:
        talk.print(cell(remark), soft_wrap=True)
    with paged(console, pager_command(story.repository) if page else None):
        show_log(console, story, workspace.settings.language, made=made)
    for remark in unreadable_words(story):
        if remark not in before:
            talk.print(cell(remark), soft_wrap=True)
    require_readable(workspace)
