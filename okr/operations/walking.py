"""A walk through things of which something is asked: which question comes next, forward, back, over what was skipped.

Pure, and without knowing what is asked: the weekly round and the closing of a cycle walk each through their own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from okr.dataclass import dataclass, replace
from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

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


class Answered(Protocol):
    """What was answered for one thing, as typed: of each field None where it was not asked yet."""

    @property
    def skipped(self) -> bool:
        """Whether it is passed over."""

    def of(self, field: Any) -> str | None:  # noqa: ANN401 # a field of the walk's own kind
        """What was typed for a field."""

    def left_out(self) -> Self:
        """The answer of one who passes it over."""

    def taken_up(self) -> Self:
        """The same answer, not passed over."""


AnswerT = TypeVar("AnswerT", bound=Answered)
AnswerT_contra = TypeVar("AnswerT_contra", bound=Answered, contravariant=True)


class Asked(Protocol[AnswerT_contra]):
    """A thing of which something is asked."""

    @property
    def reference(self) -> str:
        """What it is called."""

    def asks(self, answer: AnswerT_contra) -> tuple[StrEnum, ...]:
        """The fields that are asked, given what was answered so far."""


ItemT = TypeVar("ItemT", bound=Asked[Any])


@dataclass(frozen=True, slots=True)
class Walk(Generic[ItemT, AnswerT]):
    """Where a walk stands.

    Attributes:
        items: what it leads through.
        answers: what was answered so far, one for each item.
        at: the item that is asked about; as many as there are items once all were.
        asked: which of the item's fields is asked.
    """

    items: tuple[ItemT, ...]
    answers: tuple[AnswerT, ...]
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
    def answer(self) -> AnswerT:
        """What was answered for it so far."""
        return self.answers[self.at]

    @property
    def asks(self) -> tuple[StrEnum, ...]:
        """The fields of the item that are asked."""
        return self.item.asks(self.answer)


W = TypeVar("W", bound=Walk[Any, Any])


def command_of(typed: str, answers: Collection[str] = ()) -> Command | None:
    """The command that was typed; None for an answer.

    Args:
        typed: what was typed.
        answers: what is an answer here even where it is called like a command.
    """
    text = typed.strip().casefold()
    return None if text in {each.casefold() for each in answers} else _COMMANDS.get(text)


def at_first_open(at: W) -> W:
    """The walk at its first question without an answer."""
    return _open_from(at, 0)


def beyond(at: W) -> W:
    """The walk at the next question without an answer behind this item, or at the end."""
    return _open_from(at, at.at + 1)


def skip(at: W) -> W:
    """The walk at the next item, with nothing to record for this one."""
    return beyond(with_answer(at, at.answer.left_out()))


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
    return with_answer(moved, moved.answer.taken_up())


def with_answer(at: W, answer: Answered) -> W:
    """The walk with another answer for the item that is asked about."""
    return replace(at, answers=(*at.answers[: at.at], answer, *at.answers[at.at + 1 :]))


def is_begun(item: Asked[AnswerT], answer: AnswerT) -> bool:
    """Whether something was entered, whole or in part, and not skipped: what is worth keeping for the next time."""
    return not answer.skipped and any(answer.of(field) is not None for field in item.asks(answer))


def _open_from(at: W, start: int) -> W:
    for place in range(start, len(at.items)):
        answer = at.answers[place]
        if answer.skipped:
            continue
        for asked, field in enumerate(at.items[place].asks(answer)):
            if answer.of(field) is None:
                return replace(at, at=place, asked=asked)
    return replace(at, at=len(at.items), asked=0)
