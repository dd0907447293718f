"""Options and arguments that several commands have: a parameter that is annotated with one of them reads it.

Those that every command has are `registry.py`'s.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from okr.commands.completion import (
    complete_any_or_below,
    complete_cycle,
    complete_owner,
    complete_owner_or_below,
)


class Language(StrEnum):
    """The languages that okr speaks."""

    EN = "en"
    FR = "fr"


LanguageOption = Annotated[
    Language | None, typer.Option(help="The language of the words.", show_default="that of okr.yaml")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="REV|DATE",
        help="Show a commit, a branch, or the last commit of a day, such as 2026-11-01.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]
JsonFormatOption = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
PlainOption = Annotated[
    bool,
    typer.Option("--plain", help="For a screen reader: words instead of signs, bars, charts and columns."),
]

StateArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[REF]",
        help="An owner, ID/... with all below, an objective or a key result; everything if left out.",
        autocompletion=complete_any_or_below,
        show_default=False,
    ),
]
CycleOption = Annotated[
    str | None,
    typer.Option(metavar="CYCLE", help="A cycle other than the current one.", autocompletion=complete_cycle),
]
CycleArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[CYCLE]",
        help="A cycle other than the current one.",
        autocompletion=complete_cycle,
        show_default=False,
    ),
]
OnlyCycleOption = Annotated[
    str | None,
    typer.Option("--cycle", metavar="CYCLE", help="Look in this cycle only.", autocompletion=complete_cycle),
]
OwnerOption = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="Only one team's or person's plan; ID/... with all below.",
        autocompletion=complete_owner_or_below,
    ),
]
MineOption = Annotated[
    bool, typer.Option("--mine", help="Only what you are accountable for; git says who you are.")
]

# Of what adds to a log.
NoteOption = Annotated[str | None, typer.Option("--note", "-m", metavar="TEXT", help="What is behind it.")]
DateOption = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="DATE",
        help="The day of the value: 2026-11-20, yesterday, or with a time and its offset.",
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="ID", help="Who says so; git's identity by default.", autocompletion=complete_owner
    ),
]
NoCommitOption = Annotated[
    bool, typer.Option("--no-commit", help="Add the line to the log, and commit nothing.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and write nothing.")]
PushOption = Annotated[
    bool | None,
    typer.Option(
        "--push/--no-push", show_default=False, help="Send it at once, as `okr sync` does; or keep it here."
    ),
]

# Of what adds to a plan, or makes a commit of its own.
DiffDryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show the change as a diff, and write nothing.")
]
WeightOption = Annotated[
    str | None,
    typer.Option("--weight", metavar="N", help="How much it counts; 1 by default, 0 for a guardrail."),
]
PushCommitOption = Annotated[
    bool, typer.Option("--push", help="Send the commit at once, as `okr sync` does.")
]
