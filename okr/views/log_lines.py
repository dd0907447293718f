"""Ordinary check-ins of a story as text, a key result at a time: no thing of its own for any of a hundred thousand.

What comes out is what `log.py` prints for each of them, byte for byte; whatever is not ordinary is left to it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from okr.operations.log_records import meant
from okr.quantities import MINUS, format_amount, format_change, format_number, format_score
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okr.operations.subject_lines import SubjectLines, Value
    from okr.quantities import Language

    _Whole = Sequence[int | None]

PART = " · "
# Characters that surely take one cell each: for these, counting is measuring.
NARROW = re.compile("[ -~\u00a1-\u02ff\u2010-\u2026\u202f\u20ac→\u2212]*")
# The same with the one that may part a number from its currency: it counts only where a line would be folded.
_NARROW_WHERE_IT_FITS = re.compile(f"{NARROW.pattern[:-2]}\u00a0]*")
_WHOLE_BELOW = 10**14  # such numbers, and what is between two of them, are written in full
_NOTES_KEPT = 4096
_INDENT = 4
_BLANKS = " " * _INDENT

score_words = lru_cache(maxsize=4096)(format_score)


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
    return f"{format_number(before, language)} → {shown} ({format_change(before, value, language)})"


class OrdinaryCheckIns:
    """The text of check-ins that count, below their headings.

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
        rows = subject.rows
        name = printable(subject.reference)
        name = name.removeprefix(f"{self._cycle}/") if self._cycle else name
        sample = printable(format_amount(0, subject.unit, self._language))
        if rows is None or not (_is_narrow_where_it_fits(name) and _is_narrow_where_it_fits(sample)):
            return found
        lead, indent = f"  {self._paint(name, 'cyan') if self._paint else name}  ", len(name) + 4
        width, shares, notes = self._width, self._shares, self._notes
        told = zip(subject.moves.counting, self._amounts(subject), _scores(subject), strict=True)
        for at, amount, score in told:
            _, _, _, share, _, _, note = rows[at]
            first, rest = (amount, score + shares[share]) if amount else (shares[share][len(PART) :], "")
            below = notes[note]
            if below is None or not first:
                continue
            if indent + len(first) + len(rest) <= width:
                found[at] = f"{lead}{first}{rest}\n{below}"
            elif rest and indent + len(first) <= width > len(rest):
                found[at] = f"{lead}{first}\n    {rest[len(PART) :]}\n{below}"
        return found

    def _amounts(self, subject: SubjectLines) -> Sequence[str | None]:
        """What each check-in says, beside what counted before it; None where it says only how confident somebody is."""
        moves, language = subject.moves, self._language
        if all(value is None or (type(value) is int and abs(value) < _WHOLE_BELOW) for value in moves.values):
            values, before = cast("_Whole", moves.values), cast("_Whole", moves.before)
            return [*_whole_amounts(values, before, subject.unit, language)]
        return [
            None if value is None else amount_words(value, before, subject.unit, language)
            for value, before in zip(moves.values, moves.before, strict=True)
        ]


class _Shares(dict[str, str]):
    """How confident somebody is, as it is told behind something else."""

    def __missing__(self, share: str) -> str:
        found = self[share] = f"{PART}confidence {share}" if share else ""
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


def _whole_amounts(
    values: _Whole, before: _Whole, unit: str | None, language: Language
) -> Iterator[str | None]:
    """The same for whole numbers, none of them very large."""
    sample = printable(format_amount(0, unit, language))
    front, back = (unit, "") if unit and sample == f"{unit}0" else ("", sample[1:])
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


def _scores(subject: SubjectLines) -> Sequence[str]:
    """The score after each check-in, with the one before it where that is another."""
    shown = [score_words(score) for score in subject.scores]
    if not shown:
        return [""] * len(subject.moves.counting)
    return [
        f"{PART}score {new}" if new == old else f"{PART}score {old} → {new}"
        for old, new in zip([shown[0], *shown], shown, strict=False)
    ]


def _is_narrow_where_it_fits(text: str) -> bool:
    return is_narrow(text) or _NARROW_WHERE_IT_FITS.fullmatch(text) is not None
