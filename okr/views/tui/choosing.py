"""Two small windows: one to choose from a few things, one to go to something by its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from okr.errors import OkrError
from okr.operations.browsing import Place, candidates
from okr.views.terminal import cell
from okr.views.tui.texts import cut, error_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from okr.operations.overview import Overview
    from okr.views.tui.desk import Desk

T = TypeVar("T")
_MOST = 50
_WIDTH = 66


class _Listing(ModalScreen[T]):
    """A window with a list, through which keys lead wherever they are typed."""

    def action_down(self) -> None:
        """The next."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """The one before."""
        self.query_one(OptionList).action_cursor_up()


class Choosing(_Listing[T | None], Generic[T]):
    """One of a few things; None where nobody chooses."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, heading: str, options: Sequence[tuple[Text, T]], chosen: T) -> None:
        super().__init__()
        self._heading = heading
        self._options = options
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The heading and the list."""
        with Vertical(classes="window"):
            yield Label(self._heading, classes="heading", markup=False)
            yield OptionList(*(Option(words) for words, _ in self._options))

    def on_mount(self) -> None:
        """Begins at what is chosen now."""
        every = [value for _, value in self._options]
        self.query_one(OptionList).highlighted = every.index(self._chosen) if self._chosen in every else 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ends with it."""
        self.dismiss(self._options[event.option_index][1])


class Jumping(_Listing[Place | None]):
    """A line for a reference, and what it may mean below; None where nobody goes anywhere."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back"),
        Binding("down", "down", "Down", show=False),
        Binding("up", "up", "Up", show=False),
    ]

    def __init__(self, desk: Desk, overview: Overview) -> None:
        super().__init__()
        self._desk = desk
        self._overview = overview
        self._found = candidates(overview, "")

    def compose(self) -> ComposeResult:
        """The line and the list."""
        with Vertical(classes="window"):
            yield Label("Go to", classes="heading", markup=False)
            yield Input(placeholder="visits, brand/visits, marketing, 2026/company/lead", compact=True)
            yield Static(id="wrong", markup=False)
            yield OptionList()

    def on_mount(self) -> None:
        """Shows everything first."""
        self.query_one(OptionList).can_focus = False  # the keys stay with the line; the mouse may choose
        self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Shows what it may mean so far."""
        self._found = candidates(self._overview, event.value)
        self.query_one("#wrong", Static).update("")
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes to what is marked; where nothing of this cycle is meant, to whatever is called so elsewhere."""
        marked = self.query_one(OptionList).highlighted
        if marked is not None:
            self.dismiss(self._found[marked].place)
        elif event.value.strip():
            try:
                self.dismiss(self._desk.find(event.value, self._overview.frame.cycle.name))
            except OkrError as error:
                self.query_one("#wrong", Static).update(error_text(error, _WIDTH))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Goes there."""
        self.dismiss(self._found[event.option_index].place)

    def _list(self) -> None:
        shown = self.query_one(OptionList)
        shown.clear_options()
        shown.add_options(
            Option(cut(Text.assemble(cell(each.name), "  ", cell(each.title, "dim")), _WIDTH))
            for each in self._found[:_MOST]
        )
        shown.display = bool(self._found)
        shown.highlighted = 0 if self._found else None
