"""What differs between two commits, or a commit and the work tree; and what else git finds faster than anybody.

Only names, as git's own comparison gives them; contents are for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.objects import FOLDER, LINK, SUBMODULE, Entry
from okr.git.paths import pathspecs
from okr.git.run import GENUINE, GitFailed, run, try_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.git.run import Repository

_PLAIN = ("--raw", "-z", "--no-renames", "--no-ext-diff", "--no-color", "--no-relative")
_NO_SUBMODULES = "--ignore-submodules=all"
_FOLDER, _NOTHING = "040000", "000000"


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    """The files that differ between two states.

    Attributes:
        names: relative to the repository's top, with forward slashes; some may turn out to be the same after all.
        links: whether a symbolic link is among them, on either side.
        entries: of two commits, what each of them has, by the same names, of files, and of folders in which anything
            differs; None where it has nothing of that name.
    """

    names: frozenset[str]
    links: bool
    entries: tuple[Mapping[str, Entry | None], Mapping[str, Entry | None]] | None = None


def named_commits(repo: Repository) -> list[str]:
    """The names of branches, also those of remotes, and of tags.

    Raises:
        GitFailed: git can't list them.
    """
    kinds = ("refs/heads", "refs/remotes", "refs/tags")
    listed = run(repo, "for-each-ref", "--format=%(refname:short)", *kinds)
    return listed.decode("utf-8", "replace").splitlines()


def changed_files(repo: Repository, old: str, new: str | None, folder: str) -> ChangedFiles:
    """The files of a folder that differ between two commits, or a commit and the work tree.

    In the work tree every file counts, ignored ones too. The index is neither taken for the work tree nor written.

    Args:
        repo: where.
        old: a full id.
        new: likewise; None for the work tree.
        folder: relative to the top, with forward slashes; `.` for all of it.

    Raises:
        GitFailed: git can't compare them.
    """
    commands = difference_commands(old, new, folder)
    listed, *rest = (run(repo, *each) for each in commands)
    if not rest:
        return _between(listed)
    (others,) = rest
    parts = listed.decode("utf-8", "surrogateescape").split("\0")
    names = {*parts[1::2], *others.decode("utf-8", "surrogateescape").split("\0")} - {""}
    links = any(LINK in head[1:].split(" ")[:2] for head in parts[0::2])
    return ChangedFiles(frozenset(names), links)


def difference_commands(old: str, new: str | None, folder: str) -> tuple[Sequence[str], ...]:
    """What git is asked for the files of a folder that differ, as for `changed_files`."""
    paths = ("--", *pathspecs([folder]))
    if new is not None:
        asked = (*_PLAIN, "--no-abbrev", "--ignore-submodules=none")
        return ((GENUINE, "diff-tree", "-r", "-t", *asked, old, new, *paths),)
    # As people call it, for it looks again at files of which only the times differ.
    again = ("-c", "diff.autoRefreshIndex=true")
    return (
        (GENUINE, *again, "diff", *_PLAIN, _NO_SUBMODULES, old, *paths),
        ("ls-files", "--others", "-z", *paths),
    )


def _between(listed: bytes) -> ChangedFiles:
    """What differs between two commits; submodules count as little as folders, but that they are there."""
    parts = listed.decode("utf-8", "surrogateescape").split("\0")
    names: set[str] = set()
    links = False
    sides: tuple[dict[str, Entry | None], dict[str, Entry | None]] = ({}, {})
    for head, name in zip(parts[0:-1:2], parts[1::2], strict=True):
        *modes, before, after, _ = head[1:].split(" ")
        for side, mode, id_ in zip(sides, modes, (before, after), strict=True):
            if mode == _NOTHING:  # a file in place of a folder is told in two lines
                side.setdefault(name, None)
            else:
                side[name] = Entry(FOLDER if mode == _FOLDER else mode, id_)
        links = links or LINK in modes
        if not {_FOLDER, _NOTHING, SUBMODULE}.issuperset(modes):
            names.add(name)
    return ChangedFiles(frozenset(names), links, sides)


def lines_mentioning(
    repo: Repository, commit: str, texts: Iterable[str], folders: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """The lines of a commit's files that hold any of some texts, each with the file's name.

    Args:
        repo: where.
        commit: its full id.
        texts: what to look for, none of whose characters means anything; without line breaks.
        folders: where, relative to the top; those that are not there hold nothing.

    Raises:
        GitFailed: git can't search.
    """
    arguments = (
        *(
            GENUINE,
            "grep",
            "-z",
            "--text",
            "--fixed-strings",
            "--full-name",
            "--no-color",
            "--no-line-number",
        ),
        *("--no-column", "--no-heading", "--no-break", "--no-recurse-submodules", "-f", "-", commit),
        *("--", *pathspecs(folders)),
    )
    given = "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")
    result = try_run(repo, *arguments, input=given) if given else None
    if result is None or result.status == 1:
        return
    if result.status:
        raise GitFailed(arguments, result)
    for entry in result.out.decode("utf-8", "surrogateescape").split("\n"):
        name, found, line = entry.partition("\0")
        if found:
            yield name.removeprefix(f"{commit}:"), line
