"""The story of goals, as text: what one person did on one day in one commit stands under one heading.

Lines that fit and need no colour are written as they are; the rest goes through rich, which is imported only then.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from io import TextIOWrapper
from itertools import groupby
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.operations.chronicle.entries import CheckInTold, PlanTold, RetractionTold, ToldPlan
from okr.plan_changes import CycleChanged
from okr.quantities import plain_number
from okr.views.change_words import change_words, subject_words
from okr.views.figures import short_day
from okr.views.log_lines import (
    PART,
    OrdinaryCheckIns,
    amount_words,
    as_made,
    as_written,
    fitting,
    folded_narrow,
    is_narrow,
    score_words,
)
from okr.views.piped import Pipe
from okr.views.text import moment_words, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import IO

    from rich.console import Console
    from rich.style import Style

    from okr.git.history import CommitFacts
    from okr.git.messages import CommitRow
    from okr.operations.chronicle.columns import StoryColumns
    from okr.operations.chronicle.entries import Entry
    from okr.operations.chronicle.story import Chronicle
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.plan_changes import OwnerRenamed, PlanChange
    from okr.quantities import Language

SHORT_ID = 7
_NOBODY, _NOT_COMMITTED = "nobody", "not committed"
_BETWEEN = (PART, "dim")

_AS_IT_IS = "utf-8", "\n"
_AT_ONCE = 100
_AT_A_TIME = 1024
_NO_ROW: CommitRow = []
_BLANKS = " " * 8

Runs = Sequence[tuple[str, str]]
"""A line in pieces, each with its style."""
Heading = tuple[str, str, str]
"""The day; by whom; and which commit it was, or that it was none."""

_share = lru_cache(maxsize=4096)(plain_number)


def show_log(
    console: Console | Pipe,
    story: Chronicle,
    language: Language,
    *,
    at_once: int = _AT_ONCE,
    made: Mapping[SubjectLines, Sequence[str | None]] | None = None,
) -> None:
    """Prints a story, entry by entry as it is reckoned.

    Args:
        console: where to.
        story: what happened.
        language: how numbers are written.
        at_once: entries that a reader is not kept waiting for; of those after them, all that there are of a key result
            are reckoned together.
        made: what of it has been made already, as `ordinary` does; then nobody is kept waiting.
    """
    page = _page(console)
    telling = _Telling(story, language, page, made or {})
    left = 0 if made else at_once
    for columns, numbers in story.parts():
        for number in numbers[:left]:
            telling.one(story.entry(columns.told(number)))
            page.write(whole=True)
        telling.all(columns, numbers[left:])
        left = max(left - len(numbers), 0)
    page.write(whole=True)


def ordinary(console: Console | Pipe, language: Language, cycle: str | None) -> OrdinaryCheckIns:
    """What makes the text of ordinary check-ins, many at once.

    Args:
        console: where it will be printed.
        language: how numbers are written.
        cycle: the only cycle of the story; None for none.
    """
    page = _page(console)
    return OrdinaryCheckIns(language, page.width, cycle, None if page.plain else page.paint)


def _page(console: Console | Pipe) -> _Page:
    return _Page(console, console.width, console.file, plain=console.color_system is None)


class _Telling:
    """A story on its way to a page."""

    def __init__(
        self,
        story: Chronicle,
        language: Language,
        page: _Page,
        made: Mapping[SubjectLines, Sequence[str | None]],
    ) -> None:
        self._story = story
        self._language: Language = language
        self._page = page
        self._above: Heading | None = None
        self._texts = _Texts(ordinary(page.console, language, story.cycle).of, made)
        self._days = _Days(page.paint)
        self._people = _People(page.width - len(PART.join(("23 Nov 2026", "", "0" * SHORT_ID))))
        self._made = _Made(self._people)
        self._around = as_made(page.paint(PART, "dim") + page.paint("\0", "yellow") + "\n").split("\0")

    def one(self, entry: Entry) -> None:
        """Prints an entry, below its heading where the one above has another."""
        heading, page = _heading(entry), self._page
        if heading != self._above:
            if self._above is not None:
                page.print([("", "")], 0)
            page.print(_heading_runs(heading), 0)
            self._above = heading
        for runs, indent in _lines(entry, self._story, self._language, page.width):
            page.print(runs, indent)

    def all(self, columns: StoryColumns, numbers: Sequence[int]) -> None:
        """Prints entries, those of ordinary check-ins as they were made with the others of their key result."""
        texts = self._texts_of(columns) if numbers else ()
        page, rows, commits, days = self._page, columns.rows, columns.commits, columns.days
        shown, people, people_made = self._days, self._people, self._made
        front, back = self._around
        today, by, commit = self._above or ("", "", "")
        begun = "" if self._above is None else "\n"
        beside = _NO_ROW  # what brought the entry above
        for at, number in enumerate(numbers, start=1):
            text, row, day = texts[number], rows[commits[number]], days[number]
            if row is beside and text is not None and day == today:
                page.lines.append(text)
            elif row is not None and text is not None and (who := people[row[2]]):
                beside, id_ = row, row[0][:SHORT_ID].decode()
                if id_ != commit or who != by or day != today:
                    text = f"{begun}{shown[day]}{people_made[row[2]]}{front}{id_}{back}{text}"
                    today, by, commit, begun = day, who, id_, "\n"
                page.lines.append(text)
            else:
                self._above = (today, by, commit) if begun else None
                self.one(self._story.entry(columns.told(number)))
                (today, by, commit), begun, beside = self._above or ("", "", ""), "\n", _NO_ROW
            if not at % _AT_A_TIME:
                page.write()
        self._above = (today, by, commit) if begun else None

    def _texts_of(self, columns: StoryColumns) -> Sequence[str | None]:
        """The text of each ordinary entry by its number; None for any other."""
        made = self._texts
        texts: list[str | None] = [None] * len(columns.timed.days)
        for subject in columns.timed.subjects:
            start = columns.timed.starts[subject.key]
            for (_, _, place), text in zip(subject.orders, made[subject], strict=True):
                texts[start + place] = text
        texts += [
            None if isinstance(each, ToldPlan) or each[3] is None else made[each[1]][each[2]]
            for each in columns.others
        ]
        return texts


class _Days(dict[str, str]):
    """Days as headings show them, and what stands between a day and who committed on it."""

    def __init__(self, paint: Callable[[str, str], str]) -> None:
        super().__init__()
        self._paint = paint

    def __missing__(self, day: str) -> str:
        found = self[day] = as_made(f"{self._paint(_day(day), 'bold')}{self._paint(PART, 'dim')}")
        return found


class _Texts(dict["SubjectLines", "Sequence[str | None]"]):
    """The text of lines, made for all about a key result at once."""

    def __init__(
        self,
        make: Callable[[SubjectLines], Sequence[str | None]],
        made: Mapping[SubjectLines, Sequence[str | None]],
    ) -> None:
        super().__init__(made)
        self._make = make

    def __missing__(self, subject: SubjectLines) -> Sequence[str | None]:
        found = self[subject] = self._make(subject)
        return found


class _People(dict[bytes, str]):
    """Who commits are by, as headings show it; empty where that is not ordinary."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def __missing__(self, said: bytes) -> str:
        name, _, address = said.decode("utf-8", "replace").partition("\n")
        who = printable(name or address or _NOBODY)
        found = self[said] = who if is_narrow(who) and len(who) <= self._room else ""
        return found


