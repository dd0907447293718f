"""`okr tui`: driven by its keys and by the mouse, on real workspaces and repositories; whole screens as text."""

from __future__ import annotations

import asyncio
import io
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from textual.events import Paste
from textual.widgets import Input

from okr.commands.registry import _set_as_of
from okr.commands.running import invocation, reset_invocation
from okr.commands.tui_desk import FileDesk
from okr.views.tui.app import Tui
from okr.views.tui.outline import Outline
from tests.cli.conftest import TODAY, Shell
from tests.cli.screens import screen, use_example
from tests.cli.terminal import CTRL_C, Terminal

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
        """Enters a text at once, as if pasted: every key by itself would take most of the time."""
        assert self.app.screen.focused is not None
        self.app.screen.focused.post_message(Paste(text))
        return await self.rest()

    async def click(self, where: str | type[Outline], **offset: Any) -> str:
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
                seen = self.seen
                if seen.strip():  # on a busy machine a window has nothing in it for a moment
                    return seen
            await asyncio.sleep(0.005)
        raise AssertionError([each.name for each in self.app.workers])

    async def notices(self, text: str) -> str:
        """Waits until a change of files shows."""
        for _ in range(400):
            if text in await self.rest():
                return self.seen
            await asyncio.sleep(0.01)
        raise AssertionError(f"{text!r} was not shown:\n{self.seen}")

    async def hears(self) -> list[str]:
        """Waits until something is said in passing: a click may take its time where the machine is busy."""
        for _ in range(400):
            if self.told and await self.rest():
                return self.told
            await asyncio.sleep(0.01)
        raise AssertionError(f"nothing was said:\n{self.seen}")

    @property
    def told(self) -> list[str]:
        """What was said in passing, the latest last."""
        return [each.message for each in self.app._notifications]

    @property
    def key(self) -> str:
        """The key of the line that the cursor is on."""
        row = self.app.query_one(Outline).current
        return "" if row is None else row.key


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
    monkeypatch.setattr(Tui, "NOTIFICATION_TIMEOUT", 600)  # on a busy machine five seconds are soon over
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


@pytest.mark.unmeasured
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
        await at.press("ctrl+s")
        (told,) = await at.hears()
        assert told.startswith(
            f"{VISITS}: score 0.09 → 0.33\nRecorded in checkins/2026-Q4/marketing.yaml:3, committed as "
        )
        assert "0.33 ▲" in at.seen

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


@pytest.mark.unmeasured
def test_it_follows_the_files(repository: Shell, sit: Callable[..., None]) -> None:
    plan, log = repository.read(PLAN), repository.read(LOG)

    async def follow(at: Sitting) -> None:
        await at.press("j", "j", "j", "left", "left", "j", "end")
        assert at.key == "2026-Q4/marketing/speed/uptime"
        repository.write({LOG: log + "- {date: 2026-11-20, kr: speed/uptime, value: 99.95}\n"})
        await at.notices("99.95% (at least 99.9%)" if at.key == "marketing" else "99.95%")
        assert at.key == "2026-Q4/marketing/speed/uptime"
        assert "├ ▸ Make our brand" in at.seen
        repository.write({PLAN: "objectives: [\n"})
        seen = await at.notices("keeps okr from an answer")
        assert f"{PLAN}:1:14: error: OKR104" in seen
        assert "Check in" not in seen
        seen = await at.press("f", "c", "s", "m", "slash", "r")
        assert "keeps okr from an answer" in seen
        # What is gone leaves the cursor at what it was in.
        kept, _, _ = plan.partition("      - {id: uptime")
        repository.write({PLAN: kept})
        await at.notices("○")
        assert at.key == "2026-Q4/marketing/speed"
        # Where the cycle has no plan any more, what to do is said.
        (repository.folder / PLAN).unlink()
        (repository.folder / LOG).unlink()
        seen = await at.notices("There is no plan for 2026-Q4 yet.")
        assert await at.press("c", "left", "right") == seen

    sit(follow)


@pytest.mark.unmeasured
def test_text_from_files_is_only_text(workspace: Shell, sit: Callable[..., None]) -> None:
    hostile = r'"[red]Reach[/red] [@click=app.quit]all[/] \e[31m \u202e"'
    plan = (
        workspace.read(PLAN).replace("Reach 100,000 monthly visits", hostile).replace("id: visits", "id: v")
    )
    workspace.write({PLAN: plan, LOG: "", "okr.yaml": 'name: "[b]Acme"\n', "org.yaml": ""})

    async def read(at: Sitting) -> None:
        whole = r"[red]Reach[/red] [@click=app.quit]all[/] \u001b[31m \u202e"
        await at.press("j", "j")
        assert whole in at.seen
        assert "[b]Acme · 2026-Q4" in at.seen
        await at.press("slash")
        seen = await at.write("[red]")
        assert f"│  {f'marketing/brand/v  {whole}'[:65]}… " in seen
        await at.press("escape", "f")
        assert "1 of 4 · “[@click”" in await at.write("[@click")
        # Without a repository there is nothing to commit to; it is said before anything is typed.
        await at.press("enter", "end", "c")
        assert "no git repository" in at.told[0]
        await at.press("escape", "m")
        assert "okr can't tell who you are" in at.told[-1].casefold()
        assert "mine" not in at.seen

    sit(read, size=(160, 40))


KPI_FILES = {
    "kpis.yaml": "kpis:\n  - {id: mau, name: Monthly users, unit: users}\n",
    "checkins/kpis.yaml": "- {date: 2026-09-02, kpi: mau, value: 12}\n",
    "okrs/2026-Q4/bob.yaml": """\
objectives:
  - id: loved
    title: Be the product people love
    key_results:
      - {id: users, title: More users, kpi: mau, to: 20}
""",
}


