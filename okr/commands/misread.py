"""What is wrong with a command line that can't be read, and what was probably meant by it.

Read only once a command line has failed; `cli.py` and `registry.py` ask.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from typer._click.exceptions import NoSuchOption

from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer._click.core import Context
    from typer._click.exceptions import ClickException

_NO_COMMAND = re.compile(r"No such command (['\"])(.*?)\1\.", re.DOTALL)
_BY_HAND = "Goals stand in okrs/CYCLE/OWNER.yaml: edit that file, then `okr validate`"
_ADD = "`okr new` adds an objective, a key result, a team, a person or a KPI"
_CHECK_IN = "`okr checkin REF VALUE` records what was measured"
_EXCHANGE = "`okr sync` fetches, and sends your check-ins"
_OVERVIEW = "`okr status` shows the goals, `okr cycle list` the cycles, `okr kpi list` the KPIs"
_SITE = "`okr report` writes a site, `okr serve` previews it"

OTHER_WORDS = {
    **dict.fromkeys(("edit", "change", "modify", "delete", "del", "rm", "remove", "rename", "mv", "move"), _BY_HAND),
    **dict.fromkeys(("add", "create", "objective", "key-result", "keyresult", "kr", "team", "person"), _ADD),
    **dict.fromkeys(("update", "set", "record", "progress", "measure", "commit"), _CHECK_IN),
    **dict.fromkeys(("push", "pull", "fetch", "send"), _EXCHANGE),
    **dict.fromkeys(("list", "ls", "get", "objectives", "goals", "krs", "dashboard", "summary", "overview"), _OVERVIEW),
    **dict.fromkeys(("site", "html", "web", "publish"), _SITE),
    **dict.fromkeys(("lint", "verify", "check", "test"), "`okr validate` checks every file"),
    **dict.fromkeys(("fix", "repair"), "`okr validate --fix` mends what can be mended"),
    **dict.fromkeys(("fmt",), "`okr format` brings files to one layout"),
    **dict.fromkeys(("revert", "rollback", "retract"), "`okr undo` takes a check-in back"),
    **dict.fromkeys(("todo", "remind", "reminders", "overdue"), "`okr due` shows what needs a check-in"),
    **dict.fromkeys(("history", "blame", "changelog"), "`okr log` tells what happened to goals"),
    **dict.fromkeys(("ui", "browse", "open"), "`okr tui` browses a cycle on the whole screen"),
    **dict.fromkeys(("graph", "alignment", "align"), "`okr tree` shows how objectives are aligned"),
    **dict.fromkeys(("cycles", "quarter", "quarters"), "`okr cycle list` lists the cycles"),
    **dict.fromkeys(("kpis", "metrics"), "`okr kpi list` lists the KPIs"),
    **dict.fromkeys(("close", "grade"), "`okr cycle close` closes a cycle with grades"),
    **dict.fromkeys(("reopen",), "`okr cycle reopen` opens a closed cycle again"),
    **dict.fromkeys(("start", "begin"), "`okr init` starts a workspace, `okr plan start` a cycle"),
    **dict.fromkeys(("load", "migrate"), "`okr import` adds the goals of a spreadsheet"),
    **dict.fromkeys(("csv", "xlsx", "excel", "sheet", "spreadsheet", "tables"), "`okr import` adds the goals of a spreadsheet, `okr export` and `okr report` write tables"),
    **dict.fromkeys(("sql", "search", "find", "grep"), "`okr query` asks the workspace a question in SQL"),
    **dict.fromkeys(("config", "settings", "configure"), "Settings stand in okr.yaml, which explains itself"),
    **dict.fromkeys(("kpi add", "kpi new", "kpi create"), "`okr new kpi` adds one"),
    **dict.fromkeys(("kpi measure", "kpi update", "kpi checkin"), "`okr kpi record ID VALUE` records a measurement"),
    **dict.fromkeys(("cycle open", "cycle new", "cycle add", "cycle create", "cycle start"), "`okr plan` opens and starts cycles"),
    **dict.fromkeys(("plan new", "plan create", "plan add"), "`okr plan open CYCLE` makes the files of a cycle"),
    **dict.fromkeys(("completion", "completions"), "`okr --install-completion` has Tab complete commands and references"),
}  # fmt: skip
"""What people type who have not read the list of commands, and what does it here."""

OTHER_OPTIONS = {
    "--format": ("--json",),
    "-j": ("--json",),
    **dict.fromkeys(("--quarter", "--period", "-q"), ("--cycle",)),
    **dict.fromkeys(("--team", "--person", "--user"), ("--owner",)),
    **dict.fromkeys(("--message", "--comment", "--msg", "--text"), ("--note", "-m")),
    **dict.fromkeys(("--today", "--now", "--on"), ("--date", "--at", "--as-of")),
    **dict.fromkeys(("--rev", "--revision", "--ref", "--commit"), ("--at",)),
    **dict.fromkeys(("--target", "--goal"), ("--to",)),
    **dict.fromkeys(("--start", "--baseline"), ("--from",)),
    "--color": ("--no-color",),
    "--version": (),
}
"""The same for options: the first of these that the command has is proposed."""


def unknown_command(name: str, known: Iterable[str], *, parent: str = "okr") -> UsageError:
    """The error for a command that there is none of: what does it here, or the nearest name."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    remedy = f"`{parent} --help` lists the commands"
    word = f"{parent} {name}".removeprefix("okr ").lower()
    if word in OTHER_WORDS:
        remedy = OTHER_WORDS[word]
    elif parent == "okr" and re.fullmatch(r"OKR\d{3}", name, re.IGNORECASE):
        remedy = f"`okr explain {name.upper()}` explains that rule"
    elif near or (near := _within(name, known)):
        remedy = f"did you mean `{parent} {near[0]}`?"
    return UsageError(f"{parent if parent == 'okr' else f'`{parent}`'} has no command “{name[:60]}”", remedy)


