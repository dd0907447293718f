"""The fixes of `okr validate`: `--fix` applies them before anything is reported, `--diff` shows them instead."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okr.operations.validation.validating import Selection
    from okr.workspace import Workspace


def show_fixes(workspace: Workspace, selection: Selection, *, unsafe: bool, color: bool | None) -> int:
    """Shows what `--fix` would do; writes nothing.

    Returns:
        1 where there is something to fix, else 0.
    """
    from okr.operations.fixes.fixing import fix
    from okr.views.fixing import fixing_in_words, show_fixing_as_diff

    fixing = fix(workspace, lambda found: selection.holds(found.finding.path), unsafe=unsafe)
    show_fixing_as_diff(fixing, color=color)
    sys.stdout.flush()
    sys.stderr.write(fixing_in_words(fixing, written=False) + "\n")
    return 1 if fixing.files else 0


def apply_fixes(workspace: Workspace, selection: Selection, *, unsafe: bool) -> None:
    """Writes what can be mended, and says how much that was; the workspace must be opened anew afterwards.

    Raises:
        OkrError: a file has changed meanwhile, or can't be written.
    """
    from okr.operations.fixes.fixing import fix, write_fixing
    from okr.views.fixing import fixing_in_words

    fixing = fix(workspace, lambda found: selection.holds(found.finding.path), unsafe=unsafe)
    write_fixing(selection.root, fixing)
    sys.stderr.write(fixing_in_words(fixing, written=True) + "\n")
