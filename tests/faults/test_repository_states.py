"""Every state of a repository in which a check-in can't be committed: its own message, its remedy, nothing changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.faults.striking import LOG, everything, isolate, workshop
from tests.test_repository import OBSTACLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shell

COMMAND = ("checkin", "visits", "60000")


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine or the user reaches git, also where a test calls it by itself."""
    isolate(monkeypatch, tmp_path / "home")


def refused(shell: Shell, expected: str, *command: str) -> None:
    """Asserts that a command is refused with these very words, and that everything is as it was."""
    before = everything(shell)
    outcome = shell.okr(*(command or COMMAND))
    assert (outcome.status, outcome.out, outcome.err) == (1, "", expected)
    assert everything(shell) == before
    assert not list((shell.folder / "checkins").rglob(".okr-tmp-*"))


@pytest.mark.unmeasured
@pytest.mark.parametrize("state", OBSTACLES)
def test_what_is_under_way_is_named(tmp_path: Path, state: str) -> None:
    make, _, message, remedy = OBSTACLES[state]
    shell = workshop(tmp_path)
    shell.git("reset", "--quiet", "--hard")
    (shell.folder / ".git/info/attributes").write_text("checkins/** !merge\n")  # so that logs can conflict
    shell.write({"other": "1\n"})
    shell.git("add", "other")
    shell.git("commit", "--quiet", "--message", "Another file")
    make(shell.folder)
    expected = f"error: {message}\n  {remedy}\n"
    refused(shell, expected)
    refused(shell, expected, "undo", "visits")


def set_to(*settings: tuple[str, str]) -> Callable[[Shell], object]:
    """A setup that gives git settings."""

    def make(shell: Shell) -> None:
        for name, value in settings:
            shell.git("config", name, value)

    return make


def hook(name: str, script: str) -> Callable[[Shell], object]:
    """A setup that installs a hook."""

    def make(shell: Shell) -> None:
        path = shell.folder / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return make


def without_identity(shell: Shell) -> None:
    """Git knows nobody, and may not guess."""
    shell.git("config", "--unset", "user.name")
    shell.git("config", "--unset", "user.email")
    shell.git("config", "user.useConfigOnly", "true")


def with_new_ignored_log(shell: Shell) -> None:
    """The log is new, and a rule hides it."""
    shell.git("rm", "--quiet", "--cached", LOG)
    (shell.folder / LOG).unlink()
    shell.git("commit", "--quiet", "--message", "Start over")
    (shell.folder / ".git/info/exclude").write_text("*.log\ncheckins/\n")


