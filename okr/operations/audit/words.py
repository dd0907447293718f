"""How an audit names people, lines and what became of them, in plain words; not yet made printable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.errors import shortened
from okr.quantities import plain_number

if TYPE_CHECKING:
    from okr.git.history import CommitFacts
    from okr.operations.audit.closings import Arrival
    from okr.operations.record.log_records import LineRecord

_LONGEST_NOTE = 60

_SIGNATURES = {
    "N": "is not signed",
    "B": "has a bad signature: it is not what was signed, or not by whom it says",
    "E": "has a signature that can't be checked: the signer's key is not known here",
    "R": "has a signature made with a key that was revoked",
    "U": "has a good signature by a key of unknown validity",
    "X": "has a good signature that has expired",
    "Y": "has a good signature made with a key that has expired",
}


def who(commit: CommitFacts) -> str:
    """The author of a commit."""
    return commit.author or commit.email or "somebody without a name"


def record_words(record: LineRecord, ref: str) -> str:
    """What a line is: `check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (47500, by alice)`."""
    if record.retracts is not None:
        return f"line of {record.date} that takes back the check-in on {ref} of {record.retracts}"
    said = [] if record.value is None else [_plain(record.value)]
    if record.confidence is not None and record.value is None:
        said.append(f"confidence {_plain(record.confidence)}")
    if record.by:
        said.append(f"by {record.by}")
    return f"check-in on {ref} of {record.date}" + (f" ({', '.join(said)})" if said else "")


def change_of(old: LineRecord, new: LineRecord) -> str:
    """What differs between two lines: `value 47500 → 52000, note “x” → none`."""
    parts = [
        f"{name.replace('subject', 'key result')} {_said(before)} → {_said(after)}"
        for name, before, after in zip(old._fields, old, new, strict=True)
        if before != after
    ]
    return ", ".join(parts)


def signature_words(letter: str) -> str:
    """What git's letter for a signature means, after `A commit …`."""
    return _SIGNATURES.get(letter, "has a signature that git can't judge")


def arrival_words(arrival: Arrival, what: str) -> str:
    """What came into a closed cycle's record, and when it was made; `what` names the lines."""
    were, them = ("was", "it") if len(arrival.lines) == 1 else ("were", "them")
    by, day, cycle, closing = who(arrival.commit), arrival.commit.day, arrival.cycle, arrival.closing
    if not arrival.made_after and closing is not None:
        return (
            f"{what} {were} made by {by} on {day}, before {who(closing)} closed {cycle} on {closing.day}, and came in "
            f"after that: the grades do not count {them}."
        )
    when = f"{what} {were} committed by {by} on {day}, when {cycle} was closed"
    return (
        f"{when}; a check-in and the line that takes it back change nothing."
        if arrival.taken_back
        else f"{when}."
    )


def _said(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, (int, float)):
        return _plain(value)
    text = str(value)
    short = shortened(text, _LONGEST_NOTE)
    return f"“{short}”" if " " in short else short


def _plain(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return plain_number(value) if abs(value) < float("inf") else str(value)
