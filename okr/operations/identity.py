"""Who is sitting at the keyboard: the person of org.yaml whom git would name as the author.

Git says a name and an e-mail address; which person that is, org.yaml says.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from okr.errors import OkrError
from okr.references import slug
from okr.revisions import Revision
from okr.sources import Folder

if TYPE_CHECKING:
    from okr.repository import Identity
    from okr.workspace import Workspace


def person_of(workspace: Workspace, identity: Identity) -> str | None:
    """The id of the person an identity belongs to: by e-mail address, else git's name as a slug.

    Returns:
        None where the address is nobody's in org.yaml and the name has no letter that an id may hold.
    """
    person = workspace.person_at(identity.email)
    if person is not None:
        return person
    name = slug(identity.name, fallback="")
    return workspace.former_owners.get(name, name) or None


def current_person(workspace: Workspace, *, option: str = "--owner") -> str:
    """The id of the person at the keyboard, as git's identity and org.yaml say.

    Args:
        workspace: whose repository's settings count.
        option: the option that says it outright, for the remedy.

    Raises:
        OkrError: there is no git or no repository, or git has no identity.
    """
    from okr.repository import find_repository, identity

    root = workspace.files.root if isinstance(workspace.files, (Folder, Revision)) else Path()
    repository = find_repository(root)
    if repository is None:
        raise OkrError(
            "okr can't tell who you are: this workspace is in no git repository", f"say it with {option} ID"
        )
    found = identity(repository)
    person = None if found is None else person_of(workspace, found)
    if person is None:
        raise OkrError(
            "okr can't tell who you are: git has no name and e-mail address for you here",
            "tell git with `git config user.name NAME` and `git config user.email ADDRESS`,"
            f" or say it with {option} ID",
        )
    return person


def author(workspace: Workspace, known: Identity | None = None) -> str | None:
    """The same person, as far as git and org.yaml can tell; None where they can't: then a record names nobody.

    Args:
        workspace: whose repository's settings count.
        known: whom git names as the author, where it has been asked.
    """
    if known is not None:
        return person_of(workspace, known)
    try:
        return current_person(workspace)
    except OkrError:
        return None
