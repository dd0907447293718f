"""Running git commands that only read: the environment they get, and what becomes of their failures.

Commands that write are run by `writing`. What a command means, its caller knows.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from typing import IO, TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.text import index_damage, out_of_reach, quoted_output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

LOCAL_VARIABLES = frozenset({
    # What `git rev-parse --local-env-vars` prints in git 2.39 to 2.51: inside a hook they name another
    # repository, index or work tree than the one we mean. GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS are not
    # here: what they hold are settings of the user's, such as the `safe.directory` of a CI system.
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
})  # fmt: skip
"""Environment variables that bind git to one repository; none of them reaches the git we call."""

_PATHSPEC_VARIABLES = frozenset({
    "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
})  # fmt: skip

GENUINE = "--no-replace-objects"
"""Git's option that shows each object as it was made."""

PLAIN_LOG = ("--no-color", "--no-show-signature", "--encoding=UTF-8", "--no-notes", "--no-follow")
"""What keeps settings of the user's out of what we read of `git log`: `log.follow` leaves out commits of a single file."""

PLAIN_DIFF = ("--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=all")
"""What keeps them out of differences, whose contents have their whole ids."""

WHERE = ("rev-parse", "--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-toplevel")
"""What git is asked to find the repository around a folder."""
SHALLOW = ("rev-parse", "--is-shallow-repository")
UNMERGED = ("ls-files", "--unmerged", "-z")
AUTHOR = ("var", "GIT_AUTHOR_IDENT")

_READING = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
_BUFFERED = {"GIT_FLUSH": "0"}


class GitMissing(OkrError):
    """There is no git to run."""

    def __init__(self) -> None:
        super().__init__(
            "The command git was not found.", "Install git 2.30 or later (https://git-scm.com) and try again."
        )


class GitFailed(OkrError):
    """A git command ended with an error.

    Attributes:
        arguments: what git was called with.
        result: how it ended.
    """

    def __init__(self, arguments: tuple[str, ...], result: GitResult) -> None:
        import shlex  # seldom needed

        said = quoted_output(result.err) or f"exit status {result.status}"
        behind = [*zip(("", *arguments), arguments, strict=False)]
        command = next(
            (word for before, word in behind if word[:1] != "-" and before not in {"-C", "-c"}), ""
        )
        top = next((word for before, word in behind if before == "-C"), ".")
        super().__init__(
            *index_damage(result.err, top)
            or out_of_reach(result.err)
            or (
                f"git {command} failed: {said}",
                f"Run it yourself to see more: {shlex.join(('git', *arguments))}",
            )
        )
        self.arguments = arguments
        self.result = result


@dataclass(frozen=True, slots=True)
class GitResult:
    """How a git command ended: its exit status (negative: the signal that killed it) and its output."""

    status: int
    out: bytes
    err: bytes


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is.

    Attributes:
        top: the root of the work tree, links resolved; of a bare repository, its own folder.
        git_dir: git's folder of this work tree: its HEAD and its index are there.
        common_dir: git's folder shared by all work trees of the clone; otherwise equal to `git_dir`.
        bare: there is no work tree.
    """

    top: Path
    git_dir: Path
    common_dir: Path
    bare: bool = False


def without_local_variables(variables: Iterable[tuple[str, str]]) -> dict[str, str]:
    """An environment in which git finds its repository by the folder alone."""
    unwanted = LOCAL_VARIABLES | _PATHSPEC_VARIABLES
    return {name: value for name, value in variables if name not in unwanted}


def call_git(*arguments: str, input: bytes | None = None) -> GitResult:  # noqa: A002 # as subprocess calls it
    """Run a git command that is read by us: in English, taking no optional locks. It never raises `GitFailed`.

    Args:
        *arguments: what follows `git`.
        input: its standard input; nothing when None.

    Raises:
        GitMissing: there is no git.
    """
    if input is None and arguments in _PEEKED:
        return _PEEKED.pop(arguments)
    begun = _AHEAD.pop(arguments, None) if input is None else None
    with begun or _begun(arguments, piped=input is not None) as process:
        try:
            out, err = process.communicate(input)
        except BaseException:
            process.kill()
            raise
    return GitResult(process.returncode, out, err)


def _begun(
    arguments: Sequence[str], *, piped: bool = False, out: int | IO[bytes] = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    environment = without_local_variables(os.environ.items()) | _READING | _BUFFERED
    try:
        return subprocess.Popen(
            ["git", *arguments], env=environment, stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=out, stderr=subprocess.PIPE,
        )  # fmt: skip
    except (FileNotFoundError, PermissionError) as error:
        raise GitMissing from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process without hearing it out: whatever it has started itself may hold its pipes for long."""
    with process:
        process.kill()


_AHEAD: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
_PEEKED: dict[tuple[str, ...], GitResult] = {}


@contextlib.contextmanager
def told_already(known: Mapping[tuple[str, ...], bytes]) -> Iterator[None]:
    """Within it commands that `call_git` is asked for answer once with what they are known to print, and are not run."""
    before = {*_AHEAD, *_PEEKED}
    told = {each: GitResult(0, out, b"") for each, out in known.items() if each not in before}
    _PEEKED.update(told)
    try:
        yield
    finally:
        for each in told:
            _PEEKED.pop(each, None)


