"""What `okr new` added, as text: its reference, where it stands, what to type next; or the change as a diff."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.views.errors import tell
from okr.views.text import counted, printable
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.operations.adding.adding import Addition, Missing
    from okr.operations.committing import FileChange

_ARTICLES = {Severity.WARNING: "a warning", Severity.INFO: "a remark"}


def show_addition(addition: Addition, root: Path, here: Path, *, dry_run: bool) -> None:
    """Writes what was added, or would be, to stdout, and what the rules remark to stderr.

    Args:
        addition: what was added.
        root: the workspace's root.
        here: the folder in which somebody will type the next commands.
        dry_run: nothing was written: show the change as a diff.
    """
    if dry_run:
        sys.stdout.write(for_log("".join(f"{printable(line)}\n" for line in diff_of(addition))))
    else:
        sys.stdout.write(
            f"Added the {addition.kind} {printable(addition.name)}\n"
            f"  {printable(addition.path)}:{addition.line}\n"
            f"{_schema(addition)}"
            "Next:\n" + "".join(f"  {command}\n" for command in next_commands(addition, root, here))
        )
    said = [_missing(addition, each) for each in addition.missing]
    if dry_run and addition.schema is not None:
        said.append(
            f"note: {addition.schema[0]} would be made as well: the schema that the first line names."
        )
    for note in addition.notes:
        finding = note.finding
        hint = f" ({finding.hint})" if finding.hint else ""
        said.append(
            f"{note.severity}: {finding.path}:{finding.place.line}: {note.code} {finding.message}{hint}"
        )
    tell(printable(each) for each in said)


def _schema(addition: Addition) -> str:
    """That a schema was made along with a new file."""
    return (
        ""
        if addition.schema is None
        else f"Made {addition.schema[0]} too, by which editors check it: commit both\n"
    )


def _missing(addition: Addition, missing: Missing) -> str:
    """That a step is no whole plan yet: what is still to come, and what is reported until then."""
    needed = counted(missing.needed, missing.what.removesuffix("s"))
    if missing.what == "objectives":
        cycle, owner = addition.name.split("/")[:2]
        whose = f"{owner} has {needed} in {cycle}"
    else:
        whose = f"{'it' if addition.kind == 'objective' else 'its objective'} has {needed}"
    weight = "" if missing.severity is Severity.ERROR else f", as {_ARTICLES[missing.severity]}"
    return f"note: until {whose}, `okr validate` reports {missing.code}{weight}."


def diff_of(change: Addition | FileChange) -> list[str]:
    """The change as a unified diff, line by line, as git would show it."""
    before = (change.before or b"").decode("utf-8-sig").splitlines()
    after = change.after.decode("utf-8-sig").splitlines()
    old = f"a/{change.path}" if change.before is not None else "/dev/null"
    return list(difflib.unified_diff(before, after, old, f"b/{change.path}", lineterm=""))


def next_commands(addition: Addition, root: Path, here: Path) -> list[str]:
    """What one would type next in the folder `here`: what is missing, else what looks at the whole and records it."""
    if addition.missing:
        return list(dict.fromkeys(_to_come(addition)))
    written = (addition.path, *(() if addition.schema is None else addition.schema[:1]))
    paths = " ".join(shlex.quote(os.path.relpath(root / path, here)) for path in written)
    return [*_following(addition), "okr validate", f"git add {paths}"]


def _to_come(addition: Addition) -> Iterator[str]:
    segments = addition.name.split("/")
    for each in sorted(addition.missing, key=lambda each: each.what):
        if each.what == "key results":
            yield _new_key_result("/".join(segments[:3]))
        else:
            yield f"okr new objective TITLE --owner {segments[1]} --cycle {segments[0]}"


def _new_key_result(objective: str) -> str:
    return f"okr new key-result TITLE --objective {objective} --from 0 --to 100 --unit UNIT"


def _following(addition: Addition) -> Iterator[str]:
    name = addition.name
    match addition.kind:
        case "objective":
            yield _new_key_result(name)
        case "key result":
            yield f"okr show {name}"
        case "team" | "person":
            yield f"okr new objective TITLE --owner {name}"
        case _:
            yield f"okr new key-result TITLE --objective REF --kpi {name} --to NUMBER"
