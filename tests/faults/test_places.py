"""Every kind of repository, setting and place in which a check-in works: one commit with the log alone."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, TODAY, Shell
from tests.faults.striking import LINE, LOG, other_work, workshop
from tests.faults.test_repository_states import hook, set_to
from tests.forking import TOP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD = SMALL_WORKSPACE[LOG].splitlines(keepends=True)
WRITTEN = "".join([*OLD[:2], LINE, *OLD[2:]])
SUBJECT = "okr: marketing/brand/visits 47500 → 60000 visits (0.09 → 0.31)"
BODY = f"{SUBJECT}\n\nOKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 value=60000\n"


def checked_in(shell: Shell, *, said: str = "", **variables: str) -> None:
    """Checks in, and asserts that one commit holds the log alone and that all other work is as it was."""
    head, work = shell.git("rev-parse", "HEAD"), other_work(shell)
    outcome = shell.okr("checkin", "visits", "60000", **variables)
    assert (outcome.status, outcome.err) == (0, said)
    assert shell.read(LOG).replace("\r\n", "\n") == WRITTEN
    assert shell.git("rev-parse", "HEAD^") == head
    committed = shell.git(
        "-c", "core.quotePath=off", "show", "--format=", "--name-only", "--relative", "HEAD"
    )
    assert committed == f"{LOG}\n"
    assert len(shell.git("show", "--format=", "--name-only", "HEAD").splitlines()) == 1
    assert shell.git("status", "--porcelain", "--untracked-files=all", "--", "checkins") == ""
    assert other_work(shell) == work
    shell.git("fsck", "--no-progress")


SETTINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "quoted paths": (("core.quotePath", "true"),),
    "no untracked files shown": (("status.showUntrackedFiles", "no"),),
    "status in short": (("status.short", "true"), ("status.branch", "true"), ("status.relativePaths", "false")),
    "nothing pushed by default": (("push.default", "nothing"),),
    "a key, but no signing": (("user.signingKey", "ABCDEF"),),
    "a template": (("commit.template", "/nowhere/template"),),
    "a message with its diff": (("commit.verbose", "true"),),
    "an automatic comment character": (("core.commentChar", "auto"),),
    "scissors": (("commit.cleanup", "scissors"),),
    "another encoding": (("i18n.commitEncoding", "latin1"), ("i18n.logOutputEncoding", "UTF-8")),
    "line endings of Windows": (("core.autocrlf", "true"), ("core.safecrlf", "false")),
    "line endings converted on the way in": (("core.autocrlf", "input"), ("core.safecrlf", "false")),
    "a split index": (("core.splitIndex", "true"),),
    "an index of version 4": (("index.version", "4"),),
    "many files": (("feature.manyFiles", "true"),),
    "no reflogs": (("core.logAllRefUpdates", "false"),),
    "modes ignored": (("core.fileMode", "false"),),
    "case ignored": (("core.ignoreCase", "true"),),
    "maintenance at once": (("gc.auto", "1"), ("gc.autoDetach", "false")),
    "no hints and colours always": (("color.ui", "always"), ("advice.statusHints", "false")),
    "diffs in another form": (("diff.noprefix", "true"), ("diff.renames", "copies")),
    "an editor that fails": (("core.editor", "false"), ("sequence.editor", "false")),
    "all of it flushed": (("core.fsync", "all"),),
    "a pager that fails": (("core.pager", "false"), ("pager.log", "true")),
    "aliases of our commands": (("alias.commit", "!false"), ("alias.status", "!false")),
}  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_git_changes_nothing(tmp_path: Path, setting: str) -> None:
    shell = workshop(tmp_path)
    set_to(*SETTINGS[setting])(shell)
    if setting in {"a split index", "an index of version 4", "many files"}:
        shell.git("update-index", "--force-write-index")
    checked_in(shell)
    message = shell.git("log", "-1", "--no-color", "--format=%B", "HEAD")
    assert message.rstrip("\n") + "\n" == BODY


@pytest.mark.parametrize("autocrlf", ["true", "input"])
def test_a_log_with_line_endings_of_windows(tmp_path: Path, autocrlf: str) -> None:
    shell = workshop(tmp_path)
    set_to(("core.autocrlf", autocrlf), ("core.safecrlf", "false"))(shell)
    shell.write({LOG: SMALL_WORKSPACE[LOG].replace("\n", "\r\n")})
    checked_in(shell)
    assert shell.read(LOG) == WRITTEN.replace("\n", "\r\n")
    assert shell.git("cat-file", "blob", f"HEAD:{LOG}") == WRITTEN


def signed_by_ssh(shell: Shell) -> None:
    """Commits are signed with a key of their own."""
    key = shell.home / "key"
    try:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    except FileNotFoundError:
        pytest.skip("There is no ssh-keygen here.")
    public = key.with_suffix(".pub").read_text()
    (shell.home / "allowed").write_text(f"alice@acme.example {public}")
    set_to(
        ("commit.gpgSign", "true"),
        ("gpg.format", "ssh"),
        ("user.signingKey", f"{key}.pub"),
        ("gpg.ssh.allowedSignersFile", str(shell.home / "allowed")),
    )(shell)


def test_a_signer_that_works_signs(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    signed_by_ssh(shell)
    checked_in(shell)
    assert shell.git("log", "-1", "--format=%G?") == "G\n"


def test_a_hook_may_write_the_message(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    hook("prepare-commit-msg", 'sed -i "1s/^/[OKR-12] /" "$1"')(shell)
    checked_in(shell)
    assert shell.git("log", "-1", "--format=%s").strip() == f"[OKR-12] {SUBJECT}"


def test_hooks_in_another_folder_run(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    hook("commit-msg", "echo 'Seen-by: the hook' >> \"$1\"")(shell)
    (shell.folder / ".git/hooks").rename(tmp_path / "hooks")
    set_to(("core.hooksPath", str(tmp_path / "hooks")))(shell)
    checked_in(shell)
    assert shell.git("log", "-1", "--format=%(trailers:key=Seen-by,valueonly)").strip() == "the hook"


@pytest.mark.parametrize("name", ["post-commit", "post-index-change", "post-rewrite"])
def test_a_hook_that_fails_afterwards_is_no_failure(tmp_path: Path, name: str) -> None:
    shell = workshop(tmp_path)
    hook(name, "echo broken >&2; exit 1")(shell)
    checked_in(shell)


def test_a_hook_that_formats_the_log_and_stages_a_file_is_reported(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    hook("pre-commit", f"echo '# formatted' >> {LOG}; echo x > extra; git add {LOG} extra")(shell)
    outcome = shell.okr("checkin", "visits", "60000")
    assert outcome.status == 0
    assert " ".join(outcome.err.split()) == (
        f"A hook of this repository changed {LOG} while it was committed."
        " A hook of this repository added extra to the commit."
    )
    assert shell.git("show", f"HEAD:{LOG}") == shell.read(LOG) == f"{WRITTEN}# formatted\n"


def with_monitor(shell: Shell) -> Shell:
    """A program tells git what has changed."""
    program = shell.home / "monitor"
    program.write_text("#!/bin/sh\nprintf 'token\\0/\\0'\n")
    program.chmod(0o755)
    set_to(("core.fsmonitor", str(program)), ("core.untrackedCache", "true"))(shell)
    return shell


def sparse(shell: Shell) -> Shell:
    """Only a part of the files is there."""
    shell.write({"far/away.txt": "1\n"})
    shell.git("add", "far")
    shell.git("commit", "--quiet", "--message", "Far away", "--", "far")
    shell.git("sparse-checkout", "set", "--cone", "--sparse-index", "okrs", "checkins", "notes")
    assert not (shell.folder / "far").exists()
    return shell


def worktree(shell: Shell) -> Shell:
    """A second work tree of the clone."""
    shell.git("worktree", "add", "--quiet", "-b", "side", "../tree")
    return Shell(shell.folder.parent / "tree", shell.home)


def clone(*options: str) -> Callable[[Shell], Shell]:
    """A setup that clones."""

    def make(shell: Shell) -> Shell:
        shell.git("config", "uploadpack.allowFilter", "true")
        shell.git("clone", "--quiet", *options, shell.folder.as_uri(), "../clone")
        made = Shell(shell.folder.parent / "clone", shell.home)
        set_to(("user.name", "Alice Martin"), ("user.email", "alice@acme.example"))(made)
        return made

    return make


def submodule(shell: Shell) -> Shell:
    """The workspace is a repository in another one."""
    outer = Shell(shell.folder.parent / "outer", shell.home)
    outer.folder.mkdir()
    outer.git("init", "--quiet", "--initial-branch=main")
    outer.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(shell.folder), "our goals"
    )
    inner = Shell(outer.folder / "our goals", shell.home)
    set_to(("user.name", "Alice Martin"), ("user.email", "alice@acme.example"))(inner)
    return inner


def subfolder(shell: Shell) -> Shell:
    """The workspace is a folder of a repository, with a space and an accent in its name."""
    names = [path.name for path in shell.folder.iterdir() if path.name != ".git"]
    inner = Shell(shell.folder / "nos équipes" / "objectifs d'année", shell.home)
    inner.folder.mkdir(parents=True)
    for name in names:
        (shell.folder / name).rename(inner.folder / name)
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--message", "Move")
    inner.write({"staged.txt": "again\n"})
    inner.git("add", "staged.txt")
    return inner


def through_a_link(shell: Shell) -> Shell:
    """The workspace is reached by a symbolic link."""
    link = shell.folder.parent / "link"
    link.symlink_to(shell.folder)
    return Shell(link, shell.home)


def apart(shell: Shell) -> Shell:
    """Git's folder lies elsewhere."""
    shell.git("init", "--quiet", "--separate-git-dir", "../apart")
    return shell