REFUSALS: dict[str, tuple[Callable[[Shell], object], str]] = {
    "no identity": (
        without_identity,
        (
            "error: Git does not know who you are, so a check-in can't be committed.\n"
            "  Tell it with `git config user.name NAME` and `git config user.email ADDRESS`.\n"
        ),
    ),
    "an ignored log": (
        with_new_ignored_log,
        (
            f"error: Git ignores {LOG}, because of .git/info/exclude:2: checkins/.\n"
            "  Take that rule away or make an exception to it, then repeat the command.\n"
        ),
    ),
    "pre-commit": (
        hook("pre-commit", "echo 'No goals\x1b[31m on Fridays'; exit 1"),
        (
            "error: A hook of this repository (pre-commit) refused the commit. It said:\n  No goals on Fridays\n"
            "  Mend what it complains about, then repeat the command.\n"
        ),
    ),
    "prepare-commit-msg": (
        hook("prepare-commit-msg", "echo no >&2; exit 3"),
        (
            "error: A hook of this repository (prepare-commit-msg) refused the commit. It said:\n  no\n"
            "  Mend what it complains about, then repeat the command.\n"
        ),
    ),
    "commit-msg": (
        hook("commit-msg", 'head -1 "$1"; exit 1'),
        (
            "error: A hook of this repository (commit-msg) refused the commit. It said:\n"
            "  okr: marketing/brand/visits 47500 → 60000 visits (0.09 → 0.31)\n"
            "  Mend what it complains about, then repeat the command.\n"
        ),
    ),
    "a signer that fails": (
        set_to(("commit.gpgSign", "true"), ("gpg.program", "false")),
        (
            "error: Nothing was committed: the commit could not be signed. It said:\n"
            "  error: gpg failed to sign the data\n  fatal: failed to write commit object\n"
            "  Mend the signing (see `git config --get-regexp 'gpg|sign'`), then repeat the command.\n"
        ),
    ),
    "a signer that is not there": (
        set_to(("commit.gpgSign", "true"), ("gpg.format", "ssh"), ("user.signingKey", "/nowhere/key.pub")),
        "error: Nothing was committed: the commit could not be signed.",
    ),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("state", REFUSALS)
def test_what_git_or_a_hook_refuses_is_quoted(tmp_path: Path, state: str) -> None:
    make, expected = REFUSALS[state]
    shell = workshop(tmp_path)
    make(shell)
    if expected.endswith("\n"):
        refused(shell, expected)
        return
    before = everything(shell)
    outcome = shell.okr(*COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(expected)
    assert outcome.err.endswith("then repeat the command.\n")
    assert everything(shell) == before


def test_a_repository_without_a_work_tree(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    shell.git("config", "core.bare", "true")
    outcome = shell.okr(*COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: {shell.folder}/.git is a bare repository: it has no files to write to.\n"
        f"  Work in a clone of it: git clone {shell.folder}/.git\n"
    )
    bare = tmp_path / "goals.git"
    shell.git("clone", "--quiet", "--bare", ".", str(bare))
    for command in (COMMAND, ("status",)):
        assert shell.okr("-C", str(bare / "refs"), *command).err == (
            f"error: {bare} is a bare repository: it has no files to read or write.\n"
            f"  Work in a clone of it: git clone {bare}\n"
        )
    shell.git("init", "--quiet", str(tmp_path / "other"))
    assert "/.git is in no okr workspace:" in shell.okr("-C", str(tmp_path / "other/.git"), "status").err


def test_no_repository_at_all(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    (shell.folder / ".git").rename(tmp_path / "elsewhere")
    outcome = shell.okr(*COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: {shell.folder} is in no git repository, so a check-in can't be committed.\n"
        "  `git init` makes one; `--no-commit` records the check-in without a commit.\n"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give a folder away")
def test_a_repository_of_somebody_else(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    before = everything(shell)
    for path in (shell.folder, shell.folder / ".git"):
        os.chown(path, 65534, 65534)
    outcome = shell.okr(*COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: Git does not trust {shell.folder}: somebody else owns the repository.\n"
        f"  If you trust it, say so to git: git config --global --add safe.directory {shell.folder}\n"
    )
    shell.git("config", "--global", "--add", "safe.directory", str(shell.folder))
    assert everything(shell) == before
    assert shell.okr(*COMMAND).status == 0


def test_without_git_nothing_is_written(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    before = everything(shell)
    outcome = shell.okr(*COMMAND, PATH=str(tmp_path))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "error: The command git was not found.\n"
        "  Install git 2.30 or later (https://git-scm.com) and try again.\n"
    )
    assert everything(shell) == before
    assert shell.okr(*COMMAND, "--no-commit", PATH=str(tmp_path)).status == 0


def test_a_hook_that_takes_the_line_out_is_reported_and_the_line_stays(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    hook("pre-commit", f"git reset -q -- {LOG}; echo x > extra; git add extra")(shell)
    outcome = shell.okr(*COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert f"but a hook left the change of {LOG} out of it." in outcome.err
    (shell.folder / ".git/hooks/pre-commit").unlink()
    again = shell.okr("checkin", "hours", "20")
    assert again.status == 0, again.err
    assert "recorded before but not committed was committed as well" in " ".join(again.err.split())
    assert shell.git("show", f"HEAD:{LOG}") == shell.read(LOG)


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (b"okko" * 40, "error: bad signature 0x6f6b6b6f\n  fatal: index file corrupt"),
        (b"", "fatal: .git/index: index file smaller than expected"),
    ],
    ids=["garbage", "empty"],
)
def test_a_damaged_index_is_named_and_the_remedy_mends_it(tmp_path: Path, index: bytes, said: str) -> None:
    shell = workshop(tmp_path)
    shell.git("reset", "--quiet", "--hard")
    (shell.folder / ".git/index").write_bytes(index)
    remedy = 'rm "$(git rev-parse --git-dir)/index" && git reset'
    for command in (COMMAND, ("sync",), ("diff",), ("log",)):
        outcome = shell.okr(*command)
        assert (outcome.status, outcome.out) == (1, "")
        assert outcome.err == (
            f"error: The index of the repository at {shell.folder} is damaged, in which git keeps what is staged. It said:\n"
            f"  {said}\n"
            "  Have git write a new one there. Files and commits stay as they are; what was staged has to be staged again:\n"
            f"  {remedy}\n"
        )
    assert shell.run("sh", "-c", remedy).status == 0
    assert shell.git("status", "--porcelain", "--untracked-files=no") == ""
    assert shell.okr(*COMMAND).status == 0
