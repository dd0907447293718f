from __future__ import annotations

import os
import random
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.file_errors import UnreadableFile
from okr.git.differences import changed_files
from okr.git.objects import _BEGUN, objects_ahead
from okr.repository import GitFailed, find_repository, resolve_revision
from okr.revisions import Revision
from okr.sources import PLAINLY_OWNERS, Files, Folder

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    identity = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@x"}  # fmt: skip
    done = subprocess.run(
        ("git", "-C", str(folder), *arguments),
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **identity},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def committed(top: Path, *options: str) -> str:
    git(top, "init", "--quiet", *options)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "All of it")
    return git(top, "rev-parse", "HEAD").strip()


def revision(root: Path, text: str = "HEAD") -> Revision:
    repo = find_repository(root)
    assert repo is not None
    return Revision(repo, resolve_revision(repo, text), root)


def everything(files: Files, folder: str = "") -> dict[str, object]:
    """All that can be reached, down through folders that are links as well."""
    found: dict[str, object] = {}
    for name in files.folders(folder):
        inner = f"{folder}/{name}" if folder else name
        found[inner + "/"] = None
        found |= everything(files, inner)
    for name in files.files(folder):
        path = f"{folder}/{name}" if folder else name
        try:
            found[path] = files.read(path)
        except UnreadableFile as error:
            found[path] = type(error).__name__
    return found


@pytest.fixture
def goals(tmp_path: Path) -> Path:
    """A workspace in a folder of a repository, with all that may stand in one."""
    root = tmp_path / "company" / "goals"
    (root / "okrs" / "2026").mkdir(parents=True)
    (root / "okr.yaml").write_bytes(b"name: A\r\n")
    (root / "okrs" / "2026" / "a.yaml").write_bytes(b"a: 1\n")
    (root / "okrs" / os.fsdecode(b"caf\xe9\n.yaml")).write_bytes(b"x")
    (tmp_path / "secret").write_text("s")
    (tmp_path / ".gitattributes").write_text("* -text\n")
    (tmp_path / "company" / ".gitattributes").write_text("goals/** merge=union\n")
    (root / ".gitattributes").write_text("checkins/** merge=union\n")
    for name, target in [
        ("file", "2026/a.yaml"), ("through", "./inside/../2026//a.yaml"), ("inside", "2026"), ("outside", "../../../secret"),
        ("above", "../.."), ("self", "."), ("up", ".."), ("loop", "loop"), ("one", "two"), ("two", "one"), ("gone", "x"),
        ("below-a-file", "2026/a.yaml/b"), ("absolute", "/etc/hostname"), ("2027", "inside"),
    ]:  # fmt: skip
        (root / "okrs" / name).symlink_to(target)
    return root


