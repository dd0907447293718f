"""What `--from FILE|-` names, read: a file beside the command line's folder, or standard input."""

from __future__ import annotations

import sys

from okr.commands.running import invocation
from okr.errors import UsageError
from okr.operations.checkin.rows import LARGEST_IMPORT


def read_sent(source: str) -> tuple[str, bytes]:
    """How messages name where it came from, and its bytes: one more than is allowed, where there are more.

    Args:
        source: a file, or `-` for standard input.

    Raises:
        UsageError: the file can't be read.
    """
    if source == "-":
        return "standard input", sys.stdin.buffer.read(LARGEST_IMPORT + 1)
    try:
        with (invocation().directory / source).open("rb") as file:
            return source, file.read(LARGEST_IMPORT + 1)
    except OSError as error:
        raise UsageError(
            f"{source} can't be read: {error.strerror or error}.", "Name a file, or - for standard input."
        ) from error
