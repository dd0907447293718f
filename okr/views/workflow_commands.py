"""GitHub's workflow commands: written so that the runner reads what is meant, and kept out of everything else.

The runner takes a line of any output that begins with `::` for a command, and so it does with `##[…]` anywhere in
a line; other CI systems have commands that begin with `##` as well.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, cast

from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TextIO

_SYSTEMS = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")

_AT_START = pattern(r"^(\s*):(?=:)", re.MULTILINE)
_ANYWHERE = pattern(r"#(?=#\w*\[)")


def command(name: str, properties: Mapping[str, object], message: str) -> str:
    """One workflow command, such as `::error file=okr.yaml,line=2::…`, on one line.

    Args:
        name: the command.
        properties: its properties; those that are None are left out.
        message: its text, of one line or several.
    """
    given = ",".join(
        f"{key}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
        if value is not None
    )
    return f"::{name} {given}::{_escaped(message)}" if given else f"::{name}::{_escaped(message)}"


def neutral(text: str) -> str:
    """A text in whose lines no CI system finds a command."""
    return _ANYWHERE.sub("# ", _AT_START.sub(r"\1: ", text))


def in_json(written: str) -> str:
    """The same JSON, spelled so that no CI system finds a command that begins with `##`: such signs stand in texts alone."""
    return _ANYWHERE.sub(r"\\u0023", written) if "##" in written else written


def in_markup(written: str) -> str:
    """The same HTML, SVG or XML, spelled so that no CI system finds a command that begins with `##`."""
    return _ANYWHERE.sub("&#35;", written) if "##" in written else written


def in_ci() -> bool:
    """Whether what is printed goes to a CI system's log."""
    return any(os.environ.get(name) for name in _SYSTEMS)


class _Log:
    """A stream into CI's log: nothing that is written to it becomes a command there."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(neutral(text))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # whatever the stream has
        return getattr(self._stream, name)


def log_stream(stream: TextIO) -> TextIO:
    """A stream to which answers are written piece by piece; in CI nothing becomes a command on its way there."""
    return cast("TextIO", _Log(stream)) if in_ci() else stream


def for_log(text: str) -> str:
    """A text of several lines as it may be printed: in CI nobody's title becomes a command, elsewhere it stays."""
    return neutral(text) if in_ci() else text


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
