"""What `okr checkin REF` answers: records what somebody says of one key result, shows what it moved.

It needs no typer, as `log_answer.py`. The other ways of checking in, in rounds and from files, are `checkin.py`'s.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from okr.commands.plain_words import PlainWords
from okr.commands.recorded import answer_recorded, require_commit
from okr.commands.running import at_terminal, invocation
from okr.dataclass import replace as changed
from okr.sources import find_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.errors import OkrError
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.drafting import Entry
    from okr.workspace import Workspace

PLAINLY = PlainWords(
    {
        "--confidence": ("confidence", str),
        "-c": ("confidence", str),
        "--note": ("note", str),
        "-m": ("note", str),
        "--date": ("date", str),
        "--by": ("by", str),
        "--cycle": ("cycle", str),
        "--replace": ("replace", None),
        "--no-commit": ("no_commit", None),
        "--dry-run": ("dry_run", None),
        "--push": ("push", None),
        "--json": ("as_json", None),
    },
    names=("reference", "value"),
    required=1,
)


def answer(
    *,
    reference: str,
    value: str | None = None,
    confidence: str | None = None,
    note: str | None = None,
    date: str | None = None,
    by: str | None = None,
    cycle: str | None = None,
    replace: bool = False,
    no_commit: bool = False,
    dry_run: bool = False,
    push: bool | None = None,
    as_json: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        reference: the key result, or the KPI as kpis/ID.
        value: what was measured, as it was typed; None where only the confidence is said.
        confidence: how sure somebody is of the target, as it was typed.
        note: what is behind it.
        date: the day or moment of the value, as it was typed; now if left out.
        by: the id of whoever says so; git's identity if left out.
        cycle: the only cycle that it is looked for in.
        replace: whether it corrects the last check-in, or the one of `date`.
        no_commit: whether it is recorded without a commit.
        dry_run: whether nothing is recorded at all.
        push: whether it is sent; None leaves that to `checkin.push` in okr.yaml.
        as_json: whether a program reads it.

    Raises:
        OkrError: it can't be recorded.
    """
    root = find_root(invocation().directory)
    commit = not (no_commit or dry_run)
    require_commit(push=push, commit=commit)
    with _git_begun(root, as_json=as_json) if commit else nullcontext():
        from okr.commands.opening import opener_at
        from okr.operations.checkin.drafting import Entry
        from okr.operations.checkin.entries import confidence_of, moment_of, now

        opener = opener_at(root)
        moment = moment_of(date, invocation().today) if date else None
        if not (value or confidence or replace):
            raise _nothing_said(opener(), reference, cycle)
        when = now(invocation().as_of) if replace or moment is None else moment
        sure = confidence_of(confidence) if confidence else None
        entry = Entry(
            reference, when, value, sure, note, by, replace, moment, moment is not None, by is not None
        )
        result = _check_in_one(root, opener, entry, commit=commit, dry_run=dry_run, cycle=cycle)
    answer_recorded(root, opener, result, push=push, as_json=as_json)
    return 0


@contextmanager
def _git_begun(root: Path, *, as_json: bool) -> Iterator[None]:
    """Within it git looks at the repository, while we still import; and we import the rest while it commits."""
    from okr.git.writing import meanwhile
    from okr.operations.looking import looking_before_a_commit

    view = "okr.views.checkin_json" if as_json else "okr.views.checkin"
    with looking_before_a_commit(root), meanwhile(partial(import_module, view)):
        yield


def _nothing_said(workspace: Workspace, reference: str, cycle: str | None) -> OkrError:
    """The refusal of a check-in without a value and a confidence, in words of the command line.

    Raises:
        OkrError: the reference names no key result, which is better said first.
    """
    import shlex

    from okr.errors import UsageError
    from okr.operations.checkin.subjects import find_subject

    find_subject(workspace, reference, cycle)
    return UsageError(
        f"Nothing was recorded: the check-in on {reference} has neither a value nor a confidence.",
        f"Add what was measured: `okr checkin {shlex.quote(reference)} VALUE`; or, if nothing could be, how sure you "
        "are: `-c 0.7`.",
    )


def _check_in_one(
    root: Path, opener: Opener, entry: Entry, *, commit: bool, dry_run: bool, cycle: str | None
) -> Recorded:
    """Records one check-in; what was left uncommitted before is offered at a terminal, noted elsewhere."""
    from okr.commands.answering import note_uncommitted
    from okr.operations.checkin.checking_in import check_in
    from okr.operations.checkin.recording import asking_of_commits, recording
    from okr.operations.identity import author

    if commit and at_terminal():
        from okr.commands.checkin_round import offer_pending

        offer_pending(root)
    with recording(root, commit=commit) as session, asking_of_commits(session):
        entry = changed(entry, by=entry.by or author(opener(), session.identity))
        result = check_in(session, opener, [entry], dry_run=dry_run, cycle=cycle)
    if commit and not at_terminal() and not (result.commit and result.commit.alone):
        note_uncommitted(root)
    return result
