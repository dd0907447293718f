"""Answers that go into a pipe or a file: plain lines as rich would lay them out, but without importing it.

What is wider than it is long (Chinese, emoji) or has blanks of its own is left to rich, so that both agree.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from okr.patterns import pattern
from okr.views.plain_signs import HANDLER
from okr.views.workflow_commands import for_log, log_stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from rich.console import Console

NARROWEST = 40
WIDTH_WHEN_PIPED = 80

# Characters that surely take one cell each, and no blank among them but the one.
_NARROW = pattern(
    "[!-~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2026\u20ac\u2192\u2212][ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2026\u20ac\u2192\u2212]*"
)


def is_piped() -> bool:
    """Whether answers go elsewhere than to a terminal."""
    return not sys.stdout.isatty()


def asked_width() -> int:
    """How wide an answer may be that goes elsewhere than to a terminal."""
    asked = os.environ.get("COLUMNS", "")
    return max(int(asked), NARROWEST) if asked.isdecimal() and len(asked) < 5 else WIDTH_WHEN_PIPED  # noqa: PLR2004 # four figures are a width


class Pipe:
    """What views ask of rich's console, for an answer that goes elsewhere than to a terminal: nothing has a colour there.

    Attributes:
        width: how wide the answer may be.
        file: where it goes.
    """

    color_system = None

    def __init__(self) -> None:
        self.file = log_stream(with_plain_signs(sys.stdout))
        self.width = asked_width()

    def drawn(self) -> Console:
        """The console, for what only rich can lay out."""
        from okr.views.terminal import stdout

        return stdout()


def with_plain_signs(stream: TextIO) -> TextIO:
    """A stream that writes other signs where its encoding lacks ours."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors=HANDLER)
    return stream


def is_narrow(text: str) -> bool:
    """Whether a text takes as many cells as it has characters, and has single blanks between its words and nowhere else."""
    return _NARROW.fullmatch(text) is not None and "  " not in text and not text.endswith(" ")


def write_lines(lines: Iterable[str]) -> None:
    """Writes an answer that goes elsewhere than to a terminal."""
    with_plain_signs(sys.stdout).write(for_log("".join([f"{line}\n" for line in lines])))
    sys.stdout.flush()


def folded(text: str, width: int) -> list[str]:
    """A text in lines of at most a width, as rich folds it: broken at blanks where that is possible.

    Args:
        text: one line, made printable.
        width: in cells of a terminal.
    """
    if not _NARROW.fullmatch(text):
        return _folded_by_rich(text, width)
    lines: list[str] = []
    rest = text
    while len(rest) > width:
        cut = rest.rfind(" ", 0, width + 1)
        if cut < 0:
            return _folded_by_rich(text, width)
        lines.append(rest[:cut].rstrip(" "))
        rest = rest[cut:].lstrip(" ")
    return [*lines, rest.rstrip(" ")] if rest or not lines else lines


def _folded_by_rich(text: str, width: int) -> list[str]:
    from rich.console import Console
    from rich.text import Text

    from okr.views.layout import wrapped

    lines = wrapped(Console(), Text(text), width)
    return [line.plain.rstrip() for line in lines] or [""]
