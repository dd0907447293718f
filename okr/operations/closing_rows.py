"""`okr cycle close --from`: rows of CSV, JSON, JSON lines or YAML read as verdicts, each with the line it stands on.

Only reading: whether the verdicts can be taken is decided by `closing.py`, for all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.operations.checking_in import Refusal
from okr.operations.closing import Verdict, grade_of, next_of
from okr.operations.importing import ImportRefusedError
from okr.operations.rows import RowKind, fields_of_row, read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.rows import Row

VERDICTS = RowKind("verdict", ("ref", "grade", "reason", "learned", "next"), '{"ref": …, "grade": …}')


@dataclass(frozen=True, slots=True)
class SentVerdicts:
    """What was sent, read as verdicts.

    Attributes:
        name: how messages name where it came from.
        verdicts: the verdicts.
        lines: the line of each of them.
        refusals: what can't be read, `entry` being the number of a line.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    lines: tuple[int, ...]
    refusals: tuple[Refusal, ...]


def read_verdicts(name: str, content: bytes) -> SentVerdicts:
    """Reads rows as verdicts; a cell that is empty says nothing.

    Args:
        name: how messages name where it came from.
        content: what was sent.

    Raises:
        UsageError: it holds no rows, or is too large.
    """
    verdicts: list[Verdict] = []
    lines: list[int] = []
    refusals: list[Refusal] = []
    for row in read_rows(name, content, VERDICTS):
        try:
            verdicts.append(_verdict(row))
            lines.append(row.line)
        except OkrError as error:
            refusals.append(Refusal(row.line, error.message, error.remedy))
    if not verdicts and not refusals:
        raise UsageError(
            f"{name} holds no verdict.",
            f"Write a row for each, with the columns {', '.join(VERDICTS.columns)}.",
        )
    return SentVerdicts(name, tuple(verdicts), tuple(lines), tuple(refusals))


def faults_of(sent: SentVerdicts, refusals: Sequence[Refusal]) -> ImportRefusedError:
    """All that is wrong with what was sent, in the order of its lines; what concerns no line stands first."""
    found: list[tuple[int | None, Refusal]] = [(each.entry, each) for each in sent.refusals]
    found += [(None if each.entry is None else sent.lines[each.entry], each) for each in refusals]
    return ImportRefusedError(sent.name, sorted(found, key=lambda fault: fault[0] or 0))


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