class _Made(dict[bytes, str]):
    """The same as they are written."""

    def __init__(self, people: _People) -> None:
        super().__init__()
        self._people = people

    def __missing__(self, said: bytes) -> str:
        found = self[said] = as_made(self._people[said])
        return found


def remarks(story: Chronicle) -> list[str]:
    """What there is to know about a story besides, in sentences."""
    found: list[str] = []
    if not story.git:
        found.append(
            "There are no commits here: who committed what, and how plans have changed, only git can tell."
        )
    if story.shallow:
        found.append(
            "This clone is shallow: its history is cut off, and what is older has no author and no commit here."
            " `git fetch --unshallow` brings the rest."
        )
    found += unreadable_words(story)
    if story.empty:
        found.append("Nothing has happened yet that was asked for.")
    return found


def unreadable_words(story: Chronicle) -> list[str]:
    """Which versions of plans could not be read, in sentences: those that are known so far."""
    return [f"{path} could not be read at {commit.id[:SHORT_ID]}." for commit, path in story.unreadable()]


def author_words(commit: CommitFacts) -> str:
    """Who made a commit: the author's name, or the address where there is none."""
    return commit.author or commit.email or _NOBODY


def _heading(entry: Entry) -> Heading:
    if entry.commit is not None:
        who, where = author_words(entry.commit), entry.commit.id[:SHORT_ID]
    else:
        said = getattr(entry, "line", None)
        who = (said.record.by or "") if said is not None else ""
        where = _NOT_COMMITTED if entry.committed is False else ""
    return entry.day, printable(who), where


def _heading_runs(heading: Heading) -> Runs:
    day, who, where = heading
    where_style = "bold yellow" if where == _NOT_COMMITTED else "yellow"
    runs: list[tuple[str, str]] = []
    for part in ((_day(day), "bold"), (who, ""), (where, where_style)):
        if part[0]:
            runs += [_BETWEEN, part] if runs else [part]
    return runs


@lru_cache(maxsize=4096)
def _day(day: str) -> str:
    return short_day(date.fromisoformat(day))