def test_a_commit_reads_as_its_checkout_does(goals: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    found = everything(revision(goals))
    assert found == everything(Folder(goals))
    assert found["okrs/2027/a.yaml"] == found["okrs/through"] == b"a: 1\n"
    assert (found["okrs/outside"], found["okrs/absolute"]) == ("FileOutside", "FileOutside")
    assert (found["okrs/gone"], found["okrs/loop"]) == ("MissingFile", "LinkLoop")


def test_the_working_tree_is_not_looked_at(goals: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    (goals / "okr.yaml").write_text("name: B\n")
    (goals / "org.yaml").write_text("teams: []\n")
    git(tmp_path, "add", "--all")
    files = revision(goals)
    assert files.read("okr.yaml") == b"name: A\r\n"
    assert files.read("org.yaml") is None
    assert files.files("") == [".gitattributes", "okr.yaml"]


@pytest.mark.parametrize(
    "path", ["nothing", "okr.yaml", "okr.yaml/a", "okrs/none/at/all", "okrs/outside", "okrs/loop"]
)
def test_what_is_no_folder_holds_nothing(goals: Path, tmp_path: Path, path: str) -> None:
    committed(tmp_path)
    assert revision(goals).folders(path) == revision(goals).files(path) == []
    assert revision(goals).read("okr.yaml/a") is None


def test_the_attributes_above_are_the_commits(goals: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    above = Folder(goals).attributes_above()
    (tmp_path / ".gitattributes").unlink()
    assert revision(goals).attributes_above() == above
    assert above is not None
    assert [down for down, _ in above] == ["company/goals/", "goals/"]
    assert revision(tmp_path).attributes_above() == []


def test_a_folder_or_submodule_is_no_file(goals: Path, tmp_path: Path) -> None:
    (goals / "org.yaml").mkdir()
    (goals / "org.yaml" / "x").write_text("")
    commit = committed(tmp_path)
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{commit},company/goals/kpis.yaml")
    git(tmp_path, "commit", "--quiet", "--message", "A submodule")
    files = revision(goals)
    for name, said in [("org.yaml", "a folder"), ("kpis.yaml", "a submodule")]:
        with pytest.raises(UnreadableFile, match=f"it is {said}, not a regular file"):
            files.read(name)
    assert "kpis.yaml" in files.files("")


def test_what_is_too_large_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "okr.yaml").write_text("name: A\n")
    with (tmp_path / "org.yaml").open("wb") as file:
        file.truncate(100_000_000)
    (tmp_path / ".gitattributes").write_text("")
    committed(tmp_path)
    files = revision(tmp_path)
    with pytest.raises(UnreadableFile, match="it is larger than"):
        files.read("org.yaml")
    assert files.read("okr.yaml") == b"name: A\n"


def test_a_commit_that_has_no_workspace_is_empty(goals: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    git(tmp_path, "rm", "--quiet", "-r", "company")
    git(tmp_path, "commit", "--quiet", "--message", "Nothing left")
    goals.mkdir(parents=True, exist_ok=True)
    assert everything(revision(goals)) == {}
    assert everything(revision(goals, "HEAD~")) != {}


def test_repositories_with_longer_ids_are_read(goals: Path, tmp_path: Path) -> None:
    commit = committed(tmp_path, "--object-format=sha256")
    assert len(commit) == 64
    assert everything(revision(goals)) == everything(Folder(goals))


def test_replaced_objects_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "okr.yaml").write_text("name: A\n")
    first = committed(tmp_path)
    (tmp_path / "okr.yaml").write_text("name: B\n")
    git(tmp_path, "commit", "--quiet", "--all", "--message", "B")
    git(tmp_path, "replace", first, git(tmp_path, "rev-parse", "HEAD").strip())
    assert revision(tmp_path, first).read("okr.yaml") == b"name: A\n"


def test_an_object_that_is_lost_is_said(tmp_path: Path) -> None:
    (tmp_path / "okr.yaml").write_text("name: A\n")
    committed(tmp_path)
    lost = git(tmp_path, "rev-parse", "HEAD:okr.yaml").strip()
    (tmp_path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitFailed, match="missing"):
        revision(tmp_path).read("okr.yaml")


_PATHS = [
    f"{top}/{folder}/{name}"
    for top in ("okrs", "checkins")
    for folder in ("2026", "2026-Q4")
    for name in (
        "a.yaml",
        "team-1.yaml",
        "cycle.yaml",
        "B.yaml",
        "a.yml",
        "caf\u00e9.yaml",
        "a.yaml/inner/b.yaml",
    )
] + ["okr.yaml", "okrs", "okrs/a.yaml", "okrs/2026"]


def _drawn(chance: random.Random, before: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Files and submodules as a commit may have them; none stands where another has a folder."""
    found: dict[str, tuple[str, str]] = {}
    for path in chance.sample(_PATHS, len(_PATHS)):
        taken = any(path.startswith(f"{each}/") or each.startswith(f"{path}/") for each in found)
        if not taken and chance.random() < 0.4:
            found[path] = (
                chance.choice(("100644", "100644", "100755", "160000")),
                f"{chance.randrange(3)}\n",
            )
        elif not taken and path in before and not any(each.startswith(f"{path}/") for each in before):
            found[path] = before[path]
    return found


@pytest.mark.unmeasured
def test_a_commit_is_the_same_as_another_but_for_what_git_says_differs(tmp_path: Path) -> None:
    """A folder that became a file, files made executable, submodules, folders that came and went."""
    chance = random.Random(7)
    git(tmp_path, "init", "--quiet")
    (tmp_path / "goals").mkdir()
    commits: list[dict[str, tuple[str, str]]] = [{}]
    stream: list[str] = []
    for number in range(24):
        files = _drawn(chance, commits[-1])
        commits.append(files)
        stream.append(
            f"commit refs/heads/c{number}\ncommitter A <a@x> {number} +0000\ndata 1\nx\ndeleteall\n"
        )
        for path, (mode, text) in {**files, "else.yaml": ("100644", "x")}.items():
            name = path if path == "else.yaml" else f"goals/{path}"
            if mode == "160000":
                stream.append(f"M 160000 {text.strip() * 40} {name}\n")
            else:
                stream.append(f"M {mode} inline {name}\ndata {len(text)}\n{text}\n")
    subprocess.run(
        ("git", "-C", str(tmp_path), "fast-import", "--quiet"), input="".join(stream).encode(), check=True
    )
    repo = find_repository(tmp_path)
    assert repo is not None
    differing = 0
    for number in range(0, 24, 2):
        before, after = (resolve_revision(repo, f"c{each}") for each in (number, number + 1))
        found = changed_files(repo, before, after, "goals")
        assert found.entries is not None
        old, new = Revision(repo, before, tmp_path / "goals"), Revision(repo, after, tmp_path / "goals")
        inside = (
            {name[6:]: each for name, each in side.items() if name[:6] == "goals/"} for side in found.entries
        )
        old.know(next(inside), like=new)
        new.know(next(inside))
        for known, commit in ((old, before), (new, after)):
            plain = Revision(repo, commit, tmp_path / "goals")
            assert everything(known) == everything(plain)
            for folder in ("", "okrs", "okrs/2026", "checkins/2026-Q4", "okrs/2026/a.yaml", "nowhere"):
                every, wanted = plain.files(folder), {"team-1.yaml", "missing.yaml", "inner"}
                odd = [each for each in every if each in wanted or re.fullmatch(PLAINLY_OWNERS, each) is None]
                less = known.files_but(folder, PLAINLY_OWNERS, wanted)
                assert set(odd) <= set(less) <= set(every)
                assert less == sorted(less)
                assert known.has_links(folder) is False
        differing += len(found.names)
        files, now = (
            {p: f for p, f in commits[n].items() if f[0] != "160000"} for n in (number + 1, number + 2)
        )
        told = {f"goals/{path}" for path in {*files, *now} if files.get(path) != now.get(path)}
        assert told == found.names
    assert differing > 100


@pytest.mark.unmeasured
def test_what_was_asked_for_ahead_is_what_is_found(goals: Path, tmp_path: Path) -> None:
    (goals / "large.yaml").write_text("#\n" * 40_000)
    commit = committed(tmp_path)
    expected = everything(revision(goals, commit))
    paths = [each.rstrip("/") for each in expected]
    chance = random.Random(7)
    for _ in range(20):
        files = revision(goals, commit)
        files.ahead(chance.sample(paths, 5))
        files.objects.ahead(["0" * 40], 10)
        files.fetch(chance.sample(paths, 2))
        for path in chance.sample(paths, 5):
            files.ahead(chance.sample(paths, 3))
            if isinstance(expected.get(path), bytes):
                assert files.read(path) == expected[path]
        assert everything(files) == expected
        assert files.objects.commit(commit) is not None


def test_the_process_that_was_begun_ahead_answers_and_else_ends(goals: Path, tmp_path: Path) -> None:
    commit = committed(tmp_path)
    repo = find_repository(goals)
    assert repo is not None
    with objects_ahead(repo), objects_ahead(repo):
        (begun,) = _BEGUN.values()
        assert Revision(repo, commit, goals).read("okr.yaml") == b"name: A\r\n"
        assert not _BEGUN
    assert begun.returncode is not None  # it went with the only revision that asked it
    with objects_ahead(repo):
        (begun,) = _BEGUN.values()
    assert begun.returncode is not None
    assert not _BEGUN
