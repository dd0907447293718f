"""What `okr demo` says between the commands it runs: what comes next, and the command as one would type it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.views.layout import folded
from okr.views.terminal import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


def show_text(console: Console, text: str) -> None:
    """What comes next, in a sentence or two, below a line that sets it apart."""
    console.print()
    console.rule(style="dim")
    for line in folded(console, cell(text), console.width):
        console.print(line, soft_wrap=True)


def show_command(console: Console, command: Sequence[str]) -> None:
    """A command as a user would type it, above what it prints."""
    console.print()
    console.print(cell(f"$ {typed(command)}", style="bold"), soft_wrap=True)
    console.print()


def typed(command: Sequence[str]) -> str:
    """A command line with quotes where a shell needs them; double ones, as most people type them."""
    return " ".join(_quoted(word) for word in command)


def _quoted(word: str) -> str:
    plain = shlex.quote(word)
    return plain if plain == word or any(letter in word for letter in '"$`\\!') else f'"{word}"'