@pytest.mark.unmeasured
def test_a_kpi_is_measured_and_a_milestone_suggested(repository: Shell, sit: Callable[..., None]) -> None:
    repository.write(KPI_FILES)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Watch the KPI")

    async def check_in(at: Sitting) -> None:
        seen = await at.press("end", "c")
        assert "The value goes to the KPI Monthly users" in seen
        await at.write("16")
        await at.press("enter")
        await at.write("60%")
        assert "12 → 16 users (+4) · score 0.00 → 0.50" in at.seen
        await at.press("ctrl+s")
        assert "2026-Q4/bob/loved/users: score 0.00 → 0.50" in (await at.hears())[0]
        # A milestone is completed; somebody else is faster, which is seen before anything is recorded.
        await at.press("home", "j", "j", "j", "c")
        await at.write("be")
        repository.write(
            {LOG: repository.read(LOG) + "- {date: 2026-11-20, kr: brand/launch, value: beta}\n"}
        )
        await at.press("right", "enter", "enter")
        assert at.app.screen.query_one("#value", Input).value == "beta"
        await at.press("enter")
        assert "Meanwhile a check-in was made on 2026-Q4/marketing/brand/launch." in in_window(at.seen)
        assert "1 check-in recorded before in the same log and not committed" in in_window(at.seen)
        await at.press("shift+tab", "shift+tab")
        await at.press("home", "ctrl+k")
        await at.write("life")
        await at.press("ctrl+s")
        assert "Did you mean “live”?" in in_window(at.seen)
        await at.press("backspace", "backspace")
        await at.write("ve")
        await at.click("#record")
        told = await at.hears()
        assert "committed as" in told[0]
        assert told[1:] == ["1 check-in recorded before but not committed was committed as well."]

    sit(check_in)
    assert repository.read("checkins/kpis.yaml").splitlines()[1] == (
        "- {date: 2026-11-23, kpi: mau, value: 16, by: alice}"
    )
    assert repository.read("checkins/2026-Q4/bob.yaml") == (
        "- {date: 2026-11-23, kr: loved/users, confidence: 0.6, by: alice}\n"
    )
    subjects = repository.git("log", "--format=%s").splitlines()
    assert len(subjects) == 4
    assert repository.git("status", "--short") == ""


@pytest.mark.unmeasured
def test_a_closed_cycle_is_looked_at_only_and_the_mouse_works(shell: Shell, sit: Callable[..., None]) -> None:
    use_example(shell, "startup")
    shell.git("init", "--quiet")

    async def look(at: Sitting) -> None:
        seen = await at.click(Outline, offset=(4, 1))
        assert at.key.count("/") == 2
        assert "objective" in seen
        await at.click(Outline, offset=(2, 1))
        await at.press("o", "k", "k", "k", "k", "enter")
        assert at.app.theme == "textual-light"

    sit(look, size=(140, 40), light=True)


@pytest.mark.unmeasured
def test_in_a_closed_cycle_nothing_is_checked_in(shell: Shell, sit: Callable[..., None]) -> None:
    use_example(shell, "startup")
    shell.git("init", "--quiet")
    for setting, value in (("user.name", "Priya Raman"), ("user.email", "priya@pipewright.example")):
        shell.git("config", setting, value)
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--message", "Plans")

    async def try_it(at: Sitting) -> None:
        while at.key.count("/") < 3:
            await at.press("j")
        assert at.key.startswith("2026-Q3/")
        await at.press("c")
        assert len(at.app.screen_stack) == 1
        assert "2026-Q3 is closed" in at.told[-1]

    sit(try_it, size=(140, 40), cycle="2026-Q3")
    assert shell.git("status", "--short") == ""


SIGNER = """#!/bin/sh
# As gpg with a pinentry on the terminal: it asks there, whatever git does with its streams.
printf 'Passphrase? ' > /dev/tty
read answer < /dev/tty
test "$answer" = sesame || exit 1
cat > /dev/null
printf '\\n[GNUPG:] SIG_CREATED D 1 8 00 0 X\\n' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n'
"""


@pytest.mark.unmeasured
def test_a_key_may_ask_for_its_passphrase_on_the_terminal(repository: Shell) -> None:
    signer = repository.home / "signer"
    signer.write_text(SIGNER)
    signer.chmod(0o755)
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", str(signer))
    terminal = Terminal(repository, "tui", "brand/visits", rows=24)
    terminal.shows("q Leave")
    terminal.type("c")
    terminal.shows("Confidence")
    terminal.type("61k")
    terminal.shows("(+13,500)")
    terminal.type("\x13")  # Ctrl-S
    terminal.shows("Passphrase?")
    terminal.type("sesame\r")
    terminal.shows("committed as")
    terminal.type("q")
    assert terminal.ends() == 0
    assert "PGP SIGNATURE" in repository.git("cat-file", "commit", "HEAD")


def test_it_takes_the_terminal_and_gives_it_back(repository: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(repository, "tui", "brand/launch", rows=24, NO_COLOR="1")
    terminal.shows("q Leave")
    terminal.type("q")
    assert terminal.ends() == 0
    assert b"\x1b[?1049l" in terminal.raw
    terminal = Terminal(repository, "tui", "--no-color", "--mine", "--theme", "light", rows=24)
    terminal.shows("mine")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    terminal = Terminal(repository, "tui", "nothing")
    assert terminal.ends() == 2
    assert b"\x1b[?1049h" not in terminal.raw
    outcome = repository.okr("tui")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("error: There is no terminal to browse on.")
    monkeypatch.setitem(sys.modules, "textual", None)  # what an import finds where a package is not installed
    outcome = repository.okr("tui")
    assert (outcome.status, outcome.out) == (1, "")
    assert "`pip install 'okr[tui]'` installs it" in outcome.err
