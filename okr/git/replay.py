"""Bringing commits on top of others, in a folder of git's own: the user's files, index and branch are not touched.

The log is joined line by line (git's union merge) whatever the repository's attributes say; nothing is left out, and
author, date, message and signing stay. Moving the user's branch to the result is `move`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import OkrError
from okr.git.refusals import IdentityMissing, SignerFailed
from okr.git.run import run, try_run
from okr.git.text import quoted_output
from okr.git.writing import run_to_end
from okr.roots import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.git.run import GitResult, Repository

SCRATCH = "okr-sync"
"""The folder in git's own that all this happens in. The check-in lock guards it: what is found there is left over."""

_UNION = "* merge=union\n"
_SETTINGS = {
    # The commits passed the hooks when they were made; and a hook has no business in our folder.
    "core.hooksPath": "/dev/null",
    "core.bare": "false",
    "core.sparseCheckout": "false",
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "commit.cleanup": "verbatim",
    "i18n.commitEncoding": "UTF-8",
    "merge.conflictStyle": "merge",
    "merge.verifySignatures": "false",
    "rerere.enabled": "false",
    "gc.auto": "0",
}


@dataclass(frozen=True, slots=True)
class ConflictedFile:
    """A file that two sides changed in the same place; contents are None where a side has no such file.

    Attributes:
        path: relative to the top of the repository.
        base: the content both began with.
        theirs: the content on the branch that commits are brought on top of.
        own: the content in the own commit.
        marked: what git's merge made of them, conflict markers and all.
        own_first: whether the own side comes first between the markers.
    """

    path: str
    base: bytes | None
    theirs: bytes | None
    own: bytes | None
    marked: bytes | None
    own_first: bool = False


class Conflict(OkrError):
    """Two sides changed the same place of files that are not logs.

    Attributes:
        commit: the own commit that does not fit.
        files: where.
    """

    def __init__(self, commit: str, files: tuple[ConflictedFile, ...]) -> None:
        names = ", ".join(file.path for file in files)
        super().__init__(f"The commit {commit[:10]} and others changed the same place of {names}.")
        self.commit = commit
        self.files = files


