"""Logs whose lines are all announced, each by the one commit that may have brought it: found without reading them.

A first, quick look for `tracing.py`: a line as `okr` writes it is compared with messages as text. It only ever
says that a log is just as its messages tell; whatever does not fit at once is left to the thorough look.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import chain, compress, count, repeat
from operator import itemgetter, ne, not_
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.git.messages import facts_of, is_merge, message_of
from okr.git.text import safe_line
from okr.operations.checkin.messages import TRAILER
from okr.operations.record.log_records import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from okr.git.history import CommitFacts
    from okr.git.messages import CommitRow
    from okr.operations.record.log_columns import LogColumns
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.log_records import Fields
    from okr.operations.record.recorded import LogLines
    from okr.operations.record.tracing import Subject

_DAY: Callable[[bytes], bytes] = itemgetter(slice(len("2026-11-23")))
_BY_NONE = -1
_TRAILER_LINE = f"\n{TRAILER}: ".encode()
_ANY_TRAILER = _TRAILER_LINE[1:]
_INDENTED = re.compile(rb"^[ \t]*" + TRAILER.encode() + rb": (.+?)[ \t\r]*$", re.MULTILINE)
_NOT_WORD = re.compile(r"\W+")


@dataclass(eq=False)
class AnnouncedLog:
    """A log, and the commits that were found to bring its lines.

    Attributes:
        lines: the log's lines.
        columns: the same, as text.
        numbers: of each line, the place in `rows` of the commit that announces it; -1 where none does.
        rows: the commits that were heard.
        by_hand: the commits of lines that none announces, by the line's place.
        doubtful: something was heard that does not fit; then nothing here may be relied on.
        may_be_of_other_days: the places of all lines that the commit that announces them may give another day than they do.
    """

    lines: LogLines
    columns: LogColumns
    numbers: list[int]
    rows: Sequence[CommitRow]
    by_hand: dict[int, CommitRow] = field(default_factory=dict)
    doubtful: bool = False
    may_be_of_other_days: Sequence[int] = ()
    _places: dict[Fields, int] | None = None

    @property
    def settled(self) -> bool:
        """Whether each line has exactly one commit.

        One that announces it, with its author, note and values; or none that does, and one that added it to the file
        without a word.
        """
        return not self.doubtful and self.numbers.count(_BY_NONE) == len(self.by_hand)

    def bring(self, fields: Fields, row: CommitRow) -> None:
        """Notes that a commit added a line without naming it; to be called when all messages have been heard."""
        if self._places is None:
            left = (
                at for at, number in enumerate(self.numbers) if number == _BY_NONE and at not in self.by_hand
            )
            self._places = {_as_meant(self.columns.fields(at)): at for at in left}
        at = self._places.pop(_as_meant(fields), None)
        if at is None:
            self.doubtful = True
        else:
            self.by_hand[at] = row

    def origins(self) -> Iterator[tuple[int, CommitRow, bool]]:
        """Each line's place, its commit, and whether that one announces it."""
        rows = self.rows
        yield from ((at, rows[number], True) for at, number in enumerate(self.numbers) if number != _BY_NONE)
        yield from ((at, row, False) for at, row in self.by_hand.items())

    def commits(self) -> list[CommitRow | None]:
        """The commit of each line."""
        rows = self.rows
        found = [None if number == _BY_NONE else rows[number] for number in self.numbers]
        for at, row in self.by_hand.items():
            found[at] = row
        return found

    def other_days(self) -> Iterator[tuple[int, CommitRow]]:
        """Each line that is announced by a commit of another day than the line gives itself, and that commit."""
        dates = self.columns.dates()
        for at in self.may_be_of_other_days:
            number = self.numbers[at]
            if number != _BY_NONE and _DAY(self.rows[number][1]) != _DAY(dates[at]):
                yield at, self.rows[number]


def announced_in(message: bytes) -> Sequence[bytes]:
    """The records that a message names in trailers, indented ones of a squash merge included."""
    first, *rest = message.split(_TRAILER_LINE)
    if not rest or _TRAILER_LINE[1:] in first:
        return _INDENTED.findall(message) if _TRAILER_LINE[1:] in message else ()
    return [part.partition(b"\n")[0].rstrip() for part in rest]


def may_announce(message: bytes) -> bool:
    """Whether a message has anything that may be a trailer naming a record."""
    return _has_any_trailer(message)


def _has_any_trailer(text: bytes) -> bool:
    return (
        text.find(_ANY_TRAILER) >= 0
    )  # `in` takes four times as long with bytes: it tries for a number first


