"""How an answer is written: what `--format` and `--json` say of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound=StrEnum)


def full_name(name: str) -> str:
    """Many call Markdown `md`: every `--format` takes that too."""
    return "markdown" if name == "md" else name


def one_of(formats: type[F]) -> Callable[[str], F | None]:
    """What makes one of these formats of its name, and None of a text that is none's name."""
    known = {each.value: each for each in formats}
    return lambda text: known.get(full_name(text))


def form_of(given: F | None, in_json: F, otherwise: F, *, as_json: bool) -> F:
    """How an answer is written.

    Args:
        given: what `--format` says.
        in_json: what `--json` says as well.
        otherwise: how it is written where nothing is said.
        as_json: whether `--json` was said.

    Raises:
        UsageError: the two contradict each other.
    """
    if as_json and given not in {None, in_json}:
        raise UsageError(f"--json and --format {given} contradict each other", "give one of them")
    return in_json if as_json else given or otherwise
