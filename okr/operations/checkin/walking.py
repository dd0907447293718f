"""A walk through things of which something is asked: which question comes next, forward, back, over what was skipped.

Pure, and without knowing what is asked: the weekly round and the closing of a cycle walk each through their own.
"""

from __future__ import annotations

import contextlib
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from okr.dataclass import dataclass, field, replace
from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

LEAVE_OUT = "-"
"""What is typed to leave a field out."""

KEEP = "="
"""What is typed to keep what is there, where Enter does not say so."""


class Command(StrEnum):
    """What may be typed instead of an answer."""

    SKIP = "skip"
    BACK = "back"
    HELP = "help"


_COMMANDS = {
    "s": Command.SKIP, "skip": Command.SKIP, "b": Command.BACK, "back": Command.BACK,
    "?": Command.HELP, "help": Command.HELP,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered for one thing.

    Attributes:
        typed: what was typed, by field: one that is missing was not asked yet, an empty text is Enter alone, `-`
            leaves the field out.
        skipped: whether it is passed over.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    skipped: bool = False

    def of(self, name: str) -> str | None:
        """What was typed for a field."""
        return self.typed.get(name)

    def with_field(self, name: str, typed: str | None) -> Answer:
        """The answer with another text for a field, or none, and not skipped."""
        others = {each: text for each, text in self.typed.items() if each != name}
        return Answer(others if typed is None else {**others, name: typed})


class Asked(Protocol):
    """A thing of which something is asked."""

    @property
    def reference(self) -> str:
        """What it is called."""

    def asks(self, answer: Answer) -> tuple[StrEnum, ...]:
        """The fields that are asked, given what was answered so far."""


ItemT = TypeVar("ItemT", bound=Asked)


@dataclass(frozen=True, slots=True)
class Walk(Generic[ItemT]):
    """Where a walk stands.

    Attributes:
        items: what it leads through.
        answers: what was answered so far, one for each item.
        at: the item that is asked about; as many as there are items once all were.
        asked: which of the item's fields is asked.
    """

    items: tuple[ItemT, ...]
    answers: tuple[Answer, ...]
    at: int = 0
    asked: int = 0

    @property
    def finished(self) -> bool:
        """Whether everything was asked: what remains is to record it."""
        return self.at >= len(self.items)

    @property
    def item(self) -> ItemT:
        """What is asked about."""
        return self.items[self.at]

    @property
    def answer(self) -> Answer:
        """What was answered for it so far."""
        return self.answers[self.at]

    @property
    def asks(self) -> tuple[StrEnum, ...]:
        """The fields of the item that are asked."""
        return self.item.asks(self.answer)

    @property
    def field(self) -> StrEnum:
        """The one that is asked now."""
        return self.asks[self.asked]


W = TypeVar("W", bound=Walk[Any])


def command_of(typed: str, answers: Collection[str] = ()) -> Command | None:
    """The command that was typed; None for an answer.

    Args:
        typed: what was typed.
        answers: what is an answer here even where it is called like a command.
    """
    text = typed.strip().casefold()
    return None if text in {each.casefold() for each in answers} else _COMMANDS.get(text)


def begin(items: Iterable[ItemT], kept: Mapping[str, Answer] | None = None) -> Walk[ItemT]:
    """A walk at its first question without an answer.

    Args:
        items: what it leads through.
        kept: what was answered before and not recorded, by reference.
    """
    every = tuple(items)
    return _open_from(Walk(every, tuple((kept or {}).get(item.reference, Answer()) for item in every)), 0)


def usable(fields: Iterable[StrEnum], answer: Answer, read: Callable[[Answer], object]) -> Answer:
    """What was kept of an answer, as far as it can still be read; the rest is to be asked again.

    Args:
        fields: those that may be asked.
        answer: what was kept.
        read: reads an answer, or raises a `UsageError`.
    """
    kept = Answer()
    for each in fields:
        candidate = kept.with_field(each, answer.of(each))
        with contextlib.suppress(UsageError):
            read(candidate)
            kept = candidate
    return kept


def beyond(at: W) -> W:
    """The walk at the next question without an answer behind this item, or at the end."""
    return _open_from(at, at.at + 1)


def skip(at: W) -> W:
    """The walk at the next item, with nothing to record for this one."""
    return beyond(with_answer(at, Answer(skipped=True)))


def back(at: W) -> W:
    """The walk one question back: at the first of the item before, where this is the first of its own.

    Raises:
        UsageError: this is the first question.
    """
    if not at.finished and at.asked:
        return replace(at, asked=at.asked - 1)
    if not at.at:
        raise UsageError("This is the first question.", "s skips it, Ctrl-C leaves.")
    return at_item(at, at.at - 1)


def at_item(at: W, place: int) -> W:
    """The walk at the first question of an item, which is not skipped any more."""
    moved = replace(at, at=place, asked=0)
    return with_answer(moved, replace(moved.answer, skipped=False))


def with_answer(at: W, answer: Answer) -> W:
    """The walk with another answer for the item that is asked about."""
    return replace(at, answers=(*at.answers[: at.at], answer, *at.answers[at.at + 1 :]))


def answered(at: Walk[Any]) -> dict[str, Answer]:
    """What was entered, whole or in part, by reference: what is worth keeping for the next time."""
    return {
        item.reference: answer
        for item, answer in zip(at.items, at.answers, strict=True)
        if not answer.skipped and any(answer.of(each) is not None for each in item.asks(answer))
    }


def _open_from(at: W, start: int) -> W:
    for place in range(start, len(at.items)):
        answer = at.answers[place]
        if answer.skipped:
            continue
        for asked, each in enumerate(at.items[place].asks(answer)):
            if answer.of(each) is None:
                return replace(at, at=place, asked=asked)
    return replace(at, at=len(at.items), asked=0)
