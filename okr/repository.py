"""Git, and nothing else of okr talks to git: finding a repository, reading its commits, and the way to the rest.

The rest lies in `okr/git`, by subject: running git (`run` to read, `writing` to write), whether a commit is possible
now (`state`), single paths (`paths`), the commit itself (`commit`), why there was none (`refusals`), git's index
(`index`).
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from okr.errors import OkrError, UsageError
from okr.git.paths import (
    PathOutside,
    has_uncommitted_changes,
    ignoring_rule,
    name_in,
    not_checked_out,
    pathspecs,
    staged_differs,
    status_of,
)
from okr.git.run import (
    SHALLOW,
    WHERE,
    GitFailed,
    GitMissing,
    GitResult,
    Repository,
    call_git,
    resolving_command,
    run,
    try_run,
    without_local_variables,
)
from okr.git.text import plain_text, quoted_output, safe_line, safe_paragraph
from okr.patterns import pattern

if TYPE_CHECKING:
    from okr.git.commit import (
        Commit,
        CommitIncomplete,
        checkin_lock,
        commit_only,
        looks_before,
        status_before,
    )
    from okr.git.index import align_index, index_behind
    from okr.git.refusals import (
        CommitFailed,
        HookRejected,
        IdentityMissing,
        NothingToCommit,
        PathIgnored,
        SignerFailed,
    )
    from okr.git.state import (
        Identity,
        Obstacle,
        ObstacleFound,
        ObstacleKind,
        identity,
        obstacle,
        under_way,
    )

__all__ = [
    "UNSHALLOW",
    "Commit",
    "CommitFailed",
    "CommitIncomplete",
    "GitFailed",
    "GitMissing",
    "GitResult",
    "HookRejected",
    "Identity",
    "IdentityMissing",
    "NothingToCommit",
    "Obstacle",
    "ObstacleFound",
    "ObstacleKind",
    "PathIgnored",
    "PathOutside",
    "Repository",
    "RepositoryUnusable",
    "RevisionUnknown",
    "SignerFailed",
    "align_index",
    "checkin_lock",
    "commit_only",
    "create_repository",
    "find_repository",
    "has_uncommitted_changes",
    "head_blob",
    "head_command",
    "head_holds",
    "identity",
    "ignoring_rule",
    "index_behind",
    "is_shallow",
    "looks_before",
    "merge_base",
    "name_in",
    "not_checked_out",
    "obstacle",
    "pathspecs",
    "plain_text",
    "resolve_revision",
    "run",
    "safe_line",
    "safe_paragraph",
    "staged_differs",
    "status_before",
    "status_of",
    "try_run",
    "under_way",
]

_OF_COMMITS = ("commit", "index", "refusals", "state")
"""What only those need who make a commit: imported once somebody asks for any of it."""

if not TYPE_CHECKING:

    def __getattr__(name):  # noqa: ANN001, ANN202 # to type checkers all of it is imported above
        for module in _OF_COMMITS if name in __all__ else ():
            held = vars(import_module(f"okr.git.{module}"))
            if name in held:
                globals()[name] = held[name]
                return held[name]
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)


_NO_REPOSITORY = pattern(rb"not a git repository \(or any")
_COMMAND = pattern(r"^\s*(git config .*safe\.directory .*)$", re.MULTILINE)


class RepositoryUnusable(OkrError):
    """There is a repository, but git refuses to use it."""


class RevisionUnknown(UsageError):
    """A commit, branch, tag or date that git can't find."""


def find_repository(start: Path) -> Repository | None:
    """The repository a folder or file is in; the nearest existing folder counts where it does not exist yet.

    Returns:
        None where there is none, and inside git's own folder.

    Raises:
        GitMissing: there is no git.
        RepositoryUnusable: git refuses: the owner is somebody else, or the repository is broken.
    """
    folder = Path(os.path.realpath(start))
    while not folder.is_dir():
        folder = folder.parent
    result = call_git("-C", str(folder), *WHERE)
    lines = result.out.decode("utf-8", "surrogateescape").split("\n")[:-1]
    if result.status and not lines:
        if _NO_REPOSITORY.search(result.err):
            return None
        raise _unusable(folder, result)
    bare = lines[0] == "true"
    if len(lines) != len(WHERE) - (2 if result.status else 1):
        raise RepositoryUnusable(
            f"The path of the repository around {folder} has a line break in it.", "Rename the folder."
        )
    if result.status and not bare:
        return None
    git_dir = Path(os.path.realpath(lines[1]))
    common_dir = Path(os.path.realpath(folder / lines[2]))
    top = git_dir if bare else Path(os.path.realpath(lines[3]))
    return Repository(top, git_dir, common_dir, bare)


