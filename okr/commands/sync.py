"""`okr sync`: reads its options, exchanges commits with the remote, shows what went where."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okr.commands.options import JsonOption
from okr.errors import OkrError

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.sync.bringing import Patience
    from okr.operations.sync.syncing import Synced
    from okr.repository import Commit

app = typer.Typer()


class NotSentError(OkrError):
    """A check-in, or what else was recorded, was committed, but could not be sent."""

    def __init__(self, what: str, commit: str, error: OkrError) -> None:
        is_here, it_is_not = ("are", "they are not") if what.endswith("s") else ("is", "it is not")
        super().__init__(
            f"The {what} {is_here} committed here as {commit[:7]}, but {it_is_not} on the remote yet.\n{error.message}",
            error.remedy,
        )


@app.command()
def sync(
    *,
    no_push: Annotated[
        bool, typer.Option("--no-push", help="Bring in what others sent, and send nothing.")
    ] = False,
    attempts: Annotated[
        int,
        typer.Option(
            "--attempts", metavar="N", min=1, max=1000, help="How often to send while others are faster."
        ),
    ] = 100,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            min=1,
            max=86400,
            help="Give up when the remote has said nothing for this long.",
        ),
    ] = 300,
    as_json: JsonOption = False,
) -> None:
    """Exchange check-ins with the others: fetch, bring own commits on top, push.

    If somebody else was faster, it tries again after a short wait. Check-ins never conflict: the lines of both
    sides stay. If a plan conflicts, both versions are shown and everything is put back. Uncommitted changes stay as
    they are. Nothing is ever forced.

    If the remote does not take commits on the branch directly, they go to a branch of your own, and you are shown
    where to open the pull request.

    \b
    Examples:
      okr sync
      okr sync --no-push                       only bring in what others sent
      okr checkin visits 61k --push            check in and send it in one go
    """
    from okr.commands.running import invocation
    from okr.operations.sync.bringing import Patience
    from okr.sources import find_root
    from okr.views.sync import show_sync, sync_json

    asked = invocation()
    root = find_root(asked.directory)
    done = _sync(root, push=not no_push, patience=Patience(attempts=attempts, silence=timeout))
    if as_json:
        typer.echo(sync_json(done))
    else:
        show_sync(done, color=asked.color)


def answer_and_send(root: Path, answer: dict[str, Any] | None, commit: Commit | None, what: str) -> None:
    """Writes an answer in JSON, where there is one, and sends a commit, where one is to be sent.

    Args:
        root: the workspace's root.
        answer: the answer; None where it stands there as text.
        commit: what is to be sent, or None.
        what: what the commit records, for messages.

    Raises:
        NotSentError: it could not be sent; it stays committed.
    """
    from okr.views.text import to_json

    text = None if answer is None else to_json(answer)
    if commit is not None:
        send_recorded(root, commit.id, text, what)
    elif text is not None:
        typer.echo(text)


def bring_in_first(root: Path) -> None:
    """Brings in what others have sent, before a closing that goes by it.

    Raises:
        OkrError: it could not be brought in, and nothing has been closed.
    """
    try:
        _sync(root, push=False)
    except OkrError as error:
        raise OkrError(
            f"Nothing was closed: what others have sent counts for the grades, and can't be had.\n{error.message}",
            f"{error.remedy or 'Try again later.'} Without --push it is closed by what is here.",
        ) from error


def send_recorded(root: Path, commit: str, answer: str | None, what: str = "check-in") -> None:
    """What `okr checkin --push` and its likes do once the commit is made.

    Args:
        root: the workspace's root.
        commit: the one to be sent.
        what: what it records, for messages.
        answer: what was recorded as JSON, to be printed with what became of the sync; None for text.

    Raises:
        NotSentError: it could not be sent; it stays committed.
    """
    from okr.commands.running import invocation
    from okr.operations.sync.syncing import id_now
    from okr.views.sync import show_new_id, show_sync, with_sync

    try:
        done = _sync(root)
    except OkrError as error:
        now = id_now(root, commit)
        if answer is not None:
            typer.echo(with_sync(answer, now, None, error.message))
        raise NotSentError(what, now, error) from error
    now = commit if any(each.id == commit for each in done.commits) else id_now(root, commit)
    if answer is not None:
        typer.echo(with_sync(answer, now, done))
        return
    show_sync(done, color=invocation().color)
    if now != commit:
        show_new_id(what, commit, now, color=invocation().color)


def _sync(root: Path, *, push: bool = True, patience: Patience | None = None) -> Synced:
    from okr.operations.sync.bringing import Patience as Usual
    from okr.operations.sync.syncing import sync as exchange
    from okr.views.sync import say

    return exchange(root, partial(_person, root), say=say, push=push, patience=patience or Usual())


def _person(root: Path) -> str:
    from okr.commands.opening import workspace_at
    from okr.operations.identity import current_person

    return current_person(workspace_at(root))
