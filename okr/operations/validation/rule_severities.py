"""The rules with the severities that the workspace around the current folder gives them, if there is one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okr.rules.catalogue import catalogue
from okr.rules.severities import severity_of
from okr.sources import Folder, root_above
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.diagnostics import Severity


def severities_at(directory: Path) -> dict[str, Severity] | None:
    """The severity of each rule, by its code, in the workspace that a folder lies in; None outside of any.

    Where okr.yaml can't be read, the rules weigh what they weigh by themselves: `okr validate` says the rest.
    """
    root = root_above(directory)
    if root is None:
        return None
    settings = Workspace(Folder(root), as_of=date.max, title=root.name).settings
    return {rule.code: severity_of(rule, settings) for rule in catalogue()}
