"""The consoles that views print on: safe defaults, width and colour as the terminal and the user want them.

Text from files goes in only as `rich.text.Text` made printable by `cell`; markup, emoji and highlighting are off.
"""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from okr.views.text import printable

NARROWEST = 40
WIDTH_WHEN_PIPED = 80


def stdout(*, color: bool | None = None) -> Console:
    """The console for answers."""
    return _console(stderr=False, color=color)


def stderr(*, color: bool | None = None) -> Console:
    """The console for talk about answers."""
    return _console(stderr=True, color=color)


def cell(text: object, style: str = "") -> Text:
    """A text from a file, as one safe line in a style."""
    return Text(printable(text), style=style)


def _console(*, stderr: bool, color: bool | None) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    # The specification: NO_COLOR counts when present and not empty.
    plain = color is False or not terminal or bool(os.environ.get("NO_COLOR"))
    width = None if stream.isatty() else _asked_width()
    return Console(
        stderr=stderr,
        no_color=plain,
        color_system=None if plain else "auto",
        force_terminal=terminal and not plain,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )


def _asked_width() -> int:
    asked = os.environ.get("COLUMNS", "")
    return max(int(asked), NARROWEST) if asked.isdecimal() and len(asked) < 5 else WIDTH_WHEN_PIPED  # noqa: PLR2004 # four figures are a width
