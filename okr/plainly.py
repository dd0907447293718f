"""Command lines that say so plainly what they mean that nobody waits for typer, whose import takes twice as long as Python's start.

Only those of `COMMANDS`, in the words of the table beside each one's answer, each option at most once and apart from its
value. Whatever is not plainly right is typer's to read, and to refuse; a test holds together what the two make of it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from okr.commands.plain_words import Options, PlainWords

COMMANDS = {"audit", "checkin", "diff", "due", "log", "show", "status", "validate"}
"""Those that have a module for their answer, with a table of what may be said to them."""


def _day(text: str) -> object:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


SHARED: Options = {
    "-C": ("directory", str),
    "--directory": ("directory", str),
    "--as-of": ("as_of", _day),
    "--no-color": ("no_color", None),
    "--no-cache": ("no_cache", None),
}
"""The same kind of table, of what may be said to all of them, before or behind the name."""


def answered_plainly(arguments: list[str]) -> int | None:
    """Answers a command line, and gives the exit status; None where typer has to read it.

    Args:
        arguments: what follows `okr`.
    """
    work = None if "_OKR_COMPLETE" in os.environ else _work(arguments)
    if work is None:
        return None
    from okr.commands.running import ended

    return ended(arguments, work)


def _work(arguments: Sequence[str]) -> Callable[[], int] | None:
    """What does what a command line says; None where that takes a closer look."""
    shared: dict[str, object] = {}
    left = iter(arguments)
    for word in left:
        if word in COMMANDS:
            break
        if not _takes(shared, SHARED, word, left):
            return None
    else:
        return None
    from importlib import import_module

    command = import_module(f"okr.commands.{word}_answer")
    said = _said(command.PLAINLY, left, shared)
    if said is None:
        return None

    def work() -> int:
        _share(shared)
        status: int = command.answer(**said)
        return status

    return work


def _said(words: PlainWords, left: Iterator[str], shared: dict[str, object]) -> dict[str, object] | None:
    """What is said behind a command's name, by the argument it is said for; what all commands share is told apart."""
    said: dict[str, object] = {}
    names: list[str] = []
    for word in left:
        if word and not word.startswith("-"):
            names.append(word)
        elif not _takes(shared, SHARED, word, left) and not _takes(said, words.options, word, left):
            return None
    if words.many:
        return said | {words.names[0]: names}
    if not words.required <= len(names) <= len(words.names):
        return None
    return said | dict(zip(words.names, names, strict=False))


def _takes(said: dict[str, object], options: Options, word: str, left: Iterator[str]) -> bool:
    """Takes an option, with the value behind it; False where that is not plain."""
    name, read = options.get(word, ("", None))
    if not name or name in said:
        return False
    if read is None:
        said[name] = True
        return True
    text = next(left, "")
    value = None if not text or text.startswith("-") else read(text)
    said[name] = value
    return value is not None


def _share(said: dict[str, Any]) -> None:
    """Notes what is said for all commands."""
    from pathlib import Path

    from okr.commands.running import invocation

    asked = invocation()
    asked.directory = Path(said.get("directory", ""))
    asked.as_of = said.get("as_of")
    asked.color = False if "no_color" in said else None
    asked.cache = "no_cache" not in said
