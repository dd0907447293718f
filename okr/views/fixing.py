"""What fixing came to, in one sentence, and as a diff. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.diff import show_diff, unified_diff
from okr.views.text import counted

if TYPE_CHECKING:
    from okr.operations.fixes.fixing import Fixing


def show_fixing_as_diff(fixing: Fixing, *, color: bool | None) -> None:
    """Writes what would change in the files to stdout."""
    for each in fixing.files:
        show_diff(unified_diff(each.path, each.before, each.after), color=color)


def fixing_in_words(fixing: Fixing, *, written: bool) -> str:
    """How much was mended, or would be, and what more `--unsafe-fixes` would do."""
    findings, files = counted(len(fixing.fixes), "finding"), counted(len(fixing.files), "file")
    more = f"{fixing.left:,}{' more' if fixing.fixes else ''} with --unsafe-fixes" if fixing.left else ""
    if not fixing.fixes:
        return f"Nothing to fix; {more}." if more else "Nothing to fix."
    said = (
        f"Fixed {findings} in {files}" if written else f"`okr validate --fix` would fix {findings} in {files}"
    )
    return f"{said}; {more}." if more else f"{said}."
