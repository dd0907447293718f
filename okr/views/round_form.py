"""The weekly round as a text form for an editor: written, read back, and marked where something is wrong.

Comments begin with `#`; whatever comes from files goes into comments only, one safe line each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.operations.checkin.walking import Answer
from okr.views.round_words import asks, last_words, standing
from okr.views.text import folded, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okr.operations.checkin.round import Field, Item
    from okr.operations.due import DueList
    from okr.quantities import Language

ERROR = "#! "
"""What the comments begin with that say what is wrong; they are replaced when the form is read again."""

_WIDTH = 80
_FURTHER = "  "
"""What the second and further lines of such a comment begin with."""

_SECTION = re.compile(r"\[(?P<name>[^\[\]]*)\]\s*")
_LINE = re.compile(r"(?P<key>[A-Za-z]+)\s*:(?P<text>.*)")
_HELP = """\
# Write what you have behind the colons, save and close. What stays empty is
# left out; where nothing is written, nothing is recorded. Lines that begin
# with # are comments.
#
# value        61000, 61k, +500, =-500, 45% or a milestone; = keeps the last
# confidence   how sure you are of the target: 0.7 or 70%; = keeps the last
# note         in your words; further lines of it are indented
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a form that can't be used: the line, from 1, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read.

    Attributes:
        answers: what was written, by reference; what was left empty is not in them.
        lines: the line of each section and field: `(reference, None)` is the section's own.
        problems: what can't be used.
    """

    answers: dict[str, Answer]
    lines: dict[tuple[str, Field | None], int]
    problems: tuple[Problem, ...]


def render(due: DueList, items: Sequence[Item], kept: Mapping[str, Answer]) -> str:
    """The form, with a block for each key result, and with what was entered before filled in."""
    frame = due.frame
    count = "1 check-in is due" if len(items) == 1 else f"{len(items)} check-ins are due"
    name = printable(f"{frame.workspace}, {frame.cycle.name}, {frame.as_of}")
    blocks = [f"# {name}: {count}.\n#\n{_HELP}"]
    blocks += [_block(due, item, kept.get(item.reference, Answer()), frame.language) for item in items]
    return "\n".join(blocks)


def _block(due: DueList, item: Item, answer: Answer, language: Language) -> str:
    comments = [item.subject.title, asks(item, language), standing(item)]
    comments.append(last_words(item, language, due.frame.cycle.ends))
    lines = [f"[{due.short(item.reference)}]"]
    lines += [f"# {printable(each)}" for each in comments if each]
    lines += [f"{field.value}: {_one_line(answer.of(field))}".rstrip() for field in item.fields]
    return "\n".join(lines) + "\n"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def parse(text: str, items: Iterable[Item], due: DueList) -> Form:
    """What a form says; nothing is read further than as text."""
    by_name: dict[str, Item] = {}
    for item in items:
        by_name |= {item.reference: item, due.short(item.reference): item}
    reader = _Reader(by_name)
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        reader.take(number, line)
    answers = {
        reference: Answer({name: text for name, text in typed.items() if text})
        for reference, typed in reader.typed.items()
    }
    return Form(answers, reader.lines, tuple(reader.problems))


class _Reader:
    """Takes a form line by line."""

    def __init__(self, by_name: Mapping[str, Item]) -> None:
        self.typed: dict[str, dict[Field, str]] = {}
        self.lines: dict[tuple[str, Field | None], int] = {}
        self.problems: list[Problem] = []
        self._by_name = by_name
        self._item: Item | None = None
        self._field: Field | None = None
        self._unknown = False

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            self._field = None
        elif line.startswith("#"):
            pass
        elif (section := _SECTION.fullmatch(line)) is not None:
            self._begin(number, section["name"].strip())
        elif line[0] in " \t" and self._field is not None and self._item is not None:
            typed = self.typed[self._item.reference]
            typed[self._field] = f"{typed[self._field]} {line.strip()}".strip()
        elif (matched := _LINE.fullmatch(line)) is not None:
            self._answer(number, matched["key"].lower(), matched["text"].strip())
        elif not self._unknown:
            self._field = None
            self._wrong(number, "This line belongs to nothing; write `note:` before it, or # for a comment.")

    def _begin(self, number: int, name: str) -> None:
        self._field = None
        self._item = self._by_name.get(name)
        self._unknown = self._item is None
        if self._item is None:
            self._wrong(number, f"No check-in of “{printable(name)[:80]}” is asked for in this form.")
        elif self._item.reference in self.typed:
            self._wrong(number, f"“{printable(name)[:80]}” stands in this form twice.")
        else:
            self.typed[self._item.reference] = {}
            self.lines[self._item.reference, None] = number

    def _answer(self, number: int, key: str, text: str) -> None:
        self._field = None
        if self._unknown:
            return
        if self._item is None:
            self._wrong(number, "This stands before the first [key result].")
            return
        field = next((each for each in self._item.fields if each.value == key), None)
        if field is None:
            fields = ", ".join(self._item.fields)
            self._wrong(number, f"“{printable(key)[:40]}” is not asked for here; what is: {fields}.")
            return
        typed = self.typed[self._item.reference]
        if field in typed:
            self._wrong(number, f"“{key}” stands here twice.")
            return
        typed[field] = text
        self.lines[self._item.reference, field] = number
        self._field = field

    def _wrong(self, number: int, message: str) -> None:
        self.problems.append(Problem(number, message))


def marked(text: str, problems: Iterable[Problem]) -> str:
    """The form with what is wrong as comments above the lines; marks of an earlier reading are gone."""
    by_line: dict[int, list[str]] = {}
    for problem in problems:
        by_line.setdefault(problem.line, []).append(problem.message)
    lines = []
    if by_line:
        count = sum(map(len, by_line.values()))
        what = "1 thing is" if count == 1 else f"{count} things are"
        lines.append(f"{ERROR}{what} wrong below. Nothing is recorded if you close this unchanged.")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        lines += [mark for message in by_line.get(number, ()) for mark in _mark(message)]
        if not line.startswith(ERROR.rstrip()):
            lines.append(line)
    return "\n".join(lines)


def _mark(message: str) -> list[str]:
    first, *rest = folded(printable(message), _WIDTH - len(ERROR) - len(_FURTHER))
    return [f"{ERROR}{first}", *(f"{ERROR}{_FURTHER}{part}" for part in rest)]


def faults(text: str) -> list[str]:
    """What a marked form says is wrong, each with the key result it stands at."""
    said: list[str] = []
    marks: list[str] = []
    name = ""
    for line in text.split("\n")[1:]:  # the first mark counts the others
        if line.startswith(ERROR):
            mark = line.removeprefix(ERROR)
            if marks and mark.startswith(_FURTHER):
                marks[-1] += f" {mark.removeprefix(_FURTHER)}"
            else:
                marks.append(mark)
            continue
        section = _SECTION.fullmatch(line)
        name = name if section is None else f"[{section['name']}] "
        said += [f"{name}{mark}" for mark in marks]
        marks = []
    return said
