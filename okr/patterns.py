"""Regular expressions that are compiled when they are first used: a command uses a third of those it imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern

__all__ = ["LINE_BREAK", "Code", "compiled_here", "know", "pattern"]

Code = tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]
"""What Python makes of an expression, as `_sre.compile` takes it: flags, code, how many groups, and their names both ways."""

_KNOWN: dict[tuple[str | bytes, int], Code] = {}
_COMPILED: list[tuple[str | bytes, int]] = []


def know(made: dict[tuple[str | bytes, int], Code]) -> None:
    """Takes over what this very Python has made of expressions before: compiling a long one takes two milliseconds.

    Args:
        made: by text and flags as given.
    """
    _KNOWN.update(made)


def compiled_here() -> list[tuple[str | bytes, int]]:
    """The expressions that nobody knew, each with the flags as given."""
    return _COMPILED


class _Pattern:
    """An expression; from its first use on it has the compiled one's methods as its own."""

    def __init__(self, text: Any, flags: int = 0) -> None:  # noqa: ANN401 # str or bytes
        self.pattern = text
        self._given = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # a method of whatever type
        compiled = _compiled(self.pattern, self._given)
        for each in ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def _compiled(text: str | bytes, flags: int) -> Any:  # noqa: ANN401 # of either kind
    known = _KNOWN.get((text, flags))
    if known is not None:
        import _sre  # type: ignore[import-not-found]

        return _sre.compile(text, *known)
    import re

    _COMPILED.append((text, flags))
    return re.compile(text, flags)


if not TYPE_CHECKING:
    pattern = _Pattern

LINE_BREAK = pattern(r"\r\n|\n|\r")
"""Where a line of a file ends, as YAML has it."""
