"""The command line: finds the command, and reads what all commands share.

Commands live in `okr.commands`, one module each, imported only when they are called. No rules, no arithmetic.
"""

from __future__ import annotations

import functools
import gc
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import _completion_shared
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.main import get_command

from okr.commands.formats import full_name
from okr.commands.registry import (
    AsOfOption,
    CacheOption,
    ColorOption,
    DirectoryOption,
    LazyGroup,
    show_version,
)
from okr.commands.running import Stopped, ended, leave

if TYPE_CHECKING:
    from typer._click.core import Command


app = typer.Typer(
    name="okr",
    cls=LazyGroup,
    no_args_is_help=True,
    # Plain help texts: drawing them with rich would cost more than everything else that `--help` does.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "token_normalize_func": full_name,
    },
)


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and stop."),
    ] = False,
    _directory: DirectoryOption = None,
    _as_of: AsOfOption = None,
    _no_color: ColorOption = False,
    _no_cache: CacheOption = False,
) -> None:
    """Objectives and Key Results as YAML files in a git repository.

    Plans are reviewed in pull requests, check-ins are commits, and progress, alignment and history are read
    back from the files and from git.

    \b
    Examples:
      okr init                                     start a workspace here
      okr validate                                 check every file
      okr checkin brand/visits 61k -m "Live now"   record a check-in as a commit
      okr status                                   show this cycle's progress
      okr -C ../plans --as-of 2026-11-01 status    elsewhere, as of that day
    """


def main() -> None:
    """Runs the command line and ends the process with its exit status."""
    # A process that ends with its answer leaves no cycles worth collecting, and looking for them among all that a
    # large workspace holds takes longer than reading it. Commands that stay (`okr lsp`) switch it on again.
    gc.disable()
    try:
        status = run(sys.argv[1:])
    except SystemExit as end:  # so ends a completion
        if not isinstance(end.code, int):
            raise
        status = end.code
    leave(status)


def run(arguments: list[str]) -> int:
    """Runs one command line.

    Returns:
        The exit status, as `ended` has it.
    """
    return ended(arguments, lambda: _status_of(arguments))


_ZSH_AT_ONCE = """
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  %(complete_func)s "$@"
fi
"""
"""In zsh the first Tab of a session only loads typer's script: this has it complete as well."""


@functools.cache
def _root() -> Command:
    """The command that all others are commands of; built once, for it keeps nothing of the command lines it reads."""
    scripts = _completion_shared._completion_scripts  # noqa: SLF001 # Typer lets nobody add to its scripts
    scripts["zsh"] = _completion_shared.COMPLETION_SCRIPT_ZSH + _ZSH_AT_ONCE
    return get_command(app)


def _status_of(arguments: list[str]) -> int:
    try:
        result: Any = _root()(args=arguments, prog_name="okr", standalone_mode=False)
    except NoArgsIsHelpError as error:
        typer.echo(error.format_message())
        return 2
    except ClickException as error:
        from okr.commands.misread import misread
        from okr.views.errors import show_error

        show_error(misread(error, arguments))
        return error.exit_code
    except typer.Abort as aborted:
        raise Stopped from aborted
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
