"""A command in a pseudo-terminal, with a terminal in memory in front of it: keys go in, what a person sees comes out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from typing import TYPE_CHECKING

import pyte

from tests.cli.conftest import TODAY
from tests.forking import fork

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PATIENCE = 20.0
_QUIET = 0.05

ENTER, CTRL_C, CTRL_D, TAB = "\r", "\x03", "\x04", "\t"


class Terminal:
    """One command, running; the screen is long, so that nothing scrolls away unless asked for."""

    def __init__(
        self, shell: Shell, *arguments: str, columns: int = 80, rows: int = 200, **variables: str
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self._answered = -1  # the last line with an answer: the next question stands below it
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        variables = {"TERM": "xterm-256color"} | variables
        self._process = fork(
            shell, "okr", "--as-of", TODAY, *arguments, terminal=slave, measured=True, variables=variables
        )
        self._slave = slave
        self._master = master

    @property
    def lines(self) -> list[str]:
        """What the screen shows, without what is blank at its end."""
        shown = [self._line(number) for number in range(self._screen.lines)]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    def resize(self, columns: int, rows: int) -> None:
        """Makes the terminal another size, as pulling at its window does."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines)

    @property
    def prompt(self) -> str:
        """The line that the cursor is on."""
        return self._line(self._screen.cursor.y)

    def asks(self, prompt: str) -> None:
        """Waits until the line with the cursor begins so, and nothing more is said."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            told = self._read(_QUIET)
            here = self._screen.cursor.y > self._answered and self.prompt.strip().startswith(prompt)
            if here and not told:
                return
            if not told and not self._process.works_for(0):
                break
        raise AssertionError(f"{prompt!r} was not asked; the screen:\n{self.text}")

    def shows(self, text: str) -> None:
        """Waits until the screen shows a text."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.text:
            self._read(_QUIET)
            assert time.monotonic() < deadline, f"{text!r} was not shown; the screen:\n{self.text}"

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._master, keys.encode())

    def answer(self, prompt: str, keys: str) -> None:
        """Waits for a prompt, then types an answer and Enter."""
        self.asks(prompt)
        self._answered = self._screen.cursor.y
        self.type(keys + ENTER)

    def ends(self) -> int:
        """Waits for the end of the command and gives its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._process.works_for(0):
            self._read(_QUIET)
            assert time.monotonic() < deadline, self.text
        while self._read(_QUIET):
            pass
        os.close(self._slave)
        os.close(self._master)
        return self._process.ends().status

    def _line(self, number: int) -> str:
        """What a line shows, without what is blank at its end; pyte's own `display` makes up all of them, slowly."""
        shown = {column: cell.data for column, cell in self._screen.buffer[number].items()}
        return "".join(shown.get(column, " ") for column in range(self._screen.columns)).rstrip()

    def _read(self, patience: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], patience)
        if not ready:
            return False
        told = os.read(self._master, 65536)
        self.raw += told
        self._stream.feed(told)
        return True
