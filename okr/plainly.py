"""Command lines that say so plainly what they mean that nobody waits for typer, whose import takes four times as long as Python's start.

Only those that ask for a comparison in the words of `_FLAGS` and `_WITH_A_VALUE`, each at most once and apart from its value.
Whatever is not plainly right is typer's to read, and to refuse; a test holds what the two make of a command line together.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
    with _begun(*options):
        from okr.commands.running import ended  # git looks while this and all else is imported

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


@contextmanager
def _begun(options: dict[str, str], names: Sequence[str]) -> Iterator[None]:
    """Within it git looks for what the comparison begins with."""
    from okr.roots import workspace_above

    with ExitStack() as begun:
        with suppress(OSError):  # what is wrong there, the command says
            folder = os.path.abspath(options.get("--directory", "."))  # noqa: PTH100 # pathlib takes long to import
            root = workspace_above(folder)
            if root is not None and os.path.isdir(folder):  # noqa: PTH112 # likewise
                from pathlib import Path

                from okr.operations.looking import looking_for_commits

                begun.enter_context(looking_for_commits(Path(root), names[0] if names else ""))
        yield


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
