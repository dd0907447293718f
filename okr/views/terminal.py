"""The consoles that views print on: safe defaults, width and colour as the terminal and the user want them.

Text from files goes in only as `rich.text.Text` made printable by `cell`; markup, emoji and highlighting are off.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from okr.views.piped import asked_width, with_plain_signs
from okr.views.text import brief, printable
from okr.views.unread import Told
from okr.views.workflow_commands import in_ci, log_stream

if TYPE_CHECKING:
    from rich.console import Console

_HEIGHT_WHEN_PIPED = 25


class _Talk(Told):
    """Talk about answers: on a terminal it is folded at blanks, and a path or an address stays in one piece."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 # as rich has it
        """Prints as rich does, but that `soft_wrap` holds for what is piped only."""
        if self.is_terminal and options.pop("soft_wrap", False):
            options |= {"overflow": "ignore", "crop": False}
        super().print(*objects, **options)


def stdout(*, color: bool | None = None) -> Console:
    """The console for answers."""
    return _console(stderr=False, color=color)


def plain_stdout() -> Console:
    """The console for answers to a screen reader: no colours, and lines as long as what they say."""
    from okr.views.plain import WIDTH, PlainConsole

    return PlainConsole(
        no_color=True, color_system=None, force_terminal=False, width=WIDTH, markup=False, emoji=False,
        highlight=False, file=log_stream(sys.stdout) if in_ci() else None,
    )  # fmt: skip


def stderr(*, color: bool | None = None) -> Console:
    """The console for talk about answers."""
    return _console(stderr=True, color=color)


def cell(text: object, style: str = "") -> Text:
    """A text from a file, as one safe line in a style."""
    return Text(printable(text), style=style)


def title_cell(title: str, style: str = "") -> Text:
    """A title among many others, of a length that one may have; `okr show` has it whole."""
    return Text(brief(title), style=style)


def _console(*, stderr: bool, color: bool | None) -> Console:
    stream = with_plain_signs(sys.stderr if stderr else sys.stdout)
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    # The specification: NO_COLOR counts when present and not empty.
    plain = color is False or not terminal or bool(os.environ.get("NO_COLOR"))
    width = None if stream.isatty() else asked_width()
    return (_Talk if stderr else Told)(
        file=log_stream(stream) if in_ci() else None,
        stderr=stderr,
        no_color=plain,
        color_system=None if plain else "auto",
        force_terminal=terminal and not plain,
        width=width,
        height=None if width is None else _HEIGHT_WHEN_PIPED,  # or the system is asked for both at every turn
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )
