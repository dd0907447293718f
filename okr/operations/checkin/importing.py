"""`okr checkin --from`: rows read as check-ins, each with the line it stands on; and all that is wrong with rows, in order.

Only reading: whether the rows can be recorded is decided by `checking_in.py`, for all of them together. Rows of other kinds
are read in the same way (`operations/closing/rows.py`); what a row is stands in `rows.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.operations.checkin.checking_in import Refusal
from okr.operations.checkin.drafting import Entry
from okr.operations.checkin.entries import confidence_of, moment_of
from okr.operations.checkin.rows import RowKind, fields_of_row, read_rows
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okr.model import Moment
    from okr.operations.checkin.rows import Row

_WORD = pattern(r"[a-z]+(?![^ ,])")

CHECKINS = RowKind("check-in", ("ref", "value", "confidence", "date", "note", "by"), '{"ref": …, "value": …}')


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """What was sent in rows, as far as it could be read.

    Attributes:
        name: how messages name where it came from.
        read: what it came to, in the order of the rows.
        lines: the line of each of them.
        refusals: what can't be read, `entry` being the number of a line.
    """

    name: str
    read: tuple[T, ...]
    lines: tuple[int, ...]
    refusals: tuple[Refusal, ...]


class ImportRefusedError(OkrError):
    """Nothing of an import was recorded. Holds a line and a reason for every row that is at fault."""

    def __init__(
        self,
        name: str,
        faults: Sequence[tuple[int | None, Refusal]],
        *,
        done: str = "recorded",
        again: str = "send everything again",
    ) -> None:
        alike: dict[tuple[str, str | None, str | None], list[tuple[int | None, Refusal]]] = {}
        for line, refusal in faults:  # a wrong heading is wrong in every row, and is said once
            alike.setdefault((refusal.message, refusal.remedy, refusal.code), []).append((line, refusal))
        lines = [_fault(name, *each[0], more=len(each) - 1) for each in alike.values()]
        count = sum(line is not None for line, _ in faults)
        rows = f": {'one row is' if count == 1 else f'{count} rows are'} at fault" if count else ""
        super().__init__("\n".join([f"Nothing was {done}{rows}.", *lines]), f"Mend that and {again}.")
        self.faults = tuple(faults)


def read_import(name: str, content: bytes, *, now: Moment, by: str | None) -> Sent[Entry]:
    """Reads rows as check-ins.

    Args:
        name: how messages name where it came from.
        content: what was sent.
        now: when a row that gives no date was so.
        by: who says so where a row does not.

    Raises:
        UsageError: it is none of these, or too large.
    """
    return read_rows_as(name, content, CHECKINS, lambda row: _entry(row, now, by))


def read_rows_as(name: str, content: bytes, kind: RowKind, read: Callable[[Row], T]) -> Sent[T]:
    """Reads rows of a kind, each by itself.

    Args:
        name: how messages name where they came from.
        content: what was sent.
        kind: what the rows are.
        read: what a row comes to; it raises an `OkrError` where it can't be read.

    Raises:
        UsageError: there are no rows, or too many.
    """
    found: list[T] = []
    lines: list[int] = []
    refusals: list[Refusal] = []
    for row in read_rows(name, content, kind):
        try:
            found.append(read(row))
            lines.append(row.line)
        except OkrError as error:
            refusals.append(Refusal(row.line, error.message, error.remedy))
    if not found and not refusals:
        raise UsageError(
            f"{name} holds no {kind.noun}.",
            f"Write a row for each, with the columns {', '.join(kind.columns)}.",
        )
    return Sent(name, tuple(found), tuple(lines), tuple(refusals))


def faults_of(sent: Sent[Any], refusals: Sequence[Refusal]) -> ImportRefusedError:
    """All that is wrong with what was sent, in the order of its lines; what concerns no line stands first."""
    found: list[tuple[int | None, Refusal]] = [(each.entry, each) for each in sent.refusals]
    found += [(None if each.entry is None else sent.lines[each.entry], each) for each in refusals]
    return ImportRefusedError(sent.name, sorted(found, key=lambda fault: fault[0] or 0))


def _entry(row: Row, now: Moment, by: str | None) -> Entry:
    fields = fields_of_row(row, CHECKINS)
    date, confidence = fields.get("date"), fields.get("confidence")
    return Entry(
        fields["ref"].strip(),
        now if date is None else moment_of(str(date)),
        _value(fields.get("value")),
        None if confidence is None else confidence_of(str(confidence)),
        None if "note" not in fields else str(fields["note"]),
        str(fields["by"]) if "by" in fields else by,
        moment_is_given=date is not None,
        by_is_given="by" in fields,
    )


def _value(value: Any) -> str | float | None:  # noqa: ANN401 # whatever JSON can hold, lists and mappings refused above
    if isinstance(value, (int, float)):
        # A number sent as one means itself: no sign makes a change of it. Its text is read for size and sense.
        return f"={value!r}" if value < 0 else repr(value)
    return None if value is None else str(value)


def _fault(name: str, line: int | None, refusal: Refusal, *, more: int) -> str:
    where = name if line is None else f"{name}:{line}"
    where += f" and {more} more row{'s' if more > 1 else ''}" if more else ""
    code = f"{refusal.code} " if refusal.code else ""
    # Findings begin in lower case and end without a stop; here each is a sentence with its remedy behind it.
    message = _capitalised(refusal.message).rstrip(".")
    remedy = f" {_capitalised(refusal.remedy)}" if refusal.remedy else ""
    if remedy and "\n" not in remedy and remedy[-1] not in ".:?…":
        remedy += "."
    return f"{where}: {code}{message}.{remedy}"


def _capitalised(text: str) -> str:
    """Words with a capital letter at the beginning, unless they begin with the name of a file or the like."""
    return text[:1].upper() + text[1:] if _WORD.match(text) else text
