"""Git as okr uses it: finding, reading, obstacles, and the one commit, against real repositories."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr import files, repository
from okr.git.run import LOCAL_VARIABLES
from okr.repository import ObstacleKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.repository import Repository

LOG = "checkins/2026-Q4/marketing.yaml"
LINE = "- {date: 2026-10-05, kr: brand/visits, value: 44000}\n"


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine or the user reaches git."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "XDG_CONFIG_HOME"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("TZ", "UTC")


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def new_repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Alice Martin")
    git(folder, "config", "user.email", "alice@acme.example")
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A repository before its first commit."""
    return new_repository(tmp_path / "empty")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a log, a plan and some history."""
    folder = new_repository(tmp_path / "clone")
    write(folder, LOG, LINE)
    write(folder, "okrs/2026-Q4/marketing.yaml", "objectives: []\n")
    write(folder, "other", "1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def found(folder: Path) -> Repository:
    repo = repository.find_repository(folder)
    assert repo is not None
    return repo


def add_line(
    folder: Path, name: str = LOG, line: str = "- {date: 2026-10-12, kr: brand/visits, value: 47500}\n"
) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line)
    return path


def hook(folder: Path, name: str, script: str) -> Path:
    path = write(folder, f".git/hooks/{name}", "#!/bin/sh\n" + textwrap.dedent(script))
    path.chmod(0o755)
    return path


def snapshot(folder: Path) -> tuple[str, ...]:
    """What is staged, what is dirty, and where HEAD is."""
    return (
        git(folder, "diff", "--cached"),
        git(folder, "diff"),
        git(folder, "status", "--porcelain=v2", "--branch", "--untracked-files=all"),
        git(folder, "ls-files", "--stage", "--debug").partition("ctime")[0],
        git(folder, "ls-files", "--stage"),
    )


def disturb(folder: Path) -> None:
    """Other work in progress: staged, half staged, dirty, new, deleted, marked, renamed."""
    write(folder, "staged", "s\n")
    write(folder, "other", "2\n")
    git(folder, "add", "staged", "other")
    write(folder, "other", "3\n")
    write(folder, "untracked", "u\n")
    write(folder, "marked", "m\n")
    git(folder, "add", "-N", "marked")
    git(folder, "mv", "okrs/2026-Q4/marketing.yaml", "okrs/2026-Q4/renamed.yaml")


# --- finding


def test_find_climbs_to_the_top(clone: Path) -> None:
    repo = repository.find_repository(clone / "checkins" / "2026-Q4")
    assert repo == repository.Repository(clone, clone / ".git", clone / ".git", bare=False)


@pytest.mark.parametrize("start", ["nowhere/yet", LOG], ids=["not there yet", "a file"])
def test_find_starts_at_the_nearest_folder(clone: Path, start: str) -> None:
    assert found(clone / start).top == clone


def test_find_says_none_outside_and_inside_git(clone: Path, tmp_path: Path) -> None:
    assert repository.find_repository(tmp_path) is None
    assert repository.find_repository(clone / ".git") is None


def test_find_resolves_links(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(clone)
    repo = found(tmp_path / "alias")
    assert repo.top == clone
    assert repository.head_blob(repo, tmp_path / "alias" / LOG) == LINE.encode()


def test_find_knows_a_bare_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "b.git")
    repo = found(tmp_path / "b.git")
    assert (repo.bare, repo.top, repo.git_dir) == (True, tmp_path / "b.git", tmp_path / "b.git")


def test_find_ignores_what_a_hook_says_about_the_repository(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_repository(tmp_path / "other repository")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    repo = found(clone)
    assert repo.git_dir == clone / ".git"
    assert repository.has_uncommitted_changes(repo, [clone]) == ()
    made = repository.create_repository(tmp_path / "made")
    assert made.git_dir == tmp_path / "made" / ".git"
    assert os.environ["GIT_DIR"] == str(other / ".git")


def test_every_variable_that_binds_git_is_known(tmp_path: Path) -> None:
    # Settings given by variables are the user's, not a repository's: CI systems pass `safe.directory` that way.
    settings = {"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"}
    assert set(git(tmp_path, "rev-parse", "--local-env-vars").split()) - settings <= LOCAL_VARIABLES


def test_settings_given_by_variables_hold(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Carol")
    assert repository.identity(found(clone)) == repository.Identity("Carol", "alice@acme.example")


def test_without_git_the_error_says_what_to_install(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = found(clone)
    monkeypatch.setenv("PATH", str(tmp_path))
    calls: list[Callable[[], object]] = [
        lambda: repository.find_repository(clone),
        lambda: repository.create_repository(tmp_path / "x"),
        lambda: repository.run(repo, "status"),
    ]
    for call in calls:
        with pytest.raises(repository.GitMissing) as caught:
            call()
        assert caught.value.message == "The command git was not found."
        assert caught.value.remedy == "Install git 2.30 or later (https://git-scm.com) and try again."


def test_a_repository_of_somebody_else_is_refused_with_the_remedy_of_git(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch for its own tests
    with pytest.raises(repository.RepositoryUnusable) as caught:
        repository.find_repository(clone)
    assert caught.value.message == f"Git does not trust {clone}: somebody else owns the repository."
    assert caught.value.remedy == (
        f"If you trust it, say so to git: git config --global --add safe.directory {clone}"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [("[core", "bad config line"), ("[core]\n repositoryformatversion = 99\n", "repo version")],
    ids=["broken settings", "from the future"],
)
def test_a_repository_git_cannot_read_is_an_error(clone: Path, content: str, said: str) -> None:
    (clone / ".git" / "config").write_text(content)
    with pytest.raises(repository.RepositoryUnusable, match=said):
        repository.find_repository(clone)


def test_a_work_tree_whose_repository_is_gone_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "tree/.git", "gitdir: /nowhere/at/all\n")
    with pytest.raises(repository.RepositoryUnusable, match="/nowhere/at/all"):
        repository.find_repository(tmp_path / "tree")


def test_a_path_with_a_line_break_is_refused_rather_than_misread(tmp_path: Path) -> None:
    new_repository(tmp_path / "a\nb")
    with pytest.raises(repository.RepositoryUnusable, match="line break"):
        repository.find_repository(tmp_path / "a\nb")


@pytest.mark.parametrize("name", ["plain", "-x", "é à", "$HOME"])
def test_create_makes_a_repository_on_the_branch(tmp_path: Path, name: str) -> None:
    repo = repository.create_repository(tmp_path / name, branch="trunk")
    assert (repo.top, repo.bare) == (tmp_path / name, False)
    assert git(tmp_path / name, "symbolic-ref", "HEAD") == "refs/heads/trunk\n"


def test_create_says_why_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(repository.RepositoryUnusable, match="No repository could be made"):
        repository.create_repository(tmp_path / "file" / "below")
    with pytest.raises(repository.RepositoryUnusable, match="invalid initial branch name"):
        repository.create_repository(tmp_path / "x", branch="a..b")


# --- reading


def test_blobs_and_revisions(clone: Path) -> None:
    repo = found(clone)
    first = git(clone, "rev-parse", "HEAD").strip()
    write(clone, LOG, "\x00é\r\n")
    git(clone, "commit", "-qam", "second")
    git(clone, "tag", "-m", "t", "v1")
    assert repository.head_blob(repo, clone / LOG) == "\x00é\r\n".encode()
    assert repository.head_blob(repo, clone / "no such file") is None
    assert repository.head_blob(repo, clone / "checkins") is None
    assert repository.resolve_revision(repo, "v1^") == first
    assert repository.resolve_revision(repo, first[:8]) == first


def test_before_the_first_commit_there_is_no_blob(empty: Path) -> None:
    assert repository.head_blob(found(empty), Path(LOG)) is None


def test_a_link_in_a_commit_is_no_file(clone: Path) -> None:
    (clone / "link").symlink_to("other")
    git(clone, "add", "link")
    git(clone, "commit", "-qm", "link")
    (clone / "link").unlink()
    assert repository.head_blob(found(clone), clone / "link") is None


@pytest.mark.parametrize(
    "text",
    ["", "-n1", "--all", "nope", "HEAD~99", "main:other", "a\nb", "HEAD..main", "\x1b[2J", "--output=x"],
)
def test_unknown_revisions_are_refused(clone: Path, text: str) -> None:
    with pytest.raises(repository.RevisionUnknown) as caught:
        repository.resolve_revision(found(clone), text)
    assert "\x1b" not in caught.value.message
    assert caught.value.remedy == (
        "See `git log --oneline --all` for commits, `git branch --all` and `git tag` for names."
    )
    assert not (clone / "x").exists()


def test_a_shallow_clone_is_known_and_mentioned(clone: Path, tmp_path: Path) -> None:
    add_line(clone)
    git(clone, "commit", "-qam", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", clone.as_uri(), "shallow")
    repo = found(tmp_path / "shallow")
    assert (repository.is_shallow(found(clone)), repository.is_shallow(repo)) == (False, True)
    with pytest.raises(repository.RevisionUnknown) as caught:
        repository.resolve_revision(repo, "HEAD~1")
    assert str(caught.value.remedy).endswith("`git fetch --unshallow` brings the older commits.")


def test_a_failing_command_says_how_to_repeat_it(clone: Path) -> None:
    with pytest.raises(repository.GitFailed) as caught:
        repository.run(found(clone), "cat-file", "blob", "no such")
    assert caught.value.message == "git cat-file failed: fatal: Not a valid object name no such"
    assert caught.value.remedy == (f"Run it yourself to see more: git -C {clone} cat-file blob 'no such'")
    result = repository.try_run(found(clone), "hash-object", "--stdin", input=b"x")
    assert (result.status, result.out) == (0, b"c1b0730e0133447badcfd47fd144e254807b06e1\n")


# --- paths


def test_ignored_paths_and_their_rule(clone: Path) -> None:
    repo = found(clone)
    write(clone, ".gitignore", "*.tmp\nbuild/\n!keep.tmp\nother\n")
    rules = {
        name: repository.ignoring_rule(repo, clone / name)
        for name in ("a.tmp", "build/deep/x", "keep.tmp", "other", LOG)
    }
    assert rules == {
        "a.tmp": ".gitignore:1: *.tmp",
        "build/deep/x": ".gitignore:2: build/",
        "keep.tmp": None,
        "other": None,  # tracked
        LOG: None,
    }


def test_a_path_outside_is_refused(clone: Path, tmp_path: Path) -> None:
    with pytest.raises(repository.PathOutside) as caught:
        repository.head_blob(found(clone), tmp_path / "x")
    assert caught.value.message == f"{tmp_path / 'x'} is not in the repository at {clone}."


def test_what_is_not_committed(clone: Path) -> None:
    repo = found(clone)
    assert repository.has_uncommitted_changes(repo, [clone]) == ()
    assert repository.has_uncommitted_changes(repo, []) == ()
    disturb(clone)
    add_line(clone)
    assert repository.has_uncommitted_changes(repo, [clone / "checkins", clone / "untracked"]) == (
        clone / LOG,
        clone / "untracked",
    )
    assert [path.name for path in repository.has_uncommitted_changes(repo, [clone])] == [
        "marketing.yaml", "marked", "marketing.yaml", "renamed.yaml", "other", "staged", "untracked",
    ]  # fmt: skip


def test_unmerged_files_are_not_committed(clone: Path) -> None:
    _stash(clone)
    assert repository.has_uncommitted_changes(found(clone), [clone]) == (clone / LOG, clone / "other")


def test_half_staged_files(clone: Path) -> None:
    repo = found(clone)
    disturb(clone)
    write(clone, "gone from the index", "x")
    git(clone, "add", "gone from the index")
    git(clone, "commit", "-qm", "x", "gone from the index")
    git(clone, "rm", "-q", "--cached", "gone from the index")
    names = ("other", "staged", "marked", "untracked", LOG, "gone from the index")
    assert {name: repository.staged_differs(repo, clone / name) for name in names} == {
        "other": True, "staged": False, "marked": False, "untracked": False, LOG: False,
        "gone from the index": True,
    }  # fmt: skip


# --- who


def test_identity_follows_git(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = found(clone)
    assert repository.identity(repo) == repository.Identity("Alice Martin", "alice@acme.example")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Zoé <Q>")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zoe@x.example")
    assert repository.identity(repo) == repository.Identity("Zoé Q", "zoe@x.example")


def test_identity_is_none_where_git_would_refuse(clone: Path) -> None:
    git(clone, "config", "--unset", "user.email")
    git(clone, "config", "user.useConfigOnly", "true")
    assert repository.identity(found(clone)) is None


# --- obstacles


def conflict(folder: Path) -> None:
    """Two branches that changed the same line: `main`, checked out, and `side`."""
    git(folder, "switch", "-qc", "side")
    write(folder, "other", "side\n")
    git(folder, "commit", "-qam", "side")
    write(folder, "other", "side again\n")
    git(folder, "commit", "-qam", "side again")
    git(folder, "switch", "-q", "main")
    write(folder, "other", "main\n")
    git(folder, "commit", "-qam", "main")


def _run_conflicting(*arguments: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        conflict(folder)
        git(folder, *arguments, check=False)

    return make


def _am(folder: Path) -> None:
    conflict(folder)
    git(folder, "format-patch", "-q", "-1", "side~1", "-o", "..")
    git(folder, "am", "-q", "../0001-side.patch", check=False)


def _between_picks(folder: Path) -> None:
    conflict(folder)
    git(folder, "cherry-pick", "side~1", "side", check=False)
    write(folder, "other", "resolved\n")
    git(folder, "commit", "-qam", "by hand")


def _between_reverts(folder: Path) -> None:
    conflict(folder)
    git(folder, "revert", "--no-edit", "side~1", "side", check=False)
    write(folder, "other", "resolved\n")
    git(folder, "add", "other")
    git(folder, "commit", "-qm", "by hand")


def _stash(folder: Path) -> None:
    write(folder, "other", "stashed\n")
    write(folder, LOG, "stashed\n")
    git(folder, "stash", "-q")
    write(folder, "other", "main\n")
    write(folder, LOG, "main\n")
    git(folder, "commit", "-qam", "main")
    git(folder, "stash", "pop", check=False)


OBSTACLES: dict[str, tuple[Callable[[Path], object], ObstacleKind, str, str]] = {
    "merge": (
        _run_conflicting("merge", "side"),
        ObstacleKind.MERGE,
        "A merge is under way in this repository; a commit now would become part of it.",
        "Finish it with `git merge --continue`, or give it up with `git merge --abort`.",
    ),
    "rebase": (
        _run_conflicting("rebase", "side"),
        ObstacleKind.REBASE,
        "A rebase is under way in this repository; a commit now would become part of it.",
        "Finish it with `git rebase --continue`, or give it up with `git rebase --abort`.",
    ),
    "rebase by patches": (
        _run_conflicting("rebase", "--apply", "side"),
        ObstacleKind.REBASE,
        "A rebase is under way in this repository; a commit now would become part of it.",
        "Finish it with `git rebase --continue`, or give it up with `git rebase --abort`.",
    ),
    "am": (
        _am,
        ObstacleKind.AM,
        "`git am` is applying patches in this repository; a commit now would become part of it.",
        "Finish it with `git am --continue`, or give it up with `git am --abort`.",
    ),
    "cherry-pick": (
        _run_conflicting("cherry-pick", "side"),
        ObstacleKind.CHERRY_PICK,
        "A cherry-pick is under way in this repository; a commit now would become part of it.",
        "Finish it with `git cherry-pick --continue`, or give it up with `git cherry-pick --abort`.",
    ),
    "between two cherry-picks": (
        _between_picks,
        ObstacleKind.CHERRY_PICK,
        "A cherry-pick is under way in this repository; a commit now would become part of it.",
        "Finish it with `git cherry-pick --continue`, or give it up with `git cherry-pick --abort`.",
    ),
    "revert": (
        _run_conflicting("revert", "--no-edit", "side"),
        ObstacleKind.REVERT,
        "A revert is under way in this repository; a commit now would become part of it.",
        "Finish it with `git revert --continue`, or give it up with `git revert --abort`.",
    ),
    "between two reverts": (
        _between_reverts,
        ObstacleKind.REVERT,
        "A revert is under way in this repository; a commit now would become part of it.",
        "Finish it with `git revert --continue`, or give it up with `git revert --abort`.",
    ),
    "bisect": (
        lambda folder: git(folder, "bisect", "start"),
        ObstacleKind.BISECT,
        "A bisect is under way in this repository; a commit now would become part of it.",
        "End it with `git bisect reset`, which brings back the branch you came from.",
    ),
    "unmerged": (
        _stash,
        ObstacleKind.UNMERGED,
        f"{LOG} and 1 more has conflicts that are not resolved.",
        f"Resolve them, then tell git: git add {LOG}",
    ),
    "detached": (
        lambda folder: git(folder, "switch", "-q", "--detach"),
        ObstacleKind.DETACHED,
        "No branch is checked out (detached HEAD): a commit made here would be lost when you switch away.",
        "Go to a branch with `git switch NAME`, or make one here with `git switch -c NAME`.",
    ),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_each_obstacle_has_its_message_and_remedy_and_stops_a_commit(
    clone: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone)
    make, kind, message, remedy = OBSTACLES[name]
    make(clone)
    add_line(clone)
    repo = found(clone)
    obstacle = repository.obstacle(repo)
    assert obstacle is not None
    assert (obstacle.kind, obstacle.message, obstacle.remedy) == (kind, message, remedy)
    before = snapshot(clone)
    with pytest.raises(repository.ObstacleFound) as caught:
        repository.commit_only(repo, [clone / LOG], "okr: x")
    assert caught.value.obstacle == obstacle
    assert (caught.value.message, caught.value.remedy) == (message, remedy)
    assert snapshot(clone) == before


def test_a_bare_repository_is_an_obstacle(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "b.git")
    obstacle = repository.obstacle(found(tmp_path / "b.git"))
    assert obstacle is not None
    assert obstacle.kind is ObstacleKind.BARE
    assert obstacle.message == f"{tmp_path / 'b.git'} is a bare repository: it has no files to write to."
    assert obstacle.remedy == f"Work in a clone of it: git clone {tmp_path / 'b.git'}"


@pytest.mark.parametrize(
    ("age", "words"),
    [(7400, "2 hours"), (90, "1 minute"), (200_000, "2 days"), (30, "30 seconds")],
)
@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_left_behind_is_named_with_its_age(clone: Path, name: str, age: int, words: str) -> None:
    lock = clone / ".git" / name
    lock.touch()
    then = time.time() - age
    os.utime(lock, (then, then))
    obstacle = repository.obstacle(found(clone))
    assert obstacle is not None
    assert (obstacle.kind, obstacle.path) == (ObstacleKind.LOCKED, lock)
    assert re.sub(r"3[01] seconds", "30 seconds", obstacle.message) == (
        f"Another git command seems to be at work in this repository: {lock} is {words} old."
    )
    assert obstacle.remedy == (
        "Let it finish: it may be a commit waiting for its message, or an editor. If nothing is running, "
        f"a command has died there; remove what it left: rm {lock}"
    )


def test_a_fresh_lock_is_waited_for(clone: Path) -> None:
    lock = clone / ".git" / "index.lock"
    lock.touch()
    started = time.monotonic()
    obstacle = repository.obstacle(found(clone))
    assert obstacle is not None
    assert obstacle.kind is ObstacleKind.LOCKED
    assert time.monotonic() - started >= 1
    with subprocess.Popen(["sh", "-c", f"sleep 0.3; rm {lock}"]):
        assert repository.obstacle(found(clone)) is None


def test_no_obstacle_where_all_is_well(clone: Path, empty: Path) -> None:
    assert repository.obstacle(found(clone)) is None
    assert repository.obstacle(found(empty)) is None
    disturb(clone)
    assert repository.obstacle(found(clone)) is None
    (clone / ".git" / "HEAD").unlink()
    (clone / ".git" / "HEAD").symlink_to("refs/heads/main")  # core.preferSymlinkRefs
    assert repository.obstacle(found(clone)) is None


# --- the commit


def committed_paths(folder: Path, commit: str = "HEAD") -> list[str]:
    return git(folder, "show", "--format=", "--name-only", "-z", commit).split("\0")[:-1]


def test_a_commit_holds_the_log_alone_and_leaves_the_rest(clone: Path) -> None:
    disturb(clone)
    before = snapshot(clone)
    old = git(clone, "rev-parse", "HEAD").strip()
    log = add_line(clone)
    commit = repository.commit_only(
        found(clone),
        [log],
        "okr: marketing/brand/visits 44000 → 47500 visits\n\n# not a comment\n",
        trailers=[("OKR-Checkin", "2026-Q4/marketing/brand/visits value=47500"), ("Note", "a\nb: c")],
    )
    assert commit.remarks == ()
    assert commit.id == git(clone, "rev-parse", "HEAD").strip()
    assert git(clone, "rev-parse", "HEAD^").strip() == old
    assert committed_paths(clone) == [LOG]
    assert git(clone, "log", "-1", "--format=%an <%ae>|%B") == (
        "Alice Martin <alice@acme.example>|okr: marketing/brand/visits 44000 → 47500 visits\n\n"
        "# not a comment\n\nOKR-Checkin: 2026-Q4/marketing/brand/visits value=47500\nNote: a b: c\n\n"
    )
    after = snapshot(clone)
    assert after[:2] == before[:2]
    assert [line for line in after[2].splitlines() if "branch.oid" not in line] == [
        line for line in before[2].splitlines() if "branch.oid" not in line
    ]


NAMES = [
    "with space.yaml",
    "équipe/ça.yaml",
    "-leading",
    "--amend",
    ":(top)x",
    "*.yaml",
    "a\tb",
    "q'\"$(x)`",
    "日本",
]


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "new"])
def test_any_name_can_be_committed(clone: Path, name: str, *, tracked: bool) -> None:
    repo = found(clone)
    path = write(clone, name, "1\n")
    write(clone, "decoy.yaml", "1\n")
    git(clone, "add", "decoy.yaml")
    if tracked:
        git(clone, "add", "--", f":(literal){name}")
        git(clone, "commit", "-qm", "name")
        add_line(clone, name)
        write(clone, "decoy.yaml", "2\n")
    assert repository.has_uncommitted_changes(repo, [path]) == (path,)
    assert repository.ignoring_rule(repo, path) is None
    repository.commit_only(repo, [path], "okr: name")
    assert committed_paths(clone) == [name]
    assert repository.head_blob(repo, path) == path.read_bytes()
    assert repository.has_uncommitted_changes(repo, [path]) == ()


def test_the_first_commit_of_an_empty_repository(empty: Path) -> None:
    write(empty, "staged", "s\n")
    git(empty, "add", "staged")
    log = add_line(empty)
    commit = repository.commit_only(found(empty), [log], "okr: first")
    assert commit.id == git(empty, "rev-parse", "HEAD").strip()
    assert committed_paths(empty) == [LOG]
    assert git(empty, "diff", "--cached", "--name-only") == "staged\n"


def test_several_files_and_one_of_them_deleted(clone: Path) -> None:
    (clone / "other").unlink()
    logs = [add_line(clone), add_line(clone, "checkins/kpis.yaml"), clone / "other"]
    assert repository.commit_only(found(clone), logs, "okr: several").remarks == ()
    assert committed_paths(clone) == [LOG, "checkins/kpis.yaml", "other"]


def test_filters_of_the_repository_apply(clone: Path) -> None:
    write(clone, ".gitattributes", "*.yaml text eol=crlf\n")
    log = add_line(clone)
    log.write_bytes(log.read_bytes().replace(b"\n", b"\r\n"))
    repo = found(clone)
    assert repository.commit_only(repo, [log], "okr: x").remarks == ()
    assert repository.head_blob(repo, log) == log.read_bytes().replace(b"\r\n", b"\n")


def test_a_worktree_shares_the_lock_and_commits_on_its_branch(clone: Path, tmp_path: Path) -> None:
    git(clone, "worktree", "add", "-q", "-b", "side", str(tmp_path / "tree"))
    repo = found(tmp_path / "tree" / "checkins")
    assert repo.top == tmp_path / "tree"
    assert (repo.git_dir, repo.common_dir) == (clone / ".git" / "worktrees" / "tree", clone / ".git")
    assert (
        repository.checkin_lock(repo)
        == repository.checkin_lock(found(clone))
        == clone / ".git/okr-checkin.lock"
    )
    commit = repository.commit_only(repo, [add_line(repo.top)], "okr: there")
    assert git(clone, "rev-parse", "side").strip() == commit.id
    assert git(clone, "status", "--porcelain") == ""
    (repo.git_dir / "MERGE_HEAD").write_text(commit.id)
    obstacle = repository.obstacle(repo)
    assert obstacle is not None
    assert obstacle.kind is ObstacleKind.MERGE
    assert repository.obstacle(found(clone)) is None


def test_a_submodule_commits_in_itself(clone: Path, tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(clone), "goals")
    git(outer, "commit", "-qm", "submodule")
    for setting in ("user.name", "user.email"):
        git(outer / "goals", "config", setting, "Bob")
    repo = found(outer / "goals")
    assert (repo.top, repo.git_dir) == (outer / "goals", outer / ".git" / "modules" / "goals")
    commit = repository.commit_only(repo, [add_line(outer / "goals")], "okr: inside")
    assert git(outer / "goals", "rev-parse", "main").strip() == commit.id
    assert git(outer, "diff", "--cached") == ""


def test_a_shallow_clone_commits(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", clone.as_uri(), "shallow")
    git(tmp_path / "shallow", "config", "user.name", "Bob")
    git(tmp_path / "shallow", "config", "user.email", "bob@x.example")
    repo = found(tmp_path / "shallow")
    repository.commit_only(repo, [add_line(repo.top)], "okr: shallow")
    assert committed_paths(repo.top) == [LOG]


def test_a_link_commits_its_target(clone: Path) -> None:
    (clone / "log").symlink_to(LOG)
    add_line(clone)
    repository.commit_only(found(clone), [clone / "log"], "okr: link")
    assert committed_paths(clone) == [LOG]


def test_messages_in_waiting_stay(clone: Path) -> None:
    conflict(clone)
    git(clone, "merge", "--squash", "-Xours", "side")
    waiting = (clone / ".git" / "SQUASH_MSG").read_bytes()
    repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    assert (clone / ".git" / "SQUASH_MSG").read_bytes() == waiting


def test_settings_for_messages_do_not_change_ours(clone: Path) -> None:
    write(clone, "template", "TEMPLATE\n")
    for name, value in {
        "commit.template": str(clone / "template"),
        "commit.cleanup": "scissors",
        "core.commentChar": "o",
        "commit.verbose": "true",
        "i18n.commitEncoding": "latin1",
        "core.abbrev": "4",
        "status.short": "true",
        "core.quotePath": "true",
        "log.showSignature": "true",
    }.items():
        git(clone, "config", name, value)
    commit = repository.commit_only(found(clone), [add_line(clone)], "okr: é → 日本\n\n# kept")
    raw = git(clone, "cat-file", "commit", commit.id)
    assert raw.partition("\n\n")[2] == "okr: é → 日本\n\n# kept\n"
    assert "encoding" not in raw.partition("\n\n")[0]


# --- hooks


def failing_state(folder: Path, new: Path) -> Callable[[], None]:
    """Give a function that says whether all is as it was, with the new file still there and untracked."""
    before = snapshot(folder)

    def check() -> None:
        assert snapshot(folder) == before
        assert new.exists()
        assert not list((folder / ".git").glob("*.lock"))

    return check


@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_refuses_is_quoted_and_nothing_changes(clone: Path, name: str) -> None:
    disturb(clone)
    hook(clone, name, "printf 'no \\033[31mred\\033[0m\\007 goals\\n'; echo 'on Fridays' >&2; exit 1")
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    with pytest.raises(repository.HookRejected) as caught:
        repository.commit_only(found(clone), [new, add_line(clone, LOG, "")], "okr: x")
    assert caught.value.message == (
        f"A hook of this repository ({name}) refused the commit. It said:\nno red goals\non Fridays"
    )
    assert caught.value.remedy == "Mend what it complains about, then repeat the command."
    check()


def test_hooks_elsewhere_are_honoured(clone: Path, tmp_path: Path) -> None:
    git(clone, "config", "core.hooksPath", str(tmp_path / "hooks"))
    path = write(tmp_path, "hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    with pytest.raises(repository.HookRejected, match=r"\(pre-commit\) refused the commit\.$"):
        repository.commit_only(found(clone), [add_line(clone)], "okr: x")


def test_a_hook_that_adds_and_changes_is_reported(clone: Path) -> None:
    hook(clone, "pre-commit", f"echo '# formatted' >> {LOG}; echo x > extra; git add {LOG} extra")
    log = add_line(clone)
    commit = repository.commit_only(found(clone), [log], "okr: x")
    assert commit.remarks == (
        f"A hook of this repository changed {LOG} while it was committed.",
        "A hook of this repository added extra to the commit.",
    )
    assert git(clone, "show", f"{commit.id}:{LOG}").endswith("# formatted\n")


def test_a_hook_that_takes_the_change_out_is_an_error(clone: Path) -> None:
    hook(clone, "pre-commit", f"git reset -q -- {LOG}; echo x > extra; git add extra")
    with pytest.raises(repository.CommitIncomplete, match=f"a hook left the change of {LOG} out of it"):
        repository.commit_only(found(clone), [add_line(clone)], "okr: x")


def test_a_hook_that_replaces_the_commit_is_reported(clone: Path) -> None:
    hook(
        clone,
        "post-commit",
        '[ -n "$AGAIN" ] || AGAIN=1 git commit -q --amend --allow-empty -m amended',
    )
    commit = repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    assert commit.id == git(clone, "rev-parse", "HEAD").strip()
    assert re.fullmatch(
        r"A hook of this repository replaced the commit [0-9a-f]{10} by [0-9a-f]{10}\.", commit.remarks[0]
    )
    assert len(commit.remarks) == 1


def test_a_hook_may_change_the_message_and_sees_the_usual_environment(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    hook(clone, "commit-msg", 'cat > ../stdin; env > ../env; echo "Change-Id: I1" >> "$1"')
    commit = repository.commit_only(
        found(clone), [add_line(clone)], "okr: x", trailers=[("OKR-Checkin", "y")]
    )
    assert (
        git(clone, "log", "-1", "--format=%(trailers:only)", commit.id) == "OKR-Checkin: y\nChange-Id: I1\n\n"
    )
    seen = (clone.parent / "env").read_text().splitlines()
    assert "LC_ALL=C.UTF-8" in seen
    assert not [line for line in seen if line.startswith(("GIT_OPTIONAL_LOCKS", "GIT_LITERAL_PATHSPECS"))]
    assert (clone.parent / "stdin").read_bytes() == b""


def test_a_hook_that_leaves_a_process_behind_does_not_make_us_wait(clone: Path) -> None:
    hook(clone, "post-commit", "sleep 60 & echo $! > ../pid")
    started = time.monotonic()
    repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    os.kill(int((clone.parent / "pid").read_text()), signal.SIGKILL)
    assert time.monotonic() - started < 50


# --- failures of git


def test_a_signer_that_fails_is_named(clone: Path) -> None:
    git(clone, "config", "commit.gpgSign", "true")
    git(clone, "config", "gpg.program", "false")
    disturb(clone)
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    with pytest.raises(repository.SignerFailed) as caught:
        repository.commit_only(found(clone), [new], "okr: x")
    assert caught.value.message.startswith(
        "Nothing was committed: the commit could not be signed. It said:\nerror: gpg failed to sign the data"
    )
    assert caught.value.remedy == (
        "Mend the signing (see `git config --get-regexp 'gpg|sign'`), then repeat the command."
    )
    check()


def test_a_missing_identity_is_named(clone: Path) -> None:
    git(clone, "config", "--unset", "user.email")
    git(clone, "config", "user.useConfigOnly", "true")
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    with pytest.raises(repository.IdentityMissing) as caught:
        repository.commit_only(found(clone), [new], "okr: x")
    assert caught.value.message.startswith("Git does not know who you are, so nothing was committed.")
    assert str(caught.value.remedy).startswith('Tell it: git config --global user.name "Your Name"')
    check()


def test_nothing_to_commit(clone: Path) -> None:
    disturb(clone)
    before = snapshot(clone)
    with pytest.raises(repository.NothingToCommit) as caught:
        repository.commit_only(found(clone), [clone / LOG], "okr: x")
    assert caught.value.message == f"There is nothing to commit in {LOG}: the last commit holds it already."
    with pytest.raises(repository.CommitFailed, match=r"^nowhere does not exist"):
        repository.commit_only(found(clone), [clone / "nowhere"], "okr: x")
    assert snapshot(clone) == before


@pytest.mark.parametrize("rule", ["checkins/", "new.yaml", "*.yaml"])
def test_an_ignored_log_is_refused_by_its_rule(clone: Path, rule: str) -> None:
    write(clone, ".git/info/exclude", f"# rules\n{rule}\n")
    new = add_line(clone, "checkins/sub/new.yaml")
    check = failing_state(clone, new)
    with pytest.raises(repository.PathIgnored) as caught:
        repository.commit_only(found(clone), [new], "okr: x")
    assert caught.value.message == (
        f"Git ignores checkins/sub/new.yaml, because of .git/info/exclude:2: {rule}."
    )
    check()
    repository.commit_only(found(clone), [add_line(clone)], "okr: tracked files are never ignored")


def test_a_lock_that_goes_away_is_waited_for(clone: Path) -> None:
    # The lock appears after the look at the obstacles: git itself meets it.
    hook(clone, "pre-commit", "[ -e ../once ] || { touch ../once; touch .git/refs/heads/main.lock; "
         "(sleep 1.5; rm .git/refs/heads/main.lock) >/dev/null 2>&1 & }")  # fmt: skip
    git(clone, "config", "core.filesRefLockTimeout", "0")
    commit = repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    assert commit.id == git(clone, "rev-parse", "HEAD").strip()
    assert committed_paths(clone) == [LOG]


def test_a_lock_that_stays_is_named(clone: Path) -> None:
    hook(clone, "pre-commit", "touch .git/refs/heads/main.lock")
    git(clone, "config", "core.filesRefLockTimeout", "0")
    new = add_line(clone, "checkins/new.yaml")
    before = snapshot(clone)
    with pytest.raises(repository.ObstacleFound) as caught:
        repository.commit_only(found(clone), [new], "okr: x")
    assert caught.value.obstacle.path == clone / ".git" / "refs" / "heads" / "main.lock"
    assert snapshot(clone) == before


def test_git_killed_by_a_signal_is_said(clone: Path) -> None:
    hook(clone, "pre-commit", "kill -TERM $PPID; sleep 1")
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    with pytest.raises(repository.CommitFailed, match="git was stopped by the signal SIGTERM"):
        repository.commit_only(found(clone), [new], "okr: x")
    check()


LIMITED = """
import resource, sys
from pathlib import Path
from okr import repository
repo = repository.find_repository(Path(sys.argv[1]))
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
try: repository.commit_only(repo, [Path(sys.argv[1]) / sys.argv[2]], "okr: x")
except repository.CommitFailed as error: print(error.message.partition(" It said")[0], error.remedy)
resource.setrlimit(resource.RLIMIT_FSIZE, before)
"""


def test_a_limit_on_file_size_leaves_index_and_locks_as_they_were(clone: Path) -> None:
    for number in range(100):
        write(clone, f"filler/{number}", str(number))
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "an index larger than the limit")
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(clone), "checkins/new.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = "Nothing was committed: a file of git's would pass the limit on file size."
    assert done.stdout == f"{said} Raise the limit (`ulimit -f`), then repeat the command.\n"
    assert done.stderr == ""
    check()


def test_no_room_for_temporary_files_is_said(clone: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from okr import repository; from okr.errors import OkrError; from okr.git.writing import run_to_end\n"
        "repo = repository.find_repository(Path(sys.argv[1]))\n"
        "before = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))\n"
        "try: run_to_end(repo, 'hash-object', '--stdin', input=b'x')\n"
        "except OkrError as error: print(error.message, error.remedy)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(clone)], capture_output=True, text=True, check=False
    )
    assert done.stdout == (
        "Git could not be run: there is no room for temporary files. "
        "Free some space, or set TMPDIR to a folder that has some.\n"
    )
    assert done.stderr == ""


def test_a_commit_in_a_thread_works_and_fails_alike(clone: Path) -> None:
    repo = found(clone)
    with ThreadPoolExecutor(1) as pool:
        commit = pool.submit(repository.commit_only, repo, [add_line(clone)], "okr: x").result()
        assert commit.id == git(clone, "rev-parse", "HEAD").strip()
        hook(clone, "pre-commit", "exit 1")
        new = add_line(clone, "checkins/new.yaml")
        check = failing_state(clone, new)
        with pytest.raises(repository.HookRejected):
            pool.submit(repository.commit_only, repo, [new], "okr: x").result()
    check()


@pytest.fixture
def open_clone() -> Iterator[Path]:
    """A repository an ordinary user may enter, wherever pytest keeps its own folders."""
    folder = Path(tempfile.mkdtemp(prefix="okr-test-"))
    folder.chmod(0o755)
    clone = new_repository(folder / "clone")
    write(clone, LOG, LINE)
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "first")
    yield clone
    for found_folder in clone.rglob("*"):
        found_folder.chmod(0o755)
    shutil.rmtree(folder)


READ_ONLY = """
import os, sys, tempfile, random, hashlib, _sha1  # all that is needed: nobody may not read the interpreter's folder
from pathlib import Path
from okr import repository
from okr.errors import OkrError
repository.commit_only
clone = Path(sys.argv[1])
if os.geteuid() == 0:
    for path in (clone, *clone.rglob("*")): os.chown(path, 65534, 65534, follow_symlinks=False)
    os.setgroups([]); os.setresgid(65534, 65534, 0); os.setresuid(65534, 65534, 65534)
