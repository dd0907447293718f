"""A text in the user's own editor: git's choice, run through the shell as git does; nothing that a file says is run."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from okr.errors import OkrError
from okr.git.run import GitMissing, call_git
from okr.git.writing import uninterrupted


class EditorFailed(OkrError):
    """The editor ended with an error.

    Attributes:
        saved: what it had saved by then.
    """

    def __init__(self, status: int, command: str, saved: str) -> None:
        super().__init__(
            f"The editor ended with status {status}; nothing was recorded.",
            f"It was run as `{command}`: git's core.editor, or the variables VISUAL and EDITOR, name another.",
        )
        self.saved = saved


def edited(root: Path, name: str, text: str) -> str:
    """A text as the editor leaves it.

    Args:
        root: the workspace's root: git's settings there say which editor.
        name: the file's name, by which editors tell what it is.
        text: what it begins with.

    Raises:
        EditorFailed: the editor ends with an error.
        OkrError: the editor can't be run, or its file can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="okr-") as folder:  # for the user alone
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", errors="replace")
        command = editor_of(root)
        process = subprocess.Popen(["sh", "-c", f'{command} "$@"', command, str(path)])
        with uninterrupted():  # Ctrl-C is the editor's while it runs
            status = process.wait()
        try:
            saved = path.read_text(encoding="utf-8-sig", errors="replace")
        except OSError as error:
            raise OkrError(f"The form can't be read any more: {error.strerror}.", "Try again.") from error
    if status:
        raise EditorFailed(status, command, saved)
    return saved


def editor_of(root: Path) -> str:
    """The editor as git chooses it, a command for the shell; vi where nobody says anything.

    Raises:
        OkrError: the terminal can't show vi, and no other is named.
    """
    try:
        result = call_git("-C", str(root), "var", "GIT_EDITOR")
    except GitMissing:
        return os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    named = result.out.decode("utf-8", "surrogateescape").strip()
    if result.status or not named:
        raise OkrError(
            "No editor is named, and this terminal can't show vi.",
            "Set the variable EDITOR to one that it can.",
        )
    return named
