"""Whole screens as files in `golden/`, and the places they are taken in."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.conftest import Outcome, Shell

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = Path(__file__).parents[2] / "examples"


def screen(name: str, printed: str) -> str:
    """What a command is expected to print; with OKR_WRITE_SCREENS set, what it printed becomes that."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("OKR_WRITE_SCREENS"):
        path.write_text(printed, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def use_example(shell: Shell, name: str) -> Shell:
    """A copy of one of the examples to run commands in."""
    shutil.copytree(EXAMPLES / name, shell.folder, dirs_exist_ok=True)
    return shell


def answer(outcome: Outcome) -> dict[str, Any]:
    """The JSON that a command printed; it must have succeeded in silence."""
    assert (outcome.status, outcome.err) == (0, "")
    parsed: dict[str, Any] = json.loads(outcome.out)
    return parsed


def widest(text: str) -> int:
    """How many characters the longest line has."""
    return max(map(len, text.splitlines()))
