from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.repository import GitFailed, Repository, create_repository
from okr.repository_history import (
    Contents,
    Messages,
    Touch,
    commits_touching,
    every_commit_on,
    files_at,
    has_commits,
    messages,
    messages_begun,
    shallow_commits,
    signatures,
    touches,
)

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "0123456789012345678901234567890123456789"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return create_repository(tmp_path / "work")


def git(repo: Repository, *arguments: str) -> str:
    variables = os.environ | {
        "GIT_AUTHOR_NAME": "Ana\u0301 <x>", "GIT_AUTHOR_EMAIL": "ana@acme.example", "GIT_COMMITTER_NAME": "C",
        "GIT_COMMITTER_EMAIL": "c@acme.example", "GIT_AUTHOR_DATE": "2026-10-05T23:30:00-05:00",
        "GIT_COMMITTER_DATE": "2026-10-07T12:00:00+00:00", "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip
    done = subprocess.run(
        ["git", *arguments], cwd=repo.top, env=variables, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(repo: Repository, files: dict[str, str | None], message: str = "Work") -> str:
    for name, text in files.items():
        path = repo.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", message)
    return git(repo, "rev-parse", "HEAD")


def test_a_repository_begins_without_commits(repo: Repository) -> None:
    assert not has_commits(repo)
    commit(repo, {"a": "1"})
    assert has_commits(repo)
    assert shallow_commits(repo) == frozenset()


def test_messages_come_whole_with_the_author_s_own_day(repo: Repository) -> None:
    first = commit(repo, {"a": "1"}, "One\n\nwith a body")
    second = commit(repo, {"a": "2"}, "")
    found = list(messages(repo, ["HEAD"]))
    assert [(facts.id, facts.parents, message) for facts, message in found] == [
        (second, first, b""), (first, "", b"One\n\nwith a body\n"),
    ]  # fmt: skip
    facts = found[0][0]
    assert (facts.author, facts.email, facts.day, facts.time) == (
        "Ana\u0301 x", "ana@acme.example", "2026-10-05", 1791261000,
    )  # fmt: skip
    assert list(messages(repo, ["HEAD", f"^{first}"])) == found[:1]
    assert list(messages(repo, ["HEAD", f"^{second}"])) == []


def test_many_messages_fit_together_over_the_edges_of_chunks(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        commit(repo, {}, f"Number {number}\n\n" + "é" * number * 7)
    whole = list(messages(repo, ["HEAD"]))
    monkeypatch.setattr("okr.repository_history._CHUNK", 37)
    monkeypatch.setattr("okr.repository_history._CHUNKS_AHEAD", 2)
    assert list(messages(repo, ["HEAD"])) == whole
    assert len(whole) == 20
    reading = messages(repo, ["HEAD"])
    assert next(reading) == whole[0]
    reading.close()  # nobody wants the rest: git is stopped, and nothing is left behind


def test_a_history_that_can_t_be_read_is_an_error(repo: Repository) -> None:
    commit(repo, {"a": "1"})
    with pytest.raises(GitFailed, match="bad object"):
        list(messages(repo, [NOBODY]))
    with Contents(repo) as contents, pytest.raises(GitFailed, match="missing"):
        contents.read(NOBODY)


def test_what_commits_did_to_files(repo: Repository) -> None:
    start = commit(repo, {"plans/a [1].yaml": "1\n2\n3\n", "other": "x"})
    git(repo, "switch", "--quiet", "--create", "side")
    side = commit(repo, {"plans/b.yaml": "b\n"})
    git(repo, "switch", "--quiet", "main")
    main = commit(repo, {"plans/a [1].yaml": None, "other": "y"})
    git(repo, "merge", "--quiet", "--no-edit", "side")
    merge = git(repo, "rev-parse", "HEAD")
    one, b = (
        git(repo, "rev-parse", f"{start}:plans/a [1].yaml"),
        git(repo, "rev-parse", f"{side}:plans/b.yaml"),
    )
    assert list(touches(repo, [start, side, main, merge], ["plans"])) == [
        Touch(start, ({"plans/a [1].yaml": (None, one)},)),
        Touch(side, ({"plans/b.yaml": (None, b)},)),
        Touch(main, ({"plans/a [1].yaml": (one, None)},)),
        Touch(merge, ({"plans/b.yaml": (None, b)}, {"plans/a [1].yaml": (one, None)})),
    ]
    assert list(touches(repo, [start], ["other/deeper"])) == []
    assert list(touches(repo, [], ["plans"])) == []
    assert files_at(repo, merge, ["plans"]) == {"plans/b.yaml": b}
    with Contents(repo) as contents:
        assert (contents.read(one), contents.read(b), contents.read(None)) == (b"1\n2\n3\n", b"b\n", b"")
    listed = [each.id for each in commits_touching(repo, ["HEAD"], ["plans/b.yaml"])]
    assert listed == [side]
    # A file that is gone: its story is told only where every branch is asked.
    assert {each.id for each in every_commit_on(repo, ["HEAD"], ["plans/a [1].yaml"])} >= {start, main}


def test_replaced_commits_do_not_count(repo: Repository) -> None:
    first = commit(repo, {"a": "1"}, "True")
    forged = commit(repo, {"a": "2"}, "Forged")
    git(repo, "reset", "--quiet", "--hard", first)
    git(repo, "replace", first, git(repo, "commit-tree", "-m", "False", f"{forged}^{{tree}}"))
    assert [message for _, message in messages(repo, ["HEAD"])] == [b"True\n"]
    (touch,) = touches(repo, [first], ["."])
    with Contents(repo) as contents:
        assert contents.read(touch.sides[0]["a"][1]) == b"1"


def test_what_is_not_signed(repo: Repository) -> None:
    first = commit(repo, {"a": "1"})
    assert signatures(repo, [first]) == {first: ("N", "")}
    assert signatures(repo, []) == {}


def test_what_touches_files_is_noted_along_with_the_messages(repo: Repository) -> None:
    for number in range(12):
        commit(repo, {"log": f"{number}"}, "x" if number % 3 else "")
        if number % 4 == 0:
            commit(repo, {f"plans/{each}": f"{number}" for each in range(5)}, "Plans\n\nmoved")
    everything = list(messages(repo, ["HEAD"]))
    with messages_begun(repo, ["HEAD"], ["plans"]) as begun:
        assert list(begun) == everything
        assert (begun.touching, begun.merges) == (commits_touching(repo, ["HEAD"], ["plans"]), False)


@pytest.mark.parametrize("size", [1, 7, 300, 301, 5000])
def test_messages_in_chunks_of_any_size(repo: Repository, size: int) -> None:
    plans = [commit(repo, {"log": "1", "plan": "1"}), commit(repo, {"plan": "2"})]
    commit(repo, {"log": "2"}, "okr: x\n\nnote\n")
    plans.append(commit(repo, {"plan": "3", "log": "3"}, ""))
    commit(repo, {"log": "4"})
    fields = "%x01%x00%H%x00%P%x00%at%x00%as%x00%an%x00%ae%x00%B"
    arguments = ("--sparse", "--full-history", "--raw", "--root", "--no-abbrev", "--no-renames", "--", "plan")
    text = git(repo, "log", "-z", f"--format={fields}", *arguments).encode()
    found = Messages(text[at : at + size] for at in range(0, len(text), size))
    assert [message for _, message in found] == [message for _, message in messages(repo, ["HEAD"])]
    assert [each.id for each in found.touching] == plans[::-1]


def test_the_first_merge_that_is_met_is_told_once(repo: Repository) -> None:
    commit(repo, {"a": "1"})
    for number in range(2):
        git(repo, "switch", "--quiet", "--create", f"side-{number}")
        commit(repo, {f"b{number}": "1"})
        git(repo, "switch", "--quiet", "-")
        commit(repo, {f"c{number}": "1"})
        git(repo, "merge", "--quiet", "--no-edit", f"side-{number}")
    told: list[str] = []
    with messages_begun(repo, ["HEAD"], ["a"]) as begun:
        begun.merged = lambda: told.append("merge")
        assert list(begun) == list(messages(repo, ["HEAD"]))
        assert (begun.merges, told) == (True, ["merge"])
