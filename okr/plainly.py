"""Command lines that say so plainly what they mean that nobody waits for typer, whose import takes four times as long as Python's start.

Only those that ask for a comparison in the words of `_FLAGS` and `_WITH_A_VALUE`, each at most once and apart from its value.
Whatever is not plainly right is typer's to read, and to refuse; a test holds what the two make of a command line together.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Sequence


_COMMAND = "diff"
_SHARED_FLAGS, _SHARED_WITH_A_VALUE = {"--no-color", "--no-cache"}, {"--as-of", "-C", "--directory"}
_FLAGS, _WITH_A_VALUE = {"--json", "--plain", "--exit-code"}, {"--format", "--cycle"}
_SAME = {"-C": "--directory"}
FORMATS = {each: each for each in ("text", "markdown", "json", "html")} | {"md": "markdown"}
"""How an answer may be written, as `diff_answer.py` has it; many call Markdown `md`."""


def answered_plainly(arguments: list[str]) -> int | None:
    """Answers a command line, and gives the exit status; None where typer has to read it.

    Args:
        arguments: what follows `okr`.
    """
    if _COMMAND not in arguments or "_OKR_COMPLETE" in os.environ:
        return None
    options = read_plainly(arguments)
    if options is None:
        return None
    asked = options[1][0] if options[1] else ""
    with ExitStack() as looking:
        with suppress(OSError):  # what is wrong there, the command says
            root = _root(options[0])
            if root is not None:
                _look(looking, root, asked)
        from okr.commands.running import ended

        return ended(arguments, lambda: _diff(*options))


def read_plainly(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]] | None:
    """The options of a comparison, by their long names, and what it is of; None where that takes a closer look.

    Args:
        arguments: what follows `okr`.
    """
    found: dict[str, str] = {}
    words: list[str] = []
    named = False
    left = iter(arguments)
    for word in left:
        option = _SAME.get(word, word)
        if option in _SHARED_FLAGS or (named and option in _FLAGS):
            value = ""
        elif option in _SHARED_WITH_A_VALUE or (named and option in _WITH_A_VALUE):
            value = next(left, "")
            if not value or value.startswith("-"):
                return None
        elif not word or word.startswith("-") or (not named and word != _COMMAND):
            return None
        else:
            words += [word] if named else []
            named = True
            continue
        if option in found:
            return None
        found[option] = value
    right = named and found.get("--format", "md") in FORMATS and _is_day(found.get("--as-of", "2026-11-23"))
    return (found, words) if right else None


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _root(options: dict[str, str]) -> str | None:
    """The workspace that is meant, if there is one."""
    from okr.roots import workspace_above

    folder = os.path.abspath(options.get("--directory", "."))  # noqa: PTH100 # pathlib takes long to import
    return workspace_above(folder) if os.path.isdir(folder) else None  # noqa: PTH112 # likewise


def _look(looking: ExitStack, root: str, asked: str) -> None:
    """Lets git look for what a comparison begins with, and then for that itself."""
    from pathlib import Path

    from okr.operations.looking import looking_for_commits, looking_for_difference

    looking.enter_context(looking_for_commits(Path(root), asked, plain=True))

    if ".." in asked:
        pass

    looking.enter_context(looking_for_difference(Path(root), asked))


def _diff(options: dict[str, str], names: list[str]) -> int:
    """Does what the command line says."""
    from datetime import date
    from pathlib import Path

    from okr.commands.diff_answer import Format, answer
    from okr.commands.running import invocation

    asked = invocation()
    asked.directory = Path(options.get("--directory", ""))
    asked.as_of = date.fromisoformat(options["--as-of"]) if "--as-of" in options else None
    asked.color = False if "--no-color" in options else None
    asked.cache = "--no-cache" not in options
    return answer(
        names,
        cycle=options.get("--cycle"),
        as_format=Format(FORMATS[options["--format"]]) if "--format" in options else None,
        as_json="--json" in options,
        plain="--plain" in options,
        exit_code="--exit-code" in options,
    )
