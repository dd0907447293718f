"""Which commands there are, and the group that imports each only when it is called.

Also the options that every command takes, before or after its name; what they say is `running.py`'s.
"""

from __future__ import annotations

import functools
import importlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from okr import __version__
from okr.commands.running import Stopped, invocation
from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer._click.core import Command, Context
    from typer._click.shell_completion import CompletionItem

COMMANDS = {
    "init": "Start a workspace.",
    "new": "Add an objective, a key result, a team, a person or a KPI.",
    "import": "Add the objectives and key results of a spreadsheet.",
    "plan": "Open a cycle for planning, see whether its plans are ready, and start it.",
    "validate": "Check every file and explain what is wrong.",
    "format": "Bring plans and settings to one layout, comments kept.",
    "explain": "Explain a rule of `okr validate`: why it is there, how to mend it, with examples.",
    "rules": "List the rules of `okr validate`.",
    "schema": "Write the JSON Schema of a kind of file, for editors.",
    "lsp": "Serve an editor: findings as you type, completion, hover, rename.",
    "checkin": "Record a check-in as a commit.",
    "undo": "Take a check-in back.",
    "sync": "Exchange check-ins with the others: fetch, bring own commits on top, push.",
    "cycle": "List and show cycles; close one with grades, or open it again.",
    "kpi": "Watch the KPIs: list and show them, record a measurement, make a key result of one.",
    "due": "Show what needs a check-in, by person, and how late it is.",
    "status": "Show the progress of a cycle.",
    "watch": "Show the progress of a cycle, anew whenever its files change.",
    "tui": "Browse a cycle and check in, on the whole screen.",
    "tree": "Show how objectives are aligned.",
    "show": "Show one objective, key result or KPI whole.",
    "review": "Put together what a review talks about: weekly, or of a cycle that is over.",
    "report": "Write a report for people who never type a command.",
    "serve": "Preview the report in a browser; it loads again when files change.",
    "query": "Ask the whole workspace a question in SQL.",
    "export": "Write the tables of the whole workspace as files, for a data warehouse.",
    "badge": "Write a score as an SVG badge, for a README or a wiki.",
    "diff": "Show what changes in our goals between two revisions.",
    "log": "Tell what happened, the newest first.",
    "audit": "Check whether the record can be trusted.",
    "demo": "Build a throw-away workspace and walk through the main job.",
}
"""The commands in the order of `--help`, with their one-line help: the first line of the command's docstring."""


def show_version(asked: bool) -> None:
    """Shows the version and ends, where that was asked for."""
    if asked:
        typer.echo(f"okr {__version__}")
        raise typer.Exit


def module_of(command: str) -> str:
    """The module of a command; Python keeps the word `import` for itself."""
    return f"okr.commands.{'importing' if command == 'import' else command.replace('-', '_')}"


@functools.cache
def _built(app: typer.Typer, name: str) -> Command:
    """The command that an app describes; built once, for it keeps nothing of the command lines it reads."""
    # As for `okr` itself: plain help texts, and completion is installed for `okr`, not for each command.
    app.rich_markup_mode = None
    app._add_completion = False  # noqa: SLF001 # Typer takes it only where the app is made
    command = get_command(app)
    command.name = name
    for each in (command, *getattr(command, "commands", {}).values()):
        for argument in each.params:
            _without_braces(argument)
        each.params.extend(_shared_options())
    return command


class LazyGroup(TyperGroup):
    """The group of all commands: knows their names and help without importing them."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Every command's name, in the order of `--help`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Imports a command's module and builds the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(module_of(cmd_name))
        return _built(module.app, cmd_name)

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, from the table above, so that Tab imports none of them; and options."""
        from typer._click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=said) for name, said in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*found, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 # whatever the command returns
        """Runs the command; an interrupt and a closed pipe come out, for Typer would end with a status of its own."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, BrokenPipeError) as error:
            raise Stopped from error

    def format_commands(self, ctx: Context, formatter: Any) -> None:  # noqa: ANN401 # a private class of typer's
        """Writes the list of commands from the table above, so that `--help` imports none of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Finds the command named first: `help` explains one, an unknown one gets what was probably meant."""
        name = args[0] if args else ""
        if name == "help":
            if args[1:]:
                return self.resolve_command(ctx, [*args[1:], "--help"])
            typer.echo(ctx.get_help())
            raise typer.Exit
        if name == "version":
            show_version(asked=True)
        if name and not name.startswith("-") and name not in COMMANDS:
            from okr.commands.misread import unknown_command

            raise unknown_command(name, COMMANDS)
        return super().resolve_command(ctx, args)


def _without_braces(parameter: Any) -> None:  # noqa: ANN401 # a parameter of any kind
    """Has the usage show a required argument as `REF`, as all else does, and not as `{REF}`."""
    if isinstance(parameter, TyperArgument):
        written = parameter.make_metavar

        def plain(ctx: Context, *, usage: bool = False) -> str:
            return written(ctx, usage=usage).replace("{", "").replace("}", "")

        parameter.make_metavar = plain  # type: ignore[method-assign] # of this one argument


def _set_directory(value: str | None) -> str | None:
    if value is not None:
        invocation().directory = invocation().directory / Path(value)
    return value


def _set_as_of(value: str | None) -> str | None:
    if value is not None:
        invocation().as_of = day_of("--as-of", value, today=date.today())
    return value


def day_of(option: str, text: str, like: str = "2026-11-23", *, today: date | None = None) -> date:
    """The day that was typed for an option: in figures, or in words such as `yesterday`.

    Args:
        option: its name, for the message.
        text: what was typed.
        like: a day to show in the message.
        today: what the words are reckoned from; the day that counts as today where it is left out.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        from okr.days import day_in_words, days_meant

    day = day_in_words(text, today or invocation().today)
    if day is None:
        meant = " or ".join(map(str, days_meant(text))) or like
        raise UsageError(f"{option}: “{text[:60]}” is not a day", f"write it as {meant}")
    return day


def _set_cache(value: bool) -> bool:
    if value:
        invocation().cache = False
    return value


def _set_color(value: bool) -> bool:
    if value:
        invocation().color = False
    return value


DirectoryOption = Annotated[
    str | None,
    typer.Option(
        "-C", "--directory", metavar="DIR", callback=_set_directory, help="Run as if started in DIR."
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", callback=_set_as_of, help="Take DATE for today, such as 2026-11-23."
    ),
]
ColorOption = Annotated[
    bool, typer.Option("--no-color", callback=_set_color, help="No colours; so does the variable NO_COLOR.")
]
CacheOption = Annotated[
    bool,
    typer.Option("--no-cache", callback=_set_cache, help="Work everything out anew; the answer is the same."),
]


def _shared_options() -> list[TyperOption]:
    """The shared options once more for behind the command's name, where people put them as well."""
    return [
        _hidden(["-C", "--directory"], _set_directory),
        _hidden(["--as-of"], _set_as_of),
        _hidden(["--no-color"], _set_color, is_flag=True),
        _hidden(["--no-cache"], _set_cache, is_flag=True),
    ]


def _hidden(names: list[str], action: Callable[[Any], object], *, is_flag: bool | None = None) -> TyperOption:
    return TyperOption(
        param_decls=names,
        is_flag=is_flag,
        callback=lambda _context, _parameter, value: action(value),
        expose_value=False,
        hidden=True,
    )
