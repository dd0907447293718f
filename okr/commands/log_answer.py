"""What `okr log` answers: reads what part of the story is asked for, and tells it.

It needs no typer: of a command line that says plainly what it means (`okr/plainly.py`) nothing else is imported.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from okr.commands.plain_words import PlainWords, counted
from okr.commands.running import hold, invocation
from okr.sources import find_root

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from okr.operations.chronicle.story import Chronicle
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.views.log_lines import OrdinaryCheckIns
    from okr.views.piped import Pipe
    from okr.workspace import Workspace

PLAINLY = PlainWords(
    {
        "--since": ("since", str),
        "--author": ("author", str),
        "--cycle": ("cycle", str),
        "--plan": ("plan", None),
        "--checkins": ("checkins", None),
        "-n": ("most", counted),
        "--max-count": ("most", counted),
        "--json": ("as_json", None),
        "--no-pager": ("no_pager", None),
    },
    names=("reference",),
)

_Asked = tuple[str | None, str | None, str | None, str | None, bool, bool, int | None]
"""A `Wish` before it is one, for an answer that is kept needs none."""
_FIRST = 50
"""Entries that stand on a screen's first page, whatever its height."""


def answer(
    *,
    reference: str | None = None,
    since: str | None = None,
    author: str | None = None,
    cycle: str | None = None,
    plan: bool = False,
    checkins: bool = False,
    most: int | None = None,
    as_json: bool = False,
    no_pager: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        reference: what the story is about; the whole workspace if left out.
        since: from which day on, or after which revision.
        author: what the name, address or id of whoever did it holds.
        cycle: the only one that is asked about.
        plan: whether changes of plans are asked for.
        checkins: whether check-ins are asked for; with neither of the two, both are.
        most: how many entries at most.
        as_json: whether a program reads it.
        no_pager: whether it is not to be paged on a terminal.

    Raises:
        OkrError: there is no answer.
    """
    since = since and _in_figures(since)
    both = plan == checkins
    asked = (reference, cycle, since, author, checkins or both, plan or both, most)
    root = find_root(invocation().directory)
    page = sys.stdout.isatty() and not no_pager and not as_json
    if page or since is not None or most is not None:  # read as it comes; or names a commit; or is soon told
        return _log(root, asked, page=page, as_json=as_json)
    from okr.commands.kept import answered

    return answered(root, ("log", *asked, as_json), lambda: _log(root, asked, page=page, as_json=as_json))


def _in_figures(since: str) -> str:
    """What `--since` says, with a day in words, such as `yesterday`, in figures."""
    from okr.days import day_in_words

    day = day_in_words(since, invocation().today)
    return since if day is None else day.isoformat()


def _log(root: Path, asked: _Asked, *, page: bool, as_json: bool) -> int:
    from okr.operations.record.listening import listening

    _, _, since, author, checkins, plan, most = asked
    all_at_once = checkins and since is None and most is None and not page
    with listening(root, plans=plan) if all_at_once else nullcontext() as heard:
        from okr.commands.opening import workspace_at
        from okr.operations.chronicle.story import Wish, chronicle

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
            from okr.views.log import ordinary

            self._ordinary = ordinary(_page(), workspace.settings.language, cycle)
        self[subject] = self._ordinary.of(subject)
        subject.forget()


def _show(workspace: Workspace, story: Chronicle, made: _Made, *, page: bool, as_json: bool) -> None:
    from okr.commands.opening import require_readable

    require_readable(workspace)
    if as_json:
        from okr.views.log_json import log_json

        sys.stdout.write(f"{log_json(story, workspace.name)}\n")
        return
    from okr.views.log import remarks, show_log, unreadable_words
    from okr.views.pager import paged, pager_command
    from okr.views.piped import with_plain_signs

    console = _page()
    with_plain_signs(sys.stderr)
    before = remarks(story)
    _tell(before)
    with paged(console, pager_command(story.repository) if page else None):
        show_log(console, story, workspace.settings.language, made=made)
    _tell([remark for remark in unreadable_words(story) if remark not in before])
    require_readable(workspace)


def _page() -> Console | Pipe:
    """Where the story goes: to a terminal rich is asked for colours, and into a pipe nothing is imported for them."""
    from okr.views.piped import Pipe, is_piped

    if is_piped():
        return Pipe()
    from okr.views.terminal import stdout

    return stdout(color=invocation().color)


def _tell(remarks: Sequence[str]) -> None:
    """Says on stderr what there is to know besides."""
    if remarks:
        from okr.views.terminal import cell, stderr

        talk = stderr(color=invocation().color)
        for remark in remarks:
            talk.print(cell(remark), soft_wrap=True)
