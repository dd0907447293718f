"""The story of goals, as text: what one person did on one day in one commit stands under one heading.

Lines that fit and need no colour are written as they are; the rest goes through rich.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from okr.dataclass import dataclass, field
from okr.operations.chronicle import CheckInTold, PlanTold, RetractionTold, ToldPlan
from okr.quantities import plain_number
from okr.repository_messages import facts_of
from okr.views.change_words import change_words, subject_words
from okr.views.figures import short_day
from okr.views.log_lines import PART, OrdinaryCheckIns, amount_words, folded_narrow, is_narrow, score_words
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from rich.console import Console

    from okr.operations.chronicle import Chronicle, Entry, Told
    from okr.operations.subject_lines import SubjectLines
    from okr.quantities import Language
    from okr.repository_history import CommitFacts
    from okr.repository_messages import CommitRow

SHORT_ID = 7
_BETWEEN = (PART, "dim")

_AT_ONCE = 100
_LINES_KEPT = 256
_BLANKS = " " * 8

Runs = Sequence[tuple[str, str]]
"""A line in pieces, each with its style."""
Heading = tuple[tuple[str, str], ...]

_share = lru_cache(maxsize=4096)(plain_number)


def show_log(console: Console, story: Chronicle, language: Language, *, at_once: int = _AT_ONCE) -> None:
    """Prints a story, entry by entry as it is reckoned.

    Args:
        console: where to.
        story: what happened.
        language: how numbers are written.
        at_once: entries that a reader is not kept waiting for; of those after them, all that there are of a key result
            are reckoned together.
    """
    page = _Page(console, console.width, console.file, plain=console.color_system is None)
    ordinary = _Ordinary(story, language, page)
    above: Heading | None = None
    for number, told in enumerate(story.told()):
        found = None if number < at_once else ordinary.heading_and_text(told)
        if found is not None:
            if found[0] != above:
                page.print_heading(found[0], first=not number)
                above = found[0]
            page.lines.append(found[1])
        else:
            entry = story.entry(told)
            heading = _heading(entry)
            if heading != above:
                page.print_heading(heading, first=not number)
                above = heading
            for runs, indent in _lines(entry, story, language, page.width):
                page.print(runs, indent)
        page.write(whole=number < at_once)
    page.write(whole=True)


class _Ordinary:
    """What is told of ordinary check-ins, brought by commits that are known."""

    def __init__(self, story: Chronicle, language: Language, page: _Page) -> None:
        paint = None if page.plain else lambda text, style: _in_colour((text, style))
        self._check_ins = OrdinaryCheckIns(language, page.width, story.cycle, paint)
        self._texts: dict[SubjectLines, Sequence[str | None]] = {}
        self._people: dict[bytes, tuple[str, str]] = {}
        self._above: tuple[str, CommitRow | None] = ("", None)
        self._heading: Heading = ()

    def heading_and_text(self, told: Told) -> tuple[Heading, str] | None:
        """An entry's heading, and all that stands below it; None where it is to be looked at by itself."""
        if isinstance(told, ToldPlan):
            return None
        (day, *_), subject, at, brought, _ = told
        if not isinstance(brought, list):
            return None
        texts = self._texts.get(subject)
        if texts is None:
            texts = self._texts[subject] = self._check_ins.of(subject)
        text = texts[at]
        if text is None:
            return None
        if self._above[1] is not brought or self._above[0] != day:
            who = self._people.get(brought[2])
            if who is None:
                who = self._people[brought[2]] = (printable(author_words(facts_of(brought))), "")
            id_ = (brought[0][:SHORT_ID].decode("ascii"), "yellow")
            self._heading = ((_day(day), "bold"), _BETWEEN, who, _BETWEEN, id_)
            self._above = (day, brought)
        return self._heading, text


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
    return commit.author or commit.email or "nobody"


def _heading(entry: Entry) -> Heading:
    if entry.commit is not None:
        who, where = author_words(entry.commit), (entry.commit.id[:SHORT_ID], "yellow")
    else:
        said = getattr(entry, "line", None)
        who = (said.record.by or "") if said is not None else ""
        where = ("not committed", "bold yellow") if entry.committed is False else ("", "")
    parts = [(_day(entry.day), "bold"), (printable(who), ""), where]
    runs: list[tuple[str, str]] = []
    for part in parts:
        if part[0]:
            runs += [_BETWEEN, part] if runs else [part]
    return tuple(runs)


@lru_cache(maxsize=4096)
def _day(day: str) -> str:
    return short_day(date.fromisoformat(day))


def _lines(entry: Entry, story: Chronicle, language: Language, width: int) -> Iterator[tuple[Runs, int]]:
    if isinstance(entry, PlanTold):
        for change in entry.changes:
            name = _shown(subject_words(change), story)
            yield [(name, "cyan"), ("  " + printable(change_words(change, language)), "")], 2
    elif isinstance(entry, RetractionTold):
        name = _shown(entry.reference, story)
        yield (
            [(name, "cyan"), (f"  takes back the check-in of {printable(entry.line.record.retracts)}", "")],
            2,
        )
        yield from _note(entry.line.record.note, "")
    elif isinstance(entry, CheckInTold):
        yield from _checkin(entry, story, language, width)


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


_style = lru_cache(maxsize=64)(Style.parse)


def _in_colour(run: tuple[str, str]) -> str:
    text, style = run
    return _style(style).render(text) if style and text else text


@dataclass(frozen=True, slots=True)
class _Page:
    """Where lines go; its width and colours are asked for once, not for every line, and it is written in pieces."""

    console: Console
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
                self.lines.append(folded_narrow(text, indent, self.width))
                return
            if len(text) + indent <= self.width:
                self.lines.append("".join([_BLANKS[:indent], *map(_in_colour, runs), "\n"]))
                return
        self._write()
        line = Text.assemble(*[run for run in runs if run[0]])
        room = max(self.width - indent - 2, 1)
        lines = line.wrap(self.console, room) if line.cell_len + indent > self.width else [line]
        for number, each in enumerate(lines):
            each.rstrip()
            self.console.print(Text.assemble(" " * (indent + 2 if number else indent), each), soft_wrap=True)

    def print_heading(self, heading: Heading, *, first: bool) -> None:
        """Prints a heading, below an empty line where it is not the first."""
        if not first:
            self.lines.append("\n")
        self.print(heading, 0)

    def write(self, *, whole: bool) -> None:
        """Writes what was printed: all of it, so that it is read now, or what has become much."""
        if whole or len(self.lines) > _LINES_KEPT:
            self._write()
        if whole:
            self.file.flush()

    def _write(self) -> None:
        self.file.write("".join(self.lines))
        self.lines.clear()
