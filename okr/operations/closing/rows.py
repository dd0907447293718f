"""`okr cycle close --from`: rows of CSV, JSON, JSON lines or YAML read as verdicts, each with the line it stands on.

Only reading: whether the verdicts can be taken is decided by `grading.py`, for all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.checkin.importing import Sent, read_rows_as
from okr.operations.checkin.rows import RowKind, fields_of_row
from okr.operations.closing.grading import Verdict, grade_of, next_of

if TYPE_CHECKING:
    from okr.operations.checkin.rows import Row

VERDICTS = RowKind("verdict", ("ref", "grade", "reason", "learned", "next"), '{"ref": …, "grade": …}')


def read_verdicts(name: str, content: bytes) -> Sent[Verdict]:
    """Reads rows as verdicts; a cell that is empty says nothing.

    Args:
        name: how messages name where it came from.
        content: what was sent.

    Raises:
        UsageError: it holds no rows, or is too large.
    """
    return read_rows_as(name, content, VERDICTS, _verdict)


def _verdict(row: Row) -> Verdict:
    fields = fields_of_row(row, VERDICTS)

    def text(key: str) -> str | None:
        return str(fields[key]).strip() or None if key in fields else None

    grade, following = text("grade"), text("next")
    return Verdict(
        fields["ref"].strip(),
        None if grade is None else grade_of(grade),
        text("reason"),
        text("learned"),
        None if following is None else next_of(following),
    )