def _lines(entry: Entry, story: Chronicle, language: Language, width: int) -> Iterator[tuple[Runs, int]]:
    if isinstance(entry, PlanTold):
        for _, changes in groupby(entry.changes, key=_told_together):
            first, *more = changes
            words = "; ".join(change_words(each, language) for each in (first, *more))
            yield [(_shown(subject_words(first), story), "cyan"), ("  " + printable(words), "")], 2
    elif isinstance(entry, RetractionTold):
        name = _shown(entry.reference, story)
        yield (
            [
                (name, "cyan"),
                (
                    f"  takes back the check-in of {printable(moment_words(entry.line.record.retracts or ''))}",
                    "",
                ),
            ],
            2,
        )
        yield from _note(entry.line.record.note, "")
    elif isinstance(entry, CheckInTold):
        yield from _checkin(entry, story, language, width)


def _told_together(change: PlanChange | OwnerRenamed | CycleChanged) -> object:
    """The same for changes that one line tells: of a cycle its state and days, but not its review."""
    return change.cycle if isinstance(change, CycleChanged) and change.key != "review" else id(change)


def _checkin(
    entry: CheckInTold, story: Chronicle, language: Language, width: int
) -> Iterator[tuple[Runs, int]]:
    name, back = _shown(entry.reference, story), entry.retracted_by
    style = "" if back is None else "strike dim"
    value, *others = _figures(entry, language)
    figures = PART.join((value, *others))
    if len(name) + len(figures) + 4 <= width or not others:
        yield [(name, "cyan"), ("  ", ""), (figures, style)], 2
    else:
        yield [(name, "cyan"), ("  ", ""), (value, style)], 2
        yield [(PART.join(others), style)], 4
    yield from _note(entry.line.record.note, style)
    if back is not None:
        by = f" by {printable(back.by)}" if back.by else ""
        why = f": {printable(back.note)}" if back.note else ""
        yield [(f"taken back on {printable(back.day)}{by}{why}", "")], 4


def _figures(entry: CheckInTold, language: Language) -> list[str]:
    record = entry.line.record
    found: list[str] = []
    if record.value is not None:
        found.append(amount_words(record.value, entry.value_before, entry.unit, language))
    if entry.score is not None and record.value is not None:
        score = score_words(entry.score)
        old = score if entry.score_before is None else score_words(entry.score_before)
        found.append(f"score {score}" if old == score else f"score {old} → {score}")
    if record.confidence is not None:
        found.append(f"confidence {_share(record.confidence)}")
    elif record.value is None:
        found.append("nothing said")
    return found


def _note(note: str | None, style: str) -> Iterator[tuple[Runs, int]]:
    if note:
        yield [(printable(note), style)], 4


def _shown(reference: str, story: Chronicle) -> str:
    """A reference without the cycle where the whole story is of one."""
    name = printable(reference)
    return name.removeprefix(f"{story.cycle}/") if story.cycle else name


@lru_cache(maxsize=64)
def _style(style: str) -> Style:
    from rich.style import Style  # a pipe has no colours

    return Style.parse(style)


def _in_colour(run: tuple[str, str]) -> str:
    text, style = run
    return _style(style).render(text) if style and text else text


@dataclass(frozen=True, slots=True)
class _Page:
    """Where lines go; its width and colours are asked for once, not for every line, and it is written in pieces."""

    console: Console | Pipe
    width: int
    file: IO[str]
    plain: bool
    lines: list[str] = field(default_factory=list)

    def print(self, runs: Runs, indent: int) -> None:
        """Prints a line, folded where it is too long; further lines stand two columns further in."""
        if not runs:
            return
        text = "".join([part for part, _ in runs])
        if is_narrow(text):
            if self.plain:
                self.lines.append(as_made(folded_narrow(text, indent, self.width)))
                return
            if len(text) + indent <= self.width:
                self.lines.append(as_made("".join([_BLANKS[:indent], *map(_in_colour, runs), "\n"])))
                return
        elif self.plain and (line := fitting(text, indent, self.width)) is not None:
            self.lines.append(as_made(line))
            return
        from rich.text import Text

        from okr.views.layout import wrapped

        self.write()
        console = self.console.drawn() if isinstance(self.console, Pipe) else self.console
        whole = Text.assemble(*[run for run in runs if run[0]])
        room = max(self.width - indent - 2, 1)
        lines = wrapped(console, whole, room) if whole.cell_len + indent > self.width else [whole]
        for number, each in enumerate(lines):
            each.rstrip()
            console.print(Text.assemble(" " * (indent + 2 if number else indent), each), soft_wrap=True)

    def paint(self, text: str, style: str) -> str:
        """A text in a style, where there are colours."""
        return text if self.plain else _in_colour((text, style))

    def write(self, *, whole: bool = False) -> None:
        """Writes what was printed; all of it, so that it is read now, or so that there is room for more."""
        written = as_written("".join(self.lines))
        self.lines.clear()
        if isinstance(self.file, TextIOWrapper) and (self.file.encoding.lower(), os.linesep) == _AS_IT_IS:
            self.file.flush()
            self.file.buffer.write(written)
        else:
            self.file.write(written.decode())
        if whole:
            self.file.flush()
