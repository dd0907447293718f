"""What `okr import` brought, as text: each plan with what it got, and what to type next; or the changes as a diff."""

from __future__ import annotations

import os
import shlex
import sys
from collections import Counter
from typing import TYPE_CHECKING

from okr.views.adding import diff_of
from okr.views.errors import tell
from okr.views.text import counted, printable
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.operations.adding.importing import Imported


_MOST_FILES = 5


def show_import(imported: Imported, root: Path, here: Path, *, dry_run: bool) -> None:
    """Writes what was added, or would be, to stdout, and what there is to say of it to stderr.

    Args:
        imported: what was added.
        root: the workspace's root.
        here: the folder in which somebody will type the next commands.
        dry_run: nothing was written: show the changes as a diff.
    """
    lines = (
        [line for each in imported.changes for line in diff_of(each)]
        if dry_run
        else _told(imported, root, here)
    )
    sys.stdout.write(for_log("".join(f"{printable(line)}\n" for line in lines)))
    tell(map(printable, _remarks(imported)))


def _told(imported: Imported, root: Path, here: Path) -> Iterator[str]:
    added = _counts(
        sum(each.objectives for each in imported.plans), sum(each.key_results for each in imported.plans)
    )
    yield f"Added {added} from {imported.name}"
    width = max(len(each.path) for each in imported.plans)
    for each in imported.plans:
        yield f"  {each.path:{width}}  {_counts(each.objectives, each.key_results)}"
    files = [root / each.path for each in imported.changes]
    if len(files) > _MOST_FILES:
        files = [*dict.fromkeys(each.parent for each in files)]
    yield "Next:"
    yield "  okr validate"
    yield f"  git add {' '.join(shlex.quote(os.path.relpath(each, here)) for each in files)}"
    if imported.values:
        yield "Then check in the values that the table gives:"
        yield from (f"  {_checkin(*each)}" for each in imported.values)


def _checkin(name: str, value: str) -> str:
    # A hyphen would begin an option; with a sign, a number would be a change of the last one.
    return f"okr checkin {shlex.quote(name)} {shlex.quote(f'={value}' if value[0] in '+-' else value)}"


def _counts(objectives: int, key_results: int) -> str:
    said = [counted(objectives, "objective")] if objectives else []
    return " and ".join([*said, counted(key_results, "key result")] if key_results or not said else said)


def _remarks(imported: Imported) -> Iterator[str]:
    if imported.left_out:
        names = ", ".join(f"“{each}”" for each in imported.left_out)
        columns = "the column" if len(imported.left_out) == 1 else "the columns"
        yield f"note: left out {columns} {names}; `okr import --help` names those that are read."
    found = Counter(str(each.severity) for each in imported.found)
    if found:
        said = ", ".join(
            f"{number} {severity}{'s' if number > 1 else ''}" for severity, number in found.items()
        )
        yield f"note: `okr validate` finds {said} in what was added."
