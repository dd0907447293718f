"""The window in which a check-in is made: three lines, what they would come to, and what is wrong with them.

What was typed stays until it is recorded, whatever goes wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import SuspendNotSupported
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Static

from okr.errors import OkrError
from okr.operations.checkin.asking import Typed
from okr.operations.checkin.checking_in import Recorded, RefusedError
from okr.operations.checkin.round_items import OvertakenError
from okr.quantities import format_course, format_score
from okr.views.errors import sentence
from okr.views.figures import metric_words
from okr.views.layout import indented
from okr.views.round_words import checkin_words
from okr.views.terminal import cell
from okr.views.text import counted
from okr.views.tui.texts import error_text, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from okr.operations.checkin.asking import Asked, Outcome
    from okr.views.tui.desk import Desk

_WIDTH = 66
_FIELDS = ("value", "confidence", "note")


class CheckingIn(ModalScreen[tuple[Recorded, str | None] | Typed]):
    """A check-in on one key result. Ends with what was recorded, or with what was typed and not recorded."""

    AUTO_FOCUS = "#value"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("ctrl+s", "record", "Record"),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, desk: Desk, asked: Asked, typed: Typed) -> None:
        super().__init__()
        self._desk = desk
        self._asked = asked
        self._begun = typed
        self._recording = False

    def compose(self) -> ComposeResult:
        """What it is about, the three lines, what they come to, and two buttons."""
        begun = self._begun
        asked = self._asked
        suggested = SuggestFromList(asked.milestones, case_sensitive=False) if asked.milestones else None
        with VerticalScroll(classes="window"):
            yield Label("Check in", classes="heading", markup=False)
            yield Static(id="about", markup=False)
            lines = zip(_FIELDS, (begun.value, begun.confidence, begun.note), self._hints(), strict=True)
            for name, text, hint in lines:
                with Horizontal(classes="line"):
                    yield Label(name.capitalize(), markup=False)
                    yield Input(
                        text, placeholder=hint, id=name, compact=True, select_on_focus=False,
                        suggester=suggested if name == "value" else None,
                    )  # fmt: skip
            yield Static(id="outcome", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Record", id="record", variant="primary", compact=True)
                yield Button("Back", id="back", compact=True)
                yield Static(id="signed", markup=False)

    def on_mount(self) -> None:
        """Says what it is about."""
        self._show_asked()
        self._foresee()

    @property
    def typed(self) -> Typed:
        """What stands in the lines."""
        return Typed(*(self.query_one(f"#{name}", Input).value for name in _FIELDS))

    def _show_asked(self) -> None:
        self.query_one("#about", Static).update(laid_out(_WIDTH, self._about))
        by = self._asked.by
        words = "git and org.yaml do not say who you are" if by is None else f"by {by}"
        self.query_one("#signed", Static).update(cell(words, "dim"))

    def _hints(self) -> tuple[str, str, str]:
        asked = self._asked
        numbers = "61000, 61k, +500 or 45%" if not asked.milestones else ", ".join(asked.milestones)
        return cell(numbers).plain, "how sure you are of the target: 0.7 or 70%", "what is behind it"

    def _about(self, console: Console) -> Iterator[Text]:
        asked = self._asked
        language, ends = asked.frame.language, asked.frame.cycle.ends
        yield from indented(console, cell(asked.state.key_result.title, "bold"))
        yield from indented(console, cell(asked.reference, "dim"))
        yield from indented(console, cell(metric_words(asked.state, language)))
        if asked.measured is not asked.subject:
            words = (
                f"The value goes to the KPI {asked.measured.title}: every key result that draws on it moves."
            )
            yield from indented(console, cell(words))
        counted_checkins = [each for each in asked.measured.checkins if each.counts]
        last = counted_checkins[-1] if counted_checkins else None
        yield from indented(console, cell(checkin_words(last, asked.measured.unit, language, ends)))
        if asked.waiting:
            words = (
                f"{counted(asked.waiting, 'check-in')} recorded before in the same log and not committed: "
                "the commit takes such along."
            )
            yield from indented(console, cell(words, "yellow"))

    @on(Input.Changed)
    def _typing(self) -> None:
        self._foresee()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter goes on to the next line; in the last one it records."""
        if event.input.id == _FIELDS[-1]:
            self.action_record()
        else:
            self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "record":
            self.action_record()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Leaves; what was typed is handed back."""
        if not self._recording:
            self.dismiss(self.typed)

    def action_record(self) -> None:
        """Records what was typed."""
        if not self._recording:
            self._recording = True
            self._say(Text("Recording …", style="dim"))
            self._record(self.typed)

    @work
    async def _record(self, typed: Typed) -> None:
        try:
            done = await self._recorded(typed)
        except OvertakenError as error:
            self._say(error_text(error, _WIDTH))
            await self._ask_again()
        except RefusedError as error:
            lines = [line for each in error.refusals for line in (each.message, each.remedy) if line]
            self._say(
                laid_out(_WIDTH, lambda console: (
                    line for words in lines for line in indented(console, cell(sentence(words)))
                ))
            )  # fmt: skip
        except OkrError as error:
            self._say(error_text(error, _WIDTH))
        else:
            self.dismiss(done)
        finally:
            self._recording = False

    async def _recorded(self, typed: Typed) -> tuple[Recorded, str | None]:
        """Records it; where git signs, with the terminal handed back meanwhile, for it may ask for a passphrase there."""
        if self._asked.signed:
            with contextlib.suppress(SuspendNotSupported), self.app.suspend():
                return self._desk.record(self._asked, typed)
        return await asyncio.to_thread(self._desk.record, self._asked, typed)

    async def _ask_again(self) -> None:
        """Shows what is new; the lines stay as they are."""
        try:
            self._asked = await asyncio.to_thread(self._desk.ask, self._asked.reference)
        except OkrError as error:
            self._say(error_text(error, _WIDTH))
        else:
            self._show_asked()

    @work(exclusive=True, group="foresee")
    async def _foresee(self) -> None:
        typed = self.typed
        try:
            found = await asyncio.to_thread(self._desk.foresee, self._asked, typed)
        except OkrError as error:
            self._say(error_text(error, _WIDTH))
        else:
            self._say(laid_out(_WIDTH, lambda console: indented(console, self._coming(found))))

    def _coming(self, found: Outcome) -> Text:
        """What would be recorded, and what it would move."""
        if found.value is None:
            return Text("Enter goes to the next line; in the last one, it records.", style="dim")
        measured = self._asked.measured
        value = format_course(measured.last, found.value, measured.unit, self._asked.frame.language)
        score = f"score {format_score(found.before)} → {format_score(found.after)}"
        return Text.assemble(cell(value, "bold"), " · ", score)

    def _say(self, words: Text) -> None:
        self.query_one("#outcome", Static).update(words)
