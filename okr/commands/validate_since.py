"""What `okr validate` compares with: the revision of `--changed-since`, or the last commit, and what it says of it."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.operations.validation.bases import base_asked_for, last_commit
from okr.rules.earlier import NOTHING_BETWEEN, Between
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from okr.operations.validation.bases import Base
    from okr.operations.validation.changed_since import Changes, Narrowed
    from okr.operations.validation.validating import Selection, Validation
    from okr.workspace import Workspace

_SHORT_ID = 7


class Comparison:
    """A workspace and what it is compared with.

    Attributes:
        workspace: as it is.
        base: the revision that was asked for; None where none was.
    """

    def __init__(self, workspace: Workspace, selection: Selection, since: str | None) -> None:
        self.workspace = workspace
        self.base = None if since is None else base_asked_for(workspace, selection.root, since)
        self._selection = selection

    @property
    def then(self) -> Workspace | None:
        """The version that the rules on history compare with; None where there is none."""
        return self.base.workspace if self.base else last_commit(self.workspace, self._selection.root)

    @property
    def between(self) -> Between:
        """What is known of the commits since the revision that was asked for."""
        return self.base.between if self.base else NOTHING_BETWEEN

    @property
    def to_fix(self) -> Selection:
        """The files that may be mended: those asked about, and of them those that differ."""
        if self.base is not None:
            self.workspace.load_everything()
        return self.reported

    @property
    def reported(self) -> Selection:
        """The files that are named though nothing was found in them: those asked about, and of them those that differ."""
        if self.base is None:
            return self._selection
        return replace(self._selection, among=frozenset(self._changes.places))

    def narrowed(self, validation: Validation) -> Validation:
        """What has to do with a change; says on stderr what was compared, and how many findings were left out."""
        if self.base is None:
            return validation
        from okr.operations.validation.changed_since import narrow

        narrowed = narrow(validation, self.base, self._changes, self._selection)
        sys.stderr.write(f"{printable(_said(self.base, narrowed))}\n")
        return narrowed.validation

    @cached_property
    def _changes(self) -> Changes:
        from okr.operations.validation.changed_since import changes_since

        return changes_since(self.workspace, self.base.workspace if self.base else None)


def _said(base: Base, narrowed: Narrowed) -> str:
    moment = base.moment
    named = moment.commit[:_SHORT_ID]
    if not moment.commit.startswith(moment.asked):
        named = f"{moment.asked} ({named})"
    if base.workspace is None:
        return f"{named} has no workspace in this folder: everything is new."
    said = (
        f"Since {named}, {counted(narrowed.files, 'file')} {'differs' if narrowed.files == 1 else 'differ'}."
    )
    return (
        f"{said} {counted(narrowed.left_out, 'finding')} elsewhere left out." if narrowed.left_out else said
    )