repo = repository.find_repository(clone)
try: repository.commit_only(repo, [clone / "checkins/2026-Q4/marketing.yaml"], "okr: x")
except OkrError as error: print(error.message.partition(" It said")[0], error.remedy, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("what", ["objects", "."])
def test_a_repository_that_is_read_only_is_named(open_clone: Path, what: str) -> None:
    add_line(open_clone)
    before = snapshot(open_clone)
    for path in [(open_clone / ".git" / what), *(open_clone / ".git" / "objects").iterdir()]:
        path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(open_clone)], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines(), done.stderr
    assert done.stdout == (
        "Nothing was committed: git may not write to this repository. "
        "Give yourself the right to write to git's own folder, then repeat the command.\n"
    )
    os.chown(open_clone, os.getuid(), os.getgid())
    os.chown(open_clone / ".git", os.getuid(), os.getgid())
    assert snapshot(open_clone) == before


# --- Ctrl-C


INTERRUPTED = """
import sys
from pathlib import Path
from okr import repository
clone = Path(sys.argv[1])
try: repository.commit_only(repository.find_repository(clone), [clone / sys.argv[2]], "okr: x")
except KeyboardInterrupt: print("interrupted")
"""


def interrupt(clone: Path, name: str, *, group: bool) -> str:
    """Start a commit, wait until its hook runs, press Ctrl-C (or signal our process alone)."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(clone), name],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0,
    ) as running:  # fmt: skip
        deadline = time.monotonic() + 20
        while not (clone.parent / "running").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (os.killpg if group else os.kill)(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert err == ""
    return out


@pytest.mark.parametrize("group", [True, False], ids=["Ctrl-C in a terminal", "a signal to us alone"])
def test_an_interrupt_before_the_commit_leaves_the_index(clone: Path, *, group: bool) -> None:
    disturb(clone)
    hook(clone, "pre-commit", "touch ../running; exec sleep 5")
    new = add_line(clone, "checkins/new.yaml")
    check = failing_state(clone, new)
    assert interrupt(clone, "checkins/new.yaml", group=group) == "interrupted\n"
    check()


def test_an_interrupt_after_the_commit_leaves_the_commit(clone: Path) -> None:
    hook(clone, "post-commit", "touch ../running; exec sleep 5")
    add_line(clone, "checkins/new.yaml")
    assert interrupt(clone, "checkins/new.yaml", group=True) == "interrupted\n"
    assert committed_paths(clone) == ["checkins/new.yaml"]
    assert git(clone, "status", "--porcelain") == ""


def test_a_commit_whose_end_fails_is_a_commit(clone: Path) -> None:
    # Git moves the branch first and writes the index then: a failure between the two is not "no commit".
    hook(
        clone,
        "reference-transaction",
        '[ "$1" != committed ] || { grep -q HEAD && kill -TERM $PPID; sleep 0.2; }',
    )
    add_line(clone, "checkins/new.yaml")
    commit = repository.commit_only(found(clone), [clone / "checkins/new.yaml"], "okr: x")
    assert commit.id == git(clone, "rev-parse", "HEAD").strip()
    assert len(commit.remarks) == 1
    assert commit.remarks[0].startswith("The commit was made, but git reported a failure after it.")
    assert git(clone, "status", "--porcelain") == ""


# --- text


FORGERIES = {
    "newline": "done\nOKR-Checkin: forged",
    "blank line": "done\n\nOKR-Checkin: forged\nSigned-off-by: Mallory <m@x.example>",
    "alone": "OKR-Checkin: forged",
    "spaces": "x\n\n  OKR-Checkin : forged",
    "carriage return": "x\r\rOKR-Checkin: forged",
    "windows": "x\r\n\r\nOKR-Checkin: forged\r\n",
    "unicode lines": "x\u2028\u2028OKR-Checkin: forged\x85\x0bSigned-off-by: m\x0cReviewed-by: m",
    "divider": "x\n\nOKR-Checkin: forged\n---\nrest",
    "scissors": "x\n\nOKR-Checkin: forged\n# ------------------------ >8 ------------------------\nrest",
    "cherry": "x\n\n(cherry picked from commit 1234)\nOKR-Checkin: forged",
    "control": "x\n\n\x1b[2JOKR-\x00Checkin: forged\x7f\x9b1m",
    "direction": "x\n\n\u202eOKR-Checkin: forged",
    "other separators": "x\n\nOKR-Checkin= forged\nOKR-Checkin # forged",
    "comment": "x\n\nOKR-Checkin: forged\n# comment",
    "conflicts": "x\n\nOKR-Checkin: forged\n\nConflicts:\n\ta",
    "surrogate": "x\ud800\n\nOKR-Checkin: forged",
}


def trailers_of(folder: Path, commit: str) -> tuple[str, str]:
    message = git(folder, "log", "-1", "--format=%B", commit)
    parsed = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        cwd=folder,
        input=message,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return parsed, git(folder, "log", "-1", "--format=%(trailers:only,unfold)", commit).rstrip("\n")


@pytest.mark.unmeasured
@pytest.mark.parametrize("separators", [":", ":=#"])
@pytest.mark.parametrize("name", FORGERIES)
def test_no_text_forges_a_trailer(clone: Path, name: str, separators: str) -> None:
    git(clone, "config", "trailer.separators", separators)
    repo = found(clone)
    note = repository.safe_paragraph(FORGERIES[name])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", note)
    commit = repository.commit_only(
        repo, [add_line(clone)], f"okr: a\n\n{note}", trailers=[("OKR-Checkin", "real")]
    )
    assert trailers_of(clone, commit.id) == ("OKR-Checkin: real\n", "OKR-Checkin: real")
    commit = repository.commit_only(repo, [add_line(clone)], f"okr: a\n\n{note}")
    assert trailers_of(clone, commit.id) == ("", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Campaign went live on Tuesday.", "Campaign went live on Tuesday."),
        ("# 1 in « search »\n  - point\t2  \n", "# 1 in « search »\n  - point 2"),
        ("a\n\n\n\nb\n\n", "a\n\nb"),
        ("Fixed: all", "> Fixed: all"),
        ("  Fixed: all", "> Fixed: all"),
        ("From here on\ndiff -u\nIndex: a", "> From here on\n> diff -u\n> Index: a"),
        ("👩\u200d💻 we did: it", "👩\u200d💻 we did: it"),
        ("\x00\n\r\n", ""),
    ],
)
def test_what_becomes_of_a_note(text: str, expected: str) -> None:
    assert repository.safe_paragraph(text) == expected


def test_one_line_is_one_line() -> None:
    assert repository.safe_line(" a\n\nb\x1b[2J\u2028 c: d\x00 ") == "a b[2J c: d"


# --- many at once


APPENDING = """
import sys
from pathlib import Path
from okr import files, locks, repository
repo = repository.find_repository(Path(sys.argv[1]))
log = repo.top / "checkins/2026-Q4/marketing.yaml"
for turn in range(int(sys.argv[3])):
    with locks.locked(repository.checkin_lock(repo), timeout=120):
        old = files.read_regular_file(log, root=repo.top, limit=10**6)
        line = f"- {{kr: a/b, value: {sys.argv[2]}, note: {turn}}}\\n"
        files.replace_file(log, old + line.encode(), expected=old, root=repo.top)
        print(repository.commit_only(repo, [log], f"okr: {sys.argv[2]} {turn}").id, flush=True)
