"""Logs whose lines are all announced, each by the one commit that may have brought it: found without reading them.

A first, quick look for `tracing.py`: a line as `okr` writes it is compared with messages as text. It only ever
says that a log is just as its messages tell; whatever does not fit at once is left to the thorough look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass, field
from okr.operations.log_records import meant
from okr.operations.messages import TRAILER
from okr.repository_messages import facts_of, is_merge, message_of
from okr.repository_text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okr.operations.log_records import Fields
    from okr.operations.recorded import LogLines
    from okr.operations.tracing import LogKey, Subject
    from okr.repository_history import CommitFacts
    from okr.repository_messages import CommitRow

_DAY = len("2026-11-23")
_GAP = "\n\n"
_TRAILER_LINE = f"\n{TRAILER}: ".encode()
_ANY_TRAILER = _TRAILER_LINE[1:]
_TRAILER_LENGTH = len(_ANY_TRAILER)
_INDENTED = re.compile(rb"^[ \t]*" + TRAILER.encode() + rb": (.+?)[ \t\r]*$", re.MULTILINE)
_NOT_WORD = re.compile(r"\W+")


class Message(NamedTuple):
    """A commit whose message the quick look could not match; `number` is its place in the history."""

    number: int
    row: CommitRow


Match = tuple[int, "CommitRow", int]
"""A line and the commit that announces it: the commit's place in the history, the commit, and the line's place among
those of its log. A bare tuple, as are all things that there are a hundred thousand of."""


@dataclass(slots=True, eq=False)
class AnnouncedLog:
    """A log, and the commits that were found to bring its lines.

    Attributes:
        lines: the log's lines.
        matches: one for each line that a commit announces.
        other_days: those of the matches whose commit was made on another day than the line gives itself.
        by_hand: the commits of lines that none announces, by the line's place.
        doubtful: something was heard that does not fit; then nothing here may be relied on.
    """

    lines: LogLines
    matches: list[Match] = field(default_factory=list)
    other_days: list[Match] = field(default_factory=list)
    by_hand: dict[int, CommitRow] = field(default_factory=dict)
    doubtful: bool = False
    _places: dict[Fields, int] | None = None

    @property
    def settled(self) -> bool:
        """Whether each line has exactly one commit.

        One that announces it, with its author, note and values; or none that does, and one that added it to the file
        without a word.
        """
        return not self.doubtful and len(self.matches) + len(self.by_hand) == len(self.lines)

    def bring(self, fields: Fields, row: CommitRow) -> None:
        """Notes that a commit added a line without naming it; to be called when all messages have been heard."""
        if self._places is None:
            announced = {at for _, _, at in self.matches}
            rows = enumerate(self.lines.rows or ())
            self._places = {_as_meant(each): at for at, each in rows if at not in announced}
        at = self._places.pop(_as_meant(fields), None)
        if at is None:
            self.doubtful = True
        else:
            self.by_hand[at] = row

    def origins(self) -> Iterator[tuple[int, CommitRow, bool]]:
        """Each line's place, its commit, and whether that one announces it."""
        yield from ((at, row, True) for _, row, at in self.matches)
        yield from ((at, row, False) for at, row in self.by_hand.items())


_Line = tuple[AnnouncedLog, int, str, bytes]
"""A line that is expected to be announced: its log, its place there, by whom, and the day that it gives itself."""


def announced_in(message: bytes) -> Sequence[bytes]:
    """The records that a message names in trailers, indented ones of a squash merge included."""
    first, *rest = message.split(_TRAILER_LINE)
    if not rest or _TRAILER_LINE[1:] in first:
        return _INDENTED.findall(message) if _TRAILER_LINE[1:] in message else ()
    return [part.partition(b"\n")[0].rstrip() for part in rest]


def may_announce(message: bytes) -> bool:
    """Whether a message has anything that may be a trailer naming a record."""
    return _ANY_TRAILER in message


def trailers_apart(message: bytes) -> Sequence[bytes] | None:
    """What follows the name of each trailer that stands at the beginning of a line; None where none or not all do."""
    first, *rest = message.split(_TRAILER_LINE)
    return rest if rest and _ANY_TRAILER not in first else None


def says(message: bytes, subjects: Sequence[Subject]) -> bool:
    """Whether the message of the commit that names records has their notes, and nothing for those without one.

    What became of blanks, line breaks and marks on the way does not matter.

    Args:
        message: the whole message.
        subjects: records that it names.
    """
    named = [
        (
            (f"{key.owner}/{record.subject}" if key.cycle else record.subject).encode(),
            (record.note or "").encode(),
        )
        for key, record in subjects
    ]
    said, mark, rest = (b"\n" + message).partition(_TRAILER_LINE)
    alone = mark and len(named) == 1 and _TRAILER_LINE not in rest
    return _is_body(said, named[0][1]) if alone else _lists(said, named)


