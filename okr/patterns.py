"""Regular expressions that are compiled when they are first used: a command uses a third of those it imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern

__all__ = ["DAY", "LINE_BREAK", "pattern"]


class _Pattern:
    """An expression; from its first use on it has the compiled one's methods as its own."""

    def __init__(self, text: Any, flags: int = 0) -> None:  # noqa: ANN401 # str or bytes
        self.pattern = text
        self._given = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # a method of whatever type
        import re

        compiled = re.compile(self.pattern, self._given)
        for each in ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


if not TYPE_CHECKING:
    pattern = _Pattern

LINE_BREAK = pattern(r"\r\n|\n|\r")
"""Where a line of a file ends, as YAML has it."""

DAY = pattern(r"\d{4}-\d{2}-\d{2}")
"""The form of a day, such as `2026-11-23`; whether there is such a day is another question."""