@contextlib.contextmanager
def ahead(*commands: Sequence[str], settings: Sequence[str] = ()) -> Iterator[None]:
    """Starts git commands for which `call_git` is asked within the block: they work while we do something else.

    What such a command tells is how things are when the block begins, or an outer one that began the same command.
    Each answers once, and none outlives its block.

    Args:
        *commands: what follows `git` in each, as `call_git` has it.
        settings: what stands before that, and changes nothing in what git tells.
    """
    begun = {}
    try:
        with contextlib.suppress(GitMissing):  # whoever asks is told
            for arguments in map(tuple, commands):
                if arguments in _AHEAD or arguments in _PEEKED:
                    continue
                begun[arguments] = _AHEAD[arguments] = _begun((*settings, *arguments))
        yield
    finally:
        for arguments, process in begun.items():
            if _AHEAD.get(arguments) is process:
                del _AHEAD[arguments]
                _end(process)


def resolving_command(text: str) -> tuple[str, ...]:
    """What git is asked for the commit that a text names."""
    return ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}")


def in_turn(folder: Path) -> tuple[str, ...]:
    """Git's settings with which it looks at one file after the other, where that is quick: on a disk of this machine.

    Of its twenty threads each would have its turn before us, who have something else to do meanwhile; where files are
    far away, they are worth it.
    """
    from okr.disks import on_own_disk  # not every command asks

    return ("-c", "core.preloadIndex=false") if on_own_disk(str(folder)) else ()


def at_top(repo: Repository, arguments: Sequence[str]) -> tuple[str, ...]:
    """What follows `git` where a command runs at the top of a repository."""
    return ("-C", str(repo.top), *arguments)


def try_run(repo: Repository, *arguments: str, input: bytes | None = None) -> GitResult:  # noqa: A002 # as subprocess calls it
    """Run a git command at the top of a repository and give how it ended, success or not."""
    return call_git(*at_top(repo, arguments), input=input)


def run(repo: Repository, *arguments: str, input: bytes | None = None) -> bytes:  # noqa: A002 # as subprocess calls it
    """Run a git command at the top of a repository and give what it printed.

    Raises:
        GitFailed: it ended with another status than 0.
    """
    result = try_run(repo, *arguments, input=input)
    if result.status:
        raise GitFailed(at_top(repo, arguments), result)
    return result.out


class Run:
    """A git command as `run` runs it, which works while we do something else; `at_once` starts it."""

    def __init__(self, repo: Repository, arguments: Sequence[str], *, much: bool = False) -> None:
        """Starts it; where it prints `much`, it need not wait for us to take that."""
        self._arguments = at_top(repo, arguments)
        self._room: IO[bytes] | None = None
        if much and hasattr(os, "memfd_create"):
            self._room = os.fdopen(os.memfd_create("okr"), "rb")
        self._process = _begun(self._arguments, out=self._room or subprocess.PIPE)

    def output(self) -> bytes:
        """What it printed, once it has ended.

        Raises:
            GitFailed: it ended with another status than 0.
        """
        out, err = self._process.communicate()
        if self._process.returncode:
            raise GitFailed(self._arguments, GitResult(self._process.returncode, out or b"", err))
        if self._room is None:
            return out
        with self._room as room:
            room.seek(0)
            return room.read()

    def stop(self) -> None:
        """Ends it where nobody has waited for its end."""
        if self._process.returncode is None:
            _end(self._process)
        if self._room is not None:
            self._room.close()


@contextlib.contextmanager
def at_once(repo: Repository, *commands: Sequence[str]) -> Iterator[list[Run]]:
    """Git commands that are read by us, all of them at work from the beginning of the block.

    Raises:
        GitMissing: there is no git.
    """
    begun: list[Run] = []
    try:
        begun.extend(Run(repo, arguments) for arguments in commands)
        yield begun
    finally:
        for each in begun:
            each.stop()


def open_process(
    repo: Repository,
    arguments: Sequence[str],
    stdin: int,
    stderr: int | IO[bytes],
    *,
    buffered: bool = False,
    stdout: int = subprocess.PIPE,
    room: int = -1,
) -> subprocess.Popen[bytes]:
    """A git command that only reads, running at the top of a repository.

    Objects are the genuine ones: what `git replace` put in their place is not looked at.

    Args:
        repo: where.
        arguments: what follows `git`.
        stdin: as subprocess has it.
        stderr: likewise.
        buffered: nobody waits for its single answers. Writing each at once takes git a third of its time.
        stdout: where its output goes, as subprocess has it.
        room: how many bytes are read from a pipe at once, as subprocess has it.

    Raises:
        GitMissing: there is no git.
    """
    environment = without_local_variables(os.environ.items()) | _READING
    if buffered:
        environment |= _BUFFERED
    command = ["git", "-C", str(repo.top), GENUINE, *arguments]
    try:
        return subprocess.Popen(
            command, env=environment, stdin=stdin, stdout=stdout, stderr=stderr, bufsize=room
        )
    except (FileNotFoundError, PermissionError) as error:
        raise GitMissing from error
