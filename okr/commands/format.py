"""`okr format`: reads its arguments, has files laid out, shows or writes what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.formatting import Formatting

app = typer.Typer()

STDIN = "-"


@app.command("format")
def format_command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Format these files and folders only; `-` for standard input. [default: the whole workspace]",
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; list the files that would change and fail.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show what would change, and fail if anything does.")
    ] = False,
    stdin_filename: Annotated[
        str | None,
        typer.Option("--stdin-filename", metavar="PATH", help="What file `-` stands for; a plan by default."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Bring plans and settings to one layout, comments kept.

    Keys in one order, two spaces of indentation, a blank line between objectives; what is in braces stays so if it
    fits in 100 columns. Every comment stays with what it is about, and what the files say stays the same. In logs,
    only records that spread over several lines are brought to one; no other line is touched.

    Ends with 1 if a file can't be laid out (it stays as it is), and with --check or --diff if one would change.

    \b
    Examples:
      okr format                    the whole workspace
      okr format --diff okrs        show what would change in the plans
      okr format --check            in CI
      okr format - --stdin-filename okrs/2026-Q4/marketing.yaml < draft.yaml
    """
    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.operations.formatting import format_files, write_formatting
    from okr.operations.validation.validating import select

    asked = invocation()
    wanted = paths or []
    if STDIN in wanted:
        if len(wanted) > 1:
            raise UsageError("`-` stands for standard input, and nothing may stand beside it")
        return _format_stdin(asked.directory, stdin_filename, check=check, diff=diff, color=asked.color)
    if stdin_filename is not None:
        raise UsageError(
            "--stdin-filename says what `-` stands for", "write `okr format - --stdin-filename …`"
        )
    selection = select(asked.directory, wanted)
    formatting = format_files(workspace_at(selection.root), selection)
    reading_only = check or diff
    if not reading_only:
        write_formatting(selection.root, formatting)
    _show(
        formatting, selection.root, reading_only=reading_only, diff=diff, as_json=as_json, color=asked.color
    )
    return 1 if formatting.refused or (reading_only and formatting.changed) else 0


def _show(
    formatting: Formatting, root: Path, *, reading_only: bool, diff: bool, as_json: bool, color: bool | None
) -> None:
    import os

    from okr.views.diff import show_diff, unified_diff
    from okr.views.formatting import formatting_as_json, show_formatting

    if as_json:
        typer.echo(formatting_as_json(formatting, written=not reading_only))
        return
    if diff:
        for each in formatting.changed:
            show_diff(unified_diff(each.path, each.before, each.after), color=color)
    show_formatting(
        formatting, lambda path: os.path.relpath(root / path), written=not reading_only, listed=not diff
    )


def _format_stdin(directory: Path, name: str | None, *, check: bool, diff: bool, color: bool | None) -> int:
    import sys

    from okr.errors import OkrError
    from okr.files import LARGEST_FILE
    from okr.operations.formatting import Refused, format_text, path_in_workspace
    from okr.views.diff import show_diff, unified_diff

    path = path_in_workspace(directory, name) if name else STDIN
    found = format_text(path, sys.stdin.buffer.read(LARGEST_FILE + 1))
    if isinstance(found, Refused):
        raise OkrError(
            f"{name or 'standard input'}:{found.line} can't be formatted: {found.reason}",
            "mend it, then try again; `okr validate` explains each mistake in files",
        )
    if diff:
        show_diff(unified_diff(name or STDIN, found.before, found.after), color=color)
    elif not check:
        sys.stdout.buffer.write(found.after)
    return 1 if (check or diff) and found.changes else 0
