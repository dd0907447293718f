"""`okr tui`: driven by its keys and by the mouse, on real workspaces and repositories; whole screens as text."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from textual.widgets import Input

from okr.commands.registry import _set_as_of, invocation, reset_invocation
from okr.commands.tui_desk import FileDesk
from okr.views.tui.app import Tui
from okr.views.tui.outline import Outline
from tests.cli.conftest import TODAY, Shell
from tests.cli.screens import screen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from textual.pilot import Pilot

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
VISITS = "2026-Q4/marketing/brand/visits"


class Sitting:
    """Somebody before the screen."""

    def __init__(self, app: Tui, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def seen(self) -> str:
        """What the screen shows, as text."""
        width, height = self.app.size
        console = Console(width=width, height=height, file=io.StringIO(), record=True, legacy_windows=False)
        stack = self.app._background_screens
        console.print(self.app.screen._compositor.render_update(full=True, screen_stack=stack))
        lines = [line.rstrip() for line in console.export_text(styles=False).splitlines()]
        return "\n".join(lines) + "\n"

    async def press(self, *keys: str) -> str:
        """Presses keys, waits for what they lead to, and gives what is seen."""
        await self._pilot.press(*keys)
        return await self.rest()

    async def write(self, text: str) -> str:
        """Types a text."""
        return await self.press(*(_NAMES.get(each, each) for each in text))

    async def click(self, where: str, **offset: Any) -> str:
        """Clicks on something."""
        await self._pilot.click(where, **offset)
        return await self.rest()

    async def rest(self) -> str:
        """Waits until nothing is under way but a window that waits for keys."""
        for _ in range(400):
            await self._pilot.pause()
            busy = [each for each in self.app.workers if each.name not in {"_check_in", "_open_jump"}]
            window = len(self.app.screen_stack) > 1
            if not busy and (window or not list(self.app.workers)):
                return self.seen
            await asyncio.sleep(0.005)
        raise AssertionError([each.name for each in self.app.workers])

    async def notices(self, text: str) -> str:
        """Waits until a change of files shows."""
        for _ in range(400):
            if text in await self.rest():
                return self.seen
            await asyncio.sleep(0.01)
        raise AssertionError(f"{text!r} was not shown:\n{self.seen}")

    @property
    def told(self) -> list[str]:
        """What was said in passing, the latest last."""
        return [each.message for each in self.app._notifications]

    @property
    def key(self) -> str:
        """The key of the line that the cursor is on."""
        row = self.app.query_one(Outline).current
        return "" if row is None else row.key


_NAMES = {
    " ": "space",
    "/": "slash",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ".": "full_stop",
}


def in_window(seen: str) -> str:
    """What stands in the window that is open, as running text."""
    inner = [line.split("│")[-2] for line in seen.splitlines() if line.count("│") > 1]
    return " ".join(" ".join(inner).split())


@pytest.fixture
def sit(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sits down before `okr tui` in the shell's folder and does something there."""
    for name, value in shell.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(shell.folder)
    monkeypatch.setattr("okr.views.tui.app.LOOK_EVERY", 0.05)
    reset_invocation()
    _set_as_of(TODAY)

    def run(
        does: Callable[[Sitting], Awaitable[None]], *, size: tuple[int, int] = (80, 24), **options: Any
    ) -> None:
        async def whole() -> None:
            desk = FileDesk(invocation().directory)
            overview = desk.look(options.get("cycle"), mine=False)
            app = Tui(desk, overview, at=options.get("at"), mine=False, light=options.get("light", False))
            async with app.run_test(size=size) as pilot:
                sitting = Sitting(app, pilot)
                await sitting.rest()
                await does(sitting)

        asyncio.run(whole())

    yield run
    reset_invocation()


