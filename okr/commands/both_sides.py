"""What commands that compare two states of a workspace have in common: the refusal to answer where either is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.errors import OkrError

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.workspace import Workspace


class BrokenSidesError(OkrError):
    """Files of one side or both can't be read: what changes in them can't be told."""

    def __init__(self, diagnostics: list[Diagnostic], sides: list[str], remedy: str) -> None:
        count = len(diagnostics)
        what = "1 error keeps" if count == 1 else f"{count} errors keep"
        super().__init__(f"{what} okr from comparing: {' and '.join(sides)} can't be read whole", remedy)
        self.diagnostics = diagnostics


def require_both_readable(old: Workspace, new: Workspace) -> None:
    """Refuses to compare where a file that was read is broken on either side.

    Files of a commit are named as git names them, `main:okrs/2026-Q4/marketing.yaml`.

    Raises:
        BrokenSidesError: there are such files; it holds the findings of both sides.
    """
    if not old.problems and not new.problems:
        return
    from okr.rules.engine import reading_diagnostics

    found: list[Diagnostic] = []
    names: list[str] = []
    for side in (old, new):
        diagnostics = reading_diagnostics(side)
        if side.moment is None:
            found += diagnostics
            names += ["the working tree"] if diagnostics else []
        else:
            asked = side.moment.asked
            found += [
                replace(each, finding=replace(each.finding, path=f"{asked}:{each.finding.path}"))
                for each in diagnostics
            ]
            names += [asked] if diagnostics else []
    raise BrokenSidesError(found, names, _remedy(old, new))


def _remedy(old: Workspace, new: Workspace) -> str:
    if new.problems:
        return "Mend the new side, then try again; `okr validate` explains each"
    broken = _first_broken(old)
    return f"Compare from a commit in which it is whole: `git log -- {broken}` lists those that touched it"


def _first_broken(workspace: Workspace) -> str:
    """The first file in which something can't be read."""
    return min(problem.finding.path for problem in workspace.problems)
