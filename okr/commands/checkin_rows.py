"""`okr checkin --from`: reads the rows of a file or of standard input, and records all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.running import invocation
from okr.commands.sent import read_sent
from okr.operations.checkin.checking_in import RefusedError, check_in
from okr.operations.checkin.entries import now
from okr.operations.checkin.importing import faults_of, read_import
from okr.operations.checkin.recording import recording
from okr.operations.identity import author

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.checkin.checking_in import Opener, Recorded


def check_in_rows(
    source: str, root: Path, opener: Opener, *, by: str | None, commit: bool, dry_run: bool, cycle: str | None
) -> Recorded:
    """Records the rows of a file, or with `-` of standard input: all of them in one commit, or none.

    Raises:
        UsageError: there is no such file, or it is neither CSV nor JSON.
        ImportRefusedError: rows are at fault; it names each with its line.
        OkrError: git refused the commit, or a log can't be written.
    """
    name, content = read_sent(source)
    with recording(root, commit=commit) as session:
        workspace = opener()
        sent = read_import(name, content, now=now(invocation().as_of), by=by or author(workspace))
        try:
            result = check_in(session, opener, sent.read, dry_run=dry_run or bool(sent.refusals), cycle=cycle)
        except RefusedError as error:
            raise faults_of(sent, error.refusals) from error
    if sent.refusals:
        raise faults_of(sent, ())
    return result
