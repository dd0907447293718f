"""`okr cycle close`: from rows of a file, by scores alone, or by a walk at the terminal through all that is to be graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.sent import read_sent
from okr.operations.checking_in import RefusedError
from okr.operations.closing_commit import close_cycle
from okr.operations.closing_rows import faults_of, read_verdicts
from okr.operations.committing import committing

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.checking_in import Opener
    from okr.operations.closing_commit import Closed, Wish


def close_with(
    root: Path, opener: Opener, wish: Wish, source: str | None, *, commit: bool, dry_run: bool
) -> Closed:
    """Closes a cycle by what a file or standard input says, and by the grades and scores that there are.

    Raises:
        UsageError: the file can't be read.
        ImportRefusedError: rows are at fault, or key results are left without a grade; it names each with its line.
        RefusedError: nothing was sent, and key results are left without a grade.
        OkrError: the cycle can't be closed, or git refused the commit.
    """
    sent = None if source is None else read_verdicts(*read_sent(source))
    with committing(root, commit=commit, what="closing") as session:
        try:
            result = close_cycle(
                session, opener, wish, sent.verdicts if sent else (),
                dry_run=dry_run or bool(sent and sent.refusals),
            )  # fmt: skip
        except RefusedError as error:
            if sent is None:
                raise
            raise faults_of(sent, error.refusals) from error
    if sent is not None and sent.refusals:
        raise faults_of(sent, ())
    return result
