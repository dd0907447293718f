"""`okr cycle close` without a walk: from rows of a file, or by the grades and scores that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.sent import read_sent
from okr.dataclass import replace
from okr.operations.checkin.checking_in import RefusedError
from okr.operations.checkin.importing import faults_of
from okr.operations.closing.commit import close_cycle, ready_to_close
from okr.operations.closing.rows import read_verdicts
from okr.operations.committing import committing

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.checkin.checking_in import Opener
    from okr.operations.closing.commit import Closed, Wish


def close_with(
    root: Path,
    opener: Opener,
    wish: Wish,
    source: str | None,
    *,
    editor: bool,
    commit: bool,
    dry_run: bool,
) -> Closed:
    """Closes a cycle by what a file or standard input says, and by the grades and scores that there are.

    Args:
        root: the workspace's root.
        opener: opens the workspace.
        wish: which cycle, and how.
        source: a file of verdicts, or `-` for standard input; None for none.
        editor: write the review in an editor first.
        commit: whether it is committed.
        dry_run: say what would happen, and write nothing.

    Raises:
        UsageError: the file can't be read.
        ImportRefusedError: rows are at fault, or key results are left without a grade; it names each with its line.
        RefusedError: nothing was sent, and key results are left without a grade.
        OkrError: the cycle can't be closed, or git refused the commit.
    """
    sent = None if source is None else read_verdicts(*read_sent(source))
    if editor:
        from okr.commands.cycle_review import edit_review

        with committing(root, commit=commit, what="closing") as session:
            closing = ready_to_close(session, opener(), wish)
        wish = replace(wish, review=edit_review(root, closing, closing.review))
    with committing(root, commit=commit, what="closing") as session:
        try:
            result = close_cycle(
                session, opener, wish, sent.read if sent else (),
                dry_run=dry_run or bool(sent and sent.refusals),
            )  # fmt: skip
        except RefusedError as error:
            if sent is None:
                raise
            # Of rows that can't be read nobody knows what they would have graded.
            known = [each for each in error.refusals if each.entry is not None or not sent.refusals]
            raise faults_of(sent, known) from error
    if sent is not None and sent.refusals:
        raise faults_of(sent, ())
    return result
