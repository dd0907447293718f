"""The window that says which key does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

KEYS = (
    ("↑ ↓  j k", "go through the list; Page up and down, Home and End likewise"),
    ("← →  h l", "close and open; from what is closed, go to what it is in"),
    ("Tab", "between the list and the page beside it, which then scrolls"),
    ("J K", "scroll the page from the list"),
    ("z", "the page alone, on the whole screen; again: both"),
    ("c", "check in on the key result"),
    ("/  Ctrl-P", "go to something by its reference, in any cycle"),
    ("f", "filter by words in titles, references, tags and names"),
    ("s", "filter by status, or by what needs attention"),
    ("m", "only what you are accountable for; again: everything"),
    ("Esc", "take the filters off"),
    ("o", "look at another cycle"),
    ("r", "read the files again; it happens by itself when they change"),
    ("t", "dark or light"),
    ("q", "leave"),
)
_KEY = 12
_WORDS = "A click chooses; the wheel scrolls; what stands at the foot can be clicked."


class Helping(ModalScreen[None]):
    """The keys."""

    AUTO_FOCUS = ".window"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "Back")]

    def compose(self) -> ComposeResult:
        """A table of them."""
        lines = [Text.assemble((key.ljust(_KEY), "bold"), words) for key, words in KEYS]
        with VerticalScroll(classes="window"):
            yield Label("Keys", classes="heading", markup=False)
            with Vertical():
                yield Static(Text("\n").join([*lines, Text(), Text(_WORDS, style="dim")]))
