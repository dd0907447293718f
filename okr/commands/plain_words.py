"""What a command line may plainly say to a command: a table beside each command that answers without typer.

`okr/plainly.py` reads command lines by these tables. What is not in one, typer reads: slower, and not otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Options = Mapping[str, tuple[str, Callable[[str], object] | None]]
    """Options, each with the argument that it stands for and what makes a value of the text behind it, or None of a text
    that takes a closer look. A flag has no such text."""

_DIGITS = 9


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What may be said to a command, behind its name.

    Attributes:
        options: its options, with the arguments of its `answer`.
        names: the arguments for what is no option, in their order; none where there is nothing else to say.
        required: how many of them have to be there.
        many: whether any number of words may be for the one, and `answer` takes a list.
    """

    options: Options
    names: tuple[str, ...] = ()
    required: int = 0
    many: bool = False


def counted(text: str) -> int | None:
    """A whole number that is written in digits; None where it isn't, or is out of reason."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
