"""Whether git's index lags behind the last commit, and letting it catch up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.git.paths import name_in, pathspecs
from okr.git.run import run, try_run
from okr.git.writing import run_to_end

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from okr.git.run import Repository


def index_behind(repo: Repository, path: Path) -> tuple[Path, ...]:
    """The logs for which the index lags behind the last commit, as after one that was cut off.

    Git moves the branch first and writes the index then. A process killed in between leaves an index that
    would take the new lines away again with the user's next commit. Since a log only grows, it is told by
    this: the index lacks lines that both the last commit and the file itself have, and has none of its own;
    or it lacks a file that the last commit itself brought.

    Args:
        repo: where.
        path: a log, or a folder of logs.

    Returns:
        Absolute paths in order of their names.
    """
    listed = try_run(repo, *behind_command(repo, path))
    fields = listed.out.decode("utf-8", "surrogateescape").split("\0")[:-1] if listed.status == 0 else []
    entries = zip(fields[::2], fields[1::2], strict=True)
    return tuple(repo.top / name for meta, name in entries if _lags(repo, name, *meta.split()[2:]))


def behind_command(repo: Repository, path: Path) -> tuple[str, ...]:
    """What `index_behind` asks git first."""
    asked = ("diff-index", "--cached", "-z", "--no-renames", "--no-abbrev")
    return (*asked, "HEAD", "--", *pathspecs([name_in(repo, path)]))


def _lags(repo: Repository, name: str, committed: str, staged: str, letter: str) -> bool:
    if letter not in {"M", "D"} or not (repo.top / name).is_file():
        return False
    old = run(repo, "cat-file", "blob", staged) if letter == "M" else b""
    if letter == "D" and not try_run(repo, "cat-file", "-e", f"HEAD^:{name}").status:
        return False
    new = _line_counts(run(repo, "cat-file", "blob", committed))
    return _line_counts(old) < new <= _line_counts((repo.top / name).read_bytes())


def _line_counts(content: bytes) -> Counter[bytes]:
    return Counter(content.splitlines())


def align_index(repo: Repository, paths: Iterable[Path]) -> None:
    """Let the index hold what the last commit has of these files; the files themselves are not touched."""
    align_names(repo, [name_in(repo, path) for path in paths])


def align_names(repo: Repository, names: Iterable[str]) -> None:
    """As `align_index`, of files by the names that git has for them."""
    run_to_end(repo, "reset", "--quiet", "HEAD", "--", *pathspecs(names))
