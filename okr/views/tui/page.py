"""The page on the right: one objective or key result as `okr show` tells it, or an owner as `okr status` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from okr.views.show import lines_of as showing_lines
from okr.views.status import lines_of as status_lines
from okr.views.tui.texts import laid_out

if TYPE_CHECKING:
    from rich.text import Text
    from textual.app import ComposeResult
    from textual.events import Resize

    from okr.operations.overview import Overview
    from okr.operations.showing import Showing


class Page(VerticalScroll):
    """The page; it is laid out again when its width changes."""

    def __init__(self) -> None:
        super().__init__(id="page")
        self._found: Showing | Overview | Text | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def show(self, found: Showing | Overview | Text | None, *, from_top: bool = True) -> None:
        """Shows something whole; a text as it is.

        Args:
            found: what to show; None for nothing.
            from_top: whether it is something else than before, and so begins at the top.
        """
        self._found = found
        self._lay_out()
        if from_top:
            self.scroll_home(animate=False)

    def on_resize(self, event: Resize) -> None:
        """Lays it out for another width."""
        del event
        self._lay_out()

    def _lay_out(self) -> None:
        self.query_one(Static).update(self._text(self._found, self.scrollable_content_region.width))

    @staticmethod
    def _text(found: Showing | Overview | Text | None, width: int) -> Text | str:
        from okr.operations.overview import Overview
        from okr.operations.showing import Showing

        if isinstance(found, Showing):
            return laid_out(width, lambda console: showing_lines(console, found, headed=False))
        if isinstance(found, Overview):
            return laid_out(width, lambda console: status_lines(console, found, headed=False))
        return found or ""