@dataclass(frozen=True, slots=True)
class HiddenTree:
    """A work tree nobody sees, at a commit; it holds only the files that a merge has to write."""

    repository: Repository
    work: Path

    @property
    def tip(self) -> str:
        """The commit it is at."""
        # Nobody else writes here, and no branch is ever checked out.
        return (self.repository.git_dir / "HEAD").read_text(encoding="ascii").strip()

    def pick(self, start: str, end: str) -> str:
        """Repeat the commits of `end` that are not in `start`, oldest first; empty ones too.

        Returns:
            The last of the new commits.

        Raises:
            Conflict: a commit does not fit.
            OkrError: git could not make a commit.
        """
        keep = ("--allow-empty", "--allow-empty-message", "--keep-redundant-commits")
        result = self._run("cherry-pick", *keep, f"{start}..{end}")
        if result.status:
            picked = self._run("rev-parse", "--verify", "--quiet", "CHERRY_PICK_HEAD").out.decode().strip()
            raise self._failure(result, picked or end)
        return self.tip

    def merge(self, other: str, message: str, *, own: str) -> str:
        """Merge a commit into the one the tree is at; does nothing where it is contained already.

        Args:
            other: the commit.
            message: of the merge.
            own: the commit to name in a conflict.

        Returns:
            The commit the tree is at then.

        Raises:
            Conflict: they don't fit.
            OkrError: git could not make the commit.
        """
        result = self._run("merge", "--ff", "--no-edit", "--no-stat", "-m", message, other)
        if result.status:
            raise self._failure(result, own, own_first=True)
        return self.tip

    def _failure(self, result: GitResult, commit: str, *, own_first: bool = False) -> OkrError:
        files = self._conflicted(own_first=own_first)
        if files:
            return Conflict(commit, files)
        said = quoted_output(result.err + b"\n" + result.out)
        if "failed to sign" in said or "failed to write commit object" in said:
            return SignerFailed(
                f"Your commits could not be brought on top of the others: signing failed. Git said:\n{said}",
                "Mend the signing (see `git config --get-regexp 'gpg|sign'`), then repeat the command.",
            )
        if "tell me who you are" in said or "empty ident" in said or "auto-detect" in said:
            return IdentityMissing(
                "Git does not know who you are, so your commits can't be brought on top of the others.",
                "Tell it with `git config user.name NAME` and `git config user.email ADDRESS`.",
            )
        return OkrError(
            f"Your commits could not be brought on top of the others. Git said:\n{said}",
            "Nothing was changed. Mend what it says, then repeat the command.",
        )

    def _conflicted(self, *, own_first: bool) -> tuple[ConflictedFile, ...]:
        listed = self._run("ls-files", "--unmerged", "-z").out.decode("utf-8", "surrogateescape")
        stages: dict[str, dict[str, bytes]] = {}
        for entry in listed.split("\0")[:-1]:
            meta, _, path = entry.partition("\t")
            _, blob, stage = meta.split()
            content = try_run(self.repository, "cat-file", "blob", blob)
            stages.setdefault(path, {})[stage] = content.out
        found = []
        for path, sides in stages.items():
            written = self.work / path
            marked = written.read_bytes() if written.is_file() else None
            first, second = sides.get("2"), sides.get("3")
            own, theirs = (first, second) if own_first else (second, first)
            found.append(ConflictedFile(path, sides.get("1"), theirs, own, marked, own_first))
        return tuple(found)

    def prepare(self, commit: str) -> None:
        """Put the tree at a commit: its index whole, of its files only the attributes.

        Raises:
            OkrError: git could not.
        """
        (self.repository.git_dir / "HEAD").write_text(f"{commit}\n", encoding="ascii")
        result = self._run("read-tree", commit)
        if not result.status:
            # Git's merge reads attributes from the work tree alone.
            listed = self._run("ls-files", "-z", "--", f":(top,glob)**/{ATTRIBUTES}")
            result = self._run("checkout-index", "-z", "--stdin", input=listed.out) if listed.out else listed
        if result.status:
            raise self._failure(result, commit)

    def _run(self, *arguments: str, input: bytes = b"") -> GitResult:  # noqa: A002 # as in run_to_end
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        where = (f"--git-dir={self.repository.git_dir}", f"--work-tree={self.work}")
        return run_to_end(replace(self.repository, top=self.work), *settings, *where, *arguments, input=input)


@contextmanager
def hidden_tree(repo: Repository, at: str, other: str, *, logs: str) -> Iterator[HiddenTree]:
    """A work tree of its own at a commit, gone again afterwards; the check-in lock must be held.

    It is a git folder that shares the repository's objects and settings and has its own HEAD and index, so that
    nothing is registered in the repository and whatever a killed command leaves is one folder to remove.

    Args:
        repo: whose commits.
        at: the commit it begins at.
        other: the commit that will be brought on top of it, or merged into it.
        logs: the folder below which files are joined line by line, relative to the top of the repository; a
            .gitattributes in there is the repository's own word and is left to decide.

    Raises:
        OkrError: git could not set it up.
    """
    scratch = repo.common_dir / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    git_dir, work = scratch / "git", scratch / "work"
    try:
        _lay_out(repo, git_dir, work)
        tree = HiddenTree(replace(repo, git_dir=git_dir), work)
        tree.prepare(at)
        if not any(_has_attributes(repo, commit, logs) for commit in (at, other)):
            attributes = work / logs / ATTRIBUTES
            attributes.parent.mkdir(parents=True, exist_ok=True)
            attributes.write_text(_UNION, encoding="ascii")
        yield tree
    except OSError as error:
        raise OkrError(
            f"Commits could not be brought on top of others: {error.filename} can't be written "
            f"({error.strerror}).",
            "Nothing was changed. Mend that, then repeat the command.",
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _lay_out(repo: Repository, git_dir: Path, work: Path) -> None:
    git_dir.mkdir(parents=True)
    work.mkdir()
    (git_dir / "commondir").write_bytes(os.fsencode(f"{repo.common_dir}\n"))
    own_settings = repo.git_dir / "config.worktree"
    if own_settings.is_file():
        shutil.copyfile(own_settings, git_dir / "config.worktree")


def _has_attributes(repo: Repository, commit: str, folder: str) -> bool:
    listed = run(repo, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", f"{folder}/")
    return any(name.endswith(f"/{ATTRIBUTES}".encode()) for name in listed.split(b"\0"))