"""


def test_ten_processes_lose_nothing(clone: Path) -> None:
    turns = 3
    disturb(clone)
    before = snapshot(clone)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDING, str(clone), str(number), str(turns)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(10)
    ]
    acknowledged = [line for process in running for line in process.communicate(timeout=200)[0].split()]
    assert [process.returncode for process in running] == [0] * 10
    history = git(clone, "log", "--format=%H", "HEAD~30..HEAD").split()
    assert sorted(acknowledged) == sorted(history)
    assert {git(clone, "show", "--shortstat", "--format=", commit) for commit in history} == {
        " 1 file changed, 1 insertion(+)\n"
    }
    lines = (clone / LOG).read_text().splitlines()[1:]
    assert sorted(lines) == sorted(
        f"- {{kr: a/b, value: {n}, note: {t}}}" for n in range(10) for t in range(turns)
    )
    assert snapshot(clone)[:2] == before[:2]
    git(clone, "fsck", "--strict")


def test_a_read_only_log_is_refused_before_git_is_asked(clone: Path) -> None:
    (clone / LOG).chmod(0o444)
    before = snapshot(clone)
    with pytest.raises(files.ReadOnlyFile):
        files.replace_file(clone / LOG, b"x", expected=LINE.encode(), root=clone)
    assert snapshot(clone) == before
    assert stat.S_IMODE((clone / LOG).stat().st_mode) == 0o444


def test_everything_it_offers_is_there_and_nothing_else() -> None:
    offered = {name: getattr(repository, name) for name in repository.__all__}
    assert {name for name, each in offered.items() if getattr(each, "__name__", "") != name} == {"UNSHALLOW"}
    with pytest.raises(AttributeError, match="has no attribute 'run_to_end'"):
        _ = repository.run_to_end  # type: ignore[attr-defined] # that is the point