def _is_body(said: bytes, note: bytes) -> bool:
    """Whether a note is the whole body of a message, which begins behind a line break."""
    body = said.partition(b"\n\n")[2].strip()
    return body == note or (bool(note) and _has_words(note, body, whole=True))


def _lists(said: bytes, named: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a message that names several records, each by its name and its note, says just these notes of them."""
    if _lists_in_order(said, named):
        return True
    listing: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line in said.split(b"\n"):
        name, _, rest = line.partition(b" ")
        listing[name].append(rest.partition(b": ")[2].rstrip())
    return all(
        _takes(listing[name], note) if name in listing else _stands_alone(said, note) for name, note in named
    )


def _lists_in_order(said: bytes, named: Sequence[tuple[bytes, bytes]]) -> bool:
    """The same, at first sight: whether it is laid out as `okr` does it, one line for each and nothing else."""
    lines = said.partition(b"\n\n")[2].strip(b"\n").split(b"\n")
    if len(lines) != len(named):
        return False
    for line, (name, note) in zip(lines, named, strict=True):
        if not line.startswith(name + b" "):
            return False
        shown = line.partition(b": ")[2]
        if shown != note and shown != b" ".join(note.split()):
            return False
    return True


def _takes(notes: list[bytes], note: bytes) -> bool:
    """Takes a note out of those that a list has for one key result; False where it is not among them."""
    if note not in notes:
        note = safe_line(note.decode("utf-8", "replace")).encode()
    if note not in notes:
        return False
    notes.remove(note)
    return True


def _stands_alone(said: bytes, note: bytes) -> bool:
    """Whether a note stands on lines of its own: so it does in messages that a squash merge put together."""
    if not note or (b"\n" in note and _has_words(note, said, whole=False)):
        return True
    return any(line.strip() == note for line in said.split(b"\n"))


def _has_words(note: bytes, text: bytes, *, whole: bool) -> bool:
    """Whether a text has the words of a note in their order, and no others if it is to be the whole note."""
    wanted, there = (_NOT_WORD.sub("", each.decode("utf-8", "replace")) for each in (note, text))
    return bool(wanted) and (wanted == there if whole else wanted in there)


class Announcements:
    """What the messages of commits are expected to announce.

    Attributes:
        logs: the logs that may be found to be as announced.
        heard: how many messages were heard.

    Args:
        logs: the logs as the last commit has them; those not written as `okr` writes them are left aside.
        present: gives an owner's or person's present id.
        person: gives the id of the person with a name and an address, None where that is nobody known.
    """

    def __init__(
        self,
        logs: Mapping[LogKey, LogLines],
        present: Callable[[str], str],
        person: Callable[[str, str], str | None],
    ) -> None:
        self.logs: dict[LogKey, AnnouncedLog] = {}
        self.heard = 0
        self._people = _People(person)
        self._expected: dict[bytes, _Line] = {}
        self._claims: dict[bytes, bytes] | None = None
        ids: dict[str, str] = {}
        for key, lines in logs.items():
            rows = lines.rows
            if rows and _distinct(rows) and all(("/" in each) == bool(key.cycle) for each in _subjects(rows)):
                log = self.logs[key] = AnnouncedLog(lines)
                ids.update((by, present(by)) for by in {row[5] for row in rows} if by not in ids)
                self._expect(f"{key.cycle}/{key.owner}/" if key.cycle else "kpis/", log, rows, ids)

    def _expect(self, prefix: str, log: AnnouncedLog, rows: Sequence[Fields], ids: Mapping[str, str]) -> None:
        """Notes what follows the first line of the message that `okr` writes for each line."""
        said = [
            f"{note}{_GAP if note else ''}{TRAILER}: {prefix}{subject} date={date}"
            f"{' value=' if value else ''}{value}{' confidence=' if confidence else ''}{confidence}"
            f"{' retracts=' if back else ''}{back}\n"
            for date, subject, value, confidence, back, _, note in rows
        ]
        for at, row in enumerate(rows):
            if "\\" in row[6]:
                said[at] = meant(row[6]) + said[at][len(row[6]) :]
        texts = "\0".join(said).encode().split(b"\0")
        days = {day: day.encode() for day in {row[0][:_DAY] for row in rows}}
        expected = self._expected
        for at, (text, row) in enumerate(zip(texts, rows, strict=True)):
            expected[text] = (log, at, ids[row[5]], days[row[0][:_DAY]])

    def hear(self, batches: Iterable[list[CommitRow]]) -> Iterator[Message]:
        """Matches messages with lines, and gives back those of which anything does not fit."""
        find, people = self._expected.get, self._people
        for rows in batches:
            for number, row in enumerate(rows, self.heard):
                text = row[3].partition(b"\n\n")[2]
                line = find(text)
                if line is not None and line[2] == people[row[2]] and row[0].count(b" ") == 1:
                    del self._expected[text]
                    log, at, _, day = line
                    log.matches.append((number, row, at))
                    if not row[1].startswith(day):
                        log.other_days.append((number, row, at))
                elif not self._hear_all(number, row):
                    yield Message(number, row)
            self.heard += len(rows)

    def _hear_all(self, number: int, row: CommitRow) -> bool:
        """Matches a message that announces several lines, or that says more than `okr` wrote."""
        if _TRAILER_LINE not in row[3]:
            return False
        said, *rest = row[3].split(_TRAILER_LINE)
        expected = self._expected
        claims = [part.partition(b"\n")[0].rstrip() for part in rest]
        texts = [text for text in map(self._by_claim.get, claims) if text in expected and text is not None]
        lines = [expected[text] for text in texts]
        if len(texts) == len(set(claims)) == len(claims) and self._fit(row, said, claims, texts, lines):
            for text, (log, at, _, day) in zip(texts, lines, strict=True):
                del expected[text]
                log.matches.append((number, row, at))
                if not row[1].startswith(day):
                    log.other_days.append((number, row, at))
            return True
        for log, *_ in lines:
            log.doubtful = True
        return False

    @property
    def _by_claim(self) -> dict[bytes, bytes]:
        """What is expected, by what the trailer says; most histories need it for few messages or none."""
        if self._claims is None:
            self._claims = {
                text[text.rindex(_ANY_TRAILER) + _TRAILER_LENGTH : -1]: text for text in self._expected
            }
        return self._claims

    def _fit(
        self,
        row: CommitRow,
        said: bytes,
        claims: Sequence[bytes],
        texts: Sequence[bytes],
        lines: Sequence[_Line],
    ) -> bool:
        author = self._people[row[2]]
        if is_merge(row) or _ANY_TRAILER in said or any(line[2] != author for line in lines):
            return False
        notes = [text[: -len(claim) - _TRAILER_LENGTH - 3] for claim, text in zip(claims, texts, strict=True)]
        if len(notes) == 1:
            return _is_body(said, notes[0])
        return _lists(said, [*zip(map(_listed, claims), notes, strict=True)])

    def doubt(self, keys: Iterable[LogKey]) -> None:
        """Notes logs of which something else is known that the messages don't tell."""
        for key in keys:
            if key in self.logs:
                self.logs[key].doubtful = True

    def settled(self) -> dict[LogKey, AnnouncedLog]:
        """The logs of which nothing remains to be found out."""
        return {key: log for key, log in self.logs.items() if log.settled}

    def left(self, missed: Iterable[Message]) -> list[tuple[CommitFacts, bytes]]:
        """The messages that the thorough look has to hear, in the order of the history.

        Args:
            missed: those that the quick look could not match, as far as they matter.
        """
        found = {each.number: each.row for each in missed}
        for log in self.logs.values():
            if not log.settled:
                found.update((number, row) for number, row, _ in log.matches)
        return [(facts_of(found[number]), message_of(found[number])) for number in sorted(found)]


def _as_meant(fields: Fields) -> Fields:
    """What stands in a line, the note without its escapes."""
    date, subject, value, confidence, retracts, by, note = fields
    return date, subject, value, confidence, retracts, by, meant(note)


class _People(dict[bytes, "str | None"]):
    """Who commits are by, as the commits say it: name and address on two lines."""

    def __init__(self, person: Callable[[str, str], str | None]) -> None:
        super().__init__()
        self._person = person

    def __missing__(self, said: bytes) -> str | None:
        name, _, address = said.decode("utf-8", "replace").partition("\n")
        found = self[said] = self._person(name, address)
        return found


def _distinct(rows: Sequence[Fields]) -> bool:
    """Whether no two lines have the same subject and date."""
    return len({row[:2] for row in rows}) == len(rows)


def _subjects(rows: Sequence[Fields]) -> set[str]:
    return {row[1] for row in rows}


def _listed(claim: bytes) -> bytes:
    """How a message that names several records lists one: without its cycle."""
    subject = claim.partition(b" ")[0]
    return subject if subject.startswith(b"kpis/") else subject.partition(b"/")[2]
