"""The window that says which key does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

KEYS = (
    ("↑ ↓  j k", "through the list; so do Page up and down, Home, End"),
    ("← →  h l", "close and open; from what is closed, up to its whole"),
    ("Tab", "to the page, which then scrolls, and back"),
    ("J K", "scroll the page from the list"),
    ("z", "the page alone on the whole screen; again: both"),
    ("c", "check in on the key result"),
    ("/  Ctrl-P", "go to anything by its reference, in any cycle"),
    ("f", "filter by words: titles, references, tags, names"),
    ("s", "filter by status, or by what needs attention"),
    ("m", "only what you are accountable for; again: all"),
    ("Esc", "take the filters off"),
    ("o", "look at another cycle"),
    ("r", "read the files again; changes are noticed anyway"),
    ("t", "dark or light"),
    ("q", "leave"),
)
_KEY = 12
_WORDS = "A click chooses, the wheel scrolls; the foot can be clicked."


class Helping(ModalScreen[None]):
    """The keys."""

    AUTO_FOCUS = ".window"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "Back")]

    def compose(self) -> ComposeResult:
        """A table of them."""
        lines = [Text.assemble((key.ljust(_KEY), "bold"), words) for key, words in KEYS]
        with VerticalScroll(classes="window"):
            yield Label("Keys", classes="heading", markup=False)
            yield Static(Text("\n").join([*lines, Text(_WORDS, style="dim")]))
