"""What `okr new` added, as text: its reference, where it stands, what to type next; or the change as a diff."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.operations.adding import Addition


def show_addition(addition: Addition, root: Path, here: Path, *, dry_run: bool) -> None:
    """Writes what was added, or would be, to stdout, and what the rules remark to stderr.

    Args:
        addition: what was added.
        root: the workspace's root.
        here: the folder in which somebody will type the next commands.
        dry_run: nothing was written: show the change as a diff.
    """
    if dry_run:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in diff(addition)))
    else:
        sys.stdout.write(
            f"Added the {addition.kind} {printable(addition.name)}\n"
            f"  {printable(addition.path)}:{addition.line}\n"
            "Next:\n" + "".join(f"  {command}\n" for command in next_commands(addition, root, here))
        )
    for note in addition.notes:
        finding = note.finding
        hint = f" ({finding.hint})" if finding.hint else ""
        # What a plan lacks while it is being written is no error of whoever is writing it.
        weight = "note" if note.severity is Severity.ERROR else str(note.severity)
        place = f"{finding.path}:{finding.place.line}"
        sys.stderr.write(printable(f"{weight}: {place}: {note.code} {finding.message}{hint}") + "\n")


def diff(addition: Addition) -> list[str]:
    """The change as a unified diff, line by line, as git would show it."""
    before = (addition.before or b"").decode("utf-8-sig").splitlines()
    after = addition.after.decode("utf-8-sig").splitlines()
    old = f"a/{addition.path}" if addition.before is not None else "/dev/null"
    return list(difflib.unified_diff(before, after, old, f"b/{addition.path}", lineterm=""))


def next_commands(addition: Addition, root: Path, here: Path) -> list[str]:
    """What one would type next in the folder `here`."""
    path = os.path.relpath(root / addition.path, here)
    return [*_following(addition), f"git add {shlex.quote(path)}"]


def _following(addition: Addition) -> Iterator[str]:
    name = addition.name
    match addition.kind:
        case "objective":
            yield f"okr new key-result TITLE --objective {name} --from 0 --to 100 --unit UNIT"
        case "key result":
            yield f"okr show {name}"
        case "team" | "person":
            yield f"okr new objective TITLE --owner {name}"
        case _:
            yield f"okr new key-result TITLE --objective REF --kpi {name} --to NUMBER"
    yield "okr validate"
