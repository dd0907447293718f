"""Closings that were written to the files but not committed: cut off half-way, or made with `--no-commit`.

Finds them and says what to do about them; doing it is left to whoever reads that, for the files may hold more by now.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.documents import LocatedList, LocatedMapping, read_document
from okr.errors import OkrError
from okr.model import CycleState
from okr.operations.closing.files import OUTCOME, facts_path
from okr.operations.closing.grading import cycles_to_close
from okr.operations.closing.words import trailers
from okr.operations.committing import Session
from okr.operations.uncommitted_states import git_for, names_of, paragraphs, root_in_head

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from okr.git.run import Repository
    from okr.workspace import Workspace

_FACTS = frozenset(("state", "closed", "review"))
"""What closing a cycle writes into its cycle.yaml; where a new one holds nothing else, it may be removed again."""

_MOST_NAMED = 12
"""Files that a command to be pasted names one by one; a shell takes only so many."""


def refuse_uncommitted_closing(session: Session, workspace: Workspace, typed: str | None) -> None:
    """Refuses a cycle that is closed in its files and in no commit, and tells how to commit that or take it back.

    Args:
        session: the lock, and where would be committed; where nothing would be, nothing is refused.
        workspace: as it is.
        typed: the cycle; None for the one that is over and not closed, and where there is none, for all closed ones.

    Raises:
        OkrError: there is such a cycle, or none of that name.
    """
    if session.repository is None or not session.commits or (typed is None and cycles_to_close(workspace)):
        return
    names = list(workspace.cycles) if typed is None else [workspace.cycle(typed).name]
    closed = {
        facts_path(workspace, name): name
        for name in names
        if name in workspace.cycles and workspace.cycles[name].facts.state is CycleState.CLOSED
    }
    changed, new, _ = _by_state(session, session.repository, closed)
    for path in (*changed, *new):
        root = root_in_head(session, session.repository, path)
        if root.get("state") != CycleState.CLOSED.value:
            raise _not_committed(session, session.repository, workspace, closed[path])


def closed_in_files_alone(root: Path, workspace: Workspace, name: str) -> bool:
    """Whether a cycle is closed in its cycle.yaml, and not in the last commit; not so where there is no repository.

    Costs nothing unless the file says that it is closed.

    Raises:
        OkrError: git can't be used here.
    """
    loaded = workspace.cycles.get(name)
    if loaded is None or loaded.facts.state is not CycleState.CLOSED:
        return False
    session = looking(root)
    if session is None or session.repository is None:
        return False
    path = facts_path(workspace, name)
    changed, new, _ = _by_state(session, session.repository, [path])
    if not changed and not new:
        return False
    return root_in_head(session, session.repository, path).get("state") != CycleState.CLOSED.value


def looking(root: Path) -> Session | None:
    """What sees the repository around a workspace as somebody does who commits to it; None where there is none.

    Raises:
        OkrError: git can't be used here.
    """
    from okr.repository import find_repository

    repository = find_repository(root)
    return None if repository is None or repository.bare else Session(root, repository, commits=True)


def refuse_half_closed(session: Session, workspace: Workspace, name: str) -> None:
    """Refuses to close a cycle whose plans differ from the last commit by grades and lessons, and by nothing else.

    Raises:
        OkrError: they do; it tells how to take these back or commit them.
    """
    repository = session.repository
    if repository is None or not session.commits:
        return
    changed, new, _ = _by_state(session, repository, workspace.plan_paths(name))
    if new or not changed or not all(_differs_by_outcome(session, repository, each) for each in changed):
        return
    git, files = git_for(repository), _few_names(session, repository, changed)
    raise OkrError(
        f"{name} is not closed, but has grades or lessons that no commit holds: a closing may have been cut off.",
        f"Look at them: {git} diff HEAD -- {files}\n"
        f"Take them back, then close the cycle: {git} checkout HEAD -- {files}\n"
        f"Or commit them, then close the cycle: {git} commit -m {shlex.quote(f'Grade {name}')} -- {files}",
    )


def _not_committed(session: Session, repository: Repository, workspace: Workspace, name: str) -> OkrError:
    """That a cycle is closed in its files alone."""
    facts = facts_path(workspace, name)
    changed, new, staged = _by_state(session, repository, [*workspace.plan_paths(name), facts])
    git, files = git_for(repository), _few_names(session, repository, [*changed, *new])
    trailer = ": ".join(*trailers(name, CycleState.CLOSED))
    words = paragraphs((f"okr: close {name}", trailer))
    added = names_of(session, repository, new)
    add = f"{git} add -- {added} && " if new else ""
    looks = [f"{git} diff HEAD -- {files}"] if changed else []
    # What git does not know yet is in no difference from a commit.
    looks += [
        f"{git} diff --no-index -- /dev/null {names_of(session, repository, [each])}"
        for each in new
        if not staged
    ]
    lines = [
        f"Look at it: {'; '.join(looks or [f'{git} diff HEAD -- {files}'])}",
        f"Commit it: {add}{git} commit {words} -- {files}",
    ]
    if not new or (new == [facts] and _FACTS.issuperset(workspace.cycles[name].facts.model_fields_set)):
        known = files if not new else _few_names(session, repository, changed, beside=new)
        back = f"{git} checkout HEAD -- {known}" if changed else ""
        gone = f"{git} {'rm -f' if staged else 'clean -f'} -- {added}" if new else ""
        lines.append(f"Or take it back: {' && '.join(filter(None, (back, gone)))}")
    else:
        lines.append(f"Or open it again, grades and all: okr cycle reopen {shlex.quote(name)} --no-commit")
    return OkrError(
        f"{name} is closed, but no commit says so: its closing was cut off, or made with --no-commit.",
        "\n".join(lines),
    )


def _few_names(
    session: Session, repository: Repository, paths: list[str], *, beside: Iterable[str] = ()
) -> str:
    """Files of a cycle as a command names them: by their folder where they are many, and all that differs in it.

    Args:
        session: where they are.
        repository: likewise.
        paths: the files.
        beside: files that the command may pass over, because git does not know them.
    """
    if len(paths) <= _MOST_NAMED:
        return names_of(session, repository, paths)
    from okr.repository import name_in, status_of

    folders = list(dict.fromkeys(path.rpartition("/")[0] for path in paths))
    status = status_of(repository, [name_in(repository, session.root / each) for each in folders])
    differs = {*status.changed, *status.untracked}
    named = {name_in(repository, session.root / each) for each in (*paths, *beside)}
    return names_of(session, repository, folders if differs <= named else paths)


def _by_state(
    session: Session, repository: Repository, paths: Iterable[str]
) -> tuple[list[str], list[str], bool]:
    """Those that differ from the last commit, those that are in none, and whether git has any of these staged or announced."""
    from okr.repository import name_in, status_of

    by_name = {name_in(repository, session.root / path): path for path in paths}
    if not by_name:
        return [], [], False
    status = status_of(repository, by_name)
    staged = [name for name, letters in status.changed.items() if "A" in letters and name in by_name]
    changed = [by_name[name] for name in sorted(status.changed) if name in by_name and name not in staged]
    return changed, [by_name[name] for name in sorted((*staged, *status.untracked))], bool(staged)


def _differs_by_outcome(session: Session, repository: Repository, path: str) -> bool:
    """Whether a plan differs from that of the last commit by what closing a cycle writes, and by no other value."""
    now = read_document(path, (session.root / path).read_bytes()).root
    before = root_in_head(session, repository, path)
    return now != before and _without_outcome(now) == _without_outcome(before)


def _without_outcome(value: object) -> object:
    if isinstance(value, LocatedMapping):
        return {key: _without_outcome(each) for key, each in value.items() if key not in OUTCOME}
    return [_without_outcome(each) for each in value] if isinstance(value, LocatedList) else value
