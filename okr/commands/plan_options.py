"""What the options of `okr plan open` say, turned into what the operation takes; asks what to carry over."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.commands.registry import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from okr.operations.planning.carry import Offer
    from okr.operations.planning.proposal import Proposal
    from okr.operations.planning.text import Template
    from okr.operations.starting.ci_files import CiSystem
    from okr.references import Reference
    from okr.workspace import Workspace


class Carry(StrEnum):
    """Which of the unfinished objectives go on."""

    ALL = "all"
    NONE = "none"
    ASK = "ask"


def system_of(asked: str | None) -> CiSystem | None:
    """The system that `--paperwork` names."""
    from okr.errors import UsageError

    if asked not in {None, "github", "gitlab"}:
        raise UsageError(f"--paperwork: okr does not know “{asked[:60]}”", "write github or gitlab")
    return None if asked is None else "github" if asked == "github" else "gitlab"


def cycle_to_open(workspace: Workspace, typed: str | None) -> str:
    """The cycle that was named to be planned.

    Raises:
        UsageError: none was; the remedy names the one that comes next.
    """
    from okr.cycles import next_cycle
    from okr.errors import UsageError

    if typed is not None:
        return typed
    following = next_cycle(workspace.current_cycle, workspace.calendar)
    if following is None:
        raise UsageError("say which cycle is to be planned", "`okr plan open --help` shows how")
    raise UsageError(
        "say which cycle is to be planned",
        f"the next one is {following.name}: `okr plan open {following.name}`",
    )


def day_named(option: str, text: str | None) -> date | None:
    """The day that an option names."""
    return None if text is None else day_of(option, text, "2027-02-01")


def listed(given: Sequence[str] | None) -> tuple[str, ...]:
    """What was given between commas, or by repeating the option."""
    return tuple(each.strip() for text in given or () for each in text.split(",") if each.strip())


def template_of(directory: Path, name: str | None) -> Template | None:
    """What to begin plans with, read from a file.

    Raises:
        UsageError: there is no such file.
        OkrError: it can't be read as text.
    """
    from okr.errors import OkrError, UsageError
    from okr.files import LARGEST_FILE, MissingFile, UnreadableFile, read_regular_file
    from okr.operations.planning.text import Template

    if name is None:
        return None
    path = directory / name
    try:
        content = read_regular_file(path, root=path.parent, limit=LARGEST_FILE)
        return Template(name, content.decode("utf-8-sig"))
    except MissingFile:
        raise UsageError(f"--template: there is no file {name}") from None
    except UnicodeDecodeError:
        raise OkrError(
            f"the template {name} can't be read: it is not UTF-8 text", "save it as UTF-8"
        ) from None
    except UnreadableFile as error:
        raise OkrError(
            f"the template {name} can't be read: {error.reason}", "name a text file in UTF-8"
        ) from error


def branch_of(cycle: str, given: str | None) -> str:
    """The branch to plan a cycle on: as given, else called after the cycle."""
    from okr.git.text import safe_line

    return given if given is not None else "plan-" + "-".join(safe_line(cycle).split())


def chosen_of(proposal: Proposal, carry: Carry | None) -> frozenset[Reference]:
    """What to carry over; asks for each where that is wanted and somebody is there to answer."""
    import sys

    from okr.errors import UsageError

    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    wanted = carry or (Carry.ASK if terminal else Carry.ALL)
    if wanted is Carry.ASK and not terminal:
        raise UsageError(
            "--carry ask asks on a terminal, and there is none", "write --carry all or --carry none"
        )
    if wanted is Carry.NONE:
        return frozenset()
    kept = (each for each in proposal.on_offer if wanted is Carry.ALL or _confirmed(each))
    return frozenset(each.objective.reference for each in kept)


def _confirmed(offer: Offer) -> bool:
    import typer

    from okr.views.plan_open import show_offer

    show_offer(offer)
    return typer.confirm("Carry it over?", default=True, err=True)
