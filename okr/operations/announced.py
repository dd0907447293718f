"""Logs whose lines are all announced, each by the one commit that may have brought it: found without reading them.

A first, quick look for `tracing.py`: a line as `okr` writes it is compared with messages as text. It only ever
says that a log is just as its messages tell; whatever does not fit at once is left to the thorough look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from okr.operations.messages import TRAILER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okr.operations.log_records import Fields
    from okr.operations.recorded import LogLines
    from okr.operations.tracing import LogKey, Subject
    from okr.repository_history import CommitFacts

_DAY = len("2026-11-23")
_TRAILER_LINE = f"\n{TRAILER}: ".encode()
_INDENTED = re.compile(rb"^[ \t]*" + TRAILER.encode() + rb": (.+?)[ \t\r]*$", re.MULTILINE)
_NOT_WORD = re.compile(r"\W+")


class Message(NamedTuple):
    """A commit's message that the quick look could not match; `number` is its place in the history."""

    number: int
    commit: CommitFacts
    text: bytes


Match = tuple[int, "CommitFacts", bytes, int]
"""A line and the commit that announces it: the commit's place in the history, the commit, its message, and the
line's place among those of its log. A bare tuple, as are all things that there are a hundred thousand of."""


@dataclass(slots=True, eq=False)
class AnnouncedLog:
    """A log, and the commits that were found to announce its lines.

    Attributes:
        lines: the log's lines.
        matches: one for each line that a commit announces.
        doubtful: something was heard that does not fit; then nothing here may be relied on.
    """

    lines: LogLines
    matches: list[Match] = field(default_factory=list)
    doubtful: bool = False

    @property
    def settled(self) -> bool:
        """Whether each line is announced by exactly one commit, whose author, note and values are the line's."""
        return not self.doubtful and len(self.matches) == len(self.lines)

    def days(self) -> Iterator[str]:
        """The day that each of the matched lines gives itself, in the order of the matches."""
        rows = self.lines.rows or ()
        return (rows[at][0] or rows[at][1][:_DAY] for _, _, _, at in self.matches)


_Line = tuple[AnnouncedLog, int, str, bytes, bytes]
"""A line that is expected to be announced: its log, its place there, by whom, its note, and how a list names it."""


def announced_in(message: bytes) -> Sequence[bytes]:
    """The records that a message names in trailers, indented ones of a squash merge included."""
    first, *rest = message.split(_TRAILER_LINE)
    if not rest or _TRAILER_LINE[1:] in first:
        return _INDENTED.findall(message) if _TRAILER_LINE[1:] in message else ()
    return [part.partition(b"\n")[0].rstrip() for part in rest]


def says(message: bytes, subject: Subject, *, alone: bool) -> bool:
    """Whether the message of the commit that names a record has its note; without a note, whether it has none.

    What became of blanks, line breaks and marks on the way does not matter.

    Args:
        message: the whole message.
        subject: the record.
        alone: it is the only one that the message names; then the message's body is its note.
    """
    key, record = subject
    note = record.note
    if note:
        return note.encode() in message or _NOT_WORD.sub("", note) in _NOT_WORD.sub(
            "", message.decode("utf-8", "replace")
        )
    if alone:
        return message.count(b"\n\n") <= 1
    name = f"\n{key.owner}/{record.subject} " if key.cycle else f"\n{record.subject} "
    line = message.partition(name.encode())[2].partition(b"\n")[0]
    return b": " not in line


