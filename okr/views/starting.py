"""What `okr init` made, as text, and the three commands to type next."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from okr.operations.schema_files import FOLDER
from okr.views.text import printable
from okr.views.workflow_commands import for_log
from okr.workspace import ORG

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from okr.operations.starting.starting import Started


def show_start(started: Started) -> None:
    """Writes what was made and kept."""
    lines = [f"Started the workspace {started.name} in {started.folder}"]
    for word, paths in (
        ("made", started.made), ("added to", started.extended), ("kept as it was", started.kept),
        ("left out", started.left_out),
    ):  # fmt: skip
        lines += [
            f"  {word} {path}" for path in dict.fromkeys(map(_shown, paths) if word == "made" else paths)
        ]
    if started.left_out:
        lines.append(f"What is left out would not fit your files: {started.clash}.")
        lines.append("It is only examples: `okr new` adds goals and KPIs of your own.")
    if started.repository is None:
        lines.append("It is in no git repository; `git init` makes one later.")
    elif started.repository_made:
        lines.append("Made a git repository for it; nothing is committed yet.")
    else:
        lines.append(f"It is in the git repository {started.repository.top}; nothing is committed yet.")
    _write(lines)


def show_next(started: Started, here: Path, others: Sequence[Path]) -> None:
    """Writes what comes next.

    Args:
        started: what was made.
        here: the folder in which somebody is.
        others: files that were made besides, to be committed as well.
    """
    lines = [
        f"Put your own goals into {started.first_plan}, then type:" if started.first_plan else "Next, type:"
    ]
    lines += [f"  {command}" for command in next_commands(started, here, others)]
    if started.first_plan is None and not started.left_out:
        lines.append("Goals that are kept in a spreadsheet are taken over by `okr import FILE`.")
    _write(lines)


def _write(lines: Sequence[str]) -> None:
    sys.stdout.write(for_log("".join(f"{printable(line)}\n" for line in lines)))


def _shown(path: str) -> str:
    """A file by its path; the schemas by their folder."""
    return f"{FOLDER}, by which editors check the files" if path.startswith(f"{FOLDER}/") else path


def next_commands(started: Started, here: Path, others: Sequence[Path] = ()) -> tuple[str, str, str]:
    """The next three commands, for somebody in the folder `here`; the second commits other files as well."""
    go = ""
    if started.folder != here:
        go = f"cd {shlex.quote(os.path.relpath(started.folder, here))} && "
    record = "okr status"
    if started.repository is not None:
        paths = dict.fromkeys(path.partition("/")[0] for path in (*started.made, *started.extended))
        files = " ".join(shlex.quote(path) for path in (*paths, *_to_add(others, started.folder)))
        record = f"git add {files} && git commit -m {shlex.quote(started.commit_message)}"
    key_result, value = started.first_checkin
    last = f"okr checkin {key_result} {value} --confidence 0.7"
    if started.first_plan is None:
        owner = key_result.partition("/")[0] if ORG in started.made else "OWNER"
        last = f"okr new objective TITLE --owner {owner}"
    elif started.repository is None:
        last += " --no-commit"
    return f"{go}okr validate", record, last


def _to_add(files: Sequence[Path], root: Path) -> list[str]:
    """How to name files for `git add` in the workspace: by their folder there, if it holds nothing else."""
    files, root = [each.resolve() for each in files], root.resolve()
    whole = [
        folder
        for folder in (root / ".github", root / ".gitlab")
        if folder.is_dir() and all(each in files for each in folder.rglob("*") if each.is_file())
    ]
    single = [each for each in files if not any(each.is_relative_to(folder) for folder in whole)]
    return [os.path.relpath(each, root) for each in (*whole, *single)]
