"""The paperwork of planning in pull requests: a description to fill in, CODEOWNERS, and a comment that says what changes.

Files for GitHub or GitLab, at the repository's root. Nothing of somebody else's is overwritten; in CODEOWNERS a part of its
own is kept up to date. Their texts are `paperwork_texts.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.files import LARGEST_FILE, MissingFile, UnreadableFile, is_taken, read_regular_file
from okr.operations.committing import FileChange
from okr.operations.planning.codeowners import codeowners, without_reviewer
from okr.operations.planning.files import write_files
from okr.operations.planning.paperwork_texts import COMMENTS, DESCRIPTIONS, SAID
from okr.operations.starting.ci_files import GITLAB_MAIN, filled, own_requirement
from okr.operations.surroundings import folder_in_repository, repository_top
from okr.roots import KPIS, ORG, PLANS, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.starting.ci_files import CiSystem
    from okr.quantities import Language
    from okr.workspace import Workspace

_DESCRIPTIONS: dict[CiSystem, tuple[tuple[str, ...], str]] = {
    "github": (
        (
            ".github/pull_request_template.md",
            ".github/PULL_REQUEST_TEMPLATE.md",
            "pull_request_template.md",
            "PULL_REQUEST_TEMPLATE.md",
            "docs/pull_request_template.md",
            "docs/PULL_REQUEST_TEMPLATE.md",
        ),
        ".github/PULL_REQUEST_TEMPLATE/okr-plan.md",
    ),
    "gitlab": (
        (".gitlab/merge_request_templates/Default.md", ".gitlab/merge_request_templates/default.md"),
        ".gitlab/merge_request_templates/okr-plan.md",
    ),
}
"""Where the system looks for a description that all begin with, ours the first; and where for one that is chosen."""

_CODEOWNERS: dict[CiSystem, tuple[str, ...]] = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": (".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
}
"""Where the system looks for it; the first is where it goes when there is none."""

_COMMENTS: dict[CiSystem, str] = {
    "github": ".github/workflows/okr-plan.yml",
    "gitlab": ".gitlab/okr-plan.yml",
}


@dataclass(frozen=True, slots=True)
class Paperwork:
    """What was made of the paperwork.

    Attributes:
        top: the repository's root, or the workspace's where it is in none.
        made: the new files, relative to it.
        updated: files that were there, and were brought up to date.
        kept: files that stay as they are.
        nobody: the owners whose plans nobody is asked to review: org.yaml has no lead with an address for them.
        requirement: what CI installs okr from.
        include: for GitLab, the file that has to include the job by hand; else None.
    """

    top: Path
    made: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    nobody: tuple[str, ...]
    requirement: str
    include: str | None


def add_paperwork(workspace: Workspace, root: Path, system: CiSystem) -> Paperwork:
    """Makes what is missing of the paperwork, and brings CODEOWNERS up to date with org.yaml.

    Args:
        workspace: whose org.yaml and language count.
        root: its root.
        system: for which.

    Raises:
        OkrError: a file can't be read or written, or the workspace's folder has a name that such files can't hold.
    """
    paperwork, changes = prepare_paperwork(workspace, root, system)
    write_files(paperwork.top, changes)
    return paperwork


def prepare_paperwork(
    workspace: Workspace, root: Path, system: CiSystem
) -> tuple[Paperwork, tuple[FileChange, ...]]:
    """The paperwork as it will be, and what is to be written for it at the repository's root; writes nothing.

    Args:
        workspace: whose org.yaml and language count.
        root: its root.
        system: for which.

    Raises:
        OkrError: a file can't be read, or the workspace's folder has a name that such files can't hold.
    """
    top, folder = repository_top(root) or root, folder_in_repository(root)
    description = _description(top, system)
    owners = next((each for each in _CODEOWNERS[system] if is_taken(top / each)), _CODEOWNERS[system][0])
    before = _read(top, owners)
    texts = {
        description: DESCRIPTIONS[workspace.settings.language],
        owners: codeowners(workspace, system, folder, (before or b"").decode("utf-8", "surrogateescape")),
        _COMMENTS[system]: comment_text(system, folder, own_requirement(), workspace.settings.language),
    }
    changes = [
        FileChange(path, before if path == owners else None, text.encode("utf-8", "surrogateescape"))
        for path, text in texts.items()
        if path == owners or not is_taken(top / path)
    ]
    real = tuple(each for each in changes if each.before != each.after)
    made = tuple(each.path for each in real if each.before is None)
    updated = tuple(each.path for each in real if each.before is not None)
    return Paperwork(
        top, made, updated, tuple(path for path in texts if path not in {*made, *updated}),
        without_reviewer(workspace, system), own_requirement(),
        GITLAB_MAIN if system == "gitlab" else None,
    ), real  # fmt: skip


def _description(top: Path, system: CiSystem) -> str:
    """Where the description goes, or is: one that all pull requests begin with, unless that is somebody else's."""
    general, chosen = _DESCRIPTIONS[system]
    there = next((each for each in general if is_taken(top / each)), None)
    if there is None:
        return general[0]
    ours = b"okr plan" in (_read(top, there) or b"") and not is_taken(top / chosen)
    return there if ours else chosen


def comment_text(system: CiSystem, folder: str, requirement: str, language: Language = "en") -> str:
    """The file by which CI says in a pull request what changes in our goals.

    Args:
        system: for which.
        folder: the workspace, as its repository names it; empty for the repository itself.
        requirement: what `pip install` is to be given.
        language: of what the comment says itself.
    """
    # In the patterns of both systems `+` would mean something.
    inside = f"{folder}/".replace("+", "*") if folder else ""
    within = "**" if system == "github" else "**/*"
    paths = [f"{inside}{each}" for each in (f"{PLANS}/{within}", ORG, KPIS, SETTINGS)]
    mark = f"<!-- okr pull request{f': {folder}' if folder else ''} -->"
    text = COMMENTS[system]
    for name, said in SAID[language].items():
        text = text.replace(f"${name}", said)
    return filled(text, system, folder or ".", requirement, paths=paths, mark=mark)


def _read(top: Path, path: str) -> bytes | None:
    try:
        return read_regular_file(top / path, root=top, limit=LARGEST_FILE)
    except MissingFile:
        return None
    except UnreadableFile as error:
        raise OkrError(f"{path} can't be read: {error.reason}", error.remedy) from error
