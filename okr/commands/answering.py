"""What commands that show something have in common: the refusal to answer from broken files, and the two outputs."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from okr.commands.opening import require_readable
from okr.commands.running import invocation
from okr.errors import OkrError
from okr.sources import find_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from okr.operations.checkin.pending import Pending
    from okr.workspace import Workspace


@contextmanager
def answering(workspace: Workspace) -> Iterator[None]:
    """Within it an answer is worked out; at its end the files that were read for it must have been readable.

    A file that can't be read also comes before an error that may be its consequence, such as a reference to
    what the file holds.

    Raises:
        BrokenFilesError: a file that was read is broken.
    """
    try:
        yield
    except OkrError:
        require_readable(workspace)
        raise
    require_readable(workspace)


def print_json(answer: dict[str, Any]) -> None:
    """Writes an answer as JSON to stdout."""
    import sys

    from okr.views.text import to_json

    sys.stdout.write(to_json(answer) + "\n")


def console(*, plain: bool = False) -> Console:
    """The console for the answer, with colours as the command line asks.

    Args:
        plain: whether a screen reader reads it.
    """
    from okr.views.terminal import plain_stdout, stdout

    if plain:
        return plain_stdout()
    return stdout(color=invocation().color)


def note_uncommitted(root: Path | None = None) -> None:
    """Says on stderr which check-ins were recorded but not committed, and what commits them; and which files are not here.

    Outside repositories it costs nothing, in one without such check-ins a single git process.

    Args:
        root: the workspace's root; that of the workspace that the command line means if left out.
    """
    root = root or find_root(invocation().directory)
    note_left_out(root)
    found = uncommitted_checkins(root)
    if found:
        from okr.views.errors import tell
        from okr.views.pending import pending_note

        tell([pending_note(found)])


def note_left_out(root: Path) -> None:
    """Says on stderr which files a sparse checkout leaves out of the workspace, for no answer counts them.

    Args:
        root: the workspace's root.
    """
    left_out = files_left_out(root)
    if left_out:
        from okr.views.errors import tell
        from okr.views.pending import left_out_note

        tell([left_out_note(left_out)])


def note_uncommitted_closing(workspace: Workspace, cycle: str) -> None:
    """Says on stderr that a cycle which an answer shows as closed is so in no commit, and what tells how to go on."""
    from okr.operations.closing.uncommitted import closed_in_files_alone

    with suppress(OkrError):  # likewise
        if closed_in_files_alone(find_root(invocation().directory), workspace, cycle):
            from okr.views.errors import tell
            from okr.views.text import printable

            tell(
                [
                    printable(
                        f"note: {cycle} is closed, but no commit says so: `okr cycle close {cycle}` says how to go on."
                    )
                ]
            )


def files_left_out(root: Path) -> tuple[str, ...]:
    """The files that a sparse checkout leaves out of the workspace; none where git can't tell.

    Args:
        root: the workspace's root.
    """
    from okr.operations.looking import left_out_here

    with suppress(OkrError):  # as for check-ins that are not committed
        return left_out_here(root)
    return ()


def uncommitted_checkins(root: Path) -> tuple[Pending, ...]:
    """The check-ins that were recorded but not committed; none where git can't tell.

    Args:
        root: the workspace's root.
    """
    from okr.operations.looking import changed_logs

    with suppress(OkrError):  # what is wrong with the repository, whatever commits there says
        if changed_logs(root):
            from okr.operations.checkin.pending import pending_checkins

            return pending_checkins(root)
    return ()
