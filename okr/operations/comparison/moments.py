"""Which commit a person means by a revision or a day, so that it can be shown in place of the working tree."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from okr.errors import OkrError, UsageError
from okr.patterns import DAY, pattern
from okr.revisions import Moment, Revision
from okr.sources import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from okr.git.objects import Objects
    from okr.repository import Repository

_SHORT_ID = 7
_PLAIN_NAME = pattern(r"[A-Za-z0-9][\w./-]*", re.ASCII)
_COMMITTED = pattern(
    rb"\ncommitter [^\n]*> (?P<seconds>[0-9]{1,11}) (?P<sign>[+-])(?P<hours>0[0-9]|1[0-4])(?P<minutes>[0-5][0-9])$",
    re.MULTILINE,
)
_EPOCH, _SECONDS_OF_A_DAY = date(1970, 1, 1), 86_400


def revision_at(root: Path, asked: str) -> tuple[Moment, Revision]:
    """The workspace's files as a commit has them.

    Args:
        root: the workspace's root in the working tree.
        asked: a branch, a tag, an id, `HEAD~3`; or a day, which stands for the last commit of the current branch
            up to its end, every commit's day being that of its committer.

    Raises:
        OkrError: the workspace is in no repository, the branch has no commit that old, or the commit has no
            workspace in that folder.
        UsageError: there is no such commit, or no such day.
    """
    from okr.repository import find_repository

    repo = find_repository(root)
    if repo is None:
        raise OkrError(
            f"{root} is in no git repository: only the files as they are now can be shown",
            "leave --at out",
        )
    moment = moment_of(repo, asked, "--at")
    files = Revision(repo, moment.commit, root)
    if files.read(SETTINGS) is None:
        short = moment.commit[:_SHORT_ID]
        raise OkrError(
            f"{asked} has no workspace in this folder: there is no {SETTINGS} at {short}",
            f"`git log -- {SETTINGS}` shows since when there is one",
        )
    return moment, files


def where_they_part(repo: Repository, base: Moment, head: str, names: str, otherwise: str) -> Moment:
    """The last commit that two have in common: where the second has left the first.

    Args:
        repo: where.
        base: the first.
        head: the second: a full commit id, or `HEAD`.
        names: what the two are called in a message.
        otherwise: what to do where they have none.

    Raises:
        OkrError: they have none.
    """
    from okr.git.history import committed_on
    from okr.repository import is_shallow, merge_base

    common = merge_base(repo, base.commit, head)
    if common is None:
        if is_shallow(repo):
            otherwise = "this clone is shallow: `git fetch --unshallow` brings the older commits; in CI, fetch all of the history"
        raise OkrError(f"{names} have no commit in common here", otherwise)
    return Moment(common[:_SHORT_ID], common, committed_on(repo, common))


def is_plain_name(asked: str) -> bool:
    """Whether a text, if it names a commit, does so by itself: no parent has to be looked for, which may be a replaced one's."""
    return _PLAIN_NAME.fullmatch(asked) is not None and ".." not in asked


def is_day(asked: str) -> bool:
    """Whether a text is to be a day."""
    return DAY.fullmatch(asked) is not None


def moment_of(repo: Repository, asked: str, option: str = "", objects: Objects | None = None) -> Moment:
    """The commit that a person means by a revision or a day.

    Args:
        repo: where.
        asked: as for `revision_at`.
        option: what it was asked with, for the messages; empty for an argument.
        objects: where commits are read from, by whoever reads more of them.

    Raises:
        OkrError: the branch has no commit that old.
        UsageError: there is no such commit, or no such day.
    """
    from okr.repository import is_shallow

    if not is_day(asked):
        return Moment(asked, *_named(repo, asked, objects))
    from okr.git.history import last_commit_up_to

    try:
        day = date.fromisoformat(asked)
    except ValueError:
        where = f"{option}: " if option else ""
        raise UsageError(f"{where}there is no day {asked}", "write it as 2026-11-23") from None
    last = last_commit_up_to(repo, day)
    if last is None:
        remedy = "`git log` shows how far back it goes"
        if is_shallow(repo):
            remedy = "this clone is shallow: `git fetch --unshallow` brings the older commits"
        raise OkrError(f"the current branch has no commit of {asked} or earlier", remedy)
    return Moment(asked, last, day)


def _named(repo: Repository, asked: str, objects: Objects | None) -> tuple[str, date]:
    """The full id of the commit that a person names, and the day on which it was made, where its committer was."""
    from okr.repository import RevisionUnknown, resolve_revision

    plain = is_plain_name(asked)
    found = _read(objects, asked) if objects and plain else None
    if found is not None:
        return found
    if objects and not plain:
        commit = resolve_revision(repo, asked)
        found = _read(objects, commit)
        if found is not None:
            return found
    from okr.git.history import commit_named, committed_on  # more to import, and seldom needed

    found = commit_named(repo, asked) if plain else None
    if found is not None:
        return found
    try:
        commit = resolve_revision(repo, asked)
    except RevisionUnknown as error:
        raise RevisionUnknown(error.message, f"{in_figures(asked)} {error.remedy}".lstrip()) from None
    return commit, committed_on(repo, commit)


def in_figures(asked: str) -> str:
    """What to say first to whoever names a day as `yesterday` or `20.11.2026`, where a commit may be named; empty otherwise."""
    from okr.days import day_in_words, days_meant

    if day_in_words(asked, _EPOCH):
        return "A day is named in figures here, such as 2026-11-23."
    meant = " or ".join(map(str, days_meant(asked)))
    return f"A day is written as {meant}." if meant else ""


def _read(objects: Objects, name: str) -> tuple[str, date] | None:
    """The full id of a commit and the day on which it was made, as `commit_named` has it, where that is plainly said."""
    found = objects.commit(name)
    said = _COMMITTED.search(found[1].partition(b"\n\n")[0]) if found else None
    if found is None or said is None:
        return None
    ahead = (int(said["hours"]) * 60 + int(said["minutes"])) * 60
    seconds = int(said["seconds"]) + (-ahead if said["sign"] == b"-" else ahead)
    return found[0], _EPOCH + timedelta(days=seconds // _SECONDS_OF_A_DAY)