def misread(error: ClickException, arguments: list[str]) -> UsageError:
    """The error for a command line that could not be read.

    Args:
        error: what was found wrong.
        arguments: the whole command line behind `okr`.
    """
    context: Context | None = getattr(error, "ctx", None)
    said = error.format_message()
    if isinstance(error, NoSuchOption):
        meant = _option(error, context)
        said, remedy = error.message, meant and f"did you mean `{meant}`?"
    elif (named := _NO_COMMAND.match(said)) and context is not None:
        commands: dict[str, Any] = getattr(context.command, "commands", {})
        return unknown_command(named[2], commands, parent=context.command_path)
    else:
        remedy = _too_many(said, context, arguments)
    if remedy is None:
        return UsageError(said, _usage(context))
    return UsageError(said, f"{remedy} {_help(context)}" if isinstance(error, NoSuchOption) else remedy)


def _within(name: str, known: Iterable[str]) -> list[str]:
    """The only command whose words begin with these letters, such as `key-result` for `kr`."""
    found = [
        each
        for each in known
        if "".join(word[0] for word in each.split("-")) == name or each.startswith(name)
    ]
    return found if len(found) == 1 else []


def _option(error: NoSuchOption, context: Context | None) -> str | None:
    """The option that was meant. Only those are like it whose names are: all share their dashes."""
    if context is not None:
        has = {name for each in context.command.params for name in each.opts}
        for each in OTHER_OPTIONS.get(error.option_name, ()):
            if each in has:
                return each
    names = {each.lstrip("-"): each for each in error.possibilities or ()}
    near = get_close_matches(error.option_name.lstrip("-"), names, n=1)
    return names[near[0]] if near else None


def _too_many(said: str, context: Context | None, arguments: list[str]) -> str | None:
    """What to type where more was given than the command takes; None where that is not what is wrong."""
    if "extra argument" not in said:
        return None
    # The shell has taken a number apart at its blanks.
    found = re.search(r"(?<!\S)\d{1,3}(?: \d{3})+(?!\S)", " ".join(arguments))
    if found is not None:
        return f'Put a number with blanks into quotes: "{found[0]}".'
    if context is not None and context.command_path == "okr rules":
        return "`okr explain RULE` explains one of them."
    if context is not None and context.command_path == "okr checkin":
        return "One key result and its value at a time: a note goes behind -m, in quotes; `okr checkin --from FILE` records many."
    return None


def _usage(context: Context | None) -> str | None:
    """How the command is used, and what explains it; None where the error is of no command."""
    if context is None:
        return None
    usage = " ".join(context.get_usage().removeprefix("Usage:").split())
    return f"Usage: `{usage}`; {_help(context)}"


def _help(context: Context | None) -> str:
    return f"`{context.command_path if context else 'okr'} --help` explains it."
