"""Plays the README's console blocks, so that a test can compare what they print with what the README shows.

`python -m tests.readme` writes what they print now into the README.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.cli.conftest import Shell

README = Path(__file__).parents[1] / "README.md"

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_ALICE = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "Alice Martin"),
        ("EMAIL", "alice@acme.example"),
        ("DATE", "2026-11-23T10:15:00+00:00"),
    )
}


def commands(text: str) -> list[str]:
    """The command lines in the console blocks of a page."""
    return [
        line[2:] for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")
    ]


def played(text: str, folder: Path) -> str:
    """The page with what its console blocks print, as of 2026-11-23, at Alice's keyboard."""
    home = folder / "home"
    work = folder / "work"
    home.mkdir()
    work.mkdir()
    shell = Shell(work, home)

    def play(block: re.Match[str]) -> str:
        nonlocal shell
        lines = []
        for line in block[0].splitlines():
            if not line.startswith("$ "):
                continue
            lines.append(line)
            program, *arguments = shlex.split(line[2:])
            if program == "cd":
                shell = replace(shell, folder=shell.folder / arguments[0])
                continue
            done = (
                shell.okr(*arguments, **_ALICE)
                if program == "okr"
                else shell.run(program, *arguments, **_ALICE)
            )
            if done.status:
                message = f"{line}: ended with {done.status}: {done.err}"
                raise RuntimeError(message)
            lines += [
                printed.rstrip() for printed in (done.out + done.err).replace(str(work), "~").splitlines()
            ]
        return "\n".join(lines) + "\n"

    return _BLOCK.sub(play, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        README.write_text(played(README.read_text(encoding="utf-8"), Path(temporary)), encoding="utf-8")
