"""What begins before the command line is parsed: git's first commands, and the reading of plans, while typer is imported.

It only saves time. It guesses from the arguments which command is meant: whatever does not begin here, the command
itself begins, and what nobody asks for ends with the process.
"""

from __future__ import annotations

import os
from contextlib import suppress

from okr.roots import PLANS, workspace_above

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Sequence

_ALONE, _WITH_A_VALUE = {"--no-color", "--no-cache"}, {"--as-of", "-C", "--directory"}
_LOOKING = {
    "show": {"--at"},
    "status": {"--at"},
    "due": {"--at"},
    "diff": set(),
    "checkin": {"--no-commit", "--dry-run", "--commit-pending"},
}
"""The commands that look at git, and with which options they do not."""
_HEARING = {"log": {"--json", "--no-pager"}, "audit": {"--every-commit", "--json", "--require-signed"}}
"""The commands that hear all of a history, and with which options, none of them with a value, they still do."""


def begin(arguments: Sequence[str]) -> None:
    """Begins what a command line will wait for.

    Args:
        arguments: what follows `okr`.
    """
    asked = _glance(arguments)
    if asked is None or "_OKR_COMPLETE" in os.environ:
        return
    command, directory, names = asked
    with suppress(OSError):  # what is wrong there, the command says
        folder = os.path.abspath(directory)  # noqa: PTH100 # pathlib takes long to import
        root = workspace_above(folder)
        if root is not None and os.path.isdir(folder):  # noqa: PTH112 # likewise
            _begin(command, root, names, may_keep="--no-cache" not in arguments)


def _glance(arguments: Sequence[str]) -> tuple[str, str, str] | None:
    """The command and the folder that a command line names, and what follows, where it is one of those that look at git."""
    directory, left = ".", iter(arguments)
    for word in left:
        if word in _WITH_A_VALUE:
            value = next(left, "")
            directory = directory if word == "--as-of" else value
        elif word in _LOOKING:
            words = list(left)
            return None if _does_not_look(word, words) else (word, directory, _first(words))
        elif word in _HEARING:
            return _hearing(word, [each for each in left if each.startswith("-")], directory)
        elif word not in _ALONE:
            break
    return None


def _first(words: Sequence[str]) -> str:
    """What may name two revisions, as far as a glance tells; else the first word that is no option."""
    names = [each for each in words if not each.startswith("-")]
    return next((each for each in names if ".." in each), names[0] if names else "")


def _hearing(command: str, options: list[str], directory: str) -> tuple[str, str, str] | None:
    if not _HEARING[command].issuperset(options):
        return None
    paged = command == "log" and not {"--json", "--no-pager"}.intersection(options) and os.isatty(1)
    return None if paged else (command, directory, "")


def _does_not_look(command: str, words: Sequence[str]) -> bool:
    """Whether a command does not look at git, or somewhere else, or where it does is not said simply enough."""
    if command == "checkin" and (not words or words[0].startswith("-")):
        return True
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    elsewhere = any(each.startswith("-C") for each in options) or not options.isdisjoint(_NOWHERE)
    return elsewhere or not options.isdisjoint(_LOOKING[command])


_NOWHERE = {"--directory", "--help", "-h"}


def _begin(command: str, root: str, names: str, *, may_keep: bool) -> None:
    import atexit
    from contextlib import ExitStack

    begun = ExitStack()
    atexit.register(begun.close)
    if command == "show":
        from okr.reading_ahead import is_read_ahead, reading_ahead

        begun.enter_context(reading_ahead(root, PLANS, may_keep=may_keep))
        if is_read_ahead(root):
            return  # git is asked last, and would take turns with it: the command begins it
    from pathlib import Path

    from okr.operations import looking

    if command == "diff":
        begun.enter_context(looking.looking_for_commits(Path(root), names, plain=True))
        import okr.commands.diff_answer  # git has not told yet which commits they are
        import okr.operations.comparison.sides  # noqa: F401 # for whoever compares

        begun.enter_context(looking.looking_for_difference(Path(root), names))
        return
    looks = {
        "checkin": looking.looking_before_a_commit,
        "log": looking.looking_at_history,
        "audit": looking.looking_at_history,
    }
    look = looks.get(command, looking.looking_at_logs)
    begun.enter_context(look(Path(root)))
