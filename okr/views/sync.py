"""What a sync did, as text and as JSON; and, on stderr, what it is doing. The JSON is described in docs/json.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from okr.views.text import counted, folded, printable, to_json

if TYPE_CHECKING:
    from okr.operations.sync.syncing import Synced

MOST_COMMITS = 10
"""Shown one by one; of more, only how many."""

_HANGING = " " * len("  1234567 ")


def say(text: str) -> None:
    """Writes to stderr what is going on."""
    from okr.views.errors import tell

    tell([printable(text)])


def show_sync(done: Synced, *, color: bool | None) -> None:
    """Writes what came and went to stdout, and what else there is to know to stderr."""
    from okr.views.terminal import cell, stderr, stdout

    console = stdout(color=color)
    for line in _lines(done, console.width):
        console.print(cell(line), soft_wrap=True)
    if done.uncommitted:
        names = ", ".join(done.uncommitted)
        stderr(color=color).print(cell(f"Not committed, and so not sent: {names}"), soft_wrap=True)
    for name in done.closed:
        said = (
            f"{name} was closed meanwhile: your check-ins in it, made before, are kept, and its grades stand. "
            f"`okr cycle reopen {name}` opens it, to grade with them."
        )
        stderr(color=color).print(cell(said), soft_wrap=True)


def _lines(done: Synced, width: int) -> list[str]:
    target = f"{done.remote}/{done.target}"
    lines = []
    if done.pulled:
        lines.append(f"Brought in {counted(done.pulled, 'commit')} of others.")
    if done.pushed:
        tries = f" at the {_ordinal(done.attempts)} attempt" if done.attempts > 1 else ""
        lines.append(f"Sent {counted(len(done.commits), 'commit')} to {target}{tries}.")
        shown = done.commits[-MOST_COMMITS:]
        for each in shown:
            first, *rest = folded(printable(each.subject), width - len(_HANGING))
            lines += [f"  {each.id[:7]} {first}", *(f"{_HANGING}{part}" for part in rest)]
        if len(shown) < len(done.commits):
            lines.append(f"  and {counted(len(done.commits) - len(shown), 'commit')} before them")
    elif done.unsent:
        lines.append(f"{counted(done.unsent, 'commit')} of yours to be sent: `okr sync` does it.")
    elif not done.pulled:
        lines.append(f"Everything is in step with {target}.")
    return lines + _proposal_lines(done)


def _proposal_lines(done: Synced) -> list[str]:
    proposal = done.proposal
    if proposal is None:
        return []
    if proposal.url:
        return [f"To merge {proposal.branch} into {proposal.base}, open a pull request: {proposal.url}"]
    return [f"To merge {proposal.branch} into {proposal.base}, open a pull request on your git host."]


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def sync_json(done: Synced) -> str:
    """The answer of `okr sync --json`."""
    return to_json({"schema": 1, **_facts(done)})


def show_new_id(what: str, before: str, now: str, *, color: bool | None) -> None:
    """Writes which commit holds what was recorded, where the sync has given it another id."""
    from okr.views.terminal import cell, stdout

    verb = "are" if what.endswith("s") else "is"
    words = f"The {what} committed as {before[:7]} {verb} {now[:7]} now, on top of what others had sent."
    stdout(color=color).print(cell(words), soft_wrap=True)


def with_sync(answer: str, commit: str, done: Synced | None, problem: str | None = None) -> str:
    """The answer of `okr checkin --push --json` and its likes: their own, with what became of the sync under `sync`.

    Args:
        answer: theirs.
        commit: the id of their commit after the sync.
        done: what the sync did; None where it failed.
        problem: why it failed.
    """
    nothing = {"pushed": False} if done is None else _facts(done)
    return to_json({**json.loads(answer), "commit": commit, "sync": {**nothing, "problem": problem}})


def _facts(done: Synced) -> dict[str, Any]:
    proposal = done.proposal
    return {
        "pushed": done.pushed,
        "branch": done.branch,
        "remote": done.remote,
        "target": done.target,
        "commits": [{"id": each.id, "subject": each.subject} for each in done.commits],
        "pulled": done.pulled,
        "unsent": done.unsent,
        "attempts": done.attempts,
        "waited_seconds": round(done.waited, 3),
        "proposal": None
        if proposal is None
        else {"branch": proposal.branch, "base": proposal.base, "url": proposal.url},
        "uncommitted": list(done.uncommitted),
        "closed": list(done.closed),
    }
