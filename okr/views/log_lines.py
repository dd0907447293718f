"""Ordinary check-ins of a story as text, a key result at a time: no thing of its own for any of a hundred thousand.

What comes out is what `log.py` prints for each of them, byte for byte; whatever is not ordinary is left to it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import repeat
from operator import add, is_, sub
from types import NoneType
from typing import TYPE_CHECKING, cast

from okr.operations.record.log_records import NOTE, SHARE, meant
from okr.quantities import MINUS, format_amount, format_change, format_number, format_score, format_scores
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okr.operations.chronicle.subject_lines import SubjectLines, Value
    from okr.quantities import Language

    _Whole = Sequence[int | None]

PART = " · "
# Characters that surely take one cell each: for these, counting is measuring.
NARROW = re.compile("[ -~\u00a1-\u02ff\u2010-\u2026\u202f\u20ac→\u2212]*")
# The same with the one that may part a number from its currency: it counts only where a line would be folded.
_NARROW_WHERE_IT_FITS = re.compile(f"{NARROW.pattern[:-2]}\u00a0]*")
# Each character of a text that is made stands for one byte of what is written: that takes a third of the time of anything
# wider. No text has such characters once it is `printable`, so these stand for some that take more than one byte.
_STAND_INS = ("\1", "→"), ("\2", MINUS), ("\3", "·")
_PART = PART.replace("·", "\3")
_MILLION = 10**6
_WHOLE_BELOW = 10**14  # such numbers, and what is between two of them, are written in full
_NOTES_KEPT = 4096
_INDENT = 4
_BLANKS = " " * _INDENT

score_words = lru_cache(maxsize=4096)(format_score)


def as_made(text: str) -> str:
    """A text as `OrdinaryCheckIns` makes it: each character stands for one byte of what is written."""
    return text if text.isascii() else text.encode().decode("latin-1")


def as_written(text: str) -> bytes:
    """What is written for a text that was made."""
    written = text.encode("latin-1")
    for stand_in, meant_by_it in _STAND_INS:
        written = written.replace(stand_in.encode(), meant_by_it.encode())
    return written


def is_narrow(text: str) -> bool:
    """Whether a text surely takes as many cells as it has characters."""
    return (text.isascii() and text.isprintable()) or NARROW.fullmatch(text) is not None


def folded_narrow(text: str, indent: int, width: int) -> str:
    """A narrow text as lines, folded where it is too long; further lines stand two columns further in."""
    room, lead = max(width - indent, 1), " " * indent
    lines = []
    while len(text) > room:
        cut = text.rfind(" ", 1, room + 1)
        cut = cut if cut > 0 else room
        lines.append(f"{lead}{text[:cut].rstrip()}\n")
        text, lead, room = text[cut:].lstrip(), " " * (indent + 2), max(width - indent - 2, 1)
    return "".join([*lines, f"{lead}{text}\n"])


def fitting(text: str, indent: int, width: int) -> str | None:
    """A text of any characters as a line; None where it takes more than one."""
    from rich.cells import cell_len

    return f"{' ' * indent}{text.rstrip()}\n" if cell_len(text) + indent <= width else None


def amount_words(value: float | str, before: Value, unit: str | None, language: Language) -> str:
    """What a check-in says, beside what counted before it."""
    if isinstance(value, str):
        shown = printable(value)
        return shown if before is None or before == value else f"{printable(before)} → {shown}"
    shown = printable(format_amount(value, unit, language))
    if before is None or isinstance(before, str):
        return shown
    if before == value:
        return f"{shown} (unchanged)"
    return f"{format_number(before, language)} → {shown} ({format_change(before, value, language, unit if unit == '%' else None)})"


class OrdinaryCheckIns:
    """The text of check-ins that count, below their headings; `as_written` makes it what is to be written.

    Args:
        language: how numbers are written.
        width: of the page.
        cycle: the only one of the story, which then is not named; None for none.
        paint: gives a text in a style; None without colours.
    """

    def __init__(
        self, language: Language, width: int, cycle: str | None, paint: Callable[[str, str], str] | None
    ) -> None:
        self._language: Language = language
        self._width = width
        self._cycle = cycle
        self._paint = paint
        self._shares = _Shares()
        self._notes = _Notes(width, plain=paint is None)

    def of(self, subject: SubjectLines) -> Sequence[str | None]:
        """The text of each line about a key result or KPI; None for what is not ordinary."""
        found: list[str | None] = [None] * len(subject.orders)
        name = printable(subject.reference)
        name = name.removeprefix(f"{self._cycle}/") if self._cycle else name
        sample = printable(format_amount(0, subject.unit, self._language))
        if not subject.as_text or not (_is_narrow_where_it_fits(name) and _is_narrow_where_it_fits(sample)):
            return found
        lead, indent = f"  {self._paint(name, 'cyan') if self._paint else name}  ", len(name) + 4
        counting, shares, notes = subject.moves.counting, subject.column(SHARE), subject.column(NOTE)
        if len(counting) < len(found):
            shares, notes = ([column[at] for at in counting] for column in (shares, notes))
        said = [*map(self._shares.__getitem__, shares)]
        amounts, others = self._amounts(subject), _others(subject, said)
        if not all(amounts):
            others = ["" if amount is None else other for amount, other in zip(amounts, others, strict=True)]
            amounts = [
                share[len(_PART) :] if amount is None else amount
                for amount, share in zip(amounts, said, strict=True)
            ]
        below = [*map(self._notes.__getitem__, notes)]
        texts = [
            None if text is None else as_made(text)
            for text in self._put_together(lead, indent, amounts, others, below)
        ]
        if len(counting) == len(found):
            return texts
        for at, text in zip(counting, texts, strict=True):
            found[at] = text
        return found

    def _put_together(
        self,
        lead: str,
        indent: int,
        amounts: Sequence[str | None],
        others: Sequence[str],
        notes: Sequence[str | None],
    ) -> Sequence[str | None]:
        """On one line what fits on one, otherwise on two, each time with the note below; None for what takes more."""
        room, rest, between = self._width - indent, self._width - len(_PART), f"\n{_BLANKS}"
        both = room - len(_PART)
        if all(amounts) and all(others) and not any(map(is_, notes, repeat(None))):
            firsts = cast("Sequence[str]", amounts)
            sizes, more = [*map(len, firsts)], [*map(len, others)]
            if max(sizes, default=0) <= room and max(more, default=0) < rest:
                return [
                    f"{lead}{first}{_PART if size <= both else between}{other}\n{below}"
                    for first, other, size, below in zip(
                        firsts, others, map(add, sizes, more), notes, strict=True
                    )
                ]
        return [
            None
            if not first or below is None
            else f"{lead}{first}\n{below}"
            if not other and len(first) <= room
            else f"{lead}{first}{_PART}{other}\n{below}"
            if len(first) + len(other) <= both
            else f"{lead}{first}{between}{other}\n{below}"
            if other and len(first) <= room and len(other) < rest
            else None
            for first, other, below in zip(amounts, others, notes, strict=True)
        ]

    def _amounts(self, subject: SubjectLines) -> Sequence[str | None]:
        """What each check-in says, beside what counted before it; None where it says only how confident somebody is."""
        moves, language = subject.moves, self._language
        kinds = {*map(type, moves.values)}
        if kinds <= {int, NoneType} and subject.unit != "%":  # which moves by points
            values, before = cast("_Whole", moves.values), cast("_Whole", moves.before)
            known = [value for value in values if value is not None] or [0]
            least = min(known)
            if least > -_WHOLE_BELOW and max(known) < _WHOLE_BELOW:
                if kinds == {int} and least >= 0 and 1 not in known and language == "en":
                    return _usual_amounts(known, subject.unit)
                return [*_whole_amounts(values, before, subject.unit, language)]
        return [
            None if value is None else amount_words(value, before, subject.unit, language)
            for value, before in zip(moves.values, moves.before, strict=True)
        ]


def _others(subject: SubjectLines, shares: Sequence[str]) -> Sequence[str]:
    """What stands behind the amounts: the score, with the one before it where that is another, and the confidence."""
    shown = format_scores(subject.scores)
    if not shown:
        return [share[len(_PART) :] for share in shares]
    return [
        f"score {new}{share}" if new == old else f"score {old} \1 {new}{share}"
        for old, new, share in zip([shown[0], *shown], shown, shares, strict=False)
    ]


class _Shares(dict[str, str]):
    """How confident somebody is, as it is told behind something else."""

    def __missing__(self, share: str) -> str:
        found = self[share] = f"{_PART}confidence {share}" if share else ""
        return found


class _Notes(dict[str, "str | None"]):
    """How notes are shown; None where that is not ordinary."""

    def __init__(self, width: int, *, plain: bool) -> None:
        super().__init__()
        self._width = width
        self._plain = plain

    def __missing__(self, written: str) -> str | None:
        if len(self) >= _NOTES_KEPT:
            self.clear()
        note = printable(meant(written))
        found: str | None = None
        if not note:
            found = ""
        elif is_narrow(note):
            if len(note) + _INDENT <= self._width:
                found = f"{_BLANKS}{note}\n"
            elif self._plain:
                found = folded_narrow(note, _INDENT, self._width)
        elif self._plain:
            found = fitting(note, _INDENT, self._width)
        self[written] = found
        return found


def _around(unit: str | None, language: Language) -> tuple[str, str]:
    """What stands before and behind a whole number that is not one."""
    sample = printable(format_amount(0, unit, language))
    return (unit, "") if unit and sample == f"{unit}0" else ("", sample[1:])


def _usual_amounts(values: Sequence[int], unit: str | None) -> list[str]:
    """What check-ins say in English whose values are whole numbers, none of them negative, very large or one."""
    front, back = _around(unit, "en")
    figures = _figures(values)
    moved = [*map(sub, values[1:], values)]
    later = zip(moved, figures, figures[1:], _figures([*map(abs, moved)]), strict=False)
    return [
        f"{front}{figures[0]}{back}",
        *[
            f"{old} \1 {front}{new}{back} (+{change})"
            if way > 0
            else f"{old} \1 {front}{new}{back} (\2{change})"
            if way
            else f"{front}{new}{back} (unchanged)"
            for way, old, new, change in later
        ],
    ]


def _figures(numbers: Sequence[int]) -> list[str]:
    """How numbers that are not negative are written in English: those below a million are put together from two."""
    if max(numbers, default=0) < _MILLION:
        few, rest = _thousands()
        return [few[each // 1000] + rest[each % 1000] if each > 999 else few[each] for each in numbers]  # noqa: PLR2004 # such are not parted
    return [f"{each:,}" for each in numbers]


@cache
def _thousands() -> tuple[Sequence[str], Sequence[str]]:
    return [str(each) for each in range(1000)], [f",{each:03}" for each in range(1000)]


def _whole_amounts(
    values: _Whole, before: _Whole, unit: str | None, language: Language
) -> Iterator[str | None]:
    """The same for whole numbers of any kind, none of them very large."""
    front, back = _around(unit, language)
    french = language == "fr"
    figures = last_figures = ""
    for value, last in zip(values, before, strict=True):
        if value is None:
            yield None
            continue
        figures = format_number(value, language) if french or value < 0 else f"{value:,}"
        shown = (
            f"{front}{figures}{back}"
            if value > 1 or not value
            else printable(format_amount(value, unit, language))
        )
        if last is None:
            yield shown
        elif value == last:
            yield f"{shown} (unchanged)"
        else:
            moved = value - last
            change = format_number(abs(moved), language) if french else f"{abs(moved):,}"
            yield f"{last_figures} → {shown} ({'+' if moved > 0 else MINUS}{change})"
        last_figures = figures


def _is_narrow_where_it_fits(text: str) -> bool:
    return is_narrow(text) or _NARROW_WHERE_IT_FITS.fullmatch(text) is not None
