from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.git.changes import changes_asked
from okr.git.history import commits_touching, entries_at
from okr.git.messages import _FORMAT, Messages, messages_ahead, messages_begun
from okr.git.stream import _BEGUN
from okr.repository import GitFailed, Repository, create_repository
from tests.history import AS_ANA, commit, git, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return create_repository(tmp_path / "work")


def held(repo: Repository, name: str) -> Callable[[Sequence[str]], Sequence[str | None]]:
    return lambda commits: entries_at(repo, commits, name)


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


@pytest.mark.usefixtures("through_any")
def test_what_git_began_to_tell_ahead_is_heard_once_and_else_stopped(repo: Repository) -> None:
    for number in range(3):
        commit(repo, {"plans/a": str(number)}, f"Number {number}")
    asked = (repo, ["HEAD"], ["plans"])
    with messages_begun(*asked) as begun:
        whole = [*begun]
    with messages_ahead(*asked):
        ahead = [*_BEGUN.values()]
        with messages_begun(repo, ["HEAD"], ["other"]) as others:
            assert len([*others]) == len(whole)
        assert [*_BEGUN.values()] == ahead
        with messages_begun(*asked) as begun:
            assert not _BEGUN
            assert [*begun] == whole
    with messages_ahead(*asked):
        ahead = [*_BEGUN.values()]
    assert not _BEGUN
    assert all(output.process.returncode is not None for output, _ in ahead)


@pytest.mark.usefixtures("through_any")
def test_many_messages_fit_together_over_the_edges_of_chunks(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        commit(repo, {}, f"Number {number}\n\n" + "é" * number * 7)
    whole = list(messages(repo, ["HEAD"]))
    monkeypatch.setattr("okr.git.stream._CHUNK", 37)
    monkeypatch.setattr("okr.git.stream._CHUNKS_AHEAD", 2)
    assert list(messages(repo, ["HEAD"])) == whole
    assert len(whole) == 20
    reading = messages(repo, ["HEAD"])
    assert next(reading) == whole[0]
    reading.close()  # nobody wants the rest: git is stopped, and nothing is left behind


def test_what_touches_files_is_noted_along_with_the_messages(repo: Repository) -> None:
    for number in range(12):
        commit(repo, {"log": f"{number}"}, "x" if number % 3 else "")
        if number % 4 == 0:
            commit(repo, {f"plans/{each}": f"{number}" for each in range(5)}, "Plans\n\nmoved")
    everything = list(messages(repo, ["HEAD"]))
    with messages_begun(repo, ["HEAD"], ["plans"]) as begun:
        assert list(begun) == everything
        assert begun.leaves_time()
        assert begun.led_to(held(repo, "plans")) == commits_touching(repo, ["HEAD"], ["plans"])


@pytest.mark.parametrize("size", [1, 7, 300, 301, 5000])
def test_messages_in_chunks_of_any_size(repo: Repository, size: int) -> None:
    plans = [commit(repo, {"log": "1", "plan": "1"}), commit(repo, {"plan": "2"})]
    commit(repo, {"log": "2"}, "okr: x\n\nnote\n")
    plans.append(commit(repo, {"plan": "3", "log": "3"}, ""))
    commit(repo, {"log": "4"})
    arguments = ("--sparse", "--full-history", "--raw", "--root", "--no-abbrev", "--no-renames", "--", "plan")
    text = git(repo, "log", "-z", f"--format={_FORMAT}", *arguments).encode()
    found = Messages(text[at : at + size] for at in range(0, len(text), size))
    assert [message for _, message in found] == [message for _, message in messages(repo, ["HEAD"])]
    assert [each.id for each in found.led_to(held(repo, "plan"))] == plans[::-1]


def test_merges_count_as_git_counts_them(repo: Repository) -> None:
    commit(repo, {"a": "1", "log": "1"})
    git(repo, "switch", "--quiet", "--create", "quiet")
    commit(repo, {"log": "2"})
    git(repo, "switch", "--quiet", "-")
    commit(repo, {"a": "2"})
    git(repo, "merge", "--quiet", "--no-edit", "quiet")  # has its plans from the first parent
    git(repo, "switch", "--quiet", "--create", "loud")
    commit(repo, {"a": "3"})
    git(repo, "switch", "--quiet", "-")
    git(repo, "merge", "--quiet", "--no-edit", "--no-ff", "loud")  # from the second
    git(repo, "switch", "--quiet", "--create", "lost", "HEAD~1")
    commit(repo, {"a": "4"})
    git(repo, "switch", "--quiet", "-")
    git(
        repo, "merge", "--quiet", "--no-edit", "--strategy", "ours", "lost"
    )  # what the branch did is not told
    git(repo, "switch", "--quiet", "--create", "both", "HEAD~1")
    commit(repo, {"b": "5"})
    git(repo, "switch", "--quiet", "-")
    commit(repo, {"a": "6"})
    git(repo, "merge", "--quiet", "--no-edit", "both")
    git(repo, "rm", "--quiet", "a", "b")
    git(repo, "commit", "--quiet", "--message", "Nothing left")
    for name in ("a", "b", "log"):
        with messages_begun(repo, ["HEAD"], [name]) as begun:
            assert list(begun) == list(messages(repo, ["HEAD"]))
            expected = commits_touching(repo, ["HEAD"], [name])
            assert begun.led_to(held(repo, name)) == expected
            with changes_asked(repo, [name]) as asked:
                for head in begun.heads:
                    asked.ask(head.partition(b" ")[0])
                own = {each.commit for each in asked.answers() if len(each.before) > 1}
            assert begun.led_to(held(repo, name), own) == expected


def test_no_message_is_taken_for_the_beginning_of_a_commit(repo: Repository) -> None:
    tree = git(repo, "write-tree")
    hostile = ["\1", "\1\n", "\n\1", "\1\n\1\n", "x\n\1"]
    last: list[str] = []
    for message in hostile:
        parents = [argument for each in last for argument in ("-p", each)]
        made = subprocess.run(
            ["git", "commit-tree", tree, *parents], cwd=repo.top, input=message, env=AS_ANA,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        last = [made.stdout.strip()]
    assert [text.decode() for _, text in messages(repo, last)] == hostile[::-1]


def test_messages_that_nobody_reads_are_no_error(repo: Repository) -> None:
    with messages_begun(repo, ["HEAD"]):  # there is no commit
        pass
    with pytest.raises(GitFailed), messages_begun(repo, ["HEAD"]) as begun:
        assert list(begun) == []