class Announcements:
    """What the messages of commits are expected to announce.

    Attributes:
        logs: the logs that may be found to be as announced.
        heard: how many messages were heard.

    Args:
        logs: the logs as the last commit has them; those not written as `okr` writes them are left aside.
        present: gives an owner's or person's present id.
        person: gives the id of the person who made a commit, None where that is nobody known.
    """

    def __init__(
        self,
        logs: Mapping[LogKey, LogLines],
        present: Callable[[str], str],
        person: Callable[[CommitFacts], str | None],
    ) -> None:
        self.logs: dict[LogKey, AnnouncedLog] = {}
        self.heard = 0
        self._person = person
        self._expected: dict[bytes, _Line] = {}
        people: dict[str, str] = {}
        for key, lines in logs.items():
            rows = lines.rows
            if rows and _distinct(rows):
                log = self.logs[key] = AnnouncedLog(lines)
                for row in rows:
                    if row[9] not in people:
                        people[row[9]] = present(row[9])
                self._expect(key, log, rows, people)

    def _expect(
        self, key: LogKey, log: AnnouncedLog, rows: Sequence[Fields], people: Mapping[str, str]
    ) -> None:
        prefix, owner = (f"{key.cycle}/{key.owner}/", f"{key.owner}/") if key.cycle else ("", "")
        said: list[str] = []
        for day, time, kr, kpi, amount, word, confidence, day_back, time_back, _, plain, quoted in rows:
            subject, value, back = kr or f"kpis/{kpi}", amount or word, day_back or time_back
            announced = f"{prefix}{subject} date={day or time}"
            if value:
                announced += f" value={value}"
            if confidence:
                announced += f" confidence={confidence}"
            if back:
                announced += f" retracts={back}"
            said += (announced, plain or quoted, f"{owner}{subject} ")
        texts = "\n".join(said).encode().split(b"\n")
        expected = self._expected
        for at, row in enumerate(rows):
            expected[texts[3 * at]] = (log, at, people[row[9]], texts[3 * at + 1], texts[3 * at + 2])

    def hear(self, messages: Iterable[tuple[CommitFacts, bytes]]) -> Iterator[Message]:
        """Matches messages with lines, and gives back those of which anything does not fit."""
        take, person = self._expected.pop, self._person
        number = -1
        for number, (commit, text) in enumerate(messages):
            said, mark, claim = text.partition(_TRAILER_LINE)
            line = take(claim.removesuffix(b"\n"), None) if mark else None
            if line is None:
                if not (mark and self._hear_all(number, commit, text)):
                    yield Message(number, commit, text)
                continue
            log, at, by, note, _ = line
            fits = note in said if note else b"\n\n" not in said
            if fits and by and by == person(commit) and " " not in commit.parents and _is_plain(said):
                log.matches.append((number, commit, text, at))
            else:
                log.doubtful = True
                yield Message(number, commit, text)
        self.heard = number + 1

    def _hear_all(self, number: int, commit: CommitFacts, text: bytes) -> bool:
        """Matches a message that announces several lines, or bears other trailers too."""
        first, *rest = text.split(_TRAILER_LINE)
        claims = [part.partition(b"\n")[0].rstrip() for part in rest]
        lines = [line for line in map(self._expected.get, claims) if line is not None]
        if len(lines) == len(set(claims)) == len(claims) and self._fit(commit, first, text, lines):
            for claim, (log, at, *_) in zip(claims, lines, strict=True):
                del self._expected[claim]
                log.matches.append((number, commit, text, at))
            return True
        for log, *_ in lines:
            log.doubtful = True
        return False

    def _fit(self, commit: CommitFacts, first: bytes, text: bytes, lines: Sequence[_Line]) -> bool:
        author = self._person(commit)
        return (
            not commit.is_merge
            and _is_plain(first)
            and all(
                by and by == author and _has(text, note, subject, len(lines))
                for _, _, by, note, subject in lines
            )
        )

    def doubt(self, keys: Iterable[LogKey]) -> None:
        """Notes logs of which something else is known that the messages don't tell."""
        for key in keys:
            if key in self.logs:
                self.logs[key].doubtful = True

    def settled(self) -> dict[LogKey, AnnouncedLog]:
        """The logs of which nothing remains to be found out."""
        return {key: log for key, log in self.logs.items() if log.settled}

    def left(self, missed: Iterable[Message]) -> list[tuple[CommitFacts, bytes]]:
        """The messages that the thorough look has to hear, in the order of the history."""
        found = {each.number: (each.commit, each.text) for each in missed}
        for log in self.logs.values():
            if not log.settled:
                found.update((number, (commit, text)) for number, commit, text, _ in log.matches)
        return [found[number] for number in sorted(found)]


def _distinct(rows: Sequence[Fields]) -> bool:
    """Whether no two lines have the same subject and date."""
    return len({row[:4] for row in rows}) == len(rows)


def _is_plain(said: bytes) -> bool:
    """Whether no trailer hides in the text before the first: an indented one, or one that opens the message."""
    return _TRAILER_LINE[1:] not in said


def _has(text: bytes, note: bytes, subject: bytes, count: int) -> bool:
    """Whether a message says what a line notes, and nothing where it notes nothing."""
    if note:
        return note in text
    if count == 1:
        return text.count(b"\n\n") <= 1
    return b": " not in text.partition(b"\n" + subject)[2].partition(b"\n")[0]
