"""What formatting came to: the files, how many of them, and those that stay as they are, with the reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okr.views.text import counted, printable, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.operations.formatting import Formatting


def show_formatting(
    formatting: Formatting, shown: Callable[[str], str], *, written: bool, listed: bool
) -> None:
    """Writes which files changed, or would; to stderr where stdout has a diff, and what could not be laid out.

    Args:
        formatting: what came of it.
        shown: how a file, given relative to the workspace's root, is named to the user.
        written: whether the files have been written.
        listed: whether the changed files are the answer; if not, a diff on stdout is.
    """
    answer = sys.stdout if listed else sys.stderr
    if listed:
        answer.writelines(f"{printable(shown(each.path))}\n" for each in formatting.changed)
    answer.write(_summary(formatting, written=written) + "\n")
    for each in formatting.refused:
        sys.stderr.write(
            f"error: {printable(shown(each.path))}:{each.line} can't be formatted: {printable(each.reason)}\n"
            "  It stays as it is. `okr validate` tells more.\n"
        )


def formatting_as_json(formatting: Formatting, *, written: bool) -> str:
    """The same as one JSON object; paths are relative to the workspace's root."""
    return to_json(
        {
            "schema": 1,
            "files": len(formatting.files) + len(formatting.refused),
            "written": written,
            "changed": [each.path for each in formatting.changed],
            "refused": [
                {"path": each.path, "line": each.line, "reason": each.reason} for each in formatting.refused
            ],
        }
    )


def _summary(formatting: Formatting, *, written: bool) -> str:
    changed, count = len(formatting.changed), len(formatting.files) + len(formatting.refused)
    if not changed:
        fine = counted(len(formatting.files), "file")
        return f"{fine}, nothing to format." if not formatting.refused else f"{fine} formatted already."
    if written:
        return f"Formatted {changed:,} of {counted(count, 'file')}."
    return f"{changed:,} of {counted(count, 'file')} would change; `okr format` does it."