def _unusable(folder: Path, result: GitResult) -> RepositoryUnusable:
    said = quoted_output(result.err)
    command = _COMMAND.search(said)
    if "dubious ownership" in said:
        remedy = f"If you trust it, say so to git: {command[1]}" if command else said
        return RepositoryUnusable(f"Git does not trust {folder}: somebody else owns the repository.", remedy)
    return RepositoryUnusable(
        f"Git can't use the repository around {folder}: {said}",
        "Mend the repository; `git status` says the same.",
    )


def create_repository(folder: Path, branch: str = "main") -> Repository:
    """Make a folder a new repository, with the user's own template for it.

    This alone is done through GitPython: there it is sound, and its slow import does not matter. It is not
    used for commits, which it makes without signing, hooks' order, identity or locks, nor for reading, where
    it is several times slower than git itself.

    Raises:
        GitMissing: there is no git.
        RepositoryUnusable: git can't make it.
    """
    import shutil

    if shutil.which("git") is None:
        raise GitMissing
    from git import Git, GitCommandError

    variables = dict(os.environ)
    os.environ.clear()
    os.environ.update(without_local_variables(variables.items()))
    try:
        # Not Repo.init: it takes `$NAME` in a path for a variable.
        Git().init(f"--initial-branch={branch}", "--", str(folder))
    except (GitCommandError, OSError) as error:
        said = quoted_output(str(error).encode("utf-8", "replace"))
        raise RepositoryUnusable(
            f"No repository could be made in {folder}: {said}", "Check the folder's permissions and the name."
        ) from error
    finally:
        os.environ.clear()
        os.environ.update(variables)
    made = find_repository(folder)
    if made is None:
        raise RepositoryUnusable(f"No repository could be made in {folder}.", "Try `git init` there.")
    return made


UNSHALLOW = "This clone is shallow: `git fetch --unshallow` brings the older commits."
"""What to say where a commit is not found and may only be older than the clone goes back."""


def is_shallow(repo: Repository) -> bool:
    """Whether the clone lacks older commits, so that its history must not be believed."""
    return run(repo, *SHALLOW).strip() == b"true"


def resolve_revision(repo: Repository, text: str) -> str:
    """The full id of the commit a person named: a branch, a tag, an id, `HEAD~3`, `main@{yesterday}`.

    Raises:
        RevisionUnknown: git knows none of that name, or it begins like an option, or like what leaves commits out.
    """
    plain = bool(text) and not text.startswith(("-", "^")) and text.isprintable()
    result = try_run(repo, *resolving_command(text)) if plain else None
    if result is None or result.status:
        remedy = "See `git log --oneline --all` for commits, `git branch --all` and `git tag` for names."
        if is_shallow(repo):
            remedy += f" {UNSHALLOW}"
        raise RevisionUnknown(f"There is no commit “{plain_text(text)}” in this repository.", remedy)
    return result.out.decode().strip()


def merge_base(repo: Repository, one: str, other: str) -> str | None:
    """The commit at which two commits' lines parted, in full; of several, one. None where none is known here."""
    return try_run(repo, "merge-base", one, other).out.decode().strip() or None


def head_blob(repo: Repository, path: Path) -> bytes | None:
    """The content of a file in the last commit; None where it has no such file, or there is none yet.

    Raises:
        GitFailed: the content can't be read.
    """
    found = _id_in_head(repo, path)
    return None if found is None else run(repo, "cat-file", "blob", found)


def head_holds(repo: Repository, path: Path, content: bytes) -> bool:
    """Whether the last commit has just this content in a file; told by its id, without reading it.

    Raises:
        GitFailed: the commit can't be read.
    """
    from okr.git.commit import content_id  # few commands ask

    found = _id_in_head(repo, path)
    return found is not None and found == content_id(content, found)


def head_command(repo: Repository, path: Path) -> tuple[str, ...]:
    """What git is asked for what the last commit has of a file."""
    return ("ls-tree", "--full-tree", "-z", "HEAD", "--", *pathspecs([name_in(repo, path)]))


def _id_in_head(repo: Repository, path: Path) -> str | None:
    arguments = head_command(repo, path)
    result = try_run(repo, *arguments)
    if not result.status:
        return _id_listed(result.out)
    if try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").status:
        return None  # there is no commit yet
    raise GitFailed(arguments, result)


def _id_listed(listed: bytes) -> str | None:
    meta = listed.partition(b"\t")[0].split()
    if len(meta) != 3 or meta[1] != b"blob" or meta[0] == b"120000":  # noqa: PLR2004 # mode, kind, id
        return None
    return meta[2].decode()
