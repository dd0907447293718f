"""A change of files as a unified diff, coloured on terminals; piped, one that `git apply` takes.

What no terminal should get from a file is spelled out; tabs and the breaks of lines stay as they are. In CI's log
no line becomes a command.
"""

from __future__ import annotations

import difflib
import re
import sys
from typing import TYPE_CHECKING

from okr.views.text import printable
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_NO_LAST_BREAK = "\\ No newline at end of file"
_HEADER = 2
_STYLES = {"+++": "bold", "---": "bold", "+": "green", "-": "red", "@": "cyan"}


def unified_diff(path: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    """The lines of a diff of one file, without line breaks.

    Args:
        path: how the file is named.
        before: its bytes; None where there is no such file yet.
        after: its bytes afterwards; None where it goes.
    """
    old, new = (_LINE.findall((content or b"").decode("utf-8", "replace")) for content in (before, after))
    name = printable(path)
    shown = (
        f"a/{name}" if before is not None else "/dev/null",
        f"b/{name}" if after is not None else "/dev/null",
    )
    for number, line in enumerate(difflib.unified_diff(old, new, *shown, lineterm="")):
        content = line.removesuffix("\n")
        end = "\r" if content.endswith("\r") else ""
        yield "\t".join(map(printable, content.removesuffix("\r").split("\t"))) + end
        if number >= _HEADER and not line.startswith("@@") and not line.endswith("\n"):
            yield _NO_LAST_BREAK


def show_diff(lines: Iterable[str], *, color: bool | None) -> None:
    """Writes a diff to stdout, in colours where the terminal and the user want them.

    Args:
        lines: the diff.
        color: False where colours were refused.
    """
    from rich.text import Text

    from okr.views.terminal import stdout

    console = stdout(color=color)
    for line in lines:
        if console.is_terminal and not console.no_color:
            style = next((style for start, style in _STYLES.items() if line.startswith(start)), "")
            console.print(Text(line.removesuffix("\r"), style), soft_wrap=True)
        else:
            sys.stdout.write(for_log(line) + "\n")