@pytest.mark.usefixtures("repository")
def test_somebody_browses(sit: Callable[..., None]) -> None:
    async def browse(at: Sitting) -> None:
        assert at.seen == screen("tui", at.seen)
        await at.press("j", "j")
        assert at.key == VISITS
        assert at.seen == screen("tui-key-result", at.seen)
        # What is closed stays closed; a jump opens what it leads into.
        await at.press("left", "left")
        assert at.key == "2026-Q4/marketing/brand"
        assert "├ ▸ Make our brand" in at.seen
        await at.press("slash")
        await at.write("launch")
        assert "marketing/brand/launch  The new site is live" in at.seen
        await at.press("enter")
        assert at.key == "2026-Q4/marketing/brand/launch"
        assert "The new site is live" in at.seen
        # Into another cycle and back.
        await at.press("ctrl+p")
        await at.write("2026/company/lead/shares")
        seen = await at.press("enter")
        assert "There is no owner, objective or key result “2026/company/lead/shares”" in in_window(seen)
        await at.press("backspace")
        seen = await at.press("enter")
        assert at.key == "2026/company/lead/share"
        assert "Acme · 2026 · day 327 of 365" in seen
        seen = await at.press("o")
        assert "2026-Q4" in seen
        await at.press("j", "enter")
        assert at.key == "marketing"
        # The keys.
        assert await at.press("question_mark") == screen("tui-keys", at.seen)
        await at.press("escape")
        # The page alone, and its scrolling.
        seen = await at.press("z")
        assert "▾ Marketing" not in seen
        await at.press("z", "J")
        assert at.app.query_one("#page").scroll_y > 0
        await at.press("K")
        assert at.app.query_one("#page").scroll_y == 0
        assert at.app.theme == "textual-dark"
        await at.press("t")
        assert at.app.theme == "textual-light"
        await at.press("q")
        assert at.app.return_value == 0

    sit(browse)


@pytest.mark.usefixtures("repository")
def test_the_list_is_filtered(sit: Callable[..., None]) -> None:
    async def filters(at: Sitting) -> None:
        await at.press("f")
        seen = await at.write("bob")
        assert "0 of 4 · “bob”" in seen
        assert "Nothing fits the filters. Esc takes them off." in seen
        seen = await at.press("escape", "f")
        seen = await at.write("site uptime")
        assert "1 of 4 · “site uptime”" in seen
        assert "Reach 100,000" not in seen
        await at.press("enter", "escape", "s")
        seen = await at.press("j", "j", "j", "enter")
        assert "2 of 4 · … stale" in seen
        assert "Answer within 4" not in seen
        seen = await at.press("s", "k", "k", "enter")
        assert "4 of 4 · needs attention" in seen
        seen = await at.press("escape", "m")
        assert "2 key results · mine" in seen
        assert "Answer everyone" not in seen
        # What a filter leaves out can be gone to: then it is taken off.
        await at.press("slash")
        await at.write("hours")
        seen = await at.press("enter")
        assert at.key == "2026-Q4/marketing/speed/hours"
        assert "4 of 4 need attention" in seen

    sit(filters)


def test_a_check_in_is_one_commit(repository: Shell, sit: Callable[..., None]) -> None:
    repository.write({"notes.txt": "of my own\n"})
    repository.git("add", "notes.txt")

    async def check_in(at: Sitting) -> None:
        await at.press("c")
        assert at.told == ["A check-in is made on a key result: go to one of them."]
        await at.press("j", "j", "c")
        assert at.seen == screen("tui-form", at.seen)
        seen = await at.write("6lk")
        assert "“6lk” has “lk” behind the number." in seen
        await at.press("backspace", "backspace")
        seen = await at.write("1k")
        assert "47,500 → 61,000 visits (+13,500) · score 0.09 → 0.33" in seen
        # What is wrong is said in its place, and nothing is lost.
        await at.press("down")
        await at.write("7")
        await at.press("enter")
        await at.write("[b]Live[/b] now")
        seen = await at.press("enter")
        assert "The confidence “7” is not from 0 to 1. Write 0.7 or 70%." in in_window(seen)
        assert "[b]Live[/b] now" in seen
        assert repository.git("log", "--format=%s") == "Plan the quarter\n"
        # It can be left, and comes back.
        await at.press("escape")
        assert at.told == ["Not recorded. What you typed is there again with c."]
        await at.press("q")
        assert at.told[1:] == ["1 check-in typed and not recorded. q again leaves without."]
        assert at.app.return_value is None
        await at.press("c")
        assert [each.value for each in at.app.screen.query(Input)] == ["61k", "7", "[b]Live[/b] now"]
        await at.press("tab", "backspace")
        await at.write("0.7")
        seen = await at.press("ctrl+s")
        assert len(at.told) == 1
        assert at.told[0].startswith(
            f"{VISITS}: score 0.09 → 0.33\nRecorded in checkins/2026-Q4/marketing.yaml:3, committed as "
        )
        assert "0.33 ▲" in seen

    sit(check_in)
    assert repository.read(LOG).splitlines()[2] == (
        "- {date: 2026-11-23, kr: brand/visits, value: 61000, confidence: 0.7, by: alice, "
        'note: "[b]Live[/b] now"}'
    )
    assert repository.git("log", "--format=%s").splitlines()[0] == (
        "okr: marketing/brand/visits 47500 → 61000 visits (0.09 → 0.33)"
    )
    assert repository.git("show", "--name-only", "--format=").split() == [LOG]
    assert repository.git("status", "--short") == "A  notes.txt\n"