def trailers_apart(message: bytes) -> Sequence[bytes] | None:
    """What follows the name of each trailer that stands at the beginning of a line; None where none or not all do."""
    first, *rest = message.split(_TRAILER_LINE)
    return rest if rest and not _has_any_trailer(first) else None


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
        rows: the commits that were heard, the newest first.

    Args:
        logs: the logs as the last commit has them; those not written as `okr` writes them are left aside.
        present: gives an owner's or person's present id.
        person: gives the id of the person with a name and an address, None where that is nobody known.
        compare_days: whether `AnnouncedLog.other_days` will be asked for, which not everybody wants to know.
    """

    def __init__(
        self,
        logs: Mapping[LogKey, LogLines],
        present: Callable[[str], str],
        person: Callable[[str, str], str | None],
        *,
        compare_days: bool = False,
    ) -> None:
        self._compare_days = compare_days
        self.logs: dict[LogKey, AnnouncedLog] = {}
        self._people = _People(person)
        self.rows: list[CommitRow] = []
        # All lines of all logs have a number, and each of these lists an entry for each.
        self._expected: dict[bytes, int] = {}
        self._notes: list[bytes] = []
        self._names: list[bytes] = []
        self._authors: list[str] = []
        self._brought_by: list[int] = []
        self._dates: list[bytes] = []
        self._other_days: set[int] = set()
        self._days: list[bytes] = []  # of the commits that are being heard
        self._starts: list[int] = []
        ids: dict[bytes, str] = {}
        for key, lines in logs.items():
            columns = lines.columns
            if columns is None or not columns.distinct:
                continue
            if all((b"/" in each) == bool(key.cycle) for each in {*columns.subjects}):
                self.logs[key] = AnnouncedLog(lines, columns, [], self.rows)
                ids.update((by, present(by.decode())) for by in {*columns.authors} if by not in ids)
                self._expect(key, columns, ids)

    @property
    def heard(self) -> int:
        """How many messages were heard."""
        return len(self.rows)

    def _expect(self, key: LogKey, columns: LogColumns, ids: Mapping[bytes, str]) -> None:
        """Notes what the trailers say that `okr` writes for the lines of a log, and what else comes with them."""
        start = len(self._brought_by)
        claims = columns.called(key.in_trailers.encode())
        self._starts.append(start)
        self._expected.update(zip(claims, range(start, start + len(columns)), strict=True))
        listed = (f"{key.owner}/" if key.cycle else "kpis/").encode()
        names = {subject: b"%b%b " % (listed, subject) for subject in {*columns.subjects}}
        self._names += map(names.__getitem__, columns.subjects)
        self._notes += columns.notes_meant
        self._authors += map(ids.__getitem__, columns.authors)
        if self._compare_days:
            self._dates += columns.dates()
        self._brought_by += [_BY_NONE] * len(columns)

    def hear(self, batches: Iterable[list[CommitRow]]) -> Iterator[list[int]]:
        """Matches messages with lines, and gives the numbers of those of which anything does not fit, as they come."""
        for rows in batches:
            first = len(self.rows)
            self.rows += rows
            if self._compare_days:
                self._days = [_DAY(row[1]) for row in rows]
            parted = [row[3].split(_TRAILER_LINE) for row in rows]
            left: list[int] = []
            one: list[int] = []
            several: list[int] = []
            for at, parts in enumerate(parted):
                (one if len(parts) == 2 else several if len(parts) > 1 else left).append(at)  # noqa: PLR2004 # what is said, and what the only trailer says
            not_fitting = [*self._not_one(first, rows, parted, one)]
            not_fitting += self._not_several(first, rows, parted, several)
            left += [at for at in sorted(not_fitting) if not self._hear_closely(first + at, rows[at])]
            if left:
                yield [first + at for at in sorted(left)]
        others = sorted(self._other_days)
        for log, start in zip(self.logs.values(), self._starts, strict=True):
            end = start + len(log.columns)
            log.numbers = self._brought_by[start:end]
            theirs = others[bisect_left(others, start) : bisect_left(others, end)]
            log.may_be_of_other_days = [line - start for line in theirs]

    def _not_one(
        self, first: int, rows: Sequence[CommitRow], parted: Sequence[list[bytes]], places: Sequence[int]
    ) -> Iterable[int]:
        """Of messages with one trailer, those that are not word for word as `okr` writes them for a line; most are.

        Args:
            first: the number of the first row.
            rows: commits.
            parted: their messages, taken apart at the beginnings of trailers.
            places: which of them.
        """
        claims = [parted[at][1].partition(b"\n")[0] for at in places]
        bodies = [parted[at][0].partition(b"\n\n")[2] for at in places]
        by = [self._people[rows[at][2]] for at in places]
        lines = [*map(self._expected.pop, claims, repeat(_BY_NONE))]
        if not self._authors:
            return places
        notes = map(self._notes.__getitem__, lines)
        others = [body != (note + b"\n" if note else note) for body, note in zip(bodies, notes, strict=True)]
        wrong = {places[at] for at in (*self._by_others(lines, by), *compress(count(), others))}
        wrong.update(at for at in places if rows[at][0].count(b" ") > 1)
        self._note(first, places, claims, lines, wrong)
        return wrong

    def _not_several(
        self, first: int, rows: Sequence[CommitRow], parted: Sequence[list[bytes]], places: Sequence[int]
    ) -> Iterable[int]:
        """The same of messages with several trailers: all that they list is compared at once."""
        wrong: set[int] = set()
        found: list[int] = []
        claimed: list[list[bytes]] = []
        bodies: list[bytes] = []
        for at in places:
            said, *theirs = parted[at]
            body = said.partition(b"\n\n")[2]
            if (
                body.count(b"\n") != len(theirs)
                or body[-1:] != b"\n"
                or rows[at][0].count(b" ") > 1
                or said.find(_ANY_TRAILER) >= 0
            ):
                wrong.add(at)
                continue
            theirs[-1] = theirs[-1].partition(b"\n")[0]
            found.append(at)
            claimed.append(theirs)
            bodies.append(body)
        sizes = [*map(len, claimed)]
        whole = [*chain.from_iterable(map(repeat, found, sizes))]
        by = chain.from_iterable(map(repeat, [self._people[rows[at][2]] for at in found], sizes))
        claims = [*chain.from_iterable(claimed)]
        lines = [*map(self._expected.pop, claims, repeat(_BY_NONE))]
        if not self._authors:
            return places
        listed = b"".join(bodies).split(b"\n")[:-1]
        wrong.update(
            whole[at] for at in (*self._by_others(lines, by), *self._listed_otherwise(lines, listed))
        )
        self._note(first, whole, claims, lines, wrong)
        return wrong

    def _note(
        self,
        first: int,
        places: Sequence[int],
        claims: Sequence[bytes],
        lines: Sequence[int],
        wrong: AbstractSet[int],
    ) -> None:
        """Notes which commits bring lines, and what is expected still where a message does not fit.

        Args:
            first: the number of the first row.
            places: of each claim, the place of its commit behind that.
            claims: what was claimed.
            lines: the line that each claim is about; -1 where there is none.
            wrong: the places of commits of which something does not fit.
        """
        if self._compare_days:
            said = map(_DAY, map(self._dates.__getitem__, lines))
            self._other_days.update(compress(lines, map(ne, said, map(self._days.__getitem__, places))))
        brought_by = self._brought_by
        for at, claim, line in zip(places, claims, lines, strict=True):
            if at not in wrong:
                brought_by[line] = first + at
            elif line >= 0:
                self._expected[claim] = line

    def _by_others(self, lines: Sequence[int], by: Iterable[str | None]) -> Iterator[int]:
        """The places of claims that are about no line, or about one by somebody else than who commits it.

        Args:
            lines: the lines that are announced; -1 where there is none.
            by: who announces each.
        """
        yield from compress(count(), map(_BY_NONE.__eq__, lines))
        yield from compress(count(), map(ne, map(self._authors.__getitem__, lines), by))

    def _listed_otherwise(self, lines: Sequence[int], texts: Sequence[bytes]) -> Iterator[int]:
        """The places of claims that a message does not list as `okr` does, by their name and note.

        Args:
            lines: the lines that are announced; -1 where there is none.
            texts: how the messages list them.
        """
        named = map(bytes.startswith, texts, map(self._names.__getitem__, lines))
        yield from compress(count(), map(not_, named))
        shown = [text.partition(b": ")[2] for text in texts]
        notes = [*map(self._notes.__getitem__, lines)]
        for place in compress(count(), map(ne, shown, notes)):
            if shown[place] != b" ".join(notes[place].split()):
                yield place

    def _hear_closely(self, number: int, row: CommitRow) -> bool:
        """Matches a message that says more than `okr` wrote, or says it otherwise."""
        said, *rest = row[3].split(_TRAILER_LINE)
        claims = [part.partition(b"\n")[0].rstrip() for part in rest]
        lines = [self._expected[claim] for claim in claims if claim in self._expected]
        if len(lines) == len(set(claims)) == len(claims) and self._mean_the_same(row, said, claims, lines):
            for claim, line in zip(claims, lines, strict=True):
                del self._expected[claim]
                self._brought_by[line] = number
                self._other_days.add(line)
            return True
        logs = [*self.logs.values()]
        for line in lines:
            logs[bisect_right(self._starts, line) - 1].doubtful = True
        return False

    def _mean_the_same(
        self, row: CommitRow, said: bytes, claims: Sequence[bytes], lines: Sequence[int]
    ) -> bool:
        author = self._people[row[2]]
        if is_merge(row) or _ANY_TRAILER in said or any(self._authors[line] != author for line in lines):
            return False
        notes = [self._notes[line] for line in lines]
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

    def left(self, missed: Iterable[int]) -> list[tuple[CommitFacts, bytes]]:
        """The messages that the thorough look has to hear, in the order of the history.

        Args:
            missed: the numbers of those that the quick look could not match, as far as they matter.
        """
        numbers = {*missed}
        for log in self.logs.values():
            if not log.settled:
                numbers.update(log.numbers)
        numbers.discard(_BY_NONE)
        found = map(self.rows.__getitem__, sorted(numbers))
        return [(facts_of(row), message_of(row)) for row in found]


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


def _listed(claim: bytes) -> bytes:
    """How a message that names several records lists one: without its cycle."""
    subject = claim.partition(b" ")[0]
    return subject if subject.startswith(b"kpis/") else subject.partition(b"/")[2]
