"""`okr tui` as a whole: the list, the page beside it, the filters, and the windows that open over them.

It asks a desk for everything, in threads, so that keys are heard while files are read and commits made.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Input, Static, Tree

from okr.dataclass import replace
from okr.errors import OkrError
from okr.operations.browsing import Filter, filtered, has_key, key_results_of, part_of, status_counts
from okr.operations.checkin.asking import Typed
from okr.scoring import Status
from okr.views.figures import STYLES, no_plan, status_words
from okr.views.terminal import cell
from okr.views.text import counted
from okr.views.tui.bars import filter_words, heading_words
from okr.views.tui.choosing import Choosing, Jumping
from okr.views.tui.form import CheckingIn
from okr.views.tui.helping import Helping
from okr.views.tui.outline import Outline, Row
from okr.views.tui.page import Page
from okr.views.tui.recorded import recorded_words
from okr.views.tui.texts import error_text

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from okr.operations.browsing import Place
    from okr.operations.checkin.checking_in import Recorded
    from okr.operations.overview import Overview
    from okr.operations.showing import Showing
    from okr.views.tui.desk import Desk

LOOK_EVERY = 0.5
"""Seconds between two looks at whether files have changed."""

_REST = 0.02
"""Seconds that the cursor must rest before a page is worked out: going through the list is not slowed by it."""
_WITH_FILES = frozenset(
    {"check_in", "cycle", "everything", "filter", "jump", "mine", "scroll_page", "status", "zoom"}
)
"""What goes only while the files can be read."""

_LONG = 12.0
"""Seconds that what somebody should read stays."""


class Tui(App[int]):
    """The whole screen."""

    CSS_PATH = Path(__file__).parent / "app.tcss"
    TITLE = "okr"
    AUTO_FOCUS = "#outline"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "check_in", "Check in"),
        Binding("f", "filter", "Filter"),
        Binding("s", "status", "Status"),
        Binding("m", "mine", "Mine"),
        Binding("slash,ctrl+p", "jump", "Go to", key_display="/"),
        Binding("o", "cycle", "Cycle"),
        Binding("z", "zoom", "Zoom"),
        Binding("question_mark", "keys", "Keys", key_display="?"),
        Binding("q,ctrl+q", "leave", "Leave", key_display="q"),
        Binding("escape", "everything", "All", show=False),
        Binding("J", "scroll_page(1)", "Scroll", show=False),
        Binding("K", "scroll_page(-1)", "Scroll", show=False),
        Binding("r", "reload", "Read again", show=False),
        Binding("t", "theme", "Dark or light", show=False),
        Binding("ctrl+c", "interrupt", "Interrupt", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, overview: Overview, *, at: str | None, mine: bool, light: bool) -> None:
        super().__init__()
        self.theme = "textual-light" if light else "textual-dark"
        self.interrupted = False
        self.failure: Exception | None = None
        self._desk = desk
        self._overview = overview
        self._at = at
        self._mine = mine
        self._filter = Filter()
        self._typed: dict[str, Typed] = {}
        self._shown: str | None = None
        self._warned = False
        self._readable = True

    def compose(self) -> ComposeResult:
        """The heading, the list with its filters, the page, and the keys at the foot."""
        yield Static(id="heading", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Input(placeholder="words to filter by", id="words", compact=True)
                yield Static(id="filters", markup=False)
                yield Outline()
            yield Page()
        yield Static(id="trouble", markup=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Shows what was looked up before the terminal was taken, and looks for changes from now on."""
        self._fill(self._at)
        self.set_interval(LOOK_EVERY, self._notice)

    # What is shown

    def _fill(self, wanted: str | None = None) -> None:
        """The list as the overview and the filters have it."""
        owners = filtered(self._overview, self._filter)
        self.query_one("#heading", Static).update(heading_words(self._overview.frame))
        count = len(key_results_of(owners))
        words = filter_words(self._overview, self._filter, count, mine=self._mine)
        self.query_one("#filters", Static).update(words)
        outline = self.query_one(Outline)
        outline.fill(owners, wanted)
        if not owners:
            self._shown = None
            self.query_one(Page).show(self._nothing())
        else:
            self._show_current()

    def _nothing(self) -> Text:
        if self._overview.owners or self._mine:
            return Text("Nothing fits the filters. Esc takes them off.", style="dim")
        return cell(no_plan(self._overview.frame, self._overview.others), "dim")

    @on(Tree.NodeHighlighted)
    def _went(self, event: Tree.NodeHighlighted[Row]) -> None:
        if event.node.data is not None and event.node.data.key != self._shown:
            self._show_current()

    def _show_current(self) -> None:
        row = self.query_one(Outline).current
        if row is not None:
            self._show(row)

    @work(exclusive=True, group="page")
    async def _show(self, row: Row) -> None:
        """What the cursor is on, whole."""
        from_top = row.key != self._shown
        self._shown = row.key
        page = self.query_one(Page)
        if row.status is None:
            page.show(part_of(self._overview, row.key, self._filter), from_top=from_top)
            return
        await asyncio.sleep(_REST)
        found: Showing | Text
        try:
            found = await asyncio.to_thread(self._desk.show, row.key)
        except OkrError as error:
            found = error_text(error, page.scrollable_content_region.width)
        page.show(found, from_top=from_top)

    # Files

    def _notice(self) -> None:
        if self._desk.changed():
            self.action_reload()

    def action_reload(self) -> None:
        """Reads the files again."""
        self._load(self._overview.frame.cycle.name)

    @work(exclusive=True, group="load")
    async def _load(self, cycle: str, wanted: str | None = None) -> None:
        """Reads a cycle; while files can't be read, says so in place of all else."""
        try:
            self._overview = await asyncio.to_thread(self._desk.look, cycle, mine=self._mine)
        except OkrError as error:
            self._shown = None
            self._set_readable(readable=False)
            trouble = self.query_one("#trouble", Static)
            foot = Text("\n\nThis goes on by itself once they can be read.", style="dim")
            trouble.update(Text.assemble(error_text(error, self.size.width - 4), foot))
        else:
            self._set_readable(readable=True)
            self._fill(wanted)

    def _set_readable(self, *, readable: bool) -> None:
        """Shows the list and the page, or what is wrong with the files in place of them."""
        was, body = self._readable, self.query_one("#body")
        self._readable = readable
        body.display = readable
        self.query_one("#trouble").display = not readable
        if readable and not was:
            self.query_one(Outline).focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While files can't be read, nothing can be done with what was in them."""
        del parameters
        return self._readable or action not in _WITH_FILES

    # Filters

    def action_filter(self) -> None:
        """The line for words."""
        words = self.query_one("#words", Input)
        words.display = True
        words.focus()

    @on(Input.Changed, "#words")
    def _words_typed(self, event: Input.Changed) -> None:
        self._narrow(replace(self._filter, words=event.value))

    @on(Input.Submitted, "#words")
    def _words_entered(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value.split())
        self.query_one(Outline).focus()

    def action_status(self) -> None:
        """One status, or what needs attention."""
        self.clear_notifications()
        counts = status_counts(self._overview)
        over = self._overview.frame.over
        everything = replace(self._filter, status=None, attention=False)
        pressing = replace(everything, attention=True)
        options = [
            (Text(f"everything · {len(self._overview.key_results)}"), everything),
            (Text(f"what needs attention · {len(self._overview.attention)}"), pressing),
        ]
        for status in Status:
            if status in counts:
                words = Text(f"{status_words(status, over=over)} · {counts[status]}", style=STYLES[status])
                options.append((words, replace(everything, status=status)))
        self.push_screen(Choosing("Show", options, self._filter), self._narrow)

    def action_mine(self) -> None:
        """Only what is mine, or everything."""
        self._mine = not self._mine
        self._load_mine()

    @work(exclusive=True, group="load")
    async def _load_mine(self) -> None:
        cycle = self._overview.frame.cycle.name
        try:
            self._overview = await asyncio.to_thread(self._desk.look, cycle, mine=self._mine)
        except OkrError as error:
            self._mine = False
            self._tell(error)
        else:
            self._fill()

    def action_everything(self) -> None:
        """Takes the filters off."""
        words = self.query_one("#words", Input)
        words.value = ""
        words.display = False
        self.query_one(Outline).focus()
        self._filter = Filter()
        if self._mine:
            self.action_mine()
        else:
            self._fill()

    def _narrow(self, by: Filter | None) -> None:
        if by is not None and by != self._filter:
            self._filter = by
            self._fill()

    # Going elsewhere

    def action_jump(self) -> None:
        """To something by its reference."""
        self.clear_notifications()
        self._open_jump()

    @work
    async def _open_jump(self) -> None:
        whole = self._overview
        if self._mine:
            try:
                whole = await asyncio.to_thread(self._desk.look, whole.frame.cycle.name, mine=False)
            except OkrError as error:
                self._tell(error)
                return
        place = await self.push_screen_wait(Jumping(self._desk, whole))
        if place is not None:
            self._go(place)

    def _go(self, place: Place) -> None:
        """To a place, whatever the filters would leave out."""
        here = place.cycle == self._overview.frame.cycle.name
        if here and has_key(filtered(self._overview, self._filter), place.key):
            self._fill(place.key)
            return
        self._filter, self._mine = Filter(), False
        words = self.query_one("#words", Input)
        with self.prevent(Input.Changed):
            words.value = ""
        words.display = False
        self._load(place.cycle, place.key)

    def action_cycle(self) -> None:
        """To another cycle."""
        self.clear_notifications()
        here = self._overview.frame.cycle.name
        names = dict.fromkeys((*self._overview.others, here))
        options = [(cell(name), name) for name in names]
        self.push_screen(Choosing("Look at", options, here), self._look_at)

    def _look_at(self, cycle: str | None) -> None:
        if cycle is not None and cycle != self._overview.frame.cycle.name:
            self._load(cycle)

    # Check-ins

    def action_check_in(self) -> None:
        """A check-in on the key result under the cursor."""
        row = self.query_one(Outline).current
        if row is None:
            return
        if not row.leaf:
            self.notify("A check-in is made on a key result: go to one of them.", markup=False)
            return
        self.clear_notifications()
        self._check_in(row.key)

    @work(exclusive=True, group="form")
    async def _check_in(self, reference: str) -> None:
        try:
            asked = await asyncio.to_thread(self._desk.ask, reference)
        except OkrError as error:
            self._tell(error)
            return
        begun = self._typed.pop(reference, Typed())
        ended = await self.push_screen_wait(CheckingIn(self._desk, asked, begun))
        if isinstance(ended, Typed):
            if not ended.empty:
                self._typed[reference] = ended
                self.notify("Not recorded. What you typed is there again with c.", markup=False)
            return
        self._tell_recorded(*ended)
        self._load(self._overview.frame.cycle.name)

    def _tell_recorded(self, recorded: Recorded, sent: str | None) -> None:
        done, remarks = recorded_words(recorded)
        self.notify(done, markup=False)
        for words in (*remarks, *((sent,) if sent else ())):
            self.notify(words, severity="warning", timeout=_LONG, markup=False)

    # The screen

    def action_scroll_page(self, direction: int) -> None:
        """Scrolls the page from the list."""
        page = self.query_one(Page)
        page.scroll_relative(y=direction * max(1, page.size.height // 2), animate=False)

    def action_zoom(self) -> None:
        """The page alone, or both."""
        left = self.query_one("#left")
        left.display = not left.display
        self.query_one(Outline if left.display else Page).focus()

    def action_theme(self) -> None:
        """Dark or light."""
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def action_keys(self) -> None:
        """Which key does what."""
        self.clear_notifications()
        self.push_screen(Helping())

    def action_leave(self) -> None:
        """Leaves; where something typed is not recorded, says so first."""
        if self._typed and not self._warned:
            self._warned = True
            what = counted(len(self._typed), "check-in")
            self.notify(f"{what} typed and not recorded. q again leaves without.", markup=False)
            return
        self.exit(0)

    def action_interrupt(self) -> None:
        """Ctrl-C ends it as it ends any command."""
        self.interrupted = True
        self.exit(0)

    def _tell(self, error: OkrError) -> None:
        self.notify(
            error_text(error, 60).plain.removeprefix("error: "), severity="error", timeout=_LONG, markup=False
        )

    def _handle_exception(self, error: Exception) -> None:
        """Keeps what went wrong in us for the one place that reports it, in place of a traceback on the screen."""
        if self.failure is None:
            self.failure = error
        super()._handle_exception(error)
        self._exit_renderables.clear()