def with_sha256(shell: Shell) -> Shell:
    """The repository names its objects by SHA-256."""
    other = Shell(shell.folder.parent / "long", shell.home)
    other.folder.mkdir()
    other.write(SMALL_WORKSPACE)
    other.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    set_to(("user.name", "Alice Martin"), ("user.email", "alice@acme.example"))(other)
    other.git("add", "--all")
    other.git("commit", "--quiet", "--message", "Plan")
    return other


PLACES: dict[str, Callable[[Shell], Shell]] = {
    "file system monitor": with_monitor,
    "sparse checkout": sparse,
    "work tree": worktree,
    "shallow clone": clone("--depth=1"),
    "partial clone": clone("--filter=blob:none"),
    "shared clone": clone("--shared", "--no-local"),
    "submodule": submodule,
    "subfolder": subfolder,
    "link to the workspace": through_a_link,
    "git's folder elsewhere": apart,
    "long ids": with_sha256,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_check_in_works_here(tmp_path: Path, place: str) -> None:
    checked_in(PLACES[place](workshop(tmp_path)))


def test_a_log_that_is_a_link_stays_one(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    shell.git("mv", LOG, "checkins/2026-Q4/really.yml")
    (shell.folder / LOG).symlink_to("really.yml")
    shell.git("add", "checkins")
    shell.git("commit", "--quiet", "--message", "A link", "--", "checkins")
    outcome = shell.okr("checkin", "visits", "60000")
    assert (outcome.status, outcome.err) == (0, "")
    assert (shell.folder / LOG).is_symlink()
    assert shell.git("show", "--format=", "--name-only", "HEAD") == "checkins/2026-Q4/really.yml\n"
    assert shell.read(LOG) == WRITTEN


def test_what_a_hook_says_of_its_own_repository_is_not_ours(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    other = workshop(tmp_path / "other")
    head, index = other.git("rev-parse", "HEAD"), (other.folder / ".git/index").read_bytes()
    checked_in(
        shell,
        GIT_DIR=str(other.folder / ".git"),
        GIT_INDEX_FILE=str(other.folder / ".git/index"),
        GIT_WORK_TREE=str(other.folder),
        GIT_PREFIX="okrs/",
        GIT_LITERAL_PATHSPECS="1",
    )
    assert other.git("rev-parse", "HEAD") == head
    assert (other.folder / ".git/index").read_bytes() == index


def test_from_a_hook_of_the_same_repository(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    command = shlex.join((sys.executable, "-m", "okr", "--as-of", TODAY, "checkin", "visits", "60000"))
    hook("post-checkout", f"cd okrs && {command}")(shell)
    work = other_work(shell)
    outcome = shell.run("git", "switch", "--quiet", "-c", "side", PYTHONPATH=TOP)
    assert outcome.status == 0, outcome.err
    assert shell.git("log", "-1", "--format=%s", "side").strip() == SUBJECT
    assert other_work(shell) == work


def test_what_a_sparse_checkout_leaves_out_is_said_and_no_cycle_is_closed_without_it(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    shell.git("commit", "--quiet", "--all", "--message", "More")
    shell.git("sparse-checkout", "set", "--no-cone", "/*", "!/checkins/")
    note = (
        f"note: This checkout is sparse: {LOG} is not in it, and counted nowhere here. "
        "`git sparse-checkout disable` brings all files back."
    )
    for command in (["status"], ["due", "--json"], ["show", "marketing/brand"], ["validate", "--json"]):
        assert note in shell.okr(*command).err, command
    assert note not in shell.okr("status", "--at", "HEAD").err
    head = shell.git("rev-parse", "HEAD")
    remedy = "  `git sparse-checkout disable` brings all files back; then repeat the command.\n"
    assert shell.okr("checkin", "visits", "60000").err == (
        f"error: {LOG} is not here: this checkout is sparse, and leaves it out.\n{remedy}"
    )
    refused = shell.okr("cycle", "close", "2026-Q4", "--early", "Enough", "--all-scores")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == (
        f"error: 2026-Q4 can't be closed here: this checkout is sparse, and {LOG} would not be counted.\n{remedy}"
    )
    assert shell.git("rev-parse", "HEAD") == head
    shell.git("worktree", "add", "--quiet", "-b", "side", "../tree")
    tree = Shell(shell.folder.parent / "tree", shell.home)
    tree.git("sparse-checkout", "set", "--no-cone", "/*", "!/checkins/", "!/okrs/2026/")
    assert f"2 files, such as {LOG}, are not in it" in tree.okr("status").err
    shell.git("sparse-checkout", "disable")
    assert shell.okr("status").err == ""
