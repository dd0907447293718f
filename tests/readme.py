"""Plays the console blocks of pages, so that a test can compare what they print with what the pages show.

`python -m tests.readme` writes what they print now into the pages.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.company import dated
from tests.cli.conftest import SMALL_WORKSPACE, Outcome, Shell
from tests.guide_company import company

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[1]
README = CHECKOUT / "README.md"

_BLOCK = re.compile(  # with four ticks where a block is printed
    r"(?<=^````console\n).*?(?=^````$)|(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL
)
_SCENE = re.compile(r"^<!-- (\d{4}-\d\d-\d\d) (\w+)(?: |\n((?:\$ [^\n]*\n)*))-->$", re.MULTILINE)
_PLAN = re.compile(r"^<!-- writes (\S+) -->\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PIECE = re.compile(f"{_BLOCK.pattern}|{_SCENE.pattern}|{_PLAN.pattern}", re.MULTILINE | re.DOTALL)
_TOP = re.compile(r"~/(?:alice|bob|carol)(?=/goals)")  # each person's clone is at home
_HEAD = re.compile(r" \| head -n (\d+)$")
_DAY = {f"GIT_{role}_DATE": "2026-11-23T10:15:00+00:00" for role in ("AUTHOR", "COMMITTER")}
_OWN_PROCESS = {"TZ": "UTC"}  # what a program that okr starts prints is only seen then

WEEK = """\
ref,value,confidence,note
brand/visits,61k,0.7,Campaign went live on Tuesday
brand/launch,beta,0.8,
speed/hours,14,60%,Two more people answer
"""
"""What `docs/checkins.md` calls week.csv."""


def empty_folder(folder: Path) -> Shell:
    """A home and a folder with nothing in them: where the README begins."""
    shell = Shell(folder / "work", folder / "home")
    shell.home.mkdir()
    shell.folder.mkdir()
    return shell


def small_clone(folder: Path) -> Shell:
    """Alice's clone of the small workspace that the tests have, in `~/goals`, with a bare remote beside it."""
    start = empty_folder(folder)
    shell = replace(start, folder=start.folder / "goals")
    shell.folder.mkdir()
    shell.write(SMALL_WORKSPACE)
    start.write({"week.csv": WEEK})
    for command in (
        "init --quiet --initial-branch=main",
        "config --global user.name 'Alice Martin'",
        "config --global user.email alice@acme.example",
        "add --all",
        "commit --quiet --message 'Plan the quarter'",
        "init --quiet --bare --initial-branch=main ../remote.git",
        "remote add origin ../remote.git",
        "push --quiet --set-upstream origin main",
    ):
        done = shell.run("git", *shlex.split(command), **_DAY)
        assert done.status == 0, done.err
    return shell


GRADES = """\
ref,grade,reason,learned,next
brand/visits,,,Articles bring more visits than advertisements,carry
brand/launch,0.7,"Live, but in one language only",,drop
"""
"""What `docs/closing.md` calls grades.csv."""


def finished_clone(folder: Path) -> Shell:
    """The same clone with grades.csv beside it."""
    shell = small_clone(folder)
    (shell.folder.parent / "grades.csv").write_text(GRADES, encoding="utf-8")
    return shell


PAGES = {
    "README.md": empty_folder,
    "docs/checkins.md": small_clone,
    "docs/closing.md": finished_clone,
    "docs/guides/quarter.md": company,
    "docs/diff.md": small_clone,
    "docs/json.md": small_clone,
    "docs/kpis.md": small_clone,
}
"""The pages whose console blocks are played, each with where it begins."""


def commands(text: str) -> list[str]:
    """The command lines in the console blocks of a page."""
    return [
        line[2:] for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")
    ]


def played(page: str, folder: Path) -> str:
    """The text of a page with what its console blocks print, as of 2026-11-23, one after the other.

    A page may say, in comments that its readers don't see, that a day has come and who is at work from then on, with
    commands that run unshown; and that what stands in the block of YAML that follows is written into a file, in the
    place of `objectives: []`.

    Raises:
        RuntimeError: a command failed, and the next line is not `$ echo $?`.
    """
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    player = _Player(PAGES[page](folder), str(folder / "work"))

    def play(piece: re.Match[str]) -> str:
        day, person, unshown, path, plan = piece.groups()
        if path:
            player.write(path, plan)
            return piece[0]
        if day:
            player.enter(day, person)
        lines = [
            line[2:] for line in ((unshown or "") if day else piece[0]).splitlines() if line.startswith("$ ")
        ]
        printed = "".join(f"{line}\n" for line in player.play(lines))
        return piece[0] if day else printed

    played_text = _PIECE.sub(play, text)
    if player.last.status:
        message = f"{page}: its last command ended with {player.last.status}: {player.last.err}"
        raise RuntimeError(message)
    return played_text


@dataclass
class _Player:
    """Runs command lines one after the other: programs, `cd`, `echo $?`, `| head -n N`, `NAME=value program`."""

    shell: Shell
    top: str
    last: Outcome = field(default_factory=lambda: Outcome(0, "", ""))
    day: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=lambda: _DAY)

    def enter(self, day: str, person: str) -> None:
        """A day has come, and somebody is at work in their clone, which is called as they are."""
        self.shell = replace(self.shell, folder=Path(self.top) / person / "goals")
        self.day, self.variables = ("--as-of", day), dated(person, day)

    def write(self, path: str, plan: str) -> None:
        """Writes a plan that has no objectives yet."""
        text = self.shell.read(path)
        assert text.count("objectives: []\n") == 1, text
        self.shell.write({path: text.replace("objectives: []\n", plan)})

    def play(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            yield f"$ {line}"
            if line == "echo $?":
                yield str(self.last.status)
                self.last = Outcome(0, "", "")
                continue
            if self.last.status:
                message = f"before “{line}”: ended with {self.last.status}: {self.last.err}"
                raise RuntimeError(message)
            head = _HEAD.search(line)
            self.last = self._run(shlex.split(_HEAD.sub("", line)))
            printed = _TOP.sub("~", (self.last.err + self.last.out).replace(self.top, "~")).splitlines()
            yield from (each.rstrip() for each in printed[: int(head[1]) if head else None])

    def _run(self, words: list[str]) -> Outcome:
        variables = {}
        while "=" in words[0]:
            name, _, variables[name] = words.pop(0).partition("=")
        program, *arguments = words
        if program == "cd":
            self.shell = replace(self.shell, folder=self.shell.folder / arguments[0])
            return Outcome(0, "", "")
        if program == "okr":
            if self.day and "--at" in arguments:  # which takes the day that it shows for today
                return self.shell.run(sys.executable, "-m", "okr", *arguments, **self.variables)
            own = _OWN_PROCESS if variables else {}
            return self.shell.okr(*self.day, *arguments, **self.variables, **variables, **own)
        return self.shell.run(program, *arguments, **self.variables, **variables)


if __name__ == "__main__":
    for name in PAGES:
        with tempfile.TemporaryDirectory() as temporary:
            now = played(name, Path(temporary))
        (CHECKOUT / name).write_text(now, encoding="utf-8")
