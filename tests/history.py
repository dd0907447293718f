"""Small histories for tests, made with real git under an author and at a time that are always the same."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from okr.git.messages import messages_begun

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from okr.git.history import CommitFacts
    from okr.repository import Repository


AS_ANA = os.environ | {
    "GIT_AUTHOR_NAME": "Ana\u0301 <x>", "GIT_AUTHOR_EMAIL": "ana@acme.example", "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@acme.example", "GIT_AUTHOR_DATE": "2026-10-05T23:30:00-05:00",
    "GIT_COMMITTER_DATE": "2026-10-07T12:00:00+00:00", "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip


def git(repo: Repository, *arguments: str) -> str:
    """What a git command prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=repo.top, env=AS_ANA, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(repo: Repository, files: dict[str, str | None], message: str = "Work") -> str:
    """Commits files, those removed for which there is None; gives the commit's id."""
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


def messages(repo: Repository, revisions: Sequence[str]) -> Generator[tuple[CommitFacts, bytes], None, None]:
    """Every commit that can be reached with its whole message, for who has nothing else to do meanwhile."""
    with messages_begun(repo, revisions) as found:
        yield from found
