"""What git thinks of single paths: tracked, ignored, changed, staged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.run import GitFailed, Repository, run, try_run

if TYPE_CHECKING:
    from collections.abc import Iterable


class PathOutside(OkrError):
    """A path that is not in the repository's work tree."""


class ChangesOverlooked(OkrError):
    """Git was told not to look at a file, and so commits nothing of it."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `git status` says of some paths; names are relative to the top, with forward slashes.

    Attributes:
        head: the id of the last commit, or None before the first.
        changed: tracked paths that differ, each with its two letters: the index against the last commit,
            the work tree against the index (`.` where there is no difference).
        untracked: paths git does not know.
        ignored: paths, and folders with a slash at their end, that git was told to ignore.
    """

    head: str | None
    changed: dict[str, str]
    untracked: frozenset[str]
    ignored: frozenset[str]

    def ignores(self, name: str) -> bool:
        """Whether an untracked path, or a folder it lies in, is ignored."""
        return any(name == one or (one.endswith("/") and name.startswith(one)) for one in self.ignored)


def name_in(repo: Repository, path: Path) -> str:
    """A path as git names it: relative to the top, links followed, with forward slashes.

    Args:
        repo: where.
        path: absolute, or relative to the top.

    Raises:
        PathOutside: it is not in the work tree.
    """
    real = Path(os.path.realpath(repo.top / path))
    if not real.is_relative_to(repo.top):
        raise PathOutside(
            f"{path} is not in the repository at {repo.top}.", "Name a file of that repository."
        )
    return real.relative_to(repo.top).as_posix()


def pathspecs(names: Iterable[str]) -> list[str]:
    """Names as git's arguments after `--`, none of whose characters means anything."""
    return [":(top)" if name == "." else f":(top,literal){name}" for name in names]


def status_of(repo: Repository, names: Iterable[str], *, ignored: bool = False) -> Status:
    """Ask `git status` about some files or folders; no paths means all of them.

    Raises:
        GitFailed: git can't tell.
    """
    listed = run(repo, *status_command(names, ignored=ignored))
    head: str | None = None
    changed: dict[str, str] = {}
    others: dict[str, set[str]] = {"?": set(), "!": set()}
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        kind, _, rest = entry.partition(" ")
        if rest.startswith("branch.oid "):
            head = rest.removeprefix("branch.oid ").replace("(initial)", "") or None
        elif kind in others:
            others[kind].add(rest)
        elif kind == "1":  # XY, submodule, three modes, two ids, path
            changed[rest.split(" ", 7)[7]] = rest[:2]
        elif kind == "u":  # XY, submodule, four modes, three ids, path
            changed[rest.split(" ", 9)[9]] = rest[:2]
    return Status(head, changed, frozenset(others["?"]), frozenset(others["!"]))


def status_command(names: Iterable[str], *, ignored: bool = False) -> tuple[str, ...]:
    """What `status_of` asks git."""
    return (
        *("status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all"),
        *(("--ignored=matching",) if ignored else ()),
        *("--", *pathspecs(names)),
    )


def not_checked_out(repo: Repository, folder: Path) -> frozenset[str]:
    """The files of a folder that a sparse checkout leaves out of the work tree; names are relative to the folder.

    Where nobody has ever asked for a sparse checkout, git is not asked.
    """
    if not (repo.git_dir / "info" / "sparse-checkout").exists():
        return frozenset()
    name = name_in(repo, folder)
    listed = run(repo, "ls-files", "-t", "-z", "--", *pathspecs([name])).decode("utf-8", "surrogateescape")
    skipped = (entry[2:] for entry in listed.split("\0") if entry.startswith("S "))
    start = "" if name == "." else f"{name}/"
    return frozenset(each.removeprefix(start) for each in skipped)


def overlooked(repo: Repository, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The files whose changes git was told to overlook, each with the flags of `git update-index` that say so.

    Args:
        repo: where.
        names: files and folders, relative to the top.
    """
    listed = run(repo, "ls-files", "-v", "-z", "--", *pathspecs(names)).decode("utf-8", "surrogateescape")
    told = {entry[2:]: _flags(entry[0]) for entry in listed.split("\0") if entry}
    return {name: flags for name, flags in told.items() if flags}


def _flags(tag: str) -> tuple[str, ...]:
    """What a letter of `git ls-files -v` says: `S` is left out of the work tree, a small one taken as it is."""
    return tuple(
        flag
        for flag, is_set in (("skip-worktree", tag in {"S", "s"}), ("assume-unchanged", tag.islower()))
        if is_set
    )


def require_seen(repo: Repository, names: Iterable[str]) -> None:
    """Refuses files of which git would commit nothing.

    Raises:
        ChangesOverlooked: git was told to overlook what changes in one of them.
    """
    for name, flags in overlooked(repo, names).items():
        from okr.git.remedies import git_here, names_here

        said = " ".join(f"--{flag}" for flag in flags)
        off = " ".join(f"--no-{flag}" for flag in flags)
        command = f"{git_here(repo.top)} update-index {off} -- {names_here(repo.top, [repo.top / name])}"
        raise ChangesOverlooked(
            f"Git was told to overlook what changes in {name} (`git update-index {said}`), so nothing was committed.",
            f"Take that back, then repeat the command: {command}",
        )


def has_uncommitted_changes(repo: Repository, paths: Iterable[Path]) -> tuple[Path, ...]:
    """Which of these files, and of the files in these folders, differ from the last commit.

    Staged or not, new ones included, ignored ones not.

    Returns:
        Absolute paths in order of their names.
    """
    names = [name_in(repo, path) for path in paths]
    if not names:
        return ()
    status = status_of(repo, names)
    return tuple(repo.top / name for name in sorted({*status.changed, *status.untracked}))


def staged_differs(repo: Repository, path: Path) -> bool:
    """Whether the index holds something for the file that is neither the last commit's nor the work tree's.

    So it is when the user staged part of the file. Staged whole, or marked with `git add -N`, it is not.
    """
    name = name_in(repo, path)
    status = status_of(repo, [name])
    letters = status.changed.get(name, "..")
    return letters[0] != "." and (letters[1] != "." or name in status.untracked)


def ignoring_rule(repo: Repository, path: Path) -> str | None:
    """The rule that makes git ignore an untracked file, as `file:line: pattern`; None where none does."""
    given = f"./{name_in(repo, path)}\0".encode("utf-8", "surrogateescape")
    arguments = ("check-ignore", "--verbose", "-z", "--stdin")
    result = try_run(repo, *arguments, input=given)
    if result.status not in {0, 1}:
        raise GitFailed(arguments, result)
    fields = result.out.decode("utf-8", "surrogateescape").split("\0")
    if result.status or fields[2].startswith("!"):
        return None
    return f"{fields[0]}:{fields[1]}: {fields[2]}"
