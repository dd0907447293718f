"""What commands that show something have in common: the refusal to answer from broken files, and the two outputs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from okr.commands.opening import require_readable
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

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


def console() -> Console:
    """The console for the answer, with colours as the command line asks."""
    from okr.commands.registry import invocation
    from okr.views.terminal import stdout

    return stdout(color=invocation().color)
