"""Whether a command may ask questions; how they are asked is for the commands that do."""

from __future__ import annotations

import sys


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()
